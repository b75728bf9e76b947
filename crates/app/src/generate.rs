//! Large directories for measuring: cases that live through the same commands as real ones, written ahead.
//!
//! The fast way differs from the slow one in three things: papers are blank, what is not written yet is read from memory,
//! and commits are written in large groups, sealed and indexed at the end. A test holds both ways against each other. The
//! cases are civil ones, of complaints; their time goes back and forth, as no clock of a running program ever does.

mod agreement;
mod benches;
mod court;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::ToSpan;
use yanhe_core::dossier::{self, Decision, Via};
use yanhe_core::policy::Actor;
use yanhe_core::scope::Kind as DisputeKind;
use yanhe_core::time::{Date, at_county};
use yanhe_core::values::DocNumber;
use yanhe_core::{Ids, StreamId, StreamKind, Timestamp, matter, paper};
use yanhe_store_read::{Page, StoreError};

use self::benches::Bench;
use self::court::Court;
use crate::App;
use crate::ahead::Ahead;
use crate::bench::Files;
use crate::command::Command;
use crate::error::AppError;
use crate::handle::Request;
use crate::import::{ImportFileError, Kind, Record, registered};
use crate::ports::{Clock, Entropy, SeededEntropy};

/// The first day on which a complaint is registered, and over how many days they are spread.
const FIRST: Date = jiff::civil::date(2022, 1, 4);
const DAYS: usize = 150;

/// Entries that are sealed in one round.
const SEALED_AT_ONCE: u32 = 50_000;

/// Why cases were not made.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// A file of the county cannot be read.
    #[error(transparent)]
    Import(#[from] ImportFileError),
    /// An act was not carried out.
    #[error("case {case}, {what}: {error}")]
    Act {
        /// Which case.
        case: usize,
        /// Which act.
        what: &'static str,
        /// Why not.
        error: AppError,
    },
    /// Something else failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How the cases are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// As by people: papers typeset, every commit on disk before the next.
    Slow,
    /// Blank papers and large groups; left unfinished, the directory is to be thrown away.
    Fast,
}

/// A clock that is set to the moment of each act, also backwards.
struct ActClock(Mutex<Timestamp>);

impl Clock for ActClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far cases go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goes {
    /// The application waits.
    Applied,
    /// The other side is asked.
    Asked,
    /// Refused, for the other side says no.
    Refused,
    /// A session is called.
    Mediating,
    /// Mediated without agreement, and closed.
    Failed,
    /// Signatures are missing.
    Signing,
    /// In force and not yet performed.
    Performing,
    /// In force, and filed with the court.
    Filed,
    /// In force, and before the judge.
    Docketed,
    /// In force, confirmed by a ruling that was served, performed and closed.
    Confirmed,
    /// Performed and closed.
    Kept,
}

/// How many cases of a hundred go how far.
const SHARES: [(Goes, usize); 11] = [
    (Goes::Applied, 4),
    (Goes::Asked, 4),
    (Goes::Refused, 10),
    (Goes::Mediating, 6),
    (Goes::Failed, 16),
    (Goes::Signing, 3),
    (Goes::Performing, 7),
    (Goes::Filed, 2),
    (Goes::Docketed, 2),
    (Goes::Confirmed, 8),
    (Goes::Kept, 38),
];

/// Only so many of the last cases are left open: an archive grows, but not what people have on their desks.
const OPEN: usize = 3_000;

/// How far one of so many cases goes: every hundred cases in a row hold each share exactly, spread evenly; of those that
/// are long past, each has come to its end.
fn goes(n: usize, of: usize) -> Goes {
    let mut roll = n * 37 % 100;
    let share = SHARES.iter().find(|(_, share)| {
        let here = roll < *share;
        roll = roll.saturating_sub(*share);
        here
    });
    let goes = share.map_or(Goes::Kept, |(goes, _)| *goes);
    if of - n <= OPEN {
        return goes;
    }
    match goes {
        Goes::Applied | Goes::Asked => Goes::Refused,
        Goes::Mediating | Goes::Signing => Goes::Failed,
        Goes::Performing => Goes::Kept,
        Goes::Filed | Goes::Docketed => Goes::Confirmed,
        ended => ended,
    }
}

struct Making<'a> {
    app: &'a App,
    clock: &'a ActClock,
    chance: SeededEntropy,
}

impl App {
    /// Makes cases in a data directory, `dossiers` of them, from the county's roster and complaints. The same seed makes
    /// the same cases in a new directory. Gives the App back, reading what was written.
    ///
    /// # Errors
    /// The first act that was not carried out; what was written until then stays.
    pub async fn generate(
        mut self,
        data: &Path,
        files: &Files,
        (dossiers, seed): (usize, u64),
        way: Way,
        progress: impl Fn(usize),
    ) -> Result<Self, GenerateError> {
        let start = at_county(FIRST.at(8, 0, 0, 0));
        let clock = Arc::new(ActClock(Mutex::new(start)));
        let before = (Arc::clone(&self.clock), Arc::clone(&self.entropy));
        self.clock = Arc::clone(&clock) as Arc<dyn Clock>;
        self.entropy = Arc::new(SeededEntropy(seed));
        for (kind, name, bytes) in files.iter().filter(|(kind, ..)| *kind == Kind::Roster) {
            self.import(&Actor::admin(), *kind, name, bytes, false, |_, _| ()).await?;
        }
        let rows = self.disputes(files)?;
        let (benches, court) = (self.benches().await?, self.court().await?);
        // On a server the rows are sent like those of any command.
        if way == Way::Fast && self.writer.embedded() {
            self.ahead = Some(Ahead::of(data)?);
        }
        let making = Making { app: &self, clock: &clock, chance: SeededEntropy(seed) };
        for n in 0..dossiers {
            let Some(row) = rows.get(n % rows.len().max(1)) else { break };
            let Some((_, bench)) = benches.iter().find(|(organ, _)| *organ == row.1) else { continue };
            Box::pin(making.case(n, &row.0, bench, (&court, goes(n, dossiers)))).await?;
            if let Some(ahead) = &self.ahead {
                ahead.forget_cases();
            }
            progress(n + 1);
        }
        (self.clock, self.entropy) = before;
        if let Some(ahead) = self.ahead.take() {
            let bulk = tokio::task::block_in_place(|| ahead.finish())?;
            // Before there are indexes to keep up.
            self.seal_rounds(SEALED_AT_ONCE).await?;
            self.fold_tallies().await?;
            tokio::task::block_in_place(|| bulk.finish()).map_err(AppError::from)?;
        }
        Ok(self)
    }

    /// Complaints with an organ, another side and a civil dispute that a letter is proposed for.
    fn disputes(&self, files: &Files) -> Result<Vec<(Record, String)>, GenerateError> {
        let mut rows = Vec::new();
        for (kind, name, bytes) in files.iter().filter(|(kind, ..)| *kind == Kind::Complaints) {
            let sheet = self.read_file(*kind, name, bytes).map_err(ImportFileError::from)?;
            for record in sheet.rows.into_iter().filter_map(|row| row.result.ok()) {
                let ids = Ids::new([0; 32]);
                let Some(matter) = registered(&record, &self.pack, &ids, None, "") else { continue };
                let text = matter::text_of(&self.pack, &matter);
                let proposal = yanhe_core::scope::propose(&self.pack.scope, &text);
                let civil = proposal.send && proposal.kind == DisputeKind::Civil;
                if civil && matter.subject.is_some() && matter.complainant.is_some() {
                    rows.push((record, matter.organ));
                }
            }
        }
        Ok(rows)
    }
}

/// One case while it is made.
struct Case {
    n: usize,
    first: Date,
    acts: usize,
}

impl Making<'_> {
    /// A number below `bound` for a purpose in a case.
    fn below(&self, bound: u64, purpose: &str, n: usize) -> u64 {
        let seed = self.chance.seed(&format!("{purpose}/{n}"));
        let (first, _) = seed.split_at(8);
        u64::from_be_bytes(first.try_into().unwrap_or_default()) % bound.max(1)
    }

    /// The day of a case, counted from its first.
    fn day(case: &Case, days: i64) -> Date {
        case.first.checked_add(days.days()).unwrap_or(case.first)
    }

    /// Sets the clock to an hour of a day of the case.
    fn at(&self, case: &Case, days: i64, hour: i8) {
        let now = at_county(Self::day(case, days).at(hour, 0, 0, 0));
        *self.clock.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Nobody does two things in the same instant.
    fn tick(&self) {
        let mut now = self.clock.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add(1.second()).unwrap_or(*now);
    }

    async fn act(
        &self,
        case: &mut Case,
        what: &'static str,
        actor: &Actor,
        stream: &StreamId,
        command: impl Into<Command>,
    ) -> Result<(), GenerateError> {
        self.acts(case, what, actor, vec![(stream.clone(), command.into())]).await
    }

    async fn acts(
        &self,
        case: &mut Case,
        what: &'static str,
        actor: &Actor,
        steps: Vec<(StreamId, Command)>,
    ) -> Result<(), GenerateError> {
        case.acts += 1;
        self.tick();
        let key = format!("generated/{}/{}", case.n, case.acts);
        // Codes are asked for at the door, and these acts do not come in by one.
        let request = Request::all(actor, key, steps).verified();
        let failed = |error| GenerateError::Act { case: case.n, what, error };
        self.app.handle(request).await.map_err(failed)?;
        self.follow_ups().await.map_err(failed)
    }

    /// Runs what the last act set to be done at once. Timers of the future stay for whoever opens the directory.
    async fn follow_ups(&self) -> Result<(), AppError> {
        loop {
            let mut ran = false;
            if let Some(ahead) = &self.app.ahead {
                for due in ahead.due() {
                    ran = true;
                    self.follow_up(&due.owner, &due.name, &due.stream, &due.command).await?;
                }
            } else {
                let until = Timestamp::UNIX_EPOCH.checked_add(1.minute()).unwrap_or(Timestamp::MAX);
                for due in self.app.writer.due_jobs(Timestamp::UNIX_EPOCH, until, 64).await? {
                    ran = true;
                    self.follow_up(&due.owner, &due.name, &due.stream, &due.command).await?;
                    self.app.writer.done(&due).await?;
                }
            }
            if !ran {
                return Ok(());
            }
        }
    }

    async fn follow_up(&self, owner: &StreamId, name: &str, stream: &StreamId, command: &[u8]) -> Result<(), AppError> {
        let unreadable =
            |e: serde_json::Error| AppError::Unreadable { stream: stream.to_string(), problem: e.to_string() };
        let json = serde_json::from_slice(command).map_err(unreadable)?;
        let command = Command::from_job(stream.kind(), json).map_err(unreadable)?;
        let now = self.clock.now().as_microsecond();
        let steps = vec![(stream.clone(), command)];
        let key = format!("job/{owner}/{name}/{now}/1");
        self.app.handle(Request::all(&Actor::system(), key, steps)).await.map(drop)
    }

    async fn case(
        &self,
        n: usize,
        record: &Record,
        bench: &Bench,
        (court, goes): (&Court, Goes),
    ) -> Result<(), GenerateError> {
        let days = i64::try_from(n * 7 % DAYS).unwrap_or_default();
        let mut case = Case { n, first: FIRST.checked_add(days.days()).unwrap_or(FIRST), acts: 0 };
        let (clerk, leader) = (&bench.clerk, &bench.leader);
        let chosen = self.below(bench.mediators.len() as u64, "mediator", n);
        let Some(mediator) = bench.mediators.get(usize::try_from(chosen).unwrap_or_default()) else { return Ok(()) };

        let stream = self.matter(&mut case, record, clerk).await?;
        let dossier = StreamId::derived(StreamKind::Dossier, &["generated", stream.as_str()]);
        self.apply(&mut case, &stream, &dossier, clerk).await?;
        if goes == Goes::Applied {
            return Ok(());
        }
        self.at(&case, 4, 9);
        let (findings, text) = ("已联系双方核实。".to_owned(), "已告知行政调解途径，来电人已申请。".to_owned());
        self.act(&mut case, "reply", clerk, &stream, matter::Command::ReplyOrder { findings, text }).await?;
        self.act(&mut case, "ask", clerk, &dossier, dossier::Command::AskConsent {}).await?;
        self.send(&mut case, &dossier, clerk).await?;
        if goes == Goes::Asked {
            return Ok(());
        }
        self.at(&case, 5, 10);
        let answer = if goes == Goes::Refused { Decision::No } else { Decision::Yes };
        let on = Self::day(&case, 5);
        let how = "电话答复，经办人核对姓名和证件号码。".to_owned();
        let answer = dossier::Command::AnswerConsent { electronic: None, answer, on, person: None, slip: None, how };
        self.act(&mut case, "answer", clerk, &dossier, answer).await?;
        if goes == Goes::Refused {
            let (ground, note, competent) = ("party_refuses".to_owned(), String::new(), String::new());
            let command = dossier::Command::Refuse { ground, note, competent };
            self.act(&mut case, "refuse", clerk, &dossier, command).await?;
            return self.send(&mut case, &dossier, clerk).await;
        }
        self.act(&mut case, "accept", clerk, &dossier, dossier::Command::Accept { reason: String::new() }).await?;
        let staff = StreamId::parse(&mediator.id).ok_or(AppError::NotFound)?;
        let name = dossier::Command::NameMediator { staff, legal_section: false };
        self.act(&mut case, "name", leader, &dossier, name).await?;
        let declare = dossier::Command::DeclareConflict { conflict: false };
        self.act(&mut case, "declare", mediator, &dossier, declare).await?;
        let at = Self::day(&case, 10).at(14, 0, 0, 0);
        let call = dossier::Command::CallSession { at, place: "本机关调解室".into() };
        self.act(&mut case, "call", mediator, &dossier, call).await?;
        self.send(&mut case, &dossier, clerk).await?;
        if goes == Goes::Mediating {
            return Ok(());
        }
        self.session(&mut case, &dossier, mediator, goes == Goes::Failed).await?;
        if goes == Goes::Failed {
            let end = dossier::Command::EndMediation { ground: "no_agreement".into() };
            self.act(&mut case, "end", mediator, &dossier, end).await?;
            self.send(&mut case, &dossier, clerk).await?;
            return self.act(&mut case, "close", clerk, &dossier, dossier::Command::Close {}).await;
        }
        Box::pin(self.agreement(&mut case, &dossier, (leader, mediator), goes)).await?;
        if matches!(goes, Goes::Filed | Goes::Docketed | Goes::Confirmed) {
            // Boxed, like the acts: a build that is not optimised has no room for all of them on the stack.
            Box::pin(self.confirmation(&mut case, &dossier, (clerk, mediator), court, goes)).await?;
        }
        if matches!(goes, Goes::Confirmed | Goes::Kept) {
            self.at(&case, 20, 15);
            let on = Self::day(&case, 20);
            let report =
                dossier::Command::ReportPerformance { obligation: 1, on, note: "转账凭证已核对。".to_owned() };
            self.act(&mut case, "performed", clerk, &dossier, report).await?;
            self.send(&mut case, &dossier, clerk).await?;
            self.act(&mut case, "close", clerk, &dossier, dossier::Command::Close {}).await?;
        }
        Ok(())
    }

    /// What was issued about a case and waits to be sent is handed over.
    async fn send(&self, case: &mut Case, about: &StreamId, clerk: &Actor) -> Result<(), GenerateError> {
        let papers = match &self.app.ahead {
            Some(ahead) => ahead.papers(),
            None => {
                let rows = self.app.reader.papers_about(about, &Page::first(100)).await?.rows;
                let mut papers: Vec<StreamId> = rows.into_iter().map(|row| row.stream).collect();
                papers.sort();
                papers
            }
        };
        let mut steps = Vec::new();
        for stream in papers {
            let state = self.app.state::<paper::Paper>(&stream).await?.ok_or(AppError::NotFound)?;
            if state.issued.about == *about && state.waits_to_be_sent() {
                let receiver = state.issued.addressee.as_ref().map_or("", |to| to.name.text());
                steps.push((stream, handed_over(state.issued.date, receiver).into()));
            }
        }
        if steps.is_empty() {
            return Ok(());
        }
        self.acts(case, "send", clerk, steps).await
    }

    /// A complaint comes in, its letter is sent and served.
    async fn matter(&self, case: &mut Case, record: &Record, clerk: &Actor) -> Result<StreamId, GenerateError> {
        self.at(case, 0, 9);
        let mut record = record.clone();
        if let (Record::Complaint(row), Ok(number)) = (&mut record, DocNumber::parse(&format!("GEN{:07}", case.n))) {
            row.number = number;
            row.received = case.first.at(8, 30, 0, 0);
            row.due = Some(Self::day(case, 5));
        }
        let ids = Ids::new(self.app.entropy.seed(&format!("generated/{}/people", case.n)));
        let registered = registered(&record, &self.app.pack, &ids, None, "generated").ok_or(AppError::NotFound)?;
        let stream = matter::stream(registered.source, &registered.number);
        let register = matter::Command::Register { matter: Box::new(registered) };
        self.act(case, "register", clerk, &stream, register).await?;
        self.at(case, 1, 10);
        let send = matter::Command::ConfirmLetter { reason: String::new() };
        self.act(case, "letter", clerk, &stream, send).await?;
        let state = self.app.state::<matter::Matter>(&stream).await?.ok_or(AppError::NotFound)?;
        let (letter, _) = state.letters.last().ok_or(AppError::NotFound)?;
        let service = handed_over(Self::day(case, 1), letter.to.name.text());
        self.act(case, "serve", clerk, &letter.paper.id, service).await?;
        Ok(stream)
    }

    async fn apply(
        &self,
        case: &mut Case,
        stream: &StreamId,
        dossier: &StreamId,
        clerk: &Actor,
    ) -> Result<(), GenerateError> {
        self.at(case, 3, 9);
        let state = self.app.state::<matter::Matter>(stream).await?.ok_or(AppError::NotFound)?;
        let apply = dossier::Command::Apply {
            disputed: None,
            via: Via::Oral,
            matter: Some(stream.clone()),
            organ: state.matter.organ.clone(),
            entry: state.proposal.entry.clone().unwrap_or_default(),
            applicants: state.matter.complainant.iter().cloned().collect(),
            respondents: state.matter.subject.iter().cloned().collect(),
            claims: "请求对方承担责任，退还或者赔偿相应款项。".to_owned(),
            facts: state.matter.text.text().chars().take(300).collect(),
            known_on: None,
            electronic_service: false,
            other_proceedings: Some(String::new()),
            agrees_named: state.matter.reporter,
            told_on: None,
            told_late: String::new(),
            renews: None,
        };
        self.act(case, "apply", clerk, dossier, apply).await
    }
}

fn handed_over(on: Date, receiver: &str) -> paper::Command {
    let (manner, receiver) = ("direct".to_owned(), receiver.to_owned());
    paper::Command::RecordService { manner, on, at: None, served: true, receiver, note: String::new() }
}
