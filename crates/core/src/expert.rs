//! A member of the expert pool: one for each name, employer and phone.

use serde::{Deserialize, Serialize};

use crate::policy::Act;
use crate::refusal::{Reason, Refusal};
use crate::row::{Cell, Change};
use crate::stream::{Facts, Stream};
use crate::time::{Date, Timestamp};
use crate::{PersonId, Personal, StreamId, tables};

/// The expert stream; its key is random.
pub struct Expert;

/// A row of the roster's sheet 专家.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Holder of the personal values.
    pub person: PersonId,
    /// Name.
    pub name: Personal<String>,
    /// Employer.
    pub employer: String,
    /// Professional title.
    pub title: String,
    /// Field.
    pub field: String,
    /// Phone.
    pub phone: Personal<String>,
    /// Term, from.
    pub term_from: Option<Date>,
    /// Term, to.
    pub term_to: Option<Date>,
    /// Bodies whose cases the expert does not take.
    pub avoids: Option<String>,
}

impl Profile {
    fn same(&self, other: &Self) -> bool {
        let mut other = other.clone();
        other.person = self.person.clone();
        other.name.of = self.person.clone();
        other.phone.of = self.person.clone();
        *self == other
    }
}

/// An expert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What the roster says.
    pub profile: Profile,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Fill in from the roster.
    Roster {
        /// The row.
        profile: Profile,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// First row.
    ExpertRostered {
        /// The row.
        profile: Profile,
    },
    /// A later row with changes.
    ExpertUpdated {
        /// The row.
        profile: Profile,
    },
}

impl Stream for Expert {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = ();

    fn act(_: &Command) -> Act {
        Act::RosterExpert
    }

    fn open(_: Option<&State>, _: Act, _: &Facts<'_>, (): &()) -> Result<(), Refusal> {
        Ok(())
    }

    fn decide(state: Option<&State>, command: Command, _: &Facts<'_>, (): &()) -> Result<Vec<Event>, Refusal> {
        let Command::Roster { mut profile } = command;
        if let (Some(from), Some(to)) = (profile.term_from, profile.term_to)
            && to < from
        {
            return Err(Reason::DateOrder { first: from.to_string(), second: to.to_string() }.into());
        }
        let Some(state) = state else { return Ok(vec![Event::ExpertRostered { profile }]) };
        if state.profile.same(&profile) {
            return Ok(Vec::new());
        }
        let of = state.profile.person.clone();
        profile.name.of = of.clone();
        profile.phone.of = of.clone();
        profile.person = of;
        Ok(vec![Event::ExpertUpdated { profile }])
    }

    fn apply(_: Option<State>, event: &Event, _: Timestamp) -> State {
        let (Event::ExpertRostered { profile } | Event::ExpertUpdated { profile }) = event;
        State { profile: profile.clone() }
    }

    fn project(id: &StreamId, state: &State, event: &Event, _: Timestamp) -> Vec<Change> {
        let p = &state.profile;
        let mut rows = vec![Change::Put(
            &tables::EXPERT,
            vec![
                id.as_str().into(),
                (&p.name).into(),
                p.employer.as_str().into(),
                p.title.as_str().into(),
                p.field.as_str().into(),
                p.term_from.into(),
                p.term_to.into(),
                p.avoids.clone().into(),
            ],
        )];
        if matches!(event, Event::ExpertRostered { .. })
            && let (Some(name), Some(phone)) = (p.name.open(), p.phone.open())
        {
            rows.push(Change::Claim(
                &tables::EXPERT_KEY,
                vec![Cell::Index("expert", key(name, &p.employer, phone)), id.as_str().into()],
            ));
        }
        rows
    }
}

/// The natural key of an expert, for the blind index.
pub fn key(name: &str, employer: &str, phone: &str) -> String {
    format!("{name}\u{1f}{employer}\u{1f}{phone}")
}
