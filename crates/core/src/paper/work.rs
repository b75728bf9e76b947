//! Rows of a paper beside its own: by what it is found, and the task of sending it and then of recording how it was served.

use super::{Event, Issued, State};
use crate::row::{Cell, Change};
use crate::time::Timestamp;
use crate::{StreamId, StreamKind, tables};

/// By what an issued paper is found: by its addressee, and by its code.
pub(super) fn found_by(id: &StreamId, issued: &Issued) -> impl Iterator<Item = Change> {
    let addressee = issued.addressee.as_ref().map(|to| {
        // Found by person only: the case finds people by name, and a paper would list them twice.
        let row = vec![
            id.as_str().into(),
            to.person.0.as_str().into(),
            "addressee".into(),
            (&to.name).into(),
            Cell::Null,
            Cell::Null,
            Cell::Null,
        ];
        Change::Put(&tables::TAKES_PART, row)
    });
    let access = (!issued.access.is_empty()).then(|| {
        let row = vec![issued.access.as_str().into(), id.as_str().into(), issued.about.as_str().into()];
        Change::Claim(&tables::ACCESS, row)
    });
    addressee.into_iter().chain(access)
}

/// Sending it, as a task of who issued it: there until it is on its way, and again when it did not arrive; on its way, it is
/// the task of recording how it was served. A guidance letter that did not arrive is a task of its matter. Whom nobody
/// knows how to reach is found first.
pub(super) fn work(id: &StreamId, state: &State, event: &Event, at: Timestamp) -> Vec<Change> {
    let i = &state.issued;
    if !i.is_sent_by_hand() {
        return Vec::new();
    }
    let now = match () {
        () if state.waits_for_proof() => Some("record_service"),
        () if !state.waits_to_be_sent() => None,
        () if i.channel == "address_needed" => Some("address"),
        () => Some("dispatch"),
    };
    // It is a decision alone that must have arrived by a day; other papers must have gone out by theirs.
    let due = i.send_by.as_ref().filter(|(_, limit)| now != Some("record_service") || limit == "penalty.serve");
    // Nothing to take away from what was never there.
    let never = matches!(event, Event::PaperIssued { .. });
    let done = ["address", "dispatch", "record_service"].into_iter().filter(|task| !never && now != Some(*task));
    let gone = |task: &str| Change::Delete(&tables::WORK, vec![id.as_str().into(), task.into()]);
    let mut rows: Vec<Change> = done.map(gone).collect();
    let court = i.about.kind() == StreamKind::Confirmation;
    rows.extend(now.map(|task| {
        Change::Put(
            &tables::WORK,
            vec![
                id.as_str().into(),
                task.into(),
                i.paper.issuer.as_str().into(),
                (if court { "court_clerk" } else { "clerk" }).into(),
                Cell::Null,
                due.map(|(day, _)| *day).into(),
                due.map(|(_, limit)| limit.clone()).into(),
                i.paper.number.as_str().into(),
                i.addressee.as_ref().map_or(Cell::Null, |a| (&a.name).into()),
                i.paper.kind.as_str().into(),
                at.into(),
                Cell::Null,
            ],
        )
    }));
    rows
}
