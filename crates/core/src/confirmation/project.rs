//! What a confirmation's events amount to, its rows, follow-ups and papers.

use serde_json::json;

use super::{Event, Ruling, Stage, State, VoidDocket, VoidRuling};
use crate::deadline::Deadline;
use crate::row::{Cell, Change, Tally};
use crate::stream::Job;
use crate::time::{Date, Timestamp, after, at_county};
use crate::{StreamId, tables};

pub(super) fn apply(state: Option<State>, event: &Event) -> State {
    if let Event::ConfirmationDrafted { subject, application, proof, addresses, check_code } = event {
        // One that the court did not docket can be applied for again: that is another application.
        let mut earlier = state.as_ref().map(|s| s.earlier.clone()).unwrap_or_default();
        earlier.extend(state.as_ref().and_then(State::declined));
        return State {
            subject: (**subject).clone(),
            application: application.clone(),
            proof: proof.clone(),
            identities: None,
            check_code: check_code.clone(),
            addresses: addresses.clone(),
            stage: Stage::Drafted,
            signatures: Vec::new(),
            reminded: false,
            filed_on: None,
            filed_how: None,
            supplement_by: None,
            docket_by: None,
            number: String::new(),
            docket_notice: None,
            docket_copies: Vec::new(),
            docket_voided: Vec::new(),
            docketed_on: None,
            rule_by: None,
            judge: String::new(),
            judge_name: None,
            clerk_name: None,
            hearing_at: None,
            hearing_place: None,
            hearing: None,
            heard_on: None,
            heard_otherwise: None,
            ruling: None,
            declined_on: None,
            declined_for: String::new(),
            declined_reasons: None,
            earlier,
        };
    }
    // INVARIANT: decide writes nothing else before ConfirmationDrafted.
    let mut state = state.expect("a confirmation begins with its draft");
    match event {
        Event::ConfirmationDrafted { .. } => {}
        Event::PresidingCertified { proof, identities, docket_by, .. } => {
            state.proof = Some(proof.clone());
            state.identities = Some(identities.clone());
            if let Some(docket_by) = docket_by {
                state.docket_by = Some((**docket_by).clone());
            }
        }
        Event::ConfirmationSigned { signature } => state.signatures.push(signature.clone()),
        // What lapsed stays so until it is known to have been filed in time.
        Event::ConfirmationComplete { .. } if state.stage == Stage::Expired => {}
        Event::ConfirmationComplete { .. } => state.stage = Stage::Signed,
        Event::ConfirmationReminded { .. } => state.reminded = true,
        Event::ConfirmationLapsed { .. } => state.stage = Stage::Expired,
        Event::ConfirmationFiled { on, docket_by, supplement_by, how } => {
            state.filed_on = Some(*on);
            state.filed_how.clone_from(how);
            state.docket_by.clone_from(docket_by);
            state.supplement_by = supplement_by.as_deref().cloned();
            state.stage = Stage::Filed;
        }
        Event::ConfirmationDocketed {
            number,
            on,
            notice,
            judge,
            judge_name,
            rule_by,
            others,
            clerk_name,
            hearing,
            place,
        } => {
            state.hearing_at = *hearing;
            state.hearing_place.clone_from(place);
            state.clerk_name.clone_from(clerk_name);
            state.docket_copies.clone_from(others);
            state.number.clone_from(number);
            state.docketed_on = Some(*on);
            state.docket_notice = Some(notice.clone());
            state.judge.clone_from(judge);
            state.judge_name = Some(judge_name.clone());
            state.rule_by = Some((**rule_by).clone());
            state.stage = Stage::Docketed;
        }
        Event::DocketNoticeVoided { person, paper, on, notice } => state.docket_voided.push(VoidDocket {
            person: person.clone(),
            paper: paper.clone(),
            on: *on,
            notice: notice.clone(),
            again: None,
        }),
        Event::DocketNoticeMadeAgain { papers, on } => {
            for void in state.docket_voided.iter_mut().filter(|void| void.again.is_none()) {
                let Some((_, paper)) = papers.iter().find(|(person, _)| *person == void.person) else { continue };
                void.again = Some((paper.clone(), *on));
                let copy = state.docket_copies.iter_mut().find(|(person, _)| *person == void.person);
                match copy {
                    Some((_, copy)) => *copy = paper.clone(),
                    None => state.docket_notice = Some(paper.clone()),
                }
            }
        }
        Event::ConfirmationDeclined { ground, reasons, on } => {
            state.declined_reasons.clone_from(reasons);
            state.declined_on = Some(*on);
            state.declined_for.clone_from(ground);
            state.stage = Stage::Declined;
        }
        Event::PartiesHeard { findings, on, moved } => {
            state.heard_otherwise.clone_from(moved);
            state.hearing = Some(findings.clone());
            state.heard_on = Some(*on);
            state.stage = Stage::Examined;
        }
        Event::Ruled { ruling } => {
            state.stage = ruled(ruling);
            state.ruling = Some(ruling.clone());
        }
        Event::RulingVoided { notice, .. } => {
            if let Some(ruling) = &mut state.ruling {
                // Nothing runs from the service of what is void.
                ruling.served.clear();
                let papers = std::mem::take(&mut ruling.papers);
                ruling.voided.push(VoidRuling { on: ruling.on, papers, notice: notice.clone() });
                state.stage = Stage::RulingVoid;
            }
        }
        Event::RulingReissued { papers, on } => {
            if let Some(ruling) = &mut state.ruling {
                ruling.on = *on;
                ruling.papers.clone_from(papers);
                state.stage = ruled(ruling);
            }
        }
        Event::RulingServed { person, on, objection } => {
            if let Some(ruling) = &mut state.ruling {
                // Old events count one for a rejection, too.
                ruling.served.push((person.clone(), *on, objection.clone().filter(|_| ruling.valid)));
                if ruling.served.len() == ruling.papers.len() {
                    state.stage = Stage::Served;
                }
            }
        }
        Event::RulingUnserved { person } => {
            if let Some(ruling) = &mut state.ruling {
                ruling.served.retain(|(served, ..)| served != person);
                state.stage = ruled(ruling);
            }
        }
    }
    state
}

/// As what an application stands with its ruling, until that has reached every party.
fn ruled(ruling: &Ruling) -> Stage {
    if ruling.valid { Stage::Valid } else { Stage::Rejected }
}

/// The limit that runs now: the parties', the organ's while the court waits for it, else the court's.
pub fn next_limit(state: &State) -> Option<&Deadline> {
    match state.stage {
        Stage::Drafted | Stage::Signed => Some(&state.subject.apply_by),
        Stage::Filed if state.proof.is_none() => state.supplement_by.as_ref(),
        Stage::Filed => state.docket_by.as_ref(),
        Stage::Docketed | Stage::Examined => state.rule_by.as_ref(),
        _ => None,
    }
}

pub(super) fn project(id: &StreamId, state: &State, event: &Event, at: Timestamp) -> Vec<Change> {
    let s = &state.subject;
    let due = next_limit(state);
    let mut rows = vec![Change::Put(
        &tables::CONFIRMATION,
        vec![
            id.as_str().into(),
            state.number.as_str().into(),
            s.dossier.as_str().into(),
            s.organ.as_str().into(),
            // Before that day it is no case of the court: its lists and searches do not find it.
            state.filed_on.map_or("", |_| s.court.as_str()).into(),
            state.stage.name().into(),
            state.filed_on.into(),
            state.judge.as_str().into(),
            // What the court waits for is no limit of its own.
            due.filter(|d| state.stage.limit() == Some(d.limit.as_str())).map(|d| d.last_day).into(),
            at.into(),
        ],
    )];
    if matches!(event, Event::ConfirmationDrafted { .. }) {
        rows.extend(s.parties.iter().map(|p| p.takes_part(id, "applicant")));
    }
    rows.extend(work(id, state, at));
    let tally = |name, date: Date, mark: &str, by| {
        Change::Tally(Tally { name, organ: s.organ.clone(), kind: "civil".into(), date, mark: mark.into(), by })
    };
    // By the day of the ruling, and again by that of the filing whose outcome it is.
    let outcome = |ruling: &Ruling, on: Date, mark: &str, by| {
        let ruled = tally(if ruling.valid { "confirmed" } else { "confirmation_rejected" }, on, mark, by);
        let decided = state.filed_on.map(|filed| tally("filed_decided", filed, mark, by));
        let confirmed = state.filed_on.filter(|_| ruling.valid).map(|filed| tally("filed_confirmed", filed, mark, by));
        std::iter::once(ruled).chain(decided).chain(confirmed).collect::<Vec<_>>()
    };
    // As often as it was issued anew; the first time has no mark.
    let mark = |times: usize| if times == 0 { String::new() } else { times.to_string() };
    match event {
        Event::ConfirmationFiled { on, .. } => {
            rows.push(tally("confirmations_filed", *on, &mark(state.earlier.len()), 1));
            // One agreement, however often it was asked for.
            if state.earlier.is_empty() {
                rows.push(tally("effective_filed", s.effective_on, "", 1));
            }
        }
        Event::Ruled { .. } | Event::RulingReissued { .. } => {
            let counted = |ruling: &Ruling| outcome(ruling, ruling.on, &mark(ruling.voided.len()), 1);
            rows.extend(state.ruling.iter().flat_map(counted));
        }
        Event::RulingVoided { .. } => {
            let taken =
                |ruling: &Ruling| outcome(ruling, ruling.on, &format!("void/{}", mark(ruling.voided.len() - 1)), -1);
            rows.extend(state.ruling.iter().flat_map(taken));
        }
        _ => {}
    }
    rows
}

fn work(id: &StreamId, state: &State, at: Timestamp) -> Vec<Change> {
    let s = &state.subject;
    let due = next_limit(state);
    let mediator = |task| Some((task, s.organ.as_str(), "mediator", Some(s.mediator_staff.clone())));
    let unproved = matches!(state.stage, Stage::Drafted | Stage::Signed | Stage::Filed) && state.proof.is_none();
    // It never holds up the filing: what is ready can go to the court, and the certificate after it.
    let certify = unproved.then(|| mediator("certify")).flatten();
    let next = match state.stage {
        // Nobody is heard and nothing is ruled before it.
        _ if state.lacks_docket_notice() => Some(("docket_again", s.court.as_str(), "court_clerk", None)),
        Stage::Signed => mediator("file"),
        Stage::Filed if !unproved => Some(("docket", s.court.as_str(), "court_clerk", None)),
        Stage::Docketed => Some(("hear", s.court.as_str(), "judge", Some(state.judge.clone()))),
        Stage::Examined => Some(("rule", s.court.as_str(), "judge", Some(state.judge.clone()))),
        Stage::RulingVoid => Some(("reissue", s.court.as_str(), "judge", Some(state.judge.clone()))),
        Stage::Valid | Stage::Rejected => Some(("serve", s.court.as_str(), "court_clerk", None)),
        _ => None,
    };
    ["certify", "file", "docket", "docket_again", "hear", "rule", "reissue", "serve"]
        .into_iter()
        .map(|task| match certify.iter().chain(&next).find(|(now, ..)| *now == task) {
            Some((_, body, role, assignee)) => Change::Put(
                &tables::WORK,
                vec![
                    id.as_str().into(),
                    task.into(),
                    (*body).into(),
                    (*role).into(),
                    assignee.clone().into(),
                    due.map(|d| d.last_day).into(),
                    due.map(|d| d.limit.clone()).into(),
                    state.shown_number().into(),
                    s.parties.first().map_or(Cell::Null, |p| p.name.cell()),
                    "civil".into(),
                    at.into(),
                    Cell::Null,
                ],
            ),
            None => Change::Delete(&tables::WORK, vec![id.as_str().into(), task.into()]),
        })
        .collect()
}

pub(super) fn react(id: &StreamId, state: &State, event: &Event) -> Vec<Job> {
    if matches!(event, Event::ConfirmationSigned { .. } | Event::ConfirmationReminded { .. }) {
        return Vec::new();
    }
    // The dossier shows what became of its confirmation: at least once, idempotent.
    let command = json!({"NoteConfirmation": {"confirmation": id, "state": outcome(state)}});
    let run = |name: String, stream: &StreamId, command| Job::Run {
        name,
        due: Timestamp::UNIX_EPOCH,
        stream: stream.clone(),
        command,
    };
    let mut jobs = vec![run("noted".into(), &state.subject.dossier, command)];
    match event {
        Event::ConfirmationDrafted { subject, .. } => jobs.push(Job::Run {
            name: "lapse".into(),
            due: after(subject.apply_by.last_day),
            stream: id.clone(),
            command: json!({"Lapse": {}}),
        }),
        // In the morning: it is a message to people.
        Event::ConfirmationComplete { remind_on: Some(day), .. } => jobs.push(Job::Run {
            name: "remind".into(),
            due: at_county(day.at(9, 0, 0, 0)),
            stream: id.clone(),
            command: json!({"Remind": {}}),
        }),
        Event::ConfirmationFiled { .. } => {
            jobs.extend(["lapse", "remind"].map(|name| Job::Cancel { name: name.into() }));
        }
        _ => {}
    }
    if let (Event::RulingVoided { paper, notice }, Some(ruling)) = (event, &state.ruling) {
        // The number that is void is that of the other copies, too: whoever has one is told.
        let copies = ruling.voided.last().into_iter().flat_map(|void| &void.papers);
        let others = copies.map(|(_, copy)| &copy.id).filter(|copy| *copy != paper);
        jobs.extend(others.map(|copy| run(format!("void/{}", copy.key()), copy, json!({"Fall": {"with": notice}}))));
    }
    jobs
}

/// What the dossier is told: the ruling stays visible when it is served.
fn outcome(state: &State) -> &'static str {
    match (&state.ruling, state.stage) {
        (Some(ruling), Stage::Served) => {
            if ruling.valid {
                "valid"
            } else {
                "rejected"
            }
        }
        (_, stage) => stage.name(),
    }
}
