//! A site in a directory of its own: the county's pack and roster, a clock that is set, chance that repeats, and
//! browsers that keep their cookie and fill in a form's hidden fields.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{self, StatusCode, header};
use tower::ServiceExt;
use yanhe_app::import::Kind;
use yanhe_app::ports::{SeededEntropy, SetClock};
use yanhe_app::session::SignedIn;
use yanhe_app::{App, Request};
use yanhe_core::policy::{Actor, Role};
use yanhe_core::{StreamId, StreamKind, organ};
use yanhe_store_read::Page;

use crate::case::ORGAN;
pub use crate::open::demo;
use crate::open::{Dir, open};

/// The county's roster.
const ROSTER: &str = "花名册.xlsx";

/// The site.
pub struct TestSite {
    pub app: Arc<App>,
    pub clock: Arc<SetClock>,
    router: Router,
    pub dir: Dir,
}

/// A site with the county's roster and one organ online, on 8 March 2022, 09:00.
pub async fn site() -> TestSite {
    let dir = Dir::new();
    let (app, clock) = open(&dir, "2022-03-08T01:00:00Z", SeededEntropy(1)).await;
    let app = Arc::new(app);
    app.import(&Actor::admin(), Kind::Roster, ROSTER, &demo(ROSTER), false, |_, _| ()).await.unwrap();
    let organ = StreamId::new(StreamKind::Organ, ORGAN);
    app.handle(Request::one(&Actor::admin(), "online", &organ, organ::Command::Onboard {})).await.unwrap();
    TestSite { router: yanhe_web::router(app.clone()), app, clock, dir }
}

impl TestSite {
    /// Somebody of the roster.
    pub async fn staff(&self, body: &str, role: Role) -> SignedIn {
        self.staff_nth(body, role, 0).await
    }

    /// One of several of the roster.
    pub async fn staff_nth(&self, body: &str, role: Role, n: usize) -> SignedIn {
        let all = self.app.staff_of(body).await.unwrap();
        all.into_iter().filter(|s| s.actor.role == role).nth(n).unwrap_or_else(|| panic!("{body} has no {role:?} {n}"))
    }

    /// A browser of somebody who is signed in.
    pub async fn browser(&self, who: &SignedIn) -> Browser {
        let token = self.app.begin_session(who).await.unwrap();
        Browser { router: self.router.clone(), cookie: format!("session={token}"), csrf: self.app.form_token(&token) }
    }

    /// A browser of somebody of the roster.
    pub async fn signed_in(&self, body: &str, role: Role) -> Browser {
        self.browser(&self.staff(body, role).await).await
    }

    /// A browser of nobody.
    pub fn stranger(&self) -> Browser {
        Browser { router: self.router.clone(), cookie: "visit=nobody".into(), csrf: self.app.form_token("nobody") }
    }

    /// Moves the clock and runs what falls due.
    pub async fn wait_until(&self, to: &str) {
        self.clock.set(to.parse().unwrap());
        self.app.run_due().await.unwrap();
    }

    /// Lets a minute pass: messages of one moment have no order.
    pub fn minute(&self) {
        use yanhe_app::ports::Clock;
        self.clock.set(self.clock.now().checked_add(jiff::SignedDuration::from_mins(1)).unwrap());
    }

    /// The last one-time code that was sent to anybody.
    pub async fn last_code(&self) -> String {
        let messages = self.app.reader.messages(&Page::first(20)).await.unwrap().rows;
        let texts = messages.iter().filter_map(|m| self.app.open_message(&m.id, &m.body));
        let text = texts.map(|m| m["text"].as_str().unwrap_or_default().to_owned()).find(|t| t.contains("验证码"));
        let text = text.expect("a code was sent");
        let after = text.split("验证码").nth(1).unwrap();
        after.chars().filter(char::is_ascii_digit).take(6).collect()
    }
}

/// A browser without script: one cookie, forms by POST.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    cookie: String,
    csrf: String,
}

/// What a browser got.
pub struct Got {
    pub status: StatusCode,
    pub location: String,
    pub kind: String,
    pub disposition: String,
    pub bytes: Vec<u8>,
}

impl Got {
    /// The page as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The page must be one that shows this.
    #[track_caller]
    pub fn shows(&self, part: &str) -> &Self {
        assert!(self.text().contains(part), "{} does not show `{part}`:\n{}", self.status, main(&self.text()));
        self
    }

    /// The page must not show this.
    #[track_caller]
    pub fn hides(&self, part: &str) -> &Self {
        assert!(!self.text().contains(part), "{} shows `{part}`:\n{}", self.status, main(&self.text()));
        self
    }

    /// The answer must have this status.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}\n{}", self.location, main(&self.text()));
        self
    }

    /// The form was taken and led here.
    #[track_caller]
    pub fn went_to(&self, path: &str) -> &Self {
        self.is(303);
        assert!(self.location.starts_with(path), "{} is not {path}", self.location);
        self
    }
}

/// The page without its frame, so that a failure can be read.
fn main(html: &str) -> &str {
    html.split_once("<main").map_or(html, |(_, rest)| rest.split_once("</main>").map_or(rest, |(main, _)| main))
}

impl Browser {
    async fn ask(&self, request: axum::http::request::Builder, body: Body) -> Got {
        let request: http::Request<Body> = request.header(header::COOKIE, &self.cookie).body(body).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let head = |name| answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let (status, location, kind) = (answer.status(), head(header::LOCATION), head(header::CONTENT_TYPE));
        let disposition = head(header::CONTENT_DISPOSITION);
        let bytes = to_bytes(answer.into_body(), 64 << 20).await.unwrap().to_vec();
        Got { status, location, kind, disposition, bytes }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Got {
        self.ask(http::Request::get(path), Body::empty()).await
    }

    /// Sends exactly these values, and the token against forged requests.
    pub async fn post(&self, path: &str, values: &[(&str, &str)]) -> Got {
        self.send(http::Request::post(path), values).await
    }

    /// The same by script, for one part of the page.
    pub async fn post_for(&self, part: &str, path: &str, values: &[(&str, &str)]) -> Got {
        self.send(http::Request::post(path).header("X-Fragment", part), values).await
    }

    async fn send(&self, request: axum::http::request::Builder, values: &[(&str, &str)]) -> Got {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend(values);
        let body: Vec<String> = all.iter().map(|(k, v)| format!("{}={}", encoded(k), encoded(v))).collect();
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request, Body::from(body.join("&"))).await
    }

    /// Sends values without the token.
    pub async fn forge(&self, path: &str, values: &[(&str, &str)]) -> Got {
        Self { csrf: "forged".into(), ..self.clone() }.post(path, values).await
    }

    /// Opens the form at a path and sends it with its hidden values and these.
    pub async fn submit(&self, path: &str, values: &[(&str, &str)]) -> Got {
        let page = self.get(path).await;
        page.is(200);
        let hidden = hidden(&page.text(), path);
        let hidden = hidden.iter().filter(|(k, _)| k != "csrf").map(|(k, v)| (k.as_str(), v.as_str()));
        let mut all: Vec<(&str, &str)> = hidden.collect();
        all.extend(values);
        self.post(path, &all).await
    }

    /// The same with a file.
    pub async fn submit_file(&self, path: &str, values: &[(&str, &str)], file: (&str, &str, &[u8])) -> Got {
        let page = self.get(path).await;
        page.is(200);
        let hidden = hidden(&page.text(), path);
        let mut body = Vec::new();
        let owned = values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        for (name, value) in hidden.into_iter().chain(owned) {
            body.extend(
                format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let (field, name, bytes) = file;
        let head = format!("--part\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n");
        body.extend(head.bytes());
        body.extend(b"Content-Type: application/octet-stream\r\n\r\n");
        body.extend(bytes);
        body.extend(b"\r\n--part--\r\n");
        let request = http::Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=part");
        self.ask(request, Body::from(body)).await
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// Hidden values of the form that posts to a path.
pub fn hidden(html: &str, path: &str) -> Vec<(String, String)> {
    let start =
        html.find(&format!("action=\"{path}\"")).unwrap_or_else(|| panic!("no form for {path}:\n{}", main(html)));
    let form = html[start..].split("</form>").next().unwrap();
    let inputs = form.split("<input type=\"hidden\" ").skip(1);
    let attribute = |text: &str, name: &str| {
        let rest = text.split(&format!("{name}=\"")).nth(1)?;
        Some(plain(rest.split('"').next()?))
    };
    inputs.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?))).collect()
}

/// Text of an attribute or element without its escapes.
pub fn plain(text: &str) -> String {
    text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
}
