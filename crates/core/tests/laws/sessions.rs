//! A session lies ahead when it is called; until it is held it is moved or called off, or nobody comes.

use jiff::ToSpan;
use jiff::civil::date;
use yanhe_core::dossier::{self, Dossier, SessionNotice};
use yanhe_core::party::Party;
use yanhe_core::policy::{Act, Role};
use yanhe_core::time::county_time;
use yanhe_core::{Reason, StreamId};

use crate::people::{GOSSIP, he, more, own, shop, staff};
use crate::play::*;
use crate::world::{No, World};

fn mediating(world: &mut World, key: &str) -> StreamId {
    let id = apply(world, key);
    accept(world, &id);
    name_mediator(world, &id);
    id
}

fn call(day: i8, place: &str) -> dossier::Command {
    dossier::Command::CallSession { at: date(2022, 3, day).at(9, 0, 0, 0), place: place.into() }
}

fn move_to(day: i8, place: &str) -> dossier::Command {
    dossier::Command::MoveSession { at: date(2022, 3, day).at(9, 0, 0, 0), place: place.into() }
}

fn off() -> dossier::Command {
    dossier::Command::CallOffSession { reason: GOSSIP.into() }
}

fn missed() -> dossier::Command {
    dossier::Command::RecordMissed { note: GOSSIP.into() }
}

/// Numbers of the notices of the session that is to be held.
fn notices(world: &World, id: &StreamId) -> Vec<String> {
    world.dossier(id).pending().unwrap().notices.iter().map(|notice| notice.number.clone()).collect()
}

#[test]
fn nobody_is_called_to_a_session_that_has_begun() {
    let mut world = World::new();
    let id = mediating(&mut world, "ahead");
    let at = county_time(world.now) - 1.hours();
    let no = |world: &mut World, command| {
        let No::Refused(refusal) = world.ask::<Dossier>(&mediator(), &id, command).unwrap_err() else { panic!() };
        refusal.reason
    };
    let field = |field: &str, problem: &str| Reason::Field { field: field.into(), problem: problem.into() };
    let today = dossier::Command::CallSession { at, place: GOSSIP.into() };
    assert_eq!(no(&mut world, today), field("clock", "clock_past"));
    let yesterday = dossier::Command::CallSession { at: at - 1.days(), place: GOSSIP.into() };
    assert_eq!(no(&mut world, yesterday), field("at", "past"));
    assert!(world.dossier(&id).sessions.is_empty());
}

#[test]
fn a_session_that_is_moved_is_told_by_notices_that_name_those_they_replace() {
    let mut world = World::new();
    let id = mediating(&mut world, "moved");
    assert_eq!(world.no::<Dossier>(&mediator(), &id, move_to(9, "三楼")), "waiting", "nothing is called");
    world.do_::<Dossier>(&mediator(), &id, call(8, "三楼"));
    let before = notices(&world, &id);
    let papers: Vec<StreamId> = world.dossier(&id).sessions[0].notices.iter().map(|n| n.id.clone()).collect();
    assert_eq!(world.no::<Dossier>(&mediator(), &id, call(9, "三楼")), "already_done", "it is moved");
    for (unmoved, why) in
        [(move_to(8, "三楼"), "nothing changes"), (move_to(9, &"楼".repeat(101)), "no line of a notice")]
    {
        assert_eq!(world.no::<Dossier>(&clerk(), &id, unmoved), "field", "{why}");
    }
    world.do_::<Dossier>(&clerk(), &id, move_to(9, "二楼"));
    let (state, after) = (world.dossier(&id).clone(), notices(&world, &id));
    assert_eq!((state.sessions.len(), state.sessions[0].at.date()), (1, date(2022, 3, 9)));
    assert!(world.order("session_notice").data["max_per_side"].is_null(), "elsewhere nobody is kept away");
    assert!(after.len() == 2 && after.iter().all(|number| !before.contains(number)));
    let called = |order: &&yanhe_core::stream::PaperOrder| order.paper.kind == "session_notice";
    let orders: Vec<_> = world.orders.iter().filter(called).skip(2).cloned().collect();
    assert_eq!(orders.len(), 2);
    let says = |paper: &yanhe_core::PaperRef| state.session_notice(&paper.kind, &paper.id).unwrap();
    assert_eq!(says(&orders[0].paper), (SessionNotice::Moves, false));
    assert_eq!(says(&state.sessions[0].moved[0].notices[0]), (SessionNotice::Calls, true));
    assert!(state.session_notice("application", &state.application.id).is_none());
    for ((order, old), party) in orders.iter().zip(&before).zip([he(), shop()]) {
        assert_eq!(order.addressee.as_ref().unwrap().person, party.person);
        assert_eq!(order.data["replaces"]["number"], old.as_str());
        assert_eq!(order.data["replaces"]["time"], "2022-03-08T09:00");
        assert_eq!((&order.data["time"], &order.data["round"]), (&"2022-03-09T09:00".into(), &1.into()));
    }
    for paper in papers {
        let state = world.papers[&paper].state.as_ref().unwrap();
        assert!(!state.waits_to_be_sent(), "what is replaced is sent to nobody any more");
    }
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn a_session_that_is_called_off_is_told_to_those_who_were_called_and_another_may_follow() {
    let mut world = World::new();
    let id = mediating(&mut world, "off");
    assert_eq!(world.no::<Dossier>(&mediator(), &id, off()), "waiting");
    world.do_::<Dossier>(&mediator(), &id, call(8, "三楼"));
    let called = notices(&world, &id);
    let blank = dossier::Command::CallOffSession { reason: " ".into() };
    assert_eq!(world.no::<Dossier>(&mediator(), &id, blank), "field", "not without a reason");
    world.do_::<Dossier>(&mediator(), &id, off());
    let told: Vec<_> = world.orders.iter().filter(|o| o.data.get("called_off").is_some()).cloned().collect();
    assert_eq!(told.len(), 2);
    for (order, number) in told.iter().zip(&called) {
        assert_eq!(order.data["called_off"]["number"], number.as_str());
        assert_eq!(order.data["time"], "2022-03-08T09:00");
        let says = world.dossier(&id).session_notice(&order.paper.kind, &order.paper.id);
        assert_eq!(says, Some((SessionNotice::CallsOff, false)));
    }
    assert!(world.dossier(&id).sessions.is_empty() && world.dossier(&id).not_held.len() == 1);
    assert!(world.tasks(&id).contains(&"call_session".to_owned()), "{:?}", world.tasks(&id));
    world.do_::<Dossier>(&mediator(), &id, call(10, "三楼"));
    assert_eq!(world.order("session_notice").data["round"], 1, "none was held before it");
}

#[test]
fn a_session_to_which_nobody_came_is_recorded_after_its_time_and_another_is_called() {
    let mut world = World::new();
    let id = mediating(&mut world, "missed");
    world.do_::<Dossier>(&mediator(), &id, call(8, "三楼"));
    assert_eq!(world.no::<Dossier>(&mediator(), &id, missed()), "waiting", "its time has not come");
    world.until(date(2022, 3, 8));
    assert_eq!(world.no::<Dossier>(&clerk(), &id, missed()), "denied", "the mediator was there");
    world.do_::<Dossier>(&mediator(), &id, missed());
    let state = world.dossier(&id);
    assert!(state.sessions.is_empty() && state.not_held.len() == 1 && !state.has_record());
    assert!(world.tasks(&id).contains(&"call_session".to_owned()));
    assert_eq!(world.no::<Dossier>(&mediator(), &id, missed()), "waiting", "once");
    world.do_::<Dossier>(&mediator(), &id, call(10, "三楼"));
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::EndMediation { ground: "no_agreement".into() });
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn what_was_recorded_before_a_session_that_is_called_off_is_the_last_record_again() {
    let mut world = World::new();
    let id = mediating(&mut world, "before");
    session(&mut world, &id, "adjourned");
    world.do_::<Dossier>(&mediator(), &id, call(8, "三楼"));
    world.do_::<Dossier>(&mediator(), &id, off());
    world.do_::<Dossier>(&own(&he()), &id, dossier::Command::SignRecord {});
    assert_eq!(world.dossier(&id).sessions[0].signatures.len(), 1);
}

#[test]
fn a_session_is_not_moved_nearer_than_its_sector_allows() {
    let mut world = World::new();
    let id = new_dossier("traffic");
    let police = |role| staff("gongan", role);
    let mut command = application("road-accident", vec![shop()]);
    if let dossier::Command::Apply { organ, .. } = &mut command {
        *organ = "gongan".into();
    }
    world.do_::<Dossier>(&own(&he()), &id, command);
    world.do_::<Dossier>(&police(Role::Clerk), &id, dossier::Command::AskConsent {});
    let answer = dossier::Command::AnswerConsent {
        electronic: None,
        answer: dossier::Decision::Yes,
        on: world.today(),
        person: None,
        slip: None,
        how: "电话答复".into(),
    };
    world.do_::<Dossier>(&own(&shop()), &id, answer);
    world.do_::<Dossier>(&police(Role::Clerk), &id, dossier::Command::Accept { reason: String::new() });
    let mediator = police(Role::Mediator);
    let staff = world.name(&mediator);
    world.do_::<Dossier>(&police(Role::Leader), &id, dossier::Command::NameMediator { staff, legal_section: false });
    world.do_::<Dossier>(&mediator, &id, dossier::Command::DeclareConflict { conflict: false });
    world.do_::<Dossier>(&mediator, &id, call(7, "三楼"));
    assert_eq!(world.order("session_notice").data["max_per_side"], 3, "as the law of its sector says");
    assert_eq!(world.no::<Dossier>(&mediator, &id, move_to(3, "三楼")), "period_expired");
    world.do_::<Dossier>(&mediator, &id, move_to(4, "三楼"));
    // Who joins the day before cannot be told as early as that.
    world.until(date(2022, 3, 3));
    let add = dossier::Command::AddParty {
        party: Box::new(more(7)),
        role: "respondent".into(),
        by: he().person,
        reason: GOSSIP.into(),
    };
    world.do_::<Dossier>(&police(Role::Clerk), &id, add);
    let yes = dossier::Command::AnswerConsent {
        electronic: None,
        answer: dossier::Decision::Yes,
        on: world.today(),
        person: None,
        slip: None,
        how: String::new(),
    };
    world.do_::<Dossier>(&own(&more(7)), &id, yes);
    world.do_::<Dossier>(&mediator, &id, dossier::Command::DeclareConflict { conflict: false });
    assert!(world.tasks(&id).contains(&"move_session".to_owned()), "{:?}", world.tasks(&id));
    world.do_::<Dossier>(&mediator, &id, move_to(9, "三楼"));
    assert!(!world.tasks(&id).contains(&"move_session".to_owned()));
    assert_eq!(world.dossier(&id).pending().unwrap().to.len(), 3);
}

/// Asked on the second, decided on the given day.
fn recused(world: &mut World, id: &StreamId, day: i8, granted: bool) {
    world.until(date(2022, 3, 2));
    world.do_::<Dossier>(&own(&he()), id, dossier::Command::AskRecusal { reason: "与对方相识".into(), told: None });
    world.until(date(2022, 3, day));
    world.do_::<Dossier>(&leader(), id, dossier::Command::DecideRecusal { granted, reason: "经核实".into() });
}

#[test]
fn who_asked_for_another_mediator_gets_the_decision_with_its_reasons() {
    for granted in [true, false] {
        let mut world = World::new();
        let id = mediating(&mut world, "decided");
        recused(&mut world, &id, 4, granted);
        let order = world.order("recusal_decision").clone();
        assert_eq!(order.addressee.as_ref().unwrap().person, he().person);
        assert_eq!((&order.data["granted"], &order.data["asked"]["on"]), (&granted.into(), &"2022-03-02".into()));
        assert!(order.data["reason"].to_string().contains("经核实"));
        let name = serde_json::to_value(&crate::people::officer(&mediator()).name).unwrap();
        assert_eq!(order.data["mediator"], name, "also when they are out");
        assert_eq!(world.orders.iter().filter(|o| o.paper.kind == "recusal_decision").count(), 1);
        let out: Vec<String> = granted.then(|| mediator().id).into_iter().collect();
        assert_eq!(world.dossier(&id).recused, out, "nobody declared a conflict");
    }
}

#[test]
fn the_session_of_a_mediator_who_withdraws_is_not_held_and_that_of_one_who_stays_is() {
    for granted in [true, false] {
        let mut world = World::new();
        let id = mediating(&mut world, "fallen");
        world.do_::<Dossier>(&mediator(), &id, call(10, "三楼"));
        recused(&mut world, &id, 4, granted);
        assert_eq!(world.dossier(&id).pending().is_none(), granted);
        let told = world.orders.iter().filter(|o| o.data.get("called_off").is_some()).count();
        assert_eq!(told, if granted { 2 } else { 0 });
    }
}

#[test]
fn a_request_for_another_mediator_suspends_the_period_where_the_law_says_so_and_nowhere_else() {
    let mut world = World::new();
    let id = mediating(&mut world, "market");
    assert_eq!(world.dossier(&id).sector.as_deref(), Some("market"));
    let before = world.dossier(&id).period.clone().unwrap();
    // Wednesday to Friday: Thursday and Friday do not count.
    recused(&mut world, &id, 4, false);
    let first = world.dossier(&id).period.clone().unwrap();
    assert_eq!(first.last_day, working_days_later(before.last_day, 2));
    assert_eq!((first.from, first.basis.as_str()), (before.from, before.basis.as_str()));
    let printed = first.last_day.to_string();
    assert_eq!(world.order("recusal_decision").data["ends"], printed.as_str());
    // A second request adds to the first.
    world.do_::<Dossier>(&own(&shop()), &id, dossier::Command::AskRecusal { reason: "再次".into(), told: None });
    // While somebody waits for the decision the period does not run out.
    let late = first.last_day + 3.days();
    world.until(late);
    assert_eq!(world.dossier(&id).stage, dossier::Stage::Mediating);
    world.do_::<Dossier>(&leader(), &id, dossier::Command::DecideRecusal { granted: false, reason: "经核实".into() });
    let second = world.dossier(&id).period.clone().unwrap();
    assert!(second.last_day > late, "{second:?}");
    assert_eq!(second.suspended().collect::<Vec<_>>(), [(date(2022, 3, 3), late)], "they touch");
    world.until(second.last_day + 1.days());
    assert_eq!(world.dossier(&id).stage, dossier::Stage::Ended, "then the rest of it runs out");
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn who_is_asked_to_withdraw_does_not_end_the_mediation_before_that_is_decided() {
    let mut world = World::new();
    let id = mediating(&mut world, "first");
    world.do_::<Dossier>(&mediator(), &id, call(8, "三楼"));
    world.do_::<Dossier>(&own(&he()), &id, dossier::Command::AskRecusal { reason: "与对方相识".into(), told: None });
    let end = || dossier::Command::EndMediation { ground: "no_agreement".into() };
    for actor in [mediator(), leader()] {
        assert_eq!(world.no::<Dossier>(&actor, &id, end()), "waiting", "{}", actor.id);
    }
    assert!(world.open::<Dossier>(&mediator(), &id, Act::CallOffSession).is_ok(), "nobody comes in vain");
    assert!(world.open::<Dossier>(&own(&shop()), &id, Act::LeaveMediation).is_ok(), "who wants to leave leaves");
    world.do_::<Dossier>(&leader(), &id, dossier::Command::DecideRecusal { granted: false, reason: "经核实".into() });
    world.do_::<Dossier>(&mediator(), &id, end());
}

/// The record of the session that is to be held: who was there, what it came to, and who asked for another mediator.
fn recorded(world: &World, present: &[Party], result: &str, asked: Option<(&Party, &str)>) -> dossier::Command {
    dossier::Command::RecordSession {
        sitting: dossier::Sitting {
            held_at: county_time(world.now),
            present: present.iter().map(|party| party.person.clone()).collect(),
            statements: said(GOSSIP),
            undisputed: said(""),
            result: result.into(),
            rights_told: true,
            recusal: Some(asked.is_some()),
            for_organ: None,
            otherwise: None,
        },
        asked: asked.map(|(party, reason)| dossier::Asked { person: party.person.clone(), reason: reason.into() }),
    }
}

#[test]
fn who_asks_at_a_session_for_another_mediator_is_decided_on_before_there_is_an_agreement() {
    let mut world = World::new();
    let id = mediating(&mut world, "asked");
    world.do_::<Dossier>(&mediator(), &id, call(8, "三楼"));
    world.until(date(2022, 3, 8));
    let both = [he(), shop()];
    let reason = "调解员与对方相识";
    let no = |world: &mut World, command| world.no::<Dossier>(&mediator(), &id, command);
    let agreed = recorded(&world, &both, "agreed", Some((&he(), reason)));
    assert_eq!(no(&mut world, agreed), "field", "nothing is agreed before a mediator who may be biased");
    let silent = recorded(&world, &both, "adjourned", Some((&he(), " ")));
    assert_eq!(no(&mut world, silent), "field", "not without a reason");
    let absent = recorded(&world, &both[1..], "adjourned", Some((&he(), reason)));
    assert_eq!(no(&mut world, absent), "field", "who was not there asked otherwise");
    let mut nobody = recorded(&world, &both, "adjourned", Some((&he(), reason)));
    if let dossier::Command::RecordSession { asked, .. } = &mut nobody {
        *asked = None;
    }
    assert_eq!(no(&mut world, nobody), "field", "who asked?");
    let good = recorded(&world, &both, "adjourned", Some((&he(), reason)));
    world.do_::<Dossier>(&mediator(), &id, good);
    let asked = world.dossier(&id).recusal.clone().unwrap();
    assert_eq!((asked.by, asked.on, asked.reason.text()), (he().person, date(2022, 3, 8), reason));
    assert_eq!(world.tasks(&id), ["identity", "recusal", "sign_record"], "the leader decides");
    assert_eq!(world.no::<Dossier>(&mediator(), &id, call(9, "三楼")), "waiting");
    world.do_::<Dossier>(&leader(), &id, dossier::Command::DecideRecusal { granted: false, reason: "经核实".into() });
    assert_eq!(world.order("recusal_decision").addressee.as_ref().unwrap().person, he().person);
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn a_session_is_held_after_the_declaration_and_at_another_time_than_called_for_a_reason() {
    let mut world = World::new();
    let id = apply(&mut world, "when");
    accept(&mut world, &id);
    world.until(date(2022, 3, 3));
    name_mediator(&mut world, &id);
    world.do_::<Dossier>(&mediator(), &id, call(8, "三楼"));
    world.until(date(2022, 3, 9));
    let at = |day: i8, hour: i8, why: Option<&str>| {
        let dossier::Command::RecordSession { sitting, asked } = recorded(&world, &[he(), shop()], "failed", None)
        else {
            panic!()
        };
        let held_at = date(2022, 3, day).at(hour, 0, 0, 0);
        let sitting = dossier::Sitting { held_at, otherwise: why.map(said), ..sitting };
        dossier::Command::RecordSession { sitting, asked }
    };
    let because = Some("各方临时都有空");
    let (before, unsaid, blank) = (at(2, 9, because), at(8, 14, None), at(7, 9, Some(" ")));
    let (other, as_called) = (at(8, 14, because), at(8, 9, None));
    let mut no = |command| {
        let No::Refused(refusal) = world.ask::<Dossier>(&mediator(), &id, command).unwrap_err() else { panic!() };
        refusal.reason
    };
    let field = |field: &str, problem: &str| Reason::Field { field: field.into(), problem: problem.into() };
    assert_eq!(no(before), field("clock", "before_declared"));
    assert_eq!(no(unsaid), field("otherwise", "otherwise"));
    assert_eq!(no(blank), field("otherwise", "otherwise"));
    world.do_::<Dossier>(&mediator(), &id, other);
    let record = world.order("mediation_record").data.clone();
    assert_eq!(
        (&record["start"], &record["otherwise"]["called"]),
        (&"2022-03-08T14:00".into(), &"2022-03-08T09:00".into())
    );
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::WithdrawRecord { reason: GOSSIP.into() });
    world.do_::<Dossier>(&mediator(), &id, as_called);
    assert!(world.order("mediation_record").data["otherwise"].is_null());
}

#[test]
fn nobody_agrees_for_a_party_who_was_not_there() {
    let mut world = World::new();
    let id = mediating(&mut world, "alone");
    world.do_::<Dossier>(&mediator(), &id, call(8, "三楼"));
    world.until(date(2022, 3, 8));
    let alone = |result| recorded(&world, &[he()], result, None);
    let (agreed, failed) = (alone("agreed"), alone("failed"));
    assert_eq!(world.no::<Dossier>(&mediator(), &id, agreed), "field");
    world.do_::<Dossier>(&mediator(), &id, failed);
}

#[test]
fn a_record_that_no_party_signed_is_taken_back_and_kept_anew() {
    let mut world = World::new();
    let id = mediating(&mut world, "back");
    let back = |reason: &str| dossier::Command::WithdrawRecord { reason: reason.into() };
    assert_eq!(world.no::<Dossier>(&mediator(), &id, back(GOSSIP)), "waiting", "there is none");
    session(&mut world, &id, "agreed");
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::SignRecord {});
    let first = world.dossier(&id).sessions[0].record.clone().unwrap();
    assert_eq!(world.no::<Dossier>(&mediator(), &id, back(" ")), "field", "not without a reason");
    for actor in [clerk(), leader(), own(&he())] {
        assert_eq!(world.no::<Dossier>(&actor, &id, back(GOSSIP)), "denied", "{}", actor.id);
    }
    world.do_::<Dossier>(&mediator(), &id, back(GOSSIP));
    let state = world.papers[&first.id].state.as_ref().unwrap();
    assert_eq!(state.standing(), "voided", "its paper is void");
    let notice = world.order("void_notice").data.clone();
    assert_eq!(notice["case"], world.dossier(&id).application.number.as_str());
    assert_eq!(
        notice["session"],
        world.dossier(&id).sessions[0].at.strftime("%Y-%m-%dT%H:%M").to_string(),
        "which session it was"
    );
    assert!(notice["reason"].to_string().contains(GOSSIP), "and why: {notice}");
    let state = world.dossier(&id);
    assert!(state.pending().is_some() && !state.has_record() && state.sessions[0].signatures.is_empty());
    assert_eq!(world.tasks(&id), ["identity", "record_session"]);
    let again = recorded(&world, &[he(), shop()], "adjourned", None);
    world.do_::<Dossier>(&mediator(), &id, again);
    assert_ne!(world.dossier(&id).sessions[0].record.as_ref().unwrap().id, first.id);
    world.do_::<Dossier>(&own(&shop()), &id, dossier::Command::SignRecord {});
    assert_eq!(world.no::<Dossier>(&mediator(), &id, back(GOSSIP)), "record_signed", "it is theirs too");
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn a_mediation_ends_for_staying_away_only_when_a_notice_had_reached_whoever_was_missed() {
    let mut world = World::new();
    let id = mediating(&mut world, "away");
    let end = || dossier::Command::EndMediation { ground: "absent".into() };
    assert_eq!(world.no::<Dossier>(&mediator(), &id, end()), "field", "nobody was called");
    world.do_::<Dossier>(&mediator(), &id, call(8, "三楼"));
    let notice = world.dossier(&id).sessions[0].notices[1].id.clone();
    world.until(date(2022, 3, 8));
    assert_eq!(world.no::<Dossier>(&mediator(), &id, end()), "field", "nobody was missed yet");
    let alone = recorded(&world, &[he()], "failed", None);
    world.do_::<Dossier>(&mediator(), &id, alone);
    assert_eq!(world.no::<Dossier>(&mediator(), &id, end()), "field", "the shop did not know of it");
    world.serve(&clerk(), &notice);
    world.do_::<Dossier>(&mediator(), &id, end());
    assert_eq!(world.dossier(&id).ended.as_ref().unwrap().absent, [shop().person]);
    assert_eq!(world.order("end_notice").data["absent"].as_array().unwrap().len(), 1, "the notice names it");
}

#[test]
fn who_was_missed_by_everybody_but_came_the_next_time_did_not_stay_away() {
    let mut world = World::new();
    let id = mediating(&mut world, "came");
    world.do_::<Dossier>(&mediator(), &id, call(8, "三楼"));
    world.until(date(2022, 3, 8));
    world.do_::<Dossier>(&mediator(), &id, missed());
    assert_eq!(world.dossier(&id).stayed_away().len(), 2);
    world.do_::<Dossier>(&mediator(), &id, call(10, "三楼"));
    world.until(date(2022, 3, 10));
    let both = recorded(&world, &[he(), shop()], "failed", None);
    world.do_::<Dossier>(&mediator(), &id, both);
    assert!(world.dossier(&id).stayed_away().is_empty());
}

#[test]
fn nobody_is_called_to_a_session_after_the_last_day_of_the_mediation() {
    for (entry, reason) in [("consumer", "after_period"), ("transport", "after_extendable")] {
        let mut world = World::new();
        let id = new_dossier(entry);
        world.do_::<Dossier>(&own(&he()), &id, application(entry, vec![shop()]));
        accept(&mut world, &id);
        name_mediator(&mut world, &id);
        let last = world.dossier(&id).period.clone().unwrap();
        let at = |day: yanhe_core::Date| day.at(9, 0, 0, 0);
        let late = at(last.last_day + 1.days());
        let call = |at| dossier::Command::CallSession { at, place: GOSSIP.into() };
        let No::Refused(no) = world.ask::<Dossier>(&mediator(), &id, call(late)).unwrap_err() else { panic!() };
        assert_eq!(No::Refused(no.clone()).reason(), reason);
        assert_eq!(no.basis, last.basis, "the article stands beside it");
        world.do_::<Dossier>(&mediator(), &id, call(at(last.last_day)));
        let later = dossier::Command::MoveSession { at: late, place: GOSSIP.into() };
        assert_eq!(world.no::<Dossier>(&mediator(), &id, later), reason);
    }
}

/// So many working days later.
fn working_days_later(day: yanhe_core::Date, days: u32) -> yanhe_core::Date {
    let mut day = day;
    for _ in 0..days {
        day = day.tomorrow().unwrap();
        while !crate::world::CALENDAR.day(day).unwrap().kind.is_working() {
            day = day.tomorrow().unwrap();
        }
    }
    day
}

#[test]
fn a_case_is_not_closed_before_its_record_is_signed_or_says_why_not() {
    let mut world = World::new();
    let id = mediating(&mut world, "unsigned");
    session(&mut world, &id, "failed");
    let waits = |world: &World| world.tasks(&id).contains(&"sign_record".to_owned());
    assert!(waits(&world));
    world.do_::<Dossier>(&mediator(), &id, dossier::Command::EndMediation { ground: "no_agreement".into() });
    assert!(waits(&world));
    assert_eq!(world.no::<Dossier>(&clerk(), &id, dossier::Command::Close {}), "record_unsigned");
    for actor in [mediator(), own(&he())] {
        world.do_::<Dossier>(&actor, &id, dossier::Command::SignRecord {});
    }
    let (signer, reason) = (format!("party/{}", shop().person), "已离开，联系不上".to_owned());
    assert!(waits(&world));
    let note = dossier::Command::NoteUnsigned { signer, refused: false, reason };
    world.do_::<Dossier>(&clerk(), &id, note);
    assert!(!waits(&world));
    world.do_::<Dossier>(&clerk(), &id, dossier::Command::Close {});
}
