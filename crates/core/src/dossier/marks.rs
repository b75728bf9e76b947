//! Signatures and the seal that a case's events put on its papers.

use super::{Event, Signature, State};
use crate::mark::{self, MarkOrder};
use crate::personal::Personal;
use crate::stream::Facts;

pub(super) fn marks(state: &State, event: &Event, facts: &Facts<'_>) -> Vec<MarkOrder> {
    let agreement = state.agreement.as_ref().map(|a| &a.paper);
    let (paper, signature) = match event {
        Event::ApplicationSigned { signature } => (Some(&state.application), Some(signature)),
        Event::RecordSigned { signature } => (state.sessions.last().and_then(|s| s.record.as_ref()), Some(signature)),
        Event::AgreementSigned { signature } => (agreement, Some(signature)),
        Event::AgreementSealed { .. } => (agreement, None),
        _ => return Vec::new(),
    };
    let Some(paper) = paper else { return Vec::new() };
    let order = match signature {
        Some(signature) => signer(state, signature).map(|name| mark::signature(paper, signature, &name, facts)),
        None => Some(mark::seal(paper, "organ", facts)),
    };
    order.into_iter().collect()
}

/// The name of who signed.
fn signer(state: &State, signature: &Signature) -> Option<Personal<String>> {
    let mut parties = super::everybody(state).map(|(_, party)| party);
    match signature.signer.strip_prefix("party/") {
        Some(person) => parties.find(|p| p.person.0 == person).map(|p| p.name.personal(&p.person)),
        None => state.mediator.as_ref().filter(|m| m.staff == signature.signer).map(|m| m.name.clone()),
    }
}
