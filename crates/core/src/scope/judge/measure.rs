//! Which words of a decision name the sum by which it is weighed.

use super::CLAUSE;
use crate::scope::PenaltyFacts;
use crate::scope::text::{Text, ends};
use crate::values::{Money, sums};

/// The words of penalties in money, each with what its column is called.
const SUMS: [(&str, &str); 2] = [("罚款", "罚款金额"), ("没收", "没收金额")];

/// The phrase with the sum that reaches the measure, or else misses it; where no words name that sum, its column and value.
pub(super) fn quote(text: &Text, facts: PenaltyFacts, major: bool, measure: i64) -> Option<String> {
    let all = SUMS.into_iter().zip([facts.fine_fen, facts.confiscation_fen]);
    let ((word, column), sum) = all.into_iter().find(|(_, sum)| *sum > 0 && (!major || *sum >= measure))?;
    let whole: String = text.chars.iter().collect();
    // What happened is told first, and what was decided behind it.
    let named = whole.rsplit(ends).find_map(|clause| phrase(clause, word, sum)).map(str::to_owned);
    named.or_else(|| Some(format!("{column}：{}元", Money::from_fen(sum).ok()?)))
}

/// The part of a clause in which this word and this sum stand together, without the other penalties beside it.
fn phrase<'a>(clause: &'a str, word: &str, sum: i64) -> Option<&'a str> {
    let next = |from: usize| {
        let rest = clause.get(from..).unwrap_or_default();
        SUMS.iter().filter_map(|(word, _)| rest.find(word)).min().map_or(clause.len(), |at| from + at)
    };
    let parts = clause.match_indices(word).filter_map(|(at, _)| clause.get(at..next(at + word.len())));
    let part = parts.filter(|part| sums(part).any(|named| named == sum)).last();
    let alone = clause.match_indices(SUMS[0].0).chain(clause.match_indices(SUMS[1].0)).count() == 1;
    match part {
        Some(part) if !alone || clause.chars().count() > CLAUSE => Some(part),
        Some(_) => Some(clause),
        None => (clause.contains(word) && sums(clause).any(|named| named == sum)).then_some(clause),
    }
}
