//! Coming in by a letter, at the counter, and by phone.

use yanhe_core::party::Party;
use yanhe_core::policy::Role;
use yanhe_core::{PersonId, Personal};

use crate::site::{County, ORGAN};

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_opens_with_code_name_and_the_code_from_the_phone() {
    let county = County::new().await;
    let (_, code) = county.letter("HY202207140001", "沈知夏", Some("19900001001")).await;
    let mut browser = county.browser();
    browser.open("/l").await;
    // Small letters, a dash and blanks are forgiven.
    let typed = format!(" {}-{} ", code[..4].to_lowercase(), code[4..].to_lowercase());
    let page = browser.post("/l", &[("code", &typed)]).await.clone();
    assert_eq!(page.status, 200);
    assert!(page.says("海盐县市场监督管理局") && page.says("199****1001"), "{}", page.body);
    for personal in ["沈知夏", "19900001001", "冰箱", "绮园"] {
        assert!(!page.says(personal), "{personal}");
    }
    let path = format!("/l/{code}");
    county.minute();
    assert!(browser.post(&path, &[("name", "沈 知夏"), ("act", "send")]).await.says("验证码已发送"));
    let wrong = browser.press(&path, &[("code", "000000"), ("act", "try")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.says("验证码不对"));
    let right = county.code().await;
    let page = browser.post(&path, &[("code", &right), ("act", "try")]).await;
    assert!(page.says("填写申请") && page.says("拒绝退换"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_code_and_a_code_of_another_shape_get_the_same_answer() {
    let county = County::new().await;
    let mut browser = county.browser();
    browser.open("/l").await;
    let first = browser.press("/l", &[("code", "ABCD2345")]).await;
    let second = browser.press("/l", &[("code", "no code at all")]).await;
    assert_eq!((first.status, second.status), (422, 422));
    let message =
        |page: &crate::site::Answer| page.body.split("class=\"error-summary").nth(1).unwrap()[..400].to_owned();
    assert_eq!(message(&first), message(&second));
    assert!(first.says("没有能用这个编码打开的文书"));
    assert!(second.says("value=\"no code at all\""), "what was typed is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signed_in_and_opens_a_letter_has_received_it_once() {
    let county = County::new().await;
    let (matter, _) = county.letter("HY202207140001", "沈知夏", Some("19900001001")).await;
    let state = county.app.state::<yanhe_core::matter::Matter>(&matter).await.unwrap().unwrap();
    let paper = state.letters[0].0.paper.id.clone();
    let letter = async || county.app.state::<yanhe_core::paper::Paper>(&paper).await.unwrap().unwrap();
    // Who looks into the file has not received it.
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut office = county.signed_in(&clerk, "经办").await;
    office.open(&format!("/paper/{}", paper.key())).await;
    assert!(letter().await.services.is_empty());
    let person = letter().await.issued.addressee.unwrap().person;
    let mut party = county.signed_in(&yanhe_core::policy::Actor::party(&person), "沈知夏").await;
    for _ in 0..2 {
        assert_eq!(party.open(&format!("/paper/{}", paper.key())).await.kind, "application/pdf");
    }
    let services = letter().await.services;
    assert_eq!(services.len(), 1);
    assert_eq!((services[0].manner.as_str(), services[0].served, services[0].at.is_some()), ("electronic", true, true));
    let page = office.open(&format!("/letters/{}", paper.key())).await;
    assert!(page.says("已送达") && !page.says("record_service"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_to_a_phone_of_several_tell_them_apart_and_whom_to_call() {
    let county = County::new().await;
    let (matter, first) = county.letter("HY202207140001", "丁一丁", Some("19900001001")).await;
    county.letter("HY202207140002", "丁一甲", Some("19900001001")).await;
    let texts = async || {
        let rows = county.app.reader.messages(&yanhe_store_read::Page::first(20)).await.unwrap().rows;
        let texts = rows.iter().filter_map(|r| county.app.open_message(&r.id, &r.body));
        texts.filter_map(|t| t["text"].as_str().map(str::to_owned)).collect::<Vec<String>>()
    };
    let texts_before = texts().await;
    let second = texts_before.iter().find(|text| text.contains("丁*甲：")).expect("told apart");
    assert!(!second.contains("丁一甲") && !second.contains(&yanhe_app::dashed(&first)), "{second}");
    // A paper without a code of its own says by which one its reader comes back.
    let state = county.app.state::<yanhe_core::matter::Matter>(&matter).await.unwrap().unwrap();
    let paper = state.letters[0].0.paper.id.clone();
    let (clerk, leader) = (county.staff(ORGAN, Role::Clerk).await, county.staff(ORGAN, Role::Leader).await);
    let [before, after, reason] = ["自愿", "自主", "示例"].map(str::to_owned);
    county.run(&clerk, &paper, yanhe_core::paper::Command::Correct { before, after, reason }).await;
    county.run(&leader, &paper, yanhe_core::paper::Command::ApproveNotice {}).await;
    let texts = texts().await;
    let by = format!("用姓名、手机号和编码 {} 查看", yanhe_app::dashed(&first));
    assert!(texts.iter().any(|text| text.contains(&by)), "{texts:?}");
}

/// A gateway that takes everything.
#[derive(Default)]
struct Gateway(std::sync::Mutex<Vec<String>>);

impl yanhe_app::ports::Messenger for Gateway {
    async fn take(&self, message: &yanhe_app::ports::Outgoing) -> Result<(), String> {
        self.0.lock().unwrap().push(message.text.clone());
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_by_night_goes_out_in_the_morning_and_a_code_at_once() {
    let county = County::new().await;
    // Half past midnight in the county.
    county.clock.set("2022-07-14T16:30:00Z".parse().unwrap());
    let (matter, code) = county.letter("HY202207140001", "沈知夏", Some("19900001001")).await;
    let mut browser = county.browser();
    let path = format!("/l/{code}");
    browser.open(&path).await;
    browser.post(&path, &[("name", "沈知夏"), ("act", "send")]).await;
    let gateway = Gateway::default();
    assert_eq!(county.app.deliver(&gateway).await.unwrap().taken, 1, "somebody waits for the code");
    assert!(gateway.0.lock().unwrap()[0].contains("验证码"));
    let waits = "夜里不发短信";
    let phone = browser.open("/demo/phone?number=19900001001").await.clone();
    assert!(phone.says(waits) && phone.says("2022年7月15日 08:00"), "{}", phone.body);
    let paper =
        county.app.state::<yanhe_core::matter::Matter>(&matter).await.unwrap().unwrap().letters[0].0.paper.id.clone();
    let mut clerk = county.signed_in(&county.staff(ORGAN, Role::Clerk).await, "经办人").await;
    let page = clerk.open(&format!("/letters/{}", paper.key())).await.clone();
    assert!(page.says("夜里不发短信，2022年7月15日 08:00 发出"), "{}", page.body);

    county.clock.set("2022-07-14T23:59:00Z".parse().unwrap());
    assert_eq!(county.app.deliver(&gateway).await.unwrap(), yanhe_app::Delivered::default());
    county.clock.set("2022-07-15T00:00:00Z".parse().unwrap());
    assert_eq!(county.app.deliver(&gateway).await.unwrap().taken, 1, "at eight");
    assert!(gateway.0.lock().unwrap()[1].contains("告知引导书"));
    assert!(!browser.open("/demo/phone?number=19900001001").await.says(waits), "{}", browser.page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_name_gets_no_code_sent() {
    let county = County::new().await;
    let (_, code) = county.letter("HY202207140001", "沈知夏", Some("19900001001")).await;
    let mut browser = county.browser();
    let path = format!("/l/{code}");
    browser.open(&path).await;
    let before = county.messages().await;
    let answer = browser.press(&path, &[("name", "沈知秋"), ("act", "send")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.says("姓名与这份文书的收件人不一致") && answer.says("value=\"沈知秋\""));
    let after = county.messages().await;
    assert_eq!(before, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_a_phone_comes_in_by_the_counter_once() {
    let county = County::new().await;
    let (_, code) = county.letter("HY202207140001", "沈知夏", None).await;
    let path = format!("/l/{code}");
    let mut visitor = county.browser();
    assert!(visitor.open(&path).await.says("没有登记您的手机号"));
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut desk = county.signed_in(&clerk, "经办人").await;
    desk.open("/counter").await;
    let typed = [
        ("code", code.as_str()),
        ("document_kind", "resident_id"),
        ("document", "330499197608041233"),
        ("checked", "yes"),
    ];
    let unchecked = desk.press("/counter", &typed[..3]).await;
    assert_eq!(unchecked.status, 422, "the clerk must have checked");
    let given = desk.post("/counter", &typed).await.clone();
    let entry = given.body.split("notice-title\">").nth(1).unwrap().split('<').next().unwrap().trim().to_owned();
    assert_eq!(entry.len(), 6, "{}", given.body);
    assert!(visitor.press(&path, &[("name", "沈知夏"), ("entry", "222222"), ("act", "counter")]).await.status == 422);
    let page = visitor.post(&path, &[("name", "沈知夏"), ("entry", &entry.to_lowercase()), ("act", "counter")]).await;
    assert!(page.says("填写申请"), "{}", page.body);
    let mut other = county.browser();
    other.open(&path).await;
    let again = other.press(&path, &[("name", "沈知夏"), ("entry", &entry), ("act", "counter")]).await;
    assert_eq!(again.status, 422, "an entry code is good once");
    let mut stranger = county.signed_in(&county.staff("gongan", Role::Clerk).await, "别的单位").await;
    stranger.open("/counter").await;
    assert!(stranger.press("/counter", &typed).await.says("本单位没有这个编码的文书"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_was_written_and_not_sent_is_late_and_not_done() {
    let county = County::new().await;
    let nobody = Party::human(PersonId(county.app.fresh_key()), "沈知夏");
    let (matter, _) = county.letter_to("HY202207140001", nobody).await;
    let mut desk = county.signed_in(&county.staff(ORGAN, Role::Clerk).await, "经办人").await;
    let path = format!("/matter/{}", matter.key());
    assert!(!desk.open(&path).await.says("已按期办结"), "{}", desk.page.body);
    let work = desk.open("/work").await.clone();
    assert!(work.says("补充送达地址或电话") && !work.says("没有期限"), "{}", work.body);
    assert!(
        !work.says("/letters?show="),
        "the press leads to the matter with its letter, and not to a list: {}",
        work.body
    );
    county.clock.set("2022-07-29T01:00:00Z".parse().unwrap());
    let mut desk = county.signed_in(&county.staff(ORGAN, Role::Clerk).await, "经办人").await;
    let page = desk.open(&path).await.clone();
    assert!(page.says("已过 10 天") && !page.says("已按期办结"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_document_than_the_file_knows_is_an_error_at_the_counter() {
    let county = County::new().await;
    let person = PersonId("known".into());
    let known = Party {
        document_kind: Some("resident_id".into()),
        document: Some(Personal::new(&person, "330499197608041233".into())),
        ..Party::human(person, "沈知夏")
    };
    let (_, code) = county.letter_to("HY202207140001", known).await;
    let mut desk = county.signed_in(&county.staff(ORGAN, Role::Clerk).await, "经办人").await;
    desk.open("/counter").await;
    let typed = |document: &'static str| {
        [
            ("code", code.clone()),
            ("document_kind", "resident_id".into()),
            ("document", document.into()),
            ("checked", "yes".into()),
        ]
    };
    let other = typed("330499198001011235");
    let other: Vec<(&str, &str)> = other.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let refused = desk.press("/counter", &other).await;
    assert!(refused.status == 422 && refused.says("f-document-error"), "{}", refused.body);
    assert!(refused.says("与登记的证件号码不一致") && !refused.says("330499197608041233"), "{}", refused.body);
    let own = typed("330499197608041233");
    let own: Vec<(&str, &str)> = own.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert!(desk.post("/counter", &own).await.says("登录码"), "{}", desk.page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_session_is_not_taken() {
    let county = County::new().await;
    let mut browser = county.browser();
    browser.open("/l").await;
    assert_eq!(browser.press("/l", &[("csrf", "made up"), ("code", "ABCD2345")]).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_finds_the_counter_in_one_press_from_everywhere_and_the_check_is_on_record() {
    let county = County::new().await;
    let (matter, code) = county.letter("HY202207140001", "沈知夏", None).await;
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut desk = county.signed_in(&clerk, "经办人").await;
    let paper = county.app.by_access_code(&code).await.unwrap().unwrap().0;
    let link = format!("/counter?paper={}", paper.key());
    assert!(desk.open("/work").await.says("href=\"/counter\""), "it is in the navigation");
    assert!(desk.open(&format!("/matter/{}", matter.key())).await.says(&link), "{}", desk.page.body);
    assert!(desk.open(&format!("/letters/{}", paper.key())).await.says(&link), "{}", desk.page.body);
    assert!(desk.open(&link).await.says("在哪里办") && desk.page.says(&yanhe_app::dashed(&code)), "{}", desk.page.body);
    let typed = [
        ("code", code.as_str()),
        ("document_kind", "resident_id"),
        ("document", "330499197608041233"),
        ("phone", "19900001234"),
        ("checked", "yes"),
    ];
    assert!(desk.post("/counter", &typed).await.says("登录码"));
    // The phone that gets the codes is the one that the application offers.
    let mut party = county.browser();
    let at = format!("/l/{code}");
    party.open(&at).await;
    county.minute();
    party.post(&at, &[("name", "沈知夏"), ("act", "send")]).await;
    let once = county.code().await;
    let form = party.post(&at, &[("code", &once), ("act", "try")]).await;
    assert!(form.says("填写申请") && form.says("value=\"19900001234\""), "{}", form.body);
    // Somebody who comes again: the letter is served, and the check is on record all the same.
    desk.open(&link).await;
    assert!(desk.post("/counter", &typed[..3]).await.status == 422);
    let history = county.app.history::<yanhe_core::paper::Paper>(&paper).await.unwrap();
    let checks: Vec<_> = history.iter().filter(|(entry, _)| entry.kind == "IdentityChecked").collect();
    assert_eq!(checks.len(), 1);
    assert_eq!(checks[0].0.actor, clerk.id);
    assert!(desk.open(&format!("/letters/{}", paper.key())).await.says("在窗口核对了收件人身份：居民身份证"));
    // Another organ's clerk gives nothing for it, and does not learn that there is one.
    let mut stranger = county.signed_in(&county.staff("gongan", Role::Clerk).await, "别的单位").await;
    assert_eq!(stranger.open(&link).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_a_letter_that_was_withdrawn_says_so_and_names_nobody() {
    let county = County::new().await;
    let (_, code) = county.letter("HY202207140001", "沈知夏", Some("19900001001")).await;
    let paper = county.app.by_access_code(&code).await.unwrap().unwrap().0;
    let sent = county.messages().await;
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let leader = county.staff(ORGAN, Role::Leader).await;
    let void = yanhe_core::paper::Command::Void { reason: "收件人写错".into() };
    county.run(&clerk, &paper, void).await;
    county.run(&leader, &paper, yanhe_core::paper::Command::ApproveNotice {}).await;
    assert_eq!(county.messages().await, sent + 1, "the notice goes where the letter went");
    let mut browser = county.browser();
    browser.open("/l").await;
    let answer = browser.press("/l", &[("code", &code)]).await;
    assert!(answer.status == 422 && answer.says("调废") && answer.says("2022年7月14日"), "{}", answer.body);
    assert!(answer.says("没有信也可以直接申请") && !answer.says("沈知夏") && !answer.says("写错"), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn for_a_firm_it_is_on_record_who_came_to_the_counter_and_as_what() {
    let county = County::new().await;
    let firm = Party::firm(PersonId("firm".into()), "海盐县望海家居商行");
    let (_, code) = county.letter_to("HY202207140001", firm).await;
    let mut desk = county.signed_in(&county.staff(ORGAN, Role::Clerk).await, "经办人").await;
    desk.open("/counter").await;
    let typed = |envoy: [&'static str; 3]| {
        let [name, capacity, authority] = envoy;
        [
            ("code", code.clone()),
            ("envoy", name.into()),
            ("capacity", capacity.into()),
            ("authority", authority.into()),
            ("document_kind", "resident_id".into()),
            ("document", "330499197608041233".into()),
            ("checked", "yes".into()),
        ]
    };
    for (envoy, field) in
        [(["", "", ""], "envoy"), (["段海", "", ""], "capacity"), (["段海", "agent", ""], "authority")]
    {
        let values = typed(envoy);
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let refused = desk.press("/counter", &values).await;
        assert!(refused.status == 422 && refused.says(&format!("f-{field}-error")), "{field}: {}", refused.body);
    }
    let values = typed(["段海", "agent", "授权委托书第7号"]);
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert!(desk.post("/counter", &values).await.says("登录码"), "{}", desk.page.body);
    let paper = county.app.by_access_code(&code).await.unwrap().unwrap().0;
    let page = desk.open(&format!("/letters/{}", paper.key())).await;
    assert!(page.says("在窗口核对了来人身份：段海") && page.says("委托代理人"), "{}", page.body);
    assert!(page.says("授权委托书第7号"), "{}", page.body);
}
