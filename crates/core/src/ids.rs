//! Names of streams and persons, and the source of new ones.

use std::cell::Cell;
use std::fmt;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How many events a stream had after this one: the first event has version 1.
pub type Version = i64;

/// The kinds of streams. A kind is the first part of a stream's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamKind {
    /// An organ of the county, by its code.
    Organ,
    /// A member of staff.
    Staff,
    /// A member of the expert pool.
    Expert,
    /// A publicity event.
    Publicity,
    /// An enforcement matter: a penalty decision, an inspection, a complaint.
    Matter,
    /// An issued paper with its number, signatures and proofs of service.
    Paper,
    /// A gapless register of numbers: organ, paper code, year.
    Register,
    /// A mediation case.
    Dossier,
    /// A joint application for judicial confirmation.
    Confirmation,
    /// One imported file.
    Batch,
    /// Papers printed as one file.
    PrintRun,
    /// What administrators did outside any other stream (exports, clock).
    Audit,
}

impl StreamKind {
    /// All kinds, in the order of the names above.
    pub const ALL: [StreamKind; 12] = [
        Self::Organ,
        Self::Staff,
        Self::Expert,
        Self::Publicity,
        Self::Matter,
        Self::Paper,
        Self::Register,
        Self::Dossier,
        Self::Confirmation,
        Self::Batch,
        Self::PrintRun,
        Self::Audit,
    ];

    /// The first part of a stream's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Organ => "organ",
            Self::Staff => "staff",
            Self::Expert => "expert",
            Self::Publicity => "publicity",
            Self::Matter => "matter",
            Self::Paper => "paper",
            Self::Register => "register",
            Self::Dossier => "dossier",
            Self::Confirmation => "confirmation",
            Self::Batch => "batch",
            Self::PrintRun => "print_run",
            Self::Audit => "audit",
        }
    }
}

/// The name of a stream: `kind/key`, with a key of lower-case ASCII letters, digits, `-` and `/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamId(String);

impl StreamId {
    /// A stream by kind and key.
    pub fn new(kind: StreamKind, key: &str) -> Self {
        Self(format!("{}/{key}", kind.name()))
    }

    /// A stream whose key is derived from its natural key (a document number), so that the primary key
    /// makes it unique. Never for persons: an ID number could be guessed from the hash.
    pub fn derived(kind: StreamKind, natural_key: &[&str]) -> Self {
        Self::new(kind, &Self::digest(natural_key))
    }

    /// As [`Self::derived`], below a first part that stays readable.
    pub fn derived_under(kind: StreamKind, first: &str, natural_key: &[&str]) -> Self {
        Self::new(kind, &format!("{first}/{}", Self::digest(natural_key)))
    }

    fn digest(natural_key: &[&str]) -> String {
        let mut hash = Sha256::new();
        for part in natural_key {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        HEXLOWER.encode(&hash.finalize()[..16])
    }

    /// Reads a stored name. `None` when the kind is unknown or the key is empty or has other characters.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, key) = text.split_once('/')?;
        let known = StreamKind::ALL.iter().any(|k| k.name() == kind);
        let plain = key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'/');
        (known && plain && !key.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The kind.
    pub fn kind(&self) -> StreamKind {
        let name = self.0.split('/').next().unwrap_or_default();
        // INVARIANT: both constructors write a known kind; deserialised ids were written by them.
        StreamKind::ALL.into_iter().find(|k| k.name() == name).unwrap_or(StreamKind::Audit)
    }

    /// The part after the kind.
    pub fn key(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, key)| key)
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person as the holder of personal values: random, so that erasure leaves nothing to guess from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub String);

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// New ids for one decision, all from one seed that was drawn before it: the same seed gives the same ids.
pub struct Ids {
    seed: [u8; 32],
    drawn: Cell<u64>,
}

impl Ids {
    /// Ids from a seed of the Entropy port.
    pub fn new(seed: [u8; 32]) -> Self {
        Self { seed, drawn: Cell::new(0) }
    }

    fn block(&self) -> [u8; 32] {
        let n = self.drawn.get();
        self.drawn.set(n + 1);
        Sha256::new().chain_update(self.seed).chain_update(n.to_be_bytes()).finalize().into()
    }

    /// A key for a stream or a person: 26 characters of lower-case base 32 (128 bits).
    pub fn key(&self) -> String {
        BASE32_NOPAD.encode(&self.block()[..16]).to_ascii_lowercase()
    }

    /// A key for a cipher, from the same chance.
    pub fn secret(&self) -> [u8; 32] {
        self.block()
    }

    /// A nonce for a cipher: 24 bytes, never twice for one seed.
    pub fn nonce(&self) -> [u8; 24] {
        let block = self.block();
        let mut nonce = [0; 24];
        nonce.copy_from_slice(&block[..24]);
        nonce
    }

    /// A person.
    pub fn person(&self) -> PersonId {
        PersonId(self.key())
    }

    /// A new stream with a random key.
    pub fn stream(&self, kind: StreamKind) -> StreamId {
        StreamId::new(kind, &self.key())
    }

    /// A code that people read from paper and type: `length` characters without 0, O, 1 and I.
    pub fn code(&self, length: usize) -> String {
        const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        self.block().iter().cycle().take(length).map(|b| LETTERS[usize::from(b & 31)] as char).collect()
    }
}
