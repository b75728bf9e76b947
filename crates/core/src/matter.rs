//! An enforcement matter: a penalty decision, an inspection or a complaint, with the proposal whether its parties get
//! a guidance letter, the letters, and what became of them.

mod caller;
mod correct;
mod decide;
pub mod decision;
mod entitled;
mod event;
mod project;
mod proposed;
pub mod reply;
mod sent;
mod served;
mod words;

use serde::{Deserialize, Serialize};

use crate::correction::Correction;
use crate::deadline::Deadline;
use crate::party::Party;
use crate::policy::Act;
use crate::refusal::Refusal;
use crate::row::Change;
use crate::scope::{Because, Kind, Proposal, Source};
use crate::stream::{Facts, Job, PaperOrder, PaperRef, Stream};
use crate::time::{Date, Timestamp};
use crate::{Personal, StreamId, StreamKind, organ};

pub use caller::Caller;
pub use correct::{correctable, reports};
pub use decide::{differing_column, differing_columns, text_of};
pub use decision::{Decided, Hearing, fine_as_written};
pub use entitled::{Days, channels, fitting_channel, plain_role};
pub use event::Event;
pub use proposed::{Classified, Harmed, Proposed};
pub use words::words;

/// The matter stream; its key is derived from source and document number.
pub struct Matter;

/// The stream of a matter.
pub fn stream(source: Source, number: &str) -> StreamId {
    StreamId::derived(StreamKind::Matter, &[source_name(source), number])
}

/// Stable name of a source, for ids, rows and texts.
pub const fn source_name(source: Source) -> &'static str {
    match source {
        Source::Penalty => "penalty",
        Source::Inspection => "inspection",
        Source::Complaint => "complaint",
    }
}

/// Stable name of a kind of dispute; empty for none.
pub const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Civil => "civil",
        Kind::Administrative => "administrative",
        Kind::None => "",
    }
}

/// A matter as registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// What kind of enforcement.
    pub source: Source,
    /// Document, task or order number.
    pub number: String,
    /// Organ code.
    pub organ: String,
    /// Decision, inspection or complaint date.
    pub occurred_on: Date,
    /// Who is punished, inspected or complained of.
    pub subject: Option<Party>,
    /// Who complains.
    pub complainant: Option<Party>,
    /// Who is affected by what an inspection found.
    pub affected: Option<Party>,
    /// Whoever else is affected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_affected: Vec<Party>,
    /// Who calls without a name, until the person is entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<Box<Caller>>,
    /// The complainant reports somebody (举报) and is never named to the other side.
    pub reporter: bool,
    /// Kind of offence, of inspection or of demand, as written.
    pub category: String,
    /// Result of an inspection, or content of a penalty, as written: it may name people.
    pub result: Personal<String>,
    /// What happened, as written.
    pub text: Personal<String>,
    /// What a decision's row remarks beside it, as written: often that somebody sued or asked for review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<Personal<String>>,
    /// Sums and licence of a penalty.
    pub penalty: Option<Penalty>,
    /// The order's own due date (12345).
    pub own_due_on: Option<Date>,
    /// The order's own status, as written.
    pub status: String,
    /// Import that brought it.
    pub batch: Option<StreamId>,
    /// Where it came from: file, sheet and row, or `form`.
    pub origin: String,
    /// The row as it was imported, as JSON: kept so that a changed export is noticed.
    pub row: Option<Personal<String>>,
}

/// Sums and licence of a penalty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Penalty {
    /// Fine in fen.
    pub fine: i64,
    /// Confiscation in fen.
    pub confiscation: i64,
    /// Licence that is suspended or revoked.
    pub licence: Option<String>,
    /// Legal basis of the decision, as written.
    pub basis: String,
}

/// A letter to one entitled person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The paper.
    pub paper: PaperRef,
    /// Who gets it.
    pub to: Party,
    /// The code that opens the portal.
    pub access: String,
    /// `sms`, `email`, `mail`, `print`, `with_decision` or `address_needed`.
    pub channel: String,
    /// The dispute that it is worded for; letters of before it was written are of the matter's own kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
}

/// To whom a letter goes, as the clerk chose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// `subject`, `complainant` or `affected`; whoever else is affected is `affected2` and so on, in their order.
    pub role: String,
    /// One of [`channels`]; empty for the one that fits what is known.
    pub channel: String,
    /// A phone, address or e-mail address that was found meanwhile, for this channel.
    pub contact: Option<String>,
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// Issued.
    Issued,
    /// Served.
    Served,
    /// An attempt failed; another way must be found.
    Failed,
    /// Voided by a notice.
    Voided,
    /// On its way: printed, posted or sent as a message, and not yet served.
    Sent,
}

/// Where a matter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Out of scope: no letter is proposed.
    OutOfScope,
    /// A letter is proposed and the clerk has not decided.
    Proposed,
    /// The clerk declined.
    Declined,
    /// Letters are issued.
    Issued,
    /// A letter is served.
    Served,
    /// Somebody applied.
    Applied,
    /// Taken back with its import.
    Withdrawn,
}

impl Standing {
    /// Stable name, for rows and texts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OutOfScope => "out_of_scope",
            Self::Proposed => "proposed",
            Self::Declined => "declined",
            Self::Issued => "issued",
            Self::Served => "served",
            Self::Applied => "applied",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// As registered and updated.
    pub matter: Registered,
    /// Whether a letter is due. Its reasons quote the matter, so they are kept apart, as personal values.
    pub proposal: Proposal,
    /// The reasons.
    pub because: Personal<Vec<Because>>,
    /// Last day for the letter; none when no letter is proposed.
    pub letter_due: Option<Deadline>,
    /// When the decision was served; unknown: the decision date is assumed.
    pub served_on: Option<Date>,
    /// The letter on whose proof of service that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_with: Option<StreamId>,
    /// Where it stands.
    pub standing: Standing,
    /// Letters with their state.
    pub letters: Vec<(Letter, LetterState)>,
    /// When a letter was issued.
    pub letter_issued: Vec<(StreamId, Date)>,
    /// When a letter was first served.
    pub letter_served: Vec<(StreamId, Date)>,
    /// When a letter first went out: as a message with its issue, printed or posted, or handed over.
    #[serde(default)]
    pub letter_sent: Vec<(StreamId, Date)>,
    /// How often letters were issued for it.
    pub issues: i64,
    /// How often what was noted of the service of a letter was corrected.
    #[serde(default)]
    pub corrections: i64,
    /// Dossiers that came of it.
    pub dossiers: Vec<StreamId>,
    /// Reply to the order, once made.
    pub reply: Option<PaperRef>,
    /// Why the clerk declined, or overruled the proposal: free words, which may name people.
    pub reason: Personal<String>,
    /// What is proposed for those whom a punished act, or one that was reported, harmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub harmed: Option<Box<Harmed>>,
    /// Of which kind the clerk found the dispute to be, where that was not as proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classified: Option<Box<Classified>>,
    /// The decision, when it was issued here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Box<Decided>>,
    /// Its paper was voided by a notice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub decision_voided: bool,
    /// The limits that its letters name, as they are counted now: the letters say what they said.
    #[serde(default)]
    pub limits: Vec<Deadline>,
    /// Corrections of what was entered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amendments: Vec<Correction>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Register it; the same again changes nothing.
    Register {
        /// The matter.
        matter: Box<Registered>,
    },
    /// A permitted change from a later export.
    Update {
        /// Status as written.
        status: String,
        /// Own due date.
        own_due_on: Option<Date>,
        /// Phone of the complainant.
        phone: Option<String>,
        /// Address of the complainant.
        address: Option<String>,
        /// The row as it was imported, as JSON.
        row: Option<String>,
        /// Why the import that had changed it is taken back; none for a change.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        taken_back: Option<String>,
    },
    /// Issue a new penalty decision together with its letters: the matter is registered with it.
    Decide {
        /// The matter; its number is the one that the register of decisions gives next.
        matter: Box<Registered>,
        /// What was done before.
        hearing: Hearing,
        /// Why letters are sent, against the proposal.
        reason: String,
    },
    /// What became of the decision's paper.
    NoteDecision {
        /// The paper.
        paper: StreamId,
        /// Its state.
        state: LetterState,
        /// The day.
        on: Date,
        /// It was noted otherwise before, and that was corrected.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        corrected: bool,
    },
    /// Take it back.
    Withdraw {
        /// Why; an import that is taken back says so itself.
        #[serde(default)]
        reason: String,
    },
    /// Enter when the decision was served; another day than was entered is a correction.
    EnterServed {
        /// The day.
        on: Date,
    },
    /// Enter who complains, when nobody was named, or somebody more who is affected.
    EnterEntitled {
        /// The person.
        party: Box<Party>,
    },
    /// Send a letter to everybody for whom one is proposed and who has none. A reason is needed when none is proposed:
    /// then it goes to those who have none.
    ConfirmLetter {
        /// Why, against the proposal.
        reason: String,
    },
    /// Send letters to those who are named, by the channels that are named. A reason is needed against the proposal:
    /// for somebody for whom none is proposed, when somebody is left out for whom one is, and for another sort of dispute.
    SendLetters {
        /// To whom, each once.
        to: Vec<Recipient>,
        /// Of which entry of the scope catalogue the dispute is; none: as it is proposed. A decision is always disputed with
        /// the organ.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<String>,
        /// Why, against the proposal.
        reason: String,
    },
    /// Send none.
    DeclineLetter {
        /// Why.
        reason: String,
    },
    /// What became of a letter.
    NoteLetter {
        /// The paper.
        paper: StreamId,
        /// Its state.
        state: LetterState,
        /// The day.
        on: Date,
        /// It was noted otherwise before, and that was corrected.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        corrected: bool,
        /// It goes with the decision, on one proof of service.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        with_decision: bool,
    },
    /// Somebody applied.
    NoteApplied {
        /// The dossier.
        dossier: StreamId,
    },
    /// Ask for a correction.
    AskCorrection {
        /// What: as [`correctable`] names it.
        field: String,
        /// As it should be.
        after: String,
        /// Why.
        reason: String,
    },
    /// Approve one.
    ApproveCorrection {
        /// Its place, from 0.
        correction: i64,
    },
    /// Refuse one.
    RefuseCorrection {
        /// Its place, from 0.
        correction: i64,
        /// Why.
        reason: String,
    },
    /// Reply to the 12345 order.
    ReplyOrder {
        /// What the clerk found out and did: nobody else can say it.
        #[serde(default)]
        findings: String,
        /// The text.
        text: String,
    },
}

/// What a decision needs of other streams.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The organ's phone and address, for the letter.
    pub organ: Option<organ::Profile>,
    /// Address of the portal, as printed in letters.
    pub portal: String,
    /// Organ of a matter that is being registered.
    pub registers_for: String,
}

impl Stream for Matter {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = Context;

    fn act(command: &Command) -> Act {
        match command {
            Command::Register { .. } => Act::RegisterMatter,
            Command::Update { .. } => Act::UpdateMatter,
            Command::Decide { .. } => Act::IssueDecision,
            Command::Withdraw { .. } => Act::WithdrawMatter,
            Command::EnterServed { .. } => Act::EnterServed,
            Command::EnterEntitled { .. } => Act::EnterEntitled,
            Command::ConfirmLetter { .. } | Command::SendLetters { .. } => Act::ConfirmLetter,
            Command::DeclineLetter { .. } => Act::DeclineLetter,
            Command::NoteLetter { .. } | Command::NoteApplied { .. } | Command::NoteDecision { .. } => Act::NoteMatter,
            Command::AskCorrection { .. } => Act::AskCorrection,
            Command::ApproveCorrection { .. } => Act::ApproveCorrection,
            Command::RefuseCorrection { .. } => Act::RefuseCorrection,
            Command::ReplyOrder { .. } => Act::ReplyOrder,
        }
    }

    fn open(state: Option<&State>, act: Act, facts: &Facts<'_>, _: &Context) -> Result<(), Refusal> {
        decide::open(state, act, facts)
    }

    fn decide(state: Option<&State>, command: Command, facts: &Facts<'_>, _: &Context) -> Result<Vec<Event>, Refusal> {
        decide::open(state, Self::act(&command), facts)?;
        decide::decide(state, command, facts)
    }

    fn apply(state: Option<State>, event: &Event, at: Timestamp) -> State {
        project::apply(state, event, at)
    }

    fn project(id: &StreamId, state: &State, event: &Event, at: Timestamp) -> Vec<Change> {
        project::project(id, state, event, at)
    }

    fn react(id: &StreamId, state: &State, event: &Event) -> Vec<Job> {
        project::react(id, state, event)
    }

    fn papers(id: &StreamId, state: &State, event: &Event, facts: &Facts<'_>, context: &Context) -> Vec<PaperOrder> {
        project::papers(id, state, event, facts, context)
    }
}
