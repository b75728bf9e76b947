//! A paper that falls with what its case took back, and stands again when that is taken back itself.

use super::{Command, Context, Event, Notice, State};
use crate::stream::Facts;
use crate::time::DateTime;
use crate::{PersonId, Personal};

/// What a case says of a paper that falls and that parties were to sign.
#[derive(Clone, Debug, Default)]
pub struct Fallen {
    /// Why it was taken back, as it was typed; none: it was not, or nobody said.
    pub reason: Option<Personal<String>>,
    /// Number of the case; empty outside of one.
    pub case: String,
    /// Of a record, for when its session had been called.
    pub session: Option<DateTime>,
    /// For whom the notice is.
    pub parties: Vec<Personal<String>>,
}

/// Why a proof of service holds no more: the notice on the paper itself says the rest.
pub(super) const DISPROVED: &str = "所记的送达与事实不符，已由编号的补正通知更正。";

/// Jobs ask for it, which come at least once: what is so already gives nothing.
pub(super) fn decide(
    state: &State,
    command: Command,
    of: &PersonId,
    facts: &Facts<'_>,
    context: &Context,
) -> Vec<Event> {
    let said = context.fallen.reason.as_ref();
    let (notice, why, with) = match (command, &state.void) {
        (Command::Stand {}, Some(void)) => return vec![Event::PaperStands { notice: void.notice.clone() }],
        (Command::Fall { lapsed, taken_back, with }, None) => {
            let why = match with {
                // Copies of a court's ruling bear one number.
                Some(notice) => format!("同一文书发给其他当事人的一份已由作废通知（{}）作废", notice.number),
                None if taken_back => "该文书所依据的逾期记录与事实不符，已经撤回。".to_owned(),
                None if lapsed => {
                    "调解期限届满时签名尚未齐全，该文书没有生效，调解依法终止，此前的签名不再有效。".to_owned()
                }
                None => {
                    let said = said.and_then(|reason| reason.open()).map(|reason| reason.trim().trim_end_matches('。'));
                    let said = said.map_or_else(String::new, |reason| format!("（理由：{reason}）"));
                    format!("该文书尚未生效，已由制作机关撤回{said}，此前的签名不再有效。")
                }
            };
            (facts.paper("void_notice", &state.issued.paper.issuer), why, None)
        }
        (Command::Disprove { paper, notice }, None) => (notice, DISPROVED.to_owned(), Some(paper)),
        _ => return Vec::new(),
    };
    let notice =
        Notice { notice, reason: Personal::new(said.map_or(of, |said| &said.of), why), change: None, approval: None };
    vec![Event::PaperVoided { notice, with }]
}
