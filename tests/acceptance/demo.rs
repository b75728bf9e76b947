//! The played half year: once for all tests, and copies of it for those that change something.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, id};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

use crate::county::copy;

/// The program that is tried.
pub fn program() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        let own = std::env::current_exe().expect("a path of this test");
        // target/PROFILE/deps/acceptance-HASH
        let beside = own.ancestors().nth(2).expect("a target directory").join("yanhe");
        let found = std::env::var_os("YANHE_BIN").map_or(beside, PathBuf::from);
        assert!(found.exists(), "`{}` is missing: cargo build --bin yanhe", found.display());
        found
    })
}

/// Runs the program to its end.
pub fn run(arguments: &[&str]) -> Output {
    Command::new(program()).args(arguments).output().expect("the program starts")
}

/// What the program printed as one JSON document. It must have ended with `code`.
pub fn json(code: i32, arguments: &[&str]) -> Value {
    let output = run(arguments);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {complaint}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{arguments:?}: {e}: {complaint}"))
}

/// The files of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("a root").to_owned()
}

/// The folder of this run. Folders of runs that have ended are taken away, so that they never pile up.
pub fn folder() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("acceptance");
        fs::create_dir_all(&all).expect("a folder for what is played");
        for entry in fs::read_dir(&all).expect("a folder").flatten() {
            if !Path::new("/proc").join(entry.file_name()).exists() {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let own = all.join(id().to_string());
        fs::create_dir_all(&own).expect("a folder for what is played");
        own
    })
}

/// Plays a half year into a directory of this run.
pub fn play(name: &str, seed: &str) -> PathBuf {
    let dir = folder().join(name);
    let output = run(&["demo", "--data", path(&dir), "--seed", seed, "--no-serve"]);
    assert!(output.status.success(), "the demo cannot be played: {}", String::from_utf8_lossy(&output.stderr));
    dir
}

/// The half year that all tests look at. Nothing may change it: see [`Copy`]. While somebody writes tests,
/// `YANHE_PLAYED` can name one that was played with seed 1 before.
pub fn played() -> &'static Path {
    &halves().0
}

/// The half year to look at, and the same untouched for copies: who only reads it makes files beside the database all the
/// same and takes them away again, also in the middle of a copy.
fn halves() -> &'static (PathBuf, PathBuf) {
    static PLAYED: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    PLAYED.get_or_init(|| {
        let played = std::env::var_os("YANHE_PLAYED").map_or_else(|| play("demo", "1"), PathBuf::from);
        let untouched = folder().join("untouched");
        copy(&played, &untouched);
        copy(&keys(&played), &keys(&untouched));
        (played, untouched)
    })
}

/// Every event of the half year, as `yanhe export --plain` writes them, and the lines themselves.
pub fn events() -> &'static (String, Vec<Value>) {
    static EVENTS: OnceLock<(String, Vec<Value>)> = OnceLock::new();
    EVENTS.get_or_init(|| {
        // The export is itself journalled.
        let copy = Copy::new();
        let output = run(&["export", "--plain", "--data", copy.path()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).expect("JSON lines are UTF-8");
        let events = lines.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
        (lines, events)
    })
}

/// A path as an argument.
pub fn path(path: &Path) -> &str {
    path.to_str().expect("paths of tests are UTF-8")
}

/// A copy of the half year with its keys, taken away when it is dropped.
pub struct Copy {
    dir: PathBuf,
}

impl Copy {
    /// Copies the played half year.
    pub fn new() -> Self {
        static COPIES: AtomicU32 = AtomicU32::new(0);
        let from = &halves().1;
        let dir = folder().join(format!("copy-{}", COPIES.fetch_add(1, Ordering::Relaxed)));
        copy(from, &dir);
        copy(&keys(from), &keys(&dir));
        Self { dir }
    }

    /// Its directory, as an argument.
    pub fn path(&self) -> &str {
        path(&self.dir)
    }

    /// Its directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
        let _ = fs::remove_dir_all(keys(&self.dir));
    }
}

/// The directory of the keys lies beside the data.
fn keys(dir: &Path) -> PathBuf {
    let mut name = dir.as_os_str().to_owned();
    name.push(".key");
    name.into()
}
