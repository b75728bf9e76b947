//! A stored paper as PDF: what is shown or printed is always the stored file, with all signatures and seals; what is
//! signed is the file without them.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use yanhe_app::{AppError, Request};
use yanhe_core::time::county_time;
use yanhe_core::{StreamId, StreamKind, paper};

use super::letters::paper_name;
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::Lang;

/// `GET /paper/KEY`, `/paper/KEY/unsigned`.
pub fn router() -> Router<Site> {
    Router::new().route("/paper/{key}", get(paper)).route("/paper/{key}/unsigned", get(unsigned))
}

async fn paper(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    visitor.signed()?;
    let stream = StreamId::new(StreamKind::Paper, &key);
    let (state, bytes) = site.app.paper_pdf(&visitor.actor, &stream).await?;
    if visitor.is_party() {
        received(&site, &visitor, &stream, &state).await?;
    }
    stored(&site, visitor.lang(), &state, bytes)
}

/// The stored bytes of a paper, untouched, since they are what was signed. So what nobody sees in them stands in the name
/// under which they are kept: that the paper was voided.
///
/// # Errors
/// Never; the shape fits handlers.
pub fn stored(site: &Site, lang: Lang, state: &paper::State, bytes: Vec<u8>) -> Answer {
    let paper = &state.issued.paper;
    let name = format!("{} {}", paper_name(site, lang, &paper.kind), paper.number);
    match state.void {
        Some(_) => site::pdf(&format!("{}-{}", lang.name("paper_state", "voided"), name.trim()), bytes),
        None => site::pdf(name.trim(), bytes),
    }
}

/// A letter that went by message is received when its addressee, who signed in, opens it: that is its service, once.
async fn received(site: &Site, visitor: &Visitor, stream: &StreamId, state: &paper::State) -> Result<(), Fault> {
    let issued = &state.issued;
    let own = issued.addressee.as_ref().filter(|to| visitor.actor.person.as_ref() == Some(&to.person));
    let waits = issued.paper.kind == "guidance_letter" && issued.goes_electronically() && state.served_on().is_none();
    let Some(to) = own.filter(|_| waits) else { return Ok(()) };
    let now = county_time(site.app.clock.now());
    let opened = paper::Command::RecordService {
        manner: "electronic".into(),
        on: now.date(),
        at: Some(now.time()),
        served: true,
        receiver: to.name.text().to_owned(),
        note: Lang::Zh.text().letters.opened.to_owned(),
    };
    match site.app.handle(Request::one(&visitor.actor, site.app.fresh_key(), stream, opened)).await {
        // Somebody recorded it at the same moment: it stands, and the paper is shown.
        Ok(_) | Err(AppError::Refused(_) | AppError::Conflict(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn unsigned(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    visitor.signed()?;
    let stream = StreamId::new(StreamKind::Paper, &key);
    let (state, bytes) = site.app.paper_base(&visitor.actor, &stream).await?;
    stored(&site, visitor.lang(), &state, bytes)
}
