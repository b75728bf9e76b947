//! Writing to a server: one transaction a change, its statements sent together. Changes of different streams go side
//! by side; two on one stream wait for each other at its head, and the second one's guard raises.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use yanhe_store_read::driver::postgres::{self, Server};
use yanhe_store_read::{Statement, StoreError, Value};

use super::{Failure, Outcome};
use crate::plan::Step;

/// How often the very same statements are sent again when two transactions waited for each other.
const TRIES: usize = 8;

/// What is committed within this time is told once: telling takes a lock that commits would queue for.
const GATHER: Duration = Duration::from_millis(100);

/// What is needed to write. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct Writing {
    server: Server,
    changed: watch::Sender<u64>,
    committed: mpsc::UnboundedSender<String>,
}

impl Writing {
    pub(crate) fn new(server: Server, changed: watch::Sender<u64>) -> Self {
        let (committed, telling) = mpsc::unbounded_channel();
        tokio::spawn(tell(server.clone(), telling));
        Self { server, changed, committed }
    }

    /// Lets every server on the database know soon that something was committed.
    pub(crate) fn tell(&self, jurisdiction: &str) {
        // Nobody tells any more: the program ends.
        let _ = self.committed.send(jurisdiction.to_owned());
    }

    /// See [`Server::hear`].
    pub(crate) async fn hear(&self, jurisdiction: &str, told: impl Fn()) -> Result<(), StoreError> {
        self.server.hear(jurisdiction, told).await
    }

    /// All steps or none. Goes on when the caller does not wait any more.
    pub(crate) async fn attempt(&self, steps: Vec<Step>) -> Outcome {
        let writing = self.clone();
        let task = tokio::spawn(async move { writing.write(&steps).await });
        task.await.unwrap_or(Err(Failure::Store(StoreError::Closed)))
    }

    async fn write(&self, steps: &[Step]) -> Outcome {
        let client = self.server.client().await?;
        let parts: Vec<(&Statement, &[Value])> =
            steps.iter().map(|step| (step.statement, step.params.as_slice())).collect();
        for _ in 0..TRIES {
            match postgres::transaction(&client, "BEGIN", &parts).await {
                Ok(rows) => {
                    self.changed.send_modify(|n| *n += 1);
                    return Ok(rows);
                }
                Err((_, error)) if postgres::is_collision(&error) => {}
                Err((place, error)) => return Err(self.failure(place.and_then(|i| steps.get(i)), error)),
            }
        }
        Err(Failure::Store(StoreError::Busy))
    }

    fn failure(&self, step: Option<&Step>, error: tokio_postgres::Error) -> Failure {
        match step.and_then(|step| step.guards.clone()) {
            Some(guards) if postgres::is_refusal(&error) => Failure::Guard(guards),
            _ => {
                let fault = postgres::fault(error);
                if matches!(fault, StoreError::Unreachable(_)) {
                    // The next try finds the server that took over.
                    self.server.forget();
                }
                Failure::Store(fault)
            }
        }
    }
}

/// Tells of commits until nobody commits any more. What is not told is noticed later.
async fn tell(server: Server, mut committed: mpsc::UnboundedReceiver<String>) {
    while let Some(first) = committed.recv().await {
        tokio::time::sleep(GATHER).await;
        let mut all = BTreeSet::from([first]);
        while let Ok(next) = committed.try_recv() {
            all.insert(next);
        }
        for jurisdiction in all {
            // Whoever is not told now looks for itself some seconds later.
            let _ = server.tell(&jurisdiction).await;
        }
    }
}
