//! Puts the pack of Haiyan and the calendar into the program, so that a new data directory needs no other file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let packs =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../packs").canonicalize()?;
    println!("cargo::rerun-if-changed={}", packs.display());
    let mut code = String::new();
    for (name, dir) in [("HAIYAN", "haiyan"), ("CALENDAR", "calendar")] {
        let mut files = BTreeMap::new();
        collect(&packs.join(dir), "", &mut files)?;
        let _ = writeln!(code, "pub const {name}: &[(&str, &str)] = &[");
        for (file, path) in files {
            let _ = writeln!(code, "    ({file:?}, include_str!({:?})),", path.display().to_string());
        }
        code.push_str("];\n");
    }
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("packs.rs"), code)
}

/// The files that a pack consists of: tables and templates. Samples are for tests.
fn collect(dir: &Path, prefix: &str, files: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else if name.ends_with(".toml") || name.ends_with(".typ") {
            files.insert(name, entry.path());
        }
    }
    Ok(())
}
