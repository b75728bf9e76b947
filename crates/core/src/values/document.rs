//! Numbers of identity documents.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ValueError, half_width, normalise, text_value};
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

/// The number of a mainland travel permit for people of Hong Kong and Macao 港澳居民来往内地通行证: H or M and
/// eight digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HongKongMacaoPermit(String);
text_value!(HongKongMacaoPermit);

/// The number of a mainland travel permit for people of Taiwan 台湾居民来往大陆通行证: eight digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaiwanPermit(String);
text_value!(TaiwanPermit);

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
        if (5..=9).contains(&number.len()) && number.contains(|c: char| c.is_ascii_digit()) {
            Ok(Self(number))
        } else {
            Err(ValueError::NotADocument { kind: DocumentKind::Passport })
        }
    }
}

impl HongKongMacaoPermit {
    /// Reads a number, the letter in upper case.
    ///
    /// # Errors
    /// Not H or M followed by eight digits.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let number = plain(text)?;
        match number.as_bytes() {
            [b'H' | b'M', digits @ ..] if digits.len() == 8 && digits.iter().all(u8::is_ascii_digit) => {
                Ok(Self(number))
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

impl DocumentKind {
    /// All kinds, the commonest first.
    pub const ALL: [DocumentKind; 5] =
        [Self::ResidentId, Self::Passport, Self::HongKongMacaoPermit, Self::TaiwanPermit, Self::ResidencePermit];

    /// Stable name, as events and forms hold it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::Passport => "passport",
            Self::HongKongMacaoPermit => "hong_kong_macao_permit",
            Self::TaiwanPermit => "taiwan_permit",
            Self::ResidencePermit => "residence_permit",
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
        })
    }

    /// Reads a number whose kind nobody wrote down, by its shape: 81 to 83 and eighteen characters a residence
    /// permit, H or M and digits a travel permit, eight digits a Taiwan permit, other short ones and those with
    /// letters a passport, and all the rest an ID number.
    ///
    /// # Errors
    /// The number is not one of the kind that its shape suggests.
    pub fn guess(number: &str) -> Result<Self, ValueError> {
        let text = plain(number)?;
        let kind = match text.len() {
            18 if text.starts_with("81") || text.starts_with("82") || text.starts_with("83") => {
                DocumentKind::ResidencePermit
            }
            8 if TaiwanPermit::parse(&text).is_ok() => DocumentKind::TaiwanPermit,
            9 if HongKongMacaoPermit::parse(&text).is_ok() => DocumentKind::HongKongMacaoPermit,
            _ if permit_like(&text) => DocumentKind::HongKongMacaoPermit,
            ..=9 => DocumentKind::Passport,
            length if length < 15 && text.bytes().any(|b| b.is_ascii_alphabetic()) => DocumentKind::Passport,
            _ => DocumentKind::ResidentId,
        };
        Self::parse(kind, &text)
    }

    /// Its kind.
    pub const fn kind(&self) -> DocumentKind {
        match self {
            Self::ResidentId(_) => DocumentKind::ResidentId,
            Self::Passport(_) => DocumentKind::Passport,
            Self::HongKongMacaoPermit(_) => DocumentKind::HongKongMacaoPermit,
            Self::TaiwanPermit(_) => DocumentKind::TaiwanPermit,
            Self::ResidencePermit(_) => DocumentKind::ResidencePermit,
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
    let shown = |at: usize| at < head || at + 4 >= number.len();
    number.chars().enumerate().map(|(at, c)| if shown(at) { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_id_number_holds_by_check_digit_and_birthday() {
        assert_eq!(IdNumber::parse("33049919640129567x").unwrap().as_str(), "33049919640129567X");
        assert_eq!(IdNumber::parse("３３０４９９１９９４０７１１３００９").unwrap().as_str(), "330499199407113009");
        assert_eq!(IdNumber::parse("330499199407113009").unwrap().birth_date().to_string(), "1994-07-11");
        assert_eq!(IdNumber::parse("330499199407113008"), Err(ValueError::CheckDigit));
        assert_eq!(IdNumber::parse("330499199402303009"), Err(ValueError::BirthDate));
        assert_eq!(IdNumber::parse("33049919940711300"), Err(ValueError::Length { expected: 18, found: 17 }));
        assert_eq!(IdNumber::parse("330499940711300"), Err(ValueError::FormerIdNumber));
        assert_eq!(IdNumber::parse("3304991994O7113009"), Err(ValueError::Character { character: "O".to_owned() }));
    }

    #[test]
    fn a_number_that_a_spreadsheet_rounded_is_found() {
        assert_eq!(IdNumber::parse("330499199407113000"), Err(ValueError::CheckDigit));
    }

    /// A number with the right check digit for seventeen digits.
    fn closed(body: &str) -> String {
        (0..10)
            .map(|d| d.to_string())
            .chain(["X".to_owned()])
            .map(|d| format!("{body}{d}"))
            .find(|n| eighteen(n).is_ok())
            .unwrap()
    }

    #[test]
    fn the_kind_is_guessed_by_the_shape() {
        let permit = closed("81000019900101001");
        for (text, kind) in [
            ("330499199407113009", DocumentKind::ResidentId),
            (permit.as_str(), DocumentKind::ResidencePermit),
            ("h12345678", DocumentKind::HongKongMacaoPermit),
            ("M12345678", DocumentKind::HongKongMacaoPermit),
            ("12345678", DocumentKind::TaiwanPermit),
            ("E12345678", DocumentKind::Passport),
            ("C1234567", DocumentKind::Passport),
        ] {
            assert_eq!(Document::guess(text).unwrap().kind(), kind, "{text}");
        }
        assert_eq!(Document::guess("33049919940711300"), Err(ValueError::Length { expected: 18, found: 17 }));
        assert_eq!(IdNumber::parse(&permit), Err(ValueError::Region));
    }

    #[test]
    fn a_number_of_another_kind_is_refused() {
        for (kind, text) in [
            (DocumentKind::HongKongMacaoPermit, "E12345678"),
            (DocumentKind::TaiwanPermit, "1234567"),
            (DocumentKind::Passport, "ABCDEFG"),
            (DocumentKind::ResidencePermit, "330499199407113009"),
        ] {
            assert_eq!(Document::parse(kind, text), Err(ValueError::NotADocument { kind }), "{text}");
        }
    }

    #[test]
    fn documents_read_back_from_json_are_checked_again() {
        let document = Document::guess("330499199407113009").unwrap();
        let json = serde_json::to_string(&document).unwrap();
        assert_eq!(json, r#"{"kind":"resident_id","number":"330499199407113009"}"#);
        assert_eq!(serde_json::from_str::<Document>(&json).unwrap(), document);
        assert!(serde_json::from_str::<Document>(&json.replace("3009", "3008")).is_err());
    }

    #[test]
    fn a_masked_number_hides_the_birthday() {
        assert_eq!(Document::guess("330499199407113009").unwrap().masked(), "330499********3009");
    }

    #[test]
    fn kinds_are_known_by_their_names() {
        for kind in DocumentKind::ALL {
            assert_eq!(DocumentKind::by_key(kind.key()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.key());
            assert_eq!(DocumentKind::parse(kind.name_zh()), Ok(kind));
        }
        assert_eq!(DocumentKind::parse(" 台胞证 "), Ok(DocumentKind::TaiwanPermit));
        assert!(matches!(DocumentKind::parse("军官证"), Err(ValueError::UnknownDocument { .. })));
    }

    proptest! {
        #[test]
        fn two_neighbours_swapped_are_found(serial in 0u32..1000, place in 0usize..16) {
            let good = closed(&format!("33049919900101{serial:03}"));
            let mut bytes = good.clone().into_bytes();
            prop_assume!(bytes[place] != bytes[place + 1]);
            bytes.swap(place, place + 1);
            let swapped = String::from_utf8(bytes).unwrap();
            prop_assert!(IdNumber::parse(&swapped).is_err(), "{} {}", good, swapped);
        }
    }
}
