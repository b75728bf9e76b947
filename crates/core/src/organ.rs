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
    /// The checklist by which it came online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checklist: Option<Checklist>,
    /// The day on which it was counted among the organs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_on: Option<Date>,
    /// How often it was taken back with its import, and rostered again after each time but perhaps the last.
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
    /// Take the row back with its import.
    Withdraw {},
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
    /// The row was taken back with its import.
    OrganWithdrawn {},
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
            Command::Withdraw {} => Act::WithdrawRoster,
        }
    }

    fn open(state: Option<&State>, act: Act, _: &Facts<'_>, context: &Context) -> Result<(), Refusal> {
        if act == Act::RosterOrgan {
            return Ok(());
        }
        let state = state.filter(|s| !s.withdrawn).ok_or(Reason::NotFound)?;
        if act == Act::WithdrawRoster {
            return match state.online_on {
                None => Ok(()),
                Some(_) => Err(Reason::InUse { name: state.profile.name.clone(), how: "online".into() }.into()),
            };
        }
        if state.online_on.is_some() {
            return Err(Reason::AlreadyDone.into());
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
            Command::Roster { profile } => Ok(match state.filter(|s| !s.withdrawn) {
                None => vec![Event::OrganRostered { profile }],
                Some(state) if state.profile == profile => Vec::new(),
                Some(_) => vec![Event::OrganRosterUpdated { profile }],
            }),
            Command::Onboard {} => {
                Self::open(state, Act::OnboardOrgan, facts, context)?;
                Ok(vec![Event::OrganOnboarded { checklist: context.checklist.clone(), on: facts.today() }])
            }
            Command::Withdraw {} => {
                Self::open(state, Act::WithdrawRoster, facts, context)?;
                Ok(vec![Event::OrganWithdrawn {}])
            }
        }
    }

    fn apply(state: Option<State>, event: &Event, at: Timestamp) -> State {
        let state = state.unwrap_or_else(State::unknown);
        match event {
            Event::OrganRostered { profile } => State {
                profile: profile.clone(),
                counted_on: profile.mediates.then(|| county_date(at)),
                withdrawn: false,
                ..state
            },
            Event::OrganRosterUpdated { profile } => State { profile: profile.clone(), ..state },
            Event::OrganOnboarded { checklist, on } => {
                State { online_on: Some(*on), checklist: Some(checklist.clone()), ..state }
            }
            Event::OrganWithdrawn {} => State { withdrawals: state.withdrawals + 1, withdrawn: true, ..state },
        }
    }

    fn project(id: &StreamId, state: &State, event: &Event, _: Timestamp) -> Vec<Change> {
        let p = &state.profile;
        let count = |name, date, mark: &str, by| {
            Change::Tally(Tally {
                name,
                organ: id.key().into(),
                kind: String::new(),
                date,
                mark: match state.withdrawals {
                    0 => mark.into(),
                    n => format!("{mark}/{n}"),
                },
                by,
            })
        };
        if state.withdrawn {
            let back = state.counted_on.map(|on| count("organs", on, "withdrawn", -1));
            return [Change::Delete(&tables::ORGAN, vec![id.key().into()])].into_iter().chain(back).collect();
        }
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
        match (event, state.counted_on) {
            (Event::OrganRostered { .. }, Some(on)) => rows.push(count("organs", on, "organ", 1)),
            (Event::OrganOnboarded { on, .. }, _) => rows.push(count("organs_online", *on, "organ", 1)),
            _ => {}
        }
        rows
    }
}

impl State {
    /// Of a stream whose first event is not at hand.
    fn unknown() -> Self {
        Self {
            profile: Profile {
                name: String::new(),
                phone: String::new(),
                address: String::new(),
                brand: None,
                joined_on: None,
                mediates: true,
            },
            online_on: None,
            checklist: None,
            counted_on: None,
            withdrawals: 0,
            withdrawn: false,
        }
    }
}
