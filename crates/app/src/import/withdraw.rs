//! Taking an import back as a whole, and what rests on the organs and people that it brought.

use std::collections::BTreeSet;

use yanhe_core::batch::{self, Use};
use yanhe_core::policy::{self, Actor};
use yanhe_core::{StreamId, StreamKind, expert, matter, organ, publicity, staff};
use yanhe_store_read::Page;
use yanhe_store_read::views::dossier::{DossierFilter, DossierOrder};
use yanhe_store_read::views::paper::PaperFilter;
use yanhe_store_read::views::work::WorkFilter;

use crate::App;
use crate::command::Command;
use crate::error::AppError;
use crate::handle::{Done, Request};

impl App {
    /// Takes an import back: all matters, publicity events and rows of the roster that it created, or nothing when
    /// something was issued from one of them or rests on it.
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
        // Once withdrawn it is refused, also to a second press; that decision is not the first one repeated.
        let key = format!("withdraw/{batch}{}", if state.withdrawn { "/again" } else { "" });
        self.handle(Request::all(actor, key, steps)).await
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
