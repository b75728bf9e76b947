//! The page of one act: what it is about, what to know before, the fields, the buttons.

use askama::Template;
use axum::response::Html;
use yanhe_core::dossier::{self, grounds::Way};
use yanhe_core::pack::Ground;
use yanhe_core::policy::Act;
use yanhe_core::scope::Kind;

use super::typed::Typed;
use crate::components::{
    Button, Choice, ErrorSummary, Errors, Field, FieldKind, Markup, Notice, NoticeKind, SummaryList, Tab, Tabs, Width,
};
use crate::layout::Frame;
use crate::site::Site;
use crate::text::{Lang, Text};

use super::case::{Case, pick};

/// What one act asks.
#[derive(Default)]
pub struct Form {
    /// What to know before.
    pub lead: Vec<Markup>,
    /// The fields.
    pub parts: Vec<Markup>,
    /// The buttons; the act's own name when empty.
    pub buttons: Vec<Button>,
    /// It takes a file.
    pub file: bool,
    /// What is found in it while it is filled in: an element with the id `check`, which the form's button `preview` asks for.
    pub beside: Option<Markup>,
}

impl Form {
    /// A form with fields.
    pub fn of(parts: Vec<Markup>) -> Self {
        Self { parts, ..Self::default() }
    }

    /// With something to know before.
    #[must_use]
    pub fn lead(mut self, part: Markup) -> Self {
        self.lead.push(part);
        self
    }

    /// With a sentence to know before.
    #[must_use]
    pub fn says(self, lang: Lang, text: impl Into<String>) -> Self {
        let notice = Markup::of(&Notice::new(lang, NoticeKind::Info, text));
        self.lead(notice)
    }

    /// With a warning.
    #[must_use]
    pub fn warns(self, lang: Lang, text: impl Into<String>) -> Self {
        let notice = Markup::of(&Notice::new(lang, NoticeKind::Warn, text));
        self.lead(notice)
    }

    /// With a button of its own.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }

    /// With what is found in it, at its side.
    #[must_use]
    pub fn beside(mut self, part: Markup) -> Self {
        self.beside = Some(part);
        self
    }

    /// Takes a file.
    #[must_use]
    pub fn with_file(mut self) -> Self {
        self.file = true;
        self
    }
}

/// Makes fields with what was typed and what is wrong.
pub struct Draw<'a> {
    /// The reader's language.
    pub lang: Lang,
    /// What was typed.
    pub typed: &'a Typed,
    /// What is wrong.
    pub errors: &'a Errors,
}

impl Draw<'_> {
    /// Any field with its values.
    pub fn field(&self, field: Field) -> Markup {
        let values: Vec<String> = self.typed.all(&field.name).into_iter().map(str::to_owned).collect();
        Markup::of(&field.values(values).errors(self.errors))
    }

    /// One line.
    pub fn text(&self, name: &str, label: &str) -> Markup {
        self.field(Field::text(self.lang, name, label))
    }

    /// Several lines.
    pub fn area(&self, name: &str, label: &str) -> Markup {
        self.field(Field::textarea(self.lang, name, label))
    }

    /// A day.
    pub fn date(&self, name: &str, label: &str) -> Markup {
        self.field(Field::date(self.lang, name, label))
    }

    /// A time of day.
    pub fn clock(&self, name: &str, label: &str) -> Markup {
        self.field(
            Field::new(self.lang, FieldKind::Text, name, label)
                .width(Width::Short)
                .hint(self.lang.text().dossier_form.time_hint),
        )
    }

    /// One of a few.
    pub fn radio(&self, name: &str, label: &str, choices: Vec<Choice>) -> Markup {
        match choices.as_slice() {
            // Where there is nothing to choose, nobody has to.
            [only] => {
                let value = only.value.clone();
                Markup::of(&Field::radio(self.lang, name, label, choices).value(value).errors(self.errors))
            }
            _ => self.field(Field::radio(self.lang, name, label, choices)),
        }
    }

    /// One of many.
    pub fn select(&self, name: &str, label: &str, choices: Vec<Choice>) -> Markup {
        self.field(Field::select(self.lang, name, label, choices))
    }
}

/// Grounds of the court as choices, each with the routes that stay open: it confirms civil agreements.
pub fn grounds<'a>(site: &Site, lang: Lang, grounds: impl IntoIterator<Item = &'a Ground>) -> Vec<Choice> {
    let routes = |ground: &Ground| {
        let routes = site.app.pack.routes_of(ground, Kind::Civil);
        let names: Vec<&str> = routes.map(|r| pick(lang, &r.name, &r.name_en)).collect();
        format!("{}{}", lang.text().dossier_form.routes, names.join(pick(lang, "、", ", ")))
    };
    let grounds = grounds.into_iter();
    grounds.map(|g| Choice::new(&g.id, pick(lang, &g.name, &g.name_en)).hint(routes(g))).collect()
}

/// Grounds of a case as choices, each with the ways that are open in it, and their last days.
pub fn grounds_of<'a>(case: &'a Case, grounds: impl IntoIterator<Item = &'a Ground>) -> Vec<Choice> {
    let lang = case.lang;
    let named = |way: Way<'_>| {
        let name = pick(lang, &way.route.name, &way.route.name_en);
        way.limit.map_or_else(|| name.to_owned(), |limit| lang.bracket(name, &lang.date(limit.deadline.last_day)))
    };
    let open = |ground| {
        let ways = dossier::grounds::ways(&case.state, None, Some(ground), &case.site.app.pack, case.today);
        let names: Vec<String> = ways.into_iter().map(named).collect();
        if names.is_empty() {
            String::new()
        } else {
            format!("{}{}", lang.text().dossier_form.routes, lang.list(&names))
        }
    };
    grounds.into_iter().map(|g| Choice::new(&g.id, pick(lang, &g.name, &g.name_en)).hint(open(g))).collect()
}

/// Acts between which somebody decides. Each has a form of its own; the head of each form leads to the other, so that
/// whichever a list opened is not the nearer one.
const DECISIONS: [[Act; 2]; 3] = [
    [Act::AcceptApplication, Act::RefuseApplication],
    [Act::DocketConfirmation, Act::DeclineConfirmation],
    [Act::RuleValid, Act::RuleReject],
];

/// The acts between which an act decides, itself among them; nothing for one that is no choice.
pub fn decided_between(act: Act) -> &'static [Act] {
    DECISIONS.iter().find(|acts| acts.contains(&act)).map_or(&[], |acts| acts)
}

/// The choice at the head of a form: this act beside those that are `open`, as long as there is something to choose.
pub fn decision(lang: Lang, case: &str, act: Act, open: &[Act]) -> Option<Tabs> {
    let offered = decided_between(act).iter().filter(|one| **one == act || open.contains(one));
    let tabs: Vec<Tab> = offered
        .map(|one| Tab::new(lang.name("act", one.name()), format!("{case}/{}", one.name()), *one == act))
        .collect();
    (tabs.len() > 1).then(|| Tabs { label: lang.text().dossier_form.decision.to_owned(), tabs })
}

/// Everything round a form.
pub struct Around {
    /// Where it posts to.
    pub action: String,
    /// The page to go back to.
    pub back: String,
    /// The other way to decide.
    pub decision: Option<Tabs>,
    /// Repeat key.
    pub key: String,
    /// Version of the stream when the page was made.
    pub version: i64,
    /// What it is about.
    pub about: SummaryList,
    /// The act's name, for the button.
    pub label: String,
    /// The act is open; otherwise only what to know before is shown.
    pub open: bool,
}

#[derive(Template)]
#[template(path = "pages/dossier_forms/page.html")]
struct FormPage {
    t: &'static Text,
    csrf: Markup,
    errors: ErrorSummary,
    title: String,
    decision: Option<Tabs>,
    about: SummaryList,
    lead: Vec<Markup>,
    parts: Vec<Markup>,
    key: String,
    version: i64,
    action: String,
    file: bool,
    beside: Option<Markup>,
    buttons: Vec<Button>,
    back: String,
    open: bool,
}

/// The whole page.
pub fn page(frame: &Frame, around: Around, mut form: Form, errors: &Errors) -> Html<String> {
    if form.buttons.is_empty() {
        form.buttons.push(Button::primary(&around.label));
    }
    frame.page(&FormPage {
        t: frame.lang.text(),
        csrf: frame.csrf_field(),
        errors: errors.summary(),
        title: frame.title.clone(),
        decision: around.decision,
        about: around.about,
        lead: form.lead,
        parts: form.parts,
        key: around.key,
        version: around.version,
        action: around.action,
        file: form.file,
        beside: form.beside,
        buttons: form.buttons,
        back: around.back,
        open: around.open,
    })
}
