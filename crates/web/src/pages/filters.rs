//! The filters above a list: what the address asks for, each value checked against the choices of its field.
//!
//! A value that there is not is no reason to say that nothing was found: it is said at its field, and no list is read.

use std::future::Future;

use axum::response::Html;
use yanhe_core::Date;
use yanhe_store_read::{Listing, Page, StoreError};

use super::listing::{Typed, listed, parse_date};
use crate::components::{Button, EmptyState, ErrorSummary, Errors, Field, FieldKind};
use crate::site::{self, Answer, Fault};
use crate::text::Lang;

/// The filters of one list, as they were asked for.
pub struct Filters {
    lang: Lang,
    fields: Vec<Field>,
    errors: Errors,
}

impl Filters {
    /// The fields with what the address asks for. What a list does not offer to this reader is not asked for.
    pub fn new(lang: Lang, asked: &Typed, fields: Vec<Field>) -> Self {
        let mut errors = Errors::new(lang);
        for field in &fields {
            let value = asked.trimmed(&field.name);
            if field.kind == FieldKind::Date {
                asked.given(&field.name, &mut errors, lang, parse_date);
            } else if field.kind == FieldKind::Select && !value.is_empty() {
                let known = field.choices.iter().any(|choice| choice.value == value);
                if !known {
                    errors.add(&field.name, "unknown");
                }
            }
        }
        let shown = |field: Field| match asked.trimmed(&field.name) {
            // A field may begin with a choice of its own.
            "" => field,
            _ => asked.field(field, &errors),
        };
        Self { lang, fields: fields.into_iter().map(shown).collect(), errors }
    }

    /// The fields, for the page.
    pub fn fields(&self) -> Vec<Field> {
        self.fields.clone()
    }

    /// What is wrong, for the top of the page.
    pub fn summary(&self) -> ErrorSummary {
        self.errors.summary()
    }

    /// What is asked for in a field; none when it is empty, or not there for this reader.
    pub fn value(&self, name: &str) -> Option<String> {
        let field = self.fields.iter().find(|field| field.name == name)?;
        field.values.first().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The day in a field.
    pub fn day(&self, name: &str) -> Option<Date> {
        parse_date(&self.value(name)?).ok()
    }

    /// The list that is asked for; nothing is read by a value that there is not.
    ///
    /// # Errors
    /// When the address names no place in this list, or the database fails.
    pub async fn read<T>(
        &self,
        page: &Page,
        read: impl Future<Output = Result<Listing<T>, StoreError>>,
    ) -> Result<Listing<T>, Fault> {
        match self.errors.is_empty() {
            true => listed(read.await, page),
            false => Ok(Listing { rows: Vec::new(), next: None }),
        }
    }

    /// What stands in place of the rows: why the list was not read, and the way to all of it; `otherwise` when it was.
    pub fn empty(&self, path: &str, otherwise: EmptyState) -> EmptyState {
        let t = self.lang.text();
        match self.errors.is_empty() {
            true => otherwise,
            false => {
                EmptyState::new(t.part.unread_title, t.part.unread).action(Button::secondary(t.common.clear).to(path))
            }
        }
    }

    /// The page, with the status that says whether the list was read.
    ///
    /// # Errors
    /// Never; the shape fits handlers.
    pub fn answer(&self, page: Html<String>) -> Answer {
        if self.errors.is_empty() { site::ok(page) } else { site::again(page) }
    }
}
