//! `yanhe export --archive`, `yanhe import-archive`, `yanhe backup` and `yanhe restore`: a county in a file and back.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use yanhe_app::archive::{self, ArchiveError, LOST, Moved};
use yanhe_app::ports::{Clock, Entropy, SystemClock, SystemEntropy};
use yanhe_app::read_pack;

use super::progress::Progress;
use super::{Failure, Outcome, open, print};
use crate::packs;

/// Arguments of `import-archive`.
#[derive(clap::Args)]
pub struct Import {
    /// The archive
    file: PathBuf,
    #[command(flatten)]
    arriving: Arriving,
}

/// Arguments of `restore`.
#[derive(clap::Args)]
pub struct Restore {
    /// The backup
    file: PathBuf,
    #[command(flatten)]
    arriving: Arriving,
    /// The key that the backup was sealed with
    #[arg(long, value_name = "FILE")]
    backup_key: Option<PathBuf>,
}

/// Where it arrives.
#[derive(clap::Args)]
struct Arriving {
    #[command(flatten)]
    place: open::Place,
    /// The directory's keys, to be put beside it; without them figures and `verify` work, and personal values stay closed
    #[arg(long, value_name = "KEYDIR")]
    key: Option<PathBuf>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// Arguments of `backup`.
#[derive(clap::Args)]
pub struct Backup {
    /// The file to be written, which must not exist
    file: PathBuf,
    #[command(flatten)]
    place: open::Place,
    /// Seal it with the key in this file, which is made when it is missing: keep it elsewhere
    #[arg(long, value_name = "FILE")]
    backup_key: Option<PathBuf>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// Brings an archive in.
pub async fn import(args: Import) -> Outcome {
    read(&args.file, &args.arriving, None).await
}

/// Brings a backup in.
pub async fn restore(args: Restore) -> Outcome {
    read(&args.file, &args.arriving, args.backup_key.as_deref()).await
}

/// Writes a backup.
pub async fn backup(args: Backup) -> Outcome {
    write(&args.place, &args.file, args.backup_key.as_deref(), args.json).await
}

/// Writes the county of a data directory into a file.
///
/// # Errors
/// When there is none, or the file cannot be written.
pub async fn write(place: &open::Place, file: &Path, backup_key: Option<&Path>, json: bool) -> Outcome {
    if !place.is_data()? {
        return Err(place.none());
    }
    let (pack, _) = read_pack(&open::pack_of(&place.data)?, &packs::calendar())?;
    let key = backup_key.map(|path| archive::backup_key(path, Some(&SystemEntropy))).transpose().map_err(failure)?;
    let seal = key.as_ref().map(|key| {
        let mut nonce = [0; 19];
        nonce.copy_from_slice(&SystemEntropy.seed("backup")[..19]);
        (key, nonce)
    });
    let bar = Progress::new("entries");
    let from = (place.data.as_path(), place.database.as_deref());
    let code = &pack.jurisdiction.code;
    let moved = archive::leave(from, code, file, seal, SystemClock.now(), |n, of| bar.set(n, of)).await;
    let moved = moved.map_err(failure)?;
    drop(bar);
    for lost in LOST {
        eprintln!("not in it: {lost}");
    }
    say(&moved, json)
}

async fn read(file: &Path, arriving: &Arriving, backup_key: Option<&Path>) -> Outcome {
    let open::Place { data, database, .. } = &arriving.place;
    let key = backup_key.map(|path| archive::backup_key(path, None)).transpose().map_err(failure)?;
    let place = archive::Place { data, database: database.as_deref(), keys: arriving.key.as_deref() };
    let bar = Progress::new("entries");
    let moved = archive::arrive(file, key, &place, &SystemEntropy, |n, of| bar.set(n, of)).await.map_err(failure)?;
    drop(bar);
    if moved.locked {
        eprintln!(
            "personal values are closed: put the keys into `{}`, and the next command opens them",
            yanhe_app::key_directory(data).display()
        );
    }
    say(&moved, arriving.json)
}

fn say(moved: &Moved, json: bool) -> Outcome {
    if json {
        print(moved)?;
    } else {
        println!("streams {}, entries {}, files {}\nheads {}", moved.streams, moved.entries, moved.files, moved.heads);
    }
    Ok(ExitCode::SUCCESS)
}

/// How a command ends that could not move a county.
pub fn failure(error: ArchiveError) -> Failure {
    match error {
        ArchiveError::Altered(_) => Failure::faulty(error),
        ArchiveError::App(error) => error.into(),
        _ => Failure::unreadable(error),
    }
}
