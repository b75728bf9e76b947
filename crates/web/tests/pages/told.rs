//! Answers and what was told by word of mouth: on which day it counts, and how it is shown.

use yanhe_app::Request;
use yanhe_core::dossier::{self};
use yanhe_core::policy::{Actor, Role};

use crate::case::*;
use crate::office::{Browser, TestSite, site};

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_told_yesterday_is_recorded_as_of_yesterday() {
    let site = site().await;
    let who = people(&site).await;
    let told = |day: &str| [application(&id_number()), vec![("told_on", day.to_owned())]].concat();
    for wrong in ["2022-03-09", "2022-01-03", "2021-12-01"] {
        who.clerk.submit("/dossiers/new", &pairs(&told(wrong))).await.is(422).shows("f-told_on-error");
    }
    who.clerk.get("/dossiers/new").await.shows("name=\"told_on\"").shows("value=\"2022-03-08\"");
    let got = who.clerk.submit("/dossiers/new", &pairs(&told("2022-03-07"))).await;
    got.went_to("/dossier/");
    let state = state(&site, got.location.split('?').next().unwrap()).await;
    let day = yanhe_core::values::parse_date("2022-03-07").unwrap();
    assert_eq!((state.applied_on, state.accept_by.from), (day, day));
    assert!(state.limits.iter().all(|limit| limit.deadline.from == day), "{:?}", state.limits);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_long_ago_is_recorded_with_a_reason_that_the_history_shows() {
    let site = site().await;
    let who = people(&site).await;
    let told = |why: &str| {
        let said = vec![("told_on", "2022-03-03".to_owned()), ("told_late", why.to_owned())];
        [application(&id_number()), said].concat()
    };
    who.clerk.submit("/dossiers/new", &pairs(&told(" "))).await.is(422).shows("f-told_late-error");
    let why = "值班记录没有及时转交";
    let got = who.clerk.submit("/dossiers/new", &pairs(&told(why))).await;
    got.went_to("/dossier/");
    who.clerk.get(got.location.split('?').next().unwrap()).await.shows(why);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_an_answer_stands_on_the_case_once_it_runs() {
    let site = site().await;
    let who = people(&site).await;
    let by_post = [("respondent/phone", ""), ("respondent/address", "武原街道279号")];
    let path = recorded_with(&who.clerk, &by_post).await;
    act(&who.clerk, &path, "ask_consent", &[]).await;
    assert!(state(&site, &path).await.consents[0].sent.is_none(), "it lies on the desk");
    let limit = "limit-mediation-consent";
    who.clerk.get(&path).await.shows("答复期间没有开始计算").hides(limit);
    answered(&who, &path).await;
    let page = who.clerk.get(&path).await;
    page.shows(limit);
    let history = page.text().split_once("class=\"timeline\"").unwrap().1.to_owned();
    assert!(history.contains("这个日期怎么算"), "the limit that the history names is explained there too");
}

/// The letter that asks is handed over today.
pub async fn handed_over(clerk: &Browser, site: &TestSite, path: &str) {
    let letter = state(site, path).await.consents[0].paper.id.clone();
    let to = format!("/paper/{}/record_service", letter.key());
    let day = site.app.today().to_string();
    let typed = [("manner", "direct"), ("on", &day), ("served", "yes"), ("receiver", "店员"), ("note", "")];
    clerk.submit(&to, &typed).await.went_to("/");
    site.app.run_due().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_told_by_message_to_a_phone_that_the_applicant_named_is_served_by_the_clerk() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    act(&who.clerk, &path, "ask_consent", &[]).await;
    site.app.run_due().await.unwrap();
    let letter = state(&site, &path).await.consents[0].paper.id.clone();
    let (told, limit) = ("不能证明本人收到", "limit-mediation-consent");
    who.clerk.get(&path).await.shows(told).shows(&format!("href=\"/paper/{}\"", letter.key())).hides(limit);
    who.clerk.get("/work").await.shows(letter.key());
    handed_over(&who.clerk, &site, &path).await;
    who.clerk.get(&path).await.hides(told).shows(limit);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_by_a_phone_that_the_applicant_named_is_shown_to_the_clerk_until_the_identity_is_checked() {
    let site = site().await;
    let who = people(&site).await;
    let own = application(&id_number()).into_iter().map(|(name, value)| match name {
        "respondent/phone" => (name, "19900007297".to_owned()),
        _ => (name, value),
    });
    let own: Vec<_> = own.collect();
    let refused = who.clerk.submit("/dossiers/new", &pairs(&own)).await;
    refused.is(422).shows("f-respondent/phone-error").shows("不知道对方号码的，请留空");
    let path = recorded(&who.clerk).await;
    act(&who.clerk, &path, "ask_consent", &[]).await;
    let shop = Actor::party(&state(&site, &path).await.respondents[0].person);
    let on = "2022-03-08".parse().unwrap();
    let answer = dossier::Decision::Yes;
    let yes =
        dossier::Command::AnswerConsent { answer, on, person: None, slip: None, how: String::new(), electronic: None };
    site.app.handle(Request::one(&shop, "yes", &stream(&path), yes)).await.unwrap();
    let (named, accept) = ("身份还没有核对", format!("{path}/accept_application"));
    who.clerk.get(&path).await.shows("手机号由对方当事人提供，身份还没有核对");
    who.clerk.get(&accept).await.shows("海盐县某某家具店的答复来自对方当事人提供的手机号").shows(named);
    identified(&who, &path).await;
    who.clerk.get(&accept).await.hides(named);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_side_has_its_whole_limit_where_the_organ_asks_too_late() {
    let site = site().await;
    let clerk = site.signed_in(ORGAN, Role::Clerk).await;
    let path = recorded(&clerk).await;
    // The organ's own last day was 15 March; five working days from 21 March end on the 28th.
    site.wait_until("2022-03-21T01:00:00Z").await;
    let clerk = site.signed_in(ORGAN, Role::Clerk).await;
    let to = format!("{path}/ask_consent");
    clerk.get(&to).await.is(200).shows("海盐县某某家具店").shows("2022年3月28日");
    clerk.forge(&to, &[("key", "x"), ("version", "1")]).await.is(403);
    assert!(state(&site, &path).await.consents.is_empty());
    act(&clerk, &path, "ask_consent", &[]).await;
    assert_eq!(state(&site, &path).await.consents[0].due.last_day.to_string(), "2022-03-28");
    // That the letter was received, and its days run, is told to the case by what follows the act.
    handed_over(&clerk, &site, &path).await;
    clerk.get(&path).await.shows("2022年3月15日").shows("2022年3月28日").shows("已过 6 天");
    clerk.get(&to).await.shows("征求对方意见").hides("<form method=\"post\" action=\"/dossier/");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_given_a_case_by_somebody_else_is_told_by_message() {
    let site = site().await;
    let who = people(&site).await;
    let path = mediating(&who).await;
    let number = state(&site, &path).await.application.number;
    let told = async |what: &str| {
        let messages = site.app.reader.messages(&yanhe_store_read::Page::first(100)).await.unwrap().rows;
        let texts = messages.iter().filter_map(|m| site.app.open_message(&m.id, &m.body));
        texts.filter(|m| m["text"].to_string().contains(&format!("案件{number}{what}"))).count()
    };
    assert_eq!(told("由您调解").await, 1);
    let [clerk, leader] = [site.staff(ORGAN, Role::Clerk).await, site.staff(ORGAN, Role::Leader).await];
    act(&who.leader, &path, "reassign_dossier", &[("staff", &leader.actor.id)]).await;
    assert_eq!(told("已改派给您经办").await, 0, "who takes a case knows of it");
    act(&who.leader, &path, "reassign_dossier", &[("staff", &clerk.actor.id)]).await;
    assert_eq!(told("已改派给您经办").await, 1);
    // What the mediator has to do is moved with the case, one press from the list.
    let list = who.leader.get("/work?role=all").await;
    list.is(200).shows(&format!("{path}/replace_mediator\">更换调解员")).shows("调解员的事项随案件一起移交");
    who.leader.get("/work?role=clerk").await.hides("调解员的事项随案件一起移交");
}
