//! A form that was made for another session or came after its end, or whose files are too large, shown again with everything that was typed:
//! nothing is lost, and nothing is done that its reader has not looked at.

use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, Form, FromRequest, Multipart, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use futures::TryStreamExt;
use yanhe_app::App;
use yanhe_core::values::DocumentKind;

use crate::components::{Button, Errors, Field, Markup, Notice, NoticeKind, SummaryList};
use crate::layout::Frame;
use crate::pages::listing::{Typed, hidden};
use crate::site::{Fault, Visitor, is_of_parties};
use crate::text::{Lang, fill};
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

    /// The values of a form without files, before it goes to its page: forms with files have one button.
    pub async fn pressed(&self) -> Vec<(String, String)> {
        if self.has_files() { Vec::new() } else { self.typed().await.0 }
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

/// Why a form goes to no handler.
pub enum Unfit {
    /// It is too large without files, or never came whole.
    Status(StatusCode),
    /// Its files are too large.
    Large(Large),
}

impl From<StatusCode> for Unfit {
    fn from(status: StatusCode) -> Self {
        Self::Status(status)
    }
}

/// A form whose files are too large, without them.
#[derive(Default)]
pub struct Large {
    path: String,
    foreign: bool,
    typed: Vec<(String, String)>,
    /// The names of the fields with files.
    files: Vec<String>,
    /// Field, name and size of the largest file.
    largest: (String, String, usize),
}

/// As much of a form that is too large is read as a browser may have to send before it shows an answer.
const READ_ON: usize = 15 * UPLOAD_LIMIT;

impl Large {
    /// Reads the form to its end, within bounds: a browser that is cut off shows no answer. Files are measured and let go.
    async fn read(mut request: Request, foreign: bool) -> Self {
        let mut large = Self { path: request.uri().path().to_owned(), foreign, ..Self::default() };
        DefaultBodyLimit::max(READ_ON).apply(&mut request);
        let Ok(mut parts) = Multipart::from_request(request.map(crate::hurried), &()).await else { return large };
        let mut typed = 0;
        while let Ok(Some(mut part)) = parts.next_field().await {
            let field = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let (mut size, mut bytes) = (0, Vec::new());
            while let Ok(Some(piece)) = part.chunk().await {
                size += piece.len();
                if file.is_none() && typed + size <= FORM_LIMIT {
                    bytes.extend_from_slice(&piece);
                }
            }
            match file {
                Some(name) => {
                    if !large.files.contains(&field) {
                        large.files.push(field.clone());
                    }
                    if size > large.largest.2 {
                        large.largest = (field, name, size);
                    }
                }
                None => {
                    typed += size;
                    large.typed.push((field, String::from_utf8_lossy(&bytes).into_owned()));
                }
            }
        }
        large
    }
}

/// How long a body was announced to be.
fn announced(request: &Request) -> Option<usize> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The request, and a copy of its form when it has one.
///
/// # Errors
/// A form that is too large, or that never came whole.
pub async fn form(request: Request) -> Result<(Request, Option<Kept>), Unfit> {
    let Some(kind) = request.headers().get(header::CONTENT_TYPE).filter(|_| request.method() == Method::POST) else {
        return Ok((request, None));
    };
    let kept = Kept {
        path: request.uri().path().to_owned(),
        kind: kind.clone(),
        body: Arc::default(),
        foreign: foreign(request.headers()),
    };
    if kept.has_files() && announced(&request).is_some_and(|length| length > UPLOAD_LIMIT) {
        let read = tokio::time::timeout(crate::PATIENCE, Large::read(request, kept.foreign)).await;
        return Err(read.map_or(Unfit::Status(StatusCode::REQUEST_TIMEOUT), Unfit::Large));
    }
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
    if announced(&request).is_some_and(|length| length > FORM_LIMIT) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE.into());
    }
    let (parts, body) = request.into_parts();
    let read = tokio::time::timeout(crate::PATIENCE, to_bytes(crate::hurried(body), FORM_LIMIT)).await;
    let body = match read {
        Ok(Ok(body)) => body,
        // A body without a length that is too long, or one that stopped.
        Ok(Err(error)) if is_too_long(&error) => return Err(StatusCode::PAYLOAD_TOO_LARGE.into()),
        Ok(Err(_)) | Err(_) => return Err(StatusCode::REQUEST_TIMEOUT.into()),
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

/// The page of a form that was made for another session, or that came when its session had ended: then signing in, in a
/// window beside it, comes first.
pub async fn page(app: &App, visitor: &Visitor, form: Kept, fault: Option<&Fault>) -> Response {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let ended = matches!(fault, Some(Fault::SignIn(_))) || visitor.signed_in.is_none() && !visitor.token.is_empty();
    let ways: &[(&str, &str)] = match (ended, is_of_parties(&form.path)) {
        (false, _) => &[],
        (true, true) => &[("/l", t.letter.title), ("/return", t.letter.return_link)],
        (true, false) => &[("/sign-in", t.sign_in.title)],
    };
    let (title, why) = match ended {
        true => (t.site.ended_title, t.site.ended),
        false => (t.site.forged_title, t.site.forged),
    };
    let (typed, files) = form.typed().await;
    let files = files.iter().map(|name| {
        let label = lang.get(&format!("label.{name}")).unwrap_or(t.common.upload);
        Field::file(lang, name, label).hint(t.site.forged_file).multiple().optional()
    });
    let files: Vec<Field> = files.collect();
    let shown = Again {
        encoding: if form.has_files() { "multipart/form-data" } else { "application/x-www-form-urlencoded" },
        notice: Notice::new(lang, NoticeKind::Warn, why).title(title),
        ways,
        text: if form.foreign { t.site.forged_other } else { t.site.forged_kept },
        foreign: form.foreign,
        action: &form.path,
        ..Again::of(lang, typed, files)
    };
    (StatusCode::FORBIDDEN, shown.page(visitor.frame(app, title))).into_response()
}

/// The page of a form whose files are too large: which, how large, and what to do.
pub fn large(app: &App, visitor: &Visitor, form: Large) -> Response {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let (field, name, size) = &form.largest;
    const MEGABYTE: usize = 1024 * 1024;
    let tenths = size.saturating_mul(10).div_ceil(MEGABYTE);
    let facts = [
        ("name", name.as_str()),
        ("size", &format!("{}.{}", tenths / 10, tenths % 10)),
        ("limit", &(UPLOAD_LIMIT / MEGABYTE).to_string()),
    ];
    let mut errors = Errors::new(lang);
    // A table has no resolution.
    let says = if form.path == "/imports" { t.site.table_large } else { t.site.file_large };
    errors.say(field, fill(says, &facts));
    let files = form.files.iter().map(|name| {
        let label = lang.get(&format!("label.{name}")).unwrap_or(t.common.upload);
        Field::file(lang, name, label).hint(t.site.forged_file).multiple().errors(&errors)
    });
    let files: Vec<Field> = files.collect();
    let shown = Again {
        encoding: "multipart/form-data",
        notice: Notice::new(lang, NoticeKind::Warn, fill(says, &facts)).title(t.site.too_large_title),
        text: if form.foreign { t.site.forged_other } else { t.site.file_large_kept },
        foreign: form.foreign,
        action: &form.path,
        ..Again::of(lang, form.typed, files)
    };
    (StatusCode::PAYLOAD_TOO_LARGE, shown.page(visitor.frame(app, t.site.too_large_title))).into_response()
}

/// What was chosen, in the words of its form; what was typed, as it was typed.
fn said<'a>(lang: Lang, name: &str, value: &'a str) -> &'a str {
    let t = lang.text();
    match (name, value) {
        (_, "yes") => t.common.yes,
        (_, "no") => t.common.no,
        ("kind" | "other_kind", "person") => t.apply.person,
        ("kind" | "other_kind", "firm") => t.apply.firm,
        _ => match DocumentKind::by_key(value) {
            Some(kind) if lang == Lang::Zh => kind.name_zh(),
            Some(kind) => kind.name_en(),
            None => [name, "import_kind"].iter().find_map(|list| lang.get(&format!("{list}.{value}"))).unwrap_or(value),
        },
    }
}

impl<'a> Again<'a> {
    /// What was typed, to be looked at and sent once more. A browser sends a file only when its owner chooses it.
    fn of(lang: Lang, typed: Vec<(String, String)>, files: Vec<Field>) -> Self {
        let typed: Vec<_> = typed.into_iter().filter(|(name, _)| name != "csrf").collect();
        // What the page itself put there says nothing to anybody.
        let own = |name: &str| {
            matches!(name, "key" | "version" | "case" | "matter" | "organ" | "again" | "challenge" | "act")
        };
        let mut list = SummaryList::new();
        for (name, value) in typed.iter().filter(|(name, value)| !own(name) && !value.trim().is_empty()) {
            let label = lang.get(&format!("label.{name}")).or_else(|| lang.get(&format!("apply.{name}")));
            list = list.row(label.unwrap_or(name), said(lang, name, value));
        }
        Self {
            notice: Notice::default(),
            ways: &[],
            text: "",
            list,
            foreign: false,
            action: "",
            hidden: Markup::all(&typed.iter().map(|(name, value)| hidden(name, value)).collect::<Vec<_>>()),
            files: Markup::all(&files.iter().map(Markup::of).collect::<Vec<_>>()),
            encoding: "",
            button: Button::primary(lang.text().site.forged_again),
        }
    }

    fn page(self, frame: Frame) -> Html<String> {
        let hidden = Markup::all(&[frame.csrf_field(), self.hidden]);
        frame.page(&Self { hidden, ..self })
    }
}

#[derive(askama::Template)]
#[template(
    source = r#"{{ notice }}{% for (href, label) in ways %}<p><a href="{{ href }}" target="_blank" rel="noopener">{{ label }}</a></p>{% endfor %}<p>{{ text }}</p>{{ list }}{% if !foreign %}<form method="post" action="{{ action }}" enctype="{{ encoding }}">{{ hidden }}{{ files }}<p class="actions">{{ button }}</p></form>{% endif %}"#,
    ext = "html"
)]
struct Again<'a> {
    notice: Notice,
    /// Where somebody signs in.
    ways: &'a [(&'a str, &'a str)],
    text: &'a str,
    list: SummaryList,
    foreign: bool,
    action: &'a str,
    hidden: Markup,
    files: Markup,
    encoding: &'static str,
    button: Button,
}
