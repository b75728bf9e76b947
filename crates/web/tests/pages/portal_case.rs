//! A case in which both sides act on their own pages, for the tests of those pages.

use yanhe_core::confirmation;
use yanhe_core::dossier::{self, Dossier, Draft, Obligation, Sitting};
use yanhe_core::matter::Matter;
use yanhe_core::policy::{self, Act, Actor, Role};
use yanhe_core::{Personal, StreamId, StreamKind};
use yanhe_store_read::Page;
use yanhe_store_read::views::dossier::{DossierFilter, DossierOrder};

use crate::apply::{FILLED, at_the_form};
use crate::site::{Answer, Browser, County, ORGAN};

pub struct Play {
    pub county: County,
    pub case: StreamId,
    pub buyer: Browser,
    pub seller: Browser,
    pub clerk: Actor,
    pub leader: Actor,
    pub mediator: Actor,
}

impl Play {
    /// Applied by the page; the other side is asked.
    pub async fn asked() -> Self {
        let county = County::new().await;
        let mut buyer = at_the_form(&county, "HY202207140001", "沈知夏", "19900001001").await;
        buyer.post("/apply/check", &FILLED).await;
        let sent = buyer.press_with("/apply/send", &[("act", "send")], &[]).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        let all = policy::scope(&Actor::admin());
        let filter = DossierFilter::default();
        let rows = county.app.reader.dossiers(&all, &filter, DossierOrder::Latest, &Page::first(9)).await.unwrap().rows;
        let case = rows[0].stream.clone();
        Self::of_case(county, buyer, case).await
    }

    /// What the public page says of an agreement by number and code.
    pub async fn checked(&self, agreement: &dossier::Agreement) -> Answer {
        let mut browser = self.county.browser();
        browser.open("/verify").await;
        let typed = [("number", &*agreement.paper.number), ("check_code", &*agreement.check_code)];
        browser.press_with("/verify", &typed, &[]).await
    }

    /// The organ is not online: the buyer told a clerk, and the other side is asked.
    pub async fn at_the_counter() -> Self {
        let county = County::offline().await;
        let (matter, _) = county.letter("HY202207140001", "沈知夏", Some("19900001001")).await;
        let clerk = county.staff(ORGAN, Role::Clerk).await;
        let letter = county.app.permit::<Matter>(&clerk, Act::ReadMatter, &matter).await.unwrap().matter;
        let case = StreamId::new(StreamKind::Dossier, &county.app.fresh_key());
        let apply = dossier::Command::Apply {
            disputed: None,
            via: dossier::Via::Oral,
            matter: Some(matter),
            organ: ORGAN.into(),
            entry: String::new(),
            applicants: letter.complainant.into_iter().collect(),
            respondents: letter.subject.into_iter().collect(),
            claims: "请求退款2680元".into(),
            facts: "冰箱使用10天损坏".into(),
            known_on: None,
            electronic_service: false,
            other_proceedings: None,
            agrees_named: false,
            told_on: None,
            told_late: String::new(),
            renews: None,
        };
        county.run(&clerk, &case, apply).await;
        let buyer = county.browser();
        let mut play = Self::of_case(county, buyer, case).await;
        let applicant = Actor::party(&play.state().await.applicants[0].person);
        play.buyer = play.county.signed_in(&applicant, "沈知夏").await;
        play
    }

    pub async fn of_case(county: County, buyer: Browser, case: StreamId) -> Self {
        let clerk = county.staff(ORGAN, Role::Clerk).await;
        county.run(&clerk, &case, dossier::Command::AskConsent {}).await;
        let state = county.app.permit::<Dossier>(&clerk, Act::ReadDossier, &case).await.unwrap();
        let seller = county.signed_in(&Actor::party(&state.respondents[0].person), "绮园家电商行").await;
        let leader = county.staff(ORGAN, Role::Leader).await;
        let mediator = county.staff(ORGAN, Role::Mediator).await;
        Self { county, case, buyer, seller, clerk, leader, mediator }
    }

    pub fn path(&self, after: &str) -> String {
        format!("/my/{}{after}", self.case.key())
    }

    pub async fn state(&self) -> dossier::State {
        self.of(&self.case).await
    }

    /// Consented, accepted, mediated, the agreement issued.
    pub async fn mediate(&mut self) {
        let answer = self.path("/answer");
        assert!(self.seller.open(&self.path("")).await.says("文书怎样送给您"));
        self.seller.post(&answer, &[("answer", "yes"), ("electronic", "yes")]).await;
        assert!(self.takes_messages().await, "each side says it for itself");
        self.agree().await;
    }

    /// Accepted, mediated, the agreement issued.
    pub async fn agree(&mut self) {
        let county = &self.county;
        county.run(&self.clerk, &self.case, dossier::Command::Accept { reason: String::new() }).await;
        let staff = StreamId::parse(&self.mediator.id).unwrap();
        county.run(&self.leader, &self.case, dossier::Command::NameMediator { staff, legal_section: false }).await;
        county.run(&self.mediator, &self.case, dossier::Command::DeclareConflict { conflict: false }).await;
        let (at, during) = match yanhe_core::time::county_time(county.app.clock.now()).date().day() {
            ..20 => ("2022-07-20T09:00:00", "2022-07-20T02:00:00Z"),
            _ => ("2022-07-21T09:00:00", "2022-07-21T02:00:00Z"),
        };
        let at = at.parse().unwrap();
        county.run(&self.mediator, &self.case, dossier::Command::CallSession { at, place: "调解室".into() }).await;
        county.clock.set(during.parse().unwrap());
        let state = self.state().await;
        let (a, b) = (state.applicants[0].person.clone(), state.respondents[0].person.clone());
        let sitting = Sitting {
            held_at: at,
            present: vec![a.clone(), b.clone()],
            statements: Personal::new(&a, "双方陈述".into()),
            undisputed: Personal::new(&a, "冰箱已坏".into()),
            result: "agreed".into(),
            rights_told: false,
            recusal: None,
            for_organ: None,
            otherwise: None,
        };
        county.run(&self.mediator, &self.case, dossier::Command::RecordSession { sitting, asked: None }).await;
        let signs = {
            let key = format!("record {}", self.case);
            yanhe_app::Request::one(&self.mediator, key, &self.case, dossier::Command::SignRecord {})
        };
        county.app.handle(signs.verified()).await.unwrap();
        for person in [&a, &b] {
            let (signer, reason) = (format!("party/{person}"), "有事先走，改日补签".to_owned());
            let note = dossier::Command::NoteUnsigned { signer, refused: false, reason };
            county.run(&self.mediator, &self.case, note).await;
        }
        let draft = Draft {
            facts: Personal::new(&a, "冰箱使用10天损坏".into()),
            obligations: vec![Obligation {
                from: b.clone(),
                to: a.clone(),
                what: Personal::new(&a, "退还货款".into()),
                amount: Some(268_000),
                due: "2022-08-05".parse().unwrap(),
                how: Personal::new(&a, "银行转账".into()),
            }],
            text: Personal::new(&a, "冰箱由商家取回".into()),
        };
        county.run(&self.mediator, &self.case, dossier::Command::DraftAgreement { draft }).await;
        let check = |person: &yanhe_core::PersonId, kind: &str, number: &str, name: &str, post: &str| dossier::Check {
            person: person.clone(),
            document_kind: kind.into(),
            number: number.into(),
            representative: name.into(),
            post: post.into(),
            address: "海盐县武原街道试验路1号".into(),
        };
        let checks = vec![
            check(&a, "hong_kong_macao_permit", "H12345678", "", ""),
            check(&b, "", "91330499XLE6CL26N2", "顾建平", "经营者"),
        ];
        county.run(&self.mediator, &self.case, dossier::Command::RecordIdentity { checks }).await;
        county.run(&self.mediator, &self.case, dossier::Command::IssueAgreement {}).await;
        // Days have passed: both sign in again.
        let (buyer, seller) = (Actor::party(&a), Actor::party(&b));
        self.buyer = self.county.signed_in(&buyer, "沈知夏").await;
        self.seller = self.county.signed_in(&seller, "绮园家电商行").await;
    }

    /// Everybody signs without a page, and the organ seals.
    pub async fn conclude(&self, case: &StreamId) {
        let (app, state) = (&self.county.app, self.of(case).await);
        let sha256 = app.paper_sha256(state.agreement.as_ref().map(|a| &a.paper)).await.unwrap();
        let parties = dossier::parties(&state).map(|(_, p)| Actor::party(&p.person));
        for actor in parties.chain([self.mediator.clone()]) {
            let command = dossier::Command::SignAgreement { sha256: sha256.clone() };
            let request = yanhe_app::Request::one(&actor, format!("{}-{case}", actor.id), case, command).verified();
            app.handle(request).await.unwrap();
        }
        self.county.run(&self.leader, case, dossier::Command::SealAgreement {}).await;
    }

    /// The court rejects the application for confirmation.
    pub async fn rejected(&self) {
        let (county, state) = (&self.county, self.state().await);
        let court = StreamId::new(StreamKind::Confirmation, self.case.key());
        county.minute();
        county.run(&self.mediator, &court, confirmation::Command::Draft {}).await;
        let drafted = county.app.state::<confirmation::Confirmation>(&court).await.unwrap().unwrap();
        let sha256 = county.app.paper_sha256(Some(&drafted.application)).await.unwrap();
        for (_, party) in dossier::parties(&state) {
            let (actor, command) =
                (Actor::party(&party.person), confirmation::Command::Sign { sha256: sha256.clone() });
            let request = yanhe_app::Request::one(&actor, format!("{}-court", actor.id), &court, command).verified();
            county.app.handle(request).await.unwrap();
        }
        county.minute();
        county.run(&self.mediator, &court, confirmation::Command::Certify {}).await;
        county.minute();
        county.run(&self.mediator, &court, confirmation::Command::File { on: None, how: String::new() }).await;
        let secretary = county.staff("court", Role::CourtClerk).await;
        let judge = county.staff("court", Role::Judge).await;
        let docket = confirmation::Command::Docket {
            number: "（2022）浙0424诉前调确32号".into(),
            judge: StreamId::parse(&judge.id).unwrap(),
            hearing: None,
            place: String::new(),
            rest_day: false,
        };
        county.minute();
        county.run(&secretary, &court, docket).await;
        let on = county.app.today();
        let hear =
            confirmation::Command::Hear {
                findings: "内容不明确".into(), all_heard: true, on, moved: String::new()
            };
        county.minute();
        county.run(&judge, &court, hear).await;
        let reject =
            confirmation::Command::RuleReject { ground: "unclear".into(), reasons: "履行内容不明确".into() };
        county.minute();
        county.run(&judge, &court, reject).await;
    }

    /// Did the other side say that papers may come by message?
    pub async fn takes_messages(&self) -> bool {
        let state = Box::pin(self.state()).await;
        state.by_message(&state.respondents[0].person) == Some(true)
    }

    pub async fn of(&self, case: &StreamId) -> dossier::State {
        self.county.app.permit::<Dossier>(&self.clerk, Act::ReadDossier, case).await.unwrap()
    }

    /// A party signs by its page; gives the last answer.
    pub async fn sign(county: &County, browser: &mut Browser, path: &str) -> crate::site::Answer {
        county.minute();
        browser.open(path).await;
        browser.post(path, &[("act", "send")]).await;
        let code = county.code().await;
        browser.post(path, &[("act", "sign"), ("code", &code)]).await.clone()
    }
}

/// Signs by two presses at the same moment, as an impatient hand does; gives both answers.
pub async fn twice(county: &County, browser: &mut Browser, path: &str) -> (u16, u16) {
    county.minute();
    browser.open(path).await;
    browser.post(path, &[("act", "send")]).await;
    let code = county.code().await;
    let typed = [("act", "sign"), ("code", code.as_str())];
    let mut other = browser.clone();
    let (one, two) = tokio::join!(browser.press(path, &typed), other.press(path, &typed));
    (one.status, two.status)
}
