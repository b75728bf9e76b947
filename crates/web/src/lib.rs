//! The pages: routes, their parts, and their texts in two languages.
//!
//! Read [`router`] for what there is, [`site`] for what every handler has, then one file a page under [`pages`].
//! This crate cannot reach a Writer: every change goes through `App::handle`.

mod again;
pub mod assets;
pub mod components;
pub mod gallery;
pub mod layout;
pub mod pages;
pub mod site;
pub mod stale;
pub mod text;
mod unknown;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutBody;
use yanhe_app::App;
use yanhe_core::values::words;

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
        .layer(middleware::from_fn(patience))
        .layer(middleware::from_fn_with_state(site.clone(), faults))
        .layer(middleware::from_fn_with_state(site.clone(), visit))
        .layer(middleware::from_fn_with_state(site.clone(), wrote))
        .layer(DefaultBodyLimit::max(UPLOAD_LIMIT))
        .layer(header(header::CONTENT_SECURITY_POLICY, assets::CONTENT_SECURITY_POLICY))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .layer(header(header::CACHE_CONTROL, "private, no-store"))
        .layer(CompressionLayer::new())
        .with_state(site)
}

/// How long nothing may come of a body that was announced.
const SILENCE: Duration = Duration::from_secs(20);

/// How long a whole request may take, its body and the work included.
const PATIENCE: Duration = Duration::from_secs(300);

/// The most of a form without files: some thousand ticked rows, or ten pages of text several times over.
const FORM_LIMIT: usize = 2 * 1024 * 1024;

/// A body that fails when nothing comes of it for a while.
fn hurried(body: Body) -> Body {
    Body::new(TimeoutBody::new(SILENCE, body))
}

/// A body that never ends does not stay open for ever. Who is cut off sends the same form again, which has its effect
/// once.
///
/// What a form asks for is done to its end also when its browser lets go meanwhile, as it does at a second press: an
/// import of hundreds of rows is not left in the middle.
async fn patience(request: Request, next: Next) -> Response {
    let posted = request.method() == axum::http::Method::POST;
    let answer = next.run(request.map(hurried));
    let answer = match posted {
        false => tokio::time::timeout(PATIENCE, answer).await,
        true => tokio::time::timeout(PATIENCE, tokio::spawn(answer))
            .await
            .map(|done| done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))),
    };
    answer.unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
}

/// Gives every bare error status a page in the reader's language that says what to do.
async fn faults(State(site): State<Site>, visitor: Visitor, request: Request, next: Next) -> Response {
    if let Some(name) = unreadable_parameter(&request) {
        let fault = Fault::Parameter(name);
        return site::fault_page(&site.app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, Some(&fault));
    }
    if let Some(name) = unknown::parameter(request.uri()) {
        return site::fault_page(&site.app, &visitor, StatusCode::BAD_REQUEST, Some(&Fault::Parameter(name)));
    }
    // A form that was not made for this session is shown again with what was typed, so it is kept until the answer.
    let (request, form) = match again::form(request).await {
        Ok(both) => both,
        Err(again::Unfit::Status(status)) => return site::fault_page(&site.app, &visitor, status, None),
        Err(again::Unfit::Large(form)) => return again::large(&site.app, &visitor, form),
    };
    if let Some(form) = &form
        && unknown::pressed(&form.pressed().await)
    {
        return site::fault_page(&site.app, &visitor, StatusCode::BAD_REQUEST, Some(&Fault::Pressed));
    }
    let response = next.run(request).await;
    let status = response.status();
    let fault = response.extensions().get::<Arc<Fault>>().cloned();
    if let (Some(Fault::Forged | Fault::SignIn(_)), Some(form)) = (fault.as_deref(), form) {
        return again::page(&site.app, &visitor, form, fault.as_deref()).await;
    }
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    // Handlers answer faulty forms with their own page; axum's own refusals are plain text without help.
    let own = site::has_page(response.headers())
        && response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    if own { response } else { site::fault_page(&site.app, &visitor, status, fault.as_deref()).into_response() }
}

/// A parameter of the address that holds what nobody can read.
fn unreadable_parameter(request: &Request) -> Option<String> {
    let Query(asked) = Query::<pages::listing::Typed>::try_from_uri(request.uri()).ok()?;
    asked.0.into_iter().find(|(_, value)| words::unreadable(value).is_some()).map(|(name, _)| name)
}

/// A browser that sent a form reads from the database that is written to for a while, in case another one lags behind.
async fn wrote(State(site): State<Site>, request: Request, next: Next) -> Response {
    let posted = request.method() == axum::http::Method::POST;
    let mut response = next.run(request).await;
    if posted
        && site.app.replicated
        && let Ok(set) =
            HeaderValue::from_str(&format!("{}=1; Path=/; Max-Age=10; HttpOnly; SameSite=Lax", site::WROTE))
    {
        response.headers_mut().append(header::SET_COOKIE, set);
    }
    response
}

/// Gives every browser a name of its own before it signs in, so that forms made for one are not taken from another.
async fn visit(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    // Styles and scripts are the same for everybody, and others on the way may keep them: they carry nobody's name.
    if layout::cookie(&parts, site::VISIT).is_some() || parts.uri.path().starts_with("/assets/") {
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
