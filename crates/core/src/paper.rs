//! An issued paper: its number, the hash of its bytes, how it was sent and served, and the notices that void or
//! correct it. A paper is never replaced.

use serde::{Deserialize, Serialize};

use crate::mark::Revision;
use crate::policy::Act;
use crate::refusal::{Reason, Refusal};
use crate::row::{Cell, Change};
use crate::stream::{Facts, Job, PaperOrder, PaperRef, Stream};
use crate::time::{Date, Time, Timestamp};
use crate::values::Email;
use crate::{Personal, StreamId, tables};

pub mod counter;
mod fall;
mod notice;
mod papers;
mod state;
mod tell;
mod together;
mod work;

pub use fall::Fallen;
pub use notice::{NOTICES, parties_sign};
pub use state::{Approval, Asked, Attempt, Issued, Notice, Service, State, Wanted};
pub use together::Context;
use together::together;
use work::work;

/// The paper stream; its key is drawn in the decision that issues it.
pub struct Paper;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Issue it, with the bytes stored.
    Issue {
        /// The paper.
        issued: Box<Issued>,
    },
    /// Add a signature or seal, with the bytes stored.
    AddRevision {
        /// The new file.
        revision: Revision,
    },
    /// Send it.
    Dispatch {
        /// `sms`, `email`, `mail`, `print`, `with_decision`.
        channel: String,
        /// Phone, e-mail or postal address that was found meanwhile.
        to: Option<String>,
    },
    /// Record how it was served.
    RecordService {
        /// Manner.
        manner: String,
        /// The day.
        on: Date,
        /// The time of the day, when it was written down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Time>,
        /// Did it arrive?
        served: bool,
        /// Who received it; who saw it, when it was left behind.
        receiver: String,
        /// Why not, or relation; why it was refused, when it was left behind.
        note: String,
    },
    /// It went together with another paper, and what became of that became of it.
    ServeWith {
        /// The other paper.
        paper: StreamId,
    },
    /// It was sent by message to somebody who agreed to that: it arrived on the portal.
    Arrive {},
    /// Its case went on without it: nobody has to send it any more.
    SetAside {},
    /// Somebody came to the counter with it, and a document was checked.
    CheckIdentity(counter::Seen),
    /// Ask for a notice that voids it.
    Void {
        /// Why.
        reason: String,
    },
    /// Void it because its case took it back, or with another copy of it.
    Fall {
        /// The time for mediation ran out while it was signed.
        #[serde(default)]
        lapsed: bool,
        /// The notice on another copy of it, which bears the same number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<PaperRef>,
        /// The lapse that it tells of was none, and is taken back.
        #[serde(default)]
        taken_back: bool,
    },
    /// It stands again: what it fell with was taken back.
    Stand {},
    /// A notice on another paper says that what this one proves was not so.
    Disprove {
        /// The other paper.
        paper: StreamId,
        /// The notice.
        notice: PaperRef,
    },
    /// Ask for a notice that corrects it.
    Correct {
        /// Why.
        reason: String,
        /// What was wrong.
        before: String,
        /// What is right.
        after: String,
    },
    /// Ask for a notice that corrects what was recorded of its service.
    CorrectService {
        /// The proof of the service that was recorded wrongly.
        proof: StreamId,
        /// How it was; none: there was no service.
        actual: Option<Box<Attempt>>,
        /// Why.
        reason: String,
    },
    /// Take back the notice that one asked for.
    WithdrawNotice {},
    /// Approve the notice that is asked for.
    ApproveNotice {},
    /// Refuse it: everything stays as it is.
    RefuseNotice {
        /// Why.
        reason: String,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// It was issued.
    PaperIssued {
        /// The paper.
        issued: Box<Issued>,
    },
    /// A signature or seal was added.
    RevisionAdded {
        /// The new file.
        revision: Revision,
    },
    /// It was sent.
    PaperDispatched {
        /// By what.
        channel: String,
        /// A phone or address that was found meanwhile.
        to: Option<Personal<String>>,
    },
    /// It was served, or an attempt failed.
    ServiceRecorded {
        /// The attempt.
        service: Service,
        /// The paper on whose proof of service it stands; none: on one of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<StreamId>,
    },
    /// Its case went on without it.
    PaperSetAside {},
    /// The addressee came to the counter and was known by a document.
    IdentityChecked {
        /// Kind of the document.
        document_kind: String,
        /// A phone that was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phone: Option<Personal<String>>,
        /// Who came for a firm; none for a human being, and in old events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        envoy: Option<counter::Envoy>,
    },
    /// It was voided.
    PaperVoided {
        /// The notice.
        notice: Notice,
        /// The paper on whose notice it stands; none: on one of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<StreamId>,
    },
    /// It stands again: what it fell with was taken back.
    PaperStands {
        /// The notice that had voided it, which is void itself.
        notice: PaperRef,
    },
    /// It was corrected.
    PaperCorrected {
        /// The notice.
        notice: Notice,
    },
    /// A notice is asked for.
    NoticeAsked {
        /// What is asked.
        asked: Box<Asked>,
    },
    /// Whoever asked for it took that back.
    NoticeWithdrawn {},
    /// It was refused.
    NoticeRefused {
        /// Who refused it.
        approver: String,
        /// Why.
        reason: Personal<String>,
    },
    /// What was recorded of its service was corrected.
    ServiceCorrected {
        /// The proof of the service that was recorded wrongly.
        proof: StreamId,
        /// How it was; none: there was no service.
        actual: Option<Box<Service>>,
        /// The notice.
        notice: Notice,
        /// The paper on whose proof of service it stood; none: on one of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<StreamId>,
    },
}

/// Manners of service (CPL 87-95).
pub const MANNERS: [&str; 7] = ["direct", "left", "post", "electronic", "agent", "forwarded", "notice"];

impl Stream for Paper {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Context = Context;

    fn act(command: &Command) -> Act {
        match command {
            Command::Issue { .. } => Act::IssuePaper,
            Command::AddRevision { .. } => Act::MarkPaper,
            Command::Dispatch { .. } => Act::DispatchPaper,
            Command::RecordService { .. } => Act::RecordService,
            Command::ServeWith { .. } | Command::Arrive {} | Command::SetAside {} => Act::NotePaper,
            Command::CheckIdentity(_) => Act::CheckIdentity,
            Command::Void { .. } => Act::VoidPaper,
            Command::Fall { .. } | Command::Stand {} | Command::Disprove { .. } => Act::FallPaper,
            Command::Correct { .. } => Act::CorrectPaper,
            Command::CorrectService { .. } => Act::CorrectService,
            Command::WithdrawNotice {} => Act::WithdrawNotice,
            Command::ApproveNotice {} => Act::ApproveNotice,
            Command::RefuseNotice { .. } => Act::RefuseNotice,
        }
    }

    fn open(state: Option<&State>, act: Act, facts: &Facts<'_>, context: &Self::Context) -> Result<(), Refusal> {
        match (act, state) {
            (Act::IssuePaper, None) => Ok(()),
            (Act::IssuePaper, Some(_)) => Err(Reason::Exists.into()),
            (_, None) => Err(Reason::NotFound.into()),
            // Whether it is still open to signatures is decided where they are made.
            (Act::MarkPaper, Some(_)) => Ok(()),
            // Jobs come at least once.
            (Act::FallPaper, Some(_)) => Ok(()),
            (_, Some(s)) if s.void.is_some() => Err(Reason::NotNow { state: "voided".into() }.into()),
            (Act::DispatchPaper | Act::RecordService | Act::CheckIdentity, Some(s)) if s.issued.addressee.is_none() => {
                Err(Reason::Waiting { what: "addressee".into() }.into())
            }
            (Act::DispatchPaper | Act::RecordService, Some(s)) if s.served_on().is_some() => {
                Err(Reason::NotNow { state: "served".into() }.into())
            }
            (_, Some(s)) => notice::open(s, act, facts, context),
        }
    }

    fn decide(
        state: Option<&State>,
        command: Command,
        facts: &Facts<'_>,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        Self::open(state, Self::act(&command), facts, context)?;
        let field =
            |field: &str, problem: &str| Refusal::from(Reason::Field { field: field.into(), problem: problem.into() });
        let of = state.and_then(|s| s.issued.addressee.as_ref()).map(|a| a.person.clone());
        // A paper that goes to nobody: what is written about it belongs to somebody of its own.
        let holder = || of.clone().unwrap_or_else(|| facts.ids.person());
        let required =
            |name: &str, value: &str| if value.trim().is_empty() { Err(field(name, "required")) } else { Ok(()) };
        if let Command::Issue { issued } = command {
            // A paper that goes by message goes with its issue; one that is printed waits for its print run.
            let (message, channel) = (issued.goes_at_once(), issued.channel.clone());
            let mut events = vec![Event::PaperIssued { issued }];
            if message {
                events.push(Event::PaperDispatched { channel, to: None });
            }
            return Ok(events);
        }
        if let (Command::SetAside {}, Some(state)) = (&command, state) {
            return Ok(if state.waits_to_be_sent() { vec![Event::PaperSetAside {}] } else { Vec::new() });
        }
        if let (Command::Arrive {}, Some(state)) = (&command, state) {
            let arrived = state.arrived_by_message();
            let service = arrived.map(|attempt| notice::service(state, attempt, &holder(), facts)).transpose()?;
            return Ok(service.map(|service| Event::ServiceRecorded { service, with: None }).into_iter().collect());
        }
        if let (Command::ServeWith { paper }, Some(state)) = (&command, state) {
            return Ok(together(state, paper, &holder(), context));
        }
        let command = match (command, state) {
            (command @ (Command::Fall { .. } | Command::Stand {} | Command::Disprove { .. }), Some(state)) => {
                return Ok(fall::decide(state, command, &holder(), facts, context));
            }
            (command, _) => command,
        };
        Ok(vec![match (command, state) {
            (Command::AddRevision { revision }, Some(state)) => {
                // Two signatures made of the same file: the second must be made of the first's.
                if revision.after != state.latest() {
                    return Err(Reason::Stale.into());
                }
                Event::RevisionAdded { revision }
            }
            (Command::Dispatch { channel, to }, Some(state)) => {
                let addressee = state.issued.addressee.as_ref().ok_or(Reason::NotFound)?;
                let known = |value: &Option<Personal<String>>| {
                    to.is_some() || value.as_ref().is_some_and(|v| v.open().is_some())
                };
                match channel.as_str() {
                    "sms" if !known(&addressee.phone) => return Err(field("to", "required")),
                    "email" if !known(&addressee.email) => return Err(field("to", "required")),
                    "email" if to.as_ref().is_some_and(|to| Email::parse(to).is_err()) => {
                        return Err(field("to", "not_an_email"));
                    }
                    // Only what was to go with a decision goes with it.
                    "with_decision" if state.issued.channel != "with_decision" => {
                        return Err(field("channel", "unknown"));
                    }
                    "sms" | "email" | "mail" | "print" | "with_decision" => {}
                    _ => return Err(field("channel", "unknown")),
                }
                Event::PaperDispatched { channel, to: to.map(|t| Personal::new(&addressee.person, t)) }
            }
            (Command::RecordService { manner, on, at, served, receiver, note }, Some(state)) => {
                let attempt = Attempt { manner, on, at, served, receiver, note };
                Event::ServiceRecorded { service: notice::service(state, attempt, &holder(), facts)?, with: None }
            }
            (Command::CheckIdentity(seen), Some(state)) => counter::check(state, seen, context)?,
            (Command::Void { reason }, Some(_)) => {
                required("reason", &reason)?;
                notice::ask(Wanted::Void, &reason, &holder(), facts)
            }
            (Command::Correct { reason, before, after }, Some(state)) => {
                required("reason", &reason)?;
                let of = holder();
                notice::ask(notice::correct(state, before, after, &of, context)?, &reason, &of, facts)
            }
            (Command::CorrectService { proof, actual, reason }, Some(state)) => {
                required("reason", &reason)?;
                let wanted = notice::other_service(state, proof, actual, &holder(), facts)?;
                notice::ask(wanted, &reason, &holder(), facts)
            }
            (Command::WithdrawNotice {}, Some(_)) => Event::NoticeWithdrawn {},
            (Command::ApproveNotice {}, Some(state)) => notice::approve(state, facts)?,
            (Command::RefuseNotice { reason }, Some(_)) => {
                required("reason", &reason)?;
                Event::NoticeRefused { approver: facts.actor.id.clone(), reason: Personal::new(&holder(), reason) }
            }
            _ => return Err(Reason::NotFound.into()),
        }])
    }

    fn apply(state: Option<State>, event: &Event, at: Timestamp) -> State {
        if let Event::PaperIssued { issued } = event {
            return State { made_at: Some(at), ..State::new(issued) };
        }
        // INVARIANT: decide writes nothing else before PaperIssued.
        let mut state = state.expect("a paper begins with its issue");
        match event {
            Event::PaperIssued { .. } => {}
            Event::RevisionAdded { revision } => state.revisions.push(revision.clone()),
            Event::PaperDispatched { channel, to } => {
                state.sent.push((channel.clone(), at));
                state.on_its_way = true;
                if let (Some(addressee), Some(to)) = (&mut state.issued.addressee, to) {
                    match channel.as_str() {
                        "sms" => addressee.phone = Some(to.clone()),
                        "email" => addressee.email = Some(to.clone()),
                        _ => addressee.address = Some(to.clone()),
                    }
                }
                state.issued.channel.clone_from(channel);
            }
            Event::ServiceRecorded { service, with } => {
                state.on_its_way = false;
                state.services.push(Service { with: with.clone(), ..service.clone() });
            }
            Event::PaperSetAside {} => state.set_aside = true,
            Event::IdentityChecked { phone, .. } => {
                state.seen_at_counter = true;
                if let (Some(addressee), Some(phone)) = (&mut state.issued.addressee, phone) {
                    addressee.phone = Some(phone.clone());
                }
            }
            Event::PaperVoided { notice, .. } => {
                state.void = Some(notice.clone());
                state.asked = None;
            }
            Event::PaperStands { .. } => state.void = None,
            Event::PaperCorrected { notice } => {
                state.corrections.push(notice.clone());
                state.asked = None;
            }
            Event::NoticeAsked { asked } => state.asked = Some((**asked).clone()),
            Event::NoticeWithdrawn {} | Event::NoticeRefused { .. } => state.asked = None,
            Event::ServiceCorrected { proof, actual, notice, .. } => {
                for service in state.services.iter_mut().filter(|service| service.proof.id == *proof) {
                    service.corrected = Some(notice.notice.clone());
                }
                state.services.extend(actual.as_deref().cloned());
                state.corrections.push(notice.clone());
                state.asked = None;
            }
        }
        state
    }

    fn project(id: &StreamId, state: &State, event: &Event, at: Timestamp) -> Vec<Change> {
        let i = &state.issued;
        let mut rows = vec![Change::Put(
            &tables::PAPER,
            vec![
                id.as_str().into(),
                i.paper.number.as_str().into(),
                i.paper.kind.as_str().into(),
                i.paper.issuer.as_str().into(),
                i.about.as_str().into(),
                i.matter.as_ref().map(|m| m.as_str().to_owned()).into(),
                i.date.into(),
                state.standing().into(),
                i.addressee.as_ref().map_or(Cell::Null, |a| (&a.name).into()),
                (if i.access.is_empty() { None } else { Some(i.access.clone()) }).into(),
                i.channel.as_str().into(),
                state.served_on().into(),
                i.sha256.as_str().into(),
                Cell::Null,
                state.desk().into(),
                at.into(),
            ],
        )];
        rows.extend(work(id, state, event, at));
        rows.extend(notice::work(id, state, event, at));
        if let Event::PaperIssued { issued } = event {
            rows.extend(work::found_by(id, issued));
        }
        rows
    }

    fn react(id: &StreamId, state: &State, event: &Event) -> Vec<Job> {
        tell::tell(id, state, event)
    }

    fn papers(
        _: &StreamId,
        state: &State,
        event: &Event,
        facts: &Facts<'_>,
        context: &Self::Context,
    ) -> Vec<PaperOrder> {
        papers::papers(state, event, facts, context)
    }
}
