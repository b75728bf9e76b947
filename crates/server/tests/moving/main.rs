//! Moving a county, keeping it, and making it anew: the program itself, on directories of its own.

mod archive;
mod backup;
mod rebuild;
mod support;
