//! Numbers and the acts behind them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use yanhe_core::Date;
use yanhe_core::row::Tally;
use yanhe_store::commit::RowChange;
use yanhe_store_read::Page;
use yanhe_store_read::views::tally::ActFilter;

use crate::support::*;

const NAMES: [&str; 2] = ["letters", "applications"];

#[derive(Clone, Debug)]
enum Step {
    Count { stream: u8, acts: Vec<(usize, u8, u8, i16, bool)> },
    Fold,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let act = (0..2_usize, 0..3_u8, 0..4_u8, 0..100_i16, any::<bool>());
    let step = prop_oneof![
        5 => (0..4_u8, prop::collection::vec(act, 0..5)).prop_map(|(stream, acts)| Step::Count { stream, acts }),
        1 => Just(Step::Fold),
    ];
    prop::collection::vec(step, 1..20)
}

fn day(n: i16) -> Date {
    Date::constant(2022, 1, 1).checked_add(jiff_days(n)).unwrap()
}

fn jiff_days(n: i16) -> std::time::Duration {
    std::time::Duration::from_secs(86_400 * u64::from(n.unsigned_abs()))
}

async fn the_sum_is_right(place: Place, steps: &[Step], from: i16, length: i16) {
    let (writer, reader) = place.open().await;
    let mut versions = [0_i64; 4];
    // What should be: the first act of each name, stream and mark.
    let mut model: BTreeMap<(usize, u8, u8), (u8, Date, i64)> = BTreeMap::new();
    for (n, step) in steps.iter().enumerate() {
        match step {
            Step::Fold => {
                writer.fold_tallies().await.unwrap();
            }
            Step::Count { stream: s, acts } => {
                let rows = acts.iter().map(|(name, organ, mark, date, back)| {
                    let by = if *back { -1 } else { 1 };
                    model.entry((*name, *s, *mark)).or_insert((*organ, day(*date), by));
                    RowChange::Tally(Tally {
                        name: NAMES[*name],
                        organ: format!("o{organ}"),
                        kind: String::new(),
                        date: day(*date),
                        mark: format!("m{mark}"),
                        by,
                    })
                });
                let version = &mut versions[usize::from(*s)];
                let id = stream(&format!("s{s}"));
                writer.commit(commit(&format!("{n}"), &id, *version, rows.collect())).await.unwrap();
                *version += 1;
            }
        }
    }
    let (from, to) = (day(from), day(from + length));
    let figures = reader.figures(from, to).await.unwrap();
    for (n, name) in NAMES.iter().enumerate() {
        for organ in 0..3_u8 {
            let wanted: Vec<i64> = model
                .iter()
                .filter(|((name, ..), (o, date, _))| *name == n && *o == organ && (from..=to).contains(date))
                .map(|(_, (.., by))| *by)
                .collect();
            let code = format!("o{organ}");
            let shown: i64 = figures.iter().filter(|f| f.name == *name && f.organ == code).map(|f| f.total).sum();
            assert_eq!(shown, wanted.iter().sum::<i64>());
            let filter = ActFilter { name: (*name).into(), organ: Some(code), kind: None, from, to };
            let mut acts = Vec::new();
            let mut page = Page::first(2);
            loop {
                let listing = reader.acts(&filter, &page).await.unwrap();
                acts.extend(listing.rows);
                let Some(next) = listing.next else { break };
                page = Page::after(next, 2);
            }
            assert_eq!(acts.len(), wanted.len());
            assert_eq!(acts.iter().map(|act| act.by).sum::<i64>(), shown);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn a_number_is_the_sum_of_the_acts_behind_it(steps in steps(), from in 0..100_i16, length in 0..100_i16) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            the_sum_is_right(Place::sqlite(), &steps, from, length).await;
            the_sum_is_right(Place::postgres(), &steps, from, length).await;
        });
    }
}
