//! The tour of a demonstration: one dispute from the matter to the court's ruling, role by role. Where it stands is read
//! from the matter, the case and the confirmation; nothing is kept of the tour itself.

use std::cmp::Ordering;

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use jiff::ToSpan;
use serde::Deserialize;
use yanhe_app::{AppError, Request, dashed};
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::matter::{self, Matter, Registered};
use yanhe_core::party::{Name, Party};
use yanhe_core::policy::{self, Act, Actor, Role};
use yanhe_core::scope::Source;
use yanhe_core::time::county_time;
use yanhe_core::{PersonId, Personal, StreamId, StreamKind};
use yanhe_store_read::Page;
use yanhe_store_read::views::dossier::{DossierFilter, DossierOrder};

use super::demo::{Colleague, as_button, colleagues, matter as matter_stream, only, party_key};
use super::dossier_forms::identity::shown;
use super::portal::{Buttons, Links, Section, Sheet};
use crate::components::{
    Button, Link, Markup, Notice, NoticeKind, PostButton, Step, StepState, Steps, SummaryList, Tag, Tone,
};
use crate::layout::Frame;
use crate::site::{self, Answer, Fault, Site, TOUR, Visitor};
use crate::text::{Lang, fill};

/// `GET /tour`, `POST /tour/begin`, `GET /tour/KEY`.
pub fn router() -> Router<Site> {
    Router::new().route("/tour", get(start)).route("/tour/begin", post(begin)).route("/tour/{key}", get(show))
}

/// The organ with the most disputes between buyers and sellers.
const SECTOR: &str = "market";

async fn start(State(site): State<Site>, visitor: Visitor) -> Answer {
    only(&site)?;
    let t = &visitor.lang().text().tour;
    let frame = visitor.frame(&site.app, t.title);
    let begin =
        PostButton::new("/tour/begin", &frame.csrf, Button::primary(t.begin)).hidden("key", site.app.fresh_key());
    let mut sheet = Sheet::new(t.title).lead(t.lead).with(&Section::default().say(t.about));
    // The browser remembers which dispute it walked through last.
    if let Some(key) = &visitor.tour
        && site.app.reader.matter(&matter_stream(key)?).await?.is_some()
    {
        sheet.add(&Section::default().with(&Button::primary(t.go_on).to(format!("/tour/{key}#now"))));
        let again = PostButton::new("/tour/begin", &frame.csrf, Button::secondary(t.begin_again));
        sheet.add(&Section::default().with(&again.hidden("key", site.app.fresh_key())));
    } else {
        sheet.add(&Section::default().with(&begin));
    }
    site::ok(frame.page(&sheet))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BeginForm {
    csrf: String,
    key: String,
}

/// Registers an invented complaint, as the clerk would from a form.
async fn begin(State(site): State<Site>, visitor: Visitor, Form(form): Form<BeginForm>) -> Answer {
    only(&site)?;
    visitor.check(&form.csrf)?;
    let organ = site.app.pack.mediating().find(|o| o.sectors.iter().any(|s| s == SECTOR)).ok_or(AppError::NotFound)?;
    let clerk = with_role(&colleagues(&site, &organ.code).await?, Role::Clerk).ok_or(AppError::NotFound)?;
    let today = site.app.today();
    // From the repeat key: a double click registers one matter.
    let mark = form.key.bytes().fold(0_u32, |n, b| n.wrapping_mul(31).wrapping_add(u32::from(b))) % 10_000;
    let person = |role: &str| PersonId(site.app.index(role, &form.key));
    let (buyer, seller) = (person("tour/buyer"), person("tour/seller"));
    let phone = |of: &PersonId, n: u32| Some(Personal::new(of, format!("1990000{:04}", (mark + n) % 10_000)));
    let party = |of: &PersonId, name: Name, n: u32, address: &str| Party {
        phone: phone(of, n),
        address: Some(Personal::new(of, address.to_owned())),
        ..Party::named(of.clone(), name)
    };
    let number = format!("HY{}{:02}{:02}{mark:04}", today.year(), today.month(), today.day());
    let matter = Registered {
        source: Source::Complaint,
        number: number.clone(),
        organ: organ.code.clone(),
        occurred_on: today,
        subject: Some(party(&seller, Name::Firm("绮园家电商行".into()), 1, "海盐县武原街道勤俭路36号")),
        complainant: Some(party(
            &buyer,
            Name::Human(Personal::new(&buyer, "沈知夏".into())),
            0,
            "海盐县西塘桥街道海湾路8号",
        )),
        affected: None,
        reporter: false,
        category: "投诉".into(),
        result: Personal::new(&buyer, String::new()),
        text: Personal::new(&buyer, "在绮园家电商行购买的冰箱使用10天就坏了，商家拒绝退换，要求退款2680元".into()),
        penalty: None,
        own_due_on: None,
        status: "办理中".into(),
        batch: None,
        origin: "form".into(),
        row: None,
    };
    let stream = matter::stream(Source::Complaint, &number);
    let who = site.app.staff_signed_in(&clerk.stream).await?.ok_or(AppError::NotFound)?;
    let command = matter::Command::Register { matter: Box::new(matter) };
    site.app.handle(Request::one(&who.actor, &form.key, &stream, command)).await?;
    let cookie = format!("{TOUR}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400", stream.key());
    let to = format!("/tour/{}", stream.key());
    Ok((StatusCode::SEE_OTHER, [(header::SET_COOKIE, cookie), (header::LOCATION, to)]).into_response())
}

fn with_role(people: &[Colleague], role: Role) -> Option<Colleague> {
    let found = people.iter().find(|c| c.role == role)?;
    Some(Colleague { stream: found.stream.clone(), role, name: found.name.clone() })
}

/// Everything the steps look at.
struct Dispute {
    matter: StreamId,
    state: matter::State,
    case: Option<(StreamId, dossier::State)>,
    confirmation: Option<confirmation::State>,
    people: Vec<Colleague>,
    court: Vec<Colleague>,
}

impl Dispute {
    async fn load(site: &Site, key: &str) -> Result<Self, Fault> {
        let stream = matter_stream(key)?;
        let row = site.app.reader.matter(&stream).await?.ok_or(AppError::NotFound)?;
        let people = colleagues(site, &row.organ).await?;
        let court = colleagues(site, &site.app.pack.court.code).await?;
        let clerk = with_role(&people, Role::Clerk).ok_or(AppError::NotFound)?;
        let actor = Actor::staff(&clerk.stream, Role::Clerk, &row.organ);
        let state = site.app.permit::<Matter>(&actor, Act::ReadMatter, &stream).await?;
        let filter = DossierFilter { matter: Some(stream.to_string()), ..DossierFilter::default() };
        let all = policy::scope(&Actor::admin());
        let rows = site.app.reader.dossiers(&all, &filter, DossierOrder::Latest, &Page::first(1)).await?.rows;
        let mut found = Self { matter: stream, state, case: None, confirmation: None, people, court };
        if let Some(row) = rows.into_iter().next() {
            let state = site.app.permit::<Dossier>(&actor, Act::ReadDossier, &row.stream).await?;
            let confirmed = StreamId::new(StreamKind::Confirmation, row.stream.key());
            found.confirmation = match site.app.permit::<Confirmation>(&actor, Act::ReadConfirmation, &confirmed).await
            {
                Ok(state) => Some(state),
                Err(AppError::NotFound | AppError::Denied) => None,
                Err(error) => return Err(error.into()),
            };
            found.case = Some((row.stream, state));
        }
        Ok(found)
    }

    fn dossier(&self) -> Option<&dossier::State> {
        self.case.as_ref().map(|(_, state)| state)
    }

    fn case_path(&self, before: &str, after: &str) -> String {
        self.case.as_ref().map_or_else(|| "/".to_owned(), |(stream, _)| format!("{before}/{}{after}", stream.key()))
    }
}

/// Who does a step: their name, the person to sign in as, and the page where it is done.
type Entry = (String, String, String);

/// One step: what to do, whether it is done, and who does it where.
struct Stop {
    key: &'static str,
    done: bool,
    who: Vec<Entry>,
    /// Who has done their part of it.
    signed: Vec<String>,
}

fn stops(lang: Lang, d: &Dispute) -> Vec<Stop> {
    let t = &lang.text().tour;
    let staff = |role: Role, back: String| {
        let people = if matches!(role, Role::Judge | Role::CourtClerk) { &d.court } else { &d.people };
        with_role(people, role)
            .map(|c| (format!("{} {}", lang.name("role", role.name()), c.name), c.stream.to_string(), back))
    };
    let named = |stream: &str, role: Role, people: &[Colleague], back: String| {
        let found = people.iter().find(|c| c.stream.as_str() == stream);
        found
            .map(|c| (format!("{} {}", lang.name("role", role.name()), c.name), c.stream.to_string(), back.clone()))
            .or_else(|| staff(role, back))
    };
    let party = |party: Option<&Party>, role: &str, back: String| {
        let stream = d.case.as_ref().map_or(&d.matter, |(stream, _)| stream);
        party.map(|p| (format!("{role} {}", p.name.text()), party_key(&p.person, stream), back))
    };
    let dossier = d.dossier();
    let (buyer, seller) = match dossier {
        Some(s) => (s.applicants.first(), s.respondents.first()),
        None => (d.state.entitled(), d.state.other_side()),
    };
    let (mine, desk) = (d.case_path("/my", ""), d.case_path("/dossier", ""));
    let applicant = |back: &str| party(buyer, t.buyer, back.to_owned());
    let respondent = |back: &str| party(seller, t.seller, back.to_owned());
    let mediator = dossier.and_then(|s| s.mediator.as_ref()).map_or("", |m| m.staff.as_str());
    let mediator = |back: &str| named(mediator, Role::Mediator, &d.people, back.to_owned());
    let agreement = dossier.and_then(|s| s.agreement.as_ref());
    let court = d.confirmation.as_ref();
    let ruling = court.and_then(|c| c.ruling.as_ref());
    let (asks, filing) = (format!("{mine}#confirmation"), d.case_path("/confirmation", ""));
    let is = |done: Option<bool>| done.unwrap_or(false);
    let stop = |key, done, who: Vec<Option<Entry>>| Stop {
        key,
        done,
        who: who.into_iter().flatten().collect(),
        signed: Vec::new(),
    };
    // Of several who sign, those who have are named; only the others get a button.
    let signing = |key, open: Option<Vec<String>>, who: Vec<(Option<Entry>, String)>| {
        let signed = |signer: &String| open.as_ref().is_some_and(|open| !open.contains(signer));
        let (done, left): (Vec<_>, Vec<_>) = who.into_iter().partition(|(_, signer)| signed(signer));
        let names = done.into_iter().filter_map(|(entry, _)| entry.map(|(label, ..)| label)).collect();
        Stop { signed: names, ..stop(key, left.is_empty(), left.into_iter().map(|(entry, _)| entry).collect()) }
    };
    let side = |party: Option<&Party>| party.map_or_else(String::new, |p| format!("party/{}", p.person));
    let (one, other) = (side(buyer), side(seller));
    let staff_of = |s: &dossier::State| s.mediator.as_ref().map_or_else(String::new, |m| m.staff.clone());
    let presides = dossier.map_or_else(String::new, staff_of);
    vec![
        stop("letter", !d.state.letters.is_empty(), vec![staff(Role::Clerk, format!("/matter/{}", d.matter.key()))]),
        stop("apply", dossier.is_some(), vec![applicant(&format!("/apply?matter={}", d.matter.key()))]),
        stop("ask", is(dossier.map(|s| !s.consents.is_empty())), vec![staff(Role::Clerk, desk.clone())]),
        stop(
            "answer",
            is(dossier.map(|s| !s.consents.is_empty() && s.asked().next().is_none())),
            vec![respondent(&mine)],
        ),
        stop("accept", is(dossier.map(|s| s.period.is_some())), vec![staff(Role::Clerk, desk.clone())]),
        stop("name", is(dossier.map(|s| s.mediator.is_some())), vec![staff(Role::Leader, desk.clone())]),
        stop("call", is(dossier.map(|s| !s.sessions.is_empty())), vec![mediator(&desk)]),
        stop("mediate", is(dossier.map(dossier::State::has_record)), vec![mediator(&desk)]),
        signing(
            "record",
            match dossier {
                Some(_) if agreement.is_some() => Some(Vec::new()),
                other => other.filter(|s| s.has_record()).map(dossier::State::record_unsigned),
            },
            vec![
                (mediator(&format!("{desk}/sign_record")), presides.clone()),
                (applicant(&format!("{mine}/sign_record")), one.clone()),
                (respondent(&format!("{mine}/sign_record")), other.clone()),
            ],
        ),
        stop("draft", agreement.is_some(), vec![mediator(&desk)]),
        signing(
            "sign",
            dossier.filter(|_| agreement.is_some()).map(dossier::State::unsigned),
            vec![
                (applicant(&format!("{mine}/sign_agreement")), one.clone()),
                (respondent(&format!("{mine}/sign_agreement")), other.clone()),
                (mediator(&format!("{desk}/sign_agreement")), presides),
            ],
        ),
        stop("seal", is(agreement.map(|a| a.effective_on.is_some())), vec![staff(Role::Leader, desk.clone())]),
        signing(
            "confirm",
            court.map(confirmation::State::unsigned),
            vec![(applicant(&asks), one), (respondent(&asks), other)],
        ),
        stop("certify", is(court.map(|c| c.proof.is_some())), vec![mediator(&format!("{filing}/certify_presiding"))]),
        stop("file", is(court.map(|c| c.filed_on.is_some())), vec![applicant(&asks)]),
        stop("docket", is(court.map(|c| c.docketed_on.is_some())), vec![staff(Role::CourtClerk, filing.clone())]),
        stop(
            "rule",
            is(ruling.map(|_| true)),
            vec![named(court.map_or("", |c| c.judge.as_str()), Role::Judge, &d.court, filing.clone())],
        ),
        stop("serve", is(court.map(|c| c.stage == confirmation::Stage::Served)), vec![staff(Role::CourtClerk, filing)]),
        // There is only something to look at.
        stop("end", true, vec![applicant(&asks)]),
    ]
}

async fn show(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    only(&site)?;
    let (lang, t) = (visitor.lang(), &visitor.lang().text().tour);
    let dispute = Dispute::load(&site, &key).await?;
    let frame = visitor.frame(&site.app, t.title);
    let stops = stops(lang, &dispute);
    let finished = stops.iter().all(|s| s.done);
    let now = stops.iter().position(|s| !s.done).unwrap_or(stops.len().saturating_sub(1));
    let steps = stops.iter().enumerate().map(|(n, s)| {
        let state = match n.cmp(&now) {
            Ordering::Equal if !finished => StepState::Now,
            Ordering::Greater => StepState::Todo,
            _ => StepState::Done,
        };
        Step {
            label: text(lang, s.key, "title").to_owned(),
            state,
            href: Some(format!("#step-{}", n + 1)),
            ..Step::default()
        }
    });
    let mut sheet = Sheet::new(fill(t.of, &[("number", &dispute.state.matter.number)])).lead(t.story);
    sheet.add(&Steps { lang, steps: steps.collect() });
    if finished {
        sheet.add(&Notice::new(lang, NoticeKind::Success, t.finished).title(t.finished_title));
    } else if dispute.dossier().is_some_and(|s| s.is_over() && s.stage != dossier::Stage::Closed) {
        sheet.add(&Notice::new(lang, NoticeKind::Warn, t.stopped));
    }
    let here = format!("/tour/{key}");
    let part = |(n, stop): (usize, &Stop)| section(&site, &frame, &dispute, (n, now), stop);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (n, stop) in stops.iter().enumerate() {
        match n.cmp(&now) {
            // What is to be done now stands at the top, and links lead there.
            Ordering::Equal => sheet.add(&Section::default().id("now").with(&part((n, stop)))),
            Ordering::Less => before.push(Markup::of(&part((n, stop)))),
            Ordering::Greater => after.push(Markup::of(&part((n, stop)))),
        }
    }
    let folded =
        |label: &str, parts: Vec<Markup>| Folded { label: fill(label, &[("n", &parts.len().to_string())]), parts };
    for folded in [folded(t.steps_after, after), folded(t.steps_done, before)] {
        if !folded.parts.is_empty() {
            sheet.add(&folded);
        }
    }
    let links =
        vec![Link::new(t.reload, here), Link::new(lang.text().demo.phone, "/demo/phone"), Link::new(t.all, "/demo")];
    sheet.add(&Links { links, plain: true });
    site::ok(frame.page(&sheet))
}

/// Steps that are not under way, behind one line.
#[derive(askama::Template)]
#[template(
    source = "<details><summary>{{ label }}</summary>{% for part in parts %}{{ part }}{% endfor %}</details>",
    ext = "html"
)]
struct Folded {
    label: String,
    parts: Vec<Markup>,
}

fn text(lang: Lang, key: &str, part: &str) -> &'static str {
    lang.get(&format!("tour.{key}_{part}")).unwrap_or_default()
}

fn section(site: &Site, frame: &Frame, dispute: &Dispute, (n, now): (usize, usize), stop: &Stop) -> Section {
    let (lang, t) = (frame.lang, &frame.lang.text().tour);
    let (clock, here) = (county_time(site.app.clock.now()), format!("/tour/{}", dispute.matter.key()));
    let title = format!("{}. {}", n + 1, text(lang, stop.key, "title"));
    let mut section = Section::new(title).id(format!("step-{}", n + 1));
    if n < now {
        return section.with(&Tag::new(lang.text().part.step_done, Tone::Good));
    }
    section = section.say(text(lang, stop.key, "text"));
    if n != now {
        return section.with(&Tag::new(lang.text().part.step_todo, Tone::Plain));
    }
    section = section.panel();
    // The record is kept after the session, which lies ahead.
    let over = dispute.dossier().and_then(|s| s.sessions.last()).and_then(|s| s.at.checked_add(90.minutes()).ok());
    if let Some(over) = over.filter(|over| stop.key == "mediate" && *over > clock) {
        let label = fill(t.after_session, &[("time", &lang.time(over))]);
        let button = PostButton::new("/demo/clock", &frame.csrf, Button::secondary(label));
        let to = over.strftime("%Y-%m-%d %H:%M").to_string();
        section = section.with(&button.hidden("to", to).hidden("back", here));
    }
    if stop.key == "draft"
        && let Some(list) = dispute.dossier().and_then(|s| shown(true, lang, s))
    {
        section = section.with(&Section::default().say(lang.text().demo.documents).with(&list));
    }
    if !stop.signed.is_empty() {
        let signed = |list: SummaryList, who: &String| list.row(who, Tag::new(lang.text().my.signed, Tone::Good));
        section = section.with(&stop.signed.iter().fold(SummaryList::new(), signed));
    }
    let button = |buttons: Buttons, (label, who, back): &Entry| {
        buttons.with(&as_button(frame, who, back, Button::primary(fill(t.sign_in_as, &[("who", label)]))))
    };
    section = section.with(&stop.who.iter().fold(Buttons::default(), button));
    if stop.key == "apply"
        && let Some((letter, _)) = dispute.state.letters.last()
    {
        let phone = letter.to.phone_text().unwrap_or_default();
        section = section.say(fill(t.by_code, &[("code", &dashed(&letter.access)), ("phone", phone)])).with(&Links {
            links: vec![
                Link::new(t.open_letter, format!("/l/{}", letter.access)),
                Link::new(lang.text().demo.phone, format!("/demo/phone?number={phone}")),
            ],
            plain: true,
        });
    }
    if stop.done { section } else { section.say(t.then) }
}
