//! Rows of an inspection result list (双随机检查结果).

use serde::{Deserialize, Serialize};
use yanhe_core::Date;
use yanhe_core::values::{CreditCode, DocNumber, Phone, parse_date};

use super::record::shown;
use super::row::{Layout, Row, column, extra};
use super::{Field, OrganRef, Record};

pub(super) const NUMBER: &str = "检查任务编号";
const NAME: &str = "检查对象名称";
const CODE: &str = "统一社会信用代码";
pub(super) const ORGAN: &str = "检查机关";
const DATE: &str = "检查日期";
const ITEM: &str = "检查事项";
const RESULT: &str = "检查结果";
const FOUND: &str = "发现问题描述";
const AFFECTED: &str = "权利受影响人";
const PHONE: &str = "联系电话";

pub(super) const LAYOUT: Layout = Layout {
    columns: &[
        column(NUMBER),
        column(NAME),
        column(CODE),
        column(ORGAN),
        column(DATE),
        extra(ITEM),
        column(RESULT),
        column(FOUND),
        column(AFFECTED),
        column(PHONE),
    ],
    key: NUMBER,
    told: &[NUMBER, NAME, DATE, RESULT, AFFECTED],
    parse,
};

/// An inspection result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionRow {
    /// Number of the task.
    pub number: DocNumber,
    /// Who was inspected, as written.
    pub subject: String,
    /// By which a firm is told from others.
    pub credit_code: Option<CreditCode>,
    /// The organ that inspected.
    pub organ: OrganRef,
    /// Date of the inspection.
    pub date: Date,
    /// 检查事项; `None` if the file has no such column.
    pub item: Option<String>,
    /// Result, as written.
    pub result: String,
    /// What was found; empty if nothing is said.
    pub found: String,
    /// The person whose rights are affected. Names inside `found` are no parties.
    pub affected: Option<String>,
    /// Their phone.
    pub phone: Option<Phone>,
}

fn parse(row: &Row<'_>) -> Option<Record> {
    let number = row.needed(NUMBER, DocNumber::parse);
    let subject = row.needed_short(NAME);
    let credit_code = row.given(CODE, CreditCode::parse);
    let organ = row.organ(ORGAN);
    let date = row.needed(DATE, parse_date);
    let result = row.needed_text(RESULT);
    let affected = row.party_name(AFFECTED);
    let phone = row.given(PHONE, Phone::parse);
    Some(Record::Inspection(InspectionRow {
        number: number?,
        subject: subject?,
        credit_code,
        organ: organ?,
        date: date?,
        item: row.extra(ITEM),
        result: result?,
        found: row.text(FOUND),
        affected,
        phone,
    }))
}

impl InspectionRow {
    pub(super) fn fields(&self) -> Vec<Field> {
        vec![
            Field::fixed(NUMBER, self.number.as_str()),
            Field::fixed(NAME, &self.subject),
            Field::fixed(CODE, shown(self.credit_code.as_ref())),
            Field::fixed(ORGAN, &self.organ.code),
            Field::fixed(DATE, self.date.to_string()),
            Field::fixed_extra(ITEM, self.item.as_ref()),
            Field::fixed(RESULT, &self.result),
            Field::fixed(FOUND, &self.found),
            Field::fixed(AFFECTED, shown(self.affected.as_ref())),
            Field::fixed(PHONE, shown(self.phone.as_ref())),
        ]
    }
}
