//! The consent of the other side: who is asked, until when they can answer, and when silence counts.

use serde::{Deserialize, Serialize};

use super::decide::{field, refused, required};
use super::signing::printed;
use super::{Command, Context, Decision, Event, Signature, Stage, State, joining, lapse};
use crate::deadline::{Deadline, Step};
use crate::paper;
use crate::party::Party;
use crate::policy::Role;
use crate::refusal::{Reason, Refusal, past};
use crate::stream::{Facts, PaperRef};
use crate::time::Date;
use crate::{PersonId, Personal, StreamId};

/// The consent of one of those on the other side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Who is asked.
    pub person: PersonId,
    /// The letter that asks.
    pub paper: PaperRef,
    /// Last day of the answer.
    pub due: Deadline,
    /// The day on which the letter was received; none: silence does not count. In old events that of posting it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Date>,
    /// A notice voided the letter before it was answered: this person is to be asked again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub voided: bool,
    /// The answer; none yet.
    pub answer: Option<bool>,
    /// When it came.
    pub answered_on: Option<Date>,
    /// Printed code that ties a scan of the slip to the letter; none on old letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_code: Option<String>,
    /// The slip that was signed by hand, when the answer came on paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slip: Option<Signature>,
    /// How the answer was given by word of mouth: free words, which may name people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<Personal<String>>,
    /// May papers come by message? None: nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electronic: Option<bool>,
    /// The answer came by a phone that only the opponent had named, and nobody had seen a document.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unchecked: bool,
}

impl Consent {
    /// The limit of the answer, once it runs: as long as nobody knows that the letter was received, there is none to mind.
    pub fn running(&self) -> Option<&Deadline> {
        Some(&self.due).filter(|_| self.sent.is_some() || self.answer.is_some())
    }
}

impl State {
    /// Those who were asked and have not answered.
    pub fn asked(&self) -> impl Iterator<Item = &Consent> {
        self.consents.iter().filter(|c| c.answer.is_none())
    }

    /// How the letter that asks goes to this party: as a message where the organ's own record has the phone, or where the
    /// applicant wants messages; else it is printed, and somebody sends it. Whom nobody knows how to reach is found first: it
    /// is a task, and silence does not count meanwhile.
    pub fn asks_by(&self, to: &Party) -> &'static str {
        let recorded = !self.phones_told.contains(&to.person);
        match () {
            () if to.mobile_text().is_some() && (recorded || self.electronic_service) => "sms",
            () if to.addressee().is_reachable() => "print",
            () => "address_needed",
        }
    }

    /// The consent that is asked of a person, answered or not.
    pub fn consent_of(&self, person: &PersonId) -> Option<&Consent> {
        self.consents.iter().find(|c| c.person == *person)
    }

    /// May papers come to this party by message, as it said itself? None: nobody asked it.
    pub fn by_message(&self, person: &PersonId) -> Option<bool> {
        match self.is_applicant(person) {
            true => Some(self.electronic_service),
            false => self.consent_of(person)?.electronic,
        }
    }

    /// Those who answered no, or were silent until the last day.
    pub fn refusing(&self) -> impl Iterator<Item = &PersonId> {
        self.consents.iter().filter(|c| c.answer == Some(false)).map(|c| &c.person)
    }

    /// Did somebody say no? Otherwise those who do not consent were silent.
    pub fn somebody_refuses(&self) -> bool {
        self.consents.iter().any(|c| c.answer == Some(false) && c.answered_on.is_some())
    }

    /// Those who received their letter: only their silence counts.
    pub(super) fn lapsing(&self) -> impl Iterator<Item = &Consent> {
        self.asked().filter(|c| c.sent.is_some())
    }

    /// Those whose no can still become a yes: nothing is decided yet.
    pub fn changeable(&self) -> impl Iterator<Item = &Consent> {
        let said_no = |c: &&Consent| c.answer == Some(false) && c.answered_on.is_some();
        self.consents.iter().filter(said_no).filter(|_| self.stage == Stage::Applied)
    }

    /// Did this party say a no that it can still change?
    pub fn can_change(&self, person: &PersonId) -> bool {
        self.changeable().any(|c| c.person == *person)
    }

    /// Those whose answer came by a phone that only the opponent named, as long as no officer has seen who they are.
    pub fn unchecked(&self) -> impl Iterator<Item = &Consent> {
        self.consents.iter().filter(|c| c.answer.is_some() && c.unchecked && self.identity(&c.person).is_none())
    }

    /// Does a message reach this person? One to a phone that only the opponent named may have reached anybody.
    pub fn is_reached_by_message(&self, person: &PersonId) -> bool {
        !self.phones_told.contains(person) || self.identity(person).is_some()
    }

    /// The day on which a paper reached somebody: as was recorded of its service, or as a message.
    pub fn reached_on(&self, person: &PersonId, paper: &paper::State) -> Option<Date> {
        if self.is_reached_by_message(person) { paper.received_on() } else { paper.proven_on() }
    }

    /// Does anybody on the other side consent? A third person alone is no other side.
    pub fn somebody_consents(&self) -> bool {
        let third = |c: &Consent| self.joined.iter().any(|j| j.role == "third" && j.party.person == c.person);
        self.consents.iter().any(|c| c.answer == Some(true) && !third(c))
    }

    /// Was this person added after the acceptance, and has not answered yet?
    pub fn is_invited(&self, person: &PersonId) -> bool {
        self.stage != Stage::Applied && self.consent_of(person).is_some_and(|c| c.answer.is_none())
    }
}

/// Last day of an answer to a letter received on that day: the earlier of its own limit and, while nothing is decided, that of
/// acceptance. Where acceptance leaves no day to answer, its limit takes none from the other side: the organ is late.
///
/// # Errors
/// When a day lies outside the calendar.
pub fn consent_due(state: &State, from: Date, facts: &Facts<'_>) -> Result<Deadline, Refusal> {
    let mut own = facts.limit("mediation.consent", from, state.sector.as_deref())?;
    if state.stage == Stage::Applied {
        let date = state.accept_by.last_day;
        if date <= from {
            own.steps.push(Step::TooLate { date });
        } else {
            own.last_day = own.last_day.min(date);
            own.provisional |= state.accept_by.provisional;
            own.steps.push(Step::Earlier { date, last: own.last_day });
        }
    }
    Ok(own)
}

/// An answer: of the acting party itself, or as an officer records it. What somebody else records was given on paper or by
/// word of mouth, and the file says which.
pub(super) fn answer(
    state: &State,
    command: Command,
    facts: &Facts<'_>,
    context: &Context,
) -> Result<Vec<Event>, Refusal> {
    let Command::AnswerConsent { answer, on, person, slip, how, electronic } = command else {
        return Err(Reason::NotFound.into());
    };
    let today = facts.today();
    let consent = answering(state, person.as_ref(), facts)?;
    // A no becomes a yes by what was told after it.
    past(consent.answered_on.unwrap_or(state.applied_on), on, today)?;
    let due = &consent.due;
    // After the last day an answer counts as of the day on which it was given, and that is seen on the slip alone.
    let silent = consent.answer.is_some() && consent.answered_on.is_none();
    let changes = consent.answered_on.is_some();
    if changes && answer == Decision::No {
        return Ok(Vec::new());
    }
    if silent {
        lapse::silence(state)?;
    }
    let given = slip.as_ref().map_or(on, |slip| slip.on.max(on));
    // Nobody answers too late a letter of which nobody knows that it went out, nor who answered in time and changes it.
    if !changes && (consent.sent.is_some() || silent) && given > due.last_day {
        let reason = Reason::PeriodExpired { limit: due.limit.clone(), last_day: due.last_day.to_string() };
        return Err(Refusal::because(reason, due.basis.clone()));
    }
    let signer = format!("party/{}", consent.person);
    let slip = slip.filter(|_| facts.actor.role != Role::Party).map(|slip| {
        let paper = printed(state, &signer, vec![signer.clone()], consent.check_code.as_deref(), on, context);
        slip.attested(&paper, facts)
    });
    let slip = slip.transpose()?;
    let spoken = facts.actor.role != Role::Party && slip.is_none();
    if spoken && silent {
        return Err(field("way", "only_on_paper"));
    }
    if spoken {
        required("how", &how)?;
    }
    let how = spoken.then(|| Personal::new(&state.claims.of, how));
    let mut events: Vec<Event> = silent.then(|| lapse::heard(state, consent, Some(given), facts)).into_iter().collect();
    let joins = state.stage == Stage::Mediating && answer == Decision::Yes;
    events.push(Event::ConsentAnswered {
        consents: answer == Decision::Yes,
        on,
        person: Some(consent.person.clone()),
        slip,
        how,
        electronic,
        unchecked: facts.actor.role == Role::Party
            && !context.seen_at_counter
            && state.phones_told.contains(&consent.person)
            && state.identity(&consent.person).is_none(),
    });
    events.extend(joins.then(|| joining::joins(state, &consent.person, facts)));
    Ok(events)
}

/// Whose answer is given: the acting party's own, the one that a clerk names, or the only one that is awaited. Where somebody is
/// awaited, whose no becomes a yes is named.
fn answering<'a>(state: &'a State, named: Option<&PersonId>, facts: &Facts<'_>) -> Result<&'a Consent, Refusal> {
    let own = facts.actor.person.as_ref().filter(|_| facts.actor.role == Role::Party);
    let silent = state.silent().filter(|_| lapse::enters_for_others(facts));
    let named = own.or(named);
    let changeable = state.changeable().filter(|_| named.is_some() || state.asked().next().is_none());
    let mut awaited = state.asked().chain(silent).chain(changeable).filter(|c| named.is_none_or(|p| c.person == *p));
    match (awaited.next(), awaited.next()) {
        (Some(consent), None) => Ok(consent),
        (None, _) => Err(field("person", "unknown")),
        (Some(_), Some(_)) => Err(field("person", "choose")),
    }
}

/// What became of a letter that asks: the days to answer count from the one on which it was received, whatever was thought
/// of that before. The day of a message counts only where it reaches whom it is for.
pub(super) fn note(
    state: &State,
    paper: &StreamId,
    (on, by_message): (Option<Date>, bool),
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let asked = state.consents.iter().find(|c| c.paper.id == *paper);
    let on = on.filter(|_| !by_message || asked.is_none_or(|c| state.is_reached_by_message(&c.person)));
    let Some(consent) = state.asked().find(|c| c.paper.id == *paper) else {
        return Ok(if on.is_none() { not_silent(state, paper, facts) } else { Vec::new() });
    };
    if consent.voided {
        return Ok(Vec::new());
    }
    let open = matches!(state.stage, Stage::Applied | Stage::Mediating);
    if !open || consent.sent == on {
        return Ok(Vec::new());
    }
    let due = match on {
        Some(on) => consent_due(state, on, facts)?,
        None => consent.due.clone(),
    };
    Ok(vec![Event::ConsentSent { person: consent.person.clone(), on, due }])
}

/// A letter that came back had asked nobody: what the silence after it had led to is taken back, and it is sent again. A
/// mediation that went on without them goes on.
fn not_silent(state: &State, paper: &StreamId, facts: &Facts<'_>) -> Vec<Event> {
    let goes_on = state.stage == Stage::Mediating || lapse::silence(state).is_err();
    let Some(consent) = state.silent().find(|c| c.paper.id == *paper).filter(|_| !goes_on) else { return Vec::new() };
    let unsent = Event::ConsentSent { person: consent.person.clone(), on: None, due: consent.due.clone() };
    vec![lapse::heard(state, consent, None, facts), unsent]
}

/// Silence until the last day is no consent. When everybody is silent or said no, the application is refused, and for
/// what it was: nobody is said to have refused who only did not answer.
pub(super) fn lapse(state: &State, facts: &Facts<'_>) -> Vec<Event> {
    let silent = state.lapsing().filter(|c| facts.today() > c.due.last_day);
    let lapsed = |c: &Consent| Event::ConsentLapsed { on: c.due.last_day, person: Some(c.person.clone()) };
    let mut events: Vec<Event> = silent.map(lapsed).collect();
    // With those who consent it may go on: that is for the officer to say.
    let alone = !state.is_administrative() && !state.somebody_consents();
    if state.stage == Stage::Applied && alone && state.asked().count() == events.len() {
        let ground = if state.somebody_refuses() { "party_refuses" } else { "party_silent" };
        events.push(refused(state, facts, ground, String::new(), None));
    }
    events
}
