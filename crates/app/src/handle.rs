//! The one way through: request, policy, decision, events, papers, seal, commit.
//!
//! A request is one or more commands that become one commit: all or nothing. Loading is asynchronous and comes first;
//! deciding is a plain function of what was loaded; then papers are rendered, everything is sealed, and the commit is
//! handed to the store. A conflict loads and decides again, three times at most.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use yanhe_core::policy::{self, Actor};
use yanhe_core::values::words;
use yanhe_core::{Ids, Numbers, PaperOrder, PaperRef, Reason, StreamId, Timestamp, Version, paper, register};
use yanhe_journal::Entry;
use yanhe_store::commit::{Commit, CommitError, Guard, IdempotencyKey, Message, Part, Receipt};

use crate::App;
use crate::ahead::Kept;
use crate::blobs::{NewBlob, sha256};
use crate::built::{Attempt, Built, Share, decide};
use crate::command::{AnyState, Command, streams};
use crate::context::Contextual;
use crate::error::AppError;
use crate::load::{Loaded, snapshot};
use crate::messages::Told;
use crate::render::Pdf;
use crate::sealing::{self, StreamKeys};

/// What somebody asks for: commands that are carried out together or not at all.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who.
    pub actor: Actor,
    /// Repeat key: the same key with the same commands is carried out once.
    pub key: String,
    /// Commands with their streams.
    pub steps: Vec<(StreamId, Command)>,
    /// A fresh one-time code of this actor was right.
    pub verified: bool,
    /// Streams with the versions that the actor decided on: did a person act on them since, nothing is done
    /// ([`App::untouched`]). Held at every attempt, so that a conflict cannot carry a decision over to what nobody has
    /// seen.
    pub seen: Vec<(StreamId, Version)>,
}

impl Request {
    /// One command.
    pub fn one(actor: &Actor, key: impl Into<String>, stream: &StreamId, command: impl Into<Command>) -> Self {
        Self::all(actor, key, vec![(stream.clone(), command.into())])
    }

    /// Several commands that are carried out together or not at all.
    pub fn all(actor: &Actor, key: impl Into<String>, steps: Vec<(StreamId, Command)>) -> Self {
        Self { actor: actor.clone(), key: key.into(), steps, verified: false, seen: Vec::new() }
    }

    /// Only while no person has acted on the stream since the version that the actor saw.
    #[must_use]
    pub fn seen(mut self, stream: &StreamId, version: Version) -> Self {
        self.seen.push((stream.clone(), version));
        self
    }

    /// With a one-time code that was right.
    #[must_use]
    pub fn verified(self) -> Self {
        Self { verified: true, ..self }
    }
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Streams that moved, with their versions now.
    pub streams: Vec<(StreamId, Version)>,
    /// Papers that were issued.
    pub papers: Vec<PaperRef>,
    /// The request had been carried out before: this is what was done then.
    #[serde(skip)]
    pub replayed: bool,
}

impl Done {
    /// Did nothing change?
    pub fn is_nothing(&self) -> bool {
        self.streams.is_empty()
    }
}

/// How often a request is decided again after a conflict.
const TRIES: usize = 3;

/// A decided step waits for its turn: everything it needs is loaded.
type Step = Box<dyn FnOnce(&App, &Attempt, &mut Built) -> Result<(), AppError> + Send>;

enum Stop {
    Error(AppError),
    /// These registers must be loaded, and held, before it can be decided.
    Registers(BTreeSet<StreamId>),
}

impl<E: Into<AppError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl App {
    /// Carries out a request.
    ///
    /// # Errors
    /// [`AppError::Denied`] by policy, [`AppError::Refused`] by the law, [`AppError::Stale`] when what the actor saw
    /// was changed since, [`AppError::Conflict`] when others were faster three times; otherwise what failed. Nothing is
    /// stored then.
    pub async fn handle(&self, request: Request) -> Result<Done, AppError> {
        let (key, commands) = idempotency(&request);
        readable(&commands)?;
        if let Some(done) = self.replay(&key).await? {
            return Ok(done);
        }
        // Writing ahead, all registers of the organ are at hand, and nothing is decided twice to learn which.
        let known = self.ahead.as_ref().map(|ahead| ahead.registers(&request.actor.body));
        let mut registers = known.unwrap_or_default();
        let mut tries = 0;
        loop {
            // A register's numbers are given one commit after the other; the lock only saves retries, the guard decides.
            let _held = self.registers.hold(&registers).await;
            // What a command needs on the way is much, and its futures are nested deep: on the heap, so that they fit the
            // stack of a thread whoever calls.
            match Box::pin(self.attempt(&request, &key, &registers)).await {
                Ok(done) => return Ok(done),
                Err(Stop::Registers(more)) => registers.extend(more),
                Err(Stop::Error(AppError::Conflict(what))) => {
                    let register = registers.iter().any(|r| what.contains(r.as_str()));
                    tries += usize::from(!register);
                    if tries >= TRIES {
                        return Err(AppError::Conflict(what));
                    }
                }
                Err(Stop::Error(error)) => {
                    // The same request at the same instant may have been faster: then its answer is the answer.
                    return self.replay(&key).await?.ok_or(error);
                }
            }
        }
    }

    async fn replay(&self, key: &IdempotencyKey) -> Result<Option<Done>, AppError> {
        if self.ahead.is_some() {
            return Ok(None);
        }
        match self.writer.receipt(key).await {
            Ok(None) => Ok(None),
            Ok(Some(receipt)) | Err(CommitError::Replayed(receipt)) => Ok(Some(replayed(&receipt))),
            Err(error) => Err(error.into()),
        }
    }

    async fn attempt(
        &self,
        request: &Request,
        key: &IdempotencyKey,
        registers: &BTreeSet<StreamId>,
    ) -> Result<Done, Stop> {
        let now = self.clock.now();
        let guards = self.guards(request).await?;
        let mut steps: Vec<Step> = Vec::new();
        for (stream, command) in &request.steps {
            steps.push(self.prepare(stream, command.clone(), request).await?);
        }
        let mut loaded = BTreeMap::new();
        for register in registers {
            loaded.insert(register.clone(), self.load::<register::Register>(register).await?);
        }
        let next = loaded.iter().map(|(id, l)| (id.clone(), l.state.as_ref().map_or(0, |s| s.last) + 1)).collect();
        let ids = Ids::new(self.entropy.seed(&request.key));
        let attempt = Attempt { actor: request.actor.clone(), now, ids, numbers: Numbers::new(next) };
        // What was loaded is what was checked, also of a stream that gets entries: nothing moved in between.
        if self.guards(request).await? != guards {
            return Err(Stop::Error(AppError::Conflict("what the actor saw".to_owned())));
        }
        let mut built = Built { guards, ..Built::default() };
        for step in steps {
            step(self, &attempt, &mut built)?;
        }
        let missing: BTreeSet<_> = attempt.numbers.missing().into_iter().collect();
        if !missing.is_empty() {
            return Err(Stop::Registers(missing));
        }
        if built.shares.is_empty() {
            return Ok(Done::default());
        }
        let orders = std::mem::take(&mut built.orders);
        let rendered = match &self.ahead {
            None => self.render(&orders).await?,
            Some(_) => orders.iter().map(|(_, order)| crate::blank::paper(&order.paper.id)).collect(),
        };
        self.issue(&attempt, &mut built, orders.into_iter().zip(rendered))?;
        let marks = std::mem::take(&mut built.marks);
        let marked = self.marked(&built, marks, attempt.now).await?;
        self.add_revisions(&attempt, &mut built, marked)?;
        self.take_numbers(&attempt, loaded, &mut built)?;
        self.commit(attempt, built, key).await
    }

    /// Loads what one step needs.
    async fn prepare(&self, stream: &StreamId, command: Command, request: &Request) -> Result<Step, AppError> {
        if stream.kind() != command.kind() {
            return Err(AppError::NotFound);
        }
        macro_rules! dispatch {
            ($($variant:ident $module:ident $stream:ident;)*) => {
                match command {
                    $(Command::$variant(command) => {
                        Box::pin(self.prepare_for::<yanhe_core::$module::$stream>(stream, command, request)).await
                    })*
                }
            };
        }
        streams!(dispatch)
    }

    async fn prepare_for<S: Contextual + 'static>(
        &self,
        stream: &StreamId,
        command: S::Command,
        request: &Request,
    ) -> Result<Step, AppError> {
        let loaded = self.load::<S>(stream).await?;
        let keys = self.keys_of(stream, loaded.version).await?;
        let context =
            S::context(self, stream, loaded.state.as_ref(), Some(&command), &request.actor, request.verified).await?;
        let stream = stream.clone();
        Ok(Box::new(move |app, attempt, built| {
            let state = built.state::<S>(&stream);
            let state = state.as_ref().or(loaded.state.as_ref());
            let subject = S::subject_for(&stream, state, &context, &command, &attempt.actor);
            policy::may(&attempt.actor, S::act(&command), &subject).map_err(|_| AppError::Denied)?;
            decide::<S>(app, attempt, built, (&stream, loaded, keys), command, &context, &attempt.actor)
        }))
    }

    /// The guards of what the actor saw.
    async fn guards(&self, request: &Request) -> Result<Vec<Guard>, AppError> {
        let mut guards = Vec::with_capacity(request.seen.len());
        for (stream, seen) in &request.seen {
            guards.push(Guard { stream: stream.clone(), version: self.untouched(stream, *seen).await? });
        }
        Ok(guards)
    }

    /// The version of a stream now, when no person acted on it since one that somebody saw. What the system wrote since
    /// takes nobody's page away: it follows from acts that were there to see, or from time, and whatever is asked for is
    /// decided on the present state.
    ///
    /// # Errors
    /// [`AppError::Stale`] when a person acted since, or the version never was; or the database fails.
    pub async fn untouched(&self, stream: &StreamId, seen: Version) -> Result<Version, AppError> {
        let version = self.reader.version(stream).await?;
        if version == seen {
            return Ok(version);
        }
        let since = match seen {
            1.. if seen < version => self.reader.entries_of(stream, seen).await?,
            _ => Vec::new(),
        };
        let system = Actor::system().id;
        // With the newest of them read: the version of then is the one that was looked at.
        match since.last() {
            Some(last) if since.iter().all(|entry| entry.actor == system) => Ok(last.version),
            _ => Err(AppError::Stale { stream: stream.clone(), seen }),
        }
    }

    pub(crate) async fn keys_of(&self, stream: &StreamId, version: Version) -> Result<StreamKeys, AppError> {
        if let Some(keys) = self.ahead.as_ref().and_then(|ahead| ahead.keys(stream)) {
            return Ok(keys);
        }
        match version {
            0 => Ok(StreamKeys::fresh(stream, &self.keys)),
            _ => StreamKeys::load(stream, &self.keys, &self.reader, &self.cache).await,
        }
    }

    /// Stores the rendered papers and adds their streams.
    fn issue(
        &self,
        attempt: &Attempt,
        built: &mut Built,
        papers: impl Iterator<Item = ((StreamId, PaperOrder), Pdf)>,
    ) -> Result<(), AppError> {
        let mut files = Vec::new();
        for ((about, order), (pdf, pages)) in papers {
            // The code must not stand on a second page that nobody reads.
            if order.paper.kind == "guidance_letter" && pages != 1 {
                let reason = Reason::Field { field: "addressee".into(), problem: "too_long".into() };
                return Err(AppError::Refused(reason.into()));
            }
            let stream = order.paper.id.clone();
            let mut keys = StreamKeys::fresh(&stream, &self.keys);
            let hash = sha256(&pdf);
            let key = keys.key(sealing::FILE, &attempt.ids);
            let (owner, nonce) = (sealing::owner(&stream, sealing::FILE), attempt.ids.nonce());
            files.push(NewBlob { sha256: hash.clone(), owner, plain: pdf, key, nonce });
            let issued = paper::Issued {
                paper: order.paper,
                about,
                matter: order.matter,
                date: order.date,
                addressee: order.addressee,
                access: order.access,
                channel: order.channel,
                send_by: order.send_by,
                electronic: order.electronic,
                sha256: hash,
                pages,
            };
            let command = paper::Command::Issue { issued: Box::new(issued) };
            let loaded = Loaded { version: 0, hash: None, at: Timestamp::UNIX_EPOCH, state: None };
            decide::<paper::Paper>(
                self,
                attempt,
                built,
                (&stream, loaded, keys),
                command,
                &paper::Context::default(),
                &Actor::system(),
            )?;
        }
        self.store(files)
    }

    /// Stores files of a commit before it is made; one that then fails leaves files that nothing names.
    pub(crate) fn store(&self, files: Vec<NewBlob>) -> Result<(), AppError> {
        match &self.ahead {
            None => self.blobs.put(&files),
            Some(ahead) => ahead.store(files),
        }
    }

    fn take_numbers(
        &self,
        attempt: &Attempt,
        mut loaded: BTreeMap<StreamId, Loaded<register::Register>>,
        built: &mut Built,
    ) -> Result<(), AppError> {
        for (stream, count) in attempt.numbers.taken() {
            let Some(register) = loaded.remove(&stream) else { continue };
            let keys = StreamKeys::fresh(&stream, &self.keys);
            let command = register::Command::Take { count };
            let actor = Actor::system();
            decide::<register::Register>(self, attempt, built, (&stream, register, keys), command, &(), &actor)?;
        }
        Ok(())
    }

    async fn commit(&self, attempt: Attempt, built: Built, key: &IdempotencyKey) -> Result<Done, Stop> {
        let mut done = Done::default();
        let mut parts = Vec::new();
        let mut keys = Vec::new();
        let mut messages = Vec::new();
        for stream in &built.order {
            let Some(share) = built.shares.get(stream) else { continue };
            for told in crate::messages::told(self, &built, share).await? {
                messages.push(self.message(stream, &told, &attempt));
            }
        }
        let mut shares = built.shares;
        for stream in &built.order {
            let Some(mut share) = shares.remove(stream) else { continue };
            if let AnyState::Paper(state) = &share.state
                && share.expected == 0
            {
                done.papers.push(state.issued.paper.clone());
            }
            let version = share.expected + share.events.len() as Version;
            parts.push(self.part(stream, &mut share, &attempt)?);
            done.streams.push((stream.clone(), version));
            keys.extend(share.keys.take_new());
            if let Some(ahead) = &self.ahead {
                let hash = parts.last().and_then(|p| p.entries.last()).map(Entry::hash);
                ahead.keep(stream, Kept { version, hash, at: share.at, state: share.state, keys: share.keys });
            }
        }
        let receipt = crate::json(&done);
        // A stream that gets entries is held by its part.
        let mut guards = built.guards;
        guards.retain(|guard| parts.iter().all(|part| part.stream != guard.stream));
        let commit = Commit {
            jurisdiction: self.pack.jurisdiction.code.clone(),
            key: key.clone(),
            parts,
            guards,
            keys,
            jobs: built.jobs,
            messages,
            receipt,
        };
        if let Some(record) = &self.recording {
            record.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(commit.clone());
        }
        if let Some(ahead) = &self.ahead {
            ahead.commit(commit).map_err(AppError::from)?;
            return Ok(done);
        }
        match self.writer.commit(commit).await {
            Ok(_) => Ok(done),
            Err(CommitError::Replayed(receipt)) => Ok(replayed(&receipt)),
            Err(error) => Err(Stop::Error(error.into())),
        }
    }

    fn part(&self, stream: &StreamId, share: &mut Share, attempt: &Attempt) -> Result<Part, AppError> {
        let mut prev = share.hash;
        let mut entries = Vec::with_capacity(share.events.len());
        for (version, event) in (share.expected + 1..).zip(std::mem::take(&mut share.events)) {
            let (kind, mut body) = crate::built::split(event);
            share.keys.seal(&mut body, &attempt.ids);
            let written = yanhe_journal::canonical::to_bytes(&body);
            let body = written.map_err(|fault| AppError::Broken(format!("`{kind}` of `{stream}`: {fault}")))?;
            let entry = Entry {
                jurisdiction: self.pack.jurisdiction.code.clone(),
                stream: stream.to_string(),
                version,
                at: share.at.as_microsecond(),
                actor: share.actor.clone(),
                kind,
                body_version: 1,
                body,
                prev,
            };
            prev = entry.hash();
            entries.push(entry);
        }
        let mut state = std::mem::take(&mut share.sealed_state);
        share.keys.seal(&mut state, &attempt.ids);
        let rows = std::mem::take(&mut share.rows);
        Ok(Part {
            stream: stream.clone(),
            expected: share.expected,
            entries,
            snapshot: snapshot(&state, share.at),
            rows: rows.into_iter().map(|row| share.keys.row(row, &attempt.ids)).collect(),
        })
    }

    fn message(&self, about: &StreamId, told: &Told, attempt: &Attempt) -> Message {
        let id = attempt.ids.key();
        let Told { channel, kind, to, text } = told;
        Message {
            channel: (*channel).into(),
            to_index: self.keys.index(kind, to),
            body: self.seal_message(&id, &json!({"to": to, "text": text}), attempt.ids.nonce()),
            id,
            about: about.clone(),
            at: match *channel {
                "sms" => self.pack.parameters.goes_out(attempt.now),
                _ => attempt.now,
            },
        }
    }
}

/// The repeat key, and the commands in JSON whose hash it holds.
fn idempotency(request: &Request) -> (IdempotencyKey, String) {
    let commands = crate::json(&request.steps);
    let (key, actor) = (request.key.clone(), request.actor.id.clone());
    let command = Sha256::digest(commands.as_bytes()).to_vec();
    (IdempotencyKey { key, actor, command }, commands)
}

/// Refuses texts that nobody can read, or that are too long. Most requests are short and plain, which is seen without
/// reading them as JSON: there, control characters stand as `\u00..`.
fn readable(commands: &str) -> Result<(), AppError> {
    let plain = words::unreadable(commands).is_none() && !commands.contains("\\u00");
    if plain && commands.len() <= words::LONGEST_TEXT {
        return Ok(());
    }
    let value: Value = serde_json::from_str(commands).unwrap_or_default();
    Ok(words::check(&value)?)
}

fn replayed(receipt: &Receipt) -> Done {
    Done { replayed: true, ..serde_json::from_str(&receipt.0).unwrap_or_default() }
}
