//! The demonstration's stage door: sign in as any role, move the clock, read the messages. Not there in production.

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::Html;
use axum::routing::{get, post};
use jiff::ToSpan;
use serde::Deserialize;
use yanhe_app::AppError;
use yanhe_app::clock::ClockError;
use yanhe_app::session::SignedIn;
use yanhe_core::policy::{self, Actor, Role};
use yanhe_core::time::{at_county, county_time};
use yanhe_core::values::{Email, Phone, parse_date_time};
use yanhe_core::{PersonId, StreamId, StreamKind};
use yanhe_store_read::Page;
use yanhe_store_read::views::dossier::{DossierFilter, DossierOrder};

use super::apply_pages::organ_name;
use super::listing::{Typed, listed, pagination};
use super::portal::{self, Buttons, FormBlock, Links, Section, Sheet};
use super::sign_in::begin;
use crate::components::{
    Button, EmptyState, Errors, Field, Link, Moment, Notice, NoticeKind, PostButton, Timeline, Width,
};
use crate::layout::Frame;
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::stale::event_name;
use crate::text::{Lang, fill};

/// How many messages a page of the phone shows.
const MESSAGES: u32 = 30;

/// `GET /demo`, `POST /demo/as`, `POST /demo/clock`, `GET /demo/phone`.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/demo", get(show))
        .route("/demo/as", post(become_role))
        .route("/demo/clock", post(clock))
        .route("/demo/phone", get(phone))
}

/// Only a demonstration has these pages.
///
/// # Errors
/// [`AppError::NotFound`] everywhere else.
pub fn only(site: &Site) -> Result<(), Fault> {
    if site.app.demo { Ok(()) } else { Err(AppError::NotFound.into()) }
}

/// A button that signs in as somebody and leads on.
pub fn as_button(frame: &Frame, who: &str, back: &str, button: Button) -> PostButton {
    PostButton::new("/demo/as", &frame.csrf, button).hidden("who", who).hidden("back", back)
}

/// The field of a one-time code. Nobody has the phone to which a demonstration sends: there the code stands in the field
/// already, and the hint says where it came from.
///
/// # Errors
/// When the database fails.
pub async fn code_field(site: &Site, lang: Lang, field: Field, id: &str, phone: &str) -> Result<Field, AppError> {
    Ok(match site.app.demo_code(id, phone).await? {
        Some(code) => field.hint(fill(lang.text().demo.code, &[("phone", phone)])).value(code),
        None => field,
    })
}

/// The words for a party of a case in [`as_button`].
pub fn party_key(person: &PersonId, stream: &StreamId) -> String {
    format!("party/{person}@{stream}")
}

/// A member of staff with a post, as [`as_button`] and a reader know them.
pub struct Colleague {
    /// Their stream.
    pub stream: StreamId,
    /// What they are.
    pub role: Role,
    /// Name.
    pub name: String,
}

/// The staff of an organ or court, one of each role first.
///
/// # Errors
/// When the database fails.
pub async fn colleagues(site: &Site, body: &str) -> Result<Vec<Colleague>, AppError> {
    let mut out: Vec<Colleague> = Vec::new();
    for row in site.app.reader.staff(body).await? {
        let Some(role) = Role::of_post(&row.post) else { continue };
        let name = site.app.name(&row.stream, row.name.as_ref()).await?;
        out.push(Colleague { stream: row.stream, role, name });
    }
    out.sort_by_key(|c| c.role);
    Ok(out)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DemoForm {
    csrf: String,
    who: String,
    back: String,
    to: String,
}

async fn show(State(site): State<Site>, visitor: Visitor, Query(asked): Query<Typed>) -> Answer {
    only(&site)?;
    let moved = asked.get("moved") == "yes";
    site::ok(page(&site, &visitor, "", &Errors::new(visitor.lang()), moved).await?)
}

/// How many entries after the last move of the clock are looked through for what fell due.
const LOOKED: u32 = 200;

/// What the system did by itself since the clock was moved last, in matters, cases and applications to the court.
async fn fell_due(site: &Site, lang: Lang) -> Result<Vec<Link>, Fault> {
    let reader = &site.app.reader;
    let clock = StreamId::new(StreamKind::Audit, "clock");
    let last = reader.version(&clock).await? - 1;
    let Some(moved) = reader.entries_of(&clock, last).await?.pop() else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for entry in reader.entries(&Page::since(moved.position, LOOKED)).await?.rows {
        let Some(stream) = StreamId::parse(&entry.stream).filter(|_| entry.actor == Actor::system().id) else {
            continue;
        };
        let number = match stream.kind() {
            StreamKind::Matter => reader.matter(&stream).await?.map(|row| row.number),
            StreamKind::Dossier => reader.dossier(&stream).await?.map(|row| row.number),
            StreamKind::Confirmation => reader.confirmation(&stream).await?.map(|row| row.number),
            _ => None,
        };
        if let Some(number) = number {
            let label = format!("{number} · {}", event_name(lang, &entry.kind));
            out.push(Link::new(label, format!("/{}/{}", stream.kind().name(), stream.key())));
        }
    }
    Ok(out)
}

/// The page; `moved`: the clock was moved just now.
async fn page(site: &Site, visitor: &Visitor, to: &str, errors: &Errors, moved: bool) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().demo);
    let frame = visitor.frame(&site.app, t.title);
    let mut sheet = Sheet::new(t.title).lead(t.lead).errors(errors).with(&Links {
        links: vec![
            Link::new(t.tour, "/tour").about(t.tour_about),
            Link::new(t.phone, "/demo/phone").about(t.phone_about),
            Link::new(lang.text().gallery.title, "/gallery").about(t.gallery_about),
        ],
        plain: true,
    });
    let now = county_time(site.app.clock.now());
    if moved {
        let links = fell_due(site, lang).await?;
        let said = if links.is_empty() { t.clock_nothing } else { t.clock_ran };
        sheet.add(&Notice::new(lang, NoticeKind::Success, fill(said, &[("now", &lang.time(now))])));
        sheet.add(&Links { links, plain: false });
    }
    let field = Field::text(lang, "to", t.clock_to).hint(t.clock_hint).value(if to.is_empty() {
        format!("{} 09:00", now.date().tomorrow().unwrap_or(now.date()))
    } else {
        to.to_owned()
    });
    let form = FormBlock::new(&frame, "/demo/clock")
        .field(&field.width(Width::Medium).errors(errors))
        .button(Button::secondary(t.clock));
    let mut moving =
        Section::new(t.clock_title).say(fill(t.clock_now, &[("now", &lang.time(now))])).with(&form).panel();
    // To the minute at which it is due, or the one after.
    let due = site.app.next_due().await?.map(county_time).filter(|due| *due > now);
    if let Some(due) = due.and_then(|due| due.checked_add(59.seconds()).ok()) {
        let button = Button::secondary(fill(t.clock_due, &[("time", &lang.time(due))]));
        let to = due.strftime("%Y-%m-%d %H:%M").to_string();
        moving = moving.with(&PostButton::new("/demo/clock", &frame.csrf, button).hidden("to", to));
    }
    sheet.add(&moving);
    for section in cases(site, &frame, lang).await? {
        sheet.add(&section);
    }
    let pack = &site.app.pack;
    let mut bodies: Vec<String> = pack.mediating().map(|o| o.code.clone()).collect();
    bodies.push(pack.court.code.clone());
    bodies.push(pack.justice_bureau().code.clone());
    for body in bodies {
        let people = colleagues(site, &body).await?;
        if people.is_empty() {
            continue;
        }
        let mut buttons = Buttons::default();
        let mut shown: Vec<(Role, usize)> = Vec::new();
        for person in people {
            // Two of a role are enough to see that one cannot do what belongs to the other.
            let count = shown.iter().filter(|(role, _)| *role == person.role).count();
            if count >= 2 {
                continue;
            }
            shown.push((person.role, count));
            let label = format!("{} {}", lang.name("role", person.role.name()), person.name);
            buttons = buttons.with(&as_button(&frame, person.stream.as_str(), "/", Button::secondary(label)));
        }
        sheet.add(&Section::new(organ_name(site, lang, &body)).with(&buttons));
    }
    let admin = as_button(&frame, "admin", "/", Button::secondary(lang.text().role.admin));
    sheet.add(&Section::new(lang.text().role.admin).with(&admin));
    Ok(frame.page(&sheet))
}

/// Parties of a case in each state.
async fn cases(site: &Site, frame: &Frame, lang: Lang) -> Result<Vec<Section>, Fault> {
    let t = &lang.text().demo;
    let all = policy::scope(&Actor::admin());
    let mut section = Section::new(t.parties).say(t.parties_text);
    let mut any = false;
    for state in ["applied", "mediating", "signing", "performing", "performed", "breached", "refused", "ended"] {
        let filter = DossierFilter { state: Some(state.to_owned()), ..DossierFilter::default() };
        let rows = site.app.reader.dossiers(&all, &filter, DossierOrder::Latest, &Page::first(1)).await?.rows;
        for row in rows {
            let mut buttons = Buttons::default();
            for party in site.app.reader.parties(&row.stream).await? {
                let name = site.app.name(&row.stream, party.name.as_ref()).await?;
                // The organ as the other party has no portal of its own.
                if site.app.pack.organ_by_name(&name).is_some() {
                    continue;
                }
                let label = format!("{} {name}", lang.name("label", &party.role));
                let back = format!("/my/{}", row.stream.key());
                let who = party_key(&party.person, &row.stream);
                buttons = buttons.with(&as_button(frame, &who, &back, Button::secondary(label)));
            }
            let line = format!("{} · {}", lang.name("state", state), row.number);
            section = section.with(&Section::default().say(line).with(&buttons));
            any = true;
        }
    }
    Ok(if any { vec![section] } else { Vec::new() })
}

async fn become_role(State(site): State<Site>, visitor: Visitor, Form(form): Form<DemoForm>) -> Answer {
    only(&site)?;
    visitor.check(&form.csrf)?;
    let who = somebody(&site, visitor.lang(), &form.who).await?;
    begin(&site, &who, &form.back).await
}

async fn somebody(site: &Site, lang: Lang, who: &str) -> Result<SignedIn, Fault> {
    if who == "admin" {
        return Ok(SignedIn { actor: Actor::admin(), name: lang.text().role.admin.to_owned(), about: None });
    }
    if let Some((person, stream)) = who.strip_prefix("party/").and_then(|rest| rest.split_once('@')) {
        let stream = StreamId::parse(stream).ok_or(AppError::NotFound)?;
        let parties = site.app.reader.parties(&stream).await?;
        let party = parties.into_iter().find(|p| p.person.0 == person).ok_or(AppError::NotFound)?;
        let name = site.app.name(&stream, party.name.as_ref()).await?;
        return Ok(SignedIn { actor: Actor::party(&party.person), name, about: Some(stream) });
    }
    let stream = StreamId::parse(who).filter(|s| s.kind() == StreamKind::Staff).ok_or(AppError::NotFound)?;
    Ok(site.app.staff_signed_in(&stream).await?.ok_or(AppError::NotFound)?)
}

async fn clock(State(site): State<Site>, visitor: Visitor, Form(form): Form<DemoForm>) -> Answer {
    only(&site)?;
    visitor.check(&form.csrf)?;
    let (lang, t) = (visitor.lang(), &visitor.lang().text().demo);
    let mut errors = Errors::new(lang);
    match parse_date_time(&form.to) {
        Err(error) => errors.say("to", if lang == Lang::Zh { error.text_zh() } else { error.text_en() }),
        Ok(to) => match site.app.advance_clock(&Actor::admin(), at_county(to)).await {
            Ok(_) if form.back.starts_with("/tour/") => return site::see(&form.back),
            Ok(_) => return site::see("/demo?moved=yes"),
            Err(ClockError::Backwards { .. }) => errors.say("to", t.clock_back),
            Err(ClockError::Far { .. }) => errors.say("to", t.clock_far),
            Err(ClockError::NotDemo) => return Err(AppError::NotFound.into()),
            Err(ClockError::App(error)) => return Err(error.into()),
        },
    }
    site::again(page(&site, &visitor, &form.to, &errors, false).await?)
}

async fn phone(State(site): State<Site>, visitor: Visitor, Query(query): Query<Typed>) -> Answer {
    only(&site)?;
    let (lang, t) = (visitor.lang(), &visitor.lang().text().demo);
    let frame = visitor.frame(&site.app, t.phone);
    let page = query.page(MESSAGES)?;
    let number = query.trimmed("number");
    let index = match (Phone::parse(number), Email::parse(number)) {
        (Ok(phone), _) => Some(site.app.index("phone", phone.as_str())),
        (_, Ok(email)) => Some(site.app.index("email", email.as_str())),
        _ => None,
    };
    let listing = match &index {
        Some(index) => listed(site.app.reader.messages_to(index, &page).await, &page)?,
        None => listed(site.app.reader.messages(&page).await, &page)?,
    };
    let now = site.app.clock.now();
    let address = |phone: &str| format!("/demo/phone?number={}", crate::layout::percent(phone));
    let moments: Vec<Moment> = listing
        .rows
        .iter()
        .filter_map(|row| {
            let body = site.app.open_message(&row.id, &row.body)?;
            let (to, text) = (body["to"].as_str()?.to_owned(), body["text"].as_str()?.to_owned());
            // What a phone would make a link of.
            let code = text.split("编码 ").nth(1).and_then(|rest| rest.split_whitespace().next()).map(str::to_owned);
            let mut links: Vec<Link> = code.iter().map(|code| Link::new(t.open_letter, format!("/l/{code}"))).collect();
            if index.is_none() {
                links.push(Link::new(fill(t.only, &[("phone", &to)]), address(&to)));
            }
            let way = lang.name("channel", if row.channel == "mail" { "email" } else { "sms" });
            let waits = if row.at > now { t.waits } else { "" };
            let who = format!("{way} {to} {waits}").trim_end().to_owned();
            Some(Moment { when: lang.time(county_time(row.at)), who, title: text, links, ..Moment::default() })
        })
        .collect();
    let mut sheet = Sheet::new(t.phone).lead(t.phone_lead);
    if let Some(tour) = &visitor.tour {
        let link = |(who, phone): (String, String)| Link::new(fill(t.of_tour, &[("who", &who)]), address(&phone));
        let links = super::tour::phones(&site, lang, tour).await?.into_iter().map(link).collect();
        sheet.add(&Links { links, plain: true });
    }
    sheet.add(&PhoneFilter {
        field: Field::text(lang, "number", t.number).value(number).inputmode("tel"),
        button: Button::secondary(lang.text().common.filter),
        clear: t.phone_all,
    });
    if moments.is_empty() {
        sheet.add(&EmptyState::new(t.phone_empty_title, t.phone_empty));
    } else {
        sheet.add(&Timeline { moments });
        sheet.add(&pagination(lang, &listing, "/demo/phone", &query));
    }
    site::ok(frame.page(&sheet))
}

/// The field that narrows the messages to one phone.
#[derive(askama::Template)]
#[template(path = "pages/demo_phone.html")]
struct PhoneFilter {
    field: Field,
    button: Button,
    clear: &'static str,
}

/// The stream of a matter by its key, for the tour.
///
/// # Errors
/// [`AppError::NotFound`] for what cannot be a key.
pub fn matter(key: &str) -> Result<StreamId, Fault> {
    portal::stream(StreamKind::Matter, key)
}
