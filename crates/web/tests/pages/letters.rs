//! Letters by state: print runs, service one by one and for many, addresses, notices.

use yanhe_core::paper::{self, Paper};
use yanhe_core::policy::Role;
use yanhe_core::{StreamId, matter};

use crate::site::{Browser, County, ORGAN};

async fn letter(county: &County, number: &str, phone: Option<&str>) -> StreamId {
    let (stream, _) = county.letter(number, "郭阿海", phone).await;
    county.app.state::<matter::Matter>(&stream).await.unwrap().unwrap().letters[0].0.paper.id.clone()
}

async fn state(county: &County, paper: &StreamId) -> paper::State {
    county.app.state::<Paper>(paper).await.unwrap().unwrap()
}

async fn clerk(county: &County) -> Browser {
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    county.signed_in(&clerk, "经办").await
}

#[tokio::test]
async fn letters_are_printed_together_once_and_then_wait_for_service() {
    let county = County::new().await;
    let papers = [letter(&county, "HY1", None).await, letter(&county, "HY2", None).await];
    let mut browser = clerk(&county).await;
    let page = browser.open("/letters").await.clone();
    assert!(page.says("调告") && page.says("打印后送达"), "{}", page.body);
    assert!(page.says("aria-current=\"page\">待发送 <span class=\"count\">2</span>"), "{}", page.body);
    let boxes: String = papers.iter().map(|p| format!("&paper={}", p.key())).collect();
    let run = browser.press_many("/letters/chosen", &[("do", "print")], &boxes).await;
    assert_eq!(run.status, 303, "{}", run.body);
    assert_eq!(browser.press_many("/letters/chosen", &[("do", "print")], &boxes).await.location, run.location);
    let runs = browser.open(&run.location).await.clone();
    assert_eq!(runs.body.matches("/print-run/").count(), 2, "one run, and the press of the notice: {}", runs.body);
    let start = runs.body.find("/print-run/").unwrap();
    let href = runs.body[start..].split('"').next().unwrap().to_owned();
    assert!(browser.open(&href).await.body.starts_with("%PDF"));
    for paper in &papers {
        assert_eq!(state(&county, paper).await.standing(), "sent");
    }
    assert!(browser.open("/letters?show=issued").await.says("这里没有文书"));
    let sent = browser.open("/letters?show=sent").await;
    assert!(
        sent.says("调告") && sent.says("<span class=\"count\">2</span>") && sent.says("<span class=\"count\">0</span>")
    );
    // Another office neither lists nor opens them.
    let other = county.staff("gongan", Role::Clerk).await;
    let mut stranger = county.signed_in(&other, "经办").await;
    assert_eq!(stranger.open(&href).await.status, 404);
    assert_eq!(stranger.open(&format!("/letters/{}", papers[0].key())).await.status, 404);
    stranger.open("/letters").await;
}

#[tokio::test]
async fn the_service_of_a_decision_is_recorded_with_that_of_the_letter_which_goes_with_it() {
    let county = County::new().await;
    let by = county.staff(ORGAN, Role::Clerk).await;
    let fine = crate::apply::fine(&county);
    let stream = matter::stream(fine.source, &fine.number);
    let number = fine.number.clone();
    county.run(&by, &stream, matter::Command::Register { matter: Box::new(fine) }).await;
    county.run(&by, &stream, matter::Command::ConfirmLetter { reason: "示例".into() }).await;
    let letter = county.app.state::<matter::Matter>(&stream).await.unwrap().unwrap().letters[0].0.paper.id.clone();
    let mut browser = county.signed_in(&by, "经办").await;
    browser.open("/letters").await;
    let many = browser.press_many("/letters/chosen", &[("do", "serve")], &format!("&paper={}", letter.key())).await;
    assert!(many.says("决定书的送达同时登记"), "{}", many.body);
    let path = format!("/paper/{}/record_service", letter.key());
    assert!(browser.open(&path).await.says(&format!("随决定书 {number} 一起送达")), "{}", browser.page.body);
    let handed =
        [("manner", "direct"), ("on", "2022-07-14"), ("served", "yes"), ("receiver", "沈知夏"), ("handed", "yes")];
    assert_eq!(browser.press(&path, &handed).await.status, 303);
    county.app.run_due().await.unwrap();
    let state = county.app.state::<matter::Matter>(&stream).await.unwrap().unwrap();
    assert_eq!(state.served_on, Some(county.app.today()));
    let page = browser.open(&format!("/matter/{}", stream.key())).await;
    assert!(!page.says("暂按决定日期") && !page.says("起算日是推定的"), "{}", page.body);
}

#[tokio::test]
async fn printing_a_letter_that_has_no_address_sends_it_nowhere() {
    let county = County::new().await;
    let known = letter(&county, "HY1", None).await;
    let nobody = yanhe_core::party::Party::human(yanhe_core::PersonId(county.app.fresh_key()), "郭阿海");
    let (stream, _) = county.letter_to("HY2", nobody).await;
    let unknown = county.app.state::<matter::Matter>(&stream).await.unwrap().unwrap().letters[0].0.paper.id.clone();
    let mut browser = clerk(&county).await;
    browser.open("/letters").await;
    let boxes = format!("&paper={}&paper={}", known.key(), unknown.key());
    let run = browser.press_many("/letters/chosen", &[("do", "print")], &boxes).await;
    let again = browser.press_many("/letters/chosen", &[("do", "print")], &boxes).await;
    assert_eq!((run.status, &again.location), (303, &run.location), "{}", run.body);
    assert!(browser.open(&run.location).await.says("其中 1 份没有送达地址或者电话"), "{}", browser.page.body);
    assert_eq!(state(&county, &known).await.standing(), "sent");
    assert_eq!(state(&county, &unknown).await.desk(), "address_needed");
}

#[tokio::test]
async fn nothing_chosen_is_said() {
    let county = County::new().await;
    letter(&county, "HY1", None).await;
    let mut browser = clerk(&county).await;
    browser.open("/letters").await;
    let answer = browser.press("/letters/chosen", &[("do", "print")]).await;
    assert!(answer.status == 422 && answer.says("请先勾选文书"), "{}", answer.body);
}

#[tokio::test]
async fn many_are_served_on_one_day_each_with_its_proof() {
    let county = County::new().await;
    let papers = [letter(&county, "HY1", None).await, letter(&county, "HY2", None).await];
    let mut browser = clerk(&county).await;
    browser.open("/letters").await;
    let boxes: String = papers.iter().map(|p| format!("&paper={}", p.key())).collect();
    let form = browser.press_many("/letters/chosen", &[("do", "serve")], &boxes).await;
    assert!(form.status == 200 && form.says("action=\"/letters/served\""), "{}", form.body);
    browser.page = form;
    let bad = browser.press("/letters/served", &[("manner", "pigeon"), ("on", "2022-07-15")]).await;
    assert!(bad.status == 422 && bad.says("f-manner-error") && bad.says("f-on-error"), "{}", bad.body);
    // Nothing says that these left the house: only what was handed over was served.
    let unsent = browser.press("/letters/served", &[("manner", "direct"), ("on", "2022-07-14")]).await;
    assert!(unsent.status == 422 && unsent.says("f-handed-error"), "{}", unsent.body);
    let handed = [("manner", "direct"), ("on", "2022-07-14"), ("handed", "yes")];
    let done = browser.press("/letters/served", &handed).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(browser.open(&done.location).await.says("已登记 2 份文书送达"));
    for paper in &papers {
        let state = state(&county, paper).await;
        assert_eq!(state.standing(), "served");
        assert_eq!(state.services.len(), 1);
        let proof = browser.open(&format!("/paper/{}", state.services[0].proof.id.key())).await;
        assert_eq!(proof.kind, "application/pdf");
    }
}

#[tokio::test]
async fn what_was_left_behind_is_recorded_one_by_one_with_its_reason_and_witness() {
    let county = County::new().await;
    let papers = [letter(&county, "HY1", None).await, letter(&county, "HY2", None).await];
    let mut browser = clerk(&county).await;
    browser.open("/letters").await;
    let boxes: String = papers.iter().map(|p| format!("&paper={}", p.key())).collect();
    let form = browser.press_many("/letters/chosen", &[("do", "serve")], &boxes).await;
    assert!(!form.says("value=\"left\"") && !form.says("value=\"notice\""), "{}", form.body);
    browser.page = form;
    let left = [("manner", "left"), ("on", "2022-07-14"), ("handed", "yes")];
    assert!(browser.press("/letters/served", &left).await.says("f-manner-error"));
    let path = format!("/paper/{}/record_service", papers[0].key());
    browser.open(&path).await;
    let mut left = vec![("manner", "left"), ("on", "2022-07-14"), ("served", "yes"), ("handed", "yes")];
    let bare = browser.press(&path, &left).await;
    assert!(bare.status == 422 && bare.says("f-witness-error") && bare.says("f-note-error"), "{}", bare.body);
    left.extend([("witness", "沈某"), ("note", "当面拒收")]);
    assert_eq!(browser.press(&path, &left).await.status, 303);
    let service = state(&county, &papers[0]).await.services.remove(0);
    assert!(browser.open(&format!("/letters/{}", papers[0].key())).await.says("见证人：沈某"));
    // The page of the proof says what it proves, and asks for no service of its own.
    let proof = browser.open(&format!("/letters/{}", service.proof.id.key())).await;
    assert!(proof.says("留置送达") && proof.says("见证人：沈某") && proof.says("郭阿海"), "{}", proof.body);
    assert!(proof.says(&format!("/letters/{}", papers[0].key())) && !proof.says("都请登记"), "{}", proof.body);
}

#[tokio::test]
async fn each_wrong_value_of_a_service_is_marked() {
    let county = County::new().await;
    let paper = letter(&county, "HY1", None).await;
    let mut browser = clerk(&county).await;
    let path = format!("/paper/{}/record_service", paper.key());
    let page = browser.open(&path).await.clone();
    assert!(
        page.says("郭阿海") && !page.says(" checked") && !page.says(" selected"),
        "nothing is chosen: {}",
        page.body
    );
    // A letter that nobody sent can only have been handed over, which is said.
    let untouched = browser.press(&path, &[("on", "2022-07-14")]).await;
    assert!(untouched.says("f-served-error") && untouched.says("f-manner-error"), "{}", untouched.body);
    let unsent = [("manner", "post"), ("on", "2022-07-14"), ("served", "yes"), ("receiver", "郭阿海")];
    let told = browser.press(&path, &unsent).await;
    assert!(told.says("f-manner-error") && told.says("f-handed-error"), "{}", told.body);
    let send = format!("/paper/{}/dispatch_paper", paper.key());
    browser.open(&send).await;
    assert_eq!(browser.press(&send, &[("channel", "mail"), ("to", "枫溪新村十二幢")]).await.status, 303);
    browser.open(&path).await;
    let good = [("manner", "post"), ("on", "2022-07-14"), ("served", "yes"), ("receiver", "郭阿海"), ("note", "")];
    for (field, value, marked) in [
        ("manner", "", "manner"),
        ("manner", "pigeon", "manner"),
        ("on", "", "on"),
        ("on", "2022-07-15", "on"),
        ("on", "2022-07-13", "on"),
        ("served", "", "served"),
        ("receiver", " ", "receiver"),
    ] {
        let typed: Vec<_> = good.iter().map(|(k, v)| (*k, if *k == field { value } else { *v })).collect();
        let answer = browser.press(&path, &typed).await;
        assert!(answer.status == 422 && answer.says(&format!("f-{marked}-error")), "{field}={value}: {}", answer.body);
    }
    let failed = [("manner", "post"), ("on", "2022-07-14"), ("served", "no"), ("receiver", ""), ("note", "")];
    assert!(browser.press(&path, &failed).await.says("f-note-error"));
    assert!(state(&county, &paper).await.services.is_empty());
    let (first, again) = (browser.press(&path, &good).await, browser.press(&path, &good).await);
    assert_eq!((first.status, again.status), (303, 303));
    assert_eq!(state(&county, &paper).await.services.len(), 1);
    assert!(browser.open(&path).await.says("现在不能办理"));
}

#[tokio::test]
async fn an_address_that_was_needed_is_found() {
    let county = County::new().await;
    let paper = letter(&county, "HY1", None).await;
    let mut browser = clerk(&county).await;
    let path = format!("/paper/{}/dispatch_paper", paper.key());
    browser.open(&path).await;
    for (channel, to) in [("", ""), ("pigeon", ""), ("sms", ""), ("sms", "12"), ("sms", "0573-86020000")] {
        let answer = browser.press(&path, &[("channel", channel), ("to", to)]).await;
        assert_eq!(answer.status, 422, "{channel} {to}");
    }
    let answer = browser.press(&path, &[("channel", "sms"), ("to", "199 0000 4321")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let state = state(&county, &paper).await;
    assert_eq!(state.standing(), "sent");
    assert_eq!(state.issued.addressee.unwrap().phone.unwrap().text(), "19900004321");
}

/// A leader of the organ, signed in.
async fn leader(county: &County) -> Browser {
    let leader = county.staff(ORGAN, Role::Leader).await;
    county.signed_in(&leader, "分管").await
}

#[tokio::test]
async fn a_paper_is_voided_by_a_numbered_notice_that_one_asks_for_and_another_approves() {
    let county = County::new().await;
    let paper = letter(&county, "HY1", None).await;
    let path = |act: &str| format!("/paper/{}/{act}", paper.key());
    let mut clerk = clerk(&county).await;
    clerk.open(&path("void_paper")).await;
    assert!(clerk.press(&path("void_paper"), &[("reason", "")]).await.says("f-reason-error"));
    let answer = clerk.press(&path("void_paper"), &[("reason", "收件人写错")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = clerk.open(&answer.location).await.clone();
    assert!(page.says("等待负责人批准") && !page.says("已作废"), "{}", page.body);
    assert_eq!(clerk.open(&path("approve_notice")).await.status, 403);
    let mut browser = leader(&county).await;
    assert!(browser.open("/work").await.says(&path("approve_notice")), "it lies on the leader's desk");
    let form = browser.open(&path("approve_notice")).await.clone();
    assert!(form.says(&path("refuse_notice")), "whoever may approve may refuse: {}", form.body);
    assert!(form.says("收件人写错") && form.says("申请作废"), "{}", form.body);
    let answer = browser.press(&path("approve_notice"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = browser.open(&answer.location).await.clone();
    assert!(page.says("调废") && page.says("已作废"), "{}", page.body);
    assert!(page.says("不再送达") && !page.says("都请登记"), "nothing is asked of a voided paper: {}", page.body);
    // The acts behind the number say how it comes about.
    county.app.run_due().await.unwrap();
    let acts = browser.open("/board/acts?name=letter_copies&from=2022-01-01&to=2022-12-31").await.clone();
    assert!(acts.says("合计 0") && acts.says("1 − 1 = 0"), "{}", acts.body);
    assert!(browser.open("/letters?show=voided").await.says("调告"));
}

#[tokio::test]
async fn whoever_asked_for_a_notice_does_not_approve_it_and_may_be_refused() {
    let county = County::new().await;
    let paper = letter(&county, "HY1", None).await;
    let path = |act: &str| format!("/paper/{}/{act}", paper.key());
    let mut browser = leader(&county).await;
    browser.open(&path("void_paper")).await;
    assert_eq!(browser.press(&path("void_paper"), &[("reason", "收件人写错")]).await.status, 303);
    assert!(browser.open(&path("approve_notice")).await.says("要由另一位负责人批准"));
    assert!(state(&county, &paper).await.void.is_none());
}

#[tokio::test]
async fn a_leader_is_told_who_should_ask_and_takes_the_own_request_back() {
    let county = County::new().await;
    let paper = letter(&county, "HY1", None).await;
    let path = |act: &str| format!("/paper/{}/{act}", paper.key());
    let mut browser = leader(&county).await;
    assert!(browser.open(&path("void_paper")).await.says("请让经办人或者调解员申请"));
    assert_eq!(browser.press(&path("void_paper"), &[("reason", "收件人写错")]).await.status, 303);
    let mut clerk = clerk(&county).await;
    let page = clerk.open(&format!("/letters/{}", paper.key())).await.clone();
    assert!(page.says("等待负责人批准") && !page.says(&path("withdraw_notice")), "{}", page.body);
    let page = browser.open(&format!("/letters/{}", paper.key())).await.clone();
    assert!(page.says(&path("withdraw_notice")) && !page.says(&path("approve_notice")), "{}", page.body);
    assert!(browser.open(&path("withdraw_notice")).await.says("收件人写错"));
    assert_eq!(browser.press(&path("withdraw_notice"), &[]).await.status, 303);
    assert!(state(&county, &paper).await.asked.is_none());
    assert!(browser.open(&format!("/letters/{}", paper.key())).await.says("撤回了作废或者更正的申请"));
    let form = clerk.open(&path("void_paper")).await.clone();
    assert!(!form.says("请让经办人") && form.says("f-reason"), "{}", form.body);
}

#[tokio::test]
async fn a_service_that_never_was_is_corrected_and_its_proof_falls() {
    let county = County::new().await;
    let paper = letter(&county, "HY1", None).await;
    let path = |act: &str| format!("/paper/{}/{act}", paper.key());
    let mut clerk = clerk(&county).await;
    clerk.open(&path("record_service")).await;
    let served = [("manner", "direct"), ("on", "2022-07-14"), ("served", "yes"), ("receiver", "郭阿海")];
    let handed: Vec<_> = served.iter().copied().chain([("handed", "yes")]).collect();
    assert_eq!(clerk.press(&path("record_service"), &handed).await.status, 303);
    county.app.run_due().await.unwrap();
    county.minute();
    let proof = state(&county, &paper).await.services[0].proof.id.clone();
    assert!(clerk.open(&format!("/paper/{}/void_paper", proof.key())).await.says("更正送达记录"), "not by itself");
    clerk.open(&path("correct_service")).await;
    let nothing = clerk.press(&path("correct_service"), &[("proof", proof.key())]).await;
    assert!(nothing.says("f-served-error") && nothing.says("f-reason-error"), "{}", nothing.body);
    let never = [("proof", proof.key()), ("served", "none"), ("reason", "误按")];
    assert_eq!(clerk.press(&path("correct_service"), &never).await.status, 303);
    let mut browser = leader(&county).await;
    let form = browser.open(&path("approve_notice")).await.clone();
    assert!(form.says("没有送达") && form.says("直接送达") && form.says("误按"), "{}", form.body);
    assert_eq!(browser.press(&path("approve_notice"), &[]).await.status, 303);
    county.app.run_due().await.unwrap();
    let state = state(&county, &paper).await;
    assert_eq!((state.standing(), state.corrections.len()), ("issued", 1));
    assert!(browser.open(&format!("/letters/{}", paper.key())).await.says("已更正"));
    let fallen = county.app.state::<Paper>(&proof).await.unwrap().unwrap().void.expect("the proof is void");
    assert_eq!(fallen.notice.number, state.corrections[0].notice.number);
    let acts = browser.open("/board/acts?name=letters_served&from=2022-01-01&to=2022-12-31").await.clone();
    assert!(acts.says("合计 0"), "{}", acts.body);
}

#[tokio::test]
async fn a_correction_says_what_was_wrong_and_what_is_right() {
    let county = County::new().await;
    let paper = letter(&county, "HY1", None).await;
    let mut browser = clerk(&county).await;
    let path = format!("/paper/{}/correct_paper", paper.key());
    browser.open(&path).await;
    let empty = browser.press(&path, &[("before", ""), ("after", ""), ("reason", "")]).await;
    for field in ["before", "after", "reason"] {
        assert!(empty.says(&format!("f-{field}-error")));
    }
    let same = browser.press(&path, &[("before", "郭阿海"), ("after", " 郭阿海"), ("reason", "笔误")]).await;
    assert!(same.status == 422 && same.says("f-after-error"), "{}", same.body);
    assert!(state(&county, &paper).await.corrections.is_empty(), "a notice that says nothing is not issued");
    let never = browser.press(&path, &[("before", "罚款一百元"), ("after", "郭阿梅"), ("reason", "笔误")]).await;
    assert!(never.status == 422 && never.says("文书里没有这段话"), "{}", never.body);
    let answer = browser.press(&path, &[("before", "郭阿海"), ("after", "郭阿梅"), ("reason", "笔误")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let mut browser = leader(&county).await;
    let approve = format!("/paper/{}/approve_notice", paper.key());
    assert!(browser.open(&approve).await.says("郭阿梅"));
    let answer = browser.press(&approve, &[]).await;
    assert!(browser.open(&answer.location).await.says("调正"));
}
