//! What happened, in order.

use askama::Template;
use serde::Deserialize;

use super::{Link, Markup, Tone};

/// One thing that happened.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Moment {
    /// When, as the reader's language writes it.
    pub when: String,
    /// What.
    pub title: String,
    /// Who did it.
    pub who: String,
    /// More about it.
    pub text: String,
    /// Papers and pages that belong to it.
    pub links: Vec<Link>,
    /// What it means.
    pub tone: Tone,
    /// Parts below it.
    #[serde(skip)]
    pub body: Markup,
}

/// A timeline, in the order given.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/timeline.html")]
pub struct Timeline {
    /// What happened.
    pub moments: Vec<Moment>,
}
super::part!(Timeline, "timeline");
