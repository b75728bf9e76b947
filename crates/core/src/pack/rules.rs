//! Limits as data, and the choice among them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Basis, Pack};
use crate::time::Date;

/// A limit: what it is, how long, from when, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Id, for example `mediation.accept`.
    pub id: String,
    /// Sector it is limited to; `None` is the county's rule for all others.
    #[serde(default)]
    pub sector: Option<String>,
    /// A rule set by a local instrument goes before a default one.
    #[serde(default)]
    pub local: bool,
    /// Basic, complex or extended.
    #[serde(default)]
    pub variant: Variant,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// How many units; at least 1.
    pub value: u32,
    /// Unit.
    pub unit: Unit,
    /// Is it counted back from the event?
    #[serde(default)]
    pub backwards: bool,
    /// Does a last day on a rest day move to the next working day?
    #[serde(default = "yes")]
    pub rolls: bool,
    /// May time be left out of the count?
    #[serde(default)]
    pub suspendable: bool,
    /// Does the request that another mediator takes the case suspend it until it is decided on?
    #[serde(default)]
    pub recusal_suspends: bool,
    /// The event it starts from; that day is not counted.
    pub starts: String,
    /// The same in English.
    pub starts_en: String,
    /// Articles by the date of the paper.
    pub basis: Vec<Basis>,
    /// Read from the official text, or a default.
    pub status: Status,
    /// Dates of the fact it applies to.
    #[serde(default)]
    pub in_force: InForce,
}

fn yes() -> bool {
    true
}

/// Dates of the fact, both inclusive; open where absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InForce {
    /// First date.
    #[serde(default)]
    pub from: Option<Date>,
    /// Last date.
    #[serde(default)]
    pub to: Option<Date>,
}

impl InForce {
    /// Is the date within?
    pub fn covers(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }

    /// Do two ranges share a date?
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let ends_before = |a: &Self, b: &Self| matches!((a.to, b.from), (Some(to), Some(from)) if to < from);
        !ends_before(self, other) && !ends_before(other, self)
    }
}

/// Which of several values of a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// The ordinary value.
    #[default]
    Basic,
    /// For a complex case or one of several organs.
    Complex,
    /// The whole length once extended.
    Extended,
}

impl Variant {
    /// The name used in data and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Complex => "complex",
            Self::Extended => "extended",
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Variant {
    type Err = UnknownVariantError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Basic, Self::Complex, Self::Extended];
        all.into_iter().find(|v| v.name() == text).ok_or_else(|| UnknownVariantError(text.to_owned()))
    }
}

/// A text that names no variant.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is none of basic, complex, extended")]
pub struct UnknownVariantError(String);

/// Unit of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Calendar days.
    Days,
    /// Working days.
    WorkingDays,
    /// Months: the same day of the month, or the month's end.
    Months,
    /// Years: likewise.
    Years,
}

impl Unit {
    /// The Chinese measure: 日, 个工作日, 个月, 年.
    pub const fn text_zh(self) -> &'static str {
        match self {
            Self::Days => "日",
            Self::WorkingDays => "个工作日",
            Self::Months => "个月",
            Self::Years => "年",
        }
    }

    /// The English unit, agreeing with the count.
    pub const fn text_en(self, count: u32) -> &'static str {
        match (self, count) {
            (Self::Days, 1) => "day",
            (Self::Days, _) => "days",
            (Self::WorkingDays, 1) => "working day",
            (Self::WorkingDays, _) => "working days",
            (Self::Months, 1) => "month",
            (Self::Months, _) => "months",
            (Self::Years, 1) => "year",
            (Self::Years, _) => "years",
        }
    }
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Taken from the official text.
    Read,
    /// What a county would set; shown as a default.
    Default,
}

/// No rule answers.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum NoRuleError {
    /// No limit has this id.
    #[error("there is no limit `{id}`")]
    UnknownLimit {
        /// As asked.
        id: String,
    },
    /// The pack has no such sector.
    #[error("there is no sector `{sector}`; limit `{id}` has rules for {}", sectors(.with))]
    UnknownSector {
        /// The limit.
        id: String,
        /// As asked.
        sector: String,
        /// Sectors with a rule; an empty one stands for no sector.
        with: Vec<String>,
    },
    /// The limit has rules only for other sectors.
    #[error("limit `{id}` {}; it has a rule for {}", without_rule(.sector), sectors(.with))]
    OtherSector {
        /// The limit.
        id: String,
        /// As asked.
        sector: Option<String>,
        /// Sectors with a rule.
        with: Vec<String>,
    },
    /// The limit has no such variant for the sector.
    #[error("limit `{id}` has no variant `{variant}`{}; it has {}{}", for_sector(.sector), list(.variants), elsewhere(.with))]
    NoVariant {
        /// The limit.
        id: String,
        /// As asked.
        sector: Option<String>,
        /// As asked.
        variant: Variant,
        /// Variants there are for the sector.
        variants: Vec<Variant>,
        /// Sectors with a rule of the asked variant.
        with: Vec<String>,
    },
    /// There is a rule, but not for facts of that date.
    #[error("limit `{id}` was not in force on `{date}`")]
    NotInForce {
        /// The limit.
        id: String,
        /// Date of the fact.
        date: Date,
    },
}

fn without_rule(sector: &Option<String>) -> String {
    match sector {
        Some(sector) => format!("has no rule for sector `{sector}`"),
        None => "depends on the sector, and none was given".to_owned(),
    }
}

fn for_sector(sector: &Option<String>) -> String {
    sector.as_ref().map_or_else(String::new, |sector| format!(" for sector `{sector}`"))
}

fn elsewhere(with: &[String]) -> String {
    if with.is_empty() { String::new() } else { format!("; that variant is there for {}", sectors(with)) }
}

/// Sectors by name; an empty one stands for every sector that has no rule of its own.
fn sectors(with: &[String]) -> String {
    let names = with.iter().map(|s| if s.is_empty() { "any other sector".to_owned() } else { format!("`{s}`") });
    names.collect::<Vec<_>>().join(", ")
}

fn list(variants: &[Variant]) -> String {
    match variants {
        [Variant::Basic] => "only its basic value".to_owned(),
        all => all.iter().map(|v| format!("`{v}`")).collect::<Vec<_>>().join(", "),
    }
}

impl Rule {
    /// A name that tells the rule from every other of its pack.
    pub fn key(&self) -> String {
        let mut key = self.id.clone();
        if let Some(sector) = &self.sector {
            key.push('/');
            key.push_str(sector);
        }
        if self.local {
            key.push_str("/local");
        }
        if self.variant != Variant::Basic {
            key.push('/');
            key.push_str(self.variant.name());
        }
        if let Some(from) = self.in_force.from {
            key.push('@');
            key.push_str(&from.to_string());
        }
        key
    }
}

impl Pack {
    /// Has the limit a rule of its own for the sector (for no sector when `None`)?
    pub fn has_rule(&self, id: &str, sector: Option<&str>) -> bool {
        self.rules.iter().any(|rule| rule.id == id && rule.sector.as_deref() == sector)
    }

    /// Chinese name of a limit; the id itself when the pack does not know it.
    pub fn limit_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.rules.iter().find(|rule| rule.id == id).map_or(id, |rule| &rule.name)
    }

    /// English name of a limit; the id itself when the pack does not know it.
    pub fn limit_name_en<'a>(&'a self, id: &'a str) -> &'a str {
        self.rules.iter().find(|rule| rule.id == id).map_or(id, |rule| &rule.name_en)
    }

    /// The rule of a limit for a fact of that date: sector before local before default. A sector that has a rule in
    /// force never falls back to the county's, whose variants are not made for it.
    ///
    /// # Errors
    /// Why there is none, naming the sectors that have one.
    pub fn rule(&self, id: &str, sector: Option<&str>, variant: Variant, fact: Date) -> Result<&Rule, NoRuleError> {
        let named = self.rules.iter().filter(|rule| rule.id == id).collect::<Vec<_>>();
        if named.is_empty() {
            return Err(NoRuleError::UnknownLimit { id: id.to_owned() });
        }
        if let Some(asked) = sector.filter(|asked| self.sector(asked).is_none()) {
            let with = sectors_of(&named);
            return Err(NoRuleError::UnknownSector { id: id.to_owned(), sector: asked.to_owned(), with });
        }
        let in_sector = |rule: &&Rule| sector.is_some() && rule.sector.as_deref() == sector;
        let own = named.iter().any(|rule| in_sector(rule) && rule.in_force.covers(fact));
        let open = named
            .iter()
            .copied()
            .filter(|rule| if own { in_sector(rule) } else { rule.sector.is_none() || in_sector(rule) })
            .collect::<Vec<_>>();
        if open.is_empty() {
            let with = sectors_of(&named);
            return Err(NoRuleError::OtherSector { id: id.to_owned(), sector: sector.map(str::to_owned), with });
        }
        let valued = open.iter().copied().filter(|rule| rule.variant == variant).collect::<Vec<_>>();
        if valued.is_empty() {
            let mut variants = open.iter().map(|rule| rule.variant).collect::<Vec<_>>();
            variants.sort_unstable();
            variants.dedup();
            let same = named.iter().copied().filter(|rule| rule.variant == variant).collect::<Vec<_>>();
            let (id, sector) = (id.to_owned(), sector.map(str::to_owned));
            return Err(NoRuleError::NoVariant { id, sector, variant, variants, with: sectors_of(&same) });
        }
        valued
            .into_iter()
            .filter(|rule| rule.in_force.covers(fact))
            .max_by_key(|rule| (rule.sector.is_some(), rule.local))
            .ok_or_else(|| NoRuleError::NotInForce { id: id.to_owned(), date: fact })
    }
}

fn sectors_of(rules: &[&Rule]) -> Vec<String> {
    let mut names = rules.iter().map(|rule| rule.sector.clone().unwrap_or_default()).collect::<Vec<_>>();
    names.sort_unstable();
    names.dedup();
    names
}
