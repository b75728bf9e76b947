//! Bytes of a file as sheets of lines.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use encoding_rs::{Encoding, GB18030, UTF_8};
use yanhe_core::time::DateTime;
use yanhe_core::values::normalise;

use super::ImportError;

/// A sheet as it stands.
pub(super) struct Table {
    /// Its name.
    pub name: String,
    /// The lines that have cells, in order.
    pub lines: Vec<Line>,
    /// Whether a stray comma can have shifted its cells.
    pub is_csv: bool,
}

/// One line of a sheet; only cells that hold something are kept, so that a cell far out costs nothing.
pub(super) struct Line {
    /// Row from 1.
    pub row: u32,
    cells: BTreeMap<usize, String>,
    /// Columns of formulas that nobody has computed: what they would show is not known.
    pub uncomputed: Vec<usize>,
}

impl Line {
    /// The text of a column, empty where there is none.
    pub fn text(&self, column: usize) -> &str {
        self.cells.get(&column).map_or("", String::as_str)
    }

    /// Its cells with their columns.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &str)> {
        self.cells.iter().map(|(column, text)| (*column, text.as_str()))
    }

    /// All texts up to the last that holds something.
    pub fn texts(&self) -> Vec<String> {
        let width = self.cells.keys().next_back().map_or(0, |last| last + 1);
        (0..width).map(|column| self.text(column).trim().to_owned()).collect()
    }

    /// The header of two lines, of which the lower divides cells of the upper: its names stand for theirs.
    pub fn over(&self, lower: &Self) -> Self {
        let mut cells = self.cells.clone();
        cells.extend(lower.cells.iter().map(|(column, text)| (*column, text.clone())));
        Self { row: lower.row, cells, uncomputed: Vec::new() }
    }

    /// Whether no cell holds anything.
    pub fn is_blank(&self) -> bool {
        self.cells.is_empty()
    }

    /// Whether two lines say the same, as a title repeated on each printed page does.
    pub fn same_text(&self, other: &Self) -> bool {
        self.cells.values().map(|t| normalise(t)).eq(other.cells.values().map(|t| normalise(t)))
    }
}

/// An organ's half year has some thousand rows; ten times the largest county's is within this.
const MOST_CELLS: usize = 4_000_000;
/// Columns further out than this are no part of a table.
const MOST_COLUMNS: usize = 1000;

/// The sheets of a file, told apart by its first bytes, never by its name.
pub(super) fn tables(file_name: &str, bytes: &[u8]) -> Result<Vec<Table>, ImportError> {
    match bytes {
        [] => Err(ImportError::Empty),
        [b'P', b'K', 3, 4, ..] => workbook(bytes),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(ImportError::OldWorkbook),
        _ if other_kind(bytes).is_some() => {
            Err(ImportError::NotATable { found: other_kind(bytes).unwrap_or_default() })
        }
        _ if file_name.to_ascii_lowercase().ends_with(".xlsx") => {
            Err(ImportError::Workbook { reason: "it does not begin like a workbook".to_owned() })
        }
        _ => {
            let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
            let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            Ok(vec![Table { name: name.to_owned(), lines: csv_lines(&decode(bytes)?)?, is_csv: true }])
        }
    }
}

/// The name of a well-known kind of file that is no table, by its first bytes.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 8] = [
        (b"%PDF-", "PDF"),
        (b"\x89PNG", "PNG"),
        (b"\xFF\xD8\xFF", "JPEG"),
        (b"GIF8", "GIF"),
        (b"Rar!", "RAR"),
        (b"7z\xBC\xAF", "7z"),
        (b"\x1F\x8B", "gzip"),
        (b"<!DOCTYPE", "HTML"),
    ];
    KINDS.into_iter().find(|(begin, _)| bytes.starts_with(begin)).map(|(_, name)| name)
}

fn workbook(bytes: &[u8]) -> Result<Vec<Table>, ImportError> {
    let failed = |e: XlsxError| ImportError::Workbook { reason: e.to_string() };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(failed)?;
    let mut tables = Vec::new();
    let mut count = 0;
    for name in book.sheet_names() {
        let merged = match book.merge_cells_by_sheet_name(&name) {
            Ok(merged) => merged,
            Err(XlsxError::WorksheetNotFound(_)) => continue,
            Err(e) => return Err(failed(e)),
        };
        // Cell by cell and not as a range: a range is dense, and one cell at the far corner would fill memory.
        let mut reader = match book.worksheet_cells_reader(&name) {
            Ok(reader) => reader,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(e) => return Err(failed(e)),
        };
        let mut rows: BTreeMap<u32, BTreeMap<usize, String>> = BTreeMap::new();
        let mut uncomputed: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(failed)? {
            let (row, column) = cell.pos;
            let text = cell_text(&cell.value);
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            if column >= MOST_COLUMNS {
                continue;
            }
            // One that was computed to nothing has an empty text.
            if cell.formula.is_some() && matches!(cell.value, DataRef::Empty) {
                count += 1;
                uncomputed.entry(row).or_default().push(column);
            }
            if text.trim().is_empty() {
                continue;
            }
            count += 1;
            if count > MOST_CELLS {
                return Err(ImportError::TooLarge { limit: MOST_CELLS });
            }
            rows.entry(row).or_default().insert(column, text);
        }
        // A cell that is joined over several rows stands in each of them, as whoever looks at the sheet sees it. One that is
        // joined over columns is a title or a header.
        for area in merged.iter().filter(|area| area.start.1 == area.end.1 && area.start.0 < area.end.0) {
            let column = usize::try_from(area.start.1).unwrap_or(usize::MAX);
            let first = rows.get(&area.start.0).and_then(|cells| cells.get(&column)).cloned();
            let Some(text) = first else { continue };
            for (_, cells) in rows.range_mut(area.start.0 + 1..=area.end.0) {
                count += 1;
                if count > MOST_CELLS {
                    return Err(ImportError::TooLarge { limit: MOST_CELLS });
                }
                cells.entry(column).or_insert_with(|| text.clone());
            }
        }
        let lines = rows.into_iter().map(|(row, cells)| {
            let uncomputed = uncomputed.remove(&row).unwrap_or_default();
            Line { row: row.saturating_add(1), cells, uncomputed }
        });
        let lines = lines.collect();
        tables.push(Table { name, lines, is_csv: false });
    }
    Ok(tables)
}

/// What the cell shows, dates in ISO form.
fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => number_text(*n),
        DataRef::Bool(yes) => (if *yes { "TRUE" } else { "FALSE" }).to_owned(),
        DataRef::DateTime(at) if at.is_datetime() => date_text(at).unwrap_or_else(|| number_text(at.as_f64())),
        DataRef::DateTime(at) => number_text(at.as_f64()),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A number with the fifteen digits that a spreadsheet computes and shows: 0.1 + 0.2 is 0.3 there.
fn number_text(n: f64) -> String {
    let rounded = format!("{n:.14e}").parse().unwrap_or(n);
    format!("{rounded}")
}

fn date_text(at: &ExcelDateTime) -> Option<String> {
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let small = |n: u8| i8::try_from(n).ok();
    let time = DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        i32::from(milli) * 1_000_000,
    );
    let time = time.ok()?.round(jiff::Unit::Second).ok()?;
    let midnight = (time.hour(), time.minute(), time.second()) == (0, 0, 0);
    Some(if midnight { time.date().to_string() } else { time.strftime("%Y-%m-%d %H:%M:%S").to_string() })
}

/// Text by its byte order mark, else UTF-8 if it is mostly that, else GB18030. What cannot be decoded is U+FFFD, for
/// which its row is refused; where that is more than a little, it is no text.
fn decode(bytes: &[u8]) -> Result<String, ImportError> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, &bytes[mark..]),
        None if is_mostly_utf8(bytes) => (UTF_8, bytes),
        None => (GB18030, bytes),
    };
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let bad = text.chars().filter(|c| matches!(c, '\0' | '\u{FFFD}')).count();
    if bad * 20 > text.chars().count() { Err(ImportError::NotText) } else { Ok(text.into_owned()) }
}

/// Whether characters beyond ASCII are UTF-8 by far more often than not: text in GB18030 hardly ever is.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad == 0 || bad * 8 < good
}

fn csv_lines(text: &str) -> Result<Vec<Line>, ImportError> {
    let head: String = text.lines().take(20).collect();
    let delimiter =
        [b',', b'\t', b';'].into_iter().rev().max_by_key(|d| head.bytes().filter(|b| b == d).count()).unwrap_or(b',');
    if let Some(row) = open_quote(text.as_bytes(), delimiter) {
        return Err(ImportError::OpenQuote { row });
    }
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut lines = Vec::new();
    let mut count = 0;
    let mut row = 0;
    for record in reader.records() {
        let record = record.map_err(|e| ImportError::Csv { reason: e.to_string() })?;
        // The reader leaves blank lines out, a spreadsheet program shows and counts them.
        let start = record.position().map_or(0, csv::Position::byte);
        row += 1 + blank_lines(text.as_bytes(), usize::try_from(start).unwrap_or(usize::MAX));
        let cells: BTreeMap<usize, String> = record
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.trim().is_empty())
            .map(|(column, cell)| (column, super::refused::unguarded(cell).to_owned()))
            .collect();
        count += cells.len();
        if count > MOST_CELLS {
            return Err(ImportError::TooLarge { limit: MOST_CELLS });
        }
        lines.push(Line { row, cells, uncomputed: Vec::new() });
    }
    Ok(lines)
}

/// The row in which a quotation mark opens that is not closed where its cell ends: never, before other text, or only after
/// whole rows.
fn open_quote(text: &[u8], delimiter: u8) -> Option<u32> {
    let columns = |line: &[u8]| line.iter().filter(|b| **b == delimiter).count();
    let width = text.split(|b| *b == b'\n').take(20).map(columns).max().unwrap_or_default();
    let (mut row, mut at) = (1, 0);
    let mut begins = true;
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' if begins => {
                let end = closing(text, at);
                let inside = text.get(at..end.unwrap_or(text.len())).unwrap_or_default();
                // A line within it that has all columns is a row.
                let swallowed = inside.split(|b| *b == b'\n').skip(1).any(|line| columns(line) >= width.max(1));
                let Some(end) = end else { return Some(row) };
                let after = text.get(end + 1);
                let ends = after.is_none_or(|b| *b == delimiter || matches!(b, b'\r' | b'\n'));
                if inside.contains(&b'\n') && (swallowed || !ends) {
                    return Some(row);
                }
                (begins, at) = (false, end + 1);
            }
            b'\n' => (row, begins) = (row + 1, true),
            _ => begins = byte == delimiter,
        }
    }
    None
}

/// Where the quotation mark stands that closes a cell: not one of two that stand for one.
fn closing(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += text.get(at..)?.iter().position(|b| *b == b'"')?;
        match text.get(at + 1) {
            Some(b'"') => at += 2,
            _ => return Some(at),
        }
    }
}

/// How many blank lines stand at a place where the record before has ended, perhaps between the two characters
/// of its line end.
fn blank_lines(text: &[u8], start: usize) -> u32 {
    let inside = start > 0 && text.get(start - 1) == Some(&b'\r') && text.get(start) == Some(&b'\n');
    let mut at = if inside { start + 1 } else { start };
    let mut blank = 0;
    loop {
        at += match text.get(at..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([b'\r' | b'\n', ..]) => 1,
            _ => return blank,
        };
        blank += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<u32> {
        csv_lines(text).unwrap().iter().map(|line| line.row).collect()
    }

    #[test]
    fn blank_lines_and_lines_inside_quotes_count_as_a_spreadsheet_counts_them() {
        assert_eq!(rows("a,b\r\n\r\n\"x\r\ny\",2\r\nc,d\r\n,\r\ne,f"), [1, 3, 4, 5, 6]);
        assert_eq!(rows("a,b\n\n\n\"x\ny\",2\nc,d"), [1, 4, 5]);
        assert_eq!(rows("\n\na,b\n"), [3]);
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_is_said_with_its_row() {
        let open = |text: &str| match csv_lines(text) {
            Err(ImportError::OpenQuote { row }) => row,
            Err(error) => panic!("{error}"),
            Ok(_) => 0,
        };
        assert_eq!(open("a,b,c\n1,\"x,2\n3,y,4\n5,z,6\n"), 2, "never closed");
        assert_eq!(open("a,b,c\n1,\"x,2\n3,y,4\n5,z,6\""), 2, "closed at the end of the file");
        assert_eq!(open("a,b,c\n1,x,2\n3,\"y,4\n5,\"z\",6\n"), 3, "closed where another cell begins");
        assert_eq!(open("a,b,c\n1,\"x\ny，甲,乙\",2\n3,\"say \"\"y\"\"\",4\n5,z 5\" wide,6\n"), 0, "closed");
    }

    #[test]
    fn a_number_shows_what_the_spreadsheet_shows() {
        assert_eq!(number_text(0.1 + 0.2), "0.3");
        assert_eq!(number_text(6.5), "6.5");
        assert_eq!(number_text(5.0), "5");
        assert_eq!(number_text(19900000253.0), "19900000253");
    }

    #[test]
    fn the_delimiter_is_the_one_in_use() {
        assert_eq!(csv_lines("a\tb,c\td\n").unwrap()[0].texts(), ["a", "b,c", "d"]);
        assert_eq!(csv_lines("a,b\n").unwrap()[0].texts(), ["a", "b"]);
    }

    #[test]
    fn what_is_no_text_is_said_so() {
        assert!(matches!(tables("a.csv", &[0xFF, 0xFF, 0x00]), Err(ImportError::NotText)));
        assert!(matches!(tables("a.xlsx", b"PK\x03\x04 broken"), Err(ImportError::Workbook { .. })));
        assert!(matches!(tables("a.xls", &[0xD0, 0xCF, 0x11, 0xE0, 1]), Err(ImportError::OldWorkbook)));
        assert!(matches!(tables("a.csv", b""), Err(ImportError::Empty)));
    }
}
