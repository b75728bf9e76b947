//! A joint application for judicial confirmation, from the parties' signatures to the court's ruling (CPL, special
//! procedure).

mod decide;
mod marks;
mod papers;
mod project;
mod state;
mod subject;

pub use decide::case_number;
pub use state::{Declined, Ruling, State, VoidDocket, VoidRuling};
pub use subject::{Presided, Subject, subject};

use serde::{Deserialize, Serialize};

use crate::deadline::Deadline;
use crate::dossier::{ByHand, Signature};
use crate::mark::MarkOrder;
use crate::organ;
use crate::policy::Act;
use crate::refusal::Refusal;
use crate::row::Change;
use crate::stream::{Facts, Job, PaperOrder, PaperRef, Stream};
use crate::time::{Date, DateTime, Timestamp};
use crate::{PersonId, Personal, StreamId};

/// The confirmation stream; its key is the dossier's key.
pub struct Confirmation;

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Drafted: the parties sign.
    Drafted,
    /// Everybody signed within the limit.
    Signed,
    /// The last day passed and it had not been filed.
    Expired,
    /// Filed with the court.
    Filed,
    /// On the docket.
    Docketed,
    /// Not docketed.
    Declined,
    /// The parties were heard.
    Examined,
    /// The agreement is valid.
    Valid,
    /// The application is rejected.
    Rejected,
    /// The ruling was voided by a notice: its successor is to be issued.
    RulingVoid,
    /// The ruling has reached every party.
    Served,
}

impl Stage {
    /// Stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Signed => "signed",
            Self::Expired => "expired",
            Self::Filed => "filed",
            Self::Docketed => "docketed",
            Self::Declined => "declined",
            Self::Examined => "examined",
            Self::Valid => "valid",
            Self::Rejected => "rejected",
            Self::RulingVoid => "ruling_void",
            Self::Served => "served",
        }
    }

    /// The stage of a stable name.
    pub fn by_name(name: &str) -> Option<Self> {
        let all = [Self::Drafted, Self::Signed, Self::Filed, Self::Docketed, Self::Declined, Self::Examined];
        all.into_iter()
            .chain([Self::Expired, Self::Valid, Self::Rejected, Self::RulingVoid, Self::Served])
            .find(|stage| stage.name() == name)
    }

    /// The limit that runs in this stage for whoever has the application.
    pub const fn limit(self) -> Option<&'static str> {
        match self {
            Self::Drafted | Self::Signed => Some("confirmation.apply"),
            Self::Filed => Some("confirmation.docket"),
            Self::Docketed | Self::Examined => Some("confirmation.review"),
            _ => None,
        }
    }
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Put the application together.
    Draft {},
    /// Sign it.
    Sign {
        /// SHA-256 that the signer saw, hex.
        sha256: String,
    },
    /// Attest a signature on paper.
    Attest(ByHand),
    /// Certify that the organ presided and who the parties are: an officer's act.
    Certify {},
    /// File it with the court.
    File {
        /// When it was handed in there on paper, when an officer enters that later; none: now.
        #[serde(default)]
        on: Option<Date>,
        /// How that is known: the court's receipt, by its number or its day.
        #[serde(default)]
        how: String,
    },
    /// Docket it under the court's own number.
    Docket {
        /// Number as the court's own system gave it.
        number: String,
        /// Judge's staff stream.
        judge: StreamId,
        /// When all are to be heard, county time; none: they are told separately.
        #[serde(default)]
        hearing: Option<DateTime>,
        /// Where; empty: in the court.
        #[serde(default)]
        place: String,
        /// It is known that nobody works on that day, and meant so.
        #[serde(default)]
        rest_day: bool,
    },
    /// Make the docket notices again that were voided.
    DocketAgain {},
    /// Do not docket it.
    Decline {
        /// Ground, by its id in the pack.
        ground: String,
        /// Reasons.
        reasons: String,
    },
    /// The last day is near, and what all have signed waits to be filed.
    Remind {},
    /// The last day has passed and nothing was filed.
    Lapse {},
    /// Hear the parties.
    Hear {
        /// What was found.
        findings: String,
        /// All appeared and were heard.
        all_heard: bool,
        /// The day.
        on: Date,
        /// Why on another day than the one to which they were summoned.
        #[serde(default)]
        moved: String,
    },
    /// The agreement is valid.
    RuleValid {
        /// Reasons.
        reasons: String,
    },
    /// Reject.
    RuleReject {
        /// Ground, by its id in the pack.
        ground: String,
        /// Reasons.
        reasons: String,
    },
    /// Issue a voided ruling anew, as it was ruled.
    ReissueRuling {},
    /// A notice voids a docket notice, or a copy of the ruling.
    NoteVoided {
        /// The paper.
        paper: StreamId,
        /// The notice.
        notice: PaperRef,
    },
    /// The ruling reached a party, or did not after all.
    NoteServed {
        /// The paper.
        paper: StreamId,
        /// The day; none: it has not reached them.
        on: Option<Date>,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The application was put together.
    ConfirmationDrafted {
        /// What it is about.
        subject: Box<Subject>,
        /// The joint application.
        application: PaperRef,
        /// Proof of presiding, in old events; now it is certified.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<PaperRef>,
        /// Confirmations of addresses.
        addresses: Vec<PaperRef>,
        /// Printed code; empty in old events.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        check_code: String,
    },
    /// An officer certified that the organ presided and who the parties are.
    PresidingCertified {
        /// Proof of presiding.
        proof: PaperRef,
        /// Proof of identities.
        identities: PaperRef,
        /// Who.
        by: String,
        /// The day.
        on: Date,
        /// Last day of docketing, where the court has the application already and waited for this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        docket_by: Option<Box<Deadline>>,
    },
    /// A party signed.
    ConfirmationSigned {
        /// By whom.
        signature: Signature,
    },
    /// With the last signature it is complete.
    ConfirmationComplete {
        /// The day.
        on: Date,
        /// When everybody is reminded that it waits to be filed; none when it is too late for that, and in old events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remind_on: Option<Date>,
    },
    /// Everybody was reminded that it waits to be filed.
    ConfirmationReminded {
        /// The day.
        on: Date,
    },
    /// It was filed.
    ConfirmationFiled {
        /// The day.
        on: Date,
        /// Last day of docketing; none while the organ's certificate is missing: it counts from the complete application.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        docket_by: Option<Deadline>,
        /// Last day of handing in the organ's certificate after it; none where it went with the application.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        supplement_by: Option<Box<Deadline>>,
        /// How it is known that it was handed in on paper that day, when that was entered later: free words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        how: Option<Personal<String>>,
    },
    /// It is on the docket.
    ConfirmationDocketed {
        /// The court's number.
        number: String,
        /// The day.
        on: Date,
        /// Notice.
        notice: PaperRef,
        /// Judge.
        judge: String,
        /// Judge's name.
        judge_name: Personal<String>,
        /// Last day of the examination.
        rule_by: Box<Deadline>,
        /// When all are to be heard; none: not set yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hearing: Option<DateTime>,
        /// Where, in free words; none: in the court.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Personal<String>>,
        /// Name of the clerk of the court; none in old events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clerk_name: Option<Personal<String>>,
        /// The same notice to every other party.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        others: Vec<(PersonId, PaperRef)>,
    },
    /// A docket notice is void.
    DocketNoticeVoided {
        /// For whom it was.
        person: PersonId,
        /// It.
        paper: PaperRef,
        /// Its day.
        on: Date,
        /// The notice.
        notice: PaperRef,
    },
    /// The docket notices that were void were made again.
    DocketNoticeMadeAgain {
        /// For whom each is.
        papers: Vec<(PersonId, PaperRef)>,
        /// The day.
        on: Date,
    },
    /// It is not docketed.
    ConfirmationDeclined {
        /// Ground.
        ground: String,
        /// Reasons; none in old events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reasons: Option<Personal<String>>,
        /// The day.
        on: Date,
    },
    /// The last day passed and it had not been filed.
    ConfirmationLapsed {
        /// That day.
        on: Date,
    },
    /// The parties were heard.
    PartiesHeard {
        /// What was found.
        findings: Personal<String>,
        /// The day.
        on: Date,
        /// Why it was another day than the one to which they were summoned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        moved: Option<Personal<String>>,
    },
    /// The court ruled.
    Ruled {
        /// The ruling.
        ruling: Ruling,
    },
    /// The ruling is void, with all its copies: they bear one number.
    RulingVoided {
        /// The copy on which the notice is.
        paper: StreamId,
        /// The notice.
        notice: PaperRef,
    },
    /// It was issued anew, as it was ruled.
    RulingReissued {
        /// One copy for each party.
        papers: Vec<(PersonId, PaperRef)>,
        /// The day.
        on: Date,
    },
    /// The ruling reached a party.
    RulingServed {
        /// Who.
        person: PersonId,
        /// The day.
        on: Date,
        /// Limit of an objection to a ruling that the agreement is valid; against a rejection there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        objection: Option<Deadline>,
    },
    /// The ruling did not reach a party after all, or on another day.
    RulingUnserved {
        /// Who.
        person: PersonId,
    },
}

/// What a decision needs of other streams.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The dossier's agreement, when the application is drafted; none when it cannot be.
    pub subject: Option<Subject>,
    /// Why it cannot be confirmed, if it cannot.
    pub not_confirmable: String,
    /// The organ's phone and address.
    pub organ: Option<organ::Profile>,
    /// A fresh one-time code was right.
    pub verified: bool,
    /// SHA-256 of the joint application's base revision.
    pub paper_sha256: String,
    /// The day on which that paper was made: nobody signed it before.
    pub paper_date: Option<Date>,
    /// The scan that a command names is stored, and is no electronic paper of this program.
    pub scanned: bool,
    /// How actors stand to the dossier, while there is no application yet.
    pub case: Option<crate::policy::Subject>,
    /// The clerk of the court who dockets.
    pub clerk: Option<crate::dossier::Officer>,
    /// The judge whom a command names.
    pub judge: Option<crate::dossier::Officer>,
    /// Another case that the court gave the number which a command names, by the number of its file with the organ.
    pub number_of: Option<String>,
}

impl Stream for Confirmation {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = Context;

    fn act(command: &Command) -> Act {
        match command {
            Command::Draft {} => Act::DraftConfirmation,
            Command::Sign { .. } => Act::SignConfirmation,
            Command::Attest(_) => Act::AttestConfirmation,
            Command::Certify {} => Act::CertifyPresiding,
            Command::File { .. } => Act::FileConfirmation,
            Command::Docket { .. } => Act::DocketConfirmation,
            Command::DocketAgain {} => Act::DocketAgain,
            Command::Decline { .. } => Act::DeclineConfirmation,
            Command::Lapse {} => Act::LapseConfirmation,
            Command::Hear { .. } => Act::HearParties,
            Command::RuleValid { .. } => Act::RuleValid,
            Command::RuleReject { .. } => Act::RuleReject,
            Command::ReissueRuling {} => Act::ReissueRuling,
            Command::Remind {} | Command::NoteServed { .. } | Command::NoteVoided { .. } => Act::NoteConfirmation,
        }
    }

    fn open(state: Option<&State>, act: Act, facts: &Facts<'_>, context: &Context) -> Result<(), Refusal> {
        decide::open(state, act, facts, context)
    }

    fn decide(
        state: Option<&State>,
        command: Command,
        facts: &Facts<'_>,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        decide::open(state, Self::act(&command), facts, context)?;
        decide::decide(state, command, facts, context)
    }

    fn apply(state: Option<State>, event: &Event, _: Timestamp) -> State {
        project::apply(state, event)
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

impl Confirmation {
    /// Acts that pages offer.
    pub const OFFERED: &[Act] = &[
        Act::CertifyPresiding,
        Act::SignConfirmation,
        Act::AttestConfirmation,
        Act::FileConfirmation,
        Act::DocketConfirmation,
        Act::DeclineConfirmation,
        Act::DocketAgain,
        Act::HearParties,
        Act::RuleValid,
        Act::RuleReject,
        Act::ReissueRuling,
    ];
}
