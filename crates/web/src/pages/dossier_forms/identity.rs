//! Who the parties are: one part of the form for each, filled with what is on file; ticked where the document was seen.

use yanhe_core::dossier::{Check, Command, parties};
use yanhe_core::party::Party;
use yanhe_core::values::DocumentKind;

use super::case::{Case, pick};
use super::page::{Draw, Form};
use super::typed::Typed;
use crate::components::{Choice, Errors, Field, Width};

/// Parties whose identity is recorded: in a dispute about its own decision the organ's is not.
fn asked(case: &Case) -> Vec<&Party> {
    let organ = case.state.is_administrative();
    parties(&case.state).filter(|(role, _)| !(organ && *role == "respondent")).map(|(_, party)| party).collect()
}

/// What is on file, as first typed.
pub fn fresh(case: &Case, typed: &mut Typed) {
    for (n, party) in asked(case).into_iter().enumerate() {
        let mut set = |part: &str, value: String| typed.set(&format!("{n}/{part}"), value);
        set("document_kind", party.document_kind().unwrap_or(DocumentKind::ResidentId).key().to_owned());
        set("document", party.document.as_ref().map_or_else(String::new, |d| d.text().to_owned()));
        set("credit_code", party.credit_code.clone().unwrap_or_default());
        if let Some(seen) = case.state.identity(&party.person) {
            set("representative", seen.representative.as_ref().map_or_else(String::new, |r| r.text().to_owned()));
            set("post", seen.post.clone());
        }
    }
}

/// The form.
pub fn form(case: &Case, draw: &Draw<'_>) -> Form {
    let (lang, t, d) = (case.lang, &case.lang.text().dossier_form, &case.lang.text().dossier);
    let mut parts = Vec::new();
    for (n, party) in asked(case).into_iter().enumerate() {
        let name = |part: &str| format!("{n}/{part}");
        let seen = vec![Choice::new("yes", if party.is_firm() { t.licence_seen } else { t.document_seen })];
        parts.push(draw.field(Field::checkbox(lang, name("seen"), party.name.text(), seen).optional()));
        if party.is_firm() {
            parts.push(draw.field(Field::text(lang, name("credit_code"), d.credit_code).width(Width::Medium)));
            parts.push(draw.field(Field::text(lang, name("representative"), t.representative).width(Width::Medium)));
            parts.push(
                draw.field(
                    Field::text(lang, name("post"), t.representative_post).hint(t.post_hint).width(Width::Medium),
                ),
            );
        } else {
            let kinds = DocumentKind::ALL.map(|k| Choice::new(k.key(), pick(lang, k.name_zh(), k.name_en()))).to_vec();
            parts.push(
                draw.field(Field::select(lang, name("document_kind"), d.document_kind, kinds).width(Width::Medium)),
            );
            parts.push(draw.field(Field::text(lang, name("document"), d.document).width(Width::Medium)));
        }
    }
    Form::of(parts).says(lang, t.identity)
}

/// The command that the form asks for: those that are ticked.
pub fn command(case: &Case, typed: &Typed, errors: &mut Errors) -> Option<Command> {
    let mut checks = Vec::new();
    for (n, party) in asked(case).into_iter().enumerate() {
        let get = |part: &str| typed.get(&format!("{n}/{part}")).trim().to_owned();
        if get("seen") != "yes" {
            continue;
        }
        let firm = party.is_firm();
        checks.push(Check {
            person: party.person.clone(),
            document_kind: if firm { String::new() } else { get("document_kind") },
            number: typed.required(&format!("{n}/{}", if firm { "credit_code" } else { "document" }), errors),
            representative: if firm { typed.required(&format!("{n}/representative"), errors) } else { String::new() },
            post: if firm { typed.required(&format!("{n}/post"), errors) } else { String::new() },
        });
    }
    if checks.is_empty() {
        errors.add("0/seen", "not_agreed");
    }
    Some(Command::RecordIdentity { checks })
}
