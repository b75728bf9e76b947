//! `GET` and `POST /dossier/KEY/ACT`: one form for every act that staff do to a case.
//!
//! [`show`] draws the form, or says why the act is not open; [`take`] reads it, carries it out and leads back to the
//! case. Each part of the way has a file with its fields and the command made of them.

mod after;
mod agreement;
mod begin;
pub mod by_hand;
pub mod case;
pub mod identity;
mod join;
pub mod page;
mod session;
mod sign;
pub mod told;
pub mod typed;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Html;
use axum::routing::get;
use yanhe_app::{AppError, Command, Request};
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{Dossier, FileRef};
use yanhe_core::policy::Act;
use yanhe_core::{Reason, Refusal, StreamId, StreamKind};

use self::case::Case;
use self::page::{Around, Draw, Form, page};
use self::typed::Typed;
use super::accepted;
use super::sign::Sent;
use crate::components::{Button, Deadline, Errors, Markup, SummaryList};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::stale;

pub use after::{change, field_name, kept_value};
pub use agreement::table as obligations_table;

/// `GET, POST /dossier/KEY/ACT`.
pub fn router() -> Router<Site> {
    Router::new().route("/dossier/{key}/{act}", get(show).post(take))
}

/// The act of an address, if staff do it to a case.
fn act_of(case: &Case, name: &str) -> Result<Act, Fault> {
    let act = Dossier::OFFERED.iter().chain(&[Act::DraftConfirmation]).find(|a| a.name() == name).copied();
    let act = act.ok_or(AppError::NotFound)?;
    let may = match act {
        // The confirmation does not exist yet: whoever works on the case in these roles drafts it.
        Act::DraftConfirmation => {
            let subject =
                <Dossier as yanhe_app::Contextual>::subject(&case.stream, Some(&case.state), &Default::default());
            yanhe_core::policy::may(&case.actor, act, &subject).is_ok()
        }
        act => case.may(act),
    };
    if may { Ok(act) } else { Err(AppError::Denied.into()) }
}

/// The stream that an act is done to.
fn target(case: &Case, act: Act) -> StreamId {
    match act {
        Act::DraftConfirmation => StreamId::new(StreamKind::Confirmation, case.stream.key()),
        _ => case.stream.clone(),
    }
}

async fn form(case: &Case, act: Act, draw: &Draw<'_>) -> Result<Form, Fault> {
    Ok(match act {
        Act::RecordAgain
        | Act::NoticeAgain
        | Act::AskConsent
        | Act::AnswerConsent
        | Act::AcceptApplication
        | Act::RefuseApplication
        | Act::WithdrawApplication
        | Act::NameMediator
        | Act::ReplaceMediator
        | Act::DeclareConflict
        | Act::DecideRecusal
        | Act::ReassignDossier => begin::form(case, act, draw).await?,
        Act::CallSession
        | Act::MoveSession
        | Act::CallOffSession
        | Act::RecordMissed
        | Act::RecordSession
        | Act::WithdrawRecord
        | Act::EndMediation => session::form(case, act, draw),
        Act::DraftAgreement => agreement::form(case, draw),
        Act::IssueAgreement
        | Act::SignRecord
        | Act::AttestRecord
        | Act::AttestApplication
        | Act::NoteUnsigned
        | Act::SignAgreement
        | Act::AttestSignature
        | Act::SealAgreement
        | Act::WithdrawAgreement => sign::form(case, act, draw).await?,
        Act::DraftConfirmation => confirmation_form(case),
        Act::RecordIdentity => identity::form(case, draw),
        Act::AddParty | Act::LeaveMediation | Act::AskRecusal => join::form(case, act, draw),
        _ => after::form(case, act, draw),
    })
}

fn confirmation_form(case: &Case) -> Form {
    let t = &case.lang.text().dossier_form;
    let due = case.state.agreement.as_ref().and_then(|a| a.confirm_by.as_ref());
    let form = Form::default().says(case.lang, t.confirmation);
    match due {
        Some(due) => form.lead(Markup::of(&Deadline::counted(case.lang, due, case.today))),
        None => form,
    }
}

fn command(case: &Case, act: Act, typed: &Typed, file: Option<FileRef>, errors: &mut Errors) -> Option<Command> {
    let command = match act {
        Act::RecordAgain
        | Act::NoticeAgain
        | Act::AskConsent
        | Act::AnswerConsent
        | Act::AcceptApplication
        | Act::RefuseApplication
        | Act::WithdrawApplication
        | Act::NameMediator
        | Act::ReplaceMediator
        | Act::DeclareConflict
        | Act::DecideRecusal
        | Act::ReassignDossier => begin::command(case, act, typed, file.map(|f| f.sha256), errors),
        Act::CallSession
        | Act::MoveSession
        | Act::CallOffSession
        | Act::RecordMissed
        | Act::RecordSession
        | Act::WithdrawRecord
        | Act::EndMediation => session::command(case, act, typed, errors),
        Act::DraftAgreement => agreement::command(case, typed, errors),
        Act::IssueAgreement
        | Act::SignRecord
        | Act::AttestRecord
        | Act::AttestApplication
        | Act::NoteUnsigned
        | Act::SignAgreement
        | Act::AttestSignature
        | Act::SealAgreement
        | Act::WithdrawAgreement => sign::command(act, typed, file.map(|f| f.sha256), errors),
        Act::DraftConfirmation => return Some(confirmation::Command::Draft {}.into()),
        Act::RecordIdentity => identity::command(case, typed, errors),
        Act::AddParty | Act::LeaveMediation | Act::AskRecusal => {
            join::command(case, act, typed, file.map(|f| f.sha256), errors)
        }
        _ => after::command(act, typed, file, errors),
    };
    command.filter(|_| errors.is_empty()).map(Command::from)
}

/// Why the act is not open, with what can be done instead; `None` when it is.
async fn closed(case: &Case, act: Act) -> Result<Option<Form>, Fault> {
    let (app, lang) = (&case.site.app, case.lang);
    let refusal = match act {
        Act::DraftConfirmation => {
            let stream = target(case, act);
            let state = app.state::<Confirmation>(&stream).await?;
            app.refusal::<Confirmation>(&case.actor, &stream, state.as_ref(), act).await?
        }
        act => app.refusal::<Dossier>(&case.actor, &case.stream, Some(&case.state), act).await?,
    };
    let Some(refusal) = refusal else { return Ok(None) };
    let t = &lang.text().dossier_form;
    let text = crate::text::refusal(lang, &refusal);
    let mut form = match refusal.reason {
        // Where it is signed is one press away.
        Reason::RecordUnsigned { .. } => Form::default().record_open(case),
        // Not a fault: this signer has done what they had to.
        Reason::AlreadySigned => Form::default().says(lang, text).lead(sign::signers(case, act)),
        Reason::Exists if act == Act::DraftConfirmation => {
            let said = stale::done(&case.site, lang, &target(case, act), act).await?.unwrap_or(text);
            let open = Button::secondary(lang.text().dossier.open_confirmation);
            Form::default().warns(lang, said).lead(Markup::of(&open.to(format!("/confirmation/{}", case.stream.key()))))
        }
        _ => Form::default().warns(lang, done(case, act, &refusal).await?.unwrap_or(text)),
    };
    if act == Act::DraftConfirmation
        && matches!(refusal.reason, Reason::NotConfirmable { .. } | Reason::PeriodExpired { .. })
    {
        form = form.says(lang, t.remains);
        if let Some(due) = case.state.agreement.as_ref().and_then(|a| a.confirm_by.as_ref()) {
            form = form.lead(Markup::of(&Deadline::counted(lang, due, case.today)));
        }
    }
    // A draft whose dates have passed is mended by drafting again; nothing else is.
    if act == Act::IssueAgreement && matches!(refusal.reason, Reason::Field { .. } | Reason::Limit { .. }) {
        form = form.says(lang, t.draft_again);
    }
    if let (Reason::NotMediable { .. }, Some(draft)) = (&refusal.reason, &case.state.draft) {
        form.lead.extend(agreement::preview(case, draft));
        let back = Button::secondary(t.back_to_draft).to(format!("{}/draft_agreement", case.href()));
        form = form.lead(Markup::of(&back));
    }
    Ok(Some(form))
}

/// Who did it says more than the state in which it cannot be done again; `None` where it was not done.
async fn done(case: &Case, act: Act, refusal: &Refusal) -> Result<Option<String>, Fault> {
    let over = match &refusal.reason {
        Reason::AlreadyDone => true,
        Reason::NotNow { .. } => ONCE.contains(&act),
        _ => false,
    };
    if over { stale::done(&case.site, case.lang, &case.stream, act).await } else { Ok(None) }
}

fn about(case: &Case) -> SummaryList {
    let (lang, state) = (case.lang, &case.state);
    let label = |key: &'static str| lang.name("label", key).to_owned();
    SummaryList::new()
        .row(lang.text().common.number, state.application.number.as_str())
        .row(label("applicant"), case.names(true))
        .row(label("respondent"), case.names(false))
        .row(lang.text().common.state, lang.name("state", state.stage.name()))
}

async fn draw(
    site: &Site,
    visitor: &Visitor,
    case: &Case,
    act: Act,
    typed: &Typed,
    errors: &Errors,
) -> Result<axum::response::Html<String>, Fault> {
    let lang = case.lang;
    let label = lang.name("act", act.name());
    let frame = visitor.frame(&site.app, label);
    let (open, form) = match closed(case, act).await? {
        Some(form) => (false, form),
        None => (true, form(case, act, &Draw { lang, typed, errors }).await?),
    };
    let key = if typed.get("key").is_empty() { site.app.fresh_key() } else { typed.get("key").to_owned() };
    let between = page::decided_between(act);
    let others = site.app.acts::<Dossier>(&case.actor, &case.stream, &case.state, between).await?;
    let around = Around {
        action: format!("{}/{}", case.href(), act.name()),
        back: case.href(),
        decision: page::decision(lang, &case.href(), act, &others),
        key,
        version: case.version,
        about: about(case),
        label: label.to_owned(),
        open,
    };
    Ok(page(&frame, around, form, errors))
}

async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path((key, name)): Path<(String, String)>,
    Query(sent): Query<Sent>,
) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    let act = act_of(&case, &name)?;
    let mut typed = Typed::default();
    match act {
        Act::DraftAgreement => agreement::fresh(&case, &mut typed),
        Act::RecordIdentity => identity::fresh(&case, &mut typed),
        Act::RecordChangedDecision => after::fresh(&case, &mut typed).await?,
        act => session::fresh(&case, act, &mut typed),
    }
    typed.set("challenge", sent.challenge);
    site::ok(draw(&site, &visitor, &case, act, &typed, &Errors::new(case.lang)).await?)
}

/// Acts that a case sees once, or once for each signer: when they are not open any more, they were done.
const ONCE: [Act; 10] = [
    Act::AskConsent,
    Act::AcceptApplication,
    Act::RefuseApplication,
    Act::AttestApplication,
    Act::AttestRecord,
    Act::SignAgreement,
    Act::AttestSignature,
    Act::SealAgreement,
    Act::EndMediation,
    Act::CloseDossier,
];

/// Acts on which what others did meanwhile has no bearing: they are bound to bytes, or only add something.
const TIMELESS: [Act; 6] = [
    Act::AttestApplication,
    Act::SignRecord,
    Act::AttestRecord,
    Act::SignAgreement,
    Act::AttestSignature,
    Act::AttachFile,
];

async fn take(
    State(site): State<Site>,
    visitor: Visitor,
    Path((key, name)): Path<(String, String)>,
    headers: HeaderMap,
    mut typed: Typed,
) -> Answer {
    visitor.staff()?;
    visitor.check(typed.get("csrf"))?;
    let case = Case::load(&site, &visitor, &key).await?;
    let act = act_of(&case, &name)?;
    let mut errors = Errors::new(case.lang);
    // The same form again, after its act was done: the answer is that of the first time.
    let replay = site.app.reader.receipt(typed.get("key")).await?.is_some();
    let checks = act == Act::DraftAgreement && typed.get("do") == "preview";
    if checks && headers.contains_key("x-fragment") {
        return site::ok(Html(agreement::typed_check(&case, &typed).as_str().to_owned()));
    }
    if checks || act == Act::DraftAgreement && agreement::rearrange(&mut typed) {
        return site::ok(draw(&site, &visitor, &case, act, &typed, &errors).await?);
    }
    let signs = sign::paper(&case, act).is_some();
    if signs && typed.get("do") == "send" {
        sign::send(&case, act, &mut typed, &mut errors).await?;
        if errors.is_empty() {
            let page = format!("{}/{}", case.href(), act.name());
            return site::see(&Sent::address(&page, typed.get("challenge")));
        }
        return site::again(draw(&site, &visitor, &case, act, &typed, &errors).await?);
    }
    let asked = match command(&case, act, &typed, None, &mut errors) {
        _ if !errors.is_empty() => None,
        asked if asked.is_some() || act == Act::AttachFile => {
            stored(&case, act, &visitor, &typed, asked, &mut errors).await?
        }
        asked => asked,
    };
    let Some(asked) = asked else {
        if errors.is_empty() {
            errors.add("", "invalid");
        }
        return site::again(draw(&site, &visitor, &case, act, &typed, &errors).await?);
    };
    let mut request = Request::one(&visitor.actor, typed.get("key"), &target(&case, act), asked);
    if !TIMELESS.contains(&act) {
        let seen = stale::version(typed.get("version"));
        if signs
            && !replay
            && let Err(error) = site.app.untouched(&case.stream, seen).await
        {
            // Before the code is used up: it is good for the page as it is now.
            stale::told(&site, &mut errors, case.lang, error).await?;
            return site::again(draw(&site, &visitor, &case, act, &typed, &errors).await?);
        }
        request = request.seen(&case.stream, seen);
    }
    if signs && (replay || sign::verified(&case, &typed, &mut errors).await?) {
        request = request.verified();
    }
    if errors.is_empty() {
        match site.app.handle(request).await {
            Ok(_) if act == Act::DraftConfirmation => {
                return site::see(&format!("/confirmation/{}", case.stream.key()));
            }
            Ok(_) if act == Act::DraftAgreement => return site::see(&format!("{}/issue_agreement", case.href())),
            Ok(_) => return site::see(&format!("{}?done={}", case.href(), act.name())),
            Err(AppError::Refused(refusal)) => match done(&case, act, &refusal).await? {
                Some(text) => errors.say("", text),
                None => errors.refused(&refusal),
            },
            Err(error) => stale::told(&site, &mut errors, case.lang, error).await?,
        }
    }
    // Somebody else may have been quicker: the page shows how it stands now.
    let case = Case::load(&site, &visitor, &key).await?;
    site::again(draw(&site, &visitor, &case, act, &typed, &errors).await?)
}

/// Stores the file of the form and gives the command with it.
async fn stored(
    case: &Case,
    act: Act,
    visitor: &Visitor,
    typed: &Typed,
    asked: Option<Command>,
    errors: &mut Errors,
) -> Result<Option<Command>, Fault> {
    let field = match act {
        Act::AttachFile => "file",
        Act::AttestApplication | Act::AttestSignature | Act::AttestRecord => "scan",
        Act::AnswerConsent if typed.get("way") == "paper" => "scan",
        Act::LeaveMediation | Act::AskRecusal if told::is_written(typed) => "scan",
        _ => return Ok(asked),
    };
    let Some(upload) = &typed.file else {
        if act == Act::AttachFile {
            errors.add(field, "file_missing");
        }
        return Ok(asked);
    };
    if let Some(why) = accepted::refused(case.lang, &upload.name, &upload.bytes) {
        errors.say(field, why);
        return Ok(None);
    }
    let app = &case.site.app;
    // Sealed in the applicant's name, who has a key in every case; a firm without a phone has none.
    let file =
        app.store_file(&case.stream, &case.state.claims.of, &upload.name, upload.bytes.clone(), &visitor.actor).await?;
    Ok(command(case, act, typed, Some(file), errors))
}
