//! Sending the letters of one matter: to whom of those entitled, by which channel, and why against the proposal.

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::Html;
use axum::routing::get;
use yanhe_core::StreamId;
use yanhe_core::matter::{self, Matter, Recipient, channels, fitting_channel, plain_role};
use yanhe_core::party::Party;
use yanhe_core::policy::Act;
use yanhe_core::scope::{Kind, Source};
use yanhe_core::values::{Email, Phone};

use super::form::FormPage;
use super::listing::{Typed, hidden};
use super::matter::{dispute_named, stream_of};
use super::matter_act::{request, version};
use crate::components::{
    Breadcrumb, Button, Choice, Errors, Field, Link, Markup, Notice, NoticeKind, PostButton, SummaryList,
};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::stale;
use crate::text::{self, Lang, fill};

/// `GET, POST /matter/KEY/confirm_letter`.
pub fn router() -> Router<Site> {
    Router::new().route("/matter/{key}/confirm_letter", get(form).post(send))
}

async fn permitted(site: &Site, visitor: &Visitor, stream: &StreamId) -> Result<matter::State, Fault> {
    Ok(site.app.permit::<Matter>(&visitor.actor, Act::ConfirmLetter, stream).await?)
}

async fn form(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    visitor.staff()?;
    let stream = stream_of(&key)?;
    let state = permitted(&site, &visitor, &stream).await?;
    let mut typed = Typed(vec![("key".into(), site.app.fresh_key())]);
    typed.0.push(("version".into(), version(&site, &stream).await?));
    typed.0.push(("entry".into(), state.entry(&site.app.pack.scope).unwrap_or_default().into()));
    let proposed = |party: &Party| state.proposal_of(&party.person).send;
    let any = state.without_letter().any(|(_, party)| proposed(party));
    for (role, party) in state.without_letter() {
        if proposed(party) || !any {
            typed.0.push(("to".into(), role.clone()));
        }
        typed.0.push((format!("channel_{role}"), fitting_channel(&state, &role, party).into()));
    }
    site::ok(draw(&site, &visitor, &stream, &state, &typed, &Errors::new(visitor.lang())).await?)
}

/// Who somebody is of the matter, with the name.
fn named(lang: Lang, role: &str, party: &Party) -> String {
    fill(
        lang.text().matter.person_in_role,
        &[("name", party.name.text()), ("role", lang.name("matter", plain_role(role)))],
    )
}

/// What is known of somebody for a channel, masked.
fn known(lang: Lang, channel: &str, party: &Party) -> String {
    let masked = match channel {
        "sms" => party.mobile_text().and_then(|p| Phone::parse(p).ok()).map(|p| p.masked()),
        "email" => party.email_text().and_then(|e| Email::parse(e).ok()).map(|e| e.masked()),
        "mail" => party.address_text().map(str::to_owned),
        _ => return String::new(),
    };
    masked.unwrap_or_else(|| lang.text().matter.contact_missing.to_owned())
}

fn channel_fields(lang: Lang, state: &matter::State) -> Vec<Field> {
    let t = lang.text();
    let mut fields = Vec::new();
    for (role, party) in state.without_letter() {
        let mut choices: Vec<Choice> = channels(state, &role)
            .iter()
            .map(|channel| Choice::new(*channel, lang.name("channel", channel)).hint(known(lang, channel, party)))
            .collect();
        if fitting_channel(state, &role, party) == "address_needed" {
            choices
                .push(Choice::new("address_needed", lang.name("channel", "address_needed")).hint(t.matter.later_hint));
        }
        let label = fill(t.matter.channel_for, &[("name", party.name.text())]);
        fields.push(Field::radio(lang, format!("channel_{role}"), label, choices));
        let label = fill(t.matter.contact_for, &[("name", party.name.text())]);
        fields.push(Field::text(lang, format!("contact_{role}"), label).hint(t.matter.contact_hint).optional());
    }
    fields
}

/// Of which entry the dispute is, and so of which kind: a decision is always disputed with the organ, and needs no choice.
fn entry_field(site: &Site, lang: Lang, state: &matter::State) -> Option<Field> {
    let (t, scope) = (lang.text(), &site.app.pack.scope);
    let proposed = state.proposed_entry(scope);
    let choices = scope.choices(site.app.pack.body_name(&state.matter.organ), proposed).map(|id| {
        let kind = scope.kind_of(id).unwrap_or(Kind::None);
        let about = match kind {
            Kind::Administrative => t.matter.dispute_kind_administrative,
            Kind::Civil | Kind::None => t.matter.dispute_kind_civil,
        };
        Choice::new(id, dispute_named(site, lang, Some(id), kind)).hint(about)
    });
    let named = dispute_named(site, lang, proposed, state.proposed_kind());
    let hint = fill(t.matter.dispute_entry_hint, &[("proposed", &named)]);
    let asked = state.matter.source != Source::Penalty;
    asked.then(|| Field::radio(lang, "entry", t.matter.dispute_entry, choices.collect()).hint(hint))
}

async fn draw(
    site: &Site,
    visitor: &Visitor,
    stream: &StreamId,
    state: &matter::State,
    typed: &Typed,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let title = lang.name("act", Act::ConfirmLetter.name());
    let back = format!("/matter/{}", stream.key());
    let mut frame = visitor.frame(&site.app, title);
    frame.above = Breadcrumb::new(
        lang,
        vec![Link::new(t.matters.title, "/matters"), Link::new(state.matter.number.as_str(), back.as_str())],
    );
    let about = SummaryList::new()
        .row(t.common.number, state.matter.number.as_str())
        .row(t.matter.source, lang.name("source", matter::source_name(state.matter.source)));
    let mut page = FormPage {
        title: title.to_owned(),
        errors: errors.summary(),
        lead: t.matter.confirm_lead.to_owned(),
        above: Markup::of(&about),
        action: format!("/matter/{}/confirm_letter", stream.key()),
        hidden: Markup::all(&[hidden("key", typed.get("key")), hidden("version", typed.get("version"))]),
        buttons: vec![Button::primary(title), Button::secondary(t.common.cancel).to(back.as_str())],
        ..FormPage::default()
    };
    match site.app.refusal::<Matter>(&visitor.actor, stream, Some(state), Act::ConfirmLetter).await? {
        Some(refusal) => {
            // Somebody else was faster, or the law stands against it: said at once, not after typing.
            let notice = Notice::new(lang, NoticeKind::Warn, text::refusal(lang, &refusal));
            page.above = Markup::all(&[Markup::of(&notice.title(t.matter.refused_title)), Markup::of(&about)]);
            page.buttons = vec![Button::secondary(t.common.back).to(back)];
            if state.entitled().is_none() && state.standing == matter::Standing::Proposed {
                // Nobody is known to whom a letter could go: enter somebody, or decide that there is none.
                let enter = format!("/matter/{}/enter_entitled", stream.key());
                page.buttons.insert(0, Button::primary(lang.name("act", Act::EnterEntitled.name())).to(enter));
                let decline = PostButton::new(
                    format!("/matter/{}/decline_letter", stream.key()),
                    &frame.csrf,
                    Button::secondary(t.matter.decline_nobody),
                );
                let decline = decline
                    .hidden("key", typed.get("key"))
                    .hidden("version", typed.get("version"))
                    .hidden("reason", Lang::Zh.text().matter.nobody_reason);
                let why = Notice::new(lang, NoticeKind::Info, t.matter.nobody).title(t.matter.nobody_title);
                page.above = Markup::all(&[Markup::of(&why), Markup::of(&about), Markup::of(&decline)]);
            }
        }
        None => {
            let people = state.without_letter().map(|(role, party)| {
                let proposal = state.proposal_of(&party.person);
                let hint = if proposal.send { t.matter.proposal_send } else { t.matter.proposal_none };
                // Where none is proposed, the entry found is of another kind than a letter would be: one entry a page.
                let entry = match state.is_harmed(&party.person) {
                    true => state.entry_of(&party.person).0,
                    false => state.entry(&site.app.pack.scope),
                };
                let dispute = dispute_named(site, lang, entry, state.kind_of(&party.person));
                Choice::new(&role, named(lang, &role, party)).hint(format!("{hint} · {dispute}"))
            });
            let mut fields = vec![Field::checkbox(lang, "to", t.matter.confirm_to, people.collect())];
            fields.extend(entry_field(site, lang, state));
            fields.extend(channel_fields(lang, state));
            fields.push(Field::textarea(lang, "reason", t.common.reason).hint(t.matter.confirm_against).optional());
            page.fields = fields.into_iter().map(|field| typed.field(field, errors)).collect();
        }
    }
    Ok(page.page(&frame))
}

/// The recipients as they were chosen; what is missing for a channel is said at its field.
fn recipients(lang: Lang, state: &matter::State, typed: &Typed, errors: &mut Errors) -> Vec<Recipient> {
    let mut out = Vec::new();
    let chosen = typed.all("to");
    if chosen.is_empty() {
        errors.add("to", "choose");
    }
    for (role, party) in state.without_letter().filter(|(role, _)| chosen.contains(&role.as_str())) {
        let (channel, contact) = (format!("channel_{role}"), format!("contact_{role}"));
        let by = typed.trimmed(&channel);
        match by {
            "" => errors.add(&channel, "choose"),
            "address_needed" => {}
            by if !channels(state, &role).contains(&by) => errors.add(&channel, "unknown"),
            _ => {}
        }
        let given = match by {
            "sms" => match typed.given(&contact, errors, lang, Phone::parse) {
                Some(phone) if !phone.is_mobile() => {
                    errors.say(&contact, lang.text().letters.not_mobile);
                    None
                }
                phone => phone.map(|phone| phone.to_string()),
            },
            "email" => typed.given(&contact, errors, lang, Email::parse).map(|email| email.to_string()),
            "mail" => typed.filter(&contact),
            _ => None,
        };
        let known = match by {
            "sms" => party.mobile_text(),
            "email" => party.email_text(),
            "mail" => party.address_text(),
            _ => Some(""),
        };
        if known.is_none() && given.is_none() && errors.at(&contact).is_none() {
            errors.add(&contact, "required");
        }
        let channel = if by == "address_needed" { String::new() } else { by.to_owned() };
        out.push(Recipient { role, channel, contact: given });
    }
    out
}

async fn send(
    State(site): State<Site>,
    visitor: Visitor,
    Path(key): Path<String>,
    Form(mut typed): Form<Typed>,
) -> Answer {
    visitor.staff()?;
    visitor.check(typed.get("csrf"))?;
    let lang = visitor.lang();
    let stream = stream_of(&key)?;
    let state = permitted(&site, &visitor, &stream).await?;
    let mut errors = Errors::new(lang);
    if site.app.reader.receipt(typed.get("key")).await?.is_some() {
        // A second press: the first one sent them.
        return site::see(&format!("/matter/{key}"));
    }
    // Nothing was chosen on a form, or everybody has a letter meanwhile: as it is proposed, and the law answers.
    let plain = typed.all("to").is_empty() && !typed.0.iter().any(|(name, _)| name.starts_with("channel_"));
    let command = match state.without_letter().next().filter(|_| !plain) {
        None => matter::Command::ConfirmLetter { reason: typed.trimmed("reason").to_owned() },
        Some(_) => matter::Command::SendLetters {
            to: recipients(lang, &state, &typed, &mut errors),
            entry: typed.filter("entry"),
            reason: typed.trimmed("reason").to_owned(),
        },
    };
    if errors.is_empty() {
        match site.app.handle(request(&visitor, &stream, &typed, command)?).await {
            Ok(_) => return site::see(&format!("/matter/{key}")),
            Err(error) => stale::told(&site, &mut errors, lang, error).await?,
        }
    }
    // What is shown again is as it stands now, with what was typed.
    let now = site.app.state::<Matter>(&stream).await?.unwrap_or(state);
    let fresh = version(&site, &stream).await?;
    typed.0.retain(|(name, _)| name != "version");
    typed.0.push(("version".into(), fresh));
    site::again(draw(&site, &visitor, &stream, &now, &typed, &errors).await?)
}
