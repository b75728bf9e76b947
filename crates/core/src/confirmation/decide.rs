//! Which acts are open on a confirmation application, and what they cause.

use jiff::ToSpan;

use super::{Command, Context, Event, Ruling, Stage, State};
use crate::dossier::{Printed, Signature};
use crate::pack::Pack;
use crate::policy::{Act, Role};
use crate::refusal::{Reason, Refusal, past};
use crate::stream::{Facts, PaperRef};
use crate::time::Date;
use crate::values::half_width;
use crate::{PersonId, Personal};

fn field(field: &str, problem: &str) -> Refusal {
    Reason::Field { field: field.into(), problem: problem.into() }.into()
}

fn within(apply_by: &crate::deadline::Deadline, on: Date) -> Result<(), Refusal> {
    if on <= apply_by.last_day {
        return Ok(());
    }
    let reason = Reason::PeriodExpired { limit: apply_by.limit.clone(), last_day: apply_by.last_day.to_string() };
    Err(Refusal::because(reason, apply_by.basis.clone()))
}

pub(super) fn open(state: Option<&State>, act: Act, facts: &Facts<'_>, context: &Context) -> Result<(), Refusal> {
    // What the court did not docket can be applied for again.
    if act == Act::DraftConfirmation && state.is_none_or(|s| s.stage == Stage::Declined) {
        return match &context.subject {
            None if !context.not_confirmable.is_empty() => {
                Err(Reason::NotConfirmable { subject: context.not_confirmable.clone() }.into())
            }
            None => Err(Reason::Waiting { what: "agreement".into() }.into()),
            Some(subject) => within(&subject.apply_by, facts.today()),
        };
    }
    let state = state.ok_or(Reason::NotFound)?;
    let stage = state.stage;
    let at = |stages: &[Stage]| {
        if stages.contains(&stage) { Ok(()) } else { Err(Reason::NotNow { state: stage.name().into() }.into()) }
    };
    match act {
        Act::DraftConfirmation if stage == Stage::Expired => within(&state.subject.apply_by, facts.today()),
        Act::DraftConfirmation => Err(Reason::Exists.into()),
        Act::SignConfirmation => {
            at(&[Stage::Drafted, Stage::Expired])?;
            within(&state.subject.apply_by, facts.today())?;
            let signer = format!("party/{}", facts.actor.person.as_ref().map_or("", |p| p.0.as_str()));
            if facts.actor.role == Role::Party && !state.unsigned().contains(&signer) {
                return Err(Reason::AlreadySigned.into());
            }
            Ok(())
        }
        // What was signed on paper in time was signed in time, also when an officer enters it later.
        Act::AttestConfirmation => {
            at(&[Stage::Drafted, Stage::Expired])?;
            if state.unsigned().is_empty() { Err(Reason::AlreadySigned.into()) } else { Ok(()) }
        }
        Act::LapseConfirmation => {
            at(&[Stage::Drafted, Stage::Signed])?;
            if state.is_lapsed(facts.today()) { Ok(()) } else { at(&[]) }
        }
        Act::CertifyPresiding => {
            at(&[Stage::Drafted, Stage::Signed, Stage::Expired, Stage::Filed])?;
            // A certificate for an application that nobody can file any more helps nobody.
            if stage != Stage::Filed {
                within(&state.subject.apply_by, facts.today())?;
            }
            if state.proof.is_some() {
                return Err(Reason::AlreadyDone.into());
            }
            let known = |p: &crate::party::Party| state.subject.identities.iter().any(|i| i.person == p.person);
            if state.subject.parties.iter().all(known) {
                Ok(())
            } else {
                Err(Reason::Waiting { what: "identity".into() }.into())
            }
        }
        Act::FileConfirmation => {
            if matches!(stage, Stage::Drafted | Stage::Expired) && !state.unsigned().is_empty() {
                return Err(Reason::SignaturesMissing { who: missing(state) }.into());
            }
            at(&[Stage::Signed, Stage::Expired])?;
            // What was handed in on paper in time is filed in time, also when an officer enters it later.
            if facts.actor.role == Role::Party {
                within(&state.subject.apply_by, facts.today())?;
            }
            Ok(())
        }
        Act::DocketConfirmation => {
            at(&[Stage::Filed])?;
            if state.lacks_certificate() {
                return Err(Reason::Waiting { what: "certificate".into() }.into());
            }
            Ok(())
        }
        Act::DeclineConfirmation => at(&[Stage::Filed]),
        Act::DocketAgain if state.lacks_docket_notice() => Ok(()),
        Act::DocketAgain => at(&[]),
        Act::HearParties => {
            at(&[Stage::Docketed])?;
            own_case(state, facts)?;
            noticed(state)
        }
        Act::RuleValid | Act::RuleReject => {
            at(&[Stage::Examined])?;
            own_case(state, facts)?;
            noticed(state)
        }
        Act::ReissueRuling => {
            at(&[Stage::RulingVoid])?;
            own_case(state, facts)
        }
        // A job that says nothing new does nothing.
        Act::NoteConfirmation => Ok(()),
        _ => Err(Reason::NotNow { state: stage.name().into() }.into()),
    }
}

fn own_case(state: &State, facts: &Facts<'_>) -> Result<(), Refusal> {
    if facts.actor.role == Role::Judge && facts.actor.id != state.judge {
        return Err(Reason::Waiting { what: "judge".into() }.into());
    }
    Ok(())
}

/// Whose docket notice is void was told of no case.
fn noticed(state: &State) -> Result<(), Refusal> {
    match state.lacks_docket_notice() {
        true => Err(Reason::Waiting { what: "docket_again".into() }.into()),
        false => Ok(()),
    }
}

fn missing(state: &State) -> String {
    let unsigned = state.unsigned();
    let names = state.subject.parties.iter().filter(|p| unsigned.contains(&format!("party/{}", p.person)));
    names.map(|p| p.name.text()).collect::<Vec<_>>().join("、")
}

pub(super) fn decide(
    state: Option<&State>,
    command: Command,
    facts: &Facts<'_>,
    context: &Context,
) -> Result<Vec<Event>, Refusal> {
    let today = facts.today();
    if let Command::Draft {} = command {
        let subject = context.subject.clone().ok_or(Reason::NotFound)?;
        let organ = subject.organ.clone();
        return Ok(vec![Event::ConfirmationDrafted {
            application: facts.paper("confirmation_application", &organ),
            proof: None,
            check_code: facts.ids.code(8),
            addresses: subject.parties.iter().map(|_| facts.paper("service_address", &organ)).collect(),
            subject: Box::new(subject),
        }]);
    }
    let state = state.ok_or(Reason::NotFound)?;
    let of = state.subject.draft.facts.of.clone();
    Ok(match command {
        Command::Draft {} => return Err(Reason::Exists.into()),
        // Once, and only as long as it helps.
        Command::Remind {} => match state.stage == Stage::Signed && !state.reminded && !state.is_lapsed(today) {
            true => vec![Event::ConfirmationReminded { on: today }],
            false => Vec::new(),
        },
        Command::Lapse {} => vec![Event::ConfirmationLapsed { on: state.subject.apply_by.last_day }],
        Command::Sign { sha256 } => {
            if !context.verified {
                return Err(Reason::WrongCode.into());
            }
            if sha256 != context.paper_sha256 {
                return Err(Reason::Stale.into());
            }
            let signer = format!("party/{}", facts.actor.person.as_ref().map_or("", |p| p.0.as_str()));
            if !state.unsigned().contains(&signer) {
                return Err(Reason::AlreadySigned.into());
            }
            signed(
                state,
                Signature {
                    signer,
                    on: today,
                    manner: "code".into(),
                    sha256,
                    attested_by: None,
                    scan: None,
                    original: None,
                },
                facts,
            )
        }
        Command::Certify {} => vec![Event::PresidingCertified {
            proof: facts.paper("proof_of_presiding", &state.subject.organ),
            identities: facts.paper("identity_proof", &state.subject.organ),
            by: facts.actor.id.clone(),
            on: today,
            docket_by: match state.stage {
                Stage::Filed => Some(Box::new(facts.limit("confirmation.docket", today, None)?)),
                _ => None,
            },
        }],
        Command::Attest(by_hand) => {
            if state.subject.parties.iter().all(|p| by_hand.signer != format!("party/{}", p.person)) {
                return Err(field("signer", "unknown"));
            }
            let signer = |p: &&crate::party::Party| by_hand.signer == format!("party/{}", p.person);
            let paper = Printed {
                unsigned: state.unsigned(),
                code: Some(state.check_code.as_str()).filter(|code| !code.is_empty()),
                firm: state.subject.parties.iter().find(signer).is_some_and(|p| p.is_firm()),
                since: context.paper_date.unwrap_or(state.subject.effective_on),
                sha256: &context.paper_sha256,
                scanned: context.scanned,
                of: &of,
                earlier: Vec::new(),
            };
            let signature = by_hand.attested(&paper, facts)?;
            within(&state.subject.apply_by, signature.on)?;
            signed(state, signature, facts)
        }
        Command::File { on, how } => {
            let on = on.filter(|_| facts.actor.role != Role::Party).unwrap_or(today);
            // Nobody handed in what was not signed by all.
            let signed = state.signatures.iter().map(|s| s.on).max().unwrap_or(on);
            if on < signed {
                return Err(Reason::DateOrder { first: signed.to_string(), second: on.to_string() }.into());
            }
            if on > today {
                return Err(field("on", "future"));
            }
            within(&state.subject.apply_by, on)?;
            let how = Some(how.trim()).filter(|how| !how.is_empty() && on < today);
            if on < today && how.is_none() {
                return Err(field("how", "required"));
            }
            let how = how.map(|how| Personal::new(&of, how.to_owned()));
            // What the organ owes holds up nobody's application: the court asks for it within a time of its own.
            let limit = |id: &str, runs: bool| runs.then(|| facts.limit(id, on, None)).transpose();
            let complete = state.proof.is_some();
            vec![Event::ConfirmationFiled {
                on,
                docket_by: limit("confirmation.docket", complete)?,
                supplement_by: limit("confirmation.supplement", !complete)?.map(Box::new),
                how,
            }]
        }
        Command::Docket { number, judge, hearing, place, rest_day } => {
            let officer =
                context.judge.as_ref().filter(|o| o.stream == judge.as_str() && o.organ == state.subject.court);
            let officer = officer.ok_or_else(|| field("judge", "unknown"))?;
            if hearing.is_some_and(|at| at < crate::time::county_time(facts.now)) {
                return Err(field("on", "past"));
            }
            let rule_by = facts.limit("confirmation.review", today, None)?;
            if hearing.is_some_and(|at| at.date() > rule_by.last_day) {
                return Err(field("on", "after_review"));
            }
            // Whoever does not come is taken to withdraw: nobody is summoned to a day of rest by mistake.
            let rests = |on: Date| facts.calendar.day(on).is_ok_and(|day| !day.kind.is_working());
            if hearing.is_some_and(|at| rests(at.date())) && !rest_day {
                return Err(field("rest_day", "rest_day"));
            }
            let mut notice = facts.paper("docket_notice", &state.subject.court);
            // A case has the number that the court gave it, and no other.
            let (year, number) = match number.trim() {
                "" => return Err(field("number", "required")),
                given => numbered(given, facts.pack).ok_or_else(|| field("number", "not_a_case_number"))?,
            };
            if year != today.year() {
                return Err(Reason::NumberOfYear { number, year: today.year().to_string() }.into());
            }
            notice.number = number;
            if let Some(by) = &context.number_of {
                return Err(Reason::NumberTaken { number: notice.number, by: by.clone() }.into());
            }
            // Every party gets the notice; all of them bear the number of the case.
            let copy = |p: &crate::party::Party| {
                let id = facts.ids.stream(crate::StreamKind::Paper);
                (p.person.clone(), PaperRef { id, ..notice.clone() })
            };
            let others = state.subject.parties.iter().skip(1).map(copy).collect();
            vec![Event::ConfirmationDocketed {
                number: notice.number.clone(),
                on: today,
                others,
                notice,
                judge: officer.stream.clone(),
                judge_name: officer.name.clone(),
                clerk_name: context.clerk.as_ref().map(|clerk| clerk.name.clone()),
                rule_by: Box::new(rule_by),
                hearing,
                place: Some(place.trim()).filter(|p| !p.is_empty()).map(|p| Personal::new(&of, p.to_owned())),
            }]
        }
        Command::DocketAgain {} => {
            let mut made = state.docket_voided.iter().filter(|void| void.again.is_some()).count();
            let papers = state.docket_voided.iter().filter(|void| void.again.is_none()).map(|void| {
                made += 1;
                let id = facts.ids.stream(crate::StreamKind::Paper);
                (void.person.clone(), PaperRef { id, number: further(state, made), ..void.paper.clone() })
            });
            vec![Event::DocketNoticeMadeAgain { papers: papers.collect(), on: today }]
        }
        Command::Decline { ground, reasons } => {
            // What an examination finds is a ground of rejection, not of non-acceptance.
            if facts.pack.court_refusal_grounds.iter().all(|g| g.id != ground) {
                return Err(field("ground", "unknown"));
            }
            if reasons.trim().is_empty() {
                return Err(field("reasons", "required"));
            }
            vec![Event::ConfirmationDeclined { ground, reasons: Some(Personal::new(&of, reasons)), on: today }]
        }
        Command::Hear { findings, all_heard, on, moved } => {
            past(state.docketed_on.unwrap_or(on), on, today)?;
            if !all_heard {
                return Err(field("all_heard", "required"));
            }
            if findings.trim().is_empty() {
                return Err(field("findings", "required"));
            }
            // Whoever comes at the hour of the notice was not heard before it.
            let early = state.hearing_at.is_some_and(|at| at.date() == on && crate::time::county_time(facts.now) < at);
            let summoned = !early && state.hearing_at.is_none_or(|at| at.date() == on);
            if !summoned && moved.trim().is_empty() {
                return Err(field("moved", if early { "before_hour" } else { "another_day" }));
            }
            let moved = (!summoned).then(|| Personal::new(&of, moved));
            vec![Event::PartiesHeard { findings: Personal::new(&of, findings), on, moved }]
        }
        Command::RuleValid { reasons } => {
            let due = state.subject.draft.obligations.iter().map(|o| o.due).max();
            let from = due.unwrap_or(state.subject.effective_on);
            vec![ruled(
                state,
                true,
                String::new(),
                reasons,
                Some(facts.limit("enforcement.apply", from, None)?),
                facts,
            )?]
        }
        Command::RuleReject { ground, reasons } => {
            if facts.pack.court_ground(&ground).is_none() {
                return Err(field("ground", "unknown"));
            }
            vec![ruled(state, false, ground, reasons, None, facts)?]
        }
        Command::ReissueRuling {} => {
            let ruling = state.ruling.as_ref().ok_or(Reason::NotFound)?;
            let number = further(state, ruling.voided.len());
            vec![Event::RulingReissued { papers: copies(state, ruling.valid, &number, facts), on: today }]
        }
        Command::NoteVoided { paper, notice } if state.docket_notices().any(|(_, own)| own.id == paper) => {
            // Once it has ruled, nothing hangs on it any more.
            let waits = matches!(state.stage, Stage::Docketed | Stage::Examined)
                && state.docket_voided.iter().all(|void| void.paper.id != paper);
            let own = state.docket_notices().find(|(_, own)| waits && own.id == paper);
            let voided = own.map(|(person, paper)| Event::DocketNoticeVoided {
                person: person.clone(),
                paper: paper.clone(),
                on: state.docket_day(paper).unwrap_or(today),
                notice,
            });
            voided.into_iter().collect()
        }
        Command::NoteVoided { paper, notice } => {
            let mut copies = state.ruling.iter().flat_map(|ruling| &ruling.papers);
            let own = copies.any(|(_, copy)| copy.id == paper);
            own.then_some(Event::RulingVoided { paper, notice }).into_iter().collect()
        }
        Command::NoteServed { paper, on } => {
            let Some(ruling) = &state.ruling else { return Ok(Vec::new()) };
            let Some((person, _)) = ruling.papers.iter().find(|(_, p)| p.id == paper) else { return Ok(Vec::new()) };
            let before = ruling.served.iter().find(|(served, ..)| served == person).map(|(_, on, _)| *on);
            let mut events = Vec::new();
            if before.is_some() && before != on {
                events.push(Event::RulingUnserved { person: person.clone() });
            }
            if let Some(on) = on.filter(|_| before != on) {
                // What the court did not confirm binds nobody: the law gives no objection to it (法释〔2022〕11号 372).
                let objection = ruling.valid.then(|| facts.limit("objection.party", on, None)).transpose()?;
                events.push(Event::RulingServed { person: person.clone(), on, objection });
            }
            events
        }
    })
}

/// A number given by the court's own system, as the pack's pattern writes it; none when it has not that form.
pub fn case_number(given: &str, pack: &Pack) -> Option<String> {
    numbered(given, pack).map(|(_, number)| number)
}

/// The same, with the year of the docket that it names.
fn numbered(given: &str, pack: &Pack) -> Option<(i16, String)> {
    let plain = |text: &str| half_width(text).replace(' ', "");
    let wanted = plain(given);
    let runs: Vec<&str> = wanted.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    let numbers = || runs.iter().filter_map(|run| run.parse::<i64>().ok());
    pack.court.case_types.iter().find_map(|kind| {
        numbers().filter_map(|year| i16::try_from(year).ok()).find_map(|year| {
            let number = |n| pack.court_number(Some(kind), year, n);
            numbers().filter(|n| *n > 0).map(number).find(|number| plain(number) == wanted).map(|number| (year, number))
        })
    })
}

fn signed(state: &State, signature: Signature, facts: &Facts<'_>) -> Vec<Event> {
    let on = signature.on;
    let last = state.unsigned().iter().all(|s| *s == signature.signer);
    let mut events = vec![Event::ConfirmationSigned { signature }];
    if last {
        // Whoever signs within these days has heard of it today.
        let last_day = state.subject.apply_by.last_day;
        let before = last_day.checked_sub(facts.pack.parameters.confirmation_reminder_days.days());
        let remind_on = before.ok().max(facts.today().tomorrow().ok()).filter(|day| *day <= last_day);
        events.push(Event::ConfirmationComplete { on, remind_on });
    }
    events
}

fn ruled(
    state: &State,
    valid: bool,
    ground: String,
    reasons: String,
    enforce_by: Option<crate::deadline::Deadline>,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    if reasons.trim().is_empty() {
        return Err(field("reasons", "required"));
    }
    Ok(Event::Ruled {
        ruling: Ruling {
            valid,
            ground,
            reasons: Personal::new(&state.subject.draft.facts.of, reasons),
            on: facts.today(),
            // A ruling bears the number of its case: no register gives another.
            papers: copies(state, valid, &state.number, facts),
            enforce_by,
            served: Vec::new(),
            voided: Vec::new(),
        },
    })
}

/// Further papers of a case bear its number with 之一, 之二 behind it.
fn further(state: &State, n: usize) -> String {
    format!("{}之{}", state.number, han_number(n))
}

/// One copy of a ruling for each party.
fn copies(state: &State, valid: bool, number: &str, facts: &Facts<'_>) -> Vec<(PersonId, PaperRef)> {
    let kind = if valid { "ruling_valid" } else { "ruling_reject" };
    let copy = |p: &crate::party::Party| {
        let paper = PaperRef {
            id: facts.ids.stream(crate::StreamKind::Paper),
            kind: kind.into(),
            number: number.to_owned(),
            issuer: state.subject.court.clone(),
        };
        (p.person.clone(), paper)
    };
    state.subject.parties.iter().map(copy).collect()
}

/// A number up to ninety-nine in words.
fn han_number(n: usize) -> String {
    let digit = |n: usize| ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"][n % 10];
    match n / 10 {
        0 => digit(n).to_owned(),
        1 => format!("十{}", digit(n)),
        tens => format!("{}十{}", digit(tens), digit(n)),
    }
}
