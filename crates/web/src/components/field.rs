//! A field of a form: label, hint, fault and the value that was typed.

use askama::Template;
use serde::Deserialize;

use super::Errors;
use crate::text::Lang;

/// The kinds of fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    #[default]
    Text,
    /// Several lines.
    Textarea,
    /// A day.
    Date,
    /// A number or an amount.
    Number,
    /// A telephone number.
    Tel,
    /// An e-mail address.
    Email,
    /// A password.
    Password,
    /// One of many, folded.
    Select,
    /// One of a few.
    Radio,
    /// Any of a few.
    Checkbox,
    /// A file.
    File,
}

/// How wide a field is: as wide as what is to be typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Width {
    /// A whole line of text.
    #[default]
    Full,
    /// About twenty characters.
    Medium,
    /// About eight characters.
    Short,
}

/// One choice of a select, radio or checkbox field.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Choice {
    /// The value sent.
    pub value: String,
    /// What the reader sees.
    pub label: String,
    /// A line below it (radio and checkbox).
    pub hint: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    /// With a line below it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// A field. Its element has the id `f-NAME`, to which the error summary leads.
#[derive(Clone, Debug, Default, Deserialize, Template)]
#[serde(default)]
#[template(path = "components/field.html")]
pub struct Field {
    /// The reader's language.
    pub lang: Lang,
    /// Its kind.
    pub kind: FieldKind,
    /// The form's name for it.
    pub name: String,
    /// Its label.
    pub label: String,
    /// A hint below the label.
    pub hint: String,
    /// What is wrong with the value.
    pub error: Option<String>,
    /// The values, as typed: one, or several for a checkbox field.
    pub values: Vec<String>,
    /// The choices of a select, radio or checkbox field.
    pub choices: Vec<Choice>,
    /// May be left empty: said beside the label.
    pub optional: bool,
    /// Its width.
    pub width: Width,
    /// What a browser may fill in (`name`, `tel`, `one-time-code`, ...); off when empty.
    pub autocomplete: String,
    /// The keyboard a phone shows (`numeric`, `decimal`, ...).
    pub inputmode: String,
    /// How many characters may be typed; 0 for no bound.
    pub maxlength: u32,
    /// Files a file field takes, for example `.pdf,image/*`.
    pub accept: String,
    /// A file field takes several.
    pub multiple: bool,
}
super::part!(Field, "field");

impl Field {
    /// A field of any kind.
    pub fn new(lang: Lang, kind: FieldKind, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { lang, kind, name: name.into(), label: label.into(), ..Self::default() }
    }

    /// One line of text.
    pub fn text(lang: Lang, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(lang, FieldKind::Text, name, label)
    }

    /// Several lines of text.
    pub fn textarea(lang: Lang, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(lang, FieldKind::Textarea, name, label)
    }

    /// A day.
    pub fn date(lang: Lang, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(lang, FieldKind::Date, name, label).width(Width::Medium)
    }

    /// One of many, folded.
    pub fn select(lang: Lang, name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(lang, FieldKind::Select, name, label) }
    }

    /// One of a few.
    pub fn radio(lang: Lang, name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(lang, FieldKind::Radio, name, label) }
    }

    /// Any of a few; with one choice, a box to agree by.
    pub fn checkbox(lang: Lang, name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(lang, FieldKind::Checkbox, name, label) }
    }

    /// A file. The form needs `enctype="multipart/form-data"`.
    pub fn file(lang: Lang, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(lang, FieldKind::File, name, label)
    }

    /// With what was typed.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.values = vec![value.into()];
        self
    }

    /// With what was ticked.
    #[must_use]
    pub fn values(mut self, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.values = values.into_iter().map(Into::into).collect();
        self
    }

    /// With its own fault among those of the form.
    #[must_use]
    pub fn errors(mut self, errors: &Errors) -> Self {
        self.error = errors.at(&self.name).map(str::to_owned);
        errors.label(&self.name, &self.label);
        self
    }

    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// May be left empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// With a width.
    #[must_use]
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// What a browser may fill in.
    #[must_use]
    pub fn autocomplete(mut self, token: impl Into<String>) -> Self {
        self.autocomplete = token.into();
        self
    }

    /// The keyboard a phone shows.
    #[must_use]
    pub fn inputmode(mut self, mode: impl Into<String>) -> Self {
        self.inputmode = mode.into();
        self
    }

    /// How many characters may be typed.
    #[must_use]
    pub fn maxlength(mut self, characters: u32) -> Self {
        self.maxlength = characters;
        self
    }

    /// The files it takes.
    #[must_use]
    pub fn accept(mut self, accept: impl Into<String>) -> Self {
        self.accept = accept.into();
        self
    }

    /// Takes several files.
    #[must_use]
    pub fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    fn first(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    fn chosen(&self, choice: &Choice) -> bool {
        self.values.contains(&choice.value)
    }

    fn grouped(&self) -> bool {
        matches!(self.kind, FieldKind::Radio | FieldKind::Checkbox)
    }

    /// The type of the input. A browser drops what is no day from a date input, so that a mistyped one is shown as text.
    fn input(&self) -> &'static str {
        match self.kind {
            FieldKind::Date if self.first().is_empty() || self.first().parse::<jiff::civil::Date>().is_ok() => "date",
            FieldKind::Tel => "tel",
            FieldKind::Email => "email",
            FieldKind::Password => "password",
            FieldKind::Radio => "radio",
            FieldKind::Checkbox => "checkbox",
            FieldKind::File => "file",
            _ => "text",
        }
    }

    fn keyboard(&self) -> &str {
        match self.kind {
            FieldKind::Number if self.inputmode.is_empty() => "decimal",
            _ => &self.inputmode,
        }
    }

    fn size(&self) -> &'static str {
        match self.width {
            Width::Full => "",
            Width::Medium => "medium",
            Width::Short => "short",
        }
    }

    /// The ids of what describes the field, for `aria-describedby`.
    fn described(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("f-{}-hint", self.name));
        let error = self.error.is_some().then(|| format!("f-{}-error", self.name));
        hint.into_iter().chain(error).collect::<Vec<_>>().join(" ")
    }
}
