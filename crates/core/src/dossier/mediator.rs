//! Who mediates: a mediator of the organ. Where the organ is itself the other party, whoever the pack says: its legal
//! section, the organ above it, or the studio.

use serde::{Deserialize, Serialize};

use super::decide::field;
use super::{Event, Officer, State};
use crate::pack::{AdministrativeMediator, Pack};
use crate::policy::Role;
use crate::refusal::{Reason, Refusal};
use crate::stream::Facts;
use crate::time::{DateTime, Timestamp, county_time};
use crate::{PersonId, Personal};

/// The named mediator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mediator {
    /// Staff stream.
    pub staff: String,
    /// Name.
    pub name: Personal<String>,
    /// Declared free of conflict.
    pub declared: bool,
    /// When they first declared it, county time, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_at: Option<DateTime>,
    /// Who joined since and is not covered by what they declared: they declare anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncovered: Vec<PersonId>,
    /// From where, in an administrative dispute; none in civil ones and in old events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<AdministrativeMediator>,
}

impl Mediator {
    pub(super) fn named(staff: String, name: Personal<String>, place: Option<AdministrativeMediator>) -> Self {
        Self { staff, name, declared: false, declared_at: None, uncovered: Vec::new(), place }
    }

    /// They declare that there is no conflict with any of those who take part. What people type later has no seconds.
    pub(super) fn declares(&mut self, at: Timestamp) {
        let at = county_time(at);
        self.declared = true;
        self.uncovered.clear();
        self.declared_at = self.declared_at.or(Some(at.date().at(at.hour(), at.minute(), 0, 0)));
    }

    /// Somebody joins, of whom what was declared said nothing.
    pub(super) fn meets(&mut self, person: &PersonId) {
        if self.declared || !self.uncovered.is_empty() {
            self.declared = false;
            self.uncovered.push(person.clone());
        }
    }
}

impl State {
    /// From where an officer could mediate this administrative dispute; none: the pack does not let them. The roster does
    /// not know an organ's legal section: that somebody belongs to it is said by the leader who names them.
    pub fn place_of(&self, organ: &str, role: Role, pack: &Pack) -> Option<AdministrativeMediator> {
        let above = || pack.organ(&self.organ).and_then(|own| own.superior.as_deref()) == Some(organ);
        let place = match role {
            Role::Mediator if organ == self.organ => AdministrativeMediator::LegalSection,
            Role::Mediator if above() => AdministrativeMediator::Superior,
            Role::Studio => AdministrativeMediator::Studio,
            _ => return None,
        };
        pack.parameters.administrative_mediators.contains(&place).then_some(place)
    }
}

/// From where this officer mediates this case, if they may.
pub(super) fn named(
    state: &State,
    officer: &Officer,
    legal_section: bool,
    handling: &[String],
    facts: &Facts<'_>,
) -> Result<Option<AdministrativeMediator>, Refusal> {
    if state.conflicted.contains(&officer.stream) {
        return Err(Reason::Conflict.into());
    }
    if !state.is_administrative() {
        let own = officer.role == Role::Mediator && officer.organ == state.organ;
        return if own { Ok(None) } else { Err(field("staff", "not_a_mediator")) };
    }
    let place = state.place_of(&officer.organ, officer.role, facts.pack);
    let place = place.ok_or_else(|| field("staff", "not_a_mediator"))?;
    if place == AdministrativeMediator::LegalSection {
        if handling.contains(&officer.stream) {
            let basis = facts.pack.citation_of("mediation.accept", facts.today());
            return Err(Refusal::because(Reason::Conflict, basis));
        }
        if !legal_section {
            return Err(field("legal_section", "not_ticked"));
        }
    }
    Ok(Some(place))
}

/// This officer mediates, once they declare that there is no conflict.
pub(super) fn is_named(
    officer: &Officer,
    place: Option<AdministrativeMediator>,
    reason: Option<Personal<String>>,
) -> Event {
    Event::MediatorNamed { staff: officer.stream.clone(), name: officer.name.clone(), place, reason }
}

/// What a paper writes behind the mediator's name; empty where it is a mediator of the organ as always.
pub(super) fn place_on_paper(state: &State, pack: &Pack) -> String {
    let place = state.mediator.as_ref().and_then(|mediator| mediator.place);
    match place {
        None => String::new(),
        Some(AdministrativeMediator::LegalSection) => format!("{}法制机构", pack.body_name(&state.organ)),
        Some(AdministrativeMediator::Studio) => "行政调解工作室".to_owned(),
        Some(AdministrativeMediator::Superior) => {
            let above = pack.organ(&state.organ).and_then(|own| own.superior.as_deref());
            above.map_or_else(String::new, |above| pack.body_name(above).to_owned())
        }
    }
}
