//! What was typed wrong, seen wrong or written wrong in a case, and how it is put right.

use yanhe_core::policy::Role;

use crate::case::*;
use crate::office::site;

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_checked_like_the_first_entry_and_can_be_refused_with_a_reason() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let to = format!("{path}/ask_correction");
    let ask = |field: &'static str, after: &'static str| {
        [("field", field), ("document_kind", "passport"), ("after", after), ("reason", "来电更正")]
    };
    who.clerk.submit(&to, &ask("phone/0", "1990000")).await.is(422).shows("f-after-error");
    who.clerk.submit(&to, &ask("document/0", "33")).await.is(422).shows("f-after-error");
    // What stands there already corrects nothing.
    let same = who.clerk.submit(&to, &ask("name/0", "段海")).await;
    same.is(422).shows("f-after-error").shows("没有更正什么");
    who.clerk.submit(&to, &ask("phone/0", "199 0000 7297")).await.is(422).shows("没有更正什么");
    assert!(state(&site, &path).await.corrections.is_empty());
    who.clerk.submit(&to, &ask("document/0", "E12345678")).await.went_to(&path);
    who.leader.get(&format!("{path}/approve_correction")).await.shows("护照").shows("E12345678");
    act(&who.leader, &path, "approve_correction", &[("correction", "0")]).await;
    let party = state(&site, &path).await.applicants[0].clone();
    assert_eq!(party.document_kind.as_deref(), Some("passport"));
    assert_eq!(party.document.unwrap().text(), "E12345678");
    who.clerk.submit(&to, &ask("name/0", "沈知秋")).await.went_to(&path);
    let refuse = format!("{path}/refuse_correction");
    who.leader.submit(&refuse, &[("correction", "1")]).await.is(422).shows("f-reason-error");
    act(&who.leader, &path, "refuse_correction", &[("correction", "1"), ("reason", "与身份证不符")]).await;
    let kept = state(&site, &path).await;
    assert_ne!(kept.applicants[0].name.text(), "沈知秋");
    assert!(kept.corrections[1].refused.is_some());
    who.clerk.get(&path).await.shows("与身份证不符").shows("未批准");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_is_voided_or_corrected_from_the_page_of_its_case_by_who_may() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let application = state(&site, &path).await.application.id;
    let acts = ["correct_paper", "void_paper"].map(|act| format!("href=\"/paper/{}/{act}\"", application.key()));
    let page = who.leader.get(&path).await;
    acts.iter().for_each(|act| {
        page.shows(act);
    });
    let page = who.clerk.get(&path).await;
    acts.iter().for_each(|act| {
        page.shows(act);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn another_document_is_recorded_before_a_signature_with_a_trace_and_after_it_by_a_correction() {
    let site = site().await;
    let who = people(&site).await;
    let path = held(&site, &who).await;
    let to = format!("{path}/record_identity");
    identified(&who, &path).await;
    let other = [("0/seen", "yes"), ("0/document_kind", "passport"), ("0/document", "E99999999")];
    who.mediator.submit(&to, &other).await.went_to(&path);
    let page = who.clerk.get(&path).await;
    page.shows("原登记").shows("现登记");
    who.mediator.get(&to).await.hides("已经按登记的证件签过名");
    record_signed(&site, &who, &path).await;
    let back = [("0/seen", "yes"), ("0/document_kind", "hong_kong_macao_permit"), ("0/document", "H12345678")];
    who.mediator.get(&to).await.shows("段海").shows("已经按登记的证件签过名").shows("/ask_correction");
    who.mediator.submit(&to, &back).await.is(422).shows("f-0/document-error").shows("申请更正");
    let seen = state(&site, &path).await.identities.into_iter().find(|seen| seen.document.is_some()).unwrap();
    assert_eq!(seen.document_kind.as_deref(), Some("passport"));
}

/// 已作废, as a name of a file.
const VOIDED: &str = "''%E5%B7%B2%E4%BD%9C%E5%BA%9F-";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_voided_of_a_case_is_made_again_from_its_page() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let void = async |paper: &yanhe_core::PaperRef| {
        let to = |act: &str| format!("/paper/{}/{act}", paper.id.key());
        who.clerk.submit(&to("void_paper"), &[("reason", "写错了")]).await.went_to("/letters/");
        who.leader.submit(&to("approve_notice"), &[]).await.went_to("/letters/");
        site.app.run_due().await.unwrap();
    };
    let first = state(&site, &path).await.application;
    let file = format!("/paper/{}", first.id.key());
    let before = who.clerk.get(&file).await;
    void(&first).await;
    let after = who.clerk.get(&file).await;
    assert!(before.bytes == after.bytes, "what was signed is never changed");
    assert!(!before.disposition.contains(VOIDED) && after.disposition.contains(VOIDED), "{}", after.disposition);
    who.clerk.get(&path).await.shows("口头申请笔录已经作废").hides(&format!("{path}/attest_application"));
    who.clerk.get("/work").await.shows(&format!("{path}/record_again"));
    who.clerk.get(&format!("{path}/record_again")).await.shows("案件编号和申请日期不变");
    act(&who.clerk, &path, "record_again", &[]).await;
    let again = state(&site, &path).await;
    assert_ne!(again.application_paper(), Some(&first));
    assert_eq!(again.application, first, "the case keeps its number");
    let paper = again.application_paper().unwrap().clone();
    who.clerk.get(&path).await.hides("口头申请笔录已经作废").shows(&paper.number).shows(paper.id.key());
    who.clerk.get(&format!("{path}/attest_application")).await.shows(paper.id.key()).hides(first.id.key());
    who.clerk.get(&format!("/paper/{}", paper.id.key())).await.is(200);

    act(&who.clerk, &path, "ask_consent", &[]).await;
    let letter = state(&site, &path).await.consents[0].paper.clone();
    void(&letter).await;
    who.clerk.get(&path).await.shows("对方的答复期限从新的征求意见书起算").shows(&format!("{path}/ask_consent"));
    who.clerk.get(&format!("{path}/ask_consent")).await.shows("有新的编号和编码");
    act(&who.clerk, &path, "ask_consent", &[]).await;
    let consents = state(&site, &path).await.consents;
    assert!(consents.len() == 1 && consents[0].paper.number != letter.number);
    who.clerk.get(&path).await.hides("对方的答复期限从新的征求意见书起算");

    answered(&who, &path).await;
    act(&who.clerk, &path, "accept_application", &[]).await;
    act(&who.leader, &path, "end_mediation", &[("ground", "withdrawn")]).await;
    let notice = state(&site, &path).await.ended.unwrap().paper;
    void(&notice).await;
    who.clerk.get("/work").await.shows(&format!("{path}/notice_again")).shows("重新制作已作废的终止通知书");
    who.clerk.get(&format!("{path}/notice_again")).await.shows("终止的日期和理由不变");
    act(&who.clerk, &path, "notice_again", &[]).await;
    let ended = state(&site, &path).await.ended.unwrap();
    assert_ne!(ended.paper.number, notice.number);
    who.clerk.get("/work").await.hides("/notice_again");
    who.clerk.get(&path).await.shows(&ended.paper.number);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_was_done_is_said_to_be_done_by_whom_and_when() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let name = site.staff(ORGAN, Role::Clerk).await.name;
    act(&who.clerk, &path, "ask_consent", &[]).await;
    let got = who.leader.get(&format!("{path}/ask_consent")).await;
    got.shows("这一步已经办过").shows(&name).shows("2022年3月8日").hides("现在的状态是");
    answered(&who, &path).await;
    act(&who.clerk, &path, "accept_application", &[]).await;
    who.leader.get(&format!("{path}/accept_application")).await.shows("这一步已经办过").shows(&name);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_on_which_an_applicant_knew_is_corrected_and_the_history_opens_its_count() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let to = format!("{path}/ask_correction");
    let ask = |after: &'static str| [("field", "known_on"), ("after", after), ("reason", "申请人来电更正")];
    who.clerk.get(&to).await.shows("知道的日期");
    who.clerk.submit(&to, &ask("2022-05-01")).await.is(422).shows("知道的日期不能晚于申请日期");
    who.clerk.submit(&to, &ask("2018-05-02")).await.went_to(&path);
    who.leader.get(&format!("{path}/approve_correction")).await.shows("改为“2018年5月2日”");
    act(&who.leader, &path, "approve_correction", &[("correction", "0")]).await;
    let page = who.clerk.get(&path).await;
    page.shows("这一期限在申请之前或者之后已经届满").shows("申请人来电更正");
    let history = page.text().split_once("class=\"timeline\"").unwrap().1.to_owned();
    let (_, counted) = history.split_once("知道的日期有变，期限重新计算").unwrap();
    assert!(counted.contains("2021年5月6日") && counted.contains("这个日期怎么算"), "{counted}");
}
