//! Turning ordered papers into PDF bytes, off the async threads.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};
use yanhe_core::{PaperOrder, StreamId};
use yanhe_papers::PaperError;

use crate::App;
use crate::beside::beside;
use crate::error::AppError;
use crate::sealing::plain;

/// PDF and number of pages.
pub type Pdf = (Vec<u8>, i64);

/// Template, data and date of a paper.
type Job = (String, Value, yanhe_core::Date);

/// So many papers of one act are set before the next in line has its turn.
const AT_A_TIME: usize = 16;

/// Processors of the machine.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Who sets papers now.
pub(crate) struct Presses {
    /// So many papers are set at the same time.
    each: Semaphore,
    /// Acts of many papers go one after the other: side by side they would all end at the same time, and then all wait for
    /// the disk while no paper is set.
    many: Semaphore,
}

impl Presses {
    pub(crate) fn new() -> Self {
        Self { each: Semaphore::new(cores()), many: Semaphore::new(1) }
    }
}

/// A turn at one of the semaphores, none of which is ever closed.
async fn turn(at: &Semaphore) -> Result<SemaphorePermit<'_>, AppError> {
    at.acquire().await.map_err(|e| AppError::Broken(e.to_string()))
}

impl App {
    /// The first character that no font can draw: what is typed with it is refused where it is typed.
    pub fn first_unprintable(&self, text: &str) -> Option<char> {
        self.papers.first_missing(text)
    }

    /// Renders papers in their order, on as many threads as the machine has cores, whoever else renders meanwhile.
    ///
    /// More threads would only take turns, each with memory of its own, and forget what the others still use.
    ///
    /// # Errors
    /// The first paper that cannot be made, for example for a character without a glyph.
    pub(crate) async fn render(&self, orders: &[(StreamId, PaperOrder)]) -> Result<Vec<Pdf>, AppError> {
        let jobs: Vec<Job> =
            orders.iter().map(|(_, order)| (order.paper.kind.clone(), self.data(order), order.date)).collect();
        let _many = match jobs.len() > AT_A_TIME {
            true => Some(turn(&self.presses.many).await?),
            false => None,
        };
        let share = jobs.len().div_ceil(cores()).max(1);
        let chains = futures::future::try_join_all(jobs.chunks(share).map(|chain| self.press(chain))).await?;
        Ok(chains.into_iter().flatten().collect())
    }

    /// Renders some papers, a few at a time: somebody with one paper does not wait for the hundreds of another.
    async fn press(&self, jobs: &[Job]) -> Result<Vec<Pdf>, AppError> {
        let mut out = Vec::with_capacity(jobs.len());
        for few in jobs.chunks(AT_A_TIME) {
            let (papers, few) = (Arc::clone(&self.papers), few.to_vec());
            let _turn = turn(&self.presses.each).await?;
            let pressed = beside(move || {
                let press = |(kind, data, date): &Job| {
                    let rendered = papers.render(kind, data, *date)?;
                    Ok((rendered.pdf, i64::try_from(rendered.pages).unwrap_or(i64::MAX)))
                };
                few.iter().map(press).collect::<Result<Vec<Pdf>, PaperError>>()
            });
            out.extend(pressed.await??);
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
