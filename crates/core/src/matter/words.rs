//! The words by which a matter is found: everything of it that is written in words and that nobody sealed.

use super::{Event, Standing, State};
use crate::StreamId;
use crate::gram::{Shelf, Words};
use crate::party::Name;
use crate::row::Change;

/// What is written of a matter. What happened, the result and the people are sealed, and found by nobody's words.
fn written(state: &State) -> Words {
    let mut words = Words::default();
    words.add("category", &state.matter.category);
    if let Some(penalty) = &state.matter.penalty {
        words.add("basis", &penalty.basis);
        words.add("licence", penalty.licence.as_deref().unwrap_or_default());
    }
    for (_, party) in state.parties() {
        if let Name::Firm(name) = &party.name {
            words.add("firm", name);
        }
    }
    words
}

/// The words by which a matter is found now: none once it was taken back.
pub fn words(state: &State) -> Words {
    if state.standing == Standing::Withdrawn { Words::default() } else { written(state) }
}

/// The rows, after an event that may change them.
pub(super) fn rows(id: &StreamId, state: &State, event: &Event) -> Vec<Change> {
    let shelf = Shelf { stream: id, list: "matter", organ: &state.matter.organ, date: state.matter.occurred_on };
    match event {
        Event::MatterRegistered { .. } | Event::EntitledEntered { .. } | Event::MatterWithdrawn {} => {
            shelf.rows(&words(state), &written(state))
        }
        _ => Vec::new(),
    }
}
