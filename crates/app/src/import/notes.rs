//! What stands alone in a line under a table and is no row of it, and what no row can be called.

use yanhe_core::values::{normalise, parse_date};

use super::row::{Header, Layout, Need, Row, is_total};

/// Beginnings of what stands alone under a table, without the brackets and strokes around it.
const ALONE: [&str; 6] = ["以下空白", "以下无", "截至", "截止", "此页无", "本页无"];
/// Words of totals in an export that is half in English.
const TOTALS_EN: [&str; 4] = ["total", "grand total", "subtotal", "sum"];
/// Marks that a footnote begins with.
const MARKS: [char; 4] = ['*', '※', '★', '▲'];

impl Layout {
    /// Whether a single filled cell is a note: it stands where no row must have anything, or says something that no row
    /// says. A number alone is a row of which the rest is missing.
    pub fn stands_alone(&self, column: usize, text: &str, header: &Header) -> bool {
        let numbered = self.is_numbered() && header.place(self.key) == Some(column);
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
        let digits = bare.chars().all(|c| c.is_ascii_digit());
        !self.needed(header).any(|needed| needed == column)
            || numbered && !text.contains(|c: char| c.is_ascii_digit())
            || ALONE.iter().any(|begin| bare.starts_with(begin))
            || text.starts_with(MARKS)
            || TOTALS_EN.contains(&bare.to_lowercase().as_str())
            || bare.starts_with('第') && bare.contains('页')
            || !digits && parse_date(bare).is_ok()
    }

    /// Whether a line fills so much of what a row must have that it is one, whatever it is called.
    pub fn fills(&self, cells: &[(usize, String)], header: &Header) -> bool {
        let needed: Vec<usize> = self.needed(header).collect();
        cells.iter().filter(|(column, _)| needed.contains(column)).count() * 2 > needed.len()
    }

    /// No row bears a word of total lines as its number.
    pub fn refuse_total(&self, row: &Row<'_>) {
        let number = normalise(&row.text(self.key));
        if self.is_numbered() && is_total(&number) {
            let zh = format!("“{number}”是合计行的字样，不是编号");
            row.say(self.key, zh, format!("`{number}` is a word of total lines and no number"));
        }
    }

    /// Whether its rows bear numbers of documents.
    fn is_numbered(&self) -> bool {
        self.key.ends_with('号')
    }

    /// Where the columns are that have to be there.
    fn needed<'a>(&self, header: &'a Header) -> impl Iterator<Item = usize> + use<'a> {
        let columns = self.columns.iter().filter(|column| column.need == Need::Column);
        columns.filter_map(move |column| header.place(column.header))
    }
}
