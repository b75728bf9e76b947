//! The tour of a demonstration: one dispute from the matter to the court's ruling, role by role. Where it stands is read
//! from the matter, the case and the confirmation. Every step is done by hand, by the button that takes its role and
//! opens its page, or is done for the reader by the demo; the browser's cookie remembers which were.

mod stops;

use std::cmp::Ordering;

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse};
use axum::routing::{get, post};
use serde::Deserialize;
use yanhe_app::{AppError, dashed};
use yanhe_core::dossier;
use yanhe_core::party::Party;
use yanhe_core::time::county_time;

use self::stops::{Dispute, Entry, STEPS, Stop, minutes, stops};
use super::demo::{as_button, matter as matter_stream, only};
use super::dossier_forms::identity::shown;
use super::listing::Typed;
use super::portal::{Buttons, Links, Section, Sheet};
use crate::components::{
    Button, Link, Markup, Notice, NoticeKind, PostButton, Step, StepState, Steps, SummaryList, Tag, Tone,
};
use crate::layout::Frame;
use crate::site::{self, Answer, Fault, Site, Tour, Visitor};
use crate::text::{Lang, fill, refusal};

/// `GET /tour`, `POST /tour/begin`, `GET /tour/KEY`, `POST /tour/KEY/play`.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/tour", get(start))
        .route("/tour/begin", post(begin))
        .route("/tour/{key}", get(show))
        .route("/tour/{key}/play", post(play))
}

async fn start(State(site): State<Site>, visitor: Visitor) -> Answer {
    only(&site)?;
    let t = &visitor.lang().text().tour;
    let frame = visitor.frame(&site.app, t.title);
    let n = |n: u32| n.to_string();
    let worth = STEPS.iter().filter(|step| step.worth).count().to_string();
    let facts = [
        ("minutes", &*n(minutes(0, |step| step.worth))),
        ("all", &n(minutes(0, |_| true))),
        ("none", &n(minutes(0, |_| false))),
        ("steps", &STEPS.len().to_string()),
        ("worth", &worth),
    ];
    let mut sheet = Sheet::new(t.title).lead(fill(t.lead, &facts)).with(&Section::default().say(fill(t.about, &facts)));
    let begin = |button| PostButton::new("/tour/begin", &frame.csrf, button).hidden("key", site.app.fresh_key());
    // The browser remembers which dispute it walked through last.
    if let Some(Tour { key, .. }) = &visitor.tour
        && site.app.reader.matter(&matter_stream(key)?).await?.is_some()
    {
        let go_on = Button::primary(t.go_on).to(format!("/tour/{key}#now"));
        sheet.add(&Buttons::default().with(&go_on).with(&begin(Button::secondary(t.begin_again))));
    } else {
        sheet.add(&begin(Button::primary(t.begin)));
    }
    site::ok(frame.page(&sheet))
}

/// What a button of the tour sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Press {
    csrf: String,
    key: String,
    /// The step that is to be done.
    step: String,
}

/// Leads to a page of the tour, and remembers it.
fn lead(tour: &Tour, to: String) -> Answer {
    Ok((StatusCode::SEE_OTHER, [(header::SET_COOKIE, tour.cookie()), (header::LOCATION, to)]).into_response())
}

async fn begin(State(site): State<Site>, visitor: Visitor, Form(form): Form<Press>) -> Answer {
    only(&site)?;
    visitor.check(&form.csrf)?;
    let stream = site.app.begin_tour(&form.key).await?;
    lead(&Tour::of(stream.key()), format!("/tour/{}", stream.key()))
}

/// Does a step for the reader, one act after the other, until it is done.
async fn play(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>, Form(form): Form<Press>) -> Answer {
    only(&site)?;
    visitor.check(&form.csrf)?;
    let mut refused = None;
    loop {
        let dispute = Dispute::load(&site, &key).await?;
        // Done meanwhile, in another window or by the first of two presses: the page shows what is next.
        if next(&stops(visitor.lang(), &dispute)).is_none_or(|stop| stop.key != form.step) {
            break;
        }
        if let Some(why) = refused {
            let t = &visitor.lang().text().tour;
            let notice = Notice::new(visitor.lang(), NoticeKind::Warn, why).title(t.not_played);
            return site::again(page(&site, &visitor, &dispute, Some(notice)).await?);
        }
        let case = dispute.case.as_ref().map(|(stream, _)| stream);
        match site.app.play_next(&form.key, &dispute.matter, case).await {
            Ok(true) => {}
            Ok(false) => refused = Some(visitor.lang().text().tour.nothing_to_play.to_owned()),
            Err(AppError::Refused(why)) => refused = Some(refusal(visitor.lang(), &why)),
            Err(AppError::Conflict(_) | AppError::Stale { .. } | AppError::KeyReused(_)) => {
                refused = Some(visitor.lang().text().tour.at_once.to_owned());
            }
            Err(error) => return Err(error.into()),
        }
    }
    let done = is_done(&stops(visitor.lang(), &Dispute::load(&site, &key).await?), &form.step);
    let mut tour = visitor.tour.filter(|tour| tour.key == key).unwrap_or_else(|| Tour::of(&key));
    if done && !tour.played.contains(&form.step) {
        tour.played.push(form.step.clone());
    }
    lead(&tour, format!("/tour/{key}?played={}#now", crate::layout::percent(&form.step)))
}

/// Is a step of this name done? What was not is not told as done, whatever an address says.
fn is_done(stops: &[Stop], key: &str) -> bool {
    stops.iter().any(|stop| stop.key == key && stop.done)
}

/// The first step that is not done.
fn next(stops: &[Stop]) -> Option<&Stop> {
    stops.iter().find(|stop| !stop.done)
}

async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(key): Path<String>,
    Query(asked): Query<Typed>,
) -> Answer {
    only(&site)?;
    let (lang, t) = (visitor.lang(), &visitor.lang().text().tour);
    let dispute = Dispute::load(&site, &key).await?;
    let stops = stops(lang, &dispute);
    let played = STEPS.iter().find(|step| step.key == asked.get("played") && is_done(&stops, step.key));
    let notice = played.map(|step| {
        let title = fill(t.played, &[("step", text(lang, step.key, "title"))]);
        Notice::new(lang, NoticeKind::Success, text(lang, step.key, "next")).title(title)
    });
    let page = page(&site, &visitor, &dispute, notice).await?;
    // Whoever comes by an address that somebody gave them is on this tour, too.
    match visitor.tour.is_some_and(|tour| tour.key == key) {
        true => site::ok(page),
        false => Ok(([(header::SET_COOKIE, Tour::of(&key).cookie())], page).into_response()),
    }
}

/// The phones of both sides of a tour, with whose they are; none when there is no such dispute.
///
/// # Errors
/// When the database fails.
pub async fn phones(site: &Site, lang: Lang, tour: &Tour) -> Result<Vec<(String, String)>, Fault> {
    let t = &lang.text().tour;
    let dispute = match Dispute::load(site, &tour.key).await {
        Err(Fault::App(AppError::NotFound)) => return Ok(Vec::new()),
        found => found?,
    };
    let sides = [(t.buyer, dispute.state.entitled()), (t.seller, dispute.state.other_side())];
    let phone = |(role, party): (&str, Option<&Party>)| {
        let party = party?;
        Some((format!("{role} {}", party.name.text()), party.phone_text()?.to_owned()))
    };
    Ok(sides.into_iter().filter_map(phone).collect())
}

async fn page(
    site: &Site,
    visitor: &Visitor,
    dispute: &Dispute,
    notice: Option<Notice>,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().tour);
    let frame = visitor.frame(&site.app, t.title);
    let stops = stops(lang, dispute);
    let finished = next(&stops).is_none();
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
    if finished {
        sheet.add(&Notice::new(lang, NoticeKind::Success, t.finished).title(t.finished_title));
    } else if dispute.dossier().is_some_and(|s| s.is_over() && s.stage != dossier::Stage::Closed) {
        sheet.add(&Notice::new(lang, NoticeKind::Warn, t.stopped));
    }
    let played: &[String] = match &visitor.tour {
        Some(tour) if tour.key == dispute.matter.key() => &tour.played,
        _ => &[],
    };
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (n, stop) in stops.iter().enumerate() {
        match n.cmp(&now) {
            // What is to be done now stands at the top, below what was done just now, and links lead there.
            Ordering::Equal => {
                let now = notice.iter().fold(Section::default().id("now"), |now, notice| now.with(notice));
                sheet.add(&now.with(&under_way(site, &frame, dispute, n, stop)));
            }
            Ordering::Less => before.push(Markup::of(&done(&frame, n, stop, played.iter().any(|key| key == stop.key)))),
            Ordering::Greater => after.push(Markup::of(&heading(lang, n, stop).say(text(lang, stop.key, "why")))),
        }
    }
    sheet.add(&Steps { lang, steps: steps.collect() });
    let folded =
        |label: &str, parts: Vec<Markup>| Folded { label: fill(label, &[("n", &parts.len().to_string())]), parts };
    for folded in [folded(t.steps_after, after), folded(t.steps_done, before)] {
        if !folded.parts.is_empty() {
            sheet.add(&folded);
        }
    }
    let links = vec![
        Link::new(t.reload, format!("/tour/{}", dispute.matter.key())),
        Link::new(lang.text().demo.phone, "/demo/phone"),
        Link::new(t.all, "/demo"),
        Link::new(t.begin_again, "/tour"),
    ];
    sheet.add(&Links { links, plain: true });
    Ok(frame.page(&sheet))
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

fn heading(lang: Lang, n: usize, stop: &Stop) -> Section {
    Section::new(format!("{}. {}", n + 1, text(lang, stop.key, "title"))).id(format!("step-{}", n + 1))
}

/// How a button looks.
type Style = fn(String) -> Button;

/// A button that takes the role of who acts and opens a page.
fn open(buttons: Buttons, frame: &Frame, label: &str, (name, who, page): &Entry, form: &str, button: Style) -> Buttons {
    let label = fill(label, &[("who", name)]);
    buttons.with(&as_button(frame, who, &format!("{page}{form}"), button(label)))
}

/// A step that is done: by whom, and where it can be seen.
fn done(frame: &Frame, n: usize, stop: &Stop, played: bool) -> Section {
    let (lang, t) = (frame.lang, &frame.lang.text().tour);
    let word = if played { t.was_played } else { lang.text().part.step_done };
    let see =
        stop.who.iter().fold(Buttons::default(), |all, who| open(all, frame, t.see_as, who, "", Button::secondary));
    heading(lang, n, stop).with(&Tag::new(word, Tone::Good)).with(&see)
}

/// The step that is next: what to do, why, what follows, and its buttons.
fn under_way(site: &Site, frame: &Frame, dispute: &Dispute, n: usize, stop: &Stop) -> Section {
    let (lang, t) = (frame.lang, &frame.lang.text().tour);
    let (clock, here) = (county_time(site.app.clock.now()), format!("/tour/{}", dispute.matter.key()));
    let facts =
        [("n", &*(n + 1).to_string()), ("total", &STEPS.len().to_string()), ("step", text(lang, stop.key, "title"))];
    let mut section = Section::new(fill(t.now, &facts)).id(format!("step-{}", n + 1)).panel();
    let number = dispute.case.as_ref().map_or_else(String::new, |(case, _)| site.app.tour_court_number(case));
    section = section.say(fill(text(lang, stop.key, "text"), &[("number", &number)]));
    for (label, part) in [(t.why, "why"), (t.next, "next")] {
        let words = text(lang, stop.key, part);
        if !words.is_empty() {
            section = section.say(fill(label, &[("text", words)]));
        }
    }
    // The record is kept after the session, which lies ahead.
    let over = dispute.dossier().and_then(|s| s.sessions.last()).map(|s| yanhe_app::demo::session_over(s.at));
    let waits = over.filter(|over| stop.key == "mediate" && *over > clock);
    if let Some(over) = waits {
        let label = fill(t.after_session, &[("time", &lang.time(over))]);
        let button = PostButton::new("/demo/clock", &frame.csrf, Button::secondary(label));
        let to = over.strftime("%Y-%m-%d %H:%M").to_string();
        section = section.with(&button.hidden("to", to).hidden("back", format!("{here}#now")));
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
    let step = STEPS.get(n).filter(|_| !stop.done);
    let worth = step.is_none_or(|step| step.worth);
    let (first, second): (Style, Style) = (Button::primary, Button::secondary);
    let (by_hand, for_me) = if worth { (first, second) } else { (second, first) };
    // Of the last step nothing is left to be done.
    let label = if stop.done { t.see_as } else { t.sign_in_as };
    let hands = |all: Buttons| stop.who.iter().fold(all, |all, who| open(all, frame, label, who, stop.form, by_hand));
    let Some(step) = step else { return section.with(&hands(Buttons::default())) };
    let label = if stop.signed.is_empty() { t.play } else { t.play_rest };
    let play = PostButton::new(format!("{here}/play"), &frame.csrf, for_me(label.to_owned()));
    let play = play.hidden("key", site.app.fresh_key()).hidden("step", stop.key);
    // What is proposed comes first.
    let buttons = match worth {
        true => hands(Buttons::default()).with(&play),
        false => hands(Buttons::default().with(&play)),
    };
    let time = fill(if worth { t.time_worth } else { t.time }, &[("n", &step.by_hand.div_ceil(60).to_string())]);
    let left = fill(t.left, &[("n", &minutes(n, |step| step.worth).to_string())]);
    section = section.with(&buttons).with(&Section::default().say(time).say(left));
    if stop.key == "apply"
        && let Some((letter, _)) = dispute.state.letters.last()
    {
        let phone = letter.to.phone_text().unwrap_or_default();
        let other = Section::default().say(fill(t.by_code, &[("code", &dashed(&letter.access)), ("phone", phone)]));
        section = section.with(&other.with(&Links {
            links: vec![
                Link::new(t.open_letter, format!("/l/{}", letter.access)),
                Link::new(lang.text().demo.phone, format!("/demo/phone?number={phone}")),
            ],
            plain: true,
        }));
    }
    section
}
