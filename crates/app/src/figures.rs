//! The figures of a county: how many acts of each kind took place within some days.

use serde::Serialize;
use yanhe_core::Date;

use crate::App;
use crate::error::AppError;

macro_rules! figures {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Counts by the date of the act.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
        pub struct Figures {
            $($(#[$doc])* pub $name: i64,)*
        }

        impl Figures {
            fn add(&mut self, name: &str, n: i64) {
                match name {
                    $(stringify!($name) => self.$name += n,)*
                    // Counted for the boards only.
                    _ => {}
                }
            }
        }
    };
}

figures! {
    /// Matters with a guidance letter that was not voided.
    letters,
    /// Guidance letters, one to each entitled person.
    letter_copies,
    /// Guidance letters that arrived.
    letters_served,
    /// Applications for mediation.
    applications,
    /// Applications accepted.
    accepted,
    /// Applications refused.
    refused,
    /// Dossiers with an agreement, partial ones included.
    successful,
    /// Dossiers that ended without any agreement.
    ended,
    /// Agreements that took effect.
    agreements_effective,
    /// Agreements performed fully.
    performed,
    /// Joint applications for confirmation that were filed.
    confirmations_filed,
    /// Agreements that the court confirmed.
    confirmed,
    /// Applications for confirmation that the court rejected.
    confirmation_rejected,
    /// Publicity events.
    publicity_events,
    /// Mediating organs with a roster row.
    organs,
    /// Organs online.
    organs_online,
}

impl App {
    /// The figures of the acts from one day to another, both included; `None`: from the first, to the last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn figures(&self, from: Option<Date>, to: Option<Date>) -> Result<Figures, AppError> {
        // Dates are compared as text, so the bounds have four digits.
        let from = from.unwrap_or_else(|| Date::constant(1, 1, 1)).max(Date::constant(1, 1, 1));
        let to = to.unwrap_or_else(|| Date::constant(9999, 12, 31));
        let mut figures = Figures::default();
        for tally in self.reader.figures(from, to).await? {
            figures.add(&tally.name, tally.total);
        }
        Ok(figures)
    }

    /// Adds the appended counts to the folded ones, so that boards stay quick. Changes no figure.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fold_tallies(&self) -> Result<u64, AppError> {
        Ok(self.writer.fold_tallies().await?)
    }
}
