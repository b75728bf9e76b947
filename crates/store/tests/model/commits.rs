//! The commit protocol: a form with its token, pressed twice, by two people, through servers that end at any moment, to a
//! database whose answers get lost and whose abandoned transactions may still be carried out.

use crate::explore::{Model, Property, breaks, holds};

/// How many forms there are. Each is one token, and wants one event on the same stream with the next number of the
/// same register.
const FORMS: usize = 2;
/// The form of each press: the first one is pressed twice, the second time also while the first is on its way.
const PRESSES: [usize; 3] = [0, 0, 1];

/// Which guards the database has, and what may happen.
#[derive(Clone, Copy)]
struct Commits {
    /// The token is a primary key of the receipts.
    receipt: bool,
    /// Stream and register must be at the version that the decision saw.
    versions: bool,
    /// How often all that is on its way through a server is lost.
    crashes: u8,
    /// How often an answer of the database is lost while its server lives on.
    lost: u8,
}

const ALL: Commits = Commits { receipt: true, versions: true, crashes: 1, lost: 1 };

/// Where a press is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Press {
    /// Not sent, or nothing was heard of it.
    Waiting,
    /// The token was looked up and not found.
    New,
    /// Stream and register were loaded, and it was decided on them.
    Decided { version: u8, number: u8 },
    /// The transaction is with the database.
    Sent,
    /// Told that it is done.
    Acknowledged,
}

/// A transaction that the database was given and has not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Transaction {
    form: usize,
    /// The press that waits for it; none when its server ended or the connection was lost.
    press: Option<usize>,
    version: u8,
    number: u8,
}

/// An event with its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Entry {
    form: usize,
    version: u8,
    number: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    presses: [Press; PRESSES.len()],
    transactions: Vec<Transaction>,
    journal: Vec<Entry>,
    /// Forms whose receipt is there.
    receipts: [bool; FORMS],
    /// The last number of the register.
    last: u8,
    crashes: u8,
    lost: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    LookUp(usize),
    Load(usize),
    Send(usize),
    /// The database carries the transaction out, or refuses it, and answers.
    Carry(usize),
    /// It does so, and the answer is lost: the writer sends the same again.
    CarryUnheard(usize),
    /// The connection is lost first: the writer sends the same again, and the first is still there.
    Abandon(usize),
    Crash,
}

impl Commits {
    /// What the guards say; the transaction is all there afterwards or not at all.
    fn carry(&self, state: &mut State, t: Transaction) -> Verdict {
        if self.receipt && state.receipts[t.form] {
            return Verdict::Receipt;
        }
        if self.versions && (t.version != state.journal.len() as u8 || t.number != state.last) {
            return Verdict::Conflict;
        }
        state.receipts[t.form] = true;
        state.last = t.number + 1;
        state.journal.push(Entry { form: t.form, version: t.version + 1, number: t.number + 1 });
        Verdict::Written
    }
}

enum Verdict {
    Written,
    Receipt,
    Conflict,
}

impl Model for Commits {
    type State = State;
    type Action = Step;

    fn init(&self) -> State {
        State {
            presses: [Press::Waiting; PRESSES.len()],
            transactions: Vec::new(),
            journal: Vec::new(),
            receipts: [false; FORMS],
            last: 0,
            crashes: self.crashes,
            lost: self.lost,
        }
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        for (press, at) in state.presses.iter().enumerate() {
            match at {
                Press::Waiting => steps.push(Step::LookUp(press)),
                Press::New => steps.push(Step::Load(press)),
                Press::Decided { .. } => steps.push(Step::Send(press)),
                Press::Sent | Press::Acknowledged => {}
            }
        }
        for at in 0..state.transactions.len() {
            steps.push(Step::Carry(at));
            if state.lost > 0 && state.transactions[at].press.is_some() {
                steps.extend([Step::CarryUnheard(at), Step::Abandon(at)]);
            }
        }
        if state.crashes > 0 {
            steps.push(Step::Crash);
        }
    }

    fn next_state(&self, before: &State, step: Step) -> Option<State> {
        let mut state = before.clone();
        match step {
            Step::LookUp(press) => {
                let known = state.receipts[PRESSES[press]];
                state.presses[press] = if known { Press::Acknowledged } else { Press::New };
            }
            Step::Load(press) => {
                let (version, number) = (state.journal.len() as u8, state.last);
                state.presses[press] = Press::Decided { version, number };
            }
            Step::Send(press) => {
                let Press::Decided { version, number } = state.presses[press] else {
                    return None;
                };
                state.presses[press] = Press::Sent;
                let form = PRESSES[press];
                state.transactions.push(Transaction { form, press: Some(press), version, number });
            }
            Step::Carry(at) => {
                let t = state.transactions.remove(at);
                let verdict = self.carry(&mut state, t);
                if let Some(press) = t.press {
                    state.presses[press] = match verdict {
                        // A receipt that is there was written by a try whose answer was lost, or by another press: either
                        // way it is the answer.
                        Verdict::Written | Verdict::Receipt => Press::Acknowledged,
                        // Loaded and decided again.
                        Verdict::Conflict => Press::New,
                    };
                }
            }
            Step::CarryUnheard(at) => {
                let t = state.transactions.remove(at);
                self.carry(&mut state, t);
                state.transactions.push(t);
                state.lost -= 1;
            }
            Step::Abandon(at) => {
                let t = state.transactions[at];
                state.transactions[at].press = None;
                state.transactions.push(t);
                state.lost -= 1;
            }
            Step::Crash => {
                for press in state.presses.iter_mut().filter(|press| **press != Press::Acknowledged) {
                    *press = Press::Waiting;
                }
                // What the database was given may still be carried out; nobody waits for it.
                for transaction in &mut state.transactions {
                    transaction.press = None;
                }
                state.crashes -= 1;
            }
        }
        // Which came first does not matter to what may happen next.
        state.transactions.sort_unstable();
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(TWICE, |_, state: &State| {
                (0..FORMS).all(|form| state.journal.iter().filter(|entry| entry.form == form).count() <= 1)
            }),
            Property::always(LOST, |_, state: &State| {
                state.presses.iter().zip(PRESSES).all(|(press, form)| {
                    *press != Press::Acknowledged || state.journal.iter().any(|entry| entry.form == form)
                })
            }),
            Property::always(GAPS, |_, state: &State| {
                let follows = |(at, entry): (usize, &Entry)| {
                    usize::from(entry.version) == at + 1 && usize::from(entry.number) == at + 1
                };
                state.journal.iter().enumerate().all(follows)
            }),
            Property::eventually("every form is acknowledged in the end", |_, state: &State| {
                state.presses.iter().all(|press| *press == Press::Acknowledged)
            }),
            Property::sometimes("a press is acknowledged by the receipt of another", |_, state: &State| {
                state.presses[..2] == [Press::Acknowledged; 2]
            }),
            Property::sometimes("an abandoned transaction is carried out after all", |model, state: &State| {
                state.lost < model.lost && state.transactions.iter().any(|t| t.press.is_none())
            }),
        ]
    }
}

const TWICE: &str = "no form has two effects";
const LOST: &str = "what was acknowledged is in the journal";
const GAPS: &str = "versions and numbers follow each other without gaps";

#[test]
fn every_acknowledged_form_has_its_effect_exactly_once() {
    holds(ALL);
}

#[test]
fn without_the_receipt_as_a_guard_a_form_has_two_effects() {
    breaks(Commits { receipt: false, ..ALL }, TWICE);
}

#[test]
fn without_expected_versions_two_people_get_the_same_number() {
    breaks(Commits { versions: false, ..ALL }, GAPS);
}
