//! The wish of a party that another mediator takes the case (回避), and the decision on it.

use serde::{Deserialize, Serialize};

use super::decide::{required, waiting};
use super::{Event, Stage, State, Told, session};
use crate::deadline::Deadline;
use crate::pack::Pack;
use crate::refusal::Refusal;
use crate::stream::{Facts, PaperRef};
use crate::time::Date;
use crate::{PersonId, Personal};

/// A party's wish that the mediator withdraws.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recusal {
    /// Who asks.
    pub by: PersonId,
    /// Why: free words, which may name people.
    pub reason: Personal<String>,
    /// When.
    pub on: Date,
    /// How it was told, when an officer recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Box<Told>>,
}

/// What was decided on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecusalDecision {
    /// The mediator withdraws.
    pub granted: bool,
    /// Why.
    pub reason: Personal<String>,
    /// What was asked; none in old events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Box<Recusal>>,
    /// The name of the mediator whom it is about; none in old events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mediator: Option<Personal<String>>,
    /// The decision for whoever asked; none in old events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<PaperRef>,
    /// The period of mediation without the days on which the mediation stood still, where its rule leaves them out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Deadline>,
}

/// Does the period of mediation stand still, since somebody waits for the decision?
pub(super) fn stands_still(state: &State, pack: &Pack) -> bool {
    state.recusal.is_some()
        && state.period.as_ref().and_then(|period| pack.rule_of(period)).is_some_and(|rule| rule.recusal_suspends)
}

impl State {
    /// Does the period of mediation stand still, since somebody waits for the decision on another mediator?
    pub fn stands_still(&self, pack: &Pack) -> bool {
        self.stage == Stage::Mediating && stands_still(self, pack)
    }
}

/// The leader decides. Where the mediator withdraws, a session that they called is not held: who follows calls another.
pub(super) fn decide(state: &State, granted: bool, reason: String, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    required("reason", &reason)?;
    let asked = state.recusal.as_ref().ok_or_else(|| waiting("recusal"))?;
    let mut events = vec![Event::RecusalDecided(RecusalDecision {
        granted,
        reason: Personal::new(&state.claims.of, reason),
        asked: Some(Box::new(asked.clone())),
        mediator: state.mediator.as_ref().map(|mediator| mediator.name.clone()),
        paper: Some(facts.paper("recusal_decision", &state.organ)),
        period: resumed(state, asked, facts)?,
    })];
    if granted {
        events.extend(unheld(state, facts)?);
    }
    Ok(events)
}

/// A session that was called by a mediator who withdraws is not held.
pub(super) fn unheld(state: &State, facts: &Facts<'_>) -> Result<Option<Event>, Refusal> {
    state.pending().map(|_| session::call_off(state, "原来的调解员回避".to_owned(), facts)).transpose()
}

/// The rest of the period runs on: the day of the request is the last that was counted, that of the decision the last that
/// is not.
fn resumed(state: &State, asked: &Recusal, facts: &Facts<'_>) -> Result<Option<Deadline>, Refusal> {
    let Some(period) = state.period.as_ref().filter(|_| stands_still(state, facts.pack)) else { return Ok(None) };
    let today = facts.today();
    let Some(first) = asked.on.tomorrow().ok().filter(|first| *first <= today) else { return Ok(None) };
    let suspended: Vec<(Date, Date)> = period.suspended().chain([(first, today)]).collect();
    facts.limit_suspended(&period.limit, period.from, state.sector.as_deref(), &suspended).map(Some)
}
