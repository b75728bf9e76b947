//! Importing files of organs: upload, preview with counts and errors, confirm, result; and the imports so far.

use askama::Template;
use std::time::Duration;

use axum::Router;
use axum::extract::{Form, Multipart, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use yanhe_app::AppError;
use yanhe_app::import::{Account, Fate, ImportFileError, ImportOutcome, Kind, Sample};
use yanhe_core::policy::{self, Act, Role, Subject};
use yanhe_core::time::county_time;
use yanhe_store_read::Listing;
use yanhe_store_read::views::roster::BatchView;

use super::imports_of::{batches, faults, issued_from};
use super::imports_withdraw::batch_stream;
use super::listing::{self, Officers, Typed, pagination};
use crate::components::{
    Breadcrumb, Button, Cell, Choice, Column, EmptyState, ErrorSummary, Errors, Field, Link, Markup, Notice,
    NoticeKind, Pagination, Table, Tag, Tone,
};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Lang, Text, fill};

/// `GET, POST /imports`, `GET, POST /imports/KEY`, `GET /imports/KEY/refused.csv`.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/imports", get(show).post(upload))
        .route("/imports/{key}", get(preview).post(confirm))
        .route("/imports/{key}/result", get(result))
        .route("/imports/{key}/refused.csv", get(refused_csv))
        .route("/imports/batch/{key}", get(batch_result))
        .route("/imports/batch/{key}/refused.csv", get(batch_refused))
}

#[derive(Template)]
#[template(path = "pages/imports.html")]
struct ImportsPage {
    t: &'static Text,
    csrf: Markup,
    errors: ErrorSummary,
    fields: Vec<Field>,
    upload: Button,
    batches: Table,
    pagination: Pagination,
}

/// Rows of faults that a page shows; the file has them all.
const SHOWN: usize = 100;

/// The kinds of files that this visitor may import.
fn kinds(visitor: &Visitor) -> Vec<Kind> {
    let own = Subject { organ: visitor.actor.body.clone(), ..Subject::default() };
    let may = |act| policy::may(&visitor.actor, act, &own).is_ok();
    let all = Kind::ALL.into_iter();
    all.filter(|kind| {
        let act = match kind {
            Kind::Penalties | Kind::Inspections | Kind::Complaints => Act::RegisterMatter,
            Kind::Roster => Act::RosterStaff,
            Kind::Publicity => Act::RecordPublicity,
        };
        may(Act::ImportFile) && may(act)
    })
    .collect()
}

fn importer(visitor: &Visitor) -> Result<(), Fault> {
    visitor.staff()?;
    if kinds(visitor).is_empty() { Err(AppError::Denied.into()) } else { Ok(()) }
}

/// Whoever may import, and who works with what was imported.
fn reader(visitor: &Visitor) -> Result<(), Fault> {
    match visitor.actor.role {
        Role::Mediator => visitor.staff().map(drop),
        _ => visitor.only(Act::ImportFile),
    }
}

async fn show(State(site): State<Site>, visitor: Visitor, Query(asked): Query<Typed>) -> Answer {
    reader(&visitor)?;
    site::ok(list(&site, &visitor, &asked, &Typed::default(), &Errors::new(visitor.lang())).await?)
}

async fn list(
    site: &Site,
    visitor: &Visitor,
    asked: &Typed,
    typed: &Typed,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let page = asked.page(listing::ROWS)?;
    let listing = batches(site, visitor, page).await?;
    let kinds: Vec<Choice> = kinds(visitor)
        .into_iter()
        .map(|kind| Choice::new(kind.name(), lang.name("import_kind", kind.name())))
        .collect();
    let fields = match kinds.is_empty() {
        true => Vec::new(),
        false => vec![
            typed.field(Field::radio(lang, "kind", t.imports.kind, kinds), errors),
            Field::file(lang, "file", t.imports.file).hint(t.imports.file_hint).accept(".xlsx,.csv").errors(errors),
        ],
    };
    let frame = visitor.frame(&site.app, t.imports.title);
    Ok(frame.page(&ImportsPage {
        t,
        csrf: frame.csrf_field(),
        errors: errors.summary(),
        fields,
        upload: Button::primary(t.imports.upload),
        batches: batch_table(site, visitor, lang, &listing).await?,
        pagination: pagination(lang, &listing, "/imports", asked),
    }))
}

async fn batch_table(site: &Site, visitor: &Visitor, lang: Lang, listing: &Listing<BatchView>) -> Result<Table, Fault> {
    let t = lang.text();
    let columns = vec![
        Column::text(t.imports.file),
        Column::text(t.imports.at),
        Column::number(t.imports.read),
        Column::number(t.imports.stored),
        Column::number(t.imports.updated),
        Column::number(t.imports.refused),
        Column::text(t.common.state),
        Column::press(t.work.act),
    ];
    let mut table = Table::new(lang, t.imports.batches, columns)
        .quiet()
        .empty(EmptyState::new(t.imports.none, t.imports.none_text));
    let mut officers = Officers::default();
    for row in &listing.rows {
        let by = site.app.reader.entries_of(&row.stream, 0).await?.into_iter().next().map(|entry| entry.actor);
        let by = match by {
            Some(actor) => officers.name(site, lang, &actor).await?,
            None => String::new(),
        };
        let matters = ["penalties", "inspections", "complaints"].contains(&row.kind.as_str());
        let mut acts = Vec::new();
        if matters {
            let href = format!("/matters?batch=batch/{}", row.stream.key());
            acts.push(Markup::of(&Button::secondary(t.imports.see).to(href)));
        }
        if site.app.import_account(&visitor.actor, &row.by, &row.stream)?.is_some() {
            let href = format!("/imports/batch/{}", row.stream.key());
            acts.push(Markup::of(&Button::secondary(t.imports.account).to(href)));
        }
        let own = Subject { organ: row.by.clone(), ..Subject::default() };
        let may = row.state == "imported" && policy::may(&visitor.actor, Act::WithdrawBatch, &own).is_ok();
        if may && !issued_from(site, visitor, &row.stream).await? {
            let href = format!("/batch/{}/withdraw_batch", row.stream.key());
            acts.push(Markup::of(&Button::secondary(lang.name("act", "withdraw_batch")).to(href)));
        }
        table = table.row(vec![
            Cell::text(row.file.as_str()).note(lang.name("import_kind", &row.kind)),
            Cell::text(lang.time(county_time(row.imported_at))).note(by),
            row.read.unwrap_or_default().into(),
            row.stored.unwrap_or_default().into(),
            row.updated.unwrap_or_default().into(),
            row.refused.unwrap_or_default().into(),
            Cell::tag(listing::state_tag(lang, &row.state)),
            Cell::markup(Markup::all(&acts)),
        ]);
    }
    Ok(table)
}

/// A posted file with the fields beside it.
struct Posted {
    typed: Typed,
    name: String,
    bytes: Vec<u8>,
}

async fn posted(mut parts: Multipart) -> Result<Posted, StatusCode> {
    let mut posted = Posted { typed: Typed::default(), name: String::new(), bytes: Vec::new() };
    while let Some(part) = parts.next_field().await.map_err(|e| e.status())? {
        let field = part.name().unwrap_or_default().to_owned();
        if field == "file" {
            let name = part.file_name().unwrap_or_default();
            posted.name = name.rsplit(['/', '\\']).next().unwrap_or_default().chars().take(120).collect();
            posted.bytes = part.bytes().await.map_err(|e| e.status())?.to_vec();
        } else {
            posted.typed.0.push((field, part.text().await.map_err(|e| e.status())?));
        }
    }
    Ok(posted)
}

async fn upload(State(site): State<Site>, visitor: Visitor, parts: Multipart) -> Answer {
    importer(&visitor)?;
    let posted = match posted(parts).await {
        Ok(posted) => posted,
        Err(status) => return Ok(status.into_response()),
    };
    let typed = &posted.typed;
    visitor.check(typed.get("csrf"))?;
    let lang = visitor.lang();
    let mut errors = Errors::new(lang);
    let kind = typed.get("kind").parse::<Kind>().ok();
    if kind.is_none() {
        errors.add("kind", "choose");
    }
    if posted.name.is_empty() && posted.bytes.is_empty() {
        errors.add("file", "file_missing");
    }
    if let Some(kind) = kind.filter(|_| errors.is_empty()) {
        match site.app.import(&visitor.actor, kind, &posted.name, &posted.bytes, true, |_, _| {}).await {
            Ok(outcome) => {
                let key = site.app.fresh_key();
                let uploaded = Account { kind, name: posted.name, outcome };
                site.app.put_aside(&visitor.actor, &format!("{key}f"), &posted.bytes)?;
                keep(&site, &visitor, &format!("{key}p"), &uploaded)?;
                return site::see(&format!("/imports/{key}"));
            }
            Err(ImportFileError::File(error)) => {
                errors.say("file", if lang == Lang::Zh { error.text_zh() } else { error.text_en() });
            }
            Err(ImportFileError::App(error)) => return Err(error.into()),
        }
    }
    site::again(list(&site, &visitor, &Typed::default(), typed, &errors).await?)
}

fn keep(site: &Site, visitor: &Visitor, key: &str, uploaded: &Account) -> Result<(), Fault> {
    Ok(site.app.put_aside(&visitor.actor, key, yanhe_app::json(uploaded).as_bytes())?)
}

fn kept(site: &Site, visitor: &Visitor, key: &str) -> Result<Option<Account>, Fault> {
    let bytes = site.app.aside(&visitor.actor, key)?;
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

#[derive(Template)]
#[template(path = "pages/import.html")]
struct ImportPage {
    t: &'static Text,
    csrf: Markup,
    title: String,
    notice: Notice,
    counts: Vec<(&'static str, usize)>,
    action: String,
    buttons: Vec<Button>,
    refused: Table,
    warned: Table,
    more: String,
    sample: Table,
}

async fn preview(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    importer(&visitor)?;
    let uploaded = kept(&site, &visitor, &format!("{key}p"))?.ok_or(AppError::NotFound)?;
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    // Confirmed already: there is nothing left to confirm.
    if let Some(done) = kept(&site, &visitor, &format!("{key}r"))? {
        let batch = match &done.outcome.batch {
            Some(stream) => site.app.reader.batch(stream).await?,
            None => None,
        };
        let when = batch.map_or_else(String::new, |row| lang.time(county_time(row.imported_at)));
        let text = fill(t.imports.confirmed_before, &[("when", &when)]);
        let notice = Notice::new(lang, NoticeKind::Info, text.replace("  ", " ")).title(done.name.as_str());
        let see = Button::secondary(t.imports.done_title).to(format!("/imports/{key}/result"));
        let buttons = vec![see, Button::secondary(t.imports.other).to("/imports")];
        return site::ok(draw(&site, &visitor, &key, &done, t.imports.done_title, notice, buttons));
    }
    let outcome = &uploaded.outcome;
    let news = outcome.stored + outcome.updated;
    let mut buttons = Vec::new();
    let notice = match news {
        0 => Notice::new(lang, NoticeKind::Warn, t.imports.preview_nothing),
        _ => {
            buttons.push(Button::primary(t.imports.confirm));
            Notice::new(lang, NoticeKind::Info, t.imports.preview_text)
        }
    }
    .title(uploaded.name.as_str());
    buttons.push(Button::secondary(t.imports.other).to("/imports"));
    site::ok(draw(&site, &visitor, &key, &uploaded, t.imports.preview_title, notice, buttons))
}

fn draw(
    site: &Site,
    visitor: &Visitor,
    key: &str,
    uploaded: &Account,
    title: &str,
    notice: Notice,
    mut buttons: Vec<Button>,
) -> Html<String> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let outcome = &uploaded.outcome;
    if !outcome.refused_csv.is_empty() {
        buttons.push(Button::secondary(t.imports.refused_csv).to(format!("/imports/{key}/refused.csv")));
    }
    let more = match outcome.refused.len() {
        n if n > SHOWN => fill(t.imports.refused_more, &[("count", &n.to_string())]),
        _ => String::new(),
    };
    let mut frame = visitor.frame(&site.app, title);
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.imports.title, "/imports")]);
    frame.page(&ImportPage {
        t,
        csrf: frame.csrf_field(),
        title: [title, t.part.colon, lang.name("import_kind", uploaded.kind.name())].concat(),
        notice,
        counts: vec![
            (t.imports.read, outcome.read),
            (t.imports.stored, outcome.stored),
            (t.imports.updated, outcome.updated),
            (t.imports.unchanged, outcome.unchanged),
            (t.imports.refused, outcome.refused_rows),
        ],
        action: format!("/imports/{key}"),
        buttons,
        refused: faults(lang, t.imports.refused_title, &outcome.refused, SHOWN),
        warned: faults(lang, t.imports.warned_title, &outcome.warned, SHOWN),
        more,
        sample: sample(lang, outcome),
    })
}

/// The columns that a preview shows: those by which rows are told apart, each in which something is wrong, and each that
/// a row changes.
fn shown_columns(outcome: &ImportOutcome) -> Vec<&str> {
    // An account from before such columns were known: the first ones of the file.
    const FIRST: usize = 5;
    let told = |row: &Sample| if row.told == 0 { FIRST } else { row.told };
    let faulty = |header: &str| outcome.refused.iter().any(|fault| fault.column == header);
    let changed =
        |header: &str| outcome.sample.iter().any(|row| row.changed.iter().any(|changed| changed.column == header));
    let mut shown: Vec<&str> = Vec::new();
    for row in &outcome.sample {
        for (at, (header, _)) in row.cells.iter().enumerate() {
            let wanted = at < told(row) || faulty(header) || changed(header);
            if wanted && !shown.contains(&header.as_str()) {
                shown.push(header);
            }
        }
    }
    shown
}

/// The rows of a preview with what becomes of each; what one changes stands beside what is stored.
fn sample(lang: Lang, outcome: &ImportOutcome) -> Table {
    let t = lang.text();
    let headers = shown_columns(outcome);
    let mut columns = vec![Column::number(t.imports.row), Column::text(t.imports.fate)];
    columns.extend(headers.iter().map(|header| Column::text(*header)));
    let rows = outcome.sample.iter().map(|row| {
        let (word, tone) = match row.fate {
            Fate::Stored => (t.imports.stored, Tone::Good),
            Fate::Updated => (t.imports.updated, Tone::Going),
            Fate::Unchanged => (t.imports.unchanged, Tone::Plain),
            Fate::Refused => (t.imports.refused, Tone::Bad),
        };
        let mut cells = vec![Cell::from(i64::from(row.row)), Cell::tag(Tag::new(word, tone))];
        cells.extend(headers.iter().map(|header| {
            let text = row.cells.iter().find(|(of, _)| of == header).map_or("", |(_, text)| text.as_str());
            let why = outcome.refused.iter().find(|f| f.sheet == row.sheet && f.row == row.row && f.column == **header);
            let cell = Cell::text(shortened(text));
            let changed = row.changed.iter().find(|changed| changed.column == **header);
            match (why, changed) {
                (Some(fault), _) => {
                    cell.note(if lang == Lang::Zh { &fault.reason_zh } else { &fault.reason_en }.as_str())
                }
                (None, Some(changed)) if changed.before.is_empty() => cell.note(t.imports.was_empty),
                (None, Some(changed)) => cell.note(fill(t.imports.was, &[("before", &shortened(&changed.before))])),
                (None, None) => cell,
            }
        }));
        cells
    });
    Table::new(lang, t.imports.sample_title, columns).quiet().rows(rows)
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// How long a press waits for another one of the same import.
const AGAIN: Duration = Duration::from_millis(100);

async fn confirm(
    State(site): State<Site>,
    visitor: Visitor,
    Path(key): Path<String>,
    Form(typed): Form<Typed>,
) -> Answer {
    importer(&visitor)?;
    visitor.check(typed.get("csrf"))?;
    // A second press sees what the first one did, and waits for it a minute at most.
    let mut tries = 0..600;
    while kept(&site, &visitor, &format!("{key}r"))?.is_none() {
        let uploaded = kept(&site, &visitor, &format!("{key}p"))?.ok_or(AppError::NotFound)?;
        let bytes = site.app.aside(&visitor.actor, &format!("{key}f"))?.ok_or(AppError::NotFound)?;
        let (kind, name) = (uploaded.kind, uploaded.name);
        match site.app.import_as(&key, &visitor.actor, kind, &name, &bytes, |_, _| {}).await {
            Ok(outcome) => {
                // Two presses at once: rows that the other one stored are unchanged to this one. The first account stands.
                if kept(&site, &visitor, &format!("{key}r"))?.is_none() {
                    keep(&site, &visitor, &format!("{key}r"), &Account { kind, name, outcome })?;
                }
            }
            // Two presses at once are in each other's way.
            Err(ImportFileError::App(AppError::Conflict(_))) if tries.next().is_some() => {
                tokio::time::sleep(AGAIN).await;
            }
            Err(ImportFileError::App(error)) => return Err(error.into()),
            Err(ImportFileError::File(_)) => return Err(Fault::Address),
        }
    }
    site::see(&format!("/imports/{key}/result"))
}

/// The account of an import, for those whose it is.
async fn account(site: &Site, visitor: &Visitor, key: &str) -> Result<Account, Fault> {
    let stream = batch_stream(key)?;
    let by = site.app.reader.batch(&stream).await?.ok_or(AppError::NotFound)?.by;
    Ok(site.app.import_account(&visitor.actor, &by, &stream)?.ok_or(AppError::NotFound)?)
}

/// The account of an import, from the list of imports.
async fn batch_result(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    importer(&visitor)?;
    let done = account(&site, &visitor, &key).await?;
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let notice = Notice::new(lang, NoticeKind::Info, t.imports.account_text).title(done.name.as_str());
    let buttons = vec![Button::secondary(t.common.back).to("/imports")];
    site::ok(draw(&site, &visitor, &format!("batch/{key}"), &done, t.imports.done_title, notice, buttons))
}

async fn batch_refused(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    importer(&visitor)?;
    let done = account(&site, &visitor, &key).await?;
    Ok(csv(&visitor, done.outcome))
}

/// The refused rows with the reasons in the reader's language, under the headers of the file.
fn csv(visitor: &Visitor, outcome: ImportOutcome) -> axum::response::Response {
    let bytes = match visitor.lang() {
        Lang::En if !outcome.refused_csv_en.is_empty() => outcome.refused_csv_en,
        _ => outcome.refused_csv,
    };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"refused.csv\""),
    ];
    (headers, bytes).into_response()
}

async fn result(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    importer(&visitor)?;
    let done = kept(&site, &visitor, &format!("{key}r"))?.ok_or(AppError::NotFound)?;
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let kind = if done.outcome.refused_rows == 0 { NoticeKind::Success } else { NoticeKind::Warn };
    let text = if done.outcome.refused_rows == 0 { t.imports.done_text } else { t.imports.done_some };
    let mut buttons = Vec::new();
    let matters = matches!(done.kind, Kind::Penalties | Kind::Inspections | Kind::Complaints);
    if let Some(batch) = done.outcome.batch.as_ref().filter(|_| matters) {
        buttons.push(Button::primary(t.imports.see).to(format!("/matters?batch={batch}")));
    }
    buttons.push(Button::secondary(t.imports.other).to("/imports"));
    let notice = Notice::new(lang, kind, text).title(done.name.as_str());
    site::ok(draw(&site, &visitor, &key, &done, t.imports.done_title, notice, buttons))
}

async fn refused_csv(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    importer(&visitor)?;
    let uploaded = match kept(&site, &visitor, &format!("{key}r"))? {
        Some(done) => done,
        None => kept(&site, &visitor, &format!("{key}p"))?.ok_or(AppError::NotFound)?,
    };
    Ok(csv(&visitor, uploaded.outcome))
}
