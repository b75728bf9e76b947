//! The clock of a demo: its shift lies in the data directory, and everything that runs on the directory follows it.

use data_encoding::HEXLOWER;
use jiff::{SignedDuration, ToSpan};
use yanhe_core::policy::Actor;
use yanhe_core::time::county_time;
use yanhe_core::{StreamId, StreamKind, Timestamp, audit};

use crate::App;
use crate::error::AppError;
use crate::handle::Request;
use crate::ports::{Clock, SystemClock};
use crate::settings;

/// How far the clock goes at a time: a year, and the days that people add to it.
const FARTHEST: SignedDuration = SignedDuration::from_hours(24 * 400);

/// Why the clock stays where it is.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// Production time is nobody's to move.
    #[error("only the clock of a demo can be moved")]
    NotDemo,
    /// Time does not go back.
    #[error("`{}` lies before `{}`, and the clock of a demo does not go back", minute(*to), minute(*now))]
    Backwards {
        /// As asked.
        to: Timestamp,
        /// The demo's time.
        now: Timestamp,
    },
    /// Calendars and limits reach a few years, and what was passed over cannot be undone: a slip of the year is refused.
    #[error("`{}` is more than a year after `{}`: move the clock in steps", minute(*to), minute(*now))]
    Far {
        /// As asked.
        to: Timestamp,
        /// The demo's time.
        now: Timestamp,
    },
    /// What failed on the way.
    #[error(transparent)]
    App(#[from] AppError),
}

/// An instant as the county's clocks show it, to the minute: `2022-07-14 09:00`.
pub fn minute(at: Timestamp) -> String {
    county_time(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Does a demo's clock go from there to there?
fn reachable(now: Timestamp, to: Timestamp) -> Result<(), ClockError> {
    match to.duration_since(now) {
        passed if passed.is_negative() => Err(ClockError::Backwards { to, now }),
        ahead if ahead > FARTHEST => Err(ClockError::Far { to, now }),
        _ => Ok(()),
    }
}

impl App {
    /// When the next thing falls due by itself; none when nothing does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, AppError> {
        Ok(self.writer.next_due().await?)
    }

    /// Moves a demo's clock to an instant and runs what falls due on the way, each job at its own time; gives how many
    /// ran. The move is recorded before anything runs.
    ///
    /// # Errors
    /// When this is no demo, the instant has passed or lies too far ahead, the actor may not, or the database fails.
    pub async fn advance_clock(&self, actor: &Actor, to: Timestamp) -> Result<usize, ClockError> {
        if !self.demo || self.clock.shift().is_none() {
            return Err(ClockError::NotDemo);
        }
        let now = self.clock.now();
        reachable(now, to)?;
        let stream = StreamId::new(StreamKind::Audit, "clock");
        let drawn = HEXLOWER.encode(&self.entropy.seed("clock")[..8]);
        let key = format!("clock/{}/{}/{drawn}", now.as_microsecond(), to.as_microsecond());
        self.handle(Request::one(actor, key, &stream, audit::Command::AdvanceClock { to })).await?;
        let mut ran = self.run_due().await?;
        loop {
            let Some(due) = self.next_due().await?.filter(|due| *due <= to) else {
                break;
            };
            let now = self.clock.now();
            // A job that failed waits for its next try and must not hold up the others.
            let next = if due > now { due } else { now.checked_add(1.hour()).unwrap_or(to) };
            if next > to {
                break;
            }
            self.jump(next).await?;
            ran += self.run_due().await?;
        }
        self.jump(to).await?;
        ran += self.run_due().await?;
        Ok(ran)
    }

    async fn jump(&self, to: Timestamp) -> Result<(), AppError> {
        self.clock.jump(to);
        match self.clock.shift() {
            Some(shift) => self.set_setting(settings::CLOCK, &shift.to_string()).await,
            None => Ok(()),
        }
    }

    /// Follows the clock when another process has moved it. To be called every second while a demo is served.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn follow_clock(&self) -> Result<(), AppError> {
        let Some(shift) = self.clock.shift() else { return Ok(()) };
        let stored = self.setting(settings::CLOCK).await?.and_then(|text| text.parse::<i64>().ok());
        if let Some(stored) = stored.filter(|stored| *stored > shift) {
            self.clock.jump(SystemClock.now().checked_add(stored.seconds()).unwrap_or(Timestamp::MAX));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_goes_forward_by_a_year_at_most() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let now = at("2022-07-14T01:00:00Z");
        assert!(reachable(now, now).is_ok() && reachable(now, at("2023-07-14T01:00:00Z")).is_ok());
        assert!(matches!(reachable(now, at("2022-07-14T00:59:59Z")), Err(ClockError::Backwards { .. })));
        for far in [at("2024-07-14T01:00:00Z"), at("9999-12-30T22:00:00Z"), Timestamp::MAX] {
            assert!(matches!(reachable(now, far), Err(ClockError::Far { .. })), "{far}");
        }
    }
}
