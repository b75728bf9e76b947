//! One file a page (or a few pages of one noun): its route, form, handler and template, in that order.

mod accepted;
pub mod apply;
mod apply_origin;
pub mod apply_pages;
mod apply_read;
pub mod board;
pub mod bulk;
mod bulk_done;
mod case_head;
mod case_papers;
mod changes;
pub mod confirmation;
pub mod confirmations;
pub mod corrected;
mod counter;
pub mod decision;
pub mod demo;
pub mod dossier;
pub mod dossier_forms;
pub mod dossiers;
pub mod filters;
mod form;
pub mod home;
pub mod imports;
mod imports_of;
mod imports_withdraw;
pub mod letter;
pub mod letters;
mod letters_done;
pub mod letters_one;
mod limits;
pub mod listing;
pub mod matter;
pub mod matter_act;
pub mod matter_correct;
mod matter_form;
mod matter_limits;
mod matter_order;
pub mod matter_people;
pub mod matter_send;
mod matter_told;
pub mod matters;
pub mod matters_send;
pub mod my;
pub mod my_acts;
pub mod my_case;
mod my_confirmation;
mod my_files;
mod my_limits;
mod my_posted;
pub mod my_shown;
pub mod organs;
pub mod papers;
pub mod portal;
pub mod public;
pub mod publicity;
pub mod served;
mod served_notice;
pub mod sign;
pub mod sign_in;
pub mod tour;
mod words;
pub mod work;

use axum::Router;

use crate::site::Site;

/// The routes of all pages.
pub fn router() -> Router<Site> {
    Router::new()
        .merge(dossiers::router())
        .merge(dossier_forms::router())
        .merge(dossier::router())
        .merge(confirmations::router())
        .merge(confirmation::router())
        .merge(board::router())
        .merge(home::router())
        .merge(papers::router())
        .merge(sign_in::router())
        .merge(letter::router())
        .merge(counter::router())
        .merge(apply::router())
        .merge(my::router())
        .merge(my_case::router())
        .merge(my_files::router())
        .merge(my_acts::router())
        .merge(sign::router())
        .merge(public::router())
        .merge(organs::router())
        .merge(demo::router())
        .merge(tour::router())
        .merge(changes::router())
        .merge(work::router())
        .merge(limits::router())
        .merge(matters::router())
        .merge(matter::router())
        .merge(matter_act::router())
        .merge(letters_one::router())
        .merge(letters::router())
        .merge(letters_done::router())
        .merge(served::router())
        .merge(publicity::router())
        .merge(decision::router())
        .merge(matter_form::router())
        .merge(matter_send::router())
        .merge(imports::router())
        .merge(imports_withdraw::router())
}
