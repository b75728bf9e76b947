//! Links to the page before and after.

use askama::Template;
use serde::Deserialize;

use crate::text::{Lang, fill};

/// Pages of a list, reached by the key of their first row rather than by number.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/pagination.html")]
pub struct Pagination {
    /// The reader's language.
    pub lang: Lang,
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
    /// How many rows this page shows.
    pub count: usize,
}
super::part!(Pagination, "pagination");

impl Pagination {
    fn shown(&self) -> String {
        fill(self.lang.text().part.shown_some, &[("count", &self.count.to_string())])
    }
}
