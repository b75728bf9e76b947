//! `yanhe check-agreement`: what is missing in the draft of an agreement, does not add up or is forbidden. Stores nothing.

use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use yanhe_app::read_pack;
use yanhe_core::agreement::{self, Agreement, Code, Finding, Severity};

use super::{Failure, Outcome, open, print};
use crate::packs;

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    /// The draft, JSON
    file: PathBuf,
    /// Directory of another pack than that of Haiyan
    #[arg(long, value_name = "DIR")]
    pack: Option<PathBuf>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer {
    findings: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    clause: Option<i64>,
    code: Code,
    severity: Severity,
    reason: String,
    suggestion: String,
}

/// Reads, checks and prints; a finding that stops signing is a fault.
pub fn run(args: &Args) -> Outcome {
    let files = match &args.pack {
        Some(dir) => open::pack_in(dir)?,
        None => packs::haiyan(),
    };
    let (pack, _) = read_pack(&files, &packs::calendar())?;
    let shown = args.file.display();
    let bytes = std::fs::read(&args.file).map_err(|e| Failure::unreadable(format_args!("`{shown}`: {e}")))?;
    // Some editors put a mark of the encoding first.
    let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let draft: Agreement =
        serde_json::from_slice(json).map_err(|e| Failure::unreadable(format_args!("`{shown}`: {e}")))?;
    let findings = agreement::check(&pack, &draft);
    if args.json {
        print(&Answer { findings: findings.iter().map(line).collect() })?;
    } else if findings.is_empty() {
        println!("nothing found");
    } else {
        for found in &findings {
            let clause = found.clause.map_or_else(String::new, |n| format!("clause {n}: "));
            let weight = if found.severity == Severity::Block { "stops signing" } else { "to weigh" };
            println!("{clause}{} ({weight})\n  {}", found.reason_zh(), found.suggestion_zh());
            println!("  {}. {}", found.reason_en(), found.suggestion_en());
        }
    }
    Ok(if agreement::blocks(&findings) { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn line(found: &Finding) -> Line {
    Line {
        clause: found.clause,
        code: found.code,
        severity: found.severity,
        reason: found.reason_zh(),
        suggestion: found.suggestion_zh(),
    }
}
