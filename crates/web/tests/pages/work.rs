//! The work list.

use yanhe_app::import::Kind;
use yanhe_core::policy::{Actor, Role};

use crate::site::{County, ORGAN};

const FILE: &str = "12345工单导出.csv";

async fn county() -> County {
    let county = County::new().await;
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/12345工单导出.csv")).unwrap();
    county.app.import(&Actor::admin(), Kind::Complaints, FILE, &bytes, false, |_, _| ()).await.unwrap();
    county
}

#[tokio::test]
async fn a_clerk_starts_on_what_is_late_and_one_press_leads_to_the_form() {
    let county = county().await;
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut browser = county.signed_in(&clerk, "经办").await;
    let page = browser.open("/work").await.clone();
    assert_eq!(page.status, 200);
    assert!(page.says("已过") && page.says("tone-bad"), "late work is shown as late");
    assert!(page.says("答复12345工单"), "an order's own due date is a limit");
    let start = page.body.find("/confirm_letter\"").expect("a press to decide on a letter");
    let link = page.body[..start].rfind("href=\"").unwrap();
    let href = page.body[link + 6..start].to_owned() + "/confirm_letter";
    let form = browser.open(&href).await;
    assert!(form.status == 200 && form.says("发出告知引导书"), "{}", form.body);
}

#[tokio::test]
async fn the_list_is_cut_by_how_soon_things_end() {
    let county = county().await;
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut browser = county.signed_in(&clerk, "经办").await;
    browser.speak("en");
    let late = browser.open("/work?show=late").await.clone();
    assert!(late.says("days late") || late.says("day"), "{}", late.body);
    assert!(!late.says("days left"), "what is late has no days left");
    assert_eq!(browser.open("/work?after=nonsense").await.status, 422);
    let another_list = browser.open("/publicity").await.status;
    assert_eq!(another_list, 200);
}

/// Where a link of the list leads.
fn link(page: &crate::site::Answer, rel: &str) -> Option<String> {
    let start = page.body.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
    Some(start.split('"').next().unwrap().replace("&#38;", "&"))
}

#[tokio::test]
async fn a_list_goes_back_by_the_pages_that_were_seen() {
    let county = county().await;
    let mut browser = county.signed_in(&Actor::admin(), "管理员").await;
    let mut seen = vec![browser.open("/matters?source=complaint").await.clone()];
    assert_eq!(link(&seen[0], "prev"), None);
    while let Some(next) = link(seen.last().unwrap(), "next") {
        seen.push(browser.open(&next).await.clone());
    }
    assert!(seen.len() > 2, "too few pages to go back");
    // Forms carry keys of their own; the rows are the same.
    let rows = |page: &crate::site::Answer| {
        let rows = page.body.split("href=\"/matter/").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
        rows.collect::<Vec<_>>()
    };
    let mut page = seen.pop().unwrap();
    while let Some(before) = seen.pop() {
        let back = link(&page, "prev").expect("a way back");
        assert!(back.contains("source=complaint"), "{back}");
        page = browser.open(&back).await.clone();
        assert_eq!(rows(&page), rows(&before));
    }
    assert_eq!(link(&page, "prev"), None);
}

#[tokio::test]
async fn a_leader_sees_the_organ_by_role_and_person() {
    let county = county().await;
    let leader = county.staff(ORGAN, Role::Leader).await;
    let mut browser = county.signed_in(&leader, "分管").await;
    // Nothing waits for the leader: then it is the organ's work that the list starts with.
    let first = browser.open("/work").await.clone();
    assert!(first.says("按人员统计") && first.says("未指定到人"), "{}", first.body);
    assert!(first.says("目前没有等您本人办理的事项") && first.says("/confirm_letter"), "{}", first.body);
    let own = browser.open("/work?role=leader").await.clone();
    assert!(own.says("目前没有待办事项") && !own.says("/confirm_letter"), "{}", own.body);
    let of_nobody = browser.open("/work?role=clerk&person=none").await;
    assert!(of_nobody.says("/confirm_letter"), "{}", of_nobody.body);
}

#[tokio::test]
async fn another_organ_sees_none_of_it_and_the_studio_no_names() {
    let county = county().await;
    let other = county.staff("nongye", Role::Mediator).await;
    let mut browser = county.signed_in(&other, "调解").await;
    let page = browser.open("/work").await;
    assert!(page.says("目前没有待办事项"), "{}", page.body);

    let studio = county.staff("sifa", Role::Studio).await;
    let mut browser = county.signed_in(&studio, "工作室").await;
    let page = browser.open("/work").await;
    assert!(page.status == 200 && page.says("※※※"), "{}", page.body);
}

#[tokio::test]
async fn nobody_and_parties_have_no_work_list() {
    let county = County::new().await;
    let mut browser = county.browser();
    browser.open("/work").await;
    assert_eq!(browser.page.location, "/sign-in?back=/work");
    let party = Actor::party(&yanhe_core::PersonId("p".into()));
    let mut browser = county.signed_in(&party, "当事人").await;
    assert_eq!(browser.open("/work").await.status, 403);
}

#[tokio::test]
async fn a_paper_that_nobody_sent_is_a_task_until_it_is_on_its_way() {
    let county = County::new().await;
    let (_, code) = county.letter("HY202207140001", "沈知夏", None).await;
    let paper = county.app.by_access_code(&code).await.unwrap().unwrap().0;
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut browser = county.signed_in(&clerk, "经办").await;
    let form = format!("/paper/{}/dispatch_paper", paper.key());
    let page = browser.open("/work").await.clone();
    assert!(page.says(&form) && page.says("发送文书"), "{}", page.body);
    assert!(browser.open("/letters").await.says(paper.key()), "the list shows it at first");
    browser.open(&form).await;
    let sent = browser.press(&form, &[("channel", "print")]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert!(!browser.open("/work").await.says(&form), "{}", browser.page.body);
}

#[tokio::test]
async fn a_leader_reassigns_from_each_row_and_is_told_when_there_is_no_other_clerk() {
    let county = County::new().await;
    let (matter, _) = county.letter("HY202207140001", "沈知夏", Some("19900001001")).await;
    let state = county.app.state::<yanhe_core::matter::Matter>(&matter).await.unwrap().unwrap();
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let case = yanhe_core::StreamId::derived(yanhe_core::StreamKind::Dossier, &["reassigned"]);
    let command = serde_json::json!({"Apply": {
        "via": "oral", "matter": matter, "organ": ORGAN, "entry": "",
        "applicants": [state.entitled().unwrap()], "respondents": [state.matter.subject.as_ref().unwrap()],
        "claims": "退款", "facts": "冰箱坏了", "known_on": null, "electronic_service": false,
    }});
    let command: yanhe_core::dossier::Command = serde_json::from_value(command).unwrap();
    county.run(&clerk, &case, command).await;
    // While the other side is asked there is nothing to decide: the list says what is waited for.
    county.run(&clerk, &case, yanhe_core::dossier::Command::AskConsent {}).await;
    let mut own = county.signed_in(&clerk, "经办").await;
    assert!(own.open("/work").await.says("等待对方答复"), "{}", own.page.body);
    assert!(!own.page.says("/accept_application"), "{}", own.page.body);
    let leader = county.staff(ORGAN, Role::Leader).await;
    let mut browser = county.signed_in(&leader, "分管").await;
    let form = format!("/dossier/{}/reassign_dossier", case.key());
    assert!(browser.open("/work?role=all").await.says(&form), "{}", browser.page.body);
    let page = browser.open(&form).await;
    assert!(page.says("改派给") && page.says(&leader.id), "the leader can take it over: {}", page.body);
}
