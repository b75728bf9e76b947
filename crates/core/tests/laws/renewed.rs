//! Mediation once more: the new case goes on with the first one, and its agreement takes the place of the first one's.

use jiff::ToSpan;
use jiff::civil::date;
use yanhe_core::StreamId;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{Command, Dossier, Event, Stage};
use yanhe_core::party::Party;
use yanhe_core::policy::Act;

use crate::people::{GOSSIP, he, own, ruan, shop};
use crate::play::*;
use crate::world::World;

/// An agreement whose confirmation the court rejected.
fn rejected(world: &mut World, key: &str) -> StreamId {
    let id = agreement(world, key);
    let court = file(world, &id);
    docket(world, &court, "（2022）浙0424民特7号");
    hear(world, &court);
    let reject = confirmation::Command::RuleReject { ground: "unclear".into(), reasons: GOSSIP.into() };
    world.do_::<Confirmation>(&judge(), &court, reject);
    id
}

/// The buyer applies once more, against these.
fn again(world: &mut World, earlier: &StreamId, key: &str, others: Vec<Party>) -> StreamId {
    let id = new_dossier(key);
    world.earlier = Some(earlier.clone());
    world.do_::<Dossier>(&own(&he()), &id, application("", others));
    world.earlier = None;
    id
}

/// Why that is refused.
fn once_more(world: &mut World, earlier: &StreamId) -> String {
    world.earlier = Some(earlier.clone());
    let refused = world.no::<Dossier>(&own(&he()), &new_dossier("once-more"), application("", vec![shop()]));
    world.earlier = None;
    refused
}

pub fn by_an_old_page() -> String {
    let mut world = World::new();
    let first = rejected(&mut world, "first");
    again(&mut world, &first, "second", vec![shop()]);
    once_more(&mut world, &first)
}

/// Who comes by the letter of a matter a second time, while the first case of it goes on.
pub fn applied_twice() -> String {
    let mut world = World::new();
    world.origin = Some(register(&mut world, complaint("HY202203010016", date(2022, 3, 1))));
    apply(&mut world, "first window");
    world.no::<Dossier>(&own(&he()), &new_dossier("second window"), application("consumer", vec![shop()]))
}

/// Who was a moment later, on the portal or at the counter: the case that they mean is there. Once it is over, it is another one.
pub fn begun_meanwhile() -> [String; 2] {
    let mut world = World::new();
    world.origin = Some(register(&mut world, complaint("HY202203010017", date(2022, 3, 1))));
    let case = apply(&mut world, "begun");
    let goes_on = world.no::<Dossier>(&own(&he()), &case, application("consumer", vec![shop()]));
    let on = world.today();
    world.do_::<Dossier>(&own(&he()), &case, Command::WithdrawApplication { person: None, on, how: String::new() });
    [goes_on, world.no::<Dossier>(&own(&he()), &case, application("consumer", vec![shop()]))]
}

#[test]
fn of_one_matter_a_party_has_one_case_at_a_time() {
    assert_eq!(applied_twice(), "already_applied");
    assert_eq!(begun_meanwhile(), ["already_applied", "exists"]);
    let mut world = World::new();
    world.origin = Some(register(&mut world, complaint("HY202203010016", date(2022, 3, 1))));
    let first = apply(&mut world, "first");
    let on = world.today();
    world.do_::<Dossier>(&own(&he()), &first, Command::WithdrawApplication { person: None, on, how: String::new() });
    apply(&mut world, "anew");
}

fn agree(world: &mut World, id: &StreamId) {
    accept(world, id);
    name_mediator(world, id);
    session(world, id, "agreed");
    let due = world.today() + 20.days();
    issue(world, id, &[due]);
    conclude(world, id);
}

#[test]
fn an_agreement_that_the_court_did_not_confirm_is_replaced_by_the_one_that_is_made_anew() {
    let mut world = World::new();
    let first = rejected(&mut world, "first");
    let due = world.dossier(&first).last_due().unwrap();
    let second = again(&mut world, &first, "second", vec![shop()]);
    let (one, two) = (world.dossier(&first).clone(), world.dossier(&second).clone());
    assert_eq!((two.entry.as_str(), &two.matter, two.sector.as_deref()), ("consumer", &one.matter, Some("market")));
    assert_eq!(two.renews.as_ref().map(|r| (&r.case, &r.number)), Some((&first, &one.application.number)));
    assert_eq!(world.order("application").data["renews"], one.application.number.as_str());
    assert_eq!(one.renewed_by.iter().map(|r| &r.case).collect::<Vec<_>>(), [&second], "each knows the other");
    assert!(world.tasks(&first).contains(&"perform".to_owned()), "until there is another, the first one holds");
    assert_eq!(once_more(&mut world, &first), "renewed", "by an old page, or a second officer");

    agree(&mut world, &second);
    let agreed = world.dossier(&second).agreement.clone().unwrap();
    let paper = &world.order("agreement").data;
    assert_eq!(
        paper["replaces"],
        one.agreement.as_ref().unwrap().paper.number.as_str(),
        "the parties sign that it does"
    );
    let state = world.dossier(&first).clone();
    let by = state.agreement.as_ref().unwrap().replaced.as_deref().cloned().unwrap();
    assert_eq!((state.stage, by.case, by.agreement), (Stage::Replaced, second.clone(), agreed.paper));
    assert!(world.tasks(&first).is_empty(), "nobody is reminded of it: {:?}", world.tasks(&first));
    world.until(due + 2.days());
    let breach = Command::RecordBreach { obligation: 1, on: world.today(), note: GOSSIP.into() };
    assert_eq!(world.no::<Dossier>(&clerk(), &first, breach), "not_now", "and it cannot be broken");
    assert!(world.open::<Dossier>(&clerk(), &first, Act::ReportPerformance).is_err());
    assert!(world.tasks(&second).contains(&"perform".to_owned()), "what is owed is owed there");
    world.do_::<Dossier>(&clerk(), &first, Command::Close {});
    file(&mut world, &second);
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn only_its_parties_go_on_with_a_case_and_only_when_it_is_not_settled() {
    let mut world = World::new();
    let first = agreement(&mut world, "first");
    file(&mut world, &first);
    world.earlier = Some(first.clone());
    let (anew, buyer) = (new_dossier("anew"), own(&he()));
    let no = world.no::<Dossier>(&buyer, &anew, application("", vec![shop()]));
    assert_eq!(no, "not_now", "the court has it");
    world.earlier = None;
    let first = rejected(&mut world, "rejected");
    world.earlier = Some(first.clone());
    let Command::Apply { via, matter, organ, entry, respondents, claims, facts, known_on, electronic_service, .. } =
        application("", vec![shop()])
    else {
        panic!("an application");
    };
    let stranger = Command::Apply {
        disputed: None,
        via,
        matter,
        organ,
        entry,
        respondents,
        claims,
        facts,
        known_on,
        electronic_service,
        applicants: vec![ruan()],
        other_proceedings: None,
        agrees_named: false,
        told_on: None,
        told_late: String::new(),
        renews: None,
    };
    assert_eq!(world.no::<Dossier>(&own(&ruan()), &anew, stranger), "not_found");
    world.earlier = None;
    let id = agreement(&mut world, "performed");
    performed(&mut world, &id, 1);
    world.earlier = Some(id);
    assert_eq!(world.no::<Dossier>(&buyer, &anew, application("", vec![shop()])), "not_now", "there is nothing left");
}

#[test]
fn nobodys_agreement_is_replaced_without_them_and_a_second_failure_leaves_the_first_as_it_was() {
    let mut world = World::new();
    let first = rejected(&mut world, "first");
    let other = again(&mut world, &first, "other", vec![ruan()]);
    assert_eq!(world.dossier(&other).takes_the_place_of(), None, "the shop takes no part");
    let on = world.today();
    world.do_::<Dossier>(&own(&he()), &other, Command::WithdrawApplication { person: None, on, how: String::new() });

    let second = again(&mut world, &first, "second", vec![shop()]);
    assert!(world.dossier(&second).takes_the_place_of().is_some());
    accept(&mut world, &second);
    world.do_::<Dossier>(&leader(), &second, Command::EndMediation { ground: "no_agreement".into() });
    assert_eq!(world.dossier(&first).stage, Stage::Performing);
    let third = again(&mut world, &second, "third", vec![shop()]);
    assert_eq!(world.dossier(&second).renewed_by.len(), 1);
    agree(&mut world, &third);
    assert_eq!(world.dossier(&first).stage, Stage::Replaced, "the third goes on with what the first agreed");
    let told = world.dossiers[&first].events.iter().filter(|(_, e)| matches!(e, Event::AgreementReplaced { .. }));
    assert_eq!(told.count(), 1);
}

#[test]
fn what_the_court_confirmed_is_not_replaced() {
    let mut world = World::new();
    let first = agreement(&mut world, "first");
    let second = {
        // The parties go on before the court has decided: the application to it comes later.
        let id = new_dossier("second");
        world.earlier = Some(first.clone());
        world.do_::<Dossier>(&own(&he()), &id, application("", vec![shop()]));
        world.earlier = None;
        id
    };
    let court = file(&mut world, &first);
    docket(&mut world, &court, "（2022）浙0424民特8号");
    hear(&mut world, &court);
    world.do_::<Confirmation>(&judge(), &court, confirmation::Command::RuleValid { reasons: GOSSIP.into() });
    agree(&mut world, &second);
    let state = world.dossier(&first);
    assert_eq!((state.stage, &state.agreement.as_ref().unwrap().replaced), (Stage::Performing, &None));
}
