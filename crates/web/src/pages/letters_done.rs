//! What became of serving many papers at once.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;

use super::bulk::Summary;
use super::listing::{all_hidden, hidden};
use crate::components::{Button, Cell, Column, Markup, Notice, NoticeKind, Table};
use crate::site::{self, Answer, Site, Visitor};
use crate::text::{Text, fill};

/// `GET /letters/done/KEY`.
pub fn router() -> Router<Site> {
    Router::new().route("/letters/done/{key}", get(done))
}

#[derive(Template)]
#[template(path = "pages/matters_done.html")]
struct DonePage {
    t: &'static Text,
    csrf: Markup,
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

async fn done(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    visitor.staff()?;
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let summary = Summary::kept(&site, &visitor, &key)?;
    let kind = if summary.done == 0 { NoticeKind::Warn } else { NoticeKind::Success };
    let said = fill(t.letters.done_served, &[("count", &summary.done.to_string())]);
    let failures = summary.failed.len().to_string();
    let columns = vec![Column::text(t.letters.paper), Column::text(t.matters.why)];
    let failed = summary.failed.iter().map(|(stream, number, why)| {
        vec![Cell::link(number.as_str(), format!("/letters/{}", stream.key())), why.as_str().into()]
    });
    let proofs: Vec<&str> = summary.papers.iter().map(|paper| paper.id.key()).collect();
    let frame = visitor.frame(&site.app, t.letters.done_title);
    site::ok(frame.page(&DonePage {
        t,
        csrf: frame.csrf_field(),
        notice: Notice::new(lang, kind, said),
        warning: Notice::new(lang, NoticeKind::Warn, fill(t.matters.done_failed, &[("count", &failures)])),
        failed: Table::new(lang, t.letters.done_title, columns).quiet().rows(failed),
        sent: Table::default(),
        prints: !proofs.is_empty(),
        hidden: Markup::all(&[hidden("key", &format!("{key}p")), all_hidden("paper", &proofs)]),
        print: Button::primary(t.letters.done_proofs).sends("do", "print"),
        letters: Button::secondary(t.letters.show_served).to("/letters?show=served"),
        back: Button::secondary(t.letters.back).to("/letters"),
    }))
}
