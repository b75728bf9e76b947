//! What belongs to a human being stands in personal values, sealed cells and blind indexes, and nowhere else. The world
//! holds every event, state, job, row and paper of every test against this law; here are the streams it does not play,
//! and the proof that the law can be broken.

use std::panic::catch_unwind;

use jiff::civil::date;
use serde_json::json;
use yanhe_core::batch::{self, Batch};
use yanhe_core::expert::{self, Expert};
use yanhe_core::organ::{self, Organ};
use yanhe_core::policy::Actor;
use yanhe_core::publicity::{self, Publicity};
use yanhe_core::staff::{self, Staff};
use yanhe_core::{Cell, Change, PersonId, Personal, Stream, StreamId, StreamKind};

use crate::people::{GOSSIP, SECRETS};
use crate::world::{World, assert_canonical, assert_no_secret};

fn holds<S: Stream>(command: S::Command, state: Option<S::State>, context: &S::Context) -> S::State {
    let mut world = World::new();
    let id = StreamId::new(StreamKind::Audit, "any");
    let (events, _) =
        world.with_facts(&Actor::admin(), &id, |facts| S::decide(state.as_ref(), command.clone(), facts, context));
    let at = world.now;
    events
        .unwrap()
        .iter()
        .fold(state, |state, event| {
            let json = serde_json::to_value(event).unwrap();
            assert_canonical(&json);
            assert_no_secret(&json, "an event");
            let after = S::apply(state, event, at);
            assert_no_secret(&serde_json::to_value(&after).unwrap(), "a state");
            for change in S::project(&id, &after, event, at) {
                let (Change::Put(_, cells) | Change::Claim(_, cells) | Change::Delete(_, cells)) = &change else {
                    continue;
                };
                for cell in cells {
                    if let Cell::Text(text) | Cell::Open(text) = cell {
                        assert!(SECRETS.iter().all(|s| !text.contains(s)), "{text}");
                    }
                }
            }
            Some(after)
        })
        .unwrap()
}

#[test]
fn rosters_and_batches_seal_people_too() {
    let person = PersonId("someone".into());
    let value = |text: &str| Personal::new(&person, text.to_owned());
    let profile = staff::Profile {
        person: person.clone(),
        body: "shichang".into(),
        post: "调解员".into(),
        name: value("孟守和"),
        phone: value("19900007001"),
        document: value("330499198001011235"),
    };
    let first = holds::<Staff>(staff::Command::Roster { profile: Box::new(profile.clone()) }, None, &());
    let moved = staff::Profile { post: "经办人".into(), ..profile };
    let moved = holds::<Staff>(staff::Command::Roster { profile: Box::new(moved) }, Some(first), &());
    holds::<Staff>(staff::Command::Withdraw {}, Some(moved), &());
    let expert = expert::Profile {
        person: person.clone(),
        name: value("仇望舒"),
        employer: "海盐县人民医院".into(),
        title: "主任医师".into(),
        field: "医疗".into(),
        phone: value("19900007002"),
        term_from: Some(date(2022, 1, 1)),
        term_to: None,
        avoids: None,
    };
    let rostered = holds::<Expert>(expert::Command::Roster { profile: Box::new(expert) }, None, &());
    holds::<Expert>(expert::Command::Withdraw {}, Some(rostered), &());
    let file = batch::Imported {
        kind: "penalties".into(),
        name: "双公示.xlsx".into(),
        sha256: "0".repeat(64),
        read: 1,
        stored: 1,
        updated: 0,
        unchanged: 0,
        refused: 0,
    };
    let free = batch::Context::default();
    let recorded = holds::<Batch>(batch::Command::Record { file, created: vec![], updated: vec![] }, None, &free);
    holds::<Batch>(batch::Command::Withdraw { reason: GOSSIP.into() }, Some(recorded), &free);
}

#[test]
fn an_organ_is_online_once_its_checklist_is_complete() {
    let profile = organ::Profile {
        name: "海盐县公安局".into(),
        phone: "0573-86000001".into(),
        address: "海盐县武原街道".into(),
        brand: None,
        joined_on: Some(date(2022, 1, 1)),
        mediates: true,
    };
    let none = organ::Context::default();
    let state = holds::<Organ>(organ::Command::Roster { profile }, None, &none);
    assert_eq!(state.online_on, None, "the roster alone brings nobody online");
    let mut world = World::new();
    let id = StreamId::new(StreamKind::Organ, "gongan");
    let complete = organ::Context {
        checklist: organ::Checklist { leader: "staff/a".into(), mediator: "staff/b".into(), scope: 3, seal: true },
    };
    for missing in 0..4 {
        let mut context = complete.clone();
        match missing {
            0 => context.checklist.leader.clear(),
            1 => context.checklist.mediator.clear(),
            2 => context.checklist.scope = 0,
            _ => context.checklist.seal = false,
        }
        let onboard = organ::Command::Onboard {};
        let (decided, _) =
            world.with_facts(&Actor::admin(), &id, |f| Organ::decide(Some(&state), onboard.clone(), f, &context));
        assert!(decided.is_err(), "{missing}");
    }
    let online = holds::<Organ>(organ::Command::Onboard {}, Some(state), &complete);
    assert_eq!(online.online_on, Some(date(2022, 3, 1)));
}

#[test]
fn publicity_recorded_again_changes_nothing() {
    let held = publicity::State {
        name: "行政调解宣传日".into(),
        organ: "gongan".into(),
        date: date(2022, 3, 1),
        manner: "线下".into(),
        place: "人民广场".into(),
        audience: 300,
        leaflets: 100,
        note: String::new(),
        origin: String::new(),
        withdrawals: 0,
        withdrawn: false,
    };
    let state = holds::<Publicity>(publicity::Command::Record { held: held.clone() }, None, &());
    let mut world = World::new();
    let id = publicity::stream(&held.name, &held.organ, held.date, &held.place);
    let again = publicity::Command::Record { held };
    let (decided, _) =
        world.with_facts(&Actor::admin(), &id, |f| Publicity::decide(Some(&state), again.clone(), f, &()));
    assert_eq!(decided, Ok(vec![]));
}

#[test]
fn publicity_taken_back_counts_no_more_and_can_be_recorded_again() {
    let held = publicity::State {
        name: "行政调解宣传周".into(),
        organ: "gongan".into(),
        date: date(2022, 3, 1),
        manner: "线下".into(),
        place: "人民广场".into(),
        audience: 300,
        leaflets: 100,
        note: String::new(),
        origin: String::new(),
        withdrawals: 0,
        withdrawn: false,
    };
    let id = publicity::stream(&held.name, &held.organ, held.date, &held.place);
    let record = publicity::Command::Record { held };
    let mut world = World::new();
    let (mut state, mut sum, mut marks) = (None, 0, std::collections::BTreeSet::new());
    for command in
        [record.clone(), publicity::Command::Withdraw {}, record.clone(), publicity::Command::Withdraw {}, record]
    {
        let (decided, _) =
            world.with_facts(&Actor::admin(), &id, |f| Publicity::decide(state.as_ref(), command.clone(), f, &()));
        for event in decided.unwrap() {
            let after = Publicity::apply(state.take(), &event, world.now);
            for change in Publicity::project(&id, &after, &event, world.now) {
                if let yanhe_core::Change::Tally(tally) = change {
                    assert!(marks.insert(tally.mark.clone()), "{} counts once", tally.mark);
                    sum += tally.by;
                }
            }
            assert_eq!(sum, i64::from(!after.withdrawn));
            state = Some(after);
        }
    }
    assert_eq!(marks.len(), 5);
}

#[test]
fn the_law_can_be_broken() {
    let person = PersonId("he".into());
    let sealed = json!({"note": Personal::new(&person, GOSSIP.to_owned()), "list": [1, {"deep": "甲"}]});
    assert_no_secret(&sealed, "a test");
    for open in
        [json!({"note": GOSSIP}), json!([{"deep": ["贺秋生"]}]), json!({"$personal": "贺秋生", "also": "贺秋生"})]
    {
        assert!(catch_unwind(|| assert_no_secret(&open, "a test")).is_err(), "{open}");
    }
    for number in [json!(0.5), json!(9_007_199_254_740_992_i64), json!([1e3])] {
        assert!(catch_unwind(|| assert_canonical(&number)).is_err(), "{number}");
    }
}
