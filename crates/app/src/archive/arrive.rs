//! Reading a county from a file into a new place: every member is checked before anything is stored, every stream is
//! checked by its chain and replayed into its rows, and all of it is there at once or not at all.

use std::fs::{self, DirBuilder};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::Value as Json;
use yanhe_core::{Ids, PersonId, StreamId};
use yanhe_journal::merkle::Tree;
use yanhe_journal::{Entry, Hash, Head as StreamHead, genesis, heads, unhex};
use yanhe_store::arrival::{Arrival, Placed};
use yanhe_store::commit::WrappedKey;
use yanhe_store_read::Value;
use yanhe_store_read::views::carried::{Carried, Holds};
use yanhe_store_read::views::journal::EntryView;
use yanhe_store_read::views::office::KeyView;

use super::container::{HEAD, Unpacker, lines};
use super::leave::FOLDERS;
use super::{ArchiveError, FORMAT, Head, Moved};
use crate::error::AppError;
use crate::keys::{self, Keyring};
use crate::ports::Entropy;
use crate::rebuild::amounts_to;
use crate::sealer::origin;
use crate::settings;
use crate::walk::Recorded;

/// Entries written at once.
const BATCH: usize = 2_000;

/// Where a county arrives.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The data directory: missing or empty.
    pub data: &'a Path,
    /// The database's URL, when it is on a server.
    pub database: Option<&'a str>,
    /// Where its keys are, to be put beside the directory; `None`: there already, or not at all.
    pub keys: Option<&'a Path>,
}

/// The line of a stream.
#[derive(Deserialize)]
struct StreamLine {
    stream: String,
    keys: Vec<KeyLine>,
}

#[derive(Deserialize)]
struct KeyLine {
    person: PersonId,
    master: String,
    wrapped: String,
}

/// The line of an entry.
#[derive(Deserialize)]
struct EntryLine {
    version: i64,
    position: i64,
    at: i64,
    actor: String,
    kind: String,
    body_version: i64,
    body: String,
    hash: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Stream(StreamLine),
    Entry(EntryLine),
}

/// Reads a county from a file, opened with a key when it is sealed. Rows are made from the journal; without the keys those
/// of personal values stay closed until [`crate::rebuild`]. `progress` is told how many entries of how many are done.
///
/// # Errors
/// See [`ArchiveError`]; then nothing is stored.
pub async fn arrive(
    file: &Path,
    key: Option<[u8; 32]>,
    place: &Place<'_>,
    entropy: &dyn Entropy,
    progress: impl Fn(u64, u64),
) -> Result<Moved, ArchiveError> {
    let shown = || place.data.display().to_string();
    if place.data.is_file() || fs::read_dir(place.data).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(ArchiveError::NotEmpty(shown()));
    }
    let unpacker = Unpacker::open(file, key)?;
    let own = keys::directory(place.data);
    let found = place.keys.unwrap_or(&own);
    let keyring = match Keyring::open_existing(found)? {
        Some(keyring) => keyring,
        None if place.keys.is_some() => return Err(ArchiveError::OtherKeys(found.display().to_string())),
        None => Keyring::locked(),
    };
    let made = Made::begin(place.data)?;
    let mut arriving = Arriving {
        place,
        found,
        keyring: Arc::new(keyring),
        entropy,
        head: None,
        arrival: None,
        open: None,
        ready: Vec::new(),
        waiting: 0,
        tree: Tree::new(),
        checkpoint: None,
        ends: Vec::new(),
        moved: Moved::default(),
    };
    unpacker
        .read(async |name, bytes| {
            arriving.member(name, bytes).await?;
            let all = arriving.head.as_ref().map_or(0, |head| head.entries);
            progress(arriving.moved.entries, all.max(arriving.moved.entries));
            Ok(())
        })
        .await?;
    let moved = arriving.finish().await?;
    made.stays();
    Ok(moved)
}

/// A data directory that goes away again unless everything arrived.
struct Made<'a>(Option<&'a Path>);

impl<'a> Made<'a> {
    fn begin(data: &'a Path) -> Result<Self, ArchiveError> {
        DirBuilder::new().recursive(true).mode(0o700).create(data).map_err(ArchiveError::file(data))?;
        Ok(Self(Some(data)))
    }

    fn stays(mut self) {
        self.0 = None;
    }
}

impl Drop for Made<'_> {
    fn drop(&mut self) {
        if let Some(data) = self.0 {
            // What stays behind makes the next try say that the directory is not empty.
            let _ = fs::remove_dir_all(data);
        }
    }
}

/// What has arrived so far.
struct Arriving<'a> {
    place: &'a Place<'a>,
    found: &'a Path,
    keyring: Arc<Keyring>,
    entropy: &'a dyn Entropy,
    head: Option<Head>,
    arrival: Option<Arrival>,
    // The stream of which more lines may come.
    open: Option<Recorded>,
    ready: Vec<Recorded>,
    waiting: usize,
    tree: Tree,
    checkpoint: Option<(i64, Vec<u8>)>,
    ends: Vec<StreamHead>,
    moved: Moved,
}

impl Arriving<'_> {
    async fn member(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), ArchiveError> {
        if name == HEAD {
            return self.begin(&bytes).await;
        }
        let folder = name.split('/').next().unwrap_or_default();
        if FOLDERS.contains(&folder) {
            self.moved.files += u64::from(folder == "blobs");
            return self.write(name, &bytes);
        }
        let text = lines(name, &bytes)?;
        let altered = || ArchiveError::Altered(name.to_owned());
        if folder == "streams" {
            for line in text.lines() {
                self.line(serde_json::from_str(line).map_err(|_| altered())?, name)?;
                if self.waiting >= BATCH {
                    self.store().await?;
                }
            }
            return Ok(());
        }
        // Rows follow the streams, but for the settings, which are in front of them.
        let table = name.split('/').nth(1).and_then(Carried::named);
        let Some(table) = table.filter(|_| folder == "rows") else { return Err(altered()) };
        let mut rows = Vec::new();
        for line in text.lines() {
            let fields: Json = serde_json::from_str(line).map_err(|_| altered())?;
            let row = table.columns.iter().map(|(column, holds)| value(&fields[*column], *holds));
            rows.push(row.collect::<Option<Vec<Value>>>().ok_or_else(altered)?);
        }
        self.rows(table, rows).await
    }

    async fn begin(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        let head: Head = serde_json::from_slice(bytes).map_err(|_| ArchiveError::Altered(HEAD.to_owned()))?;
        if head.format != FORMAT {
            return Err(ArchiveError::Unknown(head.format));
        }
        self.moved.jurisdiction.clone_from(&head.jurisdiction);
        let arrival = Arrival::begin(self.place.data, self.place.database, &head.jurisdiction).await?;
        (self.head, self.arrival) = (Some(head), Some(arrival));
        Ok(())
    }

    fn arrival(&mut self) -> Result<&mut Arrival, ArchiveError> {
        self.arrival.as_mut().ok_or_else(|| ArchiveError::Altered(HEAD.to_owned()))
    }

    fn line(&mut self, line: Line, member: &str) -> Result<(), ArchiveError> {
        let altered = || ArchiveError::Altered(member.to_owned());
        match line {
            Line::Stream(line) => {
                self.ready.extend(self.open.take());
                let stream = StreamId::parse(&line.stream).ok_or_else(altered)?;
                let mut keys = Vec::with_capacity(line.keys.len());
                for key in line.keys {
                    let wrapped = BASE64.decode(key.wrapped.as_bytes()).map_err(|_| altered())?;
                    keys.push(KeyView { stream: stream.clone(), person: key.person, master: key.master, wrapped });
                }
                self.open = Some(Recorded { name: line.stream, keys, entries: Vec::new() });
            }
            Line::Entry(line) => {
                let open = self.open.as_mut().ok_or_else(altered)?;
                let jurisdiction = &self.moved.jurisdiction;
                let prev = match open.entries.last() {
                    Some(last) => last.hash.clone(),
                    None => genesis(jurisdiction, &open.name).to_vec(),
                };
                open.entries.push(EntryView {
                    position: line.position,
                    stream: open.name.clone(),
                    version: line.version,
                    at: line.at,
                    actor: line.actor,
                    kind: line.kind,
                    body_version: line.body_version,
                    body: line.body.into_bytes(),
                    prev,
                    hash: unhex(&line.hash).ok_or_else(altered)?.to_vec(),
                });
                self.waiting += 1;
            }
        }
        Ok(())
    }

    /// Writes the streams of which no more lines come.
    async fn store(&mut self) -> Result<(), ArchiveError> {
        let streams = std::mem::take(&mut self.ready);
        self.waiting = self.open.as_ref().map_or(0, |open| open.entries.len());
        let ids = Ids::new(self.entropy.seed("arrival"));
        let (mut keys, mut placed, mut replayed) = (Vec::new(), Vec::new(), Vec::new());
        for stream in streams {
            let end = self.chain(&stream, &mut placed)?;
            replayed.push(amounts_to(&stream, &self.keyring, &ids)?);
            keys.extend(stream.keys.into_iter().map(|key| WrappedKey {
                stream: key.stream,
                person: key.person.0,
                master: key.master,
                wrapped: key.wrapped,
            }));
            self.moved.streams += 1;
            self.ends.push(end);
        }
        self.moved.entries += placed.len() as u64;
        Ok(self.arrival()?.streams(&keys, &placed, &replayed).await?)
    }

    /// The entries of a stream with their hashes computed anew.
    fn chain(&self, stream: &Recorded, placed: &mut Vec<Placed>) -> Result<StreamHead, ArchiveError> {
        let jurisdiction = &self.moved.jurisdiction;
        let mut prev = genesis(jurisdiction, &stream.name);
        for (expected, view) in (1..).zip(&stream.entries) {
            let entry = Entry {
                jurisdiction: jurisdiction.clone(),
                stream: stream.name.clone(),
                version: view.version,
                at: view.at,
                actor: view.actor.clone(),
                kind: view.kind.clone(),
                body_version: view.body_version,
                body: view.body.clone(),
                prev,
            };
            prev = entry.hash();
            if view.version != expected || view.hash != prev {
                let problem = format!("version {} is not what was recorded", view.version);
                return Err(AppError::Unreadable { stream: stream.name.clone(), problem }.into());
            }
            placed.push(Placed { position: view.position, entry });
        }
        let version = stream.entries.last().map_or(0, |entry| entry.version);
        Ok(StreamHead { stream: stream.name.clone(), version, hash: prev })
    }

    async fn rows(&mut self, table: &'static Carried, mut rows: Vec<Vec<Value>>) -> Result<(), ArchiveError> {
        self.ready.extend(self.open.take());
        if !self.ready.is_empty() {
            self.store().await?;
        }
        match table.name {
            "setting" => {
                let named = |row: &Vec<Value>, name: &str| row.first() == Some(&Value::from(name));
                let master = rows.iter().find(|row| named(row, settings::MASTER)).and_then(|row| row.get(1).cloned());
                let own = Value::from(self.keyring.master_id());
                if !self.keyring.is_locked() && master.is_some_and(|master| master != own) {
                    return Err(ArchiveError::OtherKeys(self.found.display().to_string()));
                }
                rows.retain(|row| !named(row, settings::ROWS));
                if self.keyring.is_locked() {
                    rows.push(vec![settings::ROWS.into(), settings::LOCKED.into()]);
                }
            }
            "leaf" => {
                let hash = |row: &Vec<Value>| match row.last() {
                    Some(Value::Blob(hash)) => Hash::try_from(hash.as_slice()).ok(),
                    _ => None,
                };
                let hashes: Option<Vec<Hash>> = rows.iter().map(hash).collect();
                let hashes = hashes.ok_or_else(|| ArchiveError::Altered("rows/leaf".to_owned()))?;
                let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
                let tiles = self.tree.append(&hashes).into_iter();
                let tiles = tiles.map(|t| (t.id.level.into(), signed(t.id.index), t.id.width.into(), t.bytes));
                let tiles = tiles.collect();
                self.arrival()?.tiles(tiles).await?;
            }
            "checkpoint" => {
                if let Some([Value::Int(size), Value::Blob(root), ..]) = rows.last().map(Vec::as_slice) {
                    self.checkpoint = Some((*size, root.clone()));
                }
            }
            _ => {}
        }
        Ok(self.arrival()?.rows(table, rows).await?)
    }

    /// Writes a file of the data directory, durable when it returns.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if !inside {
            return Err(ArchiveError::Altered(name.to_owned()));
        }
        let path = self.place.data.join(name);
        let folder = path.parent().unwrap_or(self.place.data);
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(ArchiveError::file(folder))?;
        put(&path, bytes)
    }

    async fn finish(mut self) -> Result<Moved, ArchiveError> {
        self.ready.extend(self.open.take());
        if !self.ready.is_empty() {
            self.store().await?;
        }
        let signed = i64::try_from(self.tree.size()).unwrap_or(i64::MAX);
        let whole = match &self.checkpoint {
            Some((size, root)) => *size == signed && self.tree.root().as_slice() == root.as_slice(),
            None => signed == 0,
        };
        if !whole {
            let problem = "its leaves do not give the root of the last checkpoint".to_owned();
            return Err(AppError::Unreadable { stream: origin(&self.moved.jurisdiction), problem }.into());
        }
        if let Some(keys) = self.place.keys {
            bring_keys(keys, &keys::directory(self.place.data))?;
        }
        let arrival = self.arrival.take().ok_or_else(|| ArchiveError::Altered(HEAD.to_owned()))?;
        arrival.finish().await?;
        self.moved.heads = heads::digest(&self.ends);
        self.moved.locked = self.keyring.is_locked();
        Ok(self.moved)
    }
}

/// A field of a row; `None` when it is of another kind than its column.
fn value(field: &Json, holds: Holds) -> Option<Value> {
    Some(match (field, holds) {
        (Json::Null, _) => Value::Null,
        (Json::Number(n), Holds::Int) => Value::Int(n.as_i64()?),
        (Json::String(text), Holds::Text) => Value::Text(text.clone()),
        (Json::String(text), Holds::Blob) => Value::Blob(BASE64.decode(text.as_bytes()).ok()?),
        _ => return None,
    })
}

/// Puts the keys beside a data directory, unless they lie there.
fn bring_keys(from: &Path, to: &Path) -> Result<(), ArchiveError> {
    DirBuilder::new().recursive(true).mode(0o700).create(to).map_err(ArchiveError::file(to))?;
    for name in ["master", "index", "log"] {
        let (from, path): (PathBuf, PathBuf) = (from.join(name), to.join(name));
        let bytes = fs::read(&from).map_err(ArchiveError::file(&from))?;
        match fs::read(&path) {
            Ok(there) if there == bytes => {}
            Ok(_) => return Err(ArchiveError::OtherKeys(to.display().to_string())),
            Err(_) => put(&path, &bytes)?,
        }
    }
    Ok(())
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), ArchiveError> {
    let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.map_err(ArchiveError::file(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(ArchiveError::file(path))
}
