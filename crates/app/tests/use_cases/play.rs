//! The play of the demo: what it does hangs on its seed and on nothing else.

use std::thread::JoinHandle;

use yanhe_app::demo::Files;
use yanhe_app::import::Kind;
use yanhe_app::ports::SeededEntropy;
use yanhe_core::Date;

use crate::open::open;
use crate::support::{Dir, demo, journal};

/// The day to which it is played here: files came in, letters went out, and the first people applied.
const UNTIL: Date = jiff::civil::date(2022, 1, 20);

fn files() -> Files {
    [
        (Kind::Roster, "花名册.xlsx"),
        (Kind::Penalties, "双公示-行政处罚.xlsx"),
        (Kind::Inspections, "双随机检查结果.xlsx"),
        (Kind::Complaints, "12345工单导出.csv"),
        (Kind::Publicity, "宣传活动.xlsx"),
    ]
    .map(|(kind, name)| (kind, name.to_owned(), demo(name)))
    .into()
}

/// Plays beside whatever else is played.
fn played(seed: u64) -> JoinHandle<Vec<String>> {
    // The play wants the stack of a program, which a test's thread has not.
    let work = move || tokio::runtime::Runtime::new().unwrap().block_on(play(seed));
    std::thread::Builder::new().stack_size(8 << 20).spawn(work).unwrap()
}

/// Every entry of the first days of a play: stream, version, time, actor, type and the hash of all before it. Not the
/// place among those of other streams: rows of a file are written side by side.
async fn play(seed: u64) -> Vec<String> {
    let dir = Dir::new();
    let (app, clock) = open(&dir, "2022-01-04T00:00:00Z", SeededEntropy(seed)).await;
    app.play_demo(clock, seed, &files(), UNTIL, |_| ()).await.unwrap();
    let entries = journal(&app).await.into_iter();
    let mut out: Vec<String> = entries
        .map(|e| format!("{} {:06} {} {} {} {:?}", e.stream, e.version, e.at, e.actor, e.kind, e.hash))
        .collect();
    out.sort_unstable();
    out
}

#[test]
fn the_same_seed_plays_the_same_days_byte_for_byte_and_another_seed_others() {
    let [one, again, other] = [1, 1, 2].map(played).map(|play| play.join().unwrap());
    for kind in ["LettersIssued", "ServiceRecorded", "Applied"] {
        assert!(one.iter().any(|entry| entry.contains(&format!(" {kind} "))), "{kind}");
    }
    assert_eq!(one.len(), again.len());
    for (a, b) in one.iter().zip(&again) {
        assert_eq!(a, b);
    }
    assert_ne!(one, other);
}
