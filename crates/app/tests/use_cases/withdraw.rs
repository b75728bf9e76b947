//! Imports that are taken back, and what stands in the way.

use jiff::civil::date;
use yanhe_app::import::Kind;
use yanhe_app::{App, AppError, Request};
use yanhe_core::batch::{self, Batch};
use yanhe_core::dossier::{self, Decision, Via};
use yanhe_core::party::Party;
use yanhe_core::policy::{Actor, Role};
use yanhe_core::{PersonId, Personal, Reason, StreamId, StreamKind, matter, organ, publicity};
use yanhe_store_read::Page;

use crate::import::{COMPLAINTS, ROSTER, bring, counts, expected};
use crate::support::{Dir, app, demo, journal, staff};

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_withdrawn_as_a_whole_while_nothing_was_issued() {
    let dir = Dir::new();
    let app = app(&dir).await;
    bring(&app, Kind::Roster, ROSTER, &demo(ROSTER)).await;
    let first = bring(&app, Kind::Complaints, COMPLAINTS, &demo(COMPLAINTS)).await.batch.unwrap();
    let done = app.withdraw_batch(&Actor::admin(), &first, "重复上报").await.unwrap();
    assert_eq!(done.streams.len(), 382);
    assert_eq!(app.reader.batch(&first).await.unwrap().unwrap().state, "withdrawn");
    let again = app.withdraw_batch(&Actor::admin(), &first, "再撤").await;
    assert!(matches!(again, Err(AppError::Refused(_))), "{again:?}");

    // What was withdrawn can be brought again, and from then on belongs to that import.
    let second = bring(&app, Kind::Complaints, COMPLAINTS, &demo(COMPLAINTS)).await;
    assert_eq!(counts(&second), expected(Kind::Complaints));
    let second = second.batch.unwrap();
    let stream = proposed(&app, &second).await;
    let organ = app.state::<matter::Matter>(&stream).await.unwrap().unwrap().matter.organ;
    let letter = matter::Command::ConfirmLetter { reason: String::new() };
    app.handle(Request::one(&staff(Role::Clerk, &organ), "letter", &stream, letter)).await.unwrap();
    let before = journal(&app).await;
    match app.withdraw_batch(&Actor::admin(), &second, "太迟").await {
        Err(AppError::Refused(refusal)) => assert_eq!(refusal.reason, Reason::AlreadyIssued),
        other => panic!("{other:?}"),
    }
    assert_eq!(journal(&app).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_import_updated_is_set_back_unless_something_changed_it_since() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let one = complaints(&["HY1", "HY2"], "2022-03-15,办理中", "");
    let first = bring(&app, Kind::Complaints, "a.csv", &one).await;
    assert_eq!(counts(&first), (2, 2, 0, 0, 0));
    let stream = |number: &str| matter::stream(yanhe_core::scope::Source::Complaint, number);
    let told = async |number: &str| {
        let m = app.state::<matter::Matter>(&stream(number)).await.unwrap().unwrap().matter;
        (m.status, m.own_due_on.unwrap().to_string(), m.complainant.unwrap().phone.unwrap().text().to_owned())
    };
    let (before, kept) = (told("HY1").await, told("HY2").await);
    let two = complaints(&["HY1", "HY2", "HY3"], "2022-04-20,办结", "1");
    let second = bring(&app, Kind::Complaints, "b.csv", &two).await;
    assert_eq!(counts(&second), (3, 1, 2, 0, 0));
    // Something changes the second one since.
    let third = bring(&app, Kind::Complaints, "c.csv", &complaints(&["HY2"], "2022-05-05,退回", "2")).await;
    let since = told("HY2").await;
    let second = second.batch.unwrap();
    let state = app.state::<Batch>(&second).await.unwrap().unwrap();
    let back = app.set_back(&second, &state).await.unwrap();
    assert_eq!((back.steps.len(), back.stays), (1, 1));
    app.withdraw_batch(&Actor::admin(), &second, "传错").await.unwrap();
    assert_eq!((told("HY1").await, told("HY2").await), (before.clone(), since));
    // What is set back is as if it had never been: the file of before is unchanged, that of after updates again.
    assert_eq!(
        counts(&bring(&app, Kind::Complaints, "a.csv", &complaints(&["HY1"], "2022-03-15,办理中", "")).await).3,
        1
    );
    // Taking the last one back leads to what no import that was taken back has left.
    app.withdraw_batch(&Actor::admin(), &third.batch.unwrap(), "传错").await.unwrap();
    assert_eq!(told("HY2").await, kept);
    assert_eq!(counts(&bring(&app, Kind::Complaints, "d.csv", &two).await), (3, 1, 2, 0, 0));
}

/// A matter with what a file may change of it: due date, status and phone.
async fn stands(app: &App, number: &str) -> (String, String, String) {
    let stream = matter::stream(yanhe_core::scope::Source::Complaint, number);
    let m = app.state::<matter::Matter>(&stream).await.unwrap().unwrap().matter;
    let phone = m.complainant.unwrap().phone.unwrap().text().to_owned();
    (m.own_due_on.unwrap().to_string(), m.status, phone)
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_taken_back_the_last_file_that_stands_is_what_counts() {
    const FILES: [(&str, &str); 4] =
        [("2022-07-22,办理中", "1"), ("2022-07-25,办理中", "1"), ("2022-07-28,办结", "1"), ("2022-07-28,退回", "2")];
    let dir = Dir::new();
    let app = app(&dir).await;
    let orders: [&[usize]; 9] =
        [&[1, 2], &[2, 1], &[1, 2, 3], &[2, 3], &[3, 2, 1], &[1, 3, 2], &[3, 1, 2], &[2, 1, 3], &[1, 3]];
    for (n, order) in orders.into_iter().enumerate() {
        let number = format!("HY{n}");
        let mut batches = Vec::new();
        for (f, (told, phone)) in FILES.into_iter().enumerate() {
            let bytes = complaints(&[&number], told, phone);
            batches.push(bring(&app, Kind::Complaints, &format!("{n}{f}.csv"), &bytes).await.batch.unwrap());
        }
        for taken in 1..=order.len() {
            app.withdraw_batch(&Actor::admin(), &batches[order[taken - 1]], "传错").await.unwrap();
            // The same files without those that were taken back, brought in afresh.
            let fresh = format!("HY{n}{taken}");
            for (f, (told, phone)) in FILES.into_iter().enumerate().filter(|(f, _)| !order[..taken].contains(f)) {
                bring(&app, Kind::Complaints, &format!("{n}{taken}{f}.csv"), &complaints(&[&fresh], told, phone)).await;
            }
            assert_eq!(stands(&app, &number).await, stands(&app, &fresh).await, "{order:?} {taken}");
        }
        // What stands is compared with what comes next, as if those had never been.
        let last = (0..FILES.len()).rev().find(|f| !order.contains(f)).unwrap();
        let again = complaints(&[&number], FILES[last].0, FILES[last].1);
        assert_eq!(counts(&bring(&app, Kind::Complaints, "again.csv", &again).await).3, 1, "{order:?}");
    }
    // What a clerk corrected stays, and the other columns are set back.
    let phone = |phone: &str| complaints(&["HYC"], "2022-07-22,办理中", phone);
    bring(&app, Kind::Complaints, "c0.csv", &phone("1")).await;
    let later = bring(&app, Kind::Complaints, "c1.csv", &complaints(&["HYC"], "2022-07-30,办结", "1")).await;
    let stream = matter::stream(yanhe_core::scope::Source::Complaint, "HYC");
    let ask = matter::Command::AskCorrection {
        field: "complainant/phone".into(),
        after: "19900007299".into(),
        reason: "来电人更正".into(),
    };
    let (clerk, mut leader) = (staff(Role::Clerk, "gongan"), staff(Role::Leader, "gongan"));
    leader.id = "another".into();
    app.handle(Request::one(&clerk, "ask", &stream, ask)).await.unwrap();
    let approve = matter::Command::ApproveCorrection { correction: 0 };
    app.handle(Request::one(&leader, "approve", &stream, approve)).await.unwrap();
    app.withdraw_batch(&Actor::admin(), &later.batch.unwrap(), "传错").await.unwrap();
    let corrected = ("2022-07-22".to_owned(), "办理中".to_owned(), "19900007299".to_owned());
    assert_eq!(stands(&app, "HYC").await, corrected);
}

/// Orders of a 12345 export that differ in what may change.
fn complaints(numbers: &[&str], due_and_status: &str, phone: &str) -> Vec<u8> {
    let header =
        "工单编号,受理时间,来电人,联系电话,证件号码,诉求类型,诉求内容,被反映对象,地址,承办单位,办理期限,办理状态";
    let phone = if phone.is_empty() { "7" } else { phone };
    let rows = numbers.iter().map(|number| {
        format!("{number},2022-03-10 14:27:00,段海,1990000729{phone},,投诉,停车争执,石玉冬,武原街道,海盐县公安局,{due_and_status}")
    });
    std::iter::once(header.to_owned()).chain(rows).map(|line| line + "\r\n").collect::<String>().into_bytes()
}

/// A complaint of an import for which a letter is proposed.
async fn proposed(app: &App, batch: &StreamId) -> StreamId {
    let created = app.state::<yanhe_core::batch::Batch>(batch).await.unwrap().unwrap().created;
    for stream in created {
        let state = app.state::<matter::Matter>(&stream).await.unwrap().unwrap();
        if state.standing == matter::Standing::Proposed {
            return stream;
        }
    }
    panic!("no letter is proposed");
}

/// Rows of organs, staff and experts.
async fn rows(app: &App) -> [usize; 3] {
    let page = Page::first(1000);
    let organs = app.reader.organs().await.unwrap().len();
    let (staff, experts) = (app.reader.all_staff(&page).await.unwrap(), app.reader.experts(&page).await.unwrap());
    assert!(staff.next.is_none() && experts.next.is_none());
    [organs, staff.rows.len(), experts.rows.len()]
}

/// Somebody of the roster.
async fn member(app: &App, organ: &str, role: Role) -> Actor {
    let all = app.staff_of(organ).await.unwrap();
    all.into_iter().map(|who| who.actor).find(|who| who.role == role).unwrap()
}

/// An import that claims to have created these.
async fn batch_of(app: &App, created: Vec<StreamId>) -> StreamId {
    let batch = app.fresh_stream(StreamKind::Batch);
    let file = batch::Imported {
        kind: "roster".into(),
        name: "补充名册.xlsx".into(),
        sha256: "0".repeat(64),
        read: 1,
        stored: 1,
        updated: 0,
        unchanged: 0,
        refused: 0,
    };
    let record = batch::Command::Record { file, created, updated: Vec::new() };
    app.handle(Request::one(&Actor::admin(), batch.to_string(), &batch, record)).await.unwrap();
    batch
}

/// What stands in the way of taking an import back; nothing changes by asking.
async fn in_the_way(app: &App, who: &Actor, batch: &StreamId) -> (String, String) {
    let before = journal(app).await;
    let refused = app.withdraw_batch(who, batch, "重复上报").await;
    assert_eq!(journal(app).await, before);
    match refused {
        Err(AppError::Refused(refusal)) => match refusal.reason {
            Reason::InUse { name, how } => (name, how),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

async fn name(app: &App, who: &Actor) -> String {
    app.staff_signed_in(&StreamId::parse(&who.id).unwrap()).await.unwrap().unwrap().name
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_is_withdrawn_while_nothing_rests_on_it_and_comes_again() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let first = bring(&app, Kind::Roster, ROSTER, &demo(ROSTER)).await.batch.unwrap();
    let there = rows(&app).await;
    assert!(there.iter().all(|n| *n > 0), "{there:?}");
    let created = app.state::<Batch>(&first).await.unwrap().unwrap().created.len();
    let clerk = member(&app, "shichang", Role::Clerk).await;
    let session = app.begin_session(&app.staff_of("shichang").await.unwrap()[0]).await.unwrap();
    assert!(app.signed_in(&session, true).await.unwrap().is_some());

    let done = app.withdraw_batch(&Actor::admin(), &first, "误传").await.unwrap();
    assert_eq!(done.streams.len(), created + 1);
    assert_eq!(rows(&app).await, [0; 3]);
    assert_eq!(app.figures(None, None).await.unwrap().organs, 0);
    assert!(app.organ_profile("shichang").await.unwrap().is_none());
    let stream = StreamId::parse(&clerk.id).unwrap();
    assert!(app.staff_signed_in(&stream).await.unwrap().is_none(), "nobody signs in who was taken back");
    assert!(app.signed_in(&session, true).await.unwrap().is_none(), "nor goes on who was signed in");
    assert_eq!(app.reader.batch(&first).await.unwrap().unwrap().state, "withdrawn");
    let again = app.withdraw_batch(&Actor::admin(), &first, "再撤").await;
    assert!(matches!(again, Err(AppError::Refused(_))), "{again:?}");

    let second = bring(&app, Kind::Roster, ROSTER, &demo(ROSTER)).await;
    assert_eq!(counts(&second), expected(Kind::Roster));
    assert_eq!(rows(&app).await, there);
    assert_eq!(app.figures(None, None).await.unwrap().organs, 10);
    app.seal_once().await.unwrap();
    let verified = app.verify().await.unwrap();
    assert!(verified.ok, "{verified:?}");
    // And taken back a second time, it is gone a second time.
    app.withdraw_batch(&Actor::admin(), &second.batch.unwrap(), "误传").await.unwrap();
    assert_eq!(rows(&app).await, [0; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_stays_once_somebody_of_it_has_acted_also_by_taking_it_back() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let roster = bring(&app, Kind::Roster, ROSTER, &demo(ROSTER)).await.batch.unwrap();
    let bureau = app.pack.justice_bureau().code.clone();
    let studio = member(&app, &bureau, Role::Studio).await;
    assert_eq!(in_the_way(&app, &studio, &roster).await, (name(&app, &studio).await, "acted".to_owned()));

    let clerk = member(&app, "shichang", Role::Clerk).await;
    let held = publicity::State {
        name: "消费维权进社区".into(),
        organ: "shichang".into(),
        date: date(2022, 7, 1),
        manner: "线下".into(),
        place: "武原街道".into(),
        audience: 40,
        leaflets: 60,
        note: String::new(),
        origin: String::new(),
        withdrawals: 0,
        withdrawn: false,
    };
    let event = app.fresh_stream(StreamKind::Publicity);
    app.handle(Request::one(&clerk, "held", &event, publicity::Command::Record { held })).await.unwrap();
    assert_eq!(in_the_way(&app, &Actor::admin(), &roster).await, (name(&app, &clerk).await, "acted".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_stays_by_which_an_organ_came_online() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let roster = bring(&app, Kind::Roster, ROSTER, &demo(ROSTER)).await.batch.unwrap();
    let stream = StreamId::new(StreamKind::Organ, "shichang");
    let onboard = organ::Command::Onboard {};
    app.handle(Request::one(&Actor::admin(), "online", &stream, onboard)).await.unwrap();
    let profile = app.organ_profile("shichang").await.unwrap().unwrap();
    assert_eq!(in_the_way(&app, &Actor::admin(), &roster).await, (profile.name, "online".to_owned()));
    let list = app.state::<organ::Organ>(&stream).await.unwrap().unwrap().checklist.unwrap();
    for named in [list.leader, list.mediator] {
        let named = StreamId::parse(&named).unwrap();
        let later = batch_of(&app, vec![named]).await;
        assert_eq!(in_the_way(&app, &Actor::admin(), &later).await.1, "checklist");
    }
    // Somebody who is not on the list is nobody's ground to stay.
    let other = batch_of(&app, vec![StreamId::parse(&member(&app, "shichang", Role::Clerk).await.id).unwrap()]).await;
    app.withdraw_batch(&Actor::admin(), &other, "误传").await.unwrap();
}

fn party(id: &str, name: &str, phone: &str) -> Party {
    let person = PersonId(id.into());
    let phone = Some(Personal::new(&person, phone.to_owned()));
    Party { phone, ..Party::human(person, name) }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organ_with_cases_and_somebody_who_is_named_in_one_stay() {
    let dir = Dir::new();
    let app = app(&dir).await;
    bring(&app, Kind::Roster, ROSTER, &demo(ROSTER)).await;
    let case = app.fresh_stream(StreamKind::Dossier);
    let (he, she) = (party("he", "贺秋生", "19900007001"), party("she", "阮桂香", "19900007002"));
    let (clerk, leader) = (staff(Role::Clerk, "shichang"), staff(Role::Leader, "shichang"));
    let act = async |who: &Actor, command: dossier::Command| {
        let key = format!("{command:?}");
        app.handle(Request::one(who, key, &case, command).verified()).await.unwrap();
    };
    act(
        &clerk,
        dossier::Command::Apply {
            disputed: None,
            via: Via::Oral,
            matter: None,
            organ: "shichang".into(),
            entry: "consumer".into(),
            applicants: vec![he.clone()],
            respondents: vec![she.clone()],
            claims: "请求退还货款2980元".into(),
            facts: "冰箱不制冷".into(),
            known_on: None,
            electronic_service: true,
            other_proceedings: Some(String::new()),
            agrees_named: false,
            told_on: None,
            told_late: String::new(),
            renews: None,
        },
    )
    .await;
    let organ = batch_of(&app, vec![StreamId::new(StreamKind::Organ, "shichang")]).await;
    assert_eq!(in_the_way(&app, &Actor::admin(), &organ).await.1, "cases");

    act(&clerk, dossier::Command::AskConsent {}).await;
    let answer = dossier::Command::AnswerConsent {
        electronic: None,
        answer: Decision::Yes,
        on: date(2022, 7, 14),
        person: None,
        slip: None,
        how: "电话答复".into(),
    };
    act(&clerk, answer).await;
    act(&clerk, dossier::Command::Accept { reason: String::new() }).await;
    let mediator = member(&app, "shichang", Role::Mediator).await;
    let stream = StreamId::parse(&mediator.id).unwrap();
    let named = batch_of(&app, vec![stream.clone()]).await;
    act(&leader, dossier::Command::NameMediator { staff: stream, legal_section: false }).await;
    assert_eq!(in_the_way(&app, &Actor::admin(), &named).await, (name(&app, &mediator).await, "mediates".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organ_that_issued_a_letter_stays() {
    let dir = Dir::new();
    let app = app(&dir).await;
    bring(&app, Kind::Roster, ROSTER, &demo(ROSTER)).await;
    let complaints = bring(&app, Kind::Complaints, COMPLAINTS, &demo(COMPLAINTS)).await.batch.unwrap();
    let stream = proposed(&app, &complaints).await;
    let code = app.state::<matter::Matter>(&stream).await.unwrap().unwrap().matter.organ;
    let organ = batch_of(&app, vec![StreamId::new(StreamKind::Organ, &code)]).await;
    let letter = matter::Command::ConfirmLetter { reason: String::new() };
    app.handle(Request::one(&staff(Role::Clerk, &code), "letter", &stream, letter)).await.unwrap();
    assert_eq!(in_the_way(&app, &Actor::admin(), &organ).await.1, "papers");
}
