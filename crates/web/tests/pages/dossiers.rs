//! Cases: recorded at the counter, walked to the end by forms, and what each role is refused.

use yanhe_app::Request;
use yanhe_app::session::SignedIn;
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::policy::{Actor, Role};
use yanhe_core::{PersonId, StreamId, StreamKind, paper};

use crate::office::{Browser, Got, TestSite, hidden, site};

/// The organ of these cases.
pub const ORGAN: &str = "shichang";
/// An invented document number with a wrong check digit.
const ID: &str = "33049919850615001X";

/// A one-page PDF by its first bytes: enough for a scan.
const PDF: &[u8] = b"%PDF-1.4 scan";

fn id_number() -> String {
    // The check digit of the invented number is computed, so that the test does not carry a magic one.
    let body = &ID[..17];
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
    format!("{body}{}", "10X98765432".chars().nth((sum % 11) as usize).unwrap())
}

/// Values of an oral application.
fn application(id: &str) -> Vec<(&'static str, String)> {
    vec![
        ("applicant/party_kind", "human".into()),
        ("applicant/name", "段海".into()),
        ("applicant/document_kind", "resident_id".into()),
        ("applicant/document", id.into()),
        ("applicant/phone", "19900007297".into()),
        ("applicant/address", "武原街道278号".into()),
        ("respondent/party_kind", "firm".into()),
        ("respondent/name", "海盐县某某家具店".into()),
        ("respondent/phone", "19900007298".into()),
        ("claims", "退还货款".into()),
        ("facts", "家具有裂缝，店家拒绝退款".into()),
        ("known_on", "2022-03-01".into()),
        ("proceedings", "none".into()),
        ("electronic", "yes".into()),
    ]
}

fn pairs<'a>(values: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    values.iter().map(|(k, v)| (*k, v.as_str())).collect()
}

/// Records an oral application; gives its address.
pub async fn recorded(clerk: &Browser) -> String {
    recorded_with(clerk, &[]).await
}

/// The same with some values other than usual.
pub async fn recorded_with(clerk: &Browser, other: &[(&'static str, &str)]) -> String {
    let mut values = application(&id_number());
    values.retain(|(name, _)| other.iter().all(|(of, _)| of != name));
    values.extend(other.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let got = clerk.submit("/dossiers/new", &pairs(&values)).await;
    got.went_to("/dossier/");
    got.location.split('?').next().unwrap().to_owned()
}

pub fn stream(path: &str) -> StreamId {
    StreamId::new(StreamKind::Dossier, path.strip_prefix("/dossier/").unwrap())
}

pub async fn state(site: &TestSite, path: &str) -> dossier::State {
    site.app.state::<Dossier>(&stream(path)).await.unwrap().unwrap()
}

/// Does an act of which the form must be taken.
pub async fn act(who: &Browser, path: &str, act: &str, values: &[(&str, &str)]) {
    let to = format!("{path}/{act}");
    who.submit(&to, values).await.went_to(path);
    who.get(path).await.is(200);
}

/// The people of an organ.
pub struct People {
    pub clerk: Browser,
    pub mediator: Browser,
    pub leader: Browser,
    pub mediator_stream: String,
}

pub async fn people(site: &TestSite) -> People {
    let mediator = site.staff(ORGAN, Role::Mediator).await;
    People {
        clerk: site.signed_in(ORGAN, Role::Clerk).await,
        leader: site.signed_in(ORGAN, Role::Leader).await,
        mediator_stream: mediator.actor.id.clone(),
        mediator: site.browser(&mediator).await,
    }
}

/// Up to a mediator who declared no conflict.
pub async fn mediating(who: &People) -> String {
    let path = recorded(&who.clerk).await;
    act(&who.clerk, &path, "ask_consent", &[]).await;
    answered(who, &path).await;
    act(&who.clerk, &path, "accept_application", &[]).await;
    act(&who.leader, &path, "name_mediator", &[("staff", &who.mediator_stream)]).await;
    act(&who.mediator, &path, "declare_conflict", &[("conflict", "no")]).await;
    path
}

/// The other side says yes on the phone.
async fn answered(who: &People, path: &str) {
    let said = [("answer", "yes"), ("on", "2022-03-08"), ("way", "spoken"), ("how", "来电答复，已核对证件号码")];
    act(&who.clerk, path, "answer_consent", &said).await;
}

/// Everybody signs the record of the session.
async fn record_signed(site: &TestSite, who: &People, path: &str) {
    sign(site, &who.mediator, path, "sign_record").await.went_to(path);
    for signer in state(site, path).await.record_unsigned() {
        let party = Actor::party(&PersonId(signer.trim_start_matches("party/").to_owned()));
        let request = Request::one(&party, format!("record/{signer}"), &stream(path), dossier::Command::SignRecord {});
        site.app.handle(request.verified()).await.unwrap();
    }
}

/// Up to the record of a session.
async fn held(site: &TestSite, who: &People) -> String {
    let path = mediating(who).await;
    act(&who.mediator, &path, "call_session", &[("at", "2022-03-08"), ("clock", "14:30"), ("place", "二楼调解室")])
        .await;
    let parties = state(site, &path).await;
    let (a, b) = (parties.applicants[0].person.0.clone(), parties.respondents[0].person.0.clone());
    let values = [
        ("on", "2022-03-08"),
        ("clock", "08:30"),
        ("present", a.as_str()),
        ("present", b.as_str()),
        ("statements", "双方各自陈述"),
        ("undisputed", "家具有裂缝"),
        ("result", "agreed"),
    ];
    act(&who.mediator, &path, "record_session", &values).await;
    path
}

/// A draft with one payment and one other obligation.
fn draft<'a>(from: &'a str, to: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("facts", "家具有裂缝，双方同意退款"),
        ("obligations/1/from", from),
        ("obligations/1/to", to),
        ("obligations/1/what", "退还货款"),
        ("obligations/1/amount", "12345.67"),
        ("obligations/1/due", "2022-03-20"),
        ("obligations/1/how", "银行转账"),
        ("obligations/2/from", to),
        ("obligations/2/to", from),
        ("obligations/2/what", "交还家具"),
        ("obligations/2/amount", ""),
        ("obligations/2/due", "2022-03-25"),
        ("obligations/2/how", "送回店内"),
        ("text", "由海盐县人民法院管辖"),
        ("do", "save"),
    ]
}

/// The mediator records who both parties are, from the page that is filled with what is on file.
async fn identified(who: &People, path: &str) {
    let to = format!("{path}/record_identity");
    let values = [
        ("0/seen", "yes"),
        ("0/document_kind", "hong_kong_macao_permit"),
        ("0/document", "H12345678"),
        ("1/seen", "yes"),
        ("1/credit_code", "91330499XLE6CL26N2"),
        ("1/representative", "顾建平"),
        ("1/post", "经营者"),
        ("1/address", "海盐县武原街道试验路1号"),
    ];
    who.mediator.submit(&to, &values).await.went_to(path);
}

/// The form of a signature with a fresh one-time code, as the page leads, and where it goes.
async fn code_form(site: &TestSite, who: &Browser, path: &str, act: &str) -> (String, Vec<(String, String)>) {
    site.minute();
    let to = format!("{path}/{act}");
    // The code was sent, and the page that asks for it can be opened again.
    let sent = who.submit(&to, &[("do", "send")]).await;
    let sent = who.get(&sent.went_to(&to).location).await;
    let code = site.last_code().await;
    let mut values = hidden(&sent.text(), &to);
    values.retain(|(name, _)| name != "csrf");
    values.push(("code".into(), code));
    values.push(("do".into(), "sign".into()));
    (to, values)
}

/// Signs by a one-time code.
async fn sign(site: &TestSite, who: &Browser, path: &str, act: &str) -> Got {
    let (to, values) = code_form(site, who, path, act).await;
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    who.post(&to, &values).await
}

/// A whole case up to an agreement in effect: the applicant signs on paper, the other party and the mediator by code.
pub async fn effective(site: &TestSite, who: &People) -> String {
    let path = held(site, who).await;
    record_signed(site, who, &path).await;
    let parties = state(site, &path).await;
    let (a, b) = (parties.applicants[0].person.clone(), parties.respondents[0].person.clone());
    let to = format!("{path}/draft_agreement");
    who.mediator.submit(&to, &draft(&b.0, &a.0)).await.went_to(&format!("{path}/issue_agreement"));
    who.mediator.get(&format!("{path}/issue_agreement")).await.is(200).shows("核对各方身份");
    identified(who, &path).await;
    let preview = who.mediator.get(&format!("{path}/issue_agreement")).await;
    preview.is(200).shows("壹万贰仟叁佰肆拾伍元陆角柒分").shows("交还家具");
    act(&who.mediator, &path, "issue_agreement", &[]).await;
    let agreement = state(site, &path).await.agreement.unwrap();
    let signer = format!("party/{}", a.0);
    let paper = [
        ("signer", signer.as_str()),
        ("on", "2022-03-08"),
        ("manner", "fingerprint"),
        ("check_code", agreement.check_code.as_str()),
        ("original", "档案室 3 盒"),
    ];
    let got = who.clerk.submit_file(&format!("{path}/attest_signature"), &paper, ("scan", "scan.pdf", PDF)).await;
    got.went_to(&path);
    // The other party signs in the portal, which has pages of its own.
    let sha256 = site.app.paper_sha256(Some(&agreement.paper)).await.unwrap();
    let command = dossier::Command::SignAgreement { sha256 };
    let request = Request::one(&Actor::party(&b), format!("other-party{path}"), &stream(&path), command).verified();
    site.app.handle(request).await.unwrap();
    sign(site, &who.mediator, &path, "sign_agreement").await.went_to(&path);
    act(&who.leader, &path, "seal_agreement", &[]).await;
    path
}

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
async fn a_wrong_code_signs_nothing() {
    let site = site().await;
    let who = people(&site).await;
    let path = held(&site, &who).await;
    let to = format!("{path}/sign_record");
    let sent = who.mediator.submit(&to, &[("do", "send")]).await;
    let sent = who.mediator.get(&sent.location).await;
    let mut values = hidden(&sent.text(), &to);
    values.retain(|(name, _)| name != "csrf");
    values.push(("code".into(), "000000".into()));
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    who.mediator.post(&to, &values).await.is(422).shows("f-code-error");
    assert!(state(&site, &path).await.sessions[0].signatures.is_empty());
    sign(&site, &who.mediator, &path, "sign_record").await.went_to(&path);
    assert_eq!(state(&site, &path).await.sessions[0].signatures.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_check_code_attests_nothing() {
    let site = site().await;
    let who = people(&site).await;
    let path = held(&site, &who).await;
    let parties = state(&site, &path).await;
    let (a, b) = (parties.applicants[0].person.0.clone(), parties.respondents[0].person.0.clone());
    who.mediator.submit(&format!("{path}/draft_agreement"), &draft(&b, &a)).await.is(303);
    identified(&who, &path).await;
    record_signed(&site, &who, &path).await;
    act(&who.mediator, &path, "issue_agreement", &[]).await;
    let signer = format!("party/{a}");
    let values = [
        ("signer", signer.as_str()),
        ("on", "2022-03-08"),
        ("manner", "hand"),
        ("check_code", "XXXX"),
        ("original", "柜 1"),
    ];
    let to = format!("{path}/attest_signature");
    who.clerk.submit(&to, &values).await.is(422).shows("f-scan-error").shows("柜 1");
    let wrong = who.clerk.submit_file(&to, &values, ("scan", "scan.pdf", PDF)).await;
    wrong.is(422).shows("f-check_code-error").shows("柜 1");
    // The file that was printed is no scan of what was signed.
    let agreement = state(&site, &path).await.agreement.unwrap();
    let printed = who.clerk.get(&format!("/paper/{}/unsigned", agreement.paper.id.key())).await.bytes;
    let mut values = values.to_vec();
    values.retain(|(name, _)| *name != "check_code");
    values.push(("check_code", agreement.check_code.as_str()));
    let electronic = who.clerk.submit_file(&to, &values, ("scan", "scan.pdf", &printed)).await;
    electronic.is(422).shows("f-scan-error").shows("不是签名后的纸质件的扫描件");
    assert!(state(&site, &path).await.agreement.unwrap().signatures.is_empty());
    // It ends without agreement all the same, with a ground and the other ways.
    act(&who.leader, &path, "end_mediation", &[("ground", "withdrawn")]).await;
    who.clerk.get(&path).await.shows("已终止").shows("申请人撤回申请");
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
async fn an_unsigned_record_is_said_before_the_agreement_and_can_be_signed_on_paper() {
    let site = site().await;
    let who = people(&site).await;
    let path = held(&site, &who).await;
    let parties = state(&site, &path).await;
    let (a, b) = (parties.applicants[0].person.0.clone(), parties.respondents[0].person.0.clone());
    who.mediator.submit(&format!("{path}/draft_agreement"), &draft(&b, &a)).await;
    identified(&who, &path).await;
    let issue = format!("{path}/issue_agreement");
    let closed = who.mediator.get(&issue).await;
    closed.shows("调解笔录还没有签完").shows(&format!("{path}/note_unsigned")).hides("核对无误");
    let signer = format!("party/{a}");
    let code = parties.sessions[0].check_code.clone().unwrap_or_default();
    let paper = [
        ("signer", signer.as_str()),
        ("on", "2022-03-08"),
        ("manner", "hand"),
        ("check_code", code.as_str()),
        ("original", "档案室 3 盒"),
    ];
    let to = format!("{path}/attest_record");
    who.clerk.submit_file(&to, &paper, ("scan", "scan.pdf", PDF)).await.went_to(&path);
    let signed = state(&site, &path).await;
    assert_eq!(signed.record_unsigned().len(), 2, "the other party and the mediator still sign");
    assert!(signed.sessions[0].signatures[0].attested_by.is_some());
    let scan = format!("{path}/record/0/scan/0");
    who.clerk.get(&path).await.shows(&scan).shows("档案室 3 盒");
    assert_eq!(who.clerk.get(&scan).await.bytes, PDF);
    // In the history too it is the signature of whoever signed, and the clerk vouches for it.
    let vouched = "手写签名（";
    who.clerk
        .get(&path)
        .await
        .shows(" · 段海</p><p class=\"timeline-title\">")
        .shows(vouched)
        .shows("见证；原件：档案室 3 盒）");
    who.clerk.get(&format!("{path}/record/0/scan/1")).await.is(404);
    // Who would not sign is noted with the reason, by the mediator alone.
    let other = format!("party/{b}");
    let note = [("signer", other.as_str()), ("refused", "yes"), ("reason", "认为笔录遗漏了他的意见")];
    who.clerk.get(&format!("{path}/note_unsigned")).await.is(403);
    who.mediator.submit(&format!("{path}/note_unsigned"), &note).await.went_to(&path);
    who.clerk.get(&path).await.shows("拒绝签名").shows("认为笔录遗漏了他的意见");
    sign_twice(&site, &who.mediator, &path, "sign_record").await;
    assert_eq!(state(&site, &path).await.sessions[0].signatures.len(), 2, "two presses are one signature");
    act(&who.mediator, &path, "issue_agreement", &[]).await;
}

/// Presses the signing button twice at the same moment: both are told that it is signed.
async fn sign_twice(site: &TestSite, who: &Browser, path: &str, act: &str) {
    let (to, values) = code_form(site, who, path, act).await;
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let (one, two) = tokio::join!(who.post(&to, &values), who.post(&to, &values));
    one.went_to(path);
    two.went_to(path);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_oral_application_and_a_slip_are_signed_on_paper_and_read_in_the_file() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let case = state(&site, &path).await;
    let code = case.application_code.clone().unwrap();
    who.clerk.get(&path).await.shows(&yanhe_app::dashed(&code)).shows("attest_application");
    let signer = format!("party/{}", case.applicants[0].person);
    let sheet = [
        ("signer", signer.as_str()),
        ("on", "2022-03-08"),
        ("manner", "fingerprint"),
        ("check_code", code.as_str()),
        ("original", "档案室 7 盒"),
    ];
    let to = format!("{path}/attest_application");
    who.clerk.submit_file(&to, &sheet, ("scan", "scan.pdf", PDF)).await.went_to(&path);
    who.clerk.get(&path).await.shows("档案室 7 盒").shows(&format!("{path}/application/scan/0"));
    assert_eq!(who.clerk.get(&format!("{path}/application/scan/0")).await.bytes, PDF);

    act(&who.clerk, &path, "ask_consent", &[]).await;
    who.clerk.get(&format!("{path}/refuse_application")).await.hides("value=\"party_refuses\"");
    let code = state(&site, &path).await.consents[0].check_code.clone().unwrap();
    let to = format!("{path}/answer_consent");
    let slip = [
        ("answer", "yes"),
        ("on", "2022-03-08"),
        ("way", "paper"),
        ("manner", "seal"),
        ("check_code", code.as_str()),
        ("original", "档案室 8 盒"),
    ];
    who.clerk.submit(&to, &slip).await.is(422).shows("f-scan-error");
    who.clerk.submit(&to, &[("answer", "yes"), ("on", "2022-03-08"), ("way", "spoken")]).await.shows("f-how-error");
    who.clerk.submit_file(&to, &slip, ("scan", "slip.pdf", PDF)).await.went_to(&path);
    who.clerk.get(&path).await.shows("档案室 8 盒").shows(&format!("{path}/slip/0"));
    assert_eq!(who.clerk.get(&format!("{path}/slip/0")).await.bytes, PDF);
    let said_yes = [("ground", "party_refuses"), ("note", "")];
    who.clerk.submit(&format!("{path}/refuse_application"), &said_yes).await.is(422).shows("与案件记录不符");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_checked_like_the_first_entry_and_can_be_refused_with_a_reason() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let to = format!("{path}/ask_correction");
    let ask = |field: &'static str, after: &'static str| {
        [("field", field), ("document_kind", "passport"), ("after", after), ("reason", "来电更正")]
    };
    who.clerk.submit(&to, &ask("phone/0", "1990000")).await.is(422).shows("f-after-error");
    who.clerk.submit(&to, &ask("document/0", "33")).await.is(422).shows("f-after-error");
    // What stands there already corrects nothing.
    let same = who.clerk.submit(&to, &ask("name/0", "段海")).await;
    same.is(422).shows("f-after-error").shows("没有更正什么");
    who.clerk.submit(&to, &ask("phone/0", "199 0000 7297")).await.is(422).shows("没有更正什么");
    assert!(state(&site, &path).await.corrections.is_empty());
    who.clerk.submit(&to, &ask("document/0", "E12345678")).await.went_to(&path);
    who.leader.get(&format!("{path}/approve_correction")).await.shows("护照").shows("E12345678");
    act(&who.leader, &path, "approve_correction", &[("correction", "0")]).await;
    let party = state(&site, &path).await.applicants[0].clone();
    assert_eq!(party.document_kind.as_deref(), Some("passport"));
    assert_eq!(party.document.unwrap().text(), "E12345678");
    who.clerk.submit(&to, &ask("name/0", "沈知秋")).await.went_to(&path);
    let refuse = format!("{path}/refuse_correction");
    who.leader.submit(&refuse, &[("correction", "1")]).await.is(422).shows("f-reason-error");
    act(&who.leader, &path, "refuse_correction", &[("correction", "1"), ("reason", "与身份证不符")]).await;
    let kept = state(&site, &path).await;
    assert_ne!(kept.applicants[0].name.text(), "沈知秋");
    assert!(kept.corrections[1].refused.is_some());
    who.clerk.get(&path).await.shows("与身份证不符").shows("未批准");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_was_done_is_said_to_be_done_by_whom_and_when() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let name = site.staff(ORGAN, Role::Clerk).await.name;
    act(&who.clerk, &path, "ask_consent", &[]).await;
    let got = who.leader.get(&format!("{path}/ask_consent")).await;
    got.shows("这一步已经办过").shows(&name).shows("2022年3月8日").hides("现在的状态是");
    answered(&who, &path).await;
    act(&who.clerk, &path, "accept_application", &[]).await;
    who.leader.get(&format!("{path}/accept_application")).await.shows("这一步已经办过").shows(&name);
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
async fn a_paper_is_voided_or_corrected_from_the_page_of_its_case_by_who_may() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let application = state(&site, &path).await.application.id;
    let acts = ["correct_paper", "void_paper"].map(|act| format!("href=\"/paper/{}/{act}\"", application.key()));
    let page = who.leader.get(&path).await;
    acts.iter().for_each(|act| {
        page.shows(act);
    });
    let page = who.clerk.get(&path).await;
    acts.iter().for_each(|act| {
        page.shows(act);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_told_yesterday_is_recorded_as_of_yesterday() {
    let site = site().await;
    let who = people(&site).await;
    let told = |day: &str| [application(&id_number()), vec![("told_on", day.to_owned())]].concat();
    for wrong in ["2022-03-09", "2022-01-03", "2021-12-01"] {
        who.clerk.submit("/dossiers/new", &pairs(&told(wrong))).await.is(422).shows("f-told_on-error");
    }
    who.clerk.get("/dossiers/new").await.shows("name=\"told_on\"").shows("value=\"2022-03-08\"");
    let got = who.clerk.submit("/dossiers/new", &pairs(&told("2022-03-07"))).await;
    got.went_to("/dossier/");
    let state = state(&site, got.location.split('?').next().unwrap()).await;
    let day = yanhe_core::values::parse_date("2022-03-07").unwrap();
    assert_eq!((state.applied_on, state.accept_by.from), (day, day));
    assert!(state.limits.iter().all(|limit| limit.deadline.from == day), "{:?}", state.limits);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_long_ago_is_recorded_with_a_reason_that_the_history_shows() {
    let site = site().await;
    let who = people(&site).await;
    let told = |why: &str| {
        let said = vec![("told_on", "2022-03-03".to_owned()), ("told_late", why.to_owned())];
        [application(&id_number()), said].concat()
    };
    who.clerk.submit("/dossiers/new", &pairs(&told(" "))).await.is(422).shows("f-told_late-error");
    let why = "值班记录没有及时转交";
    let got = who.clerk.submit("/dossiers/new", &pairs(&told(why))).await;
    got.went_to("/dossier/");
    who.clerk.get(got.location.split('?').next().unwrap()).await.shows(why);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_an_answer_stands_on_the_case_once_it_runs() {
    let site = site().await;
    let who = people(&site).await;
    let by_post = [("respondent/phone", ""), ("respondent/address", "武原街道279号")];
    let path = recorded_with(&who.clerk, &by_post).await;
    act(&who.clerk, &path, "ask_consent", &[]).await;
    assert!(state(&site, &path).await.consents[0].sent.is_none(), "it lies on the desk");
    let limit = "limit-mediation-consent";
    who.clerk.get(&path).await.shows("答复期间没有开始计算").hides(limit);
    answered(&who, &path).await;
    who.clerk.get(&path).await.shows(limit);
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
async fn an_answer_by_a_phone_that_the_applicant_named_is_shown_to_the_clerk_until_the_identity_is_checked() {
    let site = site().await;
    let who = people(&site).await;
    let own = application(&id_number()).into_iter().map(|(name, value)| match name {
        "respondent/phone" => (name, "19900007297".to_owned()),
        _ => (name, value),
    });
    let own: Vec<_> = own.collect();
    let refused = who.clerk.submit("/dossiers/new", &pairs(&own)).await;
    refused.is(422).shows("f-respondent/phone-error").shows("不知道对方号码的，请留空");
    let path = recorded(&who.clerk).await;
    act(&who.clerk, &path, "ask_consent", &[]).await;
    let shop = Actor::party(&state(&site, &path).await.respondents[0].person);
    let on = "2022-03-08".parse().unwrap();
    let answer = dossier::Decision::Yes;
    let yes =
        dossier::Command::AnswerConsent { answer, on, person: None, slip: None, how: String::new(), electronic: None };
    site.app.handle(Request::one(&shop, "yes", &stream(&path), yes)).await.unwrap();
    let (named, accept) = ("身份还没有核对", format!("{path}/accept_application"));
    who.clerk.get(&path).await.shows("手机号由对方当事人提供，身份还没有核对");
    who.clerk.get(&accept).await.shows("海盐县某某家具店的答复来自对方当事人提供的手机号").shows(named);
    identified(&who, &path).await;
    who.clerk.get(&accept).await.hides(named);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_document_is_recorded_before_a_signature_with_a_trace_and_after_it_by_a_correction() {
    let site = site().await;
    let who = people(&site).await;
    let path = held(&site, &who).await;
    let to = format!("{path}/record_identity");
    identified(&who, &path).await;
    let other = [("0/seen", "yes"), ("0/document_kind", "passport"), ("0/document", "E99999999")];
    who.mediator.submit(&to, &other).await.went_to(&path);
    let page = who.clerk.get(&path).await;
    page.shows("原登记").shows("现登记");
    who.mediator.get(&to).await.hides("已经按登记的证件签过名");
    record_signed(&site, &who, &path).await;
    let back = [("0/seen", "yes"), ("0/document_kind", "hong_kong_macao_permit"), ("0/document", "H12345678")];
    who.mediator.get(&to).await.shows("段海").shows("已经按登记的证件签过名").shows("/ask_correction");
    who.mediator.submit(&to, &back).await.is(422).shows("f-0/document-error").shows("申请更正");
    let seen = state(&site, &path).await.identities.into_iter().find(|seen| seen.document.is_some()).unwrap();
    assert_eq!(seen.document_kind.as_deref(), Some("passport"));
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
async fn a_record_says_what_was_told_and_asked_at_the_session_and_nothing_that_was_not() {
    let site = site().await;
    let who = people(&site).await;
    let path = mediating(&who).await;
    let call = [("at", "2022-03-08"), ("clock", "14:30"), ("place", "二楼调解室")];
    act(&who.mediator, &path, "call_session", &call).await;
    let to = format!("{path}/record_session");
    who.mediator.get(&to).await.shows("value=\"2022-03-08\"").shows("value=\"14:30\"").shows("没有询问的不选");
    let wrong = [("on", "2022-03-08"), ("clock", "下午"), ("statements", "双方各自陈述"), ("rights_told", "yes")];
    let got = who.mediator.submit(&to, &wrong).await;
    got.is(422).shows("f-clock-error").shows("f-present-error").shows("f-result-error").shows("双方各自陈述");
    got.shows("id=\"f-rights_told\" checked");
    assert!(state(&site, &path).await.sessions[0].sitting.is_none());
    let parties = state(&site, &path).await;
    let (a, b) = (parties.applicants[0].person.0.clone(), parties.respondents[0].person.0.clone());
    let held = [
        ("on", "2022-03-08"),
        ("clock", "08:30"),
        ("present", a.as_str()),
        ("present", b.as_str()),
        ("statements", "双方各自陈述"),
        ("result", "adjourned"),
    ];
    let told = [("rights_told", "yes"), ("recusal", "no")];
    who.mediator.submit(&to, &[&held[..], &told[..]].concat()).await.went_to(&path);
    let sitting = state(&site, &path).await.sessions[0].sitting.clone().unwrap();
    assert_eq!((sitting.rights_told, sitting.recusal), (true, Some(false)));
    who.clerk.get(&path).await.shows("已向到场的人告知权利义务").shows("到场的当事人不要求回避");
    // Of a session at which nobody told or asked anything the page says nothing.
    let other = self::held(&site, &who).await;
    who.clerk.get(&other).await.shows("双方各自陈述").hides("已向到场的人告知权利义务").hides("要求回避");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_side_has_its_whole_limit_where_the_organ_asks_too_late() {
    let site = site().await;
    let clerk = site.signed_in(ORGAN, Role::Clerk).await;
    let path = recorded(&clerk).await;
    // The organ's own last day was 15 March; five working days from 21 March end on the 28th.
    site.wait_until("2022-03-21T01:00:00Z").await;
    let clerk = site.signed_in(ORGAN, Role::Clerk).await;
    let to = format!("{path}/ask_consent");
    clerk.get(&to).await.is(200).shows("海盐县某某家具店").shows("2022年3月28日");
    clerk.forge(&to, &[("key", "x"), ("version", "1")]).await.is(403);
    assert!(state(&site, &path).await.consents.is_empty());
    act(&clerk, &path, "ask_consent", &[]).await;
    assert_eq!(state(&site, &path).await.consents[0].due.last_day.to_string(), "2022-03-28");
    clerk.get(&path).await.shows("2022年3月15日").shows("2022年3月28日").shows("已过 6 天");
    clerk.get(&to).await.shows("征求对方意见").hides("<form method=\"post\" action=\"/dossier/");
}

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
    let call = [("at", "2022-03-08"), ("clock", "14:30"), ("place", "二楼调解室")];
    act(&who.mediator, &path, "call_session", &call).await;
    let case = state(site, &path).await;
    let (a, b) = (case.applicants[0].person.clone(), case.respondents[0].person.clone());
    let held = [
        ("on", "2022-03-08"),
        ("clock", "08:30"),
        ("present", a.0.as_str()),
        ("present", b.0.as_str()),
        ("statements", "双方各自陈述"),
        ("result", "agreed"),
    ];
    let record = format!("{path}/record_session");
    who.mediator.submit(&record, &held).await.is(422).shows("f-organ_officer-error");
    let officer = [("organ_officer", "苏明远"), ("organ_post", "法制科科长")];
    act(&who.mediator, &path, "record_session", &[&held[..], &officer[..]].concat()).await;
    sign(site, &who.leader, &path, "sign_record").await.went_to(&path);
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
    who.clerk.get("/work").await.shows(&to);
    let form = who.clerk.get(&to).await;
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
        let wrong = who.clerk.submit(&to, &typed(number, on, after)).await;
        wrong.is(422).shows(&format!("f-{field}-error")).shows(after.trim());
        assert!(state(&site, &path).await.changed_decision.is_empty(), "{field}");
    }
    who.clerk.submit(&to, &typed(new, "2022-03-08", "罚款人民币12000元")).await.went_to(&path);
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
    who.clerk.get(&to).await.is(200).hides("<form method=\"post\" action=\"/dossier/");

    // Voided, it is made again with another number, and what it performed is owed again.
    let paper = |act: &str| format!("/paper/{}/{act}", decision.key());
    who.clerk.submit(&paper("void_paper"), &[("reason", "写错了")]).await.went_to("/letters/");
    who.leader.submit(&paper("approve_notice"), &[]).await.went_to("/letters/");
    site.app.run_due().await.unwrap();
    assert_eq!(state(&site, &path).await.stage, dossier::Stage::Performing);
    who.clerk.get("/work").await.shows(&to);
    who.clerk.get(&path).await.shows("变更决定书作废，须重新作出");
    let spent = who.clerk.submit(&to, &typed("盐市监罚变[2022]1号", "2022-03-08", "罚款12000元")).await;
    spent.is(422).shows("f-number-error");
    let other = typed("盐市监罚变(2022)2号", "2022-03-08", "罚款12000元");
    who.clerk.submit(&to, &other).await.went_to(&path);
    assert_eq!(state(&site, &path).await.changed_decision, "盐市监罚变〔2022〕2号");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_voided_of_a_case_is_made_again_from_its_page() {
    let site = site().await;
    let who = people(&site).await;
    let path = recorded(&who.clerk).await;
    let void = async |paper: &yanhe_core::PaperRef| {
        let to = |act: &str| format!("/paper/{}/{act}", paper.id.key());
        who.clerk.submit(&to("void_paper"), &[("reason", "写错了")]).await.went_to("/letters/");
        who.leader.submit(&to("approve_notice"), &[]).await.went_to("/letters/");
        site.app.run_due().await.unwrap();
    };
    let first = state(&site, &path).await.application;
    void(&first).await;
    who.clerk.get(&path).await.shows("口头申请笔录已经作废").hides(&format!("{path}/attest_application"));
    who.clerk.get("/work").await.shows(&format!("{path}/record_again"));
    who.clerk.get(&format!("{path}/record_again")).await.shows("案件编号和申请日期不变");
    act(&who.clerk, &path, "record_again", &[]).await;
    let again = state(&site, &path).await;
    assert_ne!(again.application_paper(), Some(&first));
    assert_eq!(again.application, first, "the case keeps its number");
    let paper = again.application_paper().unwrap().clone();
    who.clerk.get(&path).await.hides("口头申请笔录已经作废").shows(&paper.number).shows(paper.id.key());
    who.clerk.get(&format!("{path}/attest_application")).await.shows(paper.id.key()).hides(first.id.key());
    who.clerk.get(&format!("/paper/{}", paper.id.key())).await.is(200);

    act(&who.clerk, &path, "ask_consent", &[]).await;
    let letter = state(&site, &path).await.consents[0].paper.clone();
    void(&letter).await;
    who.clerk.get(&path).await.shows("对方的答复期限从新的征求意见书起算").shows(&format!("{path}/ask_consent"));
    who.clerk.get(&format!("{path}/ask_consent")).await.shows("有新的编号和编码");
    act(&who.clerk, &path, "ask_consent", &[]).await;
    let consents = state(&site, &path).await.consents;
    assert!(consents.len() == 1 && consents[0].paper.number != letter.number);
    who.clerk.get(&path).await.hides("对方的答复期限从新的征求意见书起算");
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
    let call = [("at", "2022-03-08"), ("clock", "14:30"), ("place", "工作室")];
    act(&studio, &path, "call_session", &call).await;
    who.clerk.get(&path).await.shows(&named.name);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_that_is_verified_says_since_when_it_is_in_effect() {
    let site = site().await;
    let who = people(&site).await;
    let path = effective(&site, &who).await;
    let paper = state(&site, &path).await.agreement.unwrap().paper;
    let (_, pdf) = site.app.paper_pdf(&site.staff(ORGAN, Role::Clerk).await.actor, &paper.id).await.unwrap();
    let got = who.clerk.submit_file("/verify", &[], ("file", "agreement.pdf", &pdf)).await;
    // Three signatures and the seal; the day is none of them.
    got.is(200).shows("制作日期").shows("生效日期").shows("（4 处）").hides("还没有生效");
}
