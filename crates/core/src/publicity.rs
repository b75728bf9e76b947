//! A publicity event: unique by name, organ, date and place.

use serde::{Deserialize, Serialize};

use crate::policy::Act;
use crate::refusal::{Reason, Refusal};
use crate::row::{Change, Tally};
use crate::stream::{Facts, Stream};
use crate::time::{Date, Timestamp};
use crate::{StreamId, StreamKind, tables};

/// The publicity stream; its key is derived from name, organ, date and place.
pub struct Publicity;

/// A publicity event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Name.
    pub name: String,
    /// Organ code.
    pub organ: String,
    /// When it was held.
    pub date: Date,
    /// Manner, as written (线上, 线下).
    pub manner: String,
    /// Place or channel.
    pub place: String,
    /// People reached.
    pub audience: i64,
    /// Leaflets handed out.
    pub leaflets: i64,
    /// Note.
    pub note: String,
}

/// The stream of an event.
pub fn stream(name: &str, organ: &str, date: Date, place: &str) -> StreamId {
    StreamId::derived(StreamKind::Publicity, &[name, organ, &date.to_string(), place])
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Record it; again with another audience, leaflets or note updates it.
    Record {
        /// The event.
        held: State,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// It was held.
    PublicityHeld {
        /// The event.
        held: State,
    },
    /// Audience, leaflets or note were put right.
    PublicityUpdated {
        /// The event.
        held: State,
    },
}

impl Stream for Publicity {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = ();

    fn act(_: &Command) -> Act {
        Act::RecordPublicity
    }

    fn open(_: Option<&State>, _: Act, _: &Facts<'_>, (): &()) -> Result<(), Refusal> {
        Ok(())
    }

    fn decide(state: Option<&State>, command: Command, _: &Facts<'_>, (): &()) -> Result<Vec<Event>, Refusal> {
        let Command::Record { held } = command;
        match state {
            None => Ok(vec![Event::PublicityHeld { held }]),
            Some(state) if *state == held => Ok(Vec::new()),
            Some(state) if state.manner != held.manner => {
                Err(Reason::Differs { column: "manner".into(), first: state.name.clone() }.into())
            }
            Some(_) => Ok(vec![Event::PublicityUpdated { held }]),
        }
    }

    fn apply(_: Option<State>, event: &Event, _: Timestamp) -> State {
        let (Event::PublicityHeld { held } | Event::PublicityUpdated { held }) = event;
        held.clone()
    }

    fn project(id: &StreamId, state: &State, event: &Event, _: Timestamp) -> Vec<Change> {
        let mut rows = vec![Change::Put(
            &tables::PUBLICITY,
            vec![
                id.as_str().into(),
                state.name.as_str().into(),
                state.organ.as_str().into(),
                state.date.into(),
                state.manner.as_str().into(),
                state.place.as_str().into(),
                state.audience.into(),
                state.leaflets.into(),
            ],
        )];
        if matches!(event, Event::PublicityHeld { .. }) {
            rows.push(Change::Tally(Tally {
                name: "publicity_events",
                organ: state.organ.clone(),
                kind: String::new(),
                date: state.date,
                mark: "held".into(),
                by: 1,
            }));
        }
        rows
    }
}
