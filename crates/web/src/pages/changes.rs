//! What an open page is told: that something it shows has changed. It then offers to be loaded again; a page without
//! script is as it was when it was loaded.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Semaphore;
use yanhe_app::AppError;
use yanhe_core::dossier::Dossier;
use yanhe_core::policy::Act;
use yanhe_core::{StreamId, StreamKind};

use super::listing::Typed;
use super::work;
use crate::site::{Answer, Fault, Site, Visitor};

/// `GET /changes/work`, `GET /changes/dossier/KEY`, both with the mark of what the page shows as `seen`.
pub fn router() -> Router<Site> {
    Router::new().route("/changes/work", get(of_work)).route("/changes/dossier/{key}", get(of_case))
}

/// How many pages are told at a time; each costs a connection and now and then a question to the database. More pages are
/// told nothing.
static PLACES: Semaphore = Semaphore::const_new(512);

/// How long one answer stays open; then the browser asks again, and who has signed out is told nothing any more.
const OPEN: Duration = Duration::from_secs(300);
/// Even when there is no news it is looked for so often: what another server has told may have been lost.
const QUIET: Duration = Duration::from_secs(15);
/// Many changes within this time are looked at once.
const BURST: Duration = Duration::from_secs(1);

/// What a page shows.
enum Shown {
    /// The work list, as narrowed.
    Work(Box<Visitor>, Typed),
    /// A case with its joint application.
    Case(StreamId),
}

impl Shown {
    /// A text that differs when something has changed.
    async fn mark(&self, site: &Site) -> Result<String, Fault> {
        match self {
            Self::Work(visitor, asked) => work::mark(site, visitor, asked).await,
            Self::Case(stream) => case_mark(site, stream).await,
        }
    }
}

/// The mark of a case: how many events it and its joint application have.
///
/// # Errors
/// When the database fails.
async fn case_mark(site: &Site, stream: &StreamId) -> Result<String, Fault> {
    mark(site, stream, site.app.reader.version(stream).await?).await
}

/// The same of a case that was loaded in this version.
async fn mark(site: &Site, stream: &StreamId, version: i64) -> Result<String, Fault> {
    let confirmation = StreamId::new(StreamKind::Confirmation, stream.key());
    Ok(format!("{version}-{}", site.app.reader.version(&confirmation).await?))
}

/// The address that tells of changes of a case which was loaded in this version.
///
/// # Errors
/// When the database fails.
pub async fn case_address(site: &Site, stream: &StreamId, version: i64) -> Result<String, Fault> {
    Ok(format!("/changes/dossier/{}?seen={}", stream.key(), mark(site, stream, version).await?))
}

async fn of_work(State(site): State<Site>, visitor: Visitor, Query(asked): Query<Typed>) -> Answer {
    visitor.staff()?;
    let seen = asked.get("seen").to_owned();
    Ok(tell(site, seen, Shown::Work(Box::new(visitor), asked)))
}

async fn of_case(
    State(site): State<Site>,
    visitor: Visitor,
    Path(key): Path<String>,
    Query(asked): Query<Typed>,
) -> Answer {
    visitor.signed()?;
    let stream = StreamId::parse(&format!("dossier/{key}")).ok_or(AppError::NotFound)?;
    site.app.permit::<Dossier>(&visitor.actor, Act::ReadDossier, &stream).await?;
    Ok(tell(site, asked.get("seen").to_owned(), Shown::Case(stream)))
}

/// An answer that ends with `changed` once the page shows what is no longer so.
fn tell(site: Site, seen: String, shown: Shown) -> Response {
    let Ok(place) = PLACES.try_acquire() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let told = futures::stream::once(async move {
        let changed = tokio::time::timeout(OPEN, changed(&site, &seen, &shown)).await.unwrap_or(false);
        drop(place);
        Ok::<_, Infallible>(match changed {
            // Browsers drop an event without data.
            true => Event::default().event("changed").data("changed"),
            false => Event::default().comment(""),
        })
    });
    Sse::new(told).keep_alive(KeepAlive::new().interval(QUIET)).into_response()
}

/// Waits for a change; false when the program ends, or nothing can be said any more.
async fn changed(site: &Site, seen: &str, shown: &Shown) -> bool {
    let mut news = site.app.news();
    loop {
        news.mark_unchanged();
        match shown.mark(site).await {
            Ok(mark) if mark != seen => return true,
            Ok(_) => {}
            // The database is away for a moment; the page itself will say so.
            Err(_) => tokio::time::sleep(QUIET).await,
        }
        tokio::select! {
            _ = tokio::time::timeout(QUIET, news.changed()) => {}
            () = site.app.closed() => return false,
        }
        tokio::time::sleep(BURST).await;
    }
}
