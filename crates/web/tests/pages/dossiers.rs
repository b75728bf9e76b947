//! Cases: recorded at the counter, walked to the end by forms, and what each role is refused.

use yanhe_core::dossier::{self};
use yanhe_core::policy::Role;

use crate::case::*;
use crate::office::{hidden, site};

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_walked_from_an_oral_application_to_the_closed_file() {
    let site = site().await;
    let who = people(&site).await;
    let path = effective(&site, &who).await;
    let page = who.clerk.get(&path).await;
    page.is(200).shows("履行中").shows("档案室 3 盒").shows("12345.67").shows("2022年4月7日");
    let scan = who.clerk.get(&format!("{path}/scan/0")).await;
    assert_eq!((scan.kind.as_str(), scan.bytes.as_slice()), ("application/pdf", PDF));
    site.wait_until("2022-03-21T01:00:00Z").await;
    // A session ends after a working day.
    let who = people(&site).await;
    act(&who.clerk, &path, "record_breach", &[("obligation", "1"), ("on", "2022-03-21"), ("note", "没有到账")]).await;
    who.clerk.get(&path).await.shows("没有到账");
    act(&who.clerk, &path, "report_performance", &[("obligation", "1"), ("on", "2022-03-21"), ("note", "转账凭证")])
        .await;
    act(&who.clerk, &path, "report_performance", &[("obligation", "2"), ("on", "2022-03-21"), ("note", "")]).await;
    let owing = state(&site, &path).await.respondents[0].person.0.clone();
    act(&who.clerk, &path, "follow_up", &[("on", "2022-03-21"), ("whom", &owing), ("note", "双方满意")]).await;
    act(&who.clerk, &path, "close_dossier", &[]).await;
    who.clerk.get(&path).await.shows("已结案").shows("双方满意");
    assert_eq!(state(&site, &path).await.stage, dossier::Stage::Closed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_wrong_is_shown_at_its_field_and_kept() {
    let site = site().await;
    let clerk = site.signed_in(ORGAN, Role::Clerk).await;
    let mut values = application(ID);
    values.retain(|(name, _)| *name != "claims");
    let got = clerk.submit("/dossiers/new", &pairs(&values)).await;
    got.is(422).shows("f-applicant/document-error").shows("f-claims-error").shows("家具有裂缝，店家拒绝退款").shows(ID);
    let path = recorded(&clerk).await;
    let got = clerk.submit(&format!("{path}/refuse_application"), &[("note", "说明文字")]).await;
    got.is(422).shows("f-ground-error").shows("说明文字");
    clerk.submit(&format!("{path}/refuse_application"), &[("ground", "no such")]).await.is(422).shows("f-ground-error");
    // Who is sent to the organ that is competent is told which one that is.
    let nowhere = clerk.submit(&format!("{path}/refuse_application"), &[("ground", "unconnected")]).await;
    nowhere.is(422).shows("f-competent-error").shows("向人民法院提起民事诉讼（");
    clerk
        .submit(&format!("{path}/ask_correction"), &[("field", "phone/0"), ("after", "1")])
        .await
        .is(422)
        .shows("f-reason-error");
    let got = clerk.submit_file(&format!("{path}/attach_file"), &[], ("file", "a.exe", b"MZ")).await;
    got.is(422).shows("f-file-error");
    assert_eq!(state(&site, &path).await.files.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organ_a_court_and_a_stranger_do_not_see_a_case() {
    let site = site().await;
    let path = recorded(&site.signed_in(ORGAN, Role::Clerk).await).await;
    for body in ["gongan", "court"] {
        let code = if body == "court" { site.app.pack.court.code.clone() } else { body.to_owned() };
        let role = if body == "court" { Role::Judge } else { Role::Clerk };
        let other = site.signed_in(&code, role).await;
        other.get(&path).await.is(404).hides("段海");
        other.get(&format!("{path}/accept_application")).await.is(404);
        other.post(&format!("{path}/accept_application"), &[("key", "x"), ("version", "1")]).await.is(404);
    }
    site.stranger().get(&path).await.went_to("/sign-in");
    let leader = site.signed_in(ORGAN, Role::Leader).await;
    leader.get(&path).await.is(200);
    leader.get(&format!("{path}/attach_file")).await.is(403);
    leader.get(&format!("{path}/no_such_act")).await.is(404);
    leader.get("/dossiers/new").await.is(403);
    leader.forge(&format!("{path}/accept_application"), &[]).await.is(403);
    assert_eq!(state(&site, &path).await.stage, dossier::Stage::Applied);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_that_is_not_open_says_why() {
    let site = site().await;
    let clerk = site.signed_in(ORGAN, Role::Clerk).await;
    let path = recorded(&clerk).await;
    clerk
        .get(&format!("{path}/accept_application"))
        .await
        .is(200)
        .shows("对方当事人答复")
        .hides("<form method=\"post\" action=\"/dossier/");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_obligations_are_added_and_removed_without_script() {
    let site = site().await;
    let who = people(&site).await;
    let path = held(&site, &who).await;
    let parties = state(&site, &path).await;
    let (a, b) = (parties.applicants[0].person.0.clone(), parties.respondents[0].person.0.clone());
    let to = format!("{path}/draft_agreement");
    let mut values = draft(&b, &a);
    values.retain(|(name, _)| *name != "do");
    let mut add = values.clone();
    add.push(("do", "add"));
    who.mediator.submit(&to, &add).await.is(200).shows("obligations/3/what").shows("交还家具");
    let mut remove = values.clone();
    remove.push(("do", "remove/1"));
    let got = who.mediator.submit(&to, &remove).await;
    got.is(200).shows("name=\"obligations/1/what\" class=\"\" value=\"交还家具\"").hides("银行转账");
    let mut sums = values.clone();
    sums.push(("do", "preview"));
    who.mediator.submit(&to, &sums).await.is(200).shows("壹万贰仟叁佰肆拾伍元陆角柒分");
    let mut bad: Vec<(&str, &str)> = values.clone();
    bad.retain(|(name, _)| *name != "obligations/2/how" && *name != "obligations/1/amount");
    bad.extend([("obligations/1/amount", "约三万"), ("do", "save")]);
    let got = who.mediator.submit(&to, &bad).await;
    got.is(422).shows("f-obligations/2/how-error").shows("f-obligations/1/amount-error").shows("约三万");
    assert!(state(&site, &path).await.draft.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_checked_beside_its_form_and_what_was_typed_stays() {
    let site = site().await;
    let who = people(&site).await;
    let path = held(&site, &who).await;
    let parties = state(&site, &path).await;
    let (a, b) = (parties.applicants[0].person.0.clone(), parties.respondents[0].person.0.clone());
    let to = format!("{path}/draft_agreement");
    let fresh = who.mediator.get(&to).await;
    fresh.is(200).shows("data-check=\"#check\"").shows("id=\"check\"").hides("没有写明履行期限");
    let mut typed = draft(&b, &a);
    typed.retain(|(name, _)| !["do", "obligations/1/how", "obligations/1/due", "obligations/2/due"].contains(name));
    typed.extend([("obligations/1/how", "尽快转账"), ("obligations/1/due", "2022-02-30"), ("do", "preview")]);
    let whole = who.mediator.submit(&to, &typed).await;
    whole.is(200).shows("value=\"尽快转账\"").shows("<form method=\"post\"").shows("href=\"#check\"");
    // By script the same findings come alone.
    let part = who.mediator.post_for("check", &to, &typed).await;
    part.is(200).hides("<form").hides("<main").shows("role=\"status\">查到 3 处，请斟酌。");
    for got in [&whole, &part] {
        got.shows("“尽快”没有确定的含义").shows("请改写为确定的日期").shows("“2022-02-30”不是日历上的日期");
        got.shows("<b>第2条</b>").shows("没有写明履行期限");
    }
    assert!(state(&site, &path).await.draft.is_none(), "nothing is stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_must_not_be_mediated_is_not_issued_and_the_page_says_where_it_stands() {
    let site = site().await;
    let who = people(&site).await;
    let path = held(&site, &who).await;
    record_signed(&site, &who, &path).await;
    let parties = state(&site, &path).await;
    let (a, b) = (parties.applicants[0].person.0.clone(), parties.respondents[0].person.0.clone());
    let mut values = draft(&b, &a);
    values.retain(|(name, _)| *name != "text");
    values.push(("text", "另以商品抵偿赌债\n由海盐县人民法院管辖"));
    who.mediator.submit(&format!("{path}/draft_agreement"), &values).await.is(303);
    identified(&who, &path).await;
    let to = format!("{path}/issue_agreement");
    let page = who.mediator.get(&to).await;
    page.is(200).shows("依法不能调解：法律禁止的交易").shows("<b>第3条</b>").shows(&format!("{path}/draft_agreement"));
    page.hides(&format!("action=\"{to}\""));
    let first = page
        .text()
        .split_once("id=\"check\"")
        .and_then(|(_, check)| check.split_once("</li>").map(|(one, _)| one.to_owned()));
    assert!(first.is_some_and(|one| one.contains("不能这样签署")), "what stops it comes first");
    let key = [("key", "another"), ("version", "99")];
    who.mediator.post(&to, &key).await.is(422);
    assert!(state(&site, &path).await.agreement.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_has_one_effect_and_a_stale_page_says_what_happened() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let to = format!("{path}/ask_correction");
    let page = who.clerk.get(&to).await.text();
    let mut values = hidden(&page, &to);
    values.retain(|(name, _)| name != "csrf");
    for (name, value) in [("field", "claims"), ("after", "退货退款"), ("reason", "听写有误")] {
        values.push((name.into(), value.into()));
    }
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    who.clerk.post(&to, &values).await.went_to(&path);
    who.clerk.post(&to, &values).await.went_to(&path);
    assert_eq!(state(&site, &path).await.corrections.len(), 1);
    // The leader opens the approval; meanwhile the clerk asks the other party.
    let approve = format!("{path}/approve_correction");
    let page = who.leader.get(&approve).await;
    page.shows("退货退款").shows("听写有误");
    let mut stale = hidden(&page.text(), &approve);
    stale.retain(|(name, _)| name != "csrf");
    stale.push(("correction".into(), "0".into()));
    act(&who.clerk, &path, "ask_consent", &[]).await;
    let stale: Vec<(&str, &str)> = stale.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    who.leader.post(&approve, &stale).await.is(422).shows("征求对方意见");
    assert_eq!(state(&site, &path).await.claims.text(), "退还货款");
    act(&who.leader, &path, "approve_correction", &[("correction", "0")]).await;
    assert_eq!(state(&site, &path).await.claims.text(), "退货退款");
    who.clerk.get(&path).await.shows("退货退款").shows("已更正");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflicted_mediator_is_out_and_another_clerk_can_take_the_case() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    act(&who.clerk, &path, "ask_consent", &[]).await;
    answered(&who, &path).await;
    act(&who.clerk, &path, "accept_application", &[]).await;
    act(&who.leader, &path, "name_mediator", &[("staff", &who.mediator_stream)]).await;
    who.mediator.submit(&format!("{path}/declare_conflict"), &[]).await.is(422).shows("f-conflict-error");
    act(&who.mediator, &path, "declare_conflict", &[("conflict", "yes")]).await;
    who.leader
        .get(&format!("{path}/name_mediator"))
        .await
        .shows("已声明有利害关系")
        .hides(&format!("value=\"{}\"", who.mediator_stream));
    who.clerk.get(&format!("{path}/reassign_dossier")).await.is(403);
    who.leader.get("/work?role=all").await.hides(&format!("{path}/replace_mediator"));
    who.leader.submit(&format!("{path}/reassign_dossier"), &[("staff", "staff/nobody")]).await.is(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_gives_the_case_of_a_mediator_who_is_ill_to_another_from_the_list() {
    let site = site().await;
    let who = people(&site).await;
    let other = site.staff_nth(ORGAN, Role::Mediator, 1).await;
    let (other, name) = (other.actor.id, other.name);
    let path = mediating(&who).await;
    let form = format!("{path}/replace_mediator");
    who.leader.get("/work?role=all").await.shows(&format!("\"{form}\"")).hides(&format!("{path}/name_mediator"));
    let page = who.leader.get(&form).await;
    // Of the two nobody else can be chosen.
    page.is(200).shows(&name).shows("checked").hides(&format!("value=\"{}\"", who.mediator_stream));
    who.leader.submit(&form, &[("staff", &other)]).await.is(422).shows("f-reason-error").shows(&name);
    act(&who.leader, &path, "replace_mediator", &[("staff", &other), ("reason", "生病住院")]).await;
    assert_eq!(state(&site, &path).await.mediator.unwrap().staff, other);
    who.leader.get(&path).await.shows(&format!("{name}（生病住院）"));
    // Before the declaration the leader simply names somebody else; once it is signed, nobody is offered what is not open.
    who.leader.get("/work?role=all").await.shows(&format!("\"{path}/name_mediator\"")).hides(&form);
    who.mediator.get(&form).await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_filtered_and_a_party_is_found_without_a_name_in_the_address() {
    let site = site().await;
    let clerk = site.signed_in(ORGAN, Role::Clerk).await;
    let path = recorded(&clerk).await;
    let number = state(&site, &path).await.application.number;
    clerk.get("/dossiers").await.is(200).shows(&number).shows("段海");
    clerk.get("/dossiers?state=closed").await.is(200).hides(&number).shows("没有符合条件的案件");
    clerk.get("/dossiers?late=late").await.is(200).hides(&number);
    for what in ["段海", "19900007297", id_number().as_str(), "海盐县某某家具店"] {
        clerk.post("/dossiers/find", &[("what", what)]).await.is(200).shows(&number);
    }
    clerk.post("/dossiers/find", &[("what", "段")]).await.is(200).hides(&number).shows("没有找到这样的案件");
    // By words: a part of a firm's name, and of nobody else's.
    let words = clerk.post("/dossiers/find", &[("what", "家具 某某")]).await;
    words.is(200).shows(&number).shows("见于单位名称").shows("查到 1 件");
    for what in ["海段", "具家", "家具 没有"] {
        clerk.post("/dossiers/find", &[("what", what)]).await.is(200).hides(&number).shows("至少写两个字");
    }
    // Whichever dot the name was written with, and whichever it is looked for with.
    let dotted = application(&id_number()).into_iter().map(|(field, value)| match field {
        "applicant/name" => (field, "买买提•艾力".to_owned()),
        _ => (field, value),
    });
    let dotted: Vec<_> = dotted.collect();
    clerk.submit("/dossiers/new", &pairs(&dotted)).await.went_to("/dossier/");
    clerk.post("/dossiers/find", &[("what", "买买提・艾力")]).await.is(200).shows("买买提·艾力");
    let other = site.signed_in("gongan", Role::Clerk).await;
    other.get("/dossiers").await.is(200).hides(&number);
    other.post("/dossiers/find", &[("what", "段海")]).await.is(200).hides(&number);
    let studio = site.signed_in(&site.app.pack.justice_bureau().code.clone(), Role::Studio).await;
    studio.get("/dossiers").await.is(200).shows(&number).hides("段海");
    site.signed_in(&site.app.pack.court.code.clone(), Role::Judge).await.get("/dossiers").await.is(403);
    clerk.get("/dossiers?after=nonsense").await.is(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_taken_is_named_with_the_reason() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let got = who.clerk.submit_file(&format!("{path}/attach_file"), &[], ("file", "合同.docx", b"PK\x03\x04...")).await;
    got.is(422).shows("合同.docx").shows("Word").shows("PDF、JPG 和 PNG");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_press_of_the_list_leads_to_both_ways_to_decide() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let (accept, refuse) = (format!("{path}/accept_application"), format!("{path}/refuse_application"));
    let link = |to: &str| format!("href=\"{to}\"");
    act(&who.clerk, &path, "ask_consent", &[]).await;
    // As long as an answer is awaited there is nothing to accept, and the form of refusing does not lead there.
    who.clerk.get(&refuse).await.hides(&link(&accept));
    answered(&who, &path).await;
    who.clerk.get("/work").await.shows(&link(&accept)).shows("决定是否受理");
    who.clerk.get(&path).await.shows("决定是否受理");
    for form in [&accept, &refuse] {
        let page = who.clerk.get(form).await;
        page.shows(&link(&accept)).shows(&link(&refuse)).shows("作出下面的决定之一");
    }
    who.clerk.submit(&refuse, &[]).await.is(422).shows(&link(&accept));
    act(&who.clerk, &path, "accept_application", &[]).await;
    who.clerk.get(&accept).await.hides(&link(&refuse));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_two_wrong_numbers_is_told_at_its_own_field() {
    let site = site().await;
    let who = people(&site).await;
    let path = mediating(&who).await;
    let to = format!("{path}/record_identity");
    let human = [("0/seen", "yes"), ("0/document_kind", "resident_id"), ("0/document", ID)];
    let firm =
        [("1/seen", "yes"), ("1/credit_code", "91330499XLE6CL26N3"), ("1/representative", "顾建平"), ("1/post", "")];
    let both = who.mediator.submit(&to, &[&human[..], &firm[..]].concat()).await;
    both.is(422).shows("f-0/document-error").shows("f-1/credit_code-error").shows("f-1/post-error").shows(ID);
    // The one who is not ticked is not asked; the fault stands where it was typed.
    let one = who.mediator.submit(&to, &firm).await;
    one.is(422).shows("f-1/credit_code-error").hides("f-0/document-error").hides("f-0/credit_code-error");
    assert!(state(&site, &path).await.identities.is_empty());
    identified(&who, &path).await;
    assert_eq!(state(&site, &path).await.identities.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_on_a_rest_day_or_at_night_is_asked_back_once() {
    let site = site().await;
    let who = people(&site).await;
    let path = mediating(&who).await;
    let to = format!("{path}/call_session");
    for (day, clock) in [("2022-03-12", "09:00"), ("2022-03-14", "22:00"), ("2022-03-14", "06:30")] {
        let call = [("at", day), ("clock", clock), ("place", "二楼调解室")];
        who.mediator.submit(&to, &call).await.is(422).shows("f-odd-error").hides("f-soon-error");
    }
    let meant = [("at", "2022-03-12"), ("clock", "09:00"), ("place", "二楼调解室"), ("odd", "yes")];
    act(&who.mediator, &path, "call_session", &meant).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_says_whether_rights_were_told_and_whether_anybody_wants_another_mediator() {
    let site = site().await;
    let who = people(&site).await;
    let path = mediating(&who).await;
    let call = [("at", "2022-03-08"), ("clock", "14:30"), ("place", "二楼调解室"), ("soon", "yes")];
    act(&who.mediator, &path, "call_session", &call).await;
    let to = format!("{path}/record_session");
    who.mediator.get(&to).await.shows("value=\"2022-03-08\"").shows("value=\"14:30\"").shows("没有询问");
    let wrong = [("on", "2022-03-08"), ("clock", "下午"), ("statements", "双方各自陈述"), ("rights_told", "yes")];
    let got = who.mediator.submit(&to, &wrong).await;
    got.is(422).shows("f-clock-error").shows("f-present-error").shows("f-result-error").shows("双方各自陈述");
    got.shows("f-recusal-error").hides("f-rights_told-error");
    assert!(state(&site, &path).await.sessions[0].sitting.is_none());
    let parties = state(&site, &path).await;
    let (a, b) = (parties.applicants[0].person.0.clone(), parties.respondents[0].person.0.clone());
    let held = [
        ("on", "2022-03-08"),
        ("clock", "09:00"),
        ("present", a.as_str()),
        ("present", b.as_str()),
        ("statements", "双方各自陈述"),
        ("result", "adjourned"),
    ];
    let told = [("rights_told", "yes"), ("recusal", "no")];
    // It was called for the afternoon.
    let got = who.mediator.submit(&to, &[&held[..], &told[..]].concat()).await;
    got.is(422).shows("f-otherwise-error").shows("请写明原因");
    let told = [&told[..], &[("otherwise", "各方提前到场")]].concat();
    who.mediator.submit(&to, &[&held[..], &told[..]].concat()).await.went_to(&path);
    let sitting = state(&site, &path).await.sessions[0].sitting.clone().unwrap();
    assert_eq!((sitting.rights_told, sitting.recusal), (true, Some(false)));
    who.clerk.get(&path).await.shows("已向到场的人告知权利义务").shows("到场的当事人不要求回避");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_another_mediator_at_the_session_is_entered_with_its_record() {
    let site = site().await;
    let who = people(&site).await;
    let path = mediating(&who).await;
    let call = [("at", "2022-03-08"), ("clock", "14:30"), ("place", "二楼调解室"), ("soon", "yes")];
    act(&who.mediator, &path, "call_session", &call).await;
    let parties = state(&site, &path).await;
    let (a, b) = (parties.applicants[0].person.0.clone(), parties.respondents[0].person.0.clone());
    let to = format!("{path}/record_session");
    let held = [
        ("on", "2022-03-08"),
        ("clock", "09:00"),
        ("otherwise", "各方提前到场"),
        ("present", a.as_str()),
        ("present", b.as_str()),
        ("rights_told", "yes"),
        ("recusal", "yes"),
        ("statements", "双方各自陈述"),
    ];
    let asked = [("person", a.as_str()), ("reason", "调解员与对方是亲戚")];
    let with = |more: &[(&'static str, &'static str)]| [&held[..], more].concat();
    who.mediator.submit(&to, &with(&[("result", "adjourned")])).await.is(422).shows("f-person-error");
    let agreed = [&with(&[("result", "agreed")])[..], &asked[..]].concat();
    who.mediator.submit(&to, &agreed).await.is(422).shows("f-result-error").shows("调解员与对方是亲戚");
    let adjourned = [&with(&[("result", "adjourned")])[..], &asked[..]].concat();
    who.mediator.submit(&to, &adjourned).await.went_to(&path);
    assert_eq!(state(&site, &path).await.recusal.unwrap().by.0, a);
    who.leader.get(&path).await.shows(&format!("{path}/decide_recusal")).shows("调解员与对方是亲戚");
}
