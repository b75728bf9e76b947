//! Rows of a 12345 work-order export.

use serde::{Deserialize, Serialize};
use yanhe_core::Date;
use yanhe_core::time::DateTime;
use yanhe_core::values::{DocNumber, Document, Phone, normalise, parse_date_time};

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
    /// Another word, as written.
    Other(String),
}

impl Appeal {
    fn parse(text: &str) -> Self {
        match normalise(text).trim_end_matches('类') {
            "投诉" => Self::Complaint,
            "举报" | "投诉举报" | "举报投诉" => Self::Report,
            "咨询" => Self::Question,
            "建议" | "意见建议" => Self::Suggestion,
            "表扬" | "感谢" => Self::Praise,
            other => Self::Other(other.to_owned()),
        }
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
    let kind = row.needed_short(KIND).map(|text| Appeal::parse(&text));
    let text = row.needed_text(TEXT);
    let organ = row.organ(ORGAN);
    let due = row.given_date(DUE);
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
        status: row.short(STATUS),
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
