//! Rates by cohort: the cases of the denominator by the date of their opening act, each followed until today. A case
//! accepted in May and agreed in July belongs to May, so no rate exceeds the whole.

use std::collections::{BTreeMap, BTreeSet};

use yanhe_core::{Date, StreamKind};
use yanhe_store_read::Page;
use yanhe_store_read::views::tally::ActFilter;

use super::Asked;
use crate::site::{Fault, Site};

/// The acts that open or close something.
const FOLLOWED: [&str; 11] = [
    "applications",
    "accepted",
    "refused",
    "successful",
    "performed",
    "agreements_effective",
    "confirmations_filed",
    "confirmed",
    "confirmation_rejected",
    "letter_copies",
    "letters_served",
];

/// More acts of one name than this are not followed one by one: the rate then goes by the date of the act.
const MOST: i64 = 5_000;

/// How many acts are read at once.
const ROWS: u32 = 1_000;

/// One act, by what it is done to.
#[derive(Clone, Debug)]
struct Done {
    id: String,
    organ: String,
    civil: bool,
    date: Date,
}

/// Acts by name.
#[derive(Debug, Default)]
pub struct Cohort {
    acts: BTreeMap<&'static str, Vec<Done>>,
    outcomes: BTreeMap<&'static str, BTreeSet<String>>,
}

/// Which part of the cohort.
#[derive(Clone, Copy, Debug, Default)]
pub struct Part<'a> {
    /// Of one organ.
    pub organ: Option<&'a str>,
    /// Opened within these days.
    pub days: Option<(Date, Date)>,
}

impl Cohort {
    /// Reads the acts from the first day on; `None` when there are too many to follow.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(site: &Site, asked: &Asked, count: impl Fn(&str) -> i64) -> Result<Option<Self>, Fault> {
        if FOLLOWED.iter().any(|name| count(name) > MOST) {
            return Ok(None);
        }
        let mut cohort = Self::default();
        let to = site.app.today().max(asked.to);
        for name in FOLLOWED {
            let filter = ActFilter {
                name: name.to_owned(),
                organ: asked.organ.clone(),
                kind: asked.kind.clone(),
                from: asked.from,
                to,
            };
            // An act that was taken back leaves nothing: what adds and what takes away meet under one id.
            let mut found: BTreeMap<String, (i64, Done)> = BTreeMap::new();
            let mut page = Page::first(ROWS);
            loop {
                let list = site.app.reader.acts(&filter, &page).await?;
                for act in list.rows {
                    let mark = act.mark.strip_prefix("void/").unwrap_or(&act.mark);
                    // A confirmation has the key of its case; letters of one matter are told apart by their mark.
                    let id = match act.stream.kind() {
                        StreamKind::Dossier | StreamKind::Confirmation => act.stream.key().to_owned(),
                        _ => format!("{}/{mark}", act.stream.key()),
                    };
                    let done = Done { id: id.clone(), organ: act.organ, civil: act.kind == "civil", date: act.date };
                    found.entry(id).or_insert((0, done)).0 += act.by;
                }
                match list.next {
                    Some(next) => page = Page::after(next, ROWS),
                    None => break,
                }
            }
            let acts: Vec<Done> = found.into_values().filter(|(n, _)| *n > 0).map(|(_, done)| done).collect();
            cohort.outcomes.insert(name, acts.iter().map(|done| done.id.clone()).collect());
            cohort.acts.insert(name, acts);
        }
        // The cohort opens within the days that are asked for; what became of it may lie after them.
        for acts in cohort.acts.values_mut() {
            acts.retain(|done| done.date <= asked.to);
        }
        Ok(Some(cohort))
    }

    fn opened<'a>(&'a self, name: &str, part: Part<'a>) -> impl Iterator<Item = &'a Done> {
        self.acts.get(name).into_iter().flatten().filter(move |done| {
            part.organ.is_none_or(|organ| done.organ == organ)
                && part.days.is_none_or(|(from, to)| from <= done.date && done.date <= to)
        })
    }

    fn became(&self, done: &Done, outcome: &str) -> bool {
        self.outcomes.get(outcome).is_some_and(|ids| ids.contains(&done.id))
    }

    fn share<'a>(&self, opened: impl Iterator<Item = &'a Done>, outcome: &str) -> (i64, i64) {
        opened.fold((0, 0), |(part, whole), done| (part + i64::from(self.became(done, outcome)), whole + 1))
    }

    /// Of the applications that were decided: accepted.
    pub fn acceptance(&self, part: Part<'_>) -> (i64, i64) {
        let decided = self.opened("applications", part);
        self.share(decided.filter(|done| self.became(done, "accepted") || self.became(done, "refused")), "accepted")
    }

    /// Of the accepted: with an agreement.
    pub fn success(&self, part: Part<'_>) -> (i64, i64) {
        self.share(self.opened("accepted", part), "successful")
    }

    /// Of those with an agreement: performed.
    pub fn performance(&self, part: Part<'_>) -> (i64, i64) {
        self.share(self.opened("successful", part), "performed")
    }

    /// Of the civil agreements in effect: filed with the court.
    pub fn filed(&self, part: Part<'_>) -> (i64, i64) {
        self.share(self.opened("agreements_effective", part).filter(|done| done.civil), "confirmations_filed")
    }

    /// Of the applications to the court that were ruled on: confirmed.
    pub fn confirmed(&self, part: Part<'_>) -> (i64, i64) {
        let ruled = self.opened("confirmations_filed", part);
        let ruled = ruled.filter(|done| self.became(done, "confirmed") || self.became(done, "confirmation_rejected"));
        self.share(ruled, "confirmed")
    }

    /// Of the letters: served.
    pub fn served(&self, part: Part<'_>) -> (i64, i64) {
        self.share(self.opened("letter_copies", part), "letters_served")
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn done(id: &str, organ: &str, month: i8) -> Done {
        Done { id: id.into(), organ: organ.into(), civil: true, date: date(2022, month, 10) }
    }

    fn cohort() -> Cohort {
        let mut cohort = Cohort::default();
        cohort.acts.insert("accepted", vec![done("a", "x", 5), done("b", "x", 5), done("c", "y", 6)]);
        cohort.outcomes.insert("successful", ["a", "c"].map(str::to_owned).into());
        cohort
    }

    #[test]
    fn a_case_belongs_to_the_month_in_which_it_was_opened() {
        let days = |month| Part { days: Some((date(2022, month, 1), date(2022, month, 28))), ..Part::default() };
        assert_eq!(cohort().success(days(5)), (1, 2));
        assert_eq!(cohort().success(days(6)), (1, 1));
        assert_eq!(cohort().success(days(7)), (0, 0));
    }

    #[test]
    fn a_case_belongs_to_its_organ_and_no_part_exceeds_the_whole() {
        let of = |organ| Part { organ: Some(organ), ..Part::default() };
        assert_eq!(cohort().success(of("x")), (1, 2));
        assert_eq!(cohort().success(of("y")), (1, 1));
        assert_eq!(cohort().success(Part::default()), (2, 3));
    }
}
