//! What was done on paper in time and is entered after the last day: what a timer had recorded is taken back, as far as
//! nothing was built on it.

use jiff::ToSpan;
use jiff::civil::date;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{ByHand, Command, Decision, Dossier, Event, Stage};
use yanhe_core::paper::{self, Paper};
use yanhe_core::policy::Act;
use yanhe_core::{Date, PersonId, StreamId};

use crate::people::{GOSSIP, he, own, ruan, shop};
use crate::play::*;
use crate::world::{World, confirmation_of, sha};

fn voided(world: &World, paper: &StreamId) -> bool {
    world.papers[paper].state.as_ref().unwrap().void.is_some()
}

/// The answer on the slip, signed and given on that day.
fn slip(world: &World, id: &StreamId, n: usize, answer: Decision, on: Date) -> Command {
    let consent = &world.dossier(id).consents[n];
    let code = consent.check_code.clone().unwrap();
    let slip = ByHand { on, ..by_hand(world, format!("party/{}", consent.person), &code) };
    let person = Some(consent.person.clone());
    Command::AnswerConsent { electronic: None, answer, on, person, slip: Some(slip), how: String::new() }
}

/// Nobody answered, and the application was refused for that.
fn refused(world: &mut World, key: &str) -> StreamId {
    let id = apply(world, key);
    ask_in_person(world, &id);
    let last = world.dossier(&id).consents[0].due.last_day;
    world.until(last.tomorrow().unwrap());
    assert_eq!(world.dossier(&id).stage, Stage::Refused);
    id
}

#[test]
fn a_slip_that_was_signed_in_time_takes_the_silence_back_and_the_refusal_with_it() {
    let mut world = World::new();
    let id = refused(&mut world, "slip");
    let notice = world.dossier(&id).answer.clone().unwrap().id;
    world.do_::<Dossier>(&clerk(), &id, Command::Close {});
    world.until(date(2022, 3, 14));
    let spoken = Command::AnswerConsent {
        electronic: None,
        answer: Decision::Yes,
        on: date(2022, 3, 7),
        person: None,
        slip: None,
        how: "电话答复".into(),
    };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, spoken), "field", "nobody can see when it was said");
    let late = slip(&world, &id, 0, Decision::Yes, date(2022, 3, 9));
    assert_eq!(world.no::<Dossier>(&clerk(), &id, late), "period_expired");
    let yes = slip(&world, &id, 0, Decision::Yes, date(2022, 3, 8));
    assert_eq!(world.no::<Dossier>(&own(&shop()), &id, yes.clone()), "not_now", "an officer attests it");
    let events = world.do_::<Dossier>(&clerk(), &id, yes);
    let Event::LapseTakenBack { person, done_on, over_on, papers, on } = &events[0] else { panic!("{events:?}") };
    assert_eq!((person.as_ref(), *done_on), (Some(&shop().person), Some(date(2022, 3, 8))));
    assert_eq!((*over_on, *on, papers.len()), (Some(date(2022, 3, 9)), date(2022, 3, 14), 1));
    let state = world.dossier(&id);
    assert_eq!((state.stage, state.consents[0].answer, state.closed_on), (Stage::Applied, Some(true), None));
    assert!(state.refused_for.is_empty() && state.answer.is_none());
    assert!(voided(&world, &notice), "whoever got the notice is told that it is void");
    assert_eq!((world.count("refused"), world.count("applied_decided")), (0, 0));
    assert_eq!(world.tasks(&id), ["accept"]);
    world.do_::<Dossier>(&clerk(), &id, Command::Accept { reason: String::new() });
    assert_eq!(world.count("applied_decided"), 1);
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn a_no_on_paper_is_no_silence_and_is_decided_on_anew() {
    let mut world = World::new();
    let id = refused(&mut world, "no");
    let no = slip(&world, &id, 0, Decision::No, date(2022, 3, 2));
    world.do_::<Dossier>(&clerk(), &id, no);
    assert!(world.dossier(&id).somebody_refuses());
    let refuse =
        |ground: &str| Command::Refuse { ground: ground.into(), note: String::new(), competent: String::new() };
    assert_eq!(world.no::<Dossier>(&clerk(), &id, refuse("party_silent")), "field");
    world.do_::<Dossier>(&clerk(), &id, refuse("party_refuses"));
    assert_eq!(world.count("refused"), 1);
    assert!(world.open::<Dossier>(&clerk(), &id, Act::AnswerConsent).is_err(), "nobody was silent");
}

#[test]
fn what_another_case_was_built_on_is_not_taken_back() {
    let mut world = World::new();
    let id = refused(&mut world, "first");
    world.earlier = Some(id.clone());
    world.do_::<Dossier>(&own(&he()), &new_dossier("second"), application("", vec![shop()]));
    let yes = slip(&world, &id, 0, Decision::Yes, date(2022, 3, 8));
    assert_eq!(world.no::<Dossier>(&clerk(), &id, yes), "renewed");
}

/// One of two was silent, and the mediation goes on without them.
fn without(world: &mut World, key: &str) -> StreamId {
    let id = new_dossier(key);
    world.do_::<Dossier>(&own(&he()), &id, application("consumer", vec![shop(), ruan()]));
    ask_in_person(world, &id);
    let yes = slip(world, &id, 0, Decision::Yes, world.today());
    world.do_::<Dossier>(&clerk(), &id, yes);
    world.until(date(2022, 3, 9));
    world.do_::<Dossier>(&clerk(), &id, Command::Accept { reason: GOSSIP.into() });
    assert_eq!(world.dossier(&id).without, [ruan().person]);
    id
}

#[test]
fn who_had_consented_on_paper_takes_part_although_the_mediation_began_without_them() {
    let mut world = World::new();
    let id = without(&mut world, "joins");
    let yes = slip(&world, &id, 1, Decision::Yes, date(2022, 3, 8));
    world.do_::<Dossier>(&clerk(), &id, yes);
    let state = world.dossier(&id);
    assert!(state.without.is_empty() && state.stage == Stage::Mediating);
    let row = ("takes_part", format!("{:?}", [id.as_str(), ruan().person.0.as_str()].map(yanhe_core::Cell::from)));
    assert!(world.rows.contains_key(&row), "and reads the case");
    assert!(world.open::<Dossier>(&own(&ruan()), &id, Act::LeaveMediation).is_ok());
    assert_eq!(world.count("accepted"), 1, "the acceptance stands");
}

/// The refusal of a slip that comes when the others have their agreement.
pub fn agreed_without() -> String {
    let mut world = World::new();
    let id = without(&mut world, "agreed");
    name_mediator(&mut world, &id);
    session(&mut world, &id, "agreed");
    issue(&mut world, &id, &[date(2022, 12, 1)]);
    let yes = slip(&world, &id, 1, Decision::Yes, date(2022, 3, 8));
    let lies = world.no::<Dossier>(&clerk(), &id, yes.clone());
    conclude(&mut world, &id);
    assert_eq!(world.no::<Dossier>(&clerk(), &id, yes), lies);
    lies
}

#[test]
fn a_letter_that_comes_back_had_asked_nobody() {
    let mut world = World::new();
    // A message, to a phone of the organ's own record.
    world.origin = Some(register(&mut world, complaint("HY202203010044", date(2022, 3, 1))));
    let id = apply(&mut world, "back");
    world.do_::<Dossier>(&clerk(), &id, Command::AskConsent {});
    world.until(world.dossier(&id).consents[0].due.last_day.tomorrow().unwrap());
    assert_eq!(world.dossier(&id).stage, Stage::Refused);
    let letter = world.dossier(&id).consents[0].paper.id.clone();
    let failed = paper::Command::RecordService {
        manner: "post".into(),
        on: world.today(),
        at: None,
        served: false,
        receiver: String::new(),
        note: "退回".into(),
    };
    world.do_::<Paper>(&clerk(), &letter, failed);
    let state = world.dossier(&id);
    assert_eq!((state.stage, state.consents[0].answer, state.consents[0].sent), (Stage::Applied, None, None));
    world.serve(&clerk(), &letter);
    assert_eq!(world.dossier(&id).consents[0].due.from, world.today(), "the whole limit once more");
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

/// An agreement that lay for signing until the period was over; these had signed it.
fn expired(world: &mut World, key: &str, signed: &[PersonId]) -> (StreamId, Date) {
    let id = apply(world, key);
    accept(world, &id);
    name_mediator(world, &id);
    session(world, &id, "agreed");
    issue(world, &id, &[date(2022, 12, 1)]);
    for person in signed {
        sign(world, &id, &yanhe_core::policy::Actor::party(person));
    }
    let last = world.dossier(&id).period.as_ref().unwrap().last_day;
    world.until(last.tomorrow().unwrap());
    assert_eq!(world.dossier(&id).stage, Stage::Ended);
    (id, last)
}

fn attest(world: &World, id: &StreamId, signer: &PersonId, on: Date) -> Command {
    let code = world.dossier(id).agreement.as_ref().unwrap().check_code.clone();
    Command::AttestSignature(ByHand { on, ..by_hand(world, format!("party/{signer}"), &code) })
}

#[test]
fn an_agreement_that_was_signed_on_paper_in_time_holds_although_it_had_fallen() {
    let mut world = World::new();
    let (id, last) = expired(&mut world, "signed", &[he().person]);
    let state = world.dossier(&id).clone();
    let (agreement, ended) = (state.agreement.unwrap().paper.id, state.ended.unwrap());
    let notice = world.papers[&agreement].state.as_ref().unwrap().void.clone().unwrap().notice.id;
    let late = attest(&world, &id, &shop().person, last.tomorrow().unwrap());
    assert_eq!(world.no::<Dossier>(&clerk(), &id, late), "period_expired");
    let in_time = attest(&world, &id, &shop().person, last);
    world.do_::<Dossier>(&clerk(), &id, in_time);
    assert!(!voided(&world, &agreement) && voided(&world, &notice), "the notice is void, and the agreement stands");
    assert!(voided(&world, &ended.paper.id) && ended.others.iter().all(|(_, copy)| voided(&world, &copy.id)));
    assert_eq!((world.dossier(&id).stage, world.count("ended")), (Stage::Signing, 0));
    sign(&mut world, &id, &mediator());
    world.do_::<Dossier>(&leader(), &id, Command::SealAgreement {});
    world.until(last + 40.days());
    assert_eq!((world.dossier(&id).stage, world.count("successful")), (Stage::Performing, 1));
    assert!(world.refused_jobs.is_empty(), "{:?}", world.refused_jobs);
}

#[test]
fn what_was_taken_back_ends_again_unless_the_other_signatures_were_made_in_time_too() {
    let mut world = World::new();
    let (id, last) = expired(&mut world, "two", &[]);
    let one = attest(&world, &id, &he().person, last);
    world.do_::<Dossier>(&clerk(), &id, one);
    let sha256 = agreement_sha(&world, &id);
    let code = Command::SignAgreement { sha256 };
    assert_eq!(world.no::<Dossier>(&own(&shop()), &id, code), "period_expired", "nobody signs after the period");
    world.until(last + 2.days());
    assert_eq!((world.dossier(&id).stage, world.count("ended")), (Stage::Ended, 1));
    let other = attest(&world, &id, &shop().person, last);
    world.do_::<Dossier>(&clerk(), &id, other);
    world.until(last + 9.days());
    assert_eq!((world.dossier(&id).stage, world.count("ended")), (Stage::Signing, 0), "every party has signed");
}

#[test]
fn what_was_handed_in_at_the_court_on_paper_in_time_is_filed_in_time() {
    let mut world = World::new();
    let id = agreement(&mut world, "court");
    let court = confirmation_of(&id);
    world.do_::<Confirmation>(&mediator(), &court, confirmation::Command::Draft {});
    let sha256 = sha(&world.confirmation(&court).application);
    world.until(date(2022, 3, 20));
    for party in [he(), shop()] {
        world.do_::<Confirmation>(&own(&party), &court, confirmation::Command::Sign { sha256: sha256.clone() });
    }
    world.do_::<Confirmation>(&mediator(), &court, confirmation::Command::Certify {});
    world.until(date(2022, 4, 7));
    let file = |on, how: &str| confirmation::Command::File { on: Some(on), how: how.into() };
    let last = world.confirmation(&court).subject.apply_by.last_day;
    assert_eq!(last, date(2022, 3, 31));
    assert_eq!(world.no::<Confirmation>(&own(&he()), &court, file(last, GOSSIP)), "period_expired");
    assert_eq!(world.no::<Confirmation>(&clerk(), &court, file(last, " ")), "field", "how that is known");
    assert_eq!(world.no::<Confirmation>(&clerk(), &court, file(last.tomorrow().unwrap(), GOSSIP)), "period_expired");
    assert_eq!(world.no::<Confirmation>(&clerk(), &court, file(date(2022, 3, 19), GOSSIP)), "date_order");
    world.do_::<Confirmation>(&clerk(), &court, file(last, GOSSIP));
    let state = world.confirmation(&court);
    assert_eq!((state.filed_on, state.docket_by.as_ref().unwrap().from), (Some(last), last));
}
