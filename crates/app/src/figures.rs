//! The figures of a county: how many acts of each kind took place within some days.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use yanhe_core::Date;
use yanhe_store_read::Reader;
use yanhe_store_read::views::tally::TallyView;

use crate::App;
use crate::error::AppError;
use crate::settings;

macro_rules! figures {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Counts by the date of the act; of organs those that are there on the last day.
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

/// The figures of all counties in a database, by their codes, and what they add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Province {
    /// Of each county.
    pub counties: BTreeMap<String, Figures>,
    /// Of all together.
    pub sum: Figures,
}

/// One county among those of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct County {
    /// Its code.
    pub code: String,
    /// Its name in Chinese and in English; its code where the directory was made before names were kept.
    pub names: [String; 2],
    /// What it counted.
    pub tallies: Vec<TallyView>,
}

/// The board of a province: the figures of every county in a database on a server. Needs no keys and changes nothing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn province(database: &str, from: Option<Date>, to: Option<Date>) -> Result<Province, AppError> {
    let reader = Reader::open(Path::new(""), Some(database), "").await?;
    let mut province = Province::default();
    for county in counties(&reader, from, to).await? {
        let figures = province.counties.entry(county.code).or_default();
        for tally in county.tallies {
            figures.add(&tally.name, tally.total);
            province.sum.add(&tally.name, tally.total);
        }
    }
    Ok(province)
}

async fn counties(reader: &Reader, from: Option<Date>, to: Option<Date>) -> Result<Vec<County>, AppError> {
    let mut all = Vec::new();
    for code in reader.counties().await? {
        let within = reader.within(&code);
        let name = async |name| Ok::<_, AppError>(within.setting(name).await?.unwrap_or_else(|| code.clone()));
        let names = [name(settings::NAME).await?, name(settings::NAME_EN).await?];
        let tallies = tallies(&within, from, to).await?;
        all.push(County { names, tallies, code });
    }
    Ok(all)
}

/// What is there on a day, and not what was done within some days.
const STOCK: [&str; 2] = ["organs", "organs_online"];

const FIRST_DAY: Date = Date::constant(1, 1, 1);

async fn tallies(reader: &Reader, from: Option<Date>, to: Option<Date>) -> Result<Vec<TallyView>, AppError> {
    // Dates are compared as text, so the bounds have four digits.
    let from = from.unwrap_or(FIRST_DAY).max(FIRST_DAY);
    let to = to.unwrap_or_else(|| Date::constant(9999, 12, 31));
    let mut rows = reader.figures(from, to).await?;
    // How many there are on the last day, since whenever: not how many joined meanwhile.
    let stock = |row: &TallyView| STOCK.contains(&row.name.as_str());
    rows.retain(|row| !stock(row));
    rows.extend(reader.figures(FIRST_DAY, to).await?.into_iter().filter(stock));
    Ok(rows)
}

/// The figures of the acts from one day to another, both included; `None`: from the first, to the last. Needs no keys.
///
/// # Errors
/// When the database fails.
pub async fn figures(reader: &Reader, from: Option<Date>, to: Option<Date>) -> Result<Figures, AppError> {
    let mut figures = Figures::default();
    for tally in tallies(reader, from, to).await? {
        figures.add(&tally.name, tally.total);
    }
    Ok(figures)
}

impl App {
    /// The figures of the acts from one day to another, both included; `None`: from the first, to the last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn figures(&self, from: Option<Date>, to: Option<Date>) -> Result<Figures, AppError> {
        figures(&self.reader, from, to).await
    }

    /// All counties in the database with what they counted on the days from one to another, both included, in the order of
    /// their codes. Only counts: neither county can read what is the other's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counties(&self, from: Date, to: Date) -> Result<Vec<County>, AppError> {
        counties(&self.behind, Some(from), Some(to)).await
    }

    /// Is there another county in the database?
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_neighbours(&self) -> Result<bool, AppError> {
        Ok(self.behind.counties().await?.len() > 1)
    }

    /// Adds the appended counts to the folded ones, so that boards stay quick. Changes no figure.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fold_tallies(&self) -> Result<u64, AppError> {
        Ok(self.writer.fold_tallies().await?)
    }
}
