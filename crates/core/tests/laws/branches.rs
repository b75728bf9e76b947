//! What happens beside the straight way: refusals, silence, expiry, breach, rejection, correction, voided letters.

use jiff::civil::date;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Decision, Dossier, Stage};
use yanhe_core::matter::{self, Matter, Standing};
use yanhe_core::policy::Act;
use yanhe_core::{Cell, Timestamp};

use crate::people::{GOSSIP, he, own, ruan, shop};
use crate::play::*;
use crate::world::{No, PACK, World, confirmation_of};

#[test]
fn a_refusal_names_its_ground_and_the_ways_that_are_left() {
    let mut world = World::new();
    let id = apply(&mut world, "refused");
    let refuse = |ground: &str| dossier::Command::Refuse {
        ground: ground.into(),
        note: GOSSIP.into(),
        competent: String::new(),
    };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, refuse("mood")), "field");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, refuse("unconnected")), "field", "nobody is sent away to nowhere");
    let competent = "贺秋生所在的村委会".to_owned();
    let elsewhere = dossier::Command::Refuse { ground: "unconnected".into(), note: GOSSIP.into(), competent };
    world.do_::<Dossier>(&clerk(), &id, elsewhere);
    assert_eq!(world.dossier(&id).stage, Stage::Refused);
    let notice = world.order("refusal_notice");
    assert!(notice.data["competent"].to_string().contains("村委会"), "{}", notice.data);
    let routes = notice.data["routes"].as_array().unwrap();
    assert!(
        routes.iter().any(|r| r["last_day"] == "2025-03-03"),
        "limitation counts anew from the application: {routes:?}"
    );
    assert_eq!(world.no::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() }), "not_now");
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Close {});
    assert_eq!((world.count("applications"), world.count("refused"), world.count("accepted")), (1, 1, 0));
}

#[test]
fn an_organ_that_is_not_online_takes_applications_by_word_of_mouth_and_not_by_the_portal() {
    let mut world = World::new();
    world.online = false;
    let id = new_dossier("offline");
    let by_portal = application("consumer", vec![shop()]);
    let no = world.ask::<Dossier>(&own(&he()), &id, by_portal.clone()).unwrap_err();
    let crate::world::No::Refused(refusal) = no else { panic!("{no:?}") };
    let yanhe_core::Reason::NotOnline { organ, phone, address } = refusal.reason else { panic!("{refusal:?}") };
    assert_eq!((organ.as_str(), phone.as_str()), ("海盐县市场监督管理局", "0573-86000000"));
    assert_eq!(address, "海盐县武原街道", "whom to ask and where the counter is");
    let mut oral = by_portal;
    if let dossier::Command::Apply { via, .. } = &mut oral {
        *via = dossier::Via::Oral;
    }
    world.do_::<Dossier>(&clerk(), &id, oral);
    assert_eq!(world.dossier(&id).stage, Stage::Applied);
}

#[test]
fn silence_until_the_last_day_is_no_consent_and_the_party_may_apply_again() {
    let mut world = World::new();
    let id = apply(&mut world, "silent");
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::AskConsent {});
    assert_eq!(world.dossier(&id).consents[0].due.last_day, date(2022, 3, 8));
    assert_eq!(world.no::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() }), "waiting");
    world.until(date(2022, 3, 8));
    assert_eq!(world.dossier(&id).stage, Stage::Applied, "the last day is not over");
    world.until(date(2022, 3, 9));
    let state = world.dossier(&id);
    assert_eq!((state.stage, state.refused_for.as_str()), (Stage::Refused, "party_silent"));
    assert_eq!(world.dossiers[&id].events.last().unwrap().0, "2022-03-08T16:00:00Z".parse::<Timestamp>().unwrap());
    apply(&mut world, "again");
    assert!(world.refused_jobs.is_empty());
}

#[test]
fn an_answer_in_time_stops_the_timer_and_one_after_the_last_day_does_not_count() {
    let mut world = World::new();
    let id = apply(&mut world, "answered");
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::AskConsent {});
    let answer = |on| dossier::Command::AnswerConsent {
        electronic: None,
        answer: Decision::No,
        on,
        person: None,
        slip: None,
        how: "电话答复".into(),
    };
    assert_eq!(
        world.no::<Dossier>(&own(&he()), &id, answer(date(2022, 3, 1))),
        "not_now",
        "only the one who was asked"
    );
    assert_eq!(world.no::<Dossier>(&own(&shop()), &id, answer(date(2022, 3, 2))), "field", "not in the future");
    world.do_::<Dossier>(&own(&shop()), &id, answer(date(2022, 3, 1)));
    assert!(world.timers.is_empty());
    assert_eq!(world.no::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() }), "waiting");
    world.do_::<Dossier>(
        &clerk(),
        &id,
        dossier::Command::Refuse { ground: "party_refuses".into(), note: String::new(), competent: String::new() },
    );

    let late = apply(&mut world, "late");
    world.do_::<Dossier>(&clerk(), &late, dossier::Command::AskConsent {});
    // The server slept: the timer has not fired yet.
    world.now = yanhe_core::time::at_county(date(2022, 3, 9).at(8, 0, 0, 0));
    assert_eq!(world.no::<Dossier>(&clerk(), &late, answer(date(2022, 3, 9))), "period_expired");
    world.do_::<Dossier>(&clerk(), &late, answer(date(2022, 3, 8)));
}

#[test]
fn a_mediation_ends_with_its_period_and_only_then() {
    let mut world = World::new();
    world.origin = None;
    let id = apply(&mut world, "expires");
    accept(&mut world, &id);
    let last = world.dossier(&id).period.as_ref().unwrap().last_day;
    assert_eq!(last, date(2022, 5, 6), "45 working days, two of them make-up days");
    world.until(last);
    assert_eq!(world.dossier(&id).stage, Stage::Mediating);
    world.until(last.tomorrow().unwrap());
    let ended = world.dossier(&id).ended.clone().unwrap();
    assert_eq!((ended.ground.as_str(), ended.on), ("expired", last.tomorrow().unwrap()));
    assert_eq!((world.count("ended"), world.count("successful")), (1, 0));
}

/// A case whose agreement is issued for signing, due in December.
pub fn signing(world: &mut World, key: &str) -> yanhe_core::StreamId {
    let id = apply(world, key);
    accept(world, &id);
    name_mediator(world, &id);
    session(world, &id, "agreed");
    issue(world, &id, &[date(2022, 12, 1)]);
    id
}

pub fn voided(world: &World, paper: &yanhe_core::StreamId) -> bool {
    world.papers[paper].state.as_ref().unwrap().void.is_some()
}

#[test]
pub fn signing_ends_with_the_period_and_the_paper_falls_with_it() {
    let mut world = World::new();
    let id = signing(&mut world, "signing");
    let paper = world.dossier(&id).agreement.clone().unwrap().paper.id;
    sign(&mut world, &id, &own(&he()));
    let last = world.dossier(&id).period.as_ref().unwrap().last_day;
    world.until(last);
    assert_eq!(world.dossier(&id).stage, Stage::Signing);
    world.until(last.tomorrow().unwrap());
    let state = world.dossier(&id);
    assert_eq!((state.stage, state.ended.as_ref().unwrap().ground.as_str()), (Stage::Ended, "expired"));
    assert!(voided(&world, &paper), "nobody takes it for an agreement");
    assert_eq!(world.order("void_notice").paper.number, "盐市监调废〔2022〕1号");
    let why = world.order("void_notice").data["reason"].to_string();
    assert_eq!(world.order("void_notice").data["parties"].as_array().map(Vec::len), Some(2), "both are told");
    assert!(why.contains("期限届满") && !why.contains("撤回"), "nobody took it back: {why}");
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn what_every_party_has_signed_is_not_ended_by_the_period() {
    let mut world = World::new();
    let id = signing(&mut world, "signed");
    for actor in [own(&he()), own(&shop())] {
        sign(&mut world, &id, &actor);
    }
    world.until(date(2022, 6, 1));
    assert_eq!(world.dossier(&id).stage, Stage::Signing, "the mediator and the seal are not the parties' to bring");
    sign(&mut world, &id, &mediator());
    world.do_::<Dossier>(&leader(), &id, dossier::Command::SealAgreement {});
    assert_eq!(world.dossier(&id).stage, Stage::Performing);
}

#[test]
fn an_issued_agreement_can_be_taken_back_for_another_draft_and_its_signatures_fall() {
    let mut world = World::new();
    let id = signing(&mut world, "back");
    let first = world.dossier(&id).agreement.clone().unwrap().paper;
    sign(&mut world, &id, &own(&he()));
    let back = |reason: &str| dossier::Command::WithdrawAgreement { reason: reason.into() };
    assert_eq!(world.no::<Dossier>(&own(&he()), &id, back(GOSSIP)), "denied");
    assert_eq!(world.no::<Dossier>(&mediator(), &id, back(" ")), "field");
    world.do_::<Dossier>(&mediator(), &id, back(GOSSIP));
    assert_eq!(world.dossier(&id).stage, Stage::Mediating);
    assert!(voided(&world, &first.id));
    let notice = world.order("void_notice").data.clone();
    assert!(notice["reason"].to_string().contains(GOSSIP), "why, as it was typed: {notice}");
    let parties = [he(), shop()].map(|party| serde_json::to_value(party.name.personal(&party.person)).unwrap());
    assert_eq!(notice["parties"], serde_json::json!(parties), "for whom it is");
    assert_eq!(world.no::<Dossier>(&mediator(), &id, back(GOSSIP)), "not_now");
    issue(&mut world, &id, &[date(2022, 3, 20)]);
    let second = world.dossier(&id).agreement.clone().unwrap();
    assert_ne!(second.paper.number, first.number, "another paper with another number");
    assert!(second.signatures.is_empty());
    conclude(&mut world, &id);
    world.until(date(2022, 6, 1));
    assert_eq!(world.dossier(&id).stage, Stage::Performing, "the period ended with the effect");
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn every_ground_leaves_ways_that_fit_the_dispute_and_says_what_still_runs() {
    let mut world = World::new();
    let civil = apply(&mut world, "civil");
    let about_a_fine = new_dossier("administrative");
    world.do_::<Dossier>(&own(&he()), &about_a_fine, application("penalty-discretion", vec![]));
    let wages = new_dossier("wages");
    world.do_::<Dossier>(&own(&he()), &wages, application("wages", vec![shop()]));
    let today = world.today();
    for (id, mine, others) in [
        (&civil, vec!["suit_civil"], vec!["review", "suit_administrative", "arbitration_labour", "carry_out"]),
        (&about_a_fine, vec!["review", "suit_administrative"], vec!["suit_civil", "arbitration", "enforcement"]),
        (&wages, vec!["arbitration_labour"], vec!["suit_civil", "review"]),
    ] {
        let state = world.dossier(id);
        let grounds =
            dossier::grounds::of_refusal(state, &PACK).chain(dossier::grounds::of_ending(state, &PACK, today));
        for ground in grounds {
            let ways = dossier::grounds::ways(state, None, Some(ground), &PACK, today);
            let dated: Vec<_> = ways.iter().filter(|w| w.limit.is_some()).map(|w| w.route.id.as_str()).collect();
            assert!(mine.iter().all(|id| dated.contains(id)) && dated.len() == mine.len(), "{}: {dated:?}", ground.id);
            let ids: Vec<_> = ways.iter().map(|w| w.route.id.as_str()).collect();
            assert!(others.iter().all(|id| !ids.contains(id)), "{}: {ids:?}", ground.id);
        }
        // Long afterwards nobody is sent where it is too late, nor told to mind a day that has passed.
        let late = date(2026, 6, 1);
        let ways = dossier::grounds::ways(state, None, PACK.refusal_ground("mediated"), &PACK, late);
        assert!(!ways.is_empty() && ways.iter().all(|way| way.limit.is_none()), "{ways:?}");
        let open = |id: &str| ways.iter().any(|way| way.route.id == id);
        assert!(!open("review") && !open("suit_administrative"));
        assert_eq!(open("suit_civil"), id == &civil, "a court does not look at limitation by itself");
    }
}

#[test]
fn limits_of_a_claim_are_told_to_who_has_it_and_not_to_the_other_side() {
    let mut world = World::new();
    // A claim that is too late: nobody tells the debtor.
    let mut claim = application("consumer", vec![shop()]);
    if let dossier::Command::Apply { known_on, .. } = &mut claim {
        *known_on = Some(date(2018, 5, 2));
    }
    let late = new_dossier("late claim");
    world.do_::<Dossier>(&own(&he()), &late, claim);
    let to = |world: &World, kind: &str, person: &yanhe_core::PersonId| {
        let mine = world.orders.iter().rfind(|o| {
            o.paper.kind == kind && o.addressee.as_ref().is_some_and(|addressee| addressee.person == *person)
        });
        mine.unwrap_or_else(|| panic!("no {kind} to {person}")).data.clone()
    };
    accept(&mut world, &late);
    assert_eq!(to(&world, "acceptance_notice", &he().person)["limits"][0]["last_day"], "2021-05-06");
    assert_eq!(to(&world, "acceptance_notice", &shop().person)["limits"], serde_json::json!([]));
    // One that is in time, and comes to nothing.
    let claim = apply(&mut world, "claim");
    accept(&mut world, &claim);
    name_mediator(&mut world, &claim);
    let end = dossier::Command::EndMediation { ground: "no_agreement".into() };
    world.do_::<Dossier>(&leader(), &claim, end);
    let days = |person: &yanhe_core::PersonId| {
        let routes = to(&world, "end_notice", person)["routes"].as_array().unwrap().clone();
        routes.iter().filter(|route| !route["last_day"].is_null()).count()
    };
    assert_eq!((days(&he().person), days(&shop().person)), (1, 0));
    let ways = dossier::grounds::ways(
        world.dossier(&claim),
        Some(&shop().person),
        PACK.ending_grounds.first(),
        &PACK,
        world.today(),
    );
    assert!(!ways.is_empty() && ways.iter().all(|way| way.limit.is_none()), "{ways:?}");
}

#[test]
fn no_ground_stands_against_what_is_on_file() {
    let mut world = World::new();
    let refuse = |ground: &str| dossier::Command::Refuse {
        ground: ground.into(),
        note: GOSSIP.into(),
        competent: String::new(),
    };
    let id = apply(&mut world, "said yes");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, refuse("party_refuses")), "field", "nobody was asked");
    consent(&mut world, &id);
    let no = world.ask::<Dossier>(&clerk(), &id, refuse("party_refuses")).unwrap_err();
    let No::Refused(refusal) = no else { panic!("{no:?}") };
    assert!(!refusal.basis.is_empty(), "the article is named");
    let open: Vec<_> = dossier::grounds::of_refusal(world.dossier(&id), &PACK).map(|g| g.id.as_str()).collect();
    assert!(!open.contains(&"party_refuses") && open.contains(&"settled"), "{open:?}");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, refuse("not_discretion")), "field", "it is a civil dispute");
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() });
    let end = dossier::Command::EndMediation { ground: "expired".into() };
    assert_eq!(world.no::<Dossier>(&leader(), &id, end), "field", "the period runs");
}

#[test]
fn a_late_performance_mends_the_breach() {
    let mut world = World::new();
    let id = apply(&mut world, "breach");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    issue(&mut world, &id, &[date(2022, 3, 10), date(2022, 3, 20)]);
    conclude(&mut world, &id);
    let breach = |obligation, on| dossier::Command::RecordBreach { obligation, on, note: GOSSIP.into() };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, breach(1, date(2022, 3, 1))), "waiting", "nothing is due");
    world.until(date(2022, 3, 15));
    assert_eq!(world.no::<Dossier>(&clerk(), &id, breach(2, date(2022, 3, 15))), "field", "the second is not due");
    assert_eq!(
        world.no::<Dossier>(&clerk(), &id, breach(1, date(2022, 3, 9))),
        "date_order",
        "no breach before the due date"
    );
    world.do_::<Dossier>(&clerk(), &id, breach(1, date(2022, 3, 11)));
    assert_eq!(world.dossier(&id).stage, Stage::Breached);
    performed(&mut world, &id, 1);
    assert_eq!(world.dossier(&id).stage, Stage::Performing, "nothing is in breach any more");
    performed(&mut world, &id, 2);
    assert_eq!(world.dossier(&id).stage, Stage::Performed);
    assert_eq!((world.count("breached"), world.count("performed")), (1, 1));
    assert_eq!(
        world.no::<Dossier>(
            &clerk(),
            &id,
            dossier::Command::ReportPerformance { obligation: 1, on: date(2022, 3, 15), note: String::new() }
        ),
        "not_now"
    );
}

#[test]
fn a_correction_needs_another_persons_approval() {
    let mut world = World::new();
    let id = apply(&mut world, "corrected");
    let ask = |field: &str| dossier::Command::AskCorrection {
        field: field.into(),
        after: "枫溪新村十二幢".into(),
        reason: GOSSIP.into(),
    };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, ask("organ")), "field");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, ask("address/2")), "field", "there are two parties");
    world.do_::<Dossier>(&clerk(), &id, ask("address/1"));
    assert_eq!(world.tasks(&id), ["ask_consent", "correct"]);
    assert_eq!(world.no::<Dossier>(&clerk(), &id, dossier::Command::ApproveCorrection { correction: 0 }), "denied");
    let same = yanhe_core::policy::Actor { id: clerk().id, ..leader() };
    assert_eq!(world.no::<Dossier>(&same, &id, dossier::Command::ApproveCorrection { correction: 0 }), "own_request");
    assert!(world.open::<Dossier>(&same, &id, Act::ApproveCorrection).is_err(), "the button is not there either");
    world.do_::<Dossier>(&leader(), &id, dossier::Command::ApproveCorrection { correction: 0 });
    let state = world.dossier(&id);
    assert_eq!(state.respondents[0].address.as_ref().unwrap().text(), "枫溪新村十二幢");
    assert_eq!(state.applicants[0].address, he().address, "nobody else's");
    assert_eq!(state.corrections[0].before.text(), "银杏里九号");
    assert_eq!(world.tasks(&id), ["ask_consent"]);
}

#[test]
fn a_withdrawn_matter_is_found_by_nobody_and_can_come_again() {
    let mut world = World::new();
    let registered = complaint("HY202203010004", date(2022, 3, 1));
    let matter = register(&mut world, registered.clone());
    let takes_part = |world: &World| world.rows.keys().filter(|(table, _)| *table == "takes_part").count();
    assert_eq!(takes_part(&world), 2);
    assert!(
        world
            .do_::<Matter>(&clerk(), &matter, matter::Command::Register { matter: Box::new(registered.clone()) })
            .is_empty()
    );
    let changed = matter::Registered { category: "举报".into(), ..registered.clone() };
    assert_eq!(
        world.no::<Matter>(&clerk(), &matter, matter::Command::Register { matter: Box::new(changed) }),
        "differs"
    );
    world.do_::<Matter>(&clerk(), &matter, matter::Command::Withdraw { reason: GOSSIP.into() });
    assert_eq!(takes_part(&world), 0);
    assert!(world.tasks(&matter).is_empty());
    register(&mut world, registered);
    assert_eq!(world.matter(&matter).standing, Standing::Proposed);
    assert_eq!(takes_part(&world), 2);
}

#[test]
fn the_same_export_again_changes_nothing_and_brings_nothing_erased_back() {
    let mut world = World::new();
    let mut registered = complaint("HY202203010005", date(2022, 3, 1));
    let update = |phone: &str| matter::Command::Update {
        status: "已签收".into(),
        own_due_on: Some(date(2022, 3, 15)),
        phone: Some(phone.into()),
        address: Some("白荷路七十七弄".into()),
        row: None,
        taken_back: None,
    };
    let matter = register(&mut world, registered.clone());
    assert_eq!(world.do_::<Matter>(&clerk(), &matter, update("19900007002")).len(), 1);
    assert!(world.do_::<Matter>(&clerk(), &matter, update("19900007002")).is_empty());

    registered.number = "HY202203010006".into();
    registered.complainant = registered.complainant.map(|mut p| {
        p.phone.as_mut().unwrap().value = None;
        p.name = yanhe_core::party::Name::Human(yanhe_core::Personal { of: p.person.clone(), value: None });
        p
    });
    let erased = register(&mut world, registered.clone());
    world.do_::<Matter>(&clerk(), &erased, update("19900007002"));
    assert_eq!(world.matter(&erased).matter.complainant.as_ref().unwrap().phone_text(), None);
    let named = matter::Registered { complainant: Some(he()), status: "已签收".into(), ..registered };
    assert!(world.do_::<Matter>(&clerk(), &erased, matter::Command::Register { matter: Box::new(named) }).is_empty());

    let mut unnamed = complaint("HY202203010007", date(2022, 3, 1));
    unnamed.complainant = None;
    let unnamed = register(&mut world, unnamed);
    assert_eq!(world.do_::<Matter>(&clerk(), &unnamed, update("19900007002")).len(), 1);
    assert!(
        world.do_::<Matter>(&clerk(), &unnamed, update("19900007002")).is_empty(),
        "a phone of nobody is no change"
    );
}

#[test]
fn a_dossier_names_the_firm_openly_and_the_human_being_sealed() {
    let mut world = World::new();
    let id = apply(&mut world, "row");
    let row = world.rows.iter().find(|((table, _), _)| *table == "dossier").unwrap().1.clone();
    assert!(row.contains(&Cell::Sealed(he().person, "贺秋生".into())));
    assert!(row.contains(&Cell::Open("海盐千禾电器商行".into())));
    assert!(row.contains(&Cell::Text(world.dossier(&id).application.number.clone())));
}

#[test]
fn what_must_be_signed_by_hand_is_not_offered_on_a_screen() {
    let mut world = World::new();
    let id = new_dossier("heirs");
    let mut command = application("consumer", vec![ruan()]);
    if let dossier::Command::Apply { claims, .. } = &mut command {
        *claims = "请求分割遗产".into();
    }
    world.do_::<Dossier>(&own(&he()), &id, command);
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::AskConsent {});
    let answer = dossier::Command::AnswerConsent {
        electronic: None,
        answer: Decision::Yes,
        on: date(2022, 3, 1),
        person: None,
        slip: None,
        how: "电话答复".into(),
    };
    world.do_::<Dossier>(&own(&ruan()), &id, answer);
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() });
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    issue(&mut world, &id, &[date(2022, 3, 20)]);
    assert_eq!(world.open::<Dossier>(&own(&he()), &id, Act::SignAgreement).unwrap_err().reason(), "paper_only");
    assert!(world.open::<Dossier>(&clerk(), &id, Act::AttestSignature).is_ok());
}

#[test]
fn a_title_hidden_in_any_clause_bars_confirmation() {
    let mut world = World::new();
    let id = apply(&mut world, "title");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    let mut terms = draft(&world, &id, &[date(2022, 3, 20)]);
    terms.text = said("车位的所有权归贺秋生");
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::DraftAgreement { draft: terms });
    identify(&mut world, &id);
    sign_record(&mut world, &id);
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::IssueAgreement {});
    conclude(&mut world, &id);
    assert_eq!(world.dossier(&id).agreement.as_ref().unwrap().not_confirmable, "property_title");
    let draft = confirmation::Command::Draft {};
    assert_eq!(world.no::<Confirmation>(&own(&he()), &confirmation_of(&id), draft), "not_confirmable");
}
