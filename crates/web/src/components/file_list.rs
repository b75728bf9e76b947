//! Papers and files to open.

use askama::Template;
use serde::Deserialize;

use super::Tag;

/// One file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct FileItem {
    /// Its name.
    pub name: String,
    /// Where it opens.
    pub href: String,
    /// Kind and size, for example `PDF, 86 kB`.
    pub about: String,
    /// Number, date, where the original lies.
    pub note: String,
    /// Its state, for example voided.
    pub tag: Option<Tag>,
}

impl FileItem {
    /// A file with its size in bytes.
    pub fn new(name: impl Into<String>, href: impl Into<String>, kind: &str, bytes: u64) -> Self {
        let size = if bytes < 1_000_000 {
            format!("{} kB", bytes.div_ceil(1000))
        } else {
            format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
        };
        let about = if kind.is_empty() { size } else { format!("{kind}, {size}") };
        Self { name: name.into(), href: href.into(), about, ..Self::default() }
    }

    /// With number, date, or where the original lies.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// With a state.
    #[must_use]
    pub fn tag(mut self, tag: Tag) -> Self {
        self.tag = Some(tag);
        self
    }
}

/// A list of files.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/file_list.html")]
pub struct FileList {
    /// The files.
    pub files: Vec<FileItem>,
}
super::part!(FileList, "file_list");
