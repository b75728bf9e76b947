//! A form that was made for another session, shown again with everything that was typed: nothing is lost, and nothing
//! is done that its reader has not looked at.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Form, FromRequest, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use yanhe_app::App;

use crate::FORM_LIMIT;
use crate::components::{Button, Markup, Notice, NoticeKind, SummaryList};
use crate::layout::Frame;
use crate::pages::listing::{Typed, hidden};
use crate::site::Visitor;

/// A posted form as it came.
pub struct Kept {
    path: String,
    body: Bytes,
    foreign: bool,
}

/// Whether another web site sent the form: a browser says so.
fn foreign(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let site = text(header::HeaderName::from_static("sec-fetch-site"));
    let host = text(header::HOST).unwrap_or_default();
    let origin = text(header::ORIGIN).map(|origin| origin.split_once("://").map_or(origin, |(_, host)| host));
    site.is_some_and(|site| !matches!(site, "same-origin" | "none")) || origin.is_some_and(|origin| origin != host)
}

/// The request, and a copy of its form when it has one.
///
/// # Errors
/// The status for a form that is too large, or that never came whole.
pub async fn form(request: Request) -> Result<(Request, Option<Kept>), StatusCode> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if request.method() != Method::POST || !kind.starts_with("application/x-www-form-urlencoded") {
        return Ok((request, None));
    }
    let (parts, body) = request.into_parts();
    let announced = parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > FORM_LIMIT) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let read = tokio::time::timeout(crate::PATIENCE, to_bytes(crate::hurried(body), FORM_LIMIT)).await;
    let body = match read {
        Ok(Ok(body)) => body,
        // A body without a length that is too long, or one that stopped.
        Ok(Err(error)) if is_too_long(&error) => return Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) | Err(_) => return Err(StatusCode::REQUEST_TIMEOUT),
    };
    let path = parts.uri.path().to_owned();
    let kept = Kept { path, body: body.clone(), foreign: foreign(&parts.headers) };
    Ok((Request::from_parts(parts, Body::from(body)), Some(kept)))
}

fn is_too_long(error: &axum::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains("length limit") {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The page with what was typed.
pub async fn page(app: &App, visitor: &Visitor, form: Kept) -> Response {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let request = Request::post("/")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.body))
        .unwrap_or_default();
    let typed = Form::<Typed>::from_request(request, &()).await.map(|Form(typed)| typed).unwrap_or_default();
    let typed: Vec<_> = typed.0.into_iter().filter(|(name, _)| name != "csrf").collect();
    let mut list = SummaryList::new();
    let own = |name: &str| matches!(name, "key" | "version");
    for (name, value) in typed.iter().filter(|(name, value)| !own(name) && !value.trim().is_empty()) {
        list = list.row(lang.get(&format!("label.{name}")).unwrap_or(name), value.as_str());
    }
    let frame: Frame = visitor.frame(app, t.site.forged_title);
    let notice = Notice::new(lang, NoticeKind::Warn, t.site.forged).title(t.site.forged_title);
    let hidden: Vec<Markup> = typed.iter().map(|(name, value)| hidden(name, value)).collect();
    let shown = Again {
        notice,
        text: if form.foreign { t.site.forged_other } else { t.site.forged_kept },
        list,
        foreign: form.foreign,
        action: &form.path,
        hidden: Markup::all(&[frame.csrf_field(), Markup::all(&hidden)]),
        button: Button::primary(t.site.forged_again),
    };
    (StatusCode::FORBIDDEN, frame.page(&shown)).into_response()
}

#[derive(askama::Template)]
#[template(
    source = r#"{{ notice }}<p>{{ text }}</p>{{ list }}{% if !foreign %}<form method="post" action="{{ action }}">{{ hidden }}<p class="actions">{{ button }}</p></form>{% endif %}"#,
    ext = "html"
)]
struct Again<'a> {
    notice: Notice,
    text: &'a str,
    list: SummaryList,
    foreign: bool,
    action: &'a str,
    hidden: Markup,
    button: Button,
}
