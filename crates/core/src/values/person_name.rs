//! Names of persons.

use serde::{Deserialize, Serialize};

use super::words::unreadable;
use super::{ValueError, half_width, is_han, normalise, text_value};

/// A person's name: Chinese with the rare characters of GB 18030-2022, names parted by `·` (U+00B7), or letters
/// of other scripts with spaces, hyphens, apostrophes and the comma behind a family name. Chinese characters have no space between them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName(String);
text_value!(PersonName);

/// The longest name that a resident's register or a passport holds is far shorter.
const LONGEST: usize = 100;

impl PersonName {
    /// Reads a name.
    ///
    /// # Errors
    /// Nothing there, digits, control characters or marks that no name has, or too long.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        // Before anything is brought to one form: a name that hides something is not mended, it is asked for again.
        if let Some(c) = text.trim().chars().find(|c| c.is_control()).or_else(|| unreadable(text.trim())) {
            return Err(ValueError::character(c));
        }
        let half = half_width(text);
        let chars: Vec<char> = half.trim().chars().collect();
        let mut name = String::with_capacity(half.len());
        for (at, &c) in chars.iter().enumerate() {
            // A run of spaces counts once, so look through it on both sides.
            let before = name.chars().next_back();
            let after = chars[at + 1..].iter().copied().find(|c| *c != ' ');
            let beside_han = before.is_some_and(is_han) || after.is_some_and(is_han);
            // A Chinese name holds no space, but one beside it parts it from a name in letters.
            let within_han = before.is_some_and(is_han) && after.is_some_and(is_han);
            match c {
                ' ' if before == Some(' ') || before == Some('·') || within_han || after.is_some_and(is_dot) => {}
                ' ' => name.push(' '),
                c if is_dot(c) || (matches!(c, '.' | '。') && beside_han) => {
                    if !before.is_some_and(char::is_alphabetic) || !after.is_some_and(char::is_alphabetic) {
                        return Err(ValueError::character(c));
                    }
                    name.push('·');
                }
                '-' | '\'' | '.' if before.is_some_and(|b| b.is_alphabetic() && !is_han(b)) => name.push(c),
                // O'Brien, Seán: behind Chinese characters it parts people from each other.
                ',' if [before, after].iter().all(|c| c.is_some_and(|c| c.is_alphabetic() && !is_han(c))) => {
                    name.push(c);
                }
                c if is_han(c) || c.is_alphabetic() || is_combining(c) => name.push(c),
                // As it was typed, and not in the width in which names are compared.
                c => {
                    let typed = text.chars().find(|typed| half_width(&typed.to_string()).starts_with(c));
                    return Err(ValueError::character(typed.unwrap_or(c)));
                }
            }
        }
        if name.is_empty() {
            return Err(ValueError::Empty);
        }
        if name.chars().count() > LONGEST {
            return Err(ValueError::TooLong { limit: LONGEST });
        }
        match name.chars().next_back() {
            Some(c @ ('-' | '\'')) => Err(ValueError::character(c)),
            _ => Ok(Self(name)),
        }
    }

    /// With all but the first character hidden, for pages where the name only has to be recognised.
    pub fn masked(&self) -> String {
        self.0.chars().enumerate().map(|(at, c)| if at == 0 || matches!(c, '·' | ' ') { c } else { '*' }).collect()
    }

    /// As [`Self::masked`], with the last of three characters or more: tells apart those of one surname who share a phone.
    pub fn masked_within(&self) -> String {
        let mut masked: Vec<char> = self.masked().chars().collect();
        if let Some((last, own)) = masked.last_mut().zip(self.0.chars().last()).filter(|_| self.0.chars().count() > 2) {
            *last = own;
        }
        masked.into_iter().collect()
    }
}

/// The form in which names are compared and found, with whatever dot, blanks, widths and case they were typed: for a human
/// being that of [`PersonName`], for a firm as it is written.
pub fn name_form(text: &str) -> String {
    PersonName::parse(text).map_or_else(|_| normalise(text), |name| normalise(name.as_str())).to_lowercase()
}

/// The dots that input methods and older systems put between the parts of a name.
const fn is_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '‧' | '・' | '･' | '⋅' | '∙' | '●' | '᛫' | '․')
}

/// Marks over letters, written as characters of their own.
const fn is_combining(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> String {
        PersonName::parse(text).unwrap_or_else(|e| panic!("{text}: {e}")).into()
    }

    #[test]
    fn rare_characters_of_every_plane_are_names() {
        for text in ["王㛃", "李䶮", "张𬍛", "陈\u{9FEB}", "周𠮷", "吴\u{2EBF0}", "〇小", "刘\u{30EDE}", "赵\u{FA11}"]
        {
            assert_eq!(name(text), text);
        }
    }

    #[test]
    fn all_middle_dots_are_one() {
        for dot in ['·', '•', '‧', '・', '．', '.', '∙'] {
            assert_eq!(name(&format!("买买提{dot}艾力")), "买买提·艾力", "{dot}");
        }
        assert_eq!(name("买买提 · 艾力"), "买买提·艾力");
        assert_eq!(name_form("NGUYỄN•Văn"), name_form("Nguyễn·văn"));
        assert_eq!(name_form("海盐（武原）餐饮店"), normalise("海盐(武原)餐饮店"), "a firm is called as it is written");
    }

    #[test]
    fn latin_names_keep_spaces_hyphens_and_apostrophes() {
        assert_eq!(name("Jean-Luc  O’Brien"), "Jean-Luc O'Brien");
        assert_eq!(name("ＪＯＨＮ F. SMITH"), "JOHN F. SMITH");
        assert_eq!(name("José Müller"), "José Müller");
        for text in ["O’Brien, Seán", "O'Brien, Seán", "O＇Brien， Seán"] {
            assert_eq!(name(text), "O'Brien, Seán", "{text}");
        }
        assert_eq!(name("SMITH, JOHN F."), "SMITH, JOHN F.");
        assert_eq!(name("张 三"), "张三");
        assert_eq!(name("陈·大文  John"), "陈·大文 John");
    }

    #[test]
    fn digits_and_control_characters_are_no_name() {
        for text in [
            "张3",
            "张\u{0007}三",
            "张三\n李四",
            "张三、李四",
            "张三，李四",
            "Smith, ",
            ", Smith",
            "Smith,, John",
            "Smith, 张三",
            "张三（代）",
            "·张",
            "-",
            "张三\u{E000}",
            "<b>",
        ] {
            assert!(matches!(PersonName::parse(text), Err(ValueError::Character { .. })), "{text:?}");
        }
        assert_eq!(PersonName::parse("  "), Err(ValueError::Empty));
    }

    proptest! {
        #[test]
        fn a_name_that_was_read_is_read_as_itself(text in "\\PC{0,12}|[张王李·., 'a-zA-Z-]{1,12}") {
            if let Ok(once) = PersonName::parse(&text) {
                prop_assert_eq!(PersonName::parse(once.as_str()), Ok(once));
            }
        }
    }
}
