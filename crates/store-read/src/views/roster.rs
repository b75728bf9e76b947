//! Organs, staff, experts, publicity events and imports.

use yanhe_core::{Date, StreamId, Timestamp};

use super::{Kept, Listing, Order, Page};
use crate::sql::{one_of, statements, text, view};
use crate::{Reader, Row, StoreError, Value};

view! {
    /// An organ as the roster fills it in.
    pub struct OrganView {
        /// Code.
        code: String,
        /// Name.
        name: String,
        /// Public phone.
        phone: String,
        /// Address.
        address: String,
        /// Brand of its mediation.
        brand: String,
        /// Since when parties can act by themselves.
        online_on: Option<Date>,
        /// Does a roster row say that it mediates?
        rostered: bool,
    }
}

view! {
    /// A member of staff.
    pub struct StaffView {
        /// Who.
        stream: StreamId,
        /// Organ or court code.
        organ: String,
        /// Post as the roster names it.
        post: String,
        /// Name.
        name: Option<Kept>,
        /// Phone.
        phone: Option<Kept>,
        /// Still in office?
        active: bool,
    }
}

view! {
    /// An expert.
    pub struct ExpertView {
        /// Who.
        stream: StreamId,
        /// Name.
        name: Option<Kept>,
        /// Employer.
        employer: String,
        /// Title.
        title: String,
        /// Field.
        field: String,
        /// First day of the term.
        term_from: Option<Date>,
        /// Last day of the term.
        term_to: Option<Date>,
        /// Whom the expert may not be drawn for.
        avoids: String,
    }
}

view! {
    /// A publicity event.
    pub struct PublicityView {
        /// The event.
        stream: StreamId,
        /// Name.
        name: String,
        /// Organ code.
        organ: String,
        /// When it was held.
        date: Option<Date>,
        /// Manner.
        manner: String,
        /// Place.
        place: String,
        /// How many came.
        audience: Option<i64>,
        /// How many leaflets were given out.
        leaflets: Option<i64>,
    }
}

view! {
    /// An imported file.
    pub struct BatchView {
        /// The import.
        stream: StreamId,
        /// Kind of the file.
        kind: String,
        /// Its name.
        file: String,
        /// When.
        imported_at: Timestamp,
        /// By whom.
        by: String,
        /// Rows read.
        read: Option<i64>,
        /// Rows stored.
        stored: Option<i64>,
        /// Rows that changed something.
        updated: Option<i64>,
        /// Rows known before.
        unchanged: Option<i64>,
        /// Rows refused.
        refused: Option<i64>,
        /// State.
        state: String,
    }
}

/// Which publicity events. `None`: any.
#[derive(Clone, Debug, Default)]
pub struct PublicityFilter {
    /// Organ code.
    pub organ: Option<String>,
    /// Held on or after.
    pub from: Option<Date>,
    /// Held on or before.
    pub to: Option<Date>,
}

const HELD: &str = text!(
    "SELECT ",
    PublicityView::COLUMNS,
    ", date, stream FROM publicity WHERE jurisdiction = $1 AND date >= $3 AND date <= $4"
);
const HELD_PAGE: &str =
    " AND (organ = $2 OR $2 IS NULL) AND (date, stream) < ($5, $6) ORDER BY date DESC, stream DESC LIMIT $7";

statements! {
    ORGANS = ["SELECT ", OrganView::COLUMNS, " FROM organ WHERE jurisdiction = $1 ORDER BY code"];
    ORGAN = ["SELECT ", OrganView::COLUMNS, " FROM organ WHERE jurisdiction = $1 AND code = $2"];
    STAFF_OF = ["SELECT ", StaffView::COLUMNS, " FROM staff WHERE jurisdiction = $1 AND organ = $2 ORDER BY stream"];
    STAFF_ALL = [
        "SELECT ", StaffView::COLUMNS, ", stream FROM staff WHERE jurisdiction = $1 AND stream > $2 ORDER BY stream LIMIT $3"
    ];
    STAFF = ["SELECT ", StaffView::COLUMNS, " FROM staff WHERE jurisdiction = $1 AND stream = $2"];
    STAFF_BY_PHONE = [
        "SELECT ", StaffView::COLUMNS, " FROM staff WHERE jurisdiction = $1 AND phone_index = $2 ORDER BY stream"
    ];
    STAFF_BY_NAME = [
        "SELECT ", StaffView::COLUMNS, " FROM staff WHERE jurisdiction = $1 AND name_index = $2 ORDER BY stream"
    ];
    STAFF_KEY = ["SELECT stream FROM staff_key WHERE jurisdiction = $1 AND organ = $2 AND id_index = $3"];
    EXPERTS = [
        "SELECT ", ExpertView::COLUMNS,
        ", stream FROM expert WHERE jurisdiction = $1 AND stream > $2 ORDER BY stream LIMIT $3"
    ];
    EXPERT = ["SELECT ", ExpertView::COLUMNS, " FROM expert WHERE jurisdiction = $1 AND stream = $2"];
    EXPERT_KEY = ["SELECT stream FROM expert_key WHERE jurisdiction = $1 AND key_index = $2"];
    PUBLICITY = [HELD, HELD_PAGE];
    PUBLICITY_ORGAN = [HELD, " AND organ = $2", HELD_PAGE];
    BATCHES = [
        "SELECT ", BatchView::COLUMNS, ", imported_at, stream FROM batch WHERE jurisdiction = $1 \
         AND (imported_at, stream) < ($2, $3) ORDER BY imported_at DESC, stream DESC LIMIT $4"
    ];
    BATCH = ["SELECT ", BatchView::COLUMNS, " FROM batch WHERE jurisdiction = $1 AND stream = $2"];
}

impl Reader {
    /// All organs, by code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn organs(&self) -> Result<Vec<OrganView>, StoreError> {
        self.all(&ORGANS, vec![self.shard()]).await
    }

    /// One organ.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn organ(&self, code: &str) -> Result<Option<OrganView>, StoreError> {
        self.one(&ORGAN, vec![self.shard(), code.into()]).await
    }

    /// The staff of an organ or court.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn staff(&self, organ: &str) -> Result<Vec<StaffView>, StoreError> {
        self.all(&STAFF_OF, vec![self.shard(), organ.into()]).await
    }

    /// All staff.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn all_staff(&self, page: &Page) -> Result<Listing<StaffView>, StoreError> {
        self.list(&STAFF_ALL, Vec::new(), Order::Text(0), page).await
    }

    /// One member of staff.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn staff_member(&self, stream: &StreamId) -> Result<Option<StaffView>, StoreError> {
        self.one(&STAFF, vec![self.shard(), stream.into()]).await
    }

    /// Staff with this phone: for signing in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn staff_by_phone(&self, phone_index: &str) -> Result<Vec<StaffView>, StoreError> {
        self.all(&STAFF_BY_PHONE, vec![self.shard(), phone_index.into()]).await
    }

    /// Staff with this name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn staff_by_name(&self, name_index: &str) -> Result<Vec<StaffView>, StoreError> {
        self.all(&STAFF_BY_NAME, vec![self.shard(), name_index.into()]).await
    }

    /// The member of staff with this ID number in an organ.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn staff_key(&self, organ: &str, id_index: &str) -> Result<Option<StreamId>, StoreError> {
        let rows = self.query(&STAFF_KEY, vec![self.shard(), organ.into(), id_index.into()]).await?;
        rows.into_iter().next().map(Row::only).transpose()
    }

    /// The expert pool.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn experts(&self, page: &Page) -> Result<Listing<ExpertView>, StoreError> {
        self.list(&EXPERTS, Vec::new(), Order::Text(0), page).await
    }

    /// One expert.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn expert(&self, stream: &StreamId) -> Result<Option<ExpertView>, StoreError> {
        self.one(&EXPERT, vec![self.shard(), stream.into()]).await
    }

    /// The expert with this name, employer and phone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn expert_key(&self, key_index: &str) -> Result<Option<StreamId>, StoreError> {
        let rows = self.query(&EXPERT_KEY, vec![self.shard(), key_index.into()]).await?;
        rows.into_iter().next().map(Row::only).transpose()
    }

    /// Publicity events, latest first.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn publicity(&self, filter: &PublicityFilter, page: &Page) -> Result<Listing<PublicityView>, StoreError> {
        let filters = vec![
            Value::from(filter.organ.clone()),
            filter.from.map_or(String::new(), |day| day.to_string()).into(),
            filter.to.map_or_else(|| super::NO_DAY.to_owned(), |day| day.to_string()).into(),
        ];
        let sql = one_of! { filter.organ.is_some() => PUBLICITY_ORGAN, else PUBLICITY };
        self.list(sql, filters, Order::LatestDay, page).await
    }

    /// Imports, latest first.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn batches(&self, page: &Page) -> Result<Listing<BatchView>, StoreError> {
        self.list(&BATCHES, Vec::new(), Order::Latest, page).await
    }

    /// One import.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn batch(&self, stream: &StreamId) -> Result<Option<BatchView>, StoreError> {
        self.one(&BATCH, vec![self.shard(), stream.into()]).await
    }
}
