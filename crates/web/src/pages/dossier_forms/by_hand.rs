//! The part of a form that tells of a signature made by hand on a printed paper: how it was made, the printed code, the
//! scan, where the original lies. The same for every paper that somebody signs.

use yanhe_core::Date;
use yanhe_core::dossier::ByHand;

use super::super::accepted::ACCEPT;
use super::page::Draw;
use super::typed::Typed;
use crate::components::{Choice, Errors, Field, Markup, Width};
use crate::text::Lang;

/// In which manners a paper is signed; a seal is for firms.
fn manners(lang: Lang, firms: bool) -> Vec<Choice> {
    let t = &lang.text().dossier_form;
    let mut out = vec![Choice::new("hand", t.by_hand), Choice::new("fingerprint", t.by_fingerprint)];
    if firms {
        out.push(Choice::new("seal", t.by_seal));
    }
    out
}

/// Who signed and when, and what [`fields`] asks.
pub fn form(draw: &Draw<'_>, signers: Vec<Choice>, firms: bool, code: bool) -> Vec<Markup> {
    let t = &draw.lang.text().dossier_form;
    let mut parts = vec![draw.radio("signer", t.signer, signers), draw.date("on", t.signed_on)];
    parts.extend(fields(draw, firms, code));
    parts
}

/// How the sheet was signed. An old paper bears no code.
pub fn fields(draw: &Draw<'_>, firms: bool, code: bool) -> Vec<Markup> {
    let (lang, t) = (draw.lang, &draw.lang.text().dossier_form);
    let mut parts = vec![draw.radio("manner", t.manner, manners(lang, firms))];
    if code {
        let printed = Field::text(lang, "check_code", t.check_code).hint(t.check_code_hint);
        parts.push(draw.field(printed.width(Width::Medium)));
    }
    parts.push(draw.field(Field::file(lang, "scan", t.scan).hint(t.scan_hint).accept(ACCEPT)));
    parts.push(draw.field(Field::text(lang, "original", t.original).hint(t.original_hint)));
    parts
}

/// What [`form`] was filled in with. The scan is stored once the rest is in order; until then its file stands for it.
pub fn read(typed: &Typed, scan: Option<String>, errors: &mut Errors) -> Option<ByHand> {
    let signer = typed.choice("signer", errors);
    let on = typed.date("on", errors);
    sheet(typed, signer, on, scan, errors)
}

/// What [`fields`] was filled in with, of a signer and a day that are known.
pub fn sheet(
    typed: &Typed,
    signer: String,
    on: Option<Date>,
    scan: Option<String>,
    errors: &mut Errors,
) -> Option<ByHand> {
    let manner = typed.choice("manner", errors);
    let original = typed.required("original", errors);
    if scan.is_none() && typed.file.is_none() {
        errors.add("scan", "file_missing");
    }
    let check_code = typed.get("check_code").trim().to_owned();
    Some(ByHand { signer, on: on?, manner, check_code, scan: scan.unwrap_or_default(), original })
}
