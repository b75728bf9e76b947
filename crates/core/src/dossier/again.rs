//! Papers of a case that a notice voided and that are made again: a letter that asks for consent, the record of an oral
//! application, a changed decision. The case goes on with the new one; what was asked and what was applied for stays.

use super::{Consent, Event, State, changed};
use crate::StreamId;
use crate::stream::{Facts, PaperRef};

impl State {
    /// The paper of the application that stands; none while its record is void. The case keeps the number of the first.
    pub fn application_paper(&self) -> Option<&PaperRef> {
        match self.records_voided.is_empty() {
            true => Some(&self.application),
            false => self.record_again.as_ref(),
        }
    }

    /// Is this a paper of the application: the one that stands, or a record of it that was voided?
    pub fn is_application(&self, paper: &StreamId) -> bool {
        let voided = self.records_voided.iter().map(|(record, _)| record);
        voided.chain(self.application_paper()).any(|own| own.id == *paper)
    }

    /// Those whose letter was voided before they answered: they are asked by another one.
    pub fn to_ask_again(&self) -> impl Iterator<Item = &Consent> {
        self.asked().filter(|c| c.voided)
    }
}

/// A notice voids a paper that the case needs. Who has answered has answered, whatever became of the letter.
pub(super) fn note(state: &State, paper: &StreamId, notice: PaperRef) -> Option<Event> {
    let asked = state.asked().find(|c| c.paper.id == *paper && !c.voided);
    let record = state.application_paper().filter(|record| record.id == *paper);
    if let Some(voided) = changed::voided(state, paper, notice.clone()) {
        return Some(voided);
    }
    match (asked, record) {
        (Some(consent), _) => Some(Event::ConsentVoided { person: consent.person.clone(), paper: paper.clone() }),
        (None, Some(_)) => Some(Event::RecordVoided { notice }),
        (None, None) => None,
    }
}

/// The record is made again, for the applicants to sign.
pub(super) fn record_again(state: &State, facts: &Facts<'_>) -> Event {
    Event::RecordMadeAgain { paper: facts.paper("oral_application", &state.organ), check_code: facts.ids.code(8) }
}

/// The record is void: the signatures on it fall with it.
pub(super) fn void(state: &mut State, notice: &PaperRef) {
    let record = state.record_again.take().unwrap_or_else(|| state.application.clone());
    state.records_voided.push((record, notice.clone()));
    state.application_code = None;
    state.application_signatures.clear();
}
