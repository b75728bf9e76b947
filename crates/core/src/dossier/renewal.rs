//! Mediation once more: a case that goes on with an earlier one, and an agreement that takes the place of another.

use serde::{Deserialize, Serialize};

use super::{Event, Stage, State};
use crate::matter;
use crate::party::Party;
use crate::policy::Role;
use crate::refusal::{Reason, Refusal};
use crate::stream::{Facts, PaperRef};
use crate::time::Date;
use crate::{PersonId, StreamId};

/// The earlier case, as a decision on the application sees it.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Its stream.
    pub stream: StreamId,
    /// As it stands.
    pub case: Box<State>,
    /// The days of the matter that it came from.
    pub days: Option<matter::Days>,
    /// Number of a case that goes on with it, and is not over itself.
    pub goes_on: Option<String>,
}

/// The earlier case, as the new one keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewed {
    /// Its stream.
    pub case: StreamId,
    /// Number of its application.
    pub number: String,
    /// The agreement that was made there, or in a case before it, and is in effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
}

/// An agreement that is in effect, for the case that goes on with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The case in which it was made.
    pub case: StreamId,
    /// The agreement.
    pub agreement: PaperRef,
    /// Everybody whom it binds.
    pub parties: Vec<PersonId>,
}

/// A later case that goes on with this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// Its stream.
    pub case: StreamId,
    /// Number of its application.
    pub number: String,
}

/// The agreement that took the place of this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// The case in which it was made.
    pub case: StreamId,
    /// The agreement.
    pub agreement: PaperRef,
    /// When it took effect.
    pub on: Date,
}

impl State {
    /// Can it be mediated once more? It came to nothing, or what was agreed is not performed and no court has confirmed it
    /// nor is about to.
    pub fn is_renewable(&self) -> bool {
        let agreed = self.agreement.as_ref().filter(|a| a.effective_on.is_some() && a.replaced.is_none());
        let performed = self.outstanding().is_empty() && self.performance.iter().all(|p| p.performed);
        let unconfirmed = matches!(self.confirmation_state.as_str(), "" | "rejected" | "declined" | "expired");
        self.is_over() || agreed.is_some() && !performed && unconfirmed
    }

    /// Everybody but this one who is asked when it is mediated once more: whom the agreement binds, else all.
    pub fn others<'a>(&'a self, one: &'a PersonId) -> impl Iterator<Item = &'a Party> {
        let bound = self.agreement.as_ref().is_some_and(|a| a.effective_on.is_some());
        let left = move |person: &PersonId| bound && self.without.contains(person);
        super::everybody(self).map(|(_, p)| p).filter(move |p| p.person != *one && !left(&p.person))
    }

    /// The agreement whose place one in this case takes: everybody whom it binds must take part, since nobody else's
    /// agreement can be changed.
    pub fn takes_the_place_of(&self) -> Option<&Standing> {
        let there = |person: &PersonId| super::taking_part(self).any(|(_, p)| p.person == *person);
        self.renews.as_ref()?.standing.as_ref().filter(|standing| standing.parties.iter().all(there))
    }
}

/// The earlier case, when it can be mediated once more and the applicant was a party of it.
pub(super) fn begin(earlier: &Earlier, applicant: &Party, facts: &Facts<'_>) -> Result<Renewed, Refusal> {
    let case = &earlier.case;
    let person = &applicant.person;
    // Nobody goes on with the case of others: a party applies for itself, and an officer for one of the parties.
    let itself = match facts.actor.role {
        Role::Party => facts.actor.person.as_ref() == Some(person),
        Role::Anyone => false,
        _ => true,
    };
    if !itself || !super::everybody(case).any(|(_, p)| p.person == *person) {
        return Err(Reason::NotFound.into());
    }
    // Whoever comes by an old page is told that it goes on already.
    if let Some(number) = earlier.goes_on.clone() {
        return Err(Reason::Renewed { number }.into());
    }
    if !case.is_renewable() {
        return Err(Reason::NotNow { state: case.stage.name().into() }.into());
    }
    let agreed = case.agreement.as_ref().filter(|a| a.effective_on.is_some());
    let own = agreed.map(|agreement| Standing {
        case: earlier.stream.clone(),
        agreement: agreement.paper.clone(),
        parties: super::taking_part(case).map(|(_, p)| p.person.clone()).collect(),
    });
    // A second attempt that came to nothing leaves the first one's agreement as it was.
    let standing = own.or_else(|| case.renews.as_ref()?.standing.clone());
    Ok(Renewed { case: earlier.stream.clone(), number: case.application.number.clone(), standing })
}

/// What became of the later case: that it began, and that its agreement took the place of this one's.
pub(super) fn note(state: &State, later: Renewal, by: Option<(PaperRef, Date)>) -> Vec<Event> {
    let event = match by {
        None => {
            let known = state.renewed_by.iter().any(|renewal| renewal.case == later.case);
            (!known).then_some(Event::MediationRenewed { later })
        }
        Some((agreement, on)) => {
            // A ruling that the agreement is valid stands, whatever the parties agree on later.
            let stands =
                state.agreement.as_ref().filter(|a| a.replaced.is_none() && state.confirmation_state != "valid");
            let by = Replaced { case: later.case, agreement, on };
            stands.map(|_| Event::AgreementReplaced { by: Box::new(by) })
        }
    };
    event.into_iter().collect()
}

/// An agreement that another took the place of is performed no more, and nobody asks for it.
pub(super) fn replace(state: &mut State, by: &Replaced) {
    if let Some(agreement) = &mut state.agreement {
        agreement.replaced = Some(Box::new(by.clone()));
        agreement.visits.clear();
    }
    if matches!(state.stage, Stage::Performing | Stage::Breached) {
        state.stage = Stage::Replaced;
    }
}
