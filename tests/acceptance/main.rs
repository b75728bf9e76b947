//! The promises of the program, tried from outside: it is run as people and scripts run it, over HTTP, at the command
//! line and in a real browser. One half year is played once for all tests; who changes something works on a copy.
//!
//! The program must have been built (`cargo build --bin yanhe`); `YANHE_BIN` names another one. Tests that take long
//! are ignored unless asked for (`-- --include-ignored`). With `SHOTS=DIR` pictures of the main pages are left there.

#![expect(clippy::disallowed_methods, reason = "waits for the program no longer than a test may")]

mod administrative;
mod bad_input;
mod branches;
mod browser;
mod county;
mod crash;
mod demo;
mod fault;
mod figures;
mod html;
mod http;
mod journal;
mod ledger;
mod load;
mod messenger;
mod office;
mod pages;
mod policy;
mod servers;
mod serving;
mod tour;
mod way;
