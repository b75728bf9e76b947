//! Sealing, verifying, exporting, and the clock of a demo.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use yanhe_app::clock::ClockError;
use yanhe_app::export::rfc3339;
use yanhe_app::figures::Figures;
use yanhe_app::import::Kind;
use yanhe_app::ports::ShiftedClock;
use yanhe_app::{App, Request};
use yanhe_core::Timestamp;
use yanhe_core::matter::{self, stream};
use yanhe_core::policy::{Actor, Role};
use yanhe_core::scope::Source;
use yanhe_journal::FaultKind;

use crate::import::ROSTER;
use crate::support::{Dir, app, app_at, demo, journal, staff};

const COMPLAINTS: &str = "12345工单导出.csv";
/// A complaint of the demo for which a letter is proposed.
const NUMBER: &str = "HY202203100001";

/// The complaints, and one guidance letter.
async fn with_a_letter(dir: &Dir) -> App {
    let app = app(dir).await;
    app.import(&Actor::admin(), Kind::Roster, ROSTER, &demo(ROSTER), false, |_, _| ()).await.unwrap();
    app.import(&Actor::admin(), Kind::Complaints, COMPLAINTS, &demo(COMPLAINTS), false, |_, _| ()).await.unwrap();
    let id = stream(Source::Complaint, NUMBER);
    let organ = app.state::<matter::Matter>(&id).await.unwrap().unwrap().matter.organ;
    let clerk = staff(Role::Clerk, &organ);
    let confirm = matter::Command::ConfirmLetter { reason: String::new() };
    let done = app.handle(Request::one(&clerk, "letter", &id, confirm)).await.unwrap();
    assert_eq!(done.papers.len(), 1);
    app
}

async fn exported(app: &App) -> Vec<Value> {
    let mut out = Vec::new();
    app.export_plain(&Actor::admin(), &mut out).await.unwrap();
    String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn files(dir: &Dir) -> Vec<PathBuf> {
    let folders = fs::read_dir(dir.data().join("blobs")).unwrap().map(|entry| entry.unwrap().path());
    folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_grows_over_tiles_and_stays_whole() {
    let dir = Dir::new();
    let app = with_a_letter(&dir).await;
    let entries = journal(&app).await.len();
    assert!(entries > 256, "more than one tile: {entries}");
    assert_eq!(app.seal_once().await.unwrap(), entries);
    assert_eq!(app.seal_once().await.unwrap(), 0);
    let before = app.verify().await.unwrap();
    assert!(before.ok, "{before:?}");
    // The next round goes on from the stored tiles.
    exported(&app).await;
    assert_eq!(app.seal_once().await.unwrap(), 1);
    let after = app.verify().await.unwrap();
    assert!(after.ok && after.heads != before.heads, "{after:?}");
    assert_eq!(app.reader.log_size().await.unwrap(), i64::try_from(entries + 1).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_paper_that_is_not_the_one_issued_is_found() {
    let dir = Dir::new();
    let app = with_a_letter(&dir).await;
    let paper = files(&dir).pop().unwrap();
    let bytes = fs::read(&paper).unwrap();
    let mut altered = bytes.clone();
    altered[40] ^= 1;
    fs::write(&paper, altered).unwrap();
    let fault = app.verify().await.unwrap().fault.unwrap();
    assert_eq!((fault.kind, fault.version), (FaultKind::Blob, 1));
    assert!(fault.stream.starts_with("paper/"), "{fault}");
    fs::remove_file(&paper).unwrap();
    assert_eq!(app.verify().await.unwrap().fault.unwrap().kind, FaultKind::Blob);
    fs::write(&paper, bytes).unwrap();
    assert!(app.verify().await.unwrap().ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_print_run_is_told_by_the_journal_and_its_file_is_missed() {
    let dir = Dir::new();
    let app = with_a_letter(&dir).await;
    let state = app.state::<matter::Matter>(&stream(Source::Complaint, NUMBER)).await.unwrap().unwrap();
    let (clerk, letter) = (staff(Role::Clerk, &state.matter.organ), state.letters[0].0.paper.id.clone());
    let before = files(&dir);
    let (run, pdf) = app.print_run(&clerk, std::slice::from_ref(&letter)).await.unwrap();
    assert_eq!(app.print_run_pdf(&clerk, &run).await.unwrap(), pdf);
    let lines = exported(&app).await;
    let told = lines.iter().find(|line| line["type"] == "PapersPrinted").unwrap();
    assert_eq!((&told["stream"], &told["actor"]), (&format!("print_run/{run}").into(), &clerk.id.as_str().into()));
    assert_eq!(told["body"]["papers"], serde_json::json!([letter]));
    assert!(app.verify().await.unwrap().ok);
    let file = files(&dir).into_iter().find(|file| !before.contains(file)).unwrap();
    fs::remove_file(&file).unwrap();
    let fault = app.verify().await.unwrap().fault.unwrap();
    assert_eq!((fault.kind, fault.stream), (FaultKind::Blob, format!("print_run/{run}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_opens_what_is_sealed_and_is_in_the_journal() {
    let dir = Dir::new();
    let app = with_a_letter(&dir).await;
    let lines = exported(&app).await;
    assert_eq!(lines.len(), journal(&app).await.len());
    assert_eq!(lines.last().unwrap()["type"], "PlainExported");
    let registered = lines.iter().find(|line| line["body"]["matter"]["number"] == NUMBER).unwrap();
    let text = registered["body"]["matter"]["text"].as_str().unwrap();
    assert!(text.contains("医药费"), "{text}");
    let whole = serde_json::to_string(&lines).unwrap();
    assert!(!whole.contains("$sealed") && !whole.contains("$personal"));
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_count_by_the_day_of_the_act() {
    let dir = Dir::new();
    let app = with_a_letter(&dir).await;
    let day = |text: &str| Some(text.parse().unwrap());
    for _ in 0..2 {
        assert_eq!(app.figures(None, None).await.unwrap().letters, 1);
        assert_eq!(app.figures(day("2022-07-14"), day("2022-07-14")).await.unwrap().letter_copies, 1);
        assert_eq!(app.figures(None, day("2022-07-13")).await.unwrap(), Default::default());
        // Afterwards there is what there is, and nothing happened.
        let after = app.figures(day("2022-07-15"), None).await.unwrap();
        assert!(after.organs > 0);
        assert_eq!(after, Figures { organs: after.organs, ..Default::default() });
        // Folding changes no figure.
        app.fold_tallies().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_clock_that_is_shifted_can_be_moved() {
    let dir = Dir::new();
    let app = app_at(&dir, "2022-07-14T01:00:00Z").await;
    let to: Timestamp = "2022-08-01T01:00:00Z".parse().unwrap();
    assert!(matches!(app.advance_clock(&Actor::admin(), to).await, Err(ClockError::NotDemo)));
    assert!(journal(&app).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_of_a_demo_goes_forward_only_and_is_followed() {
    let dir = Dir::new();
    let mut app = app_at(&dir, "2022-07-14T01:00:00Z").await;
    let start: Timestamp = "2022-07-14T01:00:00Z".parse().unwrap();
    app.clock = Arc::new(ShiftedClock::starting(start));
    let to: Timestamp = "2022-08-01T01:00:00Z".parse().unwrap();
    app.advance_clock(&Actor::admin(), to).await.unwrap();
    assert!(app.clock.now() >= to);
    let entries = journal(&app).await;
    assert_eq!(entries.last().unwrap().kind, "ClockAdvanced");
    let back = app.advance_clock(&Actor::admin(), start).await.unwrap_err();
    assert!(matches!(back, ClockError::Backwards { .. }));
    // The county's time, to the minute.
    assert!(back.to_string().starts_with("`2022-07-14 09:00` lies before `2022-08-01 09:00`"), "{back}");
    // Another process on the same directory, whose clock has not moved yet.
    app.clock = Arc::new(ShiftedClock::starting(start));
    app.follow_clock().await.unwrap();
    assert!(app.clock.now() >= to);
}

#[test]
fn instants_are_written_with_six_digits_and_z() {
    assert_eq!(rfc3339(Timestamp::UNIX_EPOCH), "1970-01-01T00:00:00.000000Z");
    assert_eq!(rfc3339("2022-07-14T09:00:00.12+08:00".parse().unwrap()), "2022-07-14T01:00:00.120000Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn organs_are_counted_as_they_are_on_the_last_day_and_not_as_they_joined() {
    let dir = Dir::new();
    let app = app(&dir).await;
    crate::import::bring(
        &app,
        yanhe_app::import::Kind::Roster,
        crate::import::ROSTER,
        &crate::support::demo(crate::import::ROSTER),
    )
    .await;
    let day = |text: &str| Some(text.parse().unwrap());
    let all = app.figures(None, None).await.unwrap();
    let later = app.figures(day("2030-01-01"), day("2030-01-31")).await.unwrap();
    assert!(all.organs > 0, "{all:?}");
    assert_eq!(later.organs, all.organs, "an organ that joined before is still there");
    assert_eq!(app.figures(None, day("1999-12-31")).await.unwrap().organs, 0);
}
