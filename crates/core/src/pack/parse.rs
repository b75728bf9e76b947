//! Reading a pack, and what its texts must agree on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use serde::de::DeserializeOwned;

use super::fault::{At, Source};
use super::{Basis, Court, Fault, Ground, Issuer, Jurisdiction, Law, Numbered, Numbering, Organ, Pack, Paper};
use super::{Parameters, Role, Route, Rule, Sector, Subject, Unit};
use crate::scope::Catalogue;
use crate::time::Date;

const PACK: &str = "pack.toml";
const ORGANS: &str = "organs.toml";
const RULES: &str = "rules.toml";
const PAPERS: &str = "papers.toml";
const LISTS: &str = "lists.toml";
const SCOPE: &str = "scope.toml";

/// What is checked after reading, beside the values themselves.
struct Checks {
    faults: Vec<Fault>,
    laws: BTreeSet<String>,
    routes: BTreeSet<String>,
}

pub(super) fn pack(files: &BTreeMap<String, String>) -> Result<Pack, Vec<Fault>> {
    let mut faults = Vec::new();
    for name in [PACK, ORGANS, RULES, PAPERS, LISTS, SCOPE] {
        if !files.contains_key(name) {
            faults.push(Fault { file: name.to_owned(), line: 0, reason: "the file is missing".to_owned() });
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let text = |name: &str| files[name].as_str();

    let mut source = Source::new(PACK, text(PACK), &mut faults);
    let jurisdiction = source.take::<Jurisdiction>("jurisdiction");
    let numbering = source.take::<Numbering>("numbering");
    let parameters = source.take::<Parameters>("parameters");
    source.finish();

    let mut source = Source::new(ORGANS, text(ORGANS), &mut faults);
    let sectors = source.entries::<Sector>("sector");
    let organs = source.entries::<Organ>("organ");
    let court = source.take::<Court>("court");
    source.finish();

    let rules = only::<Rule>(RULES, text(RULES), "rule", &mut faults);
    let papers = only::<Paper>(PAPERS, text(PAPERS), "paper", &mut faults);

    let mut source = Source::new(LISTS, text(LISTS), &mut faults);
    let laws = source.entries::<Law>("law");
    let routes = source.entries::<Route>("route");
    let refusal_grounds = source.entries::<Ground>("refusal_ground");
    let ending_grounds = source.entries::<Ground>("ending_ground");
    let rejection_grounds = source.entries::<Ground>("rejection_ground");
    let court_refusal_grounds = source.entries::<Ground>("court_refusal_ground");
    let not_confirmable = source.entries::<Subject>("not_confirmable");
    let paper_only = source.entries::<Subject>("paper_only");
    let not_mediable = source.entries::<Subject>("not_mediable");
    let vague_words = source.entries::<String>("vague_words");
    source.finish();

    let scope = catalogue(text(SCOPE), &mut faults);

    let mut checks = Checks {
        faults,
        laws: laws.iter().map(|law| law.value.id.clone()).collect(),
        routes: routes.iter().map(|route| route.value.id.clone()).collect(),
    };
    checks.unique(LISTS, "law", laws.iter().map(|at| (at.line, at.value.id.as_str())));
    checks.unique(LISTS, "route", routes.iter().map(|at| (at.line, at.value.id.as_str())));
    for At { line, value } in &routes {
        if let Some(limit) = &value.limit
            && !rules.iter().any(|at| at.value.id == *limit)
        {
            checks.fault(LISTS, *line, format!("route `{}` names a limit that has no rule: `{limit}`", value.id));
        }
    }
    for list in [&refusal_grounds, &ending_grounds, &rejection_grounds, &court_refusal_grounds] {
        checks.grounds(list);
    }
    for list in [&not_confirmable, &paper_only, &not_mediable] {
        checks.subjects(list);
    }
    checks.rules(&rules, &sectors);
    checks.papers(&papers);
    checks.organs(&organs, &sectors, court.as_ref());
    checks.head(jurisdiction.as_ref(), numbering.as_ref(), parameters.as_ref());

    let mut faults = checks.faults;
    faults.sort();
    match (jurisdiction, numbering, parameters, court, scope) {
        (Some(jurisdiction), Some(numbering), Some(parameters), Some(court), Some(scope)) if faults.is_empty() => {
            Ok(Pack {
                jurisdiction: jurisdiction.value,
                hash: super::hash(files),
                organs: values(organs),
                court: court.value,
                sectors: values(sectors),
                rules: values(rules),
                papers: values(papers),
                numbering: numbering.value,
                parameters: parameters.value,
                laws: values(laws),
                routes: values(routes),
                refusal_grounds: values(refusal_grounds),
                ending_grounds: values(ending_grounds),
                rejection_grounds: values(rejection_grounds),
                court_refusal_grounds: values(court_refusal_grounds),
                not_confirmable: values(not_confirmable),
                paper_only: values(paper_only),
                not_mediable: values(not_mediable),
                vague_words: values(vague_words),
                scope,
            })
        }
        _ => Err(faults),
    }
}

/// The catalogue, its faults placed on the line of the first name they quote.
fn catalogue(text: &str, faults: &mut Vec<Fault>) -> Option<Catalogue> {
    let before = faults.len();
    drop(Source::new(SCOPE, text, faults));
    if faults.len() > before {
        return None;
    }
    match Catalogue::parse(text) {
        Ok(catalogue) => Some(catalogue),
        Err(reasons) => {
            for reason in reasons {
                let quoted = reason.split('`').nth(1).unwrap_or_default();
                let names = |line: &str| !quoted.is_empty() && line.contains(&format!("\"{quoted}\""));
                let line = text.lines().position(names).map_or(0, |n| n + 1);
                faults.push(Fault { file: SCOPE.to_owned(), line, reason });
            }
            None
        }
    }
}

fn only<T: DeserializeOwned>(file: &str, text: &str, key: &str, faults: &mut Vec<Fault>) -> Vec<At<T>> {
    let mut source = Source::new(file, text, faults);
    let entries = source.entries(key);
    source.finish();
    entries
}

fn values<T>(list: Vec<At<T>>) -> Vec<T> {
    list.into_iter().map(|at| at.value).collect()
}

/// A code of keys and addresses: lower-case ASCII, digits, `_`, and `.` where limits are named.
fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.')
}

impl Checks {
    fn fault(&mut self, file: &str, line: usize, reason: impl Into<String>) {
        self.faults.push(Fault { file: file.to_owned(), line, reason: reason.into() });
    }

    fn unique<'a>(&mut self, file: &str, what: &str, ids: impl Iterator<Item = (usize, &'a str)>) {
        let mut seen = BTreeMap::new();
        for (line, id) in ids {
            if !is_code(id) {
                self.fault(file, line, format!("{what} `{id}` is not a lower-case ASCII code"));
            }
            if let Some(first) = seen.insert(id, line) {
                self.fault(file, line, format!("{what} `{id}` stands already on line {first}"));
            }
        }
    }

    /// Laws exist, articles are numbers, and a paper of any date cites something.
    fn basis(&mut self, file: &str, line: usize, basis: &[Basis]) {
        for entry in basis {
            if !self.laws.contains(&entry.law) {
                self.fault(file, line, format!("law `{}` is not in {LISTS}", entry.law));
            }
            for article in &entry.articles {
                let numbers = article.split('-').map(str::parse::<u16>).collect::<Result<Vec<_>, _>>();
                if !numbers
                    .is_ok_and(|n| matches!(n[..], [one] if one > 0) || matches!(n[..], [a, b] if 0 < a && a < b))
                {
                    self.fault(file, line, format!("`{article}` is neither an article number nor a range"));
                }
            }
            if matches!((entry.from, entry.to), (Some(from), Some(to)) if to < from) {
                self.fault(file, line, "a basis ends before it begins");
            }
        }
        // It can only change on the first day of an entry or on the day after the last, so those are all to be tried.
        let begins = basis.iter().filter_map(|entry| entry.from);
        let ends = basis.iter().filter_map(|entry| entry.to.and_then(|to| to.checked_add(1.day()).ok()));
        let mut dates = [Date::MIN, Date::MAX].into_iter().chain(begins).chain(ends);
        if let Some(date) = dates.find(|date| !basis.iter().any(|entry| entry.covers(*date))) {
            self.fault(file, line, format!("nothing is cited on a paper of `{date}`"));
        }
    }

    fn grounds(&mut self, list: &[At<Ground>]) {
        self.unique(LISTS, "ground", list.iter().map(|at| (at.line, at.value.id.as_str())));
        for At { line, value } in list {
            self.basis(LISTS, *line, &value.basis);
            if value.routes.is_empty() {
                self.fault(LISTS, *line, format!("ground `{}` leaves no other route", value.id));
            }
            for route in &value.routes {
                if !self.routes.contains(route) {
                    self.fault(LISTS, *line, format!("there is no route `{route}`"));
                }
            }
        }
    }

    fn subjects(&mut self, list: &[At<Subject>]) {
        self.unique(LISTS, "subject", list.iter().map(|at| (at.line, at.value.id.as_str())));
        for At { line, value } in list {
            self.basis(LISTS, *line, &value.basis);
        }
    }

    fn rules(&mut self, rules: &[At<Rule>], sectors: &[At<Sector>]) {
        for (n, At { line, value: rule }) in rules.iter().enumerate() {
            self.basis(RULES, *line, &rule.basis);
            if !is_code(&rule.id) {
                self.fault(RULES, *line, format!("limit `{}` is not a lower-case ASCII code", rule.id));
            }
            if !(1..=3660).contains(&rule.value) {
                self.fault(RULES, *line, format!("value {} is not between 1 and 3660", rule.value));
            }
            if rule.backwards && rule.rolls {
                self.fault(RULES, *line, "a limit counted backwards never moves: set rolls = false");
            }
            if rule.backwards && rule.suspendable {
                self.fault(RULES, *line, "a limit counted backwards cannot be suspended");
            }
            if rule.recusal_suspends && !rule.suspendable {
                self.fault(RULES, *line, "a limit that cannot be suspended is not suspended by a request for recusal");
            }
            if rule.unit == Unit::WorkingDays && !rule.rolls && !rule.backwards {
                self.fault(RULES, *line, "a limit in working days always ends on one: leave rolls out");
            }
            if matches!((rule.in_force.from, rule.in_force.to), (Some(from), Some(to)) if to < from) {
                self.fault(RULES, *line, "the rule ends before it begins");
            }
            if let Some(sector) = &rule.sector
                && !sectors.iter().any(|at| at.value.id == *sector)
            {
                self.fault(RULES, *line, format!("there is no sector `{sector}`"));
            }
            let place = |rule: &Rule| (rule.id.clone(), rule.sector.clone(), rule.local, rule.variant);
            let twin = rules[..n]
                .iter()
                .find(|at| place(&at.value) == place(rule) && at.value.in_force.overlaps(&rule.in_force));
            if let Some(twin) = twin {
                self.fault(RULES, *line, format!("`{}` is ruled already on line {}", rule.key(), twin.line));
            }
        }
    }

    fn papers(&mut self, papers: &[At<Paper>]) {
        self.unique(PAPERS, "paper", papers.iter().map(|at| (at.line, at.value.kind.as_str())));
        let mut codes = BTreeMap::new();
        for At { line, value } in papers {
            self.basis(PAPERS, *line, &value.basis);
            if (value.numbered == Numbered::Organ) == value.code.is_empty() {
                self.fault(PAPERS, *line, format!("`{}`: a code goes with a number of its own", value.kind));
            }
            if (value.numbered == Numbered::Court) && value.issuer != Issuer::Court {
                self.fault(PAPERS, *line, format!("`{}`: only the court's papers carry its number", value.kind));
            }
            if let Some(shares) = &value.shares {
                let first = papers.iter().find(|at| at.value.kind == *shares && at.value.shares.is_none());
                if first.is_none_or(|first| first.value.code != value.code) {
                    self.fault(PAPERS, *line, format!("`{}` shares no code with `{shares}`", value.kind));
                }
            } else if !value.code.is_empty()
                && let Some(first) = codes.insert(value.code.as_str(), *line)
            {
                self.fault(PAPERS, *line, format!("code `{}` stands already on line {first}", value.code));
            }
        }
    }

    fn organs(&mut self, organs: &[At<Organ>], sectors: &[At<Sector>], court: Option<&At<Court>>) {
        self.unique(ORGANS, "sector", sectors.iter().map(|at| (at.line, at.value.id.as_str())));
        let codes = organs.iter().map(|at| (at.line, at.value.code.as_str()));
        self.unique(ORGANS, "organ", codes.chain(court.map(|at| (at.line, at.value.code.as_str()))));
        let justice = organs.iter().filter(|at| at.value.role == Role::Justice).count();
        if justice != 1 {
            self.fault(ORGANS, 0, format!("there are {justice} justice bureaus, not one"));
        }
        let mut names = BTreeMap::new();
        let mut words = BTreeMap::new();
        for At { line, value: organ } in organs {
            if let Some(first) = names.insert(organ.name.as_str(), *line) {
                self.fault(ORGANS, *line, format!("name `{}` stands already on line {first}", organ.name));
            }
            // Two organs with one word would issue the same number.
            if let Some(first) = words.insert(organ.word.as_str(), *line) {
                self.fault(ORGANS, *line, format!("word `{}` stands already on line {first}", organ.word));
            }
            if organ.word.is_empty() {
                self.fault(ORGANS, *line, format!("organ `{}` has no word for its numbers", organ.code));
            }
            for sector in &organ.sectors {
                if !sectors.iter().any(|at| at.value.id == *sector) {
                    self.fault(ORGANS, *line, format!("there is no sector `{sector}`"));
                }
            }
            if let Some(superior) = &organ.superior
                && (*superior == organ.code || !organs.iter().any(|at| at.value.code == *superior))
            {
                self.fault(ORGANS, *line, format!("superior `{superior}` is no other organ"));
            }
        }
        if let Some(At { line, value }) = court
            && !value.case_types.contains(&value.case_type)
        {
            self.fault(ORGANS, *line, format!("type `{}` is not among types", value.case_type));
        }
    }

    fn head(
        &mut self,
        jurisdiction: Option<&At<Jurisdiction>>,
        numbering: Option<&At<Numbering>>,
        parameters: Option<&At<Parameters>>,
    ) {
        if let Some(At { line, value }) = jurisdiction {
            if !is_code(&value.code) {
                self.fault(PACK, *line, format!("code `{}` is not a lower-case ASCII code", value.code));
            }
            if value.division.len() != 6 || !value.division.bytes().all(|b| b.is_ascii_digit()) {
                self.fault(PACK, *line, format!("division `{}` is not six digits", value.division));
            }
        }
        if let Some(At { line, value }) = numbering {
            let organ = ["{word}", "{paper}", "{year}", "{n}"].map(|mark| (&value.organ, mark));
            let court = ["{court}", "{type}", "{year}", "{n}"].map(|mark| (&value.court, mark));
            for (pattern, mark) in organ.into_iter().chain(court) {
                if pattern.matches(mark).count() != 1 {
                    self.fault(PACK, *line, format!("pattern `{pattern}` must hold `{mark}` once"));
                }
            }
        }
        if let Some(At { line, value }) = parameters {
            // People type the code from paper.
            let (from, until) = value.message_hours;
            if !(0 <= from && from < until && until <= 24) {
                self.fault(PACK, *line, "message_hours are not two hours of a day, the earlier first");
            }
            if !(1..=8).contains(&value.letter_code_length) {
                self.fault(PACK, *line, "letter_code_length is not between 1 and 8");
            }
            if value.administrative_mediators.is_empty() {
                self.fault(PACK, *line, "administrative_mediators is empty");
            }
        }
    }
}
