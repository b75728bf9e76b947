//! Who the parties are: one part of the form for each, filled with what is on file; ticked where the document was seen.

use yanhe_core::dossier::{self, Check, Command, parties};
use yanhe_core::party::Party;
use yanhe_core::policy::Act;
use yanhe_core::values::DocumentKind;

use super::case::{Case, pick};
use super::page::{Draw, Form};
use super::typed::Typed;
use crate::components::{Button, Cell, Choice, Errors, Field, Markup, Notice, NoticeKind, SummaryList, Width};
use crate::text::{Lang, fill};

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
        let served =
            case.state.identity(&party.person).and_then(|seen| seen.address.as_ref()).or(party.address.as_ref());
        set("address", served.map_or_else(String::new, |a| a.text().to_owned()));
    }
}

/// The form.
pub fn form(case: &Case, draw: &Draw<'_>) -> Form {
    let (lang, t, d) = (case.lang, &case.lang.text().dossier_form, &case.lang.text().dossier);
    let mut parts = Vec::new();
    for (n, party) in asked(case).into_iter().enumerate() {
        let name = |part: &str| format!("{n}/{part}");
        // The same is asked of everybody: a fault says whose it is.
        let labels = [
            ("document", d.document),
            ("credit_code", d.credit_code),
            ("representative", t.representative),
            ("post", t.representative_post),
            ("address", t.service_address),
        ];
        for (part, label) in labels {
            draw.errors.label(&name(part), &format!("{} {label}", party.name.text()));
        }
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
        parts.push(draw.field(Field::text(lang, name("address"), t.service_address).hint(t.service_address_hint)));
    }
    let form = Form::of(parts).says(lang, t.identity);
    let signed = |party: &&Party| case.state.signed_as_recorded.contains(&party.person);
    let signed: Vec<&str> = asked(case).into_iter().filter(signed).map(|party| party.name.text()).collect();
    let form = match signed.is_empty() {
        true => form,
        false => {
            let correct = Button::secondary(lang.name("act", Act::AskCorrection.name()));
            let correct = correct.to(format!("{}/{}", case.href(), Act::AskCorrection.name()));
            let text = fill(t.identity_signed, &[("who", &lang.list(&signed))]);
            form.lead(Markup::of(&Notice::new(lang, NoticeKind::Info, text).body(Markup::of(&correct))))
        }
    };
    match shown(case.site.app.demo, lang, &case.state) {
        Some(list) => {
            let text = lang.text().demo.documents_text;
            let notice = Notice::new(lang, NoticeKind::Demo, text).title(lang.text().demo.documents);
            form.lead(Markup::of(&notice.body(Markup::of(&list))))
        }
        None => form,
    }
}

/// What the parties of a demonstration lay on the counter, so that somebody who plays the officer can type it: nobody
/// knows the numbers of invented people. None elsewhere, and when everybody's is recorded.
pub fn shown(demo: bool, lang: Lang, state: &dossier::State) -> Option<SummaryList> {
    let missing: Vec<&Party> = state.unidentified().filter(|_| demo).collect();
    let d = &lang.text().dossier;
    let list = missing.iter().fold(SummaryList::new(), |list, party| {
        let check = yanhe_app::demo::shown(party);
        let line = match DocumentKind::by_key(&check.document_kind) {
            Some(kind) => format!("{} {}", pick(lang, kind.name_zh(), kind.name_en()), check.number),
            None => format!("{} {} · {} {}", d.credit_code, check.number, check.post, check.representative),
        };
        list.row(party.name.text(), Cell::text(line).note(check.address))
    });
    (!missing.is_empty()).then_some(list)
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
        let check = Check {
            person: party.person.clone(),
            document_kind: if firm { String::new() } else { get("document_kind") },
            number: get(if firm { "credit_code" } else { "document" }),
            representative: if firm { get("representative") } else { String::new() },
            post: if firm { get("post") } else { String::new() },
            address: get("address"),
        };
        // Each wrong number is told at its own field; the act stops at the first.
        for (part, problem) in check.faults(party) {
            errors.add(&format!("{n}/{part}"), problem);
        }
        checks.push(check);
    }
    if checks.is_empty() {
        errors.add("0/seen", "not_agreed");
    }
    Some(Command::RecordIdentity { checks })
}
