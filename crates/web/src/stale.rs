//! What happened since a page was made: the second of two people is told who did what when, and decides anew.

use yanhe_app::AppError;
use yanhe_core::time::county_time;
use yanhe_core::{StreamId, Timestamp, Version};

use crate::components::Errors;
use crate::pages::listing::Officers;
use crate::site::{Fault, Site, form_fault};
use crate::text::{Lang, fill};

/// The version that a form carries. One that cannot be read is older than everything: the form is made anew.
pub fn version(typed: &str) -> Version {
    typed.trim().parse().unwrap_or(-1)
}

/// As [`form_fault`]; of a stream that was changed since, it is told what others did to it.
///
/// # Errors
/// The fault, when it is none of the form; or the database fails.
pub async fn told(site: &Site, errors: &mut Errors, lang: Lang, error: AppError) -> Result<(), Fault> {
    match error {
        AppError::Stale { stream, seen } => {
            errors.say("", since(site, lang, &stream, seen).await?);
            Ok(())
        }
        other => form_fault(errors, lang, other.into()),
    }
}

async fn since(site: &Site, lang: Lang, stream: &StreamId, seen: Version) -> Result<String, Fault> {
    let t = &lang.text().site;
    if seen < 0 {
        return Ok(t.conflict.to_owned());
    }
    let mut officers = Officers::default();
    let mut told = Vec::new();
    for entry in site.app.reader.entries_of(stream, seen).await? {
        let at = lang.time(county_time(Timestamp::from_microsecond(entry.at).unwrap_or_default()));
        let who = officers.name(site, lang, &entry.actor).await?;
        told.push(fill(t.happened, &[("when", &at), ("who", &who), ("what", &event_name(lang, &entry.kind))]));
    }
    Ok(match told.is_empty() {
        true => t.conflict.to_owned(),
        false => fill(t.changed, &[("what", &told.join(t.happened_between))]),
    })
}

/// What an event's type name means to a reader.
pub fn event_name(lang: Lang, kind: &str) -> String {
    let mut key = String::with_capacity(kind.len() + 4);
    for (i, c) in kind.char_indices() {
        if c.is_ascii_uppercase() && i > 0 {
            key.push('_');
        }
        key.push(c.to_ascii_lowercase());
    }
    let named = |area: &str| lang.get(&format!("{area}.{key}"));
    named("dossier_event").or_else(|| named("happened")).map_or_else(|| kind.to_owned(), str::to_owned)
}
