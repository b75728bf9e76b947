//! An organ of the county: what the roster says of it, and whether parties can act by the portal.

use serde::{Deserialize, Serialize};

use crate::policy::Act;
use crate::refusal::{Reason, Refusal};
use crate::row::{Change, Tally};
use crate::stream::{Facts, Stream};
use crate::time::{Date, Timestamp, county_date};
use crate::{StreamId, tables};

/// The organ stream; its key is the organ's code in the pack.
pub struct Organ;

/// An organ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What the roster says.
    pub profile: Profile,
    /// Since when parties can act by the portal.
    pub online_on: Option<Date>,
}

/// A row of the roster's sheet 机关. All open: an organ is no person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Name as in the pack.
    pub name: String,
    /// Phone.
    pub phone: String,
    /// Address.
    pub address: String,
    /// Brand of the department, if it has one.
    pub brand: Option<String>,
    /// Date on which the roster says the organ joined. Never makes it online by itself.
    pub joined_on: Option<Date>,
    /// Does it mediate (a row of its own in the sheet of organs)?
    pub mediates: bool,
}

/// What must be there before an organ is online.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    /// A leader is rostered (staff stream).
    pub leader: String,
    /// A mediator is rostered (staff stream).
    pub mediator: String,
    /// Entries of the scope catalogue that the organ handles.
    pub scope: i64,
    /// The organ's seal can be drawn.
    pub seal: bool,
}

/// What is asked of an organ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Fill in from the roster; the same again changes nothing.
    Roster {
        /// The row.
        profile: Profile,
    },
    /// Bring online.
    Onboard {},
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// First row of the roster.
    OrganRostered {
        /// The row.
        profile: Profile,
    },
    /// A later row with changes.
    OrganRosterUpdated {
        /// The row.
        profile: Profile,
    },
    /// The checklist is complete: parties can act by the portal.
    OrganOnboarded {
        /// The checklist.
        checklist: Checklist,
        /// From this day.
        on: Date,
    },
}

/// What is known of the organ's staff and scope.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// As far as it is complete.
    pub checklist: Checklist,
}

impl Stream for Organ {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = Context;

    fn act(command: &Command) -> Act {
        match command {
            Command::Roster { .. } => Act::RosterOrgan,
            Command::Onboard {} => Act::OnboardOrgan,
        }
    }

    fn open(state: Option<&State>, act: Act, _: &Facts<'_>, context: &Context) -> Result<(), Refusal> {
        if act != Act::OnboardOrgan {
            return Ok(());
        }
        let state = state.ok_or(Reason::NotFound)?;
        if state.online_on.is_some() {
            return Err(Reason::Exists.into());
        }
        let list = &context.checklist;
        for (there, what) in [
            (!list.leader.is_empty(), "leader"),
            (!list.mediator.is_empty(), "mediator"),
            (list.scope > 0, "scope"),
            (list.seal, "seal"),
        ] {
            if !there {
                return Err(Reason::Waiting { what: what.into() }.into());
            }
        }
        Ok(())
    }

    fn decide(
        state: Option<&State>,
        command: Command,
        facts: &Facts<'_>,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Roster { profile } => Ok(match state {
                None => vec![Event::OrganRostered { profile }],
                Some(state) if state.profile == profile => Vec::new(),
                Some(_) => vec![Event::OrganRosterUpdated { profile }],
            }),
            Command::Onboard {} => {
                Self::open(state, Act::OnboardOrgan, facts, context)?;
                Ok(vec![Event::OrganOnboarded { checklist: context.checklist.clone(), on: facts.today() }])
            }
        }
    }

    fn apply(state: Option<State>, event: &Event, _: Timestamp) -> State {
        match event {
            Event::OrganRostered { profile } | Event::OrganRosterUpdated { profile } => {
                State { profile: profile.clone(), online_on: state.and_then(|s| s.online_on) }
            }
            Event::OrganOnboarded { on, .. } => State {
                online_on: Some(*on),
                profile: state.map_or_else(
                    || Profile {
                        name: String::new(),
                        phone: String::new(),
                        address: String::new(),
                        brand: None,
                        joined_on: None,
                        mediates: true,
                    },
                    |s| s.profile,
                ),
            },
        }
    }

    fn project(id: &StreamId, state: &State, event: &Event, at: Timestamp) -> Vec<Change> {
        let p = &state.profile;
        let mut rows = vec![Change::Put(
            &tables::ORGAN,
            vec![
                id.key().into(),
                p.name.as_str().into(),
                p.phone.as_str().into(),
                p.address.as_str().into(),
                p.brand.clone().into(),
                state.online_on.into(),
                p.mediates.into(),
            ],
        )];
        let count = |name, date| {
            Change::Tally(Tally {
                name,
                organ: id.key().into(),
                kind: String::new(),
                date,
                mark: "organ".into(),
                by: 1,
            })
        };
        match event {
            Event::OrganRostered { profile } if profile.mediates => rows.push(count("organs", county_date(at))),
            Event::OrganOnboarded { on, .. } => rows.push(count("organs_online", *on)),
            _ => {}
        }
        rows
    }
}
