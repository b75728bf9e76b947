//! A party's case from the answer to the ruling.

use yanhe_app::AppError;
use yanhe_core::confirmation;
use yanhe_core::dossier::{self};
use yanhe_core::policy::{Actor, Role};
use yanhe_core::{Reason, StreamId, StreamKind};

use crate::apply::{FILLED, TOLD, at_the_form};
use crate::portal_case::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_case_goes_from_the_answer_to_the_ruling() {
    let mut play = Play::asked().await;
    let page = play.seller.open(&play.path("")).await.clone();
    assert!(page.says("您是否同意调解") && page.says("不影响您的任何权利"), "{}", page.body);
    play.mediate().await;
    let path = play.path("/sign_agreement");

    // Wrong codes, an old page and a replay of the right one.
    play.county.minute();
    play.buyer.open(&path).await;
    play.buyer.post(&path, &[("act", "send")]).await;
    let right = play.county.code().await;
    assert_eq!(play.buyer.press(&path, &[("act", "sign"), ("code", "x")]).await.status, 422);
    let stale = play.buyer.press(&path, &[("act", "sign"), ("code", &right), ("sha256", "00")]).await;
    assert_eq!(stale.status, 422, "what was read is what is signed");
    let first = play.buyer.press(&path, &[("act", "sign"), ("code", &right)]).await;
    let second = play.buyer.press(&path, &[("act", "sign"), ("code", &right)]).await;
    assert_eq!((first.status, second.status), (303, 303), "{}", first.body);
    assert_eq!(play.state().await.agreement.unwrap().signatures.len(), 1);
    assert!(play.buyer.show(first).await.says("您已签名"));
    let both = twice(&play.county, &mut play.seller, &path).await;
    assert_eq!(both, (303, 303), "a double press is answered twice as what it did once");
    assert_eq!(play.state().await.agreement.unwrap().signatures.len(), 2);
    assert!(play.seller.open(&path).await.says("您已签名"), "{}", play.seller.page.body);

    let sha256 = play.county.app.paper_sha256(play.state().await.agreement.as_ref().map(|a| &a.paper)).await.unwrap();
    let command = dossier::Command::SignAgreement { sha256 };
    let request = yanhe_app::Request::one(&play.mediator, "mediator-signs", &play.case, command).verified();
    play.county.app.handle(request).await.unwrap();
    play.county.run(&play.leader, &play.case, dossier::Command::SealAgreement {}).await;

    // The signed file begins with what was signed. The check knows both, and tells when somebody added to them.
    let paper = play.state().await.agreement.unwrap().paper;
    let (_, signed) = play.county.app.paper_pdf(&play.leader, &paper.id).await.unwrap();
    let (_, unsigned) = play.county.app.paper_base(&play.leader, &paper.id).await.unwrap();
    assert!(signed.starts_with(&unsigned) && signed.len() > unsigned.len());
    let added = [&signed, &b"\n% more"[..]].concat();
    let cases = [(&signed, "全部签名和印章（4 处）"), (&unsigned, "签名、盖章之前的原文"), (&added, "被加了别的内容")];
    for (file, says) in cases {
        let mut browser = play.county.browser();
        browser.open("/verify").await;
        let page = browser.press_with("/verify", &[("number", &paper.number)], &[("file", "x.pdf", file)]).await;
        assert!(page.says(says), "{}", page.body);
    }

    let page = play.buyer.open(&play.path("")).await.clone();
    assert!(page.says("协议已经生效") && page.says("准备司法确认申请"), "{}", page.body);
    let confirm = play.path("/confirm");
    play.buyer.post(&confirm, &[]).await;
    let sign = format!("/confirmation/{}/sign", play.case.key());
    for browser in [&mut play.buyer, &mut play.seller] {
        let page = Play::sign(&play.county, browser, &sign).await;
        assert!(page.says("您已签名"), "{}", page.body);
    }
    play.buyer.open(&play.path("")).await;
    let court = StreamId::new(StreamKind::Confirmation, play.case.key());
    play.county.run(&play.mediator, &court, confirmation::Command::Certify {}).await;
    play.buyer.open(&play.path("")).await;
    let file = play.path("/file");
    assert!(play.buyer.post(&file, &[]).await.says("提交了法院"));

    let secretary = play.county.staff("court", Role::CourtClerk).await;
    let judge = play.county.staff("court", Role::Judge).await;
    let number = "（2022）浙0424诉前调确31号".to_owned();
    let docket = confirmation::Command::Docket {
        number,
        judge: StreamId::parse(&judge.id).unwrap(),
        hearing: None,
        place: String::new(),
        rest_day: false,
    };
    play.county.run(&secretary, &court, docket).await;
    let on = play.county.app.today();
    let hear =
        confirmation::Command::Hear { findings: "自愿、合法".into(), all_heard: true, on, moved: String::new() };
    play.county.run(&judge, &court, hear).await;
    play.county.run(&judge, &court, confirmation::Command::RuleValid { reasons: "符合法律规定".into() }).await;
    let page = play.buyer.open(&play.path("")).await.clone();
    assert!(page.says("法院裁定协议有效") && page.says("裁定书") && page.says("申请强制执行的期限"), "{}", page.body);
    // What the court did is told as the court's.
    let told = |what: &str| page.body.split("<li").find(|entry| entry.contains(what)).unwrap_or_default().to_owned();
    let court = play.county.app.pack.court.name.clone();
    for what in ["法院立案", "法院询问了各方", "法院作出裁定"] {
        assert!(told(what).contains(&court), "{what}: {}", told(what));
    }
    assert!(told("单位盖了章").contains("市场监督管理局"), "{}", page.body);

    // Performance, told by a party: a bad one first.
    let perform = play.path("/perform");
    let future = play.seller.open(&play.path("")).await.clone();
    assert_eq!(future.status, 200);
    let bad = play.seller.press(&perform, &[("obligation", "1"), ("on", "2030-01-01"), ("note", "转账")]).await;
    assert_eq!(bad.status, 422);
    assert!(bad.says("value=\"转账\""), "what was typed is kept");
    let good = play.seller.post(&perform, &[("obligation", "1"), ("on", "2022-07-20"), ("note", "转账")]).await;
    assert!(good.says("协议已经全部履行"), "{}", good.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sign_at_the_same_moment_are_all_on_the_file() {
    let mut play = Play::asked().await;
    play.mediate().await;
    let state = play.state().await;
    let paper = state.agreement.as_ref().unwrap().paper.clone();
    let app = &play.county.app;
    let sha256 = app.paper_sha256(Some(&paper)).await.unwrap();
    let sign = |actor: &Actor| {
        let command = dossier::Command::SignAgreement { sha256: sha256.clone() };
        yanhe_app::Request::one(actor, format!("{}-signs", actor.id), &play.case, command).verified()
    };
    let (a, b) = (state.applicants[0].person.clone(), state.respondents[0].person.clone());
    let (a, b) = (Actor::party(&a), Actor::party(&b));
    let all = tokio::join!(app.handle(sign(&a)), app.handle(sign(&b)), app.handle(sign(&play.mediator)));
    all.0.and(all.1).and(all.2).unwrap();
    let (kept, file) = app.paper_pdf(&play.leader, &paper.id).await.unwrap();
    let mut places: Vec<&str> = kept.revisions.iter().map(|revision| revision.mark.as_str()).collect();
    let chained = kept.revisions.windows(2).all(|two| two[1].after == two[0].sha256);
    assert!(chained && kept.revisions[0].after == sha256 && kept.latest() == yanhe_app::sha256(&file));
    places.sort_unstable();
    let mut signers = state.signers();
    signers.sort_unstable();
    assert_eq!(places, signers);
    assert!(app.verify().await.unwrap().ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_partys_case_is_not_found_anywhere() {
    let play = Play::asked().await;
    let mut stranger = at_the_form(&play.county, "HY202207140009", "段海", "19900001009").await;
    for after in ["", "/receipt", "/sign_agreement", "/sign_record", "/files/0"] {
        let path = format!("/my/{}{after}", play.case.key());
        assert_eq!(stranger.open(&path).await.status, 404, "{path}");
    }
    assert_eq!(stranger.open(&format!("/confirmation/{}/sign", play.case.key())).await.status, 404);
    assert_eq!(stranger.open("/my/not-a-key").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_asked_has_no_answer_to_give_and_a_no_is_asked_back_once() {
    let mut play = Play::asked().await;
    let (path, answer) = (play.path(""), play.path("/answer"));
    assert!(!play.buyer.open(&path).await.says("action=\"/my/") || !play.buyer.page.says("/answer\""));
    play.seller.open(&path).await;
    // Who would refuse is asked once whether they mean it, and what they typed is told at its field before.
    let wrong = play.seller.press(&answer, &[("answer", "no"), ("document", "abc")]).await;
    assert!(wrong.status == 422 && wrong.says("f-document-error"), "{}", wrong.body);
    play.seller.post(&answer, &[("answer", "no")]).await;
    assert!(
        play.seller.page.says("确定不同意调解") && play.seller.page.says("还可以改为同意"),
        "{}",
        play.seller.page.body
    );
    assert_eq!(play.state().await.consents[0].answer, None, "nothing is answered yet");
    let first = play.seller.press(&answer, &[]).await;
    let second = play.seller.press(&answer, &[]).await;
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(play.state().await.consents[0].answer, Some(false));
    // The answer stands on the page with its day, nothing more is asked, and it can be changed until it is decided.
    let page = play.seller.open(&path).await.clone();
    assert!(page.says("您的答复") && page.says("2022年7月14日") && page.says("不同意调解"), "{}", page.body);
    assert!(!page.says("id=\"f-document\"") && page.says("改为同意调解"), "{}", page.body);
    play.seller.post(&answer, &[]).await;
    assert_eq!(play.state().await.consents[0].answer, Some(true));
    assert!(!play.seller.open(&path).await.says("改为同意调解"), "a yes stands");
}

#[tokio::test(flavor = "multi_thread")]
async fn to_whom_no_notice_of_refusal_goes_is_told_nothing_of_it() {
    let mut play = Play::asked().await;
    let (path, answer) = (play.path(""), play.path("/answer"));
    play.seller.open(&path).await;
    play.seller.post(&answer, &[("answer", "no")]).await;
    play.seller.post(&answer, &[]).await;
    assert_eq!(play.state().await.consents[0].answer, Some(false));
    let note = "对方在电话里说不愿意坐下来谈。";
    let refuse =
        dossier::Command::Refuse { ground: "party_refuses".into(), note: note.into(), competent: String::new() };
    play.county.run(&play.clerk, &play.case, refuse).await;
    assert!(!play.seller.open(&path).await.says(note), "to whom no notice goes, nothing of it is told");
    // A refused case has come to its end: nothing is still to come, and nothing is there to be ended.
    let page = play.buyer.open(&path).await.clone();
    assert!(page.says("step-done") && !page.says("step-now") && !page.says("step-todo"), "{}", page.body);
    assert!(page.says(note), "as on the notice: {}", page.body);
    assert!(page.says("向人民法院提起民事诉讼") && !page.says("随时可以要求终止"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_applied_for_a_matter_is_not_asked_to_apply_for_it_again() {
    let mut play = Play::asked().await;
    let matter = play.state().await.matter.unwrap();
    let offers = format!("/apply?matter={}", matter.key());
    let case = play.path("");
    let page = play.buyer.open("/my").await;
    assert!(page.says(&case) && !page.says(&offers), "{}", page.body);
    // When it came to nothing, mediation anew is offered beside the case.
    let competent = "海盐县民政局".to_owned();
    let refuse = dossier::Command::Refuse { ground: "unconnected".into(), note: String::new(), competent };
    play.county.run(&play.clerk, &play.case, refuse).await;
    let again = format!("again={}", play.case.key());
    let page = play.buyer.open("/my").await;
    assert!(page.says(&again) && !page.says(&offers), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_adds_a_file_and_gets_it_back_and_the_other_side_does_not() {
    let mut play = Play::asked().await;
    let (path, attach) = (play.path(""), play.path("/attach"));
    play.buyer.open(&path).await;
    let none = play.buyer.press_with(&attach, &[], &[]).await;
    assert_eq!(none.status, 422);
    let sent = play.buyer.press_with(&attach, &[], &[("files", "票据.png", b"\x89PNG picture")]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert!(play.buyer.show(sent).await.says("票据.png"));
    let file = play.path("/files/0");
    let got = play.buyer.open(&file).await.clone();
    assert_eq!((got.status, got.kind.as_str()), (200, "image/png"));
    assert_eq!(play.seller.open(&file).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_side_reads_what_is_asked_and_not_the_numbers_of_who_asks() {
    let mut play = Play::asked().await;
    let state = play.state().await;
    let page = play.seller.open(&play.path("")).await.clone();
    let application = play.path("/application");
    assert!(page.says(&application) && !page.says(&format!("/paper/{}", state.application.id.key())), "{}", page.body);
    let shown = play.seller.open(&application).await.clone();
    assert!(shown.says(state.claims.text()) && shown.says("沈知夏"), "{}", shown.body);
    assert!(!shown.says("19900001001") && shown.says("※※※"), "{}", shown.body);
    let pdf = format!("/paper/{}", state.application.id.key());
    assert_eq!(play.seller.open(&pdf).await.status, 404, "nor the paper itself");
    assert_eq!(play.buyer.open(&pdf).await.status, 200, "whoever applied reads it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_reads_words_that_are_true_of_it() {
    let mut play = Play::asked().await;
    let page = play.seller.open(&play.path("")).await.clone();
    assert!(!page.says("因为您申请了调解"), "{}", page.body);
    assert!(play.buyer.open(&play.path("")).await.says("因为您申请了调解"));
    play.mediate().await;
    let page = play.buyer.open(&play.path("")).await.clone();
    assert!(page.says("尚未生效") && page.says("答复了是否同意调解"), "{}", page.body);
    let agreement = play.path("/sign_agreement");
    Play::sign(&play.county, &mut play.buyer, &agreement).await;
    let page = play.buyer.open(&play.path("")).await.clone();
    assert!(page.says("您已经签名") && !page.says("这个人已经签过名"), "{}", page.body);
    let record = play.path("/sign_record");
    // A record has no number: it is called by its name, and who has signed it is said.
    let asked = play.buyer.open(&record).await.clone();
    assert!(asked.says("就是您对《调解笔录》的签名") && asked.says("未签名"), "{}", asked.body);
    let signed = Play::sign(&play.county, &mut play.buyer, &record).await;
    assert!(signed.says("不用盖章"), "{}", signed.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_asks_for_another_mediator_and_ends_the_mediation_each_after_a_second_thought() {
    let mut play = Play::asked().await;
    let answer = play.path("/answer");
    play.seller.open(&play.path("")).await;
    play.seller.post(&answer, &[("answer", "yes")]).await;
    play.county.run(&play.clerk, &play.case, dossier::Command::Accept { reason: String::new() }).await;
    let staff = StreamId::parse(&play.mediator.id).unwrap();
    play.county.run(&play.leader, &play.case, dossier::Command::NameMediator { staff, legal_section: false }).await;
    let recusal = play.path("/ask_recusal");
    assert!(play.seller.open(&play.path("")).await.says(&recusal));
    play.seller.open(&recusal).await;
    assert_eq!(play.seller.press(&recusal, &[("note", " ")]).await.status, 422, "a reason is needed");
    let asked = play.seller.post(&recusal, &[("note", "是对方的亲戚")]).await;
    assert!(asked.says("正在等单位负责人决定"), "{}", asked.body);
    let told = play.buyer.open("/demo/phone?number=19900001001").await.clone();
    assert!(told.says("有一方申请调解员回避，决定之前调解暂停"), "the other side hears of it: {}", told.body);
    let page = play.buyer.open(&play.path("")).await.clone();
    assert!(page.says("决定之前调解暂停") && !page.says("现在不用您做什么"), "{}", page.body);
    assert!(page.says("调解期限停止计算"), "the limit's row says so: {}", page.body);
    let mut leader = play.county.signed_in(&play.leader, "分管").await;
    let decide = format!("/dossier/{}/decide_recusal", play.case.key());
    assert!(leader.open("/work").await.says(&decide), "{}", leader.page.body);
    leader.open(&decide).await;
    assert!(leader.page.says("是对方的亲戚"));
    let granted = leader.press(&decide, &[("granted", "yes"), ("reason", "属实")]).await;
    assert_eq!(granted.status, 303, "{}", granted.body);
    assert!(play.state().await.mediator.is_none());
    let page = play.seller.open(&play.path("")).await.clone();
    assert!(page.says("回避（属实）") && page.says("回避决定书"), "who asked reads why: {}", page.body);
    let page = play.buyer.open(&play.path("")).await.clone();
    assert!(page.says("决定了是否回避") && !page.says("属实") && !page.says("回避决定书"), "{}", page.body);
    let leave = play.path("/leave_mediation");
    let page = play.buyer.open(&leave).await.clone();
    assert!(page.says("确认终止调解"), "{}", page.body);
    assert!(play.state().await.ended.is_none(), "a look ends nothing");
    assert!(play.buyer.post(&leave, &[]).await.says("调解终止"), "{}", play.buyer.page.body);
    assert_eq!(play.state().await.ended.unwrap().ground, "withdrawn");
    assert_eq!(play.buyer.open(&leave).await.status, 303, "it is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_is_added_answers_on_its_own_page_with_its_document_and_may_leave_alone() {
    let mut play = Play::asked().await;
    let answer = play.path("/answer");
    let page = play.seller.open(&play.path("")).await.clone();
    assert!(page.says("id=\"f-document\""), "the other side is asked for its document too: {}", page.body);
    let bad = play.seller.press(&answer, &[("answer", "yes"), ("document", "91330499XLE6CL26N3")]).await;
    assert!(bad.status == 422 && bad.says("f-document-error"), "{}", bad.body);
    assert!(play.state().await.consents[0].answer.is_none(), "both or nothing");
    play.seller.post(&answer, &[("answer", "yes"), ("document", "91330499XLE6CL26N2")]).await;
    let told = play.state().await.respondents[0].credit_code.clone();
    assert_eq!(told.as_deref(), Some("91330499XLE6CL26N2"));
    play.county.run(&play.clerk, &play.case, dossier::Command::Accept { reason: String::new() }).await;

    let mut clerk = play.county.signed_in(&play.clerk, "经办").await;
    let identity = format!("/dossier/{}/record_identity", play.case.key());
    assert!(clerk.open("/work").await.says(&identity), "the officer's check is a task: {}", clerk.page.body);
    let add = format!("/dossier/{}/add_party", play.case.key());
    let form = clerk.open(&add).await.clone();
    assert!(form.says("第三人") && form.says("绮园家电商行"), "{}", form.body);
    let buyer = play.state().await.applicants[0].person.clone();
    let typed =
        [("role", "respondent"), ("kind", "organisation"), ("name", "海盐县沪渎冰箱厂"), ("by", buyer.0.as_str())];
    let missing = clerk.press(&add, &typed).await;
    assert!(missing.status == 422 && missing.says("f-reason-error"), "{}", missing.body);
    let mut typed = typed.to_vec();
    typed.push(("reason", "冰箱是该厂生产的"));
    let added = clerk.press(&add, &typed).await;
    assert_eq!(added.status, 303, "{}", added.body);
    assert_eq!(clerk.press(&add, &typed).await.location, added.location, "a double click");
    let state = play.state().await;
    assert_eq!((state.joined.len(), state.consents.len()), (1, 2));
    let case = format!("/dossier/{}", play.case.key());
    assert!(clerk.open(&case).await.says("海盐县沪渎冰箱厂"));
    let record = format!("{case}/answer_consent");
    assert!(clerk.open("/work").await.says(&record), "{}", clerk.page.body);

    let maker = Actor::party(&state.joined[0].party.person);
    let mut maker = play.county.signed_in(&maker, "海盐县沪渎冰箱厂").await;
    let page = maker.open(&play.path("")).await.clone();
    assert!(page.says("您是否同意调解"), "{}", page.body);
    maker.post(&answer, &[("answer", "yes")]).await;
    assert_eq!(dossier::taking_part(&play.state().await).count(), 3);
    let leave = play.path("/leave_mediation");
    assert!(maker.open(&leave).await.says("其余各方之间的调解继续进行"), "{}", maker.page.body);
    maker.press(&leave, &[]).await;
    let state = play.state().await;
    assert!(state.ended.is_none() && state.left.len() == 1);
    assert_eq!(maker.open(&play.path("")).await.status, 404, "what goes on is no more theirs to read");
    assert!(clerk.open(&case).await.says("已退出"), "{}", clerk.page.body);
    assert!(play.buyer.open(&play.path("")).await.says("一方退出，其余各方继续调解"), "{}", play.buyer.page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_applicant_withdraws_on_its_own_page_before_it_is_decided() {
    let mut play = Play::asked().await;
    let withdraw = play.path("/withdraw_application");
    assert!(play.buyer.open(&play.path("")).await.says(&withdraw), "{}", play.buyer.page.body);
    assert!(!play.seller.open(&play.path("")).await.says(&withdraw), "only who applied");
    let page = play.buyer.open(&withdraw).await.clone();
    assert!(page.says("不因撤回恢复原状"), "{}", page.body);
    assert!(!play.state().await.withdrawn, "a look withdraws nothing");
    assert!(play.buyer.post(&withdraw, &[]).await.says("申请已经撤回"), "{}", play.buyer.page.body);
    assert!(play.state().await.withdrawn);
    assert_eq!(play.buyer.open(&withdraw).await.status, 303, "it is over");
    let mut clerk = play.county.signed_in(&play.clerk, "经办").await;
    let page = clerk.open(&format!("/dossier/{}", play.case.key())).await.clone();
    assert!(page.says("不涉及司法确认") && page.says("申请人撤回申请"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_of_the_claim_are_on_the_page_of_who_has_it_and_not_of_the_other_side() {
    let mut play = Play::asked().await;
    let page = play.path("");
    let limit = "民事诉讼时效";
    assert!(play.buyer.open(&page).await.says(limit), "{}", play.buyer.page.body);
    assert!(!play.seller.open(&page).await.says(limit), "before it answers: {}", play.seller.page.body);
    play.seller.post(&play.path("/answer"), &[("answer", "yes"), ("electronic", "yes")]).await;
    play.county.run(&play.clerk, &play.case, dossier::Command::Accept { reason: String::new() }).await;
    assert!(!play.seller.open(&page).await.says(limit), "and after: {}", play.seller.page.body);
    assert!(play.seller.page.says("调解期限"), "what binds both: {}", play.seller.page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_that_was_withdrawn_on_an_open_page_is_said_to_be_and_not_to_be_missing() {
    let mut play = Play::asked().await;
    play.mediate().await;
    let sign = play.path("/sign_agreement");
    assert!(play.buyer.open(&sign).await.says("阅读"), "{}", play.buyer.page.body);
    let agreement = play.state().await.agreement.unwrap();
    let withdraw = dossier::Command::WithdrawAgreement { reason: "金额要重新商量".into() };
    let told = play.county.messages().await;
    play.county.run(&play.mediator, &play.case, withdraw).await;
    assert_eq!(play.county.messages().await, told + 2, "who was told to sign is told that it is taken back");
    let pressed = play.buyer.press(&sign, &[("act", "send")]).await;
    assert!(pressed.status == 422 && pressed.says("协议已经撤回"), "{} {}", pressed.status, pressed.body);
    assert!(pressed.says("海盐县市场监督管理局"), "by whom: {}", pressed.body);
    let opened = play.seller.open(&sign).await;
    assert!(opened.status == 200 && opened.says("协议已经撤回"), "{} {}", opened.status, opened.body);
    // Whoever holds the sheet learns that it is genuine and was taken back.
    let checked = play.checked(&agreement).await;
    assert!(checked.says("没有生效就收回了") && !checked.says("核对不上"), "{}", checked.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_who_attests_a_signature_reads_who_did_it_before() {
    let mut play = Play::asked().await;
    play.mediate().await;
    play.conclude(&play.case).await;
    let mut clerk = play.county.signed_in(&play.clerk, "经办人").await;
    let page = clerk.open(&format!("/dossier/{}/attest_signature", play.case.key())).await.clone();
    assert!(page.says("这一步已经办过") && page.says("签署协议"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_rejection_the_mediation_goes_on_as_a_case_that_knows_the_first_one() {
    let mut play = Play::asked().await;
    play.mediate().await;
    Box::pin(play.conclude(&play.case)).await;
    Box::pin(play.rejected()).await;
    let first = play.state().await;
    assert_eq!(
        (first.confirmation_state.as_str(), first.stage, first.is_renewable()),
        ("rejected", dossier::Stage::Performing, true),
        "{:?} {:?}",
        first.performance,
        first.outstanding()
    );
    let (number, agreed) = (first.application.number.clone(), first.agreement.clone().unwrap().paper.number);
    let page = play.path("");
    let again = format!("/apply?again={}", play.case.key());
    assert!(play.buyer.open(&page).await.says(&again), "{}", play.buyer.page.body);

    // What is known is there: both phones, how papers come, what it was about.
    let form = play.buyer.open(&again).await.clone();
    for known in
        ["这是再次申请调解", &number, &agreed, "value=\"19900001002\"", "绮园家电商行", "id=\"f-electronic\" checked"]
    {
        assert!(form.says(known), "{known}: {} {} {}", form.status, form.location, form.body);
    }
    assert!(!form.says("second_name"), "it is between those between whom it was");
    play.buyer.post("/apply/check", &FILLED).await;
    assert!(play.buyer.page.says("核对后提交"), "{}", play.buyer.page.body);
    // Somebody who has it open at the counter means the same case, and is told of the one that is there: at once, before
    // the first case has heard of it, and from an old page.
    let mut counter = play.county.signed_in(&play.clerk, "经办人").await;
    counter.open(&format!("/dossiers/new?again={}", play.case.key())).await;
    let case = |page: &crate::site::Answer, form: &str| page.hidden(form).into_iter().find(|(name, _)| name == "case");
    assert_eq!(case(&counter.page, "/dossiers/new"), case(&play.buyer.page, "/apply/send"));
    let sent = play.buyer.press_with("/apply/send", &[("act", "send")], &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let told = [TOLD.as_slice(), &[("told_on", "2022-07-20"), ("known_on", "2022-07-01")]].concat();
    let same = counter.press("/dossiers/new", &told).await;
    counter.open(&format!("/dossiers/new?again={}", play.case.key())).await;
    for late in [same, counter.press("/dossiers/new", &told).await] {
        assert!(late.says("已经接着调解了") && late.says("盐市监调申〔2022〕2号"), "{}", late.body);
    }
    play.county.app.run_due().await.unwrap();
    let later = play.state().await.renewed_by[0].case.clone();
    let second = play.of(&later).await;
    assert_eq!(second.renews.as_ref().map(|r| r.number.as_str()), Some(number.as_str()));
    assert_eq!((&second.matter, &second.respondents[0].person), (&first.matter, &first.respondents[0].person));
    let to_later = format!("/my/{}", later.key());
    assert!(play.buyer.open(&page).await.says(&to_later), "the first one leads there");
    assert!(play.buyer.open(&to_later).await.says(&page), "and back");
    assert_eq!(play.buyer.open(&again).await.location, to_later, "a link that was left open");

    // The same on the staff's pages.
    let mut clerk = play.county.signed_in(&play.clerk, "经办人").await;
    let (one, two) = (format!("/dossier/{}", play.case.key()), format!("/dossier/{}", later.key()));
    assert!(clerk.open(&one).await.says(&two) && clerk.open(&two).await.says(&one));
    let record = format!("/dossiers/new?again={}", play.case.key());
    let form = clerk.open(&record).await.clone();
    for known in ["原案件", "value=\"绮园家电商行\"", &agreed, "who=1"] {
        assert!(form.says(known), "{known}: {}", form.body);
    }
    let form = clerk.open(&format!("{record}&who=1")).await.clone();
    assert!(form.says("value=\"沈知夏\"") && form.says("who=0"), "{}", form.body);

    // With the new agreement the first one is performed no more.
    let (a, b) = (second.applicants[0].person.clone(), second.respondents[0].person.clone());
    let answer = dossier::Command::AskConsent {};
    play.county.run(&play.clerk, &later, answer).await;
    play.case = later.clone();
    play.seller = play.county.signed_in(&Actor::party(&b), "绮园家电商行").await;
    Box::pin(play.mediate()).await;
    Box::pin(play.conclude(&later)).await;
    let replaced = play.of(&first_stream(&second)).await;
    assert_eq!(replaced.stage, dossier::Stage::Replaced);
    let checked = play.checked(replaced.agreement.as_ref().unwrap()).await;
    assert!(checked.says("已由新协议代替") && !checked.says("核对不上"), "{}", checked.body);
    let new = play.state().await.agreement.unwrap().paper.number;
    let mut buyer = play.county.signed_in(&Actor::party(&a), "沈知夏").await;
    let shown = buyer.open(&page).await.clone();
    assert!(shown.says(&new) && shown.says("不再履行") && !shown.says("/perform\""), "{}", shown.body);
    assert!(buyer.open("/my").await.says("已由新协议代替"));
    let shown = play.county.signed_in(&play.clerk, "经办人").await.open(&one).await.clone();
    assert!(shown.says(&new) && shown.says("不再催办") && shown.says("已由新协议代替"), "{}", shown.body);
}

/// The case with which this one goes on.
fn first_stream(state: &dossier::State) -> StreamId {
    state.renews.as_ref().unwrap().case.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_withdraws_what_was_accepted_meanwhile_is_told_so_and_two_presses_are_one() {
    let mut play = Play::asked().await;
    let (path, withdraw) = (play.path(""), play.path("/withdraw_application"));
    play.buyer.open(&withdraw).await;
    let mut other = play.buyer.clone();
    play.seller.open(&path).await;
    play.seller.post(&play.path("/answer"), &[("answer", "yes")]).await;
    play.county.run(&play.clerk, &play.case, dossier::Command::Accept { reason: String::new() }).await;
    let late = play.buyer.press(&withdraw, &[]).await;
    assert!(late.status == 422 && late.says("error-summary") && late.says("已经受理"), "{}", late.body);
    assert!(!play.state().await.withdrawn);
    assert_eq!(other.open(&withdraw).await.status, 303, "the page of the case says how it stands");

    let mut play = Play::asked().await;
    play.buyer.open(&play.path("/withdraw_application")).await;
    let withdraw = play.path("/withdraw_application");
    let mut other = play.buyer.clone();
    let (one, two) = tokio::join!(play.buyer.press(&withdraw, &[]), other.press(&withdraw, &[]));
    assert_eq!((one.status, two.status), (303, 303), "{} {}", one.body, two.body);
    assert!(play.state().await.withdrawn);
    assert!(play.seller.open(&play.path("")).await.says("申请已经撤回"), "{}", play.seller.page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_late_is_told_on_the_case_to_who_owes_it_and_to_whom_it_is_owed() {
    let mut play = Play::asked().await;
    play.mediate().await;
    let state = play.state().await;
    let (a, b) = (Actor::party(&state.applicants[0].person), Actor::party(&state.respondents[0].person));
    let sha256 = play.county.app.paper_sha256(state.agreement.as_ref().map(|a| &a.paper)).await.unwrap();
    for actor in [&a, &b, &play.mediator] {
        let command = dossier::Command::SignAgreement { sha256: sha256.clone() };
        let signs = yanhe_app::Request::one(actor, format!("{}-signs", actor.id), &play.case, command);
        play.county.app.handle(signs.verified()).await.unwrap();
    }
    play.county.run(&play.leader, &play.case, dossier::Command::SealAgreement {}).await;
    // Due on 5 August: not late on that day, late on the next.
    for (now, late) in [("2022-08-05T08:00:00Z", false), ("2022-08-08T01:00:00Z", true)] {
        play.county.clock.set(now.parse().unwrap());
        play.buyer = play.county.signed_in(&a, "沈知夏").await;
        play.seller = play.county.signed_in(&b, "绮园家电商行").await;
        let page = play.seller.open(&play.path("")).await.clone();
        assert_eq!(page.says("“1. 退还货款”已经过期"), late, "{}", page.body);
        assert_eq!(
            page.says("这是您的义务") && page.says("已经过了 3 天") && page.says("已逾期"),
            late,
            "{}",
            page.body
        );
        let page = play.buyer.open(&play.path("")).await.clone();
        assert_eq!(page.says("向您履行，已经过了 3 天") && page.says("没有收到的"), late, "{}", page.body);
        assert!(!page.says("这是您的义务"), "{}", page.body);
    }
    // What the organ has recorded is not to be told to it once more.
    let breach =
        dossier::Command::RecordBreach {
            obligation: 1, on: "2022-08-08".parse().unwrap(), note: "没有到账".into()
        };
    play.county.run(&play.clerk, &play.case, breach).await;
    let page = play.buyer.open(&play.path("")).await.clone();
    assert!(page.says("单位已经登记为没有按期履行") && !page.says("由单位登记、回访"), "{}", page.body);
    let perform = play.path("/perform");
    play.seller.open(&play.path("")).await;
    let paid = play.seller.post(&perform, &[("obligation", "1"), ("on", "2022-08-08"), ("note", "转账")]).await;
    assert!(!paid.says("已经过期") && !paid.says("已逾期"), "{}", paid.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_in_vain_for_the_organ_is_told_so_and_of_the_other_ways() {
    let mut play = Play::asked().await;
    let state = play.state().await;
    let path = play.path("");
    assert!(!play.buyer.open(&path).await.says("单位还没有决定"));
    let late = state.accept_by.last_day.tomorrow().unwrap();
    play.county.clock.set(format!("{late}T01:00:00Z").parse().unwrap());
    play.buyer = play.county.signed_in(&Actor::party(&state.applicants[0].person), "沈知夏").await;
    let page = play.buyer.open(&path).await.clone();
    assert!(page.says("单位还没有决定") && page.says("向法院起诉"), "{}", page.body);
    assert!(!page.says("现在不用您做什么"), "{}", page.body);
    let told = page.body.split_once("单位还没有决定").unwrap().1.split_once("</section>").unwrap().0;
    assert!(told.contains("这个日期怎么算"), "the day that is over is explained where it is told: {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_asked_has_a_limit_to_answer_and_is_told_afterwards_that_it_has() {
    let mut play = Play::asked().await;
    let (case, asking) = (play.path(""), "征求对方当事人意见");
    assert!(play.buyer.open(&case).await.says(asking), "{}", play.buyer.page.body);
    let page = play.seller.open(&case).await.clone();
    assert!(page.says("答复是否同意调解") && !page.says(asking), "{}", page.body);
    let done = play.seller.post(&play.path("/answer"), &[("answer", "yes"), ("electronic", "yes")]).await.clone();
    assert!(done.says("您已经答复") && !done.says("暂时不需要您做什么"), "{}", done.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_organ_is_not_online_a_party_reads_and_is_told_to_act_at_the_counter() {
    let mut play = Play::at_the_counter().await;
    let (case, answer) = (play.path(""), play.path("/answer"));
    let list = play.seller.open("/my").await.clone();
    assert!(list.says("答复是否同意调解") && list.says("还没有开通网上办理"), "{}", list.body);
    let page = play.seller.open(&case).await.clone();
    assert!(page.says("请到窗口或者打电话办理") && page.says("答复是否同意调解"), "{}", page.body);
    for form in ["/answer", "/attach", "/identity", "/leave_mediation"] {
        assert!(!page.says(&format!("{}\"", play.path(form))), "{form} is not offered: {}", page.body);
    }
    assert!(play.seller.open(&play.path("/application")).await.says("退款2680元"), "it can be read");
    // From a page that was left open, or by hand.
    let yes = dossier::Command::AnswerConsent {
        answer: dossier::Decision::Yes,
        on: play.county.app.today(),
        person: None,
        slip: None,
        how: "来电同意".into(),
        electronic: None,
    };
    let seller = Actor::party(&play.state().await.respondents[0].person);
    let posted = yanhe_app::Request::one(&seller, "by hand", &play.case, yes.clone());
    let refused = play.county.app.handle(posted).await.unwrap_err();
    let not_online =
        |error: &AppError| matches!(error, AppError::Refused(no) if matches!(no.reason, Reason::NotOnline { .. }));
    assert!(not_online(&refused), "{refused}");
    // Told to a clerk it is an answer, and the mediation goes on.
    play.county.run(&play.clerk.clone(), &play.case, yes).await;
    play.agree().await;
    for phone in ["19900001001", "19900001002"] {
        let told = play.buyer.open(&format!("/demo/phone?number={phone}")).await;
        assert!(told.says("请到窗口签名") && !told.says("阅读并签名"), "{}", told.body);
    }
    let page = play.seller.open(&case).await.clone();
    assert!(page.says("签署调解协议") && !page.says(&play.path("/sign_agreement")), "{}", page.body);
    let paper = play.seller.open(&play.path("/sign_agreement")).await.clone();
    assert!(paper.says("还没有开通网上办理") && paper.says("打印出来手写签名"), "{}", paper.body);
    assert!(play.seller.open(&answer).await.status >= 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_to_sign_is_told_so_by_phone() {
    let mut play = Play::asked().await;
    let phones = ["19900001001", "19900001002"].map(|number| format!("/demo/phone?number={number}"));
    for phone in &phones {
        assert!(!play.buyer.open(phone).await.says("阅读并签名"), "nothing is written yet");
    }
    play.mediate().await;
    let state = play.state().await;
    let number = state.application.number.clone();
    let names = [&state.applicants[0], &state.respondents[0]].map(|party| party.name.text().to_owned());
    for (phone, name) in phones.iter().zip(&names) {
        let page = play.buyer.open(phone).await.clone();
        // For whom it is, and not by what one signs in: the letter's code comes by the same phone.
        let to = if name == "沈知夏" { "沈**" } else { name.as_str() };
        assert!(page.says(&format!("】{to}：案件")) && !page.says("】沈知夏"), "{}", page.body);
        for paper in ["调解笔录", "调解协议书"] {
            let told = page.body.lines().any(|line| line.contains(paper) && line.contains("阅读并签名"));
            assert!(told && page.says(&number), "{paper}: {}", page.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn that_an_agreement_is_in_effect_is_told_to_both_sides_with_the_days_for_the_court() {
    let mut play = Play::asked().await;
    play.mediate().await;
    play.conclude(&play.case.clone()).await;
    let agreement = play.state().await.agreement.unwrap();
    let by = agreement.confirm_by.unwrap().last_day;
    for phone in ["19900001001", "19900001002"] {
        let page = play.buyer.open(&format!("/demo/phone?number={phone}")).await.clone();
        let told = page.body.lines().any(|line| {
            line.contains(&agreement.paper.number)
                && line.contains("生效")
                && line.contains(&format!("{}月{}日以前共同申请", by.month(), by.day()))
        });
        assert!(told, "{phone}: {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_to_sign_the_joint_application_is_told_so_by_phone_unless_they_prepared_it() {
    for by_the_buyer in [true, false] {
        let mut play = Play::asked().await;
        play.mediate().await;
        play.conclude(&play.case).await;
        let buyer = Actor::party(&play.state().await.applicants[0].person);
        let by = if by_the_buyer { &buyer } else { &play.mediator };
        let court = StreamId::new(StreamKind::Confirmation, play.case.key());
        play.county.minute();
        play.county.run(by, &court, confirmation::Command::Draft {}).await;
        for (phone, told) in [("19900001001", !by_the_buyer), ("19900001002", true)] {
            let page = play.buyer.open(&format!("/demo/phone?number={phone}")).await;
            let says = page.body.lines().any(|line| line.contains("司法确认申请书") && line.contains("阅读并签名"));
            assert_eq!(says, told, "{phone}: {}", page.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mediator_and_each_notice_of_a_session_are_told_by_their_names() {
    let mut play = Play::asked().await;
    // Somebody else uses the buyer's phone as well.
    play.county.letter("HY202207140099", "丁一丁", Some("19900001001")).await;
    play.seller.open(&play.path("")).await;
    play.seller.post(&play.path("/answer"), &[("answer", "yes"), ("electronic", "yes")]).await;
    let run = |actor: &Actor, command: dossier::Command| {
        play.county.minute();
        let actor = actor.clone();
        let (county, case) = (&play.county, &play.case);
        async move { county.run(&actor, case, command).await }
    };
    run(&play.clerk, dossier::Command::Accept { reason: String::new() }).await;
    let staff = StreamId::parse(&play.mediator.id).unwrap();
    run(&play.leader, dossier::Command::NameMediator { staff, legal_section: false }).await;
    run(&play.mediator, dossier::Command::DeclareConflict { conflict: false }).await;
    let at = |day: i8| jiff::civil::date(2022, 7, day).at(9, 0, 0, 0);
    run(&play.mediator, dossier::Command::CallSession { at: at(20), place: "调解室".into() }).await;
    run(&play.mediator, dossier::Command::MoveSession { at: at(21), place: "调解室".into() }).await;
    run(&play.mediator, dossier::Command::CallOffSession { reason: "停电".into() }).await;
    let mediator = play.state().await.mediator.unwrap().name.text().to_owned();
    let phone = play.seller.open("/demo/phone?number=19900001002").await.clone();
    for told in [&format!("调解员已确定：{mediator}"), "《调解会通知书（改期）》", "《调解会通知书（取消）》"]
    {
        assert!(phone.says(told), "{told}: {}", phone.body);
    }
    let shared = play.buyer.open("/demo/phone?number=19900001001").await.clone();
    let told = shared.body.split_once("调解员已确定").unwrap().1.split_once("查看").unwrap().0;
    assert!(told.contains("用姓名、手机号和编码"), "whoever shares a phone comes back by a code: {told}");
    let case = format!("/dossier/{}", play.case.key());
    let mut clerk = play.county.signed_in(&play.clerk, "经办人").await;
    let mine = play.path("");
    for page in [play.seller.open(&mine).await.clone(), clerk.open(&case).await.clone()] {
        let place = |words: &str| page.body.find(words).unwrap_or_else(|| panic!("{words}: {}", page.body));
        assert!(place("调解会通知书（取消）") < place("调解会通知书（改期）"), "the latest first");
        assert!(page.says("已由后来的通知代替"), "{}", page.body);
    }
}
