//! One stream's chain: each entry carries the hash of the one before, so history cannot be changed in one place.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::entry::{Entry, genesis};
use crate::hash::Hash;

/// An entry as it is stored: with the hash that was written beside it when it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The entry.
    pub entry: Entry,
    /// The stored hash.
    pub hash: Hash,
}

/// Where a stream stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The stream's name.
    pub stream: String,
    /// The version of its last entry; 0 for an empty stream.
    pub version: i64,
    /// The hash of its last entry; [`genesis`] for an empty stream.
    pub hash: Hash,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultKind {
    /// An entry is not what was recorded.
    Altered,
    /// An entry is not there.
    Missing,
    /// Entries are all there, but not in the order in which they were recorded.
    Reordered,
    /// A checkpoint does not verify, or the log's leaves or tiles do not give its root.
    Checkpoint,
    /// A stored file is not there, or is not the one whose hash is in an event.
    Blob,
    /// What a program keeps for reading is not what the events amount to. Found by that program, never by this crate.
    Rows,
}

impl FaultKind {
    /// The name that reports use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Altered => "altered",
            Self::Missing => "missing",
            Self::Reordered => "reordered",
            Self::Checkpoint => "checkpoint",
            Self::Blob => "blob",
            Self::Rows => "rows",
        }
    }
}

/// The first thing found wrong, and where. A finding, not an error of the one who looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The stream; for a checkpoint the log's origin.
    pub stream: String,
    /// The version in the stream; for a checkpoint the size of the tree.
    pub version: i64,
    /// What is wrong there.
    pub kind: FaultKind,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at version {} of `{}`", self.kind.name(), self.version, self.stream)
    }
}

/// Verifies one stream's entries, given in the order in which they are stored (by version), and gives its head.
///
/// `sealed` holds what is known of the stream from elsewhere: the leaves of the log for its entries, or a head noted
/// down. Only with it are found entries cut off at the end, and entries that were changed together with every hash after
/// them. Heads of other streams in it are passed over.
///
/// # Errors
/// The first fault. Of two entries that no longer fit together, the one that nothing else confirms is named; if that
/// cannot be told, the earlier one.
pub fn verify_stream(jurisdiction: &str, stream: &str, entries: &[Recorded], sealed: &[Head]) -> Result<Head, Fault> {
    let fault = |version, kind| Err(Fault { stream: stream.to_owned(), version, kind });
    let sealed: BTreeMap<i64, Hash> =
        sealed.iter().filter(|head| head.stream == stream).map(|head| (head.version, head.hash)).collect();
    let mut head = Head { stream: stream.to_owned(), version: 0, hash: genesis(jurisdiction, stream) };
    for (i, row) in entries.iter().enumerate() {
        let expected = head.version + 1;
        let Recorded { entry, hash } = row;
        if entry.jurisdiction != jurisdiction || entry.stream != stream {
            return fault(expected, FaultKind::Altered);
        }
        if entry.version != expected {
            return fault(expected, misplaced(entries, i, expected));
        }
        if entry.hash() != *hash {
            return fault(expected, mismatched(entries, i, expected));
        }
        if entry.check().is_err() || sealed.get(&expected).is_some_and(|known| known != hash) {
            return fault(expected, FaultKind::Altered);
        }
        if entry.prev != head.hash {
            let this_one_is_known = sealed.contains_key(&expected);
            let last_one_is_known = expected == 1 || sealed.contains_key(&head.version);
            let next_follows = entries.get(i + 1).is_none_or(|next| next.entry.prev == *hash);
            let earlier = !last_one_is_known && (this_one_is_known || next_follows);
            return fault(if earlier { head.version } else { expected }, FaultKind::Altered);
        }
        head.version = expected;
        head.hash = *hash;
    }
    match sealed.last_key_value() {
        Some((&last, _)) if last > head.version => fault(head.version + 1, FaultKind::Missing),
        _ => Ok(head),
    }
}

/// The row at `i` has another version than the one expected there.
fn misplaced(entries: &[Recorded], i: usize, expected: i64) -> FaultKind {
    let backwards = entries[i].entry.version < expected;
    let elsewhere =
        entries.iter().skip(i + 1).any(|row| row.entry.version == expected || was_recorded_as(row, expected));
    if backwards || elsewhere { FaultKind::Reordered } else { FaultKind::Missing }
}

/// The row at `i` has the expected version, but its content does not have its stored hash: was it altered, or is it
/// another row's content in this place?
fn mismatched(entries: &[Recorded], i: usize, expected: i64) -> FaultKind {
    let row = &entries[i];
    // Numbered anew after an entry before it was taken out or exchanged?
    let last = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    if (1..=last.saturating_add(64)).any(|version| was_recorded_as(row, version)) {
        let elsewhere = entries.iter().enumerate().any(|(j, other)| j != i && was_recorded_as(other, expected));
        return if elsewhere { FaultKind::Reordered } else { FaultKind::Missing };
    }
    // Exchanged with another row, but for the places in the chain?
    let exchanged = entries.iter().enumerate().filter(|(j, _)| *j != i).any(|(_, other)| {
        let mut moved = row.entry.clone();
        moved.version = other.entry.version;
        moved.prev = other.entry.prev;
        let hash = moved.hash();
        hash == row.hash || hash == other.hash
    });
    if exchanged { FaultKind::Reordered } else { FaultKind::Altered }
}

fn was_recorded_as(row: &Recorded, version: i64) -> bool {
    let mut entry = row.entry.clone();
    entry.version = version;
    entry.hash() == row.hash
}
