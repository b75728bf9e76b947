//! To whom letters of a matter go, of which dispute, by which channel, and what a late one says.

use jiff::civil::date;
use yanhe_core::matter::{self, LetterState, Matter, Recipient, Standing};
use yanhe_core::paper::{self, Paper};
use yanhe_core::policy::Act;
use yanhe_core::scope::Kind;
use yanhe_core::{PersonId, Personal, StreamId};

use crate::people::{GOSSIP, he, ruan};
use crate::play::*;
use crate::world::World;

fn to(role: &str, channel: &str, contact: Option<&str>) -> Recipient {
    Recipient { role: role.into(), channel: channel.into(), contact: contact.map(str::to_owned) }
}

fn send(to: &[Recipient], reason: &str) -> matter::Command {
    matter::Command::SendLetters { to: to.to_vec(), kind: None, reason: reason.into() }
}

/// A brawl: the one is punished, the other injured.
fn brawl(world: &mut World, fine: i64) -> StreamId {
    let mut registered = penalty("盐市监罚字〔2022〕77号", date(2022, 3, 1));
    registered.text = Personal::new(
        &registered.text.of,
        "双方因琐事发生争执，当事人殴打他人致轻微伤，对方要求赔偿医药费3000元".to_owned(),
    );
    registered.affected = Some(ruan());
    if let Some(penalty) = &mut registered.penalty {
        penalty.fine = fine;
        penalty.confiscation = 0;
        penalty.licence = None;
    }
    register(world, registered)
}

#[test]
fn the_harmed_one_gets_a_civil_letter_beside_the_administrative_one_of_the_punished() {
    let mut world = World::new();
    let id = brawl(&mut world, 10_000_000);
    assert!(world.matter(&id).proposal.send && world.matter(&id).harmed.as_ref().unwrap().proposal.send);
    world.do_::<Matter>(&clerk(), &id, matter::Command::ConfirmLetter { reason: String::new() });
    let state = world.matter(&id).clone();
    let letters: Vec<_> = state.letters.iter().map(|(l, _)| (l.to.person.clone(), l.kind, l.channel.clone())).collect();
    let expected = [
        (state.matter.subject.as_ref().unwrap().person.clone(), Some(Kind::Administrative), "with_decision".to_owned()),
        (ruan().person, Some(Kind::Civil), "sms".to_owned()),
    ];
    assert_eq!(letters, expected);
    assert_eq!((world.count("letters"), world.count("letter_copies")), (1, 2));
    // Who was punished disputes it with the organ, who was harmed with the punished.
    assert_eq!(state.other_side_of(&expected[0].0), None);
    assert_eq!(state.other_side_of(&ruan().person), state.matter.subject.as_ref());
    assert_eq!(world.no::<Matter>(&clerk(), &id, matter::Command::ConfirmLetter { reason: GOSSIP.into() }), "not_now");
}

#[test]
fn a_minor_penalty_proposes_the_harmed_ones_letter_alone_and_another_needs_a_reason() {
    let mut world = World::new();
    let id = brawl(&mut world, 50_000);
    assert_eq!(world.matter(&id).standing, Standing::Proposed);
    world.do_::<Matter>(&clerk(), &id, matter::Command::ConfirmLetter { reason: String::new() });
    assert_eq!(world.matter(&id).letters.len(), 1);
    assert_eq!(world.matter(&id).letters[0].0.to.person, ruan().person);
    assert_eq!(world.no::<Matter>(&clerk(), &id, send(&[to("subject", "print", None)], " ")), "field");
    assert_eq!(world.no::<Matter>(&clerk(), &id, send(&[to("affected", "print", None)], GOSSIP)), "not_now");
    world.do_::<Matter>(&clerk(), &id, send(&[to("subject", "print", None)], GOSSIP));
    assert_eq!((world.count("letters"), world.count("letter_copies")), (1, 2), "one matter, two letters");
    // One voided: the matter still has a letter; both voided: it waits for one again.
    let papers: Vec<_> = world.matter(&id).letters.iter().map(|(l, _)| l.paper.id.clone()).collect();
    for (n, paper) in papers.iter().enumerate() {
        world.notice(paper, paper::Command::Void { reason: GOSSIP.into() });
        assert_eq!(world.count("letters"), i64::from(n == 0));
    }
    assert_eq!(world.matter(&id).standing, Standing::Proposed);
    assert!(world.matter(&id).letters.iter().all(|(_, s)| *s == LetterState::Voided));
}

#[test]
fn to_leave_out_somebody_for_whom_a_letter_is_proposed_needs_a_reason() {
    let mut world = World::new();
    let id = brawl(&mut world, 10_000_000);
    assert_eq!(world.no::<Matter>(&clerk(), &id, send(&[to("subject", "", None)], "")), "field");
    assert_eq!(world.no::<Matter>(&clerk(), &id, send(&[], GOSSIP)), "field");
    let twice = [to("subject", "", None), to("subject", "print", None)];
    assert_eq!(world.no::<Matter>(&clerk(), &id, send(&twice, GOSSIP)), "field");
    assert_eq!(world.no::<Matter>(&clerk(), &id, send(&[to("complainant", "", None)], GOSSIP)), "field");
    world.do_::<Matter>(&clerk(), &id, send(&[to("subject", "", None)], GOSSIP));
    assert_eq!(world.matter(&id).letters.len(), 1);
}

#[test]
fn only_a_channel_that_fits_and_reaches_somebody_is_taken() {
    let mut world = World::new();
    let id = brawl(&mut world, 10_000_000);
    let both = |role: &str, channel: &str, contact| {
        let other = if role == "subject" { to("affected", "", None) } else { to("subject", "", None) };
        send(&[to(role, channel, contact), other], "")
    };
    for (role, channel, contact) in [
        ("affected", "with_decision", None),
        ("affected", "pigeon", None),
        ("affected", "email", None),
        ("affected", "email", Some("阮桂香@")),
        ("subject", "email", None),
    ] {
        assert_eq!(world.no::<Matter>(&clerk(), &id, both(role, channel, contact)), "field", "{role} {channel}");
    }
    world.do_::<Matter>(&clerk(), &id, both("affected", "email", Some("ruan@example.com")));
    let letter = world.matter(&id).letter_of(&ruan().person).unwrap().clone();
    assert_eq!(letter.channel, "email");
    assert_eq!(letter.to.email_text(), Some("ruan@example.com"));
    let paper = world.papers.get(&letter.paper.id).and_then(|k| k.state.clone()).unwrap();
    assert_eq!(paper.standing(), "sent", "an e-mail goes with the issue");
    // A civil letter does not go with a decision that it was not made for.
    let decision = paper::Command::Dispatch { channel: "with_decision".into(), to: None };
    assert_eq!(world.no::<Paper>(&clerk(), &letter.paper.id, decision), "field");
}

#[test]
fn complainant_and_affected_person_of_one_complaint_get_a_letter_each() {
    let mut world = World::new();
    let mut registered = complaint("HY202203010099", date(2022, 3, 1));
    registered.affected = Some(ruan());
    let id = register(&mut world, registered);
    world.do_::<Matter>(&clerk(), &id, matter::Command::ConfirmLetter { reason: String::new() });
    let people: Vec<PersonId> = world.matter(&id).letters.iter().map(|(l, _)| l.to.person.clone()).collect();
    assert_eq!(people, [he().person, ruan().person]);
    let codes: Vec<_> = world.matter(&id).letters.iter().map(|(l, _)| l.access.clone()).collect();
    assert_ne!(codes[0], codes[1], "each has a code of their own");
    // The first to apply does not close the door for the other, nor take the letter back.
    assert!(world.open::<Matter>(&clerk(), &id, Act::ConfirmLetter).is_err(), "both have one");
}

#[test]
fn a_civil_letter_names_the_day_from_which_limitation_is_counted_provisionally() {
    let note = |served: bool| {
        let mut world = World::new();
        let id = brawl(&mut world, 10_000_000);
        let on = date(2022, 3, 2);
        world.until(on);
        if served {
            world.do_::<Matter>(&clerk(), &id, matter::Command::EnterServed { on });
        }
        world.do_::<Matter>(&clerk(), &id, matter::Command::ConfirmLetter { reason: String::new() });
        let letter = world.orders.iter().find(|o| o.paper.kind == "guidance_letter" && o.data["kind"] == "civil");
        letter.unwrap().data["limits"][0]["note"].as_str().unwrap().to_owned()
    };
    assert!(note(false).contains("暂自2022年3月1日起算"), "the decision's own day: {}", note(false));
    assert!(note(true).contains("暂自2022年3月2日起算"), "the day of service: {}", note(true));
}

#[test]
fn a_letter_after_the_last_day_says_that_it_has_passed() {
    let mut world = World::new();
    let id = brawl(&mut world, 10_000_000);
    world.until(date(2022, 7, 14));
    world.do_::<Matter>(&clerk(), &id, send(&[to("subject", "", None), to("affected", "", None)], ""));
    let limits = |kind: &str| {
        let order = world.orders.iter().find(|o| o.data["kind"] == kind && o.paper.kind == "guidance_letter").unwrap();
        order.data["limits"].as_array().unwrap().clone()
    };
    let administrative = limits("administrative");
    let review = administrative.iter().find(|l| l["id"] == "review.apply").unwrap();
    assert_eq!(review["past"], true);
    assert!(review["note"].as_str().unwrap().contains("已过"), "{review}");
    let suit = administrative.iter().find(|l| l["id"] == "suit.administrative").unwrap();
    assert_eq!(suit["past"], false);
    let civil = limits("civil");
    assert_eq!((civil.len(), civil[0]["id"].as_str()), (1, Some("limitation.civil")));
}

#[test]
fn the_clerk_finds_the_kind_of_a_dispute_with_a_reason_and_letter_limits_and_case_follow() {
    let mut world = World::new();
    let id = register(&mut world, complaint("HY202203010098", date(2022, 3, 1)));
    assert_eq!(world.matter(&id).kind(), Kind::Civil);
    let found = |kind, reason: &str| matter::Command::SendLetters {
        to: vec![to("complainant", "", None)],
        kind: Some(kind),
        reason: reason.into(),
    };
    assert_eq!(world.no::<Matter>(&clerk(), &id, found(Kind::Administrative, " ")), "field", "why?");
    assert_eq!(world.no::<Matter>(&clerk(), &id, found(Kind::None, GOSSIP)), "field", "a letter is of some dispute");
    world.do_::<Matter>(&clerk(), &id, found(Kind::Administrative, GOSSIP));
    let state = world.matter(&id).clone();
    let classified = state.classified.as_deref().unwrap();
    assert_eq!((classified.proposed, classified.kind), (Kind::Civil, Kind::Administrative));
    assert_eq!((state.kind(), state.letters[0].0.kind), (Kind::Administrative, Some(Kind::Administrative)));
    let limits: Vec<&str> = state.limits.iter().map(|limit| limit.limit.as_str()).collect();
    assert_eq!(limits, ["review.apply", "suit.administrative"]);
    assert_eq!(state.entry_of(&he().person), (Some("administrative-compensation"), None));
    let order = world.orders.iter().find(|o| o.paper.kind == "guidance_letter").unwrap();
    assert_eq!(order.data["kind"], "administrative");
    // Voided, the letter is made again, and what was found can be found otherwise: as it was proposed, no reason is needed.
    let paper = state.letters[0].0.paper.id.clone();
    world.notice(&paper, paper::Command::Void { reason: GOSSIP.into() });
    world.do_::<Matter>(&clerk(), &id, found(Kind::Civil, ""));
    let state = world.matter(&id);
    assert_eq!((state.kind(), state.kind_of(&he().person)), (Kind::Civil, Kind::Civil));
    assert_eq!(state.entry_of(&he().person).0, Some("consumer"));
}

#[test]
fn a_decision_is_disputed_with_the_organ_that_decided_whatever_is_chosen() {
    let mut world = World::new();
    let id = brawl(&mut world, 10_000_000);
    let both = vec![to("subject", "", None), to("affected", "", None)];
    let civil = matter::Command::SendLetters { to: both, kind: Some(Kind::Civil), reason: GOSSIP.into() };
    assert_eq!(world.no::<Matter>(&clerk(), &id, civil), "field");
}
