//! Writing a county into a file, as it is at one moment, while others go on writing.
//!
//! The database is read first, all of it as of one moment, and the stored files afterwards: a file is there before the
//! event that names it, so none can be missing.

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Map, Value as Json, json};
use yanhe_core::Timestamp;
use yanhe_journal::{Hash, Head as StreamHead, heads};
use yanhe_store_read::views::carried::{self, Carried};
use yanhe_store_read::{Reader, Value};

use super::container::{HEAD, Packer};
use super::{ArchiveError, FORMAT, Head, Moved};
use crate::error::AppError;
use crate::walk::{Recorded, Walk};

/// Rows read at once.
const PAGE: u32 = 2_000;
/// A member of lines is closed when it has so many bytes.
const FULL: usize = 4 << 20;
/// Folders of a data directory that go with it, as they are.
pub(super) const FOLDERS: &[&str] = &["pack", "fonts", "blobs", "uploads"];

/// Writes the county of a data directory into a new file, sealed by a key when one is given with a nonce used once.
/// `progress` is told how much of how much is done. Needs none of the directory's keys and changes nothing.
///
/// # Errors
/// See [`ArchiveError`]; then there is no file.
pub async fn leave(
    (data, database): (&Path, Option<&str>),
    jurisdiction: &str,
    file: &Path,
    seal: Option<(&[u8; 32], [u8; 19])>,
    now: Timestamp,
    progress: impl Fn(u64, u64),
) -> Result<Moved, ArchiveError> {
    let reader = Reader::open(data, database, jurisdiction).await?.frozen().await?;
    let mut packer = Packer::create(file, seal)?;
    let all = reader.entry_count().await?;
    let head = Head {
        format: FORMAT.to_owned(),
        jurisdiction: jurisdiction.to_owned(),
        at: now.as_microsecond(),
        entries: all,
    };
    packer.add(HEAD, crate::json(&head).as_bytes())?;
    // In front of the streams: it says which keys they need.
    let (settings, others) = carried::ALL.split_at(1);
    for table in settings {
        carry(&reader, table, &mut packer).await?;
    }
    let mut moved = Moved { jurisdiction: jurisdiction.to_owned(), ..Moved::default() };
    let (mut lines, mut part, mut ends) = (Vec::new(), 0, Vec::new());
    let mut walk = Walk::new(&reader);
    while let Some(streams) = walk.next().await? {
        for stream in streams {
            moved.streams += 1;
            moved.entries += stream.entries.len() as u64;
            ends.push(write_stream(&stream, &mut lines)?);
            if lines.len() >= FULL {
                part += 1;
                packer.add_lines(&format!("streams/{part:06}.jsonl.gz"), &lines)?;
                lines.clear();
            }
        }
        progress(moved.entries, all.max(moved.entries));
    }
    if !lines.is_empty() {
        packer.add_lines(&format!("streams/{:06}.jsonl.gz", part + 1), &lines)?;
    }
    moved.heads = heads::digest(&ends);
    for table in others {
        carry(&reader, table, &mut packer).await?;
    }
    // From here on the database need not be held as it was.
    drop(reader);
    for folder in FOLDERS {
        for (name, path) in files(data, folder)? {
            let bytes = match fs::read(&path) {
                Ok(bytes) => bytes,
                // What was put aside, and its day is over.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound && *folder == "uploads" => continue,
                Err(error) => return Err(ArchiveError::file(&path)(error)),
            };
            packer.add(&name, &bytes)?;
            moved.files += u64::from(*folder == "blobs");
        }
    }
    packer.finish()?;
    Ok(moved)
}

/// The rows of a table that moves as it is.
async fn carry(reader: &Reader, table: &'static Carried, packer: &mut Packer) -> Result<(), ArchiveError> {
    let (mut after, mut lines, mut part): (Option<Vec<Value>>, Vec<u8>, usize) = (None, Vec::new(), 0);
    loop {
        let rows = reader.carried(table, after.as_deref(), PAGE).await?;
        let last = rows.len() < PAGE as usize;
        for row in &rows {
            let fields: Map<String, Json> =
                table.columns.iter().zip(row).map(|((name, _), value)| ((*name).to_owned(), shown(value))).collect();
            line(&mut lines, &Json::Object(fields));
        }
        if lines.len() >= FULL || (last && !lines.is_empty()) {
            part += 1;
            packer.add_lines(&format!("rows/{}/{part:06}.jsonl.gz", table.name), &lines)?;
            lines.clear();
        }
        if last {
            return Ok(());
        }
        after = rows.into_iter().next_back();
    }
}

/// A stream in lines: its name with its keys, then its entries. Gives its head.
fn write_stream(stream: &Recorded, lines: &mut Vec<u8>) -> Result<StreamHead, ArchiveError> {
    let damaged = |problem: &str| {
        let problem = format!("{problem}: `yanhe verify` says more");
        ArchiveError::App(AppError::Unreadable { stream: stream.name.clone(), problem })
    };
    let keys: Vec<Json> = stream
        .keys
        .iter()
        .map(|key| json!({"person": key.person, "master": key.master, "wrapped": BASE64.encode(&key.wrapped)}))
        .collect();
    line(lines, &json!({"stream": stream.name, "keys": keys}));
    let mut end = StreamHead { stream: stream.name.clone(), version: 0, hash: [0; 32] };
    for entry in &stream.entries {
        let body = std::str::from_utf8(&entry.body).map_err(|_| damaged("a body is no text"))?;
        let hash: Hash = entry.hash.as_slice().try_into().map_err(|_| damaged("a hash of another length"))?;
        line(
            lines,
            &json!({
                "version": entry.version,
                "position": entry.position,
                "at": entry.at,
                "actor": entry.actor,
                "kind": entry.kind,
                "body_version": entry.body_version,
                "body": body,
                "hash": HEXLOWER.encode(&hash),
            }),
        );
        (end.version, end.hash) = (entry.version, hash);
    }
    Ok(end)
}

fn line(lines: &mut Vec<u8>, value: &Json) {
    lines.extend_from_slice(value.to_string().as_bytes());
    lines.push(b'\n');
}

fn shown(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(n) => (*n).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Blob(bytes) => BASE64.encode(bytes).into(),
    }
}

/// The files below a folder of a data directory, by name. One that is still being written has another name.
fn files(data: &Path, folder: &str) -> Result<Vec<(String, PathBuf)>, ArchiveError> {
    let (mut found, mut folders) = (Vec::new(), vec![(folder.to_owned(), data.join(folder))]);
    while let Some((name, path)) = folders.pop() {
        let entries = match fs::read_dir(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            other => other.map_err(ArchiveError::file(&path))?,
        };
        for entry in entries {
            let entry = entry.map_err(ArchiveError::file(&path))?;
            let Ok(own) = entry.file_name().into_string() else { continue };
            let (name, path) = (format!("{name}/{own}"), entry.path());
            if path.is_dir() {
                folders.push((name, path));
            } else if !own.contains(".part-") {
                found.push((name, path));
            }
        }
    }
    found.sort();
    Ok(found)
}
