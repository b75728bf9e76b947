//! What an event of a matter says, in a sentence of its history.

use yanhe_core::matter::{self, Registered};
use yanhe_core::values::Phone;

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

/// A phone with its middle hidden.
pub fn masked_phone(text: &str) -> String {
    Phone::parse(text).map_or_else(|_| text.to_owned(), |phone| phone.masked())
}

/// What a later export changed: each value as it was and as it is, a phone hidden as beside it.
pub fn updated(lang: Lang, before: Option<&Registered>, after: &Registered, sees: bool) -> String {
    let (t, f) = (&lang.text().matter, &lang.text().dossier_form);
    let told = |m: &Registered| {
        let [phone, address] = m.caller_at();
        [
            m.status.clone(),
            m.own_due_on.map_or_else(String::new, |on| lang.date(on)),
            phone.map_or_else(String::new, |phone| masked_phone(phone.text())),
            address.map_or_else(String::new, |address| address.text().to_owned()),
        ]
    };
    let Some(before) = before else { return after.status.clone() };
    let number = |m: &Registered| m.caller_at()[0].map(|phone| phone.text().to_owned());
    let labels = [t.status, t.own_due, t.entitled_phone, t.entitled_address];
    let changes =
        labels.iter().zip(told(before)).zip(told(after)).enumerate().filter_map(|(n, ((label, old), new))| {
            // Two phones may look the same with their middle hidden.
            let same = if n == 2 { number(before) == number(after) } else { old == new };
            let shown = |text: String| if text.is_empty() { "—".to_owned() } else { text };
            match (same, n < 2 || sees) {
                (true, _) => None,
                (false, true) => {
                    let change = fill(f.change, &[("before", &shown(old)), ("after", &shown(new))]);
                    Some(format!("{label}{}{change}", lang.text().part.colon))
                }
                (false, false) => Some(format!("{label}{}{}", lang.text().part.colon, t.hidden)),
            }
        });
    changes.collect::<Vec<_>>().join(match lang {
        Lang::Zh => "；",
        Lang::En => "; ",
    })
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
