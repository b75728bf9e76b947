//! What every page handler has: the program, the visitor, the frame, and one manner of answering faults.

use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use yanhe_app::session::SignedIn;
use yanhe_app::{App, AppError, PaperError};
use yanhe_core::policy::{self, Act, Actor, Role, Scope};
use yanhe_core::time::county_time;
use yanhe_core::{Reason, StreamId};
use yanhe_store_read::{Reader, StoreError};

use crate::components::{Errors, Notice, NoticeKind};
use crate::layout::{Demo, Frame, NavLink, Preferences, User, cookie};
use crate::text::Lang;

/// The state of the router.
#[derive(Clone)]
pub struct Site {
    /// The program.
    pub app: Arc<App>,
}

/// Name of the cookie that tells browsers apart before they sign in.
pub const VISIT: &str = "visit";

/// Name of the cookie of a browser that sent a form a moment ago.
pub const WROTE: &str = "wrote";

/// Name of the cookie of a browser that is on the tour of a demonstration.
const TOUR: &str = "tour";

/// Name of the session cookie.
pub const SESSION: &str = "session";

/// Who asks, in which language, for which page. Every handler takes one.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who acts; nobody in particular when not signed in.
    pub actor: Actor,
    /// Name and origin of somebody who is signed in.
    pub signed_in: Option<SignedIn>,
    /// The session's token; empty when not signed in.
    pub token: String,
    /// Token for posted forms.
    pub csrf: String,
    /// Language and type.
    pub preferences: Preferences,
    /// Path and query of the page.
    pub path: String,
    /// Did this browser send a form a moment ago?
    pub wrote: bool,
    /// The tour that this browser is on, in a demonstration.
    pub tour: Option<Tour>,
}

/// A tour, as the cookie of a browser remembers it: `KEY.STEP.STEP`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tour {
    /// The key of its matter.
    pub key: String,
    /// The steps that were done for the reader.
    pub played: Vec<String>,
}

impl Tour {
    /// The tour of a matter, of which nothing was done for the reader.
    pub fn of(key: &str) -> Self {
        Self { key: key.to_owned(), played: Vec::new() }
    }

    fn parse(cookie: &str) -> Option<Self> {
        let mut parts = cookie.split('.');
        let key = parts.next().filter(|key| StreamId::parse(&format!("matter/{key}")).is_some())?;
        let played = parts.filter(|step| step.chars().all(|c| c.is_ascii_lowercase())).map(str::to_owned).collect();
        Some(Self { key: key.to_owned(), played })
    }

    /// The header that lets the browser remember it for a day.
    pub fn cookie(&self) -> String {
        let parts: Vec<&str> = [&self.key].into_iter().chain(&self.played).map(String::as_str).collect();
        format!("{TOUR}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400", parts.join("."))
    }
}

impl FromRequestParts<Site> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let preferences = Preferences::from_request_parts(parts, site).await.unwrap_or_default();
        let token = cookie(parts, SESSION).unwrap_or_default().to_owned();
        // A page that is left open asks for changes by itself: nobody need sit before it.
        let somebody = !parts.uri.path().starts_with("/changes/");
        let found = if token.is_empty() { Ok(None) } else { site.app.signed_in(&token, somebody).await };
        let (found, fault) = match found {
            Ok(found) => (found, None),
            Err(error) => (None, Some(error)),
        };
        let path = parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
        // Forms before sign-in are bound to the browser by a cookie of their own.
        let seed = if found.is_some() { token.clone() } else { cookie(parts, VISIT).unwrap_or_default().to_owned() };
        let visitor = Self {
            actor: found.as_ref().map_or_else(Actor::anyone, |s| s.actor.clone()),
            csrf: site.app.form_token(&seed),
            signed_in: found,
            token,
            preferences,
            path,
            wrote: cookie(parts, WROTE).is_some(),
            tour: cookie(parts, TOUR).and_then(Tour::parse),
        };
        match fault {
            None => Ok(visitor),
            // Nobody knows who asks, and so nothing was done.
            Some(error) => {
                eprintln!("sessions cannot be read: {error}");
                Err(fault_page(&site.app, &visitor, StatusCode::SERVICE_UNAVAILABLE, None))
            }
        }
    }
}

impl Visitor {
    /// The reader's language.
    pub fn lang(&self) -> Lang {
        self.preferences.lang
    }

    /// Which rows this visitor may list.
    pub fn scope(&self) -> Scope {
        policy::scope(&self.actor)
    }

    /// What lists are read from: a database that follows, unless this browser has just written and must see it.
    pub fn lists<'a>(&self, site: &'a Site) -> &'a Reader {
        if self.wrote { &site.app.reader } else { &site.app.behind }
    }

    /// Is it a party?
    pub fn is_party(&self) -> bool {
        self.actor.role == Role::Party
    }

    /// Only for people who are signed in: others are sent to sign in and come back.
    ///
    /// # Errors
    /// A redirect.
    pub fn signed(&self) -> Result<&SignedIn, Fault> {
        self.signed_in.as_ref().ok_or_else(|| Fault::SignIn(self.path.clone()))
    }

    /// Only for staff.
    ///
    /// # Errors
    /// A redirect, or the answer for somebody who is signed in as a party.
    pub fn staff(&self) -> Result<&SignedIn, Fault> {
        let signed = self.signed()?;
        if self.is_party() { Err(AppError::Denied.into()) } else { Ok(signed) }
    }

    /// Only for staff of a role that may do this in some relation. Of a page that belongs to other roles nothing is told.
    ///
    /// # Errors
    /// As [`Self::staff`], and for another role.
    pub fn only(&self, act: Act) -> Result<(), Fault> {
        self.staff()?;
        let may = act.allowed().iter().any(|(role, _)| *role == self.actor.role);
        if may { Ok(()) } else { Err(AppError::Denied.into()) }
    }

    /// Was this form made for this session?
    ///
    /// # Errors
    /// The page that says so, with what to do.
    pub fn check(&self, csrf: &str) -> Result<(), Fault> {
        if csrf == self.csrf { Ok(()) } else { Err(Fault::Forged) }
    }

    /// The frame of a page.
    pub fn frame(&self, app: &App, title: impl Into<String>) -> Frame {
        let (lang, t) = (self.lang(), self.lang().text());
        let mut frame = Frame::new(self.preferences, title, self.path.clone());
        frame.county = match lang {
            Lang::Zh => app.pack.jurisdiction.name.clone(),
            Lang::En => app.pack.jurisdiction.name_en.clone(),
        };
        frame.csrf.clone_from(&self.csrf);
        if app.demo {
            // Not on the tour's own page: it would only lead to itself.
            let tour =
                self.tour.as_ref().map(|tour| format!("/tour/{}", tour.key)).filter(|to| !self.path.starts_with(to));
            let tour = tour.map(|to| format!("{to}#now"));
            frame.demo = Some(Demo { clock: lang.time(county_time(app.clock.now())), href: "/demo".into(), tour });
        }
        let link = |label: &str, href: &str| NavLink::new(label, href, &self.path);
        let nav = &t.nav;
        if let Some(who) = &self.signed_in {
            let body = match (lang, who.actor.body.as_str()) {
                (_, "") => String::new(),
                (Lang::Zh, body) => app.pack.body_name(body).to_owned(),
                (Lang::En, body) => app.pack.body_name_en(body).to_owned(),
            };
            let role = lang.name("role", who.actor.role.name());
            frame.user = Some(User { name: who.name.clone(), role: format!("{body} {role}").trim().to_owned() });
            frame.nav = match who.actor.role {
                Role::Clerk | Role::Leader | Role::Mediator => vec![
                    link(nav.work, "/work"),
                    link(nav.matters, "/matters"),
                    link(nav.letters, "/letters"),
                    link(nav.dossiers, "/dossiers"),
                    link(nav.counter, "/counter"),
                    link(nav.confirmations, "/confirmations"),
                    link(nav.publicity, "/publicity"),
                    link(nav.imports, "/imports"),
                    link(nav.board, "/board"),
                ],
                Role::Judge | Role::CourtClerk => {
                    vec![link(nav.work, "/work"), link(nav.docket, "/confirmations"), link(nav.board, "/board")]
                }
                Role::Studio | Role::Admin => vec![
                    link(nav.work, "/work"),
                    link(nav.board, "/board"),
                    link(nav.organs, "/organs"),
                    link(nav.imports, "/imports"),
                    link(nav.matters, "/matters"),
                ],
                Role::Supervisor | Role::Assessor => {
                    vec![link(nav.work, "/work"), link(nav.board, "/board"), link(nav.organs, "/organs")]
                }
                Role::Party => vec![link(nav.my_cases, "/my")],
                Role::System | Role::Anyone => Vec::new(),
            };
        }
        frame
    }
}

/// Is this a page of parties, who come in by their phone or their letter, and not of staff?
pub fn is_of_parties(path: &str) -> bool {
    matches!(path.split(['/', '?']).nth(1), Some("my" | "apply"))
}

/// Why a page could not be shown or a form not be taken.
#[derive(Debug)]
pub enum Fault {
    /// From the program.
    App(AppError),
    /// Sign in first, then come back to this path.
    SignIn(String),
    /// The form was not made for this session.
    Forged,
    /// A form with files that are too large.
    Large,
    /// A parameter of the address cannot be read.
    Address,
    /// A parameter of the address, by name, has a value that there is not.
    Parameter(String),
    /// A form was sent by a button that it has not.
    Pressed,
}

impl<E: Into<AppError>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self::App(error.into())
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        // The layer `faults` turns this into a page in the reader's language.
        let status = match &self {
            Self::SignIn(path) => {
                let to = match is_of_parties(path) {
                    true => "/return".to_owned(),
                    false => format!("/sign-in?back={}", crate::layout::percent(path)),
                };
                let mut response = Redirect::to(&to).into_response();
                // A form that was sent is shown again instead, by the layer `faults`.
                response.extensions_mut().insert(Arc::new(self));
                return response;
            }
            Self::Forged => StatusCode::FORBIDDEN,
            Self::Large => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Address | Self::Pressed => StatusCode::BAD_REQUEST,
            Self::Parameter(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::App(error) => match error {
                AppError::Denied => StatusCode::FORBIDDEN,
                AppError::NotFound => StatusCode::NOT_FOUND,
                AppError::Conflict(_) | AppError::Stale { .. } | AppError::KeyReused(_) => StatusCode::CONFLICT,
                AppError::Refused(_) | AppError::Paper(_) => StatusCode::UNPROCESSABLE_ENTITY,
                AppError::Store(error) => {
                    eprintln!("the database failed: {error}");
                    StatusCode::SERVICE_UNAVAILABLE
                }
                other => {
                    eprintln!("{other}");
                    StatusCode::INTERNAL_SERVER_ERROR
                }
            },
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// What a handler answers.
pub type Answer = Result<Response, Fault>;

/// A page with status 200.
///
/// # Errors
/// Never; the shape fits handlers.
pub fn ok(page: Html<String>) -> Answer {
    Ok(page.into_response())
}

/// The same page again with what is wrong, and what was typed.
///
/// # Errors
/// Never; the shape fits handlers.
pub fn again(page: Html<String>) -> Answer {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Stored: on to another page by GET.
///
/// # Errors
/// Never; the shape fits handlers.
pub fn see(path: &str) -> Answer {
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, path.to_owned())]).into_response())
}

/// A PDF to look at in the browser.
///
/// # Errors
/// Never; the shape fits handlers.
pub fn pdf(name: &str, bytes: Vec<u8>) -> Answer {
    let name = crate::layout::percent(name).replace('/', "%2F");
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename*=UTF-8''{name}.pdf")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// Faults of a form that the law or a check found: kept for the same page; everything else goes on as a fault.
///
/// # Errors
/// The fault, when it is none of the form.
pub fn form_fault(errors: &mut Errors, lang: Lang, fault: Fault) -> Result<(), Fault> {
    match fault {
        Fault::App(AppError::Refused(refusal)) => {
            errors.refused(&refusal);
            Ok(())
        }
        Fault::App(AppError::Conflict(_) | AppError::Stale { .. }) => {
            errors.say("", lang.text().site.conflict);
            Ok(())
        }
        Fault::App(AppError::Paper(error)) => {
            errors.say("", paper_fault(lang, &error));
            Ok(())
        }
        other => Err(other),
    }
}

/// Why a paper was not made, in the reader's language.
pub fn paper_fault(lang: Lang, error: &PaperError) -> String {
    match error {
        PaperError::MissingGlyph { character } => {
            crate::text::refusal(lang, &Reason::MissingGlyph { character: character.to_string() }.into())
        }
        error => {
            // What a template's compiler says helps the administrator, not the reader.
            eprintln!("{error}");
            lang.text().site.paper_failed.to_owned()
        }
    }
}

#[derive(Template)]
#[template(source = "<h1>{{ title }}</h1>\n{{ notice }}", ext = "html")]
struct FaultPage {
    title: &'static str,
    notice: Notice,
}

/// The page for a fault that no handler showed itself.
pub fn fault_page(app: &App, visitor: &Visitor, status: StatusCode, fault: Option<&Fault>) -> Response {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let (title, text) = match (status, fault) {
        (_, Some(Fault::Forged)) => (t.site.forged_title, t.site.forged.to_owned()),
        (_, Some(Fault::App(AppError::Refused(refusal)))) => {
            (t.site.refused_title, crate::text::refusal(lang, refusal))
        }
        (_, Some(Fault::App(AppError::Paper(error)))) => (t.site.refused_title, paper_fault(lang, error)),
        (_, Some(Fault::Parameter(name))) => {
            (t.site.parameter_title, crate::text::fill(t.site.parameter, &[("name", name)]))
        }
        (_, Some(Fault::Pressed)) => (t.site.pressed_title, t.site.pressed.to_owned()),
        (StatusCode::CONFLICT, _) => (t.site.conflict_title, t.site.conflict.to_owned()),
        (StatusCode::FORBIDDEN, _) => (t.site.denied_title, t.site.denied.to_owned()),
        (StatusCode::NOT_FOUND, _) => (t.site.not_found_title, t.site.not_found.to_owned()),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, _) => (t.site.media_title, t.site.media.to_owned()),
        (StatusCode::REQUEST_TIMEOUT, _) => (t.site.slow_title, t.site.slow.to_owned()),
        (StatusCode::BAD_REQUEST | StatusCode::METHOD_NOT_ALLOWED | StatusCode::UNPROCESSABLE_ENTITY, _) => {
            (t.site.address_title, t.site.address.to_owned())
        }
        (StatusCode::PAYLOAD_TOO_LARGE, _) => (t.site.too_large_title, t.site.too_large.to_owned()),
        (_, Some(Fault::App(AppError::Store(StoreError::Full)))) => (t.site.unavailable_title, t.site.full.to_owned()),
        (_, Some(Fault::App(AppError::Store(StoreError::ReadOnly)))) => {
            (t.site.unavailable_title, t.site.read_only.to_owned())
        }
        (_, Some(Fault::App(AppError::Store(error)))) if error.is_in_doubt() => {
            (t.site.unavailable_title, t.site.in_doubt.to_owned())
        }
        (StatusCode::SERVICE_UNAVAILABLE, _) => (t.site.unavailable_title, t.site.unavailable.to_owned()),
        _ => (t.site.broken_title, t.site.broken.to_owned()),
    };
    let page = visitor.frame(app, title).page(&FaultPage { title, notice: Notice::new(lang, NoticeKind::Warn, text) });
    (status, page).into_response()
}

/// Is this the answer of a handler that made a page itself?
pub fn has_page(headers: &HeaderMap) -> bool {
    headers.contains_key(header::CONTENT_TYPE)
}
