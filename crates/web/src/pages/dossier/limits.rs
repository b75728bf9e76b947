//! Three columns of limits: the organ's, the parties', the court's. Each opens its explanation.

use yanhe_core::Date;
use yanhe_core::dossier::{Stage, State};

use super::super::dossier_forms::case::{Case, pick};
use super::super::matter_limits::interrupted;
use crate::components::{Button, Deadline, Markup, Notice, NoticeKind};
use crate::text::{Lang, fill};

fn line(text: impl Into<String>) -> Markup {
    Markup::of(&Line { text: text.into() })
}

#[derive(askama::Template)]
#[template(source = r#"<p class="second">{{ text }}</p>"#, ext = "html")]
struct Line {
    text: String,
}

/// What the organ must do, and by when.
pub fn organ(case: &Case) -> Vec<Markup> {
    let still = case.state.stands_still(&case.site.app.pack).then(|| line(case.lang.text().dossier.stands_still));
    of_organ(case.lang, &case.state, case.today).iter().map(Markup::of).chain(still).collect()
}

/// The organ's limits in a case: the latest of each kind, which links lead to.
pub fn of_organ(lang: Lang, state: &State, today: Date) -> Vec<Deadline> {
    let show = |deadline: &yanhe_core::deadline::Deadline, over: bool, on: Option<Date>| {
        let shown = Deadline::counted(lang, deadline, today).anchored(&deadline.limit);
        if over { shown.done_on(deadline.last_day, on) } else { shown }
    };
    let mut out = Vec::new();
    // Whoever is asked on another day has another last day.
    let asked = state.asked().chain(state.consents.last().filter(|_| state.asked().next().is_none()));
    for consent in asked.filter(|consent| consent.running().is_some()) {
        let over = consent.answer.is_some() || state.stage != Stage::Applied;
        out.extend(consent.running().map(|due| show(due, over, consent.answered_on)));
    }
    out.dedup_by(|a, b| a.steps == b.steps);
    // A link leads to the first of them.
    out.iter_mut().skip(1).for_each(|shown| shown.anchor.clear());
    out.push(show(&state.accept_by, state.stage != Stage::Applied, state.answered_on()));
    if let Some(period) = &state.period {
        out.push(show(period, !matches!(state.stage, Stage::Mediating | Stage::Signing), state.mediated_on()));
    }
    let visit = state.agreement.as_ref().and_then(|a| a.visits.first());
    out.extend(visit.map(|visit| show(visit, state.stage == Stage::Closed, None)));
    out
}

/// The thirty days in which the court can be asked, where it can.
pub fn of_court(lang: Lang, state: &State, today: Date) -> Option<Deadline> {
    let due = state.agreement.as_ref()?.confirm_by.as_ref()?;
    let unfiled = matches!(state.confirmation_state.as_str(), "drafted" | "signed" | "expired" | "declined");
    let filed = state.confirmation.is_some() && !unfiled;
    let shown = Deadline::counted(lang, due, today).anchored(&due.limit);
    Some(if filed { shown.done() } else { shown })
}

/// The parties' own limits: interrupted by the application, or running on.
pub fn parties(case: &Case) -> Vec<Markup> {
    let (lang, state) = (case.lang, &case.state);
    let d = &lang.text().dossier;
    let mut out = Vec::new();
    for limit in &state.limits {
        // It has one count, in the latest case.
        if let Some(later) = state.renewed_by.last().filter(|_| limit.interrupted) {
            let name = lang.name("limit", &limit.deadline.limit);
            out.push(line(fill(d.interrupted_again, &[("limit", name), ("number", &later.number)])));
            continue;
        }
        let shown = Deadline::of_party(lang, limit, case.today).anchored(&limit.deadline.limit);
        if limit.asks() {
            out.push(Markup::of(&shown.kept(limit.deadline.last_day, state.applied_on)));
            continue;
        }
        out.push(Markup::of(&shown));
        if limit.interrupted {
            out.push(line(interrupted(lang, state)));
        } else if limit.deadline.last_day < case.today {
            out.push(line(d.limit_over));
        } else {
            let text = fill(d.runs_on, &[("day", &lang.date(limit.deadline.last_day))]);
            out.push(Markup::of(&Notice::new(lang, NoticeKind::Warn, text)));
        }
    }
    if let Some(change) = &state.change {
        let says = if change.served_on.is_some() { d.changed } else { d.changed_unserved };
        out.push(line(fill(says, &[("number", &change.paper.number)])));
        out.extend(change.limits.iter().map(|limit| Markup::of(&Deadline::counted(lang, limit, case.today))));
    }
    out
}

/// What the court has to do with it: the thirty days, or why not. The first part says whether the reader can begin.
pub fn court(case: &Case) -> (bool, Vec<Markup>) {
    let (lang, state) = (case.lang, &case.state);
    let d = &lang.text().dossier;
    let app = &case.site.app;
    let mut out = Vec::new();
    if let Some(stream) = &state.confirmation {
        let now = lang.name("state", &state.confirmation_state);
        out.push(line(fill(d.confirmation_state, &[("state", now)])));
        out.push(Markup::of(&Button::secondary(d.open_confirmation).to(format!("/confirmation/{}", stream.key()))));
    }
    let agreement = state.agreement.as_ref().filter(|a| a.effective_on.is_some());
    let Some(agreement) = agreement else {
        if state.is_administrative() && !app.pack.confirms_administrative() {
            out.push(line(lang.name("subject", "administrative")));
        } else if out.is_empty() {
            out.push(line(if state.is_over() { d.confirm_none } else { d.confirm_later }));
        }
        return (false, out);
    };
    let Some(due) = &agreement.confirm_by else {
        let id = agreement.not_confirmable.as_str();
        let known = app.pack.not_confirmable.iter().find(|s| s.id == id);
        let subject = known.map_or_else(|| lang.name("subject", id), |s| pick(lang, &s.name, &s.name_en));
        out.push(line(fill(d.not_confirmable, &[("subject", subject)])));
        let form = &lang.text().dossier_form;
        out.push(line(if state.is_administrative() { form.remains_administrative } else { form.remains }));
        return (false, out);
    };
    let late = due.last_day < case.today;
    out.splice(0..0, of_court(lang, state, case.today).iter().map(Markup::of));
    let unfiled = matches!(state.confirmation_state.as_str(), "" | "drafted" | "signed" | "expired" | "declined");
    if late && unfiled {
        out.push(line(lang.text().dossier_form.remains));
    }
    let open = state.unasked_court() && app.may_draft_confirmation(&case.actor, &case.stream, state);
    (open, out)
}
