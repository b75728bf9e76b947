//! Counts of the board: each is the sum of the acts behind it, and rates follow the cases that opened within some days.

use std::collections::{BTreeMap, BTreeSet};

use yanhe_app::App;
use yanhe_app::generate::Way;
use yanhe_core::{Date, StreamKind};
use yanhe_store_read::Page;
use yanhe_store_read::views::tally::{ActFilter, ActView};

use crate::generate::generated;
use crate::support::Dir;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// All acts of one name, over all days and organs.
async fn acts(app: &App, name: &str) -> Vec<ActView> {
    let filter =
        ActFilter { name: name.to_owned(), organ: None, kind: None, from: day("2022-01-01"), to: day("2022-12-31") };
    app.reader.acts(&filter, &Page::first(100_000)).await.unwrap().rows
}

/// What one act was done to: a confirmation has the key of its case, letters of one matter differ by their mark.
fn of(act: &ActView) -> String {
    let mark = act.mark.strip_prefix("void/").unwrap_or(&act.mark);
    match act.stream.kind() {
        StreamKind::Dossier | StreamKind::Confirmation => act.stream.key().to_owned(),
        _ => format!("{}/{mark}", act.stream.key()),
    }
}

/// Acts that were not taken back, by what they were done to.
async fn standing(app: &App, name: &str) -> BTreeMap<String, ActView> {
    let mut found: BTreeMap<String, (i64, ActView)> = BTreeMap::new();
    for act in acts(app, name).await {
        let by = act.by;
        found.entry(of(&act)).or_insert((0, act)).0 += by;
    }
    found.into_iter().filter(|(_, (n, _))| *n > 0).map(|(id, (_, act))| (id, act)).collect()
}

/// Counts by name, organ, kind and month, zeroes left out.
type Counts = BTreeMap<[String; 4], i64>;

fn counts<'a>(name: &str, acts: impl Iterator<Item = &'a ActView>) -> Counts {
    let mut counts = Counts::new();
    for act in acts {
        let month = act.date.to_string()[..7].to_owned();
        *counts.entry([name.to_owned(), act.organ.clone(), act.kind.clone(), month]).or_default() += act.by;
    }
    counts.retain(|_, n| *n != 0);
    counts
}

async fn figures(app: &App) -> Counts {
    let rows = app.reader.figures(day("2022-01-01"), day("2022-12-31")).await.unwrap();
    let rows = rows.into_iter().filter(|row| row.total != 0);
    rows.map(|row| ([row.name, row.organ, row.kind, row.month], row.total)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_count_is_the_sum_of_its_acts_and_every_rate_follows_its_cases() {
    let dir = Dir::new();
    let app = generated(&dir, 100, Way::Fast).await;
    let figures = figures(&app).await;
    let names: BTreeSet<&str> = figures.keys().map(|[name, ..]| name.as_str()).collect();
    for name in &names {
        let counted: Counts =
            figures.iter().filter(|(key, _)| key[0] == **name).map(|(k, n)| (k.clone(), *n)).collect();
        assert_eq!(counts(name, acts(&app, name).await.iter()), counted, "{name}");
    }
    // The name of an outcome, the acts that open it, and those that end it: each case is followed by itself.
    let outcomes: [(&str, &str, &[&str]); 8] = [
        ("applied_accepted", "applications", &["accepted"]),
        ("applied_decided", "applications", &["accepted", "refused"]),
        ("accepted_successful", "accepted", &["successful"]),
        ("successful_performed", "successful", &["performed"]),
        ("effective_filed", "agreements_effective", &["confirmations_filed"]),
        ("filed_confirmed", "confirmations_filed", &["confirmed"]),
        ("filed_decided", "confirmations_filed", &["confirmed", "confirmation_rejected"]),
        ("issued_served", "letter_copies", &["letters_served"]),
    ];
    for (outcome, opening, ends) in outcomes {
        assert!(names.contains(outcome), "{outcome}");
        let mut ended = BTreeSet::new();
        for end in ends {
            ended.extend(standing(&app, end).await.into_keys());
        }
        let opened = standing(&app, opening).await;
        let became = counts(outcome, opened.iter().filter(|(id, _)| ended.contains(*id)).map(|(_, act)| act));
        let counted: Counts =
            figures.iter().filter(|(key, _)| key[0] == outcome).map(|(k, n)| (k.clone(), *n)).collect();
        assert_eq!(became, counted, "{outcome}");
    }
}
