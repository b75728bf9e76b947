//! A dispute with the organ that decided: it is itself the other party, and another officer mediates.

use jiff::civil::date;
use yanhe_core::Reason;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier, Stage};
use yanhe_core::matter::{self, Matter};
use yanhe_core::pack::AdministrativeMediator;
use yanhe_core::policy::{Act, Actor, Role};
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
    world.do_::<Matter>(&clerk(), &matter, matter::Command::ConfirmLetter { reason: String::new() });
    let letter = world.order("guidance_letter");
    assert_eq!((letter.channel.as_str(), letter.data["kind"].as_str()), ("with_decision", Some("administrative")));
    world.do_::<Matter>(&clerk(), &matter, matter::Command::EnterServed { on });
    world.origin = Some(matter);
    let id = new_dossier("administrative");
    // On paper: what is sent is served when somebody hands it over.
    let mut apply = application("", vec![]);
    if let dossier::Command::Apply { electronic_service, .. } = &mut apply {
        *electronic_service = false;
    }
    world.do_::<Dossier>(&own(&he()), &id, apply);
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

    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    assert!(world.tasks(&id).contains(&"sign_record_for_organ".to_owned()), "{:?}", world.tasks(&id));
    assert_eq!(world.no::<Dossier>(&leader(), &id, dossier::Command::SignRecord {}), "not_now", "who was not there");
    for actor in [own(&he()), clerk(), mediator()] {
        world.do_::<Dossier>(&actor, &id, dossier::Command::SignRecord {});
    }
    assert!(!world.tasks(&id).contains(&"sign_record_for_organ".to_owned()), "{:?}", world.tasks(&id));
    let present = &world.order("mediation_record").data["present"];
    assert_eq!(present[1]["post"], "法制科科长", "the organ is there by whoever came: {present}");
    assert_eq!(present[1]["representative"], serde_json::to_value(crate::people::officer(&clerk()).name).unwrap());
    assert_eq!(present[1]["identity"], "本机关工作人员", "whom the organ sent is known to it");
    assert_eq!(world.order("mediation_record").data["mediator_body"], "海盐县市场监督管理局法制机构");
    agreed(&mut world, &id, &[("罚款变更为12000元，作出变更决定并送达", None)]);
    let parties = world.order("agreement").data["parties"].clone();
    let named = |n: usize| (parties[n]["representative"].clone(), parties[n]["post"].clone());
    let nobody = (serde_json::Value::Null, serde_json::Value::Null);
    assert_eq!(
        (named(0), named(1)),
        (nobody.clone(), nobody),
        "whoever signs for the organ, no other name stands there"
    );
    sign(&mut world, &id, &own(&he()));
    sign(&mut world, &id, &mediator());
    assert_eq!(world.tasks(&id), ["seal", "sign_for_organ"], "what the organ owes as a party is the leader's to do");
    sign(&mut world, &id, &leader());
    assert_eq!(world.tasks(&id), ["seal"]);
    assert!(world.dossier(&id).unsigned().is_empty(), "the leader signed for the organ");
    let organ = world.dossier(&id).organ_signer().unwrap();
    let mark = world.marks.iter().rfind(|mark| mark.place == organ).unwrap();
    assert_eq!(mark.data["officer"], leader().id.as_str(), "the signature names who made it");
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
        old: None,
    };
    let today = world.today();
    let old = change("盐市监罚决〔２０２２〕4号", today, "罚款12000元");
    assert_eq!(world.no::<Dossier>(&leader(), &id, old), "field", "the number of the old decision");
    let harder = change(&number, today, "罚款５万元");
    assert_eq!(world.no::<Dossier>(&leader(), &id, harder), "field", "above the old fine");
    for (other, decided) in [("罚款15000元", "15000"), ("罚款8000元", "8000"), ("不予处罚", "0")] {
        let no = world.ask::<Dossier>(&leader(), &id, change(&number, today, other)).unwrap_err();
        let No::Refused(refusal) = no else { panic!("{no:?}") };
        let (agreed, decided) = ("12000".to_owned(), decided.to_owned());
        assert_eq!(refusal.reason, Reason::NotAsAgreed { agreed, decided }, "{other}");
    }
    let early = change(&number, date(2022, 1, 1), "罚款12000元");
    assert_eq!(world.no::<Dossier>(&leader(), &id, early), "date_order", "before the agreement");
    world.number_used = true;
    assert_eq!(world.no::<Dossier>(&leader(), &id, change(&number, today, "罚款12000元")), "field", "used already");
    world.number_used = false;
    world.do_::<Dossier>(&leader(), &id, change(&number, today, "罚款12000元"));
    assert_eq!(world.dossier(&id).stage, Stage::Performing, "a decision that nobody was served carries nothing out");
    let report = dossier::Command::ReportPerformance { obligation: 1, on: today, note: GOSSIP.into() };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, report), "not_now", "nor does a report of it");
    let decision = world.dossier(&id).change.clone().unwrap().paper.id;
    world.serve(&clerk(), &decision);
    assert_eq!(world.dossier(&id).stage, Stage::Performed, "served, it is what the organ owed");
    let limits: Vec<_> = world.dossier(&id).change.clone().unwrap().limits;
    let limits: Vec<_> = limits.iter().map(|limit| (limit.limit.as_str(), limit.from)).collect();
    assert_eq!(limits, [("review.apply", today), ("suit.administrative", today)], "it can be attacked by itself");
    assert_eq!(world.dossier(&id).limits.len(), 2, "and so can the old one, as before");
    assert_eq!(world.tasks(&id), ["visit"]);
    assert_eq!(world.dossier(&id).changed_decision, number);
    let paper = world.orders.iter().find(|o| o.paper.kind == "changed_decision").expect("the decision is a paper");
    assert_eq!(paper.paper.number, number);
    assert!(paper.data["after"].to_string().contains("罚款12000元"));
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Close {});
    assert!(world.refused_jobs.is_empty());
}

/// A draft of what the organ owes, each clause with its sum, issued for signing.
fn agreed(world: &mut World, id: &yanhe_core::StreamId, clauses: &[(&str, Option<i64>)]) {
    let mut draft = draft(world, id, &vec![date(2022, 3, 20); clauses.len()]);
    for (obligation, (what, amount)) in draft.obligations.iter_mut().zip(clauses) {
        (obligation.what, obligation.amount) = (said(what), *amount);
    }
    sign_record(world, id);
    world.do_::<Dossier>(&mediator(), id, dossier::Command::DraftAgreement { draft });
    identify(world, id);
    world.do_::<Dossier>(&mediator(), id, dossier::Command::IssueAgreement {});
}

/// A lower fine and a compensation, agreed and in effect.
fn with_compensation(world: &mut World) -> yanhe_core::StreamId {
    in_effect(world, &[("罚款不超过10000元", None), ("补偿停业损失", Some(300_000))])
}

/// From the penalty to an agreement that is in effect.
fn in_effect(world: &mut World, clauses: &[(&str, Option<i64>)]) -> yanhe_core::StreamId {
    let id = applied(world);
    agreed_in_effect(world, &id, clauses);
    id
}

/// The same, from the application on.
fn agreed_in_effect(world: &mut World, id: &yanhe_core::StreamId, clauses: &[(&str, Option<i64>)]) {
    world.do_::<Dossier>(&clerk(), id, dossier::Command::Accept { reason: String::new() });
    name_mediator(world, id);
    session(world, id, "agreed");
    agreed(world, id, clauses);
    for actor in [own(&he()), mediator(), leader()] {
        sign(world, id, &actor);
    }
    world.do_::<Dossier>(&leader(), id, dossier::Command::SealAgreement {});
}

/// A lower fine, agreed and in effect.
pub fn with_lower_fine(world: &mut World) -> yanhe_core::StreamId {
    in_effect(world, &[("罚款变更为12000元，作出变更决定并送达", None)])
}

/// The number of such a decision.
const CHANGED: &str = "盐市监罚变〔2022〕2号";

/// The decision of that number that carries it out.
pub fn change(number: &str, after: &str) -> dossier::Command {
    let (number, before) = (number.into(), "罚款20000元".into());
    dossier::Command::RecordChangedDecision { number, on: date(2022, 3, 2), before, after: after.into(), old: None }
}

/// The decision leaves out the compensation that was agreed.
pub fn by_another_decision() -> String {
    let mut world = World::new();
    let id = with_compensation(&mut world);
    world.no::<Dossier>(&leader(), &id, change(CHANGED, "罚款9000元"))
}

#[test]
fn a_record_names_whom_somebody_saw_there_for_the_organ_and_nobody_else() {
    let mut world = World::new();
    let id = applied(&mut world);
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() });
    name_mediator(&mut world, &id);
    let at = yanhe_core::time::county_time(world.now);
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::CallSession { at, place: GOSSIP.into() });
    let organ = world.dossier(&id).respondents[0].person.clone();
    let record = |present: Vec<yanhe_core::PersonId>, for_organ| dossier::Command::RecordSession {
        asked: None,
        sitting: dossier::Sitting {
            held_at: at,
            present,
            statements: said(GOSSIP),
            undisputed: said(""),
            result: "adjourned".into(),
            rights_told: true,
            recusal: None,
            for_organ,
            otherwise: None,
        },
    };
    let somebody = for_organ(&world, &id);
    let with = |staff: &Actor| {
        let there =
            somebody.clone().map(|there| Box::new(dossier::ForOrgan { staff: Some(staff.id.clone()), ..*there }));
        record(vec![he().person, organ.clone()], there)
    };
    for nobody in [leader(), mediator()] {
        assert_eq!(
            world.no::<Dossier>(&mediator(), &id, with(&nobody)),
            "field",
            "no officer of the organ by the roster"
        );
    }
    let both = vec![he().person, organ.clone()];
    assert_eq!(world.no::<Dossier>(&mediator(), &id, record(both, None)), "field", "who was there for it?");
    let alone = record(vec![he().person], somebody);
    assert_eq!(world.no::<Dossier>(&mediator(), &id, alone), "field", "it was not there");
    world.do_::<Dossier>(&mediator(), &id, record(vec![he().person], None));
    let data = world.order("mediation_record").data.clone();
    assert_eq!((data["present"].as_array().unwrap().len(), data["absent"].as_array().unwrap().len()), (1, 1));
}

#[test]
fn who_was_at_a_session_for_the_organ_signs_its_record_and_the_leader_signs_that_of_an_old_one() {
    let mut world = World::new();
    let id = applied(&mut world);
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() });
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    let held = world.dossier(&id).sessions[0].clone();
    let (organ, there) = (world.dossier(&id).organ_signer().unwrap(), held.for_organ().cloned().unwrap());
    assert_eq!(there.name.text(), crate::people::officer(&clerk()).name.text(), "as the roster names them");
    let outside = dossier::ForOrgan { staff: None, role: None, ..there.clone() };
    for (who, may, why) in [
        (Some(outside), [false, false], "who is in no roster signs on paper"),
        (None, [false, true], "nobody said who it was"),
        (Some(there), [true, false], "whoever was there, and not the leader"),
    ] {
        let state = world.dossiers.get_mut(&id).unwrap().state.as_mut().unwrap();
        state.sessions[0].sitting.as_mut().unwrap().for_organ = who.map(Box::new);
        let open = [clerk(), leader()].map(|by| world.open::<Dossier>(&by, &id, Act::SignRecord).is_ok());
        assert_eq!(open, may, "{why}");
    }
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::SignRecord {});
    let signed = world.dossier(&id).sessions[0].signatures[0].clone();
    assert_eq!((signed.signer.as_str(), signed.manner.as_str()), (organ.as_str(), "code"));
    let mark = &world.marks.iter().find(|order| order.place == organ).unwrap().data;
    assert_eq!(mark["post"], "法制科科长", "the record names who signed for it");
}

#[test]
fn a_payment_of_the_organ_is_performed_when_it_is_paid() {
    let mut world = World::new();
    let id = with_compensation(&mut world);
    assert_eq!(by_another_decision(), "not_as_agreed");
    world.do_::<Dossier>(&leader(), &id, change(CHANGED, "罚款9000元，补偿停业损失3000元"));
    let decision = world.dossier(&id).change.clone().unwrap().paper.id;
    world.serve(&clerk(), &decision);
    assert_eq!((world.dossier(&id).stage, world.dossier(&id).reportable()), (Stage::Performing, vec![2]));
    performed(&mut world, &id, 2);
    assert_eq!(world.dossier(&id).stage, Stage::Performed);
}

#[test]
fn the_pack_says_who_mediates_a_dispute_with_the_organ_and_the_leader_names_them() {
    let mut world = World::new();
    let id = applied(&mut world);
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() });
    let name = |world: &mut World, by: &Actor, who: &Actor, legal_section: bool| {
        let staff = world.name(who);
        world.ask::<Dossier>(by, &id, dossier::Command::NameMediator { staff, legal_section })
    };
    let handling = Actor { id: "staff/handling".into(), ..staff(MARKET, Role::Mediator) };
    world.handling = vec![handling.id.clone()];
    let no = |named: Result<_, No>| named.map(drop).unwrap_err().reason();
    assert_eq!(no(name(&mut world, &leader(), &handling, true)), "conflict", "who handled it does not mediate it");
    assert_eq!(
        no(name(&mut world, &leader(), &mediator(), false)),
        "field",
        "nobody says they are of the legal section"
    );
    let elsewhere = staff("gongan", Role::Mediator);
    assert_eq!(no(name(&mut world, &leader(), &elsewhere, true)), "field", "neither above nor of the studio");
    let studio = staff("sifa", Role::Studio);
    assert_eq!(no(name(&mut world, &clerk(), &studio, false)), "waiting", "the clerk may have handled it");
    assert!(world.open::<Dossier>(&studio, &id, Act::ReadDossier).is_err(), "nobody reads it who was not named");
    name(&mut world, &leader(), &studio, false).unwrap();
    assert_eq!(world.dossier(&id).mediator.as_ref().unwrap().place, Some(AdministrativeMediator::Studio));

    world.do_::<Dossier>(&studio, &id, dossier::Command::DeclareConflict { conflict: false });
    let at = yanhe_core::time::county_time(world.now);
    world.do_::<Dossier>(&studio, &id, dossier::Command::CallSession { at, place: GOSSIP.into() });
    let other = staff("court", Role::Studio);
    let call = dossier::Command::CallSession { at, place: GOSSIP.into() };
    assert_eq!(world.no::<Dossier>(&other, &id, call), "denied", "the studio is not as a whole named");

    world.origin = None;
    let civil = apply(&mut world, "civil");
    accept(&mut world, &civil);
    let staff = world.name(&studio);
    let command = dossier::Command::NameMediator { staff, legal_section: false };
    assert_eq!(world.no::<Dossier>(&leader(), &civil, command), "field", "between citizens the organ's own mediate");
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
    minor.result = said("处以罚款");
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

/// An application about a fine of that day, without a letter.
fn about_a_fine(decided: jiff::civil::Date, known: Option<jiff::civil::Date>) -> dossier::Command {
    let mut apply = application("penalty-discretion", vec![]);
    if let dossier::Command::Apply { disputed, known_on, .. } = &mut apply {
        let (number, result) = (said("盐市监罚决〔2022〕9号"), said("罚款2000元"));
        *disputed = Some(Box::new(dossier::Disputed { number, on: Some(decided), result }));
        *known_on = known;
    }
    apply
}

#[test]
fn without_a_letter_review_and_suit_count_from_the_day_of_the_decision_and_not_of_the_application() {
    let mut world = World::new();
    let decided = date(2022, 1, 5);
    let limits = |world: &World, id: &yanhe_core::StreamId| {
        let limits = world.dossier(id).limits.clone();
        limits.iter().map(|l| (l.deadline.from, l.assumed)).collect::<Vec<_>>()
    };
    for (key, known, from) in
        [("blank", None, (decided, true)), ("known", Some(date(2022, 1, 10)), (date(2022, 1, 10), false))]
    {
        let id = new_dossier(key);
        world.do_::<Dossier>(&own(&he()), &id, about_a_fine(decided, known));
        assert_eq!(limits(&world, &id), [from, from], "{key}");
    }
    let early = about_a_fine(decided, Some(date(2022, 1, 4)));
    let No::Refused(refusal) = world.ask::<Dossier>(&own(&he()), &new_dossier("early"), early).unwrap_err() else {
        panic!("nobody knew of a decision before it was made")
    };
    let expected = Reason::Field { field: "known_on".into(), problem: "before_decision".into() };
    assert_eq!(refusal.reason, expected);
}

#[test]
fn without_a_matter_the_leader_says_which_decision_is_changed_and_its_fine_bounds_the_new_one() {
    let mut world = World::new();
    let id = new_dossier("no-matter");
    let mut apply = application("penalty-discretion", vec![]);
    if let dossier::Command::Apply { disputed, .. } = &mut apply {
        let (number, result) = (said("盐市监罚决〔2022〕9号"), said("罚款2000元"));
        *disputed = Some(Box::new(dossier::Disputed { number, on: Some(world.today()), result }));
    }
    world.do_::<Dossier>(&own(&he()), &id, apply);
    let printed = world.order("application").data["disputed"].clone();
    assert_eq!(printed["date"], world.today().to_string(), "what was told of the decision stands on the application");
    assert!(world.dossier(&id).disputed.is_some());
    agreed_in_effect(&mut world, &id, &[("依法变更罚款数额，作出变更决定", None)]);
    let (today, applied) = (world.today(), world.dossier(&id).applied_on);
    let old = |on| Some(dossier::OldDecision { number: "盐市监罚决(2022)9号".into(), on });
    let change = |number: &str, before: &str, after: &str, old| dossier::Command::RecordChangedDecision {
        number: number.into(),
        on: today,
        before: before.into(),
        after: after.into(),
        old,
    };
    let new = "盐市监罚变〔2022〕9号";
    for wrong in [
        change(new, "罚款2000元", "罚款1000元", None),
        change(new, "罚款2000元", "罚款1000元", old(applied.tomorrow().unwrap())),
        change("盐市监罚决〔2022〕9号", "罚款2000元", "罚款1000元", old(applied)),
        change(new, "罚款2000元", "罚款4000元", old(applied)),
        change(new, "处2000元罚款", "罚款4000元", old(applied)),
        change(new, "罚款2000元；罚款500元", "罚款2000元；罚款1000元", old(applied)),
        change(new, "责令改正", "罚款100元", old(applied)),
    ] {
        assert_eq!(world.no::<Dossier>(&leader(), &id, wrong.clone()), "field", "{wrong:?}");
    }
    let lower = change(new, "罚款2000元", "罚款由2000元变更为1000元", old(applied));
    assert_eq!(world.no::<Dossier>(&clerk(), &id, lower.clone()), "denied", "it bears the organ's seal");
    world.do_::<Dossier>(&leader(), &id, lower);
    let decided = &world.order("changed_decision").data["decided"];
    assert_eq!(*decided, serde_json::json!({"number": "盐市监罚决〔2022〕9号", "date": applied.to_string()}));
}

#[test]
fn the_limits_of_review_and_suit_stand_on_the_tasks_of_a_case_until_there_is_an_agreement() {
    let mut world = World::new();
    let id = applied(&mut world);
    let claims = |world: &World| {
        let rows = world.rows.iter().filter(|((table, _), _)| *table == "work").map(|(_, row)| row);
        rows.filter(|row| row[0] == id.as_str().into()).map(|row| row[11].clone()).collect::<Vec<_>>()
    };
    let days: Vec<_> = world.dossier(&id).limits.iter().map(|limit| limit.deadline.last_day).collect();
    let written = format!("review.apply={},suit.administrative={}", days[0], days[1]);
    let all = claims(&world);
    assert!(!all.is_empty() && all.iter().all(|row| *row == written.as_str().into()), "{all:?}");
    let next = |from, to| dossier::Claims::next(&written, from, to);
    assert_eq!(next(date(2022, 3, 2), days[1]), Some(("review.apply", days[0])));
    assert_eq!(next(days[0], days[0]), Some(("review.apply", days[0])), "its last day is one of it");
    assert_eq!(next(days[0].tomorrow().unwrap(), days[1]), Some(("suit.administrative", days[1])));
    assert_eq!(next(date(2022, 3, 2), date(2022, 4, 1)), None, "not soon");
    assert_eq!(dossier::Claims::next("", date(2022, 3, 2), days[1]), None);
}
