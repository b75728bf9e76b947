//! Signing in without a letter's message: a clerk checks the person at the counter; and coming back by phone and name.

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::Html;
use axum::routing::{get, post};
use serde::Deserialize;
use yanhe_app::session::SignedIn;
use yanhe_app::{AppError, Request, dashed};
use yanhe_core::paper::counter::{CAPACITIES, Coming, Seen};
use yanhe_core::policy::{Act, Actor, Role};
use yanhe_core::values::{Document, DocumentKind, Phone};
use yanhe_core::{PersonId, StreamId, StreamKind, paper};
use yanhe_store_read::Page;

use super::letter::may_send;
use super::portal::{self, Buttons, FormBlock, Links, Section, Sheet, same_name};
use super::sign_in::begin;
use crate::components::{Button, Choice, Errors, Field, Link, Notice, NoticeKind, PostButton, SummaryList, Width};
use crate::site::{self, Answer, Fault, Site, Visitor, form_fault};
use crate::text::{Lang, fill};

/// `GET, POST /counter`, `GET, POST /return`, `POST /return/open`.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/counter", get(counter).post(give))
        .route("/return", get(back).post(returned))
        .route("/return/open", post(open))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CounterForm {
    csrf: String,
    key: String,
    code: String,
    document_kind: String,
    document: String,
    phone: String,
    /// Who came for a firm, as what, and by what authority.
    envoy: String,
    capacity: String,
    authority: String,
    checked: String,
}

/// Staff who see people at a counter.
fn clerk(visitor: &Visitor) -> Result<(), Fault> {
    visitor.staff()?;
    match visitor.actor.role {
        Role::Clerk | Role::Mediator | Role::Leader => Ok(()),
        _ => Err(AppError::Denied.into()),
    }
}

/// The paper that somebody brought, when the page of the paper or of its matter leads here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Brought {
    paper: String,
}

async fn counter(State(site): State<Site>, visitor: Visitor, Query(brought): Query<Brought>) -> Answer {
    clerk(&visitor)?;
    let mut form = CounterForm { key: site.app.fresh_key(), ..CounterForm::default() };
    if !brought.paper.is_empty() {
        let stream = portal::stream(StreamKind::Paper, &brought.paper)?;
        let state = site.app.permit::<paper::Paper>(&visitor.actor, Act::CheckIdentity, &stream).await?;
        form.code = dashed(&state.issued.access);
    }
    site::ok(counter_page(&site, &visitor, &form, &Errors::new(visitor.lang())))
}

/// The button that leads to the check at the counter, for a paper by whose code somebody can sign in there.
pub fn counter_button(visitor: &Visitor, paper: &StreamId, access: &str, label: &str) -> Option<Button> {
    let gives = clerk(visitor).is_ok() && !access.is_empty();
    gives.then(|| Button::secondary(label).to(format!("/counter?paper={}", paper.key())))
}

fn kinds(lang: Lang) -> Vec<Choice> {
    let choice = |kind: DocumentKind| {
        Choice::new(kind_key(kind), if lang == Lang::Zh { kind.name_zh() } else { kind.name_en() })
    };
    DocumentKind::ALL.into_iter().map(choice).collect()
}

/// Stable name of a kind of document, as parties carry it.
pub fn kind_key(kind: DocumentKind) -> String {
    serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A kind of document by its stable name.
pub fn kind_of(key: &str) -> Option<DocumentKind> {
    DocumentKind::ALL.into_iter().find(|kind| kind_key(*kind) == key)
}

/// A field to choose a kind of document by.
pub fn kind_field(lang: Lang, name: &str, label: &str, value: &str) -> Field {
    let field = Field::select(lang, name, label, kinds(lang)).width(Width::Medium);
    if value.is_empty() { field.value("resident_id") } else { field.value(value) }
}

/// As what somebody comes for a firm.
fn capacity(lang: Lang, value: &str) -> Field {
    let choices = CAPACITIES.map(|name| Choice::new(name, lang.name("label", name))).to_vec();
    Field::radio(lang, "capacity", lang.text().letter.capacity, choices).value(value)
}

fn counter_page(site: &Site, visitor: &Visitor, form: &CounterForm, errors: &Errors) -> Html<String> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().letter);
    let frame = visitor.frame(&site.app, t.counter_page);
    let block = FormBlock::new(&frame, "/counter")
        .hidden("key", &form.key)
        .field(
            &Field::text(lang, "code", t.counter_code)
                .hint(t.code_hint)
                .value(&form.code)
                .width(Width::Medium)
                .errors(errors),
        )
        .part(&Section::new(t.envoy_title).say(t.envoy_says))
        .field(&Field::text(lang, "envoy", t.envoy).optional().value(&form.envoy).width(Width::Medium).errors(errors))
        .field(&capacity(lang, &form.capacity).optional().errors(errors))
        .field(
            &Field::text(lang, "authority", t.authority)
                .hint(t.authority_hint)
                .optional()
                .value(&form.authority)
                .errors(errors),
        )
        .part(&Section::new(t.seen_title).say(t.seen))
        .field(&kind_field(lang, "document_kind", t.document_kind, &form.document_kind).errors(errors))
        .field(
            &Field::text(lang, "document", t.document)
                .hint(t.document_hint)
                .value(&form.document)
                .width(Width::Medium)
                .errors(errors),
        )
        .field(
            &Field::text(lang, "phone", t.counter_phone)
                .hint(t.counter_phone_hint)
                .optional()
                .value(&form.phone)
                .inputmode("tel")
                .width(Width::Medium)
                .errors(errors),
        )
        .field(
            &Field::checkbox(lang, "checked", t.checked, vec![Choice::new("yes", t.checked_yes)])
                .value(&form.checked)
                .errors(errors),
        )
        .button(Button::primary(t.give));
    let sheet = Sheet::new(t.counter_page).lead(t.counter_page_lead).errors(errors).with(&block);
    frame.page(&sheet.with(&Section::new(t.counter_where_title).say(t.counter_where)))
}

async fn give(State(site): State<Site>, visitor: Visitor, Form(form): Form<CounterForm>) -> Answer {
    clerk(&visitor)?;
    visitor.check(&form.csrf)?;
    let (lang, t) = (visitor.lang(), &visitor.lang().text().letter);
    let mut errors = Errors::new(lang);
    let found = site.app.by_access_code(&form.code).await?;
    let found = found.filter(|(_, s)| s.issued.paper.issuer == visitor.actor.body && s.issued.addressee.is_some());
    if form.code.trim().is_empty() {
        errors.add("code", "required");
    } else if found.is_none() {
        errors.say("code", t.counter_wrong);
    }
    let document = match kind_of(&form.document_kind).map(|kind| Document::parse(kind, &form.document)) {
        None => {
            errors.add("document_kind", "choose");
            None
        }
        Some(Err(error)) => {
            errors.say("document", if lang == Lang::Zh { error.text_zh() } else { error.text_en() });
            None
        }
        Some(Ok(document)) => Some(document),
    };
    let phone = Phone::parse(&form.phone).ok().filter(Phone::is_mobile);
    if !form.phone.trim().is_empty() && phone.is_none() {
        errors.add("phone", "not_a_phone");
    }
    if form.checked != "yes" {
        errors.add("checked", "not_agreed");
    }
    let (Some((stream, state)), Some(document)) = (found.filter(|_| errors.is_empty()), document) else {
        return site::again(counter_page(&site, &visitor, &form, &errors));
    };
    if let Err(fault) = note(&site, &visitor, &form, (&stream, &state), &document, phone.as_ref()).await {
        form_fault(&mut errors, lang, fault)?;
        return site::again(counter_page(&site, &visitor, &form, &errors));
    }
    let code = site.app.counter_code(&visitor.actor, &stream).await?;
    let frame = visitor.frame(&site.app, t.given_title);
    let address = format!("{}/l/{}", site.app.portal, state.issued.access);
    let name = state.issued.addressee.as_ref().map_or("", |a| a.name.text());
    let sheet = Sheet::new(t.given_title)
        .with(&Notice::new(lang, NoticeKind::Success, fill(t.given, &[("address", &address)])).title(code))
        .with(
            &SummaryList::new()
                .row(t.receiver, name)
                .row(t.counter_code, dashed(&state.issued.access))
                .row(t.valid_for, t.minutes),
        )
        .with(&Button::secondary(t.counter_page).to("/counter"));
    site::ok(frame.page(&sheet))
}

/// Keeps what was checked: the kind of document and the phone that was given, and, for a paper that nobody has received
/// yet, its service at the counter. Both are events of the paper with the clerk as actor.
async fn note(
    site: &Site,
    visitor: &Visitor,
    form: &CounterForm,
    (stream, state): (&StreamId, &paper::State),
    document: &Document,
    phone: Option<&Phone>,
) -> Result<(), Fault> {
    let came = Coming {
        name: form.envoy.trim().to_owned(),
        capacity: form.capacity.clone(),
        authority: form.authority.trim().to_owned(),
    };
    let named = ![&came.name, &came.capacity, &came.authority].into_iter().all(String::is_empty);
    let checked = paper::Command::CheckIdentity(Seen {
        document_kind: kind_key(document.kind()),
        number: document.number().to_owned(),
        phone: phone.map(|p| p.as_str().to_owned()),
        envoy: named.then_some(came),
    });
    let mut request = Request::one(&visitor.actor, form.key.as_str(), stream, checked);
    if state.served_on().is_none() {
        let name = state.issued.addressee.as_ref().map_or("", |a| a.name.text());
        let name = if named { form.envoy.trim() } else { name };
        let zh = Lang::Zh;
        let mut kind = document.kind().name_zh().to_owned();
        if named {
            kind = format!("{kind}，{}{}", zh.name("label", &form.capacity), form.authority.trim());
        }
        let kind = kind.as_str();
        let service = paper::Command::RecordService {
            manner: "direct".into(),
            on: site.app.today(),
            at: None,
            served: true,
            receiver: name.to_owned(),
            note: fill(Lang::Zh.text().letter.counter_note, &[("kind", kind)]),
        };
        request.steps.push((stream.clone(), service.into()));
    }
    site.app.handle(request).await?;
    Ok(())
}

/// What was typed to come back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReturnForm {
    csrf: String,
    name: String,
    phone: String,
    /// Code of a letter or a receipt, for a phone that others use as well.
    access: String,
    challenge: String,
    code: String,
    /// `send` for another code.
    act: String,
    person: String,
    proof: String,
}

async fn back(State(site): State<Site>, visitor: Visitor) -> Answer {
    site::ok(return_page(&site, &visitor, &ReturnForm::default(), &Errors::new(visitor.lang())))
}

fn return_page(site: &Site, visitor: &Visitor, form: &ReturnForm, errors: &Errors) -> Html<String> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().letter);
    let frame = visitor.frame(&site.app, t.return_title);
    let mut block = FormBlock::new(&frame, "/return");
    block = match form.challenge.is_empty() {
        true => block
            .field(&Field::text(lang, "name", t.name).value(&form.name).autocomplete("name").errors(errors))
            .field(
                &Field::text(lang, "phone", t.return_phone)
                    .value(&form.phone)
                    .inputmode("tel")
                    .autocomplete("tel")
                    .width(Width::Medium)
                    .errors(errors),
            )
            .field(
                &Field::text(lang, "access", t.return_access)
                    .hint(t.return_access_hint)
                    .optional()
                    .value(&form.access)
                    .width(Width::Medium)
                    .maxlength(20)
                    .errors(errors),
            )
            .button(Button::primary(t.return_send)),
        false => block
            .hidden("name", &form.name)
            .hidden("phone", &form.phone)
            .hidden("access", &form.access)
            .hidden("challenge", &form.challenge)
            .field(
                &Field::text(lang, "code", t.otp)
                    .hint(t.otp_hint)
                    .inputmode("numeric")
                    .autocomplete("one-time-code")
                    .width(Width::Short)
                    .errors(errors),
            )
            .button(Button::primary(t.enter).sends("act", "try"))
            .button(Button::secondary(t.send_again).sends("act", "send")),
    };
    let links = vec![Link::new(t.title, "/l"), Link::new(t.staff_link, "/sign-in")];
    let other = Links { links, plain: true };
    frame.page(&Sheet::new(t.return_title).lead(t.return_lead).errors(errors).with(&block).with(&other))
}

/// Whom a phone and a name lead to.
#[derive(Default)]
struct Led {
    /// Persons of that name, the latest case first.
    persons: Vec<(PersonId, StreamId, String)>,
    /// The phone is also somebody's of another name: it shows then who has it, and not who is asking.
    shared: bool,
}

async fn led(site: &Site, phone: &str, name: &str) -> Result<Led, AppError> {
    let rows = site.app.reader.parts_of_phone(&site.app.index("phone", phone), &Page::first(100)).await?.rows;
    let mut led = Led::default();
    for row in rows {
        // One entry a person: the case rather than the matter before it.
        if !matches!(row.stream.kind(), StreamKind::Dossier | StreamKind::Matter) {
            continue;
        }
        // A matter whose letter never went out is nobody's business yet.
        if row.stream.kind() == StreamKind::Matter {
            let matter = site.app.reader.matter(&row.stream).await?;
            if !matter.is_some_and(|m| ["issued", "served", "applied"].contains(&m.state.as_str())) {
                continue;
            }
        }
        let plain = site.app.name(&row.stream, row.name.as_ref()).await?;
        if !same_name(&plain, name) {
            led.shared = true;
            continue;
        }
        let found = &mut led.persons;
        match found.iter_mut().find(|(person, ..)| *person == row.person) {
            Some(known) if row.stream.kind() == StreamKind::Dossier => known.1 = row.stream,
            Some(_) => {}
            None => found.push((row.person, row.stream, plain)),
        }
    }
    Ok(led)
}

impl Led {
    /// Those who may come in: on a phone that others use as well, only whose code was typed beside the name. So a stranger
    /// who names somebody's phone neither gets in by it nor keeps its owner out.
    async fn told_apart(mut self, site: &Site, access: &str) -> Result<Self, AppError> {
        if self.shared {
            let whose = site.app.by_access_code(access).await?.and_then(|(_, state)| state.issued.addressee);
            self.persons.retain(|(person, ..)| whose.as_ref().is_some_and(|whose| whose.person == *person));
        }
        Ok(self)
    }
}

async fn returned(State(site): State<Site>, visitor: Visitor, Form(mut form): Form<ReturnForm>) -> Answer {
    visitor.check(&form.csrf)?;
    let (lang, t) = (visitor.lang(), &visitor.lang().text().letter);
    let mut errors = Errors::new(lang);
    let phone = Phone::parse(&form.phone).ok().filter(Phone::is_mobile);
    if form.name.trim().is_empty() {
        errors.add("name", "required");
    }
    let Some(phone) = phone.filter(|_| errors.is_empty()) else {
        form.challenge.clear();
        if Phone::parse(&form.phone).is_err() {
            errors.add("phone", if form.phone.trim().is_empty() { "required" } else { "not_a_phone" });
        }
        return site::again(return_page(&site, &visitor, &form, &errors));
    };
    if form.challenge.is_empty() || form.act == "send" {
        // An unknown pair gets the same page, and counts alike: nobody learns who has a case.
        if !may_send(&site, &site.app.index("phone", phone.as_str())).await? {
            errors.say("", t.too_many);
            return site::again(return_page(&site, &visitor, &form, &errors));
        }
        let about = StreamId::new(StreamKind::Audit, "sign-in");
        form.challenge = match led(&site, phone.as_str(), &form.name).await?.persons.is_empty() {
            false => site.app.send_code("return", phone.as_str(), phone.as_str(), &about).await?,
            true => site.app.fresh_key(),
        };
        return site::ok(return_page(&site, &visitor, &form, &errors));
    }
    let right = match site.app.try_code(&form.challenge, "return", &form.code).await {
        Ok(subject) => subject == phone.as_str(),
        Err(AppError::Refused(_)) => false,
        Err(error) => return Err(error.into()),
    };
    let found = if right { led(&site, phone.as_str(), &form.name).await? } else { Led::default() };
    let known = !found.persons.is_empty();
    let found = found.told_apart(&site, &form.access).await?;
    match found.persons.as_slice() {
        [] if known => {
            errors.say("access", t.return_shared);
            form.challenge.clear();
            site::again(return_page(&site, &visitor, &form, &errors))
        }
        [] => {
            errors.say("code", t.return_none);
            site::again(return_page(&site, &visitor, &form, &errors))
        }
        [(person, stream, name)] => enter(&site, person, stream, name).await,
        several => {
            let frame = visitor.frame(&site.app, t.choose_title);
            let mut buttons = Buttons::default();
            for (person, stream, _) in several {
                let number = match stream.kind() {
                    StreamKind::Dossier => site.app.reader.dossier(stream).await?.map(|d| d.number),
                    _ => site.app.reader.matter(stream).await?.map(|m| m.number),
                };
                buttons = buttons.with(
                    &PostButton::new("/return/open", &frame.csrf, Button::secondary(number.unwrap_or_default()))
                        .hidden("person", &person.0)
                        .hidden("challenge", &form.challenge)
                        .hidden("name", &form.name)
                        .hidden("phone", phone.as_str())
                        .hidden("access", &form.access)
                        .hidden("proof", proof(&site, &form.challenge, person)),
                );
            }
            site::ok(frame.page(&Sheet::new(t.choose_title).lead(t.choose_lead).with(&buttons)))
        }
    }
}

/// Shows that this program found this person by a right code today.
fn proof(site: &Site, challenge: &str, person: &PersonId) -> String {
    site.app.form_token(&format!("return/{challenge}/{person}/{}", site.app.today()))
}

async fn open(State(site): State<Site>, visitor: Visitor, Form(form): Form<ReturnForm>) -> Answer {
    visitor.check(&form.csrf)?;
    let person = PersonId(form.person.clone());
    if form.challenge.is_empty() || form.proof != proof(&site, &form.challenge, &person) {
        return Err(Fault::Forged);
    }
    let found = led(&site, &form.phone, &form.name).await?.told_apart(&site, &form.access).await?;
    let (person, stream, name) = found.persons.into_iter().find(|(p, ..)| *p == person).ok_or(AppError::NotFound)?;
    enter(&site, &person, &stream, &name).await
}

async fn enter(site: &Site, person: &PersonId, stream: &StreamId, name: &str) -> Answer {
    let who = SignedIn { actor: Actor::party(person), name: name.to_owned(), about: Some(stream.clone()) };
    let to = super::letter::landing(site, person, stream).await?;
    begin(site, &who, &to).await
}
