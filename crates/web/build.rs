//! Makes two generated files: the texts of both languages as one type (so that a text missing in a language
//! does not compile), and the styles and scripts with the hash of their content in their names.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The languages, the first of them the one the doc comments of the generated type show.
const LANGUAGES: [&str; 2] = ["zh", "en"];

/// Words that cannot be the name of a field in Rust and in a template.
const KEYWORDS: [&str; 22] = [
    "as", "async", "await", "box", "const", "do", "else", "enum", "fn", "for", "if", "in", "loop", "match", "mod",
    "move", "ref", "self", "static", "super", "type", "use",
];

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../assets");
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    let mut faults = Vec::new();

    let texts = LANGUAGES.map(|language| read_texts(&root.join("text").join(language), &mut faults));
    compare(&texts, &mut faults);
    if faults.is_empty() {
        write(&out.join("texts.rs"), &generate_texts(&texts), &mut faults);
    }
    write(&out.join("assets.rs"), &generate_assets(&root, &mut faults), &mut faults);

    for fault in &faults {
        println!("cargo::error={fault}");
    }
}

fn write(path: &Path, text: &str, faults: &mut Vec<String>) {
    if let Err(error) = fs::write(path, text) {
        faults.push(format!("cannot write {}: {error}", path.display()));
    }
}

/// Files of a folder with one of these extensions, in the order of their names.
fn files(folder: &Path, extensions: &[&str], faults: &mut Vec<String>) -> Vec<PathBuf> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let Ok(entries) = fs::read_dir(folder) else {
        faults.push(format!("cannot read the folder {}", folder.display()));
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.contains(&e)))
        .collect();
    paths.sort();
    paths
}

/// All texts of a language by dotted key: the file's name, then the keys inside it.
fn read_texts(folder: &Path, faults: &mut Vec<String>) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for path in files(folder, &["toml"], faults) {
        let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
        let table = fs::read_to_string(&path)
            .map_err(|e| e.to_string())
            .and_then(|text| text.parse::<toml::Table>().map_err(|e| e.to_string()));
        match table {
            Ok(table) => flatten(&name, &table, &mut texts, faults),
            Err(error) => faults.push(format!("{}: {}", path.display(), error.replace('\n', " "))),
        }
    }
    texts
}

fn flatten(prefix: &str, table: &toml::Table, texts: &mut BTreeMap<String, String>, faults: &mut Vec<String>) {
    for (key, value) in table {
        let path = format!("{prefix}.{key}");
        let plain = key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            && !key.starts_with(|c: char| c.is_ascii_digit());
        if !plain || KEYWORDS.contains(&key.as_str()) {
            faults.push(format!("text key `{path}`: use lower-case words that are no keyword of Rust"));
            continue;
        }
        match value {
            toml::Value::String(text) => {
                texts.insert(path, text.clone());
            }
            toml::Value::Table(inner) => flatten(&path, inner, texts, faults),
            _ => faults.push(format!("text key `{path}` is neither a text nor a table")),
        }
    }
}

/// Both languages must have the same keys with the same placeholders.
fn compare(texts: &[BTreeMap<String, String>; 2], faults: &mut Vec<String>) {
    let keys: BTreeSet<&String> = texts.iter().flat_map(BTreeMap::keys).collect();
    for key in keys {
        for (language, table) in LANGUAGES.iter().zip(texts) {
            match table.get(key) {
                None => faults.push(format!("text `{key}` is missing in `{language}`")),
                Some(text) if text.trim().is_empty() => faults.push(format!("text `{key}` is empty in `{language}`")),
                Some(_) => {}
            }
        }
        if let (Some(first), Some(second)) = (texts[0].get(key), texts[1].get(key))
            && placeholders(first) != placeholders(second)
        {
            faults
                .push(format!("text `{key}` has other placeholders in `{}` than in `{}`", LANGUAGES[1], LANGUAGES[0]));
        }
    }
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

/// One level of the tree of texts.
#[derive(Default)]
struct Node<'a> {
    texts: BTreeMap<&'a str, [&'a str; 2]>,
    nodes: BTreeMap<&'a str, Node<'a>>,
}

fn generate_texts(texts: &[BTreeMap<String, String>; 2]) -> String {
    let mut tree = Node::default();
    let mut index = String::new();
    for (key, first) in &texts[0] {
        let second = &texts[1][key];
        let _ = writeln!(index, "    ({key:?}, [{first:?}, {second:?}]),");
        let mut node = &mut tree;
        let mut parts: Vec<&str> = key.split('.').collect();
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            node = node.nodes.entry(part).or_default();
        }
        node.texts.insert(last, [first, second]);
    }
    let mut out = String::new();
    generate_type(&mut out, "Text", "All texts of one language.", &tree);
    for (place, language) in LANGUAGES.iter().enumerate() {
        let _ = write!(out, "\n/// The texts in `{language}`.\npub static {}: Text = ", language.to_uppercase());
        generate_value(&mut out, "Text", &tree, place);
        out.push_str(";\n");
    }
    let _ = write!(
        out,
        "\n/// Every text by its dotted key, sorted: for keys that are data.\nstatic INDEX: &[(&str, [&str; 2])] = &[\n{index}];\n"
    );
    out
}

fn type_name(parent: &str, key: &str) -> String {
    let words = key.split('_').map(|word| {
        let (head, tail) = word.split_at(word.len().min(1));
        head.to_uppercase() + tail
    });
    parent.to_owned() + &words.collect::<String>()
}

fn generate_type(out: &mut String, name: &str, doc: &str, node: &Node<'_>) {
    let _ = write!(out, "\n/// {doc}\n#[derive(Debug)]\npub struct {name} {{\n");
    for (key, [first, _]) in &node.texts {
        let _ = write!(out, "    #[doc = {first:?}]\n    pub {key}: &'static str,\n");
    }
    for key in node.nodes.keys() {
        let _ = write!(out, "    /// The texts under `{key}`.\n    pub {key}: {},\n", type_name(name, key));
    }
    out.push_str("}\n");
    for (key, inner) in &node.nodes {
        generate_type(out, &type_name(name, key), &format!("The texts under `{key}`."), inner);
    }
}

fn generate_value(out: &mut String, name: &str, node: &Node<'_>, place: usize) {
    let _ = writeln!(out, "{name} {{");
    for (key, texts) in &node.texts {
        let _ = writeln!(out, "    {key}: {:?},", texts[place]);
    }
    for (key, inner) in &node.nodes {
        let _ = write!(out, "    {key}: ");
        generate_value(out, &type_name(name, key), inner, place);
        out.push_str(",\n");
    }
    out.push('}');
}

/// Styles, scripts and images by the name they are served under, which holds the hash of their content.
fn generate_assets(root: &Path, faults: &mut Vec<String>) -> String {
    let mut out = String::from("/// Every embedded file.\npub(crate) static ALL: &[Asset] = &[\n");
    let mut names = String::new();
    for (folder, extensions) in [("css", &["css", "svg"][..]), ("js", &["js"][..])] {
        for path in files(&root.join(folder), extensions, faults) {
            println!("cargo::rerun-if-changed={}", path.display());
            let bytes = fs::read(&path).unwrap_or_default();
            let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
            let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
            let kind = match extension {
                "css" => "text/css; charset=utf-8",
                "svg" => "image/svg+xml",
                _ => "text/javascript; charset=utf-8",
            };
            let hash = fnv(&bytes);
            let name = format!("{stem}.{hash:016x}.{extension}");
            let constant = format!("{}_{}", stem.replace('-', "_"), extension).to_uppercase();
            let full = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
            let _ = writeln!(
                out,
                "    Asset {{ name: {name:?}, kind: {kind:?}, tag: \"\\\"{hash:016x}\\\"\", bytes: include_bytes!({:?}) }},",
                full.display().to_string()
            );
            let _ = write!(
                names,
                "/// Address of `{stem}.{extension}`.\npub const {constant}: &str = \"/assets/{name}\";\n"
            );
        }
    }
    out + "];\n" + &names
}

/// FNV-1a, 64 bits: the name changes when the content does. It guards a cache, not a secret.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
