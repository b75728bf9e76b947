//! Jobs that are due: taken by lease, at least once.

use yanhe_core::{StreamId, Timestamp};
use yanhe_store_read::{Row, StoreError};

use crate::{Writer, statements};

/// A job that the caller holds until `lease_until`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueJob {
    /// Stream whose timer it is.
    pub owner: StreamId,
    /// Name within the owner.
    pub name: String,
    /// When it was due.
    pub due: Timestamp,
    /// Stream that gets the command.
    pub stream: StreamId,
    /// The command as the commit gave it.
    pub command: Vec<u8>,
    /// How many times it was taken, this time included.
    pub attempts: i64,
    /// Until when nobody else takes it.
    pub lease_until: Timestamp,
}

/// No lease and no pause between two tries is so long, in microseconds: an hour.
const LONGEST: i64 = 3_600_000_000;

/// A lease that lasts beyond this was taken by a clock that has been put back since, and means nothing. That two may
/// hold one then does no harm: what is written under a lease names its holder.
pub(crate) fn absurd(now: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(now.as_microsecond().saturating_add(LONGEST)).unwrap_or(Timestamp::MAX)
}

statements! {
    // One comparison and not two with OR: more rows would be expected of those, and all jobs read.
    TAKE = "UPDATE job SET lease_until = $3, attempts = attempts + 1 \
            WHERE jurisdiction = $1 AND (owner, name) IN (SELECT owner, name FROM job \
            WHERE jurisdiction = $1 AND due <= $2 AND CASE WHEN lease_until > $5 THEN 0 ELSE lease_until END <= $2 \
            ORDER BY due, owner, name LIMIT $4 /* skip locked */) \
            RETURNING owner, name, due, stream, command, attempts, lease_until";
    // A job that was set anew meanwhile has another lease, and stays.
    DONE = "DELETE FROM job WHERE jurisdiction = $1 AND owner = $2 AND name = $3 AND due = $4 AND lease_until = $5 \
            RETURNING 1";
    FAILED = "UPDATE job SET lease_until = $6 \
              WHERE jurisdiction = $1 AND owner = $2 AND name = $3 AND due = $4 AND lease_until = $5 RETURNING 1";
    NEXT = "SELECT due FROM job WHERE jurisdiction = $1 ORDER BY due LIMIT 1";
}

impl Writer {
    /// Takes jobs due at `now` that nobody holds, oldest first, and holds them until `lease_until`.
    ///
    /// # Errors
    /// When the database fails; then none is held.
    pub async fn due_jobs(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueJob>, StoreError> {
        let params = vec![self.shard(), now.into(), lease_until.into(), i64::from(limit).into(), absurd(now).into()];
        let mut jobs: Vec<_> = self.rows(&TAKE, params).await?.into_iter().map(read).collect::<Result<_, _>>()?;
        jobs.sort_by(|a, b| (a.due, &a.owner, &a.name).cmp(&(b.due, &b.owner, &b.name)));
        Ok(jobs)
    }

    /// Forgets a job that was carried out. False when it was set anew, cancelled or taken by somebody else meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn done(&self, job: &DueJob) -> Result<bool, StoreError> {
        let params =
            vec![self.shard(), (&job.owner).into(), (&job.name).into(), job.due.into(), job.lease_until.into()];
        Ok(!self.rows(&DONE, params).await?.is_empty())
    }

    /// Gives a job back, to be taken again from `retry_at`. False as for [`Writer::done`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn failed(&self, job: &DueJob, retry_at: Timestamp) -> Result<bool, StoreError> {
        let params = vec![
            self.shard(),
            (&job.owner).into(),
            (&job.name).into(),
            job.due.into(),
            job.lease_until.into(),
            retry_at.into(),
        ];
        Ok(!self.rows(&FAILED, params).await?.is_empty())
    }

    /// When the next job is due, held or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.rows(&NEXT, vec![self.shard()]).await?.into_iter().next().map(Row::only).transpose()
    }
}

fn read(row: Row) -> Result<DueJob, StoreError> {
    let mut cells = row.into_cells();
    Ok(DueJob {
        owner: cells.take()?,
        name: cells.take()?,
        due: cells.take()?,
        stream: cells.take()?,
        command: cells.take()?,
        attempts: cells.take()?,
        lease_until: cells.take()?,
    })
}
