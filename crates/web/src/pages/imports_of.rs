//! Which imports an office sees.

use yanhe_store_read::views::matter::MatterFilter;
use yanhe_store_read::views::roster::BatchView;
use yanhe_store_read::{Listing, Page};

use super::listing::listed;
use crate::site::{Fault, Site, Visitor};

/// The imports of the visitor's own body and those of the county that brought matters of it, or all for those of the
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

/// Did an import of the county bring matters of the visitor's body? Another organ's import brings none.
async fn brought(site: &Site, visitor: &Visitor, batch: &BatchView) -> Result<bool, Fault> {
    if !batch.by.is_empty() && batch.by != site.app.pack.justice_bureau().code {
        return Ok(false);
    }
    let filter = MatterFilter { batch: Some(batch.stream.to_string()), ..MatterFilter::default() };
    Ok(!site.app.reader.matters(&visitor.scope(), &filter, &Page::first(1)).await?.rows.is_empty())
}
