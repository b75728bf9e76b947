//! Rows of an inspection result list (双随机检查结果).

use serde::{Deserialize, Serialize};
use yanhe_core::Date;
use yanhe_core::values::{CreditCode, DocNumber, Phone, ValueError, parse_date};

use super::record::shown;
use super::row::{Layout, Row, column, extra, listed};
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
/// Stands between several people who are affected, and between their phones.
pub(super) const SEVERAL: char = '、';

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
    /// Whose rights are affected, several with `、` between them. Names inside `found` are no parties.
    pub affected: Option<String>,
    /// Their phone; of several the first one's.
    pub phone: Option<Phone>,
    /// The phones of the others, in the order of the names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
}

fn parse(row: &Row<'_>) -> Option<Record> {
    let number = row.needed(NUMBER, DocNumber::parse);
    let subject = row.needed_short(NAME);
    let credit_code = row.given(CODE, CreditCode::parse);
    let organ = row.organ(ORGAN);
    let date = row.needed(DATE, parse_date);
    let result = row.needed_text(RESULT);
    let affected = row.party_names(AFFECTED, SEVERAL);
    let (phone, phones) = phones(row, affected.as_deref());
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
        phones,
    }))
}

/// The phones of those who are affected: nobody may be called in the place of another, so of several people all have one,
/// or none.
fn phones(row: &Row<'_>, affected: Option<&str>) -> (Option<Phone>, Vec<Phone>) {
    let people = affected.map_or(1, |names| names.split(SEVERAL).count());
    let several = |text: &str| {
        let all = listed(text).map(Phone::parse).collect::<Result<Vec<_>, _>>()?;
        let of_each = all.len() == people;
        of_each.then_some(all).ok_or(ValueError::NotOneEach { people })
    };
    let all =
        if people == 1 { row.given(PHONE, Phone::parse).map(|phone| vec![phone]) } else { row.given(PHONE, several) };
    let mut all = all.unwrap_or_default().into_iter();
    (all.next(), all.collect())
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
            Field::fixed(
                PHONE,
                self.phone.iter().chain(&self.phones).map(ToString::to_string).collect::<Vec<_>>().join("、"),
            ),
        ]
    }
}
