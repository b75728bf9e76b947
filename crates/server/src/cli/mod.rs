//! The command line: what is asked, and how it ends.
//!
//! Exit codes: 0 done; 1 found faulty; 2 a file cannot be opened or parsed; 64 wrong arguments. With `--json` standard
//! output holds one document and nothing else (for `scope` one object a line); everything else goes to standard error.

pub mod bench;
pub mod check_agreement;
mod clock;
pub mod connections;
pub mod deadline;
pub mod demo;
pub mod export;
pub mod figures;
pub mod generate;
pub mod import;
pub mod keys;
pub mod messenger;
pub mod moving;
pub mod open;
pub mod progress;
pub mod province;
pub mod rebuild;
pub mod scope;
pub mod serve;
pub mod verify;

use std::fmt;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use yanhe_app::{AppError, StartError};

/// Administrative mediation in one program.
#[derive(Parser)]
#[command(name = "yanhe", version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring a spreadsheet of an organ in
    Import(import::Args),
    /// The last day of a limit, with every step of the count
    Deadline(deadline::Args),
    /// Propose for each row of a file whether a guidance letter is due; stores nothing
    Scope(scope::Args),
    /// Look through the draft of an agreement before it is signed; stores nothing
    CheckAgreement(check_agreement::Args),
    /// Count acts by their date
    Figures(figures::Args),
    /// Add up the figures of all counties in one database
    Province(province::Args),
    /// Check every hash, signature and stored file of a data directory
    Verify(verify::Args),
    /// Make everything anew that comes from the journal: states, rows, counts, timers
    Rebuild(rebuild::Args),
    /// Write all events as JSON lines, which is recorded in the journal, or an archive to move with
    Export(export::Args),
    /// Bring an archive into a new place, on whatever database
    ImportArchive(moving::Import),
    /// Write a backup while everything goes on
    Backup(moving::Backup),
    /// Bring a backup into a new place, on whatever database
    Restore(moving::Restore),
    /// Print the keys on a recovery sheet, try one, bring lost keys back from one, or tell the log's public key
    Keys(keys::Args),
    /// Move the clock of a demo
    Clock(clock::Args),
    /// Play the county's half year into a new directory and serve it
    Demo(demo::Args),
    /// Fill a new directory with cases, for measuring
    Generate(generate::Args),
    /// Measure, beside what the machine takes for the same
    Bench(bench::Args),
    /// Serve the pages and run what falls due
    Serve(serve::Args),
}

/// How a command ends when it did what was asked.
pub type Outcome = Result<ExitCode, Failure>;

/// Why it did not, with its exit code.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// Something was found faulty: 1.
    pub fn faulty(message: impl fmt::Display) -> Self {
        Self { code: 1, message: message.to_string() }
    }

    /// Something cannot be opened, read or parsed: 2.
    pub fn unreadable(message: impl fmt::Display) -> Self {
        Self { code: 2, message: message.to_string() }
    }

    /// The arguments are wrong: 64.
    pub fn usage(message: impl fmt::Display) -> Self {
        Self { code: 64, message: message.to_string() }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused(_) | AppError::Denied | AppError::NotFound | AppError::Conflict(_) => Self::faulty(error),
            _ => Self::unreadable(error),
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::unreadable(error)
    }
}

/// Reads the arguments and does what they ask.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nowhere to say that nothing can be said.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(64) } else { ExitCode::SUCCESS };
        }
    };
    match act(cli.command) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("yanhe: {}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

fn act(command: Command) -> Outcome {
    match command {
        Command::Import(args) => wait(import::run(args)),
        Command::Deadline(args) => deadline::run(&args),
        Command::Scope(args) => scope::run(&args),
        Command::CheckAgreement(args) => check_agreement::run(&args),
        Command::Figures(args) => wait(figures::run(args)),
        Command::Province(args) => wait(province::run(args)),
        Command::Verify(args) => wait(verify::run(args)),
        Command::Rebuild(args) => wait(rebuild::run(args)),
        Command::Export(args) => wait(export::run(args)),
        Command::ImportArchive(args) => wait(moving::import(args)),
        Command::Backup(args) => wait(moving::backup(args)),
        Command::Restore(args) => wait(moving::restore(args)),
        Command::Keys(args) => wait(keys::run(args)),
        Command::Clock(args) => wait(clock::run(args)),
        Command::Demo(args) => wait(demo::run(args)),
        Command::Generate(args) => wait(generate::run(args)),
        Command::Bench(args) => wait(bench::run(args)),
        Command::Serve(args) => wait(serve::run(args)),
    }
}

/// Runs a command to its end on as many threads as the machine has.
fn wait(work: impl Future<Output = Outcome>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::unreadable)?;
    runtime.block_on(work)
}

/// Prints a document on standard output. A reader that has gone away is no fault.
pub fn print(document: &impl serde::Serialize) -> Result<(), Failure> {
    use std::io::Write;
    let mut text = serde_json::to_vec(document).map_err(Failure::unreadable)?;
    text.push(b'\n');
    match std::io::stdout().write_all(&text) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::unreadable(error)),
        _ => Ok(()),
    }
}
