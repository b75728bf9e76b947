//! What is known about one thing, as rows of key and value.

use askama::Template;
use serde::Deserialize;

use super::{Cell, Link};

/// A row: key, value, and perhaps an act.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SummaryRow {
    /// The key.
    pub key: String,
    /// The value.
    pub value: Cell,
    /// What can be done about it.
    pub action: Option<Link>,
}

/// A list of keys and values.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/summary_list.html")]
pub struct SummaryList {
    /// The rows.
    pub rows: Vec<SummaryRow>,
}
super::part!(SummaryList, "summary_list");

impl SummaryList {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a row.
    #[must_use]
    pub fn row(mut self, key: impl Into<String>, value: impl Into<Cell>) -> Self {
        self.rows.push(SummaryRow { key: key.into(), value: value.into(), action: None });
        self
    }

    /// Adds a row with an act; the key is heard with the link's words.
    #[must_use]
    pub fn row_with(mut self, key: impl Into<String>, value: impl Into<Cell>, action: Link) -> Self {
        self.rows.push(SummaryRow { key: key.into(), value: value.into(), action: Some(action) });
        self
    }
}
