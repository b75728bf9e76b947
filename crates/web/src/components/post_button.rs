//! One act as a form of its own: a button that posts.

use askama::Template;
use serde::Deserialize;

use super::Button;

/// A form with one button and hidden values: an act that needs nothing typed.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/post_button.html")]
pub struct PostButton {
    /// Where it posts to.
    pub action: String,
    /// The frame's token against forged requests.
    pub csrf: String,
    /// Hidden names and values, for example the version the page was made from.
    pub hidden: Vec<(String, String)>,
    /// The button.
    pub button: Button,
}
super::part!(PostButton, "post_button");

impl PostButton {
    /// A button that posts to `action`.
    pub fn new(action: impl Into<String>, csrf: impl Into<String>, button: Button) -> Self {
        Self { action: action.into(), csrf: csrf.into(), hidden: Vec::new(), button }
    }

    /// Adds a hidden value.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }
}
