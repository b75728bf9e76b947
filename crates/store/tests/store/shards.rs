//! Many jurisdictions in one database: each key begins with one, and nothing reaches across. So a province can spread
//! its counties over several machines, by jurisdiction.

use std::path::Path;

use yanhe_peers::postgres::{Administered as _, Cluster};
use yanhe_store_read::Page;

use crate::schema::statements;
use crate::support::*;

/// What is no county's own, and why.
const COMMON: &[(&str, &str)] = &[
    ("migration_pkey", "the layout is that of the whole database"),
    ("event_position_number", "positions only have to rise; leaf numbers are counted for each jurisdiction"),
];

fn common(name: &str) -> bool {
    COMMON.iter().any(|(known, _)| *known == name)
}

#[tokio::test]
async fn on_postgresql_every_unique_key_begins_with_the_jurisdiction_and_nothing_refers_elsewhere() {
    let cluster = Cluster::shared();
    let url = cluster.database();
    drop(yanhe_store::open(Path::new("unused"), Some(&url), COUNTY).await.unwrap());
    let indexes = cluster.sql(
        &url,
        "SELECT i.relname, pg_get_indexdef(i.oid, 1, true) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid \
         JOIN pg_namespace n ON n.oid = i.relnamespace WHERE n.nspname = 'public' ORDER BY 1",
    );
    let indexes: Vec<(&str, &str)> = indexes.lines().filter_map(|line| line.split_once('|')).collect();
    assert!(indexes.len() > 80, "{}", indexes.len());
    for (index, first) in indexes {
        assert!(first == "jurisdiction" || common(index), "{index} begins with {first}");
    }
    let none = |sql: &str| assert_eq!(cluster.sql(&url, sql), "", "{sql}");
    none("SELECT conname FROM pg_constraint WHERE contype = 'f'");
    none(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' \
         AND c.relkind = 'r' AND NOT EXISTS (SELECT 1 FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary)",
    );
    let sequences = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'";
    assert!(cluster.sql(&url, sequences).lines().all(common));
}

#[test]
fn every_statement_names_the_jurisdiction_of_every_table_it_reads() {
    let migrations = [
        include_str!("../../../../migrations/sqlite/0001_init.sql"),
        include_str!("../../../../migrations/sqlite/0002_tries.sql"),
        include_str!("../../../../migrations/sqlite/0004_grams.sql"),
    ];
    let tables: Vec<&str> = migrations
        .iter()
        .flat_map(|sql| sql.lines())
        .filter_map(|line| line.strip_prefix("CREATE TABLE ")?.split_whitespace().next())
        .collect();
    assert!(tables.len() > 25);
    for statement in statements() {
        if statement.name == "NEXT_COUNTY" {
            // The codes of all counties, for the board of a province: one after the other, by the key.
            continue;
        }
        let sql = statement.sql.replace([',', '(', ')'], " ");
        let words: Vec<&str> = sql.split_whitespace().collect();
        let reads = words
            .windows(2)
            .filter(|pair| matches!(pair[0], "FROM" | "JOIN" | "UPDATE") && tables.contains(&pair[1]))
            .count();
        // `m.jurisdiction = t.jurisdiction` of a join, or `jurisdiction = $1`.
        let bound = words
            .windows(3)
            .filter(|w| {
                w[0].ends_with("jurisdiction") && w[1] == "=" && (w[2] == "$1" || w[2].ends_with("jurisdiction"))
            })
            .count()
            + words.windows(2).filter(|pair| pair == &["USING", "jurisdiction"]).count();
        assert!(bound >= reads, "{}: {}", statement.name, statement.sql);
    }
}

async fn two_counties_in_one_database_do_not_see_each_other(dir: Place) {
    let (one, reader) = dir.open().await;
    let (other, there) = (one.within("other"), reader.within("other"));
    let same = |jurisdiction: &str| {
        let mut same = commit("one", &stream("a"), 0, Vec::new());
        same.jurisdiction = jurisdiction.into();
        for entry in &mut same.parts[0].entries {
            entry.jurisdiction = jurisdiction.into();
            entry.prev = yanhe_journal::genesis(jurisdiction, &entry.stream);
        }
        same
    };
    one.commit(same(COUNTY)).await.unwrap();
    assert_eq!(there.heads(&Page::first(9)).await.unwrap().rows.len(), 0);
    // The same stream and the same key: neither is in the way of the other.
    other.commit(same("other")).await.unwrap();
    for reader in [&reader, &there] {
        assert_eq!(reader.heads(&Page::first(9)).await.unwrap().rows.len(), 1);
        assert_eq!(reader.entries(&Page::first(9)).await.unwrap().rows.len(), 1);
        assert_eq!(reader.unsealed(9).await.unwrap().len(), 1);
    }
    assert!(one.lease("sealer", "a", at(0), at(10)).await.unwrap());
    assert!(other.lease("sealer", "b", at(0), at(10)).await.unwrap());
}

on_both! {
    two_counties_in_one_database_do_not_see_each_other,
}
