//! A member of staff: one for each organ and ID number.

use serde::{Deserialize, Serialize};

use crate::pack::{self, Pack};
use crate::policy::{Act, LEADER, Role};
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
    /// Taken back with the import; a later one begins another stream.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Fill in from the roster. The person in the row is replaced by the stored one.
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
    StaffRostered {
        /// The row.
        profile: Profile,
    },
    /// A later row with changes.
    StaffUpdated {
        /// The row.
        profile: Profile,
    },
    /// The row was taken back with its import.
    StaffWithdrawn {},
}

/// The posts that a body of the pack can have (岗位), each by the word with which it begins. A post gives rights, that of an
/// assessor over all organs: none belongs to a body of another sort.
pub fn posts(pack: &Pack, body: &str) -> &'static [&'static str] {
    match pack.organ(body).map(|organ| organ.role) {
        // Whoever stands above an organ mediates its administrative disputes.
        Some(pack::Role::Mediating | pack::Role::Superior) => &["经办人", "调解员", LEADER],
        Some(pack::Role::Justice) => &["工作室", "督察员", "考核员"],
        None if pack.court.code == body => &["工作室", "审判员", "书记员"],
        None => &[],
    }
}

impl Stream for Staff {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = ();

    fn act(command: &Command) -> Act {
        match command {
            Command::Roster { .. } => Act::RosterStaff,
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
        let Command::Roster { profile } = command else { return Ok(vec![Event::StaffWithdrawn {}]) };
        let mut profile = *profile;
        let role = Role::of_post(&profile.post);
        if role.is_none() || posts(facts.pack, &profile.body).iter().all(|post| Role::of_post(post) != role) {
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

    fn apply(state: Option<State>, event: &Event, _: Timestamp) -> State {
        match event {
            Event::StaffRostered { profile } | Event::StaffUpdated { profile } => {
                State { profile: profile.clone(), withdrawn: false }
            }
            Event::StaffWithdrawn {} => {
                // INVARIANT: decide writes nothing before StaffRostered.
                let state = state.expect("a member of staff begins with a row of the roster");
                State { withdrawn: true, ..state }
            }
        }
    }

    fn project(id: &StreamId, state: &State, event: &Event, _: Timestamp) -> Vec<Change> {
        let p = &state.profile;
        let index = |kind, value: &Personal<String>| value.open().map_or(Cell::Null, |t| Cell::Index(kind, t.clone()));
        if state.withdrawn {
            return vec![
                Change::Delete(&tables::STAFF, vec![id.as_str().into()]),
                Change::Delete(&tables::STAFF_KEY, vec![p.body.as_str().into(), index("document", &p.document)]),
            ];
        }
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
