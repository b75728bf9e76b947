//! The steps of a count, for machines and in words.

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use crate::calendar::DayKind;
use crate::pack::Unit;
use crate::time::Date;

/// One step of a count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// The day of the event, which is not counted.
    Start {
        /// The day.
        date: Date,
    },
    /// A suspended time, as far as it lies after the start.
    Suspended {
        /// Its first day.
        from: Date,
        /// Its last day.
        to: Date,
        /// Days left out, in `unit`.
        days: i64,
        /// Days or working days.
        unit: Unit,
    },
    /// A suspension that does not touch the period.
    Outside {
        /// Its first day.
        from: Date,
        /// Its last day.
        to: Date,
    },
    /// A rest day that a working-day limit does not count.
    Skipped {
        /// The day.
        date: Date,
        /// Why it rests.
        why: DayKind,
        /// After the last published year?
        provisional: bool,
    },
    /// A day of a weekend that counts, since it is a make-up working day.
    MakeUp {
        /// The day.
        date: Date,
    },
    /// The month has no such day: its end is taken.
    MonthEnd {
        /// The month's last day.
        date: Date,
    },
    /// The end of the count, before any move.
    Counted {
        /// How many units.
        value: u32,
        /// The unit.
        unit: Unit,
        /// Counted back from the event?
        backwards: bool,
        /// Where the count ends.
        last: Date,
    },
    /// The last day is a rest day and moves to the day after.
    Moved {
        /// The rest day.
        date: Date,
        /// Why it rests.
        why: DayKind,
        /// After the last published year?
        provisional: bool,
    },
    /// The last day stays, rest day or not.
    NotMoved {
        /// The day.
        date: Date,
    },
    /// The last day.
    Ends {
        /// The day.
        date: Date,
    },
    /// The limit of acceptance ends on a day, too: the earlier of both counts.
    Earlier {
        /// Last day of acceptance.
        date: Date,
        /// The earlier.
        last: Date,
    },
    /// The limit of acceptance left no day: it shortens nothing.
    TooLate {
        /// Last day of acceptance.
        date: Date,
    },
}

impl Step {
    /// The day it is about; the first where there are two.
    pub fn date(&self) -> Date {
        match self {
            Self::Start { date }
            | Self::Skipped { date, .. }
            | Self::MakeUp { date }
            | Self::MonthEnd { date }
            | Self::Moved { date, .. }
            | Self::NotMoved { date }
            | Self::Ends { date }
            | Self::TooLate { date } => *date,
            Self::Earlier { last, .. } => *last,
            Self::Suspended { from, .. } | Self::Outside { from, .. } => *from,
            Self::Counted { last, .. } => *last,
        }
    }

    /// The step in Chinese.
    pub fn text_zh(&self) -> String {
        match self {
            Self::Start { date } => format!("{}为起算之日，不计入", zh(*date)),
            Self::Suspended { from, to, days, unit } => {
                format!("{}至{}中止，{days}{}不计入", zh(*from), zh(*to), unit.text_zh())
            }
            Self::Outside { from, to } => format!("{}至{}的中止不在期间内，没有影响", zh(*from), zh(*to)),
            Self::Skipped { date, why, provisional } => {
                format!("{}为{}，不计入{}", zh(*date), why.text_zh(), provisional_zh(*provisional))
            }
            Self::MakeUp { date } => format!("{}为调休上班日，按工作日计", zh(*date)),
            Self::MonthEnd { date } => format!("到期月没有对应日，以月末日{}为准", zh(*date)),
            Self::Counted { value, unit, backwards, last } => {
                let way = if *backwards { "向前推算" } else { "计算" };
                format!("{way}{value}{}，至{}", unit.text_zh(), zh(*last))
            }
            Self::Moved { date, why, provisional } => {
                format!("末日{}为{}，顺延一日{}", zh(*date), why.text_zh(), provisional_zh(*provisional))
            }
            Self::NotMoved { date } => format!("{}不因休息日顺延", zh(*date)),
            Self::Ends { date } => format!("期间最后一日为{}", zh(*date)),
            Self::Earlier { date, last } => {
                format!("决定是否受理的最后一日为{}，两者取先到的：{}", zh(*date), zh(*last))
            }
            Self::TooLate { date } => format!(
                "决定是否受理的最后一日为{}，已经来不及等待答复：这是本机关的延误，不缩短对方答复的期间",
                zh(*date)
            ),
        }
    }

    /// The step in English.
    pub fn text_en(&self) -> String {
        match self {
            Self::Start { date } => format!("{} is the day of the event and is not counted", en(*date)),
            Self::Suspended { from, to, days, unit } => {
                let unit = unit.text_en(u32::try_from(*days).unwrap_or(u32::MAX));
                format!("suspended from {} to {}: {days} {unit} not counted", en(*from), en(*to))
            }
            Self::Outside { from, to } => {
                format!("the suspension from {} to {} lies outside the period and changes nothing", en(*from), en(*to))
            }
            Self::Skipped { date, why, provisional } => {
                format!("{} is a {} and is not counted{}", en(*date), why.text_en(), provisional_en(*provisional))
            }
            Self::MakeUp { date } => format!("{} is a make-up working day and counts", en(*date)),
            Self::MonthEnd { date } => format!("the month has no such day, so its last day is taken: {}", en(*date)),
            Self::Counted { value, unit, backwards, last } => {
                let way = if *backwards { "counted back" } else { "counted" };
                format!("{value} {} {way}: {}", unit.text_en(*value), en(*last))
            }
            Self::Moved { date, why, provisional } => format!(
                "the last day, {}, is a {} and moves to the next day{}",
                en(*date),
                why.text_en(),
                provisional_en(*provisional)
            ),
            Self::NotMoved { date } => format!("{} is not moved for a rest day", en(*date)),
            Self::Ends { date } => format!("the last day is {}", en(*date)),
            Self::Earlier { date, last } => {
                format!("the last day of acceptance is {}; the earlier of both counts: {}", en(*date), en(*last))
            }
            Self::TooLate { date } => format!(
                "the last day of acceptance, {}, leaves no time for an answer: the organ is late, and the other side's days are not cut short",
                en(*date)
            ),
        }
    }
}

const fn provisional_zh(provisional: bool) -> &'static str {
    if provisional { "（该年放假安排尚未公布，暂计）" } else { "" }
}

const fn provisional_en(provisional: bool) -> &'static str {
    if provisional { " (provisional: that year's notice is not published)" } else { "" }
}

fn zh(date: Date) -> String {
    let weekday = match date.weekday() {
        Weekday::Monday => "一",
        Weekday::Tuesday => "二",
        Weekday::Wednesday => "三",
        Weekday::Thursday => "四",
        Weekday::Friday => "五",
        Weekday::Saturday => "六",
        Weekday::Sunday => "日",
    };
    format!("{}年{}月{}日（星期{weekday}）", date.year(), date.month(), date.day())
}

fn en(date: Date) -> String {
    let weekday = match date.weekday() {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    };
    format!("{weekday} {date}")
}
