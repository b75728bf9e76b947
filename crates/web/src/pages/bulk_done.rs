//! What became of one act on many things: how many were done, which failed and why, and what can be printed now.

use askama::Template;
use axum::response::Html;

use super::bulk::Summary;
use super::listing::{all_hidden, hidden};
use crate::components::{Button, Cell, Column, Markup, Notice, NoticeKind, Table};
use crate::layout::Frame;
use crate::text::fill;

/// The words of an act and where its things are.
pub struct Done<'a> {
    /// The form's key.
    pub key: &'a str,
    /// What was done.
    pub said: String,
    /// What the things are, as the head of a column.
    pub of: &'a str,
    /// Before the key of a thing, its address.
    pub href: &'a str,
    /// The papers that were made.
    pub sent: Table,
    /// The button that prints them.
    pub print: &'a str,
    /// To the list of papers.
    pub letters: Button,
    /// Back to where it began.
    pub back: Button,
}

#[derive(Template)]
#[template(path = "pages/bulk_done.html")]
struct DonePage {
    title: String,
    notice: Notice,
    warning: Notice,
    failed: Table,
    sent: Table,
    prints: bool,
    hidden: Markup,
    print: Button,
    letters: Button,
    back: Button,
}

/// The page.
pub fn page(frame: &Frame, summary: &Summary, done: Done<'_>) -> Html<String> {
    let (lang, t) = (frame.lang, frame.lang.text());
    let kind = if summary.done() == 0 { NoticeKind::Warn } else { NoticeKind::Success };
    let failures = summary.failed.len().to_string();
    let columns = vec![Column::text(done.of), Column::text(t.matters.why)];
    let failed = summary.failed.iter().map(|(stream, number, why)| {
        vec![Cell::link(number.as_str(), format!("{}/{}", done.href, stream.key())), why.as_str().into()]
    });
    let papers: Vec<&str> = summary.papers.iter().map(|paper| paper.id.key()).collect();
    frame.page(&DonePage {
        title: frame.title.clone(),
        notice: Notice::new(lang, kind, done.said),
        warning: Notice::new(lang, NoticeKind::Warn, fill(t.matters.done_failed, &[("count", &failures)])),
        failed: Table::new(lang, frame.title.clone(), columns).quiet().rows(failed),
        sent: done.sent,
        prints: !papers.is_empty(),
        hidden: Markup::all(&[
            frame.csrf_field(),
            hidden("key", &format!("{}p", done.key)),
            all_hidden("paper", &papers),
        ]),
        print: Button::primary(done.print).sends("do", "print"),
        letters: done.letters,
        back: done.back,
    })
}
