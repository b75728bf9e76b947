//! Keys on paper: printed, tried, lost and brought back.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::support::*;

/// Does `serve` say that nobody has tried the keys?
fn warns(folder: &Folder) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_yanhe"))
        .args(["serve", "--data", &folder.path("data"), "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    let said = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
    assert!(line.starts_with("listening "), "{said}");
    said.contains("yanhe keys check")
}

/// A county in production.
fn with_roster() -> Folder {
    let folder = Folder::new();
    let roster = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/花名册.xlsx");
    done(&["import", "roster", roster, "--data", &folder.path("data")]);
    folder
}

fn keys(folder: &Folder) -> Vec<Vec<u8>> {
    ["master", "index", "log"].map(|name| fs::read(folder.path("data.key") + "/" + name).unwrap()).into()
}

#[test]
fn lost_keys_come_back_from_a_sheet_that_was_tried() {
    let folder = with_roster();
    let (data, typed) = (folder.path("data"), folder.path("typed"));
    assert!(warns(&folder), "nobody has tried them yet");
    let sheet = done(&["keys", "sheet", "--data", &data]);
    let row = sheet.lines().find(|line| line.starts_with("index-2")).unwrap();
    let (before, last) = row.rsplit_once(' ').unwrap();
    let turned: String = last.chars().rev().collect();
    fs::write(&typed, sheet.replace(row, &format!("{before} {turned}"))).unwrap();
    assert!(ended(2, &["keys", "check", &typed, "--data", &data]).1.contains("`index-2`"));
    assert!(warns(&folder), "a line that is wrong proves nothing");

    fs::write(&typed, sheet.to_lowercase()).unwrap();
    let other = with_roster();
    for what in ["check", "restore"] {
        assert!(ended(1, &["keys", what, &typed, "--data", &other.path("data")]).1.contains("master key"), "{what}");
    }
    done(&["keys", "check", &typed, "--data", &data]);
    assert!(!warns(&folder), "they were tried");

    let kept = keys(&folder);
    ended(2, &["keys", "restore", &typed, "--data", &data]);
    assert_eq!(keys(&folder), kept, "keys that are there are not replaced");
    fs::remove_dir_all(folder.path("data.key")).unwrap();
    ended(2, &["export", "--plain", "--data", &data]);
    done(&["keys", "restore", &typed, "--data", &data]);
    assert_eq!(keys(&folder), kept);
    assert!(done(&["export", "--plain", "--data", &data]).lines().count() > 50);
    done(&["verify", "--data", &data]);
}
