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

/// The first line with content of a `pack.toml` that is laid over the pack of Haiyan.
const BASE: &str = "base = \"haiyan\"";
/// Rules of such a pack, which are added to those of its base.
const LOCAL: &str = "rules.local.toml";

/// The files of a pack in a directory: tables (`*.toml`) and templates (`papers/*.typ`). A pack whose `pack.toml` says
/// `base = "haiyan"` holds only what differs: a file of its own stands instead of one of the same name, and the rules in
/// `rules.local.toml` are added.
///
/// # Errors
/// When the directory or a file cannot be read as UTF-8 text.
pub fn read(dir: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut own = files(dir)?;
    let Some(pack) = own.get("pack.toml").filter(|pack| pack.lines().any(|line| line == BASE)) else { return Ok(own) };
    // The lines keep their numbers.
    let pack = pack.lines().map(|line| if line == BASE { "" } else { line }).collect::<Vec<_>>().join("\n");
    own.insert("pack.toml".to_owned(), pack);
    let local = own.remove(LOCAL);
    let mut all = haiyan();
    all.extend(own);
    if let (Some(local), Some(rules)) = (local, all.get_mut("rules.toml")) {
        rules.push('\n');
        rules.push_str(&local);
    }
    Ok(all)
}

fn files(dir: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for (folder, prefix, ending) in [(dir.to_owned(), "", ".toml"), (dir.join("papers"), "papers/", ".typ")] {
        if !prefix.is_empty() && !folder.exists() {
            continue;
        }
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
