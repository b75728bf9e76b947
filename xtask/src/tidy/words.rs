//! Words that no file of the repository holds: unfinished work, paths of somebody's machine, hosts nobody chose.

use super::Fault;
use crate::scan::has_word;
use crate::tree::Tree;

/// Marks of unfinished work. Written in two parts, so that this file holds none.
const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("HA", "CK")];

/// Macros that stand for unfinished code.
const UNWRITTEN: &[&str] = &["todo", "unimplemented"];

/// Folders of one person or of one moment at the root of a machine: a path in them exists there only.
const MACHINE: &[&str] = &["home", "root", "tmp", "Users"];

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
        let theirs = ["demo/", "assets/fonts/", "LICENSE"].iter().any(|begin| file.path.starts_with(begin));
        if theirs {
            continue;
        }
        for (line, text) in file.text.lines().enumerate().map(|(i, text)| (i + 1, text)) {
            let mut say = |what: String| faults.push(Fault::at(&file.path, line, what));
            for word in UNFINISHED.iter().filter(|word| has_word(text, word)) {
                say(format!("`{word}`: finish it, or say in the documentation what is absent"));
            }
            for folder in MACHINE.iter().filter(|folder| names_path(text, folder)) {
                say(format!("`/{folder}` is a folder of one machine"));
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

/// A path below a folder at the root, which is not a part of a longer one.
fn names_path(text: &str, folder: &str) -> bool {
    text.match_indices(&format!("/{folder}/")).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|letter| !letter.is_alphanumeric() && !matches!(letter, '/' | '.' | '-' | '_' | '}'))
    })
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
        assert!(names_path("in `/somebody/x`", "somebody"));
        assert!(!names_path("a/somebody/x", "somebody"));
    }
}
