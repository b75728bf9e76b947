//! `/confirmation/KEY/serve/PAPER`: how a ruling reached a party; the limit of an objection counts from that day.

use axum::extract::{Path, State};
use axum::response::Html;
use yanhe_app::{AppError, Request};
use yanhe_core::policy::Act;
use yanhe_core::{PersonId, StreamId, StreamKind, paper};

use super::super::dossier_forms::page::{Around, Draw, Form, page};
use super::super::dossier_forms::typed::Typed;
use super::super::served_notice;
use super::{Filing, paper_name};
use crate::components::{Cell, Choice, Errors, Field, SummaryList};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::stale;
use crate::text::fill;

/// `/confirmation/KEY/serve`, to which the work list leads: on to the copy that waits for service; to the case when none does.
///
/// # Errors
/// Not found, not allowed, or the database fails.
pub async fn next(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    let filing = Filing::load(&site, &visitor, &key).await?;
    let ruling = filing.state.standing_ruling().filter(|_| filing.may(Act::ServeRuling));
    let waits = ruling.and_then(|ruling| {
        ruling.papers.iter().find(|(person, _)| ruling.served.iter().all(|(served, ..)| served != person))
    });
    match waits {
        Some((_, paper)) => site::see(&format!("{}/serve/{}", filing.href(), paper.id.key())),
        None => site::see(&filing.href()),
    }
}

/// The ruling's copy that is to be served.
async fn copy(filing: &Filing, key: &str) -> Result<(StreamId, PersonId, paper::State), Fault> {
    let stream = StreamId::new(StreamKind::Paper, key);
    let ruling = filing.state.ruling.as_ref().ok_or(AppError::NotFound)?;
    let found = ruling.papers.iter().find(|(_, paper)| paper.id == stream).ok_or(AppError::NotFound)?;
    let state = filing.site.app.permit::<paper::Paper>(&filing.actor, Act::RecordService, &stream).await?;
    Ok((stream, found.0.clone(), state))
}

fn draw(
    filing: &Filing,
    visitor: &Visitor,
    copy: &(StreamId, PersonId, paper::State),
    typed: &Typed,
    errors: &Errors,
) -> Html<String> {
    let (lang, t) = (filing.lang, filing.lang.text());
    let c = &t.confirmation;
    let (stream, person, state) = copy;
    let frame = visitor.frame(&filing.site.app, lang.name("act", "serve_ruling"));
    let draw = Draw { lang, typed, errors };
    // Who did not agree to it is not served by message.
    let agreed = state.issued.goes_electronically();
    let manners = paper::MANNERS.into_iter().filter(|manner| agreed || *manner != "electronic");
    let manners = manners.map(|m| Choice::new(m, lang.name("manner", m))).collect();
    let open = state.served_on().is_none() && state.void.is_none();
    let form = match open {
        false => Form::default().says(lang, c.served_already),
        true => Form::of(vec![
            draw.radio("manner", lang.name("label", "manner"), manners),
            draw.date("on", t.common.date),
            draw.radio("served", c.arrived, vec![Choice::new("yes", c.arrived_yes), Choice::new("no", c.arrived_no)]),
            draw.field(Field::text(lang, "receiver", c.receiver).hint(c.receiver_hint).optional()),
            draw.field(served_notice::witness(lang)),
            draw.field(Field::textarea(lang, "note", c.service_note).hint(c.service_note_hint).optional()),
        ])
        .says(lang, c.serve),
    };
    let n = filing.annexes().iter().position(|(paper, _)| paper.id == *stream).unwrap_or_default();
    let link = Cell::link(
        fill(c.pdf_of, &[("name", &paper_name(filing, &state.issued.paper.kind))]),
        format!("{}/annex/{n}", filing.href()),
    );
    let around = Around {
        action: format!("{}/serve/{}", filing.href(), stream.key()),
        decision: None,
        back: filing.href(),
        key: if typed.get("key").is_empty() { filing.site.app.fresh_key() } else { typed.get("key").to_owned() },
        version: filing.version,
        about: SummaryList::new().row(c.ruling, link).row(t.dossier.addressee, filing.party(person)),
        label: t.common.save.to_owned(),
        open,
    };
    page(&frame, around, form, errors)
}

/// The form.
///
/// # Errors
/// Not found, not allowed.
pub async fn show(State(site): State<Site>, visitor: Visitor, Path((key, paper)): Path<(String, String)>) -> Answer {
    let filing = Filing::load(&site, &visitor, &key).await?;
    let copy = copy(&filing, &paper).await?;
    let mut typed = Typed::default();
    typed.set("on", filing.today.to_string());
    site::ok(draw(&filing, &visitor, &copy, &typed, &Errors::new(filing.lang)))
}

/// Records it.
///
/// # Errors
/// Not found, not allowed, or the database fails.
pub async fn take(
    State(site): State<Site>,
    visitor: Visitor,
    Path((key, paper)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    visitor.staff()?;
    visitor.check(typed.get("csrf"))?;
    let filing = Filing::load(&site, &visitor, &key).await?;
    let copy = copy(&filing, &paper).await?;
    let mut errors = Errors::new(filing.lang);
    let manner = typed.choice("manner", &mut errors);
    let arrived = typed.choice("served", &mut errors) == "yes";
    if let (Some(on), true) = (typed.date("on", &mut errors), errors.is_empty()) {
        // What was left behind has a witness, and nobody who took it.
        let taken = if arrived && manner == "left" { "witness" } else { "receiver" };
        let (receiver, note) = (typed.get(taken).trim().to_owned(), typed.get("note").trim().to_owned());
        let command = paper::Command::RecordService { manner, on, at: None, served: arrived, receiver, note };
        let request = Request::one(&visitor.actor, typed.get("key"), &copy.0, command)
            .seen(&filing.stream, stale::version(typed.get("version")));
        match site.app.handle(request).await {
            Ok(_) => return site::see(&format!("{}?done=serve_ruling", filing.href())),
            Err(error) => stale::told(&site, &mut errors, filing.lang, error).await?,
        }
    }
    site::again(draw(&filing, &visitor, &copy, &typed, &errors))
}
