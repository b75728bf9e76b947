//! The jurisdiction as data: what differs between counties is in a pack and never in Rust code.
//!
//! [`Pack::parse`] reads it from texts, so that `core` needs no files: `pack.toml` (name, numbering, parameters),
//! `organs.toml`, `rules.toml` (the limits), `papers.toml`, `lists.toml` (laws, grounds, routes, subjects) and
//! `scope.toml` (the catalogue of mediable matters).

pub(crate) mod fault;
mod lists;
mod lookup;
mod parse;
mod rules;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use fault::Fault;
pub use lists::{Basis, Citation, Contact, Ground, Issuer, Law, Numbered, Paper, Route, Subject};
pub use lookup::{ASK, CONTEST};
pub use rules::{InForce, NoRuleError, Rule, Status, Unit, UnknownVariantError, Variant};

use crate::scope::{Catalogue, Kind};
use crate::time::{Date, Timestamp, at_county, county_time};

/// A jurisdiction: its name, organs, court, rules, papers and lists.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Name, code, division.
    pub jurisdiction: Jurisdiction,
    /// SHA-256 over all files, names included, as lower-case hex.
    pub hash: String,
    /// All organs in the order of the file: mediating ones, the justice bureau, superiors. The court is apart.
    pub organs: Vec<Organ>,
    /// The court that confirms agreements.
    pub court: Court,
    /// The sectors that rules may name.
    pub sectors: Vec<Sector>,
    /// The limits.
    pub rules: Vec<Rule>,
    /// The papers.
    pub papers: Vec<Paper>,
    /// Patterns of document numbers.
    pub numbering: Numbering,
    /// Single values.
    pub parameters: Parameters,
    /// Laws that are cited.
    pub laws: Vec<Law>,
    /// Where a person can turn instead.
    pub routes: Vec<Route>,
    /// Grounds of 不予受理.
    pub refusal_grounds: Vec<Ground>,
    /// Grounds on which a mediation ends without agreement.
    pub ending_grounds: Vec<Ground>,
    /// Grounds on which the court rejects (法释〔2022〕11号 358).
    pub rejection_grounds: Vec<Ground>,
    /// Grounds on which the court does not accept (法释〔2022〕11号 355).
    pub court_refusal_grounds: Vec<Ground>,
    /// Subjects that bar confirmation.
    pub not_confirmable: Vec<Subject>,
    /// Subjects signed on paper only (电子签名法 3).
    pub paper_only: Vec<Subject>,
    /// Subjects that must not be mediated.
    pub not_mediable: Vec<Subject>,
    /// Words that leave an obligation open.
    pub vague_words: Vec<String>,
    /// The catalogue of matters that may be mediated.
    pub scope: Catalogue,
}

/// The jurisdiction's names and codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jurisdiction {
    /// Lower-case ASCII code: the first part of every primary key.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Administrative division code, six digits.
    pub division: String,
}

/// What an organ does in mediation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Mediates disputes connected with its duties.
    Mediating,
    /// The justice bureau: guides, supervises, assesses.
    Justice,
    /// Stands above others and does nothing else here.
    Superior,
}

/// An organ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organ {
    /// Lower-case ASCII code.
    pub code: String,
    /// Full Chinese name, as files write it.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Short Chinese name for lists.
    pub short: String,
    /// First part of its document numbers, for example 盐市监.
    pub word: String,
    /// What it does.
    pub role: Role,
    /// Sectors whose matters come to it.
    #[serde(default)]
    pub sectors: Vec<String>,
    /// Code of the organ above it.
    #[serde(default)]
    pub superior: Option<String>,
}

/// The court.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Court {
    /// Lower-case ASCII code.
    pub code: String,
    /// Full Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Short Chinese name.
    pub short: String,
    /// Court code in case numbers, for example 浙0424.
    pub word: String,
    /// Type code given to new cases.
    #[serde(rename = "type")]
    pub case_type: String,
    /// Type codes accepted in case numbers; `type` is one of them.
    #[serde(rename = "types")]
    pub case_types: Vec<String>,
    /// Person of contact; empty until named.
    pub contact: String,
}

/// A sector of disputes with rules of its own. It belongs to an entry of the scope catalogue, not to an organ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sector {
    /// Lower-case ASCII id.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Most persons a side at a session; 0 is no bound.
    #[serde(default)]
    pub max_per_side: u8,
    /// May there be one second session, and only one?
    #[serde(default)]
    pub second_session: bool,
    /// Are sessions public unless a party asks otherwise?
    pub public: bool,
    /// Must a suspect come in person?
    #[serde(default)]
    pub agent_barred: bool,
}

/// Patterns of document numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbering {
    /// With `{word}`, `{paper}`, `{year}`, `{n}`.
    pub organ: String,
    /// With `{court}`, `{type}`, `{year}`, `{n}`.
    pub court: String,
}

/// Single values of the jurisdiction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// A fine or a confiscation of an organisation from this sum on is a major decision, in yuan.
    pub major_organisation_yuan: u64,
    /// The same for a person, in yuan.
    pub major_person_yuan: u64,
    /// A penalty clause above this many percent a year on a sum in arrears is flagged.
    pub penalty_year_percent: u32,
    /// A penalty clause above this many percent of the total as a lump is flagged.
    pub penalty_lump_percent: u32,
    /// Characters of the code on a guidance letter: 1 to 8.
    pub letter_code_length: usize,
    /// A rate with a smaller denominator is shown as "too few".
    pub minimum_denominator: u32,
    /// May the court confirm an agreement in an administrative dispute (a local rule)?
    pub administrative_confirmable: bool,
    /// Who mediates an administrative dispute, in order: `legal_section`, `superior`, `studio`.
    pub administrative_mediators: Vec<AdministrativeMediator>,
    /// Entries of the scope catalogue whose claims go to labour arbitration.
    #[serde(default)]
    pub labour_entries: Vec<String>,
    /// Working days after which an oral application is written down with a reason only.
    #[serde(default = "one_day")]
    pub oral_record_days: usize,
    /// So many days before the last one everybody is reminded of a joint application that waits to be filed.
    #[serde(default = "five_days")]
    pub confirmation_reminder_days: i64,
    /// The hours of the day between which messages go to phones: from the first, until before the second.
    #[serde(default = "by_day")]
    pub message_hours: (i8, i8),
    /// Endings by which the name of an organisation is told from that of a human being.
    #[serde(default)]
    pub organisation_endings: Vec<String>,
}

/// Packs from before it was a parameter.
const fn five_days() -> i64 {
    5
}

/// Packs from before it was a parameter: told today or on the working day before.
const fn one_day() -> usize {
    1
}

/// Packs from before it was a parameter: nobody is woken.
const fn by_day() -> (i8, i8) {
    (8, 20)
}

impl Parameters {
    /// From when a message that is made at an instant goes out: at once by day, else when the next day's hours begin. What
    /// somebody waits for does not ask.
    pub fn goes_out(&self, made: Timestamp) -> Timestamp {
        let (from, until) = self.message_hours;
        let time = county_time(made);
        let day = match time.hour() {
            hour if hour < from => time.date(),
            hour if hour < until => return made,
            _ => time.date().tomorrow().unwrap_or(time.date()),
        };
        at_county(day.at(from, 0, 0, 0))
    }
}

/// Who mediates when the deciding organ is itself the other party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdministrativeMediator {
    /// The organ's legal section.
    LegalSection,
    /// The organ above.
    Superior,
    /// The studio of justice bureau and court.
    Studio,
}

impl AdministrativeMediator {
    /// Stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LegalSection => "legal_section",
            Self::Superior => "superior",
            Self::Studio => "studio",
        }
    }
}

impl Pack {
    /// Reads a pack from its texts, by file name.
    ///
    /// # Errors
    /// Every fault found, each with file and line, in that order.
    pub fn parse(files: &BTreeMap<String, String>) -> Result<Self, Vec<Fault>> {
        parse::pack(files)
    }

    /// An organ by code; the court is not among them.
    pub fn organ(&self, code: &str) -> Option<&Organ> {
        self.organs.iter().find(|organ| organ.code == code)
    }

    /// An organ by its full name, as files write it.
    pub fn organ_by_name(&self, name: &str) -> Option<&Organ> {
        self.organs.iter().find(|organ| organ.name == name)
    }

    /// The organs that mediate.
    pub fn mediating(&self) -> impl Iterator<Item = &Organ> {
        self.organs.iter().filter(|organ| organ.role == Role::Mediating)
    }

    /// The justice bureau.
    pub fn justice_bureau(&self) -> &Organ {
        // INVARIANT: parsing refuses a pack that has not exactly one.
        self.organs.iter().find(|organ| organ.role == Role::Justice).unwrap_or(&self.organs[0])
    }

    /// A sector by id.
    pub fn sector(&self, id: &str) -> Option<&Sector> {
        self.sectors.iter().find(|sector| sector.id == id)
    }

    /// A paper by kind.
    pub fn paper(&self, kind: &str) -> Option<&Paper> {
        self.papers.iter().find(|paper| paper.kind == kind)
    }

    /// A route by id.
    pub fn route(&self, id: &str) -> Option<&Route> {
        self.routes.iter().find(|route| route.id == id)
    }

    /// The routes of a ground that are open in a dispute of a kind.
    pub fn routes_of<'a>(&'a self, ground: &'a Ground, kind: Kind) -> impl Iterator<Item = &'a Route> {
        let routes = ground.routes.iter().filter_map(|id| self.route(id));
        routes.filter(move |route| route.kind.is_none_or(|only| only == kind))
    }

    /// Name of an organ or the court; the code itself when the pack knows neither.
    pub fn body_name<'a>(&'a self, code: &'a str) -> &'a str {
        if self.court.code == code { &self.court.name } else { self.organ(code).map_or(code, |organ| &organ.name) }
    }

    /// The same in English.
    pub fn body_name_en<'a>(&'a self, code: &'a str) -> &'a str {
        if self.court.code == code {
            &self.court.name_en
        } else {
            self.organ(code).map_or(code, |organ| &organ.name_en)
        }
    }

    /// Title of a paper; the kind itself when the pack does not know it.
    pub fn paper_name<'a>(&'a self, kind: &'a str) -> &'a str {
        self.paper(kind).map_or(kind, |paper| &paper.name)
    }

    /// The same in English.
    pub fn paper_name_en<'a>(&'a self, kind: &'a str) -> &'a str {
        self.paper(kind).map_or(kind, |paper| &paper.name_en)
    }

    /// Code in the number of a kind of paper; `None` when it carries no number of its own.
    pub fn paper_code(&self, kind: &str) -> Option<&str> {
        self.paper(kind).filter(|paper| paper.numbered == Numbered::Organ).map(|paper| paper.code.as_str())
    }

    /// Characters of the code on a guidance letter.
    pub fn letter_code_length(&self) -> usize {
        self.parameters.letter_code_length
    }

    /// The number of a paper of that kind, for example 盐市监调告〔2022〕12号. `issuer` is the organ's code.
    pub fn number(&self, issuer: &str, kind: &str, year: i16, n: i64) -> String {
        self.number_with(issuer, kind, year, &n.to_string())
    }

    /// The same with a text in the place of the serial.
    pub(crate) fn number_with(&self, issuer: &str, kind: &str, year: i16, n: &str) -> String {
        // A notice on a paper of the court is the court's.
        let word = match self.organ(issuer) {
            Some(organ) => organ.word.as_str(),
            None if self.court.code == issuer => &self.court.word,
            None => issuer,
        };
        let paper = self.paper_code(kind).unwrap_or_default();
        let year = year.to_string();
        fill(&self.numbering.organ, &[("{word}", word), ("{paper}", paper), ("{year}", &year), ("{n}", n)])
    }

    /// A case number of the court, for example （2022）浙0424诉前调确123号. `case_type` is the court's own when `None`.
    pub fn court_number(&self, case_type: Option<&str>, year: i16, n: i64) -> String {
        let kind = case_type.unwrap_or(&self.court.case_type);
        let (year, n) = (year.to_string(), n.to_string());
        fill(&self.numbering.court, &[("{court}", &self.court.word), ("{type}", kind), ("{year}", &year), ("{n}", &n)])
    }

    /// What a rule rests on, as a paper of that date cites it.
    pub fn citation(&self, rule: &Rule, paper_date: Date) -> Citation {
        self.cite(&rule.basis, paper_date)
    }

    /// What a paper, ground or subject rests on, as a paper of that date cites it.
    pub fn cite(&self, basis: &[Basis], paper_date: Date) -> Citation {
        Citation::of(&self.laws, basis, paper_date)
    }
}

/// Fills the marks of a pattern in one pass, so that a value that looks like a mark stays what it is.
fn fill(pattern: &str, marks: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        if let Some((mark, value)) = marks.iter().find(|(mark, _)| rest.starts_with(mark)) {
            out.push_str(value);
            rest = &rest[mark.len()..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

fn hash(files: &BTreeMap<String, String>) -> String {
    let mut hash = Sha256::new();
    for part in files.iter().flat_map(|(name, text)| [name, text]) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    HEXLOWER.encode(&hash.finalize())
}
