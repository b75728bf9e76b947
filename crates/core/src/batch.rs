//! One imported file: what came of it, and whether it was taken back. A withdrawal is one commit with the withdrawals
//! of all that it created and with what sets back all that it updated and nothing has changed since, so a matter from which something was issued refuses the whole, and so does a row of the roster
//! on which something rests: somebody who acted or is named in a case, an organ that is online or has issued a paper.

use serde::{Deserialize, Serialize};

use crate::policy::Act;
use crate::refusal::{Reason, Refusal};
use crate::row::Change;
use crate::stream::{Facts, Stream};
use crate::time::Timestamp;
use crate::{Personal, StreamId, Version, tables};

/// The batch stream; its key is random.
pub struct Batch;

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The file.
    pub file: Imported,
    /// Organ code of who imported it; empty for county-wide imports.
    pub organ: String,
    /// Streams it created: what a withdrawal takes back.
    pub created: Vec<StreamId>,
    /// Streams it updated, with the version that this gave them: what a withdrawal sets back. Unknown of old imports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub updated: Vec<(StreamId, Version)>,
    /// Taken back.
    pub withdrawn: bool,
}

/// What came of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// `penalties`, `inspections`, ...
    pub kind: String,
    /// File name as given.
    pub name: String,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// Rows read.
    pub read: i64,
    /// New.
    pub stored: i64,
    /// Changed as permitted.
    pub updated: i64,
    /// As stored before.
    pub unchanged: i64,
    /// Refused rows.
    pub refused: i64,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Record what came of a file.
    Record {
        /// The file.
        file: Imported,
        /// Streams it created.
        created: Vec<StreamId>,
        /// Streams it updated.
        updated: Vec<(StreamId, Version)>,
    },
    /// Take it back.
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// What is known of the organs and people that it created.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The first that stands in the way of taking it back.
    pub in_use: Option<Use>,
}

/// Something that rests on a row of the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The name of the organ or person.
    pub name: String,
    /// `acted`, `mediates`, `task`, `checklist`, `online`, `papers` or `cases`.
    pub how: &'static str,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A file was imported.
    FileImported {
        /// The file.
        file: Imported,
        /// Organ code of who imported it.
        organ: String,
        /// Streams it created.
        created: Vec<StreamId>,
        /// Streams it updated.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        updated: Vec<(StreamId, Version)>,
    },
    /// It was taken back.
    BatchWithdrawn {
        /// Why: free words, which may name people.
        reason: Personal<String>,
    },
}

impl Stream for Batch {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = Context;

    fn act(command: &Command) -> Act {
        match command {
            Command::Record { .. } => Act::ImportFile,
            Command::Withdraw { .. } => Act::WithdrawBatch,
        }
    }

    fn open(state: Option<&State>, act: Act, _: &Facts<'_>, context: &Context) -> Result<(), Refusal> {
        match (act, state) {
            (Act::ImportFile, None) => Ok(()),
            (Act::ImportFile, Some(_)) => Err(Reason::Exists.into()),
            (Act::WithdrawBatch, Some(s)) if s.withdrawn => Err(Reason::NotNow { state: "withdrawn".into() }.into()),
            (Act::WithdrawBatch, Some(_)) => match &context.in_use {
                None => Ok(()),
                Some(used) => Err(Reason::InUse { name: used.name.clone(), how: used.how.into() }.into()),
            },
            _ => Err(Reason::NotFound.into()),
        }
    }

    fn decide(
        state: Option<&State>,
        command: Command,
        facts: &Facts<'_>,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        Self::open(state, Self::act(&command), facts, context)?;
        Ok(vec![match command {
            Command::Record { file, created, updated } => {
                Event::FileImported { file, organ: facts.actor.body.clone(), created, updated }
            }
            Command::Withdraw { reason } => {
                Event::BatchWithdrawn { reason: Personal::new(&facts.ids.person(), reason) }
            }
        }])
    }

    fn apply(state: Option<State>, event: &Event, _: Timestamp) -> State {
        match event {
            Event::FileImported { file, organ, created, updated } => State {
                file: file.clone(),
                organ: organ.clone(),
                created: created.clone(),
                updated: updated.clone(),
                withdrawn: false,
            },
            Event::BatchWithdrawn { .. } => match state {
                Some(state) => State { withdrawn: true, ..state },
                None => State {
                    file: Imported {
                        kind: String::new(),
                        name: String::new(),
                        sha256: String::new(),
                        read: 0,
                        stored: 0,
                        updated: 0,
                        unchanged: 0,
                        refused: 0,
                    },
                    organ: String::new(),
                    created: Vec::new(),
                    updated: Vec::new(),
                    withdrawn: true,
                },
            },
        }
    }

    fn project(id: &StreamId, state: &State, _: &Event, at: Timestamp) -> Vec<Change> {
        let f = &state.file;
        vec![Change::Put(
            &tables::BATCH,
            vec![
                id.as_str().into(),
                f.kind.as_str().into(),
                f.name.as_str().into(),
                at.into(),
                state.organ.as_str().into(),
                f.read.into(),
                f.stored.into(),
                f.updated.into(),
                f.unchanged.into(),
                f.refused.into(),
                (if state.withdrawn { "withdrawn" } else { "imported" }).into(),
            ],
        )]
    }
}
