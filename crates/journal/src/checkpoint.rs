//! Checkpoints (C2SP tlog-checkpoint): the signed word of the log on its size and root.

use data_encoding::BASE64;

use crate::hash::Hash;
use crate::note::{self, NoteError, NoteSigner, NoteVerifier};

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's identity, also the name of its key.
    pub origin: String,
    /// How many leaves the tree has.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// Further lines; this product's own checkpoints say when they were signed.
    pub extensions: Vec<String>,
}

/// Why a checkpoint cannot be made or believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text is not that of a checkpoint.
    #[error("not the text of a checkpoint")]
    Text,
    /// It speaks of another log than the one whose key verifies it.
    #[error("a checkpoint of `{0}`, not of this log")]
    Origin(String),
}

impl Checkpoint {
    /// The text that is signed: origin, size, root in base64, extensions, a line each.
    ///
    /// # Errors
    /// An empty origin or extension, or a control character in one.
    pub fn text(&self) -> Result<String, CheckpointError> {
        let lines = std::iter::once(&self.origin).chain(&self.extensions);
        for line in lines {
            if line.is_empty() || line.chars().any(char::is_control) {
                return Err(CheckpointError::Text);
            }
        }
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(&self.root));
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        Ok(text)
    }

    /// Reads the text. Says nothing about who wrote it: see [`verify`].
    ///
    /// # Errors
    /// Not the text of a checkpoint.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let wrong = CheckpointError::Text;
        let mut lines = text.strip_suffix('\n').ok_or(wrong.clone())?.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(wrong);
        };
        let read = Self {
            origin: origin.to_owned(),
            size: size.parse().map_err(|_| wrong.clone())?,
            root: BASE64.decode(root.as_bytes()).ok().and_then(|root| root.try_into().ok()).ok_or(wrong.clone())?,
            extensions: lines.map(str::to_owned).collect(),
        };
        // One spelling only: leading zeroes and plus signs are caught here.
        if read.text()? == text { Ok(read) } else { Err(wrong) }
    }
}

/// The signed checkpoint. The signer's name must be the log's origin.
///
/// A log must never sign two checkpoints that are not consistent: sign only what follows from the last one.
///
/// # Errors
/// Another origin than the signer's name, or a text that cannot be signed.
pub fn sign(checkpoint: &Checkpoint, signer: &NoteSigner) -> Result<String, CheckpointError> {
    if checkpoint.origin != signer.name() {
        return Err(CheckpointError::Origin(checkpoint.origin.clone()));
    }
    Ok(note::sign(&checkpoint.text()?, signer)?)
}

/// What a signed checkpoint says, once the log's key has signed it.
///
/// # Errors
/// Not a checkpoint, of another log, or not signed by the log.
pub fn verify(note: &str, log: &NoteVerifier) -> Result<Checkpoint, CheckpointError> {
    let checkpoint = Checkpoint::parse(note::open(note, std::slice::from_ref(log))?)?;
    if checkpoint.origin == log.name() { Ok(checkpoint) } else { Err(CheckpointError::Origin(checkpoint.origin)) }
}
