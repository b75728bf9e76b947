//! The yardstick of the benchmark: the very statements and values of commits, played by one thread.

use std::path::Path;

use yanhe_store_read::StoreError;
use yanhe_store_read::driver::sqlite as driver;

use crate::driver::Failure;
use crate::driver::sqlite::{connect, write};
use crate::plan::Step;

/// Plays recorded commits into a database of its own, `group` in a transaction. Nothing waits for an answer.
///
/// # Errors
/// When the database fails or a guard of the record does not hold.
pub fn play(dir: &Path, commits: &[Vec<Step>], group: usize) -> Result<(), StoreError> {
    let connection = connect(&dir.join(driver::FILE))?;
    for commits in commits.chunks(group.max(1)) {
        let steps: Vec<&[Step]> = commits.iter().map(Vec::as_slice).collect();
        for outcome in write(&connection, &steps).0 {
            outcome.map_err(|failure| match failure {
                Failure::Store(error) => error,
                Failure::Guard(guards) => StoreError::Other(format!("{guards:?}")),
            })?;
        }
    }
    Ok(())
}
