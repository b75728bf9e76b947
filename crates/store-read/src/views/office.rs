//! What stands beside the journal: messages, settings, sessions, keys, stored files, print runs, jobs.

use yanhe_core::{PersonId, StreamId, Timestamp, Version};

use super::journal::{ENTRIES_OF, EntryView, LOAD, Stored};
use super::{Listing, Order, Page};
use crate::sql::{statements, view};
use crate::waist::FromRow;
use crate::{Query, Reader, Row, StoreError, Value};

view! {
    /// A message, sent or not.
    pub struct MessageView {
        /// Id.
        id: String,
        /// `sms` or `mail`.
        channel: String,
        /// Blind index of the address.
        to_index: String,
        /// Recipient and text, sealed.
        body: Vec<u8>,
        /// Stream it is about.
        about: StreamId,
        /// From when it goes out.
        at: Timestamp,
        /// When a messenger took it.
        sent_at: Option<Timestamp>,
    }
}

view! {
    /// Somebody who is signed in.
    pub struct SessionView {
        /// The actor as JSON.
        actor: String,
        /// When it began.
        created_at: Timestamp,
        /// When it ends.
        expires_at: Timestamp,
    }
}

view! {
    /// The wrapped key of a person in a stream.
    pub struct KeyView {
        /// The stream.
        stream: StreamId,
        /// The person.
        person: PersonId,
        /// Id of the key that wraps it.
        master: String,
        /// The wrapped bytes.
        wrapped: Vec<u8>,
    }
}

view! {
    /// Papers printed as one file.
    pub struct PrintRunView {
        /// Stream.
        stream: StreamId,
        /// The organ that prints.
        organ: String,
        /// When.
        at: Timestamp,
        /// Who.
        by: String,
        /// How many papers.
        papers: i64,
        /// Hash of the stored file.
        blob: String,
    }
}

view! {
    /// A timer that is set.
    pub struct JobView {
        /// Stream whose timer it is.
        owner: StreamId,
        /// Name within the owner.
        name: String,
        /// When it is due.
        due: Timestamp,
        /// Stream that gets the command.
        stream: StreamId,
        /// The command.
        command: Vec<u8>,
        /// How many times it was taken.
        attempts: i64,
    }
}

view! {
    /// What a repeat key was answered.
    pub struct ReceiptView {
        /// Who used it.
        actor: String,
        /// Hash of the command it was used for.
        command: Vec<u8>,
        /// The answer.
        receipt: String,
    }
}

view! {
    /// A setting.
    pub struct SettingView {
        /// Name.
        name: String,
        /// Value.
        value: String,
    }
}

statements! {
    MESSAGES = [
        "SELECT ", MessageView::COLUMNS, ", at, id FROM message WHERE jurisdiction = $1 AND (at, id) < ($2, $3) \
         ORDER BY at DESC, id DESC LIMIT $4"
    ];
    MESSAGES_TO = [
        "SELECT ", MessageView::COLUMNS, ", at, id FROM message WHERE jurisdiction = $1 AND to_index = $2 \
         AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5"
    ];
    KEY = ["SELECT ", KeyView::COLUMNS, " FROM wrapped_key WHERE jurisdiction = $1 AND stream = $2 AND person = $3"];
    KEYS_OF = ["SELECT ", KeyView::COLUMNS, " FROM wrapped_key WHERE jurisdiction = $1 AND stream = $2 ORDER BY person"];
    KEYS_OF_PERSON = [
        "SELECT ", KeyView::COLUMNS, " FROM wrapped_key WHERE jurisdiction = $1 AND person = $2 ORDER BY stream"
    ];
    KEYS_BETWEEN = [
        "SELECT ", KeyView::COLUMNS,
        " FROM wrapped_key WHERE jurisdiction = $1 AND stream >= $2 AND stream <= $3 ORDER BY stream, person"
    ];
    PRINT_RUNS = [
        "SELECT ", PrintRunView::COLUMNS, ", at, stream FROM print_run WHERE jurisdiction = $1 AND organ = $2 \
         AND (at, stream) < ($3, $4) ORDER BY at DESC, stream DESC LIMIT $5"
    ];
    PRINT_RUN = ["SELECT ", PrintRunView::COLUMNS, " FROM print_run WHERE jurisdiction = $1 AND stream = $2"];
    JOBS_OF = ["SELECT ", JobView::COLUMNS, " FROM job WHERE jurisdiction = $1 AND owner = $2 ORDER BY name"];
    JOBS_DUE = ["SELECT COUNT(*) FROM job WHERE jurisdiction = $1 AND due <= $2"];
    SETTING = ["SELECT value FROM setting WHERE jurisdiction = $1 AND name = $2"];
    SETTINGS = ["SELECT ", SettingView::COLUMNS, " FROM setting WHERE jurisdiction = $1 ORDER BY name"];
    SESSION = [
        "SELECT ", SessionView::COLUMNS, " FROM session WHERE jurisdiction = $1 AND token_hash = $2 AND expires_at > $3"
    ];
    RECEIPT = ["SELECT ", ReceiptView::COLUMNS, " FROM receipt WHERE jurisdiction = $1 AND key = $2"];
}

impl Reader {
    /// All messages, latest first.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn messages(&self, page: &Page) -> Result<Listing<MessageView>, StoreError> {
        self.list(&MESSAGES, Vec::new(), Order::Latest, page).await
    }

    /// The messages to one address, latest first.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn messages_to(&self, to_index: &str, page: &Page) -> Result<Listing<MessageView>, StoreError> {
        self.list(&MESSAGES_TO, vec![to_index.into()], Order::Latest, page).await
    }

    /// The wrapped key of a person in a stream; `None` also once it was destroyed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wrapped_key(&self, stream: &StreamId, person: &PersonId) -> Result<Option<KeyView>, StoreError> {
        self.one(&KEY, vec![self.shard(), stream.into(), person.into()]).await
    }

    /// The wrapped keys of many persons, each in one stream; those that are gone are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wrapped_keys(&self, of: &[(StreamId, PersonId)]) -> Result<Vec<KeyView>, StoreError> {
        let query = |(stream, person): &(StreamId, PersonId)| (&KEY, vec![self.shard(), stream.into(), person.into()]);
        let answers = self.snapshot(of.iter().map(query).collect()).await?;
        answers.into_iter().flatten().map(KeyView::from_row).collect()
    }

    /// A stream as it stands, with the wrapped keys of everybody in it; `None` when it does not exist.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load_with_keys(&self, stream: &StreamId) -> Result<Option<(Stored, Vec<KeyView>)>, StoreError> {
        let params = || vec![self.shard(), stream.into()];
        let [head, keys] = self.two((&LOAD, params()), (&KEYS_OF, params())).await?;
        let Some(head) = head.into_iter().next() else { return Ok(None) };
        Ok(Some((Stored::from_row(head)?, keys.into_iter().map(KeyView::from_row).collect::<Result<_, _>>()?)))
    }

    /// The entries of a stream after a version, in order, with the wrapped keys of everybody in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entries_with_keys(
        &self,
        stream: &StreamId,
        after: Version,
    ) -> Result<(Vec<EntryView>, Vec<KeyView>), StoreError> {
        let all = vec![self.shard(), stream.into(), after.into()];
        let [entries, keys] = self.two((&ENTRIES_OF, all), (&KEYS_OF, vec![self.shard(), stream.into()])).await?;
        let entries = entries.into_iter().map(EntryView::from_row).collect::<Result<_, _>>()?;
        Ok((entries, keys.into_iter().map(KeyView::from_row).collect::<Result<_, _>>()?))
    }

    async fn two(&self, first: Query, second: Query) -> Result<[Vec<Row>; 2], StoreError> {
        let mut answers = self.snapshot(vec![first, second]).await?.into_iter();
        Ok([answers.next().unwrap_or_default(), answers.next().unwrap_or_default()])
    }

    /// All wrapped keys of a stream.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keys_of(&self, stream: &StreamId) -> Result<Vec<KeyView>, StoreError> {
        self.all(&KEYS_OF, vec![self.shard(), stream.into()]).await
    }

    /// All wrapped keys of the streams from one to another, both included, by stream and person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keys_between(&self, first: &str, last: &str) -> Result<Vec<KeyView>, StoreError> {
        self.all(&KEYS_BETWEEN, vec![self.shard(), first.into(), last.into()]).await
    }

    /// All wrapped keys of a person, in whatever streams.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keys_of_person(&self, person: &PersonId) -> Result<Vec<KeyView>, StoreError> {
        self.all(&KEYS_OF_PERSON, vec![self.shard(), person.into()]).await
    }

    /// The print runs of an organ, latest first.
    ///
    /// # Errors
    /// When the database fails or the cursor is of another list.
    pub async fn print_runs(&self, organ: &str, page: &Page) -> Result<Listing<PrintRunView>, StoreError> {
        self.list(&PRINT_RUNS, vec![organ.into()], Order::Latest, page).await
    }

    /// One print run.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn print_run(&self, stream: &StreamId) -> Result<Option<PrintRunView>, StoreError> {
        self.one(&PRINT_RUN, vec![self.shard(), stream.into()]).await
    }

    /// The timers a stream has set.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn jobs_of(&self, owner: &StreamId) -> Result<Vec<JobView>, StoreError> {
        self.all(&JOBS_OF, vec![self.shard(), owner.into()]).await
    }

    /// How many jobs are due, held or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn jobs_due(&self, now: Timestamp) -> Result<i64, StoreError> {
        let row = self.query(&JOBS_DUE, vec![self.shard(), now.into()]).await?.into_iter().next();
        row.map_or(Ok(0), Row::only)
    }

    /// A setting.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let rows = self.query(&SETTING, vec![self.shard(), name.into()]).await?;
        rows.into_iter().next().map(Row::only).transpose()
    }

    /// All settings.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settings(&self) -> Result<Vec<SettingView>, StoreError> {
        self.all(&SETTINGS, vec![self.shard()]).await
    }

    /// A session that lasts beyond `now`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(&self, token_hash: &[u8], now: Timestamp) -> Result<Option<SessionView>, StoreError> {
        self.one(&SESSION, vec![self.shard(), Value::from(token_hash), now.into()]).await
    }

    /// What a repeat key was answered, whoever used it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn receipt(&self, key: &str) -> Result<Option<ReceiptView>, StoreError> {
        self.one(&RECEIPT, vec![self.shard(), key.into()]).await
    }
}
