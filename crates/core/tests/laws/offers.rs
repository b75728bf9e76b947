//! A button is there if and only if something can come of it.

use std::collections::BTreeSet;

use proptest::prelude::*;
use yanhe_core::StreamId;
use yanhe_core::confirmation::Confirmation;
use yanhe_core::dossier::Dossier;
use yanhe_core::matter::{self, Matter};
use yanhe_core::paper::Paper;
use yanhe_core::policy::{Act, Relation, Role};
use yanhe_core::scope::Source;

use crate::walk::{Playable, actors, walk};
use crate::world::{World, confirmation_of};

fn honest<S: Playable>(world: &mut World, id: &StreamId) {
    for actor in actors(world, id) {
        for act in Act::ALL {
            let Some(good) = S::good(world, id, *act, &actor) else { continue };
            let state = S::all(world).get(id).and_then(|k| k.state.clone());
            let context = S::context(world, id);
            let open = world.open::<S>(&actor, id, *act);
            let decided =
                world.with_facts(&actor, id, |facts| S::decide(state.as_ref(), good.clone(), facts, &context)).0;
            match open {
                Ok(()) => {
                    assert!(decided.is_ok(), "{act:?} is offered to {}, but: {decided:?}", actor.id);
                }
                Err(crate::world::No::Denied) => {}
                Err(no) => assert!(decided.is_err(), "{act:?} is not open ({no:?}), yet: {decided:?}"),
            }
        }
    }
}

fn look(seed: u64) {
    let matter = matter::stream(Source::Complaint, "HY202203010008");
    let mut turn = 0;
    walk(seed, 48, |world, id| {
        turn += 1;
        if turn % 4 != 0 {
            return;
        }
        honest::<Dossier>(world, id);
        honest::<Dossier>(world, &crate::play::new_dossier("none"));
        honest::<Confirmation>(world, &confirmation_of(id));
        let paper = world.papers.keys().nth(turn % world.papers.len().max(1)).cloned();
        if let Some(paper) = paper {
            honest::<Paper>(world, &paper);
        }
        if world.matters.contains_key(&matter) {
            honest::<Matter>(world, &matter);
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_act_is_offered_if_and_only_if_some_payload_is_accepted(seed in any::<u64>()) {
        look(seed);
    }
}

#[test]
fn where_the_organ_is_not_online_no_party_acts_by_the_portal_and_officers_do_all_they_always_do() {
    let mut turned_away = BTreeSet::new();
    for seed in 0..48 {
        let mut turn = seed;
        walk(seed, 40, |world, id| {
            turn += 1;
            if turn % 4 != 0 {
                return;
            }
            for (actor, act) in actors(world, id).iter().flat_map(|a| Dossier::OFFERED.iter().map(move |act| (a, *act)))
            {
                let online = world.open::<Dossier>(actor, id, act);
                world.online = false;
                let offline = world.open::<Dossier>(actor, id, act);
                world.online = true;
                if actor.person.is_some() && online.is_ok() {
                    assert_eq!(offline.unwrap_err().reason(), "not_online", "{act:?}");
                    turned_away.insert(act.name());
                } else {
                    assert_eq!(offline, online, "{act:?} by {}", actor.id);
                }
            }
        });
    }
    let all = Dossier::OFFERED.iter().filter(|act| act.allowed().contains(&(Role::Party, Relation::Own)));
    assert_eq!(turned_away, all.map(|act| act.name()).collect(), "each of them was tried");
}

#[test]
fn the_walks_come_to_every_act_of_a_case() {
    let done: BTreeSet<_> = (0..240).flat_map(|seed| walk(seed, 40, |_, _| {}).done).collect();
    let all = Dossier::OFFERED.iter().chain(Confirmation::OFFERED);
    let missing: Vec<_> = all.filter(|act| !done.contains(act)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_a_page_offers_is_a_command_and_stands_there_once() {
    let mut world = World::new();
    let id = crate::play::agreement(&mut world, "offered");
    let court = confirmation_of(&id);
    let mediator = crate::play::mediator();
    world.do_::<Confirmation>(&mediator, &court, yanhe_core::confirmation::Command::Draft {});
    for offered in [Dossier::OFFERED, Confirmation::OFFERED] {
        let distinct: BTreeSet<_> = offered.iter().collect();
        assert_eq!(distinct.len(), offered.len());
    }
    for act in Confirmation::OFFERED {
        assert!(Confirmation::good(&mut world, &court, *act, &mediator).is_some(), "{act:?}");
    }
}
