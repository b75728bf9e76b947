//! Which crate may depend on which: these arrows and no others.

use toml::Table;

use super::Fault;
use crate::tree::Tree;

/// Crate, and the crates of ours it may name.
const ARROWS: &[(&str, &[&str])] = &[
    ("yanhe-core", &[]),
    ("yanhe-journal", &[]),
    ("yanhe-papers", &["yanhe-core"]),
    ("yanhe-store-read", &["yanhe-core"]),
    ("yanhe-store", &["yanhe-store-read", "yanhe-core", "yanhe-journal", PEERS]),
    ("yanhe-app", &["yanhe-core", "yanhe-journal", "yanhe-store", "yanhe-store-read", "yanhe-papers", PEERS]),
    ("yanhe-web", &["yanhe-app", "yanhe-core", "yanhe-store-read"]),
    (
        "yanhe-server",
        &[
            "yanhe-core",
            "yanhe-journal",
            "yanhe-papers",
            "yanhe-store-read",
            "yanhe-store",
            "yanhe-app",
            "yanhe-web",
            PEERS,
        ],
    ),
    // Makes docs/generated from the law itself.
    ("xtask", &["yanhe-core"]),
    // Runs the program from outside.
    ("yanhe-acceptance", &[PEERS]),
    (PEERS, &[]),
];

/// Real servers for tests.
const PEERS: &str = "yanhe-peers";

/// Outside crates that only some of ours may name, so that SQL, HTML and the network stay in their rooms.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("rusqlite", &["yanhe-store-read", "yanhe-store"]),
    ("tokio-postgres", &["yanhe-store-read", "yanhe-store"]),
    ("askama", &["yanhe-web"]),
    ("axum", &["yanhe-web", "yanhe-server"]),
    ("typst", &["yanhe-papers"]),
    ("tokio", &["yanhe-store-read", "yanhe-store", "yanhe-app", "yanhe-web", "yanhe-server", "yanhe-acceptance"]),
];

/// Checks the manifests of all members.
pub fn check(tree: &Tree, faults: &mut Vec<Fault>) {
    for file in tree.files.iter().filter(|file| file.path.ends_with("/Cargo.toml")) {
        let Ok(manifest) = file.text.parse::<Table>() else {
            faults.push(Fault::of(&file.path, "this is no TOML"));
            continue;
        };
        let name = manifest.get("package").and_then(|p| p.get("name")).and_then(|n| n.as_str()).unwrap_or_default();
        let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| *from == name) else {
            faults.push(Fault::of(&file.path, format!("crate `{name}` is not in the list of arrows")));
            continue;
        };
        for (dependency, _) in dependencies(&manifest) {
            let ours = ARROWS.iter().any(|(from, _)| *from == dependency);
            if ours && !allowed.contains(&dependency.as_str()) {
                faults.push(Fault::of(&file.path, format!("arrow `{name}` -> `{dependency}` is not allowed")));
            }
            if let Some((_, rooms)) = ONLY_IN.iter().find(|(outside, _)| *outside == dependency)
                && !rooms.contains(&name)
            {
                faults.push(Fault::of(&file.path, format!("`{dependency}` belongs in {}", rooms.join(", "))));
            }
        }
    }
}

/// Every dependency of a manifest, of all kinds and targets.
pub fn dependencies(manifest: &Table) -> Vec<(String, toml::Value)> {
    let mut found = Vec::new();
    collect(manifest, &mut found);
    for target in
        manifest.get("target").and_then(|t| t.as_table()).into_iter().flatten().filter_map(|(_, t)| t.as_table())
    {
        collect(target, &mut found);
    }
    found
}

fn collect(table: &Table, found: &mut Vec<(String, toml::Value)>) {
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (name, value) in table.get(kind).and_then(|t| t.as_table()).into_iter().flatten() {
            // A renamed dependency is known by its package.
            let package = value.get("package").and_then(|p| p.as_str()).unwrap_or(name);
            found.push((package.to_owned(), value.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::File;

    fn faults_of(manifest: &str) -> Vec<Fault> {
        let file = File { path: "crates/x/Cargo.toml".into(), text: manifest.into(), rust: None };
        let mut faults = Vec::new();
        check(&Tree { files: vec![file] }, &mut faults);
        faults
    }

    #[test]
    fn the_law_depends_on_nothing_of_ours() {
        let wrong = "[package]\nname = 'yanhe-core'\n[dev-dependencies]\nyanhe-journal.workspace = true";
        assert_eq!(faults_of(wrong).len(), 1);
        assert_eq!(faults_of("[package]\nname = 'yanhe-core'\n[dependencies]\nserde.workspace = true").len(), 0);
    }

    #[test]
    fn pages_reach_no_writer_whatever_it_is_called_there() {
        let renamed =
            "[package]\nname = 'yanhe-web'\n[target.'cfg(unix)'.dependencies]\nw = { package = 'yanhe-store' }";
        assert_eq!(faults_of(renamed).len(), 1);
    }

    #[test]
    fn a_crate_without_arrows_is_a_fault() {
        assert_eq!(faults_of("[package]\nname = 'yanhe-more'").len(), 1);
    }

    #[test]
    fn the_arrows_have_no_circle() {
        for (from, to) in ARROWS {
            let mut seen: Vec<&str> = to.to_vec();
            let mut at = 0;
            while let Some(next) = seen.get(at).copied() {
                assert_ne!(next, *from);
                let further = ARROWS.iter().find(|(name, _)| *name == next).map_or(&[][..], |(_, to)| to);
                seen.extend(further.iter().filter(|name| !seen.contains(name)).copied().collect::<Vec<_>>());
                at += 1;
            }
        }
    }
}
