//! Every reason of a refusal is given by some law of the core, or by the part of the program that is named here.

use std::collections::BTreeSet;

use jiff::civil::date;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::matter::{self, Matter};
use yanhe_core::paper::{self, Paper};
use yanhe_core::policy::Actor;

use crate::people::{GOSSIP, he, own, shop};
use crate::play::*;
use crate::world::{World, confirmation_of, sha};

/// Reasons as the source names them, in the form in which they are stored.
fn all() -> BTreeSet<String> {
    let source = include_str!("../../src/refusal.rs");
    let body = source.split_once("pub enum Reason {").unwrap().1;
    let names = body.lines().filter_map(|line| {
        let name = line.strip_prefix("    ")?.trim_end_matches([' ', '{', ',']);
        (name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().all(|b| b.is_ascii_alphabetic()))
            .then_some(name)
    });
    names
        .map(|name| {
            let mut snake = String::new();
            for c in name.chars() {
                if c.is_ascii_uppercase() && !snake.is_empty() {
                    snake.push('_');
                }
                snake.push(c.to_ascii_lowercase());
            }
            snake
        })
        .collect()
}

#[test]
fn every_reason_is_given_by_something() {
    let mut given = BTreeSet::new();
    let mut world = World::new();
    let matter_id = register(&mut world, complaint("HY202203010010", date(2022, 3, 1)));
    let changed = matter::Registered { category: "举报".into(), ..complaint("HY202203010010", date(2022, 3, 1)) };
    given.insert(world.no::<Matter>(&clerk(), &matter_id, matter::Command::Register { matter: Box::new(changed) }));
    world.do_::<Matter>(&clerk(), &matter_id, matter::Command::ConfirmLetter { reason: String::new() });
    given.insert(world.no::<Matter>(&clerk(), &matter_id, matter::Command::Withdraw { reason: GOSSIP.into() }));

    let id = new_dossier("reasons");
    let system = Actor::system();
    given.insert(world.no::<Dossier>(&system, &id, dossier::Command::LapseConsent {}));
    let signed = apply(&mut world, "signed");
    accept(&mut world, &signed);
    name_mediator(&mut world, &signed);
    session(&mut world, &signed, "agreed");
    sign_record(&mut world, &signed);
    let late = dossier::Command::CallSession { at: date(2024, 3, 1).at(9, 0, 0, 0), place: GOSSIP.into() };
    given.insert(world.no::<Dossier>(&mediator(), &signed, late.clone()));
    let carried = new_dossier("carried");
    world.do_::<Dossier>(&own(&he()), &carried, application("transport", vec![shop()]));
    accept(&mut world, &carried);
    name_mediator(&mut world, &carried);
    given.insert(world.no::<Dossier>(&mediator(), &carried, late));
    let back = dossier::Command::WithdrawRecord { reason: GOSSIP.into() };
    given.insert(world.no::<Dossier>(&mediator(), &signed, back));
    let mut elsewhere = application("consumer", vec![shop()]);
    if let dossier::Command::Apply { organ, .. } = &mut elsewhere {
        *organ = "moon".into();
    }
    given.insert(world.no::<Dossier>(&own(&he()), &id, elsewhere));
    given.insert(world.no::<Dossier>(&own(&he()), &id, application("consumer", vec![])));
    world.online = false;
    given.insert(world.no::<Dossier>(&own(&he()), &id, application("consumer", vec![shop()])));
    world.online = true;
    apply(&mut world, "reasons");
    given.insert(world.no::<Dossier>(&own(&he()), &id, application("consumer", vec![shop()])));
    given.insert(world.no::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() }));
    accept(&mut world, &id);
    let staff = world.name(&mediator());
    world.do_::<Dossier>(&leader(), &id, dossier::Command::NameMediator { staff, legal_section: false });
    let call = dossier::Command::CallSession { at: date(2022, 3, 2).at(9, 0, 0, 0), place: "三楼".into() };
    given.insert(world.no::<Dossier>(&clerk(), &id, call));
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::DeclareConflict { conflict: false });
    given.insert(world.no::<Dossier>(&mediator(), &id, dossier::Command::DeclareConflict { conflict: false }));
    session(&mut world, &id, "agreed");
    let terms = draft(&world, &id, &[date(2022, 3, 20)]);
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::DraftAgreement { draft: terms });
    given.insert(world.no::<Dossier>(&mediator(), &id, dossier::Command::IssueAgreement {}));
    let far = draft(&world, &id, &[date(2090, 1, 1)]);
    given.insert(world.no::<Dossier>(&mediator(), &id, dossier::Command::DraftAgreement { draft: far }));
    issue(&mut world, &id, &[date(2022, 3, 20)]);
    let sha256 = agreement_sha(&world, &id);
    let seen = |sha256: &str| dossier::Command::SignAgreement { sha256: sha256.into() };
    given.insert(world.no::<Dossier>(&own(&he()), &id, seen("another file")));
    world.verified = false;
    given.insert(world.no::<Dossier>(&own(&he()), &id, seen(&sha256)));
    world.verified = true;
    world.do_::<Dossier>(&own(&he()), &id, seen(&sha256));
    given.insert(world.no::<Dossier>(&own(&he()), &id, seen(&sha256)));
    world.do_::<Dossier>(&own(&shop()), &id, seen(&sha256));
    let attest = yanhe_core::policy::Act::AttestSignature;
    given.insert(world.open::<Dossier>(&mediator(), &id, attest).unwrap_err().reason());
    world.do_::<Dossier>(&mediator(), &id, seen(&sha256));
    world.do_::<Dossier>(&leader(), &id, dossier::Command::SealAgreement {});
    given.insert(world.no::<Dossier>(&clerk(), &id, dossier::Command::Close {}));
    let paper = world.dossier(&id).agreement.clone().unwrap().paper.id;
    let void = paper::Command::Void { reason: "写错".into() };
    given.insert(world.no::<Paper>(&leader(), &paper, void));
    let early = dossier::Command::ReportPerformance { obligation: 1, on: date(2022, 2, 1), note: String::new() };
    given.insert(world.no::<Dossier>(&clerk(), &id, early));

    let court = confirmation_of(&id);
    world.do_::<Confirmation>(&mediator(), &court, confirmation::Command::Draft {});
    given.insert(world.no::<Confirmation>(
        &own(&he()),
        &court,
        confirmation::Command::File { on: None, how: String::new() },
    ));
    world.until(date(2022, 4, 1));
    let sign = confirmation::Command::Sign { sha256: sha(&world.confirmation(&court).application) };
    given.insert(world.no::<Confirmation>(&own(&he()), &court, sign));
    let letter = world.matter(&matter_id).letters[0].0.paper.id.clone();
    world.serve(&clerk(), &letter);
    let proof = world.papers[&letter].state.as_ref().unwrap().services[0].proof.id.clone();
    let void = || paper::Command::Void { reason: GOSSIP.into() };
    given.insert(world.no::<Paper>(&clerk(), &proof, void()));
    world.do_::<Paper>(&leader(), &letter, void());
    given.insert(world.no::<Paper>(&leader(), &letter, paper::Command::ApproveNotice {}));
    given.extend(other_subjects());
    given.insert(crate::notices::by_somebody_else());
    given.insert(crate::roster::an_import_in_use());
    given.extend(numbers_of_others());
    given.insert(crate::renewed::by_an_old_page());
    given.insert(crate::renewed::applied_twice());
    given.extend(crate::renewed::begun_meanwhile());
    given.insert(crate::lapses::agreed_without());
    given.insert(crate::corrected::elsewhere());
    given.insert(crate::administrative::by_another_decision());
    given.insert(crate::agreement::not_mediable());

    let mut missing = all();
    assert!(missing.len() > 15, "{missing:?}");
    for reason in &given {
        assert!(missing.remove(reason), "{reason} is no reason");
    }
    // A form that is sent again is known by its receipt, and a missing character where papers are drawn.
    assert_eq!(missing.into_iter().collect::<Vec<_>>(), ["form_used", "missing_glyph"]);
}

/// The court gives a number twice, and one of another year.
fn numbers_of_others() -> [String; 2] {
    let mut world = World::new();
    let id = agreement(&mut world, "twice");
    let court = file(&mut world, &id);
    world.number_of = Some("盐市监调申〔2022〕1号".into());
    let judge = world.name(&judge());
    ["（2022）浙0424诉前调确7号", "（2021）浙0424诉前调确7号"].map(|number| {
        let (number, judge) = (number.into(), judge.clone());
        let docket =
            confirmation::Command::Docket { number, judge, hearing: None, place: String::new(), rest_day: false };
        world.no::<Confirmation>(&court_clerk(), &court, docket)
    })
}

/// A matter of inheritance is signed on paper, and a title is not confirmed.
fn other_subjects() -> [String; 2] {
    let mut world = World::new();
    let id = new_dossier("subjects");
    let mut command = application("consumer", vec![shop()]);
    if let dossier::Command::Apply { claims, .. } = &mut command {
        *claims = "请求分割遗产，房屋确权".into();
    }
    world.do_::<Dossier>(&own(&he()), &id, command);
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    issue(&mut world, &id, &[date(2022, 3, 20)]);
    let sha256 = agreement_sha(&world, &id);
    let screen = world.no::<Dossier>(&own(&he()), &id, dossier::Command::SignAgreement { sha256 });
    let code = world.dossier(&id).agreement.as_ref().unwrap().check_code.clone();
    for signer in world.dossier(&id).signers() {
        let attest = dossier::Command::AttestSignature(dossier::ByHand {
            signer,
            on: date(2022, 3, 1),
            manner: "hand".into(),
            check_code: code.clone(),
            scan: "0".repeat(64),
            original: "卷宗".into(),
        });
        world.do_::<Dossier>(&clerk(), &id, attest);
    }
    world.do_::<Dossier>(&leader(), &id, dossier::Command::SealAgreement {});
    let court = confirmation_of(&id);
    [screen, world.no::<Confirmation>(&own(&he()), &court, confirmation::Command::Draft {})]
}
