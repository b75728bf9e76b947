//! `yanhe bench`: what the program takes, beside what the machine takes for the same.

mod lists;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use yanhe_app::Config;
use yanhe_app::bench::{self, BenchError, Measured};
use yanhe_app::ports::{SystemClock, SystemEntropy};

use super::import::Scratch;
use super::{Failure, Outcome, demo, open, print};
use crate::packs;

/// How often a start is measured; the middle counts.
const STARTS: usize = 9;

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    /// What is measured
    #[arg(value_parser = ["commands", "letters", "import", "lists", "start"])]
    name: String,
    /// Data directory for `lists` and `start`, made where it is missing, and kept; otherwise one is made and removed
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Database on a PostgreSQL server: that of `--data`, or an empty one
    #[arg(long, value_name = "postgres://...", env = "YANHE_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// Dossiers that are made for `lists`
    #[arg(long, default_value_t = 100_000)]
    dossiers: usize,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// Measures and prints.
pub async fn run(args: Args) -> Outcome {
    let scratch = Scratch::new()?;
    let dir = scratch.path();
    let files = demo::files();
    let place = open::Place {
        data: args.data.clone().unwrap_or_else(|| dir.join("data")),
        database: args.database.clone(),
        read_database: None,
    };
    let fresh = |data: &Path| fresh(data, args.database.clone());
    if matches!(args.name.as_str(), "commands" | "letters" | "import") {
        open::unused(args.database.as_deref()).await?;
    }
    let measured = match args.name.as_str() {
        "commands" => bench::commands(&fresh, dir, &files).await.map_err(failure)?,
        "letters" => bench::letters(&fresh, dir, &files).await.map_err(failure)?,
        "import" => bench::import(&fresh, dir, &files).await.map_err(failure)?,
        "lists" => {
            let app = super::generate::opened(&place, args.dossiers).await?;
            if place.database.is_some() {
                return Err(Failure::usage("what lists cost beside the database is measured on SQLite only"));
            }
            lists::lists(&app, &place.data).await?
        }
        _ => start(&place)?,
    };
    if args.json {
        print(&measured)?;
    } else {
        println!("{:.3} {} (raw {:.3}, ratio {:.3})", measured.value, measured.unit, measured.raw, measured.ratio);
        for (name, value) in &measured.more {
            println!("  {name} {value:.3}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn failure(error: BenchError) -> Failure {
    Failure::unreadable(error)
}

fn fresh(data: &Path, database: Option<String>) -> Config {
    Config {
        data: data.to_owned(),
        database,
        read_database: None,
        pack: packs::haiyan(),
        calendar: packs::calendar(),
        fonts: Vec::new(),
        portal: "http://127.0.0.1:8080".to_owned(),
        demo: true,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    }
}

/// From nothing running to the first page answered, in seconds. Raw is a start of the same program that does nothing.
fn start(place: &open::Place) -> Result<Measured, Failure> {
    if !place.is_data()? {
        // The first start makes the directory and is not measured.
        first_page(place)?;
    }
    let middle = |mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64()
    };
    let pages = (0..STARTS).map(|_| first_page(place)).collect::<Result<Vec<_>, _>>()?;
    let nothing = (0..STARTS).map(|_| version()).collect::<Result<Vec<_>, _>>()?;
    Ok(Measured::new(middle(pages), middle(nothing), "s"))
}

fn program() -> Result<Command, Failure> {
    Ok(Command::new(std::env::current_exe().map_err(Failure::unreadable)?))
}

fn version() -> Result<Duration, Failure> {
    let start = Instant::now();
    program()?.arg("--version").stdout(Stdio::null()).status().map_err(Failure::unreadable)?;
    Ok(start.elapsed())
}

/// A server that ends with the measurement.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn first_page(place: &open::Place) -> Result<Duration, Failure> {
    let start = Instant::now();
    let child = program()?
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&place.data)
        // Not as an argument, where everybody on the machine could read a password.
        .envs(place.database.as_ref().map(|url| ("YANHE_DATABASE", url)))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(Failure::unreadable)?;
    let mut server = Server(child);
    let mut line = String::new();
    if let Some(stdout) = server.0.stdout.take() {
        BufReader::new(stdout).read_line(&mut line).map_err(Failure::unreadable)?;
    }
    let address = line.trim().strip_prefix("listening http://").unwrap_or_default();
    let mut page = TcpStream::connect(address).map_err(Failure::unreadable)?;
    let request = format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    page.write_all(request.as_bytes()).map_err(Failure::unreadable)?;
    let mut answer = Vec::new();
    page.read_to_end(&mut answer).map_err(Failure::unreadable)?;
    if !answer.starts_with(b"HTTP/1.1 ") {
        return Err(Failure::unreadable("the server did not answer"));
    }
    Ok(start.elapsed())
}
