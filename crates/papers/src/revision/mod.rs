//! Signatures and seals on a finished paper, each as one further revision: the file that was signed is the beginning of
//! the new file, byte for byte, and what is added stands after it (ISO 32000-1, 7.5.6).
//!
//! A template keeps a place for each mark (`mark-place` in `lib.typ`); the finished paper knows its places itself, as
//! named destinations, so that a stored file is all that is needed. What a mark looks like is the pack's `mark.typ`.

mod form;
mod increment;
mod places;

use jiff::civil::DateTime;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary, text_string};
use serde_json::Value;

use crate::PaperError;
use increment::Increment;

pub(crate) use places::keep;

/// Printed with the page, and no reader program lets anybody move, change or delete it (ISO 32000-1, table 165).
const FLAGS: i64 = 4 + 64 + 128 + 512;

/// A signature or a seal that a paper gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The place on the paper, by the name that its template gave it.
    pub place: String,
    /// What the template `mark` needs: the shape is in the pack's README.
    pub data: Value,
    /// When it was made, county time.
    pub at: DateTime,
}

/// A place that a paper keeps.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// The page object.
    page: ObjectId,
    /// Left, bottom, right, top, in points from the page's lower left corner.
    rect: [f32; 4],
}

impl Place {
    /// Width and height in points.
    pub(crate) fn size(&self) -> (f32, f32) {
        (self.rect[2] - self.rect[0], self.rect[3] - self.rect[1])
    }
}

/// The place of this name in a stored paper.
pub(crate) fn place(pdf: &[u8], name: &str) -> Result<Place, PaperError> {
    let all = places::read(&load(pdf)?);
    all.into_iter().find(|place| place.name == name).ok_or_else(|| PaperError::NoPlace(name.to_owned()))
}

/// Names of the places that a stored paper keeps.
pub(crate) fn names(pdf: &[u8]) -> Result<Vec<String>, PaperError> {
    Ok(places::read(&load(pdf)?).into_iter().map(|place| place.name).collect())
}

fn load(pdf: &[u8]) -> Result<Document, PaperError> {
    Document::load_mem(pdf).map_err(unreadable)
}

fn unreadable(error: lopdf::Error) -> PaperError {
    PaperError::Revision(error.to_string())
}

/// Adds `drawing`, a PDF of one page, at a place: as a stamp, which is how readers and printers know such marks.
/// `told` is what a screen reader says in its stead.
pub(crate) fn add(pdf: &[u8], place: &Place, drawing: &[u8], told: &str, at: DateTime) -> Result<Vec<u8>, PaperError> {
    let mut paper = Increment::open(pdf)?;
    let look = form::import(&mut paper, drawing, place.size())?;
    let stamp = paper.new_id();
    let mut page = paper.dictionary(place.page)?;
    let mut annotation = dictionary! {
        "Type" => "Annot",
        "Subtype" => "Stamp",
        "Rect" => place.rect.iter().map(|n| Object::Real(*n)).collect::<Vec<_>>(),
        "F" => FLAGS,
        "P" => place.page,
        "AP" => dictionary! { "N" => look },
        "Contents" => text_string(told),
        "NM" => text_string(&format!("{}/{}", place.name, stamp.0)),
        "M" => Object::String(at.strftime("D:%Y%m%d%H%M%S+08'00'").to_string().into_bytes(), StringFormat::Literal),
    };
    if let Some(key) = tag(&mut paper, place.page, stamp, told)? {
        annotation.set("StructParent", key);
    }
    paper.set(stamp, annotation.into());

    // The list of annotations may stand in the page or be an object of its own; written anew it stands in the page.
    let mut all = match page.get(b"Annots").map(|found| paper.follow(found)) {
        Ok(Object::Array(all)) => all.clone(),
        _ => Vec::new(),
    };
    all.push(stamp.into());
    page.set("Annots", all);
    paper.set(place.page, page.into());
    paper.finish()
}

/// Gives the stamp its place in the structure of a tagged paper (PDF/UA-1, 7.18); gives the key under which it is found
/// there. `None` for a paper without tags.
fn tag(paper: &mut Increment<'_>, page: ObjectId, stamp: ObjectId, told: &str) -> Result<Option<i64>, PaperError> {
    let catalog = paper.dictionary(paper.root()?)?;
    let Ok(root) = catalog.get(b"StructTreeRoot").and_then(Object::as_reference) else { return Ok(None) };
    let mut tree = paper.dictionary(root)?;
    let element = paper.new_id();

    // The number tree from keys to elements: it may stand in the root of the structure or be an object of its own, and
    // is written anew where it stands.
    let mut numbers = match tree.get(b"ParentTree").map(|found| paper.follow(found)) {
        Ok(Object::Dictionary(numbers)) => numbers.clone(),
        _ => Dictionary::new(),
    };
    let mut pairs = match numbers.get(b"Nums").map(|found| paper.follow(found)) {
        Ok(Object::Array(pairs)) => pairs.clone(),
        _ => return Err(PaperError::Revision("its tags have no flat list of parents".to_owned())),
    };
    let key = pairs.iter().step_by(2).filter_map(|key| key.as_i64().ok()).max().map_or(0, |last| last + 1);
    pairs.extend([key.into(), element.into()]);
    numbers.set("Nums", pairs);
    match tree.get(b"ParentTree") {
        Ok(Object::Reference(id)) => paper.set(*id, numbers.into()),
        _ => tree.set("ParentTree", numbers),
    }
    tree.set("ParentTreeNextKey", key + 1);

    // Into the outermost element, at its end: marks are read after the text.
    let first = match tree.get(b"K") {
        Ok(Object::Reference(id)) => Some(*id),
        Ok(Object::Array(kids)) => kids.first().and_then(|kid| kid.as_reference().ok()),
        _ => None,
    };
    let above = match first {
        Some(document) => {
            let mut outermost = paper.dictionary(document)?;
            push_kid(paper, &mut outermost, element);
            paper.set(document, outermost.into());
            document
        }
        None => {
            push_kid(paper, &mut tree, element);
            root
        }
    };
    paper.set(root, tree.into());
    let kid = dictionary! { "Type" => "OBJR", "Obj" => stamp, "Pg" => page };
    let annotation = dictionary! {
        "Type" => "StructElem", "S" => "Annot", "P" => above, "Pg" => page, "Alt" => text_string(told), "K" => kid,
    };
    paper.set(element, annotation.into());
    Ok(Some(key))
}

fn push_kid(paper: &Increment<'_>, element: &mut Dictionary, kid: ObjectId) {
    let mut kids = match element.get(b"K").map(|found| paper.follow(found)) {
        Ok(Object::Array(kids)) => kids.clone(),
        Ok(Object::Null) | Err(_) => Vec::new(),
        // A single kid may stand there without a list: as it was written, so that a reference stays one.
        Ok(_) => element.get(b"K").ok().cloned().into_iter().collect(),
    };
    kids.push(kid.into());
    element.set("K", kids);
}
