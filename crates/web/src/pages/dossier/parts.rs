//! Parties, sessions, the agreement with its signatures, and how it is performed.

use yanhe_core::dossier::{Signature, Unsigned, Via, everybody};
use yanhe_store_read::views::paper::PaperView;

use super::super::dossier_forms::case::{Case, yuan};
use super::super::dossier_forms::obligations_table;
use crate::components::{Cell, Column, Deadline, Markup, Moment, Row, SummaryList, Table, Tag, Tone};
use crate::text::{Lang, fill};

/// A heading.
#[derive(askama::Template)]
#[template(source = "<h2>{{ text }}</h2>", ext = "html")]
pub struct Heading {
    /// Its words.
    pub text: String,
}

/// A second heading.
#[derive(askama::Template)]
#[template(source = "<h3>{{ text }}</h3>", ext = "html")]
struct Second {
    text: String,
}

/// Everybody of the case.
pub fn parties(case: &Case) -> Table {
    let (lang, d) = (case.lang, &case.lang.text().dossier);
    let text = |p: &Option<yanhe_core::Personal<String>>| p.as_ref().map_or("—", |p| p.text()).to_owned();
    let rows = everybody(&case.state).map(|(role, p)| {
        let id = p
            .document
            .as_ref()
            .map(|d| d.text().to_owned())
            .or_else(|| p.credit_code.clone())
            .unwrap_or_else(|| "—".into());
        vec![
            Cell::text(p.name.text()).note(role_and_answer(case, role, &p.person)),
            id.into(),
            Cell::text(text(&p.phone)).note(match case.state.by_message(&p.person) {
                Some(true) => d.by_message,
                Some(false) => d.on_paper_only,
                None => "",
            }),
            text(&p.address).into(),
        ]
    });
    let c = &lang.text().common;
    let columns = vec![Column::text(c.name), Column::text(d.identity), Column::text(c.phone), Column::text(c.address)];
    Table::new(lang, d.parties, columns).quiet().rows(rows)
}

/// The role of a party, and on the other side what it answered.
fn role_and_answer(case: &Case, role: &str, person: &yanhe_core::PersonId) -> String {
    let (lang, d, f) = (case.lang, &case.lang.text().dossier, &case.lang.text().dossier_form);
    let said = match case.state.consent_of(person).map(|c| (c.answer, c.answered_on)) {
        _ if case.state.left.iter().any(|left| left.person == *person) => d.has_left,
        _ if case.state.without.contains(person) => d.without,
        None => "",
        Some((None, _)) => d.not_answered,
        Some((Some(true), _)) => f.consents,
        Some((Some(false), Some(_))) => f.consents_not,
        Some((Some(false), None)) => d.was_silent,
    };
    let unchecked = case.state.unchecked().any(|c| c.person == *person);
    let unchecked = if unchecked { d.answer_unchecked } else { "" };
    let parts: Vec<&str> = [lang.name("label", role), said, unchecked].into_iter().filter(|t| !t.is_empty()).collect();
    lang.list(&parts)
}

/// The sessions, each with what was recorded and who signed the record.
pub fn sessions(case: &Case) -> Vec<Markup> {
    let (lang, d) = (case.lang, &case.lang.text().dossier);
    if case.state.sessions.is_empty() {
        return Vec::new();
    }
    let mut out = vec![Markup::of(&Heading { text: d.sessions.into() })];
    for (n, session) in (1..).zip(&case.state.sessions) {
        let title = fill(d.session_n, &[("n", &n.to_string()), ("at", &lang.time(session.at))]);
        out.push(Markup::of(&Second { text: title }));
        let mut list = SummaryList::new().row(lang.name("label", "place"), session.place.text());
        if let Some(sitting) = &session.sitting {
            let present: Vec<String> = sitting.present.iter().map(|p| case.party(p)).collect();
            let result = lang.get(&format!("dossier_form.result_{}", sitting.result)).unwrap_or_default();
            let f = &lang.text().dossier_form;
            list = list.row(d.held, lang.time(sitting.held_at)).row(lang.name("label", "present"), lang.list(&present));
            if sitting.rights_told {
                list = list.row(f.rights, f.rights_told);
            }
            if let Some(wanted) = sitting.recusal {
                list = list.row(d.recusal_asked, if wanted { f.recusal_some } else { f.recusal_none });
            }
            list = list.row(lang.name("label", "statements"), sitting.statements.text());
            if !sitting.undisputed.text().is_empty() {
                list = list.row(f.undisputed, sitting.undisputed.text());
            }
            list = list.row(lang.name("label", "result"), result);
        }
        if let Some(record) = &session.record {
            let name =
                case.pick(case.site.app.pack.paper_name(&record.kind), case.site.app.pack.paper_name_en(&record.kind));
            list = list.row(
                name,
                Cell::link(
                    if record.number.is_empty() { "PDF".to_owned() } else { format!("{} (PDF)", record.number) },
                    format!("/paper/{}", record.id.key()),
                ),
            );
        }
        out.push(Markup::of(&list));
        if session.record.is_some() {
            let mut table = Table::new(lang, d.record_signed, signature_columns(lang));
            for signer in case.state.record_signers(session) {
                let scan = |place| format!("{}/record/{}/scan/{place}", case.href(), n - 1);
                let noted = session.not_signed.iter().find(|noted| noted.signer == signer);
                table.rows.push(match noted.filter(|_| session.signatures.iter().all(|s| s.signer != signer)) {
                    Some(noted) => Row(vec![
                        Cell::text(case.signer(&signer)).note(lang.name("role", "party")),
                        Cell::tag(Tag::new(d.unsigned, Tone::Attention)).note(lang.date(noted.on)),
                        not_signed(lang, noted).into(),
                        "—".into(),
                    ]),
                    None => signed(case, &signer, &session.signatures, scan),
                });
            }
            out.push(Markup::of(&table));
        }
    }
    out
}

/// How a signature was made.
pub fn manner(lang: Lang, manner: &str) -> &'static str {
    let t = &lang.text().dossier_form;
    match manner {
        "hand" => t.by_hand,
        "fingerprint" => t.by_fingerprint,
        "seal" => t.by_seal,
        _ => t.by_code,
    }
}

/// Why somebody has not signed.
pub fn not_signed(lang: Lang, noted: &Unsigned) -> String {
    let t = &lang.text().dossier_form;
    let how = if noted.refused { t.would_not_sign } else { t.could_not_sign };
    lang.list(&[how, noted.reason.text()])
}

/// What was given on paper before the mediation: the signed record of an oral application, slips of those who were asked.
pub fn on_paper(case: &Case) -> Vec<Markup> {
    let (lang, d, state) = (case.lang, &case.lang.text().dossier, &case.state);
    let mut out = Vec::new();
    // What came by the portal needs no signature on paper; where there is one, it stands here too.
    let signed_by_hand = state.via == Via::Oral || !state.application_signatures.is_empty();
    if let Some(code) = state.application_code.as_ref().filter(|_| signed_by_hand) {
        let mut table = Table::new(lang, d.signed_application, signature_columns(lang)).quiet();
        for party in &state.applicants {
            let scan = |place| format!("{}/application/scan/{place}", case.href());
            table.rows.push(signed(case, &format!("party/{}", party.person), &state.application_signatures, scan));
        }
        let printed = SummaryList::new().row(lang.text().dossier_form.check_code, yanhe_app::dashed(code));
        let heading = Heading { text: d.signed_application.into() };
        out.extend([Markup::of(&heading), Markup::of(&printed), Markup::of(&table)]);
    }
    out.extend(slips(case));
    out
}

fn slips(case: &Case) -> Vec<Markup> {
    let (lang, d) = (case.lang, &case.lang.text().dossier);
    let mut table = Table::new(lang, d.signed_slips, signature_columns(lang)).quiet();
    for (n, consent) in case.state.consents.iter().enumerate() {
        let Some(slip) = &consent.slip else { continue };
        let scan = |_| format!("{}/slip/{n}", case.href());
        table.rows.push(signed(case, &slip.signer, std::slice::from_ref(slip), scan));
    }
    match table.rows.is_empty() {
        true => Vec::new(),
        false => vec![Markup::of(&Heading { text: d.signed_slips.into() }), Markup::of(&table)],
    }
}

/// The columns of a table of signatures.
pub fn signature_columns(lang: Lang) -> Vec<Column> {
    let d = &lang.text().dossier;
    vec![
        Column::text(d.signer),
        Column::text(lang.text().common.state),
        Column::text(d.signed_how),
        Column::text("SHA-256"),
    ]
}

/// Who vouches for a signature that was made on paper, and where its original lies; empty for one by code.
fn vouched(lang: Lang, signature: &Signature, attested: &str) -> String {
    let d = &lang.text().dossier;
    let original = signature.original.as_ref().map(|o| fill(d.original_lies, &[("where", o.text())]));
    let attested = Some(attested).filter(|who| !who.is_empty()).map(|who| fill(d.attested_by, &[("who", who)]));
    attested.into_iter().chain(original).collect::<Vec<_>>().join(if lang == Lang::Zh { "；" } else { "; " })
}

/// A signature in a timeline: it is told as that of whoever signed, also where an officer entered it.
pub fn tell_signature(lang: Lang, signer: String, signature: &Signature, attested: &str, moment: &mut Moment) {
    let vouched = vouched(lang, signature, attested);
    moment.who = signer;
    moment.text = match vouched.is_empty() {
        true => manner(lang, &signature.manner).to_owned(),
        false => lang.bracket(manner(lang, &signature.manner), &vouched),
    };
}

/// A row of a table of signatures; `None`: not signed yet.
pub fn signature_row(
    lang: Lang,
    who: String,
    role: &str,
    signature: Option<&Signature>,
    attested: &str,
    scan: Option<String>,
) -> Row {
    let d = &lang.text().dossier;
    let who = Cell::text(who).note(role);
    let Some(s) = signature else {
        return Row(vec![who, Tag::new(d.unsigned, Tone::Attention).into(), "—".into(), "—".into()]);
    };
    let note = vouched(lang, s, attested);
    let how = match scan {
        Some(href) => Cell::link(lang.bracket(manner(lang, &s.manner), d.scan), href),
        None => Cell::text(manner(lang, &s.manner)),
    };
    let hash: String = s.sha256.chars().take(16).collect();
    Row(vec![who, Cell::tag(Tag::new(d.signed, Tone::Good)).note(lang.date(s.on)), how.note(note), hash.into()])
}

/// The row of a signer of a case; `scan` gives where the scan of the n-th signature is read.
fn signed(case: &Case, signer: &str, all: &[Signature], scan: impl Fn(usize) -> String) -> Row {
    let lang = case.lang;
    let found = all.iter().enumerate().find(|(_, s)| s.signer == signer);
    let scan = found.filter(|(_, s)| s.scan.is_some()).map(|(place, _)| scan(place));
    let signature = found.map(|(_, s)| s);
    let attested = signature.and_then(|s| s.attested_by.as_deref()).map_or_else(String::new, |a| case.staff_name(a));
    let role = if signer.starts_with("party/") { lang.name("role", "party") } else { lang.name("role", "mediator") };
    signature_row(lang, case.signer(signer), role, signature, &attested, scan)
}

/// The agreement, or its draft: obligations, signatures, seal, performance. `papers` are those of the case.
pub fn agreement(case: &Case, papers: &[PaperView]) -> Vec<Markup> {
    let (lang, d, state) = (case.lang, &case.lang.text().dossier, &case.state);
    let heading = |text: &str| Markup::of(&Heading { text: text.into() });
    let Some(agreement) = &state.agreement else {
        return match &state.draft {
            Some(draft) => vec![heading(d.draft), Markup::of(&obligations_table(lang, draft, |p| case.party(p)))],
            None => Vec::new(),
        };
    };
    let pack = &case.site.app.pack;
    let paper = &agreement.paper;
    let name = case.pick(pack.paper_name(&paper.kind), pack.paper_name_en(&paper.kind));
    let stored = papers.iter().find(|row| row.stream == paper.id);
    let hash: String = stored.map_or("", |row| row.blob.as_str()).chars().take(16).collect();
    let day = |on: Option<yanhe_core::Date>| on.map_or_else(|| "—".to_owned(), |on| lang.date(on));
    let mut list = SummaryList::new()
        .row(
            name,
            Cell::link(format!("{} (PDF)", paper.number), format!("/paper/{}", paper.id.key()))
                .note(fill(d.signed_text, &[("hash", &hash)])),
        )
        .row(lang.text().dossier_form.check_code, yanhe_app::dashed(&agreement.check_code))
        .row(d.sealed, day(agreement.sealed_on))
        .row(d.effective, day(agreement.effective_on));
    if !agreement.draft.text.text().is_empty() {
        list = list.row(lang.text().dossier_form.other_terms, agreement.draft.text.text());
    }
    if let Some(before) = state.takes_the_place_of() {
        list = list.row(d.replaces, Cell::link(&before.agreement.number, format!("/dossier/{}", before.case.key())));
    }
    if let Some(by) = &agreement.replaced {
        let new = Cell::link(&by.agreement.number, format!("/dossier/{}", by.case.key()));
        list = list.row(d.replaced_by, new.note(lang.date(by.on)));
    }
    if !state.changed_decision.is_empty() {
        list = list.row(d.changed_decision, state.changed_decision.as_str());
    }
    let mut signatures = Table::new(lang, d.signatures, signature_columns(lang));
    for signer in state.signers() {
        let scan = |place| format!("{}/scan/{place}", case.href());
        signatures.rows.push(signed(case, &signer, &agreement.signatures, scan));
    }
    let mut out = vec![
        heading(d.agreement),
        Markup::of(&list),
        Markup::of(&obligations_table(lang, &agreement.draft, |p| case.party(p))),
        Markup::of(&signatures),
    ];
    if agreement.effective_on.is_some() {
        out.push(heading(d.performance));
        out.push(Markup::of(&performance(case)));
    }
    out
}

fn performance(case: &Case) -> Table {
    let (lang, d, state) = (case.lang, &case.lang.text().dossier, &case.state);
    let agreement = state.agreement.as_ref();
    let obligations = agreement.map_or(&[][..], |a| &a.draft.obligations);
    let replaced = agreement.is_some_and(|a| a.replaced.is_some());
    // Lists lead to the one that is due first.
    let outstanding = state.outstanding();
    let next = (1_i64..).zip(obligations).filter(|(n, _)| outstanding.contains(n)).min_by_key(|(_, o)| o.due);
    let next = next.map(|(n, _)| n);
    let rows = (1_i64..).zip(obligations).map(|(n, o)| {
        // A later report stands for the obligation: a breach may still be mended.
        let now = state.performance.iter().rev().find(|p| p.obligation == n);
        let (tag, note) = match now {
            Some(p) if p.performed => {
                (Tag::new(d.performed, Tone::Good), format!("{} {}", lang.date(p.on), p.note.text()))
            }
            Some(p) => (Tag::new(d.breached, Tone::Bad), format!("{} {}", lang.date(p.on), p.note.text())),
            None if replaced => (Tag::new(lang.name("state", "replaced"), Tone::Plain), String::new()),
            None if o.due < case.today => (Tag::new(d.overdue, Tone::Bad), String::new()),
            None => (Tag::new(d.awaited, Tone::Going), String::new()),
        };
        let amount = o.amount.map_or_else(|| "—".to_owned(), yuan);
        let due = Deadline::agreed(lang, o.due, case.today);
        let due = match now {
            Some(p) if p.performed => due.kept(o.due, p.on),
            _ if replaced => due.done(),
            _ => due,
        };
        let due = if next == Some(n) { due.anchored("obligation") } else { due };
        vec![
            n.into(),
            Cell::text(o.what.text()).note(case.party(&o.from)),
            amount.into(),
            Cell::deadline(&due),
            Cell::tag(tag).note(note),
        ]
    });
    let f = &lang.text().dossier_form;
    let columns = vec![
        Column::text("№"),
        Column::text(f.what),
        Column::number(f.amount),
        Column::text(f.due),
        Column::text(lang.text().common.state),
    ];
    Table::new(lang, d.performance, columns).quiet().rows(rows)
}
