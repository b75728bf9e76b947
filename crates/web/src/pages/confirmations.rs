//! `GET /confirmations`: an organ's applications to the court, and the court's docket; `POST /confirmations/find`: by
//! party, so that no name stands in an address.

use std::collections::BTreeSet;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::Html;
use axum::routing::{get, post};
use serde::Deserialize;
use yanhe_core::StreamKind;
use yanhe_core::confirmation::Stage;
use yanhe_core::policy::Role;
use yanhe_store_read::views::confirmation::{ConfirmationFilter, ConfirmationView};
use yanhe_store_read::{Listing, Page};

use super::dossier::state_tag;
use super::dossier_forms::case::members;
use super::dossiers::indexes;
use super::filters::Filters;
use super::listing::{self, ROWS, limit_cell, name_of};
use crate::components::{
    Button, Cell, Choice, Column, EmptyState, ErrorSummary, Field, Markup, Notice, NoticeKind, Pagination, Table, Width,
};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Text, fill};

/// `GET /confirmations`, `POST /confirmations/find`.
pub fn router() -> Router<Site> {
    Router::new().route("/confirmations", get(show)).route("/confirmations/find", post(find))
}

/// States of an application, in the order of the way.
const STATES: [&str; 11] = [
    "drafted",
    "signed",
    "expired",
    "filed",
    "docketed",
    "declined",
    "examined",
    "valid",
    "rejected",
    "ruling_void",
    "served",
];

#[derive(Template)]
#[template(path = "pages/confirmations.html")]
struct ListPage {
    t: &'static Text,
    title: &'static str,
    csrf: Markup,
    errors: ErrorSummary,
    filters: Vec<Field>,
    narrow: Button,
    filtered: bool,
    find: Field,
    find_button: Button,
    found: Option<Notice>,
    table: Table,
    pagination: Pagination,
}

fn is_court(visitor: &Visitor) -> bool {
    matches!(visitor.actor.role, Role::Judge | Role::CourtClerk)
}

async fn show(State(site): State<Site>, visitor: Visitor, Query(asked): Query<listing::Typed>) -> Answer {
    visitor.staff()?;
    let filters = filters(&site, &visitor, &asked).await?;
    let filter = ConfirmationFilter {
        organ: filters.value("organ"),
        court: None,
        state: filters.value("state"),
        judge: filters.value("judge"),
        dossier: None,
        number: filters.value("number"),
    };
    let page = asked.page(ROWS)?;
    let (lists, scope) = (visitor.lists(&site), visitor.scope());
    let found = filters.read(&page, lists.confirmations(&scope, &filter, &page)).await?;
    let pagination = listing::pagination(visitor.lang(), &found, "/confirmations", &asked);
    filters.answer(list(&site, &visitor, &asked, &filters, found, pagination, None).await?)
}

async fn filters(site: &Site, visitor: &Visitor, asked: &listing::Typed) -> Result<Filters, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let choose =
        |name: &str, label: &str, choices: Vec<Choice>| Field::select(lang, name, label, choices).width(Width::Medium);
    let mut fields = vec![choose("state", t.common.state, listing::choices(lang, "state", &STATES))];
    if is_court(visitor) {
        let judges = members(site, &visitor.actor.body).await?.into_iter().filter(|m| m.role == Role::Judge);
        let judges = judges.map(|m| Choice::new(m.stream.as_str(), m.name)).collect();
        fields.push(choose("judge", lang.name("role", "judge"), judges));
    }
    if visitor.scope().organ().is_none() {
        let organs = site.app.pack.mediating().map(|o| Choice::new(&o.code, listing::body(site, lang, &o.code)));
        fields.push(choose("organ", t.common.organ, organs.collect()));
    }
    fields.push(Field::text(lang, "number", t.dossier.filter_number));
    Ok(Filters::new(lang, asked, fields))
}

async fn list(
    site: &Site,
    visitor: &Visitor,
    asked: &listing::Typed,
    filters: &Filters,
    rows: Listing<ConfirmationView>,
    pagination: Pagination,
    found: Option<Notice>,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let title = if is_court(visitor) { t.nav.docket } else { t.nav.confirmations };
    let frame = visitor.frame(&site.app, title);
    Ok(frame.page(&ListPage {
        t,
        title,
        csrf: frame.csrf_field(),
        errors: filters.summary(),
        filters: filters.fields(),
        narrow: Button::secondary(t.common.filter),
        filtered: !asked.without_place().is_empty() || found.is_some(),
        find: Field::text(lang, "what", t.dossier.find_what).hint(t.dossier.find_hint),
        find_button: Button::secondary(t.common.search),
        found,
        table: table(site, visitor, title, filters, &rows.rows).await?,
        pagination,
    }))
}

async fn table(
    site: &Site,
    visitor: &Visitor,
    title: &str,
    filters: &Filters,
    rows: &[ConfirmationView],
) -> Result<Table, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let c = &t.confirmation;
    let today = site.app.today();
    let mut out = Vec::new();
    let sees = |row: &ConfirmationView| listing::opens(visitor, StreamKind::Confirmation, &row.organ, &row.court);
    let streams: Vec<_> = rows.iter().map(|row| row.stream.clone()).collect();
    let parties = site.app.reader.parties_of(&streams).await?;
    let seen: BTreeSet<_> = rows.iter().filter(|row| sees(row)).map(|row| &row.stream).collect();
    let open = parties.iter().filter(|party| seen.contains(&party.stream));
    let open: Vec<_> = open.map(|party| (&party.stream, &party.name)).collect();
    site.app.prepare_names(&open).await?;
    for row in rows {
        let own = sees(row);
        let mut names = Vec::new();
        for party in parties.iter().filter(|party| party.stream == row.stream) {
            names.push(name_of(&site.app, &row.stream, party.name.as_ref(), own).await?);
        }
        let number = if row.number.is_empty() { c.no_number } else { row.number.as_str() };
        let case = own.then(|| format!("/confirmation/{}", row.stream.key()));
        let number = match &case {
            Some(case) => Cell::link(number, case),
            None => Cell::text(number),
        };
        let limit = Stage::by_name(&row.state).and_then(Stage::limit);
        let due = match row.due_on.zip(limit) {
            Some((day, limit)) => limit_cell(lang, &row.stream, limit, day, today, case.as_deref()),
            None => Cell::text("—"),
        };
        let filed = row.filed_on.map_or_else(|| "—".to_owned(), |on| lang.date(on));
        out.push(vec![
            number.note(listing::body(site, lang, &row.organ)),
            lang.list(&names).into(),
            Cell::tag(state_tag(lang, &row.state)),
            filed.into(),
            due,
        ]);
    }
    let columns = vec![
        Column::text(t.common.number),
        Column::text(t.dossier.parties),
        Column::text(t.common.state),
        Column::text(c.filed_on),
        Column::text(t.common.last_day),
    ];
    let empty = EmptyState::new(c.list_empty, if is_court(visitor) { c.list_empty_court } else { c.list_empty_organ });
    Ok(Table::new(lang, title, columns).quiet().rows(out).empty(filters.empty("/confirmations", empty)))
}

/// What is searched for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FindForm {
    csrf: String,
    what: String,
}

async fn find(State(site): State<Site>, visitor: Visitor, Form(form): Form<FindForm>) -> Answer {
    visitor.staff()?;
    visitor.check(&form.csrf)?;
    let mut streams = BTreeSet::new();
    // Studio and supervision see open columns only: they do not search for people.
    if is_court(&visitor) || visitor.scope().organ().is_some() {
        for index in indexes(&site, &form.what) {
            let hits = site.app.reader.find_parties(&visitor.scope(), &index, &Page::first(200)).await?;
            streams.extend(hits.rows.into_iter().map(|p| p.stream).filter(|s| s.kind() == StreamKind::Confirmation));
        }
    }
    let rows = site.app.reader.confirmations_of(&streams.into_iter().collect::<Vec<_>>()).await?;
    let lang = visitor.lang();
    let text = fill(lang.text().dossier.found, &[("n", &rows.len().to_string())]);
    let found = Notice::new(lang, NoticeKind::Info, text);
    let pagination = Pagination { lang, count: rows.len(), ..Pagination::default() };
    let rows = Listing { rows, next: None };
    let asked = listing::Typed::default();
    let filters = filters(&site, &visitor, &asked).await?;
    site::ok(list(&site, &visitor, &asked, &filters, rows, pagination, Some(found)).await?)
}
