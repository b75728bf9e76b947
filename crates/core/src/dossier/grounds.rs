//! The grounds on which an application is refused or a mediation ended: those that what is on file does not contradict.

use super::State;
use super::decide::field;
use crate::pack::{Ground, Pack};
use crate::refusal::{Reason, Refusal};
use crate::stream::Facts;
use crate::time::Date;

/// Grounds of refusal. Nobody is said not to consent who was not asked or said yes, nor to have refused who did not
/// answer, and a dispute is civil or administrative.
pub fn of_refusal<'a>(state: &State, pack: &'a Pack) -> impl Iterator<Item = &'a Ground> {
    let (refuses, administrative) = (state.somebody_refuses(), state.is_administrative());
    let silent = !refuses && state.refusing().next().is_some();
    pack.refusal_grounds.iter().filter(move |ground| match ground.id.as_str() {
        "party_refuses" => refuses,
        "party_silent" => silent,
        // Nobody is late with a supplement that nobody asked for, and there is no act that asks for one yet.
        "incomplete" => false,
        "unconnected" => !administrative,
        "not_discretion" => administrative,
        _ => true,
    })
}

/// Grounds of an end without agreement. The period has not run out before its last day is over.
pub fn of_ending<'a>(state: &State, pack: &'a Pack, today: Date) -> impl Iterator<Item = &'a Ground> {
    let over = state.period.as_ref().is_some_and(|period| today > period.last_day);
    pack.ending_grounds.iter().filter(move |ground| ground.id != "expired" || over)
}

/// Is the ground one of these?
pub(super) fn check<'a>(
    mut open: impl Iterator<Item = &'a Ground>,
    all: &[Ground],
    id: &str,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    if open.any(|ground| ground.id == id) {
        return Ok(());
    }
    let ground = all.iter().find(|ground| ground.id == id).ok_or_else(|| field("ground", "unknown"))?;
    let reason = Reason::Field { field: "ground".into(), problem: "against_the_file".into() };
    Err(Refusal::because(reason, facts.pack.cite(&ground.basis, facts.today()).formal))
}
