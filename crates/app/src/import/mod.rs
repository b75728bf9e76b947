//! Files that organs send: read into rows of checked values, with one fault for each thing that is wrong.
//!
//! [`read`] takes XLSX and CSV (UTF-8 or GB18030), finds the header under a title, and goes by header text, so the
//! order of columns is free and further columns are ignored. What it cannot use as a file is an [`ImportError`];
//! what is wrong with one row is a [`RowFault`] and stops no other row. [`App::import`](crate::App::import) compares the
//! rows with the stored ones, by [`Record::natural_key`] and [`Record::compare`], and brings them in.

mod account;
mod complaints;
mod error;
mod inspections;
mod known;
mod matters;
mod notes;
mod outcome;
mod penalties;
mod publicity;
mod record;
mod refused;
mod roster;
mod row;
mod sheet;
mod store;
#[cfg(test)]
mod tests;
mod vacated;
mod withdraw;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use account::Account;
pub use complaints::{Appeal, ComplaintRow};
pub use error::ImportError;
pub use inspections::InspectionRow;
pub use matters::{is_organisation, registered};
pub use outcome::{Fate, ImportOutcome, Refused, Sample};
pub use penalties::{PenaltyRow, SubjectKind};
pub use publicity::PublicityRow;
pub use record::{Changed, Difference, Field, Record};
pub use refused::{REASON_COLUMN, REASON_COLUMN_EN, none_refused, refused_csv};
pub use roster::{ExpertRow, OrganRow, StaffRow};
pub use row::{OrganRef, RowFault};
pub use store::{ImportFileError, body};
pub use withdraw::SetBack;

use row::{Header, Layout, Row, Wanted};
use sheet::Line;

/// The kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 双公示 penalty decisions.
    Penalties,
    /// 双随机 inspection results.
    Inspections,
    /// 12345 work orders.
    Complaints,
    /// 花名册: organs, staff and experts.
    Roster,
    /// 宣传活动.
    Publicity,
}

impl Kind {
    /// All kinds, in the order in which a county is best filled in.
    pub const ALL: [Kind; 5] = [Self::Roster, Self::Penalties, Self::Inspections, Self::Complaints, Self::Publicity];

    /// The name that the command line and routes use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Penalties => "penalties",
            Self::Inspections => "inspections",
            Self::Complaints => "complaints",
            Self::Roster => "roster",
            Self::Publicity => "publicity",
        }
    }

    const fn layouts(self) -> &'static [Layout] {
        match self {
            Self::Penalties => &[penalties::LAYOUT],
            Self::Inspections => &[inspections::LAYOUT],
            Self::Complaints => &[complaints::LAYOUT],
            Self::Roster => &[roster::ORGANS, roster::STAFF, roster::EXPERTS],
            Self::Publicity => &[publicity::LAYOUT],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|k| k.name() == text).ok_or_else(|| format!("`{text}` is no kind of file"))
    }
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// What it holds.
    pub kind: Kind,
    /// Its name, as given.
    pub file: String,
    /// Its rows in order, good and bad. Blank, title, total and note lines are none.
    pub rows: Vec<Parsed>,
    /// How many rows.
    pub read: usize,
}

/// One row of a file.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// Name of the sheet; of a CSV file its name without the ending.
    pub sheet: String,
    /// Row of the sheet, counted from 1 with title and blank lines.
    pub row: u32,
    /// Header and content of every column as they stand, also of columns that are not used.
    pub cells: Vec<(String, String)>,
    /// The columns by which its rows are told apart.
    told: &'static [&'static str],
    /// The record, or all that is wrong with the row.
    pub result: Result<Record, Vec<RowFault>>,
}

impl Parsed {
    /// The content under a header as it stands, also of a refused row.
    pub fn cell(&self, header: &str) -> Option<&str> {
        let key = row::header_key(header);
        self.cells.iter().find(|(h, _)| row::header_key(h) == key).map(|(_, raw)| raw.as_str())
    }

    /// How many columns tell its rows apart, and all its cells with those first.
    fn told_apart(&self) -> (usize, Vec<(String, String)>) {
        let place = |header: &str| {
            let key = row::header_key(header);
            self.told.iter().position(|told| row::header_key(told) == key).unwrap_or(self.told.len())
        };
        let mut cells = self.cells.clone();
        cells.sort_by_key(|(header, _)| place(header));
        (cells.iter().filter(|(header, _)| place(header) < self.told.len()).count(), cells)
    }

    /// The document, task or order number as in the file, trimmed: empty where there is none.
    pub fn number(&self) -> &str {
        [penalties::NUMBER, inspections::NUMBER, complaints::NUMBER]
            .into_iter()
            .find_map(|header| self.cell(header))
            .unwrap_or_default()
            .trim()
    }
}

/// Lines above a header that may be titles; a header lower down is not looked for.
const HEADER_WITHIN: usize = 30;
/// So many needed columns show what a line was meant to be the header of: kinds of files share one or two.
const ENOUGH: usize = 3;

/// Reads a file. `organs` gives the code of an organ by its name, or `None` if the pack does not have it.
///
/// # Errors
/// The file cannot be opened as XLSX or text, no header of this kind is found, or a column is missing or there twice.
pub fn read(
    kind: Kind,
    file_name: &str,
    bytes: &[u8],
    organs: &dyn Fn(&str) -> Option<String>,
) -> Result<Sheet, ImportError> {
    let wanted: Vec<Wanted> = kind.layouts().iter().map(Wanted::new).collect();
    let mut rows = Vec::new();
    let mut headers = 0;
    // The line that has most of a header, where none has enough of one.
    let mut nearest: Option<(String, u32, Vec<String>)> = None;
    for table in sheet::tables(file_name, bytes)? {
        let mut titles: Vec<&Line> = Vec::new();
        let mut section: Option<(&Layout, Header)> = None;
        let mut lines = table.lines.iter().peekable();
        while let Some(line) = lines.next() {
            if line.is_blank() {
                continue;
            }
            if let Some((layout, missing)) = header_of(&wanted, line) {
                // What a line lacks may stand below cells that are joined over several columns.
                let both =
                    lines.peek().filter(|_| section.is_none() && !missing.is_empty()).map(|next| line.over(next));
                let both = both.filter(|both| header_of(&wanted, both).is_some_and(|(_, missing)| missing.is_empty()));
                if both.is_some() {
                    lines.next();
                }
                if missing.is_empty() || both.is_some() {
                    headers += 1;
                    let header = Header::new(both.as_ref().unwrap_or(line));
                    if let Some(column) = header.twice(layout) {
                        return Err(ImportError::SameColumns { sheet: table.name, column: column.to_owned() });
                    }
                    section = Some((layout, header));
                    continue;
                }
                if section.is_none() {
                    return Err(ImportError::MissingColumns { sheet: table.name, row: line.row, columns: missing });
                }
            }
            let Some((layout, header)) = &section else {
                let nearer = |(best, missing): &(&Wanted, Vec<String>)| {
                    let fewer = nearest.as_ref().is_none_or(|(.., least)| missing.len() < least.len());
                    fewer && best.needed.len() >= missing.len() + ENOUGH
                };
                if let Some((_, missing)) = most_of(&wanted, line).filter(nearer) {
                    nearest = Some((table.name.clone(), line.row, missing));
                }
                titles.push(line);
                if titles.len() >= HEADER_WITHIN {
                    break;
                }
                continue;
            };
            if layout.is_aside(line, header) || titles.iter().any(|title| title.same_text(line)) {
                continue;
            }
            let row = Row::new(line, header, organs, table.is_csv);
            rows.push(Parsed {
                sheet: table.name.clone(),
                row: line.row,
                cells: row.cells(),
                told: layout.told,
                result: row.parse(layout),
            });
        }
    }
    if let Some((sheet, row, columns)) = nearest.filter(|_| headers == 0) {
        return Err(ImportError::MissingColumns { sheet, row, columns });
    }
    if headers == 0 {
        let mut columns: Vec<String> = Vec::new();
        for layout in kind.layouts() {
            let begin: Vec<&str> = layout.columns.iter().take(3).map(|column| column.header).collect();
            columns.push(begin.join("、"));
        }
        return Err(ImportError::NoHeader { kind, columns });
    }
    let read = rows.len();
    Ok(Sheet { kind, file: file_name.to_owned(), rows, read })
}

/// The layout that a line is the header of, the one with most of its needed columns in it and at least half, and the
/// needed columns that it lacks.
fn header_of(wanted: &[Wanted], line: &Line) -> Option<(&'static Layout, Vec<String>)> {
    let (best, missing) = most_of(wanted, line)?;
    ((best.needed.len() - missing.len()) * 2 >= best.needed.len()).then_some((best.layout, missing))
}

/// The layout of which a line has most needed columns and at least two, and those that it lacks.
fn most_of<'a>(wanted: &'a [Wanted], line: &Line) -> Option<(&'a Wanted, Vec<String>)> {
    let keys = row::line_keys(line);
    let best = wanted.iter().min_by_key(|w| w.missing(&keys).count() * 100 / w.needed.len())?;
    let missing: Vec<String> = best.missing(&keys).map(|column| column.header.to_owned()).collect();
    (best.needed.len() >= missing.len() + 2).then_some((best, missing))
}
