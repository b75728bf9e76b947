//! `cargo xtask tidy`: the rules of the repository that neither the compiler nor clippy can hold.

mod arrows;
mod docs;
mod licences;
mod manifest;
mod sources;
mod words;

use std::fmt;
use std::path::Path;

use crate::Problem;
use crate::tree::Tree;

/// A broken rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Path from the root.
    path: String,
    /// Line from 1; 0 for the whole file.
    line: usize,
    /// What is wrong.
    what: String,
}

impl Fault {
    /// A fault on a line.
    fn at(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }

    /// A fault of a whole file.
    fn of(path: &str, what: impl Into<String>) -> Self {
        Self::at(path, 0, what)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

/// Checks every rule.
///
/// # Errors
/// The list of faults, or what could not be read.
pub fn run(root: &Path) -> Result<String, Problem> {
    let tree = Tree::read(root)?;
    let mut faults = Vec::new();
    arrows::check(&tree, &mut faults);
    manifest::check(&tree, &mut faults);
    sources::check(&tree, &mut faults);
    words::check(&tree, &mut faults);
    docs::check(&tree, &mut faults);
    let packages = licences::check(root, &mut faults)?;
    faults.sort();
    faults.dedup();
    if faults.is_empty() {
        return Ok(format!(
            "tidy: {} text files, {packages} packages with an accepted licence from the registry",
            tree.files.len()
        ));
    }
    let list: Vec<String> = faults.iter().map(Fault::to_string).collect();
    Err(format!("{}\ntidy: {} faults", list.join("\n"), faults.len()))
}
