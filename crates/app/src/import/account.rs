//! The account of an import: what came of it, with its refused rows, kept beside it until they are corrected and imported
//! again.

use serde::{Deserialize, Serialize};
use yanhe_core::policy::{self, Act, Actor, Subject};
use yanhe_core::{StreamId, StreamKind};

use super::{ImportOutcome, Kind};
use crate::App;
use crate::error::AppError;

/// How long an account is kept.
const HOURS: i64 = 24 * 90;

/// What came of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// What the file holds.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// What came of it, or would come of it.
    pub outcome: ImportOutcome,
}

/// For whom an account is put aside: whoever of the body looks at what was imported there.
fn office(actor: &Actor, body: &str) -> Actor {
    Actor { id: format!("body/{body}"), ..actor.clone() }
}

impl App {
    /// Keeps the account of an import for the body that made it. The first one stands.
    pub(super) fn keep_account(&self, actor: &Actor, batch: &StreamId, account: &Account) -> Result<(), AppError> {
        if self.aside(&office(actor, &actor.body), batch.key())?.is_some() {
            return Ok(());
        }
        self.put_aside_for(&office(actor, &actor.body), batch.key(), crate::json(account).as_bytes(), HOURS)
    }

    /// The account of an import that a body made (empty: the administrator, at the command line or on the page). For those
    /// who work there; one of the administrator also for whoever imports for the whole county. `None` for anybody else,
    /// and when its time is over.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn import_account(&self, actor: &Actor, body: &str, batch: &StreamId) -> Result<Option<Account>, AppError> {
        let county = Subject::default();
        if body != actor.body && !(body.is_empty() && policy::may(actor, Act::ImportFile, &county).is_ok()) {
            return Ok(None);
        }
        let bytes = self.aside(&office(actor, body), batch.key())?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// The name under which a file is imported that nobody names: the same until that import is complete, so that one
    /// which was cut off goes on, and then another.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import_key(&self, kind: Kind, file_name: &str, bytes: &[u8]) -> Result<String, AppError> {
        let sha256 = crate::sha256(bytes);
        let mut n = 0_u64;
        loop {
            let batch = StreamId::derived(StreamKind::Batch, &[kind.name(), file_name, &sha256, &n.to_string()]);
            if self.reader.version(&batch).await? == 0 {
                return Ok(batch.key().to_owned());
            }
            n += 1;
        }
    }
}
