//! Corrections of what was entered of a matter: asked for with a reason, checked like the first entry, approved or refused
//! by somebody else. And the limits, when they run from another day than was thought.

use super::decide::weigh;
use super::{Event, Penalty, Registered, Standing, State};
use crate::correction::{self, Correction};
use crate::deadline::Deadline;
use crate::party::{Name, Party};
use crate::refusal::{Reason, Refusal, past};
use crate::scope::Source;
use crate::stream::Facts;
use crate::time::{Date, EARLIEST};
use crate::values::{CreditCode, Document, Money, PersonName, Phone, as_registered, is_nothing, normalise, parse_date};
use crate::{PersonId, Personal};

/// What can be corrected of a matter itself. The number is not among it: by it the matter is found, so a wrong one is
/// taken back.
const OF_MATTER: [&str; 8] =
    ["served_on", "occurred_on", "category", "text", "result", "fine", "confiscation", "licence"];

/// What can be corrected of its people, behind their role: `subject/firm`, `affected2/phone`.
const OF_PERSON: [&str; 6] = ["firm", "human", "credit_code", "document", "phone", "address"];

/// What can be corrected now, with what is on file. What was imported is among it: a later import compares its rows with
/// the rows that were imported, so it neither undoes a correction nor minds it.
pub fn correctable(state: &State) -> impl Iterator<Item = (String, String)> {
    // Who is punished or complained of may be named by a correction alone.
    let unknown = state.matter.subject.is_none().then(|| "subject".to_owned());
    let roles = unknown.into_iter().chain(people(&state.matter).map(|(role, _)| role));
    let of_people = roles.flat_map(|role| OF_PERSON.map(|part| format!("{role}/{part}")));
    let names = OF_MATTER.map(str::to_owned).into_iter().chain(of_people);
    names.filter_map(|name| before(state, &name).map(|value| (name, value)))
}

/// Everybody of the matter by their role, whoever else is affected as `affected2` and so on.
fn people(m: &Registered) -> impl Iterator<Item = (String, &Party)> {
    let first = [("subject", &m.subject), ("complainant", &m.complainant), ("affected", &m.affected)];
    let first = first.into_iter().filter_map(|(role, party)| Some((role.to_owned(), party.as_ref()?)));
    first.chain((2..).map(|n| format!("affected{n}")).zip(&m.also_affected))
}

/// The one in a role.
fn person<'a>(m: &'a Registered, role: &str) -> Option<&'a Party> {
    people(m).find(|(named, _)| named == role).map(|(_, party)| party)
}

fn person_mut<'a>(m: &'a mut Registered, role: &str) -> Option<&'a mut Party> {
    match role {
        "subject" => m.subject.as_mut(),
        "complainant" => m.complainant.as_mut(),
        "affected" => m.affected.as_mut(),
        more => {
            let place: usize = more.strip_prefix("affected")?.parse().ok()?;
            m.also_affected.get_mut(place.checked_sub(2)?)
        }
    }
}

/// As it is on file; none for what cannot be corrected. A decision that was issued here is corrected by a notice on its
/// paper.
fn before(state: &State, name: &str) -> Option<String> {
    let m = &state.matter;
    if state.decision.is_some() {
        return None;
    }
    let yuan = |sum: fn(&Penalty) -> i64| Some(Money::from_fen(sum(m.penalty.as_ref()?)).ok()?.to_string());
    match name {
        // What stands on the proof of a letter is corrected there.
        "served_on" => state.served_on.filter(|_| !state.is_served_with_letter()).map(|on| on.to_string()),
        "occurred_on" => Some(m.occurred_on.to_string()),
        // What a caller wants decides whether they are named: once something was issued, that stands.
        "category" if m.source != Source::Complaint || !issued(state) => Some(m.category.clone()),
        "text" => Some(m.text.text().to_owned()),
        "result" if m.source != Source::Complaint => Some(m.result.text().to_owned()),
        "fine" => yuan(|penalty| penalty.fine),
        "confiscation" => yuan(|penalty| penalty.confiscation),
        "licence" => Some(m.penalty.as_ref()?.licence.clone().unwrap_or_default()),
        _ => {
            let (role, part) = name.split_once('/')?;
            match person(m, role) {
                Some(party) => of_person(party, part),
                None => (role == "subject" && matches!(part, "firm" | "human")).then(String::new),
            }
        }
    }
}

/// Was something issued from a matter?
fn issued(state: &State) -> bool {
    !state.letters.is_empty() || !state.dossiers.is_empty() || state.reply.is_some()
}

/// Does this kind of order report somebody, as a desk files it? Who reports is never named to the other side.
pub fn reports(category: &str) -> bool {
    matches!(normalise(category).trim_end_matches('类'), "举报" | "投诉举报" | "举报投诉")
}

fn of_person(party: &Party, part: &str) -> Option<String> {
    let text = |value: &Option<Personal<String>>| value.as_ref().map_or_else(String::new, |v| v.text().to_owned());
    match part {
        "firm" | "human" => Some(party.name.text().to_owned()),
        "credit_code" if party.is_firm() => Some(party.credit_code.clone().unwrap_or_default()),
        "document" if !party.is_firm() => Some(text(&party.document)),
        "phone" => Some(text(&party.phone)),
        "address" => Some(text(&party.address)),
        _ => None,
    }
}

/// Is there anything to be corrected here? If not, where it is.
pub(super) fn open(state: &State) -> Result<(), Refusal> {
    match correctable(state).next() {
        Some(_) => Ok(()),
        None => Err(Reason::CorrectedByNotice.into()),
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
    let fault = |problem| field("after", problem);
    match name.split_once('/').map_or(name, |(_, part)| part) {
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
        "human" => PersonName::parse(&plain).map(String::from).map_err(|_| fault("invalid")),
        "firm" => Ok(as_registered(typed)),
        "credit_code" => CreditCode::parse(&plain).map(String::from).map_err(|_| fault("not_a_credit_code")),
        "document" => Document::guess(&plain).map(|d| d.number().to_owned()).map_err(|_| fault("not_of_its_kind")),
        "phone" => Phone::parse(&plain).map(String::from).map_err(|_| fault("not_a_phone")),
        "fine" | "confiscation" => Money::from_yuan(&plain).map(|m| m.to_string()).map_err(|_| fault("not_an_amount")),
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
    let part = name.split_once('/');
    let party = part.and_then(|(role, _)| person(&state.matter, role));
    let of = match (party, part) {
        (Some(party), _) => party.person.clone(),
        (None, Some(_)) => facts.ids.person(),
        (None, None) => state.matter.text.of.clone(),
    };
    let becomes = match part {
        Some((_, part @ ("firm" | "human"))) => party.is_some_and(|party| party.is_firm() != (part == "firm")),
        _ => false,
    };
    if normalise(&before) == normalise(&after) && !becomes {
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
    let fen = || Money::from_yuan(after.text()).ok().map(Money::fen);
    match name.as_str() {
        "served_on" => state.served_on = day.or(state.served_on),
        "occurred_on" => m.occurred_on = day.unwrap_or(m.occurred_on),
        "category" => {
            let (before, now) = (reports(&m.category), reports(after.text()));
            // A caller whom a form has marked as reporting stays so under other words.
            if m.source == Source::Complaint && before != now {
                m.reporter = now;
            }
            after.text().clone_into(&mut m.category);
        }
        "text" => m.text = after,
        "result" => m.result = after,
        "fine" => m.penalty.iter_mut().for_each(|penalty| penalty.fine = fen().unwrap_or(penalty.fine)),
        "confiscation" => {
            m.penalty.iter_mut().for_each(|penalty| penalty.confiscation = fen().unwrap_or(penalty.confiscation));
        }
        "licence" => {
            let licence = Some(after.text().to_owned()).filter(|text| !is_nothing(text));
            m.penalty.iter_mut().for_each(|penalty| penalty.licence.clone_from(&licence));
        }
        of_person => {
            let Some((role, part)) = of_person.split_once('/') else { return };
            match person_mut(m, role) {
                Some(party) => put_of_person(party, part, after),
                None if role == "subject" => m.subject = called(part, after).map(|(of, name)| Party::named(of, name)),
                None => {}
            }
        }
    }
}

/// Who is called by a corrected name; none where it is no name.
fn called(part: &str, after: Personal<String>) -> Option<(PersonId, Name)> {
    match part {
        "firm" => Some((after.of.clone(), Name::Firm(after.text().to_owned()))),
        "human" => Some((after.of.clone(), Name::Human(after))),
        _ => None,
    }
}

fn put_of_person(party: &mut Party, part: &str, after: Personal<String>) {
    match part {
        "credit_code" => party.credit_code = Some(after.text().to_owned()),
        "document" => {
            party.document_kind = Document::guess(after.text()).ok().map(|document| document.kind().key().to_owned());
            party.document = Some(after);
        }
        "phone" => party.phone = Some(after),
        "address" => party.address = Some(after),
        _ => {
            if let Some((_, name)) = called(part, after) {
                *party = renamed(party.clone(), name);
            }
        }
    }
}

/// Somebody under another name; whoever becomes a firm, or is none any more, keeps no document of the other sort.
fn renamed(old: Party, name: Name) -> Party {
    let named = Party::named(old.person.clone(), name);
    match old.is_firm() == named.is_firm() {
        true => Party { name: named.name, ..old },
        false => Party { phone: old.phone, email: old.email, address: old.address, ..named },
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
    let sector = |limit: &Deadline| facts.pack.rule_of(limit).and_then(|rule| rule.sector.as_deref());
    let counted = |limit: &Deadline| facts.limit(&limit.limit, on, sector(limit));
    let limits = state.limits.iter().map(counted).collect::<Result<_, _>>()?;
    // As long as nobody has decided on a letter, its limit follows what is proposed.
    let open = matches!(state.standing, Standing::OutOfScope | Standing::Proposed);
    let letter_due = state.letter_due.as_ref().filter(|_| !open).map(counted).transpose()?.map(Box::new);
    Ok(Some(Event::LimitsCounted { before, on, limits, letter_due }))
}
