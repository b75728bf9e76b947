//! The recovery sheet: the keys of a directory as lines on paper, which somebody can type in again.
//!
//! A line holds half a key and ends in a check of its own, so that a wrong character is told by its line. The letters are
//! those of base 32 (RFC 4648, section 6), which has no 0, 1, 8 or 9.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};

use super::{Keyring, NAMES, master_id, store};
use crate::error::{AppError, file_error};

/// Bytes on a line: half a key.
const HALF: usize = 16;
/// Characters of these bytes, and of the check behind them.
const CHARACTERS: (usize, usize) = (26, 4);
/// Characters in a group.
const GROUP: usize = 5;

/// The keys, as they are on paper.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    keys: [[u8; 32]; 3],
}

/// Why a text is no sheet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// A line is not there.
    #[error("the line `{0}` is missing")]
    Missing(String),
    /// A line is there twice, with different characters.
    #[error("the line `{0}` is there twice")]
    Twice(String),
    /// Too few characters, or too many.
    #[error("the line `{line}` has {found} characters instead of {}", CHARACTERS.0 + CHARACTERS.1)]
    Length {
        /// Its name.
        line: String,
        /// How many there are.
        found: usize,
    },
    /// A character that no sheet has.
    #[error("the line `{line}` has `{character}`, which is on no sheet: letters A to Z and digits 2 to 7 are")]
    Character {
        /// Its name.
        line: String,
        /// The character.
        character: char,
    },
    /// The check does not fit.
    #[error("the line `{0}` was not typed as it was printed: compare it character by character")]
    Check(String),
}

/// The lines of a sheet in their order: each key, first and second half.
fn lines() -> impl Iterator<Item = (String, usize, usize)> {
    let halves =
        |(key, name): (usize, &'static str)| (0..2).map(move |half| (format!("{name}-{}", half + 1), key, half));
    NAMES.into_iter().enumerate().flat_map(halves)
}

fn check(line: &str, half: &[u8]) -> String {
    let hash = Sha256::new().chain_update(line).chain_update(half).finalize();
    BASE32_NOPAD.encode(&hash)[..CHARACTERS.1].to_owned()
}

impl Sheet {
    /// The sheet of some keys.
    pub fn of(keys: &Keyring) -> Self {
        Self { keys: [keys.master, keys.index, keys.log] }
    }

    /// Id of the master key on it.
    pub fn master_id(&self) -> String {
        master_id(&self.keys[0])
    }

    /// Writes the keys where there are none.
    ///
    /// # Errors
    /// When something is there already, or the disk cannot be written.
    pub fn write(&self, dir: &Path) -> Result<(), AppError> {
        fs::DirBuilder::new().mode(0o700).create(dir).map_err(file_error(dir))?;
        NAMES
            .into_iter()
            .zip(&self.keys)
            .try_for_each(|(name, key)| store(&dir.join(name), key).map_err(file_error(dir)))
    }
}

impl fmt::Debug for Sheet {
    /// Says which, and no key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sheet").field(&self.master_id()).finish()
    }
}

impl fmt::Display for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (line, key, half) in lines() {
            let bytes = &self.keys[key][half * HALF..][..HALF];
            let text = BASE32_NOPAD.encode(bytes) + &check(&line, bytes);
            write!(f, "{line:<9}")?;
            for group in text.as_bytes().chunks(GROUP) {
                write!(f, " {}", String::from_utf8_lossy(group))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl FromStr for Sheet {
    type Err = SheetError;

    /// Reads the lines of a sheet in any order, with whatever stands around them. Blanks, hyphens and small letters do
    /// not matter, and digits that look like a letter are taken for it.
    fn from_str(text: &str) -> Result<Self, SheetError> {
        let mut typed: BTreeMap<String, String> = BTreeMap::new();
        let known: Vec<String> = lines().map(|(line, ..)| line).collect();
        for row in text.lines() {
            let Some((name, rest)) = row.trim().split_once(char::is_whitespace) else { continue };
            let name = name.trim_end_matches([':', '：']).to_ascii_lowercase();
            if !known.contains(&name) {
                continue;
            }
            let rest: String = rest.chars().filter(|c| !c.is_whitespace() && *c != '-').map(letter).collect();
            if typed.insert(name.clone(), rest.clone()).is_some_and(|before| before != rest) {
                return Err(SheetError::Twice(name));
            }
        }
        let mut keys = [[0; 32]; 3];
        for (line, key, half) in lines() {
            let text = typed.remove(&line).ok_or_else(|| SheetError::Missing(line.clone()))?;
            keys[key][half * HALF..][..HALF].copy_from_slice(&read(line, &text)?);
        }
        Ok(Self { keys })
    }
}

fn letter(c: char) -> char {
    match c.to_ascii_uppercase() {
        '0' => 'O',
        '1' => 'I',
        '8' => 'B',
        c => c,
    }
}

fn read(line: String, text: &str) -> Result<[u8; HALF], SheetError> {
    if let Some(character) = text.chars().find(|c| !matches!(c, 'A'..='Z' | '2'..='7')) {
        return Err(SheetError::Character { line, character });
    }
    let found = text.len();
    if found != CHARACTERS.0 + CHARACTERS.1 {
        return Err(SheetError::Length { line, found });
    }
    let (half, given) = text.split_at(CHARACTERS.0);
    let bytes = BASE32_NOPAD.decode(half.as_bytes()).ok().and_then(|bytes| <[u8; HALF]>::try_from(bytes).ok());
    bytes.filter(|bytes| check(&line, bytes) == given).ok_or(SheetError::Check(line))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sheets() -> impl Strategy<Value = Sheet> {
        any::<[[u8; 32]; 3]>().prop_map(|keys| Sheet { keys })
    }

    proptest! {
        #[test]
        fn what_is_typed_as_it_was_printed_gives_the_keys(sheet in sheets(), small in any::<bool>()) {
            let printed = sheet.to_string();
            let typed = if small { printed.to_lowercase().replace(' ', "  ").replace("-1 ", "-1: ") } else { printed };
            let typed = format!("\u{feff}海盐县\n\n{typed}\nkeep it in a safe\n").replace('O', "0");
            prop_assert_eq!(typed.parse::<Sheet>(), Ok(sheet));
        }

        #[test]
        fn one_wrong_character_is_told_by_its_line(sheet in sheets(), at in any::<prop::sample::Index>(), by in 1_u8..32) {
            const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
            let printed = sheet.to_string();
            // Characters of keys, not of names.
            let places: Vec<usize> = printed
                .lines()
                .flat_map(|line| {
                    let begin = line.as_ptr() as usize - printed.as_ptr() as usize;
                    (9..line.len()).filter(|n| line.as_bytes()[*n] != b' ').map(move |n| begin + n)
                })
                .collect();
            let place = places[at.index(places.len())];
            let mut typed = printed.clone().into_bytes();
            let was = LETTERS.iter().position(|c| *c == typed[place]).unwrap();
            typed[place] = LETTERS[(was + usize::from(by)) % 32];
            let line = printed[..place].lines().last().unwrap().split(' ').next().unwrap().to_owned();
            prop_assert_eq!(String::from_utf8(typed).unwrap().parse::<Sheet>(), Err(SheetError::Check(line)));
        }
    }

    #[test]
    fn a_line_that_is_missing_short_or_strange_is_named() {
        let printed = Sheet { keys: [[1; 32], [2; 32], [3; 32]] }.to_string();
        let without = printed.lines().filter(|line| !line.starts_with("log-2")).collect::<Vec<_>>().join("\n");
        assert_eq!(without.parse::<Sheet>(), Err(SheetError::Missing("log-2".into())));
        let short = printed.trim_end().trim_end_matches(char::is_alphanumeric);
        assert_eq!(short.parse::<Sheet>(), Err(SheetError::Length { line: "log-2".into(), found: 25 }));
        let strange = printed.replacen("index-1  ", "index-1  9", 1);
        let character = SheetError::Character { line: "index-1".into(), character: '9' };
        assert_eq!(strange.parse::<Sheet>(), Err(character));
        let twice = format!("{printed}log-1 AAAAA\n");
        assert_eq!(twice.parse::<Sheet>(), Err(SheetError::Twice("log-1".into())));
    }
}
