//! A paper that falls with what its case took back, and stands again when that is taken back itself.

use super::{Command, Event, Notice, State};
use crate::stream::Facts;
use crate::{PersonId, Personal};

/// What the notice says of a paper that its case took back.
const FALLEN: &str = "该文书尚未生效，已由制作机关撤回，此前的签名不再有效。";

/// And of one that nobody took back: the time for mediation ran out over it.
const LAPSED: &str = "调解期限届满时签名尚未齐全，该文书没有生效，调解依法终止，此前的签名不再有效。";

/// And of one that tells of a lapse which was none.
const TAKEN_BACK: &str = "该文书所依据的逾期记录与事实不符，已经撤回。";

/// Why a proof of service holds no more: the notice on the paper itself says the rest.
pub(super) const DISPROVED: &str = "所记的送达与事实不符，已由编号的补正通知更正。";

/// Jobs ask for it, which come at least once: what is so already gives nothing.
pub(super) fn decide(state: &State, command: Command, of: &PersonId, facts: &Facts<'_>) -> Vec<Event> {
    let (notice, why, with) = match (command, &state.void) {
        (Command::Stand {}, Some(void)) => return vec![Event::PaperStands { notice: void.notice.clone() }],
        (Command::Fall { lapsed, taken_back }, None) => {
            let why = match (taken_back, lapsed) {
                (true, _) => TAKEN_BACK,
                (_, true) => LAPSED,
                _ => FALLEN,
            };
            (facts.paper("void_notice", &state.issued.paper.issuer), why, None)
        }
        (Command::Disprove { paper, notice }, None) => (notice, DISPROVED, Some(paper)),
        _ => return Vec::new(),
    };
    let notice = Notice { notice, reason: Personal::new(of, why.to_owned()), change: None, approval: None };
    vec![Event::PaperVoided { notice, with }]
}
