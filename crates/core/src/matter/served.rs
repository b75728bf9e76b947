//! The service of a decision that was made elsewhere and is handed over together with its letter: on one proof of service.

use super::{Event, LetterState, State, correct};
use crate::StreamId;
use crate::refusal::Refusal;
use crate::stream::{Facts, PaperRef};
use crate::time::Date;

impl State {
    /// The decision that was made elsewhere, as the proof of service of this letter names it beside the letter: as long as
    /// nothing else says when it was served.
    pub fn served_with(&self, letter: &StreamId) -> Option<PaperRef> {
        let open = self.served_on.is_none() || self.served_with.as_ref() == Some(letter);
        let goes = self.decision.is_none() && self.with_decision().any(|own| own.paper.id == *letter);
        (open && goes).then(|| PaperRef {
            id: letter.clone(),
            kind: super::decision::KIND.into(),
            number: self.matter.number.clone(),
            issuer: self.matter.organ.clone(),
        })
    }

    /// Does the service of the decision stand on the proof of a letter that stands?
    pub(super) fn is_served_with_letter(&self) -> bool {
        self.letters
            .iter()
            .any(|(letter, state)| *state != LetterState::Voided && self.served_with.as_ref() == Some(&letter.paper.id))
    }
}

/// What became of a letter that goes with the decision became of the decision, and is taken back and corrected with it.
pub(super) fn with_letter(
    state: &State,
    letter: &StreamId,
    (noted, on): (LetterState, Date),
    together: bool,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let own = state.served_with.as_ref() == Some(letter);
    let (event, from, assumed) = match noted {
        LetterState::Served if together && state.served_on != Some(on) && state.served_with(letter).is_some() => {
            let with = Some(letter.clone());
            (Event::DecisionServed { on, letter_due: state.letter_due.clone(), with }, on, false)
        }
        LetterState::Issued | LetterState::Sent | LetterState::Failed if own => {
            (Event::DecisionUnserved {}, state.matter.occurred_on, true)
        }
        _ => return Ok(Vec::new()),
    };
    Ok(std::iter::once(event).chain(correct::recounted(state, from, assumed, facts)?).collect())
}
