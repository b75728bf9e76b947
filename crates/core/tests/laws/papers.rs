//! Every paper that a decision issues is in the pack, with a number where the pack says so.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::date;
use yanhe_core::pack::{Contact, Numbered};
use yanhe_core::policy::Actor;
use yanhe_core::{StreamId, StreamKind, stream};

use crate::play::{complaint, register};
use crate::world::{PACK, World};

fn kinds(dir: &Path, out: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            kinds(&path, out);
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            for call in text.split("facts.paper(").skip(1) {
                // The kind, or two to choose from, then the issuer.
                let kinds = call.split(", ").next().unwrap_or(call);
                out.extend(kinds.split('"').skip(1).step_by(2).map(str::to_owned));
            }
        }
    }
}

#[test]
fn every_paper_of_a_decision_is_in_the_pack_and_numbered_as_it_says() {
    let mut found = BTreeSet::new();
    kinds(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 15 && found.contains("oral_application"), "{found:?}");
    let mut world = World::on(date(2022, 12, 31));
    let about = StreamId::new(StreamKind::Dossier, "papers");
    for kind in &found {
        let paper = PACK.paper(kind).unwrap_or_else(|| panic!("the pack has no paper `{kind}`"));
        let (made, taken) = world
            .with_facts(&Actor::system(), &about, |facts| (facts.paper(kind, "shichang"), facts.paper(kind, "gongan")));
        assert_eq!((made.0.kind.as_str(), made.0.issuer.as_str()), (kind.as_str(), "shichang"));
        match paper.numbered {
            Numbered::Organ => {
                assert_eq!(made.0.number, format!("盐市监{}〔2022〕1号", paper.code));
                assert_eq!(made.1.number, format!("盐公{}〔2022〕1号", paper.code), "each organ has its own series");
                assert_eq!(taken.len(), 2);
            }
            // The court's papers take the number of their case from the decision.
            Numbered::Court | Numbered::None => assert_eq!((made.0.number.as_str(), taken.len()), ("", 0)),
        }
    }
}

#[test]
fn a_case_number_of_the_court_counts_by_year() {
    let mut world = World::new();
    let about = StreamId::new(StreamKind::Confirmation, "numbers");
    let (numbers, taken) =
        world.with_facts(&Actor::system(), &about, |facts| [facts.case_number(), facts.case_number()]);
    assert_eq!(numbers, ["（2022）浙0424诉前调确1号", "（2022）浙0424诉前调确2号"]);
    assert_eq!(taken, [(stream::register("court", "诉前调确", 2022), 2)].into());
    assert_ne!(stream::register("court", "诉前调确", 2023), stream::register("court", "诉前调确", 2022));
}

#[test]
fn a_notice_of_the_court_bears_the_courts_word() {
    let mut world = World::new();
    let about = StreamId::new(StreamKind::Paper, "ruling");
    let (paper, _) = world.with_facts(&Actor::system(), &about, |facts| facts.paper("void_notice", "court"));
    assert_eq!(paper.number, "浙0424调废〔2022〕1号");
}

#[test]
fn the_pack_knows_of_every_paper_that_prints_where_its_organ_is_reached() {
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/haiyan/papers");
    let mut printing = 0;
    for paper in &PACK.papers {
        let Ok(text) = std::fs::read_to_string(templates.join(format!("{}.typ", paper.kind))) else { continue };
        for (contact, field) in [(Contact::Phone, "d.organ.phone"), (Contact::Address, "d.organ.address")] {
            // One that says something else where it is missing needs none.
            let needs = text.contains(field) && !text.contains("has(d.organ");
            assert_eq!(paper.prints.contains(&contact), needs, "{}: {contact:?}", paper.kind);
            printing += u32::from(needs);
        }
    }
    assert!(printing > 5);
}

#[test]
fn a_paper_with_a_blank_where_its_organ_is_reached_is_not_issued() {
    let mut world = World::new();
    let id = register(&mut world, complaint("HY202203010030", date(2022, 3, 1)));
    let issue = yanhe_core::matter::Command::ConfirmLetter { reason: String::new() };
    world.do_::<yanhe_core::matter::Matter>(&crate::play::clerk(), &id, issue);
    let letter = world.order("guidance_letter").clone();
    assert_eq!(letter.reachable(&PACK), Ok(()));
    for (blanks, what) in [
        (&["phone"][..], "organ_phone"),
        (&["address"], "organ_address"),
        (&["phone", "address"], "organ_phone_address"),
    ] {
        let mut order = letter.clone();
        for blank in blanks {
            order.data["organ"][*blank] = " ".into();
        }
        let refused = order.reachable(&PACK).unwrap_err().reason;
        assert_eq!(refused, yanhe_core::Reason::Waiting { what: what.into() });
        // The record of what was told at the counter prints neither.
        order.paper.kind = "oral_application".into();
        assert_eq!(order.reachable(&PACK), Ok(()));
    }
}
