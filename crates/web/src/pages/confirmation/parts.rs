//! The parts of an application's page.

use yanhe_core::confirmation::{Confirmation, Declined, Event, Stage, State};
use yanhe_core::dossier::everybody;
use yanhe_core::paper::Paper;
use yanhe_core::{Date, Reason, StreamId};

use super::super::dossier::{event_name, signature_columns, signature_row, tell_signature, when};
use super::super::dossier_forms::case::{actors, pick};
use super::super::listing::body;
use super::{Filing, paper_name};
use crate::components::{
    Cell, Column, Deadline, FileItem, FileList, Link, Markup, Moment, Notice, NoticeKind, Step, StepState, Steps,
    SummaryList, Table, Tag, Timeline, Tone,
};
use crate::site::{Fault, Site};
use crate::text::{Lang, fill};

/// What it is about.
pub fn head(filing: &Filing) -> SummaryList {
    let (lang, s) = (filing.lang, &filing.state);
    let (t, c) = (lang.text(), &lang.text().confirmation);
    let subject = &s.subject;
    // The court does not read the dossier.
    let dossier = match filing.in_court() {
        true => Cell::text(&subject.dossier_number),
        false => Cell::link(&subject.dossier_number, format!("/dossier/{}", subject.dossier.key())),
    };
    let mut list = SummaryList::new()
        .row(c.organ, body(&filing.site, lang, &subject.organ))
        .row(c.court, body(&filing.site, lang, &subject.court))
        .row(lang.name("role", "mediator"), subject.mediator.text())
        .row(c.dossier, dossier)
        .row(
            t.dossier.agreement,
            Cell::text(&subject.agreement.number).note(format!(
                "{} {}",
                t.dossier.effective,
                lang.date(subject.effective_on)
            )),
        );
    if let Some(on) = s.filed_on {
        let how = s.filed_how.as_ref().map_or("", |how| how.text());
        list = list.row(c.filed_on, Cell::text(lang.date(on)).note(how));
    }
    if let (false, Some(on)) = (s.number.is_empty(), s.docketed_on) {
        list = list.row(c.court_number, Cell::text(&s.number).note(lang.date(on)));
    }
    if let Some(judge) = &s.judge_name {
        list = list.row(lang.name("role", "judge"), judge.text());
    }
    if let Some(at) = s.hearing_at {
        list = list.row(c.hearing_set, Cell::text(lang.time(at)).note(hearing_place(&filing.site, lang, s)));
    }
    if let Some(findings) = &s.hearing {
        let day = s.heard_on.map(|on| lang.date(on));
        let why = s.heard_otherwise.as_ref().map(|why| why.text().to_owned());
        let day: Vec<String> = day.into_iter().chain(why).collect();
        list = list.row(c.findings, Cell::text(findings.text()).note(day.join(pick(lang, "，", ", "))));
    }
    if let Some(declined) = s.declined() {
        list = list.row(c.declined_for, why_declined(&filing.site, lang, &declined));
    }
    for earlier in &s.earlier {
        let label = fill(c.declined_before, &[("day", &lang.date(earlier.on))]);
        list = list.row(label, why_declined(&filing.site, lang, earlier));
    }
    list
}

/// Why the court did not docket an application: the ground, and its reasons below.
pub fn why_declined(site: &Site, lang: Lang, declined: &Declined) -> Cell {
    let ground = site.app.pack.court_ground(&declined.ground);
    let ground = ground.map_or("", |ground| pick(lang, &ground.name, &ground.name_en));
    Cell::text(ground).note(declined.reasons.as_ref().map_or("", |reasons| reasons.text()))
}

/// Where the parties are heard: at the court, where nothing else was set.
pub fn hearing_place(site: &Site, lang: Lang, state: &State) -> String {
    state.hearing_place.as_ref().map_or_else(|| body(site, lang, &state.subject.court), |place| place.text().to_owned())
}

/// How far it is.
pub fn steps(filing: &Filing) -> Steps {
    let (lang, s) = (filing.lang, &filing.state);
    let c = &lang.text().confirmation;
    // Neither goes on from where it stands.
    let lapsed = s.is_lapsed(filing.today);
    let over = s.stage == Stage::Declined || lapsed;
    let reached = [
        (c.step_drafted, true),
        (c.step_signed, s.unsigned().is_empty()),
        (c.step_filed, s.filed_on.is_some()),
        (c.step_docketed, s.docketed_on.is_some()),
        (c.step_examined, s.hearing.is_some()),
        (c.step_ruled, s.standing_ruling().is_some()),
        (c.step_served, s.stage == Stage::Served),
    ];
    let mut now = !over;
    let steps = reached.into_iter().filter(|(_, done)| *done || !over).map(|(label, done)| {
        let here = !done && std::mem::take(&mut now);
        let state = match (done, here) {
            (true, _) => StepState::Done,
            (_, true) => StepState::Now,
            _ => StepState::Todo,
        };
        Step { label: label.into(), state, ..Step::default() }
    });
    let mut steps: Vec<Step> = steps.collect();
    if over {
        let (label, state) = match lapsed {
            true => (c.step_lapsed, StepState::Over),
            false => (lang.name("state", "declined"), StepState::Done),
        };
        steps.push(Step { label: label.into(), state, ..Step::default() });
    }
    Steps { lang, steps }
}

/// Whose turn it is.
pub fn waits(filing: &Filing) -> Vec<String> {
    let (lang, s) = (filing.lang, &filing.state);
    let c = &lang.text().confirmation;
    let unsigned = s.unsigned();
    let missing = s.subject.parties.iter().filter(|p| unsigned.contains(&format!("party/{}", p.person)));
    let missing: Vec<&str> = missing.map(|p| p.name.text()).collect();
    let text = match s.stage {
        _ if s.is_lapsed(filing.today) => c.wait_none.to_owned(),
        Stage::Drafted => fill(c.wait_sign, &[("who", &lang.list(&missing))]),
        Stage::Signed => c.wait_file.to_owned(),
        Stage::Filed if s.lacks_certificate() => c.wait_certify.to_owned(),
        Stage::Filed => c.wait_docket.to_owned(),
        _ if s.lacks_docket_notice() => c.wait_docket_again.to_owned(),
        Stage::Docketed => c.wait_hear.to_owned(),
        Stage::Examined => c.wait_rule.to_owned(),
        Stage::Valid | Stage::Rejected => c.wait_serve.to_owned(),
        Stage::RulingVoid => c.wait_reissue.to_owned(),
        Stage::Declined | Stage::Served | Stage::Expired => c.wait_none.to_owned(),
    };
    let unproved = matches!(s.stage, Stage::Drafted | Stage::Signed) && s.proof.is_none() && !s.is_lapsed(filing.today);
    std::iter::once(text).chain(unproved.then(|| c.wait_certify_too.to_owned())).collect()
}

/// What the reader must know now.
pub fn notes(filing: &Filing) -> Vec<Notice> {
    let (lang, s) = (filing.lang, &filing.state);
    let c = &lang.text().confirmation;
    let mut notes = Vec::new();
    if s.is_lapsed(filing.today) {
        let reason = Reason::PeriodExpired {
            limit: s.subject.apply_by.limit.clone(),
            last_day: s.subject.apply_by.last_day.to_string(),
        };
        notes.push(Notice::new(lang, NoticeKind::Warn, crate::text::refusal(lang, &reason.into())));
        notes.push(Notice::new(lang, NoticeKind::Info, lang.text().dossier_form.remains));
        notes.push(Notice::new(lang, NoticeKind::Info, c.lapsed_on_paper));
    } else if s.stage == Stage::Drafted && !filing.in_court() {
        notes.push(Notice::new(lang, NoticeKind::Info, c.sign_how));
    }
    notes
}

/// The limits: the joint application, the docket, the examination, and what follows a ruling.
pub fn limits(lang: Lang, s: &State, today: Date) -> Vec<Deadline> {
    let show = |deadline: &yanhe_core::deadline::Deadline, over: bool, on: Option<Date>| {
        let shown = Deadline::counted(lang, deadline, today).anchored(&deadline.limit);
        if over { shown.done_on(deadline.last_day, on) } else { shown }
    };
    let mut out = vec![show(&s.subject.apply_by, s.filed_on.is_some(), s.filed_on)];
    out.extend(s.supplement_by.as_ref().map(|d| show(d, !s.lacks_certificate(), None)));
    let decided = s.docketed_on.or(s.declined_on);
    out.extend(s.docket_by.as_ref().map(|d| show(d, s.stage != Stage::Filed, decided)));
    out.extend(s.rule_by.as_ref().map(|d| show(d, s.ruling.is_some(), s.ruling.as_ref().map(|r| r.on))));
    out.extend(s.standing_ruling().and_then(|r| r.enforce_by.as_ref()).map(|d| show(d, false, None)));
    out
}

/// The parties with their identities, which are an annex of the application.
pub fn parties(filing: &Filing) -> Table {
    let (lang, t) = (filing.lang, filing.lang.text());
    let text = |p: &Option<yanhe_core::Personal<String>>| p.as_ref().map_or("—", |p| p.text()).to_owned();
    let rows = filing.state.subject.parties.iter().map(|p| {
        let kind = p.document_kind();
        let kind = kind.map_or("", |k| pick(lang, k.name_zh(), k.name_en()));
        let kind = if p.credit_code.is_some() { t.dossier.credit_code } else { kind };
        let id = p
            .document
            .as_ref()
            .map(|d| d.text().to_owned())
            .or_else(|| p.credit_code.clone())
            .unwrap_or_else(|| "—".into());
        // The file keeps the name under which it was made; beside it stands the one of now.
        let now =
            everybody(&filing.dossier).map(|(_, now)| now).find(|now| now.person == p.person && now.name != p.name);
        let now = now.map_or_else(String::new, |now| fill(t.corrected.now, &[("name", now.name.text())]));
        vec![
            Cell::text(p.name.text()).note(now),
            Cell::text(id).note(kind),
            text(&p.phone).into(),
            text(&filing.state.subject.served_at(p).cloned()).into(),
        ]
    });
    let c = &t.common;
    let columns = vec![
        Column::text(c.name),
        Column::text(t.dossier.identity),
        Column::text(c.phone),
        Column::text(t.confirmation.service_address),
    ];
    Table::new(lang, t.dossier.parties, columns).quiet().rows(rows)
}

/// Who signed the joint application, and who has not.
pub fn signatures(filing: &Filing) -> Table {
    let (lang, s) = (filing.lang, &filing.state);
    let mut table = Table::new(lang, lang.text().confirmation.signatures, signature_columns(lang));
    for party in &s.subject.parties {
        let signer = format!("party/{}", party.person);
        let place = s.signatures.iter().position(|done| done.signer == signer);
        let signature = place.and_then(|n| s.signatures.get(n));
        let scan = signature.and_then(|s| s.scan.as_ref()).and(place).map(|n| format!("{}/scan/{n}", filing.href()));
        let attested =
            signature.and_then(|s| s.attested_by.as_deref()).map_or_else(String::new, |a| filing.staff_name(a));
        table.rows.push(signature_row(
            lang,
            party.name.text().to_owned(),
            lang.name("role", "party"),
            signature,
            &attested,
            scan,
        ));
    }
    table
}

/// The papers of the application.
pub fn annexes(filing: &Filing) -> FileList {
    let item = |(n, (paper, person)): (usize, (yanhe_core::PaperRef, Option<yanhe_core::PersonId>))| {
        let to = person.map_or_else(String::new, |p| filing.party(&p));
        let of = filing.notices.iter().find(|(_, notice)| notice.id == paper.id).map(|(of, _)| of);
        let of = of.map_or_else(String::new, |of| {
            let name = paper_name(filing, &of.kind);
            fill(filing.lang.text().corrected.about, &[("name", &name), ("number", &of.number)])
        });
        let note = [paper.number.clone(), to, of].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("，");
        let name = paper_name(filing, &paper.kind);
        FileItem {
            name,
            href: format!("{}/annex/{n}", filing.href()),
            about: "PDF".into(),
            note,
            ..FileItem::default()
        }
    };
    FileList { files: filing.annexes().into_iter().enumerate().map(item).collect() }
}

/// The ruling with its service, and what follows from it.
///
/// # Errors
/// When the database fails.
pub async fn ruling(filing: &Filing) -> Result<Vec<Markup>, Fault> {
    let (lang, s, t) = (filing.lang, &filing.state, filing.lang.text());
    let c = &t.confirmation;
    let Some(ruling) = &s.ruling else { return Ok(Vec::new()) };
    let pack = &filing.site.app.pack;
    let outcome = if ruling.valid {
        Tag::new(lang.name("state", "valid"), Tone::Good)
    } else {
        Tag::new(lang.name("state", "rejected"), Tone::Bad)
    };
    let mut list = SummaryList::new();
    for void in &ruling.voided {
        let number = void.papers.first().map_or("", |(_, paper)| paper.number.as_str());
        let said = [("number", number), ("day", &lang.date(void.on)), ("notice", void.notice.number.as_str())];
        list = list.row(c.ruling_before, Cell::text(fill(c.ruling_voided, &said)));
    }
    if s.stage == Stage::RulingVoid {
        let heading = super::super::dossier::Heading { text: c.ruling.into() };
        let note = Notice::new(lang, NoticeKind::Warn, c.ruling_void);
        return Ok(vec![Markup::of(&heading), Markup::of(&list), Markup::of(&note)]);
    }
    list = list.row(c.ruling, Cell::tag(outcome).note(lang.date(ruling.on)));
    let ground = pack.court_ground(&ruling.ground);
    if let Some(ground) = ground {
        let cited = pack.cite(&ground.basis, ruling.on);
        list = list.row(
            c.ground,
            Cell::text(pick(lang, &ground.name, &ground.name_en)).note(pick(lang, &cited.short, &cited.en)),
        );
    }
    list = list.row(c.reasons, ruling.reasons.text());
    let clerk = filing.may(yanhe_core::policy::Act::ServeRuling);
    let mut rows = Vec::new();
    for (person, paper) in &ruling.papers {
        let view = filing.site.app.reader.paper(&paper.id).await?;
        let served = ruling.served.iter().find(|(who, ..)| who == person);
        let on = view.and_then(|v| v.served_on).or(served.map(|(_, on, _)| *on));
        let failed = filing.site.app.state::<Paper>(&paper.id).await?.filter(|_| on.is_none());
        let failed = failed.and_then(|ruling| ruling.attempts().last().cloned()).map_or_else(String::new, |attempt| {
            fill(c.service_failed, &[("day", &lang.date(attempt.on)), ("why", attempt.note.text())])
        });
        let service = match on {
            // A public notice counts from the day on which its time has run out.
            Some(on) if on > filing.today => Cell::tag(Tag::new(lang.name("manner", "notice"), Tone::Attention))
                .note(fill(c.deemed_on, &[("day", &lang.date(on))])),
            Some(on) => Cell::tag(Tag::new(lang.name("state", "served"), Tone::Good)).note(lang.date(on)),
            None if clerk => {
                Cell::link(t.dossier.record_service, format!("{}/serve/{}", filing.href(), paper.id.key()))
            }
            None => Cell::tag(Tag::new(c.not_served, Tone::Attention)),
        };
        let service = if failed.is_empty() { service } else { service.note(failed) };
        let objection = served.and_then(|(.., due)| due.as_ref());
        let objection = objection
            .map_or_else(|| Cell::text("—"), |due| Cell::deadline(&Deadline::counted(lang, due, filing.today)));
        // The court corrects and voids its paper on the page of the copy.
        let name = filing.party(person);
        let name = match filing.in_court() {
            true => Cell::link(name, format!("/letters/{}", paper.id.key())).note(c.copy_page),
            false => name.into(),
        };
        rows.push(vec![name, service, objection]);
    }
    let columns =
        vec![Column::text(lang.name("role", "party")), Column::text(t.dossier.service), Column::text(c.objection)];
    let table = Table::new(lang, c.service, columns).rows(rows);
    let heading = super::super::dossier::Heading { text: c.ruling.into() };
    let follows = match (ruling.valid, ground) {
        (true, _) => Notice::new(lang, NoticeKind::Info, c.follows_valid),
        (false, ground) => {
            let routes = ground.map_or(&[][..], |g| &g.routes).iter().filter_map(|r| pack.route(r));
            let routes: Vec<&str> = routes.map(|r| pick(lang, &r.name, &r.name_en)).collect();
            Notice::new(
                lang,
                NoticeKind::Info,
                fill(c.follows_rejected, &[("routes", &routes.join(pick(lang, "、", ", ")))]),
            )
        }
    };
    let follows = follows.title(c.follows);
    Ok(vec![Markup::of(&heading), Markup::of(&list), Markup::of(&table), Markup::of(&follows)])
}

/// What happened, in order.
///
/// # Errors
/// When the database fails.
pub async fn history(filing: &Filing) -> Result<Timeline, Fault> {
    let lang = filing.lang;
    let history = filing.site.app.history::<Confirmation>(&filing.stream).await?;
    let ids = history.iter().map(|(e, _)| e.actor.clone()).collect();
    let names = actors(&filing.site, lang, &filing.state.subject.parties, ids).await?;
    let annexes = filing.annexes();
    let link = |id: &StreamId, label: &str| {
        let n = annexes.iter().position(|(paper, _)| paper.id == *id)?;
        Some(Link::new(label, format!("{}/annex/{n}", filing.href())))
    };
    let moments = history.iter().map(|(entry, event)| {
        let mut moment = Moment {
            when: when(lang, entry.at),
            title: event_name(lang, &entry.kind),
            who: names.get(&entry.actor).cloned().unwrap_or_default(),
            ..Moment::default()
        };
        match event {
            Event::ConfirmationDrafted { application, .. } => {
                moment.links.extend(link(&application.id, &paper_name(filing, &application.kind)))
            }
            Event::ConfirmationSigned { signature } => {
                let person = signature.signer.strip_prefix("party/").unwrap_or_default();
                let signer = filing.party(&yanhe_core::PersonId(person.to_owned()));
                let attested = signature.attested_by.as_deref().map_or_else(String::new, |by| filing.staff_name(by));
                tell_signature(lang, signer, signature, &attested, &mut moment);
            }
            Event::ConfirmationDocketed { number, notice, .. } => {
                moment.text.clone_from(number);
                moment.links.extend(link(&notice.id, &paper_name(filing, &notice.kind)));
            }
            Event::ConfirmationDeclined { ground, reasons, .. } => {
                let ground = filing.site.app.pack.court_ground(ground);
                let ground = ground.map_or("", |ground| pick(lang, &ground.name, &ground.name_en));
                let said = [Some(ground), reasons.as_ref().map(|reasons| reasons.text())];
                moment.text = said.into_iter().flatten().collect::<Vec<_>>().join(pick(lang, "：", ": "));
                moment.tone = Tone::Bad;
            }
            Event::ConfirmationLapsed { .. } => moment.tone = Tone::Bad,
            Event::Ruled { ruling } => {
                moment.text = lang.name("state", if ruling.valid { "valid" } else { "rejected" }).to_owned();
                moment.tone = if ruling.valid { Tone::Good } else { Tone::Bad };
            }
            Event::DocketNoticeVoided { person, notice, .. } => {
                moment.text = format!("{} {}", filing.party(person), notice.number);
                moment.links.extend(link(&notice.id, &paper_name(filing, &notice.kind)));
                moment.tone = Tone::Bad;
            }
            Event::DocketNoticeMadeAgain { papers, .. } => {
                let made = papers.iter().map(|(person, paper)| format!("{} {}", filing.party(person), paper.number));
                moment.text = made.collect::<Vec<_>>().join(pick(lang, "；", "; "));
            }
            Event::RulingVoided { notice, .. } => {
                moment.text.clone_from(&notice.number);
                moment.links.extend(link(&notice.id, &paper_name(filing, &notice.kind)));
                moment.tone = Tone::Bad;
            }
            Event::RulingReissued { papers, .. } => {
                moment.text = papers.first().map_or_else(String::new, |(_, paper)| paper.number.clone());
            }
            Event::RulingUnserved { person } => moment.text = filing.party(person),
            Event::RulingServed { person, on, .. } => {
                moment.text = format!("{} {}", filing.party(person), lang.date(*on));
                // The court served it; the system only took it over from the paper.
                let pack = &filing.site.app.pack;
                moment.who = pick(lang, &pack.court.name, &pack.court.name_en).to_owned();
            }
            _ => {}
        }
        moment
    });
    Ok(Timeline { moments: moments.collect() })
}
