//! Signing by a party: read the paper, see its hash, get a one-time code, type it.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::Html;
use axum::routing::{MethodRouter, get};
use serde::Deserialize;
use yanhe_app::{AppError, Command, Request};
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::policy::Act;
use yanhe_core::{PaperRef, Refusal, StreamId};

use super::apply_pages::organ_name;
use super::demo::code_field;
use super::letter::may_send;
use super::my::Case;
use super::my_shown::last;
use super::portal::{self, FormBlock, Section, Sheet, masked};
use crate::components::{Breadcrumb, Button, Errors, Field, Link, Notice, NoticeKind, SummaryList, Tag, Tone, Width};
use crate::site::{self, Answer, Fault, Site, Visitor, form_fault};
use crate::text::{Lang, fill, refusal};

/// `GET, POST /my/KEY/sign_record`, `/my/KEY/sign_agreement`, `/confirmation/KEY/sign`.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/my/{key}/sign_record", signing(What::Record))
        .route("/my/{key}/sign_agreement", signing(What::Agreement))
        .route("/confirmation/{key}/sign", signing(What::Confirmation))
}

/// The page on which this is signed, and what its form sends.
fn signing(what: What) -> MethodRouter<Site> {
    get(move |State(site), visitor, Path(key), Query(sent)| show(site, visitor, key, sent, what))
        .post(move |State(site), visitor, Path(key), Form(form)| posted(site, visitor, key, what, form))
}

/// What is signed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Record,
    Agreement,
    Confirmation,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SignForm {
    csrf: String,
    key: String,
    /// `send` or `sign`.
    act: String,
    /// The hash that the signer saw.
    sha256: String,
    challenge: String,
    code: String,
}

/// In the address of a signing page: the code that was sent. So the page can be left for the message, and opened again.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// The code's id.
    pub challenge: String,
}

impl Sent {
    /// The address with the id of a code that was sent.
    pub fn address(page: &str, challenge: &str) -> String {
        format!("{page}?challenge={}", crate::layout::percent(challenge))
    }
}

/// The paper that is to be signed, with all that its page shows.
struct Signing {
    what: What,
    case: Case,
    stream: StreamId,
    paper: PaperRef,
    sha256: String,
    check_code: String,
    refused: Option<Refusal>,
    signed: bool,
}

impl Signing {
    /// # Errors
    /// [`AppError::NotFound`] where there never was such a paper for this party.
    async fn load(site: &Site, visitor: &Visitor, case: Case, what: What) -> Result<Self, Fault> {
        let signer = format!("party/{}", case.me);
        let has = |signatures: &[dossier::Signature]| signatures.iter().any(|s| s.signer == signer);
        let state = &case.state;
        let (paper, signed, check_code) = match what {
            What::Record => {
                let session = state.sessions.last().ok_or(AppError::NotFound)?;
                let code = session.check_code.as_deref().unwrap_or_default();
                (session.record.clone().ok_or(AppError::NotFound)?, has(&session.signatures), code)
            }
            What::Agreement => {
                let agreement = state.agreement.as_ref().ok_or(AppError::NotFound)?;
                (agreement.paper.clone(), has(&agreement.signatures), agreement.check_code.as_str())
            }
            What::Confirmation => {
                let confirmation = case.confirmation.as_ref().ok_or(AppError::NotFound)?;
                let code = confirmation.check_code.as_str();
                (confirmation.application.clone(), has(&confirmation.signatures), code)
            }
        };
        let check_code = yanhe_app::dashed(check_code);
        let (stream, refused) = match (what, &case.confirmation) {
            (What::Confirmation, found) => {
                let stream = case.confirmation_stream();
                let refused =
                    site.app.refusal::<Confirmation>(&visitor.actor, &stream, found.as_ref(), Act::SignConfirmation);
                (stream.clone(), refused.await?)
            }
            (What::Record | What::Agreement, _) => {
                let act = if what == What::Record { Act::SignRecord } else { Act::SignAgreement };
                let refused = site.app.refusal::<Dossier>(&visitor.actor, &case.stream, Some(state), act).await?;
                (case.stream.clone(), refused)
            }
        };
        let sha256 = site.app.paper_sha256(Some(&paper)).await?;
        Ok(Self { what, case, stream, paper, sha256, check_code, refused, signed })
    }

    fn address(&self) -> String {
        let key = self.case.stream.key();
        match self.what {
            What::Record => format!("/my/{key}/sign_record"),
            What::Agreement => format!("/my/{key}/sign_agreement"),
            What::Confirmation => format!("/confirmation/{key}/sign"),
        }
    }

    /// Who has signed it and who has not.
    fn signers(&self, lang: Lang) -> Option<SummaryList> {
        let state = &self.case.state;
        let (all, open): (Vec<String>, Vec<String>) = match self.what {
            What::Record => (state.record_signers(state.sessions.last()?), state.record_unsigned()),
            What::Agreement => (state.signers(), state.unsigned()),
            What::Confirmation => {
                let confirmation = self.case.confirmation.as_ref()?;
                let all = confirmation.subject.parties.iter().map(|p| format!("party/{}", p.person));
                (all.collect(), confirmation.unsigned())
            }
        };
        let t = &lang.text().my;
        Some(all.into_iter().fold(SummaryList::new(), |list, signer| {
            let party = dossier::everybody(state).find(|(_, p)| format!("party/{}", p.person) == signer);
            let name = match (party, &state.mediator) {
                (Some((_, party)), _) => party.name.text().to_owned(),
                (None, Some(mediator)) => format!("{} {}", lang.text().role.mediator, mediator.name.text()),
                (None, None) => lang.text().role.mediator.to_owned(),
            };
            let tag = match open.contains(&signer) {
                true => Tag::new(t.unsigned, Tone::Attention),
                false => Tag::new(t.signed, Tone::Good),
            };
            list.row(name, tag)
        }))
    }

    fn phone(&self) -> Option<&str> {
        let phone = self.case.state.party(&self.case.me)?.phone_text()?;
        yanhe_core::values::Phone::parse(phone).is_ok_and(|p| p.is_mobile()).then_some(phone)
    }

    /// What a code is good for: this person, these bytes, nothing else.
    fn subject(&self) -> String {
        format!("party/{}/{}", self.case.me, self.sha256)
    }

    fn command(&self, sha256: &str) -> Command {
        let sha256 = sha256.to_owned();
        match self.what {
            What::Record => dossier::Command::SignRecord {}.into(),
            What::Agreement => dossier::Command::SignAgreement { sha256 }.into(),
            What::Confirmation => confirmation::Command::Sign { sha256 }.into(),
        }
    }
}

/// The PDF: a link for every screen, and a frame for large ones.
#[derive(Template)]
#[template(path = "pages/sign_paper.html")]
struct Paper {
    href: String,
    label: String,
}

/// The beginning of a hash, in groups that can be compared by eye.
pub fn short(sha256: &str) -> String {
    let head: Vec<char> = sha256.chars().take(16).collect();
    head.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

async fn page(
    site: &Site,
    visitor: &Visitor,
    signing: &Signing,
    form: &SignForm,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().sign);
    let title = match signing.what {
        What::Record => t.record_title,
        What::Agreement => t.agreement_title,
        What::Confirmation => t.confirmation_title,
    };
    let mut frame = visitor.frame(&site.app, title);
    let back = format!("/my/{}", signing.case.stream.key());
    let number = signing.case.state.application.number.as_str();
    frame.above = Breadcrumb::new(lang, vec![Link::new(lang.text().my.title, "/my"), Link::new(number, &back)]);
    let mut sheet = Sheet::new(title).errors(errors);
    if signing.signed {
        let done = match signing.what {
            What::Record => t.done_record,
            What::Agreement => t.done,
            What::Confirmation => t.done_confirmation,
        };
        sheet.add(&Notice::new(lang, NoticeKind::Success, done).title(t.done_title));
    } else {
        sheet = sheet.lead(t.lead);
    }
    // A record has no number of its own: it is called by what it is.
    let kind = &signing.paper.kind;
    let name = match lang {
        Lang::Zh => format!("《{}》", site.app.pack.paper_name(kind)),
        Lang::En => format!("\"{}\"", site.app.pack.paper_name_en(kind)),
    };
    let called = [name.as_str(), &signing.paper.number].join(" ").trim().to_owned();
    let mut list = SummaryList::new().row(t.paper_name, called.as_str()).row(t.hash, short(&signing.sha256));
    if !signing.check_code.is_empty() {
        list = list.row(t.check_code, signing.check_code.as_str());
    }
    // What is signed has no signature on it; who has signed sees the file with theirs.
    let which = if signing.signed { "" } else { "/unsigned" };
    let href = format!("/paper/{}{which}", signing.paper.id.key());
    let step = if signing.signed { String::new() } else { t.read_title.to_owned() };
    sheet.add(&Section::new(step).with(&list).with(&Paper { href, label: t.read.to_owned() }));
    if signing.signed {
        if let Some(signers) = signing.signers(lang) {
            sheet.add(&Section::new(t.signers_title).with(&signers));
        }
        sheet.add(&Button::primary(lang.text().my.to_case).to(back));
        return Ok(frame.page(&sheet));
    }
    let over = signing
        .case
        .confirmation
        .as_ref()
        .filter(|filing| signing.what == What::Confirmation && filing.is_lapsed(site.app.today()));
    if let Some(filing) = over {
        let by = &filing.subject.apply_by;
        let text = fill(lang.text().my.confirmation_lapsed, &[("day", &lang.date(by.last_day))]);
        sheet.add(&Notice::new(lang, NoticeKind::Warn, text).title(t.not_now));
        sheet.add(&Section::new("").say(lang.text().dossier_form.remains).with(&signing.case.deadline(site, lang, by)));
    } else if let Some(refused) = &signing.refused {
        sheet.add(&Notice::new(lang, NoticeKind::Warn, refusal(lang, refused)).title(t.not_now));
    } else if let Some(sent_to) = signing.phone() {
        let phone = masked(sent_to);
        let mut block =
            FormBlock::new(&frame, signing.address()).hidden("sha256", &signing.sha256).hidden("key", &form.key);
        let mut section = Section::new(t.code_title);
        if form.challenge.is_empty() {
            section = section.say(fill(t.meaning, &[("paper", &called)]));
            block = block
                .button(Button::primary(fill(lang.text().letter.send_to, &[("phone", &phone)])).sends("act", "send"));
        } else {
            section = section.say(fill(lang.text().letter.sent, &[("phone", &phone)]));
            let code = Field::text(lang, "code", lang.text().letter.otp)
                .hint(lang.text().letter.otp_hint)
                .inputmode("numeric")
                .autocomplete("one-time-code")
                .width(Width::Short);
            let code = code_field(site, lang, code, &form.challenge, sent_to).await?;
            block = block
                .hidden("challenge", &form.challenge)
                .field(&code.errors(errors))
                .button(Button::primary(t.sign).sends("act", "sign"))
                .button(Button::secondary(lang.text().letter.send_again).sends("act", "send"));
        }
        sheet.add(&section.with(&block).panel());
    }
    if let Some(signers) = signing.signers(lang) {
        sheet.add(&Section::new(t.signers_title).with(&signers));
    }
    // What cannot be signed any more is not signed by hand either.
    if over.is_some() {
        return Ok(frame.page(&sheet));
    }
    let organ = organ_name(site, lang, &signing.case.state.organ);
    let profile = site.app.organ_profile(&signing.case.state.organ).await?;
    let (phone, address) = profile.map(|p| (p.phone, p.address)).unwrap_or_default();
    sheet.add(
        &Section::new(t.paper_title).say(fill(t.paper, &[("organ", &organ), ("phone", &phone), ("address", &address)])),
    );
    Ok(frame.page(&sheet))
}

/// The page of an agreement that was withdrawn while this party had it open: by whom, and that nothing is to be signed.
async fn withdrawn(site: &Site, visitor: &Visitor, case: &Case, what: What) -> Result<Option<Html<String>>, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().sign);
    if what != What::Agreement || case.state.agreement.is_some() {
        return Ok(None);
    }
    let Some(event) = last(site, lang, case, "agreement_withdrawn").await? else { return Ok(None) };
    let frame = visitor.frame(&site.app, t.agreement_title);
    let said = fill(t.withdrawn, &[("when", &event.when), ("who", &event.who)]);
    let notice = Notice::new(lang, NoticeKind::Info, said).title(t.withdrawn_title);
    let back = Button::primary(lang.text().my.to_case).to(format!("/my/{}", case.stream.key()));
    Ok(Some(frame.page(&Sheet::new(t.agreement_title).with(&notice).with(&back))))
}

async fn show(site: Site, visitor: Visitor, key: String, sent: Sent, what: What) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    if let Some(page) = withdrawn(&site, &visitor, &case, what).await? {
        return site::ok(page);
    }
    let signing = Signing::load(&site, &visitor, case, what).await?;
    let form = SignForm { key: site.app.fresh_key(), challenge: sent.challenge, ..SignForm::default() };
    site::ok(page(&site, &visitor, &signing, &form, &Errors::new(visitor.lang())).await?)
}

async fn posted(site: Site, visitor: Visitor, key: String, what: What, mut form: SignForm) -> Answer {
    visitor.check(&form.csrf)?;
    let lang = visitor.lang();
    let case = Case::load(&site, &visitor, &key).await?;
    if let Some(page) = withdrawn(&site, &visitor, &case, what).await? {
        return site::again(page);
    }
    let signing = Signing::load(&site, &visitor, case, what).await?;
    // A second press, or a page that was left open: it is signed, and that is what the page says.
    if signing.signed {
        return site::see(&signing.address());
    }
    let mut errors = Errors::new(lang);
    if let Some(refused) = &signing.refused {
        errors.refused(refused);
        return site::again(page(&site, &visitor, &signing, &form, &errors).await?);
    }
    // What was read is what is signed.
    if form.sha256 != signing.sha256 {
        errors.refused(&yanhe_core::Reason::Stale.into());
        form.challenge.clear();
        return site::again(page(&site, &visitor, &signing, &form, &errors).await?);
    }
    let Some(phone) = signing.phone() else { return Err(AppError::NotFound.into()) };
    if form.act == "send" {
        if !may_send(&site, &signing.subject()).await? {
            errors.say("", lang.text().letter.too_many);
            return site::again(page(&site, &visitor, &signing, &form, &errors).await?);
        }
        let challenge = site.app.send_code("sign", &signing.subject(), phone, &signing.stream).await?;
        return site::see(&Sent::address(&signing.address(), &challenge));
    }
    match site.app.try_signing_code(&form.key, &form.challenge, &form.code).await {
        Ok(subject) if subject == signing.subject() => {
            let command = signing.command(&form.sha256);
            let request = Request::one(&visitor.actor, &form.key, &signing.stream, command).verified();
            match site.app.handle(request).await {
                Ok(_) => return site::see(&signing.address()),
                Err(error) => form_fault(&mut errors, lang, portal::hidden(error))?,
            }
        }
        Ok(_) | Err(AppError::Refused(_)) => errors.say("code", lang.text().letter.wrong_otp),
        Err(error) => return Err(error.into()),
    }
    site::again(page(&site, &visitor, &signing, &form, &errors).await?)
}
