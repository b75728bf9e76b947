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
        let handles = move |e: &&Entry| e.organs.is_empty() || e.organs.iter().any(|o| organ.ends_with(o.as_str()));
        self.entries.iter().filter(handles).map(|e| e.id.as_str())
    }

    /// The entry of a dispute of this kind, and its sector: the one that is proposed where it is of this kind, else the one
    /// that no other names.
    pub fn entry_of_kind(&self, kind: Kind, proposed: Option<&str>) -> Option<(&str, Option<&str>)> {
        let found = self.entries.iter().find(|e| Some(e.id.as_str()) == proposed && e.kind == kind);
        found.or_else(|| self.remaining(kind)).map(|e| (e.id.as_str(), e.sector.as_deref()))
    }

    /// The entry of disputes of this kind that no other entry names: with an organ, about what it is to make good.
    pub(super) fn remaining(&self, kind: Kind) -> Option<&Entry> {
        self.entries.iter().find(|e| match kind {
            Kind::Administrative => e.kind == kind && e.id != self.penalty.entry,
            Kind::Civil | Kind::None => e.id == GENERAL,
        })
    }
}
