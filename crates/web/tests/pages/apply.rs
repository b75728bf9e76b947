//! Applying by a letter and without one.

use yanhe_core::party::Party;
use yanhe_core::policy::{self, Actor, Role};
use yanhe_core::scope::Source;
use yanhe_core::{PersonId, Personal, StreamId, StreamKind, dossier, matter};
use yanhe_store_read::Page;
use yanhe_store_read::views::dossier::{DossierFilter, DossierOrder};

use crate::site::{Answer, Browser, County, ORGAN};

const PDF: &[u8] = b"%PDF-1.7 a receipt";

async fn cases(county: &County) -> usize {
    let all = policy::scope(&Actor::admin());
    let page = Page::first(50);
    county.app.reader.dossiers(&all, &DossierFilter::default(), DossierOrder::Latest, &page).await.unwrap().rows.len()
}

/// A browser of the person of a letter, on the application form.
pub async fn at_the_form(county: &County, number: &str, name: &str, phone: &str) -> Browser {
    let (_, code) = county.letter(number, name, Some(phone)).await;
    by_letter(county, &code, name).await
}

/// A browser of somebody who signed in by a letter, on the application form.
async fn by_letter(county: &County, code: &str, name: &str) -> Browser {
    county.minute();
    let mut browser = county.browser();
    let path = format!("/l/{code}");
    browser.open(&path).await;
    browser.post(&path, &[("name", name), ("act", "send")]).await;
    let code = county.code().await;
    browser.post(&path, &[("code", &code), ("act", "try")]).await;
    assert!(browser.page.says("填写申请"), "{}", browser.page.body);
    browser
}

/// What is typed into the form.
pub const FILLED: [(&str, &str); 8] = [
    ("phone", "19900001001"),
    ("address", "海盐县武原街道1号"),
    ("electronic", "yes"),
    ("claims", "退款2680元"),
    ("facts", "冰箱使用10天就坏了，商家拒绝退换"),
    ("known_on", "2022-07-10"),
    ("other_phone", "19900001002"),
    ("proceedings", "none"),
];

#[tokio::test(flavor = "multi_thread")]
async fn an_application_by_letter_is_checked_sent_with_files_and_receipted_once() {
    let county = County::new().await;
    let mut browser = at_the_form(&county, "HY202207140001", "沈知夏", "19900001001").await;
    let empty = browser.press("/apply/check", &[("claims", ""), ("electronic", ""), ("known_on", "2030-01-01")]).await;
    assert_eq!(empty.status, 422);
    assert!(
        empty.says("href=\"#f-claims\"") && empty.says("href=\"#f-electronic\"") && empty.says("href=\"#f-known_on\"")
    );
    let unreachable = browser.press("/apply/check", &[&FILLED[1..], &[("phone", "")]].concat()).await;
    assert!(unreachable.status == 422 && unreachable.says("同意电子送达的，请填写手机号"), "{}", unreachable.body);
    browser.post("/apply/check", &FILLED).await;
    assert!(browser.page.says("核对后提交") && browser.page.says("退款2680元"), "{}", browser.page.body);
    let large = vec![0_u8; 21 * 1024 * 1024];
    let too_large = browser.press_with("/apply/send", &[("act", "send")], &[("files", "大.pdf", &large)]).await;
    assert!(too_large.status == 413 && too_large.says("退款2680元"), "{}", too_large.body);
    for raw in [">case<", ">matter<", ">other_phone<", ">proceedings<"] {
        assert!(!too_large.says(raw), "{raw}: {}", too_large.body);
    }
    let wrong = browser.press_with("/apply/send", &[("act", "send")], &[("files", "a.exe", b"MZ not taken")]).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(cases(&county).await, 0, "nothing is stored half");
    let files: [(&str, &str, &[u8]); 1] = [("files", "票据.pdf", PDF)];
    let first = browser.press_with("/apply/send", &[("act", "send")], &files).await;
    let second = browser.press_with("/apply/send", &[("act", "send")], &files).await;
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.location, second.location);
    assert_eq!(cases(&county).await, 1, "a double click applies once");
    let receipt = browser.show(first).await.clone();
    assert!(receipt.says("盐市监调申〔2022〕1号") && receipt.says("票据.pdf"), "{}", receipt.body);
    // Limitation is interrupted and counts three years from today; the count opens.
    assert!(
        receipt.says("重新计算") && receipt.says("2025年7月14日") && receipt.says("这个日期怎么算"),
        "{}",
        receipt.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_page_says_of_limits_what_the_receipt_says_afterwards() {
    let county = County::new().await;
    let mut browser = at_the_form(&county, "HY202207140001", "沈知夏", "19900001001").await;
    browser.post("/apply/check", &FILLED).await;
    let page = browser.page.clone();
    assert!(page.says("从今天起重新计算") && page.says("2025年7月14日"), "{}", page.body);
    // Three years from the first working day of 2018 are over, and asking brings nothing of them back.
    let edit = browser.press_with("/apply/send", &[("act", "edit")], &[]).await;
    browser.show(edit).await;
    let late = [&FILLED[..], &[("known_on", "2018-01-01")]].concat();
    browser.post("/apply/check", &late).await;
    let page = browser.page.clone();
    assert!(page.says("已经届满的期限") && page.says("2021年1月4日"), "{}", page.body);
    assert!(!page.says("从今天起重新计算"), "{}", page.body);
    let sent = browser.press_with("/apply/send", &[("act", "send")], &[]).await;
    let receipt = browser.show(sent).await.clone();
    assert!(receipt.says("已经届满的期限") && receipt.says("2021年1月4日"), "{}", receipt.body);
}

/// A fine of 7 June 2022.
pub fn fine(county: &County) -> matter::Registered {
    let of = PersonId(county.app.fresh_key());
    let personal = |text: &str| Personal::new(&of, text.to_owned());
    let subject = Party { phone: Some(personal("19900001001")), ..Party::human(of.clone(), "沈知夏") };
    let number = "盐市监罚决〔2022〕119号";
    matter::Registered {
        source: Source::Penalty,
        number: number.into(),
        organ: ORGAN.into(),
        occurred_on: "2022-06-07".parse().unwrap(),
        subject: Some(subject),
        complainant: None,
        affected: None,
        also_affected: Vec::new(),
        caller: None,
        reporter: false,
        category: "发布虚假广告".into(),
        result: personal("罚款2万元"),
        text: personal("在店内发布虚假宣传内容"),
        remark: None,
        penalty: Some(matter::Penalty { fine: 2_000_000, ..matter::Penalty::default() }),
        own_due_on: None,
        status: String::new(),
        batch: None,
        origin: "form".into(),
        row: None,
    }
}

/// A browser of somebody who was fined on 7 June 2022, on the application form.
async fn fined(county: &County, served: Option<&str>) -> Browser {
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let matter = fine(county);
    let stream = matter::stream(Source::Penalty, &matter.number);
    county.run(&clerk, &stream, matter::Command::Register { matter: Box::new(matter) }).await;
    county.run(&clerk, &stream, matter::Command::ConfirmLetter { reason: "示例".into() }).await;
    if let Some(day) = served {
        county.run(&clerk, &stream, matter::Command::EnterServed { on: day.parse().unwrap() }).await;
    }
    let state = county.app.state::<matter::Matter>(&stream).await.unwrap().unwrap();
    by_letter(county, &state.letters[0].0.access, "沈知夏").await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_service_of_a_decision_is_recorded_nobody_is_asked_since_when_it_is_known() {
    let county = County::new().await;
    let mut browser = fined(&county, Some("2022-06-09")).await;
    let form = browser.page.clone();
    assert!(form.says("决定送达日期") && form.says("2022年6月9日") && !form.says("f-known_on"), "{}", form.body);
    // A day typed all the same moves nothing: sixty days and six months from service.
    browser.post("/apply/check", &FILLED).await;
    for day in ["2022年8月8日", "2022年12月9日"] {
        assert!(browser.page.says(day), "{day}: {}", browser.page.body);
    }
    let sent = browser.press_with("/apply/send", &[("act", "send")], &[]).await;
    assert!(browser.show(sent).await.says("2022年8月8日"), "{}", browser.page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_was_not_known_before_its_day() {
    let county = County::new().await;
    let mut browser = fined(&county, None).await;
    let early = [&FILLED[..], &[("known_on", "2022-03-01")]].concat();
    let page = browser.press("/apply/check", &early).await;
    assert!(page.status == 422 && page.says("f-known_on-error"), "{}", page.body);
    assert!(page.says("不能早于作出决定的日期") && page.says("退款2680元"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fine_that_somebody_complains_of_is_contested_from_the_day_that_they_name_or_one_that_is_marked_as_assumed() {
    let county = County::new().await;
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let fine = fine(&county);
    let order = matter::Registered {
        source: Source::Complaint,
        number: "HY202207140031".into(),
        occurred_on: county.app.today(),
        complainant: fine.subject.clone(),
        subject: None,
        penalty: None,
        text: Personal::new(&fine.text.of, "市场监管局2022年3月1日对我店罚款2万元，处罚过重，请求减轻罚款".into()),
        ..fine
    };
    let stream = matter::stream(Source::Complaint, &order.number);
    county.run(&clerk, &stream, matter::Command::Register { matter: Box::new(order) }).await;
    let to = vec![matter::Recipient { role: "complainant".into(), channel: String::new(), contact: None }];
    let entry = Some("penalty-discretion".to_owned());
    county.run(&clerk, &stream, matter::Command::SendLetters { to, entry, reason: "示例".into() }).await;
    let state = county.app.state::<matter::Matter>(&stream).await.unwrap().unwrap();
    let mut browser = by_letter(&county, &state.letters[0].0.access, "沈知夏").await;
    assert!(browser.page.says("不填的，暂按2022年7月14日算"), "{}", browser.page.body);
    assert!(!browser.page.says("value=\"2022-07-14\""), "nobody said that day: {}", browser.page.body);
    let left_out = [&FILLED[..], &[("known_on", "")]].concat();
    browser.post("/apply/check", &left_out).await;
    let page = browser.page.clone();
    assert!(page.says("2022年9月13日") && page.says("暂算：起算日是推定的"), "{}", page.body);
    let edit = browser.press_with("/apply/send", &[("act", "edit")], &[]).await;
    browser.show(edit).await;
    browser.post("/apply/check", &[&FILLED[..], &[("known_on", "2022-03-01")]].concat()).await;
    let page = browser.page.clone();
    assert!(page.says("2022年5月5日") && page.says("2022年9月1日"), "{}", page.body);
    assert!(!page.says("暂算"), "{}", page.body);
    let sent = browser.press_with("/apply/send", &[("act", "send")], &[]).await;
    assert!(browser.show(sent).await.says("2022年9月1日"), "{}", browser.page.body);
    county.app.run_due().await.unwrap();
    let mut counter = county.signed_in(&clerk, "经办").await;
    let matter = counter.open(&format!("/matter/{}", stream.key())).await.clone();
    assert!(matter.says("2022年9月1日") && !matter.says("2022年9月13日"), "{}", matter.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_of_which_nobody_says_since_when_it_is_known_may_be_over_and_the_pages_say_so() {
    let county = County::new().await;
    let mut browser = at_the_form(&county, "HY202207140001", "沈知夏", "19900001001").await;
    assert!(!browser.page.says("value=\"2022-07-14\""), "{}", browser.page.body);
    browser.post("/apply/check", &[&FILLED[..], &[("known_on", "")]].concat()).await;
    let doubt = "没有写明什么时候知道权利受到损害：申请之前已经届满的，不重新计算";
    assert!(browser.page.says(doubt), "{}", browser.page.body);
    let sent = browser.press_with("/apply/send", &[("act", "send")], &[]).await;
    let case = sent.location.trim_end_matches("/receipt").to_owned();
    assert!(browser.show(sent).await.says(doubt), "{}", browser.page.body);
    assert!(browser.open(&case).await.says(doubt), "{}", browser.page.body);
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut counter = county.signed_in(&clerk, "经办").await;
    let page = counter.open(&case.replace("/my/", "/dossier/")).await.clone();
    assert!(page.says(doubt), "{}", page.body);
}

/// What the buyer tells at the counter.
pub const TOLD: [(&str, &str); 8] = [
    ("applicant/party_kind", "human"),
    ("applicant/name", "沈知夏"),
    ("respondent/party_kind", "firm"),
    ("respondent/name", "绮园家电商行"),
    ("told_on", "2022-07-14"),
    ("claims", "退款2680元"),
    ("facts", "冰箱使用10天就坏了"),
    ("proceedings", "none"),
];

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_of_one_letter_make_one_case_and_the_second_shows_it() {
    let county = County::new().await;
    let mut first = at_the_form(&county, "HY202207140001", "沈知夏", "19900001001").await;
    let mut second = first.clone();
    let own = matter::stream(Source::Complaint, "HY202207140001");
    second.open(&format!("/apply?matter={}", own.key())).await;
    first.post("/apply/check", &FILLED).await;
    second.post("/apply/check", &FILLED).await;
    let sent = first.press_with("/apply/send", &[("act", "send")], &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    // At once, before anything else has heard of the first one.
    let again = second.press_with("/apply/send", &[("act", "send")], &[]).await;
    assert!(again.says("您已经申请过了") && again.says("盐市监调申〔2022〕1号"), "{} {}", again.status, again.body);
    let case = sent.location.trim_end_matches("/receipt").to_owned();
    assert!(again.says(&format!("href=\"{case}\"")), "{}", again.body);
    assert_eq!(cases(&county).await, 1);
    // Nor at the counter.
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut counter = county.signed_in(&clerk, "经办").await;
    let page = counter.open(&format!("/dossiers/new?matter={}&who=complainant", own.key())).await.clone();
    assert!(page.says("盐市监调申〔2022〕1号 还没有办完"), "{}", page.body);
    let refused = counter.press("/dossiers/new", &TOLD).await;
    assert!(refused.status == 422 && refused.says("已经申请过调解"), "{} {}", refused.status, refused.body);
    assert_eq!(cases(&county).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_portal_and_the_counter_at_the_same_instant_make_one_case() {
    let county = County::new().await;
    let mut buyer = at_the_form(&county, "HY202207140001", "沈知夏", "19900001001").await;
    let own = matter::stream(Source::Complaint, "HY202207140001");
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut counter = county.signed_in(&clerk, "经办").await;
    let form = format!("/dossiers/new?matter={}&who=complainant", own.key());
    counter.open(&form).await;
    let mut other = counter.clone();
    other.open(&form).await;
    buyer.post("/apply/check", &FILLED).await;
    // They mean the same case from the beginning, so that one of them must find it there.
    let case = |page: &Answer, form: &str| page.hidden(form).into_iter().find(|(name, _)| name == "case").unwrap().1;
    assert_eq!(case(&counter.page, "/dossiers/new"), case(&buyer.page, "/apply/send"));
    let (sent, told, also) = tokio::join!(
        buyer.press_with("/apply/send", &[("act", "send")], &[]),
        counter.press("/dossiers/new", &TOLD),
        other.press("/dossiers/new", &TOLD)
    );
    assert_eq!(cases(&county).await, 1);
    let all = [sent, told, also];
    assert_eq!(all.iter().filter(|answer| answer.status == 303).count(), 1);
    for late in all.iter().filter(|answer| answer.status != 303) {
        assert!(late.says("盐市监调申〔2022〕1号"), "{} {}", late.status, late.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_shows_the_papers_of_its_own_and_not_of_an_earlier_one() {
    let county = County::new().await;
    let mut browser = at_the_form(&county, "HY202207140001", "沈知夏", "19900001001").await;
    browser.post("/apply/check", &FILLED).await;
    let sent = browser.press_with("/apply/send", &[("act", "send")], &[]).await;
    let key = |location: &str| location.split('/').nth(2).unwrap().to_owned();
    let first = StreamId::new(StreamKind::Dossier, &key(&sent.location));
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let refuse = dossier::Command::Refuse {
        ground: "settled".into(),
        note: "此前已经作出处理决定".into(),
        competent: String::new(),
    };
    county.run(&clerk, &first, refuse).await;
    let notice = "不予受理通知书";
    assert!(browser.open(&format!("/my/{}", first.key())).await.says(notice), "{}", browser.page.body);
    let matter = county.app.state::<dossier::Dossier>(&first).await.unwrap().unwrap().matter.unwrap();
    browser.open(&format!("/apply?matter={}", matter.key())).await;
    browser.post("/apply/check", &FILLED).await;
    let sent = browser.press_with("/apply/send", &[("act", "send")], &[]).await;
    assert_ne!(key(&sent.location), first.key(), "what is over may be asked for anew");
    let second = browser.open(&format!("/my/{}", key(&sent.location))).await.clone();
    assert!(second.says("申请书") && second.says("告知引导书") && !second.says(notice), "{}", second.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn going_back_to_change_keeps_what_was_typed() {
    let county = County::new().await;
    let mut browser = at_the_form(&county, "HY202207140001", "沈知夏", "19900001001").await;
    browser.post("/apply/check", &FILLED).await;
    let edit = browser.press_with("/apply/send", &[("act", "edit")], &[]).await;
    assert_eq!(edit.status, 200);
    assert!(edit.says("退款2680元") && edit.says("2022-07-10"), "{}", edit.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_matter_of_somebody_else_is_not_found() {
    let county = County::new().await;
    let mut browser = at_the_form(&county, "HY202207140001", "沈知夏", "19900001001").await;
    let (other, _) = county.letter("HY202207140002", "段海", Some("19900001009")).await;
    assert_eq!(browser.open(&format!("/apply?matter={}", other.key())).await.status, 404);
    assert_eq!(browser.open(&format!("/apply?matter={}", "0".repeat(32))).await.status, 404);
    assert_eq!(browser.open("/apply?matter=no-such-key").await.status, 422, "no key at all");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_letter_the_phone_is_proved_and_the_applicant_is_signed_in() {
    let county = County::new().await;
    let mut browser = county.browser();
    assert!(browser.open("/apply").await.says("在这里申请"));
    browser.open(&format!("/apply?organ={ORGAN}")).await;
    let bad = [
        ("name", "段海1"),
        ("document_kind", "resident_id"),
        ("document", "330499197608041234"),
        ("phone", "123"),
        ("other_name", ""),
    ];
    let refused = browser.press("/apply/check", &bad).await;
    assert_eq!(refused.status, 422);
    for field in ["name", "document", "phone", "other_name", "claims", "facts", "address", "electronic", "proceedings"]
    {
        assert!(refused.says(&format!("href=\"#f-{field}\"")), "{field}");
    }
    let mut typed = FILLED.to_vec();
    typed.extend([
        ("kind", "person"),
        ("name", "阿依古丽·买买提"),
        ("document_kind", "resident_id"),
        ("document", "330499197608041233"),
        ("other_kind", "firm"),
        ("other_name", "绮园家电商行"),
    ]);
    county.minute();
    // The own phone as that of the other side would answer for both; nothing is sent yet.
    let own: Vec<_> =
        typed.iter().map(|(k, v)| if *k == "other_phone" { (*k, "19900001001") } else { (*k, *v) }).collect();
    let messages = county.messages().await;
    let refused = browser.press("/apply/check", &own).await;
    assert!(refused.status == 422 && refused.says("f-other_phone-error"), "{}", refused.body);
    assert!(refused.says("不知道对方号码的，请留空") && county.messages().await == messages, "{}", refused.body);
    // Nor what no paper can show; whoever wants messages gives a phone.
    let emoji: Vec<_> = typed.iter().map(|(k, v)| if *k == "facts" { (*k, "冰箱坏了😀") } else { (*k, *v) }).collect();
    let refused = browser.press("/apply/check", &emoji).await;
    assert!(refused.status == 422 && refused.says("f-facts-error") && refused.says("😀"), "{}", refused.body);
    assert_eq!(county.messages().await, messages, "no code is sent for it");
    browser.post("/apply/check", &typed).await;
    assert!(browser.page.says("199****1001"), "{}", browser.page.body);
    // A code that did not come is sent once more.
    county.minute();
    let again = browser.press_with("/apply/send", &[("act", "code")], &[]).await;
    assert!(again.status == 200 && county.messages().await == messages + 2, "{}", again.body);
    browser.page = again;
    let code = county.code().await;
    county.minute();
    let wrong = browser.press_with("/apply/send", &[("act", "send"), ("code", "12")], &[]).await;
    assert!(wrong.status == 422 && wrong.says("新的验证码已经发到您的手机"), "{}", wrong.body);
    assert_eq!(cases(&county).await, 0);
    let sent = browser.press_with("/apply/send", &[("act", "send"), ("code", &code)], &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let again = browser.press_with("/apply/send", &[("act", "send"), ("code", &code)], &[]).await;
    assert_eq!((again.status, again.location.as_str()), (303, sent.location.as_str()));
    assert_eq!(cases(&county).await, 1);
    let receipt = browser.show(sent).await.clone();
    let (all, page) = (policy::scope(&Actor::admin()), Page::first(1));
    let filter = DossierFilter::default();
    let rows = county.app.reader.dossiers(&all, &filter, DossierOrder::Latest, &page).await.unwrap().rows;
    let case = rows[0].stream.clone();
    let state = county.app.state::<yanhe_core::dossier::Dossier>(&case).await.unwrap().unwrap();
    let code = yanhe_app::dashed(&state.access.unwrap());
    assert!(receipt.says("申请已提交") && receipt.says(&code), "who has no letter gets a code: {}", receipt.body);
    assert!(browser.open("/my").await.says("盐市监调申〔2022〕1号"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_letter_what_is_counted_from_the_day_of_a_decision_says_what_receiving_it_later_does() {
    let county = County::new().await;
    let mut browser = county.browser();
    browser.open(&format!("/apply?organ={ORGAN}")).await;
    let mut typed = FILLED.to_vec();
    typed.retain(|(name, _)| *name != "other_phone" && *name != "known_on");
    typed.extend([
        ("kind", "person"),
        ("name", "阿依古丽·买买提"),
        ("document_kind", "resident_id"),
        ("document", "330499197608041233"),
        ("entry", "penalty-discretion"),
        ("old_number", "盐市监罚决〔2022〕9号"),
    ]);
    let with = |days: &[(&'static str, &'static str)]| [&typed[..], days].concat();
    county.minute();
    for (day, known) in [("2003-12-31", ""), ("2022-06-01", "2022-05-31"), ("2022-06-01", "2003-12-31")] {
        let refused = browser.press("/apply/check", &with(&[("old_on", day), ("known_on", known)])).await;
        let wrong = if known.is_empty() { "f-old_on-error" } else { "f-known_on-error" };
        assert!(refused.status == 422 && refused.says(wrong), "{}", refused.body);
    }
    let mut late = browser.clone();
    browser.post("/apply/check", &with(&[("old_on", "2022-06-01"), ("known_on", "")])).await;
    let page = &browser.page;
    assert!(page.says("2022年8月1日") && page.says("2022年6月1日") && !page.says(">2022-06-01<"), "{}", page.body);
    assert!(page.says("收到决定书之日晚于此日的，最后一日也更晚") && !page.says("实际日期更早的"), "{}", page.body);
    county.minute();
    late.post("/apply/check", &with(&[("old_on", "2022-01-05"), ("known_on", "")])).await;
    let page = &late.page;
    assert!(page.says("2022年3月7日") && page.says("可能还没有届满"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organ_that_is_not_online_says_where_to_apply() {
    let county = County::new().await;
    let page = county.browser().open("/apply?organ=gongan").await.clone();
    assert!(page.says("请到窗口或者打电话申请") && !page.says("action=\"/apply/check\""));
    let mut browser = county.browser();
    let nobody = browser.open("/apply?organ=nobody").await;
    assert!(nobody.status == 422 && nobody.says("organ"), "what is wrong in the address is named");
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_have_no_case_list_of_a_party() {
    let county = County::new().await;
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    assert_eq!(county.signed_in(&clerk, "经办人").await.open("/my").await.status, 404);
    assert_eq!(county.browser().open("/my").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reported_is_told_that_applying_names_them_before_they_do() {
    let county = County::new().await;
    let (_, code) = county.letter_to_reporter("HY202207140001", "沈知夏", "19900001001").await;
    let mut browser = by_letter(&county, &code, "沈知夏").await;
    assert!(browser.page.says("您是举报人"), "{}", browser.page.body);
    let silent = browser.press("/apply/check", &FILLED).await;
    assert!(silent.status == 422 && silent.says("f-agrees_named-error"), "{}", silent.body);
    assert!(silent.says("退款2680元"), "what was typed is kept: {}", silent.body);
    assert_eq!(cases(&county).await, 0);
    let agreed = [&FILLED[..], &[("agrees_named", "yes")]].concat();
    browser.post("/apply/check", &agreed).await;
    assert!(browser.page.says("核对后提交") && browser.page.says("对方会知道您的姓名"), "{}", browser.page.body);
    let sent = browser.press_with("/apply/send", &[("act", "send")], &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert_eq!(cases(&county).await, 1);
    // Somebody who complained in their own name is asked nothing of the kind.
    let other = at_the_form(&county, "HY202207140002", "段海", "19900001009").await;
    assert!(!other.page.says("您是举报人") && !other.page.says("agrees_named"), "{}", other.page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_tells_a_reporter_the_same_before_writing_the_application_down() {
    let county = County::new().await;
    let (matter, _) = county.letter_to_reporter("HY202207140001", "沈知夏", "19900001001").await;
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut browser = county.signed_in(&clerk, "经办").await;
    let page = browser.open(&format!("/dossiers/new?matter={}&who=complainant", matter.key())).await.clone();
    assert!(page.says("申请人是举报人") && page.says("f-agrees_named"), "{}", page.body);
    let told = [
        ("applicant/party_kind", "human"),
        ("applicant/name", "沈知夏"),
        ("applicant/phone", "19900001001"),
        ("respondent/party_kind", "firm"),
        ("respondent/name", "绮园家电商行"),
        ("told_on", "2022-07-14"),
        ("claims", "退款2680元"),
        ("facts", "冰箱使用10天就坏了"),
        ("proceedings", "none"),
    ];
    let silent = browser.press("/dossiers/new", &told).await;
    assert!(silent.status == 422 && silent.says("f-agrees_named-error"), "{}", silent.body);
    assert!(silent.says("退款2680元") && cases(&county).await == 0, "{}", silent.body);
    let agreed = [&told[..], &[("agrees_named", "yes")]].concat();
    let done = browser.press("/dossiers/new", &agreed).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(cases(&county).await, 1);
}
