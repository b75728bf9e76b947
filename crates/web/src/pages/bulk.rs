//! One act on many things: as few commits as can be, so that numbers follow one another, and an account of what failed
//! and why.

use serde::{Deserialize, Serialize};
use yanhe_app::{AppError, Command, Request};
use yanhe_core::{PaperRef, Reason, Refusal, StreamId, StreamKind};

use super::listing::problem_name;
use crate::site::{Fault, Site, Visitor};
use crate::text::{self, Lang};

/// How many things go into one commit.
pub const CHUNK: usize = 50;

/// What came of it, kept for the page that shows it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    /// The act, for the page's words.
    pub act: String,
    /// How many were done.
    pub done: usize,
    /// Papers that were issued.
    pub papers: Vec<PaperRef>,
    /// What failed: the stream, its number, and why.
    pub failed: Vec<(StreamId, String, String)>,
}

impl Summary {
    /// Keeps it for a day under the form's key, for who did it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, site: &Site, visitor: &Visitor, key: &str) -> Result<(), Fault> {
        Ok(site.app.put_aside(&visitor.actor, key, &serde_json::to_vec(self).unwrap_or_default())?)
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

/// Carries out commands in commits of up to [`CHUNK`]; where one of a commit is refused, its others go one by one. The
/// same key with the same commands does the same things again, which have their effect once.
///
/// # Errors
/// What is no refusal: the chunks before it are stored, and the same form again goes on.
pub async fn carry_out(
    site: &Site,
    visitor: &Visitor,
    key: &str,
    act: &str,
    steps: Vec<(StreamId, Command)>,
) -> Result<Summary, Fault> {
    let mut summary = Summary { act: act.to_owned(), ..Summary::default() };
    for (n, chunk) in steps.chunks(CHUNK).enumerate() {
        let whole = Request::all(&visitor.actor, format!("{key}/{n}"), chunk.to_vec());
        match site.app.handle(whole).await {
            Ok(done) => {
                summary.done += chunk.len();
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
                    summary.done += 1;
                    summary.papers.extend(done.papers);
                    continue;
                }
                Err(AppError::Refused(refusal)) => refused(visitor.lang(), &refusal),
                Err(AppError::Paper(error)) => crate::site::paper_fault(visitor.lang(), &error),
                Err(AppError::Conflict(_)) => visitor.lang().text().site.conflict.to_owned(),
                Err(error) => return Err(error.into()),
            };
            summary.failed.push((stream.clone(), number(site, stream).await?, why));
        }
    }
    Ok(summary)
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
        Reason::Field { field, problem } => problem_name(lang, field, problem),
        _ => text::refusal(lang, refusal),
    }
}
