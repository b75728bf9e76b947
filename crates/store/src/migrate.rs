//! Brings a database up to date, by number. A migration is never edited after a release.

use rusqlite::{Connection, TransactionBehavior};
use yanhe_store_read::{StoreError, driver};

const MIGRATIONS: &[(i64, &str, &str)] = &[(1, "init", include_str!("../../../migrations/sqlite/0001_init.sql"))];

/// Applies what is missing, in one transaction. Two processes may call it at once.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let known = MIGRATIONS.last().map_or(0, |(number, ..)| *number);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(driver::fault)?;
    transaction
        .execute_batch(
            "CREATE TABLE IF NOT EXISTS migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT",
        )
        .map_err(driver::fault)?;
    let found: i64 = transaction
        .query_row("SELECT COALESCE(MAX(number), 0) FROM migration", [], |row| row.get(0))
        .map_err(driver::fault)?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (number, name, sql) in MIGRATIONS.iter().filter(|(number, ..)| *number > found) {
        transaction.execute_batch(sql).map_err(driver::fault)?;
        transaction
            .execute("INSERT INTO migration (number, name) VALUES (?1, ?2)", (number, name))
            .map_err(driver::fault)?;
    }
    transaction.commit().map_err(driver::fault)?;
    if found < known {
        // The planner's figures are part of a migration; this connection has to read them once more.
        connection.execute_batch("ANALYZE sqlite_schema").map_err(driver::fault)?;
    }
    Ok(())
}
