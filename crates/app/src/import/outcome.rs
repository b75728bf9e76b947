//! What came of a file, row by row.

use serde::{Deserialize, Serialize};
use yanhe_core::time::EARLIEST;
use yanhe_core::values::words;
use yanhe_core::{Reason, Refusal, StreamId, Version};

use super::complaints;
use super::known::Place;
use super::{Changed, Parsed, REASON_COLUMN, REASON_COLUMN_EN, Record, RowFault, matters, refused_csv};

/// One thing for which a row was refused, or that is to be known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Name of the sheet.
    pub sheet: String,
    /// Row of the sheet, from 1 with title and blank lines.
    pub row: u32,
    /// Header of the column.
    pub column: String,
    /// The reason in Chinese.
    pub reason_zh: String,
    /// The reason in English.
    pub reason_en: String,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// New.
    Stored,
    /// It changed what may change.
    Updated,
    /// As stored before.
    Unchanged,
    /// Not taken.
    Refused,
}

/// A row as a preview shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Name of the sheet.
    pub sheet: String,
    /// Row of the sheet.
    pub row: u32,
    /// What became, or would become, of it.
    pub fate: Fate,
    /// Header and content of its columns, those first by which rows are told apart.
    pub cells: Vec<(String, String)>,
    /// How many columns tell rows apart; none in accounts from before they went first.
    #[serde(default)]
    pub told: usize,
    /// What it changes of what is stored.
    #[serde(default)]
    pub changed: Vec<Changed>,
}

/// Rows that a preview shows: the first ones, and as many that change something.
const SAMPLE: usize = 20;

/// What came of a file: `read` = `stored` + `updated` + `unchanged` + `refused_rows`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOutcome {
    /// Rows read.
    pub read: usize,
    /// Rows that are new.
    pub stored: usize,
    /// Rows that changed what may change.
    pub updated: usize,
    /// Rows that are as stored before.
    pub unchanged: usize,
    /// Rows that were refused; one may have several faults.
    pub refused_rows: usize,
    /// One entry a fault, in the order of the rows.
    pub refused: Vec<Refused>,
    /// What somebody should know of rows that were taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warned: Vec<Refused>,
    /// The refused rows as a file to be corrected and imported again; empty when there are none.
    pub refused_csv: Vec<u8>,
    /// The same with the reasons in English.
    #[serde(default)]
    pub refused_csv_en: Vec<u8>,
    /// The import, when it stored or changed something.
    pub batch: Option<StreamId>,
    /// The first rows, and behind them some that change something.
    pub sample: Vec<Sample>,
}

/// What one row came to.
pub(super) enum Came {
    Stored(StreamId),
    Updated(StreamId, Version, Vec<Changed>),
    Unchanged,
    Refused(Vec<RowFault>),
}

impl Came {
    fn fate(&self) -> Fate {
        match self {
            Self::Stored(_) => Fate::Stored,
            Self::Updated(..) => Fate::Updated,
            Self::Unchanged => Fate::Unchanged,
            Self::Refused(_) => Fate::Refused,
        }
    }
}

/// The streams that an import moved.
#[derive(Default)]
pub(super) struct Moved {
    pub created: Vec<StreamId>,
    pub updated: Vec<(StreamId, Version)>,
}

/// Sums up rows with what they came to, in their order.
pub(super) fn summed(rows: &[Parsed], came: &[Came]) -> (ImportOutcome, Moved) {
    let count = |fate: Fate| came.iter().filter(|c| c.fate() == fate).count();
    let mut refused = Vec::new();
    let (mut bad, mut bad_en) = (Vec::new(), Vec::new());
    let mut moved = Moved::default();
    for (parsed, came) in rows.iter().zip(came) {
        match came {
            Came::Refused(faults) => {
                refused.extend(faults.iter().map(|fault| Refused {
                    sheet: parsed.sheet.clone(),
                    row: parsed.row,
                    column: fault.column.clone(),
                    reason_zh: fault.reason_zh.clone(),
                    reason_en: fault.reason_en.clone(),
                }));
                let reasons: Vec<_> = faults.iter().map(|f| format!("{}：{}", f.column, f.reason_zh)).collect();
                bad.push((parsed, reasons.join("；")));
                let reasons: Vec<_> = faults.iter().map(|f| format!("{}: {}", f.column, f.reason_en)).collect();
                bad_en.push((parsed, reasons.join("; ")));
            }
            Came::Stored(stream) => moved.created.push(stream.clone()),
            Came::Updated(stream, version, _) => moved.updated.push((stream.clone(), *version)),
            Came::Unchanged => {}
        }
    }
    let all = || rows.iter().zip(came);
    let updates = all().skip(SAMPLE).filter(|(_, came)| came.fate() == Fate::Updated).take(SAMPLE);
    let sample = all().take(SAMPLE).chain(updates).map(|(parsed, came)| {
        let (told, cells) = parsed.told_apart();
        let changed = match came {
            Came::Updated(_, _, changed) => changed.clone(),
            _ => Vec::new(),
        };
        Sample { sheet: parsed.sheet.clone(), row: parsed.row, fate: came.fate(), cells, told, changed }
    });
    let outcome = ImportOutcome {
        read: rows.len(),
        stored: count(Fate::Stored),
        updated: count(Fate::Updated),
        unchanged: count(Fate::Unchanged),
        refused_rows: count(Fate::Refused),
        refused_csv: if bad.is_empty() { Vec::new() } else { refused_csv(REASON_COLUMN, bad) },
        refused_csv_en: if bad_en.is_empty() { Vec::new() } else { refused_csv(REASON_COLUMN_EN, bad_en) },
        refused,
        warned: Vec::new(),
        batch: None,
        sample: sample.collect(),
    };
    (outcome, moved)
}

/// The organ that a record names, with its column; an expert belongs to none.
pub(super) fn organ(record: &Record) -> (&'static str, &str) {
    match record {
        Record::Penalty(row) => (super::penalties::ORGAN, &row.organ.code),
        Record::Inspection(row) => (super::inspections::ORGAN, &row.organ.code),
        Record::Complaint(row) => (super::complaints::ORGAN, &row.organ.code),
        Record::Organ(row) => (super::roster::ORGAN, &row.organ.code),
        Record::Staff(row) => (super::roster::ORGAN, &row.organ.code),
        Record::Expert(_) => (super::roster::EMPLOYER, ""),
        Record::Publicity(row) => (super::publicity::ORGAN, &row.organ.code),
    }
}

/// A row of another organ, or of a kind that this actor may not bring in.
pub(super) fn denied(record: &Record) -> RowFault {
    RowFault {
        column: organ(record).0.to_owned(),
        reason_zh: "不是本机关的内容，无权导入".to_owned(),
        reason_en: "not of your organ: you may not import it".to_owned(),
    }
}

/// A row that differs from the stored one in a column that may not change. A matter is put right on its page.
pub(super) fn differs(stored: Option<&Record>, record: &Record, column: &str, first: &Place) -> RowFault {
    let (zh, en) = match record {
        Record::Complaint(_) if complaints::WHO.contains(&column) && stored.is_some_and(Record::is_unnamed) => (
            "；来电人原来没有留下姓名，请在事项页面“登记权利人”",
            "; the caller had given no name: enter the entitled person on the matter's page",
        ),
        Record::Penalty(_) | Record::Inspection(_) | Record::Complaint(_) if matters::is_corrected(record, column) => {
            ("；原来登记错的，请在事项页面申请更正", "; what was wrong before is corrected on the matter's page")
        }
        Record::Penalty(_) | Record::Inspection(_) | Record::Complaint(_) => (
            "，也没有更正；原来登记错的，事项还没有发出文书时可以在事项页面撤回，再导入这一行；已经发出文书的，请在表中保留原来的内容",
            ", nor is it corrected; what was wrong before: while no paper was issued, take the matter back on its page and \
             import the row again; afterwards leave in the file what was there",
        ),
        _ => ("", ""),
    };
    RowFault {
        column: column.to_owned(),
        reason_zh: format!("与{}不同，此列不能改动{zh}", first.zh),
        reason_en: format!("differs from {}, and this column may not change{en}", first.en),
    }
}

/// A row that others were changing at the same time.
pub(super) fn contended(record: &Record) -> RowFault {
    RowFault {
        column: organ(record).0.to_owned(),
        reason_zh: "同时有他人在改动，请再次导入".to_owned(),
        reason_en: "somebody else was changing it, import it again".to_owned(),
    }
}

/// What the law of the stream refuses.
pub(super) fn refused(record: &Record, refusal: &Refusal) -> RowFault {
    let column = |part: &str| match record {
        Record::Publicity(_) => super::publicity::column_of(part).to_owned(),
        _ => matters::column(record, part).to_owned(),
    };
    match &refusal.reason {
        Reason::Differs { column: part, first } => differs(None, record, &column(part), &Place::of(first)),
        Reason::Field { field, problem } if problem == "future" => RowFault {
            column: column(field),
            reason_zh: "日期在今天之后".to_owned(),
            reason_en: "the date is after today".to_owned(),
        },
        Reason::Field { field, problem } if problem == "too_early" => RowFault {
            column: column(field),
            reason_zh: format!("日期太早，不能早于{}年", EARLIEST.year()),
            reason_en: format!("the date is too early: before {}", EARLIEST.year()),
        },
        Reason::Field { field, problem } if problem == words::UNREADABLE => RowFault {
            column: column(field),
            reason_zh: "含有看不见或者无法辨认的字符".to_owned(),
            reason_en: "holds characters that cannot be seen or read".to_owned(),
        },
        Reason::Field { field, problem } if problem == words::TOO_LONG => RowFault {
            column: column(field),
            reason_zh: format!("超过{}个字符", words::LONGEST_TEXT),
            reason_en: format!("more than {} characters", words::LONGEST_TEXT),
        },
        Reason::DateOrder { first, second } => RowFault {
            column: super::roster::TO.to_owned(),
            reason_zh: format!("{second}早于{first}"),
            reason_en: format!("{second} is before {first}"),
        },
        Reason::Limit { .. } => RowFault {
            column: column("occurred_on"),
            reason_zh: "从该日期起无法计算告知的期限：日期太早或者太晚，工作日历没有收录".to_owned(),
            reason_en:
                "the last day for a letter cannot be counted from this date: it is too early or too late for the \
                        calendar of working days"
                    .to_owned(),
        },
        Reason::NotNow { .. } | Reason::Exists | Reason::AlreadyIssued => RowFault {
            column: organ(record).0.to_owned(),
            reason_zh: "已经登记，而且已经办理到不能再改动的一步，请在页面上打开它查看".to_owned(),
            reason_en: "registered already, and at a stage at which it does not change: open it on its page".to_owned(),
        },
        _ => RowFault {
            column: organ(record).0.to_owned(),
            reason_zh: "不能登记，请在页面上逐项填写，页面会指出哪一项不对".to_owned(),
            reason_en: "cannot be registered: fill it in on the page, which says at the field what is wrong".to_owned(),
        },
    }
}
