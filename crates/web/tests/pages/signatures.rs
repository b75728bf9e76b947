//! Signing in a case, by one-time code and by hand.

use yanhe_core::policy::Role;

use crate::case::*;
use crate::office::{hidden, site};

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
    // Who would not sign is noted with the reason, by the mediator alone while the mediation lasts.
    let other = format!("party/{b}");
    let note = [("signer", other.as_str()), ("refused", "yes"), ("reason", "认为笔录遗漏了他的意见")];
    who.clerk.get(&format!("{path}/note_unsigned")).await.shows("不能办理这一步");
    who.mediator.submit(&format!("{path}/note_unsigned"), &note).await.went_to(&path);
    who.clerk.get(&path).await.shows("拒绝签名").shows("认为笔录遗漏了他的意见");
    sign_twice(&site, &who.mediator, &path, "sign_record").await;
    assert_eq!(state(&site, &path).await.sessions[0].signatures.len(), 2, "two presses are one signature");
    act(&who.mediator, &path, "issue_agreement", &[]).await;
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
    let again = who.clerk.submit_file(&to, &slip, ("scan", "slip.pdf", PDF)).await;
    again.is(422).shows("f-scan-error").shows("申请书或者口头申请笔录");
    let sheet = [PDF, b"slip"].concat();
    who.clerk.submit_file(&to, &slip, ("scan", "slip.pdf", &sheet)).await.went_to(&path);
    who.clerk.get(&path).await.shows("档案室 8 盒").shows(&format!("{path}/slip/0"));
    assert_eq!(who.clerk.get(&format!("{path}/slip/0")).await.bytes, sheet);
    let said_yes = [("ground", "party_refuses"), ("note", "")];
    who.clerk.submit(&format!("{path}/refuse_application"), &said_yes).await.is(422).shows("与案件记录不符");
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

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_that_is_lost_or_altered_is_a_fault_of_its_case() {
    let site = site().await;
    let who = people(&site).await;
    let path = effective(&site, &who).await;
    site.app.seal_once().await.unwrap();
    assert_eq!(site.app.verify().await.unwrap().fault, None);
    // The sheet that was signed by hand is the only file as small as this.
    let folders = std::fs::read_dir(site.dir.data().join("blobs")).unwrap().map(|folder| folder.unwrap().path());
    let files = folders.flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()));
    let scan = files.min_by_key(|file| std::fs::metadata(file).unwrap().len()).unwrap();
    let whole = std::fs::read(&scan).unwrap();
    let mut other = whole.clone();
    *other.last_mut().unwrap() ^= 1;
    for altered in [Some(other), None] {
        match altered {
            Some(bytes) => std::fs::write(&scan, bytes).unwrap(),
            None => std::fs::remove_file(&scan).unwrap(),
        }
        let fault = site.app.verify().await.unwrap().fault.unwrap();
        let kind = serde_json::to_value(fault.kind).unwrap();
        assert_eq!((fault.stream.as_str(), kind.as_str()), (stream(&path).as_str(), Some("blob")));
    }
    std::fs::write(&scan, whole).unwrap();
    assert!(site.app.verify().await.unwrap().ok);
}
