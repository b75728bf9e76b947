//! Generated cases: the fast way writes what the slow one writes.

use serde_json::Value;
use yanhe_app::generate::Way;
use yanhe_app::import::Kind;
use yanhe_app::ports::SeededEntropy;
use yanhe_app::{App, rebuild};
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::matter::{self, Matter};
use yanhe_core::policy::{self, Actor, Role};
use yanhe_core::{StreamId, StreamKind, tables};
use yanhe_store_read::Page;
use yanhe_store_read::views::carried::Carried;
use yanhe_store_read::views::dossier::{DossierFilter, DossierOrder};
use yanhe_store_read::views::gram::Found;
use yanhe_store_read::views::matter::MatterFilter;
use yanhe_store_read::views::paper::PaperView;
use yanhe_store_read::views::work::WorkFilter;

use crate::support::{Dir, app, demo};

pub(crate) async fn generated(dir: &Dir, cases: usize, way: Way) -> App {
    let files = [
        (Kind::Roster, "花名册.xlsx".to_owned(), demo("花名册.xlsx")),
        (Kind::Complaints, "12345工单导出.csv".to_owned(), demo("12345工单导出.csv")),
    ];
    app(dir).await.generate(&dir.data(), &files, (cases, 7), way, |_| ()).await.unwrap()
}

/// All entries opened, with what a blank paper has otherwise left out: hashes, sizes and pages.
async fn entries(app: &App) -> Vec<Value> {
    let mut lines = Vec::new();
    app.export_plain(&Actor::admin(), &mut lines).await.unwrap();
    let mut entries: Vec<Value> = lines
        .split(|b| *b == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| without_bytes(serde_json::from_slice(line).unwrap()))
        .filter(|entry: &Value| !entry["stream"].as_str().unwrap().starts_with("audit/"))
        .collect();
    // Rows of the roster are on their way at once: their places among each other may differ.
    entries.sort_by_key(|entry| (entry["stream"].as_str().unwrap().to_owned(), entry["version"].as_i64()));
    entries
}

fn without_bytes(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(name, _)| !["sha256", "agreement_sha256", "pages", "after", "size"].contains(&name.as_str()))
            .map(|(name, value)| (name, without_bytes(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_bytes).collect(),
        other => other,
    }
}

/// Every list of the read model as text, the bytes of papers left out.
async fn lists(app: &App) -> Vec<String> {
    let all = policy::scope(&Actor::admin());
    let page = Page::first(100_000);
    let mut out = Vec::new();
    for row in app.reader.matters(&all, &MatterFilter::default(), &page).await.unwrap().rows {
        out.push(format!("{row:?}"));
        out.push(format!("{:?}", app.reader.parties(&row.stream).await.unwrap()));
        out.push(format!("{:?}", app.reader.jobs_of(&row.stream).await.unwrap()));
        for paper in app.reader.papers_of_matter(&row.stream, &page).await.unwrap().rows {
            out.push(format!("{:?}", PaperView { blob: String::new(), ..paper }));
        }
    }
    for row in app.reader.dossiers(&all, &DossierFilter::default(), DossierOrder::Latest, &page).await.unwrap().rows {
        out.push(format!("{row:?}"));
        out.push(format!("{:?}", app.reader.parties(&row.stream).await.unwrap()));
        out.push(format!("{:?}", app.reader.jobs_of(&row.stream).await.unwrap()));
        for paper in app.reader.papers_about(&row.stream, &page).await.unwrap().rows {
            out.push(format!("{:?}", PaperView { blob: String::new(), ..paper }));
        }
    }
    out.extend(words(app).await.into_iter().map(|found| format!("{found:?}")));
    for row in app.reader.work(&all, &WorkFilter::default(), &page).await.unwrap().rows {
        out.push(format!("{row:?}"));
    }
    let day = |text: &str| text.parse().unwrap();
    for row in app.reader.figures(day("2022-01-01"), day("2022-12-31")).await.unwrap() {
        out.push(format!("{row:?}"));
    }
    out
}

/// What is found by each gram of each matter and case, in the lists of its organ.
async fn words(app: &App) -> Vec<Found> {
    let (all, page) = (policy::scope(&Actor::admin()), Page::first(100_000));
    let matters = app.reader.matters(&all, &MatterFilter::default(), &page).await.unwrap().rows;
    let cases = app.reader.dossiers(&all, &DossierFilter::default(), DossierOrder::Latest, &page).await.unwrap().rows;
    let streams = matters.into_iter().map(|row| row.stream).chain(cases.into_iter().map(|row| row.stream));
    let mut out = Vec::new();
    for stream in streams {
        let (list, organ, words) = match stream.kind() {
            StreamKind::Matter => {
                let state = app.state::<Matter>(&stream).await.unwrap().unwrap();
                ("matter", state.matter.organ.clone(), matter::words(&state))
            }
            _ => {
                let state = app.state::<Dossier>(&stream).await.unwrap().unwrap();
                ("dossier", state.organ.clone(), dossier::words(&state))
            }
        };
        let scope = policy::scope(&Actor::staff(&StreamId::new(StreamKind::Staff, "any"), Role::Clerk, &organ));
        for (gram, _) in words.iter() {
            let found = app.reader.find_words(&scope, list, &[gram.to_owned()]).await.unwrap();
            assert!(found.more || found.hits.iter().any(|hit| hit.stream == stream), "{stream}: {gram}");
            out.push(found);
        }
    }
    assert_eq!(app.reader.exact_count(Some(&tables::GRAM)).await.unwrap(), i64::try_from(out.len()).unwrap());
    out
}

async fn both_ways_write_the_same(cases: usize) {
    let (slow_dir, fast_dir) = (Dir::new(), Dir::new());
    let slow = generated(&slow_dir, cases, Way::Slow).await;
    let fast = generated(&fast_dir, cases, Way::Fast).await;
    let (a, b) = (entries(&slow).await, entries(&fast).await);
    assert!(a.len() > 10 * cases, "{}", a.len());
    assert_eq!(a.len(), b.len());
    for (a, b) in a.into_iter().zip(b) {
        assert_eq!(a, b);
    }
    let (a, b) = (lists(&slow).await, lists(&fast).await);
    assert_eq!(a.len(), b.len());
    for (a, b) in a.into_iter().zip(b) {
        assert_eq!(a, b);
    }
}

/// Every timer that is set, without how often it was tried.
async fn timers(app: &App) -> Vec<Vec<String>> {
    let jobs = app.reader.carried(Carried::named("job").unwrap(), None, 100_000).await.unwrap();
    jobs.into_iter().map(|job| job.iter().take(5).map(|value| format!("{value:?}")).collect()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn timers_that_a_rebuild_sets_again_find_nothing_to_do() {
    let dir = Dir::new();
    let app = generated(&dir, 24, Way::Slow).await;
    app.run_due().await.unwrap();
    let (before, set) = (crate::support::journal(&app).await, timers(&app).await);
    let code = app.pack.jurisdiction.code.clone();
    let chance = SeededEntropy(99);
    let rebuilt = rebuild::directory(&dir.data(), None, &code, &chance, |_, _| ()).await.unwrap();
    assert_eq!(rebuilt.entries as usize, before.len());
    assert!(timers(&app).await.len() > set.len(), "what was carried out is set again");
    app.run_due().await.unwrap();
    assert_eq!(crate::support::journal(&app).await, before);
    assert_eq!(timers(&app).await, set);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fast_way_of_generating_writes_what_the_slow_way_writes() {
    both_ways_write_the_same(24).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: papers of 200 cases are typeset"]
async fn the_fast_way_of_generating_two_hundred_cases_writes_what_the_slow_way_writes() {
    both_ways_write_the_same(200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generated_directory_goes_on_as_any_other() {
    let dir = Dir::new();
    let app = generated(&dir, 24, Way::Fast).await;
    while app.seal_once().await.unwrap() > 0 {}
    let report = app.verify().await.unwrap();
    assert!(report.ok, "{:?}", report.fault);
    // Timers of the past half year are due by now: silence and expired periods end cases.
    let open = |rows: &[String]| rows.iter().filter(|row| row.contains("mediating")).count();
    let before = lists(&app).await;
    assert!(app.run_due().await.unwrap() > 0);
    let after = lists(&app).await;
    assert!(open(&after) < open(&before), "{} {}", open(&before), open(&after));
}
