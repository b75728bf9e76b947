//! How a case of the play will go.

use yanhe_core::StreamId;
use yanhe_core::dossier;
use yanhe_core::time::Date;

/// How a case will go, drawn when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Refused as out of scope.
    Refused,
    /// The other party says no.
    NoConsent,
    /// The other party says nothing.
    Silent,
    /// Mediated without agreement.
    Fails,
    /// Agreed and performed in time.
    Kept,
    /// Agreed, performed, and confirmed by the court.
    Confirmed,
    /// Agreed, and the court rejects the confirmation.
    Rejected,
    /// Agreed, performed late.
    Late,
    /// Agreed and not performed.
    Broken,
}

/// A case of the play.
#[derive(Clone, Debug)]
pub struct Case {
    pub(super) dossier: Option<StreamId>,
    pub(super) plan: Plan,
    pub(super) next: Date,
    pub(super) done: bool,
}

impl Case {
    /// Somebody will apply on a day.
    pub fn waiting(on: Date) -> Self {
        Self { dossier: None, plan: Plan::Kept, next: on, done: false }
    }
}

/// What a clerk tells the creditor of an agreement that is not kept: only what a court confirmed can be enforced.
pub(super) fn breach_note(state: &dossier::State) -> &'static str {
    match state.confirmation_state.as_str() {
        "valid" => "对方称资金紧张。协议已经法院确认，已告知可以申请强制执行。",
        _ => "对方称资金紧张。协议没有经过司法确认，已告知可以向人民法院起诉，也可以再次申请调解、重新约定。",
    }
}
