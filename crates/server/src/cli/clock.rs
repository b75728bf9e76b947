//! `yanhe clock advance`: moves the clock of a demo and runs what falls due. A production directory has no such door.

use std::process::ExitCode;

use yanhe_app::clock::{ClockError, minute};
use yanhe_core::Timestamp;
use yanhe_core::policy::Actor;
use yanhe_core::time::{DateTime, at_county, county_time};

use super::{Failure, Outcome, open, print};

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Move it forward
    Advance {
        #[command(flatten)]
        data: open::Data,
        /// To this time: `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM` (county time), or with an offset
        #[arg(long, value_name = "T", value_parser = time)]
        to: Timestamp,
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
}

fn time(text: &str) -> Result<Timestamp, String> {
    let county = text.parse::<Timestamp>().or_else(|_| text.parse::<DateTime>().map(at_county));
    county.map_err(|error| error.to_string())
}

/// Moves it.
pub async fn run(args: Args) -> Outcome {
    let Command::Advance { data, to, json } = args.command;
    let app = open::existing(&data).await?;
    let ran = app.advance_clock(&Actor::admin(), to).await.map_err(|error| match error {
        ClockError::App(error) => error.into(),
        error => Failure::usage(error),
    })?;
    app.seal_once().await?;
    if json {
        print(&serde_json::json!({"now": county_time(app.clock.now()).to_string(), "jobs": ran}))?;
    } else {
        eprintln!("it is now {}, county time; {ran} jobs ran", minute(app.clock.now()));
    }
    Ok(ExitCode::SUCCESS)
}
