//! Which acts are open on a case.

use super::decide::{check, subject_text, waiting};
use super::{Context, Draft, Session, Stage, State, findings, joining, lapse, session};
use crate::correction;
use crate::policy::{Act, Role};
use crate::refusal::{Reason, Refusal};
use crate::stream::Facts;
use crate::time::Date;

pub(super) fn open(state: Option<&State>, act: Act, facts: &Facts<'_>, context: &Context) -> Result<(), Refusal> {
    let organ = match state {
        Some(state) => {
            now(state, act, facts)?;
            &state.organ
        }
        None if matches!(act, Act::Apply | Act::RecordOralApplication) => &context.applies_to,
        None => return Err(Reason::NotFound.into()),
    };
    // Who cannot act by the portal is told the other ways: by phone, by word of mouth or on paper at the counter.
    let by_portal = act == Act::Apply || facts.actor.role == Role::Party;
    if by_portal && !context.online && facts.pack.organ(organ).is_some() {
        let profile = context.organ.as_ref();
        let reason = Reason::NotOnline {
            organ: facts.pack.body_name(organ).to_owned(),
            phone: profile.map_or_else(String::new, |p| p.phone.clone()),
            address: profile.map_or_else(String::new, |p| p.address.clone()),
        };
        return Err(reason.into());
    }
    // By an old page, in a second window, or at the counter: of one dispute there is one case at a time.
    let origin = context.matter.as_ref().filter(|_| state.is_none() && context.earlier.is_none());
    match origin.and_then(|matter| matter.goes_on.clone()) {
        Some(number) => Err(Reason::AlreadyApplied { number }.into()),
        None => Ok(()),
    }
}

/// Why a case that is there does not begin.
pub(super) fn there(state: &State) -> Refusal {
    let number = state.application.number.clone();
    let reason = match (state.goes_on(), &state.renews) {
        (false, _) => Reason::Exists,
        (true, None) => Reason::AlreadyApplied { number },
        (true, Some(_)) => Reason::Renewed { number },
    };
    reason.into()
}

/// Which acts are open as the case stands, by whatever way they are done.
fn now(state: &State, act: Act, facts: &Facts<'_>) -> Result<(), Refusal> {
    let stage = state.stage;
    let not_now = || Err(Reason::NotNow { state: stage.name().into() }.into());
    let already = || Err(Reason::AlreadyDone.into());
    let at = |stages: &[Stage]| if stages.contains(&stage) { Ok(()) } else { not_now() };
    match act {
        // Somebody was a moment faster, in another window or at the counter.
        Act::Apply | Act::RecordOralApplication => Err(there(state)),
        Act::AttachFile | Act::AskCorrection => {
            if stage == Stage::Closed {
                not_now()
            } else {
                Ok(())
            }
        }
        Act::ApproveCorrection | Act::RefuseCorrection => correction::open(&state.corrections, facts),
        Act::AttestApplication => {
            let nothing = state.application_unsigned().is_empty() || state.application_paper().is_none();
            if stage == Stage::Closed || nothing { not_now() } else { Ok(()) }
        }
        Act::RecordAgain => {
            if stage == Stage::Closed || state.application_paper().is_some() {
                not_now()
            } else {
                Ok(())
            }
        }
        Act::NoticeAgain => {
            if state.end_to_tell_again().next().is_some() {
                Ok(())
            } else {
                not_now()
            }
        }
        // Whose letter was voided is asked again, also who came later.
        Act::AskConsent
            if matches!(stage, Stage::Applied | Stage::Mediating) && state.to_ask_again().next().is_some() =>
        {
            Ok(())
        }
        Act::AskConsent => {
            at(&[Stage::Applied])?;
            // An administrative dispute has no other private party: the organ accepts by accepting.
            match () {
                () if state.is_administrative() => Err(waiting("other_party")),
                () if !state.consents.is_empty() => already(),
                () => Ok(()),
            }
        }
        Act::AddParty => joining::open(state),
        // What was answered on paper in time counts also when it is entered after the last day.
        Act::AnswerConsent if lapse::enters_for_others(facts) && only_silent(state) => lapse::silence(state),
        Act::AnswerConsent => {
            at(&[Stage::Applied, Stage::Mediating])?;
            if state.consents.is_empty() {
                return Err(waiting("consent"));
            }
            // A party answers for itself, and only when it was asked. A no can still be taken back, also by word of mouth.
            let itself = facts.actor.person.as_ref().filter(|_| facts.actor.role == Role::Party);
            let (asked, awaited) = match (facts.actor.role, itself) {
                (Role::Party, person) => {
                    let own = person.and_then(|p| state.consent_of(p));
                    (own.is_some(), own.is_some_and(|c| c.answer.is_none() || state.can_change(&c.person)))
                }
                _ => (true, state.asked().chain(state.changeable()).next().is_some()),
            };
            match (asked, awaited) {
                (_, true) => Ok(()),
                (true, false) => already(),
                (false, _) => not_now(),
            }
        }
        Act::LapseConsent => {
            let silent = state.lapsing().any(|c| facts.today() > c.due.last_day);
            if silent && matches!(stage, Stage::Applied | Stage::Mediating) { Ok(()) } else { not_now() }
        }
        Act::AcceptApplication => {
            at(&[Stage::Applied])?;
            match () {
                () if state.is_administrative() => joining::all_answered(state),
                () if state.consents.is_empty() || state.asked().next().is_some() => Err(waiting("consent")),
                () if state.somebody_consents() => Ok(()),
                () => Err(waiting("some_consent")),
            }
        }
        Act::RefuseApplication => at(&[Stage::Applied]),
        Act::WithdrawApplication => {
            at(&[Stage::Applied])?;
            let applies =
                |person: &crate::PersonId| super::parties(state).any(|(r, p)| r == "applicant" && p.person == *person);
            if facts.actor.person.as_ref().is_none_or(applies) { Ok(()) } else { not_now() }
        }
        Act::NameMediator => {
            at(&[Stage::Mediating])?;
            match &state.mediator {
                // Whoever asked gets a decision with its reasons.
                Some(_) if state.recusal.is_some() => Err(waiting("recusal")),
                Some(m) if m.declared => already(),
                // The clerk may have handled what the dispute is about.
                _ if state.is_administrative() && facts.actor.role != Role::Leader => Err(waiting("leader_names")),
                _ => Ok(()),
            }
        }
        // An agreement that was issued names the mediator who signs it: it is taken back first. Before the declaration
        // another one is simply named.
        Act::ReplaceMediator => {
            at(&[Stage::Mediating])?;
            declared(state)
        }
        Act::DeclareConflict => {
            at(&[Stage::Mediating])?;
            match &state.mediator {
                Some(_) if state.recusal.is_some() => Err(waiting("recusal")),
                // Who declared none may come to know of one.
                Some(_) => Ok(()),
                None => Err(waiting("mediator")),
            }
        }
        // What an officer has seen is not told otherwise afterwards: that is a correction.
        Act::TellIdentity => {
            at(&[Stage::Applied, Stage::Mediating])?;
            let me = facts.actor.person.as_ref().and_then(|p| state.party(p));
            match me {
                Some(me) if state.identity(&me.person).is_none() => Ok(()),
                Some(_) => already(),
                None => not_now(),
            }
        }
        Act::RecordIdentity => at(&[
            Stage::Applied,
            Stage::Mediating,
            Stage::Signing,
            Stage::Performing,
            Stage::Performed,
            Stage::Breached,
        ]),
        Act::CallSession => {
            at(&[Stage::Mediating])?;
            declared(state)?;
            // A public-order case has one session more, and only one.
            let once = state.sector.as_deref().and_then(|s| facts.pack.sector(s)).is_some_and(|s| s.second_session);
            let full = once && state.sessions.len() >= 2;
            if !full {
                session::second(state, facts.today(), facts)?;
            }
            if full || state.pending().is_some() { already() } else { Ok(()) }
        }
        // Also where its mediator is out: nobody comes in vain.
        Act::CallOffSession => {
            at(&[Stage::Mediating])?;
            state.pending().map(drop).ok_or_else(|| waiting("session"))
        }
        Act::MoveSession | Act::RecordSession => {
            at(&[Stage::Mediating])?;
            declared(state)?;
            state.pending().map(drop).ok_or_else(|| waiting("session"))
        }
        Act::RecordMissed => {
            at(&[Stage::Mediating])?;
            declared(state)?;
            session::due(state, facts)
        }
        Act::SignRecord => {
            if stage == Stage::Closed {
                return not_now();
            }
            let session = state.sessions.last().filter(|s| s.record.is_some()).ok_or_else(|| waiting("record"))?;
            let signer = &signs_record(state, session, facts).ok_or(Reason::NotNow { state: stage.name().into() })?;
            if session.signatures.iter().any(|s| s.signer == *signer) {
                return Err(Reason::AlreadySigned.into());
            }
            if state.record_signers(session).contains(signer) { Ok(()) } else { not_now() }
        }
        Act::WithdrawRecord => {
            at(&[Stage::Mediating])?;
            session::unsigned(state, facts)
        }
        Act::DraftAgreement | Act::IssueAgreement => {
            at(&[Stage::Mediating])?;
            declared(state)?;
            if !state.has_record() {
                return Err(waiting("record"));
            }
            // What no party can sign in time is not issued.
            if act == Act::IssueAgreement {
                lapse::within_period(state, facts.today())?;
            }
            // What the record says is what is agreed: after a session without an agreement there is another, or an end.
            if state.result() != Some("agreed") {
                return Err(waiting("agreed_session"));
            }
            match &state.draft {
                _ if act == Act::DraftAgreement => Ok(()),
                // The record is signed by those present, or says why not, before anything is built on it.
                _ if !state.record_open().is_empty() => Err(record_open(state)),
                // Nor before it is known who is a party.
                _ if state.asked().next().is_some() => joining::all_answered(state),
                // Nobody signs before it is known who signs.
                Some(_) if state.unidentified().next().is_some() => Err(waiting("identity")),
                None => Err(waiting("draft")),
                // A draft that lay too long names days that have passed.
                Some(draft) => check(state, draft, facts).and_then(|()| lawful(state, draft, facts)),
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
                Some(signer) if state.unsigned().contains(&signer) => match signer.starts_with("party/") {
                    true => lapse::within_period(state, facts.today()),
                    false => Ok(()),
                },
                Some(_) => Err(Reason::AlreadySigned.into()),
                None => not_now(),
            }
        }
        Act::AttestSignature => {
            // What a party signed on paper in time counts also when it is entered after the period.
            if !state.is_expired_signing() {
                at(&[Stage::Signing])?;
                return attestable(&state.unsigned(), facts, not_now);
            }
            lapse::expiry(state)
        }
        Act::AttestRecord => {
            if stage == Stage::Closed {
                return not_now();
            }
            state.sessions.last().filter(|s| s.record.is_some()).ok_or_else(|| waiting("record"))?;
            attestable(&state.record_unsigned(), facts, not_now)
        }
        // Whoever mediated was there, and says it; of a case that ended its clerk does too, or it could not be closed.
        Act::NoteUnsigned if facts.actor.role == Role::Clerk && stage != Stage::Ended => not_now(),
        Act::NoteUnsigned => {
            if stage == Stage::Closed || !state.record_unsigned().iter().any(|s| s.starts_with("party/")) {
                not_now()
            } else {
                Ok(())
            }
        }
        Act::SealAgreement => {
            at(&[Stage::Signing])?;
            match &state.agreement {
                Some(a) if a.sealed_on.is_none() => Ok(()),
                _ => already(),
            }
        }
        Act::WithdrawAgreement => at(&[Stage::Signing]),
        // Who is asked to withdraw does not end it first: whoever asked gets a decision.
        Act::EndMediation => {
            at(&[Stage::Mediating, Stage::Signing])?;
            if state.recusal.is_some() { Err(waiting("recusal")) } else { Ok(()) }
        }
        Act::LeaveMediation => {
            at(&[Stage::Mediating, Stage::Signing])?;
            match &facts.actor.person {
                // An officer records what a party says or writes.
                None if facts.actor.role != Role::Party => Ok(()),
                Some(person) if takes_part(state, person) => Ok(()),
                _ => not_now(),
            }
        }
        Act::AskRecusal => {
            at(&[Stage::Mediating])?;
            let officer = facts.actor.role != Role::Party;
            let takes_part = officer || facts.actor.person.as_ref().is_some_and(|p| takes_part(state, p));
            match (&state.mediator, &state.recusal) {
                (None, _) => Err(waiting("mediator")),
                (Some(_), None) if takes_part => Ok(()),
                (Some(_), Some(_)) => already(),
                _ => not_now(),
            }
        }
        Act::DecideRecusal => {
            at(&[Stage::Mediating])?;
            if state.recusal.is_some() { Ok(()) } else { already() }
        }
        Act::ExpirePeriod => match (&state.period, stage) {
            (Some(p), Stage::Mediating) if facts.today() > p.last_day => Ok(()),
            // Once every party has signed there is an agreement; the mediator and the seal may still follow.
            // Where an end was taken back, what else was signed in time can be entered until the day is over.
            (Some(p), Stage::Signing)
                if facts.today() > p.last_day
                    && !state.parties_signed()
                    && state.taken_back.last() != Some(&facts.today()) =>
            {
                Ok(())
            }
            _ => not_now(),
        },
        Act::RecordChangedDecision => {
            at(&[Stage::Performing, Stage::Performed, Stage::Breached])?;
            match () {
                () if !state.is_administrative() => not_now(),
                () if !state.changed_decision.is_empty() => already(),
                () => Ok(()),
            }
        }
        Act::ReportPerformance => {
            at(&[Stage::Performing, Stage::Breached])?;
            if state.reportable().is_empty() { not_now() } else { Ok(()) }
        }
        Act::RecordBreach => {
            at(&[Stage::Performing, Stage::Breached])?;
            let today = facts.today();
            if overdue(state, today).is_empty() { Err(waiting("overdue")) } else { Ok(()) }
        }
        Act::FollowUp => at(&[Stage::Performing, Stage::Performed, Stage::Breached]),
        // An administrative agreement is carried out by a new or changed decision.
        Act::CloseDossier
            if stage == Stage::Performed && state.is_administrative() && state.changed_decision.is_empty() =>
        {
            Err(waiting("changed_decision"))
        }
        // Its record is signed, or says why not: nobody can afterwards.
        Act::CloseDossier if stage == Stage::Ended && !state.record_open().is_empty() => Err(record_open(state)),
        Act::CloseDossier => match stage {
            Stage::Refused | Stage::Withdrawn | Stage::Ended | Stage::Performed | Stage::Breached | Stage::Replaced => {
                Ok(())
            }
            _ => not_now(),
        },
        Act::ReassignDossier => {
            at(&[Stage::Applied, Stage::Mediating, Stage::Signing, Stage::Performing, Stage::Breached])
        }
        Act::LapseConfirmation => {
            let limit = state.agreement.as_ref().and_then(|a| a.confirm_by.as_ref());
            let unused = state.unasked_court() && !state.confirmation_lapsed;
            match limit {
                Some(limit) if unused && facts.today() > limit.last_day => Ok(()),
                _ => not_now(),
            }
        }
        Act::NoteDossier => Ok(()),
        _ => not_now(),
    }
}

/// Nobody attests a signature of their own.
fn attestable(
    unsigned: &[String],
    facts: &Facts<'_>,
    not_now: impl Fn() -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    match unsigned {
        [] => not_now(),
        [own] if *own == facts.actor.id => Err(Reason::OwnSignature.into()),
        _ => Ok(()),
    }
}

/// Does nobody's answer count any more but that of those whose silence was taken for a no?
fn only_silent(state: &State) -> bool {
    let awaited = matches!(state.stage, Stage::Applied | Stage::Mediating) && state.asked().next().is_some();
    !awaited && state.silent().next().is_some()
}

fn takes_part(state: &State, person: &crate::PersonId) -> bool {
    super::taking_part(state).any(|(_, p)| p.person == *person)
}

/// Who was present and has neither signed the record nor is noted not to have.
fn record_open(state: &State) -> Refusal {
    let name = |signer: &String| {
        let party = super::everybody(state).find(|(_, p)| signer.strip_prefix("party/") == Some(p.person.0.as_str()));
        let mediator = state.mediator.as_ref().map(|m| m.name.text());
        party.map(|(_, p)| p.name.text()).or(mediator).unwrap_or_default().to_owned()
    };
    let who: Vec<String> = state.record_open().iter().map(name).collect();
    Reason::RecordUnsigned { who: who.join("、") }.into()
}

/// What the law forbids to mediate is not issued, whoever asks. A subject for paper alone is: it is signed there.
fn lawful(state: &State, draft: &Draft, facts: &Facts<'_>) -> Result<(), Refusal> {
    let clauses = draft.clauses(|person| person.0.clone());
    let found = findings(state, clauses, facts.pack, facts.today());
    match found.iter().find_map(|finding| finding.forbidden(facts.pack)) {
        Some(subject) => {
            let basis = facts.pack.cite(&subject.basis, facts.today()).formal;
            Err(Refusal::because(Reason::NotMediable { subject: subject.name.clone() }, basis))
        }
        None => Ok(()),
    }
}

/// A mediator is named, has no conflict, and nobody waits for the decision that another one takes the case.
fn declared(state: &State) -> Result<(), Refusal> {
    match &state.mediator {
        Some(_) if state.recusal.is_some() => Err(waiting("recusal")),
        None => Err(waiting("mediator")),
        Some(m) if !m.declared => Err(Reason::Conflict.into()),
        Some(_) => Ok(()),
    }
}

/// Obligations past their due date that are not settled.
pub(super) fn overdue(state: &State, today: Date) -> Vec<i64> {
    let Some(agreement) = &state.agreement else { return Vec::new() };
    let due = |n: i64| usize::try_from(n - 1).ok().and_then(|n| agreement.draft.obligations.get(n)).map(|o| o.due);
    state.outstanding().into_iter().filter(|n| due(*n).is_some_and(|d| d < today)).collect()
}

/// As whom the actor signs: a party as itself, the mediator as mediator, and in an administrative dispute the leader
/// for the organ as the other party.
pub(super) fn signer_of(state: &State, facts: &Facts<'_>) -> Option<String> {
    match facts.actor.role {
        Role::Party => facts.actor.person.as_ref().map(|p| format!("party/{p}")),
        Role::Mediator | Role::Studio => Some(facts.actor.id.clone()),
        Role::Leader => state.organ_signer(),
        _ => None,
    }
}

/// As whom the actor signs the record of a session: for the organ whoever was there for it signs. Of an old session nobody
/// said who that was, and the leader does.
pub(super) fn signs_record(state: &State, session: &Session, facts: &Facts<'_>) -> Option<String> {
    match session.for_organ() {
        Some(there) if there.staff.as_ref() == Some(&facts.actor.id) => state.organ_signer(),
        Some(_) if facts.actor.role == Role::Leader => None,
        _ => signer_of(state, facts),
    }
}
