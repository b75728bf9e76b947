//! What the pages for parties and the public are put together from: a sheet of blocks, sections, forms, and posted files.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use yanhe_app::AppError;
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::policy::{Act, Role};
use yanhe_core::values::name_form;
use yanhe_core::{PersonId, StreamId, StreamKind};

use super::accepted;
use crate::components::{Button, ErrorSummary, Errors, Field, Link, Markup};
use crate::layout::Frame;
use crate::site::{Fault, Site, Visitor};
use crate::text::Lang;

/// A page as a title with blocks below it.
#[derive(Default, Template)]
#[template(path = "pages/portal_sheet.html")]
pub struct Sheet {
    /// Its title.
    pub title: String,
    /// What it is about, in one or two sentences.
    pub lead: String,
    /// Faults of a posted form.
    pub errors: ErrorSummary,
    /// The blocks, in order.
    pub blocks: Vec<Markup>,
}

impl Sheet {
    /// A sheet with a title.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// With a first sentence.
    #[must_use]
    pub fn lead(mut self, lead: impl Into<String>) -> Self {
        self.lead = lead.into();
        self
    }

    /// With the faults of a form.
    #[must_use]
    pub fn errors(mut self, errors: &Errors) -> Self {
        self.errors = errors.summary();
        self
    }

    /// Adds a block.
    pub fn add(&mut self, block: &impl Template) {
        self.blocks.push(Markup::of(block));
    }

    /// With one more block.
    #[must_use]
    pub fn with(mut self, block: &impl Template) -> Self {
        self.add(block);
        self
    }
}

/// A section: heading, sentences, parts.
#[derive(Default, Template)]
#[template(path = "pages/portal_section.html")]
pub struct Section {
    title: String,
    id: String,
    lines: Vec<String>,
    parts: Vec<Markup>,
    panel: bool,
}

impl Section {
    /// A section with a heading; without one when it is empty.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// Set off from the page.
    #[must_use]
    pub fn panel(mut self) -> Self {
        self.panel = true;
        self
    }

    /// With a name to which links lead.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// With a paragraph for each line of a text.
    #[must_use]
    pub fn say(mut self, text: impl AsRef<str>) -> Self {
        self.lines.extend(text.as_ref().lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
        self
    }

    /// With a part below the sentences.
    #[must_use]
    pub fn with(mut self, part: &impl Template) -> Self {
        self.parts.push(Markup::of(part));
        self
    }
}

/// A form that posts.
#[derive(Default, Template)]
#[template(path = "pages/portal_form.html")]
pub struct FormBlock {
    action: String,
    csrf: String,
    multipart: bool,
    hidden: Vec<(String, String)>,
    parts: Vec<Markup>,
    buttons: Vec<Button>,
}

impl FormBlock {
    /// A form of this page that posts to `action`.
    pub fn new(frame: &Frame, action: impl Into<String>) -> Self {
        Self { action: action.into(), csrf: frame.csrf.clone(), ..Self::default() }
    }

    /// Files can be sent with it.
    #[must_use]
    pub fn multipart(mut self) -> Self {
        self.multipart = true;
        self
    }

    /// With a hidden value.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }

    /// With a field.
    #[must_use]
    pub fn field(self, field: &Field) -> Self {
        self.part(field)
    }

    /// With any part between the fields.
    #[must_use]
    pub fn part(mut self, part: &impl Template) -> Self {
        self.parts.push(Markup::of(part));
        self
    }

    /// With a button.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }
}

/// Buttons in a row, which breaks where the screen ends.
#[derive(Default, Template)]
#[template(path = "pages/portal_buttons.html")]
pub struct Buttons {
    buttons: Vec<Markup>,
}

impl Buttons {
    /// With one more button.
    #[must_use]
    pub fn with(mut self, button: &impl Template) -> Self {
        self.buttons.push(Markup::of(button));
        self
    }
}

/// A list of links.
#[derive(Default, Template)]
#[template(path = "pages/portal_links.html")]
pub struct Links {
    /// The links.
    pub links: Vec<Link>,
    /// Without dots.
    pub plain: bool,
}

/// A form that was posted with files.
#[derive(Debug, Default)]
pub struct Posted {
    values: BTreeMap<String, String>,
    /// Name and bytes of each file; fields left empty are not here.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Posted {
    /// Reads the whole form.
    ///
    /// # Errors
    /// [`Fault::Address`] when it cannot be read, [`Fault::Large`] when it is too large and did not say so beforehand.
    pub async fn read(mut parts: Multipart) -> Result<Self, Fault> {
        let fault = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Fault::Large,
            _ => Fault::Address,
        };
        let mut posted = Self::default();
        while let Some(part) = parts.next_field().await.map_err(fault)? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(file) => {
                    let bytes = part.bytes().await.map_err(fault)?;
                    if !(file.is_empty() && bytes.is_empty()) {
                        posted.files.push((file, bytes.to_vec()));
                    }
                }
                None => {
                    let text = part.text().await.map_err(fault)?;
                    posted.values.insert(name, text);
                }
            }
        }
        Ok(posted)
    }

    /// A value; empty when it was not sent.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// The values as a form.
    ///
    /// # Errors
    /// [`Fault::Address`] when a value has not the shape of the form.
    pub fn form<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        let json = serde_json::to_value(&self.values).map_err(|_| Fault::Address)?;
        serde_json::from_value(json).map_err(|_| Fault::Address)
    }

    /// Says at `field` what is wrong with the files: only what can be shown again is taken.
    pub fn check(&self, field: &str, lang: Lang, errors: &mut Errors) {
        if let Some(why) = self.files.iter().find_map(|(name, bytes)| accepted::refused(lang, name, bytes)) {
            errors.say(field, why);
        }
    }
}

/// The party who is signed in.
///
/// # Errors
/// A redirect for nobody in particular; [`AppError::NotFound`] for staff, who have pages of their own.
pub fn party(visitor: &Visitor) -> Result<PersonId, Fault> {
    visitor.signed()?;
    match (&visitor.actor.role, &visitor.actor.person) {
        (Role::Party, Some(person)) => Ok(person.clone()),
        _ => Err(AppError::NotFound.into()),
    }
}

/// A case of the party who is signed in; another party's is not found.
///
/// # Errors
/// As [`party`]; [`AppError::NotFound`].
pub async fn own_case(
    site: &Site,
    visitor: &Visitor,
    key: &str,
) -> Result<(PersonId, StreamId, dossier::State), Fault> {
    let person = party(visitor)?;
    let stream = stream(StreamKind::Dossier, key)?;
    let state = site.app.permit::<Dossier>(&visitor.actor, Act::ReadDossier, &stream).await.map_err(hidden)?;
    Ok((person, stream, state))
}

/// What is not for these eyes is not there: a stranger learns nothing.
pub fn hidden(error: AppError) -> Fault {
    match error {
        AppError::Denied => AppError::NotFound.into(),
        other => other.into(),
    }
}

/// A stream by the key of an address.
///
/// # Errors
/// [`AppError::NotFound`] for what cannot be a key.
pub fn stream(kind: StreamKind, key: &str) -> Result<StreamId, Fault> {
    StreamId::parse(&format!("{}/{key}", kind.name())).ok_or_else(|| AppError::NotFound.into())
}

/// A name as it is compared: full-width and half-width, blanks and dots apart are one.
pub fn same_name(a: &str, b: &str) -> bool {
    let plain = |text: &str| {
        name_form(text).chars().filter(|c| !c.is_whitespace() && !matches!(c, '·' | '.')).collect::<String>()
    };
    !plain(a).is_empty() && plain(a) == plain(b)
}

/// The number with its middle hidden; empty for what is no number.
pub fn masked(phone: &str) -> String {
    yanhe_core::values::Phone::parse(phone).map(|p| p.masked()).unwrap_or_default()
}
