//! What a timer recorded for want of an act that was done on paper in time, and is entered later: it is taken back, as far
//! as nothing was built on it. Silence costs nobody a right, nor does the way of a sheet to the desk.

use super::decide::waiting;
use super::{Consent, Event, Stage, State};
use crate::policy::Role;
use crate::refusal::{Reason, Refusal};
use crate::stream::{Facts, PaperRef};
use crate::time::Date;

/// Grounds of refusal that rest on silence: with somebody who was silent, neither stands by itself.
const SILENCE: [&str; 2] = ["party_silent", "party_refuses"];

/// The ground of an end that a timer gives.
pub(super) const EXPIRED: &str = "expired";

impl State {
    /// Those whose silence was taken for a no.
    pub fn silent(&self) -> impl Iterator<Item = &Consent> {
        self.consents.iter().filter(|c| c.answer == Some(false) && c.answered_on.is_none())
    }

    /// Was the application refused since nobody on the other side was heard to consent?
    fn is_refused_for_silence(&self) -> bool {
        SILENCE.contains(&self.refused_for.as_str()) && self.silent().next().is_some()
    }

    /// The agreement that fell with the end of the period, before every party had signed it.
    pub fn is_expired_signing(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.ground == EXPIRED)
            && self.agreement.is_some()
            && !self.parties_signed()
    }
}

/// A later case goes on with this one: what is told now belongs there.
fn not_renewed(state: &State) -> Result<(), Refusal> {
    match state.renewed_by.last() {
        Some(later) => Err(Reason::Renewed { number: later.number.clone() }.into()),
        None => Ok(()),
    }
}

/// Can the silence of somebody be taken back? Nobody joins those whose agreement lies for signing or holds.
pub(super) fn silence(state: &State) -> Result<(), Refusal> {
    if state.silent().next().is_none() {
        return Err(waiting("consent"));
    }
    not_renewed(state)?;
    let not_now = || Err(Reason::NotNow { state: state.stage.name().into() }.into());
    match (state.stage, &state.agreement) {
        (Stage::Applied | Stage::Mediating, _) => Ok(()),
        _ if state.is_refused_for_silence() => Ok(()),
        (_, Some(agreement)) if !state.is_over() => {
            Err(Reason::AgreedWithout { number: agreement.paper.number.clone() }.into())
        }
        _ => not_now(),
    }
}

/// Can the end of the period be taken back, for a signature that was made before it?
pub(super) fn expiry(state: &State) -> Result<(), Refusal> {
    match state.is_expired_signing() {
        true => not_renewed(state),
        false => Err(Reason::NotNow { state: state.stage.name().into() }.into()),
    }
}

/// May a party still sign the agreement? Its period is over when the timer is about to say so, and on the day on which
/// it was taken back.
pub(super) fn within_period(state: &State, on: Date) -> Result<(), Refusal> {
    match &state.period {
        Some(period) if on > period.last_day => {
            let reason = Reason::PeriodExpired { limit: period.limit.clone(), last_day: period.last_day.to_string() };
            Err(Refusal::because(reason, period.basis.clone()))
        }
        _ => Ok(()),
    }
}

/// Somebody's silence is taken back, and the refusal that rests on it: on that day they answered, in time; none: the
/// letter that asks had not arrived.
pub(super) fn heard(state: &State, of: &Consent, done_on: Option<Date>, facts: &Facts<'_>) -> Event {
    let refused = state.refused_on.filter(|_| state.is_refused_for_silence());
    let papers = state.answer.iter().chain(state.answer_copies.iter()).filter(|_| refused.is_some());
    taken_back(Some(of), done_on, refused, papers.cloned().collect(), facts)
}

/// The end of the period is taken back: on that day somebody signed, in time.
pub(super) fn signed(state: &State, done_on: Date, facts: &Facts<'_>) -> Option<Event> {
    let ended = state.ended.as_ref()?;
    let papers = std::iter::once(&ended.paper).chain(ended.others.iter().map(|(_, paper)| paper));
    Some(taken_back(None, Some(done_on), Some(ended.on), papers.cloned().collect(), facts))
}

fn taken_back(
    of: Option<&Consent>,
    done_on: Option<Date>,
    over_on: Option<Date>,
    papers: Vec<PaperRef>,
    facts: &Facts<'_>,
) -> Event {
    let person = of.map(|consent| consent.person.clone());
    Event::LapseTakenBack { person, done_on, over_on, papers, on: facts.today() }
}

/// Is this somebody who enters what others did on paper?
pub(super) fn enters_for_others(facts: &Facts<'_>) -> bool {
    facts.actor.role != Role::Party
}
