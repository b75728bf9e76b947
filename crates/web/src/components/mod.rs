//! The parts pages are made of.
//!
//! A part is a struct (`name.rs`) with its template (`name.html`) and its examples as data (`name.examples.toml`);
//! the gallery and the golden files are made from the examples. A part is safe HTML: in a page's template
//! `{{ part }}` puts it in as it is, while every text inside it was escaped. A page is an askama struct that holds
//! its parts and is handed to [`crate::layout::Frame::page`].
//!
//! Strings given to a part are plain text in the reader's language; [`Markup`] is the only way to give HTML, and is
//! made from templates alone.
//!
//! A page with a form, whole (its template lies beside it as `pages/served.html`):
//! ```text
//! #[derive(Template)]
//! #[template(path = "pages/served.html")]
//! struct ServedPage<'a> { t: &'static Text, frame: &'a Frame, errors: ErrorSummary, number: SummaryList, on: Field }
//!
//! fn page(frame: &Frame, matter: &MatterView, form: &ServedForm, errors: &Errors) -> Html<String> {
//!     let (lang, t) = (frame.lang, frame.lang.text());
//!     frame.page(&ServedPage {
//!         t, frame, errors: errors.summary(),
//!         number: SummaryList::new().row(t.common.number, matter.number.as_str()),
//!         on: Field::date(lang, "on", t.common.date).value(&form.on).errors(errors),
//!     })
//! }
//!
//! <h1>{{ frame.title }}</h1>
//! {{ errors }}{{ number }}
//! <form method="post" novalidate>{{ frame.csrf_field() }}{{ on }}{{ Button::primary(t.common.save) }}</form>
//! ```
//! A refused or faulty form is answered with status 422 and the same page; a stored one with 303 and a GET.

mod breadcrumb;
mod button;
mod cell;
mod deadline;
mod empty_state;
mod error_summary;
mod field;
mod figure_card;
mod file_list;
mod markup;
mod notice;
mod pagination;
mod post_button;
mod steps;
mod summary_list;
mod table;
mod tabs;
mod tag;
mod timeline;

use askama::Template;
use serde::de::DeserializeOwned;

pub use breadcrumb::Breadcrumb;
pub use button::{Button, Look};
pub use cell::{Cell, Check, Link};
pub use deadline::{Deadline, DeadlineState, anchor};
pub use empty_state::EmptyState;
pub use error_summary::{ErrorSummary, Errors, Fault};
pub use field::{Choice, Field, FieldKind, Width};
pub use figure_card::FigureCard;
pub use file_list::{FileItem, FileList};
pub use markup::Markup;
pub use notice::{Notice, NoticeKind};
pub use pagination::Pagination;
pub use post_button::PostButton;
pub use steps::{Step, StepState, Steps};
pub use summary_list::{SummaryList, SummaryRow};
pub use table::{Column, ColumnKind, Row, Table};
pub use tabs::{Tab, Tabs};
pub use tag::{Tag, Tone};
pub use timeline::{Moment, Timeline};

/// A part with its name and its examples.
pub trait Part: Template + DeserializeOwned {
    /// The name of its files, and of its title under `gallery` in the texts.
    const NAME: &'static str;
    /// The examples: tables of the part's fields by name. A text that begins with `$` is a key of `assets/text`,
    /// and `{ zh, en }` is one in each language.
    const EXAMPLES: &'static str;
}

/// Declares a struct as a part: safe HTML with examples beside it.
macro_rules! part {
    ($kind:ty, $name:literal) => {
        impl askama::filters::HtmlSafe for $kind {}
        impl crate::components::Part for $kind {
            const NAME: &'static str = $name;
            const EXAMPLES: &'static str = include_str!(concat!($name, ".examples.toml"));
        }
    };
}
use part;
