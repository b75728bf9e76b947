//! The text of a matter as the matcher reads it: normalised, cut into clauses and sentences.

use std::collections::HashMap;

/// One normalised text with, for each character, the clause and the sentence it stands in.
#[derive(Debug)]
pub(super) struct Text {
    /// The characters after normalisation.
    pub chars: Vec<char>,
    clause: Vec<u32>,
    sentence: Vec<u32>,
}

impl Text {
    /// Cuts a normalised text.
    pub fn cut(normalised: &str) -> Text {
        let chars: Vec<char> = normalised.chars().collect();
        let (mut clause, mut sentence) = (Vec::new(), Vec::new());
        let (mut in_clause, mut in_sentence) = (0, 0);
        for &c in &chars {
            clause.push(in_clause);
            sentence.push(in_sentence);
            if ends_sentence(c) {
                in_sentence += 1;
                in_clause += 1;
            } else if ends_clause(c) {
                in_clause += 1;
            }
        }
        Text { chars, clause, sentence }
    }

    /// The words from `start` up to `end`, both counted in characters.
    pub fn quote(&self, start: usize, end: usize) -> String {
        self.chars[start..end].iter().collect()
    }

    /// Whether two characters stand in one clause.
    pub fn same_clause(&self, a: usize, b: usize) -> bool {
        self.clause[a] == self.clause[b]
    }

    /// Whether a character ends a clause or a sentence, and so is no word of it.
    pub fn is_stop(&self, at: usize) -> bool {
        ends(self.chars[at])
    }

    /// Whether two characters stand in one sentence.
    pub fn same_sentence(&self, a: usize, b: usize) -> bool {
        self.sentence[a] == self.sentence[b]
    }

    /// The first clause, to show what was read when no word spoke for or against.
    pub fn first_clause(&self) -> String {
        self.chars.iter().take_while(|&&c| !ends_sentence(c) && !ends_clause(c)).take(60).collect()
    }
}

/// Whether a character ends a part of a sentence.
pub(super) fn ends(c: char) -> bool {
    ends_sentence(c) || ends_clause(c)
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '!' | '?' | ';')
}

fn ends_clause(c: char) -> bool {
    matches!(c, ',' | '\n' | '…')
}

/// Full-width forms become plain ones, letters small, listed variants one character; blanks, quotation
/// marks and the commas inside numbers go, because citizens put them anywhere.
pub(super) fn normalise(raw: &str, variants: &HashMap<char, char>) -> String {
    let mut out = String::with_capacity(raw.len());
    let plain: Vec<char> = raw.chars().map(plain).collect();
    for (i, &c) in plain.iter().enumerate() {
        if dropped(c) {
            continue;
        }
        let between_digits =
            i > 0 && plain[i - 1].is_ascii_digit() && plain.get(i + 1).is_some_and(char::is_ascii_digit);
        if c == ',' && between_digits {
            continue;
        }
        out.push(variants.get(&c).copied().unwrap_or(c));
    }
    out
}

fn plain(c: char) -> char {
    let half = match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    match half {
        '｡' => '。',
        '\r' => '\n',
        other => other.to_ascii_lowercase(),
    }
}

fn dropped(c: char) -> bool {
    (c.is_whitespace() && c != '\n')
        || matches!(c, '“' | '”' | '‘' | '’' | '"' | '\'' | '「' | '」' | '『' | '』' | '【' | '】' | '《' | '》')
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_forms_blanks_and_quotation_marks_do_not_change_a_text() {
        assert_eq!(normalise("要求　“退款” １，２００元！", &HashMap::new()), "要求退款1200元!");
    }

    #[test]
    fn a_comma_ends_a_clause_and_a_full_stop_ends_a_sentence() {
        let text = Text::cut("甲,乙。丙");
        assert!(!text.same_clause(0, 2) && text.same_sentence(0, 2) && !text.same_sentence(2, 4));
    }
}
