//! `GET /dossier/KEY`: everything of one case for the organ that has it, with what is next and its buttons;
//! `GET /dossier/KEY/history`: all that happened.

mod files;
pub mod limits;
mod parts;
mod record;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use yanhe_core::dossier::{Dossier, Stage, Via};
use yanhe_core::policy::Act;
use yanhe_core::{StreamKind, scope};
use yanhe_store_read::views::paper::PaperView;
use yanhe_store_read::views::work::WorkView;

use super::case_head::{Asked, CaseHead};
use super::corrected;
use super::dossier_forms::case::{Case, pick};
pub use parts::{Heading, signature_columns, signature_row, tell_signature};
pub use record::when;

use crate::components::{
    Breadcrumb, Button, Cell, Link, Look, Markup, Notice, NoticeKind, Step, StepState, Steps, SummaryList, Table, Tag,
    Timeline, Tone,
};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Lang, fill};

/// `GET /dossier/KEY`, `GET /dossier/KEY/history` and the files of a case.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/dossier/{key}", get(show))
        .route("/dossier/{key}/history", get(history))
        .merge(files::router())
}

#[derive(Template)]
#[template(path = "pages/dossier/page.html")]
struct Page {
    d: &'static crate::text::TextDossier,
    begin: CaseHead,
    organ_limits: Vec<Markup>,
    party_limits: Vec<Markup>,
    court_limits: Vec<Markup>,
    parties: Table,
    claims: SummaryList,
    on_paper: Vec<Markup>,
    sessions: Vec<Markup>,
    agreement: Vec<Markup>,
    papers: Table,
    files: Markup,
    corrections: Markup,
    outdated_lead: &'static str,
    outdated: Option<Table>,
    earlier: Option<Link>,
    history: Timeline,
}

/// `GET /dossier/KEY/history`.
#[derive(Template)]
#[template(source = "<h1>{{ frame.title }}</h1>\n{{ history }}", ext = "html")]
struct HistoryPage<'a> {
    frame: &'a crate::layout::Frame,
    history: Timeline,
}

/// How many of the last events stand on the page of the case; all of them have a page of their own.
const LATEST: i64 = 8;

/// The state of a case as a tag.
pub fn state_tag(lang: Lang, state: &str) -> Tag {
    let tone = match state {
        "applied" | "signing" | "drafted" | "signed" | "filed" => Tone::Attention,
        "mediating" | "performing" | "docketed" | "examined" => Tone::Going,
        "performed" | "valid" | "served" => Tone::Good,
        "breached" | "refused" | "rejected" | "ruling_void" | "declined" | "voided" | "failed" => Tone::Bad,
        _ => Tone::Plain,
    };
    Tag::new(lang.name("state", state), tone)
}

/// The kind of dispute in words.
pub fn kind_name(lang: Lang, kind: &str) -> &'static str {
    let d = &lang.text().dossier;
    match kind {
        "civil" => d.kind_civil,
        "administrative" => d.kind_administrative,
        _ => "—",
    }
}

pub use crate::stale::event_name;

/// Acts that are no step of the way: folded away.
const ASIDE: [Act; 14] = [
    Act::WithdrawApplication,
    Act::AddParty,
    Act::LeaveMediation,
    Act::AskRecusal,
    Act::MoveSession,
    Act::CallOffSession,
    Act::RecordMissed,
    Act::AttachFile,
    Act::AskCorrection,
    Act::ReassignDossier,
    Act::ReplaceMediator,
    Act::WithdrawRecord,
    Act::WithdrawAgreement,
    Act::EndMediation,
];

async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    let (lang, t) = (case.lang, case.lang.text());
    let d = &t.dossier;
    let mut frame = visitor.frame(&site.app, fill(d.title, &[("number", &case.state.application.number)]));
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.nav.dossiers, "/dossiers")]);
    frame.changes = super::changes::case_address(&site, &case.stream, case.version).await?;
    let tasks = site.app.reader.work_of(&case.stream).await?;
    let (buttons, more) = buttons(&case, &tasks).await?;
    let (confirmable, court_limits) = limits::court(&case);
    let papers = record::papers(&case).await?;
    let outdated = corrected::outdated(&case, &papers).await?;
    let before = (case.version - LATEST).max(0);
    let mut buttons = buttons;
    let mut notes = notes(&case);
    if let Some(outdated) = &outdated {
        let text = fill(t.corrected.outdated_note, &[("n", &outdated.rows.len().to_string())]);
        notes.push(Notice::new(lang, NoticeKind::Warn, text));
    }
    // What was made and is not sent is sent on its own page.
    for consent in case.state.asked().filter(|consent| consent.sent.is_none() && !consent.voided) {
        let label = fill(d.send_consent, &[("who", &case.party(&consent.person))]);
        buttons.push(Button::secondary(label).to(format!("/paper/{}", consent.paper.id.key())));
    }
    if confirmable {
        let look = if buttons.is_empty() { Button::primary } else { Button::secondary };
        buttons.push(look(lang.name("act", "draft_confirmation")).to(format!("{}/draft_confirmation", case.href())));
    }
    site::ok(
        frame.page(&Page {
            d,
            begin: CaseHead {
                t,
                title: frame.title.clone(),
                state: state_tag(lang, case.state.stage.name()),
                done: asked.done(lang),
                head: head(&case),
                steps: steps(&case),
                waits: waits(&case, &tasks, &papers),
                notes,
                buttons,
                more,
            },
            organ_limits: limits::organ(&case),
            party_limits: limits::parties(&case),
            court_limits,
            parties: parts::parties(&case),
            claims: SummaryList::new()
                .row(lang.name("label", "claims"), case.state.claims.text())
                .row(lang.name("label", "facts"), case.state.facts.text()),
            on_paper: parts::on_paper(&case),
            sessions: parts::sessions(&case),
            agreement: parts::agreement(&case, &papers),
            papers: record::paper_table(&case.site, lang, &case.state, &papers, &case.actor).await?,
            files: record::files(&case).await?,
            corrections: record::corrections(&case).await?,
            outdated_lead: t.corrected.outdated_lead,
            outdated,
            earlier: (before > 0).then(|| {
                Link::new(fill(d.history_earlier, &[("n", &before.to_string())]), format!("{}/history", case.href()))
            }),
            history: record::history(&case, before).await?,
        }),
    )
}

async fn history(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    let (lang, d) = (case.lang, &case.lang.text().dossier);
    let number = case.state.application.number.as_str();
    let mut frame = visitor.frame(&site.app, fill(d.history_of, &[("number", number)]));
    frame.above =
        Breadcrumb::new(lang, vec![Link::new(lang.text().nav.dossiers, "/dossiers"), Link::new(number, case.href())]);
    site::ok(frame.page(&HistoryPage { frame: &frame, history: record::history(&case, 0).await? }))
}

/// The act by which a task of the work list is done.
fn act_of_task(case: &Case, task: &str) -> &'static str {
    match task {
        "record_again" => "record_again",
        "notice_again" => "notice_again",
        "ask_consent" => "ask_consent",
        "answer" => "answer_consent",
        "identity" => "record_identity",
        "accept" => "accept_application",
        "name_mediator" => "name_mediator",
        "declare" => "declare_conflict",
        "call_session" => "call_session",
        "move_session" => "move_session",
        "record_session" => "record_session",
        // A draft that lies there is issued next.
        "draft" if case.state.draft.is_some() => "issue_agreement",
        "draft" => "draft_agreement",
        "sign" | "sign_for_organ" => "sign_agreement",
        "sign_record" if !case.state.record_unsigned().contains(&case.actor.id) => "note_unsigned",
        "sign_record_for_organ" | "sign_record" => "sign_record",
        "seal" => "seal_agreement",
        "perform" => "report_performance",
        "changed_decision" => "record_changed_decision",
        "breach" | "visit" => "follow_up",
        "confirm" => "draft_confirmation",
        "recusal" => "decide_recusal",
        "correct" => "approve_correction",
        _ => "",
    }
}

/// Buttons of the way, the one that the work list waits for first, and those that are folded away.
async fn buttons(case: &Case, tasks: &[WorkView]) -> Result<(Vec<Button>, Vec<Button>), Fault> {
    let acts = case.site.app.acts::<Dossier>(&case.actor, &case.stream, &case.state, Dossier::OFFERED).await?;
    let wanted: Vec<&str> = tasks.iter().map(|task| act_of_task(case, &task.task)).collect();
    let wanted = |act: &Act| match act {
        // After a session without an agreement there is another, or the end.
        Act::CallSession | Act::EndMediation if tasks.iter().any(|task| task.task == "no_agreement") => true,
        act => wanted.contains(&act.name()),
    };
    // What was done on paper in time and came to the desk late is entered seldom.
    let state = &case.state;
    let late = |act: &Act| match act {
        Act::AnswerConsent => state.is_over() || state.asked().next().is_none(),
        Act::AttestSignature => state.is_over(),
        // What came by the portal was sent by whom it names: whoever wants to signs its print as well.
        Act::AttestApplication => state.via == Via::Portal,
        _ => false,
    };
    let aside = |act: &Act| ASIDE.contains(act) || late(act);
    let (mut next, more): (Vec<Act>, Vec<Act>) = acts.into_iter().partition(|act| !aside(act) || wanted(act));
    // Stable: beside that one they stay in the order of the way.
    next.sort_by_key(|act| !wanted(act));
    let button = |act: &Act| {
        let (label, to) = (case.lang.name("act", act.name()), format!("{}/{}", case.href(), act.name()));
        Button::secondary(label).to(to)
    };
    let mut buttons: Vec<Button> = next.iter().map(button).collect();
    if let Some(first) = buttons.first_mut() {
        first.look = Look::Primary;
    }
    let mut more: Vec<Button> = more.iter().map(button).collect();
    // What came to nothing, or was not confirmed, may be mediated once more: as a case of its own.
    if case.state.is_renewable() && case.state.renewed_by.is_empty() && super::dossiers::records_for(&case.actor) {
        let label = case.lang.text().dossier.renew;
        more.push(Button::secondary(label).to(format!("/dossiers/new?again={}", case.stream.key())));
    }
    Ok((buttons, more))
}

fn head(case: &Case) -> SummaryList {
    let (lang, state) = (case.lang, &case.state);
    let (t, d) = (lang.text(), &lang.text().dossier);
    let pack = &case.site.app.pack;
    let kind = if state.kind == scope::Kind::Administrative { d.kind_administrative } else { d.kind_civil };
    let entry = pack.scope.entry_name(&state.entry).map_or("", |(zh, en)| pick(lang, zh, en));
    let via = if state.via == Via::Oral { d.via_oral } else { d.via_portal };
    let matter = state.matter.as_ref().filter(|m| m.kind() == StreamKind::Matter);
    let mut list = SummaryList::new()
        .row(t.common.organ, pick(lang, pack.body_name(&state.organ), pack.body_name_en(&state.organ)))
        .row(d.kind, Cell::text(kind).note(entry))
        .row(d.applied, Cell::text(lang.date(state.applied_on)).note(via));
    if let Some(matter) = matter {
        list = list.row(d.matter, Cell::link(&state.matter_number, format!("/matter/{}", matter.key())));
    }
    if let Some(told) = &state.disputed {
        let date = told.on.map(|on| lang.date(on)).unwrap_or_default();
        let said = [told.number.text(), &date, told.result.text()];
        list = list.row(d.disputed, lang.list(&said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>()));
    }
    let other = |number: &str, case: &yanhe_core::StreamId| Cell::link(number, format!("/dossier/{}", case.key()));
    if let Some(earlier) = &state.renews {
        list = list.row(d.renews, other(&earlier.number, &earlier.case));
    }
    for later in &state.renewed_by {
        list = list.row(d.renewed_by, other(&later.number, &later.case));
    }
    if let Some(code) = &state.access {
        list = list.row(d.access, Cell::text(yanhe_app::dashed(code)).note(d.access_note));
    }
    let clerk = case.staff_name(&state.clerk);
    if !clerk.is_empty() {
        list = list.row(lang.name("role", "clerk"), clerk);
    }
    if let Some(mediator) = &state.mediator {
        let note = if mediator.declared { d.declared } else { d.not_declared };
        let name = match mediator.place {
            Some(place) => lang.bracket(mediator.name.text(), lang.name("label", place.name())),
            None => mediator.name.text().to_owned(),
        };
        list = list.row(lang.name("role", "mediator"), Cell::text(name).note(note));
    }
    list
}

fn steps(case: &Case) -> Steps {
    let (lang, state) = (case.lang, &case.state);
    let d = &lang.text().dossier;
    let agreed = state.agreement.as_ref();
    let effective = agreed.and_then(|a| a.effective_on).is_some();
    // A closed file keeps the way it went: refused or ended cases never reach the later steps.
    let over = state.is_over();
    let replaced = agreed.is_some_and(|a| a.replaced.is_some());
    let settled = state.outstanding().is_empty() && state.performance.iter().all(|p| p.performed);
    let performed = matches!(state.stage, Stage::Performed) || (state.stage == Stage::Closed && effective && settled);
    let reached = [
        (d.step_apply, true),
        (d.step_accept, state.period.is_some()),
        (d.step_mediator, state.mediator.as_ref().is_some_and(|m| m.declared)),
        (d.step_session, state.has_record()),
        // An agreement that fell while it was signed is none.
        (d.step_agreement, agreed.is_some() && (effective || !over)),
        (d.step_effective, effective),
        if replaced && !performed { (lang.name("state", "replaced"), true) } else { (d.step_performed, performed) },
        (d.step_closed, state.stage == Stage::Closed),
    ];
    let mut now = !over && state.stage != Stage::Closed;
    let steps = reached.into_iter().filter(|(_, done)| *done || !over).map(|(label, done)| {
        let here = !done && std::mem::take(&mut now);
        let step = match (done, here) {
            (true, _) => StepState::Done,
            (_, true) => StepState::Now,
            _ => StepState::Todo,
        };
        Step { label: label.into(), state: step, ..Step::default() }
    });
    let mut steps: Vec<Step> = steps.collect();
    if over {
        let label = lang.name("state", state.came_to());
        let last = if state.stage == Stage::Closed { steps.len() - 1 } else { steps.len() };
        steps.insert(last, Step { label: label.into(), state: StepState::Done, ..Step::default() });
    }
    Steps { lang, steps }
}

fn went_by_message(paper: &PaperView) -> bool {
    matches!((paper.channel.as_str(), paper.state.as_str()), ("sms" | "email", "sent" | "served"))
}

/// Whose turn it is, from the work list.
fn waits(case: &Case, tasks: &[WorkView], papers: &[PaperView]) -> Vec<String> {
    let (lang, d) = (case.lang, &case.lang.text().dossier);
    let mut lines = Vec::new();
    // Until the answers are there it is the other side's turn.
    for task in tasks.iter().filter(|task| task.task != "answer") {
        let what = match task.task.as_str() {
            // More than one act can do it, or more is to be done than the act.
            "accept" | "no_agreement" | "breach" => lang.name("task", &task.task),
            other => lang.name("act", act_of_task(case, other)),
        };
        let who = case.staff_name(&task.assignee);
        let role = lang.name("role", &task.role);
        let who = if who.is_empty() { role.to_owned() } else { format!("{role} {who}") };
        lines.push(fill(d.waits_for, &[("who", &who), ("what", what)]));
    }
    let missing: Vec<String> = match case.state.stage {
        Stage::Signing => case.state.unsigned().iter().map(|s| case.signer(s)).collect(),
        _ => Vec::new(),
    };
    if !missing.is_empty() {
        lines.push(fill(d.waits_signatures, &[("who", &lang.list(&missing))]));
    }
    for consent in case.state.asked().filter(|_| matches!(case.state.stage, Stage::Applied | Stage::Mediating)) {
        let (who, day) = (case.party(&consent.person), lang.date(consent.due.last_day));
        let text = match consent.sent {
            _ if consent.voided => d.waits_asked_again,
            Some(_) => d.waits_consent,
            None if papers.iter().any(|p| p.stream == consent.paper.id && went_by_message(p)) => d.waits_message,
            None => d.waits_unsent,
        };
        lines.push(fill(text, &[("who", &who), ("day", &day)]));
    }
    if lines.is_empty() {
        lines.push(d.nothing_waits.to_owned());
    }
    lines
}

fn notes(case: &Case) -> Vec<Notice> {
    let (lang, state, d) = (case.lang, &case.state, &case.lang.text().dossier);
    let mut notes = Vec::new();
    match state.application_paper() {
        None if state.stage != Stage::Closed => notes.push(Notice::new(lang, NoticeKind::Warn, d.record_void)),
        Some(_)
            if state.stage == Stage::Applied && state.via == Via::Oral && !state.application_unsigned().is_empty() =>
        {
            notes.push(Notice::new(lang, NoticeKind::Info, d.oral_print));
        }
        _ => {}
    }
    if state.is_administrative() && matches!(state.stage, Stage::Applied | Stage::Mediating | Stage::Signing) {
        notes.push(Notice::new(lang, NoticeKind::Info, d.administrative));
    }
    let unsigned: Vec<String> = match state.stage {
        Stage::Mediating | Stage::Signing => state.record_open().iter().map(|s| case.signer(s)).collect(),
        _ => Vec::new(),
    };
    if !unsigned.is_empty() {
        let text = fill(lang.text().dossier_form.record_open, &[("who", &lang.list(&unsigned))]);
        notes.push(Notice::new(lang, NoticeKind::Warn, text).title(lang.text().dossier_form.record_open_title));
    }
    if let Some(asked) = &state.recusal {
        let (who, day) = (case.party(&asked.by), lang.date(asked.on));
        let asks = [("who", who.as_str()), ("day", day.as_str()), ("reason", asked.reason.text())];
        notes.push(Notice::new(lang, NoticeKind::Warn, fill(lang.text().dossier_form.recusal_asked, &asks)));
        if let Some(session) = state.pending() {
            let says = fill(d.recusal_session, &[("time", &lang.time(session.at))]);
            notes.push(Notice::new(lang, NoticeKind::Warn, says));
        }
    }
    if let Some(by) = state.agreement.as_ref().and_then(|a| a.replaced.as_ref()) {
        let said = [("number", by.agreement.number.as_str()), ("day", &lang.date(by.on))];
        notes.push(Notice::new(lang, NoticeKind::Warn, fill(d.agreement_replaced, &said)));
    }
    if state.agreement.as_ref().is_some_and(|a| a.voided) {
        notes.push(Notice::new(lang, NoticeKind::Warn, d.agreement_voided));
    }
    if state.corrections.iter().any(|c| c.approver.is_none()) {
        notes.push(Notice::new(lang, NoticeKind::Warn, d.correction_waits));
    }
    notes
}
