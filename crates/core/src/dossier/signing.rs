//! The two ways to sign: by a one-time code over the bytes, and on paper that bears a code; and what is noted when
//! somebody does not.

use serde::{Deserialize, Serialize};

use super::decide::{field, required};
use super::{Context, State, parties};
use crate::refusal::{Reason, Refusal, past};
use crate::stream::Facts;
use crate::time::Date;
use crate::values::half_width;
use crate::{PersonId, Personal};

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
            _ => return Err(field("manner", "unknown")),
        }
        required("scan", &self.scan)?;
        if !printed.scanned {
            return Err(field("scan", "no_scan"));
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
    Printed { unsigned, code, firm, since, sha256, scanned, of }
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
