//! What the store promises, against a real database in a throw-away directory.

mod commits;
mod failover;
mod growth;
mod leases;
mod lists;
mod plans;
mod schema;
mod server;
mod shards;
mod small;
mod support;
mod tallies;
mod words;
