//! Who the parties are: recorded from the documents that an officer sees, before anybody signs.

use serde::{Deserialize, Serialize};

use super::decide::field;
use super::{Check, Context, Event, Identity, State, parties};
use crate::party::Party;
use crate::refusal::{Reason, Refusal};
use crate::stream::Facts;
use crate::values::{CreditCode, Document, DocumentKind, PersonName};
use crate::{PersonId, Personal};

/// What a party says of its own document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellsIdentity {
    /// Whose.
    pub person: PersonId,
    /// Kind of the document of a human being.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_kind: Option<String>,
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Personal<String>>,
    /// Credit code of a firm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
}

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
        let seen = read(party, check).map_err(|wrong| {
            let (part, problem) = wrong.first().copied().unwrap_or(("document", "required"));
            field(&format!("{n}/{part}"), problem)
        })?;
        let seen = Identity { by: officer.stream.clone(), by_name: officer.name.clone(), on: facts.today(), ..seen };
        // What somebody signed on names the document that was recorded: another one is corrected, with a reason, and
        // approved by somebody else.
        let on_file = (&party.document_kind, &party.document, &party.credit_code);
        if state.signed_as_recorded.contains(&party.person)
            && on_file != (&seen.document_kind, &seen.document, &seen.credit_code)
        {
            let part = if party.is_firm() { "credit_code" } else { "document" };
            return Err(field(&format!("{n}/{part}"), "signed_as_recorded"));
        }
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

impl Check {
    /// What is wrong with what was typed of a party: each field of [`Check`], as forms call it, with its problem.
    pub fn faults(&self, party: &Party) -> Vec<(&'static str, &'static str)> {
        read(party, self).err().unwrap_or_default()
    }
}

/// What was typed, read; who saw it is not in it yet.
fn read(party: &Party, check: &Check) -> Result<Identity, Vec<(&'static str, &'static str)>> {
    let personal = |text: &str| Some(Personal::new(&party.person, text.to_owned()));
    let number = check.number.trim();
    let mut wrong = Vec::new();
    let mut seen = Identity {
        person: party.person.clone(),
        document_kind: None,
        document: None,
        credit_code: None,
        representative: None,
        post: check.post.trim().to_owned(),
        address: None,
        by: String::new(),
        by_name: Personal::new(&party.person, String::new()),
        on: crate::time::Date::MIN,
    };
    if party.is_firm() {
        match CreditCode::parse(number) {
            Ok(code) => seen.credit_code = Some(code.as_str().to_owned()),
            Err(_) if number.is_empty() => wrong.push(("credit_code", "required")),
            Err(_) => wrong.push(("credit_code", "not_a_credit_code")),
        }
        match PersonName::parse(&check.representative) {
            Ok(name) => seen.representative = personal(name.as_str()),
            Err(_) if check.representative.trim().is_empty() => wrong.push(("representative", "required")),
            Err(_) => wrong.push(("representative", "invalid")),
        }
        if seen.post.is_empty() {
            wrong.push(("post", "required"));
        }
    } else {
        seen.post.clear();
        match DocumentKind::by_key(&check.document_kind).map(|kind| (kind, Document::parse(kind, number))) {
            None => wrong.push(("document_kind", "choose")),
            Some((kind, Ok(document))) => {
                seen.document_kind = Some(kind.key().to_owned());
                seen.document = personal(document.number());
            }
            Some(_) if number.is_empty() => wrong.push(("document", "required")),
            Some((DocumentKind::ResidentId, _)) => wrong.push(("document", "not_an_id_number")),
            Some(_) => wrong.push(("document", "not_of_its_kind")),
        }
    }
    // The court serves its papers where the party says, so nobody is left without one (法释〔2022〕11号 354).
    seen.address = match check.address.trim() {
        "" => party.address.clone(),
        given => personal(given),
    };
    if seen.address.is_none() {
        wrong.push(("address", "required"));
    }
    if wrong.is_empty() { Ok(seen) } else { Err(wrong) }
}

/// What a party tells of itself: the number must be one of its kind. The same again changes nothing.
pub(super) fn tell(state: &State, kind: &str, number: &str, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let me = facts.actor.person.as_ref().and_then(|p| state.party(p)).ok_or(Reason::NotFound)?;
    let (document_kind, document, credit_code) =
        own_document(me, kind, number).map_err(|(name, problem)| field(name, problem))?;
    if (&me.document_kind, &me.document, &me.credit_code) == (&document_kind, &document, &credit_code) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::IdentityTold(TellsIdentity { person: me.person.clone(), document_kind, document, credit_code })])
}

/// Kind and number of a document, or the credit code of a firm.
type OwnDocument = (Option<String>, Option<Personal<String>>, Option<String>);

/// The document that a party names as its own.
///
/// # Errors
/// The field, `document_kind` or `document`, with what is wrong.
pub fn own_document(me: &Party, kind: &str, number: &str) -> Result<OwnDocument, (&'static str, &'static str)> {
    if number.trim().is_empty() {
        return Err(("document", "required"));
    }
    if me.is_firm() {
        let code = CreditCode::parse(number).map_err(|_| ("document", "not_a_credit_code"))?;
        return Ok((None, None, Some(code.as_str().to_owned())));
    }
    let kind = DocumentKind::by_key(kind).ok_or(("document_kind", "choose"))?;
    let problem = if kind == DocumentKind::ResidentId { "not_an_id_number" } else { "not_of_its_kind" };
    let read = Document::parse(kind, number).map_err(|_| ("document", problem))?;
    Ok((Some(kind.key().to_owned()), Some(Personal::new(&me.person, read.number().to_owned())), None))
}
