//! Loading a stream's state: from its snapshot, or by replaying its events when the snapshot is of another schema.

use serde_json::Value;
use yanhe_core::{Stream, StreamId, Timestamp, Version};
use yanhe_store_read::views::journal::EntryView;

use crate::App;
use crate::ahead::{Ahead, Kept};
use crate::command::Known;
use crate::error::AppError;
use crate::sealing::StreamKeys;

/// The schema of snapshots: another program version rebuilds them from the events.
pub(crate) const SCHEMA: &str = concat!("yanhe-state/", env!("CARGO_PKG_VERSION"), "/7");

/// A stream as loaded.
pub struct Loaded<S: Stream> {
    /// Its version; 0: it does not exist.
    pub version: Version,
    /// Hash of its last entry.
    pub hash: Option<[u8; 32]>,
    /// When its last event happened: time in a stream never goes back.
    pub at: Timestamp,
    /// Its state.
    pub state: Option<S::State>,
}

/// The snapshot's bytes for a state whose personal values are sealed.
pub fn snapshot(sealed: &Value, at: Timestamp) -> Vec<u8> {
    #[derive(serde::Serialize)]
    struct Snapshot<'a> {
        at: i64,
        schema: &'static str,
        state: &'a Value,
    }
    crate::json(&Snapshot { at: at.as_microsecond(), schema: SCHEMA, state: sealed }).into_bytes()
}

impl App {
    /// The state of a stream, `None` when it does not exist.
    ///
    /// # Errors
    /// When the database fails or an event cannot be read by this program.
    pub async fn state<S: Known>(&self, stream: &StreamId) -> Result<Option<S::State>, AppError> {
        Ok(self.load::<S>(stream).await?.state)
    }

    /// A stream with version and hash.
    ///
    /// # Errors
    /// As [`Self::state`].
    pub async fn load<S: Known>(&self, stream: &StreamId) -> Result<Loaded<S>, AppError> {
        if let Some(ahead) = &self.ahead {
            return self.load_ahead(ahead, stream).await;
        }
        self.load_stored(stream).await
    }

    /// A stream while writing ahead: what is in memory, else what was there before.
    async fn load_ahead<S: Known>(&self, ahead: &Ahead, stream: &StreamId) -> Result<Loaded<S>, AppError> {
        if let Some(loaded) = ahead.load(stream) {
            return Ok(loaded);
        }
        if !Ahead::may_be_stored(stream) {
            return Ok(Loaded { version: 0, hash: None, at: Timestamp::UNIX_EPOCH, state: None });
        }
        let loaded = self.load_stored::<S>(stream).await?;
        if let Some(state) = &loaded.state {
            let keys = StreamKeys::load(stream, &self.keys, &self.reader, &self.cache).await?;
            let state = S::wrap(state.clone());
            ahead.keep(stream, Kept { version: loaded.version, hash: loaded.hash, at: loaded.at, state, keys });
        }
        Ok(loaded)
    }

    async fn load_stored<S: Known>(&self, stream: &StreamId) -> Result<Loaded<S>, AppError> {
        let Some((stored, keys)) = self.reader.load_with_keys(stream).await? else {
            return Ok(Loaded { version: 0, hash: None, at: Timestamp::UNIX_EPOCH, state: None });
        };
        let keys = StreamKeys::of(stream, &self.keys, keys, &self.cache);
        let unreadable = |problem: String| AppError::Unreadable { stream: stream.to_string(), problem };
        let mut snapshot: Value = serde_json::from_slice(&stored.snapshot).unwrap_or(Value::Null);
        let mut sealed = snapshot.get_mut("state").map_or(Value::Null, Value::take);
        keys.open(&mut sealed);
        if snapshot["schema"] == SCHEMA
            && let Ok(state) = serde_json::from_value(sealed)
        {
            let at = Timestamp::from_microsecond(snapshot["at"].as_i64().unwrap_or_default()).unwrap_or_default();
            return Ok(Loaded { version: stored.version, hash: Some(stored.hash), at, state: Some(state) });
        }
        let mut state = None;
        let mut at = Timestamp::UNIX_EPOCH;
        for entry in self.reader.entries_of(stream, 0).await? {
            let event = event::<S>(&entry, &keys).map_err(unreadable)?;
            at = Timestamp::from_microsecond(entry.at).unwrap_or_default();
            state = Some(S::apply(state, &event, at));
        }
        Ok(Loaded { version: stored.version, hash: Some(stored.hash), at, state })
    }

    /// The events of a stream with their entries, opened: for a timeline.
    ///
    /// # Errors
    /// As [`Self::state`].
    pub async fn history<S: Known>(&self, stream: &StreamId) -> Result<Vec<(EntryView, S::Event)>, AppError> {
        self.history_after::<S>(stream, 0).await
    }

    /// The same, of what came after a version.
    ///
    /// # Errors
    /// As [`Self::state`].
    pub async fn history_after<S: Known>(
        &self,
        stream: &StreamId,
        after: Version,
    ) -> Result<Vec<(EntryView, S::Event)>, AppError> {
        let (entries, keys) = self.reader.entries_with_keys(stream, after).await?;
        let keys = StreamKeys::of(stream, &self.keys, keys, &self.cache);
        entries
            .into_iter()
            .map(|entry| {
                let event = event::<S>(&entry, &keys)
                    .map_err(|problem| AppError::Unreadable { stream: stream.to_string(), problem })?;
                Ok((entry, event))
            })
            .collect()
    }
}

/// The event of an entry, opened. That its bytes are the canonical ones is for `verify` to say.
pub(crate) fn event<S: Stream>(entry: &EntryView, keys: &StreamKeys) -> Result<S::Event, String> {
    let mut body = serde_json::from_slice(&entry.body).map_err(|e| e.to_string())?;
    keys.open(&mut body);
    serde_json::from_value(Value::Object([(entry.kind.clone(), body)].into_iter().collect())).map_err(|e| e.to_string())
}
