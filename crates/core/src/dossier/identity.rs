//! Who the parties are: recorded from the documents that an officer sees, before anybody signs.

use super::decide::{field, required};
use super::{Check, Context, Event, Identity, State, parties};
use crate::Personal;
use crate::party::Party;
use crate::refusal::{Reason, Refusal};
use crate::stream::Facts;
use crate::values::{CreditCode, Document, DocumentKind, PersonName};

/// One event for each party whose identity is new or other than recorded. Fields are `N/document`, `N/credit_code`, ...
/// with the place of the check, from 0.
pub(super) fn record(
    state: &State,
    checks: Vec<Check>,
    facts: &Facts<'_>,
    context: &Context,
) -> Result<Vec<Event>, Refusal> {
    let officer = context.staff.as_ref().filter(|o| o.stream == facts.actor.id).ok_or(Reason::NotFound)?;
    if checks.is_empty() {
        return Err(field("person", "required"));
    }
    let mut events = Vec::new();
    for (n, check) in checks.iter().enumerate() {
        let party = parties(state).map(|(_, p)| p).find(|p| p.person == check.person);
        let party = party.ok_or_else(|| field("person", "unknown"))?;
        let seen = Identity {
            by: officer.stream.clone(),
            by_name: officer.name.clone(),
            on: facts.today(),
            address: Some(address(n, party, check)?),
            ..if party.is_firm() { firm(n, party, check, officer)? } else { human(n, party, check, officer)? }
        };
        // Seen again with the same result changes nothing.
        let same = |known: &&Identity| {
            Identity { by: seen.by.clone(), by_name: seen.by_name.clone(), on: seen.on, ..(*known).clone() } == seen
        };
        if state.identity(&party.person).filter(same).is_none() {
            events.push(Event::IdentityRecorded { identity: seen });
        }
    }
    Ok(events)
}

fn nobody(party: &Party, officer: &super::Officer) -> Identity {
    Identity {
        person: party.person.clone(),
        document_kind: None,
        document: None,
        credit_code: None,
        representative: None,
        post: String::new(),
        address: None,
        by: officer.stream.clone(),
        by_name: officer.name.clone(),
        on: crate::time::Date::MIN,
    }
}

/// The court serves its papers where the party says, so nobody is left without one (法释〔2022〕11号 354).
fn address(n: usize, party: &Party, check: &Check) -> Result<Personal<String>, Refusal> {
    match check.address.trim() {
        "" => party.address.clone().ok_or_else(|| field(&format!("{n}/address"), "required")),
        given => Ok(Personal::new(&party.person, given.to_owned())),
    }
}

fn human(n: usize, party: &Party, check: &Check, officer: &super::Officer) -> Result<Identity, Refusal> {
    let place = format!("{n}/document");
    required(&place, &check.number)?;
    let kind =
        DocumentKind::by_key(&check.document_kind).ok_or_else(|| field(&format!("{n}/document_kind"), "choose"))?;
    let problem = if kind == DocumentKind::ResidentId { "not_an_id_number" } else { "not_of_its_kind" };
    let document = Document::parse(kind, &check.number).map_err(|_| field(&place, problem))?;
    Ok(Identity {
        document_kind: Some(kind.key().to_owned()),
        document: Some(Personal::new(&party.person, document.number().to_owned())),
        ..nobody(party, officer)
    })
}

fn firm(n: usize, party: &Party, check: &Check, officer: &super::Officer) -> Result<Identity, Refusal> {
    let at = |part: &str| format!("{n}/{part}");
    required(&at("credit_code"), &check.number)?;
    let code = CreditCode::parse(&check.number).map_err(|_| field(&at("credit_code"), "not_a_credit_code"))?;
    required(&at("representative"), &check.representative)?;
    let name = PersonName::parse(&check.representative).map_err(|_| field(&at("representative"), "invalid"))?;
    required(&at("post"), &check.post)?;
    Ok(Identity {
        credit_code: Some(code.as_str().to_owned()),
        representative: Some(Personal::new(&party.person, name.as_str().to_owned())),
        post: check.post.trim().to_owned(),
        ..nobody(party, officer)
    })
}

/// What a party tells of itself: the number must be one of its kind. The same again changes nothing.
pub(super) fn tell(state: &State, kind: &str, number: &str, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let me = facts.actor.person.as_ref().and_then(|p| state.party(p)).ok_or(Reason::NotFound)?;
    required("document", number)?;
    let (mut document_kind, mut document, mut credit_code) = (None, None, None);
    if me.is_firm() {
        let code = CreditCode::parse(number).map_err(|_| field("document", "not_a_credit_code"))?;
        credit_code = Some(code.as_str().to_owned());
    } else {
        let kind = DocumentKind::by_key(kind).ok_or_else(|| field("document_kind", "choose"))?;
        let problem = if kind == DocumentKind::ResidentId { "not_an_id_number" } else { "not_of_its_kind" };
        let read = Document::parse(kind, number).map_err(|_| field("document", problem))?;
        document_kind = Some(kind.key().to_owned());
        document = Some(Personal::new(&me.person, read.number().to_owned()));
    }
    if (&me.document_kind, &me.document, &me.credit_code) == (&document_kind, &document, &credit_code) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::IdentityTold { person: me.person.clone(), document_kind, document, credit_code }])
}
