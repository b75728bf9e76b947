//! The way from the start to this page.

use askama::Template;
use serde::Deserialize;

use super::Link;
use crate::text::Lang;

/// The pages above this one, from the top down.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/breadcrumb.html")]
pub struct Breadcrumb {
    /// The reader's language.
    pub lang: Lang,
    /// The pages above.
    pub links: Vec<Link>,
}
super::part!(Breadcrumb, "breadcrumb");

impl Breadcrumb {
    /// The pages above, from the top down.
    pub fn new(lang: Lang, links: Vec<Link>) -> Self {
        Self { lang, links }
    }
}
