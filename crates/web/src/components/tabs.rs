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
    pub count: Option<u64>,
}

impl Tab {
    /// A view.
    pub fn new(label: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        Self { label: label.into(), href: href.into(), current, count: None }
    }

    /// With a count.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
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
