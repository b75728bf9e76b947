//! Patterns of words: `A|B~C` is one of A or B and then C in the same clause, `A~~C` in the same sentence,
//! `A^C` with at most a few characters between them.

use std::collections::HashMap;

use super::text::{Text, normalise};

/// How many characters may lie between two parts of a pattern in one clause.
const CLAUSE_GAP: usize = 14;
/// The same where the two must belong together.
const NEAR_GAP: usize = 4;
/// The same across the clauses of one sentence.
const SENTENCE_GAP: usize = 40;

/// All words of a catalogue, each once, found together in one pass over a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    variants: HashMap<char, char>,
    ids: HashMap<String, usize>,
    words: Vec<Vec<char>>,
    by_first: HashMap<char, Vec<usize>>,
}

impl Lexicon {
    /// No words yet; `variants` are the characters that are written in two ways.
    pub fn new(variants: HashMap<char, char>) -> Lexicon {
        Lexicon { variants, ..Lexicon::default() }
    }

    /// A text as the words of this lexicon are written.
    pub fn normalise(&self, raw: &str) -> String {
        normalise(raw, &self.variants)
    }

    /// The number of a word, which is added if new.
    pub fn id(&mut self, word: &str) -> usize {
        let word = self.normalise(word);
        if let Some(&id) = self.ids.get(&word) {
            return id;
        }
        let id = self.words.len();
        let chars: Vec<char> = word.chars().collect();
        if let Some(&first) = chars.first() {
            self.by_first.entry(first).or_default().push(id);
        }
        self.words.push(chars);
        self.ids.insert(word, id);
        id
    }

    /// Every place of every word. A word inside a longer word of `masks` is not found: 亲子 is not in 亲子乐园.
    pub fn find(&self, text: &Text, masks: &[usize]) -> Found {
        let mut spans = vec![Vec::new(); self.words.len()];
        for (start, first) in text.chars.iter().enumerate() {
            for &id in self.by_first.get(first).map_or(&[][..], Vec::as_slice) {
                if text.chars[start..].starts_with(&self.words[id]) {
                    spans[id].push(Span { start, end: start + self.words[id].len() });
                }
            }
        }
        let hidden: Vec<Span> = masks.iter().flat_map(|&id| spans[id].clone()).collect();
        if !hidden.is_empty() {
            for places in &mut spans {
                places.retain(|p| !hidden.iter().any(|h| p.inside(*h) && p.len() < h.len()));
            }
        }
        Found { spans }
    }
}

/// A stretch of the text, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn inside(self, other: Span) -> bool {
        other.start <= self.start && self.end <= other.end
    }

    /// Does it begin outside and end within, or the other way round?
    pub fn crosses(self, other: Span) -> bool {
        let apart = self.end <= other.start || other.end <= self.start;
        !apart && !self.inside(other) && !other.inside(self)
    }

    pub fn len(self) -> usize {
        self.end - self.start
    }
}

/// The places of all words of a lexicon in one text.
#[derive(Clone, Debug)]
pub(super) struct Found {
    spans: Vec<Vec<Span>>,
}

impl Found {
    /// Takes the names out: what lies in a name, or across its edge, is no word of the text. A word that ends with the
    /// name says what sort of body it is, and stays. The name itself stands for `role`, a word for one of two sides.
    pub fn take_out(&mut self, names: &[Span], role: Option<usize>) {
        for places in &mut self.spans {
            places.retain(|p| names.iter().all(|name| !p.crosses(*name) && (!p.inside(*name) || p.end == name.end)));
        }
        if let Some(places) = role.and_then(|role| self.spans.get_mut(role)) {
            places.extend(names);
        }
    }

    pub fn places(&self, word: usize) -> &[Span] {
        &self.spans[word]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Near,
    Clause,
    Sentence,
}

/// One compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    parts: Vec<(Reach, Vec<usize>)>,
}

impl Pattern {
    /// Reads a pattern; `{name}` stands for the named list of words.
    ///
    /// # Errors
    /// What is wrong with the pattern, for the one who edits the catalogue.
    pub fn compile(
        source: &str,
        named: &HashMap<String, Vec<String>>,
        lexicon: &mut Lexicon,
    ) -> Result<Pattern, String> {
        let mut parts = Vec::new();
        let mut reach = Reach::Clause;
        for piece in source.split_inclusive(['~', '^']) {
            let (piece, next) = match piece.strip_suffix('^') {
                Some(piece) => (piece, Reach::Near),
                None => (piece.strip_suffix('~').unwrap_or(piece), Reach::Clause),
            };
            if piece.is_empty() && !parts.is_empty() {
                reach = Reach::Sentence;
                continue;
            }
            let words = alternatives(piece, named).map_err(|why| format!("pattern `{source}`: {why}"))?;
            parts.push((reach, words.iter().map(|w| lexicon.id(w)).collect()));
            reach = next;
        }
        Ok(Pattern { parts })
    }

    /// All places of the pattern; each part takes its nearest continuation.
    pub fn places(&self, text: &Text, found: &Found) -> Vec<Span> {
        let Some(((_, first), rest)) = self.parts.split_first() else { return Vec::new() };
        let starts = first.iter().flat_map(|&w| found.places(w).iter().copied());
        starts.filter_map(|start| self::extend(start, rest, text, found)).collect()
    }

    /// The words of a pattern that has one part only.
    pub fn single_words(&self) -> &[usize] {
        match self.parts.as_slice() {
            [(_, words)] => words,
            _ => &[],
        }
    }
}

fn extend(start: Span, rest: &[(Reach, Vec<usize>)], text: &Text, found: &Found) -> Option<Span> {
    let mut span = start;
    for (reach, words) in rest {
        let allowed = |next: &Span| {
            let (gap, together) = match reach {
                Reach::Near => (NEAR_GAP, text.same_clause(span.end - 1, next.start)),
                Reach::Clause => (CLAUSE_GAP, text.same_clause(span.end - 1, next.start)),
                Reach::Sentence => (SENTENCE_GAP, text.same_sentence(span.end - 1, next.start)),
            };
            next.start >= span.end && next.start - span.end <= gap && together
        };
        let next = words
            .iter()
            .flat_map(|&w| found.places(w))
            .filter(|s| allowed(s))
            .min_by_key(|s| (s.start, std::cmp::Reverse(s.end)))?;
        span.end = next.end;
    }
    Some(span)
}

fn alternatives(piece: &str, named: &HashMap<String, Vec<String>>) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    for word in piece.split(|c: char| c == '|' || c.is_whitespace()).filter(|w| !w.is_empty()) {
        match word.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
            Some(name) => {
                let list = named.get(name).ok_or_else(|| format!("no list of words is named `{name}`"))?;
                words.extend(list.iter().cloned());
            }
            None => words.push(word.to_owned()),
        }
    }
    if words.is_empty() { Err("a part without words".to_owned()) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotes(pattern: &str, text: &str) -> Vec<String> {
        let mut lexicon = Lexicon::default();
        let pattern = Pattern::compile(pattern, &HashMap::new(), &mut lexicon).expect("the pattern is good");
        let text = Text::cut(text);
        let found = lexicon.find(&text, &[]);
        pattern.places(&text, &found).iter().map(|s| text.quote(s.start, s.end)).collect()
    }

    #[test]
    fn parts_follow_one_another_within_a_clause() {
        assert_eq!(quotes("要求~退款|赔偿", "要求他退款"), ["要求他退款"]);
        assert!(quotes("要求~退款|赔偿", "要求他来,退款").is_empty());
        assert!(quotes("要求~退款|赔偿", "退款要求").is_empty());
    }

    #[test]
    fn a_double_tilde_reaches_over_clauses_but_not_over_a_full_stop() {
        assert_eq!(quotes("要求~~退款", "要求他来,退款"), ["要求他来,退款"]);
        assert!(quotes("要求~~退款", "要求他来。退款").is_empty());
    }

    #[test]
    fn a_list_that_is_not_there_is_named_in_the_error() {
        let error = Pattern::compile("{court}", &HashMap::new(), &mut Lexicon::default());
        assert!(error.is_err_and(|why| why.contains("court")));
    }
}
