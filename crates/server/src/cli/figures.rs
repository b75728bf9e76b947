//! `yanhe figures`: how many acts of each kind took place.

use std::process::ExitCode;

use yanhe_core::Date;

use super::{Failure, Outcome, open, print};

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: open::Data,
    /// First day of the acts, county time
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<Date>,
    /// Last day of the acts, inclusive
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: Option<Date>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// Counts and prints.
pub async fn run(args: Args) -> Outcome {
    if let (Some(from), Some(to)) = (args.from, args.to)
        && to < from
    {
        return Err(Failure::usage(format_args!("`{to}` lies before `{from}`")));
    }
    let figures = open::app(&args.data).await?.figures(args.from, args.to).await?;
    if args.json {
        print(&figures)?;
    } else if let Ok(serde_json::Value::Object(figures)) = serde_json::to_value(&figures) {
        for (name, n) in figures {
            println!("{name:<24} {n:>8}");
        }
    }
    Ok(ExitCode::SUCCESS)
}
