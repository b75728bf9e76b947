//! The new or changed decision that carries out an administrative agreement: another decision than the old one, with the
//! sums that were agreed. It carries it out once it is served.

use serde::{Deserialize, Serialize};

use super::decide::{field, required, waiting};
use super::{Context, Event, Obligation, Performance, Stage, State};
use crate::deadline::Deadline;
use crate::refusal::{Reason, Refusal, past};
use crate::stream::{Facts, PaperRef};
use crate::time::Date;
use crate::values::{DocNumber, Money, fines, normalise, sums};
use crate::{Personal, StreamId};

/// The decision that is disputed, as whoever applies tells it: free words, which may name people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disputed {
    /// Its number; empty: not told.
    pub number: Personal<String>,
    /// Its date.
    pub on: Option<Date>,
    /// What it decided; empty: not told.
    pub result: Personal<String>,
}

/// The decision that another one changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldDecision {
    /// Its number.
    pub number: String,
    /// Its date.
    pub on: Date,
}

/// What a new or changed decision changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedDecision {
    /// Which decision it changes; none in old events: that of the matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<OldDecision>,
    /// As it was decided.
    pub before: Personal<String>,
    /// As it is decided now.
    pub after: Personal<String>,
    /// The decision as a paper.
    pub paper: PaperRef,
    /// The day on which it was served: before that it binds nobody and carries nothing out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_on: Option<Date>,
    /// Limits for review and suit against it, from that day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Deadline>,
}

/// A notice voids the decision: the step is open again, and what its service performed is owed again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeVoided {
    /// The notice.
    pub notice: PaperRef,
    /// Obligations, from 1, that its service had performed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owed_again: Vec<i64>,
    /// The day on which the whole agreement was performed, which is taken back with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performed_on: Option<Date>,
}

/// What an officer types.
pub(super) struct Typed {
    pub number: String,
    pub on: Date,
    pub before: String,
    pub after: String,
    pub old: Option<OldDecision>,
}

/// The decision, as the agreement has it.
pub(super) fn record(state: &State, typed: Typed, facts: &Facts<'_>, context: &Context) -> Result<Vec<Event>, Refusal> {
    let Typed { number, on, before, after, old } = typed;
    let agreement = state.agreement.as_ref().ok_or_else(|| waiting("agreement"))?;
    let number = numbered(&number)?;
    required("before", &before)?;
    required("after", &after)?;
    past(agreement.effective_on.ok_or_else(|| waiting("agreement"))?, on, facts.today())?;
    let old = match context.old_decision.as_ref().filter(|_| state.decision_is_known()) {
        Some(old) => old.clone(),
        None => told_old(state, old)?,
    };
    if normalise(&number) == normalise(&old.number) {
        return Err(field("number", "number_of_old"));
    }
    // A number of a voided decision is spent as well.
    if context.number_used || state.changes_voided.iter().any(|(paper, _)| paper.number == number) {
        return Err(field("number", "number_used"));
    }
    let fined = fines(&after);
    let above = context.fine.is_some_and(|before| fined.iter().any(|fine| *fine > before));
    // A decision may name its fine in other words (处5000元罚款).
    let told = Some(fines(&before)).filter(|fines| !fines.is_empty()).unwrap_or_else(|| sums(&before).collect());
    let told = if told.is_empty() { context.fine.into_iter().collect() } else { told };
    if above || is_above(fined.clone(), told) {
        return Err(field("after", "above_old"));
    }
    as_agreed(state, &after, &fined)?;
    let of = &state.claims.of;
    // The decision bears the organ's own number: no register gives another.
    let paper = PaperRef { number: number.clone(), ..facts.paper("changed_decision", &state.organ) };
    let (before, after) = (Personal::new(of, before), Personal::new(of, after));
    let change = ChangedDecision { old: Some(old), before, after, paper, served_on: None, limits: Vec::new() };
    Ok(vec![Event::DecisionChanged { number, on, change: Some(Box::new(change)) }])
}

/// The old decision as the leader tells it, where no matter says which it is.
fn told_old(state: &State, old: Option<OldDecision>) -> Result<OldDecision, Refusal> {
    let old = old.ok_or_else(|| field("old_number", "required"))?;
    required("old_number", &old.number)?;
    if old.on > state.applied_on {
        return Err(field("old_on", "after_application"));
    }
    Ok(OldDecision { number: DocNumber::parse(&old.number).map_or(old.number, String::from), ..old })
}

/// Is a fine above the one that it changes? The highest is held against the highest, and so on; one more than there were
/// is held against the highest.
fn is_above(mut now: Vec<i64>, mut before: Vec<i64>) -> bool {
    now.sort_unstable_by(|a, b| b.cmp(a));
    before.sort_unstable_by(|a, b| b.cmp(a));
    let most = before.first().copied().unwrap_or_default();
    now.into_iter().enumerate().any(|(n, fine)| fine > before.get(n).copied().unwrap_or(most))
}

/// The number as every document number is written. The organ itself gives it to its decision: so it has a year and a serial
/// (GB/T 9704-2012, 7.2.5).
fn numbered(typed: &str) -> Result<String, Refusal> {
    required("number", typed)?;
    let number = DocNumber::parse(typed).ok().filter(DocNumber::is_official);
    number.map(String::from).ok_or_else(|| field("number", "not_a_document_number"))
}

/// A notice voids the decision. What its service performed is owed again, by another one.
pub(super) fn voided(state: &State, paper: &StreamId, notice: PaperRef) -> Option<Event> {
    state.change.as_ref().filter(|change| change.paper.id == *paper)?;
    let all = state.agreement.iter().flat_map(|agreement| &agreement.draft.obligations);
    let decided = (1..).zip(all).filter(|(n, o)| is_decided(state, o) && !state.is_owed(*n)).map(|(n, _)| n);
    let owed_again: Vec<i64> = decided.collect();
    let whole =
        !owed_again.is_empty() && state.outstanding().is_empty() && state.performance.iter().all(|p| p.performed);
    let performed_on = state.performance.iter().map(|p| p.on).max().filter(|_| whole);
    Some(Event::ChangeVoided(ChangeVoided { notice, owed_again, performed_on }))
}

/// The case stands as before the decision, and its file is open. What a later agreement replaced stays replaced.
pub(super) fn void(state: &mut State, event: &ChangeVoided) {
    if let Some(change) = state.change.take() {
        state.changes_voided.push((change.paper, event.notice.clone()));
    }
    state.changed_decision.clear();
    state.performance.retain(|p| !event.owed_again.contains(&p.obligation));
    if state.agreement.as_ref().is_none_or(|agreement| agreement.replaced.is_some()) {
        return;
    }
    state.closed_on = None;
    state.stage = match () {
        () if state.performance.iter().any(|p| !p.performed) => Stage::Breached,
        () if state.outstanding().is_empty() => Stage::Performed,
        () => Stage::Performing,
    };
}

/// What became of the decision: from its service it can be attacked by itself, and what it answers of the agreement is
/// performed.
pub(super) fn served(
    state: &State,
    paper: &StreamId,
    on: Option<Date>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let (Some(change), Some(agreement)) = (&state.change, &state.agreement) else { return Ok(Vec::new()) };
    if change.paper.id != *paper || change.served_on == on {
        return Ok(Vec::new());
    }
    let limits = ["review.apply", "suit.administrative"];
    let limits = on.map(|on| limits.map(|id| facts.limit(id, on, None)).into_iter().collect::<Result<_, _>>());
    let mut events = vec![Event::ChangeServed { on, limits: limits.transpose()?.unwrap_or_default() }];
    let Some(on) = on.filter(|_| matches!(state.stage, Stage::Performing | Stage::Breached)) else { return Ok(events) };
    let answered: Vec<i64> = (1..)
        .zip(&agreement.draft.obligations)
        .filter(|(n, o)| is_decided(state, o) && state.is_owed(*n))
        .map(|(n, _)| n)
        .collect();
    let note = || Personal::new(&state.claims.of, change.paper.number.clone());
    events.extend(answered.iter().map(|n| Event::ObligationPerformed { obligation: *n, on, note: note() }));
    let kept = |p: &&Performance| !answered.contains(&p.obligation);
    let open = state.outstanding().iter().any(|n| !answered.contains(n));
    if !answered.is_empty() && !open && state.performance.iter().filter(kept).all(|p| p.performed) {
        let last = state.performance.iter().filter(kept).map(|p| p.on).chain([on]).max();
        events.push(Event::AgreementPerformed { on: last.unwrap_or(on) });
    }
    Ok(events)
}

fn owed_by_organ(state: &State, obligation: &Obligation) -> bool {
    state.respondents.first().is_some_and(|organ| organ.person == obligation.from)
}

/// Does a decision answer this obligation? All that the organ owes but payments, which it makes.
fn is_decided(state: &State, obligation: &Obligation) -> bool {
    owed_by_organ(state, obligation) && (obligation.amount.is_none() || obligation.what.text().contains("罚款"))
}

impl State {
    /// Does the matter say which decision is disputed? There may be none, and the number of a complaint is none of a decision.
    pub fn decision_is_known(&self) -> bool {
        DocNumber::parse(&self.matter_number).is_ok_and(|number| number.is_official())
    }

    /// Obligations that somebody can report as performed, late ones too. What the organ is to decide is performed by the
    /// service of its decision.
    pub fn reportable(&self) -> Vec<i64> {
        let decided = |o: &Obligation| self.is_administrative() && is_decided(self, o);
        let all = self.agreement.iter().flat_map(|agreement| &agreement.draft.obligations);
        let open = (1..).zip(all).filter(|(n, o)| self.is_owed(*n) && !decided(o));
        open.map(|(n, _)| n).collect()
    }
}

/// Words by which an agreed sum is the most and not the very one.
const AT_MOST: [&str; 4] = ["不超过", "不高于", "以下", "以内"];

/// Does the decision say what was agreed? Every sum that the organ owes by it stands there, and the fine is the agreed one:
/// no fine at all is another decision too. A clause may name the old fine first.
fn as_agreed(state: &State, after: &str, fined: &[i64]) -> Result<(), Refusal> {
    let Some(draft) = state.agreement.as_ref().map(|agreement| &agreement.draft) else { return Ok(()) };
    let owed = draft.obligations.iter().filter(|o| owed_by_organ(state, o));
    let clauses = owed.map(|o| (o.what.text(), o.amount)).chain([(draft.text.text(), None)]);
    for (what, amount) in clauses {
        let fine = what.contains("罚款");
        let Some(agreed) = amount.or_else(|| fines(what).last().copied()) else { continue };
        let decided: Vec<i64> = if fine { fined.to_vec() } else { sums(after).collect() };
        let less = fine && AT_MOST.iter().any(|word| what.contains(word));
        let right = if less { decided.iter().all(|fine| *fine <= agreed) } else { decided.contains(&agreed) };
        if !right {
            let yuan = |fen: i64| Money::from_fen(fen).map_or_else(|_| fen.to_string(), |money| money.to_string());
            let decided = decided.into_iter().map(yuan).reduce(|all, one| format!("{all} / {one}"));
            return Err(
                Reason::NotAsAgreed { agreed: yuan(agreed), decided: decided.unwrap_or_else(|| yuan(0)) }.into()
            );
        }
    }
    Ok(())
}
