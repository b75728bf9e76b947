//! `yanhe export --plain`: everything, for those who count with another program.

use std::process::ExitCode;

use yanhe_app::AppError;
use yanhe_core::policy::Actor;

use super::{Outcome, open};

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    /// Personal values opened; `null` where they were erased
    #[arg(long, required = true)]
    plain: bool,
    #[command(flatten)]
    data: open::Data,
}

/// Records the export and writes the lines.
pub async fn run(args: Args) -> Outcome {
    let app = open::existing(&args.data).await?;
    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout());
    match app.export_plain(&Actor::admin(), &mut out).await {
        // The reader has seen enough.
        Err(AppError::File { error, .. }) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        Err(error) => return Err(error.into()),
        Ok(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}
