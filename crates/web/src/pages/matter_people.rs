//! The people of a matter who are entitled to a letter, as the forms that register one ask for them.

use yanhe_core::matter::State;
use yanhe_core::party::Party;
use yanhe_core::values::{Document, Email, Phone};
use yanhe_core::{Ids, Personal};

use super::listing::Typed;
use super::matter_form::{document, party};
use crate::components::{Errors, Field};
use crate::site::Site;
use crate::text::Lang;

/// The fields of one person in a role: name, document, and the ways to reach them.
pub fn fields(lang: Lang, role: &str, needed: bool) -> Vec<Field> {
    let t = &lang.text().matter;
    let hint = if role == "complainant" { t.complainant_lead } else { t.affected_lead };
    let text = |part: &str, label: &str| Field::text(lang, format!("{role}_{part}"), label).maxlength(200).optional();
    // Where somebody is entered they have a name; a matter that is registered may name nobody.
    let name = Field { optional: !needed, ..text("name", t.entitled_name).hint(hint) };
    vec![
        name,
        text("document", t.entitled_document),
        text("phone", t.entitled_phone).inputmode("tel"),
        text("email", t.email).inputmode("email"),
        text("address", t.entitled_address),
    ]
}

/// How who called without a name can be reached, as the form that enters them begins.
pub fn of_caller(state: &State) -> Vec<(String, String)> {
    let Some(caller) = &state.matter.caller else { return Vec::new() };
    let known = [("complainant_phone", &caller.phone), ("complainant_address", &caller.address)];
    let known =
        known.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value.as_ref()?.open()?.clone())));
    known.collect()
}

/// How somebody can be reached, as typed.
pub fn contacts(typed: &Typed, role: &str, lang: Lang, party: Option<&mut Party>, errors: &mut Errors) {
    let name = |part: &str| format!("{role}_{part}");
    let phone = typed.given(&name("phone"), errors, lang, Phone::parse);
    let email = typed.given(&name("email"), errors, lang, Email::parse);
    let address = typed.filter(&name("address"));
    let Some(party) = party else { return };
    let of = party.person.clone();
    party.phone = phone.map(|phone| Personal::new(&of, phone.to_string()));
    party.email = email.map(|email| Personal::new(&of, email.to_string()));
    party.address = address.map(|address| Personal::new(&of, address));
}

/// The person in a role, if one was typed. Something about nobody is a fault: it would be lost.
pub fn read(site: &Site, typed: &Typed, role: &str, ids: &Ids, lang: Lang, errors: &mut Errors) -> Option<Party> {
    let field = |part: &str| format!("{role}_{part}");
    let name = typed.trimmed(&field("name")).to_owned();
    let mut found = (!name.is_empty()).then(|| party(site, ids, &name, None, lang, &field("name"), errors));
    let paper = typed.given(&field("document"), errors, lang, Document::guess);
    let others = ["document", "phone", "email", "address"];
    if found.is_none() && others.iter().any(|part| !typed.trimmed(&field(part)).is_empty()) {
        errors.add(&field("name"), "required");
    }
    if let Some(party) = &mut found {
        document(party, paper);
    }
    contacts(typed, role, lang, found.as_mut(), errors);
    found
}
