//! Publicity events by form.

use yanhe_core::policy::Role;

use crate::site::{County, ORGAN};

const EVENT: [(&str, &str); 7] = [
    ("name", "调解进社区"),
    ("date", "2022-07-13"),
    ("manner", "线下"),
    ("place", "武原街道"),
    ("audience", "120"),
    ("leaflets", "80"),
    ("note", ""),
];

#[tokio::test]
async fn an_event_is_recorded_once_and_put_right_by_recording_it_again() {
    let county = County::new().await;
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut browser = county.signed_in(&clerk, "经办").await;
    browser.open("/publicity/record").await;
    for _ in 0..2 {
        let answer = browser.press("/publicity/record", &EVENT).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    let list = browser.open("/publicity").await.clone();
    assert_eq!(list.body.matches("调解进社区").count(), 1, "{}", list.body);
    browser.open("/publicity/record").await;
    let more: Vec<_> = EVENT.iter().map(|(k, v)| (*k, if *k == "audience" { "150" } else { *v })).collect();
    browser.post("/publicity/record", &more).await;
    assert!(browser.page.says("150") && browser.page.body.matches("调解进社区").count() == 1);
    assert!(browser.open("/publicity?from=2022-07-14").await.says("没有宣传活动"));
}

#[tokio::test]
async fn each_wrong_value_of_an_event_is_marked() {
    let county = County::new().await;
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut browser = county.signed_in(&clerk, "经办").await;
    browser.open("/publicity/record").await;
    for (field, value) in [
        ("name", ""),
        ("date", ""),
        ("date", "2022-13-01"),
        ("date", "2022-07-15"),
        ("manner", ""),
        ("place", " "),
        ("audience", ""),
        ("audience", "约一百"),
        ("leaflets", "-3"),
    ] {
        let typed: Vec<_> = EVENT.iter().map(|(k, v)| (*k, if *k == field { value } else { *v })).collect();
        let answer = browser.press("/publicity/record", &typed).await;
        assert!(answer.status == 422 && answer.says(&format!("f-{field}-error")), "{field}={value}: {}", answer.body);
    }
    let mediator = county.staff(ORGAN, Role::Mediator).await;
    let mut browser = county.signed_in(&mediator, "调解").await;
    assert_eq!(browser.open("/publicity/record").await.status, 403);
}
