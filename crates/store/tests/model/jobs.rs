//! Jobs: two workers, leases that run out while the work goes on, workers that end in the middle, and a stream that sets
//! its timer anew meanwhile.

use crate::explore::{Model, Property, breaks, holds};

/// Workers.
const WORKERS: usize = 2;
/// How many events of the stream set the job, each for something that is to be done once.
const SET: u8 = 2;

/// Which guards there are, and what may happen.
#[derive(Clone, Copy)]
struct Jobs {
    /// A job is forgotten only as it was taken: set anew meanwhile, it stays.
    as_taken: bool,
    /// What a job does is decided on the stream's state, so that doing it again does nothing.
    decides: bool,
    expiries: u8,
    crashes: u8,
}

const ALL: Jobs = Jobs { as_taken: true, decides: true, expiries: 2, crashes: 2 };

/// A job as it is stored: what it is for, and its lease by number; 0: nobody has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Job {
    wanted: u8,
    lease: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Worker {
    Idle,
    Taken(Job),
    /// The command was committed, or found nothing to do.
    Acted(Job),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    /// Set so often.
    set: u8,
    job: Option<Job>,
    leases: u8,
    workers: [Worker; WORKERS],
    /// What was done, by what it was for.
    done: Vec<u8>,
    expiries: u8,
    crashes: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Set,
    Take(usize),
    Act(usize),
    Forget(usize),
    Expire,
    Crash(usize),
}

impl Model for Jobs {
    type State = State;
    type Action = Step;

    fn init(&self) -> State {
        State {
            set: 0,
            job: None,
            leases: 0,
            workers: [Worker::Idle; WORKERS],
            done: Vec::new(),
            expiries: self.expiries,
            crashes: self.crashes,
        }
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        if state.set < SET {
            steps.push(Step::Set);
        }
        let held = |job: Job| {
            let has = |worker: &Worker| matches!(worker, Worker::Taken(own) | Worker::Acted(own) if *own == job);
            state.workers.iter().any(has)
        };
        for (at, worker) in state.workers.iter().enumerate() {
            match worker {
                Worker::Idle if state.job.is_some_and(|job| job.lease == 0) => steps.push(Step::Take(at)),
                Worker::Idle => {}
                Worker::Taken(_) => steps.push(Step::Act(at)),
                Worker::Acted(_) => steps.push(Step::Forget(at)),
            }
            if state.crashes > 0 && *worker != Worker::Idle {
                steps.push(Step::Crash(at));
            }
        }
        // The lease of a worker that ended always runs out; one in use does so a few times.
        if let Some(job) = state.job.filter(|job| job.lease > 0)
            && (state.expiries > 0 || !held(job))
        {
            steps.push(Step::Expire);
        }
    }

    fn next_state(&self, before: &State, step: Step) -> Option<State> {
        let mut state = before.clone();
        match step {
            Step::Set => {
                state.set += 1;
                state.job = Some(Job { wanted: state.set, lease: 0 });
            }
            Step::Take(at) => {
                state.leases += 1;
                let job = Job { lease: state.leases, ..state.job? };
                state.job = Some(job);
                state.workers[at] = Worker::Taken(job);
            }
            Step::Act(at) => {
                let Worker::Taken(job) = state.workers[at] else {
                    return None;
                };
                // Decided on the state: nothing to do for what is done, or what something later replaced.
                let stale = state.done.contains(&job.wanted) || job.wanted < state.set;
                if !(self.decides && stale) {
                    state.done.push(job.wanted);
                }
                state.workers[at] = Worker::Acted(job);
            }
            Step::Forget(at) => {
                let Worker::Acted(job) = state.workers[at] else {
                    return None;
                };
                if !self.as_taken || state.job == Some(job) {
                    state.job = None;
                }
                state.workers[at] = Worker::Idle;
            }
            Step::Expire => {
                state.job = Some(Job { lease: 0, ..state.job? });
                state.expiries = state.expiries.saturating_sub(1);
            }
            Step::Crash(at) => {
                state.workers[at] = Worker::Idle;
                state.crashes -= 1;
            }
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(ONCE, |_, state: &State| {
                (1..=SET).all(|wanted| state.done.iter().filter(|done| **done == wanted).count() <= 1)
            }),
            Property::eventually(DONE, |_, state: &State| {
                state.set == SET && state.done.contains(&SET) && state.job.is_none()
            }),
            Property::sometimes("two workers have the job at the same time", |_, state: &State| {
                state.workers.iter().all(|worker| *worker != Worker::Idle)
            }),
        ]
    }
}

const ONCE: &str = "nothing is done twice";
const DONE: &str = "what was set last is done in the end, and forgotten";

#[test]
fn a_job_is_never_lost_and_has_its_effect_once() {
    holds(ALL);
}

#[test]
fn forgetting_a_job_that_was_set_anew_would_lose_it() {
    breaks(Jobs { as_taken: false, ..ALL }, DONE);
}

#[test]
fn a_job_that_did_not_decide_again_would_be_done_twice() {
    breaks(Jobs { decides: false, ..ALL }, ONCE);
}
