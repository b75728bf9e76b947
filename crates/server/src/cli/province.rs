//! `yanhe province`: the figures of all counties in one database, and their sum.

use std::process::ExitCode;

use yanhe_app::figures::province;

use super::figures::Days;
use super::{Failure, Outcome, print};

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    /// Database on a PostgreSQL server
    #[arg(long, value_name = "postgres://...", env = "YANHE_DATABASE", hide_env_values = true)]
    database: String,
    #[command(flatten)]
    days: Days,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// Counts and prints.
pub async fn run(args: Args) -> Outcome {
    let (from, to) = args.days.checked()?;
    let province = province(&args.database, from, to).await?;
    if args.json {
        print(&province)?;
        return Ok(ExitCode::SUCCESS);
    }
    let names: Vec<&str> = province.counties.keys().map(String::as_str).chain(["sum"]).collect();
    println!("{:<24}{}", "", names.iter().map(|name| format!(" {name:>12}")).collect::<String>());
    let all: Vec<serde_json::Value> = province
        .counties
        .values()
        .chain([&province.sum])
        .map(serde_json::to_value)
        .collect::<Result<_, _>>()
        .map_err(Failure::unreadable)?;
    let Some(rows) = all.last().and_then(serde_json::Value::as_object) else { return Ok(ExitCode::SUCCESS) };
    for name in rows.keys() {
        println!("{name:<24}{}", all.iter().map(|figures| format!(" {:>12}", figures[name])).collect::<String>());
    }
    Ok(ExitCode::SUCCESS)
}
