//! A paper says what somebody entered, and nothing that nobody did: documents, other proceedings, identities, certificates.

use jiff::ToSpan;
use serde_json::{Value, json};
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::party::Party;
use yanhe_core::policy::Act;
use yanhe_core::values::DocumentKind;
use yanhe_core::{Personal, StreamId, paper_data};

use crate::people::{GOSSIP, he, officer, own, ruan, shop};
use crate::play::*;
use crate::world::{World, confirmation_of, sha};

/// The last paper of a kind that was ordered.
fn ordered(world: &World, kind: &str) -> Value {
    let order = world.orders.iter().rev().find(|o| o.paper.kind == kind);
    order.unwrap_or_else(|| panic!("no {kind} was ordered")).data.clone()
}

/// A personal value in the data of a paper.
fn said_in(value: &Value) -> String {
    serde_json::from_value::<Personal<String>>(value.clone()).unwrap().value.unwrap()
}

fn with_document(kind: Option<&str>, number: &str) -> Party {
    let mut party = he();
    party.document_kind = kind.map(str::to_owned);
    party.document = Some(Personal::new(&party.person, number.to_owned()));
    party
}

#[test]
fn the_kind_of_a_document_goes_with_its_number() {
    let known = [
        (DocumentKind::ResidentId, "330499198001011235"),
        (DocumentKind::HongKongMacaoPermit, "H12345678"),
        (DocumentKind::TaiwanPermit, "12345678"),
        (DocumentKind::Passport, "EA1234567"),
    ];
    for (kind, number) in known {
        for party in [with_document(Some(kind.key()), number), with_document(None, number)] {
            let printed = paper_data::party(&party, "申请人");
            assert_eq!(printed["id_kind"], json!(kind.name_zh()), "{party:?}");
        }
    }
    // A number with the form of no document is not made a resident's.
    let unknown = paper_data::party(&with_document(None, "330499198001011236"), "申请人");
    assert_eq!(unknown["id_kind"], json!("证件号码"));
}

#[test]
fn an_application_prints_the_document_that_was_chosen() {
    let mut world = World::new();
    let id = new_dossier("permit");
    let mut apply = application("consumer", vec![shop()]);
    if let dossier::Command::Apply { applicants, .. } = &mut apply {
        *applicants = vec![with_document(Some("hong_kong_macao_permit"), "H12345678")];
    }
    world.do_::<Dossier>(&own(&he()), &id, apply);
    assert_eq!(ordered(&world, "application")["applicants"][0]["id_kind"], json!("港澳居民来往内地通行证"));
}

fn applied(answer: Option<&str>) -> (World, StreamId) {
    let mut world = World::new();
    let id = new_dossier("proceedings");
    let mut apply = application("consumer", vec![shop()]);
    if let dossier::Command::Apply { other_proceedings, .. } = &mut apply {
        *other_proceedings = answer.map(str::to_owned);
    }
    world.do_::<Dossier>(&own(&he()), &id, apply);
    (world, id)
}

#[test]
fn other_proceedings_are_printed_as_answered_and_not_at_all_when_not_asked() {
    assert_eq!(ordered(&applied(None).0, "application")["other_proceedings"], Value::Null);
    let (world, _) = applied(Some(""));
    assert_eq!(said_in(&ordered(&world, "application")["other_proceedings"]), "");
    let (world, _) = applied(Some("已向法院起诉"));
    assert_eq!(said_in(&ordered(&world, "application")["other_proceedings"]), "已向法院起诉");
}

#[test]
fn who_accepts_a_dispute_that_is_pending_elsewhere_says_why() {
    let (mut world, id) = applied(Some("已向法院起诉"));
    consent(&mut world, &id);
    let accept = |reason: &str| dossier::Command::Accept { reason: reason.into() };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, accept("")), "field");
    world.do_::<Dossier>(&clerk(), &id, accept("起诉已经撤回"));
    let (mut world, id) = applied(Some(""));
    consent(&mut world, &id);
    world.do_::<Dossier>(&clerk(), &id, accept(""));
}

/// A case whose agreement is drafted and not issued.
fn drafted(world: &mut World) -> StreamId {
    let id = apply(world, "identity");
    accept(world, &id);
    name_mediator(world, &id);
    session(world, &id, "agreed");
    let draft = draft(world, &id, &[world.today() + 20.days()]);
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::DraftAgreement { draft });
    world.officer = Some(officer(&mediator()));
    id
}

#[test]
fn nobody_signs_before_it_is_recorded_who_everybody_is() {
    let mut world = World::new();
    let id = drafted(&mut world);
    let issue = || dossier::Command::IssueAgreement {};
    let all = checks(world.dossier(&id));
    sign_record(&mut world, &id);
    assert_eq!(world.no::<Dossier>(&mediator(), &id, issue()), "waiting");
    let record = |checks: &[dossier::Check]| dossier::Command::RecordIdentity { checks: checks.to_vec() };
    world.do_::<Dossier>(&mediator(), &id, record(&all[..1]));
    assert_eq!(world.no::<Dossier>(&mediator(), &id, issue()), "waiting", "the shop is not known yet");
    world.do_::<Dossier>(&mediator(), &id, record(&all[1..]));
    world.do_::<Dossier>(&mediator(), &id, issue());
    let firm = ordered(&world, "agreement")["parties"][1].clone();
    assert_eq!(said_in(&firm["representative"]), "贺秋生");
    assert_eq!(firm["post"], json!("法定代表人"));
}

#[test]
fn an_identity_is_a_whole_one() {
    let mut world = World::new();
    let id = drafted(&mut world);
    let all = checks(world.dossier(&id));
    let mut bad = vec![all[0].clone(); 3];
    bad[0].number = "330499198001011236".into();
    bad[1].document_kind = "passport".into();
    bad[2].number = String::new();
    for (part, value) in [("number", "91330499XLE6CL26N3"), ("representative", ""), ("post", " ")] {
        let mut firm = all[1].clone();
        match part {
            "number" => firm.number = value.into(),
            "representative" => firm.representative = value.into(),
            _ => firm.post = value.into(),
        }
        bad.push(firm);
    }
    for check in bad {
        let command = dossier::Command::RecordIdentity { checks: vec![check.clone()] };
        assert_eq!(world.no::<Dossier>(&mediator(), &id, command), "field", "{check:?}");
    }
    let stranger = dossier::Check { person: ruan().person, ..all[0].clone() };
    let command = dossier::Command::RecordIdentity { checks: vec![stranger] };
    assert_eq!(world.no::<Dossier>(&mediator(), &id, command), "field");
    assert_eq!(world.open::<Dossier>(&own(&he()), &id, Act::RecordIdentity).unwrap_err().reason(), "denied");
}

#[test]
fn papers_are_served_where_each_party_says_and_by_message_on_those_alone_who_consent() {
    let mut world = World::new();
    let id = new_dossier("service");
    let nowhere = Party { address: None, ..shop() };
    world.do_::<Dossier>(&own(&he()), &id, application("consumer", vec![nowhere]));
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    let due = world.today() + 20.days();
    let terms = draft(&world, &id, &[due]);
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::DraftAgreement { draft: terms });
    world.officer = Some(officer(&mediator()));
    let mut all = checks(world.dossier(&id));
    all.iter_mut().for_each(|check| check.address = String::new());
    let record = |checks: &[dossier::Check]| dossier::Command::RecordIdentity { checks: checks.to_vec() };
    assert_eq!(world.no::<Dossier>(&mediator(), &id, record(&all)), "field", "nobody knows where the shop is");
    all[1].address = " 银杏里九号 ".into();
    all[0].address = "枫溪新村十二幢".into();
    world.do_::<Dossier>(&mediator(), &id, record(&all));
    sign_record(&mut world, &id);
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::IssueAgreement {});
    conclude(&mut world, &id);
    world.do_::<Confirmation>(&clerk(), &confirmation_of(&id), confirmation::Command::Draft {});
    let sheets: Vec<Value> =
        world.orders.iter().filter(|o| o.paper.kind == "service_address").map(|o| o.data.clone()).collect();
    let told: Vec<(String, Value)> =
        sheets.iter().map(|sheet| (said_in(&sheet["address"]), sheet["electronic"].clone())).collect();
    assert_eq!(
        told,
        [("枫溪新村十二幢".to_owned(), json!(true)), ("银杏里九号".to_owned(), Value::Null)],
        "only the applicant was asked: the other ticks a box by hand"
    );
    // The court's pages and papers know the shop's address, too; where the applicant lives is another matter.
    let subject = &world.confirmation(&confirmation_of(&id)).subject;
    let known: Vec<_> = subject.parties.iter().map(|p| p.address.as_ref().unwrap().text()).collect();
    let served: Vec<_> = subject.parties.iter().map(|p| subject.served_at(p).unwrap().text()).collect();
    assert_eq!(known, ["白荷路七十七弄", "银杏里九号"]);
    assert_eq!(served, ["枫溪新村十二幢", "银杏里九号"]);
}

#[test]
fn presiding_and_identities_are_certified_by_an_officer_and_by_nobody_else() {
    let mut world = World::new();
    let dossier = agreement(&mut world, "certified");
    let id = confirmation_of(&dossier);
    world.do_::<Confirmation>(&own(&he()), &id, confirmation::Command::Draft {});
    assert!(world.orders.iter().all(|o| o.paper.kind != "proof_of_presiding"), "a party's press certifies nothing");
    let sha256 = sha(&world.confirmation(&id).application);
    for party in [he(), shop()] {
        let sign = confirmation::Command::Sign { sha256: sha256.clone() };
        world.do_::<Confirmation>(&own(&party), &id, sign);
    }
    assert_eq!(world.no::<Confirmation>(&own(&he()), &id, confirmation::Command::Certify {}), "denied");
    world.do_::<Confirmation>(&clerk(), &id, confirmation::Command::Certify {});
    assert_eq!(world.no::<Confirmation>(&clerk(), &id, confirmation::Command::Certify {}), "already_done");
    let seen = ordered(&world, "identity_proof")["applicants"].clone();
    assert_eq!(seen[0]["id_kind"], json!("居民身份证"));
    assert_eq!(said_in(&seen[0]["checked_by"]), "孟守和");
    assert_eq!(said_in(&seen[1]["representative"]), "贺秋生");
    let proof = ordered(&world, "proof_of_presiding");
    assert_eq!(said_in(&proof["place"]), GOSSIP, "where the session was held, and not where the organ is");
    let state = world.dossier(&dossier);
    assert_eq!(proof["held"], json!(state.sessions[0].at.date().to_string()));
    assert_eq!(proof["accepted"], json!(state.accepted_on.unwrap().to_string()));
    world.do_::<Confirmation>(&own(&he()), &id, confirmation::Command::File { on: None, how: String::new() });
}

#[test]
fn whoever_writes_a_record_is_named_in_it() {
    let mut world = World::new();
    let told = new_dossier("told");
    let mut command = application("consumer", vec![shop()]);
    if let dossier::Command::Apply { via, .. } = &mut command {
        *via = dossier::Via::Oral;
    }
    world.name(&clerk());
    world.do_::<Dossier>(&clerk(), &told, command);
    let name = |of: &yanhe_core::policy::Actor| officer(of).name.text().to_owned();
    assert_eq!(said_in(&ordered(&world, "oral_application")["recorder"]), name(&clerk()));

    let id = apply(&mut world, "held");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    world.name(&mediator());
    session(&mut world, &id, "agreed");
    assert_eq!(said_in(&ordered(&world, "mediation_record")["recorder"]), name(&mediator()));
}

#[test]
fn a_check_code_is_taken_however_it_is_typed_and_a_seal_from_a_firm_alone() {
    let mut world = World::new();
    let id = drafted(&mut world);
    let on = world.today();
    let record = |code: &str, party: &Party, manner: &str| {
        dossier::Command::AttestRecord(dossier::ByHand {
            signer: format!("party/{}", party.person),
            on,
            manner: manner.into(),
            check_code: code.into(),
            scan: "0".repeat(64),
            original: "卷宗".into(),
        })
    };
    let code = world.dossier(&id).sessions[0].check_code.clone().unwrap();
    let typed = format!(" {} {}", code[..4].to_lowercase(), &code[4..]);
    assert_eq!(ordered(&world, "mediation_record")["check_code"], json!(code));
    assert_eq!(world.no::<Dossier>(&clerk(), &id, record("WRONG", &he(), "hand")), "field");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, record(&typed, &he(), "seal")), "field");
    world.do_::<Dossier>(&clerk(), &id, record(&typed, &he(), "hand"));
    world.do_::<Dossier>(&clerk(), &id, record(&typed, &shop(), "seal"));
}

#[test]
fn a_joint_application_on_paper_is_tied_by_its_code() {
    let mut world = World::new();
    let dossier = agreement(&mut world, "tied");
    let id = confirmation_of(&dossier);
    world.do_::<Confirmation>(&clerk(), &id, confirmation::Command::Draft {});
    let code = world.confirmation(&id).check_code.clone();
    assert_eq!(ordered(&world, "confirmation_application")["check_code"], json!(code));
    let on = world.today();
    let attest = |code: String| {
        confirmation::Command::Attest(dossier::ByHand {
            signer: format!("party/{}", he().person),
            on,
            manner: "hand".into(),
            check_code: code,
            scan: "0".repeat(64),
            original: "卷宗".into(),
        })
    };
    assert_eq!(world.no::<Confirmation>(&clerk(), &id, attest(String::new())), "field");
    world.do_::<Confirmation>(&clerk(), &id, attest(code.to_lowercase()));
}

#[test]
fn an_application_tells_of_another_human_being_what_the_applicant_knows_and_not_what_the_organ_does() {
    for by_letter in [true, false] {
        let mut world = World::new();
        let today = world.today();
        world.origin = by_letter.then(|| register(&mut world, complaint("HY202203010001", today)));
        let id = new_dossier("told");
        world.do_::<Dossier>(&own(&he()), &id, application("consumer", vec![ruan(), shop()]));
        let printed = ordered(&world, "application")["respondents"].clone();
        let seen = |n: usize| ["id", "phone", "address"].map(|what| !printed[n][what].is_null());
        assert_eq!(said_in(&printed[0]["name"]), ruan().name.text());
        assert_eq!(seen(0), [!by_letter; 3], "from a letter the number, phone and address come from the organ's file");
        assert!(seen(1)[0], "what a firm is registered with is open");
        assert!(world.dossier(&id).respondents[0].document.is_some(), "the organ knows whom it writes to");
    }
}
