//! What was entered of a matter is put right by an event: the real day of service, a wrong word, somebody named twice; and a
//! reporter is named to nobody without having said yes.

use jiff::civil::date;
use yanhe_core::Date;
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::matter::{self, LetterState, Matter, Standing};
use yanhe_core::paper;
use yanhe_core::policy::Act;

use crate::people::{GOSSIP, he, own, shop};
use crate::play::*;
use crate::world::World;

fn ends(state: &matter::State) -> Vec<(&str, Date)> {
    state.limits.iter().map(|l| (l.limit.as_str(), l.from)).collect()
}

/// A penalty with its letter, and the day of service unknown.
fn issued(world: &mut World) -> yanhe_core::StreamId {
    let id = register(world, penalty("盐市监罚决〔2022〕4号", date(2022, 2, 25)));
    world.do_::<Matter>(&clerk(), &id, matter::Command::ConfirmLetter { reason: String::new() });
    id
}

#[test]
fn the_limits_of_letters_and_cases_run_from_the_real_day_of_service_also_after_the_letter() {
    let mut world = World::new();
    let id = issued(&mut world);
    let assumed = [("review.apply", date(2022, 2, 25)), ("suit.administrative", date(2022, 2, 25))];
    assert_eq!(ends(world.matter(&id)), assumed);
    world.origin = Some(id.clone());
    let case = new_dossier("served");
    world.do_::<Dossier>(&own(&he()), &case, application("", vec![]));
    let letter = world.order("guidance_letter").data["limits"].clone();

    let on = date(2022, 2, 26);
    world.do_::<Matter>(&clerk(), &id, matter::Command::EnterServed { on });
    assert_eq!(ends(world.matter(&id)), [("review.apply", on), ("suit.administrative", on)]);
    let of = |world: &World| world.dossier(&case).limits.iter().map(|l| l.deadline.from).collect::<Vec<_>>();
    assert_eq!(of(&world), [on, on], "the case shows what the matter shows");
    assert_eq!(world.order("guidance_letter").data["limits"], letter, "the letter says what it said");

    // Another day is a correction: with a reason, and approved by somebody else.
    let later = date(2022, 2, 27);
    assert_eq!(world.no::<Matter>(&clerk(), &id, matter::Command::EnterServed { on: later }), "already_done");
    let ask = |after: &str, reason: &str| matter::Command::AskCorrection {
        field: "served_on".into(),
        after: after.into(),
        reason: reason.into(),
    };
    for wrong in [ask("2022-02-27", " "), ask("2022-02-26", GOSSIP), ask("2022-09-01", GOSSIP), ask("昨天", GOSSIP)] {
        assert_eq!(world.no::<Matter>(&clerk(), &id, wrong), "field");
    }
    assert_eq!(world.no::<Matter>(&clerk(), &id, ask("2022-02-24", GOSSIP)), "date_order");
    world.do_::<Matter>(&clerk(), &id, ask("2022-02-27", GOSSIP));
    assert_eq!(
        world.no::<Matter>(&clerk(), &id, ask("2022-02-28", GOSSIP)),
        "field",
        "over what its author has not seen"
    );
    assert_eq!(world.matter(&id).served_on, Some(on), "not before it is approved");
    assert!(world.tasks(&id).contains(&"correct".to_owned()), "{:?}", world.tasks(&id));
    let approve = || matter::Command::ApproveCorrection { correction: 0 };
    assert!(world.ask::<Matter>(&clerk(), &id, approve()).is_err());
    world.do_::<Matter>(&leader(), &id, approve());
    let state = world.matter(&id);
    assert_eq!(state.served_on, Some(later));
    assert_eq!(ends(state), [("review.apply", later), ("suit.administrative", later)]);
    let asked = &state.amendments[0];
    assert_eq!((asked.before.text(), asked.after.text(), asked.reason.text()), ("2022-02-26", "2022-02-27", GOSSIP));
    assert_eq!(asked.approver.as_ref(), Some(&leader().id));
    assert_eq!(of(&world), [later, later]);
    assert!(!world.tasks(&id).contains(&"correct".to_owned()));
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn the_limit_of_sending_is_that_of_the_day_of_service_whether_that_is_entered_before_the_letter_or_after_it() {
    let on = date(2022, 2, 28);
    let due = |before: bool| {
        let mut world = World::new();
        let id = register(&mut world, penalty("盐市监罚决〔2022〕4号", date(2022, 2, 25)));
        let enter = matter::Command::EnterServed { on };
        if before {
            world.do_::<Matter>(&clerk(), &id, enter.clone());
        }
        world.do_::<Matter>(&clerk(), &id, matter::Command::ConfirmLetter { reason: String::new() });
        if !before {
            world.do_::<Matter>(&clerk(), &id, enter);
        }
        world.matter(&id).letter_due.clone().unwrap()
    };
    assert_eq!(due(false), due(true));
    assert_eq!(due(false).from, on);
    // What is noted of a decision that was issued here does the same, and taken back it is assumed again.
    let mut world = World::new();
    let id = crate::decisions::decided(&mut world);
    let decided = world.today();
    let paper = world.matter(&id).decision.as_ref().unwrap().paper.id.clone();
    world.until(decided.tomorrow().unwrap());
    let on = world.today();
    let system = yanhe_core::policy::Actor::system();
    let from = |world: &World| world.matter(&id).letter_due.as_ref().map(|due| due.from);
    for (state, corrected, day) in [(LetterState::Served, false, on), (LetterState::Failed, true, decided)] {
        let note = matter::Command::NoteDecision { paper: paper.clone(), state, on, corrected };
        world.do_::<Matter>(&system, &id, note);
        assert_eq!(from(&world), Some(day));
    }
}

#[test]
fn a_letter_that_is_served_with_the_decision_serves_that_too_and_both_are_corrected_together() {
    let mut world = World::new();
    let id = issued(&mut world);
    let letter = world.matter(&id).letters[0].0.paper.id.clone();
    world.origin = Some(id.clone());
    let case = new_dossier("together");
    world.do_::<Dossier>(&own(&he()), &case, application("", vec![]));
    let assumed = world.matter(&id).matter.occurred_on;
    let from = |world: &World| {
        let counted = world.dossier(&case).limits.iter().map(|l| (l.deadline.from, l.assumed)).collect::<Vec<_>>();
        assert!(ends(world.matter(&id)).iter().all(|(_, day)| *day == counted[0].0));
        counted
    };
    assert_eq!(from(&world), [(assumed, true); 2]);
    world.until(date(2022, 3, 8));
    let attempt = |on| paper::Attempt {
        manner: "direct".into(),
        on,
        at: None,
        served: true,
        receiver: he().name.text().into(),
        note: String::new(),
    };
    let paper::Attempt { manner, on, at, served, receiver, note } = attempt(date(2022, 3, 7));
    let record = paper::Command::RecordService { manner, on, at, served, receiver, note };
    world.do_::<paper::Paper>(&clerk(), &letter, record);
    let named = |world: &World| {
        let documents = world.order("proof_of_service").data["documents"].clone();
        documents.as_array().unwrap().iter().map(|paper| paper["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named(&world), ["行政调解告知引导书", "行政处罚决定书"]);
    assert_eq!(world.order("proof_of_service").data["documents"][1]["number"], world.matter(&id).matter.number);
    assert_eq!((world.matter(&id).served_on, world.matter(&id).trigger().1), (Some(on), false));
    assert_eq!(from(&world), [(on, false); 2]);
    assert_eq!(world.matter(&id).letter_due.as_ref().map(|due| due.from), Some(on));
    // It stands on a proof, and is corrected there alone.
    let ask =
        matter::Command::AskCorrection { field: "served_on".into(), after: "2022-03-05".into(), reason: GOSSIP.into() };
    assert_eq!(world.no::<Matter>(&clerk(), &id, ask), "field");
    let correct = |world: &mut World, actual: Option<paper::Attempt>| {
        let kept = world.papers[&letter].state.as_ref().unwrap();
        let proof = kept.own_attempts().last().unwrap().proof.id.clone();
        let actual = actual.map(Box::new);
        world.notice(&letter, paper::Command::CorrectService { proof, actual, reason: GOSSIP.into() });
    };
    let other = date(2022, 3, 8);
    correct(&mut world, Some(attempt(other)));
    assert_eq!(named(&world).len(), 2);
    assert_eq!(from(&world), [(other, false); 2]);
    correct(&mut world, None);
    assert_eq!((world.matter(&id).served_on, from(&world)), (None, vec![(assumed, true); 2]));
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn a_letter_that_goes_by_itself_says_nothing_of_the_decision() {
    let mut world = World::new();
    let id = issued(&mut world);
    let letter = world.matter(&id).letters[0].0.paper.id.clone();
    let post = paper::Command::Dispatch { channel: "mail".into(), to: Some("海盐县武原街道1号".into()) };
    world.do_::<paper::Paper>(&clerk(), &letter, post);
    world.serve(&clerk(), &letter);
    assert_eq!(world.matter(&id).served_on, None);
    // Nor does one whose decision was served before.
    let id = register(&mut world, penalty("盐市监罚决〔2022〕5号", date(2022, 2, 25)));
    world.do_::<Matter>(&clerk(), &id, matter::Command::ConfirmLetter { reason: String::new() });
    let on = date(2022, 2, 26);
    world.do_::<Matter>(&clerk(), &id, matter::Command::EnterServed { on });
    let letter = world.matter(&id).letters[0].0.paper.id.clone();
    world.serve(&clerk(), &letter);
    assert_eq!(world.matter(&id).served_on, Some(on));
    assert_eq!(world.order("proof_of_service").data["documents"].as_array().unwrap().len(), 1);
}

#[test]
fn a_case_that_names_its_own_day_keeps_it() {
    let mut world = World::new();
    let id = issued(&mut world);
    world.origin = Some(id.clone());
    let case = new_dossier("own day");
    let told = date(2022, 2, 28);
    world.do_::<Dossier>(&own(&he()), &case, known(told));
    world.do_::<Matter>(&clerk(), &id, matter::Command::EnterServed { on: date(2022, 2, 26) });
    assert!(world.dossier(&case).limits.iter().all(|l| l.deadline.from == told));
}

/// An application by this letter whose applicant says since when the decision was known.
fn known(day: Date) -> dossier::Command {
    let mut apply = application("", vec![]);
    if let dossier::Command::Apply { known_on, .. } = &mut apply {
        *known_on = Some(day);
    }
    apply
}

#[test]
fn proved_service_of_a_decision_counts_whatever_day_its_addressee_says() {
    let mut world = World::new();
    let id = issued(&mut world);
    world.origin = Some(id.clone());
    let served = date(2022, 2, 26);
    world.do_::<Matter>(&clerk(), &id, matter::Command::EnterServed { on: served });
    let case = new_dossier("proved");
    world.do_::<Dossier>(&own(&he()), &case, known(date(2022, 3, 1)));
    let from = |world: &World, case: &yanhe_core::StreamId| {
        world.dossier(case).limits.iter().map(|l| l.deadline.from).collect::<Vec<_>>()
    };
    assert_eq!(from(&world, &case), [served, served]);
    // Mediated once more, it is the same decision.
    let withdraw = dossier::Command::WithdrawApplication { person: None, on: world.today(), how: String::new() };
    world.do_::<Dossier>(&own(&he()), &case, withdraw);
    world.earlier = Some(case.clone());
    let mut once_more = known(date(2022, 3, 1));
    if let dossier::Command::Apply { renews, .. } = &mut once_more {
        *renews = Some(case);
    }
    let later = new_dossier("once more");
    world.do_::<Dossier>(&own(&he()), &later, once_more);
    assert_eq!(from(&world, &later), [served, served]);
}

#[test]
fn nobody_knew_of_a_decision_before_it_was_made() {
    let mut world = World::new();
    world.origin = Some(issued(&mut world));
    let no = world.ask::<Dossier>(&own(&he()), &new_dossier("too early"), known(date(2022, 2, 24))).unwrap_err();
    let crate::world::No::Refused(refusal) = no else { panic!("{no:?}") };
    let expected = yanhe_core::Reason::Field { field: "known_on".into(), problem: "before_decision".into() };
    assert_eq!(refusal.reason, expected);
    // The harm that a complaint is about was there before it.
    world.origin = Some(register(&mut world, complaint("HY202203010015", date(2022, 3, 1))));
    let mut civil = known(date(2021, 5, 1));
    if let dossier::Command::Apply { respondents, .. } = &mut civil {
        respondents.push(shop());
    }
    world.do_::<Dossier>(&own(&he()), &new_dossier("civil"), civil);
}

#[test]
fn service_recorded_on_a_decision_counts_the_limits_anew_and_taken_back_they_are_assumed_again() {
    let mut world = World::new();
    let id = crate::decisions::decided(&mut world);
    let decided = world.today();
    let paper = world.matter(&id).decision.as_ref().unwrap().paper.id.clone();
    let on = decided.tomorrow().unwrap();
    world.until(on);
    let system = yanhe_core::policy::Actor::system();
    let note = |state, on, corrected| matter::Command::NoteDecision { paper: paper.clone(), state, on, corrected };
    world.do_::<Matter>(&system, &id, note(LetterState::Served, on, false));
    assert!(ends(world.matter(&id)).iter().all(|(_, from)| *from == on));
    world.do_::<Matter>(&system, &id, note(LetterState::Failed, on, true));
    assert!(ends(world.matter(&id)).iter().all(|(_, from)| *from == decided));
    assert!(world.matter(&id).trigger().1);
}

#[test]
fn a_typed_matter_is_corrected_and_what_is_proposed_follows() {
    let mut world = World::new();
    let mut typed = complaint("HY202203010011", date(2022, 3, 1));
    typed.text = said("咨询办理营业执照需要哪些材料");
    typed.subject = None;
    let id = register(&mut world, typed);
    assert_eq!(world.matter(&id).standing, Standing::OutOfScope);
    let whole = complaint("x", date(2022, 3, 1));
    for (n, (field, after)) in [("text", whole.text.text().to_owned()), ("subject/firm", shop().name.text().to_owned())]
        .into_iter()
        .enumerate()
    {
        let command = matter::Command::AskCorrection { field: field.into(), after, reason: GOSSIP.into() };
        world.do_::<Matter>(&clerk(), &id, command);
        world.do_::<Matter>(&leader(), &id, matter::Command::ApproveCorrection { correction: n as i64 });
    }
    let state = world.matter(&id);
    assert_eq!(state.standing, Standing::Proposed);
    assert!(state.matter.subject.as_ref().is_some_and(|p| p.is_firm() && p.name.text() == shop().name.text()));
    let refuse = matter::Command::AskCorrection { field: "number".into(), after: "1".into(), reason: GOSSIP.into() };
    assert_eq!(world.no::<Matter>(&clerk(), &id, refuse), "field", "by its number it is found");
}

#[test]
fn a_typed_matter_is_taken_back_with_a_reason_while_nothing_was_issued() {
    let mut world = World::new();
    let id = register(&mut world, complaint("HY202203010012", date(2022, 3, 1)));
    let withdraw = |reason: &str| matter::Command::Withdraw { reason: reason.into() };
    assert_eq!(world.no::<Matter>(&clerk(), &id, withdraw(" ")), "field");
    world.do_::<Matter>(&clerk(), &id, withdraw(GOSSIP));
    assert_eq!(world.matter(&id).reason.text(), GOSSIP);
    let replied = register(&mut world, complaint("HY202203010013", date(2022, 3, 1)));
    let reply = matter::Command::ReplyOrder { findings: GOSSIP.into(), text: GOSSIP.into() };
    world.do_::<Matter>(&clerk(), &replied, reply);
    assert_eq!(world.no::<Matter>(&clerk(), &replied, withdraw(GOSSIP)), "already_issued");
    assert!(world.open::<Matter>(&clerk(), &id, Act::AskCorrection).is_err());
}

#[test]
fn nobody_is_entered_twice_to_get_two_letters() {
    let mut world = World::new();
    let mut twice = penalty("盐市监罚决〔2022〕5号", date(2022, 2, 25));
    twice.affected = Some(yanhe_core::party::Party { person: yanhe_core::PersonId("again".into()), ..he() });
    let id = matter::stream(twice.source, &twice.number);
    let command = matter::Command::Register { matter: Box::new(twice) };
    assert_eq!(world.no::<Matter>(&clerk(), &id, command), "field");
    let once = register(&mut world, penalty("盐市监罚决〔2022〕6号", date(2022, 2, 25)));
    assert_eq!(world.matter(&once).matter.twice(), None);
}

#[test]
fn a_reporter_is_named_to_the_other_side_only_after_saying_yes() {
    let mut world = World::new();
    let mut report = complaint("HY202203010014", date(2022, 3, 1));
    report.reporter = true;
    world.origin = Some(register(&mut world, report));
    let case = new_dossier("reporter");
    let silent = application("consumer", vec![shop()]);
    assert_eq!(world.no::<Dossier>(&own(&he()), &case, silent.clone()), "field");
    let mut agreed = silent;
    if let dossier::Command::Apply { agrees_named, .. } = &mut agreed {
        *agrees_named = true;
    }
    world.do_::<Dossier>(&own(&he()), &case, agreed);
    let events = world.dossiers[&case].events.iter().map(|(_, event)| format!("{event:?}")).collect::<Vec<_>>();
    assert!(events[0].contains("agrees_named: true"), "{events:?}");
}

/// The refusal of asking here for a correction of a decision that was issued here.
pub fn elsewhere() -> String {
    let mut world = World::new();
    let decided = crate::decisions::decided(&mut world);
    world.open::<Matter>(&clerk(), &decided, Act::AskCorrection).unwrap_err().reason()
}

#[test]
fn who_cannot_correct_it_here_is_told_where() {
    assert_eq!(elsewhere(), "corrected_by_notice");
}

/// One asks and another approves.
fn correct(world: &mut World, id: &yanhe_core::StreamId, field: &str, after: &str) {
    let ask = matter::Command::AskCorrection { field: field.into(), after: after.into(), reason: GOSSIP.into() };
    world.do_::<Matter>(&clerk(), id, ask);
    let correction = world.matter(id).amendments.len() as i64 - 1;
    world.do_::<Matter>(&leader(), id, matter::Command::ApproveCorrection { correction });
}

#[test]
fn what_was_imported_is_corrected_also_when_its_letter_is_out() {
    let mut world = World::new();
    let batch = Some(yanhe_core::StreamId::new(yanhe_core::StreamKind::Batch, "file"));
    let mut imported = matter::Registered { batch, ..complaint("HY202203010099", date(2022, 3, 1)) };
    imported.also_affected = vec![crate::people::ruan()];
    let id = register(&mut world, imported);
    world.do_::<Matter>(&clerk(), &id, matter::Command::ConfirmLetter { reason: String::new() });
    let letter = world.order("guidance_letter").data.clone();
    let row = world.matter(&id).matter.row.clone();
    for (field, wrong, after) in [
        ("complainant/human", "1，", "贺秋声"),
        ("complainant/document", "12", "E12345678"),
        ("complainant/phone", "12", "199 0000 7009"),
        ("complainant/address", " ", "白荷路七十八弄"),
        ("affected2/phone", "12", "19900007008"),
    ] {
        let wrong = matter::Command::AskCorrection { field: field.into(), after: wrong.into(), reason: GOSSIP.into() };
        assert_eq!(world.no::<Matter>(&clerk(), &id, wrong), "field", "{field}");
        correct(&mut world, &id, field, after);
    }
    let state = world.matter(&id);
    let who = state.matter.complainant.as_ref().unwrap();
    assert_eq!(
        (who.name.text(), who.phone_text(), who.address_text()),
        ("贺秋声", Some("19900007009"), Some("白荷路七十八弄"))
    );
    assert_eq!((who.document.as_ref().unwrap().text(), who.document_kind.as_deref()), ("E12345678", Some("passport")));
    assert_eq!(state.matter.also_affected[0].phone_text(), Some("19900007008"));
    assert_eq!(state.matter.row, row, "a later import compares with what was imported");
    assert_eq!(world.order("guidance_letter").data, letter, "the letter says what it said");
    let nobody = matter::Command::AskCorrection {
        field: "affected/phone".into(),
        after: "19900007008".into(),
        reason: GOSSIP.into(),
    };
    assert_eq!(world.no::<Matter>(&clerk(), &id, nobody), "field");
}

#[test]
fn a_corrected_amount_is_weighed_anew() {
    let mut world = World::new();
    let mut slip = penalty("盐市监罚决〔2022〕8号", date(2022, 2, 25));
    slip.penalty.as_mut().unwrap().fine = 20_000;
    slip.result = said("责令改正，处罚款");
    let id = register(&mut world, slip);
    assert_eq!(world.matter(&id).standing, Standing::OutOfScope);
    let wrong =
        matter::Command::AskCorrection { field: "fine".into(), after: "约两万".into(), reason: GOSSIP.into() };
    assert_eq!(world.no::<Matter>(&clerk(), &id, wrong), "field");
    correct(&mut world, &id, "fine", "2万元");
    let state = world.matter(&id);
    assert_eq!((state.matter.penalty.as_ref().unwrap().fine, state.standing), (2_000_000, Standing::Proposed));
    assert_eq!((state.amendments[0].before.text(), state.amendments[0].after.text()), ("200", "20000"));
    correct(&mut world, &id, "confiscation", "30.5");
    assert_eq!(world.matter(&id).matter.penalty.as_ref().unwrap().confiscation, 3050);
}

/// The day on which the applicant knew, corrected to that day; or the refusal of asking for it.
fn known_was(world: &mut World, case: &yanhe_core::StreamId, day: &str) -> Result<(), String> {
    let ask = dossier::Command::AskCorrection { field: "known_on".into(), after: day.into(), reason: GOSSIP.into() };
    if let Err(no) = world.ask::<Dossier>(&clerk(), case, ask) {
        let crate::world::No::Refused(yanhe_core::Refusal {
            reason: yanhe_core::Reason::Field { problem, .. }, ..
        }) = no
        else {
            panic!("{no:?}")
        };
        return Err(problem);
    }
    let correction = i64::try_from(world.dossier(case).corrections.len()).unwrap() - 1;
    let approve = dossier::Command::ApproveCorrection { correction };
    assert_eq!(world.no::<Dossier>(&clerk(), case, approve.clone()), "denied");
    world.do_::<Dossier>(&leader(), case, approve);
    Ok(())
}

#[test]
fn the_day_on_which_an_applicant_knew_of_a_decision_is_corrected_and_review_and_suit_run_from_it() {
    let mut world = World::new();
    let id = issued(&mut world);
    world.origin = Some(id.clone());
    let case = new_dossier("knew");
    world.do_::<Dossier>(&own(&he()), &case, known(date(2022, 3, 1)));
    let no = |world: &mut World, day: &str| known_was(world, &case, day).unwrap_err();
    assert_eq!(no(&mut world, "上个月"), "not_a_date");
    assert_eq!(no(&mut world, "2022-03-01"), "unchanged");
    assert_eq!(no(&mut world, "2022-03-02"), "known_after", "who applies knows");
    assert_eq!(no(&mut world, "2022-02-24"), "before_decision");
    known_was(&mut world, &case, "2022年2月26日").unwrap();
    let state = world.dossier(&case);
    let from: Vec<_> = state.limits.iter().map(|l| (l.deadline.limit.as_str(), l.deadline.from, l.assumed)).collect();
    let day = date(2022, 2, 26);
    assert_eq!(from, [("review.apply", day, false), ("suit.administrative", day, false)]);
    let asked = &state.corrections[0];
    assert_eq!((asked.before.text(), asked.after.text(), asked.reason.text()), ("2022-03-01", "2022-02-26", GOSSIP));
    assert_eq!(asked.approver.as_ref(), Some(&leader().id));
    // What is proved counts, whatever is said of it.
    world.do_::<Matter>(&clerk(), &id, matter::Command::EnterServed { on: date(2022, 2, 27) });
    assert_eq!(no(&mut world, "2022-02-28"), "service_recorded");
}

#[test]
fn the_day_on_which_an_applicant_knew_of_the_harm_says_whether_limitation_was_over() {
    let mut world = World::new();
    let case = apply(&mut world, "harm");
    let limit = |world: &World| {
        let limit = &world.dossier(&case).limits[0];
        (limit.deadline.from, limit.interrupted)
    };
    assert_eq!(limit(&world), (date(2022, 3, 1), true));
    known_was(&mut world, &case, "2018-05-02").unwrap();
    assert_eq!(limit(&world), (date(2018, 5, 2), false), "it had run out before the application");
    known_was(&mut world, &case, "2020-05-02").unwrap();
    assert_eq!(limit(&world), (date(2022, 3, 1), true), "interrupted, it counts from the application");
    assert_eq!(world.dossier(&case).known_on(), Some(date(2020, 5, 2)));
    assert_eq!(world.dossier(&case).corrections[1].before.text(), "2018-05-02");
}
