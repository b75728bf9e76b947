//! After the agreement, and what belongs to no stage: performance, visits, closing, files, corrections.

use yanhe_core::PersonId;
use yanhe_core::correction::Correction;
use yanhe_core::dossier::{self, Command, FileRef, KNOWN, OldDecision, everybody, overdue};
use yanhe_core::matter::Matter;
use yanhe_core::policy::Act;
use yanhe_core::values::{DocumentKind, parse_date};

use super::super::accepted::ACCEPT;
use super::super::counter::kind_field;
use super::case::{Case, yuan};
use super::page::{Draw, Form};
use super::typed::Typed;
use crate::components::{Button, Choice, Column, Deadline, Errors, Field, Markup, Table};
use crate::site::Fault;
use crate::text::{Lang, fill};

/// The form of an act of this part.
pub fn form(case: &Case, act: Act, draw: &Draw<'_>) -> Form {
    let (lang, t) = (case.lang, &case.lang.text().dossier_form);
    let state = &case.state;
    match act {
        Act::RecordChangedDecision => {
            let mut fields = vec![draw.text("number", t.decision_number), draw.date("on", t.decided_on)];
            if !state.decision_is_known() {
                fields.extend([draw.text("old_number", t.old_number), draw.date("old_on", t.old_on)]);
            }
            fields.extend([draw.area("before", t.decision_before), draw.area("after", t.decision_after)]);
            Form::of(fields).says(lang, t.changed_decision).says(lang, t.agreed_sum)
        }
        Act::ReportPerformance => {
            let open = obligations(case, state.reportable().into_iter());
            Form::of(vec![
                draw.radio("obligation", t.obligation, open),
                draw.date("on", t.performed_on),
                draw.field(Field::textarea(lang, "note", t.proof).optional()),
            ])
        }
        Act::RecordBreach => {
            let late = overdue(state, case.today).into_iter();
            Form::of(vec![
                draw.radio("obligation", t.obligation, obligations(case, late)),
                draw.date("on", t.breach_since),
                draw.field(Field::textarea(lang, "note", t.breach_note).optional()),
            ])
            .warns(lang, t.breach)
        }
        Act::FollowUp => {
            let whom = case.sides().into_iter().map(|(person, name)| Choice::new(person, name)).collect();
            let form = Form::of(vec![
                draw.date("on", t.visited_on),
                draw.field(Field::checkbox(lang, "whom", t.visited_whom, whom)),
                draw.area("note", t.visit_note),
            ]);
            let form = match state.agreement.as_ref().and_then(|a| a.visits.first()) {
                Some(visit) => form.lead(Markup::of(&Deadline::counted(lang, visit, case.today))),
                None => form,
            };
            form.says(lang, t.visit)
        }
        Act::CloseDossier => {
            let unvisited = state.agreement.as_ref().is_some_and(|a| !a.visits.is_empty());
            let form = Form::default().warns(lang, t.close);
            if unvisited { form.warns(lang, t.close_unvisited) } else { form }
        }
        Act::AttachFile => {
            Form::of(vec![draw.field(Field::file(lang, "file", t.file).hint(t.file_hint).accept(ACCEPT))]).with_file()
        }
        Act::AskCorrection => Form::of(vec![
            draw.select("field", t.correct_what, correctable(case)),
            draw.field(kind_field(lang, "document_kind", t.correct_kind, "").hint(t.correct_kind_hint).optional()),
            draw.area("after", t.after),
            draw.area("reason", t.correct_reason),
        ])
        .lead(Markup::of(&as_it_is(case)))
        .says(lang, t.correct),
        _ => {
            let refuses = act == Act::RefuseCorrection;
            let waits = (0_i64..).zip(&state.corrections).filter(|(_, c)| c.approver.is_none());
            let choices = waits.clone().map(|(n, c)| {
                Choice::new(n.to_string(), change(case, c)).hint(format!("{}{}", t.because, c.reason.text()))
            });
            let mut parts = vec![draw.radio("correction", t.correction, choices.collect())];
            if refuses {
                parts.push(draw.area("reason", t.refuse_reason));
            }
            let (label, other) = match refuses {
                true => (Button::warning(lang.name("act", act.name())), Act::ApproveCorrection),
                false => (Button::primary(lang.name("act", act.name())), Act::RefuseCorrection),
            };
            let other =
                Button::secondary(lang.name("act", other.name())).to(format!("{}/{}", case.href(), other.name()));
            let says = if refuses { t.refuse_correction } else { t.approve };
            Form::of(parts).says(lang, says).button(label).button(other)
        }
    }
}

/// What is filled in when the form of a changed decision is first shown: what was decided, and what was agreed.
///
/// # Errors
/// When the database fails.
pub async fn fresh(case: &Case, typed: &mut Typed) -> Result<(), Fault> {
    typed.set("on", case.today.to_string());
    if let Some(matter) = &case.state.matter
        && let Some(matter) = case.site.app.state::<Matter>(matter).await?
    {
        typed.set("before", matter.matter.result.text().to_owned());
    }
    if let Some(told) = &case.state.disputed {
        typed.set("old_number", told.number.text());
        typed.set("old_on", told.on.map(|on| on.to_string()).unwrap_or_default());
        typed.set("before", told.result.text());
    }
    if let Some(agreement) = &case.state.agreement {
        let clause = |o: &dossier::Obligation| match o.amount {
            Some(fen) => format!("{}，{} 元", o.what.text(), yuan(fen)),
            None => o.what.text().to_owned(),
        };
        let organ = case.state.respondents.first().map(|organ| &organ.person);
        let owed = agreement.draft.obligations.iter().filter(|o| Some(&o.from) == organ);
        typed.set("after", owed.map(clause).collect::<Vec<_>>().join("\n"));
    }
    Ok(())
}

/// Obligations of the agreement as choices.
fn obligations(case: &Case, numbers: impl Iterator<Item = i64>) -> Vec<Choice> {
    let lang = case.lang;
    let list = case.state.agreement.as_ref().map_or(&[][..], |a| &a.draft.obligations);
    numbers
        .filter_map(|n| Some((n, list.get(usize::try_from(n - 1).ok()?)?)))
        .map(|(n, o)| {
            let amount = o.amount.map_or_else(String::new, |fen| format!(" {} {}", yuan(fen), lang.text().common.yuan));
            let label = format!("{n}. {} → {} {}{amount}", case.party(&o.from), case.party(&o.to), o.what.text());
            Choice::new(n.to_string(), label).hint(format!("{} {}", lang.text().common.last_day, lang.date(o.due)))
        })
        .collect()
}

/// A correctable field's name: `phone/1` is the phone of the second party, `document/0/passport` the passport of the
/// first.
pub fn field_name(case: &Case, field: &str) -> String {
    let mut parts = field.split('/');
    let (part, n, kind) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let Some(n) = n else { return case.lang.name("label", part).to_owned() };
    let party = n.parse().ok().and_then(|n: usize| everybody(&case.state).nth(n));
    let name = party.map_or("", |(_, p)| p.name.text());
    match kind.and_then(DocumentKind::by_key) {
        Some(kind) => format!("{name} {}", case.pick(kind.name_zh(), kind.name_en())),
        None => format!("{name} {}", case.lang.name("label", part)),
    }
}

/// A value as a correction keeps it, as people read it.
pub fn kept_value(lang: Lang, field: &str, value: &str) -> String {
    let day = (field == KNOWN).then(|| parse_date(value).ok()).flatten();
    match day {
        Some(day) => lang.date(day),
        None if value.is_empty() => "—".to_owned(),
        None => value.to_owned(),
    }
}

/// What a correction changes: before and after.
pub fn change(case: &Case, correction: &Correction) -> String {
    let shown = |value: &str| kept_value(case.lang, &correction.field, value);
    let (before, after) = (shown(correction.before.text()), shown(correction.after.text()));
    let change = fill(case.lang.text().dossier_form.change, &[("before", &before), ("after", &after)]);
    format!("{}：{change}", field_name(case, &correction.field))
}

fn correctable_fields(case: &Case) -> Vec<(String, String)> {
    let text = |p: &Option<yanhe_core::Personal<String>>| p.as_ref().map_or("—".to_owned(), |p| p.text().to_owned());
    let mut fields = vec![
        ("claims".to_owned(), case.state.claims.text().to_owned()),
        ("facts".to_owned(), case.state.facts.text().to_owned()),
    ];
    if case.state.corrects_known() {
        let day = case.state.known_on().map_or("—".to_owned(), |on| case.lang.date(on));
        fields.push((KNOWN.to_owned(), day));
    }
    for (n, (_, party)) in everybody(&case.state).enumerate() {
        fields.push((format!("name/{n}"), party.name.text().to_owned()));
        match party.is_firm() {
            true => fields.push((format!("credit_code/{n}"), party.credit_code.clone().unwrap_or_else(|| "—".into()))),
            false => fields.push((format!("document/{n}"), text(&party.document))),
        }
        fields.push((format!("phone/{n}"), text(&party.phone)));
        fields.push((format!("address/{n}"), text(&party.address)));
    }
    fields
}

fn correctable(case: &Case) -> Vec<Choice> {
    correctable_fields(case).into_iter().map(|(field, _)| Choice::new(&field, field_name(case, &field))).collect()
}

fn as_it_is(case: &Case) -> Table {
    let t = &case.lang.text().dossier_form;
    let rows =
        correctable_fields(case).into_iter().map(|(field, now)| vec![field_name(case, &field).into(), now.into()]);
    Table::new(case.lang, t.as_it_is, vec![Column::text(t.correct_what), Column::text(t.content)]).rows(rows)
}

/// The command that the form asks for.
pub fn command(act: Act, typed: &Typed, file: Option<FileRef>, errors: &mut Errors) -> Option<Command> {
    Some(match act {
        Act::RecordChangedDecision => {
            let (number, on) = (typed.required("number", errors), typed.date("on", errors));
            let (before, after) = (typed.required("before", errors), typed.required("after", errors));
            let old =
                typed.has("old_number").then(|| (typed.required("old_number", errors), typed.date("old_on", errors)));
            let old = match old {
                Some((number, on)) => Some(OldDecision { number, on: on? }),
                None => None,
            };
            Command::RecordChangedDecision { number, on: on?, before, after, old }
        }
        Act::ReportPerformance => {
            let (obligation, on) = (number("obligation", typed, errors), typed.date("on", errors));
            Command::ReportPerformance { obligation: obligation?, on: on?, note: typed.get("note").trim().to_owned() }
        }
        Act::RecordBreach => {
            let (obligation, on) = (number("obligation", typed, errors), typed.date("on", errors));
            Command::RecordBreach { obligation: obligation?, on: on?, note: typed.get("note").trim().to_owned() }
        }
        Act::FollowUp => {
            let (on, note) = (typed.date("on", errors), typed.required("note", errors));
            let whom: Vec<PersonId> = typed.all("whom").into_iter().map(|p| PersonId(p.to_owned())).collect();
            if whom.is_empty() {
                errors.add("whom", "choose");
            }
            Command::FollowUp { on: on?, whom, note }
        }
        Act::CloseDossier => Command::Close {},
        Act::AttachFile => Command::AttachFile { file: file? },
        Act::AskCorrection => {
            let (mut field, after) = (typed.choice("field", errors), typed.required("after", errors));
            if field.starts_with("document/") {
                // A number is right or wrong only as that of a kind of document.
                field = format!("{field}/{}", typed.choice("document_kind", errors));
            }
            dossier::Command::AskCorrection { field, after, reason: typed.required("reason", errors) }
        }
        Act::RefuseCorrection => Command::RefuseCorrection {
            correction: number("correction", typed, errors)?,
            reason: typed.required("reason", errors),
        },
        _ => Command::ApproveCorrection { correction: number("correction", typed, errors)? },
    })
}

fn number(name: &str, typed: &Typed, errors: &mut Errors) -> Option<i64> {
    let chosen = typed.choice(name, errors);
    if chosen.is_empty() {
        return None;
    }
    let number = chosen.parse().ok();
    if number.is_none() {
        errors.add(name, "unknown");
    }
    number
}
