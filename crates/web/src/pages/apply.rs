//! Applying for mediation: from a letter with what is known filled in, or without one; a check page, then sent.

use axum::Router;
use axum::extract::{Form, Multipart, Query, State};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use yanhe_app::session::SignedIn;
use yanhe_app::{AppError, Request};
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::matter::{self, Matter};
use yanhe_core::paper::Paper;
use yanhe_core::policy::{Act, Actor};
use yanhe_core::scope::Kind;
use yanhe_core::values::Phone;
use yanhe_core::{Personal, Reason, StreamId, StreamKind};

use super::apply_origin::Origin;
use super::apply_pages;
use super::apply_read::command;
use super::letter::may_send;
use super::portal::{self, Posted};
use super::sign_in::begin;
use crate::components::Errors;
use crate::site::{self, Answer, Fault, Site, Visitor, form_fault};
use crate::text::{Lang, fill};

/// `GET /apply`, `POST /apply/check`, `POST /apply/send`.
pub fn router() -> Router<Site> {
    Router::new().route("/apply", get(show)).route("/apply/check", post(check)).route("/apply/send", post(send))
}

/// Characters of the key of a matter or a case: drawn, or derived from a number.
const KEYS: [usize; 2] = [26, 32];

/// Where to begin.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Start {
    matter: String,
    organ: String,
    /// Key of a case that is to be mediated once more.
    again: String,
}

/// What is typed. Hidden values come along from page to page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ApplyForm {
    pub(super) csrf: String,
    /// Repeat key.
    pub(super) key: String,
    /// Key of the case that this will be.
    pub(super) case: String,
    /// Key of the matter, with a letter.
    pub(super) matter: String,
    /// Organ, without a letter.
    pub(super) organ: String,
    /// Key of the case that is mediated once more.
    pub(super) again: String,
    pub(super) entry: String,
    /// `person` or `firm`.
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) document_kind: String,
    pub(super) document: String,
    pub(super) phone: String,
    pub(super) address: String,
    pub(super) other_kind: String,
    pub(super) other_name: String,
    pub(super) other_phone: String,
    pub(super) other_address: String,
    pub(super) second_kind: String,
    pub(super) second_name: String,
    pub(super) second_phone: String,
    /// `yes`: whoever reported agrees that the other side learns their name.
    pub(super) agrees_named: String,
    pub(super) claims: String,
    pub(super) facts: String,
    pub(super) known_on: String,
    /// The disputed decision.
    pub(super) old_number: String,
    pub(super) old_on: String,
    pub(super) old_result: String,
    /// Other proceedings about the same dispute: `none` or `yes`.
    pub(super) proceedings: String,
    /// Which.
    pub(super) proceedings_text: String,
    /// `yes` or `no`.
    pub(super) electronic: String,
    /// `send`, `edit`, or `code` for a new one.
    pub(super) act: String,
    pub(super) challenge: String,
    pub(super) code: String,
}

/// From where this form or link begins.
async fn origin(site: &Site, visitor: &Visitor, form: &ApplyForm) -> Result<Origin, Fault> {
    if !form.again.is_empty() {
        let (me, stream, state) = portal::own_case(site, visitor, &form.again).await?;
        let party = dossier::everybody(&state).map(|(_, p)| p).find(|p| p.person == me);
        let party = Box::new(party.cloned().ok_or(AppError::NotFound)?);
        let matter = match &state.matter {
            Some(matter) => site.app.state::<Matter>(matter).await?,
            None => None,
        };
        let served_on = matter.and_then(|matter| matter.days().served_on);
        return Ok(Origin::Again { stream, state: Box::new(state), party, served_on });
    }
    if form.matter.is_empty() {
        let found = site.app.pack.mediating().find(|o| o.code == form.organ);
        let found = found.ok_or_else(|| Fault::Parameter("organ".to_owned()))?;
        let administrative = site.app.pack.scope.kind_of(&form.entry) == Some(Kind::Administrative);
        return Ok(Origin::Open { organ: found.code.clone(), administrative });
    }
    let person = portal::party(visitor)?;
    let stream = portal::stream(StreamKind::Matter, &form.matter)?;
    let state = site.app.permit::<Matter>(&visitor.actor, Act::ReadMatter, &stream).await.map_err(portal::hidden)?;
    // Only who got a letter applies by it: the other side learns nothing of the matter here.
    let letter = state.letters.iter().find(|(l, s)| l.to.person == person && *s != matter::LetterState::Voided);
    let letter = letter.map(|(letter, _)| letter).ok_or(AppError::NotFound)?;
    let mut party = Box::new(letter.to.clone());
    // A phone that was taken at the counter stands on the paper: codes go there.
    let paper = site.app.state::<Paper>(&letter.paper.id).await?;
    party.phone = paper.and_then(|paper| paper.issued.addressee?.phone).or(party.phone);
    Ok(Origin::Letter { stream, state: Box::new(state), party })
}

/// A case of this person from this matter, or one that goes on with this case, which still goes on itself; with its number.
async fn running(site: &Site, visitor: &Visitor, origin: &Origin) -> Result<Option<(StreamId, String)>, AppError> {
    let cases: Vec<StreamId> = match origin {
        Origin::Letter { stream, party, .. } => {
            site.app.cases_from(stream, &party.person).await?.into_iter().map(|(case, _)| case).collect()
        }
        Origin::Again { stream, state, .. } => {
            site.app.renewals(stream, state).await?.into_iter().map(|(case, _)| case).collect()
        }
        Origin::Open { .. } => Vec::new(),
    };
    for case in cases {
        match site.app.permit::<Dossier>(&visitor.actor, Act::ReadDossier, &case).await {
            Ok(found) if found.goes_on() => return Ok(Some((case, found.application.number))),
            Ok(_) | Err(AppError::Denied | AppError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Which case it will be. By a letter, or from a case, that follows from there and not from the page, so that two windows
/// make one.
async fn settle(site: &Site, origin: &Origin, form: &mut ApplyForm) -> Result<(), AppError> {
    let (before, next) = match origin {
        Origin::Letter { stream, party, .. } => site.app.begun(stream, Some(&party.person)).await?,
        Origin::Again { stream, .. } => site.app.begun(stream, None).await?,
        Origin::Open { .. } => return Ok(()),
    };
    // A page from which it was sent names the case that it made.
    if before.iter().all(|case| case.key() != form.case) {
        next.key().clone_into(&mut form.case);
    }
    Ok(())
}

async fn show(State(site): State<Site>, visitor: Visitor, Query(start): Query<Start>) -> Answer {
    if start.matter.is_empty() && start.organ.is_empty() && start.again.is_empty() {
        return site::ok(apply_pages::organs(&site, &visitor).await?);
    }
    // What cannot be a key is said at once; whether there is something under a key is nobody's business but the party's.
    for (name, kind, key) in
        [("matter", StreamKind::Matter, &start.matter), ("again", StreamKind::Dossier, &start.again)]
    {
        if !key.is_empty() && (!KEYS.contains(&key.len()) || portal::stream(kind, key).is_err()) {
            return Err(Fault::Parameter(name.to_owned()));
        }
    }
    if !(start.matter.is_empty() && start.again.is_empty()) && visitor.signed_in.is_none() {
        return site::see("/l");
    }
    let mut form = ApplyForm {
        key: site.app.fresh_key(),
        case: site.app.fresh_stream(StreamKind::Dossier).key().to_owned(),
        matter: start.matter,
        organ: start.organ,
        again: start.again,
        ..ApplyForm::default()
    };
    let origin = origin(&site, &visitor, &form).await?;
    settle(&site, &origin, &mut form).await?;
    if let Some((case, _)) = running(&site, &visitor, &origin).await? {
        return site::see(&format!("/my/{}", case.key()));
    }
    // A link that was left open: the page of the case says how it stands now.
    if let Origin::Again { stream, state, .. } = &origin
        && !state.is_renewable()
    {
        return site::see(&format!("/my/{}", stream.key()));
    }
    if !site.app.is_online(origin.organ()).await? {
        return site::ok(apply_pages::offline(&site, &visitor, &origin).await?);
    }
    let form = known(&origin, form);
    site::ok(apply_pages::form(&site, &visitor, &origin, &form, &Errors::new(visitor.lang())).await?)
}

/// What is known already. Only what the applicants said themselves becomes their words.
fn known(origin: &Origin, form: ApplyForm) -> ApplyForm {
    let Some(party) = origin.party() else { return form };
    let open = |value: &Option<Personal<String>>| value.as_ref().and_then(|v| v.open().cloned()).unwrap_or_default();
    // Where somebody else lives the organ knows, and need not tell: what is left blank stays as it is known.
    let other = origin.other_side().filter(|other| other.is_firm() || matches!(origin, Origin::Again { .. }));
    let form = ApplyForm {
        kind: if party.is_firm() { "firm" } else { "person" }.into(),
        name: party.name.text().to_owned(),
        document_kind: party.document_kind.clone().unwrap_or_default(),
        document: party.credit_code.clone().unwrap_or_else(|| open(&party.document)),
        phone: open(&party.phone),
        address: open(&party.address),
        other_phone: other.map(|o| open(&o.phone)).unwrap_or_default(),
        other_address: other.map(|o| open(&o.address)).unwrap_or_default(),
        ..form
    };
    match origin {
        Origin::Letter { state, .. } => {
            ApplyForm { facts: state.own_words(&party.person).unwrap_or_default().to_owned(), ..form }
        }
        Origin::Again { state, .. } => ApplyForm {
            electronic: state.by_message(&party.person).map_or("", |yes| if yes { "yes" } else { "no" }).to_owned(),
            claims: match state.agreement.as_ref().filter(|a| a.effective_on.is_some()) {
                Some(agreed) => fill(Lang::Zh.text().apply.again_claims, &[("number", &agreed.paper.number)]),
                None => open(&Some(state.claims.clone())),
            },
            facts: open(&Some(state.facts.clone())),
            ..form
        },
        Origin::Open { .. } => form,
    }
}

async fn check(State(site): State<Site>, visitor: Visitor, Form(mut form): Form<ApplyForm>) -> Answer {
    visitor.check(&form.csrf)?;
    let origin = origin(&site, &visitor, &form).await?;
    settle(&site, &origin, &mut form).await?;
    let mut errors = Errors::new(visitor.lang());
    let Some((command, _)) = command(&site, visitor.lang(), (&origin, &form), &mut errors)? else {
        return site::again(apply_pages::form(&site, &visitor, &origin, &form, &errors).await?);
    };
    let limits = match foreseen(&site, &visitor, &origin, &form, command).await {
        Ok(limits) => limits,
        Err(error) => return refused(&site, &visitor, &origin, &form, error).await,
    };
    if matches!(origin, Origin::Open { .. }) {
        ask_code(&site, visitor.lang(), &mut form, &mut errors).await?;
    }
    site::ok(apply_pages::check(&site, &visitor, (&origin, &form), &limits, &errors))
}

/// What the application would do to the applicant's limits, were it sent now.
async fn foreseen(
    site: &Site,
    visitor: &Visitor,
    origin: &Origin,
    form: &ApplyForm,
    command: dossier::Command,
) -> Result<Vec<dossier::RunningLimit>, AppError> {
    let stream = StreamId::new(StreamKind::Dossier, &form.case);
    let events = site.app.foresee::<Dossier>(&applies(visitor, origin), &stream, command).await?;
    let limits = events.into_iter().find_map(|event| match event {
        dossier::Event::Applied { limits, .. } => Some(limits),
        _ => None,
    });
    Ok(limits.unwrap_or_default())
}

/// As whom: without a letter nobody is signed in yet.
fn applies(visitor: &Visitor, origin: &Origin) -> Actor {
    if matches!(origin, Origin::Open { .. }) { Actor::anyone() } else { visitor.actor.clone() }
}

/// The form once more, with what the law refuses; or the case that was made in another window meanwhile.
async fn refused(site: &Site, visitor: &Visitor, origin: &Origin, form: &ApplyForm, error: AppError) -> Answer {
    if let Some((case, number)) = running(site, visitor, origin).await? {
        return site::ok(apply_pages::already(site, visitor, &case, &number));
    }
    let mut errors = Errors::new(visitor.lang());
    form_fault(&mut errors, visitor.lang(), renamed(error).into())?;
    site::again(apply_pages::form(site, visitor, origin, form, &errors).await?)
}

/// Sends the code that proves the phone, unless too many were asked for it.
async fn ask_code(site: &Site, lang: Lang, form: &mut ApplyForm, errors: &mut Errors) -> Result<(), Fault> {
    let phone = Phone::parse(&form.phone).map_err(|_| Fault::Address)?;
    let about = portal::stream(StreamKind::Dossier, &form.case)?;
    if !may_send(site, &site.app.index("phone", phone.as_str())).await? {
        errors.say("", lang.text().letter.too_many);
        return Ok(());
    }
    // Bound to this application: a code for another opens nothing here.
    form.challenge = site.app.send_code("apply", &subject(form, &phone), phone.as_str(), &about).await?;
    Ok(())
}

fn subject(form: &ApplyForm, phone: &Phone) -> String {
    format!("{}/{phone}", form.case)
}

async fn send(State(site): State<Site>, visitor: Visitor, parts: Multipart) -> Answer {
    let posted = Posted::read(parts).await?;
    let mut form: ApplyForm = posted.form()?;
    if visitor.check(&form.csrf).is_err() {
        // The first press of the button signed the applicant in, and this is the second: it is sent.
        portal::own_case(&site, &visitor, &form.case).await.map_err(|_| Fault::Forged)?;
        return site::see(&format!("/my/{}/receipt", form.case));
    }
    let lang = visitor.lang();
    let origin = origin(&site, &visitor, &form).await?;
    settle(&site, &origin, &mut form).await?;
    let mut errors = Errors::new(lang);
    let made = command(&site, visitor.lang(), (&origin, &form), &mut errors)?;
    if form.act == "edit" {
        return site::ok(apply_pages::form(&site, &visitor, &origin, &form, &Errors::new(lang)).await?);
    }
    let Some((command, applicant)) = made else {
        return site::again(apply_pages::form(&site, &visitor, &origin, &form, &errors).await?);
    };
    let stream = portal::stream(StreamKind::Dossier, &form.case)?;
    posted.check("files", visitor.lang(), &mut errors);
    if errors.is_empty() && !site.app.is_online(origin.organ()).await? {
        return site::ok(apply_pages::offline(&site, &visitor, &origin).await?);
    }
    let open = matches!(origin, Origin::Open { .. });
    if open && form.act == "code" {
        ask_code(&site, lang, &mut form, &mut errors).await?;
        return match foreseen(&site, &visitor, &origin, &form, command).await {
            Ok(limits) => site::ok(apply_pages::check(&site, &visitor, (&origin, &form), &limits, &errors)),
            Err(error) => refused(&site, &visitor, &origin, &form, error).await,
        };
    }
    // A second press of the button finds its code used up; the key then tells that it is the same application.
    let sent = site.app.reader.load(&stream).await?.is_some();
    if open && !sent && errors.is_empty() {
        let phone = Phone::parse(&form.phone).map_err(|_| Fault::Address)?;
        match site.app.try_code(&form.challenge, "apply", &form.code).await {
            Ok(found) if found == subject(&form, &phone) => {}
            Ok(_) | Err(AppError::Refused(_)) => {
                errors.say("code", lang.text().apply.code_wrong);
                form.code.clear();
                ask_code(&site, lang, &mut form, &mut errors).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    if !errors.is_empty() {
        return match foreseen(&site, &visitor, &origin, &form, command).await {
            Ok(limits) => site::again(apply_pages::check(&site, &visitor, (&origin, &form), &limits, &errors)),
            Err(error) => refused(&site, &visitor, &origin, &form, error).await,
        };
    }
    let request = Request::one(&applies(&visitor, &origin), &form.key, &stream, command);
    if let Err(error) = site.app.handle(request).await {
        return refused(&site, &visitor, &origin, &form, error).await;
    }
    let party = Actor::party(&applicant.person);
    let mut back = format!("/my/{}/receipt", stream.key());
    for (n, (name, bytes)) in posted.files.into_iter().enumerate() {
        let added = attach(&site, &stream, &party, &format!("{}/file/{n}", form.key), name, bytes).await;
        if added.is_err_and(|error| !is_there(&error)) {
            // The application stands; the page says that a file is missing.
            back = format!("/my/{}/receipt?files=missing", stream.key());
        }
    }
    if !open {
        return site::see(&back);
    }
    let who = SignedIn { actor: party, name: applicant.name.text().to_owned(), about: Some(stream.clone()) };
    begin(&site, &who, &back).await
}

/// Stores a file and adds it to a case.
///
/// # Errors
/// What storing or the case refuses.
pub async fn attach(
    site: &Site,
    stream: &StreamId,
    actor: &Actor,
    key: &str,
    name: String,
    bytes: Vec<u8>,
) -> Result<(), AppError> {
    let person = actor.person.clone().ok_or(AppError::Denied)?;
    let file = site.app.store_file(stream, &person, &name, bytes, actor).await?;
    site.app.handle(Request::one(actor, key, stream, dossier::Command::AttachFile { file })).await?;
    Ok(())
}

/// The same file was added before: nothing is missing.
pub fn is_there(error: &AppError) -> bool {
    let AppError::Refused(refusal) = error else { return false };
    matches!(&refusal.reason, Reason::Field { problem, .. } if problem == "same_file")
}

/// The law's names of fields, as this form calls them.
fn renamed(error: AppError) -> AppError {
    match error {
        AppError::Refused(mut refusal) => {
            if let Reason::Field { field, .. } = &mut refusal.reason {
                match field.as_str() {
                    "applicant" => "name".clone_into(field),
                    "respondent" => "other_name".clone_into(field),
                    _ => {}
                }
            }
            AppError::Refused(refusal)
        }
        other => other,
    }
}
