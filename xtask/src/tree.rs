//! The files of the repository, read once.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::Problem;
use crate::scan::{self, Scanned};

/// A file with text in it.
pub struct File {
    /// Path from the root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// What the scanner found, for Rust files.
    pub rust: Option<Scanned>,
}

/// All text files, in the order of their paths. Binary ones (fonts, spreadsheets, pictures) are left out.
pub struct Tree {
    /// The files.
    pub files: Vec<File>,
}

/// Directories that are made, at the root only.
const MADE: &[&str] = &[".git", "target", "data"];

impl Tree {
    /// Reads the repository.
    ///
    /// # Errors
    /// When a directory or a file cannot be read.
    pub fn read(root: &Path) -> Result<Self, Problem> {
        let mut files = Vec::new();
        walk(root, "", &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        mark_test_modules(&mut files);
        Ok(Self { files })
    }

    /// The Rust files with what the scanner found.
    pub fn rust(&self) -> impl Iterator<Item = (&File, &Scanned)> {
        self.files.iter().filter_map(|file| Some((file, file.rust.as_ref()?)))
    }

    /// A file by path.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}

fn walk(root: &Path, below: &str, files: &mut Vec<File>) -> Result<(), Problem> {
    let dir = root.join(below);
    for entry in fs::read_dir(&dir).map_err(|e| format!("`{}`: {e}", dir.display()))? {
        let entry = entry.map_err(|e| format!("`{}`: {e}", dir.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if below.is_empty() && MADE.contains(&name.as_str()) {
            continue;
        }
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        let kind = entry.file_type().map_err(|e| format!("`{path}`: {e}"))?;
        if kind.is_dir() {
            walk(root, &path, files)?;
        } else if kind.is_file() {
            match fs::read_to_string(entry.path()) {
                Ok(text) => {
                    let rust = path.ends_with(".rs").then(|| scan::scan(&text, is_test_path(&path)));
                    files.push(File { path, text, rust });
                }
                // Binary, or removed since the directory was listed.
                Err(e) if matches!(e.kind(), ErrorKind::InvalidData | ErrorKind::NotFound) => {}
                Err(e) => return Err(format!("`{path}`: {e}")),
            }
        }
    }
    Ok(())
}

fn is_test_path(path: &str) -> bool {
    path.contains("/tests/") || path.starts_with("tests/") || path.ends_with("/tests.rs") || path.ends_with("_tests.rs")
}

/// A file that is only compiled as `#[cfg(test)] mod name;` is a test as a whole.
fn mark_test_modules(files: &mut [File]) {
    let declared: Vec<String> = files
        .iter()
        .filter_map(|file| Some((&file.path, file.rust.as_ref()?)))
        .flat_map(|(path, rust)| {
            let stem = module_dir(path);
            rust.test_modules.iter().map(move |name| format!("{stem}/{name}")).collect::<Vec<_>>()
        })
        .collect();
    for file in files {
        let test = declared.iter().any(|module| {
            file.path == format!("{module}.rs")
                || file.path.strip_prefix(module).is_some_and(|rest| rest.starts_with('/'))
        });
        if test {
            file.rust = Some(scan::scan(&file.text, true));
        }
    }
}

/// Where the modules that a file declares are.
pub fn module_dir(path: &str) -> String {
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "lib.rs" | "main.rs" | "mod.rs" => dir.to_owned(),
        _ => path.trim_end_matches(".rs").to_owned(),
    }
}
