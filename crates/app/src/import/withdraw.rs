//! Taking an import back as a whole, and what rests on the organs and people that it brought.

use std::collections::BTreeSet;

use yanhe_core::batch::{self, Use};
use yanhe_core::policy::{self, Actor};
use yanhe_core::{StreamId, StreamKind, Timestamp, Version, expert, matter, organ, publicity, staff};
use yanhe_store_read::Page;
use yanhe_store_read::views::dossier::{DossierFilter, DossierOrder};
use yanhe_store_read::views::paper::PaperFilter;
use yanhe_store_read::views::work::WorkFilter;

use super::known::FromRows;
use crate::App;
use crate::command::Command;
use crate::error::AppError;
use crate::handle::{Done, Request};

/// What becomes of the rows that an import updated when it is taken back.
#[derive(Debug, Default)]
pub struct SetBack {
    /// What sets them back.
    pub steps: Vec<(StreamId, Command)>,
    /// How many stay: something changed them since, or an import of before did not note which they are.
    pub stays: usize,
}

/// The repeat key under which an import is taken back; its receipt says later what that set back.
fn withdrawal(batch: &StreamId) -> String {
    format!("withdraw/{batch}")
}

impl App {
    /// Takes an import back: all matters, publicity events and rows of the roster that it created, or nothing when
    /// something was issued from one of them or rests on it. What it updated is set back where nothing has changed it since.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for no import, [`AppError::Denied`] by policy, [`AppError::Refused`] when something was
    /// issued or rests on it, which is named, or when it was taken back before.
    pub async fn withdraw_batch(&self, actor: &Actor, batch: &StreamId, reason: &str) -> Result<Done, AppError> {
        let state = self.state::<batch::Batch>(batch).await?.ok_or(AppError::NotFound)?;
        let command = batch::Command::Withdraw { reason: reason.to_owned() };
        let mut steps = vec![(batch.clone(), Command::from(command))];
        for stream in &state.created {
            if let Some(command) = self.back(batch, stream).await? {
                steps.push((stream.clone(), command));
            }
        }
        let mut back = self.set_back(batch, &state).await?.steps;
        for (_, command) in &mut back {
            // The history of a matter says why it is as before.
            if let Command::Matter(matter::Command::Update { taken_back, .. }) = command {
                *taken_back = Some(reason.to_owned());
            }
        }
        steps.extend(back);
        // Once withdrawn it is refused, also to a second press; that decision is not the first one repeated.
        let key = withdrawal(batch) + if state.withdrawn { "/again" } else { "" };
        self.handle(Request::all(actor, key, steps)).await
    }

    /// What taking an import back sets back of what it updated.
    ///
    /// # Errors
    /// What fails in the store.
    pub async fn set_back(&self, stream: &StreamId, batch: &batch::State) -> Result<SetBack, AppError> {
        let mut back = SetBack::default();
        if batch.updated.is_empty() {
            back.stays = usize::try_from(batch.file.updated).unwrap_or_default();
        }
        let mut gone = self.gone().await?;
        gone.extend(self.moved_by(stream, batch).await?);
        // What it created it takes back as a whole.
        for (stream, _) in batch.updated.iter().filter(|(stream, _)| !batch.created.contains(stream)) {
            let command = match stream.kind() {
                StreamKind::Publicity => self.as_without::<publicity::Publicity>(stream, &gone).await?,
                StreamKind::Organ => self.as_without::<organ::Organ>(stream, &gone).await?,
                StreamKind::Staff => self.as_without::<staff::Staff>(stream, &gone).await?,
                StreamKind::Expert => self.as_without::<expert::Expert>(stream, &gone).await?,
                _ => self.as_without::<matter::Matter>(stream, &gone).await?,
            };
            match command {
                Some(command) => back.steps.push((stream.clone(), command)),
                None => back.stays += 1,
            }
        }
        Ok(back)
    }

    /// The events of all imports that were taken back: a value of one of them stands no more, also under that of another.
    async fn gone(&self) -> Result<BTreeSet<(StreamId, Version)>, AppError> {
        let (mut gone, mut place) = (BTreeSet::new(), Page::first(200));
        loop {
            let read = self.reader.batches(&place).await?;
            for row in read.rows.iter().filter(|row| row.state == "withdrawn") {
                if let Some(state) = self.state::<batch::Batch>(&row.stream).await? {
                    gone.extend(self.moved_by(&row.stream, &state).await?);
                }
            }
            match read.next {
                Some(next) => place.after = Some(next),
                None => return Ok(gone),
            }
        }
    }

    /// The events by which an import updated what it had not created, and those by which taking it back set that back.
    async fn moved_by(&self, batch: &StreamId, state: &batch::State) -> Result<Vec<(StreamId, Version)>, AppError> {
        let receipt = self.reader.receipt(&withdrawal(batch)).await?;
        let back: Done = receipt.and_then(|r| serde_json::from_str(&r.receipt).ok()).unwrap_or_default();
        let moved = state.updated.iter().cloned().chain(back.streams);
        Ok(moved.filter(|(stream, _)| !state.created.contains(stream)).collect())
    }

    /// What makes a stream as it would be without these events; whatever else changed it stays.
    async fn as_without<S: FromRows>(
        &self,
        stream: &StreamId,
        gone: &BTreeSet<(StreamId, Version)>,
    ) -> Result<Option<Command>, AppError>
    where
        Command: From<S::Command>,
    {
        let (mut without, mut now) = (None::<S::State>, None::<S::State>);
        for (entry, event) in self.history::<S>(stream).await? {
            let at = Timestamp::from_microsecond(entry.at).unwrap_or_default();
            if !gone.contains(&(stream.clone(), entry.version)) {
                without = Some(S::apply(without, &event, at));
            }
            now = Some(S::apply(now, &event, at));
        }
        Ok(without.zip(now).and_then(|(without, now)| S::set_back(&without, &now)).map(Command::from))
    }

    /// What takes back a stream that an import created; nothing when it is gone already.
    async fn back(&self, batch: &StreamId, stream: &StreamId) -> Result<Option<Command>, AppError> {
        Ok(match stream.kind() {
            StreamKind::Publicity => {
                let stored = self.state::<publicity::Publicity>(stream).await?.filter(|s| !s.withdrawn);
                stored.map(|_| publicity::Command::Withdraw {}.into())
            }
            StreamKind::Organ => {
                let stored = self.state::<organ::Organ>(stream).await?.filter(|s| !s.withdrawn);
                stored.map(|_| organ::Command::Withdraw {}.into())
            }
            StreamKind::Staff => {
                let stored = self.state::<staff::Staff>(stream).await?.filter(|s| !s.withdrawn);
                stored.map(|_| staff::Command::Withdraw {}.into())
            }
            StreamKind::Expert => {
                let stored = self.state::<expert::Expert>(stream).await?.filter(|s| !s.withdrawn);
                stored.map(|_| expert::Command::Withdraw {}.into())
            }
            // A later import may have brought it again: then it belongs to that one.
            _ => {
                let stored = self.state::<matter::Matter>(stream).await?;
                let own = |s: &matter::State| s.matter.batch.as_ref() == Some(batch);
                let stored = stored.filter(|s| s.standing != matter::Standing::Withdrawn && own(s));
                stored.map(|_| matter::Command::Withdraw { reason: String::new() }.into())
            }
        })
    }

    /// The first organ or member of staff among the streams that an import created on which something rests. Who takes
    /// it back acts, too. No case names an expert of the pool yet, so nothing rests on them.
    pub(crate) async fn in_use(&self, created: &[StreamId], who: &Actor) -> Result<Option<Use>, AppError> {
        let mut acted = self.acted(created).await?;
        acted.insert(who.id.clone());
        for stream in created {
            let found = match stream.kind() {
                StreamKind::Organ => self.organ_in_use(stream).await?,
                StreamKind::Staff => self.staff_in_use(stream, &acted).await?,
                _ => None,
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The staff who acted since the first of these members of staff was brought in.
    async fn acted(&self, created: &[StreamId]) -> Result<BTreeSet<String>, AppError> {
        let mut first = None;
        for stream in created.iter().filter(|stream| stream.kind() == StreamKind::Staff) {
            let entries = self.reader.entries_of(stream, 0).await?;
            first = first.into_iter().chain(entries.first().map(|entry| entry.position)).min();
        }
        let Some(first) = first else { return Ok(BTreeSet::new()) };
        Ok(self.reader.acted_after(first).await?.into_iter().collect())
    }

    async fn organ_in_use(&self, stream: &StreamId) -> Result<Option<Use>, AppError> {
        let Some(state) = self.state::<organ::Organ>(stream).await?.filter(|s| !s.withdrawn) else { return Ok(None) };
        let (all, one, code) = (policy::scope(&Actor::admin()), Page::first(1), Some(stream.key().to_owned()));
        let papers = PaperFilter { issuer: code.clone(), ..PaperFilter::default() };
        let cases = DossierFilter { organ: code, ..DossierFilter::default() };
        let how = if state.online_on.is_some() {
            "online"
        } else if !self.reader.dossiers(&all, &cases, DossierOrder::Latest, &one).await?.rows.is_empty() {
            "cases"
        } else if !self.reader.papers(&all, &papers, &one).await?.rows.is_empty() {
            "papers"
        } else {
            return Ok(None);
        };
        Ok(Some(Use { name: state.profile.name, how }))
    }

    async fn staff_in_use(&self, stream: &StreamId, acted: &BTreeSet<String>) -> Result<Option<Use>, AppError> {
        let Some(state) = self.state::<staff::Staff>(stream).await?.filter(|s| !s.withdrawn) else { return Ok(None) };
        let organ = self.state::<organ::Organ>(&StreamId::new(StreamKind::Organ, &state.profile.body)).await?;
        let listed = organ
            .and_then(|organ| organ.checklist)
            .is_some_and(|list| [list.leader, list.mediator].iter().any(|named| named == stream.as_str()));
        let (all, one, id) = (policy::scope(&Actor::admin()), Page::first(1), Some(stream.to_string()));
        let cases = DossierFilter { mediator: id.clone(), ..DossierFilter::default() };
        let tasks = WorkFilter { assignee: id, ..WorkFilter::default() };
        let how = if acted.contains(stream.as_str()) {
            "acted"
        } else if listed {
            "checklist"
        } else if !self.reader.dossiers(&all, &cases, DossierOrder::Latest, &one).await?.rows.is_empty() {
            "mediates"
        } else if !self.reader.work(&all, &tasks, &one).await?.rows.is_empty() {
            "task"
        } else {
            return Ok(None);
        };
        Ok(Some(Use { name: state.profile.name.text().to_owned(), how }))
    }
}
