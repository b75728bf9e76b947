//! Real servers for tests and for measuring, each thrown away afterwards: nothing of the machine's own is used or touched.

pub mod patroni;
pub mod postgres;
