//! A visitor without a browser: keeps cookies, follows nothing by itself, and sends forms as a browser would.

use std::collections::BTreeMap;

use ureq::Agent;
use ureq::http::Response;

use crate::html::{self, Form};

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Where it leads, for a redirect.
    pub location: String,
    /// Media type.
    pub media: String,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The form of the page that posts to `action`.
    pub fn form(&self, action: &str) -> Form {
        let forms = html::forms(&self.text());
        let known: Vec<String> = forms.iter().map(|f| f.action.clone()).collect();
        let found = forms.into_iter().find(|f| f.action == action);
        found.unwrap_or_else(|| panic!("status {}: no form for `{action}` among {known:?}", self.status))
    }
}

/// Somebody with cookies of their own.
pub struct Visitor {
    address: String,
    agent: Agent,
    cookies: BTreeMap<String, String>,
}

impl Visitor {
    /// A new visitor of a site.
    pub fn new(address: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        // A connection each: an answer that comes before its request was read ends the connection.
        let config = config.max_idle_connections(0).build();
        Self { address: address.to_owned(), agent: config.into(), cookies: BTreeMap::new() }
    }

    /// With a cookie.
    pub fn with_cookie(mut self, name: &str, value: &str) -> Self {
        self.cookies.insert(name.to_owned(), value.to_owned());
        self
    }

    fn cookie(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn take(&mut self, answer: Result<Response<ureq::Body>, ureq::Error>) -> Result<Answer, ureq::Error> {
        let mut answer = answer?;
        for line in answer.headers().get_all("set-cookie").iter().filter_map(|v| v.to_str().ok()) {
            if let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
        let header =
            |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let (location, media) = (header("location"), header("content-type"));
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(100_000_000).read_to_vec()?;
        Ok(Answer { status, location, media, body })
    }

    /// Gets a page.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub fn try_get(&mut self, path: &str) -> Result<Answer, ureq::Error> {
        let answer = self.agent.get(format!("{}{path}", self.address)).header("cookie", self.cookie()).call();
        self.take(answer)
    }

    /// Posts values as a form.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub fn try_post(&mut self, path: &str, values: &[(String, String)]) -> Result<Answer, ureq::Error> {
        let pairs = values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let request = self.agent.post(format!("{}{path}", self.address)).header("cookie", self.cookie());
        let answer = request.send_form(pairs);
        self.take(answer)
    }

    /// Posts a body as it is.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub fn try_post_raw(&mut self, path: &str, media: &str, body: &str) -> Result<Answer, ureq::Error> {
        let request = self.agent.post(format!("{}{path}", self.address)).header("cookie", self.cookie());
        let answer = request.header("content-type", media).send(body);
        self.take(answer)
    }

    /// Gets a page.
    pub fn get(&mut self, path: &str) -> Answer {
        let answer = self.try_get(path);
        self.must(answer)
    }

    /// Posts values as a form.
    pub fn post(&mut self, path: &str, values: &[(String, String)]) -> Answer {
        let answer = self.try_post(path, values);
        self.must(answer)
    }

    /// Posts a body as it is.
    pub fn post_raw(&mut self, path: &str, media: &str, body: &str) -> Answer {
        let answer = self.try_post_raw(path, media, body);
        self.must(answer)
    }

    fn must(&self, answer: Result<Answer, ureq::Error>) -> Answer {
        answer.unwrap_or_else(|e| panic!("no whole answer from {}: {e}", self.address))
    }

    /// The same person at another window.
    pub fn twin(&self) -> Self {
        let mut twin = Self::new(&self.address);
        twin.cookies.clone_from(&self.cookies);
        twin
    }

    /// Goes on at another address of the same site, with the same cookies.
    pub fn go_to(&mut self, address: &str) {
        address.clone_into(&mut self.address);
    }

    /// Gets what a browser would be sent: compressed, as it goes over the wire.
    pub fn get_compressed(&mut self, path: &str) -> Answer {
        let request = self.agent.get(format!("{}{path}", self.address)).header("cookie", self.cookie());
        let answer = request.header("accept-encoding", "gzip").call();
        let answer = self.take(answer);
        self.must(answer)
    }

    /// Signs in as somebody through the door of the demo.
    pub fn sign_in(&mut self, who: &str) {
        let page = self.get("/demo");
        let form = html::forms(&page.text()).into_iter().find(|f| f.action == "/demo/as").expect("a door for roles");
        let answer = self.post("/demo/as", &form.set("who", who).set("back", "/").values);
        assert_eq!(answer.status, 303, "nobody signs in as `{who}`: {}", answer.text());
    }
}
