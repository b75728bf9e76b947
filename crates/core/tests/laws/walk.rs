//! Random walks: commands that should be accepted, the same commands spoilt, and days that pass.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Decision, Dossier, FileRef, Sitting, Via};
use yanhe_core::mark::Revision;
use yanhe_core::matter::{self, LetterState, Matter};
use yanhe_core::paper::{self, Paper};
use yanhe_core::party::Party;
use yanhe_core::policy::{Act, Actor};
use yanhe_core::{PersonId, StreamId, StreamKind};

use crate::people::{GOSSIP, he, own, ruan, shop};
use crate::play::*;
use crate::world::{Played, World, confirmation_of, sha};

/// Chance from a seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
    pub fn of<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.roll(items.len() as u64) as usize].clone()
    }
}

/// Everybody who might try.
pub fn actors(world: &World, id: &StreamId) -> Vec<Actor> {
    let named = world.dossiers.get(id).and_then(|k| k.state.as_ref()).and_then(|s| s.mediator.as_ref());
    let named = named.map(|m| Actor { id: m.staff.clone(), ..mediator() });
    let fixed = [
        clerk(),
        leader(),
        mediator(),
        court_clerk(),
        judge(),
        own(&he()),
        own(&shop()),
        own(&ruan()),
        Actor::system(),
        Actor::anyone(),
        Actor::admin(),
    ];
    fixed.into_iter().chain(named).collect()
}

/// A payload for the act that should be accepted whenever the act is open; none when the act is no command of the stream.
pub trait Playable: Played {
    fn good(world: &mut World, id: &StreamId, act: Act, actor: &Actor) -> Option<Self::Command>;
}

impl Playable for Dossier {
    fn good(world: &mut World, id: &StreamId, act: Act, actor: &Actor) -> Option<dossier::Command> {
        use dossier::Command as C;
        let today = world.today();
        if matches!(act, Act::Apply | Act::RecordOralApplication) {
            let mut apply = application("consumer", vec![shop(), ruan()]);
            if let (C::Apply { via, .. }, Act::RecordOralApplication) = (&mut apply, act) {
                *via = Via::Oral;
            }
            return Some(apply);
        }
        let state = world.dossiers.get(id).and_then(|k| k.state.clone())?;
        // Somebody who has not declared a conflict and did not handle the matter.
        let fresh = Actor { id: format!("staff/fresh-{}", state.conflicted.len()), ..mediator() };
        let text = || GOSSIP.to_owned();
        Some(match act {
            Act::AttachFile => C::AttachFile {
                file: FileRef {
                    name: said(GOSSIP),
                    sha256: format!("{:064}", state.files.len()),
                    size: 1,
                    by: actor.id.clone(),
                },
            },
            Act::AskConsent => C::AskConsent {},
            Act::RecordAgain => C::RecordAgain {},
            Act::NoticeAgain => C::NoticeAgain {},
            Act::AnswerConsent => {
                let own = state.asked().find(|c| Some(&c.person) == actor.person.as_ref());
                // Whose silence was taken for a no is heard on paper alone.
                let late = state.silent().next();
                let awaited = own.or_else(|| state.asked().next()).or(late);
                let due = awaited.map_or(today, |c| c.due.last_day);
                let slip = awaited.filter(|c| c.answer.is_some()).map(|c| dossier::ByHand {
                    signer: format!("party/{}", c.person),
                    on: today.min(due),
                    manner: "hand".into(),
                    check_code: c.check_code.clone().unwrap_or_default(),
                    scan: scan_of(c.check_code.as_deref().unwrap_or_default()),
                    original: text(),
                });
                C::AnswerConsent {
                    electronic: None,
                    answer: Decision::Yes,
                    on: today.min(due),
                    person: awaited.map(|c| c.person.clone()),
                    slip,
                    how: text(),
                }
            }
            Act::LapseConsent => C::LapseConsent {},
            Act::AcceptApplication => C::Accept { reason: text() },
            Act::RefuseApplication => C::Refuse { ground: "settled".into(), note: text(), competent: String::new() },
            Act::WithdrawApplication => C::WithdrawApplication { person: None, on: today, how: text() },
            Act::NameMediator => C::NameMediator { staff: world.name(&fresh), legal_section: true },
            Act::ReplaceMediator => {
                let other = Actor { id: format!("{}-again", state.mediator.as_ref()?.staff), ..mediator() };
                C::ReplaceMediator { staff: world.name(&other), legal_section: true, reason: text() }
            }
            Act::DeclareConflict => {
                C::DeclareConflict { conflict: state.mediator.as_ref().is_some_and(|mediator| mediator.declared) }
            }
            Act::TellIdentity => {
                let me = actor.person.as_ref().and_then(|p| state.party(p))?;
                let number = if me.is_firm() { "91330499XLE6CL26N2" } else { "330499198001011235" };
                C::TellIdentity { document_kind: "resident_id".into(), number: number.into() }
            }
            Act::RecordIdentity => {
                if StreamId::parse(&actor.id).is_some() {
                    world.name(actor);
                }
                C::RecordIdentity { checks: checks(&state) }
            }
            // Its time is there at once: it can be held, or missed.
            Act::CallSession => C::CallSession { at: yanhe_core::time::county_time(world.now), place: text() },
            Act::MoveSession => C::MoveSession {
                at: (today + 1.days()).at(15, 0, 0, 0),
                place: format!("{GOSSIP}{}", state.pending().map_or(0, |session| session.moved.len())),
            },
            Act::CallOffSession => C::CallOffSession { reason: text() },
            Act::RecordMissed => C::RecordMissed { note: text() },
            Act::RecordSession => C::RecordSession {
                asked: None,
                sitting: Sitting {
                    held_at: yanhe_core::time::county_time(world.now),
                    present: dossier::taking_part(&state).map(|(_, p)| p.person.clone()).collect(),
                    statements: said(GOSSIP),
                    undisputed: said(GOSSIP),
                    result: "agreed".into(),
                    rights_told: true,
                    recusal: Some(false),
                    for_organ: for_organ(world, id),
                    otherwise: Some(said(GOSSIP)),
                },
            },
            Act::SignRecord => C::SignRecord {},
            Act::NoteUnsigned => {
                let signer = state.record_unsigned().into_iter().find(|s| s.starts_with("party/"))?;
                C::NoteUnsigned { signer, refused: false, reason: text() }
            }
            Act::WithdrawRecord => C::WithdrawRecord { reason: text() },
            Act::AttestApplication => C::AttestApplication(dossier::ByHand {
                signer: state.application_unsigned().first()?.clone(),
                on: today,
                manner: "hand".into(),
                check_code: state.application_code.clone().unwrap_or_default(),
                scan: scan_of(state.application_code.as_deref().unwrap_or_default()),
                original: text(),
            }),
            Act::DraftAgreement => {
                C::DraftAgreement { draft: draft(world, id, &[today + 10.days(), today + 20.days()]) }
            }
            Act::IssueAgreement => C::IssueAgreement {},
            Act::SignAgreement => C::SignAgreement { sha256: sha(&state.agreement.as_ref()?.paper) },
            Act::AttestSignature => C::AttestSignature(dossier::ByHand {
                signer: state.unsigned().iter().find(|s| **s != actor.id)?.clone(),
                on: state.period.as_ref().map_or(today, |period| today.min(period.last_day)),
                manner: "hand".into(),
                check_code: state.agreement.as_ref()?.check_code.clone(),
                scan: scan_of(&state.agreement.as_ref()?.check_code),
                original: text(),
            }),
            Act::SealAgreement => C::SealAgreement {},
            Act::WithdrawAgreement => C::WithdrawAgreement { reason: text() },
            Act::EndMediation => C::EndMediation { ground: "no_agreement".into() },
            Act::ExpirePeriod => C::ExpirePeriod {},
            Act::LapseConfirmation => C::LapseConfirmation {},
            Act::RecordChangedDecision => C::RecordChangedDecision {
                number: format!("盐市监罚变〔2022〕{}号", state.changes_voided.len() + 1),
                on: today,
                before: text(),
                // Every sum that was agreed stands in it.
                after: "退还贺秋生1490元".into(),
                old: Some(dossier::OldDecision {
                    number: "盐市监罚决〔2022〕4号".into(), on: state.applied_on
                }),
            },
            Act::ReportPerformance => {
                let obligation = *state.reportable().first()?;
                C::ReportPerformance { obligation, on: today, note: text() }
            }
            Act::RecordBreach => {
                C::RecordBreach { obligation: *dossier::overdue(&state, today).first()?, on: today, note: text() }
            }
            Act::FollowUp => {
                let whom = vec![dossier::taking_part(&state).next()?.1.person.clone()];
                C::FollowUp { on: today, whom, note: text() }
            }
            Act::CloseDossier => C::Close {},
            Act::ReassignDossier => C::Reassign { staff: world.name(&clerk()) },
            Act::AskCorrection => {
                // Something else than stands there.
                let texts = [("claims", &state.claims), ("facts", &state.facts)];
                let waits = |name: &str| state.corrections.iter().any(|c| c.field == name && c.approver.is_none());
                let (name, now) = texts.into_iter().find(|(name, _)| !waits(name))?;
                C::AskCorrection { field: name.into(), after: format!("{}，另付利息", now.text()), reason: text() }
            }
            Act::ApproveCorrection => {
                let n = state.corrections.iter().position(|c| c.approver.is_none() && c.by != actor.id)?;
                C::ApproveCorrection { correction: n as i64 }
            }
            Act::AttestRecord => C::AttestRecord(dossier::ByHand {
                signer: state.record_unsigned().iter().find(|s| **s != actor.id)?.clone(),
                on: today,
                manner: "hand".into(),
                check_code: state.sessions.last()?.check_code.clone().unwrap_or_default(),
                scan: scan_of(state.sessions.last()?.check_code.as_deref().unwrap_or_default()),
                original: text(),
            }),
            Act::LeaveMediation => {
                let organ = |role: &str| state.is_administrative() && role == "respondent";
                let there = dossier::taking_part(&state).filter(|(role, _)| !organ(role));
                C::Leave { told: there.last().map(|(_, party)| telling(party, today)) }
            }
            Act::AddParty => C::AddParty {
                party: Box::new(crate::people::more(dossier::everybody(&state).count())),
                role: if state.is_administrative() { "third" } else { "respondent" }.into(),
                by: dossier::taking_part(&state).next()?.1.person.clone(),
                reason: text(),
            },
            Act::AskRecusal => {
                let (_, party) = dossier::taking_part(&state).next()?;
                C::AskRecusal { reason: text(), told: Some(telling(party, today)) }
            }
            Act::DecideRecusal => C::DecideRecusal { granted: false, reason: text() },
            Act::RefuseCorrection => {
                let n = state.corrections.iter().position(|c| c.approver.is_none() && c.by != actor.id)?;
                C::RefuseCorrection { correction: n as i64, reason: text() }
            }
            Act::NoteDossier => C::NoteConfirmation { confirmation: confirmation_of(id), state: "drafted".into() },
            _ => return None,
        })
    }
}

impl Playable for Matter {
    fn good(world: &mut World, id: &StreamId, act: Act, actor: &Actor) -> Option<matter::Command> {
        use matter::Command as C;
        let today = world.today();
        let state = world.matters.get(id).and_then(|k| k.state.clone());
        Some(match act {
            Act::RegisterMatter => C::Register {
                matter: Box::new(state.map_or_else(|| complaint("HY202203010009", date(2022, 3, 1)), |s| s.matter)),
            },
            Act::IssueDecision => {
                let number = world.next_decision(MARKET);
                let matter = Box::new(penalty(&number, today));
                C::Decide { matter, hearing: told(today), reason: GOSSIP.into() }
            }
            Act::UpdateMatter => C::Update {
                status: "已签收".into(),
                own_due_on: None,
                phone: Some("19900007002".into()),
                address: Some(GOSSIP.into()),
                row: Some(GOSSIP.into()),
                taken_back: None,
            },
            Act::WithdrawMatter => C::Withdraw { reason: GOSSIP.into() },
            Act::EnterServed => C::EnterServed { on: today },
            Act::EnterEntitled => {
                // Somebody who is not there yet: nobody gets two letters.
                let one_more = format!("第{}人", state?.parties().count());
                let party = Party::human(PersonId(one_more.clone()), &one_more);
                C::EnterEntitled { party: Box::new(party) }
            }
            Act::ConfirmLetter => C::ConfirmLetter { reason: GOSSIP.into() },
            Act::DeclineLetter => C::DeclineLetter { reason: GOSSIP.into() },
            Act::NoteMatter => {
                let paper = state.and_then(|s| s.letters.last().map(|(l, _)| l.paper.id.clone()));
                match paper {
                    Some(paper) => C::NoteLetter {
                        paper,
                        state: LetterState::Failed,
                        on: today,
                        corrected: false,
                        with_decision: false,
                    },
                    None => C::NoteApplied { dossier: new_dossier("noted") },
                }
            }
            Act::AskCorrection => {
                let state = state?;
                let waits = |name: &str| state.amendments.iter().any(|c| c.field == name && c.approver.is_none());
                // What is free words, so that they are accepted.
                let free = |name: &str| ["category", "text", "result"].contains(&name);
                let (field, _) = matter::correctable(&state).filter(|(name, _)| free(name) && !waits(name)).last()?;
                C::AskCorrection { field, after: format!("{GOSSIP}{today}"), reason: GOSSIP.into() }
            }
            Act::ApproveCorrection => {
                let waits = |c: &yanhe_core::correction::Correction| c.approver.is_none() && c.by != actor.id;
                C::ApproveCorrection { correction: state?.amendments.iter().position(waits)? as i64 }
            }
            Act::RefuseCorrection => {
                let waits = |c: &yanhe_core::correction::Correction| c.approver.is_none() && c.by != actor.id;
                let correction = state?.amendments.iter().position(waits)? as i64;
                C::RefuseCorrection { correction, reason: GOSSIP.into() }
            }
            Act::ReplyOrder => C::ReplyOrder { findings: GOSSIP.into(), text: GOSSIP.into() },
            _ => return None,
        })
    }
}

impl Playable for Paper {
    fn good(world: &mut World, id: &StreamId, act: Act, _: &Actor) -> Option<paper::Command> {
        use paper::Command as C;
        let on = world.today();
        let text = || GOSSIP.to_owned();
        Some(match act {
            Act::IssuePaper => C::Issue { issued: Box::new(world.papers.get(id)?.state.clone()?.issued) },
            Act::MarkPaper => {
                let after = world.papers.get(id)?.state.as_ref()?.latest().to_owned();
                let revision = Revision { sha256: format!("{after}/more"), after, size: 1, mark: "seal".into() };
                C::AddRevision { revision }
            }
            Act::DispatchPaper => C::Dispatch { channel: "mail".into(), to: Some(text()) },
            Act::RecordService => {
                C::RecordService { manner: "direct".into(), on, at: None, served: true, receiver: text(), note: text() }
            }
            Act::CheckIdentity => {
                let (document_kind, number) = ("resident_id".into(), String::new());
                C::CheckIdentity(paper::counter::Seen { document_kind, number, phone: None, envoy: None })
            }
            Act::VoidPaper => C::Void { reason: text() },
            Act::CorrectService => {
                let state = world.papers.get(id)?.state.as_ref()?;
                let proof = state.own_attempts().next()?.proof.id.clone();
                C::CorrectService { proof, actual: None, reason: text() }
            }
            Act::WithdrawNotice => C::WithdrawNotice {},
            Act::ApproveNotice => C::ApproveNotice {},
            Act::RefuseNotice => C::RefuseNotice { reason: text() },
            Act::FallPaper => C::Fall { lapsed: false, taken_back: false, with: None },
            Act::NotePaper => C::ServeWith { paper: id.clone() },
            Act::CorrectPaper => C::Correct { reason: text(), before: text(), after: format!("{GOSSIP}，已核对") },
            _ => return None,
        })
    }
}

impl Playable for Confirmation {
    fn good(world: &mut World, id: &StreamId, act: Act, _: &Actor) -> Option<confirmation::Command> {
        use confirmation::Command as C;
        let today = world.today();
        let state = world.confirmations.get(id).and_then(|k| k.state.clone());
        let text = || GOSSIP.to_owned();
        Some(match act {
            Act::DraftConfirmation => C::Draft {},
            Act::SignConfirmation => C::Sign { sha256: sha(&state?.application) },
            Act::AttestConfirmation => {
                let state = state?;
                C::Attest(dossier::ByHand {
                    signer: state.unsigned().first()?.clone(),
                    on: today.min(state.subject.apply_by.last_day),
                    manner: "fingerprint".into(),
                    check_code: state.check_code.clone(),
                    scan: "0".repeat(64),
                    original: text(),
                })
            }
            Act::CertifyPresiding => C::Certify {},
            Act::FileConfirmation => {
                C::File { on: state?.signatures.iter().map(|signature| signature.on).max(), how: text() }
            }
            Act::DocketConfirmation => C::Docket {
                number: "（2022）浙0424诉前调确7号".into(),
                judge: world.name(&judge()),
                hearing: None,
                place: String::new(),
                rest_day: false,
            },
            Act::DocketAgain => C::DocketAgain {},
            Act::DeclineConfirmation => C::Decline { ground: "title".into(), reasons: text() },
            Act::LapseConfirmation => C::Lapse {},
            Act::HearParties => C::Hear { findings: text(), all_heard: true, on: today, moved: String::new() },
            Act::RuleValid => C::RuleValid { reasons: text() },
            Act::RuleReject => C::RuleReject { ground: "unclear".into(), reasons: text() },
            Act::ReissueRuling => C::ReissueRuling {},
            Act::NoteConfirmation => {
                C::NoteServed { paper: StreamId::new(StreamKind::Paper, "unknown"), on: Some(today) }
            }
            _ => return None,
        })
    }
}

/// Fields that people type freely: what stands there may name anybody.
const FREE: [&str; 16] = [
    "note",
    "reason",
    "place",
    "original",
    "claims",
    "facts",
    "statements",
    "undisputed",
    "text",
    "what",
    "how",
    "moved",
    "after",
    "findings",
    "reasons",
    "receiver",
];

/// The command with one of its values replaced, if it still is a command.
pub fn spoil<C: Serialize + DeserializeOwned>(command: &C, dice: &mut Dice) -> Option<C> {
    let mut json = serde_json::to_value(command).ok()?;
    let mut paths = Vec::new();
    leaves(&json, String::new(), &mut paths);
    if paths.is_empty() {
        return None;
    }
    let path = dice.of(&paths);
    let leaf = json.pointer_mut(&path)?;
    let free = FREE.contains(&path.rsplit('/').next().unwrap_or_default());
    *leaf = match leaf {
        Value::String(text) if text.parse::<Date>().is_ok() => {
            dice.of(&["0001-01-01", "2003-12-31", "2022-02-28", "2022-03-05", "2036-12-31", "9999-12-31"]).into()
        }
        Value::String(_) if free => dice.of(&["", " ", GOSSIP]).into(),
        Value::String(_) => dice.of(&["", "nonsense", "0"]).into(),
        Value::Bool(b) => (!*b).into(),
        Value::Number(_) => dice.of(&[-1, 0, 1, 99, i64::from(u32::MAX)]).into(),
        Value::Null => Value::Null,
        _ => return None,
    };
    serde_json::from_value(json).ok()
}

fn leaves(json: &Value, at: String, out: &mut Vec<String>) {
    match json {
        Value::Object(fields) => {
            fields.iter().filter(|(k, _)| *k != "of").for_each(|(k, v)| leaves(v, format!("{at}/{k}"), out));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(n, v)| leaves(v, format!("{at}/{n}"), out)),
        _ => out.push(at),
    }
}

const ENDS: [Act; 16] = [
    Act::DeclareConflict,
    Act::WithdrawApplication,
    Act::AddParty,
    Act::LeaveMediation,
    Act::AskRecusal,
    Act::CallOffSession,
    Act::WithdrawAgreement,
    Act::FallPaper,
    Act::RefuseApplication,
    Act::EndMediation,
    Act::CloseDossier,
    Act::WithdrawMatter,
    Act::AttachFile,
    Act::AskCorrection,
    Act::ReassignDossier,
    Act::DeclineConfirmation,
];

fn step<S: Playable>(world: &mut World, id: &StreamId, dice: &mut Dice) {
    // What would be a button, mostly; sometimes anything by anybody. What ends a case is taken seldom, so that walks get far.
    let everybody = actors(world, id);
    let mut open = Vec::new();
    for actor in &everybody {
        for act in Act::ALL {
            if world.open::<S>(actor, id, *act).is_ok() && (!ENDS.contains(act) || dice.roll(4) == 0) {
                open.push((actor.clone(), *act));
            }
        }
    }
    let anything = open.is_empty() || dice.roll(8) == 0;
    let (actor, act) = if anything { (dice.of(&everybody), dice.of(Act::ALL)) } else { dice.of(&open) };
    let Some(good) = S::good(world, id, act, &actor) else { return };
    let spoilt = if dice.roll(4) == 0 { spoil(&good, dice) } else { None };
    world.verified = dice.roll(12) != 0;
    let _ = world.ask::<S>(&actor, id, spoilt.unwrap_or(good));
    world.verified = true;
}

/// A matter, a case and its confirmation, moved on by chance; `look` sees the world after every step.
pub fn walk(seed: u64, steps: u32, mut look: impl FnMut(&mut World, &StreamId)) -> World {
    let mut dice = Dice(seed);
    let mut world = World::new();
    let number = "HY202203010008";
    let matter = if dice.roll(2) == 0 {
        register(&mut world, complaint(number, date(2022, 3, 1)))
    } else {
        register(&mut world, penalty(number, date(2022, 3, 1)))
    };
    if dice.roll(4) != 0 {
        world.origin = Some(matter.clone());
    }
    let id = new_dossier("walk");
    let start = dice.roll(8);
    if start > 0 && dice.roll(3) == 0 {
        let mut told = application("consumer", vec![shop()]);
        if let dossier::Command::Apply { via, .. } = &mut told {
            *via = Via::Oral;
        }
        world.do_::<Dossier>(&clerk(), &id, told);
        if dice.roll(3) == 0 {
            let record = world.dossier(&id).application.id.clone();
            world.notice(&record, paper::Command::Void { reason: GOSSIP.into() });
        }
    } else if start > 0 {
        apply(&mut world, "walk");
    }
    if start > 1 {
        if world.dossier(&id).is_administrative() {
            world.do_::<Dossier>(&clerk(), &id, dossier::Command::Accept { reason: String::new() });
        } else {
            accept(&mut world, &id);
        }
    }
    // A session that is called and not yet held, or a record that nobody signed.
    if start == 2 && dice.roll(2) == 0 {
        name_mediator(&mut world, &id);
        if dice.roll(2) == 0 {
            let at = yanhe_core::time::county_time(world.now);
            let call = dossier::Command::CallSession { at, place: GOSSIP.into() };
            world.do_::<Dossier>(&mediator(), &id, call);
        } else {
            session(&mut world, &id, "failed");
        }
    }
    if start > 2 {
        name_mediator(&mut world, &id);
        session(&mut world, &id, "agreed");
        if start > 3 {
            sign_record(&mut world, &id);
        }
        let draft = draft(&world, &id, &[world.today() + 5.days()]);
        world.do_::<Dossier>(&mediator(), &id, dossier::Command::DraftAgreement { draft });
    }
    if start == 3 && dice.roll(6) == 0 {
        world.do_::<Dossier>(&leader(), &id, dossier::Command::EndMediation { ground: "withdrawn".into() });
        let notice = world.dossier(&id).ended.as_ref().unwrap().paper.id.clone();
        world.notice(&notice, paper::Command::Void { reason: GOSSIP.into() });
    }
    if start > 3 {
        identify(&mut world, &id);
        world.do_::<Dossier>(&mediator(), &id, dossier::Command::IssueAgreement {});
    }
    if start > 4 {
        if world.dossier(&id).is_administrative() {
            for actor in [own(&he()), leader(), mediator()] {
                sign(&mut world, &id, &actor);
            }
            world.do_::<Dossier>(&leader(), &id, dossier::Command::SealAgreement {});
        } else {
            conclude(&mut world, &id);
        }
    }
    if start > 5 && !world.dossier(&id).is_administrative() {
        let court = file(&mut world, &id);
        if start > 6 {
            docket(&mut world, &court, "（2022）浙0424诉前调确7号");
            hear(&mut world, &court);
            if dice.roll(3) == 0 {
                let reasons = GOSSIP.to_owned();
                world.do_::<Confirmation>(&judge(), &court, confirmation::Command::RuleValid { reasons });
                let ruling = world.confirmation(&court).ruling.as_ref().unwrap().papers[0].1.id.clone();
                world.do_::<Paper>(&court_clerk(), &ruling, paper::Command::Void { reason: GOSSIP.into() });
                world.do_::<Paper>(&judge(), &ruling, paper::Command::ApproveNotice {});
            } else if dice.roll(4) == 0 {
                let notice = world.confirmation(&court).docket_notice.clone().unwrap().id;
                world.do_::<Paper>(&court_clerk(), &notice, paper::Command::Void { reason: GOSSIP.into() });
                world.do_::<Paper>(&judge(), &notice, paper::Command::ApproveNotice {});
            }
        }
    }
    for _ in 0..steps {
        match dice.roll(12) {
            0 => {
                let day = world.today() + i64::try_from(dice.roll(12)).unwrap_or(0).days();
                world.until(day);
            }
            1 => step::<Matter>(&mut world, &matter, &mut dice),
            2 | 3 => {
                let papers: Vec<StreamId> = world.papers.keys().cloned().collect();
                if !papers.is_empty() {
                    let paper = dice.of(&papers);
                    step::<Paper>(&mut world, &paper, &mut dice);
                }
            }
            4 | 5 => step::<Confirmation>(&mut world, &confirmation_of(&id), &mut dice),
            _ => step::<Dossier>(&mut world, &id, &mut dice),
        }
        look(&mut world, &id);
    }
    world
}
