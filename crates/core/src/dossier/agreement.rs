//! An agreement: as it is drafted, as it is issued and signed, and what became of its obligations.

use serde::{Deserialize, Serialize};

use super::{Replaced, Signature, State};
use crate::agreement::{self as check, Clause, Finding, Written};
use crate::deadline::Deadline;
use crate::pack::Pack;
use crate::stream::PaperRef;
use crate::time::Date;
use crate::values::Money;
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

impl Draft {
    /// Its clauses as the check of an agreement reads them: the obligations, then the free words line by line.
    pub fn clauses(&self, party: impl Fn(&PersonId) -> String) -> Vec<Clause> {
        let owed = self.obligations.iter().map(|o| Clause {
            from: Some(party(&o.from)),
            to: Some(party(&o.to)),
            what: Some(o.what.text().to_owned()),
            amount: o.amount.and_then(|fen| Money::from_fen(fen).ok()).map(|sum| Written::Text(sum.to_string())),
            due: Some(o.due.to_string()),
            manner: Some(o.how.text().to_owned()),
            ..Clause::default()
        });
        owed.chain(free(self.text.text())).collect()
    }
}

/// Free words as clauses, one a line.
pub fn free(text: &str) -> impl Iterator<Item = Clause> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| Clause { text: Some(line.to_owned()), ..Clause::default() })
}

/// What the check of an agreement finds in clauses that are drafted for a case today. Whoever signs is known by the
/// documents that were seen, which is asked for before it is issued.
pub fn findings(state: &State, clauses: Vec<Clause>, pack: &Pack, today: Date) -> Vec<Finding> {
    let drafted = check::Agreement {
        kind: state.kind,
        subject: Some(state.claims.text().to_owned()),
        made: Some(today.to_string()),
        court: None,
        parties: Vec::new(),
        third_parties: Vec::new(),
        total: None,
        penalty: None,
        clauses,
    };
    check::check(pack, &drafted)
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
