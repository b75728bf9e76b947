//! A table of rows. On a phone each row becomes a card, its cells named by their columns.

use askama::Template;
use serde::Deserialize;

use super::{Cell, EmptyState};
use crate::text::Lang;

/// How a column is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// From the left.
    #[default]
    Text,
    /// From the right, with figures of one width.
    Number,
    /// Boxes to tick; the head gets a box that ticks all.
    Check,
    /// What can be pressed: on paper there is nothing to press, so it is left out.
    Press,
}

impl ColumnKind {
    fn class(self) -> &'static str {
        match self {
            Self::Text => "",
            Self::Number => " class=\"number\"",
            Self::Check => " class=\"check\"",
            Self::Press => " class=\"press\"",
        }
    }
}

/// A column.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Column {
    /// Its head.
    pub label: String,
    /// How it is set.
    pub kind: ColumnKind,
}

impl Column {
    /// A column of text.
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), kind: ColumnKind::Text }
    }

    /// A column of numbers.
    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), kind: ColumnKind::Number }
    }

    /// A column of links and buttons that say nothing by themselves.
    pub fn press(label: impl Into<String>) -> Self {
        Self { label: label.into(), kind: ColumnKind::Press }
    }

    /// A column of boxes to tick.
    pub fn check() -> Self {
        Self { label: String::new(), kind: ColumnKind::Check }
    }
}

/// A row: as many cells as there are columns.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Row(pub Vec<Cell>);

/// A table.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/table.html")]
pub struct Table {
    /// The reader's language.
    pub lang: Lang,
    /// What the table shows; always heard, seen unless `quiet`.
    pub caption: String,
    /// The caption is only heard, because a heading above says the same.
    pub quiet: bool,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Shown in place of a table without rows.
    pub empty: EmptyState,
    /// With script: a field that narrows the rows of this page.
    pub filter: bool,
    /// Many short columns: on a phone it stays a table, with its first column in place, and scrolls sideways in its box.
    pub wide: bool,
}
super::part!(Table, "table");

impl Table {
    /// A table without rows.
    pub fn new(lang: Lang, caption: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { lang, caption: caption.into(), columns, ..Self::default() }
    }

    /// Adds a row.
    #[must_use]
    pub fn row(mut self, cells: Vec<Cell>) -> Self {
        self.rows.push(Row(cells));
        self
    }

    /// With these rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        self.rows.extend(rows.into_iter().map(Row));
        self
    }

    /// The caption is heard but not seen.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// What is shown when there are no rows.
    #[must_use]
    pub fn empty(mut self, empty: EmptyState) -> Self {
        self.empty = empty;
        self
    }

    /// It stays a table on a phone and scrolls sideways.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// With a field that narrows the rows of this page, where there is script.
    #[must_use]
    pub fn filter(mut self) -> Self {
        self.filter = true;
        self
    }

    /// Cells with their columns; a cell too many is left out.
    fn cells<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = (&'a Column, &'a Cell)> {
        self.columns.iter().zip(&row.0)
    }
}
