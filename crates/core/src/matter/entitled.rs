//! Who is entitled to a letter of a matter, of which dispute, against whom, and by which channel it can go.

use super::{Letter, LetterState, Registered, State};
use crate::PersonId;
use crate::pack::{CONTEST, Pack};
use crate::party::Party;
use crate::scope::{Catalogue, Kind, Proposal, Source};
use crate::time::Date;
use crate::values::normalise;

/// The days of a matter from which limits run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// Decision, inspection or complaint date.
    pub occurred_on: Date,
    /// The day on which the decision was served, where that is recorded.
    pub served_on: Option<Date>,
    /// The matter is a decision: nobody knew of it before that day. A complaint or an inspection says of the act that is
    /// contested no more than that it was known by then.
    pub decided: bool,
}

impl Days {
    /// The day from which limits run when nobody says another one: of service, else that of the matter.
    pub fn known_on(self) -> Date {
        self.served_on.unwrap_or(self.occurred_on)
    }
}

impl State {
    /// The kind of dispute of this matter, as the clerk found it or else as it is proposed.
    pub fn kind(&self) -> Kind {
        self.classified.as_ref().map_or_else(|| self.proposed_kind(), |found| found.kind)
    }

    /// The kind of dispute as it is proposed, also when the clerk overrules a proposal of none: a penalty is disputed with
    /// the organ that decided it.
    pub fn proposed_kind(&self) -> Kind {
        match (self.proposal.kind, self.matter.source) {
            (Kind::None, Source::Penalty) => Kind::Administrative,
            (Kind::None, Source::Inspection | Source::Complaint) => Kind::Civil,
            (kind, _) => kind,
        }
    }

    /// The entry of the dispute of this matter, as the clerk found it or else as it is proposed.
    pub fn entry<'a>(&'a self, scope: &'a Catalogue) -> Option<&'a str> {
        let found = self.classified.as_ref().and_then(|found| found.entry.as_deref());
        found.or_else(|| self.proposed_entry(scope))
    }

    /// The entry as it is proposed, also when the clerk overrules a proposal of none.
    pub fn proposed_entry<'a>(&'a self, scope: &'a Catalogue) -> Option<&'a str> {
        scope.entry_of_kind(self.proposed_kind(), self.proposal.entry.as_deref())
    }

    /// The kind of dispute that somebody of this matter has: the one that their letter is worded for; whom a punished or a
    /// reported act harmed has a civil one with the one who did it.
    pub fn kind_of(&self, person: &PersonId) -> Kind {
        let worded = self.letter_of(person).and_then(|letter| letter.kind);
        worded.unwrap_or_else(|| if self.is_harmed(person) { Kind::Civil } else { self.kind() })
    }

    /// The entry of the scope catalogue of somebody's dispute, and its sector.
    pub fn entry_of(&self, person: &PersonId) -> (Option<&str>, Option<&str>) {
        match &self.classified {
            Some(found) if !self.is_harmed(person) => (found.entry.as_deref(), found.sector.as_deref()),
            _ => {
                let proposal = self.proposal_of(person);
                (proposal.entry.as_deref(), proposal.sector.as_deref())
            }
        }
    }

    /// What is proposed for this person: whether a letter is due, of which trigger and entry.
    pub fn proposal_of(&self, person: &PersonId) -> &Proposal {
        match &self.harmed {
            Some(harmed) if self.is_harmed(person) => &harmed.proposal,
            _ => &self.proposal,
        }
    }

    /// The limits that this person's letter names, by the entry and the sector of their dispute.
    pub fn limits_of(&self, person: &PersonId, pack: &Pack) -> Vec<&'static str> {
        let (entry, sector) = self.entry_of(person);
        pack.letter_limits(self.kind_of(person), entry.unwrap_or_default(), sector)
    }

    /// Is it somebody whom a punished act harmed, and not the punished person; or a reported one, and not the reporter?
    pub fn is_harmed(&self, person: &PersonId) -> bool {
        self.matter.harmed().any(|party| party.person == *person)
    }

    /// Is a letter proposed to anybody?
    pub fn proposes(&self) -> bool {
        self.proposal.send || self.harmed.as_ref().is_some_and(|h| h.proposal.send)
    }

    /// The days from which its limits run.
    pub fn days(&self) -> Days {
        let decided = self.matter.source == Source::Penalty;
        Days { occurred_on: self.matter.occurred_on, served_on: self.served_on, decided }
    }

    /// Is the day from which a limit of the parties runs only assumed? Certain is the service of a decision alone, for those who
    /// contest it: since when somebody knew of anything else they alone can say.
    pub fn assumes(&self, limit: &str) -> bool {
        self.served_on.is_none() || !CONTEST.contains(&limit)
    }

    /// The day from which the letter's limits run, and whether it is only assumed as the trigger of the letter itself.
    pub fn trigger(&self) -> (Date, bool) {
        let assumed = self.matter.source == Source::Penalty && self.served_on.is_none();
        (self.days().known_on(), assumed)
    }

    /// Everybody of the matter, with their role.
    pub fn parties(&self) -> impl Iterator<Item = (&'static str, &Party)> {
        let m = &self.matter;
        let first = [("subject", &m.subject), ("complainant", &m.complainant), ("affected", &m.affected)];
        let first = first.into_iter().filter_map(|(role, party)| party.as_ref().map(|p| (role, p)));
        first.chain(m.also_affected.iter().map(|party| ("affected", party)))
    }

    /// Who is entitled to a letter, the first of [`Self::all_entitled`].
    pub fn entitled(&self) -> Option<&Party> {
        self.all_entitled().next().map(|(_, party)| party)
    }

    /// Everybody who is entitled to a letter, with their role as [`super::Recipient`] names it: the punished person, the
    /// complainant, those affected. Who is complained of or inspected gets none: that side is asked when somebody applies.
    pub fn all_entitled(&self) -> impl Iterator<Item = (String, &Party)> {
        self.matter.entitled()
    }

    /// What this person said of the matter: only the complaint is in the complainant's own words.
    pub fn own_words(&self, person: &PersonId) -> Option<&str> {
        let own = self.matter.source == Source::Complaint
            && self.matter.complainant.as_ref().is_some_and(|c| c.person == *person);
        self.matter.text.open().map(String::as_str).filter(|_| own)
    }

    /// Is it somebody whose name the other side does not know and learns by an application?
    pub fn is_reporter(&self, person: &PersonId) -> bool {
        self.matter.reporter && self.matter.complainant.as_ref().is_some_and(|c| c.person == *person)
    }

    /// Those of [`Self::all_entitled`] who have no letter that stands.
    pub fn without_letter(&self) -> impl Iterator<Item = (String, &Party)> {
        self.all_entitled().filter(|(_, party)| self.letter_of(&party.person).is_none())
    }

    /// The letter of a person that stands, the last one.
    pub fn letter_of(&self, person: &PersonId) -> Option<&Letter> {
        let standing = self.letters.iter().rev().filter(|(_, state)| *state != LetterState::Voided);
        standing.map(|(letter, _)| letter).find(|letter| letter.to.person == *person)
    }

    /// The punished person's letter: no other goes to the printer with a decision that was issued elsewhere.
    pub fn punished_letter(&self) -> Option<&Letter> {
        let punished = self.matter.subject.as_ref().filter(|_| self.matter.source == Source::Penalty)?;
        self.letter_of(&punished.person)
    }

    /// The letters that stand and go together with the decision: on one proof of service.
    pub fn with_decision(&self) -> impl Iterator<Item = &Letter> {
        let punished = self.matter.subject.as_ref().map(|party| &party.person);
        let standing = self.letters.iter().filter(|(_, state)| *state != LetterState::Voided).map(|(letter, _)| letter);
        standing.filter(move |letter| Some(&letter.to.person) == punished && letter.channel == "with_decision")
    }

    /// The other side of the dispute, for the application: none where it is the organ that decided.
    pub fn other_side(&self) -> Option<&Party> {
        self.entitled().and_then(|party| self.other_side_of(&party.person))
    }

    /// The other side of this person's dispute.
    pub fn other_side_of(&self, person: &PersonId) -> Option<&Party> {
        let own = self.matter.source == Source::Penalty && !self.is_harmed(person);
        self.matter.subject.as_ref().filter(|subject| !own && subject.person != *person)
    }
}

impl Registered {
    /// Those who are affected, the first one first.
    pub fn all_affected(&self) -> impl Iterator<Item = &Party> {
        self.affected.iter().chain(&self.also_affected)
    }

    /// Those whom a punished act harmed, or a reported one: their dispute is another one than the penalty or the report.
    pub(super) fn harmed(&self) -> impl Iterator<Item = &Party> {
        let complainant = self.complainant.iter().filter(|_| self.source == Source::Penalty);
        let affected = self.source == Source::Penalty || self.source == Source::Complaint && self.reporter;
        complainant.chain(self.all_affected().filter(move |_| affected))
    }

    /// See [`State::all_entitled`].
    fn entitled(&self) -> impl Iterator<Item = (String, &Party)> {
        let punished =
            self.subject.iter().filter(|_| self.source == Source::Penalty).map(|p| ("subject".to_owned(), p));
        let complainant = || self.complainant.iter().map(|p| ("complainant".to_owned(), p));
        let role = |n: usize| if n == 0 { "affected".to_owned() } else { format!("affected{}", n + 1) };
        let affected = self.all_affected().enumerate().map(move |(n, party)| (role(n), party));
        let calls = self.source == Source::Complaint;
        let (first, last) = (complainant().filter(move |_| calls), complainant().filter(move |_| !calls));
        punished.chain(first).chain(affected).chain(last)
    }

    /// The second role in which somebody is named who would get two letters: the same document, or the same name where not
    /// both show one.
    pub fn twice(&self) -> Option<String> {
        let number = |party: &Party| {
            let document = party.document.as_ref().and_then(|number| number.open());
            party.credit_code.as_ref().or(document).cloned()
        };
        let same = |a: &Party, b: &Party| match (number(a), number(b)) {
            (Some(a), Some(b)) => a == b,
            _ => normalise(a.name.text()) == normalise(b.name.text()),
        };
        let all: Vec<_> = self.entitled().collect();
        let again =
            all.iter().enumerate().find(|(n, (_, party))| all[..*n].iter().any(|(_, other)| same(other, party)));
        again.map(|(_, (role, _))| role.clone())
    }
}

/// The role in which somebody is named, without their place among several.
pub fn plain_role(role: &str) -> &str {
    role.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// The channels by which a letter can go to somebody, those that need no other contact than is known first. Only the
/// punished person's letter goes with the decision, as long as that was not served without it.
pub fn channels(state: &State, role: &str) -> &'static [&'static str] {
    match goes_with_decision(state, role) {
        true => &["with_decision", "sms", "email", "mail", "print"],
        false => &["sms", "email", "mail", "print"],
    }
}

fn goes_with_decision(state: &State, role: &str) -> bool {
    state.matter.source == Source::Penalty && role == "subject" && state.served_on.is_none()
}

/// The channel that fits what is known of somebody; `address_needed` when nothing is.
pub fn fitting_channel(state: &State, role: &str, to: &Party) -> &'static str {
    match () {
        () if goes_with_decision(state, role) => "with_decision",
        () if to.mobile_text().is_some() => "sms",
        () if to.email_text().is_some() => "email",
        () if to.address_text().is_some() => "print",
        () => "address_needed",
    }
}
