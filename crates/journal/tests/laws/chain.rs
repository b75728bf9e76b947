//! Streams: every alteration, removal and exchange is found, with the right kind.

use proptest::prelude::*;
use serde_json::json;
use yanhe_journal::heads::digest;
use yanhe_journal::{Entry, EntryError, Fault, FaultKind, Head, Recorded, canonical, genesis, verify_stream};

const HERE: &str = "330424";
const STREAM: &str = "matter/0123";

/// A sound stream of `n` entries.
fn stream(n: usize, texts: &[String]) -> Vec<Recorded> {
    let mut prev = genesis(HERE, STREAM);
    let mut rows = Vec::new();
    for i in 0..n {
        let text = texts.get(i).cloned().unwrap_or_default();
        let entry = Entry {
            jurisdiction: HERE.into(),
            stream: STREAM.into(),
            version: i as i64 + 1,
            at: 1_641_258_000_000_000 + i as i64,
            actor: "staff/7".into(),
            kind: "MatterImported".into(),
            body_version: 1,
            body: canonical::to_bytes(&json!({ "i": i, "text": text })).unwrap(),
            prev,
        };
        prev = entry.hash();
        rows.push(Recorded { entry, hash: prev });
    }
    rows
}

fn head_of(rows: &[Recorded]) -> Head {
    let last = rows.last().unwrap();
    Head { stream: STREAM.into(), version: last.entry.version, hash: last.hash }
}

fn leaves_of(rows: &[Recorded]) -> Vec<Head> {
    (1..=rows.len()).map(|n| head_of(&rows[..n])).collect()
}

fn check(rows: &[Recorded], sealed: &[Head]) -> Result<Head, Fault> {
    verify_stream(HERE, STREAM, rows, sealed)
}

fn fault(version: usize, kind: FaultKind) -> Result<Head, Fault> {
    Err(Fault { stream: STREAM.into(), version: version as i64, kind })
}

/// Changes one field of an entry; `field` from 0 to 8.
fn alter(entry: &mut Entry, field: usize) {
    match field {
        0 => entry.jurisdiction.push('x'),
        1 => entry.stream.push('x'),
        2 => entry.at += 1,
        3 => entry.actor.push('x'),
        4 => entry.kind.push('x'),
        5 => entry.body_version += 1,
        6 => entry.body = canonical::to_bytes(&json!({ "i": "other" })).unwrap(),
        7 => entry.body.push(b' '),
        _ => entry.prev[5] ^= 1,
    }
}

/// Hashes and links of all entries from `from` on, as someone would write them who owns the database.
fn rehash(rows: &mut [Recorded], from: usize) {
    for i in from..rows.len() {
        if i > 0 {
            rows[i].entry.prev = rows[i - 1].hash;
        }
        rows[i].hash = rows[i].entry.hash();
    }
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(".{0,6}", 2..12)
}

proptest! {
    #[test]
    fn a_sound_stream_verifies_and_gives_its_head(texts in texts()) {
        let rows = stream(texts.len(), &texts);
        prop_assert_eq!(check(&rows, &[]), Ok(head_of(&rows)));
        prop_assert_eq!(check(&rows, &leaves_of(&rows)), Ok(head_of(&rows)));
    }

    #[test]
    fn an_altered_field_is_an_altered_entry(texts in texts(), at in any::<prop::sample::Index>(), field in 0_usize..9) {
        let mut rows = stream(texts.len(), &texts);
        let i = at.index(rows.len());
        alter(&mut rows[i].entry, field);
        prop_assert_eq!(check(&rows, &[]), fault(i + 1, FaultKind::Altered));
    }

    #[test]
    fn an_altered_hash_is_an_altered_entry(texts in texts(), at in any::<prop::sample::Index>(), byte in 0_usize..32) {
        let mut rows = stream(texts.len(), &texts);
        let i = at.index(rows.len());
        rows[i].hash[byte] ^= 1;
        prop_assert_eq!(check(&rows, &[]), fault(i + 1, FaultKind::Altered));
    }

    #[test]
    fn an_entry_altered_together_with_its_own_hash_is_found_by_the_next_one(
        texts in texts(), at in any::<prop::sample::Index>(), field in 2_usize..8,
    ) {
        let mut rows = stream(texts.len(), &texts);
        let i = at.index(rows.len() - 1);
        alter(&mut rows[i].entry, field);
        rows[i].hash = rows[i].entry.hash();
        let found = fault(i + 1, FaultKind::Altered);
        prop_assert_eq!(check(&rows, &[]), found);
    }

    #[test]
    fn a_history_rewritten_with_all_its_hashes_is_found_by_the_log(
        texts in texts(), at in any::<prop::sample::Index>(), field in 2_usize..7,
    ) {
        let mut rows = stream(texts.len(), &texts);
        let sealed = leaves_of(&rows);
        let i = at.index(rows.len());
        alter(&mut rows[i].entry, field);
        rehash(&mut rows, i);
        prop_assert!(check(&rows, &[]).is_ok(), "the chain alone cannot know");
        prop_assert_eq!(check(&rows, &sealed), fault(i + 1, FaultKind::Altered));
        prop_assert!(check(&rows, &sealed[sealed.len() - 1..]).is_err());
    }

    #[test]
    fn a_removed_entry_is_missing(texts in texts(), at in any::<prop::sample::Index>()) {
        let mut rows = stream(texts.len(), &texts);
        let i = at.index(rows.len() - 1);
        rows.remove(i);
        prop_assert_eq!(check(&rows, &[]), fault(i + 1, FaultKind::Missing));
        for (n, row) in rows.iter_mut().enumerate() {
            row.entry.version = n as i64 + 1;
        }
        prop_assert_eq!(check(&rows, &[]), fault(i + 1, FaultKind::Missing), "numbered anew");
    }

    #[test]
    fn entries_cut_off_at_the_end_are_missing(texts in texts(), keep in any::<prop::sample::Index>()) {
        let rows = stream(texts.len(), &texts);
        let keep = keep.index(rows.len());
        prop_assert_eq!(check(&rows[..keep], &[head_of(&rows)]), fault(keep + 1, FaultKind::Missing));
    }

    #[test]
    fn exchanged_entries_are_reordered(texts in texts(), a in any::<prop::sample::Index>(), on in any::<prop::sample::Index>()) {
        let rows = stream(texts.len(), &texts);
        let a = a.index(rows.len());
        let b = (a + 1 + on.index(rows.len() - 1)) % rows.len();
        let found = fault(a.min(b) + 1, FaultKind::Reordered);

        let mut whole = rows.clone();
        whole.swap(a, b);
        prop_assert_eq!(check(&whole, &leaves_of(&rows)), found.clone(), "whole rows");

        let mut numbered = whole.clone();
        numbered[a].entry.version = a as i64 + 1;
        numbered[b].entry.version = b as i64 + 1;
        prop_assert_eq!(check(&numbered, &leaves_of(&rows)), found.clone(), "all but the version");

        let mut hashes_stay = numbered.clone();
        for i in [a, b] {
            hashes_stay[i].hash = rows[i].hash;
            hashes_stay[i].entry.prev = rows[i].entry.prev;
        }
        prop_assert_eq!(check(&hashes_stay, &[]), found.clone(), "all but the place in the chain");

        let mut links_stay = numbered;
        for i in [a, b] {
            links_stay[i].entry.prev = rows[i].entry.prev;
        }
        prop_assert_eq!(check(&links_stay, &[]), found, "all but version and link");
    }

    #[test]
    fn a_repeated_entry_is_reordered(texts in texts(), at in any::<prop::sample::Index>()) {
        let mut rows = stream(texts.len(), &texts);
        let i = at.index(rows.len());
        rows.insert(i, rows[i].clone());
        prop_assert_eq!(check(&rows, &[]), fault(i + 2, FaultKind::Reordered));
    }

    #[test]
    fn no_two_entries_have_the_same_record(texts in texts(), field in 0_usize..9) {
        let rows = stream(texts.len(), &texts);
        let mut other = rows[0].entry.clone();
        alter(&mut other, field);
        prop_assert_ne!(other.record(), rows[0].entry.record());
        prop_assert_ne!(other.hash(), rows[0].hash);
    }

    #[test]
    fn a_record_is_canonical_json(texts in texts(), actor in ".{1,20}") {
        let mut entry = stream(1, &texts)[0].entry.clone();
        entry.actor = actor.clone();
        let read = canonical::parse(&entry.record()).unwrap();
        prop_assert_eq!(read["actor"].as_str(), Some(actor.as_str()));
    }
}

#[test]
fn an_empty_stream_has_a_head_of_its_own() {
    let head = check(&[], &[]).unwrap();
    assert_eq!((head.version, head.hash), (0, genesis(HERE, STREAM)));
    assert_ne!(genesis(HERE, STREAM), genesis("330400", STREAM));
    assert_ne!(genesis("a", "bc"), genesis("ab", "c"));
}

#[test]
fn a_stream_put_under_another_name_does_not_verify() {
    let mut rows = stream(3, &[]);
    for row in &mut rows {
        row.entry.stream = "matter/4567".into();
    }
    rehash(&mut rows, 0);
    let found = verify_stream(HERE, "matter/4567", &rows, &[]).unwrap_err();
    assert_eq!((found.version, found.kind), (1, FaultKind::Altered));
}

#[test]
fn an_ill_formed_entry_may_not_be_written_and_is_found() {
    let sound = stream(1, &[])[0].entry.clone();
    assert_eq!(sound.check(), Ok(()));
    let mut cases = vec![sound.clone(); 6];
    cases[0].actor.clear();
    cases[1].version = 0;
    cases[2].body = b"{\"b\":1,\"a\":1}".to_vec();
    cases[3].at = i64::MAX;
    cases[4].body_version = 0;
    cases[5].actor = "x".repeat(70_000);
    for case in &cases {
        assert!(case.check().is_err(), "{case:?}");
    }
    assert_eq!(cases[0].check(), Err(EntryError::Empty("actor")));
    let row = Recorded { hash: cases[2].hash(), entry: cases[2].clone() };
    assert_eq!(check(&[row], &[]), fault(1, FaultKind::Altered));
}

#[test]
fn the_digest_of_heads_does_not_depend_on_their_order_and_changes_with_each() {
    let heads: Vec<Head> =
        ["b", "a/1", "a"].iter().map(|s| Head { stream: (*s).into(), version: 2, hash: genesis(HERE, s) }).collect();
    let all = digest(&heads);
    let mut turned = heads.clone();
    turned.reverse();
    assert_eq!(digest(&turned), all);
    for i in 0..heads.len() {
        let mut other = heads.clone();
        other[i].version += 1;
        assert_ne!(digest(&other), all);
        other[i].version -= 1;
        other[i].hash[0] ^= 1;
        assert_ne!(digest(&other), all);
        other.remove(i);
        assert_ne!(digest(&other), all);
    }
}
