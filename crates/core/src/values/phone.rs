//! Telephone numbers.

use serde::{Deserialize, Serialize};

use super::{ValueError, half_width, text_value};

/// A telephone number: a mobile number of the mainland as 11 digits, a fixed line as `0573-86110000` with an
/// extension as `-801`, a 400 or 800 number, a service number of five or six digits, or a number abroad as `+` and
/// digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);
text_value!(Phone);

impl Phone {
    /// Reads a number; spaces, hyphens, brackets and +86 are taken.
    ///
    /// # Errors
    /// Not a number that can be called; a fixed line without its area code.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text: String = half_width(text).replace("转", "-").chars().filter(|c| !c.is_whitespace()).collect();
        if text.is_empty() {
            return Err(ValueError::Empty);
        }
        let home = text.strip_prefix("+86").or_else(|| text.strip_prefix("0086")).unwrap_or(&text);
        let home = home.trim_start_matches('-');
        if let Some(abroad) = home.strip_prefix('+') {
            let digits: String = abroad.chars().filter(|c| !matches!(c, '-' | '(' | ')')).collect();
            return if all_digits(&digits) && (8..=15).contains(&digits.len()) {
                Ok(Self(format!("+{digits}")))
            } else {
                Err(ValueError::NotAPhone)
            };
        }
        let parts: Vec<&str> = home.split(['-', '(', ')']).filter(|p| !p.is_empty()).collect();
        if parts.is_empty() || !parts.iter().all(|p| all_digits(p)) {
            return Err(ValueError::NotAPhone);
        }
        if let Some(number) = fixed_line(&parts) {
            return Ok(Self(number));
        }
        let digits = parts.concat();
        let mobile = digits.len() == 11 && digits.starts_with('1') && !matches!(digits.as_bytes()[1], b'0'..=b'2');
        let free = digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"));
        let service = (5..=6).contains(&digits.len()) && (digits.starts_with('1') || digits.starts_with('9'));
        if mobile || free || service {
            Ok(Self(digits))
        } else if (7..=8).contains(&digits.len()) && !digits.starts_with(['0', '1']) {
            Err(ValueError::NoAreaCode)
        } else {
            Err(ValueError::NotAPhone)
        }
    }

    /// Whether a short message can reach it.
    pub fn is_mobile(&self) -> bool {
        self.0.len() == 11 && self.0.starts_with('1')
    }

    /// With the middle hidden, for pages where the number only has to be recognised: `199****0057`.
    pub fn masked(&self) -> String {
        let shown = |at: usize| at < 3 || at + 4 >= self.0.len();
        self.0.chars().enumerate().map(|(at, c)| if shown(at) || c == '-' { c } else { '*' }).collect()
    }
}

/// An area code of three digits (010, 02x) or four, a number of seven or eight, perhaps an extension.
fn fixed_line(parts: &[&str]) -> Option<String> {
    let first = parts.first()?;
    if !first.starts_with('0') {
        return None;
    }
    let area = if first.starts_with("01") || first.starts_with("02") { 3 } else { 4 };
    let (code, rest) = first.split_at_checked(area)?;
    let mut rest: Vec<&str> =
        std::iter::once(rest).chain(parts[1..].iter().copied()).filter(|p| !p.is_empty()).collect();
    let number = (!rest.is_empty()).then(|| rest.remove(0))?;
    if !(7..=8).contains(&number.len()) || number.starts_with(['0', '1']) {
        return None;
    }
    match rest.as_slice() {
        [] => Some(format!("{code}-{number}")),
        [extension] if (1..=6).contains(&extension.len()) => Some(format!("{code}-{number}-{extension}")),
        _ => None,
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mobile_number_is_eleven_digits_however_it_is_written() {
        for text in ["19900000253", "１９９００００02 53", "+86 199-0000-0253", "0086-19900000253"] {
            let phone = Phone::parse(text).unwrap();
            assert_eq!(phone.as_str(), "19900000253", "{text}");
            assert!(phone.is_mobile());
        }
    }

    #[test]
    fn a_fixed_line_keeps_area_code_and_extension() {
        for text in ["0573-86110000-801", "(0573)86110000转801", "（０５７３）86110000-801", "057386110000-801"]
        {
            assert_eq!(Phone::parse(text).unwrap().as_str(), "0573-86110000-801", "{text}");
        }
        assert_eq!(Phone::parse("01086110000").unwrap().as_str(), "010-86110000");
        assert!(!Phone::parse("0573-86110000").unwrap().is_mobile());
    }

    #[test]
    fn numbers_that_cannot_be_called_are_refused() {
        assert_eq!(Phone::parse("86110000"), Err(ValueError::NoAreaCode));
        for text in [
            "123",
            "9999",
            "1990000025",
            "199000002533",
            "12900000000",
            "不详",
            "19900000253/19900000254",
            "-",
            "0573-",
        ] {
            assert_eq!(Phone::parse(text), Err(ValueError::NotAPhone), "{text}");
        }
        assert_eq!(Phone::parse(""), Err(ValueError::Empty));
    }

    #[test]
    fn service_numbers_and_numbers_abroad_are_phones() {
        assert_eq!(Phone::parse("12345").unwrap().as_str(), "12345");
        assert_eq!(Phone::parse("400-800-1234").unwrap().as_str(), "4008001234");
        assert_eq!(Phone::parse("+852 2345 6789").unwrap().as_str(), "+85223456789");
    }

    #[test]
    fn a_masked_number_shows_its_ends_only() {
        assert_eq!(Phone::parse("19900000057").unwrap().masked(), "199****0057");
    }
}
