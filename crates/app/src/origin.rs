//! Where a case comes from, and what a paper is about: what decisions need of the matter or the case behind.

use yanhe_core::matter::Matter;
use yanhe_core::policy::{Actor, Role};
use yanhe_core::scope::Source;
use yanhe_core::{StreamId, StreamKind, confirmation, dossier, paper};

use crate::App;
use crate::error::AppError;

impl App {
    /// The matter that an application comes from: the one the command names.
    pub(crate) async fn origin(
        &self,
        actor: &Actor,
        command: Option<&dossier::Command>,
    ) -> Result<Option<dossier::Origin>, AppError> {
        let Some(dossier::Command::Apply { matter: Some(stream), applicants, .. }) = command else { return Ok(None) };
        let Some(state) = self.state::<Matter>(stream).await? else { return Err(AppError::NotFound) };
        // Each of those entitled has a dispute of their own: the punished person with the organ, the harmed one with
        // the punished.
        let applicant = actor.person.as_ref().or(applicants.first().map(|party| &party.person));
        let proposal = applicant.map_or(&state.proposal, |person| state.proposal_of(person));
        let letter = applicant.and_then(|person| state.letter_of(person)).or(state.letters.last().map(|(l, _)| l));
        Ok(Some(dossier::Origin {
            stream: stream.clone(),
            number: state.matter.number.clone(),
            organ: state.matter.organ.clone(),
            // A clerk may send a letter against the proposal: a penalty is then disputed with the organ itself.
            kind: applicant.map_or_else(|| state.kind(), |person| state.kind_of(person)),
            entry: proposal.entry.clone().unwrap_or_default(),
            sector: proposal.sector.clone(),
            known_on: state.trigger().0,
            reporter: applicant.is_some_and(|person| state.is_reporter(person)),
            letter: letter.map(|letter| letter.paper.clone()),
            entitled: state.parties().map(|(_, p)| p.person.clone()).collect(),
            phones: state.parties().filter_map(|(_, p)| Some((p.person.clone(), p.phone.clone()?))).collect(),
        }))
    }

    /// The case with which an application goes on: the one the command names.
    pub(crate) async fn earlier(&self, named: Option<&StreamId>) -> Result<Option<dossier::Earlier>, AppError> {
        let Some(stream) = named else { return Ok(None) };
        let case = self.state::<dossier::Dossier>(stream).await?.ok_or(AppError::NotFound)?;
        let mut goes_on = None;
        for later in &case.renewed_by {
            let state = self.state::<dossier::Dossier>(&later.case).await?;
            goes_on = state.filter(dossier::State::goes_on).map(|_| later.number.clone()).or(goes_on);
        }
        Ok(Some(dossier::Earlier { stream: stream.clone(), case: Box::new(case), goes_on }))
    }

    /// Did an officer see this party's document, when it came to the counter with the letter that asks for its consent?
    pub(crate) async fn seen_at_counter(&self, case: &dossier::State, actor: &Actor) -> Result<bool, AppError> {
        let asked = actor.person.as_ref().and_then(|person| case.consent_of(person));
        let Some(asked) = asked else { return Ok(false) };
        let letter = self.state::<paper::Paper>(&asked.paper.id).await?;
        Ok(letter.is_some_and(|letter| letter.seen_at_counter))
    }

    /// Officers who handled or decided the matter of an administrative dispute.
    pub(crate) async fn handling(&self, state: &dossier::State) -> Result<Vec<String>, AppError> {
        let Some(matter) = &state.matter else { return Ok(Vec::new()) };
        let entries = self.reader.entries_of(matter, 0).await?;
        let mut officers: Vec<String> =
            entries.into_iter().map(|e| e.actor).filter(|a| a.starts_with("staff/")).collect();
        officers.push(state.clerk.clone());
        Ok(officers)
    }

    /// The officer who stands for an organ that is itself a party: the leader in office.
    pub(crate) async fn stands_for(&self, organ: &str) -> Result<Option<dossier::Officer>, AppError> {
        let staff = self.reader.staff(organ).await?;
        let leader = staff.into_iter().find(|s| s.active && Role::of_post(&s.post) == Some(Role::Leader));
        match leader {
            Some(leader) => self.officer(&leader.stream).await,
            None => Ok(None),
        }
    }

    /// The cause (案由) of a paper, for its proof of service: what was punished, or the dispute of the case. Of other
    /// matters there is none yet.
    pub(crate) async fn cause(&self, issued: &paper::Issued) -> Result<String, AppError> {
        let entry = match issued.about.kind() {
            StreamKind::Matter => {
                let matter = self.state::<Matter>(&issued.about).await?.map(|state| state.matter);
                let punished = matter.filter(|matter| matter.source == Source::Penalty);
                return Ok(punished.map_or_else(String::new, |matter| matter.category));
            }
            StreamKind::Dossier => self.state::<dossier::Dossier>(&issued.about).await?.map(|case| case.entry),
            StreamKind::Confirmation => {
                self.state::<confirmation::Confirmation>(&issued.about).await?.map(|state| state.subject.entry)
            }
            _ => None,
        };
        let named = entry.as_deref().and_then(|entry| self.pack.scope.entry_name(entry));
        Ok(named.map_or_else(String::new, |(zh, _)| zh.to_owned()))
    }
}
