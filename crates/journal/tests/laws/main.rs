//! The laws of the journal, in one test binary.

mod canonical;
mod chain;
mod checkpoint;
mod format;
mod merkle;
