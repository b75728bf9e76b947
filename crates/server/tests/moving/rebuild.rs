//! What comes from the journal is made anew as it was.

use serde_json::json;

use crate::support::*;

#[test]
fn rows_that_were_lost_altered_or_added_are_made_anew_as_they_were() {
    let folder = Folder::with_county();
    let data = folder.path("data");
    let (before, jobs) = (folder.rows("data", &["job"]), folder.jobs("data"));
    assert!(before.len() > 500 && jobs.len() > 10, "{} {}", before.len(), jobs.len());
    let figures = json(&["figures", "--data", &data, "--json"]);
    script("spoil.py", &[&folder.path("data/yanhe.sqlite3")]);
    assert_ne!(folder.rows("data", &["job"]), before);
    assert_ne!(folder.jobs("data"), jobs);
    let rebuilt = json(&["rebuild", "--data", &data, "--json"]);
    assert!(rebuilt["streams"].as_u64().unwrap() > 100, "{rebuilt}");
    same(&folder.rows("data", &["job"]), &before);
    // No timer is lost. Follow-ups that were carried out are set again, and will find nothing to do.
    let again = folder.jobs("data");
    assert!(jobs.iter().all(|job| again.contains(job)));
    assert!(again.iter().all(|job| jobs.contains(job) || job.split(' ').nth(4) == Some("0")), "{again:#?}");
    assert_eq!(json(&["figures", "--data", &data, "--json"]), figures);
    assert_eq!(json(&["verify", "--data", &data, "--json"])["ok"], true);
    // Nothing is left of the work.
    assert!(!std::path::Path::new(&folder.path("data/rebuild.sqlite3")).exists());
}

#[test]
fn a_row_that_is_not_what_its_events_amount_to_is_found_by_kind_and_stream() {
    let folder = Folder::with_county();
    let data = folder.path("data");
    let stream = script("spoil.py", &[&folder.path("data/yanhe.sqlite3"), "row"]);
    let (out, _) = ended(1, &["verify", "--data", &data, "--json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&report["fault"]["kind"], &report["fault"]["stream"]), (&json!("rows"), &json!(stream.trim())));
    done(&["rebuild", "--data", &data]);
    assert_eq!(json(&["verify", "--data", &data, "--json"])["ok"], true);
}

#[test]
fn what_is_wrong_with_the_journal_is_said_before_what_is_wrong_with_its_rows() {
    let folder = Folder::with_county();
    let database = folder.path("data/yanhe.sqlite3");
    script("spoil.py", &[&database, "row"]);
    script("tamper.py", &[&database, "vanish-with-leaves"]);
    let (out, _) = ended(1, &["verify", "--data", &folder.path("data"), "--json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["fault"]["kind"], "checkpoint", "{report}");
}

#[test]
fn rows_are_not_made_without_the_keys() {
    let folder = Folder::with_county();
    let data = folder.path("data");
    let before = folder.rows("data", &[]);
    std::fs::rename(folder.path("data.key"), folder.path("elsewhere")).unwrap();
    let (_, said) = ended(2, &["rebuild", "--data", &data]);
    assert!(said.contains("data.key"), "{said}");
    same(&folder.rows("data", &[]), &before);
}
