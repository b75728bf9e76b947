//! Corrections of what was entered of a matter: what can be corrected, as it stands, and what waits for approval.

use yanhe_core::correction::Correction;
use yanhe_core::matter::{self, CORRECTABLE};
use yanhe_core::policy::Act;
use yanhe_core::scope::Source;

use super::listing::Typed;
use crate::components::{Choice, Errors, Field, Notice, NoticeKind, SummaryList};
use crate::text::{Lang, fill};

/// The name of what can be corrected.
fn named(lang: Lang, field: &str) -> String {
    let m = &lang.text().matter;
    match field {
        "served_on" => m.served_on.to_owned(),
        "occurred_on" => m.occurred.to_owned(),
        "subject/firm" => format!("{}（{}）", m.subject, m.organisation),
        "subject/human" => format!("{}（{}）", m.subject, m.person),
        "category" => m.category.to_owned(),
        "text" => m.text.to_owned(),
        "result" => format!("{} / {}", m.content, m.result),
        _ => String::new(),
    }
}

/// What is to be changed, and why.
pub fn change(lang: Lang, correction: &Correction) -> String {
    let f = &lang.text().dossier_form;
    let change = fill(f.change, &[("before", correction.before.text()), ("after", correction.after.text())]);
    format!("{}：{change}（{}）", named(lang, &correction.field), correction.reason.text())
}

/// What is on file, for whoever asks for a correction.
pub fn on_file(lang: Lang, state: &matter::State) -> SummaryList {
    matter::correctable(state).fold(SummaryList::new(), |list, (name, value)| list.row(named(lang, name), value))
}

/// What is not corrected here, and what to do about it.
pub fn elsewhere(lang: Lang, state: &matter::State) -> Option<Notice> {
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
        let what = matter::correctable(state).map(|(name, _)| Choice::new(name, named(lang, name))).collect();
        return vec![
            Field::radio(lang, "field", f.correct_what, what),
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
        if !CORRECTABLE.contains(&field) {
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
