//! Generated cases: the session and the agreement.

use yanhe_core::dossier::{self, Draft, Obligation, Sitting};
use yanhe_core::policy::Actor;
use yanhe_core::{Personal, StreamId};

use super::{Case, GenerateError, Goes, Making};
use crate::error::AppError;

impl Making<'_> {
    /// A session is held and its record signed.
    pub(super) async fn session(
        &self,
        case: &mut Case,
        dossier: &StreamId,
        mediator: &Actor,
        failed: bool,
    ) -> Result<(), GenerateError> {
        self.at(case, 10, 16);
        let state = self.app.state::<dossier::Dossier>(dossier).await?.ok_or(AppError::NotFound)?;
        let of = &state.claims.of;
        let sitting = Sitting {
            held_at: Self::day(case, 10).at(14, 0, 0, 0),
            present: dossier::parties(&state).map(|(_, p)| p.person.clone()).collect(),
            statements: Personal::new(of, "申请人陈述诉求和理由，对方说明情况，各方协商。".to_owned()),
            undisputed: Personal::new(of, "各方对事情发生的时间、经过没有争议。".to_owned()),
            result: if failed { "failed" } else { "agreed" }.into(),
            rights_told: true,
            recusal: Some(false),
            for_organ: None,
            otherwise: None,
        };
        self.act(case, "record", mediator, dossier, dossier::Command::RecordSession { sitting, asked: None }).await?;
        for (_, party) in dossier::parties(&state) {
            let signer = Actor::party(&party.person);
            self.act(case, "sign record", &signer, dossier, dossier::Command::SignRecord {}).await?;
        }
        self.act(case, "sign record", mediator, dossier, dossier::Command::SignRecord {}).await
    }

    /// An agreement is drafted, issued, signed and sealed, as far as the case goes.
    pub(super) async fn agreement(
        &self,
        case: &mut Case,
        dossier: &StreamId,
        (leader, mediator): (&Actor, &Actor),
        goes: Goes,
    ) -> Result<(), GenerateError> {
        let state = self.app.state::<dossier::Dossier>(dossier).await?.ok_or(AppError::NotFound)?;
        let (Some(applicant), Some(respondent)) = (state.applicants.first(), state.respondents.first()) else {
            return Err(AppError::NotFound.into());
        };
        let personal = |text: &str| Personal::new(&applicant.person, text.to_owned());
        let sum = 10_000 * i64::try_from(3 + self.below(60, "sum", case.n)).unwrap_or(3);
        let draft = Draft {
            facts: personal("各方确认争议的起因和经过，愿意按下列约定处理。"),
            obligations: vec![Obligation {
                from: respondent.person.clone(),
                to: applicant.person.clone(),
                what: personal("一次性支付款项"),
                amount: Some(sum),
                due: Self::day(case, 30),
                how: personal("银行转账"),
            }],
            text: personal("各方就本次争议互不再主张其他权利。"),
        };
        self.act(case, "draft", mediator, dossier, dossier::Command::DraftAgreement { draft }).await?;
        let checks = crate::demo::identity::checks(&state, |bound, what| self.below(bound, what, case.n));
        self.act(case, "identity", mediator, dossier, dossier::Command::RecordIdentity { checks }).await?;
        self.act(case, "issue", mediator, dossier, dossier::Command::IssueAgreement {}).await?;
        if goes == Goes::Signing {
            return Ok(());
        }
        self.at(case, 11, 10);
        let state = self.app.state::<dossier::Dossier>(dossier).await?.ok_or(AppError::NotFound)?;
        let agreement = state.agreement.as_ref().ok_or(AppError::NotFound)?;
        let sha256 = self.app.paper_sha256(Some(&agreement.paper)).await?;
        let parties = dossier::parties(&state).map(|(_, p)| Actor::party(&p.person));
        for signer in parties.chain([mediator.clone()]) {
            let sign = dossier::Command::SignAgreement { sha256: sha256.clone() };
            self.act(case, "sign", &signer, dossier, sign).await?;
        }
        self.act(case, "seal", leader, dossier, dossier::Command::SealAgreement {}).await
    }
}
