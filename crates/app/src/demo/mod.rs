//! The demo: plays the county's half year from the files in `demo/` through the same commands as the pages.
//!
//! Every act has an actor whom policy allows at that moment, and every signature a one-time code that was read from
//! the demo phone. What happens to a case is drawn from the seed and the case's own number, so that one seed gives one
//! half year. No figure is written here: they come out as counted.

mod by_hand;
mod cases;
mod chance;
mod court;
mod decided;
mod entered;
pub(crate) mod identity;
mod letters;
mod papers;
mod people;
mod plan;
mod tour;
mod visited;

use std::collections::BTreeMap;
use std::sync::Arc;

use yanhe_core::policy::Actor;
use yanhe_core::time::{Date, DateTime, Timestamp, at_county};
use yanhe_core::{StreamId, StreamKind, organ};

use crate::App;
use crate::error::AppError;
use crate::handle::Request;
use crate::import::{ImportError, ImportFileError, Kind, Parsed, REASON_COLUMN, Record, refused_csv};
use crate::ports::SetClock;
use chance::Chance;
pub use identity::shown;
use people::People;
use plan::Case;
pub use tour::{is_of_tour, session_over};

/// First and last day of the play, and the instant at which the demo goes on at normal speed.
pub const FIRST: Date = jiff::civil::date(2022, 1, 4);
/// The last day that is played.
pub const LAST: Date = jiff::civil::date(2022, 7, 14);

/// The day on which a clerk notices a wrong name on a letter.
const SPOILT: Date = jiff::civil::date(2022, 3, 3);

/// When a played demo goes on: the morning of its last day.
pub fn resumes_at() -> Timestamp {
    at_county(LAST.at(9, 0, 0, 0))
}

/// The demo's files by kind.
pub type Files = Vec<(Kind, String, Vec<u8>)>;

/// Why the demo cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file cannot be read.
    #[error(transparent)]
    Import(#[from] ImportFileError),
    /// An act was not carried out.
    #[error("{what}: {error}")]
    Act {
        /// Which.
        what: String,
        /// Why not.
        error: AppError,
    },
    /// The database failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<ImportError> for DemoError {
    fn from(error: ImportError) -> Self {
        Self::Import(error.into())
    }
}

/// The play while it goes on.
struct Play<'a> {
    app: &'a App,
    clock: Arc<SetClock>,
    chance: Chance,
    people: People,
    cases: BTreeMap<StreamId, Case>,
    letters: letters::Desk,
    acts: u64,
    /// Cases that the court has numbered.
    docketed: i64,
}

impl App {
    /// Plays from the first day to `until`, at most the [last](LAST) one. `clock` must be the clock of this App; `progress` is told each day.
    ///
    /// # Errors
    /// The first act that was not carried out: the demo never goes on over a refusal that it did not expect.
    pub async fn play_demo(
        &self,
        clock: Arc<SetClock>,
        seed: u64,
        files: &Files,
        until: Date,
        progress: impl Fn(Date) + Send + Sync,
    ) -> Result<(), DemoError> {
        clock.set(at_county(FIRST.at(8, 0, 0, 0)));
        let studio = Actor { id: "studio".into(), ..Actor::admin() };
        let mut rows = Vec::new();
        for (kind, name, bytes) in files {
            if *kind == Kind::Roster {
                self.import(&studio, *kind, name, bytes, false, |_, _| {}).await?;
            } else {
                rows.push((*kind, name.clone(), self.read_file(*kind, name, bytes)?.rows));
            }
        }
        people::reinforce(self, &studio).await?;
        let people = People::load(self).await?;
        let mut play = Play {
            app: self,
            clock,
            chance: Chance(seed),
            people,
            cases: BTreeMap::new(),
            letters: letters::Desk::default(),
            acts: 0,
            docketed: 0,
        };
        let mut last_import = FIRST;
        let mut day = FIRST;
        loop {
            play.at(day, 9, 0);
            self.run_due().await?;
            play.onboard(day).await?;
            let working = self.calendar.day(day).is_ok_and(|d| d.kind.is_working());
            if working && (day.weekday().to_monday_one_offset() % 3 == 1 || day == LAST) {
                play.import(&rows, last_import, day).await?;
                last_import = day;
            }
            if working {
                play.entered_today(day).await?;
                play.decided_today(day).await?;
                play.letters_of_the_day(day).await?;
                if day == SPOILT {
                    play.spoil_one(day).await?;
                }
                play.cases_of_the_day(day).await?;
                play.papers_of_the_day(day).await?;
            }
            self.run_due().await?;
            progress(day);
            if day >= until.min(LAST) {
                break;
            }
            day = day.tomorrow().unwrap_or(LAST);
        }
        Ok(())
    }
}

impl Play<'_> {
    fn at(&self, day: Date, hour: i8, minute: i8) {
        // The demo goes on at nine on the last day: what is played of that day is played before.
        let (hour, minute) = if day == LAST { (8, hour * 2) } else { (hour, minute) };
        self.clock.set(at_county(day.at(hour, minute, 0, 0)));
    }

    /// The first working day after a day.
    fn working_after(&self, day: Date) -> Date {
        let mut next = day.tomorrow().unwrap_or(day);
        while !self.app.calendar.day(next).is_ok_and(|d| d.kind.is_working()) {
            next = next.tomorrow().unwrap_or(next);
        }
        next
    }

    fn key(&mut self) -> String {
        self.acts += 1;
        format!("demo/{}", self.acts)
    }

    /// Carries out an act that must succeed.
    async fn act(
        &mut self,
        what: &str,
        actor: &Actor,
        stream: &StreamId,
        command: impl Into<crate::Command>,
    ) -> Result<crate::Done, DemoError> {
        let request = Request::one(actor, self.key(), stream, command);
        self.done(what, stream, request).await
    }

    async fn done(&mut self, what: &str, stream: &StreamId, request: Request) -> Result<crate::Done, DemoError> {
        let done = self
            .app
            .handle(request)
            .await
            .map_err(|error| DemoError::Act { what: format!("{what} {stream}"), error })?;
        self.app.run_due().await?;
        Ok(done)
    }

    /// Brings organs online on the day on which the roster says they joined.
    async fn onboard(&mut self, day: Date) -> Result<(), DemoError> {
        let organs: Vec<String> = self.app.pack.mediating().map(|o| o.code.clone()).collect();
        for code in organs {
            let stream = StreamId::new(StreamKind::Organ, &code);
            let Some(state) = self.app.state::<organ::Organ>(&stream).await? else { continue };
            if !state.withdrawn && state.online_on.is_none() && state.profile.joined_on == Some(day) {
                let studio = self.people.studio.clone();
                self.act("onboard", &studio, &stream, organ::Command::Onboard {}).await?;
            }
        }
        Ok(())
    }

    /// Imports the rows that the organs have exported since the last time; faulty rows come with the last file.
    async fn import(&mut self, all: &[(Kind, String, Vec<Parsed>)], from: Date, to: Date) -> Result<(), DemoError> {
        for (kind, name, rows) in all {
            let due = |row: &&Parsed| match &row.result {
                Ok(record) => {
                    let date = date_of(record);
                    (date > from || from == FIRST) && date <= to
                }
                Err(_) => to == LAST,
            };
            let chosen: Vec<_> = rows.iter().filter(due).map(|row| (row, String::new())).collect();
            if chosen.is_empty() {
                continue;
            }
            let file = refused_csv(REASON_COLUMN, chosen);
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            let studio = self.people.studio.clone();
            self.app.import(&studio, *kind, &format!("{stem}-{to}.csv"), &file, false, |_, _| {}).await?;
        }
        Ok(())
    }
}

fn date_of(record: &Record) -> Date {
    match record {
        Record::Penalty(row) => row.decided,
        Record::Inspection(row) => row.date,
        Record::Complaint(row) => row.received.date(),
        Record::Publicity(row) => row.date,
        Record::Organ(_) | Record::Staff(_) | Record::Expert(_) => FIRST,
    }
}

/// A time of the day in the county.
fn time(day: Date, hour: i8) -> DateTime {
    day.at(hour, 0, 0, 0)
}
