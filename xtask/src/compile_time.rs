//! `cargo xtask compile-time`: how long a machine with nothing built waits, and how long after a change of the law.

#![expect(clippy::disallowed_methods, reason = "measures how long something takes")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::Problem;

/// Builds `yanhe` in a directory of its own, cold and then after a change, and says how long each took.
///
/// # Errors
/// When a build fails.
pub fn run(root: &Path) -> Result<String, Problem> {
    let target = root.join("target/compile-time");
    if target.exists() {
        fs::remove_dir_all(&target).map_err(|e| format!("`{}`: {e}", target.display()))?;
    }
    let cold = build(root, &target)?;
    let mut table = format!("| build | seconds |\n| --- | ---: |\n| from nothing | {cold} |\n");
    for path in ["crates/core/src/lib.rs", "crates/web/src/lib.rs", "crates/server/src/main.rs"] {
        touch(&root.join(path))?;
        table.push_str(&format!("| after a change of `{path}` | {} |\n", build(root, &target)?));
    }
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    Ok(format!("{table}\non {cores} cores, profile dev"))
}

fn build(root: &Path, target: &Path) -> Result<u64, Problem> {
    let start = Instant::now();
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--locked", "--bin", "yanhe", "--target-dir"])
        .arg(target)
        .current_dir(root)
        .status()
        .map_err(|e| format!("`cargo build`: {e}"))?;
    status.success().then(|| start.elapsed().as_secs()).ok_or_else(|| "`cargo build` failed".to_owned())
}

/// Writes the file again as it is, so that its time of change is now.
fn touch(path: &Path) -> Result<(), Problem> {
    let problem = |e: std::io::Error| format!("`{}`: {e}", path.display());
    let text = fs::read(path).map_err(problem)?;
    fs::write(path, text).map_err(problem)
}
