//! Errors of a form: collected once, shown at the fields and, linked, on top.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use serde::Deserialize;
use yanhe_core::{Reason, Refusal};

use crate::text::{self, Lang};

/// One fault, at a field or (with an empty field) of the whole form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Fault {
    /// The form's name for the field.
    pub field: String,
    /// The field's name, said before the message in the summary.
    pub label: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// The faults of a posted form.
#[derive(Clone, Debug, Default)]
pub struct Errors {
    lang: Lang,
    faults: Vec<Fault>,
    labels: Labels,
}

/// The labels of the fields as the page shows them: a field tells its own when it asks for its errors, and the summary
/// reads them when it is drawn, which is later.
#[derive(Clone, Debug, Default)]
struct Labels(Arc<Mutex<BTreeMap<String, String>>>);

impl Labels {
    fn note(&self, field: &str, label: &str) {
        let mut labels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        labels.insert(field.to_owned(), label.to_owned());
    }

    fn of(&self, field: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(field).cloned()
    }
}

impl Errors {
    /// No faults yet.
    pub fn new(lang: Lang) -> Self {
        Self { lang, faults: Vec::new(), labels: Labels::default() }
    }

    /// Adds a fault by its key under `field` in the texts, for example `required`.
    pub fn add(&mut self, field: &str, problem: &str) {
        let message = self.lang.name("field", problem).to_owned();
        self.say(field, message);
    }

    /// Adds a fault in own words. The field's name comes from `label` in the texts, if it is there. A field has one fault:
    /// the first one that was found.
    pub fn say(&mut self, field: &str, message: impl Into<String>) {
        if !field.is_empty() && self.at(field).is_some() {
            return;
        }
        let label = named(self.lang, field);
        self.faults.push(Fault { field: field.to_owned(), label, message: message.into() });
    }

    /// Adds why a command was refused: at the field it names, or else for the whole form.
    pub fn refused(&mut self, refusal: &Refusal) {
        match &refusal.reason {
            Reason::Field { field, problem } => self.add(field, problem),
            Reason::NumberTaken { .. } | Reason::NumberOfYear { .. } => {
                self.say("number", text::refusal(self.lang, refusal))
            }
            Reason::NotAsAgreed { .. } => self.say("after", text::refusal(self.lang, refusal)),
            Reason::DateOrder { .. } => self.say("on", text::refusal(self.lang, refusal)),
            _ => self.say("", text::refusal(self.lang, refusal)),
        }
    }

    /// The first fault at a field.
    pub fn at(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| fault.message.as_str())
    }

    /// Notes the label under which a field stands on the page: the summary names it so.
    pub fn label(&self, field: &str, label: &str) {
        self.labels.note(field, label);
    }

    /// Nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// The summary for the top of the page; nothing when nothing is wrong.
    pub fn summary(&self) -> ErrorSummary {
        ErrorSummary { lang: self.lang, faults: self.faults.clone(), labels: self.labels.clone() }
    }
}

/// A field's name in words. A field of a list is `obligations/2/amount`: its number stays, what cannot be named is left out.
fn named(lang: Lang, field: &str) -> String {
    let list = field.split_once('/').map_or("", |(list, _)| list);
    let word = |part: &str| match part.parse::<u32>() {
        Ok(_) => Some(part.to_owned()),
        // The receiver of an obligation is not the one of a letter.
        Err(_) => {
            let own = lang.get(&format!("label.{list}_{part}"));
            own.or_else(|| lang.get(&format!("label.{part}"))).map(str::to_owned)
        }
    };
    field.split('/').filter_map(word).collect::<Vec<_>>().join(" ")
}

/// The summary of faults, each linked to its field.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/error_summary.html")]
pub struct ErrorSummary {
    /// The reader's language.
    pub lang: Lang,
    /// The faults; without any, nothing is drawn.
    pub faults: Vec<Fault>,
    #[serde(skip)]
    labels: Labels,
}

impl ErrorSummary {
    /// The field's name: as the page shows it, or else as the texts name it.
    fn name(&self, fault: &Fault) -> String {
        self.labels.of(&fault.field).unwrap_or_else(|| fault.label.clone())
    }
}
super::part!(ErrorSummary, "error_summary");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_field_is_named_in_the_summary_and_marked_at_the_field() {
        let mut errors = Errors::new(Lang::En);
        errors.refused(&Reason::Field { field: "obligations/2/amount".into(), problem: "positive".into() }.into());
        errors.refused(&Reason::Stale.into());
        assert_eq!(errors.at("obligations/2/amount"), Some("Enter a number above zero"));
        assert_eq!(errors.at("amount"), None);
        let html = askama::Template::render(&errors.summary()).expect("it draws");
        assert!(
            html.contains(r##"<a href="#f-obligations/2/amount">Obligations 2 Amount: Enter a number above zero</a>"##),
            "{html}"
        );
        assert!(html.contains("<li>This changed after you opened the page"), "{html}");
        assert_eq!(named(Lang::En, "obligations/1/to"), "Obligations 1 To whom");
        assert_eq!(named(Lang::En, "to"), "To");
    }

    #[test]
    fn the_summary_calls_a_field_as_the_page_does() {
        let mut errors = Errors::new(Lang::Zh);
        errors.add("text", "required");
        let summary = errors.summary();
        let _ = crate::components::Field::textarea(Lang::Zh, "text", "经过").errors(&errors);
        let html = askama::Template::render(&summary).expect("it draws");
        assert!(html.contains("经过：请填写") && !html.contains("内容：请填写"), "{html}");
    }

    #[test]
    fn a_field_has_one_fault_and_the_form_as_many_as_there_are() {
        let mut errors = Errors::new(Lang::Zh);
        errors.add("phone", "not_a_phone");
        errors.add("phone", "required");
        errors.say("", "一");
        errors.say("", "二");
        let html = askama::Template::render(&errors.summary()).expect("it draws");
        assert_eq!(html.matches("<li>").count(), 3, "{html}");
        assert!(html.contains("请填写手机号码") && !html.contains("：请填写<"), "{html}");
    }

    #[test]
    fn a_day_that_is_too_early_is_told_with_the_earliest_one() {
        let reason = Reason::DateOrder { first: "2022-07-18".into(), second: "2022-07-17".into() };
        for (lang, said) in [
            (Lang::En, "17 July 2022 is before 18 July 2022; it must be that day or later"),
            (Lang::Zh, "2022年7月17日 早于 2022年7月18日，请填写 2022年7月18日 当天或者以后的日期"),
        ] {
            let mut errors = Errors::new(lang);
            errors.refused(&reason.clone().into());
            assert!(errors.at("on").is_some_and(|told| told.contains(said)), "{:?}", errors.at("on"));
        }
    }

    #[test]
    fn without_faults_there_is_no_summary() {
        assert_eq!(askama::Template::render(&Errors::new(Lang::Zh).summary()).expect("it draws"), "");
    }
}
