//! Confirmation applications on the court's docket.

use yanhe_core::policy::Scope;
use yanhe_core::{Date, StreamId, Timestamp};

use super::{Limits, Listing, Order, Page, prefix, within};
use crate::sql::{AMONG, one_of, statements, text, view};
use crate::{Reader, StoreError, Value};

view! {
    /// A joint application for judicial confirmation.
    pub struct ConfirmationView {
        /// The application.
        stream: StreamId,
        /// The court's number.
        number: String,
        /// Stream of the case.
        dossier: String,
        /// Code of the organ that mediated.
        organ: String,
        /// Court code, empty before the filing.
        court: String,
        /// State.
        state: String,
        /// When it was filed.
        filed_on: Option<Date>,
        /// Stream of the judge.
        judge: String,
        /// Next last day.
        due_on: Option<Date>,
        /// When the row last changed.
        updated_at: Timestamp,
    }
}

/// Which applications. `None`: any.
#[derive(Clone, Debug, Default)]
pub struct ConfirmationFilter {
    /// Code of the organ that mediated.
    pub organ: Option<String>,
    /// Court code.
    pub court: Option<String>,
    /// State.
    pub state: Option<String>,
    /// Stream of the judge.
    pub judge: Option<String>,
    /// Stream of the case.
    pub dossier: Option<String>,
    /// Beginning of the number; the list is then by number.
    pub number: Option<String>,
}

const FROM: &str =
    text!("SELECT ", ConfirmationView::COLUMNS, ", updated_at, stream FROM confirmation WHERE jurisdiction = $1");
const FILTER: &str = " AND (organ = $2 OR $2 IS NULL) AND (court = $3 OR $3 IS NULL) AND (state = $4 OR $4 IS NULL) \
                      AND (judge = $5 OR $5 IS NULL) AND (dossier = $6 OR $6 IS NULL)";
const LATEST: &str =
    text!(FILTER, " AND (updated_at, stream) < ($7, $8) ORDER BY updated_at DESC, stream DESC LIMIT $9");

statements! {
    CONFIRMATIONS = [FROM, LATEST];
    CONFIRMATIONS_STATE = [FROM, " AND state = $4", LATEST];
    CONFIRMATIONS_COURT = [FROM, " AND court = $3", LATEST];
    CONFIRMATIONS_COURT_STATE = [FROM, " AND court = $3 AND state = $4", LATEST];
    CONFIRMATIONS_ORGAN = [FROM, " AND organ = $2", LATEST];
    CONFIRMATIONS_DOSSIER = [FROM, " AND dossier = $6", LATEST];
    CONFIRMATIONS_NUMBER = [
        "SELECT ", ConfirmationView::COLUMNS, ", number, stream FROM confirmation WHERE jurisdiction = $1", FILTER,
        " AND number >= $7 AND number < $8 AND (number, stream) > ($9, $10) ORDER BY number, stream LIMIT $11"
    ];
    // CROSS JOIN: from the person to the rows, never through all rows by time.
    CONFIRMATIONS_PERSON = [
        "SELECT ", ConfirmationView::COLUMNS,
        ", updated_at, stream FROM (SELECT stream AS own FROM takes_part \
         WHERE jurisdiction = $1 AND person = $10) AS owned CROSS JOIN confirmation WHERE jurisdiction = $1 AND stream = own", LATEST
    ];
    CONFIRMATION = ["SELECT ", ConfirmationView::COLUMNS, " FROM confirmation WHERE jurisdiction = $1 AND stream = $2"];
    CONFIRMATIONS_AMONG = [
        "SELECT ", ConfirmationView::COLUMNS, " FROM confirmation WHERE jurisdiction = $1 AND ", AMONG, " ORDER BY stream"
    ];
}

impl Reader {
    /// Applications within a scope, latest change first, or by number when its beginning is asked for. A party lists
    /// those that have them in `takes_part`.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn confirmations(
        &self,
        scope: &Scope,
        filter: &ConfirmationFilter,
        page: &Page,
    ) -> Result<Listing<ConfirmationView>, StoreError> {
        let Some(limits) = Limits::of(scope) else { return Ok(Listing::empty()) };
        let organ = within(limits.organ.as_ref(), filter.organ.as_ref());
        let court = within(limits.court.as_ref(), filter.court.as_ref());
        let (Some(organ), Some(court)) = (organ, court) else { return Ok(Listing::empty()) };
        let mut filters = vec![
            Value::from(organ.clone()),
            court.clone().into(),
            filter.state.clone().into(),
            filter.judge.clone().into(),
            filter.dossier.clone().into(),
        ];
        if let Some(person) = limits.person {
            return self.list_of_person(&CONFIRMATIONS_PERSON, filters, person, page).await;
        }
        if let Some(number) = &filter.number {
            filters.extend(prefix(number));
            return self.list(&CONFIRMATIONS_NUMBER, filters, Order::Text(1), page).await;
        }
        let state = filter.state.is_some();
        let sql = one_of! {
            filter.dossier.is_some() => CONFIRMATIONS_DOSSIER,
            court.is_some() && state => CONFIRMATIONS_COURT_STATE,
            court.is_some() => CONFIRMATIONS_COURT,
            organ.is_some() => CONFIRMATIONS_ORGAN,
            state => CONFIRMATIONS_STATE,
            else CONFIRMATIONS
        };
        self.list(sql, filters, Order::Latest, page).await
    }

    /// One application.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn confirmation(&self, stream: &StreamId) -> Result<Option<ConfirmationView>, StoreError> {
        self.one(&CONFIRMATION, vec![self.shard(), stream.into()]).await
    }

    /// Many confirmations, in the order of the streams; those that are not there are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn confirmations_of(&self, streams: &[StreamId]) -> Result<Vec<ConfirmationView>, StoreError> {
        self.among(&CONFIRMATIONS_AMONG, streams).await
    }
}
