//! 文号 and other numbers of documents.

use serde::{Deserialize, Serialize};

use super::{ValueError, half_width, is_nothing, text_value};

/// The number of a document, a work order or a task. Brackets around a year are 〔〕 (GB/T 9704-2012, 7.2.5),
/// digits half-width, no spaces: numbers that mean the same document are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocNumber(String);
text_value!(DocNumber);

/// A number is printed on one line.
const LONGEST: usize = 80;

impl DocNumber {
    /// Reads a number.
    ///
    /// # Errors
    /// Nothing there (or a stroke, or 无), or longer than a line.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        if is_nothing(text) {
            return Err(ValueError::Empty);
        }
        let chars: Vec<char> = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
        if chars.len() > LONGEST {
            return Err(ValueError::TooLong { limit: LONGEST });
        }
        if let Some(c) = chars.iter().find(|c| c.is_control()) {
            return Err(ValueError::character(*c));
        }
        let mut number = String::with_capacity(chars.len() * 3);
        let mut at = 0;
        while at < chars.len() {
            match chars[at..] {
                [open, a, b, c, d, close, ..]
                    if is_open(open) && is_close(close) && [a, b, c, d].iter().all(char::is_ascii_digit) =>
                {
                    number.extend(['〔', a, b, c, d, '〕']);
                    at += 6;
                }
                [other, ..] => {
                    number.push(other);
                    at += 1;
                }
                [] => break,
            }
        }
        Ok(Self(number))
    }

    /// Is it the number of an official document, with a year and a serial: 盐市监罚决〔2022〕1号?
    pub fn is_official(&self) -> bool {
        let Some((word, rest)) = self.0.split_once('〔') else { return false };
        let Some((_, serial)) = rest.split_once('〕') else { return false };
        let Some(serial) = serial.strip_suffix('号') else { return false };
        !word.is_empty() && !serial.is_empty() && serial.bytes().all(|b| b.is_ascii_digit())
    }
}

const fn is_open(c: char) -> bool {
    matches!(c, '〔' | '[' | '【' | '(' | '{' | '﹝' | '〖' | '「' | '〈' | '<')
}

const fn is_close(c: char) -> bool {
    matches!(c, '〕' | ']' | '】' | ')' | '}' | '﹞' | '〗' | '」' | '〉' | '>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_brackets_around_a_year_are_the_same_number() {
        for text in [
            "盐农罚决〔2022〕1号",
            "盐农罚决[2022]1号",
            "盐农罚决【２０２２】１号",
            "盐农罚决（2022）1号",
            " 盐农罚决［2022］ 1 号",
            "盐农罚决﹝2022﹞1号",
        ] {
            assert_eq!(DocNumber::parse(text).unwrap().as_str(), "盐农罚决〔2022〕1号", "{text}");
        }
    }

    #[test]
    fn brackets_that_hold_no_year_stay() {
        assert_eq!(DocNumber::parse("SSJ-2022(补)3").unwrap().as_str(), "SSJ-2022(补)3");
    }

    #[test]
    fn a_document_has_a_word_a_year_and_a_serial_in_its_number() {
        let is_official = |text: &str| DocNumber::parse(text).unwrap().is_official();
        assert!(is_official("盐市监罚变(2022)1号"));
        for other in
            ["abc", "1号", "〔2022〕1号", "盐市监罚变〔2022〕号", "盐市监罚变〔2022〕一号", "盐市监罚变2022年1号"]
        {
            assert!(!is_official(other), "{other}");
        }
    }

    #[test]
    fn a_missing_number_is_missing_even_as_a_stroke() {
        for text in ["", " ", "无", "——", "/"] {
            assert_eq!(DocNumber::parse(text), Err(ValueError::Empty), "{text}");
        }
    }

    #[test]
    fn a_number_read_back_is_the_same() {
        let number = DocNumber::parse("盐建罚决(2022)6号").unwrap();
        let json = serde_json::to_string(&number).unwrap();
        assert_eq!(serde_json::from_str::<DocNumber>(&json).unwrap(), number);
    }
}
