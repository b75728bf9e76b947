//! Papers of a case that a notice voided and that are made again: a letter that asks for consent, the record of an oral
//! application, a changed decision, a notice of the end. The case goes on with the new one; what was asked and what was applied for stays.

use serde::{Deserialize, Serialize};

use super::{Consent, Event, State, changed};
use crate::StreamId;
use crate::stream::{Facts, PaperRef};

/// A notice of the end is void: that to one party, and not the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndNoticeVoided {
    /// It.
    pub paper: StreamId,
    /// The notice of that.
    pub notice: PaperRef,
}

/// Voided notices of the end were made again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndNoticeMadeAgain {
    /// Each with the one whose place it takes.
    pub papers: Vec<(StreamId, PaperRef)>,
}

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

impl State {
    /// The notices of the end as they stand, one for each party.
    fn end_notices(&self) -> impl Iterator<Item = &PaperRef> {
        self.ended.iter().flat_map(|ended| std::iter::once(&ended.paper).chain(ended.others.iter().map(|(_, p)| p)))
    }

    /// Those of them that were voided: whoever got one is told of the end by another one.
    pub fn end_to_tell_again(&self) -> impl Iterator<Item = &PaperRef> {
        let voided =
            |paper: &&PaperRef| self.ended.iter().any(|e| e.voided.iter().any(|(void, _)| void.id == paper.id));
        self.end_notices().filter(voided)
    }
}

/// A notice voids a paper that the case needs. Who has answered has answered, whatever became of the letter.
pub(super) fn note(state: &State, paper: &StreamId, notice: PaperRef) -> Option<Event> {
    let asked = state.asked().find(|c| c.paper.id == *paper && !c.voided);
    let record = state.application_paper().filter(|record| record.id == *paper);
    if let Some(voided) = changed::voided(state, paper, notice.clone()) {
        return Some(voided);
    }
    let stands = |p: &&PaperRef| p.id == *paper && state.end_to_tell_again().all(|void| void.id != *paper);
    if state.end_notices().any(|p| stands(&p)) {
        return Some(Event::EndNoticeVoided(EndNoticeVoided { paper: paper.clone(), notice }));
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

/// The voided notices of the end are made again, each with a number of its own.
pub(super) fn end_again(state: &State, facts: &Facts<'_>) -> Event {
    let again = |old: &PaperRef| (old.id.clone(), facts.paper(&old.kind, &state.organ));
    Event::EndNoticeMadeAgain(EndNoticeMadeAgain { papers: state.end_to_tell_again().map(again).collect() })
}

pub(super) fn end_voided(state: &mut State, event: &EndNoticeVoided) {
    let paper = state.end_notices().find(|paper| paper.id == event.paper).cloned();
    if let (Some(ended), Some(paper)) = (&mut state.ended, paper) {
        ended.voided.push((paper, event.notice.clone()));
    }
}

pub(super) fn end_made(state: &mut State, event: &EndNoticeMadeAgain) {
    let Some(ended) = &mut state.ended else { return };
    for paper in std::iter::once(&mut ended.paper).chain(ended.others.iter_mut().map(|(_, paper)| paper)) {
        if let Some((_, new)) = event.papers.iter().find(|(old, _)| *old == paper.id) {
            *paper = new.clone();
        }
    }
}
