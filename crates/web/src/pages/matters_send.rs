//! Before many letters go out: who gets one, by which channel, and what is missing.

use std::collections::BTreeSet;

use axum::response::Html;
use yanhe_core::StreamId;
use yanhe_core::matter::{self, Standing, fitting_channel, plain_role};
use yanhe_core::scope::{Kind, Source};

use super::form::FormPage;
use super::listing::{self, Typed, all_hidden, hidden};
use super::matter::dispute_named;
use crate::components::{
    Breadcrumb, Button, Cell, Choice, Column, Errors, Field, Link, Markup, Notice, NoticeKind, Table, Tag, Tone,
};
use crate::site::{Fault, Site, Visitor};
use crate::stale;
use crate::text::fill;

/// The page that says what a press will send, and asks once more. `chosen` are the matters that were ticked. Where a
/// colleague has declined meanwhile, it says who, when and why.
///
/// # Errors
/// When the database fails.
pub async fn preview(
    site: &Site,
    visitor: &Visitor,
    chosen: &[(StreamId, matter::State)],
    typed: &Typed,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let columns = vec![
        Column::text(t.common.number),
        Column::text(t.matters.preview_to),
        Column::text(t.matters.preview_dispute),
        Column::text(t.matter.confirm_channel),
        Column::text(t.matters.preview_note),
    ];
    let (mut letters, mut no_address, mut against) = (0_usize, 0_usize, 0_usize);
    let mut table = Table::new(lang, t.matters.preview_table, columns);
    let mut channels: BTreeSet<&str> = BTreeSet::new();
    for (stream, state) in chosen {
        let number = Cell::link(state.matter.number.as_str(), format!("/matter/{}", stream.key()));
        let waiting: Vec<_> = state.without_letter().collect();
        let any = waiting.iter().any(|(_, party)| state.proposal_of(&party.person).send);
        if waiting.is_empty() {
            let note = if state.entitled().is_some() { t.matters.preview_has } else { t.matters.preview_nobody };
            table = table.row(vec![number.clone(), "".into(), "".into(), "".into(), note.into()]);
        }
        let declined = match state.standing {
            Standing::Declined => stale::decided(site, lang, stream).await?,
            _ => None,
        };
        for (role, party) in waiting {
            let proposed = state.proposal_of(&party.person).send;
            if any && !proposed {
                continue;
            }
            let channel = fitting_channel(state, &role, party);
            letters += 1;
            channels.insert(channel);
            let missing = channel == "address_needed";
            no_address += usize::from(missing);
            against += usize::from(!proposed || declined.is_some());
            let note = match (missing, proposed) {
                (true, true) => Cell::tag(Tag::new(t.matters.preview_missing, Tone::Attention)),
                (true, false) => {
                    Cell::tag(Tag::new(t.matters.preview_missing, Tone::Attention)).note(t.matters.preview_against)
                }
                (false, false) => Cell::tag(Tag::new(t.matters.preview_against, Tone::Attention)),
                (false, true) => Cell::default(),
            };
            let note = match &declined {
                Some(declined) => note.note(fill(t.matters.preview_declined, &[("what", declined)])),
                None => note,
            };
            table = table.row(vec![
                number.clone(),
                Cell::text(party.name.text()).note(lang.name("matter", plain_role(&role))),
                // For one matter alone another sort is found on its form.
                Cell::link(
                    dispute_named(site, lang, state.entry_of(&party.person).0, state.kind_of(&party.person)),
                    format!("/matter/{}/confirm_letter", stream.key()),
                ),
                lang.name("channel", channel).into(),
                note,
            ]);
        }
    }
    let count = |n: usize| n.to_string();
    let mut said = fill(t.matters.preview_count, &[("matters", &count(chosen.len())), ("letters", &count(letters))]);
    if no_address > 0 {
        said.push_str(&fill(t.matters.preview_count_missing, &[("count", &count(no_address))]));
    }
    if against > 0 {
        said.push_str(&fill(t.matters.preview_count_against, &[("count", &count(against))]));
    }
    let kind = if no_address + against > 0 { NoticeKind::Warn } else { NoticeKind::Info };
    let title = t.matters.preview_title;
    let mut frame = visitor.frame(&site.app, title);
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.matters.title, "/matters")]);
    let mut reason = Field::text(lang, "reason", t.matters.chosen_reason).hint(t.matters.preview_reason);
    if against == 0 {
        reason = reason.optional();
    }
    let press = fill(t.matters.preview_send, &[("count", &count(letters))]);
    let back = listing::address("/matters", &asked(typed).without_place());
    Ok(FormPage {
        title: title.to_owned(),
        errors: errors.summary(),
        lead: t.matters.preview_lead.to_owned(),
        above: Markup::all(&[Markup::of(&Notice::new(lang, kind, said)), Markup::of(&table)]),
        action: "/matters/chosen".to_owned(),
        hidden: Markup::all(&[
            hidden("key", typed.get("key")),
            hidden("asked", typed.get("asked")),
            all_hidden("matter", &chosen.iter().map(|(stream, _)| stream.key()).collect::<Vec<_>>()),
        ]),
        fields: sorts(site, visitor, chosen).into_iter().chain([reason]).map(|f| typed.field(f, errors)).collect(),
        buttons: vec![Button::primary(press).sends("do", "confirm"), Button::secondary(t.common.cancel).to(back)],
    }
    .page(&frame))
}

/// Is the sort of this matter's dispute found by a clerk? A decision is always disputed with the organ.
pub fn is_found(state: &matter::State) -> bool {
    state.matter.source != Source::Penalty
}

/// Of which entry all these disputes are, where a clerk finds it otherwise than it is proposed.
fn sorts(site: &Site, visitor: &Visitor, chosen: &[(StreamId, matter::State)]) -> Option<Field> {
    let (lang, scope) = (visitor.lang(), &site.app.pack.scope);
    let t = &lang.text().matters;
    let (_, first) = chosen.iter().find(|(_, state)| is_found(state))?;
    let named = |id| Choice::new(id, dispute_named(site, lang, Some(id), scope.kind_of(id).unwrap_or(Kind::None)));
    let choices = scope.choices(site.app.pack.body_name(&first.matter.organ), None).map(named);
    Some(Field::select(lang, "entry", t.preview_entry, choices.collect()).hint(t.preview_entry_hint).optional())
}

/// The list's filters as they stood when the boxes were ticked.
pub fn asked(typed: &Typed) -> Typed {
    let uri = format!("/{}", typed.get("asked")).parse::<axum::http::Uri>().ok();
    let query = uri.and_then(|uri| axum::extract::Query::<Typed>::try_from_uri(&uri).ok());
    query.map(|query| query.0).unwrap_or_default()
}
