//! Laws and how they are cited, papers, and the closed lists of grounds, routes and subjects.

use serde::{Deserialize, Serialize};

use crate::scope::Kind;
use crate::time::Date;

/// A law, regulation, rule or interpretation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Id within the pack.
    pub id: String,
    /// Formal Chinese name without 《》.
    pub name: String,
    /// Short Chinese name with the edition, for pages.
    pub short: String,
    /// English name with the edition.
    pub name_en: String,
    /// Is it a published instrument? `false` for what a county merely presumes.
    #[serde(default = "yes")]
    pub instrument: bool,
}

fn yes() -> bool {
    true
}

/// Articles that something rests on, for papers of certain dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Id of the law.
    pub law: String,
    /// Articles: `201` or a range `84-94`. None: the law as a whole.
    #[serde(default)]
    pub articles: Vec<String>,
    /// Paragraph or item in Chinese, after the last article, for example （五）.
    #[serde(default)]
    pub items: String,
    /// First date of a paper that cites it; open when absent.
    #[serde(default)]
    pub from: Option<Date>,
    /// Last date of a paper that cites it; open when absent.
    #[serde(default)]
    pub to: Option<Date>,
}

impl Basis {
    /// Does a paper of this date cite it?
    pub fn covers(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

/// A citation in the three ways it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// As a paper says it: 《中华人民共和国民事诉讼法》第二百零一条.
    pub formal: String,
    /// As a page says it: 民事诉讼法（2021年修正）第201条.
    pub short: String,
    /// In English: Civil Procedure Law (2021 text), art. 201.
    pub en: String,
}

impl Citation {
    /// All entries that a paper of this date cites, joined.
    pub(crate) fn of(laws: &[Law], basis: &[Basis], date: Date) -> Self {
        let valid = basis.iter().filter(|entry| entry.covers(date));
        let (mut formal, mut short, mut en) = (Vec::new(), Vec::new(), Vec::new());
        for entry in valid {
            let Some(law) = laws.iter().find(|law| law.id == entry.law) else { continue };
            let name = if law.instrument { format!("《{}》", law.name) } else { law.name.clone() };
            let formal_articles = entry.articles.iter().map(|a| article(a, chinese)).collect::<Vec<_>>().join("、");
            let short_articles =
                entry.articles.iter().map(|a| article(a, str::to_owned)).collect::<Vec<_>>().join("、");
            let items = if entry.items.is_empty() { String::new() } else { format!("第{}项", entry.items) };
            formal.push(format!("{name}{formal_articles}{items}"));
            short.push(format!("{}{short_articles}{items}", law.short));
            en.push(match entry.articles.as_slice() {
                [] => law.name_en.clone(),
                [one] if !one.contains('-') => format!("{}, art. {one}", law.name_en),
                many => format!("{}, arts. {}", law.name_en, many.join(", ")),
            });
        }
        Self { formal: formal.join("、"), short: short.join("；"), en: en.join("; ") }
    }
}

fn article(text: &str, number: impl Fn(&str) -> String) -> String {
    match text.split_once('-') {
        Some((first, last)) => format!("第{}条至第{}条", number(first), number(last)),
        None => format!("第{}条", number(text)),
    }
}

/// An article number from 1 to 9999 in Chinese numerals; other text unchanged.
fn chinese(text: &str) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let Some(n) = text.parse::<usize>().ok().filter(|n| (1..=9999).contains(n)) else {
        return text.to_owned();
    };
    let mut out = String::new();
    let mut zero = false;
    for (power, unit) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = n / power % 10;
        if digit == 0 {
            zero = !out.is_empty();
            continue;
        }
        if zero {
            out.push_str(DIGITS[0]);
            zero = false;
        }
        // 十五, but 一百一十五.
        if !(power == 10 && digit == 1 && out.is_empty()) {
            out.push_str(DIGITS[digit]);
        }
        out.push_str(unit);
    }
    out
}

/// Who issues a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Issuer {
    /// A mediating organ.
    Organ,
    /// The justice bureau.
    Justice,
    /// The court.
    Court,
    /// A party.
    Party,
    /// An expert.
    Expert,
}

/// Which number a paper carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbered {
    /// A number of its own: organ, paper code, year, serial.
    Organ,
    /// The court's case number.
    Court,
    /// None of its own.
    None,
}

/// Where an organ is reached, as the roster says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contact {
    /// Its phone.
    Phone,
    /// Its address.
    Address,
}

/// A kind of paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Kind, which is also the template's name.
    pub kind: String,
    /// Chinese title.
    pub name: String,
    /// English title.
    pub name_en: String,
    /// Who issues it.
    pub issuer: Issuer,
    /// Its number.
    pub numbered: Numbered,
    /// Code in the number, for example 调告; empty unless `numbered` is `Organ`.
    pub code: String,
    /// The paper in whose register it counts, with the same code: no two papers of one code bear the same number.
    #[serde(default)]
    pub shares: Option<String>,
    /// Does it carry the issuer's seal?
    pub sealed: bool,
    /// Does it need a proof of service?
    pub served: bool,
    /// What it prints of where its organ is reached.
    #[serde(default)]
    pub prints: Vec<Contact>,
    /// The articles it rests on.
    pub basis: Vec<Basis>,
}

/// Another way for a person to be heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Id.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// The limit that runs for it, if one does.
    #[serde(default)]
    pub limit: Option<String>,
    /// The kind of dispute that it is open to; none: to both.
    #[serde(default)]
    pub kind: Option<Kind>,
}

/// A ground to refuse, end or reject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// Id within its list.
    pub id: String,
    /// Chinese text.
    pub name: String,
    /// English text.
    pub name_en: String,
    /// Ids of the routes that stay open.
    pub routes: Vec<String>,
    /// It tells nobody anything by itself: whoever refuses says which body decided what, and when.
    #[serde(default)]
    pub explained: bool,
    /// The articles it rests on.
    pub basis: Vec<Basis>,
}

/// A subject with consequences of its own, known by words of the agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Id within its list.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Words that show it.
    pub words: Vec<String>,
    /// Words that hold one of those and say that it is none: 不构成犯罪.
    #[serde(default)]
    pub lifted: Vec<String>,
    /// The articles it rests on.
    pub basis: Vec<Basis>,
}

#[cfg(test)]
mod tests {
    use super::chinese;

    #[test]
    fn article_numbers_are_written_in_chinese() {
        for (digits, text) in [
            ("3", "三"),
            ("10", "十"),
            ("14", "十四"),
            ("40", "四十"),
            ("105", "一百零五"),
            ("110", "一百一十"),
            ("201", "二百零一"),
            ("358", "三百五十八"),
            ("1005", "一千零五"),
            ("1260", "一千二百六十"),
        ] {
            assert_eq!(chinese(digits), text);
        }
    }
}
