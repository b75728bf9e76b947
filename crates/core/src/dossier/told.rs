//! What a party wants and told an officer, instead of doing it on the portal: at the counter, in writing, by phone.

use serde::{Deserialize, Serialize};

use super::decide::{field, required};
use super::{Context, Event};
use crate::refusal::{Refusal, past};
use crate::stream::Facts;
use crate::time::Date;
use crate::{PersonId, Personal};

/// How a party can tell it.
pub const WAYS: [&str; 3] = ["in_person", "in_writing", "by_phone"];

/// What an officer enters of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    /// Who told it.
    pub person: PersonId,
    /// When.
    pub on: Date,
    /// One of [`WAYS`].
    pub way: String,
    /// What was said, and how it was known who said it; of a writing, where it lies.
    pub note: String,
    /// SHA-256 of the stored scan of a writing, hex; empty for the spoken word.
    #[serde(default)]
    pub scan: String,
}

/// What the file keeps of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Who told it.
    pub person: PersonId,
    /// When.
    pub on: Date,
    /// One of [`WAYS`].
    pub way: String,
    /// What was said, and how it was known who said it; of a writing, where it lies.
    pub note: Personal<String>,
    /// Stored scan of a writing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<String>,
}

impl Telling {
    /// As the file keeps it. A writing is there to be seen; of the spoken word somebody notes what it was.
    pub(super) fn kept(self, since: Date, facts: &Facts<'_>, context: &Context) -> Result<Told, Refusal> {
        past(since, self.on, facts.today())?;
        if !WAYS.contains(&self.way.as_str()) {
            return Err(field("way", "unknown"));
        }
        required("note", &self.note)?;
        let written = self.way == "in_writing";
        if written {
            required("scan", &self.scan)?;
            if !context.scanned {
                return Err(field("scan", "no_scan"));
            }
        }
        Ok(Told {
            note: Personal::new(&self.person, self.note),
            scan: written.then_some(self.scan),
            person: self.person,
            on: self.on,
            way: self.way,
        })
    }
}

impl Event {
    /// What a party told an officer, if that is how it came.
    pub fn told(&self) -> Option<&Told> {
        match self {
            Self::PartyLeft { told, .. } => told.as_deref(),
            Self::MediationEnded { ended } => ended.told.as_deref(),
            Self::RecusalAsked { recusal } => recusal.told.as_deref(),
            _ => None,
        }
    }
}
