//! A backup is taken while others write, and what is restored is the county as it was at one moment.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use yanhe_peers::postgres::Cluster;

use crate::support::*;

/// Brings a file of the demo in, which writes some hundred times.
fn load(place: &[&str], kind: &str, file: &str) -> std::process::Child {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo").join(file);
    Command::new(env!("CARGO_BIN_EXE_yanhe"))
        .args(["import", kind])
        .arg(file)
        .args(place)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn entries(place: &[&str]) -> Vec<String> {
    done(&[&["export", "--plain"], place].concat()).lines().map(str::to_owned).collect()
}

/// The drill: backups while a file is brought in; each is restored elsewhere and held against the journal it was taken
/// from.
fn drill(folder: &Folder, place: &[&str], elsewhere: impl Fn(usize) -> Option<String>) {
    let mut loads =
        [load(place, "penalties", "双公示-行政处罚.xlsx"), load(place, "inspections", "双随机检查结果.xlsx")];
    let mut backups = Vec::new();
    for n in 0..3 {
        let file = folder.path(&format!("backup{n}"));
        let written = json(&[&["backup", &file, "--json"], place].concat());
        backups.push((file, written));
    }
    for load in &mut loads {
        load.wait().unwrap();
    }
    let all = entries(place);
    let (mut counts, keys) = (Vec::new(), folder.path("data.key"));
    for (n, (file, written)) in backups.iter().enumerate() {
        let (new, url) = (folder.path(&format!("restored{n}")), elsewhere(n));
        let mut there = vec!["--data", new.as_str()];
        there.extend(url.iter().flat_map(|url| ["--database", url.as_str()]));
        let restored = json(&[&["restore", file, "--key", &keys, "--json"], there.as_slice()].concat());
        assert_eq!(restored["heads"], written["heads"]);
        let report = json(&[&["verify", "--json"], there.as_slice()].concat());
        assert_eq!((&report["ok"], &report["heads"]), (&Value::Bool(true), &written["heads"]), "{report}");
        // The figures are those of the journal up to there, counted by a program that knows nothing of ours.
        let figures = done(&[&["figures", "--json"], there.as_slice()].concat());
        let own = entries(&there);
        counted(folder, &figures, &own);
        // The last line is the export's own.
        let missing = own[..own.len() - 1].iter().filter(|line| !all.contains(line)).count();
        assert_eq!(missing, 0, "what is in the backup is in the journal it was taken from");
        counts.push(own.len());
    }
    assert!(counts.is_sorted() && counts[0] <= all.len(), "{counts:?} {}", all.len());
}

fn counted(folder: &Folder, figures: &str, entries: &[String]) {
    let (known, events) = (folder.path("figures.json"), folder.path("events.jsonl"));
    fs::write(&known, figures).unwrap();
    fs::write(&events, entries.join("\n")).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/recount/recount.py");
    let events = fs::File::open(events).unwrap();
    let output = Command::new("python3").arg(script).arg(known).stdin(events).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_backup_under_load_is_restored_as_the_county_was_then() {
    let folder = Folder::with_county();
    let data = folder.path("data");
    drill(&folder, &["--data", &data], |_| None);
}

#[test]
fn a_backup_under_load_of_a_server_is_restored_on_either_database() {
    let folder = Folder::with_county();
    let cluster = Cluster::shared();
    let url = cluster.database();
    let (file, moved) = (folder.path("file"), folder.path("moved"));
    done(&["export", "--archive", &file, "--data", &folder.path("data")]);
    let place: &[&str] = &["--data", &moved, "--database", &url];
    done(&[&["import-archive", &file, "--key", &folder.path("data.key")], place].concat());
    drill(&folder, place, |n| (n == 1).then(|| cluster.database()));
}

#[test]
fn a_sealed_backup_opens_with_its_key_alone() {
    let folder = Folder::with_county();
    let (data, file, key) = (folder.path("data"), folder.path("file"), folder.path("backup.key"));
    let written = json(&["backup", &file, "--data", &data, "--backup-key", &key, "--json"]);
    assert_eq!(fs::read(&key).unwrap().len(), 32);
    let whole = fs::read(&file).unwrap();
    assert!(!whole.windows(6).any(|bytes| bytes == b"haiyan"));
    let new = folder.path("new");
    let (_, said) = ended(2, &["restore", &file, "--data", &new]);
    assert!(said.contains("--backup-key"), "{said}");
    fs::write(folder.path("other"), [7; 32]).unwrap();
    let (_, said) = ended(2, &["restore", &file, "--data", &new, "--backup-key", &folder.path("other")]);
    assert!(said.contains("does not open"), "{said}");
    fs::write(folder.path("cut"), &whole[..whole.len() / 2]).unwrap();
    ended(1, &["restore", &folder.path("cut"), "--data", &new, "--backup-key", &key]);
    assert!(!Path::new(&new).exists());
    let keys = folder.path("data.key");
    let restored = json(&["restore", &file, "--data", &new, "--backup-key", &key, "--key", &keys, "--json"]);
    assert_eq!(restored["heads"], written["heads"]);
    same(&folder.rows("new", &[]), &folder.rows("data", &[]));
}
