//! Use cases: handle a command, run what is due, seal the journal, import, export, verify.
//!
//! Read [`handle`] first: every change goes that one way. [`App`] is the whole of it, built once by `server` and by
//! tests in the same manner.

mod ahead;
pub mod archive;
pub mod bench;
mod beside;
mod blank;
mod blobs;
mod built;
mod changed;
pub mod clock;
mod command;
mod context;
mod decision;
pub mod demo;
mod desk;
mod error;
mod exact;
pub mod export;
pub mod figures;
pub mod generate;
mod handle;
pub mod import;
mod jobs;
mod keys;
mod load;
mod marks;
mod messages;
mod news;
#[cfg(test)]
mod noise;
mod origin;
pub mod ports;
pub mod rebuild;
mod registers;
mod render;
mod replay;
pub mod scans;
mod sealer;
mod sealing;
pub mod session;
pub mod settings;
mod uploads;
pub mod verify;
mod walk;
mod written;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use yanhe_core::calendar::Calendar;
use yanhe_core::pack::Pack;
use yanhe_papers::Papers;
use yanhe_store::Writer;
use yanhe_store::commit::Commit;
use yanhe_store_read::Reader;

pub use blobs::sha256;
pub use command::Command;
pub use context::Contextual;
pub use error::AppError;
pub use handle::{Done, Request};
pub use marks::{KnownAs, Printed};
pub use messages::{Delivered, dashed};
pub use sealing::plain;
pub use written::json;
pub use yanhe_papers::PaperError;

use blobs::Blobs;
use keys::Keyring;
pub use keys::{Sheet, SheetError};
use ports::{Clock, Entropy};
use sealing::KeyCache;

/// What an [`App`] is made of.
pub struct Config {
    /// The data directory: keys, stored files, pack, and the database unless it is on a server.
    pub data: PathBuf,
    /// URL of the database on a server; `None`: in the data directory.
    pub database: Option<String>,
    /// URL of a server that follows that one, for lists and boards; `None`: they are read where everything is written.
    pub read_database: Option<String>,
    /// The jurisdiction's files by name: rules, organs, scope; templates as `papers/NAME.typ`.
    pub pack: BTreeMap<String, String>,
    /// Published and statutory calendar.
    pub calendar: (String, String),
    /// Fonts of the county's own, beside the embedded ones.
    pub fonts: Vec<Vec<u8>>,
    /// Address of the portal, as printed in letters.
    pub portal: String,
    /// Every page and paper is marked as a demo.
    pub demo: bool,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
}

/// The program without its doors.
pub struct App {
    /// What can be read, as it is now.
    pub reader: Reader,
    /// What lists and boards are read from, perhaps some moments behind: a page that must see what was done a moment ago reads
    /// from `reader`.
    pub behind: Reader,
    /// Is `behind` another database?
    pub replicated: bool,
    /// The jurisdiction.
    pub pack: Arc<Pack>,
    /// Holidays and make-up days.
    pub calendar: Arc<Calendar>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Is everything marked as a demo?
    pub demo: bool,
    /// Address of the portal.
    pub portal: String,
    pub(crate) writer: Writer,
    pub(crate) papers: Arc<Papers>,
    pub(crate) presses: render::Presses,
    pub(crate) keys: Arc<Keyring>,
    pub(crate) cache: KeyCache,
    pub(crate) blobs: Blobs,
    pub(crate) uploads: uploads::Uploads,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) registers: registers::Registers,
    /// How many secrets were drawn: no two drawings share a purpose.
    pub(crate) drawn: std::sync::atomic::AtomicU64,
    /// Commits are recorded here for the benchmark, which plays them raw.
    pub(crate) recording: Option<Mutex<Vec<Commit>>>,
    pub(crate) closing: tokio::sync::watch::Sender<bool>,
    /// What is carried out and not yet written, while a large directory is made.
    pub(crate) ahead: Option<ahead::Ahead>,
}

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The pack has faults, each with file and line.
    #[error("the pack has faults:\n{0}")]
    Pack(String),
    /// The templates or fonts cannot be used.
    #[error(transparent)]
    Papers(#[from] yanhe_papers::PaperError),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] yanhe_store_read::StoreError),
    /// The keys cannot be opened.
    #[error(transparent)]
    App(#[from] AppError),
}

/// A pack and a calendar from their files.
///
/// # Errors
/// Every fault, each with file and line.
pub fn read_pack(
    files: &BTreeMap<String, String>,
    calendar: &(String, String),
) -> Result<(Pack, Calendar), StartError> {
    let list = |faults: Vec<yanhe_core::pack::Fault>| {
        StartError::Pack(
            faults.iter().map(|f| format!("{}:{}: {}", f.file, f.line, f.reason)).collect::<Vec<_>>().join("\n"),
        )
    };
    let pack = Pack::parse(files).map_err(list)?;
    let calendar = Calendar::parse(&calendar.0, &calendar.1).map_err(list)?;
    Ok((pack, calendar))
}

impl App {
    /// Opens a data directory, which is made where it is missing.
    ///
    /// # Errors
    /// When pack, templates, database or keys cannot be used.
    pub async fn open(config: Config) -> Result<Self, StartError> {
        let (pack, calendar) = read_pack(&config.pack, &config.calendar)?;
        let templates = config
            .pack
            .iter()
            .filter_map(|(name, text)| Some((name.strip_prefix("papers/")?.to_owned(), text.clone())))
            .filter(|(name, _)| name.ends_with(".typ"))
            .collect();
        let papers = Papers::new(templates, config.fonts)?;
        let (writer, reader) =
            yanhe_store::open(&config.data, config.database.as_deref(), &pack.jurisdiction.code).await?;
        let behind = match &config.read_database {
            Some(url) => reader.beside(url)?,
            None => reader.clone(),
        };
        let keys = Keyring::open(&keys::directory(&config.data), config.entropy.as_ref())?;
        Ok(Self {
            reader,
            behind,
            replicated: config.read_database.is_some(),
            pack: Arc::new(pack),
            calendar: Arc::new(calendar),
            clock: config.clock,
            demo: config.demo,
            portal: config.portal,
            writer,
            papers: Arc::new(papers),
            keys: Arc::new(keys),
            cache: KeyCache::default(),
            blobs: Blobs::new(&config.data),
            uploads: uploads::Uploads::new(&config.data),
            entropy: config.entropy,
            registers: registers::Registers::default(),
            drawn: std::sync::atomic::AtomicU64::new(0),
            recording: None,
            presses: render::Presses::new(),
            closing: tokio::sync::watch::Sender::new(false),
            ahead: None,
        })
    }
}

impl App {
    /// The keys, to be printed.
    pub fn sheet(&self) -> Sheet {
        Sheet::of(&self.keys)
    }
}

/// The folder of a data directory's keys.
pub fn key_directory(data: &Path) -> PathBuf {
    keys::directory(data)
}
