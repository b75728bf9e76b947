//! Small writes outside the journal: sessions, one-time codes, settings, print runs, keys.

use yanhe_core::{StreamId, Timestamp};
use yanhe_store_read::{Row, StoreError};

use crate::{Writer, statements};

/// Somebody signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// Hash of the token; the token itself is only with its owner.
    pub token_hash: Vec<u8>,
    /// The actor as JSON.
    pub actor: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A code that is good once.
#[derive(Clone, Debug)]
pub struct OneTimeCode {
    /// Id, drawn.
    pub id: String,
    /// What it is for.
    pub purpose: String,
    /// For whom or what it stands, given back when it is verified.
    pub subject: String,
    /// Keyed hash of the code.
    pub hash: Vec<u8>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What became of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Right, and used up by this. Holds the subject.
    Right(String),
    /// Wrong; so many tries are left.
    Wrong {
        /// Tries left.
        left: i64,
    },
    /// No such code, used, expired, or tried too often.
    Gone,
}

statements! {
    SESSION = "INSERT INTO session (jurisdiction, token_hash, actor, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    SESSION_STAYS = "UPDATE session SET expires_at = $3 WHERE jurisdiction = $1 AND token_hash = $2 AND expires_at < $3";
    SESSION_END = "DELETE FROM session WHERE jurisdiction = $1 AND token_hash = $2";
    SESSION_SWEEP = "DELETE FROM session WHERE jurisdiction = $1 AND expires_at <= $2";
    OTP = "INSERT INTO otp (jurisdiction, id, purpose, subject, hash, expires_at, attempts, used_at) \
           VALUES ($1, $2, $3, $4, $5, $6, 0, NULL)";
    // One statement counts the try, compares and uses up, so two tries at once cannot both be right.
    // The request that used it up is right again, and no other.
    OTP_TRY = "UPDATE otp SET attempts = attempts + 1, used_at = CASE WHEN hash = $4 THEN $5 ELSE used_at END, \
               used_by = CASE WHEN hash = $4 THEN $7 ELSE used_by END \
               WHERE jurisdiction = $1 AND id = $2 AND purpose = $3 AND (used_at IS NULL OR used_by = $7) \
               AND expires_at > $5 AND attempts < $6 \
               RETURNING CASE WHEN hash = $4 THEN used_at END, attempts, subject";
    OTP_SWEEP = "DELETE FROM otp WHERE jurisdiction = $1 AND expires_at <= $2";
    // Counted anew when it began to be counted before $4.
    TRIED = "INSERT INTO tries (jurisdiction, name, since, tried) VALUES ($1, $2, $3, 1) \
             ON CONFLICT (jurisdiction, name) DO UPDATE SET \
             tried = CASE WHEN tries.since <= $4 THEN 1 ELSE tries.tried + 1 END, \
             since = CASE WHEN tries.since <= $4 THEN excluded.since ELSE tries.since END RETURNING tried";
    TRIES_SWEEP = "DELETE FROM tries WHERE jurisdiction = $1 AND since <= $2";
    SETTING = "INSERT INTO setting (jurisdiction, name, value) VALUES ($1, $2, $3) \
               ON CONFLICT (jurisdiction, name) DO UPDATE SET value = excluded.value";
    SETTING_NEW = "INSERT INTO setting (jurisdiction, name, value) VALUES ($1, $2, $3) \
                   ON CONFLICT (jurisdiction, name) DO NOTHING RETURNING 1";
    SETTING_SWAP = "UPDATE setting SET value = $4 WHERE jurisdiction = $1 AND name = $2 AND value = $3 RETURNING 1";
    KEYS_DESTROY = "DELETE FROM wrapped_key WHERE jurisdiction = $1 AND stream = $2 AND person = $3 RETURNING 1";
}

impl Writer {
    /// Begins a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_session(&self, session: &Session) -> Result<(), StoreError> {
        let params = vec![
            self.shard(),
            session.token_hash.as_slice().into(),
            (&session.actor).into(),
            session.created_at.into(),
            session.expires_at.into(),
        ];
        self.rows(&SESSION, params).await.map(drop)
    }

    /// Lets a session that is there last until then, if it would end before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_session(&self, token_hash: &[u8], until: Timestamp) -> Result<(), StoreError> {
        self.rows(&SESSION_STAYS, vec![self.shard(), token_hash.into(), until.into()]).await.map(drop)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, token_hash: &[u8]) -> Result<(), StoreError> {
        self.rows(&SESSION_END, vec![self.shard(), token_hash.into()]).await.map(drop)
    }

    /// Counts one more try of something; gives how many there were since `from` at the latest, this one included.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tried(&self, name: &str, now: Timestamp, from: Timestamp) -> Result<i64, StoreError> {
        let rows = self.rows(&TRIED, vec![self.shard(), name.into(), now.into(), from.into()]).await?;
        rows.into_iter().next().map_or(Ok(1), Row::only)
    }

    /// Forgets sessions and codes that ended by `now`, and what was tried before `since`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep(&self, now: Timestamp, since: Timestamp) -> Result<(), StoreError> {
        self.rows(&TRIES_SWEEP, vec![self.shard(), since.into()]).await?;
        self.rows(&SESSION_SWEEP, vec![self.shard(), now.into()]).await?;
        self.rows(&OTP_SWEEP, vec![self.shard(), now.into()]).await.map(drop)
    }

    /// Stores a one-time code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_code(&self, code: &OneTimeCode) -> Result<(), StoreError> {
        let params = vec![
            self.shard(),
            (&code.id).into(),
            (&code.purpose).into(),
            (&code.subject).into(),
            code.hash.as_slice().into(),
            code.expires_at.into(),
        ];
        self.rows(&OTP, params).await.map(drop)
    }

    /// Tries a code. Every try counts, and of two right ones at once only one is right, unless both are of the same
    /// `request`: a press that was sent twice is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn try_code(
        &self,
        id: &str,
        purpose: &str,
        hash: &[u8],
        now: Timestamp,
        tries: i64,
        request: Option<&str>,
    ) -> Result<Verdict, StoreError> {
        let params =
            vec![self.shard(), id.into(), purpose.into(), hash.into(), now.into(), tries.into(), request.into()];
        let Some(row) = self.rows(&OTP_TRY, params).await?.into_iter().next() else { return Ok(Verdict::Gone) };
        let mut cells = row.into_cells();
        let (used, attempts): (Option<i64>, i64) = (cells.take()?, cells.take()?);
        Ok(match used {
            Some(_) => Verdict::Right(cells.take()?),
            None => Verdict::Wrong { left: tries - attempts },
        })
    }

    /// Sets a setting.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.rows(&SETTING, vec![self.shard(), name.into(), value.into()]).await.map(drop)
    }

    /// Sets a setting only if it still is `was` (`None`: is not set). False when it is not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn swap_setting(&self, name: &str, was: Option<&str>, value: &str) -> Result<bool, StoreError> {
        let rows = match was {
            None => self.rows(&SETTING_NEW, vec![self.shard(), name.into(), value.into()]).await?,
            Some(was) => self.rows(&SETTING_SWAP, vec![self.shard(), name.into(), was.into(), value.into()]).await?,
        };
        Ok(!rows.is_empty())
    }

    /// Destroys the key of a person in a stream: what it seals cannot be read any more. False when there was none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn destroy_key(&self, stream: &StreamId, person: &str) -> Result<bool, StoreError> {
        let params = vec![self.shard(), stream.into(), person.into()];
        Ok(!self.rows(&KEYS_DESTROY, params).await?.is_empty())
    }
}
