//! What happened since a page was made: the second of two people is told who did what when, and decides anew.

use yanhe_app::AppError;
use yanhe_core::matter::{Matter, Standing};
use yanhe_core::policy::Act;
use yanhe_core::time::county_time;
use yanhe_core::{StreamId, Timestamp, Version};
use yanhe_store_read::views::journal::EntryView;

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
        told.push(happened(site, lang, &mut officers, &entry).await?);
    }
    Ok(match told.is_empty() {
        true => t.conflict.to_owned(),
        false => fill(t.changed, &[("what", &told.join(t.happened_between))]),
    })
}

async fn happened(site: &Site, lang: Lang, officers: &mut Officers, entry: &EntryView) -> Result<String, Fault> {
    let at = lang.time(county_time(Timestamp::from_microsecond(entry.at).unwrap_or_default()));
    let who = officers.name(site, lang, &entry.actor).await?;
    let what = event_name(lang, &entry.kind);
    Ok(fill(lang.text().site.happened, &[("when", &at), ("who", &who), ("what", &what)]))
}

/// The events by which somebody decides on the letters of a matter.
const DECISIONS: [&str; 3] = ["LettersIssued", "LetterDeclined", "MatterWithdrawn"];

/// Who last decided on the letters of a matter, when, how, and (where it was declined) why; `None` while nobody has. For
/// whoever may read the matter.
///
/// # Errors
/// When the database fails.
pub async fn decided(site: &Site, lang: Lang, stream: &StreamId) -> Result<Option<String>, Fault> {
    let entries = site.app.reader.entries_of(stream, 0).await?;
    let Some(entry) = entries.iter().rev().find(|entry| DECISIONS.contains(&entry.kind.as_str())) else {
        return Ok(None);
    };
    let said = happened(site, lang, &mut Officers::default(), entry).await?;
    let state = site.app.state::<Matter>(stream).await?.filter(|state| state.standing == Standing::Declined);
    let reason = state.and_then(|state| state.reason.open().cloned()).filter(|reason| !reason.is_empty());
    Ok(Some(match reason {
        Some(reason) => fill(lang.text().site.happened_because, &[("what", &said), ("reason", &reason)]),
        None => said,
    }))
}

/// What takes the agreement away that was to be signed or sealed.
const WITHDRAWN: &str = "AgreementWithdrawn";

/// The events that an act of a case leaves behind, for acts that are done once, and what makes it needless.
const fn events_of(act: Act) -> &'static [&'static str] {
    match act {
        Act::AskConsent => &["ConsentAsked"],
        Act::RecordAgain => &["RecordMadeAgain"],
        Act::NoticeAgain => &["EndNoticeMadeAgain"],
        Act::AnswerConsent => &["ConsentAnswered", "ConsentLapsed"],
        Act::AcceptApplication | Act::RefuseApplication => &["ApplicationAccepted", "ApplicationRefused"],
        Act::WithdrawApplication => &["ApplicationWithdrawn"],
        Act::NameMediator | Act::ReplaceMediator => &["MediatorNamed"],
        Act::DeclareConflict => &["NoConflictDeclared", "ConflictDeclared"],
        Act::CallSession => &["SessionCalled"],
        Act::MoveSession => &["SessionMoved"],
        Act::CallOffSession => &["SessionCalledOff"],
        Act::RecordMissed => &["SessionMissed"],
        Act::DecideRecusal => &["RecusalDecided"],
        Act::AttestApplication => &["ApplicationSigned"],
        Act::AttestRecord => &["RecordSigned"],
        Act::SignAgreement | Act::AttestSignature => &["AgreementSigned", WITHDRAWN],
        Act::SealAgreement => &["AgreementSealed", WITHDRAWN],
        Act::RecordChangedDecision => &["DecisionChanged"],
        Act::EndMediation => &["MediationEnded"],
        Act::CloseDossier => &["DossierClosed"],
        Act::DraftConfirmation => &["ConfirmationDrafted"],
        _ => &[],
    }
}

/// That this act of a case is not to be done any more, by whom it was done or made needless, and when; `None` while nobody
/// did either, or where it is done again and again.
///
/// # Errors
/// When the database fails.
pub async fn done(site: &Site, lang: Lang, stream: &StreamId, act: Act) -> Result<Option<String>, Fault> {
    let entries = site.app.reader.entries_of(stream, 0).await?;
    match entries.iter().rev().find(|entry| events_of(act).contains(&entry.kind.as_str())) {
        Some(entry) => {
            let t = &lang.text().site;
            let text = if entry.kind == WITHDRAWN { t.withdrawn_before } else { t.done_before };
            let what = happened(site, lang, &mut Officers::default(), entry).await?;
            Ok(Some(fill(text, &[("what", &what)])))
        }
        None => Ok(None),
    }
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The names of all kinds of events, as the streams declare them.
    fn kinds(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).expect("the sources of the streams") {
            let path = entry.expect("a file").path();
            if path.is_dir() {
                found.extend(kinds(&path));
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("a text");
            let Some((_, after)) = source.split_once("pub enum Event {\n") else { continue };
            let (body, _) = after.split_once("\n}").expect("the end of the type");
            // A variant stands four spaces in, its fields further.
            let variants = body.lines().filter_map(|line| line.strip_prefix("    "));
            let variants = variants.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
            found.extend(
                variants.map(|line| line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("").to_owned()),
            );
        }
        found
    }

    #[test]
    fn every_kind_of_event_has_a_text_in_both_languages() {
        let kinds = kinds(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src"));
        assert!(kinds.len() > 70 && kinds.iter().any(|kind| kind == "PresidingCertified"), "{kinds:?}");
        for kind in &kinds {
            for lang in Lang::ALL {
                assert_ne!(&event_name(lang, kind), kind, "{kind} has no text in {}", lang.code());
            }
        }
    }
}
