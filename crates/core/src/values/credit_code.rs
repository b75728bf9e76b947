//! 统一社会信用代码, by which firms are told apart.

use serde::{Deserialize, Serialize};

use super::{ValueError, half_width, text_value};

/// A unified social credit code: 18 characters with the check character of GB 32100-2015.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CreditCode(String);
text_value!(CreditCode);

/// Digits and letters without I, O, S, V and Z (GB 32100-2015, table 1); the place is the value.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

impl CreditCode {
    /// Reads a code; lower case and full-width characters are taken.
    ///
    /// # Errors
    /// Another length, a character outside the alphabet, or a check character that does not follow.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let code: String =
            half_width(text).chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        if code.is_empty() {
            return Err(ValueError::Empty);
        }
        let mut values = Vec::with_capacity(18);
        for c in code.chars() {
            let value = ALPHABET.iter().position(|a| char::from(*a) == c).ok_or(ValueError::character(c))?;
            values.push(value);
        }
        let [body @ .., check] = values.as_slice() else { return Err(ValueError::Empty) };
        if body.len() != 17 {
            return Err(ValueError::Length { expected: 18, found: values.len() });
        }
        // Weights are the powers of 3 modulo 31.
        let (sum, _) = body.iter().fold((0, 1), |(sum, weight), v| (sum + v * weight, weight * 3 % 31));
        if (31 - sum % 31) % 31 != *check {
            return Err(ValueError::CheckDigit);
        }
        Ok(Self(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_holds_by_its_check_character() {
        assert_eq!(CreditCode::parse("91330499XLE6CL26N2").map(String::from).as_deref(), Ok("91330499XLE6CL26N2"));
        assert_eq!(CreditCode::parse(" ９１３３０４９９ｘｌｅ６ｃｌ２６ｎ２").unwrap().as_str(), "91330499XLE6CL26N2");
        assert_eq!(CreditCode::parse("91330499XLE6CL26N3"), Err(ValueError::CheckDigit));
        assert_eq!(CreditCode::parse("9133049900000000XX"), Err(ValueError::CheckDigit));
    }

    #[test]
    fn any_one_changed_character_is_found() {
        let good = "91330499XLE6CL26N2";
        for place in 0..18 {
            for other in ALPHABET {
                let mut bytes = good.as_bytes().to_vec();
                if bytes[place] == *other {
                    continue;
                }
                bytes[place] = *other;
                let changed = String::from_utf8(bytes).unwrap();
                assert_eq!(CreditCode::parse(&changed), Err(ValueError::CheckDigit), "{changed}");
            }
        }
    }

    #[test]
    fn wrong_length_and_letters_are_named() {
        assert_eq!(CreditCode::parse(""), Err(ValueError::Empty));
        assert_eq!(CreditCode::parse("9133"), Err(ValueError::Length { expected: 18, found: 4 }));
        assert_eq!(CreditCode::parse("9133049IXLE6CL26N2"), Err(ValueError::Character { character: "I".to_owned() }));
    }
}
