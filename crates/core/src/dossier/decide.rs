//! What the commands of a case cause once it is there.

use super::identity;
use super::open::{overdue, signer_of, signs_record};
use super::signing::{by_code, printed};
use super::{
    Command, Context, Draft, Ended, Event, RunningLimit, State, Told, Unsigned, again, changed, consent, correct,
    grounds, joining, lapse, mediator, recusal, renewal, session, taking_part,
};
use crate::correction;
use crate::party::Party;
use crate::refusal::{Reason, Refusal, past};
use crate::scope::Kind;
use crate::stream::{Facts, PaperRef};
use crate::time::Date;
use crate::{PersonId, Personal};

pub(super) fn field(field: &str, problem: &str) -> Refusal {
    Reason::Field { field: field.into(), problem: problem.into() }.into()
}

pub(super) fn waiting(what: &str) -> Refusal {
    Reason::Waiting { what: what.into() }.into()
}

pub(super) fn required(name: &str, value: &str) -> Result<(), Refusal> {
    if value.trim().is_empty() { Err(field(name, "required")) } else { Ok(()) }
}

pub(super) fn go_on(
    state: &State,
    command: Command,
    facts: &Facts<'_>,
    context: &Context,
) -> Result<Vec<Event>, Refusal> {
    let today = facts.today();
    let organ = &state.organ;
    let of = state.claims.of.clone();
    Ok(match command {
        Command::Apply { .. } => return Err(super::open::there(state)),
        Command::AttachFile { file } => {
            // The same bytes from the same hand say nothing new; the other side may add them too.
            if state.files.iter().any(|f| f.sha256 == file.sha256 && f.by == file.by) {
                return Err(field("file", "same_file"));
            }
            vec![Event::FileAttached { file }]
        }
        Command::AskConsent {} => {
            let due = consent::consent_due(state, today, facts)?;
            let ask = |party: &Party| Event::ConsentAsked {
                paper: facts.paper("consent_letter", organ),
                due: due.clone(),
                person: Some(party.person.clone()),
                check_code: Some(facts.ids.code(8)),
            };
            let again = |party: &&Party| state.to_ask_again().any(|c| c.person == party.person);
            let everybody = state.consents.is_empty();
            others_side(state).filter(|party| everybody || again(party)).map(ask).collect()
        }
        Command::AttestApplication(by_hand) => {
            let (unsigned, code) = (state.application_unsigned(), state.application_code.as_deref());
            let paper = printed(state, &by_hand.signer, unsigned, code, state.applied_on, context);
            vec![Event::ApplicationSigned { signature: by_hand.attested(&paper, facts)? }]
        }
        command @ Command::AnswerConsent { .. } => consent::answer(state, command, facts, context)?,
        Command::AddParty { party, role, by, reason } => joining::add(state, *party, role, by, reason, facts)?,
        Command::LapseConsent {} => consent::lapse(state, facts),
        Command::NoteChange { paper, on } => changed::served(state, &paper, on, facts)?,
        Command::NoteConsent { paper, on, by_message } => consent::note(state, &paper, (on, by_message), facts)?,
        Command::NoteVoided { paper, notice } => again::note(state, &paper, notice).into_iter().collect(),
        Command::NoticeAgain {} => vec![again::end_again(state, facts)],
        Command::RecordAgain {} => vec![again::record_again(state, facts)],
        Command::Accept { reason } => {
            let refusing: Vec<_> = state.refusing().cloned().collect();
            let without: Vec<_> = state.without.iter().cloned().chain(refusing.clone()).collect();
            // What court, arbitration, review or petition body has taken on is out of scope: who accepts it all the same
            // says why it is not.
            let explained = !refusing.is_empty() || state.proceedings().is_some();
            if explained {
                required("reason", &reason)?;
            }
            let stays = |p: &&Party| !without.contains(&p.person);
            let others = state.applicants.iter().filter(stays).skip(1).chain(others_side(state).filter(stays));
            let paper = facts.paper("acceptance_notice", organ);
            vec![Event::ApplicationAccepted {
                others: copies(&paper.kind, others, organ, facts),
                paper,
                on: today,
                clerk: facts.actor.id.clone(),
                period: facts.limit("mediation.period", today, state.sector.as_deref())?,
                reason: explained.then(|| Personal::new(&of, reason)),
                without,
            }]
        }
        Command::Refuse { ground, note, competent } => {
            let found =
                grounds::check(grounds::of_refusal(state, facts.pack), &facts.pack.refusal_grounds, &ground, facts)?;
            if found.explained {
                required("note", &note)?;
            }
            let names = grounds::names_organ(found);
            if names {
                required("competent", &competent)?;
            }
            let competent = names.then(|| Personal::new(&of, competent.trim().to_owned()));
            vec![refused(state, facts, &ground, note, competent)]
        }
        Command::WithdrawApplication { person, on, how } => joining::withdraw(state, person, on, how, facts)?,
        Command::NameMediator { staff, legal_section } => {
            let officer = context.staff.as_ref().filter(|o| o.stream == staff.as_str()).ok_or(Reason::NotFound)?;
            let place = mediator::named(state, officer, legal_section, &context.handling, facts)?;
            vec![mediator::is_named(officer, place, None)]
        }
        Command::ReplaceMediator { staff, legal_section, reason } => {
            required("reason", &reason)?;
            let officer = context.staff.as_ref().filter(|o| o.stream == staff.as_str()).ok_or(Reason::NotFound)?;
            if state.mediator.as_ref().is_some_and(|now| now.staff == officer.stream) {
                return Err(field("staff", "same_mediator"));
            }
            let place = mediator::named(state, officer, legal_section, &context.handling, facts)?;
            vec![mediator::is_named(officer, place, Some(Personal::new(&of, reason)))]
        }
        Command::DeclareConflict { conflict: true } => {
            std::iter::once(Event::ConflictDeclared {}).chain(recusal::unheld(state, facts)?).collect()
        }
        Command::DeclareConflict { conflict: false } => {
            if state.mediator.as_ref().is_some_and(|mediator| mediator.declared) {
                return Err(Reason::AlreadyDone.into());
            }
            vec![Event::NoConflictDeclared {}]
        }
        Command::TellIdentity { document_kind, number } => identity::tell(state, &document_kind, &number, facts)?,
        Command::RecordIdentity { checks } => identity::record(state, checks, facts, context)?,
        Command::CallSession { at, place } => vec![Event::SessionCalled(session::call(state, at, place, facts)?)],
        Command::MoveSession { at, place } => session::move_to(state, at, place, facts)?,
        Command::CallOffSession { reason } => vec![session::call_off(state, reason, facts)?],
        Command::RecordMissed { note } => {
            required("note", &note)?;
            vec![Event::SessionMissed { note: Personal::new(&of, note) }]
        }
        Command::RecordSession { sitting, asked } => session::record(state, sitting, asked, facts, context)?,
        Command::SignRecord {} => {
            let session = state.sessions.last().ok_or_else(|| waiting("record"))?;
            let signer = signs_record(state, session, facts).ok_or(Reason::NotFound)?;
            vec![Event::RecordSigned { signature: by_code(signer, facts, context)? }]
        }
        Command::WithdrawRecord { reason } => session::withdraw_record(state, reason, facts)?,
        Command::DraftAgreement { draft } => {
            check(state, &draft, facts)?;
            vec![Event::AgreementDrafted { draft }]
        }
        Command::IssueAgreement {} => {
            vec![Event::AgreementIssued {
                paper: facts.paper("agreement", organ),
                check_code: facts.ids.code(8),
                for_organ: None,
            }]
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
        Command::AttestSignature(by_hand) => {
            let agreement = state.agreement.as_ref().ok_or_else(|| waiting("agreement"))?;
            let code = Some(agreement.check_code.as_str());
            let ended = state.is_expired_signing();
            let mut unsigned = state.unsigned();
            if ended {
                unsigned.retain(|signer| signer.starts_with("party/"));
            }
            let paper = printed(state, &by_hand.signer, unsigned, code, state.applied_on, context);
            let signature = by_hand.attested(&paper, facts)?;
            if signature.signer.starts_with("party/") {
                lapse::within_period(state, signature.on)?;
            }
            let mut events: Vec<Event> =
                ended.then(|| lapse::signed(state, signature.on, facts)).flatten().into_iter().collect();
            events.push(Event::AgreementSigned { signature });
            events.extend(effect(state, &events, facts)?);
            events
        }
        Command::AttestRecord(by_hand) => {
            let session = state.sessions.last().ok_or_else(|| waiting("record"))?;
            let held = session.sitting.as_ref().map_or(state.applied_on, |s| s.held_at.date());
            let (unsigned, code) = (state.record_unsigned(), session.check_code.as_deref());
            let paper = printed(state, &by_hand.signer, unsigned, code, held, context);
            vec![Event::RecordSigned { signature: by_hand.attested(&paper, facts)? }]
        }
        Command::NoteUnsigned { signer, refused, reason } => {
            required("reason", &reason)?;
            // The mediator, who notes it, signs.
            if !state.record_unsigned().contains(&signer) || !signer.starts_with("party/") {
                return Err(field("signer", "unknown"));
            }
            let reason = Personal::new(&of, reason);
            vec![Event::RecordUnsigned { unsigned: Unsigned { signer, refused, reason, on: today } }]
        }
        Command::SealAgreement {} => {
            let mut events = vec![Event::AgreementSealed { on: today }];
            events.extend(effect(state, &events, facts)?);
            events
        }
        Command::WithdrawAgreement { reason } => {
            required("reason", &reason)?;
            let agreement = state.agreement.as_ref().ok_or_else(|| waiting("agreement"))?;
            let reason = Some(Personal::new(&of, reason));
            vec![Event::AgreementWithdrawn { paper: agreement.paper.clone(), reason, on: today }]
        }
        Command::EndMediation { ground } => {
            grounds::check(grounds::of_ending(state, facts.pack, today), &facts.pack.ending_grounds, &ground, facts)?;
            let absent = session::absent(state, &ground, context)?;
            vec![ended(state, &ground, today, absent, None, facts)]
        }
        Command::Leave { told } => joining::leave(state, told, facts, context)?,
        Command::AskRecusal { reason, told } => vec![joining::recusal(state, reason, told, facts, context)?],
        Command::DecideRecusal { granted, reason } => recusal::decide(state, granted, reason, facts)?,
        // What stands still does not run out: the decision counts the rest of it.
        Command::ExpirePeriod {} if recusal::stands_still(state, facts.pack) => Vec::new(),
        Command::ExpirePeriod {} => vec![ended(state, lapse::EXPIRED, today, Vec::new(), None, facts)],
        Command::RecordChangedDecision { number, on, before, after, old } => {
            changed::record(state, changed::Typed { number, on, before, after, old }, facts, context)?
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
            let due =
                state.agreement.as_ref().and_then(|a| a.draft.obligations.get(usize::try_from(obligation - 1).ok()?));
            if let Some(due) = due.map(|o| o.due).filter(|due| on < *due) {
                return Err(Reason::DateOrder { first: due.to_string(), second: on.to_string() }.into());
            }
            vec![Event::ObligationBreached { obligation, on, note: Personal::new(&of, note) }]
        }
        Command::FollowUp { on, whom, note } => {
            required("note", &note)?;
            let takes_part = |person: &PersonId| taking_part(state).any(|(_, p)| p.person == *person);
            if whom.is_empty() || !whom.iter().all(takes_part) {
                return Err(field("whom", "required"));
            }
            past(effective(state)?, on, today)?;
            let paper = facts.paper("followup_record", organ);
            vec![Event::VisitMade { paper, on, whom, note: Personal::new(&of, note) }]
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
            vec![correct::ask(state, name, &after, reason, facts, context)?]
        }
        Command::ApproveCorrection { correction } => match correction::waits(&state.corrections, correction, facts)? {
            true => correct::approve(state, correction, facts, context)?,
            false => Vec::new(),
        },
        Command::RefuseCorrection { correction, reason } => {
            required("reason", &reason)?;
            match correction::waits(&state.corrections, correction, facts)? {
                true => {
                    let reason = Personal::new(&of, reason);
                    vec![Event::CorrectionRefused { correction, approver: facts.actor.id.clone(), reason }]
                }
                false => Vec::new(),
            }
        }
        Command::LapseConfirmation {} => {
            let limit = state.agreement.as_ref().and_then(|a| a.confirm_by.as_ref());
            vec![Event::ConfirmationLapsed { on: limit.map_or(today, |l| l.last_day) }]
        }
        Command::NoteKnown { before, on, assumed } => {
            let moves = |limit: &RunningLimit| state.is_administrative() && limit.deadline.from == before;
            let differs = |limit: &RunningLimit| moves(limit) && (before != on || limit.assumed != assumed);
            if !state.limits.iter().any(differs) {
                return Ok(Vec::new());
            }
            let anew = |limit: &RunningLimit| match moves(limit) {
                true => {
                    let counted = facts.limit(&limit.deadline.limit, on, None);
                    counted.map(|deadline| RunningLimit { deadline, assumed, ..limit.clone() })
                }
                false => Ok(limit.clone()),
            };
            vec![Event::LimitsCounted { before, on, limits: state.limits.iter().map(anew).collect::<Result<_, _>>()? }]
        }
        Command::NoteRenewal { later, by } => renewal::note(state, later, by),
        Command::NoteConfirmation { confirmation, state: noted } => {
            if state.confirmation.as_ref() == Some(&confirmation) && state.confirmation_state == noted {
                return Ok(Vec::new());
            }
            vec![Event::ConfirmationNoted { confirmation, state: noted }]
        }
    })
}

pub(super) fn refused(
    state: &State,
    facts: &Facts<'_>,
    ground: &str,
    note: String,
    competent: Option<Personal<String>>,
) -> Event {
    let consents = |p: &&Party| state.consent_of(&p.person).is_some_and(|c| c.answer == Some(true));
    let applies = |p: &&Party| !state.without.contains(&p.person);
    let others = state.applicants.iter().filter(applies).skip(1).chain(others_side(state).filter(consents));
    let paper = facts.paper("refusal_notice", &state.organ);
    Event::ApplicationRefused {
        others: copies(&paper.kind, others, &state.organ, facts),
        paper,
        on: facts.today(),
        ground: ground.to_owned(),
        note: Personal::new(&state.claims.of, note),
        competent,
    }
}

pub(super) fn ended(
    state: &State,
    ground: &str,
    on: Date,
    absent: Vec<PersonId>,
    told: Option<Box<Told>>,
    facts: &Facts<'_>,
) -> Event {
    let stays = |p: &&Party| !state.without.contains(&p.person);
    let others = state.applicants.iter().filter(stays).skip(1).chain(others_side(state).filter(stays));
    let paper = facts.paper("end_notice", &state.organ);
    let others = copies(&paper.kind, others, &state.organ, facts);
    Event::MediationEnded {
        ended: Ended { ground: ground.into(), paper, on, others, absent, voided: Vec::new(), told },
    }
}

/// Everybody but the applicants as somebody to whom papers go: in an administrative dispute it is the organ that writes
/// them.
pub(super) fn others_side(state: &State) -> impl Iterator<Item = &Party> {
    let joined = state.joined.iter().map(|j| &j.party);
    state.respondents.iter().filter(|_| !state.is_administrative()).chain(joined)
}

/// A paper of a kind, with a number of its own, for each of these parties.
pub(super) fn copies<'a>(
    kind: &str,
    to: impl Iterator<Item = &'a Party>,
    organ: &str,
    facts: &Facts<'_>,
) -> Vec<(PersonId, PaperRef)> {
    to.map(|p| (p.person.clone(), facts.paper(kind, organ))).collect()
}

fn effective(state: &State) -> Result<Date, Refusal> {
    state.agreement.as_ref().and_then(|a| a.effective_on).ok_or_else(|| waiting("agreement"))
}

fn open_obligation(state: &State, obligation: i64) -> Result<(), Refusal> {
    if state.reportable().contains(&obligation) { Ok(()) } else { Err(field("obligation", "unknown")) }
}

/// Every obligation has who, to whom, what, when and how, and a date that does not lie in the past nor beyond the
/// calendar: the limits that begin with it must be countable, or the agreement could never take effect.
pub(super) fn check(state: &State, draft: &Draft, facts: &Facts<'_>) -> Result<(), Refusal> {
    if draft.obligations.is_empty() {
        return Err(field("obligations", "required"));
    }
    let takes_part = |person: &PersonId| taking_part(state).any(|(_, p)| p.person == *person);
    for (n, o) in (1..).zip(&draft.obligations) {
        let name = |part: &str| format!("obligations/{n}/{part}");
        if !takes_part(&o.from) {
            return Err(field(&name("from"), "required"));
        }
        if !takes_part(&o.to) || o.to == o.from {
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
    let replaces = state.takes_the_place_of().map(|standing| standing.case.clone());
    Ok(Some(Event::AgreementEffective { on, confirm_by, not_confirmable, visits, replaces }))
}
