//! What pages need beside views: which acts are open, names in plain, stored files, print runs, sign-in of parties.

use serde_json::json;
use yanhe_core::policy::{self, Act, Actor};
use yanhe_core::{
    Facts, Ids, Numbers, Reason, Stream, StreamId, StreamKind, confirmation, dossier, matter, paper,
};
use yanhe_store::PrintRun;
use yanhe_store_read::views::office::PrintRunView;
use yanhe_store_read::{Kept, Listing, Page};

use crate::App;
use crate::blobs::sha256;
use crate::context::Contextual;
use crate::error::AppError;
use crate::sealing::{self, FILE};

impl App {
    /// Runs a function with the facts of this moment, as a decision would see them. Nothing is stored.
    pub fn with_facts<R>(&self, actor: &Actor, stream: &StreamId, look: impl FnOnce(&Facts<'_>) -> R) -> R {
        let (ids, numbers) = (Ids::new([0; 32]), Numbers::default());
        look(&Facts {
            now: self.clock.now(),
            actor,
            stream,
            calendar: &self.calendar,
            pack: &self.pack,
            ids: &ids,
            numbers: &numbers,
        })
    }

    /// Today in the county.
    pub fn today(&self) -> yanhe_core::Date {
        yanhe_core::time::county_date(self.clock.now())
    }

    /// May this actor do this to that stream?
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such stream, [`AppError::Denied`] when not.
    pub async fn permit<S: Contextual>(&self, actor: &Actor, act: Act, stream: &StreamId) -> Result<S::State, AppError> {
        let state = self.state::<S>(stream).await?.ok_or(AppError::NotFound)?;
        let context = S::context(self, stream, Some(&state), None, actor, false).await?;
        policy::may(actor, act, &S::subject(stream, Some(&state), &context)).map_err(|_| AppError::Denied)?;
        Ok(state)
    }

    /// The acts among `offered` that this actor may do and that are open: the buttons of a page.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn acts<S: Contextual>(
        &self,
        actor: &Actor,
        stream: &StreamId,
        state: &S::State,
        offered: &[Act],
    ) -> Result<Vec<Act>, AppError> {
        let context = S::context(self, stream, Some(state), None, actor, true).await?;
        let subject = S::subject(stream, Some(state), &context);
        Ok(self.with_facts(actor, stream, |facts| {
            let can = |act: &&Act| {
                policy::may(actor, **act, &subject).is_ok() && <S as Stream>::open(Some(state), **act, facts, &context).is_ok()
            };
            offered.iter().filter(can).copied().collect()
        }))
    }

    /// Why an act is not open now; `None` when it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refusal<S: Contextual>(
        &self,
        actor: &Actor,
        stream: &StreamId,
        state: Option<&S::State>,
        act: Act,
    ) -> Result<Option<yanhe_core::Refusal>, AppError> {
        let context = S::context(self, stream, state, None, actor, true).await?;
        Ok(self.with_facts(actor, stream, |facts| <S as Stream>::open(state, act, facts, &context).err()))
    }

    /// A name of a row in plain; empty when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn name(&self, stream: &StreamId, kept: Option<&Kept>) -> Result<String, AppError> {
        match kept {
            Some(kept) => sealing::open_kept(kept, stream, &self.keys, &self.reader, &self.cache).await,
            None => Ok(String::new()),
        }
    }

    /// The keyed index by which a person is found: kind `name`, `document` or `phone`.
    pub fn index(&self, kind: &str, text: &str) -> String {
        self.keys.index(kind, text)
    }

    /// A paper with its PDF, for somebody who may read it: the addressee, a party of the case, or the issuer's staff.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none or the reader has nothing to do with it.
    pub async fn paper_pdf(&self, actor: &Actor, stream: &StreamId) -> Result<(paper::State, Vec<u8>), AppError> {
        let state = self.state::<paper::Paper>(stream).await?.ok_or(AppError::NotFound)?;
        let about = &state.issued.about;
        let own = <paper::Paper as Contextual>::subject(stream, Some(&state), &None);
        // A court reads the papers of a confirmation; an organ those it issued; a party those of its own case.
        let allowed = policy::may(actor, Act::ReadPaper, &own).is_ok() || self.reads(actor, about).await?;
        if !allowed {
            return Err(AppError::NotFound);
        }
        Ok((state.clone(), self.paper_bytes(stream, &state).await?))
    }

    async fn reads(&self, actor: &Actor, about: &StreamId) -> Result<bool, AppError> {
        let outcome = match about.kind() {
            StreamKind::Dossier => self.permit::<dossier::Dossier>(actor, Act::ReadDossier, about).await.map(drop),
            StreamKind::Confirmation => {
                self.permit::<confirmation::Confirmation>(actor, Act::ReadConfirmation, about).await.map(drop)
            }
            // Papers about a matter name one person each: another party of the matter does not read them.
            StreamKind::Matter if actor.person.is_none() => {
                self.permit::<matter::Matter>(actor, Act::ReadMatter, about).await.map(drop)
            }
            _ => Err(AppError::NotFound),
        };
        match outcome {
            Ok(()) => Ok(true),
            Err(AppError::Denied | AppError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The stored bytes of a paper.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when they were erased.
    pub async fn paper_bytes(&self, stream: &StreamId, state: &paper::State) -> Result<Vec<u8>, AppError> {
        self.file_bytes(stream, FILE, &state.issued.sha256).await
    }

    /// Stored bytes under the key of a person in a stream.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the key is gone.
    pub async fn file_bytes(&self, stream: &StreamId, person: &str, hash: &str) -> Result<Vec<u8>, AppError> {
        let key = sealing::person_key(stream, person, &self.keys, &self.reader, &self.cache).await?;
        let key = key.ok_or(AppError::NotFound)?;
        let (blobs, hash) = (self.blobs.clone(), hash.to_owned());
        let read = tokio::task::spawn_blocking(move || blobs.get(&hash, &key)).await;
        read.map_err(|_| AppError::NotFound)??.ok_or(AppError::NotFound)
    }

    /// Stores a file of a case under the key of a person who is in it; gives what a command needs.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the person has no key there.
    pub async fn store_file(
        &self,
        stream: &StreamId,
        of: &yanhe_core::PersonId,
        name: &str,
        bytes: Vec<u8>,
        by: &Actor,
    ) -> Result<dossier::FileRef, AppError> {
        let key = sealing::person_key(stream, &of.0, &self.keys, &self.reader, &self.cache).await?;
        let key = key.ok_or(AppError::NotFound)?;
        let (hash, size) = (sha256(&bytes), i64::try_from(bytes.len()).unwrap_or(i64::MAX));
        let nonce = Ids::new(self.entropy.seed(&format!("file/{stream}/{hash}"))).nonce();
        let (blobs, named) = (self.blobs.clone(), hash.clone());
        let put = tokio::task::spawn_blocking(move || blobs.put(&named, &bytes, &key, nonce)).await;
        put.map_err(|_| AppError::NotFound)??;
        Ok(dossier::FileRef {
            name: yanhe_core::Personal::new(of, name.to_owned()),
            sha256: hash,
            size,
            by: by.id.clone(),
        })
    }

    /// Puts stored papers of one organ together for the printer and keeps the run.
    ///
    /// # Errors
    /// A refusal when no paper is chosen; [`AppError::NotFound`] for a paper that the actor may not read.
    pub async fn print_run(&self, actor: &Actor, papers: &[StreamId]) -> Result<(String, Vec<u8>), AppError> {
        if papers.is_empty() {
            let reason = Reason::Field { field: "papers".into(), problem: "required".into() };
            return Err(AppError::Refused(reason.into()));
        }
        let mut files = Vec::with_capacity(papers.len());
        for stream in papers {
            files.push(self.paper_pdf(actor, stream).await?.1);
        }
        let templates = self.papers.clone();
        let run = tokio::task::spawn_blocking(move || {
            let parts: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
            templates.run(&parts, true).map(|run| run.pdf)
        });
        let pdf = run.await.map_err(|_| AppError::NotFound)??;
        let id = self.fresh_key();
        let stored = PrintRun {
            id: id.clone(),
            organ: actor.body.clone(),
            at: self.clock.now(),
            actor: actor.id.clone(),
            papers: json!(papers).to_string(),
            blob: sha256(&pdf),
        };
        let nonce = Ids::new(self.entropy.seed(&format!("run/{id}"))).nonce();
        self.blobs.put(&stored.blob, &pdf, &self.keys.outbox(), nonce)?;
        self.writer.put_print_run(&stored).await?;
        Ok((id, pdf))
    }

    /// A stored print run of the actor's organ.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for another organ's.
    pub async fn print_run_pdf(&self, actor: &Actor, id: &str) -> Result<Vec<u8>, AppError> {
        let run = self.reader.print_run(id).await?.filter(|r| r.organ == actor.body).ok_or(AppError::NotFound)?;
        self.blobs.get(&run.blob, &self.keys.outbox())?.ok_or(AppError::NotFound)
    }

    /// The print runs of an organ, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn print_runs(&self, organ: &str, page: &Page) -> Result<Listing<PrintRunView>, AppError> {
        Ok(self.reader.print_runs(organ, page).await?)
    }
}
