//! A limit: its last day, how far off it is, and how it was counted, day by day.

use askama::Template;
use jiff::civil::Date;
use serde::Deserialize;
use yanhe_core::deadline;
use yanhe_core::dossier::RunningLimit;
use yanhe_core::pack::{CONTEST, Status};

use super::Tone;
use crate::text::{Lang, fill};

/// How a limit stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineState {
    /// Time is left.
    #[default]
    Open,
    /// Three days or fewer are left.
    Soon,
    /// The last day has passed.
    Late,
    /// The act was done.
    Done,
    /// It was done within the limit.
    Met,
    /// It was done after the last day.
    Missed,
    /// The limit does not run now.
    Suspended,
    /// The right was not used in time: nobody is late.
    Expired,
}

/// Limits within which somebody may do something, and need not.
const RIGHTS: [&str; 11] = [
    "mediation.apply",
    "confirmation.apply",
    "objection.party",
    "objection.interested",
    "enforcement.apply",
    "review.apply",
    "suit.administrative",
    "suit.after_review",
    "limitation.civil",
    "arbitration.labour",
    "mediation.consent",
];

/// A limit with its explanation.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/deadline.html")]
pub struct Deadline {
    /// The reader's language.
    pub lang: Lang,
    /// What is to be done within it.
    pub name: String,
    /// Its last day, written out.
    pub last_day: String,
    /// Days from today to the last day; negative when it has passed.
    pub days: i64,
    /// How it stands.
    pub state: DeadlineState,
    /// The count, a sentence a step: the start, each day left out and why, the end.
    pub steps: Vec<String>,
    /// The article.
    pub basis: String,
    /// A default of the county, not a rule of law.
    pub county_default: bool,
    /// The start is assumed.
    pub assumed: bool,
    /// It starts with a decision: nobody received that before it was made, and many later.
    pub of_decision: bool,
    /// An application interrupted it, and nobody said since when it had run: it may have been over before.
    pub unless_over: bool,
    /// It rests on a year whose holidays are not published yet.
    pub provisional: bool,
    /// Where a link to the explanation leads; a browser opens it on arrival. Empty: nowhere.
    pub anchor: String,
}
super::part!(Deadline, "deadline");

impl Deadline {
    /// A limit that runs, seen on `today`.
    pub fn running(lang: Lang, name: impl Into<String>, last_day: Date, today: Date) -> Self {
        // INVARIANT: two dates of the calendar always differ by a number of days that fits.
        let days = (last_day - today).get_days().into();
        let state = match days {
            ..=-1 => DeadlineState::Late,
            0..=3 => DeadlineState::Soon,
            _ => DeadlineState::Open,
        };
        Self { lang, name: name.into(), last_day: lang.weekday_date(last_day), days, state, ..Self::default() }
    }

    /// A limit as the law counted it, with its explanation, seen on `today`.
    pub fn counted(lang: Lang, counted: &deadline::Deadline, today: Date) -> Self {
        let (steps, basis) = match lang {
            Lang::Zh => (counted.steps.iter().map(deadline::Step::text_zh).collect(), &counted.basis),
            Lang::En => (counted.steps.iter().map(deadline::Step::text_en).collect(), &counted.basis_en),
        };
        let running = Self::running(lang, lang.name("limit", &counted.limit), counted.last_day, today);
        let unused = running.state == DeadlineState::Late && RIGHTS.contains(&counted.limit.as_str());
        Self {
            steps,
            basis: basis.clone(),
            provisional: counted.provisional,
            of_decision: counted.limit == "letter.send" || CONTEST.contains(&counted.limit.as_str()),
            county_default: counted.status == Status::Default,
            state: if unused { DeadlineState::Expired } else { running.state },
            ..running
        }
    }

    /// A limit of a party's own right, as an application found it, seen on `today`.
    pub fn of_party(lang: Lang, limit: &RunningLimit, today: Date) -> Self {
        let shown = Self::counted(lang, &limit.deadline, today);
        let assumed = limit.assumed && !limit.interrupted;
        Self { assumed, unless_over: limit.assumed && limit.interrupted, ..shown }
    }

    /// A day that the parties agreed on, seen on `today`: no rule counts it.
    pub fn agreed(lang: Lang, due: Date, today: Date) -> Self {
        let part = &lang.text().part;
        Self {
            steps: vec![fill(part.agreed_day, &[("date", &lang.weekday_date(due))])],
            basis: part.agreed_basis.to_owned(),
            ..Self::running(lang, lang.name("limit", "obligation"), due, today)
        }
    }

    /// The act was done, or the limit no longer matters.
    #[must_use]
    pub fn done(mut self) -> Self {
        self.state = DeadlineState::Done;
        self
    }

    /// The act was done on a day: within the limit, or so many days late.
    #[must_use]
    pub fn kept(mut self, last_day: Date, on: Date) -> Self {
        self.days = (last_day - on).get_days().into();
        self.state = if self.days < 0 { DeadlineState::Missed } else { DeadlineState::Met };
        self
    }

    /// The act was done, on a day if that is known.
    #[must_use]
    pub fn done_on(self, last_day: Date, on: Option<Date>) -> Self {
        match on {
            Some(on) => self.kept(last_day, on),
            None => self.done(),
        }
    }

    /// The limit does not run now.
    #[must_use]
    pub fn suspended(mut self) -> Self {
        self.state = DeadlineState::Suspended;
        self
    }

    /// With a place for links to its explanation: once a page for each limit.
    #[must_use]
    pub fn anchored(mut self, limit: &str) -> Self {
        self.anchor = anchor(limit);
        self
    }

    /// The start is assumed until the real one is entered.
    #[must_use]
    pub fn assumed(mut self) -> Self {
        self.assumed = true;
        self
    }

    fn left(&self) -> String {
        let t = self.lang.text();
        let days = self.days.unsigned_abs().to_string();
        match self.state {
            DeadlineState::Done => t.part.deadline_done.to_owned(),
            DeadlineState::Met => t.part.deadline_met.to_owned(),
            DeadlineState::Missed => fill(t.part.deadline_missed, &[("days", &days)]),
            DeadlineState::Suspended => t.part.deadline_suspended.to_owned(),
            DeadlineState::Expired => t.part.deadline_expired.to_owned(),
            _ if self.days == 0 => t.part.last_today.to_owned(),
            _ if self.days < 0 => fill(t.part.days_late, &[("days", &days)]),
            _ => fill(t.part.days_left, &[("days", &days)]),
        }
    }

    fn assumption(&self) -> &'static str {
        let part = &self.lang.text().part;
        match (self.of_decision, self.state) {
            (true, DeadlineState::Expired) => part.assumed_decision_over,
            (true, _) => part.assumed_decision,
            (false, _) => part.assumed,
        }
    }

    fn tone(&self) -> Tone {
        match self.state {
            DeadlineState::Open => Tone::Going,
            DeadlineState::Soon => Tone::Attention,
            DeadlineState::Late | DeadlineState::Missed => Tone::Bad,
            DeadlineState::Done | DeadlineState::Met => Tone::Good,
            DeadlineState::Suspended | DeadlineState::Expired => Tone::Plain,
        }
    }
}

/// The place of a limit's explanation on the page of its case.
pub fn anchor(limit: &str) -> String {
    format!("limit-{}", limit.replace('.', "-"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_last_day_itself_is_not_late_and_the_day_after_is() {
        let on = |today| Deadline::running(Lang::Zh, "x", date(2022, 8, 1), today);
        assert_eq!(on(date(2022, 8, 1)).state, DeadlineState::Soon);
        assert_eq!(on(date(2022, 8, 2)).state, DeadlineState::Late);
        assert_eq!(on(date(2022, 7, 1)).days, 31);
        assert_eq!(on(date(2021, 8, 1)).days, 365);
    }

    #[test]
    fn what_was_done_on_the_last_day_was_in_time_whatever_day_it_is_now() {
        let last = date(2022, 8, 1);
        let done = |on| Deadline::running(Lang::Zh, "x", last, date(2022, 12, 1)).kept(last, on);
        assert_eq!(done(date(2022, 8, 1)).state, DeadlineState::Met);
        assert_eq!((done(date(2022, 8, 3)).state, done(date(2022, 8, 3)).days), (DeadlineState::Missed, -2));
    }
}
