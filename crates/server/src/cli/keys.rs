//! `yanhe keys`: the recovery sheet, which is printed once, tried once, and needed on the day when the keys are gone;
//! and the public key by which others verify the log.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use yanhe_app::ports::{Clock, SystemClock};
use yanhe_app::{Sheet, key_directory, read_pack, settings};
use yanhe_core::time::county_time;
use yanhe_store_read::Reader;

use super::{Failure, Outcome, open};
use crate::packs;

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Print the keys as lines that can be typed in again: for paper, and for a safe
    Sheet {
        #[command(flatten)]
        place: open::Place,
    },
    /// Try a sheet against the keys in use; `serve` then no longer warns
    Check {
        /// The sheet as it was typed in; `-` for standard input
        sheet: PathBuf,
        #[command(flatten)]
        place: open::Place,
    },
    /// Tell the log's public key, for whoever verifies a copy: `yanhe verify --log-key`
    Log {
        #[command(flatten)]
        place: open::Place,
    },
    /// Write the keys of a sheet beside a data directory that has lost them
    Restore {
        /// The sheet as it was typed in; `-` for standard input
        sheet: PathBuf,
        #[command(flatten)]
        place: open::Place,
    },
}

/// Prints, tries or brings back.
pub async fn run(args: Args) -> Outcome {
    match args.command {
        Command::Sheet { place } => print(place).await,
        Command::Log { place } => log(place).await,
        Command::Check { sheet, place } => check(&sheet, place).await,
        Command::Restore { sheet, place } => restore(&sheet, &place).await,
    }
}

fn data(place: open::Place) -> open::Data {
    open::Data { place, pack: None, portal: None }
}

async fn print(place: open::Place) -> Outcome {
    let app = open::existing(&data(place)).await?;
    let county = &app.pack.jurisdiction;
    println!("盐和 · 密钥恢复单    Yanhe · recovery sheet");
    println!("{} {} ({}), {}", county.name, county.name_en, county.code, county_time(app.clock.now()).date());
    println!("主密钥 Master key {}", app.master_id());
    println!("日志公钥 Public key of the log {}\n", app.log_key()?);
    print!("{}", app.sheet());
    println!("\n请锁入保险柜，与机器和备份分开存放：持有本单和备份的人可以读出所有姓名。");
    println!("Keep it in a safe, apart from the machine and from the backups: whoever has both reads every name.");
    Ok(ExitCode::SUCCESS)
}

async fn log(place: open::Place) -> Outcome {
    println!("{}", open::existing(&data(place)).await?.log_key()?);
    Ok(ExitCode::SUCCESS)
}

/// What was typed in.
fn read(file: &Path) -> Result<Sheet, Failure> {
    let mut text = String::new();
    let read = match file.to_str() {
        Some("-") => std::io::stdin().read_to_string(&mut text).map(drop),
        _ => std::fs::read_to_string(file).map(|found| text = found),
    };
    read.map_err(|error| Failure::unreadable(format_args!("`{}`: {error}", file.display())))?;
    text.parse().map_err(|fault| Failure::unreadable(format_args!("`{}`: {fault}", file.display())))
}

async fn check(sheet: &Path, place: open::Place) -> Outcome {
    let sheet = read(sheet)?;
    let app = open::existing(&data(place)).await?;
    if sheet != app.sheet() {
        return Err(Failure::faulty(format_args!(
            "the sheet has other keys: its master key is {}, the one in use {}; print a new sheet with `yanhe keys sheet`",
            sheet.master_id(),
            app.master_id()
        )));
    }
    app.set_setting(settings::RECOVERY, &SystemClock.now().to_string()).await?;
    eprintln!("the sheet has the keys in use; this is remembered");
    Ok(ExitCode::SUCCESS)
}

async fn restore(sheet: &Path, place: &open::Place) -> Outcome {
    let sheet = read(sheet)?;
    if !place.is_data()? {
        return Err(place.none());
    }
    let (pack, _) = read_pack(&open::pack_of(&place.data)?, &packs::calendar())?;
    let reader = Reader::open(&place.data, place.database.as_deref(), &pack.jurisdiction.code).await;
    let reader = reader.map_err(Failure::unreadable)?;
    let used = reader.setting(settings::MASTER).await.map_err(Failure::unreadable)?.unwrap_or_default();
    if used != sheet.master_id() {
        return Err(Failure::faulty(format_args!(
            "the sheet is of another directory: its master key is {}, that of `{}` is {used}",
            sheet.master_id(),
            place.data.display()
        )));
    }
    let keys = key_directory(&place.data);
    sheet.write(&keys)?;
    eprintln!("the keys are in `{}`", keys.display());
    Ok(ExitCode::SUCCESS)
}
