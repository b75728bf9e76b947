//! The stage door of a demonstration.

use crate::site::County;

#[tokio::test(flavor = "multi_thread")]
async fn anybody_can_be_anybody_and_reads_the_phone() {
    let county = County::new().await;
    county.letter("HY202207140001", "沈知夏", Some("19900001001")).await;
    let mut browser = county.browser();
    assert_eq!(browser.open("/demo").await.status, 200);
    let answer = browser.press("/demo/as", &[("who", "admin"), ("back", "//elsewhere.example")]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/"));
    let page = browser.open("/demo/phone?number=19900001001").await;
    assert!(page.says("告知引导书") && page.says("/l/"), "{}", page.body);
    assert!(browser.open("/demo/phone?number=19900009999").await.says("没有短信"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_registers_one_matter_and_shows_the_next_step() {
    let county = County::new().await;
    let mut browser = county.browser();
    browser.open("/tour").await;
    let first = browser.press("/tour/begin", &[]).await;
    let second = browser.press("/tour/begin", &[]).await;
    assert_eq!((first.status, &first.location), (303, &second.location));
    let page = browser.show(first).await.clone();
    assert!(page.says("1. 发出告知引导书") && page.says("的身份打开"), "{}", page.body);
    assert!(page.says("后面还有 18 步") && !page.says("已经走过的"), "{}", page.body);
    assert!(!page.says("回到导览"), "it is the tour's own page");
    // From every other page the bar leads back to the step that is next.
    let back = format!("href=\"{}#now\"", second.location);
    assert!(browser.open("/help").await.says(&back), "{}", browser.page.body);
    assert_eq!(browser.open("/tour/0000").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_stands_in_its_field_where_nobody_has_the_phone() {
    let county = County::new().await;
    let (_, letter) = county.letter("HY202207140009", "沈知夏", Some("19900001001")).await;
    let mut browser = county.browser();
    let page = format!("/l/{letter}");
    browser.open(&page).await;
    browser.post(&page, &[("name", "沈知夏"), ("act", "send")]).await;
    let code = county.code().await;
    assert!(browser.page.says(&format!("value=\"{code}\"")), "{}", browser.page.body);
    assert!(browser.page.says("发到 19900001001 的验证码已经填好"), "{}", browser.page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_refuses_what_is_no_time_and_what_has_passed() {
    let county = County::new().await;
    let mut browser = county.browser();
    browser.open("/demo").await;
    let answer = browser.press("/demo/clock", &[("to", "soon")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.says("value=\"soon\""));
}
