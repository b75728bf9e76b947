//! Looks through every state that a model can come to.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

/// What may happen, as states and steps between them. Finite.
pub trait Model: Sized {
    /// All there is at one moment.
    type State: Clone + Debug + Eq + Hash;
    /// Something that happens.
    type Action: Copy + Debug;

    /// How it begins.
    fn init(&self) -> Self::State;
    /// What can happen next.
    fn actions(&self, state: &Self::State, steps: &mut Vec<Self::Action>);
    /// What is then; `None`: nothing changes.
    fn next_state(&self, before: &Self::State, step: Self::Action) -> Option<Self::State>;
    /// What is to be shown.
    fn properties(&self) -> Vec<Property<Self>>;
}

enum Kind {
    Always,
    Eventually,
    Sometimes,
}

/// Something that is to be shown of a model.
pub struct Property<M: Model> {
    name: &'static str,
    kind: Kind,
    holds: fn(&M, &M::State) -> bool,
}

impl<M: Model> Property<M> {
    /// Holds in every state.
    pub fn always(name: &'static str, holds: fn(&M, &M::State) -> bool) -> Self {
        Self { name, kind: Kind::Always, holds }
    }

    /// Whatever has happened, there is a way on to a state in which it holds: nothing is stuck for ever.
    pub fn eventually(name: &'static str, holds: fn(&M, &M::State) -> bool) -> Self {
        Self { name, kind: Kind::Eventually, holds }
    }

    /// Holds in some state: the model does come to what it is about.
    pub fn sometimes(name: &'static str, holds: fn(&M, &M::State) -> bool) -> Self {
        Self { name, kind: Kind::Sometimes, holds }
    }
}

/// Every state, and how it is come to.
struct Explored<M: Model> {
    states: Vec<M::State>,
    /// The step that first led to each, and from where.
    from: Vec<Option<(usize, M::Action)>>,
    /// From where each is come to.
    back: Vec<Vec<usize>>,
}

impl<M: Model> Explored<M> {
    fn of(model: &M) -> Self {
        let first = model.init();
        let mut known = HashMap::from([(first.clone(), 0)]);
        let mut all = Self { states: vec![first], from: vec![None], back: vec![Vec::new()] };
        let mut at = 0;
        let mut steps = Vec::new();
        while at < all.states.len() {
            let state = all.states[at].clone();
            model.actions(&state, &mut steps);
            for step in steps.drain(..) {
                let Some(next) = model.next_state(&state, step) else {
                    continue;
                };
                let to = *known.entry(next).or_insert_with_key(|next| {
                    all.states.push(next.clone());
                    all.from.push(Some((at, step)));
                    all.back.push(Vec::new());
                    all.states.len() - 1
                });
                all.back[to].push(at);
            }
            at += 1;
        }
        all
    }

    /// A state that breaks a property; the number of all states when one that is wanted does not occur.
    fn broken(&self, model: &M, property: &Property<M>) -> Option<usize> {
        let holds: Vec<bool> = self.states.iter().map(|state| (property.holds)(model, state)).collect();
        match property.kind {
            Kind::Always => holds.iter().position(|holds| !holds),
            Kind::Sometimes => (!holds.contains(&true)).then_some(self.states.len()),
            Kind::Eventually => {
                let mut can = holds;
                let mut open: Vec<usize> = (0..can.len()).filter(|at| can[*at]).collect();
                while let Some(at) = open.pop() {
                    for from in &self.back[at] {
                        if !std::mem::replace(&mut can[*from], true) {
                            open.push(*from);
                        }
                    }
                }
                can.iter().position(|can| !can)
            }
        }
    }

    fn way(&self, mut at: usize) -> Vec<M::Action> {
        let mut way = Vec::new();
        while let Some((from, step)) = self.from.get(at).copied().flatten() {
            way.push(step);
            at = from;
        }
        way.reverse();
        way
    }
}

/// Every property must hold.
pub fn holds<M: Model>(model: M) {
    let all = Explored::of(&model);
    assert!(all.states.len() > 100, "only {} states", all.states.len());
    for property in model.properties() {
        if let Some(at) = all.broken(&model, &property) {
            panic!("`{}` does not hold after {:#?}: {:#?}", property.name, all.way(at), all.states.get(at));
        }
    }
}

/// This property must not hold: a guard was taken out of the model, which would be blind if it did.
pub fn breaks<M: Model>(model: M, name: &str) {
    let all = Explored::of(&model);
    let property = model.properties().into_iter().find(|property| property.name == name);
    let broken = all.broken(&model, &property.expect("a property of the model"));
    assert!(broken.is_some(), "`{name}` holds also without the guard");
}
