//! What a page says when it has nothing to show.

use askama::Template;
use serde::Deserialize;

use super::Button;

/// Says that nothing is there, why, and what to do.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/empty_state.html")]
pub struct EmptyState {
    /// What is not there.
    pub title: String,
    /// Why, and what to do.
    pub text: String,
    /// The way on.
    pub action: Option<Button>,
}
super::part!(EmptyState, "empty_state");

impl EmptyState {
    /// Nothing there, and why.
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { title: title.into(), text: text.into(), action: None }
    }

    /// With a way on.
    #[must_use]
    pub fn action(mut self, button: Button) -> Self {
        self.action = Some(button);
        self
    }
}
