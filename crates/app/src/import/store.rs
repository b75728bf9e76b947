//! Bringing a file in: each row is compared with what is stored and becomes the commands that a form would give.
//!
//! Read [`App::import`]. Rows of different keys are on their way at the same time, so that many share one write to
//! disk; rows of one key go in the order of the file.

use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::StreamExt;
use yanhe_core::policy::{self, Act, Actor, Role, Subject};
use yanhe_core::{
    Ids, Stream, StreamId, StreamKind, Timestamp, Version, batch, expert, matter, organ, publicity, staff,
};

use super::known::{Before, FromRows, Incoming, origin, prefix};
use super::outcome::{Came, Moved, contended, denied, differs, refused, summed};
use super::{Account, Difference, ImportError, ImportOutcome, Kind, Parsed, Record, RowFault, Sheet, read};
use crate::App;
use crate::beside::beside;
use crate::command::Command;
use crate::error::AppError;
use crate::handle::{Done, Request};

/// Rows on their way at the same time.
const IN_FLIGHT: usize = 64;

/// How often a row is compared anew when others changed its stream meanwhile.
const TRIES: usize = 3;

/// Why a file was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportFileError {
    /// It cannot be opened or parsed; nothing was stored.
    #[error(transparent)]
    File(#[from] ImportError),
    /// It may not be imported, or the store failed; rows before that are stored, and importing again goes on.
    #[error(transparent)]
    App(#[from] AppError),
}

/// One import while it goes on.
struct Run<'a> {
    actor: &'a Actor,
    batch: StreamId,
    file: &'a str,
    dry: bool,
    /// It may have been begun before, and cut off in the middle.
    begun: bool,
}

impl Run<'_> {
    /// The repeat key of a row; its receipt says later whether it was new to this import.
    fn key(&self, parsed: &Parsed, new: bool) -> String {
        let update = if new { "" } else { "/update" };
        format!("import/{}/{}/{}{update}", self.batch.key(), parsed.sheet, parsed.row)
    }
}

impl Kind {
    const fn act(self) -> Act {
        match self {
            Self::Penalties | Self::Inspections | Self::Complaints => Act::RegisterMatter,
            Self::Roster => Act::RosterStaff,
            Self::Publicity => Act::RecordPublicity,
        }
    }
}

impl App {
    /// Reads a file with the bodies of the pack: its organs and the court.
    ///
    /// # Errors
    /// When the file cannot be opened or parsed.
    pub fn read_file(&self, kind: Kind, file_name: &str, bytes: &[u8]) -> Result<Sheet, ImportError> {
        read(kind, file_name, bytes, &|name| body(&self.pack, name))
    }

    /// Imports a file. Good rows go in, bad ones are refused and come back as a file; a row that is stored already
    /// changes nothing. With `dry_run` nothing is stored and the outcome is what it would be. `progress` is told how
    /// many rows of how many are done.
    ///
    /// # Errors
    /// [`ImportFileError::File`] when the file cannot be used, [`AppError::Denied`] when the actor may not import such
    /// files, and what fails in the store.
    pub async fn import(
        &self,
        actor: &Actor,
        kind: Kind,
        file_name: &str,
        bytes: &[u8],
        dry_run: bool,
        progress: impl Fn(usize, usize) + Send + Sync,
    ) -> Result<ImportOutcome, ImportFileError> {
        self.import_once(actor, kind, (file_name, bytes), None, dry_run, progress).await
    }

    /// The same, not dry, as the import named `key`, for example by [`App::import_key`]. When the program ends in the
    /// middle, the same key again goes on where it stopped, and the account of the import holds all its rows.
    ///
    /// # Errors
    /// As [`App::import`].
    pub async fn import_as(
        &self,
        key: &str,
        actor: &Actor,
        kind: Kind,
        file_name: &str,
        bytes: &[u8],
        progress: impl Fn(usize, usize) + Send + Sync,
    ) -> Result<ImportOutcome, ImportFileError> {
        self.import_once(actor, kind, (file_name, bytes), Some(key), false, progress).await
    }

    async fn import_once(
        &self,
        actor: &Actor,
        kind: Kind,
        (file_name, bytes): (&str, &[u8]),
        given: Option<&str>,
        dry_run: bool,
        progress: impl Fn(usize, usize) + Send + Sync,
    ) -> Result<ImportOutcome, ImportFileError> {
        let own = Subject { organ: actor.body.clone(), ..Subject::default() };
        for act in [Act::ImportFile, kind.act()] {
            policy::may(actor, act, &own).map_err(|_| AppError::Denied)?;
        }
        let sheet = {
            let (pack, name, bytes) = (Arc::clone(&self.pack), file_name.to_owned(), bytes.to_vec());
            beside(move || read(kind, &name, &bytes, &|n| body(&pack, n))).await??
        };
        let sha256 = crate::sha256(bytes);
        let key = match given {
            Some(key) => key.to_owned(),
            None => self.batch_key(file_name, &sha256).await?,
        };
        let batch = StreamId::new(StreamKind::Batch, &key);
        let begun = given.is_some();
        let run = Run { actor, batch: batch.clone(), file: file_name, dry: dry_run, begun };
        let came = self.rows(&run, &sheet.rows, &progress).await?;
        let (mut outcome, Moved { created, updated }) = summed(&sheet.rows, &came);
        outcome.warned = self.vacated(&sheet.rows, &came).await?;
        if !dry_run && outcome.stored + outcome.updated > 0 {
            let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
            let file = batch::Imported {
                kind: kind.name().to_owned(),
                name: file_name.to_owned(),
                sha256,
                read: count(outcome.read),
                stored: count(outcome.stored),
                updated: count(outcome.updated),
                unchanged: count(outcome.unchanged),
                refused: count(outcome.refused_rows),
            };
            let command = batch::Command::Record { file, created, updated };
            let there = async || Ok::<_, AppError>(self.reader.load(&batch).await?.is_some());
            if !begun || !there().await? {
                match self.handle(Request::one(actor, format!("import/{key}"), &batch, command)).await {
                    // The same import runs a second time, and was faster there.
                    Err(_) if begun && there().await? => {}
                    done => drop(done?),
                }
            }
            outcome.batch = Some(batch.clone());
            let account = Account { kind, name: file_name.to_owned(), outcome: outcome.clone() };
            self.keep_account(actor, &batch, &account)?;
        }
        Ok(outcome)
    }

    /// A key for a new import, drawn so that chance that repeats gives every import another.
    async fn batch_key(&self, file: &str, sha256: &str) -> Result<String, AppError> {
        let now = self.clock.now().as_microsecond();
        let mut n = 0_u64;
        loop {
            let key = Ids::new(self.entropy.seed(&format!("import/{file}/{sha256}/{now}/{n}"))).key();
            if self.reader.load(&StreamId::new(StreamKind::Batch, &key)).await?.is_none() {
                return Ok(key);
            }
            n += 1;
        }
    }

    async fn rows(
        &self,
        run: &Run<'_>,
        rows: &[Parsed],
        progress: &(impl Fn(usize, usize) + Send + Sync),
    ) -> Result<Vec<Came>, AppError> {
        let mut came: Vec<Option<Came>> = Vec::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut places: HashMap<(Discriminant<Record>, Vec<String>), usize> = HashMap::new();
        for (at, parsed) in rows.iter().enumerate() {
            came.push(match &parsed.result {
                Ok(record) => {
                    let group = *places.entry((discriminant(record), record.natural_key())).or_insert(groups.len());
                    if group == groups.len() {
                        groups.push(Vec::new());
                    }
                    groups[group].push(at);
                    None
                }
                Err(faults) => Some(Came::Refused(faults.clone())),
            });
        }
        let done = AtomicUsize::new(came.iter().filter(|c| c.is_some()).count());
        // The journal of a demo is the same for the same seed, in the order of its entries, too.
        let in_flight = if self.demo { 1 } else { IN_FLIGHT };
        let mut running = futures::stream::iter(groups.into_iter().map(|group| async {
            let group_came = self.group(run, rows, &group).await?;
            let done = done.fetch_add(group.len(), Ordering::Relaxed) + group.len();
            progress(done, rows.len());
            Ok::<_, AppError>((group, group_came))
        }))
        .buffer_unordered(in_flight);
        while let Some(finished) = running.next().await {
            let (group, group_came) = finished?;
            for (at, row) in group.into_iter().zip(group_came) {
                came[at] = Some(row);
            }
        }
        // INVARIANT: every row is refused by the reader or in exactly one group.
        Ok(came.into_iter().flatten().collect())
    }

    async fn group(&self, run: &Run<'_>, rows: &[Parsed], group: &[usize]) -> Result<Vec<Came>, AppError> {
        let first = group.first().and_then(|at| rows[*at].result.as_ref().ok());
        match first {
            None => Ok(Vec::new()),
            Some(Record::Penalty(_) | Record::Inspection(_) | Record::Complaint(_)) => {
                self.group_of::<matter::Matter>(run, rows, group).await
            }
            Some(Record::Organ(_)) => self.group_of::<organ::Organ>(run, rows, group).await,
            Some(Record::Staff(_)) => self.group_of::<staff::Staff>(run, rows, group).await,
            Some(Record::Expert(_)) => self.group_of::<expert::Expert>(run, rows, group).await,
            Some(Record::Publicity(_)) => self.group_of::<publicity::Publicity>(run, rows, group).await,
        }
    }

    /// The rows of one key, one after the other.
    async fn group_of<S: FromRows>(
        &self,
        run: &Run<'_>,
        rows: &[Parsed],
        group: &[usize],
    ) -> Result<Vec<Came>, AppError>
    where
        Command: From<S::Command>,
    {
        // What a row of a dry run would have left, for the next row of its key.
        let mut left: Option<(StreamId, S::State)> = None;
        let records: Vec<(&Parsed, &Record)> =
            group.iter().filter_map(|at| Some((&rows[*at], rows[*at].result.as_ref().ok()?))).collect();
        let mut came = Vec::with_capacity(records.len());
        if let [(parsed, record)] = records[..] {
            came.push(self.one::<S>(run, parsed, record, &mut left).await?);
            return self.with_earlier(run, &records, came).await;
        }
        // What each would be after those before it: refused, or taken.
        let trial = Run { dry: true, batch: run.batch.clone(), ..*run };
        for (parsed, record) in &records {
            came.push(self.one::<S>(&trial, parsed, record, &mut left).await?);
        }
        // Of the taken ones the last counts, so that the same file again changes nothing; the first is where a new one
        // comes from. What was overtaken within the file leaves no event.
        let taken: Vec<usize> = (0..came.len()).filter(|n| !matches!(came[*n], Came::Refused(_))).collect();
        let first = taken.first().copied().filter(|n| matches!(came[*n], Came::Stored(_)));
        let mut counting: Vec<usize> = first.into_iter().chain(taken.last().copied()).collect();
        counting.dedup();
        for n in taken {
            came[n] = Came::Unchanged;
        }
        left = None;
        for n in counting {
            let (parsed, record) = records[n];
            came[n] = self.one::<S>(run, parsed, record, &mut left).await?;
        }
        self.with_earlier(run, &records, came).await
    }

    /// Rows that change nothing because this very import brought them, before it was cut off: they are its own.
    async fn with_earlier(
        &self,
        run: &Run<'_>,
        records: &[(&Parsed, &Record)],
        mut came: Vec<Came>,
    ) -> Result<Vec<Came>, AppError> {
        if run.dry || !run.begun {
            return Ok(came);
        }
        for ((parsed, _), came) in records.iter().zip(&mut came).filter(|(_, came)| matches!(came, Came::Unchanged)) {
            if let Some(receipt) = self.reader.receipt(&run.key(parsed, true)).await? {
                if let Some((stream, _)) = moved(&receipt.receipt) {
                    *came = Came::Stored(stream);
                }
            } else if let Some(receipt) = self.reader.receipt(&run.key(parsed, false)).await?
                && let Some((stream, version)) = moved(&receipt.receipt)
            {
                *came = Came::Updated(stream, version, Vec::new());
            }
        }
        Ok(came)
    }

    /// One row, compared again when others change its stream meanwhile.
    async fn one<S: FromRows>(
        &self,
        run: &Run<'_>,
        parsed: &Parsed,
        record: &Record,
        left: &mut Option<(StreamId, S::State)>,
    ) -> Result<Came, AppError>
    where
        Command: From<S::Command>,
    {
        let place = format!("{}/{}", parsed.sheet, parsed.row);
        // Another purpose than the request's own: its keys must not come from the same chance as these persons.
        let seed = self.entropy.seed(&format!("import/{}/{place}/people", run.batch.key()));
        let origin = origin(run.file, &parsed.sheet, parsed.row);
        for _ in 0..TRIES {
            let incoming = Incoming { app: self, record, seed, batch: &run.batch, origin: &origin };
            return Ok(match self.row::<S>(run, &incoming, parsed, left).await {
                Ok(came) => came,
                // Others were faster, or the same import, which runs a second time and drew other ids.
                Err(AppError::Conflict(_) | AppError::KeyReused(_)) => continue,
                Err(AppError::Denied) => Came::Refused(vec![denied(record)]),
                Err(AppError::Refused(refusal)) => Came::Refused(vec![refused(record, &refusal)]),
                Err(error) => return Err(error),
            });
        }
        Ok(Came::Refused(vec![contended(record)]))
    }

    async fn row<S: FromRows>(
        &self,
        run: &Run<'_>,
        row: &Incoming<'_>,
        parsed: &Parsed,
        left: &mut Option<(StreamId, S::State)>,
    ) -> Result<Came, AppError>
    where
        Command: From<S::Command>,
    {
        let subject = Subject { organ: super::outcome::organ(row.record).1.to_owned(), ..Subject::default() };
        policy::may(run.actor, S::ACT, &subject).map_err(|_| AppError::Denied)?;
        if let Some(fault) = self.against_pack(row.record) {
            return Ok(Came::Refused(vec![fault]));
        }
        let (stream, at, state) = match left.clone() {
            Some((stream, state)) => (stream, Timestamp::UNIX_EPOCH, Some(state)),
            None => {
                let stream = S::find(row).await?;
                let loaded = self.load::<S>(&stream).await?;
                (stream, loaded.at, loaded.state)
            }
        };
        if state.is_some() {
            // The stored row may be another organ's; whether it differs is then not told.
            let subject = S::subject(&stream, state.as_ref(), &S::Context::default());
            policy::may(run.actor, S::ACT, &subject).map_err(|_| AppError::Denied)?;
        }
        let before = state.as_ref().map_or(Before::Nothing, |state| S::before(self, &stream, state));
        let changes = match &before {
            Before::Row(stored, _) => stored.changes(row.record),
            _ => Vec::new(),
        };
        let new = match &before {
            Before::Erased => return Ok(Came::Unchanged),
            Before::Row(stored, first) => match stored.compare(row.record) {
                Difference::Same => return Ok(Came::Unchanged),
                Difference::Refused(columns) => {
                    let columns = match &state {
                        Some(state) => S::as_corrected(row, state, columns),
                        None => columns,
                    };
                    if !columns.is_empty() {
                        let faults = columns.into_iter().map(|column| differs(Some(stored), row.record, column, first));
                        return Ok(Came::Refused(faults.collect()));
                    }
                    // What else it says anew is taken; a row in which nothing else may change has no command.
                    if S::commands(row, state.as_ref()).is_empty() {
                        return Ok(Came::Unchanged);
                    }
                    false
                }
                Difference::Permitted(_) => false,
            },
            Before::Otherwise => false,
            Before::Nothing => true,
        };
        let commands = S::commands(row, state.as_ref());
        let mut version = 0;
        let changed = if run.dry {
            let after = self.would::<S>(run.actor, &stream, at, state.clone(), commands).await?;
            let changed = after != state;
            *left = after.map(|after| (stream.clone(), after));
            changed
        } else {
            let steps = commands.into_iter().map(|c| (stream.clone(), Command::from(c))).collect();
            let request = Request::all(run.actor, run.key(parsed, new), steps);
            let done = self.handle(request).await?;
            version = done.streams.first().map_or(0, |(_, version)| *version);
            !done.is_nothing()
        };
        Ok(match (changed, new) {
            (false, _) => Came::Unchanged,
            (true, true) => Came::Stored(stream),
            (true, false) => Came::Updated(stream, version, changes),
        })
    }

    /// The state that commands would leave: the same checks and decisions, and nothing is stored.
    async fn would<S: FromRows>(
        &self,
        actor: &Actor,
        stream: &StreamId,
        at: Timestamp,
        mut state: Option<S::State>,
        commands: Vec<S::Command>,
    ) -> Result<Option<S::State>, AppError> {
        for command in commands {
            let context = S::context(self, stream, state.as_ref(), Some(&command), actor, false).await?;
            let subject = S::subject_for(stream, state.as_ref(), &context, &command, actor);
            policy::may(actor, S::act(&command), &subject).map_err(|_| AppError::Denied)?;
            let now = self.clock.now().max(at);
            let events = self
                .with_facts(actor, stream, |facts| <S as Stream>::decide(state.as_ref(), command, facts, &context))?;
            for event in &events {
                state = Some(S::apply(state.take(), event, now));
            }
        }
        Ok(state)
    }

    /// What a row says otherwise than the pack, which decides.
    fn against_pack(&self, record: &Record) -> Option<RowFault> {
        if let Record::Staff(row) = record {
            let posts = staff::posts(&self.pack, &row.organ.code);
            let role = Role::of_post(&row.post);
            let allowed = posts.join("、");
            return posts.iter().all(|post| Role::of_post(post) != role).then(|| RowFault {
                column: super::roster::POST.to_owned(),
                reason_zh: format!("{}没有“{}”这个岗位，可以填写：{allowed}", row.organ.name, row.post),
                reason_en: format!("{} has no post `{}`, only {allowed}", row.organ.name, row.post),
            });
        }
        let Record::Organ(row) = record else {
            let (column, code) = super::outcome::organ(record);
            // The court has staff of its own, and neither enforces nor holds publicity events.
            let enforces = !matches!(record, Record::Expert(_));
            return (enforces && code == self.pack.court.code).then(|| RowFault {
                column: column.to_owned(),
                reason_zh: "法院不是行政机关，这一列应当填写行政机关".to_owned(),
                reason_en: "the court is no administrative organ, which this column names".to_owned(),
            });
        };
        let word = prefix(self, &row.organ.code)?;
        let written = yanhe_core::values::normalise(&row.prefix);
        (!written.is_empty() && written != word).then(|| RowFault {
            column: super::roster::PREFIX.to_owned(),
            reason_zh: format!("规则包中的文号代字是“{word}”"),
            reason_en: format!("the pack's word for document numbers is `{word}`"),
        })
    }
}

/// The stream that a row moved, by the receipt of its request.
fn moved(receipt: &str) -> Option<(StreamId, Version)> {
    let done: Done = serde_json::from_str(receipt).unwrap_or_default();
    done.streams.into_iter().next()
}

/// The code of an organ or the court by its full name.
pub fn body(pack: &yanhe_core::pack::Pack, name: &str) -> Option<String> {
    let court = (pack.court.name == name).then(|| pack.court.code.clone());
    court.or_else(|| pack.organ_by_name(name).map(|organ| organ.code.clone()))
}
