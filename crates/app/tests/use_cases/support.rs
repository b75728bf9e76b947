//! An app in a directory of its own, with the county's pack, a clock that stands and chance that repeats.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use yanhe_app::ports::{SeededEntropy, SetClock};
use yanhe_app::{App, Config};
use yanhe_core::policy::{Actor, Role};
use yanhe_core::{StreamId, StreamKind};
use yanhe_store_read::Page;
use yanhe_store_read::views::journal::EntryView;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");

/// A directory that goes away with the test.
pub struct Dir(PathBuf);

impl Dir {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("yanhe-use-cases-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

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

/// A file of the demo.
pub fn demo(file: &str) -> Vec<u8> {
    std::fs::read(Path::new(ROOT).join("demo").join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

/// An app on 14 July 2022, 09:00.
pub async fn app(dir: &Dir) -> App {
    app_at(dir, "2022-07-14T01:00:00Z").await
}

pub async fn app_at(dir: &Dir, now: &str) -> App {
    let calendar = |name: &str| std::fs::read_to_string(Path::new(ROOT).join("packs/calendar").join(name)).unwrap();
    let config = Config {
        data: dir.data(),
        database: None,
        read_database: None,
        pack: pack(),
        calendar: (calendar("published.toml"), calendar("statutory.toml")),
        fonts: Vec::new(),
        portal: "http://portal.example".to_owned(),
        demo: true,
        clock: Arc::new(SetClock::new(now.parse().unwrap())),
        entropy: Arc::new(SeededEntropy(1)),
    };
    App::open(config).await.unwrap()
}

/// A member of staff of an organ.
pub fn staff(role: Role, organ: &str) -> Actor {
    Actor::staff(&StreamId::new(StreamKind::Staff, "test"), role, organ)
}

/// The whole journal.
pub async fn journal(app: &App) -> Vec<EntryView> {
    let mut entries = Vec::new();
    let mut page = Page::first(1000);
    loop {
        let list = app.reader.entries(&page).await.unwrap();
        entries.extend(list.rows);
        match list.next {
            Some(next) => page = Page::after(next, 1000),
            None => return entries,
        }
    }
}
