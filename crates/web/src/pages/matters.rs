//! The list of enforcement matters, finding one by its party or by words, and sending or declining letters for many at
//! once.

use std::collections::BTreeSet;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::Html;
use axum::routing::{get, post};
use yanhe_app::Command;
use yanhe_core::matter::{self, Matter};
use yanhe_core::policy::{Act, Role};
use yanhe_core::{StreamId, StreamKind};
use yanhe_store_read::Listing;
use yanhe_store_read::Page;
use yanhe_store_read::views::matter::{MatterFilter, MatterView};
use yanhe_store_read::views::party::PartyIndex;

use super::bulk::{self, Summary};
use super::bulk_done::{self, Done};
use super::filters::Filters;
use super::listing::{self, Typed, choices, days_tag, pagination, ticks};
use super::matters_send;
use super::words::Words;
use crate::components::{
    Button, Cell, Choice, Column, EmptyState, Errors, Field, Markup, Pagination, Table, Tag, Tone,
};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Lang, Text, fill};

/// `GET /matters`, `POST /matters/find`, `POST /matters/chosen`, `GET /matters/done/KEY`.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/matters", get(show))
        .route("/matters/find", post(find))
        .route("/matters/chosen", post(chosen))
        .route("/matters/done/{key}", get(done))
}

/// The states that can be asked for.
const STATES: [&str; 7] = ["proposed", "issued", "served", "applied", "declined", "out_of_scope", "withdrawn"];
const SOURCES: [&str; 3] = ["penalty", "inspection", "complaint"];

#[derive(Template)]
#[template(path = "pages/matters.html")]
struct MattersPage {
    t: &'static Text,
    csrf: Markup,
    ticks: Markup,
    errors: Markup,
    creates: Vec<Button>,
    filters: Vec<Field>,
    narrow: Button,
    find: Option<Field>,
    found: bool,
    search: Button,
    table: Table,
    pagination: Pagination,
    chooses: bool,
    all: Option<Field>,
    reason: Field,
    send: Button,
    decline: Button,
}

/// So many matters are decided on by one press: the county sends hundreds of letters at a time.
const AT_ONCE: usize = 500;

/// Whoever may read matters, and the administrator, who imports them.
fn reader(visitor: &Visitor) -> Result<(), Fault> {
    match visitor.actor.role {
        Role::Admin => visitor.staff().map(drop),
        _ => visitor.only(Act::ReadMatter),
    }
}

async fn show(State(site): State<Site>, visitor: Visitor, Query(asked): Query<Typed>) -> Answer {
    reader(&visitor)?;
    let page = list(&site, &visitor, &asked, &Typed::default(), &Errors::new(visitor.lang())).await?;
    filters(&site, &visitor, &asked).answer(page)
}

fn filters(site: &Site, visitor: &Visitor, asked: &Typed) -> Filters {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let sends = vec![Choice::new("yes", t.matters.send_yes), Choice::new("no", t.matters.send_no)];
    let mut fields = vec![
        Field::select(lang, "state", t.common.state, choices(lang, "standing", &STATES)),
        Field::select(lang, "source", t.matters.source, choices(lang, "source", &SOURCES)),
        Field::select(lang, "send", t.matters.send, sends),
        Field::text(lang, "number", t.matters.number),
    ];
    if visitor.scope().organ().is_none() {
        let organs = site.app.pack.organs.iter().map(|o| Choice::new(&o.code, listing::body(site, lang, &o.code)));
        fields.insert(0, Field::select(lang, "organ", t.common.organ, organs.collect()));
    }
    Filters::new(lang, asked, fields)
}

/// The list as the address asks for it, with what was typed for the chosen rows.
async fn list(
    site: &Site,
    visitor: &Visitor,
    asked: &Typed,
    typed: &Typed,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let filters = filters(site, visitor, asked);
    let filter = wanted(&filters, asked)?;
    let page = asked.page(listing::ROWS)?;
    let (lists, scope) = (visitor.lists(site), visitor.scope());
    let listing = filters.read(&page, lists.matters(&scope, &filter, &page)).await?;
    draw(site, visitor, asked, typed, errors, &listing, None).await
}

/// Which matters the address asks for.
fn wanted(filters: &Filters, asked: &Typed) -> Result<MatterFilter, Fault> {
    let batch = asked.trimmed("batch");
    if !batch.is_empty() && StreamId::parse(batch).is_none_or(|stream| stream.kind() != StreamKind::Batch) {
        return Err(Fault::Parameter("batch".to_owned()));
    }
    Ok(MatterFilter {
        organ: filters.value("organ"),
        state: filters.value("state"),
        source: filters.value("source"),
        send: filters.value("send").map(|send| send == "yes"),
        batch: asked.filter("batch"),
        number: filters.value("number"),
    })
}

/// All of the list that wait for a decision, on other pages too, up to [`AT_ONCE`]. Letters go out unasked only where
/// one is proposed.
async fn all_waiting(site: &Site, visitor: &Visitor, asked: &Typed, send: bool) -> Result<Vec<String>, Fault> {
    let mut filter = wanted(&filters(site, visitor, asked), asked)?;
    if send {
        filter.send = filter.send.or(Some(true));
    }
    let (scope, mut page) = (visitor.scope(), Page::first(listing::ROWS));
    let mut keys = Vec::new();
    loop {
        let found = site.app.reader.matters(&scope, &filter, &page).await?;
        let waiting = found.rows.iter().filter(|row| row.state == "proposed");
        keys.extend(waiting.map(|row| row.stream.key().to_owned()));
        keys.truncate(AT_ONCE);
        match found.next {
            Some(next) if keys.len() < AT_ONCE => page = Page { after: Some(next), ..page },
            _ => return Ok(keys),
        }
    }
}

async fn draw(
    site: &Site,
    visitor: &Visitor,
    asked: &Typed,
    typed: &Typed,
    errors: &Errors,
    listing: &Listing<MatterView>,
    found: Option<&Words>,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let chooses = matches!(visitor.actor.role, Role::Clerk | Role::Leader);
    let wide = visitor.scope().organ().is_none();
    let filters = filters(site, visitor, asked);
    let mut table = table(site, visitor, listing, chooses, &typed.all("matter"), found).await?;
    table.empty = filters.empty("/matters", table.empty);
    let frame = visitor.frame(&site.app, t.matters.title);
    let creates = match chooses {
        true => vec![
            Button::secondary(t.matters.new).to("/matters/new"),
            Button::secondary(t.matters.new_decision).to("/matters/decision"),
        ],
        false => Vec::new(),
    };
    let yes = vec![Choice::new("yes", t.matters.chosen_all_yes)];
    let find = Field::text(lang, "who", t.matters.find_who).hint(t.matters.find_hint);
    Ok(frame.page(&MattersPage {
        t,
        csrf: frame.csrf_field(),
        ticks: ticks(site, &frame, typed, &kept(asked)),
        errors: Markup::all(&[Markup::of(&errors.summary()), Markup::of(&filters.summary())]),
        creates,
        filters: filters.fields(),
        narrow: Button::secondary(t.common.filter),
        find: (!wide).then(|| typed.field(find, errors)),
        found: found.is_some() || errors.at("who").is_some(),
        search: Button::secondary(t.common.search),
        pagination: pagination(lang, listing, "/matters", asked),
        table,
        chooses: chooses && !listing.rows.is_empty(),
        all: found.is_none().then(|| Field::checkbox(lang, "all", t.matters.chosen_all, yes).value(typed.get("all"))),
        reason: typed.field(
            Field::text(lang, "reason", t.matters.chosen_reason).hint(t.matters.chosen_reason_hint).optional(),
            errors,
        ),
        send: Button::primary(t.matters.chosen_send).sends("do", "send"),
        decline: Button::secondary(t.matters.chosen_decline).sends("do", "decline"),
    }))
}

/// The address of this list, its place included.
fn kept(asked: &Typed) -> Vec<(&str, &str)> {
    let names = ["organ", "state", "source", "send", "batch", "number", "after", "trail"];
    names.into_iter().map(|name| (name, asked.get(name))).collect()
}

async fn table(
    site: &Site,
    visitor: &Visitor,
    listing: &Listing<MatterView>,
    chooses: bool,
    ticked: &[&str],
    found: Option<&Words>,
) -> Result<Table, Fault> {
    let (lang, t, today) = (visitor.lang(), visitor.lang().text(), site.app.today());
    let mut columns = vec![
        Column::text(t.common.number),
        Column::text(t.matters.parties),
        Column::text(t.matters.because),
        Column::text(t.common.state),
        Column::text(t.matters.due),
    ];
    if chooses {
        columns.insert(0, Column::check());
    }
    let mut table = match found {
        Some(words) => {
            let said = words.said(lang, fill(t.matters.found, &[("count", &listing.rows.len().to_string())]));
            let empty = EmptyState::new(t.matters.empty_found, t.matters.empty_found_text);
            Table::new(lang, said, columns).empty(empty)
        }
        None => {
            let imports = Button::secondary(t.matters.to_imports).to("/imports");
            let empty = EmptyState::new(t.matters.empty, t.matters.empty_text).action(imports);
            Table::new(lang, t.matters.title, columns).empty(empty).quiet()
        }
    };
    let own = listing.rows.iter().filter(|row| listing::sees_people(visitor, &row.organ));
    let names: Vec<_> =
        own.flat_map(|row| [(&row.stream, &row.subject_name), (&row.stream, &row.complainant)]).collect();
    site.app.prepare_names(&names).await?;
    for row in &listing.rows {
        let sees = listing::sees_people(visitor, &row.organ);
        let subject = listing::name_of(&site.app, &row.stream, row.subject_name.as_ref(), sees).await?;
        let other = listing::name_of(&site.app, &row.stream, row.complainant.as_ref(), sees).await?;
        let parties = match (subject.as_str(), other.as_str()) {
            ("", other) => Cell::text(other),
            (subject, other) => Cell::text(subject).note(other),
        };
        let proposal = match row.send {
            true => Tag::new(lang.name("dispute", &row.kind), Tone::Going),
            false => Tag::new(t.matters.send_no, Tone::Plain),
        };
        let entry = site.app.pack.scope.entry_name(&row.entry).filter(|_| row.send);
        let entry = entry.map_or("", |(zh, en)| if lang == Lang::Zh { zh } else { en });
        let about = [
            lang.name("source", &row.source).to_owned(),
            row.occurred_on.map_or_else(String::new, |day| lang.date(day)),
            if visitor.scope().organ().is_some() { String::new() } else { listing::body(site, lang, &row.organ) },
            found.and_then(|words| words.place(lang, &row.stream)).unwrap_or_default(),
        ];
        let about = about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        // Who keeps the program running lists what there is, and opens none of it.
        let opens = listing::opens(visitor, StreamKind::Matter, &row.organ, "");
        let number = match opens {
            true => Cell::link(row.number.as_str(), format!("/matter/{}", row.stream.key())),
            false => Cell::text(row.number.as_str()),
        };
        let mut cells = vec![
            number.note(about),
            parties,
            Cell { tag: Some(proposal), ..Cell::text(entry) }.note(because(lang, &row.because)),
            Cell::tag(standing(lang, &row.state)),
            due(lang, row, today, opens),
        ];
        if chooses {
            let mut check = Cell::check("matter", row.stream.key(), fill(t.matters.select, &[("number", &row.number)]));
            if let Some(box_) = &mut check.check {
                box_.on = ticked.contains(&row.stream.key());
            }
            cells.insert(0, check);
        }
        table = table.row(cells);
    }
    Ok(table)
}

/// Where a matter stands, as a label.
pub fn standing(lang: Lang, state: &str) -> Tag {
    Tag::new(lang.name("standing", state), listing::state_tag(lang, state).tone)
}

/// Last day for the letter, how far off it is while the letter is to be decided, and the order's own last day.
fn due(lang: Lang, row: &MatterView, today: yanhe_core::Date, opens: bool) -> Cell {
    let t = lang.text();
    let case = opens.then(|| format!("/matter/{}", row.stream.key()));
    let explained = |limit| listing::explained(&row.stream, limit, case.as_deref());
    // Of a matter that was taken back no letter is due.
    let letter = row
        .due_on
        .filter(|_| row.state != "withdrawn")
        .map_or_else(Cell::default, |day| Cell::link(lang.date(day), explained("letter.send")));
    let own = row.own_due_on.map(|day| OwnDue {
        text: fill(t.matters.own_due, &[("date", &lang.date(day))]),
        href: explained("order.own"),
    });
    Cell {
        tag: row.due_on.filter(|_| row.state == "proposed").map(|day| days_tag(lang, day, today)),
        markup: own.map(|own| Markup::of(&own)).unwrap_or_default(),
        ..letter
    }
}

/// The last day that the hotline gave an order.
#[derive(Template)]
#[template(source = r#"<span class="second"><a href="{{ href }}">{{ text }}</a></span>"#, ext = "html")]
struct OwnDue {
    text: String,
    href: String,
}

async fn find(State(site): State<Site>, visitor: Visitor, Form(typed): Form<Typed>) -> Answer {
    reader(&visitor)?;
    visitor.check(typed.get("csrf"))?;
    let mut errors = Errors::new(visitor.lang());
    let who = typed.trimmed("who");
    if who.is_empty() {
        errors.add("who", "required");
        return site::again(list(&site, &visitor, &Typed::default(), &typed, &errors).await?);
    }
    // Numbers are found by their normal form, whatever spaces and widths they were typed with.
    let phone = yanhe_core::values::Phone::parse(who).map_or_else(|_| who.to_owned(), |p| p.to_string());
    let document = yanhe_core::values::Document::guess(who).map_or_else(|_| who.to_owned(), |d| d.number().to_owned());
    let indexes = [
        PartyIndex::Name(site.app.index("name", who)),
        PartyIndex::Document(site.app.index("document", &document)),
        PartyIndex::Phone(site.app.index("phone", &phone)),
    ];
    let mut streams = BTreeSet::new();
    for index in &indexes {
        let rows = site.app.reader.find_parties(&visitor.scope(), index, &Page::first(listing::ROWS)).await?.rows;
        streams.extend(rows.into_iter().map(|row| row.stream).filter(|s| s.kind() == StreamKind::Matter));
    }
    let words = match streams.is_empty() {
        true => Words::find(&site, &visitor, "matter", who).await?,
        false => Words::by_name(streams.into_iter().collect()),
    };
    let rows = words.ordered(site.app.reader.matters_of(&words.streams).await?, |row| &row.stream);
    let listing = Listing { rows, next: None };
    site::ok(draw(&site, &visitor, &Typed::default(), &typed, &errors, &listing, Some(&words)).await?)
}

async fn chosen(State(site): State<Site>, visitor: Visitor, Form(typed): Form<Typed>) -> Answer {
    visitor.staff()?;
    visitor.check(typed.get("csrf"))?;
    let lang = visitor.lang();
    let key = match typed.get("key") {
        "" => return Err(Fault::Address),
        key => key,
    };
    let all = match typed.get("all") {
        "yes" => all_waiting(&site, &visitor, &matters_send::asked(&typed), typed.get("do") != "decline").await?,
        _ => Vec::new(),
    };
    let mut once = BTreeSet::new();
    let ticked = typed.all("matter").into_iter().chain(all.iter().map(String::as_str)).filter(|key| once.insert(*key));
    let streams: Vec<StreamId> = ticked.map(|key| StreamId::new(StreamKind::Matter, key)).collect();
    let mut errors = Errors::new(lang);
    let send = typed.get("do") != "decline";
    if streams.is_empty() {
        errors.say("", lang.text().matters.chosen_none);
    }
    if !send && !streams.is_empty() && typed.trimmed("reason").is_empty() {
        errors.add("reason", "required");
    }
    if !errors.is_empty() {
        return site::again(list(&site, &visitor, &matters_send::asked(&typed), &typed, &errors).await?);
    }
    // Nobody's letters go out when one of the chosen is not this office's.
    let act = if send { Act::ConfirmLetter } else { Act::DeclineLetter };
    let mut states = Vec::with_capacity(streams.len());
    for stream in &streams {
        states.push((stream.clone(), site.app.permit::<Matter>(&visitor.actor, act, stream).await?));
    }
    // Letters go out after a look at who gets them; what this form has sent already is not asked again.
    let account = bulk::account(key, act);
    let sent = Summary::kept(&site, &visitor, &account).is_ok_and(|sent| streams.iter().all(|s| sent.did.contains(s)));
    // Against what is proposed there is a reason, the same for all of them.
    let entry = typed.filter("entry").filter(|_| send);
    if entry.is_some() && typed.trimmed("reason").is_empty() && typed.get("do") == "confirm" && !sent {
        errors.add("reason", "required");
        return site::again(matters_send::preview(&site, &visitor, &states, &typed, &errors).await?);
    }
    if send && typed.get("do") != "confirm" && !sent {
        return site::ok(matters_send::preview(&site, &visitor, &states, &typed, &errors).await?);
    }
    let command = |state: &matter::State| -> Command {
        let reason = typed.trimmed("reason").to_owned();
        match entry.clone().filter(|_| matters_send::is_found(state)) {
            _ if !send => matter::Command::DeclineLetter { reason },
            None => matter::Command::ConfirmLetter { reason },
            entry => matter::Command::SendLetters { to: matter::decision::recipients(state), entry, reason },
        }
        .into()
    };
    let steps = states.into_iter().map(|(stream, state)| (stream, command(&state))).collect();
    bulk::carry_out(&site, &visitor, key, act, steps).await?.keep(&site, &visitor, &account)?;
    site::see(&format!("/matters/done/{account}"))
}

/// The first reason of a row in the reader's language; rows of before hold the Chinese one alone.
fn because(lang: Lang, both: &str) -> &str {
    match (both.split_once('\u{1f}'), lang) {
        (Some((_, en)), Lang::En) => en,
        (Some((zh, _)), Lang::Zh) => zh,
        (None, _) => both,
    }
}

async fn done(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    visitor.staff()?;
    let t = visitor.lang().text();
    let summary = Summary::kept(&site, &visitor, &key)?;
    let count = summary.done().to_string();
    let said = if summary.act == Act::ConfirmLetter.name() { t.matters.done_sent } else { t.matters.done_declined };
    let mut said = fill(said, &[("count", &count)]);
    if let (Some(first), Some(last)) = (summary.papers.first(), summary.papers.last()) {
        said.push(' ');
        let words = if first.number == last.number { t.matters.done_number } else { t.matters.done_numbers };
        said.push_str(&fill(words, &[("first", &first.number), ("last", &last.number)]));
    }
    let frame = visitor.frame(&site.app, t.matters.done_title);
    let sent = sent(&site, &visitor, &summary).await?;
    site::ok(bulk_done::page(
        &frame,
        &summary,
        Done {
            key: &key,
            said,
            of: t.common.number,
            href: "/matter",
            sent,
            print: t.matters.done_print,
            letters: Button::secondary(t.matters.done_letters).to("/letters"),
            back: Button::secondary(t.matters.back).to("/matters"),
        },
    ))
}

/// Each letter that was made: to whom, by which channel, and where it stands.
async fn sent(site: &Site, visitor: &Visitor, summary: &Summary) -> Result<Table, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let columns = vec![
        Column::text(t.letters.paper),
        Column::text(t.letters.addressee),
        Column::text(t.letters.channel),
        Column::text(t.common.state),
    ];
    let mut table = Table::new(lang, t.matters.done_table, columns);
    for paper in &summary.papers {
        let Some(row) = site.app.reader.paper(&paper.id).await? else { continue };
        let sees = listing::sees_people(visitor, &row.issuer);
        let to = listing::name_of(&site.app, &row.stream, row.addressee.as_ref(), sees).await?;
        table = table.row(vec![
            Cell::link(row.number.as_str(), format!("/letters/{}", paper.id.key())),
            to.into(),
            lang.name("channel", &row.channel).into(),
            Cell::tag(super::letters::state(lang, &row)),
        ]);
    }
    Ok(table)
}
