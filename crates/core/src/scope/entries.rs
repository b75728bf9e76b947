//! What others ask of the catalogue's entries.

use super::Kind;
use super::catalogue::{Catalogue, Entry, GENERAL};

impl Catalogue {
    /// The ids of the entries, as the catalogue lists them.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|e| e.id.as_str())
    }

    /// The Chinese and the English name of an entry.
    pub fn entry_name(&self, id: &str) -> Option<(&str, &str)> {
        self.entries.iter().find(|e| e.id == id).map(|e| (e.zh.as_str(), e.en.as_str()))
    }

    /// Whether disputes of an entry are civil or administrative.
    pub fn kind_of(&self, id: &str) -> Option<Kind> {
        self.entries.iter().find(|e| e.id == id).map(|e| e.kind)
    }

    /// The sector of an entry, if it has one.
    pub fn sector_of(&self, id: &str) -> Option<&str> {
        self.entries.iter().find(|e| e.id == id).and_then(|e| e.sector.as_deref())
    }

    /// The entries that an organ of this name usually handles, by id; an entry that names no organ is everybody's.
    pub fn entries_of<'a>(&'a self, organ: &'a str) -> impl Iterator<Item = &'a str> {
        self.choices(organ, None)
    }

    /// Whether a matter of this organ is of an entry of its own: one that names the organ, or any, where the catalogue
    /// knows nothing of the organ.
    pub(super) fn is_own(&self, entry: &Entry, organ: &str) -> bool {
        entry.names(organ) || !entry.organs.is_empty() && !self.entries.iter().any(|e| e.names(organ))
    }

    /// The entry of a private dispute whose words name none: what the organ that has it usually handles, else the general one.
    pub(super) fn unnamed(&self, organ: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.usual && e.names(organ)).or_else(|| self.remaining(Kind::Civil))
    }

    /// The entries of which a clerk of this organ may find a dispute to be, by id: its own, and what is proposed.
    pub fn choices<'a>(&'a self, organ: &'a str, proposed: Option<&'a str>) -> impl Iterator<Item = &'a str> {
        let handles = move |e: &&Entry| e.organs.is_empty() || e.names(organ) || Some(e.id.as_str()) == proposed;
        self.entries.iter().filter(handles).map(|e| e.id.as_str())
    }

    /// The entry of a dispute of this kind: the one that is proposed where it is of this kind, else the one that no other
    /// names.
    pub fn entry_of_kind(&self, kind: Kind, proposed: Option<&str>) -> Option<&str> {
        let found = self.entries.iter().find(|e| Some(e.id.as_str()) == proposed && e.kind == kind);
        found.or_else(|| self.remaining(kind)).map(|e| e.id.as_str())
    }

    /// The entry of disputes of this kind that no other entry names: with an organ, about what it is to make good.
    pub(super) fn remaining(&self, kind: Kind) -> Option<&Entry> {
        self.entries.iter().find(|e| match kind {
            Kind::Administrative => e.kind == kind && e.id != self.penalty.entry,
            Kind::Civil | Kind::None => e.id == GENERAL,
        })
    }
}

impl Entry {
    /// Whether it names an organ of this name as its own.
    fn names(&self, organ: &str) -> bool {
        self.organs.iter().any(|o| organ.ends_with(o.as_str()))
    }
}
