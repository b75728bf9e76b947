//! Moving a county, keeping it, making it anew and measuring it: the program itself, on directories of its own.

mod archive;
mod backup;
mod keys;
mod measured;
mod rebuild;
mod support;
