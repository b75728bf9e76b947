//! The organs: for everybody phone, address and since when one can act online; for the studio, bringing one online.

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::Html;
use axum::routing::get;
use serde::Deserialize;
use yanhe_app::{AppError, Request};
use yanhe_core::organ::{self, Organ};
use yanhe_core::policy::{Act, Role};
use yanhe_core::{StreamId, StreamKind};

use super::apply_pages::{handles, organ_name};
use super::demo::colleagues;
use super::portal::{Section, Sheet};
use crate::components::{Breadcrumb, Button, Cell, Column, Errors, Link, PostButton, SummaryList, Table, Tag, Tone};
use crate::site::{self, Answer, Fault, Site, Visitor, form_fault};
use crate::text::refusal;

/// `GET /organs`, `GET, POST /organs/CODE/onboard`.
pub fn router() -> Router<Site> {
    Router::new().route("/organs", get(show)).route("/organs/{code}/onboard", get(sure).post(onboard))
}

async fn show(State(site): State<Site>, visitor: Visitor) -> Answer {
    site::ok(page(&site, &visitor, &Errors::new(visitor.lang())).await?)
}

async fn page(site: &Site, visitor: &Visitor, errors: &Errors) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().public);
    let frame = visitor.frame(&site.app, t.organs_title);
    let rows = site.app.reader.organs().await?;
    let columns = vec![
        Column::text(lang.text().common.organ),
        Column::text(lang.text().common.phone),
        Column::text(lang.text().common.address),
        Column::text(t.online),
    ];
    let mut table = Table::new(lang, t.organs_title, columns).quiet();
    for organ in site.app.pack.mediating() {
        let row = rows.iter().find(|r| r.code == organ.code);
        let online = match row.and_then(|r| r.online_on) {
            Some(on) => Cell::text(lang.date(on)),
            None => Cell::tag(Tag::new(lang.text().state.offline, Tone::Plain)),
        };
        table = table.row(vec![
            Cell::text(organ_name(site, lang, &organ.code)).note(row.map_or("", |r| r.brand.as_str())),
            row.map_or("", |r| r.phone.as_str()).into(),
            row.map_or("", |r| r.address.as_str()).into(),
            online,
        ]);
    }
    let mut sheet = Sheet::new(t.organs_title).lead(t.organs_lead).errors(errors).with(&table);
    if matches!(visitor.actor.role, Role::Studio | Role::Admin) {
        for organ in site.app.pack.mediating() {
            if rows.iter().any(|r| r.code == organ.code && r.online_on.is_some()) {
                continue;
            }
            sheet.add(&checklist(site, visitor, &organ.code).await?);
        }
    }
    Ok(frame.page(&sheet))
}

/// What must be there before an organ is online, and the button when it is.
async fn checklist(site: &Site, visitor: &Visitor, code: &str) -> Result<Section, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().public);
    let stream = StreamId::new(StreamKind::Organ, code);
    let people = colleagues(site, code).await?;
    let who = |role: Role| people.iter().find(|c| c.role == role).map(|c| c.name.clone());
    let line = |value: Option<String>| match value {
        Some(value) => Cell::tag(Tag::new(t.there, Tone::Good)).note(value),
        None => Cell::tag(Tag::new(t.missing, Tone::Attention)),
    };
    let subjects = handles(site, lang, code).len();
    let list = SummaryList::new()
        .row(lang.text().role.leader, line(who(Role::Leader)))
        .row(lang.text().role.mediator, line(who(Role::Mediator)))
        .row(t.scope, line((subjects > 0).then(|| subjects.to_string())))
        .row(t.seal, line(Some(organ_name(site, lang, code))));
    let section = Section::new(organ_name(site, lang, code)).panel().say(t.onboard_text).with(&list);
    let state = match site.app.permit::<Organ>(&visitor.actor, Act::OnboardOrgan, &stream).await {
        Ok(state) => state,
        Err(AppError::NotFound) => return Ok(section.say(t.not_rostered)),
        Err(error) => return Err(error.into()),
    };
    let refused = site.app.refusal::<Organ>(&visitor.actor, &stream, Some(&state), Act::OnboardOrgan).await?;
    Ok(match refused {
        Some(refused) => section.say(refusal(lang, &refused)),
        None => {
            // The press itself is asked for once more.
            section.with(&Button::primary(t.onboard).to(format!("/organs/{code}/onboard")))
        }
    })
}

/// What going online means, before it is done: it is never taken back.
async fn sure(State(site): State<Site>, visitor: Visitor, Path(code): Path<String>) -> Answer {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().public);
    let stream = StreamId::parse(&format!("organ/{code}")).ok_or(AppError::NotFound)?;
    site.app.permit::<Organ>(&visitor.actor, Act::OnboardOrgan, &stream).await?;
    let mut frame = visitor.frame(&site.app, t.onboard);
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.organs_title, "/organs")]);
    let button = PostButton::new(format!("/organs/{code}/onboard"), &frame.csrf, Button::warning(t.onboard));
    let section = Section::new(organ_name(&site, lang, &code)).panel().say(t.onboard_sure);
    let section = section.with(&button.hidden("key", site.app.fresh_key()));
    let back = Button::secondary(lang.text().common.back).to("/organs");
    site::ok(frame.page(&Sheet::new(t.onboard).with(&section.with(&back))))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OnboardForm {
    csrf: String,
    key: String,
}

async fn onboard(
    State(site): State<Site>,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(form): Form<OnboardForm>,
) -> Answer {
    visitor.staff()?;
    visitor.check(&form.csrf)?;
    let stream = StreamId::parse(&format!("organ/{code}")).ok_or(AppError::NotFound)?;
    let request = Request::one(&visitor.actor, &form.key, &stream, organ::Command::Onboard {});
    let mut errors = Errors::new(visitor.lang());
    match site.app.handle(request).await {
        Ok(_) => site::see("/organs"),
        Err(error) => {
            form_fault(&mut errors, visitor.lang(), error.into())?;
            site::again(page(&site, &visitor, &errors).await?)
        }
    }
}
