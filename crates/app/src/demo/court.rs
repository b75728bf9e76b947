//! The court in the play: joint application, docket, hearing, ruling, service.

use yanhe_core::policy::Actor;
use yanhe_core::time::Date;
use yanhe_core::{StreamId, StreamKind, confirmation, dossier, paper};

use super::letters::service;
use super::plan::{Case, Plan, REJECTED, VALID};
use super::{DemoError, Play};
use crate::error::AppError;

impl Play<'_> {
    /// The way to the court, for the plans that go it. True while there is something to do there.
    pub(super) async fn court(
        &mut self,
        dossier: &StreamId,
        state: &dossier::State,
        case: &mut Case,
        mediator: Option<&Actor>,
        day: Date,
    ) -> Result<bool, DemoError> {
        let goes = matches!(case.plan, Plan::Confirmed | Plan::Rejected);
        let confirmable = state.agreement.as_ref().is_some_and(|a| a.confirm_by.is_some());
        let (true, true, Some(mediator)) = (goes, confirmable, mediator) else { return Ok(false) };
        let stream = StreamId::new(StreamKind::Confirmation, dossier.key());
        let Some(now) = self.app.state::<confirmation::Confirmation>(&stream).await? else {
            if state.agreement.as_ref().and_then(|a| a.confirm_by.as_ref()).is_some_and(|d| d.last_day < day) {
                return Ok(false);
            }
            self.act("draft confirmation", mediator, &stream, confirmation::Command::Draft {}).await?;
            self.act("certify", mediator, &stream, confirmation::Command::Certify {}).await?;
            return Ok(true);
        };
        let (judge, court_clerk) = (self.people.judge.clone(), self.people.court_clerk.clone());
        match now.stage {
            confirmation::Stage::Drafted | confirmation::Stage::Filed if now.proof.is_none() => {
                self.act("certify", mediator, &stream, confirmation::Command::Certify {}).await?;
            }
            confirmation::Stage::Drafted => self.sign_confirmation(&stream, &now, &state.organ, day).await?,
            confirmation::Stage::Signed => {
                self.act("file", mediator, &stream, confirmation::Command::File { on: None, how: String::new() })
                    .await?;
            }
            confirmation::Stage::Filed => {
                let judge = StreamId::parse(&judge.id).ok_or(AppError::NotFound)?;
                // The court's clerk types what the court's own system gave.
                self.docketed += 1;
                let number = self.app.pack.court_number(None, day.year(), self.docketed);
                self.act("docket", &court_clerk, &stream, docket(number, judge)).await?;
            }
            confirmation::Stage::Docketed => {
                let findings = self.hears(case, &stream).0.to_owned();
                self.act(
                    "hear",
                    &judge,
                    &stream,
                    confirmation::Command::Hear { findings, all_heard: true, on: day, moved: String::new() },
                )
                .await?;
            }
            confirmation::Stage::Examined => {
                let (_, reasons, ground) = self.hears(case, &stream);
                let reasons = reasons.to_owned();
                let command = match ground {
                    Some(ground) => confirmation::Command::RuleReject { ground: ground.to_owned(), reasons },
                    None => confirmation::Command::RuleValid { reasons },
                };
                self.act("rule", &judge, &stream, command).await?;
            }
            confirmation::Stage::Valid | confirmation::Stage::Rejected => {
                let papers: Vec<_> =
                    now.ruling.iter().flat_map(|r| r.papers.iter().map(|(_, p)| p.id.clone())).collect();
                for paper in papers {
                    let Some(ruling) = self.app.state::<paper::Paper>(&paper).await? else { continue };
                    if ruling.served_on().is_none() {
                        let name =
                            ruling.issued.addressee.as_ref().map_or_else(String::new, |a| a.name.text().to_owned());
                        self.act("serve", &court_clerk, &paper, service("direct", day, true, &name, "")).await?;
                    }
                }
            }
            confirmation::Stage::RulingVoid => {
                self.act("reissue", &judge, &stream, confirmation::Command::ReissueRuling {}).await?;
            }
            confirmation::Stage::Served | confirmation::Stage::Declined | confirmation::Stage::Expired => {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What the hearing finds, the reasons of the ruling, and the ground on which it rejects.
    fn hears(&self, case: &Case, stream: &StreamId) -> (&'static str, &'static str, Option<&'static str>) {
        let one = || usize::try_from(self.chance.below(REJECTED.len() as u64, "ground", stream.as_str())).ok();
        let rejected = (case.plan == Plan::Rejected).then(one).flatten().and_then(|n| REJECTED.get(n));
        rejected.map_or((VALID.0, VALID.1, None), |(ground, findings, reasons)| (findings, reasons, Some(*ground)))
    }

    async fn sign_confirmation(
        &mut self,
        stream: &StreamId,
        now: &confirmation::State,
        organ: &str,
        day: Date,
    ) -> Result<(), DemoError> {
        let sha256 = self.app.paper_sha256(Some(&now.application)).await?;
        for party in now.subject.parties.clone() {
            let signer = format!("party/{}", party.person);
            if !now.unsigned().contains(&signer) {
                continue;
            }
            if party.phone_text().is_some() {
                let command = confirmation::Command::Sign { sha256: sha256.clone() };
                self.with_code("sign confirmation", &Actor::party(&party.person), stream, command).await?;
            } else {
                let clerk = self.people.bench(organ).clerk()?;
                let kept = (stream, &now.subject.draft.facts.of);
                let printed = (&now.application, now.check_code.as_str());
                let by_hand = self.by_hand(&clerk, kept, printed, &party, day).await?;
                let command = confirmation::Command::Attest(by_hand);
                self.act("attest confirmation", &clerk, stream, command).await?;
            }
        }
        Ok(())
    }
}

/// A number and a judge, and no hearing yet.
pub(super) fn docket(number: String, judge: StreamId) -> confirmation::Command {
    confirmation::Command::Docket { number, judge, hearing: None, place: String::new(), rest_day: false }
}
