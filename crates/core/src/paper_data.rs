//! What the templates of papers are given: the shapes of `packs/*/papers/README.md`, built from states.
//!
//! Personal values stay marked as personal; `app` takes the marks off when it renders.

use serde_json::{Value, json};

use crate::PersonId;
use crate::deadline::Deadline;
use crate::dossier::Draft;
use crate::organ::Profile;
use crate::party::Party;
use crate::stream::{Facts, PaperRef};
use crate::time::{Date, DateTime};
use crate::values::{DocumentKind, Money};

/// A body (organ, bureau, court) with the roster's phone and address.
pub fn body(facts: &Facts<'_>, code: &str, profile: Option<&Profile>) -> Value {
    json!({
        "name": facts.pack.body_name(code),
        "phone": profile.map_or("", |p| p.phone.as_str()),
        "address": profile.map_or("", |p| p.address.as_str()),
        "counter": profile.map_or("", |p| p.address.as_str()),
    })
}

/// A limit with its last day; `note` says what the application does to it.
pub fn limit(facts: &Facts<'_>, limit: &Deadline, note: &str) -> Value {
    let mut out = json!({"name": facts.pack.limit_name(&limit.limit), "last_day": limit.last_day.to_string()});
    let provisional = if limit.provisional { "（暂算，待公布节假日安排后复核）" } else { "" };
    if !note.is_empty() || !provisional.is_empty() {
        out["note"] = json!(format!("{note}{provisional}"));
    }
    out
}

/// Somebody by name only.
pub fn named(party: Option<&Party>) -> Value {
    party.map_or(Value::Null, |p| json!({"name": p.name.personal(&p.person)}))
}

/// Everybody on one side by name only, for a sentence. It names people: it belongs to the first of them.
pub fn all_named<'a>(side: impl Iterator<Item = &'a Party>) -> Value {
    let side: Vec<&Party> = side.collect();
    match side.as_slice() {
        [first, _, ..] => {
            let names = side.iter().map(|p| p.name.text()).collect::<Vec<_>>().join("、");
            json!({"name": crate::Personal::new(&first.person, names)})
        }
        one => named(one.first().copied()),
    }
}

/// A party with identity and address, in a role.
pub fn party(party: &Party, role: &str) -> Value {
    let mut out = json!({"role": role, "name": party.name.personal(&party.person)});
    let kind = party.document_kind.as_deref().and_then(|k| DocumentKind::parse(k).ok());
    match (&party.credit_code, &party.document) {
        (Some(code), _) => {
            out["id_kind"] = json!("统一社会信用代码");
            out["id"] = json!(code);
        }
        (None, Some(document)) => {
            out["id_kind"] = json!(kind.unwrap_or(DocumentKind::ResidentId).name_zh());
            out["id"] = json!(document);
        }
        (None, None) => {}
    }
    if let Some(phone) = &party.phone {
        out["phone"] = json!(phone);
    }
    if let Some(address) = &party.address {
        out["address"] = json!(address);
    }
    out
}

/// Parties in one role.
pub fn parties<'a>(all: impl IntoIterator<Item = &'a Party>, role: &str) -> Vec<Value> {
    all.into_iter().map(|p| party(p, role)).collect()
}

/// The obligations as the numbered table of an agreement.
pub fn obligations(draft: &Draft, everybody: &[Party]) -> Vec<Value> {
    let name = |person: &PersonId| {
        let found = everybody.iter().find(|p| p.person == *person);
        found.map_or(Value::Null, |p| json!(p.name.personal(&p.person)))
    };
    draft
        .obligations
        .iter()
        .map(|o| {
            let mut out = json!({
                "who": name(&o.from), "whom": name(&o.to), "what": o.what, "due": o.due.to_string(), "how": o.how,
            });
            if let Some(money) = o.amount.and_then(|fen| Money::from_fen(fen).ok()) {
                out["amount"] = json!(money.to_string());
                out["capital"] = json!(money.capital());
            }
            out
        })
        .collect()
}

/// A time to the minute, as templates read it.
pub fn minute(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A paper by name, number and date.
pub fn reference(facts: &Facts<'_>, paper: &PaperRef, date: Date) -> Value {
    json!({"name": facts.pack.paper_name(&paper.kind), "number": paper.number, "date": date.to_string()})
}

/// The manner of service as the proof writes it (CPL 87-95).
pub fn manner(manner: &str) -> &'static str {
    match manner {
        "direct" => "直接送达",
        "left" => "留置送达",
        "post" => "邮寄送达",
        "electronic" => "电子送达",
        "agent" => "转交送达",
        _ => "公告送达",
    }
}
