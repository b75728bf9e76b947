//! Who takes part in what.

use yanhe_core::policy::Scope;
use yanhe_core::{PersonId, StreamId};

use super::{Kept, Limits, Listing, Order, Page};
use crate::sql::{AMONG, statements, text, view};
use crate::{Reader, Statement, StoreError, Value};

view! {
    /// Somebody in a stream.
    pub struct PartyView {
        /// The stream.
        stream: StreamId,
        /// Who.
        person: PersonId,
        /// As what.
        role: String,
        /// The name, open for a firm.
        name: Option<Kept>,
    }
}

/// A keyed blind index of something typed by a searcher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartyIndex {
    /// Of a full name.
    Name(String),
    /// Of the number of an identity document, or of a credit code.
    Document(String),
    /// Of a phone.
    Phone(String),
}

const FROM: &str = text!("SELECT ", PartyView::COLUMNS, ", stream, person FROM takes_part WHERE jurisdiction = $1");
/// Only what belongs to the organ or the court, when there is one.
const WITHIN: &str = " AND (EXISTS (SELECT 1 FROM dossier d WHERE d.jurisdiction = $1 AND d.stream = takes_part.stream \
     AND d.organ = $3) OR EXISTS (SELECT 1 FROM matter m WHERE m.jurisdiction = $1 AND m.stream = takes_part.stream \
     AND m.organ = $3) OR EXISTS (SELECT 1 FROM paper p WHERE p.jurisdiction = $1 AND p.stream = takes_part.stream \
     AND p.issuer = $3) OR EXISTS (SELECT 1 FROM confirmation c WHERE c.jurisdiction = $1 \
     AND c.stream = takes_part.stream AND (c.organ = $3 OR c.court = $3)) OR $3 IS NULL) \
     AND (stream, person) > ($4, $5) ORDER BY stream, person LIMIT $6";

statements! {
    BY_NAME = [FROM, " AND name_index = $2", WITHIN];
    BY_DOCUMENT = [FROM, " AND id_index = $2", WITHIN];
    BY_PHONE = [FROM, " AND phone_index = $2", WITHIN];
    PARTIES = ["SELECT ", PartyView::COLUMNS, " FROM takes_part WHERE jurisdiction = $1 AND stream = $2 ORDER BY person"];
    PARTIES_AMONG = [
        "SELECT ", PartyView::COLUMNS, " FROM takes_part WHERE jurisdiction = $1 AND ", AMONG, " ORDER BY stream, person"
    ];
    PERSON = [
        "SELECT ", PartyView::COLUMNS, " FROM takes_part WHERE jurisdiction = $1 AND person = $2 ORDER BY stream"
    ];
}

impl Reader {
    /// The parties of one stream, for a reader who may read that stream.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn parties(&self, stream: &StreamId) -> Result<Vec<PartyView>, StoreError> {
        self.all(&PARTIES, vec![self.shard(), stream.into()]).await
    }

    /// The parties of many streams, of one stream after the other.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn parties_of(&self, streams: &[StreamId]) -> Result<Vec<PartyView>, StoreError> {
        self.among(&PARTIES_AMONG, streams).await
    }

    /// Everything one person takes part in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn parts_of(&self, person: &PersonId) -> Result<Vec<PartyView>, StoreError> {
        self.all(&PERSON, vec![self.shard(), person.into()]).await
    }

    /// Who has this name, document or phone, within a scope; a party finds nobody.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn find_parties(
        &self,
        scope: &Scope,
        index: &PartyIndex,
        page: &Page,
    ) -> Result<Listing<PartyView>, StoreError> {
        let Some(limits) = Limits::of(scope).filter(|limits| limits.person.is_none()) else {
            return Ok(Listing::empty());
        };
        let (sql, index): (&'static Statement, _) = match index {
            PartyIndex::Name(index) => (&BY_NAME, index),
            PartyIndex::Document(index) => (&BY_DOCUMENT, index),
            PartyIndex::Phone(index) => (&BY_PHONE, index),
        };
        let filters = vec![Value::from(index), limits.body().cloned().into()];
        self.list(sql, filters, Order::Text(1), page).await
    }

    /// Everything this phone takes part in, for somebody who has proved that it is theirs.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn parts_of_phone(&self, phone_index: &str, page: &Page) -> Result<Listing<PartyView>, StoreError> {
        self.list(&BY_PHONE, vec![phone_index.into(), Value::Null], Order::Text(1), page).await
    }

    /// A list of one person's: the same values as the other statements of the list, and the person last.
    pub(crate) async fn list_of_person<T: crate::waist::FromRow>(
        &self,
        sql: &'static Statement,
        filters: Vec<Value>,
        person: String,
        page: &Page,
    ) -> Result<Listing<T>, StoreError> {
        self.list_with(sql, filters, Order::Latest, page, vec![person.into()]).await
    }
}
