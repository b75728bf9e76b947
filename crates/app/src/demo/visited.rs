//! Follow-up visits in the play.

use yanhe_core::policy::Actor;
use yanhe_core::time::Date;
use yanhe_core::{StreamId, dossier};

use super::plan::{Case, breach_note};
use super::{DemoError, Play};

impl Play<'_> {
    /// When all has fallen due, the mediator asks both sides how it was performed. True while that is still to be done.
    pub(super) async fn visit(
        &mut self,
        dossier: &StreamId,
        state: &dossier::State,
        case: &mut Case,
        mediator: Option<&Actor>,
        day: Date,
    ) -> Result<bool, DemoError> {
        let last = state.agreement.as_ref().and_then(|a| a.visits.last());
        let (Some(last), Some(mediator)) = (last, mediator) else { return Ok(false) };
        if last.from >= day {
            case.next = last.from.tomorrow().unwrap_or(day);
            return Ok(true);
        }
        // An organ that is itself a party is not visited.
        let sides =
            dossier::taking_part(state).filter(|(role, _)| !(state.is_administrative() && *role == "respondent"));
        let whom = sides.map(|(_, party)| party.person.clone()).collect();
        let note = "各方均表示约定事项已经履行，没有新的争议。".to_owned();
        let command = dossier::Command::FollowUp { on: day, whom, note };
        self.act("visit", mediator, dossier, command).await?;
        Ok(true)
    }

    /// Who has not performed is asked why, and whoever is owed told what they can do.
    pub(super) async fn visit_of_breach(
        &mut self,
        dossier: &StreamId,
        state: &dossier::State,
        clerk: &Actor,
        day: Date,
    ) -> Result<(), DemoError> {
        let whom = dossier::taking_part(state).map(|(_, party)| party.person.clone()).collect();
        let command = dossier::Command::FollowUp { on: day, whom, note: breach_note(state).into() };
        self.act("visit", clerk, dossier, command).await.map(drop)
    }
}
