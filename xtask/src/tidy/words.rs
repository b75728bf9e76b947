//! Words that no file of the repository holds: unfinished work, paths of somebody's machine, hosts nobody chose.

use super::Fault;
use crate::scan::has_word;
use crate::tree::Tree;

/// Marks of unfinished work. Written in two parts, so that this file holds none.
const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("HA", "CK")];

/// Macros that stand for unfinished code.
const UNWRITTEN: &[&str] = &[concat!("to", "do"), concat!("unimple", "mented")];

/// Beginnings of paths that exist on one machine only.
const MACHINE: &[&str] = &[
    concat!("/wo", "rk/main"),
    concat!("/wo", "rk/shared"),
    concat!("/wo", "rk/."),
    concat!("/tm", "p/w/"),
    concat!("/tm", "p/bash"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
];

/// Words of the place where the program was written; they say nothing about the program.
const PLACE: &[&str] = &[
    concat!("Anth", "ropic"),
    concat!("Cla", "ude"),
    concat!("Chat", "GPT"),
    concat!("language ", "model"),
    concat!("sub", "agent"),
    concat!("the ", "brief"),
    concat!("the ", "lead"),
    concat!("issue ", "A"),
    concat!("issues ", "show"),
    concat!("later ", "issue"),
    concat!("shared", "/"),
];

/// Hosts that a file may name, with what comes before them: `.example` stands for every name under it (RFC 2606).
const HOSTS: &[&str] = &[
    ".example",
    "127.0.0.1",
    "[::1]",
    "localhost",
    "c2sp.org",
    "crates.io",
    "docs.rs",
    "fonts.google.com",
    "fsf.org",
    "github.com",
    "openfontlicense.org",
    "rustup.rs",
    "scripts.sil.org",
    "sh.rustup.rs",
    "spdx.org",
    "www.apache.org",
    "www.gnu.org",
    "www.w3.org",
    // Names of XML namespaces in spreadsheets.
    "schemas.openxmlformats.org",
    "schemas.microsoft.com",
    "purl.org",
];

/// Checks every text file.
pub fn check(tree: &Tree, faults: &mut Vec<Fault>) {
    for file in &tree.files {
        // Sample input and the text of the licence are not ours to word.
        if file.path.starts_with("demo/") || file.path.starts_with("assets/fonts/") || file.path.starts_with("LICENSE")
        {
            continue;
        }
        for (line, text) in file.text.lines().enumerate().map(|(i, text)| (i + 1, text)) {
            let mut say = |what: String| faults.push(Fault::at(&file.path, line, what));
            for word in UNFINISHED.iter().filter(|word| has_word(text, word)) {
                say(format!("`{word}`: finish it, or say in the documentation what is absent"));
            }
            for path in MACHINE.iter().filter(|path| names_path(text, path)) {
                say(format!("`{path}` is a path of one machine"));
            }
            for word in PLACE.iter().filter(|word| names_place(text, word)) {
                say(format!("`{word}` is not about the program"));
            }
            for host in hosts(text).filter(|host| !known(host)) {
                say(format!("host `{host}` is not in the list of `xtask/src/tidy/words.rs`"));
            }
        }
    }
    for (file, rust) in tree.rust() {
        for (line, code) in rust.all() {
            for word in UNWRITTEN.iter().filter(|word| code.contains(&format!("{word}!"))) {
                faults.push(Fault::at(&file.path, line, format!("`{word}!` is unfinished code")));
            }
        }
    }
}

/// A path, not a part of a longer one: `docs/work` and the address `/work` of a page are none.
fn names_path(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|letter| !letter.is_alphanumeric() && !matches!(letter, '/' | '.' | '-' | '_' | '}'))
    })
}

fn names_place(text: &str, word: &str) -> bool {
    let stem = word.trim_end_matches('/');
    if stem.len() < word.len() { names_path(text, word) } else { has_word(text, word) }
}

/// Hosts of the addresses in a text. An address that code puts together has none.
fn hosts(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("://").filter_map(|(at, mark)| {
        let scheme = &text[..at];
        if !scheme.ends_with("http") && !scheme.ends_with("https") {
            return None;
        }
        let rest = &text[at + mark.len()..];
        let part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '[' | ']' | ':');
        let host = &rest[..rest.find(|letter| !part(letter)).unwrap_or(rest.len())];
        let host = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or(host) };
        Some(host.trim_end_matches('.')).filter(|host| host.contains('.') || host.contains(':') || *host == "localhost")
    })
}

fn known(host: &str) -> bool {
    HOSTS.iter().any(|known| match known.strip_prefix('.') {
        Some(top) => host.ends_with(known) || host == top,
        None => host == *known || (known.starts_with('[') && host.starts_with(known)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_those_of_whole_addresses() {
        let text = "see https://www.w3.org/x, http://127.0.0.1:8080 and http://{host}/ and http://[::1]:80/";
        assert_eq!(hosts(text).collect::<Vec<_>>(), ["www.w3.org", "127.0.0.1", "[::1]:80"]);
        assert!(hosts(text).all(known));
        assert!(known("letter.example"));
        assert!(!known("w3.org.evil.test"));
    }

    #[test]
    fn a_page_is_not_a_path_of_a_machine() {
        assert!(names_path(concat!("in `/ro", "ot/x`"), concat!("/ro", "ot/")));
        assert!(!names_path("a/root/x", "/root".get(..).unwrap_or_default()));
    }
}
