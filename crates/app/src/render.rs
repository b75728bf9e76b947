//! Turning ordered papers into PDF bytes, off the async threads.

use std::sync::Arc;

use serde_json::{Value, json};
use yanhe_core::{PaperOrder, StreamId};
use yanhe_papers::PaperError;

use crate::App;
use crate::error::AppError;
use crate::sealing::plain;

/// PDF and number of pages.
pub type Pdf = (Vec<u8>, i64);

impl App {
    /// Renders papers in their order, on as many threads as the machine has.
    ///
    /// # Errors
    /// The first paper that cannot be made, for example for a character without a glyph.
    pub(crate) async fn render(&self, orders: &[(StreamId, PaperOrder)]) -> Result<Vec<Pdf>, AppError> {
        let jobs: Vec<(String, Value, yanhe_core::Date)> =
            orders.iter().map(|(_, order)| (order.paper.kind.clone(), self.data(order), order.date)).collect();
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len().max(1));
        let share = jobs.len().div_ceil(threads).max(1);
        let mut running = Vec::new();
        for chunk in jobs.chunks(share) {
            let (papers, chunk) = (Arc::clone(&self.papers), chunk.to_vec());
            running.push(tokio::task::spawn_blocking(move || {
                chunk
                    .iter()
                    .map(|(kind, data, date)| {
                        let rendered = papers.render(kind, data, *date)?;
                        Ok((rendered.pdf, i64::try_from(rendered.pages).unwrap_or(i64::MAX)))
                    })
                    .collect::<Result<Vec<Pdf>, PaperError>>()
            }));
        }
        let mut out = Vec::with_capacity(jobs.len());
        for chunk in running {
            out.extend(
                chunk.await.map_err(|e| AppError::Unreadable { stream: "papers".into(), problem: e.to_string() })??,
            );
        }
        Ok(out)
    }

    /// What the template sees: the order's data in plain, with number, date, portal address and the mark of a demo.
    fn data(&self, order: &PaperOrder) -> Value {
        let mut data = plain(order.data.clone());
        data["number"] = json!(order.paper.number);
        data["date"] = json!(order.date.to_string());
        data["demo"] = json!(self.demo);
        // What is sealed by an event of its own carries no seal yet: it comes as a revision of the file.
        if matches!(order.paper.kind.as_str(), "agreement" | "ruling_valid" | "ruling_reject") {
            data["seal"] = json!(false);
        }
        if !order.access.is_empty() {
            data["code"] = json!(crate::messages::dashed(&order.access));
            data["url"] = json!(format!("{}/l/{}", self.portal, order.access));
        }
        data
    }
}
