//! What a party's case shows and does not ask: signatures, what was agreed, papers, files, history.

use std::collections::BTreeMap;

use yanhe_app::AppError;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::pack::Ground;
use yanhe_core::policy::Act;
use yanhe_core::{Date, PersonId, StreamId};
use yanhe_store_read::Page;
use yanhe_store_read::views::paper::PaperView;

use super::apply_pages::organ_name;
use super::case_papers;
use super::corrected;
use super::my::{Case, tag};
use super::portal::Section;
use crate::components::{
    Button, Cell, Column, FileItem, FileList, Markup, Moment, Notice, NoticeKind, Step, StepState, Steps, SummaryList,
    Table, Tag, Timeline, Tone,
};
use crate::site::{Fault, Site, Visitor};
use crate::text::{Lang, fill};

/// Who has signed the agreement, and who has not.
pub(super) fn waiting(lang: Lang, state: &dossier::State) -> SummaryList {
    let t = &lang.text().my;
    let unsigned = state.unsigned();
    let mut list = SummaryList::new();
    for (_, party) in dossier::parties(state) {
        let signed = !unsigned.contains(&format!("party/{}", party.person));
        list = list.row(party.name.text(), if signed { t.signed } else { t.unsigned });
    }
    if let Some(mediator) = &state.mediator {
        let signed = !unsigned.contains(&mediator.staff);
        list = list.row(lang.text().role.mediator, if signed { t.signed } else { t.unsigned });
    }
    let sealed = state.agreement.as_ref().is_some_and(|a| a.sealed_on.is_some());
    list.row(t.seal, if sealed { t.sealed } else { t.unsealed })
}

fn name_of<'a>(state: &'a dossier::State, person: &PersonId) -> &'a str {
    state.party(person).map_or("", |p| p.name.text())
}

/// Fen as yuan.
pub fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// What is late of what was agreed, each with its day and what this party can do about it now.
pub(super) fn late(lang: Lang, case: &Case, today: Date, phone: &str) -> Vec<Notice> {
    let (t, state) = (&lang.text().my, &case.state);
    if !case.is_open(Act::ReportPerformance) {
        return Vec::new();
    }
    let all = state.agreement.iter().flat_map(|a| (1_i64..).zip(&a.draft.obligations));
    let late = all.filter(|(n, o)| state.is_owed(*n) && o.due < today);
    let ruled = case.confirmation.as_ref().and_then(|c| c.standing_ruling()).is_some_and(|ruling| ruling.valid);
    let tell = |(n, o): (i64, &dossier::Obligation)| {
        let text = match () {
            // Where nothing can be entered here, the page says elsewhere how.
            () if !case.can(Act::ReportPerformance) => t.late_others,
            () if o.from == case.me => t.late_mine,
            () if o.to == case.me && ruled => t.late_ruled,
            () if o.to == case.me && state.performance.iter().any(|p| p.obligation == n) => t.late_noted,
            () if o.to == case.me => t.late_theirs,
            () => t.late_others,
        };
        let what = format!("{n}. {}", o.what.text());
        let days = (today - o.due).get_days().to_string();
        let said = [("day", lang.weekday_date(o.due)), ("days", days), ("phone", phone.to_owned())];
        let said = said.each_ref().map(|(name, value)| (*name, value.as_str()));
        Notice::new(lang, NoticeKind::Warn, fill(text, &said)).title(fill(t.late_title, &[("what", &what)]))
    };
    late.map(tell).collect()
}

/// What was agreed, and how it stands.
pub(super) fn agreement(lang: Lang, case: &Case, today: Date) -> Option<Section> {
    let t = &lang.text().my;
    let agreement = case.state.agreement.as_ref()?;
    let columns = vec![
        Column::text(t.who),
        Column::text(lang.text().label.what),
        Column::text(t.by_when),
        Column::text(lang.text().common.state),
    ];
    let mut table = Table::new(lang, t.agreed, columns).quiet();
    for (n, o) in (1_i64..).zip(&agreement.draft.obligations) {
        let state = case.state.performance.iter().find(|p| p.obligation == n);
        let amount = o.amount.map_or_else(String::new, |a| format!("{} {}", yuan(a), lang.text().common.yuan));
        table = table.row(vec![
            Cell::text(format!("{n}. {} → {}", name_of(&case.state, &o.from), name_of(&case.state, &o.to))),
            Cell::text(o.what.text()).note(format!("{amount} {}", o.how.text()).trim().to_owned()),
            Cell::text(lang.date(o.due)),
            match state {
                Some(p) if p.performed => tag(lang, "performed").into(),
                Some(_) => tag(lang, "breached").into(),
                // Nothing is owed before the last signature and the seal.
                None if agreement.replaced.is_some() => tag(lang, "replaced").into(),
                None if agreement.effective_on.is_none() => Tag::new(t.not_effective, Tone::Plain).into(),
                None if o.due < today => Tag::new(lang.text().dossier.overdue, Tone::Bad).into(),
                None => tag(lang, "performing").into(),
            },
        ]);
    }
    let mut section = Section::new(t.agreed).with(&table).say(agreement.draft.text.text());
    if let Some(before) = case.state.takes_the_place_of() {
        section = section.say(fill(t.replaces, &[("number", &before.agreement.number)]));
    }
    if let Some(on) = agreement.effective_on {
        section = section.say(fill(t.effective_on, &[("date", &lang.date(on))]));
    }
    if let Some(by) = &agreement.replaced {
        let said = [("number", by.agreement.number.as_str()), ("date", &lang.date(by.on))];
        let new = Button::secondary(t.to_new).to(format!("/my/{}", by.case.key()));
        section = section.say(fill(t.replaced, &said)).with(&new);
    }
    Some(section)
}

/// Is it too late to ask the court to confirm the agreement?
fn agreement_lapsed(state: &dossier::State, today: Date) -> bool {
    let by = state.agreement.as_ref().and_then(|agreement| agreement.confirm_by.as_ref());
    by.is_some_and(|by| by.last_day < today)
}

/// How far the case is.
pub(super) fn steps(lang: Lang, case: &Case, today: Date) -> Steps {
    use dossier::Stage as S;
    let (t, state) = (&lang.text().my, &case.state);
    // A closed file keeps the way it went: refused or ended, it never reaches the later steps.
    let over = state.is_over();
    let past = |stage: S| !over && state.stage > stage;
    let effective = state.agreement.as_ref().is_some_and(|a| a.effective_on.is_some());
    let done = |label: &str, done: bool| (label.to_owned(), if done { StepState::Done } else { StepState::Todo });
    let mut list = vec![done(t.step_applied, true)];
    if !state.is_administrative() {
        list.push(done(
            t.step_asked,
            (!state.consents.is_empty() && state.asked().next().is_none()) || past(S::Withdrawn),
        ));
    }
    list.push(done(t.step_accepted, state.period.is_some()));
    list.push(done(t.step_session, state.has_record()));
    list.push(done(t.step_agreement, state.agreement.is_some() && state.ended.is_none()));
    list.push(done(t.step_effect, effective));
    let replaced = state.agreement.as_ref().is_some_and(|a| a.replaced.is_some());
    let performed =
        matches!(state.stage, S::Performed) || state.closed_on.is_some() && state.outstanding().is_empty() && effective;
    list.push(match replaced && !performed {
        true => done(lang.text().state.replaced, true),
        false => done(t.step_performed, performed),
    });
    let barred = state.is_administrative() || state.agreement.as_ref().is_some_and(|a| !a.not_confirmable.is_empty());
    if !barred {
        let filing = case.confirmation.as_ref();
        let unused = || agreement_lapsed(state, today) && filing.is_none_or(|filing| filing.filed_on.is_none());
        list.push(match filing.and_then(|filing| filing.standing_ruling()).map(|ruling| ruling.valid) {
            Some(valid) => done(if valid { t.step_confirmed } else { t.step_rejected }, true),
            None if filing.is_some_and(|filing| filing.declined_on.is_some()) => done(lang.text().state.declined, true),
            None if unused() => (t.step_unused.to_owned(), StepState::Over),
            None => done(t.step_confirmed, false),
        });
    }
    if over {
        list.retain(|(_, step)| *step != StepState::Todo);
        list.push(done(lang.name("state", state.came_to()), true));
    }
    let mut now = true;
    let steps = list.into_iter().map(|(label, step)| {
        let state = match step {
            StepState::Todo if std::mem::take(&mut now) => StepState::Now,
            other => other,
        };
        Step { label, state, ..Step::default() }
    });
    Steps { lang, steps: steps.collect() }
}

/// The party's own letters and the papers of the case that are for everybody.
pub(super) async fn papers(site: &Site, visitor: &Visitor, case: &Case) -> Result<FileList, Fault> {
    let lang = visitor.lang();
    let own = site.app.reader.papers(&visitor.scope(), &Default::default(), &Page::first(200)).await?.rows;
    // What else this party has with the organ is on the pages of its other cases.
    let of_case = [case.stream.to_string(), case.confirmation_stream().to_string()];
    let of_case: Vec<String> = of_case.into_iter().chain(case.state.matter.as_ref().map(StreamId::to_string)).collect();
    let (mut rows, own): (Vec<PaperView>, Vec<PaperView>) = own.into_iter().partition(|p| of_case.contains(&p.about));
    // Each side confirms an address of its own.
    let addresses = case.confirmation.iter().flat_map(|c| c.subject.parties.iter().zip(&c.addresses));
    let others: Vec<&StreamId> = addresses.filter(|(p, _)| p.person != case.me).map(|(_, paper)| &paper.id).collect();
    // Who is only asked to join reads the letter that asks, and not what the others said.
    let shared = [case.stream.clone(), case.confirmation_stream()];
    for about in shared.iter().filter(|_| !case.state.is_invited(&case.me)) {
        let all = site.app.reader.papers_about(about, &Page::first(200)).await?.rows;
        // What is addressed to the other side is theirs.
        let shared = |p: &PaperView| p.addressee.is_none() && !others.contains(&&p.stream);
        rows.extend(all.into_iter().filter(shared));
        // A notice on a paper is for those who read the paper whole.
        let whole = |p: &PaperView| case.is_applicant() || !case.state.is_application(&p.stream);
        let read = |notice: &PaperView| rows.iter().any(|p| p.stream.as_str() == notice.about && whole(p));
        let notices = site.app.reader.notices_about(about).await?.into_iter();
        let notices: Vec<PaperView> = notices.filter(|notice| shared(notice) && read(notice)).collect();
        rows.extend(notices);
    }
    let own = own.into_iter().filter(|notice| rows.iter().any(|p| p.stream.as_str() == notice.about));
    let own: Vec<PaperView> = own.collect();
    rows.extend(own);
    case_papers::latest_first(&mut rows);
    rows.dedup_by(|a, b| a.stream == b.stream);
    let item = |row: &PaperView| {
        let (name, replaced) = case_papers::name(site, lang, &case.state, row);
        let mut item =
            FileItem { name, href: format!("/paper/{}", row.stream.key()), about: "PDF".into(), ..FileItem::default() };
        if case.state.is_application(&row.stream) && !case.is_applicant() {
            // The applicant's document number, phone and home are not the other side's to read.
            item.href = format!("/my/{}/application", case.stream.key());
            item.about = lang.text().my.masked_view.to_owned();
        }
        let on = rows.iter().find(|other| other.stream.as_str() == row.about);
        let note =
            [row.number.clone(), row.date.map_or_else(String::new, |d| lang.date(d)), corrected::about(site, lang, on)];
        let note: Vec<String> = note.into_iter().filter(|part| !part.is_empty()).collect();
        let item = item.note(note.join(" "));
        match (row.state.as_str(), corrected::mark(lang, row, &rows)) {
            ("voided", _) => item.tag(Tag::new(lang.text().state.voided, Tone::Bad)),
            _ if !replaced.is_empty() => item.tag(Tag::new(replaced, Tone::Plain)),
            (_, "") => item,
            (_, mark) => item.tag(Tag::new(mark, Tone::Attention)),
        }
    };
    Ok(FileList { files: rows.iter().map(item).collect() })
}

/// How the refusal was explained on the notice, for those to whom the notice went.
pub(super) async fn explained(site: &Site, case: &Case) -> Result<String, AppError> {
    let history = site.app.history::<Dossier>(&case.stream).await?;
    let told = history.into_iter().rev().find_map(|(_, event)| match event {
        dossier::Event::ApplicationRefused { note, others, .. } => {
            let mine = case.is_applicant() || others.iter().any(|(person, _)| *person == case.me);
            Some(note.open().filter(|_| mine).cloned().unwrap_or_default())
        }
        _ => None,
    });
    Ok(told.unwrap_or_default())
}

/// The files that this party added.
pub(super) fn own_files(case: &Case) -> FileList {
    let mine = format!("party/{}", case.me);
    let files = case.state.files.iter().enumerate().filter(|(_, f)| f.by == mine);
    let item = |(n, f): (usize, &dossier::FileRef)| {
        FileItem::new(
            f.name.text(),
            format!("/my/{}/files/{n}", case.stream.key()),
            "",
            u64::try_from(f.size).unwrap_or(0),
        )
    };
    FileList { files: files.map(item).collect() }
}

/// What happened, latest first, in plain words.
pub(super) async fn history(site: &Site, lang: Lang, case: &Case) -> Result<Timeline, AppError> {
    let t = &lang.text().my;
    let mut entries = site.app.reader.entries_of(&case.stream, 0).await?;
    if case.confirmation.is_some() {
        entries.extend(site.app.reader.entries_of(&case.confirmation_stream(), 0).await?);
    }
    entries.sort_by_key(|e| std::cmp::Reverse((e.at, e.position)));
    let me = format!("party/{}", case.me);
    // Where an officer belongs: to the organ, or to the court that has the case later.
    let mut bodies = BTreeMap::new();
    for actor in entries.iter().map(|e| e.actor.as_str()).filter(|actor| actor.starts_with("staff/")) {
        if !bodies.contains_key(actor)
            && let Some(stream) = StreamId::parse(actor)
            && let Some(officer) = site.app.reader.staff_member(&stream).await?
        {
            bodies.insert(actor.to_owned(), officer.organ);
        }
    }
    let who = |actor: &str| match actor {
        actor if actor == me => t.by_you.to_owned(),
        actor if actor.starts_with("party/") => t.by_other.to_owned(),
        actor if actor.starts_with("staff/") => organ_name(site, lang, bodies.get(actor).unwrap_or(&case.state.organ)),
        "anyone" => t.by_applicant.to_owned(),
        _ => t.by_system.to_owned(),
    };
    // An answer or a signature is told as that of the one who gave it, also where an officer entered it.
    let name = |signer: &str| match signer.strip_prefix("party/") {
        Some(person) if case.me.0 == person => t.by_you.to_owned(),
        Some(person) => name_of(&case.state, &PersonId(person.to_owned())).to_owned(),
        None => lang.text().role.mediator.to_owned(),
    };
    let signed = |signature: &dossier::Signature| {
        let on_paper = if signature.attested_by.is_some() { t.on_paper } else { "" };
        format!("{}{on_paper}", name(&signature.signer))
    };
    let mut doers = BTreeMap::new();
    let mut held = BTreeMap::new();
    let mut said = BTreeMap::new();
    if case.confirmation.is_some() {
        for (entry, event) in site.app.history::<Confirmation>(&case.confirmation_stream()).await? {
            match event {
                confirmation::Event::ConfirmationSigned { signature } => {
                    doers.insert(entry.position, signed(&signature));
                }
                // The court served it; the system only took it over from the paper.
                confirmation::Event::RulingServed { .. } => {
                    doers.insert(entry.position, organ_name(site, lang, &case.state.court));
                }
                _ => {}
            }
        }
    }
    for (entry, event) in site.app.history::<Dossier>(&case.stream).await? {
        let doer = match event {
            dossier::Event::ApplicationSigned { signature }
            | dossier::Event::RecordSigned { signature }
            | dossier::Event::AgreementSigned { signature } => signed(&signature),
            dossier::Event::ConsentAnswered { person: Some(person), .. }
            | dossier::Event::ConsentLapsed { person: Some(person), .. } => name(&format!("party/{person}")),
            dossier::Event::RecusalDecided(decision) => {
                let f = &lang.text().dossier_form;
                let answer = if decision.granted { f.recusal_yes } else { f.recusal_no };
                // Why is told to whoever asked: it is about their reasons.
                let why =
                    decision.asked.is_some_and(|asked| asked.by == case.me).then(|| decision.reason.text().to_owned());
                said.insert(entry.position, why.map_or(answer.to_owned(), |why| lang.bracket(answer, &why)));
                continue;
            }
            dossier::Event::SessionCalled(call) | dossier::Event::SessionMoved(call) => {
                said.insert(entry.position, format!("{} {}", lang.time(call.at), call.place.text()));
                continue;
            }
            dossier::Event::SessionCalledOff(off) => {
                said.insert(entry.position, off.reason.text().to_owned());
                continue;
            }
            dossier::Event::SessionHeld { sitting, .. } => {
                held.insert(entry.position, sitting.held_at);
                continue;
            }
            _ => continue,
        };
        doers.insert(entry.position, doer);
    }
    let moments = entries.iter().filter_map(|e| {
        let title = lang.get(&format!("my.event.{}", snake(&e.kind)))?;
        let at = jiff::Timestamp::from_microsecond(e.at).ok().map(yanhe_core::time::county_time);
        Some(Moment {
            when: held.get(&e.position).copied().or(at).map_or_else(String::new, |at| lang.time(at)),
            title: title.to_owned(),
            who: doers.get(&e.position).cloned().unwrap_or_else(|| who(&e.actor)),
            text: said.get(&e.position).cloned().unwrap_or_default(),
            ..Moment::default()
        })
    });
    Ok(Timeline { moments: moments.collect() })
}

/// The last moment of the history at which this event happened, by its name in the texts.
pub(super) async fn last(site: &Site, lang: Lang, case: &Case, event: &str) -> Result<Option<Moment>, AppError> {
    let Some(title) = lang.get(&format!("my.event.{event}")) else { return Ok(None) };
    Ok(history(site, lang, case).await?.moments.into_iter().find(|moment| moment.title == title))
}

fn snake(name: &str) -> String {
    let parts = name
        .char_indices()
        .flat_map(|(i, c)| (c.is_ascii_uppercase() && i > 0).then_some('_').into_iter().chain(c.to_lowercase()));
    parts.collect()
}

/// The ways that remain to this party when mediation comes to nothing, with the last days of its own that are to come.
pub fn ways_left(site: &Site, case: &Case, ground: Option<&Ground>, lang: Lang) -> SummaryList {
    let ways = dossier::grounds::ways(&case.state, Some(&case.me), ground, &site.app.pack, site.app.today());
    ways.into_iter().fold(SummaryList::new(), |list, way| {
        let name = Cell::text(if lang == Lang::Zh { &way.route.name } else { &way.route.name_en });
        list.row(
            lang.text().my.route,
            match way.limit {
                Some(limit) => Cell {
                    markup: Markup::of(&crate::components::Deadline::of_party(lang, limit, site.app.today())),
                    ..name
                },
                None => name,
            },
        )
    })
}
