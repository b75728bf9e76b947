//! `yanhe verify`: a journal that is whole, and each way of tampering with a copy of it.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::demo::{Copy, json as asked, path, play, played, repository};

/// Tampers with a copy as somebody who has the database file: without the program, and past its triggers. Gives the stream and
/// version of what was tampered with.
fn tamper(copy: &Copy, what: &str) -> (String, i64) {
    let output = Command::new("python3")
        .arg(repository().join("tests/tamper.py"))
        .arg(copy.dir().join("yanhe.sqlite3"))
        .arg(what)
        .output()
        .expect("python3 starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let line = String::from_utf8(output.stdout).expect("text");
    let (stream, version) = line.trim().split_once(' ').expect("a stream and a version");
    (stream.to_owned(), version.parse().expect("a number"))
}

/// The first fault of a copy that has one.
fn fault(copy: &Copy) -> Value {
    let report = asked(1, &["verify", "--data", copy.path(), "--json"]);
    assert_eq!(report["ok"], false);
    report["fault"].clone()
}

/// Tampering with an event is told by its stream, version and kind.
fn is_named(what: &str, kind: &str) {
    let copy = Copy::new();
    let (stream, version) = tamper(&copy, what);
    assert_eq!(fault(&copy), json!({"stream": stream, "version": version, "kind": kind}));
}

#[test]
fn the_played_half_year_is_whole() {
    let report = asked(0, &["verify", "--data", path(played()), "--json"]);
    assert_eq!(report["ok"], true);
    assert!(report["fault"].is_null());
    assert_eq!(report["heads"].as_str().map(str::len), Some(64));
}

#[test]
fn a_changed_word_in_one_event_is_found() {
    is_named("body", "altered");
}

#[test]
fn an_event_that_was_taken_out_is_found() {
    is_named("delete", "missing");
}

#[test]
fn two_events_that_changed_places_are_found() {
    is_named("swap", "reordered");
}

#[test]
fn a_checkpoint_that_was_written_anew_is_found() {
    let copy = Copy::new();
    tamper(&copy, "root");
    let found = fault(&copy);
    assert_eq!((&found["kind"], &found["stream"]), (&json!("checkpoint"), &json!("yanhe/haiyan")));
}

#[test]
fn one_wrong_byte_in_a_stored_paper_is_found() {
    let copy = Copy::new();
    let folder = fs::read_dir(copy.dir().join("blobs")).expect("stored files").flatten().next().expect("a folder");
    let file = fs::read_dir(folder.path()).expect("a folder").flatten().next().expect("a stored file").path();
    let mut bytes = fs::read(&file).expect("its bytes");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::remove_file(&file).expect("files of a copy can go");
    fs::write(&file, bytes).expect("a changed file");
    let found = fault(&copy);
    assert_eq!(found["kind"], "blob");
    assert!(found["stream"].as_str().is_some_and(|stream| stream.starts_with("paper/")), "{found}");
}

#[test]
#[ignore = "long: verifies once more"]
fn a_stored_paper_that_is_gone_is_found() {
    let copy = Copy::new();
    let folder = fs::read_dir(copy.dir().join("blobs")).expect("stored files").flatten().next().expect("a folder");
    let file = fs::read_dir(folder.path()).expect("a folder").flatten().next().expect("a stored file").path();
    fs::remove_file(file).expect("files of a copy can go");
    let found = fault(&copy);
    assert_eq!(found["kind"], "blob");
    assert!(found["stream"].as_str().is_some_and(|stream| stream.starts_with("paper/")), "{found}");
}

#[test]
#[ignore = "long: plays a second half year"]
fn the_same_seed_gives_the_same_half_year_and_another_seed_another() {
    let again = play("again", "1");
    let other = play("other", "2");
    let heads = |dir: &str| asked(0, &["verify", "--data", dir, "--json"])["heads"].clone();
    let figures = |dir: &str| asked(0, &["figures", "--data", dir, "--json"]);
    assert_eq!(heads(path(played())), heads(path(&again)));
    assert_eq!(figures(path(played())), figures(path(&again)));
    assert_ne!(heads(path(played())), heads(path(&other)));
}
