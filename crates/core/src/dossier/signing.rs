//! The two ways to sign: by a one-time code over the bytes, and on paper that bears a code; and what is noted when
//! somebody does not.

use serde::{Deserialize, Serialize};

use super::decide::{field, required};
use super::{Context, Session, State, Via, parties, taking_part};
use crate::paper::Fallen;
use crate::refusal::{Reason, Refusal, past};
use crate::stream::Facts;
use crate::time::Date;
use crate::values::half_width;
use crate::{PersonId, Personal, StreamId};

/// A signature on the bytes of a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// `party/PERSON` or the staff stream.
    pub signer: String,
    /// The day it was made.
    pub on: Date,
    /// `code` (a fresh one-time code), `hand`, `fingerprint` or, of a firm, `seal`.
    pub manner: String,
    /// SHA-256 of the base revision that was signed, hex.
    pub sha256: String,
    /// Officer who attests a signature made on paper.
    pub attested_by: Option<String>,
    /// Stored scan of the signed paper; old signatures by hand may have none.
    pub scan: Option<String>,
    /// Where the original lies; none for a signature by code. Free words, which may name people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Personal<String>>,
}

/// A signature made by hand on a printed paper, as an officer tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// Who signed: `party/PERSON` or a staff stream.
    pub signer: String,
    /// When.
    pub on: Date,
    /// `hand`, `fingerprint` or, of a firm, `seal`.
    pub manner: String,
    /// The code printed on the paper; an old one bears none.
    #[serde(default)]
    pub check_code: String,
    /// SHA-256 of the stored scan of the signed sheet, hex.
    pub scan: String,
    /// Where the original lies.
    pub original: String,
}

/// The paper that was signed by hand, as the file knows it.
pub(crate) struct Printed<'a> {
    /// Who has still to sign it.
    pub unsigned: Vec<String>,
    /// The code printed on it; none on old ones.
    pub code: Option<&'a str>,
    /// Is the signer a firm?
    pub firm: bool,
    /// Nobody signed it before this day.
    pub since: Date,
    /// SHA-256 of its base revision, hex; empty when it was voided.
    pub sha256: &'a str,
    /// The scan is stored, and is no electronic paper.
    pub scanned: bool,
    /// In whose name free words about it are kept.
    pub of: &'a PersonId,
    /// What was signed by hand before, each with what is wrong with its scan where another paper was signed.
    pub earlier: Vec<(&'a Signature, &'static str)>,
}

impl ByHand {
    /// The signature, attested by the officer who acts. Nobody attests what they signed themselves; the scan must show the
    /// signed sheet, to which the printed code ties the signed bytes.
    pub(crate) fn attested(self, printed: &Printed<'_>, facts: &Facts<'_>) -> Result<Signature, Refusal> {
        if !printed.unsigned.contains(&self.signer) {
            return Err(Reason::AlreadySigned.into());
        }
        if self.signer == facts.actor.id {
            return Err(field("signer", "own_signature"));
        }
        if printed.sha256.is_empty() {
            return Err(field("signer", "paper_voided"));
        }
        if printed.code.is_some_and(|code| !same_code(&self.check_code, code)) {
            return Err(field("check_code", "wrong"));
        }
        match self.manner.as_str() {
            "hand" | "fingerprint" => {}
            // A human being has no company seal.
            "seal" if printed.firm => {}
            "seal" => return Err(field("manner", "seal_of_firm")),
            _ => return Err(field("manner", "unknown")),
        }
        required("scan", &self.scan)?;
        if !printed.scanned {
            return Err(field("scan", "no_scan"));
        }
        // One scan shows one paper, with as many signatures as there are on it.
        let shows = |made: &Signature| made.scan.as_deref() == Some(&self.scan) && made.sha256 != printed.sha256;
        if let Some((_, problem)) = printed.earlier.iter().find(|(made, _)| shows(made)) {
            return Err(field("scan", problem));
        }
        required("original", &self.original)?;
        past(printed.since, self.on, facts.today())?;
        Ok(Signature {
            signer: self.signer,
            on: self.on,
            manner: self.manner,
            sha256: printed.sha256.to_owned(),
            attested_by: Some(facts.actor.id.clone()),
            scan: Some(self.scan),
            original: Some(Personal::new(printed.of, self.original)),
        })
    }
}

/// Why somebody who was present has not signed the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsigned {
    /// Who: `party/PERSON`.
    pub signer: String,
    /// Would not sign; otherwise could not.
    pub refused: bool,
    /// Why: free words, which may name people.
    pub reason: Personal<String>,
    /// When it was noted.
    pub on: Date,
}

/// A paper of a case on which somebody signed by hand.
pub(super) fn printed<'a>(
    state: &'a State,
    signer: &str,
    unsigned: Vec<String>,
    code: Option<&'a str>,
    since: Date,
    context: &'a Context,
) -> Printed<'a> {
    let firm = parties(state).any(|(_, p)| p.is_firm() && signer.strip_prefix("party/") == Some(p.person.0.as_str()));
    let (sha256, scanned, of) = (context.paper_sha256.as_str(), context.scanned, &state.claims.of);
    let since = context.paper_date.map_or(since, |made| made.max(since));
    Printed { unsigned, code, firm, since, sha256, scanned, of, earlier: signed_before(state) }
}

fn signed_before(state: &State) -> Vec<(&Signature, &'static str)> {
    let application = state.application_signatures.iter().map(|made| (made, "scan_of_application"));
    let slips = state.consents.iter().filter_map(|consent| Some((consent.slip.as_ref()?, "scan_of_slip")));
    let records = state.sessions.iter().flat_map(|session| &session.signatures).map(|made| (made, "scan_of_record"));
    let agreement = state.agreement.iter().flat_map(|agreement| &agreement.signatures);
    application.chain(slips).chain(records).chain(agreement.map(|made| (made, "scan_of_agreement"))).collect()
}

/// A code as typed, however it was grouped and spelled, and as printed.
fn same_code(typed: &str, printed: &str) -> bool {
    let plain = |code: &str| -> String {
        half_width(code).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
    };
    plain(typed) == plain(printed)
}

/// A signature by a one-time code that was just tried, over the bytes that the signer saw.
pub(super) fn by_code(signer: String, facts: &Facts<'_>, context: &Context) -> Result<Signature, Refusal> {
    if !context.verified {
        return Err(Reason::WrongCode.into());
    }
    Ok(Signature {
        signer,
        on: facts.today(),
        manner: "code".into(),
        sha256: context.paper_sha256.clone(),
        attested_by: None,
        scan: None,
        original: None,
    })
}

impl State {
    /// What the notice on a paper that parties sign says: why it was taken back, where it was, and whose it was.
    pub fn fallen(&self, paper: &StreamId) -> Fallen {
        let reason = self.withdrawn_papers.iter().find(|(withdrawn, _)| withdrawn == paper);
        Fallen {
            reason: reason.map(|(_, reason)| reason.clone()),
            case: self.application.number.clone(),
            // Its session is to be recorded anew.
            session: self.pending().map(|session| session.at),
            parties: taking_part(self).map(|(_, p)| p.name.personal(&p.person)).collect(),
        }
    }

    /// Signers whom the agreement still waits for: `party/PERSON` for each party, then the mediator.
    pub fn unsigned(&self) -> Vec<String> {
        let Some(agreement) = &self.agreement else { return Vec::new() };
        self.signers().into_iter().filter(|s| agreement.signatures.iter().all(|done| done.signer != *s)).collect()
    }

    /// Has every party signed the agreement? What is missing then is not theirs to do.
    pub fn parties_signed(&self) -> bool {
        self.agreement.is_some() && self.unsigned().iter().all(|s| !s.starts_with("party/"))
    }

    /// Everybody who signs the agreement.
    pub fn signers(&self) -> Vec<String> {
        let parties = taking_part(self).map(|(_, p)| format!("party/{}", p.person));
        parties.chain(self.mediator.iter().map(|m| m.staff.clone())).collect()
    }

    /// Everybody who signs the record of a session: those who were present, and the mediator who held it. One who was
    /// replaced is waited for no more, and nobody signs for a session that they did not hold.
    pub fn record_signers(&self, session: &Session) -> Vec<String> {
        let present = session.sitting.iter().flat_map(|s| s.present.iter().map(|p| format!("party/{p}")));
        let now = self.mediator.as_ref().map(|m| &m.staff);
        let signed = |staff: &String| session.signatures.iter().any(|s| s.signer == *staff);
        let held = session.held_by.as_ref().or(now).filter(|by| now == Some(by) || signed(by));
        present.chain(held.cloned()).collect()
    }

    /// Signers for whom the record of the last session still waits; nobody while there is none.
    pub fn record_unsigned(&self) -> Vec<String> {
        let Some(session) = self.sessions.last().filter(|s| s.record.is_some()) else { return Vec::new() };
        let open = |signer: &String| session.signatures.iter().all(|done| done.signer != *signer);
        self.record_signers(session).into_iter().filter(open).collect()
    }

    /// Those of them of whom nothing is noted either: before there is an agreement, they sign or it is said why not.
    pub fn record_open(&self) -> Vec<String> {
        let noted = self.sessions.last().map_or(&[][..], |s| &s.not_signed);
        self.record_unsigned().into_iter().filter(|signer| noted.iter().all(|n| n.signer != *signer)).collect()
    }

    /// Applicants who have not signed the printed application. One that was told must be signed; one that came by the
    /// portal may be, where somebody wants to, and bears a code since it can come back.
    pub fn application_unsigned(&self) -> Vec<String> {
        let printed = self.via == Via::Oral || self.application_code.is_some();
        let signers = self.applicants.iter().filter(|_| printed).map(|p| format!("party/{}", p.person));
        signers.filter(|s| self.application_signatures.iter().all(|done| done.signer != *s)).collect()
    }
}
