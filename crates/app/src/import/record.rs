//! What a good row holds, its natural key, and how it differs from an earlier one.

use serde::{Deserialize, Serialize};
use yanhe_core::values::normalise;

use super::{ComplaintRow, ExpertRow, InspectionRow, OrganRow, PenaltyRow, PublicityRow, StaffRow};

/// A good row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// A penalty decision.
    Penalty(PenaltyRow),
    /// An inspection result.
    Inspection(InspectionRow),
    /// A complaint, a report or another call.
    Complaint(ComplaintRow),
    /// An organ of the roster.
    Organ(OrganRow),
    /// A member of staff.
    Staff(StaffRow),
    /// An expert.
    Expert(ExpertRow),
    /// A publicity event.
    Publicity(PublicityRow),
}

/// A column of a record in normal form, for comparing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its header.
    pub column: &'static str,
    /// Its value; `None` where the file has no such column, which says nothing about the value.
    pub value: Option<String>,
    /// Whether a later file may change it.
    pub permitted: bool,
}

impl Field {
    pub(super) fn fixed(column: &'static str, value: impl AsRef<str>) -> Self {
        Self { column, value: Some(normalise(value.as_ref())), permitted: false }
    }

    pub(super) fn free(column: &'static str, value: impl AsRef<str>) -> Self {
        Self { permitted: true, ..Self::fixed(column, value) }
    }

    pub(super) fn fixed_extra(column: &'static str, value: Option<&String>) -> Self {
        Self { column, value: value.map(|v| normalise(v)), permitted: false }
    }

    pub(super) fn free_extra(column: &'static str, value: Option<&String>) -> Self {
        Self { permitted: true, ..Self::fixed_extra(column, value) }
    }
}

/// A column in which a row changes what is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Its header.
    pub column: String,
    /// The stored value, in normal form.
    pub before: String,
    /// The value of the row, in normal form.
    pub after: String,
}

/// The text of a value that may be missing.
pub(super) fn shown(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// How a row differs from an earlier one with the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Not at all.
    Same,
    /// In these columns, which a later file may change.
    Permitted(Vec<&'static str>),
    /// In these columns, which it may not.
    Refused(Vec<&'static str>),
}

impl Record {
    /// What tells it from every other record of its kind. It may hold an ID number or a phone: those never go
    /// into an id.
    pub fn natural_key(&self) -> Vec<String> {
        match self {
            Self::Penalty(row) => vec![row.number.to_string()],
            Self::Inspection(row) => vec![row.number.to_string()],
            Self::Complaint(row) => vec![row.number.to_string()],
            Self::Organ(row) => vec![row.organ.code.clone()],
            Self::Staff(row) => vec![row.organ.code.clone(), row.document.to_string()],
            Self::Expert(row) => vec![row.name.to_string(), normalise(&row.employer), row.phone.to_string()],
            Self::Publicity(row) => {
                vec![normalise(&row.name), row.organ.code.clone(), row.date.to_string(), normalise(&row.place)]
            }
        }
    }

    /// Is it an order whose caller gave no name?
    pub(super) fn is_unnamed(&self) -> bool {
        matches!(self, Self::Complaint(row) if row.complainant.is_none())
    }

    /// Its columns in normal form, organs by their code.
    pub fn fields(&self) -> Vec<Field> {
        match self {
            Self::Penalty(row) => row.fields(),
            Self::Inspection(row) => row.fields(),
            Self::Complaint(row) => row.fields(),
            Self::Organ(row) => row.fields(),
            Self::Staff(row) => row.fields(),
            Self::Expert(row) => row.fields(),
            Self::Publicity(row) => row.fields(),
        }
    }

    /// What a later row `other` changes, column by column.
    pub fn changes(&self, other: &Self) -> Vec<Changed> {
        let pairs = self.fields().into_iter().zip(other.fields());
        pairs
            .filter_map(|(before, after)| {
                let (old, new) = (before.value?, after.value?);
                (old != new).then(|| Changed { column: after.column.to_owned(), before: old, after: new })
            })
            .collect()
    }

    /// How a later row `other` differs from this one. Values are compared in normal form; a column that one of
    /// the two files did not have does not differ. Refused columns go before permitted ones.
    pub fn compare(&self, other: &Self) -> Difference {
        let (before, after) = (self.fields(), other.fields());
        if before.len() != after.len() || before.iter().zip(&after).any(|(b, a)| b.column != a.column) {
            // Another kind of record: no two of them share a key, so this names what tells them apart.
            return Difference::Refused(before.first().map(|field| field.column).into_iter().collect());
        }
        let (mut permitted, mut refused) = (Vec::new(), Vec::new());
        for (before, after) in before.iter().zip(&after) {
            match (&before.value, &after.value) {
                (Some(b), Some(a)) if a != b && !after.permitted => refused.push(after.column),
                (Some(b), Some(a)) if a != b => permitted.push(after.column),
                _ => {}
            }
        }
        match (refused.is_empty(), permitted.is_empty()) {
            (false, _) => Difference::Refused(refused),
            (true, false) => Difference::Permitted(permitted),
            (true, true) => Difference::Same,
        }
    }
}
