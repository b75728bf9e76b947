//! Carrying out what is due: timers and follow-ups are commands that decide again, so a stale one does nothing.

use jiff::ToSpan;
use yanhe_core::policy::Actor;
use yanhe_core::{Refusal, Timestamp};
use yanhe_store::DueJob;

use crate::App;
use crate::command::Command;
use crate::error::AppError;
use crate::handle::Request;

/// How many jobs are taken at once.
const BATCH: u32 = 64;

impl App {
    /// Runs everything due until nothing is; gives how many ran. Public, so that a demo and tests drive it.
    ///
    /// # Errors
    /// When the database fails. A job that fails is tried again later.
    pub async fn run_due(&self) -> Result<usize, AppError> {
        let mut ran = 0;
        loop {
            let now = self.clock.now();
            let until = now.checked_add(1.minute()).unwrap_or(Timestamp::MAX);
            let jobs = self.writer.due_jobs(now, until, BATCH).await?;
            if jobs.is_empty() {
                return Ok(ran);
            }
            ran += jobs.len();
            for job in jobs {
                self.run_job(job).await?;
            }
        }
    }

    async fn run_job(&self, job: DueJob) -> Result<(), AppError> {
        let outcome = match serde_json::from_slice(&job.command).map(|json| Command::from_job(job.stream.kind(), json))
        {
            Ok(Ok(command)) => {
                // Each taking is decided anew: the commands of jobs are idempotent by their streams, not by this key.
                let key = format!("job/{}/{}/{}", job.owner, job.name, job.lease_until.as_microsecond());
                let steps = vec![(job.stream.clone(), command)];
                self.handle(Request::all(&Actor::system(), key, steps)).await.map(|_| ())
            }
            // A command of a newer program: it stays for that one.
            Ok(Err(error)) | Err(error) => {
                Err(AppError::Unreadable { stream: job.stream.to_string(), problem: error.to_string() })
            }
        };
        match outcome {
            // Refused: the state moved on, and the timer has nothing to do any more.
            Ok(()) | Err(AppError::Refused(Refusal { .. })) => {
                self.writer.done(&job).await?;
            }
            Err(error) => {
                let wait = 2_i64.saturating_pow(u32::try_from(job.attempts.clamp(0, 10)).unwrap_or(10));
                let retry = self.clock.now().checked_add(wait.seconds()).unwrap_or(Timestamp::MAX);
                self.writer.failed(&job, retry).await?;
                eprintln!("job {}/{} failed: {error}", job.owner, job.name);
            }
        }
        Ok(())
    }
}
