//! `yanhe scope`: for each row of a file whether a guidance letter is due, and why. Stores nothing.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use yanhe_app::import::{self, Difference, Kind, Parsed, Record};
use yanhe_app::ports::{Entropy, SeededEntropy};
use yanhe_app::read_pack;
use yanhe_core::Ids;
use yanhe_core::matter::{kind_name, text_of};
use yanhe_core::pack::Pack;
use yanhe_core::scope::{Because, propose};

use super::{Failure, Outcome, open};
use crate::packs;

/// Arguments.
#[derive(clap::Args)]
pub struct Args {
    /// The file, XLSX or CSV
    file: PathBuf,
    /// What it holds
    #[arg(long, value_parser = ["complaints", "penalties", "inspections"])]
    kind: String,
    /// Directory of another pack than that of Haiyan
    #[arg(long, value_name = "DIR")]
    pack: Option<PathBuf>,
    /// One JSON object a line on standard output
    #[arg(long)]
    json: bool,
}

/// One line of the answer.
#[derive(Serialize)]
struct Line<'a> {
    number: &'a str,
    send_letter: u8,
    kind: &'static str,
    because: Vec<String>,
}

/// Reads, proposes and prints.
pub fn run(args: &Args) -> Outcome {
    let files = match &args.pack {
        Some(dir) => open::pack_in(dir)?,
        None => packs::haiyan(),
    };
    let (pack, _) = read_pack(&files, &packs::calendar())?;
    let kind: Kind = args.kind.parse().map_err(Failure::usage)?;
    let shown = args.file.display();
    let bytes = std::fs::read(&args.file).map_err(|e| Failure::unreadable(format_args!("`{shown}`: {e}")))?;
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    let sheet = import::read(kind, &name, &bytes, &|name| import::body(&pack, name))
        .map_err(|e| Failure::unreadable(format_args!("`{shown}`: {e} ({})", e.text_zh())))?;
    let mut first = HashMap::new();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for row in sheet.rows.iter().filter(|row| !row.number().is_empty()) {
        let line = line(&pack, row, &mut first);
        let written = if args.json {
            serde_json::to_writer(&mut out, &line).map_err(std::io::Error::from).and_then(|()| out.write_all(b"\n"))
        } else {
            let answer = if line.send_letter == 1 { "send" } else { "-" };
            writeln!(out, "{}\t{answer}\t{}\t{}", line.number, line.kind, line.because.join("; "))
        };
        if !delivered(written)? {
            return Ok(ExitCode::SUCCESS);
        }
    }
    delivered(out.flush())?;
    Ok(ExitCode::SUCCESS)
}

/// False when the reader has seen enough.
fn delivered(written: std::io::Result<()>) -> Result<bool, Failure> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::unreadable(error)),
    }
}

/// The proposal for a row. `first` holds the first row of each key: a later one that differs where it must not is
/// refused, as an import refuses it.
fn line<'a>(pack: &Pack, row: &'a Parsed, first: &mut HashMap<Vec<String>, (&'a Record, u32)>) -> Line<'a> {
    let refused = |because| Line { number: row.number(), send_letter: 0, kind: "", because };
    let record = match &row.result {
        Ok(record) => record,
        Err(faults) => {
            let text = faults.iter().map(|f| format!("refused: {}: {} ({})", f.column, f.reason_zh, f.reason_en));
            return refused(text.collect());
        }
    };
    if let Some((earlier, at)) = first.get(&record.natural_key()) {
        if let Difference::Refused(columns) = earlier.compare(record) {
            let text = |column| format!("refused: {column}: 与第{at}行不一致 (differs from row {at})");
            return refused(columns.into_iter().map(text).collect());
        }
    } else {
        first.insert(record.natural_key(), (record, row.row));
    }
    // Nobody is remembered, so any seed will do.
    let ids = Ids::new(SeededEntropy(0).seed("scope"));
    let Some(matter) = import::registered(record, pack, &ids, None, "") else {
        return refused(vec!["refused: not a matter".to_owned()]);
    };
    let proposal = propose(&pack.scope, &text_of(pack, &matter));
    Line {
        number: row.number(),
        send_letter: u8::from(proposal.send),
        kind: if proposal.send { kind_name(proposal.kind) } else { "" },
        because: proposal.because.iter().map(reason).collect(),
    }
}

fn reason(because: &Because) -> String {
    let quote = if because.quote.is_empty() { String::new() } else { format!("：“{}”", because.quote) };
    format!("{}{quote}", because.text_zh)
}
