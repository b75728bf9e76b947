//! Enforcement matters.

use yanhe_core::policy::Scope;
use yanhe_core::{Date, StreamId, Timestamp};

use super::{Kept, Limits, Listing, Order, Page, prefix, within};
use crate::sql::{AMONG, one_of, statements, text, view};
use crate::{Reader, StoreError, Value};

view! {
    /// An enforcement matter with the proposal for a letter.
    pub struct MatterView {
        /// The matter.
        stream: StreamId,
        /// Document or order number.
        number: String,
        /// Where it came from.
        source: String,
        /// Organ code.
        organ: String,
        /// When it happened.
        occurred_on: Option<Date>,
        /// State.
        state: String,
        /// Does the scope propose a letter?
        send: bool,
        /// `civil`, `administrative` or empty.
        kind: String,
        /// Entry of the scope catalogue.
        entry: String,
        /// Sector of the law.
        sector: String,
        /// The import it came with.
        batch: String,
        /// The punished or inspected, open for a firm.
        subject_name: Option<Kept>,
        /// The complainant.
        complainant: Option<Kept>,
        /// Why a letter is proposed or not.
        because: String,
        /// Last day for the letter.
        due_on: Option<Date>,
        /// The matter's own last day (a 12345 order).
        own_due_on: Option<Date>,
        /// When the row last changed.
        updated_at: Timestamp,
    }
}

/// Which matters. `None`: any.
#[derive(Clone, Debug, Default)]
pub struct MatterFilter {
    /// Organ code.
    pub organ: Option<String>,
    /// State. `None`: any but withdrawn, and of one import all.
    pub state: Option<String>,
    /// Source.
    pub source: Option<String>,
    /// Is a letter proposed?
    pub send: Option<bool>,
    /// Import.
    pub batch: Option<String>,
    /// Beginning of the number; the list is then by number.
    pub number: Option<String>,
}

const FROM: &str = text!("SELECT ", MatterView::COLUMNS, ", updated_at, stream FROM matter WHERE jurisdiction = $1");
const FILTER: &str = " AND (organ = $2 OR $2 IS NULL) AND (state = $3 OR ($3 IS NULL AND (state <> 'withdrawn' OR CAST($6 AS TEXT) IS NOT NULL))) \
                      AND (source = $4 OR $4 IS NULL) \
                      AND (send = $5 OR $5 IS NULL) AND (batch = $6 OR $6 IS NULL)";
const LATEST: &str =
    text!(FILTER, " AND (updated_at, stream) < ($7, $8) ORDER BY updated_at DESC, stream DESC LIMIT $9");

statements! {
    MATTERS = [FROM, LATEST];
    MATTERS_STATE = [FROM, " AND state = $3", LATEST];
    MATTERS_ORGAN = [FROM, " AND organ = $2", LATEST];
    MATTERS_ORGAN_STATE = [FROM, " AND organ = $2 AND state = $3", LATEST];
    MATTERS_ORGAN_SEND = [FROM, " AND organ = $2 AND state = $3 AND send = $5", LATEST];
    MATTERS_BATCH = [FROM, " AND batch = $6", LATEST];
    MATTERS_NUMBER = [
        "SELECT ", MatterView::COLUMNS, ", number, stream FROM matter WHERE jurisdiction = $1", FILTER,
        " AND number >= $7 AND number < $8 AND (number, stream) > ($9, $10) ORDER BY number, stream LIMIT $11"
    ];
    // CROSS JOIN: from the person to the rows, never through all rows by time.
    MATTERS_PERSON = [
        "SELECT ", MatterView::COLUMNS, ", updated_at, stream FROM (SELECT stream AS own FROM takes_part \
         WHERE jurisdiction = $1 AND person = $10) AS owned CROSS JOIN matter WHERE jurisdiction = $1 AND stream = own", LATEST
    ];
    MATTER = ["SELECT ", MatterView::COLUMNS, " FROM matter WHERE jurisdiction = $1 AND stream = $2"];
    MATTERS_AMONG = [
        "SELECT ", MatterView::COLUMNS, " FROM matter WHERE jurisdiction = $1 AND ", AMONG, " ORDER BY stream"
    ];
}

impl Reader {
    /// Matters within a scope, latest change first, or by number when its beginning is asked for.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn matters(
        &self,
        scope: &Scope,
        filter: &MatterFilter,
        page: &Page,
    ) -> Result<Listing<MatterView>, StoreError> {
        let Some(limits) = Limits::of(scope).filter(|limits| limits.court.is_none()) else {
            return Ok(Listing::empty());
        };
        let Some(organ) = within(limits.organ.as_ref(), filter.organ.as_ref()) else { return Ok(Listing::empty()) };
        let mut filters = vec![
            Value::from(organ.clone()),
            filter.state.clone().into(),
            filter.source.clone().into(),
            filter.send.into(),
            filter.batch.clone().into(),
        ];
        if let Some(person) = limits.person {
            return self.list_of_person(&MATTERS_PERSON, filters, person, page).await;
        }
        if let Some(number) = &filter.number {
            filters.extend(prefix(number));
            return self.list(&MATTERS_NUMBER, filters, Order::Text(1), page).await;
        }
        let (organ, state) = (organ.is_some(), filter.state.is_some());
        let sql = one_of! {
            filter.batch.is_some() => MATTERS_BATCH,
            organ && state && filter.send.is_some() => MATTERS_ORGAN_SEND,
            organ && state && filter.send.is_none() => MATTERS_ORGAN_STATE,
            organ => MATTERS_ORGAN,
            state => MATTERS_STATE,
            else MATTERS
        };
        self.list(sql, filters, Order::Latest, page).await
    }

    /// One matter.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn matter(&self, stream: &StreamId) -> Result<Option<MatterView>, StoreError> {
        self.one(&MATTER, vec![self.shard(), stream.into()]).await
    }

    /// Many matters, in the order of the streams; those that are not there are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn matters_of(&self, streams: &[StreamId]) -> Result<Vec<MatterView>, StoreError> {
        self.among(&MATTERS_AMONG, streams).await
    }
}
