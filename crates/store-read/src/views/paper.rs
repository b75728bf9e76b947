//! Issued papers and the access codes of letters.

use yanhe_core::paper::NOTICES;
use yanhe_core::policy::Scope;
use yanhe_core::{Date, StreamId, Timestamp};

use super::{Kept, Limits, Listing, Order, Page, prefix, within};
use crate::sql::{one_of, statements, text, view};
use crate::{Reader, Row, StoreError, Value};

view! {
    /// An issued paper.
    pub struct PaperView {
        /// The paper.
        stream: StreamId,
        /// Its number.
        number: String,
        /// Template and kind.
        kind: String,
        /// Organ or court that issued it.
        issuer: String,
        /// The stream it is about.
        about: String,
        /// The matter behind it.
        matter: String,
        /// Date on the paper.
        date: Option<Date>,
        /// State.
        state: String,
        /// For whom it is.
        addressee: Option<Kept>,
        /// Access code; empty when there is none.
        access: String,
        /// Channel it went by.
        channel: String,
        /// When it was served.
        served_on: Option<Date>,
        /// Hash of the stored file.
        blob: String,
        /// The import behind it.
        batch: String,
        /// On which pile of its issuer's desk it lies.
        desk: String,
        /// When the row last changed.
        updated_at: Timestamp,
    }
}

view! {
    /// What an access code opens.
    pub struct AccessView {
        /// The letter.
        paper: StreamId,
        /// The stream the letter is about.
        about: StreamId,
    }
}

/// Which papers. `None`: any.
#[derive(Clone, Debug, Default)]
pub struct PaperFilter {
    /// Code of the issuing organ or court.
    pub issuer: Option<String>,
    /// On which pile of its issuer's desk it lies.
    pub desk: Option<String>,
    /// The stream they are about.
    pub about: Option<String>,
    /// The matter behind them.
    pub matter: Option<String>,
    /// The import behind them.
    pub batch: Option<String>,
    /// Kind.
    pub kind: Option<String>,
    /// Beginning of the number; the list is then by number.
    pub number: Option<String>,
}

const FROM: &str = text!("SELECT ", PaperView::COLUMNS, ", updated_at, stream FROM paper WHERE jurisdiction = $1");
const FILTER: &str = " AND (issuer = $2 OR $2 IS NULL) AND (desk = $3 OR $3 IS NULL) AND (about = $4 OR $4 IS NULL) \
                      AND (matter = $5 OR $5 IS NULL) AND (batch = $6 OR $6 IS NULL) AND (kind = $7 OR $7 IS NULL)";
const LATEST: &str =
    text!(FILTER, " AND (updated_at, stream) < ($8, $9) ORDER BY updated_at DESC, stream DESC LIMIT $10");

statements! {
    PAPERS = [FROM, LATEST];
    PAPERS_DESK = [FROM, " AND desk = $3", LATEST];
    PAPERS_ISSUER = [FROM, " AND issuer = $2", LATEST];
    PAPERS_ISSUER_DESK = [FROM, " AND issuer = $2 AND desk = $3", LATEST];
    PAPERS_ISSUER_KIND = [FROM, " AND issuer = $2 AND kind = $7 AND desk = $3", LATEST];
    PAPERS_ABOUT = [FROM, " AND about = $4", LATEST];
    PAPERS_MATTER = [FROM, " AND matter = $5", LATEST];
    PAPERS_BATCH = [FROM, " AND batch = $6", LATEST];
    PAPERS_NUMBER = [
        "SELECT ", PaperView::COLUMNS, ", number, stream FROM paper WHERE jurisdiction = $1", FILTER,
        " AND number >= $8 AND number < $9 AND (number, stream) > ($10, $11) ORDER BY number, stream LIMIT $12"
    ];
    // CROSS JOIN: from the person to the rows, never through all rows by time.
    PAPERS_PERSON = [
        "SELECT ", PaperView::COLUMNS, ", updated_at, stream FROM (SELECT stream AS own FROM takes_part \
         WHERE jurisdiction = $1 AND person = $11) AS owned CROSS JOIN paper WHERE jurisdiction = $1 AND stream = own", LATEST
    ];
    // Of the papers of a stream the notices on them: from each paper by the same index, however the table looks.
    PAPERS_NOTICES = [
        "SELECT ", PaperView::COLUMNS, " FROM (SELECT stream AS own FROM paper \
         WHERE jurisdiction = $1 AND about = $2) AS noticed \
         CROSS JOIN paper WHERE jurisdiction = $1 AND about = own AND kind IN ($3, $4)"
    ];
    // So many at most: what lies on a pile beyond them is not counted.
    PAPERS_PILE = [
        "SELECT COUNT(*) FROM (SELECT 1 FROM paper WHERE jurisdiction = $1 AND issuer = $2 AND desk = $3 \
         LIMIT $4) AS pile"
    ];
    PAPERS_PILE_KIND = [
        "SELECT COUNT(*) FROM (SELECT 1 FROM paper WHERE jurisdiction = $1 AND issuer = $2 AND kind = $5 AND desk = $3 \
         LIMIT $4) AS pile"
    ];
    PAPER = ["SELECT ", PaperView::COLUMNS, " FROM paper WHERE jurisdiction = $1 AND stream = $2"];
    ACCESS = ["SELECT ", AccessView::COLUMNS, " FROM access WHERE jurisdiction = $1 AND code = $2"];
}

impl Reader {
    /// Papers within a scope, latest change first, or by number when its beginning is asked for. A body lists what it
    /// issued; a party lists the papers that have them in `takes_part` (so never the other side's letter).
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn papers(
        &self,
        scope: &Scope,
        filter: &PaperFilter,
        page: &Page,
    ) -> Result<Listing<PaperView>, StoreError> {
        let Some(limits) = Limits::of(scope) else { return Ok(Listing::empty()) };
        let Some(issuer) = within(limits.body(), filter.issuer.as_ref()) else { return Ok(Listing::empty()) };
        self.papers_limited(issuer, limits.person, filter, page).await
    }

    /// The papers about one stream, latest first, for a reader who may read that stream.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn papers_about(&self, about: &StreamId, page: &Page) -> Result<Listing<PaperView>, StoreError> {
        let filter = PaperFilter { about: Some(about.to_string()), ..PaperFilter::default() };
        self.papers_limited(None, None, &filter, page).await
    }

    /// The notices that correct or void the papers about one stream, in their order, for a reader who may read that stream.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notices_about(&self, about: &StreamId) -> Result<Vec<PaperView>, StoreError> {
        let [correction, void] = NOTICES;
        let values = vec![self.shard(), about.into(), correction.into(), void.into()];
        let mut notices: Vec<PaperView> = self.all(&PAPERS_NOTICES, values).await?;
        notices.sort_by(|a, b| (a.updated_at, &a.stream).cmp(&(b.updated_at, &b.stream)));
        Ok(notices)
    }

    /// How many papers lie on each of these piles of a body's desk, of one kind or of all, counted up to `most`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn piles(
        &self,
        issuer: &str,
        desks: &[&str],
        kind: Option<&str>,
        most: u32,
    ) -> Result<Vec<i64>, StoreError> {
        let count = |desk: &&str| {
            let mut values = vec![self.shard(), issuer.into(), Value::from(*desk), i64::from(most).into()];
            match kind {
                Some(kind) => {
                    values.push(kind.into());
                    (&PAPERS_PILE_KIND, values)
                }
                None => (&PAPERS_PILE, values),
            }
        };
        let counted = self.snapshot(desks.iter().map(count).collect()).await?;
        counted.into_iter().map(|rows| rows.into_iter().next().map_or(Ok(0), Row::only)).collect()
    }

    /// The papers behind which one matter stands, latest first, for a reader who may read that matter.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn papers_of_matter(&self, matter: &StreamId, page: &Page) -> Result<Listing<PaperView>, StoreError> {
        let filter = PaperFilter { matter: Some(matter.to_string()), ..PaperFilter::default() };
        self.papers_limited(None, None, &filter, page).await
    }

    async fn papers_limited(
        &self,
        issuer: Option<String>,
        person: Option<String>,
        filter: &PaperFilter,
        page: &Page,
    ) -> Result<Listing<PaperView>, StoreError> {
        let mut filters = vec![
            Value::from(issuer.clone()),
            filter.desk.clone().into(),
            filter.about.clone().into(),
            filter.matter.clone().into(),
            filter.batch.clone().into(),
            filter.kind.clone().into(),
        ];
        if let Some(person) = person {
            return self.list_of_person(&PAPERS_PERSON, filters, person, page).await;
        }
        if let Some(number) = &filter.number {
            filters.extend(prefix(number));
            return self.list(&PAPERS_NUMBER, filters, Order::Text(1), page).await;
        }
        let (issuer, kind, desk) = (issuer.is_some(), filter.kind.is_some(), filter.desk.is_some());
        let sql = one_of! {
            filter.about.is_some() => PAPERS_ABOUT,
            filter.matter.is_some() => PAPERS_MATTER,
            filter.batch.is_some() => PAPERS_BATCH,
            issuer && kind && desk => PAPERS_ISSUER_KIND,
            issuer && desk => PAPERS_ISSUER_DESK,
            issuer => PAPERS_ISSUER,
            desk => PAPERS_DESK,
            else PAPERS
        };
        self.list(sql, filters, Order::Latest, page).await
    }

    /// One paper.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn paper(&self, stream: &StreamId) -> Result<Option<PaperView>, StoreError> {
        self.one(&PAPER, vec![self.shard(), stream.into()]).await
    }

    /// What an access code opens.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn access(&self, code: &str) -> Result<Option<AccessView>, StoreError> {
        self.one(&ACCESS, vec![self.shard(), code.into()]).await
    }
}
