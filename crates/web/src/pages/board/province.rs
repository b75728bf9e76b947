//! `GET /board/province`: the counties of one database side by side, and their sum.
//!
//! A county reads the numbers of the others and not the acts behind them, which are sealed with keys it does not have: its
//! own numbers open as on its board.

use askama::Template;
use axum::extract::{Query, State};
use yanhe_app::figures::County;
use yanhe_store_read::views::tally::TallyView;

use super::{Asked, COLUMNS, heads, numbers, reads, sum};
use crate::components::{Button, Cell, ErrorSummary, Errors, Field, Table};
use crate::layout::Frame;
use crate::pages::listing::Typed;
use crate::site::{self, Answer, Site, Visitor};
use crate::text::{Lang, Text};

#[derive(Template)]
#[template(path = "pages/board/province.html")]
struct ProvincePage<'a> {
    t: &'static Text,
    b: &'static crate::text::TextBoard,
    frame: &'a Frame,
    errors: ErrorSummary,
    filters: Vec<Field>,
    narrow: Button,
    span: String,
    table: Table,
}

pub(super) async fn show(State(site): State<Site>, visitor: Visitor, Query(typed): Query<Typed>) -> Answer {
    reads(&visitor)?;
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let mut errors = Errors::new(lang);
    let asked = Asked::read(&site, &typed, &mut errors);
    let asked = Asked { organ: None, kind: None, ..asked };
    let counties = site.app.counties(asked.from, asked.to).await?;
    let frame = visitor.frame(&site.app, t.board.province);
    let page = frame.page(&ProvincePage {
        t,
        b: &t.board,
        frame: &frame,
        errors: errors.summary(),
        filters: asked.days(lang, &typed, &errors).to_vec(),
        narrow: Button::secondary(t.common.filter),
        span: asked.span(&site, lang),
        table: table(&site, lang, &asked, &counties),
    });
    if errors.is_empty() { site::ok(page) } else { site::again(page) }
}

/// A row for each county, and one for all.
fn table(site: &Site, lang: Lang, asked: &Asked, counties: &[County]) -> Table {
    let b = &lang.text().board;
    let row = |name: &str, own: bool, tallies: &mut dyn Iterator<Item = &TallyView>| {
        let href = |name: &str| if own { asked.acts(name, None, asked.from, asked.to) } else { String::new() };
        let mut cells = vec![Cell::text(name)];
        cells.extend(numbers(site, lang, &sum(tallies), &COLUMNS, href));
        cells
    };
    let own = &site.app.pack.jurisdiction.code;
    let rows: Vec<_> = counties
        .iter()
        .map(|county| {
            let [zh, en] = &county.names;
            let name = if lang == Lang::Zh { zh } else { en };
            row(name, county.code == *own, &mut county.tallies.iter())
        })
        .chain([row(b.all_counties, false, &mut counties.iter().flat_map(|county| &county.tallies))])
        .collect();
    Table::new(lang, b.province, heads(lang, b.county, &COLUMNS)).quiet().wide().rows(rows)
}
