//! Sessions: called, moved or called off as long as they are still to be held, and noted when nobody came.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::decide::{field, required, waiting};
use super::{Context, Event, Joining, Signature, State, Telling, Unsigned, joining, taking_part};
use crate::policy::{Act, Relation, Role};
use crate::refusal::{Reason, Refusal, past};
use crate::stream::{Facts, PaperRef};
use crate::time::{Date, DateTime, county_time};
use crate::{PersonId, Personal, StreamId};

/// The paper that calls to a session, and that calls it off.
pub const NOTICE: &str = "session_notice";

/// A place is one line of a notice, in characters.
const PLACE_LONGEST: usize = 100;

/// A session that begins so much earlier or later than it was called is held at another time.
const ANOTHER_TIME: SignedDuration = SignedDuration::from_hours(1);

/// The ground of an end for somebody who stayed away.
pub(super) const ABSENT: &str = "absent";

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// When it is to be held, county time.
    pub at: DateTime,
    /// Where: it may be somebody's home.
    pub place: Personal<String>,
    /// Notices to the parties.
    pub notices: Vec<PaperRef>,
    /// To whom they went, in the same order; empty on old ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<PersonId>,
    /// For when and where it had been called before it was moved, the last at the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Call>,
    /// What was recorded.
    pub sitting: Option<Sitting>,
    /// The record.
    pub record: Option<PaperRef>,
    /// Printed code that ties a scan of the record to its bytes; none on old records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_code: Option<String>,
    /// The mediator who held it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<String>,
    /// Who signed the record.
    pub signatures: Vec<Signature>,
    /// Who did not, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_signed: Vec<Unsigned>,
    /// Nobody came.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub missed: bool,
    /// Somebody who came later was called too late for the rule of the sector: it is to be moved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_move: bool,
}

/// A record that was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordWithdrawn {
    /// The record.
    pub paper: PaperRef,
    /// Why: free words, which may name people.
    pub reason: Personal<String>,
    /// The day.
    pub on: Date,
}

/// For when and where a session is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// When.
    pub at: DateTime,
    /// Where: it may be somebody's home.
    pub place: Personal<String>,
    /// One notice for each party.
    pub notices: Vec<PaperRef>,
    /// To whom each goes; empty in old events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<PersonId>,
}

/// What was recorded of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// When it was held, county time.
    pub held_at: DateTime,
    /// Parties present.
    pub present: Vec<PersonId>,
    /// What was said, in short.
    pub statements: Personal<String>,
    /// What nobody disputes.
    pub undisputed: Personal<String>,
    /// `agreed`, `adjourned`, `failed`.
    pub result: String,
    /// They were told their rights and duties.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rights_told: bool,
    /// Somebody who was present asked that the mediator withdraws; none: nobody was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recusal: Option<bool>,
    /// Who was there for the organ, where it is itself the other party and came; none in old events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_organ: Option<Box<ForOrgan>>,
    /// Why it was held at another time than the one for which it was called; none where it was held then, and in old events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Personal<String>>,
}

/// Who was at a session for the organ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForOrgan {
    /// Name.
    pub name: Personal<String>,
    /// Post.
    pub post: String,
    /// Staff stream of an officer of the organ, who signs the record by a code of their own; none: signs on paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<String>,
    /// What they are, as the roster says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// Who asked at a session that the mediator withdraws.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Who.
    pub person: PersonId,
    /// Why.
    pub reason: String,
}

/// A session that is not held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalledOff {
    /// Why: free words, which may name people.
    pub reason: Personal<String>,
    /// One notice for each who was called and still takes part.
    pub notices: Vec<(PersonId, PaperRef)>,
}

impl Session {
    pub(super) fn called(call: &Call) -> Self {
        let Call { at, place, notices, to } = call.clone();
        Self {
            at,
            place,
            notices,
            to,
            moved: Vec::new(),
            sitting: None,
            record: None,
            check_code: None,
            held_by: None,
            signatures: Vec::new(),
            not_signed: Vec::new(),
            missed: false,
            to_move: false,
        }
    }

    /// Who was there for the organ, where it is itself the other party and came.
    pub fn for_organ(&self) -> Option<&ForOrgan> {
        self.sitting.as_ref()?.for_organ.as_deref()
    }

    /// Was this person called to it? Of an old session nobody noted who was: all were.
    pub fn calls(&self, person: &PersonId) -> bool {
        self.to.is_empty() || self.to.contains(person)
    }

    /// Somebody who came later is called too.
    pub(super) fn call_too(&mut self, joins: &Joining) {
        let Some(notice) = joins.call.as_ref().filter(|_| self.to.len() == self.notices.len()) else { return };
        self.notices.push(notice.clone());
        self.to.push(joins.person.clone());
        self.to_move |= joins.late;
    }

    pub(super) fn move_to(&mut self, call: &Call) {
        self.to_move = false;
        let Call { at, place, notices, to } = call.clone();
        self.moved.push(Call {
            at: std::mem::replace(&mut self.at, at),
            place: std::mem::replace(&mut self.place, place),
            notices: std::mem::replace(&mut self.notices, notices),
            to: std::mem::replace(&mut self.to, to),
        });
    }
}

/// The notice that somebody got.
pub(super) fn notice_to<'a>(notices: &'a [PaperRef], to: &[PersonId], person: &PersonId) -> Option<&'a PaperRef> {
    notices.get(to.iter().position(|to| to == person)?)
}

/// What a notice of a session says. All of them are papers of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionNotice {
    /// It calls to it, for the first time.
    Calls,
    /// It calls for another time or place.
    Moves,
    /// It calls it off.
    CallsOff,
}

impl State {
    /// What a paper says of a session, and whether a later notice took its place; none for papers that say nothing of one.
    pub fn session_notice(&self, kind: &str, paper: &StreamId) -> Option<(SessionNotice, bool)> {
        if kind != NOTICE {
            return None;
        }
        let holds = |notices: &[PaperRef]| notices.iter().any(|notice| notice.id == *paper);
        let says = |n: usize| if n == 0 { SessionNotice::Calls } else { SessionNotice::Moves };
        for session in self.sessions.iter().chain(&self.not_held) {
            if let Some(n) = session.moved.iter().position(|call| holds(&call.notices)) {
                return Some((says(n), true));
            }
            if holds(&session.notices) {
                return Some((says(session.moved.len()), false));
            }
        }
        Some((SessionNotice::CallsOff, false))
    }

    /// The session that is called and still to be held.
    pub fn pending(&self) -> Option<&Session> {
        self.sessions.last().filter(|session| session.record.is_none())
    }

    /// Its record is taken back: the session is there to be recorded anew, and what was noted of the record falls with it.
    pub(super) fn take_record_back(&mut self) {
        let Some(session) = self.sessions.last_mut() else { return };
        (session.sitting, session.record, session.check_code, session.held_by) = (None, None, None, None);
        session.signatures.clear();
        session.not_signed.clear();
    }

    /// It is not held, since it was called off or nobody came: what was before it is the last again.
    pub(super) fn set_off(&mut self, missed: bool) {
        if self.pending().is_some() {
            self.not_held.extend(self.sessions.pop().map(|session| Session { missed, ..session }));
        }
    }

    /// Those who take part still and did not come to the last session that was held or missed, each with the notice that had
    /// called them, and its day.
    pub fn stayed_away(&self) -> Vec<(&PersonId, &PaperRef, Date)> {
        let over =
            self.sessions.iter().filter(|s| s.sitting.is_some()).chain(self.not_held.iter().filter(|s| s.missed));
        let Some(session) = over.max_by_key(|session| session.at) else { return Vec::new() };
        let there = session.sitting.as_ref().map_or(&[][..], |sitting| &sitting.present);
        let away = taking_part(self).map(|(_, party)| &party.person).filter(|person| !there.contains(person));
        away.filter_map(|p| Some((p, notice_to(&session.notices, &session.to, p)?, session.at.date()))).collect()
    }
}

/// Is the time of the session that is still to be held come, so that it can be said that nobody was there?
pub(super) fn due(state: &State, facts: &Facts<'_>) -> Result<(), Refusal> {
    match state.pending() {
        None => Err(waiting("session")),
        Some(session) if session.at > county_time(facts.now) => Err(waiting("session_time")),
        Some(_) => Ok(()),
    }
}

/// A call to a session that lies ahead, as early as the sector's rule asks.
pub(super) fn call(state: &State, at: DateTime, place: String, facts: &Facts<'_>) -> Result<Call, Refusal> {
    required("place", &place)?;
    if place.chars().count() > PLACE_LONGEST {
        return Err(field("place", "too_long"));
    }
    let now = county_time(facts.now);
    if at < now {
        return Err(if at.date() < now.date() { field("at", "past") } else { field("clock", "clock_past") });
    }
    in_time(state, at, facts)?;
    second(state, at.date(), facts)?;
    before_the_end(state, at.date(), facts)?;
    let to: Vec<PersonId> = taking_part(state).map(|(_, party)| party.person.clone()).collect();
    let notices = to.iter().map(|_| facts.paper(NOTICE, &state.organ)).collect();
    Ok(Call { at, place: Personal::new(&state.claims.of, place), notices, to })
}

/// Is a notice that goes out today as early as the rule of the sector asks, where there is one?
pub(super) fn in_time(state: &State, at: DateTime, facts: &Facts<'_>) -> Result<(), Refusal> {
    let sector = state.sector.as_deref();
    if !facts.pack.has_rule("session.notice", sector) {
        return Ok(());
    }
    let last = facts.limit("session.notice", at.date(), sector)?;
    if facts.today() <= last.last_day {
        return Ok(());
    }
    let reason = Reason::PeriodExpired { limit: last.limit, last_day: last.last_day.to_string() };
    Err(Refusal::because(reason, last.basis))
}

/// After its last day there is no mediation any more that somebody could be called to.
fn before_the_end(state: &State, on: Date, facts: &Facts<'_>) -> Result<(), Refusal> {
    let Some(period) = state.period.as_ref().filter(|period| on > period.last_day) else { return Ok(()) };
    let (limit, last_day) = (period.limit.clone(), period.last_day.to_string());
    let extendable = facts.pack.rule_of(period).is_some_and(|rule| facts.pack.is_extendable(rule));
    let reason =
        if extendable { Reason::AfterExtendable { limit, last_day } } else { Reason::AfterPeriod { limit, last_day } };
    Err(Refusal::because(reason, period.basis.clone()))
}

/// The session that is to be held is called for another time or place.
pub(super) fn move_to(state: &State, at: DateTime, place: String, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let pending = state.pending().ok_or_else(|| waiting("session"))?;
    if (pending.at, pending.place.text().trim()) == (at, place.trim()) {
        return Err(field("at", "not_moved"));
    }
    Ok(vec![Event::SessionMoved(call(state, at, place, facts)?)])
}

/// Whose staying away ends the mediation: only whom the notice reached knew that there was a session.
pub(super) fn absent(state: &State, ground: &str, context: &Context) -> Result<Vec<PersonId>, Refusal> {
    if ground != ABSENT {
        return Ok(Vec::new());
    }
    let away = state.stayed_away().into_iter().filter(|(_, notice, _)| context.reached.contains(&notice.id));
    let away: Vec<PersonId> = away.map(|(person, ..)| person.clone()).collect();
    if away.is_empty() { Err(field("ground", "not_called")) } else { Ok(away) }
}

/// It is not held. Who was called is told; of an old session nobody noted who that was.
pub(super) fn call_off(state: &State, reason: String, facts: &Facts<'_>) -> Result<Event, Refusal> {
    required("reason", &reason)?;
    let pending = state.pending().ok_or_else(|| waiting("session"))?;
    let to = taking_part(state).map(|(_, party)| &party.person).filter(|person| pending.calls(person));
    let notices = to.map(|person| (person.clone(), facts.paper(NOTICE, &state.organ))).collect();
    Ok(Event::SessionCalledOff(CalledOff { reason: Personal::new(&state.claims.of, reason), notices }))
}

/// It was held. Who asked there that the mediator withdraws asked as by every other way: the leader decides, and until then
/// there is no agreement.
pub(super) fn record(
    state: &State,
    mut sitting: Sitting,
    asked: Option<Asked>,
    facts: &Facts<'_>,
    context: &Context,
) -> Result<Vec<Event>, Refusal> {
    sitting.otherwise = sitting.otherwise.filter(|why| !why.text().trim().is_empty());
    held(state, &sitting, facts)?;
    if let Some(there) = &mut sitting.for_organ {
        by_roster(state, there, context)?;
    }
    let asked = match (sitting.recusal, asked) {
        (Some(true), None) => return Err(field("person", "choose")),
        (Some(true), Some(asked)) => Some(asked),
        _ => None,
    };
    if asked.as_ref().is_some_and(|asked| !sitting.present.contains(&asked.person)) {
        return Err(field("person", "not_present"));
    }
    if asked.is_some() && sitting.result == "agreed" {
        return Err(field("result", "recusal_asked"));
    }
    let telling = |person| Telling {
        person,
        on: sitting.held_at.date(),
        way: "in_person".into(),
        note: "在调解会上提出，记入调解笔录。".into(),
        scan: String::new(),
    };
    let asked =
        asked.map(|Asked { person, reason }| joining::recusal(state, reason, Some(telling(person)), facts, context));
    let asked = asked.transpose()?;
    let (paper, check_code) = (facts.paper("mediation_record", &state.organ), Some(facts.ids.code(8)));
    // It comes first: the record says who asked, and why.
    Ok(asked.into_iter().chain([Event::SessionHeld { sitting, paper, check_code }]).collect())
}

/// Can the record of the last session be taken back? By whoever held it, as long as no party signed it: what they signed is
/// theirs too.
pub(super) fn unsigned(state: &State, facts: &Facts<'_>) -> Result<(), Refusal> {
    let session = state.sessions.last().filter(|session| session.record.is_some()).ok_or_else(|| waiting("record"))?;
    let signed = session.signatures.iter().any(|s| s.signer.starts_with("party/"));
    match () {
        () if state.recusal.is_some() => Err(waiting("recusal")),
        () if signed => Err(Reason::RecordSigned.into()),
        () if session.held_by.as_ref().is_some_and(|by| *by != facts.actor.id) => {
            Err(Reason::NotNow { state: state.stage.name().into() }.into())
        }
        () => Ok(()),
    }
}

/// It is taken back.
pub(super) fn withdraw_record(state: &State, reason: String, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    required("reason", &reason)?;
    let paper = state.sessions.last().and_then(|session| session.record.clone()).ok_or_else(|| waiting("record"))?;
    let reason = Personal::new(&state.claims.of, reason);
    Ok(vec![Event::RecordWithdrawn(RecordWithdrawn { paper, reason, on: facts.today() })])
}

/// What was recorded: of somebody who was there, at a time that has come. The organ is there by somebody with a name.
fn held(state: &State, sitting: &Sitting, facts: &Facts<'_>) -> Result<(), Refusal> {
    required("statements", sitting.statements.text())?;
    let takes_part = |person: &PersonId| taking_part(state).any(|(_, p)| p.person == *person);
    if sitting.present.is_empty() || !sitting.present.iter().all(takes_part) {
        return Err(field("present", "required"));
    }
    // Nobody agrees for somebody who was not there, nor whom nobody stood for.
    if sitting.result == "agreed" && !taking_part(state).all(|(_, p)| sitting.present.contains(&p.person)) {
        return Err(field("present", "all_agree"));
    }
    let organ = state.organ_signer().is_some_and(|organ| sitting.present.iter().any(|p| organ == format!("party/{p}")));
    match &sitting.for_organ {
        Some(officer) if organ => {
            if officer.staff.is_none() {
                required("organ_officer", officer.name.text())?;
            }
            required("organ_post", &officer.post)?;
        }
        None if organ => return Err(field("organ_officer", "required")),
        Some(_) => return Err(field("organ_officer", "organ_absent")),
        None => {}
    }
    if !["agreed", "adjourned", "failed"].contains(&sitting.result.as_str()) {
        return Err(field("result", "unknown"));
    }
    past(state.applied_on, sitting.held_at.date(), facts.today())?;
    // Nobody knows today what will be said this afternoon.
    if sitting.held_at > county_time(facts.now) {
        return Err(field("clock", "not_yet_held"));
    }
    // Before a mediator had declared that there is no conflict nobody mediated.
    let declared = state.mediator.as_ref().and_then(|mediator| mediator.declared_at);
    if declared.is_some_and(|declared| sitting.held_at < declared) {
        return Err(field("clock", "before_declared"));
    }
    let called = state.pending().map(|session| session.at);
    let apart = called.is_some_and(|at| at.duration_until(sitting.held_at).abs() >= ANOTHER_TIME);
    let said = sitting.otherwise.as_ref().is_some_and(|why| !why.text().trim().is_empty());
    if apart && !said { Err(field("otherwise", "otherwise")) } else { Ok(()) }
}

/// An officer of the organ is named as the roster names them: they sign the record by a code of their own. Who mediates
/// stands on neither side.
fn by_roster(state: &State, there: &mut ForOrgan, context: &Context) -> Result<(), Refusal> {
    there.role = None;
    let Some(staff) = &there.staff else { return Ok(()) };
    let signs = |role| Act::SignRecord.allowed().contains(&(role, Relation::Organ));
    let officer = context.attends.as_ref().filter(|o| o.stream == *staff && o.organ == state.organ && signs(o.role));
    let officer = officer.ok_or_else(|| field("organ_staff", "not_yours"))?;
    if state.mediator.as_ref().is_some_and(|mediator| mediator.staff == officer.stream) {
        return Err(field("organ_staff", "mediates"));
    }
    (there.name, there.role) = (officer.name.clone(), Some(officer.role));
    Ok(())
}

/// In a sector that limits it, a second session lies within its period of the first.
pub(super) fn second(state: &State, on: Date, facts: &Facts<'_>) -> Result<(), Refusal> {
    let sector = state.sector.as_deref();
    let first = state.sessions.first().and_then(|s| s.sitting.as_ref());
    let Some(first) = first.filter(|_| facts.pack.has_rule("session.second", sector)) else { return Ok(()) };
    let last = facts.limit("session.second", first.held_at.date(), sector)?;
    if on <= last.last_day {
        return Ok(());
    }
    let reason = Reason::PeriodExpired { limit: last.limit, last_day: last.last_day.to_string() };
    Err(Refusal::because(reason, last.basis))
}
