//! Orders of the 12345 hotline: their own last day, and the reply.

use crate::matters::{clerk, county, rows, state};
use crate::site::{County, ORGAN};
use yanhe_core::policy::Actor;
use yanhe_store_read::views::matter::MatterView;

#[tokio::test]
async fn an_order_that_was_due_before_it_came_is_marked() {
    let county = county().await;
    let row = rows(&county, ORGAN, "proposed").await.into_iter().find(|row| row.own_due_on.is_some()).unwrap();
    let mut browser = clerk(&county).await;
    let path = format!("/matter/{}", row.stream.key());
    assert!(!browser.open(&path).await.says("疑为录入错误"));
    let matter = state(&county, &row.stream).await.matter;
    let update = yanhe_core::matter::Command::Update {
        status: matter.status,
        own_due_on: row.occurred_on.unwrap().yesterday().ok(),
        phone: None,
        address: None,
        row: None,
        taken_back: None,
    };
    let request = yanhe_app::Request::one(&Actor::admin(), "a later file", &row.stream, update);
    county.app.handle(request).await.unwrap();
    assert!(browser.open(&path).await.says("早于工单登记日期，疑为录入错误"), "taken as it is, and said");
}

#[tokio::test]
async fn the_history_of_an_order_says_what_a_file_changed_and_that_it_was_taken_back() {
    let county = County::new().await;
    let header =
        "工单编号,受理时间,来电人,联系电话,证件号码,诉求类型,诉求内容,被反映对象,地址,承办单位,办理期限,办理状态";
    let file = |phone: &str, due: &str, status: &str| {
        let row = format!(
            "HY9,2022-06-10 14:27:00,段海,{phone},,投诉,冰箱坏了,绮园家电商行,武原街道1号,海盐县市场监督管理局,{due},{status}"
        );
        format!("{header}\r\n{row}\r\n").into_bytes()
    };
    let bring = async |bytes: Vec<u8>| {
        let (admin, kind) = (Actor::admin(), yanhe_app::import::Kind::Complaints);
        county.app.import(&admin, kind, "工单.csv", &bytes, false, |_, _| ()).await.unwrap().batch.unwrap()
    };
    bring(file("19900004321", "2022-06-15", "办理中")).await;
    let second = bring(file("19900004322", "2022-06-20", "办结")).await;
    let stream = yanhe_core::matter::stream(yanhe_core::scope::Source::Complaint, "HY9");
    let mut browser = clerk(&county).await;
    let path = format!("/matter/{}", stream.key());
    let page = browser.open(&path).await.clone();
    for said in ["“办理中”改为“办结”", "“2022年6月15日”改为“2022年6月20日”", "“199****4321”改为“199****4322”"]
    {
        assert!(page.says(said), "{said}: {}", page.body);
    }
    assert!(!page.says("地址：“") && !page.says("19900004322"), "{}", page.body);
    county.app.withdraw_batch(&Actor::admin(), &second, "传错了文件").await.unwrap();
    let page = browser.open(&path).await.clone();
    assert!(page.says("所在的导入被撤回") && page.says("传错了文件"), "{}", page.body);
    assert!(page.says("“办结”改为“办理中”"), "{}", page.body);
}

#[tokio::test]
async fn an_order_is_replied_to() {
    let county = county().await;
    let all = rows(&county, ORGAN, "proposed").await;
    let of = async |closed: bool| {
        for row in all.iter().filter(|row| row.own_due_on.is_some()) {
            if (state(&county, &row.stream).await.matter.status == "办结") == closed {
                return row;
            }
        }
        panic!("there is none");
    };
    let (row, closed) = (of(false).await, of(true).await);
    let mut browser = clerk(&county).await;
    let path = format!("/matter/{}/reply_order", row.stream.key());
    assert!(browser.open(&path).await.says(&row.number));
    let empty = browser.press(&path, &[("text", "")]).await;
    assert!(empty.status == 422 && empty.says("f-text-error"));
    let reply = [("findings", "已联系双方"), ("text", "商家同意退款，可以申请行政调解。")];
    let answer = browser.press(&path, &reply).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(state(&county, &row.stream).await.reply.is_some());
    // The hotline's own word stays, with what was done here beside it; the limit stays, and how it was kept.
    let page = browser.open(&format!("/matter/{}", row.stream.key())).await.clone();
    let kept = if row.own_due_on.unwrap() >= county.app.today() { "已按期办结" } else { "天办结" };
    assert!(page.says(" · 本单位已于2022年7月14日答复") && page.says(kept), "{}", page.body);
    county.clock.set("2022-07-20T01:00:00Z".parse().unwrap());
    let mut browser = clerk(&county).await;
    assert!(browser.open(&format!("/matter/{}", row.stream.key())).await.says(kept), "later it is no other");
    // What the hotline had closed before was not answered late by us: nobody here knows when it was.
    let path = format!("/matter/{}/reply_order", closed.stream.key());
    browser.open(&path).await;
    assert_eq!(browser.press(&path, &reply).await.status, 303);
    let page = browser.open(&format!("/matter/{}", closed.stream.key())).await;
    assert!(page.says("办结 · 本单位已于2022年7月20日答复") && !page.says("天办结"), "{}", page.body);
}

#[tokio::test]
async fn an_order_that_is_late_when_it_is_entered_is_asked_back_once_and_taken_back_has_no_limit() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/new").await;
    let typed = [
        ("source", "complaint"),
        ("number", "HY202203130999"),
        ("occurred_on", "2022-03-13"),
        ("category", "投诉"),
        ("text", "购买的冰箱使用10天就坏了，商家拒绝退换，要求退款2680元"),
        ("subject_name", "绮园家电商行"),
        ("complainant_name", "古丽·买买提"),
        ("complainant_phone", "19900001234"),
        ("own_due_on", "2022-03-20"),
    ];
    let asked = browser.press("/matters/new", &typed).await.clone();
    assert!(asked.status == 422 && asked.says("f-own_due_on-error"), "{}", asked.body);
    // Another day is asked about anew; the same day once more is meant.
    let mut other = typed.to_vec();
    other[8].1 = "2022-03-21";
    browser.page = asked;
    let again = browser.press("/matters/new", &other).await.clone();
    assert!(again.status == 422 && again.says("f-own_due_on-error"), "{}", again.body);
    browser.page = again;
    let stored = browser.press("/matters/new", &other).await.clone();
    assert_eq!(stored.status, 303, "{}", stored.body);
    let limit = "id=\"limit-letter-send\"";
    assert!(browser.open(&stored.location).await.says(limit), "{}", browser.page.body);
    let path = format!("{}/withdraw_matter", stored.location);
    browser.open(&path).await;
    let back = browser.press(&path, &[("reason", "重复登记")]).await.clone();
    assert_eq!(back.status, 303, "{}", back.body);
    assert!(!browser.open(&stored.location).await.says(limit), "{}", browser.page.body);
}

#[tokio::test]
async fn a_reply_is_drafted_from_the_facts_and_needs_the_clerks_own_findings() {
    let county = county().await;
    let mut browser = clerk(&county).await;
    let all: Vec<MatterView> =
        [rows(&county, ORGAN, "proposed").await, rows(&county, ORGAN, "out_of_scope").await].concat();
    let mut seen = std::collections::BTreeSet::new();
    for row in all.into_iter().filter(|row| row.own_due_on.is_some()) {
        let matter = state(&county, &row.stream).await;
        if !seen.insert(matter.matter.category.clone()) {
            continue;
        }
        let path = format!("/matter/{}/reply_order", row.stream.key());
        let page = browser.open(&path).await.clone();
        assert!(page.says(&row.number) && !page.says("已经调查"), "nothing is asserted: {}", page.body);
        let says = match matter.matter.category.as_str() {
            "咨询" => "您咨询的事项",
            "举报" => "依职权处理",
            "投诉" => "您反映“",
            _ => "您的意见",
        };
        assert!(page.says(says), "{}: {}", matter.matter.category, page.body);
    }
    assert!(seen.contains("投诉") && seen.contains("咨询"), "{seen:?}");
    let row = rows(&county, ORGAN, "proposed").await.into_iter().find(|row| row.own_due_on.is_some()).unwrap();
    let send = format!("/matter/{}/confirm_letter", row.stream.key());
    browser.open(&send).await;
    browser.press(&send, &[]).await;
    let path = format!("/matter/{}/reply_order", row.stream.key());
    let letter = state(&county, &row.stream).await.letters[0].0.paper.number.clone();
    let page = browser.open(&path).await.clone();
    assert!(page.says(&letter) && page.says("2022年7月14日"), "{}", page.body);
    let untouched = browser.press(&path, &[("text", "照草稿")]).await;
    assert!(untouched.status == 422 && untouched.says("f-findings-error"), "one press stores nothing");
    assert!(state(&county, &row.stream).await.reply.is_none());
}
