//! Which sort of dispute it is: the entry of the catalogue most of whose words are found.

use super::super::Kind;
use super::super::catalogue::{Catalogue, Entry};
use super::super::pattern::{Pattern, Span};
use super::Reading;

/// An entry that was recognised, with the words that show it.
pub(super) struct Recognised<'a> {
    pub(super) entry: &'a Entry,
    pub(super) full: bool,
    /// None where no words name it, but the organ alone.
    pub(super) span: Option<Span>,
}

impl Recognised<'_> {
    pub(super) fn points(&self, catalogue: &Catalogue) -> i64 {
        if self.full { catalogue.points.entry_full } else { catalogue.points.entry_part }
    }
}

/// What two words count.
const TWO: i64 = 4;

/// How well an entry fits, the best last: whose organ has the matter knows it by its own sort of disputes, and another
/// organ's is meant only where the words leave no doubt.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Unnamed,
    OthersObjects,
    OwnInPart,
    Others,
    Own,
}

impl Reading<'_> {
    /// The entry that fits best, and of several most of whose words are found; words in a firm's name count little.
    pub(super) fn entry<'c>(&self, catalogue: &'c Catalogue, asked: impl Fn(&Entry) -> bool) -> Option<Recognised<'c>> {
        let mut best: Option<((Fit, i64), Recognised<'c>)> = None;
        for entry in catalogue.entries.iter().filter(|entry| asked(entry) && self.in_field(entry)) {
            let (objects, first_object) = self.count(&entry.objects);
            let (acts, first_act) = self.count(&entry.acts);
            // What the dispute is about shows its sort, also where what was done is of every sort.
            let Some(span) = first_object.or(first_act) else { continue };
            let (full, score) = (objects > 0 && acts > 0, objects.min(6) + acts.min(6));
            let own = catalogue.is_own(entry, &self.matter.organ_name);
            let fit = match (own, full) {
                (true, _) if full || objects >= TWO => Fit::Own,
                (false, true) if objects > 1 => Fit::Others,
                (true, _) if objects > 0 || acts >= TWO || !entry.field.is_empty() => Fit::OwnInPart,
                (false, _) if objects >= TWO && !entry.organs.is_empty() => Fit::OthersObjects,
                _ => Fit::Unnamed,
            };
            let rank = (fit, score);
            if score >= 2 && best.as_ref().is_none_or(|(held, _)| rank > *held) {
                best = Some((rank, Recognised { entry, full, span: Some(span) }));
            }
        }
        let ((fit, _), mut best) = best?;
        if fit == Fit::Unnamed && best.entry.kind == Kind::Civil {
            // A sum that is not paid or a thing that broke is of every sort: it names none.
            best = Recognised { entry: catalogue.unnamed(&self.matter.organ_name)?, full: false, span: None };
        }
        Some(best)
    }

    /// Is the entry's own field spoken of, where it is taken on words of its field alone?
    fn in_field(&self, entry: &Entry) -> bool {
        entry.field.is_empty() || entry.field.iter().any(|p| !p.places(&self.text, &self.rest).is_empty())
    }

    fn count(&self, patterns: &[Pattern]) -> (i64, Option<Span>) {
        let mut seen: Vec<(String, bool)> = Vec::new();
        let mut first: Option<Span> = None;
        for span in patterns.iter().flat_map(|p| p.places(&self.text, &self.found)) {
            let quote = self.text.quote(span.start, span.end);
            let in_name = self.named(span);
            if seen.iter().any(|(q, n)| *q == quote && *n <= in_name) {
                continue;
            }
            seen.push((quote, in_name));
            if !in_name && first.is_none_or(|f| span.start < f.start) {
                first = Some(span);
            }
        }
        (seen.iter().map(|(_, in_name)| if *in_name { 1 } else { 2 }).sum(), first)
    }
}
