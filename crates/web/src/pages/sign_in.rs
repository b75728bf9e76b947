//! Signing in for staff: phone, then a one-time code. Signing out. Parties come in by their letter (`letter`).

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use axum::routing::{get, post};
use serde::Deserialize;
use yanhe_app::session::SignedIn;
use yanhe_core::{StreamId, StreamKind};

use super::letter::may_send;
use crate::components::{Button, ErrorSummary, Errors, Field, Markup};
use crate::site::{self, Answer, SESSION, Site, Visitor, form_fault};
use crate::text::Text;

/// `GET, POST /sign-in`, `POST /sign-in/code`, `POST /sign-out`.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/sign-in", get(show).post(phone))
        .route("/sign-in/code", post(code))
        .route("/sign-out", post(sign_out))
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SignInForm {
    csrf: String,
    back: String,
    phone: String,
    challenge: String,
    code: String,
}

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
struct SignInPage {
    t: &'static Text,
    csrf: Markup,
    errors: ErrorSummary,
    back: String,
    challenge: String,
    field: Field,
    action: &'static str,
    button: Button,
    demo: bool,
}

fn page(site: &Site, visitor: &Visitor, form: &SignInForm, errors: &Errors) -> axum::response::Html<String> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let frame = visitor.frame(&site.app, t.sign_in.title);
    let asked = !form.challenge.is_empty();
    let field = match asked {
        false => Field::text(lang, "phone", t.common.phone).value(&form.phone).inputmode("tel").autocomplete("tel"),
        true => Field::text(lang, "code", t.sign_in.code)
            .hint(t.sign_in.code_hint)
            .inputmode("numeric")
            .autocomplete("one-time-code"),
    };
    frame.page(&SignInPage {
        t,
        csrf: frame.csrf_field(),
        errors: errors.summary(),
        back: form.back.clone(),
        challenge: form.challenge.clone(),
        field: field.errors(errors),
        action: if asked { "/sign-in/code" } else { "/sign-in" },
        button: Button::primary(if asked { t.sign_in.title } else { t.sign_in.send }),
        demo: site.app.demo,
    })
}

async fn show(State(site): State<Site>, visitor: Visitor, Query(form): Query<SignInForm>) -> Answer {
    let form = SignInForm { back: form.back, ..SignInForm::default() };
    site::ok(page(&site, &visitor, &form, &Errors::new(visitor.lang())))
}

async fn phone(State(site): State<Site>, visitor: Visitor, Form(mut form): Form<SignInForm>) -> Answer {
    visitor.check(&form.csrf)?;
    let mut errors = Errors::new(visitor.lang());
    match yanhe_core::values::Phone::parse(&form.phone) {
        Err(_) => errors.add("phone", if form.phone.trim().is_empty() { "required" } else { "phone" }),
        Ok(phone) => {
            // An unknown number gets the same page, and counts alike: nobody learns who works here.
            if !may_send(&site, &site.app.index("phone", phone.as_str())).await? {
                errors.say("", visitor.lang().text().letter.too_many);
                return site::again(page(&site, &visitor, &form, &errors));
            }
            let subject = StreamId::new(StreamKind::Audit, "sign-in");
            let known = !site.app.staff_by_phone(phone.as_str()).await?.is_empty();
            form.challenge = match known {
                true => site.app.send_code("staff", phone.as_str(), phone.as_str(), &subject).await?,
                false => site.app.fresh_key(),
            };
            return site::ok(page(&site, &visitor, &form, &errors));
        }
    }
    site::again(page(&site, &visitor, &form, &errors))
}

async fn code(State(site): State<Site>, visitor: Visitor, Form(form): Form<SignInForm>) -> Answer {
    visitor.check(&form.csrf)?;
    let mut errors = Errors::new(visitor.lang());
    match site.app.try_code(&form.challenge, "staff", &form.code).await {
        Ok(phone) => match site.app.staff_by_phone(&phone).await?.first() {
            Some(who) => return begin(&site, who, &form.back).await,
            None => errors.add("code", "wrong"),
        },
        Err(error) => form_fault(&mut errors, visitor.lang(), error.into())?,
    }
    site::again(page(&site, &visitor, &form, &errors))
}

/// Begins a session and goes on.
///
/// # Errors
/// When the database fails.
pub async fn begin(site: &Site, who: &SignedIn, back: &str) -> Answer {
    let token = site.app.begin_session(who).await?;
    // A path of this site only.
    let back = if back.starts_with('/') && !back.starts_with("//") && !back.contains('\\') { back } else { "/" };
    let cookie = format!("{SESSION}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200");
    Ok((StatusCode::SEE_OTHER, AppendHeaders([(header::SET_COOKIE, cookie)]), [(header::LOCATION, back.to_owned())])
        .into_response())
}

/// The token of a bare form.
#[derive(Debug, Deserialize)]
struct Bare {
    #[serde(default)]
    csrf: String,
}

async fn sign_out(State(site): State<Site>, visitor: Visitor, Form(form): Form<Bare>) -> Answer {
    visitor.check(&form.csrf)?;
    site.app.end_session(&visitor.token).await?;
    let cookie = format!("{SESSION}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    Ok((StatusCode::SEE_OTHER, AppendHeaders([(header::SET_COOKIE, cookie)]), [(header::LOCATION, "/".to_owned())])
        .into_response())
}
