//! The fonts: five embedded families under the Open Font Licence (made by `assets/fonts/subset.sh`), then the county's.

use serde_json::Value;
use ttf_parser::Face;
use typst::foundations::Bytes;
use typst::layout::{Frame, FrameItem};
use typst::text::{Coverage, Font, FontBook};
use typst::utils::LazyHash;
use typst_layout::PagedDocument;

use crate::PaperError;

/// What is set in the words of a template and what is set in the values of a letter are cut out of two copies of one
/// font: the template's words are the same in hundreds of letters, so the compiler cuts that copy once (half of what a
/// letter costs is cutting characters out of fonts). A template names the copy with this behind the family's name.
const FILLED: &str = " filled";

const EMBEDDED: [&[u8]; 5] = [
    include_bytes!("../../../assets/fonts/NotoSerifCJKsc-Regular.otf"),
    include_bytes!("../../../assets/fonts/NotoSerifCJKsc-Bold.otf"),
    include_bytes!("../../../assets/fonts/NotoSansCJKsc-Regular.otf"),
    include_bytes!("../../../assets/fonts/YanheKai-Regular.ttf"),
    // Letters of passports which the Chinese fonts lack, those of Vietnam above all.
    include_bytes!("../../../assets/fonts/NotoSerif-Regular.ttf"),
];

/// All fonts, the compiler's index of them, and what they cover together.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) list: Vec<Font>,
    /// Bold first, as cut seals are; the wide font after it knows the rare characters.
    pub(crate) outlines: Vec<Face<'static>>,
    coverage: Coverage,
}

impl Fonts {
    pub(crate) fn new(extra: Vec<Vec<u8>>) -> Result<Self, PaperError> {
        let mut list: Vec<Font> = EMBEDDED.iter().flat_map(|bytes| Font::iter(Bytes::new(*bytes))).collect();
        for (index, bytes) in extra.into_iter().enumerate() {
            let before = list.len();
            list.extend(Font::iter(Bytes::new(bytes)));
            if list.len() == before {
                return Err(PaperError::Font(index));
            }
        }
        let mut book = FontBook::from_fonts(&list);
        for font in list.clone() {
            // Two fonts of the same bytes are one font to the compiler: the copy has one byte more, which no table reads.
            let mut bytes = font.data().to_vec();
            bytes.push(0);
            let Some(copy) = Font::new(Bytes::new(bytes), font.index()) else { continue };
            let mut info = copy.info().clone();
            info.family.push_str(FILLED);
            book.push(info);
            list.push(copy);
        }
        let codepoints = list.iter().flat_map(|font| font.info().coverage.iter()).collect();
        let outlines = [1, 0, 2, 3, 4].iter().filter_map(|at| Face::parse(EMBEDDED[*at], 0).ok()).collect();
        Ok(Self { outlines, book: LazyHash::new(book), coverage: Coverage::from_vec(codepoints), list })
    }

    /// The first character without a glyph in any font.
    pub(crate) fn first_missing(&self, text: &str) -> Option<char> {
        text.chars().find(|c| !is_invisible(*c) && !self.coverage.contains(u32::from(*c)))
    }

    /// Refuses data with such a character anywhere, also in a field this template does not print: the next paper of the
    /// same dossier would print it, and the clerk should hear of it now.
    pub(crate) fn refuse_missing(&self, data: &Value) -> Result<(), PaperError> {
        match data {
            Value::String(text) => match self.first_missing(text) {
                Some(character) => Err(PaperError::MissingGlyph { character }),
                None => Ok(()),
            },
            Value::Array(items) => items.iter().try_for_each(|item| self.refuse_missing(item)),
            Value::Object(fields) => fields.values().try_for_each(|field| self.refuse_missing(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        }
    }

    /// The last gate: looks at the glyphs that were really set, the template's own words included.
    pub(crate) fn refuse_notdef(&self, document: &PagedDocument) -> Result<(), PaperError> {
        match document.pages().iter().find_map(|page| notdef(&page.frame)) {
            Some(character) => Err(PaperError::MissingGlyph { character }),
            None => Ok(()),
        }
    }
}

/// Characters that are obeyed and not printed: blanks, line ends, joiners, and the selectors that choose among variants
/// of one character (without the variant the character itself is printed, which is the same name in law).
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

fn notdef(frame: &Frame) -> Option<char> {
    frame.items().find_map(|(_, item)| match item {
        FrameItem::Group(group) => notdef(&group.frame),
        FrameItem::Text(text) => text
            .glyphs
            .iter()
            .filter(|glyph| glyph.id == 0)
            .find_map(|glyph| text.text[glyph.range()].chars().find(|c| !is_invisible(*c))),
        _ => None,
    })
}
