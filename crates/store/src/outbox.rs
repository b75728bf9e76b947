//! Messages that wait for a messenger: taken by lease, sent at least once.

use yanhe_core::{StreamId, Timestamp};
use yanhe_store_read::{Row, StoreError};

use crate::timers::absurd;
use crate::{Writer, statements};

/// A message that the caller holds until `lease_until`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenMessage {
    /// Id.
    pub id: String,
    /// `sms` or `mail`.
    pub channel: String,
    /// Recipient and text as the commit gave them.
    pub body: Vec<u8>,
    /// Stream it is about.
    pub about: StreamId,
    /// From when it went out.
    pub at: Timestamp,
    /// How many times it was taken, this time included.
    pub attempts: i64,
    /// Until when nobody else takes it.
    pub lease_until: Timestamp,
}

/// In microseconds.
const DAY: i64 = 86_400_000_000;

statements! {
    TAKE = "UPDATE message SET lease_until = $3, attempts = attempts + 1 \
            WHERE jurisdiction = $1 AND id IN (SELECT id FROM message \
            WHERE jurisdiction = $1 AND sent_at IS NULL AND CASE WHEN at > $6 THEN 0 ELSE at END <= $2 \
            AND CASE WHEN lease_until > $5 THEN 0 ELSE lease_until END <= $2 \
            ORDER BY at LIMIT $4 /* skip locked */) \
            RETURNING id, channel, body, about, at, attempts, lease_until";
    SENT = "UPDATE message SET sent_at = $4 WHERE jurisdiction = $1 AND id = $2 AND lease_until = $3 \
            AND sent_at IS NULL RETURNING 1";
    UNSENT = "UPDATE message SET lease_until = $4 WHERE jurisdiction = $1 AND id = $2 AND lease_until = $3 \
              AND sent_at IS NULL RETURNING 1";
}

impl Writer {
    /// Takes unsent messages whose time has come and that nobody holds, oldest first, and holds them until `lease_until`.
    ///
    /// # Errors
    /// When the database fails; then none is held.
    pub async fn take_messages(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<TakenMessage>, StoreError> {
        // Nothing waits for longer than a day: what would was made by a clock that has been put back since.
        let day = Timestamp::from_microsecond(now.as_microsecond().saturating_add(DAY)).unwrap_or(Timestamp::MAX);
        let params =
            vec![self.shard(), now.into(), lease_until.into(), i64::from(limit).into(), absurd(now).into(), day.into()];
        let mut taken: Vec<_> = self.rows(&TAKE, params).await?.into_iter().map(read).collect::<Result<_, _>>()?;
        taken.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        Ok(taken)
    }

    /// Notes that a messenger took the message. False when somebody else did meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn message_sent(&self, message: &TakenMessage, at: Timestamp) -> Result<bool, StoreError> {
        let params = vec![self.shard(), (&message.id).into(), message.lease_until.into(), at.into()];
        Ok(!self.rows(&SENT, params).await?.is_empty())
    }

    /// Gives a message back, to be taken again from `retry_at`. False as for [`Writer::message_sent`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn message_failed(&self, message: &TakenMessage, retry_at: Timestamp) -> Result<bool, StoreError> {
        let params = vec![self.shard(), (&message.id).into(), message.lease_until.into(), retry_at.into()];
        Ok(!self.rows(&UNSENT, params).await?.is_empty())
    }
}

fn read(row: Row) -> Result<TakenMessage, StoreError> {
    let mut cells = row.into_cells();
    Ok(TakenMessage {
        id: cells.take()?,
        channel: cells.take()?,
        body: cells.take()?,
        about: cells.take()?,
        at: cells.take()?,
        attempts: cells.take()?,
        lease_until: cells.take()?,
    })
}
