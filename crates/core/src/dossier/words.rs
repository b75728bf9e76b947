//! The words by which a case is found: the number that it comes from, and the names of firms. What is asked and why, what
//! was said and agreed, and the people are sealed.

use super::{Event, State, everybody, parties};
use crate::StreamId;
use crate::gram::{Shelf, Words};
use crate::party::{Name, Party};
use crate::row::Change;

fn add(words: &mut Words, party: &Party) {
    if let Name::Firm(name) = &party.name {
        words.add("firm", name);
    }
}

/// The words by which a case is found now.
pub fn words(state: &State) -> Words {
    let mut words = Words::default();
    words.add("matter", &state.matter_number);
    // The organ is no firm that somebody looks for: all its administrative cases would be found.
    let others = parties(state).filter(|(role, _)| !(state.is_administrative() && *role == "respondent"));
    others.for_each(|(_, party)| add(&mut words, party));
    words
}

/// What once was written: names of firms that left, and those that were corrected.
fn was(state: &State) -> Words {
    let mut words = Words::default();
    everybody(state).filter(|(_, p)| state.without.contains(&p.person)).for_each(|(_, party)| add(&mut words, party));
    for done in state.corrections.iter().filter(|c| c.approver.is_some() && c.refused.is_none()) {
        let place = done.field.strip_prefix("name/").and_then(|n| n.parse().ok());
        let firm = place.and_then(|n| everybody(state).nth(n)).is_some_and(|(_, party)| party.is_firm());
        if let Some(name) = done.before.open().filter(|_| firm) {
            words.add("firm", name);
        }
    }
    words
}

/// The rows, after an event that may change them.
pub(super) fn rows(id: &StreamId, state: &State, event: &Event) -> Vec<Change> {
    let shelf = Shelf { stream: id, list: "dossier", organ: &state.organ, date: state.applied_on };
    let changes = match event {
        Event::Applied { .. }
        | Event::PartyAdded { .. }
        | Event::FactCorrected { .. }
        | Event::PartyLeft { .. }
        | Event::LapseTakenBack { .. } => true,
        Event::ApplicationAccepted { .. } | Event::ConsentAnswered { .. } | Event::ConsentLapsed { .. } => {
            !state.without.is_empty()
        }
        _ => false,
    };
    if changes { shelf.rows(&words(state), &was(state)) } else { Vec::new() }
}
