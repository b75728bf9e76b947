//! Commits: all or nothing, once, in the order of versions.

use yanhe_core::{Cell, tables};
use yanhe_store::commit::{CommitError, Guard, Part, Receipt, RowChange};
use yanhe_store::plan;
use yanhe_store_read::{Page, StoreError};

use crate::support::*;

fn access(code: &str) -> RowChange {
    RowChange::Claim(&tables::ACCESS, vec![Cell::from(code), Cell::from("paper/a"), Cell::from("matter/a")])
}

async fn a_commit_is_read_back_as_it_was_given(dir: Place) {
    let (writer, reader) = dir.open().await;
    let id = stream("a");
    writer.commit(commit("one", &id, 0, vec![access("CODE")])).await.unwrap();
    writer.commit(commit("two", &id, 1, Vec::new())).await.unwrap();
    let (stored, entries) = reader.load_with_entries(&id, 0).await.unwrap().unwrap();
    assert_eq!((stored.version, stored.hash, stored.snapshot), (2, head(&id, 2), b"state 2".to_vec()));
    assert_eq!(entries.iter().map(|e| (e.version, e.position)).collect::<Vec<_>>(), [(1, 1), (2, 2)]);
    assert_eq!(entries[1].prev, head(&id, 1));
    assert_eq!(reader.access("CODE").await.unwrap().unwrap().paper.as_str(), "paper/a");
    assert_eq!(reader.load(&stream("b")).await.unwrap(), None);
    assert_eq!(reader.within("other").load(&id).await.unwrap(), None);
}

async fn of_commits_that_race_for_a_version_exactly_one_wins(dir: Place) {
    let (writer, reader) = dir.open().await;
    // Another process on the same file.
    let (other, _) = dir.open().await;
    let id = stream("a");
    for version in 0..5 {
        let attempts = (0..16).map(|n| {
            let writer = if n % 2 == 0 { writer.clone() } else { other.clone() };
            let commit = commit(&format!("{version}-{n}"), &id, version, Vec::new());
            tokio::spawn(async move { writer.commit(commit).await })
        });
        let mut won = 0;
        for attempt in attempts.collect::<Vec<_>>() {
            match attempt.await.unwrap() {
                Ok(_) => won += 1,
                Err(CommitError::Conflict(what)) => assert_eq!(what, id.as_str()),
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(won, 1);
    }
    assert_eq!(reader.load(&id).await.unwrap().unwrap().version, 5);
    assert_eq!(reader.entries_of(&id, 0).await.unwrap().len(), 5);
}

async fn of_commits_that_claim_the_same_exactly_one_wins_and_the_others_leave_nothing(dir: Place) {
    let (writer, reader) = dir.open().await;
    let attempts = (0..40).map(|n| {
        let writer = writer.clone();
        let id = stream(&format!("s{n}"));
        tokio::spawn(async move { writer.commit(commit(&format!("{n}"), &id, 0, vec![access("SAME")])).await })
    });
    let mut won = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(_) => won += 1,
            Err(CommitError::Conflict(what)) => assert_eq!(what, "access"),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(reader.heads(&Page::first(100)).await.unwrap().rows.len(), 1);
    assert_eq!(reader.unsealed(100).await.unwrap().len(), 1);
}

async fn a_bad_commit_among_many_in_a_group_hurts_no_other(dir: Place) {
    let (writer, reader) = dir.open().await;
    let attempts = (0..300).map(|n| {
        let writer = writer.clone();
        // Every seventh expects a stream that is not there.
        let (id, expected) = (stream(&format!("s{n}")), if n % 7 == 0 { 3 } else { 0 });
        tokio::spawn(async move { (n, writer.commit(commit(&format!("{n}"), &id, expected, Vec::new())).await) })
    });
    for attempt in attempts.collect::<Vec<_>>() {
        let (n, outcome) = attempt.await.unwrap();
        assert_eq!(outcome.is_ok(), n % 7 != 0, "{n}: {outcome:?}");
        assert_eq!(reader.load(&stream(&format!("s{n}"))).await.unwrap().is_some(), n % 7 != 0);
    }
    let positions: Vec<i64> =
        reader.entries(&Page::first(1000)).await.unwrap().rows.iter().map(|entry| entry.position).collect();
    // They rise, with gaps where a commit failed after it had drawn one.
    assert_eq!(positions.len(), 257);
    assert!(positions.is_sorted());
}

async fn a_repeat_gets_the_first_receipt_and_the_same_key_with_another_body_is_refused(dir: Place) {
    let (writer, reader) = dir.open().await;
    let id = stream("a");
    assert_eq!(writer.receipt(&key("one")).await.unwrap(), None);
    let first = writer.commit(commit("one", &id, 0, Vec::new())).await.unwrap();
    let again = writer.commit(commit("one", &id, 1, Vec::new())).await;
    assert!(matches!(again, Err(CommitError::Replayed(receipt)) if receipt == first));
    assert_eq!(writer.receipt(&key("one")).await.unwrap(), Some(first));
    for change in [0, 1] {
        let mut other = commit("one", &id, 1, Vec::new());
        if change == 0 {
            other.key.command = b"another".to_vec();
        } else {
            other.key.actor = "staff/b".into();
        }
        assert!(matches!(writer.receipt(&other.key).await, Err(CommitError::KeyReused(_))));
        assert!(matches!(writer.commit(other).await, Err(CommitError::KeyReused(_))));
    }
    assert_eq!(reader.load(&id).await.unwrap().unwrap().version, 1);
}

async fn two_at_once_with_one_key_have_one_effect(dir: Place) {
    let (writer, reader) = dir.open().await;
    let attempts = (0..20).map(|n| {
        let (writer, id) = (writer.clone(), stream(&format!("s{n}")));
        tokio::spawn(async move { writer.commit(commit("same", &id, 0, Vec::new())).await })
    });
    let mut won = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(_) => won += 1,
            Err(CommitError::Replayed(receipt)) => assert_eq!(receipt, Receipt("receipt of same".into())),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!((won, reader.heads(&Page::first(100)).await.unwrap().rows.len()), (1, 1));
}

async fn a_guard_holds_only_at_its_version(dir: Place) {
    let (writer, _) = dir.open().await;
    let (watched, id) = (stream("watched"), stream("a"));
    let guarded = |name: &str, expected, version| {
        let mut commit = commit(name, &id, expected, Vec::new());
        commit.guards.push(Guard { stream: watched.clone(), version });
        commit
    };
    assert!(
        matches!(writer.commit(guarded("a", 0, 1)).await, Err(CommitError::Conflict(what)) if what == "matter/watched")
    );
    writer.commit(guarded("b", 0, 0)).await.unwrap();
    writer.commit(commit("w", &watched, 0, Vec::new())).await.unwrap();
    assert!(matches!(writer.commit(guarded("c", 1, 0)).await, Err(CommitError::Conflict(_))));
    writer.commit(guarded("d", 1, 1)).await.unwrap();
}

async fn two_parts_are_written_together_or_not_at_all(dir: Place) {
    let (writer, reader) = dir.open().await;
    let (register, paper) = (stream("register"), stream("paper"));
    writer.commit(commit("r", &register, 0, Vec::new())).await.unwrap();
    let both = |name: &str, expected| {
        let mut both = commit(name, &paper, 0, Vec::new());
        both.parts.push(commit(name, &register, expected, Vec::new()).parts.remove(0));
        both
    };
    assert!(matches!(writer.commit(both("x", 2)).await, Err(CommitError::Conflict(_))));
    assert_eq!(reader.load(&paper).await.unwrap(), None);
    writer.commit(both("y", 1)).await.unwrap();
    assert_eq!(reader.load(&register).await.unwrap().unwrap().version, 2);
    assert_eq!(reader.load(&paper).await.unwrap().unwrap().version, 1);
}

async fn an_entry_that_does_not_follow_the_stored_head_is_a_conflict(dir: Place) {
    let (writer, _) = dir.open().await;
    let id = stream("a");
    writer.commit(commit("one", &id, 0, Vec::new())).await.unwrap();
    let mut forked = commit("two", &id, 1, Vec::new());
    forked.parts[0].entries = entries(&id, 1, 1, [7; 32]);
    assert!(matches!(writer.commit(forked).await, Err(CommitError::Conflict(_))));
}

async fn a_commit_that_contradicts_itself_is_a_fault(dir: Place) {
    let (writer, _) = dir.open().await;
    let id = stream("a");
    let shape = |commit| matches!(plan::steps(&commit), Err(StoreError::Shape(_)));
    let mut gap = commit("gap", &id, 0, Vec::new());
    gap.parts[0].entries[0].version = 2;
    assert!(shape(gap));
    let mut twice = commit("twice", &id, 0, Vec::new());
    twice.parts.push(twice.parts[0].clone());
    assert!(shape(twice));
    let mut empty = commit("empty", &id, 0, Vec::new());
    empty.parts[0] = Part { entries: Vec::new(), ..empty.parts[0].clone() };
    assert!(shape(empty));
    let narrow = RowChange::Put(&tables::ACCESS, vec![Cell::from("x")]);
    assert!(shape(commit("narrow", &id, 0, vec![narrow])));
    let unsealed = Cell::Index("phone", "19900001111".into());
    assert!(shape(commit(
        "open",
        &id,
        0,
        vec![RowChange::Claim(&tables::ACCESS, vec![unsealed, Cell::Null, Cell::Null])]
    )));
    let plain = RowChange::Put(
        &tables::EXPERT,
        vec![Cell::from("expert/a"), Cell::from("某人")].into_iter().chain(vec![Cell::Null; 6]).collect(),
    );
    assert!(shape(commit("plain", &id, 0, vec![plain])));
    // A cell of the wrong type is a fault of the program, no conflict to try again.
    let wrong = RowChange::Put(&tables::ACCESS, vec![Cell::from("x"), Cell::Int(1), Cell::Blob(vec![1])]);
    assert!(matches!(writer.commit(commit("wrong", &id, 0, vec![wrong])).await, Err(CommitError::Store(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_reopening_without_closing() {
    let dir = Dir::new();
    let (writer, reader) = dir.open().await;
    for n in 0..50 {
        writer.commit(commit(&format!("{n}"), &stream(&format!("s{n}")), 0, Vec::new())).await.unwrap();
    }
    // The first handles stay: nothing was closed, folded into the main file or cleaned up.
    let copy = Dir::new();
    std::fs::create_dir_all(copy.path()).unwrap();
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let file = file.unwrap();
        // The index of the log is rebuilt, as after a kill.
        if !file.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
    }
    let (_, after) = copy.open().await;
    assert_eq!(after.heads(&Page::first(100)).await.unwrap().rows.len(), 50);
    drop((writer, reader));
    let (_, again) = dir.open().await;
    assert_eq!(again.heads(&Page::first(100)).await.unwrap().rows.len(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_can_be_neither_altered_nor_cut() {
    let dir = Dir::new();
    let (writer, _) = dir.open().await;
    writer.commit(commit("one", &stream("a"), 0, Vec::new())).await.unwrap();
    let raw = dir.raw();
    for sql in ["UPDATE event SET kind = 'x'", "DELETE FROM event"] {
        assert!(raw.execute(sql, []).unwrap_err().to_string().contains("append-only"), "{sql}");
    }
}

async fn changes_of_this_and_of_other_processes_are_noticed(dir: Place) {
    let (writer, reader) = dir.open().await;
    let mut changes = writer.changes();
    changes.mark_unchanged();
    // A server counts what is written into its other databases too, so a quiet moment is waited for.
    let mut before = reader.pulse().await.unwrap();
    let mut quiet = false;
    for _ in 0..1000 {
        let now = reader.pulse().await.unwrap();
        quiet = now == before;
        if quiet {
            break;
        }
        before = now;
    }
    assert!(quiet, "nobody writes, and the number changes all the same");
    writer.commit(commit("one", &stream("a"), 0, Vec::new())).await.unwrap();
    assert!(changes.has_changed().unwrap());
    let between = reader.pulse().await.unwrap();
    assert_ne!(between, before);
    let (other, _) = dir.open().await;
    other.commit(commit("two", &stream("b"), 0, Vec::new())).await.unwrap();
    assert_ne!(reader.pulse().await.unwrap(), between);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_database_and_one_of_a_newer_program_are_named() {
    let dir = Dir::new();
    drop(dir.open().await);
    dir.raw().execute("INSERT INTO migration (number, name) VALUES (99, 'later')", []).unwrap();
    let newer = yanhe_store::open(dir.path(), None, COUNTY).await.err();
    assert!(matches!(newer, Some(StoreError::Newer { found: 99, known }) if known < 99), "{newer:?}");
    let bad = Dir::new();
    std::fs::create_dir_all(bad.path()).unwrap();
    std::fs::write(bad.path().join("yanhe.sqlite3"), "this is no database, whatever its name says".repeat(100))
        .unwrap();
    assert!(matches!(yanhe_store::open(bad.path(), None, COUNTY).await, Err(StoreError::Corrupt(_))));
}

on_both! {
    a_commit_is_read_back_as_it_was_given,
    of_commits_that_race_for_a_version_exactly_one_wins,
    of_commits_that_claim_the_same_exactly_one_wins_and_the_others_leave_nothing,
    a_bad_commit_among_many_in_a_group_hurts_no_other,
    a_repeat_gets_the_first_receipt_and_the_same_key_with_another_body_is_refused,
    two_at_once_with_one_key_have_one_effect,
    a_guard_holds_only_at_its_version,
    two_parts_are_written_together_or_not_at_all,
    an_entry_that_does_not_follow_the_stored_head_is_a_conflict,
    a_commit_that_contradicts_itself_is_a_fault,
    changes_of_this_and_of_other_processes_are_noticed,
}
