//! A market complaint, from the letter to the closed file.

use jiff::civil::date;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier, Stage};
use yanhe_core::matter::{self, Matter, Standing};
use yanhe_core::policy::Role;

use crate::people::{GOSSIP, he, own, shop, staff};
use crate::play::*;
use crate::world::World;

#[test]
fn a_market_complaint_goes_all_the_way_to_a_confirmed_and_performed_agreement() {
    let mut world = World::new();
    let matter = register(&mut world, complaint("HY202203010001", date(2022, 3, 1)));
    assert_eq!(world.matter(&matter).standing, Standing::Proposed);
    assert_eq!(world.matter(&matter).proposal.entry.as_deref(), Some("consumer"));
    assert_eq!(world.tasks(&matter), ["letter", "reply"]);
    assert_eq!(world.matter(&matter).letter_due.as_ref().unwrap().last_day, date(2022, 3, 4), "three working days");

    world.do_::<Matter>(&clerk(), &matter, matter::Command::ConfirmLetter { reason: GOSSIP.into() });
    let letter = world.order("guidance_letter").clone();
    assert_eq!(letter.paper.number, "盐市监调告〔2022〕1号");
    assert_eq!(letter.data["kind"], "civil");
    assert_eq!(letter.access.chars().count(), 8);
    world.serve(&clerk(), &letter.paper.id);
    assert_eq!(world.matter(&matter).standing, Standing::Served);
    assert_eq!((world.count("letters"), world.count("letter_copies"), world.count("letters_served")), (1, 1, 1));

    world.until(date(2022, 3, 7));
    world.origin = Some(matter.clone());
    let id = apply(&mut world, "civil");
    assert_eq!(world.matter(&matter).standing, Standing::Applied);
    assert_eq!(world.matter(&matter).dossiers, std::slice::from_ref(&id));
    assert_eq!(world.dossier(&id).application.number, "盐市监调申〔2022〕1号", "the case number is there at once");
    assert_eq!(world.dossier(&id).sector.as_deref(), Some("market"));
    assert_eq!(world.dossier(&id).accept_by.last_day, date(2022, 3, 16), "seven working days in the market sector");
    assert_eq!(world.tasks(&id), ["ask_consent"]);

    consent(&mut world, &id);
    assert!(world.order("consent_letter").addressee.as_ref().is_some_and(|a| a.person == shop().person));
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() });
    assert_eq!(world.dossier(&id).stage, Stage::Mediating);
    let notices: Vec<_> = world.orders.iter().filter(|o| o.paper.kind == "acceptance_notice").collect();
    let to = |n: usize| notices[n].addressee.as_ref().map(|a| a.person.clone());
    assert_eq!((notices.len(), to(0), to(1)), (2, Some(he().person), Some(shop().person)), "every party is told");
    assert_eq!(notices[0].paper.number, "盐市监调受〔2022〕1号");
    assert_eq!(notices[1].paper.number, "盐市监调受〔2022〕2号");

    // The first mediator knows the shop and is out for good.
    let friend = staff(MARKET, Role::Mediator);
    let other = yanhe_core::policy::Actor { id: "staff/second".into(), ..friend.clone() };
    let friend_stream = world.name(&friend);
    world.do_::<Dossier>(
        &leader(),
        &id,
        dossier::Command::NameMediator { staff: friend_stream.clone(), legal_section: false },
    );
    assert_eq!(world.no::<Dossier>(&other, &id, dossier::Command::DeclareConflict { conflict: false }), "denied");
    world.do_::<Dossier>(&friend, &id, dossier::Command::DeclareConflict { conflict: true });
    assert_eq!(world.tasks(&id), ["identity", "name_mediator"]);
    let again = dossier::Command::NameMediator { staff: friend_stream, legal_section: false };
    assert_eq!(world.no::<Dossier>(&leader(), &id, again), "conflict");
    let second = world.name(&other);
    world.do_::<Dossier>(&leader(), &id, dossier::Command::NameMediator { staff: second, legal_section: false });
    let call = dossier::Command::CallSession { at: date(2022, 3, 8).at(9, 0, 0, 0), place: "三楼".into() };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, call), "conflict", "not before the declaration");
    world.do_::<Dossier>(&other, &id, dossier::Command::DeclareConflict { conflict: false });

    let at = date(2022, 3, 10).at(9, 0, 0, 0);
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::CallSession { at, place: GOSSIP.into() });
    assert_eq!(world.orders.iter().filter(|o| o.paper.kind == "session_notice").count(), 2, "one for each party");
    world.until(date(2022, 3, 10));
    let sitting = dossier::Sitting {
        held_at: at,
        present: vec![he().person, shop().person],
        statements: said(GOSSIP),
        undisputed: said("冰箱已坏"),
        result: "agreed".into(),
        rights_told: false,
        recusal: None,
        for_organ: None,
        otherwise: None,
    };
    world.do_::<Dossier>(&other, &id, dossier::Command::RecordSession { sitting, asked: None });
    for actor in [own(&he()), own(&shop()), other.clone()] {
        world.do_::<Dossier>(&actor, &id, dossier::Command::SignRecord {});
    }
    assert_eq!(world.no::<Dossier>(&own(&he()), &id, dossier::Command::SignRecord {}), "already_signed");

    let terms = draft(&world, &id, &[date(2022, 3, 20), date(2022, 4, 20)]);
    world.do_::<Dossier>(&other, &id, dossier::Command::DraftAgreement { draft: terms });
    identify(&mut world, &id);
    world.do_::<Dossier>(&other, &id, dossier::Command::IssueAgreement {});
    sign(&mut world, &id, &own(&he()));
    sign(&mut world, &id, &other);
    world.until(date(2022, 3, 11));
    let code = world.dossier(&id).agreement.as_ref().unwrap().check_code.clone();
    let attest = |code: String| {
        dossier::Command::AttestSignature(dossier::ByHand {
            signer: format!("party/{}", shop().person),
            on: date(2022, 3, 11),
            manner: "fingerprint".into(),
            check_code: code,
            scan: "0".repeat(64),
            original: GOSSIP.into(),
        })
    };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, attest("WRONG".into())), "field");
    world.do_::<Dossier>(&clerk(), &id, attest(format!("{}-{}", &code[..4], &code[4..].to_lowercase())));
    assert_eq!(world.dossier(&id).stage, Stage::Signing, "the seal is missing");
    assert_eq!(world.tasks(&id), ["seal"]);
    world.until(date(2022, 3, 14));
    world.do_::<Dossier>(&leader(), &id, dossier::Command::SealAgreement {});
    let agreement = world.dossier(&id).agreement.clone().unwrap();
    assert_eq!(agreement.effective_on, Some(date(2022, 3, 14)));
    assert_eq!(agreement.confirm_by.unwrap().last_day, date(2022, 4, 13));
    assert_eq!(world.tasks(&id), ["confirm", "perform", "visit"]);

    let court = file(&mut world, &id);
    assert_eq!(world.dossier(&id).confirmation_state, "filed", "the dossier hears of it");
    assert_eq!(world.confirmation(&court).docket_by.as_ref().unwrap().last_day, date(2022, 3, 17));
    docket(&mut world, &court, "（2022）浙0424诉前调确1号");
    assert_eq!(world.confirmation(&court).number, "（2022）浙0424诉前调确1号");
    let notice = world.order("docket_notice").paper.clone();
    assert_eq!(notice.number, "（2022）浙0424诉前调确1号");
    let told = world.orders.iter().filter(|o| o.paper.kind == "docket_notice");
    let told: Vec<_> = told.map(|o| o.addressee.as_ref().map(|a| a.person.clone())).collect();
    assert_eq!(told, [Some(he().person), Some(shop().person)], "the court tells every party");
    world.serve(&court_clerk(), &notice.id);
    world.until(date(2022, 3, 21));
    let stranger = yanhe_core::policy::Actor { id: "staff/another-judge".into(), ..judge() };
    let on = world.today();
    let findings = confirmation::Command::Hear { findings: GOSSIP.into(), all_heard: true, on, moved: String::new() };
    assert_eq!(world.no::<Confirmation>(&stranger, &court, findings), "waiting");
    hear(&mut world, &court);
    world.do_::<Confirmation>(&judge(), &court, confirmation::Command::RuleValid { reasons: GOSSIP.into() });
    let (agreed, ruled) = (&world.order("agreement").data, &world.order("ruling_valid").data);
    assert_eq!(ruled["obligations"], agreed["obligations"], "who owes and to whom, as in the agreement");
    let owed = &ruled["obligations"][0];
    let of = |side: &str| owed[side]["$personal"]["of"].as_str().map(str::to_owned);
    assert_eq!((of("who"), of("whom")), (Some("shop".into()), Some("he".into())), "each name under its own person");
    assert_eq!(ruled["terms"].as_array().map(Vec::len), Some(1), "and what else was agreed");
    let ruling = world.confirmation(&court).ruling.clone().unwrap();
    assert_eq!(
        ruling.enforce_by.unwrap().last_day,
        date(2024, 4, 22),
        "two years from the last instalment, off a weekend"
    );
    world.serve(&court_clerk(), &ruling.papers[0].1.id);
    assert_eq!(world.confirmation(&court).stage, confirmation::Stage::Valid, "one party waits");
    world.serve(&court_clerk(), &ruling.papers[1].1.id);
    assert_eq!(world.confirmation(&court).stage, confirmation::Stage::Served);
    assert_eq!(
        world.confirmation(&court).ruling.as_ref().unwrap().served[0].2.as_ref().map(|objection| objection.last_day),
        Some(date(2022, 4, 6)),
        "15 days, moved"
    );
    assert_eq!(world.dossier(&id).confirmation_state, "valid");

    assert_eq!(world.no::<Dossier>(&clerk(), &id, dossier::Command::Close {}), "not_now");
    performed(&mut world, &id, 1);
    world.until(date(2022, 4, 20));
    performed(&mut world, &id, 2);
    assert_eq!(world.dossier(&id).stage, Stage::Performed);
    let whom = vec![he().person, shop().person];
    let visit = dossier::Command::FollowUp { on: date(2022, 4, 20), whom, note: GOSSIP.into() };
    world.do_::<Dossier>(&clerk(), &id, visit);
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Close {});
    assert_eq!(world.dossier(&id).stage, Stage::Closed);
    assert!(world.tasks(&id).is_empty() && world.tasks(&court).is_empty());
    world.do_::<Matter>(
        &clerk(),
        &matter,
        matter::Command::ReplyOrder { findings: GOSSIP.into(), text: GOSSIP.into() },
    );
    assert!(world.tasks(&matter).is_empty());

    let counts =
        ["applications", "accepted", "successful", "confirmations_filed", "confirmed", "performed", "breached"];
    assert_eq!(counts.map(|c| world.count(c)), [1, 1, 1, 1, 1, 1, 0]);
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}
