//! Stored papers put together as one file for the printer. The file is kept, so that what went to whom can be printed
//! again as it was.

use serde::{Deserialize, Serialize};

use crate::policy::Act;
use crate::refusal::{Reason, Refusal};
use crate::row::Change;
use crate::stream::{Facts, Stream};
use crate::time::Timestamp;
use crate::{StreamId, tables};

/// The stream of a print run; its key is random.
pub struct PrintRun;

/// A print run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Organ or court that printed.
    pub organ: String,
    /// Who put it together.
    pub by: String,
    /// The papers, in their order.
    pub papers: Vec<StreamId>,
    /// SHA-256 of the stored file, hex.
    pub sha256: String,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Record what was put together.
    Make {
        /// The papers, in their order.
        papers: Vec<StreamId>,
        /// SHA-256 of the stored file, hex.
        sha256: String,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Papers were put together for the printer.
    PapersPrinted {
        /// Organ or court that printed.
        organ: String,
        /// Who put it together.
        by: String,
        /// The papers, in their order.
        papers: Vec<StreamId>,
        /// SHA-256 of the stored file, hex.
        sha256: String,
    },
}

impl Stream for PrintRun {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = ();

    fn act(_: &Command) -> Act {
        Act::PrintPapers
    }

    fn open(state: Option<&State>, _: Act, _: &Facts<'_>, (): &()) -> Result<(), Refusal> {
        match state {
            None => Ok(()),
            Some(_) => Err(Reason::Exists.into()),
        }
    }

    fn decide(state: Option<&State>, command: Command, facts: &Facts<'_>, (): &()) -> Result<Vec<Event>, Refusal> {
        Self::open(state, Self::act(&command), facts, &())?;
        let Command::Make { papers, sha256 } = command;
        if papers.is_empty() {
            return Err(Reason::Field { field: "papers".into(), problem: "required".into() }.into());
        }
        let (organ, by) = (facts.actor.body.clone(), facts.actor.id.clone());
        Ok(vec![Event::PapersPrinted { organ, by, papers, sha256 }])
    }

    fn apply(_: Option<State>, event: &Event, _: Timestamp) -> State {
        let Event::PapersPrinted { organ, by, papers, sha256 } = event.clone();
        State { organ, by, papers, sha256 }
    }

    fn project(id: &StreamId, state: &State, _: &Event, at: Timestamp) -> Vec<Change> {
        vec![Change::Put(
            &tables::PRINT_RUN,
            vec![
                id.as_str().into(),
                state.organ.as_str().into(),
                at.into(),
                state.by.as_str().into(),
                i64::try_from(state.papers.len()).unwrap_or(i64::MAX).into(),
                state.sha256.as_str().into(),
            ],
        )]
    }
}
