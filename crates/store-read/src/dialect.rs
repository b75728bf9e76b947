//! The complete list of differences between databases, one function each. Nothing else asks which it is on.

/// Parameters: `$1..$n` become `?1..?n`. SQLite takes `$2` for a name and numbers it by first appearance, so that
/// `$2, $1` would be bound swapped. Quoted text is left as it is.
pub fn sqlite_parameters(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut quote = None;
    let mut letters = sql.chars().peekable();
    while let Some(letter) = letters.next() {
        match quote {
            Some(open) if letter == open => quote = None,
            None if letter == '\'' || letter == '"' => quote = Some(letter),
            None if letter == '$' && letters.peek().is_some_and(char::is_ascii_digit) => {
                out.push('?');
                continue;
            }
            _ => {}
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::sqlite_parameters;

    #[test]
    fn parameters_keep_their_numbers_and_quoted_text_is_left_alone() {
        assert_eq!(sqlite_parameters("a = $2 AND b = '$1' AND c = $10"), "a = ?2 AND b = '$1' AND c = ?10");
    }
}
