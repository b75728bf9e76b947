//! What the scope catalogue proposes for a matter: for whom the letter is, and for those whom a punished act harmed.

use serde::{Deserialize, Serialize};

use crate::Personal;
use crate::deadline::Deadline;
use crate::scope::{Because, Kind, Proposal};

/// What the scope catalogue proposes for those whom a punished act harmed: theirs is a civil dispute with the one who
/// was punished, whatever becomes of the penalty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Harmed {
    /// Whether a letter is due, without its reasons.
    pub proposal: Proposal,
    /// The reasons.
    pub because: Personal<Vec<Because>>,
}

/// What the scope catalogue proposes for a matter as it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// Whether a letter is due, without its reasons.
    pub proposal: Proposal,
    /// The reasons.
    pub because: Personal<Vec<Because>>,
    /// Last day for the letter; none when none is proposed.
    pub letter_due: Option<Deadline>,
    /// What is proposed for those whom a punished act harmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub harmed: Option<Box<Harmed>>,
}

/// Of which kind and entry the clerk found a dispute to be, otherwise than was proposed or than they had found before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classified {
    /// The kind as it was proposed.
    pub proposed: Kind,
    /// The kind as the clerk found it: letters, limits and the case follow it.
    pub kind: Kind,
    /// The entry of the scope catalogue that was proposed; none in old events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_entry: Option<String>,
    /// The entry of the scope catalogue, which is of this kind: the limits follow it.
    pub entry: Option<String>,
    /// The entry's sector.
    pub sector: Option<String>,
}

impl Proposed {
    /// Is a letter proposed to anybody?
    pub fn sends(&self) -> bool {
        self.proposal.send || self.harmed.as_ref().is_some_and(|h| h.proposal.send)
    }
}
