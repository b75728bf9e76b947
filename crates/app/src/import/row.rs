//! One row: its cells by header, and what is wrong with them.

use std::borrow::Cow;
use std::cell::RefCell;

use serde::{Deserialize, Serialize};
use yanhe_core::values::words::{LONGEST_TEXT, unreadable};
use yanhe_core::values::{
    Document, DocumentKind, MOST, PersonName, ValueError, before_bracket, half_width, is_nothing, normalise, quote,
};

use super::Record;
use super::sheet::Line;

/// One thing that is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowFault {
    /// The header of the column, as in the file.
    pub column: String,
    /// The reason in Chinese.
    pub reason_zh: String,
    /// The reason in English.
    pub reason_en: String,
}

/// An organ that a row names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OrganRef {
    /// Its code in the pack.
    pub code: String,
    /// Its name as written.
    pub name: String,
}

/// Whether a column has to be there, and its cells filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// The column has to be there; its cells may be blank where the parser of the row allows it.
    Column,
    /// Exports without it are in use.
    Nothing,
}

/// A column of a layout.
pub(super) struct Column {
    pub header: &'static str,
    pub need: Need,
}

/// A column that has to be there.
pub(super) const fn column(header: &'static str) -> Column {
    Column { header, need: Need::Column }
}

/// A column that may be missing.
pub(super) const fn extra(header: &'static str) -> Column {
    Column { header, need: Need::Nothing }
}

/// The columns of a kind of sheet and how its rows are read.
pub(super) struct Layout {
    pub columns: &'static [Column],
    /// The column that every row fills, by which a total line is told from a row.
    pub key: &'static str,
    /// The columns by which whoever looks at its rows tells them apart: what identifies a row first.
    pub told: &'static [&'static str],
    pub parse: fn(&Row<'_>) -> Option<Record>,
}

/// A header for comparing: without spaces, line breaks and the star of required columns.
pub(super) fn header_key(header: &str) -> String {
    normalise(header).chars().filter(|c| !matches!(c, ' ' | '*')).collect::<String>().to_lowercase()
}

/// Beginnings of lines that stand under a table and are no row of it.
const NOTES: [&str; 34] = [
    "填表说明",
    "说明:",
    "注:",
    "附:",
    "附注",
    "附件:",
    "备注:",
    "填表人",
    "填表单位",
    "填表日期",
    "填报人",
    "填报单位",
    "填报日期",
    "制表",
    "制单",
    "编制",
    "审核",
    "复核",
    "审批人",
    "负责人",
    "分管领导",
    "主管领导",
    "经办人",
    "单位:",
    "报送",
    "数据来源",
    "统计时间",
    "导出时间",
    "导出日期",
    "打印时间",
    "打印日期",
    "联系人",
    "联系电话",
    "以下空白",
];
/// Beginnings of total lines.
const TOTALS: [&str; 8] = ["合计", "总计", "小计", "共计", "总数", "累计", "本页合计", "本页小计"];
/// How a line begins that says how many rows there are, and what it counts.
const COUNTS: [&str; 7] = ["以上共", "以上合计", "本表共", "总共", "合共", "共有", "共"];
const COUNTED: [&str; 14] = ["条", "件", "行", "项", "笔", "户", "家", "人", "宗", "起", "单", "个", "次", "页"];
/// The longest words that stand before a name in a cell of their own: 制表人, 填报单位.
const LABEL: usize = 5;

/// 共2条, 总共 15 件: a number of rows, and not the name of something, as in 共青团.
fn is_count(text: &str) -> bool {
    let number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十百千两".contains(c);
    COUNTS.iter().filter_map(|begin| text.strip_prefix(begin)).any(|rest| {
        let unit = rest.trim_start_matches(number);
        unit.len() < rest.len() && COUNTED.iter().any(|counted| unit.starts_with(counted))
    })
}

/// 注1:, 注2.: a note by its number.
fn is_numbered(text: &str) -> bool {
    text.strip_prefix('注').is_some_and(|rest| {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        after.len() < rest.len() && after.starts_with([':', '.', '、'])
    })
}

fn is_note(text: &str) -> bool {
    NOTES.iter().any(|n| text.starts_with(n)) || is_numbered(text)
}

pub(super) fn is_total(text: &str) -> bool {
    TOTALS.iter().any(|t| text.starts_with(t)) || is_count(text)
}

/// A layout with the keys of the columns that have to be there, made once a file.
pub(super) struct Wanted {
    pub layout: &'static Layout,
    pub needed: Vec<(String, &'static Column)>,
}

impl Wanted {
    pub fn new(layout: &'static Layout) -> Self {
        let needed = layout.columns.iter().filter(|c| c.need == Need::Column);
        Self { layout, needed: needed.map(|c| (header_key(c.header), c)).collect() }
    }

    /// The columns that are not among the keys of a line.
    pub fn missing(&self, keys: &[String]) -> impl Iterator<Item = &'static Column> {
        self.needed.iter().filter(|(key, _)| !keys.contains(key)).map(|(_, column)| *column)
    }
}

/// The longest header in bytes; a longer cell is content, and most cells of most lines are.
const LONGEST_HEADER: usize = 120;

/// The cells of a line as if they were headers.
pub(super) fn line_keys(line: &Line) -> Vec<String> {
    line.filled().map(|(_, text)| text).filter(|text| text.len() <= LONGEST_HEADER).map(header_key).collect()
}

/// The header of a section.
pub(super) struct Header {
    texts: Vec<String>,
    keys: Vec<String>,
}

impl Header {
    pub fn new(line: &Line) -> Self {
        let texts = line.texts();
        let keys = texts.iter().map(|text| header_key(text)).collect();
        Self { texts, keys }
    }

    /// A column of the layout that stands there more than once.
    pub fn twice(&self, layout: &Layout) -> Option<&str> {
        let again = |key: &String| self.keys.iter().filter(|k| *k == key).count() > 1;
        let twice = layout.columns.iter().map(|column| header_key(column.header)).find(again)?;
        self.keys.iter().position(|k| *k == twice).map(|at| self.texts[at].as_str())
    }

    pub fn place(&self, column: &str) -> Option<usize> {
        let key = header_key(column);
        self.keys.iter().position(|k| *k == key)
    }
}

impl Layout {
    /// Whether a line under the header is no row: a total, a note, a line for signing.
    pub fn is_aside(&self, line: &Line, header: &Header) -> bool {
        let cells: Vec<(usize, String)> = line.filled().map(|(column, text)| (column, normalise(text))).collect();
        let [(first, text), rest @ ..] = cells.as_slice() else { return true };
        if rest.is_empty() {
            // One sentence alone is a note; one number alone is a row of which the rest is missing.
            let said = is_note(text) || is_total(text) || text.contains(['。', ',', ';', ':']);
            return said || self.stands_alone(*first, text, header);
        }
        if is_total(text) && !self.fills(&cells, header) {
            // A row may be called 合计 too, but then it has a number of its own.
            let key = header.place(self.key);
            return Some(*first) == key || !rest.iter().any(|(column, text)| Some(*column) == key && !is_note(text));
        }
        // Who made the table, each beside the word for it or in one cell with it.
        let mut named = false;
        cells.iter().all(|(_, text)| {
            let note = is_note(text);
            let aside = note || named || is_total(text);
            named = note && (text.ends_with(':') || text.chars().count() <= LABEL);
            aside
        })
    }
}

/// The most characters of a name, a word or a place.
const LONGEST_LINE: usize = 200;

/// Characters without width that exports leave behind; they turn nothing around.
const fn is_passed_over(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

/// A row being read. Faults gather as its cells are taken.
pub(super) struct Row<'a> {
    line: &'a Line,
    header: &'a Header,
    organs: &'a dyn Fn(&str) -> Option<String>,
    /// In a workbook a date without its format is a number of days.
    serials: bool,
    /// Columns of which is said already that they cannot be read: whatever else is wrong there comes from it.
    unread: Vec<usize>,
    faults: RefCell<Vec<RowFault>>,
}

/// Ends of headers under which dates stand.
const DATES: [&str; 5] = ["日期", "时间", "期限", "聘期开始", "聘期结束"];

/// Days from 1954 to 2119 as a workbook counts them.
const SERIALS: std::ops::Range<f64> = 20_000.0..80_000.0;

/// The date that a number of days is in a workbook; the day zero is 30 December 1899, since a workbook knows a
/// 29 February 1900.
fn serial_date(text: &str) -> Option<String> {
    let days: f64 = text.parse().ok().filter(|days| SERIALS.contains(days))?;
    let seconds = (days * 86_400.0).round();
    let zero = yanhe_core::Date::constant(1899, 12, 30).at(0, 0, 0, 0);
    // INVARIANT: the range keeps it far within the number.
    let at = zero.checked_add(jiff::SignedDuration::from_secs(seconds as i64)).ok()?;
    let midnight = seconds % 86_400.0 == 0.0;
    Some(if midnight { at.date().to_string() } else { at.strftime("%Y-%m-%d %H:%M:%S").to_string() })
}

impl<'a> Row<'a> {
    /// A line under a header.
    pub fn new(line: &'a Line, header: &'a Header, organs: &'a dyn Fn(&str) -> Option<String>, is_csv: bool) -> Self {
        let mut row = Self { line, header, organs, serials: !is_csv, unread: Vec::new(), faults: RefCell::default() };
        for (column, text) in line.filled() {
            if let Some(c) = unreadable(text).filter(|c| !is_passed_over(*c)) {
                let c = format!("U+{:04X}", u32::from(c));
                let (zh, en) = ("含有无法辨认的字符", "holds a character that cannot be read: ");
                row.unread(column, format!("{zh}{c}"), format!("{en}{c}"));
            }
        }
        let stray = line.filled().any(|(column, _)| header.texts.get(column).is_none_or(String::is_empty));
        if is_csv && stray {
            row.faults.borrow_mut().push(RowFault {
                column: header.texts.last().cloned().unwrap_or_default(),
                reason_zh: "该行的单元格比表头多，可能有未加引号的逗号".to_owned(),
                reason_en: "the row has more cells than the header, perhaps by a comma without quotes".to_owned(),
            });
        }
        row
    }

    /// Header and content of every column as they stand.
    pub fn cells(&self) -> Vec<(String, String)> {
        let width = self.line.filled().last().map_or(0, |(last, _)| last + 1).max(self.header.texts.len());
        let header = |column: usize| self.header.texts.get(column).cloned().unwrap_or_default();
        let cells = (0..width).map(|column| (header(column), self.shown(column).into_owned()));
        cells.filter(|(header, text)| !header.is_empty() || !text.is_empty()).collect()
    }

    /// A cell that cannot be read at all.
    fn unread(&mut self, at: usize, reason_zh: String, reason_en: String) {
        let column = self.header.texts.get(at).cloned().unwrap_or_default();
        self.faults.borrow_mut().push(RowFault { column, reason_zh, reason_en });
        self.unread.push(at);
    }

    /// The record, or all faults.
    pub fn parse(mut self, layout: &Layout) -> Result<Record, Vec<RowFault>> {
        // In a column that is read here, a formula without a result is not a blank.
        for column in layout.columns {
            if let Some(at) = self.header.place(column.header).filter(|at| self.line.uncomputed.contains(at)) {
                let zh = "公式还没有计算结果，请在表格软件里打开、保存以后再导入".to_owned();
                let en =
                    "a formula without its result: open and save the file in a spreadsheet program first".to_owned();
                self.unread(at, zh, en);
            }
        }
        layout.refuse_total(&self);
        let record = (layout.parse)(&self);
        let faults = self.faults.into_inner();
        match record {
            Some(record) if faults.is_empty() => Ok(record),
            _ => Err(faults),
        }
    }

    /// A word among those that are known.
    pub fn known<T>(&self, column: &str, text: &str, parse: impl FnOnce(&str) -> Result<T, ValueError>) -> Option<T> {
        parse(text).map_err(|error| self.fault(column, &error)).ok()
    }

    /// Notes a fault in a column.
    pub fn fault(&self, column: &str, error: &ValueError) {
        self.say(column, error.text_zh(), error.text_en());
    }

    /// Notes what is wrong with a column.
    pub fn say(&self, column: &str, reason_zh: String, reason_en: String) {
        let at = self.header.place(column);
        if at.is_some_and(|at| self.unread.contains(&at)) {
            return;
        }
        let column = at.map_or_else(|| column.to_owned(), |at| self.header.texts[at].clone());
        self.faults.borrow_mut().push(RowFault { column, reason_zh, reason_en });
    }

    /// The content of a column; a date without its format as the date that it is.
    fn shown(&self, at: usize) -> Cow<'_, str> {
        let text = self.line.text(at);
        let dated = self.serials && self.header.keys.get(at).is_some_and(|key| DATES.iter().any(|d| key.ends_with(d)));
        serial_date(text).filter(|_| dated).map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// The text of a cell as written, trimmed; empty where nothing or a stroke stands.
    pub fn text(&self, column: &str) -> String {
        let raw = self.header.place(column).map_or(Cow::Borrowed(""), |at| self.shown(at));
        let raw = raw.trim();
        if is_nothing(raw) { String::new() } else { raw.to_owned() }
    }

    /// The text of a cell that has to be filled, without characters that have no width and say nothing.
    fn plain(text: &str) -> Result<String, ValueError> {
        let plain: String = text.chars().filter(|c| !is_passed_over(*c)).collect();
        match plain.chars().count() > LONGEST_TEXT {
            true => Err(ValueError::TooLong { limit: LONGEST_TEXT }),
            false => Ok(plain),
        }
    }

    /// The text of a cell that is a name, a word or a place and may be blank.
    pub fn short(&self, column: &str) -> String {
        self.given(column, Self::line).unwrap_or_default()
    }

    /// The same, which has to be filled.
    pub fn needed_short(&self, column: &str) -> Option<String> {
        self.needed(column, Self::line)
    }

    fn line(text: &str) -> Result<String, ValueError> {
        match text.chars().count() > LONGEST_LINE {
            true => Err(ValueError::TooLong { limit: LONGEST_LINE }),
            false => Self::plain(text),
        }
    }

    /// The text of a cell whose column may be missing; then nothing is known about it.
    pub fn extra(&self, column: &str) -> Option<String> {
        self.header.place(column).map(|_| self.text(column))
    }

    /// The text of a cell that has to be filled.
    pub fn needed_text(&self, column: &str) -> Option<String> {
        self.needed(column, Self::plain)
    }

    /// The value of a cell that has to be filled.
    pub fn needed<T>(&self, column: &str, parse: impl FnOnce(&str) -> Result<T, ValueError>) -> Option<T> {
        let text = self.text(column);
        let result = if text.is_empty() { Err(ValueError::Empty) } else { parse(&text) };
        result.map_err(|e| self.fault(column, &e)).ok()
    }

    /// The value of a cell that may be blank.
    pub fn given<T>(&self, column: &str, parse: impl FnOnce(&str) -> Result<T, ValueError>) -> Option<T> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        parse(&text).map_err(|e| self.fault(column, &e)).ok()
    }

    /// A whole number, as `50.0` too, with 人 or 份 behind it or not; a blank cell is zero.
    pub fn count(&self, column: &str) -> u32 {
        let parse = |text: &str| {
            let plain = normalise(text).replace([',', ' '], "");
            let digits = plain.trim_end_matches(['人', '份', '次', '余']);
            let zeros = |part: &str| !part.is_empty() && part.bytes().all(|b| b == b'0');
            let digits = digits.split_once('.').filter(|(_, part)| zeros(part)).map_or(digits, |(whole, _)| whole);
            // 200余人 is about two hundred, so it is no number.
            let bare = digits.trim_start_matches(['-', '+']);
            let whole = !plain.contains('余') && !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit());
            if !whole || digits.len() > bare.len() + 1 {
                return Err(ValueError::NotACount { text: text.to_owned() });
            }
            let number = bare.parse().ok().filter(|n| *n <= MOST && (*n == 0 || !digits.starts_with('-')));
            number.ok_or_else(|| ValueError::CountOutOfRange { text: text.to_owned() })
        };
        self.given(column, parse).unwrap_or_default()
    }

    /// A date cell that may be blank.
    pub fn given_date(&self, column: &str) -> Option<yanhe_core::Date> {
        self.given(column, yanhe_core::values::parse_date)
    }

    /// A document by a column for its kind, if there is one, and one for its number.
    pub fn document(&self, kind: Option<&str>, number: &str) -> Option<Document> {
        match kind.filter(|column| !self.text(column).is_empty()) {
            Some(column) => {
                // Of a type that is not known nobody can say whether the number is right.
                let kind = self.given(column, DocumentKind::parse)?;
                self.given(number, |text| Document::parse(kind, text))
            }
            None => self.given(number, Document::guess),
        }
    }

    /// The organ that a cell names.
    pub fn organ(&self, column: &str) -> Option<OrganRef> {
        let name = self.needed_short(column)?;
        let plain = normalise(&name);
        let code = (self.organs)(&name).or_else(|| (self.organs)(&plain));
        if code.is_none() {
            let plain = quote(&plain);
            self.say(column, format!("规则包中没有机关“{plain}”"), format!("the pack has no organ `{plain}`"));
        }
        code.map(|code| OrganRef { code, name })
    }

    /// Who complains: mostly a person, sometimes a firm.
    pub fn party_name(&self, column: &str) -> Option<String> {
        self.given(column, party_name)
    }

    /// Who is affected: one or several, kept with `between` between them.
    pub fn party_names(&self, column: &str, between: char) -> Option<String> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match listed(&text).map(party_name).collect::<Result<Vec<_>, _>>() {
            Ok(names) => Some(names.join(&between.to_string())),
            Err(ValueError::Character { character }) if matches!(character.as_str(), "，" | ",") => {
                let (zh, en) =
                    ("几个人之间用“、”或者“；”隔开，不用逗号", "between several people stands `、` or `；`, no comma");
                self.say(column, zh.to_owned(), en.to_owned());
                None
            }
            Err(error) => {
                self.fault(column, &error);
                None
            }
        }
    }
}

/// The parts of a cell that lists several: with 、 or ； between them.
pub fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', '；', ';']).map(str::trim).filter(|part| !part.is_empty())
}

/// The name of a human being, or of a firm, which may hold digits and brackets.
fn party_name(text: &str) -> Result<String, ValueError> {
    const FIRMS: [char; 14] = ['司', '店', '厂', '社', '部', '行', '院', '所', '会', '局', '吧', '馆', '心', '场'];
    match PersonName::parse(text) {
        Ok(name) => Ok(name.as_str().to_owned()),
        Err(_) if text.chars().count() > LONGEST_LINE => Err(ValueError::TooLong { limit: LONGEST_LINE }),
        Err(error) => {
            let half = half_width(text);
            let firm = half.trim_end_matches(')').ends_with(FIRMS) || before_bracket(&half).ends_with(FIRMS);
            if firm && text.chars().count() >= 4 { Ok(text.to_owned()) } else { Err(error) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::serial_date;

    #[test]
    fn a_date_without_its_format_is_read_as_the_workbook_shows_it() {
        assert_eq!(serial_date("44636").as_deref(), Some("2022-03-16"));
        assert_eq!(serial_date("44636.5").as_deref(), Some("2022-03-16 12:00:00"));
        assert_eq!(serial_date("20220316"), None);
        assert_eq!(serial_date("2022-03-16"), None);
    }
}
