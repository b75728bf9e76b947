//! One file a page (or a few pages of one noun): its route, form, handler and template, in that order.

pub mod apply;
pub mod apply_pages;
pub mod bulk;
pub mod counter;
pub mod form;
pub mod home;
pub mod letter;
pub mod letters;
pub mod listing;
pub mod matter;
pub mod matters;
pub mod my;
pub mod my_case;
pub mod papers;
pub mod portal;
pub mod sign;
pub mod sign_in;
pub mod work;

use axum::Router;

use crate::site::Site;

/// The routes of all pages.
pub fn router() -> Router<Site> {
    Router::new().merge(home::router()).merge(papers::router()).merge(sign_in::router()).merge(letter::router()).merge(counter::router()).merge(apply::router()).merge(my::router()).merge(my_case::router()).merge(sign::router()).merge(work::router()).merge(matters::router()).merge(matter::router()).merge(letters::router())
}
