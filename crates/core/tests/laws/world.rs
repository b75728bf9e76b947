//! A county in memory: commands go the whole way (may, open, decide, apply, project, react, papers), and every step is
//! held against the laws that need no story.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::date;
use serde_json::Value;
use yanhe_core::calendar::Calendar;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier, Officer};
use yanhe_core::mark::{MarkOrder, Revision};
use yanhe_core::matter::{self, Matter};
use yanhe_core::organ;
use yanhe_core::pack::Pack;
use yanhe_core::paper::{self, Paper};
use yanhe_core::policy::{self, Act, Actor, Subject};
use yanhe_core::register::{self, Register};
use yanhe_core::row::Tally;
use yanhe_core::time::at_county;
use yanhe_core::{
    Cell, Change, Date, Facts, Ids, Job, Numbers, PaperOrder, PaperRef, Refusal, Stream, StreamId, StreamKind,
    Timestamp,
};

use crate::people::{SECRETS, he, stream_of};
use crate::play::{clerk, leader};

pub static PACK: LazyLock<Pack> = LazyLock::new(|| {
    let files = [
        ("pack.toml", include_str!("../../../../packs/haiyan/pack.toml")),
        ("organs.toml", include_str!("../../../../packs/haiyan/organs.toml")),
        ("rules.toml", include_str!("../../../../packs/haiyan/rules.toml")),
        ("papers.toml", include_str!("../../../../packs/haiyan/papers.toml")),
        ("lists.toml", include_str!("../../../../packs/haiyan/lists.toml")),
        ("scope.toml", include_str!("../../../../packs/haiyan/scope.toml")),
    ];
    let files = files.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    Pack::parse(&files).unwrap_or_else(|faults| panic!("{faults:?}"))
});

pub static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
    let published = include_str!("../../../../packs/calendar/published.toml");
    let statutory = include_str!("../../../../packs/calendar/statutory.toml");
    Calendar::parse(published, statutory).unwrap_or_else(|faults| panic!("{faults:?}"))
});

/// A stream with its history.
#[derive(Clone, Debug)]
pub struct Kept<S: Stream> {
    pub events: Vec<(Timestamp, S::Event)>,
    pub state: Option<S::State>,
}

impl<S: Stream> Default for Kept<S> {
    fn default() -> Self {
        Self { events: Vec::new(), state: None }
    }
}

pub type Streams<S> = BTreeMap<StreamId, Kept<S>>;

/// Why a command had no effect.
#[derive(Clone, Debug, PartialEq)]
pub enum No {
    Denied,
    Refused(Refusal),
}

impl No {
    /// The reason's stable name.
    pub fn reason(&self) -> String {
        match self {
            Self::Denied => "denied".into(),
            Self::Refused(refusal) => {
                let json = serde_json::to_value(&refusal.reason).unwrap();
                json["reason"].as_str().unwrap_or_default().to_owned()
            }
        }
    }
}

pub struct World {
    pub now: Timestamp,
    pub matters: Streams<Matter>,
    pub papers: Streams<Paper>,
    pub dossiers: Streams<Dossier>,
    pub confirmations: Streams<Confirmation>,
    pub registers: BTreeMap<StreamId, i64>,
    pub timers: BTreeMap<(StreamId, String), (Timestamp, StreamId, Value)>,
    pub tallies: Vec<(StreamId, Tally)>,
    pub rows: BTreeMap<(&'static str, String), Vec<Cell>>,
    pub orders: Vec<PaperOrder>,
    pub marks: Vec<MarkOrder>,
    /// The matter from which the next application comes.
    pub origin: Option<StreamId>,
    /// The case with which the next application goes on.
    pub earlier: Option<StreamId>,
    /// Whom the next command names.
    pub officer: Option<Officer>,
    /// Did the actor give a right one-time code?
    pub verified: bool,
    /// Officers who handled or decided the matter.
    pub handling: Vec<String>,
    /// Can parties act by the portal with the organ?
    pub online: bool,
    /// Another case that has the court's number which the next command names.
    pub number_of: Option<String>,
    /// Does another decision bear the number that the next command names?
    pub number_used: bool,
    /// Did an officer see the document of whoever acts?
    pub seen_at_counter: bool,
    /// Is the scan that a command names one of a signed sheet?
    pub scanned: bool,
    /// Does a paper say what is to be corrected?
    pub says: bool,
    /// Is the addressee of a paper a firm?
    pub firm: bool,
    /// Number of the document on file for the addressee of a paper.
    pub document: Option<String>,
    pub refused_jobs: Vec<No>,
    /// Acts that were accepted.
    pub done: BTreeSet<Act>,
    seed: u64,
    depth: u32,
}

impl World {
    pub fn on(day: Date) -> Self {
        Self {
            now: at_county(day.at(9, 0, 0, 0)),
            matters: BTreeMap::new(),
            papers: BTreeMap::new(),
            dossiers: BTreeMap::new(),
            confirmations: BTreeMap::new(),
            registers: BTreeMap::new(),
            timers: BTreeMap::new(),
            tallies: Vec::new(),
            rows: BTreeMap::new(),
            orders: Vec::new(),
            marks: Vec::new(),
            origin: None,
            earlier: None,
            officer: None,
            verified: true,
            number_of: None,
            number_used: false,
            handling: Vec::new(),
            online: true,
            seen_at_counter: false,
            scanned: true,
            says: true,
            firm: false,
            document: None,
            refused_jobs: Vec::new(),
            done: BTreeSet::new(),
            seed: 0,
            depth: 0,
        }
    }

    pub fn new() -> Self {
        Self::on(date(2022, 3, 1))
    }

    pub fn today(&self) -> Date {
        yanhe_core::time::county_date(self.now)
    }

    /// Nine o'clock on that day; timers fire on the way, in their order.
    pub fn until(&mut self, day: Date) {
        let target = at_county(day.at(9, 0, 0, 0));
        while let Some(due) = self.timers.values().map(|t| t.0).filter(|due| *due <= target).min() {
            self.now = self.now.max(due);
            self.fire_due();
        }
        self.now = self.now.max(target);
    }

    /// Facts for this actor and stream, with every register loaded.
    pub fn with_facts<T>(
        &mut self,
        actor: &Actor,
        stream: &StreamId,
        mut f: impl FnMut(&Facts<'_>) -> T,
    ) -> (T, BTreeMap<StreamId, i64>) {
        self.seed += 1;
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_be_bytes());
        let mut loaded = BTreeMap::new();
        loop {
            let (ids, numbers) = (Ids::new(seed), Numbers::new(loaded.clone()));
            let facts =
                Facts { now: self.now, actor, stream, calendar: &CALENDAR, pack: &PACK, ids: &ids, numbers: &numbers };
            let out = f(&facts);
            let missing = numbers.missing();
            if missing.is_empty() {
                return (out, numbers.taken());
            }
            loaded.extend(missing.into_iter().map(|m| (m.clone(), self.registers.get(&m).copied().unwrap_or(0) + 1)));
        }
    }

    /// Is the act open, and allowed to this actor?
    pub fn open<S: Played>(&mut self, actor: &Actor, id: &StreamId, act: Act) -> Result<(), No> {
        policy::may(actor, act, &S::subject(self, id, None)).map_err(|_| No::Denied)?;
        let state = S::all(self).get(id).and_then(|k| k.state.clone());
        let context = S::context(self, id);
        self.with_facts(actor, id, |facts| S::open(state.as_ref(), act, facts, &context)).0.map_err(No::Refused)
    }

    /// The events of a command, once everything it causes has happened.
    pub fn ask<S: Played>(&mut self, actor: &Actor, id: &StreamId, command: S::Command) -> Result<Vec<S::Event>, No> {
        let command: S::Command = again(&command);
        policy::may(actor, S::act(&command), &S::subject(self, id, Some(&command))).map_err(|_| No::Denied)?;
        let before = S::all(self).get(id).and_then(|k| k.state.clone());
        let context = S::context(self, id);
        let now = self.now;
        let (decided, taken) = self.with_facts(actor, id, |facts| {
            let events = S::decide(before.as_ref(), command.clone(), facts, &context)?;
            let open = S::open(before.as_ref(), S::act(&command), facts, &context);
            assert_eq!(open, Ok(()), "decided, though not open: {command:?}");
            let mut state = before.clone();
            let mut orders = Vec::new();
            let mut states = Vec::new();
            let mut marks = Vec::new();
            for event in &events {
                let after = S::apply(state, event, now);
                marks.extend(S::marks(&after, event, facts));
                orders.extend(S::papers(id, &after, event, facts, &context));
                states.push(after.clone());
                state = Some(after);
            }
            Ok((events, states, orders, marks))
        });
        let (events, states, orders, marks) = decided.map_err(No::Refused)?;
        self.done.insert(S::act(&command));
        for (register, count) in taken {
            self.take(&register, count);
        }
        for (event, state) in events.iter().zip(&states) {
            self.record::<S>(id, event, state);
        }
        self.depth += 1;
        for order in orders {
            self.issue(id, order);
        }
        for mark in marks {
            self.mark(mark);
        }
        self.depth -= 1;
        if self.depth == 0 {
            self.fire_due();
        }
        Ok(events)
    }

    /// A command that must succeed.
    pub fn do_<S: Played>(&mut self, actor: &Actor, id: &StreamId, command: S::Command) -> Vec<S::Event> {
        let text = format!("{command:?}");
        self.ask::<S>(actor, id, command).unwrap_or_else(|no| panic!("{no:?}: {text}"))
    }

    /// A command that must fail: the reason's name.
    pub fn no<S: Played>(&mut self, actor: &Actor, id: &StreamId, command: S::Command) -> String {
        let text = format!("{command:?}");
        match self.ask::<S>(actor, id, command) {
            Ok(events) => panic!("accepted: {text}: {events:?}"),
            Err(no) => no.reason(),
        }
    }

    fn take(&mut self, register: &StreamId, count: i64) {
        let last = self.registers.get(register).copied();
        let state = last.map(|last| register::State { last });
        let command = register::Command::Take { count };
        let system = Actor::system();
        let (events, _) =
            self.with_facts(&system, register, |f| Register::decide(state.as_ref(), command.clone(), f, &()));
        let state = events.unwrap().iter().fold(state, |s, e| Some(Register::apply(s, e, Timestamp::UNIX_EPOCH)));
        let now = state.map_or(0, |s| s.last);
        assert_eq!(now, last.unwrap_or(0) + count, "a register has no gap");
        self.registers.insert(register.clone(), now);
    }

    fn record<S: Played>(&mut self, id: &StreamId, event: &S::Event, state: &S::State) {
        let json = serde_json::to_value(event).unwrap();
        assert_canonical(&json);
        assert_no_secret(&json, "an event");
        assert_eq!(again(event), *event, "an event survives storage");
        let snapshot = serde_json::to_value(state).unwrap();
        assert_canonical(&snapshot);
        assert_no_secret(&snapshot, "a state");
        assert_eq!(again(state), *state, "a state survives storage");
        for change in S::project(id, state, event, self.now) {
            self.change(id, change);
        }
        for job in S::react(id, state, event) {
            let json = serde_json::to_value(&job).unwrap();
            assert_no_secret(&json, "a job");
            match job {
                Job::Run { name, due, stream, command } => {
                    self.timers.insert((id.clone(), name), (due, stream, command));
                }
                Job::Cancel { name } => {
                    self.timers.remove(&(id.clone(), name));
                }
            }
        }
        let now = self.now;
        let kept = S::all(self).entry(id.clone()).or_default();
        kept.events.push((now, event.clone()));
        kept.state = Some(state.clone());
    }

    fn change(&mut self, id: &StreamId, change: Change) {
        let (table, cells) = match &change {
            Change::Tally(tally) => {
                let again =
                    |(stream, t): &(StreamId, Tally)| stream == id && t.name == tally.name && t.mark == tally.mark;
                assert!(!self.tallies.iter().any(again), "counted twice: {tally:?}");
                self.tallies.push((id.clone(), tally.clone()));
                return;
            }
            Change::Put(table, cells) | Change::Claim(table, cells) => {
                assert_eq!(cells.len(), table.key.len() + table.columns.len(), "{}", table.name);
                (table, cells)
            }
            Change::Delete(table, cells) => {
                assert_eq!(cells.len(), table.key.len(), "{}", table.name);
                (table, cells)
            }
        };
        for cell in cells {
            if let Cell::Text(text) | Cell::Open(text) = cell {
                for secret in SECRETS {
                    assert!(!text.contains(secret), "`{secret}` stands open in {}: {text}", table.name);
                }
            }
        }
        let key = (table.name, format!("{:?}", &cells[..table.key.len()]));
        match &change {
            Change::Delete(..) => {
                self.rows.remove(&key);
            }
            Change::Claim(..) => {
                assert!(self.rows.insert(key, cells.clone()).is_none(), "claimed twice: {cells:?}");
            }
            _ => {
                self.rows.insert(key, cells.clone());
            }
        }
    }

    fn issue(&mut self, about: &StreamId, order: PaperOrder) {
        assert_canonical(&order.data);
        assert_no_secret(&order.data, "the data of a paper");
        let kind = PACK.paper(&order.paper.kind).unwrap_or_else(|| panic!("no paper {}", order.paper.kind));
        let numbered = kind.numbered != yanhe_core::pack::Numbered::None;
        // A new decision bears the number that the organ gave it outside the registers.
        let own = order.paper.kind == "changed_decision";
        assert_eq!(numbered || own, !order.paper.number.is_empty(), "{:?}", order.paper);
        let issued = paper::Issued {
            paper: order.paper.clone(),
            about: about.clone(),
            matter: order.matter.clone(),
            date: order.date,
            addressee: order.addressee.clone(),
            access: order.access.clone(),
            channel: order.channel.clone(),
            send_by: order.send_by.clone(),
            electronic: order.electronic,
            sha256: sha(&order.paper),
            pages: 1,
        };
        self.orders.push(order);
        let id = issued.paper.id.clone();
        self.do_::<Paper>(&Actor::system(), &id, paper::Command::Issue { issued: Box::new(issued) });
    }

    fn mark(&mut self, order: MarkOrder) {
        assert_canonical(&order.data);
        assert_no_secret(&order.data, "the data of a mark");
        let state = self.papers[&order.paper].state.clone().expect("what is signed was issued");
        let revision = Revision {
            after: state.latest().to_owned(),
            sha256: format!("{}/{}", state.latest(), order.place),
            size: 1,
            mark: order.place.clone(),
        };
        self.do_::<Paper>(&Actor::system(), &order.paper, paper::Command::AddRevision { revision });
        self.marks.push(order);
    }

    fn fire_due(&mut self) {
        self.depth += 1;
        while let Some(key) =
            self.timers.iter().filter(|(_, t)| t.0 <= self.now).min_by_key(|(_, t)| t.0).map(|(k, _)| k.clone())
        {
            let (_, stream, command) = self.timers.remove(&key).unwrap();
            if let Err(no) = self.fire(&stream, command.clone()) {
                self.refused_jobs.push(no);
            }
            // Jobs come at least once: the second time must change nothing.
            let before = self.timers.clone();
            assert_eq!(self.fire(&stream, command.clone()).unwrap_or(0), 0, "twice: {command}");
            assert_eq!(self.timers, before);
        }
        self.depth -= 1;
    }

    /// Gives a job's command to its stream: how many events it caused.
    pub fn fire(&mut self, stream: &StreamId, command: Value) -> Result<usize, No> {
        let system = Actor::system();
        match stream.kind() {
            StreamKind::Matter => {
                Ok(self.ask::<Matter>(&system, stream, serde_json::from_value(command).unwrap())?.len())
            }
            StreamKind::Dossier => {
                Ok(self.ask::<Dossier>(&system, stream, serde_json::from_value(command).unwrap())?.len())
            }
            StreamKind::Confirmation => {
                Ok(self.ask::<Confirmation>(&system, stream, serde_json::from_value(command).unwrap())?.len())
            }
            StreamKind::Paper => {
                Ok(self.ask::<Paper>(&system, stream, serde_json::from_value(command).unwrap())?.len())
            }
            other => panic!("no job goes to a {other:?}"),
        }
    }

    pub fn matter(&self, id: &StreamId) -> &matter::State {
        self.matters[id].state.as_ref().unwrap()
    }

    pub fn dossier(&self, id: &StreamId) -> &dossier::State {
        self.dossiers[id].state.as_ref().unwrap()
    }

    pub fn confirmation(&self, id: &StreamId) -> &confirmation::State {
        self.confirmations[id].state.as_ref().unwrap()
    }

    /// The sum of a count.
    pub fn count(&self, name: &str) -> i64 {
        self.tallies.iter().filter(|(_, t)| t.name == name).map(|(_, t)| t.by).sum()
    }

    /// Tasks that wait for somebody, of one stream.
    pub fn tasks(&self, id: &StreamId) -> Vec<String> {
        let mut tasks: Vec<String> = Vec::new();
        for ((table, _), cells) in &self.rows {
            if *table == "work"
                && let (Cell::Text(stream), Cell::Text(task)) = (&cells[0], &cells[1])
                && stream == id.as_str()
            {
                tasks.push(task.clone());
            }
        }
        tasks
    }

    /// The last order for a paper of a kind.
    pub fn order(&self, kind: &str) -> &PaperOrder {
        self.orders.iter().rfind(|o| o.paper.kind == kind).unwrap_or_else(|| panic!("no {kind} was issued"))
    }

    /// Serves a paper on its addressee today.
    pub fn serve(&mut self, actor: &Actor, paper: &StreamId) {
        let on = self.today();
        self.do_::<Paper>(
            actor,
            paper,
            paper::Command::RecordService {
                manner: "direct".into(),
                on,
                at: None,
                served: true,
                receiver: crate::people::GOSSIP.into(),
                note: String::new(),
            },
        );
    }

    /// A notice on a paper: the clerk asks for it and the leader approves.
    pub fn notice(&mut self, paper: &StreamId, wanted: paper::Command) {
        self.do_::<Paper>(&clerk(), paper, wanted);
        self.do_::<Paper>(&leader(), paper, paper::Command::ApproveNotice {});
    }

    /// The number that the next penalty decision of an organ bears.
    pub fn next_decision(&self, organ: &str) -> String {
        let year = self.today().year();
        let register = matter::decision::register_of(&PACK, organ, year);
        matter::decision::next_number(&PACK, organ, year, self.registers.get(&register).copied().unwrap_or(0))
    }

    /// Names a member of staff in the next command: their stream.
    pub fn name(&mut self, actor: &Actor) -> StreamId {
        self.officer = Some(crate::people::officer(actor));
        stream_of(actor)
    }
}

/// The hash of a paper's bytes: here of nothing but its name.
pub fn sha(paper: &PaperRef) -> String {
    format!("{:0<64}", paper.id.key())
}

/// Through JSON and back.
pub fn again<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

/// No floats, and no integer that RFC 8785 could not write exactly.
pub fn assert_canonical(json: &Value) {
    match json {
        Value::Number(n) => {
            let n = n.as_i64().unwrap_or_else(|| panic!("{n} is not an integer"));
            assert!(n.abs() < 1 << 53, "{n} is beyond exact doubles");
        }
        Value::Array(items) => items.iter().for_each(assert_canonical),
        Value::Object(fields) => fields.values().for_each(assert_canonical),
        _ => {}
    }
}

/// Nothing of a human being outside a personal value.
pub fn assert_no_secret(json: &Value, what: &str) {
    match json {
        Value::String(text) => {
            for secret in SECRETS {
                assert!(!text.contains(secret), "`{secret}` stands open in {what}: {text}");
            }
        }
        Value::Array(items) => items.iter().for_each(|v| assert_no_secret(v, what)),
        Value::Object(fields) if fields.len() == 1 && fields.contains_key("$personal") => {}
        Value::Object(fields) => fields.values().for_each(|v| assert_no_secret(v, what)),
        _ => {}
    }
}

/// A stream that the world plays.
pub trait Played: Stream + Sized {
    fn all(world: &mut World) -> &mut Streams<Self>;
    fn context(world: &World, id: &StreamId) -> Self::Context;
    fn subject(world: &World, id: &StreamId, command: Option<&Self::Command>) -> Subject;
}

fn profile() -> organ::Profile {
    organ::Profile {
        name: "海盐县市场监督管理局".into(),
        phone: "0573-86000000".into(),
        address: "海盐县武原街道".into(),
        brand: None,
        joined_on: None,
        mediates: true,
    }
}

impl Played for Matter {
    fn all(world: &mut World) -> &mut Streams<Self> {
        &mut world.matters
    }
    fn context(_: &World, _: &StreamId) -> matter::Context {
        matter::Context { organ: Some(profile()), portal: "https://yanhe.example".into(), ..matter::Context::default() }
    }
    fn subject(world: &World, id: &StreamId, command: Option<&matter::Command>) -> Subject {
        let organ = match (world.matters.get(id).and_then(|k| k.state.as_ref()), command) {
            (Some(state), _) => state.matter.organ.clone(),
            (None, Some(matter::Command::Register { matter } | matter::Command::Decide { matter, .. })) => {
                matter.organ.clone()
            }
            _ => String::new(),
        };
        Subject { organ, ..Subject::default() }
    }
}

impl Played for Paper {
    fn all(world: &mut World) -> &mut Streams<Self> {
        &mut world.papers
    }
    fn context(world: &World, id: &StreamId) -> paper::Context {
        let paper = world.papers.get(id).and_then(|k| k.state.as_ref());
        let issued = paper.map(|s| &s.issued);
        let matter = issued.and_then(|i| world.matters.get(&i.about)).and_then(|k| k.state.as_ref());
        let decision = matter.and_then(|m| m.decision.as_ref()).map(|d| &d.paper.id);
        let own = decision == Some(id);
        let other = decision.filter(|_| !own).and_then(|d| world.papers.get(d)).and_then(|k| k.state.as_ref());
        paper::Context {
            organ: Some(profile()),
            with: match matter {
                Some(m) if own => m.with_decision().map(|l| l.paper.clone()).collect(),
                Some(m) if paper.is_some_and(paper::State::goes_with_decision) => {
                    m.served_with(id).into_iter().collect()
                }
                _ => Vec::new(),
            },
            served: other.map(|o| o.services.clone()).unwrap_or_default(),
            document: world.document.clone(),
            firm: world.firm,
            says: world.says,
            approved: Vec::new(),
            fallen: issued
                .and_then(|i| world.dossiers.get(&i.about)?.state.as_ref())
                .map(|case| case.fallen(id))
                .unwrap_or_default(),
            server: Some(yanhe_core::Personal::new(&yanhe_core::PersonId("staff".into()), "陈喆".to_owned())),
            cause: matter.map_or_else(String::new, |m| m.matter.category.clone()),
        }
    }
    fn subject(world: &World, id: &StreamId, _: Option<&paper::Command>) -> Subject {
        let Some(state) = world.papers.get(id).and_then(|k| k.state.as_ref()) else { return Subject::default() };
        let issuer = state.issued.paper.issuer.clone();
        Subject {
            organ: issuer.clone(),
            court: issuer,
            mediator: String::new(),
            parties: state.issued.addressee.iter().map(|a| a.person.clone()).collect(),
        }
    }
}

impl Played for Dossier {
    fn all(world: &mut World) -> &mut Streams<Self> {
        &mut world.dossiers
    }
    fn context(world: &World, id: &StreamId) -> dossier::Context {
        let state = world.dossiers.get(id).and_then(|k| k.state.as_ref());
        let matter = world.origin.as_ref().and_then(|id| {
            let cases = world.dossiers.values().filter_map(|known| known.state.as_ref());
            let mut from = cases.filter(|case| case.matter.as_ref() == Some(id) && case.is_applicant(&he().person));
            let goes_on = from.find(|case| case.goes_on()).map(|case| case.application.number.clone());
            let state = world.matters.get(id)?.state.as_ref()?;
            let proposed = (state.proposal.entry.as_deref(), state.proposal.sector.as_deref());
            let (entry, sector) = state.entitled().map_or(proposed, |party| state.entry_of(&party.person));
            Some(dossier::Origin {
                stream: id.clone(),
                number: state.matter.number.clone(),
                organ: state.matter.organ.clone(),
                kind: state.kind(),
                entry: entry.unwrap_or_default().to_owned(),
                sector: sector.map(str::to_owned),
                days: state.days(),
                reporter: state.matter.reporter,
                letter: state.letters.last().map(|(l, _)| l.paper.clone()),
                entitled: state.entitled().map(|p| p.person.clone()).into_iter().collect(),
                goes_on,
                phones: state.parties().filter_map(|(_, p)| Some((p.person.clone(), p.phone.clone()?))).collect(),
            })
        });
        let agreement = state.and_then(|s| s.agreement.as_ref()).map(|a| sha(&a.paper));
        let record = state.and_then(|s| s.sessions.last()).and_then(|s| s.record.as_ref()).map(sha);
        let application = state.and_then(|s| s.application_paper()).map(sha);
        let earlier = world.earlier.as_ref().map(|id| {
            let case = Box::new(world.dossier(id).clone());
            let state =
                |later: &dossier::Renewal| world.dossiers.get(&later.case)?.state.as_ref().map(dossier::State::goes_on);
            let goes_on = case.renewed_by.iter().find(|l| state(l) == Some(true)).map(|l| l.number.clone());
            let matter = case.matter.as_ref().and_then(|matter| world.matters.get(matter)?.state.as_ref());
            dossier::Earlier { stream: id.clone(), days: matter.map(matter::State::days), case, goes_on }
        });
        let old = state.and_then(|s| world.matters.get(s.matter.as_ref()?)?.state.as_ref()).map(|m| &m.matter);
        let old = old.map(|m| dossier::OldDecision { number: m.number.clone(), on: m.occurred_on });
        let paper = |notice: &StreamId| world.papers.get(notice)?.state.as_ref();
        let away = state.map(dossier::State::stayed_away).unwrap_or_default().into_iter();
        let away = away.filter(|(person, notice, day)| {
            paper(&notice.id).and_then(|paper| state?.reached_on(person, paper)).is_some_and(|on| on <= *day)
        });
        dossier::Context {
            organ: Some(profile()),
            reached: away.map(|(_, notice, _)| notice.id.clone()).collect(),
            matter,
            days: state.and_then(|s| Some(world.matters.get(s.matter.as_ref()?)?.state.as_ref()?.days())),
            earlier,
            staff: world.officer.clone(),
            verified: world.verified,
            paper_sha256: agreement.or(record).or(application).unwrap_or_default(),
            paper_date: state
                .and_then(|s| s.agreement.as_ref())
                .and_then(|a| Some(world.papers.get(&a.paper.id)?.state.as_ref()?.issued.date)),
            seen_at_counter: world.seen_at_counter,
            scanned: world.scanned,
            handling: world.handling.clone(),
            applies_to: crate::play::MARKET.into(),
            online: world.online,
            portal: "https://yanhe.example".into(),
            number_used: world.number_used,
            attends: Some(crate::people::officer(&crate::play::clerk())),
            fine: old.is_some().then_some(2_000_000),
            old_decision: old,
        }
    }
    fn subject(world: &World, id: &StreamId, command: Option<&dossier::Command>) -> Subject {
        match (world.dossiers.get(id).and_then(|k| k.state.as_ref()), command) {
            (Some(state), _) => Subject {
                organ: state.organ.clone(),
                court: state.court.clone(),
                mediator: state.mediator.as_ref().map(|m| m.staff.clone()).unwrap_or_default(),
                parties: dossier::parties(state).map(|(_, p)| p.person.clone()).collect(),
            },
            (None, Some(dossier::Command::Apply { organ, applicants, .. })) => Subject {
                organ: organ.clone(),
                parties: applicants.iter().map(|p| p.person.clone()).collect(),
                ..Subject::default()
            },
            _ => Subject::default(),
        }
    }
}

impl Played for Confirmation {
    fn all(world: &mut World) -> &mut Streams<Self> {
        &mut world.confirmations
    }
    fn context(world: &World, id: &StreamId) -> confirmation::Context {
        let of = dossier_of(id);
        let dossier = world.dossiers.get(&of).and_then(|k| k.state.as_ref());
        let agreement = dossier.and_then(|d| d.agreement.as_ref());
        let application = world.confirmations.get(id).and_then(|k| k.state.as_ref()).map(|s| sha(&s.application));
        confirmation::Context {
            subject: dossier
                .and_then(|d| confirmation::subject(&of, d, &agreement.map(|a| sha(&a.paper)).unwrap_or_default())),
            not_confirmable: agreement.map(|a| a.not_confirmable.clone()).unwrap_or_default(),
            organ: Some(profile()),
            verified: world.verified,
            paper_sha256: application.unwrap_or_default(),
            scanned: world.scanned,
            judge: world.officer.clone(),
            number_of: world.number_of.clone(),
            ..confirmation::Context::default()
        }
    }
    fn subject(world: &World, id: &StreamId, _: Option<&confirmation::Command>) -> Subject {
        let dossier = world.dossiers.get(&dossier_of(id)).and_then(|k| k.state.as_ref());
        dossier.map_or_else(Subject::default, |state| Subject {
            organ: state.organ.clone(),
            court: state.court.clone(),
            mediator: state.mediator.as_ref().map(|m| m.staff.clone()).unwrap_or_default(),
            parties: dossier::parties(state).map(|(_, p)| p.person.clone()).collect(),
        })
    }
}

/// The dossier of a confirmation: they share the key.
pub fn dossier_of(confirmation: &StreamId) -> StreamId {
    StreamId::new(StreamKind::Dossier, confirmation.key())
}

/// The confirmation of a dossier.
pub fn confirmation_of(dossier: &StreamId) -> StreamId {
    StreamId::new(StreamKind::Confirmation, dossier.key())
}
