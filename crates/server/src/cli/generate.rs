//! `yanhe generate`: fills a directory with cases, for measuring on a large one.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use yanhe_app::App;
use yanhe_app::generate::Way;
use yanhe_app::ports::{SystemClock, SystemEntropy};

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
    let app = make(&args.place, args.dossiers, args.seed).await?;
    while app.seal_once().await? > 0 {}
    Ok(ExitCode::SUCCESS)
}

/// A directory with cases: the given one, or one that is made below `dir`.
pub async fn opened(data: Option<&Path>, dir: &Path, dossiers: usize) -> Result<Arc<App>, Failure> {
    match data {
        Some(data) => {
            let place = open::Place { data: data.to_owned(), database: None };
            open::existing(&open::Data { place, pack: None, portal: None }).await
        }
        None => make(&open::Place { data: dir.join("data"), database: None }, dossiers, 1).await.map(Arc::new),
    }
}

async fn make(place: &open::Place, dossiers: usize, seed: u64) -> Result<App, Failure> {
    let new = open::New {
        pack: None,
        portal: None,
        // Nobody takes it for a county's own.
        demo: true,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    };
    let app = open::create(place, new).await?;
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {elapsed}");
    let bar = ProgressBar::new(dossiers as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let done = app
        .generate(&place.data, &demo::files(), (dossiers, seed), Way::Fast, |n| bar.set_position(n as u64))
        .await
        .map_err(Failure::faulty);
    bar.finish_and_clear();
    done
}
