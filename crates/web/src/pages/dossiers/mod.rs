//! `GET /dossiers`: the cases of an organ, filtered; `POST /dossiers/find`: by party or by words, so that no name stands
//! in an address; `/dossiers/new`: an oral application.

mod new;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::Html;
use axum::routing::{get, post};
use jiff::ToSpan;
use serde::Deserialize;
use yanhe_core::StreamKind;
use yanhe_core::policy::{self, Act, Role, Subject};
use yanhe_core::values::{CreditCode, Document, Phone, normalise};
use yanhe_store_read::views::dossier::{DossierFilter, DossierOrder, DossierView};
use yanhe_store_read::views::party::PartyIndex;
use yanhe_store_read::{Listing, Page};

use super::dossier::{kind_name, state_tag};
use super::dossier_forms::case::members;
use super::filters::Filters;
use super::listing::{self, ROWS, limit_cell, name_of, sees_people};
use super::words::Words;
use crate::components::{
    Button, Cell, Choice, Column, EmptyState, ErrorSummary, Field, Markup, Notice, NoticeKind, Pagination, Table, Width,
};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Text, fill};

/// `GET /dossiers`, `POST /dossiers/find`, `GET, POST /dossiers/new`.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/dossiers", get(show))
        .route("/dossiers/find", post(find))
        .route("/dossiers/new", get(new::show).post(new::take))
}

/// States a case can be in, in the order of the way.
const STATES: [&str; 11] = [
    "applied",
    "refused",
    "withdrawn",
    "mediating",
    "signing",
    "performing",
    "performed",
    "breached",
    "replaced",
    "ended",
    "closed",
];

#[derive(Template)]
#[template(path = "pages/dossiers/list.html")]
struct ListPage {
    t: &'static Text,
    d: &'static crate::text::TextDossier,
    csrf: Markup,
    errors: ErrorSummary,
    new: Option<Button>,
    filters: Vec<Field>,
    narrow: Button,
    filtered: bool,
    searches: bool,
    find: Field,
    find_button: Button,
    found: Option<Notice>,
    table: Table,
    pagination: Pagination,
}

/// May this visitor list cases? A court lists confirmations, a party its own.
fn lists(visitor: &Visitor) -> Result<(), Fault> {
    visitor.staff()?;
    match visitor.actor.role {
        Role::Judge | Role::CourtClerk => Err(yanhe_app::AppError::Denied.into()),
        _ => Ok(()),
    }
}

/// May this visitor record an oral application for its own organ?
pub fn records(visitor: &Visitor) -> bool {
    records_for(&visitor.actor)
}

/// The same for an actor.
pub fn records_for(actor: &policy::Actor) -> bool {
    let own = Subject { organ: actor.body.clone(), ..Subject::default() };
    policy::may(actor, Act::RecordOralApplication, &own).is_ok()
}

async fn show(State(site): State<Site>, visitor: Visitor, Query(asked): Query<listing::Typed>) -> Answer {
    lists(&visitor)?;
    let today = site.app.today();
    let filters = filters(&site, &visitor, &asked).await?;
    let due_by = match filters.value("late").as_deref() {
        Some("late") => today.yesterday().ok(),
        Some("week") => today.checked_add(7.days()).ok(),
        _ => None,
    };
    let filter = DossierFilter {
        organ: filters.value("organ"),
        state: filters.value("state"),
        mediator: filters.value("mediator"),
        kind: filters.value("kind"),
        matter: None,
        due_by,
        number: filters.value("number"),
    };
    let order = if due_by.is_some() { DossierOrder::Due } else { DossierOrder::Latest };
    let page = asked.page(ROWS)?;
    let (lists, scope) = (visitor.lists(&site), visitor.scope());
    let found = filters.read(&page, lists.dossiers(&scope, &filter, order, &page)).await?;
    let pagination = listing::pagination(visitor.lang(), &found, "/dossiers", &asked);
    filters.answer(list(&site, &visitor, &asked, &filters, found, pagination, None).await?)
}

async fn filters(site: &Site, visitor: &Visitor, asked: &listing::Typed) -> Result<Filters, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let d = &t.dossier;
    let choose =
        |name: &str, label: &str, choices: Vec<Choice>| Field::select(lang, name, label, choices).width(Width::Medium);
    let kinds = ["civil", "administrative"].map(|kind| Choice::new(kind, kind_name(lang, kind)));
    let late = vec![Choice::new("late", d.late_only), Choice::new("week", d.due_week)];
    let mut fields = vec![
        choose("state", t.common.state, listing::choices(lang, "state", &STATES)),
        choose("kind", d.kind, kinds.to_vec()),
        choose("late", d.filter_late, late),
    ];
    fields.push(match visitor.scope().organ() {
        Some(organ) => {
            let mediators = members(site, organ).await?.into_iter().filter(|m| m.role == Role::Mediator);
            let mediators = mediators.map(|m| Choice::new(m.stream.as_str(), m.name)).collect();
            choose("mediator", lang.name("role", "mediator"), mediators)
        }
        None => {
            let organs = site.app.pack.mediating().map(|o| Choice::new(&o.code, listing::body(site, lang, &o.code)));
            choose("organ", t.common.organ, organs.collect())
        }
    });
    fields.push(Field::text(lang, "number", d.filter_number));
    Ok(Filters::new(lang, asked, fields))
}

async fn list(
    site: &Site,
    visitor: &Visitor,
    asked: &listing::Typed,
    filters: &Filters,
    rows: Listing<DossierView>,
    pagination: Pagination,
    found: Option<&Words>,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let d = &t.dossier;
    let count = fill(d.found, &[("n", &rows.rows.len().to_string())]);
    let frame = visitor.frame(&site.app, d.list_title);
    Ok(frame.page(&ListPage {
        t,
        d,
        csrf: frame.csrf_field(),
        new: records(visitor).then(|| Button::primary(d.list_new).to("/dossiers/new")),
        errors: filters.summary(),
        filters: filters.fields(),
        narrow: Button::secondary(t.common.filter),
        filtered: !asked.without_place().is_empty() || found.is_some(),
        searches: visitor.scope().organ().is_some(),
        find: Field::text(lang, "what", d.find_case).hint(d.find_case_hint),
        find_button: Button::secondary(t.common.search),
        found: found.map(|words| Notice::new(lang, NoticeKind::Info, words.said(lang, count))),
        table: table(site, visitor, filters, &rows.rows, found).await?,
        pagination,
    }))
}

async fn table(
    site: &Site,
    visitor: &Visitor,
    filters: &Filters,
    rows: &[DossierView],
    found: Option<&Words>,
) -> Result<Table, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let d = &t.dossier;
    let today = site.app.today();
    let mut out = Vec::with_capacity(rows.len());
    let own = rows.iter().filter(|row| sees_people(visitor, &row.organ));
    let names: Vec<_> = own.flat_map(|row| [(&row.stream, &row.applicant), (&row.stream, &row.respondent)]).collect();
    site.app.prepare_names(&names).await?;
    for row in rows {
        let sees = sees_people(visitor, &row.organ);
        let applicant = name_of(&site.app, &row.stream, row.applicant.as_ref(), sees).await?;
        let respondent = name_of(&site.app, &row.stream, row.respondent.as_ref(), sees).await?;
        // Studio and supervision count cases but do not open them.
        let case = sees.then(|| format!("/dossier/{}", row.stream.key()));
        let number = match &case {
            Some(case) => Cell::link(&row.number, case),
            None => Cell::text(&row.number),
        };
        let organ = if visitor.scope().organ().is_none() {
            listing::body(site, lang, &row.organ)
        } else {
            kind_name(lang, &row.kind).to_owned()
        };
        let about = match found.and_then(|words| words.place(lang, &row.stream)) {
            Some(place) => format!("{organ} · {place}"),
            None => organ,
        };
        let due = match row.due_on {
            None => Cell::text("—"),
            Some(day) => limit_cell(lang, &row.stream, &row.due_limit, day, today, case.as_deref()),
        };
        let state = Cell::tag(state_tag(lang, &row.state));
        let state = match row.confirmation.as_str() {
            "" => state,
            now => state.note(format!("{} {}", d.confirmation, lang.name("state", now))),
        };
        let applied = row.applied_on.map_or_else(String::new, |on| lang.date(on));
        out.push(vec![number.note(about), Cell::text(applicant).note(respondent), state, due, applied.into()]);
    }
    let columns = vec![
        Column::text(t.common.number),
        Column::text(d.parties),
        Column::text(t.common.state),
        Column::text(d.next_limit),
        Column::text(d.applied),
    ];
    let mut empty = match found {
        Some(_) => EmptyState::new(d.find_case_empty, d.find_case_empty_text),
        None => EmptyState::new(d.list_empty, d.list_empty_text),
    };
    if found.is_none() && records(visitor) {
        empty = empty.action(Button::secondary(d.list_new).to("/dossiers/new"));
    }
    Ok(Table::new(lang, d.list_title, columns).quiet().rows(out).empty(filters.empty("/dossiers", empty)))
}

/// What is searched for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FindForm {
    csrf: String,
    what: String,
}

/// The blind indexes under which a typed text may be found: as document or code, as phone, as name.
pub fn indexes(site: &Site, typed: &str) -> Vec<PartyIndex> {
    let text = normalise(typed);
    let mut out = Vec::new();
    if text.is_empty() {
        return out;
    }
    if let Ok(document) = Document::guess(&text) {
        out.push(PartyIndex::Document(site.app.index("document", document.number())));
    }
    if let Ok(code) = CreditCode::parse(&text) {
        out.push(PartyIndex::Document(site.app.index("document", code.as_str())));
    }
    if let Ok(phone) = Phone::parse(&text) {
        out.push(PartyIndex::Phone(site.app.index("phone", phone.as_str())));
    }
    out.push(PartyIndex::Name(site.app.index("name", &text)));
    out
}

async fn find(State(site): State<Site>, visitor: Visitor, Form(form): Form<FindForm>) -> Answer {
    lists(&visitor)?;
    visitor.check(&form.csrf)?;
    let scope = visitor.scope();
    let mut streams = Vec::new();
    if scope.organ().is_some() {
        for index in indexes(&site, &form.what) {
            let hits = site.app.reader.find_parties(&scope, &index, &Page::first(200)).await?;
            streams.extend(hits.rows.into_iter().map(|p| p.stream).filter(|s| s.kind() == StreamKind::Dossier));
        }
    }
    streams.sort();
    streams.dedup();
    let words = match streams.is_empty() {
        true => Words::find(&site, &visitor, "dossier", &form.what).await?,
        false => Words::by_name(streams),
    };
    let rows = words.ordered(site.app.reader.dossiers_of(&words.streams).await?, |row| &row.stream);
    let pagination = Pagination { lang: visitor.lang(), count: rows.len(), ..Pagination::default() };
    let rows = Listing { rows, next: None };
    let asked = listing::Typed::default();
    let filters = filters(&site, &visitor, &asked).await?;
    site::ok(list(&site, &visitor, &asked, &filters, rows, pagination, Some(&words)).await?)
}
