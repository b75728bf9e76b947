//! What the steps of one commit amount to while it is built: the decision of each stream, added to the others'.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use yanhe_core::mark::MarkOrder;
use yanhe_core::policy::Actor;
use yanhe_core::{Change, Facts, Ids, Numbers, PaperOrder, StreamId, Timestamp, Version};
use yanhe_journal::genesis;
use yanhe_store::commit::{Guard, JobChange};

use crate::App;
use crate::command::{AnyState, Known};
use crate::error::AppError;
use crate::load::Loaded;
use crate::replay::job_change;
use crate::sealing::StreamKeys;

/// What a decision may use, fixed for one attempt.
pub struct Attempt {
    pub actor: Actor,
    pub now: Timestamp,
    pub ids: Ids,
    pub numbers: Numbers,
}

/// One stream's share of the commit while it is built.
pub struct Share {
    pub expected: Version,
    pub hash: [u8; 32],
    pub state: AnyState,
    pub at: Timestamp,
    pub actor: String,
    pub events: Vec<Value>,
    pub sealed_state: Value,
    pub rows: Vec<Change>,
    pub keys: StreamKeys,
}

/// What the steps amount to.
#[derive(Default)]
pub struct Built {
    pub shares: BTreeMap<StreamId, Share>,
    pub order: Vec<StreamId>,
    pub orders: Vec<(StreamId, PaperOrder)>,
    pub marks: Vec<MarkOrder>,
    pub jobs: Vec<JobChange>,
    pub guards: Vec<Guard>,
}

/// The decision of one stream, added to what is built.
pub fn decide<S: Known>(
    app: &App,
    attempt: &Attempt,
    built: &mut Built,
    (stream, loaded, keys): (&StreamId, Loaded<S>, StreamKeys),
    command: S::Command,
    context: &S::Context,
    actor: &Actor,
) -> Result<(), AppError> {
    let now = attempt.now.max(loaded.at);
    let facts = Facts {
        now,
        actor,
        stream,
        calendar: &app.calendar,
        pack: &app.pack,
        ids: &attempt.ids,
        numbers: &attempt.numbers,
    };
    let mut state = built.state::<S>(stream).or(loaded.state);
    let events = S::decide(state.as_ref(), command, &facts, context)?;
    if events.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::new();
    let mut bodies = Vec::new();
    for event in &events {
        let after = S::apply(state.take(), event, now);
        rows.extend(S::project(stream, &after, event, now));
        built.jobs.extend(S::react(stream, &after, event).into_iter().map(|job| job_change(stream, job)));
        for order in S::papers(stream, &after, event, &facts, context) {
            order.reachable(&app.pack)?;
            built.orders.push((stream.clone(), order));
        }
        built.marks.extend(S::marks(&after, event, &facts));
        bodies.push(serde_json::to_value(event).map_err(|e| unreadable(stream, &e))?);
        state = Some(after);
    }
    let Some(state) = state else { return Ok(()) };
    let sealed_state = serde_json::to_value(&state).map_err(|e| unreadable(stream, &e))?;
    match built.shares.get_mut(stream) {
        Some(share) => {
            share.state = S::wrap(state);
            share.events.extend(bodies);
            share.sealed_state = sealed_state;
            share.rows.extend(rows);
        }
        None => {
            built.order.push(stream.clone());
            let hash = loaded.hash.unwrap_or_else(|| genesis(&app.pack.jurisdiction.code, stream.as_str()));
            let share = Share {
                expected: loaded.version,
                hash,
                state: S::wrap(state),
                at: now,
                actor: actor.id.clone(),
                events: bodies,
                sealed_state,
                rows,
                keys,
            };
            built.shares.insert(stream.clone(), share);
        }
    }
    Ok(())
}

impl Built {
    /// The state of a stream that was decided before in the same commit.
    pub fn state<S: Known>(&self, stream: &StreamId) -> Option<S::State> {
        S::take(self.shares.get(stream)?.state.clone())
    }
}

fn unreadable(stream: &StreamId, problem: &serde_json::Error) -> AppError {
    AppError::Unreadable { stream: stream.to_string(), problem: problem.to_string() }
}

/// An event is `{"Name": {...}}`: its type name and its body.
pub(crate) fn split(event: Value) -> (String, Value) {
    match event {
        Value::Object(map) => map.into_iter().next().unwrap_or_default(),
        name => (name.as_str().unwrap_or_default().to_owned(), json!({})),
    }
}
