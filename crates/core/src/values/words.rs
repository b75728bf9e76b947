//! Texts as somebody wrote them: readable to everybody who reads them later, and no longer than a field holds.

use serde_json::Value;

use super::text::is_invisible;
use crate::refusal::{Reason, Refusal};

/// The most characters of one text: some ten printed pages.
pub const LONGEST_TEXT: usize = 10_000;

/// The problem of a text with a character that cannot be read or seen.
pub const UNREADABLE: &str = "unreadable";

/// The problem of a text with more than [`LONGEST_TEXT`] characters.
pub const TOO_LONG: &str = "too_long_text";

/// The first character of a text that nobody reads: one that could not be decoded (U+FFFD), a control character beside
/// line breaks and tabs, or one without a shape, which hides or turns around what stands beside it.
pub fn unreadable(text: &str) -> Option<char> {
    text.chars().find(|c| is_unreadable(*c))
}

fn is_unreadable(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' => false,
        // Tags, which spell text that is not shown.
        '\u{FFFD}' | '\u{2028}' | '\u{2029}' | '\u{E0000}'..='\u{E007F}' => true,
        c => c.is_control() || is_invisible(c),
    }
}

/// Whether all texts of a value in JSON are readable and not too long.
///
/// # Errors
/// A refusal at the field of the first that is not. The field is the last name on the way to it, or that of a person
/// and a part of it (`complainant_name`).
pub fn check(value: &Value) -> Result<(), Refusal> {
    walk(value, &mut Vec::new())
}

fn walk<'a>(value: &'a Value, way: &mut Vec<&'a str>) -> Result<(), Refusal> {
    match value {
        Value::String(text) => judge(text, way),
        Value::Array(items) => items.iter().try_for_each(|item| walk(item, way)),
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            way.push(name);
            let outcome = walk(value, way);
            way.pop();
            outcome
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn judge(text: &str, way: &[&str]) -> Result<(), Refusal> {
    let problem = if unreadable(text).is_some() {
        UNREADABLE
    } else if text.len() > LONGEST_TEXT && text.chars().count() > LONGEST_TEXT && !way.contains(&"row") {
        // A row as it was imported repeats all its cells.
        TOO_LONG
    } else {
        return Ok(());
    };
    Err(Reason::Field { field: field(way), problem: problem.into() }.into())
}

/// Roles whose parts a form calls by role and part.
const ROLES: [&str; 6] = ["subject", "complainant", "affected", "applicant", "respondent", "agent"];

fn field(way: &[&str]) -> String {
    // A personal value wraps itself, and a name is that of a human being or a firm.
    let inner = ["personal", "value", "Human", "Firm"];
    let named: Vec<&str> = way.iter().copied().filter(|name| !inner.contains(name)).collect();
    match named[..] {
        [.., role, part] if ROLES.contains(&role) => format!("{role}_{part}"),
        [.., last] => last.to_owned(),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn problem(value: &Value) -> Option<(String, String)> {
        match check(value).err()?.reason {
            Reason::Field { field, problem } => Some((field, problem)),
            _ => None,
        }
    }

    #[test]
    fn what_nobody_can_read_is_refused_at_its_field() {
        for c in ['\u{0}', '\u{7}', '\u{85}', '\u{200B}', '\u{202E}', '\u{2066}', '\u{FEFF}', '\u{FFFD}', '\u{E0041}'] {
            let name = json!({"personal": {"of": "p", "value": format!("王{c}小明")}});
            let value =
                json!([["matter/1", {"Matter": {"Register": {"matter": {"complainant": {"name": {"Human": name}}}}}}]]);
            assert_eq!(problem(&value), Some(("complainant_name".into(), UNREADABLE.into())), "{c:?}");
        }
        assert_eq!(problem(&json!({"Decline": {"reason": "a\u{202E}b"}})), Some(("reason".into(), UNREADABLE.into())));
        assert_eq!(problem(&json!({"reason": "一行\r\n二行\t𠮷·John"})), None);
    }

    #[test]
    fn a_text_holds_ten_thousand_characters_and_no_more() {
        let text = "字".repeat(LONGEST_TEXT);
        assert_eq!(problem(&json!({"text": text})), None);
        assert_eq!(problem(&json!({"text": text + "字"})), Some(("text".into(), TOO_LONG.into())));
    }

    proptest! {
        #[test]
        fn one_bad_character_anywhere_is_found(before in "[一-龥a-z ]{0,20}", after in "[一-龥a-z ]{0,20}") {
            let bad = format!("{before}\u{2067}{after}");
            prop_assert_eq!(unreadable(&bad), Some('\u{2067}'));
            prop_assert_eq!(unreadable(&(before + &after)), None);
        }
    }
}
