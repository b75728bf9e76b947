//! What the compiler may see while it makes one paper: the templates, the drawn files, the fonts and the paper's date.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::fonts::Fonts;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// The desk on which one paper is made. Nothing else is within reach: no disk, no network, no clock.
pub(crate) struct Desk<'a> {
    pub(crate) fonts: &'a Fonts,
    pub(crate) templates: &'a HashMap<FileId, Source>,
    pub(crate) files: HashMap<FileId, Bytes>,
    pub(crate) main: FileId,
    pub(crate) date: Date,
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.templates.get(&id).cloned().ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| not_found(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.list.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        let part = |n: i8| u8::try_from(n).ok();
        Datetime::from_ymd(self.date.year().into(), part(self.date.month())?, part(self.date.day())?)
    }
}
