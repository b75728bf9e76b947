//! HTML that is known to be safe.

use askama::Template;
use askama::filters::HtmlSafe;

/// Safe HTML, made from templates: a way to put one part, or several, into a place of another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(source = "{{ html|safe }}", ext = "html")]
pub struct Markup {
    html: String,
}

impl HtmlSafe for Markup {}

impl Markup {
    /// The HTML of a part or of a page's own template. A template that fails leaves nothing.
    pub fn of(part: &impl Template) -> Self {
        Self { html: part.render().unwrap_or_default() }
    }

    /// Several parts, one after the other.
    pub fn all<P: Template>(parts: &[P]) -> Self {
        Self { html: parts.iter().map(|part| Self::of(part).html).collect() }
    }

    /// The HTML as text.
    pub fn as_str(&self) -> &str {
        &self.html
    }
}
