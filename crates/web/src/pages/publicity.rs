//! Publicity events: the list, and recording one.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::Html;
use axum::routing::get;
use yanhe_app::Request;
use yanhe_core::policy::{self, Act, Subject};
use yanhe_core::publicity::{self, MANNERS, State as Held};
use yanhe_store_read::views::roster::PublicityFilter;

use super::filters::Filters;
use super::form::FormPage;
use super::listing::{self, Typed, hidden, pagination};
use crate::components::{
    Breadcrumb, Button, Cell, Choice, Column, EmptyState, ErrorSummary, Errors, Field, Link, Markup, Pagination, Table,
    Width,
};
use crate::site::{self, Answer, Fault, Site, Visitor, form_fault};
use crate::text::Text;

/// `GET /publicity`, `GET, POST /publicity/record`.
pub fn router() -> Router<Site> {
    Router::new().route("/publicity", get(show)).route("/publicity/record", get(form).post(record))
}

#[derive(Template)]
#[template(path = "pages/publicity.html")]
struct PublicityPage {
    t: &'static Text,
    errors: ErrorSummary,
    record: Option<Button>,
    filters: Vec<Field>,
    narrow: Button,
    table: Table,
    pagination: Pagination,
}

fn may_record(visitor: &Visitor, organ: &str) -> bool {
    let subject = Subject { organ: organ.to_owned(), ..Subject::default() };
    policy::may(&visitor.actor, Act::RecordPublicity, &subject).is_ok()
}

async fn show(State(site): State<Site>, visitor: Visitor, Query(asked): Query<Typed>) -> Answer {
    visitor.staff()?;
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let fields = vec![
        Field::select(lang, "organ", t.common.organ, organs(&site, &visitor)),
        Field::date(lang, "from", t.publicity.from),
        Field::date(lang, "until", t.publicity.until),
    ];
    let filters = Filters::new(lang, &asked, fields);
    // Publicity is public: every office sees all events.
    let filter = PublicityFilter { organ: filters.value("organ"), from: filters.day("from"), to: filters.day("until") };
    let page = asked.page(listing::ROWS)?;
    let lists = visitor.lists(&site);
    let listing = filters.read(&page, lists.publicity(&filter, &page)).await?;
    let columns = vec![
        Column::text(t.publicity.name),
        Column::text(t.common.organ),
        Column::text(t.common.date),
        Column::text(t.publicity.manner),
        Column::number(t.publicity.audience),
        Column::number(t.publicity.leaflets),
    ];
    let mut empty = EmptyState::new(t.publicity.empty, t.publicity.empty_text);
    let record = may_record(&visitor, &visitor.actor.body)
        .then(|| Button::secondary(t.publicity.record).to("/publicity/record"));
    if let Some(button) = &record {
        empty = empty.action(button.clone());
    }
    let rows = listing.rows.iter().map(|row| {
        let manner = if row.manner.contains('上') { t.publicity.online } else { t.publicity.offline };
        vec![
            Cell::text(row.name.as_str()).note(row.place.as_str()),
            listing::body(&site, lang, &row.organ).into(),
            row.date.map(|day| lang.date(day)).unwrap_or_default().into(),
            manner.into(),
            row.audience.unwrap_or_default().into(),
            row.leaflets.unwrap_or_default().into(),
        ]
    });
    let table =
        Table::new(lang, t.publicity.title, columns).quiet().rows(rows).empty(filters.empty("/publicity", empty));
    let frame = visitor.frame(&site.app, t.publicity.title);
    filters.answer(frame.page(&PublicityPage {
        t,
        errors: filters.summary(),
        record,
        filters: filters.fields(),
        narrow: Button::secondary(t.common.filter),
        pagination: pagination(lang, &listing, "/publicity", &asked),
        table,
    }))
}

fn organs(site: &Site, visitor: &Visitor) -> Vec<Choice> {
    let organs = site.app.pack.organs.iter();
    organs.map(|o| Choice::new(&o.code, listing::body(site, visitor.lang(), &o.code))).collect()
}

/// Only for who may record at all: their own organ's, or any.
fn recorder(visitor: &Visitor) -> Result<(), Fault> {
    visitor.staff()?;
    match may_record(visitor, &visitor.actor.body) {
        true => Ok(()),
        false => Err(yanhe_app::AppError::Denied.into()),
    }
}

async fn form(State(site): State<Site>, visitor: Visitor) -> Answer {
    recorder(&visitor)?;
    let typed = Typed(vec![
        ("key".into(), site.app.fresh_key()),
        ("organ".into(), visitor.actor.body.clone()),
        ("date".into(), site.app.today().to_string()),
    ]);
    site::ok(draw(&site, &visitor, &typed, &Errors::new(visitor.lang())))
}

fn draw(site: &Site, visitor: &Visitor, typed: &Typed, errors: &Errors) -> Html<String> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let manners = vec![Choice::new(MANNERS[0], t.publicity.offline), Choice::new(MANNERS[1], t.publicity.online)];
    let mut fields = vec![
        Field::text(lang, "name", t.publicity.name).maxlength(100),
        Field::date(lang, "date", t.common.date),
        Field::radio(lang, "manner", t.publicity.manner, manners),
        Field::text(lang, "place", t.publicity.place).maxlength(100),
        Field::text(lang, "audience", t.publicity.audience).inputmode("numeric").width(Width::Short),
        Field::text(lang, "leaflets", t.publicity.leaflets).inputmode("numeric").width(Width::Short).optional(),
        Field::textarea(lang, "note", t.common.note).optional(),
    ];
    let own = visitor.scope().organ().is_some();
    if !own {
        let codes = organs(site, visitor);
        fields.insert(0, Field::select(lang, "organ", t.common.organ, codes));
    }
    let mut frame = visitor.frame(&site.app, t.publicity.record);
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.publicity.title, "/publicity")]);
    FormPage {
        title: t.publicity.record.to_owned(),
        errors: errors.summary(),
        lead: t.publicity.record_lead.to_owned(),
        action: "/publicity/record".to_owned(),
        hidden: Markup::all(&[hidden("key", typed.get("key"))]),
        fields: fields.into_iter().map(|field| typed.field(field, errors)).collect(),
        buttons: vec![Button::primary(t.publicity.save), Button::secondary(t.common.cancel).to("/publicity")],
        ..FormPage::default()
    }
    .page(&frame)
}

/// A whole number; nothing typed is zero where it may be left out.
fn count(typed: &Typed, name: &str, needed: bool, errors: &mut Errors) -> i64 {
    match typed.trimmed(name) {
        "" if needed => {
            errors.add(name, "required");
            0
        }
        "" => 0,
        text => yanhe_core::values::normalise(text).parse::<u32>().map_or_else(
            |_| {
                errors.add(name, "not_a_number");
                0
            },
            i64::from,
        ),
    }
}

async fn record(State(site): State<Site>, visitor: Visitor, Form(typed): Form<Typed>) -> Answer {
    recorder(&visitor)?;
    visitor.check(typed.get("csrf"))?;
    let lang = visitor.lang();
    let mut errors = Errors::new(lang);
    let organ = match visitor.scope().organ() {
        Some(own) => own.to_owned(),
        None => typed.trimmed("organ").to_owned(),
    };
    if site.app.pack.organ(&organ).is_none() {
        errors.add("organ", if organ.is_empty() { "required" } else { "unknown" });
    }
    if !may_record(&visitor, &organ) {
        return Err(yanhe_app::AppError::Denied.into());
    }
    let date = typed.needed("date", &mut errors, lang, listing::parse_date);
    if date.is_some_and(|day| day > site.app.today()) {
        errors.add("date", "future");
    }
    if !MANNERS.contains(&typed.get("manner")) {
        errors.add("manner", "choose");
    }
    let name = typed.needed_text("name", &mut errors);
    let place = typed.needed_text("place", &mut errors);
    let audience = count(&typed, "audience", true, &mut errors);
    let leaflets = count(&typed, "leaflets", false, &mut errors);
    if let Some(date) = date.filter(|_| errors.is_empty()) {
        let held = Held {
            name,
            organ,
            date,
            manner: typed.get("manner").to_owned(),
            place,
            audience,
            leaflets,
            note: typed.trimmed("note").to_owned(),
            origin: String::new(),
            withdrawals: 0,
            withdrawn: false,
        };
        let stream = publicity::stream(&held.name, &held.organ, held.date, &held.place);
        let request = Request::one(&visitor.actor, typed.get("key"), &stream, publicity::Command::Record { held });
        match site.app.handle(request).await {
            Ok(_) => return site::see("/publicity"),
            Err(error) => form_fault(&mut errors, lang, error.into())?,
        }
    }
    site::again(draw(&site, &visitor, &typed, &errors))
}
