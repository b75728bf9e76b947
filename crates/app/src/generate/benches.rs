//! The organs of a generated county: online, since its parties sign by the portal, with the staff who act for each.

use yanhe_core::policy::{Actor, Role};
use yanhe_core::{StreamId, StreamKind, organ};

use crate::App;
use crate::error::AppError;
use crate::handle::Request;

/// The staff of an organ.
pub(super) struct Bench {
    pub(super) clerk: Actor,
    pub(super) leader: Actor,
    pub(super) mediators: Vec<Actor>,
}

impl App {
    /// Brings the organs online that have somebody for every post; gives them by code.
    pub(super) async fn benches(&self) -> Result<Vec<(String, Bench)>, AppError> {
        let mut benches = Vec::new();
        for organ in self.pack.mediating() {
            let staff = self.reader.staff(&organ.code).await?;
            let with = |role: Role| -> Vec<Actor> {
                let of = staff.iter().filter(|s| Role::of_post(&s.post) == Some(role));
                of.map(|s| Actor::staff(&s.stream, role, &organ.code)).collect()
            };
            let (clerks, leaders, mediators) = (with(Role::Clerk), with(Role::Leader), with(Role::Mediator));
            let (Some(clerk), Some(leader), false) = (clerks.first(), leaders.first(), mediators.is_empty()) else {
                continue;
            };
            if !self.is_online(&organ.code).await? {
                let stream = StreamId::new(StreamKind::Organ, &organ.code);
                let key = format!("generate/online/{}", organ.code);
                self.handle(Request::one(&Actor::admin(), key, &stream, organ::Command::Onboard {})).await?;
            }
            benches.push((organ.code.clone(), Bench { clerk: clerk.clone(), leader: leader.clone(), mediators }));
        }
        Ok(benches)
    }
}
