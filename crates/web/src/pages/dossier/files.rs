//! Files of a case: what was attached to it, and scans of what was signed or told on paper.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use yanhe_core::dossier::{Dossier, Event, Signature};

use crate::pages::accepted;
use crate::pages::dossier_forms::case::Case;
use crate::site::{Answer, Site, Visitor};

/// `GET /dossier/KEY/file/N`, `GET /dossier/KEY/scan/N`, `GET /dossier/KEY/record/SESSION/scan/N`,
/// `GET /dossier/KEY/application/scan/N`, `GET /dossier/KEY/slip/N`, `GET /dossier/KEY/told/SHA256`.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/dossier/{key}/file/{n}", get(file))
        .route("/dossier/{key}/scan/{n}", get(scan))
        .route("/dossier/{key}/record/{session}/scan/{n}", get(record_scan))
        .route("/dossier/{key}/application/scan/{n}", get(application_scan))
        .route("/dossier/{key}/slip/{n}", get(slip))
        .route("/dossier/{key}/told/{scan}", get(told))
}

/// Bytes of the case as an answer. Pictures and PDFs open in the browser; everything else is only downloaded.
fn bytes(name: &str, bytes: Vec<u8>) -> Answer {
    let known = accepted::media(&bytes);
    let way = if known.is_some() { "inline" } else { "attachment" };
    let media = known.unwrap_or("application/octet-stream");
    let name = format!("{way}; filename*=UTF-8''{}", crate::layout::percent(name).replace('/', "%2F"));
    let headers = [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

async fn file(State(site): State<Site>, visitor: Visitor, Path((key, n)): Path<(String, usize)>) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    let file = case.state.files.get(n).ok_or(yanhe_app::AppError::NotFound)?;
    let found = site.app.file_bytes(&case.stream, &file.name.of.0, &file.sha256).await?;
    bytes(file.name.text(), found)
}

async fn scan(State(site): State<Site>, visitor: Visitor, Path((key, n)): Path<(String, usize)>) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    let signature = case.state.agreement.as_ref().and_then(|a| a.signatures.get(n));
    scanned(&case, signature).await
}

async fn record_scan(
    State(site): State<Site>,
    visitor: Visitor,
    Path((key, session, n)): Path<(String, usize, usize)>,
) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    let signature = case.state.sessions.get(session).and_then(|s| s.signatures.get(n));
    scanned(&case, signature).await
}

async fn application_scan(State(site): State<Site>, visitor: Visitor, Path((key, n)): Path<(String, usize)>) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    scanned(&case, case.state.application_signatures.get(n)).await
}

/// What a party wrote to an officer, by the hash of its scan.
async fn told(State(site): State<Site>, visitor: Visitor, Path((key, scan)): Path<(String, String)>) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    let history = site.app.history_after::<Dossier>(&case.stream, 0).await?;
    let here = |event: &Event| event.told().is_some_and(|told| told.scan.as_deref() == Some(&scan));
    history.iter().find(|(_, event)| here(event)).ok_or(yanhe_app::AppError::NotFound)?;
    let found = site.app.file_bytes(&case.stream, &case.state.claims.of.0, &scan).await?;
    bytes("scan", found)
}

async fn slip(State(site): State<Site>, visitor: Visitor, Path((key, n)): Path<(String, usize)>) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    scanned(&case, case.state.consents.get(n).and_then(|c| c.slip.as_ref())).await
}

/// The scan of what somebody signed by hand.
async fn scanned(case: &Case, signature: Option<&Signature>) -> Answer {
    let scan = signature.and_then(|s| s.scan.as_deref()).ok_or(yanhe_app::AppError::NotFound)?;
    let found = case.site.app.file_bytes(&case.stream, &case.state.claims.of.0, scan).await?;
    bytes("scan", found)
}
