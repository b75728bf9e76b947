//! What administrators did outside any other stream: exports and the clock of a demo.

use serde::{Deserialize, Serialize};

use crate::StreamId;
use crate::policy::Act;
use crate::refusal::Refusal;
use crate::row::Change;
use crate::stream::{Facts, Stream};
use crate::time::Timestamp;

/// The audit stream.
pub struct Audit;

/// Nothing but a count is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How many acts.
    pub acts: i64,
}

/// What is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Everything was exported in plain text.
    ExportPlain {},
    /// The clock of a demo was moved.
    AdvanceClock {
        /// To this instant.
        to: Timestamp,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Everything was exported in plain text.
    PlainExported {},
    /// The clock of a demo was moved.
    ClockAdvanced {
        /// To this instant.
        to: Timestamp,
    },
}

impl Stream for Audit {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = ();

    fn act(command: &Command) -> Act {
        match command {
            Command::ExportPlain {} => Act::ExportPlain,
            Command::AdvanceClock { .. } => Act::AdvanceClock,
        }
    }

    fn open(_: Option<&State>, _: Act, _: &Facts<'_>, (): &()) -> Result<(), Refusal> {
        Ok(())
    }

    fn decide(_: Option<&State>, command: Command, _: &Facts<'_>, (): &()) -> Result<Vec<Event>, Refusal> {
        Ok(vec![match command {
            Command::ExportPlain {} => Event::PlainExported {},
            Command::AdvanceClock { to } => Event::ClockAdvanced { to },
        }])
    }

    fn apply(state: Option<State>, _: &Event, _: Timestamp) -> State {
        State { acts: state.map_or(0, |s| s.acts) + 1 }
    }

    fn project(_: &StreamId, _: &State, _: &Event, _: Timestamp) -> Vec<Change> {
        Vec::new()
    }
}
