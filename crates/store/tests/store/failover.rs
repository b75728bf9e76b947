//! A server that follows another one, one that takes over, and encrypted connections.

use std::path::Path;
use std::time::Duration;

use yanhe_peers::postgres::{Administered as _, Cluster};
use yanhe_store::Writer;
use yanhe_store::commit::CommitError;
use yanhe_store_read::{Page, Reader, StoreError};

use crate::support::*;

async fn open(url: &str) -> Result<(Writer, Reader), StoreError> {
    yanhe_store::open(Path::new("unused"), Some(url), COUNTY).await
}

async fn streams(reader: &Reader) -> usize {
    reader.heads(&Page::first(99)).await.unwrap().rows.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_is_read_some_moments_behind_and_the_primary_while_it_is_away() {
    let cluster = Cluster::start("");
    let url = cluster.database();
    let (writer, reader) = open(&url).await.unwrap();
    let mut standby = cluster.standby();
    let behind = reader.beside(&standby.here(&url)).unwrap();
    standby.sql(&standby.here(&url), "SELECT pg_wal_replay_pause()");
    writer.commit(commit("one", &stream("a"), 0, Vec::new())).await.unwrap();
    assert_eq!((streams(&reader).await, streams(&behind).await), (1, 0), "it is behind");
    standby.sql(&standby.here(&url), "SELECT pg_wal_replay_resume()");
    while streams(&behind).await == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    standby.stop();
    writer.commit(commit("two", &stream("b"), 0, Vec::new())).await.unwrap();
    assert_eq!(streams(&behind).await, 2, "the primary answers while it is away");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_refuses_clearly_and_goes_on_once_it_has_taken_over() {
    let mut cluster = Cluster::start("");
    let url = cluster.database();
    let (writer, _) = open(&url).await.unwrap();
    writer.commit(commit("one", &stream("a"), 0, Vec::new())).await.unwrap();
    let standby = cluster.standby();
    let there = standby.here(&url);
    let refused = open(&there).await.err();
    assert!(
        matches!(&refused, Some(StoreError::Unreachable(said)) if said.contains("read-only") || said.contains("recovery")),
        "{refused:?}"
    );
    // Both are known, whoever is written to: the same handles find the one that took over.
    let name = url.rsplit('/').next().unwrap();
    let both =
        format!("postgres://postgres@{},{}/{name}?target_session_attrs=read-write", cluster.host(), standby.host());
    let (writer, reader) = open(&both).await.unwrap();
    writer.commit(commit("two", &stream("b"), 0, Vec::new())).await.unwrap();
    while standby.sql(&there, "SELECT count(*) FROM head") != "2" {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    cluster.kill();
    let waiting = tokio::spawn({
        let writer = writer.clone();
        async move {
            loop {
                match writer.commit(commit("three", &stream("c"), 0, Vec::new())).await {
                    Err(CommitError::Store(StoreError::Unreachable(_))) => {}
                    other => return other,
                }
            }
        }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    standby.promote();
    waiting.await.unwrap().unwrap();
    assert_eq!(streams(&reader).await, 3, "nothing lost, nothing twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_encrypted_and_the_certificate_is_checked_as_asked() {
    let (cluster, stranger) = (Cluster::start_encrypted(), Cluster::start_encrypted());
    let url = cluster.database();
    let authority = |of: &Cluster| of.authority().display().to_string().replace('/', "%2F");
    let own = format!("&sslrootcert={}", authority(&cluster));
    let other = format!("&sslrootcert={}", authority(&stranger));
    let by_number = |url: String| url.replace("@localhost:", "@127.0.0.1:");
    for (url, works) in [
        (cluster.encrypted(&url, "sslmode=require"), true),
        (cluster.encrypted(&url, &format!("sslmode=verify-full{own}")), true),
        (cluster.encrypted(&url, &format!("sslmode=verify-full{other}")), false),
        (cluster.encrypted(&url, &format!("sslmode=require{other}")), false),
        (by_number(cluster.encrypted(&url, &format!("sslmode=verify-full{own}"))), false),
        (by_number(cluster.encrypted(&url, &format!("sslmode=verify-ca{own}"))), true),
        // A socket in a folder is not encrypted, and this asks for nothing else.
        (format!("{url}?sslmode=require"), false),
        (format!("{url}?sslmode=prefer"), true),
    ] {
        match open(&url).await {
            Ok((writer, _)) => {
                assert!(works, "{url}");
                writer.set_setting("seen", "yes").await.unwrap();
            }
            Err(error) => assert!(!works, "{url}: {error}"),
        }
    }
    // No plain connection over the network, when the server asks for none.
    let (_writer, _reader) = open(&cluster.encrypted(&url, "sslmode=require")).await.unwrap();
    let ssl = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
               WHERE application_name = 'yanhe' AND client_addr IS NOT NULL";
    assert_eq!(cluster.sql(&url, ssl), "t");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_has_a_bounded_number_of_connections_however_much_is_asked_at_once() {
    let cluster = Cluster::start("");
    let url = cluster.database();
    let (writer, reader) = open(&url).await.unwrap();
    let asked: Vec<_> = (0..200)
        .map(|n| {
            let (writer, reader) = (writer.clone(), reader.clone());
            tokio::spawn(async move {
                let id = format!("s{n}");
                writer.commit(commit(&id, &stream(&id), 0, Vec::new())).await.unwrap();
                reader.heads(&Page::first(9)).await.unwrap();
            })
        })
        .collect();
    for one in asked {
        one.await.unwrap();
    }
    let count = cluster.sql(&url, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'yanhe'");
    assert!(count.parse::<usize>().unwrap() <= yanhe_store_read::driver::postgres::CONNECTIONS, "{count}");
}
