//! A county in a directory of its own, and browsers that look at it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request as Http, header};
use tower::ServiceExt;
use yanhe_app::import::Kind;
use yanhe_app::ports::{SeededEntropy, SetClock};
use yanhe_app::session::SignedIn;
use yanhe_app::{App, Command, Request};
use yanhe_core::matter::{self, Matter, Registered};
use yanhe_core::party::Party;
use yanhe_core::policy::{Act, Actor, Role};
use yanhe_core::scope::Source;
use yanhe_core::{PersonId, Personal, StreamId, StreamKind, organ};
use yanhe_store_read::Page;

use crate::open::{Dir, demo, open};

/// The organ of the tests.
pub const ORGAN: &str = "shichang";

/// A county with its roster and one organ online.
pub struct County {
    pub app: Arc<App>,
    pub clock: Arc<SetClock>,
    _dir: Dir,
}

/// Somebody with an address, and with a phone when it is known.
fn bare(party: Party, phone: Option<&str>) -> Party {
    let personal = |text: &str| Personal::new(&party.person, text.to_owned());
    Party { phone: phone.map(personal), address: Some(personal("海盐县武原街道1号")), ..party.clone() }
}

impl County {
    /// On 14 July 2022, 09:00.
    pub async fn new() -> Self {
        Self::of(true).await.online().await
    }

    /// The same, of a directory that is no demonstration.
    pub async fn production() -> Self {
        Self::of(false).await.online().await
    }

    /// The same before any organ is online.
    pub async fn offline() -> Self {
        Self::of(true).await
    }

    async fn of(demonstration: bool) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let dir = Dir::new();
        let (mut app, clock) =
            open(&dir, "2022-07-14T01:00:00Z", SeededEntropy(NEXT.fetch_add(1, Ordering::Relaxed))).await;
        app.demo = demonstration;
        let app = Arc::new(app);
        let roster = demo("花名册.xlsx");
        app.import(&Actor::admin(), Kind::Roster, "花名册.xlsx", &roster, false, |_, _| ()).await.unwrap();
        Self { app, clock, _dir: dir }
    }

    async fn online(self) -> Self {
        let stream = StreamId::new(StreamKind::Organ, ORGAN);
        self.run(&Actor::admin(), &stream, organ::Command::Onboard {}).await;
        self
    }

    /// The first member of staff with a role in an organ or court.
    pub async fn staff(&self, body: &str, role: Role) -> Actor {
        let rows = self.app.reader.staff(body).await.unwrap();
        let row = rows.into_iter().find(|r| Role::of_post(&r.post) == Some(role)).unwrap();
        Actor::staff(&row.stream, role, body)
    }

    /// Carries out a command that must succeed, and what follows from it.
    pub async fn run(&self, actor: &Actor, stream: &StreamId, command: impl Into<Command>) {
        self.app.handle(Request::one(actor, self.app.fresh_key(), stream, command)).await.unwrap();
        self.app.run_due().await.unwrap();
    }

    /// A complaint about a shop by somebody, with a letter sent; gives the matter and the letter's code.
    pub async fn letter(&self, number: &str, name: &str, phone: Option<&str>) -> (StreamId, String) {
        let buyer = Party::human(PersonId(self.app.fresh_key()), name);
        self.letter_to(number, bare(buyer, phone)).await
    }

    /// The same, to somebody of whom more is known.
    pub async fn letter_to(&self, number: &str, buyer: Party) -> (StreamId, String) {
        self.complained(number, buyer, false).await
    }

    /// The same, to somebody who reported the shop and is not named to it.
    pub async fn letter_to_reporter(&self, number: &str, name: &str, phone: &str) -> (StreamId, String) {
        let buyer = Party::human(PersonId(self.app.fresh_key()), name);
        self.complained(number, bare(buyer, Some(phone)), true).await
    }

    async fn complained(&self, number: &str, buyer: Party, reporter: bool) -> (StreamId, String) {
        let clerk = self.staff(ORGAN, Role::Clerk).await;
        let (of, seller) = (buyer.person.clone(), Party::firm(PersonId(self.app.fresh_key()), "绮园家电商行"));
        let matter = Registered {
            source: Source::Complaint,
            number: number.into(),
            organ: ORGAN.into(),
            occurred_on: self.app.today(),
            subject: Some(bare(seller, Some("19900001002"))),
            complainant: Some(buyer),
            affected: None,
            also_affected: Vec::new(),
            caller: None,
            reporter,
            category: "投诉".into(),
            result: Personal::new(&of, String::new()),
            text: Personal::new(&of, "购买的冰箱使用10天就坏了，商家拒绝退换，要求退款2680元".into()),
            remark: None,
            penalty: None,
            own_due_on: None,
            status: "办理中".into(),
            batch: None,
            origin: "form".into(),
            row: None,
        };
        let stream = matter::stream(Source::Complaint, number);
        self.run(&clerk, &stream, matter::Command::Register { matter: Box::new(matter) }).await;
        self.run(&clerk, &stream, matter::Command::ConfirmLetter { reason: "示例".into() }).await;
        let state = self.app.permit::<Matter>(&clerk, Act::ReadMatter, &stream).await.unwrap();
        (stream, state.letters[0].0.access.clone())
    }

    /// How many messages there are.
    pub async fn messages(&self) -> usize {
        self.app.reader.messages(&Page::first(500)).await.unwrap().rows.len()
    }

    /// The six digits of the latest message.
    pub async fn code(&self) -> String {
        let rows = self.app.reader.messages(&Page::first(20)).await.unwrap().rows;
        let texts = rows.iter().filter_map(|r| self.app.open_message(&r.id, &r.body));
        let texts: Vec<String> = texts.filter_map(|t| t["text"].as_str().map(str::to_owned)).collect();
        // Messages of one moment have no order: a test moves the clock between two codes.
        let text = texts.iter().find(|t| t.contains("验证码")).expect("a code was sent");
        text.split("验证码 ").nth(1).unwrap()[..6].to_owned()
    }

    /// Lets a minute pass.
    pub fn minute(&self) {
        use yanhe_app::ports::Clock;
        self.clock.set(self.clock.now().checked_add(jiff::SignedDuration::from_mins(1)).unwrap());
    }

    /// A browser in which nobody is signed in.
    pub fn browser(&self) -> Browser {
        Browser { router: yanhe_web::router(self.app.clone()), cookies: BTreeMap::new(), page: Answer::default() }
    }

    /// A browser of somebody.
    pub async fn signed_in(&self, actor: &Actor, name: &str) -> Browser {
        let who = SignedIn { actor: actor.clone(), name: name.into(), about: None };
        let token = self.app.begin_session(&who).await.unwrap();
        let mut browser = self.browser();
        browser.cookies.insert("session".into(), token);
        browser
    }
}

/// What came back.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub body: String,
    pub kind: String,
}

impl Answer {
    /// Is this text on the page?
    pub fn says(&self, text: &str) -> bool {
        self.body.contains(text)
    }

    /// The hidden values of the form that posts to `action`.
    pub fn hidden(&self, action: &str) -> Vec<(String, String)> {
        let mark = format!("action=\"{action}\"");
        let start = self.body.find(&mark).unwrap_or_else(|| panic!("no form to {action} in {}", self.body));
        let form = self.body[start..].split("</form>").next().unwrap();
        let inputs = form.split("<input type=\"hidden\"").skip(1);
        inputs.map(|i| (attribute(i, "name"), attribute(i, "value"))).collect()
    }
}

fn attribute(tag: &str, name: &str) -> String {
    let mark = format!("{name}=\"");
    let rest = tag.split(&mark).nth(1).unwrap_or_default();
    let raw = rest.split('"').next().unwrap_or_default();
    raw.replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")
}

/// A browser without script; a clone of it is a second window.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    /// The page it shows.
    pub page: Answer,
}

impl Browser {
    async fn send(&mut self, request: Http<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let text = |name| answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let (location, kind) = (text(header::LOCATION), text(header::CONTENT_TYPE));
        let status = answer.status().as_u16();
        let bytes = to_bytes(answer.into_body(), 64 << 20).await.unwrap();
        Answer { status, location, kind, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let path = path.split('#').next().unwrap();
        Http::builder().method(method).uri(path).header(header::COOKIE, cookies.join("; "))
    }

    /// Chooses the language.
    pub fn speak(&mut self, lang: &str) {
        self.cookies.insert("lang".into(), lang.into());
    }

    /// Opens an address.
    pub async fn open(&mut self, path: &str) -> &Answer {
        let request = self.request("GET", path).body(Body::empty()).unwrap();
        self.page = self.send(request).await;
        &self.page
    }

    /// Posts the form to `action` of the page, with its hidden values and these; shows what comes, or follows to it.
    pub async fn post(&mut self, action: &str, typed: &[(&str, &str)]) -> &Answer {
        let answer = self.press(action, typed).await;
        self.show(answer).await
    }

    /// Presses the button and gives the bare answer; the page stays.
    pub async fn press(&mut self, action: &str, typed: &[(&str, &str)]) -> Answer {
        let values = self.values(action, typed);
        let encoded: Vec<String> = values.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect();
        let request = self.request("POST", action).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(encoded.join("&"))).unwrap()).await
    }

    /// The same with more values at the end, already encoded (`&name=value`): boxes of one name that are ticked.
    pub async fn press_many(&mut self, action: &str, typed: &[(&str, &str)], more: &str) -> Answer {
        let values = self.values(action, typed);
        let encoded: Vec<String> = values.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect();
        let request = self.request("POST", action).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(encoded.join("&") + more)).unwrap()).await
    }

    /// The same for a form with files.
    pub async fn press_with(&mut self, action: &str, typed: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let mut body: Vec<u8> = Vec::new();
        for (name, value) in self.values(action, typed) {
            body.extend(
                format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        for (name, file, bytes) in files {
            let head =
                format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n");
            body.extend(head.bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--part--\r\n");
        let request = self.request("POST", action).header(header::CONTENT_TYPE, "multipart/form-data; boundary=part");
        let request = request.header(header::CONTENT_LENGTH, body.len());
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Shows an answer, following where it leads.
    pub async fn show(&mut self, answer: Answer) -> &Answer {
        self.page = answer;
        while self.page.status == 303 {
            let to = self.page.location.clone();
            self.open(&to).await;
        }
        &self.page
    }

    fn values(&self, action: &str, typed: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut values = self.page.hidden(action);
        for (name, value) in typed {
            values.retain(|(k, _)| k != name);
            values.push(((*name).to_owned(), (*value).to_owned()));
        }
        values
    }
}

fn encode(text: &str) -> String {
    yanhe_web::layout::percent(text).replace('/', "%2F")
}
