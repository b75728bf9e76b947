//! Rows, counts and timers of a case.

use serde_json::json;

use super::changed::ChangeVoided;
use super::recusal::RecusalDecision;
use super::session::RecordWithdrawn;
use super::{Event, Session, Stage, State, open, parties};
use crate::deadline::Deadline;
use crate::matter::kind_name;
use crate::row::{Cell, Change, Tally};
use crate::stream::{Job, PaperRef};
use crate::time::{Date, Timestamp, after};
use crate::{PersonId, StreamId, tables};

pub(super) fn project(id: &StreamId, state: &State, event: &Event, at: Timestamp) -> Vec<Change> {
    let mut rows = vec![row(id, state, at)];
    if matches!(
        event,
        Event::Applied { .. }
            | Event::FactCorrected { .. }
            | Event::IdentityRecorded { .. }
            | Event::IdentityTold(_)
            | Event::LapseTakenBack { .. }
    ) {
        rows.extend(parties(state).map(|(role, party)| party.takes_part(id, role)));
    }
    if let Event::Applied { access: Some(code), application, .. } = event {
        let opens = vec![code.as_str().into(), application.id.as_str().into(), id.as_str().into()];
        rows.push(Change::Claim(&tables::ACCESS, opens));
    }
    if let Event::ApplicationAccepted { without, .. } = event {
        // The mediation is not theirs, and not theirs to read.
        let gone = |person: &PersonId| vec![id.as_str().into(), person.0.as_str().into()];
        rows.extend(without.iter().map(|person| Change::Delete(&tables::TAKES_PART, gone(person))));
    }
    match event {
        Event::PartyAdded { joined } => rows.push(joined.party.takes_part(id, &joined.role)),
        Event::PartyLeft { person, .. }
        | Event::ApplicationWithdrawn { person, .. }
        | Event::ConsentAnswered { person: Some(person), .. }
        | Event::ConsentLapsed { person: Some(person), .. }
            if state.without.contains(person) =>
        {
            rows.push(Change::Delete(&tables::TAKES_PART, vec![id.as_str().into(), person.0.as_str().into()]));
        }
        _ => {}
    }
    rows.extend(super::words::rows(id, state, event));
    rows.extend(work(id, state, at));
    let count = |name, date: Date, mark: String, by| {
        let (organ, kind) = (state.organ.clone(), kind_name(state.kind).into());
        Change::Tally(Tally { name, organ, kind, date, mark, by })
    };
    let tally = |name, date: Date, mark: &str| count(name, date, mark.into(), 1);
    // A refusal or an end that was taken back may follow once more, and is another act then.
    let nth = match state.taken_back.len() {
        0 => String::new(),
        n => n.to_string(),
    };
    let again = |name, date: Date| count(name, date, nth.clone(), 1);
    let back = |name, date: Date| count(name, date, format!("back/{nth}"), -1);
    let agreed = state.agreement.as_ref().and_then(|a| a.effective_on);
    // Acts by their own day, and again, as `opening_outcome`, by the day of the act that opened what they end: rates count
    // what became of the cases that opened within some days.
    match event {
        Event::Applied { on, .. } => rows.push(tally("applications", *on, "")),
        Event::ApplicationAccepted { on, .. } => {
            rows.push(tally("accepted", *on, ""));
            rows.push(tally("applied_accepted", state.applied_on, ""));
            rows.push(again("applied_decided", state.applied_on));
        }
        Event::ApplicationRefused { on, .. } => {
            rows.push(again("refused", *on));
            rows.push(again("applied_decided", state.applied_on));
        }
        Event::AgreementEffective { on, .. } => {
            rows.push(tally("successful", *on, ""));
            rows.push(tally("agreements_effective", *on, ""));
            rows.extend(state.accepted_on.map(|accepted| tally("accepted_successful", accepted, "")));
        }
        Event::MediationEnded { ended } => rows.push(again("ended", ended.on)),
        Event::LapseTakenBack { over_on: Some(over_on), person: Some(_), .. } => {
            rows.push(back("refused", *over_on));
            rows.push(back("applied_decided", state.applied_on));
        }
        Event::LapseTakenBack { over_on: Some(over_on), person: None, .. } => rows.push(back("ended", *over_on)),
        // Performed by a decision that was voided it is performed once more by another.
        Event::AgreementPerformed { on } => {
            let nth = match state.changes_voided.len() {
                0 => String::new(),
                n => n.to_string(),
            };
            rows.push(tally("performed", *on, &nth));
            rows.extend(agreed.map(|agreed| tally("successful_performed", agreed, &nth)));
        }
        Event::ChangeVoided(ChangeVoided { performed_on: Some(performed_on), .. }) => {
            let mark = || format!("back/{}", state.changes_voided.len());
            rows.push(count("performed", *performed_on, mark(), -1));
            rows.extend(agreed.map(|agreed| count("successful_performed", agreed, mark(), -1)));
        }
        Event::ObligationBreached { on, obligation, .. } => rows.push(tally("breached", *on, &obligation.to_string())),
        _ => {}
    }
    rows
}

/// All limits that were counted in a case for those who handle it, in the order of the way.
pub fn counted(state: &State) -> impl Iterator<Item = &Deadline> {
    let agreed = state.agreement.iter().flat_map(|a| a.confirm_by.iter().chain(&a.visits));
    state.consents.iter().map(|c| &c.due).chain([&state.accept_by]).chain(&state.period).chain(agreed)
}

/// The limit that matters most now.
pub fn next_limit(state: &State) -> Option<(Date, &str)> {
    match state.stage {
        // A letter that nobody sent puts no limit on the other side: the organ's own runs.
        Stage::Applied => match state.lapsing().min_by_key(|c| c.due.last_day) {
            Some(c) => Some((c.due.last_day, "mediation.consent")),
            None => Some((state.accept_by.last_day, "mediation.accept")),
        },
        Stage::Mediating | Stage::Signing => state.period.as_ref().map(|p| (p.last_day, "mediation.period")),
        Stage::Performing | Stage::Breached => {
            let agreement = state.agreement.as_ref()?;
            let due =
                |n: &i64| usize::try_from(*n - 1).ok().and_then(|n| agreement.draft.obligations.get(n)).map(|o| o.due);
            state.outstanding().iter().filter_map(due).min().map(|d| (d, "obligation"))
        }
        _ => None,
    }
}

fn row(id: &StreamId, state: &State, at: Timestamp) -> Change {
    let due = next_limit(state);
    let name = |party: Option<&crate::party::Party>| party.map_or(Cell::Null, |p| p.name.cell());
    Change::Put(
        &tables::DOSSIER,
        vec![
            id.as_str().into(),
            state.application.number.as_str().into(),
            state.organ.as_str().into(),
            kind_name(state.kind).into(),
            state.entry.as_str().into(),
            state.sector.clone().into(),
            state.stage.name().into(),
            state.stage.name().into(),
            state.applied_on.into(),
            state.matter.as_ref().map(|m| m.as_str().to_owned()).into(),
            name(state.applicants.first()),
            name(parties(state).find(|(role, _)| *role == "respondent").map(|(_, p)| p)),
            state.mediator.as_ref().map(|m| m.staff.clone()).into(),
            due.map(|(d, _)| d).into(),
            due.map(|(_, limit)| limit.to_owned()).into(),
            (if state.confirmation_state.is_empty() { None } else { Some(state.confirmation_state.clone()) }).into(),
            at.into(),
        ],
    )
}

/// The record waits for the organ as the other party.
const ORGAN_SIGNS: &str = "sign_record_for_organ";

/// Tasks that a case can hold; each is put while it is to be done and deleted when it is not.
const TASKS: [&str; 25] = [
    "record_again",
    "notice_again",
    "identity",
    "ask_consent",
    "answer",
    "accept",
    "name_mediator",
    "declare",
    "call_session",
    "move_session",
    "record_session",
    "no_agreement",
    "draft",
    ORGAN_SIGNS,
    "sign_record",
    "sign",
    "sign_for_organ",
    "seal",
    "perform",
    "changed_decision",
    "breach",
    "visit",
    "confirm",
    "correct",
    "recusal",
];

fn work(id: &StreamId, state: &State, at: Timestamp) -> Vec<Change> {
    let open = tasks(state);
    let party = state.applicants.first().map_or(Cell::Null, |p| p.name.cell());
    let claims = Claims::write(state);
    TASKS
        .iter()
        .map(|task| match open.iter().find(|t| t.0 == *task) {
            None => Change::Delete(&tables::WORK, vec![id.as_str().into(), (*task).into()]),
            Some((_, role, assignee, due)) => Change::Put(
                &tables::WORK,
                vec![
                    id.as_str().into(),
                    (*task).into(),
                    state.organ.as_str().into(),
                    (*role).into(),
                    assignee.clone().into(),
                    due.map(|(d, _)| d).into(),
                    due.map(|(_, l)| l.to_owned()).into(),
                    state.application.number.as_str().into(),
                    party.clone(),
                    kind_name(state.kind).into(),
                    at.into(),
                    claims.clone().into(),
                ],
            ),
        })
        .collect()
}

/// The limits of the parties' own ways as the row of a task holds them: `review.apply=2022-05-07,...`. They run out
/// by themselves, so that the row names all of them, and whoever reads it says which is next.
pub struct Claims;

impl Claims {
    fn write(state: &State) -> Option<String> {
        // Once there is an agreement the parties have what they wanted of those ways.
        let open = matches!(state.stage, Stage::Applied | Stage::Mediating | Stage::Signing);
        let own = state.limits.iter().filter(|limit| open && !limit.asks()).map(|limit| &limit.deadline);
        let all: Vec<String> = own.map(|limit| format!("{}={}", limit.limit, limit.last_day)).collect();
        (!all.is_empty()).then(|| all.join(","))
    }

    /// The first limit that runs out between two days.
    pub fn next(written: &str, from: Date, to: Date) -> Option<(&str, Date)> {
        let one = |part| str::split_once(part, '=').and_then(|(limit, day)| Some((limit, day.parse::<Date>().ok()?)));
        let soon = written.split(',').filter_map(one).filter(|(_, day)| (from..=to).contains(day));
        soon.min_by_key(|(_, day)| *day)
    }
}

type Task<'a> = (&'static str, &'static str, Option<String>, Option<(Date, &'a str)>);

fn tasks(state: &State) -> Vec<Task<'_>> {
    let mut out: Vec<Task<'_>> = Vec::new();
    let clerk = (!state.clerk.is_empty()).then(|| state.clerk.clone());
    let mediator = state.mediator.as_ref().map(|m| m.staff.clone());
    let named = mediator.clone();
    let limit = next_limit(state);
    let organ_signs = |waits: &[String]| state.organ_signer().is_some_and(|organ| waits.contains(&organ));
    // An administrative agreement is carried out by a decision: until that is there, nothing else performs it.
    let decides = state.is_administrative() && state.changed_decision.is_empty();
    match state.stage {
        Stage::Performed if decides => out.push(("changed_decision", "leader", None, None)),
        Stage::Applied => {
            let asked = !state.consents.is_empty() || state.is_administrative();
            let task = match state.asked().next() {
                Some(_) if state.to_ask_again().next().is_some() => "ask_consent",
                // Until it answers it is the other side's turn; what it says by word of mouth is recorded.
                Some(_) => "answer",
                None if asked => "accept",
                None => "ask_consent",
            };
            out.push((task, "clerk", clerk.clone(), limit));
        }
        Stage::Mediating => match &state.mediator {
            Some(_) if state.recusal.is_some() => out.push(("recusal", "leader", None, limit)),
            None => out.push(("name_mediator", "leader", None, limit)),
            Some(m) if !m.declared => out.push(("declare", "mediator", mediator, limit)),
            Some(_) if state.pending().is_some_and(|session| session.to_move) => {
                out.push(("move_session", "mediator", mediator, limit));
            }
            Some(_) => {
                let task = match state.sessions.last() {
                    None => "call_session",
                    Some(s) if s.record.is_none() => "record_session",
                    Some(_) => match state.result() {
                        Some("adjourned") => "call_session",
                        Some("agreed") => "draft",
                        // Another session, where there may be one, or the end.
                        _ => "no_agreement",
                    },
                };
                out.push((task, "mediator", mediator, limit));
            }
        },
        Stage::Signing => {
            let waits = state.unsigned();
            if mediator.as_ref().is_some_and(|m| waits.contains(m)) {
                out.push(("sign", "mediator", mediator, limit));
            }
            if organ_signs(&waits) {
                out.push(("sign_for_organ", "leader", None, limit));
            }
            if state.agreement.as_ref().is_some_and(|a| a.sealed_on.is_none()) {
                out.push(("seal", "leader", None, limit));
            }
        }
        Stage::Performing | Stage::Breached => {
            if decides {
                out.push(("changed_decision", "leader", None, limit));
            } else if !state.reportable().is_empty() {
                out.push(("perform", "clerk", clerk.clone(), limit));
            }
            // Whoever is owed is told what they can do, and whoever owes is asked; it stays until it is mended or closed.
            if state.stage == Stage::Breached {
                out.push(("breach", "clerk", clerk.clone(), None));
            }
            let confirm = state.agreement.as_ref().and_then(|a| a.confirm_by.as_ref());
            if let Some(deadline) = confirm.filter(|_| state.unasked_court() && !state.confirmation_lapsed) {
                out.push(("confirm", "mediator", mediator, Some((deadline.last_day, "confirmation.apply"))));
            }
        }
        _ => {}
    }
    let visit = state.agreement.as_ref().and_then(|a| a.visits.first());
    if let Some(visit) = visit.filter(|_| matches!(state.stage, Stage::Performing | Stage::Performed | Stage::Breached))
    {
        out.push(("visit", "mediator", named.clone(), Some((visit.last_day, visit.limit.as_str()))));
    }
    if state.stage == Stage::Mediating && organ_signs(&state.record_unsigned()) {
        // Who is not in the roster signs on paper.
        match state.sessions.last().and_then(Session::for_organ) {
            Some(there) => out.extend(there.role.map(|role| (ORGAN_SIGNS, role.name(), there.staff.clone(), limit))),
            None => out.push((ORGAN_SIGNS, "leader", None, limit)),
        }
    }
    // An agreement waits for the record itself; without one nothing else would ask for it.
    let fruitless = state.stage == Stage::Mediating && state.result() != Some("agreed");
    if (fruitless || state.stage == Stage::Ended) && !state.record_open().is_empty() {
        let role = if named.is_some() { "mediator" } else { "clerk" };
        out.push(("sign_record", role, named.clone().or_else(|| clerk.clone()), None));
    }
    // Nobody signs before it is known who signs: an officer sees the documents while the case is mediated.
    if state.stage == Stage::Mediating && state.unidentified().next().is_some() {
        out.push(("identity", "clerk", clerk.clone(), None));
    }
    if let Some(invited) = state.asked().min_by_key(|c| c.due.last_day).filter(|_| state.stage == Stage::Mediating) {
        let task = if state.to_ask_again().next().is_some() { "ask_consent" } else { "answer" };
        out.push((task, "clerk", clerk.clone(), Some((invited.due.last_day, "mediation.consent"))));
    }
    if state.application_paper().is_none() && state.stage != Stage::Closed {
        out.push(("record_again", "clerk", clerk.clone(), None));
    }
    if state.end_to_tell_again().next().is_some() {
        out.push(("notice_again", "clerk", clerk, None));
    }
    if state.corrections.iter().any(|c| c.approver.is_none()) {
        out.push(("correct", "leader", None, None));
    }
    out
}

pub(super) fn react(id: &StreamId, state: &State, event: &Event) -> Vec<Job> {
    let run = |name: &str, due, stream: &StreamId, command| Job::Run {
        name: name.into(),
        due,
        stream: stream.clone(),
        command,
    };
    let cancel = |name: &str| Job::Cancel { name: name.into() };
    let lapse = |by: &Deadline| run("confirm", after(by.last_day), id, json!({"LapseConfirmation": {}}));
    let renewal = |by: Option<(&PaperRef, Date)>| json!({"NoteRenewal": {"later": {"case": id, "number": state.application.number}, "by": by}});
    let mut jobs: Vec<Job> = needless(state, event)
        .map(|paper| run(&format!("aside/{}", paper.key()), Timestamp::UNIX_EPOCH, paper, json!({"SetAside": {}})))
        .collect();
    jobs.extend(match event {
        Event::Applied { .. } => {
            let matter = state.matter.iter().map(|matter| ("applied", matter, json!({"NoteApplied": {"dossier": id}})));
            let earlier = state.renews.iter().map(|earlier| ("renewed", &earlier.case, renewal(None)));
            matter.chain(earlier).map(|(name, of, told)| run(name, Timestamp::UNIX_EPOCH, of, told)).collect()
        }
        // The next of those who are asked to lapse.
        Event::ConsentSent { .. }
        | Event::ConsentVoided { .. }
        | Event::ConsentAnswered { .. }
        | Event::ConsentLapsed { .. } => match state.lapsing().map(|c| c.due.last_day).min() {
            Some(day) => vec![run("consent", after(day), id, json!({"LapseConsent": {}}))],
            None => vec![cancel("consent")],
        },
        Event::ApplicationRefused { .. } => vec![cancel("consent")],
        Event::ApplicationWithdrawn { goes_on: false, .. } => vec![cancel("consent")],
        Event::ApplicationAccepted { period, .. } => {
            vec![cancel("consent"), run("period", after(period.last_day), id, json!({"ExpirePeriod": {}}))]
        }
        // The notices of what is taken back are void, and what fell with it stands again. Until the day is over other
        // signatures can be entered that were made in time.
        Event::LapseTakenBack { person, papers, on, .. } => {
            let fall = |paper: &PaperRef| {
                let command = json!({"Fall": {"taken_back": true}});
                run(&format!("fall/{}", paper.id.key()), Timestamp::UNIX_EPOCH, &paper.id, command)
            };
            let agreement = state.agreement.as_ref().filter(|_| person.is_none());
            let stands = agreement.map(|a| run("void", Timestamp::UNIX_EPOCH, &a.paper.id, json!({"Stand": {}})));
            let period = agreement.map(|_| run("period", after(*on), id, json!({"ExpirePeriod": {}})));
            papers.iter().map(fall).chain(stands).chain(period).collect()
        }
        // The paper of an agreement that is taken back, or falls with its mediation, is voided by a notice.
        Event::AgreementWithdrawn { paper, reason: Some(_), .. }
        | Event::RecordWithdrawn(RecordWithdrawn { paper, .. }) => {
            vec![run("void", Timestamp::UNIX_EPOCH, &paper.id, json!({"Fall": {}}))]
        }
        Event::MediationEnded { ended } => {
            let lapsed = ended.ground == "expired";
            let fallen = state.agreement.as_ref().map(|a| &a.paper.id);
            let void = |paper| run("void", Timestamp::UNIX_EPOCH, paper, json!({"Fall": {"lapsed": lapsed}}));
            [cancel("period"), cancel("consent")].into_iter().chain(fallen.map(void)).collect()
        }
        Event::AgreementEffective { on, confirm_by, replaces, .. } => {
            let by = state.agreement.as_ref().map(|a| (&a.paper, *on));
            let replaced = |earlier| run("replaced", Timestamp::UNIX_EPOCH, earlier, renewal(by));
            let lapse = confirm_by.as_ref().map(lapse);
            std::iter::once(cancel("period")).chain(lapse).chain(replaces.as_ref().map(replaced)).collect()
        }
        Event::RecusalDecided(RecusalDecision { period: Some(period), .. }) => {
            vec![run("period", after(period.last_day), id, json!({"ExpirePeriod": {}}))]
        }
        // Nobody asks the court to confirm what holds no more.
        Event::AgreementReplaced { .. } => vec![cancel("confirm")],
        // What the court did not docket can be applied for again, as long as the days for it run.
        Event::ConfirmationNoted { .. } if state.unasked_court() => {
            let confirm_by = state.agreement.as_ref().and_then(|a| a.confirm_by.as_ref());
            vec![confirm_by.map_or(cancel("confirm"), lapse)]
        }
        Event::ConfirmationNoted { .. } => vec![cancel("confirm")],
        _ => Vec::new(),
    });
    jobs
}

/// Papers that nobody has to send any more: letters that ask who has answered, calls to what is over or comes otherwise.
fn needless<'a>(state: &'a State, event: &'a Event) -> impl Iterator<Item = &'a StreamId> {
    let over = matches!(state.stage, Stage::Refused | Stage::Withdrawn | Stage::Ended)
        && matches!(
            event,
            Event::ApplicationRefused { .. } | Event::ApplicationWithdrawn { .. } | Event::MediationEnded { .. }
        );
    let answered = match event {
        Event::ConsentAnswered { person: Some(person), .. } | Event::ConsentLapsed { person: Some(person), .. } => {
            Some(person)
        }
        _ => None,
    };
    let held = over || matches!(event, Event::SessionHeld { .. });
    let instead =
        state.sessions.last().filter(|_| matches!(event, Event::SessionMoved(_))).and_then(|s| s.moved.last());
    let off = matches!(event, Event::SessionCalledOff(_) | Event::SessionMissed { .. });
    let off = state.not_held.last().filter(|_| off).into_iter().flat_map(|s| &s.notices);
    let letters = state.consents.iter().filter(move |c| over && c.answer.is_none() || answered == Some(&c.person));
    let calls = state.sessions.last().filter(|_| held).into_iter().flat_map(|s| &s.notices);
    let calls = calls.chain(instead.into_iter().flat_map(|call| &call.notices)).chain(off);
    letters.map(|c| &c.paper.id).chain(calls.map(|paper| &paper.id))
}

/// Obligations past due.
pub fn overdue(state: &State, today: Date) -> Vec<i64> {
    open::overdue(state, today)
}
