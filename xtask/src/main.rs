//! The repository's own tools: `cargo xtask tidy`, `cargo xtask codegen [--check]`, `cargo xtask compile-time`.

mod codegen;
mod compile_time;
mod scan;
mod tidy;
mod tree;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What went wrong, as a sentence for the terminal.
type Problem = String;

const USAGE: &str = "cargo xtask tidy             holds the rules of docs/ARCHITECTURE.md
cargo xtask codegen          writes docs/generated
cargo xtask codegen --check  fails when docs/generated is stale
cargo xtask compile-time     measures a cold and an incremental build of `yanhe`";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["tidy"] => tidy::run(root()),
        ["codegen"] => codegen::run(root(), codegen::Mode::Write),
        ["codegen", "--check"] => codegen::run(root(), codegen::Mode::Check),
        ["compile-time"] => compile_time::run(root()),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(64);
        }
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// The repository: the directory above this crate.
fn root() -> &'static Path {
    static ROOT: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    ROOT.get_or_init(|| Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf))
}
