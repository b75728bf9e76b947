//! `yanhe figures`: how many acts of each kind took place.

use std::process::ExitCode;

use yanhe_app::figures::figures;
use yanhe_app::{key_directory, read_pack};
use yanhe_core::Date;
use yanhe_store_read::Reader;

use super::{Failure, Outcome, open, print};
use crate::packs;

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: open::Data,
    #[command(flatten)]
    days: Days,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// The days whose acts are counted.
#[derive(clap::Args)]
pub struct Days {
    /// First day of the acts, county time
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<Date>,
    /// Last day of the acts, inclusive
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: Option<Date>,
}

impl Days {
    /// First and last day.
    pub fn checked(&self) -> Result<(Option<Date>, Option<Date>), Failure> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if to < from => Err(Failure::usage(format_args!("`{to}` lies before `{from}`"))),
            days => Ok(days),
        }
    }
}

/// Counts and prints.
pub async fn run(args: Args) -> Outcome {
    let (from, to) = args.days.checked()?;
    let place = &args.data.place;
    let figures = if place.is_data()? && !key_directory(&place.data).exists() {
        // Counts hold nobody's name: they are read while the keys are elsewhere.
        let (pack, _) = read_pack(&open::pack_of(&place.data)?, &packs::calendar())?;
        let reader = Reader::open(&place.data, place.database.as_deref(), &pack.jurisdiction.code).await;
        figures(&reader.map_err(Failure::unreadable)?, from, to).await?
    } else {
        open::app(&args.data).await?.figures(from, to).await?
    };
    if args.json {
        print(&figures)?;
    } else if let Ok(serde_json::Value::Object(figures)) = serde_json::to_value(&figures) {
        for (name, n) in figures {
            println!("{name:<24} {n:>8}");
        }
    }
    Ok(ExitCode::SUCCESS)
}
