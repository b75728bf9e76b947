//! Files of a party beside their case: bringing more, and looking at one's own.

use axum::Router;
use axum::extract::{Multipart, Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use yanhe_app::AppError;

use super::accepted;
use super::my::Case;
use super::my_case::page;
use super::my_posted::Typed;
use super::portal;
use crate::components::Errors;
use crate::site::{self, Answer, Site, Visitor, form_fault};

/// `POST /my/KEY/attach`, `GET /my/KEY/files/N`.
pub fn router() -> Router<Site> {
    Router::new().route("/my/{key}/attach", post(attach)).route("/my/{key}/files/{n}", get(download))
}

async fn attach(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>, parts: Multipart) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    let posted = portal::Posted::read(parts).await?;
    visitor.check(posted.value("csrf"))?;
    let mut errors = Errors::new(visitor.lang());
    if posted.files.is_empty() {
        errors.add("files", "file_missing");
    }
    posted.check("files", visitor.lang(), &mut errors);
    let repeat = posted.value("key").to_owned();
    if errors.is_empty() {
        let mut outcome = Ok(());
        for (n, (name, bytes)) in posted.files.into_iter().enumerate() {
            let one = format!("{repeat}/file/{n}");
            outcome = super::apply::attach(&site, &case.stream, &visitor.actor, &one, name, bytes).await;
            if outcome.is_err() {
                break;
            }
        }
        match outcome {
            Ok(()) => return site::see(&format!("/my/{key}")),
            Err(error) if super::apply::is_there(&error) => errors.add("files", "same_file"),
            Err(error) => form_fault(&mut errors, visitor.lang(), error.into())?,
        }
    }
    site::again(page(&site, &visitor, &case, &Typed::default(), &errors).await?)
}

async fn download(State(site): State<Site>, visitor: Visitor, Path((key, n)): Path<(String, usize)>) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    let mine = format!("party/{}", case.me);
    let file = case.state.files.get(n).filter(|f| f.by == mine).ok_or(AppError::NotFound)?;
    let bytes = site.app.file_bytes(&case.stream, &case.me.0, &file.sha256).await?;
    let kind = accepted::media(&bytes).unwrap_or("application/octet-stream");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, bytes).into_response())
}
