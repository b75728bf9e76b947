//! The words by which a matter is found: everything of it that is written in words and that nobody sealed.

use super::{Event, Standing, State};
use crate::gram::{Shelf, Words};
use crate::party::{Name, Party};
use crate::row::Change;
use crate::values::parse_date;
use crate::{Date, StreamId};

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

/// What once was written: all of a matter that was taken back, and what was corrected.
fn was(state: &State) -> Words {
    let mut words = if state.standing == Standing::Withdrawn { written(state) } else { Words::default() };
    for done in state.amendments.iter().filter(|c| c.approver.is_some() && c.refused.is_none()) {
        let name = match done.field.as_str() {
            "category" => "category",
            "licence" => "licence",
            field if field.starts_with("subject/") && state.matter.subject.as_ref().is_some_and(Party::is_firm) => {
                "firm"
            }
            _ => continue,
        };
        words.add(name, done.before.open().map_or("", String::as_str));
    }
    words
}

/// The days that stood for the matter's own before they were corrected.
fn days_before(state: &State) -> impl Iterator<Item = Date> {
    let approved = state.amendments.iter().filter(|c| c.approver.is_some() && c.refused.is_none());
    let days = approved.filter(|c| c.field == "occurred_on").filter_map(|c| parse_date(c.before.open()?).ok());
    days.filter(|day| *day != state.matter.occurred_on)
}

/// The rows, after an event that may change them.
pub(super) fn rows(id: &StreamId, state: &State, event: &Event) -> Vec<Change> {
    let shelf = Shelf { stream: id, list: "matter", organ: &state.matter.organ, date: state.matter.occurred_on };
    match event {
        Event::MatterRegistered { .. }
        | Event::EntitledEntered { .. }
        | Event::FactCorrected { .. }
        | Event::MatterWithdrawn { .. } => {
            let now = words(state);
            let mut rows = Vec::new();
            // Under a day that was corrected nothing stands any more.
            for date in days_before(state) {
                rows.extend(Shelf { date, ..shelf }.rows(&Words::default(), &now));
            }
            rows.extend(shelf.rows(&now, &was(state)));
            rows
        }
        _ => Vec::new(),
    }
}
