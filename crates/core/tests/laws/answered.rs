//! Whose answer an answer is: the phone by which it came, and the no that becomes a yes.

use jiff::civil::date;
use yanhe_core::dossier::{self, Command, Decision, Dossier, Stage};
use yanhe_core::matter::{self, Matter};
use yanhe_core::party::Party;
use yanhe_core::policy::Act;
use yanhe_core::{Personal, StreamId};

use crate::people::{GOSSIP, he, more, own, ruan, shop};
use crate::play::*;
use crate::world::{No, World};

fn with_phone(party: Party, phone: &str) -> Party {
    Party { phone: Some(Personal::new(&party.person, phone.into())), ..party }
}

fn answer(world: &World, answer: Decision) -> Command {
    let on = world.today();
    Command::AnswerConsent { electronic: None, answer, on, person: None, slip: None, how: "电话答复".into() }
}

fn asked(world: &mut World, key: &str) -> StreamId {
    let id = apply(world, key);
    world.do_::<Dossier>(&clerk(), &id, Command::AskConsent {});
    id
}

#[test]
fn nobody_gives_the_own_phone_as_that_of_the_other_side() {
    let mut world = World::new();
    let own_phone = he().phone_text().unwrap().to_owned();
    let id = new_dossier("own phone");
    for (other, field) in [
        (vec![with_phone(shop(), &own_phone)], "respondent/phone"),
        (vec![shop(), with_phone(ruan(), &own_phone)], "respondent2/phone"),
    ] {
        let no = world.ask::<Dossier>(&own(&he()), &id, application("consumer", other)).unwrap_err();
        let No::Refused(refusal) = no else { panic!("{no:?}") };
        let text = serde_json::to_string(&refusal.reason).unwrap();
        assert!(text.contains(field) && text.contains("own_phone"), "{text}");
    }
    // Unknown is no fault, and neither is what the organ knows of both by itself.
    let unknown = Party { phone: None, ..shop() };
    world.do_::<Dossier>(&own(&he()), &id, application("consumer", vec![unknown]));
    let family = matter::Registered {
        subject: Some(with_phone(shop(), &own_phone)),
        ..complaint("HY202203010031", date(2022, 3, 1))
    };
    world.origin = Some(register(&mut world, family));
    let id = new_dossier("one house");
    world.do_::<Dossier>(&own(&he()), &id, application("consumer", vec![with_phone(shop(), &own_phone)]));
    assert!(world.dossier(&id).phones_told.is_empty());
    // Nor does who asks for one more party give the own phone for it.
    let add = |phone: &str| Command::AddParty {
        party: Box::new(with_phone(more(1), phone)),
        role: "respondent".into(),
        by: he().person,
        reason: GOSSIP.into(),
    };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, add(&own_phone)), "field");
    world.do_::<Dossier>(&clerk(), &id, add("19900007009"));
}

#[test]
fn an_answer_by_a_phone_that_only_the_opponent_named_says_so_until_an_officer_saw_who_it_is() {
    let mut world = World::new();
    let id = asked(&mut world, "unchecked");
    let yes = answer(&world, Decision::Yes);
    world.do_::<Dossier>(&own(&shop()), &id, yes);
    let unchecked = |world: &World| world.dossier(&id).unchecked().map(|c| c.person.clone()).collect::<Vec<_>>();
    assert_eq!(unchecked(&world), [shop().person]);
    identify(&mut world, &id);
    assert!(unchecked(&world).is_empty());

    // What an officer enters is the officer's word, and whoever came to the counter was seen there.
    let id = asked(&mut world, "entered");
    let yes = answer(&world, Decision::Yes);
    world.do_::<Dossier>(&clerk(), &id, yes);
    assert!(!world.dossier(&id).consents[0].unchecked);
    let id = asked(&mut world, "seen");
    world.seen_at_counter = true;
    let yes = answer(&world, Decision::Yes);
    world.do_::<Dossier>(&own(&shop()), &id, yes);
    assert!(!world.dossier(&id).consents[0].unchecked);
    world.seen_at_counter = false;

    // A phone that the matter knew is not the opponent's word alone.
    let matter = register(&mut world, complaint("HY202203010032", date(2022, 3, 1)));
    world.do_::<Matter>(&clerk(), &matter, matter::Command::ConfirmLetter { reason: String::new() });
    world.origin = Some(matter);
    let id = asked(&mut world, "known");
    let yes = answer(&world, Decision::Yes);
    world.do_::<Dossier>(&own(&shop()), &id, yes);
    assert!(!world.dossier(&id).consents[0].unchecked);
}

#[test]
fn a_phone_that_an_officer_corrected_is_no_longer_the_word_of_the_opponent() {
    let mut world = World::new();
    let id = asked(&mut world, "corrected phone");
    assert_eq!(world.dossier(&id).phones_told, [shop().person]);
    let ask = Command::AskCorrection { field: "phone/1".into(), after: "19900007008".into(), reason: GOSSIP.into() };
    world.do_::<Dossier>(&clerk(), &id, ask);
    world.do_::<Dossier>(&leader(), &id, Command::ApproveCorrection { correction: 0 });
    assert!(world.dossier(&id).phones_told.is_empty());
}

#[test]
fn a_no_can_become_a_yes_until_it_is_decided_and_a_yes_stays() {
    let mut world = World::new();
    let id = asked(&mut world, "changes");
    let no = answer(&world, Decision::No);
    world.do_::<Dossier>(&own(&shop()), &id, no.clone());
    assert!(world.do_::<Dossier>(&own(&shop()), &id, no.clone()).is_empty(), "twice the same is once");
    assert_eq!(world.no::<Dossier>(&own(&he()), &id, no), "not_now", "nobody changes the answer of another");
    world.until(date(2022, 3, 20));
    assert_eq!(world.dossier(&id).stage, Stage::Applied, "the organ has not decided");
    let yes = answer(&world, Decision::Yes);
    world.do_::<Dossier>(&own(&shop()), &id, yes.clone());
    let consent = &world.dossier(&id).consents[0];
    assert_eq!((consent.answer, consent.answered_on), (Some(true), Some(date(2022, 3, 20))));
    assert_eq!(world.no::<Dossier>(&own(&shop()), &id, yes.clone()), "already_done");
    world.do_::<Dossier>(&clerk(), &id, Command::Accept { reason: String::new() });

    let id = asked(&mut world, "decided");
    let no = answer(&world, Decision::No);
    world.do_::<Dossier>(&own(&shop()), &id, no);
    world.open::<Dossier>(&own(&shop()), &id, Act::AnswerConsent).unwrap();
    let refuse = Command::Refuse { ground: "party_refuses".into(), note: String::new(), competent: String::new() };
    world.do_::<Dossier>(&clerk(), &id, refuse);
    assert_eq!(world.no::<Dossier>(&own(&shop()), &id, yes), "not_now");
}

#[test]
fn a_clerk_records_the_yes_that_is_told_after_a_no() {
    let mut world = World::new();
    let id = asked(&mut world, "told");
    let before = world.today();
    world.until(date(2022, 3, 8));
    let no = answer(&world, Decision::No);
    world.do_::<Dossier>(&clerk(), &id, no.clone());
    assert!(world.do_::<Dossier>(&clerk(), &id, no).is_empty(), "twice the same is once");
    let yes = |on, how: &str| Command::AnswerConsent {
        electronic: None,
        answer: Decision::Yes,
        on,
        person: Some(shop().person),
        slip: None,
        how: how.into(),
    };
    let told = "3月8日来电改为同意，经办人接听，已核对身份";
    let today = world.today();
    assert_eq!(world.no::<Dossier>(&clerk(), &id, yes(before, told)), "date_order", "not before the no");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, yes(today, " ")), "field", "how it was told");
    world.open::<Dossier>(&clerk(), &id, Act::AnswerConsent).unwrap();
    world.do_::<Dossier>(&clerk(), &id, yes(today, told));
    let consent = &world.dossier(&id).consents[0];
    assert_eq!((consent.answer, consent.answered_on), (Some(true), Some(today)));
    assert_eq!(consent.how.as_ref().unwrap().open().map(String::as_str), Some(told));
    assert_eq!(world.no::<Dossier>(&clerk(), &id, yes(today, told)), "already_done");
    world.do_::<Dossier>(&clerk(), &id, Command::Accept { reason: String::new() });
}

#[test]
fn a_ground_that_rests_on_what_somebody_else_did_says_who_and_what() {
    let mut world = World::new();
    let id = apply(&mut world, "settled");
    for ground in ["settled", "pending_elsewhere", "mediated"] {
        let refuse = Command::Refuse { ground: ground.into(), note: " ".into(), competent: String::new() };
        assert_eq!(world.no::<Dossier>(&clerk(), &id, refuse), "field", "{ground}");
    }
    let note = "县劳动人事争议仲裁委员会2022年2月25日已作出裁决".to_owned();
    let refuse = Command::Refuse { ground: "settled".into(), note, competent: String::new() };
    world.do_::<Dossier>(&clerk(), &id, refuse);
}

#[test]
fn who_applies_has_a_code_of_their_own_with_a_letter_and_without() {
    let mut world = World::new();
    let first = apply(&mut world, "no letter");
    let second = apply(&mut world, "nor here");
    let code = |world: &World, id: &StreamId| world.dossier(id).access.clone();
    assert_eq!(code(&world, &first).unwrap().len(), 8);
    assert_ne!(code(&world, &first), code(&world, &second));
    let own = code(&world, &first).unwrap();
    let opens = world.rows.keys().any(|(table, key)| *table == "access" && key.contains(&own));
    assert!(opens, "the case is found by it");
    // Others may use their phone: they need it beside the name also who had a letter, which they may not have kept.
    let matter = register(&mut world, complaint("HY202203010033", date(2022, 3, 1)));
    world.do_::<Matter>(&clerk(), &matter, matter::Command::ConfirmLetter { reason: String::new() });
    world.origin = Some(matter);
    let by_letter = apply(&mut world, "letter");
    assert!(code(&world, &by_letter).is_some());
    // Told to a clerk.
    world.origin = None;
    let mut told = application("consumer", vec![shop()]);
    if let Command::Apply { via, .. } = &mut told {
        *via = dossier::Via::Oral;
    }
    let oral = new_dossier("oral");
    world.do_::<Dossier>(&clerk(), &oral, told);
    assert!(code(&world, &oral).is_some());
}

#[test]
fn who_signed_as_recorded_is_recorded_otherwise_by_a_correction_alone() {
    let mut world = World::new();
    let id = apply(&mut world, "identity");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    let other = |world: &World| {
        let mut checks = checks(world.dossier(&id));
        checks.retain(|check| check.person == he().person);
        checks[0].document_kind = "passport".into();
        checks[0].number = "E12345678".into();
        Command::RecordIdentity { checks }
    };
    identify(&mut world, &id);
    // Nobody has signed on it: it may be recorded anew, and once more.
    let anew = other(&world);
    assert_eq!(world.do_::<Dossier>(&mediator(), &id, anew.clone()).len(), 1);
    identify(&mut world, &id);
    world.do_::<Dossier>(&own(&he()), &id, Command::SignRecord {});
    assert_eq!(world.no::<Dossier>(&mediator(), &id, anew.clone()), "field");
    assert_eq!(world.dossier(&id).identity(&he().person).unwrap().document_kind.as_deref(), Some("resident_id"));
    let same = checks(world.dossier(&id));
    assert!(world.do_::<Dossier>(&mediator(), &id, Command::RecordIdentity { checks: same }).is_empty());
    // Asked for with a reason and approved by somebody else, it is the document that is seen from then on.
    let field = "document/0/passport".into();
    let ask = Command::AskCorrection { field, after: "E12345678".into(), reason: GOSSIP.into() };
    world.do_::<Dossier>(&clerk(), &id, ask);
    world.do_::<Dossier>(&leader(), &id, Command::ApproveCorrection { correction: 0 });
    world.officer = Some(crate::people::officer(&mediator()));
    assert_eq!(world.do_::<Dossier>(&mediator(), &id, anew).len(), 1);
}
