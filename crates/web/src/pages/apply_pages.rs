//! What somebody who applies sees: the organs, the form, the check page.

use axum::response::Html;
use yanhe_core::dossier::RunningLimit;
use yanhe_core::matter::source_name;
use yanhe_core::values::parse_date;
use yanhe_core::{Date, StreamId};

use super::accepted::ACCEPT;
use super::apply::ApplyForm;
use super::apply_origin::Origin;
use super::counter::{kind_field, kind_of};
use super::letter::hotline;
use super::my_limits::foreseen;
use super::portal::{Buttons, FormBlock, Section, Sheet, masked};
use crate::components::{Button, Cell, Choice, Column, Errors, Field, Notice, NoticeKind, SummaryList, Table, Width};
use crate::layout::Frame;
use crate::site::{Fault, Site, Visitor};
use crate::text::{Lang, fill};

/// The organ's name in the reader's language.
pub fn organ_name(site: &Site, lang: Lang, code: &str) -> String {
    match lang {
        Lang::Zh => site.app.pack.body_name(code).to_owned(),
        Lang::En => site.app.pack.body_name_en(code).to_owned(),
    }
}

/// What an organ handles, in the words of the scope catalogue.
pub fn handles(site: &Site, lang: Lang, code: &str) -> Vec<(String, String)> {
    let scope = &site.app.pack.scope;
    let name =
        |id: &str| scope.entry_name(id).map(|(zh, en)| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() });
    scope.entries_of(site.app.pack.body_name(code)).filter_map(|id| name(id).map(|n| (id.to_owned(), n))).collect()
}

/// Which organ? Each with what it handles, and whether one can apply here.
///
/// # Errors
/// When the database fails.
pub async fn organs(site: &Site, visitor: &Visitor) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().apply);
    let frame = visitor.frame(&site.app, t.title);
    let rows = site.app.reader.organs().await?;
    let mut table = Table::new(
        lang,
        t.organs,
        vec![Column::text(lang.text().common.organ), Column::text(t.handles), Column::text(t.how)],
    );
    for organ in site.app.pack.mediating() {
        let row = rows.iter().find(|r| r.code == organ.code);
        let online = row.and_then(|r| r.online_on).is_some_and(|on| on <= site.app.today());
        let name = organ_name(site, lang, &organ.code);
        let subjects: Vec<String> = handles(site, lang, &organ.code).into_iter().map(|(_, name)| name).collect();
        let phone = row.map_or(String::new(), |r| r.phone.clone());
        let how = match online {
            true => Cell::link(t.here, format!("/apply?organ={}", organ.code)).note(phone),
            false => Cell::text(t.at_counter).note(format!("{phone} {}", row.map_or("", |r| r.address.as_str()))),
        };
        table = table.row(vec![
            Cell::text(name),
            Cell::text(subjects.join(if lang == Lang::Zh { "、" } else { "; " })),
            how,
        ]);
    }
    let sheet = Sheet::new(t.title)
        .lead(t.lead)
        .with(&Notice::new(lang, NoticeKind::Info, t.letter_better))
        .with(&table.quiet())
        .with(&Section::new(t.unsure_title).say(fill(t.unsure, &[("phone", &hotline(site).await?)])));
    Ok(frame.page(&sheet))
}

/// The organ takes no applications here yet: what to do instead.
///
/// # Errors
/// When the database fails.
pub async fn offline(site: &Site, visitor: &Visitor, origin: &Origin) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().apply);
    let frame = visitor.frame(&site.app, t.offline_title);
    let organ = site.app.reader.organ(origin.organ()).await?;
    let (phone, address) = organ.map(|o| (o.phone, o.address)).unwrap_or_default();
    let name = organ_name(site, lang, origin.organ());
    let sheet = Sheet::new(t.offline_title)
        .lead(fill(t.offline, &[("organ", &name)]))
        .with(&SummaryList::new().row(lang.text().common.phone, phone).row(lang.text().common.address, address))
        .with(&Section::default().say(t.rights));
    Ok(frame.page(&sheet))
}

/// There is a case of it already: which one, and that nothing more was made.
pub fn already(site: &Site, visitor: &Visitor, case: &StreamId, number: &str) -> Html<String> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().apply);
    let frame = visitor.frame(&site.app, t.already_title);
    let open = Button::primary(lang.text().my.open).to(format!("/my/{}", case.key()));
    let notice = Notice::new(lang, NoticeKind::Info, fill(t.already, &[("number", number)])).title(number);
    frame.page(&Sheet::new(t.already_title).with(&notice).with(&Buttons::default().with(&open)))
}

/// The hidden values that go along from page to page.
fn carried(mut block: FormBlock, form: &ApplyForm) -> FormBlock {
    for (name, value) in [
        ("key", &form.key),
        ("case", &form.case),
        ("matter", &form.matter),
        ("organ", &form.organ),
        ("again", &form.again),
    ] {
        block = block.hidden(name, value);
    }
    block
}

fn about(site: &Site, lang: Lang, origin: &Origin) -> SummaryList {
    let t = &lang.text().apply;
    let mut list = SummaryList::new().row(lang.text().common.organ, organ_name(site, lang, origin.organ()));
    list = match origin {
        Origin::Letter { state, .. } => list.row(
            t.matter,
            Cell::text(state.matter.number.as_str()).note(format!(
                "{} {}",
                lang.name("apply", source_name(state.matter.source)),
                lang.date(state.matter.occurred_on)
            )),
        ),
        Origin::Again { state, .. } => list.row(t.again_of, state.application.number.as_str()),
        Origin::Open { administrative: true, .. } => {
            return list.row(t.other_side, organ_name(site, lang, origin.organ()));
        }
        Origin::Open { .. } => return list,
    };
    let you = origin.party().map_or("", |party| party.name.text());
    let other = match origin.is_administrative() {
        true => organ_name(site, lang, origin.organ()),
        false => {
            let others = origin.other_side().into_iter().chain(origin.others());
            lang.list(&others.map(|p| p.name.text()).collect::<Vec<_>>())
        }
    };
    list = list.row(t.you, you);
    if other.is_empty() { list } else { list.row(t.other_side, other) }
}

/// The form.
///
/// # Errors
/// When the database fails.
pub async fn form(
    site: &Site,
    visitor: &Visitor,
    origin: &Origin,
    form: &ApplyForm,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().apply);
    let frame = visitor.frame(&site.app, t.form_title);
    let lead = match origin {
        Origin::Open { .. } => t.form_lead_open,
        Origin::Again { .. } => t.again_lead,
        Origin::Letter { .. } => t.form_lead,
    };
    let mut sheet = Sheet::new(t.form_title).lead(lead).errors(errors).with(&about(site, lang, origin));
    if origin.is_reporter() {
        sheet.add(&Notice::new(lang, NoticeKind::Warn, t.reporter));
    }
    let text = |name: &str, label: &str, value: &str| Field::text(lang, name, label).value(value).errors(errors);
    let who = |name: &str, value: &str| {
        let choices = vec![Choice::new("person", t.person), Choice::new("firm", t.firm)];
        Field::radio(lang, name, t.kind, choices).value(if value.is_empty() { "person" } else { value }).errors(errors)
    };
    let mut block = carried(FormBlock::new(&frame, "/apply/check"), form);
    block = block.part(&Section::new(t.about_you));
    let open = matches!(origin, Origin::Open { .. });
    let document = text("document", t.document, &form.document).width(Width::Medium);
    let firm = origin.party().is_some_and(|party| party.is_firm());
    if open {
        block = block
            .field(&who("kind", &form.kind))
            .field(&text("name", t.name, &form.name).autocomplete("name"))
            .field(&kind_field(lang, "document_kind", t.document_kind, &form.document_kind).errors(errors))
            .field(&document.hint(t.document_hint))
            .field(
                &text("phone", t.phone, &form.phone)
                    .hint(t.phone_open)
                    .inputmode("tel")
                    .autocomplete("tel")
                    .width(Width::Medium),
            );
    } else {
        if !firm {
            block =
                block.field(&kind_field(lang, "document_kind", t.document_kind, &form.document_kind).errors(errors));
        }
        block = block
            .hidden("kind", &form.kind)
            .hidden("name", &form.name)
            .field(&document.hint(if firm { t.credit_hint } else { t.document_later }).optional())
            .field(
                &text("phone", t.phone, &form.phone)
                    .hint(t.phone_letter)
                    .optional()
                    .inputmode("tel")
                    .autocomplete("tel")
                    .width(Width::Medium),
            );
    }
    block = block
        .field(&text("address", t.address, &form.address).hint(t.address_hint).autocomplete("street-address"))
        .field(&electronic(lang, &form.electronic).errors(errors));
    block = other_side(lang, block, origin, form, errors);
    block = block.part(&Section::new(t.about_dispute));
    if open {
        let subjects = handles(site, lang, origin.organ());
        let choices = subjects.into_iter().map(|(id, name)| Choice::new(id, name)).collect();
        block = block.field(
            &Field::select(lang, "entry", t.entry, choices)
                .hint(t.entry_hint)
                .value(&form.entry)
                .optional()
                .errors(errors),
        );
        let t = &lang.text().dossier_form;
        let number = text("old_number", t.old_number, &form.old_number).hint(lang.text().dossier.disputed_hint);
        let on = Field::date(lang, "old_on", t.old_on).value(&form.old_on).errors(errors);
        let result = Field::textarea(lang, "old_result", t.decision_before).value(&form.old_result).errors(errors);
        block = block.field(&number.optional()).field(&on.optional()).field(&result.optional());
    }
    block = block
        .field(&Field::textarea(lang, "claims", t.claims).hint(t.claims_hint).value(&form.claims).errors(errors))
        .field(&Field::textarea(lang, "facts", t.facts).hint(t.facts_hint).value(&form.facts).errors(errors));
    block = match origin.served_on() {
        Some(day) => block.part(&served(lang, day)),
        None => {
            let hint = fill(t.known_on_hint, &[("day", &origin.counted_from(lang))]);
            let known = Field::date(lang, "known_on", t.known_on).hint(hint).value(&form.known_on);
            block.field(&known.optional().errors(errors))
        }
    };
    block = block
        .field(&proceedings(lang, &form.proceedings).errors(errors))
        .field(
            &text("proceedings_text", t.proceedings_text, &form.proceedings_text).hint(t.proceedings_hint).optional(),
        )
        .button(Button::primary(t.to_check));
    if origin.is_reporter() {
        let yes = vec![Choice::new("yes", t.agrees_named_yes)];
        let agrees = Field::checkbox(lang, "agrees_named", t.agrees_named, yes).value(&form.agrees_named);
        block = block.field(&agrees.errors(errors));
    }
    sheet.add(&block);
    Ok(frame.page(&sheet))
}

/// The recorded day of service, which stands where it would be asked since when a decision is known.
pub fn served(lang: Lang, day: Date) -> SummaryList {
    let t = &lang.text().apply;
    SummaryList::new().row(t.served_on, Cell::text(lang.date(day)).note(t.served_on_note))
}

/// Is the dispute before somebody else? The applicant answers; nothing is chosen beforehand.
pub fn proceedings(lang: Lang, value: &str) -> Field {
    let t = &lang.text().apply;
    let choices = vec![Choice::new("none", t.proceedings_none), Choice::new("yes", t.proceedings_yes)];
    Field::radio(lang, "proceedings", t.proceedings, choices).value(value)
}

/// May papers come by message?
pub(super) fn electronic(lang: Lang, value: &str) -> Field {
    let t = &lang.text().apply;
    let yes = Choice::new("yes", t.electronic_yes).hint(t.electronic_yes_hint);
    let no = Choice::new("no", t.electronic_no).hint(t.electronic_no_hint);
    Field::radio(lang, "electronic", t.electronic, vec![yes, no]).hint(t.electronic_hint).value(value)
}

fn other_side(lang: Lang, block: FormBlock, origin: &Origin, form: &ApplyForm, errors: &Errors) -> FormBlock {
    let t = &lang.text().apply;
    if origin.is_administrative() {
        return block.part(&Section::new(t.other_side).say(t.other_is_organ));
    }
    let text = |name: &str, label: &str, value: &str| Field::text(lang, name, label).value(value).errors(errors);
    let block = block.part(&Section::new(t.other_side).say(t.other_text));
    let block = match origin.other_side() {
        Some(_) => block,
        None => {
            let choices = vec![Choice::new("firm", t.firm), Choice::new("person", t.person)];
            let kind = if form.other_kind.is_empty() { "firm" } else { &form.other_kind };
            block.field(&Field::radio(lang, "other_kind", t.kind, choices).value(kind).errors(errors)).field(&text(
                "other_name",
                t.other_name,
                &form.other_name,
            ))
        }
    };
    let choices = vec![Choice::new("firm", t.firm), Choice::new("person", t.person)];
    let kind = if form.second_kind.is_empty() { "firm" } else { &form.second_kind };
    let block = block
        .field(&text("other_phone", t.other_phone, &form.other_phone).optional().inputmode("tel").width(Width::Medium))
        .field(&text("other_address", t.other_address, &form.other_address).optional());
    // Once more it is between those between whom it was.
    if matches!(origin, Origin::Again { .. }) {
        return block;
    }
    block
        .part(&Section::new(t.second_side).say(t.second_text))
        .field(&Field::radio(lang, "second_kind", t.kind, choices).value(kind).errors(errors))
        .field(&text("second_name", t.second_name, &form.second_name).optional())
        .field(
            &text("second_phone", t.second_phone, &form.second_phone).optional().inputmode("tel").width(Width::Medium),
        )
}

fn answers(site: &Site, lang: Lang, origin: &Origin, form: &ApplyForm) -> SummaryList {
    let t = &lang.text().apply;
    let mut list = about(site, lang, origin);
    let mut add = |label: &str, value: &str| {
        let value = if value.trim().is_empty() { lang.text().common.none } else { value };
        let old = std::mem::take(&mut list);
        list = old.row(label, value);
    };
    if matches!(origin, Origin::Open { .. }) {
        add(t.name, &form.name);
    }
    if !form.document.trim().is_empty() {
        let kind = kind_of(&form.document_kind).filter(|_| form.kind != "firm");
        let kind = kind.map_or("", |k| if lang == Lang::Zh { k.name_zh() } else { k.name_en() });
        add(t.document, format!("{kind} {}", form.document).trim());
    }
    add(t.phone, &form.phone);
    add(t.address, &form.address);
    add(t.electronic, if form.electronic == "yes" { t.electronic_yes } else { t.electronic_no });
    if !origin.is_administrative() {
        if origin.other_side().is_none() {
            add(t.other_name, &form.other_name);
        }
        add(t.other_phone, &form.other_phone);
        add(t.other_address, &form.other_address);
        if !form.second_name.trim().is_empty() {
            add(t.second_name, &form.second_name);
            add(t.second_phone, &form.second_phone);
        }
    }
    if let Some((zh, en)) = site.app.pack.scope.entry_name(&form.entry) {
        add(t.entry, if lang == Lang::Zh { zh } else { en });
    }
    let form_text = &lang.text().dossier_form;
    let day = |typed: &str| parse_date(typed.trim()).map_or_else(|_| typed.to_owned(), |day| lang.date(day));
    for (label, value) in [
        (form_text.old_number, &form.old_number),
        (form_text.old_on, &day(&form.old_on)),
        (form_text.decision_before, &form.old_result),
    ] {
        if !value.trim().is_empty() {
            add(label, value);
        }
    }
    add(t.claims, &form.claims);
    add(t.facts, &form.facts);
    match origin.served_on() {
        Some(day) => add(t.served_on, &lang.date(day)),
        None => add(t.known_on, &day(&form.known_on)),
    }
    if origin.is_reporter() {
        add(t.agrees_named, t.agrees_named_yes);
    }
    let named = form.proceedings == "yes";
    add(t.proceedings, if named { &form.proceedings_text } else { t.proceedings_none });
    list
}

/// Everything once more before it is sent, with what it will do to the applicant's limits, files and, without a letter, the
/// code from the phone.
pub fn check(
    site: &Site,
    visitor: &Visitor,
    (origin, form): (&Origin, &ApplyForm),
    limits: &[RunningLimit],
    errors: &Errors,
) -> Html<String> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().apply);
    let frame: Frame = visitor.frame(&site.app, t.check_title);
    let mut sheet =
        Sheet::new(t.check_title).lead(t.check_lead).errors(errors).with(&answers(site, lang, origin, form));
    for section in foreseen(site, lang, limits, origin.is_administrative()) {
        sheet.add(&section);
    }
    let mut block = carried(FormBlock::new(&frame, "/apply/send").multipart(), form);
    for (name, value) in [
        ("entry", &form.entry),
        ("kind", &form.kind),
        ("name", &form.name),
        ("document_kind", &form.document_kind),
        ("document", &form.document),
        ("phone", &form.phone),
        ("address", &form.address),
        ("other_kind", &form.other_kind),
        ("other_name", &form.other_name),
        ("other_phone", &form.other_phone),
        ("other_address", &form.other_address),
        ("second_kind", &form.second_kind),
        ("second_name", &form.second_name),
        ("second_phone", &form.second_phone),
        ("agrees_named", &form.agrees_named),
        ("claims", &form.claims),
        ("facts", &form.facts),
        ("known_on", &form.known_on),
        ("old_number", &form.old_number),
        ("old_on", &form.old_on),
        ("old_result", &form.old_result),
        ("electronic", &form.electronic),
        ("proceedings", &form.proceedings),
        ("proceedings_text", &form.proceedings_text),
        ("challenge", &form.challenge),
    ] {
        block = block.hidden(name, value);
    }
    let files = Field::file(lang, "files", t.files).hint(t.files_hint).accept(ACCEPT).multiple().optional();
    block = block.field(&files.errors(errors));
    if matches!(origin, Origin::Open { .. }) {
        let code = Field::text(lang, "code", lang.text().letter.otp)
            .hint(fill(t.code_hint, &[("phone", &masked(&form.phone))]))
            .inputmode("numeric")
            .autocomplete("one-time-code")
            .width(Width::Short);
        block = block.field(&code.errors(errors));
    }
    block = block
        .button(Button::primary(t.send).sends("act", "send"))
        .button(Button::secondary(t.edit).sends("act", "edit"));
    if matches!(origin, Origin::Open { .. }) {
        block = block.button(Button::secondary(lang.text().letter.send_again).sends("act", "code"));
    }
    sheet.add(&block);
    frame.page(&sheet)
}
