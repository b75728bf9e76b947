//! What happens to an enforcement matter.

use serde::{Deserialize, Serialize};

use super::{Classified, Decided, Harmed, Letter, LetterState, Proposed, Registered};
use crate::correction::Correction;
use crate::deadline::Deadline;
use crate::party::Party;
use crate::scope::{Because, Proposal};
use crate::stream::PaperRef;
use crate::time::Date;
use crate::{Personal, StreamId};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A matter came in.
    MatterRegistered {
        /// The matter.
        matter: Box<Registered>,
        /// What the scope catalogue proposes, without its reasons.
        proposal: Proposal,
        /// The reasons.
        because: Personal<Vec<Because>>,
        /// Last day for the letter.
        letter_due: Option<Deadline>,
        /// What is proposed for those whom a punished act harmed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        harmed: Option<Box<Harmed>>,
    },
    /// A later export changed what may change.
    MatterUpdated {
        /// Status.
        status: String,
        /// Own due date.
        own_due_on: Option<Date>,
        /// Phone of the complainant, or of who gave no name.
        phone: Option<Personal<String>>,
        /// Address of the same.
        address: Option<Personal<String>>,
        /// The row as it was imported, as JSON.
        row: Option<Personal<String>>,
        /// Why the import that had changed it was taken back: it is as before that. None for a change.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        taken_back: Option<Personal<String>>,
    },
    /// A new penalty decision was issued.
    DecisionIssued {
        /// The decision.
        decided: Box<Decided>,
    },
    /// The decision's paper was voided by a notice.
    DecisionVoided {
        /// The paper.
        paper: StreamId,
        /// The day.
        on: Date,
    },
    /// Taken back, with its import or by itself.
    MatterWithdrawn {
        /// Why, by itself; an import that was taken back says so itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    /// When the decision was served, and what that does to the letter's limit.
    DecisionServed {
        /// The day.
        on: Date,
        /// Last day for the letter.
        letter_due: Option<Deadline>,
        /// The letter on whose proof of service it stands; none: it was entered, or has a proof of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<StreamId>,
    },
    /// The decision was not served after all.
    DecisionUnserved {},
    /// The limits of letters and cases run from another day than was thought.
    LimitsCounted {
        /// From which they were counted before.
        before: Date,
        /// From which they run.
        on: Date,
        /// As they are counted now.
        limits: Vec<Deadline>,
        /// Last day for the letter, counted anew; none in old events: it stayed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        letter_due: Option<Box<Deadline>>,
    },
    /// A correction was asked for.
    CorrectionAsked {
        /// The correction.
        correction: Correction,
    },
    /// A correction was approved and takes effect.
    FactCorrected {
        /// Its place, from 0.
        correction: i64,
        /// Who approved.
        approver: String,
        /// What is proposed now, when nobody had decided yet.
        proposed: Option<Box<Proposed>>,
    },
    /// A correction was refused: what was entered stays.
    CorrectionRefused {
        /// Its place, from 0.
        correction: i64,
        /// Who refused.
        approver: String,
        /// Why.
        reason: Personal<String>,
    },
    /// Somebody became known who is entitled to a letter.
    EntitledEntered {
        /// The person.
        party: Box<Party>,
        /// What is proposed now that they are known; none in old events: nothing was proposed anew.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposed: Option<Box<Proposed>>,
    },
    /// Letters are issued.
    LettersIssued {
        /// One for each entitled person.
        letters: Vec<Letter>,
        /// Limits named in the letter, as counted.
        limits: Vec<Deadline>,
        /// Why, against the proposal.
        reason: Personal<String>,
        /// Of which kind the clerk found the dispute to be, where that is not as before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        classified: Option<Box<Classified>>,
    },
    /// No letter.
    LetterDeclined {
        /// Why.
        reason: Personal<String>,
    },
    /// What became of a letter.
    LetterNoted {
        /// The paper.
        paper: StreamId,
        /// Its state.
        state: LetterState,
        /// The day.
        on: Date,
        /// When it had been served, if it is voided after that or that was corrected.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        served: Option<Date>,
    },
    /// Somebody applied.
    DisputeApplied {
        /// The dossier.
        dossier: StreamId,
    },
    /// The 12345 order was answered.
    OrderReplied {
        /// The paper.
        paper: PaperRef,
        /// The text.
        text: Personal<String>,
        /// What was found out; none in old events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        findings: Option<Personal<String>>,
    },
}
