//! The task of sending a paper.

use super::{Event, State};
use crate::row::{Cell, Change};
use crate::time::Timestamp;
use crate::{StreamId, StreamKind, tables};

/// Sending it, as a task of who issued it: there until it is on its way, and again when it did not arrive. A guidance
/// letter that did not arrive is a task of its matter.
pub(super) fn work(id: &StreamId, state: &State, event: &Event, at: Timestamp) -> Option<Change> {
    let i = &state.issued;
    if !i.is_sent_by_hand() {
        return None;
    }
    if !state.waits_to_be_sent() {
        // Nothing to take away from what was never there.
        let never = matches!(event, Event::PaperIssued { .. });
        return (!never).then(|| Change::Delete(&tables::WORK, vec![id.as_str().into(), "dispatch".into()]));
    }
    let court = i.about.kind() == StreamKind::Confirmation;
    Some(Change::Put(
        &tables::WORK,
        vec![
            id.as_str().into(),
            "dispatch".into(),
            i.paper.issuer.as_str().into(),
            (if court { "court_clerk" } else { "clerk" }).into(),
            Cell::Null,
            i.send_by.as_ref().map(|(day, _)| *day).into(),
            i.send_by.as_ref().map(|(_, limit)| limit.clone()).into(),
            i.paper.number.as_str().into(),
            i.addressee.as_ref().map_or(Cell::Null, |a| (&a.name).into()),
            i.paper.kind.as_str().into(),
            at.into(),
        ],
    ))
}
