//! Numbers of the boards and the acts behind them.

use yanhe_core::{Date, StreamId};

use super::{Listing, Order, Page};
use crate::sql::{one_of, statements, text, view};
use crate::{Reader, StoreError, Value};

view! {
    /// A number of one month.
    pub struct TallyView {
        /// What is counted.
        name: String,
        /// Organ code.
        organ: String,
        /// `civil`, `administrative` or empty.
        kind: String,
        /// Month, as `2022-03`.
        month: String,
        /// How many.
        total: i64,
    }
}

impl TallyView {
    /// What rows that are added up have in common.
    fn key(&self) -> [&str; 4] {
        [&self.name, &self.organ, &self.kind, &self.month]
    }
}

view! {
    /// An act behind a number.
    pub struct ActView {
        /// The stream.
        stream: StreamId,
        /// What distinguishes it within the stream.
        mark: String,
        /// Organ code.
        organ: String,
        /// `civil`, `administrative` or empty.
        kind: String,
        /// When it took place.
        date: Date,
        /// What it adds.
        by: i64,
    }
}

/// Which acts.
#[derive(Clone, Debug)]
pub struct ActFilter {
    /// What is counted.
    pub name: String,
    /// Organ code; `None`: any.
    pub organ: Option<String>,
    /// Kind; `None`: any.
    pub kind: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

const ACTS_FROM: &str = text!(
    "SELECT ",
    ActView::COLUMNS,
    ", date, stream, mark FROM tally_act WHERE jurisdiction = $1 AND name = $2 AND date >= $5 AND date <= $6"
);
const ACTS_PAGE: &str = " AND (organ = $3 OR $3 IS NULL) AND (kind = $4 OR $4 IS NULL) \
                         AND (date, stream, mark) > ($7, $8, $9) ORDER BY date, stream, mark LIMIT $10";

statements! {
    // Whole months, the days before and after them, and what no fold has reached. Rows as they lie: adding them up here
    // would have the database sort a thousand rows by four texts, which takes it longer than reading them.
    FIGURES = [
        "SELECT ", TallyView::COLUMNS, " FROM (\
         SELECT name, organ, kind, month, total FROM tally_month \
         WHERE jurisdiction = $1 AND month >= $2 AND month <= $3 \
         UNION ALL SELECT name, organ, kind, substr(date, 1, 7) AS month, total FROM tally_folded \
         WHERE jurisdiction = $1 AND date >= $4 AND date <= $5 \
         UNION ALL SELECT name, organ, kind, substr(date, 1, 7) AS month, total FROM tally_folded \
         WHERE jurisdiction = $1 AND date >= $6 AND date <= $7 \
         UNION ALL SELECT name, organ, kind, substr(date, 1, 7) AS month, by AS total FROM tally \
         WHERE jurisdiction = $1 AND date >= $8 AND date <= $9\
         ) AS counted"
    ];
    // The only statement that looks beyond one county: for the board of a province, one step from each to the next.
    NEXT_COUNTY = ["SELECT jurisdiction FROM setting WHERE jurisdiction > $1 ORDER BY jurisdiction LIMIT 1"];
    ACTS = [ACTS_FROM, ACTS_PAGE];
    ACTS_ORGAN = [ACTS_FROM, " AND organ = $3", ACTS_PAGE];
}

impl Reader {
    /// All numbers by name, organ, kind and month, of acts on the days from `from` to `to`, both included. Zeroes are
    /// left out, save those of acts taken back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn figures(&self, from: Date, to: Date) -> Result<Vec<TallyView>, StoreError> {
        let mut params = vec![self.shard()];
        params.extend(spans(from, to).into_iter().flatten().map(Value::Text));
        let mut rows: Vec<TallyView> = self.all(&FIGURES, params).await?;
        rows.sort_by(|a, b| a.key().cmp(&b.key()));
        rows.dedup_by(|next, sum| {
            let same = next.key() == sum.key();
            if same {
                sum.total += next.total;
            }
            same
        });
        Ok(rows)
    }

    /// The codes of all counties in the database, in their order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counties(&self) -> Result<Vec<String>, StoreError> {
        let mut all: Vec<String> = Vec::new();
        loop {
            let last = Value::from(all.last().map_or("", String::as_str));
            match self.query(&NEXT_COUNTY, vec![last]).await?.into_iter().next() {
                Some(row) => all.push(row.only()?),
                None => return Ok(all),
            }
        }
    }

    /// The acts behind a number, by date.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn acts(&self, filter: &ActFilter, page: &Page) -> Result<Listing<ActView>, StoreError> {
        let filters = vec![
            Value::from(&filter.name),
            filter.organ.clone().into(),
            filter.kind.clone().into(),
            filter.from.into(),
            filter.to.into(),
        ];
        let sql = one_of! { filter.organ.is_some() => ACTS_ORGAN, else ACTS };
        self.list(sql, filters, Order::Text(2), page).await
    }
}

/// A range that holds nothing.
const EMPTY: [&str; 2] = ["9", "0"];

/// The whole months between two days, the days before and after those months, and all days.
fn spans(from: Date, to: Date) -> [[String; 2]; 4] {
    let text = |a: Date, b: Date| [a.to_string(), b.to_string()];
    let empty = || EMPTY.map(str::to_owned);
    let all = text(from, to);
    let first = if from.day() == 1 { Some(from) } else { from.last_of_month().tomorrow().ok() };
    let last = if to == to.last_of_month() { Some(to) } else { to.first_of_month().yesterday().ok() };
    match (first, last) {
        (Some(first), Some(last)) if first <= last => {
            let month = |day: Date| day.to_string()[..7].to_owned();
            let before = first.yesterday().ok().filter(|day| *day >= from).map_or_else(empty, |day| text(from, day));
            let after = last.tomorrow().ok().filter(|day| *day <= to).map_or_else(empty, |day| text(day, to));
            [[month(first), month(last)], before, after, all]
        }
        _ => [empty(), all.clone(), empty(), all],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_half_year_is_six_months_and_no_days() {
        let [months, before, after, _] = spans(day("2022-01-01"), day("2022-06-30"));
        assert_eq!(months, ["2022-01", "2022-06"]);
        assert_eq!((before, after), (EMPTY.map(String::from), EMPTY.map(String::from)));
    }

    #[test]
    fn days_beside_whole_months_are_counted_by_day() {
        let [months, before, after, _] = spans(day("2022-01-30"), day("2022-03-02"));
        assert_eq!(months, ["2022-02", "2022-02"]);
        assert_eq!(before, ["2022-01-30", "2022-01-31"]);
        assert_eq!(after, ["2022-03-01", "2022-03-02"]);
    }

    #[test]
    fn within_one_month_only_days_are_counted() {
        let [months, before, after, all] = spans(day("2022-01-02"), day("2022-01-31"));
        assert_eq!((months, after), (EMPTY.map(String::from), EMPTY.map(String::from)));
        assert_eq!(before, all);
    }
}
