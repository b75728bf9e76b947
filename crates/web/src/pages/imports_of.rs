//! Which imports an office sees.

use std::collections::BTreeSet;

use yanhe_app::import::Refused;
use yanhe_core::StreamId;
use yanhe_core::batch::Batch;
use yanhe_core::matter::Standing;
use yanhe_store_read::views::matter::MatterFilter;
use yanhe_store_read::views::roster::BatchView;
use yanhe_store_read::views::roster::PublicityFilter;
use yanhe_store_read::{Listing, Page};

use super::listing::listed;
use crate::components::{Column, Table};
use crate::site::{Fault, Site, Visitor};
use crate::text::Lang;

/// What is wrong with rows, or to be known of them; the first of them.
pub fn faults(lang: Lang, title: &str, faults: &[Refused], shown: usize) -> Table {
    let t = &lang.text().imports;
    let columns = vec![Column::text(t.sheet), Column::number(t.row), Column::text(t.column), Column::text(t.why)];
    let rows = faults.iter().take(shown).map(|fault| {
        let why = if lang == Lang::Zh { &fault.reason_zh } else { &fault.reason_en };
        vec![
            fault.sheet.as_str().into(),
            i64::from(fault.row).into(),
            fault.column.as_str().into(),
            why.as_str().into(),
        ]
    });
    Table::new(lang, title, columns).quiet().rows(rows)
}

/// The imports of the visitor's own body and those of the county that brought matters or publicity events of it, or all for those of the
/// county.
///
/// # Errors
/// When the database fails, or the place is of another list.
pub async fn batches(site: &Site, visitor: &Visitor, page: Page) -> Result<Listing<BatchView>, Fault> {
    let own = visitor.scope().organ().map(str::to_owned);
    let mut out = Listing { rows: Vec::new(), next: None };
    let mut place = page.clone();
    loop {
        place.limit = page.limit - u32::try_from(out.rows.len()).unwrap_or_default();
        let read = listed(site.app.reader.batches(&place).await, &place)?;
        for row in read.rows {
            if own.as_ref().is_none_or(|own| *own == row.by) || brought(site, visitor, &row).await? {
                out.rows.push(row);
            }
        }
        out.next.clone_from(&read.next);
        match read.next {
            Some(next) if out.rows.len() < page.limit as usize => place.after = Some(next),
            _ => return Ok(out),
        }
    }
}

/// Did an import of the county bring something of the visitor's body? Another organ's import brings nothing of it.
async fn brought(site: &Site, visitor: &Visitor, batch: &BatchView) -> Result<bool, Fault> {
    if !batch.by.is_empty() && batch.by != site.app.pack.justice_bureau().code {
        return Ok(false);
    }
    if batch.kind == "publicity" {
        return brought_events(site, visitor, batch).await;
    }
    let filter = MatterFilter { batch: Some(batch.stream.to_string()), ..MatterFilter::default() };
    Ok(!site.app.reader.matters(&visitor.scope(), &filter, &Page::first(1)).await?.rows.is_empty())
}

/// Is one of the events that an import created the visitor's body's?
async fn brought_events(site: &Site, visitor: &Visitor, batch: &BatchView) -> Result<bool, Fault> {
    let Some(state) = site.app.state::<Batch>(&batch.stream).await? else { return Ok(false) };
    let created: BTreeSet<&StreamId> = state.created.iter().collect();
    let own = PublicityFilter { organ: visitor.scope().organ().map(str::to_owned), ..PublicityFilter::default() };
    let mut page = Page::first(ROWS);
    loop {
        let read = site.app.reader.publicity(&own, &page).await?;
        if read.rows.iter().any(|event| created.contains(&event.stream)) {
            return Ok(true);
        }
        match read.next {
            Some(next) => page = Page::after(next, ROWS),
            None => return Ok(false),
        }
    }
}

/// Was a letter issued from a matter of an import, so that it can be taken back no more?
///
/// # Errors
/// When the database fails.
pub async fn issued_from(site: &Site, visitor: &Visitor, batch: &StreamId) -> Result<bool, Fault> {
    for standing in [Standing::Issued, Standing::Served, Standing::Applied] {
        let state = Some(standing.name().to_owned());
        let filter = MatterFilter { batch: Some(batch.to_string()), state, ..MatterFilter::default() };
        if !site.app.reader.matters(&visitor.scope(), &filter, &Page::first(1)).await?.rows.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Events read at once.
const ROWS: u32 = 500;
