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
    }
}

view! {
    /// How much is open.
    pub struct OpenWorkView {
        /// Code of the organ or court.
        organ: String,
        /// Role.
        role: String,
        /// How many.
        open: i64,
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
    OVERDUE = [
        "SELECT ", OpenWorkView::COLUMNS, " FROM (\
         SELECT COALESCE(organ, '') AS organ, COALESCE(role, '') AS role, COUNT(*) AS open FROM work \
         WHERE jurisdiction = $1 AND COALESCE(due_on, '9999-12-31') < $2 \
         GROUP BY COALESCE(organ, ''), COALESCE(role, '')) AS late ORDER BY organ, role"
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

    /// How much work had its last day before `day`, by organ and role.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn overdue(&self, day: Date) -> Result<Vec<OpenWorkView>, StoreError> {
        self.all(&OVERDUE, vec![self.shard(), day.into()]).await
    }
}
