//! A county in a directory of its own, with its pack, and a clock that stands until it is set: how the tests of more than
//! one crate open the program. Each names this file as a module.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use yanhe_app::ports::{Entropy, SetClock};
use yanhe_app::{App, Config};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");

/// A directory that goes away with the test.
pub struct Dir(PathBuf);

impl Dir {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("{}-{}-{n}", env!("CARGO_PKG_NAME"), std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    /// The county's data directory, which is made when it is opened.
    pub fn data(&self) -> PathBuf {
        self.0.join("data")
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        // Ignored: a directory that stays behind hurts nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn texts(folder: &Path) -> Vec<(String, String)> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect()
}

fn pack() -> BTreeMap<String, String> {
    let folder = Path::new(ROOT).join("packs/haiyan");
    let papers = texts(&folder.join("papers")).into_iter().map(|(name, text)| (format!("papers/{name}"), text));
    texts(&folder).into_iter().chain(papers).collect()
}

/// The bytes of a file of the demo.
pub fn demo(file: &str) -> Vec<u8> {
    std::fs::read(Path::new(ROOT).join("demo").join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

/// Opens the county of a directory at a time, with the clock that it follows.
pub async fn open(dir: &Dir, now: &str, entropy: impl Entropy + 'static) -> (App, Arc<SetClock>) {
    let calendar = |name: &str| std::fs::read_to_string(Path::new(ROOT).join("packs/calendar").join(name)).unwrap();
    let clock = Arc::new(SetClock::new(now.parse().unwrap()));
    let config = Config {
        data: dir.data(),
        database: None,
        read_database: None,
        pack: pack(),
        calendar: (calendar("published.toml"), calendar("statutory.toml")),
        fonts: Vec::new(),
        portal: "http://portal.example".to_owned(),
        demo: true,
        clock: clock.clone(),
        entropy: Arc::new(entropy),
    };
    (App::open(config).await.unwrap(), clock)
}
