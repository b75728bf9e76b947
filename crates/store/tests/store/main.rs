//! What the store promises, against a real database in a throw-away directory.

mod commits;
mod leases;
mod lists;
mod schema;
mod server;
mod small;
mod support;
mod tallies;
