//! Words by which a case or a matter is found: the grams of its open text, and the rows that hold them.
//!
//! A gram is two neighbours of a text, each a Chinese character or a whole word of letters and digits; such a word is a
//! gram by itself, too. So a part of a text is found by its grams, without a dictionary of where Chinese words end. Other
//! marks stand between neighbours, and letters are small: what is compared is [`normalise`]d.

use std::collections::{BTreeMap, BTreeSet};

use crate::StreamId;
use crate::row::Change;
use crate::tables::GRAM;
use crate::time::Date;
use crate::values::{is_han, normalise};

/// Words of letters and digits are told from each other by so many of them: an index takes no key of any length.
const LONGEST: usize = 32;

/// So many grams of what somebody typed are looked for.
pub const MOST: usize = 32;

/// The grams of a text. One Chinese character that stands alone gives none: half of all texts would have it.
pub fn grams(text: &str) -> Vec<String> {
    let mut grams = Vec::new();
    for row in neighbours(text) {
        let words = row.iter().filter(|one| !one.starts_with(is_han));
        grams.extend(row.windows(2).map(|pair| pair.concat()).chain(words.cloned()));
    }
    grams
}

/// The grams of what somebody typed, each once: of words with space between them, which may stand anywhere in the text.
pub fn asked(typed: &str) -> Vec<String> {
    let mut known = BTreeSet::new();
    typed.split_whitespace().flat_map(grams).filter(|gram| known.insert(gram.clone())).take(MOST).collect()
}

/// What stands beside each other.
fn neighbours(text: &str) -> Vec<Vec<String>> {
    let (mut all, mut row, mut in_word) = (Vec::new(), Vec::<String>::new(), false);
    for c in normalise(text).to_lowercase().chars() {
        let of_word = c.is_alphanumeric() && !is_han(c);
        match row.last_mut() {
            Some(word) if of_word && in_word => {
                if word.chars().count() < LONGEST {
                    word.push(c);
                }
            }
            _ if of_word || is_han(c) => row.push(c.to_string()),
            _ => all.push(std::mem::take(&mut row)),
        }
        in_word = of_word;
    }
    all.push(row);
    all
}

/// Grams with the places in which they stand: the names of what was written there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(BTreeMap<String, BTreeSet<&'static str>>);

impl Words {
    /// Adds the grams of an open text. A sealed one has none: a few grams give a name away, whoever holds the key.
    pub fn add(&mut self, place: &'static str, text: &str) {
        for gram in grams(text) {
            self.0.entry(gram).or_default().insert(place);
        }
    }

    /// The grams with their places.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &BTreeSet<&'static str>)> {
        self.0.iter().map(|(gram, places)| (gram.as_str(), places))
    }
}

/// Where somebody looks for a stream: in a list of an organ, the newest first.
#[derive(Clone, Copy, Debug)]
pub struct Shelf<'a> {
    /// The stream.
    pub stream: &'a StreamId,
    /// `matter` or `dossier`.
    pub list: &'static str,
    /// Organ code.
    pub organ: &'a str,
    /// The day by which it is new or old. The organ never changes; where the day is corrected, its rows are deleted under
    /// the old one.
    pub date: Date,
}

impl Shelf<'_> {
    /// The rows by which the stream is found by what is written of it now, and no more by what was.
    pub fn rows(&self, now: &Words, was: &Words) -> Vec<Change> {
        let key = |gram: &str| {
            let Self { stream, list, organ, date } = *self;
            vec![list.into(), organ.into(), gram.into(), date.into(), stream.as_str().into()]
        };
        let gone = was.iter().filter(|(gram, _)| !now.0.contains_key(*gram));
        let gone = gone.map(|(gram, _)| Change::Delete(&GRAM, key(gram)));
        let there = now.iter().map(|(gram, places)| {
            let places: Vec<&str> = places.iter().copied().collect();
            Change::Put(&GRAM, [key(gram), vec![places.join(" ").into()]].concat())
        });
        gone.chain(there).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str) -> BTreeSet<String> {
        grams(text).into_iter().collect()
    }

    #[test]
    fn characters_go_in_pairs_and_words_whole() {
        assert_eq!(grams("食品安全"), ["食品", "品安", "安全"]);
        assert_eq!(grams("（2022）第3号"), ["2022", "第3", "3号", "3"]);
        assert_eq!(grams("ＧＢ2760，Ａ类"), ["gb2760", "a类", "a"]);
        assert_eq!(grams("酒、 -"), [""; 0]);
    }

    #[test]
    fn a_word_of_any_length_is_a_key_of_some_length() {
        let long = "a".repeat(5_000);
        assert!(grams(&format!("{long}字")).iter().all(|gram| gram.chars().count() <= LONGEST + 1));
        assert_eq!(asked(&long), grams(&long));
    }

    #[test]
    fn typed_words_need_not_stand_beside_each_other() {
        let text = all("海盐县武原街道食品商行");
        assert!(asked("食品 武原").iter().all(|gram| text.contains(gram)));
        assert!(!asked("食品武原").iter().all(|gram| text.contains(gram)));
        assert_eq!(asked("酒"), [""; 0]);
        assert!(asked(&"甲乙丙丁".repeat(99)).len() < 5 && asked(&('一'..'龥').collect::<String>()).len() == MOST);
    }

    proptest! {
        #[test]
        fn whatever_part_of_a_chinese_text_is_typed_finds_it(
            text in "[一-龥]{2,12}([，。、 ][一-龥]{1,9}){0,3}", from in 0_usize..20, length in 2_usize..20
        ) {
            let part: String = text.chars().skip(from).take(length).collect();
            let whole = all(&text);
            prop_assert!(asked(&part).iter().all(|gram| whole.contains(gram)), "{part}");
        }

        #[test]
        fn spaces_widths_and_capitals_make_no_difference(text in "[一-龥a-z0-9]{0,20}") {
            let wide: String = text.chars().map(|c| match c {
                '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
                c => c,
            }).collect();
            prop_assert_eq!(grams(&wide), grams(&text));
            prop_assert_eq!(grams(&text.to_uppercase()), grams(&text));
        }

        #[test]
        fn another_text_is_not_found_by_a_pair_that_it_lacks(text in "[一-龥]{2,20}", pair in "[一-龥]{2}") {
            prop_assert_eq!(all(&text).contains(&pair), text.contains(&pair));
        }
    }
}
