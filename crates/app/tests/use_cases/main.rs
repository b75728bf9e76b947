//! Use cases on a real database in a directory of their own.

mod generate;
mod import;
mod journal;
mod seen;
mod support;
mod tallies;
mod withdraw;
