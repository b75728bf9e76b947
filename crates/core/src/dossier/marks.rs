//! Signatures, the seal and the day of effect that a case's events put on its papers.

use serde_json::json;

use super::{Event, Session, Signature, State};
use crate::mark::{self, MarkOrder};
use crate::personal::Personal;
use crate::stream::Facts;

pub(super) fn marks(state: &State, event: &Event, facts: &Facts<'_>) -> Vec<MarkOrder> {
    let agreement = state.agreement.as_ref().map(|a| &a.paper);
    let (paper, signature) = match event {
        Event::AgreementEffective { on, .. } => {
            return agreement.map(|paper| mark::effect(paper, *on)).into_iter().collect();
        }
        Event::ApplicationSigned { signature } => (state.application_paper(), Some(signature)),
        Event::RecordSigned { signature } => (state.sessions.last().and_then(|s| s.record.as_ref()), Some(signature)),
        Event::AgreementSigned { signature } => (agreement, Some(signature)),
        Event::AgreementSealed { .. } => (agreement, None),
        _ => return Vec::new(),
    };
    let Some(paper) = paper else { return Vec::new() };
    let order = match signature {
        Some(signature) => signer(state, signature).map(|name| {
            let order = mark::signature(paper, signature, &name, facts);
            let organ = state.organ_signer().as_ref() == Some(&signature.signer);
            let there = state.sessions.last().and_then(Session::for_organ);
            let there = there.filter(|_| matches!(event, Event::RecordSigned { .. }));
            let by = match organ {
                true => there.map(|there| (&there.name, there.post.as_str())),
                false => acting(state, signature),
            };
            match by {
                Some((name, post)) => mark::by(order, name, post),
                // The organ is a party by the officer who signs: `app` knows the name of who acts.
                None if organ && signature.attested_by.is_none() => {
                    let mut order = order;
                    order.data["officer"] = json!(facts.actor.id);
                    order
                }
                None => order,
            }
        }),
        None => Some(mark::seal(paper, "organ", facts)),
    };
    order.into_iter().collect()
}

/// Who acts for a firm, as an officer saw it. A company seal is put by nobody's hand.
fn acting<'a>(state: &'a State, signature: &Signature) -> Option<(&'a Personal<String>, &'a str)> {
    let person = signature.signer.strip_prefix("party/").filter(|_| signature.manner != "seal")?;
    let seen = state.identities.iter().find(|seen| seen.person.0 == person)?;
    seen.representative.as_ref().map(|name| (name, seen.post.as_str()))
}

/// The name of who signed.
fn signer(state: &State, signature: &Signature) -> Option<Personal<String>> {
    let mut parties = super::everybody(state).map(|(_, party)| party);
    match signature.signer.strip_prefix("party/") {
        Some(person) => parties.find(|p| p.person.0 == person).map(|p| p.name.personal(&p.person)),
        None => state.mediator.as_ref().filter(|m| m.staff == signature.signer).map(|m| m.name.clone()),
    }
}
