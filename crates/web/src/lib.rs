//! The pages: routes, their parts, and their texts in two languages.
//!
//! Read [`router`] for what there is, [`site`] for what every handler has, then one file a page under [`pages`].
//! This crate cannot reach a Writer: every change goes through `App::handle`.

pub mod assets;
pub mod components;
pub mod gallery;
pub mod layout;
pub mod pages;
pub mod site;
pub mod text;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use yanhe_app::App;

use site::{Fault, Site, Visitor};

/// Files up to this size are taken; a half year of a county's complaints is 80 kB.
const UPLOAD_LIMIT: usize = 20 * 1024 * 1024;

/// All routes.
pub fn router(app: Arc<App>) -> Router {
    let site = Site { app };
    let header =
        |name, value: &'static str| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .merge(pages::router())
        .route("/gallery", get(gallery::gallery))
        .merge(layout::router())
        .merge(assets::router())
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(middleware::from_fn_with_state(site.clone(), faults))
        .layer(middleware::from_fn_with_state(site.clone(), visit))
        .layer(DefaultBodyLimit::max(UPLOAD_LIMIT))
        .layer(header(header::CONTENT_SECURITY_POLICY, assets::CONTENT_SECURITY_POLICY))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .layer(header(header::CACHE_CONTROL, "private, no-store"))
        .layer(CompressionLayer::new())
        .with_state(site)
}

/// Gives every bare error status a page in the reader's language that says what to do.
async fn faults(State(site): State<Site>, visitor: Visitor, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let fault = response.extensions().get::<Arc<Fault>>().cloned();
    // Handlers answer faulty forms with their own page; axum's own refusals are plain text without help.
    let own = site::has_page(response.headers())
        && response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    if own { response } else { site::fault_page(&site.app, &visitor, status, fault.as_deref()).into_response() }
}

/// Gives every browser a name of its own before it signs in, so that forms made for one are not taken from another.
async fn visit(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if layout::cookie(&parts, site::VISIT).is_some() {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let name = site.app.fresh_key();
    if let Ok(cookie) = HeaderValue::from_str(&format!("{}={name}", site::VISIT)) {
        parts.headers.append(header::COOKIE, cookie);
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let set = format!("{}={name}; Path=/; HttpOnly; SameSite=Lax", site::VISIT);
    if let Ok(set) = HeaderValue::from_str(&set) {
        response.headers_mut().append(header::SET_COOKIE, set);
    }
    response
}
