//! What parties, organ and court are told of an application that goes its way with nobody's help, late, or not at all.

use yanhe_app::Request;
use yanhe_app::session::SignedIn;
use yanhe_core::confirmation::{self, Confirmation, Stage};
use yanhe_core::policy::{Actor, Role};
use yanhe_store_read::Page;

use crate::case::{People, effective, people, state};
use crate::confirmations::{court, filed, filing, heard, stream};
use crate::office::{Browser, Got, TestSite, hidden, site};

/// A party of the application, by its place.
async fn party(site: &TestSite, path: &str, n: usize) -> Browser {
    let actor = Actor::party(&filing(site, path).await.subject.parties[n].person);
    site.browser(&SignedIn { actor, name: String::new(), about: None }).await
}

fn mine(path: &str) -> String {
    path.replace("/confirmation/", "/my/")
}

/// Presses a button of the party's own page.
async fn press(party: &Browser, path: &str, what: &str) -> Got {
    let to = format!("{}/{what}", mine(path));
    let form = hidden(&party.get(&mine(path)).await.text(), &to);
    let values: Vec<(&str, &str)> = form.iter().filter(|(k, _)| k != "csrf").map(|(k, v)| (&**k, &**v)).collect();
    party.post(&to, &values).await
}

/// Put together by the mediator; nobody has signed.
async fn drafted(site: &TestSite, who: &People) -> String {
    let dossier = effective(site, who).await;
    who.mediator.submit(&format!("{dossier}/draft_confirmation"), &[]).await.location
}

/// Signed by all, and nobody has certified anything.
async fn signed(site: &TestSite, who: &People) -> String {
    let path = drafted(site, who).await;
    let state = filing(site, &path).await;
    let sha256 = site.app.paper_sha256(Some(&state.application)).await.unwrap();
    for party in &state.subject.parties {
        site.minute();
        let actor = Actor::party(&party.person);
        let sign = confirmation::Command::Sign { sha256: sha256.clone() };
        let request = Request::one(&actor, format!("{}{path}", actor.id), &stream(&path), sign).verified();
        site.app.handle(request).await.unwrap();
    }
    path
}

/// The texts of the messages that went out last.
async fn told(site: &TestSite, words: &str) -> usize {
    let messages = site.app.reader.messages(&Page::first(60)).await.unwrap().rows;
    let texts = messages.iter().filter_map(|m| site.app.open_message(&m.id, &m.body));
    texts.filter(|message| message["text"].as_str().unwrap_or_default().contains(words)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_files_without_the_organ_and_the_court_waits_for_its_certificate() {
    let site = site().await;
    let who = people(&site).await;
    let path = signed(&site, &who).await;
    assert_eq!(told(&site, "还没有提交法院").await, 2, "whoever has a phone hears that signing is not filing");
    let one = party(&site, &path, 1).await;
    one.get(&mine(&path)).await.shows("提交法院").shows("2022年4月7日").shows("没有出具也不影响提交");
    site.minute();
    press(&one, &path, "file").await.went_to(&mine(&path));
    assert_eq!(filing(&site, &path).await.stage, Stage::Filed);
    one.get(&mine(&path)).await.shows("您不用再做什么").shows("补交主持调解证明").shows("2022年3月11日");
    site.app.run_due().await.unwrap();
    who.mediator.get("/work").await.shows(&format!("{path}/certify_presiding")).shows("2022年3月11日");
    let clerk = court(&site, Role::CourtClerk).await;
    clerk.get(&path).await.shows("等待单位补交主持调解证明");
    clerk.get(&format!("{path}/docket_confirmation")).await.shows("还要等").hides("name=\"number\"");
    clerk.get("/work").await.hides(&format!("{path}/docket_confirmation"));
    site.minute();
    who.mediator.submit(&format!("{path}/certify_presiding"), &[]).await.went_to(&path);
    clerk.get("/work").await.shows(&format!("{path}/docket_confirmation"));
    one.get(&mine(&path)).await.hides("您不用再做什么");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_all_have_signed_is_brought_to_mind_before_the_last_day_and_can_be_handed_in_on_paper() {
    let site = site().await;
    let who = people(&site).await;
    let path = signed(&site, &who).await;
    let one = party(&site, &path, 1).await;
    one.get(&mine(&path))
        .await
        .shows("申请书（在“文书”里，可以打印）交给海盐县人民法院")
        .shows("最后一天是2022年4月7日");
    site.wait_until("2022-04-02T00:59:00Z").await;
    site.app.run_due().await.unwrap();
    assert_eq!(told(&site, "至今没有提交法院").await, 0);
    site.wait_until("2022-04-02T01:00:00Z").await;
    site.app.run_due().await.unwrap();
    assert_eq!(told(&site, "至今没有提交法院，最后一天是2022年4月7日").await, 2, "whoever has a phone");
    assert_eq!(told(&site, "请登录系统提交").await, 1, "and the mediator");
    let one = party(&site, &path, 1).await;
    one.get(&mine(&path)).await.shows("提醒把申请提交法院");
    press(&one, &path, "file").await.went_to(&mine(&path));
    assert_eq!(filing(&site, &path).await.stage, Stage::Filed);
    one.get(&mine(&path)).await.hides("交给海盐县人民法院");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_filed_in_time_is_over_on_every_page() {
    let site = site().await;
    let who = people(&site).await;
    let path = drafted(&site, &who).await;
    site.wait_until("2022-04-07T01:00:00Z").await;
    let one = party(&site, &path, 1).await;
    one.get(&mine(&path)).await.shows("阅读并签名").hides("逾期未提交");
    site.wait_until("2022-04-08T01:00:00Z").await;
    site.app.run_due().await.unwrap();
    assert_eq!(filing(&site, &path).await.stage, Stage::Expired);
    assert_eq!(told(&site, "没有在2022年4月7日以前提交法院").await, 2);
    let (one, who) = (party(&site, &path, 1).await, people(&site).await);
    let page = one.get(&mine(&path)).await;
    page.shows("逾期未提交").shows("没有在2022年4月7日以前提交法院").shows("支付令").hides("提交法院，过期不能");
    page.shows("期限内没有申请司法确认").shows("已过期").shows("/apply?again=");
    let sign = one.get(&format!("{path}/sign")).await;
    sign.shows("支付令").hides("打印出来").hides("value=\"send\"");
    let desk = who.mediator.get(&path).await;
    desk.shows("逾期未提交").shows("支付令").shows("期限内没有提交法院").hides(&format!("{path}/certify_presiding"));
    who.mediator.get("/work").await.hides(&path);
    let dossier = path.replace("/confirmation/", "/dossier/");
    who.clerk.get(&dossier).await.shows("逾期未提交").shows("支付令");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_put_an_application_together_in_time_a_party_reads_the_ways_that_are_left() {
    let site = site().await;
    let who = people(&site).await;
    let dossier = effective(&site, &who).await;
    let mine = dossier.replace("/dossier/", "/my/");
    let person = state(&site, &dossier).await.applicants[0].person.clone();
    let signed_in = || SignedIn { actor: Actor::party(&person), name: String::new(), about: None };
    let again = dossier.replace("/dossier/", "/apply?again=");
    let one = site.browser(&signed_in()).await;
    one.get(&mine).await.shows("2022年4月7日").hides("支付令").hides(&again);
    site.wait_until("2022-04-08T01:00:00Z").await;
    site.app.run_due().await.unwrap();
    let one = site.browser(&signed_in()).await;
    let page = one.get(&mine).await;
    page.shows("这份协议不能申请司法确认，但对双方仍有约束力").shows("2022年4月7日");
    page.shows("申请公证").shows("支付令").shows("请求履行协议").shows("劳动争议先申请仲裁").shows(&again);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_docketed_reads_why_and_applies_again() {
    let site = site().await;
    let who = people(&site).await;
    let path = filed(&site, &who).await;
    let clerk = court(&site, Role::CourtClerk).await;
    let decline = format!("{path}/decline_confirmation");
    let bare = [("ground", "not_this_court")];
    clerk.submit(&decline, &bare).await.is(422).shows("f-reasons-error");
    site.minute();
    let why = [("ground", "not_this_court"), ("reasons", "当事人都住在邻县")];
    clerk.submit(&decline, &why).await.went_to(&path);
    assert_eq!(told(&site, "法院没有立案").await, 2);
    site.app.run_due().await.unwrap();
    let dossier = path.replace("/confirmation/", "/dossier/");
    who.mediator.get("/work").await.shows(&format!("{dossier}/draft_confirmation"));
    who.mediator.get(&path).await.shows("当事人都住在邻县");
    let one = party(&site, &path, 1).await;
    let page = one.get(&mine(&path)).await;
    page.shows("管辖").shows("当事人都住在邻县").shows("重新准备司法确认申请").shows("2022年4月7日");
    site.minute();
    press(&one, &path, "confirm").await.went_to(&mine(&path));
    let anew = filing(&site, &path).await;
    assert_eq!((anew.stage, anew.earlier.len()), (Stage::Drafted, 1));
    one.get(&mine(&path)).await.shows("当事人都住在邻县").shows("准备的人：您").shows("阅读并签名");
    who.mediator.get(&path).await.shows("原申请于2022年3月8日不予立案").shows("当事人都住在邻县");
    // Whoever comes second is told who has done it.
    let taken = who.mediator.get(&format!("{dossier}/draft_confirmation")).await;
    taken.hides("不能重复登记").shows(&format!("href=\"{path}\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ruling_by_public_notice_counts_from_the_thirtieth_day_and_none_goes_by_message_unasked() {
    let site = site().await;
    let who = people(&site).await;
    let path = heard(&site, &who).await;
    let (clerk, judge) = (court(&site, Role::CourtClerk).await, court(&site, Role::Judge).await);
    judge.submit(&format!("{path}/rule_valid"), &[("reasons", "自愿合法")]).await.went_to(&path);
    let papers = filing(&site, &path).await.ruling.unwrap().papers;
    // The applicant agreed to messages; the other side was never asked.
    let to = |n: usize| format!("{path}/serve/{}", papers[n].1.id.key());
    clerk.get(&to(0)).await.shows("value=\"electronic\"");
    clerk.get(&to(1)).await.shows("value=\"notice\"").hides("value=\"electronic\"");
    let to = to(1);
    let served = |manner: &'static str, note: &'static str| {
        [("manner", manner), ("on", "2022-03-08"), ("served", "yes"), ("receiver", ""), ("note", note)]
    };
    clerk.submit(&to, &served("notice", "")).await.is(422).shows("f-note-error");
    clerk.submit(&to, &served("notice", "本院公告栏和人民法院公告网")).await.went_to(&path);
    site.app.run_due().await.unwrap();
    clerk.get(&path).await.shows("2022年4月7日视为送达").shows("2022年4月22日");
    let one = party(&site, &path, 1).await;
    one.get(&mine(&path)).await.shows("2022年4月22日");
    let state = site.app.state::<Confirmation>(&stream(&path)).await.unwrap().unwrap();
    assert_eq!(state.stage, Stage::Valid, "the other copy waits");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rest_day_is_asked_back_and_another_day_than_the_notices_needs_a_reason() {
    let site = site().await;
    let who = people(&site).await;
    let path = filed(&site, &who).await;
    let clerk = court(&site, Role::CourtClerk).await;
    let judge_stream = site.staff(&site.app.pack.court.code, Role::Judge).await.actor.id;
    let to = format!("{path}/docket_confirmation");
    let set = vec![
        ("number", "（2022）浙0424诉前调确1号"),
        ("judge", judge_stream.as_str()),
        ("on", "2022-03-13"),
        ("clock", "09:30"),
    ];
    clerk.submit(&to, &set).await.is(422).shows("f-rest_day-error").shows("诉前调确1号");
    clerk.submit(&to, &[set, vec![("rest_day", "yes")]].concat()).await.went_to(&path);
    let judge = court(&site, Role::Judge).await;
    let hear = vec![("findings", "自愿"), ("all_heard", "yes"), ("on", "2022-03-08")];
    let to = format!("{path}/hear_parties");
    judge.submit(&to, &hear).await.is(422).shows("f-moved-error");
    judge.submit(&to, &[hear, vec![("moved", "各方同意提前")]].concat()).await.went_to(&path);
    judge.get(&path).await.shows("各方同意提前");
}
