//! One file a page (or a few pages of one noun): its route, form, handler and template, in that order.

pub mod home;
pub mod papers;
pub mod sign_in;

use axum::Router;

use crate::site::Site;

/// The routes of all pages.
pub fn router() -> Router<Site> {
    Router::new().merge(home::router()).merge(papers::router()).merge(sign_in::router())
}
