//! Laws of the desk: what staff and parties meet between the steps of a case.

use jiff::civil::date;
use yanhe_core::Personal;
use yanhe_core::dossier::{self, Dossier, Sitting};
use yanhe_core::matter::{self, Matter, reply};
use yanhe_core::paper::counter::{Coming, Seen};
use yanhe_core::paper::{self, Paper};
use yanhe_core::policy::{Act, Actor};
use yanhe_core::time::county_time;

use crate::people::{GOSSIP, he, own, ruan, shop};
use crate::play::{
    accept, apply, clerk, complaint, draft, identify, issue, leader, mediator, name_mediator, register, said, session,
    sign_record, telling,
};
use crate::world::World;

#[test]
fn the_same_file_from_the_same_hand_is_not_listed_twice() {
    let mut world = World::new();
    let id = apply(&mut world, "files");
    let file = |by: &str| dossier::Command::AttachFile {
        file: dossier::FileRef { name: said("发票.pdf"), sha256: "0".repeat(64), size: 1, by: by.to_owned() },
    };
    world.do_::<Dossier>(&own(&he()), &id, file("party/he"));
    assert_eq!(world.no::<Dossier>(&own(&he()), &id, file("party/he")), "field");
    world.do_::<Dossier>(&clerk(), &id, file("staff/clerk"));
    assert_eq!(world.dossier(&id).files.len(), 2, "another may hand in the same");
}

#[test]
fn a_check_at_the_counter_is_on_record_also_when_the_letter_was_served() {
    let mut world = World::new();
    let matter = register(&mut world, complaint("HY202203010010", date(2022, 3, 1)));
    world.do_::<Matter>(&clerk(), &matter, matter::Command::ConfirmLetter { reason: String::new() });
    let paper = world.order("guidance_letter").paper.id.clone();
    let check = |kind: &str, phone: Option<&str>| {
        paper::Command::CheckIdentity(Seen {
            document_kind: kind.into(),
            number: "330499198001011235".into(),
            phone: phone.map(str::to_owned),
            envoy: None,
        })
    };
    world.serve(&clerk(), &paper);
    assert_eq!(world.no::<Paper>(&clerk(), &paper, check("diary", None)), "field");
    assert_eq!(world.no::<Paper>(&clerk(), &paper, check("resident_id", Some("1990"))), "field");
    assert_eq!(world.no::<Paper>(&own(&he()), &paper, check("resident_id", None)), "denied");
    let events = world.do_::<Paper>(&clerk(), &paper, check("resident_id", Some("19900007009")));
    assert!(matches!(events.as_slice(), [paper::Event::IdentityChecked { phone: Some(_), .. }]));
    // For a firm somebody comes who may act for it, and shows a document of their own.
    world.firm = true;
    let comes = |name: &str, capacity: &str, authority: &str| {
        let envoy = Coming { name: name.into(), capacity: capacity.into(), authority: authority.into() };
        let (document_kind, number) = ("resident_id".into(), "330499197502023459".into());
        paper::Command::CheckIdentity(Seen { document_kind, number, phone: None, envoy: Some(envoy) })
    };
    assert_eq!(world.no::<Paper>(&clerk(), &paper, check("resident_id", None)), "field", "nobody says who came");
    for wrong in [comes("", "agent", "第7号"), comes("阮桂香", "cousin", ""), comes("阮桂香", "agent", " ")] {
        assert_eq!(world.no::<Paper>(&clerk(), &paper, wrong), "field");
    }
    let events = world.do_::<Paper>(&clerk(), &paper, comes("阮桂香", "agent", "第7号"));
    let [paper::Event::IdentityChecked { envoy: Some(envoy), .. }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((envoy.capacity.as_str(), envoy.authority.as_ref().unwrap().text()), ("agent", "第7号"));
    world.do_::<Paper>(&clerk(), &paper, comes("阮桂香", "legal_representative", ""));
    world.firm = false;
    assert_eq!(world.no::<Paper>(&clerk(), &paper, comes("阮桂香", "agent", "第7号")), "field", "he comes himself");
    world.document = Some("330499197502023459".into());
    assert_eq!(world.no::<Paper>(&clerk(), &paper, check("resident_id", None)), "field", "somebody else's document");
    world.document = Some("330499198001011235".into());
    world.do_::<Paper>(&clerk(), &paper, check("resident_id", None));
}

#[test]
fn a_paper_waits_on_its_issuers_list_until_it_is_sent_and_then_until_somebody_says_how_it_was_served() {
    let mut world = World::new();
    let id = apply(&mut world, "unsent");
    // The shop was asked nothing yet: it is told as the applicant is, by message, and agreed to nothing.
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::AskConsent {});
    let letter = world.dossier(&id).consents[0].paper.id.clone();
    let send = || paper::Command::Dispatch { channel: "print".into(), to: None };
    if world.order("consent_letter").channel == "print" {
        assert_eq!(world.tasks(&letter), ["dispatch"]);
        world.do_::<Paper>(&clerk(), &letter, send());
    }
    assert_eq!(world.tasks(&letter), ["record_service"]);
    let on = world.today();
    let served = |served| paper::Command::RecordService {
        manner: "post".into(),
        on,
        at: None,
        served,
        receiver: "店员".into(),
        note: "无人签收".into(),
    };
    world.do_::<Paper>(&clerk(), &letter, served(false));
    assert_eq!(world.tasks(&letter), ["dispatch"], "it did not arrive and goes out again");
    world.do_::<Paper>(&clerk(), &letter, send());
    assert_eq!(world.tasks(&letter), ["record_service"], "it is on its way again");
    world.do_::<Paper>(&clerk(), &letter, served(true));
    assert!(world.tasks(&letter).is_empty());
}

#[test]
fn who_agreed_to_messages_is_served_on_the_day_on_which_a_paper_arrives_on_the_portal() {
    let mut world = World::new();
    let id = apply(&mut world, "by message");
    accept(&mut world, &id);
    let notices: Vec<_> = world.orders.iter().filter(|o| o.paper.kind == "acceptance_notice").cloned().collect();
    for notice in notices {
        let to = notice.addressee.unwrap().person;
        let agreed = world.dossier(&id).by_message(&to) == Some(true);
        assert_eq!(agreed, to == he().person, "only the applicant was asked, and agreed");
        let state = world.papers[&notice.paper.id].state.as_ref().unwrap();
        let services: Vec<_> = state.services.iter().map(|s| (s.manner.as_str(), s.on, s.served)).collect();
        match agreed {
            true => assert_eq!(services, [("electronic", world.today(), true)]),
            false => assert!(services.is_empty(), "{services:?}"),
        }
        assert_eq!(world.tasks(&notice.paper.id).is_empty(), agreed);
    }
}

#[test]
fn a_session_is_recorded_after_it_took_place() {
    let mut world = World::new();
    let id = apply(&mut world, "later");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    let at = world.today().at(15, 0, 0, 0);
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::CallSession { at, place: "调解室".into() });
    let sitting = |held_at| Sitting {
        held_at,
        present: vec![he().person],
        statements: said("各自陈述"),
        undisputed: said("冰箱已坏"),
        result: "adjourned".into(),
        rights_told: false,
        recusal: None,
        for_organ: None,
        otherwise: None,
    };
    let early = dossier::Command::RecordSession { sitting: sitting(at), asked: None };
    assert_eq!(world.no::<Dossier>(&mediator(), &id, early), "field");
    let now = county_time(world.now);
    let earlier = dossier::Command::RecordSession { sitting: sitting(now), asked: None };
    assert_eq!(world.no::<Dossier>(&mediator(), &id, earlier), "field", "it was called for the afternoon");
    let sitting = Sitting { otherwise: Some(said("各方提前到场")), ..sitting(now) };
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::RecordSession { sitting, asked: None });
}

#[test]
fn a_correction_is_as_good_as_a_first_entry_and_may_be_refused() {
    let mut world = World::new();
    let id = apply(&mut world, "corrections");
    let ask = |field: &str, after: &str| dossier::Command::AskCorrection {
        field: field.into(),
        after: after.into(),
        reason: "来电更正".into(),
    };
    for (field, after) in [
        ("phone/0", "1990000"),
        ("document/0/resident_id", "330499198001011230"),
        ("document/0/diary", "1"),
        ("document/1/resident_id", "330499198001011233"),
        ("credit_code/0", "91330499MA0000000X"),
        ("name/0", " "),
        // What is on file already corrects nothing.
        ("name/0", he().name.text()),
        ("phone/0", he().phone_text().unwrap()),
    ] {
        assert_eq!(world.no::<Dossier>(&clerk(), &id, ask(field, after)), "field", "{field} {after}");
    }
    world.do_::<Dossier>(&clerk(), &id, ask("name/0", "贺秋声"));
    world.do_::<Dossier>(&clerk(), &id, ask("document/0/passport", "E12345678"));
    world.do_::<Dossier>(&leader(), &id, dossier::Command::ApproveCorrection { correction: 0 });
    let refuse = |reason: &str| dossier::Command::RefuseCorrection { correction: 1, reason: reason.into() };
    assert_eq!(world.no::<Dossier>(&leader(), &id, refuse("")), "field");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, refuse("不对")), "denied");
    world.do_::<Dossier>(&leader(), &id, refuse("与证件不符"));
    let state = world.dossier(&id);
    assert_eq!(state.applicants[0].name.text(), "贺秋声");
    assert_eq!(state.applicants[0].document, he().document, "what was refused changes nothing");
    assert_eq!(state.corrections[1].refused.as_ref().unwrap().text(), "与证件不符");
    assert!(!world.tasks(&id).contains(&"correct".to_owned()));
}

#[test]
fn somebody_unknown_is_entered_and_then_gets_a_letter_and_nobody_twice() {
    let mut world = World::new();
    let mut anonymous = complaint("HY202203010011", date(2022, 3, 1));
    let known = anonymous.complainant.take().unwrap();
    anonymous.affected = None;
    let matter = register(&mut world, anonymous);
    let confirm = || matter::Command::ConfirmLetter { reason: "已联系上".into() };
    assert_eq!(world.no::<Matter>(&clerk(), &matter, confirm()), "waiting");
    let enter = matter::Command::EnterEntitled { party: Box::new(known) };
    world.do_::<Matter>(&clerk(), &matter, enter.clone());
    assert_eq!(world.no::<Matter>(&clerk(), &matter, enter), "field", "nobody gets two letters");
    world.do_::<Matter>(&clerk(), &matter, confirm());
}

#[test]
fn once_somebody_is_known_the_scope_is_proposed_anew_and_says_why() {
    let mut world = World::new();
    let mut anonymous = complaint("HY202203010013", date(2022, 3, 1));
    let known = anonymous.complainant.take().unwrap();
    anonymous.subject = None;
    let matter = register(&mut world, anonymous.clone());
    assert_eq!(world.matter(&matter).standing, matter::Standing::OutOfScope, "nobody to write to, nobody to ask");
    assert!(!world.tasks(&matter).contains(&"letter".to_owned()));
    let party = Box::new(known.clone());
    let events = world.do_::<Matter>(&clerk(), &matter, matter::Command::EnterEntitled { party });
    let matter::Event::EntitledEntered { proposed: Some(anew), .. } = &events[0] else { panic!("{events:?}") };
    assert!(anew.sends() && anew.because.open().is_some_and(|b| !b.is_empty()), "{anew:?}");
    let state = world.matter(&matter);
    assert_eq!(state.standing, matter::Standing::Proposed);
    assert_eq!(state.letter_due.as_ref().map(|d| d.last_day), Some(date(2022, 3, 4)));
    assert!(world.tasks(&matter).contains(&"letter".to_owned()));

    anonymous.number = "HY202203010014".into();
    anonymous.text = said("来电咨询：个体工商户年报怎么申报，需要哪些材料");
    anonymous.category = "咨询".into();
    let asks = register(&mut world, anonymous);
    world.do_::<Matter>(&clerk(), &asks, matter::Command::EnterEntitled { party: Box::new(known) });
    assert_eq!(world.matter(&asks).standing, matter::Standing::OutOfScope, "a name makes no dispute of a question");
}

#[test]
fn a_reply_tells_what_is_on_file_and_nothing_else() {
    let mut world = World::new();
    let matter = register(&mut world, complaint("HY202203010012", date(2022, 3, 1)));
    let told = |letter_on| reply::Told { letter_on, ..reply::Told::default() };
    let before = reply::draft(world.matter(&matter), &told(None));
    assert!(before.contains("HY202203010012") && before.contains("2022年3月1日"));
    assert!(!before.contains("已于"), "no letter went out: {before}");
    world.do_::<Matter>(&clerk(), &matter, matter::Command::ConfirmLetter { reason: String::new() });
    let state = world.matter(&matter).clone();
    let after = reply::draft(&state, &told(Some(date(2022, 3, 1))));
    assert!(after.contains(&state.letters[0].0.paper.number) && after.contains("已于2022年3月1日"), "{after}");
    let empty = matter::Command::ReplyOrder { findings: " ".into(), text: after };
    assert_eq!(world.no::<Matter>(&clerk(), &matter, empty), "field");
    let limits = |world: &World| world.order("reply_12345").data["limits"].as_array().unwrap().len();
    let reply = matter::Command::ReplyOrder { findings: GOSSIP.into(), text: GOSSIP.into() };
    world.do_::<Matter>(&clerk(), &matter, reply.clone());
    assert_eq!(limits(&world), 1, "the last day of which the letter told");
    let other = register(&mut world, complaint("HY202203010015", date(2022, 3, 1)));
    world.do_::<Matter>(&clerk(), &other, reply);
    assert_eq!(limits(&world), 0, "no letter told of one");
    let mut declined = state.clone();
    declined.standing = matter::Standing::Declined;
    let way = |arbitration| reply::draft(&declined, &reply::Told { arbitration, ..told(None) });
    assert!(way(true).contains("先申请劳动仲裁") && !way(false).contains("仲裁"), "wages go to arbitration first");
    let mut asks = state.clone();
    asks.matter.category = "咨询".into();
    assert_eq!(reply::order(&asks), reply::Order::Inquiry);
    asks.matter.category = "举报".into();
    assert!(reply::draft(&asks, &told(None)).contains("依法保密"));
    asks.matter.text = Personal::new(&asks.matter.text.of, "举报：商家以假充真。".into());
    assert!(reply::draft(&asks, &told(None)).contains("您举报“商家以假充真”"), "the word is not said twice");
}

#[test]
fn a_record_signed_on_paper_is_attested_with_its_code_or_scan() {
    let mut world = World::new();
    let id = apply(&mut world, "record");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    let on = world.today();
    let code = world.dossier(&id).sessions[0].check_code.clone().unwrap_or_default();
    let attest = |signer: String| {
        dossier::Command::AttestRecord(dossier::ByHand {
            signer,
            on,
            manner: "fingerprint".into(),
            check_code: code.clone(),
            scan: "0".repeat(64),
            original: "档案室".into(),
        })
    };
    let first = format!("party/{}", he().person);
    world.do_::<Dossier>(&clerk(), &id, attest(first.clone()));
    assert_eq!(world.no::<Dossier>(&clerk(), &id, attest(first)), "already_signed");
    assert!(world.dossier(&id).record_unsigned().contains(&mediator().id));
}

#[test]
fn any_party_ends_the_mediation_and_a_wish_for_another_mediator_stops_it() {
    let mut world = World::new();
    let id = apply(&mut world, "left");
    assert_eq!(world.no::<Dossier>(&own(&he()), &id, dossier::Command::Leave { told: None }), "not_now");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    let ask = || dossier::Command::AskRecusal { reason: "与对方相识".into(), told: None };
    world.do_::<Dossier>(&own(&he()), &id, ask());
    assert_eq!(world.no::<Dossier>(&own(&shop()), &id, ask()), "already_done", "one at a time");
    assert_eq!(world.tasks(&id), ["identity", "recusal"]);
    let at = county_time(world.now);
    let call = dossier::Command::CallSession { at, place: "调解室".into() };
    assert_eq!(world.no::<Dossier>(&mediator(), &id, call), "waiting");
    let decide = |granted| dossier::Command::DecideRecusal { granted, reason: "经核实".into() };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, decide(true)), "denied");
    world.do_::<Dossier>(&leader(), &id, decide(true));
    assert!(world.dossier(&id).mediator.is_none() && world.dossier(&id).conflicted.contains(&mediator().id));
    assert!(world.open::<Dossier>(&own(&shop()), &id, Act::LeaveMediation).is_ok());
    world.do_::<Dossier>(&own(&shop()), &id, dossier::Command::Leave { told: None });
    assert_eq!(world.dossier(&id).ended.as_ref().unwrap().ground, "party_refuses");
}

#[test]
fn a_leader_replaces_a_mediator_for_a_reason_and_the_new_one_declares_as_the_first_did() {
    let mut world = World::new();
    let id = apply(&mut world, "ill");
    accept(&mut world, &id);
    let other = Actor { id: "staff/other".into(), ..mediator() };
    let replace = |world: &mut World, by: &Actor, who: &Actor, reason: &str| {
        let command =
            dossier::Command::ReplaceMediator { staff: world.name(who), legal_section: false, reason: reason.into() };
        world.ask::<Dossier>(by, &id, command).map(drop).map_err(|no| no.reason())
    };
    assert_eq!(replace(&mut world, &leader(), &other, "生病").unwrap_err(), "waiting", "nobody mediates yet");
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    assert_eq!(replace(&mut world, &leader(), &other, " ").unwrap_err(), "field", "not without a reason");
    assert_eq!(replace(&mut world, &leader(), &mediator(), "生病").unwrap_err(), "field", "not by the same");
    assert_eq!(replace(&mut world, &clerk(), &other, "生病").unwrap_err(), "denied");
    replace(&mut world, &leader(), &other, "生病住院").unwrap();
    let state = world.dossier(&id);
    let now = state.mediator.as_ref().unwrap();
    assert!(now.staff == other.id && !now.declared && state.conflicted.is_empty(), "who is ill has no conflict");
    assert_eq!(world.tasks(&id), ["declare", "identity"]);
    // Who did not hold the session signs no record of it, and whoever held it is waited for no more.
    assert!(state.record_unsigned().iter().all(|signer| signer.starts_with("party/")), "{:?}", state.record_unsigned());
    sign_record(&mut world, &id);
    let terms = draft(&world, &id, &[date(2022, 4, 1)]);
    let draft = || dossier::Command::DraftAgreement { draft: terms.clone() };
    assert_eq!(world.no::<Dossier>(&other, &id, draft()), "conflict", "nothing is declared yet");
    assert_eq!(
        replace(&mut world, &leader(), &mediator(), "病愈").unwrap_err(),
        "conflict",
        "it is named, not replaced"
    );
    world.do_::<Dossier>(&other, &id, dossier::Command::DeclareConflict { conflict: false });
    assert_eq!(world.no::<Dossier>(&mediator(), &id, draft()), "denied", "the case is another's now");
    world.do_::<Dossier>(&other, &id, draft());
    identify(&mut world, &id);
    world.do_::<Dossier>(&other, &id, dossier::Command::IssueAgreement {});
    assert!(world.dossier(&id).unsigned().contains(&other.id));
    assert_eq!(replace(&mut world, &leader(), &mediator(), "病愈").unwrap_err(), "not_now", "it names who signs it");
}

#[test]
fn a_clerk_records_who_wants_another_mediator_or_leaves_with_the_day_the_way_and_what_shows_it() {
    let mut world = World::new();
    let id = apply(&mut world, "told");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    world.until(date(2022, 3, 4));
    let written = telling(&shop(), date(2022, 3, 3));
    let ask = |told| dossier::Command::AskRecusal { reason: "与对方相识".into(), told };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, ask(None)), "field", "whose wish it is");
    for wrong in [
        dossier::Telling { scan: String::new(), ..written.clone() },
        dossier::Telling { note: " ".into(), ..written.clone() },
        dossier::Telling { way: "by_mail".into(), ..written.clone() },
        dossier::Telling { on: date(2022, 3, 5), ..written.clone() },
        dossier::Telling { person: ruan().person, ..written.clone() },
    ] {
        assert_eq!(world.no::<Dossier>(&clerk(), &id, ask(Some(wrong))), "field");
    }
    let before = dossier::Telling { on: date(2022, 2, 28), ..written.clone() };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, ask(Some(before))), "date_order");
    world.do_::<Dossier>(&clerk(), &id, ask(Some(written)));
    let recusal = world.dossier(&id).recusal.clone().unwrap();
    assert_eq!((recusal.by, recusal.on), (shop().person, date(2022, 3, 3)), "since the day on which it was told");
    assert_eq!(recusal.told.unwrap().scan, Some("0".repeat(64)));

    let spoken = dossier::Telling { way: "by_phone".into(), scan: String::new(), ..telling(&he(), date(2022, 3, 2)) };
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Leave { told: Some(spoken) });
    let ended = world.dossier(&id).ended.clone().unwrap();
    assert_eq!((ended.on, ended.told.unwrap().way.as_str()), (date(2022, 3, 2), "by_phone"));
    let counted = world.tallies.iter().find(|(_, t)| t.name == "ended").unwrap();
    assert_eq!(counted.1.date, date(2022, 3, 2), "the act took place when it was told");
}

#[test]
fn signing_may_still_be_left() {
    let mut world = World::new();
    let id = apply(&mut world, "left late");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    issue(&mut world, &id, &[date(2022, 3, 20)]);
    world.do_::<Dossier>(&own(&he()), &id, dossier::Command::Leave { told: None });
    assert_eq!(world.dossier(&id).ended.as_ref().unwrap().ground, "withdrawn");
}
