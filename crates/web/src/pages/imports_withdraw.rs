//! Taking an import back, with a reason.

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::Html;
use axum::routing::get;
use yanhe_app::AppError;
use yanhe_core::batch::Batch;
use yanhe_core::policy::Act;
use yanhe_core::{StreamId, StreamKind};

use super::form::FormPage;
use super::listing::Typed;
use crate::components::{Breadcrumb, Button, Errors, Field, Link, Markup, SummaryList};
use crate::site::{self, Answer, Fault, Site, Visitor, form_fault};
use crate::text::refusal;

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
    // Whoever cannot take it back is told before a reason is typed.
    let refused = site.app.refusal::<Batch>(&visitor.actor, &stream, Some(&state), Act::WithdrawBatch).await?;
    if let Some(refused) = &refused {
        errors.say("", refusal(visitor.lang(), refused));
    }
    site::ok(draw(&site, &visitor, &key, &state, &Typed::default(), &errors))
}

fn draw(
    site: &Site,
    visitor: &Visitor,
    key: &str,
    state: &yanhe_core::batch::State,
    typed: &Typed,
    errors: &Errors,
) -> Html<String> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let title = lang.name("act", Act::WithdrawBatch.name());
    let mut frame = visitor.frame(&site.app, title);
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.imports.title, "/imports")]);
    let about = SummaryList::new()
        .row(t.imports.file, state.file.name.as_str())
        .row(t.imports.kind, lang.name("import_kind", &state.file.kind))
        .row(t.imports.stored, state.file.stored);
    FormPage {
        title: title.to_owned(),
        errors: errors.summary(),
        lead: t.imports.withdraw_lead.to_owned(),
        above: Markup::of(&about),
        action: format!("/batch/{key}/withdraw_batch"),
        fields: vec![typed.field(Field::textarea(lang, "reason", t.common.reason), errors)],
        buttons: vec![Button::warning(title), Button::secondary(t.common.cancel).to("/imports")],
        ..FormPage::default()
    }
    .page(&frame)
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
    if state.withdrawn {
        // Done already, by this press or another.
        return site::see("/imports");
    }
    let mut errors = Errors::new(visitor.lang());
    let reason = typed.needed_text("reason", &mut errors);
    if errors.is_empty() {
        match site.app.withdraw_batch(&visitor.actor, &stream, &reason).await {
            Ok(_) => return site::see("/imports"),
            Err(error) => form_fault(&mut errors, visitor.lang(), error.into())?,
        }
    }
    site::again(draw(&site, &visitor, &key, &state, &typed, &errors))
}
