//! Why a paper was not made.

/// A paper that was refused or failed. Nothing half-made is ever handed out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PaperError {
    /// There is no template of this kind.
    #[error("there is no paper of kind `{0}`")]
    UnknownKind(String),
    /// A character of the paper has no glyph in any font: print it as a box and the name is wrong.
    #[error("no font has the character `{character}` (U+{:04X})", u32::from(*.character))]
    MissingGlyph {
        /// The character itself.
        character: char,
    },
    /// Template and data do not fit together, or the template is faulty.
    #[error("the template `{kind}` failed: {reason}")]
    Template {
        /// The paper's kind.
        kind: String,
        /// The compiler's messages.
        reason: String,
    },
    /// A template's name is no plain file name.
    #[error("`{0}` is not the name of a template file")]
    TemplateName(String),
    /// The bytes are no font.
    #[error("extra font number {0} cannot be read")]
    Font(usize),
    /// The address does not fit into a QR code.
    #[error("the address `{0}` does not fit into a QR code")]
    Qr(String),
    /// The document cannot be written in the standard that papers are kept in.
    #[error("the paper cannot be written as PDF/A: {0}")]
    Pdf(String),
    /// The paper keeps no place for this mark.
    #[error("the paper keeps no place `{0}`")]
    NoPlace(String),
    /// A stored paper to which nothing can be added.
    #[error("nothing can be added to the paper: {0}")]
    Revision(String),
    /// A print run of nothing.
    #[error("a print run needs at least one paper")]
    EmptyRun,
    /// A stored paper cannot be read.
    #[error("paper number {index} of the run cannot be read: {reason}")]
    Run {
        /// Place in the run, from 0.
        index: usize,
        /// What the reader said.
        reason: String,
    },
}
