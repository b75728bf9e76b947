//! Pages of a large directory, asked of the router as the server asks it: session, policy, database, names opened, page
//! made. One request at a time, so that the time of the processor belongs to it.
//!
//! Raw is what a page asked of the database, asked again by one thread with nothing around it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::{Router, body::Bytes};
use tower::ServiceExt;
use yanhe_app::bench::Measured;
use yanhe_app::session::SignedIn;
use yanhe_app::{App, sha256};
use yanhe_core::StreamId;
use yanhe_core::dossier::Dossier;
use yanhe_core::policy::{self, Actor, Role};
use yanhe_store_read::driver::{postgres, sqlite};
use yanhe_store_read::views::dossier::{DossierFilter, DossierOrder};
use yanhe_store_read::{Page, Query};

use super::super::{Failure, open};

/// Requests for each page.
pub const REQUESTS: usize = 400;
/// Of so many requests one more is asked before and not counted: it finds the files of the operating system cold.
const WARMING: usize = 20;
/// How many characters of a firm's name somebody types.
const WORDS: usize = 4;
/// How many pages of a list are looked through before another organ's list.
const DEPTH: usize = 10;

/// One request.
#[derive(Clone)]
pub struct Place {
    /// Path and query.
    pub address: String,
    /// The session that asks.
    pub session: String,
    /// What is posted, where a form is.
    pub form: Option<String>,
}

/// A page as it is asked for again and again.
pub struct Asked {
    /// Its name in the tables.
    pub name: &'static str,
    /// What is asked for, in turn.
    pub places: Vec<Place>,
    /// Follows the link to the next page of the list.
    follows: bool,
}

/// What the requests for a page took.
#[derive(Default)]
struct Walked {
    wall: Vec<Duration>,
    processor: Duration,
    bytes: usize,
    /// What each request asked of the database.
    asked: Vec<Vec<Query>>,
}

/// What a page took.
pub struct Taken {
    /// Its name.
    pub name: &'static str,
    /// Of each request.
    pub wall: Vec<Duration>,
    /// Of the database alone for the same, of each request of which it was asked again.
    pub database: Vec<Duration>,
    /// Time of the processor for a request, in the mean.
    pub processor: Duration,
    /// Statements for a request, in the mean.
    pub statements: f64,
    /// Bytes of an answer, in the mean.
    pub bytes: f64,
}

/// Measures the pages of a data directory; the slowest list counts.
///
/// # Errors
/// When a page is not answered, or the directory has nothing to list.
pub async fn lists(app: &Arc<App>, place: &open::Place) -> Result<Measured, Failure> {
    let mut out = BTreeMap::new();
    let (mut value, mut raw) = (0.0_f64, 0.0);
    for page in taken(app, place, &pages(app).await?, REQUESTS).await? {
        let (p50, p99) = (percentile(&page.wall, 50), percentile(&page.wall, 99));
        let mut say = |what: &str, x: f64| out.insert(format!("{}_{what}", page.name), x);
        say("p50_ms", p50);
        say("p99_ms", p99);
        say("cpu_ms", ms(page.processor));
        say("database_ms", page.database.iter().map(|d| ms(*d)).sum::<f64>() / page.database.len().max(1) as f64);
        say("statements", page.statements);
        say("kb", page.bytes / 1000.0);
        if p99 > value {
            (value, raw) = (p99, percentile(&page.database, 99));
        }
    }
    Ok(Measured { more: out, ..Measured::new(value, raw, "ms") })
}

/// Measures pages with so many requests for each.
///
/// # Errors
/// When a page is not answered.
pub async fn taken(
    app: &Arc<App>,
    place: &open::Place,
    pages: &[Asked],
    requests: usize,
) -> Result<Vec<Taken>, Failure> {
    // As the server does every few seconds.
    app.fold_tallies().await?;
    let router = yanhe_web::router(app.clone());
    let mut all = Vec::new();
    for page in pages {
        walk(&router, page, requests.div_ceil(WARMING), None).await?;
        let taken = walk(&router, page, requests, None).await?;
        let base = walk(&router, page, requests.div_ceil(4), Some(app)).await?;
        let n = taken.wall.len().max(1);
        let statements: usize = base.asked.iter().map(Vec::len).sum();
        all.push(Taken {
            name: page.name,
            database: again(place, &base.asked).await?,
            processor: taken.processor / u32::try_from(n).unwrap_or(u32::MAX),
            statements: statements as f64 / base.asked.len().max(1) as f64,
            bytes: taken.bytes as f64 / n as f64,
            wall: taken.wall,
        });
    }
    Ok(all)
}

/// The pages that are measured: of every organ in turn for its clerk and its leader.
///
/// # Errors
/// When the directory has nothing to list.
pub async fn pages(app: &App) -> Result<Vec<Asked>, Failure> {
    let (mut clerks, mut leaders, mut mediators) = (Vec::new(), Vec::new(), Vec::new());
    let (mut cases, mut numbers, mut boards) = (Vec::new(), Vec::new(), Vec::new());
    let mut searches = Searches::default();
    let year = "from=2022-01-01&to=2022-12-31";
    for organ in app.pack.mediating() {
        let staff = app.staff_of(&organ.code).await?;
        let with = |role: Role| staff.iter().find(|who| who.actor.role == role);
        let (Some(clerk), Some(leader)) = (with(Role::Clerk), with(Role::Leader)) else { continue };
        let scope = policy::scope(&clerk.actor);
        let few = DossierFilter::default();
        let rows = app.reader.dossiers(&scope, &few, DossierOrder::Latest, &Page::first(5000)).await;
        let rows = rows.map_err(Failure::unreadable)?.rows;
        if rows.is_empty() {
            continue;
        }
        let (clerk, leader) = (app.begin_session(clerk).await?, app.begin_session(leader).await?);
        if let Some(mediator) = with(Role::Mediator) {
            mediators.push(app.begin_session(mediator).await?);
        }
        let ask = |address: String, form| Place { address, session: clerk.clone(), form };
        let step = (rows.len() / 50).max(1);
        for row in rows.iter().step_by(step) {
            cases.push(ask(format!("/dossier/{}", row.stream.key()), None));
            let number = address(&[("number", &row.number)]);
            numbers.push(ask(format!("/dossiers?{number}"), None));
            searches.of(app, &row.stream, &clerk).await?;
        }
        let of_organ = format!("/board?{year}&organ={}", organ.code);
        boards.push(Place { address: of_organ, session: leader.clone(), form: None });
        leaders.push(leader);
        clerks.push(clerk);
    }
    if clerks.is_empty() {
        return Err(Failure::unreadable("the directory has no dossiers"));
    }
    let admin = SignedIn { actor: Actor::admin(), name: String::new(), about: None };
    let admin = vec![app.begin_session(&admin).await?];
    let court = app.staff_of(&app.pack.court.code).await?;
    let mut dockets = Vec::new();
    for clerk in court.iter().filter(|who| who.actor.role == Role::CourtClerk) {
        dockets.push(app.begin_session(clerk).await?);
    }
    // Not one organ after the other.
    cases.sort_by_key(|place| sha256(place.address.as_bytes()));
    let nobody = vec![String::new()];
    let each = |name, address: &str, sessions: &[String], follows| Asked {
        name,
        places: sessions
            .iter()
            .map(|session| Place { address: address.to_owned(), session: session.clone(), form: None })
            .collect(),
        follows,
    };
    let own = |name, places| Asked { name, places, follows: false };
    let all = vec![
        each("work_clerk", "/work", &clerks, true),
        each("work_mediator", "/work", &mediators, true),
        each("work_leader", "/work?role=all", &leaders, true),
        each("work_county", "/work", &admin, true),
        each("matters", "/matters", &clerks, true),
        each("matters_state", "/matters?state=applied&source=complaint", &clerks, true),
        each("letters", "/letters", &clerks, true),
        each("letters_served", "/letters?show=served", &clerks, true),
        each("letters_address", "/letters?show=address_needed", &clerks, true),
        each("dossiers", "/dossiers", &clerks, true),
        each("dossiers_due", "/dossiers?order=due", &clerks, true),
        own("dossier", cases),
        own("search_number", numbers),
        own("search_name", searches.names),
        own("search_document", searches.documents),
        own("search_phone", searches.phones),
        own("search_code", searches.codes),
        own("search_words", searches.words),
        each("docket", "/confirmations", &dockets, true),
        each("docket_filed", "/confirmations?state=filed", &dockets, true),
        each("board", &format!("/board?{year}"), &leaders, false),
        own("board_organ", boards),
        each("board_days", "/board?from=2022-01-15&to=2022-07-20", &leaders, false),
        each("board_acts", &format!("/board/acts?name=letters&{year}"), &leaders, true),
        each("home", "/", &nobody, false),
        each("help", "/help", &nobody, false),
        each("public_figures", "/figures", &nobody, false),
    ];
    Ok(all.into_iter().filter(|page| !page.places.is_empty()).collect())
}

/// What cases are found by: each by its parties' full name, ID number, phone or credit code, as typed, and by a part of
/// a firm's name.
#[derive(Default)]
struct Searches {
    names: Vec<Place>,
    documents: Vec<Place>,
    phones: Vec<Place>,
    codes: Vec<Place>,
    words: Vec<Place>,
}

impl Searches {
    /// What somebody with this session may type to find a case.
    async fn of(&mut self, app: &App, dossier: &StreamId, session: &str) -> Result<(), Failure> {
        let Some(state) = app.state::<Dossier>(dossier).await? else { return Ok(()) };
        let csrf = app.form_token(session);
        let asked = |typed: &str| Place {
            address: "/dossiers/find".to_owned(),
            session: session.to_owned(),
            form: Some(address(&[("csrf", &csrf), ("what", typed)])),
        };
        for party in state.applicants.iter().chain(&state.respondents) {
            self.names.push(asked(party.name.text()));
            self.documents.extend(party.document.as_ref().and_then(|d| d.open()).map(|number| asked(number)));
            self.phones.extend(party.phone_text().map(&asked));
            self.codes.extend(party.credit_code.as_deref().map(&asked));
            if party.is_firm() {
                // Its beginning tells it from others: they end alike.
                self.words.push(asked(&party.name.text().chars().take(WORDS).collect::<String>()));
            }
        }
        Ok(())
    }
}

/// Asks for a page `times` times. With an app, keeps what it asked of the database.
async fn walk(router: &Router, page: &Asked, times: usize, keep: Option<&Arc<App>>) -> Result<Walked, Failure> {
    let mut taken = Walked::default();
    let mut place = 0;
    let mut next: Option<String> = None;
    let mut deep = 0;
    if let Some(app) = keep {
        drop(app.reader.recorded());
    }
    let before = processor()?;
    for _ in 0..times {
        let first = &page.places[place % page.places.len()];
        let asked = next.take().map_or_else(|| first.clone(), |address| Place { address, ..first.clone() });
        let start = Instant::now();
        let body = ask(router, &asked).await?;
        taken.wall.push(start.elapsed());
        taken.bytes += body.len();
        taken.asked.extend(keep.map(|app| app.reader.recorded()));
        deep += 1;
        next = page.follows.then(|| following(&body)).flatten().filter(|_| deep < DEPTH);
        if next.is_none() {
            (place, deep) = (place + 1, 0);
        }
    }
    taken.processor = processor()?.saturating_sub(before);
    Ok(taken)
}

async fn ask(router: &Router, place: &Place) -> Result<Bytes, Failure> {
    let cookies = format!("visit=bench; session={}", place.session);
    let (request, body) = match &place.form {
        None => (Request::get(&place.address), Body::empty()),
        Some(form) => {
            let typed = Request::post(&place.address).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            (typed, Body::from(form.clone()))
        }
    };
    let request = request.header(header::COOKIE, cookies).body(body).map_err(Failure::unreadable)?;
    let response = router.clone().oneshot(request).await.map_err(Failure::unreadable)?;
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.map_err(Failure::unreadable)?;
    match status {
        StatusCode::OK => Ok(body),
        _ => Err(Failure::unreadable(format_args!("`{}` was answered with {status}", place.address))),
    }
}

/// Names and values as a form sends them.
fn address(pairs: &[(&str, &str)]) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let coded = |text: &str| -> String {
        text.bytes().map(|b| if safe(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
    };
    pairs.iter().map(|(name, value)| format!("{name}={}", coded(value))).collect::<Vec<_>>().join("&")
}

/// The address behind the link to the next page.
fn following(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let link = text.split("href=\"").find(|rest| rest.contains("after=") && rest.find('"') > rest.find("after="))?;
    let address = link.split('"').next()?;
    Some(address.replace("&#38;", "&").replace("&amp;", "&"))
}

/// What every thread of this program has had of the processor until now, as Linux counts it.
fn processor() -> Result<Duration, Failure> {
    let mut sum = 0;
    for task in std::fs::read_dir("/proc/self/task").map_err(Failure::unreadable)? {
        let file = task.map_err(Failure::unreadable)?.path().join("schedstat");
        // A thread may have ended since the folder was read.
        let text = std::fs::read_to_string(file).unwrap_or_default();
        sum += text.split(' ').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(Duration::from_nanos(sum))
}

/// How long the database takes for what each request asked, one connection, nothing else. Every statement was given once
/// before, so that it is prepared as it is in a program that runs.
async fn again(place: &open::Place, requests: &[Vec<Query>]) -> Result<Vec<Duration>, Failure> {
    let mut known = BTreeSet::new();
    let once: Vec<&Query> = requests.iter().flatten().filter(|query| known.insert(query.0.sql.clone())).collect();
    let mut times = Vec::with_capacity(requests.len());
    if let Some(url) = &place.database {
        let server = postgres::Server::connect(url).await.map_err(Failure::unreadable)?;
        let client = server.client().await.map_err(Failure::unreadable)?;
        let run = async |(statement, values): &Query| {
            let answer = postgres::run(&client, statement, values).await;
            answer.map(drop).map_err(|e| Failure::unreadable(postgres::fault(e)))
        };
        for query in once {
            run(query).await?;
        }
        for queries in requests {
            let start = Instant::now();
            for query in queries {
                run(query).await?;
            }
            times.push(start.elapsed());
        }
        return Ok(times);
    }
    let connection = sqlite::connect(&place.data.join(sqlite::FILE), false).map_err(Failure::unreadable)?;
    let run = |(statement, values): &Query| {
        let answer = sqlite::run(&connection, statement, values);
        answer.map(drop).map_err(|e| Failure::unreadable(sqlite::fault(e)))
    };
    for query in once {
        run(query)?;
    }
    for queries in requests {
        let start = Instant::now();
        queries.iter().try_for_each(run)?;
        times.push(start.elapsed());
    }
    Ok(times)
}

/// In milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The time, in milliseconds, that so many of a hundred did not exceed; nothing of none.
pub fn percentile(times: &[Duration], of: usize) -> f64 {
    let mut times = times.to_vec();
    times.sort();
    let at = (times.len() * of).div_ceil(100).saturating_sub(1);
    times.get(at).map_or(0.0, |t| ms(*t))
}
