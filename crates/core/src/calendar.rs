//! Working days: the published years, and beyond them the statutory holidays alone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::pack::Fault;
use crate::pack::fault::{At, Source};
use crate::time::Date;

/// File name in faults of the published years.
pub const PUBLISHED: &str = "calendar/published.toml";
/// File name in faults of the statutory table.
pub const STATUTORY: &str = "calendar/statutory.toml";

/// Statutory holidays a year: 全国年节及纪念日放假办法 as revised on 2024-11-10.
const STATUTORY_DAYS: usize = 13;

/// Which days are working days. Years are without a gap: first the published, then the statutory ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    published: BTreeMap<i16, Year>,
    statutory: BTreeMap<i16, BTreeSet<Date>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Year {
    rest: BTreeSet<Date>,
    work: BTreeSet<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearText {
    rest: Vec<String>,
    work: Vec<String>,
}

/// What a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// An ordinary working day.
    Weekday,
    /// A make-up working day on a weekend.
    MakeUp,
    /// A weekend.
    Weekend,
    /// A public holiday or a day off that the yearly notice gives with it.
    Holiday,
}

impl DayKind {
    /// Is it a working day?
    pub const fn is_working(self) -> bool {
        matches!(self, Self::Weekday | Self::MakeUp)
    }

    /// The Chinese term.
    pub const fn text_zh(self) -> &'static str {
        match self {
            Self::Weekday => "工作日",
            Self::MakeUp => "调休上班日",
            Self::Weekend => "周末",
            Self::Holiday => "法定节假日",
        }
    }

    /// The English term.
    pub const fn text_en(self) -> &'static str {
        match self {
            Self::Weekday => "working day",
            Self::MakeUp => "make-up working day",
            Self::Weekend => "weekend",
            Self::Holiday => "public holiday",
        }
    }
}

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Working or rest, and why.
    pub kind: DayKind,
    /// Is it after the last published year, so that the yearly notice may still change it?
    pub provisional: bool,
}

/// The calendar does not know the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum OutOfCalendar {
    /// Before the first published year.
    #[error("`{date}` is before the first published year of the working-day calendar, {first}")]
    BeforeFirst {
        /// The day asked for.
        date: Date,
        /// The first published year.
        first: i16,
    },
    /// After the last year of the statutory table (or of the published years, where that is later).
    #[error("`{date}` is after the last year of the statutory holiday table, {last}")]
    AfterLast {
        /// The day asked for.
        date: Date,
        /// The last known year.
        last: i16,
    },
}

impl Calendar {
    /// Reads the published years (`[2026]` with `rest` and `work`, each a list of "MM-DD") and the statutory table
    /// (`[2027]` with thirteen days under the names of the holidays). Years must have no gap.
    ///
    /// # Errors
    /// Every fault of both texts.
    pub fn parse(published: &str, statutory: &str) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let published = published_years(PUBLISHED, published, &mut faults);
        let statutory = statutory_years(statutory, &mut faults);
        let lines = published.iter().map(|(year, at)| (*year, at.line)).collect::<BTreeMap<_, _>>();
        let calendar = Self {
            published: published.into_iter().map(|(year, at)| (year, at.value)).collect(),
            statutory: statutory.iter().map(|(year, at)| (*year, at.value.clone())).collect(),
        };
        if calendar.published.is_empty() && faults.is_empty() {
            faults.push(Fault { file: PUBLISHED.to_owned(), line: 0, reason: "no year is published".to_owned() });
        }
        for (year, line) in &lines {
            if *year != calendar.first_year() && !calendar.published.contains_key(&(year - 1)) {
                faults.push(gap(PUBLISHED, *line, *year));
            }
        }
        for (year, at) in &statutory {
            let before = year - 1;
            let follows = calendar.published.contains_key(&before) || calendar.statutory.contains_key(&before);
            if *year > calendar.last_published() && !follows {
                faults.push(gap(STATUTORY, at.line, *year));
            }
        }
        if faults.is_empty() { Ok(calendar) } else { Err(faults) }
    }

    /// The calendar with the years of `text` (same form as the published file) added: a year after the last one as
    /// soon as its notice is out, or a known one whose notice was changed. `file` names the text in faults.
    ///
    /// # Errors
    /// Every fault of the text; a year that would leave a gap.
    pub fn with_published(&self, file: &str, text: &str) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let years = published_years(file, text, &mut faults);
        let mut calendar = self.clone();
        for (year, at) in years {
            if year < calendar.first_year() || year > calendar.last_published() + 1 {
                faults.push(gap(file, at.line, year));
            }
            calendar.published.insert(year, at.value);
        }
        if faults.is_empty() { Ok(calendar) } else { Err(faults) }
    }

    /// The first published year.
    pub fn first_year(&self) -> i16 {
        self.published.keys().next().copied().unwrap_or_default()
    }

    /// The last published year: days after it are provisional.
    pub fn last_published(&self) -> i16 {
        self.published.keys().next_back().copied().unwrap_or_default()
    }

    /// The last year of which anything is known.
    pub fn last_year(&self) -> i16 {
        self.statutory.keys().next_back().copied().unwrap_or_default().max(self.last_published())
    }

    /// What a day is. After the last published year only weekends and statutory holidays rest.
    ///
    /// # Errors
    /// A day before the first published year or after the last known one.
    pub fn day(&self, date: Date) -> Result<Day, OutOfCalendar> {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let otherwise = if weekend { DayKind::Weekend } else { DayKind::Weekday };
        if let Some(year) = self.published.get(&date.year()) {
            let kind = if year.work.contains(&date) {
                DayKind::MakeUp
            } else if year.rest.contains(&date) {
                DayKind::Holiday
            } else {
                otherwise
            };
            return Ok(Day { kind, provisional: false });
        }
        self.known_from(date)?;
        let Some(holidays) = self.statutory.get(&date.year()) else {
            return Err(OutOfCalendar::AfterLast { date, last: self.last_year() });
        };
        let kind = if holidays.contains(&date) { DayKind::Holiday } else { otherwise };
        Ok(Day { kind, provisional: true })
    }

    /// Refuses a date before the first published year.
    ///
    /// # Errors
    /// [`OutOfCalendar::BeforeFirst`].
    pub fn known_from(&self, date: Date) -> Result<(), OutOfCalendar> {
        let first = self.first_year();
        if date.year() < first { Err(OutOfCalendar::BeforeFirst { date, first }) } else { Ok(()) }
    }

    /// A date moved by a span; the end of all dates lies after the calendar's.
    ///
    /// # Errors
    /// [`OutOfCalendar::AfterLast`] at the end of all dates.
    pub(crate) fn add(&self, date: Date, span: jiff::Span) -> Result<Date, OutOfCalendar> {
        date.checked_add(span).map_err(|_| OutOfCalendar::AfterLast { date, last: self.last_year() })
    }

    /// The next day.
    pub(crate) fn next(&self, date: Date) -> Result<Date, OutOfCalendar> {
        self.add(date, 1.day())
    }
}

fn gap(file: &str, line: usize, year: i16) -> Fault {
    Fault { file: file.to_owned(), line, reason: format!("year {year} does not follow the years before it") }
}

fn year_number(source: &mut Source<'_>, key: &At<String>) -> Option<i16> {
    let year = key.value.parse::<i16>().ok().filter(|year| (1949..=9998).contains(year));
    if year.is_none() {
        source.fault(key.line, format!("`{}` is not a year", key.value));
    }
    year
}

fn days(source: &mut Source<'_>, line: usize, year: i16, texts: &[String]) -> BTreeSet<Date> {
    let mut days = BTreeSet::new();
    for text in texts {
        match format!("{year:04}-{text}").parse::<Date>() {
            Ok(date) if text.len() == 5 => {
                if !days.insert(date) {
                    source.fault(line, format!("`{text}` stands twice in {year}"));
                }
            }
            _ => source.fault(line, format!("`{text}` is no day of {year} in the form MM-DD")),
        }
    }
    days
}

fn published_years(file: &str, text: &str, faults: &mut Vec<Fault>) -> BTreeMap<i16, At<Year>> {
    let mut source = Source::new(file, text, faults);
    let mut years = BTreeMap::new();
    for (key, body) in source.all::<YearText>() {
        let Some(number) = year_number(&mut source, &key) else { continue };
        let rest = days(&mut source, key.line, number, &body.rest);
        let work = days(&mut source, key.line, number, &body.work);
        for date in &work {
            if rest.contains(date) {
                source.fault(key.line, format!("`{date}` is both rest and work"));
            }
            if !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
                source.fault(key.line, format!("make-up working day `{date}` is not on a weekend"));
            }
        }
        years.insert(number, At { line: key.line, value: Year { rest, work } });
    }
    years
}

fn statutory_years(text: &str, faults: &mut Vec<Fault>) -> BTreeMap<i16, At<BTreeSet<Date>>> {
    let mut source = Source::new(STATUTORY, text, faults);
    let mut years = BTreeMap::new();
    for (key, body) in source.all::<BTreeMap<String, Vec<String>>>() {
        let Some(number) = year_number(&mut source, &key) else { continue };
        let count = body.values().map(Vec::len).sum::<usize>();
        if count != STATUTORY_DAYS {
            source.fault(key.line, format!("{number} has {count} statutory days, not {STATUTORY_DAYS}"));
        }
        // Two holidays may fall on one date (中秋节 within 国庆节), so they are read one by one.
        let mut all = BTreeSet::new();
        for texts in body.values() {
            all.extend(days(&mut source, key.line, number, texts));
        }
        years.insert(number, At { line: key.line, value: all });
    }
    years
}

#[cfg(test)]
pub(crate) mod tests;
