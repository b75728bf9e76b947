//! A publicity event: unique by name, organ, date and place.

use serde::{Deserialize, Serialize};

use crate::policy::Act;
use crate::refusal::{Reason, Refusal};
use crate::row::{Change, Tally};
use crate::stream::{Facts, Stream};
use crate::time::{Date, EARLIEST, Timestamp};
use crate::{StreamId, StreamKind, tables};

/// The publicity stream; its key is derived from name, organ, date and place.
pub struct Publicity;

/// In which manner events are held: at a place, or by a channel.
pub const MANNERS: [&str; 2] = ["线下", "线上"];

/// A publicity event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Name.
    pub name: String,
    /// Organ code.
    pub organ: String,
    /// When it was held.
    pub date: Date,
    /// Manner: one of [`MANNERS`].
    pub manner: String,
    /// Place or channel.
    pub place: String,
    /// People reached.
    pub audience: i64,
    /// Leaflets handed out.
    pub leaflets: i64,
    /// Note.
    pub note: String,
    /// File, sheet and row that brought it; empty when it was recorded on a page, or before that was kept.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub origin: String,
    /// How often it was taken back with its import, and recorded again after each time but perhaps the last.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub withdrawals: i64,
    /// It is taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(n: &i64) -> bool {
    *n == 0
}

/// What was held is over, was held in the time that the program knows, and in one of the manners.
fn possible(held: &State, facts: &Facts<'_>) -> Result<(), Refusal> {
    let field = |field: &str, problem: &str| Err(Reason::Field { field: field.into(), problem: problem.into() }.into());
    match held {
        held if held.date > facts.today() => field("date", "future"),
        held if held.date < EARLIEST => field("date", "too_early"),
        held if !MANNERS.contains(&held.manner.as_str()) => field("manner", "choose"),
        _ => Ok(()),
    }
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
    /// Take it back with its import.
    Withdraw {},
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
    /// It was taken back with its import.
    PublicityWithdrawn {
        /// When it had been held.
        date: Date,
    },
}

impl Stream for Publicity {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = ();

    fn act(command: &Command) -> Act {
        match command {
            Command::Record { .. } => Act::RecordPublicity,
            Command::Withdraw {} => Act::WithdrawPublicity,
        }
    }

    fn open(state: Option<&State>, act: Act, _: &Facts<'_>, (): &()) -> Result<(), Refusal> {
        match (act, state) {
            (Act::WithdrawPublicity, None) => Err(Reason::NotFound.into()),
            (Act::WithdrawPublicity, Some(s)) if s.withdrawn => {
                Err(Reason::NotNow { state: "withdrawn".into() }.into())
            }
            _ => Ok(()),
        }
    }

    fn decide(state: Option<&State>, command: Command, facts: &Facts<'_>, (): &()) -> Result<Vec<Event>, Refusal> {
        Self::open(state, Self::act(&command), facts, &())?;
        let held = match command {
            Command::Record { held } => held,
            Command::Withdraw {} => {
                return Ok(state.map(|s| Event::PublicityWithdrawn { date: s.date }).into_iter().collect());
            }
        };
        // Whether it was taken back is not what somebody types, nor is where it came from first.
        let held = State { withdrawals: state.map_or(0, |s| s.withdrawals), withdrawn: false, ..held };
        let held = match state.filter(|s| !s.withdrawn) {
            Some(state) => State { origin: state.origin.clone(), ..held },
            None => {
                possible(&held, facts)?;
                held
            }
        };
        match state {
            None => Ok(vec![Event::PublicityHeld { held }]),
            Some(state) if state.withdrawn => Ok(vec![Event::PublicityHeld { held }]),
            Some(state) if *state == held => Ok(Vec::new()),
            Some(state) if state.manner != held.manner => {
                Err(Reason::Differs { column: "manner".into(), first: state.name.clone() }.into())
            }
            Some(_) => Ok(vec![Event::PublicityUpdated { held }]),
        }
    }

    fn apply(state: Option<State>, event: &Event, _: Timestamp) -> State {
        match event {
            Event::PublicityHeld { held } | Event::PublicityUpdated { held } => held.clone(),
            Event::PublicityWithdrawn { date } => {
                let state = state.unwrap_or_else(|| State {
                    name: String::new(),
                    organ: String::new(),
                    date: *date,
                    manner: String::new(),
                    place: String::new(),
                    audience: 0,
                    leaflets: 0,
                    note: String::new(),
                    origin: String::new(),
                    withdrawals: 0,
                    withdrawn: false,
                });
                State { withdrawals: state.withdrawals + 1, withdrawn: true, ..state }
            }
        }
    }

    fn project(id: &StreamId, state: &State, event: &Event, _: Timestamp) -> Vec<Change> {
        let count = |mark: &str, by| {
            Change::Tally(Tally {
                name: "publicity_events",
                organ: state.organ.clone(),
                kind: String::new(),
                date: state.date,
                mark: match state.withdrawals {
                    0 => mark.into(),
                    n => format!("{mark}/{n}"),
                },
                by,
            })
        };
        if state.withdrawn {
            return vec![Change::Delete(&tables::PUBLICITY, vec![id.as_str().into()]), count("withdrawn", -1)];
        }
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
            rows.push(count("held", 1));
        }
        rows
    }
}
