//! What can be asked of a case.

use serde::{Deserialize, Serialize};

use super::{Asked, ByHand, Disputed, Draft, FileRef, OldDecision, Renewal, Sitting, Telling, Via};
use crate::party::Party;
use crate::policy::Act;
use crate::stream::PaperRef;
use crate::time::{Date, DateTime};
use crate::{PersonId, StreamId};

/// Who a party is, as an officer sees it in a document or a licence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Whose.
    pub person: PersonId,
    /// Kind of the document of a human being, for example `resident_id`; empty for a firm.
    pub document_kind: String,
    /// Its number; for a firm the credit code.
    pub number: String,
    /// Who acts for a firm; empty for a human being.
    pub representative: String,
    /// As what: legal representative, agent.
    pub post: String,
    /// Where papers are to be served, as they give it; empty: at the address that is known.
    pub address: String,
}

/// A decision on the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Consents.
    Yes,
    /// Does not.
    No,
}

/// Commands of a case, in the order of the way through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Apply for mediation.
    Apply {
        /// How it came.
        via: Via,
        /// The matter it comes from, when a letter or a clerk names it.
        matter: Option<StreamId>,
        /// Organ code.
        organ: String,
        /// Entry of the scope catalogue, when no matter says it.
        entry: String,
        /// Applicants.
        applicants: Vec<Party>,
        /// The other side; empty for an administrative dispute.
        respondents: Vec<Party>,
        /// What is asked.
        claims: String,
        /// Facts and reasons.
        facts: String,
        /// Since when the right and the obligor, or the act, have been known.
        known_on: Option<Date>,
        /// Consents to electronic service.
        electronic_service: bool,
        /// Other proceedings about the same dispute: empty for none, none when it was not asked.
        #[serde(default)]
        other_proceedings: Option<String>,
        /// Whoever reported was told that the other side learns their name, and agreed expressly.
        #[serde(default)]
        agrees_named: bool,
        /// The day on which it was told, when a clerk writes it down later; none: today.
        #[serde(default)]
        told_on: Option<Date>,
        /// Why it is written down so much later, when it is.
        #[serde(default)]
        told_late: String,
        /// The case that is mediated once more: organ, subject and matter are those of that one.
        #[serde(default)]
        renews: Option<StreamId>,
        /// The decision that is disputed, as far as it is told where no matter says it.
        #[serde(default)]
        disputed: Option<Box<Disputed>>,
    },
    /// Add a file.
    AttachFile {
        /// The stored file.
        file: FileRef,
    },
    /// Attest a signature made on the printed application.
    AttestApplication(ByHand),
    /// Make the voided record of an oral application again.
    RecordAgain {},
    /// Make the voided notices of the end again.
    NoticeAgain {},
    /// Ask the other party: everybody on that side, or again those whose letter was voided.
    AskConsent {},
    /// Answer.
    AnswerConsent {
        /// The answer.
        answer: Decision,
        /// When it was given.
        on: Date,
        /// Whose answer a clerk records; none: the only one that is still awaited. A party answers for itself.
        #[serde(default)]
        person: Option<PersonId>,
        /// The slip that was signed by hand, when a clerk records an answer that came on paper.
        #[serde(default)]
        slip: Option<ByHand>,
        /// How an answer was given by word of mouth, when a clerk records one.
        #[serde(default)]
        how: String,
        /// May papers come by message? None: nobody asked.
        #[serde(default)]
        electronic: Option<bool>,
    },
    /// Add a party, at the wish of one who is there: asked like the others.
    AddParty {
        /// Who.
        party: Box<Party>,
        /// `respondent` or `third`.
        role: String,
        /// The party who asks for it.
        by: PersonId,
        /// Why.
        reason: String,
    },
    /// What became of a letter that asks.
    NoteConsent {
        /// The letter.
        paper: StreamId,
        /// The day on which it was received; none: it was not.
        on: Option<Date>,
        /// That day is the one of a message, and no proof of service says who received it.
        #[serde(default)]
        by_message: bool,
    },
    /// A notice voids a paper that the case needs.
    NoteVoided {
        /// The paper.
        paper: StreamId,
        /// The notice.
        notice: PaperRef,
    },
    /// The other party was silent.
    LapseConsent {},
    /// Accept.
    Accept {
        /// Why the dispute can be mediated without those who did not consent; empty when all of them did.
        #[serde(default)]
        reason: String,
    },
    /// Refuse.
    Refuse {
        /// Ground, by its id in the pack.
        ground: String,
        /// Explanation.
        note: String,
        /// The organ that is competent, where the ground sends the applicant to it.
        #[serde(default)]
        competent: String,
    },
    /// An applicant withdraws before it is decided on.
    WithdrawApplication {
        /// Whose withdrawal an officer records; none: the acting party's own, or that of the only applicant.
        #[serde(default)]
        person: Option<PersonId>,
        /// When.
        on: Date,
        /// How it was told, when an officer records it.
        #[serde(default)]
        how: String,
    },
    /// Name the mediator: the staff member in the context.
    NameMediator {
        /// Staff stream.
        staff: StreamId,
        /// They belong to the organ's legal section, in a dispute in which the organ is itself the other party.
        #[serde(default)]
        legal_section: bool,
    },
    /// Name another mediator, for a reason that is no conflict.
    ReplaceMediator {
        /// Staff stream.
        staff: StreamId,
        /// As when the first was named.
        legal_section: bool,
        /// Why.
        reason: String,
    },
    /// Declare a conflict, or none.
    DeclareConflict {
        /// There is one.
        conflict: bool,
    },
    /// A party tells the number of its own document.
    TellIdentity {
        /// Kind of the document of a human being; empty for a firm.
        document_kind: String,
        /// Its number; for a firm the credit code.
        number: String,
    },
    /// Record who the parties are.
    RecordIdentity {
        /// One for each who was seen.
        checks: Vec<Check>,
    },
    /// Call a session.
    CallSession {
        /// When, county time.
        at: DateTime,
        /// Where.
        place: String,
    },
    /// Call the one that is to be held for another time or place.
    MoveSession {
        /// When, county time.
        at: DateTime,
        /// Where.
        place: String,
    },
    /// Call it off.
    CallOffSession {
        /// Why.
        reason: String,
    },
    /// Nobody came to it.
    RecordMissed {
        /// Who was waited for, and how long.
        note: String,
    },
    /// Keep the record.
    RecordSession {
        /// What was recorded.
        sitting: Sitting,
        /// Who asked there that the mediator withdraws, where somebody did.
        asked: Option<Asked>,
    },
    /// Sign the record of the last session.
    SignRecord {},
    /// Take that record back, which no party signed.
    WithdrawRecord {
        /// Why.
        reason: String,
    },
    /// Draft the agreement; again replaces the draft.
    DraftAgreement {
        /// The draft.
        draft: Draft,
    },
    /// Issue it for signing.
    IssueAgreement {},
    /// Sign it: what is signed is the hash of its base revision.
    SignAgreement {
        /// SHA-256 that the signer saw, hex.
        sha256: String,
    },
    /// Attest a signature made on paper.
    AttestSignature(ByHand),
    /// Attest a signature made on the printed record of the last session.
    AttestRecord(ByHand),
    /// Note that somebody who was present has not signed that record.
    NoteUnsigned {
        /// Who: `party/PERSON`.
        signer: String,
        /// Would not sign; otherwise could not.
        refused: bool,
        /// Why.
        reason: String,
    },
    /// Put the organ's seal on it.
    SealAgreement {},
    /// Take the issued agreement back: its paper is voided, the signatures fall, another draft can be made.
    WithdrawAgreement {
        /// Why.
        reason: String,
    },
    /// End without agreement.
    EndMediation {
        /// Ground, by its id in the pack.
        ground: String,
    },
    /// A party leaves. It ends the mediation when nobody remains on one of the sides.
    Leave {
        /// What an officer records of it; none: the acting party's own.
        #[serde(default)]
        told: Option<Telling>,
    },
    /// A party asks that the mediator withdraws.
    AskRecusal {
        /// Why.
        reason: String,
        /// What an officer records of it; none: the acting party's own.
        #[serde(default)]
        told: Option<Telling>,
    },
    /// The leader decides.
    DecideRecusal {
        /// The mediator withdraws.
        granted: bool,
        /// Why.
        reason: String,
    },
    /// The period has run out.
    ExpirePeriod {},
    /// Carry out an administrative agreement.
    RecordChangedDecision {
        /// Number of the new or changed decision.
        number: String,
        /// Its date.
        on: Date,
        /// What was decided before.
        before: String,
        /// What is decided now.
        after: String,
        /// The old decision, where no matter says which it is.
        #[serde(default)]
        old: Option<OldDecision>,
    },
    /// What became of the new or changed decision.
    NoteChange {
        /// The decision.
        paper: StreamId,
        /// The day on which it was served; none: it was not.
        on: Option<Date>,
    },
    /// An obligation was performed.
    ReportPerformance {
        /// Obligation, from 1.
        obligation: i64,
        /// When.
        on: Date,
        /// How it was proved.
        note: String,
    },
    /// An obligation is in breach.
    RecordBreach {
        /// Obligation, from 1.
        obligation: i64,
        /// Since when.
        on: Date,
        /// What is known.
        note: String,
    },
    /// Follow-up visit.
    FollowUp {
        /// When.
        on: Date,
        /// Whom: some of those who take part.
        whom: Vec<PersonId>,
        /// What was found.
        note: String,
    },
    /// Close the file.
    Close {},
    /// Give it to another clerk.
    Reassign {
        /// Staff stream.
        staff: StreamId,
    },
    /// Ask for a correction.
    AskCorrection {
        /// What: `claims`, `facts`, `known_on`, `name/N`, `phone/N`, `address/N`, `credit_code/N` of a firm, `document/N/KIND`.
        field: String,
        /// As it should be.
        after: String,
        /// Why.
        reason: String,
    },
    /// Approve the correction that waits.
    ApproveCorrection {
        /// Its place, from 0.
        correction: i64,
    },
    /// Refuse it: what is on file stays.
    RefuseCorrection {
        /// Its place, from 0.
        correction: i64,
        /// Why.
        reason: String,
    },
    /// The limit for the joint application has passed.
    LapseConfirmation {},
    /// The act that is disputed was known on another day than was thought.
    NoteKnown {
        /// From which day the limits of review and suit were counted.
        before: Date,
        /// From which they run.
        on: Date,
        /// That day is assumed.
        #[serde(default)]
        assumed: bool,
    },
    /// What became of a case that goes on with this one.
    NoteRenewal {
        /// It.
        later: Renewal,
        /// Its agreement and the day on which that took effect, when it takes the place of this one's.
        by: Option<(PaperRef, Date)>,
    },
    /// What became of the confirmation.
    NoteConfirmation {
        /// Its stream.
        confirmation: StreamId,
        /// Its state.
        state: String,
    },
}

impl Command {
    /// The signature made on paper that it tells of, if it does.
    fn by_hand(&self) -> Option<&ByHand> {
        match self {
            Self::AttestApplication(by_hand) | Self::AttestSignature(by_hand) | Self::AttestRecord(by_hand) => {
                Some(by_hand)
            }
            Self::AnswerConsent { slip, .. } => slip.as_ref(),
            _ => None,
        }
    }

    /// The scan that it names, by its hash.
    pub fn scan(&self) -> Option<&str> {
        match self {
            Self::Leave { told: Some(told) } | Self::AskRecusal { told: Some(told), .. } => Some(&told.scan),
            _ => self.by_hand().map(|by_hand| by_hand.scan.as_str()),
        }
    }

    /// The act that it is.
    pub fn act(&self) -> Act {
        match self {
            Self::Apply { via: Via::Portal, .. } => Act::Apply,
            Self::Apply { via: Via::Oral, .. } => Act::RecordOralApplication,
            Self::AttachFile { .. } => Act::AttachFile,
            Self::AttestApplication(_) => Act::AttestApplication,
            Self::RecordAgain {} => Act::RecordAgain,
            Self::NoticeAgain {} => Act::NoticeAgain,
            Self::AskConsent {} => Act::AskConsent,
            Self::AnswerConsent { .. } => Act::AnswerConsent,
            Self::AddParty { .. } => Act::AddParty,
            Self::LapseConsent {} => Act::LapseConsent,
            Self::Accept { .. } => Act::AcceptApplication,
            Self::Refuse { .. } => Act::RefuseApplication,
            Self::WithdrawApplication { .. } => Act::WithdrawApplication,
            Self::NameMediator { .. } => Act::NameMediator,
            Self::ReplaceMediator { .. } => Act::ReplaceMediator,
            Self::DeclareConflict { .. } => Act::DeclareConflict,
            Self::TellIdentity { .. } => Act::TellIdentity,
            Self::RecordIdentity { .. } => Act::RecordIdentity,
            Self::CallSession { .. } => Act::CallSession,
            Self::MoveSession { .. } => Act::MoveSession,
            Self::CallOffSession { .. } => Act::CallOffSession,
            Self::RecordMissed { .. } => Act::RecordMissed,
            Self::RecordSession { .. } => Act::RecordSession,
            Self::SignRecord {} => Act::SignRecord,
            Self::DraftAgreement { .. } => Act::DraftAgreement,
            Self::IssueAgreement {} => Act::IssueAgreement,
            Self::SignAgreement { .. } => Act::SignAgreement,
            Self::AttestSignature(_) => Act::AttestSignature,
            Self::AttestRecord(_) => Act::AttestRecord,
            Self::NoteUnsigned { .. } => Act::NoteUnsigned,
            Self::WithdrawRecord { .. } => Act::WithdrawRecord,
            Self::SealAgreement {} => Act::SealAgreement,
            Self::WithdrawAgreement { .. } => Act::WithdrawAgreement,
            Self::EndMediation { .. } => Act::EndMediation,
            Self::Leave { .. } => Act::LeaveMediation,
            Self::AskRecusal { .. } => Act::AskRecusal,
            Self::DecideRecusal { .. } => Act::DecideRecusal,
            Self::ExpirePeriod {} => Act::ExpirePeriod,
            Self::RecordChangedDecision { .. } => Act::RecordChangedDecision,
            Self::ReportPerformance { .. } => Act::ReportPerformance,
            Self::RecordBreach { .. } => Act::RecordBreach,
            Self::FollowUp { .. } => Act::FollowUp,
            Self::Close {} => Act::CloseDossier,
            Self::Reassign { .. } => Act::ReassignDossier,
            Self::AskCorrection { .. } => Act::AskCorrection,
            Self::ApproveCorrection { .. } => Act::ApproveCorrection,
            Self::RefuseCorrection { .. } => Act::RefuseCorrection,
            Self::LapseConfirmation {} => Act::LapseConfirmation,
            Self::NoteKnown { .. }
            | Self::NoteConfirmation { .. }
            | Self::NoteConsent { .. }
            | Self::NoteVoided { .. }
            | Self::NoteChange { .. }
            | Self::NoteRenewal { .. } => Act::NoteDossier,
        }
    }
}
