//! Refused rows as a file that can be corrected and imported again.

use super::row::header_key;
use super::{Kind, Parsed};

/// Header of the column with the reason.
pub const REASON_COLUMN: &str = "拒绝原因";

/// The same in English.
pub const REASON_COLUMN_EN: &str = "Why it was refused";

/// The refused rows as CSV in UTF-8 with a byte order mark: the header of their sheet, the rows as they were, and
/// a last column with the reason, under the header `column`, which is one of [`REASON_COLUMN`] and [`REASON_COLUMN_EN`]. Rows with other headers (the sheets of a roster) follow under a header of their
/// own, which [`super::read`] finds too; it ignores the reason.
///
/// Cells that a spreadsheet program would run as a formula get `'` in front, and long digits and leading zeros a
/// tab, or the program would round them; both are taken off when the file is read.
pub fn refused_csv<'a>(column: &str, rows: impl IntoIterator<Item = (&'a Parsed, String)>) -> Vec<u8> {
    let mut out = vec![0xEF, 0xBB, 0xBF];
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(&mut out);
    let mut header: Vec<&str> = Vec::new();
    let reasons = [REASON_COLUMN, REASON_COLUMN_EN].map(header_key);
    for (row, why) in rows {
        let cells: Vec<(&str, &str)> = row
            .cells
            .iter()
            .filter(|(header, _)| !reasons.contains(&header_key(header)))
            .map(|(header, text)| (header.as_str(), text.as_str()))
            .collect();
        let own: Vec<&str> = cells.iter().map(|(header, _)| *header).collect();
        if header != own {
            // INVARIANT: writing to a vector does not fail.
            let _ = writer.write_record(own.iter().copied().chain([column]));
            header = own;
        }
        let _ = writer.write_record(cells.iter().map(|(_, text)| guarded(text)).chain([why]));
    }
    let _ = writer.flush();
    drop(writer);
    out
}

/// The file when no row was refused: a header alone, so that nobody takes an older one for this import's.
pub fn none_refused(kind: Kind, column: &str) -> Vec<u8> {
    let columns = kind.layouts().first().map_or(&[][..], |layout| layout.columns);
    let header: Vec<&str> = columns.iter().map(|column| column.header).chain([column]).collect();
    format!("\u{FEFF}{}\r\n", header.join(",")).into_bytes()
}

impl Parsed {
    /// The faults of the row in Chinese, each with its column; empty for a good row.
    pub fn reasons_zh(&self) -> String {
        let faults = self.result.as_ref().err().into_iter().flatten();
        faults.map(|f| format!("{}：{}", f.column, f.reason_zh)).collect::<Vec<_>>().join("；")
    }
}

/// Whether a program would take a cell for a formula.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err()
}

fn guarded(text: &str) -> String {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if is_formula(text) {
        format!("'{text}")
    } else if digits && (text.len() >= 12 || (text.len() > 1 && text.starts_with('0'))) {
        format!("\t{text}")
    } else {
        text.to_owned()
    }
}

/// A cell of a CSV file without what [`refused_csv`] puts in front of it.
pub(super) fn unguarded(text: &str) -> &str {
    match (text.strip_prefix('\''), text.strip_prefix('\t')) {
        (Some(rest), _) if is_formula(rest) => rest,
        (_, Some(rest)) if !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guarded_cell_is_read_back_as_it_was() {
        for text in ["=1+1", "'=1+1", "+86 199", "-", "-5", "@a", "330499199407113009", "0573", "0", "海盐", "'a", ""]
        {
            assert_eq!(unguarded(&guarded(text)), text, "{text}");
        }
    }

    #[test]
    fn nothing_that_starts_a_formula_is_written_bare() {
        for text in ["=HYPERLINK(\"x\")", "+1+1", "-1+1", "@SUM(A1)"] {
            assert!(guarded(text).starts_with('\''), "{text}");
        }
        assert_eq!(guarded("-5"), "-5");
    }
}
