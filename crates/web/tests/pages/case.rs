//! A case as it is recorded at the counter and walked on by forms, for the tests of its pages.

use yanhe_app::Request;
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::policy::{Actor, Role};
use yanhe_core::{PersonId, StreamId, StreamKind};

use crate::office::{Browser, Got, TestSite, hidden};

/// The organ of these cases.
pub const ORGAN: &str = "shichang";
/// An invented document number with a wrong check digit.
pub const ID: &str = "33049919850615001X";

/// A one-page PDF by its first bytes: enough for a scan.
pub const PDF: &[u8] = b"%PDF-1.4 scan";

pub fn id_number() -> String {
    // The check digit of the invented number is computed, so that the test does not carry a magic one.
    let body = &ID[..17];
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(c, w)| c.to_digit(10).unwrap() * w).sum();
    format!("{body}{}", "10X98765432".chars().nth((sum % 11) as usize).unwrap())
}

/// Values of an oral application.
pub fn application(id: &str) -> Vec<(&'static str, String)> {
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

pub fn pairs<'a>(values: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
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
pub async fn answered(who: &People, path: &str) {
    let said = [("answer", "yes"), ("on", "2022-03-08"), ("way", "spoken"), ("how", "来电答复，已核对证件号码")];
    act(&who.clerk, path, "answer_consent", &said).await;
}

/// Everybody signs the record of the session.
pub async fn record_signed(site: &TestSite, who: &People, path: &str) {
    sign(site, &who.mediator, path, "sign_record").await.went_to(path);
    for signer in state(site, path).await.record_unsigned() {
        let party = Actor::party(&PersonId(signer.trim_start_matches("party/").to_owned()));
        let request = Request::one(&party, format!("record/{signer}"), &stream(path), dossier::Command::SignRecord {});
        site.app.handle(request.verified()).await.unwrap();
    }
}

/// Up to the record of a session.
pub async fn held(site: &TestSite, who: &People) -> String {
    let path = mediating(who).await;
    act(
        &who.mediator,
        &path,
        "call_session",
        &[("at", "2022-03-08"), ("clock", "14:30"), ("place", "二楼调解室"), ("soon", "yes")],
    )
    .await;
    let parties = state(site, &path).await;
    let (a, b) = (parties.applicants[0].person.0.clone(), parties.respondents[0].person.0.clone());
    // At once: a mediator has declared some minutes before, and some cases come one after the other.
    let now = yanhe_core::time::county_time(site.app.clock.now()).strftime("%H:%M").to_string();
    let values = [
        ("on", "2022-03-08"),
        ("clock", now.as_str()),
        ("otherwise", "各方提前到场"),
        ("present", a.as_str()),
        ("present", b.as_str()),
        ("rights_told", "yes"),
        ("recusal", "no"),
        ("statements", "双方各自陈述"),
        ("undisputed", "家具有裂缝"),
        ("result", "agreed"),
    ];
    act(&who.mediator, &path, "record_session", &values).await;
    path
}

/// A draft with one payment and one other obligation.
pub fn draft<'a>(from: &'a str, to: &'a str) -> Vec<(&'a str, &'a str)> {
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
pub async fn identified(who: &People, path: &str) {
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
pub async fn code_form(site: &TestSite, who: &Browser, path: &str, act: &str) -> (String, Vec<(String, String)>) {
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
pub async fn sign(site: &TestSite, who: &Browser, path: &str, act: &str) -> Got {
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

/// Presses the signing button twice at the same moment: both are told that it is signed.
pub async fn sign_twice(site: &TestSite, who: &Browser, path: &str, act: &str) {
    let (to, values) = code_form(site, who, path, act).await;
    let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let (one, two) = tokio::join!(who.post(&to, &values), who.post(&to, &values));
    one.went_to(path);
    two.went_to(path);
}
