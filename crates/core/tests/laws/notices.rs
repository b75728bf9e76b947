//! Notices that void or correct a paper or its service: one person asks, another approves, and everything follows.

use jiff::ToSpan;
use jiff::civil::date;
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::matter::{self, LetterState, Matter, Standing};
use yanhe_core::paper::{self, Attempt, Command, Event, Paper};
use yanhe_core::policy::Act;
use yanhe_core::{Date, PaperRef, StreamId};

use crate::branches::{signing, voided};
use crate::people::GOSSIP;
use crate::play::*;
use crate::world::World;

/// A complaint with one letter.
fn letter(world: &mut World) -> (StreamId, PaperRef) {
    let matter = register(world, complaint("HY202203010031", date(2022, 3, 1)));
    world.do_::<Matter>(&clerk(), &matter, matter::Command::ConfirmLetter { reason: String::new() });
    let paper = world.order("guidance_letter").paper.clone();
    (matter, paper)
}

fn state<'a>(world: &'a World, paper: &StreamId) -> &'a paper::State {
    world.papers[paper].state.as_ref().unwrap()
}

fn attempt(on: Date) -> Box<Attempt> {
    let receiver = GOSSIP.to_owned();
    Box::new(Attempt { manner: "direct".into(), on, at: None, served: true, receiver, note: String::new() })
}

/// Corrects the service that stands.
fn correct(world: &mut World, paper: &StreamId, actual: Option<Box<Attempt>>) -> PaperRef {
    let proof = state(world, paper).own_attempts().last().unwrap().proof.clone();
    world.notice(paper, Command::CorrectService { proof: proof.id.clone(), actual, reason: GOSSIP.into() });
    proof
}

#[test]
fn nobody_approves_the_notice_that_they_asked_for() {
    let mut world = World::new();
    let (_, paper) = letter(&mut world);
    let void = || Command::Void { reason: GOSSIP.into() };
    assert_eq!(world.no::<Paper>(&leader(), &paper.id, Command::ApproveNotice {}), "waiting");
    world.do_::<Paper>(&leader(), &paper.id, void());
    assert!(world.tasks(&paper.id).contains(&"notice".to_owned()));
    assert_eq!(world.no::<Paper>(&leader(), &paper.id, Command::ApproveNotice {}), "own_request");
    assert_eq!(world.no::<Paper>(&clerk(), &paper.id, Command::ApproveNotice {}), "denied");
    assert_eq!(world.no::<Paper>(&clerk(), &paper.id, void()), "waiting", "one at a time");
    let other = yanhe_core::policy::Actor { id: "staff/another".into(), ..leader() };
    assert_eq!(world.no::<Paper>(&other, &paper.id, Command::RefuseNotice { reason: " ".into() }), "field");
    world.do_::<Paper>(&other, &paper.id, Command::RefuseNotice { reason: GOSSIP.into() });
    assert!(state(&world, &paper.id).void.is_none() && world.tasks(&paper.id).iter().all(|task| task != "notice"));
    world.do_::<Paper>(&clerk(), &paper.id, void());
    let events = world.do_::<Paper>(&leader(), &paper.id, Command::ApproveNotice {});
    let [Event::PaperVoided { notice, .. }] = events.as_slice() else { panic!("{events:?}") };
    let approval = notice.approval.as_ref().unwrap();
    assert_eq!((approval.by.as_str(), approval.approver.as_str()), (clerk().id.as_str(), leader().id.as_str()));
}

#[test]
fn whoever_asked_for_a_notice_and_nobody_else_takes_the_request_back() {
    let mut world = World::new();
    let (_, paper) = letter(&mut world);
    let void = || Command::Void { reason: GOSSIP.into() };
    assert_eq!(world.no::<Paper>(&leader(), &paper.id, Command::WithdrawNotice {}), "waiting", "nothing is asked");
    world.do_::<Paper>(&leader(), &paper.id, void());
    assert_eq!(by_somebody_else(), "request_of_another");
    world.do_::<Paper>(&leader(), &paper.id, Command::WithdrawNotice {});
    assert!(state(&world, &paper.id).asked.is_none());
    assert!(!world.tasks(&paper.id).contains(&"notice".to_owned()), "nobody has to decide on it");
    // The way is free for the one whom the leader can approve.
    world.notice(&paper.id, void());
    assert!(state(&world, &paper.id).void.is_some());
}

/// Somebody takes back what another asked for.
pub fn by_somebody_else() -> String {
    let mut world = World::new();
    let (_, paper) = letter(&mut world);
    world.do_::<Paper>(&leader(), &paper.id, Command::Void { reason: GOSSIP.into() });
    world.no::<Paper>(&clerk(), &paper.id, Command::WithdrawNotice {})
}

#[test]
fn a_service_is_neither_before_its_paper_nor_after_today() {
    let mut world = World::new();
    let (_, paper) = letter(&mut world);
    let (before, ahead) = (world.today().yesterday().unwrap(), world.today().tomorrow().unwrap());
    let on = |day| {
        let Attempt { manner, on, at, served, receiver, note } = *attempt(day);
        Command::RecordService { manner, on, at, served, receiver, note }
    };
    assert_eq!(world.no::<Paper>(&clerk(), &paper.id, on(before)), "date_order");
    let no = world.ask::<Paper>(&clerk(), &paper.id, on(ahead)).unwrap_err();
    let future = yanhe_core::Reason::Field { field: "on".into(), problem: "future".into() };
    assert_eq!(no, crate::world::No::Refused(future.into()), "that is no wrong order");
}

#[test]
fn a_service_that_never_was_is_taken_back_with_all_that_hangs_on_it() {
    let mut world = World::new();
    let (matter, paper) = letter(&mut world);
    let before = state(&world, &paper.id).desk();
    world.serve(&clerk(), &paper.id);
    assert_eq!((world.count("letters_served"), world.matter(&matter).standing), (1, Standing::Served));
    let proof = correct(&mut world, &paper.id, None);
    assert_eq!((state(&world, &paper.id).desk(), state(&world, &paper.id).served_on()), (before, None));
    assert_eq!((world.count("letters_served"), world.count("issued_served")), (0, 0));
    let m = world.matter(&matter);
    assert!(m.standing == Standing::Issued && m.letter_served.is_empty() && m.letters[0].1 != LetterState::Served);
    // The proof is void by the same numbered notice, which stays in the file and is not made twice.
    let notice = world.order("correction_notice");
    assert_eq!((notice.channel.as_str(), notice.addressee.is_none()), ("", true));
    let number = notice.paper.number.clone();
    assert_eq!(number, "盐市监调正〔2022〕1号");
    assert_eq!(state(&world, &proof.id).void.as_ref().unwrap().notice.number, number);
    assert!(world.orders.iter().all(|o| o.paper.kind != "void_notice"));
    // It is served in truth, and counts again, on that day.
    world.until(world.today() + 3.days());
    world.serve(&clerk(), &paper.id);
    assert_eq!((world.count("letters_served"), world.matter(&matter).standing), (1, Standing::Served));
    assert_eq!(world.matter(&matter).letter_served, [(paper.id.clone(), world.today())]);
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn a_service_on_another_day_counts_on_that_day_with_a_new_proof() {
    let mut world = World::new();
    let (matter, paper) = letter(&mut world);
    let first = world.today();
    world.until(first + 4.days());
    world.serve(&clerk(), &paper.id);
    let wrong = state(&world, &paper.id).services[0].proof.id.clone();
    let same =
        Command::CorrectService { proof: wrong.clone(), actual: Some(attempt(world.today())), reason: GOSSIP.into() };
    assert_eq!(world.no::<Paper>(&clerk(), &paper.id, same), "field", "nothing is corrected");
    correct(&mut world, &paper.id, Some(attempt(first + 2.days())));
    assert_eq!(world.matter(&matter).letter_served, [(paper.id.clone(), first + 2.days())]);
    assert_eq!(world.count("letters_served"), 1);
    let on = |day| -> i64 {
        let served = world.tallies.iter().filter(|(_, t)| t.name == "letters_served" && t.date == day);
        served.map(|(_, t)| t.by).sum()
    };
    assert_eq!((on(first + 4.days()), on(first + 2.days())), (0, 1));
    assert_eq!(world.orders.iter().filter(|o| o.paper.kind == "proof_of_service").count(), 2);
    let items = &world.order("correction_notice").data["items"][0];
    assert!(items["before"] != items["after"], "{items}");
}

#[test]
fn what_stands_on_the_proof_of_a_decision_is_corrected_with_it() {
    let mut world = World::new();
    let matter = crate::decisions::decided(&mut world);
    let held = world.matter(&matter).clone();
    let (decision, letter) = (held.decision.unwrap().paper, held.letters[0].0.paper.clone());
    world.serve(&clerk(), &decision.id);
    assert!(world.open::<Paper>(&clerk(), &letter.id, Act::CorrectService).is_err(), "at the decision, not here");
    correct(&mut world, &decision.id, None);
    let m = world.matter(&matter);
    assert_eq!((m.served_on, m.standing, world.count("letters_served")), (None, Standing::Issued, 0));
    assert_eq!(state(&world, &letter.id).served_on(), None);
    world.serve(&clerk(), &decision.id);
    assert_eq!(world.matter(&matter).served_on, Some(world.today()));
    assert_eq!((state(&world, &letter.id).served_on(), world.count("letters_served")), (Some(world.today()), 1));
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn a_notice_goes_out_as_the_paper_did_and_only_if_it_did() {
    let mut world = World::new();
    let (_, paper) = letter(&mut world);
    let mail = Command::Dispatch { channel: "mail".into(), to: Some("枫溪新村十二幢".into()) };
    world.do_::<Paper>(&clerk(), &paper.id, mail);
    world.notice(&paper.id, Command::Void { reason: GOSSIP.into() });
    let order = world.order("void_notice").clone();
    assert_eq!((order.channel.as_str(), order.addressee.is_some()), ("mail", true));
    assert!(world.tasks(&order.paper.id).contains(&"dispatch".to_owned()), "sending it is a task");
    world.do_::<Paper>(&clerk(), &order.paper.id, Command::Dispatch { channel: "mail".into(), to: None });
    world.serve(&clerk(), &order.paper.id);
    assert_eq!(state(&world, &order.paper.id).standing(), "served", "with a proof of its own");

    let mut world = World::new();
    let mut unsent = complaint("HY202203010032", date(2022, 3, 1));
    unsent.complainant = unsent.complainant.map(|p| yanhe_core::party::Party { phone: None, ..p });
    let matter = register(&mut world, unsent);
    world.do_::<Matter>(&clerk(), &matter, matter::Command::ConfirmLetter { reason: String::new() });
    let paper = world.order("guidance_letter").paper.id.clone();
    assert!(state(&world, &paper).sent.is_empty());
    world.notice(&paper, Command::Void { reason: GOSSIP.into() });
    assert_eq!(world.order("void_notice").channel, "", "nobody has the letter");
}

#[test]
fn a_proof_of_service_is_corrected_only_with_what_it_proves() {
    let mut world = World::new();
    let (_, paper) = letter(&mut world);
    world.serve(&clerk(), &paper.id);
    let proof = state(&world, &paper.id).services[0].proof.id.clone();
    assert_eq!(world.no::<Paper>(&clerk(), &proof, Command::Void { reason: GOSSIP.into() }), "proof_of_another");
}

#[test]
fn a_ruling_that_reached_nobody_waits_for_service_again() {
    let mut world = World::new();
    let id = agreement(&mut world, "unserved");
    let court = file(&mut world, &id);
    docket(&mut world, &court, "（2022）浙0424诉前调确7号");
    hear(&mut world, &court);
    use yanhe_core::confirmation::{Command as C, Confirmation, Stage};
    world.do_::<Confirmation>(&judge(), &court, C::RuleValid { reasons: GOSSIP.into() });
    let copies = world.confirmation(&court).ruling.clone().unwrap().papers;
    for (_, paper) in &copies {
        world.serve(&court_clerk(), &paper.id);
    }
    assert_eq!(world.confirmation(&court).stage, Stage::Served);
    let paper = copies[0].1.id.clone();
    let proof = state(&world, &paper).services[0].proof.id.clone();
    let wrong = |actual| Command::CorrectService { proof: proof.clone(), actual, reason: GOSSIP.into() };
    world.do_::<Paper>(&court_clerk(), &paper, wrong(None));
    world.do_::<Paper>(&judge(), &paper, Command::ApproveNotice {});
    let state = world.confirmation(&court);
    assert_eq!((state.stage, state.ruling.as_ref().unwrap().served.len()), (Stage::Valid, copies.len() - 1));
    assert!(world.tasks(&court).contains(&"serve".to_owned()));
    world.until(world.today() + 1.days());
    world.serve(&court_clerk(), &paper);
    let served = &world.confirmation(&court).ruling.as_ref().unwrap().served;
    assert!(served.iter().any(|(person, on, _)| *person == copies[0].0 && *on == world.today()), "the limit runs anew");
}

#[test]
fn what_parties_sign_is_neither_voided_nor_corrected_by_the_organ_alone() {
    let mut world = World::new();
    let id = agreement(&mut world, "theirs");
    let court = file(&mut world, &id);
    let state = world.dossier(&id);
    let record = state.sessions[0].record.clone().unwrap().id;
    let papers = [record, state.agreement.clone().unwrap().paper.id, world.confirmation(&court).application.id.clone()];
    for paper in &papers {
        let void = paper::Command::Void { reason: GOSSIP.into() };
        assert_eq!(world.no::<Paper>(&leader(), paper, void), "signed_by_parties");
        let correct =
            paper::Command::Correct { reason: GOSSIP.into(), before: "1500 元".into(), after: "15000 元".into() };
        assert_eq!(world.no::<Paper>(&leader(), paper, correct), "signed_by_parties");
        for act in [Act::VoidPaper, Act::CorrectPaper] {
            assert!(world.open::<Paper>(&leader(), paper, act).is_err(), "no page offers it");
        }
    }
    let issued = signing(&mut world, "unsigned");
    let paper = world.dossier(&issued).agreement.clone().unwrap().paper.id;
    let void = paper::Command::Void { reason: GOSSIP.into() };
    assert_eq!(world.no::<Paper>(&leader(), &paper, void), "signed_by_parties", "it is taken back in its case");
    world.do_::<Dossier>(&leader(), &issued, dossier::Command::WithdrawAgreement { reason: GOSSIP.into() });
    assert!(voided(&world, &paper) && world.dossier(&issued).agreement.is_none());
}

#[test]
fn a_notice_corrects_what_the_paper_says_and_nothing_else() {
    let mut world = World::new();
    let id = apply(&mut world, "says");
    accept(&mut world, &id);
    let notice = world.order("acceptance_notice").paper.id.clone();
    let correct = || paper::Command::Correct { reason: GOSSIP.into(), before: "甲".into(), after: "乙".into() };
    world.says = false;
    assert_eq!(world.no::<Paper>(&leader(), &notice, correct()), "field");
    world.says = true;
    world.notice(&notice, correct());
}
