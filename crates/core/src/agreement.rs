//! The check of an agreement before it is signed: what in it is missing, does not add up, is forbidden or cannot be
//! confirmed by the court, each with its clause, the reason and what to write instead.
//!
//! It reads what the parties wrote and changes nothing. Signing is stopped only by what the law forbids; all else is for
//! the parties to weigh.

mod finding;
mod words;

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Number;

pub use self::finding::{Code, Finding, Severity};
use crate::pack::Pack;
use crate::scope::Kind;
use crate::time::Date;
use crate::values::{CreditCode, Document, Money, normalise, parse_date};

/// A sum or a share, as text or as a number of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Written {
    /// As text.
    Text(String),
    /// As a number.
    Number(Number),
}

/// Somebody, by name alone or with more.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Named {
    /// The name.
    Name(String),
    /// Name, number and what they are.
    Party(Party),
}

/// A party.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Party {
    /// Name.
    pub name: Option<String>,
    /// Number of the identity document, or credit code.
    pub id: Option<String>,
    /// `person` or `organisation`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// What is owed for paying late.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Penalty {
    /// Share of the sum in arrears for a year: `0.24`, `24%`.
    pub rate_year: Option<Written>,
    /// Or a lump, yuan.
    pub amount: Option<Written>,
}

/// A clause: an obligation, or free words where none of its parts is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Clause {
    /// As it is written.
    pub text: Option<String>,
    /// Who owes.
    pub from: Option<String>,
    /// To whom.
    pub to: Option<String>,
    /// What.
    pub what: Option<String>,
    /// How much, yuan.
    pub amount: Option<Written>,
    /// The same in capital numerals.
    pub words: Option<String>,
    /// Last day.
    pub due: Option<String>,
    /// How.
    pub manner: Option<String>,
}

/// An agreement as it is drafted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Agreement {
    /// Civil or administrative.
    pub kind: Kind,
    /// What it is about.
    #[serde(default)]
    pub subject: Option<String>,
    /// The day on which it is made.
    #[serde(default)]
    pub made: Option<String>,
    /// The court that is agreed on.
    #[serde(default)]
    pub court: Option<String>,
    /// Those who make it; with none given nothing is said of them.
    #[serde(default)]
    pub parties: Vec<Party>,
    /// Others whom it touches.
    #[serde(default)]
    pub third_parties: Vec<Named>,
    /// What all obligations in money come to, yuan.
    #[serde(default)]
    pub total: Option<Written>,
    /// What is owed for paying late.
    #[serde(default)]
    pub penalty: Option<Penalty>,
    /// The clauses, in order.
    #[serde(default)]
    pub clauses: Vec<Clause>,
}

/// All findings, by clause; those of the whole agreement last. Clauses count from 1.
pub fn check(pack: &Pack, agreement: &Agreement) -> Vec<Finding> {
    let mut check = Check { pack, agreement, made: None, found: Vec::new() };
    check.made = check.date(None, agreement.made.as_deref());
    for (n, clause) in (1_i64..).zip(&agreement.clauses) {
        check.clause(n, clause);
    }
    check.sums();
    check.penalty();
    check.identities();
    check.third_parties();
    check.court();
    check.subject();
    check.found
}

/// Does a finding stop signing?
pub fn blocks(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Block)
}

struct Check<'a> {
    pack: &'a Pack,
    agreement: &'a Agreement,
    made: Option<Date>,
    found: Vec<Finding>,
}

impl Check<'_> {
    fn find(&mut self, clause: Option<i64>, code: Code, facts: &[(&'static str, &str)]) {
        let finding = Finding::new(clause, code, facts);
        if !self.found.contains(&finding) {
            self.found.push(finding);
        }
    }

    /// A day that is written; one that does not exist is found.
    fn date(&mut self, clause: Option<i64>, written: Option<&str>) -> Option<Date> {
        let written = text(written);
        if written.is_empty() {
            return None;
        }
        let read = parse_date(written);
        if read.is_err() {
            self.find(clause, Code::DateOrder, &[("day", written), ("why", "no_day")]);
        }
        read.ok()
    }

    fn clause(&mut self, n: i64, clause: &Clause) {
        let at = Some(n);
        let [from, to, what, due, manner] =
            [&clause.from, &clause.to, &clause.what, &clause.due, &clause.manner].map(|part| text(part.as_deref()));
        let obligation = ![from, to, what, due, manner].iter().all(|part| part.is_empty()) || clause.amount.is_some();
        if obligation {
            for (part, code) in [
                (if from.is_empty() { from } else { to }, Code::MissingWho),
                (what, Code::MissingWhat),
                (due, Code::MissingWhen),
                (manner, Code::MissingHow),
            ] {
                if part.is_empty() {
                    self.find(at, code, &[]);
                }
            }
        }
        let vague = self.pack.vague_words.iter().map(String::as_str);
        let all = [text(clause.text.as_deref()), what, due, manner];
        let vague: BTreeSet<&str> = vague.filter(|word| all.iter().any(|part| part.contains(word))).collect();
        if !vague.is_empty() {
            self.find(at, Code::VagueWord, &[("words", &vague.into_iter().collect::<Vec<_>>().join("、"))]);
        }
        let owed = self.amount(at, clause.amount.as_ref());
        let words = text(clause.words.as_deref());
        if let Some(owed) = owed
            && !words.is_empty()
            && Money::parse_capital(words) != Ok(owed)
        {
            self.find(at, Code::AmountWords, &[("words", words), ("right", &owed.capital())]);
        }
        if let Some(due) = self.date(at, clause.due.as_deref()).filter(|due| self.made.is_some_and(|made| *due < made))
        {
            self.before(at, due);
        }
        for part in all {
            self.words(at, part);
            self.totals(at, part, owed);
        }
        self.written(at, owed, &[all[0], what]);
        for person in [from, to] {
            self.outsider(at, person);
        }
    }

    /// A day that lies before the one on which the agreement is made.
    fn before(&mut self, at: Option<i64>, day: Date) {
        let made = self.made.map(|made| made.to_string()).unwrap_or_default();
        self.find(at, Code::DateOrder, &[("day", &day.to_string()), ("why", "before"), ("made", &made)]);
    }

    /// The words of an obligation name its sum, or parts that come to it.
    fn written(&mut self, at: Option<i64>, owed: Option<Money>, parts: &[&str]) {
        let parts = parts.iter().map(|part| words::sums(part)).filter(|sums| !sums.is_empty()).collect::<Vec<_>>();
        let (Some(owed), Some(first)) = (owed, parts.first()) else { return };
        let names = |sums: &Vec<words::Sum>| sums.iter().any(|sum| sum.money == owed) || parted(sums) == owed.fen();
        if !parts.iter().any(names) {
            let facts = [("words", &*first[0].words), ("right", &*owed.to_string()), ("why", "written")];
            self.find(at, Code::AmountWords, &facts);
        }
    }

    /// What is said to be the whole comes to what is owed: by this clause, by all, by or to one party, or by the parts that
    /// stand beside it.
    fn totals(&mut self, at: Option<i64>, part: &str, owed: Option<Money>) {
        let sums = words::sums(part);
        let beside = parted(&sums);
        let clauses = &self.agreement.clauses;
        let side = |of: fn(&Clause) -> Option<&String>| {
            let mut by = std::collections::BTreeMap::<&str, i64>::new();
            for clause in clauses {
                let sum = clause.amount.as_ref().and_then(|amount| Money::from_yuan(&amount.plain()).ok());
                let sums = by.entry(of(clause).map_or("", String::as_str)).or_default();
                *sums = sums.saturating_add(sum.map_or(0, Money::fen));
            }
            by.into_values().collect::<Vec<_>>()
        };
        let (all, own) = (self.owed(), owed.map(Money::fen));
        let mut fits = [side(|clause| clause.from.as_ref()), side(|clause| clause.to.as_ref())].concat();
        fits.extend(own.into_iter().chain([all, beside]));
        let compared = if all > 0 { all } else { beside };
        let wrong = sums.iter().filter(|sum| sum.total && compared > 0 && !fits.contains(&sum.money.fen()));
        for total in wrong.map(|sum| sum.money.to_string()).collect::<Vec<_>>() {
            let sum = Money::from_fen(compared).map_or_else(|_| String::new(), |sum| sum.to_string());
            self.find(at, Code::InstalmentsSum, &[("sum", &sum), ("total", &total)]);
        }
    }

    /// What free words hide: sums, days, a rate, a title.
    fn words(&mut self, at: Option<i64>, part: &str) {
        for (words, right) in words::wrong_numerals(part) {
            self.find(at, Code::AmountWords, &[("words", &words), ("right", &right)]);
        }
        let made = self.made;
        for day in words::due_days(part).into_iter().filter(|day| made.is_some_and(|made| *day < made)) {
            self.before(at, day);
        }
        for day in words::impossible_days(part) {
            self.find(at, Code::DateOrder, &[("day", &day), ("why", "no_day")]);
        }
        for rate in words::rates(part) {
            let over = match rate.year_percent {
                Some(percent) => percent > f64::from(self.pack.parameters.penalty_year_percent),
                None => rate.percent > f64::from(self.pack.parameters.penalty_lump_percent),
            };
            if over {
                self.ceiling(at, &rate.words);
            }
        }
        if let Some(title) = words::title(part) {
            self.find(at, Code::TitleConfirmation, &[("words", &title)]);
        }
        if words::THIRD.iter().any(|word| part.contains(word)) {
            self.find(at, Code::ThirdParty, &[("who", "案外人或者第三人")]);
        }
    }

    /// Whoever owes or is owed without being a party.
    fn outsider(&mut self, at: Option<i64>, person: &str) {
        let known = |party: &Party| normalise(text(party.name.as_deref())) == normalise(person);
        let role = words::ROLES.iter().any(|role| person.starts_with(role));
        if !person.is_empty()
            && !self.agreement.parties.is_empty()
            && !role
            && !self.agreement.parties.iter().any(known)
        {
            self.find(at, Code::ThirdParty, &[("who", person)]);
        }
    }

    fn amount(&mut self, at: Option<i64>, written: Option<&Written>) -> Option<Money> {
        let written = written.map(Written::plain).filter(|written| !written.is_empty())?;
        let read = Money::from_yuan(&written);
        if read.is_err() {
            self.find(at, Code::AmountWords, &[("words", &written), ("right", "")]);
        }
        read.ok()
    }

    /// What all obligations in money come to, in fen.
    fn owed(&self) -> i64 {
        let amounts = self.agreement.clauses.iter().filter_map(|clause| clause.amount.as_ref());
        let sums = amounts.filter_map(|amount| Money::from_yuan(&amount.plain()).ok());
        sums.map(Money::fen).fold(0, i64::saturating_add)
    }

    /// The obligations in money come to the total.
    fn sums(&mut self) {
        let Some(total) = self.amount(None, self.agreement.total.as_ref()) else { return };
        let sum = self.owed();
        if sum != total.fen() {
            let sum = Money::from_fen(sum).map_or_else(|_| String::new(), |sum| sum.to_string());
            self.find(None, Code::InstalmentsSum, &[("sum", &sum), ("total", &total.to_string())]);
        }
    }

    /// What is owed for paying late is not over the ceiling of the pack.
    fn penalty(&mut self) {
        let Some(penalty) = &self.agreement.penalty else { return };
        if let Some(rate) = penalty.rate_year.as_ref().map(Written::plain)
            && words::share(&rate).is_none_or(|percent| percent > f64::from(self.pack.parameters.penalty_year_percent))
        {
            self.ceiling(None, &rate);
        }
        let Some(lump) = self.amount(None, penalty.amount.as_ref()) else { return };
        let total = self.agreement.total.as_ref().and_then(|total| Money::from_yuan(&total.plain()).ok());
        let total = total.map_or_else(|| self.owed(), Money::fen);
        let ceiling = i128::from(total) * i128::from(self.pack.parameters.penalty_lump_percent);
        if i128::from(lump.fen()) * 100 > ceiling {
            self.ceiling(None, &lump.to_string());
        }
    }

    fn ceiling(&mut self, at: Option<i64>, words: &str) {
        let parameters = &self.pack.parameters;
        let [year, lump] = [parameters.penalty_year_percent, parameters.penalty_lump_percent].map(|p| p.to_string());
        self.find(at, Code::PenaltyCeiling, &[("words", words), ("year", &year), ("lump", &lump)]);
    }

    /// Every party has a name and a number that is one, and no two have the same.
    fn identities(&mut self) {
        let mut seen = BTreeSet::new();
        for party in &self.agreement.parties {
            let (name, id) = (text(party.name.as_deref()), text(party.id.as_deref()));
            let right = match party.kind.as_deref() {
                Some("organisation") => CreditCode::parse(id).is_ok(),
                _ => Document::guess(id).is_ok(),
            };
            if name.is_empty() || !right {
                self.find(None, Code::Identity, &[("who", name), ("id", id)]);
            } else if !seen.insert(normalise(id)) {
                self.find(None, Code::Identity, &[("who", name), ("id", id), ("why", "twice")]);
            }
        }
    }

    fn third_parties(&mut self) {
        for third in &self.agreement.third_parties {
            let name = text(Some(match third {
                Named::Name(name) => name,
                Named::Party(party) => party.name.as_deref().unwrap_or_default(),
            }));
            let places = (1_i64..).zip(&self.agreement.clauses);
            let named = |clause: &Clause| {
                let parts = [&clause.text, &clause.from, &clause.to, &clause.what, &clause.manner];
                !name.is_empty() && parts.into_iter().flatten().any(|part| part.contains(name))
            };
            let at = places.filter(|(_, clause)| named(clause)).map(|(n, _)| n).next();
            self.find(at, Code::ThirdParty, &[("who", name)]);
        }
    }

    /// A court is named to which a party can turn; of an administrative dispute the law names it.
    fn court(&mut self) {
        let named = text(self.agreement.court.as_deref()).contains("法院")
            || self.agreement.clauses.iter().flat_map(|clause| &clause.text).any(|text| text.contains("法院"));
        if self.agreement.kind != Kind::Administrative && !named {
            self.find(None, Code::NoCourt, &[]);
        }
    }

    /// What the agreement is about, and what its clauses make it about. An administrative dispute is about what the organ
    /// decided: what somebody was punished for stands in its subject and is nothing that is agreed on.
    fn subject(&mut self) {
        let clauses = self.agreement.clauses.iter().enumerate().flat_map(|(n, clause)| {
            let at = i64::try_from(n + 1).ok();
            [&clause.text, &clause.what, &clause.manner].into_iter().flatten().map(move |part| (at, part.as_str()))
        });
        let subject = self.agreement.subject.as_deref().into_iter().map(|subject| (None, subject));
        let parts: Vec<_> = subject.chain(clauses).collect();
        for (at, part) in parts {
            let agreed = at.is_some() || self.agreement.kind != Kind::Administrative;
            if let Some(excluded) = self.pack.not_mediable(part).filter(|_| agreed) {
                self.find(at, Code::ExcludedSubject, &[("subject", &excluded.name), ("subject_en", &excluded.name_en)]);
            }
            if let Some(paper) = self.pack.needs_paper(part) {
                self.find(at, Code::PaperOnly, &[("subject", &paper.name), ("subject_en", &paper.name_en)]);
            }
            // A title in a clause has a finding of its own.
            let title = at.is_some() && words::title(part).is_some();
            if let Some(barred) = self.pack.bars_confirmation(part).filter(|_| !title) {
                self.find(at, Code::NotConfirmable, &[("subject", &barred.name), ("subject_en", &barred.name_en)]);
            }
        }
        if self.agreement.kind == Kind::Administrative && !self.pack.confirms_administrative() {
            let subject = [("subject", "行政争议"), ("subject_en", "an administrative dispute")];
            self.find(None, Code::NotConfirmable, &subject);
        }
    }
}

/// What the parts among these sums come to, in fen.
fn parted(sums: &[words::Sum]) -> i64 {
    sums.iter().filter(|sum| !sum.total).map(|sum| sum.money.fen()).fold(0, i64::saturating_add)
}

impl Written {
    fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) => number.to_string(),
        }
    }
}

fn text(part: Option<&str>) -> &str {
    part.unwrap_or_default().trim()
}
