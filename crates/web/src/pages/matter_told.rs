//! What an event of a matter says, in a sentence of its history.

use yanhe_core::matter;

use crate::text::{Lang, fill};

/// What was done before a decision, in a sentence.
pub fn heard(lang: Lang, hearing: &matter::Hearing, sees: bool) -> String {
    let t = &lang.text().matter;
    let told = hearing.told_on.map_or_else(String::new, |on| fill(t.was_told, &[("date", &lang.date(on))]));
    let said = match hearing.said.as_str() {
        "waived" => t.said_waived.to_owned(),
        "stated" if sees => format!("{}：{}", t.said_stated, hearing.statement.text()),
        "stated" => t.said_stated.to_owned(),
        _ => t.said_nothing.to_owned(),
    };
    format!("{told} {said}")
}

/// What was proposed anew when somebody became known, with the reason that decided.
pub fn proposed_anew(lang: Lang, proposed: Option<&matter::Proposed>, sees: bool) -> String {
    let t = &lang.text().matter;
    let Some(anew) = proposed else { return String::new() };
    let (says, because) = match &anew.harmed {
        Some(harmed) if !anew.proposal.send && harmed.proposal.send => (t.proposal_send, &harmed.because),
        _ if anew.proposal.send => (t.proposal_send, &anew.because),
        _ => (t.proposal_none, &anew.because),
    };
    let why = because.open().and_then(|b| b.first()).filter(|_| sees).map_or("", |b| match lang {
        Lang::Zh => b.text_zh.as_str(),
        Lang::En => b.text_en.as_deref().unwrap_or(&b.text_zh),
    });
    fill(t.proposed_anew, &[("what", says), ("why", why)])
}
