//! Applying for mediation: from a letter with what is known filled in, or without one; a check page, then sent.

use axum::Router;
use axum::extract::{Form, Multipart, Query, State};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use yanhe_app::session::SignedIn;
use yanhe_app::{AppError, Request};
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::matter::{self, Matter};
use yanhe_core::party::Party;
use yanhe_core::policy::{Act, Actor};
use yanhe_core::scope::Kind;
use yanhe_core::values::Phone;
use yanhe_core::{Personal, Reason, StreamId, StreamKind};

use super::apply_pages;
use super::apply_read::command;
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
    /// Other proceedings about the same dispute: `none` or `yes`.
    pub(super) proceedings: String,
    /// Which.
    pub(super) proceedings_text: String,
    /// `yes` or `no`.
    pub(super) electronic: String,
    /// `send` or `edit`.
    pub(super) act: String,
    pub(super) challenge: String,
    pub(super) code: String,
}

/// From where somebody applies.
pub enum Origin {
    /// By a letter about a matter.
    Letter {
        /// The matter.
        stream: StreamId,
        /// As it stands.
        state: Box<matter::State>,
        /// The one who applies, as the matter knows them.
        party: Box<Party>,
    },
    /// For a case of this party that is mediated once more.
    Again {
        /// The case.
        stream: StreamId,
        /// As it stands.
        state: Box<dossier::State>,
        /// The one who applies, as the case knows them.
        party: Box<Party>,
    },
    /// Without one.
    Open {
        /// Organ code.
        organ: String,
        /// What it is said to be about is a decision of that organ.
        administrative: bool,
    },
}

impl Origin {
    /// Organ code.
    pub fn organ(&self) -> &str {
        match self {
            Self::Letter { state, .. } => &state.matter.organ,
            Self::Again { state, .. } => &state.organ,
            Self::Open { organ, .. } => organ,
        }
    }

    /// A dispute with the deciding organ itself?
    pub fn is_administrative(&self) -> bool {
        match self {
            Self::Letter { state, party, .. } => state.kind_of(&party.person) == Kind::Administrative,
            Self::Again { state, .. } => state.is_administrative(),
            Self::Open { administrative, .. } => *administrative,
        }
    }

    /// The entry of the scope catalogue to which the dispute belongs; where nothing says so, what was chosen.
    pub fn entry<'a>(&'a self, chosen: &'a str) -> &'a str {
        match self {
            Self::Letter { state, party, .. } => state.proposal_of(&party.person).entry.as_deref().unwrap_or_default(),
            Self::Again { state, .. } => &state.entry,
            Self::Open { .. } => chosen,
        }
    }

    /// Somebody who reported, and whom the other side does not know by name.
    pub fn is_reporter(&self) -> bool {
        matches!(self, Self::Letter { state, party, .. } if state.is_reporter(&party.person))
    }

    /// The one who applies, where that is known.
    pub fn party(&self) -> Option<&Party> {
        match self {
            Self::Letter { party, .. } | Self::Again { party, .. } => Some(party),
            Self::Open { .. } => None,
        }
    }

    /// The other side as the matter or the earlier case knows it.
    pub fn other_side(&self) -> Option<&Party> {
        match self {
            Self::Letter { state, party, .. } => state.other_side_of(&party.person),
            Self::Again { state, party, .. } => state.others(&party.person).next(),
            Self::Open { .. } => None,
        }
    }

    /// Who else was in the earlier case: they are asked again as well.
    pub fn others(&self) -> impl Iterator<Item = &Party> {
        let again = match self {
            Self::Again { state, party, .. } => Some(state.others(&party.person).skip(1)),
            _ => None,
        };
        again.into_iter().flatten()
    }
}

/// From where this form or link begins.
async fn origin(site: &Site, visitor: &Visitor, form: &ApplyForm) -> Result<Origin, Fault> {
    if !form.again.is_empty() {
        let (me, stream, state) = portal::own_case(site, visitor, &form.again).await?;
        let party = dossier::everybody(&state).map(|(_, p)| p).find(|p| p.person == me);
        let party = Box::new(party.cloned().ok_or(AppError::NotFound)?);
        return Ok(Origin::Again { stream, state: Box::new(state), party });
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
    let party = letter.map(|(l, _)| Box::new(l.to.clone())).ok_or(AppError::NotFound)?;
    Ok(Origin::Letter { stream, state: Box::new(state), party })
}

/// A case of this person from this matter, or one that goes on with this case, which still goes on itself.
async fn running(
    site: &Site,
    visitor: &Visitor,
    origin: &Origin,
    but: &StreamId,
) -> Result<Option<StreamId>, AppError> {
    let cases: Vec<&StreamId> = match origin {
        Origin::Letter { state, .. } => state.dossiers.iter().collect(),
        Origin::Again { state, .. } => state.renewed_by.iter().map(|later| &later.case).collect(),
        Origin::Open { .. } => Vec::new(),
    };
    for case in cases.into_iter().filter(|case| *case != but) {
        match site.app.permit::<Dossier>(&visitor.actor, Act::ReadDossier, case).await {
            Ok(found) if found.goes_on() => {
                return Ok(Some(case.clone()));
            }
            Ok(_) | Err(AppError::Denied | AppError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
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
    let case = site.app.fresh_stream(StreamKind::Dossier);
    let form = ApplyForm {
        key: site.app.fresh_key(),
        case: case.key().to_owned(),
        matter: start.matter,
        organ: start.organ,
        again: start.again,
        ..ApplyForm::default()
    };
    let origin = origin(&site, &visitor, &form).await?;
    if let Some(case) = running(&site, &visitor, &origin, &case).await? {
        return site::see(&format!("/my/{}", case.key()));
    }
    // A link that was left open: the page of the case says how it stands now.
    if let Origin::Again { stream, state, .. } = &origin
        && !state.is_renewable()
    {
        return site::see(&format!("/my/{}", stream.key()));
    }
    if !online(&site, origin.organ()).await? {
        return site::ok(apply_pages::offline(&site, &visitor, &origin).await?);
    }
    let form = known(&origin, form);
    site::ok(apply_pages::form(&site, &visitor, &origin, &form, &Errors::new(visitor.lang())).await?)
}

/// Can parties act by the portal there?
async fn online(site: &Site, organ: &str) -> Result<bool, AppError> {
    Ok(site.app.reader.organ(organ).await?.is_some_and(|o| o.online_on.is_some_and(|on| on <= site.app.today())))
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
        Origin::Letter { state, .. } => ApplyForm {
            facts: state.own_words(&party.person).unwrap_or_default().to_owned(),
            known_on: state.trigger().0.to_string(),
            ..form
        },
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
    let mut errors = Errors::new(visitor.lang());
    if command(&site, visitor.lang(), (&origin, &form), &mut errors)?.is_none() {
        return site::again(apply_pages::form(&site, &visitor, &origin, &form, &errors).await?);
    }
    if matches!(origin, Origin::Open { .. }) {
        form.challenge = ask_code(&site, &form).await?;
    }
    site::ok(apply_pages::check(&site, &visitor, &origin, &form, &errors).await?)
}

async fn ask_code(site: &Site, form: &ApplyForm) -> Result<String, Fault> {
    let phone = Phone::parse(&form.phone).map_err(|_| Fault::Address)?;
    let about = portal::stream(StreamKind::Dossier, &form.case)?;
    // Bound to this application: a code for another opens nothing here.
    Ok(site.app.send_code("apply", &subject(form, &phone), phone.as_str(), &about).await?)
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
    if errors.is_empty() && !online(&site, origin.organ()).await? {
        return site::ok(apply_pages::offline(&site, &visitor, &origin).await?);
    }
    if let Some(case) = running(&site, &visitor, &origin, &stream).await? {
        return site::see(&format!("/my/{}", case.key()));
    }
    let open = matches!(origin, Origin::Open { .. });
    // A second press of the button finds its code used up; the key then tells that it is the same application.
    let sent = site.app.reader.load(&stream).await?.is_some();
    if open && !sent && errors.is_empty() {
        let phone = Phone::parse(&form.phone).map_err(|_| Fault::Address)?;
        match site.app.try_code(&form.challenge, "apply", &form.code).await {
            Ok(found) if found == subject(&form, &phone) => {}
            Ok(_) | Err(AppError::Refused(_)) => {
                errors.say("code", lang.text().letter.wrong_otp);
                form.code.clear();
                form.challenge = ask_code(&site, &form).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    if !errors.is_empty() {
        return site::again(apply_pages::check(&site, &visitor, &origin, &form, &errors).await?);
    }
    let actor = if open { Actor::anyone() } else { visitor.actor.clone() };
    if let Err(error) = site.app.handle(Request::one(&actor, &form.key, &stream, command)).await {
        let mut errors = Errors::new(lang);
        form_fault(&mut errors, lang, renamed(error).into())?;
        return site::again(apply_pages::form(&site, &visitor, &origin, &form, &errors).await?);
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
