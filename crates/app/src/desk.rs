//! What pages need beside views: which acts are open, names in plain, stored files, print runs, sign-in of parties.

use yanhe_core::policy::{self, Act, Actor};
use yanhe_core::{
    Facts, Ids, Numbers, Reason, Refusal, Stream, StreamId, StreamKind, confirmation, dossier, matter, paper, print_run,
};
use yanhe_store_read::views::matter::MatterFilter;
use yanhe_store_read::views::office::PrintRunView;
use yanhe_store_read::{Kept, Listing, Page};

use crate::App;
use crate::beside::beside;
use crate::blobs::{NewBlob, sha256};
use crate::context::Contextual;
use crate::error::AppError;
use crate::handle::Request;
use crate::sealing::{self, FILE};

/// Owner of print runs.
pub(crate) const RUNS: &str = "runs";

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
    pub async fn permit<S: Contextual>(
        &self,
        actor: &Actor,
        act: Act,
        stream: &StreamId,
    ) -> Result<S::State, AppError> {
        let state = self.state::<S>(stream).await?.ok_or(AppError::NotFound)?;
        let context = S::context(self, stream, Some(&state), None, actor, false).await?;
        let subject = S::subject(stream, Some(&state), &context);
        if policy::may(actor, act, &subject).is_ok() {
            return Ok(state);
        }
        // Who may not even read it is not told that it is there.
        let read = match stream.kind() {
            StreamKind::Matter => Act::ReadMatter,
            StreamKind::Dossier => Act::ReadDossier,
            StreamKind::Confirmation => Act::ReadConfirmation,
            StreamKind::Paper => Act::ReadPaper,
            _ => return Err(AppError::Denied),
        };
        Err(if policy::may(actor, read, &subject).is_ok() { AppError::Denied } else { AppError::NotFound })
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
        let allowed = self.allowed::<S>(actor, stream, state, offered).await?;
        Ok(allowed.into_iter().filter(|(_, refused)| refused.is_none()).map(|(act, _)| act).collect())
    }

    /// The acts among `offered` that this actor may do, each with why it is not open now; `None` when it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn allowed<S: Contextual>(
        &self,
        actor: &Actor,
        stream: &StreamId,
        state: &S::State,
        offered: &[Act],
    ) -> Result<Vec<(Act, Option<Refusal>)>, AppError> {
        let context = S::context(self, stream, Some(state), None, actor, true).await?;
        let subject = S::subject(stream, Some(state), &context);
        Ok(self.with_facts(actor, stream, |facts| {
            let may = offered.iter().filter(|act| policy::may(actor, **act, &subject).is_ok());
            may.map(|act| (*act, <S as Stream>::open(Some(state), *act, facts, &context).err())).collect()
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
    ) -> Result<Option<Refusal>, AppError> {
        let context = S::context(self, stream, state, None, actor, true).await?;
        Ok(self.with_facts(actor, stream, |facts| <S as Stream>::open(state, act, facts, &context).err()))
    }

    /// The events that a command would cause now, for a page that says so before it is given. Nothing is stored, and papers
    /// bear no number yet.
    ///
    /// # Errors
    /// What the law refuses; [`AppError::Denied`] when the actor may not; or the database fails.
    pub async fn foresee<S: Contextual>(
        &self,
        actor: &Actor,
        stream: &StreamId,
        command: S::Command,
    ) -> Result<Vec<S::Event>, AppError> {
        let state = self.state::<S>(stream).await?;
        let context = S::context(self, stream, state.as_ref(), Some(&command), actor, true).await?;
        let subject = S::subject_for(stream, state.as_ref(), &context, &command, actor);
        policy::may(actor, S::act(&command), &subject).map_err(|_| AppError::Denied)?;
        Ok(self.with_facts(actor, stream, |facts| S::decide(state.as_ref(), command, facts, &context))?)
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

    /// Has what opens the names of a list at hand, so that [`App::name`] need not ask for each.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prepare_names(&self, names: &[(&StreamId, &Option<Kept>)]) -> Result<(), AppError> {
        sealing::prepare(names, &self.keys, &self.reader, &self.cache).await
    }

    /// The keyed index by which a person is found: kind `name`, `document` or `phone`.
    pub fn index(&self, kind: &str, text: &str) -> String {
        self.keys.index(kind, text)
    }

    /// A paper with its PDF, all signatures and seals on it, for somebody who may read it: the addressee, a party of the
    /// case, or the issuer's staff.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none or the reader has nothing to do with it.
    pub async fn paper_pdf(&self, actor: &Actor, stream: &StreamId) -> Result<(paper::State, Vec<u8>), AppError> {
        let state = self.readable_paper(actor, stream).await?;
        let bytes = self.paper_bytes(stream, &state).await?;
        Ok((state, bytes))
    }

    async fn readable_paper(&self, actor: &Actor, stream: &StreamId) -> Result<paper::State, AppError> {
        let state = self.state::<paper::Paper>(stream).await?.ok_or(AppError::NotFound)?;
        let about = &state.issued.about;
        let own = <paper::Paper as Contextual>::subject(stream, Some(&state), &paper::Context::default());
        // A court reads the papers of a confirmation; an organ those it issued; a party those of its own case.
        // What goes to one party, the other party of the same case does not read.
        let others = actor.person.is_some() && state.issued.addressee.is_some();
        let allowed = policy::may(actor, Act::ReadPaper, &own).is_ok()
            || (!others && self.reads(actor, about).await?)
            || (!others && self.reads_noticed(actor, &state).await?);
        if !allowed || (actor.person.is_some() && self.names_other_side(actor, &state).await?) {
            return Err(AppError::NotFound);
        }
        Ok(state)
    }

    /// Is this a notice that goes to nobody in particular, on a paper that the reader may read? Whoever has signed an
    /// agreement reads what is corrected in it.
    async fn reads_noticed(&self, actor: &Actor, notice: &paper::State) -> Result<bool, AppError> {
        let about = &notice.issued.about;
        if about.kind() != StreamKind::Paper || !paper::NOTICES.contains(&notice.issued.paper.kind.as_str()) {
            return Ok(false);
        }
        match Box::pin(self.readable_paper(actor, about)).await {
            Ok(_) => Ok(true),
            Err(AppError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Is this the application of somebody else? It names the applicant's document, phone and home: the other side gets
    /// the request for consent, with name, claims and facts.
    async fn names_other_side(&self, actor: &Actor, paper: &paper::State) -> Result<bool, AppError> {
        if paper.issued.addressee.is_some() || paper.issued.about.kind() != StreamKind::Dossier {
            return Ok(false);
        }
        let application = ["application", "oral_application"].contains(&paper.issued.paper.kind.as_str());
        let case = self.state::<dossier::Dossier>(&paper.issued.about).await?;
        // Who is only asked to join is not told what the others said.
        let invited = |case: &dossier::State| actor.person.as_ref().is_some_and(|p| case.is_invited(p));
        if case.as_ref().is_some_and(invited) {
            return Ok(true);
        }
        if !application {
            return Ok(false);
        }
        let applicants = case.map(|c| c.applicants).unwrap_or_default();
        Ok(!applicants.iter().any(|p| Some(&p.person) == actor.person.as_ref()))
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

    /// As [`Self::paper_pdf`], the file as it was issued: what signers sign, without any signature or seal.
    ///
    /// # Errors
    /// As [`Self::paper_pdf`].
    pub async fn paper_base(&self, actor: &Actor, stream: &StreamId) -> Result<(paper::State, Vec<u8>), AppError> {
        let state = self.readable_paper(actor, stream).await?;
        let bytes = self.file_bytes(stream, FILE, &state.issued.sha256).await?;
        Ok((state, bytes))
    }

    /// The stored bytes of a paper, with all signatures and seals.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when they were erased.
    pub async fn paper_bytes(&self, stream: &StreamId, state: &paper::State) -> Result<Vec<u8>, AppError> {
        self.file_bytes(stream, FILE, state.latest()).await
    }

    /// Stored bytes under the key of a person in a stream.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the key is gone.
    pub async fn file_bytes(&self, stream: &StreamId, person: &str, hash: &str) -> Result<Vec<u8>, AppError> {
        let key = sealing::person_key(stream, person, &self.keys, &self.reader, &self.cache).await?;
        let key = key.ok_or(AppError::NotFound)?;
        let (blobs, hash, owner) = (self.blobs.clone(), hash.to_owned(), sealing::owner(stream, person));
        beside(move || blobs.get(&hash, &owner, &key)).await??.ok_or(AppError::NotFound)
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
        let file = NewBlob { sha256: hash.clone(), owner: sealing::owner(stream, &of.0), plain: bytes, key, nonce };
        let blobs = self.blobs.clone();
        beside(move || blobs.put(&[file])).await??;
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
        let run = beside(move || {
            let parts: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
            templates.run(&parts, true).map(|run| run.pdf)
        });
        let pdf = run.await??;
        let id = self.keep_run(actor, papers, &pdf).await?;
        Ok((id, pdf))
    }

    /// Keeps what was put together for the printer; gives its key.
    pub(crate) async fn keep_run(&self, actor: &Actor, papers: &[StreamId], pdf: &[u8]) -> Result<String, AppError> {
        let key = self.fresh_key();
        let (run, sha256) = (StreamId::new(StreamKind::PrintRun, &key), sha256(pdf));
        let nonce = Ids::new(self.entropy.seed(&format!("run/{key}"))).nonce();
        let owner = RUNS.to_owned();
        let file = NewBlob { sha256: sha256.clone(), owner, plain: pdf.to_vec(), key: self.keys.outbox(), nonce };
        self.blobs.put(&[file])?;
        let command = print_run::Command::Make { papers: papers.to_vec(), sha256 };
        self.handle(Request::one(actor, format!("run/{key}"), &run, command)).await?;
        Ok(key)
    }

    /// A stored print run of the actor's organ.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for another organ's.
    pub async fn print_run_pdf(&self, actor: &Actor, key: &str) -> Result<Vec<u8>, AppError> {
        let run = StreamId::new(StreamKind::PrintRun, key);
        let run = self.reader.print_run(&run).await?.filter(|r| r.organ == actor.body).ok_or(AppError::NotFound)?;
        self.blobs.get(&run.blob, RUNS, &self.keys.outbox())?.ok_or(AppError::NotFound)
    }

    /// The print runs of an organ, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn print_runs(&self, organ: &str, page: &Page) -> Result<Listing<PrintRunView>, AppError> {
        Ok(self.reader.print_runs(organ, page).await?)
    }

    /// The staff of a body who can sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn staff_of(&self, body: &str) -> Result<Vec<crate::session::SignedIn>, AppError> {
        let mut out = Vec::new();
        for row in self.reader.staff(body).await? {
            out.extend(self.staff_signed_in(&row.stream).await?);
        }
        Ok(out)
    }

    /// The phone to which an actor's codes for a stream go: a member of staff's own, or the party's in that case.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn phone_of(&self, actor: &Actor, stream: &StreamId) -> Result<Option<String>, AppError> {
        let text = |p: &yanhe_core::party::Party| p.phone_text().map(str::to_owned);
        let Some(person) = &actor.person else {
            let Some(staff) = StreamId::parse(&actor.id) else { return Ok(None) };
            let state = self.state::<yanhe_core::staff::Staff>(&staff).await?;
            return Ok(state.and_then(|s| s.profile.phone.open().cloned()));
        };
        Ok(match stream.kind() {
            StreamKind::Dossier => {
                self.state::<dossier::Dossier>(stream).await?.and_then(|s| s.party(person).and_then(text))
            }
            StreamKind::Confirmation => self
                .state::<confirmation::Confirmation>(stream)
                .await?
                .and_then(|s| s.subject.parties.iter().find(|p| p.person == *person).and_then(text)),
            StreamKind::Matter => self
                .state::<matter::Matter>(stream)
                .await?
                .and_then(|s| s.parties().map(|(_, p)| p).find(|p| p.person == *person).and_then(text)),
            _ => None,
        })
    }

    /// Can parties act by the portal with this organ?
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_online(&self, organ: &str) -> Result<bool, AppError> {
        Ok(self.reader.organ(organ).await?.is_some_and(|o| o.online_on.is_some()))
    }

    /// Matters that stand somewhere, latest change first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new_matters(&self, standing: matter::Standing) -> Result<Vec<StreamId>, AppError> {
        let filter = MatterFilter { state: Some(standing.name().into()), ..MatterFilter::default() };
        let scope = policy::scope(&Actor::admin());
        let mut out = Vec::new();
        let mut page = Page::first(200);
        loop {
            let list = self.reader.matters(&scope, &filter, &page).await?;
            out.extend(list.rows.into_iter().map(|row| row.stream));
            match list.next {
                Some(next) => page = Page::after(next, 200),
                None => return Ok(out),
            }
        }
    }

    /// 32 bytes of chance for a purpose, repeating where chance repeats.
    pub(crate) fn entropy_for(&self, purpose: &str) -> [u8; 32] {
        self.entropy.seed(purpose)
    }

    /// In a demo, the code of a message as it stands on the demo phone. `None` in production.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn demo_code(&self, id: &str, phone: &str) -> Result<Option<String>, AppError> {
        if !self.demo {
            return Ok(None);
        }
        let list = self.reader.messages_to(&self.keys.index("phone", phone), &Page::first(50)).await?;
        let message = list.rows.iter().find(|m| m.id == id).and_then(|m| self.open_message(&m.id, &m.body));
        let text = message.and_then(|m| m["text"].as_str().map(str::to_owned)).unwrap_or_default();
        let digits: String =
            text.split("验证码").nth(1).unwrap_or_default().chars().filter(char::is_ascii_digit).take(6).collect();
        Ok((digits.len() == 6).then_some(digits))
    }
}
