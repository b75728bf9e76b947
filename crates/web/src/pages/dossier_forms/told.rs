//! The part of a form that tells what a party said or wrote to an officer: who, when, in which way, what shows it.

use yanhe_core::dossier::{Telling, WAYS};

use super::super::accepted::ACCEPT;
use super::page::Draw;
use super::typed::Typed;
use crate::components::{Choice, Errors, Field, Markup};
use crate::text::Lang;

/// How a party can tell it, in words.
pub fn way(lang: Lang, way: &str) -> &'static str {
    let t = &lang.text().dossier_form;
    match way {
        "in_writing" => t.told_in_writing,
        "by_phone" => t.told_by_phone,
        _ => t.told_in_person,
    }
}

/// Is it a writing, of which a scan is stored?
pub fn is_written(typed: &Typed) -> bool {
    typed.get("way") == "in_writing"
}

/// The fields.
pub fn fields(draw: &Draw<'_>, who: &str, parties: Vec<Choice>) -> Vec<Markup> {
    let (lang, t) = (draw.lang, &draw.lang.text().dossier_form);
    vec![
        draw.radio("person", who, parties),
        draw.date("on", t.told_on),
        draw.radio("way", t.told_way, WAYS.iter().map(|one| Choice::new(*one, way(lang, one))).collect()),
        draw.field(Field::text(lang, "note", t.told_note).hint(t.told_note_hint)),
        draw.field(Field::file(lang, "scan", t.scan).hint(t.told_scan_hint).accept(ACCEPT).optional()),
    ]
}

/// What they were filled in with. The scan is stored once the rest is in order; until then its file stands for it.
pub fn read(typed: &Typed, scan: Option<String>, errors: &mut Errors) -> Option<Telling> {
    let (person, on) = (typed.choice("person", errors), typed.date("on", errors));
    let (way, note) = (typed.choice("way", errors), typed.required("note", errors));
    if is_written(typed) && scan.is_none() && typed.file.is_none() {
        errors.add("scan", "file_missing");
    }
    Some(Telling { person: yanhe_core::PersonId(person), on: on?, way, note, scan: scan.unwrap_or_default() })
}
