//! Signatures on the joint application and the court's seal on its rulings.

use super::{Event, State};
use crate::mark::{self, MarkOrder};
use crate::stream::Facts;

pub(super) fn marks(state: &State, event: &Event, facts: &Facts<'_>) -> Vec<MarkOrder> {
    match event {
        Event::ConfirmationSigned { signature } => {
            let person = signature.signer.strip_prefix("party/");
            let party = state.subject.parties.iter().find(|p| Some(p.person.0.as_str()) == person);
            let name = party.map(|p| p.name.personal(&p.person));
            name.map(|name| mark::signature(&state.application, signature, &name, facts)).into_iter().collect()
        }
        Event::Ruled { .. } | Event::RulingReissued { .. } => {
            let copies = state.ruling.iter().flat_map(|ruling| &ruling.papers);
            copies.map(|(_, paper)| mark::seal(paper, "court", facts)).collect()
        }
        _ => Vec::new(),
    }
}
