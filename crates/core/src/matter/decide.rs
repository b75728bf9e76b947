//! Which acts are open on a matter, and what they cause.

use super::{
    Classified, Command, Context, Event, Harmed, Letter, LetterState, Matter, Penalty, Proposed, Recipient, Registered,
    Standing, State, channels, correct, decision, fitting_channel, plain_role, project, served,
};
use crate::correction;
use crate::deadline::Deadline;
use crate::pack::Pack;
use crate::party::Party;
use crate::policy::Act;
use crate::refusal::{Reason, Refusal};
use crate::scope::{self, Source};
use crate::stream::{Facts, Stream};
use crate::time::{Date, EARLIEST};
use crate::values::{Email, normalise};
use crate::{PersonId, Personal, StreamKind};

pub(super) fn open(state: Option<&State>, act: Act, facts: &Facts<'_>) -> Result<(), Refusal> {
    let Some(state) = state else {
        let first = matches!(act, Act::RegisterMatter | Act::IssueDecision);
        return if first { Ok(()) } else { Err(Reason::NotFound.into()) };
    };
    let not_now = || Err(Reason::NotNow { state: format!("standing/{}", state.standing.name()) }.into());
    if state.standing == Standing::Withdrawn && act != Act::RegisterMatter {
        return not_now();
    }
    match act {
        // A decision is corrected and voided by notices, and never issued a second time.
        Act::IssueDecision => Err(Reason::Exists.into()),
        Act::WithdrawMatter
            if !state.letters.is_empty()
                || !state.dossiers.is_empty()
                || state.decision.is_some()
                || state.reply.is_some() =>
        {
            Err(Reason::AlreadyIssued.into())
        }
        // Service of a decision that was issued here is recorded on its paper.
        Act::EnterServed if state.matter.source != Source::Penalty || state.decision.is_some() => not_now(),
        // Another day than was entered is a correction.
        Act::EnterServed if state.served_on.is_some() => Err(Reason::AlreadyDone.into()),
        Act::AskCorrection => correct::open(state),
        Act::ApproveCorrection | Act::RefuseCorrection => correction::open(&state.amendments, facts),
        // Voided letters bring the matter back to where it was before them; whoever has none yet may still get one.
        Act::ConfirmLetter => match (state.entitled(), state.without_letter().next()) {
            (None, _) => Err(Reason::Waiting { what: "entitled".into() }.into()),
            (Some(_), Some(_)) => Ok(()),
            (Some(_), None) => not_now(),
        },
        Act::DeclineLetter if state.standing != Standing::Proposed => not_now(),
        Act::ReplyOrder if state.reply.is_some() => Err(Reason::AlreadyDone.into()),
        Act::ReplyOrder if state.matter.source != Source::Complaint => not_now(),
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
        (Command::Decide { matter, hearing, reason }, None) => decision::issue(*matter, hearing, reason, facts),
        (Command::Decide { .. }, Some(_)) => Err(Reason::Exists.into()),
        (_, None) => Err(Reason::NotFound.into()),
        (Command::Update { status, own_due_on, phone, address, row, taken_back }, Some(state)) => {
            Ok(update(state, status, own_due_on, [phone, address], row, taken_back))
        }
        (Command::Withdraw { reason }, Some(state)) => {
            let said = !reason.trim().is_empty();
            if !said && state.matter.batch.is_none() {
                return Err(Reason::Field { field: "reason".into(), problem: "required".into() }.into());
            }
            let reason = said.then(|| Personal::new(&state.matter.text.of, reason));
            Ok(vec![Event::MatterWithdrawn { reason }])
        }
        (Command::EnterServed { on }, Some(state)) => {
            correct::served(state, on, facts)?;
            let letter_due = match state.standing {
                Standing::Proposed => Some(facts.limit("letter.send", on, sector(state))?),
                _ => state.letter_due.clone(),
            };
            let served = Event::DecisionServed { on, letter_due, with: None };
            Ok(std::iter::once(served).chain(correct::recounted(state, on, false, facts)?).collect())
        }
        (Command::EnterEntitled { party }, Some(state)) => {
            if party.name.text().trim().is_empty() {
                return Err(Reason::Field { field: "name".into(), problem: "required".into() }.into());
            }
            // Whoever is known now may be somebody to write to, or somebody harmed: the scope is proposed anew.
            let mut matter = state.matter.clone();
            project::enter(&mut matter, (*party).clone());
            named_once(&matter)?;
            let proposed = weigh(&matter, state.trigger().0, facts)?;
            Ok(vec![Event::EntitledEntered { party, proposed: Some(Box::new(proposed)) }])
        }
        (Command::ConfirmLetter { reason }, Some(state)) => {
            if state.standing == Standing::Declined && reason.trim().is_empty() {
                return Err(Reason::Field { field: "reason".into(), problem: "required".into() }.into());
            }
            issue(state, &decision::recipients(state), None, reason, facts)
        }
        (Command::SendLetters { to, entry, reason }, Some(state)) => issue(state, &to, entry.as_deref(), reason, facts),
        (Command::DeclineLetter { reason }, Some(state)) => {
            if reason.trim().is_empty() {
                return Err(Reason::Field { field: "reason".into(), problem: "required".into() }.into());
            }
            Ok(vec![Event::LetterDeclined { reason: Personal::new(&state.matter.text.of, reason) }])
        }
        (Command::NoteLetter { paper, state: noted, on, corrected, with_decision }, Some(state)) => {
            let Some((_, before)) = state.letters.iter().find(|(l, _)| l.paper.id == paper) else {
                return Ok(Vec::new());
            };
            let served = state.letter_served.iter().find(|(p, _)| *p == paper).map(|(_, on)| *on);
            let other = *before != noted || noted == LetterState::Served && served != Some(on);
            // Jobs come at least once and in any order: what is served stays served, unless that was corrected, and what
            // is voided stays voided.
            let anew = corrected && other && *before != LetterState::Voided;
            if !anew && !noted_after(*before, noted) {
                return Ok(Vec::new());
            }
            let served = served.filter(|_| anew || noted == LetterState::Voided);
            let decision = served::with_letter(state, &paper, (noted, on), with_decision, facts)?;
            Ok(std::iter::once(Event::LetterNoted { paper, state: noted, on, served }).chain(decision).collect())
        }
        (Command::NoteDecision { paper, state: noted, on, corrected }, Some(state)) => {
            let own = state.decision.as_ref().is_some_and(|d| d.paper.id == paper);
            let served = || Event::DecisionServed { on, letter_due: state.letter_due.clone(), with: None };
            let counted = |on, assumed| correct::recounted(state, on, assumed, facts);
            Ok(match (noted, state.served_on) {
                _ if !own => Vec::new(),
                (LetterState::Served, None) => std::iter::once(served()).chain(counted(on, false)?).collect(),
                (LetterState::Served, Some(before)) if corrected && before != on => {
                    std::iter::once(served()).chain(counted(on, false)?).collect()
                }
                (LetterState::Voided, _) if !state.decision_voided => vec![Event::DecisionVoided { paper, on }],
                (LetterState::Issued | LetterState::Sent | LetterState::Failed, Some(_)) if corrected => {
                    let assumed = counted(state.matter.occurred_on, true)?;
                    std::iter::once(Event::DecisionUnserved {}).chain(assumed).collect()
                }
                _ => Vec::new(),
            })
        }
        (Command::NoteApplied { dossier }, Some(_)) if dossier.kind() != StreamKind::Dossier => {
            Err(Reason::NotFound.into())
        }
        (Command::NoteApplied { dossier }, Some(state)) => {
            Ok(if state.dossiers.contains(&dossier) { Vec::new() } else { vec![Event::DisputeApplied { dossier }] })
        }
        (Command::AskCorrection { field, after, reason }, Some(state)) => {
            Ok(vec![correct::ask(state, field, &after, reason, facts)?])
        }
        (Command::ApproveCorrection { correction }, Some(state)) => {
            match correction::waits(&state.amendments, correction, facts)? {
                true => correct::approve(state, correction, facts),
                false => Ok(Vec::new()),
            }
        }
        (Command::RefuseCorrection { correction, reason }, Some(state)) => {
            if reason.trim().is_empty() {
                return Err(Reason::Field { field: "reason".into(), problem: "required".into() }.into());
            }
            let waits = correction::waits(&state.amendments, correction, facts)?;
            let reason = Personal::new(&state.matter.text.of, reason);
            let refused = Event::CorrectionRefused { correction, approver: facts.actor.id.clone(), reason };
            Ok(waits.then_some(refused).into_iter().collect())
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

pub(super) fn register(matter: Registered, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    if matter.occurred_on > facts.today() {
        return Err(Reason::Field { field: "occurred_on".into(), problem: "future".into() }.into());
    }
    if matter.occurred_on < EARLIEST {
        return Err(Reason::Field { field: "occurred_on".into(), problem: "too_early".into() }.into());
    }
    named_once(&matter)?;
    let Proposed { proposal, because, letter_due, harmed } = weigh(&matter, matter.occurred_on, facts)?;
    Ok(vec![Event::MatterRegistered { matter: Box::new(matter), proposal, because, letter_due, harmed }])
}

/// Nobody gets two letters of one matter.
fn named_once(matter: &Registered) -> Result<(), Refusal> {
    match matter.twice() {
        Some(role) => {
            let field = format!("{}_name", plain_role(&role));
            Err(Reason::Field { field, problem: "same_person".into() }.into())
        }
        None => Ok(()),
    }
}

/// What the scope catalogue proposes for a matter, and the last day for the letter, counted from its trigger.
pub(super) fn weigh(matter: &Registered, from: Date, facts: &Facts<'_>) -> Result<Proposed, Refusal> {
    let because =
        |proposal: &mut scope::Proposal| Personal::new(&matter.text.of, std::mem::take(&mut proposal.because));
    let mut proposal = scope::propose(&facts.pack.scope, &text_of(facts.pack, matter));
    let reasons = because(&mut proposal);
    let harmed = text_of_harmed(facts.pack, matter).map(|text| {
        let mut proposal = scope::propose(&facts.pack.scope, &text);
        let because = because(&mut proposal);
        if proposal.send {
            proposal.kind = scope::Kind::Civil;
        }
        Box::new(Harmed { proposal, because })
    });
    let other = harmed.as_ref().map(|h| &h.proposal).filter(|p| p.send);
    let letter_due = match (proposal.send, other) {
        (true, _) => Some(facts.limit("letter.send", from, proposal.sector.as_deref())?),
        (false, Some(other)) => Some(facts.limit("letter.send", from, other.sector.as_deref())?),
        (false, None) => None,
    };
    Ok(Proposed { proposal, because: reasons, letter_due, harmed })
}

/// What the scope catalogue reads for those whom a punished or a reported act harmed: what was done to them is a complaint
/// of theirs against the one who did it. Punishment and report themselves say nothing about it.
fn text_of_harmed(pack: &Pack, matter: &Registered) -> Option<scope::MatterText> {
    matter.harmed().next().map(|_| scope::MatterText {
        source: Source::Complaint,
        organ_name: pack.body_name(&matter.organ).to_owned(),
        kind: String::new(),
        text: matter.text.text().to_owned(),
        complainant_named: true,
        against: matter.subject.as_ref().map(|p| p.name.text().to_owned()),
        affected: None,
        subject_is_organisation: matter.subject.as_ref().is_some_and(Party::is_firm),
        penalty: None,
        status: String::new(),
    })
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
            Source::Penalty => {
                let remark = matter.remark.as_ref().map_or("", |remark| remark.text());
                format!("{}。{}。{remark}", matter.text.text(), matter.result.text())
            }
            _ => matter.text.text().to_owned(),
        },
        complainant_named: matter.complainant.is_some(),
        against: name(&matter.subject),
        affected: name(&matter.affected),
        subject_is_organisation: matter.subject.as_ref().is_some_and(Party::is_firm),
        penalty: matter.penalty.as_ref().map(|p| {
            let (fine_fen, confiscation_fen) = (p.fine, p.confiscation);
            let facts =
                scope::PenaltyFacts { fine_fen, confiscation_fen, licence_suspended_or_revoked: p.licence.is_some() };
            facts.or_as_decided(matter.result.text())
        }),
        status: matter.status.clone(),
    }
}

/// Of which entry the clerk finds the dispute, and so of which kind; none where that is as it stands.
fn classify(state: &State, entry: Option<&str>, facts: &Facts<'_>) -> Result<Option<Box<Classified>>, Refusal> {
    let scope = &facts.pack.scope;
    let Some(id) = entry.filter(|id| Some(*id) != state.entry(scope)) else { return Ok(None) };
    let organ = facts.pack.body_name(&state.matter.organ);
    let chosen = scope.choices(organ, state.proposed_entry(scope)).find(|choice| *choice == id);
    // What was decided is disputed with the organ that decided it, and whom it harmed has a letter of their own.
    let kind = chosen.filter(|_| state.matter.source != Source::Penalty).and_then(|id| scope.kind_of(id));
    let Some(kind) = kind else {
        return Err(Reason::Field { field: "entry".into(), problem: "unknown".into() }.into());
    };
    Ok(Some(Box::new(Classified {
        proposed: state.proposed_kind(),
        kind,
        proposed_entry: state.proposed_entry(scope).map(str::to_owned),
        entry: Some(id.to_owned()),
        sector: scope.sector_of(id).map(str::to_owned),
    })))
}

pub(super) fn issue(
    state: &State,
    to: &[Recipient],
    entry: Option<&str>,
    reason: String,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let field =
        |field: &str, problem: &str| Refusal::from(Reason::Field { field: field.into(), problem: problem.into() });
    if to.is_empty() {
        return Err(field("to", "choose"));
    }
    let classified = classify(state, entry, facts)?;
    let otherwise = classified.as_ref().is_some_and(|found| found.entry != found.proposed_entry);
    let state = &State { classified: classified.clone().or_else(|| state.classified.clone()), ..state.clone() };
    let mut letters: Vec<Letter> = Vec::new();
    for recipient in to {
        let party = match state.all_entitled().find(|(role, _)| *role == recipient.role) {
            Some((_, party)) if state.letter_of(&party.person).is_none() => party,
            Some(_) => return Err(Reason::NotNow { state: state.standing.name().into() }.into()),
            None => return Err(field("to", "unknown")),
        };
        if letters.iter().any(|letter| letter.to.person == party.person) {
            return Err(field("to", "duplicate"));
        }
        letters.push(letter(state, recipient, party, facts)?);
    }
    let named = |person: &PersonId| letters.iter().any(|letter| letter.to.person == *person);
    let against = state.without_letter().any(|(_, p)| state.proposal_of(&p.person).send != named(&p.person));
    if (against || otherwise) && reason.trim().is_empty() {
        return Err(field("reason", if against { "against_proposal" } else { "required" }));
    }
    let (from, _) = state.trigger();
    let mut limits: Vec<Deadline> = Vec::new();
    for letter in &letters {
        let (_, sector) = state.entry_of(&letter.to.person);
        for id in state.limits_of(&letter.to.person, facts.pack) {
            if limits.iter().all(|limit| limit.limit != id) {
                limits.push(facts.limit(id, from, sector)?);
            }
        }
    }
    let reason = Personal::new(&state.matter.text.of, reason);
    Ok(vec![Event::LettersIssued { letters, limits, reason, classified }])
}

/// The letter to one person; its channel must reach them.
fn letter(state: &State, recipient: &Recipient, party: &Party, facts: &Facts<'_>) -> Result<Letter, Refusal> {
    let mut to = party.clone();
    let channel = match recipient.channel.as_str() {
        "" => fitting_channel(state, &recipient.role, party),
        chosen => channels(state, &recipient.role)
            .iter()
            .find(|channel| **channel == chosen)
            .ok_or_else(|| Refusal::from(Reason::Field { field: "channel".into(), problem: "unknown".into() }))?,
    };
    if let Some(contact) = recipient.contact.as_ref().filter(|c| !c.trim().is_empty()) {
        let contact = Some(Personal::new(&to.person, contact.trim().to_owned()));
        match channel {
            "sms" => to.phone = contact,
            "email" => to.email = contact,
            _ => to.address = contact,
        }
    }
    let reached = match channel {
        "sms" => to.mobile_text().is_some(),
        "email" => to.email_text().is_some_and(|e| Email::parse(e).is_ok()),
        "mail" => to.address_text().is_some(),
        _ => true,
    };
    if !reached {
        return Err(Reason::Field { field: "contact".into(), problem: "required".into() }.into());
    }
    Ok(Letter {
        paper: facts.paper("guidance_letter", &state.matter.organ),
        kind: Some(state.kind_of(&to.person)),
        to,
        access: facts.ids.code(facts.pack.letter_code_length()),
        channel: channel.into(),
    })
}

fn update(
    state: &State,
    status: String,
    own_due_on: Option<Date>,
    [phone, address]: [Option<String>; 2],
    row: Option<String>,
    taken_back: Option<String>,
) -> Vec<Event> {
    let m = &state.matter;
    // Who gave no name is the person whose words these are. What was erased does not come back with the next export.
    let of = m.complainant.as_ref().map_or(&m.text.of, |c| &c.person);
    let kept = |stored: Option<&Personal<String>>, new: Option<String>| match stored {
        Some(erased) if erased.open().is_none() => Some(erased.clone()),
        None if *of == m.text.of && m.text.open().is_none() => None,
        _ => new.map(|value| Personal::new(of, value)),
    };
    let [stored_phone, stored_address] = m.caller_at();
    let (phone, address) = (kept(stored_phone, phone), kept(stored_address, address));
    let value = |v: Option<&Personal<String>>| v.and_then(|v| v.open().cloned());
    let same = m.status == status
        && m.own_due_on == own_due_on
        && value(stored_phone) == value(phone.as_ref())
        && value(stored_address) == value(address.as_ref());
    if same {
        return Vec::new();
    }
    let row = row.map(|r| Personal::new(&m.text.of, r));
    let taken_back = taken_back.map(|reason| Personal::new(&m.text.of, reason));
    vec![Event::MatterUpdated { status, own_due_on, phone, address, row, taken_back }]
}

/// The first of [`differing_columns`].
pub fn differing_column(stored: &Registered, again: &Registered) -> Option<String> {
    differing_columns(stored, again).into_iter().next().map(str::to_owned)
}

/// The columns in which a row that is imported again differs and may not; persons are compared by their values.
pub fn differing_columns(stored: &Registered, again: &Registered) -> Vec<&'static str> {
    // An erased value is like every other: nobody can say that it differs.
    let differs = |a: Option<&Personal<String>>, b: Option<&Personal<String>>| match (a, b) {
        (Some(a), _) if a.open().is_none() => false,
        _ => a.and_then(|v| v.open()) != b.and_then(|v| v.open()),
    };
    let name = |a: &Option<Party>, b: &Option<Party>| match (a, b) {
        (None, None) => false,
        (Some(a), Some(b)) => match (&a.name, &b.name) {
            (crate::party::Name::Human(a), crate::party::Name::Human(b)) => differs(Some(a), Some(b)),
            // A bracket may be written in either width.
            (crate::party::Name::Firm(a), crate::party::Name::Firm(b)) => normalise(a) != normalise(b),
            _ => true,
        },
        _ => true,
    };
    let (first, second) = (&stored.also_affected, &again.also_affected);
    let same = |(a, b): (&Party, &Party)| !name(&Some(a.clone()), &Some(b.clone()));
    let also = first.len() != second.len() || !first.iter().zip(second).all(same);
    let document = |a: &Option<Party>, b: &Option<Party>| {
        let of = |p: &Option<Party>| p.as_ref().and_then(|p| p.document.clone());
        let code = |p: &Option<Party>| p.as_ref().and_then(|p| p.credit_code.clone());
        code(a) != code(b) || differs(of(a).as_ref(), of(b).as_ref())
    };
    let measure = |part: fn(&Penalty) -> String| stored.penalty.as_ref().map(part) != again.penalty.as_ref().map(part);
    let pairs = [
        ("organ", stored.organ != again.organ),
        ("occurred_on", stored.occurred_on != again.occurred_on),
        ("subject", name(&stored.subject, &again.subject)),
        ("subject_document", document(&stored.subject, &again.subject)),
        ("complainant", name(&stored.complainant, &again.complainant)),
        ("complainant_document", document(&stored.complainant, &again.complainant)),
        ("affected", name(&stored.affected, &again.affected) || also),
        ("category", stored.category != again.category),
        ("result", differs(Some(&stored.result), Some(&again.result))),
        ("text", differs(Some(&stored.text), Some(&again.text))),
        ("penalty", measure(|p| p.fine.to_string())),
        ("confiscation", measure(|p| p.confiscation.to_string())),
        ("licence", measure(|p| p.licence.clone().unwrap_or_default())),
        ("basis", measure(|p| p.basis.clone())),
    ];
    pairs.into_iter().filter_map(|(column, differs)| differs.then_some(column)).collect()
}

impl Matter {
    /// Acts of staff on a matter, in the order in which a page offers them.
    pub const OFFERED: [Act; 10] = [
        Act::ConfirmLetter,
        Act::EnterEntitled,
        Act::DeclineLetter,
        Act::EnterServed,
        Act::ReplyOrder,
        Act::RecordOralApplication,
        Act::AskCorrection,
        Act::ApproveCorrection,
        Act::RefuseCorrection,
        Act::WithdrawMatter,
    ];

    /// The acts among [`Self::OFFERED`] that are open.
    pub fn offered(state: &State, facts: &Facts<'_>, context: &Context) -> Vec<Act> {
        Self::OFFERED
            .into_iter()
            .filter(|act| <Self as Stream>::open(Some(state), *act, facts, context).is_ok())
            .collect()
    }
}
