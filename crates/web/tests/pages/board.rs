//! The board: figures, rates that are not shown for few cases, and the acts behind a number.

use yanhe_app::import::Kind;
use yanhe_core::policy::{Actor, Role};

use crate::case::{ORGAN, recorded, state};
use crate::office::{demo, site};

#[tokio::test(flavor = "multi_thread")]
async fn every_number_opens_the_acts_that_make_it() {
    let site = site().await;
    let clerk = site.signed_in(ORGAN, Role::Clerk).await;
    let path = recorded(&clerk).await;
    let number = state(&site, &path).await.application.number;
    let page = clerk.get("/board").await;
    page.is(200).shows("name=applications&#38;from=2022-01-01&#38;to=2022-03-08");
    // By organ, by month and by kind.
    page.shows("按争议类型").shows("name=applications&#38;kind=civil&#38;from=2022-01-01");
    // Each number that is a link, also a part of a rate, counts the rows that it opens.
    let text = page.text();
    let links: Vec<_> = text.split("<a href=\"/board/acts?").skip(1).collect();
    assert!(links.len() > 15, "{}", links.len());
    for link in links {
        let (query, rest) = link.split_once("\">").unwrap();
        let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let opened = clerk.get(&format!("/board/acts?{}", query.replace("&#38;", "&"))).await;
        match number.as_str() {
            "0" => opened.is(200).shows("这一时段没有数据"),
            n => opened.is(200).shows(&format!("显示 {n} 项")).shows(&format!("合计 {n}")),
        };
    }
    let acts = "/board/acts?name=applications&from=2022-01-01&to=2022-12-31";
    clerk.get(acts).await.is(200).shows(&number).shows(&format!("href=\"{path}\""));
    // Another organ counts the case but does not open it.
    let other = site.signed_in("gongan", Role::Clerk).await;
    other.get(acts).await.is(200).shows(&number).hides("href=\"/dossier/");
    other.get("/board/acts?name=applications&from=2022-03-09").await.is(200).hides(&number);
    other.get("/board/acts?name=everything").await.is(422).shows("“name”");
    let turned = other.get("/board?from=2022-07-01&to=2022-01-01").await;
    turned.is(422).shows("结束日期不能早于开始日期");
    other.get(&format!("/board?organ={ORGAN}&kind=civil")).await.is(200).shows("市场监督管理局");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_of_few_cases_is_not_shown() {
    let site = site().await;
    let clerk = site.signed_in(ORGAN, Role::Clerk).await;
    recorded(&clerk).await;
    let page = clerk.get("/board").await;
    page.is(200).shows("数量太少").hides(".00%");
    let text = page.text();
    let heads: Vec<_> = text.split("<thead").skip(1).map(|table| table.split("</thead>").next().unwrap()).collect();
    assert!(heads.iter().any(|head| head.contains("成功率")));
    assert!(
        heads.iter().all(|head| head.contains("成功率") == head.contains("受理率")),
        "one is read beside the other"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_is_none_is_said_at_its_field() {
    let site = site().await;
    let clerk = site.signed_in(ORGAN, Role::Clerk).await;
    clerk.get("/board?from=2022-02-30").await.is(422).shows("f-from-error").shows("2022-02-30");
    let acts = clerk.get("/board/acts?name=letters&from=2022-02-30").await;
    acts.went_to("/board?from=2022-02-30");
}

#[tokio::test(flavor = "multi_thread")]
async fn supervisors_see_late_work_and_strangers_see_no_board() {
    let site = site().await;
    let clerk = site.signed_in(ORGAN, Role::Clerk).await;
    recorded(&clerk).await;
    site.wait_until("2022-06-01T01:00:00Z").await;
    let clerk = site.signed_in(ORGAN, Role::Clerk).await;
    let bureau = site.app.pack.justice_bureau().code.clone();
    let supervisor = site.signed_in(&bureau, Role::Supervisor).await;
    supervisor.get("/board").await.is(200).shows("逾期未办").shows("海盐县市场监督管理局");
    clerk.get("/board").await.is(200).hides("逾期未办");
    site.stranger().get("/board").await.went_to("/sign-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn publicity_is_counted_from_the_imported_file() {
    let site = site().await;
    let file = "宣传活动.xlsx";
    site.wait_until("2022-07-14T01:00:00Z").await;
    site.app.import(&Actor::admin(), Kind::Publicity, file, &demo(file), false, |_, _| ()).await.unwrap();
    let clerk = site.signed_in(ORGAN, Role::Clerk).await;
    let acts = clerk.get("/board/acts?name=publicity_events&from=2022-01-01&to=2022-12-31").await;
    acts.is(200).shows("显示 33 项");
}
