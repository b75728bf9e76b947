//! A file sealed by a key of its own, chunk by chunk, so that it is read and written in bounded memory (docs/format.md,
//! section 8): XChaCha20-Poly1305 in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, 2015), whose last
//! chunk is marked, so that a file cut off between two chunks is noticed as well.

use std::io::{self, BufRead, Read, Write};

use chacha20poly1305::aead::generic_array::GenericArray;
use chacha20poly1305::aead::stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};

/// What a sealed file begins with; then 19 bytes that are drawn, then the chunks.
const MARK: &[u8] = b"yanhe-sealed/1\n";
/// Plain bytes of a chunk; only the last may be shorter.
const CHUNK: usize = 1 << 16;
/// Bytes that the seal of a chunk adds.
const TAG: usize = 16;

/// Seals what is written to it.
pub struct Locking<W: Write> {
    out: W,
    cipher: EncryptorBE32<XChaCha20Poly1305>,
    chunk: Vec<u8>,
}

impl<W: Write> Locking<W> {
    /// Writes the beginning of a sealed file.
    pub fn new(mut out: W, key: &[u8; 32], nonce: [u8; 19]) -> io::Result<Self> {
        out.write_all(MARK)?;
        out.write_all(&nonce)?;
        let cipher = EncryptorBE32::from_aead(XChaCha20Poly1305::new(key.into()), GenericArray::from_slice(&nonce));
        Ok(Self { out, cipher, chunk: Vec::with_capacity(CHUNK) })
    }

    /// Writes the last chunk.
    pub fn finish(mut self) -> io::Result<W> {
        let sealed = self.cipher.encrypt_last(self.chunk.as_slice()).map_err(|_| io::Error::other("too long"))?;
        self.out.write_all(&sealed)?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Locking<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk is written when more comes: only then is it known not to be the last.
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            let sealed = self.cipher.encrypt_next(self.chunk.as_slice()).map_err(|_| io::Error::other("too long"))?;
            self.out.write_all(&sealed)?;
            self.chunk.clear();
        }
        let fits = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..fits]);
        Ok(fits)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens what is read from it.
pub struct Locked<R: Read> {
    from: R,
    cipher: Option<DecryptorBE32<XChaCha20Poly1305>>,
    next: Vec<u8>,
    plain: Vec<u8>,
    at: usize,
    first: bool,
}

/// Opening the first chunk failed.
#[derive(Debug, thiserror::Error)]
#[error("the key does not open it")]
struct WrongKey;

/// Does it mean that the key is another one?
pub fn is_wrong_key(error: &io::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(now) = cause {
        if now.is::<WrongKey>() || now.to_string().contains("the key does not open it") {
            return true;
        }
        cause = now.source();
    }
    false
}

/// Is a file sealed? Reads nothing of one that is not.
pub fn is_locked(file: &mut impl BufRead) -> io::Result<bool> {
    Ok(file.fill_buf()?.starts_with(MARK))
}

impl<R: Read> Locked<R> {
    /// Reads the beginning of a sealed file.
    pub fn new(mut from: R, key: &[u8; 32]) -> io::Result<Self> {
        let mut head = [0; MARK.len() + 19];
        from.read_exact(&mut head)?;
        let nonce = GenericArray::from_slice(&head[MARK.len()..]);
        let cipher = DecryptorBE32::from_aead(XChaCha20Poly1305::new(key.into()), nonce);
        let mut own = Self { from, cipher: Some(cipher), next: Vec::new(), plain: Vec::new(), at: 0, first: true };
        own.next = own.chunk()?;
        Ok(own)
    }

    fn chunk(&mut self) -> io::Result<Vec<u8>> {
        let mut chunk = Vec::with_capacity(CHUNK + TAG);
        (&mut self.from).take((CHUNK + TAG) as u64).read_to_end(&mut chunk)?;
        Ok(chunk)
    }
}

impl<R: Read> Read for Locked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.plain.len() {
            let Some(mut cipher) = self.cipher.take() else { return Ok(0) };
            let following = self.chunk()?;
            let chunk = std::mem::replace(&mut self.next, following);
            let wrong = if self.first { io::Error::other(WrongKey) } else { io::Error::other("a chunk was altered") };
            self.first = false;
            self.at = 0;
            self.plain = if self.next.is_empty() {
                cipher.decrypt_last(chunk.as_slice()).map_err(|_| wrong)?
            } else {
                let plain = cipher.decrypt_next(chunk.as_slice()).map_err(|_| wrong)?;
                self.cipher = Some(cipher);
                plain
            };
        }
        let n = out.len().min(self.plain.len() - self.at);
        out[..n].copy_from_slice(&self.plain[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(plain: &[u8]) -> Vec<u8> {
        let mut file = Locking::new(Vec::new(), &[7; 32], [9; 19]).unwrap();
        file.write_all(plain).unwrap();
        file.finish().unwrap()
    }

    fn opened(bytes: &[u8], key: &[u8; 32]) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        Locked::new(bytes, key)?.read_to_end(&mut plain)?;
        Ok(plain)
    }

    #[test]
    fn what_was_sealed_is_opened_whatever_its_length() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5] {
            let plain: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
            assert_eq!(opened(&sealed(&plain), &[7; 32]).unwrap(), plain);
        }
    }

    #[test]
    fn a_file_that_was_cut_altered_or_is_opened_with_another_key_is_refused() {
        let whole = sealed(&vec![5; 3 * CHUNK + 5]);
        // Between two chunks, too.
        for cut in [whole.len() - 1, MARK.len() + 19 + 2 * (CHUNK + TAG), MARK.len() + 19 + 10] {
            assert!(opened(&whole[..cut], &[7; 32]).is_err(), "{cut}");
        }
        let mut altered = whole.clone();
        altered[MARK.len() + 19 + CHUNK + TAG + 3] ^= 1;
        assert!(!is_wrong_key(&opened(&altered, &[7; 32]).unwrap_err()));
        assert!(is_wrong_key(&opened(&whole, &[8; 32]).unwrap_err()));
    }
}
