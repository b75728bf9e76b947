//! What a page does with what nobody should have sent: a clear word at the field, what was typed kept, nothing half
//! done.

use std::collections::BTreeMap;

use yanhe_app::import::Kind;
use yanhe_core::StreamId;
use yanhe_core::matter::{Matter, Standing};
use yanhe_core::policy::{Actor, Role, scope};
use yanhe_store_read::Page;
use yanhe_store_read::views::matter::{MatterFilter, MatterView};

use crate::site::{Browser, County, ORGAN};

async fn county() -> County {
    let county = County::new().await;
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/12345工单导出.csv")).unwrap();
    county.app.import(&Actor::admin(), Kind::Complaints, "12345.csv", &bytes, false, |_, _| ()).await.unwrap();
    county
}

async fn proposed(county: &County) -> Vec<MatterView> {
    let filter = MatterFilter { organ: Some(ORGAN.into()), state: Some("proposed".into()), ..MatterFilter::default() };
    county.app.reader.matters(&scope(&Actor::admin()), &filter, &Page::first(500)).await.unwrap().rows
}

async fn browser(county: &County, role: Role, name: &str) -> Browser {
    let actor = county.staff(ORGAN, role).await;
    county.signed_in(&actor, name).await
}

async fn standing(county: &County, stream: &StreamId) -> Standing {
    county.app.state::<Matter>(stream).await.unwrap().unwrap().standing
}

/// How often each kind of event stands in a stream.
async fn events(county: &County, stream: &StreamId) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for entry in county.app.reader.entries_of(stream, 0).await.unwrap() {
        *kinds.entry(entry.kind).or_default() += 1;
    }
    kinds
}

#[tokio::test]
async fn of_two_at_once_one_decides_and_the_other_is_told_who_did_what() {
    let county = county().await;
    let (mut clerk, mut leader) =
        (browser(&county, Role::Clerk, "经办").await, browser(&county, Role::Leader, "负责").await);
    let matters = proposed(&county).await;
    let mut won = [0, 0];
    for (n, row) in matters.iter().take(12).enumerate() {
        let path = |act: &str| format!("/matter/{}/{act}", row.stream.key());
        let (confirm, decline) = (path("confirm_letter"), path("decline_letter"));
        clerk.open(&confirm).await;
        leader.open(&decline).await;
        let to = [("to", "complainant"), ("channel_complainant", "address_needed"), ("reason", "示例")];
        let reason = [("reason", "已当场解决")];
        let (sent, declined) = match n % 2 {
            0 => tokio::join!(clerk.press(&confirm, &to), leader.press(&decline, &reason)),
            _ => {
                let (declined, sent) = tokio::join!(leader.press(&decline, &reason), clerk.press(&confirm, &to));
                (sent, declined)
            }
        };
        let mut statuses = [sent.status, declined.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "round {n}: {}", sent.body);
        let (first, second) = if sent.status == 303 { (0, &declined) } else { (1, &sent) };
        won[first] += 1;
        assert!(second.says("在您打开页面之后") && second.says("您刚才的操作没有保存"), "{}", second.body);
        assert!(second.says(["发出告知引导书", "决定不发告知引导书"][first]), "{}", second.body);
        let kinds = events(&county, &row.stream).await;
        let both = [kinds.get("LettersIssued"), kinds.get("LetterDeclined")];
        assert_eq!(both.iter().flatten().count(), 1, "round {n}: {kinds:?}");
        assert_ne!(standing(&county, &row.stream).await, Standing::Proposed);
    }
    assert_eq!(won[0] + won[1], 12);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_at_its_field_and_nothing_is_stored() {
    let county = county().await;
    let mut clerk = browser(&county, Role::Clerk, "经办").await;
    let row = proposed(&county).await.remove(0);
    let path = format!("/matter/{}/decline_letter", row.stream.key());
    clerk.open(&path).await;
    // Bytes that are no UTF-8, a turn of direction, a character without width, a control character.
    for bad in ["%ff%fe", "%E2%80%AE", "%E2%80%8B", "%00"] {
        let answer = clerk.press_many(&path, &[], &format!("&reason=ab{bad}cd")).await;
        assert_eq!(answer.status, 422, "{bad}");
        assert!(answer.says("f-reason") && answer.says("看不见或者无法辨认的字符"), "{bad}: {}", answer.body);
        assert!(answer.says("ab"), "what was typed is kept");
    }
    let long = "长".repeat(10_001);
    let answer = clerk.press(&path, &[("reason", &long)]).await;
    assert!(answer.status == 422 && answer.says("最多写 10000 个字") && answer.says(&long));
    assert_eq!(standing(&county, &row.stream).await, Standing::Proposed);
    assert_eq!(clerk.press(&path, &[("reason", "已经解决\r\n当场退款")]).await.status, 303);
}

#[tokio::test]
async fn a_form_of_another_session_is_shown_again_with_what_was_typed() {
    let county = county().await;
    let mut clerk = browser(&county, Role::Clerk, "经办").await;
    let row = proposed(&county).await.remove(0);
    let path = format!("/matter/{}/decline_letter", row.stream.key());
    clerk.open(&path).await;
    let answer = clerk.press(&path, &[("reason", "写了很久的理由"), ("csrf", "old")]).await;
    assert!(answer.status == 403 && answer.says("写了很久的理由") && answer.says("再提交一次"), "{}", answer.body);
    assert_eq!(standing(&county, &row.stream).await, Standing::Proposed);
    clerk.page = answer;
    assert_eq!(clerk.press(&path, &[]).await.status, 303);
    assert_ne!(standing(&county, &row.stream).await, Standing::Proposed);
}

#[tokio::test]
async fn a_form_that_comes_after_the_end_of_its_session_is_kept_until_its_sender_signed_in_again() {
    let county = county().await;
    let mut clerk = browser(&county, Role::Clerk, "经办").await;
    let row = proposed(&county).await.remove(0);
    let path = format!("/matter/{}/decline_letter", row.stream.key());
    clerk.open(&path).await;
    (0..11 * 60).for_each(|_| county.minute());
    let answer = clerk.press(&path, &[("reason", "写了很久的理由")]).await;
    assert!(answer.status == 403 && answer.says("登录已经结束"), "{}", answer.body);
    let aside = "href=\"/sign-in\" target=\"_blank\"";
    assert!(answer.says("写了很久的理由") && answer.says(aside), "{}", answer.body);
    // Signed in anew in another window, the page is still there; what it holds is looked at once more and taken.
    let mut anew = browser(&county, Role::Clerk, "经办").await;
    anew.page = answer;
    let again = anew.press(&path, &[]).await;
    assert!(again.status == 403 && again.says("写了很久的理由") && !again.says(aside), "{}", again.body);
    anew.page = again;
    assert_eq!(anew.press(&path, &[]).await.status, 303);
    assert_ne!(standing(&county, &row.stream).await, Standing::Proposed);
    // A party is led to where parties come in, and what was chosen is said in words.
    let mut party = county.browser();
    party.page.body = format!("<form action=\"/my/{}/answer\"></form>", row.stream.key());
    let path = format!("/my/{}/answer", row.stream.key());
    let mut sent = party.press(&path, &[("answer", "yes"), ("csrf", "old")]).await;
    if !sent.says("登录已经结束") {
        party.page = sent;
        sent = party.press(&path, &[]).await;
    }
    assert!(sent.says("登录已经结束") && sent.says("href=\"/return\"") && sent.says("href=\"/l\""), "{}", sent.body);
    assert!(!sent.says(aside), "{}", sent.body);
    assert_eq!(party.open("/my").await.location, "/return");
    assert_eq!(party.open("/work").await.location, "/sign-in?back=/work");
}

#[tokio::test]
async fn a_form_with_a_file_of_another_session_keeps_what_was_typed_and_asks_for_the_file_again() {
    let county = County::new().await;
    let mut browser = county.browser();
    browser.open("/verify").await;
    let (number, file) = ("盐市监调告〔2022〕1号", ("file", "x.pdf", &b"%PDF-1.4"[..]));
    let values = [("number", number), ("check_code", ""), ("csrf", "old")];
    let answer = browser.press_with("/verify", &values, &[file]).await;
    assert!(answer.status == 403 && answer.says(number) && answer.says("再提交一次"), "{}", answer.body);
    assert!(answer.says("type=\"file\"") && answer.says("multipart/form-data"), "{}", answer.body);
    browser.page = answer;
    let sent = browser.press_with("/verify", &[], &[file]).await;
    assert!(sent.status == 200 && sent.says("核对不上"), "{}", sent.body);
}

#[tokio::test]
async fn a_file_that_is_too_large_is_told_with_its_size_and_what_was_typed_stays() {
    let county = County::new().await;
    let mut browser = county.browser();
    browser.open("/verify").await;
    let large = vec![0_u8; 21 * 1024 * 1024];
    let number = "盐市监调告〔2022〕1号";
    let values = [("number", number), ("check_code", "")];
    let answer = browser.press_with("/verify", &values, &[("file", "扫描件.pdf", &large)]).await;
    assert_eq!(answer.status, 413, "{}", answer.body);
    assert!(answer.says("“扫描件.pdf”有 21.0 MB") && answer.says("最多 20 MB"), "{}", answer.body);
    assert!(answer.says("f-file-error") && answer.says(number), "{}", answer.body);
    browser.page = answer;
    let sent = browser.press_with("/verify", &[], &[("file", "x.pdf", b"%PDF-1.4")]).await;
    assert!(sent.status == 200 && sent.says("核对不上"), "{}", sent.body);
    let studio = county.staff("sifa", Role::Studio).await;
    let mut studio = county.signed_in(&studio, "工作室").await;
    studio.open("/imports").await;
    let answer = studio.press_with("/imports", &[("kind", "complaints")], &[("file", "工单.csv", &large)]).await;
    assert!(answer.status == 413 && answer.says("“工单.csv”") && answer.says("拆成几份"), "{}", answer.body);
    assert!(!answer.says("分辨率") && !answer.says("<dd>complaints"), "{}", answer.body);
}

#[tokio::test]
async fn a_filter_that_there_is_not_is_named() {
    let county = County::new().await;
    let mut clerk = browser(&county, Role::Clerk, "经办").await;
    for (address, name) in [
        ("/work?show=xxx", "show"),
        // Who has no such filter is told all the same.
        ("/work?role=zz", "role"),
        ("/work?organ=zz", "organ"),
        ("/letters?show=xx", "show"),
        ("/letters?state=%ff", "state"),
        ("/matters?trail=nonsense", "trail"),
        ("/matters?after=nonsense", "after"),
        ("/matters?batch=zz", "batch"),
        ("/matters?batch=matter/00000000000000000000000000000000", "batch"),
        ("/apply?organ=zzz", "organ"),
        ("/apply?matter=zzz", "matter"),
        ("/apply?organ=shichang&again=zzz", "again"),
    ] {
        let page = clerk.open(address).await;
        assert!(page.status == 422 && page.says(&format!("“{name}”")), "{address}: {} {}", page.status, page.body);
    }
    assert_eq!(clerk.open("/matters?state=&source=penalty&send=yes").await.status, 200);
    let mut leader = browser(&county, Role::Leader, "负责人").await;
    // Where the filter is a field, it is said there, and not that nothing was found.
    for (address, name) in [
        ("/matters?state=xx", "state"),
        ("/matters?source=xx", "source"),
        ("/matters?send=maybe", "send"),
        ("/dossiers?state=zzz&kind=civil", "state"),
        ("/dossiers?kind=yyy", "kind"),
        ("/dossiers?late=never", "late"),
        ("/dossiers?mediator=nobody", "mediator"),
        ("/confirmations?state=zzz", "state"),
        ("/letters?kind=xx", "kind"),
        ("/publicity?organ=moon", "organ"),
        ("/publicity?from=soon", "from"),
        ("/work?role=king", "role"),
        ("/work?person=nobody", "person"),
        ("/board?kind=xx", "kind"),
        ("/board?organ=moon", "organ"),
    ] {
        let page = leader.open(address).await;
        let said = page.says(&format!("f-{name}-error")) && page.says(&format!("href=\"#f-{name}\""));
        assert!(page.status == 422 && said, "{address}: {} {}", page.status, page.body);
        assert!(address.starts_with("/board") || page.says("清除条件"), "{address}: {}", page.body);
    }
    let page = leader.open("/board/acts?name=zzz").await;
    assert!(page.status == 422 && page.says("“name”"), "{} {}", page.status, page.body);
    // A name that no list knows says nothing, whatever stands behind it.
    for address in ["/matters?page=-1", "/work?page=-1", "/letters?page=zz", "/imports?page=-1"] {
        assert_eq!(clerk.open(address).await.status, 200, "{address}");
    }
    assert_eq!(clerk.open("/work?show=week&role=clerk").await.status, 200);
}

#[tokio::test]
async fn the_first_page_takes_the_code_of_a_letter() {
    let county = County::new().await;
    let (_, code) = county.letter("HY202207140009", "郭阿海", Some("19900004321")).await;
    let mut browser = county.browser();
    assert!(browser.open("/").await.says("name=\"code\""));
    let page = browser.open(&format!("/l?code={}", code.to_lowercase())).await.clone();
    assert!(page.status == 303 && page.location == format!("/l/{code}"), "{}", page.location);
    let wrong = browser.open("/l?code=AAAA0001").await;
    assert!(wrong.status == 422 && wrong.says("f-code-error"), "{}", wrong.body);
}

#[tokio::test]
async fn another_organs_case_and_one_that_there_is_not_answer_alike() {
    let county = county().await;
    let other = county.staff("gongan", Role::Clerk).await;
    let mut browser = county.signed_in(&other, "经办").await;
    let row = proposed(&county).await.remove(0);
    for act in ["", "/confirm_letter"] {
        let theirs = browser.open(&format!("/matter/{}{act}", row.stream.key())).await.clone();
        let nothing = browser.open(&format!("/matter/{}{act}", "0".repeat(row.stream.key().len()))).await.clone();
        assert_eq!((theirs.status, nothing.status), (404, 404), "{act}");
    }
}
