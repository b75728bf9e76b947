//! Signatures by hand: on every paper the same rules, and a note where somebody does not sign.

use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{ByHand, Command, Decision, Dossier, Via};
use yanhe_core::policy::{Act, Role};

use crate::people::{GOSSIP, he, own, shop, staff};
use crate::play::*;
use crate::world::{No, World, confirmation_of};

/// The field at which a command is refused, and what is wrong there.
fn at(no: No) -> (String, String) {
    let No::Refused(refusal) = no else { panic!("{no:?}") };
    let json = serde_json::to_value(&refusal.reason).unwrap();
    let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
    (text("field"), text("problem"))
}

#[test]
fn a_signature_by_hand_comes_with_a_scan_of_the_signed_sheet() {
    let mut world = World::new();
    let id = apply(&mut world, "scan");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    let code = world.dossier(&id).sessions[0].check_code.clone().unwrap();
    let signed = by_hand(&world, format!("party/{}", he().person), &code);
    let none = Command::AttestRecord(ByHand { scan: String::new(), ..signed.clone() });
    assert_eq!(at(world.ask::<Dossier>(&clerk(), &id, none).unwrap_err()), ("scan".into(), "required".into()));
    world.scanned = false;
    let electronic = Command::AttestRecord(signed.clone());
    assert_eq!(at(world.ask::<Dossier>(&clerk(), &id, electronic).unwrap_err()), ("scan".into(), "no_scan".into()));
    world.scanned = true;
    world.do_::<Dossier>(&clerk(), &id, Command::AttestRecord(signed));

    let id = agreement(&mut world, "court");
    let court = confirmation_of(&id);
    world.do_::<Confirmation>(&mediator(), &court, confirmation::Command::Draft {});
    let code = world.confirmation(&court).check_code.clone();
    let none = ByHand { scan: String::new(), ..by_hand(&world, format!("party/{}", he().person), &code) };
    let no = world.ask::<Confirmation>(&clerk(), &court, confirmation::Command::Attest(none)).unwrap_err();
    assert_eq!(at(no), ("scan".into(), "required".into()));
    // Who is no party has not signed already: there is no such person.
    let nobody = by_hand(&world, "party/nobody", &code);
    let no = world.ask::<Confirmation>(&clerk(), &court, confirmation::Command::Attest(nobody)).unwrap_err();
    assert_eq!(at(no), ("signer".into(), "unknown".into()));
}

#[test]
fn a_scan_shows_one_paper_with_all_its_signatures_and_no_other_paper() {
    let mut world = World::new();
    let id = apply(&mut world, "one-scan");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    let record = world.dossier(&id).sessions[0].check_code.clone().unwrap();
    for party in [he(), shop()] {
        let signed = by_hand(&world, format!("party/{}", party.person), &record);
        world.do_::<Dossier>(&clerk(), &id, Command::AttestRecord(signed));
    }
    let due = world.today();
    issue(&mut world, &id, &[due]);
    let code = world.dossier(&id).agreement.as_ref().unwrap().check_code.clone();
    let own = by_hand(&world, format!("party/{}", he().person), &code);
    let again = Command::AttestSignature(ByHand { scan: scan_of(&record), ..own.clone() });
    let no = world.ask::<Dossier>(&clerk(), &id, again).unwrap_err();
    assert_eq!(at(no), ("scan".into(), "scan_of_record".into()));
    world.do_::<Dossier>(&clerk(), &id, Command::AttestSignature(own));
}

#[test]
fn nobody_attests_a_signature_of_their_own() {
    let mut world = World::new();
    let id = apply(&mut world, "own");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    let code = world.dossier(&id).sessions[0].check_code.clone().unwrap();
    let mine = Command::AttestRecord(by_hand(&world, mediator().id, &code));
    let no = world.ask::<Dossier>(&mediator(), &id, mine.clone()).unwrap_err();
    assert_eq!(at(no), ("signer".into(), "own_signature".into()));
    for party in [he(), shop()] {
        world.do_::<Dossier>(&own(&party), &id, Command::SignRecord {});
    }
    assert!(world.open::<Dossier>(&mediator(), &id, Act::AttestRecord).is_err(), "only the mediator's own is left");
    world.do_::<Dossier>(&clerk(), &id, mine);
}

#[test]
fn nobody_signed_a_paper_before_it_was_there() {
    let mut world = World::new();
    let id = apply(&mut world, "early");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    world.until(jiff::civil::date(2022, 3, 5));
    issue(&mut world, &id, &[jiff::civil::date(2022, 3, 20)]);
    let code = world.dossier(&id).agreement.as_ref().unwrap().check_code.clone();
    let today = by_hand(&world, format!("party/{}", he().person), &code);
    let early = ByHand { on: jiff::civil::date(2022, 3, 4), ..today.clone() };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, Command::AttestSignature(early)), "date_order");
    world.do_::<Dossier>(&clerk(), &id, Command::AttestSignature(today));
}

#[test]
fn an_oral_application_is_signed_on_its_print() {
    let mut world = World::new();
    let id = new_dossier("oral");
    let mut command = application("consumer", vec![shop()]);
    if let Command::Apply { via, .. } = &mut command {
        *via = Via::Oral;
    }
    world.do_::<Dossier>(&clerk(), &id, command);
    let code = world.dossier(&id).application_code.clone().unwrap();
    assert_eq!(world.order("oral_application").data["check_code"], serde_json::json!(code));
    let signer = format!("party/{}", he().person);
    let wrong = Command::AttestApplication(by_hand(&world, signer.clone(), "WRONG"));
    assert_eq!(at(world.ask::<Dossier>(&clerk(), &id, wrong).unwrap_err()), ("check_code".into(), "wrong".into()));
    let sealed = ByHand { manner: "seal".into(), ..by_hand(&world, signer.clone(), &code) };
    let no = world.ask::<Dossier>(&clerk(), &id, Command::AttestApplication(sealed)).unwrap_err();
    assert_eq!(at(no), ("manner".into(), "seal_of_firm".into()), "a human being has no seal of a firm");
    let elsewhere = staff("gongan", Role::Clerk);
    let right = Command::AttestApplication(by_hand(&world, signer.clone(), &code));
    assert_eq!(world.no::<Dossier>(&elsewhere, &id, right.clone()), "denied");
    world.do_::<Dossier>(&clerk(), &id, right.clone());
    assert_eq!(world.no::<Dossier>(&clerk(), &id, right), "not_now", "everybody who applied has signed");
    let signed = world.dossier(&id).application_signatures[0].clone();
    assert_eq!((signed.signer, signed.attested_by), (signer, Some(clerk().id)));
    assert_eq!(world.marks.last().unwrap().paper, world.dossier(&id).application.id, "the file shows it");
}

#[test]
fn an_application_that_was_sent_can_come_back_signed_on_its_print_and_need_not() {
    let mut world = World::new();
    let id = apply(&mut world, "portal");
    let code = world.dossier(&id).application_code.clone().unwrap();
    let data = &world.order("application").data;
    assert_eq!(
        (&data["check_code"], &data["applicants"][0]["sign"]),
        (&code.clone().into(), &format!("party/{}", he().person).into())
    );
    assert!(!world.tasks(&id).contains(&"attest_application".to_owned()), "nobody waits for it");
    let on_paper = by_hand(&world, format!("party/{}", he().person), &code);
    world.do_::<Dossier>(&clerk(), &id, Command::AttestApplication(on_paper));
    let signed = &world.dossier(&id).application_signatures[0];
    assert_eq!((signed.original.as_ref().unwrap().text(), signed.attested_by.as_ref()), (GOSSIP, Some(&clerk().id)));
    assert!(world.open::<Dossier>(&clerk(), &id, Act::AttestApplication).is_err(), "everybody who applied has signed");
}

#[test]
fn an_answer_that_a_clerk_records_came_on_a_slip_or_says_how() {
    let mut world = World::new();
    let id = apply(&mut world, "slip");
    world.do_::<Dossier>(&clerk(), &id, Command::AskConsent {});
    let code = world.dossier(&id).consents[0].check_code.clone().unwrap();
    assert_eq!(world.order("consent_letter").data["check_code"], serde_json::json!(code));
    let signer = format!("party/{}", shop().person);
    let on = world.today();
    let answer = |slip: Option<ByHand>, how: &str| Command::AnswerConsent {
        electronic: None,
        answer: Decision::Yes,
        on,
        person: None,
        slip,
        how: how.into(),
    };
    assert_eq!(at(world.ask::<Dossier>(&clerk(), &id, answer(None, " ")).unwrap_err()).0, "how");
    let slip = ByHand { manner: "seal".into(), ..by_hand(&world, signer.clone(), &code) };
    let others = ByHand { signer: format!("party/{}", he().person), ..slip.clone() };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, answer(Some(others), "")), "already_signed");
    let scanless = ByHand { scan: String::new(), ..slip.clone() };
    assert_eq!(at(world.ask::<Dossier>(&clerk(), &id, answer(Some(scanless), "")).unwrap_err()).0, "scan");
    world.do_::<Dossier>(&clerk(), &id, answer(Some(slip), ""));
    let consent = world.dossier(&id).consents[0].clone();
    assert_eq!((consent.answer, consent.slip.unwrap().signer, consent.how), (Some(true), signer, None));

    let spoken = apply(&mut world, "spoken");
    world.do_::<Dossier>(&clerk(), &spoken, Command::AskConsent {});
    world.do_::<Dossier>(&clerk(), &spoken, answer(None, GOSSIP));
    assert_eq!(world.dossier(&spoken).consents[0].how.as_ref().unwrap().text(), GOSSIP);
}

#[test]
fn an_agreement_is_issued_when_the_record_is_signed_or_says_who_did_not_and_why() {
    let mut world = World::new();
    let id = apply(&mut world, "record");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    let terms = draft(&world, &id, &[world.today()]);
    world.do_::<Dossier>(&mediator(), &id, Command::DraftAgreement { draft: terms });
    identify(&mut world, &id);
    let issue = || Command::IssueAgreement {};
    assert_eq!(world.no::<Dossier>(&mediator(), &id, issue()), "record_unsigned");
    world.do_::<Dossier>(&own(&he()), &id, Command::SignRecord {});
    world.do_::<Dossier>(&mediator(), &id, Command::SignRecord {});
    let note = |signer: String, reason: &str| Command::NoteUnsigned { signer, refused: true, reason: reason.into() };
    let shop_signs = format!("party/{}", shop().person);
    assert_eq!(
        world.no::<Dossier>(&clerk(), &id, note(shop_signs.clone(), GOSSIP)),
        "not_now",
        "the mediator was there"
    );
    assert_eq!(world.no::<Dossier>(&mediator(), &id, note(shop_signs.clone(), " ")), "field");
    assert_eq!(world.no::<Dossier>(&mediator(), &id, note(mediator().id, GOSSIP)), "field", "the mediator signs");
    let signed = note(format!("party/{}", he().person), GOSSIP);
    assert_eq!(world.no::<Dossier>(&mediator(), &id, signed), "field", "who has signed");
    world.do_::<Dossier>(&mediator(), &id, note(shop_signs, GOSSIP));
    world.do_::<Dossier>(&own(&shop()), &id, Command::SignRecord {});
    assert!(world.dossier(&id).record_unsigned().is_empty(), "who thinks better of it still signs");
    world.do_::<Dossier>(&mediator(), &id, issue());
}
