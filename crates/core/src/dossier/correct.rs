//! Corrections of what a case knows: asked for with a reason, checked like the first entry, approved or refused by
//! somebody else.

use super::decide::{field, required};
use super::{Context, Event, RunningLimit, State, begin, everybody};
use crate::correction::{self, Correction};
use crate::party::Party;
use crate::refusal::Refusal;
use crate::stream::Facts;
use crate::time::Date;
use crate::values::{CreditCode, Document, DocumentKind, PersonName, Phone, normalise, parse_date};
use crate::{PersonId, Personal};

/// The day on which the applicant knew of the harm or of the decision, as a correction names it.
pub const KNOWN: &str = "known_on";

/// What a correction is about.
enum Part<'a> {
    /// Claims or facts: free words.
    Words(&'a Personal<String>),
    /// The day on which the applicant knew, where the file has it.
    Known(&'a PersonId, Option<Date>),
    /// A value of a party.
    Of(&'a Party, Value),
}

impl State {
    /// The day on which the applicant knew, as it is on file: an interrupted limit counts from the application and says
    /// nothing of it.
    pub fn known_on(&self) -> Option<Date> {
        let counted = self.limits.iter().find(|limit| !limit.asks() && !limit.interrupted);
        let corrected = || {
            let approved = |c: &&Correction| c.field == KNOWN && c.approver.is_some() && c.refused.is_none();
            parse_date(self.corrections.iter().rfind(approved)?.after.text()).ok()
        };
        counted.map(|limit| limit.deadline.from).or_else(corrected)
    }

    /// Can that day be corrected here? What an earlier application interrupted counts from that one.
    pub fn corrects_known(&self) -> bool {
        self.is_administrative() || self.renews.is_none()
    }
}

/// A value of a party.
enum Value {
    Name,
    Phone,
    Address,
    CreditCode,
    Document(DocumentKind),
}

fn part<'a>(state: &'a State, name: &str) -> Option<Part<'a>> {
    let mut parts = name.split('/');
    let (what, n, kind) = (parts.next()?, parts.next(), parts.next());
    let Some(n) = n else {
        return match what {
            "claims" => Some(Part::Words(&state.claims)),
            "facts" => Some(Part::Words(&state.facts)),
            KNOWN if state.corrects_known() => Some(Part::Known(&state.claims.of, state.known_on())),
            _ => None,
        };
    };
    let (_, party) = everybody(state).nth(n.parse().ok()?)?;
    let value = match (what, kind) {
        ("name", None) => Value::Name,
        ("phone", None) => Value::Phone,
        ("address", None) => Value::Address,
        ("credit_code", None) if party.is_firm() => Value::CreditCode,
        ("document", Some(kind)) if !party.is_firm() => Value::Document(DocumentKind::by_key(kind)?),
        _ => return None,
    };
    Some(Part::Of(party, value))
}

impl Part<'_> {
    /// Whose the value is.
    fn person(&self) -> &PersonId {
        match self {
            Self::Words(words) => &words.of,
            Self::Known(of, _) => of,
            Self::Of(party, _) => &party.person,
        }
    }

    /// As it is on file, in words.
    fn before(&self) -> String {
        let text = |value: &Option<Personal<String>>| value.as_ref().map_or_else(String::new, |v| v.text().to_owned());
        match self {
            Self::Words(words) => words.text().to_owned(),
            Self::Known(_, on) => on.map_or_else(String::new, |on| on.to_string()),
            Self::Of(party, Value::Name) => party.name.text().to_owned(),
            Self::Of(party, Value::Phone) => text(&party.phone),
            Self::Of(party, Value::Address) => text(&party.address),
            Self::Of(party, Value::CreditCode) => party.credit_code.clone().unwrap_or_default(),
            Self::Of(party, Value::Document(_)) => {
                let kind = party.document_kind.as_deref().and_then(DocumentKind::by_key);
                let kind = kind.filter(|_| party.document.is_some()).map_or("", DocumentKind::name_zh);
                format!("{kind} {}", text(&party.document)).trim().to_owned()
            }
        }
    }

    /// Is this what is on file already?
    fn is(&self, after: &str) -> bool {
        match self {
            Self::Of(party, Value::Document(kind)) => {
                party.document_kind() == Some(*kind) && party.document.as_ref().is_some_and(|d| d.text() == after)
            }
            _ => normalise(&self.before()) == normalise(after),
        }
    }

    /// What was typed in its normal form, if it is as good as a first entry must be.
    fn checked(&self, typed: &str) -> Result<String, &'static str> {
        let plain = normalise(typed.trim());
        match self {
            Self::Of(party, Value::Name) if !party.is_firm() => {
                PersonName::parse(&plain).map(|n| n.as_str().to_owned()).map_err(|_| "invalid")
            }
            Self::Known(..) => parse_date(&plain).map(|on| on.to_string()).map_err(|_| "not_a_date"),
            Self::Words(_) | Self::Of(_, Value::Name | Value::Address) => Ok(typed.trim().to_owned()),
            Self::Of(_, Value::Phone) => Phone::parse(&plain).map(|p| p.as_str().to_owned()).map_err(|_| "not_a_phone"),
            Self::Of(_, Value::CreditCode) => {
                CreditCode::parse(&plain).map(|c| c.as_str().to_owned()).map_err(|_| "not_a_credit_code")
            }
            Self::Of(_, Value::Document(kind)) => {
                let problem = if *kind == DocumentKind::ResidentId { "not_an_id_number" } else { "not_of_its_kind" };
                Document::parse(*kind, &plain).map(|d| d.number().to_owned()).map_err(|_| problem)
            }
        }
    }
}

/// A correction that is asked for.
pub(super) fn ask(
    state: &State,
    name: String,
    typed: &str,
    reason: String,
    facts: &Facts<'_>,
    context: &Context,
) -> Result<Event, Refusal> {
    required("after", typed)?;
    required("reason", &reason)?;
    let part = part(state, &name).ok_or_else(|| field("field", "unknown"))?;
    let after = part.checked(typed).map_err(|problem| field("after", problem))?;
    if part.is(&after) {
        return Err(field("after", "unchanged"));
    }
    if correction::asked(&state.corrections, &name) {
        return Err(field("field", "correction_waits"));
    }
    if name == KNOWN {
        counted(state, &after, facts, context)?;
    }
    let of = part.person();
    let correction = Correction {
        before: Personal::new(of, part.before()),
        after: Personal::new(of, after),
        reason: Personal::new(of, reason),
        field: name,
        by: facts.actor.id.clone(),
        approver: None,
        refused: None,
    };
    Ok(Event::CorrectionAsked { correction })
}

/// It is approved: the parties' limits run from the day that is right.
pub(super) fn approve(state: &State, place: i64, facts: &Facts<'_>, context: &Context) -> Result<Vec<Event>, Refusal> {
    let mut events = vec![Event::FactCorrected { correction: place, approver: facts.actor.id.clone() }];
    let asked = usize::try_from(place).ok().and_then(|n| state.corrections.get(n)).filter(|c| c.field == KNOWN);
    if let Some(asked) = asked {
        let (on, limits) = counted(state, asked.after.text(), facts, context)?;
        if limits != state.limits {
            events.push(Event::LimitsCounted { before: state.known_on().unwrap_or(state.applied_on), on, limits });
        }
    }
    Ok(events)
}

/// The limits as they run when the applicant knew on that day, if that can be: nobody knew of a decision before it was
/// made, and of one whose service is proved that proof says when (行政复议法实施条例 15).
fn counted(
    state: &State,
    typed: &str,
    facts: &Facts<'_>,
    context: &Context,
) -> Result<(Date, Vec<RunningLimit>), Refusal> {
    let on = parse_date(typed).map_err(|_| field("after", "not_a_date"))?;
    let days = context.days.filter(|_| state.is_administrative());
    if days.is_some_and(|days| days.served_on.is_some()) {
        return Err(field("field", "service_recorded"));
    }
    if on > state.applied_on {
        return Err(field("after", "known_after"));
    }
    if !begin::counts(on, facts) {
        return Err(field("after", "before_calendar"));
    }
    let told = state.disputed.as_ref().and_then(|decision| decision.on);
    let decided = days.filter(|days| days.decided).map(|days| days.occurred_on).or(told);
    if decided.is_some_and(|decided| on < decided) {
        return Err(field("after", "before_decision"));
    }
    let mut limits = begin::limits(state.kind, &state.entry, (on, false), state.applied_on, facts)?;
    limits.extend(state.limits.iter().filter(|limit| limit.asks()).cloned());
    Ok((on, limits))
}
