//! To whom letters of a matter go, of which dispute, by which channel, and what a late one says.

use jiff::ToSpan;
use jiff::civil::date;
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::matter::{self, LetterState, Matter, Recipient, Standing};
use yanhe_core::paper::{self, Paper};
use yanhe_core::party::Party;
use yanhe_core::policy::{Act, Role};
use yanhe_core::scope::Kind;
use yanhe_core::{PersonId, Personal, StreamId};

use crate::people::{GOSSIP, he, own, ruan, shop, staff};
use crate::play::*;
use crate::world::World;

fn to(role: &str, channel: &str, contact: Option<&str>) -> Recipient {
    Recipient { role: role.into(), channel: channel.into(), contact: contact.map(str::to_owned) }
}

fn send(to: &[Recipient], reason: &str) -> matter::Command {
    matter::Command::SendLetters { to: to.to_vec(), entry: None, reason: reason.into() }
}

/// A brawl: the one is punished, the other injured.
fn brawl(world: &mut World, fine: i64) -> StreamId {
    let mut registered = penalty("盐市监罚字〔2022〕77号", date(2022, 3, 1));
    registered.text = Personal::new(
        &registered.text.of,
        "双方因琐事发生争执，当事人殴打他人致轻微伤，对方要求赔偿医药费3000元".to_owned(),
    );
    registered.affected = Some(ruan());
    registered.result = said("处以罚款");
    if let Some(penalty) = &mut registered.penalty {
        penalty.fine = fine;
        penalty.confiscation = 0;
        penalty.licence = None;
    }
    register(world, registered)
}

#[test]
fn an_empty_column_does_not_make_a_major_penalty_a_minor_one() {
    let mut world = World::new();
    let mut registered = penalty("盐市监罚字〔2022〕78号", date(2022, 3, 1));
    registered.result = said("责令改正，处罚款捌万元整");
    if let Some(penalty) = &mut registered.penalty {
        (penalty.fine, penalty.confiscation, penalty.licence) = (0, 0, None);
    }
    let id = register(&mut world, registered);
    assert!(world.matter(&id).proposal.send);
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
    let found = |entry: &str, reason: &str| matter::Command::SendLetters {
        to: vec![to("complainant", "", None)],
        entry: Some(entry.into()),
        reason: reason.into(),
    };
    assert_eq!(world.no::<Matter>(&clerk(), &id, found("administrative-compensation", " ")), "field", "why?");
    assert_eq!(world.no::<Matter>(&clerk(), &id, found("gossip", GOSSIP)), "field", "a letter is of some dispute");
    assert_eq!(world.no::<Matter>(&clerk(), &id, found("medical", GOSSIP)), "field", "another organ's");
    world.do_::<Matter>(&clerk(), &id, found("administrative-compensation", GOSSIP));
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
    world.do_::<Matter>(&clerk(), &id, found("consumer", ""));
    let state = world.matter(&id);
    assert_eq!((state.kind(), state.kind_of(&he().person)), (Kind::Civil, Kind::Civil));
    assert_eq!(state.entry_of(&he().person).0, Some("consumer"));
}

#[test]
fn another_sort_of_private_dispute_is_found_with_a_reason_and_its_limits_are_named() {
    let mut world = World::new();
    let mut registered = complaint("HY202203010097", date(2022, 3, 1));
    registered.organ = "renshe".into();
    registered.text = said(WAGES);
    let id = matter::stream(registered.source, &registered.number);
    let of_organ = staff("renshe", Role::Clerk);
    world.do_::<Matter>(&of_organ, &id, matter::Command::Register { matter: Box::new(registered) });
    assert_eq!(world.matter(&id).entry_of(&he().person).0, Some("wages"));
    let general = |reason: &str| matter::Command::SendLetters {
        to: vec![to("complainant", "", None)],
        entry: Some("general".into()),
        reason: reason.into(),
    };
    assert_eq!(world.no::<Matter>(&of_organ, &id, general("")), "field", "why?");
    world.do_::<Matter>(&of_organ, &id, general(GOSSIP));
    let state = world.matter(&id).clone();
    let found = state.classified.as_deref().unwrap();
    assert_eq!((found.proposed_entry.as_deref(), found.entry.as_deref()), (Some("wages"), Some("general")));
    let limits: Vec<&str> = state.limits.iter().map(|limit| limit.limit.as_str()).collect();
    assert_eq!(limits, ["limitation.civil"], "and not the year of labour arbitration");
    world.origin = Some(id);
    let case = new_dossier("general");
    world.do_::<Dossier>(&own(&he()), &case, application("", vec![shop()]));
    assert_eq!(world.dossier(&case).entry, "general");
}

#[test]
fn a_decision_is_disputed_with_the_organ_that_decided_whatever_is_chosen() {
    let mut world = World::new();
    let id = brawl(&mut world, 10_000_000);
    let both = vec![to("subject", "", None), to("affected", "", None)];
    let civil = matter::Command::SendLetters { to: both, entry: Some("general".into()), reason: GOSSIP.into() };
    assert_eq!(world.no::<Matter>(&clerk(), &id, civil), "field");
}

/// A complaint of this text, with its letter.
fn lettered(world: &mut World, organ: &str, text: &str) -> StreamId {
    let number = format!("HY2022030109{:02}", world.matters.len());
    let mut registered = complaint(&number, date(2022, 3, 1));
    registered.organ = organ.into();
    registered.text = said(text);
    let id = matter::stream(registered.source, &number);
    let of_organ = staff(organ, Role::Clerk);
    world.do_::<Matter>(&of_organ, &id, matter::Command::Register { matter: Box::new(registered) });
    world.do_::<Matter>(&of_organ, &id, matter::Command::ConfirmLetter { reason: String::new() });
    id
}

const WAGES: &str = "我在厂里上班三年，无故辞退，要求支付经济补偿";
const ROAD: &str = "电动车被轿车追尾，交警出了事故认定书，对方不赔修车费，请求调解";

#[test]
fn a_letter_names_the_limits_of_its_dispute_as_the_case_will_count_them() {
    let mut world = World::new();
    let printed = |world: &World| {
        let order = world.orders.iter().rev().find(|o| o.paper.kind == "guidance_letter").unwrap();
        let limit =
            |l: &serde_json::Value| (l["id"].as_str().unwrap().to_owned(), l["last_day"].as_str().unwrap().to_owned());
        order.data["limits"].as_array().unwrap().iter().map(limit).collect::<Vec<_>>()
    };
    let pair = |id: &str, day: &str| (id.to_owned(), day.to_owned());
    let wages = lettered(&mut world, "renshe", WAGES);
    assert_eq!(printed(&world), [pair("arbitration.labour", "2023-03-01")], "one year, and not three");
    let road = lettered(&mut world, "gongan", ROAD);
    let expected = [pair("limitation.civil", "2025-03-03"), pair("mediation.apply", "2022-03-11")];
    assert_eq!(printed(&world), expected, "ten days to ask for this mediation besides");
    // What the application counts is what the letter told of.
    for (matter, party) in
        [(wages, &["arbitration.labour"][..]), (road.clone(), &["limitation.civil", "mediation.apply"])]
    {
        world.origin = Some(matter.clone());
        let case = new_dossier(party[0]);
        world.do_::<Dossier>(&own(&he()), &case, application("", vec![shop()]));
        let limits: Vec<_> = world.dossier(&case).limits.iter().map(|l| l.deadline.limit.as_str()).collect();
        assert_eq!(limits, party);
    }
    let counted = |state: &dossier::State| state.limits.iter().find(|l| l.asks()).unwrap().deadline.last_day;
    assert_eq!(counted(world.dossier(&new_dossier("limitation.civil"))), date(2022, 3, 11));
    let note = world.order("application").data["limits"][1]["note"].as_str().unwrap().to_owned();
    assert!(note.contains("收到事故认定书更早的") && note.contains("已在期限内申请"), "{note}");
    // Without a letter the ten days are told as well: they began on the day of the application at the latest.
    world.origin = None;
    let open = new_dossier("open road");
    let mut command = application("road-accident", vec![shop()]);
    if let dossier::Command::Apply { organ, .. } = &mut command {
        *organ = "gongan".into();
    }
    world.do_::<Dossier>(&own(&he()), &open, command);
    assert_eq!(counted(world.dossier(&open)), date(2022, 3, 11));
}

#[test]
fn the_limit_of_a_sector_is_counted_again_by_the_rule_of_that_sector() {
    let mut world = World::new();
    let mut registered = complaint("HY202203010980", date(2022, 3, 1));
    (registered.organ, registered.text) = ("gongan".into(), said(ROAD));
    registered.origin = "form".into();
    let id = matter::stream(registered.source, &registered.number);
    let (clerk, leader) = (staff("gongan", Role::Clerk), staff("gongan", Role::Leader));
    world.do_::<Matter>(&clerk, &id, matter::Command::Register { matter: Box::new(registered) });
    world.do_::<Matter>(&clerk, &id, matter::Command::ConfirmLetter { reason: String::new() });
    let ask = matter::Command::AskCorrection {
        field: "occurred_on".into(),
        after: "2022-02-22".into(),
        reason: GOSSIP.into(),
    };
    world.do_::<Matter>(&clerk, &id, ask);
    world.do_::<Matter>(&leader, &id, matter::Command::ApproveCorrection { correction: 0 });
    let apply = world.matter(&id).limits.iter().find(|l| l.limit == "mediation.apply").unwrap();
    assert_eq!(apply.last_day, date(2022, 3, 4));
}

#[test]
fn whoever_else_is_affected_is_entered_while_the_matter_is_open_and_gets_a_letter_each() {
    let mut world = World::new();
    let mut registered = complaint("HY202203010981", date(2022, 3, 1));
    registered.source = yanhe_core::scope::Source::Inspection;
    registered.complainant = None;
    registered.affected = Some(ruan());
    registered.also_affected = vec![other("second")];
    let id = register(&mut world, registered);
    let confirm = || matter::Command::ConfirmLetter { reason: GOSSIP.into() };
    let enter = |who: &str| matter::Command::EnterEntitled { party: Box::new(other(who)) };
    assert_eq!(world.no::<Matter>(&clerk(), &id, enter("second")), "field", "nobody gets two letters");
    world.do_::<Matter>(&clerk(), &id, confirm());
    assert_eq!(world.matter(&id).letters.len(), 2);
    world.do_::<Matter>(&clerk(), &id, enter("third"));
    world.do_::<Matter>(&clerk(), &id, send(&[to("affected3", "print", None)], GOSSIP));
    let people: Vec<_> = world.matter(&id).letters.iter().map(|(l, _)| l.to.person.0.clone()).collect();
    assert_eq!(people, [ruan().person.0.as_str(), "second", "third"]);
    assert_eq!(world.matter(&id).parties().filter(|(role, _)| *role == "affected").count(), 3);
    assert_eq!(world.count("letters"), 1, "it stays one matter");
    // Each has the dispute with the same other side.
    let state = world.matter(&id);
    assert_eq!(state.other_side_of(&PersonId("third".into())), state.matter.subject.as_ref());
}

/// Somebody else who is affected.
fn other(who: &str) -> Party {
    Party::human(PersonId(who.into()), format!("{}{who}", ruan().name.text()))
}

#[test]
fn whom_a_reported_act_harmed_gets_a_letter_of_their_own() {
    let mut world = World::new();
    let mut registered = complaint("HY202203010982", date(2022, 3, 1));
    registered.category = "举报".into();
    registered.reporter = true;
    registered.text = said("举报楼下千禾电器晚上装卸货物噪音扰民，隔壁邻居阮桂香睡不着，要求查处");
    let alone = register(&mut world, registered.clone());
    assert!(world.matter(&alone).harmed.is_none(), "the reporter has no dispute by reporting");
    registered.number = "HY202203010983".into();
    registered.affected = Some(ruan());
    let id = register(&mut world, registered);
    let state = world.matter(&id);
    assert!(!state.proposal_of(&he().person).send && state.proposal_of(&ruan().person).send);
    assert_eq!((state.kind_of(&ruan().person), state.standing), (Kind::Civil, Standing::Proposed));
    world.do_::<Matter>(&clerk(), &id, matter::Command::ConfirmLetter { reason: String::new() });
    let people: Vec<_> = world.matter(&id).letters.iter().map(|(l, _)| l.to.person.clone()).collect();
    assert_eq!(people, [ruan().person]);
}

#[test]
fn a_letter_goes_with_the_decision_only_while_that_is_not_served() {
    let mut world = World::new();
    let id = brawl(&mut world, 10_000_000);
    world.do_::<Matter>(&clerk(), &id, matter::Command::EnterServed { on: date(2022, 3, 1) });
    let together = [to("subject", "with_decision", None), to("affected", "", None)];
    assert_eq!(world.no::<Matter>(&clerk(), &id, send(&together, "")), "field");
    world.do_::<Matter>(&clerk(), &id, matter::Command::ConfirmLetter { reason: String::new() });
    assert_ne!(world.matter(&id).letters[0].0.channel, "with_decision");
}

#[test]
fn nobody_received_a_paper_before_it_was_made() {
    let mut world = World::new();
    let id = brawl(&mut world, 10_000_000);
    world.do_::<Matter>(&clerk(), &id, matter::Command::ConfirmLetter { reason: String::new() });
    let letter = world.matter(&id).letters[1].0.paper.id.clone();
    let served = |hour| paper::Command::RecordService {
        manner: "forwarded".into(),
        on: date(2022, 3, 1),
        at: Some(jiff::civil::time(hour, 0, 0, 0)),
        served: true,
        receiver: GOSSIP.into(),
        note: String::new(),
    };
    assert_eq!(world.no::<Paper>(&clerk(), &letter, served(8)), "field", "it was made at nine");
    assert_eq!(world.no::<Paper>(&clerk(), &letter, served(10)), "field", "it is nine o'clock");
    world.do_::<Paper>(&clerk(), &letter, served(9));
    assert_eq!(world.order("proof_of_service").data["manner"], "转交送达");
}

#[test]
fn what_was_left_behind_says_why_and_who_saw_it_and_no_hand_is_made_up() {
    let mut world = World::new();
    let id = brawl(&mut world, 10_000_000);
    world.do_::<Matter>(&clerk(), &id, matter::Command::ConfirmLetter { reason: String::new() });
    let letters: Vec<_> = world.matter(&id).letters.iter().map(|l| l.0.paper.id.clone()).collect();
    let addressee = world.papers[&letters[0]].state.as_ref().unwrap().issued.addressee.clone().unwrap();
    let by = |manner: &str, receiver: &str, note: &str| paper::Command::RecordService {
        manner: manner.into(),
        on: date(2022, 3, 1),
        at: None,
        served: true,
        receiver: receiver.into(),
        note: note.into(),
    };
    for (witness, why) in [("", "拒收"), ("沈某", " "), (addressee.name.text(), "拒收")] {
        assert_eq!(world.no::<Paper>(&clerk(), &letters[0], by("left", witness, why)), "field");
    }
    world.do_::<Paper>(&clerk(), &letters[0], by("left", "沈某", "当面拒收"));
    let proof = world.order("proof_of_service").data.clone();
    assert_eq!(proof["refusal_reason"]["$personal"]["value"], "当面拒收", "{proof}");
    assert!(proof["witnesses"][0]["$personal"]["value"] == "沈某" && proof["receiver"].is_null(), "{proof}");
    assert!(proof["servers"][0]["$personal"]["value"] == "陈喆" && proof["unsigned"].is_null(), "{proof}");
    // Who took it is named as recorded, with the relation; where that was nobody wrote down.
    world.do_::<Paper>(&clerk(), &letters[1], by("direct", "沈某", "店员"));
    let proof = world.order("proof_of_service").data.clone();
    assert!(
        proof["receiver"]["$personal"]["value"] == "沈某" && proof["relation"]["$personal"]["value"] == "店员",
        "{proof}"
    );
    assert!(proof["place"].is_null() && proof["witnesses"] == serde_json::json!([]), "{proof}");
}

#[test]
fn a_voided_letter_takes_its_counts_back_and_another_may_be_issued() {
    let mut world = World::new();
    let matter = register(&mut world, complaint("HY202203010002", date(2022, 3, 1)));
    let confirm = || matter::Command::ConfirmLetter { reason: String::new() };
    world.do_::<Matter>(&clerk(), &matter, confirm());
    assert_eq!(world.no::<Matter>(&clerk(), &matter, confirm()), "not_now");
    let first = world.order("guidance_letter").paper.clone();
    world.serve(&clerk(), &first.id);
    let counts = |world: &World| ["letters", "letter_copies", "letters_served"].map(|c| world.count(c));
    assert_eq!(counts(&world), [1, 1, 1]);
    world.until(date(2022, 3, 2));
    let void = paper::Command::Void { reason: GOSSIP.into() };
    world.notice(&first.id, void);
    assert_eq!(counts(&world), [0, 0, 0]);
    let by_day =
        |world: &World, day| -> i64 { world.tallies.iter().filter(|(_, t)| t.date == day).map(|(_, t)| t.by).sum() };
    assert_eq!(by_day(&world, date(2022, 3, 1)), 0, "taken back on the day on which it was counted");
    assert_eq!(world.matter(&matter).standing, Standing::Proposed);
    assert!(world.tasks(&matter).contains(&"letter".to_owned()), "the clerk is reminded");
    assert_eq!(
        world.no::<Matter>(&clerk(), &matter, matter::Command::Withdraw { reason: GOSSIP.into() }),
        "already_issued"
    );
    world.do_::<Matter>(&clerk(), &matter, confirm());
    assert_eq!(
        world.order("guidance_letter").paper.number,
        "盐市监调告〔2022〕2号",
        "the spoilt number is not used again"
    );
    assert_eq!(counts(&world), [1, 1, 0]);
    assert_eq!(world.order("void_notice").paper.number, "盐市监调废〔2022〕1号");
    // A job that was late: what is void stays void.
    let served = serde_json::json!({"NoteLetter": {"paper": first.id, "state": "served", "on": "2022-03-02"}});
    assert_eq!(world.fire(&matter, served), Ok(0));
}

#[test]
fn a_failed_service_is_followed_by_another_way_and_a_late_failure_undoes_nothing() {
    let mut world = World::new();
    let matter = register(&mut world, complaint("HY202203010003", date(2022, 3, 1)));
    world.do_::<Matter>(&clerk(), &matter, matter::Command::ConfirmLetter { reason: String::new() });
    let letter = world.order("guidance_letter").paper.clone();
    let fail = |note: &str| paper::Command::RecordService {
        manner: "post".into(),
        on: date(2022, 3, 1),
        at: None,
        served: false,
        receiver: String::new(),
        note: note.into(),
    };
    assert_eq!(world.no::<Paper>(&clerk(), &letter.id, fail("")), "field");
    world.do_::<Paper>(&clerk(), &letter.id, fail(GOSSIP));
    assert!(world.tasks(&matter).contains(&"address".to_owned()));
    let mail = paper::Command::Dispatch { channel: "mail".into(), to: Some("枫溪新村十二幢".into()) };
    world.do_::<Paper>(&clerk(), &letter.id, mail);
    assert!(!world.tasks(&matter).contains(&"address".to_owned()), "another way was found");
    world.serve(&clerk(), &letter.id);
    assert_eq!(world.matter(&matter).standing, Standing::Served);
    let failed = serde_json::json!({"NoteLetter": {"paper": letter.id, "state": "failed", "on": "2022-03-01"}});
    assert_eq!(world.fire(&matter, failed), Ok(0));
    assert_eq!(world.no::<Paper>(&clerk(), &letter.id, fail(GOSSIP)), "not_now");
    let correct =
        paper::Command::Correct { reason: GOSSIP.into(), before: "贺秋生".into(), after: "阮桂香".into() };
    world.notice(&letter.id, correct);
    assert_eq!(world.order("correction_notice").paper.number, "盐市监调正〔2022〕1号");
}

#[test]
fn a_letter_without_an_address_waits_for_one_until_it_is_sent() {
    let mut world = World::new();
    let mut registered = complaint("HY202203010011", date(2022, 3, 1));
    registered.complainant =
        registered.complainant.map(|p| yanhe_core::party::Party { phone: None, address: None, ..p });
    let matter = register(&mut world, registered);
    world.do_::<Matter>(&clerk(), &matter, matter::Command::ConfirmLetter { reason: String::new() });
    let letter = world.order("guidance_letter").paper.clone();
    assert!(world.tasks(&matter).contains(&"address".to_owned()));
    assert_eq!(world.matter(&matter).letter_sent_on(), None, "written is not sent");
    let is_task = |row: &&Vec<yanhe_core::row::Cell>| row[0] == matter.as_str().into() && row[1] == "address".into();
    let row = world.rows.iter().filter(|((table, _), _)| *table == "work").map(|(_, row)| row).find(is_task).unwrap();
    assert_eq!((&row[5], &row[6]), (&date(2022, 3, 4).into(), &"letter.send".into()), "the limit of sending goes on");
    world.until(world.today() + 2.days());
    let mail = paper::Command::Dispatch { channel: "mail".into(), to: Some("枫溪新村十二幢".into()) };
    world.do_::<Paper>(&clerk(), &letter.id, mail);
    assert!(!world.tasks(&matter).contains(&"address".to_owned()), "it is on its way");
    assert_eq!(world.matter(&matter).letter_sent_on(), Some(date(2022, 3, 3)));
    assert_eq!(world.matter(&matter).standing, Standing::Issued, "and not yet served");
    assert_eq!(world.matter(&matter).letters[0].1, matter::LetterState::Sent);
    world.serve(&clerk(), &letter.id);
    let sent = serde_json::json!({"NoteLetter": {"paper": letter.id, "state": "sent", "on": "2022-03-01"}});
    assert_eq!(world.fire(&matter, sent), Ok(0), "what is served stays served");
}
