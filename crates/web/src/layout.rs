//! The frame round every page: head, navigation, demo banner, foot, and the reader's preferences.

use std::convert::Infallible;

use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::assets;
use crate::components::{Breadcrumb, Markup};
use crate::text::Lang;

/// What a reader chose for the look of the pages; kept in two cookies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// The language.
    pub lang: Lang,
    /// Large type.
    pub large: bool,
}

impl<S: Sync> FromRequestParts<S> for Preferences {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let lang = cookie(parts, "lang").and_then(Lang::parse).unwrap_or_default();
        Ok(Self { lang, large: cookie(parts, "type") == Some("large") })
    }
}

/// The value of a cookie of a request.
pub fn cookie<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    let all = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
}

/// Who is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// Their name.
    pub name: String,
    /// Their role and organ, as the reader's language says it.
    pub role: String,
}

/// A link of the navigation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NavLink {
    /// Its words.
    pub label: String,
    /// Its address.
    pub href: String,
    /// This page belongs to it.
    pub current: bool,
}

impl NavLink {
    /// A link; it is current on its own page, on those below it, and on those of a single thing of its list.
    pub fn new(label: impl Into<String>, href: impl Into<String>, path: &str) -> Self {
        let href = href.into();
        let path = path.split('?').next().unwrap_or_default();
        let under = |list: &str| path.strip_prefix(list).is_some_and(|rest| rest.starts_with('/'));
        // `/matters` is the list of `/matter/KEY`.
        let one = href.strip_suffix('s').is_some_and(under);
        let below = path == href || (href != "/" && under(&href)) || one;
        Self { label: label.into(), href, current: below }
    }
}

/// A demonstration: what its banner says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demo {
    /// The simulated time, written out.
    pub clock: String,
    /// The page where time is moved and roles are changed.
    pub href: String,
    /// The tour that this browser is on, to go back to.
    pub tour: Option<String>,
}

/// What every page has round it.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The reader's language.
    pub lang: Lang,
    /// Large type.
    pub large: bool,
    /// The page's title, without the product's name.
    pub title: String,
    /// The county, from the pack.
    pub county: String,
    /// Who is signed in.
    pub user: Option<User>,
    /// Where this role can go.
    pub nav: Vec<NavLink>,
    /// The demonstration this page belongs to.
    pub demo: Option<Demo>,
    /// Path and query of this page, to come back to after a switch of language or type.
    pub path: String,
    /// The token every posted form carries as `csrf`.
    pub csrf: String,
    /// The pages above this one.
    pub above: Breadcrumb,
    /// The address that tells when this page shows what is no longer so; empty: nobody tells.
    pub changes: String,
    /// The telephone number for questions, from the pack.
    pub phone: String,
}

/// The whole page as a template.
#[derive(Template)]
#[template(path = "layout.html")]
struct Whole<'a> {
    f: &'a Frame,
    main: Markup,
    /// A form came back.
    faulty: bool,
}

impl Frame {
    /// A frame for a reader at a path, with nobody signed in.
    pub fn new(preferences: Preferences, title: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            lang: preferences.lang,
            large: preferences.large,
            title: title.into(),
            path: path.into(),
            ..Self::default()
        }
    }

    /// The page with `main`, a template or a part, in it.
    pub fn page(&self, main: &impl Template) -> Html<String> {
        let main = Markup::of(main);
        // A form that comes back says so in the title, which is what is heard first and stands in the tab.
        let faulty = main.as_str().contains("class=\"error-summary\"");
        Html(Markup::of(&Whole { f: self, main, faulty }).as_str().to_owned())
    }

    /// The hidden field that every posted form has.
    pub fn csrf_field(&self) -> Markup {
        #[derive(Template)]
        #[template(source = r#"<input type="hidden" name="csrf" value="{{ token }}">"#, ext = "html")]
        struct Hidden<'a> {
            token: &'a str,
        }
        Markup::of(&Hidden { token: &self.csrf })
    }

    /// The address that sets a preference and comes back here.
    fn switch(&self, name: &str, value: &str) -> String {
        format!("/preferences?{name}={value}&back={}", percent(&self.path))
    }
}

/// Percent-encodes all but letters, digits and `-._~/`.
pub fn percent(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// What `/preferences` is asked to remember.
#[derive(Debug, Default, Deserialize)]
pub struct Switch {
    lang: Option<String>,
    r#type: Option<String>,
    back: Option<String>,
}

/// `GET /preferences`: remembers language or type and goes back. It changes nothing but the look, so a link may do it.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/preferences", get(preferences))
}

/// Sets the cookies that were asked for and goes back, within this site only.
pub async fn preferences(Query(switch): Query<Switch>) -> Response {
    let mut cookies = Vec::new();
    if let Some(lang) = switch.lang.as_deref().and_then(Lang::parse) {
        cookies.push((
            header::SET_COOKIE,
            format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", lang.code()),
        ));
    }
    if let Some(size) = switch.r#type {
        let value = if size == "large" { "large" } else { "normal" };
        cookies.push((header::SET_COOKIE, format!("type={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly")));
    }
    let back = switch.back.as_deref().filter(|path| within(path)).unwrap_or("/");
    let back = HeaderValue::from_str(back).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, back)], AppendHeaders(cookies)).into_response()
}

/// A path of this site: browsers read `//host` and `/\host` as another one.
fn within(path: &str) -> bool {
    path.is_ascii()
        && path.starts_with('/')
        && !path[1..].starts_with(['/', '\\'])
        && !path.contains(|c: char| c.is_ascii_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame { csrf: "<t>".into(), ..Frame::new(Preferences::default(), "标题 <b>", "/dossiers?q=调解&page=2") }
    }

    #[test]
    fn a_page_escapes_its_texts_and_keeps_its_parts() {
        let page = frame().page(&crate::components::Button::primary("<确认>")).0;
        assert!(page.contains("<title>标题 &#60;b&#62;"), "{page}");
        assert!(page.contains("<button class=\"button\" type=\"submit\">&#60;确认&#62;</button>"));
        assert!(frame().csrf_field().as_str().contains("&#60;t&#62;"));
    }

    #[test]
    fn a_page_has_no_style_or_script_of_its_own() {
        let page = crate::gallery::page(Preferences::default()).0;
        assert!(!page.contains("style=") && !page.contains("<style") && !page.contains(" onclick"));
        assert_eq!(page.matches("<script").count(), 1);
        assert!(page.contains("<script src=\"/assets/"));
        assert!(!page.contains("http://") && !page.contains("https://"));
    }

    #[test]
    fn the_switch_of_language_comes_back_to_the_same_page() {
        let page = frame().page(&Markup::default()).0;
        assert!(page.contains("/preferences?lang=en&#38;back=/dossiers%3Fq%3D%E8%B0%83%E8%A7%A3%26page%3D2"), "{page}");
    }

    #[tokio::test]
    async fn a_switch_never_leads_to_another_site() {
        for back in ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb"] {
            let answer =
                preferences(Query(Switch { back: Some(back.into()), lang: Some("en".into()), ..Switch::default() }))
                    .await;
            assert_eq!(answer.headers()[header::LOCATION], "/", "{back}");
        }
        let answer = preferences(Query(Switch {
            back: Some("/a?b=1".into()),
            r#type: Some("large".into()),
            ..Switch::default()
        }))
        .await;
        assert_eq!(answer.headers()[header::LOCATION], "/a?b=1");
        assert!(answer.headers()[header::SET_COOKIE].to_str().is_ok_and(|v| v.starts_with("type=large;")));
    }

    #[tokio::test]
    async fn preferences_are_read_from_the_cookies() {
        let request = axum::http::Request::builder()
            .header(header::COOKIE, "a=1; lang=en; type=large")
            .body(())
            .expect("a request");
        let (mut parts, ()) = request.into_parts();
        let Ok(read) = Preferences::from_request_parts(&mut parts, &()).await;
        assert_eq!(read, Preferences { lang: Lang::En, large: true });
    }

    #[test]
    fn a_link_is_current_on_its_page_and_below_it() {
        let current = |href, path| NavLink::new("", href, path).current;
        assert!(current("/dossiers", "/dossiers") && current("/dossiers", "/dossiers/7?x=1"));
        assert!(current("/dossiers", "/dossier/7/accept"));
        assert!(
            !current("/dossiers", "/dossiers-old") && !current("/", "/dossiers") && !current("/dossiers", "/dossier")
        );
    }
}
