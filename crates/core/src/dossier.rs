//! A mediation case, from the application to the closed file.

mod again;
mod agreement;
mod apply;
mod begin;
mod changed;
mod command;
mod consent;
mod correct;
mod decide;
mod desk;
mod event;
pub mod grounds;
mod identity;
pub mod joining;
mod lapse;
mod marks;
mod mediator;
mod open;
mod papers;
mod project;
mod recusal;
mod renewal;
mod session;
mod signing;
mod state;
mod told;
mod words;

pub use project::{Claims, counted, next_limit, overdue};
pub use words::words;

pub use again::{EndNoticeMadeAgain, EndNoticeVoided};
pub use agreement::{Agreement, AgreementVoided, Draft, Obligation, Performance, findings, free};
pub use begin::own_phone;
pub use changed::{ChangedDecision, Disputed, OldDecision};
pub use command::{Check, Command, Decision};
pub use consent::{Consent, consent_due};
pub use correct::KNOWN;
pub use event::Event;
pub use identity::{TellsIdentity, own_document};
pub use joining::{Joined, Joining, Left};
pub use mediator::Mediator;
pub use recusal::{Recusal, RecusalDecision};
pub use renewal::{Earlier, Renewal, Renewed, Replaced, Standing};
pub use session::{
    Asked, Call, CalledOff, ForOrgan, NOTICE as SESSION_NOTICE, RecordWithdrawn, Session, SessionNotice, Sitting,
};
pub(crate) use signing::Printed;
pub use signing::{ByHand, Signature, Unsigned};
pub use state::{Ended, FileRef, Identity, RunningLimit, Stage, State, Via};
pub use told::{Telling, Told, WAYS};

use crate::mark::MarkOrder;
use crate::matter;
use crate::organ;
use crate::party::Party;
use crate::policy::{Act, Role};
use crate::refusal::Refusal;
use crate::row::Change;
use crate::scope::Kind;
use crate::stream::{Facts, Job, PaperOrder, PaperRef, Stream};
use crate::time::{Date, Timestamp};
use crate::{PersonId, Personal, StreamId};

/// The dossier stream; its key is random.
pub struct Dossier;

/// What a decision needs of other streams.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The organ's phone and address.
    pub organ: Option<organ::Profile>,
    /// The matter from which the application comes.
    pub matter: Option<Origin>,
    /// The days of the matter from which the case came, where a correction is weighed.
    pub days: Option<matter::Days>,
    /// The case with which it goes on.
    pub earlier: Option<Earlier>,
    /// The staff member a command names, or who acts.
    pub staff: Option<Officer>,
    /// Organ of an application that is being made.
    pub applies_to: String,
    /// Parties can act by the portal with that organ.
    pub online: bool,
    /// A fresh one-time code of the acting person was right.
    pub verified: bool,
    /// SHA-256 of the base revision of the paper that is signed, hex.
    pub paper_sha256: String,
    /// The day on which that paper was made: nobody signed it before.
    pub paper_date: Option<Date>,
    /// An officer saw the acting party's document at the counter, by the letter that asks for consent.
    pub seen_at_counter: bool,
    /// Notices of a session that reached whom they call before its day was over.
    pub reached: Vec<StreamId>,
    /// The scan that a command names is stored, and is no electronic paper of this program.
    pub scanned: bool,
    /// Officers who handled or decided the matter: none of them mediates an administrative dispute.
    pub handling: Vec<String>,
    /// Address of the portal, as printed.
    pub portal: String,
    /// The officer whom a command names as having been at a session for the organ.
    pub attends: Option<Officer>,
    /// Some other decision bears the number that a command names.
    pub number_used: bool,
    /// The fine of the decision that is changed, in fen; none when it has none.
    pub fine: Option<i64>,
    /// The decision that is changed, as the matter has it; none without a matter.
    pub old_decision: Option<OldDecision>,
}

/// The matter from which an application comes.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Its stream.
    pub stream: StreamId,
    /// Its number.
    pub number: String,
    /// Organ code.
    pub organ: String,
    /// Civil or administrative.
    pub kind: Kind,
    /// Entry of the scope catalogue.
    pub entry: String,
    /// Sector of the entry.
    pub sector: Option<String>,
    /// The days from which the limits of review and suit run.
    pub days: matter::Days,
    /// The applicant reported, and the other side does not know their name.
    pub reporter: bool,
    /// The letter by which the party came.
    pub letter: Option<PaperRef>,
    /// Parties of the matter, who may apply.
    pub entitled: Vec<PersonId>,
    /// Number of a case that the applicant has from it, and that is not over.
    pub goes_on: Option<String>,
    /// Phones that the matter knows, each with whose it is.
    pub phones: Vec<(PersonId, Personal<String>)>,
}

/// A member of staff in a decision.
#[derive(Clone, Debug)]
pub struct Officer {
    /// Staff stream.
    pub stream: String,
    /// Organ code.
    pub organ: String,
    /// What they are.
    pub role: Role,
    /// Name.
    pub name: Personal<String>,
}

impl Stream for Dossier {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = Context;

    fn act(command: &Command) -> Act {
        command.act()
    }

    fn open(state: Option<&State>, act: Act, facts: &Facts<'_>, context: &Context) -> Result<(), Refusal> {
        open::open(state, act, facts, context)
    }

    fn decide(
        state: Option<&State>,
        command: Command,
        facts: &Facts<'_>,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        open::open(state, command.act(), facts, context)?;
        match state {
            None => begin::begin(command, facts, context),
            Some(state) => decide::go_on(state, command, facts, context),
        }
    }

    fn apply(state: Option<State>, event: &Event, at: Timestamp) -> State {
        apply::apply(state, event, at)
    }

    fn project(id: &StreamId, state: &State, event: &Event, at: Timestamp) -> Vec<Change> {
        project::project(id, state, event, at)
    }

    fn react(id: &StreamId, state: &State, event: &Event) -> Vec<Job> {
        project::react(id, state, event)
    }

    fn papers(_: &StreamId, state: &State, event: &Event, facts: &Facts<'_>, context: &Context) -> Vec<PaperOrder> {
        papers::papers(state, event, facts, context)
    }

    fn marks(state: &State, event: &Event, facts: &Facts<'_>) -> Vec<MarkOrder> {
        marks::marks(state, event, facts)
    }
}

impl Dossier {
    /// Acts that pages offer, in the order of the way through.
    pub const OFFERED: &[Act] = &[
        Act::RecordAgain,
        Act::AttestApplication,
        Act::AskConsent,
        Act::AnswerConsent,
        Act::AddParty,
        Act::AcceptApplication,
        Act::RefuseApplication,
        Act::WithdrawApplication,
        Act::NameMediator,
        Act::ReplaceMediator,
        Act::DeclareConflict,
        Act::TellIdentity,
        Act::RecordIdentity,
        Act::DecideRecusal,
        Act::CallSession,
        Act::MoveSession,
        Act::CallOffSession,
        Act::RecordSession,
        Act::RecordMissed,
        Act::SignRecord,
        Act::AttestRecord,
        Act::NoteUnsigned,
        Act::WithdrawRecord,
        Act::DraftAgreement,
        Act::IssueAgreement,
        Act::SignAgreement,
        Act::AttestSignature,
        Act::SealAgreement,
        Act::WithdrawAgreement,
        Act::RecordChangedDecision,
        Act::ReportPerformance,
        Act::RecordBreach,
        Act::FollowUp,
        Act::EndMediation,
        Act::NoticeAgain,
        Act::LeaveMediation,
        Act::AskRecusal,
        Act::CloseDossier,
        Act::ReassignDossier,
        Act::AttachFile,
        Act::AskCorrection,
        Act::ApproveCorrection,
        Act::RefuseCorrection,
    ];
}

/// Everybody who applied or is applied against, with role: also those without whom the mediation goes on.
pub fn everybody(state: &State) -> impl Iterator<Item = (&'static str, &Party)> {
    let applied = state.applicants.iter().map(|p| ("applicant", p));
    let against = state.respondents.iter().map(|p| ("respondent", p));
    // In the order in which they came, so that a place never becomes another's.
    let joined = state.joined.iter().map(|j| (if j.role == "third" { "third" } else { "respondent" }, &j.party));
    applied.chain(against).chain(joined)
}

/// The parties of a case, with role: everybody but those without whom the mediation goes on.
pub fn parties(state: &State) -> impl Iterator<Item = (&'static str, &Party)> {
    everybody(state).filter(|(_, p)| !state.without.contains(&p.person))
}

/// Those of the parties who take part: not who was added and has not answered yet.
pub fn taking_part(state: &State) -> impl Iterator<Item = (&'static str, &Party)> {
    parties(state).filter(|(_, p)| !state.is_invited(&p.person))
}
