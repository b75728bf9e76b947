//! Finding by words: what a look at every text would find, the newest first, of one organ.

use std::collections::BTreeSet;

use yanhe_core::gram::{Shelf, Words, asked, grams};
use yanhe_core::policy::{Actor, Role, scope};
use yanhe_core::{Change, Date, PersonId, StreamId, StreamKind};
use yanhe_store::commit::RowChange;
use yanhe_store_read::Reader;
use yanhe_store_read::views::gram::{Found, GIVEN, LOOKED_THROUGH};

use crate::support::*;

fn clerk(organ: &str) -> Actor {
    Actor::staff(&stream("clerk"), Role::Clerk, organ)
}

/// The day of the n-th: two have each.
fn day(n: usize) -> Date {
    let n = n / 2;
    format!("{}-{:02}-{:02}", 2000 + n / 336, 1 + n / 28 % 12, 1 + n % 28).parse().unwrap()
}

fn organ(n: usize) -> &'static str {
    if n.is_multiple_of(3) { "weijian" } else { "gongan" }
}

/// What `project` gives of a text that was another one before.
fn rows(stream: &StreamId, n: usize, now: &str, was: &str) -> Vec<RowChange> {
    let words = |text: &str| {
        let mut words = Words::default();
        words.add("firm", text);
        words
    };
    let shelf = Shelf { stream, list: "matter", organ: organ(n), date: day(n) };
    let change = |change| match change {
        Change::Put(table, cells) => RowChange::Put(table, cells),
        Change::Delete(table, cells) => RowChange::Delete(table, cells),
        other => panic!("{other:?}"),
    };
    shelf.rows(&words(now), &words(was)).into_iter().map(change).collect()
}

async fn found(reader: &Reader, organ: &str, typed: &str) -> Found {
    reader.find_words(&scope(&clerk(organ)), "matter", &asked(typed)).await.unwrap()
}

fn names(found: &Found) -> Vec<String> {
    found.hits.iter().map(|hit| hit.stream.key().to_owned()).collect()
}

async fn words_find_what_a_look_at_every_text_would_find(dir: Place) {
    let (writer, reader) = dir.open().await;
    // Few characters, so that many texts share their grams.
    let mut chance = 7_u64;
    let mut roll = |sides: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % sides
    };
    let letters = ['甲', '乙', '丙', '，', 'a', '9'];
    let mut text = |most: u64| -> String { (0..2 + roll(most)).map(|_| letters[roll(6) as usize]).collect() };
    let texts: Vec<(String, String)> = (0..120).map(|_| (text(9), text(9))).collect();
    for (n, (first, now)) in texts.iter().enumerate() {
        let id = stream(&format!("{n:03}"));
        writer.commit(commit(&format!("{n}"), &id, 0, rows(&id, n, first, ""))).await.unwrap();
        // Every second is written anew.
        if n.is_multiple_of(2) {
            writer.commit(commit(&format!("{n} again"), &id, 1, rows(&id, n, now, first))).await.unwrap();
        }
    }
    let holds = |n: usize, typed: &str| {
        let (first, now) = &texts[n];
        let text: BTreeSet<String> = grams(if n.is_multiple_of(2) { now } else { first }).into_iter().collect();
        asked(typed).iter().all(|gram| text.contains(gram))
    };
    let mut some = 0;
    for _ in 0..300 {
        let typed = format!("{} {}", text(2), text(1));
        if asked(&typed).is_empty() {
            continue;
        }
        for organ_ in ["gongan", "weijian"] {
            let mut slow: Vec<usize> = (0..120).filter(|n| organ(*n) == organ_ && holds(*n, &typed)).collect();
            slow.sort_by_key(|n| std::cmp::Reverse((day(*n), *n)));
            let slow: Vec<String> = slow.into_iter().map(|n| format!("{n:03}")).collect();
            let fast = found(&reader, organ_, &typed).await;
            assert_eq!(names(&fast), slow, "{typed}");
            assert!(!fast.more && fast.hits.iter().all(|hit| hit.places == "firm"));
            some += slow.len();
        }
    }
    assert!(some > 300, "{some}");
    // Whoever has no organ finds nothing, nor does another county or another list.
    let words = asked("甲乙");
    let nobody = [
        Actor::system(),
        Actor::anyone(),
        Actor::party(&PersonId("p".into())),
        Actor::staff(&stream("judge"), Role::Judge, "court"),
    ];
    for actor in nobody {
        assert_eq!(reader.find_words(&scope(&actor), "matter", &words).await.unwrap(), Found::default());
    }
    let own = scope(&clerk("gongan"));
    assert!(!reader.find_words(&own, "matter", &words).await.unwrap().hits.is_empty());
    assert_eq!(reader.find_words(&own, "dossier", &words).await.unwrap(), Found::default());
    assert_eq!(reader.within("other").find_words(&own, "matter", &words).await.unwrap(), Found::default());
    assert_eq!(reader.find_words(&own, "matter", &[]).await.unwrap(), Found::default());
}

async fn of_very_many_the_newest_are_found_and_that_there_are_more_is_known(dir: Place) {
    let (writer, reader) = dir.open().await;
    let many = LOOKED_THROUGH as usize + 5;
    let id = |n: usize| StreamId::new(StreamKind::Matter, &format!("{n:04}"));
    // Every one has two grams, the oldest five a third one.
    let all: Vec<RowChange> =
        (0..many).flat_map(|n| rows(&id(n), 3 * n, if n < 5 { "到处都有，旧字号" } else { "到处都有" }, "")).collect();
    writer.commit(commit("all", &id(0), 0, all)).await.unwrap();
    let common = found(&reader, "weijian", "到处 都有").await;
    let newest: Vec<String> = (many - GIVEN..many).rev().map(|n| format!("{n:04}")).collect();
    assert_eq!((names(&common), common.more), (newest, true));
    // Beyond those that are looked through, but a rare word leads there.
    let rare = found(&reader, "weijian", "到处都有 旧字").await;
    assert_eq!((names(&rare), rare.more), ((0..5).rev().map(|n| format!("{n:04}")).collect(), false));
    assert_eq!(found(&reader, "weijian", "到处都有没有").await, Found::default());
}

on_both! {
    words_find_what_a_look_at_every_text_would_find,
    of_very_many_the_newest_are_found_and_that_there_are_more_is_known,
}
