//! Stored files: papers, scans, attachments. Named by the SHA-256 of their plain bytes and of their owner, sealed on
//! disk. The owner is in the name because two owners may hold the same bytes, each under a key of their own: erasing
//! one must not take the other's copy.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::ScopedJoinHandle;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use yanhe_journal::sealed;

use crate::error::{AppError, file_error};
use crate::keys::PersonKey;

/// How many threads write files of one commit.
const WRITERS: usize = 8;

/// A file that is to be stored.
pub struct NewBlob {
    /// SHA-256 of the plain bytes, hex.
    pub sha256: String,
    /// Whose it is.
    pub owner: String,
    /// The plain bytes.
    pub plain: Vec<u8>,
    /// The key that seals it.
    pub key: PersonKey,
    /// A nonce that is used once.
    pub nonce: [u8; 24],
}

/// A file on its way.
struct Part {
    /// Where its bytes are, unless they have been under its name before.
    bytes: Option<PathBuf>,
    /// Its name.
    path: PathBuf,
}

/// The folder of stored files.
#[derive(Clone, Debug)]
pub struct Blobs {
    dir: PathBuf,
    /// Folders whose own names are known to be on disk.
    folders: Arc<Mutex<BTreeSet<PathBuf>>>,
}

/// SHA-256 as hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// What is written to a file, or the names in a folder, are on disk when this returns.
pub(crate) fn sync(path: &Path) -> io::Result<()> {
    fs::File::open(path)?.sync_all()
}

/// A name for bytes that are on their way to a file's name. Two presses at once write the same file: each has bytes of its
/// own until they get the name, also on servers that share a directory.
pub(crate) fn part(nonce: &[u8; 24]) -> String {
    static PARTS: AtomicU64 = AtomicU64::new(0);
    let n = PARTS.fetch_add(1, Ordering::Relaxed);
    format!("part-{}-{}-{n}", HEXLOWER.encode(&nonce[..4]), std::process::id())
}

impl Blobs {
    /// The folder `blobs` of a data directory.
    pub fn new(data: &Path) -> Self {
        Self { dir: data.join("blobs"), folders: Arc::default() }
    }

    fn path(&self, sha256: &str, owner: &str) -> PathBuf {
        let owner = &self::sha256(owner.as_bytes())[..16];
        self.dir.join(sha256.get(..2).unwrap_or("xx")).join(format!("{sha256}.{owner}"))
    }

    /// As [`Blobs::put`], for generated files: they are on disk when the system gets to it.
    ///
    /// # Errors
    /// As [`Blobs::put`].
    pub fn put_soon(&self, file: &NewBlob) -> Result<(), AppError> {
        let path = self.path(&file.sha256, &file.owner);
        let sealed = sealed::seal(&file.key, &file.plain, file.sha256.as_bytes(), file.nonce);
        // Nearly always the folder is there.
        if fs::write(&path, &sealed).is_ok() {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(&self.dir);
        fs::create_dir_all(folder).map_err(file_error(folder))?;
        fs::write(&path, &sealed).map_err(file_error(&path))
    }

    /// Makes a folder that is durable itself when this returns.
    fn make(&self, folder: &Path) -> io::Result<()> {
        let mut known = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(folder) {
            return Ok(());
        }
        fs::create_dir_all(folder)?;
        self.dir.parent().map_or(Ok(()), sync)?;
        sync(&self.dir)?;
        known.insert(folder.to_owned());
        Ok(())
    }

    /// Stores files, durable when it returns. The same bytes again replace nothing.
    ///
    /// Several threads wait for the disk at once, so that it can put their waits together; the files get their names when
    /// all bytes are there, and each folder is waited for once.
    ///
    /// # Errors
    /// The first file whose bytes cannot be written, then none has its name; or the first that cannot be given its name.
    pub fn put(&self, files: &[NewBlob]) -> Result<(), AppError> {
        let share = files.len().div_ceil(WRITERS).max(1);
        let written: Vec<Result<Part, AppError>> = std::thread::scope(|scope| {
            let write = |chunk: &[NewBlob]| chunk.iter().map(|file| self.write(file)).collect::<Vec<_>>();
            let running: Vec<_> = files.chunks(share).map(|chunk| scope.spawn(move || write(chunk))).collect();
            // A thread that panics here has met a bug: it must not look like a stored file.
            let join = |thread: ScopedJoinHandle<'_, _>| thread.join().unwrap_or_else(|panic| resume_unwind(panic));
            running.into_iter().flat_map(join).collect()
        });
        if written.iter().any(Result::is_err) {
            // On a full disk every byte counts; a part is nobody's.
            written
                .iter()
                .flatten()
                .filter_map(|part| part.bytes.as_ref())
                .for_each(|part| drop(fs::remove_file(part)));
        }
        let parts = written.into_iter().collect::<Result<Vec<_>, _>>()?;
        for Part { bytes, path } in &parts {
            bytes.as_ref().map_or(Ok(()), |bytes| fs::rename(bytes, path)).map_err(file_error(path))?;
        }
        let folders: BTreeSet<&Path> = parts.iter().filter_map(|part| part.path.parent()).collect();
        folders.into_iter().try_for_each(|folder| sync(folder).map_err(file_error(folder)))
    }

    /// The bytes are on disk when this returns, not yet under the file's name.
    fn write(&self, file: &NewBlob) -> Result<Part, AppError> {
        let path = self.path(&file.sha256, &file.owner);
        let folder = path.parent().unwrap_or(&self.dir);
        self.make(folder).map_err(file_error(folder))?;
        if path.exists() {
            // Whoever put it there may have been cut off before it was on disk.
            sync(&path).map_err(file_error(&path))?;
            return Ok(Part { bytes: None, path });
        }
        let part = path.with_extension(part(&file.nonce));
        let sealed = sealed::seal(&file.key, &file.plain, file.sha256.as_bytes(), file.nonce);
        match fs::File::create(&part).and_then(|mut to| to.write_all(&sealed).and_then(|()| to.sync_all())) {
            Ok(()) => Ok(Part { bytes: Some(part), path }),
            Err(error) => {
                let _ = fs::remove_file(&part);
                Err(file_error(&path)(error))
            }
        }
    }

    /// Reads and opens. `None` when the key does not fit or the bytes were altered.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn get(&self, sha256: &str, owner: &str, key: &PersonKey) -> Result<Option<Vec<u8>>, AppError> {
        let path = self.path(sha256, owner);
        let sealed = fs::read(&path).map_err(file_error(&path))?;
        Ok(sealed::open(key, &sealed, sha256.as_bytes()).filter(|plain| self::sha256(plain) == sha256))
    }

    /// Is it there?
    pub fn has(&self, sha256: &str, owner: &str) -> bool {
        self.path(sha256, owner).exists()
    }
}
