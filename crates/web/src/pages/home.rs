//! The first page: staff go to their work, parties to their cases, everybody else sees how to begin.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use yanhe_core::policy::Role;

use crate::components::{Button, Field, Width};
use crate::site::{self, Answer, Site, Visitor};
use crate::text::Text;

/// `GET /`.
pub fn router() -> Router<Site> {
    Router::new().route("/", get(home))
}

#[derive(Template)]
#[template(path = "pages/home.html")]
struct HomePage {
    t: &'static Text,
    code: Field,
    enter: Button,
    demo: bool,
}

async fn home(State(site): State<Site>, visitor: Visitor) -> Answer {
    match visitor.actor.role {
        Role::Party => return site::see("/my"),
        Role::Anyone => {}
        _ => return site::see("/work"),
    }
    let t = visitor.lang().text();
    let frame = visitor.frame(&site.app, t.home.title);
    let code = Field::text(visitor.lang(), "code", t.letter.code).hint(t.letter.code_hint).width(Width::Medium);
    let enter = Button::primary(t.home.letter_button);
    site::ok(frame.page(&HomePage { t, code: code.maxlength(20), enter, demo: site.app.demo }))
}
