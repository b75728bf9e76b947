//! `GET /confirmation/KEY`: a joint application to the court, for the organ that put it together and for the court.
//! The court sees the application and its annexes, never the dossier.

mod forms;
mod parts;
mod serve;

pub use parts::{hearing_place, limits, why_declined};

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use yanhe_app::{AppError, Contextual};
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::policy::{self, Act, Actor, Role};
use yanhe_core::{Date, PaperRef, PersonId, StreamId, StreamKind, paper};

use super::accepted;
use super::case_head::{Asked, CaseHead};
use super::corrected;
use super::dossier::state_tag;
use super::dossier_forms::case::{Member, members, pick};
use super::papers;
use crate::components::{
    Breadcrumb, Button, Deadline, FileList, Link, Markup, Notice, NoticeKind, SummaryList, Table, Timeline,
};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Lang, Text, fill};

/// `GET /confirmation/KEY`, its annexes, its forms.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/confirmation/{key}", get(show))
        .route("/confirmation/{key}/annex/{n}", get(annex))
        .route("/confirmation/{key}/scan/{n}", get(scan))
        .route("/confirmation/{key}/serve", get(serve::next))
        .route("/confirmation/{key}/serve/{paper}", get(serve::show).post(serve::take))
        .route("/confirmation/{key}/{act}", get(forms::show).post(forms::take))
}

/// An application, loaded for somebody who may read it.
pub struct Filing {
    /// The program.
    pub site: Site,
    /// Who reads.
    pub actor: Actor,
    /// The reader's language.
    pub lang: Lang,
    /// Today in the county.
    pub today: Date,
    /// The application.
    pub stream: StreamId,
    /// Its state.
    pub state: confirmation::State,
    /// Its version.
    pub version: i64,
    /// Staff of the organ and of the court.
    pub staff: Vec<Member>,
    /// The dossier as it stands now. Of it the court's pages show nothing but what was corrected of the parties.
    pub dossier: dossier::State,
    /// The notices that correct or void a paper of the application: first that paper, then its notice.
    pub notices: Vec<(PaperRef, PaperRef)>,
}

impl Filing {
    /// Loads an application for a member of staff who may read it. The court sees it from its filing on.
    ///
    /// # Errors
    /// Not found, not allowed, or the database fails.
    pub async fn load(site: &Site, visitor: &Visitor, key: &str) -> Result<Self, Fault> {
        visitor.staff()?;
        let stream =
            StreamId::parse(&StreamId::new(StreamKind::Confirmation, key).to_string()).ok_or(Fault::Address)?;
        let app = &site.app;
        app.permit::<Confirmation>(&visitor.actor, Act::ReadConfirmation, &stream).await?;
        let loaded = app.load::<Confirmation>(&stream).await?;
        let state = loaded.state.ok_or(AppError::NotFound)?;
        let court = matches!(visitor.actor.role, Role::Judge | Role::CourtClerk);
        if court && state.filed_on.is_none() {
            return Err(AppError::NotFound.into());
        }
        let mut staff = members(site, &state.subject.organ).await?;
        staff.extend(members(site, &state.subject.court).await?);
        let (actor, lang, today) = (visitor.actor.clone(), visitor.lang(), app.today());
        let version = loaded.version;
        let dossier = app.state::<Dossier>(&state.subject.dossier).await?.ok_or(AppError::NotFound)?;
        let site = site.clone();
        let mut filing = Self { site, actor, lang, today, stream, state, version, staff, dossier, notices: Vec::new() };
        for (of, _) in filing.annexes() {
            if let Some(paper) = filing.site.app.state::<paper::Paper>(&of.id).await? {
                let notices = paper.corrections.iter().chain(&paper.void).map(|notice| notice.notice.clone());
                filing.notices.extend(notices.map(|notice| (of.clone(), notice)));
            }
        }
        Ok(filing)
    }

    /// The address of its page.
    pub fn href(&self) -> String {
        format!("/confirmation/{}", self.stream.key())
    }

    /// Does the reader work in the court?
    pub fn in_court(&self) -> bool {
        matches!(self.actor.role, Role::Judge | Role::CourtClerk)
    }

    /// May the reader do this to it at all?
    pub fn may(&self, act: Act) -> bool {
        let context = confirmation::Context::default();
        let subject = <Confirmation as Contextual>::subject(&self.stream, Some(&self.state), &context);
        policy::may(&self.actor, act, &subject).is_ok()
    }

    /// The name of a party.
    pub fn party(&self, person: &PersonId) -> String {
        let found = self.state.subject.parties.iter().find(|p| p.person == *person);
        found.map_or_else(String::new, |p| p.name.text().to_owned())
    }

    /// The name of a member of staff.
    pub fn staff_name(&self, stream: &str) -> String {
        self.staff.iter().find(|m| m.stream.as_str() == stream).map_or_else(String::new, |m| m.name.clone())
    }

    /// The court's judges.
    pub fn judges(&self) -> impl Iterator<Item = &Member> {
        self.staff.iter().filter(|m| m.role == Role::Judge)
    }

    /// The papers of the application, in the order of the file, with the party each is for.
    pub fn annexes(&self) -> Vec<(PaperRef, Option<PersonId>)> {
        let s = &self.state;
        let mut out = vec![(s.application.clone(), None), (s.subject.agreement.clone(), None)];
        out.extend([&s.proof, &s.identities].into_iter().flatten().map(|paper| (paper.clone(), None)));
        let parties = s.subject.parties.iter().map(|p| Some(p.person.clone()));
        out.extend(s.addresses.iter().cloned().zip(parties));
        // A voided one that waits to be made again is still the last of its party.
        let before = s.docket_voided.iter().filter(|void| void.again.is_some()).map(|void| (&void.person, &void.paper));
        let notices = before.chain(s.docket_notices());
        out.extend(notices.map(|(person, notice)| (notice.clone(), Some(person.clone()))));
        let voided = s.ruling.iter().flat_map(|r| &r.voided).flat_map(|void| &void.papers);
        let rulings = voided.chain(s.ruling.iter().flat_map(|r| &r.papers));
        out.extend(rulings.map(|(person, paper)| (paper.clone(), Some(person.clone()))));
        // Whoever reads a paper that was corrected or voided reads the notice with it.
        out.extend(self.notices.iter().map(|(_, notice)| (notice.clone(), None)));
        out
    }
}

#[derive(Template)]
#[template(path = "pages/confirmation/page.html")]
struct Page {
    t: &'static Text,
    c: &'static crate::text::TextConfirmation,
    begin: CaseHead,
    limits: Vec<Deadline>,
    parties: Table,
    corrections: Option<Table>,
    signatures: Table,
    facts: SummaryList,
    obligations: Table,
    annexes: FileList,
    ruling: Vec<Markup>,
    history: Timeline,
}

async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let filing = Filing::load(&site, &visitor, &key).await?;
    let (lang, t) = (filing.lang, filing.lang.text());
    let c = &t.confirmation;
    let s = &filing.state;
    let mut frame = visitor.frame(&site.app, fill(c.title, &[("number", s.shown_number())]));
    let list = if filing.in_court() { t.nav.docket } else { t.nav.confirmations };
    frame.above = Breadcrumb::new(lang, vec![Link::new(list, "/confirmations")]);
    let corrected = corrected::since_agreement(&site, &s.subject.dossier, &filing.dossier).await?;
    let mut notes = parts::notes(&filing);
    let corrections = match corrected.is_empty() {
        true => None,
        false => {
            notes.push(Notice::new(lang, NoticeKind::Warn, t.corrected.court_note));
            Some(corrected::table(&site, lang, &filing.dossier, &corrected).await?)
        }
    };
    let acts = site.app.acts::<Confirmation>(&visitor.actor, &filing.stream, s, Confirmation::OFFERED).await?;
    let mut buttons = Vec::new();
    // What lapsed is over; only what was handed in on paper in time can still be entered.
    let lapsed = s.is_lapsed(filing.today);
    let mut more = Vec::new();
    for act in acts {
        let label = lang.name("act", act.name());
        if lapsed {
            more.push(Button::secondary(label).to(format!("{}/{}", filing.href(), act.name())));
            continue;
        }
        let look = if buttons.is_empty() { Button::primary } else { Button::secondary };
        buttons.push(look(label).to(format!("{}/{}", filing.href(), act.name())));
    }
    site::ok(frame.page(&Page {
        t,
        c,
        begin: CaseHead {
            t,
            title: frame.title.clone(),
            state: state_tag(lang, s.stage.name()),
            done: asked.done(lang),
            head: parts::head(&filing),
            steps: parts::steps(&filing),
            waits: parts::waits(&filing),
            notes,
            buttons,
            more,
        },
        limits: limits(lang, &filing.state, filing.today),
        parties: parts::parties(&filing),
        corrections,
        signatures: parts::signatures(&filing),
        facts: SummaryList::new().row(t.dossier_form.facts, s.subject.draft.facts.text()),
        obligations: super::dossier_forms::obligations_table(lang, &s.subject.draft, |p| filing.party(p)),
        annexes: parts::annexes(&filing),
        ruling: parts::ruling(&filing).await?,
        history: parts::history(&filing).await?,
    }))
}

/// A paper's name in the reader's language.
pub fn paper_name(filing: &Filing, kind: &str) -> String {
    let pack = &filing.site.app.pack;
    pick(filing.lang, pack.paper_name(kind), pack.paper_name_en(kind)).to_owned()
}

async fn annex(State(site): State<Site>, visitor: Visitor, Path((key, n)): Path<(String, usize)>) -> Answer {
    let filing = Filing::load(&site, &visitor, &key).await?;
    let (paper, _) = filing.annexes().into_iter().nth(n).ok_or(AppError::NotFound)?;
    // The agreement belongs to the dossier, which the court does not read: as an annex it is shown here.
    let state = site.app.state::<paper::Paper>(&paper.id).await?.ok_or(AppError::NotFound)?;
    let bytes = site.app.paper_bytes(&paper.id, &state).await?;
    papers::stored(&site, filing.lang, &state, bytes)
}

async fn scan(State(site): State<Site>, visitor: Visitor, Path((key, n)): Path<(String, usize)>) -> Answer {
    let filing = Filing::load(&site, &visitor, &key).await?;
    let scan = filing.state.signatures.get(n).and_then(|s| s.scan.as_deref()).ok_or(AppError::NotFound)?;
    let bytes = site.app.file_bytes(&filing.stream, &filing.state.subject.draft.facts.of.0, scan).await?;
    Ok(([(header::CONTENT_TYPE, accepted::media(&bytes).unwrap_or("application/octet-stream").to_owned())], bytes)
        .into_response())
}
