//! Coming in by a letter: its code, the name on it, and a one-time code to the phone on file or from the counter.

use std::time::Duration;

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::Html;
use axum::routing::get;
use serde::Deserialize;
use yanhe_app::AppError;
use yanhe_app::session::SignedIn;
use yanhe_core::policy::Actor;
use yanhe_core::{PersonId, StreamId, StreamKind, dossier, matter, paper};

use super::demo::code_field;
use super::portal::{FormBlock, Section, Sheet, masked, same_name};
use super::sign_in::begin;
use crate::components::{Button, Errors, Field, Notice, NoticeKind, SummaryList, Width};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Lang, fill};

/// `GET, POST /l`, `GET, POST /l/CODE`.
pub fn router() -> Router<Site> {
    Router::new().route("/l", get(enter).post(entered)).route("/l/{code}", get(letter).post(come_in))
}

/// So many wrong answers a minute are answered at once; then each waits.
const FREE_TRIES: i64 = 20;
/// So many one-time codes go out for one letter, or to one phone by which somebody comes back, within ten minutes.
const CODES: i64 = 5;

/// Counts a wrong answer of whomever, and waits when there were many within a minute: guessing a code then takes longer
/// than its letter lives.
async fn wrong(site: &Site) -> Result<(), AppError> {
    let many = site.app.tried("wrong", 1).await?;
    if many > FREE_TRIES {
        let pause = u64::try_from((many - FREE_TRIES) * 100).unwrap_or_default();
        tokio::time::sleep(Duration::from_millis(pause.min(3000))).await;
    }
    Ok(())
}

/// May one more code be sent for this letter, for signing this paper, or to this phone?
///
/// # Errors
/// When the database fails.
pub async fn may_send(site: &Site, to: &str) -> Result<bool, AppError> {
    Ok(site.app.tried(&format!("codes/{to}"), 10).await? <= CODES)
}

/// Whom to call: the justice bureau, and the county's hotline when the roster has no number for it.
///
/// # Errors
/// When the database fails.
pub async fn hotline(site: &Site) -> Result<String, AppError> {
    let bureau = site.app.reader.organ(&site.app.pack.justice_bureau().code).await?;
    Ok(bureau.map(|o| o.phone).filter(|p| !p.is_empty()).unwrap_or_else(|| "12345".to_owned()))
}

/// Whom to call about a paper: the organ that made it, and the hotline when the roster has no number for it.
async fn issuer_phone(site: &Site, issuer: &str) -> Result<String, AppError> {
    let own = site.app.reader.organ(issuer).await?.map(|organ| organ.phone).filter(|phone| !phone.is_empty());
    match own {
        Some(phone) => Ok(phone),
        None => hotline(site).await,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CodeForm {
    csrf: String,
    code: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CodeAsked {
    code: String,
}

async fn enter(State(site): State<Site>, visitor: Visitor, Query(asked): Query<CodeAsked>) -> Answer {
    // As the first page asks for it.
    if !asked.code.trim().is_empty() {
        return match find(&site, &asked.code).await? {
            Some((_, state)) => site::see(&format!("/l/{}", state.issued.access)),
            None => wrong_code(&site, &visitor, &asked.code).await,
        };
    }
    site::ok(enter_page(&site, &visitor, "", &Errors::new(visitor.lang())))
}

fn enter_page(site: &Site, visitor: &Visitor, code: &str, errors: &Errors) -> Html<String> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().letter);
    let frame = visitor.frame(&site.app, t.title);
    let form = FormBlock::new(&frame, "/l")
        .field(
            &Field::text(lang, "code", t.code)
                .hint(t.code_hint)
                .value(code)
                .width(Width::Medium)
                .maxlength(20)
                .errors(errors),
        )
        .button(Button::primary(lang.text().common.next));
    let sheet = Sheet::new(t.title).lead(t.lead).errors(errors).with(&form).with(
        &Section::new(t.without_title).say(t.without).with(&super::portal::Links {
            links: vec![
                crate::components::Link::new(t.return_link, "/return"),
                crate::components::Link::new(lang.text().home.apply_link, "/apply"),
            ],
            plain: true,
        }),
    );
    frame.page(&sheet)
}

/// The letter of a code, or `None` after the wait that a wrong answer costs.
async fn find(site: &Site, code: &str) -> Result<Option<(StreamId, paper::State)>, AppError> {
    let found = site.app.by_access_code(code).await?.filter(|(_, s)| s.issued.addressee.is_some());
    if found.is_none() {
        wrong(site).await?;
    }
    Ok(found)
}

async fn wrong_code(site: &Site, visitor: &Visitor, code: &str) -> Answer {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().letter);
    let mut errors = Errors::new(lang);
    match site.app.withdrawn_by_code(code).await? {
        // Whoever holds a letter that was taken back is told so; nobody is named.
        Some((letter, notice, on)) => {
            let facts = [
                ("number", letter.number.as_str()),
                ("organ", &body(site, lang, &letter.issuer)),
                ("notice", &notice.number),
                ("date", &lang.date(on)),
                ("phone", &issuer_phone(site, &letter.issuer).await?),
            ];
            errors.say("code", fill(t.withdrawn, &facts));
        }
        None => errors.say("code", fill(t.wrong, &[("phone", &hotline(site).await?)])),
    }
    site::again(enter_page(site, visitor, code, &errors))
}

async fn entered(State(site): State<Site>, visitor: Visitor, Form(form): Form<CodeForm>) -> Answer {
    visitor.check(&form.csrf)?;
    if form.code.trim().is_empty() {
        let mut errors = Errors::new(visitor.lang());
        errors.add("code", "required");
        return site::again(enter_page(&site, &visitor, "", &errors));
    }
    match find(&site, &form.code).await? {
        Some((_, state)) => site::see(&format!("/l/{}", state.issued.access)),
        None => wrong_code(&site, &visitor, &form.code).await,
    }
}

/// What was typed on the page of a letter.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ComeIn {
    csrf: String,
    /// `send`, `try` or `counter`.
    act: String,
    name: String,
    challenge: String,
    code: String,
    entry: String,
}

async fn letter(State(site): State<Site>, visitor: Visitor, Path(code): Path<String>) -> Answer {
    match find(&site, &code).await? {
        Some((_, state)) => {
            site::ok(letter_page(&site, &visitor, &state, &ComeIn::default(), &Errors::new(visitor.lang())).await?)
        }
        None => wrong_code(&site, &visitor, &code).await,
    }
}

fn body(site: &Site, lang: Lang, code: &str) -> String {
    match lang {
        Lang::Zh => site.app.pack.body_name(code).to_owned(),
        Lang::En => site.app.pack.body_name_en(code).to_owned(),
    }
}

async fn letter_page(
    site: &Site,
    visitor: &Visitor,
    state: &paper::State,
    form: &ComeIn,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().letter);
    let frame = visitor.frame(&site.app, t.letter_title);
    let issued = &state.issued;
    let kind = match lang {
        Lang::Zh => site.app.pack.paper_name(&issued.paper.kind),
        Lang::En => site.app.pack.paper_name_en(&issued.paper.kind),
    };
    // Nothing personal before somebody has signed in: who holds the code may not be whom it is for.
    let summary = SummaryList::new()
        .row(lang.text().common.organ, body(site, lang, &issued.paper.issuer))
        .row(t.paper, kind)
        .row(lang.text().common.number, issued.paper.number.as_str());
    let action = format!("/l/{}", issued.access);
    let phone = phone_of(state).map(masked).unwrap_or_default();
    let name =
        Field::text(lang, "name", t.name).hint(t.name_hint).value(&form.name).autocomplete("name").errors(errors);
    let mut sheet = Sheet::new(t.letter_title).lead(t.letter_lead).errors(errors).with(&summary);
    if !form.challenge.is_empty() {
        sheet.add(&Notice::new(lang, NoticeKind::Info, fill(t.sent, &[("phone", &phone)])));
        let code = Field::text(lang, "code", t.otp).hint(t.otp_hint).inputmode("numeric").autocomplete("one-time-code");
        let code = code_field(site, lang, code, &form.challenge, phone_of(state).unwrap_or_default()).await?;
        sheet.add(
            &FormBlock::new(&frame, &action)
                .hidden("challenge", &form.challenge)
                .hidden("name", &form.name)
                .field(&code.width(Width::Short).maxlength(10).errors(errors))
                .button(Button::primary(t.enter).sends("act", "try"))
                .button(Button::secondary(t.send_again).sends("act", "send")),
        );
        return Ok(frame.page(&sheet));
    }
    let mut block = FormBlock::new(&frame, &action).field(&name);
    if phone.is_empty() {
        let organ = site.app.reader.organ(&issued.paper.issuer).await?;
        sheet.add(&Section::new(t.no_phone_title).say(fill(
            t.no_phone,
            &[
                ("organ", &body(site, lang, &issued.paper.issuer)),
                ("address", &organ.map(|o| o.address).unwrap_or_default()),
                ("phone", &issuer_phone(site, &issued.paper.issuer).await?),
            ],
        )));
    } else {
        block = block.part(&Button::primary(fill(t.send_to, &[("phone", &phone)])).sends("act", "send"));
    }
    let entry =
        Field::text(lang, "entry", t.entry).hint(t.entry_hint).value(&form.entry).width(Width::Short).maxlength(12);
    let block = block
        .part(&Section::new(t.counter_title).say(t.counter))
        .field(&entry.errors(errors))
        .button(Button::secondary(t.enter).sends("act", "counter"));
    sheet.add(&block);
    Ok(frame.page(&sheet))
}

/// The phone on file, if a message can reach it.
fn phone_of(state: &paper::State) -> Option<&str> {
    let phone = state.issued.addressee.as_ref()?.phone.as_ref()?.open().map(String::as_str);
    phone.filter(|phone| yanhe_core::values::Phone::parse(phone).is_ok_and(|p| p.is_mobile()))
}

async fn come_in(
    State(site): State<Site>,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(mut form): Form<ComeIn>,
) -> Answer {
    let Some((stream, state)) = find(&site, &code).await? else { return wrong_code(&site, &visitor, &code).await };
    let whose = state.issued.addressee.as_ref().map(|a| &a.person);
    if visitor.is_party()
        && visitor.actor.person.as_ref() == whose
        && let Some(person) = whose
    {
        // A second press: the first one signed them in.
        return site::see(&landing(&site, person, &state.issued.about).await?);
    }
    visitor.check(&form.csrf)?;
    let lang = visitor.lang();
    let mut errors = Errors::new(lang);
    let addressee = state.issued.addressee.as_ref().map_or("", |a| a.name.text());
    if !same_name(&form.name, addressee) {
        wrong(&site).await?;
        form.challenge.clear();
        match form.name.trim().is_empty() {
            true => errors.add("name", "required"),
            false => {
                let phone = issuer_phone(&site, &state.issued.paper.issuer).await?;
                errors.say("name", fill(lang.text().letter.wrong_name, &[("phone", &phone)]));
            }
        }
        return site::again(letter_page(&site, &visitor, &state, &form, &errors).await?);
    }
    match form.act.as_str() {
        "counter" => match site.app.try_counter_code(&stream, &form.entry).await {
            Ok(_) => return sign_in(&site, &stream, &state).await,
            Err(AppError::Refused(_)) => {
                wrong(&site).await?;
                errors.say("entry", lang.text().letter.wrong_entry);
            }
            Err(error) => return Err(error.into()),
        },
        "try" => match site.app.try_code(&form.challenge, "letter", &form.code).await {
            Ok(subject) if subject == stream.as_str() => return sign_in(&site, &stream, &state).await,
            Ok(_) => errors.say("code", lang.text().letter.wrong_otp),
            Err(AppError::Refused(_)) => errors.say("code", lang.text().letter.wrong_otp),
            Err(error) => return Err(error.into()),
        },
        _ => match phone_of(&state) {
            Some(_) if !may_send(&site, stream.as_str()).await? => errors.say("", lang.text().letter.too_many),
            Some(phone) => {
                form.challenge = site.app.send_code("letter", stream.as_str(), phone, &stream).await?;
                return site::ok(letter_page(&site, &visitor, &state, &form, &errors).await?);
            }
            None => errors.say("", lang.text().letter.no_phone_title),
        },
    }
    site::again(letter_page(&site, &visitor, &state, &form, &errors).await?)
}

/// Signs in the person the letter is for, and leads to what it is about.
async fn sign_in(site: &Site, stream: &StreamId, state: &paper::State) -> Answer {
    let addressee = state.issued.addressee.as_ref().ok_or(AppError::NotFound)?;
    let who = SignedIn {
        actor: Actor::party(&addressee.person),
        name: addressee.name.text().to_owned(),
        about: Some(stream.clone()),
    };
    let back = landing(site, &addressee.person, &state.issued.about).await?;
    begin(site, &who, &back).await
}

/// Where a party goes who comes in by a paper: to its case, or to apply when there is none yet.
///
/// # Errors
/// When the database fails.
pub async fn landing(site: &Site, person: &PersonId, about: &StreamId) -> Result<String, AppError> {
    match about.kind() {
        StreamKind::Matter => {
            let actor = Actor::party(person);
            let read = yanhe_core::policy::Act::ReadMatter;
            let Ok(state) = site.app.permit::<matter::Matter>(&actor, read, about).await else {
                return Ok("/my".into());
            };
            for case in &state.dossiers {
                let read = yanhe_core::policy::Act::ReadDossier;
                if site.app.permit::<dossier::Dossier>(&actor, read, case).await.is_ok() {
                    return Ok(format!("/my/{}", case.key()));
                }
            }
            Ok(format!("/apply?matter={}", about.key()))
        }
        StreamKind::Dossier | StreamKind::Confirmation => Ok(format!("/my/{}", about.key())),
        _ => Ok("/my".into()),
    }
}
