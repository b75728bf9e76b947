//! An agreement: as it is drafted, as it is issued and signed, and what became of its obligations.

use serde::{Deserialize, Serialize};

use super::{Replaced, Signature};
use crate::deadline::Deadline;
use crate::stream::PaperRef;
use crate::time::Date;
use crate::{PersonId, Personal};

/// A draft of the agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Undisputed facts and points in dispute.
    pub facts: Personal<String>,
    /// What is to be done, by whom, for whom, when and how.
    pub obligations: Vec<Obligation>,
    /// What else was agreed.
    pub text: Personal<String>,
}

/// One obligation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligation {
    /// Who.
    pub from: PersonId,
    /// To whom.
    pub to: PersonId,
    /// What.
    pub what: Personal<String>,
    /// Sum in fen, when it is a payment.
    pub amount: Option<i64>,
    /// By when.
    pub due: Date,
    /// How.
    pub how: Personal<String>,
}

/// In old events, the paper of an agreement that is in effect was voided by a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementVoided {
    /// The paper.
    pub paper: PaperRef,
    /// The day.
    pub on: Date,
}

/// The agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// The paper.
    pub paper: PaperRef,
    /// Printed code that ties a scan to the signed bytes.
    pub check_code: String,
    /// What was agreed.
    pub draft: Draft,
    /// The officer who was printed for the organ as a party, in old ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_organ: Option<Personal<String>>,
    /// Signatures so far.
    pub signatures: Vec<Signature>,
    /// Day of the organ's seal.
    pub sealed_on: Option<Date>,
    /// Day on which it took effect.
    pub effective_on: Option<Date>,
    /// Last day for the joint application to the court; none when it cannot be confirmed.
    pub confirm_by: Option<Deadline>,
    /// Why it cannot be confirmed; empty when it can.
    pub not_confirmable: String,
    /// Follow-up visits that are still to be made, one for each day on which something falls due, the first first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<Deadline>,
    /// Its paper was voided by a notice after it took effect.
    #[serde(default)]
    pub voided: bool,
    /// The later agreement that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<Box<Replaced>>,
}

/// How an obligation stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Performance {
    /// Obligation, from 1.
    pub obligation: i64,
    /// Performed on this day, or in breach since.
    pub on: Date,
    /// Performed?
    pub performed: bool,
    /// How it was proved.
    pub note: Personal<String>,
}
