//! Which acts are open on a case, and what they cause.

use super::{
    Command, Context, Correction, Decision, Draft, Ended, Event, RunningLimit, Session, Signature, Sitting, Stage, State, Via,
    parties,
};
use crate::deadline::Deadline;
use crate::party::Party;
use crate::policy::{Act, Role};
use crate::refusal::{Reason, Refusal};
use crate::scope::Kind;
use crate::stream::{Facts, PaperRef};
use crate::time::Date;
use crate::Personal;

fn field(field: &str, problem: &str) -> Refusal {
    Reason::Field { field: field.into(), problem: problem.into() }.into()
}

fn waiting(what: &str) -> Refusal {
    Reason::Waiting { what: what.into() }.into()
}

fn required(name: &str, value: &str) -> Result<(), Refusal> {
    if value.trim().is_empty() { Err(field(name, "required")) } else { Ok(()) }
}

pub(super) fn open(state: Option<&State>, act: Act, facts: &Facts<'_>, _: &Context) -> Result<(), Refusal> {
    let Some(state) = state else {
        return match act {
            Act::Apply | Act::RecordOralApplication => Ok(()),
            _ => Err(Reason::NotFound.into()),
        };
    };
    let stage = state.stage;
    let not_now = || Err(Reason::NotNow { state: stage.name().into() }.into());
    let at = |stages: &[Stage]| if stages.contains(&stage) { Ok(()) } else { not_now() };
    let consent = state.consent.as_ref();
    match act {
        Act::Apply | Act::RecordOralApplication => Err(Reason::Exists.into()),
        Act::AttachFile | Act::AskCorrection => if stage == Stage::Closed { not_now() } else { Ok(()) },
        Act::ApproveCorrection => {
            let waits: Vec<_> = state.corrections.iter().filter(|c| c.approver.is_none()).collect();
            match waits.iter().find(|c| c.by != facts.actor.id) {
                Some(_) => Ok(()),
                None if waits.is_empty() => Err(waiting("correction")),
                // Nobody approves a correction of their own.
                None => Err(Reason::Conflict.into()),
            }
        }
        Act::AskConsent => {
            at(&[Stage::Applied])?;
            // An administrative dispute has no other private party: the organ accepts by accepting.
            if state.is_administrative() || consent.is_some() { not_now() } else { Ok(()) }
        }
        Act::AnswerConsent => {
            at(&[Stage::Applied])?;
            let asked = consent.ok_or_else(|| waiting("consent"))?;
            if asked.answer.is_some() {
                return not_now();
            }
            // A party answers for itself only when it is the one who was asked.
            let asks_itself = facts.actor.role == Role::Party
                && !state.respondents.iter().any(|p| Some(&p.person) == facts.actor.person.as_ref());
            if asks_itself { not_now() } else { Ok(()) }
        }
        Act::LapseConsent => match consent {
            Some(c) if c.answer.is_none() && stage == Stage::Applied && facts.today() > c.due.last_day => Ok(()),
            _ => not_now(),
        },
        Act::AcceptApplication => {
            at(&[Stage::Applied])?;
            match consent.map(|c| c.answer) {
                _ if state.is_administrative() => Ok(()),
                Some(Some(true)) => Ok(()),
                Some(Some(false)) => not_now(),
                _ => Err(waiting("consent")),
            }
        }
        Act::RefuseApplication => at(&[Stage::Applied]),
        Act::NameMediator => {
            at(&[Stage::Mediating])?;
            if state.mediator.as_ref().is_some_and(|m| m.declared) { not_now() } else { Ok(()) }
        }
        Act::DeclareConflict => {
            at(&[Stage::Mediating])?;
            match &state.mediator {
                Some(m) if !m.declared => Ok(()),
                Some(_) => not_now(),
                None => Err(waiting("mediator")),
            }
        }
        Act::CallSession => {
            at(&[Stage::Mediating])?;
            declared(state)?;
            // A public-order case has one session more, and only one.
            let once = state.sector.as_deref().and_then(|s| facts.pack.sector(s)).is_some_and(|s| s.second_session);
            let full = once && state.sessions.len() >= 2;
            if !full {
                second_session(state, facts.today(), facts)?;
            }
            if full || state.sessions.last().is_some_and(|s| s.record.is_none()) { not_now() } else { Ok(()) }
        }
        Act::RecordSession => {
            at(&[Stage::Mediating])?;
            match state.sessions.last() {
                Some(s) if s.record.is_none() => Ok(()),
                _ => Err(waiting("session")),
            }
        }
        Act::SignRecord => {
            if stage == Stage::Closed {
                return not_now();
            }
            let session = state.sessions.last().filter(|s| s.record.is_some()).ok_or_else(|| waiting("record"))?;
            let signer = &signer_of(state, facts).ok_or(Reason::NotNow { state: stage.name().into() })?;
            if session.signatures.iter().any(|s| s.signer == *signer) {
                return Err(Reason::AlreadySigned.into());
            }
            if record_signers(session, state).contains(signer) { Ok(()) } else { not_now() }
        }
        Act::DraftAgreement | Act::IssueAgreement => {
            at(&[Stage::Mediating])?;
            declared(state)?;
            if !state.has_record() {
                return Err(waiting("record"));
            }
            match &state.draft {
                _ if act == Act::DraftAgreement => Ok(()),
                None => Err(waiting("draft")),
                // A draft that lay too long names days that have passed.
                Some(draft) => check(state, draft, facts),
            }
        }
        Act::SignAgreement => {
            at(&[Stage::Signing])?;
            if let Some(subject) = facts.pack.needs_paper(&subject_text(state)) {
                let basis = facts.pack.cite(&subject.basis, facts.today()).formal;
                return Err(Refusal::because(Reason::PaperOnly { subject: subject.name.clone() }, basis));
            }
            let signer = signer_of(state, facts);
            match signer {
                Some(signer) if state.unsigned().contains(&signer) => Ok(()),
                Some(_) => Err(Reason::AlreadySigned.into()),
                None => not_now(),
            }
        }
        Act::AttestSignature => {
            at(&[Stage::Signing])?;
            if state.unsigned().is_empty() { not_now() } else { Ok(()) }
        }
        Act::SealAgreement => {
            at(&[Stage::Signing])?;
            match &state.agreement {
                Some(a) if a.sealed_on.is_none() => Ok(()),
                _ => not_now(),
            }
        }
        Act::EndMediation => at(&[Stage::Mediating, Stage::Signing]),
        Act::ExpirePeriod => match (&state.period, stage) {
            (Some(p), Stage::Mediating) if facts.today() > p.last_day => Ok(()),
            _ => not_now(),
        },
        Act::RecordChangedDecision => {
            at(&[Stage::Performing, Stage::Performed])?;
            if state.is_administrative() && state.changed_decision.is_empty() { Ok(()) } else { not_now() }
        }
        Act::ReportPerformance => {
            at(&[Stage::Performing, Stage::Breached])?;
            let open = state.performance.iter().any(|p| !p.performed) || !state.outstanding().is_empty();
            if open { Ok(()) } else { not_now() }
        }
        Act::RecordBreach => {
            at(&[Stage::Performing, Stage::Breached])?;
            let today = facts.today();
            if overdue(state, today).is_empty() { not_now() } else { Ok(()) }
        }
        Act::FollowUp => at(&[Stage::Performing, Stage::Performed, Stage::Breached]),
        // An administrative agreement is carried out by a new or changed decision.
        Act::CloseDossier if stage == Stage::Performed && state.is_administrative() && state.changed_decision.is_empty() => {
            Err(waiting("changed_decision"))
        }
        Act::CloseDossier => match stage {
            Stage::Refused | Stage::Ended | Stage::Performed | Stage::Breached => Ok(()),
            _ => not_now(),
        },
        Act::ReassignDossier => at(&[Stage::Applied, Stage::Mediating, Stage::Signing, Stage::Performing, Stage::Breached]),
        Act::NoteDossier => Ok(()),
        _ => not_now(),
    }
}

fn declared(state: &State) -> Result<(), Refusal> {
    match &state.mediator {
        None => Err(waiting("mediator")),
        Some(m) if !m.declared => Err(Reason::Conflict.into()),
        Some(_) => Ok(()),
    }
}

/// In a sector that limits it, a second session lies within its period of the first.
fn second_session(state: &State, on: Date, facts: &Facts<'_>) -> Result<(), Refusal> {
    let sector = state.sector.as_deref();
    let first = state.sessions.first().and_then(|s| s.sitting.as_ref());
    let Some(first) = first.filter(|_| facts.pack.has_rule("session.second", sector)) else { return Ok(()) };
    let last = facts.limit("session.second", first.held_at.date(), sector)?;
    if on <= last.last_day {
        return Ok(());
    }
    let reason = Reason::PeriodExpired { limit: last.limit, last_day: last.last_day.to_string() };
    Err(Refusal::because(reason, last.basis))
}

/// Obligations past their due date that are not settled.
pub(super) fn overdue(state: &State, today: Date) -> Vec<i64> {
    let Some(agreement) = &state.agreement else { return Vec::new() };
    let due = |n: i64| usize::try_from(n - 1).ok().and_then(|n| agreement.draft.obligations.get(n)).map(|o| o.due);
    state.outstanding().into_iter().filter(|n| due(*n).is_some_and(|d| d < today)).collect()
}

fn record_signers(session: &Session, state: &State) -> Vec<String> {
    let present = session.sitting.iter().flat_map(|s| s.present.iter().map(|p| format!("party/{p}")));
    present.chain(state.mediator.iter().map(|m| m.staff.clone())).collect()
}

/// As whom the actor signs: a party as itself, the mediator as mediator, and in an administrative dispute the leader
/// for the organ as the other party.
fn signer_of(state: &State, facts: &Facts<'_>) -> Option<String> {
    match facts.actor.role {
        Role::Party => facts.actor.person.as_ref().map(|p| format!("party/{p}")),
        Role::Mediator => Some(facts.actor.id.clone()),
        Role::Leader if state.is_administrative() => state.respondents.first().map(|p| format!("party/{}", p.person)),
        _ => None,
    }
}

pub(super) fn begin(command: Command, facts: &Facts<'_>, context: &Context) -> Result<Vec<Event>, Refusal> {
    let Command::Apply { via, matter: _, organ, entry, applicants, mut respondents, claims, facts: reasons, known_on, electronic_service } =
        command
    else {
        return Err(Reason::NotFound.into());
    };
    required("claims", &claims)?;
    required("facts", &reasons)?;
    // A form sends its empty lines too.
    respondents.retain(|p| !p.name.text().trim().is_empty());
    let first = applicants.first().ok_or_else(|| field("applicant", "required"))?;
    if applicants.iter().any(|p| p.name.text().trim().is_empty()) {
        return Err(field("applicant", "required"));
    }
    let origin = context.matter.as_ref();
    let organ = origin.map_or(organ, |m| m.organ.clone());
    if facts.pack.organ(&organ).is_none() {
        return Err(Reason::UnknownOrgan { name: organ }.into());
    }
    if via == Via::Oral && !facts.actor.body.is_empty() && facts.actor.body != organ {
        return Err(field("organ", "not_yours"));
    }
    let kind = origin.map_or(Kind::Civil, |m| if m.kind == Kind::None { Kind::Civil } else { m.kind });
    let entry = origin.map_or(entry, |m| m.entry.clone());
    if !entry.is_empty() && facts.pack.scope.entry_name(&entry).is_none() {
        return Err(field("entry", "unknown"));
    }
    let sector = match origin {
        Some(m) => m.sector.clone(),
        None => facts.pack.scope.sector_of(&entry).map(str::to_owned),
    };
    if kind == Kind::Administrative {
        respondents = vec![organ_party(&organ, facts, context)];
    } else if respondents.is_empty() {
        return Err(field("respondent", "required"));
    }
    let today = facts.today();
    let known = known_on.or(origin.map(|m| m.known_on)).unwrap_or(today);
    if known > today {
        return Err(field("known_on", "future"));
    }
    let person = first.person.clone();
    Ok(vec![Event::Applied {
        via,
        court: facts.pack.court_of(&organ).to_owned(),
        kind,
        sector: sector.clone(),
        matter: origin.map(|m| m.stream.clone()),
        matter_number: origin.map_or_else(String::new, |m| m.number.clone()),
        application: facts.paper(if via == Via::Oral { "oral_application" } else { "application" }, &organ),
        on: today,
        limits: limits(kind, &entry, known, facts)?,
        accept_by: facts.limit("mediation.accept", today, sector.as_deref())?,
        applicants,
        respondents,
        claims: Personal::new(&person, claims),
        facts: Personal::new(&person, reasons),
        electronic_service,
        organ,
        entry,
    }])
}

fn organ_party(organ: &str, facts: &Facts<'_>, context: &Context) -> Party {
    let person = facts.ids.person();
    let profile = context.organ.as_ref();
    Party {
        name: crate::party::Name::Firm(facts.pack.body_name(organ).to_owned()),
        credit_code: None,
        document_kind: None,
        document: None,
        phone: profile.map(|p| Personal::new(&person, p.phone.clone())),
        address: profile.map(|p| Personal::new(&person, p.address.clone())),
        person,
    }
}

/// What the application does to the parties' limits: a civil one interrupts limitation, which counts anew from today
/// (民法典 195), unless it has run out already; those of review and suit run on.
fn limits(kind: Kind, entry: &str, known: Date, facts: &Facts<'_>) -> Result<Vec<RunningLimit>, Refusal> {
    let today = facts.today();
    let running = |id: &str| Ok::<_, Refusal>(RunningLimit { deadline: facts.limit(id, known, None)?, interrupted: false });
    let anew = |id: &str| {
        // A claim from before the calendar is older than any limit: there is nothing to interrupt.
        if known.year() < facts.calendar.first_year() {
            return Ok(Vec::new());
        }
        let deadline = facts.limit(id, known, None)?;
        let over = deadline.last_day < today;
        let deadline = if over { deadline } else { facts.limit(id, today, None)? };
        Ok::<_, Refusal>(vec![RunningLimit { deadline, interrupted: !over }])
    };
    match kind {
        Kind::Administrative => Ok(vec![running("review.apply")?, running("suit.administrative")?]),
        _ if facts.pack.parameters.labour_entries.iter().any(|e| e == entry) => anew("arbitration.labour"),
        _ => anew("limitation.civil"),
    }
}

pub(super) fn go_on(state: &State, command: Command, facts: &Facts<'_>, context: &Context) -> Result<Vec<Event>, Refusal> {
    let today = facts.today();
    let organ = &state.organ;
    let of = state.claims.of.clone();
    Ok(match command {
        Command::Apply { .. } => return Err(Reason::Exists.into()),
        Command::AttachFile { file } => vec![Event::FileAttached { file }],
        Command::AskConsent {} => {
            let limit = facts.limit("mediation.consent", today, state.sector.as_deref())?;
            // Ends at the earlier of its own last day and that of acceptance.
            let due = if state.accept_by.last_day < limit.last_day {
                Deadline { limit: limit.limit.clone(), ..state.accept_by.clone() }
            } else {
                limit
            };
            vec![Event::ConsentAsked { paper: facts.paper("consent_letter", organ), due }]
        }
        Command::AnswerConsent { answer, on } => {
            past(state.applied_on, on, today)?;
            if let Some(due) = state.consent.as_ref().map(|c| &c.due).filter(|due| on > due.last_day) {
                let reason = Reason::PeriodExpired { limit: due.limit.clone(), last_day: due.last_day.to_string() };
                return Err(Refusal::because(reason, due.basis.clone()));
            }
            vec![Event::ConsentAnswered { consents: answer == Decision::Yes, on }]
        }
        Command::LapseConsent {} => {
            let on = state.consent.as_ref().map_or(today, |c| c.due.last_day);
            let mut events = vec![Event::ConsentLapsed { on }];
            events.push(refused(state, facts, "party_refuses", String::new())?);
            events
        }
        Command::Accept {} => vec![Event::ApplicationAccepted {
            paper: facts.paper("acceptance_notice", organ),
            on: today,
            clerk: facts.actor.id.clone(),
            period: facts.limit("mediation.period", today, state.sector.as_deref())?,
        }],
        Command::Refuse { ground, note } => vec![refused(state, facts, &ground, note)?],
        Command::NameMediator { staff } => {
            let officer = context.staff.as_ref().filter(|o| o.stream == staff.as_str()).ok_or(Reason::NotFound)?;
            if !officer.mediator || officer.organ != *organ {
                return Err(field("staff", "not_a_mediator"));
            }
            if state.conflicted.contains(&officer.stream) {
                return Err(Reason::Conflict.into());
            }
            if state.is_administrative() && context.handling.contains(&officer.stream) {
                return Err(Refusal::because(Reason::Conflict, facts.pack.citation_of("mediation.accept", today)));
            }
            vec![Event::MediatorNamed { staff: officer.stream.clone(), name: officer.name.clone() }]
        }
        Command::DeclareConflict { conflict: true } => vec![Event::ConflictDeclared {}],
        Command::DeclareConflict { conflict: false } => vec![Event::NoConflictDeclared {}],
        Command::CallSession { at, place } => {
            required("place", &place)?;
            if at.date() < today {
                return Err(field("at", "past"));
            }
            if let Some(limit) = facts.pack.has_rule("session.notice", state.sector.as_deref()).then_some("session.notice") {
                let last = facts.limit(limit, at.date(), state.sector.as_deref())?;
                if last.last_day < today {
                    return Err(Refusal::because(
                        Reason::PeriodExpired { limit: last.limit, last_day: last.last_day.to_string() },
                        last.basis,
                    ));
                }
            }
            second_session(state, at.date(), facts)?;
            let place = Personal::new(&of, place);
            let notices: Vec<PaperRef> = parties(state).map(|_| facts.paper("session_notice", organ)).collect();
            vec![Event::SessionCalled { at, place, notices }]
        }
        Command::RecordSession { sitting } => {
            record(state, &sitting, facts)?;
            vec![Event::SessionHeld { sitting, paper: facts.paper("mediation_record", organ) }]
        }
        Command::SignRecord {} => {
            let signer = signer_of(state, facts).ok_or(Reason::NotFound)?;
            vec![Event::RecordSigned { signature: by_code(signer, facts, context)? }]
        }
        Command::DraftAgreement { draft } => {
            check(state, &draft, facts)?;
            vec![Event::AgreementDrafted { draft }]
        }
        Command::IssueAgreement {} => {
            vec![Event::AgreementIssued { paper: facts.paper("agreement", organ), check_code: facts.ids.code(8) }]
        }
        Command::SignAgreement { sha256 } => {
            if sha256 != context.paper_sha256 {
                return Err(Reason::Stale.into());
            }
            let signer = signer_of(state, facts).ok_or(Reason::NotFound)?;
            let signature = by_code(signer, facts, context)?;
            let mut events = vec![Event::AgreementSigned { signature }];
            events.extend(effect(state, &events, facts)?);
            events
        }
        Command::AttestSignature { signer, on, manner, check_code, scan, original } => {
            let agreement = state.agreement.as_ref().ok_or_else(|| waiting("agreement"))?;
            if !check_code.trim().replace('-', "").eq_ignore_ascii_case(&agreement.check_code) {
                return Err(field("check_code", "wrong"));
            }
            if manner != "hand" && manner != "fingerprint" {
                return Err(field("manner", "unknown"));
            }
            required("original", &original)?;
            past(state.applied_on, on, today)?;
            if !state.unsigned().contains(&signer) {
                return Err(Reason::AlreadySigned.into());
            }
            let signature = Signature {
                signer,
                on,
                manner,
                sha256: context.paper_sha256.clone(),
                attested_by: Some(facts.actor.id.clone()),
                scan,
                original: Some(Personal::new(&of, original)),
            };
            let mut events = vec![Event::AgreementSigned { signature }];
            events.extend(effect(state, &events, facts)?);
            events
        }
        Command::SealAgreement {} => {
            let mut events = vec![Event::AgreementSealed { on: today }];
            events.extend(effect(state, &events, facts)?);
            events
        }
        Command::EndMediation { ground } => {
            if facts.pack.ending_ground(&ground).is_none() {
                return Err(field("ground", "unknown"));
            }
            vec![ended(state, &ground, facts)]
        }
        Command::ExpirePeriod {} => vec![ended(state, "expired", facts)],
        Command::RecordChangedDecision { number } => {
            required("number", &number)?;
            vec![Event::DecisionChanged { number, on: today }]
        }
        Command::ReportPerformance { obligation, on, note } => {
            open_obligation(state, obligation)?;
            past(effective(state)?, on, today)?;
            let mut events = vec![Event::ObligationPerformed { obligation, on, note: Personal::new(&of, note) }];
            let rest = state.outstanding().into_iter().filter(|n| *n != obligation).count();
            let breached = state.performance.iter().any(|p| !p.performed && p.obligation != obligation);
            if rest == 0 && !breached {
                let last = state.performance.iter().map(|p| p.on).chain([on]).max().unwrap_or(on);
                events.push(Event::AgreementPerformed { on: last });
            }
            events
        }
        Command::RecordBreach { obligation, on, note } => {
            if !overdue(state, today).contains(&obligation) {
                return Err(field("obligation", "not_overdue"));
            }
            past(effective(state)?, on, today)?;
            let due = state.agreement.as_ref().and_then(|a| a.draft.obligations.get(usize::try_from(obligation - 1).ok()?));
            if let Some(due) = due.map(|o| o.due).filter(|due| on < *due) {
                return Err(Reason::DateOrder { first: due.to_string(), second: on.to_string() }.into());
            }
            vec![Event::ObligationBreached { obligation, on, note: Personal::new(&of, note) }]
        }
        Command::FollowUp { on, note } => {
            required("note", &note)?;
            past(effective(state)?, on, today)?;
            vec![Event::VisitMade { paper: facts.paper("followup_record", organ), on, note: Personal::new(&of, note) }]
        }
        Command::Close {} => vec![Event::DossierClosed { on: today }],
        Command::Reassign { staff } => {
            let officer = context.staff.as_ref().filter(|o| o.stream == staff.as_str()).ok_or(Reason::NotFound)?;
            if officer.organ != *organ {
                return Err(field("staff", "not_yours"));
            }
            vec![Event::DossierReassigned { from: state.clerk.clone(), to: officer.stream.clone() }]
        }
        Command::AskCorrection { field: name, after, reason } => {
            required("after", &after)?;
            required("reason", &reason)?;
            let before = correctable(state, &name).ok_or_else(|| field("field", "unknown"))?;
            let correction = Correction {
                after: Personal::new(&before.of, after),
                reason: Personal::new(&before.of, reason),
                before,
                field: name,
                by: facts.actor.id.clone(),
                approver: None,
            };
            vec![Event::CorrectionAsked { correction }]
        }
        Command::ApproveCorrection { correction } => {
            let waits = usize::try_from(correction).ok().and_then(|n| state.corrections.get(n)).ok_or(Reason::NotFound)?;
            if waits.approver.is_some() {
                return Ok(Vec::new());
            }
            // Nobody approves a correction of their own.
            if waits.by == facts.actor.id {
                return Err(Reason::Conflict.into());
            }
            vec![Event::FactCorrected { correction, approver: facts.actor.id.clone() }]
        }
        Command::NoteConfirmation { confirmation, state: noted } => {
            if state.confirmation.as_ref() == Some(&confirmation) && state.confirmation_state == noted {
                return Ok(Vec::new());
            }
            vec![Event::ConfirmationNoted { confirmation, state: noted }]
        }
    })
}

fn refused(state: &State, facts: &Facts<'_>, ground: &str, note: String) -> Result<Event, Refusal> {
    if facts.pack.refusal_ground(ground).is_none() {
        return Err(field("ground", "unknown"));
    }
    Ok(Event::ApplicationRefused {
        paper: facts.paper("refusal_notice", &state.organ),
        on: facts.today(),
        ground: ground.to_owned(),
        note: Personal::new(&state.claims.of, note),
    })
}

fn ended(state: &State, ground: &str, facts: &Facts<'_>) -> Event {
    let paper = facts.paper("end_notice", &state.organ);
    Event::MediationEnded { ended: Ended { ground: ground.into(), paper, on: facts.today() } }
}

fn past(from: Date, on: Date, today: Date) -> Result<(), Refusal> {
    if on < from {
        return Err(Reason::DateOrder { first: from.to_string(), second: on.to_string() }.into());
    }
    if on > today { Err(field("on", "future")) } else { Ok(()) }
}

fn effective(state: &State) -> Result<Date, Refusal> {
    state.agreement.as_ref().and_then(|a| a.effective_on).ok_or_else(|| waiting("agreement"))
}

fn open_obligation(state: &State, obligation: i64) -> Result<(), Refusal> {
    let breached = state.performance.iter().any(|p| p.obligation == obligation && !p.performed);
    if breached || state.outstanding().contains(&obligation) { Ok(()) } else { Err(field("obligation", "unknown")) }
}

fn correctable(state: &State, name: &str) -> Option<Personal<String>> {
    let party = |n: &str| n.parse::<usize>().ok().and_then(|n| parties(state).nth(n)).map(|(_, p)| p.clone());
    let blank = |p: &Party| Personal::new(&p.person, String::new());
    match name.split_once('/') {
        None if name == "claims" => Some(state.claims.clone()),
        None if name == "facts" => Some(state.facts.clone()),
        Some(("phone", n)) => party(n).map(|p| p.phone.clone().unwrap_or_else(|| blank(&p))),
        Some(("address", n)) => party(n).map(|p| p.address.clone().unwrap_or_else(|| blank(&p))),
        _ => None,
    }
}

fn record(state: &State, sitting: &Sitting, facts: &Facts<'_>) -> Result<(), Refusal> {
    required("statements", sitting.statements.text())?;
    if sitting.present.is_empty() || sitting.present.iter().any(|p| state.party(p).is_none()) {
        return Err(field("present", "required"));
    }
    if !["agreed", "adjourned", "failed"].contains(&sitting.result.as_str()) {
        return Err(field("result", "unknown"));
    }
    past(state.applied_on, sitting.held_at.date(), facts.today())
}

/// Every obligation has who, to whom, what, when and how, and a date that does not lie in the past nor beyond the
/// calendar: the limits that begin with it must be countable, or the agreement could never take effect.
fn check(state: &State, draft: &Draft, facts: &Facts<'_>) -> Result<(), Refusal> {
    if draft.obligations.is_empty() {
        return Err(field("obligations", "required"));
    }
    for (n, o) in (1..).zip(&draft.obligations) {
        let name = |part: &str| format!("obligations/{n}/{part}");
        if state.party(&o.from).is_none() {
            return Err(field(&name("from"), "required"));
        }
        if state.party(&o.to).is_none() || o.to == o.from {
            return Err(field(&name("to"), "required"));
        }
        required(&name("what"), o.what.text())?;
        required(&name("how"), o.how.text())?;
        if o.amount.is_some_and(|a| a <= 0) {
            return Err(field(&name("amount"), "positive"));
        }
        if o.due < facts.today() {
            return Err(field(&name("due"), "past"));
        }
        facts.limit("followup.visit", o.due, None)?;
        if !state.is_administrative() {
            facts.limit("enforcement.apply", o.due, None)?;
        }
    }
    required("facts", draft.facts.text())
}

fn by_code(signer: String, facts: &Facts<'_>, context: &Context) -> Result<Signature, Refusal> {
    if !context.verified {
        return Err(Reason::WrongCode.into());
    }
    Ok(Signature {
        signer,
        on: facts.today(),
        manner: "code".into(),
        sha256: context.paper_sha256.clone(),
        attested_by: None,
        scan: None,
        original: None,
    })
}

/// What the agreement is about, for the lists of subjects: claims, obligations and whatever else was agreed, since a
/// title may be confirmed in any clause.
pub(super) fn subject_text(state: &State) -> String {
    let mut text = state.claims.text().to_owned();
    let draft = state.agreement.as_ref().map(|a| &a.draft).or(state.draft.as_ref());
    for obligation in draft.iter().flat_map(|d| &d.obligations) {
        text.push('\n');
        text.push_str(obligation.what.text());
        text.push('\n');
        text.push_str(obligation.how.text());
    }
    if let Some(draft) = draft {
        text.push('\n');
        text.push_str(draft.text.text());
    }
    text
}

/// The agreement takes effect with the last of the signatures and the seal.
fn effect(state: &State, events: &[Event], facts: &Facts<'_>) -> Result<Option<Event>, Refusal> {
    let Some(agreement) = &state.agreement else { return Ok(None) };
    let mut unsigned = state.unsigned();
    let mut sealed = agreement.sealed_on;
    let mut last = agreement.signatures.iter().map(|s| s.on).max();
    for event in events {
        match event {
            Event::AgreementSigned { signature } => {
                unsigned.retain(|s| *s != signature.signer);
                last = last.max(Some(signature.on));
            }
            Event::AgreementSealed { on } => sealed = Some(*on),
            _ => {}
        }
    }
    let Some(sealed) = sealed.filter(|_| unsigned.is_empty()) else { return Ok(None) };
    let on = last.map_or(sealed, |l| l.max(sealed));
    let not_confirmable = match state.kind {
        Kind::Administrative if !facts.pack.confirms_administrative() => "administrative".to_owned(),
        _ => facts.pack.bars_confirmation(&subject_text(state)).map_or_else(String::new, |s| s.id.clone()),
    };
    let confirm_by = match not_confirmable.is_empty() {
        true => Some(facts.limit("confirmation.apply", on, None)?),
        false => None,
    };
    let due = agreement.draft.obligations.iter().map(|o| o.due);
    let visits = due.map(|d| facts.limit("followup.visit", d, None)).collect::<Result<_, _>>()?;
    Ok(Some(Event::AgreementEffective { on, confirm_by, not_confirmable, visits }))
}
