//! What a joint application is about: taken from the case when it is drafted, and kept.

use serde::{Deserialize, Serialize};

use crate::deadline::Deadline;
use crate::dossier::{self, Draft, Identity};
use crate::party::Party;
use crate::stream::PaperRef;
use crate::time::Date;
use crate::{PersonId, Personal, StreamId};

/// What the application is about, copied from the dossier when it is drafted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The dossier.
    pub dossier: StreamId,
    /// Its application number.
    pub dossier_number: String,
    /// Organ that presided.
    pub organ: String,
    /// Court, by code.
    pub court: String,
    /// Parties, all of whom sign.
    pub parties: Vec<Party>,
    /// Name of the mediator.
    pub mediator: Personal<String>,
    /// Staff stream of the mediator.
    pub mediator_staff: String,
    /// The agreement.
    pub agreement: PaperRef,
    /// SHA-256 of its base revision.
    pub agreement_sha256: String,
    /// Entry of the scope catalogue.
    pub entry: String,
    /// When mediation began.
    pub accepted_on: Date,
    /// What was agreed.
    pub draft: Draft,
    /// When it took effect.
    pub effective_on: Date,
    /// Last day of the joint application.
    pub apply_by: Deadline,
    /// Who consents to electronic service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub electronic: Vec<PersonId>,
    /// Who applied for the mediation; empty in old events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applied: Vec<PersonId>,
    /// Who else said whether papers may come by message: whoever applied was always asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answered: Vec<PersonId>,
    /// Identities as officers saw them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<Identity>,
    /// The session that led to the agreement; none in old events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<Presided>,
}

/// A session over which the organ presided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presided {
    /// When it was held.
    pub on: Date,
    /// Where.
    pub place: Personal<String>,
}

impl Subject {
    /// Where papers are served on this party: where they said so, else at the address that is known.
    pub fn served_at<'a>(&'a self, party: &'a Party) -> Option<&'a Personal<String>> {
        let told = self.identities.iter().find(|seen| seen.person == party.person);
        told.and_then(|seen| seen.address.as_ref()).or(party.address.as_ref())
    }

    /// May papers reach this party by message? They said so, and there is a way.
    pub fn electronic(&self, party: &Party) -> bool {
        self.electronic.contains(&party.person) && (party.mobile_text().is_some() || party.email.is_some())
    }
}

/// The subject of a confirmation, from a dossier whose agreement is in effect and can be confirmed.
pub fn subject(id: &StreamId, case: &dossier::State, sha256: &str) -> Option<Subject> {
    let agreement = case.agreement.as_ref().filter(|a| !a.voided && a.replaced.is_none())?;
    let mediator = case.mediator.as_ref()?;
    let said = |so: &dyn Fn(Option<bool>) -> bool| -> Vec<PersonId> {
        let all = dossier::parties(case).map(|(_, p)| &p.person);
        all.filter(|person| so(case.by_message(person))).cloned().collect()
    };
    Some(Subject {
        dossier: id.clone(),
        dossier_number: case.application.number.clone(),
        organ: case.organ.clone(),
        court: case.court.clone(),
        parties: dossier::parties(case).map(|(_, p)| p.clone()).collect(),
        mediator: mediator.name.clone(),
        mediator_staff: mediator.staff.clone(),
        agreement: agreement.paper.clone(),
        agreement_sha256: sha256.to_owned(),
        entry: case.entry.clone(),
        accepted_on: case.accepted_on.unwrap_or(case.applied_on),
        draft: agreement.draft.clone(),
        effective_on: agreement.effective_on?,
        apply_by: agreement.confirm_by.clone()?,
        electronic: said(&|answer| answer == Some(true)),
        answered: said(&|answer| answer.is_some()),
        applied: case.applicants.iter().map(|p| p.person.clone()).collect(),
        identities: case.identities.clone(),
        session: case.sessions.iter().rev().find_map(|session| {
            let held = session.sitting.as_ref()?.held_at.date();
            Some(Presided { on: held, place: session.place.clone() })
        }),
    })
}
