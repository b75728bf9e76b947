//! Locks of registers: two commits of this process need not fight for the same numbers. Correctness rests on the
//! guards of the commit alone; these only save retries.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use yanhe_core::StreamId;

/// Locks of registers, so that two commits of this process do not fight for the same numbers.
#[derive(Default)]
pub struct Registers(tokio::sync::Mutex<BTreeMap<StreamId, Arc<tokio::sync::Mutex<()>>>>);

impl Registers {
    /// Holds these registers; always taken in the order of their names, so that nobody waits in a circle.
    pub async fn hold(&self, registers: &BTreeSet<StreamId>) -> Vec<tokio::sync::OwnedMutexGuard<()>> {
        let mut guards = Vec::new();
        for register in registers {
            let lock = self.0.lock().await.entry(register.clone()).or_default().clone();
            guards.push(lock.lock_owned().await);
        }
        guards
    }
}
