//! The shape that every stream has, and what a decision is given.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::calendar::Calendar;
use crate::deadline::{self, Deadline, DeadlineError, Query};
use crate::ids::{Ids, PersonId, StreamId};
use crate::mark::MarkOrder;
use crate::pack::{Contact, Pack};
use crate::policy::{Act, Actor};
use crate::refusal::{Reason, Refusal};
use crate::row::Change;
use crate::time::{Date, Timestamp, county_date};

/// What a decision may know beside the state: the same facts give the same events, for ever.
pub struct Facts<'a> {
    /// The time of the decision: never before the stream's last event.
    pub now: Timestamp,
    /// Who acts.
    pub actor: &'a Actor,
    /// The stream that decides.
    pub stream: &'a StreamId,
    /// Holidays and make-up days.
    pub calendar: &'a Calendar,
    /// The jurisdiction's rules, organs, courts, scope.
    pub pack: &'a Pack,
    /// New ids, drawn before the decision.
    pub ids: &'a Ids,
    /// The next numbers of the registers, loaded before the decision.
    pub numbers: &'a Numbers,
}

impl Facts<'_> {
    /// Today in the county.
    pub fn today(&self) -> Date {
        county_date(self.now)
    }

    /// A limit of the law from a civil date, by the rules in force then.
    ///
    /// # Errors
    /// A refusal that names the limit when the date lies outside the calendar.
    pub fn limit(&self, id: &str, from: Date, sector: Option<&str>) -> Result<Deadline, Refusal> {
        self.limit_variant(id, from, sector, None)
    }

    /// As [`Self::limit`], for a variant of the rule (`complex`, `extended`).
    ///
    /// # Errors
    /// As [`Self::limit`].
    pub fn limit_variant(
        &self,
        id: &str,
        from: Date,
        sector: Option<&str>,
        variant: Option<&str>,
    ) -> Result<Deadline, Refusal> {
        self.counted(Query::new(id, from).sector(sector).variant(variant))
    }

    /// As [`Self::limit`], without suspended times, both ends inclusive.
    ///
    /// # Errors
    /// As [`Self::limit`], and when the limit cannot be suspended.
    pub fn limit_suspended(
        &self,
        id: &str,
        from: Date,
        sector: Option<&str>,
        suspended: &[(Date, Date)],
    ) -> Result<Deadline, Refusal> {
        self.counted(Query::new(id, from).sector(sector).suspended(suspended))
    }

    fn counted(&self, query: Query<'_>) -> Result<Deadline, Refusal> {
        // A sector without a rule of its own falls back to the general one.
        let sector = query.sector.filter(|s| self.pack.has_rule(query.id, Some(s)));
        let query = query.sector(sector).paper_date(self.today());
        deadline::compute(self.calendar, self.pack, &query).map_err(|error| {
            let problem = match error {
                DeadlineError::Calendar(_) => "out_of_calendar".into(),
                error => error.to_string(),
            };
            Reason::Limit { limit: query.id.into(), problem }.into()
        })
    }

    /// A new paper of the issuer, numbered today. The number is in the event, the register and the PDF.
    pub fn paper(&self, kind: &str, issuer: &str) -> PaperRef {
        let number = match self.pack.paper_code(kind) {
            Some(code) => {
                let n = self.numbers.take(&register(issuer, code, self.today().year()));
                self.pack.number(issuer, kind, self.today().year(), n)
            }
            None => String::new(),
        };
        PaperRef {
            id: self.ids.stream(crate::StreamKind::Paper),
            kind: kind.to_owned(),
            number,
            issuer: issuer.to_owned(),
        }
    }

    /// The next case number of the court: its papers bear it.
    pub fn case_number(&self) -> String {
        let (court, year) = (&self.pack.court, self.today().year());
        let n = self.numbers.take(&register(&court.code, &court.case_type, year));
        self.pack.court_number(None, year, n)
    }
}

/// The register that numbers an issuer's papers of one code in one year.
pub fn register(issuer: &str, code: &str, year: i16) -> StreamId {
    StreamId::derived_under(crate::StreamKind::Register, issuer, &[code, &year.to_string()])
}

/// Next numbers of registers. A decision takes from them; what it took tells `app` which registers move, and a
/// register that was not loaded is remembered so that `app` loads it and decides again.
#[derive(Debug, Default)]
pub struct Numbers {
    next: RefCell<BTreeMap<StreamId, i64>>,
    taken: RefCell<BTreeMap<StreamId, i64>>,
    missing: RefCell<BTreeSet<StreamId>>,
}

impl Numbers {
    /// Registers with the number that each gives next.
    pub fn new(next: BTreeMap<StreamId, i64>) -> Self {
        Self { next: RefCell::new(next), ..Self::default() }
    }

    fn take(&self, register: &StreamId) -> i64 {
        let mut next = self.next.borrow_mut();
        let Some(n) = next.get_mut(register) else {
            self.missing.borrow_mut().insert(register.clone());
            return 0;
        };
        *n += 1;
        *self.taken.borrow_mut().entry(register.clone()).or_insert(0) += 1;
        *n - 1
    }

    /// Registers that were asked for and not loaded: the decision must be repeated with them.
    pub fn missing(&self) -> Vec<StreamId> {
        self.missing.borrow().iter().cloned().collect()
    }

    /// How many numbers were taken from each register.
    pub fn taken(&self) -> BTreeMap<StreamId, i64> {
        self.taken.borrow().clone()
    }
}

/// A paper as other streams name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperRef {
    /// Its stream.
    pub id: StreamId,
    /// Template.
    pub kind: String,
    /// Number, or empty for a paper without one.
    pub number: String,
    /// Organ or court.
    pub issuer: String,
}

/// A stream of events with its state and commands. All functions are pure and total.
pub trait Stream {
    /// What the events so far amount to.
    type State: Clone + PartialEq + std::fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// What can be asked of it.
    type Command: Clone + std::fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// What happened. Written for decades: only add variants and optional fields.
    type Event: Clone + PartialEq + std::fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// Plain values of other streams, loaded by `app` before the decision.
    type Context: Default + Send + Sync + 'static;

    /// The act that a command is, for policy and for the buttons of a page.
    fn act(command: &Self::Command) -> Act;
    /// Is this act open now?
    fn open(state: Option<&Self::State>, act: Act, facts: &Facts<'_>, context: &Self::Context) -> Result<(), Refusal>;
    /// The events a command causes. No events means that nothing changed, which is not an error.
    fn decide(
        state: Option<&Self::State>,
        command: Self::Command,
        facts: &Facts<'_>,
        context: &Self::Context,
    ) -> Result<Vec<Self::Event>, Refusal>;
    /// The state after an event. Total: history always replays.
    fn apply(state: Option<Self::State>, event: &Self::Event, at: Timestamp) -> Self::State;
    /// Changes of the read model, given the state after the event.
    fn project(id: &StreamId, state: &Self::State, event: &Self::Event, at: Timestamp) -> Vec<Change>;
    /// Timers and follow-up commands, given the state after the event.
    fn react(_id: &StreamId, _state: &Self::State, _event: &Self::Event) -> Vec<Job> {
        Vec::new()
    }
    /// Papers that the event issues: numbered, rendered and stored in the same commit.
    fn papers(
        _id: &StreamId,
        _state: &Self::State,
        _event: &Self::Event,
        _facts: &Facts<'_>,
        _context: &Self::Context,
    ) -> Vec<PaperOrder> {
        Vec::new()
    }
    /// Signatures and seals that the event puts on papers, given the state after the event: in the same commit.
    fn marks(_state: &Self::State, _event: &Self::Event, _facts: &Facts<'_>) -> Vec<MarkOrder> {
        Vec::new()
    }
}

/// A command that will be given later, by the system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Job {
    /// At `due`, or soon after, give `command` to `stream`. A second one with the same stream and name replaces it.
    Run {
        /// What the timer is for, within its stream.
        name: String,
        /// When.
        due: Timestamp,
        /// The stream that is asked.
        stream: StreamId,
        /// The command as JSON.
        command: Value,
    },
    /// Forget the timer of this name of the stream that reacts.
    Cancel {
        /// The timer's name.
        name: String,
    },
}

/// A paper that an event issues.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaperOrder {
    /// Stream, template, number and issuer, as the event has them.
    pub paper: PaperRef,
    /// The matter it belongs to, if any; the stream that issues it is known to `app`.
    pub matter: Option<StreamId>,
    /// Date on the paper.
    pub date: Date,
    /// For whom it is, when it goes to somebody.
    pub addressee: Option<Addressee>,
    /// Code for the portal, bound to the paper (the letter's code); empty when there is none.
    pub access: String,
    /// `sms`, `email`, `mail`, `print`, `with_decision`, `address_needed`, or empty for a paper that stays in the file.
    pub channel: String,
    /// Last day for sending it and the limit that sets it, where the law has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_by: Option<(Date, String)>,
    /// The addressee agreed that papers reach them by message and on the portal: it is served on the day it arrives there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub electronic: bool,
    /// What the template needs beside number and date. May hold personal values.
    pub data: Value,
}

impl PaperOrder {
    /// Is everything there that the paper prints of where its organ is reached? A paper with a blank in their place sends
    /// nobody anywhere.
    ///
    /// # Errors
    /// [`Reason::Waiting`] for what the roster must say first.
    pub fn reachable(&self, pack: &Pack) -> Result<(), Refusal> {
        let prints = pack.paper(&self.paper.kind).map_or(&[][..], |kind| kind.prints.as_slice());
        let blank = |contact, name: &str| {
            prints.contains(&contact) && self.data["organ"][name].as_str().unwrap_or_default().trim().is_empty()
        };
        let what = match (blank(Contact::Phone, "phone"), blank(Contact::Address, "address")) {
            (false, false) => return Ok(()),
            (true, false) => "organ_phone",
            (false, true) => "organ_address",
            (true, true) => "organ_phone_address",
        };
        Err(Reason::Waiting { what: what.into() }.into())
    }
}

/// Somebody a paper goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// The person or firm.
    pub person: PersonId,
    /// Name on the paper.
    pub name: crate::Personal<String>,
    /// Phone for messages, when known.
    pub phone: Option<crate::Personal<String>>,
    /// Postal address, when known.
    pub address: Option<crate::Personal<String>>,
    /// E-mail address, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<crate::Personal<String>>,
}

impl Addressee {
    /// Does anybody know a phone, an address or a mailbox of theirs?
    pub fn is_reachable(&self) -> bool {
        [&self.phone, &self.address, &self.email].into_iter().any(is_known)
    }
}

/// Is there something by which somebody is reached?
pub(crate) fn is_known(value: &Option<crate::Personal<String>>) -> bool {
    value.as_ref().and_then(crate::Personal::open).is_some_and(|text| !text.trim().is_empty())
}
