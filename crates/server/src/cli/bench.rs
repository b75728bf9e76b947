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
    let measured = match args.name.as_str() {
        "commands" => bench::commands(&fresh, dir, &files).await.map_err(failure)?,
        "letters" => bench::letters(&fresh, dir, &files).await.map_err(failure)?,
        "import" => bench::import(&fresh, dir, &files).await.map_err(failure)?,
        "lists" => {
            let data = args.data.clone().unwrap_or_else(|| dir.join("data"));
            let app = super::generate::opened(&data, args.dossiers).await?;
            lists::lists(&app, &data).await?
        }
        _ => start(args.data.as_deref(), dir)?,
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

fn fresh(data: &Path) -> Config {
    Config {
        data: data.to_owned(),
        database: None,
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
fn start(data: Option<&Path>, dir: &Path) -> Result<Measured, Failure> {
    let data = data.map_or_else(|| dir.join("data"), Path::to_owned);
    if !(open::Place { data: data.clone(), database: None }).is_data()? {
        // The first start makes the directory and is not measured.
        first_page(&data)?;
    }
    let middle = |mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64()
    };
    let pages = (0..STARTS).map(|_| first_page(&data)).collect::<Result<Vec<_>, _>>()?;
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

fn first_page(data: &Path) -> Result<Duration, Failure> {
    let start = Instant::now();
    let child = program()?
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
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
