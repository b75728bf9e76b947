//! Finding by words of open text, in the lists where somebody is found by name: what a list says of its hits.

use std::collections::BTreeMap;

use yanhe_core::{StreamId, gram};
use yanhe_store_read::views::gram::Found;

use crate::site::{Fault, Site, Visitor};
use crate::text::{Lang, fill};

/// What was found by words, or by name.
#[derive(Debug, Default)]
pub struct Words {
    /// What was found, in the order in which it is listed: by words the newest first.
    pub streams: Vec<StreamId>,
    places: BTreeMap<StreamId, String>,
    more: bool,
}

impl Words {
    /// Those of a list (`matter`, `dossier`) in whose open text the words stand.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(site: &Site, visitor: &Visitor, list: &str, typed: &str) -> Result<Self, Fault> {
        let Found { hits, more } = site.app.reader.find_words(&visitor.scope(), list, &gram::asked(typed)).await?;
        let streams = hits.iter().map(|hit| hit.stream.clone()).collect();
        let places = hits.into_iter().map(|hit| (hit.stream, hit.places)).collect();
        Ok(Self { streams, places, more })
    }

    /// What was found by name, of which nothing more is to be said.
    pub fn by_name(streams: Vec<StreamId>) -> Self {
        Self { streams, ..Self::default() }
    }

    /// The rows of the hits in the order in which they were found.
    pub fn ordered<T>(&self, mut rows: Vec<T>, stream: impl Fn(&T) -> &StreamId) -> Vec<T> {
        let order: BTreeMap<&StreamId, usize> = self.streams.iter().zip(0..).collect();
        rows.sort_by_key(|row| order.get(stream(row)).copied());
        rows
    }

    /// Where the words of a hit stand; nothing of one that was found by name.
    pub fn place(&self, lang: Lang, stream: &StreamId) -> Option<String> {
        let places: Vec<&str> =
            self.places.get(stream)?.split(' ').map(|place| lang.name("words.place", place)).collect();
        Some(fill(lang.text().words.found_in, &[("places", &lang.list(&places))]))
    }

    /// What was found, with what may be left out.
    pub fn said(&self, lang: Lang, found: String) -> String {
        match self.more {
            true => format!("{found}{}", lang.text().words.more),
            false => found,
        }
    }
}
