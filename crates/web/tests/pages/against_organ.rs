//! Disputes with the organ itself: about a fine, mediated by its legal section or the studio.

use yanhe_app::Request;
use yanhe_app::session::SignedIn;
use yanhe_core::dossier::{self};
use yanhe_core::paper;
use yanhe_core::policy::{Actor, Role};

use crate::case::*;
use crate::office::{TestSite, hidden, site};

/// A fine, and the punished person's dispute about it, accepted.
async fn against_a_fine(who: &People) -> String {
    let penalty = [
        ("source", "penalty"),
        ("number", "盐市监罚决〔2022〕4号"),
        ("occurred_on", "2022-03-01"),
        ("category", "发布虚假广告"),
        ("text", "店内发布虚假宣传内容"),
        ("subject_kind", "person"),
        ("subject_name", "段海"),
        ("subject_phone", "19900007297"),
        ("result", "罚款人民币20000元"),
        ("fine", "20000"),
    ];
    let got = who.clerk.submit("/matters/new", &penalty).await;
    got.went_to("/matter/");
    let matter = got.location.trim_start_matches("/matter/").split('?').next().unwrap().to_owned();
    let form = format!("/dossiers/new?matter={matter}&who=subject");
    // Asking interrupts nothing here, and the form does not say that it does.
    let page = who.clerk.get(&form).await;
    page.shows("不影响申请行政复议和提起行政诉讼的期限").hides("时效中断");
    who.clerk.get("/dossiers/new").await.shows("诉讼时效中断").hides("不影响申请行政复议");
    let mut values = hidden(&page.text(), "/dossiers/new");
    values.retain(|(name, _)| name != "csrf");
    let applied = application(&id_number()).into_iter().filter(|(name, _)| !name.starts_with("respondent"));
    values.extend(applied.map(|(name, value)| (name.to_owned(), value)));
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let got = who.clerk.post("/dossiers/new", &values).await;
    got.went_to("/dossier/");
    let path = got.location.split('?').next().unwrap().to_owned();
    act(&who.clerk, &path, "accept_application", &[]).await;
    path
}

/// The same, mediated by the organ's legal section up to an agreement in effect.
async fn about_a_fine(site: &TestSite, who: &People) -> String {
    let path = against_a_fine(who).await;
    let to = format!("{path}/name_mediator");
    let own = ("staff", who.mediator_stream.as_str());
    who.leader.submit(&to, &[own]).await.is(422).shows("f-legal_section-error");
    act(&who.leader, &path, "name_mediator", &[own, ("legal_section", "yes")]).await;
    act(&who.mediator, &path, "declare_conflict", &[("conflict", "no")]).await;
    let call = [("at", "2022-03-08"), ("clock", "14:30"), ("place", "二楼调解室"), ("soon", "yes")];
    act(&who.mediator, &path, "call_session", &call).await;
    let case = state(site, &path).await;
    let (a, b) = (case.applicants[0].person.clone(), case.respondents[0].person.clone());
    let held = [
        ("on", "2022-03-08"),
        ("clock", "09:00"),
        ("otherwise", "各方提前到场"),
        ("present", a.0.as_str()),
        ("present", b.0.as_str()),
        ("rights_told", "yes"),
        ("recusal", "no"),
        ("statements", "双方各自陈述"),
        ("result", "agreed"),
    ];
    let record = format!("{path}/record_session");
    who.mediator.submit(&record, &held).await.is(422).shows("f-organ_officer-error");
    let clerk = site.staff(ORGAN, Role::Clerk).await;
    who.mediator.get(&record).await.shows(&clerk.actor.id).hides(&who.mediator_stream);
    let officer = [("organ_staff", clerk.actor.id.as_str()), ("organ_post", "法制科科长")];
    act(&who.mediator, &path, "record_session", &[&held[..], &officer[..]].concat()).await;
    // Whoever was there signs, by their own phone: not the leader, who was not.
    who.clerk.get("/work").await.shows(&format!("{path}/sign_record"));
    who.leader.get(&format!("{path}/sign_record")).await.hides("value=\"send\"");
    sign(site, &who.clerk, &path, "sign_record").await.went_to(&path);
    let signed = state(site, &path).await.sessions[0].signatures[0].signer.clone();
    assert_eq!(signed, format!("party/{b}"));
    record_signed(site, who, &path).await;
    let agreed = [
        ("facts", "双方同意降低罚款"),
        ("obligations/1/from", b.0.as_str()),
        ("obligations/1/to", a.0.as_str()),
        ("obligations/1/what", "罚款变更为人民币12000元"),
        ("obligations/1/amount", "12000"),
        ("obligations/1/due", "2022-03-20"),
        ("obligations/1/how", "作出变更决定"),
        ("text", "原决定的其他内容不变"),
        ("do", "save"),
    ];
    who.mediator.submit(&format!("{path}/draft_agreement"), &agreed).await.went_to(&path);
    let seen = [("0/seen", "yes"), ("0/document_kind", "hong_kong_macao_permit"), ("0/document", "H12345678")];
    who.mediator.submit(&format!("{path}/record_identity"), &seen).await.went_to(&path);
    act(&who.mediator, &path, "issue_agreement", &[]).await;
    let agreement = state(site, &path).await.agreement.unwrap();
    let sha256 = site.app.paper_sha256(Some(&agreement.paper)).await.unwrap();
    let signs = dossier::Command::SignAgreement { sha256 };
    let request = Request::one(&Actor::party(&a), format!("applicant{path}"), &stream(&path), signs).verified();
    site.app.handle(request).await.unwrap();
    for officer in [&who.mediator, &who.leader] {
        sign(site, officer, &path, "sign_agreement").await.went_to(&path);
    }
    act(&who.leader, &path, "seal_agreement", &[]).await;
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_decision_is_drafted_from_what_was_agreed_and_keeps_to_it() {
    let site = site().await;
    let who = people(&site).await;
    let path = about_a_fine(&site, &who).await;
    let to = format!("{path}/record_changed_decision");
    // It is the organ's decision, under its seal: the leader's.
    who.clerk.get(&to).await.is(403);
    who.leader.get("/work").await.shows(&to);
    let form = who.leader.get(&to).await;
    form.is(200).shows("罚款人民币20000元").shows("罚款变更为人民币12000元").shows("value=\"2022-03-08\"");
    let typed = |number: &'static str, on: &'static str, after: &'static str| {
        [("number", number), ("on", on), ("before", "罚款人民币20000元"), ("after", after)]
    };
    let new = "盐市监罚变〔2022〕1号";
    for (number, on, after, field) in [
        ("", "2022-03-08", "罚款12000元", "number"),
        ("abc", "2022-03-08", "罚款12000元", "number"),
        ("盐市监罚决〔2022〕4号", "2022-03-08", "罚款12000元", "number"),
        (new, "", "罚款12000元", "on"),
        (new, "2022-03-08", "罚款15000元", "after"),
        (new, "2022-03-08", " ", "after"),
    ] {
        let wrong = who.leader.submit(&to, &typed(number, on, after)).await;
        wrong.is(422).shows(&format!("f-{field}-error")).shows(after.trim());
        assert!(state(&site, &path).await.changed_decision.is_empty(), "{field}");
    }
    who.leader.submit(&to, &typed(new, "2022-03-08", "罚款人民币12000元")).await.went_to(&path);
    let done = state(&site, &path).await;
    assert_eq!((done.changed_decision.as_str(), done.stage), (new, dossier::Stage::Performing));
    who.clerk.get(&path).await.shows(new).shows("还没有记录送达");
    let (clerk, on) = (site.staff(ORGAN, Role::Clerk).await.actor, site.app.today());
    let served = paper::Command::RecordService {
        manner: "direct".into(),
        on,
        at: None,
        served: true,
        receiver: "段海".into(),
        note: String::new(),
    };
    let decision = done.change.unwrap().paper.id;
    site.app.handle(Request::one(&clerk, "served", &decision, served)).await.unwrap();
    site.app.run_due().await.unwrap();
    who.clerk.get(&path).await.shows("已履行").shows("从送达次日起计算");
    let party = Actor::party(&done.applicants[0].person);
    let party = SignedIn { actor: party, name: "段海".into(), about: Some(stream(&path)) };
    let mine = site.browser(&party).await.get(&path.replace("/dossier/", "/my/")).await;
    mine.is(200).shows(&format!("不服新的决定（{new}）")).hides("还没有记录送达");
    who.leader.get(&to).await.is(200).hides("<form method=\"post\" action=\"/dossier/");

    // Voided, it is made again with another number, and what it performed is owed again.
    let paper = |act: &str| format!("/paper/{}/{act}", decision.key());
    who.clerk.submit(&paper("void_paper"), &[("reason", "写错了")]).await.went_to("/letters/");
    who.leader.submit(&paper("approve_notice"), &[]).await.went_to("/letters/");
    site.app.run_due().await.unwrap();
    assert_eq!(state(&site, &path).await.stage, dossier::Stage::Performing);
    who.leader.get("/work").await.shows(&to);
    who.clerk.get(&path).await.shows("变更决定书作废，须重新作出");
    let spent = who.leader.submit(&to, &typed("盐市监罚变[2022]1号", "2022-03-08", "罚款12000元")).await;
    spent.is(422).shows("f-number-error");
    let other = typed("盐市监罚变(2022)2号", "2022-03-08", "罚款12000元");
    who.leader.submit(&to, &other).await.went_to(&path);
    assert_eq!(state(&site, &path).await.changed_decision, "盐市监罚变〔2022〕2号");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_of_the_studio_mediates_a_dispute_with_the_organ_and_nobody_else_of_it_reads_it() {
    let site = site().await;
    let who = people(&site).await;
    let path = against_a_fine(&who).await;
    let (bureau, court) = (site.app.pack.justice_bureau().code.clone(), site.app.pack.court.code.clone());
    let named = site.staff(&bureau, Role::Studio).await;
    let (studio, other) = (site.browser(&named).await, site.signed_in(&court, Role::Studio).await);
    let to = format!("{path}/name_mediator");
    who.clerk.get(&to).await.is(200).hides("<form method=\"post\" action=\"/dossier/");
    who.leader.get(&to).await.is(200).shows(&named.actor.id).shows("工作室").shows(&who.mediator_stream);
    studio.get(&path).await.is(404);
    act(&who.leader, &path, "name_mediator", &[("staff", &named.actor.id)]).await;
    other.get(&path).await.is(404);
    // Their list begins with what this case gives them to do.
    studio.get("/work").await.is(200).shows(&format!("{path}/declare_conflict")).shows("段海");
    act(&studio, &path, "declare_conflict", &[("conflict", "no")]).await;
    let call = [("at", "2022-03-08"), ("clock", "14:30"), ("place", "工作室"), ("soon", "yes")];
    act(&studio, &path, "call_session", &call).await;
    who.clerk.get(&path).await.shows(&named.name);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_matter_the_form_asks_which_decision_is_disputed_and_the_case_shows_it() {
    let site = site().await;
    let who = people(&site).await;
    who.clerk.get("/dossiers/new").await.shows("old_number").shows("old_result");
    let told = [
        ("entry", "penalty-discretion"),
        ("old_number", "盐市监罚决〔2022〕9号"),
        ("old_on", "2022-03-01"),
        ("old_result", "罚款2000元"),
    ];
    let path = recorded_with(&who.clerk, &told).await;
    let told = state(&site, &path).await.disputed.unwrap();
    assert_eq!((told.number.text(), told.result.text()), ("盐市监罚决〔2022〕9号", "罚款2000元"));
    who.clerk.get(&path).await.shows("所争议的决定").shows("盐市监罚决〔2022〕9号");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_review_that_ends_soon_stands_on_the_list_beside_the_organs() {
    let site = site().await;
    let who = people(&site).await;
    let path = against_a_fine(&who).await;
    let listed = format!("{path}#limit-review-apply\">申请人自己的期限：申请行政复议，");
    who.leader.get("/work?role=all").await.is(200).shows(&path).hides("申请人自己的期限");
    site.wait_until("2022-04-06T01:00:00Z").await;
    let who = people(&site).await;
    who.leader.get("/work?role=all").await.is(200).shows(&listed);
    who.clerk.get(&path).await.shows("id=\"limit-review-apply\"");
}
