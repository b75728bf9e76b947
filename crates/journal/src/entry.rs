//! One entry of the journal: an event of a stream, as the bytes that are hashed.

use crate::canonical::{self, CanonicalError, MAX_INTEGER, write_string};
use crate::hash::{Hash, hex, sha256};
use crate::merkle;

/// The hash algorithm named in every record.
pub const ALGORITHM: &str = "sha256";

/// The layout named in every record.
pub const FORMAT: &str = "yanhe-entry/1";

/// The longest record in bytes: what an entry bundle of C2SP tlog-tiles can hold.
pub const MAX_RECORD: usize = 65_535;

/// An event of a stream with its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The jurisdiction whose journal this is.
    pub jurisdiction: String,
    /// The stream's name.
    pub stream: String,
    /// The event's number in its stream, from 1.
    pub version: i64,
    /// When it was recorded, in microseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// Who acted, as a name that holds nothing personal.
    pub actor: String,
    /// The type name of the event.
    pub kind: String,
    /// The version of that type's body, from 1.
    pub body_version: i64,
    /// The body as canonical bytes, personal values sealed.
    pub body: Vec<u8>,
    /// The hash of the stream's entry before this one; [`genesis`] for the first.
    pub prev: Hash,
}

/// Why an entry may not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// A name that must not be empty is.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// A version below 1, or a number beyond 2^53 - 1.
    #[error("`{field}` is out of range: `{value}`")]
    Number {
        /// The field.
        field: &'static str,
        /// Its value.
        value: i64,
    },
    /// The body is not canonical JSON.
    #[error("body: {0}")]
    Body(#[from] CanonicalError),
    /// The record is longer than [`MAX_RECORD`].
    #[error("the record has {0} bytes, more than {MAX_RECORD}")]
    TooLong(usize),
}

impl Entry {
    /// The record: one canonical JSON object with every field, the body by its SHA-256. The body itself stands beside
    /// the record, so that the log can be published without any case in it.
    ///
    /// Total, so that hostile rows can be hashed too; whether the entry is well-formed is said by [`Entry::check`].
    pub fn record(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        // Keys in canonical order; all are ASCII, so that is byte order.
        let members: [(&str, Member<'_>); 11] = [
            ("actor", Member::Text(&self.actor)),
            ("alg", Member::Text(ALGORITHM)),
            ("at", Member::Number(self.at)),
            ("body", Member::Hash(sha256(&[&self.body]))),
            ("body_version", Member::Number(self.body_version)),
            ("format", Member::Text(FORMAT)),
            ("jurisdiction", Member::Text(&self.jurisdiction)),
            ("kind", Member::Text(&self.kind)),
            ("prev", Member::Hash(self.prev)),
            ("stream", Member::Text(&self.stream)),
            ("version", Member::Number(self.version)),
        ];
        for (i, (key, member)) in members.into_iter().enumerate() {
            out.push(if i == 0 { b'{' } else { b',' });
            write_string(&mut out, key);
            out.push(b':');
            match member {
                Member::Text(text) => write_string(&mut out, text),
                Member::Number(n) => out.extend_from_slice(n.to_string().as_bytes()),
                Member::Hash(hash) => write_string(&mut out, &hex(&hash)),
            }
        }
        out.push(b'}');
        out
    }

    /// The entry's hash, SHA-256 of a zero byte and the record: also its leaf in the Merkle tree (RFC 6962, 2.1).
    pub fn hash(&self) -> Hash {
        merkle::leaf_hash(&self.record())
    }

    /// Is the entry well-formed? What is not must not be written, and is a fault when found.
    ///
    /// # Errors
    /// Empty names, versions below 1, numbers beyond 2^53 - 1, a body that is not canonical, a record that is too long.
    pub fn check(&self) -> Result<(), EntryError> {
        let names = [
            ("jurisdiction", &self.jurisdiction),
            ("stream", &self.stream),
            ("actor", &self.actor),
            ("kind", &self.kind),
        ];
        if let Some((field, _)) = names.iter().find(|(_, name)| name.is_empty()) {
            return Err(EntryError::Empty(field));
        }
        let numbers =
            [("version", self.version, 1), ("body_version", self.body_version, 1), ("at", self.at, -MAX_INTEGER)];
        if let Some(&(field, value, _)) =
            numbers.iter().find(|(_, value, least)| !(*least..=MAX_INTEGER).contains(value))
        {
            return Err(EntryError::Number { field, value });
        }
        canonical::parse(&self.body)?;
        let length = self.record().len();
        if length > MAX_RECORD {
            return Err(EntryError::TooLong(length));
        }
        Ok(())
    }
}

enum Member<'a> {
    Text(&'a str),
    Number(i64),
    Hash(Hash),
}

/// What the first entry of a stream has as `prev`: SHA-256 of the byte 2 and the canonical array of the format's name,
/// jurisdiction and stream. So even an empty stream has a head of its own, and a first entry belongs to one stream.
pub fn genesis(jurisdiction: &str, stream: &str) -> Hash {
    let mut array = Vec::new();
    for (i, text) in ["yanhe-genesis/1", jurisdiction, stream].into_iter().enumerate() {
        array.push(if i == 0 { b'[' } else { b',' });
        write_string(&mut array, text);
    }
    array.push(b']');
    sha256(&[&[2], &array])
}
