//! Writing what is added to a file: new objects and new versions of old ones, their table, a trailer that names the table
//! before. The bytes are a function of the file and the objects alone.

use std::collections::BTreeMap;
use std::io::Write;

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, Writer, dictionary};

use super::{load, unreadable};
use crate::PaperError;

/// A file, and what is to be added to it.
pub(super) struct Increment<'a> {
    file: &'a [u8],
    paper: Document,
    objects: BTreeMap<ObjectId, Object>,
    next: u32,
}

impl<'a> Increment<'a> {
    pub(super) fn open(file: &'a [u8]) -> Result<Self, PaperError> {
        let paper = load(file)?;
        let size = paper.trailer.get(b"Size").and_then(Object::as_i64).unwrap_or_default();
        let next = u32::try_from(size).unwrap_or_default().max(paper.max_id + 1);
        Ok(Self { file, paper, objects: BTreeMap::new(), next })
    }

    /// The catalogue.
    pub(super) fn root(&self) -> Result<ObjectId, PaperError> {
        self.paper.trailer.get(b"Root").and_then(Object::as_reference).map_err(unreadable)
    }

    /// The pages in order.
    pub(super) fn pages(&self) -> Vec<ObjectId> {
        self.paper.get_pages().into_values().collect()
    }

    /// A number for a new object.
    pub(super) fn new_id(&mut self) -> ObjectId {
        self.next += 1;
        (self.next - 1, 0)
    }

    /// An object as it is now, or what a reference leads to.
    pub(super) fn follow<'s>(&'s self, object: &'s Object) -> &'s Object {
        match object {
            Object::Reference(id) => {
                self.objects.get(id).or_else(|| self.paper.objects.get(id)).unwrap_or(&Object::Null)
            }
            object => object,
        }
    }

    /// A copy of a dictionary, to be changed and set again.
    pub(super) fn dictionary(&self, id: ObjectId) -> Result<Dictionary, PaperError> {
        self.follow(&Object::Reference(id)).as_dict().cloned().map_err(unreadable)
    }

    /// A new object, or the new version of an old one.
    pub(super) fn set(&mut self, id: ObjectId, object: Object) {
        self.objects.insert(id, object);
    }

    /// The file, and after it what was set.
    pub(super) fn finish(self) -> Result<Vec<u8>, PaperError> {
        let before = table_of(self.file)?;
        let mut trailer = dictionary! { "Size" => i64::from(self.next), "Root" => self.root()?, "Prev" => before };
        if let Ok(info) = self.paper.trailer.get(b"Info") {
            trailer.set("Info", info.clone());
        }
        if let Ok(Object::Array(ids)) = self.paper.trailer.get(b"ID") {
            trailer.set("ID", changed(ids, self.file.len()));
        }
        let broken = |error: std::io::Error| PaperError::Revision(error.to_string());
        let mut out = self.file.to_vec();
        if out.last() != Some(&b'\n') {
            out.push(b'\n');
        }
        let mut places = Vec::with_capacity(self.objects.len());
        for (id, object) in &self.objects {
            places.push((*id, out.len()));
            let space = if Writer::need_separator(object) { " " } else { "" };
            write!(out, "{} {} obj{space}", id.0, id.1).map_err(broken)?;
            Writer::write_object(&mut out, object).map_err(broken)?;
            out.extend_from_slice(b"\nendobj\n");
        }
        let table = out.len();
        out.extend_from_slice(b"xref\n");
        // Runs of numbers that follow one another, as the format wants them.
        for run in places.chunk_by(|(a, _), (b, _)| a.0 + 1 == b.0) {
            writeln!(out, "{} {}", run[0].0.0, run.len()).map_err(broken)?;
            for ((_, generation), at) in run {
                write!(out, "{at:010} {generation:05} n\r\n").map_err(broken)?;
            }
        }
        out.extend_from_slice(b"trailer\n");
        Writer::write_object(&mut out, &trailer.into()).map_err(broken)?;
        write!(out, "\nstartxref\n{table}\n%%EOF\n").map_err(broken)?;
        Ok(out)
    }
}

/// Where the file's last table of objects stands.
fn table_of(file: &[u8]) -> Result<i64, PaperError> {
    let word = b"startxref";
    let at = file.windows(word.len()).rposition(|found| found == word);
    let digits: String = at
        .map_or(&[][..], |at| &file[at + word.len()..])
        .iter()
        .skip_while(|byte| byte.is_ascii_whitespace())
        .take_while(|byte| byte.is_ascii_digit())
        .map(|byte| char::from(*byte))
        .collect();
    let place = digits.parse::<usize>().ok().filter(|place| file.get(*place..).is_some_and(|f| f.starts_with(b"xref")));
    place
        .and_then(|place| i64::try_from(place).ok())
        .ok_or_else(|| PaperError::Revision("no table of objects".to_owned()))
}

/// The two names of a file: the first stays, the second is another one for every revision (ISO 32000-1, 14.4).
fn changed(ids: &[Object], length: usize) -> Object {
    let first = ids.first().cloned().unwrap_or_else(|| Object::String(Vec::new(), StringFormat::Hexadecimal));
    let mut second = first.as_str().unwrap_or_default().to_vec();
    second.truncate(8);
    second.extend_from_slice(&u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
    Object::Array(vec![first, Object::String(second, StringFormat::Hexadecimal)])
}
