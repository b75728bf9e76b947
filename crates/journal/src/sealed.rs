//! The box of a sealed value (docs/format.md, section 2): nonce, ciphertext and tag of XChaCha20-Poly1305
//! (draft-irtf-cfrg-xchacha). Whoever has a person's key can open it; the rest of this crate never needs one.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

/// Nonce (24 bytes), ciphertext and tag (16 bytes) of some bytes. `bound` is to be named again when the box is opened.
pub fn seal(key: &[u8; 32], plain: &[u8], bound: &[u8], nonce: [u8; 24]) -> Vec<u8> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher.encrypt(XNonce::from_slice(&nonce), Payload { msg: plain, aad: bound });
    // The cipher fails only beyond 256 GiB.
    [&nonce[..], &sealed.expect("the text is shorter than the cipher's bound")].concat()
}

/// Opens what [`seal`] made; `None` for another key, another binding or altered bytes.
pub fn open(key: &[u8; 32], sealed: &[u8], bound: &[u8]) -> Option<Vec<u8>> {
    let (nonce, rest) = sealed.split_at_checked(24)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(XNonce::from_slice(nonce), Payload { msg: rest, aad: bound }).ok()
}
