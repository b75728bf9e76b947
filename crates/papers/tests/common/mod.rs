//! The pack's papers, their samples and the tools that read a PDF.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use jiff::civil::Date;
use serde_json::Value;
use yanhe_papers::{Papers, Rendered};

/// The repository.
pub static ROOT: LazyLock<PathBuf> = LazyLock::new(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));

/// The pack's papers.
pub static PAPERS: LazyLock<Papers> = LazyLock::new(|| papers_with(BTreeMap::new()));

/// The pack's templates and more.
pub fn papers_with(more: BTreeMap<String, String>) -> Papers {
    let mut templates = BTreeMap::new();
    for entry in fs::read_dir(ROOT.join("packs/haiyan/papers")).expect("the pack has papers") {
        let path = entry.expect("readable").path();
        if path.extension().is_some_and(|extension| extension == "typ") {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            templates.insert(name, fs::read_to_string(&path).expect("a text"));
        }
    }
    templates.extend(more);
    Papers::new(templates, Vec::new()).expect("the pack's templates are in order")
}

/// Name of the sample, its kind and its data.
pub fn samples() -> Vec<(String, String, Value)> {
    let mut samples = Vec::new();
    for entry in fs::read_dir(ROOT.join("packs/haiyan/papers/samples")).expect("the pack has samples") {
        let path = entry.expect("readable").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let kind = name.split('.').next().expect("never empty").to_owned();
        let data = serde_json::from_slice(&fs::read(&path).expect("readable")).expect("JSON");
        samples.push((name, kind, data));
    }
    samples.sort_by(|a, b| a.0.cmp(&b.0));
    samples
}

/// A sample's data.
pub fn sample(name: &str) -> Value {
    samples().into_iter().find(|(of, ..)| of == name).expect("a sample of this name").2
}

/// A sample's date.
pub fn date(data: &Value) -> Date {
    data["date"].as_str().expect("every sample has a date").parse().expect("a date")
}

/// Renders, on the sample's date.
pub fn render(kind: &str, data: &Value) -> Rendered {
    PAPERS.render(kind, data, date(data)).unwrap_or_else(|error| panic!("{kind}: {error}"))
}

/// Runs a tool over the paper, which it reads as a file, and gives its standard output.
pub fn tool(program: &str, before: &[&str], paper: &[u8], after: &[&str]) -> Vec<u8> {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("paper-{}-{number}.pdf", std::process::id()));
    fs::write(&file, paper).expect("the target directory can be written");
    let output = Command::new(program)
        .args(before)
        .arg(&file)
        .args(after)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("`{program}` is needed (apt: poppler-utils, qpdf): {error}"));
    fs::remove_file(&file).expect("just written");
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
