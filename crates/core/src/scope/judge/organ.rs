//! A dispute with an organ: what it did itself to the one who calls, and not what it did about somebody else.

use super::entry::Recognised;
use super::{Because, Catalogue, Entry, Kind, PARTY, Reading, Rule, Span, Sums, Weight};

/// How far before a word for another side a word for oneself may end: 我的店 is no other side.
const OWN_GAP: usize = 2;
/// The role of the signs that show the one who calls.
const OWN: &str = "own";

/// Is it the name of an organ?
pub(super) fn is_organ(catalogue: &Catalogue, name: &str) -> bool {
    catalogue.names.organ_endings.iter().any(|ending| name.ends_with(ending))
}

impl Reading<'_> {
    /// The act of an organ upon the one who calls: seized, towed, fined, demolished, decided.
    pub(super) fn act(&self, catalogue: &Catalogue) -> Option<Span> {
        catalogue.organ_act.as_ref().and_then(|rule| self.holds(rule))
    }

    /// Where nobody is named on the other side: is it an organ, for an act of its own? It is where the claim is raised
    /// against the organ or the act itself is contested, or where nobody else is there to answer.
    pub(super) fn organ_answers(&self, catalogue: &Catalogue) -> bool {
        let answers = || catalogue.organ_answers.as_ref().and_then(|rule| self.holds(rule)).is_some();
        self.act(catalogue).is_some() && (answers() || !self.names_another(catalogue))
    }

    /// Does the text speak of another side that is not one's own shop or firm?
    fn names_another(&self, catalogue: &Catalogue) -> bool {
        let places = |role: &str| -> Vec<Span> {
            let signs = catalogue.signs.iter().filter(|sign| sign.role == role);
            signs.flat_map(|sign| &sign.patterns).flat_map(|p| p.places(&self.text, &self.rest)).collect()
        };
        let own = places(OWN);
        let ones_own = |at: &Span| own.iter().any(|o| o.end <= at.start && at.start - o.end <= OWN_GAP);
        places(PARTY).iter().any(|at| !ones_own(at))
    }

    /// Says that the dispute is about an organ's own act, and that it is contested.
    pub(super) fn acted(
        &self,
        catalogue: &Catalogue,
        administrative: bool,
        sums: &mut Sums,
        because: &mut Vec<Because>,
    ) {
        let rules = [&catalogue.organ_act, &catalogue.organ_answers].into_iter().flatten().filter(|_| administrative);
        for (rule, span) in rules.filter_map(|rule| Some((rule, self.holds(rule)?))) {
            sums.points_for += rule.weight;
            sums.matched.push(rule.id.clone());
            because.push(self.because(rule, span, Weight::For));
        }
    }

    /// A dispute with an organ is administrative or none: about its discretion where the words say so, and where
    /// something is demanded of it, or it acted upon the one who calls, about what it is to make good.
    pub(super) fn with_organ<'c>(&self, catalogue: &'c Catalogue) -> Option<Recognised<'c>> {
        let administrative = |entry: &Entry| entry.kind == Kind::Administrative;
        let claims = |sign: &&Rule| sign.role == "demand" && sign.weight >= catalogue.points.claim;
        let demand = catalogue.signs.iter().filter(claims).find_map(|sign| self.holds(sign));
        let contested = || catalogue.organ_answers.as_ref().and_then(|rule| self.holds(rule));
        let found = self.entry(catalogue, administrative);
        let Some(span) = demand.or_else(|| self.act(catalogue)).or_else(contested) else { return found };
        let entry = found.map(|found| found.entry).or_else(|| catalogue.remaining(Kind::Administrative))?;
        Some(Recognised { entry, full: true, span: Some(span) })
    }
}
