//! Coming back to a case by name and phone, without a letter.

use crate::dossiers::{people, recorded, recorded_with};
use crate::office::{Got, TestSite, hidden, site};

/// Types name and phone, and then the code that was sent.
async fn back(site: &TestSite, name: &str, phone: &str) -> Got {
    let stranger = site.stranger();
    site.minute();
    let asked = stranger.submit("/return", &[("name", name), ("phone", phone)]).await;
    asked.is(200);
    let kept = hidden(&asked.text(), "/return");
    let code = site.last_code().await;
    let mut typed: Vec<(&str, &str)> = kept.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    typed.retain(|(name, _)| *name != "csrf");
    typed.push(("code", &code));
    stranger.post("/return", &typed).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_two_sides_share_shows_of_neither_that_it_is_them() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await.replace("/dossier/", "/my/");
    back(&site, "段海", "19900007297").await.went_to(&path);
    // With the phone and the other's name each could come in as the other.
    recorded_with(&who.clerk, &[("respondent/phone", "19900007297")]).await;
    for name in ["段海", "海盐县某某家具店"] {
        back(&site, name, "19900007297").await.is(422).shows("还有别的当事人在用");
    }
    back(&site, "海盐县某某家具店", "19900007298").await.went_to("/my/");
}
