//! Licences and sources of everything that is built in, by `cargo metadata` without the network.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::Fault;
use crate::Problem;

/// Licences that may be combined with AGPL-3.0-or-later and ask for no more than a notice.
const ACCEPTED: &[&str] = &[
    "0BSD",
    "AGPL-3.0-or-later",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// The only source of code that is not ours.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks all packages that this platform builds, and says how many there are.
///
/// # Errors
/// When `cargo metadata` fails: then some package was never downloaded, and nothing can be said.
pub fn check(root: &Path, faults: &mut Vec<Fault>) -> Result<usize, Problem> {
    let metadata = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform"])
        .arg(host()?)
        .current_dir(root)
        .output()
        .map_err(|e| format!("`cargo metadata`: {e}"))?;
    if !metadata.status.success() {
        return Err(format!("`cargo metadata` failed: {}", String::from_utf8_lossy(&metadata.stderr)));
    }
    let metadata: Value = serde_json::from_slice(&metadata.stdout).map_err(|e| format!("`cargo metadata`: {e}"))?;
    let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    for package in packages {
        let name = format!("{} {}", text(&package["name"]), text(&package["version"]));
        // A crate of ours has no source; its licence is checked with its manifest.
        let Some(source) = package["source"].as_str() else { continue };
        if source != REGISTRY {
            faults.push(Fault::of("Cargo.lock", format!("`{name}` does not come from the registry")));
        }
        let licence = text(&package["license"]);
        if !accepted(licence) {
            faults.push(Fault::of("Cargo.lock", format!("licence of `{name}` is not accepted: `{licence}`")));
        }
    }
    Ok(packages.len())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The platform that is built for.
pub fn host() -> Result<String, Problem> {
    let version = Command::new("rustc").arg("-vV").output().map_err(|e| format!("`rustc`: {e}"))?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "`rustc -vV` names no host".to_owned())
}

/// Is some choice of an SPDX expression wholly accepted?
fn accepted(expression: &str) -> bool {
    // Old manifests write `/` for OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    either(&words, &mut at) && at == words.len()
}

fn either(words: &[&str], at: &mut usize) -> bool {
    let mut fits = both(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        let next = both(words, at);
        fits = fits || next;
    }
    fits
}

fn both(words: &[&str], at: &mut usize) -> bool {
    let mut fits = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        let next = one(words, at);
        fits = fits && next;
    }
    fits
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let fits = either(words, at);
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return fits && closed;
    }
    if words.get(*at) == Some(&"WITH") {
        let exception = words.get(*at + 1).copied().unwrap_or_default();
        *at += 2;
        return ACCEPTED.contains(&format!("{word} WITH {exception}").as_str());
    }
    ACCEPTED.contains(word)
}

#[cfg(test)]
mod tests {
    use super::accepted;

    #[test]
    fn one_good_choice_is_enough_and_all_of_it_must_be_good() {
        assert!(accepted("MIT"));
        assert!(accepted("GPL-2.0-only OR MIT"));
        assert!(accepted("MIT/Apache-2.0"));
        assert!(accepted("(MIT OR GPL-2.0-only) AND Unicode-3.0"));
        assert!(accepted("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only"));
        assert!(!accepted("MIT AND GPL-2.0-only"));
        assert!(!accepted("GPL-2.0-only WITH Classpath-exception-2.0"));
        assert!(!accepted("(MIT"));
        assert!(!accepted(""));
    }
}
