//! The forms of the acts on one paper: how it was served, how it is sent, and the notices that void or correct it.

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::Html;
use axum::routing::get;
use serde::Deserialize;
use yanhe_app::{AppError, Request};
use yanhe_core::matter::Matter;
use yanhe_core::paper::{self, Paper};
use yanhe_core::policy::{Act, Role};
use yanhe_core::values::{Email, Phone};
use yanhe_core::{Personal, StreamId, StreamKind};

use super::corrected;
use super::form::FormPage;
use super::letters;
use super::letters_one::OFFERED;
use super::listing::{self, Officers, Typed, choices, hidden};
use super::served_notice;
use crate::components::{Breadcrumb, Button, Choice, Errors, Field, Link, Markup, Notice, NoticeKind, SummaryList};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::stale;
use crate::text::{self, Lang, fill};

/// `GET, POST /paper/KEY/ACT`.
pub fn router() -> Router<Site> {
    Router::new().route("/paper/{key}/{act}", get(form).post(carry_out))
}

/// Acts on a notice that somebody asked for: their forms say what.
const DECIDES: [Act; 3] = [Act::WithdrawNotice, Act::ApproveNotice, Act::RefuseNotice];

/// Acts that ask for a notice, which somebody else approves.
const ASKS: [Act; 3] = [Act::VoidPaper, Act::CorrectPaper, Act::CorrectService];

/// Ways a paper can be sent: with a decision only what was made to go with one.
fn channels(state: &paper::State) -> &'static [&'static str] {
    match state.issued.channel.as_str() {
        "with_decision" => &["with_decision", "sms", "email", "mail", "print"],
        _ => &["sms", "email", "mail", "print"],
    }
}

/// The proof of the only attempt there is: nothing to choose.
fn only_attempt(state: &paper::State) -> String {
    let mut all = state.own_attempts();
    let first = all.next().filter(|_| all.next().is_none());
    first.map_or_else(String::new, |service| service.proof.id.key().to_owned())
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
    let mut typed = Typed(vec![
        ("key".into(), site.app.fresh_key()),
        ("version".into(), version(&site, &stream).await?),
        ("on".into(), site.app.today().to_string()),
        ("proof".into(), only_attempt(&state)),
        (
            "channel".into(),
            // Where no way is known, somebody says which.
            Some(state.issued.channel.as_str()).filter(|c| channels(&state).contains(c)).unwrap_or_default().into(),
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

/// The number of the decision that goes with this letter, whose service is recorded with it.
pub(super) async fn with_decision(
    site: &Site,
    stream: &StreamId,
    state: &paper::State,
) -> Result<Option<String>, Fault> {
    if !state.goes_with_decision() {
        return Ok(None);
    }
    let matter = site.app.state::<Matter>(&state.issued.about).await?;
    Ok(matter.and_then(|matter| matter.served_with(stream)).map(|decision| decision.number))
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
    let arrived = [Choice::new("yes", t.letters.arrived), Choice::new("no", t.letters.failed)];
    let (lead, fields) = match act {
        Act::RecordService => {
            let mut fields = served_notice::fields(lang, arrived.to_vec(), t.letters.serve_arrived, false);
            if served_notice::unsent(state) {
                fields.push(served_notice::handed(lang, t.letters.unsent));
            }
            (t.letters.serve_lead, fields)
        }
        Act::CorrectService => {
            let mut actual = vec![Choice::new("none", t.letters.service_none)];
            actual.extend(arrived);
            let which = served_notice::attempts(lang, state);
            let mut fields = vec![Field::radio(lang, "proof", t.letters.service_which, which)];
            fields.extend(served_notice::fields(lang, actual, t.letters.service_actual, true));
            fields.push(Field::textarea(lang, "reason", label("reason")));
            (t.letters.service_lead, fields)
        }
        Act::WithdrawNotice => (t.letters.withdraw_lead, Vec::new()),
        Act::ApproveNotice => (t.letters.approve_lead, Vec::new()),
        Act::RefuseNotice => (t.letters.refuse_lead, vec![Field::textarea(lang, "reason", t.letters.refuse_why)]),
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
    if act == Act::RecordService
        && let Some(decision) = with_decision(site, stream, state).await?
    {
        let says = fill(t.letters.serve_with_decision, &[("number", &decision)]);
        above.push(Markup::of(&Notice::new(lang, NoticeKind::Info, says)));
    }
    if let Some(asked) = state.asked.as_ref().filter(|_| DECIDES.contains(&act)) {
        let by = Officers::default().name(site, lang, &asked.by).await?;
        above.push(Markup::of(&served_notice::summary(lang, asked, &by)));
    }
    // Who would approve it may be the only one there is.
    if ASKS.contains(&act) && matches!(visitor.actor.role, Role::Leader | Role::Judge) {
        let says = if visitor.actor.role == Role::Judge { t.letters.asks_as_judge } else { t.letters.asks_as_leader };
        above.push(Markup::of(&Notice::new(lang, NoticeKind::Warn, says)));
    }
    let press =
        if matches!(act, Act::VoidPaper | Act::RefuseNotice) { Button::warning(title) } else { Button::primary(title) };
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
    // Whoever may approve may refuse instead.
    if act == Act::ApproveNotice {
        let other = Button::secondary(lang.name("act", Act::RefuseNotice.name()));
        page.buttons.insert(1, other.to(format!("/paper/{}/{}", stream.key(), Act::RefuseNotice.name())));
    }
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
            let attempt = attempt(site, lang, state, typed, errors);
            if served_notice::unsent(state) {
                not_sent(typed, errors);
            }
            let paper::Attempt { manner, on, at, served, receiver, note } = attempt?;
            Some(paper::Command::RecordService { manner, on, at, served, receiver, note })
        }
        Act::CorrectService => {
            let proof = typed.trimmed("proof");
            if proof.is_empty() {
                errors.add("proof", "choose");
            }
            let reason = typed.needed_text("reason", errors);
            let actual = match typed.get("served") {
                "none" => None,
                _ => Some(Box::new(attempt(site, lang, state, typed, errors)?)),
            };
            Some(paper::Command::CorrectService { proof: StreamId::new(StreamKind::Paper, proof), actual, reason })
        }
        Act::WithdrawNotice => Some(paper::Command::WithdrawNotice {}),
        Act::ApproveNotice => Some(paper::Command::ApproveNotice {}),
        Act::RefuseNotice => Some(paper::Command::RefuseNotice { reason: typed.needed_text("reason", errors) }),
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

/// A paper that never left the house, as far as anybody noted, can only have been handed over.
fn not_sent(typed: &Typed, errors: &mut Errors) {
    if matches!(typed.trimmed("manner"), "post" | "electronic" | "notice") {
        errors.add("manner", "send_first");
    }
    if typed.get("handed") != "yes" && typed.get("served") == "yes" {
        errors.add("handed", "hand_over");
    }
}

/// How a paper was served, as typed; what is wrong is said at its field.
fn attempt(
    site: &Site,
    lang: Lang,
    state: &paper::State,
    typed: &Typed,
    errors: &mut Errors,
) -> Option<paper::Attempt> {
    let day = letters::manner_and_day(site, lang, typed, &paper::MANNERS, errors);
    let served = match typed.get("served") {
        "yes" => true,
        "no" => false,
        _ => {
            errors.add("served", "choose");
            false
        }
    };
    // A public notice has no receiver: what it says is where it stood. What was left behind has a witness.
    let needed: &[&str] = match typed.trimmed("manner") {
        _ if !served => &["note"],
        "notice" => &["note"],
        "left" => &["witness", "note"],
        _ => &["receiver"],
    };
    for name in needed {
        typed.needed_text(name, errors);
    }
    let taken = if typed.trimmed("manner") == "left" { "witness" } else { "receiver" };
    if let Some((_, on)) = &day
        && *on < state.issued.date
    {
        errors.add("on", "before_paper");
    }
    let at = letters::time_of_day(site, lang, typed, day.as_ref().map(|(_, on)| *on), errors);
    let (manner, on) = day?;
    // Who did not get it did not sign for it.
    let receiver = if served { typed.trimmed(taken).to_owned() } else { String::new() };
    Some(paper::Attempt { manner, on, at, served, receiver, note: typed.trimmed("note").to_owned() })
}

/// The phone, e-mail or postal address that was typed for a channel; what is missing is said at its field.
fn contact(lang: Lang, state: &paper::State, channel: &str, typed: &Typed, errors: &mut Errors) -> Option<String> {
    let open = |value: &Option<Personal<String>>| value.as_ref().is_some_and(|v| v.open().is_some());
    let known = state.issued.addressee.as_ref().is_some_and(|to| match channel {
        "sms" => open(&to.phone),
        "email" => open(&to.email),
        "mail" => open(&to.address),
        // What is handed over is handed over somewhere; in a print run it goes with the rest.
        "print" => open(&to.address) || state.issued.channel != "address_needed",
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
        "mail" | "print" => typed.filter("to"),
        _ => None,
    };
    if !known && given.is_none() && errors.at("to").is_none() {
        errors.add("to", "required");
    }
    given
}
