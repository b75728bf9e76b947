//! What a party posts about one case of its own: the form's token is right, the case is loaded, and what was asked is
//! done, or the case is shown again with why not.

use axum::extract::{Form, FromRequest, FromRequestParts, Path, Request};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use yanhe_core::StreamId;

use super::my::Case;
use super::my_case::page;
use super::portal;
use crate::components::Errors;
use crate::site::{self, Answer, Site, Visitor, form_fault};

/// What was typed into any of the forms of a party's case.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    pub(super) key: String,
    pub(super) answer: String,
    /// `yes`: a no was asked back, and stays.
    pub(super) sure: String,
    pub(super) obligation: String,
    pub(super) on: String,
    pub(super) note: String,
    pub(super) document_kind: String,
    pub(super) document: String,
    pub(super) electronic: String,
}

/// An act that a party posts, from its own session.
pub(super) struct Posted {
    pub(super) site: Site,
    pub(super) visitor: Visitor,
    /// The case's key, as the address has it.
    pub(super) key: String,
    pub(super) typed: Typed,
    pub(super) case: Case,
}

impl FromRequest<Site> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, site).await?;
        let path = Path::<String>::from_request_parts(&mut parts, site).await;
        let Path(key) = path.map_err(IntoResponse::into_response)?;
        let form = Form::<Typed>::from_request(Request::from_parts(parts, body), site).await;
        let Form(typed) = form.map_err(IntoResponse::into_response)?;
        visitor.check(&typed.csrf).map_err(IntoResponse::into_response)?;
        let case = Case::load(site, &visitor, &key).await.map_err(IntoResponse::into_response)?;
        Ok(Self { site: site.clone(), visitor, key, typed, case })
    }
}

impl Posted {
    /// Does what was asked, and shows the case again: changed, or with why not and what was typed.
    pub(super) async fn act(&self, made: Result<(StreamId, yanhe_app::Command), (&str, &str)>) -> Answer {
        self.all(made.map(|one| vec![one])).await
    }

    /// The same for several things that are done together or not at all.
    pub(super) async fn all(&self, made: Result<Vec<(StreamId, yanhe_app::Command)>, (&str, &str)>) -> Answer {
        let Self { site, visitor, key, typed, .. } = self;
        let mut errors = Errors::new(visitor.lang());
        match made {
            Ok(steps) => {
                let request = yanhe_app::Request::all(&visitor.actor, &typed.key, steps);
                match site.app.handle(request).await {
                    Ok(_) => return site::see(&format!("/my/{key}")),
                    Err(error) => form_fault(&mut errors, visitor.lang(), portal::hidden(error))?,
                }
            }
            Err((field, problem)) => errors.add(field, problem),
        }
        let case = Case::load(site, visitor, key).await?;
        site::again(page(site, visitor, &case, typed, &errors).await?)
    }
}
