//! The grounds on which an application is refused or a mediation ended: those that what is on file does not contradict;
//! and the ways that remain then.

use super::decide::field;
use super::{RunningLimit, State, lapse, session};
use crate::PersonId;
use crate::pack::{Ground, Pack, Route};
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

/// Grounds of an end without agreement. The period has not run out before its last day is over, and nobody is said to have
/// stayed away from what was never held.
pub fn of_ending<'a>(state: &State, pack: &'a Pack, today: Date) -> impl Iterator<Item = &'a Ground> {
    let over = state.period.as_ref().is_some_and(|period| today > period.last_day);
    let away = !state.stayed_away().is_empty();
    pack.ending_grounds.iter().filter(move |ground| match ground.id.as_str() {
        lapse::EXPIRED => over,
        session::ABSENT => away,
        _ => true,
    })
}

/// A way that is open beside mediation.
#[derive(Clone, Copy, Debug)]
pub struct Way<'a> {
    /// The way.
    pub route: &'a Route,
    /// The limit that still runs for it.
    pub limit: Option<&'a RunningLimit>,
}

/// The ways of a ground that fit the dispute, and those whose limit runs on: that is told whatever the ground. Once its
/// last day is over, review and suit against the organ are no way any more; a civil suit stays one, without a day to mind,
/// since a court does not apply limitation by itself (民法典 193).
///
/// `to`: who reads it; `None` is the organ. The limits are those of the applicants' rights. The other side reads the ways
/// that the ground names, without a day: whether its opponent's claim is too late it is not told.
pub fn ways<'a>(
    state: &'a State,
    to: Option<&PersonId>,
    ground: Option<&'a Ground>,
    pack: &'a Pack,
    today: Date,
) -> Vec<Way<'a>> {
    let own = to.is_none_or(|person| state.is_applicant(person));
    let limit_of =
        |route: &Route| state.limits.iter().find(|limit| route.limit.as_ref() == Some(&limit.deadline.limit));
    let named = ground.into_iter().flat_map(|ground| pack.routes_of(ground, state.kind));
    let running = pack.routes.iter().filter(|route| own && limit_of(route).is_some());
    let mut ways: Vec<Way<'a>> = Vec::new();
    for route in named.chain(running) {
        let limit = limit_of(route);
        // Wages go to arbitration before they go to court: where a limit is counted, ways with another one are not open.
        let closed = route.limit.is_some() && limit.is_none() && !state.limits.is_empty();
        let over = limit.is_some_and(|limit| limit.deadline.last_day < today);
        if !(closed || over && state.is_administrative()) && ways.iter().all(|way| way.route.id != route.id) {
            ways.push(Way { route, limit: limit.filter(|_| own && !over) });
        }
    }
    ways
}

/// Does the ground send the applicant to the organ that is competent? Then whoever refuses says which one it is.
pub fn names_organ(ground: &Ground) -> bool {
    ground.routes.iter().any(|route| route == "competent_organ")
}

/// The ground, if it is one of these.
pub(super) fn check<'a>(
    mut open: impl Iterator<Item = &'a Ground>,
    all: &[Ground],
    id: &str,
    facts: &Facts<'_>,
) -> Result<&'a Ground, Refusal> {
    if let Some(ground) = open.find(|ground| ground.id == id) {
        return Ok(ground);
    }
    let ground = all.iter().find(|ground| ground.id == id).ok_or_else(|| field("ground", "unknown"))?;
    let reason = Reason::Field { field: "ground".into(), problem: "against_the_file".into() };
    Err(Refusal::because(reason, facts.pack.cite(&ground.basis, facts.today()).formal))
}
