//! Everything that comes from the journal, made anew: states, rows, counts, timers.
//!
//! Nobody needs to stop for it: readers see the old rows until the new ones take their place, and a stream that moved
//! meanwhile is replayed once more. Timers that were carried out are set again, since only their effects are in the journal;
//! they decide again, find nothing to do and are gone.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use yanhe_core::{Ids, StreamId};
use yanhe_store::fresh::{Fresh, Replayed};
use yanhe_store_read::Reader;

use crate::error::AppError;
use crate::keys::{self, Keyring};
use crate::ports::Entropy;
use crate::replay::replayed;
use crate::sealing::{KeyCache, StreamKeys};
use crate::walk::{Recorded, Walk};

/// How often streams that moved meanwhile are replayed before others must be asked to stop.
const ROUNDS: usize = 8;
/// So many streams are replayed while everybody else who writes waits: a second or two at most.
const FEW: usize = 100;

/// What was made anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    /// Streams.
    pub streams: u64,
    /// Their entries.
    pub entries: u64,
}

/// Why rows were left as they were.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// There are no keys, and rows hold personal values.
    #[error("without the keys no row with a personal value can be made: put them back into `{0}`")]
    Locked(String),
    /// Others wrote all the time.
    #[error(
        "others write faster than streams can be replayed: end `yanhe serve` for the while, or try in a quieter hour"
    )]
    Written,
    /// What failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<yanhe_store_read::StoreError> for RebuildError {
    fn from(error: yanhe_store_read::StoreError) -> Self {
        Self::App(error.into())
    }
}

/// Makes a data directory's rows anew, with its database on a server when one is given. `progress` is told how many
/// entries of how many are done.
///
/// # Errors
/// See [`RebuildError`]; then everything is as it was.
pub async fn directory(
    data: &Path,
    database: Option<&str>,
    jurisdiction: &str,
    entropy: &dyn Entropy,
    progress: impl Fn(u64, u64),
) -> Result<Rebuilt, RebuildError> {
    let folder = keys::directory(data);
    let Some(keyring) = Keyring::open_existing(&folder)?.map(Arc::new) else {
        return Err(RebuildError::Locked(folder.display().to_string()));
    };
    let fresh = Fresh::begin(data, database, jurisdiction).await?;
    let reader = Reader::open(data, database, jurisdiction).await?;
    let all = reader.entry_count().await?;
    let (mut done, mut walk) = (Rebuilt::default(), Walk::new(&reader));
    while let Some(streams) = walk.next().await? {
        let ids = Ids::new(entropy.seed("rebuild"));
        let replayed = streams.iter().map(|s| amounts_to(s, &keyring, &ids)).collect::<Result<Vec<_>, _>>()?;
        fresh.put(&replayed).await?;
        done.streams += streams.len() as u64;
        done.entries += streams.iter().map(|s| s.entries.len() as u64).sum::<u64>();
        progress(done.entries, all.max(done.entries));
    }
    for _ in 0..ROUNDS {
        let moved = fresh.alone().await?;
        if moved.len() <= FEW {
            fresh.put_alone(&again(moved, &reader, &keyring, entropy).await?).await?;
            fresh.exchange().await?;
            return Ok(done);
        }
        fresh.give_way().await?;
        fresh.put(&again(moved, &reader, &keyring, entropy).await?).await?;
    }
    Err(RebuildError::Written)
}

/// What these streams amount to now.
async fn again(
    moved: Vec<String>,
    reader: &Reader,
    keyring: &Arc<Keyring>,
    entropy: &dyn Entropy,
) -> Result<Vec<Replayed>, AppError> {
    let ids = Ids::new(entropy.seed("rebuild"));
    let mut all = Vec::with_capacity(moved.len());
    for name in moved {
        let stream = StreamId::parse(&name).ok_or_else(|| nameless(&name))?;
        let entries = reader.entries_of(&stream, 0).await?;
        let keys = reader.keys_of(&stream).await?;
        all.push(amounts_to(&Recorded { name, keys, entries }, keyring, &ids)?);
    }
    Ok(all)
}

/// What a stream's events amount to, with its personal values sealed again.
pub(crate) fn amounts_to(recorded: &Recorded, keyring: &Arc<Keyring>, ids: &Ids) -> Result<Replayed, AppError> {
    let stream = StreamId::parse(&recorded.name).ok_or_else(|| nameless(&recorded.name))?;
    let keys = StreamKeys::of(&stream, keyring, recorded.keys.clone(), &KeyCache::default());
    replayed(&stream, &recorded.entries, keys, ids)
        .map_err(|problem| AppError::Unreadable { stream: recorded.name.clone(), problem })
}

fn nameless(name: &str) -> AppError {
    AppError::Unreadable { stream: name.to_owned(), problem: "not the name of a stream".to_owned() }
}
