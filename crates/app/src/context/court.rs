//! What decisions about an application to the court need of its case and of the court.

use yanhe_core::policy::{self, Act, Actor, Subject};
use yanhe_core::{Stream, StreamId, StreamKind, confirmation, dossier};
use yanhe_store_read::Page;
use yanhe_store_read::views::confirmation::ConfirmationFilter;

use super::Contextual;
use crate::App;
use crate::error::AppError;

/// What an application to the court takes from its case; `sha256` is of the agreement.
fn of_case(stream: &StreamId, case: &dossier::State, sha256: &str) -> confirmation::Context {
    let agreement = case.agreement.as_ref();
    confirmation::Context {
        not_confirmable: agreement.map_or_else(String::new, |a| a.not_confirmable.clone()),
        subject: confirmation::subject(stream, case, sha256),
        case: Some(<dossier::Dossier as Contextual>::subject(stream, Some(case), &dossier::Context::default())),
        ..confirmation::Context::default()
    }
}

impl App {
    /// May this actor prepare the joint application of a case that has none, and is that open?
    pub fn may_draft_confirmation(&self, actor: &Actor, stream: &StreamId, case: &dossier::State) -> bool {
        let context = of_case(stream, case, "");
        let subject = <confirmation::Confirmation as Contextual>::subject(stream, None, &context);
        let act = Act::DraftConfirmation;
        policy::may(actor, act, &subject).is_ok()
            && self.with_facts(actor, stream, |facts| {
                <confirmation::Confirmation as Stream>::open(None, act, facts, &context).is_ok()
            })
    }

    /// Another case of the actor's court that bears this number, by the number of its file with the organ.
    async fn case_of_number(&self, stream: &StreamId, actor: &Actor, given: &str) -> Result<Option<String>, AppError> {
        let Some(number) = confirmation::case_number(given, &self.pack) else { return Ok(None) };
        let filter = ConfirmationFilter { number: Some(number.clone()), ..ConfirmationFilter::default() };
        let found = self.reader.confirmations(&policy::scope(actor), &filter, &Page::first(10)).await?.rows;
        let Some(other) = found.into_iter().find(|row| row.number == number && row.stream != *stream) else {
            return Ok(None);
        };
        let dossier = StreamId::new(StreamKind::Dossier, other.stream.key());
        Ok(Some(self.reader.dossier(&dossier).await?.map_or(other.number, |case| case.number)))
    }
}

impl Contextual for confirmation::Confirmation {
    async fn context(
        app: &App,
        stream: &StreamId,
        state: Option<&confirmation::State>,
        command: Option<&confirmation::Command>,
        actor: &Actor,
        verified: bool,
    ) -> Result<confirmation::Context, AppError> {
        let mut context = confirmation::Context { verified, ..confirmation::Context::default() };
        // One that the court did not docket is put together anew, from the case as it is now.
        match state.filter(|s| s.stage != confirmation::Stage::Declined) {
            // What is open on one that is there, its state alone says.
            Some(_) if command.is_none() => return Ok(context),
            Some(state) => {
                (context.paper_sha256, context.paper_date) = app.printed(Some(&state.application)).await?;
                context.organ = app.organ_profile(&state.subject.organ).await?;
                if let Some(confirmation::Command::Attest(by_hand)) = command {
                    context.scanned = app.scanned(stream, &state.subject.draft.facts.of, &by_hand.scan).await?;
                }
            }
            None => {
                let dossier = StreamId::new(StreamKind::Dossier, stream.key());
                if let Some(found) = app.state::<dossier::Dossier>(&dossier).await? {
                    let sha256 = app.paper_sha256(found.agreement.as_ref().map(|a| &a.paper)).await?;
                    let organ = app.organ_profile(&found.organ).await?;
                    context = confirmation::Context { verified, organ, ..of_case(&dossier, &found, &sha256) };
                }
            }
        }
        if let Some(confirmation::Command::Docket { judge, number, .. }) = command {
            context.number_of = app.case_of_number(stream, actor, number).await?;
            if let Some(clerk) = StreamId::parse(&actor.id) {
                context.clerk = app.officer(&clerk).await?;
            }
            context.judge = app.officer(judge).await?.filter(|o| state.is_some_and(|s| s.subject.court == o.organ));
        }
        Ok(context)
    }

    fn subject(_: &StreamId, state: Option<&confirmation::State>, context: &confirmation::Context) -> Subject {
        match state {
            None => context.case.clone().unwrap_or_default(),
            Some(state) => Subject {
                organ: state.subject.organ.clone(),
                court: state.subject.court.clone(),
                mediator: state.subject.mediator_staff.clone(),
                parties: state.subject.parties.iter().map(|p| p.person.clone()).collect(),
            },
        }
    }
}
