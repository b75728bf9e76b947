//! What Rust files hold, and what they leave to others.

use super::Fault;
use crate::scan::{Scanned, has_word};
use crate::tree::{File, Tree, module_dir};

/// The longest file, tests not counted.
const LINES: usize = 500;

/// Files that may be longer, and why.
const LONG: &[(&str, &str)] = &[];

/// Pairs of words with which a statement begins; the second may stand anywhere after the first where `loose`.
const STATEMENTS: &[Statement] = &[
    Statement { first: "SELECT", second: "FROM", loose: true },
    Statement { first: "WITH", second: "SELECT", loose: true },
    Statement { first: "INSERT", second: "INTO", loose: false },
    Statement { first: "REPLACE", second: "INTO", loose: false },
    Statement { first: "DELETE", second: "FROM", loose: false },
    Statement { first: "UPDATE", second: "SET", loose: true },
    Statement { first: "CREATE", second: "TABLE", loose: true },
    Statement { first: "CREATE", second: "INDEX", loose: true },
    Statement { first: "CREATE", second: "TRIGGER", loose: true },
    Statement { first: "ALTER", second: "TABLE", loose: false },
    Statement { first: "DROP", second: "TABLE", loose: false },
    Statement { first: "DROP", second: "TRIGGER", loose: false },
    Statement { first: "BEGIN", second: "IMMEDIATE", loose: false },
    Statement { first: "ON", second: "CONFLICT", loose: false },
    Statement { first: "PRAGMA", second: "", loose: true },
];

struct Statement {
    first: &'static str,
    second: &'static str,
    loose: bool,
}

/// Elements whose tags give HTML away.
const ELEMENTS: &[&str] = &[
    "a", "body", "br", "button", "dd", "div", "dl", "dt", "fieldset", "form", "h1", "h2", "h3", "head", "header",
    "html", "img", "input", "label", "li", "link", "main", "meta", "nav", "ol", "option", "p", "script", "section",
    "select", "small", "span", "strong", "style", "table", "tbody", "td", "textarea", "th", "thead", "tr", "ul",
];

/// Words that ask which database it is.
const DATABASES: &[&str] = &["is_sqlite", "is_postgres", "is_postgresql", "Dialect", "Backend"];

/// Variants that ask which database it is, after `::`.
const DATABASE_VARIANTS: &[&str] = &["Sqlite", "SQLite", "Postgres", "PostgreSql", "PostgreSQL"];

/// What the pure crates do without.
const IMPURE: &[&str] =
    &["std::fs", "std::net", "std::env", "std::process", "std::thread", "std::time", "async fn", ".await"];

/// Ends of names that say nothing.
const EMPTY_NAMES: &[&str] = &["Manager", "Helper", "Helpers", "Util", "Utils", "Service"];

/// Checks every Rust file.
pub fn check(tree: &Tree, faults: &mut Vec<Fault>) {
    for (file, rust) in tree.rust() {
        let mut say = |line: usize, what: String| faults.push(Fault::at(&file.path, line, what));
        sql(file, rust, &mut say);
        html(file, rust, &mut say);
        databases(file, rust, &mut say);
        length(file, rust, &mut say);
        attributes(rust, &mut say);
        names(rust, &mut say);
        purity(file, rust, &mut say);
        demo(file, rust, &mut say);
        modules(tree, file, rust, &mut say);
    }
    for file in &tree.files {
        if (file.path.ends_with(".html") || file.path.ends_with(".htm")) && !file.path.starts_with("crates/web/") {
            faults.push(Fault::of(&file.path, "HTML belongs in crates/web"));
        }
        if file.path.ends_with(".sql") && !file.path.starts_with("migrations/") {
            faults.push(Fault::of(&file.path, "SQL files belong in migrations"));
        }
    }
    for (path, reason) in LONG {
        let lines = tree.get(path).and_then(|file| file.rust.as_ref()).map(|rust| rust.product().count());
        if reason.is_empty() || lines.is_none_or(|lines| lines <= LINES) {
            faults.push(Fault::of(path, "is in the list of long files without need"));
        }
    }
}

fn sql(file: &File, rust: &Scanned, say: &mut impl FnMut(usize, String)) {
    // Tests of the whole program look at its database from outside, past the program that they try.
    if ["crates/store/", "crates/store-read/", "tests/acceptance/"].iter().any(|room| file.path.starts_with(room)) {
        return;
    }
    for text in rust.strings.iter().filter(|string| is_sql(&string.text)) {
        say(text.line, "SQL belongs in crates/store and crates/store-read".into());
    }
}

/// Statements are written in capitals, or are nothing but a statement.
fn is_sql(text: &str) -> bool {
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| !word.is_empty()).collect();
    let begins = |statement: &Statement| {
        let [first, rest @ ..] = words.as_slice() else { return false };
        // A single word is a word; an English sentence ends in a full stop or has a capital inside.
        first.eq_ignore_ascii_case(statement.first)
            && *first != statement.first
            && text.contains(['=', '*', '('])
            && (statement.second.is_empty() || rest.iter().any(|word| word.eq_ignore_ascii_case(statement.second)))
    };
    let holds = |statement: &Statement| {
        words.iter().enumerate().any(|(at, word)| {
            let rest = &words[at + 1..];
            let near = if statement.loose { rest } else { &rest[..rest.len().min(1)] };
            *word == statement.first
                && (statement.second.is_empty() && !rest.is_empty() || near.contains(&statement.second))
        })
    };
    STATEMENTS.iter().any(|statement| holds(statement) || begins(statement))
}

fn html(file: &File, rust: &Scanned, say: &mut impl FnMut(usize, String)) {
    if file.path.starts_with("crates/web/") {
        return;
    }
    for text in rust.strings.iter().filter(|string| is_html(&string.text)) {
        say(text.line, "HTML belongs in crates/web".into());
    }
}

fn is_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let tag = text[at + 1..].trim_start_matches('/');
        let end = tag.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(tag.len());
        let closes =
            |rest: &str| rest.starts_with('>') || rest.starts_with("/>") || rest.starts_with(' ') && rest.contains('>');
        ELEMENTS.contains(&tag[..end].to_ascii_lowercase().as_str()) && closes(&tag[end..])
    })
}

fn databases(file: &File, rust: &Scanned, say: &mut impl FnMut(usize, String)) {
    if file.path.ends_with("/dialect.rs") || file.path.contains("/driver/") {
        return;
    }
    for (line, code) in rust.all() {
        let variant = DATABASE_VARIANTS.iter().any(|name| has_word(code, name) && code.contains(&format!("::{name}")));
        if variant || DATABASES.iter().any(|word| has_word(code, word)) {
            say(line, "which database it is may be asked in dialect.rs and by the drivers alone".into());
        }
    }
}

fn length(file: &File, rust: &Scanned, say: &mut impl FnMut(usize, String)) {
    let lines = rust.product().count();
    if lines > LINES && !LONG.iter().any(|(path, _)| *path == file.path) {
        say(0, format!("{lines} lines without tests, more than {LINES}: divide it by concepts"));
    }
}

fn attributes(rust: &Scanned, say: &mut impl FnMut(usize, String)) {
    let code: Vec<&str> = rust.all().map(|(_, code)| code).collect();
    for (at, text) in code.iter().enumerate() {
        let line = at + 1;
        if has_word(text, "unsafe") {
            say(line, "`unsafe` is forbidden".into());
        }
        for (start, _) in text.match_indices("allow") {
            let before = text[..start].trim_end().chars().next_back();
            let after = text[start + "allow".len()..].trim_start();
            if matches!(before, Some('[' | ',')) && after.starts_with('(') && text.contains('#') {
                say(line, "use `expect` with a reason instead of `allow`".into());
            }
        }
        if text.contains("[expect(") || text.contains(", expect(") && text.contains('#') {
            let attribute: String = code[at..].iter().take(6).flat_map(|text| text.chars().chain(['\n'])).collect();
            let start = attribute.find("expect(").unwrap_or_default();
            let end = attribute[start..].find(")]").map_or(attribute.len(), |end| start + end);
            if !has_word(&attribute[start..end], "reason") {
                say(line, "`expect` needs a reason".into());
            }
        }
    }
}

fn names(rust: &Scanned, say: &mut impl FnMut(usize, String)) {
    for (line, code) in rust.all() {
        let mut words = code.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|w| !w.is_empty());
        while let Some(word) = words.next() {
            if !matches!(word, "struct" | "enum" | "trait" | "mod" | "type") {
                continue;
            }
            let Some(name) = words.next() else { break };
            // Service alone is 送达, a word of the law.
            let empty = EMPTY_NAMES
                .iter()
                .find(|end| name.ends_with(*end) && name != "Service" || name == end.to_ascii_lowercase());
            if let Some(end) = empty {
                say(line, format!("`{name}`: a name in `{end}` does not say what it is"));
            }
        }
    }
}

fn purity(file: &File, rust: &Scanned, say: &mut impl FnMut(usize, String)) {
    if !file.path.starts_with("crates/core/src/") && !file.path.starts_with("crates/journal/src/") {
        return;
    }
    for (line, code) in rust.product() {
        for word in IMPURE.iter().filter(|word| code.contains(*word)) {
            say(line, format!("`{word}`: this crate is pure, pass the value in"));
        }
    }
}

fn demo(file: &File, rust: &Scanned, say: &mut impl FnMut(usize, String)) {
    if !file.path.starts_with("crates/app/src/demo") {
        return;
    }
    for (line, code) in rust.all() {
        for word in ["yanhe_store", "Writer", "Commit", "writer"].iter().filter(|word| has_word(code, word)) {
            say(line, format!("`{word}`: the demo acts through `app` as the pages do"));
        }
    }
}

fn modules(tree: &Tree, file: &File, rust: &Scanned, say: &mut impl FnMut(usize, String)) {
    if matches!(file.path.rsplit('/').next(), Some("lib.rs" | "main.rs")) && !file.text.starts_with("//!") {
        say(1, "the first line says what this is: `//! ...`".into());
    }
    for (line, code) in rust.product() {
        let Some(name) = code.trim().strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(';')) else { continue };
        let base = format!("{}/{name}", module_dir(&file.path));
        let Some(module) = tree.get(&format!("{base}.rs")).or_else(|| tree.get(&format!("{base}/mod.rs"))) else {
            say(line, format!("module `{name}` has no file"));
            continue;
        };
        if !module.text.starts_with("//!") {
            say(line, format!("`{}` does not begin with `//!`", module.path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan;

    fn faults_of(path: &str, text: &str) -> Vec<String> {
        let rust = Some(scan::scan(text, false));
        let file = File { path: path.into(), text: text.into(), rust };
        let mut faults = Vec::new();
        check(&Tree { files: vec![file] }, &mut faults);
        faults.iter().map(Fault::to_string).collect()
    }

    /// Two words that together would be a fault in this file.
    fn joined(words: &[&str]) -> String {
        words.join(" ")
    }

    #[test]
    fn statements_are_known_by_their_words_and_sentences_are_not() {
        assert!(is_sql(&joined(&["SELECT", "a", "FROM", "b"])));
        assert!(is_sql(&joined(&["x;", "INSERT", "INTO", "b VALUES (1)"])));
        assert!(is_sql(&joined(&["select", "*", "from", "b"])));
        assert!(is_sql(&joined(&["PRAGMA", "user_version"])));
        assert!(!is_sql("select one of them from the list"));
        assert!(!is_sql("update"));
        assert!(!is_sql("the journal is set"));
    }

    #[test]
    fn tags_are_html_and_types_are_not() {
        assert!(is_html(&joined(&["a <", "p>"]).replace("< ", "<")));
        assert!(is_html(&joined(&["<div", "class='x'>"])));
        assert!(!is_html("Vec<T>"));
        assert!(!is_html("a < b and c > d"));
        assert!(!is_html("<field>"));
    }

    #[test]
    fn the_demo_reaches_no_store() {
        let text = "//! Demo.\nuse yanhe_store::Writer;\n";
        assert_eq!(faults_of("crates/app/src/demo/play.rs", text).len(), 2);
        assert_eq!(faults_of("crates/app/src/handle.rs", text).len(), 0);
    }

    #[test]
    fn attributes_are_expected_with_a_reason() {
        assert_eq!(faults_of("crates/app/src/a.rs", "#[allow(dead_code)]\nfn a() {}").len(), 1);
        assert_eq!(faults_of("crates/app/src/a.rs", "#[expect(dead_code)]\nfn a() {}").len(), 1);
        assert_eq!(faults_of("crates/app/src/a.rs", "#[expect(\n dead_code,\n reason = \"b\"\n)]\nfn a() {}").len(), 0);
        assert_eq!(faults_of("crates/app/src/a.rs", "fn a() { b.expect(\"c\"); d.allow(1); }").len(), 0);
    }

    #[test]
    fn the_law_reads_no_file() {
        assert_eq!(faults_of("crates/core/src/a.rs", "fn a() { std::fs::read(\"b\"); }").len(), 1);
        assert_eq!(faults_of("crates/app/src/a.rs", "fn a() { std::fs::read(\"b\"); }").len(), 0);
    }

    #[test]
    fn tests_do_not_count_towards_the_length() {
        let long = "fn a() {}\n".repeat(LINES + 1);
        assert_eq!(faults_of("crates/app/src/a.rs", &long).len(), 1);
        let tested = format!("fn a() {{}}\n#[cfg(test)]\nmod tests {{\n{long}}}\n");
        assert_eq!(faults_of("crates/app/src/a.rs", &tested).len(), 0);
    }

    #[test]
    fn databases_are_asked_for_in_one_place() {
        let text = "fn a(b: C) -> bool { b == C::Sqlite }";
        assert_eq!(faults_of("crates/store/src/plan.rs", text).len(), 1);
        assert_eq!(faults_of("crates/store-read/src/dialect.rs", text).len(), 0);
    }

    #[test]
    fn names_say_what_a_thing_is() {
        assert_eq!(faults_of("crates/app/src/a.rs", "struct LetterManager;").len(), 1);
        assert_eq!(faults_of("crates/app/src/a.rs", "mod utils {}").len(), 1);
        assert_eq!(faults_of("crates/app/src/a.rs", "enum Command { RecordService }").len(), 0);
    }
}
