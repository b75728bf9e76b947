//! Papers of cases in the play: what was issued goes out by its channel, and its arrival is recorded some days later.

use yanhe_core::policy::{self, Actor};
use yanhe_core::time::Date;
use yanhe_core::{StreamId, StreamKind, paper};
use yanhe_store_read::Page;
use yanhe_store_read::views::paper::PaperFilter;
use yanhe_store_read::views::work::{WorkFilter, WorkView};

use super::letters::service;
use super::{DemoError, LAST, Play};

/// A paper that is handed over in time, whatever the post does: who is to come must know of it before.
const SESSION_NOTICE: &str = "session_notice";

/// Most rows that are looked through on one day.
const ROWS: u32 = 2000;

/// Is the task one of sending a paper, with or without an address to be found?
fn is_sending(row: &WorkView) -> bool {
    row.task == "dispatch" || (row.task == "address" && row.stream.kind() == StreamKind::Paper)
}

impl Play<'_> {
    pub(super) async fn papers_of_the_day(&mut self, day: Date) -> Result<(), DemoError> {
        // What was issued this morning lies on the desks when the demo is opened.
        if day == LAST {
            return Ok(());
        }
        self.at(day, 17, 0);
        self.send(day).await?;
        self.arrive(day).await
    }

    /// Whoever issued it, of the staff: the organ's clerk, or the court's.
    fn sender(&self, issuer: &str) -> Result<Actor, DemoError> {
        match issuer == self.app.pack.court.code {
            true => Ok(self.people.court_clerk.clone()),
            false => Ok(self.people.bench(issuer).clerk()?),
        }
    }

    /// Sends what lies on the work lists.
    async fn send(&mut self, day: Date) -> Result<(), DemoError> {
        let all = policy::scope(&Actor::admin());
        let rows = self
            .app
            .reader
            .work(&all, &WorkFilter::default(), &Page::first(ROWS))
            .await
            .map_err(crate::AppError::from)?;
        let unsent: Vec<StreamId> = rows.rows.into_iter().filter(is_sending).map(|row| row.stream).collect();
        for stream in unsent {
            let Some(state) = self.app.state::<paper::Paper>(&stream).await? else { continue };
            // What did not arrive is sent again a week later.
            let last = state.services.last().map_or(state.issued.date, |s| s.on);
            if !state.services.is_empty() && (day - last).get_days() < 7 {
                continue;
            }
            let sender = self.sender(&state.issued.paper.issuer)?;
            let (channel, to) = match state.issued.channel.as_str() {
                "sms" | "email" => ("print", None),
                // The post would bring it after the session.
                _ if state.issued.paper.kind == SESSION_NOTICE => ("print", None),
                // The clerk asks the village where the other side lives.
                "address_needed" => {
                    let house = 1 + self.chance.below(200, "found", stream.as_str());
                    ("mail", Some(format!("海盐县武原街道试验路{house}号")))
                }
                other => (other, None),
            };
            self.act("send", &sender, &stream, paper::Command::Dispatch { channel: channel.into(), to }).await?;
        }
        Ok(())
    }

    /// Records that papers of cases arrived; letters and rulings have a play of their own.
    async fn arrive(&mut self, day: Date) -> Result<(), DemoError> {
        let all = policy::scope(&Actor::admin());
        let filter = PaperFilter { desk: Some("sent".into()), ..PaperFilter::default() };
        let rows = self.app.reader.papers(&all, &filter, &Page::first(ROWS)).await.map_err(crate::AppError::from)?;
        for row in rows.rows {
            let own = matches!(row.kind.as_str(), "guidance_letter") || row.kind.starts_with("ruling_");
            let about = StreamId::parse(&row.about).map(|about| about.kind());
            let case = matches!(about, Some(StreamKind::Dossier | StreamKind::Confirmation | StreamKind::Paper));
            let after = match row.kind.as_str() {
                SESSION_NOTICE => 1,
                _ => {
                    // Of a few nobody hears for a while, until the clerk asks.
                    let slow = if self.chance.in_hundred(3, "never arrives", row.stream.as_str()) { 12 } else { 0 };
                    1 + self.chance.below(4, "arrives", row.stream.as_str()) + slow
                }
            };
            let old = row.date.is_some_and(|on| i64::from((day - on).get_days()) >= i64::try_from(after).unwrap_or(1));
            if own || !case || !old {
                continue;
            }
            let Some(state) = self.app.state::<paper::Paper>(&row.stream).await? else { continue };
            let sender = self.sender(&state.issued.paper.issuer)?;
            let name = state.issued.addressee.as_ref().map_or_else(String::new, |a| a.name.text().to_owned());
            let manner = match state.issued.channel.as_str() {
                // Silence counts from a day that is proven.
                "sms" if row.kind == "consent_letter" => "direct",
                "sms" => "electronic",
                _ if row.kind == SESSION_NOTICE => "direct",
                _ => "post",
            };
            self.act("paper arrives", &sender, &row.stream, service(manner, day, true, &name, "")).await?;
        }
        Ok(())
    }
}
