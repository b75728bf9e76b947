//! What staff must do next.

use yanhe_core::policy::Scope;
use yanhe_core::{Date, StreamId, Timestamp};

use super::{Kept, Limits, Listing, NO_DAY, Order, Page, within};
use crate::sql::{one_of, statements, text, view};
use crate::{Reader, StoreError, Value};

view! {
    /// One thing to do.
    pub struct WorkView {
        /// The stream it is done to.
        stream: StreamId,
        /// Name within the stream.
        task: String,
        /// Code of the organ or court that must do it.
        organ: String,
        /// Role that must do it.
        role: String,
        /// Stream of the member of staff it is given to; empty: anyone with the role.
        assignee: String,
        /// Last day.
        due_on: Option<Date>,
        /// The limit that ends on it.
        limit_id: String,
        /// What is shown beside it (a number).
        title: String,
        /// The party, open for a firm.
        party: Option<Kept>,
        /// `civil`, `administrative` or empty.
        kind: String,
        /// Since when.
        opened_at: Option<Timestamp>,
        /// The limits of the parties' own ways, in the form of [`yanhe_core::dossier::Claims`].
        claims: String,
    }
}

view! {
    /// How much somebody has open.
    pub struct OpenWorkView {
        /// Code of the organ or court.
        organ: String,
        /// Role.
        role: String,
        /// Stream of the member of staff; empty: anyone with the role.
        assignee: String,
        /// How many.
        open: i64,
        /// How many of them are late.
        late: i64,
    }
}

view! {
    /// How much is late.
    pub struct LateWorkView {
        /// Code of the organ or court.
        organ: String,
        /// Role.
        role: String,
        /// How many.
        late: i64,
    }
}

/// Which work. `None`: any.
#[derive(Clone, Debug, Default)]
pub struct WorkFilter {
    /// Code of the organ or court.
    pub organ: Option<String>,
    /// Role.
    pub role: Option<String>,
    /// Given to this member of staff.
    pub assignee: Option<String>,
    /// Given to this member of staff or to nobody in particular.
    pub mine: Option<String>,
    /// Last day on or before this; work without one is left out.
    pub due_by: Option<Date>,
}

const FROM: &str = text!(
    "SELECT ",
    WorkView::COLUMNS,
    ", COALESCE(due_on, '9999-12-31'), stream, task FROM work WHERE jurisdiction = $1"
);
const DUE: &str = " AND (organ = $2 OR $2 IS NULL) AND (role = $3 OR $3 IS NULL) AND (assignee = $4 OR $4 IS NULL) \
                   AND (assignee = $5 OR COALESCE(assignee, '') = '' OR $5 IS NULL) \
                   AND COALESCE(due_on, '9999-12-31') <= $6 \
                   AND COALESCE(due_on, '9999-12-31') >= $7 \
                   AND (COALESCE(due_on, '9999-12-31'), stream, task) > ($7, $8, $9) \
                   ORDER BY COALESCE(due_on, '9999-12-31'), stream, task LIMIT $10";

statements! {
    WORK = [FROM, DUE];
    WORK_ORGAN = [FROM, " AND organ = $2", DUE];
    WORK_ROLE = [FROM, " AND organ = $2 AND role = $3", DUE];
    WORK_ASSIGNEE = [FROM, " AND assignee = $4", DUE];
    WORK_OF = ["SELECT ", WorkView::COLUMNS, " FROM work WHERE jurisdiction = $1 AND stream = $2 ORDER BY task"];
    OPEN_WORK = [
        "SELECT ", OpenWorkView::COLUMNS, " FROM (\
         SELECT organ, role, assignee, COUNT(*) AS open, \
         CAST(SUM(CASE WHEN COALESCE(due_on, '9999-12-31') < $3 THEN 1 ELSE 0 END) AS BIGINT) AS late FROM work \
         WHERE jurisdiction = $1 AND organ = $2 GROUP BY organ, role, assignee) AS counted \
         ORDER BY organ, role, COALESCE(assignee, '')"
    ];
    LATE_WORK = [
        "SELECT ", LateWorkView::COLUMNS, " FROM (SELECT organ, role, COUNT(*) AS late FROM work \
         WHERE jurisdiction = $1 AND COALESCE(due_on, '9999-12-31') < $2 GROUP BY organ, role) AS counted"
    ];
    LATE_WORK_ORGAN = [
        "SELECT ", LateWorkView::COLUMNS, " FROM (SELECT organ, role, COUNT(*) AS late FROM work \
         WHERE jurisdiction = $1 AND organ = $3 AND COALESCE(due_on, '9999-12-31') < $2 \
         GROUP BY organ, role) AS counted"
    ];
}

impl Reader {
    /// Work within a scope, next last day first, work without one at the end. A party has none.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn work(&self, scope: &Scope, filter: &WorkFilter, page: &Page) -> Result<Listing<WorkView>, StoreError> {
        let Some(limits) = Limits::of(scope).filter(|limits| limits.person.is_none()) else {
            return Ok(Listing::empty());
        };
        let Some(organ) = within(limits.body(), filter.organ.as_ref()) else { return Ok(Listing::empty()) };
        let filters = vec![
            Value::from(organ.clone()),
            filter.role.clone().into(),
            filter.assignee.clone().into(),
            filter.mine.clone().into(),
            filter.due_by.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string()).into(),
        ];
        let sql = one_of! {
            filter.assignee.is_some() => WORK_ASSIGNEE,
            organ.is_some() && filter.role.is_some() => WORK_ROLE,
            organ.is_some() => WORK_ORGAN,
            else WORK
        };
        self.list(sql, filters, Order::Text(2), page).await
    }

    /// What is to do in one stream.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn work_of(&self, stream: &StreamId) -> Result<Vec<WorkView>, StoreError> {
        self.all(&WORK_OF, vec![self.shard(), stream.into()]).await
    }

    /// How much everybody of an organ or court has to do, and how much of it had its last day before `day`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_work(&self, organ: &str, day: Date) -> Result<Vec<OpenWorkView>, StoreError> {
        self.all(&OPEN_WORK, vec![self.shard(), organ.into(), day.into()]).await
    }

    /// How much work had its last day before `day`, by organ and role, of one organ or court or of all; where there is
    /// none there is no row. In no order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn late_work(&self, organ: Option<&str>, day: Date) -> Result<Vec<LateWorkView>, StoreError> {
        match organ {
            Some(organ) => self.all(&LATE_WORK_ORGAN, vec![self.shard(), day.into(), organ.into()]).await,
            None => self.all(&LATE_WORK, vec![self.shard(), day.into()]).await,
        }
    }
}
