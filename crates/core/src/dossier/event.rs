//! What happens to a case. Written for decades: only add variants and optional fields.

use serde::{Deserialize, Serialize};

use super::changed::ChangeVoided;
use super::{
    AgreementVoided, Call, CalledOff, ChangedDecision, Disputed, Draft, EndNoticeMadeAgain, EndNoticeVoided, Ended,
    FileRef, Identity, Joined, Joining, RecordWithdrawn, Recusal, RecusalDecision, Renewal, Renewed, Replaced,
    RunningLimit, Signature, Sitting, TellsIdentity, Told, Unsigned, Via,
};
use crate::correction::Correction;
use crate::deadline::Deadline;
use crate::pack::AdministrativeMediator;
use crate::{PaperRef, PersonId, Personal, StreamId, party::Party, scope::Kind, time::Date};

/// Events of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody applied.
    Applied {
        /// How.
        via: Via,
        /// Organ code.
        organ: String,
        /// Court that would confirm.
        court: String,
        /// Civil or administrative.
        kind: Kind,
        /// Entry of the scope catalogue.
        entry: String,
        /// Its sector.
        sector: Option<String>,
        /// The matter.
        matter: Option<StreamId>,
        /// Its number.
        matter_number: String,
        /// The application.
        application: PaperRef,
        /// The day.
        on: Date,
        /// Applicants.
        applicants: Vec<Party>,
        /// The other side.
        respondents: Vec<Party>,
        /// What is asked.
        claims: Personal<String>,
        /// Facts and reasons.
        facts: Personal<String>,
        /// Consents to electronic service.
        electronic_service: bool,
        /// Other proceedings about the same dispute, as the applicant answered: empty for none; none: not asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other_proceedings: Option<Personal<String>>,
        /// The decision that is disputed, as it was told without a matter.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        disputed: Option<Box<Disputed>>,
        /// Whoever reported agreed that the other side learns their name.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        agrees_named: bool,
        /// Limits of the parties.
        limits: Vec<RunningLimit>,
        /// Last day of acceptance.
        accept_by: Box<Deadline>,
        /// Code printed on the application; none in old events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        check_code: Option<String>,
        /// Why what was told was written down later than the county allows without a reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        told_late: Option<Box<Personal<String>>>,
        /// The case that is mediated once more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        renews: Option<Box<Renewed>>,
        /// Code by which the first applicant comes back, who has no letter; none in old events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        access: Option<String>,
        /// Those on the other side whose phone is known from the applicant alone; empty in old events.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        phones_told: Vec<PersonId>,
    },
    /// An applicant signed the printed application.
    ApplicationSigned {
        /// By whom.
        signature: Signature,
    },
    /// The record of an oral application is void; the application stays.
    RecordVoided {
        /// The notice.
        notice: PaperRef,
    },
    /// It was made again.
    RecordMadeAgain {
        /// The record.
        paper: PaperRef,
        /// Printed code.
        check_code: String,
    },
    /// A file was added.
    FileAttached {
        /// The file.
        file: FileRef,
    },
    /// The other party was asked.
    ConsentAsked {
        /// The letter.
        paper: PaperRef,
        /// Last day of the answer.
        due: Deadline,
        /// Who is asked; none in old events: the first of the other side.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        /// Printed code; none in old events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        check_code: Option<String>,
    },
    /// The letter that asks was received, or not after all. In old events: it was posted.
    ConsentSent {
        /// Who is asked.
        person: PersonId,
        /// When; none: not after all.
        on: Option<Date>,
        /// Last day of the answer from now on.
        due: Deadline,
    },
    /// The letter that asks was voided before it was answered.
    ConsentVoided {
        /// Who is asked.
        person: PersonId,
        /// The letter.
        paper: StreamId,
    },
    /// The other party answered.
    ConsentAnswered {
        /// Consents.
        consents: bool,
        /// When.
        on: Date,
        /// Who answered; none in old events: whoever was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        /// The slip that was signed by hand, when it came on paper.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        slip: Option<Signature>,
        /// How it was given by word of mouth.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        how: Option<Personal<String>>,
        /// May papers come by message? None: nobody asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        electronic: Option<bool>,
        /// It came by a phone that only the opponent had named, and nobody had seen a document.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unchecked: bool,
    },
    /// The other party was silent until the last day.
    ConsentLapsed {
        /// Last day.
        on: Date,
        /// Who was silent; none in old events: whoever was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
    },
    /// What a timer had recorded is taken back: it was done on paper in time, or the letter that asks had not arrived.
    LapseTakenBack {
        /// Whose silence it was; none: the end of the period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        /// When it was done, in time; none: the letter had not arrived.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        done_on: Option<Date>,
        /// The day of the refusal or of the end that is taken back with it; none: neither had followed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over_on: Option<Date>,
        /// The notices of that, which are void.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        papers: Vec<PaperRef>,
        /// The day.
        on: Date,
    },
    /// One more party.
    PartyAdded {
        /// Who, as what, at whose wish and why.
        joined: Box<Joined>,
    },
    /// Who was added consents, and takes part.
    PartyJoined(Joining),
    /// A party left, and the others go on.
    PartyLeft {
        /// Who.
        person: PersonId,
        /// The day.
        on: Date,
        /// Ground, by its id in the pack.
        ground: String,
        /// The notice to whoever left.
        paper: PaperRef,
        /// The same notice to everybody else.
        others: Vec<(PersonId, PaperRef)>,
        /// How it was told, when an officer records it; none in old events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        told: Option<Box<Told>>,
    },
    /// Accepted.
    ApplicationAccepted {
        /// The notice.
        paper: PaperRef,
        /// The day.
        on: Date,
        /// Clerk who handles it.
        clerk: String,
        /// Last day of the mediation.
        period: Deadline,
        /// The same notice to every other party.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        others: Vec<(PersonId, PaperRef)>,
        /// Those who did not consent: the mediation goes on without them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        without: Vec<PersonId>,
        /// Why it can go on without them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    /// Refused.
    ApplicationRefused {
        /// The notice.
        paper: PaperRef,
        /// The day.
        on: Date,
        /// Ground, by its id in the pack.
        ground: String,
        /// Explanation.
        note: Personal<String>,
        /// The organ that is competent: free words, which may name people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        competent: Option<Personal<String>>,
        /// The same notice to every other applicant, and to those of the other side who had consented.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        others: Vec<(PersonId, PaperRef)>,
    },
    /// An applicant withdrew before it was decided on.
    ApplicationWithdrawn {
        /// Who.
        person: PersonId,
        /// When.
        on: Date,
        /// How it was told, when an officer records it: free words, which may name people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        how: Option<Personal<String>>,
        /// Others still apply.
        goes_on: bool,
        /// The notice to whoever withdrew.
        paper: PaperRef,
        /// The same notice to the other applicants, and to those who were asked and have not refused.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        others: Vec<(PersonId, PaperRef)>,
    },
    /// A mediator is named.
    MediatorNamed {
        /// Staff stream.
        staff: String,
        /// Name.
        name: Personal<String>,
        /// From where, in an administrative dispute.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<AdministrativeMediator>,
        /// Why another one replaces the one before; none where nobody mediated yet, or who did had not declared.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
    },
    /// The mediator declared no conflict.
    NoConflictDeclared {},
    /// The mediator declared a conflict and is out.
    ConflictDeclared {},
    /// A party told the number of its own document: nobody has checked it yet.
    IdentityTold(TellsIdentity),
    /// An officer saw who a party is.
    IdentityRecorded {
        /// Whose, from what, by whom.
        identity: Identity,
    },
    /// A session is called.
    SessionCalled(Call),
    /// It is called for another time or place, before it was held.
    SessionMoved(Call),
    /// It is not held.
    SessionCalledOff(CalledOff),
    /// Nobody came to it.
    SessionMissed {
        /// Who was waited for, and how long.
        note: Personal<String>,
    },
    /// A session was held.
    SessionHeld {
        /// What was recorded.
        sitting: Sitting,
        /// The record.
        paper: PaperRef,
        /// Printed code; none in old events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        check_code: Option<String>,
    },
    /// The record was signed.
    RecordSigned {
        /// By whom.
        signature: Signature,
    },
    /// Somebody who was present has not signed the record.
    RecordUnsigned {
        /// Who, and why.
        unsigned: Unsigned,
    },
    /// The record, which no party had signed, was taken back.
    RecordWithdrawn(RecordWithdrawn),
    /// The agreement was drafted.
    AgreementDrafted {
        /// The draft.
        draft: Draft,
    },
    /// The agreement was issued for signing.
    AgreementIssued {
        /// The paper.
        paper: PaperRef,
        /// Printed code.
        check_code: String,
        /// In old events the officer who was printed for the organ as a party. Who signs for it stands at the signature.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        for_organ: Option<Personal<String>>,
    },
    /// The agreement was signed.
    AgreementSigned {
        /// By whom.
        signature: Signature,
    },
    /// The organ sealed it.
    AgreementSealed {
        /// The day.
        on: Date,
    },
    /// With the last signature and the seal it took effect.
    AgreementEffective {
        /// The day.
        on: Date,
        /// Last day for the court.
        confirm_by: Option<Deadline>,
        /// Why it cannot be confirmed.
        not_confirmable: String,
        /// Follow-up visit due, for each obligation.
        visits: Vec<Deadline>,
        /// The case whose agreement this one takes the place of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<StreamId>,
    },
    /// A later case goes on with this one.
    MediationRenewed {
        /// It.
        later: Renewal,
    },
    /// A later agreement of the same parties took the place of this one.
    AgreementReplaced {
        /// It.
        by: Box<Replaced>,
    },
    /// The issued agreement was taken back before it took effect: its signatures fall.
    AgreementWithdrawn {
        /// Its paper.
        paper: PaperRef,
        /// Why; none in old events, where a notice that voided its paper says so itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<String>>,
        /// The day.
        on: Date,
    },
    /// The paper of an agreement that is in effect was voided by a notice: in old events, now it cannot be.
    AgreementVoided(AgreementVoided),
    /// Ended without agreement.
    MediationEnded {
        /// Why.
        ended: Ended,
    },
    /// A notice of the end was voided.
    EndNoticeVoided(EndNoticeVoided),
    /// It was made again.
    EndNoticeMadeAgain(EndNoticeMadeAgain),
    /// A party asked that the mediator withdraws.
    RecusalAsked {
        /// What is asked.
        recusal: Recusal,
    },
    /// It was decided on: granted, the mediator is out.
    RecusalDecided(RecusalDecision),
    /// The new or changed decision.
    DecisionChanged {
        /// Its number.
        number: String,
        /// The day.
        on: Date,
        /// What it changed, and the paper; none in old events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<Box<ChangedDecision>>,
    },
    /// The new or changed decision was served, or not after all.
    ChangeServed {
        /// When; none: not after all.
        on: Option<Date>,
        /// Limits for review and suit against it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        limits: Vec<Deadline>,
    },
    /// A notice voided it: the agreement is to be carried out by another one.
    ChangeVoided(ChangeVoided),
    /// An obligation was performed.
    ObligationPerformed {
        /// From 1.
        obligation: i64,
        /// When.
        on: Date,
        /// How it was proved.
        note: Personal<String>,
    },
    /// An obligation is in breach.
    ObligationBreached {
        /// From 1.
        obligation: i64,
        /// Since when.
        on: Date,
        /// What is known.
        note: Personal<String>,
    },
    /// The last obligation was performed.
    AgreementPerformed {
        /// When.
        on: Date,
    },
    /// A follow-up visit.
    VisitMade {
        /// The record.
        paper: PaperRef,
        /// When.
        on: Date,
        /// Whom; empty in old events.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        whom: Vec<PersonId>,
        /// What was found.
        note: Personal<String>,
    },
    /// The file was closed.
    DossierClosed {
        /// When.
        on: Date,
    },
    /// Another clerk handles it.
    DossierReassigned {
        /// Before.
        from: String,
        /// After.
        to: String,
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
    },
    /// A correction was refused: what is on file stays.
    CorrectionRefused {
        /// Its place, from 0.
        correction: i64,
        /// Who refused.
        approver: String,
        /// Why.
        reason: Personal<String>,
    },
    /// Nobody applied to the court within the limit.
    ConfirmationLapsed {
        /// Its last day.
        on: Date,
    },
    /// The limits of review and suit run from another day than was thought.
    LimitsCounted {
        /// From which they were counted before.
        before: Date,
        /// From which they run.
        on: Date,
        /// All limits of the parties.
        limits: Vec<RunningLimit>,
    },
    /// What became of the confirmation.
    ConfirmationNoted {
        /// Its stream.
        confirmation: StreamId,
        /// Its state.
        state: String,
    },
}
