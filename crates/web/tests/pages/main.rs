//! The pages, asked for as a browser without script does: forms are read from the page and posted with what is hidden
//! in them.

mod apply;
mod bad_input;
mod board;
mod chosen;
mod confirmations;
mod court;
mod demo;
mod dossiers;
mod imports;
mod late;
mod letter;
mod letters;
mod limits;
mod matters;
mod my;
mod office;
#[path = "../../../../tests/county/open.rs"]
mod open;
mod public;
mod publicity;
mod returned;
mod sessions;
mod site;
mod unknown;
mod work;
