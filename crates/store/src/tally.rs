//! Counting: an act counts once, the tallies are appended and folded.
//!
//! Tally and act are written by the same two steps, so a number and the acts behind it always agree.

use yanhe_core::row::Tally;
use yanhe_store_read::{Statement, StoreError, Value};

use crate::Writer;
use crate::plan::Step;
use crate::statements;

statements! {
    // Before its act is written: only an act that is new counts.
    COUNT = "INSERT INTO tally (jurisdiction, stream, version, part, name, organ, kind, date, by) \
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 \
             WHERE NOT EXISTS (SELECT 1 FROM tally_act WHERE jurisdiction = $1 AND name = $5 AND stream = $2 AND mark = $10)";
    ACT = "INSERT INTO tally_act (jurisdiction, name, stream, mark, organ, kind, date, by) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (jurisdiction, name, stream, mark) DO NOTHING";
    // The mark makes the steps of a fold see the same rows on every database.
    FOLD_MARK = "UPDATE tally SET folding = 1 WHERE jurisdiction = $1";
    FOLD = "INSERT INTO tally_folded (jurisdiction, date, name, organ, kind, total) \
            SELECT jurisdiction, date, name, organ, kind, CAST(SUM(by) AS BIGINT) FROM tally \
            WHERE jurisdiction = $1 AND folding = 1 GROUP BY jurisdiction, date, name, organ, kind ORDER BY 2, 3, 4, 5 \
            ON CONFLICT (jurisdiction, date, name, organ, kind) DO UPDATE SET total = tally_folded.total + excluded.total";
    FOLD_MONTH = "INSERT INTO tally_month (jurisdiction, month, name, organ, kind, total) \
            SELECT jurisdiction, substr(date, 1, 7), name, organ, kind, CAST(SUM(by) AS BIGINT) FROM tally \
            WHERE jurisdiction = $1 AND folding = 1 GROUP BY 1, 2, 3, 4, 5 ORDER BY 2, 3, 4, 5 \
            ON CONFLICT (jurisdiction, month, name, organ, kind) DO UPDATE SET total = tally_month.total + excluded.total";
    FOLD_DROP = "DELETE FROM tally WHERE jurisdiction = $1 AND folding = 1 RETURNING 1";
}

/// Counts an act, unless its name, stream and mark were counted before; taking one back is an act of its own, with a
/// negative `by`. `place` is the stream's new version and the number of the
/// tally within its part.
pub(crate) fn steps(jurisdiction: &str, stream_name: &str, place: (i64, i64), act: &Tally) -> [Step; 2] {
    let (version, part) = place;
    let (shard, stream, name) = (|| Value::from(jurisdiction), || Value::from(stream_name), || Value::from(act.name));
    let mark = || Value::from(&act.mark);
    let (organ, kind, date) = (|| Value::from(&act.organ), || Value::from(&act.kind), || Value::from(act.date));
    [
        Step::new(
            &COUNT,
            vec![
                shard(),
                stream(),
                version.into(),
                part.into(),
                name(),
                organ(),
                kind(),
                date(),
                act.by.into(),
                mark(),
            ],
        ),
        self::act(jurisdiction, stream_name, act),
    ]
}

/// The act alone, unless it is there.
pub(crate) fn act(jurisdiction: &str, stream: &str, act: &Tally) -> Step {
    let params = vec![
        jurisdiction.into(),
        act.name.into(),
        stream.into(),
        (&act.mark).into(),
        (&act.organ).into(),
        (&act.kind).into(),
        act.date.into(),
        act.by.into(),
    ];
    Step::new(&ACT, params)
}

impl Writer {
    /// Adds what was appended to the folded counts; gives how many rows were folded. Changes no number.
    ///
    /// # Errors
    /// When the database fails; then nothing was folded.
    pub async fn fold_tallies(&self) -> Result<u64, StoreError> {
        let step = |sql: &'static Statement| Step::new(sql, vec![self.shard()]);
        let answers = self.run(vec![step(&FOLD_MARK), step(&FOLD), step(&FOLD_MONTH), step(&FOLD_DROP)]).await?;
        Ok(answers.last().map_or(0, |rows| rows.len() as u64))
    }
}
