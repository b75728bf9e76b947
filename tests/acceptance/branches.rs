//! The ways beside the straight one, each from a case of the half year in a real browser: refused, signed on paper,
//! not kept, rejected by the court, ended by a changed decision; letters to many; and applying without a letter.
//! At the end of each the party sees what happened.

use serde_json::Value;

use crate::browser::{Browser, Kind};
use crate::demo::{events, folder};
use crate::http::Visitor;
use crate::office::{Member, member, members, text};
use crate::way::Way;

/// A case of the half year.
struct Case {
    key: String,
    organ: String,
    /// The first applicant's, with name.
    person: String,
    name: String,
}

fn happened(stream: &str, kind: &str) -> bool {
    events().1.iter().any(|e| text(e, "/type") == kind && text(e, "/stream") == stream)
}

/// The judge who has an application, once it is docketed.
fn named_judge(filing: &str) -> Option<String> {
    let docketed = |e: &&Value| text(e, "/stream") == filing && text(e, "/type") == "ConfirmationDocketed";
    events().1.iter().find(docketed).map(|e| text(&e["body"], "/judge").to_owned())
}

/// The first case of a kind to which all of these happened, and none of those.
fn case(kind: &str, all: &[&str], none: &[&str]) -> Case {
    let found =
        events().1.iter().filter(|e| text(e, "/type") == "Applied" && text(&e["body"], "/kind") == kind).find(|e| {
            let stream = text(e, "/stream");
            let confirmation = stream.replace("dossier/", "confirmation/");
            let has = |kind: &&str| happened(stream, kind) || happened(&confirmation, kind);
            all.iter().all(has) && !none.iter().any(has)
        });
    let applied: &Value = found.unwrap_or_else(|| panic!("no {kind} case with {all:?} and without {none:?}"));
    let of = |path: &str| text(&applied["body"], path).to_owned();
    Case {
        key: text(applied, "/stream").replace("dossier/", ""),
        organ: of("/organ"),
        person: of("/applicants/0/person"),
        name: of("/applicants/0/name/human"),
    }
}

/// Opens this case for one way.
fn way(case: &Case) -> Way {
    let mut way = Way::start(Kind::Desk, false);
    way.case.clone_from(&case.key);
    way
}

impl Case {
    /// Becomes the applicant, on the page of the case.
    fn party(&self, b: &Browser) {
        b.become_somebody(&format!("party/{}@dossier/{}", self.person, self.key), "zh");
        b.open(&format!("/my/{}", self.key));
    }

    /// The mediator of the case.
    fn mediator(&self) -> Member {
        let stream = format!("dossier/{}", self.key);
        let declared = |e: &&Value| text(e, "/type") == "NoConflictDeclared" && text(e, "/stream") == stream;
        let who = text(events().1.iter().rev().find(declared).expect("a mediator"), "/actor");
        members().into_iter().find(|member| member.stream == who).expect("a member of staff")
    }

    fn staff(&self, b: &Browser, role: &str) {
        b.become_somebody(&member(&self.organ, role).stream, "zh");
    }
}

/// The first choice of a field.
fn first(b: &Browser, name: &str) -> String {
    b.attribute(&format!("main input[name=\"{name}\"]"), "value")
}

#[test]
fn a_refused_applicant_reads_the_ground_and_the_other_ways() {
    let case = case("civil", &["Applied"], &["ApplicationAccepted", "ApplicationRefused"]);
    let way = way(&case);
    case.staff(&way.browser, "clerk");
    way.dossier("refuse_application", &[("ground", "crime"), ("note", "已移送公安机关处理")]);
    case.party(&way.browser);
    way.browser.says("涉嫌犯罪");
    way.browser.says("向公安机关报案");
    let notice = way.papers().iter().map(|paper| way.pdf(paper)).find(|paper| paper.contains("不予受理"));
    assert!(notice.is_some(), "no notice among {:?}", way.papers());
}

#[test]
fn an_agreement_that_is_not_kept_is_in_breach_and_the_party_is_told() {
    let case = case("civil", &["AgreementEffective"], &["AgreementPerformed", "ObligationBreached", "DossierClosed"]);
    let way = way(&case);
    way.advance("2022-12-01 10:00");
    case.staff(&way.browser, "clerk");
    let form = format!("/dossier/{}/record_breach", case.key);
    way.browser.open(&form);
    let obligation = first(&way.browser, "obligation");
    way.dossier("record_breach", &[("obligation", &obligation), ("on", "2022-11-30"), ("note", "到期没有付款")]);
    way.browser.says("到期没有付款");
    case.party(&way.browser);
    way.browser.says("有约定的事项没有按期履行");
}

#[test]
fn after_the_court_rejects_the_parties_mediate_anew() {
    let case =
        case("civil", &["ConfirmationComplete"], &["PartiesHeard", "ConfirmationDeclined", "ConfirmationLapsed"]);
    let way = way(&case);
    let b = &way.browser;
    let filing = format!("confirmation/{}", case.key);
    if !happened(&filing, "ConfirmationFiled") {
        case.staff(b, "clerk");
        way.confirmation("file_confirmation", &[]);
    }
    let judge = match named_judge(&filing) {
        Some(judge) => judge,
        None => {
            b.become_somebody(&member("court", "court_clerk").stream, "zh");
            let judge = member("court", "judge").stream;
            way.confirmation("docket_confirmation", &[("number", "（2022）浙0424诉前调确803号"), ("judge", &judge)]);
            judge
        }
    };
    b.become_somebody(&judge, "zh");
    way.confirmation("hear_parties", &[("all_heard", "yes"), ("findings", "双方到庭，第二项内容说法不一。")]);
    way.confirmation("rule_reject", &[("ground", "unclear"), ("reasons", "协议第二项内容不明确，无法执行。")]);
    case.staff(b, "mediator");
    b.open(&format!("/confirmation/{}", case.key));
    b.says("内容不明确");
    case.party(b);
    b.says("内容不明确");
    // The party applies once more, with what is known filled in, and the organ gets it.
    b.go("main section#confirmation a[href^=\"/apply?again=\"]");
    assert_eq!(b.attribute("main [name=name]", "value"), case.name);
    for (name, value) in [("electronic", "yes"), ("proceedings", "none")] {
        b.fill(name, value);
    }
    if b.attribute("main [name=address]", "value").is_empty() {
        b.fill("address", "海盐县武原街道勤俭路7号");
    }
    if b.attribute("main [name=known_on]", "value").is_empty() {
        b.fill("known_on", "2022-07-01");
    }
    b.press("/apply/check");
    b.press_with("/apply/send", "act=send");
    let receipt = b.at();
    let anew = receipt.replace("/my/", "").replace("/receipt", "");
    assert_ne!(anew, case.key);
    case.staff(b, "clerk");
    b.open(&format!("/dossier/{anew}"));
    b.says(&case.name);
    assert!(b.has("main a[href$=\"/ask_consent\"]"), "the organ begins anew");
    assert!(b.has(&format!("main a[href=\"/dossier/{}\"]", case.key)), "and knows with which case it goes on");
}

/// A file that is a picture by its first bytes; of each paper another one.
fn scan(act: &str) -> String {
    let file = folder().join(format!("scan-{act}-{}.png", std::process::id()));
    std::fs::write(&file, [b"\x89PNG\r\n\x1a\n".as_slice(), act.as_bytes()].concat()).expect("a scan");
    crate::demo::path(&file).to_owned()
}

/// The code at the foot of a printed paper.
fn printed_code(paper: &str) -> String {
    let after = paper.split("核对码").skip(1).filter_map(|rest| rest.split_whitespace().next());
    let code = after.into_iter().find(|code| code.len() == 8 && code.chars().all(|c| c.is_ascii_alphanumeric()));
    code.unwrap_or_else(|| panic!("no code is printed on {paper}")).to_owned()
}

/// Attests the signatures of all parties under a printed paper, each by its printed code and a scan.
fn attested(way: &Way, case: &Case, act: &str, paper: &str) {
    let b = &way.browser;
    let code = printed_code(&way.pdf(paper));
    let form = format!("/dossier/{}/{act}", case.key);
    for _ in 0..2 {
        b.open(&form);
        let signer = first(b, "signer");
        b.fill("signer", &signer);
        b.fill("on", "2022-07-20");
        b.fill("manner", "hand");
        b.fill("original", "档案室 3 盒");
        b.fill("check_code", "AAAA-AAAA");
        b.fill("scan", &scan(act));
        b.send(&form, "");
        assert!(b.errors().contains("核对码"), "a wrong code ties nothing: {}", b.errors());
        b.fill("check_code", &code);
        b.fill("scan", &scan(act));
        b.press(&form);
    }
    let place = if act == "attest_record" { "record/" } else { "scan/" };
    let scan = b.attribute(&format!("main a[href^=\"/dossier/{}/{place}\"]", case.key), "href");
    let mut visitor = Visitor::new(&way.serving.address).with_cookie("session", &b.cookie("session"));
    let answer = visitor.get(&scan);
    assert_eq!((answer.status, answer.media.as_str()), (200, "image/png"), "`{scan}`");
}

#[test]
fn record_and_agreement_are_signed_on_paper_and_the_scans_are_read() {
    let case = case("civil", &["NoConflictDeclared"], &["SessionHeld", "MediationEnded"]);
    let way = way(&case);
    let b = &way.browser;
    b.become_somebody(&case.mediator().stream, "zh");
    if !happened(&format!("dossier/{}", case.key), "SessionCalled") {
        way.dossier("call_session", &[("at", "2022-07-19"), ("clock", "10:00"), ("place", "本机关调解室")]);
    }
    // After the last session that was called.
    way.advance("2022-07-20 09:00");
    b.become_somebody(&case.mediator().stream, "zh");
    let session = format!("/dossier/{}/record_session", case.key);
    b.open(&session);
    b.tick_all("present");
    for (name, value) in [
        ("rights_told", "yes"),
        ("recusal", "no"),
        ("statements", "双方各自说明了经过。"),
        ("undisputed", "双方对经过没有争议。"),
        ("result", "agreed"),
    ] {
        b.fill(name, value);
    }
    b.press(&session);
    b.open(&format!("/dossier/{}", case.key));
    let record = way.papers().iter().find(|paper| way.pdf(paper).contains("调解笔录")).cloned().expect("a record");
    case.staff(b, "clerk");
    attested(&way, &case, "attest_record", &record);
    let mediator = case.mediator();
    b.become_somebody(&mediator.stream, "zh");
    way.staff_signs(&mediator, "sign_record");
    // The agreement goes the same way.
    b.become_somebody(&case.mediator().stream, "zh");
    let page = format!("/dossier/{}", case.key);
    b.open(&format!("{page}/record_identity"));
    for n in 0..2 {
        b.fill(&format!("{n}/seen"), "yes");
        if b.has(&format!("main [name=\"{n}/document\"]")) {
            b.fill(&format!("{n}/document_kind"), "hong_kong_macao_permit");
            b.fill(&format!("{n}/document"), &format!("H1234567{n}"));
        } else {
            b.fill(&format!("{n}/credit_code"), "91330499XLE6CL26N2");
            b.fill(&format!("{n}/representative"), "顾建平");
            b.fill(&format!("{n}/post"), "经营者");
        }
        b.fill(&format!("{n}/address"), "海盐县武原街道勤俭路36号");
    }
    b.press(&format!("{page}/record_identity"));
    b.open(&format!("{page}/draft_agreement"));
    for (name, value) in [
        ("facts", "双方就此事一次处理完毕。"),
        ("obligations/1/what", "支付款项"),
        ("obligations/1/amount", "2680"),
        ("obligations/1/due", "2022-08-05"),
        ("obligations/1/how", "银行转账"),
    ] {
        b.fill(name, value);
    }
    // What is found stands beside the form while somebody types: what was typed stays, and so does the cursor.
    b.fill("text", "余款尽快付清。");
    let found = || b.text("#check").contains("“尽快”没有确定的含义");
    (0..100).take_while(|_| !found()).for_each(|_| std::thread::sleep(std::time::Duration::from_millis(100)));
    assert!(found(), "{}", b.text("#check"));
    let typed = "[document.activeElement.name, document.activeElement.value].join()";
    assert_eq!(b.script(&format!("return {typed}")), "text,余款尽快付清。");
    b.fill("text", "双方别无其他争议。");
    b.press_with(&format!("{page}/draft_agreement"), "do=save");
    b.press(&format!("{page}/issue_agreement"));
    b.open(&page);
    // Other papers speak of the agreement, too: it is the one with its name as the title.
    let head = |paper: &String| way.pdf(paper).replace(char::is_whitespace, "").chars().take(120).collect::<String>();
    let titled = |paper: &&String| head(paper).contains("行政调解协议书");
    let agreement = way.papers().iter().find(titled).cloned().expect("an agreement");
    case.staff(b, "clerk");
    attested(&way, &case, "attest_signature", &agreement);
    let mediator = case.mediator();
    b.become_somebody(&mediator.stream, "zh");
    way.staff_signs(&mediator, "sign_agreement");
    case.staff(b, "leader");
    way.dossier("seal_agreement", &[]);
    case.party(b);
    b.says("履行中");
}

#[test]
fn letters_go_to_many_at_once_and_are_printed_as_one_file() {
    let way = Way::start(Kind::Desk, false);
    let b = &way.browser;
    let row = |n: u32| {
        format!(
            "HY20220714993{n},2022-07-13 14:27:00,陆清和,19900007701,,投诉,购买的沙发开裂，商家拒绝退换，要求退款{n}200元,\
             望海楼家具店,海盐县西塘桥街道海湾路8号,海盐县市场监督管理局,2022-07-20,办理中\n"
        )
    };
    const HEAD: &str =
        "工单编号,受理时间,来电人,联系电话,证件号码,诉求类型,诉求内容,被反映对象,地址,承办单位,办理期限,办理状态\n";
    let file = folder().join("many.csv");
    std::fs::write(&file, HEAD.to_owned() + &(1..=3).map(row).collect::<String>()).expect("a file to upload");
    b.become_somebody(&member("shichang", "clerk").stream, "zh");
    b.open("/imports");
    b.fill("kind", "complaints");
    b.fill("file", crate::demo::path(&file));
    b.press("/imports");
    let preview = b.at();
    b.press(&preview);
    b.open("/matters?state=proposed&send=yes");
    b.tick_all("matter");
    b.press_with("/matters/chosen", "do=send");
    b.says("陆清和");
    b.press_with("/matters/chosen", "do=confirm");
    assert!(b.at().starts_with("/matters/done/"), "{}", b.at());
    b.press_with("/letters/chosen", "do=print");
    let run = b.attribute("main a[href^=\"/print-run/\"]", "href");
    let words = way.pdf(&run).replace(char::is_whitespace, "");
    assert_eq!(words.matches("陆清和：行政调解自愿参加").count(), 3, "{words}");
}

#[test]
fn somebody_applies_without_a_letter_by_the_keyboard_alone() {
    let way = Way::start(Kind::Phone, false);
    let b = &way.browser;
    way.nobody();
    b.open("/apply?organ=shichang");
    // From field to field by the keyboard, in the order in which the page asks.
    let known = [
        ("name", "段海"),
        ("document", "H12345678"),
        ("phone", "19900007297"),
        ("address", "海盐县武原街道勤俭路7号"),
        ("other_name", "望海楼家具店"),
        ("claims", "退还货款2680元"),
        ("facts", "购买的衣柜柜门开裂，商家拒绝退换"),
    ];
    let typed =
        b.by_keyboard("/apply/check", &known, &[("document_kind", "港"), ("electronic", " "), ("proceedings", " ")]);
    assert_eq!(typed, known.len() + 3, "fields were left out");
    b.says("核对后提交");
    b.fill("code", &way.code("19900007297"));
    b.press_with("/apply/send", "act=send");
    assert!(b.at().ends_with("/receipt"), "{}: {}", b.at(), b.errors());
    b.says("盐市监调申〔2022〕");
}

#[test]
fn without_a_phone_a_party_comes_in_by_the_letter_and_a_check_at_the_counter() {
    let way = Way::start(Kind::Desk, false);
    let b = &way.browser;
    b.become_somebody(&member("shichang", "clerk").stream, "zh");
    b.open("/matters/new");
    for (name, value) in [
        ("source", "complaint"),
        ("number", "HY202207149921"),
        ("category", "投诉"),
        ("text", "在望海楼家具店购买的衣柜送货后发现柜门开裂，商家拒绝退换，要求退款2680元"),
        ("subject_kind", "organisation"),
        ("subject_name", "望海楼家具店"),
        ("complainant_name", "陆清和"),
        ("complainant_address", "海盐县西塘桥街道海湾路8号"),
    ] {
        b.fill(name, value);
    }
    b.press("/matters/new");
    let matter = b.at();
    b.go("main a[href$=\"/confirm_letter\"]");
    b.press(&format!("{matter}/confirm_letter"));
    b.go("main a[href^=\"/counter?paper=\"]");
    let letter = b.attribute("main [name=code]", "value");
    b.fill("document_kind", "hong_kong_macao_permit");
    b.fill("document", "H12345678");
    b.fill("checked", "yes");
    b.press("/counter");
    let entry: String = b.text("main .notice .notice-title").chars().filter(char::is_ascii_alphanumeric).collect();
    way.nobody();
    let page = format!("/l/{}", letter.replace('-', ""));
    b.open(&page);
    b.fill("name", "陆清和");
    b.fill("entry", &entry);
    b.press_with(&page, "act=counter");
    assert_eq!(b.at(), matter.replace("/matter/", "/apply?matter="));
    b.says("望海楼家具店");
}

#[test]
fn a_clerk_records_what_somebody_says_and_the_applicant_finds_the_case() {
    let way = Way::start(Kind::Desk, false);
    let b = &way.browser;
    let clerk = member("shichang", "clerk");
    b.become_somebody(&clerk.stream, "zh");
    b.open("/dossiers/new");
    for (name, value) in [
        ("applicant/party_kind", "human"),
        ("applicant/name", "陆清和"),
        ("applicant/document_kind", "hong_kong_macao_permit"),
        ("applicant/document", "H12345678"),
        ("applicant/phone", "19900007791"),
        ("applicant/address", "武原街道278号"),
        ("respondent/party_kind", "firm"),
        ("respondent/name", "望海楼家具店"),
        ("respondent/phone", "19900007298"),
        ("claims", "退还货款2680元"),
        ("facts", "家具有裂缝，店家拒绝退款"),
        ("known_on", "2022-07-01"),
        ("proceedings", "none"),
        ("electronic", "yes"),
    ] {
        b.fill(name, value);
    }
    b.press("/dossiers/new");
    let page = b.at();
    assert!(page.starts_with("/dossier/"), "{page}");
    let record = way.papers().iter().map(|paper| way.pdf(paper)).find(|paper| paper.contains("退还货款2680元"));
    let record = record.unwrap_or_else(|| panic!("nothing to be printed and signed among {:?}", way.papers()));
    assert!(record.contains(&format!("记录人{}", clerk.name)), "who wrote it: {record}");
    // Back later by phone and name.
    way.nobody();
    b.open("/return");
    b.fill("name", "陆清和");
    b.fill("phone", "19900007791");
    b.press("/return");
    b.fill("code", &way.code("19900007791"));
    b.press("/return");
    let case = page.split('?').next().unwrap_or_default().replace("/dossier/", "/my/");
    assert_eq!(b.at(), case);
    b.says("退还货款2680元");
}
