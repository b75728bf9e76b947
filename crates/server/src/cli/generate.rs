//! `yanhe generate`: fills a directory with cases, for measuring on a large one.

use std::process::ExitCode;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use yanhe_app::demo::resumes_at;
use yanhe_app::generate::Way;
use yanhe_app::ports::{Clock, ShiftedClock, SystemEntropy};
use yanhe_app::{App, settings};

use super::{Failure, Outcome, demo, open};

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: open::Place,
    /// How many cases
    #[arg(long)]
    dossiers: usize,
    /// What is left to chance is drawn from this number
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Makes the directory.
pub async fn run(args: Args) -> Outcome {
    if args.place.is_data()? {
        return Err(Failure::usage(format_args!(
            "`{}` exists: cases are made into a new directory",
            args.place.data.display()
        )));
    }
    make(&args.place, args.dossiers, args.seed).await?;
    Ok(ExitCode::SUCCESS)
}

/// A directory with cases: as it is, or made where it is missing.
pub async fn opened(place: &open::Place, dossiers: usize) -> Result<Arc<App>, Failure> {
    if !place.is_data()? {
        // Opened again afterwards, as the program would be.
        make(place, dossiers, 1).await?;
    }
    open::existing(&open::Data { place: place.clone(), pack: None, portal: None }).await
}

/// Makes cases, all of half a year, after which the directory's clock goes on: little of their work is late then.
async fn make(place: &open::Place, dossiers: usize, seed: u64) -> Result<(), Failure> {
    let clock = ShiftedClock::starting(resumes_at());
    let shift = clock.shift().unwrap_or_default();
    let new = open::New {
        pack: None,
        portal: None,
        // Nobody takes it for a county's own.
        demo: true,
        clock: Arc::new(clock),
        entropy: Arc::new(SystemEntropy),
    };
    let app = open::create(place, new).await?;
    // The fast way writes the file of the embedded database; on a server every case goes the way of people.
    let way = if place.database.is_some() { Way::Slow } else { Way::Fast };
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {elapsed}");
    let bar = ProgressBar::new(dossiers as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let done = app
        .generate(&place.data, &demo::files(), (dossiers, seed), way, |n| bar.set_position(n as u64))
        .await
        .map_err(Failure::faulty);
    bar.finish_and_clear();
    done?.set_setting(settings::CLOCK, &shift.to_string()).await?;
    Ok(())
}
