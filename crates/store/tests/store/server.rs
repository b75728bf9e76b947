//! What only a database server can do to us: be careless, go away, break connections, refuse to write.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use yanhe_core::StreamId;
use yanhe_peers::postgres::{Administered as _, Cluster};
use yanhe_store::Writer;
use yanhe_store::commit::{CommitError, JobChange};
use yanhe_store_read::driver::postgres::Server;
use yanhe_store_read::views::journal::UnsealedView;
use yanhe_store_read::{Page, StoreError};

use crate::schema::statements;
use crate::support::*;

async fn open(url: &str) -> Result<(Writer, yanhe_store_read::Reader), StoreError> {
    yanhe_store::open(Path::new("unused"), Some(url), COUNTY).await
}

#[tokio::test]
async fn every_statement_prepares() {
    let url = Cluster::shared().database();
    drop(open(&url).await.unwrap());
    let client = Server::connect(&url).await.unwrap().client().await.unwrap();
    for statement in statements() {
        if let Err(error) = client.prepare(statement.for_postgres()).await {
            panic!("{}: {error:?}\n{}", statement.name, statement.for_postgres());
        }
    }
}

/// What both folders of migrations say, without the names of types.
fn layout(folder: &str) -> Vec<(String, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |file: &PathBuf| {
        let text = fs::read_to_string(file).unwrap();
        let lines: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap()).collect();
        let text = lines
            .join(" ")
            .replace("text COLLATE \"C\"", "TEXT")
            .replace("bigint", "INTEGER")
            .replace("bytea", "BLOB")
            .replace(") STRICT, WITHOUT ROWID", ")")
            .replace(") STRICT", ")");
        let statements = text.split(';').map(|sql| sql.split_whitespace().collect::<Vec<_>>().join(" "));
        let common = |sql: &String| sql.starts_with("CREATE TABLE") || sql.contains("INDEX ");
        (file.file_name().unwrap().to_string_lossy().into_owned(), statements.filter(common).collect())
    };
    files.iter().map(read).collect()
}

#[test]
fn both_folders_of_migrations_make_the_same_tables_and_indexes() {
    let (sqlite, postgres) = (layout("sqlite"), layout("postgres"));
    assert!(sqlite[0].1.len() > 50);
    assert_eq!(sqlite, postgres);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_can_be_neither_altered_nor_cut() {
    let cluster = Cluster::shared();
    let url = cluster.database();
    let (writer, reader) = open(&url).await.unwrap();
    writer.commit(commit("one", &stream("a"), 0, Vec::new())).await.unwrap();
    for sql in ["UPDATE event SET kind = 'x'", "DELETE FROM event", "TRUNCATE event"] {
        let caught = format!(
            "DO $$ BEGIN {sql}; RAISE 'done'; EXCEPTION WHEN raise_exception THEN \
             IF SQLERRM NOT LIKE '%append-only%' THEN RAISE; END IF; END $$"
        );
        cluster.sql(&url, &caught);
    }
    assert_eq!(reader.entries(&Page::first(9)).await.unwrap().rows[0].kind, "Something");
}

#[tokio::test]
async fn a_server_that_may_lose_what_it_wrote_is_refused() {
    for (settings, named) in [("fsync = off", "fsync"), ("synchronous_commit = off", "synchronous_commit")] {
        let cluster = Cluster::start(settings);
        match open(&cluster.database()).await.err() {
            Some(StoreError::Careless { setting, found }) => assert_eq!((setting, found.as_str()), (named, "off")),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_and_a_url_that_is_none_are_named() {
    let there = open("postgres://postgres@%2Fnowhere/test").await.err();
    assert!(matches!(there, Some(StoreError::Unreachable(_))), "{there:?}");
    assert!(matches!(open("no url at all").await.err(), Some(StoreError::Other(_))));
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_left_alone() {
    let cluster = Cluster::shared();
    let url = cluster.database();
    drop(open(&url).await.unwrap());
    cluster.sql(&url, "INSERT INTO migration (number, name) VALUES (99, 'later')");
    let newer = open(&url).await.err();
    assert!(matches!(newer, Some(StoreError::Newer { found: 99, known }) if known < 99), "{newer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_may_start_at_once_on_an_empty_database() {
    let url = Cluster::shared().database();
    let starts: Vec<_> = (0..6)
        .map(|_| {
            tokio::spawn({
                let url = url.clone();
                async move { open(&url).await.map(drop) }
            })
        })
        .collect();
    for start in starts {
        start.await.unwrap().unwrap();
    }
}

/// Commits one stream after the other until told to end; gives those that were acknowledged.
fn load(
    writer: &Writer,
    name: &'static str,
    until: &tokio::sync::watch::Receiver<bool>,
) -> tokio::task::JoinHandle<Vec<String>> {
    let (writer, until) = (writer.clone(), until.clone());
    tokio::spawn(async move {
        let mut acknowledged = Vec::new();
        for n in 0.. {
            if *until.borrow() {
                break;
            }
            let id = format!("{name}{n}");
            match writer.commit(commit(&id, &stream(&id), 0, Vec::new())).await {
                Ok(_) => acknowledged.push(stream(&id).to_string()),
                Err(CommitError::Store(StoreError::Unreachable(_) | StoreError::Busy)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        acknowledged
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_broken_connections_and_a_killed_server() {
    let mut cluster = Cluster::start("");
    let url = cluster.database();
    let (writer, reader) = open(&url).await.unwrap();
    let (stop, until) = tokio::sync::watch::channel(false);
    let loads = ["a", "b", "c", "d", "e", "f"].map(|name| load(&writer, name, &until));
    for round in 0..3 {
        tokio::time::sleep(Duration::from_millis(150)).await;
        if round == 1 {
            cluster
                .sql(&url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'yanhe'");
        } else {
            cluster.kill();
            cluster.run();
        }
    }
    tokio::time::sleep(Duration::from_millis(150)).await;
    stop.send(true).unwrap();
    let mut acknowledged = BTreeSet::new();
    for load in loads {
        let own = load.await.unwrap();
        assert!(!own.is_empty(), "after the server came back the same handles went on");
        acknowledged.extend(own);
    }
    let heads = reader.heads(&Page::first(1_000_000)).await.unwrap().rows;
    assert!(heads.iter().all(|head| head.version == 1), "none twice");
    let there: BTreeSet<String> = heads.iter().map(|head| head.stream.to_string()).collect();
    assert_eq!(acknowledged.difference(&there).collect::<Vec<_>>(), [""; 0], "none lost");
    assert_eq!(reader.entries(&Page::first(1_000_000)).await.unwrap().rows.len(), there.len(), "each with its entry");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sealed_waits_for_commits_that_drew_a_lower_position_and_are_not_over() {
    let cluster = Cluster::shared();
    let url = cluster.database();
    let (writer, reader) = open(&url).await.unwrap();
    let timer = |name: &str, change: fn(StreamId, String) -> JobChange, expected| {
        let mut commit = commit(name, &stream("a"), expected, Vec::new());
        commit.jobs = vec![change(stream("a"), "x".into())];
        commit
    };
    let set =
        |owner: StreamId, name| JobChange::Set { stream: owner.clone(), owner, name, due: at(0), command: Vec::new() };
    writer.commit(timer("zeroth", set, 0)).await.unwrap();
    // Whoever cancels the timer waits, with its position drawn.
    let mut other = Server::connect(&url).await.unwrap().client().await.unwrap();
    let held = other.transaction().await.unwrap();
    held.batch_execute("SELECT 1 FROM job FOR UPDATE").await.unwrap();
    let waiting = tokio::spawn({
        let (writer, first) = (writer.clone(), timer("first", |owner, name| JobChange::Cancel { owner, name }, 1));
        async move { writer.commit(first).await }
    });
    while cluster.sql(&url, "SELECT last_value FROM event_position_number") != "2" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    writer.commit(commit("second", &stream("b"), 0, Vec::new())).await.unwrap();
    let positions = |entries: Vec<UnsealedView>| entries.iter().map(|entry| entry.position).collect::<Vec<_>>();
    assert_eq!(positions(reader.unsealed(9).await.unwrap()), [1, 3], "the second is committed, the first is not");
    // Of another county nobody is waited for.
    let elsewhere = writer.within("elsewhere");
    let mut third = commit("third", &stream("c"), 0, Vec::new());
    third.jurisdiction = "elsewhere".into();
    third.parts[0].entries[0].jurisdiction = "elsewhere".into();
    elsewhere.commit(third).await.unwrap();
    assert_eq!(reader.within("elsewhere").sealable(9).await.unwrap().len(), 1);
    let sealing = tokio::spawn({
        let reader = reader.clone();
        async move { reader.sealable(9).await }
    });
    // Long enough for whoever would not wait.
    tokio::time::sleep(Duration::from_millis(200)).await;
    held.commit().await.unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(positions(sealing.await.unwrap().unwrap()), [1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_full_or_does_not_write_says_so_and_is_worked_with_again_when_it_does() {
    let cluster = Cluster::start("");
    let url = cluster.database();
    let (writer, reader) = open(&url).await.unwrap();
    // The server's own error, at the moment at which it would come.
    cluster.sql(
        &url,
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$; \
         CREATE TRIGGER no_room BEFORE INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION no_room()",
    );
    let first = || commit("one", &stream("a"), 0, Vec::new());
    let full = writer.commit(first()).await;
    assert!(matches!(full, Err(CommitError::Store(StoreError::Full))), "{full:?}");
    assert_eq!(reader.heads(&Page::first(9)).await.unwrap().rows.len(), 0, "nothing of it is there");
    cluster.sql(&url, "DROP TRIGGER no_room ON event");
    writer.commit(first()).await.unwrap();
    cluster.sql(&url, "ALTER SYSTEM SET default_transaction_read_only = on");
    cluster.sql(&url, "SELECT pg_reload_conf()");
    while cluster.sql(&url, "SHOW default_transaction_read_only") != "on" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let waiting = tokio::spawn({
        let writer = writer.clone();
        async move { writer.commit(commit("two", &stream("b"), 0, Vec::new())).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(reader.heads(&Page::first(9)).await.unwrap().rows.len(), 1, "what is there can be read meanwhile");
    cluster.sql(&url, "ALTER SYSTEM RESET default_transaction_read_only");
    cluster.sql(&url, "SELECT pg_reload_conf()");
    // It waits some seconds for whoever takes writes.
    waiting.await.unwrap().unwrap();
    assert_eq!(reader.heads(&Page::first(9)).await.unwrap().rows.len(), 2);
}
