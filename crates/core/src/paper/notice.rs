//! Notices that void a paper or correct it or what was recorded of its service: asked for with a reason, approved or
//! refused by somebody else.

use super::{Approval, Asked, Attempt, Context, Event, MANNERS, Notice, Service, State, Wanted};
use crate::paper_data::{day, manner, minute};
use crate::policy::Act;
use crate::refusal::{Reason, Refusal, past};
use crate::row::{Cell, Change};
use crate::stream::Facts;
use crate::time::{Date, Timestamp, county_time};
use crate::values::normalise;
use crate::{PersonId, Personal, StreamId, StreamKind, tables};

/// A proof of service says what is recorded of another paper: it is corrected there.
pub(super) const PROOF: &str = "proof_of_service";

/// Papers that say of another paper that it is corrected, or void.
pub const NOTICES: [&str; 2] = ["correction_notice", "void_notice"];

/// Papers that parties sign: what stands there is theirs, and no notice of one side voids or changes it.
const PARTIES_SIGN: [&str; 3] = ["mediation_record", "agreement", "confirmation_application"];

/// Do parties sign papers of this kind?
pub fn parties_sign(kind: &str) -> bool {
    PARTIES_SIGN.contains(&kind)
}

/// Is an act on a notice open?
pub(super) fn open(state: &State, act: Act, facts: &Facts<'_>, context: &Context) -> Result<(), Refusal> {
    let waiting = |what: &str| Err(Reason::Waiting { what: what.into() }.into());
    match (act, &state.asked) {
        // Who a party is was corrected on the file, asked by one officer and approved by another: the notice says that.
        (Act::VoidPaper, _) if parties_sign(&state.issued.paper.kind) => Err(theirs(state)),
        (Act::CorrectPaper, _) if parties_sign(&state.issued.paper.kind) && context.approved.is_empty() => {
            Err(theirs(state))
        }
        (Act::VoidPaper | Act::CorrectPaper, _) if state.issued.paper.kind == PROOF => {
            Err(Reason::ProofOfAnother.into())
        }
        (Act::VoidPaper | Act::CorrectPaper | Act::CorrectService, Some(_)) => waiting("notice_approval"),
        (Act::CorrectService, None) if state.own_attempts().next().is_none() => waiting("service"),
        (Act::WithdrawNotice | Act::ApproveNotice | Act::RefuseNotice, None) => waiting("notice"),
        (Act::WithdrawNotice, Some(asked)) if asked.by != facts.actor.id => Err(Reason::RequestOfAnother.into()),
        // Nobody approves what they asked for themselves.
        (Act::ApproveNotice | Act::RefuseNotice, Some(asked)) if asked.by == facts.actor.id => {
            Err(Reason::OwnRequest.into())
        }
        _ => Ok(()),
    }
}

fn theirs(state: &State) -> Refusal {
    Reason::SignedByParties { kind: state.issued.paper.kind.clone() }.into()
}

/// What is asked for when a paper is to be corrected: words that stand in it, and of what parties sign only who they are.
pub(super) fn correct(
    state: &State,
    before: String,
    after: String,
    of: &PersonId,
    context: &Context,
) -> Result<Wanted, Refusal> {
    let field = |field: &str, problem: &str| Reason::Field { field: field.into(), problem: problem.into() };
    for (name, typed) in [("before", &before), ("after", &after)] {
        if typed.trim().is_empty() {
            return Err(field(name, "required").into());
        }
    }
    let approved = context.approved.iter().any(|(was, is)| (was.trim(), is.trim()) == (before.trim(), after.trim()));
    if parties_sign(&state.issued.paper.kind) && !approved {
        return Err(theirs(state));
    }
    if !context.says {
        return Err(field("before", "not_in_paper").into());
    }
    if normalise(before.trim()) == normalise(after.trim()) {
        return Err(field("after", "unchanged").into());
    }
    Ok(Wanted::Correct { before: Personal::new(of, before), after: Personal::new(of, after) })
}

/// A notice that is asked for.
pub(super) fn ask(what: Wanted, reason: &str, of: &PersonId, facts: &Facts<'_>) -> Event {
    let asked = Asked { what, reason: Personal::new(of, reason.to_owned()), by: facts.actor.id.clone() };
    Event::NoticeAsked { asked: Box::new(asked) }
}

/// An attempt to serve a paper, with a proof of its own.
pub(super) fn service(state: &State, attempt: Attempt, of: &PersonId, facts: &Facts<'_>) -> Result<Service, Refusal> {
    let field =
        |field: &str, problem: &str| Refusal::from(Reason::Field { field: field.into(), problem: problem.into() });
    let Attempt { manner, on, at, served, receiver, note } = attempt;
    if !MANNERS.contains(&manner.as_str()) {
        return Err(field("manner", "unknown"));
    }
    past(state.issued.date, on, facts.today())?;
    if at.is_some_and(|at| on.to_datetime(at) > county_time(facts.now)) {
        return Err(field("at", "future_time"));
    }
    // To the minute, as times are written down.
    let made = state.made_at.map(|made| minute(county_time(made)));
    if at.zip(made).is_some_and(|(at, made)| minute(on.to_datetime(at)) < made) {
        return Err(field("at", "before_paper_time"));
    }
    if served && manner == "electronic" && !state.issued.goes_electronically() {
        return Err(field("manner", "no_consent"));
    }
    // Nobody receives a public notice: it counts when its time has run out, and the proof says where it stood.
    let public = served && manner == "notice";
    let (name, said) = match (served && !public, manner.as_str()) {
        (true, "left") => ("witness", &receiver),
        (true, _) => ("receiver", &receiver),
        (false, _) => ("note", &note),
    };
    if said.trim().is_empty() {
        return Err(field(name, "required"));
    }
    // It was left where nobody would take it: the proof says why, and who saw it (CPL 86 before 2022).
    if served && manner == "left" {
        let of_addressee = state.issued.addressee.as_ref().is_some_and(|to| names(to.name.text(), &receiver));
        match (note.trim(), receiver.trim()) {
            ("", _) => return Err(field("note", "required")),
            (_, "") => return Err(field("witness", "required")),
            _ if of_addressee => return Err(field("witness", "itself")),
            _ => {}
        }
    }
    let deemed = public.then(|| facts.limit("service.notice", on, None)).transpose()?;
    let receiver = if public { String::new() } else { receiver };
    Ok(Service {
        deemed: deemed.map(Box::new),
        manner,
        on,
        at,
        served,
        receiver: Personal::new(of, receiver),
        note: Personal::new(of, note),
        proof: facts.paper(PROOF, &state.issued.paper.issuer),
        with: None,
        corrected: None,
    })
}

/// What is asked for when a service was recorded wrongly.
pub(super) fn other_service(
    state: &State,
    proof: StreamId,
    actual: Option<Box<Attempt>>,
    of: &PersonId,
    facts: &Facts<'_>,
) -> Result<Wanted, Refusal> {
    let field = |problem: &str| Reason::Field { field: "proof".into(), problem: problem.into() };
    let recorded = state.own_attempts().find(|s| s.proof.id == proof).ok_or_else(|| field("unknown"))?;
    let actual = actual.map(|actual| service(state, *actual, of, facts)).transpose()?;
    let before = words(Some(recorded));
    if before == words(actual.as_ref()) {
        return Err(Reason::Field { field: "served".into(), problem: "unchanged".into() }.into());
    }
    Ok(Wanted::Service { before: Personal::new(of, before), proof, actual: actual.map(Box::new) })
}

/// Are these one name?
pub(super) fn names(one: &str, other: &str) -> bool {
    normalise(one) == normalise(other)
}

/// A service in words, as the notice writes it.
fn words(service: Option<&Service>) -> String {
    let Some(s) = service else { return "没有送达".to_owned() };
    let when = s.at.map_or_else(|| day(s.on), |at| minute(s.on.to_datetime(at)).replace('T', " "));
    if let Some(deemed) = &s.deemed {
        return format!("{when}{}，{}视为送达，公告情况：{}", manner(&s.manner), day(deemed.last_day), s.note.text());
    }
    let (result, label, said) = match s.served {
        true if s.is_left() => ("已送达", "见证人", s.receiver.text()),
        true => ("已送达", "签收人", s.receiver.text()),
        false => ("未送达", "原因", s.note.text()),
    };
    format!("{when}{}，{result}，{label}：{said}", manner(&s.manner))
}

impl Wanted {
    /// What was wrong and what is right, in words; none when the paper is to be voided.
    pub fn change(&self) -> Option<(Personal<String>, Personal<String>)> {
        match self {
            Self::Void => None,
            Self::Correct { before, after } => Some((before.clone(), after.clone())),
            Self::Service { before, actual, .. } => {
                Some((before.clone(), Personal::new(&before.of, words(actual.as_deref()))))
            }
        }
    }
}

/// The notice that was asked for, with the person who approves it.
pub(super) fn approve(state: &State, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let asked = state.asked.clone().ok_or(Reason::NotFound)?;
    let [correction, void] = NOTICES;
    let kind = if asked.what == Wanted::Void { void } else { correction };
    let notice = Notice {
        notice: facts.paper(kind, &state.issued.paper.issuer),
        change: asked.what.change(),
        reason: asked.reason,
        approval: Some(Approval { by: asked.by, approver: facts.actor.id.clone() }),
    };
    Ok(match asked.what {
        Wanted::Void => Event::PaperVoided { notice, with: None },
        Wanted::Correct { .. } => Event::PaperCorrected { notice },
        Wanted::Service { proof, actual, .. } => Event::ServiceCorrected { proof, actual, notice, with: None },
    })
}

/// By what a notice on a paper goes out: as the paper did, for whoever has the one must get the other. A paper that never
/// left the house needs no notice outside.
pub(super) fn channel(state: &State) -> String {
    let i = &state.issued;
    // What the court serves, its clerk serves by hand, and the notice likewise.
    if i.about.kind() == StreamKind::Confirmation || state.sent.is_empty() && state.attempts().next().is_none() {
        return String::new();
    }
    match i.channel.as_str() {
        "sms" | "email" | "mail" => i.channel.clone(),
        _ => "print".into(),
    }
}

/// Approving a notice, as a task of whoever may: there as long as one is asked for.
pub(super) fn work(id: &StreamId, state: &State, event: &Event, at: Timestamp) -> Option<Change> {
    let key = || vec![id.as_str().into(), "notice".into()];
    match event {
        Event::NoticeAsked { .. } => {
            let i = &state.issued;
            let court = i.about.kind() == StreamKind::Confirmation;
            let mut row = key();
            row.extend([
                i.paper.issuer.as_str().into(),
                (if court { "judge" } else { "leader" }).into(),
                Cell::Null,
                None::<Date>.into(),
                None::<String>.into(),
                i.paper.number.as_str().into(),
                i.addressee.as_ref().map_or(Cell::Null, |a| (&a.name).into()),
                i.paper.kind.as_str().into(),
                at.into(),
                Cell::Null,
            ]);
            Some(Change::Put(&tables::WORK, row))
        }
        Event::NoticeWithdrawn {}
        | Event::NoticeRefused { .. }
        | Event::PaperVoided { .. }
        | Event::PaperCorrected { .. }
        | Event::ServiceCorrected { .. } => Some(Change::Delete(&tables::WORK, key())),
        _ => None,
    }
}
