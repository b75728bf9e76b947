//! What parties wish on the way: one more party, another mediator, or to leave while the others go on.

use yanhe_core::Personal;
use yanhe_core::dossier::{Command, joining, taking_part};
use yanhe_core::policy::Act;
use yanhe_core::values::{Document, Phone};

use super::super::matter_form::{document, party, persons};
use super::case::Case;
use super::page::{Draw, Form};
use super::told;
use super::typed::Typed;
use crate::components::{Choice, Errors, Field, Width};

/// The parties who take part, as choices; in a dispute about its own decision the organ cannot leave.
pub fn choices(case: &Case, leaves: bool) -> Vec<Choice> {
    let organ = leaves && case.state.is_administrative();
    let there = taking_part(&case.state).filter(|(role, p)| {
        !(organ && *role == "respondent" && case.state.respondents.iter().any(|r| r.person == p.person))
    });
    let label = |role: &str, name: &str| case.lang.bracket(name, case.lang.name("label", role));
    there.map(|(role, p)| Choice::new(&p.person.0, label(role, p.name.text()))).collect()
}

/// The form of an act of this part.
pub fn form(case: &Case, act: Act, draw: &Draw<'_>) -> Form {
    let (lang, t) = (case.lang, &case.lang.text().dossier_form);
    if act != Act::AddParty {
        let who = if act == Act::LeaveMediation { t.leaver } else { t.asks_recusal };
        let mut parts = told::fields(draw, who, choices(case, true));
        if act == Act::AskRecusal {
            parts.push(draw.area("reason", t.asks_recusal_reason));
        }
        let form = Form::of(parts).with_file();
        return if act == Act::LeaveMediation { form.warns(lang, t.leave) } else { form.says(lang, t.ask_recusal) };
    }
    let administrative = case.state.is_administrative();
    let roles = joining::ROLES.iter().filter(|role| !(administrative && **role == "respondent"));
    let roles = roles.map(|role| Choice::new(*role, lang.name("label", role))).collect();
    let kinds = vec![Choice::new("person", t.is_human), Choice::new("organisation", t.is_firm)];
    let text = |name: &str, label: &str| Field::text(lang, name, label).width(Width::Medium).maxlength(200);
    Form::of(vec![
        draw.radio("role", t.join_role, roles),
        draw.radio("kind", lang.text().dossier.party_kind, kinds),
        draw.field(text("name", lang.text().common.name)),
        draw.field(text("document", lang.name("label", "document")).optional()),
        draw.field(text("phone", lang.text().common.phone).inputmode("tel").optional()),
        draw.field(text("address", lang.text().common.address).optional()),
        draw.radio("by", t.join_by, choices(case, false)),
        draw.area("reason", t.join_reason),
    ])
    .says(lang, t.join)
}

/// The command that the form asks for.
pub fn command(case: &Case, act: Act, typed: &Typed, scan: Option<String>, errors: &mut Errors) -> Option<Command> {
    let lang = case.lang;
    if act == Act::LeaveMediation {
        return Some(Command::Leave { told: Some(told::read(typed, scan, errors)?) });
    }
    if act == Act::AskRecusal {
        let (told, reason) = (told::read(typed, scan, errors), typed.required("reason", errors));
        return Some(Command::AskRecusal { reason, told: Some(told?) });
    }
    let role = typed.choice("role", errors);
    let firm = match typed.choice("kind", errors).as_str() {
        "organisation" => Some(true),
        "person" => Some(false),
        _ => None,
    };
    let name = typed.required("name", errors);
    if name.is_empty() {
        return None;
    }
    // Drawn from the form: a second press adds the same person, and nobody can choose who it is.
    let ids = persons(&case.site, typed.get("key"));
    let mut party = party(&case.site, &ids, &name, firm, lang, "name", errors);
    let given = |name: &str| Some(typed.get(name).trim()).filter(|text| !text.is_empty());
    if let Some(number) = given("document") {
        match Document::guess(number) {
            Ok(found) => document(&mut party, Some(found)),
            Err(_) => errors.add("document", "invalid"),
        }
    }
    let own = |text: &str| Some(Personal::new(&party.person, text.to_owned()));
    let phone = given("phone").map(Phone::parse);
    if matches!(phone, Some(Err(_))) {
        errors.add("phone", "not_a_phone");
    }
    (party.phone, party.address) =
        (phone.and_then(Result::ok).and_then(|p| own(p.as_str())), given("address").and_then(own));
    let by = yanhe_core::PersonId(typed.choice("by", errors));
    Some(Command::AddParty { party: Box::new(party), role, by, reason: typed.required("reason", errors) })
}
