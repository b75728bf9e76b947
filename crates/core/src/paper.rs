//! An issued paper: its number, the hash of its bytes, how it was sent and served, and the notices that void or
//! correct it. A paper is never replaced.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::mark::Revision;
use crate::matter::LetterState;
use crate::paper_data as data;
use crate::policy::Act;
use crate::refusal::{Reason, Refusal};
use crate::row::{Cell, Change};
use crate::stream::{Facts, Job, PaperOrder, Stream};
use crate::time::{Date, Time, Timestamp, county_date, county_time};
use crate::values::{DocumentKind, Email, Phone, normalise};
use crate::{Personal, StreamId, StreamKind, tables};

mod state;
mod together;
mod work;

pub use state::{Issued, Notice, Service, State};
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
        /// Who received it.
        receiver: String,
        /// Why not, or relation.
        note: String,
    },
    /// It went together with another paper, and what became of that became of it.
    ServeWith {
        /// The other paper.
        paper: StreamId,
    },
    /// Somebody came to the counter with it, and a document was checked.
    CheckIdentity {
        /// Kind of the document, as parties carry it; its number is not kept.
        document_kind: String,
        /// A mobile phone to send codes to from now on.
        phone: Option<String>,
    },
    /// Void it.
    Void {
        /// Why.
        reason: String,
    },
    /// Void it because its case took it back.
    Fall {},
    /// Correct it.
    Correct {
        /// Why.
        reason: String,
        /// What was wrong.
        before: String,
        /// What is right.
        after: String,
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
    /// The addressee came to the counter and was known by a document.
    IdentityChecked {
        /// Kind of the document.
        document_kind: String,
        /// A phone that was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phone: Option<Personal<String>>,
    },
    /// It was voided.
    PaperVoided {
        /// The notice.
        notice: Notice,
    },
    /// It was corrected.
    PaperCorrected {
        /// The notice.
        notice: Notice,
    },
}

/// What the notice says of a paper that its case took back.
const FALLEN: &str = "该文书尚未生效，已由制作机关撤回，此前的签名不再有效。";

/// Manners of service (CPL 87-95).
pub const MANNERS: [&str; 6] = ["direct", "left", "post", "electronic", "agent", "notice"];

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
            Command::ServeWith { .. } => Act::NotePaper,
            Command::CheckIdentity { .. } => Act::CheckIdentity,
            Command::Void { .. } => Act::VoidPaper,
            Command::Fall {} => Act::FallPaper,
            Command::Correct { .. } => Act::CorrectPaper,
        }
    }

    fn open(state: Option<&State>, act: Act, _: &Facts<'_>, _: &Self::Context) -> Result<(), Refusal> {
        match (act, state) {
            (Act::IssuePaper, None) => Ok(()),
            (Act::IssuePaper, Some(_)) => Err(Reason::Exists.into()),
            (_, None) => Err(Reason::NotFound.into()),
            // Whether it is still open to signatures is decided where they are made.
            (Act::MarkPaper, Some(_)) => Ok(()),
            (_, Some(s)) if s.void.is_some() => Err(Reason::NotNow { state: "voided".into() }.into()),
            (Act::DispatchPaper | Act::RecordService | Act::CheckIdentity, Some(s)) if s.issued.addressee.is_none() => {
                Err(Reason::Waiting { what: "addressee".into() }.into())
            }
            (Act::DispatchPaper | Act::RecordService, Some(s)) if s.served_on().is_some() => {
                Err(Reason::NotNow { state: "served".into() }.into())
            }
            _ => Ok(()),
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
        if let (Command::ServeWith { paper }, Some(state)) = (&command, state) {
            return Ok(together(state, paper, &holder(), context));
        }
        Ok(vec![match (command, state) {
            (Command::ServeWith { .. }, _) => return Err(Reason::NotFound.into()),
            (Command::Issue { .. }, _) => return Err(Reason::Exists.into()),
            (_, None) => return Err(Reason::NotFound.into()),
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
                if !MANNERS.contains(&manner.as_str()) {
                    return Err(field("manner", "unknown"));
                }
                if on < state.issued.date || on > facts.today() {
                    return Err(
                        Reason::DateOrder { first: state.issued.date.to_string(), second: on.to_string() }.into()
                    );
                }
                if at.is_some_and(|at| on.to_datetime(at) > county_time(facts.now)) {
                    return Err(field("at", "future"));
                }
                required(if served { "receiver" } else { "note" }, if served { &receiver } else { &note })?;
                let of = holder();
                Event::ServiceRecorded {
                    service: Service {
                        manner,
                        on,
                        at,
                        served,
                        receiver: Personal::new(&of, receiver),
                        note: Personal::new(&of, note),
                        proof: facts.paper("proof_of_service", &state.issued.paper.issuer),
                    },
                    with: None,
                }
            }
            (Command::CheckIdentity { document_kind, phone }, Some(state)) => {
                let addressee = state.issued.addressee.as_ref().ok_or(Reason::NotFound)?;
                if DocumentKind::by_key(&document_kind).is_none() {
                    return Err(field("document_kind", "unknown"));
                }
                let phone = match phone.as_deref().map(Phone::parse) {
                    None => None,
                    Some(Ok(phone)) if phone.is_mobile() => {
                        Some(Personal::new(&addressee.person, phone.as_str().to_owned()))
                    }
                    Some(_) => return Err(field("phone", "not_a_phone")),
                };
                Event::IdentityChecked { document_kind, phone }
            }
            (Command::Void { reason }, Some(state)) => {
                required("reason", &reason)?;
                let notice = facts.paper("void_notice", &state.issued.paper.issuer);
                Event::PaperVoided { notice: Notice { notice, reason: Personal::new(&holder(), reason), change: None } }
            }
            (Command::Fall {}, Some(state)) => {
                let notice = facts.paper("void_notice", &state.issued.paper.issuer);
                let reason = Personal::new(&holder(), FALLEN.to_owned());
                Event::PaperVoided { notice: Notice { notice, reason, change: None } }
            }
            (Command::Correct { reason, before, after }, Some(state)) => {
                required("reason", &reason)?;
                required("before", &before)?;
                required("after", &after)?;
                if normalise(before.trim()) == normalise(after.trim()) {
                    return Err(field("after", "unchanged"));
                }
                let notice = facts.paper("correction_notice", &state.issued.paper.issuer);
                let of = holder();
                let change = Some((Personal::new(&of, before), Personal::new(&of, after)));
                Event::PaperCorrected { notice: Notice { notice, reason: Personal::new(&of, reason), change } }
            }
        }])
    }

    fn apply(state: Option<State>, event: &Event, at: Timestamp) -> State {
        if let Event::PaperIssued { issued } = event {
            return State {
                issued: (**issued).clone(),
                sent: Vec::new(),
                services: Vec::new(),
                void: None,
                corrections: Vec::new(),
                revisions: Vec::new(),
            };
        }
        // INVARIANT: decide writes nothing else before PaperIssued.
        let mut state = state.expect("a paper begins with its issue");
        match event {
            Event::PaperIssued { .. } => {}
            Event::RevisionAdded { revision } => state.revisions.push(revision.clone()),
            Event::PaperDispatched { channel, to } => {
                state.sent.push((channel.clone(), at));
                if let (Some(addressee), Some(to)) = (&mut state.issued.addressee, to) {
                    match channel.as_str() {
                        "sms" => addressee.phone = Some(to.clone()),
                        "email" => addressee.email = Some(to.clone()),
                        _ => addressee.address = Some(to.clone()),
                    }
                }
                state.issued.channel.clone_from(channel);
            }
            Event::ServiceRecorded { service, .. } => state.services.push(service.clone()),
            Event::IdentityChecked { phone, .. } => {
                if let (Some(addressee), Some(phone)) = (&mut state.issued.addressee, phone) {
                    addressee.phone = Some(phone.clone());
                }
            }
            Event::PaperVoided { notice } => state.void = Some(notice.clone()),
            Event::PaperCorrected { notice } => state.corrections.push(notice.clone()),
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
        if let (Event::PaperIssued { .. }, Some(to)) = (event, &i.addressee) {
            // Found by person only: the case finds people by name, and a paper would list them twice.
            let row = vec![
                id.as_str().into(),
                to.person.0.as_str().into(),
                "addressee".into(),
                (&to.name).into(),
                Cell::Null,
                Cell::Null,
                Cell::Null,
            ];
            rows.push(Change::Put(&tables::TAKES_PART, row));
        }
        if let Event::PaperIssued { issued } = event
            && !issued.access.is_empty()
        {
            rows.push(Change::Claim(
                &tables::ACCESS,
                vec![issued.access.as_str().into(), id.as_str().into(), issued.about.as_str().into()],
            ));
        }
        rows
    }

    fn react(id: &StreamId, state: &State, event: &Event) -> Vec<Job> {
        // What became of a letter or ruling is told to the stream it is about, by a job: at least once, idempotent.
        if matches!(event, Event::PaperVoided { .. })
            && state.issued.about.kind() == StreamKind::Dossier
            && state.issued.paper.kind == "agreement"
        {
            let command = json!({"NoteVoided": {"paper": id}});
            let stream = state.issued.about.clone();
            return vec![Job::Run { name: "noted".into(), due: Timestamp::UNIX_EPOCH, stream, command }];
        }
        let (noted, on) = match event {
            Event::ServiceRecorded { service, .. } if service.served => (LetterState::Served, service.on),
            Event::ServiceRecorded { service, .. } => (LetterState::Failed, service.on),
            Event::PaperVoided { .. } => (LetterState::Voided, state.issued.date),
            // A message that went with the issue: its matter chose that channel and has nothing to learn.
            Event::PaperDispatched { channel, to: None }
                if matches!(channel.as_str(), "sms" | "email") && state.services.is_empty() =>
            {
                return Vec::new();
            }
            Event::PaperDispatched { .. } => {
                (LetterState::Sent, state.sent.last().map_or(state.issued.date, |(_, at)| county_date(*at)))
            }
            _ => return Vec::new(),
        };
        let command = match state.issued.about.kind() {
            StreamKind::Matter if state.issued.paper.kind == "guidance_letter" => {
                json!({"NoteLetter": {"paper": id, "state": noted, "on": on}})
            }
            StreamKind::Matter if state.issued.paper.kind == crate::matter::decision::KIND => {
                json!({"NoteDecision": {"paper": id, "state": noted, "on": on}})
            }
            StreamKind::Confirmation
                if state.issued.paper.kind.starts_with("ruling_") && noted == LetterState::Served =>
            {
                json!({"NoteServed": {"paper": id, "on": on}})
            }
            _ => return Vec::new(),
        };
        vec![Job::Run { name: "noted".into(), due: Timestamp::UNIX_EPOCH, stream: state.issued.about.clone(), command }]
    }

    fn papers(
        id: &StreamId,
        state: &State,
        event: &Event,
        facts: &Facts<'_>,
        context: &Self::Context,
    ) -> Vec<PaperOrder> {
        let i = &state.issued;
        let organ = data::body(facts, &i.paper.issuer, context.organ.as_ref());
        let addressee = json!({"name": i.addressee.as_ref().map(|a| &a.name)});
        let reference = data::reference(facts, &i.paper, i.date);
        let (paper, content) = match event {
            Event::ServiceRecorded { service, with: None } => (
                &service.proof,
                json!({
                    "organ": organ, "addressee": addressee,
                    "documents": std::iter::once(&i.paper).chain(&context.with).map(|paper| {
                        json!({"name": facts.pack.paper_name(&paper.kind), "number": paper.number})
                    }).collect::<Vec<_>>(),
                    "manner": data::manner(&service.manner),
                    // Nobody wrote down the hour: the proof says the day.
                    "served_at": match service.at {
                        Some(at) => data::minute(service.on.to_datetime(at)),
                        None => service.on.to_string(),
                    },
                    "result": if service.served { "已送达" } else { "未送达" },
                    "receiver": service.receiver, "relation": service.note,
                }),
            ),
            Event::PaperVoided { notice } => (
                &notice.notice,
                json!({"organ": organ, "addressee": addressee, "paper": reference, "reason": notice.reason}),
            ),
            Event::PaperCorrected { notice } => (
                &notice.notice,
                json!({
                    "organ": organ, "addressee": addressee, "paper": reference, "reason": notice.reason,
                    "items": notice.change.iter().map(|(before, after)| {
                        json!({"where": reference["name"], "before": before, "after": after})
                    }).collect::<Vec<_>>(),
                }),
            ),
            _ => return Vec::new(),
        };
        let _ = id;
        vec![PaperOrder {
            paper: paper.clone(),
            matter: i.matter.clone(),
            date: facts.today(),
            // A proof of service stays in the file; a notice goes to whoever got the paper.
            addressee: if paper.kind == "proof_of_service" { None } else { i.addressee.clone() },
            access: String::new(),
            channel: String::new(),
            send_by: None,
            data: content,
        }]
    }
}
