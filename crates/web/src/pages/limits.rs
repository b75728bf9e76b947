//! The limits of one matter, case or application and how each was counted, for those who watch over work that is not
//! theirs to open: days and articles, and nobody's name.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use yanhe_app::AppError;
use yanhe_core::confirmation::Confirmation;
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::matter::Matter;
use yanhe_core::paper::{Issued, Paper};
use yanhe_core::policy::ScopeKind;
use yanhe_core::{Date, StreamId, StreamKind};

use super::dossier::limits as case_limits;
use super::portal::{Section, Sheet};
use super::{confirmation, listing, matter_limits, matter_order};
use crate::components::{Breadcrumb, Deadline, Link, Markup};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::Lang;

/// `GET /limits/KIND/KEY`.
pub fn router() -> Router<Site> {
    Router::new().route("/limits/{kind}/{key}", get(show))
}

/// The address of the limits of a stream.
pub fn address(stream: &StreamId) -> String {
    format!("/limits/{stream}")
}

/// What the page shows of a stream.
struct Found {
    number: String,
    /// Codes of the organ and, once it has the case, of the court.
    bodies: [String; 2],
    limits: Vec<Markup>,
}

async fn show(State(site): State<Site>, visitor: Visitor, Path((kind, key)): Path<(String, String)>) -> Answer {
    visitor.staff()?;
    let stream = StreamId::parse(&format!("{kind}/{key}")).ok_or(AppError::NotFound)?;
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let found = find(&site, lang, &stream, site.app.today()).await?;
    let Found { number, bodies: [organ, court], limits } = found.ok_or(AppError::NotFound)?;
    let listed = match visitor.scope().kind() {
        ScopeKind::All => true,
        ScopeKind::Organ(code) => *code == organ,
        ScopeKind::Court(code) => *code == court,
        ScopeKind::Person(_) | ScopeKind::Nothing => false,
    };
    if !listed {
        return Err(AppError::NotFound.into());
    }
    let mut frame = visitor.frame(&site.app, number.as_str());
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.nav.work, "/work")]);
    let section = Section::new(t.dossier.limits).say(listing::body(&site, lang, &organ));
    let section = limits.iter().fold(section, |section, limit| section.with(limit));
    site::ok(frame.page(&Sheet::new(number).lead(t.work.limits_lead).with(&section)))
}

async fn find(site: &Site, lang: Lang, stream: &StreamId, today: Date) -> Result<Option<Found>, Fault> {
    let app = &site.app;
    let all = |limits: &[Deadline]| limits.iter().map(Markup::of).collect::<Vec<_>>();
    Ok(match stream.kind() {
        StreamKind::Matter => {
            let Some(state) = app.state::<Matter>(stream).await? else { return Ok(None) };
            let case = matter_limits::latest_case(site, &state).await?;
            let mut limits = all(&matter_limits::all(lang, &state, case.as_ref(), today));
            let answered = matter_order::answered(&app.history::<Matter>(stream).await?);
            limits.extend(matter_order::own_due(lang, &state, answered, today).iter().map(Markup::of));
            Some(Found { number: state.matter.number, bodies: [state.matter.organ, String::new()], limits })
        }
        StreamKind::Dossier => app.state::<Dossier>(stream).await?.map(|state| {
            let mut limits = case_limits::of_organ(lang, &state, today);
            limits.extend(case_limits::of_court(lang, &state, today));
            if let Some((due, limit @ "obligation")) = dossier::next_limit(&state) {
                limits.push(Deadline::agreed(lang, due, today).anchored(limit));
            }
            Found { number: state.application.number, bodies: [state.organ, String::new()], limits: all(&limits) }
        }),
        StreamKind::Confirmation => app.state::<Confirmation>(stream).await?.map(|state| {
            let court = state.filed_on.map_or_else(String::new, |_| state.subject.court.clone());
            let limits = all(&confirmation::limits(lang, &state, today));
            let number = state.shown_number().to_owned();
            Found { number, bodies: [state.subject.organ, court], limits }
        }),
        // What is to be sent was counted where it was decided: the day and the article stand here.
        StreamKind::Paper => app.state::<Paper>(stream).await?.map(|state| {
            let Issued { paper, send_by, .. } = state.issued;
            let limits = send_by.iter().map(|(day, limit)| Deadline {
                basis: app.pack.citation_of(limit, today),
                ..Deadline::running(lang, listing::limit_name(lang, stream, limit), *day, today).anchored(limit)
            });
            let limits = all(&limits.collect::<Vec<_>>());
            Found { number: paper.number, bodies: [paper.issuer.clone(), paper.issuer], limits }
        }),
        _ => None,
    })
}
