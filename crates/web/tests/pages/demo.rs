//! The stage door of a demonstration.

use yanhe_core::policy::Actor;
use yanhe_core::time::{at_county, county_time};
use yanhe_core::{StreamId, StreamKind, audit};

use crate::site::{Answer, County};

#[tokio::test(flavor = "multi_thread")]
async fn anybody_can_be_anybody_and_reads_the_phone() {
    let county = County::new().await;
    county.letter("HY202207140001", "沈知夏", Some("19900001001")).await;
    let mut browser = county.browser();
    let door = browser.open("/demo").await;
    assert!(door.status == 200 && door.says("href=\"/gallery\""), "{}", door.body);
    let answer = browser.press("/demo/as", &[("who", "admin"), ("back", "//elsewhere.example")]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/"));
    let page = browser.open("/demo/phone?number=19900001001").await;
    assert!(page.says("告知引导书") && page.says("/l/"), "{}", page.body);
    assert!(browser.open("/demo/phone?number=19900009999").await.says("没有短信"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_county_in_production_has_none_of_a_demonstrations_doors() {
    let county = County::production().await;
    let mut browser = county.browser();
    for path in ["/demo", "/demo/phone", "/tour", "/gallery"] {
        let page = browser.open(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(!page.says("周映雪"), "{path}");
    }
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
    assert!(page.says("第 1 步（共 19 步）：发出告知引导书") && page.says("的身份亲手办"), "{}", page.body);
    assert!(page.says("后面还有 18 步") && !page.says("已经走过的"), "{}", page.body);
    // From every other page the bar leads back to the step that is next.
    let back = format!("href=\"{}#now\"", second.location);
    assert!(!page.says(&back), "it is the tour's own page");
    assert!(browser.open("/help").await.says(&back), "{}", browser.page.body);
    assert_eq!(browser.open("/tour/0000").await.status, 404);
    // What is not done is not told as done, and the story is that of no other dispute.
    for address in [format!("{}?played=seal", second.location), format!("{}?played=letter", second.location)] {
        assert!(!browser.open(&address).await.says("已代您办好"), "{}", browser.page.body);
    }
    browser.open(&second.location).await;
    let out_of_order = browser.press(&format!("{}/play", second.location), &[("step", "seal")]).await;
    assert!(!browser.show(out_of_order).await.says("已代您办好"), "{}", browser.page.body);
    let (other, _) = county.letter("HY202207140009", "陆明", Some("19900001009")).await;
    assert_eq!(browser.open(&format!("/tour/{}", other.key())).await.status, 404);
}

/// The step for which the page of a tour has a button that does it.
fn offered(page: &Answer, action: &str) -> Option<String> {
    let form = page.says(&format!("action=\"{action}\"")).then(|| page.hidden(action))?;
    form.into_iter().find(|(name, _)| name == "step").map(|(_, step)| step)
}

/// The sentences of the step that is next on the page of a tour, above its buttons and what is only to be copied.
fn said(page: &Answer) -> String {
    let panel = page.body.split("<section class=\"panel\"").nth(1).unwrap();
    let panel = panel.split("<section").next().and_then(|above| above.split("<form").next()).unwrap();
    let texts = panel.split('<').skip(1).filter_map(|part| part.split_once('>'));
    texts.map(|(_, text)| text.trim()).collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_comes_to_the_ruling_by_its_buttons_alone() {
    let county = County::new().await;
    let mut browser = county.browser();
    let start = browser.open("/tour").await;
    let minutes = start.body.split("约 ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
    assert!(minutes.parse::<u32>().unwrap() <= 10, "{minutes} minutes as it is proposed");
    let page = browser.press("/tour/begin", &[]).await.location;
    let play = format!("{page}/play");
    let mut done = Vec::new();
    browser.open(&page).await;
    while let Some(step) = offered(&browser.page, &play) {
        assert!(!done.contains(&step), "`{step}` is not done by its button: {}", browser.page.body);
        // A quarter of a minute is enough to read what is to be done, why, and what follows.
        let mut english = browser.clone();
        english.speak("en");
        let (zh, en) = (said(&browser.page), said(english.open(&page).await));
        assert!(zh.contains("为什么这样办：") && zh.contains("办完以后："), "{zh}");
        assert!(en.contains("Why: ") && en.contains("Afterwards: "), "{en}");
        assert!(zh.chars().count() <= 180 && en.split_whitespace().count() <= 90, "{zh} {en}");
        if step == "mediate" {
            // The session lies ahead, and the clock of a test is moved by the test.
            county.clock.set("2022-07-15T04:00:00Z".parse().unwrap());
        }
        browser.post(&play, &[]).await;
        assert!(browser.page.says("已代您办好"), "{step}: {}", browser.page.body);
        done.push(step);
    }
    assert_eq!(done.len(), 18, "{done:?}");
    assert_eq!(browser.page.body.matches("已代办").count(), 18, "{}", browser.page.body);
    assert!(browser.page.says("只剩下看一看"), "{}", browser.page.body);
    // The papers of it are those of any dispute.
    let messages = county.messages().await;
    assert!(messages > 10, "{messages}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_was_pressed_twice_is_done_once_and_another_way_is_told() {
    let county = County::new().await;
    let mut browser = county.browser();
    browser.open("/tour").await;
    let page = browser.press("/tour/begin", &[]).await.location;
    let play = format!("{page}/play");
    browser.open(&page).await;
    browser.press(&play, &[]).await;
    let after = county.messages().await;
    // The same button of a page that is not fresh any more: the letter went out, and nothing else is done.
    let again = browser.press(&play, &[]).await;
    assert_eq!((again.status, county.messages().await), (303, after));
    for step in ["apply", "ask"] {
        browser.open(&page).await;
        assert_eq!(offered(&browser.page, &play).as_deref(), Some(step));
        browser.press(&play, &[]).await;
    }
    // The shop says no by hand, and the tour does not go on as if it had said yes.
    let shop = browser.open(&page).await.hidden("/demo/as");
    let typed: Vec<(&str, &str)> = shop.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let case = browser.post("/demo/as", &typed).await.clone();
    let answer =
        case.body.split("action=\"").find_map(|form| form.split_once("/answer\"")).unwrap().0.to_owned() + "/answer";
    browser.press(&answer, &[("answer", "no"), ("sure", "yes")]).await;
    county.app.run_due().await.unwrap();
    browser.open(&page).await;
    let stopped = browser.press(&play, &[]).await;
    assert_eq!(stopped.status, 422);
    assert!(stopped.says("这一步没有代办成"), "{}", stopped.body);
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
async fn the_phone_page_knows_the_phones_of_the_tour() {
    let county = County::new().await;
    let mut browser = county.browser();
    assert!(!browser.open("/demo/phone").await.says("导览里的手机"));
    browser.open("/tour").await;
    browser.press("/tour/begin", &[]).await;
    let page = browser.open("/demo/phone").await;
    assert_eq!(page.body.matches("导览里的手机：").count(), 2, "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_knows_what_falls_due_next() {
    let county = County::new().await;
    let mut browser = county.browser();
    browser.open("/tour").await;
    let page = browser.press("/tour/begin", &[]).await.location;
    for _ in ["letter", "apply", "ask"] {
        browser.open(&page).await;
        browser.press(&format!("{page}/play"), &[]).await;
    }
    let due = county.app.next_due().await.unwrap().map(county_time).expect("the shop's silence falls due");
    let desk = browser.open("/demo").await;
    assert!(desk.says("推进到下一件到期的事（2022年7月"), "{}", desk.body);
    let to = desk.body.split("name=\"to\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let to: jiff::civil::DateTime = to.replace(' ', "T").parse().unwrap();
    assert!(to >= due && (to - due).get_seconds() < 60, "{to} for {due}");
    // Moved there, as the page does it, the desk says what fell due and where it is seen.
    let (to, stream) = (at_county(to), StreamId::new(StreamKind::Audit, "clock"));
    county.run(&Actor::admin(), &stream, audit::Command::AdvanceClock { to }).await;
    county.clock.set(to);
    assert!(browser.open("/demo?moved=yes").await.says("其间没有到期的事"), "{}", browser.page.body);
    county.app.run_due().await.unwrap();
    let desk = browser.open("/demo?moved=yes").await;
    let told = desk.body.lines().find(|line| line.contains("href=\"/dossier/")).unwrap_or_default();
    assert!(desk.says("其间到期并自动办理的") && told.contains("〔2022〕1号 · 对方逾期未答复"), "{}", desk.body);
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
