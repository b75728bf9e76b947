//! The sealer: two processes, each with a lease that may run out at any moment of its round, answers that get lost, and
//! entries that are committed meanwhile in another order than they drew their positions.

use crate::explore::{Model, Property, breaks, holds};

/// Sealers at work.
const SEALERS: usize = 2;
/// Which guards the database has, and what may happen.
#[derive(Clone, Copy)]
struct Sealing {
    /// Entries that come. Each draws the next position; those that are on their way are committed in any order.
    entries: u8,
    /// A round is written only while its own holder has the lease.
    held: bool,
    /// A leaf's number, an entry's leaf and a checkpoint's size are given once.
    unique: bool,
    /// What is to be sealed comes from the table of unsealed entries, and not from all beyond the last position.
    from_table: bool,
    /// What is sealed goes up to a position that was the last one, when all commits are over that were open then.
    settled: bool,
    /// How often a lease runs out before it is given back.
    expiries: u8,
    /// How often a sealer ends in the middle of its round.
    crashes: u8,
    /// How often the answer to a round is lost.
    lost: u8,
}

const ALL: Sealing =
    Sealing { entries: 2, held: true, unique: true, from_table: true, settled: true, expiries: 1, crashes: 1, lost: 1 };

/// What a sealer is about to write: it decided on this.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Round {
    /// Who holds the lease: every round of a sealer's call has a name of its own.
    holder: u8,
    first: u8,
    positions: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Sealer {
    Idle,
    /// Has the lease, as far as it knows.
    Leased {
        holder: u8,
    },
    /// Has read the last position, and which commits are open.
    Marked {
        holder: u8,
        last: u8,
        open: Vec<u8>,
    },
    /// Has read what is unsealed.
    Read {
        holder: u8,
        positions: Vec<u8>,
    },
    /// Has read the size of the log, and signed.
    Signed(Round),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    /// The last position that was drawn.
    drawn: u8,
    /// Positions of commits that are not over.
    open: Vec<u8>,
    unsealed: Vec<u8>,
    /// Leaves: number and position.
    leaves: Vec<(u8, u8)>,
    /// Checkpoints: size, and the positions below it in order, which stand for the root.
    checkpoints: Vec<(u8, Vec<u8>)>,
    /// Who holds the lease; `false`: its time is over, and whoever asks gets it.
    lease: Option<(u8, bool)>,
    sealers: [Sealer; SEALERS],
    /// Rounds that the database was given and whose sealer does not wait any more.
    abandoned: Vec<Round>,
    holders: u8,
    expiries: u8,
    crashes: u8,
    lost: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Draw,
    Commit(usize),
    Lease(usize),
    Mark(usize),
    Read(usize),
    Sign(usize),
    Write(usize),
    /// The database is given the round, and the sealer does not hear of it any more.
    Abandon(usize),
    /// The database carries out an abandoned round, or refuses it.
    Carry(usize),
    Expire,
    Crash(usize),
}

impl Sealing {
    /// What a sealer would find to seal, up to a position.
    fn seen(&self, state: &State, up_to: u8) -> Vec<u8> {
        let last = state.leaves.iter().map(|leaf| leaf.1).max().unwrap_or(0);
        let found = |position: &u8| (self.from_table || *position > last) && (!self.settled || *position <= up_to);
        state.unsealed.iter().copied().filter(found).collect()
    }

    fn write(&self, state: &mut State, round: &Round) {
        if self.held && state.lease.map(|(holder, _)| holder) != Some(round.holder) {
            return;
        }
        let new: Vec<(u8, u8)> = (round.first..).zip(round.positions.iter().copied()).collect();
        let size = round.first + round.positions.len() as u8;
        let known = |leaf: &(u8, u8)| state.leaves.iter().any(|old| old.0 == leaf.0 || old.1 == leaf.1);
        if self.unique && (new.iter().any(known) || state.checkpoints.iter().any(|(old, _)| *old == size)) {
            return;
        }
        state.unsealed.retain(|position| !round.positions.contains(position));
        let mut below: Vec<u8> = state.leaves.iter().filter(|leaf| leaf.0 < round.first).map(|leaf| leaf.1).collect();
        below.extend(&round.positions);
        state.leaves.extend(new);
        state.checkpoints.push((size, below));
    }
}

impl Model for Sealing {
    type State = State;
    type Action = Step;

    fn init(&self) -> State {
        State {
            drawn: 0,
            open: Vec::new(),
            unsealed: Vec::new(),
            leaves: Vec::new(),
            checkpoints: Vec::new(),
            lease: None,
            sealers: [Sealer::Idle, Sealer::Idle],
            abandoned: Vec::new(),
            holders: 0,
            expiries: self.expiries,
            crashes: self.crashes,
            lost: self.lost,
        }
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        if state.drawn < self.entries {
            steps.push(Step::Draw);
        }
        steps.extend((0..state.open.len()).map(Step::Commit));
        for (at, sealer) in state.sealers.iter().enumerate() {
            match sealer {
                Sealer::Idle
                    if !self.seen(state, self.entries).is_empty() && state.lease.is_none_or(|(_, lasts)| !lasts) =>
                {
                    steps.push(Step::Lease(at));
                }
                Sealer::Idle => {}
                Sealer::Leased { .. } => steps.push(Step::Mark(at)),
                Sealer::Marked { open, .. } => {
                    if !self.settled || !open.iter().any(|position| state.open.contains(position)) {
                        steps.push(Step::Read(at));
                    }
                }
                Sealer::Read { .. } => steps.push(Step::Sign(at)),
                Sealer::Signed(_) => {
                    steps.push(Step::Write(at));
                    if state.lost > 0 {
                        steps.push(Step::Abandon(at));
                    }
                }
            }
            if state.crashes > 0 && *sealer != Sealer::Idle {
                steps.push(Step::Crash(at));
            }
        }
        steps.extend((0..state.abandoned.len()).map(Step::Carry));
        // A lease whose holder does not give it back always runs out; one in use does so a few times.
        if let Some((holder, true)) = state.lease {
            let in_use = state.sealers.iter().any(|sealer| match sealer {
                Sealer::Idle => false,
                Sealer::Leased { holder: own }
                | Sealer::Marked { holder: own, .. }
                | Sealer::Read { holder: own, .. } => *own == holder,
                Sealer::Signed(round) => round.holder == holder,
            });
            if state.expiries > 0 || !in_use {
                steps.push(Step::Expire);
            }
        }
    }

    fn next_state(&self, before: &State, step: Step) -> Option<State> {
        let mut state = before.clone();
        match step {
            Step::Draw => {
                state.drawn += 1;
                state.open.push(state.drawn);
            }
            Step::Commit(at) => {
                let position = state.open.remove(at);
                state.unsealed.push(position);
                state.unsealed.sort_unstable();
            }
            Step::Lease(at) => {
                state.holders += 1;
                state.lease = Some((state.holders, true));
                state.sealers[at] = Sealer::Leased { holder: state.holders };
            }
            Step::Mark(at) => {
                let Sealer::Leased { holder } = state.sealers[at] else {
                    return None;
                };
                state.sealers[at] = Sealer::Marked { holder, last: state.drawn, open: state.open.clone() };
            }
            Step::Read(at) => {
                let Sealer::Marked { holder, last, .. } = state.sealers[at] else {
                    return None;
                };
                let positions = self.seen(&state, last);
                state.sealers[at] = match positions.is_empty() {
                    true => {
                        give_back(&mut state, holder);
                        Sealer::Idle
                    }
                    false => Sealer::Read { holder, positions },
                };
            }
            Step::Sign(at) => {
                let Sealer::Read { holder, positions } = state.sealers[at].clone() else {
                    return None;
                };
                let first = state.leaves.len() as u8;
                state.sealers[at] = Sealer::Signed(Round { holder, first, positions });
            }
            Step::Write(at) => {
                let Sealer::Signed(round) = state.sealers[at].clone() else {
                    return None;
                };
                self.write(&mut state, &round);
                // The next turn of its loop finds nothing, and gives the lease back; or it was lost.
                give_back(&mut state, round.holder);
                state.sealers[at] = Sealer::Idle;
            }
            Step::Abandon(at) => {
                let Sealer::Signed(round) = state.sealers[at].clone() else {
                    return None;
                };
                state.abandoned.push(round);
                state.sealers[at] = Sealer::Idle;
                state.lost -= 1;
            }
            Step::Carry(at) => {
                let round = state.abandoned.remove(at);
                self.write(&mut state, &round);
            }
            Step::Expire => {
                let (holder, _) = state.lease?;
                state.lease = Some((holder, false));
                state.expiries = state.expiries.saturating_sub(1);
            }
            Step::Crash(at) => {
                state.sealers[at] = Sealer::Idle;
                state.crashes -= 1;
            }
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(LEAVES, |_, state: &State| {
                let mut numbers: Vec<u8> = state.leaves.iter().map(|leaf| leaf.0).collect();
                let mut positions: Vec<u8> = state.leaves.iter().map(|leaf| leaf.1).collect();
                numbers.sort_unstable();
                positions.sort_unstable();
                positions.windows(2).all(|pair| pair[0] != pair[1])
                    && numbers.iter().enumerate().all(|(at, n)| usize::from(*n) == at)
            }),
            Property::always(HISTORIES, |_, state: &State| {
                state.checkpoints.iter().all(|(size, below)| {
                    usize::from(*size) == below.len()
                        && state.checkpoints.iter().filter(|(other, _)| other == size).count() == 1
                        && below.iter().zip(&state.leaves).all(|(position, leaf)| *position == leaf.1)
                })
            }),
            Property::eventually(SEALED, |model, state: &State| {
                state.drawn == model.entries && state.open.is_empty() && state.unsealed.is_empty()
            }),
            Property::always(ORDER, |_, state: &State| {
                let mut leaves = state.leaves.clone();
                leaves.sort_unstable();
                leaves.is_sorted_by_key(|leaf| leaf.1)
            }),
            Property::sometimes("a commit is over before one that drew an earlier position", |_, state: &State| {
                state.unsealed.iter().any(|position| state.open.iter().any(|open| open < position))
            }),
            Property::sometimes("a sealer writes after its lease ran out and nobody took it", |_, state: &State| {
                matches!(state.lease, Some((_, false))) && !state.checkpoints.is_empty()
            }),
            Property::sometimes("a round comes late, after another sealer's", |_, state: &State| {
                state.abandoned.iter().any(|round| usize::from(round.first) < state.leaves.len())
            }),
        ]
    }
}

fn give_back(state: &mut State, holder: u8) {
    if state.lease.is_some_and(|(own, _)| own == holder) {
        state.lease = None;
    }
}

const LEAVES: &str = "leaf numbers have no gaps, and none is given twice";
const HISTORIES: &str = "there is one checkpoint of each size, and the later ones continue it";
const ORDER: &str = "leaves are numbered in the order of positions";
const SEALED: &str = "every entry is sealed in the end";

#[test]
fn every_entry_is_sealed_once_and_the_log_has_one_history() {
    holds(ALL);
}

#[test]
fn either_guard_alone_keeps_the_log_to_one_history() {
    let lease_alone = Sealing { unique: false, ..ALL };
    let unique_alone = Sealing { held: false, ..ALL };
    holds(lease_alone);
    holds(unique_alone);
}

#[test]
fn without_both_guards_a_sealer_whose_lease_ran_out_signs_a_second_history() {
    breaks(Sealing { held: false, unique: false, ..ALL }, HISTORIES);
}

#[test]
fn without_waiting_for_open_commits_leaves_are_not_in_the_order_of_positions() {
    breaks(Sealing { settled: false, ..ALL }, ORDER);
}

#[test]
fn counting_from_the_last_position_without_waiting_would_leave_an_entry_out_for_ever() {
    breaks(Sealing { from_table: false, settled: false, ..ALL }, SEALED);
}
