//! What a matter's events amount to, its rows, and its papers.

use serde_json::{Value, json};

use super::{Context, Event, LetterState, Proposed, Standing, State, correct, kind_name, source_name};
use crate::deadline::Deadline;
use crate::paper_data as data;
use crate::row::{Cell, Change, Tally};
use crate::scope::{Kind, Source};
use crate::stream::{Facts, Job, PaperOrder};
use crate::time::{Date, Timestamp, county_date};
use crate::{PersonId, Personal, StreamId, tables};

pub(super) fn apply(state: Option<State>, event: &Event, at: Timestamp) -> State {
    if let Event::MatterRegistered { matter, proposal, because, letter_due, harmed } = event {
        let proposes = proposal.send || harmed.as_ref().is_some_and(|h| h.proposal.send);
        // What was counted for it before stays counted: its marks are not used again.
        let (issues, corrections) = state.map_or((0, 0), |s| (s.issues, s.corrections));
        return State {
            matter: (**matter).clone(),
            standing: if proposes { Standing::Proposed } else { Standing::OutOfScope },
            proposal: proposal.clone(),
            because: because.clone(),
            letter_due: letter_due.clone(),
            served_on: None,
            served_with: None,
            letters: Vec::new(),
            letter_issued: Vec::new(),
            letter_served: Vec::new(),
            letter_sent: Vec::new(),
            issues,
            corrections,
            dossiers: Vec::new(),
            reply: None,
            reason: Personal::new(&matter.text.of, String::new()),
            harmed: harmed.clone(),
            classified: None,
            decision: None,
            decision_voided: false,
            limits: Vec::new(),
            amendments: Vec::new(),
        };
    }
    // INVARIANT: decide writes nothing else before MatterRegistered; history with a lost start is refused by verify.
    let mut state = state.expect("a matter begins with its registration");
    match event {
        Event::MatterRegistered { .. } => {}
        Event::MatterUpdated { status, own_due_on, phone, address, row, .. } => {
            if row.is_some() {
                state.matter.row.clone_from(row);
            }
            state.matter.status.clone_from(status);
            state.matter.own_due_on = *own_due_on;
            state.matter.reach_caller(phone.clone(), address.clone());
        }
        Event::DecisionIssued { decided } => state.decision = Some(decided.clone()),
        Event::DecisionVoided { .. } => state.decision_voided = true,
        Event::MatterWithdrawn { reason } => {
            if let Some(reason) = reason {
                state.reason.clone_from(reason);
            }
            state.standing = Standing::Withdrawn;
        }
        Event::DecisionServed { on, letter_due, with } => {
            (state.served_on, state.served_with) = (Some(*on), with.clone());
            state.letter_due.clone_from(letter_due);
        }
        Event::DecisionUnserved {} => (state.served_on, state.served_with) = (None, None),
        Event::LimitsCounted { limits, letter_due, .. } => {
            state.limits.clone_from(limits);
            state.letter_due = letter_due.as_deref().cloned().or(state.letter_due);
        }
        Event::CorrectionAsked { correction } => state.amendments.push(correction.clone()),
        Event::FactCorrected { correction, approver, proposed } => {
            if let Some(asked) = amendment(&mut state, *correction) {
                asked.approver = Some(approver.clone());
            }
            correct::put(&mut state, *correction);
            if let Some(anew) = proposed {
                propose(&mut state, anew);
            }
        }
        Event::CorrectionRefused { correction, approver, reason } => {
            if let Some(asked) = amendment(&mut state, *correction) {
                asked.approver = Some(approver.clone());
                asked.refused = Some(reason.clone());
            }
        }
        Event::EntitledEntered { party, proposed } => {
            enter(&mut state.matter, (**party).clone());
            if let Some(anew) = proposed {
                propose(&mut state, anew);
            }
        }
        Event::LettersIssued { letters, reason, limits, classified } => {
            if classified.is_some() {
                state.classified.clone_from(classified);
            }
            state.limits.retain(|old| limits.iter().all(|new| new.limit != old.limit));
            state.limits.extend(limits.iter().cloned());
            state.letters.extend(letters.iter().map(|l| (l.clone(), LetterState::Issued)));
            state.letter_issued.extend(letters.iter().map(|l| (l.paper.id.clone(), county_date(at))));
            state.send_at_once(letters, county_date(at));
            state.issues += 1;
            state.reason.clone_from(reason);
            // A letter to one more person takes nothing back of what became of the first.
            if !matches!(state.standing, Standing::Served | Standing::Applied) {
                state.standing = Standing::Issued;
            }
        }
        Event::LetterDeclined { reason } => {
            state.reason.clone_from(reason);
            state.standing = Standing::Declined;
        }
        Event::LetterNoted { paper, state: noted, on, served } => {
            if served.is_some() && *noted != LetterState::Voided {
                state.corrections += 1;
                state.letter_served.retain(|(letter, _)| letter != paper);
            }
            for (letter, state) in &mut state.letters {
                if letter.paper.id == *paper {
                    *state = *noted;
                }
            }
            if *noted == LetterState::Served {
                state.letter_served.push((paper.clone(), *on));
            }
            state.note_sent(paper, *noted, *on);
            let letters = matches!(state.standing, Standing::Issued | Standing::Served);
            if letters && state.letters.iter().all(|(_, s)| *s == LetterState::Voided) {
                // Every letter is void: the matter waits for one again.
                state.standing = if state.proposes() { Standing::Proposed } else { Standing::OutOfScope };
            }
            let served = state.letters.iter().any(|(_, s)| *s == LetterState::Served);
            match state.standing {
                Standing::Issued if *noted == LetterState::Served => state.standing = Standing::Served,
                // That it was served was corrected.
                Standing::Served if !served && *noted != LetterState::Voided => state.standing = Standing::Issued,
                _ => {}
            }
        }
        Event::DisputeApplied { dossier } => {
            state.dossiers.push(dossier.clone());
            state.standing = Standing::Applied;
        }
        Event::OrderReplied { paper, .. } => state.reply = Some(paper.clone()),
    }
    state
}

fn amendment(state: &mut State, place: i64) -> Option<&mut crate::correction::Correction> {
    usize::try_from(place).ok().and_then(|n| state.amendments.get_mut(n))
}

/// What is proposed now that more is known.
fn propose(state: &mut State, anew: &Proposed) {
    // What the clerk has decided stays decided.
    if matches!(state.standing, Standing::OutOfScope | Standing::Proposed) {
        state.standing = if anew.sends() { Standing::Proposed } else { Standing::OutOfScope };
    }
    state.proposal.clone_from(&anew.proposal);
    state.because.clone_from(&anew.because);
    state.letter_due.clone_from(&anew.letter_due);
    state.harmed.clone_from(&anew.harmed);
}

/// Somebody in the first place that is free of those that the entitled have in a matter of this source.
pub(super) fn enter(matter: &mut super::Registered, party: crate::party::Party) {
    match (matter.source, &matter.complainant, &matter.affected) {
        (Source::Complaint, None, _) => (matter.complainant, matter.caller) = (Some(party), None),
        (_, _, None) => matter.affected = Some(party),
        _ => matter.also_affected.push(party),
    }
}

pub(super) fn project(id: &StreamId, state: &State, event: &Event, at: Timestamp) -> Vec<Change> {
    let m = &state.matter;
    let mut rows = vec![row(id, state, at)];
    if matches!(
        event,
        Event::MatterRegistered { .. }
            | Event::MatterUpdated { .. }
            | Event::EntitledEntered { .. }
            | Event::FactCorrected { .. }
    ) {
        rows.extend(state.parties().map(|(role, party)| party.takes_part(id, role)));
    }
    if matches!(event, Event::MatterWithdrawn { .. }) {
        // Registered again, its people are drawn anew: nobody finds the matter as who they were before.
        let gone = |party: &crate::party::Party| vec![id.as_str().into(), party.person.0.as_str().into()];
        rows.extend(state.parties().map(|(_, party)| Change::Delete(&tables::TAKES_PART, gone(party))));
    }
    rows.extend(super::words::rows(id, state, event));
    rows.push(work(
        id,
        state,
        ("letter", "clerk"),
        state.standing == Standing::Proposed,
        state.letter_due.as_ref().map(|d| (d.last_day, "letter.send")),
        at,
    ));
    let owed = m.own_due_on.filter(|_| {
        m.source == Source::Complaint
            && state.reply.is_none()
            && m.status != "办结"
            && state.standing != Standing::Withdrawn
    });
    rows.push(work(id, state, ("reply", "clerk"), owed.is_some(), owed.map(|d| (d, "order.own")), at));
    let address = state.letters.iter().any(|(l, s)| *s == LetterState::Issued && l.channel == "address_needed")
        || state.letters.iter().any(|(_, s)| *s == LetterState::Failed);
    rows.push(work(id, state, ("address", "clerk"), address, state.send_by().map(|day| (day, "letter.send")), at));
    let asked = state.standing != Standing::Withdrawn && state.amendments.iter().any(|c| c.approver.is_none());
    rows.push(work(id, state, ("correct", "leader"), asked, None, at));

    let kind = kind_name(state.kind());
    let tally_of = |name, kind: &str, date: Date, mark: String, by| {
        Change::Tally(Tally { name, organ: m.organ.clone(), kind: kind.into(), date, mark, by })
    };
    // A matter with letters is counted under what the first of them is worded for: a dispute between two people can lie
    // behind a decision that only its addressee could contest.
    let worded = state.letters.first().and_then(|(letter, _)| letter.kind).map_or(kind, kind_name);
    let tally = |name, date, mark, by| tally_of(name, worded, date, mark, by);
    // A letter is counted under the dispute that it is worded for.
    let copy = |name, paper: &StreamId, date, mark: String, by| {
        let letter = state.letters.iter().find(|(letter, _)| letter.paper.id == *paper);
        let own = letter.and_then(|(letter, _)| letter.kind).map_or(kind, kind_name);
        tally_of(name, own, date, mark, by)
    };
    let today = county_date(at);
    match event {
        Event::LettersIssued { letters, .. } => {
            // A matter counts once, with the first letter that stands.
            let standing = state.letters.iter().filter(|(_, s)| *s != LetterState::Voided).count();
            if standing == letters.len() {
                rows.push(tally("letters", today, format!("issue/{}", state.issues), 1));
            }
            rows.extend(letters.iter().map(|l| copy("letter_copies", &l.paper.id, today, l.paper.id.key().into(), 1)));
            // By the day of the issue, from which a voided copy is taken away again.
            rows.extend(letters.iter().map(|l| copy("issued_copies", &l.paper.id, today, l.paper.id.key().into(), 1)));
        }
        Event::LetterNoted { paper, state: noted, on, served } if *noted != LetterState::Voided => {
            // Corrected, it may be served anew: each counts by a mark of its own.
            let mark = |what: &str| match state.corrections {
                0 => paper.key().to_owned(),
                n => format!("{what}/{}/{n}", paper.key()),
            };
            let mut count = |on: Date, mark: String, by| {
                rows.push(copy("letters_served", paper, on, mark.clone(), by));
                rows.extend(state.issued_on(paper).map(|day| copy("issued_served", paper, day, mark, by)));
            };
            if let Some(served) = served {
                count(*served, mark("corrected"), -1);
            }
            if *noted == LetterState::Served {
                count(*on, mark("served"), 1);
            }
        }
        Event::LetterNoted { paper, on, served, .. } => {
            let day = state.issued_on(paper);
            if let Some(served) = served {
                let void = format!("void/{}", paper.key());
                rows.push(copy("letters_served", paper, *served, void.clone(), -1));
                rows.extend(day.map(|day| copy("issued_served", paper, day, void, -1)));
            }
            rows.extend(day.map(|day| copy("issued_copies", paper, day, format!("void/{}", paper.key()), -1)));
            rows.push(copy("letter_copies", paper, *on, format!("void/{}", paper.key()), -1));
            if state.letters.iter().all(|(_, s)| *s == LetterState::Voided) {
                rows.push(tally("letters", *on, format!("void/{}", state.issues), -1));
            }
        }
        _ => {}
    }
    rows
}

fn row(id: &StreamId, state: &State, at: Timestamp) -> Change {
    let m = &state.matter;
    // What is proposed at all: for the punished person, or else for those whom the act harmed.
    let (proposal, because) = match &state.harmed {
        Some(harmed) if !state.proposal.send && harmed.proposal.send => (&harmed.proposal, &harmed.because),
        _ => (&state.proposal, &state.because),
    };
    let (kind, entry, sector) = match &state.classified {
        Some(found) => (found.kind, found.entry.clone(), found.sector.clone()),
        None => (proposal.kind, proposal.entry.clone(), proposal.sector.clone()),
    };
    Change::Put(
        &tables::MATTER,
        vec![
            id.as_str().into(),
            m.number.as_str().into(),
            source_name(m.source).into(),
            m.organ.as_str().into(),
            m.occurred_on.into(),
            state.standing.name().into(),
            proposal.send.into(),
            kind_name(kind).into(),
            entry.into(),
            sector.into(),
            m.batch.as_ref().map(|b| b.as_str().to_owned()).into(),
            m.subject.as_ref().map_or(Cell::Null, |p| p.name.cell()),
            m.complainant.as_ref().or(m.affected.as_ref()).map_or(Cell::Null, |p| p.name.cell()),
            because.open().and_then(|b| b.first()).map(in_both).into(),
            state.letter_due.as_ref().map(|d| d.last_day).into(),
            m.own_due_on.into(),
            at.into(),
        ],
    )
}

/// A reason in Chinese and, behind a unit separator, in English where the pack has it.
fn in_both(because: &crate::scope::Because) -> String {
    match &because.text_en {
        Some(en) => format!("{}\u{1f}{en}", because.text_zh),
        None => because.text_zh.clone(),
    }
}

fn work(
    id: &StreamId,
    state: &State,
    (task, role): (&str, &str),
    there: bool,
    due: Option<(Date, &str)>,
    at: Timestamp,
) -> Change {
    if !there {
        return Change::Delete(&tables::WORK, vec![id.as_str().into(), task.into()]);
    }
    let m = &state.matter;
    let party = state.entitled().or(m.subject.as_ref()).map_or(Cell::Null, |p| p.name.cell());
    Change::Put(
        &tables::WORK,
        vec![
            id.as_str().into(),
            task.into(),
            m.organ.as_str().into(),
            role.into(),
            Cell::Null,
            due.map(|(d, _)| d).into(),
            due.map(|(_, limit)| limit.to_owned()).into(),
            m.number.as_str().into(),
            party,
            kind_name(state.classified.as_ref().map_or(state.proposal.kind, |found| found.kind)).into(),
            at.into(),
            Cell::Null,
        ],
    )
}

/// What became of the decision becomes of the letters that go with it: they stand on its proof of service. And the cases
/// that came of the matter learn from which day their limits run.
pub(super) fn react(_: &StreamId, state: &State, event: &Event) -> Vec<Job> {
    if let Event::LimitsCounted { before, on, .. } = event {
        let assumed = state.served_on.is_none();
        let command = json!({"NoteKnown": {"before": before, "on": on, "assumed": assumed}});
        let run = |case: &StreamId| Job::Run {
            name: format!("known/{}/{on}/{assumed}", case.key()),
            due: Timestamp::UNIX_EPOCH,
            stream: case.clone(),
            command: command.clone(),
        };
        return state.dossiers.iter().map(run).collect();
    }
    let (Event::DecisionServed { .. } | Event::DecisionUnserved {}, Some(decided)) = (event, &state.decision) else {
        return Vec::new();
    };
    let command = json!({"ServeWith": {"paper": decided.paper.id}});
    let run = |letter: &super::Letter| Job::Run {
        name: format!("serve/{}", letter.paper.id.key()),
        due: Timestamp::UNIX_EPOCH,
        stream: letter.paper.id.clone(),
        command: command.clone(),
    };
    state.with_decision().map(run).collect()
}

pub(super) fn papers(
    id: &StreamId,
    state: &State,
    event: &Event,
    facts: &Facts<'_>,
    context: &Context,
) -> Vec<PaperOrder> {
    let m = &state.matter;
    let organ = data::body(facts, &m.organ, context.organ.as_ref());
    match event {
        Event::LettersIssued { letters, limits, .. } => letters
            .iter()
            .map(|letter| {
                let kind = state.kind_of(&letter.to.person);
                let mut addressee = data::named(Some(&letter.to));
                addressee["firm"] = json!(letter.to.is_firm());
                let own = limits_of(state, limits, &letter.to.person, facts);
                PaperOrder {
                    paper: letter.paper.clone(),
                    matter: Some(id.clone()),
                    date: facts.today(),
                    addressee: Some(letter.to.addressee()),
                    access: letter.access.clone(),
                    channel: letter.channel.clone(),
                    send_by: state.letter_due.as_ref().map(|d| (d.last_day, d.limit.clone())),
                    electronic: false,
                    data: json!({
                        "organ": organ,
                        "addressee": addressee,
                        "trigger": source_name(m.source),
                        "kind": kind_name(kind),
                        "matter": {"number": m.number, "date": m.occurred_on.to_string()},
                        "code": letter.access,
                        "address_short": short(&context.portal),
                        "limits": own,
                    }),
                }
            })
            .collect(),
        Event::DecisionIssued { decided } => {
            vec![super::decision::order(id, state, decided, facts, context.organ.as_ref())]
        }
        Event::OrderReplied { paper, text, findings } => vec![PaperOrder {
            paper: paper.clone(),
            matter: Some(id.clone()),
            date: facts.today(),
            addressee: m.complainant.as_ref().map(crate::party::Party::addressee),
            access: String::new(),
            channel: String::new(),
            send_by: None,
            electronic: false,
            data: json!({
                "organ": organ,
                "addressee": match &m.complainant {
                    Some(_) => data::named(m.complainant.as_ref()),
                    None => json!({"name": "诉求人"}),
                },
                "order": {
                    "number": m.number, "received": m.occurred_on.to_string(),
                    "due": m.own_due_on.unwrap_or(m.occurred_on).to_string(), "matter": m.text,
                },
                "handling": findings.as_ref().unwrap_or(text),
                "result": text,
                "limits": running(state, facts),
            }),
        }],
        _ => Vec::new(),
    }
}

/// The limits that the caller was told of in a letter, until somebody applies: an application changes them.
fn running(state: &State, facts: &Facts<'_>) -> Vec<Value> {
    let caller = state.matter.complainant.as_ref().map(|party| &party.person);
    let told = caller.filter(|person| state.dossiers.is_empty() && state.letter_of(person).is_some());
    told.map_or_else(Vec::new, |person| limits_of(state, &state.limits, person, facts))
}

/// The limits of a person's dispute among those that were counted, as papers print them.
fn limits_of(state: &State, counted: &[Deadline], person: &PersonId, facts: &Facts<'_>) -> Vec<Value> {
    let own = state.limits_of(person, facts.pack);
    let kind = state.kind_of(person);
    let counted = counted.iter().filter(|limit| own.contains(&limit.limit.as_str()));
    counted.map(|l| limit(facts, l, kind, state.assumes(&l.limit).then_some(state.days().decided))).collect()
}

/// The portal's address without its scheme, short enough to type.
fn short(portal: &str) -> &str {
    portal.split_once("://").map_or(portal, |(_, rest)| rest)
}

/// A limit of a letter: what the application does to it, and whether its last day has passed before the letter is
/// written, which the letter must say instead of urging. Of a civil one the organ knows only the day of its own papers:
/// it runs from when the person knew of the harm and of who did it (民法典 188), which may be earlier, so the day is named.
/// Likewise it does not know when somebody received the determination of an accident (道路交通安全法实施条例 94), nor when
/// somebody who complains of an act of an organ came to know of it. `assumed`: from the day of a decision, or from another one.
fn limit(facts: &Facts<'_>, limit: &Deadline, kind: Kind, assumed: Option<bool>) -> Value {
    let past = limit.last_day < facts.today();
    let from = data::day(limit.from);
    let note = match (kind, past, assumed) {
        (Kind::Administrative, true, Some(true)) => "按决定之日暂算，已过；收到决定书之日不同的，以收到之日起算".into(),
        (Kind::Administrative, true, Some(false)) => format!("自{from}起暂算，已过"),
        (Kind::Administrative, true, None) => "已过".into(),
        (Kind::Administrative, false, Some(true)) => {
            "暂自决定之日起算，收到决定书之日不同的，以收到之日起算；申请调解不停止计算".into()
        }
        (Kind::Administrative, false, Some(false)) => {
            format!("暂自{from}起算，知道更早的，最后一日也更早；申请调解不停止计算")
        }
        (Kind::Administrative, false, None) => "申请调解不停止计算".into(),
        (_, true, _) if limit.limit == "mediation.apply" => format!("自{from}起暂算，已过；可以申请人民调解或者起诉"),
        (_, false, _) if limit.limit == "mediation.apply" => format!("暂自{from}起算，收到事故认定书更早的，相应提前"),
        (_, true, _) => format!("自{from}起暂算，已过；对方同意履行的，不受影响"),
        (_, false, _) => format!("暂自{from}起算；申请调解之日中断，重新计算"),
    };
    let mut out = data::limit(facts, limit, &note);
    out["id"] = json!(limit.limit);
    out["past"] = json!(past);
    out
}
