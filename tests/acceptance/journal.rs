//! `yanhe verify`: a journal that is whole, and each way of tampering with a copy of it.

use std::fs;
use std::process::Command;

use crate::demo::{Copy, json, path, play, played, repository};

/// Tampers with a copy as somebody who has the database file: without the program, and past its triggers.
fn tamper(copy: &Copy, what: &str) {
    let output = Command::new("python3")
        .arg(repository().join("tests/acceptance/tamper.py"))
        .arg(copy.dir().join("yanhe.sqlite3"))
        .arg(what)
        .output()
        .expect("python3 starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The kind of the first fault of a copy that has one.
fn fault(copy: &Copy) -> String {
    let report = json(1, &["verify", "--data", copy.path(), "--json"]);
    assert_eq!(report["ok"], false);
    assert!(report["fault"]["stream"].is_string() && report["fault"]["version"].is_i64(), "{report}");
    report["fault"]["kind"].as_str().expect("a kind").to_owned()
}

#[test]
fn the_played_half_year_is_whole() {
    let report = json(0, &["verify", "--data", path(played()), "--json"]);
    assert_eq!(report["ok"], true);
    assert!(report["fault"].is_null());
    assert_eq!(report["heads"].as_str().map(str::len), Some(64));
}

#[test]
fn a_changed_word_in_one_event_is_found() {
    let copy = Copy::new();
    tamper(&copy, "alter");
    assert_eq!(fault(&copy), "altered");
}

#[test]
fn an_event_that_was_taken_out_is_found() {
    let copy = Copy::new();
    tamper(&copy, "delete");
    assert_eq!(fault(&copy), "missing");
}

#[test]
fn two_events_that_changed_places_are_found() {
    let copy = Copy::new();
    tamper(&copy, "swap");
    assert_eq!(fault(&copy), "reordered");
}

#[test]
fn a_checkpoint_that_was_written_anew_is_found() {
    let copy = Copy::new();
    tamper(&copy, "checkpoint");
    assert_eq!(fault(&copy), "checkpoint");
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
    assert_eq!(fault(&copy), "blob");
}

#[test]
#[ignore = "long: verifies once more"]
fn a_stored_paper_that_is_gone_is_found() {
    let copy = Copy::new();
    let folder = fs::read_dir(copy.dir().join("blobs")).expect("stored files").flatten().next().expect("a folder");
    let file = fs::read_dir(folder.path()).expect("a folder").flatten().next().expect("a stored file").path();
    fs::remove_file(file).expect("files of a copy can go");
    assert_eq!(fault(&copy), "blob");
}

#[test]
#[ignore = "long: plays a second half year"]
fn the_same_seed_gives_the_same_half_year_and_another_seed_another() {
    let again = play("again", "1");
    let other = play("other", "2");
    let heads = |dir: &str| json(0, &["verify", "--data", dir, "--json"])["heads"].clone();
    let figures = |dir: &str| json(0, &["figures", "--data", dir, "--json"]);
    assert_eq!(heads(path(played())), heads(path(&again)));
    assert_eq!(figures(path(played())), figures(path(&again)));
    assert_ne!(heads(path(played())), heads(path(&other)));
}
