//! The way to the court: what holds nobody up, what runs out, and what can be done once more.

use jiff::civil::date;
use yanhe_core::confirmation::{self, Command, Confirmation, Event, Stage};
use yanhe_core::dossier::ByHand;
use yanhe_core::paper::{self, Paper};
use yanhe_core::party::Party;
use yanhe_core::time::Date;
use yanhe_core::{Reason, StreamId};

use crate::people::{GOSSIP, he, own, shop};
use crate::play::*;
use crate::world::{No, World, confirmation_of, sha};

fn drafted(world: &mut World, key: &str) -> (StreamId, StreamId) {
    let id = agreement(world, key);
    let court = confirmation_of(&id);
    world.do_::<Confirmation>(&mediator(), &court, Command::Draft {});
    (id, court)
}

fn sign(world: &mut World, court: &StreamId, parties: &[Party]) {
    let sha256 = sha(&world.confirmation(court).application);
    for party in parties {
        world.do_::<Confirmation>(&own(party), court, Command::Sign { sha256: sha256.clone() });
    }
}

fn now() -> Command {
    Command::File { on: None, how: String::new() }
}

fn on_paper(world: &World, court: &StreamId, party: &Party, on: Date) -> Command {
    Command::Attest(ByHand {
        signer: format!("party/{}", party.person),
        on,
        manner: "hand".into(),
        check_code: world.confirmation(court).check_code.clone(),
        scan: "0".repeat(64),
        original: GOSSIP.into(),
    })
}

fn decline(ground: &str, reasons: &str) -> Command {
    Command::Decline { ground: ground.into(), reasons: reasons.into() }
}

#[test]
fn an_application_that_all_have_signed_is_filed_whatever_the_organ_does() {
    let mut world = World::new();
    let (id, court) = drafted(&mut world, "unproved");
    sign(&mut world, &court, &[he(), shop()]);
    assert_eq!(world.tasks(&court), ["certify", "file"], "neither waits for the other");
    world.until(date(2022, 3, 31));
    world.do_::<Confirmation>(&own(&he()), &court, now());
    let filed = world.confirmation(&court);
    assert_eq!((filed.filed_on, filed.stage), (Some(date(2022, 3, 31)), Stage::Filed), "on the last day");
    assert!(filed.lacks_certificate() && filed.docket_by.is_none(), "the court's limit counts from what is complete");
    let supplement = filed.supplement_by.clone().unwrap();
    assert_eq!((supplement.limit.as_str(), supplement.last_day), ("confirmation.supplement", date(2022, 4, 6)));
    assert_eq!(world.dossier(&id).confirmation_state, "filed");
    assert_eq!(world.tasks(&court), ["certify"], "it is the organ that owes something");

    let judge = world.name(&judge());
    let number = "（2022）浙0424诉前调确1号".to_owned();
    let early = Command::Docket { number: number.clone(), judge, hearing: None, place: String::new(), rest_day: false };
    assert_eq!(
        world.no::<Confirmation>(&court_clerk(), &court, early),
        "waiting",
        "the court waits for the certificate"
    );
    world.until(date(2022, 4, 7));
    world.do_::<Confirmation>(&mediator(), &court, Command::Certify {});
    let complete = world.confirmation(&court);
    assert_eq!(complete.docket_by.as_ref().map(|d| d.from), Some(date(2022, 4, 7)), "complete on that day");
    assert_eq!(world.tasks(&court), ["docket"]);
    docket(&mut world, &court, &number);
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn what_was_filed_when_it_had_to_be_complete_reads_as_before() {
    let old = serde_json::json!({"ConfirmationFiled": {"on": "2022-03-10", "docket_by": null}});
    assert!(serde_json::from_value::<Event>(old).is_ok());
    let mut world = World::new();
    let id = agreement(&mut world, "old");
    let court = file(&mut world, &id);
    let filed = world.confirmations[&court].events.iter().map(|(_, e)| serde_json::to_value(e).unwrap());
    let filed = filed.into_iter().find(|e| e.get("ConfirmationFiled").is_some()).unwrap();
    let names: Vec<_> = filed["ConfirmationFiled"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["docket_by", "on"], "a complete application writes what it always wrote");
}

#[test]
fn what_was_drafted_lapses_with_the_last_day_whoever_has_signed() {
    for signed in [vec![], vec![he()], vec![he(), shop()]] {
        let mut world = World::new();
        let (id, court) = drafted(&mut world, "lapses");
        sign(&mut world, &court, &signed);
        world.until(date(2022, 3, 31));
        assert_ne!(world.confirmation(&court).stage, Stage::Expired, "the 30th day is still in time");
        world.until(date(2022, 4, 1));
        assert_eq!(world.confirmation(&court).stage, Stage::Expired);
        assert_eq!(world.dossier(&id).confirmation_state, "expired", "the case hears of it");
        assert!(world.tasks(&court).is_empty(), "nobody has anything to do for it");
        assert!(!world.tasks(&id).contains(&"confirm".to_owned()));
        let sha256 = sha(&world.confirmation(&court).application);
        assert_eq!(world.no::<Confirmation>(&own(&shop()), &court, Command::Sign { sha256 }), "period_expired");
        assert_eq!(world.no::<Confirmation>(&mediator(), &court, Command::Certify {}), "period_expired");
        assert_eq!(world.no::<Confirmation>(&mediator(), &court, Command::Draft {}), "period_expired");
        let late = if signed.len() == 2 { "period_expired" } else { "signatures_missing" };
        assert_eq!(world.no::<Confirmation>(&own(&he()), &court, now()), late);
        assert_eq!(world.no::<Confirmation>(&clerk(), &court, now()), late);
        assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
    }
}

#[test]
fn what_was_signed_and_handed_in_on_paper_in_time_is_filed_though_it_had_lapsed_meanwhile() {
    let mut world = World::new();
    let (id, court) = drafted(&mut world, "paper");
    sign(&mut world, &court, &[he()]);
    world.until(date(2022, 4, 8));
    assert_eq!(world.confirmation(&court).stage, Stage::Expired);
    let late = on_paper(&world, &court, &shop(), date(2022, 4, 1));
    assert_eq!(world.no::<Confirmation>(&clerk(), &court, late), "period_expired");
    let signature = on_paper(&world, &court, &shop(), date(2022, 3, 30));
    world.do_::<Confirmation>(&clerk(), &court, signature);
    assert_eq!(world.confirmation(&court).stage, Stage::Expired, "signed is not filed");
    let handed_in = |on| Command::File { on: Some(on), how: GOSSIP.into() };
    assert_eq!(world.no::<Confirmation>(&clerk(), &court, handed_in(date(2022, 4, 1))), "period_expired");
    world.do_::<Confirmation>(&clerk(), &court, handed_in(date(2022, 3, 31)));
    assert_eq!(world.confirmation(&court).stage, Stage::Filed);
    assert_eq!(world.dossier(&id).confirmation_state, "filed");
    assert_eq!(world.tasks(&court), ["certify"], "its certificate follows");
    world.do_::<Confirmation>(&mediator(), &court, Command::Certify {});
    assert_eq!(world.tasks(&court), ["docket"]);
}

#[test]
fn what_the_court_did_not_docket_is_applied_for_again_while_the_days_for_it_run() {
    let mut world = World::new();
    let id = agreement(&mut world, "again");
    let court = file(&mut world, &id);
    assert_eq!(world.no::<Confirmation>(&court_clerk(), &court, decline("not_this_court", " ")), "field", "why");
    world.do_::<Confirmation>(&court_clerk(), &court, decline("not_this_court", GOSSIP));
    assert_eq!(world.confirmation(&court).declined_reasons.as_ref().map(|r| r.text()), Some(GOSSIP));
    assert!(world.tasks(&id).contains(&"confirm".to_owned()), "the organ hears of it, with the last day");
    let first = world.confirmation(&court).application.clone();
    world.do_::<Confirmation>(&own(&he()), &court, Command::Draft {});
    let anew = world.confirmation(&court);
    assert_eq!((anew.stage, anew.filed_on, anew.signatures.len()), (Stage::Drafted, None, 0));
    assert_eq!(anew.earlier.len(), 1);
    assert_eq!((&anew.earlier[0].application, anew.earlier[0].ground.as_str()), (&first, "not_this_court"));
    assert_ne!(anew.application.id, first.id);
    assert!(!world.tasks(&id).contains(&"confirm".to_owned()));
    sign(&mut world, &court, &[he(), shop()]);
    world.do_::<Confirmation>(&own(&shop()), &court, now());
    assert_eq!(world.dossier(&id).confirmation_state, "filed");
    assert_eq!((world.count("confirmations_filed"), world.count("effective_filed")), (2, 1), "two filings of one case");
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn what_the_court_did_not_docket_ends_with_the_last_day() {
    let mut world = World::new();
    let id = agreement(&mut world, "over");
    let court = file(&mut world, &id);
    world.do_::<Confirmation>(&court_clerk(), &court, decline("not_this_court", GOSSIP));
    world.until(date(2022, 4, 1));
    assert!(world.dossier(&id).confirmation_lapsed && !world.tasks(&id).contains(&"confirm".to_owned()));
    assert_eq!(world.confirmation(&court).stage, Stage::Declined, "what the court said stays");
    assert_eq!(world.no::<Confirmation>(&mediator(), &court, Command::Draft {}), "period_expired");

    let late = agreement(&mut world, "late");
    let court = file(&mut world, &late);
    world.until(date(2022, 6, 1));
    world.do_::<Confirmation>(&court_clerk(), &court, decline("not_this_court", GOSSIP));
    assert!(!world.tasks(&late).contains(&"confirm".to_owned()), "declined after the last day");
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

/// A valid ruling that is not served yet.
fn ruled(world: &mut World, key: &str) -> StreamId {
    let id = agreement(world, key);
    let court = file(world, &id);
    docket(world, &court, &format!("（2022）浙0424诉前调确{}号", key.len()));
    hear(world, &court);
    world.do_::<Confirmation>(&judge(), &court, Command::RuleValid { reasons: GOSSIP.into() });
    court
}

fn by(manner: &str, on: Date, receiver: &str, note: &str) -> paper::Command {
    let (manner, receiver, note) = (manner.to_owned(), receiver.to_owned(), note.to_owned());
    paper::Command::RecordService { manner, on, at: None, served: true, receiver, note }
}

#[test]
fn a_public_notice_serves_when_its_thirty_days_have_run_out() {
    let mut world = World::new();
    let court = ruled(&mut world, "notice");
    let copy = world.confirmation(&court).ruling.as_ref().unwrap().papers[0].1.id.clone();
    let today = world.today();
    assert_eq!(today, date(2022, 3, 1));
    assert_eq!(world.no::<Paper>(&court_clerk(), &copy, by("notice", today, "x", " ")), "field", "where it stood");
    world.do_::<Paper>(&court_clerk(), &copy, by("notice", today, "", GOSSIP));
    let state = world.papers[&copy].state.as_ref().unwrap();
    assert_eq!(state.served_on(), Some(date(2022, 3, 31)), "the 30th day after it was published");
    let deemed = state.services[0].deemed.as_ref().unwrap();
    assert_eq!((deemed.limit.as_str(), deemed.from), ("service.notice", today));
    let proof = &world.order("proof_of_service").data;
    assert_eq!((proof["served_at"].as_str(), proof["manner"].as_str()), (Some("2022-03-31"), Some("公告送达")));
    let ruling = world.confirmation(&court).ruling.as_ref().unwrap();
    let (_, on, objection) = &ruling.served[0];
    assert_eq!(*on, date(2022, 3, 31));
    let objection = objection.as_ref().unwrap();
    assert_eq!((objection.from, objection.last_day), (date(2022, 3, 31), date(2022, 4, 15)), "fifteen days from then");
    assert_eq!(world.no::<Paper>(&court_clerk(), &copy, by("notice", today, "", GOSSIP)), "not_now", "once");
}

#[test]
fn only_who_agreed_to_it_is_served_a_ruling_electronically() {
    let mut world = World::new();
    let court = ruled(&mut world, "electronic");
    let papers = world.confirmation(&court).ruling.as_ref().unwrap().papers.clone();
    let today = world.today();
    let mut agreed = 0;
    for (_, copy) in &papers {
        let state = world.papers[&copy.id].state.as_ref().unwrap();
        let command = by("electronic", today, GOSSIP, "");
        if state.issued.electronic {
            agreed += 1;
            world.do_::<Paper>(&court_clerk(), &copy.id, command);
        } else {
            assert_eq!(world.no::<Paper>(&court_clerk(), &copy.id, command), "field");
        }
    }
    assert!(agreed < papers.len(), "somebody was never asked");
}

#[test]
fn nobody_is_summoned_to_a_rest_day_or_heard_on_another_day_without_a_word() {
    let mut world = World::new();
    let id = agreement(&mut world, "heard");
    let court = file(&mut world, &id);
    let judges = world.name(&judge());
    let summon = |on: Date, rest_day| Command::Docket {
        number: "（2022）浙0424诉前调确1号".into(),
        judge: judges.clone(),
        hearing: Some(on.at(9, 0, 0, 0)),
        place: String::new(),
        rest_day,
    };
    let sunday = date(2022, 3, 6);
    assert_eq!(world.no::<Confirmation>(&court_clerk(), &court, summon(sunday, false)), "field");
    let over = summon(date(2022, 5, 9), false);
    assert_eq!(world.no::<Confirmation>(&court_clerk(), &court, over), "field", "the court has thirty days itself");
    world.do_::<Confirmation>(&court_clerk(), &court, summon(sunday, true));
    let heard = |on, moved: &str| Command::Hear { findings: GOSSIP.into(), all_heard: true, on, moved: moved.into() };
    world.until(date(2022, 3, 7));
    assert_eq!(world.no::<Confirmation>(&judge(), &court, heard(date(2022, 3, 7), " ")), "field", "not the day set");
    world.do_::<Confirmation>(&judge(), &court, heard(date(2022, 3, 7), GOSSIP));
    assert_eq!(world.confirmation(&court).heard_otherwise.as_ref().map(|why| why.text()), Some(GOSSIP));
}

#[test]
fn a_hearing_before_the_hour_of_the_notice_needs_a_word() {
    let mut world = World::new();
    let id = agreement(&mut world, "early");
    let court = file(&mut world, &id);
    let docket = Command::Docket {
        number: "（2022）浙0424诉前调确1号".into(),
        judge: world.name(&judge()),
        hearing: Some(world.today().at(23, 59, 0, 0)),
        place: String::new(),
        rest_day: true,
    };
    world.do_::<Confirmation>(&court_clerk(), &court, docket);
    let on = world.today();
    let heard = |moved: &str| Command::Hear { findings: GOSSIP.into(), all_heard: true, on, moved: moved.into() };
    assert_eq!(world.no::<Confirmation>(&judge(), &court, heard("")), "field", "nobody was there yet");
    // Afterwards nobody is asked.
    world.until(on.tomorrow().unwrap());
    world.do_::<Confirmation>(&judge(), &court, heard(""));
    assert_eq!(world.confirmation(&court).heard_otherwise, None);
}

#[test]
fn a_number_of_the_court_is_of_the_year_of_its_docket() {
    let mut world = World::new();
    let id = agreement(&mut world, "last year");
    let court = file(&mut world, &id);
    let judge = world.name(&judge());
    let numbered = |number: &str| confirmation::Command::Docket {
        number: number.into(),
        judge: judge.clone(),
        hearing: None,
        place: String::new(),
        rest_day: false,
    };
    let no = world.ask::<Confirmation>(&court_clerk(), &court, numbered("(2021)浙0424民特7号")).unwrap_err();
    let No::Refused(refusal) = no else { panic!("{no:?}") };
    assert_eq!(
        refusal.reason,
        Reason::NumberOfYear { number: "（2021）浙0424民特7号".into(), year: "2022".into() },
        "it is named"
    );
    world.do_::<Confirmation>(&court_clerk(), &court, numbered("(2022)浙0424民特7号"));
}

#[test]
fn a_hearing_is_recorded_on_the_day_on_which_it_was_held() {
    let mut world = World::new();
    let id = agreement(&mut world, "heard before");
    let court = file(&mut world, &id);
    docket(&mut world, &court, "(2022)浙0424民特7号");
    let docketed = world.today();
    world.until(docketed + jiff::Span::new().days(3));
    let heard = |on| confirmation::Command::Hear { findings: GOSSIP.into(), all_heard: true, on, moved: String::new() };
    let (before, ahead) = (docketed.yesterday().unwrap(), world.today().tomorrow().unwrap());
    assert_eq!(world.no::<Confirmation>(&judge(), &court, heard(before)), "date_order");
    assert_eq!(world.no::<Confirmation>(&judge(), &court, heard(ahead)), "field");
    let held = docketed.tomorrow().unwrap();
    world.do_::<Confirmation>(&judge(), &court, heard(held));
    assert_eq!(world.confirmation(&court).heard_on, Some(held));
}

#[test]
fn the_court_rejects_on_a_statutory_ground_and_the_ground_is_on_the_paper() {
    let mut world = World::new();
    let id = agreement(&mut world, "rejected");
    let court = file(&mut world, &id);
    docket(&mut world, &court, "(2022)浙0424民特7号");
    assert_eq!(
        world.confirmation(&court).number,
        "（2022）浙0424民特7号",
        "the court's own number, as the pack writes it"
    );
    let reject = |ground: &str| confirmation::Command::RuleReject { ground: ground.into(), reasons: GOSSIP.into() };
    assert_eq!(world.no::<Confirmation>(&judge(), &court, reject("unclear")), "not_now", "nobody was heard");
    let hear_some = confirmation::Command::Hear {
        findings: GOSSIP.into(),
        all_heard: false,
        on: world.today(),
        moved: String::new(),
    };
    assert_eq!(world.no::<Confirmation>(&judge(), &court, hear_some), "field");
    hear(&mut world, &court);
    assert_eq!(world.no::<Confirmation>(&judge(), &court, reject("mood")), "field");
    world.do_::<Confirmation>(&judge(), &court, reject("unclear"));
    let ruling = world.order("ruling_reject");
    assert_eq!(ruling.data["ground"], "内容不明确");
    let basis = ruling.data["basis"].as_array().unwrap();
    let cites = |article: &str| basis.iter().filter(|b| b.as_str().is_some_and(|b| b.contains(article))).count();
    assert_eq!(
        (cites("第二百零二条"), cites("解释")),
        (1, 1),
        "the article under which it rules, and the ground: {basis:?}"
    );
    assert_eq!(ruling.paper.number, "（2022）浙0424民特7号");
    let papers = world.confirmation(&court).ruling.clone().unwrap().papers;
    for (_, paper) in papers {
        world.serve(&court_clerk(), &paper.id);
    }
    let ruling = world.confirmation(&court).ruling.clone().unwrap();
    assert!(ruling.served.len() == 2 && ruling.served.iter().all(|(.., objection)| objection.is_none()));
    let served = world.confirmations[&court]
        .events
        .iter()
        .filter(|(_, e)| matches!(e, confirmation::Event::RulingServed { .. }));
    let counted = |event: &confirmation::Event| serde_json::to_value(event).unwrap().to_string().contains("objection");
    assert!(
        served.clone().count() == 2 && !served.into_iter().any(|(_, event)| counted(event)),
        "nothing to object to"
    );
    assert_eq!(world.dossier(&id).confirmation_state, "rejected");
    assert_eq!((world.count("confirmation_rejected"), world.count("confirmed")), (1, 0));
}

#[test]
fn the_court_declines_only_on_a_ground_of_non_acceptance() {
    let mut world = World::new();
    let id = agreement(&mut world, "declined");
    let court = file(&mut world, &id);
    let decline = |ground: &str| confirmation::Command::Decline { ground: ground.into(), reasons: GOSSIP.into() };
    assert_eq!(
        world.no::<Confirmation>(&court_clerk(), &court, decline("unclear")),
        "field",
        "found only by examining"
    );
    world.do_::<Confirmation>(&court_clerk(), &court, decline("not_this_court"));
    assert_eq!(world.dossier(&id).confirmation_state, "declined");
}

#[test]
fn a_number_that_is_no_case_number_or_that_of_another_case_is_refused() {
    let mut world = World::new();
    let id = agreement(&mut world, "number");
    let court = file(&mut world, &id);
    for number in ["", " ", "7", "（2022）浙0424刑初7号", "（2022）浙0424民特0号", GOSSIP] {
        let judge = world.name(&judge());
        let docket = confirmation::Command::Docket {
            number: number.into(),
            judge,
            hearing: None,
            place: String::new(),
            rest_day: false,
        };
        assert_eq!(world.no::<Confirmation>(&court_clerk(), &court, docket), "field", "{number}");
    }
    let clerk_as_judge = world.name(&clerk());
    let docket = confirmation::Command::Docket {
        number: "（2022）浙0424诉前调确7号".into(),
        judge: clerk_as_judge,
        hearing: None,
        place: String::new(),
        rest_day: false,
    };
    assert_eq!(world.no::<Confirmation>(&court_clerk(), &court, docket), "field", "an organ's officer is no judge");
    let judge = world.name(&judge());
    let docket = confirmation::Command::Docket {
        number: "（2022）浙0424诉前调确7号".into(),
        judge,
        hearing: None,
        place: String::new(),
        rest_day: false,
    };
    world.number_of = Some("盐市监调申〔2022〕1号".into());
    assert_eq!(world.no::<Confirmation>(&court_clerk(), &court, docket.clone()), "number_taken");
    world.number_of = None;
    world.do_::<Confirmation>(&court_clerk(), &court, docket);
}

#[test]
fn what_all_have_signed_and_nobody_has_filed_is_brought_to_mind_once_before_its_last_day() {
    let mut world = World::new();
    let (_, waits) = drafted(&mut world, "waits");
    let (_, half) = drafted(&mut world, "half signed");
    let (_, files) = drafted(&mut world, "files");
    sign(&mut world, &half, &[he()]);
    for court in [&waits, &files] {
        sign(&mut world, court, &[he(), shop()]);
    }
    world.do_::<Confirmation>(&own(&he()), &files, now());
    let reminded = |world: &World, court: &StreamId| world.confirmation(court).reminded;
    world.until(date(2022, 3, 25));
    assert!(!reminded(&world, &waits));
    world.until(date(2022, 3, 26));
    assert!(reminded(&world, &waits), "five days before 31 March");
    assert!(!reminded(&world, &half) && !reminded(&world, &files), "it waits for a signature, and is filed");
    let system = yanhe_core::policy::Actor::system();
    assert!(world.do_::<Confirmation>(&system, &waits, Command::Remind {}).is_empty(), "once");
    // Whoever signs last within these days is reminded on the next, as long as it helps.
    world.until(date(2022, 3, 30));
    sign(&mut world, &half, &[shop()]);
    assert!(!reminded(&world, &half));
    world.until(date(2022, 3, 31));
    assert!(reminded(&world, &half));
    assert_eq!(world.confirmation(&waits).stage, Stage::Signed, "and can still be filed");
    world.do_::<Confirmation>(&own(&shop()), &waits, now());
    world.until(date(2022, 4, 1));
    assert_eq!(world.confirmation(&half).stage, Stage::Expired);
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}
