//! What open pages are told: something was done, by this process or another one.

use jiff::ToSpan;
use tokio::sync::watch;
use yanhe_core::Timestamp;

use crate::App;
use crate::error::AppError;

/// What was tried is remembered for so long.
const TRIES_HOURS: i64 = 24;

impl App {
    /// A count that rises soon after anything was done in the county.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.writer.news()
    }

    /// Lets [`App::news`] rise when another process has done something, until that cannot be noticed any more.
    ///
    /// # Errors
    /// Why not: to be begun again.
    pub async fn follow_news(&self) -> Result<(), AppError> {
        Ok(self.writer.follow().await?)
    }

    /// Tells everybody who waits for news that the program ends.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Waits until the program ends.
    pub async fn closed(&self) {
        // An error means that it has ended.
        let _ = self.closing.subscribe().wait_for(|end| *end).await;
    }

    /// Counts one more try of something, on all servers together; gives how many there were within `minutes`, this one
    /// included.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tried(&self, what: &str, minutes: i64) -> Result<i64, AppError> {
        let now = self.clock.now();
        let from = now.checked_sub(minutes.minutes()).unwrap_or(Timestamp::MIN);
        Ok(self.writer.tried(what, now, from).await?)
    }

    /// Forgets sessions, one-time codes and tries that are over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep(&self) -> Result<(), AppError> {
        let now = self.clock.now();
        let since = now.checked_sub(TRIES_HOURS.hours()).unwrap_or(Timestamp::MIN);
        Ok(self.writer.sweep(now, since).await?)
    }
}
