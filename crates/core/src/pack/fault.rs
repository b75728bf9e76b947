//! A fault in a text of the pack or the calendar, with its place.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fault {
    /// Name of the file, as given to the parser.
    pub file: String,
    /// Line from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

/// A value together with the line it stands on.
#[derive(Clone, Debug)]
pub(crate) struct At<T> {
    pub line: usize,
    pub value: T,
}

/// One TOML text being read: collects every fault instead of stopping at the first.
pub(crate) struct Source<'a> {
    file: &'a str,
    text: &'a str,
    table: DeTable<'a>,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Source<'a> {
    /// Reads the text; syntax faults are recorded and what could be read is kept.
    pub fn new(file: &'a str, text: &'a str, faults: &'a mut Vec<Fault>) -> Self {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut source = Self { file, text, table: table.into_inner(), faults };
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            source.fault(source.line(at), error.message());
        }
        source
    }

    fn line(&self, byte: usize) -> usize {
        let end = byte.min(self.text.len());
        self.text.as_bytes()[..end].iter().filter(|b| **b == b'\n').count() + 1
    }

    /// Records a fault.
    pub fn fault(&mut self, line: usize, reason: impl Into<String>) {
        self.faults.push(Fault { file: self.file.to_owned(), line, reason: reason.into() });
    }

    fn read<T: DeserializeOwned>(&mut self, value: Spanned<DeValue<'a>>) -> Option<At<T>> {
        let start = value.span().start;
        let line = self.line(start);
        match T::deserialize(value.into_deserializer()) {
            Ok(value) => Some(At { line, value }),
            Err(error) => {
                let line = error.span().map_or(line, |span| self.line(span.start));
                self.fault(line, error.message());
                None
            }
        }
    }

    /// Takes the value of a key; a missing one is a fault.
    pub fn take<T: DeserializeOwned>(&mut self, key: &str) -> Option<At<T>> {
        match self.table.remove(key) {
            Some(value) => self.read(value),
            None => {
                self.fault(0, format!("missing `{key}`"));
                None
            }
        }
    }

    /// Takes the entries of a list; a missing one is a fault.
    pub fn entries<T: DeserializeOwned>(&mut self, key: &str) -> Vec<At<T>> {
        match self.table.remove(key).map(|value| (value.span(), value.into_inner())) {
            None => {
                self.fault(0, format!("missing `{key}`"));
                Vec::new()
            }
            Some((_, DeValue::Array(array))) => array.into_iter().filter_map(|entry| self.read(entry)).collect(),
            Some((span, _)) => {
                self.fault(self.line(span.start), format!("`{key}` is not a list"));
                Vec::new()
            }
        }
    }

    /// Takes every key with its table or value, in the order of the keys.
    pub fn all<T: DeserializeOwned>(&mut self) -> Vec<(At<String>, T)> {
        let table = std::mem::take(&mut self.table);
        let mut all = Vec::new();
        for (key, value) in table {
            let key = At { line: self.line(key.span().start), value: key.into_inner().into_owned() };
            if let Some(value) = self.read(value) {
                all.push((key, value.value));
            }
        }
        all
    }

    /// Ends the reading: a key nobody took is a fault.
    pub fn finish(mut self) {
        let table = std::mem::take(&mut self.table);
        for (key, _) in table {
            let line = self.line(key.span().start);
            self.fault(line, format!("unknown key `{}`", key.into_inner()));
        }
    }
}
