//! Many matters at once: a press that is half done, pressed again, pressed for something else, pressed by two.

use yanhe_core::StreamId;
use yanhe_core::matter::{Matter, Standing};
use yanhe_core::policy::{Actor, Role, scope};
use yanhe_store_read::Page;
use yanhe_store_read::views::matter::{MatterFilter, MatterView};

use crate::site::{Browser, County, ORGAN};

const CHOSEN: &str = "/matters/chosen";

async fn county() -> (County, Vec<MatterView>) {
    let county = County::new().await;
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/12345工单导出.csv")).unwrap();
    let kind = yanhe_app::import::Kind::Complaints;
    county.app.import(&Actor::admin(), kind, "12345.csv", &bytes, false, |_, _| ()).await.unwrap();
    let filter = MatterFilter { organ: Some(ORGAN.into()), state: Some("proposed".into()), ..MatterFilter::default() };
    let rows = county.app.reader.matters(&scope(&Actor::admin()), &filter, &Page::first(20)).await.unwrap().rows;
    (county, rows)
}

async fn browser(county: &County, role: Role, name: &str) -> Browser {
    let actor = county.staff(ORGAN, role).await;
    county.signed_in(&actor, name).await
}

fn boxes(rows: &[&MatterView]) -> String {
    rows.iter().map(|row| format!("&matter={}", row.stream.key())).collect()
}

async fn standing(county: &County, stream: &StreamId) -> Standing {
    county.app.state::<Matter>(stream).await.unwrap().unwrap().standing
}

#[tokio::test]
async fn a_form_pressed_again_with_a_reason_says_what_it_did_in_all_and_who_did_the_rest() {
    let (county, rows) = county().await;
    let [declined, taken, free] = [&rows[0], &rows[1], &rows[2]];
    let mut leader = browser(&county, Role::Leader, "负责").await;
    let mut clerk = browser(&county, Role::Clerk, "经办").await;
    clerk.open("/matters?state=proposed").await;
    let all = boxes(&[declined, taken, free]);
    let look = clerk.press_many(CHOSEN, &[("do", "send"), ("reason", "")], &all).await;
    assert_eq!(look.status, 200, "{}", look.body);
    // Meanwhile a colleague declines one and sends another.
    leader.open("/matters?state=proposed").await;
    let given = [("do", "decline"), ("reason", "双方已和解")];
    assert_eq!(leader.press_many(CHOSEN, &given, &boxes(&[declined])).await.status, 303);
    leader.open("/matters?state=proposed").await;
    let sent = leader.press_many(CHOSEN, &[("do", "confirm"), ("reason", "")], &boxes(&[taken])).await;
    assert_eq!(sent.status, 303, "{}", sent.body);

    let first = clerk.press_many(CHOSEN, &[("do", "confirm"), ("reason", "")], &all).await;
    assert_eq!(first.status, 303, "{}", first.body);
    let form = clerk.page.clone();
    let done = clerk.open(&first.location).await.clone();
    assert!(done.says("已对 1 件事项") && done.says("决定不发告知引导书（理由：双方已和解）"), "{}", done.body);
    assert!(done.says("要写明理由") && done.says("发出告知引导书"), "{}", done.body);
    assert_eq!(standing(&county, &declined.stream).await, Standing::Declined);

    // Back to the form, with a reason now: what was done stays done, and the account is of all of it.
    clerk.page = form;
    let second = clerk.press_many(CHOSEN, &[("do", "confirm"), ("reason", "当事人又来电")], &all).await;
    assert_eq!(second.status, 303, "{}", second.body);
    let done = clerk.open(&second.location).await.clone();
    assert!(done.says("已对 2 件事项") && done.says(&taken.number), "{}", done.body);
    for row in [declined, taken, free] {
        let state = county.app.state::<Matter>(&row.stream).await.unwrap().unwrap();
        assert_eq!((state.standing, state.letters.len()), (Standing::Issued, 1), "{}", row.number);
    }
}

#[tokio::test]
async fn a_page_gone_back_to_serves_for_another_selection() {
    let (county, rows) = county().await;
    let mut clerk = browser(&county, Role::Clerk, "经办").await;
    let page = clerk.open("/matters?state=proposed").await.clone();
    let declined = clerk.press_many(CHOSEN, &[("do", "decline"), ("reason", "已和解")], &boxes(&[&rows[0]])).await;
    assert_eq!(declined.status, 303, "{}", declined.body);
    for row in &rows[1..3] {
        clerk.page = page.clone();
        let sent = clerk.press_many(CHOSEN, &[("do", "confirm"), ("reason", "")], &boxes(&[row])).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        assert_eq!(standing(&county, &row.stream).await, Standing::Issued);
    }
    clerk.page = page;
    let again = clerk.press_many(CHOSEN, &[("do", "decline"), ("reason", "已和解")], &boxes(&[&rows[0]])).await;
    assert_eq!(again.location, declined.location, "the same once more");
    assert!(clerk.open(&declined.location).await.says("1 件"));
}

#[tokio::test]
async fn a_bulk_send_finds_the_sort_of_all_disputes_with_one_reason() {
    let (county, rows) = county().await;
    let mut clerk = browser(&county, Role::Clerk, "经办").await;
    clerk.open("/matters?state=proposed").await;
    let all = boxes(&[&rows[0], &rows[1]]);
    let look = clerk.press_many(CHOSEN, &[("do", "send"), ("reason", "")], &all).await;
    assert!(look.says("name=\"entry\"") && look.says("认定纠纷类别"), "{}", look.body);
    let state = async |n: usize| county.app.state::<Matter>(&rows[n].stream).await.unwrap().unwrap();
    let scope = &county.app.pack.scope;
    let proposed = [state(0).await, state(1).await].map(|s| s.proposed_entry(scope).map(str::to_owned));
    let other = |id: &&str| proposed.iter().all(|proposed| proposed.as_deref() != Some(*id));
    let found = scope.choices(county.app.pack.body_name(ORGAN), None).find(other).unwrap().to_owned();
    let why = clerk.press_many(CHOSEN, &[("do", "confirm"), ("entry", &found), ("reason", " ")], &all).await;
    assert!(why.status == 422 && why.says("f-reason-error"), "{} {}", why.status, why.body);
    let given = [("do", "confirm"), ("entry", found.as_str()), ("reason", "来电人说明是另一类纠纷")];
    let sent = clerk.press_many(CHOSEN, &given, &all).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    for n in [0, 1] {
        let state = state(n).await;
        let classified = state.classified.as_ref().unwrap();
        assert_eq!((state.letters.len(), classified.entry.as_deref()), (1, Some(found.as_str())), "{}", rows[n].number);
    }
}

#[tokio::test]
async fn the_look_before_sending_names_the_colleague_who_declined() {
    let (county, rows) = county().await;
    let mut clerk = browser(&county, Role::Clerk, "经办").await;
    let mut leader = browser(&county, Role::Leader, "负责").await;
    clerk.open("/matters?state=proposed").await;
    leader.open("/matters?state=proposed").await;
    let given = [("do", "decline"), ("reason", "双方已和解")];
    leader.press_many(CHOSEN, &given, &boxes(&[&rows[0]])).await;
    let look = clerk.press_many(CHOSEN, &[("do", "send"), ("reason", "")], &boxes(&[&rows[0]])).await;
    assert!(look.status == 200 && look.says("双方已和解") && look.says("须写理由"), "{}", look.body);
}

#[tokio::test]
async fn lists_of_the_organs_are_closed_to_roles_that_have_nothing_to_do_with_them() {
    let county = County::new().await;
    let court = county.app.pack.court.code.clone();
    for (body, role) in [
        (court.as_str(), Role::Judge),
        (court.as_str(), Role::CourtClerk),
        ("sifa", Role::Supervisor),
        ("sifa", Role::Assessor),
    ] {
        let actor = county.staff(body, role).await;
        let mut browser = county.signed_in(&actor, "某人").await;
        let court = matches!(role, Role::Judge | Role::CourtClerk);
        let reads = [("/imports", false), ("/matters", role == Role::Supervisor), ("/letters", court)];
        for (path, reads) in reads {
            let page = browser.open(path).await;
            assert_eq!(page.status, if reads { 200 } else { 403 }, "{path} {role:?}");
            assert!(reads || !page.says("导入"), "{path} {role:?}: {}", page.body);
        }
    }
    for role in [Role::Clerk, Role::Leader, Role::Mediator] {
        let mut browser = browser(&county, role, "某人").await;
        for path in ["/imports", "/matters", "/letters"] {
            assert_eq!(browser.open(path).await.status, 200, "{path} {role:?}");
        }
    }
}

#[tokio::test]
async fn one_press_sends_all_that_are_proposed_on_whatever_page_they_stand() {
    let (county, _) = county().await;
    let mut clerk = browser(&county, Role::Clerk, "经办").await;
    let waiting = async || {
        let filter =
            MatterFilter { organ: Some(ORGAN.into()), state: Some("proposed".into()), ..MatterFilter::default() };
        county.app.reader.matters(&scope(&Actor::admin()), &filter, &Page::first(1000)).await.unwrap().rows
    };
    let proposed = waiting().await;
    assert!(proposed.len() > 10, "{}", proposed.len());
    clerk.open("/matters").await;
    let look = clerk.press(CHOSEN, &[("do", "send"), ("all", "yes")]).await;
    assert_eq!(look.status, 200, "{}", look.body);
    assert!(look.says(&format!("{} 件事项", proposed.len())), "{}", look.body);
    assert_eq!(waiting().await.len(), proposed.len(), "a look sends nothing");
    let done = clerk.show(look).await.clone();
    assert_eq!(done.body.matches("name=\"matter\"").count(), proposed.len());
    let sent = clerk.press(CHOSEN, &[("do", "confirm"), ("reason", "")]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let left = waiting().await;
    assert!(left.is_empty(), "{} wait still", left.len());
}
