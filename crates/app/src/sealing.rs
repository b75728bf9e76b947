//! Personal values: sealed before anything is hashed or stored, opened when a state is loaded.
//!
//! `{"$personal":{"of":P,"value":V}}` becomes `{"$sealed":{"box":...,"key":...,"of":P}}` (docs/format.md): XChaCha20-
//! Poly1305 of the canonical JSON of V under the key of (stream, P), nonce in front, bound to `stream|P`.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};
use yanhe_core::{Cell, Change, Ids, PersonId, StreamId};
use yanhe_journal::sealed;
use yanhe_store::commit::{RowChange, WrappedKey};
use yanhe_store_read::views::office::KeyView;
use yanhe_store_read::{Kept, Reader};

use crate::error::AppError;
use crate::keys::{Keyring, PersonKey};

/// The person in whose name a stream's own files are sealed when they belong to nobody in particular.
pub const FILE: &str = "file";

/// Open keys of persons, so that a list of fifty names does not ask the database fifty times.
#[derive(Default)]
pub struct KeyCache(Mutex<HashMap<(String, String), PersonKey>>);

/// More keys than this are forgotten all at once: memory stays flat.
const CACHED: usize = 20_000;

impl KeyCache {
    fn get(&self, stream: &str, person: &str) -> Option<PersonKey> {
        let cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cache.get(&(stream.to_owned(), person.to_owned())).copied()
    }

    /// A stored key, opened once and kept. What was read is there, so one that was erased is not found here again.
    fn unwrapped(&self, stream: &StreamId, keyring: &Keyring, stored: &KeyView) -> Option<PersonKey> {
        let person = stored.person.0.as_str();
        let known = self.get(stream.as_str(), person);
        let open = known.or_else(|| keyring.unwrap(&stored.wrapped, &bound(stream.as_str(), person)))?;
        if known.is_none() {
            self.put(stream.as_str(), person, open);
        }
        Some(open)
    }

    fn put(&self, stream: &str, person: &str, key: PersonKey) {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= CACHED {
            cache.clear();
        }
        cache.insert((stream.to_owned(), person.to_owned()), key);
    }
}

/// Whose a stored file is.
pub fn owner(stream: &StreamId, person: &str) -> String {
    bound(stream.as_str(), person)
}

fn bound(stream: &str, person: &str) -> String {
    format!("{stream}|{person}")
}

/// The keys of one stream's persons while one commit is built: known ones, and new ones to be stored with it.
pub struct StreamKeys {
    stream: StreamId,
    keyring: Arc<Keyring>,
    known: BTreeMap<String, PersonKey>,
    new: Vec<WrappedKey>,
}

impl StreamKeys {
    /// The stream's keys as stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(
        stream: &StreamId,
        keyring: &Arc<Keyring>,
        reader: &Reader,
        cache: &KeyCache,
    ) -> Result<Self, AppError> {
        Ok(Self::of(stream, keyring, reader.keys_of(stream).await?, cache))
    }

    /// The stream's keys as they were read.
    pub fn of(stream: &StreamId, keyring: &Arc<Keyring>, stored: Vec<KeyView>, cache: &KeyCache) -> Self {
        let mut known = BTreeMap::new();
        for key in stored {
            if let Some(open) = cache.unwrapped(stream, keyring, &key) {
                known.insert(key.person.0, open);
            }
        }
        Self { stream: stream.clone(), keyring: keyring.clone(), known, new: Vec::new() }
    }

    /// The blind index of a text.
    pub fn index(&self, kind: &str, text: &str) -> String {
        self.keyring.index(kind, text)
    }

    /// What a sealed text of a row says, and whose it is; `None` when the key is gone or the bytes were altered.
    pub fn opened(&self, named: &[u8]) -> Option<(String, String)> {
        let (person, sealed) = whose(named)?;
        let plain = sealed::open(self.known.get(person)?, sealed, bound(self.stream.as_str(), person).as_bytes())?;
        Some((person.to_owned(), String::from_utf8(plain).ok()?))
    }

    /// Is the keyring elsewhere, so that nothing can be opened?
    pub fn are_locked(&self) -> bool {
        self.keyring.is_locked()
    }

    /// No stored keys: for a stream that does not exist yet.
    pub fn fresh(stream: &StreamId, keyring: &Arc<Keyring>) -> Self {
        Self { stream: stream.clone(), keyring: keyring.clone(), known: BTreeMap::new(), new: Vec::new() }
    }

    /// The same keys for another commit, when everything new is stored.
    pub fn again(&self) -> Self {
        Self { stream: self.stream.clone(), keyring: self.keyring.clone(), known: self.known.clone(), new: Vec::new() }
    }

    /// The key of a person as stored; `None` when there is none or it was wrapped by another master key.
    pub fn known(&self, person: &str) -> Option<PersonKey> {
        self.known.get(person).copied()
    }

    /// The key of a person, made when there is none.
    pub fn key(&mut self, person: &str, ids: &Ids) -> PersonKey {
        if let Some(key) = self.known.get(person) {
            return *key;
        }
        let (key, nonce) = (ids.secret(), ids.nonce());
        self.known.insert(person.to_owned(), key);
        self.new.push(WrappedKey {
            stream: self.stream.clone(),
            person: person.to_owned(),
            master: self.keyring.master_id().to_owned(),
            wrapped: self.keyring.wrap(&key, &bound(self.stream.as_str(), person), nonce),
        });
        key
    }

    /// Takes the keys made on the way, to be stored in the same commit.
    pub fn take_new(&mut self) -> Vec<WrappedKey> {
        std::mem::take(&mut self.new)
    }

    /// Replaces every personal value by its sealed form, in place.
    pub fn seal(&mut self, value: &mut Value, ids: &Ids) {
        match value {
            Value::Object(map) => match personal(map) {
                Some((of, plain)) => *value = self.seal_box(of.to_owned(), plain, ids),
                None => map.values_mut().for_each(|v| self.seal(v, ids)),
            },
            Value::Array(items) => items.iter_mut().for_each(|v| self.seal(v, ids)),
            _ => {}
        }
    }

    fn seal_box(&mut self, of: String, plain: Option<&Value>, ids: &Ids) -> Value {
        let Some(plain) = plain else { return json!({"$sealed": {"of": of, "box": null, "key": ""}}) };
        let key = self.key(&of, ids);
        let bytes = yanhe_journal::canonical::to_bytes(plain).unwrap_or_default();
        let sealed = sealed::seal(&key, &bytes, bound(self.stream.as_str(), &of).as_bytes(), ids.nonce());
        let key_id = self.keyring.master_id();
        json!({"$sealed": {"box": BASE64URL_NOPAD.encode(&sealed), "key": key_id, "of": of}})
    }

    /// Opens every sealed value, in place; one whose key is gone becomes an erased one.
    pub fn open(&self, value: &mut Value) {
        match value {
            Value::Object(map) => match sealed(map) {
                Some((of, sealed)) => {
                    *value = match self.open_box(of, sealed) {
                        Some(plain) => json!({"$personal": {"of": of, "value": plain}}),
                        None => json!({"$personal": {"of": of}}),
                    }
                }
                None => map.values_mut().for_each(|v| self.open(v)),
            },
            Value::Array(items) => items.iter_mut().for_each(|v| self.open(v)),
            _ => {}
        }
    }

    fn open_box(&self, of: &str, sealed: &str) -> Option<Value> {
        let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
        let plain = sealed::open(self.known.get(of)?, &bytes, bound(self.stream.as_str(), of).as_bytes())?;
        serde_json::from_slice(&plain).ok()
    }

    /// A row change with sealed and indexed cells.
    pub fn row(&mut self, change: Change, ids: &Ids) -> RowChange {
        let mut cells = |cells: Vec<Cell>| cells.into_iter().map(|c| self.cell(c, ids)).collect();
        match change {
            Change::Put(table, row) => RowChange::Put(table, cells(row)),
            Change::Delete(table, row) => RowChange::Delete(table, cells(row)),
            Change::Claim(table, row) => RowChange::Claim(table, cells(row)),
            Change::Tally(tally) => RowChange::Tally(tally),
        }
    }

    /// The same for what happened before. `None` for a row that somebody's personal value names, when it is gone: nobody
    /// finds it any more.
    pub fn row_again(&mut self, change: Change, ids: &Ids) -> Option<RowChange> {
        let change = self.row(change, ids);
        let nameless = match &change {
            RowChange::Put(table, cells) | RowChange::Claim(table, cells) | RowChange::Delete(table, cells) => {
                cells.iter().take(table.key.len()).any(|cell| *cell == Cell::Null)
            }
            RowChange::Tally(_) => false,
        };
        (!nameless).then_some(change)
    }

    fn cell(&mut self, cell: Cell, ids: &Ids) -> Cell {
        match cell {
            Cell::Sealed(of, text) => {
                let key = self.key(&of.0, ids);
                let sealed =
                    sealed::seal(&key, text.as_bytes(), bound(self.stream.as_str(), &of.0).as_bytes(), ids.nonce());
                // A row must say whose key opens it: a list holds many.
                let named = [&[u8::try_from(of.0.len()).unwrap_or(0)], of.0.as_bytes(), &sealed].concat();
                Cell::Blob(Kept::Sealed(named).to_bytes())
            }
            Cell::Open(text) => Cell::Blob(Kept::Open(text).to_bytes()),
            Cell::Index(..) if self.keyring.is_locked() => Cell::Null,
            Cell::Index(kind, text) => Cell::Text(self.keyring.index(kind, &text)),
            other => other,
        }
    }
}

/// Has the keys of many kept texts at hand: one question to the database instead of one for each.
///
/// # Errors
/// When the database fails.
pub async fn prepare(
    kept: &[(&StreamId, &Option<Kept>)],
    keyring: &Keyring,
    reader: &Reader,
    cache: &KeyCache,
) -> Result<(), AppError> {
    let mut missing = Vec::new();
    for (stream, kept) in kept {
        let Some(Kept::Sealed(named)) = kept else { continue };
        let Some((person, _)) = whose(named) else { continue };
        if cache.get(stream.as_str(), person).is_none() {
            missing.push(((*stream).clone(), PersonId(person.to_owned())));
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    for key in reader.wrapped_keys(&missing).await? {
        cache.unwrapped(&key.stream, keyring, &key);
    }
    Ok(())
}

/// Whose a sealed text of a row is, and the text.
fn whose(named: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = named.split_first()?;
    let (person, sealed) = rest.split_at_checked(usize::from(*length))?;
    Some((std::str::from_utf8(person).ok()?, sealed))
}

/// Opens a kept text of a row; an erased one shows the mark of erased values.
///
/// # Errors
/// When the database fails.
pub async fn open_kept(
    kept: &Kept,
    stream: &StreamId,
    keyring: &Keyring,
    reader: &Reader,
    cache: &KeyCache,
) -> Result<String, AppError> {
    let Kept::Sealed(named) = kept else {
        let Kept::Open(text) = kept else { return Ok(String::new()) };
        return Ok(text.clone());
    };
    let erased = || Ok("※".to_owned());
    let Some((person, sealed)) = whose(named) else { return erased() };
    let Some(key) = person_key(stream, person, keyring, reader, cache).await? else { return erased() };
    let plain = sealed::open(&key, sealed, bound(stream.as_str(), person).as_bytes());
    plain.and_then(|p| String::from_utf8(p).ok()).map_or_else(erased, Ok)
}

/// The key of a person in a stream; `None` once erased.
///
/// # Errors
/// When the database fails.
pub async fn person_key(
    stream: &StreamId,
    person: &str,
    keyring: &Keyring,
    reader: &Reader,
    cache: &KeyCache,
) -> Result<Option<PersonKey>, AppError> {
    if let Some(key) = cache.get(stream.as_str(), person) {
        return Ok(Some(key));
    }
    let stored = reader.wrapped_key(stream, &PersonId(person.to_owned())).await?;
    let key = stored.and_then(|k| keyring.unwrap(&k.wrapped, &bound(stream.as_str(), person)));
    if let Some(key) = key {
        cache.put(stream.as_str(), person, key);
    }
    Ok(key)
}

fn personal(map: &Map<String, Value>) -> Option<(&str, Option<&Value>)> {
    let body = (map.len() == 1).then(|| map.get("$personal")).flatten()?;
    Some((body.get("of")?.as_str()?, body.get("value")))
}

fn sealed(map: &Map<String, Value>) -> Option<(&str, &str)> {
    let body = (map.len() == 1).then(|| map.get("$sealed")).flatten()?;
    Some((body.get("of")?.as_str()?, body.get("box")?.as_str().unwrap_or_default()))
}

/// Removes the marks of personal values: what a template or a plain export sees.
pub fn plain(value: Value) -> Value {
    match value {
        Value::Object(map) => match personal(&map) {
            Some((_, value)) => value.cloned().map_or(Value::Null, plain),
            None => Value::Object(map.into_iter().map(|(k, v)| (k, plain(v))).collect()),
        },
        Value::Array(items) => Value::Array(items.into_iter().map(plain).collect()),
        other => other,
    }
}
