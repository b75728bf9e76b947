//! A penalty decision that is issued here, and what is printed to be handed over: the decision and the guidance letter
//! that goes with it, on one proof of service.

use serde_json::{Value, json};
use yanhe_core::matter::{self, Hearing, Matter, Registered, decision};
use yanhe_core::policy::{self, Act, Actor};
use yanhe_core::scope::Source;
use yanhe_core::{Date, PaperRef, Reason, StreamId, organ, paper, register};
use yanhe_store_read::Page;
use yanhe_store_read::views::matter::MatterFilter;

use crate::App;
use crate::beside::beside;
use crate::error::AppError;
use crate::handle::Request;

/// Template of a proof of service.
const PROOF: &str = "proof_of_service";
/// How often a decision is made anew because another one took its number.
const TRIES: usize = 5;
/// Numbers read at once.
const NUMBERS: u32 = 1_000;

/// What the register counts in a number, when the rest of it is the register's.
fn serial(number: &str, before: &str, after: &str) -> Option<i64> {
    let digits = number.strip_prefix(before)?.strip_suffix(after)?;
    let plain = !digits.is_empty() && digits.len() <= SERIAL && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}

/// How far a typed number may lie behind the last one before somebody is asked whether it is meant.
const FAR: i64 = 50;

/// The longest serial: a longer one is a slip, and the register does not jump there.
const SERIAL: usize = 6;

impl App {
    /// Issues a decision with the next number of its organ's register, and the letters that go with it; gives the
    /// matter. The same form again, which `key` knows by its content, gives the same matter: its people are drawn from the
    /// form.
    ///
    /// # Errors
    /// [`AppError::Denied`] by policy, [`AppError::Refused`] by the law, and then nothing is stored; with
    /// [`Reason::FormUsed`] when the form made a decision already, and says something else now.
    pub async fn issue_decision(
        &self,
        actor: &Actor,
        key: &str,
        matter: &Registered,
        hearing: &Hearing,
        reason: &str,
    ) -> Result<StreamId, AppError> {
        let mut last = AppError::NotFound;
        for _ in 0..TRIES {
            if let Some(done) = self.decided_for(matter).await? {
                if self.reader.receipt(key).await?.is_some() {
                    return Ok(done);
                }
                let made = self.state::<Matter>(&done).await?.map_or_else(String::new, |state| state.matter.number);
                return Err(AppError::Refused(Reason::FormUsed { number: made }.into()));
            }
            let year = self.today().year();
            let given = self.given(&matter.organ, year).await?;
            let number = decision::next_number(&self.pack, &matter.organ, year, given);
            let stream = matter::stream(Source::Penalty, &number);
            let command = matter::Command::Decide {
                matter: Box::new(Registered { number, ..matter.clone() }),
                hearing: hearing.clone(),
                reason: reason.to_owned(),
            };
            match self.handle(Request::one(actor, key, &stream, command)).await {
                Ok(_) => return Ok(stream),
                // Another decision took the number, or the same press another one.
                Err(error @ (AppError::Refused(_) | AppError::KeyReused(_) | AppError::Conflict(_))) => match &error {
                    AppError::Refused(refusal)
                        if refusal.reason != Reason::Stale && refusal.reason != Reason::Exists =>
                    {
                        return Err(error);
                    }
                    _ => last = error,
                },
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    /// The last number that the register of an organ's decisions gave. Decisions that the organ issued elsewhere and
    /// brought in bear numbers of the same register: it goes on after the highest of them.
    async fn given(&self, organ: &str, year: i16) -> Result<i64, AppError> {
        let stream = decision::register_of(&self.pack, organ, year);
        let last = self.state::<register::Register>(&stream).await?.map_or(0, |state| state.last);
        let mut given = last.max(self.brought_in(organ, year).await?);
        // One that was taken back with its import may be brought in once more: its number stays its own.
        while self.has_number(organ, year, given + 1).await? {
            given += 1;
        }
        if given > last {
            let command = register::Command::PassOver { to: given };
            self.handle(Request::one(&Actor::system(), format!("{stream}/{given}"), &stream, command)).await?;
        }
        Ok(given)
    }

    /// The last number of the organ's decisions, when this one of the same series lies so far behind it that it is likely
    /// a slip: once it is here, the register goes on after it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn far_ahead(&self, organ: &str, number: &str) -> Result<Option<i64>, AppError> {
        let year = number.split_once('〔').and_then(|(_, rest)| rest.split_once('〕')?.0.parse::<i16>().ok());
        let Some(year) = year else { return Ok(None) };
        let (before, after) = decision::around(&self.pack, organ, year);
        let Some(typed) = serial(number, &before, &after) else { return Ok(None) };
        let register = decision::register_of(&self.pack, organ, year);
        let given = self.state::<register::Register>(&register).await?.map_or(0, |state| state.last);
        let last = given.max(self.brought_in(organ, year).await?);
        Ok(Some(last).filter(|last| typed > last + FAR))
    }

    /// The highest number among the decisions of an organ's year that are here, whoever brought them.
    async fn brought_in(&self, organ: &str, year: i16) -> Result<i64, AppError> {
        let (before, after) = decision::around(&self.pack, organ, year);
        let (everywhere, filter) =
            (policy::scope(&Actor::system()), MatterFilter { number: Some(before.clone()), ..MatterFilter::default() });
        let (mut highest, mut page) = (0, Page::first(NUMBERS));
        loop {
            let read = self.reader.matters(&everywhere, &filter, &page).await?;
            let numbers = read.rows.iter().filter_map(|row| serial(&row.number, &before, &after));
            highest = numbers.fold(highest, i64::max);
            match read.next {
                Some(next) => page = Page::after(next, NUMBERS),
                None => return Ok(highest),
            }
        }
    }

    async fn has_number(&self, organ: &str, year: i16, n: i64) -> Result<bool, AppError> {
        let number = decision::next_number(&self.pack, organ, year, n - 1);
        Ok(self.reader.load(&matter::stream(Source::Penalty, &number)).await?.is_some())
    }

    /// The matter of a decision against this very person, if there is one: what the form from which they were drawn made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn decided_for(&self, matter: &Registered) -> Result<Option<StreamId>, AppError> {
        let Some(subject) = &matter.subject else { return Ok(None) };
        let scope = policy::scope(&Actor::party(&subject.person));
        let found = self.reader.matters(&scope, &MatterFilter::default(), &Page::first(1)).await?;
        Ok(found.rows.into_iter().next().map(|row| row.stream))
    }

    /// Puts what is handed over together for the printer and keeps the run: the decision, if it was issued here, the
    /// punished person's letter, and a proof of service for both to be filled in by hand. Gives the run's id and the
    /// papers in it.
    ///
    /// # Errors
    /// [`AppError::Denied`] for another organ's, a refusal when there is nothing to hand over.
    pub async fn decision_run(&self, actor: &Actor, stream: &StreamId) -> Result<(String, Vec<PaperRef>), AppError> {
        let state = self.permit::<Matter>(actor, Act::ConfirmLetter, stream).await?;
        let issued = state.decision.as_ref().filter(|_| !state.decision_voided).map(|d| d.paper.clone());
        let letters: Vec<PaperRef> = match &issued {
            Some(_) => state.with_decision().map(|letter| letter.paper.clone()).collect(),
            None => state.punished_letter().map(|letter| letter.paper.clone()).into_iter().collect(),
        };
        let papers: Vec<PaperRef> = issued.iter().cloned().chain(letters).collect();
        if papers.is_empty() {
            return Err(AppError::Refused(Reason::Waiting { what: "addressee".into() }.into()));
        }
        let mut parts = Vec::new();
        for paper in &papers {
            parts.push(self.paper_pdf(actor, &paper.id).await?.1);
        }
        let profile = self.organ_profile(&state.matter.organ).await?;
        let (templates, today) = (self.papers.clone(), self.today());
        let proof = self.proof(&state, &papers, profile.as_ref(), today);
        let rendering = beside(move || {
            parts.push(templates.render(PROOF, &proof, today)?.pdf);
            Ok::<_, yanhe_papers::PaperError>(templates.run(&parts, true)?.pdf)
        });
        let run = rendering.await??;
        let streams: Vec<StreamId> = papers.iter().map(|paper| paper.id.clone()).collect();
        let id = self.keep_run(actor, &streams, &run).await?;
        Ok((id, papers))
    }

    /// What stands on the proof. A decision that was not issued here is named all the same: it is handed over with it.
    fn proof(
        &self,
        state: &matter::State,
        papers: &[PaperRef],
        profile: Option<&organ::Profile>,
        today: Date,
    ) -> Value {
        let m = &state.matter;
        let known = papers.iter().map(|paper| (self.pack.paper_name(&paper.kind), paper.number.as_str()));
        let elsewhere = state.decision.is_none().then(|| (self.pack.paper_name(decision::KIND), m.number.as_str()));
        let documents =
            elsewhere.into_iter().chain(known).map(|(name, number)| json!({"name": name, "number": number}));
        json!({
            "organ": {
                "code": m.organ,
                "name": self.pack.body_name(&m.organ),
                "phone": profile.map_or("", |p| p.phone.as_str()),
                "address": profile.map_or("", |p| p.address.as_str()),
            },
            "seal": {"name": self.pack.body_name(&m.organ)},
            "date": today.to_string(),
            "demo": self.demo,
            "place": m.subject.as_ref().and_then(|p| p.address_text()),
            "cause": m.category,
            "documents": documents.collect::<Vec<_>>(),
            "addressee": {"name": m.subject.as_ref().map_or("", |p| p.name.text())},
        })
    }

    /// Notes that what was put together is on its way, once.
    ///
    /// # Errors
    /// What fails in the store.
    pub async fn hand_over(&self, actor: &Actor, key: &str, papers: &[PaperRef]) -> Result<(), AppError> {
        let mut steps = Vec::new();
        for issued in papers {
            let state = self.state::<paper::Paper>(&issued.id).await?;
            if state.is_some_and(|state| state.standing() == "issued") {
                let channel = if issued.kind == decision::KIND { "print" } else { "with_decision" };
                let command = paper::Command::Dispatch { channel: channel.into(), to: None };
                steps.push((issued.id.clone(), command.into()));
            }
        }
        if !steps.is_empty() {
            self.handle(Request::all(actor, key, steps)).await?;
        }
        Ok(())
    }
}
