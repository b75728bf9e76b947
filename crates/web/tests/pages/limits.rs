//! Limits in lists lead to where they are explained; who watches over all organs opens what they may read, and no more.

use yanhe_core::policy::Role;

use crate::case::{effective, people, recorded, recorded_with};
use crate::office::{Browser, site};

/// Where the links of a page lead.
fn links(page: &str) -> impl Iterator<Item = &str> {
    page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next())
}

/// A notice on paper waits to be sent, within a limit of its own.
async fn refused_on_paper(clerk: &Browser) {
    let case = recorded_with(clerk, &[("electronic", "no")]).await;
    let why = [("ground", "unconnected"), ("competent", "海盐县公安局")];
    clerk.submit(&format!("{case}/refuse_application"), &why).await.went_to(&case);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_in_a_list_leads_to_where_it_is_explained() {
    let site = site().await;
    let who = people(&site).await;
    effective(&site, &who).await;
    refused_on_paper(&who.clerk).await;
    let mut limits = 0;
    for list in ["/work", "/work?role=all", "/dossiers", "/matters", "/confirmations"] {
        for reader in [&who.clerk, &who.leader] {
            let page = reader.get(list).await;
            let text = page.text();
            for link in links(&text) {
                let Some((case, place)) = link.split_once('#').filter(|(_, place)| place.starts_with("limit-")) else {
                    continue;
                };
                reader.get(case).await.is(200).shows(&format!("id=\"{place}\""));
                limits += 1;
            }
        }
    }
    assert!(limits > 3, "{limits}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_watches_over_all_organs_starts_with_their_work_and_opens_only_what_they_may_read() {
    let site = site().await;
    let who = people(&site).await;
    recorded(&who.clerk).await;
    let bureau = site.app.pack.justice_bureau().code.clone();
    for role in [Role::Supervisor, Role::Assessor, Role::Studio] {
        let officer = site.signed_in(&bureau, role).await;
        officer.get("/").await.went_to("/work");
        let page = officer.get("/work").await;
        page.is(200).shows("盐市监调申〔2022〕1号").hides("段海");
        let cases = ["/dossier/", "/matter/", "/confirmation/", "/letters/"];
        let text = page.text();
        for link in links(&text).filter(|link| cases.iter().any(|case| link.starts_with(case))) {
            officer.get(link.split('#').next().unwrap()).await.is(200);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_open_a_case_reads_how_its_limits_were_counted_and_nobodys_name() {
    let site = site().await;
    let who = people(&site).await;
    recorded(&who.clerk).await;
    refused_on_paper(&who.clerk).await;
    let bureau = site.app.pack.justice_bureau().code.clone();
    for role in [Role::Supervisor, Role::Assessor, Role::Studio] {
        let officer = site.signed_in(&bureau, role).await;
        let text = officer.get("/work").await.text();
        let explained: Vec<_> = links(&text).filter(|link| link.starts_with("/limits/")).collect();
        for kind in ["dossier", "paper"] {
            assert!(explained.iter().any(|link| link.starts_with(&format!("/limits/{kind}/"))), "{kind}: {text}");
        }
        for link in explained {
            let (page, place) = link.split_once('#').unwrap();
            let shown = officer.get(page).await;
            shown.is(200).shows(&format!("id=\"{place}\"")).shows("盐市监调").hides("段海");
            // For the organ whose case it is, and for no other, nor for a court that does not have it.
            who.clerk.get(page).await.is(200);
            site.signed_in("gongan", Role::Clerk).await.get(page).await.is(404);
            site.signed_in(&site.app.pack.court.code, Role::Judge).await.get(page).await.is(404);
        }
    }
    for nonsense in ["/limits/dossier/1", "/limits/paper/0", "/limits/x/y"] {
        who.clerk.get(nonsense).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_of_one_kind_or_organ_counts_nothing_else_and_says_so() {
    let site = site().await;
    let who = people(&site).await;
    recorded(&who.clerk).await;
    site.wait_until("2022-06-01T01:00:00Z").await;
    let bureau = site.app.pack.justice_bureau().code.clone();
    let supervisor = site.signed_in(&bureau, Role::Supervisor).await;
    let all = supervisor.get("/board").await;
    all.shows("宣传活动").shows("/work?organ=shichang");
    // Neither publicity nor an organ's going online is of a kind of dispute.
    supervisor.get("/board?kind=civil").await.hides("name=publicity_events").hides("name=organs_online");
    let one = supervisor.get("/board?organ=gongan&kind=civil").await;
    one.shows("海盐县公安局 · ").hides("/work?organ=shichang");
    let turned = supervisor.get("/board?from=2022-07-14&to=2022-01-01").await;
    turned.is(422).shows("f-to-error").hides("/board/acts");
}
