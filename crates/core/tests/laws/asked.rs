//! Who is asked, until when, and when silence counts; what an applicant can still do before it is decided.

use jiff::civil::date;
use yanhe_core::dossier::{self, Command, Decision, Dossier, Stage};
use yanhe_core::paper::{self, Paper};
use yanhe_core::party::Party;
use yanhe_core::policy::Act;
use yanhe_core::{Cell, Date, PersonId, StreamId};

use crate::people::{GOSSIP, he, own, ruan, shop};
use crate::play::*;
use crate::world::{PACK, World};

/// Somebody of whom nobody knows more than the name.
fn unknown() -> Party {
    Party::firm(PersonId("unknown".into()), "海盐无名商行")
}

fn asked(world: &mut World, key: &str, other: Party) -> StreamId {
    let id = new_dossier(key);
    world.do_::<Dossier>(&own(&he()), &id, application("consumer", vec![other]));
    world.do_::<Dossier>(&clerk(), &id, Command::AskConsent {});
    id
}

#[test]
fn nobody_is_silent_whose_letter_never_went_out() {
    let mut world = World::new();
    let id = asked(&mut world, "unsent", unknown());
    let letter = world.dossier(&id).consents[0].paper.id.clone();
    assert_eq!(world.order("consent_letter").channel, "address_needed");
    assert_eq!(world.tasks(&letter), ["address"], "somebody finds the address");
    world.until(date(2022, 3, 20));
    assert_eq!(world.dossier(&id).stage, Stage::Applied);
    assert_eq!(dossier::next_limit(world.dossier(&id)).unwrap().1, "mediation.accept", "the organ's own limit runs");
    // Printed, for an address that nobody knows: it reached nobody.
    world.do_::<Paper>(&clerk(), &letter, paper::Command::Dispatch { channel: "print".into(), to: None });
    assert_eq!(world.dossier(&id).consents[0].sent, None);
    // Sent at last: it is on its way, and nobody knows whether it was received.
    let send = paper::Command::Dispatch { channel: "mail".into(), to: Some("枫溪新村十二幢".into()) };
    world.do_::<Paper>(&clerk(), &letter, send);
    assert_eq!(world.tasks(&letter), ["record_service"]);
    assert_eq!(world.dossier(&id).consents[0].sent, None);
    world.until(date(2022, 4, 6));
    assert_eq!(world.dossier(&id).stage, Stage::Applied, "days on the road are nobody's silence");
    // From its receipt on the other side has its full days.
    world.serve(&clerk(), &letter);
    let due = world.dossier(&id).consents[0].due.last_day;
    assert_eq!(due, date(2022, 4, 13));
    world.until(due);
    assert_eq!(world.dossier(&id).stage, Stage::Applied);
    world.until(date(2022, 4, 14));
    assert_eq!(world.dossier(&id).refused_for, "party_silent", "nobody is said to have refused who did not answer");
    assert_eq!(world.order("refusal_notice").data["ground"], PACK.refusal_ground("party_silent").unwrap().name);
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn what_did_not_arrive_puts_no_limit_on_anybody() {
    let mut world = World::new();
    world.origin = Some(register(&mut world, complaint("HY202203010042", date(2022, 3, 1))));
    let id = asked(&mut world, "failed", shop());
    let letter = world.dossier(&id).consents[0].paper.id.clone();
    assert_eq!(world.dossier(&id).consents[0].sent, Some(date(2022, 3, 1)));
    let failed = paper::Command::RecordService {
        manner: "post".into(),
        on: date(2022, 3, 1),
        at: None,
        served: false,
        receiver: String::new(),
        note: GOSSIP.into(),
    };
    world.do_::<Paper>(&clerk(), &letter, failed);
    world.until(date(2022, 3, 20));
    assert_eq!(world.dossier(&id).stage, Stage::Applied);
}

#[test]
fn the_days_to_answer_count_from_the_receipt_that_was_recorded() {
    let mut world = World::new();
    world.origin = Some(register(&mut world, complaint("HY202203010043", date(2022, 3, 1))));
    let id = asked(&mut world, "received", shop());
    let letter = world.dossier(&id).consents[0].paper.id.clone();
    let due = world.dossier(&id).consents[0].due.last_day;
    assert_eq!(
        (world.dossier(&id).consents[0].sent, due),
        (Some(date(2022, 3, 1)), date(2022, 3, 8)),
        "a message is there"
    );
    // It was read a week later only, as the proof of service says.
    world.until(due);
    world.serve(&clerk(), &letter);
    let consent = world.dossier(&id).consents[0].clone();
    assert_eq!(
        (consent.sent, consent.due.from, consent.due.last_day),
        (Some(due), due, date(2022, 3, 10)),
        "acceptance ends then"
    );
    world.until(date(2022, 3, 10));
    assert_eq!(world.dossier(&id).stage, Stage::Applied);
    world.until(date(2022, 3, 11));
    assert_eq!(world.dossier(&id).refused_for, "party_silent");
}

#[test]
fn a_message_to_a_phone_that_the_applicant_alone_named_makes_nobody_silent() {
    let mut world = World::new();
    let id = asked(&mut world, "named phone", shop());
    let letter = world.dossier(&id).consents[0].paper.id.clone();
    assert_eq!((world.order("consent_letter").channel.as_str(), world.dossier(&id).consents[0].sent), ("sms", None));
    assert_eq!(world.tasks(&letter), ["record_service"], "it is handed over, or posted with a receipt");
    assert_eq!(world.tasks(&id), ["answer"]);
    // A second message proves no more than the first.
    let again = paper::Command::Dispatch { channel: "sms".into(), to: None };
    world.do_::<Paper>(&clerk(), &letter, again);
    world.until(date(2022, 3, 20));
    let state = world.dossier(&id);
    assert_eq!((state.stage, state.consents[0].sent, state.consents[0].answer), (Stage::Applied, None, None));
    assert_eq!(dossier::next_limit(state).unwrap().1, "mediation.accept", "the organ's own limit runs");
    // Whoever answers has answered, and whom nobody asked in a way that is proven is asked once more, in person.
    let other = asked(&mut world, "answers", shop());
    let on = world.today();
    let (answer, how) = (Decision::No, String::new());
    let answer = Command::AnswerConsent { answer, on, person: None, slip: None, how, electronic: None };
    world.do_::<Dossier>(&own(&shop()), &other, answer);
    assert!(world.dossier(&other).somebody_refuses());
    // Nor is it a proof that somebody writes down the message as one.
    let written = asked(&mut world, "written down", shop());
    let third = world.dossier(&written).consents[0].paper.id.clone();
    let message = paper::Command::RecordService {
        manner: "electronic".into(),
        on: world.today(),
        at: None,
        served: true,
        receiver: GOSSIP.into(),
        note: String::new(),
    };
    world.do_::<Paper>(&clerk(), &third, message);
    assert_eq!(world.dossier(&written).consents[0].sent, None);
    world.serve(&clerk(), &letter);
    let due = world.dossier(&id).consents[0].due.clone();
    assert_eq!((due.from, due.last_day), (date(2022, 3, 20), date(2022, 3, 25)));
    world.until(date(2022, 3, 26));
    assert_eq!(world.dossier(&id).refused_for, "party_silent");
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn the_organs_delay_takes_no_day_from_the_other_side() {
    let mut world = World::new();
    let id = apply(&mut world, "tardy");
    let accept = world.dossier(&id).accept_by.last_day;
    world.until(date(2022, 3, 21));
    assert!(accept < world.today());
    world.do_::<Dossier>(&clerk(), &id, Command::AskConsent {});
    let due = world.dossier(&id).consents[0].due.clone();
    assert_eq!((due.limit.as_str(), due.last_day), ("mediation.consent", date(2022, 3, 28)));
    assert!(due.steps.iter().any(|s| matches!(s, yanhe_core::deadline::Step::TooLate { date } if *date == accept)));
    let letter = &world.order("consent_letter").data;
    assert_eq!(
        (letter["days"].as_i64(), letter["reply_by"].as_str()),
        (Some(5), Some("2022-03-28")),
        "rule and example"
    );
    assert!(letter["decide_by"].is_null(), "acceptance takes no day");
    world.until(date(2022, 3, 28));
    assert_eq!(world.dossier(&id).stage, Stage::Applied);
}

#[test]
fn the_explanation_of_the_earlier_day_says_both() {
    let mut world = World::new();
    let id = apply(&mut world, "both");
    let accept = world.dossier(&id).accept_by.last_day;
    world.until(date(2022, 3, 7));
    world.do_::<Dossier>(&clerk(), &id, Command::AskConsent {});
    let due = world.dossier(&id).consents[0].due.clone();
    let text = due.steps.iter().map(yanhe_core::deadline::Step::text_zh).collect::<String>();
    assert_eq!((due.from, due.last_day), (date(2022, 3, 7), accept));
    assert_eq!(world.order("consent_letter").data["decide_by"], accept.to_string(), "the letter says it, too");
    assert!(text.contains("3月14日") && text.contains("3月10日") && text.contains("先到"), "{text}");
}

#[test]
fn a_letter_that_its_case_needs_no_more_is_nobodys_task() {
    let mut world = World::new();
    let id = asked(&mut world, "answered", unknown());
    let letter = world.dossier(&id).consents[0].paper.id.clone();
    let answer = Command::AnswerConsent {
        electronic: None,
        answer: Decision::No,
        on: world.today(),
        person: None,
        slip: None,
        how: "电话答复".into(),
    };
    world.do_::<Dossier>(&clerk(), &id, answer);
    assert!(world.tasks(&letter).is_empty());
    assert_eq!(world.papers[&letter].state.as_ref().unwrap().desk(), "set_aside");

    let over = asked(&mut world, "over", unknown());
    let letter = world.dossier(&over).consents[0].paper.id.clone();
    world.do_::<Dossier>(
        &clerk(),
        &over,
        Command::Refuse { ground: "settled".into(), note: GOSSIP.into(), competent: String::new() },
    );
    assert!(world.tasks(&letter).is_empty());
}

#[test]
fn nobody_is_late_with_a_supplement_that_was_not_asked_for() {
    let mut world = World::new();
    let id = apply(&mut world, "complete");
    let refuse = Command::Refuse { ground: "incomplete".into(), note: String::new(), competent: String::new() };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, refuse), "field");
    let mut open = dossier::grounds::of_refusal(world.dossier(&id), &PACK);
    assert!(open.all(|ground| ground.id != "incomplete"));
}

#[test]
fn an_application_can_be_withdrawn_until_it_is_decided_on() {
    let mut world = World::new();
    let id = asked(&mut world, "withdrawn", shop());
    let limits = world.dossier(&id).limits.clone();
    let withdraw = |on, how: &str| Command::WithdrawApplication { person: None, on, how: how.into() };
    let today = world.today();
    assert_eq!(world.no::<Dossier>(&own(&shop()), &id, withdraw(today, "")), "not_now", "only who applied");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, withdraw(today, "")), "field", "an officer says how it was told");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, withdraw(date(2022, 3, 2), GOSSIP)), "field", "not in the future");
    world.do_::<Dossier>(&own(&he()), &id, withdraw(today, ""));
    let state = world.dossier(&id);
    assert_eq!((state.stage, state.limits.clone()), (Stage::Withdrawn, limits), "the interruption stands");
    let told =
        world.orders.iter().filter(|o| o.paper.kind == "end_notice").map(|o| o.addressee.clone().unwrap().person);
    assert_eq!(told.collect::<Vec<_>>(), [he().person, shop().person], "who was asked is told");
    world.until(date(2022, 3, 20));
    assert_eq!(world.dossier(&id).stage, Stage::Withdrawn, "nobody lapses any more");
    world.do_::<Dossier>(&clerk(), &id, Command::Close {});

    let spoken = apply(&mut world, "spoken");
    let today = world.today();
    world.do_::<Dossier>(&clerk(), &spoken, withdraw(today, GOSSIP));
    assert_eq!(world.dossier(&spoken).stage, Stage::Withdrawn);
    let accepted = apply(&mut world, "accepted");
    accept(&mut world, &accepted);
    assert_eq!(world.no::<Dossier>(&own(&he()), &accepted, withdraw(today, "")), "not_now", "then it is ended");
}

#[test]
fn with_two_applicants_one_withdraws_for_itself_alone() {
    let mut world = World::new();
    let id = new_dossier("two");
    let mut both = application("consumer", vec![shop()]);
    if let Command::Apply { applicants, .. } = &mut both {
        applicants.push(ruan());
    }
    world.do_::<Dossier>(&own(&he()), &id, both);
    let on = world.today();
    let nobody = Command::WithdrawApplication { person: None, on, how: GOSSIP.into() };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, nobody), "field", "it is said whose");
    world.do_::<Dossier>(&own(&he()), &id, Command::WithdrawApplication { person: None, on, how: String::new() });
    assert_eq!(world.dossier(&id).stage, Stage::Applied);
    accept(&mut world, &id);
    let there = dossier::parties(world.dossier(&id)).map(|(_, p)| p.person.clone());
    assert_eq!(there.collect::<Vec<_>>(), [ruan().person, shop().person], "the acceptance brings nobody back");
}

#[test]
fn a_session_without_agreement_leads_to_another_or_to_the_end() {
    let mut world = World::new();
    let id = apply(&mut world, "came-to-nothing");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "failed");
    assert!(world.tasks(&id).contains(&"no_agreement".to_owned()), "{:?}", world.tasks(&id));
    let due = date(2022, 4, 1);
    let draft_now = Command::DraftAgreement { draft: draft(&world, &id, &[due]) };
    assert_eq!(world.no::<Dossier>(&mediator(), &id, draft_now.clone()), "waiting");
    assert!(world.open::<Dossier>(&mediator(), &id, Act::CallSession).is_ok());
    assert!(world.open::<Dossier>(&mediator(), &id, Act::EndMediation).is_ok());
    session(&mut world, &id, "agreed");
    world.do_::<Dossier>(&mediator(), &id, draft_now);
}

#[test]
fn nobody_attests_a_signature_of_their_own_and_is_told_so() {
    let mut world = World::new();
    let id = apply(&mut world, "own");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    for party in [he(), shop()] {
        world.do_::<Dossier>(&own(&party), &id, Command::SignRecord {});
    }
    let no = world.open::<Dossier>(&mediator(), &id, Act::AttestRecord).unwrap_err();
    assert_eq!(no.reason(), "own_signature");
    assert!(world.open::<Dossier>(&clerk(), &id, Act::AttestRecord).is_ok(), "somebody else can");
}

#[test]
fn a_breach_stays_on_the_work_list() {
    let mut world = World::new();
    let id = agreement(&mut world, "breached");
    let due = world.dossier(&id).last_due().unwrap();
    let next = due.tomorrow().unwrap();
    world.until(next);
    for obligation in world.dossier(&id).outstanding() {
        world.do_::<Dossier>(&clerk(), &id, Command::RecordBreach { obligation, on: next, note: GOSSIP.into() });
    }
    assert!(world.tasks(&id).contains(&"breach".to_owned()), "{:?}", world.tasks(&id));
}

#[test]
fn each_day_on_which_something_falls_due_is_followed_by_a_visit_of_the_mediator() {
    let mut world = World::new();
    let id = apply(&mut world, "visited");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    let (first, last) = (date(2022, 3, 20), date(2022, 4, 20));
    issue(&mut world, &id, &[last, first, first]);
    conclude(&mut world, &id);
    let task = |world: &World| {
        let rows = world.rows.iter().filter(|((table, _), _)| *table == "work").map(|(_, cells)| cells);
        rows.into_iter().find(|cells| cells[1] == Cell::from("visit")).cloned()
    };
    let open = task(&world).expect("it is somebody's");
    assert_eq!((&open[3], &open[4]), (&Cell::from("mediator"), &Cell::from(mediator().id.as_str())));
    let due = |cells: &[Cell]| (cells[5].clone(), cells[6].clone());
    assert_eq!(
        due(&open),
        (date(2022, 4, 19).into(), Cell::from("followup.visit")),
        "thirty days after the first due date"
    );

    let visit = |on: Date, whom: Vec<PersonId>| Command::FollowUp { on, whom, note: GOSSIP.into() };
    let both = || vec![he().person, shop().person];
    world.until(date(2022, 3, 10));
    assert_eq!(world.no::<Dossier>(&mediator(), &id, visit(date(2022, 3, 10), vec![])), "field", "somebody is visited");
    let stranger = vec![PersonId("ruan".into())];
    assert_eq!(world.no::<Dossier>(&mediator(), &id, visit(date(2022, 3, 10), stranger)), "field", "who takes part");
    world.do_::<Dossier>(&mediator(), &id, visit(date(2022, 3, 10), both()));
    assert_eq!(due(&task(&world).unwrap()), due(&open), "nothing had fallen due yet");
    world.until(date(2022, 3, 21));
    world.name(&mediator());
    world.do_::<Dossier>(&mediator(), &id, visit(date(2022, 3, 21), vec![shop().person]));
    let record = &world.order("followup_record").data;
    assert_eq!(record["asked"].as_array().map(Vec::len), Some(1));
    assert_eq!(record["asked"][0]["$personal"]["of"], "shop");
    assert_eq!(record["visitors"].as_array().map(Vec::len), Some(1), "by whom");
    assert_eq!(due(&task(&world).unwrap()).0, date(2022, 5, 20).into(), "one visit for what fell due on one day");
    world.until(date(2022, 4, 25));
    for obligation in 1..=3 {
        performed(&mut world, &id, obligation);
    }
    assert!(task(&world).is_some(), "performed, and still to be visited");
    world.do_::<Dossier>(&mediator(), &id, visit(date(2022, 4, 25), both()));
    assert_eq!(task(&world), None);
}

#[test]
fn who_is_asked_says_how_papers_come_and_the_confirmation_of_the_address_says_the_same() {
    for (said, boxes) in [(Some(true), Some(true)), (Some(false), Some(false)), (None, None)] {
        let mut world = World::new();
        let id = apply(&mut world, "message");
        world.do_::<Dossier>(&clerk(), &id, Command::AskConsent {});
        let on = world.today();
        let (answer, how) = (Decision::Yes, String::new());
        let answer = Command::AnswerConsent { answer, on, person: None, slip: None, how, electronic: said };
        world.do_::<Dossier>(&own(&shop()), &id, answer);
        assert_eq!(world.dossier(&id).by_message(&shop().person), said);
        assert_eq!(world.dossier(&id).by_message(&he().person), Some(true), "the applicant said so when applying");
        world.do_::<Dossier>(&clerk(), &id, Command::Accept { reason: String::new() });
        let notices = world.orders.iter().filter(|o| o.paper.kind == "acceptance_notice");
        let to_shop = |o: &&yanhe_core::PaperOrder| o.addressee.as_ref().is_some_and(|to| to.person == shop().person);
        let by = notices.clone().find(to_shop).unwrap().channel.as_str();
        assert_eq!(by, if said == Some(false) { "print" } else { "sms" }, "what they said goes for their papers");
        name_mediator(&mut world, &id);
        session(&mut world, &id, "agreed");
        let due = world.today() + jiff::ToSpan::days(20);
        issue(&mut world, &id, &[due]);
        conclude(&mut world, &id);
        file(&mut world, &id);
        let sheets: Vec<_> = world.orders.iter().filter(|o| o.paper.kind == "service_address").collect();
        let of = |role: &str| sheets.iter().find(|o| o.data["party"]["role"] == role).unwrap().data.clone();
        assert_eq!(of("被申请人")["electronic"].as_bool(), boxes);
        assert_eq!(of("被申请人")["mobile"].is_null(), said != Some(true));
        assert_eq!(of("申请人")["electronic"].as_bool(), Some(true));
    }
}

#[test]
fn a_phone_of_the_organs_own_record_is_asked_by_message_and_one_that_the_applicant_names_on_paper() {
    let on_paper = |world: &mut World, key: &str| {
        let id = new_dossier(key);
        let mut command = application("consumer", vec![shop()]);
        if let Command::Apply { electronic_service, .. } = &mut command {
            *electronic_service = false;
        }
        world.do_::<Dossier>(&own(&he()), &id, command);
        let by = world.dossier(&id).asks_by(&shop());
        world.do_::<Dossier>(&clerk(), &id, Command::AskConsent {});
        assert_eq!(world.order("consent_letter").channel, by, "as was said before");
        (by, world.dossier(&id).consents[0].sent)
    };
    let mut world = World::new();
    assert_eq!(on_paper(&mut world, "named"), ("print", None));
    world.origin = Some(register(&mut world, complaint("HY202203010041", date(2022, 3, 1))));
    let today = world.today();
    assert_eq!(on_paper(&mut world, "recorded"), ("sms", Some(today)), "the days to answer run from then");
}
