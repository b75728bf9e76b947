//! What parties do on paper, by phone or at the counter, and officers enter: in time, although entered late.

use yanhe_core::dossier::Stage;

use crate::case::{people, recorded, recorded_with, state};
use crate::office::site;
use crate::told::handed_over;

const PDF: &[u8] = b"%PDF-1.4 scan";

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_of_the_last_day_that_comes_to_the_desk_later_takes_the_refusal_back() {
    let site = site().await;
    let clerk = people(&site).await.clerk;
    let path = recorded(&clerk).await;
    clerk.submit(&format!("{path}/ask_consent"), &[]).await.went_to(&path);
    handed_over(&clerk, &site, &path).await;
    let consent = state(&site, &path).await.consents[0].clone();
    let last = consent.due.last_day.to_string();
    site.wait_until("2022-03-21T01:00:00Z").await;
    site.wait_until("2022-03-21T01:00:00Z").await;
    assert_eq!(state(&site, &path).await.stage, Stage::Refused);
    // A session does not last for two weeks.
    let clerk = people(&site).await.clerk;
    let to = format!("{path}/answer_consent");
    clerk.get(&path).await.shows(&to).shows("不予受理");
    clerk.get(&to).await.shows("没有收到答复").shows("value=\"paper\"").hides("value=\"spoken\"");
    let code = consent.check_code.unwrap();
    let slip = |on| {
        [
            ("answer", "yes"),
            ("on", on),
            ("way", "paper"),
            ("manner", "seal"),
            ("check_code", code.as_str()),
            ("original", "档案室 8 盒"),
        ]
    };
    clerk.submit_file(&to, &slip("2022-03-20"), ("scan", "s.pdf", PDF)).await.is(422).shows("期限已过");
    clerk.submit_file(&to, &slip(&last), ("scan", "s.pdf", PDF)).await.went_to(&path);
    assert_eq!(state(&site, &path).await.stage, Stage::Applied);
    site.wait_until("2022-03-21T02:00:00Z").await;
    clerk.get(&path).await.shows("撤回逾期的记录").shows("作废").shows("accept_application");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_enters_the_yes_that_was_told_after_a_no() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let to = format!("{path}/answer_consent");
    who.clerk.submit(&format!("{path}/ask_consent"), &[]).await.went_to(&path);
    let said = |answer, how| [("answer", answer), ("on", "2022-03-08"), ("way", "spoken"), ("how", how)];
    who.clerk.submit(&to, &said("no", "来电答复")).await.went_to(&path);
    who.clerk.get(&path).await.shows(&to);
    who.clerk.get(&to).await.shows("答复过不同意");
    who.clerk.submit(&to, &said("yes", "")).await.is(422).shows("f-how-error");
    who.clerk.submit(&to, &said("yes", "来电改为同意，经办人接听")).await.went_to(&path);
    assert_eq!(state(&site, &path).await.consents[0].answer, Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_enters_who_wants_another_mediator_and_who_leaves_with_what_shows_it() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let act = |name: &str| format!("{path}/{name}");
    who.clerk.submit(&act("ask_consent"), &[]).await.went_to(&path);
    let said = [("answer", "yes"), ("on", "2022-03-08"), ("way", "spoken"), ("how", "来电答复")];
    who.clerk.submit(&act("answer_consent"), &said).await.went_to(&path);
    who.clerk.submit(&act("accept_application"), &[]).await.went_to(&path);
    who.leader.submit(&act("name_mediator"), &[("staff", &who.mediator_stream)]).await.went_to(&path);
    let person = state(&site, &path).await.respondents[0].person.0.clone();
    let told = |way| {
        [("person", person.as_str()), ("on", "2022-03-08"), ("way", way), ("note", "原件在 9 盒"), ("reason", "是亲戚")]
    };
    let recusal = act("ask_recusal");
    who.clerk.get(&path).await.shows(&recusal);
    who.clerk.submit(&recusal, &told("in_writing")).await.is(422).shows("f-scan-error");
    who.clerk.submit_file(&recusal, &told("in_writing"), ("scan", "s.pdf", PDF)).await.went_to(&path);
    let scan = state(&site, &path).await.recusal.unwrap().told.unwrap().scan.unwrap();
    let page = who.clerk.get(&path).await;
    page.shows("原件在 9 盒").shows(&format!("{path}/told/{scan}"));
    assert_eq!(who.clerk.get(&format!("{path}/told/{scan}")).await.bytes, PDF);
    who.clerk.get(&format!("{path}/told/{}", "0".repeat(64))).await.is(404);
    who.leader.submit(&act("decide_recusal"), &[("granted", "no"), ("reason", "查无此事")]).await.went_to(&path);
    who.clerk.get(&format!("{path}/told/{scan}")).await.is(200);
    who.clerk.submit(&act("leave_mediation"), &told("by_phone")).await.went_to(&path);
    who.clerk.get(&path).await.shows("电话");
    assert_eq!(state(&site, &path).await.ended.unwrap().told.unwrap().way, "by_phone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_lies_unsent_does_not_call_the_decision_late() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded_with(&who.clerk, &[("electronic", "")]).await;
    let act = |name: &str| format!("{path}/{name}");
    who.clerk.submit(&act("ask_consent"), &[]).await.went_to(&path);
    let said = [("answer", "yes"), ("on", "2022-03-08"), ("way", "spoken"), ("how", "来电答复")];
    who.clerk.submit(&act("answer_consent"), &said).await.went_to(&path);
    who.clerk.get("/work").await.shows("决定是否受理").hides("告知是否受理");
    who.clerk.submit(&act("accept_application"), &[]).await.went_to(&path);
    site.wait_until("2022-03-21T01:00:00Z").await;
    let clerk = people(&site).await.clerk;
    clerk.get("/work").await.shows("告知是否受理").hides("决定是否受理");
}
