//! What a finished paper says, read from its bytes.

use lopdf::Document;

use crate::PaperError;

/// Whom every paper names as the program that made it.
pub(crate) const CREATOR: &str = "Yanhe";

/// Does the paper say this? Blanks and line breaks are as the layout made them, and count for nothing; what was added by
/// marks is not said by the paper.
///
/// # Errors
/// [`PaperError::Revision`] for bytes that are no paper.
pub fn says(pdf: &[u8], words: &str) -> Result<bool, PaperError> {
    let unreadable = |error: lopdf::Error| PaperError::Revision(error.to_string());
    let paper = Document::load_mem(pdf).map_err(unreadable)?;
    let pages: Vec<u32> = paper.get_pages().into_keys().collect();
    let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    Ok(solid(&paper.extract_text(&pages).map_err(unreadable)?).contains(&solid(words)))
}

/// Is this a file that was made here, with or without marks, and no picture of a printed sheet?
pub fn made_here(bytes: &[u8]) -> bool {
    let creator = || {
        let paper = Document::load_mem(bytes).ok()?;
        let info = paper.trailer.get(b"Info").ok()?.as_reference().ok()?;
        lopdf::decode_text_string(paper.get_dictionary(info).ok()?.get(b"Creator").ok()?).ok()
    };
    creator().as_deref() == Some(CREATOR)
}
