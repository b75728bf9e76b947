//! Looking things up in a pack by what a decision has in hand.

use super::{Ground, Pack, Rule, Subject, Variant};
use crate::deadline::Deadline;
use crate::scope::Kind;
use crate::time::Date;

/// The limits within which an act of an organ is contested (行政复议法, 行政诉讼法 46).
pub const CONTEST: [&str; 2] = ["review.apply", "suit.administrative"];

/// The limit within which some sectors want to be asked for mediation (道路交通安全法实施条例 94).
pub const ASK: &str = "mediation.apply";

impl Pack {
    /// A ground of 不予受理.
    pub fn refusal_ground(&self, id: &str) -> Option<&Ground> {
        self.refusal_grounds.iter().find(|g| g.id == id)
    }

    /// A ground of ending without agreement.
    pub fn ending_ground(&self, id: &str) -> Option<&Ground> {
        self.ending_grounds.iter().find(|g| g.id == id)
    }

    /// A statutory ground on which the court rejects or does not accept.
    pub fn court_ground(&self, id: &str) -> Option<&Ground> {
        self.rejection_grounds.iter().chain(&self.court_refusal_grounds).find(|g| g.id == id)
    }

    /// The court that confirms an organ's agreements.
    pub fn court_of(&self, _organ: &str) -> &str {
        &self.court.code
    }

    /// May the court confirm an agreement in an administrative dispute?
    pub fn confirms_administrative(&self) -> bool {
        self.parameters.administrative_confirmable
    }

    /// The subject that bars confirmation, if the text is about one.
    pub fn bars_confirmation(&self, text: &str) -> Option<&Subject> {
        find(&self.not_confirmable, text)
    }

    /// The subject that must be signed on paper, if the text is about one.
    pub fn needs_paper(&self, text: &str) -> Option<&Subject> {
        find(&self.paper_only, text)
    }

    /// The subject that must not be mediated, if the text is about one.
    pub fn not_mediable(&self, text: &str) -> Option<&Subject> {
        find(&self.not_mediable, text)
    }

    /// Do the claims of this entry of the scope catalogue go to labour arbitration before they go to court?
    pub fn goes_to_arbitration(&self, entry: &str) -> bool {
        self.parameters.labour_entries.iter().any(|labour| labour == entry)
    }

    /// The limits within which the claims of a dispute are pursued elsewhere: of an administrative one those of review and
    /// suit, which mediation does not stop (行政复议法, 行政诉讼法 46); of a labour one that of arbitration (劳动争议调解仲裁法
    /// 27), of another civil one limitation (民法典 188), which an application for mediation interrupts.
    pub fn claim_limits(&self, kind: Kind, entry: &str) -> &'static [&'static str] {
        match kind {
            Kind::Administrative => &CONTEST,
            _ if self.goes_to_arbitration(entry) => &["arbitration.labour"],
            _ => &["limitation.civil"],
        }
    }

    /// The limits that a letter of a dispute names: those of its claims, and where its sector has one that of asking for
    /// this very mediation (道路交通安全法实施条例 94).
    pub fn letter_limits(&self, kind: Kind, entry: &str, sector: Option<&str>) -> Vec<&'static str> {
        let of_sector = kind != Kind::Administrative && sector.is_some() && self.has_rule(ASK, sector);
        self.claim_limits(kind, entry).iter().copied().chain(of_sector.then_some(ASK)).collect()
    }

    /// The rule that counted a last day; none when the pack has it no more.
    pub fn rule_of(&self, counted: &Deadline) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.key() == counted.rule)
    }

    /// Can what a rule gives be extended? A sector with a rule of its own has only its own variants.
    pub fn is_extendable(&self, rule: &Rule) -> bool {
        let extends = |other: &Rule| other.id == rule.id && other.sector == rule.sector;
        self.rules.iter().any(|other| extends(other) && other.variant == Variant::Extended)
    }

    /// What a limit rests on, as a paper of this date says it; empty when the limit is unknown.
    pub fn citation_of(&self, limit: &str, paper_date: Date) -> String {
        let rule = self.rules.iter().find(|r| r.id == limit);
        rule.map_or_else(String::new, |rule| self.citation(rule, paper_date).formal)
    }
}

fn find<'a>(subjects: &'a [Subject], text: &str) -> Option<&'a Subject> {
    let shows = |subject: &&Subject| {
        let text = subject.lifted.iter().fold(text.to_owned(), |text, lifted| text.replace(lifted.as_str(), " "));
        subject.words.iter().any(|word| text.contains(word.as_str()))
    };
    subjects.iter().find(shows)
}
