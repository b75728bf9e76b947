//! Signed notes (C2SP signed-note) with Ed25519: a text and lines that sign it.

use std::fmt;

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::hash::sha256;

/// The signature type of plain Ed25519 in the note format.
const ED25519: u8 = 1;
/// More signatures than any log needs; keeps a hostile note from costing time.
const MAX_SIGNATURES: usize = 64;
/// What a signature line begins with: an em dash and a space.
const MARK: &str = "\u{2014} ";

/// Why a note cannot be made or believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// A key's name is empty or holds a space, a plus or a control character.
    #[error("`{0}` cannot name a key")]
    Name(String),
    /// A text that is empty, does not end in a line feed, or holds another control character.
    #[error("the text cannot be signed")]
    Text,
    /// Not a note: no empty line before the signatures, or a signature line of another shape.
    #[error("not a signed note")]
    Format,
    /// A verifier key that cannot be read, or whose id does not fit its name and key.
    #[error("`{0}` is not a verifier key")]
    Key(String),
    /// The signature of a known key is wrong.
    #[error("the signature of `{0}` is wrong")]
    Signature(String),
    /// No signature is by a known key.
    #[error("not signed by a known key")]
    Unknown,
}

/// A secret key with its name.
pub struct NoteSigner {
    name: String,
    key: SigningKey,
}

/// A public key with its name, and the id by which signature lines point to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteVerifier {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NoteSigner").field("name", &self.name).finish_non_exhaustive()
    }
}

impl NoteSigner {
    /// A signer from the 32 secret bytes of an Ed25519 key (RFC 8032).
    ///
    /// # Errors
    /// A name that cannot name a key.
    pub fn new(name: &str, secret: &[u8; 32]) -> Result<Self, NoteError> {
        Ok(Self { name: checked_name(name)?, key: SigningKey::from_bytes(secret) })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half, to be told to everyone who verifies.
    pub fn verifier(&self) -> NoteVerifier {
        NoteVerifier::with_key(self.name.clone(), self.key.verifying_key())
    }
}

impl NoteVerifier {
    /// A verifier from the 32 public bytes of an Ed25519 key.
    ///
    /// # Errors
    /// A name that cannot name a key; bytes that are no key.
    pub fn new(name: &str, public: &[u8; 32]) -> Result<Self, NoteError> {
        let key = VerifyingKey::from_bytes(public).map_err(|_| NoteError::Key(HEXLOWER.encode(public)))?;
        Ok(Self::with_key(checked_name(name)?, key))
    }

    /// Reads the text form `NAME+ID+KEY`: the id in hexadecimal, the key in base64 after a byte for its type.
    ///
    /// # Errors
    /// Another form, or an id that does not fit.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let wrong = || NoteError::Key(text.to_owned());
        let (name, rest) = text.split_once('+').ok_or_else(wrong)?;
        let (id, key) = rest.split_once('+').ok_or_else(wrong)?;
        let key = BASE64.decode(key.as_bytes()).map_err(|_| wrong())?;
        let (&[ED25519], public) = key.split_first_chunk::<1>().ok_or_else(wrong)? else {
            return Err(wrong());
        };
        let verifier = Self::new(name, public.try_into().map_err(|_| wrong())?)?;
        if id == HEXLOWER.encode(&verifier.id) { Ok(verifier) } else { Err(wrong()) }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's id, eight hexadecimal digits: the first four bytes of SHA-256 over the name, a line feed, the type byte
    /// and the public key.
    pub fn id(&self) -> String {
        HEXLOWER.encode(&self.id)
    }

    /// The 32 public bytes.
    pub fn public(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    fn with_key(name: String, key: VerifyingKey) -> Self {
        let [a, b, c, d, ..] = sha256(&[name.as_bytes(), b"\n", &[ED25519], key.as_bytes()]);
        Self { name, id: [a, b, c, d], key }
    }
}

/// The text form that [`NoteVerifier::parse`] reads.
impl fmt::Display for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ED25519], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, self.id(), BASE64.encode(&key))
    }
}

/// The note of a text, signed. The same text and key give the same note.
///
/// # Errors
/// A text that cannot be signed.
pub fn sign(text: &str, signer: &NoteSigner) -> Result<String, NoteError> {
    if !is_text(text) {
        return Err(NoteError::Text);
    }
    let verifier = signer.verifier();
    let signature = signer.key.sign(text.as_bytes()).to_bytes();
    let line = BASE64.encode(&[verifier.id.as_slice(), &signature].concat());
    Ok(format!("{text}\n{MARK}{} {line}\n", verifier.name))
}

/// The text of a note, once at least one known key has signed it. Signatures by unknown keys (witnesses, older keys) are
/// passed over; a wrong one by a known key refuses the whole note.
///
/// # Errors
/// Not a note, a wrong signature, or none by a known key.
pub fn open<'n>(note: &'n str, known: &[NoteVerifier]) -> Result<&'n str, NoteError> {
    let split = note.rfind("\n\n").ok_or(NoteError::Format)?;
    let (text, signatures) = (&note[..=split], &note[split + 2..]);
    let lines = signatures.strip_suffix('\n').ok_or(NoteError::Format)?;
    if !is_text(text) || lines.split('\n').count() > MAX_SIGNATURES {
        return Err(NoteError::Format);
    }
    let mut believed = false;
    for line in lines.split('\n') {
        let (name, signature) = line.strip_prefix(MARK).and_then(|l| l.split_once(' ')).ok_or(NoteError::Format)?;
        let name = checked_name(name).map_err(|_| NoteError::Format)?;
        let bytes = BASE64.decode(signature.as_bytes()).map_err(|_| NoteError::Format)?;
        let (id, signature) = bytes.split_first_chunk::<4>().ok_or(NoteError::Format)?;
        let Some(verifier) = known.iter().find(|v| v.name == name && v.id == *id) else {
            continue;
        };
        let right = Signature::from_slice(signature)
            .is_ok_and(|signature| verifier.key.verify_strict(text.as_bytes(), &signature).is_ok());
        if !right {
            return Err(NoteError::Signature(name));
        }
        believed = true;
    }
    if believed { Ok(text) } else { Err(NoteError::Unknown) }
}

fn checked_name(name: &str) -> Result<String, NoteError> {
    let wrong = name.is_empty() || name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+');
    if wrong { Err(NoteError::Name(name.to_owned())) } else { Ok(name.to_owned()) }
}

fn is_text(text: &str) -> bool {
    text.ends_with('\n') && text.bytes().all(|b| b >= 0x20 || b == b'\n')
}
