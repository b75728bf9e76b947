//! `yanhe demo`: plays the county's half year into a new directory, then serves it.

use std::process::ExitCode;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use yanhe_app::demo::{self, Files};
use yanhe_app::import::Kind;
use yanhe_app::ports::{Clock, SeededEntropy, SetClock, ShiftedClock};
use yanhe_app::settings;
use yanhe_core::time::at_county;

use super::{Failure, Outcome, open, serve};

/// Setting of a directory whose play came to its end.
const PLAYED: &str = "demo_seed";

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: open::Place,
    /// What is left to chance is drawn from this number
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Address, port 0 for any free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080", value_parser = serve::address)]
    listen: String,
    /// Only play
    #[arg(long)]
    no_serve: bool,
}

/// Plays where there is nothing yet, then serves.
pub async fn run(args: Args) -> Outcome {
    let data = open::Data { place: args.place.clone(), pack: None, portal: None };
    if args.place.is_data()? {
        let app = open::existing(&data).await?;
        if !app.demo || app.setting(PLAYED).await?.is_none() {
            return Err(unfinished(&args));
        }
    } else if args.place.data.exists() {
        // Also an empty one: somebody made it for something else.
        return Err(unfinished(&args));
    } else if args.no_serve {
        play(&args, None).await?;
    } else {
        // Taken before anything is played: the letters name the port on which they will be answered.
        let listener = serve::bind(&args.listen).await?;
        let at = listener.local_addr().map_err(Failure::unreadable)?;
        play(&args, Some(serve::own_address(at))).await?;
        return serve::serve(open::existing(&data).await?, listener, None).await;
    }
    if args.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    serve::serve(open::existing(&data).await?, serve::bind(&args.listen).await?, None).await
}

fn unfinished(args: &Args) -> Failure {
    Failure::usage(format_args!("`{}` exists and is no finished demo", args.place.data.display()))
}

/// Plays; letters name `portal`, or what is usual where nothing is listened on.
async fn play(args: &Args, portal: Option<String>) -> Result<(), Failure> {
    let clock = Arc::new(SetClock::new(at_county(demo::FIRST.at(8, 0, 0, 0))));
    let new =
        open::New { pack: None, portal, demo: true, clock: clock.clone(), entropy: Arc::new(SeededEntropy(args.seed)) };
    let app = open::create(&args.place, new).await?;
    let bar = ProgressBar::new(u64::from((demo::LAST - demo::FIRST).get_days().unsigned_abs()) + 1).with_style(
        ProgressStyle::with_template("{msg} {wide_bar} {elapsed}").unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let tick = |day: yanhe_core::Date| {
        bar.inc(1);
        bar.set_message(day.to_string());
    };
    app.play_demo(clock, args.seed, &files(), demo::LAST, tick).await.map_err(Failure::faulty)?;
    bar.finish_and_clear();
    while app.seal_once().await? > 0 {}
    let resumes = ShiftedClock::starting(demo::resumes_at());
    app.set_setting(settings::CLOCK, &resumes.shift().unwrap_or_default().to_string()).await?;
    app.set_setting(PLAYED, &args.seed.to_string()).await?;
    Ok(())
}

/// The county's spreadsheets, as they come with the program.
pub fn files() -> Files {
    macro_rules! file {
        ($kind:ident, $name:literal) => {
            (Kind::$kind, $name.to_owned(), include_bytes!(concat!("../../../../demo/", $name)).to_vec())
        };
    }
    vec![
        file!(Roster, "花名册.xlsx"),
        file!(Penalties, "双公示-行政处罚.xlsx"),
        file!(Inspections, "双随机检查结果.xlsx"),
        file!(Complaints, "12345工单导出.csv"),
        file!(Publicity, "宣传活动.xlsx"),
    ]
}
