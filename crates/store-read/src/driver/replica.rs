//! Reading from a server that follows the one that is written to.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::postgres::Server;
use super::{Answer, Query, Source};
use crate::StoreError;

/// How long a server that was away is not asked.
const PAUSE: Duration = Duration::from_secs(10);

/// A server that follows, and what it follows. Cloning is cheap.
#[derive(Clone)]
pub struct Replica {
    replica: Server,
    pub(crate) primary: Arc<Source>,
    away: Arc<Mutex<Option<Instant>>>,
}

impl Replica {
    pub(crate) fn of(replica: Server, primary: Source) -> Self {
        Self { replica, primary: Arc::new(primary), away: Arc::default() }
    }

    /// All queries from one snapshot, of the first while it is away.
    pub(crate) async fn snapshot(&self, queries: Vec<Query>) -> Answer {
        let away = || self.away.lock().unwrap_or_else(PoisonError::into_inner);
        if away().is_none_or(|since| since.elapsed() > PAUSE) {
            match self.replica.snapshot(queries.clone()).await {
                // Not there, or asked for rows that the primary has removed meanwhile.
                Err(StoreError::Unreachable(problem)) => {
                    eprintln!("the database that is only read is away, the other one is asked: {problem}");
                    #[expect(clippy::disallowed_methods, reason = "waits before it asks again; nothing of it is kept")]
                    let now = Instant::now();
                    *away() = Some(now);
                }
                Err(StoreError::Busy) => {}
                answer => return answer,
            }
        }
        Box::pin(self.primary.snapshot(queries)).await
    }
}
