//! Corrections of what was entered of a matter: what can be corrected, as it stands, and what waits for approval.

use yanhe_core::correction::Correction;
use yanhe_core::matter;
use yanhe_core::policy::Act;
use yanhe_core::scope::Source;
use yanhe_core::values::{Document, Phone};

use super::dossier_forms::case::pick;
use super::listing::Typed;
use crate::components::{Choice, Errors, Field, Notice, NoticeKind, SummaryList};
use crate::text::{Lang, fill};

/// The name of what can be corrected: of somebody with their role before it, and their place among several.
fn named(lang: Lang, field: &str) -> String {
    let m = &lang.text().matter;
    let Some((role, part)) = field.split_once('/') else {
        return match field {
            "served_on" => m.served_on.to_owned(),
            "occurred_on" => m.occurred.to_owned(),
            "category" => m.category.to_owned(),
            "text" => m.text.to_owned(),
            "result" => format!("{} / {}", m.content, m.result),
            "fine" => m.fine_yuan.to_owned(),
            "confiscation" => m.confiscation_yuan.to_owned(),
            "licence" => m.licence.to_owned(),
            _ => String::new(),
        };
    };
    let plain = matter::plain_role(role);
    let who = format!("{}{}", lang.name("matter", plain), &role[plain.len()..]);
    match part {
        "firm" => lang.bracket(&who, m.organisation),
        "human" => lang.bracket(&who, m.person),
        part => {
            let part = match part {
                "credit_code" => m.subject_credit,
                "document" => m.entitled_document,
                "phone" => m.entitled_phone,
                _ => m.entitled_address,
            };
            format!("{who} {part}")
        }
    }
}

/// What is to be changed, and why, for those who decide on it.
pub fn change(lang: Lang, correction: &Correction) -> String {
    changed(lang, correction, str::to_owned)
}

/// The same for the history, where phones and documents are hidden as beside it.
pub fn noted(lang: Lang, correction: &Correction) -> String {
    changed(lang, correction, |value| match correction.field.rsplit('/').next() {
        Some("phone") => Phone::parse(value).map_or_else(|_| value.to_owned(), |phone| phone.masked()),
        Some("document") => Document::guess(value).map_or_else(|_| value.to_owned(), |document| document.masked()),
        _ => value.to_owned(),
    })
}

fn changed(lang: Lang, correction: &Correction, shown: impl Fn(&str) -> String) -> String {
    let f = &lang.text().dossier_form;
    let (before, after) = (shown(correction.before.text()), shown(correction.after.text()));
    let change = fill(f.change, &[("before", &before), ("after", &after)]);
    let change = fill(f.change_because, &[("change", &change), ("reason", correction.reason.text())]);
    format!("{}{}{change}", named(lang, &correction.field), pick(lang, "：", ": "))
}

/// What is on file, for whoever asks for a correction.
pub fn on_file(lang: Lang, state: &matter::State) -> SummaryList {
    matter::correctable(state).fold(SummaryList::new(), |list, (name, value)| list.row(named(lang, &name), value))
}

/// What is not corrected here and what to do about it; of what was imported, what a later import does with a correction.
pub fn beside(lang: Lang, state: &matter::State) -> Option<Notice> {
    let m = &lang.text().matter;
    let text = match &state.matter {
        imported if imported.batch.is_some() => fill(m.correct_in_file, &[("origin", &imported.origin)]),
        typed if typed.source == Source::Complaint => m.correct_complaint.to_owned(),
        _ => return None,
    };
    Some(Notice::new(lang, NoticeKind::Info, text))
}

/// The fields of asking, approving and refusing.
pub fn fields(lang: Lang, state: &matter::State, act: Act) -> Vec<Field> {
    let f = &lang.text().dossier_form;
    if act == Act::AskCorrection {
        let what = matter::correctable(state).map(|(name, _)| Choice::new(name.as_str(), named(lang, &name))).collect();
        return vec![
            Field::select(lang, "field", f.correct_what, what),
            Field::textarea(lang, "after", f.after),
            Field::textarea(lang, "reason", f.correct_reason),
        ];
    }
    let waits = state.amendments.iter().enumerate().filter(|(_, c)| c.approver.is_none());
    let choices = waits.map(|(n, c)| Choice::new(n.to_string(), change(lang, c))).collect();
    let mut fields = vec![Field::radio(lang, "correction", f.correction, choices)];
    if act == Act::RefuseCorrection {
        fields.push(Field::textarea(lang, "reason", f.refuse_reason));
    }
    fields
}

/// What was typed, as the command of the act.
pub fn command(act: Act, typed: &Typed, errors: &mut Errors) -> Option<matter::Command> {
    if act == Act::AskCorrection {
        let field = typed.trimmed("field");
        if field.is_empty() {
            errors.add("field", "choose");
        }
        let (after, reason) = (typed.needed_text("after", errors), typed.needed_text("reason", errors));
        return Some(matter::Command::AskCorrection { field: field.to_owned(), after, reason });
    }
    let Ok(correction) = typed.get("correction").parse() else {
        errors.add("correction", "choose");
        return None;
    };
    Some(match act {
        Act::RefuseCorrection => {
            matter::Command::RefuseCorrection { correction, reason: typed.needed_text("reason", errors) }
        }
        _ => matter::Command::ApproveCorrection { correction },
    })
}
