//! Opening a data directory: its pack, its clock, its keys.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use yanhe_app::ports::{Clock, Entropy, ShiftedClock, SystemClock, SystemEntropy};
use yanhe_app::{App, Config, key_directory, read_pack, rebuild, settings};
use yanhe_store_read::{Page, Reader, driver};

use super::Failure;
use crate::packs;

/// Address of the portal until one is given.
const PORTAL: &str = "http://127.0.0.1:8080";
/// The folder of the pack in a data directory.
const PACK: &str = "pack";
/// The folder of further fonts in a data directory.
const FONTS: &str = "fonts";

/// Where a county's data lies.
#[derive(Clone, Debug, clap::Args)]
pub struct Place {
    /// Data directory: keys, stored files, pack, and the database unless it is on a server
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Database on a PostgreSQL server
    #[arg(long, value_name = "postgres://...", env = "YANHE_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// A server that follows that one: lists and boards are read there
    #[arg(
        long,
        value_name = "postgres://...",
        requires = "database",
        env = "YANHE_READ_DATABASE",
        hide_env_values = true
    )]
    pub read_database: Option<String>,
}

impl Place {
    /// Is there a county's data?
    ///
    /// # Errors
    /// When a server is named, but the directory has a database of its own.
    pub fn is_data(&self) -> Result<bool, Failure> {
        let own = self.data.join(driver::sqlite::FILE).exists();
        match &self.database {
            None => Ok(own),
            Some(_) if own => Err(Failure::usage(format_args!(
                "`{}` has a database of its own: leave out --database, or move it with `yanhe export --archive` and \
                 `yanhe import-archive`",
                self.data.display()
            ))),
            Some(_) => Ok(self.data.join(PACK).exists()),
        }
    }

    /// That there is none.
    pub fn none(&self) -> Failure {
        let dir = self.data.display();
        if self.database.is_none() && self.data.join(PACK).exists() {
            return Failure::unreadable(format_args!(
                "the database of `{dir}` is on a server: say which with --database"
            ));
        }
        Failure::unreadable(format_args!("`{dir}` is no data directory"))
    }
}

/// The arguments of a command that makes the data directory when it does not exist, with the pack of Haiyan.
#[derive(Clone, Debug, clap::Args)]
pub struct Data {
    #[command(flatten)]
    pub place: Place,
    /// Directory of another pack, for a new data directory
    #[arg(long, value_name = "DIR")]
    pub pack: Option<PathBuf>,
    /// Address of the portal as letters print it; remembered
    #[arg(long, value_name = "URL")]
    pub portal: Option<String>,
}

/// What a new data directory is made with.
pub struct New {
    /// The pack's directory; that of Haiyan when `None`.
    pub pack: Option<PathBuf>,
    /// Address of the portal.
    pub portal: Option<String>,
    /// Marked as a demo for good.
    pub demo: bool,
    /// Time while it is made.
    pub clock: Arc<dyn Clock>,
    /// Chance while it is made, its keys included.
    pub entropy: Arc<dyn Entropy>,
}

/// Opens a data directory as it is, or makes a new one for production.
///
/// # Errors
/// A directory that holds something else, a pack that does not fit, keys that are not there.
pub async fn app(args: &Data) -> Result<Arc<App>, Failure> {
    if args.place.is_data()? {
        return existing(args).await;
    }
    let new = New {
        pack: args.pack.clone(),
        portal: args.portal.clone(),
        demo: false,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    };
    create(&args.place, new).await.map(Arc::new)
}

/// Puts what a command did under a signed checkpoint before it ends: nobody else may come to do so for days. What was done
/// is stored already, so that a log which cannot be signed is told, and undoes nothing.
pub async fn seal(app: &App) {
    if let Err(error) = app.seal_once().await {
        eprintln!("warning: {error}");
    }
}

/// Opens a data directory that must be there.
///
/// # Errors
/// As [`app`], and when there is none.
pub async fn existing(args: &Data) -> Result<Arc<App>, Failure> {
    let Place { data: dir, database, .. } = &args.place;
    if !args.place.is_data()? {
        return Err(args.place.none());
    }
    let files = pack_of(dir)?;
    let (pack, _) = read_pack(&files, &packs::calendar())?;
    if let Some(asked) = &args.pack {
        let (asked, _) = read_pack(&pack_in(asked)?, &packs::calendar())?;
        if asked.hash != pack.hash {
            return Err(Failure::usage(format_args!("`{}` was made with another pack", dir.display())));
        }
    }
    if !key_directory(dir).exists() {
        let keys = key_directory(dir);
        let text = format!("the keys of `{}` are not there: put them back into `{}`", dir.display(), keys.display());
        return Err(Failure::unreadable(text));
    }
    let reader = Reader::open(dir, database.as_deref(), &pack.jurisdiction.code).await.map_err(Failure::unreadable)?;
    let setting = async |name| reader.setting(name).await.map_err(Failure::unreadable);
    if setting(settings::PACK).await?.is_some_and(|hash| hash != pack.hash) {
        eprintln!(
            "warning: the pack in `{}` is not the one that the directory was made with",
            dir.join(PACK).display()
        );
    }
    let demo = setting(settings::MODE).await?.as_deref() == Some("demo");
    let shift = setting(settings::CLOCK).await?.and_then(|text| text.parse::<i64>().ok());
    let clock: Arc<dyn Clock> = match shift.filter(|_| demo) {
        Some(seconds) => Arc::new(ShiftedClock::shifted(seconds)),
        None => Arc::new(SystemClock),
    };
    let portal = match &args.portal {
        Some(portal) => portal.clone(),
        None => setting(settings::PORTAL).await?.unwrap_or_else(|| PORTAL.to_owned()),
    };
    let master = setting(settings::MASTER).await?;
    let app = App::open(config(&args.place, files, portal, demo, clock, Arc::new(SystemEntropy))?).await?;
    if master.is_some_and(|master| master != app.master_id()) {
        return Err(Failure::unreadable(format_args!(
            "the keys in `{}` are not those of `{}`",
            key_directory(dir).display(),
            dir.display()
        )));
    }
    if let Some(portal) = &args.portal {
        app.set_setting(settings::PORTAL, portal).await?;
    }
    if app.setting(settings::ROWS).await?.as_deref() == Some(settings::LOCKED) {
        // It arrived without them.
        eprintln!("the keys are there: opening the personal values of the lists");
        let code = &app.pack.jurisdiction.code;
        rebuild::directory(dir, database.as_deref(), code, &SystemEntropy, |_, _| ()).await.map_err(Failure::faulty)?;
        app.set_setting(settings::ROWS, "open").await?;
    }
    Ok(Arc::new(app))
}

/// Makes a data directory, whose folder must be missing or empty.
///
/// # Errors
/// A folder that holds something, a faulty pack, or a disk that cannot be written.
pub async fn create(place: &Place, new: New) -> Result<App, Failure> {
    let dir = &place.data;
    let used = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if used || dir.is_file() {
        return Err(match place.none() {
            Failure { message, .. } if place.database.is_none() && dir.join(PACK).exists() => {
                Failure::unreadable(message)
            }
            _ => Failure::unreadable(format_args!("`{}` exists and is no data directory", dir.display())),
        });
    }
    let files = match &new.pack {
        Some(pack) => pack_in(pack)?,
        None => packs::haiyan(),
    };
    // Before anything is written.
    let (pack, _) = read_pack(&files, &packs::calendar())?;
    let portal = new.portal.unwrap_or_else(|| PORTAL.to_owned());
    // Nor does a server that cannot be reached leave half a directory.
    empty(place.database.as_deref(), &pack.jurisdiction.code).await?;
    // Personal data will lie here: nobody else's to read.
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|e| Failure::unreadable(format_args!("`{}`: {e}", dir.display())))?;
    packs::write(&dir.join(PACK), &files).map_err(|e| Failure::unreadable(format_args!("`{}`: {e}", dir.display())))?;
    let app = App::open(config(place, files, portal.clone(), new.demo, new.clock, new.entropy)?).await?;
    app.set_setting(settings::PACK, &pack.hash).await?;
    app.set_setting(settings::NAME, &pack.jurisdiction.name).await?;
    app.set_setting(settings::NAME_EN, &pack.jurisdiction.name_en).await?;
    app.set_setting(settings::MASTER, app.master_id()).await?;
    app.set_setting(settings::PORTAL, &portal).await?;
    if new.demo {
        app.set_setting(settings::MODE, "demo").await?;
    }
    Ok(app)
}

/// Refuses a server's database that already holds Haiyan.
///
/// # Errors
/// When it does, or the server cannot be reached.
pub async fn unused(database: Option<&str>) -> Result<(), Failure> {
    let (pack, _) = read_pack(&packs::haiyan(), &packs::calendar())?;
    empty(database, &pack.jurisdiction.code).await
}

async fn empty(database: Option<&str>, jurisdiction: &str) -> Result<(), Failure> {
    let Some(url) = database else { return Ok(()) };
    // No directory is touched for a database on a server.
    let (_, reader) = yanhe_store::open(Path::new(""), Some(url), jurisdiction).await.map_err(Failure::unreadable)?;
    let made = reader.setting(settings::PACK).await.map_err(Failure::unreadable)?.is_some();
    if made || !reader.heads(&Page::first(1)).await.map_err(Failure::unreadable)?.rows.is_empty() {
        return Err(Failure::unreadable(format_args!(
            "the database already holds `{jurisdiction}`, made with another directory: give that one, it has the keys"
        )));
    }
    Ok(())
}

/// The pack of a data directory: its own copy, or that of Haiyan when the copy is not there.
///
/// # Errors
/// When its copy cannot be read.
pub fn pack_of(dir: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let own = dir.join(PACK);
    if own.exists() { pack_in(&own) } else { Ok(packs::haiyan()) }
}

/// The files of a pack in a directory.
///
/// # Errors
/// When they cannot be read.
pub fn pack_in(dir: &Path) -> Result<BTreeMap<String, String>, Failure> {
    packs::read(dir).map_err(|e| Failure::unreadable(format_args!("pack `{}`: {e}", dir.display())))
}

fn config(
    place: &Place,
    pack: BTreeMap<String, String>,
    portal: String,
    demo: bool,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<Config, Failure> {
    let dir = &place.data;
    let mut fonts = Vec::new();
    if let Ok(entries) = fs::read_dir(dir.join(FONTS)) {
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            fonts.push(fs::read(&path).map_err(|e| Failure::unreadable(format_args!("`{}`: {e}", path.display())))?);
        }
    }
    Ok(Config {
        data: dir.to_owned(),
        database: place.database.clone(),
        read_database: place.read_database.clone(),
        pack,
        calendar: packs::calendar(),
        fonts,
        portal,
        demo,
        clock,
        entropy,
    })
}
