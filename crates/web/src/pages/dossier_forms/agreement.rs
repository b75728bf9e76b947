//! The draft of the agreement: obligations in rows, which are added and taken away by buttons of the form, so that it
//! works without script; sums and capital numerals on demand.

use askama::Template;
use yanhe_core::agreement::{Clause, Finding, Severity, Written};
use yanhe_core::dossier::{self, Command, Draft, Obligation};
use yanhe_core::values::{Money, ValueError};
use yanhe_core::{PersonId, Personal};

use super::case::{Case, capital, yuan};
use super::page::{Draw, Form};
use super::typed::Typed;
use crate::components::{
    Button, Cell, Choice, Column, ColumnKind, Errors, Field, Markup, Notice, NoticeKind, Table, Tag, Tone, Width,
};
use crate::text::{Lang, fill};

/// Parts of an obligation's row.
const PARTS: [&str; 6] = ["from", "to", "what", "amount", "due", "how"];
/// More rows than any agreement needs; a bound for what a request can ask for.
const MOST: usize = 60;

/// A row's field.
fn name(n: usize, part: &str) -> String {
    format!("obligations/{n}/{part}")
}

/// How many rows were typed.
fn rows(typed: &Typed) -> usize {
    (1..=MOST).rev().find(|n| PARTS.iter().any(|part| typed.has(&name(*n, part)))).unwrap_or(0)
}

/// Rows in which anything was typed.
fn filled(typed: &Typed) -> Vec<usize> {
    (1..=rows(typed)).filter(|n| PARTS.iter().any(|part| !typed.get(&name(*n, part)).trim().is_empty())).collect()
}

/// What is filled in when the form is first shown: the draft as it stands, or one empty row.
pub fn fresh(case: &Case, typed: &mut Typed) {
    let Some(draft) = &case.state.draft else {
        if let Some(sitting) = case.state.sessions.iter().rev().find_map(|s| s.sitting.as_ref()) {
            typed.set("facts", sitting.undisputed.text());
        }
        // The commonest agreement: the other side does something for the applicant.
        if let (Some(from), Some(to)) = (case.state.respondents.first(), case.state.applicants.first()) {
            typed.set(&name(1, "from"), from.person.0.clone());
            typed.set(&name(1, "to"), to.person.0.clone());
        }
        return;
    };
    typed.set("facts", draft.facts.text());
    typed.set("text", draft.text.text());
    for (n, o) in (1..).zip(&draft.obligations) {
        let amount = o.amount.map_or_else(String::new, yuan);
        let values = [&o.from.0, &o.to.0, o.what.text(), &amount, &o.due.to_string(), o.how.text()];
        for (part, value) in PARTS.iter().zip(values) {
            typed.set(&name(n, part), value);
        }
    }
}

/// Adds an empty row, or takes one away and moves those below it up. `false`: the button asked for neither.
pub fn rearrange(typed: &mut Typed) -> bool {
    let pressed = typed.get("do").to_owned();
    let count = rows(typed);
    if pressed == "add" {
        for part in PARTS {
            typed.set(&name((count + 1).min(MOST), part), "");
        }
        return true;
    }
    let Some(gone) = pressed.strip_prefix("remove/").and_then(|n| n.parse::<usize>().ok()) else { return false };
    let kept: Vec<[String; 6]> =
        (1..=count).filter(|n| *n != gone).map(|n| PARTS.map(|part| typed.get(&name(n, part)).to_owned())).collect();
    typed.drop_under("obligations/");
    for (n, values) in (1..).zip(kept) {
        for (part, value) in PARTS.iter().zip(values) {
            typed.set(&name(n, part), value);
        }
    }
    true
}

#[derive(Template)]
#[template(path = "pages/dossier_forms/obligation.html")]
struct Row {
    title: String,
    parts: Vec<Markup>,
    words: String,
    remove: Option<Button>,
}

#[derive(Template)]
#[template(source = r#"<p class="actions">{{ button }}</p>"#, ext = "html")]
struct Add {
    button: Button,
}

/// The form.
pub fn form(case: &Case, draw: &Draw<'_>) -> Form {
    let (lang, t) = (case.lang, &case.lang.text().dossier_form);
    let count = rows(draw.typed).max(1);
    let mut parts = vec![draw.field(Field::textarea(lang, "facts", t.facts).hint(t.facts_hint))];
    if let Some(error) = draw.errors.at("obligations") {
        parts.push(Markup::of(&Notice::new(lang, NoticeKind::Bad, error)));
    }
    for n in 1..=count {
        parts.push(row(case, draw, n, count));
    }
    parts.push(Markup::of(&Add { button: Button::secondary(t.add).sends("do", "add") }));
    parts.push(sums(lang, draw.typed));
    parts.push(draw.field(Field::textarea(lang, "text", t.other_terms).hint(t.other_terms_hint).optional()));
    let form = Form::of(parts)
        .says(lang, t.draft)
        .beside(typed_check(case, draw.typed))
        .button(Button::primary(t.save_draft).sends("do", "save"))
        .button(Button::secondary(t.check).sends("do", "preview"));
    // What was agreed by people who were not told what they may refuse is easily attacked.
    let sitting = case.state.sessions.iter().rev().find_map(|session| session.sitting.as_ref());
    let untold = sitting.is_some_and(|sitting| !sitting.rights_told || sitting.recusal.is_none());
    let form = if untold { form.warns(lang, t.untold) } else { form };
    // Whoever has no script reads at the head of the page where what they asked for is.
    match draw.typed.get("do") {
        "preview" => form.lead(Markup::of(&Checked { said: t.checked })),
        _ => form,
    }
}

#[derive(Template)]
#[template(source = r##"<p><a href="#check">{{ said }}</a></p>"##, ext = "html")]
struct Checked {
    said: &'static str,
}

fn row(case: &Case, draw: &Draw<'_>, n: usize, count: usize) -> Markup {
    let (lang, t) = (case.lang, &case.lang.text().dossier_form);
    let sides = || case.sides().into_iter().map(|(person, name)| Choice::new(person, name)).collect::<Vec<_>>();
    let fen = Money::from_yuan(draw.typed.get(&name(n, "amount"))).ok().map(i64::from);
    Markup::of(&Row {
        title: fill(t.obligation_n, &[("n", &n.to_string())]),
        parts: vec![
            draw.select(&name(n, "from"), t.from, sides()),
            draw.select(&name(n, "to"), t.to, sides()),
            draw.text(&name(n, "what"), t.what),
            draw.field(
                Field::text(lang, name(n, "amount"), t.amount)
                    .hint(t.amount_hint)
                    .optional()
                    .inputmode("decimal")
                    .width(Width::Medium),
            ),
            draw.date(&name(n, "due"), t.due),
            draw.text(&name(n, "how"), t.how),
        ],
        words: fen.map_or_else(String::new, |fen| format!("{}{}", t.capital, capital(fen))),
        remove: (count > 1).then(|| {
            let n = n.to_string();
            Button::secondary(fill(t.remove_n, &[("n", &n)])).sends("do", format!("remove/{n}"))
        }),
    })
}

/// The sums of all payments, as they stand in the form.
fn sums(lang: Lang, typed: &Typed) -> Markup {
    let t = &lang.text().dossier_form;
    let amounts = (1..=rows(typed)).filter_map(|n| Money::from_yuan(typed.get(&name(n, "amount"))).ok());
    let total = amounts.map(i64::from).fold(0_i64, i64::saturating_add);
    if total == 0 {
        return Markup::default();
    }
    let text = fill(t.sum, &[("sum", &yuan(total)), ("words", &capital(total))]);
    Markup::of(&Notice::new(lang, NoticeKind::Info, text).title(lang.text().common.total))
}

/// The command that the form asks for. Rows in which nothing was typed are left out only at the end, so that the
/// numbers of the others stay what the reader saw.
pub fn command(case: &Case, typed: &Typed, errors: &mut Errors) -> Option<Command> {
    let of = &case.state.claims.of;
    let facts = typed.required("facts", errors);
    let filled = filled(typed);
    let last = filled.last().copied().unwrap_or(0);
    let mut obligations = Vec::new();
    for n in 1..=last {
        obligations.extend(obligation(case.lang, of, n, typed, errors));
    }
    if last == 0 {
        errors.add("obligations", "required");
    }
    let draft = Draft {
        facts: Personal::new(of, facts),
        obligations,
        text: Personal::new(of, typed.get("text").trim().to_owned()),
    };
    errors.is_empty().then_some(Command::DraftAgreement { draft })
}

fn obligation(lang: Lang, of: &PersonId, n: usize, typed: &Typed, errors: &mut Errors) -> Option<Obligation> {
    let from = typed.choice(&name(n, "from"), errors);
    let to = typed.choice(&name(n, "to"), errors);
    if !to.is_empty() && from == to {
        errors.say(&name(n, "to"), lang.text().dossier_form.same_party);
    }
    let what = typed.required(&name(n, "what"), errors);
    let amount = match Money::from_yuan(typed.get(&name(n, "amount"))) {
        Ok(money) => Some(i64::from(money)),
        Err(ValueError::Empty) => None,
        Err(_) => {
            errors.add(&name(n, "amount"), "not_an_amount");
            None
        }
    };
    if amount == Some(0) {
        errors.add(&name(n, "amount"), "positive");
    }
    let due = typed.date(&name(n, "due"), errors);
    let how = typed.required(&name(n, "how"), errors);
    Some(Obligation {
        from: PersonId(from),
        to: PersonId(to),
        what: Personal::new(of, what),
        amount,
        due: due?,
        how: Personal::new(of, how),
    })
}

/// The obligations as a table, with sums in figures and in capital numerals.
pub fn table(lang: Lang, draft: &Draft, party: impl Fn(&PersonId) -> String) -> Table {
    let t = &lang.text().dossier_form;
    let columns = vec![
        Column::text("№"),
        Column::text(t.from),
        Column::text(t.to),
        Column::text(t.what),
        Column { label: t.amount.into(), kind: ColumnKind::Number },
        Column::text(t.due),
        Column::text(t.how),
    ];
    let rows = (1_i64..).zip(&draft.obligations).map(|(n, o)| {
        let amount = o.amount.map_or_else(|| Cell::text("—"), |fen| Cell::text(yuan(fen)).note(capital(fen)));
        vec![
            n.into(),
            party(&o.from).into(),
            party(&o.to).into(),
            o.what.text().into(),
            amount,
            lang.date(o.due).into(),
            o.how.text().into(),
        ]
    });
    Table::new(lang, t.obligations, columns).rows(rows)
}

/// The whole draft to be read before it is issued.
pub fn preview(case: &Case, draft: &Draft) -> Vec<Markup> {
    let (lang, t) = (case.lang, &case.lang.text().dossier_form);
    let total = draft.obligations.iter().filter_map(|o| o.amount).fold(0_i64, i64::saturating_add);
    let prose = |title: &str, text: &str| {
        let notice = Notice::new(lang, NoticeKind::Info, text).title(title);
        Markup::of(&notice)
    };
    let mut parts = vec![prose(t.facts, draft.facts.text()), Markup::of(&table(lang, draft, |p| case.party(p)))];
    if total > 0 {
        parts.push(prose(lang.text().common.total, &fill(t.sum, &[("sum", &yuan(total)), ("words", &capital(total))])));
    }
    if !draft.text.text().is_empty() {
        parts.push(prose(t.other_terms, draft.text.text()));
    }
    parts.push(check(case, draft.clauses(|person| case.party(person))));
    parts
}

/// The clauses as they are being typed, each with the number of its row. One in which only the sides are chosen, as they
/// are when the form is opened, is not looked at yet.
fn clauses(case: &Case, typed: &Typed) -> Vec<Clause> {
    let written = |n: usize, part: &str| Some(typed.get(&name(n, part)).trim()).filter(|text| !text.is_empty());
    let clause = |n: usize| {
        if !["what", "amount", "due", "how"].iter().any(|part| written(n, part).is_some()) {
            return Clause::default();
        }
        let side = |part| written(n, part).map(|person| case.party(&PersonId(person.to_owned())));
        let text = |part| written(n, part).map(str::to_owned);
        Clause {
            from: side("from"),
            to: side("to"),
            what: text("what"),
            amount: text("amount").map(Written::Text),
            due: text("due"),
            manner: text("how"),
            ..Clause::default()
        }
    };
    let last = filled(typed).last().copied().unwrap_or(0);
    (1..=last).map(clause).chain(dossier::free(typed.get("text"))).collect()
}

struct Found {
    clause: String,
    weight: Tag,
    reason: String,
    suggestion: String,
}

#[derive(Template)]
#[template(path = "pages/dossier_forms/check.html")]
struct Check {
    title: &'static str,
    said: String,
    found: Vec<Found>,
}

/// What the check of an agreement finds in what is typed, beside the form.
pub fn typed_check(case: &Case, typed: &Typed) -> Markup {
    check(case, clauses(case, typed))
}

/// What the check of an agreement finds in these clauses.
fn check(case: &Case, clauses: Vec<Clause>) -> Markup {
    let (lang, t) = (case.lang, &case.lang.text().dossier_form);
    let mut findings = dossier::findings(&case.state, clauses, &case.site.app.pack, case.today);
    // What stops it comes first.
    findings.sort_by_key(|finding| finding.severity != Severity::Block);
    let stops = findings.iter().filter(|finding| finding.severity == Severity::Block).count();
    let counts = [("n", &*findings.len().to_string()), ("stops", &*stops.to_string())];
    let said = match (findings.len(), stops) {
        (0, _) => t.found_nothing.to_owned(),
        (_, 0) => fill(t.found_weigh, &counts),
        _ => fill(t.found_stops, &counts),
    };
    let found = |finding: &Finding| {
        let [reason, suggestion] = match lang {
            Lang::Zh => [finding.reason_zh(), finding.suggestion_zh()],
            Lang::En => [finding.reason_en(), finding.suggestion_en()],
        };
        let clause = finding.clause.map_or_else(|| t.whole.to_owned(), |n| fill(t.clause_n, &[("n", &n.to_string())]));
        let weight = match finding.severity {
            Severity::Block => Tag::new(t.finding_block, Tone::Bad),
            Severity::Warn => Tag::new(t.finding_warn, Tone::Attention),
        };
        Found { clause, weight, reason, suggestion }
    };
    Markup::of(&Check { title: t.findings, said, found: findings.iter().map(found).collect() })
}
