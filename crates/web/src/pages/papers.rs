//! A stored paper as PDF: what is shown or printed is always the stored file, with all signatures and seals; what is
//! signed is the file without them.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use yanhe_core::{StreamId, StreamKind};

use crate::site::{self, Answer, Site, Visitor};

/// `GET /paper/KEY`, `/paper/KEY/unsigned`.
pub fn router() -> Router<Site> {
    Router::new().route("/paper/{key}", get(paper)).route("/paper/{key}/unsigned", get(unsigned))
}

async fn paper(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    visitor.signed()?;
    let stream = StreamId::new(StreamKind::Paper, &key);
    let (state, bytes) = site.app.paper_pdf(&visitor.actor, &stream).await?;
    site::pdf(&state.issued.paper.kind, bytes)
}

async fn unsigned(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    visitor.signed()?;
    let stream = StreamId::new(StreamKind::Paper, &key);
    let (state, bytes) = site.app.paper_base(&visitor.actor, &stream).await?;
    site::pdf(&state.issued.paper.kind, bytes)
}
