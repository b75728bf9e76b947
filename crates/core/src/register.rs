//! A gapless register of numbers: one stream an organ, paper code and year. Numbers are taken in contiguous ranges,
//! in the commit of the papers that bear them; none is used twice, and a spoilt one stays with its voided paper.

use serde::{Deserialize, Serialize};

use crate::policy::Act;
use crate::refusal::{Reason, Refusal};
use crate::row::Change;
use crate::stream::{Facts, Stream};
use crate::time::Timestamp;
use crate::{StreamId, Version};

/// The register stream.
pub struct Register;

/// How far a register has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The last number given; 0: none yet.
    pub last: i64,
}

/// What is asked of a register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Give the next `count` numbers.
    Take {
        /// How many, at least 1.
        count: i64,
    },
}

/// What happened to a register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The numbers `from ..= to` were given.
    NumbersTaken {
        /// First.
        from: Version,
        /// Last.
        to: Version,
    },
}

impl Stream for Register {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = ();

    fn act(_: &Command) -> Act {
        Act::IssuePaper
    }

    fn open(_: Option<&State>, _: Act, _: &Facts<'_>, (): &()) -> Result<(), Refusal> {
        Ok(())
    }

    fn decide(state: Option<&State>, command: Command, _: &Facts<'_>, (): &()) -> Result<Vec<Event>, Refusal> {
        let Command::Take { count } = command;
        if count < 1 {
            return Err(Reason::Field { field: "count".into(), problem: "positive".into() }.into());
        }
        let last = state.map_or(0, |s| s.last);
        Ok(vec![Event::NumbersTaken { from: last + 1, to: last + count }])
    }

    fn apply(_: Option<State>, event: &Event, _: Timestamp) -> State {
        let Event::NumbersTaken { to, .. } = event;
        State { last: *to }
    }

    fn project(_: &StreamId, _: &State, _: &Event, _: Timestamp) -> Vec<Change> {
        Vec::new()
    }
}
