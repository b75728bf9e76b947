//! The papers of a case as its lists have them: by date, and with what each of several of one kind says.

use yanhe_core::dossier::{self, SessionNotice};
use yanhe_store_read::views::paper::PaperView;

use super::letters::paper_name;
use crate::site::Site;
use crate::text::Lang;

/// A paper's name in its case, where papers of one kind say different things, and whether a later one took its place.
pub fn name(site: &Site, lang: Lang, state: &dossier::State, row: &PaperView) -> (String, &'static str) {
    let (name, t) = (paper_name(site, lang, &row.kind), &lang.text().letters);
    let (says, replaced) = match state.session_notice(&row.kind, &row.stream) {
        None | Some((SessionNotice::Calls, false)) => return (name.to_owned(), ""),
        Some((SessionNotice::Calls, true)) => (None, true),
        Some((SessionNotice::Moves, replaced)) => (Some(t.session_moved), replaced),
        Some((SessionNotice::CallsOff, replaced)) => (Some(t.session_off), replaced),
    };
    let name = says.map_or_else(|| name.to_owned(), |says| lang.bracket(name, says));
    (name, if replaced { t.replaced } else { "" })
}

/// Latest first; of one day by their numbers, of which the longer one of a register is the later one.
pub fn latest_first(papers: &mut [PaperView]) {
    let place =
        |paper: &PaperView| (paper.date, paper.number.chars().count(), paper.number.clone(), paper.stream.clone());
    papers.sort_by_key(|paper| std::cmp::Reverse(place(paper)));
}
