//! Sums of money that a text names.

use super::{Money, half_width};

/// The sums of a fine that a text names, in fen; of a clause that changes one into another, the last.
pub fn fines(text: &str) -> Vec<i64> {
    after(text, "罚款")
}

/// The sums that a text confiscates, in fen.
pub fn confiscations(text: &str) -> Vec<i64> {
    after(text, "没收")
}

/// The last sum of each clause behind this word.
fn after(text: &str, word: &str) -> Vec<i64> {
    let clauses = text.split(word).skip(1);
    clauses
        .filter_map(|rest| sums(rest.split(['。', '；', '，', '、', '\n']).next().unwrap_or_default()).last())
        .collect()
}

/// Sums in figures and in numerals: `10,000元`, `2.5万元`, `叁仟元`, `三千元`.
pub fn sums(text: &str) -> impl Iterator<Item = i64> {
    let plain = half_width(text).replace(' ', "");
    let mut out = Vec::new();
    let mut rest = plain.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || Money::is_numeral(c)) {
        let (_, sum) = rest.split_at(start);
        let figures = sum.starts_with(|c: char| c.is_ascii_digit());
        let goes_on = |c: char| match figures {
            true => c.is_ascii_digit() || c == '.' || c == ',',
            false => Money::is_numeral(c) || "元圆角分整正".contains(c),
        };
        let (sum, after) = sum.split_at(sum.find(|c| !goes_on(c)).unwrap_or(sum.len()));
        let money = match figures {
            true if after.starts_with('万') => Money::from_wan(sum).ok(),
            true if after.starts_with('元') => Money::from_yuan(sum).ok(),
            true => None,
            false => in_numerals(sum),
        };
        out.extend(money.map(Money::fen));
        rest = after;
    }
    out.into_iter()
}

/// A sum in numerals; what follows its 元 and is no part of it (三千元分三期) does not hide it.
fn in_numerals(sum: &str) -> Option<Money> {
    let (yuan, _) = sum.split_once(['元', '圆'])?;
    Money::parse_numerals(sum).or_else(|_| Money::parse_numerals(&format!("{yuan}元"))).ok()
}

#[cfg(test)]
mod tests {
    use super::{confiscations, fines};

    #[test]
    fn a_fine_is_read_in_every_writing_of_its_sum_and_nothing_else_is_taken_for_one() {
        assert_eq!(fines("罚款５万元"), [5_000_000]);
        assert_eq!(fines("罚款变更为人民币10,000元（大写：壹万元整）"), [1_000_000]);
        assert_eq!(fines("罚款由2.5万元变更为1万元。没收违法所得8万元不变"), [1_000_000]);
        assert_eq!(fines("没收违法所得80000元，不再罚款"), [0_i64; 0]);
        assert_eq!(fines("罚款叁仟元整"), [300_000]);
        assert_eq!(fines("罚款由两万元变更为三千五百元"), [350_000]);
        assert_eq!(fines("罚款人民币十万元。另处罚款壹万贰仟叁佰肆拾伍圆陆角柒分"), [10_000_000, 1_234_567]);
        assert_eq!(fines("罚款三千元分三期缴纳"), [300_000]);
        assert_eq!(fines("依照第三十条免予罚款一次"), [0_i64; 0]);
        assert_eq!(confiscations("没收违法所得80000元，罚款1万元"), [8_000_000]);
    }
}
