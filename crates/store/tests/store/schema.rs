//! The database is what the code says, and serves its statements by index.

use std::collections::BTreeSet;

use rusqlite::Connection;
use yanhe_core::tables;
use yanhe_store::plan::KEPT;
use yanhe_store_read::Statement;

use crate::support::*;

pub fn statements() -> Vec<&'static Statement> {
    let mut all = yanhe_store::all_statements();
    all.extend(yanhe_store_read::views::statements());
    all
}

fn columns(raw: &Connection, table: &str) -> Vec<(String, String, bool)> {
    let mut info = raw.prepare(&format!("PRAGMA table_info({table})")).unwrap();
    let rows = info.query_map([], |row| Ok((row.get(1)?, row.get(2)?, row.get::<_, i64>(5)? > 0)));
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

fn tables_of(raw: &Connection) -> Vec<String> {
    let mut list = raw
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
        .unwrap();
    list.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn every_statement_prepares() {
    let dir = Dir::new();
    drop(dir.open().await);
    let raw = dir.raw();
    for statement in statements() {
        if let Err(error) = raw.prepare(statement.for_sqlite()) {
            panic!("{}: {error}\n{}", statement.name, statement.sql);
        }
    }
}

#[tokio::test]
async fn the_tables_of_the_read_model_have_the_columns_that_core_declares() {
    let dir = Dir::new();
    drop(dir.open().await);
    let raw = dir.raw();
    for table in tables::ALL {
        let found: Vec<String> = columns(&raw, table.name).into_iter().map(|(name, ..)| name).collect();
        assert_eq!(found, [&["jurisdiction"], table.key, table.columns].concat(), "{}", table.name);
        let keys: Vec<String> =
            columns(&raw, table.name).into_iter().filter(|(.., key)| *key).map(|(name, ..)| name).collect();
        assert_eq!(keys, [&["jurisdiction"], table.key].concat(), "{}", table.name);
    }
}

#[tokio::test]
async fn kept_text_is_exactly_the_blobs_of_the_read_model() {
    let dir = Dir::new();
    drop(dir.open().await);
    let raw = dir.raw();
    let blobs: BTreeSet<(String, String)> = tables::ALL
        .iter()
        .flat_map(|table| {
            let blobs = columns(&raw, table.name).into_iter().filter(|(_, kind, _)| kind == "BLOB");
            blobs.map(|(name, ..)| (table.name.to_owned(), name)).collect::<Vec<_>>()
        })
        .collect();
    let declared = KEPT.iter().map(|(table, column)| ((*table).to_owned(), (*column).to_owned())).collect();
    assert_eq!(blobs, declared);
}

#[tokio::test]
async fn every_table_is_strict_and_every_key_begins_with_the_jurisdiction() {
    let dir = Dir::new();
    drop(dir.open().await);
    let raw = dir.raw();
    for table in tables_of(&raw) {
        let strict: bool =
            raw.query_row("SELECT strict FROM pragma_table_list WHERE name = ?1", [&table], |row| row.get(0)).unwrap();
        assert!(strict, "{table}");
        if table == "migration" {
            continue;
        }
        let first = |index: &str| -> Option<String> {
            let sql = "SELECT name FROM pragma_index_info(?1) WHERE seqno = 0";
            raw.query_row(sql, [index], |row| row.get(0)).unwrap()
        };
        let mut list = raw.prepare("SELECT name FROM pragma_index_list(?1)").unwrap();
        let indexes: Vec<String> = list.query_map([&table], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert!(!indexes.is_empty(), "{table}");
        for index in indexes {
            assert_eq!(first(&index).as_deref(), Some("jurisdiction"), "{table}: {index}");
        }
    }
}

/// What a plan may not do, unless the statement is on the list with its reason.
#[tokio::test]
async fn no_statement_scans_a_table_and_no_list_sorts() {
    const SORTS: &[(&str, &str)] = &[
        ("MATTERS_PERSON", "one person's rows"),
        ("PAPERS_PERSON", "one person's rows"),
        ("DOSSIERS_PERSON", "one person's rows"),
        ("CONFIRMATIONS_PERSON", "one person's rows"),
        ("GRAM_HITS", "a thousand at most"),
        ("FIGURES", "sums"),
        ("OPEN_WORK", "sums"),
        ("FOLD", "sums"),
        ("FOLD_MONTH", "sums"),
        ("DAYS", "sums"),
        ("MONTHS", "sums"),
        ("TAKE", "what is due and not held"),
        ("ACTED", "as many as there are staff"),
    ];
    // `verify` adds all counts up once.
    const WHOLE: &[&str] = &["DAYS", "MONTHS"];
    let dir = Dir::new();
    drop(dir.open().await);
    let raw = dir.raw();
    for statement in statements() {
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.for_sqlite());
        let mut plan = raw.prepare(&sql).unwrap();
        let nothing = vec![rusqlite::types::Null; plan.parameter_count()];
        let steps: Vec<String> = plan
            .query_map(rusqlite::params_from_iter(nothing), |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        for step in &steps {
            // Scans of what an inner SELECT gave are none of a table.
            let table = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
            let scanned = table.is_some_and(|name| tables_of(&raw).iter().any(|table| table == name));
            assert!(!scanned || WHOLE.contains(&statement.name), "{}: {steps:#?}", statement.name);
            let sorts = step.contains("TEMP B-TREE") && !SORTS.iter().any(|(name, _)| *name == statement.name);
            assert!(!sorts, "{}: {steps:#?}", statement.name);
        }
    }
}

#[tokio::test]
async fn the_planner_is_told_of_every_index() {
    let dir = Dir::new();
    drop(dir.open().await);
    let raw = dir.raw();
    let untold = "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name <> 'migration' AND name NOT IN \
                  (SELECT idx FROM sqlite_stat1)";
    let mut untold = raw.prepare(untold).unwrap();
    let names: Vec<String> = untold.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(names, [""; 0]);
}

/// The leading columns of the index that each list is walked by: equalities, then the place in the list.
#[tokio::test]
async fn lists_are_walked_by_the_index_made_for_them() {
    const WALKS: &[(&str, &str)] = &[
        ("MATTERS", "matter_updated (jurisdiction=? AND (updated_at,stream)<(?,?))"),
        ("MATTERS_ORGAN", "matter_organ (jurisdiction=? AND organ=? AND (updated_at,stream)<(?,?))"),
        (
            "DOSSIERS_ORGAN_STATE",
            "dossier_organ_state (jurisdiction=? AND organ=? AND state=? AND (updated_at,stream)<(?,?))",
        ),
        ("DOSSIERS_DUE_ORGAN", "dossier_organ_due (jurisdiction=? AND organ=? AND <expr>>? AND <expr><?)"),
        ("WORK_ROLE", "work_role (jurisdiction=? AND organ=? AND role=? AND <expr>>? AND <expr><?)"),
        ("PAPERS_ABOUT", "paper_about (jurisdiction=? AND about=? AND (updated_at,stream)<(?,?))"),
        ("PAPERS_NOTICES", "paper_about (jurisdiction=? AND about=?)"),
        ("PAPERS_PILE", "COVERING INDEX paper_issuer_desk (jurisdiction=? AND issuer=? AND desk=?)"),
        ("PAPERS_PILE_KIND", "COVERING INDEX paper_issuer_kind (jurisdiction=? AND issuer=? AND kind=? AND desk=?)"),
        ("CONFIRMATIONS_COURT", "confirmation_court (jurisdiction=? AND court=? AND (updated_at,stream)<(?,?))"),
        ("MATTERS_NUMBER", "matter_number (jurisdiction=? AND number>?"),
        ("MATTERS_PERSON", "takes_part_person (jurisdiction=? AND person=?)"),
        ("PAPERS_PERSON", "takes_part_person (jurisdiction=? AND person=?)"),
        ("DOSSIERS_PERSON", "takes_part_person (jurisdiction=? AND person=?)"),
        ("CONFIRMATIONS_PERSON", "takes_part_person (jurisdiction=? AND person=?)"),
        ("BY_NAME", "takes_part_name (jurisdiction=? AND name_index=?"),
        ("GRAM_COUNT", "gram USING PRIMARY KEY (jurisdiction=? AND list=? AND organ=? AND gram=?)"),
        ("GRAM_HITS", "gram USING PRIMARY KEY (jurisdiction=? AND list=? AND organ=? AND gram=?)"),
        ("ACTS_ORGAN", "tally_act_organ (jurisdiction=? AND name=? AND organ=? AND date>?"),
        ("ENTRIES", "event_position (jurisdiction=? AND position>?)"),
        ("OPEN_WORK", "COVERING INDEX work_people (jurisdiction=? AND organ=?)"),
        ("LATE_WORK", "COVERING INDEX work_people (jurisdiction=?)"),
        ("LATE_WORK_ORGAN", "COVERING INDEX work_people (jurisdiction=? AND organ=?)"),
        (
            "PAPERS_ISSUER_DESK",
            "paper_issuer_desk (jurisdiction=? AND issuer=? AND desk=? AND (updated_at,stream)<(?,?))",
        ),
        (
            "PAPERS_ISSUER_KIND",
            "paper_issuer_kind (jurisdiction=? AND issuer=? AND kind=? AND desk=? AND (updated_at,stream)<(?,?))",
        ),
    ];
    let dir = Dir::new();
    drop(dir.open().await);
    let raw = dir.raw();
    let mut wrong = Vec::new();
    for (name, walk) in WALKS {
        let statement = statements().into_iter().find(|statement| statement.name == *name).unwrap();
        let sql = format!("EXPLAIN QUERY PLAN {}", statement.for_sqlite());
        let mut plan = raw.prepare(&sql).unwrap();
        let nothing = vec![rusqlite::types::Null; plan.parameter_count()];
        let rows = plan.query_map(rusqlite::params_from_iter(nothing), |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = rows.collect::<Result<_, _>>().unwrap();
        if !steps.iter().any(|step| step.contains(walk)) {
            wrong.push(format!("{name}: {steps:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
