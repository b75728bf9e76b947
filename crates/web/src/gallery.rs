//! The page that shows every part with its examples: for those who write pages, and for the tests.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use serde_json::Value;

use crate::components::{
    Breadcrumb, Button, Deadline, EmptyState, ErrorSummary, Field, FigureCard, FileList, Markup, Notice, Pagination,
    Part, PostButton, Steps, SummaryList, Table, Tabs, Tag, Timeline,
};
use crate::layout::{Demo, Frame, NavLink, Preferences, User};
use crate::pages::demo;
use crate::site::{self, Answer, Site};
use crate::text::Lang;

/// One example of a part, drawn.
#[derive(Debug)]
pub struct Example {
    /// Its name in the data.
    pub name: String,
    /// The part.
    pub html: Markup,
}

/// A part with its examples.
#[derive(Debug)]
pub struct Section {
    /// The name of its files.
    pub name: &'static str,
    /// Its title in the reader's language.
    pub title: String,
    /// The data of the examples, as written.
    pub data: &'static str,
    /// The examples.
    pub examples: Vec<Example>,
}

#[derive(Template)]
#[template(path = "gallery.html")]
struct GalleryPage {
    lang: Lang,
    sections: Vec<Section>,
}

/// Every part with its examples, in a language.
pub fn sections(lang: Lang) -> Vec<Section> {
    vec![
        section::<Button>(lang),
        section::<PostButton>(lang),
        section::<Field>(lang),
        section::<ErrorSummary>(lang),
        section::<Notice>(lang),
        section::<Table>(lang),
        section::<Tag>(lang),
        section::<SummaryList>(lang),
        section::<Timeline>(lang),
        section::<Deadline>(lang),
        section::<Pagination>(lang),
        section::<Tabs>(lang),
        section::<FigureCard>(lang),
        section::<EmptyState>(lang),
        section::<Steps>(lang),
        section::<Breadcrumb>(lang),
        section::<FileList>(lang),
    ]
}

/// The examples of a part. A fault in the data is shown in place of the example, and fails the tests.
fn section<P: Part>(lang: Lang) -> Section {
    let examples = match toml::from_str::<serde_json::Map<String, Value>>(P::EXAMPLES) {
        Ok(table) => table.into_iter().map(|(name, value)| example::<P>(lang, name, value)).collect(),
        Err(error) => vec![fault("examples", &error.to_string())],
    };
    Section { name: P::NAME, title: lang.name("gallery", P::NAME).to_owned(), data: P::EXAMPLES, examples }
}

fn example<P: Part>(lang: Lang, name: String, mut value: Value) -> Example {
    translate(lang, &mut value);
    if let Value::Object(fields) = &mut value {
        fields.insert("lang".to_owned(), Value::String(lang.code().to_owned()));
    }
    match serde_json::from_value::<P>(value) {
        Ok(part) => Example { name, html: Markup::of(&part) },
        Err(error) => fault(&name, &error.to_string()),
    }
}

fn fault(name: &str, message: &str) -> Example {
    let notice = Notice::new(Lang::En, crate::components::NoticeKind::Bad, message);
    Example { name: format!("{name} (faulty)"), html: Markup::of(&notice) }
}

/// Texts of an example that begin with `$` are keys, and `{ zh, en }` is one text in each language: the same data shows
/// both.
fn translate(lang: Lang, value: &mut Value) {
    let own = value.as_object().filter(|fields| fields.len() == 2 && fields.contains_key("zh"));
    if let Some(text) = own.and_then(|fields| fields.get(lang.code())).cloned() {
        *value = text;
    }
    match value {
        Value::String(text) => {
            if let Some(found) = text.strip_prefix('$').and_then(|key| lang.get(key)) {
                found.clone_into(text);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| translate(lang, item)),
        Value::Object(fields) => fields.values_mut().for_each(|field| translate(lang, field)),
        _ => {}
    }
}

/// `GET /gallery`, in a demonstration only: its examples are an invented clerk's page at an invented time.
///
/// # Errors
/// [`AppError::NotFound`](yanhe_app::AppError::NotFound) everywhere else.
pub async fn gallery(State(site): State<Site>, preferences: Preferences) -> Answer {
    demo::only(&site)?;
    site::ok(page(preferences))
}

/// The gallery for a reader.
pub fn page(preferences: Preferences) -> Html<String> {
    let lang = preferences.lang;
    let t = lang.text();
    let path = "/gallery";
    let nav = [
        (t.nav.work, "/work"),
        (t.nav.matters, "/matters"),
        (t.nav.dossiers, "/dossiers"),
        (t.nav.confirmations, "/confirmations"),
    ];
    let frame = Frame {
        county: "海盐县".to_owned(),
        user: Some(User { name: "周映雪".to_owned(), role: t.role.clerk.to_owned() }),
        nav: nav.map(|(label, href)| NavLink::new(label, href, "/work")).to_vec(),
        demo: Some(Demo {
            clock: lang.time(jiff::civil::date(2022, 7, 14).at(9, 0, 0, 0)),
            href: "/demo".to_owned(),
            tour: None,
        }),
        ..Frame::new(preferences, t.gallery.title, path)
    };
    frame.page(&GalleryPage { lang, sections: sections(lang) })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Draws every example in both languages and compares it with `components/golden/NAME.html`; with the variable
    /// `UPDATE_GOLDEN` set, writes the files instead.
    #[test]
    fn every_part_is_drawn_as_its_golden_file_says() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/components/golden");
        let update = std::env::var_os("UPDATE_GOLDEN").is_some();
        for (zh, en) in sections(Lang::Zh).iter().zip(sections(Lang::En)) {
            let mut drawn = String::new();
            for (lang, section) in [(Lang::Zh, zh), (Lang::En, &en)] {
                for example in &section.examples {
                    assert!(!example.name.ends_with("(faulty)"), "{}: {}", section.name, example.html.as_str());
                    drawn += &format!("<!-- {} {} -->\n{}\n", lang.code(), example.name, example.html.as_str().trim());
                }
            }
            let path = folder.join(format!("{}.html", zh.name));
            if update {
                std::fs::write(&path, &drawn).expect("the golden file can be written");
            }
            let golden = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(drawn, golden, "{} differs; set UPDATE_GOLDEN=1 to accept", path.display());
        }
    }

    #[test]
    fn no_example_shows_a_key_instead_of_a_text() {
        for section in Lang::ALL.into_iter().flat_map(sections) {
            assert_ne!(section.title, section.name);
            for example in &section.examples {
                assert!(!example.html.as_str().contains('$'), "{} {}", section.name, example.name);
            }
        }
    }

    #[test]
    fn every_part_has_a_file_of_examples_and_a_place_in_the_gallery() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/components");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder is there")
            .filter_map(|entry| {
                entry.ok()?.file_name().into_string().ok()?.strip_suffix(".examples.toml").map(str::to_owned)
            })
            .collect();
        let mut shown: Vec<String> = sections(Lang::Zh).iter().map(|section| section.name.to_owned()).collect();
        files.sort();
        shown.sort();
        assert_eq!(files, shown);
    }

    #[test]
    fn a_hostile_text_comes_out_as_text_in_every_part() {
        fn spoil(value: &mut Value) {
            match value {
                Value::String(text) if !text.is_ascii() => *text = "<script>\"'&".to_owned(),
                Value::Array(items) => items.iter_mut().for_each(spoil),
                Value::Object(fields) => fields.values_mut().for_each(spoil),
                _ => {}
            }
        }
        fn check<P: Part>() {
            let table: serde_json::Map<String, Value> = toml::from_str(P::EXAMPLES).expect("the examples parse");
            for (name, mut value) in table {
                translate(Lang::Zh, &mut value);
                spoil(&mut value);
                let html = serde_json::from_value::<P>(value).expect("an example").render().expect("it draws");
                assert!(!html.contains("<script") && !html.contains("\"'&"), "{} {name}: {html}", P::NAME);
            }
        }
        check::<Button>();
        check::<PostButton>();
        check::<Field>();
        check::<ErrorSummary>();
        check::<Notice>();
        check::<Table>();
        check::<Tag>();
        check::<SummaryList>();
        check::<Timeline>();
        check::<Deadline>();
        check::<Tabs>();
        check::<FigureCard>();
        check::<EmptyState>();
        check::<Steps>();
        check::<Breadcrumb>();
        check::<FileList>();
    }
}
