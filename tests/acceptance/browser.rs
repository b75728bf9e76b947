//! A real browser: Chromium, driven by chromedriver, with or without scripts.

use std::cell::Cell;
use std::ops::Add;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::demo::{folder, path};
use crate::html;
use crate::serving::{line_with, terminate};

/// How long a page may take before the test says that it did not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// The keys Tab and Enter, as a driver is told of them.
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

/// What chromedriver says before the port that it was given.
const STARTED: &str = "started successfully on port ";

/// A browser with a profile of its own. All is ended when it is dropped.
pub struct Browser {
    address: String,
    runtime: Runtime,
    client: Option<Client>,
    driver: Child,
    profile: PathBuf,
    kind: Kind,
    effort: Cell<Effort>,
}

/// What somebody at the browser had to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Buttons, links, fields and choices that were pressed.
    pub presses: u32,
    /// Characters that were typed.
    pub characters: u32,
    /// Pages that came.
    pub pages: u32,
}

impl Effort {
    /// Four seconds for a press, one for a character, a quarter of a minute to read a page.
    pub const fn seconds(self) -> u32 {
        4 * self.presses + self.characters + 15 * self.pages
    }
}

impl Add for Effort {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self {
            presses: self.presses + more.presses,
            characters: self.characters + more.characters,
            pages: self.pages + more.pages,
        }
    }
}

/// What kind of browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// On a desk.
    Desk,
    /// On a desk, with scripts switched off.
    Scriptless,
    /// A phone of 390 points.
    Phone,
}

impl Browser {
    /// Starts a browser for a site.
    pub fn start(address: &str, kind: Kind) -> Self {
        static BROWSERS: AtomicU32 = AtomicU32::new(0);
        let profile = folder().join(format!("browser-{}", BROWSERS.fetch_add(1, Ordering::Relaxed)));
        // Dates are typed as this language writes them; the pages have a language of their own.
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .env("LANGUAGE", "en_US")
            .env("LC_ALL", "C.UTF-8")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let line = line_with(&mut driver, STARTED);
        let port = line.as_deref().and_then(|l| l.rsplit(STARTED).next()).map(|p| p.trim_end_matches('.').to_owned());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut browser =
            Self { address: address.to_owned(), runtime, client: None, driver, profile, kind, effort: Cell::default() };
        let port = port.unwrap_or_else(|| panic!("chromedriver says no port: {line:?}"));
        let made = browser.runtime.block_on(
            ClientBuilder::new(HttpConnector::new())
                .capabilities(browser.capabilities())
                .connect(&format!("http://127.0.0.1:{port}")),
        );
        browser.client = Some(made.expect("chromium starts"));
        browser
    }

    fn capabilities(&self) -> serde_json::Map<String, Value> {
        let mut prefs = json!({ "intl.accept_languages": "en-US" });
        if self.kind == Kind::Scriptless {
            prefs["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".into(),
            "--disable-gpu".into(),
            "--disable-quic".into(),
            "--no-first-run".into(),
            "--disable-background-networking".into(),
            "--disable-component-update".into(),
            "--disable-sync".into(),
            "--lang=en-US".into(),
            "--window-size=1200,1000".into(),
            format!("--user-data-dir={}", path(&self.profile)),
        ];
        let mut options = json!({ "goog:chromeOptions": { "args": arguments, "prefs": prefs } });
        if self.kind == Kind::Phone {
            let metrics = json!({ "width": 390, "height": 2200, "pixelRatio": 1.0, "mobile": true, "touch": true });
            options["goog:chromeOptions"]["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        options.as_object().expect("an object").clone()
    }

    /// What was pressed, typed and shown since the last time that this was asked. Addresses that a test opens are not in it.
    pub fn effort(&self) -> Effort {
        self.effort.take()
    }

    fn count(&self, presses: u32, characters: u32, pages: u32) {
        self.effort.set(self.effort.get() + Effort { presses, characters, pages });
    }

    fn client(&self) -> &Client {
        self.client.as_ref().expect("a browser that runs")
    }

    /// Opens a page of the site.
    pub fn open(&self, page: &str) {
        let address = format!("{}{page}", self.address);
        self.runtime.block_on(self.client().goto(&address)).unwrap_or_else(|e| panic!("`{page}`: {e}"));
    }

    /// Path and query of the page that is shown.
    pub fn at(&self) -> String {
        let url = self.runtime.block_on(self.client().current_url()).expect("an address");
        let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
        format!("{}{query}", url.path())
    }

    /// The page as it stands, as HTML.
    pub fn source(&self) -> String {
        self.runtime.block_on(self.client().source()).expect("the source of the page")
    }

    /// The words of the page.
    pub fn words(&self) -> String {
        html::words(&self.source())
    }

    /// The page must say this.
    pub fn says(&self, words: &str) {
        // A page that is only on its way says nothing yet.
        self.find("main");
        let page = self.words();
        assert!(page.contains(words), "`{}` does not say `{words}`: {}", self.at(), squeezed(&page));
    }

    /// The first such element, once there is one.
    pub fn find(&self, css: &str) -> Element {
        let found = self.runtime.block_on(self.client().wait().at_most(PATIENCE).for_element(Locator::Css(css)));
        found.unwrap_or_else(|e| panic!("`{}` has no `{css}` ({e}): {}", self.at(), squeezed(&self.words())))
    }

    /// Is there such an element now?
    pub fn has(&self, css: &str) -> bool {
        let found = self.runtime.block_on(self.client().find_all(Locator::Css(css)));
        found.is_ok_and(|found| !found.is_empty())
    }

    /// An attribute of an element.
    pub fn attribute(&self, css: &str, name: &str) -> String {
        let element = self.find(css);
        self.runtime.block_on(element.attr(name)).expect("an attribute").unwrap_or_default()
    }

    /// Types a value into a field, chooses it in a list, or ticks it, as the field is.
    pub fn fill(&self, name: &str, value: &str) {
        let field = self.find(&format!("main [name=\"{name}\"]:not([type=hidden])"));
        let tag = self.runtime.block_on(field.tag_name()).expect("a tag");
        let kind = self.runtime.block_on(field.attr("type")).expect("an attribute").unwrap_or_default();
        match (tag.as_str(), kind.as_str()) {
            ("select", _) => self.click(&format!("main select[name=\"{name}\"] option[value=\"{value}\"]")),
            (_, "radio" | "checkbox") => self.click(&format!("main input[name=\"{name}\"][value=\"{value}\"]")),
            (_, "date") => {
                // In the parts of the field as this language orders them: month, day, year.
                let (year, rest) = value.split_once('-').expect("a date");
                let (month, day) = rest.split_once('-').expect("a date");
                self.keys(&field, &format!("{month}{day}{year}"));
            }
            (_, "file") => self.keys(&field, value),
            _ => {
                self.runtime.block_on(field.clear()).expect("a field that can be cleared");
                self.keys(&field, value);
            }
        }
    }

    fn keys(&self, field: &Element, value: &str) {
        self.count(1, u32::try_from(value.chars().count()).unwrap_or(u32::MAX), 0);
        self.runtime.block_on(field.send_keys(value)).expect("a field that can be typed into");
    }

    /// Fills in the form that posts to `action` with the Tab key and the keys of each field alone, and sends it from its
    /// button with Enter. Texts are typed; of `chosen` a key picks in a list, or a blank ticks the first choice. Gives
    /// how many fields were filled in.
    pub fn by_keyboard(&self, action: &str, texts: &[(&str, &str)], chosen: &[(&str, &str)]) -> usize {
        let before = self.find("html");
        let mut filled = std::collections::BTreeSet::new();
        for _ in 0..120 {
            self.press_key(TAB);
            let now = self.script(
                "const e = document.activeElement; return [e.name || '', e.type || '', e.form ? e.form.getAttribute('action') : '']",
            );
            let part = |n: usize| now[n].as_str().unwrap_or_default().to_owned();
            let (name, kind, form) = (part(0), part(1), part(2));
            if form != action {
                continue;
            }
            if kind == "submit" {
                self.press_key(ENTER);
                self.left(&before);
                let errors = self.errors();
                assert!(errors.is_empty(), "`{action}` says: {errors}");
                return filled.len();
            }
            let typed = texts.iter().chain(chosen).find(|(field, _)| *field == name && !filled.contains(&name));
            if let Some((_, value)) = typed {
                self.press_key(value);
                filled.insert(name);
            }
        }
        panic!("`{action}` has no button that the keyboard reaches: {filled:?}");
    }

    fn press_key(&self, keys: &str) {
        // As a keyboard does it: what is sent to an element can be taken by it as a value.
        let press = |actions: KeyActions, value| actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        let actions = keys.chars().fold(KeyActions::new("keyboard".into()), press);
        self.runtime.block_on(self.client().perform_actions(actions)).expect("keys can be pressed");
    }

    /// Ticks all boxes of a name.
    pub fn tick_all(&self, name: &str) {
        let css = format!("main input[name=\"{name}\"]");
        for field in self.runtime.block_on(self.client().find_all(Locator::Css(&css))).expect("boxes") {
            self.runtime.block_on(field.click()).expect("a box");
            self.count(1, 0, 0);
        }
    }

    /// Clicks what leads to another page, and waits for it.
    pub fn go(&self, css: &str) {
        let before = self.find("html");
        self.click(css);
        self.left(&before);
        self.count(0, 0, 1);
    }

    /// The words of the first element that fits; empty when there is none.
    pub fn text(&self, css: &str) -> String {
        let found = self.script(&format!("const e = document.querySelector('{css}'); return e ? e.textContent : ''"));
        squeezed(found.as_str().unwrap_or_default())
    }

    /// Clicks an element.
    pub fn click(&self, css: &str) {
        let element = self.find(css);
        // In the middle of the window, where nothing that stays at its edge lies above it.
        let middle = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' })";
        self.runtime.block_on(self.client().execute(middle, vec![css.into()])).expect("a script that runs");
        let clicked = self.runtime.block_on(element.click());
        clicked.unwrap_or_else(|e| panic!("`{}`: `{css}` cannot be clicked: {e}", self.at()));
        self.count(1, 0, 0);
    }

    /// Presses the main button of the form that posts to `action`.
    pub fn press(&self, action: &str) {
        self.press_with(action, "");
    }

    /// Presses the button of the form at `action` that sends `name=value`; without a name its first one.
    pub fn press_with(&self, action: &str, sends: &str) {
        self.send(action, sends);
        let errors = self.errors();
        assert!(errors.is_empty(), "`{action}` says: {errors}");
        let status = self.script("return performance.getEntriesByType('navigation')[0].responseStatus");
        assert!(
            status.as_u64().is_some_and(|status| status < 400),
            "`{action}` is answered {status}: {}",
            self.text("main")
        );
    }

    /// As [`Self::press_with`], whatever the answer is.
    pub fn send(&self, action: &str, sends: &str) {
        let button = match sends.split_once('=') {
            Some((name, value)) => format!("button[name=\"{name}\"][value=\"{value}\"]"),
            None => "button".to_owned(),
        };
        let before = self.find("html");
        self.click(&format!("main form[action=\"{action}\"] {button}"));
        // The answer is there when the page that was is gone.
        self.left(&before);
        self.count(0, 0, 1);
    }

    /// What the page says is wrong with what was typed.
    pub fn errors(&self) -> String {
        let found = self.runtime.block_on(self.client().find_all(Locator::Css("main .error-summary, main .error")));
        let texts = found.unwrap_or_default().into_iter().map(|e| self.runtime.block_on(e.text()).unwrap_or_default());
        squeezed(&texts.collect::<Vec<_>>().join(" "))
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> String {
        let cookie = self.runtime.block_on(self.client().get_named_cookie(name)).expect("a cookie");
        cookie.value().to_owned()
    }

    /// Forgets who is signed in.
    pub fn forget(&self) {
        self.runtime.block_on(self.client().delete_all_cookies()).expect("cookies can be deleted");
    }

    /// Signs in through the door of the demo, whoever it is, in a language.
    pub fn become_somebody(&self, who: &str, lang: &str) {
        self.forget();
        self.open(&format!("/preferences?lang={lang}&back=/demo"));
        if !who.is_empty() {
            let before = self.find("html");
            self.script(&format!(
                "const form = document.querySelector('form[action=\"/demo/as\"]');
                form.querySelector('[name=who]').value = '{who}'; form.submit();"
            ));
            self.left(&before);
        }
    }

    /// Opens a page anew until it shows an element: what follows an act by itself is there a moment later.
    pub fn open_until(&self, path: &str, css: &str) {
        for _ in 0..100 {
            self.open(path);
            if self.has(css) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("`{path}` does not come to show `{css}`");
    }

    /// Waits until a page is gone, of which this is an element.
    fn left(&self, before: &Element) {
        for _ in 0..300 {
            if self.runtime.block_on(before.tag_name()).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("`{}` does not go away", self.at());
    }

    /// Has an element of this class the focus?
    pub fn focuses(&self, class: &str) -> bool {
        let element = self.runtime.block_on(self.client().active_element()).expect("an element with the focus");
        let classes = self.runtime.block_on(element.attr("class")).expect("an attribute").unwrap_or_default();
        classes.split(' ').any(|c| c == class)
    }

    /// The window's size.
    pub fn resize(&self, width: u32, height: u32) {
        self.runtime.block_on(self.client().set_window_size(width, height)).expect("a size");
    }

    /// A picture of the window, as PNG.
    pub fn picture(&self) -> Vec<u8> {
        self.runtime.block_on(self.client().screenshot()).expect("a picture")
    }

    /// What a script gives. Only for looking at the page: browsers without scripts have this, too.
    pub fn script(&self, script: &str) -> Value {
        self.runtime.block_on(self.client().execute(script, Vec::new())).expect("a script that runs")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            let _ = self.runtime.block_on(client.close());
        }
        terminate(&mut self.driver);
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// Words with single blanks between them.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
