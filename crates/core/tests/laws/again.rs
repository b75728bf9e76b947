//! A paper that a case needs and that a notice voided is made again, and the case goes on with it.

use jiff::ToSpan;
use yanhe_core::confirmation::{self, Confirmation, Stage};
use yanhe_core::dossier::{self, Decision, Dossier, Via};
use yanhe_core::paper::{self, Paper};
use yanhe_core::policy::Act;
use yanhe_core::{PersonId, StreamId};

use crate::people::{GOSSIP, he, own, ruan, shop};
use crate::play::*;
use crate::world::World;

fn void() -> paper::Command {
    paper::Command::Void { reason: GOSSIP.into() }
}

/// The court voids a paper of its own.
fn court_voids(world: &mut World, paper: &StreamId) {
    world.do_::<Paper>(&court_clerk(), paper, void());
    world.do_::<Paper>(&judge(), paper, paper::Command::ApproveNotice {});
}

/// A ruling that has reached everybody: its confirmation, and whom each copy is for.
fn ruled(world: &mut World, key: &str, command: confirmation::Command) -> (StreamId, Vec<(PersonId, StreamId)>) {
    let id = agreement(world, key);
    let court = file(world, &id);
    docket(world, &court, "（2022）浙0424诉前调确7号");
    hear(world, &court);
    world.do_::<Confirmation>(&judge(), &court, command);
    let copies = copies(world, &court);
    copies.iter().for_each(|(_, paper)| world.serve(&court_clerk(), paper));
    assert_eq!(world.confirmation(&court).stage, Stage::Served);
    (court, copies)
}

fn copies(world: &World, court: &StreamId) -> Vec<(PersonId, StreamId)> {
    let ruling = world.confirmation(court).ruling.as_ref().unwrap();
    ruling.papers.iter().map(|(person, paper)| (person.clone(), paper.id.clone())).collect()
}

fn valid() -> confirmation::Command {
    confirmation::Command::RuleValid { reasons: GOSSIP.into() }
}

fn reject() -> confirmation::Command {
    confirmation::Command::RuleReject { ground: "unclear".into(), reasons: GOSSIP.into() }
}

#[test]
fn a_voided_ruling_runs_nothing_and_counts_nothing_until_it_is_issued_anew_and_served_again() {
    for (command, figure) in [(valid(), "confirmed"), (reject(), "confirmation_rejected")] {
        let mut world = World::new();
        let (court, first) = ruled(&mut world, figure, command);
        let dossier = crate::world::dossier_of(&court);
        assert_eq!(world.count(figure), 1);
        let before = world.orders.iter().rfind(|o| o.paper.id == first[0].1).unwrap().data.clone();
        court_voids(&mut world, &first[0].1);
        // One number, one ruling: no copy of it stands, and each party is told by a notice of its own.
        let stands = |paper: &StreamId, world: &World| world.papers[paper].state.as_ref().unwrap().void.is_none();
        assert!(first.iter().all(|(_, paper)| !stands(paper, &world)));
        let notices: Vec<_> = world.orders.iter().filter(|o| o.paper.kind == "void_notice").cloned().collect();
        assert_eq!(notices.len(), first.len());
        assert!(notices[1].data["reason"].to_string().contains(&notices[0].paper.number), "{}", notices[1].data);
        let state = world.confirmation(&court).clone();
        let ruling = state.ruling.unwrap();
        assert_eq!((state.stage, ruling.served.len()), (Stage::RulingVoid, 0), "no limit runs");
        assert_eq!((world.count(figure), world.count("filed_decided")), (0, 0));
        assert_eq!(world.tasks(&court), ["reissue"]);
        assert_eq!(world.dossier(&dossier).confirmation_state, "ruling_void");
        assert!(!world.dossier(&dossier).is_renewable(), "the court is about to say again what it ruled");

        world.until(world.today() + 5.days());
        let again = confirmation::Command::ReissueRuling {};
        assert_eq!(world.no::<Confirmation>(&court_clerk(), &court, again.clone()), "denied");
        world.do_::<Confirmation>(&judge(), &court, again.clone());
        assert_eq!(world.no::<Confirmation>(&judge(), &court, again.clone()), "not_now", "once");
        let second = copies(&world, &court);
        let order = world.orders.iter().rfind(|o| o.paper.id == second[0].1).unwrap().clone();
        assert_eq!(order.paper.number, "（2022）浙0424诉前调确7号之一");
        assert_eq!(order.data["replaces"]["paper"]["number"], "（2022）浙0424诉前调确7号");
        assert_eq!(order.data["replaces"]["notice"], notices[0].paper.number.as_str());
        for what in ["obligations", "terms", "ground", "reasoning", "judge", "heard", "agreement"] {
            assert_eq!(order.data[what], before[what], "as it was ruled: {what}");
        }
        assert_eq!(world.marks.iter().filter(|mark| mark.place == "seal" && mark.paper == order.paper.id).count(), 1);
        assert_eq!((world.count(figure), world.count("filed_decided")), (1, 1));
        assert_eq!(world.tasks(&court), ["serve"]);

        // The limits run from the service of the new one, and nothing is recorded of the old one any more.
        let late = paper::Command::RecordService {
            manner: "direct".into(),
            on: world.today(),
            at: None,
            served: true,
            receiver: GOSSIP.into(),
            note: String::new(),
        };
        assert_eq!(world.no::<Paper>(&court_clerk(), &first[0].1, late), "not_now");
        second.iter().for_each(|(_, paper)| world.serve(&court_clerk(), paper));
        let ruling = world.confirmation(&court).ruling.clone().unwrap();
        assert_eq!(world.confirmation(&court).stage, Stage::Served);
        for (_, on, objection) in &ruling.served {
            assert_eq!(
                (*on, objection.as_ref().map(|o| o.from)),
                (world.today(), ruling.valid.then_some(world.today()))
            );
        }
        let told = if ruling.valid { "valid" } else { "rejected" };
        assert_eq!(world.dossier(&dossier).confirmation_state, told);

        court_voids(&mut world, &second[1].1);
        world.do_::<Confirmation>(&judge(), &court, again);
        let third = world.confirmation(&court).ruling.clone().unwrap();
        assert_eq!(third.papers[0].1.number, "（2022）浙0424诉前调确7号之二");
        assert_eq!((third.voided.len(), world.count(figure)), (2, 1));
        assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
    }
}

#[test]
fn who_was_asked_by_a_voided_letter_is_asked_again_and_has_the_whole_limit() {
    let mut world = World::new();
    let id = new_dossier("asked-again");
    world.do_::<Dossier>(&own(&he()), &id, application("consumer", vec![shop(), ruan()]));
    let ask = || dossier::Command::AskConsent {};
    world.do_::<Dossier>(&clerk(), &id, ask());
    let letter = |world: &World, who: &PersonId| world.dossier(&id).consent_of(who).unwrap().paper.clone();
    let (first, other) = (letter(&world, &shop().person), letter(&world, &ruan().person));
    world.notice(&first.id, void());
    assert_eq!(world.tasks(&id), ["ask_consent"]);
    assert_eq!(world.no::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() }), "waiting");

    world.until(world.today() + 1.days());
    world.do_::<Dossier>(&clerk(), &id, ask());
    let second = letter(&world, &shop().person);
    assert_ne!(second.number, first.number);
    assert_eq!(letter(&world, &ruan().person), other, "whose letter stands is not asked twice");
    assert_eq!(world.dossier(&id).consents.len(), 2);
    let consent = world.dossier(&id).consent_of(&shop().person).unwrap().clone();
    assert_eq!(consent.due.from, world.today());
    assert_eq!(world.no::<Dossier>(&clerk(), &id, ask()), "already_done");

    // Who has answered has answered, whatever becomes of the letter.
    let on = world.today();
    for (person, who) in [(shop().person, own(&shop())), (ruan().person, own(&ruan()))] {
        let answer = dossier::Command::AnswerConsent {
            electronic: None,
            answer: Decision::Yes,
            on,
            person: Some(person),
            slip: None,
            how: GOSSIP.into(),
        };
        world.do_::<Dossier>(&who, &id, answer);
    }
    world.notice(&second.id, void());
    assert_eq!(world.tasks(&id), ["accept"]);
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() });
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn a_voided_changed_decision_is_made_again_with_another_number_and_what_it_performed_is_owed_again() {
    let mut world = World::new();
    let id = crate::administrative::with_lower_fine(&mut world);
    let change = |number: &str| crate::administrative::change(number, "罚款12000元");
    assert_eq!(world.no::<Dossier>(&leader(), &id, change("abc")), "field", "no number of a document");
    let [first, second] = ["盐市监罚变〔2022〕1号", "盐市监罚变〔2022〕2号"];
    world.do_::<Dossier>(&leader(), &id, change("盐市监罚变(2022)1号"));
    assert_eq!(world.dossier(&id).changed_decision, first, "as every number is written");
    for served in [true, false] {
        let paper = world.dossier(&id).change.clone().unwrap().paper;
        if served {
            world.serve(&clerk(), &paper.id);
            assert_eq!(world.dossier(&id).stage, dossier::Stage::Performed);
            assert_eq!((world.count("performed"), world.count("successful_performed")), (1, 1));
            world.do_::<Dossier>(&clerk(), &id, dossier::Command::Close {});
        }
        world.notice(&paper.id, void());
        let state = world.dossier(&id).clone();
        assert_eq!((state.stage, state.closed_on, &state.change), (dossier::Stage::Performing, None, &None));
        assert_eq!(state.outstanding(), [1], "what it performed is owed again");
        assert_eq!((world.count("performed"), world.count("successful_performed")), (0, 0));
        assert_eq!(world.tasks(&id), ["changed_decision", "visit"]);
        assert_eq!(world.no::<Dossier>(&leader(), &id, change(first)), "field", "a number is used once");
        let number = if served { second } else { "盐市监罚变〔2022〕3号" };
        world.do_::<Dossier>(&leader(), &id, change(number));
        let order = world.order("changed_decision").clone();
        assert_eq!(order.paper.number, number);
        assert_eq!(order.data["replaces"]["paper"]["number"], paper.number.as_str());
        assert_eq!(order.data["replaces"]["notice"], world.order("void_notice").paper.number.as_str());
    }
    let paper = world.dossier(&id).change.clone().unwrap().paper;
    world.serve(&clerk(), &paper.id);
    assert_eq!(world.dossier(&id).stage, dossier::Stage::Performed);
    assert_eq!((world.count("performed"), world.count("successful_performed")), (1, 1), "once");
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn silence_on_a_voided_letter_is_no_answer() {
    let mut world = World::new();
    let id = apply(&mut world, "silent-void");
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::AskConsent {});
    let consent = world.dossier(&id).consents[0].clone();
    world.serve(&clerk(), &consent.paper.id);
    assert!(world.dossier(&id).consents[0].sent.is_some());
    world.notice(&consent.paper.id, void());
    world.until(consent.due.last_day + 3.days());
    assert_eq!((world.dossier(&id).stage, world.dossier(&id).asked().count()), (dossier::Stage::Applied, 1));
    assert_eq!(world.tasks(&id), ["ask_consent"]);
}

#[test]
fn a_voided_record_of_an_oral_application_is_made_and_signed_again_and_the_application_stays() {
    let mut world = World::new();
    let id = new_dossier("told");
    let mut command = application("consumer", vec![shop()]);
    if let dossier::Command::Apply { via, .. } = &mut command {
        *via = Via::Oral;
    }
    world.do_::<Dossier>(&clerk(), &id, command);
    let signer = format!("party/{}", he().person);
    let sign = |world: &World| {
        let code = world.dossier(&id).application_code.clone().unwrap_or_default();
        dossier::Command::AttestApplication(by_hand(world, signer.clone(), &code))
    };
    let signed = sign(&world);
    world.do_::<Dossier>(&clerk(), &id, signed.clone());
    let before = world.dossier(&id).clone();
    world.notice(&before.application.id, void());
    let state = world.dossier(&id).clone();
    assert!(state.application_paper().is_none() && state.application_signatures.is_empty(), "what was signed is void");
    assert!(world.tasks(&id).contains(&"record_again".to_owned()));
    assert!(world.open::<Dossier>(&clerk(), &id, Act::AttestApplication).is_err(), "nothing is there to be signed");

    world.until(world.today() + 1.days());
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::RecordAgain {});
    assert_eq!(world.no::<Dossier>(&clerk(), &id, dossier::Command::RecordAgain {}), "not_now", "once");
    let order = world.order("oral_application").clone();
    assert_ne!(order.paper.number, before.application.number);
    assert_eq!(order.data["replaces"]["paper"]["number"], before.application.number.as_str());
    assert_eq!(order.data["dossier"], before.application.number.as_str());
    let after = world.dossier(&id).clone();
    assert_eq!(
        (&after.application, after.applied_on, &after.limits),
        (&before.application, before.applied_on, &before.limits)
    );
    assert_eq!(after.application_paper(), Some(&order.paper));
    assert!(!world.tasks(&id).contains(&"record_again".to_owned()));
    assert_eq!(world.no::<Dossier>(&clerk(), &id, signed), "field", "the code of the void one ties nothing");
    let signed = sign(&world);
    world.do_::<Dossier>(&clerk(), &id, signed);
    assert_eq!(world.marks.last().unwrap().paper, order.paper.id);
    assert_eq!(world.count("applications"), 1);
}

#[test]
fn a_notice_of_the_end_that_was_voided_is_made_again_for_whom_it_was_and_the_end_stands() {
    let mut world = World::new();
    let id = apply(&mut world, "end-again");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "failed");
    sign_record(&mut world, &id);
    let end = dossier::Command::EndMediation { ground: "no_agreement".into() };
    world.do_::<Dossier>(&mediator(), &id, end);
    let again = || dossier::Command::NoticeAgain {};
    assert_eq!(world.no::<Dossier>(&clerk(), &id, again()), "not_now", "nothing was voided");
    let before = world.dossier(&id).ended.clone().unwrap();
    let (to, first) = before.others[0].clone();
    let data = world.orders.iter().rfind(|order| order.paper.id == first.id).unwrap().data.clone();
    world.notice(&first.id, void());
    let notice = world.order("void_notice").paper.number.clone();
    assert_eq!(world.tasks(&id), ["notice_again"]);
    world.until(world.today() + 2.days());
    world.do_::<Dossier>(&clerk(), &id, again());
    assert_eq!(world.no::<Dossier>(&clerk(), &id, again()), "not_now", "once");
    assert!(world.tasks(&id).is_empty(), "{:?}", world.tasks(&id));

    let after = world.dossier(&id).ended.clone().unwrap();
    assert_eq!((after.on, &after.paper), (before.on, &before.paper), "the other notice stands, and so does the end");
    let second = after.others[0].clone();
    assert_eq!(second.0, to);
    assert_ne!(second.1.number, first.number);
    let order = world.order("end_notice").clone();
    assert_eq!((&order.paper, order.addressee.map(|to| to.person)), (&second.1, Some(to)));
    assert_eq!(order.data["replaces"]["paper"]["number"], first.number.as_str());
    assert_eq!(order.data["replaces"]["notice"], notice.as_str());
    for what in ["accepted", "ended", "ground", "routes"] {
        assert_eq!(order.data[what], data[what], "as it was: {what}");
    }
    assert_eq!(world.count("ended"), 1);

    // Also the second can be wrong.
    world.notice(&second.1.id, void());
    world.do_::<Dossier>(&mediator(), &id, again());
    assert_eq!(world.order("end_notice").data["replaces"]["paper"]["number"], second.1.number.as_str());
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn a_voided_docket_notice_is_made_again_before_anybody_is_heard_or_anything_is_ruled() {
    let mut world = World::new();
    let id = agreement(&mut world, "docket-again");
    let court = file(&mut world, &id);
    docket(&mut world, &court, "（2022）浙0424诉前调确7号");
    let again = || confirmation::Command::DocketAgain {};
    let heard = |world: &World| confirmation::Command::Hear {
        findings: GOSSIP.into(),
        all_heard: true,
        on: world.today(),
        moved: String::new(),
    };
    assert_eq!(world.no::<Confirmation>(&court_clerk(), &court, again()), "not_now", "nothing was voided");
    let before = world.confirmation(&court).clone();
    let (to, first) = before.docket_copies[0].clone();
    let data = world.orders.iter().rfind(|order| order.paper.id == first.id).unwrap().data.clone();
    court_voids(&mut world, &first.id);
    let notice = world.order("void_notice").paper.number.clone();
    assert_eq!(world.tasks(&court), ["docket_again"]);
    let hear = heard(&world);
    assert_eq!(world.no::<Confirmation>(&judge(), &court, hear), "waiting");
    world.until(world.today() + 2.days());
    assert_eq!(world.no::<Confirmation>(&judge(), &court, again()), "denied");
    world.do_::<Confirmation>(&court_clerk(), &court, again());
    assert_eq!(world.no::<Confirmation>(&court_clerk(), &court, again()), "not_now", "once");
    assert_eq!(world.tasks(&court), ["hear"]);

    let after = world.confirmation(&court).clone();
    assert_eq!(
        (&after.docket_notice, after.docketed_on),
        (&before.docket_notice, before.docketed_on),
        "the docket stands"
    );
    assert_eq!(after.rule_by, before.rule_by);
    let order = world.order("docket_notice").clone();
    assert_eq!((&order.paper, order.addressee.map(|to| to.person)), (&after.docket_copies[0].1, Some(to)));
    assert_eq!(order.paper.number, "（2022）浙0424诉前调确7号之一");
    assert_eq!(order.data["replaces"]["paper"]["number"], first.number.as_str());
    assert_eq!(order.data["replaces"]["notice"], notice.as_str());
    for what in ["docketed", "ends", "judge", "hearing", "court"] {
        assert_eq!(order.data[what], data[what], "as it was: {what}");
    }
    // It is sent like the first.
    assert_eq!(world.tasks(&order.paper.id), ["dispatch"]);

    // Also that of the first party, and after the hearing: nothing is ruled until it was made again.
    let hear = heard(&world);
    world.do_::<Confirmation>(&judge(), &court, hear);
    court_voids(&mut world, &before.docket_notice.unwrap().id);
    assert_eq!(world.no::<Confirmation>(&judge(), &court, valid()), "waiting");
    assert_eq!(world.no::<Confirmation>(&judge(), &court, reject()), "waiting");
    world.do_::<Confirmation>(&court_clerk(), &court, again());
    let order = world.order("docket_notice").clone();
    assert_eq!(order.paper.number, "（2022）浙0424诉前调确7号之二");
    assert_eq!(order.data["heard"], world.today().to_string());
    world.do_::<Confirmation>(&judge(), &court, valid());
    // Once it is ruled nothing hangs on a docket notice any more.
    court_voids(&mut world, &order.paper.id);
    assert_eq!(world.tasks(&court), ["serve"]);
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}
