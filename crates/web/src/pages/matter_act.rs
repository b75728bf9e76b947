//! The forms of the acts on one enforcement matter: sending or declining the letter, the day of service, the reply.

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::Html;
use axum::routing::get;
use yanhe_app::Request;
use yanhe_core::StreamId;
use yanhe_core::matter::reply::Order;
use yanhe_core::matter::{self, Matter};
use yanhe_core::policy::Act;
use yanhe_core::scope::Source;

use super::form::FormPage;
use super::listing::{self, Typed, hidden};
use super::matter::stream_of;
use crate::components::{Breadcrumb, Button, Errors, Field, Link, Markup, Notice, NoticeKind, SummaryList};
use crate::site::{self, Answer, Fault, Site, Visitor, form_fault};
use crate::text::{self, Lang, fill};

/// `GET, POST /matter/KEY/ACT`.
pub fn router() -> Router<Site> {
    Router::new().route("/matter/{key}/{act}", get(form).post(carry_out))
}

/// The acts that have a form here.
const FORMS: [Act; 4] = [Act::ConfirmLetter, Act::DeclineLetter, Act::EnterServed, Act::ReplyOrder];

async fn form(State(site): State<Site>, visitor: Visitor, Path((key, act)): Path<(String, String)>) -> Answer {
    visitor.staff()?;
    let act = listing::act(&act)?;
    if act == Act::RecordOralApplication {
        return site::see(&format!("/dossiers/new?matter={key}"));
    }
    let stream = stream_of(&key)?;
    let mut typed = Typed(vec![("key".into(), site.app.fresh_key())]);
    typed.0.push(("version".into(), version(&site, &stream).await?));
    let state = permitted(&site, &visitor, &stream, act).await?;
    if act == Act::ReplyOrder {
        // The paper is in Chinese whatever language the clerk reads.
        let told = site.app.told(&state).await?;
        typed.0.push(("text".into(), matter::reply::draft(&state, &told)));
    }
    site::ok(draw(&site, &visitor, &stream, &state, act, &typed, &Errors::new(visitor.lang())).await?)
}

/// The version a form was made from: two people at once, and the second is told.
async fn version(site: &Site, stream: &StreamId) -> Result<String, Fault> {
    Ok(site.app.load::<Matter>(stream).await?.version.to_string())
}

async fn permitted(site: &Site, visitor: &Visitor, stream: &StreamId, act: Act) -> Result<matter::State, Fault> {
    // Who may not even read it learns nothing by an act's address.
    if !FORMS.contains(&act) {
        return Err(yanhe_app::AppError::NotFound.into());
    }
    Ok(site.app.permit::<Matter>(&visitor.actor, act, stream).await?)
}

async fn draw(
    site: &Site,
    visitor: &Visitor,
    stream: &StreamId,
    state: &matter::State,
    act: Act,
    typed: &Typed,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let refusal = site.app.refusal::<Matter>(&visitor.actor, stream, Some(state), act).await?;
    let mut frame = visitor.frame(&site.app, lang.name("act", act.name()));
    let back = format!("/matter/{}", stream.key());
    frame.above = Breadcrumb::new(
        lang,
        vec![Link::new(t.matters.title, "/matters"), Link::new(state.matter.number.as_str(), back.as_str())],
    );
    let lead = match act {
        Act::ConfirmLetter => t.matter.confirm_lead,
        Act::EnterEntitled => t.matter.entitled_lead,
        Act::DeclineLetter => t.matter.decline_lead,
        Act::EnterServed => t.matter.served_lead,
        _ => t.matter.reply_lead,
    };
    let mut above = vec![Markup::of(&about(lang, state, act))];
    let reason = Field::textarea(lang, "reason", t.common.reason);
    let fields = match act {
        Act::ConfirmLetter if state.proposal.send => Vec::new(),
        Act::ConfirmLetter => vec![reason.hint(t.matter.confirm_against)],
        Act::EnterEntitled => matter_people::fields(lang, entitled_role(state)),
        Act::DeclineLetter => vec![reason],
        Act::EnterServed => vec![Field::date(lang, "on", t.matter.served_on)],
        _ => {
            let hint = match matter::reply::order(state) {
                Order::Inquiry => t.matter.reply_hint_inquiry,
                Order::Report => t.matter.reply_hint_report,
                Order::Opinion => t.matter.reply_hint_opinion,
                Order::Complaint => t.matter.reply_hint_complaint,
            };
            vec![
                Field::textarea(lang, "findings", t.matter.reply_findings).hint(hint),
                Field::textarea(lang, "text", t.matter.reply_text).hint(t.matter.reply_text_hint),
            ]
        }
    };
    let mut page = FormPage {
        title: lang.name("act", act.name()).to_owned(),
        errors: errors.summary(),
        lead: lead.to_owned(),
        action: format!("/matter/{}/{}", stream.key(), act.name()),
        hidden: Markup::all(&[hidden("key", typed.get("key")), hidden("version", typed.get("version"))]),
        fields: fields.into_iter().map(|field| typed.field(field, errors)).collect(),
        buttons: vec![
            Button::primary(lang.name("act", act.name())),
            Button::secondary(t.common.cancel).to(back.as_str()),
        ],
        ..FormPage::default()
    };
    if let Some(refusal) = refusal {
        // Somebody else was faster, or the law stands against it: said at once, not after typing.
        let notice = Notice::new(lang, NoticeKind::Warn, text::refusal(lang, &refusal)).title(t.matter.refused_title);
        above.insert(0, Markup::of(&notice));
        page.fields.clear();
        page.buttons = vec![Button::secondary(t.common.back).to(back)];
    }
    page.above = Markup::all(&above);
    Ok(page.page(&frame))
}

/// As what somebody is entered who is entitled to a letter.
fn entitled_role(state: &matter::State) -> &'static str {
    if state.matter.source == Source::Complaint { "complainant" } else { "affected" }
}

/// What an act is about, above its fields.
fn about(lang: Lang, state: &matter::State, act: Act) -> SummaryList {
    let t = lang.text();
    let m = &state.matter;
    let mut list = SummaryList::new()
        .row(t.common.number, m.number.as_str())
        .row(t.matter.source, lang.name("source", matter::source_name(m.source)));
    if act == Act::ConfirmLetter
        && let Some(to) = state.entitled()
    {
        let channel = match m.source {
            Source::Penalty => "with_decision",
            _ if to.phone_text().is_some() => "sms",
            _ if to.address.as_ref().is_some_and(|a| a.open().is_some()) => "print",
            _ => "address_needed",
        };
        list =
            list.row(t.matter.confirm_to, to.name.text()).row(t.matter.confirm_channel, lang.name("channel", channel));
    }
    if act == Act::ReplyOrder {
        list = list.row(t.matter.text, m.text.text());
    }
    list
}

async fn carry_out(
    State(site): State<Site>,
    visitor: Visitor,
    Path((key, act)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Answer {
    visitor.staff()?;
    visitor.check(typed.get("csrf"))?;
    let act = listing::act(&act)?;
    let stream = stream_of(&key)?;
    let state = permitted(&site, &visitor, &stream, act).await?;
    let lang = visitor.lang();
    let mut errors = Errors::new(lang);
    let reason = typed.trimmed("reason").to_owned();
    let command = match act {
        Act::ConfirmLetter => Some(matter::Command::ConfirmLetter { reason }),
        Act::DeclineLetter => {
            typed.needed_text("reason", &mut errors);
            Some(matter::Command::DeclineLetter { reason })
        }
        Act::EnterServed => {
            let on = typed.needed("on", &mut errors, lang, listing::parse_date);
            on.map(|on| matter::Command::EnterServed { on })
        }
        _ => Some(matter::Command::ReplyOrder {
            findings: typed.needed_text("findings", &mut errors),
            text: typed.needed_text("text", &mut errors),
        }),
    };
    if let Some(command) = command.filter(|_| errors.is_empty()) {
        match stale(&site, &stream, &typed).await? {
            true => errors.say("", lang.text().site.conflict),
            false => match site.app.handle(Request::one(&visitor.actor, typed.get("key"), &stream, command)).await {
                Ok(_) => return site::see(&format!("/matter/{key}")),
                Err(error) => form_fault(&mut errors, lang, error.into())?,
            },
        }
    }
    // What is shown again is as it stands now, with what was typed.
    let now = site.app.state::<Matter>(&stream).await?.unwrap_or(state);
    let mut typed = typed;
    let fresh = version(&site, &stream).await?;
    typed.0.retain(|(name, _)| name != "version");
    typed.0.push(("version".into(), fresh));
    site::again(draw(&site, &visitor, &stream, &now, act, &typed, &errors).await?)
}

/// Was the matter changed since the form was made? A repeated request is not stale: it is answered as before.
async fn stale(site: &Site, stream: &StreamId, typed: &Typed) -> Result<bool, Fault> {
    let key = typed.get("key");
    if key.is_empty() {
        return Err(Fault::Address);
    }
    if site.app.reader.receipt(key).await?.is_some() {
        return Ok(false);
    }
    Ok(version(site, stream).await? != typed.get("version"))
}
