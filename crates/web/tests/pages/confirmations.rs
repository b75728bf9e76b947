//! Applications to the court: put together by the organ, signed, docketed, heard, ruled and served.

use yanhe_app::Request;
use yanhe_core::confirmation::{self, Confirmation, Stage};
use yanhe_core::policy::{Actor, Role};
use yanhe_core::{PersonId, StreamId, StreamKind};

use crate::case::{People, effective, people, state};
use crate::office::{Browser, Got, TestSite, site};

pub fn stream(path: &str) -> StreamId {
    StreamId::new(StreamKind::Confirmation, path.strip_prefix("/confirmation/").unwrap())
}

pub async fn filing(site: &TestSite, path: &str) -> confirmation::State {
    site.app.state::<Confirmation>(&stream(path)).await.unwrap().unwrap()
}

pub async fn court(site: &TestSite, role: Role) -> Browser {
    site.signed_in(&site.app.pack.court.code.clone(), role).await
}

/// A list says how many rows it shows.
fn counted(list: &Got) -> &Got {
    match list.text().matches("<tr").count().saturating_sub(1) {
        0 => list.hides("显示 1 项"),
        rows => list.shows(&format!("显示 {rows} 项")),
    }
}

/// Drafted, one signature on paper and one by code, filed.
pub async fn filed(site: &TestSite, who: &People) -> String {
    let dossier = effective(site, who).await;
    let drafted = who.mediator.submit(&format!("{dossier}/draft_confirmation"), &[]).await;
    drafted.went_to("/confirmation/");
    let path = drafted.location.clone();
    who.clerk.get(&path).await.is(200).shows("还没有签名：段海");
    who.clerk
        .get(&format!("{path}/file_confirmation"))
        .await
        .shows("还没有签名")
        .hides("<form method=\"post\" action=\"/confirmation");
    let parties = filing(site, &path).await.subject.parties;
    let signer = format!("party/{}", parties[0].person);
    let code = filing(site, &path).await.check_code;
    let signed_on = |day| {
        [
            ("signer", signer.as_str()),
            ("on", day),
            ("manner", "hand"),
            ("check_code", code.as_str()),
            ("original", "柜 1"),
        ]
    };
    let late = signed_on("2022-09-01");
    let to = format!("{path}/attest_confirmation");
    let scan = ("scan", "scan.pdf", b"%PDF-1.4 scan".as_slice());
    who.clerk.submit_file(&to, &late, scan).await.is(422).shows("柜 1");
    let paper = signed_on("2022-03-08");
    who.clerk.submit(&to, &paper).await.is(422).shows("f-scan-error");
    who.clerk.submit_file(&to, &paper, scan).await.went_to(&path);
    let sha256 = site.app.paper_sha256(Some(&filing(site, &path).await.application)).await.unwrap();
    let actor = Actor::party(&PersonId(parties[1].person.0.clone()));
    let request =
        Request::one(&actor, format!("other-signs{path}"), &stream(&path), confirmation::Command::Sign { sha256 })
            .verified();
    site.app.handle(request).await.unwrap();
    let judge = court(site, Role::Judge).await;
    // Before the filing it is no case of the court: not to be opened, listed, counted or found.
    judge.get(&path).await.is(404);
    counted(&judge.get("/confirmations").await).hides(&path);
    judge.post("/confirmations/find", &[("what", "段海")]).await.is(200).hides(&path);
    who.mediator.get(&format!("{path}/file_confirmation")).await.shows("主持调解证明");
    who.mediator.submit(&format!("{path}/certify_presiding"), &[]).await.went_to(&path);
    who.mediator.submit(&format!("{path}/file_confirmation"), &[]).await.went_to(&path);
    counted(&judge.get("/confirmations").await).shows(&path);
    path
}

/// Docketed and heard.
pub async fn heard(site: &TestSite, who: &People) -> String {
    let path = filed(site, who).await;
    let (clerk, judge) = (court(site, Role::CourtClerk).await, court(site, Role::Judge).await);
    let judge_stream = site.staff(&site.app.pack.court.code, Role::Judge).await.actor.id;
    clerk.submit(&format!("{path}/docket_confirmation"), &[("number", "")]).await.is(422).shows("f-judge-error");
    let bad = [("number", "一号"), ("judge", judge_stream.as_str())];
    clerk.submit(&format!("{path}/docket_confirmation"), &bad).await.is(422).shows("f-number-error").shows("一号");
    let old = [("number", "（2021）浙0424诉前调确1号"), ("judge", judge_stream.as_str())];
    clerk
        .submit(&format!("{path}/docket_confirmation"), &old)
        .await
        .is(422)
        .shows("f-number-error")
        .shows("2022 年的案号");
    clerk
        .submit(
            &format!("{path}/docket_confirmation"),
            &[("number", "（2022）浙0424诉前调确1号"), ("judge", &judge_stream)],
        )
        .await
        .went_to(&path);
    clerk.get(&format!("{path}/hear_parties")).await.is(403);
    judge
        .submit(&format!("{path}/hear_parties"), &[("findings", "自愿")])
        .await
        .is(422)
        .shows("f-all_heard-error")
        .shows("自愿");
    judge.get(&format!("{path}/hear_parties")).await.shows("value=\"2022-03-08\"");
    let ahead = [("findings", "自愿"), ("all_heard", "yes"), ("on", "2022-03-09")];
    judge.submit(&format!("{path}/hear_parties"), &ahead).await.is(422).shows("日期不能晚于今天");
    let heard = [("findings", "自愿"), ("all_heard", "yes"), ("on", "2022-03-08")];
    judge.submit(&format!("{path}/hear_parties"), &heard).await.went_to(&path);
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_is_confirmed_and_the_ruling_reaches_every_party() {
    let site = site().await;
    let who = people(&site).await;
    let path = heard(&site, &who).await;
    let (clerk, judge) = (court(&site, Role::CourtClerk).await, court(&site, Role::Judge).await);
    // Whichever of the two the list opens leads to the other at its head.
    let both = ["rule_valid", "rule_reject"].map(|act| format!("href=\"{path}/{act}\""));
    for act in ["rule_valid", "rule_reject"] {
        judge.get(&format!("{path}/{act}")).await.shows(&both[0]).shows(&both[1]);
    }
    judge.submit(&format!("{path}/rule_valid"), &[("reasons", " ")]).await.is(422).shows("f-reasons-error");
    judge.get(&format!("{path}/rule_valid")).await.shows("2024年3月25日");
    judge.submit(&format!("{path}/rule_valid"), &[("reasons", "自愿合法")]).await.went_to(&path);
    clerk.get("/confirmations").await.is(200).shows("确认有效");
    clerk.post("/confirmations/find", &[("what", "段海")]).await.is(200).shows("确认有效");
    let ruling = filing(&site, &path).await.ruling.unwrap();
    // The work list leads to the form of the copy that waits.
    let next = format!("{path}/serve");
    clerk.get("/work").await.shows(&format!("href=\"{next}\""));
    assert_eq!(judge.get(&next).await.location, path, "who serves nothing opens the case");
    for (n, (_, paper)) in ruling.papers.iter().enumerate() {
        let to = format!("{path}/serve/{}", paper.id.key());
        clerk.get(&next).await.went_to(&to);
        clerk
            .submit(&to, &[("manner", "direct"), ("on", "2022-03-08"), ("served", "yes"), ("receiver", "")])
            .await
            .is(422);
        who.clerk.get(&to).await.is(404);
        let ahead = [("manner", "direct"), ("on", "2022-03-09"), ("served", "yes"), ("receiver", "本人")];
        clerk.submit(&to, &ahead).await.is(422).shows("日期不能晚于今天").hides("日期先后");
        let failed = [("manner", "post"), ("on", "2022-03-08"), ("served", "no"), ("note", "查无此人")];
        clerk.submit(&to, &failed).await.went_to(&path);
        site.app.run_due().await.unwrap();
        clerk.get(&path).await.is(200).shows("2022年3月8日送达未成：查无此人");
        clerk
            .submit(&to, &[("manner", "direct"), ("on", "2022-03-08"), ("served", "yes"), ("receiver", "本人")])
            .await
            .went_to(&path);
        site.app.run_due().await.unwrap();
        assert_eq!(filing(&site, &path).await.ruling.unwrap().served.len(), n + 1);
    }
    assert_eq!(filing(&site, &path).await.stage, Stage::Served);
    assert_eq!(clerk.get(&next).await.location, path);
    clerk.get(&path).await.is(200).shows("2022年3月23日").shows("申请强制执行");
    // The organ sees what became of it.
    let dossier = path.replace("/confirmation/", "/dossier/");
    who.clerk.get(&dossier).await.is(200).shows("司法确认：确认有效");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_paper_names_whoever_signed_and_sealed_it() {
    let site = site().await;
    let who = people(&site).await;
    let dossier = effective(&site, &who).await;
    let agreement = state(&site, &dossier).await.agreement.unwrap().paper;
    let leader = site.staff(&agreement.issuer, Role::Leader).await.name;
    let mediator = site.staff(&agreement.issuer, Role::Mediator).await.name;
    let clerk = site.staff(&agreement.issuer, Role::Clerk).await.name;
    let page = who.clerk.get(&format!("/letters/{}", agreement.id.key())).await.text();
    let history = page.split("class=\"timeline\"").nth(1).unwrap();
    // All acts of this test lie at one instant.
    let by = |title: &str| -> Vec<&str> {
        let moments = history.split("<li").filter(|moment| moment.contains(title));
        let who = moments.map(|moment| moment.split("timeline-title").next().unwrap());
        who.map(|m| [&leader, &mediator, &clerk].into_iter().find(|n| m.contains(n.as_str())).map_or("", |n| n))
            .collect()
    };
    assert_eq!(by("当事人签名"), [clerk.as_str(), ""], "one was attested by the clerk: {history}");
    assert_eq!(by(&format!("{mediator}签名")), [mediator.as_str()], "{history}");
    assert_eq!(by("加盖公章"), [leader.as_str()], "{history}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_court_did_late_is_shown_as_late() {
    let site = site().await;
    let who = people(&site).await;
    let path = filed(&site, &who).await;
    site.wait_until("2022-03-15T01:00:00Z").await;
    let clerk = court(&site, Role::CourtClerk).await;
    let judge = site.staff(&site.app.pack.court.code, Role::Judge).await.actor.id;
    let docket = [("number", "（2022）浙0424诉前调确1号"), ("judge", judge.as_str())];
    clerk.submit(&format!("{path}/docket_confirmation"), &docket).await.went_to(&path);
    // Three working days from 8 March.
    clerk.get(&path).await.is(200).shows("迟 4 天办结").shows("已按期办结");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_the_court_is_of_one_case_alone() {
    let site = site().await;
    let who = people(&site).await;
    let (one, other) = (filed(&site, &who).await, filed(&site, &who).await);
    let clerk = court(&site, Role::CourtClerk).await;
    let judge = site.staff(&site.app.pack.court.code, Role::Judge).await.actor.id;
    let docket = |number: &'static str| [("number", number), ("judge", judge.as_str())];
    let same = docket("（2022）浙0424诉前调确1号");
    clerk.submit(&format!("{one}/docket_confirmation"), &same).await.went_to(&one);
    let first = filing(&site, &one).await.subject.dossier_number;
    let refused = clerk.submit(&format!("{other}/docket_confirmation"), &same).await;
    refused.is(422).shows("f-number-error").shows(&first);
    let next = docket("（2022）浙0424诉前调确2号");
    clerk.submit(&format!("{other}/docket_confirmation"), &next).await.went_to(&other);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_names_its_ground_and_what_remains() {
    let site = site().await;
    let who = people(&site).await;
    let path = heard(&site, &who).await;
    let judge = court(&site, Role::Judge).await;
    judge
        .submit(&format!("{path}/rule_reject"), &[("reasons", "不明确")])
        .await
        .is(422)
        .shows("f-ground-error")
        .shows("不明确");
    judge.submit(&format!("{path}/rule_reject"), &[("ground", "unclear"), ("reasons", "不明确")]).await.went_to(&path);
    judge.get(&path).await.shows("内容不明确").shows("再次申请行政调解");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_court_declines_what_is_not_for_it() {
    let site = site().await;
    let who = people(&site).await;
    let path = filed(&site, &who).await;
    let clerk = court(&site, Role::CourtClerk).await;
    clerk.submit(&format!("{path}/decline_confirmation"), &[]).await.is(422).shows("f-ground-error");
    let why = [("ground", "title"), ("reasons", "约定了商标归谁所有")];
    clerk.submit(&format!("{path}/decline_confirmation"), &why).await.went_to(&path);
    clerk.get(&path).await.shows("不予立案").shows("知识产权确权");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_court_reads_the_annexes_and_not_the_case() {
    let site = site().await;
    let who = people(&site).await;
    let path = filed(&site, &who).await;
    let judge = court(&site, Role::Judge).await;
    judge.get(&path).await.is(200).shows("段海").hides("href=\"/dossier/");
    // The agreement, the application, the proof of presiding, the proof of identities, and where to serve.
    let annexes = filing(&site, &path).await.addresses.len() + 4;
    for n in 0..annexes {
        let pdf = judge.get(&format!("{path}/annex/{n}")).await;
        assert_eq!(pdf.kind, "application/pdf", "annex {n}");
        assert!(pdf.bytes.starts_with(b"%PDF"));
    }
    judge.get(&format!("{path}/annex/{annexes}")).await.is(404);
    let dossier = path.replace("/confirmation/", "/dossier/");
    judge.get(&dossier).await.is(404);
    let agreement = state(&site, &dossier).await.agreement.unwrap().paper;
    judge.get(&format!("/paper/{}", agreement.id.key())).await.is(404);
    site.signed_in("gongan", Role::Clerk).await.get(&path).await.is(404);
    site.signed_in("gongan", Role::Clerk).await.get(&format!("{path}/annex/0")).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_last_day_the_page_says_what_remains() {
    let site = site().await;
    let who = people(&site).await;
    let dossier = effective(&site, &who).await;
    site.wait_until("2022-04-08T01:00:00Z").await;
    let who = people(&site).await;
    let got = who.mediator.get(&format!("{dossier}/draft_confirmation")).await;
    got.is(200).shows("2022年4月7日").shows("支付令").hides("<form method=\"post\" action=\"/dossier");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_was_corrected_while_the_case_is_at_court_reaches_papers_court_and_party() {
    let site = site().await;
    let who = people(&site).await;
    let path = filed(&site, &who).await;
    let dossier = path.replace("/confirmation/", "/dossier/");
    let judge = court(&site, Role::Judge).await;
    judge.get(&path).await.hides("批准的更正");
    let asked = [("field", "name/0"), ("after", "段洋"), ("reason", "与身份证一致")];
    who.clerk.submit(&format!("{dossier}/ask_correction"), &asked).await.went_to(&dossier);
    who.leader.submit(&format!("{dossier}/approve_correction"), &[("correction", "0")]).await.went_to(&dossier);
    // Before and after, when, by whom, and the name of now, for the court.
    let leader = site.staff("shichang", Role::Leader).await.name;
    let court_clerk = court(&site, Role::CourtClerk).await;
    for reader in [&judge, &court_clerk] {
        let page = reader.get(&path).await;
        page.shows("批准的更正").shows("更正后：段洋").shows("2022年3月8日").shows(&leader);
        page.hides("href=\"/dossier/");
    }
    // The organ sees which papers still say the old name, and its clerk is one press from the notice.
    let agreement = state(&site, &dossier).await.agreement.unwrap().paper;
    let press = format!("/paper/{}/correct_paper?correction=0", agreement.id.key());
    who.leader.get(&dossier).await.shows("仍写着原来内容的文书").shows("负责人批准").hides(&press);
    who.clerk.get(&dossier).await.shows("仍写着原来内容的文书").shows(&press);
    let form = who.clerk.get(&press).await;
    form.shows("value=\"段海\"").shows("value=\"段洋\"").shows("与身份证一致");
    let to = format!("/paper/{}/correct_paper", agreement.id.key());
    let notice = [("before", "段海"), ("after", "段洋"), ("reason", "与身份证一致")];
    who.clerk.submit(&to, &notice).await.went_to("/letters/");
    who.leader.submit(&to.replace("correct_paper", "approve_notice"), &[]).await.went_to("/letters/");
    let page = who.leader.get(&dossier).await;
    page.hides(&press).shows("有补正通知").shows(&format!("针对《行政调解协议书》{}", agreement.number));
    let noticed = site.app.state::<yanhe_core::paper::Paper>(&agreement.id).await.unwrap().unwrap();
    let notice = format!("/paper/{}", noticed.corrections[0].notice.id.key());
    page.shows(&notice);
    // The notice lies in the file of the court, beside the papers it is about.
    let before = filing(&site, &path).await.addresses.len() + 4;
    let page = judge.get(&path).await;
    page.shows("补正通知").shows(&format!("针对《行政调解协议书》{}", agreement.number));
    let pdf = judge.get(&format!("{path}/annex/{before}")).await;
    assert!(pdf.kind == "application/pdf" && pdf.bytes.starts_with(b"%PDF"));
    // So does the other party.
    let other = filing(&site, &path).await.subject.parties[1].person.clone();
    let who = yanhe_app::session::SignedIn { actor: Actor::party(&other), name: String::new(), about: None };
    let party = site.browser(&who).await;
    let page = party.get(&dossier.replace("/dossier/", "/my/")).await;
    page.shows("批准的更正").shows("段洋").shows("有补正通知").shows(&notice);
    let pdf = party.get(&notice).await;
    assert_eq!(
        (pdf.status.as_u16(), pdf.kind.as_str()),
        (200, "application/pdf"),
        "who signed it reads what is corrected"
    );
    let nobody = Actor::party(&PersonId("nobody".into()));
    let nobody = yanhe_app::session::SignedIn { actor: nobody, name: String::new(), about: None };
    site.browser(&nobody).await.get(&notice).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_of_the_court_with_the_old_name_is_named_and_the_court_corrects_it() {
    let site = site().await;
    let who = people(&site).await;
    let path = heard(&site, &who).await;
    let judge = court(&site, Role::Judge).await;
    judge.submit(&format!("{path}/rule_valid"), &[("reasons", "自愿合法")]).await.went_to(&path);
    site.wait_until("2022-03-08T03:00:00Z").await;
    let dossier = path.replace("/confirmation/", "/dossier/");
    let asked = [("field", "name/0"), ("after", "段洋"), ("reason", "与身份证一致")];
    who.clerk.submit(&format!("{dossier}/ask_correction"), &asked).await.went_to(&dossier);
    who.clerk.get(&dossier).await.hides("由法院更正");
    who.leader.submit(&format!("{dossier}/approve_correction"), &[("correction", "0")]).await.went_to(&dossier);
    let ruling = filing(&site, &path).await.ruling.unwrap();
    let press = format!("/paper/{}/correct_paper", ruling.papers[0].1.id.key());
    who.leader.get(&dossier).await.shows("由法院更正").shows("确认裁定书").hides(&press);
    who.leader.get(&press).await.is(404);
    judge.get(&press).await.is(200);
    // The court has no phone on file, and its notice goes out without one.
    let clerk = court(&site, Role::CourtClerk).await;
    let typed = [("before", "段海"), ("after", "段洋"), ("reason", "与身份证一致")];
    clerk.submit(&press, &typed).await.went_to("/letters/");
    judge.submit(&press.replace("correct_paper", "approve_notice"), &[]).await.went_to("/letters/");
    let noticed = site.app.state::<yanhe_core::paper::Paper>(&ruling.papers[0].1.id).await.unwrap().unwrap();
    assert_eq!(noticed.corrections.len(), 1);
    judge.get("/work").await.hides("approve_notice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voided_docket_notice_waits_for_the_clerk_and_holds_up_the_hearing() {
    let site = site().await;
    let who = people(&site).await;
    let path = filed(&site, &who).await;
    let (clerk, judge) = (court(&site, Role::CourtClerk).await, court(&site, Role::Judge).await);
    let named = site.staff(&site.app.pack.court.code, Role::Judge).await.actor.id;
    let docket = [("number", "（2022）浙0424诉前调确1号"), ("judge", named.as_str())];
    clerk.submit(&format!("{path}/docket_confirmation"), &docket).await.went_to(&path);
    let notice = filing(&site, &path).await.docket_notice.unwrap();
    let paper = format!("/paper/{}", notice.id.key());
    clerk.submit(&format!("{paper}/void_paper"), &[("reason", "印章不清")]).await.went_to("/letters/");
    judge.submit(&format!("{paper}/approve_notice"), &[]).await.went_to("/letters/");
    site.app.run_due().await.unwrap();
    let again = format!("{path}/docket_again");
    clerk.get("/work").await.shows("重新制作已作废的受理通知书").shows(&again);
    judge.get(&path).await.shows("受理通知书已作废，等待书记员重新制作");
    judge.get(&again).await.is(403);
    clerk.get(&again).await.shows("立案日期和审查期限不变");
    site.wait_until("2022-03-08T03:00:00Z").await;
    clerk.submit(&again, &[]).await.went_to(&path);
    let made = filing(&site, &path).await.docket_notice.unwrap();
    assert_eq!(made.number, "（2022）浙0424诉前调确1号之一");
    clerk.get(&path).await.shows(&made.number).shows("重新制作法院受理通知书");
    clerk.get("/work").await.hides("/docket_again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hearing_that_is_set_with_the_docket_is_read_by_all_until_it_was_held() {
    let site = site().await;
    let who = people(&site).await;
    let path = filed(&site, &who).await;
    let clerk = court(&site, Role::CourtClerk).await;
    let judge = site.staff(&site.app.pack.court.code, Role::Judge).await.actor.id;
    let to = format!("{path}/docket_confirmation");
    let docket = |on: &'static str, clock: &'static str| {
        let set = [("on", on), ("clock", clock), ("place", "第三审判庭")];
        [vec![("number", "（2022）浙0424诉前调确1号"), ("judge", judge.as_str())], set.to_vec()].concat()
    };
    for (on, clock, field) in [
        ("2022-03-07", "09:30", "on"),
        ("2022-03-10", "上午", "clock"),
        ("2022-03-10", "", "clock"),
        ("", "09:30", "on"),
    ] {
        let wrong = clerk.submit(&to, &docket(on, clock)).await;
        wrong.is(422).shows(&format!("f-{field}-error")).shows("第三审判庭").shows("诉前调确1号");
        assert_eq!(filing(&site, &path).await.stage, Stage::Filed, "{on} {clock}");
    }
    clerk.submit(&to, &docket("2022-03-10", "09:30")).await.went_to(&path);
    let set = "2022年3月10日 09:30";
    let dossier = path.replace("/confirmation/", "/my/");
    let party = Actor::party(&filing(&site, &path).await.subject.parties[1].person);
    let party = yanhe_app::session::SignedIn { actor: party, name: String::new(), about: None };
    let party = site.browser(&party).await;
    clerk.get(&path).await.shows(set).shows("第三审判庭");
    party.get(&dossier).await.shows(set).shows("第三审判庭");
    let judge = court(&site, Role::Judge).await;
    let heard = [("findings", "自愿"), ("all_heard", "yes"), ("on", "2022-03-08"), ("moved", "各方同意提前")];
    judge.submit(&format!("{path}/hear_parties"), &heard).await.went_to(&path);
    party.get(&dossier).await.hides(set);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voided_ruling_waits_for_the_judge_and_nobody_is_told_that_it_holds() {
    let site = site().await;
    let who = people(&site).await;
    let path = heard(&site, &who).await;
    let (clerk, judge) = (court(&site, Role::CourtClerk).await, court(&site, Role::Judge).await);
    judge.submit(&format!("{path}/rule_valid"), &[("reasons", "自愿合法")]).await.went_to(&path);
    let first = filing(&site, &path).await.ruling.unwrap();
    let served = [("manner", "direct"), ("on", "2022-03-08"), ("served", "yes"), ("receiver", "本人")];
    for (_, paper) in &first.papers {
        clerk.submit(&format!("{path}/serve/{}", paper.id.key()), &served).await.went_to(&path);
    }
    site.app.run_due().await.unwrap();
    site.wait_until("2022-03-08T01:10:00Z").await;
    let copy = first.papers[0].1.id.key();
    let there = format!("/letters/{copy}");
    clerk.get(&path).await.shows(&there);
    clerk.get(&there).await.shows(&format!("/paper/{copy}/void_paper"));
    clerk.submit(&format!("/paper/{copy}/void_paper"), &[("reason", "印章不清")]).await.went_to("/letters/");
    judge.submit(&format!("/paper/{copy}/approve_notice"), &[]).await.went_to("/letters/");
    site.app.run_due().await.unwrap();
    let reissue = format!("{path}/reissue_ruling");
    judge.get("/work").await.shows("重新制作已作废的裁定书").shows(&reissue);
    clerk.get("/work").await.hides("送达裁定书");
    let (dossier, my) = (path.replace("/confirmation/", "/dossier/"), path.replace("/confirmation/", "/my/"));
    let party = Actor::party(&filing(&site, &path).await.subject.parties[1].person);
    let party = yanhe_app::session::SignedIn { actor: party, name: String::new(), about: None };
    let party = site.browser(&party).await;
    party.get(&my).await.shows("已由法院通知作废").hides("法院裁定协议有效").hides("2022年3月23日");
    who.clerk.get(&dossier).await.shows("裁定书已作废").hides("司法确认：确认有效");
    judge.get(&path).await.shows("已由作废通知").shows("现在没有有效的裁定书").hides("申请强制执行的期限");
    clerk.get(&format!("/confirmations?state={}", Stage::RulingVoid.name())).await.shows("裁定书已作废");
    clerk.get(&reissue).await.is(403);
    judge.get(&reissue).await.shows("之一");
    site.wait_until("2022-03-08T01:20:00Z").await;
    judge.submit(&reissue, &[]).await.went_to(&path);
    site.wait_until("2022-03-08T01:30:00Z").await;
    let second = filing(&site, &path).await.ruling.unwrap();
    assert_eq!(second.papers[0].1.number, "（2022）浙0424诉前调确1号之一");
    clerk.get(&path).await.shows("诉前调确1号之一").shows(second.papers[0].1.id.key());
    for (_, paper) in &second.papers {
        clerk.submit(&format!("{path}/serve/{}", paper.id.key()), &served).await.went_to(&path);
    }
    site.app.run_due().await.unwrap();
    assert_eq!(filing(&site, &path).await.stage, Stage::Served);
    party.get(&my).await.shows("法院裁定协议有效").shows("2022年3月23日").shows("确认有效").hides(">已送达<");
    who.clerk.get(&dossier).await.shows("司法确认：确认有效");
}
