//! The forms of the acts on one enforcement matter: declining the letter, the day of service, the reply. Sending has
//! its own, in `matter_send`.

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
use super::matter_form::persons;
use super::{matter_correct, matter_people};
use crate::components::{Breadcrumb, Button, Errors, Field, Link, Markup, Notice, NoticeKind, SummaryList};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::stale;
use crate::text::{self, Lang};

/// `GET, POST /matter/KEY/ACT`.
pub fn router() -> Router<Site> {
    Router::new().route("/matter/{key}/{act}", get(form).post(carry_out))
}

/// The acts that have a form here.
const FORMS: [Act; 8] = [
    Act::EnterEntitled,
    Act::DeclineLetter,
    Act::EnterServed,
    Act::ReplyOrder,
    Act::AskCorrection,
    Act::ApproveCorrection,
    Act::RefuseCorrection,
    Act::WithdrawMatter,
];

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
    if act == Act::EnterEntitled {
        typed.0.extend(matter_people::of_caller(&state));
    }
    if act == Act::ReplyOrder {
        // The paper is in Chinese whatever language the clerk reads.
        let told = site.app.told(&state).await?;
        typed.0.push(("text".into(), matter::reply::draft(&state, &told)));
    }
    site::ok(draw(&site, &visitor, &stream, &state, act, &typed, &Errors::new(visitor.lang())).await?)
}

/// The version a form was made from: two people at once, and the second is told.
pub(super) async fn version(site: &Site, stream: &StreamId) -> Result<String, Fault> {
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
        Act::EnterEntitled if state.entitled().is_some() => t.matter.entitled_more_lead,
        Act::EnterEntitled => t.matter.entitled_lead,
        Act::DeclineLetter => t.matter.decline_lead,
        Act::EnterServed => t.matter.served_lead,
        Act::AskCorrection => t.matter.correct_lead,
        Act::ApproveCorrection => t.dossier_form.approve,
        Act::RefuseCorrection => t.dossier_form.refuse_correction,
        Act::WithdrawMatter => t.matter.withdraw_lead,
        _ => t.matter.reply_lead,
    };
    let mut above = vec![Markup::of(&about(lang, state, act))];
    if act == Act::AskCorrection && refusal.is_none() {
        above.push(Markup::of(&matter_correct::on_file(lang, state)));
        above.extend(matter_correct::beside(lang, state).map(|notice| Markup::of(&notice)));
    }
    let reason = Field::textarea(lang, "reason", t.common.reason);
    let fields = match act {
        Act::EnterEntitled => matter_people::fields(lang, entitled_role(state), true),
        Act::DeclineLetter | Act::WithdrawMatter => vec![reason],
        Act::AskCorrection | Act::ApproveCorrection | Act::RefuseCorrection => matter_correct::fields(lang, state, act),
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
    // Whoever may approve may refuse instead.
    if act == Act::ApproveCorrection {
        let other = Button::secondary(lang.name("act", Act::RefuseCorrection.name()));
        page.buttons.insert(1, other.to(format!("{back}/{}", Act::RefuseCorrection.name())));
    }
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
    let nobody_calls = state.matter.source != Source::Complaint || state.matter.complainant.is_some();
    if nobody_calls { "affected" } else { "complainant" }
}

/// What an act is about, above its fields.
fn about(lang: Lang, state: &matter::State, act: Act) -> SummaryList {
    let t = lang.text();
    let m = &state.matter;
    let mut list = SummaryList::new()
        .row(t.common.number, m.number.as_str())
        .row(t.matter.source, lang.name("source", matter::source_name(m.source)));
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
        Act::EnterEntitled => {
            let role = entitled_role(&state);
            let ids = persons(&site, typed.get("key"));
            let party = matter_people::read(&site, &typed, role, &ids, lang, &mut errors);
            if party.is_none() && errors.is_empty() {
                errors.add(&format!("{role}_name"), "required");
            }
            party.map(|party| matter::Command::EnterEntitled { party: Box::new(party) })
        }
        Act::DeclineLetter => {
            typed.needed_text("reason", &mut errors);
            Some(matter::Command::DeclineLetter { reason })
        }
        Act::WithdrawMatter => {
            typed.needed_text("reason", &mut errors);
            Some(matter::Command::Withdraw { reason })
        }
        Act::AskCorrection | Act::ApproveCorrection | Act::RefuseCorrection => {
            matter_correct::command(act, &typed, &mut errors)
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
        let request = request(&visitor, &stream, &typed, command)?;
        match site.app.handle(request).await {
            // Now that somebody is known, the letter can be sent.
            Ok(_) if act == Act::EnterEntitled => return site::see(&format!("/matter/{key}/confirm_letter")),
            Ok(_) => return site::see(&format!("/matter/{key}")),
            Err(error) => stale::told(&site, &mut errors, lang, error).await?,
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

/// What a form asks for, on what the matter was when the form was made.
pub(super) fn request(
    visitor: &Visitor,
    stream: &StreamId,
    typed: &Typed,
    command: matter::Command,
) -> Result<Request, Fault> {
    let key = typed.get("key");
    if key.is_empty() {
        return Err(Fault::Address);
    }
    Ok(Request::one(&visitor.actor, key, stream, command).seen(stream, stale::version(typed.get("version"))))
}
