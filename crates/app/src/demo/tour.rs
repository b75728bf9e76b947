//! The tour of a demonstration: one invented dispute, and whatever comes next in it, done for a reader who does not want
//! to do it by hand.
//!
//! Each act is the command of the page on which it is done by hand, given by somebody whom policy allows it; a signature
//! has its one-time code, read from the demo phone; the clock is moved by the door that the page uses.

use jiff::ToSpan;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Decision, Dossier, Draft, Obligation, Sitting, Stage, Via};
use yanhe_core::matter::{self, Matter, Registered};
use yanhe_core::party::{Name, Party};
use yanhe_core::policy::{Actor, Role};
use yanhe_core::scope::Source;
use yanhe_core::time::{DateTime, at_county, county_time};
use yanhe_core::{PersonId, Personal, StreamId, StreamKind, paper};

use super::court::docket;
use super::identity;
use super::letters::service;
use super::plan::VALID;
use crate::clock::ClockError;
use crate::error::AppError;
use crate::handle::Request;
use crate::{App, Command};

/// The organ with the most disputes between buyers and sellers has this sector.
const SECTOR: &str = "market";

/// What the buyer of the tour tells the hotline.
const STORY: &str = "在绮园家电商行购买的冰箱使用10天就坏了，商家拒绝退换，要求退款2680元";

/// Is it the dispute of a tour?
pub fn is_of_tour(state: &matter::State) -> bool {
    state.matter.origin == "form" && state.matter.text.text() == STORY
}

/// What comes next: who does what to which stream.
struct Next {
    actor: Actor,
    stream: StreamId,
    command: Command,
    /// With a fresh one-time code.
    signs: bool,
}

impl Next {
    fn new(actor: Actor, stream: &StreamId, command: impl Into<Command>) -> Self {
        Self { actor, stream: stream.clone(), command: command.into(), signs: false }
    }

    fn signed(self) -> Self {
        Self { signs: true, ..self }
    }
}

/// When a session that begins at `at` is over.
pub fn session_over(at: DateTime) -> DateTime {
    at.checked_add(90.minutes()).unwrap_or(at)
}

impl App {
    /// Registers an invented complaint, as the clerk would from a form. The same key registers it once.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where no organ is fit for it, and when the database fails.
    pub async fn begin_tour(&self, key: &str) -> Result<StreamId, AppError> {
        if !self.demo {
            return Err(AppError::NotFound);
        }
        let organ = self.pack.mediating().find(|o| o.sectors.iter().any(|s| s == SECTOR)).ok_or(AppError::NotFound)?;
        let clerk = Tour(self).first_of(&organ.code, Role::Clerk).await?;
        let today = self.today();
        // From the repeat key: a double click registers one matter.
        let mark = key.bytes().fold(0_u32, |n, b| n.wrapping_mul(31).wrapping_add(u32::from(b))) % 10_000;
        let person = |role: &str| PersonId(self.index(role, key));
        let (buyer, seller) = (person("tour/buyer"), person("tour/seller"));
        let personal = |of: &PersonId, text: &str| Personal::new(of, text.to_owned());
        let party = |of: &PersonId, name: Name, n: u32, address: &str| Party {
            phone: Some(personal(of, &format!("1990000{:04}", (mark + n) % 10_000))),
            address: Some(personal(of, address)),
            ..Party::named(of.clone(), name)
        };
        let number = format!("HY{}{:02}{:02}{mark:04}", today.year(), today.month(), today.day());
        let name = Name::Human(personal(&buyer, "沈知夏"));
        let shop = Name::Firm("绮园家电商行".into());
        let matter = Registered {
            source: Source::Complaint,
            number: number.clone(),
            organ: organ.code.clone(),
            occurred_on: today,
            subject: Some(party(&seller, shop, 1, "海盐县武原街道勤俭路36号")),
            complainant: Some(party(&buyer, name, 0, "海盐县西塘桥街道海湾路8号")),
            affected: None,
            also_affected: Vec::new(),
            caller: None,
            reporter: false,
            category: "投诉".into(),
            result: personal(&buyer, ""),
            text: personal(&buyer, STORY),
            remark: None,
            penalty: None,
            own_due_on: None,
            status: "办理中".into(),
            batch: None,
            origin: "form".into(),
            row: None,
        };
        let stream = matter::stream(Source::Complaint, &number);
        let command = matter::Command::Register { matter: Box::new(matter) };
        self.handle(Request::one(&clerk, key, &stream, command)).await?;
        Ok(stream)
    }

    /// Does what comes next in the dispute of a matter and its case, and all that follows from it by itself. The key is
    /// that of the reader's press: the same press does nothing twice. False when nothing is left to be done.
    ///
    /// # Errors
    /// A refusal, when somebody went another way by hand; [`AppError::NotFound`]; when the database fails.
    pub async fn play_next(&self, key: &str, matter: &StreamId, case: Option<&StreamId>) -> Result<bool, AppError> {
        if !self.demo {
            return Err(AppError::NotFound);
        }
        let Some(Next { actor, stream, command, signs }) = Tour(self).next(matter, case).await? else {
            return Ok(false);
        };
        if let Command::Dossier(dossier::Command::RecordSession { sitting, .. }) = &command {
            Tour(self).wait_until(session_over(sitting.held_at)).await?;
        }
        let key = format!("{key}/{}/{}/{stream}", command.act().name(), actor.id);
        let mut request = Request::one(&actor, key, &stream, command);
        if signs {
            self.prove(&actor, &stream).await?;
            request = request.verified();
        }
        self.handle(request).await?;
        self.run_due().await?;
        Ok(true)
    }

    /// A number for the docket that nobody has taken yet: those of the played cases begin at one.
    pub fn tour_court_number(&self, case: &StreamId) -> String {
        let hash = crate::sha256(case.key().as_bytes());
        let n = hash.get(..8).and_then(|head| i64::from_str_radix(head, 16).ok()).unwrap_or_default();
        self.pack.court_number(None, self.today().year(), 1000 + n % 9000)
    }

    /// The one-time code of an actor for a stream, sent to the demo phone, read there and tried.
    pub(super) async fn prove(&self, actor: &Actor, stream: &StreamId) -> Result<(), AppError> {
        let phone = self.phone_of(actor, stream).await?.ok_or(AppError::NotFound)?;
        let id = self.send_code("sign", &actor.id, &phone, stream).await?;
        let code = self.demo_code(&id, &phone).await?.ok_or(AppError::NotFound)?;
        self.try_code(&id, "sign", &code).await.map(drop)
    }
}

/// Who does what next, read from how the dispute stands.
struct Tour<'a>(&'a App);

impl Tour<'_> {
    async fn wait_until(&self, to: DateTime) -> Result<(), AppError> {
        let to = at_county(to);
        if to <= self.0.clock.now() {
            return Ok(());
        }
        match self.0.advance_clock(&Actor::admin(), to).await {
            // Somebody else moved it meanwhile; or somebody called the session for another year, which the record then says.
            Ok(_) | Err(ClockError::Backwards { .. } | ClockError::Far { .. }) => Ok(()),
            Err(ClockError::App(error)) => Err(error),
            Err(ClockError::NotDemo) => Err(AppError::NotFound),
        }
    }

    /// The first who has a role in an organ or court.
    async fn first_of(&self, body: &str, role: Role) -> Result<Actor, AppError> {
        let people = self.0.staff_of(body).await?;
        people.into_iter().map(|who| who.actor).find(|actor| actor.role == role).ok_or(AppError::NotFound)
    }

    /// A member of staff, or a party, as signers are named.
    async fn named(&self, signer: &str) -> Result<Actor, AppError> {
        if let Some(person) = signer.strip_prefix("party/") {
            return Ok(Actor::party(&PersonId(person.to_owned())));
        }
        let stream = StreamId::parse(signer).ok_or(AppError::NotFound)?;
        Ok(self.0.staff_signed_in(&stream).await?.ok_or(AppError::NotFound)?.actor)
    }

    async fn next(&self, matter: &StreamId, case: Option<&StreamId>) -> Result<Option<Next>, AppError> {
        let registered = self.0.state::<Matter>(matter).await?.ok_or(AppError::NotFound)?;
        let organ = registered.matter.organ.as_str();
        if registered.letters.is_empty() {
            let clerk = self.first_of(organ, Role::Clerk).await?;
            return Ok(Some(Next::new(clerk, matter, matter::Command::ConfirmLetter { reason: String::new() })));
        }
        let Some(case) = case else { return applies(matter, &registered).map(Some) };
        let state = self.0.state::<Dossier>(case).await?.ok_or(AppError::NotFound)?;
        match state.stage {
            Stage::Applied => self.consent(case, &state).await,
            Stage::Mediating => self.mediates(case, &state).await.map(Some),
            Stage::Signing => {
                let Some(signer) = state.unsigned().into_iter().next() else {
                    let leader = self.first_of(organ, Role::Leader).await?;
                    return Ok(Some(Next::new(leader, case, dossier::Command::SealAgreement {})));
                };
                let paper = state.agreement.as_ref().map(|agreement| &agreement.paper);
                let sign = dossier::Command::SignAgreement { sha256: self.0.paper_sha256(paper).await? };
                Ok(Some(Next::new(self.named(&signer).await?, case, sign).signed()))
            }
            Stage::Performing | Stage::Performed | Stage::Breached => self.asks_the_court(case, &state).await,
            _ => Ok(None),
        }
    }

    async fn consent(&self, case: &StreamId, state: &dossier::State) -> Result<Option<Next>, AppError> {
        let clerk = self.first_of(&state.organ, Role::Clerk).await?;
        Ok(match state.consents.first().map(|consent| consent.answer) {
            None => Some(Next::new(clerk, case, dossier::Command::AskConsent {})),
            Some(None) => {
                let respondent = state.respondents.first().ok_or(AppError::NotFound)?;
                let command = dossier::Command::AnswerConsent {
                    answer: Decision::Yes,
                    on: self.0.today(),
                    person: None,
                    slip: None,
                    how: String::new(),
                    electronic: Some(true),
                };
                Some(Next::new(Actor::party(&respondent.person), case, command))
            }
            Some(Some(true)) => Some(Next::new(clerk, case, dossier::Command::Accept { reason: String::new() })),
            Some(Some(false)) => None,
        })
    }

    async fn mediates(&self, case: &StreamId, state: &dossier::State) -> Result<Next, AppError> {
        let Some(named) = &state.mediator else {
            let leader = self.first_of(&state.organ, Role::Leader).await?;
            let mediator = self.first_of(&state.organ, Role::Mediator).await?;
            let staff = StreamId::parse(&mediator.id).ok_or(AppError::NotFound)?;
            return Ok(Next::new(leader, case, dossier::Command::NameMediator { staff, legal_section: false }));
        };
        let mediator = self.named(&named.staff).await?;
        let command = match state.sessions.last() {
            _ if !named.declared => dossier::Command::DeclareConflict { conflict: false },
            None => dossier::Command::CallSession { at: self.tomorrow_at_ten(), place: "本机关调解室".into() },
            Some(session) if session.record.is_none() => {
                dossier::Command::RecordSession { sitting: sitting(state, session.at), asked: None }
            }
            Some(_) => {
                if let Some(signer) = state.record_unsigned().into_iter().next() {
                    let signer = self.named(&signer).await?;
                    return Ok(Next::new(signer, case, dossier::Command::SignRecord {}).signed());
                }
                if state.unidentified().next().is_some() {
                    let checks = state.unidentified().map(identity::shown).collect();
                    dossier::Command::RecordIdentity { checks }
                } else if state.draft.is_none() {
                    dossier::Command::DraftAgreement { draft: self.terms(state)? }
                } else {
                    dossier::Command::IssueAgreement {}
                }
            }
        };
        Ok(Next::new(mediator, case, command))
    }

    fn tomorrow_at_ten(&self) -> DateTime {
        let mut day = county_time(self.0.clock.now()).date();
        loop {
            day = day.tomorrow().unwrap_or(day);
            // What the calendar does not know is as good as any other day.
            if self.0.calendar.day(day).map_or(true, |day| day.kind.is_working()) {
                return day.at(10, 0, 0, 0);
            }
        }
    }

    fn terms(&self, state: &dossier::State) -> Result<Draft, AppError> {
        let (buyer, shop) = (state.applicants.first(), state.respondents.first());
        let (buyer, shop) = (buyer.ok_or(AppError::NotFound)?, shop.ok_or(AppError::NotFound)?);
        let personal = |text: &str| Personal::new(&buyer.person, text.to_owned());
        let refund = Obligation {
            from: shop.person.clone(),
            to: buyer.person.clone(),
            what: personal("退还货款"),
            amount: Some(268_000),
            due: self.0.today().checked_add(21.days()).unwrap_or(self.0.today()),
            how: personal("银行转账"),
        };
        Ok(Draft {
            facts: personal("双方确认冰箱使用十天后损坏，就此事一次处理完毕。"),
            obligations: vec![refund],
            text: personal("双方就本次争议互不再主张其他权利。"),
        })
    }

    async fn asks_the_court(&self, case: &StreamId, state: &dossier::State) -> Result<Option<Next>, AppError> {
        let stream = StreamId::new(StreamKind::Confirmation, case.key());
        let applicant = state.applicants.first().ok_or(AppError::NotFound)?;
        let applicant = Actor::party(&applicant.person);
        let Some(now) = self.0.state::<Confirmation>(&stream).await? else {
            return Ok(Some(Next::new(applicant, &stream, confirmation::Command::Draft {})));
        };
        let court = now.subject.court.as_str();
        let next = |actor: Actor, command: confirmation::Command| Some(Next::new(actor, &stream, command));
        Ok(match now.stage {
            // Whoever filed by hand before that has the certificate follow.
            confirmation::Stage::Filed if now.lacks_certificate() => {
                let mediator = state.mediator.as_ref().ok_or(AppError::NotFound)?;
                next(self.named(&mediator.staff).await?, confirmation::Command::Certify {})
            }
            confirmation::Stage::Drafted | confirmation::Stage::Signed => {
                if let Some(signer) = now.unsigned().into_iter().next() {
                    let sha256 = self.0.paper_sha256(Some(&now.application)).await?;
                    let signer = self.named(&signer).await?;
                    next(signer, confirmation::Command::Sign { sha256 }).map(Next::signed)
                } else if now.proof.is_none() {
                    let mediator = state.mediator.as_ref().ok_or(AppError::NotFound)?;
                    next(self.named(&mediator.staff).await?, confirmation::Command::Certify {})
                } else {
                    next(applicant, confirmation::Command::File { on: None, how: String::new() })
                }
            }
            confirmation::Stage::Filed => {
                let judge = self.first_of(court, Role::Judge).await?;
                let judge = StreamId::parse(&judge.id).ok_or(AppError::NotFound)?;
                let number = self.0.tour_court_number(case);
                next(self.first_of(court, Role::CourtClerk).await?, docket(number, judge))
            }
            confirmation::Stage::Docketed => {
                let findings = VALID.0.to_owned();
                let command =
                    confirmation::Command::Hear { findings, all_heard: true, on: self.0.today(), moved: String::new() };
                next(self.named(&now.judge).await?, command)
            }
            confirmation::Stage::Examined => {
                let reasons = VALID.1.to_owned();
                next(self.named(&now.judge).await?, confirmation::Command::RuleValid { reasons })
            }
            confirmation::Stage::Valid | confirmation::Stage::Rejected => self.serves(court, &now).await?,
            confirmation::Stage::RulingVoid => {
                next(self.named(&now.judge).await?, confirmation::Command::ReissueRuling {})
            }
            confirmation::Stage::Served | confirmation::Stage::Declined | confirmation::Stage::Expired => None,
        })
    }

    /// The next copy of the ruling that is not served.
    async fn serves(&self, court: &str, now: &confirmation::State) -> Result<Option<Next>, AppError> {
        for (_, copy) in now.ruling.iter().flat_map(|ruling| &ruling.papers) {
            let Some(ruling) = self.0.state::<paper::Paper>(&copy.id).await? else { continue };
            if ruling.served_on().is_none() {
                let name = ruling.issued.addressee.as_ref().map_or("", |to| to.name.text());
                let command = service("direct", self.0.today(), true, name, "");
                return Ok(Some(Next::new(self.first_of(court, Role::CourtClerk).await?, &copy.id, command)));
            }
        }
        Ok(None)
    }
}

/// The buyer applies by the portal, with what the letter knows.
fn applies(matter: &StreamId, state: &matter::State) -> Result<Next, AppError> {
    let applicant = state.entitled().cloned().ok_or(AppError::NotFound)?;
    let respondent = state.other_side().cloned().ok_or(AppError::NotFound)?;
    let actor = Actor::party(&applicant.person);
    let command = dossier::Command::Apply {
        disputed: None,
        via: Via::Portal,
        matter: Some(matter.clone()),
        organ: state.matter.organ.clone(),
        entry: state.proposal.entry.clone().unwrap_or_default(),
        applicants: vec![applicant],
        respondents: vec![respondent],
        claims: "退还货款2680元".into(),
        facts: state.matter.text.text().to_owned(),
        known_on: None,
        electronic_service: true,
        other_proceedings: Some(String::new()),
        agrees_named: false,
        told_on: None,
        told_late: String::new(),
        renews: None,
    };
    Ok(Next::new(actor, &StreamId::derived(StreamKind::Dossier, &["tour", matter.as_str()]), command))
}

/// Both sides came and agreed.
fn sitting(state: &dossier::State, held_at: DateTime) -> Sitting {
    let personal = |text: &str| Personal::new(&state.claims.of, text.to_owned());
    Sitting {
        held_at,
        present: dossier::parties(state).map(|(_, party)| party.person.clone()).collect(),
        statements: personal("投诉人陈述冰箱损坏的经过，商家说明送货情况，调解员释明规定。"),
        undisputed: personal("双方对购买时间和价款没有争议。"),
        result: "agreed".into(),
        rights_told: true,
        recusal: Some(false),
        for_organ: None,
        otherwise: None,
    }
}
