//! Where a case comes from, and what a paper is about: what decisions need of the matter or the case behind.

use yanhe_core::matter::Matter;
use yanhe_core::policy::{Actor, Role};
use yanhe_core::scope::Source;
use yanhe_core::{PersonId, StreamId, StreamKind, confirmation, dossier, paper};

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
        let proposed = (state.proposal.entry.as_deref(), state.proposal.sector.as_deref());
        let (entry, sector) = applicant.map_or(proposed, |person| state.entry_of(person));
        let goes_on = match applicant {
            Some(person) => self.cases_from(stream, person).await?.into_iter().find(|(_, case)| case.goes_on()),
            None => None,
        };
        let letter = applicant.and_then(|person| state.letter_of(person)).or(state.letters.last().map(|(l, _)| l));
        Ok(Some(dossier::Origin {
            stream: stream.clone(),
            number: state.matter.number.clone(),
            organ: state.matter.organ.clone(),
            // A clerk may send a letter against the proposal: a penalty is then disputed with the organ itself.
            kind: applicant.map_or_else(|| state.kind(), |person| state.kind_of(person)),
            entry: entry.unwrap_or_default().to_owned(),
            sector: sector.map(str::to_owned),
            days: state.days(),
            reporter: applicant.is_some_and(|person| state.is_reporter(person)),
            letter: letter.map(|letter| letter.paper.clone()),
            entitled: state.parties().map(|(_, p)| p.person.clone()).collect(),
            goes_on: goes_on.map(|(_, case)| case.application.number),
            phones: state.parties().filter_map(|(_, p)| Some((p.person.clone(), p.phone.clone()?))).collect(),
        }))
    }

    /// The cases for which this person applied from a matter, read from the rows that each one writes with itself: what
    /// the matter knows of them comes a moment later.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cases_from(
        &self,
        matter: &StreamId,
        person: &PersonId,
    ) -> Result<Vec<(StreamId, dossier::State)>, AppError> {
        let mut cases = Vec::new();
        for part in self.reader.parts_of(person).await?.into_iter().filter(|p| p.stream.kind() == StreamKind::Dossier) {
            if let Some(case) = self.state::<dossier::Dossier>(&part.stream).await?
                && case.matter.as_ref() == Some(matter)
                && case.is_applicant(person)
            {
                cases.push((part.stream, case));
            }
        }
        Ok(cases)
    }

    /// The stream of this person's next case from a matter, after those that there are: the same in two windows, so that
    /// the second one meets the first.
    pub fn next_case(matter: &StreamId, person: &PersonId, before: usize) -> StreamId {
        StreamId::derived(StreamKind::Dossier, &[matter.as_str(), &person.0, &before.to_string()])
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
        let days = match &case.matter {
            Some(matter) => self.state::<Matter>(matter).await?.map(|state| state.days()),
            None => None,
        };
        Ok(Some(dossier::Earlier { stream: stream.clone(), case: Box::new(case), days, goes_on }))
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

    /// The leader in office of an organ.
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
                let Some(state) = self.state::<Matter>(&issued.about).await? else { return Ok(String::new()) };
                let to = issued.addressee.as_ref().filter(|_| state.matter.source != Source::Penalty);
                let dispute = to.and_then(|to| state.entry_of(&to.person).0);
                let dispute = dispute.and_then(|entry| self.pack.scope.entry_name(entry));
                return Ok(dispute.map_or(state.matter.category, |(zh, _)| zh.to_owned()));
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
