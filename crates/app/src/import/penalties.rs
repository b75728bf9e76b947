//! Rows of the national penalty table (双公示-行政处罚).

use serde::{Deserialize, Serialize};
use yanhe_core::values::{CreditCode, DocNumber, Document, Money, PersonName, ValueError, normalise, parse_date};
use yanhe_core::{Date, matter};

use super::record::shown;
use super::row::{Layout, Row, column, extra};
use super::{Field, OrganRef, Record};

pub(super) const NUMBER: &str = "行政处罚决定书文号";
const NAME: &str = "行政相对人名称";
const KIND: &str = "行政相对人类别";
pub(super) const CODE: &str = "统一社会信用代码";
const LEGAL: &str = "法定代表人";
const DOCUMENT_KIND: &str = "证件类型";
const DOCUMENT: &str = "证件号码";
const OFFENCE: &str = "违法行为类型";
const FACTS: &str = "违法事实";
pub(super) const BASIS: &str = "处罚依据";
const TYPES: &str = "处罚类别";
const CONTENT: &str = "处罚内容";
const FINE: &str = "罚款金额（万元）";
pub(super) const CONFISCATION: &str = "没收违法所得、没收非法财物的金额（万元）";
pub(super) const LICENCE: &str = "暂扣或吊销证照名称及编号";
const DECIDED: &str = "处罚决定日期";
const VALID: &str = "处罚有效期";
const PUBLISHED: &str = "公示截止日期";
pub(super) const ORGAN: &str = "处罚机关";
const ORGAN_CODE: &str = "处罚机关统一社会信用代码";
const NOTE: &str = "备注";

pub(super) const LAYOUT: Layout = Layout {
    columns: &[
        column(NAME),
        column(KIND),
        column(CODE),
        extra(LEGAL),
        column(DOCUMENT_KIND),
        column(DOCUMENT),
        column(NUMBER),
        column(OFFENCE),
        column(FACTS),
        extra(BASIS),
        column(TYPES),
        column(CONTENT),
        column(FINE),
        column(CONFISCATION),
        column(LICENCE),
        column(DECIDED),
        extra(VALID),
        extra(PUBLISHED),
        column(ORGAN),
        extra(ORGAN_CODE),
        extra(NOTE),
    ],
    key: NUMBER,
    told: &[NUMBER, NAME, DECIDED, CONTENT, ORGAN],
    parse,
};

/// Who is punished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// 法人及非法人组织.
    Organisation,
    /// 个体工商户.
    SoleTrader,
    /// 自然人.
    Person,
}

impl SubjectKind {
    /// Reads the word of the column.
    ///
    /// # Errors
    /// Another word.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        match normalise(text).as_str() {
            "法人及非法人组织"
            | "法人和非法人组织"
            | "法人或非法人组织"
            | "法人及其他组织"
            | "法人"
            | "非法人组织"
            | "企业法人"
            | "企业"
            | "单位"
            | "组织" => Ok(Self::Organisation),
            "个体工商户" | "个体户" | "个体" => Ok(Self::SoleTrader),
            "自然人" | "个人" | "公民" => Ok(Self::Person),
            other => Err(ValueError::UnknownWord {
                text: other.to_owned(),
                allowed: "法人及非法人组织、个体工商户、自然人".to_owned(),
            }),
        }
    }

    /// The word of the column.
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Organisation => "法人及非法人组织",
            Self::SoleTrader => "个体工商户",
            Self::Person => "自然人",
        }
    }
}

/// A penalty decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PenaltyRow {
    /// 文号 of the decision.
    pub number: DocNumber,
    /// Who is punished, as written.
    pub subject: String,
    /// What they are.
    pub subject_kind: SubjectKind,
    /// By which a firm is told from others.
    pub credit_code: Option<CreditCode>,
    /// 法定代表人; `None` if the file has no such column.
    pub legal_representative: Option<String>,
    /// Identity document of a person.
    pub document: Option<Document>,
    /// Kind of offence.
    pub offence: String,
    /// What happened.
    pub facts: String,
    /// Articles; `None` if the file has no such column.
    pub basis: Option<String>,
    /// Kinds of penalty, one each: 罚款, 吊销许可证件.
    pub types: Vec<String>,
    /// Content of the penalty.
    pub content: String,
    /// The fine; `None` if none is stated.
    pub fine: Option<Money>,
    /// The confiscation; `None` if none is stated.
    pub confiscation: Option<Money>,
    /// Licence suspended or revoked, with its number; empty if none.
    pub licence: String,
    /// Date of the decision.
    pub decided: Date,
    /// 处罚有效期 as ISO date or as written; `None` if the file has no such column.
    pub valid_until: Option<String>,
    /// 公示截止日期 likewise.
    pub published_until: Option<String>,
    /// The organ that decided.
    pub organ: OrganRef,
    /// Its credit code, as written.
    pub organ_credit_code: Option<String>,
    /// 备注.
    pub note: Option<String>,
}

/// The kinds of penalty that there are (行政处罚法 9), and those that other laws know.
const TYPES_KNOWN: [&str; 15] = [
    "警告",
    "通报批评",
    "罚款",
    "没收违法所得",
    "没收非法财物",
    "暂扣许可证件",
    "降低资质等级",
    "吊销许可证件",
    "限制开展生产经营活动",
    "责令停产停业",
    "责令关闭",
    "限制从业",
    "行政拘留",
    "限期出境",
    "其他",
];

/// How the table names the last of them: its comma parts no kinds.
const OTHER: &str = "法律、行政法规规定的其他";

/// By what each is told, however a desk writes it.
const TYPE_WORDS: [&str; 13] =
    ["警告", "通报", "罚款", "没收", "暂扣", "降低资质", "吊销", "限制", "责令", "关闭", "拘留", "出境", "其他"];

/// The kinds of penalty in a cell, one each.
fn kinds_in(types: &str) -> Vec<String> {
    let words = types.split(['；', ';', '、', '，', ',', '\n']).map(str::trim);
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn known_type(word: &str) -> Result<(), ValueError> {
    match TYPE_WORDS.iter().any(|known| word.contains(known)) {
        true => Ok(()),
        false => Err(ValueError::UnknownWord { text: word.to_owned(), allowed: TYPES_KNOWN.join("、") }),
    }
}

fn parse(row: &Row<'_>) -> Option<Record> {
    let kind = row.needed(KIND, SubjectKind::parse);
    let subject = if kind == Some(SubjectKind::Person) {
        row.needed(NAME, PersonName::parse).map(String::from)
    } else {
        row.needed_short(NAME)
    };
    let credit_code = row.given(CODE, CreditCode::parse);
    let document = row.document(Some(DOCUMENT_KIND), DOCUMENT);
    let number = row.needed(NUMBER, DocNumber::parse);
    let offence = row.needed_short(OFFENCE);
    let facts = row.needed_text(FACTS);
    let types = row.needed_text(TYPES);
    for word in types.iter().flat_map(|types| kinds_in(&types.replace(OTHER, "其他"))) {
        row.known(TYPES, &word, known_type);
    }
    let fine = row.given(FINE, Money::from_wan);
    let content = row.text(CONTENT);
    if fine.is_some_and(|fine| !matter::fine_as_written(&content, fine.fen())) {
        row.say(
            FINE,
            "与处罚内容里写的罚款数额不一致，请核对".to_owned(),
            "not the fine that the content of the penalty names".to_owned(),
        );
    }
    let confiscation = row.given(CONFISCATION, Money::from_wan);
    let decided = row.needed(DECIDED, parse_date);
    // These two say 长期 or 一年 as often as a date, so only a date is brought to one form.
    let until = |column| row.extra(column).map(|text| parse_date(&text).map_or(text, |date| date.to_string()));
    let organ = row.organ(ORGAN);
    Some(Record::Penalty(PenaltyRow {
        number: number?,
        subject: subject?,
        subject_kind: kind?,
        credit_code,
        legal_representative: row.extra(LEGAL),
        document,
        offence: offence?,
        facts: facts?,
        basis: row.extra(BASIS),
        types: kinds_in(&types?),
        content,
        fine,
        confiscation,
        licence: row.text(LICENCE),
        decided: decided?,
        valid_until: until(VALID),
        published_until: until(PUBLISHED),
        organ: organ?,
        organ_credit_code: row.extra(ORGAN_CODE),
        note: row.extra(NOTE),
    }))
}

impl PenaltyRow {
    /// Whether the limits for organisations count (`false` for a natural person).
    pub fn subject_is_organisation(&self) -> bool {
        self.subject_kind != SubjectKind::Person
    }

    pub(super) fn fields(&self) -> Vec<Field> {
        vec![
            Field::fixed(NUMBER, self.number.as_str()),
            Field::fixed(NAME, &self.subject),
            Field::fixed(KIND, self.subject_kind.name_zh()),
            Field::fixed(CODE, shown(self.credit_code.as_ref())),
            Field::fixed_extra(LEGAL, self.legal_representative.as_ref()),
            Field::fixed(DOCUMENT_KIND, self.document.as_ref().map_or("", |d| d.kind().name_zh())),
            Field::fixed(DOCUMENT, shown(self.document.as_ref())),
            Field::fixed(OFFENCE, &self.offence),
            Field::fixed(FACTS, &self.facts),
            Field::fixed_extra(BASIS, self.basis.as_ref()),
            Field::fixed(TYPES, self.types.join(";")),
            Field::fixed(CONTENT, &self.content),
            Field::fixed(FINE, shown(self.fine.as_ref())),
            Field::fixed(CONFISCATION, shown(self.confiscation.as_ref())),
            Field::fixed(LICENCE, &self.licence),
            Field::fixed(DECIDED, self.decided.to_string()),
            Field::fixed_extra(VALID, self.valid_until.as_ref()),
            Field::fixed_extra(PUBLISHED, self.published_until.as_ref()),
            Field::fixed(ORGAN, &self.organ.code),
            Field::fixed_extra(ORGAN_CODE, self.organ_credit_code.as_ref()),
            Field::fixed_extra(NOTE, self.note.as_ref()),
        ]
    }
}
