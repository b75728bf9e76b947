//! Cases in the play: what the parties, mediators and the court do, step by step, each on its day.

use yanhe_core::dossier::{self, Decision, Draft, Obligation, Sitting, Stage, Via};
use yanhe_core::matter;
use yanhe_core::party::Party;
use yanhe_core::policy::Actor;
use yanhe_core::time::Date;
use yanhe_core::{Personal, StreamId, StreamKind};

use super::by_hand::party_of;
use super::plan::{Case, Plan, claimed};
use super::{DemoError, Play, identity, time};
use crate::error::AppError;
use crate::handle::Request;

impl Play<'_> {
    pub(super) async fn cases_of_the_day(&mut self, day: Date) -> Result<(), DemoError> {
        self.at(day, 16, 0);
        let due: Vec<StreamId> =
            self.cases.iter().filter(|(_, c)| !c.done && c.next <= day).map(|(m, _)| m.clone()).collect();
        for matter in due {
            let Some(mut case) = self.cases.remove(&matter) else { continue };
            match case.dossier.clone() {
                None => self.apply(&matter, &mut case, day).await?,
                Some(dossier) => self.step(&dossier, &mut case, day).await?,
            }
            if !case.done && case.next <= day {
                let days = 1 + self.chance.below(4, &format!("pause {}", self.acts), matter.as_str());
                case.next = day.checked_add(jiff::Span::new().days(i64::try_from(days).unwrap_or(1))).unwrap_or(day);
            }
            self.cases.insert(matter, case);
        }
        Ok(())
    }

    async fn apply(&mut self, matter: &StreamId, case: &mut Case, day: Date) -> Result<(), DemoError> {
        let Some(state) = self.app.state::<matter::Matter>(matter).await? else { return Ok(()) };
        // Who got the first letter: whom a punished act harmed applies against the punished person.
        let letter = state.letters.iter().find(|(_, s)| *s != matter::LetterState::Voided);
        let Some(applicant) = letter.map(|(letter, _)| &letter.to).or(state.entitled()).cloned() else {
            return Ok(());
        };
        let administrative = state.kind_of(&applicant.person) == yanhe_core::scope::Kind::Administrative;
        let roll = self.chance.below(100, "plan", matter.as_str());
        case.plan = match (administrative, roll) {
            (true, 0..30) => Plan::Fails,
            (true, _) => Plan::Kept,
            (false, 0..6) => Plan::Refused,
            (false, 6..12) => Plan::NoConsent,
            (false, 12..17) => Plan::Silent,
            (false, 17..31) => Plan::Fails,
            (false, 31..55) => Plan::Kept,
            (false, 55..78) => Plan::Confirmed,
            (false, 78..84) => Plan::Rejected,
            (false, 84..93) => Plan::Late,
            _ => Plan::Broken,
        };
        let portal = self.acts_by_portal(&state.matter.organ, &applicant).await?;
        let dossier = StreamId::derived(StreamKind::Dossier, &["demo", matter.as_str()]);
        let ids = yanhe_core::Ids::new(self.app.entropy_for(&format!("respondent/{matter}")));
        let respondents = match (administrative, state.other_side_of(&applicant.person)) {
            (true, _) => Vec::new(),
            (false, Some(other)) => vec![self.reachable(other.clone(), matter)],
            (false, None) => vec![Party::human(ids.person(), "对方当事人")],
        };
        let actor = match portal {
            true => Actor::party(&applicant.person),
            false => self.people.bench(&state.matter.organ).clerk()?,
        };
        let command = dossier::Command::Apply {
            disputed: None,
            via: if portal { Via::Portal } else { Via::Oral },
            matter: Some(matter.clone()),
            organ: state.matter.organ.clone(),
            entry: state.proposal.entry.clone().unwrap_or_default(),
            applicants: vec![applicant],
            respondents,
            claims: match administrative {
                true => "请求对处罚的裁量进行调解，依法减轻处罚。".to_owned(),
                false => "请求对方承担责任，退还或者赔偿相应款项。".to_owned(),
            },
            facts: state.matter.text.text().chars().take(300).collect(),
            known_on: None,
            electronic_service: portal,
            other_proceedings: Some(String::new()),
            agrees_named: state.matter.reporter,
            told_on: None,
            told_late: String::new(),
            renews: None,
        };
        self.act("apply", &actor, &dossier, command).await?;
        self.sign_application(&actor, &dossier, day).await?;
        case.dossier = Some(dossier);
        case.next = day.checked_add(jiff::Span::new().days(1)).unwrap_or(day);
        Ok(())
    }

    /// Who applied by word of mouth signs the printed record of it.
    async fn sign_application(&mut self, clerk: &Actor, dossier: &StreamId, day: Date) -> Result<(), DemoError> {
        let Some(state) = self.app.state::<dossier::Dossier>(dossier).await? else { return Ok(()) };
        let told = Some(&state).filter(|state| state.via == dossier::Via::Oral);
        for signer in told.map(dossier::State::application_unsigned).unwrap_or_default() {
            let Some(record) = state.application_paper() else { break };
            let printed = (record, state.application_code.as_deref().unwrap_or_default());
            let party = party_of(&state, &signer)?;
            let by_hand = self.by_hand(clerk, (dossier, &state.claims.of), printed, party, day).await?;
            self.act("attest application", clerk, dossier, dossier::Command::AttestApplication(by_hand)).await?;
        }
        Ok(())
    }

    /// The other side with a phone that the applicant knew, in half of the cases.
    fn reachable(&self, mut party: Party, matter: &StreamId) -> Party {
        if party.phone.is_none() && self.chance.in_hundred(50, "phone known", matter.as_str()) {
            let number = self.chance.below(10_000, "phone", matter.as_str());
            party.phone = Some(Personal::new(&party.person, format!("1990000{number:04}")));
        }
        party
    }

    /// The next step of a case, if its day has come.
    async fn step(&mut self, dossier: &StreamId, case: &mut Case, day: Date) -> Result<(), DemoError> {
        let Some(state) = self.app.state::<dossier::Dossier>(dossier).await? else { return Ok(()) };
        let bench = self.people.bench(&state.organ);
        let (clerk, leader) = (bench.clerk()?, bench.leader()?);
        let able = bench.mediators.iter().chain([&self.people.studio]);
        let mediator = state.mediator.as_ref().and_then(|m| able.into_iter().find(|a| a.id == m.staff)).cloned();
        if state.stage == Stage::Mediating && self.chance.in_hundred(8, "correction", dossier.as_str()) {
            self.correct(dossier, &state, &clerk, &leader).await?;
        }
        match state.stage {
            Stage::Applied => self.answer(dossier, &state, case, &clerk, day).await,
            Stage::Mediating => match (&state.mediator, mediator) {
                (None, _) => {
                    // About a decision of the organ somebody of the studio mediates, or of its legal section.
                    let studio = state.is_administrative() && self.chance.in_hundred(50, "studio", dossier.as_str());
                    let able = if studio { vec![self.people.studio.clone()] } else { bench.mediators };
                    let chosen = self.chance.below(able.len() as u64, "mediator", dossier.as_str());
                    let chosen = able.get(usize::try_from(chosen).unwrap_or(0)).ok_or(AppError::NotFound)?;
                    let staff = StreamId::parse(&chosen.id).ok_or(AppError::NotFound)?;
                    let legal_section = state.is_administrative() && !studio;
                    let command = dossier::Command::NameMediator { staff, legal_section };
                    self.act("name mediator", &leader, dossier, command).await.map(drop)
                }
                (Some(m), Some(actor)) if !m.declared => self
                    .act("declare", &actor, dossier, dossier::Command::DeclareConflict { conflict: false })
                    .await
                    .map(drop),
                (Some(_), Some(actor)) => self.mediate(dossier, &state, case, &actor, day).await,
                (Some(_), None) => Err(AppError::NotFound.into()),
            },
            Stage::Signing => self.sign(dossier, &state, &clerk, &leader, mediator.as_ref(), day).await,
            Stage::Performing | Stage::Breached => {
                self.perform(dossier, &state, case, &clerk, mediator.as_ref(), day).await
            }
            Stage::Refused | Stage::Withdrawn | Stage::Ended | Stage::Performed | Stage::Replaced => {
                if self.court(dossier, &state, case, mediator.as_ref(), day).await?
                    || self.visit(dossier, &state, case, mediator.as_ref(), day).await?
                {
                    return Ok(());
                }
                self.act("close", &clerk, dossier, dossier::Command::Close {}).await?;
                case.done = true;
                Ok(())
            }
            Stage::Closed => {
                case.done = true;
                Ok(())
            }
        }
    }

    /// A clerk notices a wrong figure in the claims; the leader approves the correction.
    async fn correct(
        &mut self,
        dossier: &StreamId,
        state: &dossier::State,
        clerk: &Actor,
        leader: &Actor,
    ) -> Result<(), DemoError> {
        if !state.corrections.is_empty() {
            return Ok(());
        }
        let command = dossier::Command::AskCorrection {
            field: "claims".into(),
            after: format!("{}（金额以票据为准）", state.claims.text()),
            reason: "申请人来电更正诉求金额的说明。".into(),
        };
        self.act("ask correction", clerk, dossier, command).await?;
        self.act("approve", leader, dossier, dossier::Command::ApproveCorrection { correction: 0 }).await.map(drop)
    }

    async fn answer(
        &mut self,
        dossier: &StreamId,
        state: &dossier::State,
        case: &mut Case,
        clerk: &Actor,
        day: Date,
    ) -> Result<(), DemoError> {
        if case.plan == Plan::Refused {
            let competent = "海盐县人民调解委员会".to_owned();
            let command = dossier::Command::Refuse { ground: "unconnected".into(), note: String::new(), competent };
            return self.act("refuse", clerk, dossier, command).await.map(drop);
        }
        if state.is_administrative() {
            return self
                .act("accept", clerk, dossier, dossier::Command::Accept { reason: String::new() })
                .await
                .map(drop);
        }
        match state.consents.first() {
            None => self.act("ask", clerk, dossier, dossier::Command::AskConsent {}).await.map(drop),
            // Silence: the timer ends it, and the case waits.
            Some(c) if c.answer.is_none() && case.plan == Plan::Silent => {
                case.next = c.due.last_day.checked_add(jiff::Span::new().days(2)).unwrap_or(day);
                Ok(())
            }
            Some(c) if c.answer.is_none() => {
                let respondent = state.respondents.first().ok_or(AppError::NotFound)?;
                let actor = match self.acts_by_portal(&state.organ, respondent).await? {
                    true => Actor::party(&respondent.person),
                    false => clerk.clone(),
                };
                let answer = if case.plan == Plan::NoConsent { Decision::No } else { Decision::Yes };
                let slip = match actor.person {
                    Some(_) => None,
                    None => {
                        let kept = (dossier, &state.claims.of);
                        let letter = (&c.paper, c.check_code.as_deref().unwrap_or_default());
                        Some(self.by_hand(&actor, kept, letter, respondent, day).await?)
                    }
                };
                let command = dossier::Command::AnswerConsent {
                    electronic: None,
                    answer,
                    on: day,
                    person: None,
                    slip,
                    how: String::new(),
                };
                self.act("answer", &actor, dossier, command).await.map(drop)
            }
            Some(c) if c.answer == Some(true) => {
                self.act("accept", clerk, dossier, dossier::Command::Accept { reason: String::new() }).await.map(drop)
            }
            Some(_) => {
                let (ground, note, competent) = ("party_refuses".to_owned(), String::new(), String::new());
                let command = dossier::Command::Refuse { ground, note, competent };
                self.act("refuse", clerk, dossier, command).await.map(drop)
            }
        }
    }

    async fn mediate(
        &mut self,
        dossier: &StreamId,
        state: &dossier::State,
        case: &mut Case,
        mediator: &Actor,
        day: Date,
    ) -> Result<(), DemoError> {
        let Some(session) = state.sessions.last() else {
            // Its notices are handed over on the next working day: the session is on a later one.
            let soon = day.checked_add(jiff::Span::new().days(4)).unwrap_or(day);
            let on = self.working_after(self.working_after(day).max(soon.yesterday().unwrap_or(soon)));
            let command = dossier::Command::CallSession { at: time(on, 14), place: "本机关调解室".into() };
            case.next = on;
            return self.act("call session", mediator, dossier, command).await.map(drop);
        };
        let of = &state.claims.of;
        if session.record.is_none() {
            // The last day is played in the morning: its sessions are still to be held.
            if day == super::LAST {
                return Ok(());
            }
            let fails = case.plan == Plan::Fails;
            let sitting = Sitting {
                held_at: time(day, 14),
                present: dossier::parties(state).map(|(_, p)| p.person.clone()).collect(),
                statements: Personal::new(
                    of,
                    "申请人陈述诉求和理由，对方说明情况，调解员释明法律规定，各方协商。".to_owned(),
                ),
                undisputed: Personal::new(of, "各方对事情发生的时间、经过没有争议。".to_owned()),
                result: if fails { "failed" } else { "agreed" }.into(),
                rights_told: true,
                recusal: Some(false),
                for_organ: self.attending(state).await?,
                otherwise: None,
            };
            let command = dossier::Command::RecordSession { sitting, asked: None };
            return self.act("record", mediator, dossier, command).await.map(drop);
        }
        let unsigned = state.record_unsigned();
        if !unsigned.is_empty() {
            for signer in unsigned {
                self.sign_record(dossier, state, mediator, signer, day).await?;
            }
            return Ok(());
        }
        if case.plan == Plan::Fails {
            let command = dossier::Command::EndMediation { ground: "no_agreement".into() };
            return self.act("end", mediator, dossier, command).await.map(drop);
        }
        if state.unidentified().next().is_some() {
            let checks = identity::checks(state, |bound, what| self.chance.below(bound, what, dossier.as_str()));
            self.act("identity", mediator, dossier, dossier::Command::RecordIdentity { checks }).await?;
        }
        if state.draft.is_none() {
            let draft = self.draft(dossier, state, day)?;
            return self.act("draft", mediator, dossier, dossier::Command::DraftAgreement { draft }).await.map(drop);
        }
        self.act("issue agreement", mediator, dossier, dossier::Command::IssueAgreement {}).await.map(drop)
    }

    /// Does a party do its part by the portal? With an organ that is online, and who has a phone for the codes; everybody
    /// else does it at the counter or on paper.
    async fn acts_by_portal(&self, organ: &str, party: &Party) -> Result<bool, AppError> {
        Ok(party.mobile_text().is_some() && self.app.is_online(organ).await?)
    }

    /// Somebody who was present signs the record: by code where the portal serves, on the printed record otherwise.
    async fn sign_record(
        &mut self,
        dossier: &StreamId,
        state: &dossier::State,
        mediator: &Actor,
        signer: String,
        day: Date,
    ) -> Result<(), DemoError> {
        let sign = dossier::Command::SignRecord {};
        if signer == mediator.id {
            return self.with_code("sign record", mediator, dossier, sign).await;
        }
        let party = dossier::parties(state).map(|(_, p)| p).find(|p| format!("party/{}", p.person) == signer);
        let organ = state.is_administrative() && state.respondents.iter().any(|r| signer.ends_with(&r.person.0));
        match party {
            _ if organ => {
                let leader = self.people.bench(&state.organ).leader()?;
                self.with_code("sign record for the organ", &leader, dossier, sign).await
            }
            Some(party) if self.acts_by_portal(&state.organ, party).await? => {
                self.with_code("sign record", &Actor::party(&party.person), dossier, sign).await
            }
            _ => {
                let session = state.sessions.last();
                let record = session.and_then(|s| s.record.as_ref()).ok_or(AppError::NotFound)?;
                let code = session.and_then(|s| s.check_code.as_deref()).unwrap_or_default();
                let clerk = self.people.bench(&state.organ).clerk()?;
                let party = party_of(state, &signer)?;
                let by_hand = self.by_hand(&clerk, (dossier, &state.claims.of), (record, code), party, day).await?;
                let command = dossier::Command::AttestRecord(by_hand);
                self.act("attest record", &clerk, dossier, command).await.map(drop)
            }
        }
    }

    fn draft(&self, dossier: &StreamId, state: &dossier::State, day: Date) -> Result<Draft, DemoError> {
        let applicant = state.applicants.first().ok_or(AppError::NotFound)?;
        let respondent = state.respondents.first().ok_or(AppError::NotFound)?;
        let of = &applicant.person;
        let after = |days: i64| day.checked_add(jiff::Span::new().days(days)).unwrap_or(day);
        let personal = |text: &str| Personal::new(of, text.to_owned());
        // Of what is claimed most is agreed on, in whole yuan; where no sum is named, any.
        let roll = |bound, from| from + i64::try_from(self.chance.below(bound, "sum", dossier.as_str())).unwrap_or(0);
        let sum = match claimed(state.facts.text()) {
            Some(fen) if fen >= 20_000 => fen * roll(5, 6) / 1000 * 100,
            Some(fen) => fen,
            None => 10_000 * roll(60, 3),
        };
        let due = 12 + i64::try_from(self.chance.below(20, "due", dossier.as_str())).unwrap_or(0);
        let obligations = if state.is_administrative() {
            vec![Obligation {
                from: respondent.person.clone(),
                to: applicant.person.clone(),
                what: personal("在法定裁量幅度内重新作出处罚决定"),
                amount: None,
                due: after(due),
                how: personal("书面决定，直接送达"),
            }]
        } else {
            let one = |what: &str, amount, due| Obligation {
                from: respondent.person.clone(),
                to: applicant.person.clone(),
                what: personal(what),
                amount,
                due,
                how: personal("银行转账"),
            };
            match self.chance.below(3, "instalments", dossier.as_str()) {
                0 => vec![
                    one("支付第一期款项", Some(sum - sum / 200 * 100), after(due)),
                    one("支付第二期款项", Some(sum / 200 * 100), after(due + 15)),
                ],
                _ => vec![one("一次性支付款项", Some(sum), after(due))],
            }
        };
        Ok(Draft {
            facts: personal("各方确认争议的起因和经过，愿意按下列约定处理，就此事不再有其他争议。"),
            obligations,
            text: personal("各方就本次争议互不再主张其他权利。"),
        })
    }

    /// The next signature that is missing: by code where the portal serves, by hand at the counter otherwise.
    async fn sign(
        &mut self,
        dossier: &StreamId,
        state: &dossier::State,
        clerk: &Actor,
        leader: &Actor,
        mediator: Option<&Actor>,
        day: Date,
    ) -> Result<(), DemoError> {
        let agreement = state.agreement.as_ref().ok_or(AppError::NotFound)?;
        let sha256 = self.app.paper_sha256(Some(&agreement.paper)).await?;
        for signer in state.unsigned() {
            let sign = dossier::Command::SignAgreement { sha256: sha256.clone() };
            let party = dossier::parties(state).map(|(_, p)| p).find(|p| format!("party/{}", p.person) == signer);
            match (party, mediator) {
                (None, Some(mediator)) => self.with_code("sign", mediator, dossier, sign).await?,
                (Some(_), _)
                    if state.is_administrative() && state.respondents.iter().any(|r| signer.ends_with(&r.person.0)) =>
                {
                    self.with_code("sign for the organ", leader, dossier, sign).await?;
                }
                (Some(party), _) if self.acts_by_portal(&state.organ, party).await? => {
                    self.with_code("sign", &Actor::party(&party.person), dossier, sign).await?;
                }
                _ => {
                    let printed = (&agreement.paper, agreement.check_code.as_str());
                    let party = party_of(state, &signer)?;
                    let by_hand = self.by_hand(clerk, (dossier, &state.claims.of), printed, party, day).await?;
                    self.act("attest", clerk, dossier, dossier::Command::AttestSignature(by_hand)).await?;
                }
            }
        }
        self.act("seal", leader, dossier, dossier::Command::SealAgreement {}).await.map(drop)
    }

    async fn perform(
        &mut self,
        dossier: &StreamId,
        state: &dossier::State,
        case: &mut Case,
        clerk: &Actor,
        mediator: Option<&Actor>,
        day: Date,
    ) -> Result<(), DemoError> {
        if self.court(dossier, state, case, mediator, day).await? {
            return Ok(());
        }
        if state.is_administrative() && state.changed_decision.is_empty() {
            let leader = self.people.bench(&state.organ).leader()?;
            let command = self.changed_decision(state, day).await?;
            return self.act("changed decision", &leader, dossier, command).await.map(drop);
        }
        let agreement = state.agreement.as_ref().ok_or(AppError::NotFound)?;
        for (n, obligation) in (1..).zip(&agreement.draft.obligations) {
            let breached = state.performance.iter().any(|p| p.obligation == n && !p.performed);
            if !state.reportable().contains(&n) {
                continue;
            }
            let late = if case.plan == Plan::Late { 6 } else { -2 };
            let on = obligation.due.checked_add(jiff::Span::new().days(late)).unwrap_or(day);
            let overdue = obligation.due < day;
            if overdue && !breached && matches!(case.plan, Plan::Broken | Plan::Late) {
                let note = "逾期未付，已电话提醒。".to_owned();
                let command = dossier::Command::RecordBreach { obligation: n, on: day, note };
                self.act("breach", clerk, dossier, command).await?;
                if case.plan == Plan::Broken {
                    self.visit_of_breach(dossier, state, clerk, day).await?;
                    case.done = true;
                    return Ok(());
                }
            }
            if case.plan != Plan::Broken && on <= day {
                let note = "转账凭证已核对。".to_owned();
                let command = dossier::Command::ReportPerformance { obligation: n, on: day, note };
                self.act("performance", clerk, dossier, command).await?;
            }
        }
        Ok(())
    }

    /// An act with a fresh one-time code, sent to the actor and read from the demo phone.
    pub(super) async fn with_code(
        &mut self,
        what: &str,
        actor: &Actor,
        stream: &StreamId,
        command: impl Into<crate::Command>,
    ) -> Result<(), DemoError> {
        self.app.prove(actor, stream).await?;
        let request = Request::one(actor, self.key(), stream, command).verified();
        self.done(what, stream, request).await.map(drop)
    }
}
