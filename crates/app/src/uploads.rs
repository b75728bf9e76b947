//! Things put aside between two pages: an uploaded file between its preview and its import, and what came of an act on
//! many rows. Sealed on disk, for the person who put them there alone, and gone after a day.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::ToSpan;
use yanhe_core::policy::Actor;
use yanhe_core::{Ids, Timestamp};

use crate::App;
use crate::blobs::{part, sync};
use crate::error::{AppError, file_error};
use yanhe_journal::sealed;

/// How long something is kept aside.
const HOURS: i64 = 24;

/// The folder of what is put aside.
#[derive(Clone, Debug)]
pub struct Uploads {
    dir: PathBuf,
}

impl Uploads {
    /// The folder `uploads` of a data directory.
    pub fn new(data: &Path) -> Self {
        Self { dir: data.join("uploads") }
    }

    /// What is there: when it ends, its key, its path. Anything else in the folder is left alone.
    fn list(&self) -> Vec<(i64, String, PathBuf)> {
        let entries = fs::read_dir(&self.dir).into_iter().flatten().flatten();
        entries
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let (ends, key) = name.split_once('-')?;
                Some((ends.parse().ok()?, key.to_owned(), entry.path()))
            })
            .collect()
    }
}

impl App {
    /// Puts bytes aside for a day, under a key that names them, for this actor alone. The same key again replaces them.
    ///
    /// # Errors
    /// When the file cannot be written; [`AppError::NotFound`] for a key with other characters than letters and digits.
    pub fn put_aside(&self, actor: &Actor, key: &str, bytes: &[u8]) -> Result<(), AppError> {
        self.put_aside_for(actor, key, bytes, HOURS)
    }

    /// The same for another time than a day.
    ///
    /// # Errors
    /// As [`Self::put_aside`].
    pub fn put_aside_for(&self, actor: &Actor, key: &str, bytes: &[u8], hours: i64) -> Result<(), AppError> {
        let now = self.clock.now();
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(AppError::NotFound);
        }
        let before = self.uploads.list();
        let ends = now.checked_add(hours.hours()).unwrap_or(Timestamp::MAX).as_microsecond();
        let path = self.uploads.dir.join(format!("{ends}-{key}"));
        fs::create_dir_all(&self.uploads.dir).map_err(file_error(&self.uploads.dir))?;
        let seed = self.entropy.seed(&format!("aside/{key}/{ends}/{}", crate::sha256(bytes)));
        let nonce = Ids::new(seed).nonce();
        let sealed = sealed::seal(&self.keys.outbox(), bytes, owner(actor, key).as_bytes(), nonce);
        let part = self.uploads.dir.join(part(&nonce));
        // An import that was confirmed and cut off goes on from here.
        let write = || {
            fs::write(&part, sealed)?;
            sync(&part)?;
            fs::rename(&part, &path)?;
            self.uploads.dir.parent().map_or(Ok(()), sync)?;
            sync(&self.uploads.dir)
        };
        write().map_err(file_error(&path))?;
        // What it replaces goes last, so that a page that reads meanwhile finds the one or the other.
        for (old_ends, name, old) in before {
            if (old_ends <= now.as_microsecond() || name == key) && old != path {
                gone(fs::remove_file(&old)).map_err(file_error(&old))?;
            }
        }
        Ok(())
    }

    /// What was put aside under a key by this actor; `None` when there is nothing, it is another's, or its day is over.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn aside(&self, actor: &Actor, key: &str) -> Result<Option<Vec<u8>>, AppError> {
        let now = self.clock.now().as_microsecond();
        loop {
            let there = self.uploads.list().into_iter().filter(|(ends, name, _)| name == key && *ends > now);
            // The newest: an older one is about to go.
            let Some((_, _, path)) = there.max_by_key(|(ends, ..)| *ends) else { return Ok(None) };
            match fs::read(&path) {
                Ok(sealed) => return Ok(sealed::open(&self.keys.outbox(), &sealed, owner(actor, key).as_bytes())),
                // It was replaced meanwhile.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(file_error(&path)(error)),
            }
        }
    }
}

/// A file that somebody else removed is removed.
fn gone(removed: std::io::Result<()>) -> std::io::Result<()> {
    match removed {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn owner(actor: &Actor, key: &str) -> String {
    format!("aside/{key}/{}", actor.id)
}
