//! What became of serving many papers at once.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;

use super::bulk::Summary;
use super::bulk_done::{self, Done};
use crate::components::{Button, Table};
use crate::site::{self, Answer, Site, Visitor};
use crate::text::fill;

/// `GET /letters/done/KEY`.
pub fn router() -> Router<Site> {
    Router::new().route("/letters/done/{key}", get(done))
}

async fn done(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    visitor.staff()?;
    let t = visitor.lang().text();
    let summary = Summary::kept(&site, &visitor, &key)?;
    let frame = visitor.frame(&site.app, t.letters.done_title);
    site::ok(bulk_done::page(
        &frame,
        &summary,
        Done {
            key: &key,
            said: fill(t.letters.done_served, &[("count", &summary.done().to_string())]),
            of: t.letters.paper,
            href: "/letters",
            sent: Table::default(),
            print: t.letters.done_proofs,
            letters: Button::secondary(t.letters.show_served).to("/letters?show=served"),
            back: Button::secondary(t.letters.back).to("/letters"),
        },
    ))
}
