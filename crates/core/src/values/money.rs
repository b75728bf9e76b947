//! Amounts of money, exact to the fen.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ValueError, half_width};

/// An amount in fen, from nothing to a million million yuan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Money(i64);

/// 10^12 yuan in fen: the largest amount with numerals in capitals that a paper can hold.
const LARGEST: i64 = 100_000_000_000_000;

/// Fen in a yuan.
const YUAN: i64 = 100;
/// Fen in ten thousand yuan.
const WAN: i64 = 10_000 * YUAN;

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// An amount in fen.
    ///
    /// # Errors
    /// Below zero or above 10^12 yuan.
    pub fn from_fen(fen: i64) -> Result<Self, ValueError> {
        if (0..=LARGEST).contains(&fen) {
            Ok(Self(fen))
        } else {
            Err(ValueError::AmountOutOfRange { text: fen.to_string() })
        }
    }

    /// Reads an amount in 万元 where nothing else is said: `5`, `5万元`, `０．５`. A unit that is written
    /// (`3000元`) wins.
    ///
    /// # Errors
    /// Anything that is not one exact amount (`约三万`), finer than a fen, below zero or too large.
    pub fn from_wan(text: &str) -> Result<Self, ValueError> {
        Self::read(text, WAN)
    }

    /// Reads an amount in yuan where nothing else is said: `4800`, `4,800.50元`, `1.2万元`.
    ///
    /// # Errors
    /// Anything that is not one exact amount, finer than a fen, below zero or too large.
    pub fn from_yuan(text: &str) -> Result<Self, ValueError> {
        Self::read(text, YUAN)
    }

    fn read(written: &str, unit: i64) -> Result<Self, ValueError> {
        let wrong = || ValueError::NotAnAmount { text: written.trim().to_owned() };
        let text: String = half_width(written).chars().filter(|c| !c.is_whitespace()).collect();
        if text.is_empty() {
            return Err(ValueError::Empty);
        }
        let text = text.strip_prefix("人民币").unwrap_or(&text);
        let text = text.strip_prefix(['¥', '￥']).unwrap_or(text);
        let text = text.strip_suffix(['整', '正']).unwrap_or(text);
        let (number, unit) = match text.strip_suffix(['元', '圆']) {
            Some(rest) => match rest.strip_suffix('万') {
                Some(number) => (number, WAN),
                None => match rest.strip_suffix('亿') {
                    Some(number) => (number, 10_000 * WAN),
                    None => (rest, YUAN),
                },
            },
            None => match text.strip_suffix('万') {
                Some(number) => (number, WAN),
                None => (text, unit),
            },
        };
        let (negative, number) = number.strip_prefix('-').map_or((false, number), |n| (true, n));
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let whole = ungroup(whole).ok_or_else(wrong)?;
        if !part.bytes().all(|b| b.is_ascii_digit()) || (number.contains('.') && part.is_empty()) {
            return Err(wrong());
        }
        let out_of_range = || ValueError::AmountOutOfRange { text: written.trim().to_owned() };
        // 15 digits hold the largest amount; more would not fit the arithmetic below.
        if whole.trim_start_matches('0').len() > 15 {
            return Err(out_of_range());
        }
        let mut fen = i128::from(whole.parse::<i64>().map_err(|_| wrong())?) * i128::from(unit);
        let mut worth = i128::from(unit);
        for digit in part.trim_end_matches('0').bytes() {
            if worth % 10 != 0 {
                return Err(ValueError::TooFine { text: written.trim().to_owned() });
            }
            worth /= 10;
            fen += i128::from(digit - b'0') * worth;
        }
        if negative && fen != 0 {
            return Err(out_of_range());
        }
        i64::try_from(fen).ok().and_then(|fen| Self::from_fen(fen).ok()).ok_or_else(out_of_range)
    }

    /// The amount in fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, unless it is too large.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::from_fen(self.0 + other.0).ok()
    }

    /// The difference, unless it is below zero.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Self::from_fen(self.0 - other.0).ok()
    }

    /// The amount in numerals of capitals for papers (票据法 and 支付结算办法, annex 1): `壹万贰仟叁佰肆拾伍元陆角柒分`;
    /// 整 closes an amount without fen.
    pub fn capital(self) -> String {
        let (yuan, jiao, fen) = (self.0 / YUAN, self.0 / 10 % 10, self.0 % 10);
        let mut text = String::new();
        if yuan > 0 || self.0 == 0 {
            whole(yuan, &mut text);
            text.push('元');
        }
        if jiao > 0 {
            text.push(digit(jiao));
            text.push('角');
        } else if fen > 0 && yuan > 0 {
            text.push('零');
        }
        if fen > 0 {
            text.push(digit(fen));
            text.push('分');
        } else {
            text.push('整');
        }
        text
    }

    /// Reads numerals in capitals back. Taken are 圆 for 元, 正 for 整, 人民币 in front, 整 left out, and 零
    /// between 元 and 角; else they must be written as [`Money::capital`] writes them, so that no amount has two
    /// readings.
    ///
    /// # Errors
    /// Anything else, and an amount that is too large.
    pub fn parse_capital(text: &str) -> Result<Self, ValueError> {
        let wrong = || ValueError::NotAnAmount { text: text.trim().to_owned() };
        let plain: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
        if plain.is_empty() {
            return Err(ValueError::Empty);
        }
        let plain = plain.strip_prefix("人民币").unwrap_or(&plain).replace(['圆', '圓'], "元").replace('正', "整");
        let plain = plain.strip_suffix('整').unwrap_or(&plain);
        let (yuan, rest) = plain.split_once('元').unwrap_or(("", plain));
        let mut fen = if yuan.is_empty() {
            0
        } else {
            whole_back(yuan).ok_or_else(wrong)?.checked_mul(YUAN).ok_or_else(wrong)?
        };
        let mut digits = None;
        for c in rest.chars() {
            match (c, digits.take()) {
                ('角', Some(n)) => fen += n * 10,
                ('分', Some(n)) => fen += n,
                (c, None | Some(0)) => digits = Some(digit_back(c).ok_or_else(wrong)?),
                _ => return Err(wrong()),
            }
        }
        let money = Self::from_fen(fen)?;
        // The canonical form decides; so 壹万伍 or a doubled unit never becomes an amount.
        let canonical = money.capital();
        let canonical = canonical.strip_suffix('整').unwrap_or(&canonical);
        let same = plain == canonical || plain.replace("元零", "元") == canonical.replace("元零", "元");
        if same { Ok(money) } else { Err(wrong()) }
    }
}

impl Money {
    /// Can an amount in numerals begin with this character?
    pub fn is_numeral(c: char) -> bool {
        digit_back(capital_of(c)).is_some() || UNITS.contains(&capital_of(c))
    }

    /// Reads numerals of both kinds, in capitals as papers write them and as people do: `叁仟元`, `三千元`, `十万元`.
    ///
    /// # Errors
    /// As [`Money::parse_capital`].
    pub fn parse_numerals(text: &str) -> Result<Self, ValueError> {
        let capital: String = text.trim().chars().map(capital_of).collect();
        // Nobody says 一十.
        let one = if capital.starts_with('拾') { "壹" } else { "" };
        Self::parse_capital(&format!("{one}{capital}"))
    }
}

/// The digits of a whole number, without its commas if these stand every three digits.
fn ungroup(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let grouped = rest.is_empty() || first.len() <= 3;
    (digits(first) && grouped && rest.iter().all(|g| g.len() == 3 && digits(g))).then(|| text.replace(',', ""))
}

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// Units of numerals in capitals.
const UNITS: [char; 5] = ['拾', '佰', '仟', '万', '亿'];

/// The capital of a numeral as people write it; every other character as it is.
fn capital_of(c: char) -> char {
    const COMMON: &str = "〇零一壹二贰两贰三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟";
    let mut common = COMMON.chars().step_by(2).zip(COMMON.chars().skip(1).step_by(2));
    common.find(|(common, _)| *common == c).map_or(c, |(_, capital)| capital)
}

fn digit(n: i64) -> char {
    DIGITS[usize::try_from(n % 10).unwrap_or(0)]
}

fn digit_back(c: char) -> Option<i64> {
    DIGITS.iter().position(|d| *d == c).and_then(|at| i64::try_from(at).ok())
}

/// Writes a whole number; each unit is ten thousand of the one before, or ten within them.
fn whole(n: i64, text: &mut String) {
    for (base, unit) in [(100_000_000, '亿'), (10_000, '万'), (1000, '仟'), (100, '佰'), (10, '拾')] {
        if n >= base {
            whole(n / base, text);
            text.push(unit);
            let rest = n % base;
            if rest > 0 {
                if rest < base / 10 {
                    text.push('零');
                }
                whole(rest, text);
            }
            return;
        }
    }
    text.push(digit(n));
}

/// Reads a whole number; how zeros stand is left to the comparison with the canonical form.
fn whole_back(text: &str) -> Option<i64> {
    for (base, unit) in [(100_000_000, '亿'), (10_000, '万'), (1000, '仟'), (100, '佰'), (10, '拾')] {
        if let Some((many, rest)) = text.rsplit_once(unit) {
            let rest = rest.strip_prefix('零').unwrap_or(rest);
            let rest = if rest.is_empty() { 0 } else { whole_back(rest)? };
            return whole_back(many)?.checked_mul(base)?.checked_add(rest);
        }
    }
    let mut chars = text.chars();
    let n = digit_back(chars.next()?)?;
    chars.next().is_none().then_some(n)
}

impl fmt::Display for Money {
    /// In yuan: `12345.67`, without the point for whole yuan.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (yuan, fen) = (self.0 / YUAN, self.0 % YUAN);
        if fen == 0 { write!(f, "{yuan}") } else { write!(f, "{yuan}.{fen:02}") }
    }
}

impl TryFrom<i64> for Money {
    type Error = ValueError;

    fn try_from(fen: i64) -> Result<Self, ValueError> {
        Self::from_fen(fen)
    }
}

impl From<Money> for i64 {
    fn from(money: Money) -> i64 {
        money.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn yuan(text: &str) -> Money {
        Money::from_yuan(text).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn amounts_in_wan_are_exact() {
        for (text, fen) in [
            ("5", 5_000_000),
            ("5万元", 5_000_000),
            ("０．５", 500_000),
            ("0.5万元", 500_000),
            ("20万元", 20_000_000),
            ("0.01", 10_000),
            ("0.000001", 1),
            ("6.5万", 6_500_000),
            ("3000元", 300_000),
            ("0", 0),
            ("1,000", 1_000_000_000),
        ] {
            assert_eq!(Money::from_wan(text).map(Money::fen), Ok(fen), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_exact_amount_is_refused() {
        for text in ["约三万", "三万", "5左右", "5-6", "1e3", "5 or 6", ".5", "5.", "1,00", "1.2.3", "万元", "+5"]
        {
            assert!(matches!(Money::from_wan(text), Err(ValueError::NotAnAmount { .. })), "{text}");
        }
        assert!(matches!(Money::from_wan("0.0000001"), Err(ValueError::TooFine { .. })));
        assert!(matches!(Money::from_yuan("0.001"), Err(ValueError::TooFine { .. })));
        assert!(matches!(Money::from_wan("-5"), Err(ValueError::AmountOutOfRange { .. })));
        assert!(matches!(Money::from_wan("99999999999999999999"), Err(ValueError::AmountOutOfRange { .. })));
        assert_eq!(Money::from_wan("  "), Err(ValueError::Empty));
    }

    #[test]
    fn capitals_are_written_as_banks_want_them() {
        for (text, capital) in [
            ("12345.67", "壹万贰仟叁佰肆拾伍元陆角柒分"),
            ("0", "零元整"),
            ("0.05", "伍分"),
            ("0.50", "伍角整"),
            ("1.05", "壹元零伍分"),
            ("10", "壹拾元整"),
            ("105", "壹佰零伍元整"),
            ("1010", "壹仟零壹拾元整"),
            ("100010", "壹拾万零壹拾元整"),
            ("10050000", "壹仟零伍万元整"),
            ("100000001.1", "壹亿零壹元壹角整"),
            ("300200.30", "叁拾万零贰佰元叁角整"),
            ("1000000000000", "壹万亿元整"),
        ] {
            assert_eq!(yuan(text).capital(), capital, "{text}");
            assert_eq!(Money::parse_capital(capital), Ok(yuan(text)), "{capital}");
        }
    }

    #[test]
    fn other_ways_of_writing_capitals_are_read() {
        assert_eq!(Money::parse_capital("人民币伍万圆正"), Ok(yuan("50000")));
        assert_eq!(Money::parse_capital("壹仟陆佰柒拾元零叁角贰分"), Ok(yuan("1670.32")));
        assert_eq!(Money::parse_capital("伍万元"), Ok(yuan("50000")));
    }

    #[test]
    fn capitals_with_two_readings_are_refused() {
        for text in
            ["壹万伍元", "壹佰伍元整", "万元", "拾元", "壹壹元", "壹万万元", "伍元伍", "壹元壹分壹角", "五元", "元"]
        {
            assert!(matches!(Money::parse_capital(text), Err(ValueError::NotAnAmount { .. })), "{text}");
        }
    }

    proptest! {
        #[test]
        fn capitals_read_back_are_the_amount(fen in prop_oneof![0..=LARGEST, 0i64..1_000_000, (0i64..=1_000_000).prop_map(|n| n * 100_000_000)]) {
            let money = Money::from_fen(fen).unwrap();
            let capital = money.capital();
            prop_assert_eq!(Money::parse_capital(&capital), Ok(money), "{}", capital);
        }

        #[test]
        fn printed_yuan_read_back_are_the_amount(fen in 0..=LARGEST) {
            let money = Money::from_fen(fen).unwrap();
            prop_assert_eq!(Money::from_yuan(&money.to_string()), Ok(money));
        }

        #[test]
        fn an_amount_in_wan_is_the_same_in_yuan(fen in 0..=LARGEST) {
            let (whole, part) = (fen / 1_000_000, fen % 1_000_000);
            prop_assert_eq!(Money::from_wan(&format!("{whole}.{part:06}")), Money::from_fen(fen));
        }

        #[test]
        fn no_text_makes_parsing_panic(text in "[零壹贰万亿仟佰拾元角分整]{0,12}|\\PC{0,20}") {
            let _ = Money::from_wan(&text);
            let _ = Money::parse_capital(&text);
        }
    }
}
