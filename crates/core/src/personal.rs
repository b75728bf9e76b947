//! Values that belong to a person and can be erased.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::PersonId;

/// A personal value, plain inside a decision and sealed everywhere it is stored.
///
/// In JSON it is `{"$personal":{"of":PERSON,"value":...}}`, without `value` once the person was erased.
/// `app` replaces that object by a sealed one before anything is hashed; the hash covers the sealed form,
/// so the chain still verifies after erasure.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Personal<T> {
    /// Whose value this is.
    pub of: PersonId,
    /// The value; `None` once erased.
    pub value: Option<T>,
}

impl<T> Personal<T> {
    /// An open value.
    pub fn new(of: &PersonId, value: T) -> Self {
        Self { of: of.clone(), value: Some(value) }
    }

    /// The value unless it was erased.
    pub fn open(&self) -> Option<&T> {
        self.value.as_ref()
    }
}

impl Personal<String> {
    /// The text, or the mark that pages and papers show for an erased value.
    pub fn text(&self) -> &str {
        self.value.as_deref().unwrap_or("※")
    }
}

#[derive(Serialize, Deserialize)]
struct Body<T> {
    of: PersonId,
    #[serde(skip_serializing_if = "Option::is_none", default = "none")]
    value: Option<T>,
}

fn none<T>() -> Option<T> {
    None
}

#[derive(Serialize, Deserialize)]
struct Wrapped<T> {
    #[serde(rename = "$personal")]
    personal: Body<T>,
}

impl<T: Serialize> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wrapped { personal: Body { of: self.of.clone(), value: self.value.as_ref() } }.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Wrapped { personal } = Wrapped::deserialize(deserializer)?;
        Ok(Self { of: personal.of, value: personal.value })
    }
}
