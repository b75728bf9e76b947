//! `yanhe verify`: is everything as it was recorded? Needs no keys and changes nothing.

use std::process::ExitCode;

use yanhe_app::read_pack;
use yanhe_app::verify::{Signer, directory};
use yanhe_journal::NoteVerifier;

use super::{Outcome, open, print};
use crate::packs;

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: open::Place,
    /// The log's public key, had from somewhere else than the directory
    #[arg(long, value_name = "NAME+ID+KEY", value_parser = NoteVerifier::parse)]
    log_key: Option<NoteVerifier>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// Verifies and prints.
pub async fn run(args: Args) -> Outcome {
    let open::Place { data, database, .. } = &args.place;
    if !args.place.is_data()? {
        return Err(args.place.none());
    }
    let (pack, _) = read_pack(&open::pack_of(data)?, &packs::calendar())?;
    let report = directory(data, database.as_deref(), &pack.jurisdiction.code, args.log_key.as_ref()).await?;
    if args.json {
        print(&report)?;
    } else {
        match &report.fault {
            None => println!("ok\nheads {}", report.heads),
            Some(fault) => println!("{fault}"),
        }
        match report.signer {
            Signer::Checked => println!("signer checked"),
            Signer::Unchecked => println!("signer unchecked"),
        }
    }
    if report.signer == Signer::Unchecked {
        eprintln!(
            "who signed is not checked: the key was taken from the directory itself, and whoever writes a journal anew \
             names one of their own; give the log's public key with --log-key, as `yanhe keys log` or the page /verify tell it"
        );
    }
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
