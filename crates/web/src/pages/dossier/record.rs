//! Papers, files, corrections, and what happened in order.

use std::collections::BTreeMap;

use yanhe_core::dossier::{self, Dossier, Event, Identity};
use yanhe_core::party::Party;
use yanhe_core::policy::{Act, Actor};
use yanhe_core::time::county_time;
use yanhe_core::{StreamId, Timestamp};
use yanhe_store_read::Page;
use yanhe_store_read::views::journal::EntryView;
use yanhe_store_read::views::paper::PaperView;

use super::super::dossier_forms::case::{Case, pick};
use super::super::dossier_forms::{change, field_name, kept_value};
use super::super::matter::masked_document;
use super::super::{case_papers, corrected};
use super::{event_name, state_tag};
use crate::components::{
    Cell, Column, Deadline, EmptyState, FileItem, FileList, Link, Markup, Moment, Table, Tag, Timeline, Tone,
};
use crate::site::{Fault, Site};
use crate::text::{Lang, fill};

/// What is done seldom to a paper, folded away.
#[derive(askama::Template)]
#[template(
    source = r#"<details class="acts"><summary>{{ label }}</summary><ul class="plain">{% for link in links %}<li><a href="{{ link.href }}">{{ link.label }}</a></li>{% endfor %}</ul></details>"#,
    ext = "html"
)]
struct Folded {
    label: &'static str,
    links: Vec<Link>,
}

/// The papers about a stream as a table.
///
/// # Errors
/// When the database fails.
pub async fn paper_table(
    site: &Site,
    lang: Lang,
    state: &dossier::State,
    rows: &[PaperView],
    actor: &Actor,
) -> Result<Table, Fault> {
    let d = &lang.text().dossier;
    let names: Vec<_> = rows.iter().map(|row| (&row.stream, &row.addressee)).collect();
    site.app.prepare_names(&names).await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let (name, replaced) = case_papers::name(site, lang, state, row);
        let to = site.app.name(&row.stream, row.addressee.as_ref()).await?;
        let served = row.served_on.map_or_else(|| "—".to_owned(), |on| fill(d.served_on, &[("day", &lang.date(on))]));
        let open = row.served_on.is_none() && !to.is_empty() && row.state != "voided";
        let service = if open {
            Cell::link(d.record_service, format!("/paper/{}/record_service", row.stream.key()))
        } else {
            served.into()
        };
        let tag = if row.state == "sent" { Tag::new(d.sent, Tone::Going) } else { state_tag(lang, &row.state) };
        let on = rows.iter().find(|other| other.stream.as_str() == row.about);
        out.push(vec![
            Cell::link(format!("{name} (PDF)"), format!("/paper/{}", row.stream.key()))
                .note([row.number.clone(), corrected::about(site, lang, on)].join(" ").trim()),
            row.date.map_or_else(String::new, |on| lang.date(on)).into(),
            to.into(),
            Cell::tag(tag).note(if replaced.is_empty() { corrected::mark(lang, row, rows) } else { replaced }),
            service,
        ]);
        let notices: &[Act] = match yanhe_core::paper::parties_sign(&row.kind) {
            true => &[],
            false => &[Act::CorrectPaper, Act::VoidPaper],
        };
        let notices = notices.iter().filter(|act| row.state != "voided" && corrected::may(actor, **act, row));
        let links: Vec<Link> = notices
            .map(|act| Link::new(lang.name("act", act.name()), format!("/paper/{}/{}", row.stream.key(), act.name())))
            .collect();
        if let (Some(cell), false) = (out.last_mut().and_then(|cells| cells.last_mut()), links.is_empty()) {
            cell.markup = Markup::of(&Folded { label: lang.text().corrected.acts, links });
        }
    }
    let c = &lang.text().common;
    let columns = vec![
        Column::text(d.paper),
        Column::text(c.date),
        Column::text(d.addressee),
        Column::text(c.state),
        Column::text(d.service),
    ];
    Ok(Table::new(lang, d.papers, columns).quiet().rows(out))
}

/// The papers of the case, each followed by the notices on it.
///
/// # Errors
/// When the database fails.
pub async fn papers(case: &Case) -> Result<Vec<PaperView>, Fault> {
    let reader = &case.site.app.reader;
    let mut papers = reader.papers_about(&case.stream, &Page::first(100)).await?.rows;
    case_papers::latest_first(&mut papers);
    let notices = reader.notices_about(&case.stream).await?;
    let with_notices = papers.into_iter().flat_map(|paper| {
        let on: Vec<PaperView> = notices.iter().filter(|n| n.about == paper.stream.as_str()).cloned().collect();
        std::iter::once(paper).chain(on)
    });
    Ok(with_notices.collect())
}

/// The files that were added.
///
/// # Errors
/// When the database fails.
pub async fn files(case: &Case) -> Result<Markup, Fault> {
    let d = &case.lang.text().dossier;
    if case.state.files.is_empty() {
        return Ok(Markup::of(&EmptyState::new(d.no_files, d.no_files_text)));
    }
    let names = case.actors(case.state.files.iter().map(|f| f.by.clone()).collect()).await?;
    let items = case.state.files.iter().enumerate().map(|(n, file)| {
        let name = file.name.text();
        let kind = name.rsplit_once('.').map_or(String::new(), |(_, end)| end.to_uppercase());
        let size = u64::try_from(file.size).unwrap_or_default();
        FileItem::new(name, format!("{}/file/{n}", case.href()), &kind, size)
            .note(fill(d.file_by, &[("who", names.get(&file.by).map_or("", String::as_str))]))
    });
    Ok(Markup::of(&FileList { files: items.collect() }))
}

/// Corrections with before, after and reason.
///
/// # Errors
/// When the database fails.
pub async fn corrections(case: &Case) -> Result<Markup, Fault> {
    let (lang, d) = (case.lang, &case.lang.text().dossier);
    let list = &case.state.corrections;
    if list.is_empty() {
        return Ok(Markup::default());
    }
    let ids = list.iter().flat_map(|c| std::iter::once(c.by.clone()).chain(c.approver.clone())).collect();
    let names = case.actors(ids).await?;
    let name = |id: &str| names.get(id).cloned().unwrap_or_default();
    let rows = list.iter().map(|c| {
        let state = match &c.approver {
            Some(who) if c.refused.is_some() => {
                let why = c.refused.as_ref().map_or("", |r| r.text());
                Cell::tag(Tag::new(d.correction_refused, Tone::Bad)).note(format!("{} {why}", name(who)))
            }
            Some(who) => Cell::tag(Tag::new(d.correction_done, Tone::Good)).note(name(who)),
            None => Cell::tag(Tag::new(d.correction_open, Tone::Attention)),
        };
        vec![
            Cell::text(field_name(case, &c.field)).note(name(&c.by)),
            kept_value(lang, &c.field, c.before.text()).into(),
            kept_value(lang, &c.field, c.after.text()).into(),
            c.reason.text().into(),
            state,
        ]
    });
    let t = lang.text();
    let columns = vec![
        Column::text(t.dossier_form.correct_what),
        Column::text(lang.name("label", "before")),
        Column::text(lang.name("label", "after")),
        Column::text(t.common.reason),
        Column::text(t.common.state),
    ];
    Ok(Markup::of(&Table::new(lang, d.corrections, columns).rows(rows)))
}

/// When something was recorded, as the reader's language writes it.
pub fn when(lang: Lang, at: i64) -> String {
    lang.time(county_time(Timestamp::from_microsecond(at).unwrap_or_default()))
}

/// What happened after a version, in order, with who did it.
///
/// # Errors
/// When the database fails.
pub async fn history(case: &Case, after: i64) -> Result<Timeline, Fault> {
    let lang = case.lang;
    let history = case.site.app.history_after::<Dossier>(&case.stream, after).await?;
    let names = case.actors(history.iter().map(|(e, _)| e.actor.clone()).collect()).await?;
    let seen_before = seen_before(case, &history).await?;
    let moments = history.iter().map(|(entry, event)| {
        let mut moment = Moment {
            when: when(lang, entry.at),
            title: event_name(lang, &entry.kind),
            who: names.get(&entry.actor).cloned().unwrap_or_default(),
            ..Moment::default()
        };
        tell(case, event, &mut moment);
        if let Event::IdentityRecorded { identity } = event {
            moment.text = tell_identity(case, identity, seen_before.get(&entry.position));
        }
        if let Some(told) = event.told() {
            let said = [("who", case.party(&told.person)), ("day", lang.date(told.on))];
            let [(who, name), (day, on)] = &said;
            let way = super::super::dossier_forms::told::way(lang, &told.way);
            let said = [(*who, name.as_str()), (*day, on.as_str()), ("way", way), ("note", told.note.text())];
            moment.text = format!("{} {}", moment.text, fill(lang.text().dossier.told, &said)).trim().to_owned();
            if let Some(scan) = &told.scan {
                moment.links.push(Link::new(lang.text().dossier.scan, format!("{}/told/{scan}", case.href())));
            }
        }
        moment
    });
    Ok(Timeline { moments: moments.collect() })
}

/// What an officer had seen of the same person before, by the place of the entry that says it anew.
async fn seen_before(case: &Case, told: &[(EntryView, Event)]) -> Result<BTreeMap<i64, Identity>, Fault> {
    let mut before = BTreeMap::new();
    if !told.iter().any(|(_, event)| matches!(event, Event::IdentityRecorded { .. })) {
        return Ok(before);
    }
    let mut last: BTreeMap<String, Identity> = BTreeMap::new();
    for (entry, event) in case.site.app.history::<Dossier>(&case.stream).await? {
        if let Event::IdentityRecorded { identity } = event {
            let earlier = last.insert(identity.person.0.clone(), identity);
            before.extend(earlier.map(|earlier| (entry.position, earlier)));
        }
    }
    Ok(before)
}

/// Whose document was seen and which, and which it was before when it is another one; its number is masked.
fn tell_identity(case: &Case, seen: &Identity, before: Option<&Identity>) -> String {
    let (lang, d) = (case.lang, &case.lang.text().dossier);
    let Some((_, party)) = yanhe_core::dossier::everybody(&case.state).find(|(_, p)| p.person == seen.person) else {
        return String::new();
    };
    let masked = |identity: &Identity| {
        let (document_kind, document) = (identity.document_kind.clone(), identity.document.clone());
        let credit_code = identity.credit_code.clone();
        masked_document(lang, &Party { document_kind, document, credit_code, ..party.clone() })
    };
    let (who, now) = (party.name.text(), masked(seen));
    let other = |b: &&Identity| (&b.document, &b.credit_code) != (&seen.document, &seen.credit_code);
    match before.filter(other) {
        Some(before) => fill(d.identity_seen_anew, &[("who", who), ("before", &masked(before)), ("now", &now)]),
        None => fill(d.identity_seen, &[("who", who), ("now", &now)]),
    }
}

fn tell(case: &Case, event: &Event, moment: &mut Moment) {
    let (lang, d) = (case.lang, &case.lang.text().dossier);
    let pack = &case.site.app.pack;
    let named = |person: Option<&yanhe_core::PersonId>| person.map_or_else(|| case.names(false), |p| case.party(p));
    let mut paper = |number: &str, id: &StreamId| {
        let label = if number.is_empty() { "PDF".to_owned() } else { number.to_owned() };
        moment.links.push(Link::new(label, format!("/paper/{}", id.key())));
    };
    match event {
        Event::Applied { application, on, told_late, .. } => {
            paper(&application.number, &application.id);
            moment.text = case.state.claims.text().to_owned();
            if let Some(why) = told_late {
                let said = fill(d.told_late_said, &[("day", &lang.date(*on)), ("why", why.text())]);
                moment.text = format!("{} {said}", moment.text);
                moment.tone = Tone::Attention;
            }
        }
        Event::ConsentAsked { paper: p, due, person, .. } => {
            paper(&p.number, &p.id);
            moment.text = named(person.as_ref());
            // As it runs now: it may have been counted anew since, or lie on the desk and not run at all.
            let asked = case.state.consents.iter().find(|c| c.paper.id == p.id);
            if let Some(due) = asked.map_or(Some(due), |consent| consent.running()) {
                let limit = Deadline::counted(lang, due, case.today);
                moment.body = Markup::of(&match asked.and_then(|consent| consent.answered_on) {
                    Some(on) => limit.kept(due.last_day, on),
                    None => limit,
                });
            }
        }
        Event::ConsentAnswered { consents, on, person, slip, how, unchecked, .. } => {
            let answer =
                if *consents { lang.text().dossier_form.consents } else { lang.text().dossier_form.consents_not };
            let given = slip.as_ref().map(|s| super::parts::manner(lang, &s.manner));
            let given = given.or(how.as_ref().map(|how| how.text()));
            let given = given.or(unchecked.then_some(d.answer_unchecked)).unwrap_or_default();
            moment.text = format!("{} {answer} {} {given}", named(person.as_ref()), lang.date(*on)).trim_end().into();
        }
        Event::ConsentSent { person, on, .. } => {
            moment.text = format!("{} {}", case.party(person), on.map_or("—".into(), |on| lang.date(on)));
        }
        Event::ApplicationWithdrawn { person, on, how, paper: p, others, .. } => {
            paper(&p.number, &p.id);
            others.iter().for_each(|(_, p)| paper(&p.number, &p.id));
            let how = how.as_ref().map_or("", |how| how.text());
            moment.text = format!("{} {} {how}", case.party(person), lang.date(*on)).trim_end().into();
            moment.tone = Tone::Attention;
        }
        Event::PartyJoined(joins) => {
            paper(&joins.acceptance.number, &joins.acceptance.id);
            joins.call.iter().for_each(|p| paper(&p.number, &p.id));
            moment.text = case.party(&joins.person);
        }
        Event::PartyAdded { joined } => {
            let asks = [
                ("who", joined.party.name.text()),
                ("role", lang.name("label", &joined.role)),
                ("by", &case.party(&joined.by)),
                ("why", joined.reason.text()),
            ];
            moment.text = fill(d.joined, &asks);
        }
        Event::PartyLeft { person, paper: p, others, .. } => {
            paper(&p.number, &p.id);
            others.iter().for_each(|(_, p)| paper(&p.number, &p.id));
            moment.text = case.party(person);
            moment.tone = Tone::Attention;
        }
        Event::ConsentLapsed { person, .. } => moment.text = named(person.as_ref()),
        Event::LapseTakenBack { person, done_on, papers, .. } => {
            papers.iter().for_each(|p| paper(&p.number, &p.id));
            let who = person.as_ref().map_or_else(String::new, |person| case.party(person));
            let why =
                done_on.map_or_else(|| d.not_arrived.to_owned(), |on| fill(d.done_in_time, &[("day", &lang.date(on))]));
            moment.text = format!("{who} {why}").trim().to_owned();
            moment.tone = Tone::Attention;
        }
        Event::ApplicationAccepted { paper: p, others, without, reason, .. } => {
            paper(&p.number, &p.id);
            others.iter().for_each(|(_, p)| paper(&p.number, &p.id));
            if !without.is_empty() {
                let who: Vec<String> = without.iter().map(|p| case.party(p)).collect();
                let why = reason.as_ref().map_or("", |r| r.text());
                moment.text = fill(d.goes_without, &[("who", &lang.list(&who)), ("why", why)]);
            }
            moment.tone = Tone::Good;
        }
        Event::ApplicationRefused { paper: p, ground, note, others, .. } => {
            paper(&p.number, &p.id);
            others.iter().for_each(|(_, p)| paper(&p.number, &p.id));
            let reason = pack.refusal_ground(ground).map_or("", |g| pick(lang, &g.name, &g.name_en));
            moment.text = format!("{reason} {}", note.text());
            moment.tone = Tone::Bad;
        }
        Event::MediatorNamed { name, reason, .. } => {
            moment.text = match reason {
                Some(reason) => lang.bracket(name.text(), reason.text()),
                None => name.text().to_owned(),
            };
        }
        Event::ConflictDeclared {} => moment.tone = Tone::Attention,
        Event::SessionCalled(call) | Event::SessionMoved(call) => {
            call.notices.iter().for_each(|p| paper(&p.number, &p.id));
            moment.text = format!("{} {}", lang.time(call.at), call.place.text());
        }
        Event::SessionCalledOff(off) => {
            off.notices.iter().for_each(|(_, p)| paper(&p.number, &p.id));
            moment.text = off.reason.text().to_owned();
            moment.tone = Tone::Attention;
        }
        Event::SessionMissed { note } => {
            moment.text = note.text().to_owned();
            moment.tone = Tone::Attention;
        }
        Event::SessionHeld { sitting, paper: p, .. } => {
            paper(&p.number, &p.id);
            // It is told on the day on which it was held, not on that of its record.
            moment.when = lang.time(sitting.held_at);
            moment.text = lang.get(&format!("dossier_form.result_{}", sitting.result)).unwrap_or_default().to_owned();
        }
        Event::ApplicationSigned { signature }
        | Event::RecordSigned { signature }
        | Event::AgreementSigned { signature } => {
            let attested = signature.attested_by.as_deref().map_or_else(String::new, |by| case.staff_name(by));
            super::parts::tell_signature(lang, case.signer(&signature.signer), signature, &attested, moment);
        }
        Event::RecordUnsigned { unsigned } => {
            let how = super::parts::not_signed(lang, unsigned);
            moment.text = format!("{} {how}", case.signer(&unsigned.signer));
            moment.tone = Tone::Attention;
        }
        Event::AgreementIssued { paper: p, .. } => paper(&p.number, &p.id),
        Event::AgreementEffective { on, .. } => {
            moment.text = lang.date(*on);
            moment.tone = Tone::Good;
        }
        Event::AgreementWithdrawn { paper: p, reason, .. } => {
            paper(&p.number, &p.id);
            moment.text = reason.as_ref().map_or("", |r| r.text()).to_owned();
            moment.tone = Tone::Attention;
        }
        Event::RecordWithdrawn(withdrawn) => {
            paper(&withdrawn.paper.number, &withdrawn.paper.id);
            moment.text = withdrawn.reason.text().to_owned();
            moment.tone = Tone::Attention;
        }
        Event::MediationRenewed { later } => {
            moment.links.push(Link::new(later.number.as_str(), format!("/dossier/{}", later.case.key())));
        }
        Event::AgreementReplaced { by } => {
            moment.text = lang.date(by.on);
            moment.links.push(Link::new(by.agreement.number.as_str(), format!("/dossier/{}", by.case.key())));
        }
        Event::AgreementVoided(voided) => {
            paper(&voided.paper.number, &voided.paper.id);
            moment.tone = Tone::Bad;
        }
        Event::EndNoticeMadeAgain(again) => again.papers.iter().for_each(|(_, p)| paper(&p.number, &p.id)),
        Event::MediationEnded { ended } => {
            paper(&ended.paper.number, &ended.paper.id);
            ended.others.iter().for_each(|(_, p)| paper(&p.number, &p.id));
            moment.text = pack.ending_ground(&ended.ground).map_or("", |g| pick(lang, &g.name, &g.name_en)).to_owned();
            moment.tone = Tone::Attention;
        }
        Event::ChangeServed { on, .. } => moment.text = on.map_or("—".into(), |on| lang.date(on)),
        Event::DecisionChanged { number, .. } => moment.text.clone_from(number),
        Event::ChangeVoided(voided) => {
            paper(&voided.notice.number, &voided.notice.id);
            moment.tone = Tone::Attention;
        }
        Event::ObligationPerformed { obligation, note, .. } => {
            moment.text = format!("{} {}", fill(d.obligation_n, &[("n", &obligation.to_string())]), note.text());
            moment.tone = Tone::Good;
        }
        Event::ObligationBreached { obligation, note, .. } => {
            moment.text = format!("{} {}", fill(d.obligation_n, &[("n", &obligation.to_string())]), note.text());
            moment.tone = Tone::Bad;
        }
        Event::AgreementPerformed { .. } => moment.tone = Tone::Good,
        Event::VisitMade { paper: p, note, .. } => {
            paper(&p.number, &p.id);
            moment.text = note.text().to_owned();
        }
        Event::DossierReassigned { from, to } => {
            let who = [("from", case.staff_name(from)), ("to", case.staff_name(to))];
            let who = who.each_ref().map(|(name, value)| (*name, value.as_str()));
            moment.text = fill(lang.text().dossier.reassigned, &who);
        }
        Event::FileAttached { file } => moment.text = file.name.text().to_owned(),
        Event::CorrectionAsked { correction } => {
            moment.text = fill(
                lang.text().dossier_form.change_because,
                &[("change", &change(case, correction)), ("reason", correction.reason.text())],
            );
        }
        Event::LimitsCounted { limits, .. } => {
            let counted = limits.iter().filter(|limit| !limit.asks());
            let counted: Vec<Deadline> = counted.map(|limit| Deadline::of_party(lang, limit, case.today)).collect();
            moment.body = Markup::all(&counted);
        }
        Event::CorrectionRefused { reason, .. } => moment.text = reason.text().to_owned(),
        Event::RecusalAsked { recusal } => moment.text = recusal.reason.text().to_owned(),
        Event::RecusalDecided(decision) => {
            decision.paper.iter().for_each(|p| paper(&p.number, &p.id));
            let t = &lang.text().dossier_form;
            let answer = if decision.granted { t.recusal_yes } else { t.recusal_no };
            moment.text = format!("{answer} {}", decision.reason.text());
        }
        Event::ConfirmationNoted { state, .. } => moment.text = lang.name("state", state).to_owned(),
        _ => {}
    }
}
