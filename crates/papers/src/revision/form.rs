//! A page of another file as a drawing that can be placed: its content and fonts, numbered anew.

use std::collections::BTreeMap;

use lopdf::{Object, ObjectId, Stream, dictionary};

use super::increment::Increment;
use super::{load, unreadable};
use crate::PaperError;

/// Takes the first page of `drawing` over into the paper; gives the object that draws it.
pub(super) fn import(
    paper: &mut Increment<'_>,
    drawing: &[u8],
    (wide, high): (f32, f32),
) -> Result<ObjectId, PaperError> {
    let other = load(drawing)?;
    let page = other.get_pages().into_values().next();
    let page = page.ok_or_else(|| PaperError::Revision("the mark has no page".to_owned()))?;
    let page = other.get_dictionary(page).map_err(unreadable)?;
    let content = page.get(b"Contents").and_then(|found| other.dereference(found)).map_err(unreadable)?.1;
    let content = content.as_stream().map_err(unreadable)?;

    let id = paper.new_id();
    let mut known = BTreeMap::new();
    let mut waiting = Vec::new();
    let mut take = |object: &Object, paper: &mut Increment<'_>, waiting: &mut Vec<(ObjectId, ObjectId)>| {
        let mut object = object.clone();
        renumber(&mut object, &mut |old| {
            *known.entry(old).or_insert_with(|| {
                let new = paper.new_id();
                waiting.push((old, new));
                new
            })
        });
        object
    };
    let mut dict = content.dict.clone();
    dict.extend(&dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => vec![Object::Integer(0), Object::Integer(0), Object::Real(wide), Object::Real(high)],
    });
    if let Ok(resources) = page.get(b"Resources") {
        dict.set("Resources", take(resources, paper, &mut waiting));
    }
    let mut look = Stream::new(dict, content.content.clone());
    // What is packed already stays as it is.
    look.allows_compression = false;
    paper.set(id, look.into());
    while let Some((old, new)) = waiting.pop() {
        let object = other.objects.get(&old).unwrap_or(&Object::Null);
        let object = take(object, paper, &mut waiting);
        paper.set(new, object);
    }
    Ok(id)
}

/// Replaces every reference within an object.
fn renumber(object: &mut Object, new: &mut impl FnMut(ObjectId) -> ObjectId) {
    match object {
        Object::Reference(id) => *id = new(*id),
        Object::Array(items) => items.iter_mut().for_each(|item| renumber(item, new)),
        Object::Dictionary(fields) => fields.iter_mut().for_each(|(_, value)| renumber(value, new)),
        Object::Stream(stream) => stream.dict.iter_mut().for_each(|(_, value)| renumber(value, new)),
        _ => {}
    }
}
