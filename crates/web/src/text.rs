//! The texts of the pages in Chinese and English.
//!
//! `assets/text/zh/AREA.toml` and `assets/text/en/AREA.toml` hold the keys of one area; the file's name is the first
//! part of the key. The build makes a type from them: `lang.text().common.save`. A key that lacks a language, or a
//! placeholder that the two languages do not share, does not compile. Keys that are data (`refusal.stale`,
//! `limit.letter_send`) are looked up by [`Lang::get`].

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use yanhe_core::Refusal;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both, Chinese first.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// Reads `zh` or `en`.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The short code, as in the cookie and the folder of texts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The language tag of HTML (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-Hans-CN",
            Self::En => "en",
        }
    }

    /// The other language, for the switch.
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// All texts of the language, as a type.
    pub const fn text(self) -> &'static Text {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }

    /// A text by its dotted key, for keys that are data. Dots inside the last part are written `_`.
    pub fn get(self, key: &str) -> Option<&'static str> {
        let place = INDEX.binary_search_by(|(k, _)| (*k).cmp(key)).ok()?;
        Some(INDEX[place].1[self as usize])
    }

    /// The text `area.key`, or the key itself when there is none: a page never breaks on data it does not know.
    pub fn name<'a>(self, area: &str, key: &'a str) -> &'a str {
        self.get(&format!("{area}.{}", key.replace(['.', '-'], "_"))).unwrap_or(key)
    }

    /// A civil date: `2022年8月1日`, `1 August 2022`.
    pub fn date(self, date: jiff::civil::Date) -> String {
        match self {
            Self::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
            Self::En => date.strftime("%-d %B %Y").to_string(),
        }
    }

    /// A civil date with its weekday, as a limit is shown: `2022年8月1日（周一）`, `Monday 1 August 2022`.
    pub fn weekday_date(self, date: jiff::civil::Date) -> String {
        match self {
            Self::Zh => {
                let day = ["一", "二", "三", "四", "五", "六", "日"]
                    [usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
                format!("{}（周{day}）", self.date(date))
            }
            Self::En => date.strftime("%A %-d %B %Y").to_string(),
        }
    }

    /// Names one after the other, as the language sets them: `甲、乙`, `a, b`.
    pub fn list<T: AsRef<str>>(self, items: &[T]) -> String {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        items.join(match self {
            Self::Zh => "、",
            Self::En => ", ",
        })
    }

    /// A name with what stands behind it in brackets, as the language sets them: `甲（申请人）`, `a (applicant)`.
    pub fn bracket(self, name: &str, what: &str) -> String {
        match self {
            Self::Zh => format!("{name}（{what}）"),
            Self::En => format!("{name} ({what})"),
        }
    }

    /// A civil time to the minute: `2022年7月14日 09:00`, `14 July 2022 09:00`.
    pub fn time(self, time: jiff::civil::DateTime) -> String {
        format!("{} {:02}:{:02}", self.date(time.date()), time.hour(), time.minute())
    }
}

/// Puts values into the placeholders of a text: `{name}`. A placeholder without a value stays as it is.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, tail)) => {
                match values.iter().find(|(key, _)| *key == name) {
                    // What was typed as a sentence of its own ends within this one.
                    Some((_, value)) if tail.starts_with(['。', '.']) => {
                        out.push_str(value.trim_end_matches(['。', '.']));
                    }
                    Some((_, value)) => out.push_str(value),
                    None => {
                        let _ = write!(out, "{{{name}}}");
                    }
                }
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A refusal as a sentence in the reader's language, with the article it rests on. Facts that are keys (the state,
/// the limit, the field's problem) are shown by their names.
pub fn refusal(lang: Lang, refusal: &Refusal) -> String {
    let facts = serde_json::to_value(&refusal.reason).unwrap_or_default();
    let mut values: Vec<(&str, &str)> = Vec::new();
    let mut days: Vec<(&str, String)> = Vec::new();
    let mut key = "";
    for (name, value) in facts.as_object().into_iter().flatten() {
        let value = value.as_str().unwrap_or_default();
        match name.as_str() {
            "reason" => key = value,
            "problem" => values.push((name, lang.name("field", value))),
            "what" => values.push((name, lang.name("waiting", value))),
            "how" => values.push((name, lang.name("in_use", value))),
            "kind" => values.push((name, lang.name("parties_sign", value))),
            // The words for where a matter stands are not those of a case: `standing/declined`.
            "state" if value.contains('/') => {
                let (area, key) = value.split_once('/').unwrap_or((name, value));
                values.push((name, lang.name(area, key)));
            }
            // A day is written as the reader writes it.
            "first" | "second" | "last_day" if value.parse::<jiff::civil::Date>().is_ok() => {
                days.push((name.as_str(), value.parse().map_or_else(|_| value.to_owned(), |day| lang.date(day))))
            }
            "limit" | "state" | "subject" | "column" | "field" => {
                values.push((name, lang.name(name_area(name), value)))
            }
            _ => values.push((name, value)),
        }
    }
    // Names come from the law one after the other in Chinese.
    let who = facts["who"].as_str().unwrap_or_default().split('、').collect::<Vec<_>>();
    let who = lang.list(&who);
    for value in values.iter_mut().filter(|(name, _)| *name == "who") {
        value.1 = &who;
    }
    values.extend(days.iter().map(|(name, day)| (*name, day.as_str())));
    let mut sentence = fill(lang.name("refusal", key), &values);
    if !refusal.basis.is_empty() {
        sentence.push_str(&fill(lang.text().common.basis_after, &[("basis", &refusal.basis)]));
    }
    sentence
}

/// The area of texts in which a fact of a refusal is named.
fn name_area(fact: &str) -> &str {
    if fact == "field" { "label" } else { fact }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_as_a_sentence_does_not_end_twice() {
        assert_eq!(
            fill("{why}。决定之前，调解暂停。", &[("why", "是对方的表兄。")]),
            "是对方的表兄。决定之前，调解暂停。"
        );
        assert_eq!(fill("Why: {why}. It waits.", &[("why", "a cousin.")]), "Why: a cousin. It waits.");
        assert_eq!(fill("{what}：{why}", &[("what", "a"), ("why", "b。")]), "a：b。");
    }

    #[test]
    fn both_languages_have_a_text_for_every_key() {
        for (key, [zh, en]) in INDEX {
            assert!(!zh.is_empty() && !en.is_empty(), "{key}");
            assert_eq!(Lang::Zh.get(key), Some(*zh));
            assert_eq!(Lang::En.get(key), Some(*en));
        }
    }

    #[test]
    fn every_task_has_a_word_for_its_button() {
        let tasks = INDEX.iter().filter_map(|(key, _)| key.strip_prefix("task."));
        for task in tasks {
            let press = format!("task_press.{task}");
            assert!(Lang::ALL.iter().all(|lang| lang.get(&press).is_some()), "{press}");
        }
    }

    #[test]
    fn every_reason_of_the_law_has_a_text_that_shows_all_its_facts() {
        // Read from the source, since a reason added there must not be forgotten here.
        let source = include_str!("../../core/src/refusal.rs");
        let body = source
            .split("pub enum Reason {")
            .nth(1)
            .and_then(|rest| rest.split("\n}").next())
            .expect("the enum is there");
        let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
        for line in body.lines() {
            let word = line.trim().trim_end_matches(',');
            if line.starts_with("    ")
                && !line.starts_with("     ")
                && word.starts_with(|c: char| c.is_ascii_uppercase())
            {
                let variant = word.trim_end_matches(" {");
                let snake: String = variant
                    .char_indices()
                    .flat_map(|(i, c)| (c.is_uppercase() && i > 0).then_some('_').into_iter().chain(c.to_lowercase()))
                    .collect();
                reasons.push((snake, Vec::new()));
            } else if let (Some((name, "String")), Some(last)) = (word.split_once(": "), reasons.last_mut()) {
                last.1.push(name);
            }
        }
        assert!(reasons.len() >= 18, "{reasons:?}");
        for lang in Lang::ALL {
            for (reason, facts) in &reasons {
                let text =
                    lang.get(&format!("refusal.{reason}")).unwrap_or_else(|| panic!("refusal.{reason} in {lang:?}"));
                for fact in facts {
                    assert!(text.contains(&format!("{{{fact}}}")), "refusal.{reason} does not say `{fact}`");
                }
            }
        }
    }

    #[test]
    fn a_refusal_names_its_limit_its_last_day_and_its_article() {
        let reason =
            yanhe_core::Reason::PeriodExpired { limit: "confirmation.apply".into(), last_day: "2022-08-01".into() };
        let text = refusal(Lang::Zh, &Refusal::because(reason, "民事诉讼法第201条"));
        assert!(
            text.contains("申请司法确认") && text.contains("2022年8月1日") && text.contains("民事诉讼法第201条"),
            "{text}"
        );
    }

    #[test]
    fn every_act_and_every_role_has_a_name() {
        for act in yanhe_core::policy::Act::ALL {
            for lang in Lang::ALL {
                assert!(lang.get(&format!("act.{}", act.name())).is_some(), "act.{}", act.name());
            }
            for (role, _) in act.allowed() {
                assert!(Lang::En.get(&format!("role.{}", role.name())).is_some(), "role.{}", role.name());
            }
        }
    }

    #[test]
    fn an_unknown_key_is_shown_as_it_is() {
        assert_eq!(Lang::En.name("state", "somewhere"), "somewhere");
        assert_eq!(Lang::En.get("no.such.key"), None);
    }

    #[test]
    fn a_value_with_braces_is_not_filled_again() {
        assert_eq!(fill("{a} and {b} {", &[("a", "{b}"), ("b", "2")]), "{b} and 2 {");
    }

    #[test]
    fn a_date_is_written_as_each_language_writes_it() {
        let date = jiff::civil::date(2022, 8, 1);
        assert_eq!(Lang::Zh.weekday_date(date), "2022年8月1日（周一）");
        assert_eq!(Lang::En.weekday_date(date), "Monday 1 August 2022");
    }
}
