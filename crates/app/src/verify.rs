//! Verifying a data directory: chains, tree, checkpoints and stored files (docs/format.md, sections 4 to 7).
//!
//! Works on a copy without its keys, too: then stored files are only looked for, and the log's key is the one given or
//! the one noted in the directory. Nothing is written, and a server may be at work on the directory meanwhile: leaves are
//! read before entries, and what can only be said of a log that stands still is said only then.

mod files;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use yanhe_core::{StreamId, StreamKind};
use yanhe_journal::merkle::Tree;
use yanhe_journal::{Entry, Fault, FaultKind, Hash, Head, NoteVerifier, Recorded, checkpoint, heads, verify_stream};
use yanhe_store_read::views::journal::{CheckpointView, EntryView, LeafView, TileView};
use yanhe_store_read::{Listing, Page, Reader, StoreError};

use crate::App;
use crate::blobs::Blobs;
use crate::error::AppError;
use crate::exact::Expected;
use crate::keys::{self, Keyring};
use crate::replay;
use crate::sealer::{origin, signed_at, signer};
use crate::sealing::{KeyCache, StreamKeys};
use crate::settings;

/// Rows read at once.
const PAGE: u32 = 2_000;
/// Levels of tiles that a tree of 2^63 leaves can have.
const LEVELS: u8 = 8;

/// Was the log's key had from somewhere else than the journal?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signer {
    /// Yes: it was given, or it is the public half of a key that lies beside the directory.
    Checked,
    /// No: the journal itself named it, as whoever wrote all of it anew would have it do.
    Unchecked,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Is everything as it was recorded?
    pub ok: bool,
    /// One digest over the heads of all streams that are whole, to compare two copies at a glance.
    pub heads: String,
    /// The first fault.
    pub fault: Option<Fault>,
    /// Does this hold also against somebody who wrote the whole journal anew?
    pub signer: Signer,
}

/// Where to look, and with what.
struct Journal<'a> {
    reader: &'a Reader,
    blobs: &'a Blobs,
    keys: Option<&'a Arc<Keyring>>,
    log: Option<NoteVerifier>,
    /// Do the rows hold personal values? Those that arrived without the keys do not until a command opens them.
    opened: bool,
}

/// The leaves of the log.
struct Leaves {
    hashes: Vec<Hash>,
    /// Stream and version of each.
    order: Vec<(String, i64)>,
    known: HashMap<String, Vec<Head>>,
    /// Numbered without gaps, with hashes of the right length.
    whole: bool,
}

/// What waits for its leaf.
struct Waiting {
    /// Entries that stand where they were noted.
    unsealed: BTreeSet<(String, i64)>,
    /// Where each was noted by its commit.
    positions: HashMap<(String, i64), i64>,
}

/// Verifies a data directory, with its database on a server when one is given, whose program need not run. `log_key` is
/// the log's public key, had from somewhere else; `None`: that of the directory's own keys, or else the one noted in it,
/// which proves nothing about who signed.
///
/// # Errors
/// When the directory holds no database, it cannot be read, or a key file is damaged. What is found wrong in the journal
/// is no error but the report.
pub async fn directory(
    data: &Path,
    database: Option<&str>,
    jurisdiction: &str,
    log_key: Option<&NoteVerifier>,
) -> Result<Report, AppError> {
    let keys = Keyring::open_existing(&keys::directory(data))?.map(Arc::new);
    let reader = Reader::open(data, database, jurisdiction).await?;
    verify(&reader, &Blobs::new(data), keys.as_ref(), log_key).await
}

impl App {
    /// Verifies the journal.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn verify(&self) -> Result<Report, AppError> {
        verify(&self.reader, &self.blobs, Some(&self.keys), None).await
    }
}

async fn verify(
    reader: &Reader,
    blobs: &Blobs,
    keys: Option<&Arc<Keyring>>,
    log_key: Option<&NoteVerifier>,
) -> Result<Report, AppError> {
    let log = match (log_key, keys) {
        (Some(key), _) => Some(key.clone()),
        (None, Some(keys)) => Some(signer(reader.jurisdiction(), keys)?.verifier()),
        (None, None) => reader.setting(settings::LOG_KEY).await?.and_then(|text| NoteVerifier::parse(&text).ok()),
    };
    let signer = if log_key.is_some() || keys.is_some() { Signer::Checked } else { Signer::Unchecked };
    let opened = reader.setting(settings::ROWS).await?.as_deref() != Some(settings::LOCKED);
    let journal = Journal { reader, blobs, keys, log, opened };
    // All of it as it is now, whatever is written meanwhile.
    let reader = &reader.frozen().await?;
    let journal = Journal { reader, ..journal };
    let before = reader.pulse().await?;
    let checkpoints = readable(all(async |page| reader.checkpoints(&page).await).await)?;
    let leaves = journal.leaves().await?;
    // A damaged entry that waits is found at its stream.
    let unsealed = readable(reader.unsealed(i32::MAX.unsigned_abs()).await)?.unwrap_or_default();
    let unsealed = unsealed.into_iter().map(|e| (e.stream.to_string(), e.version)).collect();
    let waiting = readable(reader.waiting().await)?.unwrap_or_default();
    let waiting = Waiting {
        unsealed,
        positions: waiting.into_iter().map(|row| ((row.stream, row.version), row.position)).collect(),
    };
    let log_fault = match &checkpoints {
        Some(checkpoints) => journal.log_fault(checkpoints, &leaves).await?,
        None => Some(journal.at_log(leaves.hashes.len())),
    };
    // Leaves that the log's key does not stand for say nothing about entries.
    let nothing = HashMap::new();
    let known = if log_fault.is_none() { &leaves.known } else { &nothing };
    let (good, mut fault, rows, unnumbered) = journal.streams(known, &leaves, &waiting).await?;
    fault = fault.or(log_fault);
    if fault.is_none() && (unnumbered || !journal.tiles_are_exact(&leaves).await?) && reader.pulse().await? == before {
        fault = Some(journal.at_log(leaves.hashes.len()));
    }
    // Rows can be made again from a whole journal, so what is wrong with the journal is said before.
    fault = fault.or(rows);
    Ok(Report { ok: fault.is_none(), heads: heads::digest(&good), fault, signer })
}

/// `None` for a row whose values are not of the shape that the program writes: damage, and no failure of the reading.
fn readable<T>(result: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match result {
        Ok(rows) => Ok(Some(rows)),
        Err(StoreError::Shape(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// All rows of a paged list.
async fn all<T>(read: impl AsyncFn(Page) -> Result<Listing<T>, StoreError>) -> Result<Vec<T>, StoreError> {
    let (mut rows, mut page) = (Vec::new(), Page::first(PAGE));
    loop {
        let listing = read(page).await?;
        rows.extend(listing.rows);
        match listing.next {
            Some(next) => page = Page::after(next, PAGE),
            None => return Ok(rows),
        }
    }
}

impl Journal<'_> {
    fn at_log(&self, size: usize) -> Fault {
        let version = i64::try_from(size).unwrap_or(i64::MAX);
        Fault { stream: origin(self.reader.jurisdiction()), version, kind: FaultKind::Checkpoint }
    }

    async fn leaves(&self) -> Result<Leaves, AppError> {
        let rows: Vec<LeafView> = all(async |page| self.reader.leaves(&page).await).await?;
        let mut leaves =
            Leaves { hashes: Vec::with_capacity(rows.len()), order: Vec::new(), known: HashMap::new(), whole: true };
        for (expected, leaf) in (0..).zip(rows) {
            let Ok(hash) = Hash::try_from(leaf.hash.as_slice()) else {
                leaves.whole = false;
                break;
            };
            leaves.whole &= leaf.number == expected;
            leaves.hashes.push(hash);
            leaves.order.push((leaf.stream.clone(), leaf.version));
            let head = Head { stream: leaf.stream.clone(), version: leaf.version, hash };
            leaves.known.entry(leaf.stream).or_default().push(head);
        }
        Ok(leaves)
    }

    /// Do all checkpoints verify and fit the leaves, and do the tiles?
    async fn log_fault(&self, checkpoints: &[CheckpointView], leaves: &Leaves) -> Result<Option<Fault>, AppError> {
        let mut tree = Tree::new();
        for stored in checkpoints {
            let size = usize::try_from(stored.size).unwrap_or(usize::MAX);
            let signed = self.log.as_ref().and_then(|log| checkpoint::verify(&stored.note, log).ok());
            let from = usize::try_from(tree.size()).unwrap_or(usize::MAX);
            let (Some(signed), Some(new)) = (signed, leaves.hashes.get(from..size)) else {
                return Ok(Some(self.at_log(size)));
            };
            tree.append(new);
            let fits = signed.size == tree.size()
                && signed.root == tree.root()
                && stored.root == tree.root()
                && signed.origin == origin(self.reader.jurisdiction())
                && signed_at(&signed).is_none_or(|at| at == stored.at.as_microsecond());
            if !fits {
                return Ok(Some(self.at_log(size)));
            }
        }
        // A server may have sealed more since the checkpoints were read; a log that stands still ends with one.
        let covered = usize::try_from(tree.size()).unwrap_or(usize::MAX);
        let later = match self.reader.checkpoint().await? {
            Some(last) => last.size > stored_size(checkpoints),
            None => false,
        };
        let uncovered = leaves.hashes.len() > covered && !later;
        Ok((!leaves.whole || uncovered).then(|| self.at_log(leaves.hashes.len())))
    }

    /// Are the stored tiles those of the leaves, no more and no fewer?
    async fn tiles_are_exact(&self, leaves: &Leaves) -> Result<bool, AppError> {
        let mut wanted: BTreeMap<(i64, i64), Vec<u8>> = BTreeMap::new();
        for tile in Tree::new().append(&leaves.hashes) {
            wanted.insert((i64::from(tile.id.level), i64::try_from(tile.id.index).unwrap_or(i64::MAX)), tile.bytes);
        }
        for level in 0..LEVELS {
            let stored: Vec<TileView> = self.reader.tiles(i64::from(level)).await?;
            for tile in stored {
                let right = wanted.remove(&(tile.level, tile.number));
                let width = usize::try_from(tile.width).unwrap_or(usize::MAX);
                if right.is_none_or(|bytes| bytes != tile.body || bytes.len() != width.saturating_mul(32)) {
                    return Ok(false);
                }
            }
        }
        Ok(wanted.is_empty())
    }

    /// Every stream: the heads of the whole ones, the first fault of the journal and the first of the rows made from it,
    /// and whether an entry has neither a leaf nor waits for one.
    async fn streams(
        &self,
        known: &HashMap<String, Vec<Head>>,
        leaves: &Leaves,
        waiting: &Waiting,
    ) -> Result<(Vec<Head>, Option<Fault>, Option<Fault>, bool), AppError> {
        let mut names: BTreeSet<String> = known.keys().cloned().collect();
        let (entries, moved) = self.entries(leaves, waiting).await?;
        names.extend(entries);
        // A damaged head is found below, at its stream.
        let heads = readable(all(async |page| self.reader.heads(&page).await).await)?;
        let heads_readable = heads.is_some();
        names.extend(heads.into_iter().flatten().map(|head| head.stream.to_string()));
        let (mut good, mut fault, mut rows, mut unnumbered) = (Vec::new(), None, None, false);
        let mut expected = Expected::default();
        for name in &names {
            match self.stream(name, known.get(name).map_or(&[], Vec::as_slice), &mut expected).await? {
                Ok(head) => {
                    let leaf = leaves.known.get(name).map_or(0, Vec::len);
                    let waits = waiting.unsealed.range((name.clone(), 0)..=(name.clone(), i64::MAX)).count();
                    unnumbered |= i64::try_from(leaf + waits).unwrap_or(i64::MAX) != head.version;
                    good.push(head);
                }
                Err(found) if found.kind == FaultKind::Rows => rows = rows.or(Some(found)),
                Err(found) => fault = fault.or(Some(found)),
            }
        }
        fault = fault.or(moved);
        if !heads_readable && fault.is_none() {
            fault = Some(Fault { stream: String::new(), version: 0, kind: FaultKind::Altered });
        }
        if fault.is_none()
            && rows.is_none()
            && self.keys.is_some()
            && self.opened
            && let Some(table) = expected.surplus(self.reader).await?
        {
            rows = Some(Fault { stream: table, version: 0, kind: FaultKind::Rows });
        }
        Ok((good, fault, rows, unnumbered))
    }

    /// The streams of all entries, and the first entry that does not stand where the log has it: leaves are numbered in
    /// the order of positions, and what waits for a leaf was noted with its own.
    async fn entries(&self, leaves: &Leaves, waiting: &Waiting) -> Result<(BTreeSet<String>, Option<Fault>), AppError> {
        let sealed: HashMap<(&str, i64), usize> =
            leaves.order.iter().enumerate().map(|(n, (stream, version))| ((stream.as_str(), *version), n)).collect();
        let (mut names, mut moved, mut last, mut page) = (BTreeSet::new(), None, None, Page::first(PAGE));
        let mut last_waiting = None;
        loop {
            let listing = self.reader.entries(&page).await?;
            for entry in listing.rows {
                let leaf = sealed.get(&(entry.stream.as_str(), entry.version)).copied();
                let waits = match leaf {
                    None => waiting.positions.get(&(entry.stream.clone(), entry.version)).copied(),
                    Some(_) => None,
                };
                let behind = leaf.is_some() && leaf < last || waits.is_some() && waits < last_waiting;
                if moved.is_none() && behind {
                    let kind = FaultKind::Reordered;
                    moved = Some(Fault { stream: entry.stream.clone(), version: entry.version, kind });
                }
                last = last.max(leaf);
                last_waiting = last_waiting.max(waits);
                names.insert(entry.stream);
            }
            match listing.next {
                Some(next) => page = Page::after(next, PAGE),
                None => return Ok((names, moved)),
            }
        }
    }

    /// One stream: its chain, its head, and the files that its events name.
    async fn stream(
        &self,
        name: &str,
        leaves: &[Head],
        expected: &mut Expected,
    ) -> Result<Result<Head, Fault>, AppError> {
        let fault = |version, kind| Ok(Err(Fault { stream: name.to_owned(), version, kind }));
        let Some(stream) = StreamId::parse(name) else { return fault(1, FaultKind::Altered) };
        let (stored, entries) = match self.reader.load_with_entries(&stream, 0).await {
            Ok(Some((stored, entries))) => (Some(stored), entries),
            // No head, or a damaged one.
            Ok(None) | Err(StoreError::Shape(_)) => (None, self.reader.entries_of(&stream, 0).await?),
            Err(error) => return Err(error.into()),
        };
        let mut recorded = Vec::with_capacity(entries.len());
        for entry in &entries {
            let Some(row) = self.recorded(entry) else { return fault(entry.version, FaultKind::Altered) };
            recorded.push(row);
        }
        let mut known = leaves.to_vec();
        if let Some(stored) = &stored
            && !known.iter().any(|leaf| leaf.version == stored.version)
        {
            known.push(Head { stream: name.to_owned(), version: stored.version, hash: stored.hash });
        }
        let head = match verify_stream(self.reader.jurisdiction(), name, &recorded, &known) {
            Ok(head) => head,
            Err(found) => return Ok(Err(found)),
        };
        let Some(stored) = stored.filter(|stored| stored.version == head.version && stored.hash == head.hash) else {
            return fault(head.version, FaultKind::Altered);
        };
        let persons = self.reader.keys_of(&stream).await?.into_iter().map(|key| key.person.0).collect();
        if let Some(version) = replay::lost_key(&entries, &persons) {
            return fault(version, FaultKind::Missing);
        }
        if let Some(keys) = self.keys {
            let keys = StreamKeys::load(&stream, keys, self.reader, &KeyCache::default()).await?;
            let Some(changes) = replay::changes(&stream, &stored.snapshot, &entries, &keys) else {
                return fault(head.version, FaultKind::Altered);
            };
            if self.opened && !expected.holds(self.reader, &stream, changes, &keys).await? {
                return fault(head.version, FaultKind::Rows);
            }
        }
        let lost = match stream.kind() {
            StreamKind::Paper => self.lost_file(&stream, &entries).await?,
            StreamKind::PrintRun => self.lost_run(&entries)?,
            _ => self.lost_scan(&stream, &entries).await?,
        };
        if let Some(version) = lost {
            return fault(version, FaultKind::Blob);
        }
        Ok(Ok(head))
    }

    fn recorded(&self, entry: &EntryView) -> Option<Recorded> {
        Some(Recorded {
            entry: Entry {
                jurisdiction: self.reader.jurisdiction().to_owned(),
                stream: entry.stream.clone(),
                version: entry.version,
                at: entry.at,
                actor: entry.actor.clone(),
                kind: entry.kind.clone(),
                body_version: entry.body_version,
                body: entry.body.clone(),
                prev: entry.prev.as_slice().try_into().ok()?,
            },
            hash: entry.hash.as_slice().try_into().ok()?,
        })
    }
}

fn stored_size(checkpoints: &[CheckpointView]) -> i64 {
    checkpoints.last().map_or(0, |last| last.size)
}
