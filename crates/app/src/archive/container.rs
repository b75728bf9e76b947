//! The file of an archive or backup: a tar of members, the last of which, `manifest.json`, lists all before it with
//! length and SHA-256 (docs/format.md, section 8). Written once from beginning to end; read twice, first to see that
//! every member is as it was written, so that nothing of a torn or altered file is ever stored.

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ArchiveError;
use super::cipher::{self, Locked, Locking};
use crate::blobs::sha256;

/// Name of the first member, which says what the file is.
pub const HEAD: &str = "yanhe.json";
/// Name of the last member.
pub const MANIFEST: &str = "manifest.json";
/// The longest member that is held in memory.
const LONGEST: u64 = 1 << 28;

/// A member as the manifest lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its path in the tar.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
}

/// What the last member holds.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    members: Vec<Member>,
}

/// Where members go to, sealed or not.
enum Sink {
    Open(BufWriter<File>),
    Sealed(Box<Locking<BufWriter<File>>>),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Open(file) => file.write(bytes),
            Self::Sealed(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Open(file) => file.flush(),
            Self::Sealed(file) => file.flush(),
        }
    }
}

/// A file that is being written. It has its name only when it is whole; dropped before, nothing of it stays.
pub struct Packer {
    tar: Option<tar::Builder<Sink>>,
    members: Vec<Member>,
    part: PathBuf,
    path: PathBuf,
}

impl Packer {
    /// Begins a file that must not exist, sealed by a key when one is given, with a nonce used once.
    ///
    /// # Errors
    /// [`ArchiveError::Exists`], and when it cannot be written.
    pub fn create(path: &Path, seal: Option<(&[u8; 32], [u8; 19])>) -> Result<Self, ArchiveError> {
        if path.exists() {
            return Err(ArchiveError::Exists(path.display().to_string()));
        }
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".part-{}", std::process::id()));
        let part = path.with_file_name(name);
        let file = private().open(&part).map_err(ArchiveError::file(path))?;
        let file = BufWriter::with_capacity(1 << 16, file);
        let sink = match seal {
            None => Sink::Open(file),
            Some((key, nonce)) => {
                Sink::Sealed(Box::new(Locking::new(file, key, nonce).map_err(ArchiveError::file(path))?))
            }
        };
        Ok(Self { tar: Some(tar::Builder::new(sink)), members: Vec::new(), part, path: path.to_owned() })
    }

    /// Adds a member.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.append(name, bytes)?;
        self.members.push(Member { name: name.to_owned(), size: bytes.len() as u64, sha256: sha256(bytes) });
        Ok(())
    }

    /// Adds a member of lines, compressed.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add_lines(&mut self, name: &str, lines: &[u8]) -> Result<(), ArchiveError> {
        let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
        let packed = gz.write_all(lines).and_then(|()| gz.finish()).map_err(ArchiveError::file(&self.path))?;
        self.add(name, &packed)
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let Some(tar) = &mut self.tar else { return Ok(()) };
        append(tar, name, bytes).map_err(ArchiveError::file(&self.path))
    }

    /// Writes the manifest, and gives the file its name.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(mut self) -> Result<(), ArchiveError> {
        let manifest = Manifest { members: std::mem::take(&mut self.members) };
        self.append(MANIFEST, crate::json(&manifest).as_bytes())?;
        let mut whole = || -> std::io::Result<()> {
            let Some(tar) = self.tar.take() else { return Ok(()) };
            let file = match tar.into_inner()? {
                Sink::Open(file) => file,
                Sink::Sealed(file) => file.finish()?,
            };
            file.into_inner().map_err(|e| e.into_error())?.sync_all()?;
            // Never over a file that came meanwhile.
            std::fs::hard_link(&self.part, &self.path)?;
            std::fs::remove_file(&self.part)
        };
        let done = whole();
        done.map_err(ArchiveError::file(&self.path))
    }
}

/// A member has one form only, so that a file can be held against what it should be, byte for byte.
fn append<W: Write>(tar: &mut tar::Builder<W>, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o600);
    tar.append_data(&mut header, name, bytes)
}

/// Hashes what goes through it.
struct Hashing<T> {
    inner: T,
    hash: Rc<RefCell<Sha256>>,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(out)?;
        self.hash.borrow_mut().update(&out[..n]);
        Ok(n)
    }
}

impl Write for Hashing<std::io::Sink> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.hash.borrow_mut().update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Drop for Packer {
    fn drop(&mut self) {
        // Gone already when the file is whole.
        let _ = std::fs::remove_file(&self.part);
    }
}

fn private() -> std::fs::OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = File::options();
    options.write(true).create_new(true).mode(0o600);
    options
}

/// A file of which every member is known to be as it was written.
pub struct Unpacker {
    path: PathBuf,
    key: Option<[u8; 32]>,
    members: Vec<Member>,
}

impl Unpacker {
    /// Reads a file from its beginning to its end and checks every member.
    ///
    /// # Errors
    /// [`ArchiveError::NotAnArchive`], [`ArchiveError::Altered`] with the name of the first member that is not as it was
    /// written, [`ArchiveError::Sealed`] when a key is needed.
    pub fn open(path: &Path, key: Option<[u8; 32]>) -> Result<Self, ArchiveError> {
        let mut own = Self { path: path.to_owned(), key, members: Vec::new() };
        let (mut found, mut manifest) = (Vec::new(), None);
        // What lies between the members is held against what should be there.
        let (read, wanted) = (Rc::new(RefCell::new(Sha256::new())), Rc::new(RefCell::new(Sha256::new())));
        let mut again = tar::Builder::new(Hashing { inner: std::io::sink(), hash: wanted.clone() });
        own.each(Hashing { inner: own.source()?, hash: read.clone() }, |name, bytes| {
            append(&mut again, name, &bytes).map_err(ArchiveError::file(path))?;
            if found.is_empty() && manifest.is_none() && name != HEAD {
                return Err(ArchiveError::NotAnArchive(path.display().to_string()));
            }
            match name {
                MANIFEST => manifest = serde_json::from_slice::<Manifest>(&bytes).ok(),
                _ => found.push(Member { name: name.to_owned(), size: bytes.len() as u64, sha256: sha256(&bytes) }),
            }
            Ok(())
        })?;
        let Some(manifest) = manifest else { return Err(ArchiveError::Altered(MANIFEST.to_owned())) };
        let mut listed = manifest.members.iter();
        for member in &found {
            if listed.next() != Some(member) {
                return Err(ArchiveError::Altered(member.name.clone()));
            }
        }
        if let Some(missing) = listed.next() {
            return Err(ArchiveError::Altered(missing.name.clone()));
        }
        again.into_inner().map_err(ArchiveError::file(path))?;
        if read.borrow().clone().finalize() != wanted.borrow().clone().finalize() {
            return Err(ArchiveError::Altered(MANIFEST.to_owned()));
        }
        own.members = found;
        Ok(own)
    }

    /// Gives every member in its order, the manifest left out, each compared once more with what was checked.
    ///
    /// # Errors
    /// What `with` answers, and [`ArchiveError::Altered`] when the file was changed since it was opened.
    pub async fn read(
        &self,
        mut with: impl AsyncFnMut(&str, Vec<u8>) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        let mut tar = tar::Archive::new(self.source()?);
        let mut members = self.members.iter();
        for entry in tar.entries().map_err(|_| self.torn(None))? {
            let Some(member) = members.next() else { break };
            let (name, bytes) = self.member(entry, Some(&member.name))?;
            if name != member.name || sha256(&bytes) != member.sha256 {
                return Err(ArchiveError::Altered(member.name.clone()));
            }
            with(&name, bytes).await?;
        }
        Ok(())
    }

    fn each(
        &self,
        source: impl Read,
        mut with: impl FnMut(&str, Vec<u8>) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        let mut tar = tar::Archive::new(source);
        let mut last: Option<String> = None;
        for entry in tar.entries().map_err(|_| self.torn(None))? {
            let (name, bytes) = self.member(entry, last.as_deref())?;
            with(&name, bytes)?;
            last = Some(name);
        }
        if last.is_none() {
            return Err(ArchiveError::NotAnArchive(self.path.display().to_string()));
        }
        // To the very end, also what nobody should have put there.
        std::io::copy(&mut tar.into_inner(), &mut std::io::sink())
            .map(drop)
            .map_err(|e| self.broken(&e, last.as_deref()))
    }

    fn member<R: Read>(
        &self,
        entry: std::io::Result<tar::Entry<'_, R>>,
        near: Option<&str>,
    ) -> Result<(String, Vec<u8>), ArchiveError> {
        let mut entry = entry.map_err(|e| self.broken(&e, near))?;
        let name = entry.path().map(|p| p.to_string_lossy().into_owned()).map_err(|e| self.broken(&e, near))?;
        if entry.size() > LONGEST {
            return Err(ArchiveError::Altered(name));
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(|e| self.broken(&e, Some(&name)))?;
        if bytes.len() as u64 != entry.size() {
            return Err(ArchiveError::Altered(name));
        }
        Ok((name, bytes))
    }

    fn broken(&self, error: &std::io::Error, near: Option<&str>) -> ArchiveError {
        if cipher::is_wrong_key(error) {
            return ArchiveError::WrongKey(self.path.display().to_string());
        }
        self.torn(near)
    }

    fn torn(&self, near: Option<&str>) -> ArchiveError {
        match near {
            Some(name) => ArchiveError::Altered(name.to_owned()),
            None => ArchiveError::NotAnArchive(self.path.display().to_string()),
        }
    }

    fn source(&self) -> Result<Box<dyn Read>, ArchiveError> {
        let file = File::open(&self.path).map_err(ArchiveError::file(&self.path))?;
        let mut file = BufReader::with_capacity(1 << 16, file);
        if !cipher::is_locked(&mut file).map_err(ArchiveError::file(&self.path))? {
            return Ok(Box::new(file));
        }
        let Some(key) = &self.key else { return Err(ArchiveError::Sealed(self.path.display().to_string())) };
        Ok(Box::new(Locked::new(file, key).map_err(ArchiveError::file(&self.path))?))
    }
}

/// The lines of a compressed member.
///
/// # Errors
/// [`ArchiveError::Altered`] when it is none.
pub fn lines(name: &str, bytes: &[u8]) -> Result<String, ArchiveError> {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).map_err(|_| ArchiveError::Altered(name.to_owned()))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::noise::{damage, damaged};

    /// A file that is gone with its test.
    struct Place(PathBuf);

    impl Place {
        fn new(name: &str) -> Self {
            Self(std::env::temp_dir().join(format!("yanhe-container-{}-{name}", std::process::id())))
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            // The next run uses another name: a file left over does no harm.
            let _ = std::fs::remove_file(&self.0);
        }
    }

    fn whole(place: &Place, seal: Option<(&[u8; 32], [u8; 19])>) -> Vec<u8> {
        let mut packer = Packer::create(&place.0, seal).unwrap();
        packer.add(HEAD, b"{}").unwrap();
        packer.add_lines("streams/000001.jsonl.gz", b"{\"stream\":\"audit/clock\"}\n").unwrap();
        packer.add("pack/rules.toml", b"").unwrap();
        packer.finish().unwrap();
        std::fs::read(&place.0).unwrap()
    }

    #[test]
    fn what_was_packed_is_opened() {
        for seal in [None, Some((&[7; 32], [8; 19]))] {
            let place = Place::new("whole");
            whole(&place, seal);
            assert!(Unpacker::open(&place.0, seal.map(|(key, _)| *key)).is_ok());
        }
    }

    proptest! {
        #[test]
        fn no_damage_to_an_archive_is_a_panic_or_passes(sealed: bool, damage in damage()) {
            let seal = sealed.then_some((&[7; 32], [8; 19]));
            let place = Place::new("damaged");
            let before = whole(&place, seal);
            let after = damaged(&before, &damage);
            std::fs::write(&place.0, &after).unwrap();
            let opened = Unpacker::open(&place.0, seal.map(|(key, _)| *key)).is_ok();
            prop_assert_eq!(opened, after == before);
        }

        #[test]
        fn no_bytes_are_an_archive(begin in prop::sample::select(vec![&b""[..], b"yanhe-sealed/1\n"]), rest in prop::collection::vec(any::<u8>(), 0..2000)) {
            let place = Place::new("bytes");
            std::fs::write(&place.0, [begin, &rest].concat()).unwrap();
            prop_assert!(Unpacker::open(&place.0, Some([7; 32])).is_err());
            prop_assert!(lines("a", &rest).is_err());
        }
    }
}
