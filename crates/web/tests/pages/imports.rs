//! Files of organs: preview, confirm, result, refused rows, withdrawing.

use yanhe_app::import::Kind;
use yanhe_core::StreamId;
use yanhe_core::matter;
use yanhe_core::policy::{Actor, Role};
use yanhe_core::scope::Source;
use yanhe_core::staff::Staff;
use yanhe_store_read::Page;
use yanhe_store_read::views::roster::PublicityFilter;

use crate::open::demo;
use crate::site::{Answer, Browser, County, ORGAN};

/// The address of a button in the row of a file, by how it begins.
fn beside(list: &str, file: &str, begins: &str) -> String {
    let row = list.split("<tr").find(|row| row.contains(file)).unwrap_or_else(|| panic!("no row of {file}: {list}"));
    let mark = format!("\"{begins}");
    let start = row.find(&mark).unwrap_or_else(|| panic!("no button to {begins}: {row}")) + 1;
    row[start..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_is_previewed_without_storing_and_then_imported_once() {
    let county = County::new().await;
    let studio = county.staff("sifa", Role::Studio).await;
    let mut browser = county.signed_in(&studio, "工作室").await;
    let bytes = demo("双公示-行政处罚.xlsx");
    browser.open("/imports").await;
    let answer = browser.press_with("/imports", &[("kind", "penalties")], &[("file", "双公示.xlsx", &bytes)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let preview = answer.location.clone();
    let page = browser.open(&preview).await.clone();
    assert!(page.says("现在还没有保存任何内容") && page.says("被拒绝的行"), "{}", page.body);
    assert!(browser.open("/matters").await.says("没有符合条件的事项"), "a preview stores nothing");
    let csv = browser.open(&format!("{preview}/refused.csv")).await.clone();
    assert!(csv.kind.starts_with("text/csv") && csv.says("拒绝原因"), "{}", csv.body);

    browser.open(&preview).await;
    let done = browser.press(&preview, &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(browser.press(&preview, &[]).await.location, done.location);
    let result = browser.open(&done.location).await.clone();
    assert!(result.says("没有错误的行已经导入") && result.says("/matters?batch=batch/"), "{}", result.body);
    assert!(browser.open("/imports").await.says("双公示.xlsx"));

    // The same file again holds nothing new.
    let again = browser.press_with("/imports", &[("kind", "penalties")], &[("file", "双公示.xlsx", &bytes)]).await;
    assert!(browser.open(&again.location).await.says("没有可以导入的新内容"));
    // A preview is its uploader's alone.
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut other = county.signed_in(&clerk, "经办").await;
    assert_eq!(other.open(&preview).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_whole_when_its_button_is_pressed_twice_and_when_the_browser_lets_go() {
    for let_go in [false, true] {
        let county = County::new().await;
        let studio = county.staff("sifa", Role::Studio).await;
        let mut browser = county.signed_in(&studio, "工作室").await;
        browser.open("/imports").await;
        let file = ("file", "双公示.xlsx", &*demo("双公示-行政处罚.xlsx"));
        let preview = browser.press_with("/imports", &[("kind", "penalties")], &[file]).await.location;
        browser.open(&preview).await;
        let mut other = browser.clone();
        if let_go {
            // Long before the last row is in.
            let soon = std::time::Duration::from_millis(20);
            let _gone = tokio::time::timeout(soon, browser.press(&preview, &[])).await;
        } else {
            let (one, two) = tokio::join!(browser.press(&preview, &[]), other.press(&preview, &[]));
            assert_eq!((one.status, two.status), (303, 303), "{} {}", one.body, two.body);
            assert_eq!(one.location, two.location);
        }
        #[expect(clippy::disallowed_methods, reason = "waits no longer than a test may")]
        let patience = std::time::Instant::now();
        let imports = loop {
            let page = other.open("/imports").await.clone();
            if page.says("双公示.xlsx") && page.says(">120</td>") {
                break page;
            }
            assert!(patience.elapsed().as_secs() < 60, "it was left in the middle: {}", page.body);
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        };
        assert!(imports.says("/withdraw"), "{}", imports.body);
    }
}

#[tokio::test]
async fn an_organ_sees_the_imports_of_the_county_that_brought_matters_of_it() {
    let county = County::new().await;
    let admin = Actor::admin();
    let (penalties, publicity) = (demo("双公示-行政处罚.xlsx"), demo("宣传活动.xlsx"));
    for (kind, name, bytes) in
        [(Kind::Penalties, "双公示.xlsx", &penalties), (Kind::Publicity, "宣传.xlsx", &publicity)]
    {
        county.app.import(&admin, kind, name, bytes, false, |_, _| ()).await.unwrap();
    }
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut browser = county.signed_in(&clerk, "经办").await;
    let page = browser.open("/imports").await.clone();
    assert!(page.says("双公示.xlsx") && page.says("/matters?batch=batch/"), "{}", page.body);
    assert!(!page.says("withdraw_batch"), "what the county imported, the county takes back");
    // One that brought only publicity events is seen by the organs that held them.
    let mut seen = Vec::new();
    for organ in county.app.pack.mediating().map(|organ| organ.code.clone()).collect::<Vec<_>>() {
        let own = PublicityFilter { organ: Some(organ.clone()), ..PublicityFilter::default() };
        let events = county.app.reader.publicity(&own, &Page::first(1)).await.unwrap().rows;
        let clerk = county.staff(&organ, Role::Clerk).await;
        let listed = county.signed_in(&clerk, "经办").await.open("/imports").await.says("宣传.xlsx");
        assert_eq!(listed, !events.is_empty(), "{organ}");
        seen.push(listed);
    }
    assert!(seen.contains(&true), "{seen:?}");
}

#[tokio::test]
async fn the_refused_rows_come_back_in_the_readers_language_under_the_headers_of_the_file() {
    let county = County::new().await;
    let studio = county.staff("sifa", Role::Studio).await;
    let mut browser = county.signed_in(&studio, "工作室").await;
    let bytes = demo("双公示-行政处罚.xlsx");
    browser.open("/imports").await;
    let answer = browser.press_with("/imports", &[("kind", "penalties")], &[("file", "a.xlsx", &bytes)]).await;
    let csv = browser.open(&format!("{}/refused.csv", answer.location)).await.clone();
    assert!(csv.says("拒绝原因") && csv.says("不是确切的金额"), "{}", csv.body);
    browser.speak("en");
    let csv = browser.open(&format!("{}/refused.csv", answer.location)).await.clone();
    assert!(csv.says("Why it was refused") && csv.says("is not an exact amount"), "{}", csv.body);
    assert!(csv.says("行政处罚决定书文号") && !csv.says("拒绝原因"), "{}", csv.body);
    // As it came back it can be imported again, the reasons in it are none of the file's own.
    browser.open("/imports").await;
    let again =
        browser.press_with("/imports", &[("kind", "penalties")], &[("file", "r.csv", csv.body.as_bytes())]).await;
    let csv = browser.open(&format!("{}/refused.csv", again.location)).await.clone();
    assert_eq!(csv.body.matches("Why it was refused").count(), 1, "{}", csv.body);
}

#[tokio::test]
async fn each_fault_of_an_upload_is_marked() {
    let county = County::new().await;
    let studio = county.staff("sifa", Role::Studio).await;
    let mut browser = county.signed_in(&studio, "工作室").await;
    browser.open("/imports").await;
    let none = browser.press_with("/imports", &[], &[("file", "", b"")]).await;
    assert!(none.status == 422 && none.says("f-kind-error") && none.says("f-file-error"), "{}", none.body);
    let junk = browser.press_with("/imports", &[("kind", "penalties")], &[("file", "x.xlsx", b"PK junk")]).await;
    assert!(junk.status == 422 && junk.says("f-file-error"), "{}", junk.body);
    let wrong = browser
        .press_with("/imports", &[("kind", "penalties")], &[("file", "x.csv", &demo("12345工单导出.csv"))])
        .await;
    assert!(wrong.status == 422 && wrong.says("找不到表头"), "{}", wrong.body);
    // A clerk does not import the roster; a mediator nothing.
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut own = county.signed_in(&clerk, "经办").await;
    assert!(!own.open("/imports").await.says("value=\"roster\""));
    let roster = own.press_with("/imports", &[("kind", "roster")], &[("file", "r.xlsx", &demo("花名册.xlsx"))]).await;
    assert_eq!(roster.status, 403);
    let mediator = county.staff(ORGAN, Role::Mediator).await;
    let mut reader = county.signed_in(&mediator, "调解").await;
    assert!(!reader.open("/imports").await.says("multipart"));
}

#[tokio::test]
async fn an_import_is_taken_back_with_a_reason_while_nothing_was_issued() {
    let county = County::new().await;
    let studio = county.staff("sifa", Role::Studio).await;
    let mut browser = county.signed_in(&studio, "工作室").await;
    browser.open("/imports").await;
    let bytes = demo("双随机检查结果.xlsx");
    let answer = browser.press_with("/imports", &[("kind", "inspections")], &[("file", "双随机.xlsx", &bytes)]).await;
    browser.open(&answer.location).await;
    browser.post(&answer.location, &[]).await;
    let path = beside(&browser.open("/imports").await.body, "双随机.xlsx", "/batch/");
    let mut late = county.signed_in(&county.staff("sifa", Role::Studio).await, "另一位").await;
    late.open(&path).await;
    browser.open(&path).await;
    assert!(browser.press(&path, &[("reason", "")]).await.says("f-reason-error"));
    assert_eq!(browser.press(&path, &[("reason", "传错文件")]).await.status, 303);
    assert_eq!(browser.press(&path, &[("reason", "传错文件")]).await.status, 303, "a double click");
    assert!(browser.open("/imports").await.says("已撤回"));
    // Another page that was open meanwhile is told by whom, when and why, also without a reason of its own.
    for reason in ["", "重复上传"] {
        let told = late.press(&path, &[("reason", reason)]).await;
        assert!(told.status == 422 && told.says("工作室") && told.says("传错文件"), "{}", told.body);
        assert!(told.says("没有再作任何改动"), "{}", told.body);
    }
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut other = county.signed_in(&clerk, "经办").await;
    assert_eq!(other.open(&path).await.status, 403);
}

#[tokio::test]
async fn a_roster_by_which_an_organ_is_online_stays_and_the_page_says_why_before_a_reason_is_typed() {
    let county = County::new().await;
    let studio = county.staff("sifa", Role::Studio).await;
    let mut browser = county.signed_in(&studio, "工作室").await;
    let path = beside(&browser.open("/imports").await.body, "花名册.xlsx", "/batch/");
    let why = "“海盐县市场监督管理局”已经上线，不能撤回";
    let page = browser.open(&path).await.clone();
    assert!(page.status == 200 && page.says(why), "{}", page.body);
    let answer = browser.press(&path, &[("reason", "传错文件")]).await;
    assert!(answer.status == 422 && answer.says(why) && answer.says("传错文件"), "{}", answer.body);
    browser.speak("en");
    assert!(browser.open(&path).await.says("is online"));
}

#[tokio::test]
async fn an_import_at_the_command_line_has_its_account_on_the_page() {
    let county = County::new().await;
    let (admin, kind, file) = (Actor::admin(), Kind::Penalties, "双公示-行政处罚.xlsx");
    let key = county.app.import_key(kind, file, &demo(file)).await.unwrap();
    county.app.import_as(&key, &admin, kind, file, &demo(file), |_, _| ()).await.unwrap();
    let studio = county.staff("sifa", Role::Studio).await;
    let mut browser = county.signed_in(&studio, "工作室").await;
    let account = beside(&browser.open("/imports").await.body, file, "/imports/batch/");
    let page = browser.open(&account).await.clone();
    assert!(page.status == 200 && page.says(file) && page.says("被拒绝的行"), "{}", page.body);
    let csv = browser.open(&format!("{account}/refused.csv")).await.clone();
    assert!(csv.kind.starts_with("text/csv") && csv.says("拒绝原因"), "{}", csv.body);
    // Who keeps the program running lists the matters, and is led to none of them: it opens none.
    let mut keeper = county.signed_in(&admin, "管理员").await;
    let list = keeper.open("/matters").await.clone();
    assert!(list.says("显示") && !list.says("href=\"/matter/"), "{}", list.body);
    // It is the county's: an organ's clerk sees that it brought matters of that organ, and not its account.
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    let mut other = county.signed_in(&clerk, "经办").await;
    let list = other.open("/imports").await.clone();
    assert!(list.says(file) && !list.says("/imports/batch/"), "{}", list.body);
    assert_eq!(other.open(&account).await.status, 404);
    assert_eq!(other.open(&format!("{account}/refused.csv")).await.status, 404);
}

/// Uploads a file and opens its preview.
async fn previewed(browser: &mut Browser, kind: &str, name: &str, text: &str) -> (String, Answer) {
    browser.open("/imports").await;
    let answer = browser.press_with("/imports", &[("kind", kind)], &[("file", name, text.as_bytes())]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = browser.open(&answer.location).await.clone();
    (answer.location, page)
}

const ORDERS: &str =
    "工单编号,受理时间,来电人,联系电话,证件号码,诉求类型,诉求内容,被反映对象,地址,承办单位,办理期限,办理状态";

#[tokio::test]
async fn a_roster_that_leaves_a_post_empty_says_so_before_and_after() {
    let county = County::new().await;
    let studio = county.staff("sifa", Role::Studio).await;
    let mut browser = county.signed_in(&studio, "工作室").await;
    let leader = StreamId::parse(&county.staff(ORGAN, Role::Leader).await.id).unwrap();
    let who = county.app.state::<Staff>(&leader).await.unwrap().unwrap().profile;
    let row = [who.name.text(), county.app.pack.body_name(ORGAN), "经办人", who.phone.text(), who.document.text()];
    let text = format!("姓名,机关名称,岗位,联系电话,证件号码\r\n{}", row.join(","));
    let (at, page) = previewed(&mut browser, "roster", "改岗.csv", &text).await;
    let warned = |page: &Answer| page.says("请留意的行") && page.says("最后一名") && !page.says("被拒绝的行");
    assert!(warned(&page), "{}", page.body);
    let done = browser.press(&at, &[]).await;
    let page = browser.open(&done.location).await.clone();
    assert!(warned(&page), "{}", page.body);
}

#[tokio::test]
async fn a_preview_tells_rows_apart_and_shows_what_stands_beside_what_changes() {
    let county = County::new().await;
    let studio = county.staff("sifa", Role::Studio).await;
    let mut browser = county.signed_in(&studio, "工作室").await;
    let head = "行政相对人名称,行政相对人类别,统一社会信用代码,证件类型,证件号码,行政处罚决定书文号,违法行为类型,违法事实,\
                处罚类别,处罚内容,罚款金额（万元）,没收违法所得、没收非法财物的金额（万元）,暂扣或吊销证照名称及编号,\
                处罚决定日期,处罚机关";
    let row = |n: u32| {
        format!(
            "段海,自然人,,身份证,330499199407113009,盐公罚决〔2022〕{n}号,殴打他人,段海殴打他人,罚款,罚款{n}00元,0.0{n},,,\
             2022-03-0{n},海盐县公安局"
        )
    };
    let three = [head.to_owned(), row(3), row(4), row(5)].join("\r\n");
    let (_, page) = previewed(&mut browser, "penalties", "决定.csv", &three).await;
    for n in 3..6 {
        let told = [format!("盐公罚决〔2022〕{n}号"), format!("罚款{n}00元"), format!("2022-03-0{n}")];
        assert!(told.iter().all(|told| page.says(told)), "{n}: {}", page.body);
    }
    let sample = page.body.split("行和要更新的行").last().unwrap().to_owned();
    let place = |header: &str| sample.find(header).unwrap_or_else(|| panic!("{header}: {sample}"));
    assert!(place("行政处罚决定书文号") < place("行政相对人名称"), "what identifies a row comes first");

    let order = |status: &str| {
        format!(
            "{ORDERS}\r\nHY1,2022-03-10 14:27:00,段海,19900007297,,投诉,停车争执,石玉冬,武原街道,海盐县公安局,2022-03-15,{status}"
        )
    };
    let (path, _) = previewed(&mut browser, "complaints", "一.csv", &order("办理中")).await;
    assert_eq!(browser.press(&path, &[]).await.status, 303);
    let (_, page) = previewed(&mut browser, "complaints", "二.csv", &order("办结")).await;
    assert!(page.says("原为：办理中") && page.says("办结"), "{}", page.body);
}

#[tokio::test]
async fn an_import_from_which_a_letter_was_issued_offers_no_way_back() {
    let county = County::new().await;
    let mut browser = county.signed_in(&county.staff(ORGAN, Role::Clerk).await, "经办").await;
    let row = "HY202207130778,2022-07-13 09:00:00,郭阿海,,,投诉,购买的冰箱使用10天就坏了商家拒绝退换要求退款2680元,\
               绮园家电商行,海盐县通元镇217号,海盐县市场监督管理局,2022-07-20,已签收";
    let (path, _) = previewed(&mut browser, "complaints", "一.csv", &format!("{ORDERS}\r\n{row}")).await;
    assert_eq!(browser.press(&path, &[]).await.status, 303);
    let list = browser.open("/imports").await.clone();
    let back = beside(&list.body, "一.csv", "/batch/");
    assert!(back.ends_with("/withdraw_batch"), "{back}");
    let stream = matter::stream(Source::Complaint, "HY202207130778");
    let clerk = county.staff(ORGAN, Role::Clerk).await;
    county.run(&clerk, &stream, matter::Command::ConfirmLetter { reason: String::new() }).await;
    assert!(!browser.open("/imports").await.says(&back), "the button would fail");
    let told = browser.open(&back).await.clone();
    assert!(!told.says("name=\"reason\""), "no reason is asked for in vain: {}", told.body);
}
