//! The work list: what this member of staff must do next, nearest last day first, with one press to act.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use jiff::ToSpan;
use yanhe_core::dossier::Claims;
use yanhe_core::policy::{self, Act, Role, Subject};
use yanhe_core::{Date, StreamId, StreamKind};
use yanhe_store_read::views::work::{LateWorkView, WorkFilter, WorkView};
use yanhe_store_read::{Listing, Page};

use super::filters::Filters;
use super::letters::paper_name;
use super::listing::{self, Typed, address, choices, pagination, with};
use crate::components::{
    Button, Cell, Choice, Column, EmptyState, ErrorSummary, Field, Markup, Pagination, Tab, Table, Tabs, Tag, Tone,
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
    title: &'static str,
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

/// The act that a task asks for; none where its page has several to choose from.
fn act(stream: &StreamId, task: &str) -> Option<Act> {
    Some(match (stream.kind(), task) {
        (StreamKind::Matter, "letter") => Act::ConfirmLetter,
        (StreamKind::Matter, "reply") => Act::ReplyOrder,
        (StreamKind::Matter, "correct") => Act::ApproveCorrection,
        (StreamKind::Dossier, "record_again") => Act::RecordAgain,
        (StreamKind::Dossier, "notice_again") => Act::NoticeAgain,
        (StreamKind::Dossier, "ask_consent") => Act::AskConsent,
        (StreamKind::Dossier, "identity") => Act::RecordIdentity,
        (StreamKind::Dossier, "answer") => Act::AnswerConsent,
        (StreamKind::Dossier, "accept") => Act::AcceptApplication,
        (StreamKind::Dossier, "name_mediator") => Act::NameMediator,
        (StreamKind::Dossier, "declare") => Act::DeclareConflict,
        (StreamKind::Dossier, "call_session") => Act::CallSession,
        (StreamKind::Dossier, "move_session") => Act::MoveSession,
        (StreamKind::Dossier, "record_session") => Act::RecordSession,
        (StreamKind::Dossier, "draft") => Act::DraftAgreement,
        (StreamKind::Dossier, "sign" | "sign_for_organ") => Act::SignAgreement,
        (StreamKind::Dossier, "sign_record_for_organ") => Act::SignRecord,
        (StreamKind::Dossier, "seal") => Act::SealAgreement,
        (StreamKind::Dossier, "perform") => Act::ReportPerformance,
        (StreamKind::Dossier, "changed_decision") => Act::RecordChangedDecision,
        (StreamKind::Dossier, "breach" | "visit") => Act::FollowUp,
        (StreamKind::Dossier, "confirm") => Act::DraftConfirmation,
        (StreamKind::Dossier, "correct") => Act::ApproveCorrection,
        (StreamKind::Dossier, "recusal") => Act::DecideRecusal,
        (StreamKind::Paper, "notice") => Act::ApproveNotice,
        (StreamKind::Paper, "record_service") => Act::RecordService,
        (StreamKind::Paper, _) => Act::DispatchPaper,
        (StreamKind::Confirmation, "certify") => Act::CertifyPresiding,
        (StreamKind::Confirmation, "file") => Act::FileConfirmation,
        (StreamKind::Confirmation, "docket") => Act::DocketConfirmation,
        (StreamKind::Confirmation, "docket_again") => Act::DocketAgain,
        (StreamKind::Confirmation, "hear") => Act::HearParties,
        (StreamKind::Confirmation, "rule") => Act::RuleValid,
        (StreamKind::Confirmation, "reissue") => Act::ReissueRuling,
        _ => return None,
    })
}

/// The address where a task is done: the form of its act.
pub fn place(stream: &StreamId, task: &str) -> String {
    match act(stream, task) {
        Some(act) => format!("/{}/{}/{}", stream.kind().name(), stream.key(), act.name()),
        None if task == "serve" => format!("{}/serve", case(stream)),
        None => format!("/{}/{}", stream.kind().name(), stream.key()),
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
fn title(site: &Site, lang: Lang, row: &WorkView, case: Option<&str>) -> Cell {
    let (number, what) = match row.stream.kind() {
        StreamKind::Paper => {
            let name = paper_name(site, lang, &row.kind);
            (if row.title.is_empty() { name } else { row.title.as_str() }, name)
        }
        _ => (row.title.as_str(), lang.name("dispute", &row.kind)),
    };
    match case {
        Some(case) => Cell::link(number, case),
        None => Cell::text(number),
    }
    .note(what)
}

/// So many days ahead a limit of the parties' own is told beside the organ's.
const CLAIM_DAYS: i64 = 30;

#[derive(Template)]
#[template(source = r#"<span class="second"><a href="{{ href }}">{{ label }}</a></span>"#, ext = "html")]
struct Claim {
    href: String,
    label: String,
}

/// The limit within which the applicant can go elsewhere, when it runs out soon: the organ's own may end after it.
fn claim(lang: Lang, row: &WorkView, today: Date, case: Option<&str>) -> Markup {
    let until = today.checked_add(CLAIM_DAYS.days()).unwrap_or(today);
    let Some((limit, day)) = Claims::next(&row.claims, today, until) else { return Markup::default() };
    let facts = [("limit", listing::limit_name(lang, &row.stream, limit)), ("day", &*lang.date(day))];
    let label = fill(lang.text().work.claim, &facts);
    Markup::of(&Claim { href: listing::explained(&row.stream, limit, case), label })
}

/// Of whom the work is that nobody was given.
const NOBODY: &str = "none";

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
            // What is nobody's is what remains of somebody's list who is nobody.
            if filter.assignee.as_deref() == Some(NOBODY) {
                filter.mine = filter.assignee.take();
            }
        }
        // Of the studio somebody mediates a dispute with an organ: at first they see what that gives them to do.
        Role::Studio if asked.0.is_empty() => filter.assignee = Some(actor.id.clone()),
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
    let page = asked.page(listing::ROWS)?;
    let leads = matches!(visitor.actor.role, Role::Leader);
    let mut lead = fill(t.work.lead, &[("date", &lang.weekday_date(today))]);
    let mut asked = asked;
    let mut filters = self::filters(&site, &visitor, &asked).await?;
    // A value that there is nowhere is said, also to readers without that filter.
    let known: Vec<&str> = ROLES.into_iter().chain(["all"]).collect();
    let codes: Vec<&str> = site
        .app
        .pack
        .organs
        .iter()
        .map(|organ| organ.code.as_str())
        .chain([site.app.pack.court.code.as_str()])
        .collect();
    for (name, known) in [("role", known), ("organ", codes)] {
        if filters.value(name).is_none() {
            asked.one_of(name, &known)?;
        }
    }
    let mut listing = list(&site, &visitor, &asked, &filters, &page).await?;
    // A leader for whom nothing waits starts with what waits for the organ, the studio with what waits for all.
    if (leads || visitor.actor.role == Role::Studio) && asked.0.is_empty() && listing.rows.is_empty() {
        asked.0.push(("role".into(), "all".into()));
        filters = self::filters(&site, &visitor, &asked).await?;
        listing = list(&site, &visitor, &asked, &filters, &page).await?;
        if leads && !listing.rows.is_empty() {
            lead.push_str(t.work.none_own);
        }
    }
    if leads && listing.rows.iter().any(|row| row.role == Role::Mediator.name()) {
        lead.push_str(t.work.moves_with_case);
    }
    let wide = is_wide(&visitor);
    // Who watches over all organs has mostly nothing of it to do.
    let heading = if wide { t.work.title_wide } else { t.work.title };

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
    columns.push(Column::press(t.work.act));
    let mut table = Table::new(lang, heading, columns).quiet();
    table.empty = filters.empty("/work", empty(&visitor, asked.get("show")));
    // Of what a case itself gave them, also those who watch over all organs see the people.
    let sees = |row: &WorkView| row.organ == visitor.actor.body && !wide || row.assignee == visitor.actor.id;
    let own = listing.rows.iter().filter(|row| sees(row));
    let parties: Vec<_> = own.map(|row| (&row.stream, &row.party)).collect();
    site.app.prepare_names(&parties).await?;
    for row in &listing.rows {
        let party = listing::name_of(&site.app, &row.stream, row.party.as_ref(), sees(row)).await?;
        // Those who watch over all organs see that something is late, and open what they may read.
        let opens =
            row.assignee == visitor.actor.id || listing::opens(&visitor, row.stream.kind(), &row.organ, &row.organ);
        let opened = opens.then(|| case(&row.stream));
        let limit = match row.due_on {
            Some(due) => listing::limit_cell(lang, &row.stream, &row.limit_id, due, today, opened.as_deref()),
            None => Cell::text(t.work.no_limit),
        };
        let limit = Cell { markup: claim(lang, row, today, opened.as_deref()), ..limit };
        let mut cells =
            vec![limit, title(&site, lang, row, opened.as_deref()), party.into(), lang.name("task", &row.task).into()];
        if leads || wide {
            cells.push(who(&site, lang, row, wide, &mut names).await?);
        }
        cells.push(way(lang, row, &visitor, opened));
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
    let mut frame = visitor.frame(&site.app, heading);
    if page.after.is_none() {
        let seen = digest(&listing.rows);
        frame.changes = address("/changes/work", &with(&kept, "seen", &seen));
    }
    filters.answer(frame.page(&WorkPage {
        t,
        title: heading,
        errors: filters.summary(),
        lead,
        tabs: Tabs { label: heading.to_owned(), tabs: tabs.into() },
        show: asked.get("show").to_owned(),
        filters: filters.fields(),
        narrow: Button::secondary(t.common.filter),
        table,
        pagination: pagination(lang, &listing, path, &asked),
        persons,
        organs,
    }))
}

async fn list(
    site: &Site,
    visitor: &Visitor,
    asked: &Typed,
    filters: &Filters,
    page: &Page,
) -> Result<Listing<WorkView>, Fault> {
    let filter = filter(visitor, asked, filters, site.app.today());
    filters.read(page, site.app.reader.work(&visitor.scope(), &filter, page)).await
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

/// Nothing to do, and where new work comes from.
fn empty(visitor: &Visitor, show: &str) -> EmptyState {
    let t = visitor.lang().text();
    let (text, button, place) = match visitor.actor.role {
        Role::Judge | Role::CourtClerk => (t.work.none_text_court, t.nav.docket, "/confirmations"),
        _ if is_wide(visitor) => (t.work.none_text_wide, t.nav.board, "/board"),
        _ => (t.work.none_text, t.work.to_matters, "/matters"),
    };
    match show {
        "late" => EmptyState::new(t.work.none_late, t.work.none_late_text),
        "week" => EmptyState::new(t.work.none_week, text),
        _ => EmptyState::new(t.work.none, text),
    }
    .action(Button::secondary(button).to(place))
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

/// The act by which a leader gives what a row asks to somebody else. The task tells how far the case is, so that no row is
/// loaded: a mediator who has not declared yet is named anew, one who mediates is replaced for a reason, and one whose
/// agreement was issued stays.
fn given(visitor: &Visitor, row: &WorkView) -> Option<Act> {
    if visitor.actor.role != Role::Leader || row.stream.kind() != StreamKind::Dossier {
        return None;
    }
    match (row.role.as_str(), row.task.as_str()) {
        ("mediator", "declare") => Some(Act::NameMediator),
        ("mediator", "call_session" | "move_session" | "record_session" | "no_agreement" | "draft") => {
            Some(Act::ReplaceMediator)
        }
        ("mediator", _) => None,
        // Whoever handles the case can be changed from each of its other rows, also from those that wait for the leader.
        _ => Some(Act::ReassignDossier),
    }
}

fn way(lang: Lang, row: &WorkView, visitor: &Visitor, opened: Option<String>) -> Cell {
    let t = lang.text();
    let button = |label: &str, href: String| Markup::of(&Button::secondary(label).to(href));
    let actor = &visitor.actor;
    let on = Subject { organ: row.organ.clone(), court: row.organ.clone(), ..Subject::default() };
    let leads = |act: Option<Act>| act.is_none_or(|act| policy::may(actor, act, &on).is_ok());
    // What is another role's to do can be looked at, and a case can be given to somebody else.
    let own = actor.role.name() == row.role
        || actor.id == row.assignee
        || (actor.role == Role::Leader && row.role == "clerk" && leads(act(&row.stream, &row.task)));
    let mut parts = match (own, opened) {
        (true, _) => vec![button(lang.name("task_press", &row.task), place(&row.stream, &row.task))],
        (false, Some(case)) => vec![button(t.common.open, case)],
        (false, None) => Vec::new(),
    };
    if let Some(act) = given(visitor, row) {
        let label = if act == Act::ReassignDossier { t.work.reassign } else { t.work.another_mediator };
        parts.push(button(label, format!("/dossier/{}/{}", row.stream.key(), act.name())));
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

/// A field that narrows a leader's list to one of the people, or to what is given to none.
async fn people(site: &Site, visitor: &Visitor) -> Result<Field, Fault> {
    let lang = visitor.lang();
    let mut options = vec![Choice::new(NOBODY, lang.text().work.anyone)];
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
        let of = if person.is_empty() { NOBODY } else { person };
        let href = address("/work", &[("role", role), ("person", of)]);
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
