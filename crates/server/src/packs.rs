//! The pack and the calendar that come with the program, and packs in a directory.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// The files of the pack of Haiyan by name.
pub fn haiyan() -> BTreeMap<String, String> {
    HAIYAN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

/// Published and statutory calendar.
pub fn calendar() -> (String, String) {
    let file = |wanted: &str| CALENDAR.iter().find(|(name, _)| *name == wanted).map_or("", |(_, text)| text).to_owned();
    (file("published.toml"), file("statutory.toml"))
}

/// The files of a pack in a directory: tables (`*.toml`) and templates (`papers/*.typ`).
///
/// # Errors
/// When the directory or a file cannot be read as UTF-8 text.
pub fn read(dir: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for (folder, prefix, ending) in [(dir.to_owned(), "", ".toml"), (dir.join("papers"), "papers/", ".typ")] {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(ending) {
                let text = std::fs::read_to_string(entry.path())
                    .map_err(|e| io::Error::new(e.kind(), format!("{}: {e}", entry.path().display())))?;
                files.insert(format!("{prefix}{name}"), text);
            }
        }
    }
    Ok(files)
}

/// Writes the files of a pack into a directory.
///
/// # Errors
/// When it cannot be written.
pub fn write(dir: &Path, files: &BTreeMap<String, String>) -> io::Result<()> {
    for (name, text) in files {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(dir))?;
        std::fs::write(path, text)?;
    }
    Ok(())
}
