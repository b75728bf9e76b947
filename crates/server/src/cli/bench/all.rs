//! `yanhe bench all`: one table in one run, of both databases. Commands of more and more clients beside the same commits
//! written raw; pages over directories of more and more cases beside the database alone; what an event takes on the disk;
//! how long a start takes, and how much memory.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use yanhe_app::archive;
use yanhe_app::bench::{self, Loads};
use yanhe_app::ports::{Clock, SystemClock, SystemEntropy};
use yanhe_app::{key_directory, read_pack};
use yanhe_peers::postgres::Cluster;
use yanhe_store::raw::{self, Size, server};

use super::super::import::Scratch;
use super::super::{Failure, Outcome, demo, generate, moving, open, print};
use super::lists::{self, Taken, ms, percentile};
use super::rows::{Found, Row};
use super::{fresh, plot, start};
use crate::packs;

const SQLITE: &str = "sqlite";
const POSTGRES: &str = "postgres";

/// Settings of a throw-away server: more connections than clients. Everything else is as it is delivered.
const SERVER: &str = "max_connections = 400";

/// Arguments.
#[derive(clap::Args)]
pub struct All {
    /// For `all`: how many cases the directories hold
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "500,2000")]
    sizes: Vec<usize>,
    /// For `all`: how many clients give commands at the same time
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_value = "1,8,64,256")]
    clients: Vec<usize>,
    /// For `all`: how many matters the clients walk through together, with three commands each
    #[arg(long, value_name = "N", default_value_t = 1024)]
    matters: usize,
    /// For `all`: how often each page is asked for
    #[arg(long, value_name = "N", default_value_t = lists::REQUESTS)]
    requests: usize,
    /// For `all`: how many seconds `pgbench` is given
    #[arg(long, value_name = "N", default_value_t = 10)]
    seconds: u32,
    /// For `all`: a picture of cost against size
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
}

/// A PostgreSQL server to measure on.
struct Ground {
    /// An empty database on it.
    url: String,
    /// The one that was started for this run; it goes with it.
    thrown_away: Option<Cluster>,
}

/// Measures everything and prints it.
pub async fn run(args: &All, data: Option<&Path>, database: Option<&str>, json: bool) -> Outcome {
    if args.clients.contains(&0) || args.sizes.contains(&0) || args.requests == 0 {
        return Err(Failure::usage("0 is no number to measure with"));
    }
    let scratch = Scratch::new()?;
    let mut found = Found::default();
    let ground = ground(database, &mut found).await?;
    let empty = commands(args, &scratch.path().join(SQLITE), None, &mut found).await?;
    let mut empty_there = empty;
    if let Some(ground) = &ground {
        empty_there = commands(args, &scratch.path().join(POSTGRES), Some(&ground.url), &mut found).await?;
    }
    for size in &args.sizes {
        let here = |database: &str, kept: bool| {
            let kept = data.filter(|_| kept);
            kept.unwrap_or(scratch.path()).join(format!("{database}-{size}"))
        };
        let place = open::Place { data: here(SQLITE, true), database: None, read_database: None };
        if !place.is_data()? {
            eprintln!("{size} cases, {SQLITE}: being made");
            drop(generate::opened(&place, *size).await?);
        }
        pages(args, *size, (&place, empty), SQLITE, &mut found).await?;
        let Some(ground) = &ground else { continue };
        let keep = data.is_some() && ground.thrown_away.is_none();
        let name = format!("yanhe_bench_{size}");
        let url = server::beside(&ground.url, &name);
        let there = open::Place { data: here(POSTGRES, keep), database: Some(url), read_database: None };
        if !there.is_data()? {
            eprintln!("{size} cases, {POSTGRES}: being moved there");
            server::create(&ground.url, &name).await.map_err(Failure::unreadable)?;
            moved(&place, &there, &scratch.path().join("moving")).await?;
        }
        pages(args, *size, (&there, empty_there), POSTGRES, &mut found).await?;
        if !keep {
            server::remove(&ground.url, &name).await.map_err(Failure::unreadable)?;
        }
    }
    if let Some(file) = &args.plot {
        let shown = file.display();
        std::fs::write(file, plot::svg(&found.rows))
            .map_err(|e| Failure::unreadable(format_args!("`{shown}`: {e}")))?;
    }
    if json {
        print(&found)?;
    } else {
        print!("{found}");
    }
    Ok(ExitCode::SUCCESS)
}

/// The server that was named, or one that is thrown away afterwards.
async fn ground(database: Option<&str>, found: &mut Found) -> Result<Option<Ground>, Failure> {
    if let Some(url) = database {
        open::unused(Some(url)).await?;
        return Ok(Some(Ground { url: url.to_owned(), thrown_away: None }));
    }
    if !Cluster::is_installed() {
        found.left_out.push("PostgreSQL: it is not installed here, and --database names no server".to_owned());
        return Ok(None);
    }
    let cluster = tokio::task::block_in_place(|| Cluster::start_on_disk(SERVER));
    Ok(Some(Ground { url: cluster.database(), thrown_away: Some(cluster) }))
}

/// Commands, and how large the database was before them.
async fn commands(args: &All, dir: &Path, database: Option<&str>, found: &mut Found) -> Result<Size, Failure> {
    let name = if database.is_some() { POSTGRES } else { SQLITE };
    eprintln!("commands, {name}");
    let asked = bench::Asked { clients: &args.clients, matters: args.matters, seconds: args.seconds };
    let fresh = |data: &Path| fresh(data, database.map(str::to_owned));
    let Loads { loads, empty, size } =
        bench::loads(&fresh, dir, &demo::files(), &asked).await.map_err(Failure::unreadable)?;
    for load in loads {
        found.rows.push(Row {
            clients: load.clients,
            p50_ms: Some(percentile(&load.times, 50)),
            p99_ms: Some(percentile(&load.times, 99)),
            cpu_us: Some(ms(load.cpu) * 1000.0),
            raw_by: load.how,
            ..Row::new("commands", name, load.rate, "commands/s").beside(load.raw)
        });
    }
    found.rows.push(per_event(name, empty, size));
    Ok(empty)
}

/// What an entry of the journal takes, with all that is made from it, beside what an empty database takes.
fn per_event(database: &'static str, empty: Size, size: Size) -> Row {
    let bytes = size.bytes.saturating_sub(empty.bytes) as f64;
    Row::new("bytes_per_event", database, bytes / size.events.max(1) as f64, "bytes")
}

/// Pages, start and memory of one directory.
async fn pages(
    args: &All,
    size: usize,
    (place, empty): (&open::Place, Size),
    database: &'static str,
    found: &mut Found,
) -> Result<(), Failure> {
    eprintln!("{size} cases, {database}");
    let of = |row: Row| Row { dossiers: Some(size), ..row };
    let app = open::existing(&open::Data { place: place.clone(), pack: None, portal: None }).await?;
    let pages = lists::pages(&app).await?;
    for taken in lists::taken(&app, place, &pages, args.requests).await? {
        let Taken { name, wall, database: alone, processor, statements, .. } = taken;
        let half = percentile(&wall, 50);
        let row = Row::new(name, database, half, "ms");
        found.rows.push(of(Row {
            p50_ms: Some(half),
            p99_ms: Some(percentile(&wall, 99)),
            cpu_us: Some(ms(processor) * 1000.0),
            // Some pages ask nothing of the database.
            ..if statements > 0.0 { row.beside(percentile(&alone, 50)) } else { row }
        }));
    }
    drop(app);
    let (started, memory) =
        tokio::task::block_in_place(|| Ok::<_, Failure>((start::start(place)?, start::memory(place, &pages)?)))?;
    found.rows.push(of(Row::new("start", database, started.value, "s").beside(started.raw)));
    found.rows.push(of(Row::new("memory", database, memory.value, "MB").beside(memory.raw)));
    let bytes = raw::size(&place.data, place.database.as_deref()).await.map_err(Failure::unreadable)?;
    found.rows.push(of(per_event(database, empty, bytes)));
    Ok(())
}

/// Brings the cases of one place to another, which is faster than making them there.
async fn moved(from: &open::Place, to: &open::Place, file: &Path) -> Result<(), Failure> {
    let (pack, _) = read_pack(&open::pack_of(&from.data)?, &packs::calendar())?;
    let (at, out) = (SystemClock.now(), (from.data.as_path(), from.database.as_deref()));
    archive::leave(out, &pack.jurisdiction.code, file, None, at, |_, _| ()).await.map_err(moving::failure)?;
    let keys = key_directory(&from.data);
    let place = archive::Place { data: &to.data, database: to.database.as_deref(), keys: Some(&keys) };
    archive::arrive(file, None, &place, &SystemEntropy, |_, _| ()).await.map_err(moving::failure)?;
    std::fs::remove_file(file).map_err(Failure::unreadable)
}
