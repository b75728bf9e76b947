//! Coming back to a case by name and phone, without a letter.

use crate::case::{people, recorded, recorded_with, state};
use crate::office::{Got, TestSite, hidden, site};

/// Types name, phone and a code that somebody may have, and then the one that was sent.
async fn back(site: &TestSite, name: &str, phone: &str, access: &str) -> Got {
    let stranger = site.stranger();
    // So many codes go to one phone within ten minutes.
    (0..3).for_each(|_| site.minute());
    let asked = stranger.submit("/return", &[("name", name), ("phone", phone), ("access", access)]).await;
    asked.is(200);
    let kept = hidden(&asked.text(), "/return");
    let code = site.last_code().await;
    let mut typed: Vec<(&str, &str)> = kept.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    typed.retain(|(name, _)| *name != "csrf");
    typed.push(("code", &code));
    stranger.post("/return", &typed).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_names_a_phone_keeps_nobody_out_and_lets_nobody_in() {
    let site = site().await;
    let who = people(&site).await;
    let (own, shop) = ("19900007297", "海盐县某某家具店");
    let first = recorded(&who.clerk).await;
    let path = first.replace("/dossier/", "/my/");
    back(&site, "段海", own, "").await.went_to(&path);
    // Somebody names the same phone as that of another.
    let other = [("applicant/name", "孟守和"), ("applicant/phone", "19900007299"), ("respondent/phone", own)];
    let second = recorded_with(&who.clerk, &other).await;
    for name in ["段海", shop] {
        back(&site, name, own, "").await.is(422).shows("还有别的当事人在用").shows("f-access-error");
    }
    // The code of the own application tells who it is, and that of another case does not.
    let code = |state: yanhe_core::dossier::State| state.access.unwrap();
    let (own_code, other_code) = (code(state(&site, &first).await), code(state(&site, &second).await));
    back(&site, "段海", own, &other_code).await.is(422).shows("f-access-error");
    back(&site, shop, own, &own_code).await.is(422).shows("f-access-error");
    back(&site, "段海", own, &own_code.to_lowercase()).await.went_to(&path);
    back(&site, shop, "19900007298", "").await.went_to("/my/");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_an_application_stands_for_the_clerk_in_the_message_and_opens_the_case() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let code = state(&site, &path).await.access.unwrap();
    let dashed = yanhe_app::dashed(&code);
    who.clerk.get(&path).await.shows("申请人的编码").shows(&dashed);
    let messages = site.app.reader.messages(&yanhe_store_read::Page::first(20)).await.unwrap().rows;
    let texts: Vec<String> =
        messages.iter().filter_map(|m| site.app.open_message(&m.id, &m.body)).map(|m| m["text"].to_string()).collect();
    assert!(texts.iter().any(|text| text.contains(&dashed) && !text.contains("段海")), "{texts:?}");
    // It opens the door to which the name and the phone are still needed.
    let stranger = site.stranger();
    let letter = format!("/l/{code}");
    stranger.get(&letter).await.shows("盐市监调申〔2022〕1号").hides("段海");
    stranger.submit(&letter, &[("name", "孟守和"), ("act", "send")]).await.is(422);
    site.minute();
    let sent = stranger.submit(&letter, &[("name", "段海"), ("act", "send")]).await;
    sent.is(200);
    let mut typed = hidden(&sent.text(), &letter);
    typed.retain(|(name, _)| name != "csrf");
    typed.extend([("code".into(), site.last_code().await), ("act".into(), "try".into())]);
    let typed: Vec<(&str, &str)> = typed.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    stranger.post(&letter, &typed).await.went_to(&path.replace("/dossier/", "/my/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_code_is_sent_within_the_bounds_whoever_asks() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await.replace("/dossier/", "/my/");
    // A name that has no case at this phone reads the same.
    let mut last = Vec::new();
    for (name, phone) in [("孟守和", "19900007555"), ("段海", "19900007297")] {
        let stranger = site.stranger();
        let mut page = stranger.submit("/return", &[("name", name), ("phone", phone)]).await;
        let first = hidden(&page.text(), "/return");
        for _ in 0..4 {
            page.is(200).shows("value=\"send\"");
            let kept = hidden(&page.text(), "/return");
            let mut typed: Vec<(&str, &str)> = kept.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            typed.retain(|(name, _)| *name != "csrf");
            typed.push(("act", "send"));
            site.minute();
            page = stranger.post("/return", &typed).await;
        }
        let kept = hidden(&page.text(), "/return");
        assert_ne!(first, kept, "a code of its own");
        last = kept.into_iter().filter(|(name, _)| name != "csrf").collect();
        let mut typed: Vec<(&str, &str)> = last.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        typed.push(("act", "send"));
        stranger.post("/return", &typed).await.is(422).shows("发送次数太多");
    }
    // The last code that was sent still opens the case.
    let code = site.last_code().await;
    let mut typed: Vec<(&str, &str)> = last.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    typed.extend([("code", code.as_str()), ("act", "try")]);
    site.stranger().post("/return", &typed).await.went_to(&path);
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_for_signing_in_are_bounded_whether_the_phone_is_known_or_not() {
    let site = site().await;
    for phone in ["19900009876", "19900007297"] {
        let stranger = site.stranger();
        for _ in 0..5 {
            stranger.submit("/sign-in", &[("phone", phone)]).await.is(200);
            site.minute();
        }
        stranger.submit("/sign-in", &[("phone", phone)]).await.is(422).shows("发送次数太多，请十分钟后再试");
    }
}
