//! Which acts are open on a matter, and what they cause.

use super::{Command, Context, Event, Letter, LetterState, Matter, Registered, Standing, State};
use crate::Personal;
use crate::deadline::Deadline;
use crate::pack::Pack;
use crate::party::Party;
use crate::policy::Act;
use crate::refusal::{Reason, Refusal};
use crate::scope::{self, Source};
use crate::stream::{Facts, Stream};
use crate::time::Date;

pub(super) fn open(state: Option<&State>, act: Act) -> Result<(), Refusal> {
    let Some(state) = state else {
        return if act == Act::RegisterMatter { Ok(()) } else { Err(Reason::NotFound.into()) };
    };
    let not_now = || Err(Reason::NotNow { state: format!("standing/{}", state.standing.name()) }.into());
    if state.standing == Standing::Withdrawn && act != Act::RegisterMatter {
        return not_now();
    }
    match act {
        Act::WithdrawMatter if !state.letters.is_empty() || !state.dossiers.is_empty() => {
            Err(Reason::AlreadyIssued.into())
        }
        Act::EnterServed if state.matter.source != Source::Penalty => not_now(),
        Act::EnterEntitled if state.entitled().is_some() => not_now(),
        Act::ConfirmLetter => match state.standing {
            // Voided letters bring the matter back to where it was before them.
            Standing::OutOfScope | Standing::Proposed | Standing::Declined => match state.entitled() {
                Some(_) => Ok(()),
                None => Err(Reason::Waiting { what: "entitled".into() }.into()),
            },
            _ => not_now(),
        },
        Act::DeclineLetter if state.standing != Standing::Proposed => not_now(),
        Act::ReplyOrder if state.matter.source != Source::Complaint || state.reply.is_some() => not_now(),
        _ => Ok(()),
    }
}

pub(super) fn decide(state: Option<&State>, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    match (command, state) {
        (Command::Register { matter }, None) => register(*matter, facts),
        (Command::Register { matter }, Some(state)) if state.standing == Standing::Withdrawn => {
            register(*matter, facts)
        }
        (Command::Register { matter }, Some(state)) => match differing_column(&state.matter, &matter) {
            None => Ok(Vec::new()),
            Some(column) => Err(Reason::Differs { column, first: state.matter.origin.clone() }.into()),
        },
        (_, None) => Err(Reason::NotFound.into()),
        (Command::Update { status, own_due_on, phone, address, row }, Some(state)) => {
            Ok(update(state, status, own_due_on, phone, address, row))
        }
        (Command::Withdraw {}, Some(_)) => Ok(vec![Event::MatterWithdrawn {}]),
        (Command::EnterServed { on }, Some(state)) => {
            if on < state.matter.occurred_on {
                return Err(
                    Reason::DateOrder { first: state.matter.occurred_on.to_string(), second: on.to_string() }.into()
                );
            }
            if on > facts.today() {
                return Err(Reason::Field { field: "on".into(), problem: "future".into() }.into());
            }
            let letter_due = match state.standing {
                Standing::Proposed => Some(facts.limit("letter.send", on, sector(state))?),
                _ => state.letter_due.clone(),
            };
            Ok(vec![Event::DecisionServed { on, letter_due }])
        }
        (Command::EnterEntitled { party }, Some(_)) => {
            if party.name.text().trim().is_empty() {
                return Err(Reason::Field { field: "name".into(), problem: "required".into() }.into());
            }
            Ok(vec![Event::EntitledEntered { party }])
        }
        (Command::ConfirmLetter { reason }, Some(state)) => {
            if state.standing == Standing::OutOfScope && reason.trim().is_empty() {
                return Err(Reason::Field { field: "reason".into(), problem: "required".into() }.into());
            }
            issue(state, reason, facts)
        }
        (Command::DeclineLetter { reason }, Some(state)) => {
            if reason.trim().is_empty() {
                return Err(Reason::Field { field: "reason".into(), problem: "required".into() }.into());
            }
            Ok(vec![Event::LetterDeclined { reason: Personal::new(&state.matter.text.of, reason) }])
        }
        (Command::NoteLetter { paper, state: letter, on }, Some(state)) => {
            let known = state.letters.iter().find(|(l, _)| l.paper.id == paper);
            Ok(match known {
                // Jobs come at least once and in any order: what is served stays served, what is voided stays voided.
                Some((_, before)) if noted_after(*before, letter) => {
                    let served = state.letter_served.iter().find(|(p, _)| *p == paper).map(|(_, on)| *on);
                    vec![Event::LetterNoted {
                        paper,
                        state: letter,
                        on,
                        served: served.filter(|_| letter == LetterState::Voided),
                    }]
                }
                _ => Vec::new(),
            })
        }
        (Command::NoteApplied { dossier }, Some(state)) => {
            Ok(if state.dossiers.contains(&dossier) { Vec::new() } else { vec![Event::DisputeApplied { dossier }] })
        }
        (Command::ReplyOrder { findings, text }, Some(state)) => {
            for (field, typed) in [("findings", &findings), ("text", &text)] {
                if typed.trim().is_empty() {
                    return Err(Reason::Field { field: field.into(), problem: "required".into() }.into());
                }
            }
            let paper = facts.paper("reply_12345", &state.matter.organ);
            let of = &state.matter.text.of;
            let findings = Some(Personal::new(of, findings));
            Ok(vec![Event::OrderReplied { paper, text: Personal::new(of, text), findings }])
        }
    }
}

fn noted_after(before: LetterState, now: LetterState) -> bool {
    match before {
        LetterState::Issued | LetterState::Failed | LetterState::Sent => now != before && now != LetterState::Issued,
        LetterState::Served => now == LetterState::Voided,
        LetterState::Voided => false,
    }
}

fn sector(state: &State) -> Option<&str> {
    state.proposal.sector.as_deref()
}

fn register(matter: Registered, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    if matter.occurred_on > facts.today() {
        return Err(Reason::Field { field: "occurred_on".into(), problem: "future".into() }.into());
    }
    let mut proposal = scope::propose(&facts.pack.scope, &text_of(facts.pack, &matter));
    let because = Personal::new(&matter.text.of, std::mem::take(&mut proposal.because));
    let letter_due = match proposal.send {
        true => Some(facts.limit("letter.send", matter.occurred_on, proposal.sector.as_deref())?),
        false => None,
    };
    Ok(vec![Event::MatterRegistered { matter: Box::new(matter), proposal, because, letter_due }])
}

/// What the scope catalogue reads of a matter.
pub fn text_of(pack: &Pack, matter: &Registered) -> scope::MatterText {
    let name = |party: &Option<Party>| party.as_ref().map(|p| p.name.text().to_owned());
    scope::MatterText {
        source: matter.source,
        organ_name: pack.body_name(&matter.organ).to_owned(),
        kind: match matter.source {
            Source::Inspection => matter.result.text().to_owned(),
            _ => matter.category.clone(),
        },
        text: match matter.source {
            Source::Penalty => format!("{}。{}", matter.text.text(), matter.result.text()),
            _ => matter.text.text().to_owned(),
        },
        complainant_named: matter.complainant.is_some(),
        against: name(&matter.subject),
        affected: name(&matter.affected),
        subject_is_organisation: matter.subject.as_ref().is_some_and(Party::is_firm),
        penalty: matter.penalty.as_ref().map(|p| scope::PenaltyFacts {
            fine_fen: p.fine,
            confiscation_fen: p.confiscation,
            licence_suspended_or_revoked: p.licence.is_some(),
        }),
        status: matter.status.clone(),
    }
}

/// The limits that a letter names, by its kind: for an administrative dispute those of review and suit, which
/// mediation does not stop; for a civil one the limitation period, which the application interrupts.
pub fn letter_limits(state: &State, facts: &Facts<'_>) -> Result<Vec<Deadline>, Refusal> {
    let (from, _) = state.trigger();
    let ids: &[&str] = match state.kind() {
        scope::Kind::Administrative => &["review.apply", "suit.administrative"],
        _ => &["limitation.civil"],
    };
    ids.iter().map(|id| facts.limit(id, from, None)).collect()
}

fn issue(state: &State, reason: String, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let limits = letter_limits(state, facts)?;
    let to = state.entitled().ok_or(Reason::Waiting { what: "entitled".into() })?.clone();
    let channel = match state.matter.source {
        Source::Penalty => "with_decision",
        _ if to.phone_text().is_some() => "sms",
        _ if to.address.as_ref().is_some_and(|a| a.open().is_some()) => "print",
        _ => "address_needed",
    };
    let letter = Letter {
        paper: facts.paper("guidance_letter", &state.matter.organ),
        to,
        access: facts.ids.code(facts.pack.letter_code_length()),
        channel: channel.into(),
    };
    let reason = Personal::new(&state.matter.text.of, reason);
    Ok(vec![Event::LettersIssued { letters: vec![letter], limits, reason }])
}

fn update(
    state: &State,
    status: String,
    own_due_on: Option<Date>,
    phone: Option<String>,
    address: Option<String>,
    row: Option<String>,
) -> Vec<Event> {
    let m = &state.matter;
    // Nobody to whom they belong: the row says nothing about them. And what was erased does not come back with the
    // next export.
    let kept = |stored: Option<&Option<Personal<String>>>, new: Option<String>| match stored {
        None => None,
        Some(Some(erased)) if erased.open().is_none() => Some(erased.clone()),
        Some(_) => m.complainant.as_ref().zip(new).map(|(c, v)| Personal::new(&c.person, v)),
    };
    let stored = |part: fn(&Party) -> &Option<Personal<String>>| m.complainant.as_ref().map(part);
    let (phone, address) = (kept(stored(|c| &c.phone), phone), kept(stored(|c| &c.address), address));
    let value = |v: Option<&Personal<String>>| v.and_then(|v| v.open().cloned());
    let same = m.status == status
        && m.own_due_on == own_due_on
        && stored(|c| &c.phone).is_none_or(|s| value(s.as_ref()) == value(phone.as_ref()))
        && stored(|c| &c.address).is_none_or(|s| value(s.as_ref()) == value(address.as_ref()));
    if same {
        return Vec::new();
    }
    let row = row.map(|r| Personal::new(&m.text.of, r));
    vec![Event::MatterUpdated { status, own_due_on, phone, address, row }]
}

/// The first column in which a row that is imported again differs and may not; persons are compared by their values.
fn differing_column(stored: &Registered, again: &Registered) -> Option<String> {
    // An erased value is like every other: nobody can say that it differs.
    let differs = |a: Option<&Personal<String>>, b: Option<&Personal<String>>| match (a, b) {
        (Some(a), _) if a.open().is_none() => false,
        _ => a.and_then(|v| v.open()) != b.and_then(|v| v.open()),
    };
    let name = |a: &Option<Party>, b: &Option<Party>| match (a, b) {
        (None, None) => false,
        (Some(a), Some(b)) => match (&a.name, &b.name) {
            (crate::party::Name::Human(a), crate::party::Name::Human(b)) => differs(Some(a), Some(b)),
            (a, b) => a != b,
        },
        _ => true,
    };
    let document = |a: &Option<Party>, b: &Option<Party>| {
        let of = |p: &Option<Party>| p.as_ref().and_then(|p| p.document.clone());
        let code = |p: &Option<Party>| p.as_ref().and_then(|p| p.credit_code.clone());
        code(a) != code(b) || differs(of(a).as_ref(), of(b).as_ref())
    };
    let pairs = [
        ("organ", stored.organ != again.organ),
        ("occurred_on", stored.occurred_on != again.occurred_on),
        ("subject", name(&stored.subject, &again.subject)),
        ("subject_document", document(&stored.subject, &again.subject)),
        ("complainant", name(&stored.complainant, &again.complainant)),
        ("complainant_document", document(&stored.complainant, &again.complainant)),
        ("affected", name(&stored.affected, &again.affected)),
        ("category", stored.category != again.category),
        ("result", differs(Some(&stored.result), Some(&again.result))),
        ("text", differs(Some(&stored.text), Some(&again.text))),
        ("penalty", stored.penalty != again.penalty),
    ];
    pairs.into_iter().find_map(|(column, differs)| differs.then(|| column.to_owned()))
}

impl Matter {
    /// Acts of staff on a matter, in the order in which a page offers them.
    pub const OFFERED: [Act; 6] = [
        Act::EnterEntitled,
        Act::ConfirmLetter,
        Act::DeclineLetter,
        Act::EnterServed,
        Act::ReplyOrder,
        Act::RecordOralApplication,
    ];

    /// The acts among [`Self::OFFERED`] that are open.
    pub fn offered(state: &State, facts: &Facts<'_>, context: &Context) -> Vec<Act> {
        Self::OFFERED
            .into_iter()
            .filter(|act| <Self as Stream>::open(Some(state), *act, facts, context).is_ok())
            .collect()
    }
}
