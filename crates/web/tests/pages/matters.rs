//! Enforcement matters: the list, one matter, the forms of its acts, many at once, and registering by form.

use yanhe_app::import::Kind as File;
use yanhe_core::StreamId;
use yanhe_core::matter::{self, Matter, Standing};
use yanhe_core::policy::{Actor, Role};
use yanhe_core::scope::{Kind, Source};
use yanhe_store_read::Page;
use yanhe_store_read::views::matter::{MatterFilter, MatterView};

use crate::site::{Browser, County, ORGAN};

pub async fn county() -> County {
    let county = County::new().await;
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/12345工单导出.csv")).unwrap();
    county.app.import(&Actor::admin(), File::Complaints, "12345.csv", &bytes, false, |_, _| ()).await.unwrap();
    county
}

pub async fn rows(county: &County, organ: &str, state: &str) -> Vec<MatterView> {
    let filter = MatterFilter { organ: Some(organ.into()), state: Some(state.into()), ..MatterFilter::default() };
    let scope = yanhe_core::policy::scope(&Actor::admin());
    county.app.reader.matters(&scope, &filter, &Page::first(500)).await.unwrap().rows
}

pub async fn state(county: &County, stream: &StreamId) -> matter::State {
    county.app.state::<Matter>(stream).await.unwrap().unwrap()
}

pub async fn clerk(county: &County) -> Browser {
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    county.signed_in(&clerk, "经办").await
}

#[tokio::test]
async fn the_list_shows_own_matters_and_narrows_them() {
    let county = county().await;
    let mut browser = clerk(&county).await;
    let all = browser.open("/matters").await.clone();
    assert!(all.status == 200 && all.says("显示 50 项"), "{}", all.body);
    let proposed = browser.open("/matters?state=proposed&source=complaint&send=yes").await.clone();
    assert!(proposed.says("建议发引导书"));
    let one = &rows(&county, ORGAN, "proposed").await[0];
    let found = browser.open(&format!("/matters?number={}", one.number)).await.clone();
    assert!(found.says(&one.number) && found.says("显示 1 项"), "{}", found.body);
    let none = browser.open("/matters?number=X").await.clone();
    assert!(none.says("没有符合条件的事项"));
    let foreign = &rows(&county, "gongan", "proposed").await[0];
    let hidden = browser.open(&format!("/matters?number={}", foreign.number)).await;
    assert!(hidden.says("没有符合条件的事项") && !hidden.says(foreign.stream.key()));
}

#[tokio::test]
async fn a_party_is_found_by_phone_and_never_in_an_address() {
    let county = County::new().await;
    county.letter("HY202207140001", "郭阿海", Some("19900004321")).await;
    let mut browser = clerk(&county).await;
    browser.open("/matters").await;
    for who in ["郭阿海", "199 0000 4321", "绮园家电商行"] {
        let found = browser.press("/matters/find", &[("who", who)]).await;
        assert!(found.status == 200 && found.says("HY202207140001"), "{who}");
        assert!(found.location.is_empty());
    }
    assert!(browser.press("/matters/find", &[("who", "郭阿")]).await.says("没有找到"));
    let empty = browser.press("/matters/find", &[("who", " ")]).await;
    assert!(empty.status == 422 && empty.says("f-who-error"));
}

#[tokio::test]
async fn a_matter_is_found_by_words_that_nobody_sealed_and_the_list_says_where_they_stand() {
    let county = county().await;
    county.letter("HY202207140001", "郭阿海", Some("19900004321")).await;
    let mut browser = clerk(&county).await;
    browser.open("/matters").await;
    let found = browser.press("/matters/find", &[("who", "绮园 家电")]).await.clone();
    assert!(found.status == 200 && found.says("HY202207140001") && found.says("见于单位名称"), "{}", found.body);
    assert!(found.location.is_empty() && found.says("查找到 1 件"));
    // More than are listed: the newest, and the page says so.
    let many = browser.press("/matters/find", &[("who", "投诉")]).await.clone();
    assert!(many.says("见于违法行为、检查事项或者诉求类型"), "{}", many.body);
    let state = state(&county, &rows(&county, ORGAN, "proposed").await[0].stream).await;
    let told: String = state.matter.text.text().chars().filter(|c| ('一'..='龥').contains(c)).take(6).collect();
    for who in ["阿海", "郭阿", told.as_str(), "家电园绮", "园"] {
        let none = browser.press("/matters/find", &[("who", who)]).await;
        assert!(none.says("没有找到这样的事项") && none.says("至少写两个字"), "{who}: {}", none.body);
    }
    browser.speak("en");
    assert!(browser.press("/matters/find", &[("who", "绮园")]).await.says("found in: name of a firm"));
    let other = county.staff("gongan", Role::Clerk).await;
    let mut browser = county.signed_in(&other, "经办").await;
    browser.open("/matters").await;
    assert!(browser.press("/matters/find", &[("who", "绮园家电")]).await.says("没有找到"));
}

#[tokio::test]
async fn one_matter_says_why_a_letter_is_proposed_and_masks_documents() {
    let county = county().await;
    let row = rows(&county, ORGAN, "proposed").await.remove(0);
    let mut browser = clerk(&county).await;
    for lang in ["zh", "en"] {
        browser.speak(lang);
        let page = browser.open(&format!("/matter/{}", row.stream.key())).await;
        assert_eq!(page.status, 200);
        assert!(page.says("<details>") && page.says("confirm_letter") && page.says("decline_letter"), "{}", page.body);
    }
    let state = state(&county, &row.stream).await;
    let page = browser.page.clone();
    if let Some(document) = state.matter.complainant.and_then(|c| c.document) {
        assert!(!page.says(document.open().unwrap()), "the number stays masked");
    }
    let quote = state.because.open().unwrap().iter().find(|b| !b.quote.is_empty()).unwrap().quote.clone();
    assert!(page.says(&quote), "words for and against are quoted: {quote}");
}

#[tokio::test]
async fn another_office_learns_nothing_of_a_matter() {
    let county = county().await;
    let row = rows(&county, ORGAN, "proposed").await.remove(0);
    let other = county.staff("gongan", Role::Clerk).await;
    let mut browser = county.signed_in(&other, "经办").await;
    let path = format!("/matter/{}", row.stream.key());
    let page = browser.open(&path).await.clone();
    assert!(page.status == 404 && !page.says(&row.number));
    assert_eq!(browser.open(&format!("{path}/confirm_letter")).await.status, 404);
    assert_eq!(browser.open("/matter/nothing").await.status, 404);
    // The mediator of the same organ reads it and has no press to send.
    let mediator = county.staff(ORGAN, Role::Mediator).await;
    let mut browser = county.signed_in(&mediator, "调解").await;
    assert!(!browser.open(&path).await.says("confirm_letter"));
    assert_eq!(browser.open(&format!("{path}/confirm_letter")).await.status, 403);
    // The studio sees that there is a matter, and no personal words.
    let studio = county.staff("sifa", Role::Studio).await;
    let mut browser = county.signed_in(&studio, "工作室").await;
    let page = browser.open(&path).await;
    let text = state(&county, &row.stream).await.matter.text;
    assert!(page.status == 200 && !page.says(text.open().unwrap()), "{}", page.body);
    assert!(page.says("还没有文书") && !page.says("文书不对您开放"), "{}", page.body);
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    county.run(&clerk, &row.stream, matter::Command::ConfirmLetter { reason: String::new() }).await;
    let page = browser.open(&path).await;
    assert!(page.says("文书不对您开放") && !page.says("还没有文书"), "they are there, for others: {}", page.body);
}

#[tokio::test]
async fn a_letter_is_sent_once_however_often_one_presses() {
    let county = county().await;
    let row = rows(&county, ORGAN, "proposed").await.remove(0);
    let mut browser = clerk(&county).await;
    let path = format!("/matter/{}/confirm_letter", row.stream.key());
    browser.open(&path).await;
    let first = browser.press(&path, &[]).await;
    let again = browser.press(&path, &[]).await;
    assert_eq!((first.status, again.status), (303, 303), "{}", again.body);
    assert_eq!(state(&county, &row.stream).await.letters.len(), 1);
    // A second person whose page is older is told what happened.
    let late = browser.press(&path, &[("key", "another")]).await;
    assert!(late.status == 422 && late.says("在您打开页面之后"), "{}", late.body);
    assert!(browser.open(&path).await.says("现在不能办理"));
    let page = browser.open(&first.location).await;
    assert!(page.says("调告") && page.says("/paper/"), "{}", page.body);
}

#[tokio::test]
async fn declining_needs_a_reason_and_a_form_of_this_session() {
    let county = county().await;
    let row = rows(&county, ORGAN, "proposed").await.remove(0);
    let mut browser = clerk(&county).await;
    let path = format!("/matter/{}/decline_letter", row.stream.key());
    browser.open(&path).await;
    let empty = browser.press(&path, &[("reason", "  ")]).await;
    assert!(empty.status == 422 && empty.says("f-reason-error"), "{}", empty.body);
    let forged = browser.press(&path, &[("reason", "已和解"), ("csrf", "x")]).await;
    assert_eq!(forged.status, 403);
    assert_eq!(state(&county, &row.stream).await.standing, Standing::Proposed);
    assert_eq!(browser.press(&path, &[("reason", "双方已和解")]).await.status, 303);
    assert_eq!(state(&county, &row.stream).await.standing, Standing::Declined);
}

#[tokio::test]
async fn many_letters_get_numbers_in_a_row_and_the_rest_is_explained() {
    let county = county().await;
    let proposed = rows(&county, ORGAN, "proposed").await;
    let out = rows(&county, ORGAN, "out_of_scope").await;
    let mut browser = clerk(&county).await;
    browser.open("/matters").await;
    let mut typed: Vec<(&str, &str)> = vec![("do", "send")];
    let mut boxes = String::new();
    for row in proposed.iter().take(12).chain(out.iter().take(1)) {
        boxes.push_str(&format!("&matter={}", row.stream.key()));
    }
    // Boxes of one name come many times.
    typed.push(("reason", ""));
    // First a look at who gets what; nothing is sent yet.
    let look = browser.press_many("/matters/chosen", &typed, &boxes).await;
    assert!(look.status == 200 && look.says("确认发出 13 份") && look.says("短信"), "{}", look.body);
    assert!(look.says(&out[0].number) && look.says("系统没有建议发引导书"), "{}", look.body);
    assert!(state(&county, &proposed[0].stream).await.letters.is_empty());
    typed[0].1 = "confirm";
    let answer = browser.press_many("/matters/chosen", &typed, &boxes).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let again = browser.press_many("/matters/chosen", &typed, &boxes).await;
    assert_eq!(again.location, answer.location);
    let done = browser.open(&answer.location).await.clone();
    assert!(done.says("已对 12 件事项"), "{}", done.body);
    assert!(done.says(&out[0].number) && done.says("理由：与系统的建议不一致"), "{}", done.body);
    let mut numbers = Vec::new();
    for row in proposed.iter().take(12) {
        let state = state(&county, &row.stream).await;
        assert_eq!(state.letters.len(), 1);
        numbers.push(state.letters[0].0.paper.number.clone());
    }
    numbers.sort_by_key(|number| number.len());
    numbers.dedup();
    assert_eq!(numbers.len(), 12);
    // Another clerk does not see what this one did.
    let other = county.staff("gongan", Role::Clerk).await;
    let mut stranger = county.signed_in(&other, "经办").await;
    assert_eq!(stranger.open(&answer.location).await.status, 404);
}

#[tokio::test]
async fn one_foreign_matter_among_the_chosen_stops_all() {
    let county = county().await;
    let own = rows(&county, ORGAN, "proposed").await.remove(0);
    let foreign = rows(&county, "gongan", "proposed").await.remove(0);
    let mut browser = clerk(&county).await;
    browser.open("/matters").await;
    let boxes = format!("&matter={}&matter={}", own.stream.key(), foreign.stream.key());
    assert_eq!(browser.press_many("/matters/chosen", &[("do", "send")], &boxes).await.status, 404);
    assert_eq!(state(&county, &own.stream).await.standing, Standing::Proposed);
    let none = browser.press_many("/matters/chosen", &[("do", "send")], "").await;
    assert!(none.status == 422 && none.says("请先勾选事项"));
    browser.open("/matters?state=proposed&source=complaint").await;
    let none = browser.press_many("/matters/chosen", &[("do", "send")], "").await;
    assert!(none.says("value=\"proposed\" selected"), "what was narrowed stays narrowed: {}", none.body);
}

#[tokio::test]
async fn what_was_entered_of_a_matter_is_corrected_by_one_and_approved_by_another() {
    let county = County::new().await;
    let (stream, _) = county.letter("HY202207140001", "郭阿海", None).await;
    let mut browser = clerk(&county).await;
    let (page, ask) = (format!("/matter/{}", stream.key()), format!("/matter/{}/ask_correction", stream.key()));
    let form = browser.open(&ask).await.clone();
    assert!(form.says("value=\"text\"") && form.says("购买的冰箱"), "what is on file is shown: {}", form.body);
    let wrong = browser.press(&ask, &[("after", "冰箱使用12天就坏了"), ("reason", " ")]).await;
    assert!(wrong.status == 422 && wrong.says("f-field-error") && wrong.says("f-reason-error"), "{}", wrong.body);
    assert!(wrong.says("冰箱使用12天就坏了") && state(&county, &stream).await.amendments.is_empty(), "{}", wrong.body);
    let right = [("field", "text"), ("after", "冰箱使用12天就坏了"), ("reason", "录入有误")];
    let (one, two) = (browser.press(&ask, &right).await, browser.press(&ask, &right).await);
    assert_eq!((one.status, two.status, state(&county, &stream).await.amendments.len()), (303, 303, 1));
    assert!(browser.open(&page).await.says("录入有误"), "{}", browser.page.body);
    let approve = format!("{page}/approve_correction");
    assert_eq!(browser.open(&approve).await.status, 403, "a clerk asks and a leader approves");
    let leader = county.staff(ORGAN, Role::Leader).await;
    let mut leader = county.signed_in(&leader, "分管").await;
    let form = leader.open(&approve).await.clone();
    assert!(form.says("冰箱使用12天就坏了") && form.says("refuse_correction"), "{}", form.body);
    let none = leader.press(&approve, &[]).await;
    assert!(none.status == 422 && none.says("f-correction-error"), "{}", none.body);
    assert!(state(&county, &stream).await.matter.text.text().contains("10天"), "asking changes nothing");
    assert_eq!(leader.press(&approve, &[("correction", "0")]).await.status, 303);
    assert_eq!(state(&county, &stream).await.matter.text.text(), "冰箱使用12天就坏了");
    assert!(leader.open(&page).await.says("冰箱使用12天就坏了"), "{}", leader.page.body);
}

#[tokio::test]
async fn the_page_of_an_imported_matter_leads_to_its_correction_and_to_taking_it_back() {
    let county = county().await;
    let row = rows(&county, ORGAN, "proposed").await.remove(0);
    let mut browser = clerk(&county).await;
    let page = format!("/matter/{}", row.stream.key());
    let shown = browser.open(&page).await.clone();
    for act in ["ask_correction", "withdraw_matter"] {
        assert!(shown.says(&format!("{page}/{act}")), "{act}: {}", shown.body);
    }
    let ask = format!("{page}/ask_correction");
    let form = browser.open(&ask).await.clone();
    assert!(form.says("complainant/phone") && form.says("不会改回去"), "{}", form.body);
    let typed = [("field", "complainant/phone"), ("after", "19900004321"), ("reason", "来电人更换了号码")];
    assert_eq!(browser.press(&ask, &typed).await.status, 303);
    let history = browser.open(&page).await.clone();
    assert!(history.says("来电人更换了号码") && !history.says("19900004321"), "{}", history.body);
}

/// A decision that can be registered.
pub const DECISION: [(&str, &str); 14] = [
    ("category", "销售不合格食品"),
    ("text", "当事人销售超过保质期的饼干12袋，造成消费者损失"),
    ("subject_kind", "organisation"),
    ("subject_name", "海盐县武原镕昇食品经营部"),
    ("result", "没收违法所得；罚款人民币50000元"),
    ("fine", "50000"),
    ("basis", "《中华人民共和国食品安全法》第三十四条第十项"),
    ("reason", "涉及罚款数额裁量"),
    ("told", "yes"),
    ("told_on", "2022-07-06"),
    ("said", "stated"),
    ("answered_on", "2022-07-08"),
    ("statement", "饼干是赠品，没有卖出"),
    ("answer", "现场检查笔录证明已上架销售，不予采纳"),
];

#[tokio::test]
async fn the_fine_of_a_typed_penalty_is_the_one_of_its_content() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/new").await;
    let number = [("source", "penalty"), ("number", "盐市监罚字〔2022〕18号"), ("occurred_on", "2022-07-10")];
    for fine in ["", "500", "50001"] {
        let mut typed = [&number[..], &DECISION].concat();
        typed.retain(|(name, _)| *name != "fine");
        typed.push(("fine", fine));
        let wrong = browser.press("/matters/new", &typed).await;
        assert!(wrong.status == 422 && wrong.says("f-fine-error") && wrong.says("不一致"), "{fine}: {}", wrong.body);
    }
    assert_eq!(browser.press("/matters/new", &[&number[..], &DECISION].concat()).await.status, 303);
}

#[tokio::test]
async fn a_typed_matter_may_be_as_long_as_an_imported_one() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/new").await;
    let number = [("source", "penalty"), ("number", "盐市监罚字〔2022〕18号"), ("occurred_on", "2022-07-10")];
    for (length, status) in [(10_001, 422), (10_000, 303)] {
        let text = "字".repeat(length);
        let mut typed = [&number[..], &DECISION].concat();
        typed.retain(|(name, _)| *name != "text");
        typed.push(("text", &text));
        assert_eq!(browser.press("/matters/new", &typed).await.status, status, "{length}");
    }
}

#[tokio::test]
async fn a_fault_says_whose_field_it_is_where_several_people_are_asked_the_same() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/new").await;
    let wrong = [("source", "complaint"), ("complainant_name", "段海"), ("complainant_document", "123")];
    let more = [("affected_name", "石玉冬"), ("affected_document", "123"), ("affected_phone", "123")];
    let answer = browser.press("/matters/new", &[wrong, more].concat()).await;
    assert_eq!(answer.status, 422);
    for named in ["来电人（投诉人、举报人） 证件号码：", "权利受影响人（受害人） 证件号码："]
    {
        assert!(answer.says(named), "{named}: {}", answer.body);
    }
}

#[tokio::test]
async fn each_wrong_value_of_a_matter_is_marked_at_its_field_and_nothing_is_stored() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/decision").await;
    let bad = [
        ("told", ""),
        ("told_on", "2022-02-30"),
        ("told_on", "2022-07-15"),
        ("said", ""),
        ("answered_on", ""),
        ("answered_on", "2022-07-05"),
        ("answered_on", "2022-07-15"),
        ("statement", ""),
        ("answer", " "),
        ("basis", ""),
        ("category", " "),
        ("text", ""),
        ("subject_kind", ""),
        ("subject_name", ""),
        ("subject_credit", "91330499X"),
        ("subject_document", "330499199001011234"),
        ("result", ""),
        ("fine", "约三万"),
        ("fine", "600"),
        ("confiscation", "-1"),
    ];
    for (field, value) in bad {
        let mut typed = DECISION.to_vec();
        typed.retain(|(name, _)| *name != field);
        typed.push((field, value));
        let answer = browser.press("/matters/decision", &typed).await;
        assert_eq!(answer.status, 422, "{field}={value}");
        assert!(answer.says(&format!("id=\"f-{field}-error\"")), "{field}={value}: {}", answer.body);
        if field != "text" {
            assert!(answer.says("当事人销售超过保质期的饼干12袋"), "what was typed is kept");
        }
    }
    assert!(rows(&county, ORGAN, "issued").await.is_empty());
    let mediator = county.staff(ORGAN, Role::Mediator).await;
    let mut browser = county.signed_in(&mediator, "调解").await;
    assert_eq!(browser.open("/matters/new").await.status, 403);
}

#[tokio::test]
async fn a_complaint_by_form_is_proposed_for_a_letter() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/new").await;
    let typed = [
        ("source", "complaint"),
        ("number", "HY202207130999"),
        ("occurred_on", "2022-07-13"),
        ("category", "投诉"),
        ("text", "购买的冰箱使用10天就坏了，商家拒绝退换，要求退款2680元"),
        ("subject_name", "绮园家电商行"),
        ("complainant_name", "古丽·买买提"),
        ("complainant_phone", "19900001234"),
        ("own_due_on", "2022-07-20"),
    ];
    let answer = browser.press("/matters/new", &typed).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let stream = matter::stream(Source::Complaint, "HY202207130999");
    assert_eq!(state(&county, &stream).await.standing, Standing::Proposed);
    assert!(browser.open(&answer.location).await.says("古丽·买买提"));
    // With whatever dot the name is typed, it is found.
    browser.open("/matters").await;
    for who in ["古丽•买买提", "古丽・买买提", "古丽 · 买买提"] {
        assert!(browser.press("/matters/find", &[("who", who)]).await.says("HY202207130999"), "{who}");
    }
    let mut differs = typed.to_vec();
    differs[4].1 = "别的事";
    let refused = browser.open("/matters/new").await.clone();
    assert_eq!(refused.status, 200);
    let refused = browser.press("/matters/new", &differs).await;
    assert!(refused.status == 422 && refused.says("f-number-error"), "{}", refused.body);
    let missing = browser.press("/matters/new", &[("source", "")]).await;
    assert!(missing.says("f-source-error"));
}

#[tokio::test]
async fn a_letter_against_the_proposal_is_of_the_kind_that_the_form_names() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/new").await;
    let typed = [
        ("source", "complaint"),
        ("number", "HY202207130998"),
        ("occurred_on", "2022-07-13"),
        ("category", "咨询"),
        ("text", "咨询办理营业执照需要哪些材料"),
        ("complainant_name", "郭阿海"),
        ("complainant_phone", "19900001234"),
        ("own_due_on", "2022-07-20"),
    ];
    assert_eq!(browser.press("/matters/new", &typed).await.status, 303);
    let stream = matter::stream(Source::Complaint, "HY202207130998");
    let page = browser.open(&format!("/matter/{}/confirm_letter", stream.key())).await;
    assert!(page.says("不建议发告知引导书 · 其他民事纠纷"), "{}", page.body);
}

#[tokio::test]
async fn a_served_day_counts_the_limit_anew_and_must_follow_the_decision() {
    let county = County::new().await;
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/双公示-行政处罚.xlsx")).unwrap();
    county.app.import(&Actor::admin(), File::Penalties, "双公示.xlsx", &bytes, false, |_, _| ()).await.unwrap();
    let row = rows(&county, ORGAN, "proposed").await.remove(0);
    let mut browser = clerk(&county).await;
    let path = format!("/matter/{}/enter_served", row.stream.key());
    browser.open(&path).await;
    for (value, why) in
        [("", "f-on-error"), ("昨天", "f-on-error"), ("2023-01-01", "f-on-error"), ("2020-01-01", "error-summary")]
    {
        let answer = browser.press(&path, &[("on", value)]).await;
        assert!(answer.status == 422 && answer.says(why), "{value}");
    }
    let day = row.occurred_on.unwrap().tomorrow().unwrap();
    assert_eq!(browser.press(&path, &[("on", &day.to_string())]).await.status, 303);
    assert_eq!(state(&county, &row.stream).await.served_on, Some(day));
}

#[tokio::test]
async fn an_anonymous_complaint_is_entered_a_person_or_declined_in_one_press() {
    let county = county().await;
    let file = "工单编号,受理时间,来电人,联系电话,证件号码,诉求类型,诉求内容,被反映对象,地址,承办单位,办理期限,办理状态
HY202207149921,2022-07-13 14:27:00,匿名,19900001001,,投诉,购买的沙发开裂，商家拒绝退换，要求退款1200元,望海楼家具店,武原街道朝阳路9号,海盐县市场监督管理局,2022-07-20,办理中
HY202207149922,2022-07-13 15:27:00,匿名,,,投诉,购买的茶几开裂，商家拒绝退换，要求退款300元,望海楼家具店,,海盐县市场监督管理局,2022-07-20,办理中
";
    let outcome =
        county.app.import(&Actor::admin(), File::Complaints, "a.csv", file.as_bytes(), false, |_, _| {}).await;
    assert_eq!(outcome.unwrap().stored, 2);
    let nobody = ["HY202207149921", "HY202207149922"].map(|number| (ORGAN, matter::stream(Source::Complaint, number)));
    let (organ, stream) = nobody[0].clone();
    let clerk = county.staff(organ, Role::Clerk).await;
    let mut browser = county.signed_in(&clerk, "经办人").await;
    let path = format!("/matter/{}/confirm_letter", stream.key());
    let page = browser.open(&path).await.clone();
    assert!(page.says("还不知道发给谁") && page.says("/enter_entitled"), "{}", page.body);
    let decline = format!("/matter/{}/decline_letter", stream.key());
    let enter = format!("/matter/{}/enter_entitled", stream.key());
    let page_of = format!("/matter/{}", stream.key());
    let shown = browser.open(&page_of).await.clone();
    assert!(shown.says("未留姓名") && shown.says("朝阳路9号"), "{}", shown.body);
    assert!(!shown.says("19900001001"), "hidden as every phone is");
    let form = browser.open(&enter).await.clone();
    assert!(form.says("19900001001") && form.says("朝阳路9号"), "whom to call: {}", form.body);
    assert!(form.says("姓名") && form.body.matches("class=\"optional\"").count() == 4, "{}", form.body);
    assert_eq!(browser.press(&enter, &[]).await.status, 422, "a name is needed");
    let typed = [("complainant_name", "沈知夏"), ("complainant_phone", "19900001001")];
    let entered = browser.press(&enter, &typed).await;
    assert_eq!((entered.status, entered.location.as_str()), (303, path.as_str()), "{}", entered.body);
    assert_eq!(state(&county, &stream).await.entitled().unwrap().name.text(), "沈知夏");
    assert!(browser.open(&path).await.says("沈知夏"), "now a letter can go");
    if let Some((organ, stream)) = nobody.get(1) {
        let clerk = county.staff(organ, Role::Clerk).await;
        let mut browser = county.signed_in(&clerk, "经办人").await;
        browser.open(&format!("/matter/{}/confirm_letter", stream.key())).await;
        let path = format!("/matter/{}/decline_letter", stream.key());
        assert_eq!(browser.press(&path, &[]).await.status, 303);
        assert_eq!(state(&county, stream).await.standing, Standing::Declined);
    } else {
        assert!(page.says(&decline), "one press declines");
    }
}

/// A brawl with somebody injured, as the police register it.
pub const BRAWL: [(&str, &str); 11] = [
    ("source", "penalty"),
    ("number", "盐公（武）行罚决字〔2022〕00318号"),
    ("occurred_on", "2022-07-12"),
    ("category", "殴打他人"),
    ("text", "因邻里琐事殴打他人致轻微伤，被打的人要求赔偿医药费3000元"),
    ("subject_kind", "person"),
    ("subject_name", "包守田"),
    ("result", "罚款人民币500元"),
    ("affected_name", "John Smith"),
    ("affected_phone", "19900001234"),
    ("fine", "500"),
];

#[tokio::test]
async fn whom_a_punished_act_harmed_gets_a_civil_letter_of_their_own() {
    let county = County::new().await;
    let police = county.staff("gongan", Role::Clerk).await;
    let mut browser = county.signed_in(&police, "经办").await;
    browser.open("/matters/new").await;
    let answer = browser.press("/matters/new", &BRAWL).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let stream = matter::stream(Source::Penalty, "盐公(武)行罚决字〔2022〕00318号");
    let registered = state(&county, &stream).await;
    assert_eq!(registered.matter.affected.as_ref().unwrap().name.text(), "John Smith");
    assert!(!registered.proposal.send, "the fine is no major one");
    assert!(registered.harmed.as_ref().unwrap().proposal.send, "{:?}", registered.harmed);
    assert_eq!(registered.standing, Standing::Proposed);
    let page = browser.open(&answer.location).await.clone();
    assert!(page.says("John Smith") && page.says("对权利受影响人"), "{}", page.body);
    // The victim's letter goes by message; the punished person's needs a reason, and comes later.
    let path = format!("{}/confirm_letter", answer.location);
    browser.open(&path).await;
    let both = [("to", "affected"), ("channel_affected", "sms")];
    assert_eq!(browser.press(&path, &both).await.status, 303);
    let sent = state(&county, &stream).await;
    assert_eq!(sent.letters.len(), 1);
    assert_eq!((sent.letters[0].0.kind, sent.letters[0].0.channel.as_str()), (Some(Kind::Civil), "sms"));
    browser.open(&path).await;
    let more = [("to", "subject"), ("channel_subject", "email"), ("contact_subject", "bao@"), ("reason", "涉及裁量")];
    let wrong = browser.press(&path, &more).await;
    assert!(wrong.status == 422 && wrong.says("f-contact_subject-error"), "{}", wrong.body);
    let mut more = more;
    more[2].1 = "bao@example.com";
    more[3].1 = "";
    let silent = browser.press(&path, &more).await;
    assert!(silent.status == 422 && silent.says("理由"), "{}", silent.body);
    more[3].1 = "涉及裁量";
    assert_eq!(browser.press(&path, &more).await.status, 303);
    let sent = state(&county, &stream).await;
    assert_eq!(sent.letters.len(), 2);
    assert_eq!(sent.letters[1].0.kind, Some(Kind::Administrative));
    let mail = county.app.reader.messages(&Page::first(5)).await.unwrap().rows;
    assert!(mail.iter().any(|m| m.channel == "mail") && mail.iter().any(|m| m.channel == "sms"));
    let paper = county.app.state::<yanhe_core::paper::Paper>(&sent.letters[1].0.paper.id).await.unwrap().unwrap();
    assert_eq!(paper.standing(), "sent");
}

#[tokio::test]
async fn one_more_who_is_harmed_is_entered_on_the_page_of_the_matter_and_gets_a_letter() {
    let county = County::new().await;
    let police = county.staff("gongan", Role::Clerk).await;
    let mut browser = county.signed_in(&police, "经办").await;
    browser.open("/matters/new").await;
    let page = browser.press("/matters/new", &BRAWL).await.location;
    let stream = matter::stream(Source::Penalty, "盐公(武)行罚决字〔2022〕00318号");
    let enter = format!("{page}/enter_entitled");
    assert!(browser.open(&page).await.says("再登记一名权利受影响人"), "{}", browser.page.body);
    browser.open(&enter).await;
    let wrong = browser.press(&enter, &[("affected_name", "石玉冬、段海")]).await;
    assert!(
        wrong.status == 422 && wrong.says("f-affected_name-error") && wrong.says("一次登记一个人"),
        "{}",
        wrong.body
    );
    let next = browser.press(&enter, &[("affected_name", "石玉冬"), ("affected_phone", "19900001235")]).await;
    assert_eq!(next.status, 303, "{}", next.body);
    assert!(browser.open(&next.location).await.says("石玉冬"), "{}", browser.page.body);
    let both = [("to", "affected2"), ("channel_affected2", "sms"), ("reason", "另一人另行告知")];
    let sent = browser.press(&next.location, &both).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let letters = state(&county, &stream).await.letters;
    assert_eq!(letters.iter().map(|(l, _)| l.to.name.text()).collect::<Vec<_>>(), ["石玉冬"]);
    // Each of them can tell an application at the counter.
    assert!(browser.open(&page).await.says("who=affected2"), "{}", browser.page.body);
}

#[tokio::test]
async fn what_is_typed_about_nobody_is_asked_for_and_not_lost() {
    let county = County::new().await;
    let police = county.staff("gongan", Role::Clerk).await;
    let mut browser = county.signed_in(&police, "经办").await;
    browser.open("/matters/new").await;
    let mut typed = BRAWL.to_vec();
    typed[8].1 = "";
    let answer = browser.press("/matters/new", &typed).await;
    assert!(answer.status == 422 && answer.says("f-affected_name-error"), "{}", answer.body);
    assert!(answer.says("姓名或者名称：请填写"), "the summary calls the field as the form does: {}", answer.body);
}

#[tokio::test]
async fn a_letter_goes_the_same_way_whether_sent_alone_or_with_others() {
    let county = County::new().await;
    let head =
        "工单编号,受理时间,来电人,联系电话,证件号码,诉求类型,诉求内容,被反映对象,地址,承办单位,办理期限,办理状态";
    let row = "HY202207130777,2022-07-13 09:00:00,郭阿海,,,投诉,购买的冰箱使用10天就坏了商家拒绝退换要求退款2680元,\
               绮园家电商行,海盐县通元镇217号,海盐县市场监督管理局,2022-07-20,已签收";
    let file = format!("{head}\n{row}\n");
    county.app.import(&Actor::admin(), File::Complaints, "a.csv", file.as_bytes(), false, |_, _| ()).await.unwrap();
    let stream = matter::stream(Source::Complaint, "HY202207130777");
    assert_eq!(state(&county, &stream).await.standing, Standing::Proposed);
    let mut browser = clerk(&county).await;
    browser.open("/matters").await;
    let boxes = format!("&matter={}", stream.key());
    let many = browser.press_many("/matters/chosen", &[("do", "send")], &boxes).await;
    assert!(many.says("打印后送达") && !many.says("邮寄"), "{}", many.body);
    let alone = browser.open(&format!("/matter/{}/confirm_letter", stream.key())).await.clone();
    let ticked = alone.body.split("<input").find(|field| field.contains("channel_") && field.contains("checked"));
    assert!(ticked.is_some_and(|field| field.contains("value=\"print\"")), "{}", alone.body);
}

/// A complaint as typed, with what it says and of whom.
fn complained(number: &'static str, text: &'static str, subject: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("source", "complaint"),
        ("number", number),
        ("occurred_on", "2022-07-12"),
        ("category", "投诉"),
        ("text", text),
        ("subject_name", subject),
        ("complainant_name", "谭景行"),
        ("complainant_phone", "19900007731"),
    ]
}

#[tokio::test]
async fn the_clerk_says_of_which_kind_a_dispute_is_and_why_and_the_letter_follows() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/new").await;
    let text = "冰箱坏了，商家拒绝退款，要求退款2680元；所里封存过一次";
    let answer = browser.press("/matters/new", &complained("HY202207120801", text, "绮园家电商行")).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let stream = matter::stream(Source::Complaint, "HY202207120801");
    assert_eq!(state(&county, &stream).await.kind(), Kind::Civil);
    let path = format!("{}/confirm_letter", answer.location);
    // Who sends many sees the sort of each too, and is led to where it is changed.
    let list = browser.open("/matters?number=HY202207120801").await.clone();
    assert!(list.says("消费纠纷"), "{}", list.body);
    let check = browser.press("/matters/chosen", &[("matter", stream.key()), ("do", "send")]).await.clone();
    assert!(check.says("消费纠纷 · 民事纠纷") && check.says(&path), "{}", check.body);
    let form = browser.open(&path).await.clone();
    assert!(form.says("纠纷类别") && form.says("系统建议：消费纠纷 · 民事纠纷"), "{}", form.body);
    let mut typed = vec![
        ("to", "complainant"),
        ("channel_complainant", "sms"),
        ("entry", "administrative-compensation"),
        ("reason", ""),
    ];
    let silent = browser.press(&path, &typed).await.clone();
    assert!(silent.status == 422 && silent.says("理由"), "{}", silent.body);
    browser.page = silent;
    typed[2].1 = "whatever";
    let wrong = browser.press(&path, &typed).await.clone();
    assert!(wrong.status == 422 && wrong.says("f-entry-error"), "{}", wrong.body);
    browser.page = wrong;
    typed[2].1 = "administrative-compensation";
    typed[3].1 = "争的是封存";
    assert_eq!(browser.press(&path, &typed).await.status, 303);
    let sent = state(&county, &stream).await;
    assert_eq!((sent.kind(), sent.letters[0].0.kind), (Kind::Administrative, Some(Kind::Administrative)));
    let page = browser.open(&answer.location).await.clone();
    assert!(
        page.says("办理人认定为行政补偿赔偿争议 · 行政争议（系统建议：消费纠纷 · 民事纠纷）")
            && page.says("争的是封存"),
        "{}",
        page.body
    );
    let row = county.app.reader.matter(&stream).await.unwrap().unwrap();
    assert_eq!((row.kind.as_str(), row.entry.as_str()), ("administrative", "administrative-compensation"));
}

#[tokio::test]
async fn a_firm_with_its_kind_in_brackets_is_taken_for_one_and_keeps_its_registered_name() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/new").await;
    let (text, name) = ("冰箱坏了，拒绝退款，要求退款2680元", "海盐某某有限责任公司（个人独资）");
    let answer = browser.press("/matters/new", &complained("HY202207120802", text, name)).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let subject = state(&county, &matter::stream(Source::Complaint, "HY202207120802")).await.matter.subject.unwrap();
    assert!(subject.is_firm());
    assert_eq!(subject.name.text(), name);
    // What reads as nobody's name is quoted as it was typed, and what to do is said.
    browser.open("/matters/new").await;
    let answer = browser.press("/matters/new", &complained("HY202207120803", text, "阿海（电器）")).await;
    assert!(answer.status == 422 && answer.says("“（”") && answer.says("选择“法人"), "{}", answer.body);
}
