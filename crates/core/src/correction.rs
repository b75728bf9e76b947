//! A correction on its way: asked for by one person, approved or refused by another. Cases and matters have them alike.

use serde::{Deserialize, Serialize};

use crate::Personal;
use crate::refusal::{Reason, Refusal};
use crate::stream::Facts;

/// A correction that waits for approval, or was approved or refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// What is corrected. Of a case: `claims`, `facts`, `known_on`, or `name/N`, `phone/N`, `address/N`, `credit_code/N`,
    /// `document/N/KIND` of party N. Of a matter: as [`crate::matter::correctable`] names it.
    pub field: String,
    /// As it was.
    pub before: Personal<String>,
    /// As it should be.
    pub after: Personal<String>,
    /// Why: free words, which may name people.
    pub reason: Personal<String>,
    /// Who asked.
    pub by: String,
    /// Who approved or refused; none yet.
    pub approver: Option<String>,
    /// Why it was refused; none when it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Personal<String>>,
}

/// Is there one on which the acting person can decide? Nobody decides on a correction of their own.
pub(crate) fn open(corrections: &[Correction], facts: &Facts<'_>) -> Result<(), Refusal> {
    let waits: Vec<_> = corrections.iter().filter(|c| c.approver.is_none()).collect();
    match waits.iter().find(|c| c.by != facts.actor.id) {
        Some(_) => Ok(()),
        None if waits.is_empty() => Err(Reason::Waiting { what: "correction".into() }.into()),
        None => Err(Reason::OwnRequest.into()),
    }
}

/// Does a correction of this wait already? A second one would be approved over a value that its author did not see.
pub(crate) fn asked(corrections: &[Correction], name: &str) -> bool {
    corrections.iter().any(|c| c.field == name && c.approver.is_none())
}

/// Does this one still wait for the acting person?
pub(crate) fn waits(corrections: &[Correction], place: i64, facts: &Facts<'_>) -> Result<bool, Refusal> {
    let waits = usize::try_from(place).ok().and_then(|n| corrections.get(n)).ok_or(Reason::NotFound)?;
    if waits.approver.is_some() {
        return Ok(false);
    }
    if waits.by == facts.actor.id { Err(Reason::OwnRequest.into()) } else { Ok(true) }
}
