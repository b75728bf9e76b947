//! `GET /board`: the figures of the county by organ, month and kind; every number opens the acts that make it.
//!
//! Counts go by the date of the act, rates by cohort ([`cohort`]). Success stands beside acceptance, so that refusing hard cases does not pay.

mod acts;
mod cohort;
mod province;

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use yanhe_core::Date;
use yanhe_core::policy::{self, Act, Role, Subject};
use yanhe_core::values::parse_date;
use yanhe_store_read::views::tally::TallyView;
use yanhe_store_read::views::work::LateWorkView;

use self::cohort::{ACCEPTANCE, OUTCOMES, RATES, Rate, SUCCESS};
use super::dossier::kind_name;
use super::listing::{Typed, address, body};
use super::work;
use crate::components::{
    Button, Cell, Choice, Column, EmptyState, ErrorSummary, Errors, Field, FigureCard, Link, Table, Width,
};
use crate::layout::Frame;
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Lang, Text, fill};

/// `GET /board`, `GET /board/acts`, `GET /board/people`, `GET /board/province`.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/board", get(show))
        .route("/board/acts", get(acts::show))
        .route("/board/province", get(province::show))
        // Work by person, with reassigning, stands on the work list of a leader.
        .route("/board/people", get(|| async { site::see("/work") }))
}

/// What is counted, in the order of the way through.
pub const NAMES: [&str; 16] = [
    "letters",
    "letter_copies",
    "letters_served",
    "applications",
    "accepted",
    "refused",
    "successful",
    "ended",
    "agreements_effective",
    "performed",
    "breached",
    "confirmations_filed",
    "confirmed",
    "confirmation_rejected",
    "publicity_events",
    "organs_online",
];

/// The columns of the tables; rates follow what they are made of.
const COLUMNS: [&str; 9] = [
    "letters",
    "applications",
    "accepted",
    "refused",
    "successful",
    "performed",
    "confirmations_filed",
    "confirmed",
    "publicity_events",
];

/// The rates of the tables, each behind the column that it follows: success is always read beside acceptance.
const RATES_BEHIND: [(&str, Rate); 2] = [("refused", ACCEPTANCE), ("successful", SUCCESS)];

/// What has no kind of dispute.
const KINDLESS: [&str; 3] = ["publicity_events", "organs", "organs_online"];

/// The kinds of dispute.
const KINDS: [&str; 2] = ["civil", "administrative"];

/// What is asked for: days, organ, kind.
pub struct Asked {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Organ code.
    pub organ: Option<String>,
    /// Kind of dispute.
    pub kind: Option<String>,
}

impl Asked {
    /// Reads the address; without days it is the year so far. What is no day is a fault of the form.
    pub fn read(site: &Site, typed: &Typed, errors: &mut Errors) -> Self {
        let today = site.app.today();
        let mut day = |name: &str, otherwise: Date| match typed.trimmed(name) {
            "" => otherwise,
            text => parse_date(text).unwrap_or_else(|_| {
                errors.add(name, "not_a_date");
                otherwise
            }),
        };
        let from = day("from", today.first_of_year());
        let to = day("to", today.max(from));
        if to < from && errors.is_empty() {
            errors.add("to", "before_from");
        }
        let mut known = |name: &str, is: &dyn Fn(&str) -> bool| {
            let (known, unknown): (Vec<_>, Vec<_>) = typed.filter(name).into_iter().partition(|value| is(value));
            if !unknown.is_empty() {
                errors.add(name, "unknown");
            }
            known.into_iter().next()
        };
        let organ = known("organ", &|code| site.app.pack.organ(code).is_some());
        let kind = known("kind", &|kind| KINDS.contains(&kind));
        Self { from, to, organ, kind }
    }

    fn takes(&self, tally: &TallyView) -> bool {
        // Publicity and organs have no kind of dispute.
        let kind = self.kind.as_ref().is_none_or(|k| tally.kind.is_empty() || tally.kind == *k);
        kind && self.organ.as_ref().is_none_or(|o| tally.organ == *o)
    }

    /// The address of the acts behind a number.
    fn acts(&self, name: &str, organ: Option<&str>, from: Date, to: Date) -> String {
        self.acts_of(None, name, organ, from, to)
    }

    /// The same for a number of one kind of dispute.
    fn acts_of(&self, kind: Option<&str>, name: &str, organ: Option<&str>, from: Date, to: Date) -> String {
        let (from, to) = (from.to_string(), to.to_string());
        let organ = organ.or(self.organ.as_deref()).unwrap_or_default();
        let kind = kind.or(self.kind.as_deref()).unwrap_or_default();
        address("/board/acts", &[("name", name), ("organ", organ), ("kind", kind), ("from", &from), ("to", &to)])
    }

    /// The columns of a table: with a kind of dispute asked for, what has none is left out.
    fn columns(&self) -> Vec<&'static str> {
        COLUMNS.into_iter().filter(|name| self.kind.is_none() || !KINDLESS.contains(name)).collect()
    }

    /// The fields of the days.
    fn days(&self, lang: Lang, typed: &Typed, errors: &Errors) -> [Field; 2] {
        let b = &lang.text().board;
        [("from", b.from, self.from), ("to", b.to, self.to)].map(|(name, label, day)| {
            let shown = if errors.at(name).is_some() { typed.get(name).to_owned() } else { day.to_string() };
            Field::date(lang, name, label).value(shown).errors(errors)
        })
    }

    /// Organ, kind and days in words, so that a printed sheet says what it counts.
    pub fn span(&self, site: &Site, lang: Lang) -> String {
        let days = fill(lang.text().board.span, &[("from", &lang.date(self.from)), ("to", &lang.date(self.to))]);
        let organ = self.organ.as_ref().map(|code| body(site, lang, code));
        let kind = self.kind.as_ref().map(|kind| kind_name(lang, kind).to_owned());
        organ.into_iter().chain(kind).chain([days]).collect::<Vec<_>>().join(" · ")
    }
}

/// Only for those who read the board.
///
/// # Errors
/// A redirect, or not allowed.
pub fn reads(visitor: &Visitor) -> Result<(), Fault> {
    visitor.staff()?;
    let may = policy::may(&visitor.actor, Act::ReadBoard, &Subject::default());
    may.map_err(|_| yanhe_app::AppError::Denied.into())
}

type Sums = BTreeMap<String, i64>;

fn sum<'a>(tallies: impl Iterator<Item = &'a TallyView>) -> Sums {
    let mut sums = Sums::new();
    for tally in tallies {
        *sums.entry(tally.name.clone()).or_default() += tally.total;
    }
    sums
}

fn of(sums: &Sums, name: &str) -> i64 {
    sums.get(name).copied().unwrap_or(0)
}

/// A share in percent with two places, rounded half up: 275853 of 348111 is 79.24%.
pub fn percent(part: i64, whole: i64) -> String {
    let (part, whole) = (i128::from(part), i128::from(whole.max(1)));
    let hundredths = (part * 20_000 + whole) / (2 * whole);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// A rate, or none where the denominator is under the county's minimum.
fn percentage(site: &Site, part: i64, whole: i64) -> Option<String> {
    let enough = whole >= i64::from(site.app.pack.parameters.minimum_denominator.max(1));
    enough.then(|| percent(part, whole))
}

#[derive(Template)]
#[template(path = "pages/board/page.html")]
struct BoardPage<'a> {
    t: &'static Text,
    b: &'static crate::text::TextBoard,
    frame: &'a Frame,
    errors: ErrorSummary,
    filters: Vec<Field>,
    narrow: Button,
    span: String,
    counted: bool,
    counts: Vec<FigureCard>,
    rates: Vec<FigureCard>,
    by_organ: Table,
    by_month: Table,
    by_kind: Table,
    late: Option<Table>,
    neighbours: bool,
}

async fn show(State(site): State<Site>, visitor: Visitor, Query(typed): Query<Typed>) -> Answer {
    reads(&visitor)?;
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let mut errors = Errors::new(lang);
    let asked = Asked::read(&site, &typed, &mut errors);
    let tallies = site.app.behind.figures(asked.from, asked.to).await?;
    let organs = site.app.reader.organs().await?.into_iter();
    let online: BTreeMap<String, Date> = organs.filter_map(|o| Some((o.code, o.online_on?))).collect();
    let tallies: Vec<&TallyView> = tallies.iter().filter(|tally| asked.takes(tally)).collect();
    let all = sum(tallies.iter().copied());
    let frame = visitor.frame(&site.app, t.nav.board);
    let page = frame.page(&BoardPage {
        t,
        b: &t.board,
        frame: &frame,
        errors: errors.summary(),
        filters: filters(&site, lang, &asked, &typed, &errors),
        narrow: Button::secondary(t.common.filter),
        span: asked.span(&site, lang),
        counted: errors.is_empty(),
        counts: counts(lang, &asked, &all),
        rates: rates(&site, lang, &asked, &tallies),
        by_organ: by_organ(&site, lang, &asked, &tallies, &online),
        by_month: by_month(&site, lang, &asked, &tallies),
        by_kind: by_kind(&site, lang, &asked, &tallies),
        late: late(&site, &visitor, &asked).await?,
        neighbours: site.app.has_neighbours().await?,
    });
    if errors.is_empty() { site::ok(page) } else { site::again(page) }
}

fn filters(site: &Site, lang: Lang, asked: &Asked, typed: &Typed, errors: &Errors) -> Vec<Field> {
    let c = &lang.text().common;
    let organs = site.app.pack.mediating().map(|o| Choice::new(&o.code, body(site, lang, &o.code))).collect();
    let kinds = KINDS.map(|kind| Choice::new(kind, kind_name(lang, kind))).to_vec();
    let mut fields = asked.days(lang, typed, errors).to_vec();
    fields.extend([
        Field::select(lang, "organ", c.organ, organs)
            .value(asked.organ.clone().unwrap_or_default())
            .width(Width::Medium)
            .errors(errors),
        Field::select(lang, "kind", lang.text().dossier.kind, kinds)
            .value(asked.kind.clone().unwrap_or_default())
            .errors(errors),
    ]);
    fields
}

fn counts(lang: Lang, asked: &Asked, all: &Sums) -> Vec<FigureCard> {
    let card = |name: &&str| {
        let label = lang.name("figure_name", name);
        FigureCard::new(lang, label, of(all, name), asked.acts(name, None, asked.from, asked.to))
    };
    NAMES.iter().filter(|name| asked.kind.is_none() || !KINDLESS.contains(name)).map(card).collect()
}

/// Rates, each with its parts, and each part with the acts that make it.
fn rates(site: &Site, lang: Lang, asked: &Asked, tallies: &[&TallyView]) -> Vec<FigureCard> {
    let card = |rate: &Rate| {
        let (part, whole) = rate.of(tallies.iter().copied());
        let name = format!("rate_{}", rate.label);
        let label = lang.name("board", &name);
        let link = |n: i64, name: &str| {
            let href = asked.acts_of(rate.kind, name, None, asked.from, asked.to);
            Link::new(n.to_string(), if n == 0 { String::new() } else { href }).about(lang.name("figure_name", name))
        };
        let value = percentage(site, part, whole);
        let card = FigureCard { lang, label: label.into(), value, ..FigureCard::default() };
        card.parts(link(part, rate.part), link(whole, rate.whole))
    };
    RATES.iter().map(card).collect()
}

fn heads(lang: Lang, first: &str, names: &[&str]) -> Vec<Column> {
    let mut columns = vec![Column::text(first)];
    for name in names {
        columns.push(Column::number(lang.name("figure_name", name)));
        columns.extend(behind(name).map(|rate| Column::number(lang.name("board", &format!("rate_{}", rate.label)))));
    }
    columns
}

fn behind(name: &str) -> impl Iterator<Item = Rate> {
    RATES_BEHIND.into_iter().filter_map(move |(column, rate)| (column == name).then_some(rate))
}

fn numbers(site: &Site, lang: Lang, sums: &Sums, names: &[&str], href: impl Fn(&str) -> String) -> Vec<Cell> {
    // What has no address is read and not opened.
    let opened = |text: String, name| match href(name) {
        href if href.is_empty() => Cell::text(text),
        href => Cell::link(text, href),
    };
    let mut cells = Vec::new();
    for name in names.iter().copied() {
        let n = of(sums, name);
        cells.push(if n == 0 { Cell::from(0) } else { opened(n.to_string(), name) });
        cells.extend(behind(name).map(|rate| match percentage(site, of(sums, rate.part), of(sums, rate.whole)) {
            None => Cell::text(lang.text().part.too_few),
            Some(percent) => opened(percent, rate.part),
        }));
    }
    cells
}

fn by_organ(site: &Site, lang: Lang, asked: &Asked, tallies: &[&TallyView], online: &BTreeMap<String, Date>) -> Table {
    let b = &lang.text().board;
    let columns = asked.columns();
    let organs = site.app.pack.mediating().filter(|o| asked.organ.as_ref().is_none_or(|code| *code == o.code));
    let rows = organs.map(|organ| {
        let sums = sum(tallies.iter().copied().filter(|tally| tally.organ == organ.code));
        let since = online.get(organ.code.as_str()).map(|day| fill(b.online, &[("date", &lang.date(*day))]));
        let mut cells = vec![Cell::text(body(site, lang, &organ.code)).note(since.unwrap_or_default())];
        let href = |name: &str| asked.acts(name, Some(&organ.code), asked.from, asked.to);
        cells.extend(numbers(site, lang, &sums, &columns, href));
        cells
    });
    Table::new(lang, b.by_organ, heads(lang, lang.text().common.organ, &columns)).quiet().wide().rows(rows)
}

fn by_month(site: &Site, lang: Lang, asked: &Asked, tallies: &[&TallyView]) -> Table {
    let b = &lang.text().board;
    let mut months: Vec<&str> = tallies.iter().map(|tally| tally.month.as_str()).collect();
    months.sort_unstable();
    months.dedup();
    let columns = asked.columns();
    let rows = months.into_iter().filter_map(|month| {
        let first: Date = format!("{month}-01").parse().ok()?;
        let (from, to) = (first.max(asked.from), first.last_of_month().min(asked.to));
        let sums = sum(tallies.iter().copied().filter(|tally| tally.month == month));
        let mut cells = vec![Cell::text(month)];
        cells.extend(numbers(site, lang, &sums, &columns, |name| asked.acts(name, None, from, to)));
        Some(cells)
    });
    let empty = EmptyState::new(b.nothing, b.nothing_text);
    Table::new(lang, b.by_month, heads(lang, b.month, &columns)).quiet().wide().rows(rows).empty(empty)
}

/// Civil and administrative disputes side by side; publicity has no kind.
fn by_kind(site: &Site, lang: Lang, asked: &Asked, tallies: &[&TallyView]) -> Table {
    let names: Vec<&str> = COLUMNS.into_iter().filter(|name| !KINDLESS.contains(name)).collect();
    let kinds = KINDS.into_iter().filter(|kind| asked.kind.as_deref().is_none_or(|only| only == *kind));
    let rows = kinds.map(|kind| {
        let sums = sum(tallies.iter().copied().filter(|tally| tally.kind == kind));
        let href = |name: &str| asked.acts_of(Some(kind), name, None, asked.from, asked.to);
        let mut cells = vec![Cell::text(kind_name(lang, kind))];
        cells.extend(numbers(site, lang, &sums, &names, href));
        cells
    });
    let columns = heads(lang, lang.text().dossier.kind, &names);
    Table::new(lang, lang.text().board.by_kind, columns).quiet().wide().rows(rows)
}

/// Late work by organ and role: of all or of the one that is asked for, for those who supervise; of the own organ for
/// its leader. Each number opens the list.
async fn late(site: &Site, visitor: &Visitor, asked: &Asked) -> Result<Option<Table>, Fault> {
    let (lang, b) = (visitor.lang(), &visitor.lang().text().board);
    let today = site.app.today();
    let (of, wide) = match visitor.actor.role {
        Role::Supervisor | Role::Studio | Role::Admin | Role::Assessor => (asked.organ.as_deref(), true),
        Role::Leader => (Some(visitor.actor.body.as_str()), false),
        _ => return Ok(None),
    };
    let rows = work::late(site, of, today).await?;
    let line = |row: LateWorkView| {
        let organ = if wide { row.organ.as_str() } else { "" };
        let list = address("/work", &[("organ", organ), ("role", &row.role), ("show", "late")]);
        let late = Cell::link(row.late.to_string(), list);
        vec![body(site, lang, &row.organ).into(), lang.name("role", &row.role).into(), late]
    };
    let rows = rows.into_iter().map(line);
    let c = &lang.text().common;
    let columns = vec![Column::text(c.organ), Column::text(b.role), Column::number(b.late_count)];
    let empty = EmptyState::new(b.nothing_late, b.nothing_late_text);
    Ok(Some(Table::new(lang, b.late, columns).quiet().rows(rows).empty(empty)))
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn the_published_figures_give_the_published_rates() {
        assert_eq!(percent(275_853, 348_111), "79.24%");
        assert_eq!(percent(234_111, 275_853), "84.87%");
    }

    #[test]
    fn a_rate_is_rounded_half_up() {
        assert_eq!(percent(1, 3), "33.33%");
        assert_eq!(percent(2, 3), "66.67%");
        assert_eq!(percent(5, 5), "100.00%");
        assert_eq!(percent(1, 20_000), "0.01%");
    }
}
