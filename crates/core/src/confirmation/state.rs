//! What is known of an application, and its ruling.

use serde::{Deserialize, Serialize};

use super::{Stage, Subject};
use crate::deadline::Deadline;
use crate::dossier::Signature;
use crate::stream::PaperRef;
use crate::time::{Date, DateTime};
use crate::{PersonId, Personal};

/// The ruling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// Valid?
    pub valid: bool,
    /// Statutory ground of rejection, by its id in the pack.
    pub ground: String,
    /// Reasons.
    pub reasons: Personal<String>,
    /// The day.
    pub on: Date,
    /// One copy for each party; none while it is void.
    pub papers: Vec<(PersonId, PaperRef)>,
    /// Two years from the last day of performance (valid rulings).
    pub enforce_by: Option<Deadline>,
    /// When each party received it, with their limit for an objection where there is one.
    pub served: Vec<(PersonId, Date, Option<Deadline>)>,
    /// As it was issued before, each time until a notice voided it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voided: Vec<VoidRuling>,
}

/// A ruling as it was issued, until a notice voided it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoidRuling {
    /// Its day.
    pub on: Date,
    /// One copy for each party.
    pub papers: Vec<(PersonId, PaperRef)>,
    /// The notice.
    pub notice: PaperRef,
}

/// A docket notice that a notice voided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoidDocket {
    /// For whom it was.
    pub person: PersonId,
    /// It.
    pub paper: PaperRef,
    /// Its day.
    pub on: Date,
    /// The notice that voids it.
    pub notice: PaperRef,
    /// The one that took its place, and its day; none: it is to be made again.
    pub again: Option<(PaperRef, Date)>,
}

/// An application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What it is about.
    pub subject: Subject,
    /// The joint application.
    pub application: PaperRef,
    /// Proof that the organ presided; none until an officer certifies it.
    pub proof: Option<PaperRef>,
    /// Proof of the parties' identities, with the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identities: Option<PaperRef>,
    /// Printed code that ties a scan of the application to its bytes; empty on old ones.
    #[serde(default)]
    pub check_code: String,
    /// Confirmations of service addresses, one for each party.
    pub addresses: Vec<PaperRef>,
    /// Where it stands.
    pub stage: Stage,
    /// Signatures.
    pub signatures: Vec<Signature>,
    /// Everybody was reminded that it waits to be filed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reminded: bool,
    /// When it was filed.
    pub filed_on: Option<Date>,
    /// How it is known that it was handed in on paper that day, when that was entered later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed_how: Option<Personal<String>>,
    /// Last day of handing in the organ's certificate after the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplement_by: Option<Deadline>,
    /// Last day of docketing; none before the application is filed and complete.
    pub docket_by: Option<Deadline>,
    /// The court's number.
    pub number: String,
    /// Docket notice.
    pub docket_notice: Option<PaperRef>,
    /// The same notice to every other party.
    #[serde(default)]
    pub docket_copies: Vec<(PersonId, PaperRef)>,
    /// Docket notices that were voided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub docket_voided: Vec<VoidDocket>,
    /// When it was docketed.
    pub docketed_on: Option<Date>,
    /// Last day of the examination.
    pub rule_by: Option<Deadline>,
    /// Judge's staff stream.
    pub judge: String,
    /// Judge's name.
    pub judge_name: Option<Personal<String>>,
    /// Name of the clerk of the court who docketed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clerk_name: Option<Personal<String>>,
    /// When the parties are to be heard, where the court set it with the docket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hearing_at: Option<DateTime>,
    /// Where; none: at the court.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hearing_place: Option<Personal<String>>,
    /// What the hearing found.
    pub hearing: Option<Personal<String>>,
    /// When they were heard.
    pub heard_on: Option<Date>,
    /// Why that was another day than the one to which they were summoned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_otherwise: Option<Personal<String>>,
    /// The ruling.
    pub ruling: Option<Ruling>,
    /// When it was not docketed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined_on: Option<Date>,
    /// Why it was not docketed: the ground, by its id in the pack.
    pub declined_for: String,
    /// The court's reasons for that; none in old events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined_reasons: Option<Personal<String>>,
    /// Applications of the same case that were not docketed before this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Declined>,
}

/// An application that the court did not docket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// The joint application.
    pub application: PaperRef,
    /// When it was filed.
    pub filed_on: Option<Date>,
    /// When it was declined.
    pub on: Date,
    /// Ground, by its id in the pack.
    pub ground: String,
    /// Reasons.
    pub reasons: Option<Personal<String>>,
}

impl State {
    /// What it is called by: the court's number once there is one, and until then that of the case.
    pub fn shown_number(&self) -> &str {
        if self.number.is_empty() { &self.subject.dossier_number } else { &self.number }
    }

    /// The ruling that stands; none while it is void.
    pub fn standing_ruling(&self) -> Option<&Ruling> {
        self.ruling.as_ref().filter(|_| self.stage != Stage::RulingVoid)
    }

    /// The docket notice of each party, the last that was made for them.
    pub fn docket_notices(&self) -> impl Iterator<Item = (&PersonId, &PaperRef)> {
        let first = self.subject.parties.first().map(|p| &p.person).zip(self.docket_notice.as_ref());
        first.into_iter().chain(self.docket_copies.iter().map(|(person, paper)| (person, paper)))
    }

    /// The day of a docket notice: that of the docket, or of when it was made again.
    pub fn docket_day(&self, paper: &PaperRef) -> Option<Date> {
        let again = self.docket_voided.iter().filter_map(|void| void.again.as_ref());
        let mut again = again.filter(|(made, _)| made.id == paper.id).map(|(_, on)| *on);
        again.next().or(self.docketed_on)
    }

    /// Docket notices that are void and wait to be made again: until then nobody is heard, and nothing is ruled.
    pub fn lacks_docket_notice(&self) -> bool {
        matches!(self.stage, Stage::Docketed | Stage::Examined) && self.docket_voided.iter().any(|v| v.again.is_none())
    }

    /// Is it too late to file it? Also before the timer has told the application so, and in journals from before there was one.
    pub fn is_lapsed(&self, today: Date) -> bool {
        self.filed_on.is_none() && self.subject.apply_by.last_day < today
    }

    /// As the court declined it; none when it did not.
    pub fn declined(&self) -> Option<Declined> {
        Some(Declined {
            application: self.application.clone(),
            filed_on: self.filed_on,
            on: self.declined_on?,
            ground: self.declined_for.clone(),
            reasons: self.declined_reasons.clone(),
        })
    }

    /// Does the court wait for the organ's certificate? What the parties had to do for it, they have done.
    pub fn lacks_certificate(&self) -> bool {
        self.stage == Stage::Filed && self.proof.is_none()
    }

    /// `party/PERSON` of those who have not signed.
    pub fn unsigned(&self) -> Vec<String> {
        let parties = self.subject.parties.iter().map(|p| format!("party/{}", p.person));
        parties.filter(|s| self.signatures.iter().all(|done| done.signer != *s)).collect()
    }
}
