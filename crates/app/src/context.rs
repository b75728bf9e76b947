//! What a decision needs of other streams, and how its actor stands to it. All loading for decisions is here and, where
//! it takes more than a line, in `origin`.

use yanhe_core::party::Party;
use yanhe_core::policy::{Actor, Role, Subject};
use yanhe_core::{
    StreamId, StreamKind, audit, batch, dossier, expert, matter, organ, paper, print_run, publicity, register, staff,
};

use crate::App;
use crate::command::Known;
use crate::error::AppError;
use crate::scans;

mod court;

/// A stream whose context `app` can load.
pub trait Contextual: Known {
    /// Plain values of other streams, for this command or, without one, for asking what is open.
    fn context(
        app: &App,
        stream: &StreamId,
        state: Option<&Self::State>,
        command: Option<&Self::Command>,
        actor: &Actor,
        verified: bool,
    ) -> impl Future<Output = Result<Self::Context, AppError>> + Send;

    /// How actors stand to it.
    fn subject(stream: &StreamId, state: Option<&Self::State>, context: &Self::Context) -> Subject;

    /// The same for a command: one that begins a stream may itself say whose it will be.
    fn subject_for(
        stream: &StreamId,
        state: Option<&Self::State>,
        context: &Self::Context,
        _: &Self::Command,
        _: &Actor,
    ) -> Subject {
        Self::subject(stream, state, context)
    }
}

/// Streams that need nothing of others and whose organ is known from the state.
macro_rules! simple {
    ($($stream:ty, |$id:ident, $state:ident| $subject:expr;)*) => {
        $(impl Contextual for $stream {
            async fn context(
                _: &App, _: &StreamId, _: Option<&Self::State>, _: Option<&Self::Command>, _: &Actor, _: bool,
            ) -> Result<Self::Context, AppError> {
                Ok(Default::default())
            }
            fn subject($id: &StreamId, $state: Option<&Self::State>, (): &()) -> Subject { $subject }
        })*
    };
}
simple! {
    register::Register, |_id, _state| Subject::default();
    audit::Audit, |_id, _state| Subject::default();
    staff::Staff, |_id, state| of(state.map(|s| s.profile.body.as_str()));
    expert::Expert, |_id, _state| Subject::default();
}

fn of(organ: Option<&str>) -> Subject {
    Subject { organ: organ.unwrap_or_default().to_owned(), ..Subject::default() }
}

impl Contextual for publicity::Publicity {
    async fn context(
        _: &App,
        _: &StreamId,
        _: Option<&publicity::State>,
        _: Option<&publicity::Command>,
        _: &Actor,
        _: bool,
    ) -> Result<(), AppError> {
        Ok(())
    }

    fn subject(_: &StreamId, state: Option<&publicity::State>, (): &()) -> Subject {
        of(state.map(|s| s.organ.as_str()))
    }

    fn subject_for(
        _: &StreamId,
        state: Option<&publicity::State>,
        (): &(),
        command: &publicity::Command,
        _: &Actor,
    ) -> Subject {
        let new = match command {
            publicity::Command::Record { held } => held.organ.as_str(),
            publicity::Command::Withdraw {} => "",
        };
        of(Some(state.map_or(new, |s| s.organ.as_str())))
    }
}

impl Contextual for batch::Batch {
    async fn context(
        app: &App,
        _: &StreamId,
        state: Option<&batch::State>,
        command: Option<&batch::Command>,
        actor: &Actor,
        _: bool,
    ) -> Result<batch::Context, AppError> {
        let recorded = matches!(command, Some(batch::Command::Record { .. }));
        Ok(match state.filter(|s| !recorded && !s.withdrawn) {
            Some(state) => batch::Context { in_use: app.in_use(&state.created, actor).await? },
            None => batch::Context::default(),
        })
    }

    fn subject(_: &StreamId, state: Option<&batch::State>, _: &batch::Context) -> Subject {
        of(state.map(|s| s.organ.as_str()))
    }

    /// A new import is of the organ of who imports.
    fn subject_for(
        _: &StreamId,
        state: Option<&batch::State>,
        _: &batch::Context,
        _: &batch::Command,
        actor: &Actor,
    ) -> Subject {
        of(Some(state.map_or(actor.body.as_str(), |s| s.organ.as_str())))
    }
}

impl Contextual for print_run::PrintRun {
    async fn context(
        _: &App,
        _: &StreamId,
        _: Option<&print_run::State>,
        _: Option<&print_run::Command>,
        _: &Actor,
        _: bool,
    ) -> Result<(), AppError> {
        Ok(())
    }

    fn subject(_: &StreamId, state: Option<&print_run::State>, (): &()) -> Subject {
        let body = state.map_or("", |s| s.organ.as_str());
        Subject { court: body.to_owned(), ..of(Some(body)) }
    }

    /// A new one is of the organ or court of who prints.
    fn subject_for(
        _: &StreamId,
        state: Option<&print_run::State>,
        (): &(),
        _: &print_run::Command,
        actor: &Actor,
    ) -> Subject {
        let body = state.map_or(actor.body.as_str(), |s| s.organ.as_str());
        Subject { court: body.to_owned(), ..of(Some(body)) }
    }
}

impl Contextual for organ::Organ {
    async fn context(
        app: &App,
        stream: &StreamId,
        _: Option<&organ::State>,
        _: Option<&organ::Command>,
        _: &Actor,
        _: bool,
    ) -> Result<organ::Context, AppError> {
        let staff = app.reader.staff(stream.key()).await?;
        let first = |post: Role| {
            let found = staff.iter().find(|s| Role::of_post(&s.post) == Some(post));
            found.map_or_else(String::new, |s| s.stream.to_string())
        };
        let name = app.pack.body_name(stream.key());
        let scope = app.pack.scope.entries_of(name).count();
        Ok(organ::Context {
            checklist: organ::Checklist {
                leader: first(Role::Leader),
                mediator: first(Role::Mediator),
                scope: i64::try_from(scope).unwrap_or(i64::MAX),
                seal: app.pack.organ(stream.key()).is_some(),
            },
        })
    }

    fn subject(stream: &StreamId, _: Option<&organ::State>, _: &organ::Context) -> Subject {
        of(Some(stream.key()))
    }
}

impl App {
    /// What the roster says of an organ.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn organ_profile(&self, code: &str) -> Result<Option<organ::Profile>, AppError> {
        let state = self.state::<organ::Organ>(&StreamId::new(StreamKind::Organ, code)).await?;
        Ok(state.filter(|s| !s.withdrawn).map(|s| s.profile))
    }

    /// What the reply to an order is told of other streams: the day of the letter, the cases.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn told(&self, state: &matter::State) -> Result<matter::reply::Told, AppError> {
        let arbitration = state.proposal.entry.as_deref().is_some_and(|entry| self.pack.goes_to_arbitration(entry));
        let mut told = matter::reply::Told { arbitration, ..matter::reply::Told::default() };
        let standing = state.letters.iter().rev().find(|(_, s)| *s != matter::LetterState::Voided);
        if let Some((letter, _)) = standing {
            told.letter_on = self.reader.paper(&letter.paper.id).await?.and_then(|row| row.date);
        }
        for stream in &state.dossiers {
            if let Some(case) = self.state::<dossier::Dossier>(stream).await? {
                told.cases.push(matter::reply::Progress {
                    number: case.application.number,
                    applied_on: case.applied_on,
                    stage: case.stage,
                });
            }
        }
        Ok(told)
    }

    /// A member of staff as a decision sees them.
    pub(crate) async fn officer(&self, stream: &StreamId) -> Result<Option<dossier::Officer>, AppError> {
        Ok(self.state::<staff::Staff>(stream).await?.filter(|s| !s.withdrawn).map(|s| dossier::Officer {
            stream: stream.to_string(),
            organ: s.profile.body.clone(),
            role: s.profile.role(),
            name: s.profile.name.clone(),
        }))
    }

    /// SHA-256 of a paper's base revision; empty when there is no such paper.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn paper_sha256(&self, paper: Option<&yanhe_core::PaperRef>) -> Result<String, AppError> {
        let Some(paper) = paper else { return Ok(String::new()) };
        Ok(self.state::<paper::Paper>(&paper.id).await?.map_or_else(String::new, |s| s.issued.sha256))
    }
}

impl Contextual for matter::Matter {
    async fn context(
        app: &App,
        _: &StreamId,
        state: Option<&matter::State>,
        command: Option<&matter::Command>,
        _: &Actor,
        _: bool,
    ) -> Result<matter::Context, AppError> {
        let new = match command {
            Some(matter::Command::Register { matter } | matter::Command::Decide { matter, .. }) => {
                Some(matter.organ.as_str())
            }
            _ => None,
        };
        let Some(organ) = state.map(|s| s.matter.organ.as_str()).or(new) else { return Ok(matter::Context::default()) };
        // Registering hundreds of rows does not need the organ's phone.
        let profile = match command {
            Some(matter::Command::Register { .. } | matter::Command::Update { .. }) => None,
            _ => app.organ_profile(organ).await?,
        };
        Ok(matter::Context { organ: profile, portal: app.portal.clone(), registers_for: organ.to_owned() })
    }

    fn subject(_: &StreamId, state: Option<&matter::State>, context: &matter::Context) -> Subject {
        match state {
            None => of(Some(&context.registers_for)),
            Some(state) => Subject {
                organ: state.matter.organ.clone(),
                parties: state.parties().map(|(_, p)| p.person.clone()).collect(),
                ..Subject::default()
            },
        }
    }
}

impl Contextual for paper::Paper {
    async fn context(
        app: &App,
        stream: &StreamId,
        state: Option<&paper::State>,
        command: Option<&paper::Command>,
        actor: &Actor,
        _: bool,
    ) -> Result<paper::Context, AppError> {
        let Some(state) = state else { return Ok(paper::Context::default()) };
        let mut context =
            paper::Context { organ: app.organ_profile(&state.issued.paper.issuer).await?, ..paper::Context::default() };
        context.approved = app.approved(&state.issued).await?;
        if let Some(
            paper::Command::RecordService { .. } | paper::Command::ApproveNotice {} | paper::Command::Arrive {},
        ) = command
        {
            context.cause = app.cause(&state.issued).await?;
            // Who served it says so; the leader who approves a correction did not.
            let by = state.asked.as_ref().map_or(&actor.id, |asked| &asked.by);
            if let Some(staff) = StreamId::parse(by).filter(|by| by.kind() == StreamKind::Staff) {
                context.server = app.officer(&staff).await?.map(|officer| officer.name);
            }
        }
        match command {
            Some(paper::Command::RecordService { .. } | paper::Command::ApproveNotice {})
                if state.issued.paper.kind == matter::decision::KIND =>
            {
                let matter = app.state::<matter::Matter>(&state.issued.about).await?;
                let letters = matter.map(|m| m.with_decision().map(|l| l.paper.clone()).collect::<Vec<_>>());
                for letter in letters.into_iter().flatten() {
                    // One that was handed over by itself has its own proof: this one does not prove it again.
                    let state = app.state::<paper::Paper>(&letter.id).await?;
                    if !state.is_some_and(|state| state.own_attempts().any(|service| service.served)) {
                        context.with.push(letter);
                    }
                }
            }
            Some(paper::Command::Fall { .. } | paper::Command::ApproveNotice {})
                if matches!(state.issued.about.kind(), StreamKind::Dossier | StreamKind::Confirmation) =>
            {
                let case = StreamId::new(StreamKind::Dossier, state.issued.about.key());
                let case = app.state::<dossier::Dossier>(&case).await?;
                context.fallen = case.map(|case| case.fallen(stream)).unwrap_or_default();
            }
            Some(paper::Command::RecordService { .. } | paper::Command::ApproveNotice {})
                if state.goes_with_decision() =>
            {
                let matter = app.state::<matter::Matter>(&state.issued.about).await?;
                context.with.extend(matter.and_then(|matter| matter.served_with(stream)));
            }
            Some(paper::Command::ServeWith { paper }) => {
                let other = app.state::<paper::Paper>(paper).await?;
                context.served = other.map(|other| other.services).unwrap_or_default();
            }
            Some(paper::Command::CheckIdentity(_)) => {
                let party = app.party_of(&state.issued).await?;
                context.firm = party.as_ref().is_some_and(Party::is_firm);
                context.document = party.and_then(|party| party.document?.open().cloned());
            }
            Some(paper::Command::Correct { before, .. }) => {
                context.says = app.says(stream, &state.issued, before).await?;
            }
            _ => {}
        }
        Ok(context)
    }

    fn subject(_: &StreamId, state: Option<&paper::State>, _: &paper::Context) -> Subject {
        let Some(state) = state else { return Subject::default() };
        Subject {
            organ: state.issued.paper.issuer.clone(),
            court: state.issued.paper.issuer.clone(),
            mediator: String::new(),
            parties: state.issued.addressee.iter().map(|a| a.person.clone()).collect(),
        }
    }
}

impl Contextual for dossier::Dossier {
    async fn context(
        app: &App,
        stream: &StreamId,
        state: Option<&dossier::State>,
        command: Option<&dossier::Command>,
        actor: &Actor,
        verified: bool,
    ) -> Result<dossier::Context, AppError> {
        let mut context = dossier::Context { portal: app.portal.clone(), verified, ..dossier::Context::default() };
        if let (Some(state), None) = (state, command) {
            // What is open on a case that is there, its state alone says; to a party also whether its organ is online.
            if actor.role == Role::Party {
                app.tell_organ(&mut context, &state.organ).await?;
            }
            return Ok(context);
        }
        let named = match command {
            Some(
                dossier::Command::NameMediator { staff, .. }
                | dossier::Command::ReplaceMediator { staff, .. }
                | dossier::Command::Reassign { staff },
            ) => Some(staff.clone()),
            // Who saw a document is named with what was seen, and who wrote a record or visited in the record.
            Some(
                dossier::Command::RecordIdentity { .. }
                | dossier::Command::RecordSession { .. }
                | dossier::Command::FollowUp { .. }
                | dossier::Command::RecordAgain {}
                | dossier::Command::Apply { via: dossier::Via::Oral, .. },
            ) => StreamId::parse(&actor.id),
            _ => None,
        };
        if let Some(staff) = named {
            context.staff = app.officer(&staff).await?;
        }
        let organ = match (state, command) {
            (Some(state), _) => {
                (context.paper_sha256, context.paper_date) = app.printed(scans::signed_by(state, command)).await?;
                if let Some(scan) = command.and_then(dossier::Command::scan) {
                    context.scanned = app.scanned(stream, &state.claims.of, scan).await?;
                }
                if let Some(dossier::Command::RecordChangedDecision { number, .. }) = command {
                    app.decided(&mut context, state, number).await?;
                }
                if let Some(dossier::Command::AskCorrection { .. } | dossier::Command::ApproveCorrection { .. }) =
                    command
                {
                    context.days = app.days(state).await?;
                }
                if let Some(dossier::Command::AnswerConsent { .. }) = command {
                    context.seen_at_counter = app.seen_at_counter(state, actor).await?;
                }
                if let Some(dossier::Command::RecordSession { sitting, .. }) = command {
                    let there = sitting.for_organ.as_ref().and_then(|there| there.staff.as_deref());
                    if let Some(staff) = there.and_then(StreamId::parse) {
                        context.attends = app.officer(&staff).await?;
                    }
                }
                if let Some(dossier::Command::EndMediation { .. }) = command {
                    context.reached = app.reached(state).await?;
                }
                if state.is_administrative() {
                    context.handling = app.handling(state).await?;
                }
                state.organ.clone()
            }
            (None, Some(dossier::Command::Apply { organ, renews, .. })) => {
                context.earlier = app.earlier(renews.as_ref()).await?;
                context.matter = app.origin(actor, command).await?;
                let earlier = context.earlier.as_ref().map(|earlier| &earlier.case.organ);
                earlier.or(context.matter.as_ref().map(|m| &m.organ)).unwrap_or(organ).clone()
            }
            _ => return Ok(context),
        };
        app.tell_organ(&mut context, &organ).await?;
        context.applies_to = organ;
        Ok(context)
    }

    fn subject(_: &StreamId, state: Option<&dossier::State>, context: &dossier::Context) -> Subject {
        match state {
            None => Subject {
                organ: context.applies_to.clone(),
                parties: match &context.earlier {
                    Some(earlier) => dossier::everybody(&earlier.case).map(|(_, p)| p.person.clone()).collect(),
                    None => context.matter.iter().flat_map(|m| m.entitled.clone()).collect(),
                },
                ..Subject::default()
            },
            Some(state) => Subject {
                organ: state.organ.clone(),
                court: state.court.clone(),
                mediator: state.mediator.as_ref().map_or_else(String::new, |m| m.staff.clone()),
                parties: dossier::parties(state).map(|(_, p)| p.person.clone()).collect(),
            },
        }
    }
}

impl App {
    /// The notices that reached those who stayed away from a session, before its day was over.
    async fn reached(&self, state: &dossier::State) -> Result<Vec<StreamId>, AppError> {
        let mut reached = Vec::new();
        for (person, notice, day) in state.stayed_away() {
            let paper = self.state::<paper::Paper>(&notice.id).await?;
            if paper.and_then(|paper| state.reached_on(person, &paper)).is_some_and(|on| on <= day) {
                reached.push(notice.id.clone());
            }
        }
        Ok(reached)
    }

    /// Where the organ of a case is found, and whether parties can act by the portal with it.
    async fn tell_organ(&self, context: &mut dossier::Context, organ: &str) -> Result<(), AppError> {
        let known = self.state::<organ::Organ>(&StreamId::new(StreamKind::Organ, organ)).await?;
        context.online = known.as_ref().is_some_and(|o| o.online_on.is_some());
        context.organ = known.filter(|o| !o.withdrawn).map(|o| o.profile);
        Ok(())
    }
}
