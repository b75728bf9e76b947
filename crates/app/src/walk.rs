//! The journal stream by stream with the keys of its persons: for whatever goes over all of it. What is held is a page
//! of entries, and the longest stream.

use yanhe_store_read::views::journal::EntryView;
use yanhe_store_read::views::office::KeyView;
use yanhe_store_read::{Cursor, Page, Reader};

use crate::error::AppError;

/// Entries read at once.
const PAGE: u32 = 2_000;

/// A stream with everything that is recorded of it.
pub struct Recorded {
    /// Its name as stored.
    pub name: String,
    /// The wrapped keys of its persons.
    pub keys: Vec<KeyView>,
    /// Its entries, in order.
    pub entries: Vec<EntryView>,
}

/// The way through all streams, by name.
pub struct Walk<'a> {
    reader: &'a Reader,
    after: Option<Cursor>,
    // The beginning of a stream of which more may come.
    rest: Vec<EntryView>,
    ended: bool,
}

impl<'a> Walk<'a> {
    /// From the first stream on.
    pub fn new(reader: &'a Reader) -> Self {
        Self { reader, after: None, rest: Vec::new(), ended: false }
    }

    /// The next whole streams; `None` after the last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&mut self) -> Result<Option<Vec<Recorded>>, AppError> {
        while !self.ended {
            let page = self.after.take().map_or_else(|| Page::first(PAGE), |after| Page::after(after, PAGE));
            let listing = self.reader.entries_by_stream(&page).await?;
            self.rest.extend(listing.rows);
            self.after = listing.next;
            self.ended = self.after.is_none();
            let whole = match self.rest.last() {
                Some(last) if !self.ended => {
                    self.rest.iter().rposition(|e| e.stream != last.stream).map_or(0, |n| n + 1)
                }
                _ => self.rest.len(),
            };
            if whole > 0 {
                let unfinished = self.rest.split_off(whole);
                let whole = std::mem::replace(&mut self.rest, unfinished);
                return self.with_keys(whole).await.map(Some);
            }
        }
        Ok(None)
    }

    async fn with_keys(&self, entries: Vec<EntryView>) -> Result<Vec<Recorded>, AppError> {
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(Vec::new()) };
        let keys = self.reader.keys_between(&first.stream, &last.stream).await?;
        let mut keys = keys.into_iter().peekable();
        let mut streams: Vec<Recorded> = Vec::new();
        for entry in entries {
            match streams.last_mut() {
                Some(stream) if stream.name == entry.stream => stream.entries.push(entry),
                _ => {
                    let mut own = Vec::new();
                    while let Some(key) = keys.next_if(|key| key.stream.as_str() <= entry.stream.as_str()) {
                        own.push(key);
                    }
                    own.retain(|key| key.stream.as_str() == entry.stream);
                    streams.push(Recorded { name: entry.stream.clone(), keys: own, entries: vec![entry] });
                }
            }
        }
        Ok(streams)
    }
}
