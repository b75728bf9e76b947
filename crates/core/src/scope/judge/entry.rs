//! Which sort of dispute it is: the entry of the catalogue most of whose words are found.

use super::super::catalogue::{Catalogue, Entry};
use super::super::pattern::{Pattern, Span};
use super::Reading;

/// An entry that was recognised, with the words that show it.
pub(super) struct Recognised<'a> {
    pub(super) entry: &'a Entry,
    pub(super) score: i64,
    pub(super) full: bool,
    pub(super) span: Span,
}

impl Recognised<'_> {
    pub(super) fn points(&self, catalogue: &Catalogue) -> i64 {
        if self.full { catalogue.points.entry_full } else { catalogue.points.entry_part }
    }
}

impl Reading<'_> {
    /// The entry most of whose words are found; words in a firm's name count little.
    pub(super) fn entry<'c>(&self, catalogue: &'c Catalogue, asked: impl Fn(&Entry) -> bool) -> Option<Recognised<'c>> {
        let mut best: Option<Recognised<'c>> = None;
        for entry in catalogue.entries.iter().filter(|entry| asked(entry)) {
            let (objects, first_object) = self.count(&entry.objects);
            let (acts, first_act) = self.count(&entry.acts);
            let Some(span) = first_act.or(first_object).filter(|s| !self.named(*s)) else { continue };
            let usual = entry.organs.iter().any(|o| self.matter.organ_name.contains(o.as_str()));
            let full = objects > 0 && acts > 0;
            let score = objects.min(6) + acts.min(6) + i64::from(usual) + if full { 2 } else { 0 };
            if score >= 2 && best.as_ref().is_none_or(|b| score > b.score) {
                best = Some(Recognised { entry, score, full, span });
            }
        }
        best
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
            if first.is_none_or(|f| span.start < f.start) {
                first = Some(span);
            }
        }
        (seen.iter().map(|(_, in_name)| if *in_name { 1 } else { 2 }).sum(), first)
    }
}
