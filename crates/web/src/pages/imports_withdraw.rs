//! Taking an import back, with a reason.

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::Html;
use axum::routing::get;
use yanhe_app::AppError;
use yanhe_core::batch::{Batch, Event};
use yanhe_core::policy::Act;
use yanhe_core::time::county_time;
use yanhe_core::{Reason, StreamId, StreamKind, Timestamp};

use super::form::FormPage;
use super::imports_of::issued_from;
use super::listing::{Officers, Typed};
use crate::components::{Breadcrumb, Button, Errors, Field, Link, Markup, SummaryList};
use crate::site::{self, Answer, Fault, Site, Visitor, form_fault};
use crate::text::{fill, refusal};

/// `GET, POST /batch/KEY/withdraw_batch`.
pub fn router() -> Router<Site> {
    Router::new().route("/batch/{key}/withdraw_batch", get(form).post(withdraw))
}

pub(super) fn batch_stream(key: &str) -> Result<StreamId, Fault> {
    StreamId::parse(StreamId::new(StreamKind::Batch, key).as_str()).ok_or_else(|| AppError::NotFound.into())
}

async fn form(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    visitor.staff()?;
    let stream = batch_stream(&key)?;
    let state = site.app.permit::<Batch>(&visitor.actor, Act::WithdrawBatch, &stream).await?;
    let mut errors = Errors::new(visitor.lang());
    let typed = Typed::default();
    if let Some((_, told)) = withdrawn(&site, &visitor, &stream).await? {
        errors.say("", told);
        return site::ok(draw(&site, &visitor, &key, &state, &typed, &errors).await?);
    }
    // Whoever cannot take it back is told before a reason is typed.
    let refused = match issued_from(&site, &visitor, &stream).await? {
        true => Some(Reason::AlreadyIssued.into()),
        false => site.app.refusal::<Batch>(&visitor.actor, &stream, Some(&state), Act::WithdrawBatch).await?,
    };
    if let Some(refused) = &refused {
        errors.say("", refusal(visitor.lang(), refused));
    }
    site::ok(draw(&site, &visitor, &key, &state, &typed, &errors).await?)
}

async fn draw(
    site: &Site,
    visitor: &Visitor,
    key: &str,
    state: &yanhe_core::batch::State,
    typed: &Typed,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let title = lang.name("act", Act::WithdrawBatch.name());
    let mut frame = visitor.frame(&site.app, title);
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.imports.title, "/imports")]);
    let mut about = SummaryList::new()
        .row(t.imports.file, state.file.name.as_str())
        .row(t.imports.kind, lang.name("import_kind", &state.file.kind))
        .row(t.imports.stored, state.file.stored);
    if state.file.updated > 0 && !state.withdrawn {
        let back = site.app.set_back(&batch_stream(key)?, state).await?;
        about = about.row(t.imports.updated, state.file.updated).row(t.imports.set_back, back.steps.len().to_string());
        about = about.row(t.imports.stays, back.stays.to_string());
    }
    let back = Button::secondary(t.common.back).to("/imports");
    let (fields, buttons) = match state.withdrawn || issued_from(site, visitor, &batch_stream(key)?).await? {
        true => (Vec::new(), vec![back]),
        false => (
            vec![typed.field(Field::textarea(lang, "reason", t.common.reason), errors)],
            vec![Button::warning(title), Button::secondary(t.common.cancel).to("/imports")],
        ),
    };
    Ok(FormPage {
        title: title.to_owned(),
        errors: errors.summary(),
        lead: t.imports.withdraw_lead.to_owned(),
        above: Markup::of(&about),
        action: format!("/batch/{key}/withdraw_batch"),
        fields,
        buttons,
        ..FormPage::default()
    }
    .page(&frame))
}

/// By whom, when and why it was taken back before, for whoever presses a second time; with the officer and the reason.
async fn withdrawn(
    site: &Site,
    visitor: &Visitor,
    stream: &StreamId,
) -> Result<Option<((String, String), String)>, Fault> {
    let lang = visitor.lang();
    for (entry, event) in site.app.history::<Batch>(stream).await? {
        if let Event::BatchWithdrawn { reason } = event {
            let who = Officers::default().name(site, lang, &entry.actor).await?;
            let at = lang.time(county_time(Timestamp::from_microsecond(entry.at).unwrap_or_default()));
            let facts = [("who", who.as_str()), ("when", &at), ("reason", reason.text())];
            let told = fill(lang.text().imports.withdrawn_before, &facts);
            return Ok(Some(((entry.actor, reason.text().to_owned()), told)));
        }
    }
    Ok(None)
}

async fn withdraw(
    State(site): State<Site>,
    visitor: Visitor,
    Path(key): Path<String>,
    Form(typed): Form<Typed>,
) -> Answer {
    visitor.staff()?;
    visitor.check(typed.get("csrf"))?;
    let stream = batch_stream(&key)?;
    let state = site.app.permit::<Batch>(&visitor.actor, Act::WithdrawBatch, &stream).await?;
    let mut errors = Errors::new(visitor.lang());
    if let Some((by, told)) = withdrawn(&site, &visitor, &stream).await? {
        // The same press once more is done; another one came too late.
        if by == (visitor.actor.id.clone(), typed.trimmed("reason").to_owned()) {
            return site::see("/imports");
        }
        errors.say("", told);
        return site::again(draw(&site, &visitor, &key, &state, &typed, &errors).await?);
    }
    let reason = typed.needed_text("reason", &mut errors);
    if errors.is_empty() {
        match site.app.withdraw_batch(&visitor.actor, &stream, &reason).await {
            Ok(_) => return site::see("/imports"),
            Err(error) => form_fault(&mut errors, visitor.lang(), error.into())?,
        }
    }
    site::again(draw(&site, &visitor, &key, &state, &typed, &errors).await?)
}
