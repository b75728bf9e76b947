//! Where one is in a row of steps.

use askama::Template;
use serde::Deserialize;

use crate::text::{Lang, fill};

/// How a step stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Done.
    Done,
    /// Its time went by, and it was not done.
    Over,
    /// Under way.
    Now,
    /// Still to come.
    #[default]
    Todo,
}

/// One step.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// Who does it.
    pub who: String,
    /// Where it is done.
    pub href: Option<String>,
    /// How it stands.
    pub state: StepState,
}

/// A row of steps, as in the tour or a long form.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/steps.html")]
pub struct Steps {
    /// The reader's language.
    pub lang: Lang,
    /// The steps.
    pub steps: Vec<Step>,
}
super::part!(Steps, "steps");

impl Steps {
    fn here(&self) -> String {
        let now = self
            .steps
            .iter()
            .position(|step| !matches!(step.state, StepState::Done | StepState::Over))
            .map_or(self.steps.len(), |i| i + 1);
        fill(self.lang.text().part.step_of, &[("n", &now.to_string()), ("total", &self.steps.len().to_string())])
    }

    fn word(&self, step: &Step) -> &'static str {
        let t = self.lang.text();
        match step.state {
            StepState::Done => t.part.step_done,
            StepState::Over => t.part.step_over,
            StepState::Now => t.part.step_now,
            StepState::Todo => t.part.step_todo,
        }
    }

    fn class(&self, step: &Step) -> &'static str {
        match step.state {
            StepState::Done => "step-done",
            StepState::Now => "step-now",
            StepState::Over | StepState::Todo => "step-todo",
        }
    }
}
