//! A member of staff: one for each organ and ID number.

use serde::{Deserialize, Serialize};

use crate::policy::{Act, Role};
use crate::refusal::{Reason, Refusal};
use crate::row::{Cell, Change};
use crate::stream::{Facts, Stream};
use crate::time::Timestamp;
use crate::{PersonId, Personal, StreamId, tables};

/// The staff stream; its key is random.
pub struct Staff;

/// A row of the roster's sheet 人员.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Holder of the personal values.
    pub person: PersonId,
    /// Organ, bureau or court code.
    pub body: String,
    /// Post as in the roster.
    pub post: String,
    /// Name.
    pub name: Personal<String>,
    /// Phone: where one-time codes go.
    pub phone: Personal<String>,
    /// ID number.
    pub document: Personal<String>,
}

impl Profile {
    /// The role of the post.
    pub fn role(&self) -> Role {
        Role::of_post(&self.post).unwrap_or(Role::Anyone)
    }

    fn same(&self, other: &Self) -> bool {
        self.body == other.body
            && self.post == other.post
            && self.name.value == other.name.value
            && self.phone.value == other.phone.value
            && self.document.value == other.document.value
    }
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What the roster says.
    pub profile: Profile,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Fill in from the roster. The person in the row is replaced by the stored one.
    Roster {
        /// The row.
        profile: Profile,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// First row.
    StaffRostered {
        /// The row.
        profile: Profile,
    },
    /// A later row with changes.
    StaffUpdated {
        /// The row.
        profile: Profile,
    },
}

impl Stream for Staff {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = ();

    fn act(_: &Command) -> Act {
        Act::RosterStaff
    }

    fn open(_: Option<&State>, _: Act, _: &Facts<'_>, (): &()) -> Result<(), Refusal> {
        Ok(())
    }

    fn decide(state: Option<&State>, command: Command, _: &Facts<'_>, (): &()) -> Result<Vec<Event>, Refusal> {
        let Command::Roster { mut profile } = command;
        if Role::of_post(&profile.post).is_none() {
            return Err(Reason::Field { field: "post".into(), problem: "unknown".into() }.into());
        }
        let Some(state) = state else { return Ok(vec![Event::StaffRostered { profile }]) };
        if state.profile.same(&profile) {
            return Ok(Vec::new());
        }
        let of = state.profile.person.clone();
        for value in [&mut profile.name, &mut profile.phone, &mut profile.document] {
            value.of = of.clone();
        }
        profile.person = of;
        Ok(vec![Event::StaffUpdated { profile }])
    }

    fn apply(_: Option<State>, event: &Event, _: Timestamp) -> State {
        let (Event::StaffRostered { profile } | Event::StaffUpdated { profile }) = event;
        State { profile: profile.clone() }
    }

    fn project(id: &StreamId, state: &State, event: &Event, _: Timestamp) -> Vec<Change> {
        let p = &state.profile;
        let index = |kind, value: &Personal<String>| value.open().map_or(Cell::Null, |t| Cell::Index(kind, t.clone()));
        let mut rows = vec![Change::Put(
            &tables::STAFF,
            vec![
                id.as_str().into(),
                p.body.as_str().into(),
                p.post.as_str().into(),
                (&p.name).into(),
                index("name", &p.name),
                (&p.phone).into(),
                index("phone", &p.phone),
                true.into(),
            ],
        )];
        if matches!(event, Event::StaffRostered { .. }) {
            rows.push(Change::Claim(
                &tables::STAFF_KEY,
                vec![p.body.as_str().into(), index("document", &p.document), id.as_str().into()],
            ));
        }
        rows
    }
}
