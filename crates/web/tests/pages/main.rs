//! The pages, asked for as a browser without script does: forms are read from the page and posted with what is hidden
//! in them.

mod apply;
mod demo;
mod letter;
mod my;
mod public;
mod site;
