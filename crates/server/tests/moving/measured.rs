//! `yanhe bench all`: one table in one run, of both databases, and a picture.

use serde_json::Value;

use crate::support::{Folder, json};

/// The row of a figure.
fn row<'a>(found: &'a Value, name: &str, database: &str, of: (&str, u64)) -> &'a Value {
    let rows = found["rows"].as_array().unwrap();
    let fits = |row: &&Value| row["name"] == name && row["database"] == database && row[of.0] == of.1;
    rows.iter().find(fits).unwrap_or_else(|| panic!("no `{name}` of {database} with {of:?}: {found}"))
}

fn positive(row: &Value, keys: &[&str]) {
    for key in keys {
        assert!(row[*key].as_f64().is_some_and(|value| value > 0.0), "`{key}`: {row}");
    }
}

#[test]
fn one_run_measures_commands_pages_start_and_memory_on_both_databases() {
    let folder = Folder::new();
    let (picture, sizes) = (folder.path("cost.svg"), folder.path("sizes"));
    // Not fewer requests: the kernel tells the processor's time of a running thread every few milliseconds only.
    let few = ["--sizes", "12", "--clients", "1,4", "--matters", "8", "--requests", "20", "--seconds", "6"];
    let found = json(&[&["bench", "all", "--json", "--plot", &picture, "--data", &sizes][..], &few].concat());
    assert_eq!(found["left_out"], Value::Array(Vec::new()), "{found}");
    for database in ["sqlite", "postgres"] {
        for clients in [1, 4] {
            let row = row(&found, "commands", database, ("clients", clients));
            positive(row, &["value", "raw", "ratio", "p50_ms", "p99_ms"]);
            assert_eq!(row["unit"], "commands/s");
        }
        let of = |name| row(&found, name, database, ("dossiers", 12));
        for page in [
            "work_clerk",
            "dossiers",
            "dossier",
            "board",
            "search_number",
            "search_name",
            "search_phone",
            "search_words",
        ] {
            positive(of(page), &["value", "raw", "ratio", "p50_ms", "p99_ms", "cpu_us"]);
            assert_eq!(of(page)["unit"], "ms");
        }
        assert_eq!((&of("start")["unit"], &of("memory")["unit"]), (&"s".into(), &"MB".into()));
        for other in ["start", "memory", "bytes_per_event"] {
            positive(of(other), &["value"]);
        }
    }
    let drawn = std::fs::read_to_string(&picture).unwrap();
    assert!(drawn.starts_with("<svg") && drawn.contains(">board</text>"), "{drawn}");
}
