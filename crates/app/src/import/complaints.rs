//! Rows of a 12345 work-order export.

use serde::{Deserialize, Serialize};
use yanhe_core::Date;
use yanhe_core::time::DateTime;
use yanhe_core::values::{DocNumber, Document, Phone, ValueError, normalise, parse_date_time};

use super::record::shown;
use super::row::{Layout, Row, column};
use super::{Field, OrganRef, Record};

pub(super) const NUMBER: &str = "工单编号";
const RECEIVED: &str = "受理时间";
const CALLER: &str = "来电人";
const PHONE: &str = "联系电话";
const DOCUMENT: &str = "证件号码";
const KIND: &str = "诉求类型";
const TEXT: &str = "诉求内容";
const SUBJECT: &str = "被反映对象";
const ADDRESS: &str = "地址";
pub(super) const ORGAN: &str = "承办单位";
const DUE: &str = "办理期限";
const STATUS: &str = "办理状态";

/// The columns that say who calls.
pub(super) const WHO: [&str; 2] = [CALLER, DOCUMENT];

pub(super) const LAYOUT: Layout = Layout {
    columns: &[
        column(NUMBER),
        column(RECEIVED),
        column(CALLER),
        column(PHONE),
        column(DOCUMENT),
        column(KIND),
        column(TEXT),
        column(SUBJECT),
        column(ADDRESS),
        column(ORGAN),
        column(DUE),
        column(STATUS),
    ],
    key: NUMBER,
    told: &[NUMBER, RECEIVED, CALLER, TEXT, SUBJECT],
    parse,
};

/// What the caller wants.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Appeal {
    /// 投诉, for an own right.
    Complaint,
    /// 举报, of another's breach: the caller is never named to the other side.
    Report,
    /// 咨询.
    Question,
    /// 建议.
    Suggestion,
    /// 表扬.
    Praise,
    /// Another word that desks use, as written.
    Other(String),
}

/// Words for what a caller wants that no rule tells apart.
const OTHERS: [&str; 12] =
    ["求助", "求决", "诉求", "申诉", "反映", "反映问题", "意见", "批评", "反馈", "申请", "信访", "其他"];

/// Words for where an order stands, as desks write them, and the one that is kept.
const STATUSES: [(&str, &[&str]); 7] = [
    ("待签收", &["待签收", "未签收", "待受理"]),
    ("已签收", &["已签收", "签收", "已受理"]),
    ("待办理", &["待办理", "待办", "待处理"]),
    ("办理中", &["办理中", "处理中", "在办", "正在办理"]),
    ("延期", &["延期", "申请延期", "已延期", "延期办理"]),
    ("退回", &["退回", "已退回", "退单", "已退单"]),
    ("办结", &["办结", "已办结", "已办理", "已回复", "已答复", "已归档", "归档", "结案", "已结案"]),
];

/// Where an order stands.
fn status_word(text: &str) -> Result<String, ValueError> {
    let word = normalise(text);
    let kept = STATUSES.iter().find(|(_, words)| words.contains(&word.as_str()));
    kept.map(|(kept, _)| (*kept).to_owned())
        .ok_or_else(|| ValueError::UnknownWord { text: word, allowed: STATUSES.map(|(kept, _)| kept).join("、") })
}

impl Appeal {
    /// Reads the word of the column.
    ///
    /// # Errors
    /// A word that no desk uses.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        Ok(match normalise(text).trim_end_matches('类') {
            "投诉" => Self::Complaint,
            report if yanhe_core::matter::reports(report) => Self::Report,
            "咨询" => Self::Question,
            "建议" | "意见建议" => Self::Suggestion,
            "表扬" | "感谢" => Self::Praise,
            other if OTHERS.contains(&other) => Self::Other(other.to_owned()),
            other => {
                return Err(ValueError::UnknownWord {
                    text: other.to_owned(),
                    allowed: format!("投诉、举报、咨询、建议、表扬、{}", OTHERS.join("、")),
                });
            }
        })
    }

    /// The word of the column.
    pub fn name_zh(&self) -> &str {
        match self {
            Self::Complaint => "投诉",
            Self::Report => "举报",
            Self::Question => "咨询",
            Self::Suggestion => "建议",
            Self::Praise => "表扬",
            Self::Other(word) => word,
        }
    }
}

/// A work order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintRow {
    /// Number of the order.
    pub number: DocNumber,
    /// When it was received, county time.
    pub received: DateTime,
    /// Who calls; `None` where the caller gave no name or asked to stay unnamed.
    pub complainant: Option<String>,
    /// Whether the caller gave no name or asked to stay unnamed.
    pub anonymous: bool,
    /// Their phone.
    pub phone: Option<Phone>,
    /// Their identity document.
    pub document: Option<Document>,
    /// What they want.
    pub kind: Appeal,
    /// Their words.
    pub text: String,
    /// Of whom they speak; empty if of nobody.
    pub subject: String,
    /// Where; empty if not said.
    pub address: String,
    /// The organ that handles it.
    pub organ: OrganRef,
    /// The order's own due date.
    pub due: Option<Date>,
    /// The order's own status, as written.
    pub status: String,
}

/// What is written for a name where there is none.
const UNNAMED: [&str; 10] =
    ["匿名", "匿名人", "匿名群众", "匿名市民", "不详", "未知", "未提供", "不愿透露", "群众", "市民"];

fn parse(row: &Row<'_>) -> Option<Record> {
    let number = row.needed(NUMBER, DocNumber::parse);
    let received = row.needed(RECEIVED, parse_date_time);
    let unnamed = UNNAMED.contains(&normalise(&row.text(CALLER)).as_str());
    let complainant = if unnamed { None } else { row.party_name(CALLER) };
    let phone = row.given(PHONE, Phone::parse);
    let document = row.document(None, DOCUMENT);
    let kind = row.needed_short(KIND).and_then(|text| row.known(KIND, &text, Appeal::parse));
    let text = row.needed_text(TEXT);
    let organ = row.organ(ORGAN);
    // The desk's own: it may lie before the receipt, when the desk put that right afterwards.
    let due = row.given_date(DUE);
    let status = Some(row.short(STATUS)).filter(|text| !text.is_empty());
    let status = status.and_then(|text| row.known(STATUS, &text, status_word));
    Some(Record::Complaint(ComplaintRow {
        number: number?,
        received: received?,
        anonymous: complainant.is_none(),
        complainant,
        phone,
        document,
        kind: kind?,
        text: text?,
        subject: row.short(SUBJECT),
        address: row.short(ADDRESS),
        organ: organ?,
        due,
        status: status.unwrap_or_default(),
    }))
}

impl ComplaintRow {
    pub(super) fn fields(&self) -> Vec<Field> {
        vec![
            Field::fixed(NUMBER, self.number.as_str()),
            Field::fixed(RECEIVED, self.received.to_string()),
            Field::fixed(CALLER, shown(self.complainant.as_ref())),
            Field::free(PHONE, shown(self.phone.as_ref())),
            Field::fixed(DOCUMENT, shown(self.document.as_ref())),
            Field::fixed(KIND, self.kind.name_zh()),
            Field::fixed(TEXT, &self.text),
            Field::fixed(SUBJECT, &self.subject),
            Field::free(ADDRESS, &self.address),
            Field::fixed(ORGAN, &self.organ.code),
            Field::free(DUE, shown(self.due.as_ref())),
            Field::free(STATUS, &self.status),
        ]
    }
}
