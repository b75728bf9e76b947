//! A stored paper as PDF: what is shown or printed is always the stored file.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use yanhe_core::{StreamId, StreamKind};

use crate::site::{self, Answer, Site, Visitor};

/// `GET /paper/KEY`.
pub fn router() -> Router<Site> {
    Router::new().route("/paper/{key}", get(paper))
}

async fn paper(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    visitor.signed()?;
    let stream = StreamId::new(StreamKind::Paper, &key);
    let (state, bytes) = site.app.paper_pdf(&visitor.actor, &stream).await?;
    site::pdf(&state.issued.paper.kind, bytes)
}
