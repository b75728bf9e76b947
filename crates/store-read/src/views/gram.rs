//! Matters and cases found by words of their open text.

use std::iter::repeat;

use yanhe_core::policy::Scope;
use yanhe_core::{Date, StreamId};

use super::Limits;
use crate::sql::{statements, view};
use crate::{Reader, Row, StoreError, Value};

/// So many that have the rarest gram are looked through, the newest first: what a search costs has an end, whatever is
/// typed and however many cases there are.
pub const LOOKED_THROUGH: i64 = 1_000;

/// So many are given at most.
pub const GIVEN: usize = 200;

/// How many grams one statement takes. Of more the rarest decide: a long text that has eight of them has nearly always all.
const TOGETHER: usize = 8;

view! {
    /// One that was found.
    pub struct HitView {
        /// The matter or case.
        stream: StreamId,
        /// The day by which it is new or old.
        date: Date,
        /// Where the rarest gram stands, with spaces between: the places that `project` named.
        places: String,
    }
}

/// What was found by words, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The hits.
    pub hits: Vec<HitView>,
    /// There may be older ones that were not looked through, or are not given.
    pub more: bool,
}

/// Something of the row of one of these grams in the stream that is looked at.
macro_rules! of_row {
    ($what:literal, $n:literal) => {
        concat!(
            "(SELECT ",
            $what,
            " FROM gram AS g WHERE g.jurisdiction = $1 AND g.list = $2 AND g.organ = $3 AND g.gram = $",
            $n,
            " AND g.date = newest.date AND g.stream = newest.stream)"
        )
    };
}

/// Condition: another gram, where there is one, stands in the same stream. A value and no EXISTS, which a planner may turn
/// around and answer by reading all that have the other gram.
macro_rules! has {
    ($n:literal) => {
        concat!("(CAST($", $n, " AS TEXT) IS NULL OR ", of_row!("1", $n), " = 1)")
    };
}

/// The rows of one gram.
const OF_GRAM: &str = " FROM gram WHERE jurisdiction = $1 AND list = $2 AND organ = $3 AND gram = $4";

statements! {
    GRAM_COUNT = ["SELECT COUNT(*) FROM (SELECT 1", OF_GRAM, " LIMIT $5) AS counted"];
    // Places are read of what was found alone: all else is answered by the key.
    GRAM_HITS = [
        "SELECT ", HitView::COLUMNS, " FROM (SELECT stream, date, ", of_row!("places", "4"), " AS places \
         FROM (SELECT stream, date", OF_GRAM, " ORDER BY date DESC, stream DESC LIMIT $12) AS newest \
         WHERE ", has!("5"), " AND ", has!("6"), " AND ", has!("7"), " AND ", has!("8"), " AND ", has!("9"), " AND ",
        has!("10"), " AND ", has!("11"), ") AS hits ORDER BY date DESC, stream DESC LIMIT $13"
    ];
}

impl Reader {
    /// Those of a list that have all these grams in their open text, within a scope. Words are asked of one organ: a court,
    /// a party, and who counts the cases of all find nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_words(&self, scope: &Scope, list: &str, grams: &[String]) -> Result<Found, StoreError> {
        let Some(organ) = Limits::of(scope).and_then(|limits| limits.organ) else { return Ok(Found::default()) };
        let shelf = || vec![self.shard(), Value::from(list), Value::from(&organ)];
        let count = |gram: &String| [shelf(), vec![gram.into(), (LOOKED_THROUGH + 1).into()]].concat();
        let counted = self.snapshot(grams.iter().map(|gram| (&GRAM_COUNT, count(gram))).collect()).await?;
        let mut rarest = Vec::with_capacity(grams.len());
        for (gram, rows) in grams.iter().zip(counted) {
            let count: i64 = rows.into_iter().next().map_or(Ok(0), Row::only)?;
            rarest.push((count, gram));
        }
        rarest.sort_by_key(|(count, _)| *count);
        let Some((fewest, _)) = rarest.first().copied().filter(|(fewest, _)| *fewest > 0) else {
            return Ok(Found::default());
        };
        let mut params = shelf();
        params.extend(rarest.iter().map(|(_, gram)| Value::from(*gram)).chain(repeat(Value::Null)).take(TOGETHER));
        // One more than is given tells that there are more.
        params.extend([LOOKED_THROUGH.into(), (GIVEN as i64 + 1).into()]);
        let mut hits: Vec<HitView> = self.all(&GRAM_HITS, params).await?;
        let more = fewest > LOOKED_THROUGH || hits.len() > GIVEN;
        hits.truncate(GIVEN);
        Ok(Found { hits, more })
    }
}
