//! `yanhe export`: everything, as lines for those who count with another program, or as an archive to move with.

use std::path::PathBuf;
use std::process::ExitCode;

use yanhe_app::AppError;
use yanhe_core::policy::Actor;

use super::{Outcome, moving, open};

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    /// Lines with personal values opened; `null` where they were erased
    #[arg(long, required_unless_present = "archive")]
    plain: bool,
    /// A file with everything, personal values closed, for `yanhe import-archive`
    #[arg(long, value_name = "FILE", conflicts_with = "plain")]
    archive: Option<PathBuf>,
    #[command(flatten)]
    data: open::Data,
    /// One JSON document on standard output (with --archive)
    #[arg(long, requires = "archive")]
    json: bool,
}

/// Records the export and writes the lines.
pub async fn run(args: Args) -> Outcome {
    if let Some(file) = &args.archive {
        return moving::write(&args.data.place, file, None, args.json).await;
    }
    let app = open::existing(&args.data).await?;
    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout());
    match app.export_plain(&Actor::admin(), &mut out).await {
        // The reader has seen enough.
        Err(AppError::File { error, .. }) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        Err(error) => return Err(error.into()),
        Ok(_) => {}
    }
    open::seal(&app).await;
    Ok(ExitCode::SUCCESS)
}
