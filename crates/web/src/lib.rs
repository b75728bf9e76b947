//! The pages: routes, their parts, and their texts in two languages.

pub mod assets;
pub mod components;
pub mod gallery;
pub mod layout;
pub mod text;
