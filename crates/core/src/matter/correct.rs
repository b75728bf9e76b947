//! Corrections of what was entered of a matter: asked for with a reason, checked like the first entry, approved or refused
//! by somebody else. And the limits, when they run from another day than was thought.

use super::decide::weigh;
use super::{Event, Standing, State};
use crate::correction::{self, Correction};
use crate::party::{Name, Party};
use crate::refusal::{Reason, Refusal, past};
use crate::scope::Source;
use crate::stream::Facts;
use crate::time::{Date, EARLIEST};
use crate::values::{PersonName, as_registered, normalise, parse_date};
use crate::{PersonId, Personal};

/// What can be corrected at all. The number is not among it: by it the matter is found, so a wrong one is taken back.
pub const CORRECTABLE: [&str; 7] =
    ["served_on", "occurred_on", "subject/firm", "subject/human", "category", "text", "result"];

/// What can be corrected now, with what is on file.
pub fn correctable(state: &State) -> impl Iterator<Item = (&'static str, String)> {
    CORRECTABLE.into_iter().filter_map(|name| Some((name, before(state, name)?)))
}

/// As it is on file; none for what cannot be corrected. A decision that was issued here is corrected by a notice on its
/// paper, and what was imported where it came from.
fn before(state: &State, name: &str) -> Option<String> {
    let m = &state.matter;
    let typed = m.batch.is_none();
    match name {
        _ if state.decision.is_some() => None,
        "served_on" => state.served_on.map(|on| on.to_string()),
        "occurred_on" if typed => Some(m.occurred_on.to_string()),
        "subject/firm" | "subject/human" if typed => {
            Some(m.subject.as_ref().map_or_else(String::new, |party| party.name.text().to_owned()))
        }
        // What a caller wants decides whether they are named: another kind of order is another order.
        "category" if typed && m.source != Source::Complaint => Some(m.category.clone()),
        "text" if typed => Some(m.text.text().to_owned()),
        "result" if typed && m.source != Source::Complaint => Some(m.result.text().to_owned()),
        _ => None,
    }
}

/// Is there anything to be corrected here? If not, where it is.
pub(super) fn open(state: &State) -> Result<(), Refusal> {
    match &state.decision {
        _ if correctable(state).next().is_some() => Ok(()),
        Some(_) => Err(Reason::CorrectedByNotice.into()),
        None => Err(Reason::CorrectedInFile { origin: state.matter.origin.clone() }.into()),
    }
}

fn field(field: &str, problem: &str) -> Refusal {
    Reason::Field { field: field.into(), problem: problem.into() }.into()
}

/// A day on which the decision can have been served.
pub(super) fn served(state: &State, on: Date, facts: &Facts<'_>) -> Result<(), Refusal> {
    past(state.matter.occurred_on, on, facts.today())
}

/// What was typed in its normal form, if it is as good as a first entry must be.
fn checked(state: &State, name: &str, typed: &str, facts: &Facts<'_>) -> Result<String, Refusal> {
    let plain = normalise(typed);
    let day = || parse_date(&plain).map_err(|_| field("after", "not_a_date"));
    match name {
        "served_on" => {
            let on = day()?;
            served(state, on, facts)?;
            Ok(on.to_string())
        }
        "occurred_on" => {
            let on = day()?;
            match state.served_on {
                _ if on > facts.today() => Err(field("after", "future")),
                _ if on < EARLIEST => Err(field("after", "too_early")),
                Some(served) if served < on => {
                    Err(Reason::DateOrder { first: on.to_string(), second: served.to_string() }.into())
                }
                _ => Ok(on.to_string()),
            }
        }
        "subject/human" => {
            PersonName::parse(&plain).map(|name| name.as_str().to_owned()).map_err(|_| field("after", "invalid"))
        }
        "subject/firm" => Ok(as_registered(typed)),
        _ => Ok(typed.trim().to_owned()),
    }
}

/// A correction that is asked for.
pub(super) fn ask(
    state: &State,
    name: String,
    typed: &str,
    reason: String,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    for (name, text) in [("after", typed), ("reason", reason.as_str())] {
        if text.trim().is_empty() {
            return Err(field(name, "required"));
        }
    }
    let before = before(state, &name).ok_or_else(|| field("field", "unknown"))?;
    let after = checked(state, &name, typed, facts)?;
    let subject = state.matter.subject.as_ref();
    let of = match subject {
        Some(party) if name.starts_with("subject/") => party.person.clone(),
        None if name.starts_with("subject/") => facts.ids.person(),
        _ => state.matter.text.of.clone(),
    };
    let as_before = subject.is_none_or(|party| party.is_firm() == (name == "subject/firm"));
    if normalise(&before) == normalise(&after) && (as_before || !name.starts_with("subject/")) {
        return Err(field("after", "unchanged"));
    }
    if correction::asked(&state.amendments, &name) {
        return Err(field("field", "correction_waits"));
    }
    Ok(Event::CorrectionAsked {
        correction: Correction {
            before: Personal::new(&of, before),
            after: Personal::new(&of, after),
            reason: Personal::new(&of, reason),
            field: name,
            by: facts.actor.id.clone(),
            approver: None,
            refused: None,
        },
    })
}

/// A correction takes effect. What nobody had decided on is proposed anew, and limits that run from another day now are
/// counted again. What became of the matter meanwhile may stand against it.
pub(super) fn approve(state: &State, place: i64, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let asked = usize::try_from(place).ok().and_then(|n| state.amendments.get(n)).ok_or(Reason::NotFound)?;
    before(state, &asked.field).ok_or_else(|| field("field", "unknown"))?;
    checked(state, &asked.field, asked.after.text(), facts)?;
    let mut after = state.clone();
    put(&mut after, place);
    if after.matter.twice().is_some() {
        return Err(field("after", "same_person"));
    }
    let open = matches!(state.standing, Standing::OutOfScope | Standing::Proposed);
    let proposed = match open {
        true => Some(Box::new(weigh(&after.matter, after.trigger().0, facts)?)),
        false => None,
    };
    let mut events = vec![Event::FactCorrected { correction: place, approver: facts.actor.id.clone(), proposed }];
    events.extend(recounted(state, after.trigger().0, after.served_on.is_none(), facts)?);
    Ok(events)
}

/// The value of an approved correction stands where the old one stood.
pub(super) fn put(state: &mut State, place: i64) {
    let asked = usize::try_from(place).ok().and_then(|n| state.amendments.get(n));
    let Some((name, after)) = asked.map(|asked| (asked.field.clone(), asked.after.clone())) else { return };
    let m = &mut state.matter;
    let day = parse_date(after.text()).ok();
    match name.as_str() {
        "served_on" => state.served_on = day.or(state.served_on),
        "occurred_on" => m.occurred_on = day.unwrap_or(m.occurred_on),
        "subject/firm" => m.subject = Some(renamed(m.subject.take(), &after.of, Name::Firm(after.text().to_owned()))),
        "subject/human" => m.subject = Some(renamed(m.subject.take(), &after.of.clone(), Name::Human(after))),
        "category" => after.text().clone_into(&mut m.category),
        "text" => m.text = after,
        "result" => m.result = after,
        _ => {}
    }
}

/// Somebody under another name; whoever becomes a firm, or is none any more, keeps no document of the other sort.
fn renamed(old: Option<Party>, person: &PersonId, name: Name) -> Party {
    let named = Party::named(person.clone(), name);
    match old {
        Some(old) if old.is_firm() == named.is_firm() => Party { name: named.name, ..old },
        Some(old) => Party { phone: old.phone, email: old.email, address: old.address, ..named },
        None => named,
    }
}

/// The limits of letters and cases, counted from another day than before, or from one that was only assumed and is certain
/// now; nothing when no limit runs.
pub(super) fn recounted(state: &State, on: Date, assumed: bool, facts: &Facts<'_>) -> Result<Option<Event>, Refusal> {
    let (before, _) = state.trigger();
    let same = before == on && assumed == state.served_on.is_none();
    if same || state.limits.is_empty() && state.dossiers.is_empty() {
        return Ok(None);
    }
    // A limit of a sector is counted again by that sector's rule.
    let sector = |limit| facts.pack.rule_of(limit).and_then(|rule| rule.sector.as_deref());
    let limits = state.limits.iter().map(|limit| facts.limit(&limit.limit, on, sector(limit)));
    Ok(Some(Event::LimitsCounted { before, on, limits: limits.collect::<Result<_, _>>()? }))
}
