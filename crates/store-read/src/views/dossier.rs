//! Mediation cases.

use yanhe_core::policy::Scope;
use yanhe_core::{Date, StreamId, Timestamp};

use super::{Kept, Limits, Listing, NO_DAY, Order, Page, prefix, within};
use crate::sql::{AMONG, one_of, statements, text, view};
use crate::{Reader, StoreError, Value};

view! {
    /// A mediation case.
    pub struct DossierView {
        /// The case.
        stream: StreamId,
        /// Its number.
        number: String,
        /// Organ code.
        organ: String,
        /// `civil` or `administrative`.
        kind: String,
        /// Entry of the scope catalogue.
        entry: String,
        /// Sector of the law.
        sector: String,
        /// State.
        state: String,
        /// Stage shown to people.
        stage: String,
        /// Date of the application.
        applied_on: Option<Date>,
        /// The matter behind it.
        matter: String,
        /// The applicant, open for a firm.
        applicant: Option<Kept>,
        /// The other party, open for a firm.
        respondent: Option<Kept>,
        /// Stream of the mediator.
        mediator: String,
        /// Next last day.
        due_on: Option<Date>,
        /// The limit that ends on it.
        due_limit: String,
        /// State of the confirmation; empty: none.
        confirmation: String,
        /// When the row last changed.
        updated_at: Timestamp,
    }
}

/// Which cases. `None`: any.
#[derive(Clone, Debug, Default)]
pub struct DossierFilter {
    /// Organ code.
    pub organ: Option<String>,
    /// State.
    pub state: Option<String>,
    /// Stream of the mediator.
    pub mediator: Option<String>,
    /// `civil` or `administrative`.
    pub kind: Option<String>,
    /// The matter behind them.
    pub matter: Option<String>,
    /// Last day on or before this; cases without one are left out.
    pub due_by: Option<Date>,
    /// Beginning of the number; the list is then by number.
    pub number: Option<String>,
}

/// In which order cases are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DossierOrder {
    /// Latest change first.
    Latest,
    /// Next last day first, cases without one at the end.
    Due,
}

const FROM: &str = text!("SELECT ", DossierView::COLUMNS, ", updated_at, stream FROM dossier WHERE jurisdiction = $1");
const FROM_DUE: &str = text!(
    "SELECT ",
    DossierView::COLUMNS,
    ", COALESCE(due_on, '9999-12-31'), stream FROM dossier WHERE jurisdiction = $1"
);
const FILTER: &str = " AND (organ = $2 OR $2 IS NULL) AND (state = $3 OR $3 IS NULL) AND (mediator = $4 OR $4 IS NULL) \
                      AND (kind = $5 OR $5 IS NULL) AND (matter = $6 OR $6 IS NULL) \
                      AND COALESCE(due_on, '9999-12-31') <= $7";
const LATEST: &str =
    text!(FILTER, " AND (updated_at, stream) < ($8, $9) ORDER BY updated_at DESC, stream DESC LIMIT $10");
const DUE: &str = text!(
    FILTER,
    " AND COALESCE(due_on, '9999-12-31') >= $8 AND (COALESCE(due_on, '9999-12-31'), stream) > ($8, $9) ORDER BY COALESCE(due_on, '9999-12-31'), stream LIMIT $10"
);

statements! {
    DOSSIERS = [FROM, LATEST];
    DOSSIERS_STATE = [FROM, " AND state = $3", LATEST];
    DOSSIERS_ORGAN = [FROM, " AND organ = $2", LATEST];
    DOSSIERS_ORGAN_STATE = [FROM, " AND organ = $2 AND state = $3", LATEST];
    DOSSIERS_MEDIATOR = [FROM, " AND mediator = $4", LATEST];
    DOSSIERS_MATTER = [FROM, " AND matter = $6", LATEST];
    DOSSIERS_DUE = [FROM_DUE, DUE];
    DOSSIERS_DUE_ORGAN = [FROM_DUE, " AND organ = $2", DUE];
    DOSSIERS_DUE_MEDIATOR = [FROM_DUE, " AND mediator = $4", DUE];
    DOSSIERS_NUMBER = [
        "SELECT ", DossierView::COLUMNS, ", number, stream FROM dossier WHERE jurisdiction = $1", FILTER,
        " AND number >= $8 AND number < $9 AND (number, stream) > ($10, $11) ORDER BY number, stream LIMIT $12"
    ];
    // CROSS JOIN: from the person to the rows, never through all rows by time.
    DOSSIERS_PERSON = [
        "SELECT ", DossierView::COLUMNS, ", updated_at, stream FROM (SELECT stream AS own FROM takes_part \
         WHERE jurisdiction = $1 AND person = $11) AS owned CROSS JOIN dossier WHERE jurisdiction = $1 AND stream = own", LATEST
    ];
    DOSSIER = ["SELECT ", DossierView::COLUMNS, " FROM dossier WHERE jurisdiction = $1 AND stream = $2"];
    DOSSIERS_AMONG = [
        "SELECT ", DossierView::COLUMNS, " FROM dossier WHERE jurisdiction = $1 AND ", AMONG, " ORDER BY stream"
    ];
}

impl Reader {
    /// Cases within a scope. A court lists confirmations, not cases.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn dossiers(
        &self,
        scope: &Scope,
        filter: &DossierFilter,
        order: DossierOrder,
        page: &Page,
    ) -> Result<Listing<DossierView>, StoreError> {
        let Some(limits) = Limits::of(scope).filter(|limits| limits.court.is_none()) else {
            return Ok(Listing::empty());
        };
        let Some(organ) = within(limits.organ.as_ref(), filter.organ.as_ref()) else { return Ok(Listing::empty()) };
        let mut filters = vec![
            Value::from(organ.clone()),
            filter.state.clone().into(),
            filter.mediator.clone().into(),
            filter.kind.clone().into(),
            filter.matter.clone().into(),
            filter.due_by.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string()).into(),
        ];
        if let Some(person) = limits.person {
            return self.list_of_person(&DOSSIERS_PERSON, filters, person, page).await;
        }
        if let Some(number) = &filter.number {
            filters.extend(prefix(number));
            return self.list(&DOSSIERS_NUMBER, filters, Order::Text(1), page).await;
        }
        let (organ, state, mediator) = (organ.is_some(), filter.state.is_some(), filter.mediator.is_some());
        if order == DossierOrder::Due {
            let sql = one_of! {
                mediator => DOSSIERS_DUE_MEDIATOR,
                organ => DOSSIERS_DUE_ORGAN,
                else DOSSIERS_DUE
            };
            return self.list(sql, filters, Order::Text(1), page).await;
        }
        let sql = one_of! {
            filter.matter.is_some() => DOSSIERS_MATTER,
            mediator => DOSSIERS_MEDIATOR,
            organ && state => DOSSIERS_ORGAN_STATE,
            organ => DOSSIERS_ORGAN,
            state => DOSSIERS_STATE,
            else DOSSIERS
        };
        self.list(sql, filters, Order::Latest, page).await
    }

    /// One case.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dossier(&self, stream: &StreamId) -> Result<Option<DossierView>, StoreError> {
        self.one(&DOSSIER, vec![self.shard(), stream.into()]).await
    }

    /// Many cases, in the order of the streams; those that are not there are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dossiers_of(&self, streams: &[StreamId]) -> Result<Vec<DossierView>, StoreError> {
        self.among(&DOSSIERS_AMONG, streams).await
    }
}
