//! Several on the other side: each is asked, each answers, and what follows when they do not agree.

use jiff::civil::date;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Command, Decision, Dossier, Stage};
use yanhe_core::paper::{self, Paper};
use yanhe_core::policy::Act;

use crate::people::{GOSSIP, he, more, own, ruan, shop};
use crate::play::*;
use crate::world::{World, confirmation_of};

/// An application against the shop and a second seller, both of whom are asked.
fn asked(world: &mut World, key: &str) -> yanhe_core::StreamId {
    let id = new_dossier(key);
    world.do_::<Dossier>(&own(&he()), &id, application("consumer", vec![shop(), ruan()]));
    ask_in_person(world, &id);
    id
}

fn answer(world: &World, answer: Decision) -> Command {
    Command::AnswerConsent {
        electronic: None,
        answer,
        on: world.today(),
        person: None,
        slip: None,
        how: "电话答复".into(),
    }
}

fn told(world: &World, kind: &str) -> Vec<yanhe_core::PersonId> {
    let orders = world.orders.iter().filter(|o| o.paper.kind == kind);
    orders.filter_map(|o| o.addressee.as_ref().map(|a| a.person.clone())).collect()
}

#[test]
fn each_of_several_is_asked_and_answers_for_itself() {
    let mut world = World::new();
    let id = asked(&mut world, "both");
    assert_eq!(told(&world, "consent_letter"), [shop().person, ruan().person]);
    let letters: Vec<_> = world.orders.iter().filter(|o| o.paper.kind == "consent_letter").collect();
    assert_ne!(letters[0].paper.number, letters[1].paper.number);
    assert_ne!(letters[0].access, letters[1].access, "each opens the portal with a code of its own");

    assert_eq!(world.no::<Dossier>(&clerk(), &id, Command::AskConsent {}), "already_done");
    let yes = answer(&world, Decision::Yes);
    world.do_::<Dossier>(&own(&shop()), &id, yes.clone());
    assert_eq!(world.no::<Dossier>(&own(&shop()), &id, yes.clone()), "already_done", "the shop has answered");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, Command::Accept { reason: String::new() }), "waiting");
    assert!(!world.timers.is_empty(), "the silence of the other still counts");
    world.do_::<Dossier>(&own(&ruan()), &id, yes);
    assert!(world.timers.is_empty());
    world.do_::<Dossier>(&clerk(), &id, Command::Accept { reason: String::new() });
    assert_eq!(told(&world, "acceptance_notice"), [he().person, shop().person, ruan().person]);
    assert!(world.dossier(&id).without.is_empty());
    world.do_::<Dossier>(&leader(), &id, Command::EndMediation { ground: "withdrawn".into() });
    assert_eq!(told(&world, "end_notice"), [he().person, shop().person, ruan().person]);
}

#[test]
fn a_clerk_says_whose_answer_is_recorded() {
    let mut world = World::new();
    let id = asked(&mut world, "whose");
    let yes = answer(&world, Decision::Yes);
    assert_eq!(world.no::<Dossier>(&clerk(), &id, yes.clone()), "field", "two answers are awaited");
    let of = |person: &yanhe_core::PersonId| Command::AnswerConsent {
        electronic: None,
        answer: Decision::No,
        on: date(2022, 3, 1),
        person: Some(person.clone()),
        slip: None,
        how: GOSSIP.into(),
    };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, of(&he().person)), "field", "the applicant was not asked");
    world.do_::<Dossier>(&clerk(), &id, of(&shop().person));
    // A party that names another answers for itself all the same.
    world.do_::<Dossier>(&own(&ruan()), &id, of(&shop().person));
    let answers: Vec<_> = world.dossier(&id).consents.iter().map(|c| c.answer).collect();
    assert_eq!(answers, [Some(false), Some(false)]);
    assert_eq!(
        world.no::<Dossier>(&clerk(), &id, Command::Accept { reason: GOSSIP.into() }),
        "waiting",
        "nobody consents"
    );
}

#[test]
fn with_those_who_consent_it_goes_on_for_a_reason_and_the_other_is_no_party_of_it() {
    let mut world = World::new();
    let id = asked(&mut world, "parts");
    let (yes, no) = (answer(&world, Decision::Yes), answer(&world, Decision::No));
    world.do_::<Dossier>(&own(&ruan()), &id, no);
    world.do_::<Dossier>(&own(&shop()), &id, yes);
    assert_eq!(
        world.no::<Dossier>(&clerk(), &id, Command::Accept { reason: " ".into() }),
        "field",
        "why it is divisible"
    );
    world.do_::<Dossier>(&clerk(), &id, Command::Accept { reason: GOSSIP.into() });
    assert_eq!(world.dossier(&id).without, [ruan().person]);
    assert_eq!(told(&world, "acceptance_notice"), [he().person, shop().person], "and not the one who is out");
    assert_eq!(world.order("acceptance_notice").data["without"].as_array().map(Vec::len), Some(1));
    assert_eq!(world.open::<Dossier>(&own(&ruan()), &id, Act::AttachFile).unwrap_err().reason(), "denied");

    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    let mut terms = draft(&world, &id, &[date(2022, 3, 20)]);
    terms.obligations[0].from = ruan().person;
    assert_eq!(world.no::<Dossier>(&mediator(), &id, Command::DraftAgreement { draft: terms }), "field");
    issue(&mut world, &id, &[date(2022, 3, 20)]);
    assert_eq!(world.dossier(&id).signers().len(), 3, "two parties and the mediator");
    let parties = world.order("agreement").data["parties"].as_array().map(Vec::len);
    assert_eq!(parties, Some(2));
    conclude(&mut world, &id);
    let court = file(&mut world, &id);
    assert_eq!(world.confirmation(&court).subject.parties.len(), 2);
    docket(&mut world, &court, "（2022）浙0424诉前调确1号");
    assert_eq!(told(&world, "docket_notice"), [he().person, shop().person]);
    assert_eq!(
        world.no::<Confirmation>(
            &own(&ruan()),
            &confirmation_of(&id),
            confirmation::Command::File { on: None, how: String::new() }
        ),
        "denied"
    );
}

#[test]
fn silence_counts_for_each_and_ends_the_case_only_when_nobody_consents() {
    let mut world = World::new();
    let id = asked(&mut world, "half");
    let yes = answer(&world, Decision::Yes);
    world.do_::<Dossier>(&own(&shop()), &id, yes);
    world.until(date(2022, 3, 9));
    let answers: Vec<_> = world.dossier(&id).consents.iter().map(|c| c.answer).collect();
    assert_eq!(answers, [Some(true), Some(false)]);
    assert_eq!(world.dossier(&id).stage, Stage::Applied, "the officer decides");
    assert!(world.open::<Dossier>(&clerk(), &id, Act::AcceptApplication).is_ok());
    let refuse = Command::Refuse { ground: "party_silent".into(), note: String::new(), competent: String::new() };
    world.do_::<Dossier>(&clerk(), &id, refuse);
    assert_eq!(told(&world, "refusal_notice"), [he().person, shop().person], "who had consented is told too");
    let roles =
        world.orders.iter().filter(|o| o.paper.kind == "refusal_notice").map(|o| o.data["addressee"]["role"].clone());
    assert_eq!(roles.collect::<Vec<_>>(), ["applicant", "respondent"], "each is written to as what they are");

    let none = asked(&mut world, "none");
    let no = answer(&world, Decision::No);
    world.do_::<Dossier>(&own(&ruan()), &none, no);
    world.until(date(2022, 3, 17));
    let state = world.dossier(&none);
    assert_eq!((state.stage, state.refused_for.as_str()), (Stage::Refused, "party_refuses"));
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn an_old_event_that_names_nobody_is_about_the_first_of_the_other_side() {
    let mut world = World::new();
    let id = asked(&mut world, "old");
    let (events, _) = (world.dossiers[&id].events.clone(), ());
    let old = |json: &str| serde_json::from_str::<dossier::Event>(json).unwrap();
    let mut state = None;
    for (at, event) in &events {
        let mut json = serde_json::to_value(event).unwrap();
        if let Some(asked) = json.get_mut("ConsentAsked").and_then(|e| e.as_object_mut()) {
            if asked["person"] == serde_json::json!(ruan().person) {
                continue;
            }
            asked.remove("person");
        }
        state = Some(<Dossier as yanhe_core::Stream>::apply(state, &serde_json::from_value(json).unwrap(), *at));
    }
    let answered = old(r#"{"ConsentAnswered":{"consents":true,"on":"2022-03-01"}}"#);
    let state = <Dossier as yanhe_core::Stream>::apply(state, &answered, world.now);
    assert_eq!(state.consents.len(), 1);
    assert_eq!((state.consents[0].person.clone(), state.consents[0].answer), (shop().person, Some(true)));
}

/// Both consent, a mediator is named, and the case is mediated with two on the other side.
pub fn mediated(world: &mut World, key: &str) -> yanhe_core::StreamId {
    let id = asked(world, key);
    for party in [shop(), ruan()] {
        let yes = answer(world, Decision::Yes);
        world.do_::<Dossier>(&own(&party), &id, yes);
    }
    world.do_::<Dossier>(&clerk(), &id, Command::Accept { reason: String::new() });
    name_mediator(world, &id);
    id
}

fn add(role: &str, by: &yanhe_core::party::Party) -> Command {
    Command::AddParty { party: Box::new(more(7)), role: role.into(), by: by.person.clone(), reason: GOSSIP.into() }
}

#[test]
fn one_of_several_leaves_and_the_others_go_on() {
    let mut world = World::new();
    let id = mediated(&mut world, "leaves");
    session(&mut world, &id, "agreed");
    issue(&mut world, &id, &[date(2022, 3, 20)]);
    sign(&mut world, &id, &own(&ruan()));
    let left = world.do_::<Dossier>(&own(&ruan()), &id, Command::Leave { told: None });
    assert_eq!(left.len(), 2, "the agreement is taken back, and the party is gone: {left:?}");
    let state = world.dossier(&id).clone();
    assert_eq!((state.stage, state.agreement.is_none()), (Stage::Mediating, true));
    assert_eq!((state.left[0].person.clone(), state.without.clone()), (ruan().person, vec![ruan().person]));
    assert_eq!(told(&world, "end_notice"), [ruan().person, he().person, shop().person]);
    assert!(world.order("end_notice").data["left"].is_object());
    assert_eq!(world.open::<Dossier>(&own(&ruan()), &id, Act::AttachFile).unwrap_err().reason(), "denied");

    session(&mut world, &id, "agreed");
    let named = world.order("mediation_record").data["left"].clone();
    assert!(serde_json::to_string(&named).unwrap().contains("退出调解"), "named in the record: {named}");
    issue(&mut world, &id, &[date(2022, 3, 20)]);
    assert_eq!(world.order("agreement").data["parties"].as_array().map(Vec::len), Some(2));
    conclude(&mut world, &id);
    assert_eq!(world.dossier(&id).stage, Stage::Performing);
    assert_eq!(world.count("ended"), 0);
}

/// Somebody is added while a session stands called, and says yes.
fn joined(world: &mut World, id: &yanhe_core::StreamId) {
    world.do_::<Dossier>(&clerk(), id, add("respondent", &he()));
    let yes = answer(world, Decision::Yes);
    world.do_::<Dossier>(&own(&more(7)), id, yes);
}

fn call(day: i8) -> Command {
    Command::CallSession { at: date(2022, 3, day).at(9, 0, 0, 0), place: "三楼".into() }
}

#[test]
fn who_joins_is_told_and_called_to_the_session_like_the_others() {
    let mut world = World::new();
    let id = mediated(&mut world, "called");
    world.do_::<Dossier>(&mediator(), &id, call(8));
    joined(&mut world, &id);
    assert_eq!(told(&world, "acceptance_notice").last(), Some(&more(7).person));
    assert_eq!(told(&world, "session_notice").last(), Some(&more(7).person));
    let notice = world.order("session_notice").clone();
    assert_eq!((&notice.data["time"], &notice.data["round"]), (&"2022-03-08T09:00".into(), &1.into()));
    let session = world.dossier(&id).pending().unwrap().clone();
    assert_eq!((session.to.len(), session.to.last()), (4, Some(&more(7).person)));
    assert!(!session.to_move, "the rule of this sector counts no days");
    world.do_::<Dossier>(&mediator(), &id, Command::DeclareConflict { conflict: false });
    world.do_::<Dossier>(&mediator(), &id, Command::CallOffSession { reason: GOSSIP.into() });
    assert_eq!(told(&world, "session_notice").last(), Some(&more(7).person), "and told when it is called off");
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn who_was_never_called_did_not_stay_away() {
    let mut world = World::new();
    let id = mediated(&mut world, "uncalled");
    world.do_::<Dossier>(&mediator(), &id, call(8));
    world.until(date(2022, 3, 8));
    joined(&mut world, &id);
    assert_eq!(told(&world, "session_notice").len(), 3, "it begins as they join");
    world.do_::<Dossier>(&mediator(), &id, Command::DeclareConflict { conflict: false });
    let sitting = dossier::Sitting {
        held_at: date(2022, 3, 8).at(9, 0, 0, 0),
        present: vec![he().person, shop().person],
        statements: said(GOSSIP),
        undisputed: said(""),
        result: "adjourned".into(),
        rights_told: true,
        recusal: Some(false),
        for_organ: None,
        otherwise: None,
    };
    world.do_::<Dossier>(&mediator(), &id, Command::RecordSession { sitting, asked: None });
    let absent = world.order("mediation_record").data["absent"].as_array().map(Vec::len);
    assert_eq!(absent, Some(1), "the one who was called and did not come");
}

#[test]
fn a_mediator_declares_anew_when_somebody_joins_and_withdraws_when_they_come_to_know_of_a_conflict() {
    let mut world = World::new();
    let id = mediated(&mut world, "anew");
    world.do_::<Dossier>(&mediator(), &id, call(8));
    joined(&mut world, &id);
    assert!(world.tasks(&id).contains(&"declare".to_owned()), "{:?}", world.tasks(&id));
    assert_eq!(world.dossier(&id).mediator.as_ref().unwrap().uncovered, [more(7).person]);
    assert_eq!(world.open::<Dossier>(&mediator(), &id, Act::RecordSession).unwrap_err().reason(), "conflict");
    world.do_::<Dossier>(&mediator(), &id, Command::DeclareConflict { conflict: false });
    assert!(world.tasks(&id).contains(&"record_session".to_owned()), "{:?}", world.tasks(&id));
    let none = Command::DeclareConflict { conflict: false };
    assert_eq!(world.no::<Dossier>(&mediator(), &id, none), "already_done");
    world.do_::<Dossier>(&mediator(), &id, Command::DeclareConflict { conflict: true });
    let state = world.dossier(&id);
    assert!(state.mediator.is_none() && state.pending().is_none() && state.conflicted == [mediator().id]);
    assert!(state.recused.is_empty(), "nobody asked for it");
    assert!(world.tasks(&id).contains(&"name_mediator".to_owned()));
    let off = world.orders.iter().filter(|o| o.data.get("called_off").is_some()).count();
    assert_eq!(off, 4, "who was called is told that it is not held");
}

#[test]
fn with_nobody_left_on_one_side_the_mediation_ends() {
    let mut world = World::new();
    let id = mediated(&mut world, "nobody");
    let mediator_says =
        |party: &yanhe_core::party::Party| Command::Leave { told: Some(telling(party, date(2022, 3, 1))) };
    assert_eq!(world.no::<Dossier>(&mediator(), &id, Command::Leave { told: None }), "field", "who leaves is named");
    world.do_::<Dossier>(&mediator(), &id, mediator_says(&shop()));
    assert_eq!(world.dossier(&id).stage, Stage::Mediating);
    assert_eq!(world.no::<Dossier>(&mediator(), &id, mediator_says(&shop())), "field", "gone already");
    world.do_::<Dossier>(&own(&ruan()), &id, Command::Leave { told: None });
    let state = world.dossier(&id);
    assert_eq!((state.stage, state.ended.as_ref().unwrap().ground.as_str()), (Stage::Ended, "party_refuses"));
    assert_eq!(world.order("end_notice").data["left"], serde_json::Value::Null);
}

#[test]
fn a_party_is_added_and_asked_like_the_others() {
    let mut world = World::new();
    let id = mediated(&mut world, "added");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, add("applicant", &he())), "field");
    assert_eq!(world.no::<Dossier>(&clerk(), &id, add("third", &more(9))), "field", "only a party asks for it");
    world.do_::<Dossier>(&clerk(), &id, add("third", &he()));
    assert_eq!(world.no::<Dossier>(&clerk(), &id, add("third", &he())), "field", "once");
    assert_eq!(told(&world, "consent_letter").last(), Some(&more(7).person));
    assert_eq!(world.order("consent_letter").data["third"], true);
    assert!(world.tasks(&id).contains(&"answer".to_owned()));
    assert_eq!(world.dossier(&id).signers().len(), 4, "no party before it consents");
    session(&mut world, &id, "agreed");
    let terms = draft(&world, &id, &[date(2022, 3, 20)]);
    world.do_::<Dossier>(&mediator(), &id, Command::DraftAgreement { draft: terms });
    sign_record(&mut world, &id);
    assert_eq!(world.no::<Dossier>(&mediator(), &id, Command::IssueAgreement {}), "waiting");
    let yes = answer(&world, Decision::Yes);
    world.do_::<Dossier>(&own(&more(7)), &id, yes);
    assert!(!world.tasks(&id).contains(&"answer".to_owned()));
    world.do_::<Dossier>(&mediator(), &id, Command::DeclareConflict { conflict: false });
    issue(&mut world, &id, &[date(2022, 3, 20)]);
    assert_eq!(world.dossier(&id).signers().len(), 5);
    let parties = world.order("agreement").data["parties"].clone();
    assert_eq!(parties[3]["role"], "第三人");
    assert_eq!(
        world.no::<Dossier>(&clerk(), &id, add("respondent", &he())),
        "not_now",
        "the agreement lies for signing"
    );
}

#[test]
fn who_is_added_and_says_no_or_nothing_is_no_party_and_the_others_go_on() {
    let mut world = World::new();
    let id = mediated(&mut world, "silent");
    world.do_::<Dossier>(&clerk(), &id, add("respondent", &he()));
    let letter = world.dossier(&id).consents.last().unwrap().paper.id.clone();
    let send = paper::Command::Dispatch { channel: "mail".into(), to: Some(GOSSIP.into()) };
    world.do_::<Paper>(&clerk(), &letter, send);
    world.serve(&clerk(), &letter);
    world.until(date(2022, 3, 9));
    let state = world.dossier(&id).clone();
    assert_eq!((state.stage, state.without.clone()), (Stage::Mediating, vec![more(7).person]));
    assert_eq!(world.open::<Dossier>(&own(&more(7)), &id, Act::AnswerConsent).unwrap_err().reason(), "denied");
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);

    let early = asked(&mut world, "early");
    let yes = answer(&world, Decision::Yes);
    world.do_::<Dossier>(&own(&shop()), &early, yes.clone());
    world.do_::<Dossier>(&own(&ruan()), &early, yes);
    world.do_::<Dossier>(&clerk(), &early, add("respondent", &shop()));
    assert_eq!(world.no::<Dossier>(&clerk(), &early, Command::Accept { reason: String::new() }), "waiting");
    let no = Command::AnswerConsent {
        electronic: None,
        answer: Decision::No,
        on: world.today(),
        person: None,
        slip: None,
        how: "电话答复".into(),
    };
    world.do_::<Dossier>(&own(&more(7)), &early, no);
    world.do_::<Dossier>(&clerk(), &early, Command::Accept { reason: GOSSIP.into() });
    assert_eq!(world.dossier(&early).without, [more(7).person]);
}

#[test]
fn the_other_side_tells_its_document_too_and_the_officers_check_is_a_task() {
    let mut world = World::new();
    let id = new_dossier("told");
    let bare = yanhe_core::party::Party { document: None, document_kind: None, ..ruan() };
    world.do_::<Dossier>(&own(&he()), &id, application("consumer", vec![bare]));
    world.do_::<Dossier>(&clerk(), &id, Command::AskConsent {});
    let tell = |number: &str| Command::TellIdentity { document_kind: "resident_id".into(), number: number.into() };
    assert_eq!(world.no::<Dossier>(&own(&ruan()), &id, tell("330499197502023450")), "field", "a wrong check digit");
    assert_eq!(world.no::<Dossier>(&own(&more(1)), &id, tell("330499197502023459")), "denied");
    world.do_::<Dossier>(&own(&ruan()), &id, tell("330499197502023459"));
    let told = world.dossier(&id).party(&ruan().person).unwrap().document.clone();
    assert_eq!(told.unwrap().text(), "330499197502023459");
    assert_eq!(world.do_::<Dossier>(&own(&ruan()), &id, tell("330499197502023459")), [], "the same again is nothing");
    let yes = answer(&world, Decision::Yes);
    world.do_::<Dossier>(&own(&ruan()), &id, yes);
    world.do_::<Dossier>(&clerk(), &id, Command::Accept { reason: String::new() });
    assert!(world.tasks(&id).contains(&"identity".to_owned()), "nobody has checked it: {:?}", world.tasks(&id));
    name_mediator(&mut world, &id);
    identify(&mut world, &id);
    assert!(!world.tasks(&id).contains(&"identity".to_owned()));
    assert_eq!(
        world.no::<Dossier>(&own(&ruan()), &id, tell("330499197502023459")),
        "already_done",
        "now it is a correction"
    );
}
