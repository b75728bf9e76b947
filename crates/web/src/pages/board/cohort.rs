//! Rates by cohort: the cases of the denominator by the date of their opening act, each followed until today. A case
//! accepted in May and agreed in July belongs to May, so no rate exceeds the whole.
//!
//! The streams count every outcome twice: by its own date, and as `opening_outcome` by the date of the opening act. So
//! both parts of a rate are counts like all others, and open the acts that make them.

use yanhe_store_read::views::tally::TallyView;

/// A rate: the names of what is counted as its part and as its whole.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Its label among the texts of the board.
    pub label: &'static str,
    /// What became of them.
    pub part: &'static str,
    /// All of them.
    pub whole: &'static str,
    /// The kind of dispute that it is limited to.
    pub kind: Option<&'static str>,
}

/// Of the applications that were decided: accepted.
pub const ACCEPTANCE: Rate = rate("acceptance", "applied_accepted", "applied_decided");

/// Of the accepted: with an agreement.
pub const SUCCESS: Rate = rate("success", "accepted_successful", "accepted");

/// All rates; acceptance stands first, beside success.
pub const RATES: [Rate; 6] = [
    ACCEPTANCE,
    SUCCESS,
    // Of those with an agreement: performed.
    rate("performance", "successful_performed", "successful"),
    // Of the civil agreements in effect: filed with the court.
    Rate { kind: Some("civil"), ..rate("filed", "effective_filed", "agreements_effective") },
    // Of the applications to the court that were ruled on: confirmed.
    rate("confirmed", "filed_confirmed", "filed_decided"),
    // Of the letters that stand: served.
    rate("served", "issued_served", "issued_copies"),
];

/// The names that only rates use: a board opens the acts behind them too.
pub const OUTCOMES: [&str; 9] = [
    "applied_accepted",
    "applied_decided",
    "accepted_successful",
    "successful_performed",
    "effective_filed",
    "filed_confirmed",
    "filed_decided",
    "issued_served",
    "issued_copies",
];

const fn rate(label: &'static str, part: &'static str, whole: &'static str) -> Rate {
    Rate { label, part, whole, kind: None }
}

impl Rate {
    /// Part and whole among these counts.
    pub fn of<'a>(&self, tallies: impl Iterator<Item = &'a TallyView>) -> (i64, i64) {
        let counted = tallies.filter(|tally| self.kind.is_none_or(|kind| tally.kind == kind));
        counted.fold((0, 0), |(part, whole), tally| {
            let n = |name: &str| if tally.name == name { tally.total } else { 0 };
            (part + n(self.part), whole + n(self.whole))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(name: &str, kind: &str, month: &str, total: i64) -> TallyView {
        TallyView { name: name.into(), organ: "x".into(), kind: kind.into(), month: month.into(), total }
    }

    #[test]
    fn a_case_belongs_to_the_month_in_which_it_was_opened() {
        // Accepted in May, agreed in July: the agreement itself counts in July, the outcome in May.
        let tallies = [
            tally("accepted", "civil", "2022-05", 2),
            tally("accepted_successful", "civil", "2022-05", 1),
            tally("successful", "civil", "2022-07", 1),
        ];
        let of = |rate: Rate, month: &str| rate.of(tallies.iter().filter(|tally| tally.month == month));
        assert_eq!(of(SUCCESS, "2022-05"), (1, 2));
        assert_eq!(of(SUCCESS, "2022-07"), (0, 0));
        assert_eq!(of(RATES[2], "2022-07"), (0, 1));
    }

    #[test]
    fn only_civil_agreements_can_be_filed() {
        let tallies = [
            tally("agreements_effective", "civil", "2022-05", 3),
            tally("agreements_effective", "administrative", "2022-05", 4),
            tally("effective_filed", "civil", "2022-05", 2),
        ];
        assert_eq!(RATES[3].of(tallies.iter()), (2, 3));
    }
}
