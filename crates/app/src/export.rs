//! The plain export: every event as a line of JSON with its personal values opened, for those who count with another
//! program. It shows everything, so it is an act of the journal itself.

use std::collections::HashMap;
use std::io::Write;

use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::Value;
use yanhe_core::policy::Actor;
use yanhe_core::{StreamId, StreamKind, Timestamp, audit};
use yanhe_store_read::Page;
use yanhe_store_read::views::journal::EntryView;

use crate::App;
use crate::error::AppError;
use crate::handle::Request;
use crate::sealing::{StreamKeys, plain};

/// Entries read at once.
const PAGE: u32 = 1_000;

/// One line. The order of the fields is that of the lines.
#[derive(Serialize)]
struct Line<'a> {
    stream: &'a str,
    version: i64,
    at: String,
    actor: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    body: Value,
}

/// An instant in RFC 3339, in UTC with microseconds.
pub fn rfc3339(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

impl App {
    /// Records the export and writes all events, its own record included, in the order in which they were committed.
    /// Gives how many lines were written.
    ///
    /// # Errors
    /// When the actor may not, the database fails, the journal holds something that is no JSON, or `out` fails.
    pub async fn export_plain(&self, actor: &Actor, out: &mut (dyn Write + Send)) -> Result<u64, AppError> {
        let stream = StreamId::new(StreamKind::Audit, "export");
        let drawn = HEXLOWER.encode(&self.entropy.seed("export")[..8]);
        let key = format!("export/{}/{drawn}", self.clock.now().as_microsecond());
        self.handle(Request::one(actor, key, &stream, audit::Command::ExportPlain {})).await?;
        let mut written = 0;
        let mut page = Page::first(PAGE);
        loop {
            let listing = self.reader.entries(&page).await?;
            let mut keys = HashMap::new();
            for entry in &listing.rows {
                self.write_line(entry, &mut keys, out).await?;
                written += 1;
            }
            match listing.next {
                Some(next) => page = Page::after(next, PAGE),
                None => break,
            }
        }
        out.flush().map_err(output)?;
        Ok(written)
    }

    async fn write_line(
        &self,
        entry: &EntryView,
        keys: &mut HashMap<String, StreamKeys>,
        out: &mut (dyn Write + Send),
    ) -> Result<(), AppError> {
        let unreadable = |problem: String| AppError::Unreadable { stream: entry.stream.clone(), problem };
        let stream = StreamId::parse(&entry.stream).ok_or_else(|| unreadable("not the name of a stream".into()))?;
        if !keys.contains_key(&entry.stream) {
            let loaded = StreamKeys::load(&stream, &self.keys, &self.reader, &self.cache).await?;
            keys.insert(entry.stream.clone(), loaded);
        }
        let mut body: Value = serde_json::from_slice(&entry.body).map_err(|e| unreadable(e.to_string()))?;
        match keys.get(&entry.stream) {
            Some(keys) => keys.open(&mut body),
            None => body = Value::Null,
        }
        let line = Line {
            stream: &entry.stream,
            version: entry.version,
            at: rfc3339(Timestamp::from_microsecond(entry.at).unwrap_or_default()),
            actor: &entry.actor,
            kind: &entry.kind,
            body: plain(body),
        };
        let mut text = serde_json::to_vec(&line).map_err(|e| unreadable(e.to_string()))?;
        text.push(b'\n');
        out.write_all(&text).map_err(output)
    }
}

fn output(error: std::io::Error) -> AppError {
    AppError::File { path: "output".into(), error }
}
