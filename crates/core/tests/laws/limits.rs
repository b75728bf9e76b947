//! Last days in the streams.

use jiff::civil::date;
use yanhe_core::Reason;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier, Via};
use yanhe_core::matter::{self, Matter};
use yanhe_core::policy::{Act, Role};

use crate::people::{GOSSIP, he, own, shop, staff};
use crate::play::*;
use crate::world::{No, World, confirmation_of, sha};

#[test]
fn a_confirmation_that_nobody_asks_for_lapses_after_its_last_day_and_not_before() {
    let mut world = World::new();
    let id = agreement(&mut world, "lapse");
    world.until(date(2022, 3, 31));
    assert!(!world.dossier(&id).confirmation_lapsed, "the 30th day is still in time");
    world.until(date(2022, 4, 1));
    assert!(world.dossier(&id).confirmation_lapsed);

    let asked = agreement(&mut world, "asked");
    world.do_::<Confirmation>(&mediator(), &confirmation_of(&asked), confirmation::Command::Draft {});
    world.until(date(2022, 6, 1));
    assert!(!world.dossier(&asked).confirmation_lapsed, "an application was drafted in time");
}

#[test]
fn an_agreement_signed_on_the_31st_day_can_no_longer_be_confirmed() {
    let mut world = World::new();
    let id = agreement(&mut world, "day31");
    assert_eq!(world.dossier(&id).agreement.as_ref().unwrap().effective_on, Some(date(2022, 3, 1)));
    let court = confirmation_of(&id);
    world.until(date(2022, 3, 31));
    world.do_::<Confirmation>(&mediator(), &court, confirmation::Command::Draft {});
    let sha256 = sha(&world.confirmation(&court).application);
    let sign = confirmation::Command::Sign { sha256 };
    world.do_::<Confirmation>(&own(&he()), &court, sign.clone());
    world.until(date(2022, 4, 1));
    assert_eq!(world.no::<Confirmation>(&own(&shop()), &court, sign), "period_expired", "the 31st day");
    let attest = confirmation::Command::Attest(dossier::ByHand {
        signer: format!("party/{}", shop().person),
        on: date(2022, 4, 1),
        manner: "hand".into(),
        check_code: world.confirmation(&court).check_code.clone(),
        scan: "0".repeat(64),
        original: "卷宗".into(),
    });
    assert_eq!(world.no::<Confirmation>(&clerk(), &court, attest), "period_expired");

    let other = agreement(&mut world, "other");
    world.until(date(2022, 5, 6));
    let no = world.no::<Confirmation>(&mediator(), &confirmation_of(&other), confirmation::Command::Draft {});
    assert_eq!(no, "period_expired", "30 days from 1 April, moved over the holiday to 5 May");
}

#[test]
fn a_signed_application_is_filed_within_the_limit_or_not_at_all() {
    let mut world = World::new();
    let id = agreement(&mut world, "late");
    let court = confirmation_of(&id);
    world.do_::<Confirmation>(&mediator(), &court, confirmation::Command::Draft {});
    assert_eq!(
        world.no::<Confirmation>(&own(&he()), &court, confirmation::Command::File { on: None, how: String::new() }),
        "signatures_missing"
    );
    let sha256 = sha(&world.confirmation(&court).application);
    for party in [he(), shop()] {
        world.do_::<Confirmation>(&own(&party), &court, confirmation::Command::Sign { sha256: sha256.clone() });
    }
    world.until(date(2022, 4, 1));
    assert_eq!(
        world.no::<Confirmation>(&own(&he()), &court, confirmation::Command::File { on: None, how: String::new() }),
        "period_expired"
    );
}

#[test]
fn consent_is_due_on_the_earlier_of_both_last_days() {
    let mut world = World::new();
    let id = apply(&mut world, "early");
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::AskConsent {});
    let due = world.dossier(&id).consents[0].due.clone();
    assert_eq!((due.limit.as_str(), due.last_day), ("mediation.consent", date(2022, 3, 8)), "five working days");

    let mut world = World::new();
    let id = apply(&mut world, "late");
    world.until(date(2022, 3, 7));
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::AskConsent {});
    let due = world.dossier(&id).consents[0].due.clone();
    assert_eq!(
        (due.limit.as_str(), due.last_day),
        ("mediation.consent", date(2022, 3, 10)),
        "the last day of acceptance"
    );
}

fn limits_of(entry: &str, known: jiff::civil::Date) -> Vec<(String, jiff::civil::Date, bool)> {
    let mut world = World::new();
    let id = new_dossier("limits");
    let mut command = application(entry, vec![shop()]);
    if let dossier::Command::Apply { known_on, .. } = &mut command {
        *known_on = Some(known);
    }
    world.do_::<Dossier>(&own(&he()), &id, command);
    world.dossier(&id).limits.iter().map(|l| (l.deadline.limit.clone(), l.deadline.last_day, l.interrupted)).collect()
}

#[test]
fn a_civil_application_interrupts_limitation_and_labour_counts_by_its_own_law() {
    assert_eq!(limits_of("consumer", date(2021, 5, 1)), [("limitation.civil".into(), date(2025, 3, 3), true)]);
    assert_eq!(limits_of("wages", date(2021, 5, 1)), [("arbitration.labour".into(), date(2023, 3, 1), true)]);
}

#[test]
fn a_limitation_that_has_run_out_is_not_interrupted() {
    assert_eq!(limits_of("consumer", date(2018, 5, 2)), [("limitation.civil".into(), date(2021, 5, 6), false)]);
    assert_eq!(limits_of("wages", date(2021, 2, 20)), [("arbitration.labour".into(), date(2022, 2, 21), false)]);
    assert!(!limits_of("consumer", date(2004, 1, 2))[0].2);
}

#[test]
fn a_day_from_which_no_limit_can_be_counted_is_refused_and_no_limit_vanishes() {
    let mut world = World::new();
    for entry in ["consumer", "penalty-discretion"] {
        let mut early = application(entry, vec![shop()]);
        if let dossier::Command::Apply { known_on, .. } = &mut early {
            *known_on = Some(date(2003, 12, 31));
        }
        let no = world.ask::<Dossier>(&own(&he()), &new_dossier("early"), early).unwrap_err();
        let crate::world::No::Refused(refusal) = no else { panic!("{no:?}") };
        let expected = yanhe_core::Reason::Field { field: "known_on".into(), problem: "before_calendar".into() };
        assert_eq!(refusal.reason, expected, "{entry}");
    }
}

#[test]
fn an_acceptance_promises_of_its_period_what_the_rule_of_its_sector_gives() {
    let county = "本县行政调解工作规则（暂行）";
    for (entry, extendable, suspendable, basis) in [
        ("consumer", false, true, "《市场监督管理投诉举报处理暂行办法》第十四条"),
        ("wages", true, true, county),
        ("road-accident", false, false, county),
    ] {
        let mut world = World::new();
        let id = new_dossier("period");
        world.do_::<Dossier>(&own(&he()), &id, application(entry, vec![shop()]));
        accept(&mut world, &id);
        let said = &world.order("acceptance_notice").data;
        let rule = (said["extendable"].as_bool(), said["suspendable"].as_bool());
        assert_eq!(rule, (Some(extendable), Some(suspendable)), "{entry}");
        assert_eq!(said["basis"], serde_json::json!([basis]), "what acceptance rests on, as papers cite it: {entry}");
    }
}

#[test]
fn the_record_of_an_oral_application_says_what_it_does_to_each_limit() {
    let note = |known| {
        let mut world = World::new();
        let id = new_dossier("told");
        let mut command = application("consumer", vec![shop()]);
        if let dossier::Command::Apply { via, known_on, .. } = &mut command {
            (*via, *known_on) = (Via::Oral, Some(known));
        }
        world.do_::<Dossier>(&clerk(), &id, command);
        world.order("oral_application").data["limits"][0]["note"].as_str().unwrap().to_owned()
    };
    assert!(note(date(2021, 5, 1)).contains("重新计算"));
    let over = note(date(2018, 5, 2));
    assert!(over.contains("已过") && !over.contains("不停止"), "{over}");
}

#[test]
fn limits_of_review_and_suit_run_on() {
    let mut world = World::new();
    let matter = register(&mut world, penalty("盐市监罚决〔2022〕9号", date(2022, 2, 1)));
    world.origin = Some(matter);
    let id = new_dossier("run-on");
    world.do_::<Dossier>(&own(&he()), &id, application("", vec![]));
    let limits: Vec<_> = world.dossier(&id).limits.iter().map(|l| (l.deadline.last_day, l.interrupted)).collect();
    assert_eq!(
        limits,
        [(date(2022, 4, 2), false), (date(2022, 8, 1), false)],
        "60 days (a make-up Saturday) and 6 months"
    );
}

#[test]
fn an_act_that_is_complained_of_was_known_when_the_complaint_was_registered_at_the_latest() {
    let mut world = World::new();
    let matter = register(&mut world, complaint("HY202203010031", date(2022, 3, 1)));
    let to = vec![matter::Recipient { role: "complainant".into(), channel: String::new(), contact: None }];
    let found = matter::Command::SendLetters { to, entry: Some("penalty-discretion".into()), reason: GOSSIP.into() };
    world.do_::<Matter>(&clerk(), &matter, found);
    let notes = |order: &yanhe_core::stream::PaperOrder| -> Vec<String> {
        let limits = order.data["limits"].as_array().unwrap().iter();
        limits.map(|limit| limit["note"].as_str().unwrap().to_owned()).collect()
    };
    let letter = notes(world.orders.iter().find(|o| o.paper.kind == "guidance_letter").unwrap());
    assert!(letter.iter().all(|n| n.contains("暂自2022年3月1日起算") && n.contains("最后一日也更早")), "{letter:?}");
    world.origin = Some(matter);
    let days = |world: &World, case: &yanhe_core::StreamId| {
        let limits = world.dossier(case).limits.iter();
        limits.map(|limit| (limit.deadline.from, limit.assumed)).collect::<Vec<_>>()
    };
    // The fine of half a year ago is contested from half a year ago.
    let named = new_dossier("named");
    let mut early = application("", vec![]);
    if let dossier::Command::Apply { known_on, .. } = &mut early {
        *known_on = Some(date(2021, 9, 6));
    }
    world.do_::<Dossier>(&own(&he()), &named, early);
    assert_eq!(days(&world, &named), [(date(2021, 9, 6), false); 2]);
    let withdraw = dossier::Command::WithdrawApplication { person: None, on: world.today(), how: String::new() };
    world.do_::<Dossier>(&own(&he()), &named, withdraw);
    let left_out = new_dossier("left out");
    world.do_::<Dossier>(&own(&he()), &left_out, application("", vec![]));
    assert_eq!(days(&world, &left_out), [(date(2022, 3, 1), true); 2]);
    let application = notes(world.orders.iter().rev().find(|o| o.paper.kind.contains("application")).unwrap());
    assert!(application.iter().all(|note| note.contains("暂自2022年3月1日起算")), "{application:?}");
}

#[test]
fn without_a_letter_a_day_that_nobody_names_is_assumed_and_one_that_is_proved_is_not() {
    let mut world = World::new();
    let assumed = |world: &World, case: &yanhe_core::StreamId| {
        world.dossier(case).limits.iter().map(|limit| limit.assumed).collect::<Vec<_>>()
    };
    for (entry, others) in [("penalty-discretion", vec![]), ("consumer", vec![shop()])] {
        let case = new_dossier(entry);
        world.do_::<Dossier>(&own(&he()), &case, application(entry, others));
        let assumed = assumed(&world, &case);
        assert!(!assumed.is_empty() && assumed.iter().all(|assumed| *assumed), "{entry}");
    }
    let note = world.order("application").data["limits"][0]["note"].as_str().unwrap().to_owned();
    assert!(note.contains("没有写明何时知道权利受到损害"), "{note}");
    // A decision that was served on the very day on which it was made: the day stays, and is certain now.
    let matter = register(&mut world, penalty("盐市监罚决〔2022〕19号", date(2022, 2, 28)));
    world.origin = Some(matter.clone());
    let case = new_dossier("served");
    world.do_::<Dossier>(&own(&he()), &case, application("", vec![]));
    assert_eq!(assumed(&world, &case), [true, true]);
    world.do_::<Matter>(&clerk(), &matter, matter::Command::EnterServed { on: date(2022, 2, 28) });
    assert_eq!(assumed(&world, &case), [false, false]);
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn a_road_accident_session_is_announced_three_days_before() {
    let mut world = World::new();
    let police = |role| staff("gongan", role);
    let id = new_dossier("road");
    let mut command = application("road-accident", vec![shop()]);
    if let dossier::Command::Apply { organ, via, .. } = &mut command {
        *organ = "gongan".into();
        *via = Via::Oral;
    }
    assert_eq!(world.no::<Dossier>(&clerk(), &id, command.clone()), "denied", "another organ's desk");
    world.do_::<Dossier>(&police(Role::Clerk), &id, command);
    assert_eq!(world.dossier(&id).application.number, "盐公调申〔2022〕1号", "one series with the written ones");
    assert_eq!(world.dossier(&id).sector.as_deref(), Some("traffic"));
    world.do_::<Dossier>(&police(Role::Clerk), &id, dossier::Command::AskConsent {});
    let on = world.today();
    let answer = dossier::Command::AnswerConsent {
        electronic: None,
        answer: dossier::Decision::Yes,
        on,
        person: None,
        slip: None,
        how: "电话答复".into(),
    };
    world.do_::<Dossier>(&own(&shop()), &id, answer);
    world.do_::<Dossier>(&police(Role::Clerk), &id, dossier::Command::Accept { reason: String::new() });
    let staff = world.name(&police(Role::Mediator));
    world.do_::<Dossier>(&police(Role::Leader), &id, dossier::Command::NameMediator { staff, legal_section: false });
    world.do_::<Dossier>(&police(Role::Mediator), &id, dossier::Command::DeclareConflict { conflict: false });
    let call = |day: i8| dossier::Command::CallSession { at: date(2022, 3, day).at(9, 0, 0, 0), place: GOSSIP.into() };
    assert_eq!(world.no::<Dossier>(&police(Role::Mediator), &id, call(3)), "period_expired");
    world.do_::<Dossier>(&police(Role::Mediator), &id, call(4));
}

#[test]
fn a_public_order_case_has_one_session_more_within_seven_working_days() {
    let mut world = World::new();
    let id = new_dossier("police");
    let police = |role| staff("gongan", role);
    let mut command = application("public-order", vec![shop()]);
    if let dossier::Command::Apply { organ, .. } = &mut command {
        *organ = "gongan".into();
    }
    world.do_::<Dossier>(&own(&he()), &id, command);
    assert_eq!(world.dossier(&id).sector.as_deref(), Some("police"));
    world.do_::<Dossier>(&police(Role::Clerk), &id, dossier::Command::AskConsent {});
    let on = world.today();
    world.do_::<Dossier>(
        &own(&shop()),
        &id,
        dossier::Command::AnswerConsent {
            electronic: None,
            answer: dossier::Decision::Yes,
            on,
            person: None,
            slip: None,
            how: "电话答复".into(),
        },
    );
    world.do_::<Dossier>(&police(Role::Clerk), &id, dossier::Command::Accept { reason: String::new() });
    let staff = world.name(&police(Role::Mediator));
    world.do_::<Dossier>(&police(Role::Leader), &id, dossier::Command::NameMediator { staff, legal_section: false });
    let mediator = police(Role::Mediator);
    world.do_::<Dossier>(&mediator, &id, dossier::Command::DeclareConflict { conflict: false });
    let call = |day: i8| dossier::Command::CallSession { at: date(2022, 3, day).at(9, 0, 0, 0), place: GOSSIP.into() };
    let hold = |day: i8| dossier::Command::RecordSession {
        asked: None,
        sitting: dossier::Sitting {
            held_at: date(2022, 3, day).at(9, 0, 0, 0),
            present: vec![he().person],
            statements: said(GOSSIP),
            undisputed: said(""),
            result: "adjourned".into(),
            rights_told: false,
            recusal: None,
            for_organ: None,
            otherwise: None,
        },
    };
    world.do_::<Dossier>(&mediator, &id, call(1));
    world.do_::<Dossier>(&mediator, &id, hold(1));
    assert_eq!(world.no::<Dossier>(&mediator, &id, call(11)), "period_expired", "the seventh working day is the tenth");
    world.do_::<Dossier>(&mediator, &id, call(10));
    world.until(date(2022, 3, 10));
    world.do_::<Dossier>(&mediator, &id, hold(10));
    assert_eq!(world.no::<Dossier>(&mediator, &id, call(10)), "already_done", "only once");
    assert!(world.open::<Dossier>(&mediator, &id, Act::CallSession).is_err());
}

#[test]
fn a_due_date_beyond_the_calendar_is_refused_before_anybody_signs() {
    let mut world = World::new();
    let id = apply(&mut world, "far");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    for (due, reason) in [(date(2060, 1, 1), "limit"), (date(2022, 2, 28), "field")] {
        let draft = draft(&world, &id, &[due]);
        assert_eq!(world.no::<Dossier>(&mediator(), &id, dossier::Command::DraftAgreement { draft }), reason, "{due}");
    }
}

#[test]
fn what_was_told_yesterday_counts_from_yesterday_and_what_a_party_sends_from_today() {
    let mut world = World::new();
    world.until(date(2022, 3, 4));
    let told = |day, by| {
        let mut command = application("consumer", vec![shop()]);
        if let dossier::Command::Apply { via, told_on, told_late, known_on, .. } = &mut command {
            (*via, *told_on, *known_on) = (by, Some(day), Some(date(2022, 2, 1)));
            *told_late = GOSSIP.into();
        }
        command
    };
    let oral = dossier::Via::Oral;
    for (day, problem) in [(date(2022, 3, 5), "future"), (date(2022, 1, 31), "before_known")] {
        let no = world.ask::<Dossier>(&clerk(), &new_dossier("early"), told(day, oral)).unwrap_err();
        let No::Refused(refusal) = no else { panic!("{no:?}") };
        assert_eq!(refusal.reason, Reason::Field { field: "told_on".into(), problem: problem.into() });
    }
    let id = new_dossier("yesterday");
    world.do_::<Dossier>(&clerk(), &id, told(date(2022, 3, 3), oral));
    let state = world.dossier(&id);
    assert_eq!((state.applied_on, state.accept_by.from), (date(2022, 3, 3), date(2022, 3, 3)));
    assert_eq!((state.limits[0].deadline.from, state.limits[0].interrupted), (date(2022, 3, 3), true));
    assert_eq!(world.order("oral_application").data["time"], "2022-03-03", "nobody noted the hour");
    // However late the organ is with it, the applicant's limit is interrupted by the day on which it was told.
    let late = new_dossier("late");
    world.do_::<Dossier>(&clerk(), &late, told(date(2022, 2, 2), oral));
    assert_eq!(world.dossier(&late).limits[0].deadline.from, date(2022, 2, 2));
    assert!(world.dossier(&late).accept_by.last_day < world.today());
    world.do_::<Dossier>(&clerk(), &late, dossier::Command::AskConsent {});
    assert_eq!(world.dossier(&late).consents[0].due.last_day, date(2022, 3, 11), "the other side loses no day by it");
    let sent = new_dossier("sent");
    world.do_::<Dossier>(&own(&he()), &sent, told(date(2022, 3, 3), dossier::Via::Portal));
    assert_eq!(world.dossier(&sent).applied_on, date(2022, 3, 4));
}

#[test]
fn what_was_told_before_the_last_working_day_is_written_down_with_a_reason() {
    let mut world = World::new();
    // A Monday: the working day before it is Friday the fourth.
    world.until(date(2022, 3, 7));
    let told = |day, why: &str| {
        let mut command = application("consumer", vec![shop()]);
        if let dossier::Command::Apply { via, told_on, told_late, .. } = &mut command {
            (*via, *told_on, *told_late) = (dossier::Via::Oral, Some(day), why.into());
        }
        command
    };
    world.do_::<Dossier>(&clerk(), &new_dossier("friday"), told(date(2022, 3, 4), ""));
    let no = world.ask::<Dossier>(&clerk(), &new_dossier("thursday"), told(date(2022, 3, 3), " ")).unwrap_err();
    let No::Refused(refusal) = no else { panic!("{no:?}") };
    assert_eq!(refusal.reason, Reason::Field { field: "told_late".into(), problem: "required".into() });
    let id = new_dossier("late, with a reason");
    world.do_::<Dossier>(&clerk(), &id, told(date(2022, 3, 3), GOSSIP));
    assert_eq!(world.dossier(&id).told_late.as_ref().map(|why| why.text()), Some(GOSSIP));
    assert!(world.order("oral_application").data["told_late"].to_string().contains(GOSSIP), "the record says why");
    // What needs no reason keeps none, and what a party sends is sent when it is sent.
    world.do_::<Dossier>(&clerk(), &new_dossier("today"), told(date(2022, 3, 7), GOSSIP));
    assert!(world.order("oral_application").data["told_late"].is_null());
}
