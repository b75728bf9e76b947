//! Signatures and seals on papers: each becomes one more revision of the paper's file and one more event of its stream,
//! in the commit that holds the act itself. So the signed file is there when the signature is, and two who sign at the
//! same moment are put in order by the streams' versions.

use serde_json::{Value, json};
use yanhe_core::mark::{EFFECT, MarkOrder, Revision};
use yanhe_core::policy::Actor;
use yanhe_core::time::county_time;
use yanhe_core::{StreamId, Timestamp, paper};
use yanhe_papers::{Mark, PaperError};

use crate::App;
use crate::beside::beside;
use crate::blobs::{NewBlob, sha256};
use crate::built::{Attempt, Built, decide};
use crate::error::AppError;
use crate::load::Loaded;
use crate::sealing::{self, FILE, StreamKeys, plain};

/// What a file from outside is to a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownAs {
    /// The paper with its first so many signatures and seals, out of so many that it has; none: as it was issued.
    Marked(usize, usize),
    /// It begins with the paper, and what stands after it was not put there by this program: it may cover or change what
    /// the paper says.
    AddedTo,
    /// Another file.
    Other,
}

/// What a case knows of one of its papers, also of one that it has no more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// The code printed at its foot; none: it bears none.
    pub check_code: Option<String>,
    /// It was an agreement that was taken back before it took effect.
    pub taken_back: bool,
}

/// A paper, and the files that were made of it.
pub(crate) struct Marked {
    stream: StreamId,
    loaded: Loaded<paper::Paper>,
    keys: StreamKeys,
    /// SHA-256 of the last file.
    latest: String,
    added: Vec<(Revision, Vec<u8>)>,
}

impl App {
    /// Makes the files. A mark is left out where the paper's file was erased, or keeps no place for it: the event stands
    /// for itself, and the file is its picture.
    ///
    /// # Errors
    /// When a file cannot be read or the mark cannot be drawn.
    pub(crate) async fn marked(
        &self,
        built: &Built,
        orders: Vec<MarkOrder>,
        now: Timestamp,
    ) -> Result<Vec<Marked>, AppError> {
        let mut all: Vec<Marked> = Vec::new();
        for order in orders {
            let at = match all.iter().position(|marked| marked.stream == order.paper) {
                Some(at) => at,
                None => match self.markable(built, &order.paper).await? {
                    Some(marked) => {
                        all.push(marked);
                        all.len() - 1
                    }
                    None => continue,
                },
            };
            let Some(marked) = all.get_mut(at) else { continue };
            let before = marked.added.last().map(|(_, file)| file.clone());
            let Some(file) = self.with_mark(marked, before, &order, now).await? else { continue };
            let revision = Revision {
                after: std::mem::replace(&mut marked.latest, sha256(&file)),
                sha256: marked.latest.clone(),
                size: i64::try_from(file.len()).unwrap_or(i64::MAX),
                mark: order.place,
            };
            marked.added.push((revision, file));
        }
        Ok(all)
    }

    /// The paper as it stands; `None` once it was erased.
    async fn markable(&self, built: &Built, stream: &StreamId) -> Result<Option<Marked>, AppError> {
        let (loaded, keys) = match built.shares.get(stream) {
            // Issued in this very commit.
            Some(share) => {
                let state = built.state::<paper::Paper>(stream);
                (Loaded { version: share.expected, hash: Some(share.hash), at: share.at, state }, share.keys.again())
            }
            None => {
                let loaded = self.load::<paper::Paper>(stream).await?;
                let keys = self.keys_of(stream, loaded.version).await?;
                (loaded, keys)
            }
        };
        let latest = loaded.state.as_ref().map(|state| state.latest().to_owned());
        let latest = latest.filter(|_| keys.known(FILE).is_some());
        Ok(latest.map(|latest| Marked { stream: stream.clone(), loaded, keys, latest, added: Vec::new() }))
    }

    /// The file with one mark more; `before` is the file, where it is at hand.
    async fn with_mark(
        &self,
        marked: &Marked,
        before: Option<Vec<u8>>,
        order: &MarkOrder,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, AppError> {
        if self.ahead.is_some() {
            let earlier = marked.loaded.state.iter().flat_map(|state| &state.revisions);
            let earlier = earlier.chain(marked.added.iter().map(|(revision, _)| revision));
            let places = earlier.map(|revision| revision.mark.as_str()).chain([order.place.as_str()]);
            return Ok(Some(crate::blank::revision(&marked.stream, places)));
        }
        let Some(key) = marked.keys.known(FILE) else { return Ok(None) };
        let mut data = plain(order.data.clone());
        data["demo"] = json!(self.demo);
        if let Some(officer) = data["attested_by"].as_str().and_then(StreamId::parse) {
            let officer = self.officer(&officer).await?;
            data["attested_by"] = officer.map_or(Value::Null, |o| json!(o.name.text()));
        }
        if let Some(officer) = data["officer"].as_str().and_then(StreamId::parse)
            && let Some(officer) = self.state::<yanhe_core::staff::Staff>(&officer).await?
        {
            data["by"] = json!(officer.profile.name.text());
            data["post"] = json!(officer.profile.post);
        }
        let mark = Mark { place: order.place.clone(), data, at: county_time(now) };
        let (papers, blobs) = (self.papers.clone(), self.blobs.clone());
        let (latest, owner) = (marked.latest.clone(), sealing::owner(&marked.stream, FILE));
        let made = beside(move || {
            let pdf = match before {
                Some(pdf) => pdf,
                None => blobs.get(&latest, &owner, &key)?.ok_or(AppError::NotFound)?,
            };
            match papers.mark(&pdf, &mark) {
                Ok(file) => Ok(Some(file)),
                Err(PaperError::NoPlace(_)) => Ok(None),
                Err(error) => Err(AppError::from(error)),
            }
        });
        made.await?
    }

    /// Stores the files and adds the events to their papers' streams.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub(crate) fn add_revisions(&self, attempt: &Attempt, built: &mut Built, all: Vec<Marked>) -> Result<(), AppError> {
        let mut files = Vec::new();
        for marked in all {
            let Marked { stream, loaded, keys, added, .. } = marked;
            let Some(key) = keys.known(FILE) else { continue };
            let owner = sealing::owner(&stream, FILE);
            let mut first = Some((loaded, keys));
            for (revision, plain) in added {
                let (sha256, owner, nonce) = (revision.sha256.clone(), owner.clone(), attempt.ids.nonce());
                files.push(NewBlob { sha256, owner, plain, key, nonce });
                // From the second on the stream is among what is built.
                let (loaded, keys) = first.take().unwrap_or_else(|| {
                    let loaded = Loaded { version: 0, hash: None, at: Timestamp::UNIX_EPOCH, state: None };
                    (loaded, StreamKeys::fresh(&stream, &self.keys))
                });
                let command = paper::Command::AddRevision { revision };
                let paper = (&stream, loaded, keys);
                decide::<paper::Paper>(
                    self,
                    attempt,
                    built,
                    paper,
                    command,
                    &paper::Context::default(),
                    &Actor::system(),
                )?;
            }
        }
        self.store(files)
    }

    /// What a file from outside is to a paper: every byte counts.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such paper; otherwise when the database fails.
    pub async fn known_as(&self, paper: &StreamId, file: &[u8]) -> Result<KnownAs, AppError> {
        let state = self.state::<paper::Paper>(paper).await?.ok_or(AppError::NotFound)?;
        let hash = sha256(file);
        // The day of effect is neither signature nor seal: it comes with the last of them.
        let made = |revisions: &[Revision]| revisions.iter().filter(|revision| revision.mark != EFFECT).count();
        let all = made(&state.revisions);
        if hash == state.issued.sha256 {
            return Ok(KnownAs::Marked(0, all));
        }
        if let Some(n) = state.revisions.iter().position(|revision| revision.sha256 == hash) {
            return Ok(KnownAs::Marked(made(state.revisions.get(..=n).unwrap_or_default()), all));
        }
        match self.file_bytes(paper, FILE, &state.issued.sha256).await {
            Ok(issued) if file.starts_with(&issued) => Ok(KnownAs::AddedTo),
            Ok(_) | Err(AppError::NotFound) => Ok(KnownAs::Other),
            Err(error) => Err(error),
        }
    }

    /// What the events of its case say of a paper that somebody holds: also of one that the case has no more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn printed_on(&self, about: &StreamId, paper: &StreamId) -> Result<Printed, AppError> {
        let mut known = Printed::default();
        for entry in self.reader.entries_of(about, 0).await? {
            let body: Value = serde_json::from_slice(&entry.body).unwrap_or_default();
            let is = |field: &str| body[field]["id"].as_str().is_some_and(|id| id == paper.as_str());
            if !is("paper") && !is("application") {
                continue;
            }
            if let Some(code) = body["check_code"].as_str() {
                known.check_code = Some(code.to_owned());
            }
            // Without a reason, in old events, a notice had voided it.
            known.taken_back |= entry.kind == "AgreementWithdrawn" && body["reason"].is_object();
        }
        Ok(known)
    }
}
