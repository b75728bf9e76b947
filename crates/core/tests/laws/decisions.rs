//! A new penalty decision is an act of its own: told before, numbered without gaps, a paper like every other.

use jiff::civil::date;
use yanhe_core::matter::{self, Hearing, LetterState, Matter};
use yanhe_core::paper;
use yanhe_core::policy::{Act, Actor};
use yanhe_core::register::{self, Register};
use yanhe_core::scope::Source;
use yanhe_core::{Stream, StreamId};

use crate::people::{GOSSIP, he};
use crate::play::*;
use crate::world::World;

fn decide(world: &World, hearing: Hearing) -> (StreamId, matter::Command) {
    let number = world.next_decision(MARKET);
    let matter = Box::new(penalty(&number, date(2021, 1, 1)));
    let id = matter::stream(Source::Penalty, &number);
    (id, matter::Command::Decide { matter, hearing, reason: String::new() })
}

pub fn decided(world: &mut World) -> StreamId {
    let (id, command) = decide(world, told(date(2022, 2, 20)));
    world.do_::<Matter>(&clerk(), &id, command);
    id
}

#[test]
fn a_decision_is_an_event_with_a_number_of_its_register_and_a_paper() {
    let mut world = World::new();
    let first = decided(&mut world);
    let second = decided(&mut world);
    let of = |id: &StreamId| world.matter(id).decision.clone().unwrap();
    assert_eq!(of(&first).paper.number, "盐市监罚决〔2022〕1号");
    assert_eq!(of(&second).paper.number, "盐市监罚决〔2022〕2号", "without a gap");
    assert_eq!(world.matter(&first).matter.number, of(&first).paper.number);
    assert_eq!((of(&first).on, of(&first).measure.fine), (world.today(), 2_000_000));
    assert_eq!(world.matter(&first).matter.occurred_on, world.today(), "it bears the day on which it is issued");
    let order = world.order("penalty_decision").clone();
    assert_eq!(order.addressee.unwrap().person, he().person);
    let hearing = order.data["hearing"]["$personal"]["value"].as_str().unwrap();
    assert!(hearing.starts_with("2022年2月20日，本机关告知当事人") && hearing.contains("供货商"), "{hearing}");
    let letter = world.matter(&second).with_decision().next().unwrap().paper.number.clone();
    assert_eq!(order.data["letter_number"], letter.as_str(), "both leave together");
    assert_eq!(order.send_by.unwrap().1, "penalty.serve");
    let mediated = world.matters[&second].events.iter().map(|(_, event)| format!("{event:?}")).collect::<Vec<_>>();
    assert!(mediated[2].starts_with("DecisionIssued"), "{mediated:?}");
}

#[test]
fn nobody_is_punished_who_was_not_told_or_not_heard() {
    let mut world = World::new();
    let today = world.today();
    let untold = Hearing { told_on: None, ..told(today) };
    let bad = [
        (untold, "waiting"),
        (Hearing { told_on: Some(date(2022, 3, 2)), ..told(today) }, "field"),
        (Hearing { said: String::new(), ..told(today) }, "field"),
        (Hearing { answer: said(" "), ..told(today) }, "field"),
        (Hearing { answered_on: None, ..told(today) }, "field"),
        (Hearing { answered_on: Some(date(2022, 2, 28)), ..told(today) }, "field"),
        (Hearing { answered_on: Some(date(2022, 3, 2)), ..told(today) }, "field"),
        // Who was told today can still answer today.
        (Hearing { said: "nothing".into(), ..told(today) }, "field"),
    ];
    for (hearing, reason) in bad {
        let (id, command) = decide(&world, hearing);
        assert_eq!(world.no::<Matter>(&clerk(), &id, command), reason);
    }
    let (id, command) = decide(&world, Hearing { told_on: None, ..told(today) });
    let Err(crate::world::No::Refused(refusal)) = world.ask::<Matter>(&clerk(), &id, command) else { panic!() };
    assert!(refusal.basis.contains("第四十四条") && refusal.basis.contains("第六十二条"), "{}", refusal.basis);
    let waived = Hearing { said: "waived".into(), statement: said(""), answer: said(""), ..told(today) };
    let (id, command) = decide(&world, waived);
    world.do_::<Matter>(&leader(), &id, command);
    let hearing = &world.order("penalty_decision").data["hearing"]["$personal"]["value"];
    assert!(hearing.as_str().unwrap().ends_with("当事人明确放弃陈述、申辩。"));
}

#[test]
fn the_fine_is_the_one_that_the_content_of_the_penalty_names() {
    let mut world = World::new();
    let silent = Hearing { said: "nothing".into(), ..told(date(2022, 2, 20)) };
    for (content, taken) in [("罚款60000元", false), ("罚款2万元；没收违法所得300元", true), ("责令改正", true)]
    {
        let (id, command) = decide(&world, silent.clone());
        let matter::Command::Decide { mut matter, hearing, reason } = command else { panic!() };
        matter.result = said(content);
        let command = matter::Command::Decide { matter, hearing, reason };
        match taken {
            true => drop(world.do_::<Matter>(&clerk(), &id, command)),
            false => assert_eq!(world.no::<Matter>(&clerk(), &id, command), "field", "{content}"),
        }
    }
    let hearing = &world.order("penalty_decision").data["hearing"]["$personal"]["value"];
    assert!(hearing.as_str().unwrap().ends_with("在规定的期限内（至2022年2月20日）没有提出陈述、申辩。"), "{hearing}");
}

#[test]
fn a_number_that_somebody_else_took_is_not_given_twice() {
    let mut world = World::new();
    let (id, command) = decide(&world, told(date(2022, 2, 20)));
    decided(&mut world);
    assert_eq!(world.no::<Matter>(&clerk(), &id, command), "exists");
    // A form whose matter bears another number than its decision would.
    let (_, command) = decide(&world, told(date(2022, 2, 20)));
    let other = matter::stream(Source::Penalty, "other");
    let matter::Command::Decide { mut matter, hearing, reason } = command else { panic!() };
    matter.number = "盐市监罚决〔2022〕9号".into();
    assert_eq!(world.no::<Matter>(&clerk(), &other, matter::Command::Decide { matter, hearing, reason }), "stale");
    assert_eq!(world.next_decision(MARKET), "盐市监罚决〔2022〕2号", "what was refused took no number");
}

#[test]
fn decision_and_letter_are_served_on_one_proof() {
    let mut world = World::new();
    let id = decided(&mut world);
    let state = world.matter(&id).clone();
    let (decision, letter) = (state.decision.unwrap().paper, state.letters[0].0.paper.clone());
    assert!(world.tasks(&decision.id).contains(&"dispatch".to_owned()));
    world.serve(&clerk(), &decision.id);
    let proofs: Vec<_> = world.orders.iter().filter(|o| o.paper.kind == "proof_of_service").collect();
    assert_eq!(proofs.len(), 1);
    let named: Vec<_> = proofs[0].data["documents"].as_array().unwrap().iter().map(|d| d["number"].clone()).collect();
    assert_eq!(named, [decision.number.as_str(), letter.number.as_str()]);
    assert_eq!(proofs[0].data["cause"], "发布虚假广告", "for what was decided");
    let service = |id: &StreamId| world.papers[id].state.as_ref().unwrap().services[0].clone();
    assert_eq!(service(&letter.id).proof, service(&decision.id).proof);
    let state = world.matter(&id);
    assert_eq!((state.served_on, state.letters[0].1), (Some(world.today()), LetterState::Served));
    assert_eq!(world.count("letters_served"), 1);
    assert!(!world.matter(&id).trigger().1, "the limits run from the service, which is known");
    let on = world.today();
    assert_eq!(world.no::<Matter>(&clerk(), &id, matter::Command::EnterServed { on }), "not_now");
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn a_decision_is_voided_and_corrected_by_numbered_notices_only() {
    let mut world = World::new();
    let id = decided(&mut world);
    let paper = world.matter(&id).decision.as_ref().unwrap().paper.id.clone();
    assert!(world.open::<Matter>(&clerk(), &id, Act::IssueDecision).is_err(), "never a second time");
    assert_eq!(
        world.no::<Matter>(&clerk(), &id, matter::Command::Withdraw { reason: GOSSIP.into() }),
        "already_issued"
    );
    let correct = paper::Command::Correct { reason: GOSSIP.into(), before: "甲".into(), after: "乙".into() };
    world.notice(&paper, correct);
    assert!(world.order("correction_notice").paper.number.contains("调正"));
    let void = paper::Command::Void { reason: GOSSIP.into() };
    world.notice(&paper, void);
    assert!(world.order("void_notice").paper.number.contains("调废"));
    assert!(world.matter(&id).decision_voided);
    assert_eq!(world.next_decision(MARKET), "盐市监罚决〔2022〕2号", "the number stays spoilt");
}

#[test]
fn a_register_passes_numbers_over_that_were_given_elsewhere_and_gives_none_twice() {
    let mut world = World::new();
    let id = yanhe_core::stream::register(MARKET, "罚决", 2022);
    let mut state: Option<register::State> = None;
    let mut given = Vec::new();
    let (take, pass) = (|count| register::Command::Take { count }, |to| register::Command::PassOver { to });
    for command in [take(2), pass(7), pass(5), take(1), pass(8), take(3)] {
        let (decided, _) = world
            .with_facts(&Actor::system(), &id, |facts| Register::decide(state.as_ref(), command.clone(), facts, &()));
        for event in decided.unwrap() {
            if let register::Event::NumbersTaken { from, to } = event {
                given.extend(from..=to);
            }
            state = Some(Register::apply(state, &event, world.now));
        }
    }
    assert_eq!(given, [1, 2, 8, 9, 10, 11]);
    assert_eq!(state, Some(register::State { last: 11 }));
}
