//! A county with some cases, in a directory that goes away with the test.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

/// A directory that is gone when the test is over.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("yanhe-moving-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&root).unwrap();
        Self(root)
    }

    /// A folder with a copy of the county in `data`.
    pub fn with_county() -> Self {
        static COUNTY: OnceLock<Folder> = OnceLock::new();
        let county = COUNTY.get_or_init(|| {
            let made = Self::new();
            done(&["generate", "--dossiers", "24", "--data", &made.path("data")]);
            made
        });
        let own = Self::new();
        let copied = Command::new("cp").arg("-a").arg(county.0.join(".")).arg(&own.0).status().unwrap();
        assert!(copied.success());
        own
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// All rows of the directory `name`, except those of some tables.
    pub fn rows(&self, name: &str, left_out: &[&str]) -> Vec<String> {
        let database = self.0.join(name).join("yanhe.sqlite3").display().to_string();
        let shown = script("rows.py", &[&[database.as_str()], left_out].concat());
        shown.lines().map(str::to_owned).collect()
    }
}

impl Folder {
    /// The timers of the directory `name`.
    pub fn jobs(&self, name: &str) -> Vec<String> {
        self.rows(name, &[]).into_iter().filter(|row| row.starts_with("job ")).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The next run uses another name: a directory left over does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn yanhe(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yanhe")).args(arguments).output().unwrap()
}

/// What the program printed when it must have ended well.
pub fn done(arguments: &[&str]) -> String {
    ended(0, arguments).0
}

/// What it printed on both outputs when it must have ended with a code.
pub fn ended(code: i32, arguments: &[&str]) -> (String, String) {
    let output = yanhe(arguments);
    let (out, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {out} {said}");
    (out, said)
}

/// The same as one JSON document.
pub fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&done(arguments)).unwrap()
}

/// Runs a script that shares no code with the program; gives what it prints.
pub fn script(name: &str, arguments: &[&str]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests").join(name);
    let output = Command::new("python3").arg(path).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Two lists of rows are the same; the first that differs is shown.
pub fn same(a: &[String], b: &[String]) {
    for (a, b) in a.iter().zip(b) {
        assert_eq!(a, b);
    }
    assert_eq!(a.len(), b.len());
}
