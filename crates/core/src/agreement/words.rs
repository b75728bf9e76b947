//! What the free words of a clause hold: sums in figures and numerals, days, rates, titles.

use crate::time::Date;
use crate::values::{Money, half_width};

/// Words that begin what a party is called by its place in the agreement.
pub const ROLES: [&str; 11] =
    ["甲方", "乙方", "丙方", "丁方", "申请人", "被申请人", "双方", "各方", "第三人", "本机关", "当事人"];
/// Words for somebody who is no party.
pub const THIRD: [&str; 4] = ["案外人", "第三人", "第三方", "他人名下"];
/// What titles are in; goods that go back to a shop are none.
const PROPERTY: [&str; 21] = [
    "房屋",
    "房产",
    "住房",
    "商铺",
    "铺面",
    "厂房",
    "车位",
    "车库",
    "不动产",
    "土地",
    "宅基地",
    "林地",
    "山林",
    "承包地",
    "车辆",
    "专利",
    "商标",
    "著作权",
    "版权",
    "股权",
    "字号",
];
/// What says whose it is.
const OWNED: [&str; 5] = ["所有", "享有", "拥有", "名下", "产权"];
/// Words of titles that need no thing beside them.
const TITLES: [&str; 6] = ["确权", "所有权归", "产权归", "使用权归", "专利权归", "商标权归"];
/// What is owed for paying late.
const LATE: [&str; 7] = ["违约金", "滞纳金", "利息", "罚息", "利率", "逾期", "迟延"];
/// A part of a sentence ends here.
const STOPS: [char; 6] = ['。', '；', ';', '\n', '！', '？'];

/// Sums of which the numerals behind say another: the numerals, and those that would be right.
pub fn wrong_numerals(text: &str) -> Vec<(String, String)> {
    let plain: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let mut found = Vec::new();
    for (at, _) in plain.match_indices("元") {
        let (before, after) = plain.split_at(at);
        let figures = before.rfind(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')));
        let figures =
            figures.map_or(before, |last| &before[last + before[last..].chars().next().map_or(0, char::len_utf8)..]);
        let Ok(sum) = Money::from_yuan(figures) else { continue };
        let after = after.trim_start_matches("元").trim_start_matches("整");
        let Some(inside) = after.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inside, _)| inside)
        else {
            continue;
        };
        let words = inside.trim_start_matches("人民币").trim_start_matches("大写").trim_start_matches([':', '为']);
        let words = words.trim_start_matches("人民币");
        let numerals = words.starts_with(Money::is_numeral);
        if numerals && Money::parse_numerals(words) != Ok(sum) {
            found.push((words.to_owned(), sum.capital()));
        }
    }
    found
}

/// Says that what follows is what parts come to.
const TOTALS: [&str; 9] = ["合计", "共计", "总计", "总额", "总共", "一共", "共付", "共支付", "共退还"];
/// May stand between such a word and its sum.
const BETWEEN: [&str; 8] = ["人民币", "应付", "支付", "付款", "退还", "付", "为", ":"];
/// A sum behind one of these is a part of another, or another thing than what is owed.
const NOT_OWED: [&str; 5] = ["每", "原", "单价", "价格", "之外"];

/// A sum in free words.
#[derive(Clone, Debug, PartialEq)]
pub struct Sum {
    /// As it is written.
    pub words: String,
    /// How much.
    pub money: Money,
    /// What others come to.
    pub total: bool,
}

/// The sums that are written in a text as owed, in figures or in numerals: `3000元`, `1.2万元`, `叁仟元`.
pub fn sums(text: &str) -> Vec<Sum> {
    let plain: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.replace('圆', "元");
    let mut found = Vec::new();
    for (at, _) in plain.match_indices('元') {
        let suffix = |of: &dyn Fn(char) -> bool| {
            let long = plain[..at].chars().rev().take_while(|c| of(*c)).map(char::len_utf8).sum::<usize>();
            (&plain[..at - long], &plain[at - long..at])
        };
        let (before, written) = match suffix(&|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '万' | '亿')) {
            (_, "") | (_, "万" | "亿") => suffix(&Money::is_numeral),
            figures => figures,
        };
        let words = format!("{written}元");
        let Ok(money) = Money::from_yuan(&words).or_else(|_| Money::parse_numerals(&words)) else { continue };
        // The nearest words say of what it is the sum.
        let part = before.rsplit(['，', ',', '。', '；', ';', '、']).next().unwrap_or_default();
        if NOT_OWED.iter().any(|word| part.contains(word)) {
            continue;
        }
        let strip = |part| BETWEEN.iter().find_map(|word| str::strip_suffix(part, word));
        let mut ends = part;
        while let Some(shorter) = strip(ends).filter(|_| !TOTALS.iter().any(|word| ends.ends_with(word))) {
            ends = shorter;
        }
        found.push(Sum { words, money, total: TOTALS.iter().any(|word| ends.ends_with(word)) });
    }
    found
}

/// What says that something is to be done on a day.
const DONE: [&str; 12] = ["付", "支付", "退", "返还", "归还", "履行", "交付", "赔偿", "拆除", "完成", "搬", "结清"];

/// Days by which something is to be done: `2022年6月1日前`, `于2022年6月1日支付`.
pub fn due_days(text: &str) -> Vec<Date> {
    let plain: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let mut found = Vec::new();
    for (at, _) in plain.match_indices('年') {
        let Some(year) = at.checked_sub(4).and_then(|from| plain.get(from..at)) else { continue };
        let Some((month, rest)) = plain[at + '年'.len_utf8()..].split_once('月') else { continue };
        let Some((day, after)) = rest.split_once(['日', '号']) else { continue };
        let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse()) else { continue };
        let Ok(date) = Date::new(year, month, day) else { continue };
        // What was paid or bought then is told, and not owed.
        let part = after.split(STOPS).next().unwrap_or_default();
        let part = part.split([',', '，', '、']).next().unwrap_or_default();
        let told = part.contains('的') || part.contains('了') || part.contains('已');
        let by = ["前", "以前", "之前"].iter().find_map(|word| part.strip_prefix(word)).is_some();
        if !told && (by || DONE.iter().any(|word| part.starts_with(word))) {
            found.push(date);
        }
    }
    found
}

/// Days that are written out and do not exist: `2022年2月30日`.
pub fn impossible_days(text: &str) -> Vec<String> {
    let plain: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let mut found = Vec::new();
    for (at, _) in plain.match_indices('年') {
        let (before, after) = plain.split_at(at);
        let year: String = before.chars().rev().take_while(char::is_ascii_digit).collect();
        let year: String = year.chars().rev().collect();
        let day = after.strip_prefix('年').and_then(|rest| rest.split_once('月'));
        let day = day.and_then(|(month, rest)| Some((month, rest.split_once(['日', '号'])?.0)));
        let (Some((month, day)), 4) = (day, year.len()) else { continue };
        let [Ok(year), Ok(month), Ok(day)] = [&year, month, day].map(|part| part.parse::<i16>()) else { continue };
        let exists = i8::try_from(month)
            .is_ok_and(|month| i8::try_from(day).is_ok_and(|day| Date::new(year, month, day).is_ok()));
        if !exists {
            found.push(format!("{year}年{month}月{day}日"));
        }
    }
    found
}

/// A rate that is owed for paying late.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    /// As it is written.
    pub words: String,
    /// Percent.
    pub percent: f64,
    /// Percent a year, where it is for a time.
    pub year_percent: Option<f64>,
}

/// Rates for paying late: `每日万分之五`, `年利率24%`, `按总额的30％`.
pub fn rates(text: &str) -> Vec<Rate> {
    let plain: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let mut found = Vec::new();
    for sentence in plain.split(STOPS).filter(|sentence| LATE.iter().any(|word| sentence.contains(word))) {
        for part in sentence.split([',', '，', '、']) {
            let Some((at, percent)) = percent(part) else { continue };
            let before = &part[..at];
            // The nearest word says for which time.
            let nearest = |words: &[&str]| words.iter().filter_map(|word| before.rfind(word)).max();
            let times = [(nearest(&["日", "天"]), 365.0), (nearest(&["月"]), 12.0), (nearest(&["年"]), 1.0)];
            let time = times.into_iter().filter_map(|(at, times)| Some((at?, times))).max_by_key(|(at, _)| *at);
            let year_percent = time.map(|(_, times)| percent * times);
            found.push(Rate { words: part.to_owned(), percent, year_percent });
        }
    }
    found
}

/// The first share in a text: where it begins, and percent.
fn percent(text: &str) -> Option<(usize, f64)> {
    for (word, unit) in [("百分之", 1.0), ("千分之", 0.1), ("万分之", 0.01)] {
        if let Some((before, after)) = text.split_once(word) {
            return Some((before.len(), number(after)? * unit));
        }
    }
    for (sign, unit) in [('%', 1.0), ('‰', 0.1)] {
        if let Some((before, _)) = text.split_once(sign) {
            let start = before
                .rfind(|c: char| !(c.is_ascii_digit() || c == '.'))
                .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
            return Some((start, before[start..].parse::<f64>().ok()? * unit));
        }
    }
    None
}

/// A number at the beginning, in digits or in numerals.
fn number(text: &str) -> Option<f64> {
    let digits: String = text.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    if !digits.is_empty() {
        return digits.parse().ok();
    }
    let numerals: String = text.chars().take_while(|c| Money::is_numeral(*c)).collect();
    let money = Money::parse_numerals(&format!("{numerals}元")).ok()?;
    u32::try_from(money.fen() / 100).ok().map(f64::from)
}

/// A share as somebody types it, in percent: `0.24` is 24, `24%` as well.
pub fn share(text: &str) -> Option<f64> {
    let plain = half_width(text);
    match plain.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse().ok(),
        None => plain.trim().parse::<f64>().ok().map(|share| share * 100.0),
    }
    .filter(|percent: &f64| percent.is_finite() && *percent >= 0.0)
}

/// The words that confirm a title, if a text does.
pub fn title(text: &str) -> Option<String> {
    let parts = text.split(STOPS).flat_map(|sentence| sentence.split(['，', ',']));
    let confirms = |part: &&str| {
        TITLES.iter().any(|word| part.contains(word))
            || PROPERTY.iter().any(|thing| {
                let rest = part.split_once(thing).and_then(|(_, rest)| rest.split_once('归'));
                rest.is_some_and(|(_, owner)| OWNED.iter().any(|word| owner.contains(word)))
            })
    };
    parts.into_iter().find(confirms).map(|part| part.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_behind_a_sum_are_read_and_those_that_say_another_are_found() {
        let wrong = wrong_numerals("欠款共计5,000元（大写：肆仟元整），运费 200 元（人民币贰佰元整）");
        assert_eq!(wrong, [("肆仟元整".to_owned(), "伍仟元整".to_owned())]);
        assert!(wrong_numerals("12345.67元(壹万贰仟叁佰肆拾伍元陆角柒分)；300元（含税）").is_empty());
    }

    #[test]
    fn sums_are_read_in_figures_and_numerals_and_those_of_parts_are_told_apart() {
        let read = |text| sums(text).into_iter().map(|sum| (sum.money.fen() / 100, sum.total)).collect::<Vec<_>>();
        assert_eq!(read("退款叁仟元"), [(3000, false)]);
        assert_eq!(
            read("赔偿1.2万元，医疗费 3,000.00 元，合计人民币1５000元"),
            [(12000, false), (3000, false), (15000, true)]
        );
        assert_eq!(read("双方共付5000圆整；总额为：三千元"), [(5000, true), (3000, true)]);
        assert_eq!(read("每月付500元；原价3000元的冰箱"), [], "no sum that is owed");
        assert_eq!(read("美元、多少元、万元"), []);
    }

    #[test]
    fn days_by_which_something_is_owed_are_told_from_days_on_which_it_was_done() {
        assert_eq!(
            due_days("于2022年4月1日前付清，余款2022年5月2日支付"),
            [Date::constant(2022, 4, 1), Date::constant(2022, 5, 2)]
        );
        assert!(due_days("退还2022年1月5日支付的定金；2022年1月6日购买的冰箱；合同于2022年1月7日签订").is_empty());
    }

    #[test]
    fn days_that_do_not_exist_are_found() {
        assert_eq!(impossible_days("于2022年2月30日付清，2024年2月29日前交付"), ["2022年2月30日"]);
        assert_eq!(impossible_days("2022年13月1日"), ["2022年13月1日"]);
        assert!(impossible_days("2022年春节前").is_empty());
    }

    #[test]
    fn rates_for_paying_late_are_counted_for_a_year() {
        let year = |text: &str| rates(text).first().and_then(|rate| rate.year_percent).map(f64::round);
        assert_eq!(year("逾期付款的，按每日百分之一支付违约金"), Some(365.0));
        assert_eq!(year("逾期部分按日万分之五计算利息"), Some(18.0));
        assert_eq!(year("逾期利息按年利率24%计算"), Some(24.0));
        assert_eq!(year("逾期按月利率3％计息"), Some(36.0));
        assert_eq!(
            rates("违约金为总额的百分之三十五")[0],
            Rate { words: "违约金为总额的百分之三十五".into(), percent: 35.0, year_percent: None }
        );
        assert!(rates("增值税税率13%").is_empty(), "nothing is late");
    }

    #[test]
    fn a_title_is_found_and_goods_that_go_back_are_none() {
        assert_eq!(
            title("付款后，位于武原街道的房屋归吴测试所有。").as_deref(),
            Some("位于武原街道的房屋归吴测试所有")
        );
        assert!(title("双方确认商标归甲方享有").is_some());
        assert!(title("冰箱由商家取回，归商家所有").is_none());
        assert!(title("房屋维修费归乙方承担").is_none());
    }

    #[test]
    fn a_share_is_read_as_people_write_it() {
        assert_eq!(
            [share("0.24"), share("24%"), share("２４％"), share("x"), share("-1")],
            [Some(24.0), Some(24.0), Some(24.0), None, None]
        );
    }
}
