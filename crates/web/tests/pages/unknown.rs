//! What no link and no button of a page asks for.

use crate::case::{people, recorded, state};
use crate::office::site;

#[tokio::test(flavor = "multi_thread")]
async fn what_no_page_asks_for_is_refused_in_the_readers_language_and_does_nothing() {
    let site = site().await;
    let stranger = site.stranger();
    for (address, name) in [
        ("/preferences?lang=fr&back=/", "lang"),
        ("/preferences?type=huge", "type"),
        ("/figures?from=gestern", "from"),
        ("/figures?from=2022-03-02&to=2022-03-01", "to"),
    ] {
        stranger.get(address).await.is(400).shows(&format!("“{name}”"));
    }
    stranger.get("/preferences?lang=en&back=/").await.is(303);
    stranger.get("/figures?from=2022-01-01&to=2022-03-01").await.is(200).shows("按办理日期统计");
    stranger.get("/").await.shows("href=\"/return\"");
    let clerk = people(&site).await.clerk;
    let path = recorded(&clerk).await;
    let before = state(&site, &path).await;
    clerk.submit(&format!("{path}/ask_consent"), &[("do", "dance")]).await.is(400).shows("没有这个按钮");
    assert_eq!(state(&site, &path).await, before);
}
