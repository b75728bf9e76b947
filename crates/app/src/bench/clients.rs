//! Commands of many clients at the same time, with the time that each took, beside the same commits written raw.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use yanhe_core::{StreamId, matter};
use yanhe_store::commit::Commit;
use yanhe_store::plan;
use yanhe_store::raw::{self, Size, server};

use super::{BenchError, Files, Fresh, Measured, Start, clerk, complaints, recording, register};
use crate::App;
use crate::error::AppError;
use crate::handle::Request;
use crate::import::Record;

/// How many clients `yanhe bench commands` has, and how many matters each of them walks through.
const CLIENTS: usize = 64;
const EACH: usize = 40;
/// Matters before anything is measured: keys, statements and files are at hand afterwards.
const WARMING: usize = 8;

/// What is asked for.
pub struct Asked<'a> {
    /// How many clients, one number after the other.
    pub clients: &'a [usize],
    /// How many matters all clients of one number together walk through, three commands each.
    pub matters: usize,
    /// How long the server is given commits without the program.
    pub seconds: u32,
}

/// How the commands of some clients went.
#[derive(Clone, Debug)]
pub struct Load {
    /// How many clients.
    pub clients: usize,
    /// Commits a second.
    pub rate: f64,
    /// The same a second, written raw.
    pub raw: f64,
    /// How the raw ones were written.
    pub how: String,
    /// How many commits shared one transaction of the embedded database.
    pub group: usize,
    /// The time of each command, from the shortest on.
    pub times: Vec<Duration>,
    /// Time of the processor in this program for each commit; a server's own is not in it.
    pub cpu: Duration,
}

/// What was measured, in one database.
pub struct Loads {
    /// For each number of clients.
    pub loads: Vec<Load>,
    /// The database before anything was written.
    pub empty: Size,
    /// The database at the end.
    pub size: Size,
}

/// Matters registered, changed and declined, each by its organ's clerk; of so many clients, of whom each waits for its
/// answer before it asks again.
///
/// # Errors
/// When something fails on the way.
pub async fn loads(fresh: Fresh<'_>, dir: &Path, files: &Files, asked: &Asked<'_>) -> Result<Loads, BenchError> {
    let config = fresh(&dir.join("data"));
    let (data, database) = (config.data.clone(), config.database.clone());
    let app = Arc::new(recording(fresh, dir).await?);
    let raw_dir = dir.join("raw");
    std::fs::create_dir_all(&raw_dir).map_err(crate::error::file_error(&raw_dir))?;
    let records = Arc::new(complaints(&app, files)?);
    let empty = raw::size(&data, database.as_deref()).await?;
    let mut next = 0;
    run(&app, &records, next..next + WARMING, 1).await?;
    next += WARMING;
    let warm = take(&app);
    if database.is_none() {
        // What the measured ones stand on.
        raw::play(&raw_dir, &steps(&warm)?, 256)?;
    }
    let mut loads = Vec::new();
    for clients in asked.clients {
        let matters = asked.matters.div_ceil(*clients) * clients;
        let groups = app.writer.changes();
        let before = *groups.borrow();
        let start = Start::now();
        let mut times = run(&app, &records, next..next + matters, *clients).await?;
        let spent = start.elapsed();
        next += matters;
        times.sort();
        let groups = usize::try_from(*groups.borrow() - before).unwrap_or(1).max(1);
        let commits = take(&app);
        let (written, group) = (commits.len().max(1), commits.len().div_ceil(groups).max(1));
        let (raw, how) = match &database {
            None => {
                let steps = steps(&commits)?;
                let start = Instant::now();
                tokio::task::block_in_place(|| raw::play(&raw_dir, &steps, group))?;
                (written as f64 / start.elapsed().as_secs_f64(), format!("one thread, commits together: {group}"))
            }
            Some(url) => {
                let played = server::play(url, walks(&commits)?, *clients, asked.seconds, &raw_dir).await?;
                let by = if played.pgbench { "pgbench" } else { "no pgbench: a loop over the driver" };
                (played.rate, format!("{by}, connections: {}", played.connections))
            }
        };
        loads.push(Load {
            clients: *clients,
            rate: written as f64 / spent.time.as_secs_f64(),
            raw,
            how,
            group,
            times,
            cpu: spent.cpu / u32::try_from(written).unwrap_or(u32::MAX),
        });
    }
    drop(app);
    let size = raw::size(&data, database.as_deref()).await?;
    Ok(Loads { loads, empty, size })
}

/// Commands of 64 clients.
///
/// # Errors
/// When something fails on the way.
pub async fn commands(fresh: Fresh<'_>, dir: &Path, files: &Files) -> Result<Measured, BenchError> {
    let asked = Asked { clients: &[CLIENTS], matters: CLIENTS * EACH, seconds: 10 };
    let loads = loads(fresh, dir, files, &asked).await?.loads;
    let load = loads.first().ok_or_else(|| BenchError::Empty("no clients".to_owned()))?;
    Ok(Measured::new(load.rate, load.raw, "commands/s").with("group", load.group as f64))
}

/// Lets clients walk through these matters, and gives the time of every command that was carried out.
async fn run(
    app: &Arc<App>,
    records: &Arc<Vec<Record>>,
    matters: Range<usize>,
    clients: usize,
) -> Result<Vec<Duration>, BenchError> {
    let mut working = tokio::task::JoinSet::new();
    for client in 0..clients {
        let (app, records) = (Arc::clone(app), Arc::clone(records));
        let own = matters.clone().skip(client).step_by(clients);
        working.spawn(async move {
            let mut times = Vec::new();
            for n in own {
                walk(&app, &records[n % records.len()], n, &mut times).await?;
            }
            Ok::<_, BenchError>(times)
        });
    }
    let mut times = Vec::new();
    while let Some(done) = working.join_next().await {
        times.extend(done.map_err(|error| BenchError::Empty(error.to_string()))??);
    }
    Ok(times)
}

async fn walk(app: &App, record: &Record, n: usize, times: &mut Vec<Duration>) -> Result<(), BenchError> {
    let Some((stream, matter)) = register(app, record, n) else { return Ok(()) };
    let clerk = clerk(&matter.organ);
    let address = matter.complainant.as_ref().and_then(|c| c.address.as_ref()).map(|a| a.text().to_owned());
    let update = matter::Command::Update {
        status: "已回访".to_owned(),
        own_due_on: matter.own_due_on,
        phone: matter.complainant.as_ref().and_then(|c| c.phone_text()).map(str::to_owned),
        address,
        row: None,
        taken_back: None,
    };
    let register = matter::Command::Register { matter: Box::new(matter) };
    let decline = matter::Command::DeclineLetter { reason: "双方已自行和解".to_owned() };
    for (name, command) in [("register", register), ("update", update), ("decline", decline)] {
        let request = Request::one(&clerk, format!("bench/{n}/{name}"), &stream, command);
        let start = Instant::now();
        match app.handle(request).await {
            Ok(_) => times.push(start.elapsed()),
            // Where no letter is proposed there is none to decline.
            Err(AppError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// The commits since the last time.
fn take(app: &App) -> Vec<Commit> {
    let empty = Mutex::default();
    let recording = app.recording.as_ref().unwrap_or(&empty);
    std::mem::take(&mut *recording.lock().unwrap_or_else(PoisonError::into_inner))
}

fn steps(commits: &[Commit]) -> Result<Vec<Vec<plan::Step>>, BenchError> {
    Ok(commits.iter().map(plan::steps).collect::<Result<_, _>>()?)
}

/// The commits of each matter, with what is its own: its stream, its number, its keys.
fn walks(commits: &[Commit]) -> Result<Vec<server::Walk>, BenchError> {
    let mut walks: BTreeMap<&str, (&StreamId, server::Walk)> = BTreeMap::new();
    for commit in commits {
        let Some(part) = commit.parts.first() else { continue };
        // `bench/N/name`
        let key = commit.key.key.rsplit_once('/').map_or("", |(key, _)| key);
        let new = || (&part.stream, server::Walk { commits: Vec::new(), own: Vec::new() });
        let (_, walk) = walks.entry(key).or_insert_with(new);
        walk.commits.push(plan::steps(commit)?);
    }
    let own = |(key, (stream, mut walk)): (&str, (&StreamId, server::Walk))| {
        let number = key.rsplit('/').next().unwrap_or_default();
        walk.own = vec![stream.to_string(), format!("BENCH{number}"), key.to_owned()];
        walk
    };
    Ok(walks.into_iter().map(own).collect())
}
