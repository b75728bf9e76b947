//! Generated cases before the court: the joint application, its docket, the ruling and its service.

use yanhe_core::policy::{Actor, Role};
use yanhe_core::{StreamId, StreamKind, confirmation, paper};

use super::{Case, GenerateError, Goes, Making};
use crate::App;
use crate::error::AppError;

/// Who acts for the court.
pub(super) struct Court {
    clerk: Actor,
    judges: Vec<(StreamId, Actor)>,
}

impl App {
    pub(super) async fn court(&self) -> Result<Court, AppError> {
        let code = &self.pack.court.code;
        let staff = self.reader.staff(code).await?;
        let with = |role: Role| {
            let of = staff.iter().filter(move |s| Role::of_post(&s.post) == Some(role));
            of.map(move |s| (s.stream.clone(), Actor::staff(&s.stream, role, code)))
        };
        let clerk = with(Role::CourtClerk).next().ok_or(AppError::NotFound)?.1;
        Ok(Court { clerk, judges: with(Role::Judge).collect() })
    }
}

impl Making<'_> {
    /// The way to the court, as far as the case goes.
    pub(super) async fn confirmation(
        &self,
        case: &mut Case,
        dossier: &StreamId,
        (clerk, mediator): (&Actor, &Actor),
        court: &Court,
        goes: Goes,
    ) -> Result<(), GenerateError> {
        let stream = StreamId::new(StreamKind::Confirmation, dossier.key());
        self.at(case, 12, 10);
        self.act(case, "draft", mediator, &stream, confirmation::Command::Draft {}).await?;
        self.act(case, "certify", mediator, &stream, confirmation::Command::Certify {}).await?;
        let state = self.app.state::<confirmation::Confirmation>(&stream).await?.ok_or(AppError::NotFound)?;
        let sha256 = self.app.paper_sha256(Some(&state.application)).await?;
        for party in &state.subject.parties {
            let sign = confirmation::Command::Sign { sha256: sha256.clone() };
            self.act(case, "sign", &Actor::party(&party.person), &stream, sign).await?;
        }
        self.act(case, "file", mediator, &stream, confirmation::Command::File { on: None, how: String::new() }).await?;
        self.send(case, &stream, clerk).await?;
        if goes == Goes::Filed {
            return Ok(());
        }
        self.at(case, 14, 10);
        let chosen = self.below(court.judges.len() as u64, "judge", case.n);
        let judge = court.judges.get(usize::try_from(chosen).unwrap_or_default());
        let (staff, judge) = judge.ok_or(AppError::NotFound)?;
        let n = i64::try_from(case.n + 1).unwrap_or(i64::MAX);
        let number = self.app.pack.court_number(None, Self::day(case, 14).year(), n);
        let docket = confirmation::Command::Docket {
            number,
            judge: staff.clone(),
            hearing: None,
            place: String::new(),
            rest_day: false,
        };
        self.act(case, "docket", &court.clerk, &stream, docket).await?;
        self.send(case, &stream, &court.clerk).await?;
        if goes == Goes::Docketed {
            return Ok(());
        }
        self.at(case, 16, 10);
        let findings = "各方到庭，确认协议自愿达成，内容明确，没有损害他人利益。".to_owned();
        let on = Self::day(case, 16);
        self.act(
            case,
            "hear",
            judge,
            &stream,
            confirmation::Command::Hear { findings, all_heard: true, on, moved: String::new() },
        )
        .await?;
        let reasons = "协议符合司法确认的法定条件。".into();
        self.act(case, "rule", judge, &stream, confirmation::Command::RuleValid { reasons }).await?;
        self.at(case, 18, 10);
        let state = self.app.state::<confirmation::Confirmation>(&stream).await?.ok_or(AppError::NotFound)?;
        for (_, paper) in state.ruling.iter().flat_map(|ruling| &ruling.papers) {
            let issued = self.app.state::<paper::Paper>(&paper.id).await?.ok_or(AppError::NotFound)?.issued;
            let service = paper::Command::RecordService {
                manner: "direct".into(),
                on: Self::day(case, 18),
                at: None,
                served: true,
                receiver: issued.addressee.map_or_else(String::new, |to| to.name.text().to_owned()),
                note: String::new(),
            };
            self.act(case, "serve ruling", &court.clerk, &paper.id, service).await?;
        }
        Ok(())
    }
}
