//! Papers that are handed over together: a decision and the letter that goes with it, on one proof of service.

use super::{Event, Notice, Service, State};
use crate::stream::PaperRef;
use crate::{PersonId, Personal, StreamId, organ};

/// What a decision about a paper needs of other streams.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The issuer's phone and address.
    pub organ: Option<organ::Profile>,
    /// Papers that go together with it, on its proof of service.
    pub with: Vec<PaperRef>,
    /// What it is about (案由), for a proof of its service; empty when nobody says.
    pub cause: String,
    /// The officer who recorded its service; none: the program did.
    pub server: Option<Personal<String>>,
    /// The attempts to serve the paper together with which this one goes, in order, also those that were corrected.
    pub served: Vec<Service>,
    /// Number of the addressee's document, where the file knows it.
    pub document: Option<String>,
    /// The addressee is a firm: somebody else comes for it.
    pub firm: bool,
    /// Corrections of who a party is that were approved in the case, before and after: of papers that parties sign.
    pub approved: Vec<(String, String)>,
    /// The paper says what a command wants to correct.
    pub says: bool,
    /// What its case says of it, where it falls.
    pub fallen: super::Fallen,
}

/// What became of the other paper, as this one's own: the same proof of service says both, and the same notice corrects
/// both. Once for each attempt.
pub(super) fn together(state: &State, paper: &StreamId, of: &PersonId, context: &Context) -> Vec<Event> {
    let own = |words: &Personal<String>| Personal { of: of.clone(), value: words.value.clone() };
    let find = |proof: &StreamId| context.served.iter().find(|s| s.proof.id == *proof);
    let disproved = |service: &Service| {
        let notice = find(&service.proof.id)?.corrected.clone()?;
        let reason = Personal::new(of, super::fall::DISPROVED.to_owned());
        let notice = Notice { notice, reason, change: None, approval: None };
        Some(Event::ServiceCorrected {
            proof: service.proof.id.clone(),
            actual: None,
            notice,
            with: Some(paper.clone()),
        })
    };
    let mut events: Vec<Event> = state.attempts().filter_map(disproved).collect();
    let stands = |s: &&Service| find(&s.proof.id).is_none_or(|s| s.corrected.is_none());
    let served = state.attempts().filter(stands).any(|s| s.served);
    let known = |service: &Service| state.services.iter().any(|s| s.proof.id == service.proof.id);
    let last = context.served.iter().rfind(|s| s.corrected.is_none());
    let as_own = |s: &Service| Service { receiver: own(&s.receiver), note: own(&s.note), ..s.clone() };
    events.extend(
        last.filter(|s| !served && !known(s))
            .map(|s| Event::ServiceRecorded { service: as_own(s), with: Some(paper.clone()) }),
    );
    events
}
