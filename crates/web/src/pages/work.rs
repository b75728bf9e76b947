//! The work list: what this member of staff must do next, nearest last day first, with one press to act.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use jiff::ToSpan;
use yanhe_core::policy::{Act, Role};
use yanhe_core::{Date, StreamId, StreamKind};
use yanhe_store_read::Page;
use yanhe_store_read::views::work::{LateWorkView, WorkFilter, WorkView};

use super::filters::Filters;
use super::letters::paper_name;
use super::listing::{self, Typed, address, choices, days_tag, pagination, with};
use crate::components::{
    Button, Cell, Choice, Column, EmptyState, ErrorSummary, Field, Markup, Pagination, Tab, Table, Tabs, Tag, Tone,
    anchor,
};
use crate::site::{Answer, Fault, Site, Visitor};
use crate::text::{Lang, Text, fill};

/// `GET /work`.
pub fn router() -> Router<Site> {
    Router::new().route("/work", get(show))
}

#[derive(Template)]
#[template(path = "pages/work.html")]
struct WorkPage {
    t: &'static Text,
    errors: ErrorSummary,
    lead: String,
    tabs: Tabs,
    show: String,
    filters: Vec<Field>,
    narrow: Button,
    table: Table,
    pagination: Pagination,
    persons: Table,
    organs: Table,
}

/// The address where a task is done: the form of its act.
pub fn place(stream: &StreamId, task: &str) -> String {
    let key = stream.key();
    let form = |noun: &str, act: Act| format!("/{noun}/{key}/{}", act.name());
    match (stream.kind(), task) {
        (StreamKind::Matter, "letter") => form("matter", Act::ConfirmLetter),
        (StreamKind::Matter, "reply") => form("matter", Act::ReplyOrder),
        (StreamKind::Matter, "address") => "/letters?show=address_needed".to_owned(),
        (StreamKind::Matter, _) => format!("/matter/{key}"),
        (StreamKind::Dossier, "ask_consent") => form("dossier", Act::AskConsent),
        (StreamKind::Dossier, "identity") => form("dossier", Act::RecordIdentity),
        (StreamKind::Dossier, "answer") => form("dossier", Act::AnswerConsent),
        (StreamKind::Dossier, "accept") => form("dossier", Act::AcceptApplication),
        (StreamKind::Dossier, "name_mediator") => form("dossier", Act::NameMediator),
        (StreamKind::Dossier, "declare") => form("dossier", Act::DeclareConflict),
        (StreamKind::Dossier, "call_session") => form("dossier", Act::CallSession),
        (StreamKind::Dossier, "record_session") => form("dossier", Act::RecordSession),
        (StreamKind::Dossier, "draft") => form("dossier", Act::DraftAgreement),
        (StreamKind::Dossier, "sign" | "sign_for_organ") => form("dossier", Act::SignAgreement),
        (StreamKind::Dossier, "sign_record_for_organ") => form("dossier", Act::SignRecord),
        (StreamKind::Dossier, "seal") => form("dossier", Act::SealAgreement),
        (StreamKind::Dossier, "perform") => form("dossier", Act::ReportPerformance),
        (StreamKind::Dossier, "confirm") => form("dossier", Act::DraftConfirmation),
        (StreamKind::Dossier, "correct") => form("dossier", Act::ApproveCorrection),
        (StreamKind::Dossier, "recusal") => form("dossier", Act::DecideRecusal),
        (StreamKind::Paper, "notice") => form("paper", Act::ApproveNotice),
        (StreamKind::Paper, _) => form("paper", Act::DispatchPaper),
        (StreamKind::Confirmation, "file") => form("confirmation", Act::FileConfirmation),
        (StreamKind::Confirmation, "docket") => form("confirmation", Act::DocketConfirmation),
        (StreamKind::Confirmation, "hear") => form("confirmation", Act::HearParties),
        (StreamKind::Confirmation, "rule") => form("confirmation", Act::RuleValid),
        (kind, _) => format!("/{}/{key}", kind.name()),
    }
}

/// The page of the case itself, or of the paper.
fn case(stream: &StreamId) -> String {
    match stream.kind() {
        StreamKind::Paper => format!("/letters/{}", stream.key()),
        kind => format!("/{}/{}", kind.name(), stream.key()),
    }
}

/// The number of what is to be done, and below it what it is: a dispute's kind, or the paper.
fn title(site: &Site, lang: Lang, row: &WorkView) -> Cell {
    match row.stream.kind() {
        StreamKind::Paper => {
            let name = paper_name(site, lang, &row.kind);
            let number = if row.title.is_empty() { name } else { row.title.as_str() };
            Cell::link(number, case(&row.stream)).note(name)
        }
        _ => Cell::link(row.title.as_str(), case(&row.stream)).note(lang.name("dispute", &row.kind)),
    }
}

/// The roles that have work, in the order of the way through.
pub const ROLES: [&str; 5] = ["clerk", "leader", "mediator", "court_clerk", "judge"];

/// Does the list show the work of several organs? Then no people of theirs.
fn is_wide(visitor: &Visitor) -> bool {
    visitor.scope().organ().is_none() && visitor.actor.body.is_empty()
        || matches!(visitor.actor.role, Role::Studio | Role::Admin | Role::Supervisor | Role::Assessor)
}

/// What the list can be narrowed by: a leader's by role and person, a wide one by role and organ, everybody else's not.
async fn filters(site: &Site, visitor: &Visitor, asked: &Typed) -> Result<Filters, Fault> {
    let lang = visitor.lang();
    let fields = match visitor.actor.role {
        Role::Leader => vec![roles(visitor, asked, false), people(site, visitor).await?],
        _ if is_wide(visitor) => vec![roles(visitor, asked, true), organs_field(site, lang)],
        _ => Vec::new(),
    };
    Ok(Filters::new(lang, asked, fields))
}

/// Whose work is asked for.
fn filter(visitor: &Visitor, asked: &Typed, filters: &Filters, today: Date) -> WorkFilter {
    let actor = &visitor.actor;
    let mut filter = WorkFilter {
        due_by: match asked.get("show") {
            "late" => today.yesterday().ok(),
            "week" => today.checked_add(7.days()).ok(),
            _ => None,
        },
        ..WorkFilter::default()
    };
    match actor.role {
        Role::Clerk | Role::Mediator | Role::Judge | Role::CourtClerk => {
            filter.role = Some(actor.role.name().to_owned());
            filter.mine = Some(actor.id.clone());
        }
        // A leader sees what is everybody's, at first what waits for the leader.
        Role::Leader => {
            filter.role = filters.value("role").filter(|role| role != "all");
            filter.assignee = filters.value("person");
        }
        _ => {
            filter.role = filters.value("role").filter(|role| role != "all");
            filter.organ = filters.value("organ");
        }
    }
    filter
}

async fn show(State(site): State<Site>, visitor: Visitor, Query(asked): Query<Typed>) -> Answer {
    visitor.staff()?;
    asked.one_of("show", &["all", "week", "late"])?;
    let (lang, t, today) = (visitor.lang(), visitor.lang().text(), site.app.today());
    let filters = filters(&site, &visitor, &asked).await?;
    let filter = filter(&visitor, &asked, &filters, today);
    let (page, scope) = (asked.page(listing::ROWS)?, visitor.scope());
    let listing = filters.read(&page, site.app.reader.work(&scope, &filter, &page)).await?;
    let leads = matches!(visitor.actor.role, Role::Leader);
    let wide = is_wide(&visitor);

    let mut names = listing::Officers::default();
    let mut columns = vec![
        Column::text(t.work.limit),
        Column::text(t.common.number),
        Column::text(t.common.party),
        Column::text(t.work.task),
    ];
    if leads || wide {
        columns.push(Column::text(t.work.who));
    }
    columns.push(Column::text(t.work.act));
    let mut table = Table::new(lang, t.work.title, columns).quiet();
    table.empty = filters.empty("/work", empty(lang, asked.get("show")));
    let own = listing.rows.iter().filter(|row| row.organ == visitor.actor.body && !wide);
    let parties: Vec<_> = own.map(|row| (&row.stream, &row.party)).collect();
    site.app.prepare_names(&parties).await?;
    for row in &listing.rows {
        let own = row.organ == visitor.actor.body && !wide;
        let party = listing::name_of(&site.app, &row.stream, row.party.as_ref(), own).await?;
        let mut cells =
            vec![limit(lang, row, today), title(&site, lang, row), party.into(), lang.name("task", &row.task).into()];
        if leads || wide {
            cells.push(who(&site, lang, row, wide, &mut names).await?);
        }
        cells.push(way(lang, row, &visitor));
        table = table.row(cells);
    }
    let path = "/work";
    let kept = asked.without_place();
    let tabs = ["all", "week", "late"].map(|view| {
        let current = asked.get("show") == view || (view == "all" && !["week", "late"].contains(&asked.get("show")));
        Tab::new(lang.name("work", &format!("show_{view}")), address(path, &with(&kept, "show", view)), current)
    });
    let persons = if leads { persons(&site, &visitor, today, &mut names).await? } else { Table::default() };
    let organs = if wide { organs(&site, lang, today).await? } else { Table::default() };
    let mut frame = visitor.frame(&site.app, t.work.title);
    if page.after.is_none() {
        let seen = digest(&listing.rows);
        frame.changes = address("/changes/work", &with(&kept, "seen", &seen));
    }
    filters.answer(frame.page(&WorkPage {
        t,
        errors: filters.summary(),
        lead: fill(t.work.lead, &[("date", &lang.weekday_date(today))]),
        tabs: Tabs { label: t.work.title.to_owned(), tabs: tabs.into() },
        show: asked.get("show").to_owned(),
        filters: filters.fields(),
        narrow: Button::secondary(t.common.filter),
        table,
        pagination: pagination(lang, &listing, path, &asked),
        persons,
        organs,
    }))
}

/// What differs when the first page of the list does.
///
/// # Errors
/// When the database fails.
pub async fn mark(site: &Site, visitor: &Visitor, asked: &Typed) -> Result<String, Fault> {
    let filters = filters(site, visitor, asked).await?;
    let filter = filter(visitor, asked, &filters, site.app.today());
    let listing = site.app.reader.work(&visitor.scope(), &filter, &Page::first(listing::ROWS)).await?;
    Ok(digest(&listing.rows))
}

fn digest(rows: &[WorkView]) -> String {
    let mut hash = yanhe_app::sha256(format!("{rows:?}").as_bytes());
    hash.truncate(16);
    hash
}

fn empty(lang: Lang, show: &str) -> EmptyState {
    let t = lang.text();
    match show {
        "late" => EmptyState::new(t.work.none_late, t.work.none_late_text),
        "week" => EmptyState::new(t.work.none_week, t.work.none_text),
        _ => EmptyState::new(t.work.none, t.work.none_text),
    }
    .action(Button::secondary(t.work.to_matters).to("/matters"))
}

/// The limit: its name leads to the case, where it is explained; how far off it is, late in red.
fn limit(lang: Lang, row: &WorkView, today: Date) -> Cell {
    let Some(due) = row.due_on else { return Cell::text(lang.text().work.no_limit) };
    // To the explanation of this limit on the page of its case.
    let explained = format!("{}#{}", case(&row.stream), anchor(&row.limit_id));
    Cell { tag: Some(days_tag(lang, due, today)), ..Cell::link(lang.name("limit", &row.limit_id), explained) }
        .note(lang.weekday_date(due))
}

/// Who must do it; a leader can give a case to another clerk.
async fn who(
    site: &Site,
    lang: Lang,
    row: &WorkView,
    wide: bool,
    names: &mut listing::Officers,
) -> Result<Cell, Fault> {
    let role = lang.name("role", &row.role);
    if wide {
        return Ok(Cell::text(listing::body(site, lang, &row.organ)).note(role));
    }
    let name = match row.assignee.as_str() {
        "" => lang.text().work.anyone.to_owned(),
        staff => names.name(site, lang, staff).await?,
    };
    Ok(Cell::text(name).note(role))
}

fn way(lang: Lang, row: &WorkView, visitor: &Visitor) -> Cell {
    let t = lang.text();
    let button = |label: &str, href: String| Markup::of(&Button::secondary(label).to(href));
    // What is another role's to do can be looked at, and a case can be given to somebody else.
    let own = visitor.actor.role.name() == row.role || (visitor.actor.role == Role::Leader && row.role == "clerk");
    let mut parts = match own {
        true => vec![button(lang.name("task_press", &row.task), place(&row.stream, &row.task))],
        false => vec![button(t.common.open, case(&row.stream))],
    };
    // Whoever handles the case can be changed from each of its rows, also from those that wait for the leader.
    if visitor.actor.role == Role::Leader && row.stream.kind() == StreamKind::Dossier {
        let act = if row.role == "mediator" { Act::NameMediator } else { Act::ReassignDossier };
        let href = format!("/dossier/{}/{}", row.stream.key(), act.name());
        parts.push(Markup::of(&Button::secondary(t.work.reassign).to(href)));
    }
    Cell::markup(Markup::all(&parts))
}

fn roles(visitor: &Visitor, asked: &Typed, wide: bool) -> Field {
    let lang = visitor.lang();
    let t = lang.text();
    let names: &[&str] = if wide { &ROLES } else { &ROLES[..3] };
    let mut options = vec![Choice::new("all", t.common.all)];
    options.extend(choices(lang, "role", names));
    // At first a leader sees what waits for the leader; of one person everything.
    let first = if wide || !asked.get("person").is_empty() { "all" } else { "leader" };
    Field::select(lang, "role", t.work.role, options).value(first)
}

fn organs_field(site: &Site, lang: Lang) -> Field {
    let mut options: Vec<Choice> = site
        .app
        .pack
        .organs
        .iter()
        .map(|organ| Choice::new(&organ.code, listing::body(site, lang, &organ.code)))
        .collect();
    let court = &site.app.pack.court.code;
    options.push(Choice::new(court, listing::body(site, lang, court)));
    Field::select(lang, "organ", lang.text().common.organ, options).optional()
}

/// A field that narrows a leader's list to one of the people.
async fn people(site: &Site, visitor: &Visitor) -> Result<Field, Fault> {
    let lang = visitor.lang();
    let mut options = Vec::new();
    for row in site.app.reader.staff(&visitor.actor.body).await? {
        if let Some(role) = Role::of_post(&row.post).filter(|_| row.active) {
            let name = site.app.name(&row.stream, row.name.as_ref()).await?;
            options.push(Choice::new(row.stream.as_str(), format!("{name} {}", lang.name("role", role.name()))));
        }
    }
    Ok(Field::select(lang, "person", lang.text().work.person, options).optional())
}

/// A leader's people with how much each has open and late.
async fn persons(site: &Site, visitor: &Visitor, today: Date, names: &mut listing::Officers) -> Result<Table, Fault> {
    let lang = visitor.lang();
    let t = lang.text();
    let columns = vec![
        Column::text(t.work.role),
        Column::text(t.work.who),
        Column::number(t.work.open),
        Column::number(t.work.late),
    ];
    let mut table = Table::new(lang, t.work.by_person, columns).quiet();
    for row in site.app.reader.open_work(&visitor.actor.body, today).await? {
        let (role, person) = (row.role.as_str(), row.assignee.as_str());
        let name = match person {
            "" => t.work.anyone.to_owned(),
            staff => names.name(site, lang, staff).await?,
        };
        let href = address("/work", &[("role", role), ("person", person)]);
        let late = match row.late {
            0 => Cell::text("0"),
            n => Cell::tag(Tag::new(n.to_string(), Tone::Bad)),
        };
        table = table.row(vec![lang.name("role", role).into(), Cell::link(name, href), row.open.into(), late]);
    }
    Ok(table)
}

/// How much is late, of one organ or court or of all, in the order of the pack and of the way.
///
/// # Errors
/// When the database fails.
pub async fn late(site: &Site, body: Option<&str>, today: Date) -> Result<Vec<LateWorkView>, Fault> {
    let pack = &site.app.pack;
    let mut rows = site.app.reader.late_work(body, today).await?;
    let organ = |code: &str| pack.organs.iter().position(|o| o.code == code).unwrap_or(usize::MAX);
    rows.sort_by_key(|row| (organ(&row.organ), ROLES.iter().position(|role| *role == row.role)));
    Ok(rows)
}

/// What is late, by organ and role.
async fn organs(site: &Site, lang: Lang, today: Date) -> Result<Table, Fault> {
    let t = lang.text();
    let columns = vec![Column::text(t.common.organ), Column::text(t.work.role), Column::number(t.work.late)];
    let rows = late(site, None, today).await?;
    Ok(Table::new(lang, t.work.by_organ, columns).quiet().rows(rows.into_iter().map(|row| {
        let href = address("/work", &[("organ", &row.organ), ("role", &row.role), ("show", "late")]);
        vec![
            Cell::link(listing::body(site, lang, &row.organ), href),
            lang.name("role", &row.role).into(),
            Cell::tag(Tag::new(row.late.to_string(), Tone::Bad)),
        ]
    })))
}
