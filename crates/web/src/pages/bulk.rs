//! One act on many things: as few commits as can be, so that numbers follow one another, and an account of what failed
//! and why.

use serde::{Deserialize, Serialize};
use yanhe_app::{AppError, Command, Request, json, sha256};
use yanhe_core::policy::Act;
use yanhe_core::{PaperRef, Reason, Refusal, StreamId, StreamKind};

use super::listing::problem_name;
use crate::site::{Fault, Site, Visitor};
use crate::stale;
use crate::text::{self, Lang, fill};

/// How many things go into one commit.
pub const CHUNK: usize = 50;

/// What came of it, kept for the page that shows it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    /// The act, for the page's words.
    pub act: String,
    /// What was done, also by an earlier press of the same form.
    pub did: Vec<StreamId>,
    /// Papers that were issued.
    pub papers: Vec<PaperRef>,
    /// What failed: the stream, its number, and why.
    pub failed: Vec<(StreamId, String, String)>,
}

impl Summary {
    /// How many were done.
    pub fn done(&self) -> usize {
        self.did.len()
    }

    /// Keeps it for a day under the form's key, for who did it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, site: &Site, visitor: &Visitor, key: &str) -> Result<(), Fault> {
        Ok(site.app.put_aside(&visitor.actor, key, json(self).as_bytes())?)
    }

    /// What was kept.
    ///
    /// # Errors
    /// Not found, also for another's.
    pub fn kept(site: &Site, visitor: &Visitor, key: &str) -> Result<Self, Fault> {
        let stored = site.app.aside(&visitor.actor, key)?.ok_or(AppError::NotFound)?;
        Ok(serde_json::from_slice(&stored).map_err(|_| AppError::NotFound)?)
    }
}

/// Under which name the account of an act is kept that a form was pressed for: one form may be pressed for two acts, when
/// somebody goes back to it.
pub fn account(key: &str, act: Act) -> String {
    if act == Act::DeclineLetter { format!("{key}d") } else { key.to_owned() }
}

/// Carries out commands in commits of up to [`CHUNK`]; where one of a commit is refused, its others go one by one. The
/// same key with the same commands does the same things again, which have their effect once. Pressed again with others,
/// as after going back, what was done by the same form stays done and is not tried again, and the rest is tried anew: the
/// account then says what the form did in all.
///
/// # Errors
/// What is no refusal: the chunks before it are stored, and the same form again goes on.
pub async fn carry_out(
    site: &Site,
    visitor: &Visitor,
    key: &str,
    act: Act,
    mut steps: Vec<(StreamId, Command)>,
) -> Result<Summary, Fault> {
    let before = match Summary::kept(site, visitor, &account(key, act)) {
        Ok(before) => before,
        Err(Fault::App(AppError::NotFound)) => Summary::default(),
        Err(fault) => return Err(fault),
    };
    let mut summary = Summary { act: act.name().to_owned(), failed: Vec::new(), ..before };
    steps.retain(|(stream, _)| !summary.did.contains(stream));
    // Another selection, or another reason, is another request: it is not the first one repeated.
    let content = sha256(json(&steps).as_bytes());
    let key = format!("{key}/{}", &content[..16]);
    for (n, chunk) in steps.chunks(CHUNK).enumerate() {
        let whole = Request::all(&visitor.actor, format!("{key}/{n}"), chunk.to_vec());
        match site.app.handle(whole).await {
            Ok(done) => {
                summary.did.extend(chunk.iter().map(|(stream, _)| stream.clone()));
                summary.papers.extend(done.papers);
                continue;
            }
            Err(AppError::Refused(_) | AppError::Paper(_) | AppError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
        for (stream, command) in chunk {
            let one = Request::one(&visitor.actor, format!("{key}/{n}/{}", stream.key()), stream, command.clone());
            let why = match site.app.handle(one).await {
                Ok(done) => {
                    summary.did.push(stream.clone());
                    summary.papers.extend(done.papers);
                    continue;
                }
                Err(AppError::Refused(refusal)) => told(site, visitor.lang(), stream, &refusal).await?,
                Err(AppError::Paper(error)) => crate::site::paper_fault(visitor.lang(), &error),
                Err(AppError::Conflict(_)) => visitor.lang().text().site.conflict.to_owned(),
                Err(error) => return Err(error.into()),
            };
            summary.failed.push((stream.clone(), number(site, stream).await?, why));
        }
    }
    Ok(summary)
}

/// A refusal in words, and who decided on it before, when somebody did.
async fn told(site: &Site, lang: Lang, stream: &StreamId, refusal: &Refusal) -> Result<String, Fault> {
    let why = refused(lang, refusal);
    let decided = match (stream.kind(), &refusal.reason) {
        (StreamKind::Matter, Reason::NotNow { .. } | Reason::Field { .. } | Reason::Stale) => {
            stale::decided(site, lang, stream).await?
        }
        _ => None,
    };
    Ok(match decided {
        Some(decided) => fill(lang.text().matters.done_before, &[("what", &decided), ("why", &why)]),
        None => why,
    })
}

async fn number(site: &Site, stream: &StreamId) -> Result<String, Fault> {
    let number = match stream.kind() {
        StreamKind::Paper => site.app.reader.paper(stream).await?.map(|row| row.number),
        _ => site.app.reader.matter(stream).await?.map(|row| row.number),
    };
    Ok(number.unwrap_or_default())
}

/// A refusal in words; one at a field says which.
pub fn refused(lang: Lang, refusal: &Refusal) -> String {
    match &refusal.reason {
        // There is no field for it where many things are done at once.
        Reason::Field { field, problem } if field == "reason" && problem == "required" => {
            lang.text().matters.reason_needed.to_owned()
        }
        Reason::Field { field, problem } => problem_name(lang, field, problem),
        _ => text::refusal(lang, refusal),
    }
}
