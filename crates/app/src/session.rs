//! Signing in: sessions, one-time codes, and the letter code that is a party's way in.

use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, ToSpan};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use yanhe_core::party::Party;
use yanhe_core::policy::{Actor, Role};
use yanhe_core::{Date, Ids, PaperRef, Reason, StreamId, StreamKind, Timestamp, paper, staff};
use yanhe_store::commit::{Commit, IdempotencyKey, Message};
use yanhe_store::{OneTimeCode, Session, Verdict};

use crate::App;
use crate::error::AppError;

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// Who acts.
    pub actor: Actor,
    /// Name for the head of the page.
    pub name: String,
    /// Where a party came in: the stream of the letter or case.
    pub about: Option<StreamId>,
}

/// A session ends when nothing was asked for so long: half a working day, in which a mediator may hear people and type their
/// record without a page being asked for.
const IDLE: SignedDuration = SignedDuration::from_hours(4);
/// And after a working day, however busy.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// That it goes on is written down so seldom, and not with every page.
const WRITTEN: SignedDuration = SignedDuration::from_mins(5);
/// One-time codes end after this many minutes, and after five tries.
const CODE_MINUTES: i64 = 10;
const CODE_TRIES: i64 = 5;
/// Characters of a code given at the counter.
const COUNTER_CODE: usize = 6;

impl App {
    /// Begins a session; gives the token for the cookie.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_session(&self, who: &SignedIn) -> Result<String, AppError> {
        let now = self.clock.now();
        let token = BASE64URL_NOPAD.encode(&self.draw("session", now));
        let session = Session {
            token_hash: self.keys.hash("session", &token),
            actor: crate::json(who),
            created_at: now,
            expires_at: now.checked_add(IDLE).unwrap_or(Timestamp::MAX),
        };
        self.writer.begin_session(&session).await?;
        Ok(token)
    }

    /// Who a token stands for, while its session lasts and nobody took back that they work here. Where somebody asks, and
    /// not an open page by itself, the session goes on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn signed_in(&self, token: &str, somebody: bool) -> Result<Option<SignedIn>, AppError> {
        let (hash, now) = (self.keys.hash("session", token), self.clock.now());
        let Some(session) = self.reader.session(&hash, now).await? else { return Ok(None) };
        let Ok(who) = serde_json::from_str::<SignedIn>(&session.actor) else { return Ok(None) };
        let staff = StreamId::parse(&who.actor.id).filter(|stream| stream.kind() == StreamKind::Staff);
        if let Some(stream) = staff
            && self.reader.staff_member(&stream).await?.is_none()
            && self.reader.version(&stream).await? > 0
        {
            return Ok(None);
        }
        let after = |from: Timestamp, time| from.checked_add(time).unwrap_or(Timestamp::MAX);
        let until = after(now, IDLE).min(after(session.created_at, LONGEST));
        // Where nothing can be written, what is there can still be read.
        if somebody
            && until.duration_since(session.expires_at) >= WRITTEN
            && let Err(error) = self.writer.keep_session(&hash, until).await
        {
            eprintln!("a session is not prolonged: {error}");
        }
        Ok(Some(who))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, token: &str) -> Result<(), AppError> {
        Ok(self.writer.end_session(&self.keys.hash("session", token)).await?)
    }

    /// A token for the forms of a session: a page of another site cannot know it.
    pub fn form_token(&self, session: &str) -> String {
        BASE64URL_NOPAD.encode(&self.keys.hash("form", session)[..16])
    }

    /// Sends a six-digit one-time code to a phone; gives the id under which it is tried.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn send_code(
        &self,
        purpose: &str,
        subject: &str,
        phone: &str,
        about: &StreamId,
    ) -> Result<String, AppError> {
        let now = self.clock.now();
        let drawn = self.draw(&format!("code/{purpose}/{subject}"), now);
        let ids = Ids::new(drawn);
        let id = ids.key();
        let number = u32::from_be_bytes([drawn[0], drawn[1], drawn[2], drawn[3]]) % 1_000_000;
        let code = format!("{number:06}");
        self.writer
            .put_code(&OneTimeCode {
                id: id.clone(),
                purpose: purpose.to_owned(),
                subject: subject.to_owned(),
                hash: self.keys.hash(&id, &code),
                expires_at: now.checked_add(CODE_MINUTES.minutes()).unwrap_or(Timestamp::MAX),
            })
            .await?;
        let text =
            format!("【{}】验证码 {code}，{CODE_MINUTES} 分钟内有效，请勿告诉他人。", self.pack.jurisdiction.name);
        let message = Message {
            id: id.clone(),
            channel: "sms".into(),
            to_index: self.keys.index("phone", phone),
            body: self.seal_message(&id, &json!({"to": phone, "text": text}), ids.nonce()),
            about: about.clone(),
            at: now,
        };
        let key = IdempotencyKey { key: format!("code/{id}"), actor: "system".into(), command: Vec::new() };
        let commit = Commit {
            jurisdiction: self.pack.jurisdiction.code.clone(),
            key,
            parts: Vec::new(),
            guards: Vec::new(),
            keys: Vec::new(),
            jobs: Vec::new(),
            messages: vec![message],
            receipt: String::new(),
        };
        self.writer.commit(commit).await?;
        Ok(id)
    }

    /// Tries a one-time code; gives its subject when it is right. Every try counts, and a right one is used up.
    ///
    /// # Errors
    /// [`Reason::WrongCode`] when it is wrong, used or too old.
    pub async fn try_code(&self, id: &str, purpose: &str, code: &str) -> Result<String, AppError> {
        self.try_code_for(None, id, purpose, code).await
    }

    /// As [`App::try_code`], for a signature. The request that the code was right for, by its repeat key, is right again
    /// when it comes a second time: a double press has one effect, and both are told of it.
    ///
    /// # Errors
    /// As [`App::try_code`].
    pub async fn try_signing_code(&self, request: &str, id: &str, code: &str) -> Result<String, AppError> {
        self.try_code_for(Some(request).filter(|key| !key.is_empty()), id, "sign", code).await
    }

    async fn try_code_for(
        &self,
        request: Option<&str>,
        id: &str,
        purpose: &str,
        code: &str,
    ) -> Result<String, AppError> {
        let code: String = yanhe_core::values::normalise(code).chars().filter(char::is_ascii_digit).collect();
        let (hash, now) = (self.keys.hash(id, &code), self.clock.now());
        match self.writer.try_code(id, purpose, &hash, now, CODE_TRIES, request).await? {
            Verdict::Right(subject) => Ok(subject),
            Verdict::Wrong { .. } | Verdict::Gone => Err(AppError::Refused(Reason::WrongCode.into())),
        }
    }

    /// A code by which somebody without a phone comes in: a clerk gives it at the counter after looking at the letter and
    /// an identity document. The clerk is kept with it as the one who checked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counter_code(&self, clerk: &Actor, paper: &StreamId) -> Result<String, AppError> {
        let now = self.clock.now();
        let code = Ids::new(self.draw("counter", now)).code(COUNTER_CODE);
        let id = self.counter_id(paper, &code);
        self.writer
            .put_code(&OneTimeCode {
                purpose: "counter".into(),
                subject: clerk.id.clone(),
                hash: self.keys.hash(&id, &code),
                expires_at: now.checked_add(CODE_MINUTES.minutes()).unwrap_or(Timestamp::MAX),
                id,
            })
            .await?;
        Ok(code)
    }

    /// Tries a code of the counter for a paper; gives the clerk who checked. It is used up by the first right try.
    ///
    /// # Errors
    /// [`Reason::WrongCode`] when it is wrong, used or too old.
    pub async fn try_counter_code(&self, paper: &StreamId, typed: &str) -> Result<String, AppError> {
        let code = yanhe_core::values::normalise(typed).replace(['-', ' '], "").to_uppercase();
        // The code itself finds its row: whoever types it knows no other name for it.
        let id = self.counter_id(paper, &code);
        let (hash, now) = (self.keys.hash(&id, &code), self.clock.now());
        match self.writer.try_code(&id, "counter", &hash, now, CODE_TRIES, None).await? {
            Verdict::Right(clerk) => Ok(clerk),
            Verdict::Wrong { .. } | Verdict::Gone => Err(AppError::Refused(Reason::WrongCode.into())),
        }
    }

    fn counter_id(&self, paper: &StreamId, code: &str) -> String {
        BASE64URL_NOPAD.encode(&self.keys.hash("counter", &format!("{paper}/{code}"))[..24])
    }

    /// Members of staff with this phone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn staff_by_phone(&self, phone: &str) -> Result<Vec<SignedIn>, AppError> {
        let mut found = Vec::new();
        for row in self.reader.staff_by_phone(&self.keys.index("phone", phone)).await? {
            found.extend(self.staff_signed_in(&row.stream).await?);
        }
        Ok(found)
    }

    /// A member of staff as somebody who can sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn staff_signed_in(&self, stream: &StreamId) -> Result<Option<SignedIn>, AppError> {
        let Some(state) = self.state::<staff::Staff>(stream).await?.filter(|s| !s.withdrawn) else { return Ok(None) };
        let p = &state.profile;
        let role = p.role();
        if role == Role::Anyone {
            return Ok(None);
        }
        Ok(Some(SignedIn { actor: Actor::staff(stream, role, &p.body), name: p.name.text().to_owned(), about: None }))
    }

    /// The letter or notice that an access code opens, with the person it is for; the code of a receipt opens the
    /// application for the applicant, also when its record was voided and is made again. Reading aloud and typing mix up
    /// cases and dashes, so both are forgiven. `None` for an unknown code and for a voided paper.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_access_code(&self, typed: &str) -> Result<Option<(StreamId, paper::State)>, AppError> {
        let code = yanhe_core::values::normalise(typed).replace(['-', ' '], "").to_uppercase();
        let Some(access) = self.reader.access(&code).await? else { return Ok(None) };
        let Some(mut state) = self.state::<paper::Paper>(&access.paper).await? else { return Ok(None) };
        if access.about.kind() == StreamKind::Dossier
            && let Some(case) = self.state::<yanhe_core::dossier::Dossier>(&access.about).await?
            && case.access.as_ref() == Some(&code)
        {
            state.issued.addressee = case.applicants.first().map(Party::addressee);
            state.issued.access = code;
            return Ok(Some((access.paper, state)));
        }
        Ok(Some((access.paper, state)).filter(|(_, state)| state.void.is_none()))
    }

    /// The letter of a code that was voided: its number and issuer, and the notice with its day. Nothing about anybody.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withdrawn_by_code(&self, typed: &str) -> Result<Option<(PaperRef, PaperRef, Date)>, AppError> {
        let code = yanhe_core::values::normalise(typed).replace(['-', ' '], "").to_uppercase();
        let Some(access) = self.reader.access(&code).await? else { return Ok(None) };
        let Some(state) = self.state::<paper::Paper>(&access.paper).await? else { return Ok(None) };
        let Some(void) = state.void else { return Ok(None) };
        let notice = self.state::<paper::Paper>(&void.notice.id).await?.ok_or(AppError::NotFound)?;
        Ok(Some((state.issued.paper, void.notice, notice.issued.date)))
    }

    /// The agreement of the case, when this paper is it; `None` for any other paper.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agreement_on(&self, paper: &StreamId) -> Result<Option<yanhe_core::dossier::Agreement>, AppError> {
        let Some(state) = self.state::<paper::Paper>(paper).await? else { return Ok(None) };
        if state.issued.about.kind() != StreamKind::Dossier {
            return Ok(None);
        }
        let case = self.state::<yanhe_core::dossier::Dossier>(&state.issued.about).await?;
        Ok(case.and_then(|c| c.agreement).filter(|a| a.paper.id == *paper))
    }

    /// A party as somebody who is signed in.
    pub fn party_signed_in(&self, party: &Party, about: &StreamId) -> SignedIn {
        SignedIn { actor: Actor::party(&party.person), name: party.name.text().to_owned(), about: Some(about.clone()) }
    }

    /// Bytes of chance for secrets outside the journal.
    fn draw(&self, purpose: &str, now: Timestamp) -> [u8; 32] {
        let n = self.drawn.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let seed = self.entropy.seed(&format!("{purpose}/{}/{n}", now.as_microsecond()));
        Sha256::new().chain_update(seed).chain_update(purpose).finalize().into()
    }

    /// A repeat key for a form, so that a double click has one effect.
    pub fn fresh_key(&self) -> String {
        Ids::new(self.draw("form-key", self.clock.now())).key()
    }

    /// A new stream's name for a form that creates one: drawn when the form is shown.
    pub fn fresh_stream(&self, kind: StreamKind) -> StreamId {
        StreamId::new(kind, &self.fresh_key())
    }
}
