//! What documents say of the code is there: tables, paths, names.

use super::Fault;
use crate::scan::has_word;
use crate::tree::{File, Tree};

const ARCHITECTURE: &str = "docs/ARCHITECTURE.md";
const GLOSSARY: &str = "docs/glossary.md";

/// Beginnings of what a document means as a path of the repository.
const PATHS: &[&str] = &["crates/", "xtask/", "packs/", "migrations/", "assets/", "demo/", "docs/"];

/// Checks the documents.
pub fn check(tree: &Tree, faults: &mut Vec<Fault>) {
    tables(tree, faults);
    names(tree, faults);
    let written_by_hand = |file: &&File| file.path.ends_with(".md") && !file.path.starts_with("docs/generated/");
    for file in tree.files.iter().filter(written_by_hand) {
        paths(tree, file, faults);
    }
}

/// Every table is in the list of what can and what cannot be made again from the journal.
fn tables(tree: &Tree, faults: &mut Vec<Fault>) {
    let Some(page) = tree.get(ARCHITECTURE) else { return faults.push(Fault::of(ARCHITECTURE, "is missing")) };
    for file in tree.files.iter().filter(|file| file.path.starts_with("migrations/") && file.path.ends_with(".sql")) {
        let make = ["CREATE", "TABLE "].join(" ");
        for (line, text) in file.text.lines().enumerate() {
            let Some(rest) = text.trim().strip_prefix(&make) else { continue };
            let name = rest.split([' ', '(']).next().unwrap_or_default();
            if !page.text.contains(&format!("`{name}`")) {
                faults.push(Fault::at(
                    &file.path,
                    line + 1,
                    format!("{ARCHITECTURE} does not say what `{name}` is if lost"),
                ));
            }
        }
    }
}

/// The third column of the glossary holds names that are in the code.
fn names(tree: &Tree, faults: &mut Vec<Fault>) {
    let Some(page) = tree.get(GLOSSARY) else { return faults.push(Fault::of(GLOSSARY, "is missing")) };
    for (line, text) in page.text.lines().enumerate() {
        let Some(cell) = text.strip_prefix('|').and_then(|row| row.split('|').nth(2)) else { continue };
        for name in quoted(cell) {
            let known = tree.rust().any(|(_, rust)| rust.all().any(|(_, code)| has_word(code, name)));
            if !known {
                faults.push(Fault::at(GLOSSARY, line + 1, format!("`{name}` is not in the code")));
            }
        }
    }
}

/// Paths in backquotes and targets of links exist.
fn paths(tree: &Tree, file: &File, faults: &mut Vec<Fault>) {
    let exists = |path: &str| {
        let path = path.trim_end_matches('/');
        let below = format!("{path}/");
        // What is not text (pictures, fonts) is not in the tree.
        tree.files.iter().any(|f| f.path == path || f.path.starts_with(&below)) || crate::root().join(path).exists()
    };
    let dir = file.path.rsplit_once('/').map_or("", |(dir, _)| dir);
    for (line, text) in file.text.lines().enumerate() {
        let plain = |path: &&str| PATHS.iter().any(|p| path.starts_with(p)) && !path.contains([' ', '*', '{']);
        for path in quoted(text).filter(plain).filter(|path| !path.contains("NAME")) {
            if !exists(path) {
                faults.push(Fault::at(&file.path, line + 1, format!("`{path}` does not exist")));
            }
        }
        for target in links(text) {
            let path = if dir.is_empty() { target.to_owned() } else { format!("{dir}/{target}") };
            if !exists(&path) {
                faults.push(Fault::at(&file.path, line + 1, format!("link to `{target}` leads nowhere")));
            }
        }
    }
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Targets of links within the repository.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|to| !to.is_empty() && !to.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan;

    fn file(path: &str, text: &str) -> File {
        let rust = path.ends_with(".rs").then(|| scan::scan(text, false));
        File { path: path.into(), text: text.into(), rust }
    }

    fn faults_of(architecture: &str, glossary: &str) -> Vec<String> {
        let table = ["CREATE", "TABLE", "seat ("].join(" ");
        let files = vec![
            file("migrations/sqlite/0001_init.sql", &table),
            file("crates/core/src/seat.rs", "struct Seat;"),
            file(ARCHITECTURE, architecture),
            file(GLOSSARY, glossary),
        ];
        let mut faults = Vec::new();
        check(&Tree { files }, &mut faults);
        faults.iter().map(Fault::to_string).collect()
    }

    #[test]
    fn every_table_is_accounted_for_and_every_word_is_in_the_code() {
        assert!(faults_of("`seat`", "| 座 | seat | `Seat` | |").is_empty());
        assert_eq!(faults_of("`chair`", "| 座 | seat | `Seat` | |").len(), 1);
        assert_eq!(faults_of("`seat`", "| 座 | seat | `Chair` | |").len(), 1);
    }

    #[test]
    fn paths_and_links_lead_somewhere() {
        assert!(faults_of("`seat` [x](glossary.md) `crates/core/src/seat.rs`", "").is_empty());
        assert_eq!(faults_of("`seat` [x](nowhere.md) `crates/core/src/chair.rs`", "").len(), 2);
    }
}
