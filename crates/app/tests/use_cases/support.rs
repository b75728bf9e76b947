//! An app in a directory of its own, and who asks it.

use yanhe_app::App;
use yanhe_app::ports::SeededEntropy;
use yanhe_core::policy::{Actor, Role};
use yanhe_core::{StreamId, StreamKind};
use yanhe_store_read::Page;
use yanhe_store_read::views::journal::EntryView;

use crate::open::open;
pub use crate::open::{Dir, demo};

/// An app on 14 July 2022, 09:00.
pub async fn app(dir: &Dir) -> App {
    app_at(dir, "2022-07-14T01:00:00Z").await
}

pub async fn app_at(dir: &Dir, now: &str) -> App {
    open(dir, now, SeededEntropy(1)).await.0
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
