//! The pages, asked for as a browser without script does: forms are read from the page and posted with what is hidden
//! in them.

mod against_organ;
mod apply;
mod bad_input;
mod board;
mod case;
mod chosen;
mod confirmations;
mod corrections;
mod court;
mod decisions;
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
mod orders;
mod portal_case;
mod public;
mod publicity;
mod returned;
mod sessions;
mod signatures;
mod site;
mod told;
mod unknown;
mod work;
