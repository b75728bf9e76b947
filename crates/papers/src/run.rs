//! A print run: stored papers, page after page, in one file.

use std::collections::BTreeMap;

use lopdf::{Document, Object, ObjectId, dictionary};

use crate::{PaperError, Rendered};

/// What a page may inherit from its tree, which the new tree does not have.
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];
/// What ties a page to the structure of its own document, which the run leaves behind.
const LEFT_BEHIND: [&[u8]; 5] = [b"StructParents", b"Tabs", b"Annots", b"B", b"AA"];

pub(crate) fn put_together<P: AsRef<[u8]>>(pdfs: &[P], duplex: bool) -> Result<Rendered, PaperError> {
    if pdfs.is_empty() {
        return Err(PaperError::EmptyRun);
    }
    let mut whole = Document::with_version("1.7");
    let tree = whole.new_object_id();
    let mut kids: Vec<Object> = Vec::new();

    for (index, pdf) in pdfs.iter().enumerate() {
        let unreadable = |error: lopdf::Error| PaperError::Run { index, reason: error.to_string() };
        let mut paper = Document::load_mem(pdf.as_ref()).map_err(unreadable)?;
        paper.renumber_objects_with(whole.max_id + 1);
        let pages: Vec<ObjectId> = paper.get_pages().into_values().collect();
        if pages.is_empty() {
            return Err(PaperError::Run { index, reason: "it has no pages".to_owned() });
        }
        let mut size = None;
        for id in &pages {
            let inherited = inherited(&paper, *id).map_err(unreadable)?;
            let stamps = stamps(&mut paper, *id).map_err(unreadable)?;
            let page = paper.get_object_mut(*id).and_then(Object::as_dict_mut).map_err(unreadable)?;
            for (key, value) in inherited {
                if !page.has(&key) {
                    page.set(key, value);
                }
            }
            for key in LEFT_BEHIND {
                page.remove(key);
            }
            if !stamps.is_empty() {
                page.set("Annots", stamps);
            }
            page.set("Parent", tree);
            size = page.get(b"MediaBox").ok().cloned();
            kids.push((*id).into());
        }
        whole.max_id = paper.max_id;
        whole.objects.extend(reachable(&mut paper, &pages, tree));
        if duplex && pages.len() % 2 == 1 {
            let mut blank = dictionary! { "Type" => "Page", "Parent" => tree, "Resources" => dictionary! {} };
            blank.set("MediaBox", size.unwrap_or_else(|| vec![0.into(), 0.into(), 595.into(), 842.into()].into()));
            kids.push(whole.add_object(blank).into());
        }
    }

    let pages = kids.len();
    let count = i64::try_from(pages).unwrap_or(i64::MAX);
    whole.objects.insert(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let catalog = whole.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    whole.trailer.set("Root", catalog);
    let mut pdf = Vec::new();
    whole.save_to(&mut pdf).map_err(|error| PaperError::Run { index: pdfs.len() - 1, reason: error.to_string() })?;
    Ok(Rendered { pdf, pages })
}

/// The signatures and seals on page `id`, which are printed with it; links and the like are left behind.
fn stamps(paper: &mut Document, id: ObjectId) -> Result<Vec<Object>, lopdf::Error> {
    let all = match paper.get_dictionary(id)?.get(b"Annots") {
        Ok(all) => paper.dereference(all)?.1.as_array()?.clone(),
        Err(_) => return Ok(Vec::new()),
    };
    let mut stamps = Vec::new();
    for object in all {
        let Ok(id) = object.as_reference() else { continue };
        let annotation = paper.get_object_mut(id).and_then(Object::as_dict_mut)?;
        if annotation.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Stamp") {
            annotation.remove(b"StructParent");
            stamps.push(object);
        }
    }
    Ok(stamps)
}

/// The values that page `id` takes from the nodes above it, the nearest first.
fn inherited(paper: &Document, id: ObjectId) -> Result<BTreeMap<Vec<u8>, Object>, lopdf::Error> {
    let mut values = BTreeMap::new();
    let mut node = paper.get_dictionary(id)?;
    // A tree is never this deep; a file that says so has a circle in it.
    for _ in 0..64 {
        for key in INHERITED {
            if let Ok(value) = node.get(key) {
                values.entry(key.to_vec()).or_insert_with(|| value.clone());
            }
        }
        match node.get(b"Parent").and_then(Object::as_reference) {
            Ok(parent) => node = paper.get_dictionary(parent)?,
            Err(_) => break,
        }
    }
    Ok(values)
}

/// Takes the objects that the pages need out of the paper: its tags, outline and metadata stay behind.
fn reachable(paper: &mut Document, pages: &[ObjectId], tree: ObjectId) -> BTreeMap<ObjectId, Object> {
    let mut taken = BTreeMap::new();
    let mut waiting: Vec<ObjectId> = pages.to_vec();
    while let Some(id) = waiting.pop() {
        if id == tree || taken.contains_key(&id) {
            continue;
        }
        if let Some(object) = paper.objects.remove(&id) {
            references(&object, &mut waiting);
            taken.insert(id, object);
        }
    }
    taken
}

fn references(object: &Object, found: &mut Vec<ObjectId>) {
    match object {
        Object::Reference(id) => found.push(*id),
        Object::Array(items) => items.iter().for_each(|item| references(item, found)),
        Object::Dictionary(fields) => fields.iter().for_each(|(_, value)| references(value, found)),
        Object::Stream(stream) => stream.dict.iter().for_each(|(_, value)| references(value, found)),
        _ => {}
    }
}
