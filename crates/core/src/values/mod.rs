//! Checked values of forms and files: what is parsed here cannot be wrong inside.
//!
//! Every type has `parse(&str) -> Result<Self, ValueError>`, takes full-width digits and letters, and holds the
//! normal form, so that two values are equal when they mean the same. A [`ValueError`] says in both languages
//! what is wrong with the text.

mod credit_code;
mod date;
mod doc_number;
mod document;
mod email;
mod error;
mod money;
mod person_name;
mod phone;
mod sums;
mod surname;
mod text;
pub mod words;

pub use credit_code::CreditCode;
pub use date::{parse_date, parse_date_time};
pub use doc_number::DocNumber;
pub use document::{
    Document, DocumentKind, ForcesCard, HongKongMacaoPermit, IdNumber, Passport, PermanentResident, ResidencePermit,
    TaiwanPermit,
};
pub use email::Email;
pub use error::{MOST, ValueError, quote};
pub use money::Money;
pub use person_name::{PersonName, name_form};
pub use phone::Phone;
pub use sums::{confiscations, fines, sums};
pub use surname::looks_human;
pub use text::{as_registered, before_bracket, half_width, is_han, is_nothing, normalise};

/// A newtype over its normal text: reading, writing and comparing go by that text, and reading it back parses
/// it again, so a stored value that no longer satisfies the rules is found.
macro_rules! text_value {
    ($name:ident) => {
        impl $name {
            /// The normal form.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::values::ValueError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::values::ValueError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }
    };
}
use text_value;
