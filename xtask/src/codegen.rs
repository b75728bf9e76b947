//! `cargo xtask codegen`: documents made from the program itself, committed so that a change of them is a visible diff.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use yanhe_core::pack::{Pack, Rule, Status};
use yanhe_core::{Date, policy};

use crate::Problem;

/// Write what differs, or only say that it does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write.
    Write,
    /// Fail when stale.
    Check,
}

/// Makes a document from the repository.
type Make = fn(&Path) -> Result<String, Problem>;

/// The documents, by their names in `docs/generated`.
const DOCUMENTS: &[(&str, Make)] = &[("acts.md", acts), ("rules.md", rules)];

/// Makes every document and writes or compares it.
///
/// # Errors
/// When one cannot be made or written, or is stale.
pub fn run(root: &Path, mode: Mode) -> Result<String, Problem> {
    let mut stale = Vec::new();
    for (name, make) in DOCUMENTS {
        let path = root.join("docs/generated").join(name);
        let made = make(root)?;
        if fs::read_to_string(&path).is_ok_and(|committed| committed == made) {
            continue;
        }
        stale.push(*name);
        if mode == Mode::Write {
            fs::write(&path, made).map_err(|e| format!("`{}`: {e}", path.display()))?;
        }
    }
    match (stale.as_slice(), mode) {
        ([], _) => Ok(format!("codegen: {} documents are as committed", DOCUMENTS.len())),
        (changed, Mode::Write) => Ok(format!("codegen: wrote {}", changed.join(", "))),
        (stale, Mode::Check) => {
            Err(format!("codegen: stale in docs/generated: {}; run `cargo xtask codegen`", stale.join(", ")))
        }
    }
}

fn acts(_root: &Path) -> Result<String, Problem> {
    Ok(format!(
        "# Who may do what\n\n\
         Made by `cargo xtask codegen` from `crates/core/src/policy.rs`. In a cell stands how the actor must stand to the\n\
         case: `any` case, one of the own `organ` or `court`, one where they are the `named` mediator, or one that is\n\
         their `own` as a party. An empty cell: never. Whether an act is open at the moment is a second question, which\n\
         the stream answers.\n\n{}",
        policy::matrix()
    ))
}

fn rules(root: &Path) -> Result<String, Problem> {
    let pack = pack(&root.join("packs/haiyan"))?;
    let mut out = format!(
        "# Limits of the pack `{}`\n\n\
         Made by `cargo xtask codegen` from `packs/haiyan/rules.toml`. Status `read`: taken from the official text;\n\
         `default`: what a county would set, and shown as such. A day count begins on the day after the event. `<-`: counted\n\
         back. Citations are those of a paper dated within the given dates; without dates, of any paper.\n\n\
         | id | limit | sector | variant | value | unit | rolls | from | citation | in force | status |\n\
         | --- | --- | --- | --- | ---: | --- | --- | --- | --- | --- | --- |\n",
        pack.jurisdiction.code
    );
    for rule in &pack.rules {
        out.push_str(&row(&pack, rule));
    }
    Ok(out)
}

fn row(pack: &Pack, rule: &Rule) -> String {
    let citations: Vec<String> = rule
        .basis
        .iter()
        .map(|basis| {
            // Any date on which the entry is valid gives its own citation, taken alone.
            let date = basis.from.or(basis.to).unwrap_or(Date::constant(2022, 1, 1));
            let cited = pack.cite(std::slice::from_ref(basis), date).short;
            match dates(basis.from, basis.to) {
                range if range.is_empty() => cited,
                range => format!("{cited} ({range})"),
            }
        })
        .collect();
    format!(
        "| `{}` | {} | {} | {} | {}{} | {} | {} | {} | {} | {} | {} |\n",
        rule.id,
        rule.name,
        rule.sector.as_deref().unwrap_or_default(),
        rule.variant,
        if rule.backwards { "<-" } else { "" },
        rule.value,
        rule.unit.text_zh(),
        if rule.rolls { "yes" } else { "no" },
        rule.starts,
        citations.join("; "),
        dates(rule.in_force.from, rule.in_force.to),
        match rule.status {
            Status::Read => "read",
            Status::Default => "default",
        },
    )
}

fn dates(from: Option<Date>, to: Option<Date>) -> String {
    match (from, to) {
        (None, None) => String::new(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("to {to}"),
        (Some(from), Some(to)) => format!("{from} to {to}"),
    }
}

fn pack(dir: &Path) -> Result<Pack, Problem> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dir).map_err(|e| format!("`{}`: {e}", dir.display()))? {
        let path = entry.map_err(|e| format!("`{}`: {e}", dir.display()))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.insert(name, fs::read_to_string(&path).map_err(|e| format!("`{}`: {e}", path.display()))?);
        }
    }
    Pack::parse(&files).map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}
