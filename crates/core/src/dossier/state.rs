//! What the events of a case amount to.

use serde::{Deserialize, Serialize};

use super::{
    Agreement, ChangedDecision, Consent, Disputed, Draft, Joined, Left, Mediator, Performance, Recusal, Renewal,
    Renewed, Session, Signature, Told,
};
use crate::correction::Correction;
use crate::deadline::Deadline;
use crate::party::Party;
use crate::scope::Kind;
use crate::stream::PaperRef;
use crate::time::Date;
use crate::{PersonId, Personal, StreamId};

/// How an application came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// By the portal.
    Portal,
    /// Told to a clerk.
    Oral,
}

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Applied, not yet accepted.
    Applied,
    /// Refused.
    Refused,
    /// The applicant withdrew before it was decided on.
    Withdrawn,
    /// Accepted: mediation is on.
    Mediating,
    /// The agreement is issued for signing.
    Signing,
    /// The agreement is in effect and being performed.
    Performing,
    /// Fully performed.
    Performed,
    /// Breached.
    Breached,
    /// A later agreement of the same parties took the place of this one.
    Replaced,
    /// Ended without agreement.
    Ended,
    /// The file is closed.
    Closed,
}

impl Stage {
    /// Stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Mediating => "mediating",
            Self::Signing => "signing",
            Self::Performing => "performing",
            Self::Performed => "performed",
            Self::Breached => "breached",
            Self::Replaced => "replaced",
            Self::Ended => "ended",
            Self::Closed => "closed",
        }
    }
}

/// A limit of the parties, and what the application does to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningLimit {
    /// As counted.
    pub deadline: Deadline,
    /// The application interrupted it and it counts anew; otherwise it runs on.
    pub interrupted: bool,
    /// Nobody said since when it is known what it runs from: it is counted from the latest day on which that can have been.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
}

impl RunningLimit {
    /// Is it the one within which this very mediation is asked for?
    pub fn asks(&self) -> bool {
        self.deadline.limit == crate::pack::ASK
    }
}

/// How an officer saw who a party is: from the document, or for a firm from its licence and whoever acts for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Whose.
    pub person: PersonId,
    /// Kind of the document of a human being, for example `resident_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_kind: Option<String>,
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Personal<String>>,
    /// Credit code of a firm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
    /// Who acts for a firm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub representative: Option<Personal<String>>,
    /// As what: legal representative, agent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub post: String,
    /// Where papers are served on them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Personal<String>>,
    /// Staff stream of who saw it.
    pub by: String,
    /// Their name.
    pub by_name: Personal<String>,
    /// When.
    pub on: Date,
}

/// Why mediation ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Ground, by its id in the pack.
    pub ground: String,
    /// The notice.
    pub paper: PaperRef,
    /// The day.
    pub on: Date,
    /// The same notice to every other party.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<(PersonId, PaperRef)>,
    /// Those who stayed away, where that is the ground; none in old events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<PersonId>,
    /// The party's leaving that ended it, when an officer recorded that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Box<Told>>,
}

/// A stored file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Name as given.
    pub name: Personal<String>,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// Who added it.
    pub by: String,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Organ code.
    pub organ: String,
    /// Court that would confirm.
    pub court: String,
    /// Civil or administrative.
    pub kind: Kind,
    /// Entry of the scope catalogue.
    pub entry: String,
    /// Sector of the entry.
    pub sector: Option<String>,
    /// The matter it comes from.
    pub matter: Option<StreamId>,
    /// The matter's number.
    pub matter_number: String,
    /// The decision that is disputed, as it was told without a matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disputed: Option<Box<Disputed>>,
    /// The case that is mediated once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<Box<Renewed>>,
    /// Later cases that go on with this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renewed_by: Vec<Renewal>,
    /// The application.
    pub application: PaperRef,
    /// Printed code that ties a scan of the application to its bytes; none on old ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_code: Option<String>,
    /// Code of the receipt: by it the first applicant comes back, who has no letter. None by a letter, and on old ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    /// Applicants who signed the printed application.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub application_signatures: Vec<Signature>,
    /// Records of an oral application that were voided, each with the notice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records_voided: Vec<(PaperRef, PaperRef)>,
    /// The record that was made again and stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_again: Option<PaperRef>,
    /// When it was made.
    pub applied_on: Date,
    /// When it was accepted.
    pub accepted_on: Option<Date>,
    /// How.
    pub via: Via,
    /// Applicants.
    pub applicants: Vec<Party>,
    /// The other side. For an administrative dispute the organ itself.
    pub respondents: Vec<Party>,
    /// What is asked.
    pub claims: Personal<String>,
    /// Facts and reasons.
    pub facts: Personal<String>,
    /// Consents to electronic service.
    pub electronic_service: bool,
    /// Other proceedings about the same dispute, as the applicant answered; empty: none; none: not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_proceedings: Option<Personal<String>>,
    /// Why the oral application was written down late, when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_late: Option<Box<Personal<String>>>,
    /// Those whose phone is known from their opponent alone: who answers by it may be anybody who has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones_told: Vec<PersonId>,
    /// Identities as officers saw them, the last of each person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<Identity>,
    /// Those who signed after an officer had recorded who they are: another document is a correction from then on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed_as_recorded: Vec<PersonId>,
    /// Limits of the parties.
    pub limits: Vec<RunningLimit>,
    /// Last day of acceptance.
    pub accept_by: Deadline,
    /// Where it stands.
    pub stage: Stage,
    /// Everybody on the other side who was asked, each with a letter and an answer of their own.
    pub consents: Vec<Consent>,
    /// Those who did not consent, or left, and without whom the mediation goes on: no party of it any more.
    #[serde(default)]
    pub without: Vec<PersonId>,
    /// Those who were added, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<Joined>,
    /// Those who left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// The notice of acceptance or refusal.
    pub answer: Option<PaperRef>,
    /// The same notice of refusal to others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer_copies: Vec<PaperRef>,
    /// Ground of refusal, by its id in the pack.
    pub refused_for: String,
    /// When it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_on: Option<Date>,
    /// The days on which a refusal or an end that a timer had recorded was taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_back: Vec<Date>,
    /// The organ that is competent instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competent: Option<Personal<String>>,
    /// The applicants withdrew before it was decided on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// Clerk or leader who handles it.
    pub clerk: String,
    /// Last day of the mediation.
    pub period: Option<Deadline>,
    /// The mediator.
    pub mediator: Option<Mediator>,
    /// Staff streams of mediators who declared a conflict, or were found to have one: they stay out of this case.
    #[serde(default)]
    pub conflicted: Vec<String>,
    /// Those of them who had declared none: a party wanted them out, and the leader decided so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recused: Vec<String>,
    /// A party asked that the mediator withdraws, and nobody has decided yet: the mediation stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recusal: Option<Recusal>,
    /// Sessions.
    pub sessions: Vec<Session>,
    /// Those that were called off, and those to which nobody came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_held: Vec<Session>,
    /// Draft of the agreement.
    pub draft: Option<Draft>,
    /// The agreement.
    pub agreement: Option<Agreement>,
    /// Papers that were taken back before they held, each with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn_papers: Vec<(StreamId, Personal<String>)>,
    /// Performance of the obligations.
    pub performance: Vec<Performance>,
    /// Follow-up visits.
    pub visits: Vec<PaperRef>,
    /// The new or changed decision that carries out an administrative agreement.
    pub changed_decision: String,
    /// What it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangedDecision>,
    /// Such decisions that were voided, each with the notice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes_voided: Vec<(PaperRef, PaperRef)>,
    /// Why it ended.
    pub ended: Option<Ended>,
    /// Files.
    pub files: Vec<FileRef>,
    /// Corrections.
    pub corrections: Vec<Correction>,
    /// Confirmation application.
    pub confirmation: Option<StreamId>,
    /// State of the confirmation, as last noted.
    pub confirmation_state: String,
    /// The limit for the court passed unused.
    #[serde(default)]
    pub confirmation_lapsed: bool,
    /// Day the file was closed.
    pub closed_on: Option<Date>,
}

impl State {
    /// Can the court still be asked to confirm the agreement? Nobody did, or the court did not docket it.
    pub fn unasked_court(&self) -> bool {
        self.confirmation.is_none() || self.confirmation_state == "declined"
    }

    /// A party by person, if it takes part.
    pub fn party(&self, person: &PersonId) -> Option<&Party> {
        super::parties(self).map(|(_, p)| p).find(|p| p.person == *person)
    }

    /// Is this one of those who applied?
    pub fn is_applicant(&self, person: &PersonId) -> bool {
        self.applicants.iter().any(|p| p.person == *person)
    }

    /// Must this side's organ answer as the other party?
    pub fn is_administrative(&self) -> bool {
        self.kind == Kind::Administrative
    }

    /// As whom the leader signs for the organ, where it is itself the other party.
    pub fn organ_signer(&self) -> Option<String> {
        let organ = self.respondents.first().filter(|_| self.is_administrative())?;
        Some(format!("party/{}", organ.person))
    }

    /// Obligations of the agreement, numbered from 1, that are neither performed nor in breach.
    pub fn outstanding(&self) -> Vec<i64> {
        let count = self.agreement.as_ref().map_or(0, |a| a.draft.obligations.len());
        (1..=count as i64).filter(|n| self.performance.iter().all(|p| p.obligation != *n)).collect()
    }

    /// Is an obligation, numbered from 1, still owed: not performed, in breach or not?
    pub fn is_owed(&self, n: i64) -> bool {
        self.performance.iter().all(|p| p.obligation != n || !p.performed)
    }

    /// Last due date of the obligations.
    pub fn last_due(&self) -> Option<Date> {
        self.agreement.as_ref()?.draft.obligations.iter().map(|o| o.due).max()
    }

    /// The identity of a party as an officer saw it.
    pub fn identity(&self, person: &PersonId) -> Option<&Identity> {
        self.identities.iter().find(|i| i.person == *person)
    }

    /// Parties whose identity nobody has recorded. The organ itself needs none in a dispute about its own decision.
    pub fn unidentified(&self) -> impl Iterator<Item = &Party> {
        let organ = self.is_administrative();
        let asked = super::parties(self).filter(move |(role, _)| !(organ && *role == "respondent"));
        asked.map(|(_, p)| p).filter(|p| self.identity(&p.person).is_none())
    }

    /// Proceedings elsewhere that the applicant named.
    pub fn proceedings(&self) -> Option<&str> {
        let named = self.other_proceedings.as_ref().map(Personal::text);
        named.filter(|text| !text.trim().is_empty())
    }

    /// Has the record of a session been kept?
    pub fn has_record(&self) -> bool {
        self.sessions.iter().any(|s| s.record.is_some())
    }

    /// What the last session that was held came to: `agreed`, `adjourned`, `failed`.
    pub fn result(&self) -> Option<&str> {
        self.sessions.iter().rev().find_map(|s| s.sitting.as_ref()).map(|s| s.result.as_str())
    }

    /// As what it ended, where it came to nothing.
    pub fn came_to(&self) -> &'static str {
        match () {
            () if self.ended.is_some() => Stage::Ended.name(),
            () if self.withdrawn => Stage::Withdrawn.name(),
            () => Stage::Refused.name(),
        }
    }

    /// Did it come to nothing before there was a mediation, or without an agreement?
    pub fn is_over(&self) -> bool {
        self.ended.is_some() || self.withdrawn || !self.refused_for.is_empty()
    }

    /// The day on which it was accepted or refused.
    pub fn answered_on(&self) -> Option<Date> {
        self.accepted_on.or(self.refused_on)
    }

    /// The day on which the mediation came to its end, with an agreement or without.
    pub fn mediated_on(&self) -> Option<Date> {
        let agreed = self.agreement.as_ref().and_then(|agreement| agreement.effective_on);
        agreed.or(self.ended.as_ref().map(|ended| ended.on))
    }

    /// Is there something left to be done in it? Neither came it to nothing, nor is it closed or replaced by another.
    pub fn goes_on(&self) -> bool {
        !self.is_over() && !matches!(self.stage, Stage::Closed | Stage::Replaced)
    }
}
