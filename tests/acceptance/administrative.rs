//! A dispute with the organ that decided, in a real browser: from the penalty and its letter to the agreement that the
//! leader signs for the organ, and to the changed decision that carries it out. No court confirms it.

use crate::browser::Kind;
use crate::office::{Member, member};
use crate::way::{ORGAN, Way};

/// Who was punished, invented, with a phone that nobody has.
const PUNISHED: (&str, &str) = ("谭景行", "19900007731");
const NUMBER: &str = "盐市监罚决〔2022〕151号";
const CHANGED: &str = "盐市监罚变〔2022〕151号";

/// Becomes somebody of the organ.
fn office(way: &Way, who: &Member) {
    way.browser.become_somebody(&who.stream, "zh");
}

/// The clerk enters the decision and sends the letter that goes with it; gives the code that is printed on the letter.
fn letter(way: &Way) -> String {
    let b = &way.browser;
    office(way, &member(ORGAN, "clerk"));
    b.open("/matters/new");
    for (name, value) in [
        ("source", "penalty"),
        ("number", NUMBER),
        ("occurred_on", "2022-07-12"),
        ("category", "发布虚假广告"),
        ("text", "当事人谭景行在店内发布虚假宣传内容"),
        ("subject_kind", "person"),
        ("subject_name", PUNISHED.0),
        ("subject_phone", PUNISHED.1),
        ("subject_address", "海盐县武原街道勤俭路7号"),
        ("result", "责令改正，处罚款2万元"),
        ("fine", "20000"),
        ("basis", "《中华人民共和国广告法》第五十五条"),
    ] {
        b.fill(name, value);
    }
    b.press("/matters/new");
    let matter = b.at();
    b.open(&format!("{matter}/confirm_letter"));
    b.press(&format!("{matter}/confirm_letter"));
    assert_eq!(b.at(), matter, "{}", b.words());
    let words = way.pdf(&way.papers()[0]).replace(char::is_whitespace, "");
    assert!(words.contains("谭景行：行政调解自愿参加") && words.contains("行政复议"), "{words}");
    b.go("main a[href^=\"/counter?paper=\"]");
    b.attribute("main [name=code]", "value")
}

/// The punished person comes in by the letter and applies: the other side is the organ itself.
fn apply(way: &mut Way, letter: &str) {
    let b = &way.browser;
    way.by_letter(PUNISHED, letter);
    assert!(b.at().starts_with("/apply?matter="), "{}", b.at());
    b.says("海盐县市场监督管理局");
    for (name, value) in [
        ("electronic", "yes"),
        ("proceedings", "none"),
        ("claims", "请求依法减轻罚款"),
        ("facts", "已经停止发布，没有造成后果"),
    ] {
        b.fill(name, value);
    }
    b.press("/apply/check");
    b.press_with("/apply/send", "act=send");
    let receipt = b.at();
    let case = receipt.strip_prefix("/my/").and_then(|rest| rest.strip_suffix("/receipt"));
    way.case = case.unwrap_or_else(|| panic!("no receipt but `{receipt}`: {}", way.browser.errors())).to_owned();
}

/// Accepted without asking the organ, mediated by an officer who did not handle the penalty, agreed upon.
fn mediate(way: &Way) {
    let b = &way.browser;
    let (clerk, leader, mediator) = (member(ORGAN, "clerk"), member(ORGAN, "leader"), member(ORGAN, "mediator"));
    let page = format!("/dossier/{}", way.case);
    office(way, &clerk);
    b.open(&page);
    b.says("海盐县市场监督管理局");
    assert!(b.has("main a[href$=\"/accept_application\"]"), "{}", b.words());
    assert!(!b.has("main a[href$=\"/ask_consent\"]"), "the organ is not asked whether it agrees");
    way.dossier("accept_application", &[]);
    office(way, &leader);
    way.dossier("name_mediator", &[("staff", &mediator.stream), ("legal_section", "yes")]);
    office(way, &mediator);
    way.dossier("declare_conflict", &[("conflict", "no")]);
    way.dossier("call_session", &[("at", "2022-07-15"), ("clock", "10:00"), ("place", "本机关调解室")]);
    way.advance("2022-07-15 11:30");
    office(way, &mediator);
    b.open(&format!("{page}/record_session"));
    b.tick_all("present");
    for (name, value) in [
        ("rights_told", "yes"),
        ("recusal", "no"),
        ("organ_staff", &clerk.stream),
        ("organ_post", "法制科科长"),
        ("statements", "申请人陈述停止发布的经过，本机关说明裁量的依据。"),
        ("undisputed", "双方对违法事实没有争议。"),
        ("result", "agreed"),
    ] {
        b.fill(name, value);
    }
    b.press(&format!("{page}/record_session"));
    way.staff_signs(&mediator, "sign_record");
    b.open(&format!("{page}/draft_agreement"));
    for (name, value) in [
        ("facts", "申请人主动停止发布，没有造成后果。"),
        ("obligations/1/what", "依法变更罚款数额，作出变更决定"),
        ("obligations/1/due", "2022-08-05"),
        ("obligations/1/how", "送达变更决定书"),
    ] {
        b.fill(name, value);
    }
    b.press_with(&format!("{page}/draft_agreement"), "do=save");
    b.open(&format!("{page}/record_identity"));
    for (name, value) in [("0/seen", "yes"), ("0/document_kind", "hong_kong_macao_permit"), ("0/document", "H12345679")]
    {
        b.fill(name, value);
    }
    b.press(&format!("{page}/record_identity"));
}

/// The punished person, the mediator and, for the organ, its leader sign the same bytes; the organ seals.
fn sign(way: &Way, letter: &str) {
    let b = &way.browser;
    let (clerk, leader, mediator) = (member(ORGAN, "clerk"), member(ORGAN, "leader"), member(ORGAN, "mediator"));
    let mine = format!("/my/{}", way.case);
    // For the organ whoever was there signs the record, and its leader the agreement.
    office(way, &clerk);
    way.staff_signs(&clerk, "sign_record");
    way.by_letter(PUNISHED, letter);
    way.party_signs(PUNISHED, &format!("{mine}/sign_record"));
    office(way, &mediator);
    let issue = format!("/dossier/{}/issue_agreement", way.case);
    b.open(&issue);
    b.press(&issue);
    way.staff_signs(&mediator, "sign_agreement");
    way.by_letter(PUNISHED, letter);
    way.party_signs(PUNISHED, &format!("{mine}/sign_agreement"));
    office(way, &leader);
    // What the organ owes as a party lies on its leader's work list, one press away.
    way.browser.open("/work");
    way.browser.says("代表本机关签署调解协议");
    way.browser.go("main a[href$=\"/sign_agreement\"]");
    way.staff_signs(&leader, "sign_agreement");
    way.dossier("seal_agreement", &[]);
    way.by_letter(PUNISHED, letter);
    b.open(&mine);
    b.says("履行中");
    assert!(!b.has(&format!("main form[action=\"{mine}/confirm\"]")), "the court confirms no such agreement");
}

/// The leader records the changed decision, which is a paper that the punished person reads and what the organ owed; then
/// the case is closed.
fn change(way: &Way, letter: &str) {
    let b = &way.browser;
    let (clerk, leader) = (member(ORGAN, "clerk"), member(ORGAN, "leader"));
    office(way, &leader);
    let changed = [("number", CHANGED), ("before", "罚款人民币20000元"), ("after", "罚款变更为人民币12000元")];
    way.dossier("record_changed_decision", &changed);
    b.says(CHANGED);
    // It carries the agreement out with its service: on whoever agreed to messages, when it arrives on the portal.
    way.advance("2022-07-16 09:00");
    office(way, &clerk);
    b.open(&format!("/dossier/{}", way.case));
    b.says("已履行");
    way.dossier("close_dossier", &[]);
    way.by_letter(PUNISHED, letter);
    b.open(&format!("/my/{}", way.case));
    let papers = way.papers();
    let read = papers.iter().map(|paper| way.pdf(paper).replace(char::is_whitespace, ""));
    let decision = read.into_iter().find(|words| words.contains(CHANGED) && words.contains("12000元"));
    assert!(decision.is_some(), "no changed decision among {papers:?}");
}

#[test]
fn a_dispute_with_the_organ_goes_from_its_penalty_to_its_changed_decision() {
    let mut way = Way::start(Kind::Desk, false);
    let letter = letter(&way);
    apply(&mut way, &letter);
    mediate(&way);
    sign(&way, &letter);
    change(&way, &letter);
}
