//! A county moves in one file, whatever database it goes to, whole or not at all.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use yanhe_peers::postgres::Cluster;

use crate::support::*;

fn verified(place: &[&str]) -> Value {
    let report = json(&[&["verify", "--json"], place].concat());
    assert_eq!(report["ok"], true, "{report}");
    report["heads"].clone()
}

fn figures(place: &[&str]) -> Value {
    json(&[&["figures", "--json"], place].concat())
}

#[test]
fn a_county_moves_to_the_other_database_and_back_and_is_the_same() {
    let folder = Folder::with_county();
    let url = Cluster::shared().database();
    let (data, there, back) = (folder.path("data"), folder.path("there"), folder.path("back"));
    let (first, second, keys) = (folder.path("first"), folder.path("second"), folder.path("data.key"));
    let left = json(&["export", "--archive", &first, "--data", &data, "--json"]);
    let there: &[&str] = &["--data", &there, "--database", &url];
    let arrived = json(&[&["import-archive", &first, "--key", &keys, "--json"], there].concat());
    assert_eq!(arrived, left);
    assert_eq!(arrived["heads"], verified(&["--data", &data]));
    assert_eq!(arrived["heads"], verified(there));
    assert_eq!(figures(there), figures(&["--data", &data]));
    done(&[&["export", "--archive", &second], there].concat());
    done(&["import-archive", &second, "--data", &back, "--key", &keys]);
    assert_eq!(arrived["heads"], verified(&["--data", &back]));
    assert_eq!(figures(&["--data", &back]), figures(&["--data", &data]));
    same(&folder.rows("back", &[]), &folder.rows("data", &[]));
    // It goes on where it was, on the server as well: positions and the log follow.
    for place in [there, &["--data", &back]] {
        done(&[&["export", "--plain"], place].concat());
        verified(place);
    }
}

#[test]
fn a_jurisdiction_arrives_once_and_only_in_a_new_place() {
    let folder = Folder::with_county();
    let url = Cluster::shared().database();
    let (data, file) = (folder.path("data"), folder.path("file"));
    done(&["export", "--archive", &file, "--data", &data]);
    let (_, said) = ended(2, &["export", "--archive", &file, "--data", &data]);
    assert!(said.contains("exists already"), "{said}");
    let (_, said) = ended(2, &["import-archive", &file, "--data", &data]);
    assert!(said.contains("not empty"), "{said}");
    done(&["import-archive", &file, "--data", &folder.path("one"), "--database", &url]);
    let (_, said) = ended(2, &["import-archive", &file, "--data", &folder.path("two"), "--database", &url]);
    assert!(said.contains("already"), "{said}");
    assert!(!Path::new(&folder.path("two")).exists());
}

#[test]
fn a_torn_or_altered_file_is_refused_by_the_name_of_its_member_and_nothing_is_stored() {
    let folder = Folder::with_county();
    let (file, bad, new) = (folder.path("file"), folder.path("bad"), folder.path("new"));
    done(&["export", "--archive", &file, "--data", &folder.path("data")]);
    let whole = fs::read(&file).unwrap();
    let at = |name: &str| {
        let found = whole.windows(name.len()).position(|bytes| bytes == name.as_bytes());
        found.unwrap_or_else(|| panic!("{name}"))
    };
    let streams = at("streams/000001.jsonl.gz");
    let refused = |bytes: Vec<u8>, member: &str| {
        fs::write(&bad, bytes).unwrap();
        let (_, said) = ended(1, &["import-archive", &bad, "--data", &new]);
        assert!(said.contains(member), "{member}: {said}");
        assert!(!Path::new(&new).exists());
    };
    let flipped = |place: usize| {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        bytes
    };
    refused(flipped(streams + 512 + 1000), "streams/000001.jsonl.gz");
    refused(flipped(at("rows/leaf/000001.jsonl.gz") + 512 + 40), "rows/leaf/000001.jsonl.gz");
    // Between the members, and in the list of them.
    refused(flipped(whole.len() - 1), "manifest.json");
    refused(flipped(at("manifest.json") + 700), "altered at");
    refused(whole[..streams + 512 + 900].to_vec(), "streams/000001.jsonl.gz");
    refused(whole[..at("manifest.json")].to_vec(), "manifest.json");
    refused([whole.as_slice(), b"more"].concat(), "manifest.json");
    for other in [&b"not at all a tar"[..], b""] {
        fs::write(&bad, other).unwrap();
        let (_, said) = ended(2, &["import-archive", &bad, "--data", &new]);
        assert!(said.contains("no archive"), "{said}");
    }
    ended(2, &["import-archive", &folder.path("nowhere"), "--data", &new]);
    assert!(!Path::new(&new).exists());
}

#[test]
fn without_the_keys_a_county_arrives_with_its_personal_values_closed_until_they_come() {
    let folder = Folder::with_county();
    let (data, file, new) = (folder.path("data"), folder.path("file"), folder.path("new"));
    done(&["export", "--archive", &file, "--data", &data]);
    // Nothing of the keys is in it.
    let whole = fs::read(&file).unwrap();
    for name in ["master", "index", "log"] {
        let key = fs::read(folder.path(&format!("data.key/{name}"))).unwrap();
        assert!(!whole.windows(32).any(|bytes| bytes == key));
    }
    let arrived = json(&["import-archive", &file, "--data", &new, "--json"]);
    assert_eq!(arrived["locked"], true);
    assert_eq!(arrived["heads"], verified(&["--data", &new]));
    assert_eq!(figures(&["--data", &new]), figures(&["--data", &data]));
    let names = |row: &&String| row.starts_with("takes_part") && row.contains("sealed b'");
    let sealed = |name: &str| folder.rows(name, &[]).iter().filter(names).count();
    assert!(sealed("data") > 20 && sealed("new") == 0);
    let (_, said) = ended(2, &["export", "--plain", "--data", &new]);
    assert!(said.contains("keys"), "{said}");
    let copied =
        std::process::Command::new("cp").args(["-a", &folder.path("data.key"), &folder.path("new.key")]).status();
    assert!(copied.unwrap().success());
    // Closed rows are no faulty ones, also when the keys are there and nothing has opened them yet.
    assert_eq!(verified(&["--data", &new]), arrived["heads"]);
    assert_eq!(figures(&["--data", &new]), figures(&["--data", &data]));
    assert_eq!(verified(&["--data", &new]), arrived["heads"]);
    // Timers are set again, and the mark that the values were closed is new.
    same(&folder.rows("new", &["setting", "job"]), &folder.rows("data", &["setting", "job"]));
}

#[test]
fn the_keys_of_another_county_are_refused() {
    let folder = Folder::with_county();
    let (file, new) = (folder.path("file"), folder.path("new"));
    done(&["export", "--archive", &file, "--data", &folder.path("data")]);
    done(&["figures", "--data", &folder.path("other")]);
    let (_, said) = ended(2, &["import-archive", &file, "--data", &new, "--key", &folder.path("other.key")]);
    assert!(said.contains("other.key"), "{said}");
    assert!(!Path::new(&new).exists() && !Path::new(&folder.path("new.key")).exists());
    let written = json(&["figures", "--data", &folder.path("other"), "--json"]);
    assert_eq!(written["letters"], json!(0));
}
