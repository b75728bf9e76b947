//! The limits of a matter, with what an application interrupted.

use yanhe_core::dossier::{self, Dossier};
use yanhe_core::{Date, matter};

use crate::components::Deadline;
use crate::site::{Fault, Site};
use crate::text::{Lang, fill};

/// The limits of a matter: the letter's, and those of the person it goes to. What the latest application interrupted, or
/// named another day of, is counted as in its case.
pub fn all(lang: Lang, state: &matter::State, case: Option<&dossier::State>, today: Date) -> Vec<Deadline> {
    let mut out = Vec::new();
    let assumed = state.trigger().1;
    // Of a matter that was taken back no letter is due.
    if let Some(due) = state.letter_due.as_ref().filter(|_| state.standing != matter::Standing::Withdrawn) {
        let mut limit = Deadline::counted(lang, due, today).anchored(&due.limit);
        // It is kept by sending: a letter that lies in a pile keeps nothing. Where none is owed any more, it is over.
        let owed = matches!(state.standing, matter::Standing::Proposed | matter::Standing::Issued);
        if let Some(on) = state.letter_sent_on() {
            limit = limit.kept(due.last_day, on);
        } else if !owed {
            limit = limit.done();
        }
        out.push(if assumed { limit.assumed() } else { limit });
    }
    for limit in &state.limits {
        let same = |found: &&dossier::RunningLimit| !found.asks() && found.deadline.limit == limit.limit;
        out.push(match case.and_then(|case| Some((case, case.limits.iter().find(same)?))) {
            Some((_, own)) if !own.interrupted => Deadline::of_party(lang, own, today).anchored(&limit.limit),
            Some((case, anew)) => {
                let mut shown = Deadline::of_party(lang, anew, today).anchored(&limit.limit);
                shown.steps.insert(0, interrupted(lang, case));
                shown
            }
            None => {
                let shown = Deadline::counted(lang, limit, today).anchored(&limit.limit);
                let shown = if state.assumes(&limit.limit) { shown.assumed() } else { shown };
                // What the limit asks for was done with the application.
                match case.filter(|_| limit.limit == "mediation.apply") {
                    Some(case) => shown.kept(limit.last_day, case.applied_on),
                    None => shown,
                }
            }
        });
    }
    out
}

/// By what a limit was interrupted.
pub fn interrupted(lang: Lang, case: &dossier::State) -> String {
    let values = [("day", &*lang.date(case.applied_on)), ("number", case.application.number.as_str())];
    fill(lang.text().dossier.interrupted, &values)
}

/// The latest case that came of a matter.
///
/// # Errors
/// When the database fails.
pub async fn latest_case(site: &Site, state: &matter::State) -> Result<Option<dossier::State>, Fault> {
    Ok(match state.dossiers.last() {
        Some(stream) => site.app.state::<Dossier>(stream).await?,
        None => None,
    })
}
