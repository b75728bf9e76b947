//! Views of one thing, as links.

use askama::Template;
use serde::Deserialize;

/// One view.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// It is shown now.
    pub current: bool,
    /// How many things are in it.
    pub count: String,
}

impl Tab {
    /// A view.
    pub fn new(label: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        Self { label: label.into(), href: href.into(), current, count: String::new() }
    }

    /// With a count; from `most` on nobody counted further.
    #[must_use]
    pub fn count(mut self, count: i64, most: i64) -> Self {
        self.count = if count < most { count.to_string() } else { format!("{}+", most - 1) };
        self
    }
}

/// A row of views.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/tabs.html")]
pub struct Tabs {
    /// What the views are of; heard only.
    pub label: String,
    /// The views.
    pub tabs: Vec<Tab>,
}
super::part!(Tabs, "tabs");
