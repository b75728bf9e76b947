//! A button of a form, or a link that looks like one.

use askama::Template;
use serde::Deserialize;

/// How much a button stands out. One primary button a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// The main act of the page.
    #[default]
    Primary,
    /// Another act.
    Secondary,
    /// An act that cannot be taken back.
    Warning,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button",
            Self::Secondary => "button button-secondary",
            Self::Warning => "button button-warning",
        }
    }
}

/// A button: submits the form it stands in, or leads to `href`.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/button.html")]
pub struct Button {
    /// What it says: a verb.
    pub label: String,
    /// How much it stands out.
    pub look: Look,
    /// Where it leads; without it the button submits.
    pub href: Option<String>,
    /// Name of the value sent with the form.
    pub name: Option<String>,
    /// The value sent with the form.
    pub value: String,
    /// A question asked before it acts (only with script; the server must not count on it).
    pub confirm: Option<String>,
    /// Not to be pressed.
    pub disabled: bool,
}
super::part!(Button, "button");

impl Button {
    /// The main act of the page.
    pub fn primary(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }

    /// Another act.
    pub fn secondary(label: impl Into<String>) -> Self {
        Self { look: Look::Secondary, ..Self::primary(label) }
    }

    /// An act that cannot be taken back.
    pub fn warning(label: impl Into<String>) -> Self {
        Self { look: Look::Warning, ..Self::primary(label) }
    }

    /// Leads to an address instead of submitting.
    #[must_use]
    pub fn to(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// Sends this name and value with the form.
    #[must_use]
    pub fn sends(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self.value = value.into();
        self
    }

    /// Asks before acting.
    #[must_use]
    pub fn confirm(mut self, question: impl Into<String>) -> Self {
        self.confirm = Some(question.into());
        self
    }
}
