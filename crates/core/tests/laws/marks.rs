//! Signatures and seals on papers: each once, in the order in which they were made, on what was signed.

use jiff::civil::date;
use yanhe_core::StreamId;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::mark::{EFFECT, Revision, SEAL};
use yanhe_core::paper::{self, Paper};
use yanhe_core::policy::Actor;

use crate::people::{he, own, shop};
use crate::play::*;
use crate::world::World;

/// The places of a paper in the order in which they were filled.
fn filled(world: &World, paper: &StreamId) -> Vec<String> {
    let state = world.papers[paper].state.as_ref().unwrap();
    state.revisions.iter().map(|revision| revision.mark.clone()).collect()
}

#[test]
fn every_signature_the_seal_and_the_day_of_effect_become_one_revision_each_of_the_paper_that_was_signed() {
    let mut world = World::new();
    let id = agreement(&mut world, "marks");
    let agreement = world.dossier(&id).agreement.clone().unwrap();
    let mut signers: Vec<String> = agreement.signatures.iter().map(|s| s.signer.clone()).collect();
    signers.extend([SEAL.to_owned(), EFFECT.to_owned()]);
    let mut places = filled(&world, &agreement.paper.id);
    assert_eq!(places.len(), signers.len());
    places.sort();
    signers.sort();
    assert_eq!(places, signers);
    let issued = world.papers[&agreement.paper.id].state.as_ref().unwrap().issued.sha256.clone();
    assert!(agreement.signatures.iter().all(|s| s.sha256 == issued), "what is signed stays the paper as issued");
    for order in world.marks.iter().filter(|order| order.paper == agreement.paper.id && order.place.contains('/')) {
        assert_eq!(order.data["sha256"], issued);
    }

    let court = file(&mut world, &id);
    let application = world.confirmation(&court).application.id.clone();
    let signed = world.confirmation(&court).signatures.iter().map(|s| s.signer.clone()).collect::<Vec<_>>();
    assert_eq!(filled(&world, &application), signed);
    docket(&mut world, &court, "（2022）浙0424诉前调确1号");
    hear(&mut world, &court);
    world.do_::<Confirmation>(&judge(), &court, confirmation::Command::RuleValid { reasons: "有效".into() });
    for (_, paper) in &world.confirmation(&court).ruling.clone().unwrap().papers {
        assert_eq!(filled(&world, &paper.id), [SEAL], "the court seals every copy with the ruling itself");
    }
}

#[test]
fn a_paper_that_takes_effect_later_than_it_was_drawn_up_says_on_which_day() {
    let mut world = World::new();
    let id = apply(&mut world, "later");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    issue(&mut world, &id, &[date(2022, 5, 20)]);
    let drawn_up = world.today();
    // The seal first: it brings no effect while somebody has not signed.
    world.do_::<Dossier>(&leader(), &id, dossier::Command::SealAgreement {});
    let paper = world.dossier(&id).agreement.clone().unwrap().paper.id;
    assert_eq!(filled(&world, &paper), [SEAL]);
    let last = date(2022, 3, 25);
    world.until(last);
    for actor in [own(&he()), own(&shop()), mediator()] {
        sign(&mut world, &id, &actor);
    }
    let order = world.marks.iter().rfind(|order| order.paper == paper).unwrap();
    assert_eq!((order.place.as_str(), order.data["on"].as_str()), (EFFECT, Some("2022-03-25")));
    assert_ne!(drawn_up, last);
    assert_eq!(world.dossier(&id).agreement.clone().unwrap().effective_on, Some(last));
}

#[test]
fn two_signatures_made_of_the_same_file_are_put_in_order() {
    let mut world = World::new();
    let id = agreement(&mut world, "order");
    let paper = world.dossier(&id).agreement.clone().unwrap().paper.id;
    let latest = world.papers[&paper].state.as_ref().unwrap().latest().to_owned();
    let made_of = |after: &str, sha256: &str| paper::Command::AddRevision {
        revision: Revision { after: after.into(), sha256: sha256.into(), size: 9, mark: "party/x".into() },
    };
    world.do_::<Paper>(&Actor::system(), &paper, made_of(&latest, "first"));
    assert_eq!(world.no::<Paper>(&Actor::system(), &paper, made_of(&latest, "second")), "stale");
    world.do_::<Paper>(&Actor::system(), &paper, made_of("first", "second"));
    assert_eq!(world.papers[&paper].state.as_ref().unwrap().latest(), "second");
    assert_eq!(world.no::<Paper>(&clerk(), &paper, made_of("second", "third")), "denied");
}
