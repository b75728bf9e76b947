//! How the pages of a case and of its confirmation begin: where it stands, what was just done, whose turn it is, and the
//! buttons.

use askama::Template;
use askama::filters::HtmlSafe;
use serde::Deserialize;
use yanhe_core::policy::Act;

use crate::components::{Button, Notice, NoticeKind, Steps, SummaryList, Tag};
use crate::text::{Lang, Text, fill};

/// The beginning of such a page.
#[derive(Template)]
#[template(path = "pages/case_head.html")]
pub struct CaseHead {
    /// Texts.
    pub t: &'static Text,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub state: Tag,
    /// What was just done.
    pub done: Option<Notice>,
    /// What it is about.
    pub head: SummaryList,
    /// The steps of its way.
    pub steps: Steps,
    /// Whose turn it is, a line each.
    pub waits: Vec<String>,
    /// What is to be known before anything is done.
    pub notes: Vec<Notice>,
    /// The steps that are open, the next one first.
    pub buttons: Vec<Button>,
    /// What is open beside the way: folded away.
    pub more: Vec<Button>,
}

/// It stands in the pages as it is: without this its tags would be text there.
impl HtmlSafe for CaseHead {}

/// What the address asks for: the act that led here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

impl Asked {
    /// A notice that an act was done.
    pub fn done(&self, lang: Lang) -> Option<Notice> {
        let known = Act::ALL.iter().find(|act| act.name() == self.done)?;
        let text = fill(lang.text().dossier_form.done, &[("act", lang.name("act", known.name()))]);
        Some(Notice::new(lang, NoticeKind::Success, text))
    }
}
