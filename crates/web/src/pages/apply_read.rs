//! What is typed into an application becomes a command, or what is wrong with it.

use yanhe_core::dossier;
use yanhe_core::party::{Name, Party};
use yanhe_core::values::words::LONGEST_TEXT;
use yanhe_core::values::{CreditCode, Document, PersonName, Phone, ValueError, parse_date};
use yanhe_core::{Date, PersonId, Personal, StreamKind};

use super::apply::ApplyForm;
use super::apply_origin::Origin;
use super::counter::kind_of;
use super::portal;
use crate::components::Errors;
use crate::site::{Fault, Site};
use crate::text::{Lang, fill};

/// A person of a case that is being made: nobody can choose who it is, and the same form gives the same one again.
pub(super) fn person(site: &Site, role: &str, form: &ApplyForm) -> PersonId {
    PersonId(site.app.index(role, &form.case))
}

pub(super) fn say(errors: &mut Errors, lang: Lang, field: &str, error: &ValueError) {
    errors.say(field, if lang == Lang::Zh { error.text_zh() } else { error.text_en() });
}

/// A name with what it may be: a firm's is open, a human being's is personal.
pub(super) fn name_of(of: &PersonId, kind: &str, text: &str) -> Result<Name, ValueError> {
    match kind {
        "firm" if text.trim().is_empty() => Err(ValueError::Empty),
        "firm" if text.chars().count() > 100 => Err(ValueError::TooLong { limit: 100 }),
        "firm" => Ok(Name::Firm(yanhe_core::values::as_registered(text))),
        _ => PersonName::parse(text).map(|name| Name::Human(Personal::new(of, name.as_str().to_owned()))),
    }
}

/// The command that the form asks for, with the applicant; `None` when something is wrong, which is then in `errors`.
pub(super) fn command(
    site: &Site,
    lang: Lang,
    (origin, form): (&Origin, &ApplyForm),
    errors: &mut Errors,
) -> Result<Option<(dossier::Command, Party)>, Fault> {
    portal::stream(StreamKind::Dossier, &form.case)?;
    let mut applicant = match origin.party() {
        Some(party) => party.clone(),
        None => {
            let of = person(site, "applicant", form);
            let name = name_of(&of, &form.kind, &form.name).unwrap_or_else(|error| {
                say(errors, lang, "name", &error);
                Name::Firm(String::new())
            });
            Party::named(of, name)
        }
    };
    identity(lang, (origin, form), &mut applicant, errors);
    let phone = Phone::parse(&form.phone);
    match (&phone, origin) {
        (Ok(phone), Origin::Open { .. }) if !phone.is_mobile() => errors.add("phone", "not_a_phone"),
        (Err(_), Origin::Open { .. }) => {
            errors.add("phone", if form.phone.trim().is_empty() { "required" } else { "not_a_phone" });
        }
        (Err(_), _) if !form.phone.trim().is_empty() => errors.add("phone", "not_a_phone"),
        _ => {}
    }
    let own = |of: &PersonId, text: &str| {
        let text = text.trim();
        (!text.is_empty()).then(|| Personal::new(of, text.to_owned()))
    };
    applicant.phone = phone.ok().map(|p| Personal::new(&applicant.person, p.as_str().to_owned()));
    applicant.address = own(&applicant.person, &form.address);
    if applicant.address.is_none() {
        errors.add("address", "required");
    }
    let respondents = match origin.is_administrative() {
        true => Vec::new(),
        false => {
            let mut side = vec![other(site, lang, (origin, form), errors)];
            side.extend(second(site, lang, form, errors));
            side.extend(origin.others().cloned());
            side
        }
    };
    // What the matter or an earlier case knows is not the applicant's word.
    for (n, (field, typed)) in
        [("other_phone", &form.other_phone), ("second_phone", &form.second_phone)].into_iter().enumerate()
    {
        let one = respondents.get(n..=n).unwrap_or_default();
        if !typed.trim().is_empty() && dossier::own_phone(std::slice::from_ref(&applicant), one).is_some() {
            errors.add(field, "own_phone");
        }
    }
    for (field, text) in [("claims", &form.claims), ("facts", &form.facts)] {
        if text.trim().is_empty() {
            errors.add(field, "required");
        } else if text.chars().count() > LONGEST_TEXT {
            say(errors, lang, field, &ValueError::TooLong { limit: LONGEST_TEXT });
        }
    }
    let known_on = match form.known_on.trim() {
        // Nobody is asked for what is recorded.
        _ if origin.served_on().is_some() => None,
        "" => None,
        text => parse_date(text).map_err(|error| say(errors, lang, "known_on", &error)).ok(),
    };
    if known_on.is_some_and(|on| on > site.app.today()) {
        errors.add("known_on", "future");
    }
    let old_on = match form.old_on.trim() {
        "" => None,
        text => parse_date(text).map_err(|error| say(errors, lang, "old_on", &error)).ok(),
    };
    for (field, text, most) in [("old_number", &form.old_number, 100), ("old_result", &form.old_result, 500)] {
        if text.chars().count() > most {
            errors.add(field, "too_long");
        }
    }
    match form.proceedings.as_str() {
        "none" => {}
        "yes" if form.proceedings_text.trim().is_empty() => errors.add("proceedings_text", "required"),
        "yes" if form.proceedings_text.chars().count() > 500 => {
            say(errors, lang, "proceedings_text", &ValueError::TooLong { limit: 500 });
        }
        "yes" => {}
        _ => errors.add("proceedings", "choose"),
    }
    unprintable(site, lang, form, errors);
    if !["yes", "no"].contains(&form.electronic.as_str()) {
        errors.add("electronic", "choose");
    } else if form.electronic == "yes" && applicant.phone.is_none() {
        errors.add("phone", "for_messages");
    }
    if origin.is_reporter() && form.agrees_named != "yes" {
        errors.add("agrees_named", "not_agreed");
    }
    if !errors.is_empty() {
        return Ok(None);
    }
    let command = dossier::Command::Apply {
        via: dossier::Via::Portal,
        matter: match origin {
            Origin::Letter { stream, .. } => Some(stream.clone()),
            Origin::Again { .. } | Origin::Open { .. } => None,
        },
        renews: match origin {
            Origin::Again { stream, .. } => Some(stream.clone()),
            Origin::Letter { .. } | Origin::Open { .. } => None,
        },
        organ: origin.organ().to_owned(),
        entry: form.entry.clone(),
        applicants: vec![applicant.clone()],
        respondents,
        claims: form.claims.trim().to_owned(),
        facts: form.facts.trim().to_owned(),
        known_on,
        electronic_service: form.electronic == "yes",
        disputed: disputed(&applicant.person, (&form.old_number, old_on, &form.old_result)),
        told_on: None,
        told_late: String::new(),
        agrees_named: form.agrees_named == "yes",
        other_proceedings: Some(match form.proceedings.as_str() {
            "yes" => form.proceedings_text.trim().to_owned(),
            _ => String::new(),
        }),
    };
    Ok(Some((command, applicant)))
}

/// The disputed decision, as far as somebody typed what it is.
pub(super) fn disputed(
    of: &PersonId,
    (number, on, result): (&str, Option<Date>, &str),
) -> Option<Box<dossier::Disputed>> {
    let (number, result) = (number.trim(), result.trim());
    let told = !number.is_empty() || on.is_some() || !result.is_empty();
    let own = |text: &str| Personal::new(of, text.to_owned());
    told.then(|| Box::new(dossier::Disputed { number: own(number), on, result: own(result) }))
}

/// What no paper can show is told where it was typed, before a code is sent and used up.
fn unprintable(site: &Site, lang: Lang, form: &ApplyForm, errors: &mut Errors) {
    let printed = [
        ("name", &form.name),
        ("address", &form.address),
        ("other_name", &form.other_name),
        ("other_address", &form.other_address),
        ("second_name", &form.second_name),
        ("claims", &form.claims),
        ("facts", &form.facts),
        ("proceedings_text", &form.proceedings_text),
        ("old_number", &form.old_number),
        ("old_result", &form.old_result),
    ];
    for (field, text) in printed {
        if let Some(character) = site.app.first_unprintable(text) {
            let character = character.to_string();
            errors.say(field, fill(lang.text().apply.unprintable, &[("character", &character)]));
        }
    }
}

/// Document or credit code: needed without a letter; with one, the letter has told who it is.
fn identity(lang: Lang, (origin, form): (&Origin, &ApplyForm), applicant: &mut Party, errors: &mut Errors) {
    let needed = matches!(origin, Origin::Open { .. });
    if form.document.trim().is_empty() {
        if needed {
            errors.add("document", "required");
        }
        return;
    }
    if applicant.is_firm() && (form.kind == "firm" || !needed) {
        match CreditCode::parse(&form.document) {
            Ok(code) => applicant.credit_code = Some(code.as_str().to_owned()),
            Err(error) => say(errors, lang, "document", &error),
        }
        return;
    }
    let Some(kind) = kind_of(&form.document_kind) else {
        errors.add("document_kind", "choose");
        return;
    };
    match Document::parse(kind, &form.document) {
        Ok(document) => {
            applicant.document_kind = Some(form.document_kind.clone());
            applicant.document = Some(Personal::new(&applicant.person, document.number().to_owned()));
        }
        Err(error) => say(errors, lang, "document", &error),
    }
}

/// A second one on the other side, when somebody was typed.
fn second(site: &Site, lang: Lang, form: &ApplyForm, errors: &mut Errors) -> Option<Party> {
    if form.second_name.trim().is_empty() && form.second_phone.trim().is_empty() {
        return None;
    }
    let of = person(site, "respondent2", form);
    let name = match name_of(&of, &form.second_kind, &form.second_name) {
        Ok(name) => name,
        Err(error) => {
            say(errors, lang, "second_name", &error);
            return None;
        }
    };
    let mut party = Party::named(of, name);
    match form.second_phone.trim() {
        "" => {}
        text => match Phone::parse(text) {
            Ok(phone) => party.phone = Some(Personal::new(&party.person, phone.as_str().to_owned())),
            Err(_) => errors.add("second_phone", "not_a_phone"),
        },
    }
    Some(party)
}

fn other(site: &Site, lang: Lang, (origin, form): (&Origin, &ApplyForm), errors: &mut Errors) -> Party {
    let mut other = origin.other_side().cloned().unwrap_or_else(|| {
        let of = person(site, "respondent", form);
        let name = name_of(&of, &form.other_kind, &form.other_name).unwrap_or_else(|error| {
            say(errors, lang, "other_name", &error);
            Name::Firm(String::new())
        });
        Party::named(of, name)
    });
    match form.other_phone.trim() {
        "" => {}
        text => match Phone::parse(text) {
            Ok(phone) => other.phone = Some(Personal::new(&other.person, phone.as_str().to_owned())),
            Err(_) => errors.add("other_phone", "not_a_phone"),
        },
    }
    if !form.other_address.trim().is_empty() {
        other.address = Some(Personal::new(&other.person, form.other_address.trim().to_owned()));
    }
    other
}
