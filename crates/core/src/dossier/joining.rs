//! Who takes part changes on the way: somebody is added and asked, somebody leaves and the others go on.

use serde::{Deserialize, Serialize};

use super::decide::{copies, field, others_side, required, waiting};
use super::{
    Context, Event, Recusal, Stage, State, Telling, Told, consent_due, everybody, own_phone, parties, session,
    taking_part,
};
use crate::party::Party;
use crate::policy::Role;
use crate::refusal::{Reason, Refusal, past};
use crate::stream::{Facts, PaperRef};
use crate::time::{Date, county_time};
use crate::{PersonId, Personal};

/// Somebody who was added to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// Who.
    pub party: Party,
    /// `respondent` or `third`.
    pub role: String,
    /// The party who asked for it.
    pub by: PersonId,
    /// Why: free words, which may name people.
    pub reason: Personal<String>,
    /// When.
    pub on: Date,
}

/// Who was added takes part from now on: told and called as the others were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joining {
    /// Who.
    pub person: PersonId,
    /// The notice of acceptance.
    pub acceptance: PaperRef,
    /// The call to the session that is to be held; none: there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<PaperRef>,
    /// The call comes later than the rule of the sector asks, so that the session is to be moved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

/// As what somebody can be added.
pub const ROLES: [&str; 2] = ["respondent", "third"];

/// A party who left, while the others go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Who.
    pub person: PersonId,
    /// When.
    pub on: Date,
}

/// One more party, at the wish of one who is there: asked at once, unless everybody is still to be asked.
pub(super) fn add(
    state: &State,
    party: Party,
    role: String,
    by: PersonId,
    reason: String,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    required("name", party.name.text())?;
    required("reason", &reason)?;
    // Against the organ itself there is nobody else: its decision is its own.
    if !ROLES.contains(&role.as_str()) || (role == "respondent" && state.is_administrative()) {
        return Err(field("role", "unknown"));
    }
    let same = |p: &Party| p.person == party.person || p.name.text().trim() == party.name.text().trim();
    if everybody(state).any(|(_, p)| same(p)) {
        return Err(field("name", "duplicate"));
    }
    if !taking_part(state).any(|(_, p)| p.person == by) {
        return Err(field("by", "unknown"));
    }
    let asks = everybody(state).map(|(_, p)| p).find(|p| p.person == by);
    if asks.is_some_and(|asks| own_phone(std::slice::from_ref(asks), std::slice::from_ref(&party)).is_some()) {
        return Err(field("phone", "own_phone"));
    }
    let reason = Personal::new(&by, reason);
    let person = party.person.clone();
    let joined = Joined { party, role, by, reason, on: facts.today() };
    let mut events = vec![Event::PartyAdded { joined: Box::new(joined) }];
    let asked = state.is_administrative() || !state.consents.is_empty();
    if asked || state.stage != Stage::Applied {
        events.push(Event::ConsentAsked {
            paper: facts.paper("consent_letter", &state.organ),
            due: consent_due(state, facts.today(), facts)?,
            person: Some(person),
            check_code: Some(facts.ids.code(8)),
        });
    }
    Ok(events)
}

/// Somebody who was asked on the way consents: what the others have got they get too.
pub(super) fn joins(state: &State, person: &PersonId, facts: &Facts<'_>) -> Event {
    let ahead = state.pending().filter(|session| session.at > county_time(facts.now));
    Event::PartyJoined(Joining {
        person: person.clone(),
        acceptance: facts.paper("acceptance_notice", &state.organ),
        call: ahead.map(|_| facts.paper(session::NOTICE, &state.organ)),
        late: ahead.is_some_and(|ahead| session::in_time(state, ahead.at, facts).is_err()),
    })
}

/// Whose wish it is, since when and how it was told: the acting party's own of today, or what an officer records of one of
/// those who take part. In a dispute about its own decision the organ is no such party.
fn wish(
    state: &State,
    told: Option<Telling>,
    facts: &Facts<'_>,
    context: &Context,
) -> Result<(PersonId, Date, Option<Box<Told>>), Refusal> {
    let own = facts.actor.person.clone().filter(|_| facts.actor.role == Role::Party);
    let told = told.filter(|_| own.is_none());
    let person = own.or(told.as_ref().map(|told| told.person.clone())).ok_or_else(|| field("person", "choose"))?;
    let organ = state.is_administrative() && state.respondents.iter().any(|p| p.person == person);
    if organ || !taking_part(state).any(|(_, p)| p.person == person) {
        return Err(field("person", "unknown"));
    }
    let since = state.accepted_on.unwrap_or(state.applied_on);
    let told = told.map(|told| told.kept(since, facts, context).map(Box::new)).transpose()?;
    let on = told.as_ref().map_or(facts.today(), |told| told.on);
    Ok((person, on, told))
}

/// A party wants another mediator.
pub(super) fn recusal(
    state: &State,
    reason: String,
    told: Option<Telling>,
    facts: &Facts<'_>,
    context: &Context,
) -> Result<Event, Refusal> {
    required("reason", &reason)?;
    let (by, on, told) = wish(state, told, facts, context)?;
    Ok(Event::RecusalAsked { recusal: Recusal { reason: Personal::new(&by, reason), by, on, told } })
}

/// A party leaves. The mediation goes on while somebody remains on both sides; an agreement that was made with the one
/// who leaves is taken back.
pub(super) fn leave(
    state: &State,
    told: Option<Telling>,
    facts: &Facts<'_>,
    context: &Context,
) -> Result<Vec<Event>, Refusal> {
    let (person, on, told) = wish(state, told, facts, context)?;
    let applied = state.applicants.iter().any(|p| p.person == person);
    let ground = if applied { "withdrawn" } else { "party_refuses" };
    let remains = |role: &str| taking_part(state).any(|(r, p)| r == role && p.person != person);
    if !remains("applicant") || !remains("respondent") {
        return Ok(vec![super::decide::ended(state, ground, on, Vec::new(), told, facts)]);
    }
    let mut events = Vec::new();
    if let Some(agreement) = state.agreement.as_ref().filter(|_| state.stage == Stage::Signing) {
        let name = everybody(state).map(|(_, p)| p).find(|p| p.person == person).map_or("", |p| p.name.text());
        let reason = Personal::new(&person, format!("{name}退出调解，协议由其余各方另行商定。"));
        events.push(Event::AgreementWithdrawn {
            paper: agreement.paper.clone(),
            reason: Some(reason),
            on: facts.today(),
        });
    }
    let paper = facts.paper("end_notice", &state.organ);
    let others = state.applicants.iter().chain(others_side(state));
    let others = others.filter(|p| p.person != person && !state.without.contains(&p.person));
    let others = copies(&paper.kind, others, &state.organ, facts);
    events.push(Event::PartyLeft { person, on, ground: ground.to_owned(), paper, others, told });
    Ok(events)
}

/// An applicant withdraws before it is decided on: as a party told it, by word of mouth or on paper. With others who
/// still apply it goes on between those who remain; otherwise whoever was asked is told that there is no mediation.
pub(super) fn withdraw(
    state: &State,
    named: Option<PersonId>,
    on: Date,
    how: String,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    past(state.applied_on, on, facts.today())?;
    let own = facts.actor.person.clone().filter(|_| facts.actor.role == Role::Party);
    let spoken = own.is_none();
    let applicants: Vec<&Party> = parties(state).filter(|(role, _)| *role == "applicant").map(|(_, p)| p).collect();
    let only = applicants.first().filter(|_| applicants.len() == 1).map(|p| p.person.clone());
    let person = own.or(named).or(only).ok_or_else(|| field("person", "choose"))?;
    if applicants.iter().all(|p| p.person != person) {
        return Err(field("person", "unknown"));
    }
    if spoken {
        required("how", &how)?;
    }
    let how = spoken.then(|| Personal::new(&person, how));
    let asked = |p: &&Party| state.consent_of(&p.person).is_some_and(|c| c.answer != Some(false));
    let rest = applicants.into_iter().filter(|p| p.person != person);
    let goes_on = rest.clone().next().is_some();
    let others = rest.chain(others_side(state).filter(asked));
    let paper = facts.paper("end_notice", &state.organ);
    let others = copies(&paper.kind, others, &state.organ, facts);
    Ok(vec![Event::ApplicationWithdrawn { person, on, how, goes_on, paper, others }])
}

/// Is nobody's answer awaited, so that it is known with whom there is an agreement?
pub(super) fn all_answered(state: &State) -> Result<(), Refusal> {
    if state.asked().next().is_some() { Err(waiting("consent")) } else { Ok(()) }
}

/// Nobody is added once the agreement lies for signing: it is taken back first.
pub(super) fn open(state: &State) -> Result<(), Refusal> {
    match state.stage {
        Stage::Applied | Stage::Mediating => Ok(()),
        stage => Err(Reason::NotNow { state: stage.name().into() }.into()),
    }
}
