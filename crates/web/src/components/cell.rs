//! One value, as a cell of a table or of a summary list.

use askama::Template;
use askama::filters::HtmlSafe;
use serde::Deserialize;

use super::{Deadline, Markup, Tag};

/// A link with its words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Link {
    /// The words.
    pub label: String,
    /// The address.
    pub href: String,
    /// Words for screen readers that tell it from its neighbours of the same name.
    pub about: String,
}

impl Link {
    /// A link.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), about: String::new() }
    }

    /// Says what it is about, for those who hear it out of its row.
    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }
}

/// A box to tick in a row, for acts on many rows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Check {
    /// The form's name for it.
    pub name: String,
    /// The row's value.
    pub value: String,
    /// Words for screen readers.
    pub label: String,
    /// Ticked.
    pub on: bool,
}

/// One value: text, or a link, or a state, with a smaller second line.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/cell.html")]
pub struct Cell {
    /// The text.
    pub text: String,
    /// Makes the text a link.
    pub href: Option<String>,
    /// A second line.
    pub note: String,
    /// A state.
    pub tag: Option<Tag>,
    /// A box to tick.
    pub check: Option<Check>,
    /// Anything else.
    #[serde(skip)]
    pub markup: Markup,
}

impl HtmlSafe for Cell {}

impl Cell {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Text that leads somewhere.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..Self::text(text) }
    }

    /// A state.
    pub fn tag(tag: Tag) -> Self {
        Self { tag: Some(tag), ..Self::default() }
    }

    /// A limit with its explanation.
    pub fn deadline(deadline: &Deadline) -> Self {
        Self::markup(Markup::of(deadline))
    }

    /// A box to tick; `label` is heard, not seen.
    pub fn check(name: impl Into<String>, value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            check: Some(Check { name: name.into(), value: value.into(), label: label.into(), on: false }),
            ..Self::default()
        }
    }

    /// Any part.
    pub fn markup(markup: Markup) -> Self {
        Self { markup, ..Self::default() }
    }

    /// With a second line.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}
impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}
impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::text(number.to_string())
    }
}
impl From<Tag> for Cell {
    fn from(tag: Tag) -> Self {
        Self::tag(tag)
    }
}
impl From<Markup> for Cell {
    fn from(markup: Markup) -> Self {
        Self::markup(markup)
    }
}
