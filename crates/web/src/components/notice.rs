//! A notice in the flow of the page.

use askama::Template;
use serde::Deserialize;

use super::Markup;
use crate::text::Lang;

/// What a notice is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Good to know.
    #[default]
    Info,
    /// A right or a limit is at stake.
    Warn,
    /// What was asked for is done.
    Success,
    /// An act failed, and no field is to blame.
    Bad,
    /// This is a demonstration.
    Demo,
}

/// A notice: a title, a text, and parts below it.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/notice.html")]
pub struct Notice {
    /// The reader's language.
    pub lang: Lang,
    /// What it is for.
    pub kind: NoticeKind,
    /// The title; the word for the kind when empty.
    pub title: String,
    /// The text.
    pub text: String,
    /// Parts below the text.
    #[serde(skip)]
    pub body: Markup,
}
super::part!(Notice, "notice");

impl Notice {
    /// A notice with a text.
    pub fn new(lang: Lang, kind: NoticeKind, text: impl Into<String>) -> Self {
        Self { lang, kind, text: text.into(), ..Self::default() }
    }

    /// With a title.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// With parts below the text.
    #[must_use]
    pub fn body(mut self, body: Markup) -> Self {
        self.body = body;
        self
    }

    fn heading(&self) -> &str {
        let t = self.lang.text();
        match self.kind {
            _ if !self.title.is_empty() => &self.title,
            NoticeKind::Info => t.part.info,
            NoticeKind::Warn => t.part.warn,
            NoticeKind::Success => t.part.success,
            NoticeKind::Bad => t.part.error,
            NoticeKind::Demo => t.frame.demo,
        }
    }

    fn class(&self) -> &'static str {
        match self.kind {
            NoticeKind::Info => "notice-info",
            NoticeKind::Warn => "notice-warn",
            NoticeKind::Success => "notice-success",
            NoticeKind::Bad => "notice-bad",
            NoticeKind::Demo => "notice-demo",
        }
    }

    /// What follows an act is announced by screen readers; what belongs to the page is not.
    fn role(&self) -> &'static str {
        match self.kind {
            NoticeKind::Success => "status",
            NoticeKind::Bad => "alert",
            _ => "note",
        }
    }
}
