//! What the program takes, beside what the machine takes for the same: for `yanhe bench`, never for a test.
//!
//! Raw is the very statements and bytes of the commits, recorded and played by one thread in groups of the same size
//! on the same file system.

#![expect(clippy::disallowed_methods, reason = "measures how long something takes")]

mod clients;

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use yanhe_core::policy::{Actor, Role};
use yanhe_core::values::DocNumber;
use yanhe_core::{Ids, Stream, StreamId, StreamKind, matter};
use yanhe_store::{plan, raw};
use yanhe_store_read::StoreError;

use crate::error::AppError;
use crate::handle::Request;
use crate::import::{ImportFileError, Kind, Record, registered};
use crate::{App, Config, StartError};

pub use clients::{Asked, Load, Loads, commands, loads};

/// Letters that are issued.
const LETTERS: usize = 300;

/// A figure beside its yardstick.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// What the program takes.
    pub value: f64,
    /// What the machine takes for the same without the program.
    pub raw: f64,
    /// The first by the second.
    pub ratio: f64,
    /// Of both.
    pub unit: String,
    /// What else was measured on the way, by name with its unit.
    #[serde(flatten)]
    pub more: std::collections::BTreeMap<String, f64>,
}

impl Measured {
    /// A figure with its yardstick.
    pub fn new(value: f64, raw: f64, unit: &str) -> Self {
        Self { value, raw, ratio: value / raw, unit: unit.to_owned(), more: std::collections::BTreeMap::new() }
    }

    /// With another figure.
    #[must_use]
    pub fn with(mut self, name: &str, value: f64) -> Self {
        self.more.insert(name.to_owned(), value);
        self
    }
}

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The program did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// An act failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// An import failed.
    #[error(transparent)]
    Import(#[from] ImportFileError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is too little to measure on.
    #[error("{0}")]
    Empty(String),
}

/// The county's files by kind, with their names.
pub type Files = [(Kind, String, Vec<u8>)];

/// How an app for measuring is made in a new directory.
pub type Fresh<'a> = &'a (dyn Fn(&Path) -> Config + Sync);

async fn recording(fresh: Fresh<'_>, dir: &Path) -> Result<App, BenchError> {
    let mut app = App::open(fresh(&dir.join("data"))).await?;
    app.recording = Some(Mutex::default());
    Ok(app)
}

/// Commits recorded so far.
fn recorded(app: &App) -> usize {
    app.recording.as_ref().map_or(0, |r| r.lock().unwrap_or_else(PoisonError::into_inner).len())
}

/// How long the machine takes for what was recorded after the first `before` commits, in groups of that size.
fn played(app: App, dir: &Path, before: usize, group: usize) -> Result<Duration, BenchError> {
    let dir = dir.join("raw");
    std::fs::create_dir_all(&dir).map_err(crate::error::file_error(&dir))?;
    let commits = app.recording.map(|r| r.into_inner().unwrap_or_else(PoisonError::into_inner)).unwrap_or_default();
    let steps = commits.iter().map(plan::steps).collect::<Result<Vec<_>, _>>()?;
    let (first, rest) = steps.split_at(before.min(steps.len()));
    // Makes the database and what the measured commits stand on.
    raw::play(&dir, first, 256)?;
    let start = Instant::now();
    raw::play(&dir, rest, group)?;
    Ok(start.elapsed())
}

fn rate(n: usize, time: Duration) -> f64 {
    n as f64 / time.as_secs_f64()
}

/// The rows of the complaints, each with another number as often as needed.
fn complaints(app: &App, files: &Files) -> Result<Vec<Record>, BenchError> {
    let file = files.iter().find(|(kind, ..)| *kind == Kind::Complaints);
    let (kind, name, bytes) = file.ok_or_else(|| BenchError::Empty("no file of complaints".to_owned()))?;
    let rows = app.read_file(*kind, name, bytes).map_err(ImportFileError::from)?.rows;
    Ok(rows.into_iter().filter_map(|row| row.result.ok()).collect())
}

fn numbered(record: &Record, n: usize) -> Record {
    let mut record = record.clone();
    if let (Record::Complaint(row), Ok(number)) = (&mut record, DocNumber::parse(&format!("BENCH{n}"))) {
        row.number = number;
    }
    record
}

fn register(app: &App, record: &Record, n: usize) -> Option<(StreamId, matter::Registered)> {
    let record = numbered(record, n);
    let ids = Ids::new(app.entropy.seed(&format!("bench/{n}/people")));
    let matter = registered(&record, &app.pack, &ids, None, "bench")?;
    Some((matter::stream(matter.source, &matter.number), matter))
}

fn clerk(organ: &str) -> Actor {
    Actor::staff(&StreamId::new(StreamKind::Staff, "bench"), Role::Clerk, organ)
}

/// Letters, all different: issued the whole way, by the clerks of all organs at once, beside typesetting alone; a second
/// and core. The same by the seconds which the processor worked for this program, which other programs on the machine
/// hardly change. And how long it takes to put 300 of them together as one print run.
///
/// # Errors
/// When something fails on the way.
pub async fn letters(fresh: Fresh<'_>, dir: &Path, files: &Files) -> Result<Measured, BenchError> {
    let app = std::sync::Arc::new(App::open(fresh(&dir.join("data"))).await?);
    for (kind, name, bytes) in files.iter().filter(|(kind, ..)| *kind == Kind::Roster) {
        app.import(&Actor::admin(), *kind, name, bytes, false, |_, _| ()).await?;
    }
    let records = complaints(&app, files)?;
    let mut matters = Vec::new();
    for (n, record) in records.iter().cycle().take(records.len() * 20).enumerate() {
        let Some((stream, matter)) = register(&app, record, n) else { continue };
        let organ = matter.organ.clone();
        let command = matter::Command::Register { matter: Box::new(matter) };
        app.handle(Request::one(&clerk(&organ), format!("bench/{n}"), &stream, command)).await?;
        let state = app.state::<matter::Matter>(&stream).await?;
        if state.is_some_and(|s| s.standing == matter::Standing::Proposed) {
            matters.push((stream, organ));
        }
        if matters.len() == LETTERS {
            break;
        }
    }
    let orders = orders(&app, &matters).await?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as f64;
    // Fonts and templates are read once and not for the first letter.
    app.render(&orders[..orders.len().min(4)]).await?;
    let start = Start::now();
    app.render(&orders).await?;
    let typeset = start.elapsed();

    matters.sort_by(|a, b| a.1.cmp(&b.1));
    let start = Start::now();
    let mut sending = tokio::task::JoinSet::new();
    for (n, group) in matters.chunk_by(|a, b| a.1 == b.1).enumerate() {
        let command = || matter::Command::ConfirmLetter { reason: String::new() };
        let steps = group.iter().map(|(stream, _)| (stream.clone(), command().into())).collect();
        let request = Request::all(&clerk(&group[0].1), format!("bench/send/{n}"), steps);
        let app = std::sync::Arc::clone(&app);
        sending.spawn(async move { app.handle(request).await });
    }
    let mut papers = Vec::new();
    while let Some(sent) = sending.join_next().await {
        papers.extend(sent.map_err(|error| BenchError::Empty(error.to_string()))??.papers);
    }
    let issued = start.elapsed();

    let start = Instant::now();
    let mut files = Vec::new();
    for paper in &papers {
        let state = app.state::<yanhe_core::paper::Paper>(&paper.id).await?.ok_or(AppError::NotFound)?;
        files.push(app.paper_bytes(&paper.id, &state).await?);
    }
    app.papers.run(&files, true).map_err(AppError::from)?;
    let run = start.elapsed();
    let (value, raw) = (rate(papers.len(), issued.time) / cores, rate(orders.len(), typeset.time) / cores);
    Ok(Measured::new(value, raw, "letters/s/core")
        .with("per_cpu_s", rate(papers.len(), issued.cpu))
        .with("raw_per_cpu_s", rate(orders.len(), typeset.cpu))
        .with("run_letters", papers.len() as f64)
        .with("run_s", run.as_secs_f64()))
}

/// Time, and the time that the processor worked for this program in it, of all threads, in the program and the kernel.
struct Spent {
    time: Duration,
    cpu: Duration,
}

/// When something began.
struct Start {
    time: Instant,
    cpu: Duration,
}

impl Start {
    fn now() -> Self {
        Self { cpu: worked(), time: Instant::now() }
    }

    fn elapsed(&self) -> Spent {
        Spent { time: self.time.elapsed(), cpu: worked().saturating_sub(self.cpu) }
    }
}

/// From the kernel's own table, in hundredths of a second (proc_pid_stat(5), fields 14 and 15); zero where there is none.
fn worked() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in brackets may contain blanks.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_ascii_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// The letters of matters as they would be issued.
async fn orders(
    app: &App,
    matters: &[(StreamId, String)],
) -> Result<Vec<(StreamId, yanhe_core::PaperOrder)>, BenchError> {
    let mut orders = Vec::new();
    for (stream, organ) in matters {
        let state = app.state::<matter::Matter>(stream).await?;
        let context = matter::Context {
            organ: app.organ_profile(organ).await?,
            portal: app.portal.clone(),
            registers_for: organ.clone(),
        };
        let actor = clerk(organ);
        let ids = Ids::new(app.entropy.seed(&format!("bench/letter/{stream}")));
        let numbers = yanhe_core::Numbers::default();
        let facts = yanhe_core::Facts {
            now: app.clock.now(),
            actor: &actor,
            stream,
            calendar: &app.calendar,
            pack: &app.pack,
            ids: &ids,
            numbers: &numbers,
        };
        let command = matter::Command::ConfirmLetter { reason: String::new() };
        for event in matter::Matter::decide(state.as_ref(), command, &facts, &context).map_err(AppError::from)? {
            let after = matter::Matter::apply(state.clone(), &event, facts.now);
            let papers = matter::Matter::papers(stream, &after, &event, &facts, &context);
            orders.extend(papers.into_iter().map(|order| (stream.clone(), order)));
        }
    }
    Ok(orders)
}

/// The files of a half year, brought in one after the other; seconds.
///
/// # Errors
/// When something fails on the way.
pub async fn import(fresh: Fresh<'_>, dir: &Path, files: &Files) -> Result<Measured, BenchError> {
    let app = recording(fresh, dir).await?;
    let groups = app.writer.changes();
    let before = *groups.borrow();
    let start = Instant::now();
    let mut rows = 0;
    for (kind, name, bytes) in files {
        rows += app.import(&Actor::admin(), *kind, name, bytes, false, |_, _| ()).await?.read;
    }
    let time = start.elapsed();
    let groups = usize::try_from(*groups.borrow() - before).unwrap_or(1).max(1);
    let group = recorded(&app).div_ceil(groups);
    let raw = played(app, dir, 0, group)?;
    let measured = Measured::new(time.as_secs_f64(), raw.as_secs_f64(), "s");
    Ok(measured.with("rows", rows as f64).with("group", group as f64))
}
