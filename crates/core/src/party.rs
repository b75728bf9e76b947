//! A person or firm in a case.

use serde::{Deserialize, Serialize};

use crate::row::{Cell, Change};
use crate::tables::TAKES_PART;
use crate::values::{Document, DocumentKind, Phone};
use crate::{PersonId, Personal, StreamId};

/// A name: open for a firm, personal for a human being.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Name {
    /// A firm or other organisation, open.
    Firm(String),
    /// A human being.
    Human(Personal<String>),
}

impl Name {
    /// The text, or the mark of an erased value.
    pub fn text(&self) -> &str {
        match self {
            Self::Firm(name) => name,
            Self::Human(name) => name.text(),
        }
    }

    /// For a row: open or sealed.
    pub fn cell(&self) -> Cell {
        match self {
            Self::Firm(name) => Cell::Open(name.clone()),
            Self::Human(name) => name.into(),
        }
    }

    /// As a personal value, for an addressee.
    pub fn personal(&self, of: &PersonId) -> Personal<String> {
        match self {
            Self::Firm(name) => Personal::new(of, name.clone()),
            Self::Human(name) => name.clone(),
        }
    }
}

/// A party, with what is known of them. The person is drawn anew for each matter: the same human being in two
/// matters is two persons, and may share a phone with others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Party {
    /// The holder of the personal values.
    pub person: PersonId,
    /// Name.
    pub name: Name,
    /// Unified social credit code of an organisation (GB 32100), open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
    /// Kind of the identity document, for example `resident_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_kind: Option<String>,
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Personal<String>>,
    /// Phone: a channel, not an identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Personal<String>>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Personal<String>>,
    /// E-mail address: a channel like the phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Personal<String>>,
}

impl Party {
    /// Somebody of whom nothing but the name is known.
    pub fn named(person: PersonId, name: Name) -> Self {
        Self {
            person,
            name,
            credit_code: None,
            document_kind: None,
            document: None,
            phone: None,
            address: None,
            email: None,
        }
    }

    /// A human being of whom nothing but the name is known.
    pub fn human(person: PersonId, name: impl Into<String>) -> Self {
        let name = Name::Human(Personal::new(&person, name.into()));
        Self::named(person, name)
    }

    /// A firm of which nothing but the name is known.
    pub fn firm(person: PersonId, name: impl Into<String>) -> Self {
        Self::named(person, Name::Firm(name.into()))
    }

    /// Is it an organisation?
    pub fn is_firm(&self) -> bool {
        matches!(self.name, Name::Firm(_))
    }

    /// The kind of the identity document: as it was entered with the number, else as the number's form says. A number
    /// that has the form of no document is of a kind that nobody knows.
    pub fn document_kind(&self) -> Option<DocumentKind> {
        let entered = self.document_kind.as_deref().and_then(DocumentKind::by_key);
        let number = self.document.as_ref().and_then(|d| d.open());
        entered.or_else(|| Some(Document::guess(number?).ok()?.kind()))
    }

    /// The phone, if known and not erased.
    pub fn phone_text(&self) -> Option<&str> {
        self.phone.as_ref().and_then(|p| p.open()).map(String::as_str)
    }

    /// The phone, if a message can reach it.
    pub fn mobile_text(&self) -> Option<&str> {
        self.phone_text().filter(|p| Phone::parse(p).is_ok_and(|p| p.is_mobile()))
    }

    /// The e-mail address, if known and not erased.
    pub fn email_text(&self) -> Option<&str> {
        self.email.as_ref().and_then(|e| e.open()).map(String::as_str)
    }

    /// The postal address, if known and not erased.
    pub fn address_text(&self) -> Option<&str> {
        self.address.as_ref().and_then(|a| a.open()).map(String::as_str)
    }

    /// As an addressee of a paper.
    pub fn addressee(&self) -> crate::stream::Addressee {
        crate::stream::Addressee {
            person: self.person.clone(),
            name: self.name.personal(&self.person),
            phone: self.phone.clone(),
            address: self.address.clone(),
            email: self.email.clone(),
        }
    }

    /// The row by which this party finds the case and staff find the party. `role` is `applicant`, `respondent`, ...
    pub fn takes_part(&self, stream: &StreamId, role: &str) -> Change {
        let index = |kind, text: Option<&str>| text.map_or(Cell::Null, |t| Cell::Index(kind, t.to_owned()));
        let name = match &self.name {
            Name::Firm(name) => Some(name.as_str()),
            Name::Human(name) => name.open().map(String::as_str),
        };
        let document =
            self.document.as_ref().and_then(|d| d.open()).map(String::as_str).or(self.credit_code.as_deref());
        Change::Put(
            &TAKES_PART,
            vec![
                stream.as_str().into(),
                self.person.0.as_str().into(),
                role.into(),
                self.name.cell(),
                index("name", name),
                index("document", document),
                index("phone", self.phone_text()),
            ],
        )
    }
}
