//! A state as a small label.

use askama::Template;
use serde::Deserialize;

/// What a state means for the reader. The word says it; the colour only helps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nothing to do.
    #[default]
    Plain,
    /// Under way.
    Going,
    /// Well ended.
    Good,
    /// Wants attention.
    Attention,
    /// Late, refused, faulty.
    Bad,
}

impl Tone {
    /// The CSS class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "tone-plain",
            Self::Going => "tone-going",
            Self::Good => "tone-good",
            Self::Attention => "tone-attention",
            Self::Bad => "tone-bad",
        }
    }
}

/// A small label with a word and a tone.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/tag.html")]
pub struct Tag {
    /// The word.
    pub label: String,
    /// The tone.
    pub tone: Tone,
}
super::part!(Tag, "tag");

impl Tag {
    /// A label with a tone.
    pub fn new(label: impl Into<String>, tone: Tone) -> Self {
        Self { label: label.into(), tone }
    }
}
