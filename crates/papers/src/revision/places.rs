//! The places that a paper keeps for marks: measured in the laid-out document, kept in the file as named destinations
//! that fit a rectangle (ISO 32000-1, 12.3.2), read again from the stored file.

use lopdf::{Document, Object, ObjectId, StringFormat, dictionary};
use typst::foundations::{Label, Selector};
use typst::introspection::MetadataElem;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use super::Place;
use super::increment::Increment;
use crate::PaperError;

/// The label by which templates name their places.
const LABEL: &str = "mark-place";
/// In front of the names of places, among all names of a file.
const PREFIX: &str = "mark:";

/// Adds the places of a laid-out document to its file. A document without places is left as it is.
pub(crate) fn keep(pdf: Vec<u8>, document: &PagedDocument) -> Result<Vec<u8>, PaperError> {
    let mut found = measure(document);
    if found.is_empty() {
        return Ok(pdf);
    }
    // The list of names is sorted; a second place of one name would never be found.
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.dedup_by(|a, b| a.0 == b.0);
    let mut paper = Increment::open(&pdf)?;
    let pages = paper.pages();
    let mut names = Vec::new();
    for (name, page, rect) in found {
        let Some(page) = pages.get(page) else { continue };
        let mut destination: Vec<Object> = vec![(*page).into(), "FitR".into()];
        destination.extend(rect.iter().map(|n| Object::Real(*n)));
        names.push(Object::String(format!("{PREFIX}{name}").into_bytes(), StringFormat::Literal));
        names.push(destination.into());
    }
    let root = paper.root()?;
    let mut catalog = paper.dictionary(root)?;
    let mut all = match catalog.get(b"Names").map(|names| paper.follow(names)) {
        Ok(Object::Dictionary(names)) => names.clone(),
        _ => dictionary! {},
    };
    if all.has(b"Dests") {
        return Err(PaperError::Revision("it has named destinations of its own".to_owned()));
    }
    let tree = paper.new_id();
    paper.set(tree, dictionary! { "Names" => names }.into());
    all.set("Dests", tree);
    catalog.set("Names", all);
    paper.set(root, catalog.into());
    paper.finish()
}

/// Name, page from 0, and rectangle of every place.
fn measure(document: &PagedDocument) -> Vec<(String, usize, [f32; 4])> {
    let Some(label) = Label::new(PicoStr::intern(LABEL)) else { return Vec::new() };
    let introspector = document.introspector();
    let found = introspector.elements().query(&Selector::Label(label));
    found
        .iter()
        .filter_map(|element| {
            let value = &element.to_packed::<MetadataElem>()?.value;
            let value = serde_json::to_value(value).ok()?;
            let position = introspector.position(element.location()?)?;
            let page = position.page.get() - 1;
            let height = document.pages().get(page)?.frame.height().to_pt();
            let (left, top) = (position.point.x.to_pt(), height - position.point.y.to_pt());
            let (wide, high) = (value["width"].as_f64()?, value["height"].as_f64()?);
            let rect = [left, top - high, left + wide, top].map(points);
            Some((value["name"].as_str()?.to_owned(), page, rect))
        })
        .collect()
}

/// A hundredth of a point is finer than any printer; so short a number is the same on every machine.
#[expect(clippy::cast_possible_truncation, reason = "a length on a page")]
fn points(length: f64) -> f32 {
    ((length * 100.0).round() / 100.0) as f32
}

/// The places that a stored paper keeps.
pub(super) fn read(paper: &Document) -> Vec<Place> {
    let names = || {
        let root = paper.catalog().ok()?;
        let follow = |object| paper.dereference(object).map(|(_, object)| object);
        let names = follow(root.get(b"Names").ok()?).ok()?.as_dict().ok()?;
        let tree = follow(names.get(b"Dests").ok()?).ok()?.as_dict().ok()?;
        follow(tree.get(b"Names").ok()?).ok()?.as_array().ok()
    };
    let pairs = names().map_or(&[][..], Vec::as_slice);
    pairs.chunks_exact(2).filter_map(|pair| one(&pair[0], &pair[1])).collect()
}

fn one(name: &Object, destination: &Object) -> Option<Place> {
    let name = std::str::from_utf8(name.as_str().ok()?).ok()?.strip_prefix(PREFIX)?;
    let destination = destination.as_array().ok()?;
    let page: ObjectId = destination.first()?.as_reference().ok()?;
    let numbers: Vec<f32> = destination.get(2..)?.iter().filter_map(|n| n.as_float().ok()).collect();
    Some(Place { name: name.to_owned(), page, rect: numbers.try_into().ok()? })
}
