//! One case of a party: where it stands, what is asked, steps, papers, limits, history, and the party's acts.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Html;
use axum::routing::{get, post};
use yanhe_core::Reason;
use yanhe_core::confirmation;
use yanhe_core::dossier::{self, Decision, Dossier};
use yanhe_core::policy::Act;
use yanhe_core::values::parse_date;

use super::accepted::ACCEPT;
use super::apply_pages::{electronic, organ_name};
use super::counter::kind_field;
use super::my::{Case, tag, to_do};
use super::my_confirmation;
use super::my_limits::limits;
use super::my_posted::{Posted, Typed};
use super::my_shown::{agreement, explained, history, late, own_files, papers, steps, waiting, ways_left};
use super::portal::{Buttons, FormBlock, Section, Sheet};
use crate::components::{
    Button, Cell, Choice, Errors, Field, Link, Notice, NoticeKind, PostButton, SummaryList, Width,
};
use crate::layout::Frame;
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Lang, fill, refusal};

/// `GET /my/KEY` and the acts below it.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/my/{key}", get(show))
        .route("/my/{key}/answer", post(answer))
        .route("/my/{key}/identity", post(identity))
        .route("/my/{key}/perform", post(perform))
        .route("/my/{key}/confirm", post(confirm))
        .route("/my/{key}/file", post(file))
}

async fn show(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    site::ok(page(&site, &visitor, &case, &Typed::default(), &Errors::new(visitor.lang())).await?)
}

pub(super) async fn page(
    site: &Site,
    visitor: &Visitor,
    case: &Case,
    typed: &Typed,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().my);
    let number = case.state.application.number.as_str();
    let mut frame = visitor.frame(&site.app, fill(t.case_title, &[("number", number)]));
    frame.above = crate::components::Breadcrumb::new(lang, vec![Link::new(t.title, "/my")]);
    let version = site.app.reader.version(&case.stream).await?;
    frame.changes = super::changes::case_address(site, &case.stream, version).await?;
    let mut sheet = Sheet::new(frame.title.clone()).errors(errors);
    let state = &case.state;
    let names = |role| {
        let side = dossier::parties(state).filter(|(r, _)| *r == role);
        lang.list(&side.map(|(_, p)| p.name.text()).collect::<Vec<_>>())
    };
    sheet.add(&Notice::new(lang, NoticeKind::Info, case.standing(lang)).title(lang.name("state", state.stage.name())));
    let phone = site.app.organ_profile(&state.organ).await?.map(|o| o.phone).unwrap_or_default();
    for notice in late(lang, case, site.app.today(), &phone) {
        sheet.add(&notice);
    }
    sheet.add(&steps(lang, case, site.app.today()));
    for section in asked(site, visitor, &frame, case, typed, errors).await? {
        sheet.add(&section);
    }
    let mut list = SummaryList::new()
        .row(lang.text().common.state, tag(lang, state.stage.name()))
        .row(lang.text().common.organ, organ_name(site, lang, &state.organ))
        .row(lang.text().label.applicant, names("applicant"))
        .row(t.other_side, names("respondent"));
    if let Some((consents, on)) = state.consent_of(&case.me).and_then(|c| c.answer.zip(c.answered_on)) {
        let said = if consents { t.answer_yes } else { t.answer_no };
        list = list.row(t.my_answer, Cell::text(said).note(lang.date(on)));
    }
    if dossier::parties(state).any(|(role, _)| role == "third") {
        list = list.row(lang.text().label.third, names("third"));
    }
    if let Some(earlier) = &state.renews {
        list = list.row(t.renews, Cell::link(&earlier.number, format!("/my/{}", earlier.case.key())));
    }
    list = list.row(lang.text().label.claims, state.claims.text()).row(lang.text().label.facts, state.facts.text());
    if let Some(mediator) = state.mediator.as_ref().filter(|m| m.declared) {
        let name = Cell::text(mediator.name.text());
        let place = mediator.place.map(|place| lang.name("label", place.name()));
        list = list.row(
            lang.text().role.mediator,
            match place {
                Some(place) => name.note(place),
                None => name,
            },
        );
    }
    if let Some(session) = state.sessions.last() {
        let stands = state.recusal.as_ref().and(state.pending()).map(|_| t.session_stands);
        let note = stands.into_iter().fold(session.place.text().to_owned(), |place, says| lang.bracket(&place, says));
        list = list.row(t.session, Cell::text(lang.time(session.at)).note(note));
    }
    sheet.add(&Section::new(t.about).with(&list));
    if let Some(section) = agreement(lang, case, site.app.today()) {
        sheet.add(&section);
    }
    sheet.add(&Section::new(t.papers).with(&papers(site, visitor, case).await?).with(&own_files(case)));
    if case.can(Act::AttachFile) {
        let files = Field::file(lang, "files", t.attach).hint(t.attach_hint).accept(ACCEPT).multiple();
        let form = FormBlock::new(&frame, format!("/my/{}/attach", case.stream.key()))
            .multipart()
            .hidden("key", site.app.fresh_key())
            .field(&files.errors(errors))
            .button(Button::secondary(lang.text().common.upload));
        sheet.add(&form);
    }
    let running_now = counted(case);
    if !running_now.is_empty() {
        let running = Section::new(t.limits).id("limits");
        let mut running = running_now.into_iter().fold(running, |s, due| s.with(&case.deadline(site, lang, due)));
        if state.stands_still(&site.app.pack) {
            running = running.say(lang.text().dossier.stands_still);
        }
        sheet.add(&running);
    }
    for section in limits(site, lang, case) {
        sheet.add(&section);
    }
    sheet.add(&Section::new(t.history).with(&history(site, lang, case).await?));
    // Only who can still end the mediation is told so.
    let says = if case.is_open(Act::LeaveMediation) { t.help } else { t.help_over };
    let mut help = Section::new(t.help_title).say(fill(says, &[("phone", &phone)]));
    if let Some(asked) = state.recusal.as_ref().filter(|r| r.by == case.me) {
        help = help.say(fill(t.recusal_waits, &[("day", &lang.date(asked.on))]));
    }
    let mut ways = Buttons::default();
    let acts = [Act::AskRecusal, Act::LeaveMediation, Act::WithdrawApplication];
    for act in acts.into_iter().filter(|act| case.can(*act)) {
        let to = format!("/my/{}/{}", case.stream.key(), act.name());
        let label = if act == Act::LeaveMediation { t.leave_act } else { lang.name("act", act.name()) };
        ways = ways.with(&Button::secondary(label).to(to));
    }
    sheet.add(&help.with(&ways));
    Ok(frame.page(&sheet))
}

/// The limits of the procedure that matter now.
fn counted(case: &Case) -> Vec<&yanhe_core::deadline::Deadline> {
    use dossier::Stage as S;
    let state = &case.state;
    let mut out = Vec::new();
    match state.stage {
        S::Applied => {
            out.extend(state.asked().find_map(dossier::Consent::running));
            out.push(&state.accept_by);
        }
        S::Mediating if state.is_invited(&case.me) => out.extend(state.consent_of(&case.me).and_then(|c| c.running())),
        S::Mediating | S::Signing => out.extend(&state.period),
        S::Performing | S::Performed | S::Breached | S::Closed => match &case.confirmation {
            None => out.extend(state.agreement.as_ref().and_then(|a| a.confirm_by.as_ref())),
            Some(c) => {
                use confirmation::Stage as C;
                match c.stage {
                    C::Drafted | C::Signed | C::Expired | C::Declined => out.push(&c.subject.apply_by),
                    C::Filed => {
                        out.extend(c.supplement_by.iter().filter(|_| c.lacks_certificate()).chain(&c.docket_by))
                    }
                    C::Docketed | C::Examined => out.extend(&c.rule_by),
                    C::Valid | C::Rejected | C::RulingVoid | C::Served => {}
                }
            }
        },
        S::Refused | S::Withdrawn | S::Ended | S::Replaced => {}
    }
    out
}

/// What this party can do now, each with its reason and its last day.
async fn asked(
    site: &Site,
    visitor: &Visitor,
    frame: &Frame,
    case: &Case,
    typed: &Typed,
    errors: &Errors,
) -> Result<Vec<Section>, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().my);
    let (state, key) = (&case.state, case.stream.key());
    let mut out = Vec::new();
    let said_no = state.can_change(&case.me);
    if said_no && case.can(Act::AnswerConsent) {
        let change = PostButton::new(format!("/my/{key}/answer"), &frame.csrf, Button::secondary(t.answer_change))
            .hidden("key", site.app.fresh_key())
            .hidden("answer", "yes");
        out.push(Section::new(t.answered_title).id("answer").panel().say(t.answered_no).with(&change));
    } else if case.can(Act::AnswerConsent) {
        let form = FormBlock::new(frame, format!("/my/{key}/answer")).hidden("key", site.app.fresh_key());
        let form = match document_fields(lang, case, typed, errors, form) {
            Some(form) => form,
            None => FormBlock::new(frame, format!("/my/{key}/answer")).hidden("key", site.app.fresh_key()),
        };
        // To whom no message can come is not asked whether it may.
        let reached = state.party(&case.me).is_some_and(|me| me.mobile_text().is_some() || me.email.is_some());
        let form =
            if reached { form.field(&electronic(lang, &typed.electronic).optional().errors(errors)) } else { form };
        let form = form
            .button(Button::primary(t.answer_yes).sends("answer", "yes"))
            .button(Button::secondary(t.answer_no).sends("answer", "no"));
        let read = Button::secondary(t.application_title).to(format!("/my/{key}/application"));
        let mut section = Section::new(t.answer_title).id("answer").panel().say(t.answer).with(&read);
        if let Some(due) = state.consent_of(&case.me).and_then(|consent| consent.running()) {
            section = section.with(&case.deadline(site, lang, due));
        }
        out.push(section.with(&form));
    } else {
        let form = FormBlock::new(frame, format!("/my/{key}/identity")).hidden("key", site.app.fresh_key());
        if let Some(form) = document_fields(lang, case, typed, errors, form) {
            let form = form.button(Button::secondary(t.identity_save));
            out.push(Section::new(t.identity_title).id("identity").say(t.identity).with(&form));
        }
    }
    if case.can(Act::SignRecord) {
        let button = Button::primary(t.read_and_sign).to(format!("/my/{key}/sign_record"));
        out.push(Section::new(t.do_sign_record).panel().say(t.sign_record).with(&button));
    }
    if case.can(Act::SignAgreement) {
        let button = Button::primary(t.read_and_sign).to(format!("/my/{key}/sign_agreement"));
        out.push(Section::new(t.do_sign_agreement).panel().say(t.sign_agreement).with(&button));
    } else if state.stage == dossier::Stage::Signing {
        let refused =
            site.app.refusal::<Dossier>(&visitor.actor, &case.stream, Some(state), Act::SignAgreement).await?;
        let why = match refused {
            // Not a fault: this party has done what it had to.
            Some(r) if r.reason == Reason::AlreadySigned => t.signing_rest.to_owned(),
            // Said already, with all that is done at the counter.
            Some(r) if matches!(r.reason, Reason::NotOnline { .. }) => t.sign_agreement.to_owned(),
            other => other.map(|r| refusal(lang, &r)).unwrap_or_default(),
        };
        out.push(Section::new(t.signing_title).panel().say(why).with(&waiting(lang, state)));
    }
    if case.can(Act::ReportPerformance) {
        out.push(performance(lang, frame, site, case, typed, errors));
    }
    if state.agreement.as_ref().is_some_and(|a| a.effective_on.is_some()) {
        out.push(my_confirmation::section(site, visitor, frame, case).await?);
    }
    if state.stage == dossier::Stage::Refused {
        let ground = site.app.pack.refusal_ground(&state.refused_for);
        let why = ground.map_or("", |g| if lang == Lang::Zh { g.name.as_str() } else { g.name_en.as_str() });
        let section = Section::new(t.refused_title).panel().say(why).say(explained(site, case).await?);
        let section = match &state.competent {
            Some(organ) => section.say(fill(t.competent, &[("organ", organ.text())])),
            None => section,
        };
        out.push(section.say(t.refused).with(&ways_left(site, case, ground, lang)));
    }
    if let Some(ended) = &state.ended {
        let ground = site.app.pack.ending_ground(&ended.ground);
        let why = ground.map_or("", |g| if lang == Lang::Zh { g.name.as_str() } else { g.name_en.as_str() });
        out.push(Section::new(t.ended_title).panel().say(why).say(t.ended).with(&ways_left(site, case, ground, lang)));
    }
    if state.stage == dossier::Stage::Applied && state.accept_by.last_day < site.app.today() {
        // Silence costs nobody a right: who waits in vain is told so, and of the other ways.
        let text = if state.is_administrative() { t.silent_administrative } else { t.silent };
        let date = lang.date(state.accept_by.last_day);
        let section = Section::new(t.silent_title).panel().say(fill(text, &[("date", &date)]));
        out.push(section.with(&case.deadline(site, lang, &state.accept_by)));
    }
    if out.is_empty() && case.asked(lang, site.app.today()).is_empty() {
        out.push(match state.recusal {
            Some(_) => Section::new(t.recusal_title).say(t.at_recusal),
            None => Section::new(t.nothing_title).say(t.nothing),
        });
    }
    Ok(at_counter(site, lang, case).into_iter().chain(out).collect())
}

/// What is asked of this party where the organ is not online, and how to do it there: nothing of it is done here.
fn at_counter(site: &Site, lang: Lang, case: &Case) -> Option<Section> {
    let t = &lang.text().my;
    let section = Section::new(t.at_counter).panel().id("counter").say(refusal(lang, case.not_online.as_ref()?));
    let asked = case.asked(lang, site.app.today());
    let section = match asked.is_empty() {
        true => section,
        false => {
            let list = SummaryList::new();
            section.with(&asked.into_iter().fold(list, |list, (what, due)| list.row(t.asked, to_do(what, due))))
        }
    };
    if !case.at_counter.contains(&Act::AnswerConsent) {
        return Some(section);
    }
    let read = Button::secondary(t.application_title).to(format!("/my/{}/application", case.stream.key()));
    Some(section.say(t.answer).with(&read))
}

fn performance(lang: Lang, frame: &Frame, site: &Site, case: &Case, typed: &Typed, errors: &Errors) -> Section {
    let (t, state) = (&lang.text().my, &case.state);
    let open = state.reportable();
    let choices =
        state.agreement.iter().flat_map(|a| (1_i64..).zip(&a.draft.obligations)).filter(|(n, _)| open.contains(n));
    let choices: Vec<Choice> = choices
        .map(|(n, o)| Choice::new(n.to_string(), format!("{n}. {} {}", o.what.text(), lang.date(o.due))))
        .collect();
    let first = choices.first().map(|c| c.value.clone()).unwrap_or_default();
    let on = if typed.on.is_empty() { site.app.today().to_string() } else { typed.on.clone() };
    let form = FormBlock::new(frame, format!("/my/{}/perform", case.stream.key()))
        .hidden("key", site.app.fresh_key())
        .field(
            &Field::radio(lang, "obligation", t.perform_which, choices)
                .value(if typed.obligation.is_empty() { &first } else { &typed.obligation })
                .errors(errors),
        )
        .field(&Field::date(lang, "on", t.perform_on).value(on).errors(errors))
        .field(&Field::text(lang, "note", t.perform_note).hint(t.perform_note_hint).value(&typed.note).errors(errors))
        .button(Button::primary(t.perform));
    Section::new(t.perform_title).panel().id("perform").say(t.perform_text).with(&form)
}

async fn answer(posted: Posted) -> Answer {
    let on = posted.site.app.today();
    let Posted { site, visitor, case, typed, .. } = &posted;
    let document = typed.document.trim();
    if let Some(me) = case.state.party(&case.me).filter(|_| !document.is_empty())
        && let Err(wrong) = dossier::own_document(me, &typed.document_kind, document)
    {
        return posted.all(Err(wrong)).await;
    }
    let awaited = case.state.consent_of(&case.me).is_some_and(|c| c.answer.is_none());
    if typed.answer == "no" && typed.sure != "yes" && awaited {
        return site::ok(super::my_acts::refusing(site, visitor, case, typed));
    }
    let made = match posted.typed.answer.as_str() {
        "yes" => Ok(Decision::Yes),
        "no" => Ok(Decision::No),
        _ => Err(("answer", "choose")),
    };
    let steps = made.map(|answer| {
        let stream = &posted.case.stream;
        let electronic = said(&posted.typed.electronic);
        let how = String::new();
        let answered = dossier::Command::AnswerConsent { answer, on, person: None, slip: None, how, electronic };
        let mut steps = vec![(stream.clone(), answered.into())];
        // Who answers says by what document it is known, as the applicant did; an empty field is left for later.
        if !posted.typed.document.trim().is_empty() {
            steps.push((stream.clone(), told(&posted.typed).into()));
        }
        steps
    });
    posted.all(steps).await
}

/// An answer that may be left open.
pub(super) fn said(answer: &str) -> Option<bool> {
    match answer {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn told(typed: &Typed) -> dossier::Command {
    dossier::Command::TellIdentity {
        document_kind: typed.document_kind.clone(),
        number: typed.document.trim().to_owned(),
    }
}

async fn identity(posted: Posted) -> Answer {
    let made = match posted.typed.document.trim() {
        "" => Err(("document", "required")),
        _ => Ok((posted.case.stream.clone(), told(&posted.typed).into())),
    };
    posted.act(made).await
}

/// The fields of a party's own document: a kind and a number, or the credit code of a firm. None when one is on file or
/// an officer has seen it.
fn document_fields(lang: Lang, case: &Case, typed: &Typed, errors: &Errors, mut form: FormBlock) -> Option<FormBlock> {
    let t = &lang.text().apply;
    let me = case.state.party(&case.me).filter(|me| me.document.is_none() && me.credit_code.is_none())?;
    if !case.can(Act::TellIdentity) {
        return None;
    }
    if !me.is_firm() {
        form = form.field(&kind_field(lang, "document_kind", t.document_kind, &typed.document_kind).errors(errors));
    }
    let number = Field::text(lang, "document", t.document).value(&typed.document).width(Width::Medium).optional();
    let hint = if me.is_firm() { t.credit_hint } else { t.document_later };
    Some(form.field(&number.hint(hint).errors(errors)))
}

async fn perform(posted: Posted) -> Answer {
    let typed = &posted.typed;
    let made = match (typed.obligation.parse::<i64>(), parse_date(&typed.on)) {
        (Err(_), _) => Err(("obligation", "choose")),
        (_, Err(_)) => Err(("on", "not_a_date")),
        _ if typed.note.trim().is_empty() => Err(("note", "required")),
        (Ok(obligation), Ok(on)) => {
            let command = dossier::Command::ReportPerformance { obligation, on, note: typed.note.trim().to_owned() };
            Ok((posted.case.stream.clone(), command.into()))
        }
    };
    posted.act(made).await
}

async fn confirm(posted: Posted) -> Answer {
    // The other side may have been quicker: the application is there, and is to be signed.
    let declined = confirmation::Stage::Declined;
    if posted.case.confirmation.as_ref().is_some_and(|filing| filing.stage != declined) {
        return site::see(&format!("/my/{}#confirmation", posted.key));
    }
    let made = Ok((posted.case.confirmation_stream(), confirmation::Command::Draft {}.into()));
    posted.act(made).await
}

async fn file(posted: Posted) -> Answer {
    let made =
        Ok((posted.case.confirmation_stream(), confirmation::Command::File { on: None, how: String::new() }.into()));
    posted.act(made).await
}
