//! The keys of a data directory: master key (wraps the keys of persons), index key (blind indexes), log key (signs
//! checkpoints). They lie in `DIR.key/` beside the data directory, mode 0600, and never in a backup.

mod sheet;

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use yanhe_core::values::{name_form, normalise};
use yanhe_journal::sealed::{open, seal};

pub use self::sheet::{Sheet, SheetError};
use crate::error::{AppError, file_error};
use crate::ports::Entropy;

/// The files of the keys.
const NAMES: [&str; 3] = ["master", "index", "log"];

/// A key of one person in one stream.
pub type PersonKey = [u8; 32];

/// The three keys, each with an id that every record names.
#[derive(Clone)]
pub struct Keyring {
    master: [u8; 32],
    index: [u8; 32],
    log: [u8; 32],
    id: String,
    locked: bool,
}

/// Where the keys of a data directory lie: `key` is never inside the directory that a backup copies.
pub fn directory(data: &Path) -> PathBuf {
    let mut name = data.file_name().unwrap_or_default().to_os_string();
    name.push(".key");
    data.with_file_name(name)
}

impl Keyring {
    /// Reads the keys, or makes them where there are none yet.
    ///
    /// # Errors
    /// When a key file cannot be read or made, or has the wrong length.
    pub fn open(dir: &Path, entropy: &dyn Entropy) -> Result<Self, AppError> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(file_error(dir))?;
        let master = key(&dir.join("master"), entropy)?;
        Ok(Self {
            index: key(&dir.join("index"), entropy)?,
            log: key(&dir.join("log"), entropy)?,
            id: master_id(&master),
            master,
            locked: false,
        })
    }

    /// None at all: nothing can be opened, and nothing must be sealed.
    pub fn locked() -> Self {
        Self { master: [0; 32], index: [0; 32], log: [0; 32], id: String::new(), locked: true }
    }

    /// Are the keys elsewhere?
    pub fn is_locked(&self) -> bool {
        self.locked
    }

    /// Reads the keys where they are; `None` where there is no folder of keys. Makes nothing.
    ///
    /// # Errors
    /// When a key file is missing or cannot be read, or has the wrong length.
    pub fn open_existing(dir: &Path) -> Result<Option<Self>, AppError> {
        if !dir.exists() {
            return Ok(None);
        }
        for name in NAMES {
            let path = dir.join(name);
            fs::metadata(&path).map_err(file_error(&path))?;
        }
        Self::open(dir, &crate::ports::SystemEntropy).map(Some)
    }

    /// Id of the master key.
    pub fn master_id(&self) -> &str {
        &self.id
    }

    /// The secret of the log's signature.
    pub fn log_secret(&self) -> &[u8; 32] {
        &self.log
    }

    /// A person's key, wrapped by the master key and bound to stream and person.
    pub fn wrap(&self, key: &PersonKey, bound: &str, nonce: [u8; 24]) -> Vec<u8> {
        seal(&self.master, key, bound.as_bytes(), nonce)
    }

    /// Opens what [`Self::wrap`] made. `None` when it was made by another master key, for another person, or altered.
    pub fn unwrap(&self, wrapped: &[u8], bound: &str) -> Option<PersonKey> {
        if self.locked {
            return None;
        }
        open(&self.master, wrapped, bound.as_bytes())?.try_into().ok()
    }

    /// The blind index of a text: equal texts of one kind give equal indexes, and nothing can be read from it.
    pub fn index(&self, kind: &str, text: &str) -> String {
        let text = match kind {
            "name" => name_form(text),
            _ => normalise(text).to_lowercase(),
        };
        let hash = mac(&self.index, &[kind.as_bytes(), &[0x1f], text.as_bytes()]);
        BASE32_NOPAD.encode(&hash[..16]).to_ascii_lowercase()
    }

    /// The key of the outbox: messages are deleted after delivery and are no part of the journal.
    pub fn outbox(&self) -> [u8; 32] {
        mac(&self.master, &[b"outbox"])
    }

    /// A keyed hash for one-time codes and tokens.
    pub fn hash(&self, purpose: &str, text: &str) -> Vec<u8> {
        mac(&self.index, &[b"secret", purpose.as_bytes(), &[0x1f], text.as_bytes()]).to_vec()
    }
}

fn master_id(master: &[u8; 32]) -> String {
    format!("m-{}", &HEXLOWER.encode(&mac(master, &[b"id"]))[..8])
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// A key of 32 bytes in a file, which is made (0600) where it is missing.
///
/// # Errors
/// When it cannot be read or made, or has another length.
pub fn key(path: &Path, entropy: &dyn Entropy) -> Result<[u8; 32], AppError> {
    match fs::read(path) {
        Ok(bytes) => bytes.as_slice().try_into().map_err(|_| AppError::File {
            path: path.display().to_string(),
            error: io::Error::new(io::ErrorKind::InvalidData, "a key has 32 bytes"),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let bytes = entropy.seed(&format!("key/{}", path.file_name().unwrap_or_default().to_string_lossy()));
            match store(path, &bytes) {
                // Another process made it between the two calls.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return key(path, entropy),
                Err(error) => return Err(file_error(path)(error)),
                Ok(()) => {}
            }
            Ok(bytes)
        }
        Err(error) => Err(file_error(path)(error)),
    }
}

/// Writes a key to a file that is not there yet. It is on disk when this returns, and so are its name and that of its
/// folder: everything that is sealed hangs on it.
fn store(path: &Path, key: &[u8; 32]) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(key)?;
    file.sync_all()?;
    let folders = path.ancestors().skip(1).take(2).filter(|folder| folder.is_dir());
    folders.map(fs::File::open).try_for_each(|folder| folder?.sync_all())
}
