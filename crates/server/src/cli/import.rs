//! `yanhe import`: brings a spreadsheet of an organ in. Good rows go in, bad ones come back to be corrected.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use yanhe_app::App;
use yanhe_app::import::{ImportFileError, ImportOutcome, Kind, REASON_COLUMN, none_refused};
use yanhe_app::ports::{SystemClock, SystemEntropy};
use yanhe_core::policy::Actor;

use super::{Failure, Outcome, open, print};

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    /// What the file holds
    #[arg(value_parser = ["penalties", "inspections", "complaints", "roster", "publicity"])]
    kind: String,
    /// The file, XLSX or CSV (UTF-8 or GB18030)
    file: PathBuf,
    #[command(flatten)]
    data: open::Data,
    /// Only say what would come of it
    #[arg(long)]
    dry_run: bool,
    /// Write the refused rows here, as CSV to be corrected and imported again
    #[arg(long, value_name = "OUT.csv")]
    refused: Option<PathBuf>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// Imports and prints.
pub async fn run(args: Args) -> Outcome {
    let kind: Kind = args.kind.parse().map_err(Failure::usage)?;
    // Before a data directory is made for it.
    let shown = args.file.display();
    let bytes = fs::read(&args.file).map_err(|e| Failure::unreadable(format_args!("`{shown}`: {e}")))?;
    if args.refused.as_deref().is_some_and(|out| same_file(out, &args.file)) {
        return Err(Failure::usage(format_args!(
            "`{shown}` would be overwritten by its refused rows: name another file after --refused （退回的行会覆盖原文件，\
             请在 --refused 后面写另一个文件）"
        )));
    }
    // Before anything is stored: rows that went in while the others are lost are not what was asked for.
    let refused = args.refused.as_deref().map(Refused::open).transpose()?;
    let outcome = if args.dry_run && !args.data.place.is_data()? {
        let scratch = Scratch::new()?;
        let app = scratch.app(&args.data).await?;
        import(&app, &args, kind, &bytes).await?
    } else {
        let app = open::app(&args.data).await?;
        let outcome = import(&app, &args, kind, &bytes).await?;
        open::seal(&app).await;
        outcome
    };
    if let Some(refused) = refused {
        match outcome.refused_rows {
            0 => refused.write(&none_refused(kind, REASON_COLUMN))?,
            _ => refused.write(&outcome.refused_csv)?,
        }
    }
    report(&args, &outcome)?;
    Ok(if outcome.refused_rows > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Do two paths lead to one file? One that is not there yet is no other's.
fn same_file(one: &Path, other: &Path) -> bool {
    fs::canonicalize(one).ok().zip(fs::canonicalize(other).ok()).is_some_and(|(one, other)| one == other)
}

async fn import(app: &App, args: &Args, kind: Kind, bytes: &[u8]) -> Result<ImportOutcome, Failure> {
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    // Drawn on standard error, and not at all where that is no terminal.
    let bar = ProgressBar::new(0).with_style(
        ProgressStyle::with_template("{wide_bar} {pos}/{len} {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let progress = |done: usize, total: usize| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    };
    let admin = Actor::admin();
    let outcome = if args.dry_run {
        app.import(&admin, kind, &name, bytes, true, progress).await
    } else {
        // One that was cut off goes on, and its account holds all its rows.
        let key = app.import_key(kind, &name, bytes).await?;
        app.import_as(&key, &admin, kind, &name, bytes, progress).await
    };
    bar.finish_and_clear();
    outcome.map_err(|error| match error {
        ImportFileError::File(e) => {
            Failure::unreadable(format_args!("`{}`: {e} ({})", args.file.display(), e.text_zh()))
        }
        ImportFileError::App(error) => error.into(),
    })
}

fn report(args: &Args, outcome: &ImportOutcome) -> Result<(), Failure> {
    if args.json {
        let refused: Vec<_> = outcome
            .refused
            .iter()
            .map(|f| json!({"sheet": f.sheet, "row": f.row, "column": f.column, "reason": f.reason_zh}))
            .collect();
        return print(&json!({
            "read": outcome.read,
            "stored": outcome.stored,
            "updated": outcome.updated,
            "unchanged": outcome.unchanged,
            "refused": refused,
        }));
    }
    for f in outcome.refused.iter().chain(&outcome.warned) {
        eprintln!("{} {}: {}: {} ({})", f.sheet, f.row, f.column, f.reason_zh, f.reason_en);
    }
    println!(
        "read {}, stored {}, updated {}, unchanged {}, refused {}",
        outcome.read, outcome.stored, outcome.updated, outcome.unchanged, outcome.refused_rows
    );
    Ok(())
}

/// The file for the refused rows, open for writing. What it held stays until the import is done, and one that was made for
/// an import that failed is gone again.
struct Refused {
    path: PathBuf,
    file: fs::File,
    made: bool,
}

impl Refused {
    fn open(path: &Path) -> Result<Self, Failure> {
        let made = !path.exists();
        let file = fs::OpenOptions::new().write(true).create(true).truncate(false).open(path);
        let file = file.map_err(|e| unwritable(path, &e))?;
        Ok(Self { path: path.to_owned(), file, made })
    }

    fn write(mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.made = false;
        let written = self.file.set_len(0).and_then(|()| self.file.write_all(bytes));
        written.map_err(|e| unwritable(&self.path, &e))
    }
}

impl Drop for Refused {
    fn drop(&mut self) {
        if self.made {
            // An empty file that stays behind says the same.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::unreadable(format_args!("`{}`: {error}", path.display()))
}

/// A directory for a dry run into a data directory that does not exist: gone with the run.
pub struct Scratch(PathBuf);

impl Scratch {
    /// An empty directory of this process.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new() -> Result<Self, Failure> {
        let dir = std::env::temp_dir().join(format!("yanhe-{}", std::process::id()));
        fs::create_dir_all(&dir).map_err(|e| Failure::unreadable(format_args!("`{}`: {e}", dir.display())))?;
        Ok(Self(dir))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    async fn app(&self, data: &open::Data) -> Result<Arc<App>, Failure> {
        let new = open::New {
            pack: data.pack.clone(),
            portal: None,
            demo: false,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        };
        open::create(&open::Place { data: self.0.join("data"), database: None, read_database: None }, new)
            .await
            .map(Arc::new)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A directory that stays behind holds nothing of worth.
        let _ = fs::remove_dir_all(&self.0);
    }
}
