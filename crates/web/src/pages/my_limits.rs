//! The limits of the applicants' own rights: what the application does to them, and what it has done. They are shown to the
//! applicants and to the organ. The other side does not learn here whether its opponent's claim is too late.

use yanhe_core::Date;
use yanhe_core::dossier::RunningLimit;

use super::my::Case;
use super::portal::Section;
use crate::components::{Deadline, Notice, NoticeKind};
use crate::site::Site;
use crate::text::{Lang, fill};

/// What an application interrupts, what runs on and what is over, before it is sent: the same that is told afterwards.
pub fn foreseen(site: &Site, lang: Lang, limits: &[RunningLimit], administrative: bool) -> Vec<Section> {
    let (t, today) = (&lang.text().apply, site.app.today());
    let (anew, on): (Vec<_>, Vec<_>) = limits.iter().partition(|limit| limit.interrupted);
    let anew =
        (!anew.is_empty()).then(|| with(today, lang, Section::new(t.limits_title).say(t.limits_interrupted), &anew));
    anew.into_iter()
        .chain(not_interrupted(today, lang, &on, administrative))
        .chain(asked(lang, limits, None, today))
        .collect()
}

/// Which limits of the applicants their application interrupted, and which run on or are over; nothing for the other side.
pub fn limits(site: &Site, lang: Lang, case: &Case) -> Vec<Section> {
    let t = &lang.text().my;
    if !case.is_applicant() {
        return Vec::new();
    }
    let (anew, on): (Vec<_>, Vec<_>) = case.state.limits.iter().partition(|l| l.interrupted);
    let mut out = Vec::new();
    if let Some(later) = case.state.renewed_by.last().filter(|_| !anew.is_empty()) {
        // It has one count, in the latest case.
        let d = &lang.text().dossier;
        let lines = anew.iter().map(|limit| {
            fill(
                d.interrupted_again,
                &[("limit", lang.name("limit", &limit.deadline.limit)), ("number", &later.number)],
            )
        });
        out.push(lines.fold(Section::new(t.interrupted_title), Section::say));
    } else if !anew.is_empty() {
        out.push(with(site.app.today(), lang, Section::new(t.interrupted_title).say(t.interrupted), &anew));
    }
    out.extend(not_interrupted(site.app.today(), lang, &on, case.state.is_administrative()));
    out.extend(asked(lang, &case.state.limits, Some(case.state.applied_on), site.app.today()));
    if let Some(change) = &case.state.change {
        let says = if change.served_on.is_some() { t.changed } else { t.changed_unserved };
        let section = Section::new(fill(t.changed_title, &[("number", &change.paper.number)])).say(says);
        out.push(change.limits.iter().fold(section, |s, l| s.with(&case.deadline(site, lang, l))));
    }
    out
}

/// What is over runs no more, and nobody is told to hurry for it.
fn not_interrupted(today: Date, lang: Lang, limits: &[&RunningLimit], administrative: bool) -> Vec<Section> {
    let t = &lang.text().my;
    let claims = limits.iter().filter(|limit| !limit.asks());
    let (over, on): (Vec<_>, Vec<_>) = claims.partition(|limit| limit.deadline.last_day < today);
    let running = Section::new(t.running_title).with(&Notice::new(lang, NoticeKind::Warn, t.running));
    let says = if administrative { t.over_administrative } else { t.over_civil };
    let groups = [(running, on), (Section::new(t.over_title).say(says), over)].into_iter();
    groups
        .filter(|(_, limits)| !limits.is_empty())
        .map(|(section, limits)| with(today, lang, section, &limits))
        .collect()
}

/// The limit within which this mediation is asked for, kept or missed by the day of the application once that is made.
fn asked(lang: Lang, limits: &[RunningLimit], on: Option<Date>, today: Date) -> Option<Section> {
    let t = &lang.text().my;
    let limit = limits.iter().find(|limit| limit.asks())?;
    let shown = Deadline::of_party(lang, limit, today);
    let shown = if let Some(on) = on { shown.kept(limit.deadline.last_day, on) } else { shown };
    Some(Section::new(t.asked_title).say(t.asked_traffic).with(&shown))
}

fn with(today: Date, lang: Lang, section: Section, limits: &[&RunningLimit]) -> Section {
    limits.iter().fold(section, |section, limit| section.with(&Deadline::of_party(lang, limit, today)))
}
