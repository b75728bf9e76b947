//! History is all there is: the state is what its events give, also after years in storage and after an erasure.

use proptest::prelude::*;
use serde_json::Value;
use yanhe_core::Stream;

use crate::walk::walk;
use crate::world::{Kept, Streams, again};

fn replays<S: Stream>(streams: &Streams<S>) {
    for (id, Kept { events, state }) in streams {
        let folded = events.iter().fold(None, |state, (at, event)| Some(S::apply(state, &again(event), *at)));
        assert_eq!(folded, *state, "{id}");
    }
}

/// The event as it is after the person was erased.
fn erase(json: &mut Value) {
    match json {
        Value::Object(fields) => {
            if let Some(Value::Object(personal)) = fields.get_mut("$personal") {
                personal.remove("value");
            } else {
                fields.values_mut().for_each(erase);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(erase),
        _ => {}
    }
}

fn survives_erasure<S: Stream>(streams: &Streams<S>) {
    for (id, Kept { events, .. }) in streams {
        let mut state = None;
        for (at, event) in events {
            let mut json = serde_json::to_value(event).unwrap();
            erase(&mut json);
            let event: S::Event = serde_json::from_value(json).unwrap_or_else(|e| panic!("{id}: {e}"));
            let after = S::apply(state, &event, *at);
            for change in S::project(id, &after, &event, *at) {
                assert!(!format!("{change:?}").contains("Sealed"), "{change:?}");
            }
            S::react(id, &after, &event);
            state = Some(after);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    // The world checks every event and state of the walk: storage, canonical numbers, privacy, single counts, and that
    // a job fired twice has one effect.
    #[test]
    fn replaying_the_events_gives_the_state_and_works_when_everybody_was_erased(seed in any::<u64>()) {
        let world = walk(seed, 60, |_, _| {});
        replays(&world.matters);
        replays(&world.papers);
        replays(&world.dossiers);
        replays(&world.confirmations);
        survives_erasure(&world.matters);
        survives_erasure(&world.papers);
        survives_erasure(&world.dossiers);
        survives_erasure(&world.confirmations);
    }
}
