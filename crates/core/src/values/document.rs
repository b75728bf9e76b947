//! Numbers of identity documents.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ValueError, half_width, is_han, normalise, text_value};
use crate::Date;

/// The number of a resident identity card: 18 characters with the check digit of GB 11643-1999.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdNumber(String);
text_value!(IdNumber);

/// The number of a residence permit for people of Hong Kong, Macao and Taiwan 港澳台居民居住证: built as an ID
/// number, with the divisions 810000, 820000 and 830000.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResidencePermit(String);
text_value!(ResidencePermit);

/// The number of a passport: 5 to 9 letters and digits (ICAO Doc 9303, part 4), at least one digit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Passport(String);
text_value!(Passport);

/// The number of a mainland travel permit for people of Hong Kong and Macao 港澳居民来往内地通行证: H or M and eight
/// digits, which stay with a person for life. Cards of 1999 print two more digits behind them, which count the renewals:
/// "新旧通行证号码前9位相同，表明为签发给同一持证人" (公安部《港澳居民来往内地通行证号码规则》, 2010-03-10). They are read and
/// left out, so that the cards of one person have one number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HongKongMacaoPermit(String);
text_value!(HongKongMacaoPermit);

/// The number of a mainland travel permit for people of Taiwan 台湾居民来往大陆通行证: eight digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaiwanPermit(String);
text_value!(TaiwanPermit);

/// The number of a foreign permanent resident's card 外国人永久居留身份证: eighteen characters built as an ID number that
/// begins with 9 (cards since 2023), or three letters and twelve digits (earlier ones, valid until they run out).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PermanentResident(String);
text_value!(PermanentResident);

/// The number of a card of the forces 军官证, 士兵证, 警官证: letters, digits and characters as printed (军字第1234567号).
/// Nothing in it can be checked but that there is a digit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ForcesCard(String);
text_value!(ForcesCard);

/// The longest number of a passport.
const SHORT: usize = 9;

/// The longest number of a card of the forces.
const LONGEST: usize = 30;

/// The kinds of identity documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 居民身份证.
    ResidentId,
    /// 护照.
    Passport,
    /// 港澳居民来往内地通行证.
    HongKongMacaoPermit,
    /// 台湾居民来往大陆通行证.
    TaiwanPermit,
    /// 港澳台居民居住证.
    ResidencePermit,
    /// 外国人永久居留身份证.
    PermanentResident,
    /// 军官证, 士兵证 and other cards of the forces.
    ForcesCard,
}

/// An identity document: its kind and number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "number", rename_all = "snake_case")]
pub enum Document {
    /// 居民身份证.
    ResidentId(IdNumber),
    /// 护照.
    Passport(Passport),
    /// 港澳居民来往内地通行证.
    HongKongMacaoPermit(HongKongMacaoPermit),
    /// 台湾居民来往大陆通行证.
    TaiwanPermit(TaiwanPermit),
    /// 港澳台居民居住证.
    ResidencePermit(ResidencePermit),
    /// 外国人永久居留身份证.
    PermanentResident(PermanentResident),
    /// 军官证, 士兵证 and other cards of the forces.
    ForcesCard(ForcesCard),
}

/// H or M and digits, as many as they may be: meant as a permit, and what is wrong with it is said as of one.
fn permit_like(text: &str) -> bool {
    let digits = text.strip_prefix(['H', 'M']).unwrap_or_default();
    digits.len() > 8 && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Half-width, upper case, without spaces.
fn plain(text: &str) -> Result<String, ValueError> {
    let plain: String =
        half_width(text).chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    if plain.is_empty() { Err(ValueError::Empty) } else { Ok(plain) }
}

/// Checks the eighteen characters of GB 11643-1999: digits, date of birth, check digit (ISO 7064, MOD 11-2).
fn eighteen(text: &str) -> Result<String, ValueError> {
    let number = plain(text)?;
    let length = number.chars().count();
    if let Some((_, c)) =
        number.chars().enumerate().find(|(at, c)| !(c.is_ascii_digit() || *c == 'X' && at + 1 == length))
    {
        return Err(ValueError::character(c));
    }
    match length {
        18 => {}
        15 => return Err(ValueError::FormerIdNumber),
        found => return Err(ValueError::Length { expected: 18, found }),
    }
    if birth_date(&number).is_none() {
        return Err(ValueError::BirthDate);
    }
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = number.bytes().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    let check = "10X98765432".as_bytes()[(sum % 11) as usize];
    if number.as_bytes()[17] == check { Ok(number) } else { Err(ValueError::CheckDigit) }
}

fn birth_date(number: &str) -> Option<Date> {
    let part = |from: usize, to: usize| number.get(from..to)?.parse::<i16>().ok();
    let (year, month, day) = (part(6, 10)?, part(10, 12)?, part(12, 14)?);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (1850..=2100).contains(&year).then_some(date)
}

impl IdNumber {
    /// Reads a number; a lower-case x and full-width digits are taken.
    ///
    /// # Errors
    /// Another length, an impossible division or date of birth, or a check digit that does not follow.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let number = eighteen(text)?;
        // GB/T 2260: the first two digits are a province.
        let province = matches!(
            number.as_bytes(),
            [b'1', b'1'..=b'5', ..]
                | [b'2', b'1'..=b'3', ..]
                | [b'3', b'1'..=b'7', ..]
                | [b'4', b'1'..=b'6', ..]
                | [b'5', b'0'..=b'4', ..]
                | [b'6', b'1'..=b'5', ..]
                | [b'7', b'1', ..]
        );
        if province { Ok(Self(number)) } else { Err(ValueError::Region) }
    }

    /// The date of birth that the number states.
    pub fn birth_date(&self) -> Date {
        // INVARIANT: parse refuses a number without one.
        birth_date(&self.0).unwrap_or(Date::MIN)
    }

    /// With birthday and serial number hidden: `330499********3009`.
    pub fn masked(&self) -> String {
        mask(&self.0)
    }
}

impl ResidencePermit {
    /// Reads a number; a lower-case x and full-width digits are taken.
    ///
    /// # Errors
    /// As for an ID number; another division than 81, 82 and 83.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let number = eighteen(text)?;
        if matches!(number.get(..6), Some("810000" | "820000" | "830000")) {
            Ok(Self(number))
        } else {
            Err(ValueError::NotADocument { kind: DocumentKind::ResidencePermit })
        }
    }
}

impl Passport {
    /// Reads a number, letters in upper case.
    ///
    /// # Errors
    /// Other characters than letters and digits, fewer than 5 or more than 9, no digit.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let number = plain(text)?;
        if let Some(c) = number.chars().find(|c| !c.is_ascii_alphanumeric()) {
            return Err(ValueError::character(c));
        }
        if (5..=SHORT).contains(&number.len()) && number.contains(|c: char| c.is_ascii_digit()) {
            Ok(Self(number))
        } else {
            Err(ValueError::NotADocument { kind: DocumentKind::Passport })
        }
    }
}

impl HongKongMacaoPermit {
    /// Reads a number, the letter in upper case, without the two digits that count renewals.
    ///
    /// # Errors
    /// Not H or M followed by eight or ten digits.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let number = plain(text)?;
        match number.as_bytes() {
            [b'H' | b'M', digits @ ..] if matches!(digits.len(), 8 | 10) && digits.iter().all(u8::is_ascii_digit) => {
                Ok(Self(number.chars().take(9).collect()))
            }
            _ => Err(ValueError::NotADocument { kind: DocumentKind::HongKongMacaoPermit }),
        }
    }
}

impl TaiwanPermit {
    /// Reads a number.
    ///
    /// # Errors
    /// Not eight digits.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let number = plain(text)?;
        if number.len() == 8 && number.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(number))
        } else {
            Err(ValueError::NotADocument { kind: DocumentKind::TaiwanPermit })
        }
    }
}

/// Three letters and digits: how cards of foreign permanent residents were numbered before 2023.
fn permanent_like(text: &str) -> bool {
    let letters = text.bytes().take(3).all(|b| b.is_ascii_uppercase());
    text.len() == 15 && letters && text.bytes().skip(3).all(|b| b.is_ascii_digit())
}

impl PermanentResident {
    /// Reads a number; lower case and full-width digits are taken.
    ///
    /// # Errors
    /// Neither of the two shapes; a date of birth or a check digit that does not fit the newer one.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let number = plain(text)?;
        if permanent_like(&number) {
            return Ok(Self(number));
        }
        if number.len() != 18 || !number.starts_with('9') {
            return Err(ValueError::NotADocument { kind: DocumentKind::PermanentResident });
        }
        eighteen(&number).map(Self)
    }
}

impl ForcesCard {
    /// Reads a number as it is printed on the card.
    ///
    /// # Errors
    /// Nothing there, a character that is neither letter nor digit nor a mark between them, no digit, or too long.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let number = plain(text)?;
        if number.chars().count() > LONGEST {
            return Err(ValueError::TooLong { limit: LONGEST });
        }
        let fits =
            |c: &char| c.is_ascii_alphanumeric() || is_han(*c) || matches!(c, '-' | '(' | ')' | '〔' | '〕' | '.');
        if let Some(c) = number.chars().find(|c| !fits(c)) {
            return Err(ValueError::character(c));
        }
        match number.contains(|c: char| c.is_ascii_digit()) {
            true => Ok(Self(number)),
            false => Err(ValueError::NotADocument { kind: DocumentKind::ForcesCard }),
        }
    }
}

impl DocumentKind {
    /// All kinds, the commonest first.
    pub const ALL: [DocumentKind; 7] = [
        Self::ResidentId,
        Self::Passport,
        Self::HongKongMacaoPermit,
        Self::TaiwanPermit,
        Self::ResidencePermit,
        Self::PermanentResident,
        Self::ForcesCard,
    ];

    /// Stable name, as events and forms hold it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::Passport => "passport",
            Self::HongKongMacaoPermit => "hong_kong_macao_permit",
            Self::TaiwanPermit => "taiwan_permit",
            Self::ResidencePermit => "residence_permit",
            Self::PermanentResident => "permanent_resident",
            Self::ForcesCard => "forces_card",
        }
    }

    /// The kind by its stable name.
    pub fn by_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// Its name as forms and papers print it.
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::ResidentId => "居民身份证",
            Self::Passport => "护照",
            Self::HongKongMacaoPermit => "港澳居民来往内地通行证",
            Self::TaiwanPermit => "台湾居民来往大陆通行证",
            Self::ResidencePermit => "港澳台居民居住证",
            Self::PermanentResident => "外国人永久居留身份证",
            Self::ForcesCard => "军人证件",
        }
    }

    /// Its name in English.
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::ResidentId => "resident identity card",
            Self::Passport => "passport",
            Self::HongKongMacaoPermit => "travel permit for Hong Kong and Macao residents",
            Self::TaiwanPermit => "travel permit for Taiwan residents",
            Self::ResidencePermit => "residence permit for Hong Kong, Macao and Taiwan residents",
            Self::PermanentResident => "foreign permanent resident's identity card",
            Self::ForcesCard => "card of the armed forces",
        }
    }

    /// The kind as offices write it, full or short.
    ///
    /// # Errors
    /// Nothing there, or a document that is not known.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let name = normalise(text);
        match name.as_str() {
            "" => Err(ValueError::Empty),
            "身份证" | "居民身份证" | "身份证号" | "身份证号码" | "二代身份证" => {
                Ok(Self::ResidentId)
            }
            "护照" | "普通护照" | "外国护照" | "中国护照" | "护照号" => Ok(Self::Passport),
            "港澳居民来往内地通行证" | "港澳通行证" | "回乡证" | "港澳居民通行证" => {
                Ok(Self::HongKongMacaoPermit)
            }
            "台湾居民来往大陆通行证" | "台胞证" | "台湾通行证" => Ok(Self::TaiwanPermit),
            "港澳台居民居住证" | "港澳居民居住证" | "台湾居民居住证" => Ok(Self::ResidencePermit),
            "外国人永久居留身份证" | "外国人永久居留证" | "永久居留身份证" => {
                Ok(Self::PermanentResident)
            }
            "军人证件" | "军官证" | "士兵证" | "军人证" | "警官证" | "武警警官证" | "文职干部证" | "军士证" => {
                Ok(Self::ForcesCard)
            }
            _ => Err(ValueError::UnknownDocument { text: name }),
        }
    }
}

impl Document {
    /// Reads the number of a document whose kind is known.
    ///
    /// # Errors
    /// The number is not one of that kind.
    pub fn parse(kind: DocumentKind, number: &str) -> Result<Self, ValueError> {
        Ok(match kind {
            DocumentKind::ResidentId => Self::ResidentId(IdNumber::parse(number)?),
            DocumentKind::Passport => Self::Passport(Passport::parse(number)?),
            DocumentKind::HongKongMacaoPermit => Self::HongKongMacaoPermit(HongKongMacaoPermit::parse(number)?),
            DocumentKind::TaiwanPermit => Self::TaiwanPermit(TaiwanPermit::parse(number)?),
            DocumentKind::ResidencePermit => Self::ResidencePermit(ResidencePermit::parse(number)?),
            DocumentKind::PermanentResident => Self::PermanentResident(PermanentResident::parse(number)?),
            DocumentKind::ForcesCard => Self::ForcesCard(ForcesCard::parse(number)?),
        })
    }

    /// Reads a number whose kind nobody wrote down, by its shape: 81 to 83 and eighteen characters a residence
    /// permit, 9 and eighteen or three letters and twelve digits a foreign permanent resident's card, H or M and digits a
    /// travel permit, eight digits a Taiwan permit, other short ones and those with letters a passport, and all the rest
    /// an ID number.
    ///
    /// # Errors
    /// The number is not one of the kind that its shape suggests. What is not even a passport has the shape of none.
    pub fn guess(number: &str) -> Result<Self, ValueError> {
        let text = plain(number)?;
        let kind = match text.len() {
            18 if text.starts_with("81") || text.starts_with("82") || text.starts_with("83") => {
                DocumentKind::ResidencePermit
            }
            18 if text.starts_with('9') => DocumentKind::PermanentResident,
            15 if permanent_like(&text) => DocumentKind::PermanentResident,
            8 if TaiwanPermit::parse(&text).is_ok() => DocumentKind::TaiwanPermit,
            9 if HongKongMacaoPermit::parse(&text).is_ok() => DocumentKind::HongKongMacaoPermit,
            _ if permit_like(&text) => DocumentKind::HongKongMacaoPermit,
            ..=SHORT => DocumentKind::Passport,
            length if length < 15 && text.bytes().any(|b| b.is_ascii_alphabetic()) => DocumentKind::Passport,
            _ => DocumentKind::ResidentId,
        };
        Self::parse(kind, &text).map_err(|error| match error {
            // Nobody spoke of a passport.
            ValueError::NotADocument { kind: DocumentKind::Passport } if text.len() <= SHORT => ValueError::NoDocument,
            error => error,
        })
    }

    /// Its kind.
    pub const fn kind(&self) -> DocumentKind {
        match self {
            Self::ResidentId(_) => DocumentKind::ResidentId,
            Self::Passport(_) => DocumentKind::Passport,
            Self::HongKongMacaoPermit(_) => DocumentKind::HongKongMacaoPermit,
            Self::TaiwanPermit(_) => DocumentKind::TaiwanPermit,
            Self::ResidencePermit(_) => DocumentKind::ResidencePermit,
            Self::PermanentResident(_) => DocumentKind::PermanentResident,
            Self::ForcesCard(_) => DocumentKind::ForcesCard,
        }
    }

    /// Its number in normal form.
    pub fn number(&self) -> &str {
        match self {
            Self::ResidentId(n) => n.as_str(),
            Self::Passport(n) => n.as_str(),
            Self::HongKongMacaoPermit(n) => n.as_str(),
            Self::TaiwanPermit(n) => n.as_str(),
            Self::ResidencePermit(n) => n.as_str(),
            Self::PermanentResident(n) => n.as_str(),
            Self::ForcesCard(n) => n.as_str(),
        }
    }

    /// The number with its middle hidden.
    pub fn masked(&self) -> String {
        mask(self.number())
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.number())
    }
}

/// Keeps the division (or the first character of a short number) and the last four.
fn mask(number: &str) -> String {
    let head = if number.len() == 18 { 6 } else { 1 };
    let length = number.chars().count();
    let shown = |at: usize| at < head || at + 4 >= length;
    number.chars().enumerate().map(|(at, c)| if shown(at) { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests;
