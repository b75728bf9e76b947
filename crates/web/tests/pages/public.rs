//! Pages for everybody.

use yanhe_core::policy::{Actor, Role};
use yanhe_store_read::Page;

use crate::site::{County, ORGAN};

#[tokio::test(flavor = "multi_thread")]
async fn public_pages_open_in_both_languages_without_signing_in() {
    let county = County::new().await;
    for lang in ["zh", "en"] {
        let mut browser = county.browser();
        browser.speak(lang);
        for path in [
            "/help",
            "/verify",
            "/figures",
            "/organs",
            "/apply",
            "/l",
            "/return",
            "/tour",
            "/demo",
            "/demo/phone",
            "/gallery",
        ] {
            let page = browser.open(path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.says("style=") && page.body.len() < 100_000, "{path}");
            assert_eq!(page.says("<html lang=\"en\""), lang == "en", "{path}");
        }
        // Whoever verifies a copy of the journal has the log's key from here.
        assert!(browser.open("/verify").await.says(&county.app.log_key().unwrap()), "{lang}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_is_genuine_byte_by_byte_and_a_changed_one_is_not() {
    let county = County::new().await;
    county.letter("HY202207140001", "沈知夏", Some("19900001001")).await;
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let scope = yanhe_core::policy::scope(&clerk);
    let row = county.app.reader.papers(&scope, &Default::default(), &Page::first(1)).await.unwrap().rows.remove(0);
    let (_, pdf) = county.app.paper_pdf(&clerk, &row.stream).await.unwrap();
    let mut browser = county.browser();
    browser.open("/verify").await;
    // Other brackets and blanks are the same number.
    let number = row.number.replace('〔', " [").replace('〕', "] ");
    let right = browser.press_with("/verify", &[("number", &number)], &[("file", "x.pdf", &pdf)]).await;
    assert!(right.says("是真的，没有改动"), "{}", right.body);
    let mut changed = pdf.clone();
    *changed.last_mut().unwrap() ^= 1;
    let wrong = browser.press_with("/verify", &[("number", &number)], &[("file", "x.pdf", &changed)]).await;
    assert!(wrong.says("核对不上") && !wrong.says("是真的，没有改动"));
    let unknown = browser.press_with("/verify", &[("number", "盐市监〔2022〕999号")], &[("file", "x.pdf", &pdf)]).await;
    assert!(unknown.says("核对不上"));
    // The file alone is enough: it says its number itself.
    let alone = browser.press_with("/verify", &[], &[("file", "x.pdf", &pdf)]).await;
    assert!(alone.says("是真的，没有改动") && alone.says(&row.number), "{}", alone.body);
    let changed = browser.press_with("/verify", &[], &[("file", "x.pdf", &changed)]).await;
    assert!(changed.says("核对不上"), "{}", changed.body);
    let foreign = browser.press_with("/verify", &[], &[("file", "x.pdf", b"%PDF-1.4 of somebody")]).await;
    assert!(foreign.status == 422 && foreign.says("读不出文号"), "{}", foreign.body);
    let neither = browser.press_with("/verify", &[("number", &number)], &[]).await;
    assert_eq!(neither.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_studio_brings_an_organ_online_and_a_clerk_does_not() {
    let county = County::new().await;
    let mut admin = county.signed_in(&Actor::admin(), "管理员").await;
    let path = "/organs/gongan/onboard";
    assert!(admin.open("/organs").await.says(&format!("href=\"{path}\"")), "{}", admin.page.body);
    assert!(admin.open(path).await.says("不能撤回"), "it is asked once more");
    let done = admin.press(path, &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let again = admin.press(path, &[("key", "another")]).await;
    assert!(again.status == 422 && again.says("已经办过"), "online already: the page says so: {}", again.body);
    let organ = county.app.reader.organ("gongan").await.unwrap().unwrap();
    assert_eq!(organ.online_on, Some(county.app.today()));
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut browser = county.signed_in(&clerk, "经办人").await;
    assert!(!browser.open("/organs").await.says("/onboard"));
}

#[tokio::test]
async fn number_and_code_show_that_there_is_such_a_paper_and_not_what_a_copy_says() {
    let site = crate::office::site().await;
    let who = crate::case::people(&site).await;
    let case = crate::case::effective(&site, &who).await;
    let agreement = crate::case::state(&site, &case).await.agreement.unwrap();
    let (number, nothing) = (agreement.paper.number.as_str(), ("file", "", b"".as_slice()));
    let typed = [("number", number), ("check_code", &*agreement.check_code)];
    let found = site.stranger().submit_file("/verify", &typed, nothing).await;
    found.is(200).shows("内容没有比对").shows(number).hides("没有改动");
    let typed = [("number", number), ("check_code", "AAAAAAAA")];
    site.stranger().submit_file("/verify", &typed, nothing).await.shows("核对不上");
}

#[tokio::test]
async fn every_code_that_is_printed_on_a_paper_is_known() {
    let site = crate::office::site().await;
    let who = crate::case::people(&site).await;
    let path = crate::case::effective(&site, &who).await;
    let case = crate::case::state(&site, &path).await;
    let (consent, session) = (&case.consents[0], &case.sessions[0]);
    // The record bears no number: it is checked with that of its case.
    let printed = [
        ("口头申请笔录", &case.application.number, &case.application_code),
        ("征求意见书", &consent.paper.number, &consent.check_code),
        ("调解笔录", &case.application.number, &session.check_code),
    ];
    let nothing = ("file", "", b"".as_slice());
    for (kind, number, code) in printed {
        let code = yanhe_app::dashed(code.as_deref().unwrap());
        let typed = [("number", number.as_str()), ("check_code", &*code)];
        let found = site.stranger().submit_file("/verify", &typed, nothing).await;
        found.is(200).shows("内容没有比对").shows(kind);
    }
    // The code of one paper beside the number of another: nobody learns that there is such a code.
    let typed = [("number", &*consent.paper.number), ("check_code", case.application_code.as_deref().unwrap())];
    site.stranger().submit_file("/verify", &typed, nothing).await.shows("核对不上");
    let record = session.record.as_ref().unwrap();
    let (_, file) =
        site.app.paper_pdf(&site.staff(crate::case::ORGAN, Role::Clerk).await.actor, &record.id).await.unwrap();
    let typed = [("number", case.application.number.as_str())];
    let found = site.stranger().submit_file("/verify", &typed, ("file", "record.pdf", &file)).await;
    found.is(200).shows("调解笔录").shows("是真的，没有改动");
}
