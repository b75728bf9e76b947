//! A 12345 order: the limit that the hotline gave it, where it stands with the hotline, and whether it was answered here.

use yanhe_core::time::county_time;
use yanhe_core::{Date, Timestamp, matter};
use yanhe_store_read::views::journal::EntryView;

use crate::components::{Deadline, Markup, Notice, NoticeKind};
use crate::text::{Lang, fill};

/// An answer that was given here.
#[derive(Clone, Copy)]
pub struct Answered {
    /// The day.
    on: Date,
    /// The order was still open then: its limit was kept, or not, by this answer.
    owed: bool,
}

/// What the hotline calls an order that is closed.
const CLOSED: &str = "办结";

/// The answer to the order, if there is one.
pub fn answered(history: &[(EntryView, matter::Event)]) -> Option<Answered> {
    let mut owed = true;
    for (entry, event) in history {
        match event {
            matter::Event::MatterRegistered { matter, .. } => owed = matter.status != CLOSED,
            matter::Event::MatterUpdated { status, .. } => owed = status != CLOSED,
            matter::Event::OrderReplied { .. } => {
                let at = Timestamp::from_microsecond(entry.at).unwrap_or_default();
                return Some(Answered { on: county_time(at).date(), owed });
            }
            _ => {}
        }
    }
    None
}

/// The hotline's own word for where the order stands, which is that of its last export, and beside it what was done here.
pub fn standing(lang: Lang, state: &matter::State, answered: Option<Answered>) -> String {
    let here = answered.map(|answer| fill(lang.text().matter.answered_on, &[("date", &lang.date(answer.on))]));
    let said = [Some(state.matter.status.clone()).filter(|status| !status.is_empty()), here];
    said.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A 12345 order's own due date: while the order is open, and how it was kept once it was answered here. Of an order that
/// the hotline called closed before that, nobody here knows when it was answered.
pub fn own_due(lang: Lang, state: &matter::State, answered: Option<Answered>, today: Date) -> Option<Notice> {
    let answered = answered.filter(|answer| answer.owed).map(|answer| answer.on);
    let due = state.matter.own_due_on?;
    let t = lang.text();
    let closed = answered.is_none() && state.matter.status == CLOSED;
    let soon = (due - today).get_days() <= 3 && answered.is_none() && !closed;
    let running = Deadline::running(lang, lang.name("limit", "order_own"), due, today).anchored("order.own");
    let mut body = match answered {
        Some(on) => running.kept(due, on),
        None if closed => running.done(),
        None => running,
    };
    // Not counted here: the hotline sets it with the order.
    body.steps = vec![
        fill(t.matter.own_due_start, &[("date", &lang.date(state.matter.occurred_on))]),
        fill(t.matter.own_due_end, &[("date", &lang.weekday_date(due))]),
    ];
    // A file may say so, and is taken as it is: whoever reads it is told.
    body.steps.extend((due < state.matter.occurred_on).then(|| t.matter.own_due_early.to_owned()));
    body.steps.extend(answered.map(|on| fill(t.matter.own_due_answered, &[("date", &lang.weekday_date(on))])));
    body.basis = t.matter.own_due_basis.to_owned();
    let kind = if soon { NoticeKind::Warn } else { NoticeKind::Info };
    Some(Notice::new(lang, kind, "").title(t.matter.own_due).body(Markup::of(&body)))
}
