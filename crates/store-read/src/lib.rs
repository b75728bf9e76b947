//! Reading: the narrow waist over the database, the readers, and every view with its statement.
//!
//! Read [`waist`] first (what goes to and comes from a database), then [`Reader`], then one file a noun under
//! [`views`]. Every list is paged by key, never by offset, and has an index that serves it.

pub mod dialect;
pub mod driver;
mod error;
mod reader;
mod sql;
pub mod views;
pub mod waist;

pub use driver::Query;
pub use error::StoreError;
pub use reader::Reader;
pub use views::{Cursor, Kept, Listing, Page};
pub use waist::{Row, Statement, Value};
