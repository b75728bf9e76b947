//! The form of one act: what it is about, its fields, its button, and the way back. Acts of matters, papers and imports
//! all look like this.

use askama::Template;
use axum::response::Html;

use crate::components::{Button, ErrorSummary, Field, Markup};
use crate::layout::Frame;

/// A form on a page of its own.
#[derive(Debug, Default, Template)]
#[template(path = "pages/form.html")]
pub struct FormPage {
    /// The title.
    pub title: String,
    /// What is wrong.
    pub errors: ErrorSummary,
    /// What the act does.
    pub lead: String,
    /// Parts above the fields.
    pub above: Markup,
    /// Where it is posted to.
    pub action: String,
    /// Hidden values, the form's token among them.
    pub hidden: Markup,
    /// The fields.
    pub fields: Vec<Field>,
    /// The buttons, the act first.
    pub buttons: Vec<Button>,
}

impl FormPage {
    /// The whole page.
    pub fn page(self, frame: &Frame) -> Html<String> {
        let hidden = Markup::all(&[frame.csrf_field(), self.hidden]);
        frame.page(&Self { hidden, ..self })
    }
}
