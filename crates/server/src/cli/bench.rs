//! `yanhe bench`: what the program takes, beside what the machine takes for the same.

#![expect(clippy::disallowed_methods, reason = "measures how long something takes")]

mod all;
mod lists;
mod plot;
mod rows;
mod start;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use yanhe_app::Config;
use yanhe_app::bench::{self, BenchError};
use yanhe_app::ports::{SystemClock, SystemEntropy};

use super::import::Scratch;
use super::{Failure, Outcome, demo, open, print};
use crate::packs;

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    /// What is measured
    #[arg(value_parser = ["all", "commands", "letters", "import", "lists", "start"])]
    name: String,
    /// Data directory for `lists` and `start`, made where it is missing, and kept; otherwise one is made and removed. For
    /// `all` a folder of such directories, one for each size
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Database on a PostgreSQL server: that of `--data`, or an empty one. For `all` an empty one, beside which others are
    /// made; without it a server is started and thrown away, where PostgreSQL is installed
    #[arg(long, value_name = "postgres://...", env = "YANHE_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// Dossiers that are made for `lists`
    #[arg(long, default_value_t = 100_000)]
    dossiers: usize,
    #[command(flatten)]
    all: all::All,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// Measures and prints.
pub async fn run(args: Args) -> Outcome {
    if args.name == "all" {
        return all::run(&args.all, args.data.as_deref(), args.database.as_deref(), args.json).await;
    }
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
            lists::lists(&app, &place).await?
        }
        _ => start::start(&place)?,
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
