//! What every manifest says: lints, licence and versions come from the workspace.

use toml::{Table, Value};

use super::{Fault, arrows};
use crate::tree::Tree;

/// Checks the root's manifest and those of the members.
pub fn check(tree: &Tree, faults: &mut Vec<Fault>) {
    for file in tree.files.iter().filter(|file| file.path.ends_with("Cargo.toml")) {
        let Ok(manifest) = file.text.parse::<Table>() else { continue };
        let mut say = |what: String| faults.push(Fault::of(&file.path, what));
        if file.path == "Cargo.toml" {
            root(&manifest, &mut say);
        } else {
            member(&manifest, &mut say);
        }
    }
    // Warnings are errors where everything is checked, and not while somebody is writing.
    if tree.get("test").is_none_or(|file| !file.text.contains("-- -D warnings")) {
        faults.push(Fault::of("test", "clippy must be run with `-D warnings`"));
    }
    if tree.get("Cargo.lock").is_none() {
        faults.push(Fault::of("Cargo.lock", "the lock file is missing"));
    }
}

fn at<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(key))
}

fn root(manifest: &Table, say: &mut impl FnMut(String)) {
    let expected: &[(&[&str], Value)] = &[
        (&["workspace", "lints", "rust", "unsafe_code"], "forbid".into()),
        (&["workspace", "lints", "clippy", "disallowed_methods"], "deny".into()),
        (&["workspace", "lints", "clippy", "allow_attributes_without_reason"], "deny".into()),
        (&["workspace", "package", "license"], "AGPL-3.0-or-later".into()),
        (&["profile", "release", "overflow-checks"], true.into()),
    ];
    for (path, value) in expected {
        if at(manifest, path) != Some(value) {
            say(format!("`{}` must be {value:?}", path.join(".")));
        }
    }
    for (name, value) in at(manifest, &["workspace", "dependencies"]).and_then(Value::as_table).into_iter().flatten() {
        let outside = ["git", "registry", "registry-index"].iter().any(|key| value.get(key).is_some());
        let path = value.get("path").and_then(Value::as_str).unwrap_or("crates/");
        if outside || !(path.starts_with("crates/") || path.starts_with("tests/")) {
            say(format!("dependency `{name}` must come from the registry"));
        }
        if value.as_str() == Some("*") || value.get("version").and_then(Value::as_str) == Some("*") {
            say(format!("dependency `{name}` must name a version"));
        }
    }
}

fn member(manifest: &Table, say: &mut impl FnMut(String)) {
    for path in [["lints"].as_slice(), &["package", "license"], &["package", "edition"], &["package", "rust-version"]] {
        if at(manifest, path).and_then(|value| value.get("workspace")) != Some(&Value::Boolean(true)) {
            say(format!("`{}` must come from the workspace", path.join(".")));
        }
    }
    for (name, value) in arrows::dependencies(manifest) {
        if value.get("workspace") != Some(&Value::Boolean(true)) {
            say(format!("dependency `{name}` must come from the workspace, where its version stands once"));
        }
    }
}
