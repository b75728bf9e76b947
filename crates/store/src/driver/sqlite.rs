//! The writer's thread: everything that waits, at most [`GROUP`], in one transaction, a savepoint each, answers after
//! COMMIT. So one fsync serves many, and one that fails does not hurt the others.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot, watch};
use yanhe_store_read::StoreError;
use yanhe_store_read::driver::sqlite as driver;

use super::{Failure, Outcome};
use crate::migrate;
use crate::plan::Step;

/// How many changes share one fsync at most.
pub(crate) const GROUP: usize = 256;

/// Steps that happen together or not at all.
pub(crate) struct Work {
    pub(crate) steps: Vec<Step>,
    pub(crate) answer: oneshot::Sender<Outcome>,
}

/// A connection for writing, up to date.
pub(crate) fn connect(file: &Path) -> Result<Connection, StoreError> {
    let mut connection = driver::connect(file, true)?;
    let mode: String =
        connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(driver::fault)?;
    if mode != "wal" {
        return Err(StoreError::Other(format!("journal mode `{mode}`")));
    }
    connection.execute_batch("PRAGMA synchronous = FULL").map_err(driver::fault)?;
    migrate::of_sqlite(&mut connection)?;
    Ok(connection)
}

/// Starts the writer, and the readers of what it writes.
pub(crate) fn start(
    file: &Path,
    changed: watch::Sender<u64>,
) -> Result<(mpsc::Sender<Work>, driver::Readers), StoreError> {
    let connection = connect(file)?;
    let (queue, waiting) = mpsc::channel(4 * GROUP);
    let readers = driver::Readers::start(file)?;
    let file = file.to_owned();
    std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || serve(connection, file, waiting, changed))
        .map_err(|error| StoreError::Other(error.to_string()))?;
    Ok((queue, readers))
}

/// Serves until every handle is gone.
fn serve(mut connection: Connection, file: PathBuf, mut queue: mpsc::Receiver<Work>, changes: watch::Sender<u64>) {
    while let Some(first) = queue.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            let Ok(next) = queue.try_recv() else { break };
            group.push(next);
        }
        let steps: Vec<&[Step]> = group.iter().map(|work| work.steps.as_slice()).collect();
        let (mut outcomes, healthy) = write(&connection, &steps);
        if !healthy {
            // After a failed write the connection's view of the file is in doubt: begin with a fresh one. Why there is none
            // says more than what failed first.
            match connect(&file) {
                Ok(fresh) => connection = fresh,
                Err(why) => {
                    for outcome in &mut outcomes {
                        if let Err(Failure::Store(StoreError::Disk(_))) = outcome {
                            *outcome = Err(Failure::Store(why.clone()));
                        }
                    }
                }
            }
        }
        if outcomes.iter().any(Result::is_ok) {
            changes.send_modify(|n| *n += 1);
        }
        for (work, outcome) in group.into_iter().zip(outcomes) {
            // Nobody waits any more: it is written all the same, and a repeat finds the receipt.
            let _ = work.answer.send(outcome);
        }
    }
}

/// Writes a group. The second part is false when the transaction itself failed.
pub(crate) fn write(connection: &Connection, group: &[&[Step]]) -> (Vec<Outcome>, bool) {
    let all = |error: StoreError| (vec![Err(Failure::Store(error)); group.len()], false);
    if let Err(error) = command(connection, "BEGIN IMMEDIATE") {
        let error = driver::fault(error);
        let healthy = error == StoreError::Busy;
        return (all(error).0, healthy);
    }
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(group.len());
    for steps in group {
        match one(connection, steps) {
            Ok(outcome) => outcomes.push(outcome),
            Err(error) => {
                // Ignored: SQLite may have rolled back by itself.
                let _ = command(connection, "ROLLBACK");
                return all(error);
            }
        }
    }
    if let Err(error) = command(connection, "COMMIT") {
        let error = driver::fault(error);
        // Ignored: as above.
        let _ = command(connection, "ROLLBACK");
        for outcome in outcomes.iter_mut().filter(|outcome| outcome.is_ok()) {
            *outcome = Err(Failure::Store(error.clone()));
        }
        return (outcomes, false);
    }
    (outcomes, true)
}

/// One change in its savepoint. `Err` when the transaction around it is lost.
fn one(connection: &Connection, steps: &[Step]) -> Result<Outcome, StoreError> {
    command(connection, "SAVEPOINT change").map_err(driver::fault)?;
    let mut answers = Vec::with_capacity(steps.len());
    for step in steps {
        match driver::run(connection, step.statement, &step.params) {
            Ok(rows) => answers.push(rows),
            Err(error) => {
                let failure = match &step.guards {
                    Some(guards) if driver::is_refusal(&error) => Failure::Guard(guards.clone()),
                    _ => Failure::Store(driver::fault(error)),
                };
                if let (true, Failure::Store(error)) = (connection.is_autocommit(), &failure) {
                    return Err(error.clone());
                }
                command(connection, "ROLLBACK TO change").map_err(driver::fault)?;
                command(connection, "RELEASE change").map_err(driver::fault)?;
                return Ok(Err(failure));
            }
        }
    }
    command(connection, "RELEASE change").map_err(driver::fault)?;
    Ok(Ok(answers))
}

fn command(connection: &Connection, sql: &str) -> Result<(), rusqlite::Error> {
    connection.prepare_cached(sql)?.raw_execute().map(drop)
}

#[cfg(test)]
mod tests {
    use yanhe_store_read::{Statement, Value};

    use super::*;

    static PUT: Statement =
        Statement::new("PUT", "INSERT INTO setting (jurisdiction, name, value) VALUES ($1, $2, $3)");

    fn put(name: &str, size: usize) -> Vec<Step> {
        vec![Step::new(&PUT, vec!["test".into(), name.into(), Value::Text("x".repeat(size))])]
    }

    #[test]
    fn a_full_disk_is_named_and_leaves_nothing_half() {
        let dir = std::env::temp_dir().join(format!("yanhe-full-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let connection = connect(&dir.join(driver::FILE)).unwrap();
        let count = || connection.query_row("SELECT COUNT(*) FROM setting", [], |row| row.get::<_, i64>(0)).unwrap();
        connection.execute_batch("PRAGMA max_page_count = 200").unwrap();
        let (before, huge, after) = (put("a", 10), put("b", 4_000_000), put("c", 10));
        let (outcomes, _) = write(&connection, &[&before, &huge, &after]);
        assert!(matches!(outcomes[1], Err(Failure::Store(StoreError::Full))));
        let written = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(count(), i64::try_from(written).unwrap());
        assert!(connection.is_autocommit());
        assert!(write(&connection, &[&put("d", 10)]).0[0].is_ok());
        drop(connection);
        std::fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn a_file_that_may_not_be_written_is_named() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE setting (jurisdiction, name, value); PRAGMA query_only = ON").unwrap();
        let (outcomes, _) = write(&connection, &[&put("a", 1)]);
        assert!(matches!(outcomes[0], Err(Failure::Store(StoreError::ReadOnly))));
    }
}
