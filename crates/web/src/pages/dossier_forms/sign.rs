//! Issuing, signing by a fresh one-time code, attesting a signature on paper, sealing.

use yanhe_app::AppError;
use yanhe_core::dossier::{Command, Via};
use yanhe_core::policy::Act;
use yanhe_core::{PaperRef, StreamId, staff};

use super::case::Case;
use super::page::{Draw, Form};
use super::typed::Typed;
use super::{agreement, by_hand};
use crate::components::{Button, Choice, Errors, Field, Markup, Notice, NoticeKind, SummaryList, Tag, Tone, Width};
use crate::pages::demo::code_field;
use crate::pages::letter::may_send;
use crate::site::Fault;
use crate::text::fill;

/// The paper that an act signs.
pub fn paper(case: &Case, act: Act) -> Option<PaperRef> {
    match act {
        Act::SignRecord => case.state.sessions.last().and_then(|s| s.record.clone()),
        Act::SignAgreement => case.state.agreement.as_ref().map(|a| a.paper.clone()),
        _ => None,
    }
}

/// The phone of the member of staff who acts: where one-time codes go.
///
/// # Errors
/// When the database fails.
pub async fn own_phone(case: &Case) -> Result<Option<String>, Fault> {
    let Some(stream) = StreamId::parse(&case.actor.id) else { return Ok(None) };
    let state = case.site.app.state::<staff::Staff>(&stream).await?;
    Ok(state.and_then(|s| s.profile.phone.open().cloned()).filter(|p| !p.is_empty()))
}

/// What a code proves: who signs which bytes.
fn subject(case: &Case, sha256: &str) -> String {
    format!("{}/{sha256}", case.actor.id)
}

/// Sends the code and puts its id into the form.
///
/// # Errors
/// When the database fails.
pub async fn send(case: &Case, act: Act, typed: &mut Typed, errors: &mut Errors) -> Result<(), Fault> {
    let Some(paper) = paper(case, act) else { return Ok(()) };
    match own_phone(case).await? {
        // For each paper anew: who signs many is not held up.
        Some(_) if !may_send(&case.site, &format!("{}/{}", case.actor.id, paper.id)).await? => {
            errors.say("", case.lang.text().letter.too_many);
        }
        Some(phone) => {
            let sha256 = typed.get("sha256").to_owned();
            let id = case.site.app.send_code("sign", &subject(case, &sha256), &phone, &paper.id).await?;
            typed.set("challenge", id);
        }
        None => errors.say("", case.lang.text().dossier_form.no_phone),
    }
    Ok(())
}

/// Tries the code that was typed.
///
/// # Errors
/// When the database fails; a wrong code is put into `errors`.
pub async fn verified(case: &Case, typed: &Typed, errors: &mut Errors) -> Result<bool, Fault> {
    match case.site.app.try_signing_code(typed.get("key"), typed.get("challenge"), typed.get("code")).await {
        Ok(proved) if proved == subject(case, typed.get("sha256")) => Ok(true),
        Ok(_) => {
            errors.say("code", case.lang.text().dossier_form.wrong_code);
            Ok(false)
        }
        Err(AppError::Refused(_)) => {
            errors.say("code", case.lang.text().dossier_form.wrong_code);
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// The form of an act of this part.
///
/// # Errors
/// When the database fails.
pub async fn form(case: &Case, act: Act, draw: &Draw<'_>) -> Result<Form, Fault> {
    let (lang, t) = (case.lang, &case.lang.text().dossier_form);
    let state = &case.state;
    Ok(match act {
        Act::IssueAgreement => {
            let preview = state.draft.as_ref().map_or_else(Vec::new, |draft| agreement::preview(case, draft));
            Form { lead: preview, ..Form::default() }
                .says(lang, t.issue)
                .button(Button::primary(t.issue_button))
                .button(Button::secondary(t.back_to_draft).to(format!("{}/draft_agreement", case.href())))
        }
        Act::SignAgreement => code_form(case, act, draw).await?,
        Act::SignRecord => code_form(case, act, draw).await?,
        Act::AttestApplication => {
            let (open, code) = (state.application_unsigned(), state.application_code.is_some());
            let says = if state.via == Via::Oral { t.attest_application } else { t.attest_portal_application };
            attest(case, draw, open, code, says, state.application_paper()).await?
        }
        Act::AttestRecord => {
            let session = state.sessions.last();
            let (open, code) = (state.record_unsigned(), session.is_some_and(|s| s.check_code.is_some()));
            attest(case, draw, open, code, t.attest_record, session.and_then(|s| s.record.as_ref())).await?
        }
        Act::NoteUnsigned => {
            let open = state.record_unsigned().into_iter().filter(|s| s.starts_with("party/"));
            let signers = open.map(|s| Choice::new(s.clone(), case.signer(&s))).collect();
            let how = vec![Choice::new("yes", t.would_not_sign), Choice::new("no", t.could_not_sign)];
            Form::of(vec![
                draw.radio("signer", t.who_has_not_signed, signers),
                draw.radio("refused", t.would_or_could, how),
                draw.area("reason", t.unsigned_reason),
            ])
            .says(lang, t.note_unsigned)
        }
        Act::WithdrawAgreement => {
            let form = Form::of(vec![draw.area("reason", t.withdraw_reason)]).warns(lang, t.withdraw);
            match &state.agreement {
                Some(agreement) => form.lead(document(case, &agreement.paper, "").await?),
                None => form,
            }
        }
        Act::AttestSignature => {
            let paper = state.agreement.as_ref().map(|a| &a.paper);
            let mut open = state.unsigned();
            let late = state.period.as_ref().filter(|_| state.is_expired_signing());
            // The period ends what parties have not signed: only they can have done so in time.
            open.retain(|signer| late.is_none() || signer.starts_with("party/"));
            let form = attest(case, draw, open, true, t.attest, paper).await?;
            match late {
                Some(period) => form.warns(lang, fill(t.late_signature, &[("day", &lang.date(period.last_day))])),
                None => form,
            }
        }
        _ => {
            let missing: Vec<String> = state.unsigned().iter().map(|s| case.signer(s)).collect();
            let form = Form::default().says(lang, t.seal);
            if missing.is_empty() {
                form
            } else {
                form.warns(lang, fill(t.seal_missing, &[("who", &lang.list(&missing))]))
            }
        }
    })
}

/// The form that attests a signature on a printed paper: nobody attests one of their own.
async fn attest(
    case: &Case,
    draw: &Draw<'_>,
    unsigned: Vec<String>,
    code: bool,
    says: &'static str,
    paper: Option<&PaperRef>,
) -> Result<Form, Fault> {
    let others = unsigned.into_iter().filter(|signer| *signer != case.actor.id);
    let signers = others.map(|s| Choice::new(s.clone(), case.signer(&s))).collect();
    let firms = yanhe_core::dossier::parties(&case.state).any(|(_, p)| p.is_firm());
    let form = Form::of(by_hand::form(draw, signers, firms, code)).says(case.lang, says).with_file();
    Ok(match paper {
        Some(paper) => form.lead(document(case, paper, "").await?),
        None => form,
    })
}

impl Form {
    /// With a warning when the record of the last session is not signed by everybody who was there, and where it is.
    pub(super) fn record_open(self, case: &Case) -> Self {
        let (lang, t) = (case.lang, &case.lang.text().dossier_form);
        let missing: Vec<String> = case.state.record_open().iter().map(|s| case.signer(s)).collect();
        if missing.is_empty() {
            return self;
        }
        let mut body = Vec::new();
        for act in [Act::SignRecord, Act::AttestRecord, Act::NoteUnsigned].into_iter().filter(|act| case.may(*act)) {
            let to = format!("{}/{}", case.href(), act.name());
            body.push(Markup::of(&Button::secondary(lang.name("act", act.name())).to(to)));
        }
        let text = fill(t.record_open, &[("who", &lang.list(&missing))]);
        self.lead(Markup::of(
            &Notice::new(lang, NoticeKind::Warn, text).title(t.record_open_title).body(Markup::all(&body)),
        ))
    }
}

/// The paper with its link and the hash of its bytes.
async fn document(case: &Case, paper: &PaperRef, shown: &str) -> Result<Markup, Fault> {
    let t = &case.lang.text().dossier_form;
    let sha256 = match shown {
        "" => case.site.app.paper_sha256(Some(paper)).await?,
        shown => shown.to_owned(),
    };
    let name = case.pick(case.site.app.pack.paper_name(&paper.kind), case.site.app.pack.paper_name_en(&paper.kind));
    let short: String = sha256.chars().take(16).collect();
    let link = crate::components::Cell::link(
        format!("{name} {} (PDF)", paper.number).replace("  ", " "),
        // What is signed: the other signers' signatures come after it.
        format!("/paper/{}/unsigned", paper.id.key()),
    );
    Ok(Markup::of(&SummaryList::new().row(t.paper, link).row("SHA-256", short)))
}

/// Who has signed the paper of an act, and who has not.
pub fn signers(case: &Case, act: Act) -> Markup {
    let (state, d) = (&case.state, &case.lang.text().dossier);
    let (all, open) = match (act, state.sessions.last()) {
        (Act::SignRecord, Some(session)) => (state.record_signers(session), state.record_unsigned()),
        _ => (state.signers(), state.unsigned()),
    };
    Markup::of(&all.iter().fold(SummaryList::new(), |list, signer| {
        let tag = match open.contains(signer) {
            true => Tag::new(d.unsigned, Tone::Attention),
            false => Tag::new(d.signed, Tone::Good),
        };
        list.row(case.signer(signer), tag)
    }))
}

async fn code_form(case: &Case, act: Act, draw: &Draw<'_>) -> Result<Form, Fault> {
    let (lang, t) = (case.lang, &case.lang.text().dossier_form);
    let Some(paper) = paper(case, act) else { return Ok(Form::default()) };
    // What is signed is what the signer saw: the hash of the first showing stays in the form.
    let sha256 = match draw.typed.get("sha256") {
        "" => case.site.app.paper_sha256(Some(&paper)).await?,
        shown => shown.to_owned(),
    };
    let lead = document(case, &paper, &sha256).await?;
    let hidden = |name: &str, value: &str| Markup::of(&Hidden { name: name.into(), value: value.into() });
    let mut parts = vec![hidden("sha256", &sha256)];
    let asked = draw.typed.get("challenge");
    let mediates = case.state.mediator.as_ref().is_some_and(|named| named.staff == case.actor.id);
    let mut form =
        Form::default().says(lang, if mediates { t.sign } else { t.sign_for_organ }).lead(signers(case, act));
    if asked.is_empty() {
        form = form.button(Button::primary(t.send_code).sends("do", "send"));
    } else {
        parts.push(hidden("challenge", asked));
        let code = Field::text(lang, "code", t.code)
            .hint(t.code_hint)
            .value(draw.typed.get("code"))
            .inputmode("numeric")
            .autocomplete("one-time-code")
            .width(Width::Short);
        let phone = own_phone(case).await?.unwrap_or_default();
        parts.push(Markup::of(&code_field(&case.site, lang, code, asked, &phone).await?.errors(draw.errors)));
        form = form
            .button(Button::primary(lang.text().common.sign).sends("do", "sign"))
            .button(Button::secondary(t.send_again).sends("do", "send"));
    }
    form.lead.insert(0, lead);
    form.parts = parts;
    Ok(form)
}

/// A hidden value of a form.
#[derive(askama::Template)]
#[template(source = r#"<input type="hidden" name="{{ name }}" value="{{ value }}">"#, ext = "html")]
pub struct Hidden {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
}

/// The command that the form asks for.
pub fn command(act: Act, typed: &Typed, scan: Option<String>, errors: &mut Errors) -> Option<Command> {
    Some(match act {
        Act::IssueAgreement => Command::IssueAgreement {},
        Act::WithdrawAgreement => Command::WithdrawAgreement { reason: typed.required("reason", errors) },
        Act::SignRecord => Command::SignRecord {},
        Act::AttestApplication => Command::AttestApplication(by_hand::read(typed, scan, errors)?),
        Act::AttestRecord => Command::AttestRecord(by_hand::read(typed, scan, errors)?),
        Act::NoteUnsigned => Command::NoteUnsigned {
            signer: typed.choice("signer", errors),
            refused: typed.choice("refused", errors) == "yes",
            reason: typed.required("reason", errors),
        },
        Act::SignAgreement => Command::SignAgreement { sha256: typed.get("sha256").to_owned() },
        Act::AttestSignature => Command::AttestSignature(by_hand::read(typed, scan, errors)?),
        _ => Command::SealAgreement {},
    })
}
