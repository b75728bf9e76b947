//! The state after an event.

use super::{
    Agreement, Consent, Event, Identity, Left, Mediator, Performance, Session, Stage, State, again, changed, renewal,
};
use crate::PersonId;
use crate::party::Name;
use crate::time::Timestamp;

pub(super) fn apply(state: Option<State>, event: &Event, at: Timestamp) -> State {
    if let Event::Applied {
        via,
        organ,
        court,
        kind,
        entry,
        sector,
        matter,
        matter_number,
        application,
        on,
        applicants,
        respondents,
        claims,
        facts,
        electronic_service,
        other_proceedings,
        disputed,
        agrees_named: _,
        limits,
        accept_by,
        check_code,
        told_late,
        renews,
        access,
        phones_told,
    } = event
    {
        return State {
            organ: organ.clone(),
            court: court.clone(),
            kind: *kind,
            entry: entry.clone(),
            sector: sector.clone(),
            matter: matter.clone(),
            matter_number: matter_number.clone(),
            renews: renews.clone(),
            renewed_by: Vec::new(),
            application: application.clone(),
            application_code: check_code.clone(),
            access: access.clone(),
            application_signatures: Vec::new(),
            records_voided: Vec::new(),
            record_again: None,
            applied_on: *on,
            accepted_on: None,
            via: *via,
            applicants: applicants.clone(),
            respondents: respondents.clone(),
            claims: claims.clone(),
            facts: facts.clone(),
            electronic_service: *electronic_service,
            other_proceedings: other_proceedings.clone(),
            disputed: disputed.clone(),
            told_late: told_late.clone(),
            phones_told: phones_told.clone(),
            identities: Vec::new(),
            signed_as_recorded: Vec::new(),
            limits: limits.clone(),
            accept_by: (**accept_by).clone(),
            stage: Stage::Applied,
            consents: Vec::new(),
            without: Vec::new(),
            joined: Vec::new(),
            left: Vec::new(),
            answer: None,
            answer_copies: Vec::new(),
            refused_for: String::new(),
            refused_on: None,
            taken_back: Vec::new(),
            competent: None,
            withdrawn: false,
            clerk: String::new(),
            period: None,
            mediator: None,
            conflicted: Vec::new(),
            recused: Vec::new(),
            recusal: None,
            sessions: Vec::new(),
            not_held: Vec::new(),
            draft: None,
            agreement: None,
            withdrawn_papers: Vec::new(),
            performance: Vec::new(),
            visits: Vec::new(),
            changed_decision: String::new(),
            change: None,
            changes_voided: Vec::new(),
            ended: None,
            files: Vec::new(),
            corrections: Vec::new(),
            confirmation: None,
            confirmation_state: String::new(),
            confirmation_lapsed: false,
            closed_on: None,
        };
    }
    // INVARIANT: decide writes nothing else before Applied.
    let mut state = state.expect("a dossier begins with its application");
    if let Event::ApplicationSigned { signature }
    | Event::RecordSigned { signature }
    | Event::AgreementSigned { signature } = event
    {
        let signers = state.identities.iter().map(|seen| &seen.person);
        let signer = signers.into_iter().find(|p| signature.signer.strip_prefix("party/") == Some(p.0.as_str()));
        state.signed_as_recorded.extend(signer.cloned());
    }
    match event {
        Event::Applied { .. } => {}
        Event::FileAttached { file } => state.files.push(file.clone()),
        Event::ApplicationSigned { signature } => state.application_signatures.push(signature.clone()),
        Event::RecordVoided { notice } => again::void(&mut state, notice),
        Event::RecordMadeAgain { paper, check_code } => {
            state.record_again = Some(paper.clone());
            state.application_code = Some(check_code.clone());
        }
        Event::ConsentVoided { person, .. } => {
            for consent in answering(&mut state, Some(person)) {
                consent.voided = true;
                consent.sent = None;
            }
        }
        Event::ConsentAsked { paper, due, person, check_code } => {
            let person = person.clone().or_else(|| state.respondents.first().map(|p| p.person.clone()));
            // Asked again, because the letter before was void.
            state.consents.retain(|c| Some(&c.person) != person.as_ref());
            state.consents.extend(person.map(|person| Consent {
                person,
                paper: paper.clone(),
                due: due.clone(),
                sent: None,
                voided: false,
                answer: None,
                answered_on: None,
                check_code: check_code.clone(),
                slip: None,
                how: None,
                electronic: None,
                unchecked: false,
            }));
        }
        Event::ConsentSent { person, on, due } => {
            for consent in answering(&mut state, Some(person)) {
                consent.sent = *on;
                consent.due.clone_from(due);
            }
        }
        Event::ConsentAnswered { consents, on, person, slip, how, electronic, unchecked } => {
            for consent in answering(&mut state, person.as_ref()) {
                consent.answer = Some(*consents);
                consent.answered_on = Some(*on);
                consent.slip.clone_from(slip);
                consent.how.clone_from(how);
                consent.electronic = *electronic;
                consent.unchecked = *unchecked;
            }
            goes_without(&mut state, person.as_ref());
        }
        Event::ConsentLapsed { person, .. } => {
            for consent in answering(&mut state, person.as_ref()) {
                consent.answer = Some(false);
            }
            goes_without(&mut state, person.as_ref());
        }
        Event::LapseTakenBack { person, over_on, on, .. } => {
            for consent in state.consents.iter_mut().filter(|c| Some(&c.person) == person.as_ref()) {
                consent.answer = None;
            }
            state.without.retain(|gone| Some(gone) != person.as_ref());
            if over_on.is_some() {
                state.taken_back.push(*on);
                reopen(&mut state);
            }
        }
        Event::PartyAdded { joined } => {
            state.phones_told.extend(joined.party.phone.as_ref().map(|_| joined.party.person.clone()));
            state.joined.push((**joined).clone());
        }
        Event::PartyJoined(joins) => {
            state.sessions.last_mut().filter(|s| s.record.is_none()).into_iter().for_each(|s| s.call_too(joins));
            state.mediator.iter_mut().for_each(|mediator| mediator.meets(&joins.person));
        }
        Event::PartyLeft { person, on, .. } => {
            state.without.push(person.clone());
            state.left.push(Left { person: person.clone(), on: *on });
            // What was drafted with somebody who is gone is drafted anew.
            let named = |o: &super::Obligation| o.from == *person || o.to == *person;
            if state.draft.as_ref().is_some_and(|d| d.obligations.iter().any(named)) {
                state.draft = None;
            }
        }
        Event::ApplicationAccepted { paper, clerk, period, without, on, .. } => {
            state.accepted_on = Some(*on);
            state.without.clone_from(without);
            state.stage = Stage::Mediating;
            state.answer = Some(paper.clone());
            state.clerk.clone_from(clerk);
            state.period = Some(period.clone());
        }
        Event::ApplicationRefused { paper, ground, on, others, competent, .. } => {
            state.competent.clone_from(competent);
            state.stage = Stage::Refused;
            state.answer_copies = others.iter().map(|(_, paper)| paper.clone()).collect();
            state.refused_on = Some(*on);
            state.answer = Some(paper.clone());
            state.refused_for.clone_from(ground);
        }
        Event::ApplicationWithdrawn { person, on, goes_on, .. } => match goes_on {
            true => {
                state.without.push(person.clone());
                state.left.push(Left { person: person.clone(), on: *on });
            }
            false => {
                state.withdrawn = true;
                state.stage = Stage::Withdrawn;
            }
        },
        Event::MediatorNamed { staff, name, place, .. } => {
            state.recusal = None;
            let (staff, name) = (staff.clone(), name.clone());
            state.mediator = Some(Mediator::named(staff, name, *place));
        }
        Event::NoConflictDeclared {} => {
            state.mediator.iter_mut().for_each(|mediator| mediator.declares(at));
        }
        Event::ConflictDeclared {} => {
            state.recusal = None;
            state.conflicted.extend(state.mediator.take().map(|m| m.staff));
        }
        Event::SessionCalled(call) => state.sessions.push(Session::called(call)),
        Event::SessionMoved(call) => {
            if let Some(session) = state.sessions.last_mut() {
                session.move_to(call);
            }
        }
        Event::SessionCalledOff(_) => state.set_off(false),
        Event::SessionMissed { .. } => state.set_off(true),
        Event::IdentityTold(told) => {
            if let Some(party) = party_mut(&mut state, &told.person) {
                party.document_kind.clone_from(&told.document_kind);
                party.document.clone_from(&told.document);
                party.credit_code.clone_from(&told.credit_code);
            }
        }
        Event::IdentityRecorded { identity } => identify(&mut state, identity),
        Event::SessionHeld { sitting, paper, check_code } => {
            if let Some(session) = state.sessions.last_mut() {
                session.check_code.clone_from(check_code);
                session.sitting = Some(sitting.clone());
                session.record = Some(paper.clone());
                session.held_by = state.mediator.as_ref().map(|mediator| mediator.staff.clone());
            }
        }
        Event::RecordSigned { signature } => {
            if let Some(session) = state.sessions.last_mut() {
                session.signatures.push(signature.clone());
            }
        }
        Event::RecordUnsigned { unsigned } => {
            if let Some(session) = state.sessions.last_mut() {
                session.not_signed.retain(|noted| noted.signer != unsigned.signer);
                session.not_signed.push(unsigned.clone());
            }
        }
        Event::RecordWithdrawn(withdrawn) => {
            state.withdrawn_papers.push((withdrawn.paper.id.clone(), withdrawn.reason.clone()));
            state.take_record_back();
        }
        Event::AgreementDrafted { draft } => state.draft = Some(draft.clone()),
        Event::AgreementIssued { paper, check_code, for_organ } => {
            if let Some(draft) = state.draft.clone() {
                state.agreement = Some(Agreement {
                    paper: paper.clone(),
                    check_code: check_code.clone(),
                    for_organ: for_organ.clone(),
                    draft,
                    signatures: Vec::new(),
                    sealed_on: None,
                    effective_on: None,
                    confirm_by: None,
                    not_confirmable: String::new(),
                    visits: Vec::new(),
                    voided: false,
                    replaced: None,
                });
            }
            state.stage = Stage::Signing;
        }
        Event::AgreementSigned { signature } => {
            if let Some(agreement) = &mut state.agreement {
                agreement.signatures.push(signature.clone());
            }
        }
        Event::AgreementSealed { on } => {
            if let Some(agreement) = &mut state.agreement {
                agreement.sealed_on = Some(*on);
            }
        }
        Event::AgreementEffective { on, confirm_by, not_confirmable, visits, .. } => {
            if let Some(agreement) = &mut state.agreement {
                // What falls due on one day is asked about together.
                agreement.visits.clone_from(visits);
                agreement.visits.sort_by_key(|visit| visit.from);
                agreement.visits.dedup_by_key(|visit| visit.from);
                agreement.effective_on = Some(*on);
                agreement.confirm_by.clone_from(confirm_by);
                agreement.not_confirmable.clone_from(not_confirmable);
            }
            state.stage = Stage::Performing;
        }
        Event::MediationRenewed { later } => state.renewed_by.push(later.clone()),
        Event::AgreementReplaced { by } => renewal::replace(&mut state, by),
        Event::AgreementWithdrawn { paper, reason, .. } => {
            state.withdrawn_papers.extend(reason.clone().map(|reason| (paper.id.clone(), reason)));
            state.agreement = None;
            state.stage = Stage::Mediating;
        }
        Event::AgreementVoided(_) => {
            if let Some(agreement) = &mut state.agreement {
                agreement.voided = true;
            }
        }
        Event::EndNoticeVoided(voided) => again::end_voided(&mut state, voided),
        Event::EndNoticeMadeAgain(made) => again::end_made(&mut state, made),
        Event::MediationEnded { ended } => {
            state.ended = Some(ended.clone());
            state.stage = Stage::Ended;
        }
        Event::RecusalAsked { recusal } => state.recusal = Some(recusal.clone()),
        Event::RecusalDecided(decision) => {
            state.recusal = None;
            if let Some(period) = &decision.period {
                state.period = Some(period.clone());
            }
            if decision.granted {
                state.recused.extend(state.mediator.iter().map(|m| m.staff.clone()));
                state.conflicted.extend(state.mediator.take().map(|m| m.staff));
            }
        }
        Event::DecisionChanged { number, change, .. } => {
            state.changed_decision.clone_from(number);
            state.change = change.as_deref().cloned();
        }
        Event::ChangeVoided(voided) => changed::void(&mut state, voided),
        Event::ChangeServed { on, limits } => {
            if let Some(change) = &mut state.change {
                change.served_on = *on;
                change.limits.clone_from(limits);
            }
        }
        Event::ObligationPerformed { obligation, on, note } => {
            // A late performance mends the breach that was recorded.
            state.performance.retain(|p| p.obligation != *obligation);
            state.performance.push(Performance {
                obligation: *obligation,
                on: *on,
                performed: true,
                note: note.clone(),
            });
            if state.stage == Stage::Breached && state.performance.iter().all(|p| p.performed) {
                state.stage = Stage::Performing;
            }
        }
        Event::ObligationBreached { obligation, on, note } => {
            state.performance.retain(|p| p.obligation != *obligation);
            state.performance.push(Performance {
                obligation: *obligation,
                on: *on,
                performed: false,
                note: note.clone(),
            });
            state.stage = Stage::Breached;
        }
        Event::AgreementPerformed { .. } => state.stage = Stage::Performed,
        Event::VisitMade { paper, on, .. } => {
            state.visits.push(paper.clone());
            // A visit finds how everything stands that has fallen due; what falls due later is asked about then.
            if let Some(agreement) = &mut state.agreement {
                agreement.visits.retain(|visit| visit.from > *on);
            }
        }
        Event::DossierClosed { on } => {
            state.closed_on = Some(*on);
            state.stage = Stage::Closed;
        }
        Event::DossierReassigned { to, .. } => state.clerk.clone_from(to),
        Event::LimitsCounted { limits, .. } => state.limits.clone_from(limits),
        Event::CorrectionAsked { correction } => state.corrections.push(correction.clone()),
        Event::FactCorrected { correction, approver } => correct(&mut state, *correction, approver),
        Event::CorrectionRefused { correction, approver, reason } => {
            if let Some(c) = usize::try_from(*correction).ok().and_then(|n| state.corrections.get_mut(n)) {
                c.approver = Some(approver.clone());
                c.refused = Some(reason.clone());
            }
        }
        Event::ConfirmationLapsed { .. } => state.confirmation_lapsed = true,
        Event::ConfirmationNoted { confirmation, state: noted } => {
            state.confirmation = Some(confirmation.clone());
            state.confirmation_state.clone_from(noted);
        }
    }
    state
}

/// The case stands again where it stood before the refusal or the end that is taken back, and its file is open.
fn reopen(state: &mut State) {
    state.closed_on = None;
    if state.ended.take().is_some() {
        state.stage = Stage::Signing;
        return;
    }
    state.stage = Stage::Applied;
    state.refused_for.clear();
    (state.refused_on, state.answer) = (None, None);
    state.answer_copies.clear();
}

fn party_mut<'a>(state: &'a mut State, person: &PersonId) -> Option<&'a mut crate::party::Party> {
    let joined = state.joined.iter_mut().map(|j| &mut j.party);
    state.applicants.iter_mut().chain(&mut state.respondents).chain(joined).find(|p| p.person == *person)
}

/// What an officer saw is what the papers print from now on.
fn identify(state: &mut State, identity: &Identity) {
    state.identities.retain(|i| i.person != identity.person);
    state.identities.push(identity.clone());
    if let Some(party) = party_mut(state, &identity.person) {
        if identity.credit_code.is_some() {
            party.credit_code.clone_from(&identity.credit_code);
        }
        if identity.document.is_some() {
            party.document_kind.clone_from(&identity.document_kind);
            party.document.clone_from(&identity.document);
        }
        // Where papers are served may be elsewhere than where somebody lives, and is better than nothing.
        if party.address.is_none() {
            party.address.clone_from(&identity.address);
        }
    }
}

/// The consents that an answer, or silence, is about.
fn answering<'a>(state: &'a mut State, person: Option<&PersonId>) -> impl Iterator<Item = &'a mut Consent> {
    state.consents.iter_mut().filter(move |c| person.is_none_or(|p| c.person == *p))
}

/// Who was asked after the acceptance and does not consent takes no part: the others go on.
fn goes_without(state: &mut State, person: Option<&PersonId>) {
    if state.stage != Stage::Applied
        && let Some(person) = person.filter(|p| state.consent_of(p).is_some_and(|c| c.answer == Some(false)))
    {
        state.without.push(person.clone());
    }
}

fn correct(state: &mut State, place: i64, approver: &str) {
    let Some(correction) = usize::try_from(place).ok().and_then(|n| state.corrections.get_mut(n)) else { return };
    correction.approver = Some(approver.to_owned());
    let after = correction.after.clone();
    let field = correction.field.clone();
    let mut parts = field.split('/');
    let (part, n) = (parts.next().unwrap_or_default(), parts.next().and_then(|n| n.parse::<usize>().ok()));
    let joined = state.joined.iter_mut().map(|j| &mut j.party);
    let party = n.and_then(|n| state.applicants.iter_mut().chain(&mut state.respondents).chain(joined).nth(n));
    if let ("phone", Some(party)) = (part, &party) {
        state.phones_told.retain(|told| *told != party.person);
    }
    match (part, party) {
        ("claims", _) => state.claims = after,
        ("facts", _) => state.facts = after,
        ("name", Some(party)) => {
            party.name = match party.is_firm() {
                true => Name::Firm(after.text().to_owned()),
                false => Name::Human(after),
            };
        }
        ("phone", Some(party)) => party.phone = Some(after),
        ("address", Some(party)) => party.address = Some(after),
        ("credit_code", Some(party)) => party.credit_code = Some(after.text().to_owned()),
        ("document", Some(party)) => {
            party.document_kind = parts.next().map(str::to_owned);
            party.document = Some(after);
        }
        _ => {}
    }
}
