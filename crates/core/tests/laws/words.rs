//! Words find a matter or a case by its open text, and nothing of what is sealed stands in them, not even in part.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use proptest::prelude::*;
use serde_json::Value;
use yanhe_core::dossier::{self, Command, Dossier};
use yanhe_core::gram::{Words, asked, grams};
use yanhe_core::matter::{self, Matter};
use yanhe_core::party::Party;
use yanhe_core::{Cell, PersonId, Stream, StreamId};

use crate::people::{SECRETS, ruan, shop};
use crate::play::*;
use crate::several::mediated;
use crate::walk::walk;
use crate::world::{Streams, World};

fn text(cell: &Cell) -> &str {
    match cell {
        Cell::Text(text) => text,
        other => panic!("a row of grams is open text: {other:?}"),
    }
}

/// The rows of a stream: gram and places, of which there is one a gram, under one day.
fn kept(world: &World, stream: &StreamId) -> BTreeMap<String, String> {
    let rows = world.rows.iter().filter(|((table, _), _)| *table == "gram").map(|(_, cells)| cells);
    let mut kept = BTreeMap::new();
    for cells in rows.filter(|cells| text(&cells[4]) == stream.as_str()) {
        let other = kept.insert(text(&cells[2]).to_owned(), text(&cells[5]).to_owned());
        assert_eq!(other, None, "{} of {stream}", text(&cells[2]));
    }
    kept
}

/// All texts that stand open in a state, whatever they are.
fn open(json: &Value, out: &mut BTreeSet<String>) {
    match json {
        Value::String(text) => out.extend(grams(text)),
        Value::Array(items) => items.iter().for_each(|item| open(item, out)),
        Value::Object(fields) if fields.contains_key("$personal") => {}
        Value::Object(fields) => fields.values().for_each(|field| open(field, out)),
        _ => {}
    }
}

/// What stands in the rows is what the state says, in texts that anybody may read.
fn holds<S: Stream>(world: &World, streams: &Streams<S>, words: impl Fn(&S::State) -> Words) -> usize {
    let mut count = 0;
    for (id, stream) in streams {
        let Some(state) = &stream.state else { continue };
        let kept = kept(world, id);
        let wanted = words(state);
        let wanted: BTreeMap<String, String> = wanted
            .iter()
            .map(|(gram, places)| (gram.to_owned(), places.iter().copied().collect::<Vec<_>>().join(" ")))
            .collect();
        assert_eq!(kept, wanted, "{id}");
        let mut readable = BTreeSet::new();
        open(&serde_json::to_value(state).unwrap(), &mut readable);
        for gram in kept.keys() {
            assert!(readable.contains(gram), "`{gram}` of {id} stands in no open text");
        }
        count += kept.len();
    }
    count
}

fn all_hold(world: &World) -> usize {
    holds::<Matter>(world, &world.matters, matter::words) + holds::<Dossier>(world, &world.dossiers, dossier::words)
}

/// Is the stream found by what somebody types?
fn finds(world: &World, stream: &StreamId, typed: &str) -> bool {
    let kept = kept(world, stream);
    let asked = asked(typed);
    !asked.is_empty() && asked.iter().all(|gram| kept.contains_key(gram))
}

fn places(world: &World, stream: &StreamId, gram: &str) -> String {
    kept(world, stream).remove(gram).unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_gram_comes_from_a_sealed_value_alone_and_each_stands_where_the_state_says(seed in any::<u64>()) {
        let world = walk(seed, 60, |_, _| {});
        all_hold(&world);
    }
}

#[test]
fn a_matter_is_found_by_what_is_written_open_and_by_nothing_else() {
    let mut world = World::new();
    let fined = register(&mut world, penalty("盐市监罚字〔2022〕1号", date(2022, 3, 1)));
    let asked_for = register(&mut world, complaint("HY202203010001", date(2022, 3, 1)));
    assert!(all_hold(&world) > 10);
    for (matter, typed, place) in
        [(&fined, "虚假广告", "category"), (&fined, "广告法", "basis"), (&asked_for, "千禾 电器", "firm")]
    {
        assert!(finds(&world, matter, typed), "{typed}");
        let last = asked(typed).pop().unwrap();
        assert!(places(&world, matter, &last).split(' ').any(|p| p == place), "{typed}: {last}");
    }
    assert_eq!(places(&world, &fined, "广告"), "basis category");
    for secret in SECRETS.iter().chain(&["冰箱", "退款", "罚款", "店内"]) {
        assert!(!finds(&world, &fined, secret) && !finds(&world, &asked_for, secret), "{secret}");
    }
    world.do_::<Matter>(&clerk(), &fined, matter::Command::Withdraw { reason: "登记有误".into() });
    assert_eq!(kept(&world, &fined), BTreeMap::new());
    register(&mut world, penalty("盐市监罚字〔2022〕1号", date(2022, 3, 1)));
    assert!(finds(&world, &fined, "虚假广告"));
}

#[test]
fn a_corrected_matter_is_found_by_what_it_is_now_under_its_day_alone() {
    let mut world = World::new();
    let fined = register(&mut world, penalty("盐市监罚字〔2022〕1号", date(2022, 3, 1)));
    let steps = [
        ("category", "价格欺诈"),
        ("occurred_on", "2022-02-25"),
        ("category", "无照经营"),
        ("occurred_on", "2022-03-01"),
    ];
    for (place, (field, after)) in (0..).zip(steps) {
        let (field, after) = (field.to_owned(), after.to_owned());
        world.do_::<Matter>(&clerk(), &fined, matter::Command::AskCorrection { field, after, reason: "笔误".into() });
        world.do_::<Matter>(&leader(), &fined, matter::Command::ApproveCorrection { correction: place });
        all_hold(&world);
    }
    assert!(finds(&world, &fined, "无照经营"));
    assert!(!finds(&world, &fined, "价格欺诈") && !finds(&world, &fined, "虚假广告"));
}

#[test]
fn a_case_is_found_by_a_part_of_a_firms_name_as_long_as_the_firm_bears_it_and_takes_part() {
    let mut world = World::new();
    let id = mediated(&mut world, "words");
    assert!(finds(&world, &id, "千禾电器"));
    for secret in SECRETS.iter().chain(&["冰箱", "退款"]) {
        assert!(!finds(&world, &id, secret), "{secret}");
    }
    let place = dossier::everybody(world.dossier(&id)).position(|(_, p)| p.person == shop().person).unwrap();
    let ask = Command::AskCorrection {
        field: format!("name/{place}"),
        after: "海盐百禾家用电器商行".into(),
        reason: "营业执照".into(),
    };
    world.do_::<Dossier>(&clerk(), &id, ask);
    assert!(finds(&world, &id, "千禾") && !finds(&world, &id, "百禾"), "as long as nobody has approved it");
    world.do_::<Dossier>(&leader(), &id, Command::ApproveCorrection { correction: 0 });
    assert!(finds(&world, &id, "百禾家用") && !finds(&world, &id, "千禾"));
    all_hold(&world);
    let joined = Party::firm(PersonId("late".into()), "秦山电器商行");
    let add = Command::AddParty {
        party: Box::new(joined),
        role: "respondent".into(),
        by: ruan().person,
        reason: "供货人".into(),
    };
    world.do_::<Dossier>(&clerk(), &id, add);
    assert!(finds(&world, &id, "秦山 百禾"));
    all_hold(&world);
    world.do_::<Dossier>(&mediator(), &id, Command::Leave { told: Some(telling(&shop(), world.today())) });
    assert!(!finds(&world, &id, "百禾") && finds(&world, &id, "秦山电器商行"), "what both have stays");
    all_hold(&world);
}
