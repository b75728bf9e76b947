//! When letters were issued and when they went out: with the first one that goes out the limit of sending is kept.

use super::{Letter, LetterState, State};
use crate::StreamId;
use crate::time::Date;

impl State {
    /// The day on which a letter was issued.
    pub(super) fn issued_on(&self, paper: &StreamId) -> Option<Date> {
        self.letter_issued.iter().find(|(id, _)| id == paper).map(|(_, day)| *day)
    }

    /// The day on which the first letter that stands went out.
    pub fn letter_sent_on(&self) -> Option<Date> {
        let stands = |paper: &StreamId| {
            self.letters.iter().any(|(letter, state)| letter.paper.id == *paper && *state != LetterState::Voided)
        };
        self.letter_sent.iter().filter(|(paper, _)| stands(paper)).map(|(_, on)| *on).min()
    }

    /// The last day for the first letter, as long as none has gone out: the limit is kept by sending, and not by writing.
    pub(super) fn send_by(&self) -> Option<Date> {
        self.letter_due.as_ref().filter(|_| self.letter_sent_on().is_none()).map(|due| due.last_day)
    }

    /// A message goes with the issue, and nothing tells of it later.
    pub(super) fn send_at_once(&mut self, letters: &[Letter], on: Date) {
        let at_once = letters.iter().filter(|letter| matches!(letter.channel.as_str(), "sms" | "email"));
        self.letter_sent.extend(at_once.map(|letter| (letter.paper.id.clone(), on)));
    }

    /// What became of a letter, as far as it says when it went out; where a correction finds that it had not, it had not.
    pub(super) fn note_sent(&mut self, paper: &StreamId, noted: LetterState, on: Date) {
        let known = self.letter_sent.iter_mut().find(|(letter, _)| letter == paper);
        match (noted, known) {
            (LetterState::Sent | LetterState::Served, None) => self.letter_sent.push((paper.clone(), on)),
            (LetterState::Served, Some((_, first))) => *first = on.min(*first),
            (LetterState::Issued, Some(_)) => self.letter_sent.retain(|(letter, _)| letter != paper),
            _ => {}
        }
    }
}
