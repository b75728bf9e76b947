//! What somebody decided on, and who moved it since.

use yanhe_app::import::Kind;
use yanhe_app::{App, AppError, Request};
use yanhe_core::matter::{self, Matter, stream};
use yanhe_core::paper;
use yanhe_core::policy::{Actor, Role};
use yanhe_core::scope::Source;
use yanhe_core::{Reason, StreamId, Version};

use crate::import::ROSTER;
use crate::support::{Dir, app, demo, journal, staff};

const COMPLAINTS: &str = "12345工单导出.csv";
/// A complaint of the demo for which a letter is proposed.
const NUMBER: &str = "HY202203100001";

/// A complaint whose letter was served a moment ago: version of its page before that, and who may go on with it.
async fn served(app: &App) -> (StreamId, Version, Actor) {
    app.import(&Actor::admin(), Kind::Roster, ROSTER, &demo(ROSTER), false, |_, _| ()).await.unwrap();
    app.import(&Actor::admin(), Kind::Complaints, COMPLAINTS, &demo(COMPLAINTS), false, |_, _| ()).await.unwrap();
    let id = stream(Source::Complaint, NUMBER);
    let organ = app.state::<Matter>(&id).await.unwrap().unwrap().matter.organ;
    let clerk = staff(Role::Clerk, &organ);
    let confirm = matter::Command::ConfirmLetter { reason: String::new() };
    let done = app.handle(Request::one(&clerk, "letter", &id, confirm)).await.unwrap();
    app.run_due().await.unwrap();
    let seen = app.reader.version(&id).await.unwrap();
    let service = paper::Command::RecordService {
        manner: "direct".into(),
        on: jiff::civil::date(2022, 7, 14),
        at: None,
        served: true,
        receiver: "本人".into(),
        note: String::new(),
    };
    app.handle(Request::one(&clerk, "service", &done.papers[0].id, service)).await.unwrap();
    app.run_due().await.unwrap();
    (id, seen, clerk)
}

fn reply(words: &str) -> matter::Command {
    matter::Command::ReplyOrder { findings: words.into(), text: words.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_only_the_systems_follow_up_made_old_is_carried_out_on_what_is() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let (id, seen, clerk) = served(&app).await;
    let since = app.reader.entries_of(&id, seen).await.unwrap();
    let actors: Vec<_> = since.iter().map(|entry| entry.actor.as_str()).collect();
    assert_eq!(actors, ["system"], "the service of the letter is noted by the system");

    // What it asks for is decided on the present state, in which a letter was issued.
    let withdraw = matter::Command::Withdraw { reason: "登记重复".to_owned() };
    match app.handle(Request::one(&clerk, "withdraw", &id, withdraw).seen(&id, seen)).await {
        Err(AppError::Refused(refusal)) => assert_eq!(refusal.reason, Reason::AlreadyIssued),
        other => panic!("{other:?}"),
    }
    let done = app.handle(Request::one(&clerk, "reply", &id, reply("已送达")).seen(&id, seen)).await.unwrap();
    assert_eq!(done.streams[0], (id, seen + 2), "after what the system wrote");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_a_person_made_old_is_refused_whoever_else_wrote_too() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let (id, seen, clerk) = served(&app).await;
    let colleague = Actor { id: "staff/colleague".into(), ..clerk.clone() };
    app.handle(Request::one(&colleague, "first", &id, reply("已答复")).seen(&id, seen)).await.unwrap();
    let before = journal(&app).await;
    let version = app.reader.version(&id).await.unwrap();
    // Before both, between them, and pages that nobody was ever given.
    for (n, seen) in [seen, seen + 1, 0, -1, version + 1].into_iter().enumerate() {
        let late = Request::one(&clerk, format!("late {n}"), &id, reply("再答复")).seen(&id, seen);
        match app.handle(late).await {
            Err(AppError::Stale { stream, seen: told }) => assert_eq!((stream, told), (id.clone(), seen)),
            other => panic!("version {seen}: {other:?}"),
        }
    }
    assert_eq!(journal(&app).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_paper_is_not_taken_from_before_the_system_issued_it() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let (id, _, clerk) = served(&app).await;
    let letter = app.state::<Matter>(&id).await.unwrap().unwrap().letters[0].0.paper.id.clone();
    let void = || paper::Command::Void { reason: "误发".into() };
    for seen in [0, -1] {
        let request = Request::one(&clerk, format!("void {seen}"), &letter, void()).seen(&letter, seen);
        assert!(matches!(app.handle(request).await, Err(AppError::Stale { .. })), "version {seen}");
    }
}
