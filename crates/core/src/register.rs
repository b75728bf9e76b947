//! A gapless register of numbers: one stream an organ, paper code and year. Numbers are taken in contiguous ranges,
//! in the commit of the papers that bear them; none is used twice, and a spoilt one stays with its voided paper.
//!
//! An organ that numbered its decisions elsewhere before goes on where that register ended: the numbers up to there are
//! passed over, in one event that says so. They were given, only not here, so that the numbers stay without gaps.

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
    /// The numbers up to this one were given elsewhere: go on after it. Does nothing when the register is there already.
    PassOver {
        /// The last number that was given elsewhere.
        to: i64,
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
    /// The numbers `from ..= to` had been given elsewhere: documents that bear them were brought in.
    NumbersPassedOver {
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
        let last = state.map_or(0, |s| s.last);
        match command {
            Command::Take { count } if count < 1 => {
                Err(Reason::Field { field: "count".into(), problem: "positive".into() }.into())
            }
            Command::Take { count } => Ok(vec![Event::NumbersTaken { from: last + 1, to: last + count }]),
            Command::PassOver { to } if to <= last => Ok(Vec::new()),
            Command::PassOver { to } => Ok(vec![Event::NumbersPassedOver { from: last + 1, to }]),
        }
    }

    fn apply(_: Option<State>, event: &Event, _: Timestamp) -> State {
        match event {
            Event::NumbersTaken { to, .. } | Event::NumbersPassedOver { to, .. } => State { last: *to },
        }
    }

    fn project(_: &StreamId, _: &State, _: &Event, _: Timestamp) -> Vec<Change> {
        Vec::new()
    }
}
