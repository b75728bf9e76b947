//! A dispute with the organ that decided: it is itself the other party, and another officer mediates.

use jiff::civil::date;
use yanhe_core::Reason;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier, Stage};
use yanhe_core::matter::{self, Matter};
use yanhe_core::policy::{Act, Role};
use yanhe_core::scope::Kind;

use crate::people::{GOSSIP, he, own, shop, staff};
use crate::play::*;
use crate::world::{No, World, confirmation_of};

/// A penalty, its letter, and the application of the punished person.
fn applied(world: &mut World) -> yanhe_core::StreamId {
    let matter = register(world, penalty("盐市监罚决〔2022〕4号", date(2022, 3, 1)));
    assert_eq!(world.matter(&matter).kind(), Kind::Administrative);
    assert!(world.matter(&matter).trigger().1, "served when is unknown: the decision date is assumed");
    let on = date(2022, 3, 2);
    world.until(on);
    world.do_::<Matter>(&clerk(), &matter, matter::Command::EnterServed { on });
    world.do_::<Matter>(&clerk(), &matter, matter::Command::ConfirmLetter { reason: String::new() });
    let letter = world.order("guidance_letter");
    assert_eq!((letter.channel.as_str(), letter.data["kind"].as_str()), ("with_decision", Some("administrative")));
    world.origin = Some(matter);
    let id = new_dossier("administrative");
    world.do_::<Dossier>(&own(&he()), &id, application("", vec![]));
    id
}

#[test]
fn a_penalty_is_mediated_by_another_officer_and_carried_out_by_a_changed_decision() {
    let mut world = World::new();
    let id = applied(&mut world);
    let state = world.dossier(&id);
    assert_eq!(state.kind, Kind::Administrative);
    assert_eq!(state.respondents[0].name.text(), "海盐县市场监督管理局", "the deciding organ itself");
    let limits: Vec<_> =
        state.limits.iter().map(|l| (l.deadline.limit.as_str(), l.deadline.from, l.interrupted)).collect();
    assert_eq!(limits, [("review.apply", date(2022, 3, 2), false), ("suit.administrative", date(2022, 3, 2), false)]);
    assert_eq!(world.no::<Dossier>(&clerk(), &id, dossier::Command::AskConsent {}), "waiting");
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() });

    let handling = yanhe_core::policy::Actor { id: "staff/handling".into(), ..staff(MARKET, Role::Mediator) };
    world.handling = vec![handling.id.clone()];
    let named = world.name(&handling);
    assert_eq!(world.no::<Dossier>(&leader(), &id, dossier::Command::NameMediator { staff: named }), "conflict");
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    assert!(world.tasks(&id).contains(&"sign_record_for_organ".to_owned()), "{:?}", world.tasks(&id));
    for actor in [own(&he()), leader(), mediator()] {
        world.do_::<Dossier>(&actor, &id, dossier::Command::SignRecord {});
    }
    assert!(!world.tasks(&id).contains(&"sign_record_for_organ".to_owned()), "{:?}", world.tasks(&id));
    issue(&mut world, &id, &[date(2022, 3, 20)]);
    let parties = world.order("agreement").data["parties"].clone();
    let named = |n: usize| (parties[n]["representative"].clone(), parties[n]["post"].clone());
    let officer = serde_json::to_value(crate::people::officer(&leader()).name).unwrap();
    assert_eq!(named(1), (officer, "分管负责人".into()), "the organ is a party by an officer with a name and a post");
    assert_eq!(named(0), (serde_json::Value::Null, serde_json::Value::Null));
    sign(&mut world, &id, &own(&he()));
    sign(&mut world, &id, &mediator());
    assert_eq!(world.tasks(&id), ["seal", "sign_for_organ"], "what the organ owes as a party is the leader's to do");
    sign(&mut world, &id, &leader());
    assert_eq!(world.tasks(&id), ["seal"]);
    assert!(world.dossier(&id).unsigned().is_empty(), "the leader signed for the organ");
    world.do_::<Dossier>(&leader(), &id, dossier::Command::SealAgreement {});
    let agreement = world.dossier(&id).agreement.clone().unwrap();
    assert_eq!((agreement.confirm_by, agreement.not_confirmable.as_str()), (None, "administrative"));
    assert_eq!(world.tasks(&id), ["changed_decision", "visit"], "nothing else performs it");

    let court = confirmation_of(&id);
    let no = world.ask::<Confirmation>(&own(&he()), &court, confirmation::Command::Draft {}).unwrap_err();
    let No::Refused(refusal) = no else { panic!("{no:?}") };
    assert_eq!(refusal.reason, Reason::NotConfirmable { subject: "administrative".into() });

    assert_eq!(world.no::<Dossier>(&clerk(), &id, dossier::Command::Close {}), "not_now", "no changed decision yet");
    let number = "盐市监罚变〔2022〕1号".to_owned();
    let change = |number: &str, on, after: &str| dossier::Command::RecordChangedDecision {
        number: number.into(),
        on,
        before: "罚款20000元".into(),
        after: after.into(),
    };
    let today = world.today();
    let old = change("盐市监罚决〔２０２２〕4号", today, "罚款12000元");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, old), "field", "the number of the old decision");
    let harder = change(&number, today, "罚款５万元");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, harder), "field", "above the old fine");
    let early = change(&number, date(2022, 1, 1), "罚款12000元");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, early), "date_order", "before the agreement");
    world.number_used = true;
    assert_eq!(world.no::<Dossier>(&clerk(), &id, change(&number, today, "罚款12000元")), "field", "used already");
    world.number_used = false;
    world.do_::<Dossier>(&clerk(), &id, change(&number, today, "罚款12000元"));
    assert_eq!(world.dossier(&id).stage, Stage::Performed, "the decision is what the organ owed");
    assert_eq!(world.tasks(&id), ["visit"]);
    assert_eq!(world.dossier(&id).changed_decision, number);
    let paper = world.orders.iter().find(|o| o.paper.kind == "changed_decision").expect("the decision is a paper");
    assert_eq!(paper.paper.number, number);
    assert!(paper.data["after"].to_string().contains("罚款12000元"));
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Close {});
    assert!(world.refused_jobs.is_empty());
}

#[test]
fn a_leader_signs_for_nobody_in_a_civil_dispute() {
    let mut world = World::new();
    let id = apply(&mut world, "a");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    issue(&mut world, &id, &[date(2022, 3, 20)]);
    assert!(world.open::<Dossier>(&leader(), &id, Act::SignAgreement).is_err());
    assert!(world.open::<Dossier>(&leader(), &id, Act::SignRecord).is_err());
    assert!(world.open::<Dossier>(&own(&he()), &id, Act::SignAgreement).is_ok());
}

#[test]
fn a_letter_that_overrules_the_proposal_is_worded_for_the_dispute_there_can_be() {
    let mut world = World::new();
    let mut minor = penalty("盐市监罚决〔2022〕5号", date(2022, 3, 1));
    minor.penalty = minor.penalty.map(|p| matter::Penalty { fine: 10_000, ..p });
    let matter = register(&mut world, minor);
    assert_eq!(world.matter(&matter).standing, matter::Standing::OutOfScope);
    assert_eq!(world.no::<Matter>(&clerk(), &matter, matter::Command::ConfirmLetter { reason: " ".into() }), "field");
    world.do_::<Matter>(&clerk(), &matter, matter::Command::ConfirmLetter { reason: GOSSIP.into() });
    let letter = world.order("guidance_letter");
    assert_eq!(letter.data["kind"], "administrative");
    assert_eq!(letter.data["limits"].as_array().map(Vec::len), Some(2), "review and suit");
}

#[test]
fn without_a_letter_a_dispute_about_a_decision_is_one_with_the_organ_that_decided() {
    let mut world = World::new();
    let id = new_dossier("about-a-fine");
    // Whoever is named as the other side: it is the organ.
    world.do_::<Dossier>(&own(&he()), &id, application("penalty-discretion", vec![shop()]));
    let case = world.dossier(&id);
    assert!(case.is_administrative());
    assert_eq!(case.respondents.iter().map(|p| p.name.text()).collect::<Vec<_>>(), ["海盐县市场监督管理局"]);
    let limits: Vec<_> = case.limits.iter().map(|l| (l.deadline.limit.as_str(), l.interrupted)).collect();
    assert_eq!(limits, [("review.apply", false), ("suit.administrative", false)], "they run on");
}
