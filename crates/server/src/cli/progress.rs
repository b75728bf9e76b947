//! How far a long command is: drawn on standard error, and not at all where that is no terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that is gone when it is dropped.
pub struct Progress(ProgressBar);

impl Progress {
    /// An empty one with a word in front.
    pub fn new(what: &'static str) -> Self {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {elapsed}");
        let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what);
        Self(bar)
    }

    /// So many of so many are done.
    pub fn set(&self, done: u64, all: u64) {
        self.0.set_length(all);
        self.0.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
