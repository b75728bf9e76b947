//! What is held against papers that are there: a signature by hand, a changed decision.

use yanhe_core::scope::Source;
use yanhe_core::values::DocNumber;
use yanhe_core::{Date, PaperRef, dossier, matter, paper};
use yanhe_store_read::Page;
use yanhe_store_read::views::paper::PaperFilter;

use crate::App;
use crate::error::AppError;

impl App {
    /// SHA-256 of the base revision of a paper that is signed, and the day on which it was made.
    pub(crate) async fn printed(&self, paper: Option<&PaperRef>) -> Result<(String, Option<Date>), AppError> {
        let Some(paper) = paper else { return Ok((String::new(), None)) };
        let paper = self.state::<paper::Paper>(&paper.id).await?.filter(paper::State::is_signable);
        Ok(paper.map_or_else(Default::default, |paper| (paper.issued.sha256, Some(paper.issued.date))))
    }

    /// Does some decision bear this number already, and which one is a case about, with what fine?
    pub(crate) async fn decided(
        &self,
        context: &mut dossier::Context,
        case: &dossier::State,
        number: &str,
    ) -> Result<(), AppError> {
        // As it will be written: the same number in other brackets is the same.
        let number = &DocNumber::parse(number).map_or_else(|_| number.trim().to_owned(), String::from);
        let filter = PaperFilter { number: Some(number.to_owned()), ..PaperFilter::default() };
        let of_organ = yanhe_core::policy::Actor::system();
        let papers = self.reader.papers(&yanhe_core::policy::scope(&of_organ), &filter, &Page::first(10)).await?.rows;
        let used = papers.iter().any(|row| row.number == *number)
            || self.state::<matter::Matter>(&matter::stream(Source::Penalty, number)).await?.is_some();
        let old = match &case.matter {
            Some(matter) => self.state::<matter::Matter>(matter).await?,
            None => None,
        };
        context.number_used = used;
        if let Some(old) = old.map(|old| old.matter) {
            context.old_decision = Some(dossier::OldDecision { number: old.number, on: old.occurred_on });
            context.fine = old.penalty.map(|penalty| penalty.fine).filter(|fine| *fine > 0);
        }
        Ok(())
    }
}
