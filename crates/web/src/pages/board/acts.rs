//! `GET /board/acts`: the acts behind one number of the board.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use yanhe_core::policy::Role;
use yanhe_core::{StreamId, StreamKind, publicity};
use yanhe_store_read::Page;
use yanhe_store_read::views::tally::{ActFilter, ActView};

use super::super::dossier::kind_name;
use super::super::listing::{self, ROWS, Typed, address, body, listed};
use super::{Asked, KINDLESS, NAMES, OUTCOMES, reads};
use crate::components::{Cell, Column, EmptyState, Errors, Pagination, Table};
use crate::layout::Frame;
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Lang, fill};

#[derive(Template)]
#[template(path = "pages/board/acts.html")]
struct ActsPage<'a> {
    frame: &'a Frame,
    span: String,
    total: String,
    reckoned: String,
    table: Table,
    pagination: Pagination,
    back: String,
}

/// The acts of one name, by date.
///
/// # Errors
/// Not allowed, or a name that is not counted.
pub async fn show(State(site): State<Site>, visitor: Visitor, Query(typed): Query<Typed>) -> Answer {
    reads(&visitor)?;
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let known = NAMES.into_iter().chain(OUTCOMES).chain(["organs"]);
    let name = { known }.find(|n| *n == typed.trimmed("name")).ok_or_else(|| Fault::Parameter("name".to_owned()))?;
    let mut errors = Errors::new(lang);
    let asked = Asked::read(&site, &typed, &mut errors);
    if !errors.is_empty() {
        // The board has a field for each of them, and says there what is wrong.
        let values = ["from", "to", "organ", "kind"].map(|name| (name, typed.trimmed(name)));
        return Ok(Redirect::to(&address("/board", &values)).into_response());
    }
    // Publicity events and organs have no kind of dispute.
    let kindless = KINDLESS.contains(&name);
    let filter = ActFilter {
        name: name.to_owned(),
        organ: asked.organ.clone(),
        kind: asked.kind.clone().filter(|_| !kindless),
        from: asked.from,
        to: asked.to,
    };
    let page = typed.page(ROWS)?;
    let found = listed(site.app.behind.acts(&filter, &page).await, &page)?;
    let (total, reckoned) = reckoned(&site, lang, &filter).await?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for act in &found.rows {
        rows.push(vec![
            Cell::text(lang.date(act.date)),
            body(&site, lang, &act.organ).into(),
            kind_name(lang, &act.kind).into(),
            number(&site, &visitor, act).await?,
            Cell::text(if act.by < 0 { t.board.taken_back } else { "" }),
        ]);
    }
    let label = lang.name("figure_name", name);
    let columns = vec![
        Column::text(t.common.date),
        Column::text(t.common.organ),
        Column::text(t.dossier.kind),
        Column::text(t.common.number),
        Column::text(t.common.note),
    ];
    let table = Table::new(lang, label, columns)
        .quiet()
        .rows(rows)
        .empty(EmptyState::new(t.board.nothing, t.board.nothing_text));
    let frame = visitor.frame(&site.app, label);
    let (from, to) = (asked.from.to_string(), asked.to.to_string());
    let organ = asked.organ.clone().unwrap_or_default();
    let kind = asked.kind.clone().unwrap_or_default();
    let back = address("/board", &[("from", &from), ("to", &to), ("organ", &organ), ("kind", &kind)]);
    let pagination = listing::pagination(lang, &found, "/board/acts", &typed);
    site::ok(frame.page(&ActsPage {
        frame: &frame,
        span: asked.span(&site, lang),
        total,
        reckoned,
        table,
        pagination,
        back,
    }))
}

/// So many acts are read to say how a number comes about; of a larger one only the number is said.
const RECKONED: u32 = 1000;

/// The number that the board shows, and how it comes about where acts were taken back.
async fn reckoned(site: &Site, lang: Lang, filter: &ActFilter) -> Result<(String, String), Fault> {
    let b = &lang.text().board;
    let tallies = site.app.behind.figures(filter.from, filter.to).await?;
    let counted = tallies.iter().filter(|tally| {
        let organ = filter.organ.as_ref().is_none_or(|organ| tally.organ == *organ);
        tally.name == filter.name && organ && filter.kind.as_ref().is_none_or(|kind| tally.kind == *kind)
    });
    let total: i64 = counted.map(|tally| tally.total).sum();
    let of_total = |how: String| Ok((fill(b.total, &[("total", &total.to_string())]), how));
    if total > i64::from(RECKONED) {
        return of_total(String::new());
    }
    let acts = site.app.behind.acts(filter, &Page::first(RECKONED)).await?;
    let sum = |sign: i64| acts.rows.iter().map(|act| act.by).filter(|by| by.signum() == sign).sum::<i64>();
    let (added, taken) = (sum(1), -sum(-1));
    let all = acts.next.is_none() && added - taken == total;
    let values = [("added", added.to_string()), ("taken", taken.to_string()), ("total", total.to_string())];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let how = if all && taken > 0 { fill(b.reckoned, &values) } else { String::new() };
    of_total(how)
}

/// The number of what an act was done to; a link for those who may open it.
async fn number(site: &Site, visitor: &Visitor, act: &ActView) -> Result<Cell, Fault> {
    let (stream, body) = (&act.stream, visitor.actor.body.as_str());
    let app = &site.app;
    let organ = !body.is_empty() && act.organ == body;
    let wide = matches!(visitor.actor.role, Role::Studio | Role::Supervisor);
    let link = |label: String, open: bool, page: &str| match open {
        true => Cell::link(label, format!("/{page}/{}", stream.key())),
        false => Cell::text(label),
    };
    Ok(match stream.kind() {
        StreamKind::Dossier => {
            link(app.reader.dossier(stream).await?.map_or_else(String::new, |d| d.number), organ, "dossier")
        }
        StreamKind::Matter => {
            link(app.reader.matter(stream).await?.map_or_else(String::new, |m| m.number), organ || wide, "matter")
        }
        StreamKind::Paper => {
            link(app.reader.paper(stream).await?.map_or_else(String::new, |p| p.number), organ, "paper")
        }
        StreamKind::Confirmation => {
            let row = app.reader.confirmation(stream).await?;
            let court = row.as_ref().is_some_and(|c| !body.is_empty() && c.court == body);
            let dossier = row.as_ref().and_then(|c| StreamId::parse(&c.dossier));
            let number = match row.map(|c| c.number).filter(|n| !n.is_empty()) {
                Some(number) => number,
                None => match dossier {
                    Some(dossier) => app.reader.dossier(&dossier).await?.map_or_else(String::new, |d| d.number),
                    None => String::new(),
                },
            };
            link(number, organ || court, "confirmation")
        }
        StreamKind::Publicity => {
            Cell::text(app.state::<publicity::Publicity>(stream).await?.map_or_else(String::new, |p| p.name.clone()))
        }
        _ => Cell::text("—"),
    })
}
