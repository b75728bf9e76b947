//! `yanhe verify`: is everything as it was recorded? Needs no keys and changes nothing.

use std::path::PathBuf;
use std::process::ExitCode;

use yanhe_app::read_pack;
use yanhe_app::verify::directory;
use yanhe_journal::NoteVerifier;

use super::{Failure, Outcome, open, print};
use crate::packs;

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    /// Data directory
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The log's public key, had from somewhere else than the directory
    #[arg(long, value_name = "NAME+ID+KEY", value_parser = NoteVerifier::parse)]
    log_key: Option<NoteVerifier>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// Verifies and prints.
pub async fn run(args: Args) -> Outcome {
    if !open::is_data(&args.data) {
        return Err(Failure::unreadable(format_args!("`{}` is no data directory", args.data.display())));
    }
    let (pack, _) = read_pack(&open::pack_of(&args.data)?, &packs::calendar())?;
    let report = directory(&args.data, &pack.jurisdiction.code, args.log_key.as_ref()).await?;
    if args.json {
        print(&report)?;
    } else {
        match &report.fault {
            None => println!("ok\nheads {}", report.heads),
            Some(fault) => println!("{fault}"),
        }
    }
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
