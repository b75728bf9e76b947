//! What is wrong with a text that should be a value.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::DocumentKind;

/// Why a text is not the value it should be. No variant repeats a number that belongs to a person: reasons go
/// into files and logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ValueError {
    /// Nothing is there.
    Empty,
    /// More characters than the field holds.
    TooLong {
        /// The most it holds.
        limit: usize,
    },
    /// A number of fixed length has another.
    Length {
        /// The right length.
        expected: usize,
        /// The length found.
        found: usize,
    },
    /// A character that cannot stand there.
    Character {
        /// It, or its code point if it cannot be seen.
        character: String,
    },
    /// The last character does not follow from the others.
    CheckDigit,
    /// The division of an ID number does not exist.
    Region,
    /// The date of birth inside an ID number does not exist.
    BirthDate,
    /// An ID number of fifteen digits, not valid since 2013.
    FormerIdNumber,
    /// Not the shape of this kind of document.
    NotADocument {
        /// The kind.
        kind: DocumentKind,
    },
    /// Not the number of any document whose kind is told by its shape.
    NoDocument,
    /// A kind of document that is not known.
    UnknownDocument {
        /// As written.
        text: String,
    },
    /// Not a date in any format in use.
    NotADate {
        /// As written.
        text: String,
    },
    /// A date that no calendar has.
    NoSuchDay {
        /// As written.
        text: String,
    },
    /// A date without its year.
    NoYear {
        /// As written.
        text: String,
    },
    /// A year outside 1900 to 2100.
    YearOutOfRange {
        /// As written.
        text: String,
    },
    /// Not a time of day.
    NotATime {
        /// As written.
        text: String,
    },
    /// Not an exact amount of money.
    NotAnAmount {
        /// As written.
        text: String,
    },
    /// Parts of a fen.
    TooFine {
        /// As written.
        text: String,
    },
    /// An amount below zero or above a million million yuan.
    AmountOutOfRange {
        /// As written.
        text: String,
    },
    /// Neither a mobile number nor a fixed line.
    NotAPhone,
    /// Not an e-mail address.
    NotAnEmail,
    /// A fixed line without its area code.
    NoAreaCode,
    /// Not a whole number.
    NotACount {
        /// As written.
        text: String,
    },
    /// Not one value for each of several people.
    NotOneEach {
        /// How many people.
        people: usize,
    },
    /// A whole number below zero or above [`super::MOST`].
    CountOutOfRange {
        /// As written.
        text: String,
    },
    /// A word outside the list of the field.
    UnknownWord {
        /// As written.
        text: String,
        /// The words it may be, parted by 、.
        allowed: String,
    },
}

/// The most people, copies or pieces that a cell counts.
pub const MOST: u32 = 100_000_000;

/// Reasons quote what was written, and a cell can hold a whole page.
const QUOTED: usize = 40;

/// What was written, cut to a line where it is longer: reasons quote it.
pub fn quote(text: &str) -> String {
    if text.chars().count() <= QUOTED {
        return text.to_owned();
    }
    text.chars().take(QUOTED).chain(['…']).collect()
}

impl ValueError {
    /// A character that cannot stand there, shown by its code point if it cannot be seen.
    pub fn character(c: char) -> Self {
        let seen = !c.is_control() && !c.is_whitespace() && !super::text::is_invisible(c);
        Self::Character { character: if seen { c.to_string() } else { format!("U+{:04X}", u32::from(c)) } }
    }

    /// The key of its message: `value.` and the name of the problem.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Empty => "value.empty",
            Self::TooLong { .. } => "value.too_long",
            Self::Length { .. } => "value.length",
            Self::Character { .. } => "value.character",
            Self::CheckDigit => "value.check_digit",
            Self::Region => "value.region",
            Self::BirthDate => "value.birth_date",
            Self::FormerIdNumber => "value.former_id_number",
            Self::NotADocument { .. } => "value.not_a_document",
            Self::NoDocument => "value.no_document",
            Self::UnknownDocument { .. } => "value.unknown_document",
            Self::NotADate { .. } => "value.not_a_date",
            Self::NoSuchDay { .. } => "value.no_such_day",
            Self::NoYear { .. } => "value.no_year",
            Self::YearOutOfRange { .. } => "value.year_out_of_range",
            Self::NotATime { .. } => "value.not_a_time",
            Self::NotAnAmount { .. } => "value.not_an_amount",
            Self::TooFine { .. } => "value.too_fine",
            Self::AmountOutOfRange { .. } => "value.amount_out_of_range",
            Self::NotAPhone => "value.not_a_phone",
            Self::NotAnEmail => "value.not_an_email",
            Self::NoAreaCode => "value.no_area_code",
            Self::NotOneEach { .. } => "value.not_one_each",
            Self::NotACount { .. } => "value.not_a_count",
            Self::CountOutOfRange { .. } => "value.count_out_of_range",
            Self::UnknownWord { .. } => "value.unknown_word",
        }
    }

    /// The facts of the message by name, quoted text cut to a line.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong { limit } => vec![("limit", limit.to_string())],
            Self::NotOneEach { people } => vec![("people", people.to_string())],
            Self::Length { expected, found } => {
                vec![("expected", expected.to_string()), ("found", found.to_string())]
            }
            Self::Character { character } => vec![("character", character.clone())],
            Self::NotADocument { kind } => vec![("kind", kind.name_zh().to_owned())],
            Self::UnknownWord { text, allowed } => vec![("text", quote(text)), ("allowed", allowed.clone())],
            Self::UnknownDocument { text }
            | Self::NotADate { text }
            | Self::NoSuchDay { text }
            | Self::NoYear { text }
            | Self::YearOutOfRange { text }
            | Self::NotATime { text }
            | Self::NotAnAmount { text }
            | Self::TooFine { text }
            | Self::AmountOutOfRange { text }
            | Self::NotACount { text }
            | Self::CountOutOfRange { text } => vec![("text", quote(text))],
            Self::Empty
            | Self::CheckDigit
            | Self::Region
            | Self::BirthDate
            | Self::FormerIdNumber
            | Self::NoDocument
            | Self::NotAPhone
            | Self::NotAnEmail
            | Self::NoAreaCode => Vec::new(),
        }
    }

    /// The reason in Chinese.
    pub fn text_zh(&self) -> String {
        match self {
            Self::Empty => "未填写".to_owned(),
            Self::TooLong { limit } => format!("超过{limit}个字符"),
            Self::Length { expected, found } => format!("应为{expected}位，实为{found}位"),
            Self::Character { character } => format!("含有不允许的字符“{character}”"),
            Self::CheckDigit => "校验码不符，请核对号码".to_owned(),
            Self::Region => "号码开头的行政区划代码不存在".to_owned(),
            Self::BirthDate => "号码中的出生日期不存在".to_owned(),
            Self::FormerIdNumber => "15位身份证号码已停止使用，请填写18位号码".to_owned(),
            Self::NotADocument { kind } => format!("不符合{}号码的格式", kind.name_zh()),
            Self::NoDocument => "不是可识别的证件号码，例如18位身份证号码".to_owned(),
            Self::UnknownDocument { text } => {
                let known = DocumentKind::ALL.map(DocumentKind::name_zh).join("、");
                format!("“{}”不是可识别的证件类型，可以填写：{known}", quote(text))
            }
            Self::NotADate { text } => format!("“{}”不是可识别的日期", quote(text)),
            Self::NoSuchDay { text } => format!("“{}”这一天不存在", quote(text)),
            Self::NoYear { text } => format!("“{}”缺少年份", quote(text)),
            Self::YearOutOfRange { text } => format!("“{}”的年份不在1900年至2100年之间", quote(text)),
            Self::NotATime { text } => format!("“{}”不是可识别的时间", quote(text)),
            Self::NotAnAmount { text } => format!("“{}”不是确切的金额", quote(text)),
            Self::TooFine { text } => format!("“{}”精确到分以下", quote(text)),
            Self::AmountOutOfRange { text } => format!("“{}”超出可填写的金额范围", quote(text)),
            Self::NotAnEmail => "不是电子邮箱地址，例如 name@example.com".to_owned(),
            Self::NotAPhone => "不是手机号码，也不是带区号的固定电话".to_owned(),
            Self::NoAreaCode => "固定电话缺少区号".to_owned(),
            Self::NotOneEach { people } => {
                format!("有{people}个人，电话要按顺序填{people}个，用“、”隔开；不能都填的，留空")
            }
            Self::NotACount { text } => format!("“{}”不是整数", quote(text)),
            Self::CountOutOfRange { text } => format!("“{}”不在0至{MOST}之间", quote(text)),
            Self::UnknownWord { text, allowed } => format!("“{}”不在可填写的范围内：{allowed}", quote(text)),
        }
    }

    /// The reason in English.
    pub fn text_en(&self) -> String {
        match self {
            Self::Empty => "nothing is filled in".to_owned(),
            Self::TooLong { limit } => format!("more than {limit} characters"),
            Self::Length { expected, found } => format!("must have {expected} characters, has {found}"),
            Self::Character { character } => format!("`{character}` cannot stand here"),
            Self::CheckDigit => "the check digit does not match, please compare the number".to_owned(),
            Self::Region => "the division at the start of the number does not exist".to_owned(),
            Self::BirthDate => "the date of birth in the number does not exist".to_owned(),
            Self::FormerIdNumber => "ID numbers of 15 digits are no longer valid, use the one of 18".to_owned(),
            Self::NotADocument { kind } => format!("not the number of a {}", kind.name_en()),
            Self::NoDocument => {
                "not the number of any known document, such as the 18 characters of an ID card".to_owned()
            }
            Self::UnknownDocument { text } => {
                let known = DocumentKind::ALL.map(DocumentKind::name_zh).join("、");
                format!("`{}` is no known type of document, which are {known}", quote(text))
            }
            Self::NotADate { text } => format!("`{}` is not a date", quote(text)),
            Self::NoSuchDay { text } => format!("the day `{}` does not exist", quote(text)),
            Self::NoYear { text } => format!("`{}` has no year", quote(text)),
            Self::YearOutOfRange { text } => format!("the year of `{}` is not within 1900 and 2100", quote(text)),
            Self::NotATime { text } => format!("`{}` is not a time", quote(text)),
            Self::NotAnAmount { text } => format!("`{}` is not an exact amount", quote(text)),
            Self::TooFine { text } => format!("`{}` is finer than a fen", quote(text)),
            Self::AmountOutOfRange { text } => format!("the amount `{}` is out of range", quote(text)),
            Self::NotAnEmail => "not an e-mail address, for example name@example.com".to_owned(),
            Self::NotAPhone => "neither a mobile number nor a fixed line with its area code".to_owned(),
            Self::NoAreaCode => "the fixed line has no area code".to_owned(),
            Self::NotOneEach { people } => {
                format!("there are {people} people: as many phones in their order, with `、` between them, or none")
            }
            Self::NotACount { text } => format!("`{}` is not a whole number", quote(text)),
            Self::CountOutOfRange { text } => format!("`{}` is not within 0 and {MOST}", quote(text)),
            Self::UnknownWord { text, allowed } => format!("`{}` is none of {allowed}", quote(text)),
        }
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text_en())
    }
}

impl std::error::Error for ValueError {}
