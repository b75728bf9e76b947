//! The main pages: how much they load, from whom, and whether they fit a phone. Pictures of them in both languages are
//! left to be looked at.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use crate::browser::{Browser, Kind};
use crate::demo::{events, folder};
use crate::html;
use crate::http::Visitor;
use crate::office::{member, text};
use crate::serving::Serving;

/// Everything that a page loads at first, in bytes.
const WEIGHT: usize = 100_000;

/// A page and who looks at it; nobody for an empty `who`.
struct Look {
    name: &'static str,
    who: String,
    page: String,
}

fn event(fits: impl Fn(&Value) -> bool) -> &'static Value {
    events().1.iter().find(|e| fits(e)).expect("an event of the half year")
}

/// The main pages, each with something on it.
fn looks() -> Vec<Look> {
    let ruled = event(|e| text(e, "/type") == "Ruled" && e["body"]["ruling"]["valid"] == true);
    let case = text(ruled, "/stream").trim_start_matches("confirmation/");
    let applied = event(|e| text(e, "/type") == "Applied" && text(e, "/stream").ends_with(case));
    let organ = text(&applied["body"], "/organ");
    let party = format!("party/{}@dossier/{case}", text(&applied["body"], "/applicants/0/person"));
    let docketed = event(|e| text(e, "/type") == "ConfirmationDocketed" && text(e, "/stream").ends_with(case));
    // A letter by which nobody has applied yet.
    let used: BTreeSet<&str> =
        events().1.iter().filter(|e| text(e, "/type") == "DisputeApplied").map(|e| text(e, "/stream")).collect();
    let unused = event(|e| {
        let phone = text(&e["body"], "/letters/0/channel") == "sms";
        text(e, "/type") == "LettersIssued" && phone && !used.contains(text(e, "/stream"))
    });
    let matter = text(unused, "/stream");
    let letter = text(&unused["body"], "/letters/0/access");
    let issuer = text(&unused["body"], "/letters/0/paper/issuer");
    let to = format!("party/{}@{matter}", text(&unused["body"], "/letters/0/to/person"));
    let key = matter.trim_start_matches("matter/");
    let staff = |body: &str, role: &str| member(body, role).stream;
    let look = |name, who: &str, page: &str| Look { name, who: who.to_owned(), page: page.to_owned() };
    vec![
        look("home", "", "/"),
        look("letter", "", &format!("/l/{letter}")),
        look("apply", &to, &format!("/apply?matter={key}")),
        look("case", &party, &format!("/my/{case}")),
        look("work", &staff(issuer, "clerk"), "/work"),
        look("matters", &staff(issuer, "clerk"), "/matters"),
        look("matter", &staff(issuer, "clerk"), &format!("/matter/{key}")),
        look("letters", &staff(issuer, "clerk"), "/letters"),
        look("dossiers", &staff(organ, "clerk"), "/dossiers"),
        look("dossier", &staff(organ, "leader"), &format!("/dossier/{case}")),
        look("confirmation", text(&docketed["body"], "/judge"), &format!("/confirmation/{case}")),
        look("confirmations", &staff("court", "court_clerk"), "/confirmations"),
        look("board", &staff(organ, "leader"), "/board"),
        look("imports", &staff(organ, "clerk"), "/imports"),
        look("new-matter", &staff(organ, "clerk"), "/matters/new"),
        look("figures", "", "/figures"),
        look("sign-in", "", "/sign-in"),
        look("demo", "", "/demo"),
        look("tour", "", "/tour"),
        look("phone", "", "/demo/phone"),
        look("gallery", "", "/gallery"),
        look("help", "", "/help"),
    ]
}

fn visitor(serving: &Serving, look: &Look) -> Visitor {
    let mut visitor = Visitor::new(&serving.address);
    if !look.who.is_empty() {
        visitor.sign_in(&look.who);
    }
    visitor
}

#[test]
fn no_page_loads_more_than_a_hundred_kilobytes_or_names_another_host() {
    let serving = Serving::start();
    for look in looks() {
        let mut visitor = visitor(&serving, &look);
        let answer = visitor.get(&look.page);
        assert_eq!(answer.status, 200, "`{}`: {}", look.page, answer.location);
        let page = answer.text();
        let mut loads: BTreeSet<String> = BTreeSet::from([look.page.clone()]);
        for (place, address) in html::addresses(&page) {
            let own = address.starts_with(['/', '#', '?']) && !address.starts_with("//");
            let mail = ["tel:", "mailto:"].iter().any(|scheme| address.starts_with(scheme));
            assert!(own || mail, "`{}` names `{address}` in {place}", look.page);
            if matches!(place.as_str(), "link href" | "script src" | "img src" | "iframe src") {
                loads.insert(address);
            }
        }
        for file in loads.clone().iter().filter(|file| file.contains(".css")) {
            let sheet = visitor.get(file).text();
            for part in sheet.split("url(").skip(1) {
                let address = part.split(')').next().unwrap_or_default().trim_matches(['"', '\'']);
                assert!(!address.contains("//"), "{file} loads `{address}`");
                if !address.starts_with("data:") {
                    loads.insert(address.to_owned());
                }
            }
        }
        let weights: Vec<(usize, &String)> =
            loads.iter().map(|file| (visitor.get_compressed(file).body.len(), file)).collect();
        let weight: usize = weights.iter().map(|(weight, _)| weight).sum();
        assert!(weight < WEIGHT, "`{}` loads {weight} bytes: {weights:?}", look.page);
    }
}

#[test]
fn every_main_page_has_one_heading_and_shows_no_tag_as_text() {
    let serving = Serving::start();
    for look in looks() {
        let page = visitor(&serving, &look).get(&look.page).text();
        assert_eq!(page.matches("<h1").count(), 1, "`{}`", look.page);
        for tag in ["h1", "h2", "div", "p", "a", "span", "section", "table", "form"] {
            for shown in [format!("&#60;{tag}"), format!("&lt;{tag}")] {
                let shows = page.contains(&format!("{shown} ")) || page.contains(&format!("{shown}&"));
                assert!(!shows, "`{}` shows a `{tag}` as text", look.page);
            }
        }
    }
}

/// Shows a page in a browser.
fn show(browser: &Browser, look: &Look, lang: &str) {
    browser.become_somebody(&look.who, lang);
    browser.open(&look.page);
    assert_eq!(browser.at(), look.page);
}

/// Keeps a picture of a page to be looked at; where, `SHOTS` says. One without writing on it is a fault.
fn keep(name: &str, picture: &[u8]) {
    let dir = std::env::var_os("SHOTS").map_or_else(|| folder().join("shots"), PathBuf::from);
    std::fs::create_dir_all(&dir).expect("a folder for pictures");
    assert!(picture.len() > 10_000, "`{name}` is nearly empty");
    std::fs::write(dir.join(name), picture).expect("a file for the picture");
}

#[test]
fn the_main_pages_fit_a_phone_and_ask_nobody_else() {
    let serving = Serving::start();
    let phone = Browser::start(&serving.address, Kind::Phone);
    let mut wide = Vec::new();
    for look in looks() {
        for lang in ["zh", "en"] {
            show(&phone, &look, lang);
            let size = phone.script("return [document.documentElement.scrollWidth, window.innerWidth]");
            if size[0].as_i64() > Some(390) {
                wide.push(format!("{} in {lang}: {size}", look.name));
            }
            let asked = phone.script("return performance.getEntriesByType('resource').map(e => e.name)");
            for name in asked.as_array().into_iter().flatten().filter_map(Value::as_str) {
                assert!(name.starts_with(&serving.address), "`{}` asks {name}", look.page);
            }
            keep(&format!("{}-{lang}-390.png", look.name), &phone.picture());
        }
    }
    assert!(wide.is_empty(), "wider than a phone: {wide:#?}");
}

#[test]
fn the_main_pages_are_pictured_whole_in_both_languages() {
    let serving = Serving::start();
    let desk = Browser::start(&serving.address, Kind::Desk);
    for look in looks() {
        for lang in ["zh", "en"] {
            desk.resize(1200, 800);
            show(&desk, &look, lang);
            let height = desk.script("return document.documentElement.scrollHeight").as_u64().unwrap_or(1000);
            desk.resize(1200, u32::try_from(height).unwrap_or(1000).clamp(800, 3000) + 150);
            keep(&format!("{}-{lang}-1200.png", look.name), &desk.picture());
        }
    }
}
