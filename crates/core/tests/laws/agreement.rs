//! The check of an agreement: a whole one is clean, and each thing that is taken from it is found.

use serde_json::{Value, json};
use yanhe_core::agreement::{Agreement, Code, blocks, check};

use yanhe_core::dossier::{self, Dossier};
use yanhe_core::policy::Act;

use crate::play::*;
use crate::world::{No, PACK, World};

/// An agreement in which nothing is missing.
fn whole() -> Value {
    json!({
        "kind": "civil", "subject": "家具质量纠纷", "made": "2022-05-01", "court": "海盐县人民法院",
        "parties": [
            {"name": "段海", "id": "H12345678", "type": "person"},
            {"name": "海盐县某某家具店", "id": "91330499XLE6CL26N2", "type": "organisation"},
        ],
        "third_parties": [], "total": "12345.67", "penalty": {"rate_year": "0.24"},
        "clauses": [
            {
                "text": "海盐县某某家具店于2022年6月1日以前退还货款", "from": "海盐县某某家具店", "to": "段海", "what": "退还货款",
                "amount": "12345.67", "words": "壹万贰仟叁佰肆拾伍元陆角柒分", "due": "2022-06-01", "manner": "银行转账",
            },
            {"text": "家具由海盐县某某家具店取回，归海盐县某某家具店所有。"},
        ],
    })
}

fn found(agreement: &Value) -> Vec<(Option<i64>, Code)> {
    let agreement: Agreement = serde_json::from_value(agreement.clone()).unwrap();
    let findings = check(&PACK, &agreement);
    for finding in &findings {
        let texts = [finding.reason_zh(), finding.reason_en(), finding.suggestion_zh(), finding.suggestion_en()];
        assert!(texts.iter().all(|text| !text.is_empty()), "{finding:?}");
    }
    findings.iter().map(|finding| (finding.clause, finding.code)).collect()
}

#[test]
fn a_whole_agreement_is_clean_and_each_thing_that_is_wrong_is_found_in_its_clause() {
    assert_eq!(found(&whole()), []);
    let clause = |name: &'static str| format!("/clauses/0/{name}");
    let cases: Vec<(String, Value, Option<i64>, Code)> = vec![
        (clause("words"), json!("壹万贰仟元整"), Some(1), Code::AmountWords),
        (clause("text"), json!("退还货款12345.67元（大写：壹万元整）"), Some(1), Code::AmountWords),
        ("/total".into(), json!("12345.68"), None, Code::InstalmentsSum),
        (clause("from"), json!(""), Some(1), Code::MissingWho),
        (clause("to"), json!(null), Some(1), Code::MissingWho),
        (clause("what"), json!(" "), Some(1), Code::MissingWhat),
        (clause("due"), json!(null), Some(1), Code::MissingWhen),
        (clause("manner"), json!(""), Some(1), Code::MissingHow),
        (clause("manner"), json!("尽快转账"), Some(1), Code::VagueWord),
        (clause("due"), json!("2022-02-30"), Some(1), Code::DateOrder),
        (clause("due"), json!("2022-04-30"), Some(1), Code::DateOrder),
        (clause("what"), json!("退还货款叁仟元"), Some(1), Code::AmountWords),
        (clause("what"), json!("退还货款10000元和运费345.67元"), Some(1), Code::AmountWords),
        (clause("manner"), json!("分两期转账，共付15000元"), Some(1), Code::InstalmentsSum),
        (clause("manner"), json!("2022年3月1日前转账"), Some(1), Code::DateOrder),
        ("/clauses/1/text".into(), json!("余款于2022年2月1日支付，双方别无其他争议"), Some(2), Code::DateOrder),
        ("/clauses/1/text".into(), json!("以上各项合计5000元"), Some(2), Code::InstalmentsSum),
        (clause("text"), json!("于2022年2月30日以前退还货款"), Some(1), Code::DateOrder),
        ("/made".into(), json!("2022-13-01"), None, Code::DateOrder),
        ("/parties/0/id".into(), json!("33049919850615001X"), None, Code::Identity),
        ("/parties/1/id".into(), json!("91330499XLE6CL26N3"), None, Code::Identity),
        ("/parties/1/name".into(), json!(""), None, Code::Identity),
        ("/subject".into(), json!("涉嫌故意伤害犯罪的赔偿"), None, Code::ExcludedSubject),
        ("/clauses/1/text".into(), json!("武原街道的房屋归段海所有。"), Some(2), Code::TitleConfirmation),
        ("/third_parties".into(), json!(["顾建平"]), None, Code::ThirdParty),
        ("/third_parties".into(), json!([{"name": "取回"}]), Some(2), Code::ThirdParty),
        (clause("to"), json!("顾建平"), Some(1), Code::ThirdParty),
        ("/penalty".into(), json!({"rate_year": "0.2401"}), None, Code::PenaltyCeiling),
        ("/penalty".into(), json!({"amount": "3703.71"}), None, Code::PenaltyCeiling),
        ("/clauses/1/text".into(), json!("逾期付款的，按每日千分之一支付违约金"), Some(2), Code::PenaltyCeiling),
        ("/court".into(), json!(null), None, Code::NoCourt),
        ("/subject".into(), json!("遗产继承纠纷"), None, Code::PaperOnly),
        ("/subject".into(), json!("亲子关系纠纷"), None, Code::NotConfirmable),
        ("/kind".into(), json!("administrative"), None, Code::NotConfirmable),
    ];
    for (place, value, at, code) in cases {
        let mut agreement = whole();
        // Two of a firm's names: whoever loses the name is no party to the clause any more.
        *agreement.pointer_mut(&place).unwrap() = value.clone();
        let all = found(&agreement);
        assert!(all.contains(&(at, code)), "{place} = {value}: {code:?} is missing in {all:?}");
        let more = all.iter().filter(|found| **found != (at, code)).count();
        let also = usize::from(place.ends_with("/name"));
        assert!(more <= also, "{place} = {value}: {all:?}");
    }
}

#[test]
fn what_is_at_the_ceiling_is_not_over_it() {
    for at_it in [json!({"rate_year": 0.24}), json!({"rate_year": "24%"}), json!({"amount": "3703.70"}), json!(null)] {
        let mut agreement = whole();
        agreement["penalty"] = at_it.clone();
        assert_eq!(found(&agreement), [], "{at_it}");
    }
}

/// A case of which the draft says this beside what is owed: everything is there to issue it.
fn drafted(free: &str) -> (World, yanhe_core::StreamId) {
    let mut world = World::new();
    let id = apply(&mut world, "drafted");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    sign_record(&mut world, &id);
    let mut terms = draft(&world, &id, &[jiff::civil::date(2022, 3, 20)]);
    terms.text = said(free);
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::DraftAgreement { draft: terms });
    identify(&mut world, &id);
    (world, id)
}

/// What must not be mediated is drafted, and not issued.
pub fn not_mediable() -> String {
    let (mut world, id) = drafted("被申请人另以商品抵偿赌债");
    let refusal = world.open::<Dossier>(&mediator(), &id, Act::IssueAgreement).unwrap_err();
    assert!(matches!(&refusal, No::Refused(why) if !why.basis.is_empty()), "{refusal:?}");
    world.no::<Dossier>(&mediator(), &id, dossier::Command::IssueAgreement {})
}

#[test]
fn a_subject_that_must_not_be_mediated_is_not_issued_and_everything_else_is() {
    assert_eq!(not_mediable(), "not_mediable");
    // Signed on paper, not confirmed, vague, without a court; and what the police found to be no crime.
    for free in ["各方确认遗产已经分清", "车位的所有权归贺秋生", "尽快付款", "公安机关认定不构成犯罪，双方别无争议"]
    {
        let (mut world, id) = drafted(free);
        let open = world.open::<Dossier>(&mediator(), &id, Act::IssueAgreement);
        assert!(open.is_ok(), "{free}: {open:?}");
    }
}

#[test]
fn what_somebody_was_punished_for_is_not_what_is_agreed_on() {
    let mut agreement = whole();
    agreement["kind"] = json!("administrative");
    agreement["subject"] = json!("对参与赌博、收缴赌资处罚的裁量不服");
    let stops = |agreement: &Value| blocks(&check(&PACK, &serde_json::from_value(agreement.clone()).unwrap()));
    assert!(!stops(&agreement));
    agreement["clauses"][0]["what"] = json!("退还赌资");
    assert!(stops(&agreement));
}

#[test]
fn only_what_the_law_forbids_stops_signing() {
    let stops = |place: &str, value: Value| {
        let mut agreement = whole();
        *agreement.pointer_mut(place).unwrap() = value;
        blocks(&check(&PACK, &serde_json::from_value(agreement).unwrap()))
    };
    assert!(stops("/subject", json!("解除婚姻关系")), "on a screen");
    assert!(stops("/parties/0/id", json!("")), "nobody knows who signs");
    assert!(stops("/subject", json!("赌债")), "not at all");
    assert!(!stops("/subject", json!("确权纠纷")) && !stops("/clauses/0/due", json!("尽快")));
}
