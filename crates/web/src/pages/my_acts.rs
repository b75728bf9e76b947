//! What a party reads or decides apart from the steps of its case: the application as all may read it, ending the
//! mediation, asking for another mediator.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Html;
use axum::routing::get;
use yanhe_core::dossier;
use yanhe_core::policy::Act;

use super::my::Case;
use super::my_posted::{Posted, Typed};
use super::portal::{self, Buttons, FormBlock, Section, Sheet};
use crate::components::{Breadcrumb, Button, Errors, Field, Link, SummaryList};
use crate::site::{self, Answer, Site, Visitor};

/// `GET /my/KEY/application`, `GET, POST /my/KEY/leave_mediation`, `/my/KEY/withdraw_application`,
/// `/my/KEY/ask_recusal`.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/my/{key}/application", get(application))
        .route("/my/{key}/leave_mediation", get(ask_leave).post(leave))
        .route("/my/{key}/withdraw_application", get(ask_withdraw).post(withdraw))
        .route("/my/{key}/ask_recusal", get(ask_recusal).post(recusal))
}

/// The application as every party of the case may read it: who asks for what and why, without the numbers by which
/// somebody is found.
async fn application(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    let (lang, t) = (visitor.lang(), &visitor.lang().text().my);
    let state = &case.state;
    let back = format!("/my/{key}");
    let number = state.application.number.as_str();
    let mut frame = visitor.frame(&site.app, t.application_title);
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.title, "/my"), Link::new(number, &back)]);
    let mut sheet = Sheet::new(t.application_title).lead(t.application_lead);
    let dash = |text: String| if text.is_empty() { "—".to_owned() } else { text };
    for party in &state.applicants {
        let address = party.address_text().map_or_else(String::new, |a| a.chars().take(6).collect::<String>() + "※※※");
        let list = SummaryList::new()
            .row(lang.text().label.applicant, party.name.text())
            .row(lang.text().label.document, dash(super::matter::masked_document(lang, party)))
            .row(lang.text().common.phone, dash(portal::masked(party.phone_text().unwrap_or_default())))
            .row(lang.text().common.address, dash(address));
        sheet.add(&list);
    }
    let others = dossier::everybody(state).filter(|(role, _)| *role != "applicant").map(|(_, p)| p.name.text());
    let others = lang.list(&others.collect::<Vec<_>>());
    sheet.add(
        &SummaryList::new()
            .row(lang.text().common.number, number)
            .row(lang.text().label.respondent, others)
            .row(t.applied_on, lang.date(state.applied_on))
            .row(lang.text().label.claims, state.claims.text())
            .row(lang.text().label.facts, state.facts.text()),
    );
    sheet.add(&Buttons::default().with(&Button::secondary(lang.text().common.back).to(back)));
    site::ok(frame.page(&sheet))
}

/// The page on which a party says once more that it wants to end the mediation, or to have another mediator.
fn sure(site: &Site, visitor: &Visitor, case: &Case, act: Act, typed: &Typed, errors: &Errors) -> Html<String> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().my);
    let number = case.state.application.number.as_str();
    let back = format!("/my/{}", case.stream.key());
    let title = if act == Act::LeaveMediation { t.leave_act } else { lang.name("act", act.name()) };
    let mut frame = visitor.frame(&site.app, title);
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.title, "/my"), Link::new(number, &back)]);
    let key = if typed.key.is_empty() { site.app.fresh_key() } else { typed.key.clone() };
    let mut form = FormBlock::new(&frame, format!("{back}/{}", act.name())).hidden("key", key);
    let says = match act {
        // With others on the same side the mediation goes on between those who remain.
        Act::LeaveMediation if goes_on(case) => t.leave_others,
        Act::LeaveMediation => t.leave,
        Act::WithdrawApplication => t.withdraw,
        _ => t.recusal,
    };
    form = match act {
        Act::LeaveMediation => form.button(Button::warning(t.leave_sure)),
        Act::WithdrawApplication => form.button(Button::warning(t.withdraw_sure)),
        _ => {
            let reason = Field::textarea(lang, "note", t.recusal_reason).hint(t.recusal_hint).value(&typed.note);
            form.field(&reason.errors(errors)).button(Button::primary(lang.name("act", act.name())))
        }
    };
    let sheet = Sheet::new(frame.title.clone()).errors(errors);
    let form = form.button(Button::secondary(lang.text().common.back).to(back));
    frame.page(&sheet.with(&Section::default().say(says)).with(&form))
}

/// The page on which somebody who was asked says once more that it does not consent; what else was typed goes along.
pub(super) fn refusing(site: &Site, visitor: &Visitor, case: &Case, typed: &Typed) -> Html<String> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().my);
    let back = format!("/my/{}", case.stream.key());
    let mut frame = visitor.frame(&site.app, t.answer_no);
    let number = case.state.application.number.as_str();
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.title, "/my"), Link::new(number, &back)]);
    let form = FormBlock::new(&frame, format!("{back}/answer"))
        .hidden("key", &typed.key)
        .hidden("answer", "no")
        .hidden("sure", "yes")
        .hidden("electronic", &typed.electronic)
        .hidden("document_kind", &typed.document_kind)
        .hidden("document", &typed.document)
        .button(Button::warning(t.refuse_sure))
        .button(Button::secondary(lang.text().common.back).to(back));
    frame.page(&Sheet::new(t.answer_no).with(&Section::default().say(t.refuse_means)).with(&form))
}

/// Does the mediation go on when this party leaves?
fn goes_on(case: &Case) -> bool {
    let remains = |role: &str| dossier::taking_part(&case.state).any(|(r, p)| r == role && p.person != case.me);
    remains("applicant") && remains("respondent")
}

async fn asks(site: Site, visitor: Visitor, key: &str, act: Act) -> Answer {
    let case = Case::load(&site, &visitor, key).await?;
    // A link that was left open: the page of the case says how it stands now.
    if !case.can(act) {
        return site::see(&format!("/my/{key}"));
    }
    site::ok(sure(&site, &visitor, &case, act, &Typed::default(), &Errors::new(visitor.lang())))
}

async fn ask_leave(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    asks(site, visitor, &key, Act::LeaveMediation).await
}

async fn ask_withdraw(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    asks(site, visitor, &key, Act::WithdrawApplication).await
}

async fn withdraw(posted: Posted) -> Answer {
    let on = posted.site.app.today();
    let command = dossier::Command::WithdrawApplication { person: None, on, how: String::new() }.into();
    posted.act(Ok((posted.case.stream.clone(), command))).await
}

async fn ask_recusal(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    asks(site, visitor, &key, Act::AskRecusal).await
}

async fn leave(posted: Posted) -> Answer {
    let command = dossier::Command::Leave { told: None }.into();
    posted.act(Ok((posted.case.stream.clone(), command))).await
}

async fn recusal(posted: Posted) -> Answer {
    let reason = posted.typed.note.trim().to_owned();
    if reason.is_empty() {
        let mut errors = Errors::new(posted.visitor.lang());
        errors.add("note", "required");
        let Posted { site, visitor, case, typed, .. } = &posted;
        return site::again(sure(site, visitor, case, Act::AskRecusal, typed, &errors));
    }
    let command = dossier::Command::AskRecusal { reason, told: None }.into();
    posted.act(Ok((posted.case.stream.clone(), command))).await
}
