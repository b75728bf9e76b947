//! Last days of limits, with every step that led there (民法典 201-203, 民事诉讼法 85).
//!
//! The day of the event is not counted. Months and years end on the same day or the month's end. A last day on a rest
//! day moves to the first working day after it. Working-day limits count working days only. Suspended time is left out.

mod step;
#[cfg(test)]
mod tests;

use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::calendar::{Calendar, Day, DayKind, OutOfCalendar};
use crate::pack::{InForce, NoRuleError, Pack, Rule, Status, Unit, UnknownVariantError, Variant};
use crate::time::Date;

pub use step::Step;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query<'a> {
    /// The limit, for example `confirmation.apply`.
    pub id: &'a str,
    /// The day of the event it starts from, which is also the date of the fact.
    pub from: Date,
    /// The matter's sector.
    pub sector: Option<&'a str>,
    /// Which of its values, by name; the basic one when `None`.
    pub variant: Option<&'a str>,
    /// The date of the paper that cites the articles; `from` when there is none.
    pub paper_date: Option<Date>,
    /// Suspended times, both ends inclusive, in any order; they may overlap.
    pub suspended: &'a [(Date, Date)],
}

impl<'a> Query<'a> {
    /// The basic value without sector, paper and suspension.
    pub fn new(id: &'a str, from: Date) -> Self {
        Self { id, from, sector: None, variant: None, paper_date: None, suspended: &[] }
    }

    /// For a matter of a sector.
    #[must_use]
    pub fn sector(self, sector: Option<&'a str>) -> Self {
        Self { sector, ..self }
    }

    /// For another value: `complex`, `extended`.
    #[must_use]
    pub fn variant(self, variant: Option<&'a str>) -> Self {
        Self { variant, ..self }
    }

    /// Citing the articles as a paper of that date does.
    #[must_use]
    pub fn paper_date(self, date: Date) -> Self {
        Self { paper_date: Some(date), ..self }
    }

    /// Leaving out suspended times, both ends inclusive.
    #[must_use]
    pub fn suspended(self, suspended: &'a [(Date, Date)]) -> Self {
        Self { suspended, ..self }
    }
}

/// A computed limit, with its reasons: made to be kept in an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The limit's id.
    pub limit: String,
    /// The rule that gave it: [`Rule::key`].
    pub rule: String,
    /// The day of the event.
    pub from: Date,
    /// The last day on which the act is in time.
    pub last_day: Date,
    /// Did it consult a day after the last published year?
    pub provisional: bool,
    /// What it rests on, in Chinese, by the date of the paper.
    pub basis: String,
    /// The same in English.
    pub basis_en: String,
    /// Read from the official text, or a default.
    pub status: Status,
    /// Hash of the pack that held the rule.
    pub pack: String,
    /// How it was counted, in order.
    pub steps: Vec<Step>,
}

impl Deadline {
    /// The suspended times that were left out, both ends inclusive.
    pub fn suspended(&self) -> impl Iterator<Item = (Date, Date)> {
        self.steps.iter().filter_map(|step| match step {
            Step::Suspended { from, to, .. } | Step::Outside { from, to } => Some((*from, *to)),
            _ => None,
        })
    }
}

/// Why no last day can be given.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DeadlineError {
    /// No rule answers.
    #[error(transparent)]
    Rule(#[from] NoRuleError),
    /// A variant that no limit has.
    #[error(transparent)]
    Variant(#[from] UnknownVariantError),
    /// A day that must be known is not in the calendar.
    #[error(transparent)]
    Calendar(#[from] OutOfCalendar),
    /// The limit runs on whatever happens.
    #[error("limit `{id}` cannot be suspended")]
    NotSuspendable {
        /// The limit.
        id: String,
    },
    /// A suspension that ends before it begins.
    #[error("the suspension from `{from}` ends on `{to}`, before it begins")]
    SuspensionReversed {
        /// Its first day.
        from: Date,
        /// Its last day.
        to: Date,
    },
}

/// The last day of a limit.
///
/// # Errors
/// No rule for the id, sector, variant and date; a day outside the calendar; a suspension that is reversed or that
/// the limit does not know.
pub fn compute(calendar: &Calendar, pack: &Pack, query: &Query<'_>) -> Result<Deadline, DeadlineError> {
    calendar.known_from(query.from)?;
    let variant = query.variant.map_or(Ok(Variant::Basic), str::parse)?;
    let rule = pack.rule(query.id, query.sector, variant, query.from)?;
    if !query.suspended.is_empty() && !rule.suspendable {
        return Err(DeadlineError::NotSuspendable { id: query.id.to_owned() });
    }
    let suspended = merge(query.suspended)?;
    let mut count = Count { calendar, from: query.from, suspended, provisional: false, steps: Vec::new() };
    count.steps.push(Step::Start { date: query.from });
    let unrolled = if rule.backwards {
        count.backwards(rule)?
    } else if rule.unit == Unit::WorkingDays {
        count.working_days(rule)?
    } else {
        count.calendar_days(rule)?
    };
    count.steps.push(Step::Counted { value: rule.value, unit: rule.unit, backwards: rule.backwards, last: unrolled });
    let last_day = if rule.rolls { count.roll(unrolled, rule.unit)? } else { count.stay(unrolled) };
    count.steps.push(Step::Ends { date: last_day });
    let citation = pack.citation(rule, query.paper_date.unwrap_or(query.from));
    Ok(Deadline {
        limit: rule.id.clone(),
        rule: rule.key(),
        from: query.from,
        last_day,
        provisional: count.provisional,
        basis: citation.short,
        basis_en: citation.en,
        status: rule.status,
        pack: pack.hash.clone(),
        steps: count.steps,
    })
}

/// Suspensions in order, joined where they overlap or touch, so that no day is left out twice.
fn merge(suspended: &[(Date, Date)]) -> Result<Vec<(Date, Date)>, DeadlineError> {
    let mut sorted = suspended.to_vec();
    sorted.sort_unstable();
    let mut merged: Vec<(Date, Date)> = Vec::new();
    for (from, to) in sorted {
        if to < from {
            return Err(DeadlineError::SuspensionReversed { from, to });
        }
        match merged.last_mut() {
            Some(last) if last.1.tomorrow().is_ok_and(|next| from <= next) => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    Ok(merged)
}

/// One count being made.
struct Count<'a> {
    calendar: &'a Calendar,
    from: Date,
    suspended: Vec<(Date, Date)>,
    provisional: bool,
    steps: Vec<Step>,
}

impl Count<'_> {
    /// Consults a day, which is what makes a result provisional.
    fn consult(&mut self, date: Date) -> Result<Day, OutOfCalendar> {
        let day = self.calendar.day(date)?;
        self.provisional |= day.provisional;
        Ok(day)
    }

    /// Days, months and years: the plain end, moved on by the suspended days that come to lie before it.
    fn calendar_days(&mut self, rule: &Rule) -> Result<Date, OutOfCalendar> {
        let value = i64::from(rule.value);
        let mut last = self.calendar.add(self.from, span(rule.unit, value))?;
        if matches!(rule.unit, Unit::Months | Unit::Years) && last.day() != self.from.day() {
            self.steps.push(Step::MonthEnd { date: last });
        }
        for (from, to) in self.suspended.clone() {
            let first = from.max(self.calendar.next(self.from)?);
            if to < first || last < first {
                self.steps.push(Step::Outside { from, to });
                continue;
            }
            // Each day added may bring in more of the same suspension: in the end the whole of it.
            let days = i64::from((to - first).get_days()) + 1;
            last = self.calendar.add(last, days.days())?;
            self.steps.push(Step::Suspended { from: first, to, days, unit: Unit::Days });
        }
        Ok(last)
    }

    /// Working days: one by one, leaving out rest days and suspended working days.
    fn working_days(&mut self, rule: &Rule) -> Result<Date, OutOfCalendar> {
        let mut left = rule.value;
        let mut date = self.from;
        let mut moved = vec![0_i64; self.suspended.len()];
        let mut walk = Vec::new();
        while left > 0 {
            date = self.calendar.next(date)?;
            let day = self.consult(date)?;
            if !day.kind.is_working() {
                walk.push(Step::Skipped { date, why: day.kind, provisional: day.provisional });
                continue;
            }
            if let Some(n) = self.suspended.iter().position(|(from, to)| (*from..=*to).contains(&date)) {
                moved[n] += 1;
                continue;
            }
            if day.kind == DayKind::MakeUp {
                walk.push(Step::MakeUp { date });
            }
            left -= 1;
        }
        let first = self.calendar.next(self.from)?;
        for ((from, to), days) in self.suspended.iter().zip(moved) {
            walk.push(if *to < first || date < *from {
                Step::Outside { from: *from, to: *to }
            } else {
                // INVARIANT: the walk ends on an unsuspended day, so a suspension that began before it is over.
                Step::Suspended { from: (*from).max(first), to: *to, days, unit: Unit::WorkingDays }
            });
        }
        walk.sort_by_key(Step::date);
        self.steps.append(&mut walk);
        Ok(date)
    }

    /// Back from the event. Never moved: moving forward would shorten the notice.
    fn backwards(&mut self, rule: &Rule) -> Result<Date, OutOfCalendar> {
        let mut date = self.from;
        if rule.unit == Unit::WorkingDays {
            let mut left = rule.value;
            while left > 0 {
                date = self.calendar.add(date, -1.day())?;
                let day = self.consult(date)?;
                if day.kind.is_working() {
                    left -= 1;
                } else {
                    self.steps.push(Step::Skipped { date, why: day.kind, provisional: day.provisional });
                }
            }
        } else {
            date = self.calendar.add(date, -span(rule.unit, i64::from(rule.value)))?;
        }
        self.calendar.known_from(date)?;
        Ok(date)
    }

    /// A last day on a rest day moves to the first working day after it.
    fn roll(&mut self, unrolled: Date, unit: Unit) -> Result<Date, OutOfCalendar> {
        let mut date = unrolled;
        loop {
            let day = self.consult(date)?;
            if day.kind.is_working() {
                // The walk over working days has said it already.
                if unit != Unit::WorkingDays && day.kind == DayKind::MakeUp {
                    self.steps.push(Step::MakeUp { date });
                }
                return Ok(date);
            }
            self.steps.push(Step::Moved { date, why: day.kind, provisional: day.provisional });
            date = self.calendar.next(date)?;
        }
    }

    fn stay(&mut self, unrolled: Date) -> Date {
        self.steps.push(Step::NotMoved { date: unrolled });
        unrolled
    }
}

fn span(unit: Unit, value: i64) -> Span {
    match unit {
        Unit::Days | Unit::WorkingDays => value.days(),
        Unit::Months => value.months(),
        Unit::Years => value.years(),
    }
}

/// A limit of the pack, for `deadline --list` and the rule table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// The limit's id.
    pub id: String,
    /// [`Rule::key`].
    pub rule: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Sector, or `null` for the county's rule.
    pub sector: Option<String>,
    /// Variant.
    pub variant: Variant,
    /// How many units.
    pub value: u32,
    /// Unit.
    pub unit: Unit,
    /// Counted back from the event?
    pub backwards: bool,
    /// Does a last day on a rest day move?
    pub rolls: bool,
    /// May time be left out?
    pub suspendable: bool,
    /// The event it starts from.
    pub starts: String,
    /// The same in English.
    pub starts_en: String,
    /// What it rests on, by dates of the paper.
    pub basis: Vec<ListedBasis>,
    /// Read or default.
    pub status: Status,
    /// Dates of the fact.
    pub in_force: InForce,
}

/// A citation and the papers it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListedBasis {
    /// Chinese.
    pub text: String,
    /// English.
    pub text_en: String,
    /// First date of a paper; open when `null`.
    pub from: Option<Date>,
    /// Last date of a paper; open when `null`.
    pub to: Option<Date>,
}

/// All limits of a pack, in its order.
pub fn list(pack: &Pack) -> Vec<Listed> {
    pack.rules.iter().map(|rule| listed(pack, rule)).collect()
}

fn listed(pack: &Pack, rule: &Rule) -> Listed {
    let basis = rule.basis.iter().map(|entry| {
        let date = entry.from.or(entry.to).unwrap_or(Date::MIN);
        let citation = pack.cite(std::slice::from_ref(entry), date);
        ListedBasis { text: citation.short, text_en: citation.en, from: entry.from, to: entry.to }
    });
    Listed {
        id: rule.id.clone(),
        rule: rule.key(),
        name: rule.name.clone(),
        name_en: rule.name_en.clone(),
        sector: rule.sector.clone(),
        variant: rule.variant,
        value: rule.value,
        unit: rule.unit,
        backwards: rule.backwards,
        rolls: rule.rolls,
        suspendable: rule.suspendable,
        starts: rule.starts.clone(),
        starts_en: rule.starts_en.clone(),
        basis: basis.collect(),
        status: rule.status,
        in_force: rule.in_force,
    }
}
