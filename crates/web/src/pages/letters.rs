//! Papers that go to somebody, by state: print runs, and service of many at once.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::Html;
use axum::routing::{get, post};
use yanhe_app::{Command, Request};
use yanhe_core::pack::Issuer;
use yanhe_core::paper::{self, Paper};
use yanhe_core::policy::{Act, Role};
use yanhe_core::time::county_time;
use yanhe_core::{StreamId, StreamKind};
use yanhe_store_read::views::paper::{PaperFilter, PaperView};
use yanhe_store_read::{Listing, Page};

use super::bulk::{self};
use super::filters::Filters;
use super::form::FormPage;
use super::listing::{self, Officers, Typed, address, all_hidden, choices, hidden, listed, pagination, ticks};
use super::served_notice;
use crate::components::{
    Breadcrumb, Button, Cell, Choice, Column, EmptyState, Errors, Field, Link, Markup, Notice, NoticeKind, Pagination,
    Tab, Table, Tabs, Tag,
};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Lang, Text, fill};

/// `GET /letters`, `POST /letters/chosen`, `POST /letters/served`, `GET /print-run/ID`.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/letters", get(show))
        .route("/letters/chosen", post(chosen))
        .route("/letters/served", post(served))
        .route("/print-run/{id}", get(print_run))
}

/// The views, in the order of the way through.
const VIEWS: [&str; 7] = ["issued", "address_needed", "sent", "failed", "served", "voided", "runs"];
/// The piles from which somebody has something to do: their tabs say how much, up to [`MOST`].
const PILES: [&str; 4] = ["issued", "address_needed", "sent", "failed"];
/// So many are counted at most, so that a tab costs the same in a large county.
const MOST: u32 = 1000;
/// The choice of all kinds.
const ALL_KINDS: &str = "all";

#[derive(Template)]
#[template(path = "pages/letters.html")]
struct LettersPage {
    t: &'static Text,
    errors: Markup,
    notice: Option<Notice>,
    tabs: Tabs,
    runs: bool,
    show: String,
    filters: Vec<Field>,
    narrow: Button,
    ticks: Markup,
    table: Table,
    pagination: Pagination,
    chooses: bool,
    print: Button,
    serve: Option<Button>,
}

/// The name of a kind of paper in the reader's language.
pub fn paper_name<'a>(site: &'a Site, lang: Lang, kind: &'a str) -> &'a str {
    match lang {
        Lang::Zh => site.app.pack.paper_name(kind),
        Lang::En => site.app.pack.paper_name_en(kind),
    }
}

/// Where a paper stands, as a label.
pub fn state(lang: Lang, row: &PaperView) -> Tag {
    Tag::new(lang.name("paper_state", &row.desk), listing::state_tag(lang, &row.desk).tone)
}

async fn show(State(site): State<Site>, visitor: Visitor, Query(asked): Query<Typed>) -> Answer {
    visitor.only(Act::ReadPaper)?;
    let page = list(&site, &visitor, &asked, &Typed::default(), &Errors::new(visitor.lang())).await?;
    filters(&site, &visitor, &asked).answer(page)
}

/// The kind of paper: all at first, so that nothing waits unseen.
fn filters(site: &Site, visitor: &Visitor, asked: &Typed) -> Filters {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let mut kinds = vec![Choice::new(ALL_KINDS, t.common.all)];
    let here = kinds_here(site, visitor).into_iter();
    kinds.extend(here.map(|kind| Choice::new(kind, paper_name(site, lang, kind))));
    Filters::new(lang, asked, vec![Field::select(lang, "kind", t.letters.kind, kinds).value(ALL_KINDS)])
}

async fn list(
    site: &Site,
    visitor: &Visitor,
    asked: &Typed,
    typed: &Typed,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    asked.one_of("show", &VIEWS)?;
    let filters = filters(site, visitor, asked);
    let view = VIEWS.into_iter().find(|view| *view == asked.get("show")).unwrap_or(VIEWS[0]);
    let frame = visitor.frame(&site.app, t.letters.title);
    let page = asked.page(listing::ROWS)?;
    let runs = view == "runs";
    let (table, pagination, any) = match runs {
        true => {
            let listing = listed(site.app.reader.print_runs(&visitor.actor.body, &page).await, &page)?;
            (runs_table(site, lang, &listing).await?, pagination(lang, &listing, "/letters", asked), false)
        }
        false => {
            let listing = papers(site, visitor, view, &filters, page).await?;
            let any = !listing.rows.is_empty();
            let mut table = papers_table(site, visitor, &listing, &typed.all("paper")).await?;
            table.empty = filters.empty("/letters", table.empty);
            (table, pagination(lang, &listing, "/letters", asked), any)
        }
    };
    let counts = counts(site, visitor, &filters).await?;
    let tabs = VIEWS.map(|v| {
        let href = address("/letters", &[("show", v), ("kind", asked.get("kind"))]);
        let tab = Tab::new(lang.name("letters", &format!("show_{v}")), href, v == view);
        match counts.get(v) {
            Some(count) => tab.count(*count, MOST.into()),
            None => tab,
        }
    });
    let notice = match asked.get("made") {
        "" => None,
        "again" => Some(Notice::new(lang, NoticeKind::Info, t.letters.run_busy)),
        run => {
            let open = Button::primary(t.letters.run_open).to(format!("/print-run/{run}"));
            let mut text = fill(t.letters.run_made, &[("count", asked.get("count"))]);
            if !matches!(asked.get("left"), "" | "0") {
                text.push_str(&fill(t.letters.run_left, &[("count", asked.get("left"))]));
            }
            Some(Notice::new(lang, NoticeKind::Success, text).body(Markup::of(&open)))
        }
    };
    Ok(frame.page(&LettersPage {
        t,
        errors: Markup::all(&[Markup::of(&errors.summary()), Markup::of(&filters.summary())]),
        notice,
        tabs: Tabs { label: t.letters.title.to_owned(), tabs: tabs.into() },
        runs,
        show: view.to_owned(),
        filters: filters.fields(),
        narrow: Button::secondary(t.common.filter),
        ticks: ticks(site, &frame, typed, &["show", "kind", "after", "trail"].map(|name| (name, asked.get(name)))),
        table,
        pagination,
        chooses: any && sends(visitor),
        print: Button::primary(t.letters.print_chosen).sends("do", "print"),
        serve: ["issued", "sent", "failed", "address_needed"]
            .contains(&view)
            .then(|| Button::secondary(t.letters.serve_chosen).sends("do", "serve")),
    }))
}

/// The kinds of paper that this office sends: each name once, and none that another sort of office issues.
fn kinds_here<'a>(site: &'a Site, visitor: &Visitor) -> Vec<&'a str> {
    let pack = &site.app.pack;
    let issuers: &[Issuer] = match visitor.actor.body.as_str() {
        body if body == pack.court.code => &[Issuer::Court],
        body if body == pack.justice_bureau().code => &[Issuer::Organ, Issuer::Justice],
        _ => &[Issuer::Organ],
    };
    let mut names = BTreeSet::new();
    let all = pack.papers.iter().filter(|paper| paper.served && issuers.contains(&paper.issuer));
    all.filter(|paper| names.insert(paper.name.as_str())).map(|paper| paper.kind.as_str()).collect()
}

/// Do people of this role send papers?
fn sends(visitor: &Visitor) -> bool {
    Act::DispatchPaper.allowed().iter().any(|(role, _)| *role == visitor.actor.role)
}

/// The office whose desk is shown; none for those who see the papers of all.
fn issuer(visitor: &Visitor) -> Option<String> {
    Some(visitor.actor.body.clone()).filter(|body| !body.is_empty() && visitor.actor.role != Role::Studio)
}

/// The kind that is asked for; none: all.
fn kind(filters: &Filters) -> Option<String> {
    filters.value("kind").filter(|kind| kind != ALL_KINDS)
}

/// How much lies on each pile of the office, by the name of its view.
async fn counts(site: &Site, visitor: &Visitor, filters: &Filters) -> Result<BTreeMap<&'static str, i64>, Fault> {
    let Some(issuer) = issuer(visitor) else { return Ok(BTreeMap::new()) };
    let counted = visitor.lists(site).piles(&issuer, &PILES, kind(filters).as_deref(), MOST).await?;
    Ok(PILES.into_iter().zip(counted).collect())
}

/// A page of papers of a view.
async fn papers(
    site: &Site,
    visitor: &Visitor,
    view: &str,
    filters: &Filters,
    page: Page,
) -> Result<Listing<PaperView>, Fault> {
    let filter = PaperFilter {
        issuer: issuer(visitor),
        desk: Some(view.to_owned()),
        kind: kind(filters),
        ..PaperFilter::default()
    };
    let (lists, scope) = (visitor.lists(site), visitor.scope());
    filters.read(&page, lists.papers(&scope, &filter, &page)).await
}

async fn papers_table(
    site: &Site,
    visitor: &Visitor,
    listing: &Listing<PaperView>,
    ticked: &[&str],
) -> Result<Table, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let chooses = sends(visitor);
    let mut columns = vec![
        Column::text(t.letters.paper),
        Column::text(t.letters.addressee),
        Column::text(t.common.state),
        Column::text(t.letters.date),
        Column::press("PDF"),
    ];
    if chooses {
        columns.insert(0, Column::check());
    }
    let empty = EmptyState::new(t.letters.empty, t.letters.empty_text)
        .action(Button::secondary(t.matters.title).to("/matters?state=proposed"));
    let mut table = Table::new(lang, t.letters.title, columns).quiet().empty(empty);
    let own = listing.rows.iter().filter(|row| listing::sees_people(visitor, &row.issuer));
    let names: Vec<_> = own.map(|row| (&row.stream, &row.addressee)).collect();
    site.app.prepare_names(&names).await?;
    for row in &listing.rows {
        let sees = listing::sees_people(visitor, &row.issuer);
        let to = listing::name_of(&site.app, &row.stream, row.addressee.as_ref(), sees).await?;
        let key = row.stream.key();
        let served = row.served_on.map(|day| format!("{} {}", t.letters.served_on, lang.date(day))).unwrap_or_default();
        let number = if row.number.is_empty() { paper_name(site, lang, &row.kind) } else { &row.number };
        let mut cells = vec![
            Cell::link(number, format!("/letters/{key}")).note(paper_name(site, lang, &row.kind)),
            to.into(),
            Cell::tag(state(lang, row)).note(lang.name("channel", &row.channel)),
            Cell::text(row.date.map(|day| lang.date(day)).unwrap_or_default()).note(served),
            if sees { Cell::link(t.letters.pdf, format!("/paper/{key}")) } else { Cell::default() },
        ];
        if chooses {
            let mut check = Cell::check("paper", key, fill(t.letters.select, &[("number", number)]));
            if let Some(box_) = &mut check.check {
                box_.on = ticked.contains(&key);
            }
            cells.insert(0, check);
        }
        table = table.row(cells);
    }
    Ok(table)
}

async fn runs_table(
    site: &Site,
    lang: Lang,
    listing: &Listing<yanhe_store_read::views::office::PrintRunView>,
) -> Result<Table, Fault> {
    let t = lang.text();
    let columns = vec![
        Column::text(t.letters.run_at),
        Column::text(t.letters.run_by),
        Column::number(t.letters.run_count),
        Column::press("PDF"),
    ];
    let mut officers = Officers::default();
    let mut table = Table::new(lang, t.letters.show_runs, columns)
        .quiet()
        .empty(EmptyState::new(t.letters.runs_empty, t.letters.runs_empty_text));
    for run in &listing.rows {
        table = table.row(vec![
            lang.time(county_time(run.at)).into(),
            officers.name(site, lang, &run.by).await?.into(),
            run.papers.into(),
            Cell::link(t.letters.run_open, format!("/print-run/{}", run.stream.key())),
        ]);
    }
    Ok(table)
}

/// The papers that were ticked, all of which this visitor may read.
async fn ticked(site: &Site, visitor: &Visitor, typed: &Typed) -> Result<Vec<(StreamId, paper::State)>, Fault> {
    let mut out = Vec::new();
    for key in typed.all("paper") {
        let stream = StreamId::new(StreamKind::Paper, key);
        let state = site.app.permit::<Paper>(&visitor.actor, Act::ReadPaper, &stream).await?;
        out.push((stream, state));
    }
    Ok(out)
}

async fn chosen(State(site): State<Site>, visitor: Visitor, Form(typed): Form<Typed>) -> Answer {
    visitor.staff()?;
    visitor.check(typed.get("csrf"))?;
    let lang = visitor.lang();
    let papers = ticked(&site, &visitor, &typed).await?;
    if papers.is_empty() {
        let mut errors = Errors::new(lang);
        errors.say("", lang.text().letters.chosen_none);
        return site::again(list(&site, &visitor, &super::matters_send::asked(&typed), &typed, &errors).await?);
    }
    if typed.get("key").is_empty() {
        return Err(Fault::Address);
    }
    match typed.get("do") {
        "serve" => {
            let mut typed = typed;
            typed.0.push(("on".into(), site.app.today().to_string()));
            site::ok(serve_form(&site, &visitor, &papers, &typed, &Errors::new(lang)).await?)
        }
        _ => print(&site, &visitor, typed.get("key"), &papers).await,
    }
}

/// Printed, it goes nowhere: it stays on its pile until somebody says where or hands it over.
fn lacks_address(state: &paper::State) -> bool {
    state.desk() == "address_needed"
}

/// Puts the papers together and notes that those to be sent are sent.
async fn print(site: &Site, visitor: &Visitor, key: &str, papers: &[(StreamId, paper::State)]) -> Answer {
    if let Some(run) = site.app.aside(&visitor.actor, key)? {
        let run = String::from_utf8_lossy(&run).into_owned();
        let left = papers.iter().filter(|(_, state)| lacks_address(state)).count();
        return site::see(&format!("/letters?show=runs&made={run}&count={}&left={left}", papers.len()));
    }
    if site.app.reader.receipt(&format!("{key}/0")).await?.is_some() {
        return site::see("/letters?show=runs&made=again");
    }
    let steps: Vec<(StreamId, Command)> = papers
        .iter()
        .filter(|(_, state)| state.standing() == "issued" && state.issued.addressee.is_some() && !lacks_address(state))
        .map(|(stream, state)| {
            let channel = if state.issued.channel == "with_decision" { "with_decision" } else { "print" };
            (stream.clone(), paper::Command::Dispatch { channel: channel.into(), to: None }.into())
        })
        .collect();
    let mut replayed = false;
    for (n, chunk) in steps.chunks(bulk::CHUNK).enumerate() {
        let request = Request::all(&visitor.actor, format!("{key}/{n}"), chunk.to_vec());
        replayed |= site.app.handle(request).await?.replayed;
    }
    if replayed {
        // The same press at the same time: the other one makes the run.
        return site::see("/letters?show=runs&made=again");
    }
    let streams: Vec<StreamId> = papers.iter().map(|(stream, _)| stream.clone()).collect();
    let (run, _) = site.app.print_run(&visitor.actor, &streams).await?;
    site.app.put_aside(&visitor.actor, key, run.as_bytes())?;
    let left = papers.iter().filter(|(_, state)| lacks_address(state)).count();
    site::see(&format!("/letters?show=runs&made={run}&count={}&left={left}", streams.len()))
}

async fn print_run(State(site): State<Site>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    visitor.staff()?;
    let bytes = site.app.print_run_pdf(&visitor.actor, &id).await?;
    site::pdf("print-run", bytes)
}

/// Manners in which several papers reach their addressees alike: what was left behind has its own reason and witness, and a
/// public notice its own place.
const TOGETHER: [&str; 5] = ["direct", "post", "electronic", "agent", "forwarded"];

async fn serve_form(
    site: &Site,
    visitor: &Visitor,
    papers: &[(StreamId, paper::State)],
    typed: &Typed,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let mut lead = t.letters.serve_many_lead.to_owned();
    for (stream, state) in papers {
        if super::served::with_decision(site, stream, state).await?.is_some() {
            lead.push_str(t.letters.serve_many_with_decision);
            break;
        }
    }
    let columns = vec![Column::text(t.letters.paper), Column::text(t.letters.addressee), Column::text(t.letters.date)];
    let table = Table::new(lang, t.letters.serve_papers, columns).rows(papers.iter().map(|(_, state)| {
        let issued = &state.issued;
        let to = issued.addressee.as_ref().map_or("", |a| a.name.text());
        vec![issued.paper.number.as_str().into(), to.into(), lang.date(issued.date).into()]
    }));
    let mut frame = visitor.frame(&site.app, t.letters.serve_chosen);
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.letters.title, "/letters")]);
    let mut fields = vec![
        Field::select(lang, "manner", lang.name("label", "manner"), choices(lang, "manner", &TOGETHER)),
        Field::date(lang, "on", t.letters.serve_on),
        Field::text(lang, "at", t.letters.serve_at).hint(t.letters.serve_at_hint).optional(),
        Field::text(lang, "note", t.letters.note).optional(),
    ];
    if papers.iter().any(|(_, state)| served_notice::unsent(state)) {
        fields.push(served_notice::handed(lang, t.letters.unsent_many));
    }
    let form = FormPage {
        title: t.letters.serve_chosen.to_owned(),
        errors: errors.summary(),
        lead,
        above: Markup::of(&table),
        action: "/letters/served".to_owned(),
        hidden: Markup::all(&[hidden("key", typed.get("key")), all_hidden("paper", &typed.all("paper"))]),
        fields: fields.into_iter().map(|field| typed.field(field, errors)).collect(),
        buttons: vec![Button::primary(t.letters.serve_chosen), Button::secondary(t.common.cancel).to("/letters")],
    };
    Ok(form.page(&frame))
}

/// Checks manner and day of a service.
pub fn manner_and_day(
    site: &Site,
    lang: Lang,
    typed: &Typed,
    offered: &[&str],
    errors: &mut Errors,
) -> Option<(String, yanhe_core::Date)> {
    let manner = typed.trimmed("manner");
    if manner.is_empty() {
        errors.add("manner", "choose");
    } else if !offered.contains(&manner) {
        errors.add("manner", "unknown");
    }
    let on = typed.needed("on", errors, lang, listing::parse_date)?;
    if on > site.app.today() {
        errors.add("on", "future");
    }
    errors.is_empty().then(|| (manner.to_owned(), on))
}

/// The time of a service, when one was typed: not later than now.
pub fn time_of_day(
    site: &Site,
    lang: Lang,
    typed: &Typed,
    on: Option<yanhe_core::Date>,
    errors: &mut Errors,
) -> Option<yanhe_core::time::Time> {
    let at = typed.given("at", errors, lang, listing::parse_time)?;
    if on.is_some_and(|on| on.to_datetime(at) > county_time(site.app.clock.now())) {
        errors.add("at", "future_time");
    }
    Some(at)
}

async fn served(State(site): State<Site>, visitor: Visitor, Form(typed): Form<Typed>) -> Answer {
    visitor.staff()?;
    visitor.check(typed.get("csrf"))?;
    let lang = visitor.lang();
    let papers = ticked(&site, &visitor, &typed).await?;
    let key = typed.get("key");
    if key.is_empty() || papers.is_empty() {
        return Err(Fault::Address);
    }
    for (stream, _) in &papers {
        site.app.permit::<Paper>(&visitor.actor, Act::RecordService, stream).await?;
    }
    let mut errors = Errors::new(lang);
    let day = manner_and_day(&site, lang, &typed, &TOGETHER, &mut errors);
    let at = time_of_day(&site, lang, &typed, day.as_ref().map(|(_, on)| *on), &mut errors);
    if typed.get("handed") != "yes" && papers.iter().any(|(_, state)| served_notice::unsent(state)) {
        errors.add("handed", "hand_over");
    }
    let Some((manner, on)) = day.filter(|_| errors.is_empty()) else {
        return site::again(serve_form(&site, &visitor, &papers, &typed, &errors).await?);
    };
    let steps = papers
        .into_iter()
        .map(|(stream, state)| {
            let receiver = state.issued.addressee.as_ref().map_or_else(String::new, |a| a.name.text().to_owned());
            let command = paper::Command::RecordService {
                manner: manner.clone(),
                on,
                at,
                served: true,
                receiver,
                note: typed.trimmed("note").to_owned(),
            };
            (stream, command.into())
        })
        .collect();
    let summary = bulk::carry_out(&site, &visitor, key, Act::RecordService, steps).await?;
    summary.keep(&site, &visitor, key)?;
    site::see(&format!("/letters/done/{key}"))
}
