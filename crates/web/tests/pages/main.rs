//! The pages, asked for as a browser without script does: forms are read from the page and posted with what is hidden
//! in them.

mod apply;
mod board;
mod confirmations;
mod demo;
mod dossiers;
mod letter;
mod my;
mod imports;
mod letters;
mod matters;
mod office;
mod public;
mod publicity;
mod site;
mod work;
