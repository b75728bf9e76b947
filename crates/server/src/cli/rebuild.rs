//! `yanhe rebuild`: makes everything anew that comes from the journal, and puts it in the place of what is there.

use std::process::ExitCode;

use yanhe_app::ports::SystemEntropy;
use yanhe_app::read_pack;
use yanhe_app::rebuild::{RebuildError, directory};

use super::progress::Progress;
use super::{Failure, Outcome, open, print};
use crate::packs;

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: open::Place,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// Rebuilds and prints.
pub async fn run(args: Args) -> Outcome {
    let open::Place { data, database, .. } = &args.place;
    if !args.place.is_data()? {
        return Err(args.place.none());
    }
    let (pack, _) = read_pack(&open::pack_of(data)?, &packs::calendar())?;
    let bar = Progress::new("rows");
    let done = directory(data, database.as_deref(), &pack.jurisdiction.code, &SystemEntropy, |n, of| bar.set(n, of));
    let done = done.await.map_err(|error| match error {
        RebuildError::App(error) => error.into(),
        RebuildError::Written => Failure::faulty(error),
        RebuildError::Locked(_) => Failure::unreadable(error),
    })?;
    drop(bar);
    if args.json {
        print(&done)?;
    } else {
        println!("streams {}, entries {}", done.streams, done.entries);
    }
    Ok(ExitCode::SUCCESS)
}
