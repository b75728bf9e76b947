//! A posted form exactly as it was typed, with or without a file: what is wrong is shown beside what was typed.

use axum::extract::{Form, FromRequest, Multipart, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use yanhe_core::Date;
use yanhe_core::time::DateTime;
use yanhe_core::values::{ValueError, parse_date, parse_date_time};

use crate::components::Errors;
use crate::site::Site;
use crate::text::Lang;

/// An uploaded file.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its name, without a path.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The values of a form by name, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    values: Vec<(String, String)>,
    /// The file, if one was chosen.
    pub file: Option<Upload>,
}

impl FromRequest<Site> for Typed {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Response> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data")) {
            let form = Form::<Vec<(String, String)>>::from_request(request, site).await;
            return form.map(|Form(values)| Self { values, file: None }).map_err(IntoResponse::into_response);
        }
        let mut multipart = Multipart::from_request(request, site).await.map_err(IntoResponse::into_response)?;
        let mut typed = Self::default();
        while let Some(field) = multipart.next_field().await.map_err(IntoResponse::into_response)? {
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(str::to_owned) {
                Some(file) => {
                    let bytes = field.bytes().await.map_err(IntoResponse::into_response)?;
                    let file = file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                    // A browser sends an empty file when none was chosen.
                    if !bytes.is_empty() {
                        typed.file = Some(Upload { name: file, bytes: bytes.to_vec() });
                    }
                }
                None => typed.values.push((name, field.text().await.map_err(IntoResponse::into_response)?)),
            }
        }
        Ok(typed)
    }
}

impl Typed {
    /// The first value of a name; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.values.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Every value of a name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.values.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Was anything of this name sent?
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(key, _)| key == name)
    }

    /// Puts a value in place of what was sent.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.retain(|(key, _)| key != name);
        self.values.push((name.to_owned(), value.into()));
    }

    /// Takes away all values of which the name begins so.
    pub fn drop_under(&mut self, prefix: &str) {
        self.values.retain(|(key, _)| !key.starts_with(prefix));
    }

    /// Text that must be there.
    pub fn required(&self, name: &str, errors: &mut Errors) -> String {
        let text = self.get(name).trim();
        if text.is_empty() {
            errors.add(name, "required");
        }
        text.to_owned()
    }

    /// One of some choices.
    pub fn choice(&self, name: &str, errors: &mut Errors) -> String {
        let text = self.get(name).trim();
        if text.is_empty() {
            errors.add(name, "choose");
        }
        text.to_owned()
    }

    /// A day that must be there.
    pub fn date(&self, name: &str, errors: &mut Errors) -> Option<Date> {
        match parse_date(self.get(name)) {
            Ok(date) => Some(date),
            Err(ValueError::Empty) => {
                errors.add(name, "required");
                None
            }
            Err(_) => {
                errors.add(name, "not_a_date");
                None
            }
        }
    }

    /// A day with a time of day, from two fields.
    pub fn moment(&self, lang: Lang, day: &str, clock: &str, errors: &mut Errors) -> Option<DateTime> {
        let date = self.date(day, errors)?;
        let time = self.get(clock).trim();
        if time.is_empty() {
            errors.add(clock, "required");
            return None;
        }
        let read = parse_date_time(&format!("{date} {time}")).ok();
        if read.is_none() {
            errors.say(clock, lang.text().dossier_form.not_a_time);
        }
        read
    }
}
