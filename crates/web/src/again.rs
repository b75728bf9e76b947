//! A form that was made for another session, shown again with everything that was typed: nothing is lost, and nothing
//! is done that its reader has not looked at.

use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, Form, FromRequest, Multipart, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::TryStreamExt;
use yanhe_app::App;

use crate::components::{Button, Field, Markup, Notice, NoticeKind, SummaryList};
use crate::layout::Frame;
use crate::pages::listing::{Typed, hidden};
use crate::site::Visitor;
use crate::{FORM_LIMIT, UPLOAD_LIMIT};

/// A posted form as it came.
pub struct Kept {
    path: String,
    /// Its content type.
    kind: HeaderValue,
    /// As much of its body as was read, in pieces.
    body: Arc<Mutex<Vec<Bytes>>>,
    foreign: bool,
}

impl Kept {
    fn has_files(&self) -> bool {
        self.kind.as_bytes().starts_with(b"multipart/form-data")
    }

    fn request(&self) -> Request {
        let pieces = self.body.lock().map(|body| body.concat()).unwrap_or_default();
        let mut request = Request::post("/").body(Body::from(pieces)).unwrap_or_default();
        request.headers_mut().insert(header::CONTENT_TYPE, self.kind.clone());
        DefaultBodyLimit::max(UPLOAD_LIMIT).apply(&mut request);
        request
    }

    /// Names and values in their order, and the names of the fields with files.
    async fn typed(&self) -> (Vec<(String, String)>, Vec<String>) {
        if !self.has_files() {
            let form = Form::<Typed>::from_request(self.request(), &()).await;
            return (form.map(|Form(typed)| typed.0).unwrap_or_default(), Vec::new());
        }
        let (mut typed, mut files) = (Vec::new(), Vec::new());
        let Ok(mut parts) = Multipart::from_request(self.request(), &()).await else { return (typed, files) };
        while let Ok(Some(part)) = parts.next_field().await {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name() {
                Some(_) if files.contains(&name) => {}
                Some(_) => files.push(name),
                None => typed.extend(part.text().await.ok().map(|value| (name, value))),
            }
        }
        (typed, files)
    }
}

/// Whether another web site sent the form: a browser says so.
fn foreign(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
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
    let Some(kind) = request.headers().get(header::CONTENT_TYPE).filter(|_| request.method() == Method::POST) else {
        return Ok((request, None));
    };
    let kept = Kept {
        path: request.uri().path().to_owned(),
        kind: kind.clone(),
        body: Arc::default(),
        foreign: foreign(request.headers()),
    };
    if kept.has_files() {
        // Nothing is read that the page does not read itself.
        let read = Arc::clone(&kept.body);
        let remember = move |piece: &Bytes| {
            if let Ok(mut read) = read.lock() {
                read.push(piece.clone());
            }
        };
        let request = request.map(|body| Body::from_stream(body.into_data_stream().inspect_ok(remember)));
        return Ok((request, Some(kept)));
    }
    if !kind.as_bytes().starts_with(b"application/x-www-form-urlencoded") {
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
    let kept = Kept { body: Arc::new(Mutex::new(vec![body.clone()])), ..kept };
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
    let (typed, files) = form.typed().await;
    let typed: Vec<_> = typed.into_iter().filter(|(name, _)| name != "csrf").collect();
    let mut list = SummaryList::new();
    let own = |name: &str| matches!(name, "key" | "version");
    for (name, value) in typed.iter().filter(|(name, value)| !own(name) && !value.trim().is_empty()) {
        list = list.row(lang.get(&format!("label.{name}")).unwrap_or(name), value.as_str());
    }
    let frame: Frame = visitor.frame(app, t.site.forged_title);
    let notice = Notice::new(lang, NoticeKind::Warn, t.site.forged).title(t.site.forged_title);
    let hidden: Vec<Markup> = typed.iter().map(|(name, value)| hidden(name, value)).collect();
    // A browser sends a file only when its owner chooses it.
    let files = files.iter().map(|name| {
        let label = lang.get(&format!("label.{name}")).unwrap_or(t.common.upload);
        Markup::of(&Field::file(lang, name, label).hint(t.site.forged_file).multiple().optional())
    });
    let shown = Again {
        files: Markup::all(&files.collect::<Vec<_>>()),
        encoding: if form.has_files() { "multipart/form-data" } else { "application/x-www-form-urlencoded" },
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
    source = r#"{{ notice }}<p>{{ text }}</p>{{ list }}{% if !foreign %}<form method="post" action="{{ action }}" enctype="{{ encoding }}">{{ hidden }}{{ files }}<p class="actions">{{ button }}</p></form>{% endif %}"#,
    ext = "html"
)]
struct Again<'a> {
    notice: Notice,
    text: &'a str,
    list: SummaryList,
    foreign: bool,
    action: &'a str,
    hidden: Markup,
    files: Markup,
    encoding: &'static str,
    button: Button,
}
