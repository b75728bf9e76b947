//! A number that opens the acts that make it.

use askama::Template;
use serde::Deserialize;

use super::Link;
use crate::text::Lang;

/// A number with its name. Put several into an element of class `figures`.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/figure_card.html")]
pub struct FigureCard {
    /// The reader's language.
    pub lang: Lang,
    /// What is counted.
    pub label: String,
    /// The number; none when the denominator is too small to say.
    pub value: Option<String>,
    /// Its unit.
    pub unit: String,
    /// How it is made, for example `41 / 52`.
    pub note: String,
    /// The acts behind it.
    pub href: Option<String>,
    /// A rate's part and whole, each with the acts behind it; without an address where there are none.
    pub parts: Option<(Link, Link)>,
}
super::part!(FigureCard, "figure_card");

impl FigureCard {
    /// A number with the acts behind it.
    pub fn new(lang: Lang, label: impl Into<String>, value: impl ToString, href: impl Into<String>) -> Self {
        Self { lang, label: label.into(), value: Some(value.to_string()), href: Some(href.into()), ..Self::default() }
    }

    /// A rate whose denominator is under the county's minimum: never shown as 0 % or 100 %.
    pub fn too_few(lang: Lang, label: impl Into<String>) -> Self {
        Self { lang, label: label.into(), ..Self::default() }
    }

    /// With a unit.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// A rate with its part and its whole.
    #[must_use]
    pub fn parts(mut self, part: Link, whole: Link) -> Self {
        self.parts = Some((part, whole));
        self
    }

    /// With how it is made.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}
