//! Pages for everybody: help, checking a paper, public figures, the organs.

use axum::Router;
use axum::extract::{Multipart, Query, State};
use axum::response::Html;
use axum::routing::get;
use yanhe_app::{AppError, KnownAs, Printed};
use yanhe_core::dossier::Agreement;
use yanhe_core::policy::{self, Actor};
use yanhe_core::values::normalise;
use yanhe_core::{StreamId, StreamKind};
use yanhe_store_read::Page;
use yanhe_store_read::views::confirmation::ConfirmationFilter;
use yanhe_store_read::views::paper::{PaperFilter, PaperView};

use super::apply_pages::organ_name;
use super::letter::hotline;
use super::listing::{Typed, parse_date};
use super::portal::{FormBlock, Posted, Section, Sheet};
use super::sign::short;
use crate::components::{
    Button, Column, Errors, Field, FigureCard, Markup, Notice, NoticeKind, SummaryList, Table, Width,
};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Lang, fill};

/// `GET /help`, `GET, POST /verify`, `GET /figures`.
pub fn router() -> Router<Site> {
    Router::new().route("/help", get(help)).route("/verify", get(verify).post(check)).route("/figures", get(figures))
}

async fn help(State(site): State<Site>, visitor: Visitor) -> Answer {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().public);
    let frame = visitor.frame(&site.app, t.help_title);
    let phone = hotline(&site).await?;
    let mut sheet = Sheet::new(t.help_title).lead(t.help_lead);
    for (title, text) in [
        (t.what_title, t.what),
        (t.rights_title, t.rights),
        (t.how_title, t.how),
        (t.limits_title, t.limits),
        (t.court_title, t.court),
        (t.private_title, t.private),
    ] {
        sheet.add(&Section::new(title).say(text));
    }
    sheet
        .add(&Section::new(t.phones_title).say(fill(t.phones, &[("phone", &phone)])).with(&phones(&site, lang).await?));
    site::ok(frame.page(&sheet))
}

/// Organs with phone and address.
async fn phones(site: &Site, lang: Lang) -> Result<Table, Fault> {
    let t = lang.text();
    let columns = vec![Column::text(t.common.organ), Column::text(t.common.phone), Column::text(t.common.address)];
    let mut table = Table::new(lang, t.public.phones_title, columns).quiet();
    for organ in site.app.reader.organs().await? {
        if !organ.phone.is_empty() {
            table =
                table.row(vec![organ_name(site, lang, &organ.code).into(), organ.phone.into(), organ.address.into()]);
        }
    }
    Ok(table)
}

async fn verify(State(site): State<Site>, visitor: Visitor) -> Answer {
    site::ok(verify_page(&site, &visitor, ("", ""), None, &Errors::new(visitor.lang()))?)
}

fn verify_page(
    site: &Site,
    visitor: &Visitor,
    (number, code): (&str, &str),
    found: Option<Markup>,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().public);
    let frame = visitor.frame(&site.app, t.verify_title);
    let form = FormBlock::new(&frame, "/verify")
        .multipart()
        .field(&Field::text(lang, "number", t.verify_number).hint(t.verify_number_hint).value(number).errors(errors))
        .field(
            &Field::text(lang, "check_code", t.verify_code)
                .hint(t.verify_code_hint)
                .optional()
                .value(code)
                .width(Width::Medium)
                .errors(errors),
        )
        .field(
            &Field::file(lang, "file", t.verify_file).hint(t.verify_file_hint).accept(".pdf").optional().errors(errors),
        )
        .button(Button::primary(t.verify));
    let mut sheet = Sheet::new(t.verify_title).lead(t.verify_lead).errors(errors);
    if let Some(found) = found {
        sheet.add(&found);
    }
    // Whoever holds a copy of the journal needs the key from somewhere else than that copy.
    let log = Section::new(t.log_title).say(fill(t.log, &[("key", &site.app.log_key()?)]));
    Ok(frame.page(&sheet.with(&form).with(&log)))
}

/// A number as it is compared: brackets and blanks differ from hand to hand.
fn plain(number: &str) -> String {
    normalise(number).chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
}

async fn check(State(site): State<Site>, visitor: Visitor, parts: Multipart) -> Answer {
    let posted = Posted::read(parts).await?;
    visitor.check(posted.value("csrf"))?;
    let (lang, t) = (visitor.lang(), &visitor.lang().text().public);
    let mut errors = Errors::new(lang);
    let (typed, code) = (posted.value("number").trim(), posted.value("check_code").trim());
    let file = posted.files.first().map(|(_, bytes)| bytes.as_slice());
    // A file says its own number; whether it is that paper is seen by its bytes.
    let own = file.and_then(number_of).unwrap_or_default();
    let number = if typed.is_empty() { own.as_str() } else { typed };
    if number.is_empty() && file.is_some() {
        errors.say("number", t.verify_no_number);
    } else if number.is_empty() {
        errors.add("number", "required");
    }
    if code.is_empty() && posted.files.is_empty() {
        errors.say("check_code", t.verify_either);
    }
    if !errors.is_empty() {
        return site::again(verify_page(&site, &visitor, (typed, code), None, &errors)?);
    }
    let notice = match paper(&site, number, code, file).await? {
        Some(Found { known: Some(KnownAs::AddedTo), .. }) => {
            Markup::of(&Notice::new(lang, NoticeKind::Bad, t.added_to).title(t.not_genuine_title))
        }
        Some(found) => {
            let agreement = site.app.agreement_on(&found.row.stream).await?;
            genuine(&site, lang, &found, agreement.as_ref())
        }
        // The same words for a wrong number, a wrong code and changed bytes: nobody learns which numbers there are.
        None => Markup::of(&Notice::new(lang, NoticeKind::Bad, t.not_genuine).title(t.not_genuine_title)),
    };
    site::ok(verify_page(&site, &visitor, (number, code), Some(notice), &errors)?)
}

/// The number that a paper of ours bears among the properties of its file; none in other files, and in those of before.
fn number_of(file: &[u8]) -> Option<String> {
    const OPEN: &[u8] = b"<pdf:Keywords>";
    const CLOSE: &[u8] = b"</pdf:Keywords>";
    let begin = file.windows(OPEN.len()).position(|bytes| bytes == OPEN)? + OPEN.len();
    let rest = file.get(begin..)?;
    let end = rest.windows(CLOSE.len()).position(|bytes| bytes == CLOSE)?;
    Some(String::from_utf8(rest.get(..end)?.to_vec()).ok()?.trim().to_owned()).filter(|number| !number.is_empty())
}

/// A paper that was found, and by what.
struct Found {
    row: PaperView,
    /// What the file is to it; none: there was only the code.
    known: Option<KnownAs>,
    printed: Printed,
}

/// The paper of this number that has this printed code, or of which these are exactly the bytes, with or without its
/// signatures and seals. A paper without a number of its own is found by that of its case.
async fn paper(site: &Site, number: &str, code: &str, file: Option<&[u8]>) -> Result<Option<Found>, AppError> {
    for row in numbered(site, number).await? {
        let mut papers = unnumbered(site, &row).await?;
        papers.insert(0, row);
        for row in papers {
            let Some(about) = StreamId::parse(&row.about) else { continue };
            let printed = site.app.printed_on(&about, &row.stream).await?;
            let known = match file {
                Some(file) => Some(site.app.known_as(&row.stream, file).await?),
                None => None,
            };
            let same = printed.check_code.as_ref().is_some_and(|own| !code.is_empty() && plain(code) == plain(own));
            if known.map_or(same, |known| known != KnownAs::Other) {
                return Ok(Some(Found { row, known, printed }));
            }
        }
    }
    Ok(None)
}

/// The papers of a number, however it was typed.
async fn numbered(site: &Site, number: &str) -> Result<Vec<PaperView>, AppError> {
    let all = policy::scope(&Actor::system());
    let mut found = Vec::new();
    for spelling in spellings(number) {
        let filter = PaperFilter { number: Some(spelling), ..PaperFilter::default() };
        let rows = site.app.reader.papers(&all, &filter, &Page::first(100)).await?.rows;
        found.extend(rows.into_iter().filter(|row| !row.number.is_empty() && plain(&row.number) == plain(number)));
    }
    Ok(found)
}

/// The papers of the same case that bear no number: its records, and what it asks of the court.
async fn unnumbered(site: &Site, row: &PaperView) -> Result<Vec<PaperView>, AppError> {
    let all = policy::scope(&Actor::system());
    if StreamId::parse(&row.about).is_none_or(|about| about.kind() != StreamKind::Dossier) {
        return Ok(Vec::new());
    }
    let filter = ConfirmationFilter { dossier: Some(row.about.clone()), ..ConfirmationFilter::default() };
    let court = site.app.reader.confirmations(&all, &filter, &Page::first(100)).await?.rows;
    let mut found = Vec::new();
    for about in court.into_iter().map(|asked| asked.stream.to_string()).chain([row.about.clone()]) {
        let filter = PaperFilter { about: Some(about), ..PaperFilter::default() };
        found.extend(site.app.reader.papers(&all, &filter, &Page::first(100)).await?.rows);
    }
    found.retain(|paper| paper.number.is_empty());
    Ok(found)
}

/// A typed number as it may be stored: without blanks, and with each pair of brackets that numbers are written with. Found
/// by their beginnings, so that nobody makes the program look through all papers.
fn spellings(number: &str) -> Vec<String> {
    let compact: String = normalise(number).chars().filter(|c| !c.is_whitespace()).collect();
    let pairs = [('〔', '〕'), ('（', '）'), ('(', ')'), ('[', ']'), ('【', '】')];
    let spelt = pairs.map(|(open, close)| {
        let bracket = |c| match c {
            '〔' | '（' | '(' | '[' | '［' | '【' => open,
            '〕' | '）' | ')' | ']' | '］' | '】' => close,
            c => c,
        };
        compact.chars().map(bracket).collect::<String>()
    });
    let mut all = vec![compact.clone()];
    all.extend(spelt.into_iter().filter(|s| *s != compact));
    all.sort();
    all.dedup();
    all.retain(|s| !s.is_empty());
    all
}

fn genuine(site: &Site, lang: Lang, found: &Found, agreement: Option<&Agreement>) -> Markup {
    let t = &lang.text().public;
    let Found { row, known, printed } = found;
    let kind = match lang {
        Lang::Zh => site.app.pack.paper_name(&row.kind),
        Lang::En => site.app.pack.paper_name_en(&row.kind),
    };
    let voided = row.state == "voided";
    let date = row.date.map_or_else(String::new, |d| lang.date(d));
    let organ = organ_name(site, lang, &row.issuer);
    let list = SummaryList::new()
        .row(lang.text().letter.paper, kind)
        .row(lang.text().common.number, Some(row.number.as_str()).filter(|n| !n.is_empty()).unwrap_or(t.no_number))
        .row(lang.text().common.organ, organ.as_str());
    // An agreement is drawn up on one day, and takes effect on that of the last signature or seal.
    let list = match agreement {
        None => list.row(lang.text().common.date, date.as_str()),
        Some(agreement) => {
            let effect = agreement.effective_on.map_or_else(|| t.not_effective.to_owned(), |on| lang.date(on));
            list.row(t.drawn_up, date.as_str()).row(t.effective, effect)
        }
    };
    let list = list.row(lang.text().sign.hash, short(&row.blob));
    // Number and code stand on any copy: they show that there is such a paper, and not what this sheet says.
    let (says, title) = match known {
        Some(_) => (t.genuine, t.genuine_title),
        None => (t.by_code, t.by_code_title),
    };
    let replaced = agreement.and_then(|agreement| agreement.replaced.as_ref());
    let replaced = replaced.map(|by| fill(t.replaced, &[("number", &by.agreement.number)]));
    let (kind, title) = match known {
        _ if printed.taken_back => (NoticeKind::Warn, t.taken_back),
        _ if voided => (NoticeKind::Warn, t.voided),
        _ if replaced.is_some() => (NoticeKind::Warn, replaced.as_deref().unwrap_or_default()),
        Some(_) => (NoticeKind::Success, title),
        None => (NoticeKind::Info, title),
    };
    let text = fill(says, &[("organ", &organ), ("date", &date)]);
    let marks = match *known {
        None | Some(KnownAs::Marked(_, 0)) => String::new(),
        Some(KnownAs::Marked(0, all)) => fill(t.marked_none, &[("all", &all.to_string())]),
        Some(KnownAs::Marked(n, all)) if n == all => fill(t.marked_all, &[("n", &n.to_string())]),
        Some(KnownAs::Marked(n, all)) => fill(t.marked_some, &[("n", &n.to_string()), ("all", &all.to_string())]),
        Some(KnownAs::AddedTo | KnownAs::Other) => String::new(),
    };
    let text = format!("{text}{}{marks}", if lang == Lang::En && !marks.is_empty() { " " } else { "" });
    Markup::of(&Notice::new(lang, kind, text).title(title).body(Markup::of(&list)))
}

async fn figures(State(site): State<Site>, visitor: Visitor, Query(asked): Query<Typed>) -> Answer {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().public);
    let frame = visitor.frame(&site.app, t.figures_title);
    let day = |name| parse_date(asked.trimmed(name)).ok();
    let (from, to) = (day("from"), day("to"));
    let counted = site.app.figures(from, to).await?;
    let cards: Vec<FigureCard> = [
        (t.figure_letters, counted.letters),
        (t.figure_applications, counted.applications),
        (t.figure_accepted, counted.accepted),
        (t.figure_successful, counted.successful),
        (t.figure_performed, counted.performed),
        (t.figure_confirmed, counted.confirmed),
        (t.figure_publicity, counted.publicity_events),
        (t.figure_online, counted.organs_online),
    ]
    .into_iter()
    .map(|(label, n)| FigureCard { lang, label: label.to_owned(), value: Some(n.to_string()), ..FigureCard::default() })
    .collect();
    let lead = match (from, to) {
        (None, None) => fill(t.figures_lead, &[("date", &lang.date(site.app.today()))]),
        (from, to) => {
            let date = |day: Option<yanhe_core::Date>| day.map_or_else(|| "…".to_owned(), |day| lang.date(day));
            fill(t.figures_between, &[("from", &date(from)), ("to", &date(to))])
        }
    };
    let sheet =
        Sheet::new(t.figures_title).lead(lead).with(&Cards { cards }).with(&Section::default().say(t.figures_note));
    site::ok(frame.page(&sheet))
}

#[derive(askama::Template)]
#[template(path = "pages/public_figures.html")]
struct Cards {
    cards: Vec<FigureCard>,
}
