//! The consent of the other side: who is asked, until when they can answer, and when silence counts.

use serde::{Deserialize, Serialize};

use super::decide::refused;
use super::{Event, Signature, Stage, State};
use crate::deadline::{Deadline, Step};
use crate::refusal::Refusal;
use crate::stream::{Facts, PaperRef};
use crate::time::Date;
use crate::{PersonId, Personal, StreamId};

/// The consent of one of those on the other side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Who is asked.
    pub person: PersonId,
    /// The letter that asks.
    pub paper: PaperRef,
    /// Last day of the answer.
    pub due: Deadline,
    /// The day on which the letter was received; none: silence does not count. In old events that of posting it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Date>,
    /// The answer; none yet.
    pub answer: Option<bool>,
    /// When it came.
    pub answered_on: Option<Date>,
    /// Printed code that ties a scan of the slip to the letter; none on old letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_code: Option<String>,
    /// The slip that was signed by hand, when the answer came on paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slip: Option<Signature>,
    /// How the answer was given by word of mouth: free words, which may name people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<Personal<String>>,
    /// May papers come by message? None: nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electronic: Option<bool>,
}

impl State {
    /// Those who were asked and have not answered.
    pub fn asked(&self) -> impl Iterator<Item = &Consent> {
        self.consents.iter().filter(|c| c.answer.is_none())
    }

    /// The consent that is asked of a person, answered or not.
    pub fn consent_of(&self, person: &PersonId) -> Option<&Consent> {
        self.consents.iter().find(|c| c.person == *person)
    }

    /// May papers come to this party by message, as it said itself? None: nobody asked it.
    pub fn by_message(&self, person: &PersonId) -> Option<bool> {
        match self.applicants.iter().any(|p| p.person == *person) {
            true => Some(self.electronic_service),
            false => self.consent_of(person)?.electronic,
        }
    }

    /// Those who answered no, or were silent until the last day.
    pub fn refusing(&self) -> impl Iterator<Item = &PersonId> {
        self.consents.iter().filter(|c| c.answer == Some(false)).map(|c| &c.person)
    }

    /// Did somebody say no? Otherwise those who do not consent were silent.
    pub fn somebody_refuses(&self) -> bool {
        self.consents.iter().any(|c| c.answer == Some(false) && c.answered_on.is_some())
    }

    /// Those who received their letter: only their silence counts.
    pub(super) fn lapsing(&self) -> impl Iterator<Item = &Consent> {
        self.asked().filter(|c| c.sent.is_some())
    }

    /// Does anybody on the other side consent? A third person alone is no other side.
    pub fn somebody_consents(&self) -> bool {
        let third = |c: &Consent| self.joined.iter().any(|j| j.role == "third" && j.party.person == c.person);
        self.consents.iter().any(|c| c.answer == Some(true) && !third(c))
    }

    /// Was this person added after the acceptance, and has not answered yet?
    pub fn is_invited(&self, person: &PersonId) -> bool {
        self.stage != Stage::Applied && self.consent_of(person).is_some_and(|c| c.answer.is_none())
    }
}

/// Last day of an answer to a letter received on that day: the earlier of its own limit and, while nothing is decided, that of
/// acceptance. Where acceptance leaves no day to answer, its limit takes none from the other side: the organ is late.
///
/// # Errors
/// When a day lies outside the calendar.
pub fn consent_due(state: &State, from: Date, facts: &Facts<'_>) -> Result<Deadline, Refusal> {
    let mut own = facts.limit("mediation.consent", from, state.sector.as_deref())?;
    if state.stage == Stage::Applied {
        let date = state.accept_by.last_day;
        if date <= from {
            own.steps.push(Step::TooLate { date });
        } else {
            own.last_day = own.last_day.min(date);
            own.provisional |= state.accept_by.provisional;
            own.steps.push(Step::Earlier { date, last: own.last_day });
        }
    }
    Ok(own)
}

/// What became of a letter that asks: the days to answer count from the one on which it was received, whatever was thought
/// of that before.
pub(super) fn note(
    state: &State,
    paper: &StreamId,
    on: Option<Date>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Some(consent) = state.asked().find(|c| c.paper.id == *paper) else { return Ok(Vec::new()) };
    let open = matches!(state.stage, Stage::Applied | Stage::Mediating);
    if !open || consent.sent == on {
        return Ok(Vec::new());
    }
    let due = match on {
        Some(on) => consent_due(state, on, facts)?,
        None => consent.due.clone(),
    };
    Ok(vec![Event::ConsentSent { person: consent.person.clone(), on, due }])
}

/// Silence until the last day is no consent. When everybody is silent or said no, the application is refused, and for
/// what it was: nobody is said to have refused who only did not answer.
pub(super) fn lapse(state: &State, facts: &Facts<'_>) -> Vec<Event> {
    let silent = state.lapsing().filter(|c| facts.today() > c.due.last_day);
    let lapsed = |c: &Consent| Event::ConsentLapsed { on: c.due.last_day, person: Some(c.person.clone()) };
    let mut events: Vec<Event> = silent.map(lapsed).collect();
    // With those who consent it may go on: that is for the officer to say.
    let alone = !state.is_administrative() && !state.somebody_consents();
    if state.stage == Stage::Applied && alone && state.asked().count() == events.len() {
        let ground = if state.somebody_refuses() { "party_refuses" } else { "party_silent" };
        events.push(refused(state, facts, ground, String::new(), None));
    }
    events
}
