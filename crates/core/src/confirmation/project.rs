//! What a confirmation's events amount to, its rows, follow-ups and papers.

use serde_json::json;

use super::{Context, Event, Stage, State, Subject};
use crate::dossier::Draft;
use crate::matter::project::{limit_json, organ_json};
use crate::party::Party;
use crate::row::{Cell, Change, Tally};
use crate::stream::{Facts, Job, PaperOrder};
use crate::time::{Date, Timestamp};
use crate::{PersonId, StreamId, tables};

pub(super) fn apply(state: Option<State>, event: &Event) -> State {
    if let Event::ConfirmationDrafted { subject, application, proof, addresses } = event {
        return State {
            subject: (**subject).clone(),
            application: application.clone(),
            proof: proof.clone(),
            addresses: addresses.clone(),
            stage: Stage::Drafted,
            signatures: Vec::new(),
            filed_on: None,
            docket_by: None,
            number: String::new(),
            docket_notice: None,
            docketed_on: None,
            rule_by: None,
            judge: String::new(),
            judge_name: None,
            hearing: None,
            ruling: None,
            declined_for: String::new(),
        };
    }
    // INVARIANT: decide writes nothing else before ConfirmationDrafted.
    let mut state = state.expect("a confirmation begins with its draft");
    match event {
        Event::ConfirmationDrafted { .. } => {}
        Event::ConfirmationSigned { signature } => state.signatures.push(signature.clone()),
        Event::ConfirmationComplete { .. } => state.stage = Stage::Signed,
        Event::ConfirmationFiled { on, docket_by } => {
            state.filed_on = Some(*on);
            state.docket_by = Some(docket_by.clone());
            state.stage = Stage::Filed;
        }
        Event::ConfirmationDocketed { number, on, notice, judge, judge_name, rule_by } => {
            state.number.clone_from(number);
            state.docketed_on = Some(*on);
            state.docket_notice = Some(notice.clone());
            state.judge.clone_from(judge);
            state.judge_name = Some(judge_name.clone());
            state.rule_by = Some(rule_by.clone());
            state.stage = Stage::Docketed;
        }
        Event::ConfirmationDeclined { ground, .. } => {
            state.declined_for.clone_from(ground);
            state.stage = Stage::Declined;
        }
        Event::PartiesHeard { findings, .. } => {
            state.hearing = Some(findings.clone());
            state.stage = Stage::Examined;
        }
        Event::Ruled { ruling } => {
            state.stage = if ruling.valid { Stage::Valid } else { Stage::Rejected };
            state.ruling = Some(ruling.clone());
        }
        Event::RulingServed { person, on, objection } => {
            if let Some(ruling) = &mut state.ruling {
                ruling.served.push((person.clone(), *on, objection.clone()));
                if ruling.served.len() == ruling.papers.len() {
                    state.stage = Stage::Served;
                }
            }
        }
    }
    state
}

/// The limit that the court has now.
pub fn next_limit(state: &State) -> Option<(Date, &'static str)> {
    match state.stage {
        Stage::Drafted | Stage::Signed => Some((state.subject.apply_by.last_day, "confirmation.apply")),
        Stage::Filed => state.docket_by.as_ref().map(|d| (d.last_day, "confirmation.docket")),
        Stage::Docketed | Stage::Examined => state.rule_by.as_ref().map(|d| (d.last_day, "confirmation.review")),
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
            s.court.as_str().into(),
            state.stage.name().into(),
            state.filed_on.into(),
            state.judge.as_str().into(),
            due.map(|(d, _)| d).into(),
            at.into(),
        ],
    )];
    if matches!(event, Event::ConfirmationDrafted { .. }) {
        rows.extend(s.parties.iter().map(|p| p.takes_part(id, "applicant")));
    }
    rows.extend(work(id, state, at));
    let tally = |name, date: Date| {
        Change::Tally(Tally { name, organ: s.organ.clone(), kind: "civil".into(), date, mark: String::new(), by: 1 })
    };
    match event {
        Event::ConfirmationFiled { on, .. } => rows.push(tally("confirmations_filed", *on)),
        Event::Ruled { ruling } => {
            rows.push(tally(if ruling.valid { "confirmed" } else { "confirmation_rejected" }, ruling.on));
        }
        _ => {}
    }
    rows
}

fn work(id: &StreamId, state: &State, at: Timestamp) -> Vec<Change> {
    let s = &state.subject;
    let due = next_limit(state);
    let open = match state.stage {
        Stage::Signed => Some(("file", s.organ.as_str(), "mediator", Some(s.mediator_staff.clone()))),
        Stage::Filed => Some(("docket", s.court.as_str(), "court_clerk", None)),
        Stage::Docketed => Some(("hear", s.court.as_str(), "judge", Some(state.judge.clone()))),
        Stage::Examined => Some(("rule", s.court.as_str(), "judge", Some(state.judge.clone()))),
        Stage::Valid | Stage::Rejected => Some(("serve", s.court.as_str(), "court_clerk", None)),
        _ => None,
    };
    ["file", "docket", "hear", "rule", "serve"]
        .into_iter()
        .map(|task| match &open {
            Some((now, body, role, assignee)) if *now == task => Change::Put(
                &tables::WORK,
                vec![
                    id.as_str().into(),
                    task.into(),
                    (*body).into(),
                    (*role).into(),
                    assignee.clone().into(),
                    due.map(|(d, _)| d).into(),
                    due.map(|(_, l)| l.to_owned()).into(),
                    (if state.number.is_empty() { s.dossier_number.as_str() } else { state.number.as_str() }).into(),
                    s.parties.first().map_or(Cell::Null, |p| p.name.cell()),
                    "civil".into(),
                    at.into(),
                ],
            ),
            _ => Change::Delete(&tables::WORK, vec![id.as_str().into(), task.into()]),
        })
        .collect()
}

pub(super) fn react(id: &StreamId, state: &State, event: &Event) -> Vec<Job> {
    if matches!(event, Event::ConfirmationSigned { .. }) {
        return Vec::new();
    }
    // The dossier shows what became of its confirmation: at least once, idempotent.
    let command = json!({"NoteConfirmation": {"confirmation": id, "state": outcome(state)}});
    vec![Job::Run { name: "noted".into(), due: Timestamp::UNIX_EPOCH, stream: state.subject.dossier.clone(), command }]
}

/// What the dossier is told: the ruling stays visible when it is served.
fn outcome(state: &State) -> &'static str {
    match (&state.ruling, state.stage) {
        (Some(ruling), Stage::Served) => if ruling.valid { "valid" } else { "rejected" },
        (_, stage) => stage.name(),
    }
}

/// Parties as papers show them.
pub fn parties_json(parties: &[Party]) -> serde_json::Value {
    parties
        .iter()
        .map(|p| {
            json!({
                "person": p.person,
                "name": p.name.personal(&p.person),
                "id": p.document.as_ref().map_or_else(|| json!(p.credit_code.clone().unwrap_or_default()), |d| json!(d)),
                "phone": p.phone, "address": p.address, "firm": p.is_firm(),
            })
        })
        .collect()
}

/// Obligations as papers show them: a numbered table.
pub fn obligations_json(draft: &Draft, parties: &[Party]) -> serde_json::Value {
    let name = |person: &PersonId| {
        parties.iter().find(|p| p.person == *person).map_or(serde_json::Value::Null, |p| json!(p.name.personal(&p.person)))
    };
    draft
        .obligations
        .iter()
        .map(|o| {
            let money = o.amount.and_then(|fen| crate::values::Money::from_fen(fen).ok());
            json!({
                "from": name(&o.from), "to": name(&o.to), "what": o.what, "due": o.due.to_string(), "how": o.how,
                "amount": money.as_ref().map_or_else(String::new, ToString::to_string),
                "words": money.as_ref().map_or_else(String::new, |m| m.capital()),
            })
        })
        .collect()
}

pub(super) fn papers(
    id: &StreamId,
    state: &State,
    event: &Event,
    facts: &Facts<'_>,
    context: &Context,
) -> Vec<PaperOrder> {
    let s = &state.subject;
    let organ = organ_json(facts, &s.organ, context.organ.as_ref());
    let court = organ_json(facts, &s.court, None);
    let basis = facts.pack.citation_of("confirmation.apply", facts.today());
    let base = json!({
        "organ": organ, "court": court, "basis": basis,
        "parties": parties_json(&s.parties),
        "mediator": s.mediator,
        "agreement_number": s.agreement.number,
        "effective_on": s.effective_on.to_string(),
        "apply_by": limit_json(facts, &s.apply_by),
        "dossier_number": s.dossier_number,
        "obligations": obligations_json(&s.draft, &s.parties),
        "facts": s.draft.facts,
        "case_number": state.number,
    });
    let order = |paper: &crate::PaperRef, addressee: Option<&Party>, extra: serde_json::Value| {
        let mut data = base.clone();
        if let (Some(data), serde_json::Value::Object(extra)) = (data.as_object_mut(), extra) {
            data.extend(extra);
        }
        PaperOrder {
            paper: paper.clone(),
            matter: None,
            date: facts.today(),
            addressee: addressee.map(Party::addressee),
            access: String::new(),
            channel: String::new(),
            data,
        }
    };
    let _ = id;
    match event {
        Event::ConfirmationDrafted { .. } => {
            let mut out = vec![
                order(&state.application, None, json!({"annexes": annexes(state, facts)})),
                order(&state.proof, None, json!({})),
            ];
            out.extend(state.addresses.iter().zip(&s.parties).map(|(paper, party)| {
                let party_json = parties_json(std::slice::from_ref(party));
                order(paper, None, json!({"party": party_json[0], "electronic": s.electronic_service}))
            }));
            out
        }
        Event::ConfirmationDocketed { notice, judge_name, rule_by, .. } => {
            vec![order(notice, s.parties.first(), json!({"judge": judge_name, "rule_by": limit_json(facts, rule_by)}))]
        }
        Event::Ruled { ruling } => ruling
            .papers
            .iter()
            .map(|(person, paper)| {
                let party = s.parties.iter().find(|p| p.person == *person);
                let ground = facts.pack.court_ground(&ruling.ground);
                order(paper, party, json!({
                    "judge": state.judge_name,
                    "docketed_on": state.docketed_on.map(|d| d.to_string()),
                    "reasons": ruling.reasons,
                    "findings": state.hearing,
                    "ground": ground.map_or("", |g| g.name.as_str()),
                    "ground_basis": ground.map_or_else(String::new, |g| facts.pack.cite(&g.basis, facts.today()).formal),
                    "enforce_by": ruling.enforce_by.as_ref().map(|d| limit_json(facts, d)),
                }))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The annexes that the court asks for (法释〔2022〕11号 354): put together from what is on file.
fn annexes(state: &State, facts: &Facts<'_>) -> Vec<String> {
    let mut out = vec![
        format!("{} {}", facts.pack.paper_name("agreement"), state.subject.agreement.number),
        format!("{} {}", facts.pack.paper_name("proof_of_presiding"), state.proof.number),
    ];
    out.push(facts.pack.paper_name("service_address").to_owned());
    out
}

/// The subject of a confirmation, from a dossier whose agreement is in effect and can be confirmed.
pub fn subject(id: &StreamId, dossier: &crate::dossier::State, sha256: &str) -> Option<Subject> {
    let agreement = dossier.agreement.as_ref()?;
    let mediator = dossier.mediator.as_ref()?;
    Some(Subject {
        dossier: id.clone(),
        dossier_number: dossier.application.number.clone(),
        organ: dossier.organ.clone(),
        court: dossier.court.clone(),
        parties: crate::dossier::parties(dossier).map(|(_, p)| p.clone()).collect(),
        mediator: mediator.name.clone(),
        mediator_staff: mediator.staff.clone(),
        agreement: agreement.paper.clone(),
        agreement_sha256: sha256.to_owned(),
        draft: agreement.draft.clone(),
        effective_on: agreement.effective_on?,
        apply_by: agreement.confirm_by.clone()?,
        electronic_service: dossier.electronic_service,
    })
}
