//! Papers that are handed over together: a decision and the letter that goes with it, on one proof of service.

use super::{Event, Service, State};
use crate::stream::PaperRef;
use crate::{PersonId, Personal, StreamId, organ};

/// What a decision about a paper needs of other streams.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The issuer's phone and address.
    pub organ: Option<organ::Profile>,
    /// Papers that go together with it, on its proof of service.
    pub with: Vec<PaperRef>,
    /// What became last of the paper together with which this one goes.
    pub served: Option<Service>,
}

/// What became of the other paper, as this one's own: the same proof of service says both. Once for each attempt.
pub(super) fn together(state: &State, paper: &StreamId, of: &PersonId, context: &Context) -> Vec<Event> {
    let known = |service: &Service| state.services.iter().any(|s| s.proof.id == service.proof.id);
    let new = context.served.as_ref().filter(|s| state.served_on().is_none() && !known(s));
    let own = |words: &Personal<String>| Personal { of: of.clone(), value: words.value.clone() };
    let as_own = |s: &Service| Service { receiver: own(&s.receiver), note: own(&s.note), ..s.clone() };
    let event = |s| Event::ServiceRecorded { service: as_own(s), with: Some(paper.clone()) };
    new.map(event).into_iter().collect()
}
