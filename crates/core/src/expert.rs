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
    /// Taken back with the import; a later one begins another stream.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Fill in from the roster.
    Roster {
        /// The row.
        profile: Box<Profile>,
    },
    /// Take the row back with its import.
    Withdraw {},
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
    /// The row was taken back with its import.
    ExpertWithdrawn {},
}

impl Stream for Expert {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = ();

    fn act(command: &Command) -> Act {
        match command {
            Command::Roster { .. } => Act::RosterExpert,
            Command::Withdraw {} => Act::WithdrawRoster,
        }
    }

    fn open(state: Option<&State>, act: Act, _: &Facts<'_>, (): &()) -> Result<(), Refusal> {
        match state {
            None if act == Act::WithdrawRoster => Err(Reason::NotFound.into()),
            Some(state) if state.withdrawn => Err(Reason::NotNow { state: "withdrawn".into() }.into()),
            _ => Ok(()),
        }
    }

    fn decide(state: Option<&State>, command: Command, facts: &Facts<'_>, (): &()) -> Result<Vec<Event>, Refusal> {
        Self::open(state, Self::act(&command), facts, &())?;
        let Command::Roster { profile } = command else { return Ok(vec![Event::ExpertWithdrawn {}]) };
        let mut profile = *profile;
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

    fn apply(state: Option<State>, event: &Event, _: Timestamp) -> State {
        match event {
            Event::ExpertRostered { profile } | Event::ExpertUpdated { profile } => {
                State { profile: profile.clone(), withdrawn: false }
            }
            Event::ExpertWithdrawn {} => {
                // INVARIANT: decide writes nothing before ExpertRostered.
                let state = state.expect("an expert begins with a row of the roster");
                State { withdrawn: true, ..state }
            }
        }
    }

    fn project(id: &StreamId, state: &State, event: &Event, _: Timestamp) -> Vec<Change> {
        let p = &state.profile;
        let claimed = p.name.open().zip(p.phone.open());
        let claimed = claimed.map(|(name, phone)| Cell::Index("expert", key(name, &p.employer, phone)));
        if state.withdrawn {
            let row = Change::Delete(&tables::EXPERT, vec![id.as_str().into()]);
            let claim = claimed.map(|index| Change::Delete(&tables::EXPERT_KEY, vec![index]));
            return [row].into_iter().chain(claim).collect();
        }
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
        if let (Event::ExpertRostered { .. }, Some(index)) = (event, claimed) {
            rows.push(Change::Claim(&tables::EXPERT_KEY, vec![index, id.as_str().into()]));
        }
        rows
    }
}

/// The natural key of an expert, for the blind index.
pub fn key(name: &str, employer: &str, phone: &str) -> String {
    format!("{name}\u{1f}{employer}\u{1f}{phone}")
}
