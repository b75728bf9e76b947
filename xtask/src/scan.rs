//! A small scanner of Rust text: code without comments and strings, the strings, and where the tests are.
//!
//! It knows tokens, not grammar: enough for rules that a reader could check by eye.

/// What the scanner found in a file.
pub struct Scanned {
    /// The code line by line; comments and the insides of strings are blanks.
    pub lines: Vec<Line>,
    /// String literals as they stand between their quotes.
    pub strings: Vec<Text>,
    /// Names of modules declared as `#[cfg(test)] mod name;`.
    pub test_modules: Vec<String>,
}

/// One line of code.
pub struct Line {
    /// The code.
    pub code: String,
    /// Is it part of a test?
    pub test: bool,
}

/// A string literal.
pub struct Text {
    /// Line on which it begins, from 1.
    pub line: usize,
    /// Its text.
    pub text: String,
}

impl Scanned {
    /// Lines of code that are no tests, with their numbers from 1.
    pub fn product(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines.iter().enumerate().filter(|(_, line)| !line.test).map(|(i, line)| (i + 1, line.code.as_str()))
    }

    /// All lines of code, with their numbers from 1.
    pub fn all(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines.iter().enumerate().map(|(i, line)| (i + 1, line.code.as_str()))
    }
}

/// Scans a file; `test` says that all of it is a test.
pub fn scan(text: &str, test: bool) -> Scanned {
    let (code, strings) = split(text);
    let mut lines: Vec<Line> = code.lines().map(|line| Line { code: line.to_owned(), test }).collect();
    let mut test_modules = Vec::new();
    for (start, _) in code.match_indices("#[cfg(test)]") {
        let end = end_of_item(&code, start);
        let item = code[start..end].trim_end();
        if let Some(name) =
            item.strip_suffix(';').and_then(|item| item.rsplit_once("mod ")).map(|(_, name)| name.trim())
        {
            test_modules.push(name.to_owned());
        }
        let first = code[..start].matches('\n').count();
        let last = code[..end].matches('\n').count();
        lines.iter_mut().take(last + 1).skip(first).for_each(|line| line.test = true);
    }
    Scanned { lines, strings, test_modules }
}

/// The end of the item that begins at `start`: its first `;` outside brackets, or the end of its first block.
fn end_of_item(code: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in code[start..].char_indices() {
        match letter {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && letter == '}' {
                    return start + at + 1;
                }
            }
            ';' if depth == 0 => return start + at + 1,
            _ => {}
        }
    }
    code.len()
}

/// Is `word` in the code as a whole word?
pub fn has_word(code: &str, word: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back().is_none_or(|letter| !part(letter));
        let after = code[at + word.len()..].chars().next().is_none_or(|letter| !part(letter));
        before && after
    })
}

struct Splitter<'a> {
    rest: &'a str,
    line: usize,
    code: String,
    strings: Vec<Text>,
}

/// Code with blanks for comments and strings, of the same lines; and the strings.
fn split(text: &str) -> (String, Vec<Text>) {
    let mut at = Splitter { rest: text, line: 1, code: String::with_capacity(text.len()), strings: Vec::new() };
    let mut previous = ' ';
    while let Some(letter) = at.rest.chars().next() {
        let in_word = previous.is_alphanumeric() || previous == '_';
        if at.rest.starts_with("//") {
            let end = at.rest.find('\n').unwrap_or(at.rest.len());
            at.blank(end);
        } else if at.rest.starts_with("/*") {
            let end = block_comment(at.rest);
            at.blank(end);
        } else if let Some((open, hashes)) = raw_string(at.rest).filter(|_| !in_word) {
            let close = format!("\"{}", "#".repeat(hashes));
            at.string(open, &close, false);
        } else if letter == '"' {
            at.string(1, "\"", true);
        } else if letter == '\''
            && let Some(end) = char_literal(at.rest)
        {
            at.blank(end);
        } else {
            at.keep(letter.len_utf8());
        }
        previous = letter;
    }
    (at.code, at.strings)
}

impl Splitter<'_> {
    fn take(&mut self, bytes: usize, shown: bool) {
        let (taken, rest) = self.rest.split_at(bytes);
        for letter in taken.chars() {
            self.line += usize::from(letter == '\n');
            self.code.push(if shown || letter == '\n' { letter } else { ' ' });
        }
        self.rest = rest;
    }

    fn keep(&mut self, bytes: usize) {
        self.take(bytes, true);
    }

    fn blank(&mut self, bytes: usize) {
        self.take(bytes, false);
    }

    fn string(&mut self, open: usize, close: &str, escapes: bool) {
        let line = self.line;
        self.keep(open);
        let end = string_end(self.rest, close, escapes);
        self.strings.push(Text { line, text: self.rest[..end].to_owned() });
        self.blank(end);
        self.keep(close.len().min(self.rest.len()));
    }
}

fn string_end(rest: &str, close: &str, escapes: bool) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices() {
        if escaped {
            escaped = false;
        } else if escapes && letter == '\\' {
            escaped = true;
        } else if rest[at..].starts_with(close) {
            return at;
        }
    }
    rest.len()
}

/// Length of the opening of a raw string, and its number of hashes.
fn raw_string(rest: &str) -> Option<(usize, usize)> {
    let after = ["r", "br", "cr"].iter().find_map(|prefix| rest.strip_prefix(prefix))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some((rest.len() - after.len() + hashes + 1, hashes))
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// Length of a character literal; `None` for a lifetime.
fn char_literal(rest: &str) -> Option<usize> {
    let mut letters = rest.char_indices().skip(1);
    let (_, first) = letters.next()?;
    if first == '\\' {
        letters.next()?;
        return letters.find(|(_, letter)| *letter == '\'').map(|(at, _)| at + 1);
    }
    letters.next().filter(|(_, letter)| *letter == '\'').map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        scan(text, false).lines.into_iter().map(|line| line.code).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn comments_strings_and_characters_are_no_code() {
        assert!(!code("let a = 1; // unsafe\n/* unsafe /* unsafe */ unsafe */").contains("unsafe"));
        assert!(!code("let a = \"un\\\"safe { unsafe\";").contains("safe"));
        assert!(!code("let a = r#\"unsafe \" unsafe\"#;").contains("unsafe"));
        assert_eq!(code("let a = '\"'; b"), "let a =    ; b");
        assert_eq!(code("let a = '\\''; b"), "let a =     ; b");
        assert_eq!(code("fn f<'a>(x: &'a str)"), "fn f<'a>(x: &'a str)");
    }

    #[test]
    fn strings_are_found_with_their_lines() {
        let found = scan("\nlet a = \"one\n two\";\nlet b = r\"three\";", false).strings;
        let found: Vec<_> = found.iter().map(|s| (s.line, s.text.as_str())).collect();
        assert_eq!(found, [(2, "one\n two"), (4, "three")]);
    }

    #[test]
    fn a_test_module_is_no_product() {
        let scanned = scan("fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { \"}\"; }\n}\nfn c() {}", false);
        assert_eq!(scanned.product().map(|(line, _)| line).collect::<Vec<_>>(), [1, 6]);
        assert_eq!(scan("#[cfg(test)]\npub(crate) mod tests;\n", false).test_modules, ["tests"]);
    }

    #[test]
    fn a_word_is_not_found_inside_another() {
        assert!(has_word("unsafe {", "unsafe"));
        assert!(!has_word("unsafe_code", "unsafe"));
    }
}
