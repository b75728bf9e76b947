//! What the templates of papers are given: the shapes of `packs/*/papers/README.md`, built from states.
//!
//! Personal values stay marked as personal; `app` takes the marks off when it renders.

use serde_json::{Value, json};

use crate::deadline::Deadline;
use crate::dossier::{Draft, Identity};
use crate::organ::Profile;
use crate::party::Party;
use crate::stream::{Facts, PaperRef};
use crate::time::{Date, DateTime};
use crate::values::{DocumentKind, Money};
use crate::{PersonId, Personal};

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
            json!({"name": Personal::new(&first.person, names)})
        }
        one => named(one.first().copied()),
    }
}

/// A party with identity and address, in a role.
pub fn party(party: &Party, role: &str) -> Value {
    let sign = format!("party/{}", party.person);
    let mut out = json!({"role": role, "name": party.name.personal(&party.person), "sign": sign});
    match (&party.credit_code, &party.document) {
        (Some(code), _) => {
            out["id_kind"] = json!("统一社会信用代码");
            out["id"] = json!(code);
        }
        (None, Some(document)) => {
            out["id_kind"] = json!(party.document_kind().map_or("证件号码", DocumentKind::name_zh));
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

/// A party who took part in a session, a firm or an organ by who acts for it. What nobody checked is not said to be
/// checked.
pub fn present(
    party: &Party,
    role: &str,
    identity: Option<&Identity>,
    officer: Option<(&Personal<String>, &str)>,
) -> Value {
    let mut out =
        json!({"name": party.name.personal(&party.person), "role": role, "sign": format!("party/{}", party.person)});
    if identity.is_some() {
        let kind = if party.is_firm() {
            "营业执照"
        } else {
            party.document_kind().map_or("证件", DocumentKind::name_zh)
        };
        out["identity"] = json!(format!("{kind}，已核对"));
    }
    let seen = identity.and_then(|i| i.representative.as_ref().map(|name| (name, i.post.as_str())));
    // Whom the organ sent is known to it.
    if officer.is_some() {
        out["identity"] = json!("本机关工作人员");
    }
    if let Some((name, post)) = officer.or(seen) {
        out["representative"] = json!(name);
        out["post"] = json!(post);
    }
    out
}

/// Parties in one role, each with who acts for it as an officer saw it.
pub fn parties_seen<'a>(all: impl IntoIterator<Item = &'a Party>, role: &str, seen: &[Identity]) -> Vec<Value> {
    let one = |p: &Party| {
        let mut out = party(p, role);
        let identity = seen.iter().find(|i| i.person == p.person);
        if let Some((representative, identity)) = identity.and_then(|i| i.representative.as_ref().map(|r| (r, i))) {
            out["representative"] = json!(representative);
            out["post"] = json!(identity.post);
        }
        out
    };
    all.into_iter().map(one).collect()
}

/// What was seen of a party, by whom and when, for the proof of identities.
pub fn seen(p: &Party, role: &str, identity: Option<&Identity>) -> Value {
    let mut out = parties_seen([p], role, identity.map_or(&[], std::slice::from_ref)).remove(0);
    if let Some(identity) = identity {
        out["checked_by"] = json!(identity.by_name);
        out["checked_on"] = json!(identity.on.to_string());
    }
    out
}

/// Parties in one role.
pub fn parties<'a>(all: impl IntoIterator<Item = &'a Party>, role: &str) -> Vec<Value> {
    all.into_iter().map(|p| party(p, role)).collect()
}

/// The other side of an application, which is the applicant's own paper. What the organ knows of a human being from its
/// `file` is not for the applicant to read: they are named.
pub fn opponents(all: &[Party], file: bool) -> Vec<Value> {
    let one = |p: &Party| match file && !p.is_firm() {
        true => json!({"role": "被申请人", "name": p.name.personal(&p.person)}),
        false => party(p, "被申请人"),
    };
    all.iter().map(one).collect()
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

/// A day as papers write it.
pub fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
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
        "agent" => "委托送达",
        "forwarded" => "转交送达",
        _ => "公告送达",
    }
}
