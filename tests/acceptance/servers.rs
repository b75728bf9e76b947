//! The program on PostgreSQL: the same half year as on SQLite.

use yanhe_peers::postgres::Cluster;

use crate::demo::{folder, json, path, played, run};

#[test]
fn the_half_year_is_the_same_on_postgresql() {
    let (dir, url) = (folder().join("on-a-server"), Cluster::shared().database());
    let output = run(&["demo", "--data", path(&dir), "--database", &url, "--seed", "1", "--no-serve"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let on = |command: &str| json(0, &[command, "--data", path(&dir), "--database", &url, "--json"]);
    assert_eq!(on("figures"), json(0, &["figures", "--data", path(played()), "--json"]));
    let (here, there) = (json(0, &["verify", "--data", path(played()), "--json"]), on("verify"));
    assert_eq!((&there["ok"], &there["heads"]), (&true.into(), &here["heads"]));
}
