//! Settings of a data directory: what stands beside the journal and the program must know before or while it runs.

use crate::App;
use crate::error::AppError;

/// `demo` in a demo's directory; absent in production.
pub const MODE: &str = "mode";
/// Shift of a demo's clock against the machine's, in seconds; absent: the machine's clock.
pub const CLOCK: &str = "clock";
/// Hash of the pack that the directory was made with.
pub const PACK: &str = "pack";
/// The county's name in Chinese, for whoever looks at several counties.
pub const NAME: &str = "name";
/// The same in English.
pub const NAME_EN: &str = "name_en";
/// Address of the portal, as letters print it.
pub const PORTAL: &str = "portal";
/// Id of the master key that wraps the keys of persons.
pub const MASTER: &str = "master";
/// The log's public key in the form of signed notes.
pub const LOG_KEY: &str = "log_key";
/// [`LOCKED`] while rows were made without the keys.
pub const ROWS: &str = "rows";
/// The personal values of rows are closed: they are made anew as soon as the keys are there.
pub const LOCKED: &str = "locked";
/// When a recovery of the keys was last tried.
pub const RECOVERY: &str = "recovery";

impl App {
    /// A setting; `None` when it is not set.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, AppError> {
        Ok(self.reader.setting(name).await?)
    }

    /// Sets a setting.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), AppError> {
        Ok(self.writer.set_setting(name, value).await?)
    }

    /// Id of the master key in use.
    pub fn master_id(&self) -> &str {
        self.keys.master_id()
    }
}
