//! Rows of the roster (花名册): the sheets 机关, 人员 and 专家, told apart by their headers.

use serde::{Deserialize, Serialize};
use yanhe_core::Date;
use yanhe_core::policy::Role;
use yanhe_core::values::{Document, PersonName, Phone, ValueError, normalise, parse_date};

use super::record::shown;
use super::row::{Layout, Row, column, extra};
use super::{Field, OrganRef, Record};

pub(super) const ORGAN: &str = "机关名称";
pub(super) const PREFIX: &str = "文号代字";
const PHONE: &str = "联系电话";
const OFFICE: &str = "办公地址";
const ONLINE: &str = "入驻ODR日期";
const BRAND: &str = "品牌";
const NAME: &str = "姓名";
pub(super) const POST: &str = "岗位";
const DOCUMENT: &str = "证件号码";
pub(super) const EMPLOYER: &str = "工作单位";
const TITLE: &str = "职称";
const SUBJECT: &str = "专业领域";
const FROM: &str = "聘期开始";
pub(super) const TO: &str = "聘期结束";
const AVOIDS: &str = "回避单位";

pub(super) const ORGANS: Layout = Layout {
    columns: &[column(ORGAN), column(PREFIX), column(PHONE), column(OFFICE), column(ONLINE), extra(BRAND)],
    key: ORGAN,
    told: &[ORGAN, PHONE, OFFICE],
    parse: organ,
};

pub(super) const STAFF: Layout = Layout {
    columns: &[column(NAME), column(ORGAN), column(POST), column(PHONE), column(DOCUMENT)],
    key: DOCUMENT,
    told: &[ORGAN, NAME, POST],
    parse: staff,
};

pub(super) const EXPERTS: Layout = Layout {
    columns: &[
        column(NAME),
        column(EMPLOYER),
        column(TITLE),
        column(SUBJECT),
        column(PHONE),
        column(FROM),
        column(TO),
        extra(AVOIDS),
    ],
    key: PHONE,
    told: &[NAME, EMPLOYER, SUBJECT],
    parse: expert,
};

/// A row of the sheet 机关.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganRow {
    /// The organ.
    pub organ: OrganRef,
    /// The characters its document numbers begin with; empty if not said.
    pub prefix: String,
    /// Phone; none in what was rostered before it had to be said.
    pub phone: Option<Phone>,
    /// Where it sits; likewise.
    pub address: String,
    /// The day it is planned to be on the platform; no more than a plan.
    pub online: Option<Date>,
    /// Its brand; `None` if the file has no such column.
    pub brand: Option<String>,
}

/// A row of the sheet 人员.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRow {
    /// Name.
    pub name: PersonName,
    /// Organ, bureau or court.
    pub organ: OrganRef,
    /// Post as written.
    pub post: String,
    /// Phone.
    pub phone: Phone,
    /// Identity document.
    pub document: Document,
}

/// A row of the sheet 专家.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpertRow {
    /// Name.
    pub name: PersonName,
    /// Where they work.
    pub employer: String,
    /// Professional title.
    pub title: String,
    /// Field.
    pub subject: String,
    /// Phone.
    pub phone: Phone,
    /// First day of the appointment.
    pub from: Date,
    /// Last day of the appointment.
    pub to: Date,
    /// In whose matters they do not act; `None` if the file has no such column.
    pub avoids: Option<String>,
}

fn organ(row: &Row<'_>) -> Option<Record> {
    let organ = row.organ(ORGAN);
    // Every paper of the organ prints them: a blank would take from people where to turn.
    let phone = row.needed(PHONE, Phone::parse);
    let address = row.needed_text(OFFICE);
    let online = row.given_date(ONLINE);
    Some(Record::Organ(OrganRow {
        organ: organ?,
        prefix: row.text(PREFIX),
        phone: Some(phone?),
        address: address?,
        online,
        brand: row.extra(BRAND),
    }))
}

fn staff(row: &Row<'_>) -> Option<Record> {
    let name = row.needed(NAME, PersonName::parse);
    let organ = row.organ(ORGAN);
    // A post gives rights, so a word that no role belongs to is a fault.
    let post = row.needed(POST, |text| {
        let plain = normalise(text);
        let known = [text, plain.as_str()].into_iter().find(|post| Role::of_post(post).is_some());
        known.map(str::to_owned).ok_or_else(|| ValueError::UnknownWord {
            text: text.to_owned(),
            allowed: "经办人、调解员、分管负责人、工作室、督察员、考核员、审判员、书记员".to_owned(),
        })
    });
    let phone = row.needed(PHONE, Phone::parse);
    let document = row.needed(DOCUMENT, Document::guess);
    Some(Record::Staff(StaffRow { name: name?, organ: organ?, post: post?, phone: phone?, document: document? }))
}

fn expert(row: &Row<'_>) -> Option<Record> {
    let name = row.needed(NAME, PersonName::parse);
    let employer = row.needed_text(EMPLOYER);
    let phone = row.needed(PHONE, Phone::parse);
    let from = row.needed(FROM, parse_date);
    let to = row.needed(TO, parse_date);
    Some(Record::Expert(ExpertRow {
        name: name?,
        employer: employer?,
        title: row.text(TITLE),
        subject: row.text(SUBJECT),
        phone: phone?,
        from: from?,
        to: to?,
        avoids: row.extra(AVOIDS),
    }))
}

impl OrganRow {
    pub(super) fn fields(&self) -> Vec<Field> {
        vec![
            Field::fixed(ORGAN, &self.organ.code),
            Field::free(PREFIX, &self.prefix),
            Field::free(PHONE, shown(self.phone.as_ref())),
            Field::free(OFFICE, &self.address),
            Field::free(ONLINE, shown(self.online.as_ref())),
            Field::free_extra(BRAND, self.brand.as_ref()),
        ]
    }
}

impl StaffRow {
    pub(super) fn fields(&self) -> Vec<Field> {
        vec![
            Field::fixed(ORGAN, &self.organ.code),
            Field::fixed(DOCUMENT, self.document.number()),
            Field::free(NAME, self.name.as_str()),
            Field::free(POST, &self.post),
            Field::free(PHONE, self.phone.as_str()),
        ]
    }
}

impl ExpertRow {
    pub(super) fn fields(&self) -> Vec<Field> {
        vec![
            Field::fixed(NAME, self.name.as_str()),
            Field::fixed(EMPLOYER, &self.employer),
            Field::fixed(PHONE, self.phone.as_str()),
            Field::free(TITLE, &self.title),
            Field::free(SUBJECT, &self.subject),
            Field::free(FROM, self.from.to_string()),
            Field::free(TO, self.to.to_string()),
            Field::free_extra(AVOIDS, self.avoids.as_ref()),
        ]
    }
}
