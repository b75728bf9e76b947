//! The forms of the acts on one paper: how it was served, how it is sent, and the notices that void or correct it.

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::Html;
use axum::routing::get;
use serde::Deserialize;
use yanhe_app::{AppError, Request};
use yanhe_core::paper::{self, MANNERS, Paper};
use yanhe_core::policy::Act;
use yanhe_core::values::{Email, Phone};
use yanhe_core::{Personal, StreamId};

use super::corrected;
use super::form::FormPage;
use super::letters;
use super::letters_one::OFFERED;
use super::listing::{self, Typed, choices, hidden};
use crate::components::{
    Breadcrumb, Button, Choice, Errors, Field, Link, Markup, Notice, NoticeKind, SummaryList, Width,
};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::stale;
use crate::text::{self, Lang, fill};

/// `GET, POST /paper/KEY/ACT`.
pub fn router() -> Router<Site> {
    Router::new().route("/paper/{key}/{act}", get(form).post(carry_out))
}

/// Ways a paper can be sent: with a decision only what was made to go with one.
fn channels(state: &paper::State) -> &'static [&'static str] {
    match state.issued.channel.as_str() {
        "with_decision" => &["with_decision", "sms", "email", "mail", "print"],
        _ => &["sms", "email", "mail", "print"],
    }
}

/// The manner of service that a channel usually ends in.
fn usual_manner(channel: &str) -> &'static str {
    match channel {
        "sms" | "email" => "electronic",
        "mail" => "post",
        _ => "direct",
    }
}

async fn permitted(site: &Site, visitor: &Visitor, key: &str, act: Act) -> Result<(StreamId, paper::State), Fault> {
    let stream =
        StreamId::parse(&format!("paper/{key}")).filter(|_| OFFERED.contains(&act)).ok_or(AppError::NotFound)?;
    let state = site.app.permit::<Paper>(&visitor.actor, act, &stream).await?;
    Ok((stream, state))
}

/// What the address of a form fills in: the place of an approved correction, for the notice that says it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    correction: Option<usize>,
}

async fn form(
    State(site): State<Site>,
    visitor: Visitor,
    Path((key, act)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Answer {
    visitor.staff()?;
    let act = listing::act(&act)?;
    let (stream, state) = permitted(&site, &visitor, &key, act).await?;
    let to = state.issued.addressee.as_ref().map_or_else(String::new, |a| a.name.text().to_owned());
    let mut typed = Typed(vec![
        ("key".into(), site.app.fresh_key()),
        ("version".into(), version(&site, &stream).await?),
        ("on".into(), site.app.today().to_string()),
        ("receiver".into(), to),
        ("served".into(), "yes".into()),
        ("manner".into(), usual_manner(&state.issued.channel).into()),
        (
            "channel".into(),
            Some(state.issued.channel.as_str()).filter(|c| channels(&state).contains(c)).unwrap_or("print").into(),
        ),
    ]);
    if let Some(place) = asked.correction.filter(|_| act == Act::CorrectPaper)
        && let Some(correction) = corrected::of_paper(&site, &visitor, &state, place).await?
    {
        let known = [("before", &correction.before), ("after", &correction.after), ("reason", &correction.reason)];
        typed.0.extend(known.map(|(name, value)| (name.to_owned(), value.text().to_owned())));
    }
    site::ok(draw(&site, &visitor, &stream, &state, act, &typed, &Errors::new(visitor.lang())).await?)
}

/// The version a form was made from.
async fn version(site: &Site, stream: &StreamId) -> Result<String, Fault> {
    Ok(site.app.load::<Paper>(stream).await?.version.to_string())
}

async fn draw(
    site: &Site,
    visitor: &Visitor,
    stream: &StreamId,
    state: &paper::State,
    act: Act,
    typed: &Typed,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let title = lang.name("act", act.name());
    let back = format!("/letters/{}", stream.key());
    let issued = &state.issued;
    let name = letters::paper_name(site, lang, &issued.paper.kind);
    let label = |name: &str| lang.name("label", name).to_owned();
    let (lead, fields) = match act {
        Act::RecordService => (
            t.letters.serve_lead,
            vec![
                Field::select(lang, "manner", label("manner"), choices(lang, "manner", &MANNERS)).width(Width::Medium),
                Field::date(lang, "on", t.letters.serve_on),
                Field::text(lang, "at", t.letters.serve_at)
                    .hint(t.letters.serve_at_hint)
                    .width(Width::Short)
                    .optional(),
                Field::radio(
                    lang,
                    "served",
                    t.letters.serve_arrived,
                    vec![Choice::new("yes", t.letters.arrived), Choice::new("no", t.letters.failed)],
                ),
                Field::text(lang, "receiver", t.letters.serve_receiver).hint(t.letters.serve_receiver_hint),
                Field::text(lang, "note", t.letters.note).hint(t.letters.serve_note_hint).optional(),
            ],
        ),
        Act::DispatchPaper => (
            t.letters.dispatch_lead,
            vec![
                Field::radio(lang, "channel", t.letters.channel, choices(lang, "channel", channels(state))),
                Field::text(lang, "to", t.letters.dispatch_to).hint(t.letters.dispatch_to_hint).optional(),
            ],
        ),
        Act::VoidPaper => (t.letters.void_lead, vec![Field::textarea(lang, "reason", label("reason"))]),
        _ => (
            t.letters.correct_lead,
            vec![
                Field::text(lang, "before", t.letters.before),
                Field::text(lang, "after", t.letters.after),
                Field::textarea(lang, "reason", label("reason")),
            ],
        ),
    };
    let about = SummaryList::new()
        .row(t.letters.paper, name)
        .row(t.common.number, issued.paper.number.as_str())
        .row(t.letters.addressee, issued.addressee.as_ref().map_or("", |a| a.name.text()))
        .row(t.letters.date, lang.date(issued.date));
    let mut above = vec![Markup::of(&about)];
    let press = if act == Act::VoidPaper { Button::warning(title) } else { Button::primary(title) };
    let mut page = FormPage {
        title: title.to_owned(),
        errors: errors.summary(),
        lead: lead.to_owned(),
        action: format!("/paper/{}/{}", stream.key(), act.name()),
        hidden: Markup::all(&[hidden("key", typed.get("key")), hidden("version", typed.get("version"))]),
        fields: fields.into_iter().map(|field| typed.field(field, errors)).collect(),
        buttons: vec![press, Button::secondary(t.common.cancel).to(back.as_str())],
        ..FormPage::default()
    };
    if let Some(refusal) = site.app.refusal::<Paper>(&visitor.actor, stream, Some(state), act).await? {
        let notice = Notice::new(lang, NoticeKind::Warn, text::refusal(lang, &refusal)).title(t.matter.refused_title);
        above.insert(0, Markup::of(&notice));
        page.fields.clear();
        page.buttons = vec![Button::secondary(t.common.back).to(back.as_str())];
    }
    page.above = Markup::all(&above);
    let mut frame =
        visitor.frame(&site.app, fill("{act} {number}", &[("act", title), ("number", &issued.paper.number)]));
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.letters.title, "/letters"), Link::new(name, back)]);
    Ok(page.page(&frame))
}

async fn carry_out(
    State(site): State<Site>,
    visitor: Visitor,
    Path((key, act)): Path<(String, String)>,
    Form(mut typed): Form<Typed>,
) -> Answer {
    visitor.staff()?;
    visitor.check(typed.get("csrf"))?;
    let act = listing::act(&act)?;
    let (stream, state) = permitted(&site, &visitor, &key, act).await?;
    let lang = visitor.lang();
    let mut errors = Errors::new(lang);
    if typed.get("key").is_empty() {
        return Err(Fault::Address);
    }
    let command = command(&site, &visitor, act, &state, &typed, &mut errors);
    if let Some(command) = command.filter(|_| errors.is_empty()) {
        // A repeated request is answered as before; another one on an old page is told what changed.
        let request = Request::one(&visitor.actor, typed.get("key"), &stream, command)
            .seen(&stream, stale::version(typed.get("version")));
        match site.app.handle(request).await {
            Ok(_) => return site::see(&format!("/letters/{key}")),
            Err(error) => stale::told(&site, &mut errors, lang, error).await?,
        }
    }
    let fresh = version(&site, &stream).await?;
    typed.0.retain(|(name, _)| name != "version");
    typed.0.push(("version".into(), fresh));
    let now = site.app.state::<Paper>(&stream).await?.unwrap_or(state);
    site::again(draw(&site, &visitor, &stream, &now, act, &typed, &errors).await?)
}

fn command(
    site: &Site,
    visitor: &Visitor,
    act: Act,
    state: &paper::State,
    typed: &Typed,
    errors: &mut Errors,
) -> Option<paper::Command> {
    let lang = visitor.lang();
    match act {
        Act::RecordService => {
            let day = letters::manner_and_day(site, lang, typed, errors);
            let served = match typed.get("served") {
                "yes" => true,
                "no" => false,
                _ => {
                    errors.add("served", "choose");
                    false
                }
            };
            let who = if served { "receiver" } else { "note" };
            typed.needed_text(who, errors);
            if let Some((_, on)) = &day
                && *on < state.issued.date
            {
                errors.add("on", "before_paper");
            }
            let at = letters::time_of_day(site, lang, typed, day.as_ref().map(|(_, on)| *on), errors);
            let (manner, on) = day?;
            // Who did not get it did not sign for it.
            let receiver = if served { typed.trimmed("receiver").to_owned() } else { String::new() };
            Some(paper::Command::RecordService {
                manner,
                on,
                at,
                served,
                receiver,
                note: typed.trimmed("note").to_owned(),
            })
        }
        Act::DispatchPaper => {
            let channel = typed.trimmed("channel");
            if channel.is_empty() {
                errors.add("channel", "choose");
            } else if !channels(state).contains(&channel) {
                errors.add("channel", "unknown");
            }
            let to = contact(lang, state, channel, typed, errors);
            Some(paper::Command::Dispatch { channel: channel.to_owned(), to })
        }
        Act::VoidPaper => Some(paper::Command::Void { reason: typed.needed_text("reason", errors) }),
        _ => Some(paper::Command::Correct {
            before: typed.needed_text("before", errors),
            after: typed.needed_text("after", errors),
            reason: typed.needed_text("reason", errors),
        }),
    }
}

/// The phone, e-mail or postal address that was typed for a channel; what is missing is said at its field.
fn contact(lang: Lang, state: &paper::State, channel: &str, typed: &Typed, errors: &mut Errors) -> Option<String> {
    let open = |value: &Option<Personal<String>>| value.as_ref().is_some_and(|v| v.open().is_some());
    let known = state.issued.addressee.as_ref().is_some_and(|to| match channel {
        "sms" => open(&to.phone),
        "email" => open(&to.email),
        "mail" => open(&to.address),
        _ => true,
    });
    let given = match channel {
        "sms" => match typed.given("to", errors, lang, Phone::parse) {
            Some(phone) if !phone.is_mobile() => {
                errors.say("to", lang.text().letters.not_mobile);
                None
            }
            phone => phone.map(|phone| phone.to_string()),
        },
        "email" => typed.given("to", errors, lang, Email::parse).map(|email| email.to_string()),
        "mail" => typed.filter("to"),
        _ => None,
    };
    if !known && given.is_none() && errors.at("to").is_none() {
        errors.add("to", "required");
    }
    given
}
