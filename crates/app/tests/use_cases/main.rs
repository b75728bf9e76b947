//! Use cases on a real database in a directory of their own.

mod aside;
mod generate;
mod import;
mod journal;
mod messenger;
#[path = "../../../../tests/county/open.rs"]
mod open;
mod play;
mod refusals;
mod seen;
mod signed_in;
mod support;
mod tallies;
mod withdraw;
