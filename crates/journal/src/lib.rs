//! The journal as bytes: what an entry is, how entries hang together, how the whole is signed, and how anyone can
//! check it. This crate knows no case and no database, so an auditor can build it alone; `docs/format.md` describes
//! the same format for readers in other languages.
//!
//! Reading order: [`canonical`] (bytes of a value), [`Entry`] (bytes and hash of an event), [`chain`] (one stream),
//! [`merkle`] (all streams), [`note`] and [`checkpoint`] (the signature), [`heads`] (one digest to compare by eye), [`sealed`]
//! (what only a key opens).

pub mod canonical;
pub mod chain;
pub mod checkpoint;
mod entry;
mod hash;
pub mod heads;
pub mod merkle;
pub mod note;
pub mod sealed;

pub use chain::{Fault, FaultKind, Head, Recorded, verify_stream};
pub use checkpoint::Checkpoint;
pub use entry::{ALGORITHM, Entry, EntryError, FORMAT, MAX_RECORD, genesis};
pub use hash::{Hash, hex, sha256, unhex};
pub use note::{NoteSigner, NoteVerifier};
