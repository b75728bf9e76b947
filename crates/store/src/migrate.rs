//! Brings a database up to date, by number. A migration is never edited after a release.

use rusqlite::{Connection, TransactionBehavior};
use yanhe_store_read::StoreError;
use yanhe_store_read::driver::{postgres, sqlite};

/// A step of the layout, as each database takes it.
struct Migration {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "init",
        sqlite: include_str!("../../../migrations/sqlite/0001_init.sql"),
        postgres: include_str!("../../../migrations/postgres/0001_init.sql"),
    },
    Migration {
        number: 2,
        name: "tries",
        sqlite: include_str!("../../../migrations/sqlite/0002_tries.sql"),
        postgres: include_str!("../../../migrations/postgres/0002_tries.sql"),
    },
    Migration {
        number: 3,
        name: "codes",
        sqlite: include_str!("../../../migrations/sqlite/0003_codes.sql"),
        postgres: include_str!("../../../migrations/postgres/0003_codes.sql"),
    },
    Migration {
        number: 4,
        name: "grams",
        sqlite: include_str!("../../../migrations/sqlite/0004_grams.sql"),
        postgres: include_str!("../../../migrations/postgres/0004_grams.sql"),
    },
    Migration {
        number: 5,
        name: "print_runs",
        sqlite: include_str!("../../../migrations/sqlite/0005_print_runs.sql"),
        postgres: include_str!("../../../migrations/postgres/0005_print_runs.sql"),
    },
    Migration {
        number: 6,
        name: "claims",
        sqlite: include_str!("../../../migrations/sqlite/0006_claims.sql"),
        postgres: include_str!("../../../migrations/postgres/0006_claims.sql"),
    },
];

/// The migrations after the highest that was found.
fn missing(found: i64) -> Result<impl Iterator<Item = &'static Migration>, StoreError> {
    let known = MIGRATIONS.last().map_or(0, |last| last.number);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    Ok(MIGRATIONS.iter().filter(move |migration| migration.number > found))
}

/// Applies what is missing, in one transaction. Two processes may call it at once.
pub(crate) fn of_sqlite(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite::fault)?;
    transaction
        .execute_batch(
            "CREATE TABLE IF NOT EXISTS migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT",
        )
        .map_err(sqlite::fault)?;
    let found: i64 = transaction
        .query_row("SELECT COALESCE(MAX(number), 0) FROM migration", [], |row| row.get(0))
        .map_err(sqlite::fault)?;
    let mut changed = false;
    for Migration { number, name, sqlite: sql, .. } in missing(found)? {
        transaction.execute_batch(sql).map_err(sqlite::fault)?;
        transaction
            .execute("INSERT INTO migration (number, name) VALUES (?1, ?2)", (number, name))
            .map_err(sqlite::fault)?;
        changed = true;
    }
    transaction.commit().map_err(sqlite::fault)?;
    if changed {
        // The planner's figures are part of a migration; this connection has to read them once more.
        connection.execute_batch("ANALYZE sqlite_schema").map_err(sqlite::fault)?;
    }
    Ok(())
}

/// The same on a server. The second of two processes waits for the first.
pub(crate) async fn of_postgres(server: &postgres::Server) -> Result<(), StoreError> {
    let mut client = server.client().await?;
    let transaction = client.transaction().await.map_err(postgres::fault)?;
    // The number is ours alone: the letters of "yanhe".
    transaction.batch_execute("SELECT pg_advisory_xact_lock(521074837605)").await.map_err(postgres::fault)?;
    let create =
        "CREATE TABLE IF NOT EXISTS migration (number bigint NOT NULL PRIMARY KEY, name text COLLATE \"C\" NOT NULL)";
    transaction.batch_execute(create).await.map_err(postgres::fault)?;
    let found = transaction.query_one("SELECT COALESCE(MAX(number), 0) FROM migration", &[]).await;
    for Migration { number, name, postgres: sql, .. } in missing(found.map_err(postgres::fault)?.get(0))? {
        transaction.batch_execute(sql).await.map_err(postgres::fault)?;
        let insert = "INSERT INTO migration (number, name) VALUES ($1, $2)";
        transaction.execute(insert, &[number, name]).await.map_err(postgres::fault)?;
    }
    transaction.commit().await.map_err(postgres::fault)
}
