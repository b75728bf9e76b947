//! What lists, boards and searches cost does not depend on how much there is. Compared is work and not time: steps of
//! SQLite's virtual machine, and pages that PostgreSQL touches.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, StatementStatus};
use yanhe_core::policy::{Actor, Role, scope};
use yanhe_core::{Date, PersonId, StreamId, StreamKind};
use yanhe_peers::postgres::{Administered as _, Cluster};
use yanhe_store_read::views::confirmation::ConfirmationFilter;
use yanhe_store_read::views::dossier::{DossierFilter, DossierOrder};
use yanhe_store_read::views::gram::GIVEN;
use yanhe_store_read::views::matter::MatterFilter;
use yanhe_store_read::views::paper::PaperFilter;
use yanhe_store_read::views::party::PartyIndex;
use yanhe_store_read::views::tally::ActFilter;
use yanhe_store_read::views::work::WorkFilter;
use yanhe_store_read::{Page, Query, Reader, Value};

use crate::support::{COUNTY, Dir};

/// Cases of the smaller and the larger directory.
const SIZES: (usize, usize) = (2_000, 20_000);
/// With more time.
const LARGE: (usize, usize) = (20_000, 200_000);

/// Rows of a page.
const ROWS: u32 = 10;

/// What is read of a larger directory may be half as much again.
const FACTOR: f64 = 1.5;
/// An index of a larger table has one more level, which a read of a few pages notices.
const LEVEL: f64 = 2.0;

/// What counts all that is open: it grows with the cases here, where nobody ever does anything.
const COUNTS: &[&str] = &["how much everybody has open", "how much is late", "how much of an organ is late"];

/// Beginnings of the names of the statements that lists, boards and searches consist of.
const HOT: &[&str] = &[
    "DOSSIERS",
    "MATTERS",
    "PAPERS",
    "CONFIRMATIONS",
    "WORK",
    "OPEN_WORK",
    "LATE_WORK",
    "FIGURES",
    "ACTS",
    "BY_",
    "GRAM",
];

/// Cases `1..=N` and what belongs to them: 20 organs with 4 states each, 100 mediators, 2 courts; two parties, matters and
/// papers in step; half a year of acts. `{bytes}` is a sealed name.
const FILL: &[&str] = &[
    "INSERT INTO dossier (jurisdiction, stream, number, organ, kind, entry, sector, state, stage, applied_on, matter, \
     applicant, respondent, mediator, due_on, due_limit, confirmation, updated_at) \
     SELECT 'test', 'dossier/d' || i, '调〔2022〕' || i || '号', 'o' || (i % 20), 'civil', 'e', 's', 's' || (i / 20 % 4), \
     'stage', {day}, 'matter/m' || i, {bytes}, {bytes}, 'staff/m' || (i % 100), {day}, 'l', '', i FROM n",
    "INSERT INTO matter (jurisdiction, stream, number, source, organ, occurred_on, state, send, kind, entry, sector, batch, \
     subject_name, complainant, because, due_on, own_due_on, updated_at) \
     SELECT 'test', 'matter/m' || i, 'N' || i, 'complaint', 'o' || (i % 20), {day}, 's' || (i / 20 % 4), i / 80 % 2, 'civil', \
     'e', 's', 'batch/b' || (i / 100), {bytes}, {bytes}, '', {day}, NULL, i FROM n",
    "INSERT INTO paper (jurisdiction, stream, number, kind, issuer, about, matter, date, state, addressee, access, channel, \
     served_on, blob, batch, desk, updated_at) \
     SELECT 'test', 'paper/p' || i, 'P' || i, 'k' || (i / 20 % 2), 'o' || (i % 20), 'dossier/d' || i, 'matter/m' || i, {day}, \
     'issued', {bytes}, 'a' || i, 'post', NULL, 'f' || i, 'batch/b' || (i / 100), 'd' || (i / 40 % 2), i FROM n",
    "INSERT INTO confirmation (jurisdiction, stream, number, dossier, organ, court, state, filed_on, judge, due_on, updated_at) \
     SELECT 'test', 'confirmation/c' || i, 'C' || i, 'dossier/d' || i, 'o' || (i % 20), 'c' || (i % 2), 's' || (i / 20 % 4), \
     {day}, 'staff/j' || (i % 10), {day}, i FROM n",
    "INSERT INTO takes_part (jurisdiction, stream, person, role, name, name_index, id_index, phone_index) \
     SELECT 'test', 'dossier/d' || i, 'a' || i, 'applicant', {bytes}, 'n' || i, 'i' || i, 't' || i FROM n",
    "INSERT INTO takes_part (jurisdiction, stream, person, role, name, name_index, id_index, phone_index) \
     SELECT 'test', 'matter/m' || i, 'a' || i, 'complainant', {bytes}, 'n' || i, 'i' || i, 't' || i FROM n",
    // Ten grams a case: of one organ, so that two of them are in more cases than are looked through; one is in ten cases.
    "INSERT INTO gram (jurisdiction, list, organ, gram, date, stream, places) \
     SELECT 'test', 'dossier', 'o7', CASE k.i WHEN 0 THEN '常见' WHEN 1 THEN '见字' WHEN 2 THEN 'r' || (n.i / 10) \
     ELSE 'g' || k.i || '-' || n.i END, '2022-0' || (1 + n.i % 6) || '-' || (10 + n.i / 6 % 18), 'dossier/d' || n.i, 'firm' \
     FROM n, (SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 \
     UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) AS k",
    "INSERT INTO work (jurisdiction, stream, task, organ, role, assignee, due_on, limit_id, title, party, kind, opened_at) \
     SELECT 'test', 'dossier/d' || i, 'task', 'o' || (i % 20), CASE WHEN i / 20 % 2 = 0 THEN 'clerk' ELSE 'mediator' END, \
     CASE WHEN i / 20 % 2 = 0 THEN NULL ELSE 'staff/m' || (i % 100) END, {day}, 'l', 't' || i, {bytes}, 'civil', i FROM n",
    "INSERT INTO tally_act (jurisdiction, name, stream, mark, organ, kind, date, by) \
     SELECT 'test', 'name' || k.i, 'dossier/d' || n.i, '', 'o' || (n.i % 20), 'civil', '2022-0' || (1 + n.i / 20 % 6) || '-' || \
     (10 + n.i / 120 % 16), 1 \
     FROM n, (SELECT 1 AS i UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5) AS k",
    "INSERT INTO tally_folded (jurisdiction, date, name, organ, kind, total) \
     SELECT jurisdiction, date, name, organ, kind, SUM(by) FROM tally_act GROUP BY jurisdiction, date, name, organ, kind",
    "INSERT INTO tally_month (jurisdiction, month, name, organ, kind, total) SELECT jurisdiction, substr(date, 1, 7), name, \
     organ, kind, SUM(by) FROM tally_act GROUP BY jurisdiction, substr(date, 1, 7), name, organ, kind",
];

/// The statements that fill a directory.
fn fill(size: usize, bytes: &str) -> Vec<String> {
    let day = "'2022-0' || (1 + i % 6) || '-' || (10 + i / 6 % 18)";
    let numbers = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size}) SELECT");
    let filled = |sql: &&str| {
        let sql = sql.replace("{day}", day).replace("{bytes}", bytes);
        // Both databases take the numbers behind the columns.
        if sql.contains(" FROM n") { sql.replacen("SELECT", &numbers, 1) } else { sql }
    };
    FILL.iter().map(filled).collect()
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// What is asked of the database by every kind of list, board and search, by a name for each.
async fn hot(reader: &Reader, size: usize) -> BTreeMap<String, Vec<Query>> {
    let staff = |role, body: &str| Actor::staff(&StreamId::new(StreamKind::Staff, "m7"), role, body);
    let (all, organ, court) =
        (scope(&Actor::admin()), scope(&staff(Role::Clerk, "o7")), scope(&staff(Role::CourtClerk, "c1")));
    // A case in the middle, of that organ.
    let middle = size / 2 / 20 * 20 + 7;
    let person = scope(&Actor::party(&PersonId(format!("a{middle}"))));
    let some = |text: &str| Some(text.to_owned());
    let first = Page::first(ROWS);
    let mut out = BTreeMap::new();
    drop(reader.recorded());
    macro_rules! ask {
        ($($name:expr => $asked:expr;)*) => { $(
            $asked.await.expect("is answered");
            assert!(out.insert($name.to_owned(), reader.recorded()).is_none(), "{}", $name);
        )* };
    }
    let any = DossierFilter::default;
    let (latest, due) = (DossierOrder::Latest, DossierOrder::Due);
    let next = reader.dossiers(&organ, &any(), latest, &first).await.expect("is answered").next.expect("there is more");
    drop(reader.recorded());
    ask! {
        "cases" => reader.dossiers(&all, &any(), latest, &first);
        "cases of an organ" => reader.dossiers(&organ, &any(), latest, &first);
        "cases of an organ, second page" => reader.dossiers(&organ, &any(), latest, &Page::after(next, ROWS));
        "cases in a state" => reader.dossiers(&all, &DossierFilter { state: some("s1"), ..any() }, latest, &first);
        "cases of an organ in a state" => reader.dossiers(&organ, &DossierFilter { state: some("s1"), ..any() }, latest, &first);
        "cases of a mediator" => reader.dossiers(&organ, &DossierFilter { mediator: some("staff/m7"), ..any() }, latest, &first);
        "cases of a matter" => reader.dossiers(&organ, &DossierFilter { matter: Some(format!("matter/m{middle}")), ..any() }, latest, &first);
        "cases by last day" => reader.dossiers(&all, &any(), due, &first);
        "cases of an organ by last day" => reader.dossiers(&organ, &any(), due, &first);
        "cases of a mediator by last day" => reader.dossiers(&organ, &DossierFilter { mediator: some("staff/m7"), ..any() }, due, &first);
        "a case by number" => reader.dossiers(&organ, &DossierFilter { number: Some(format!("调〔2022〕{middle}号")), ..any() }, latest, &first);
        "cases of a party" => reader.dossiers(&person, &any(), latest, &first);
    }
    let any = MatterFilter::default;
    ask! {
        "matters" => reader.matters(&all, &any(), &first);
        "matters in a state" => reader.matters(&all, &MatterFilter { state: some("s1"), ..any() }, &first);
        "matters of an organ" => reader.matters(&organ, &any(), &first);
        "matters of an organ in a state" => reader.matters(&organ, &MatterFilter { state: some("s1"), ..any() }, &first);
        "matters to be sent" => reader.matters(&organ, &MatterFilter { state: some("s1"), send: Some(true), ..any() }, &first);
        "matters of an import" => reader.matters(&all, &MatterFilter { batch: some("batch/b3"), ..any() }, &first);
        "a matter by number" => reader.matters(&organ, &MatterFilter { number: Some(format!("N{middle}")), ..any() }, &first);
        "matters of a party" => reader.matters(&person, &any(), &first);
    }
    let any = PaperFilter::default;
    let (desk, kind) = (some("d1"), some("k1"));
    ask! {
        "papers" => reader.papers(&all, &any(), &first);
        "papers on a desk" => reader.papers(&all, &PaperFilter { desk: desk.clone(), ..any() }, &first);
        "papers of an organ" => reader.papers(&organ, &any(), &first);
        "papers on an organ's desk" => reader.papers(&organ, &PaperFilter { desk: desk.clone(), ..any() }, &first);
        "papers of a kind on an organ's desk" => reader.papers(&organ, &PaperFilter { desk, kind, ..any() }, &first);
        "papers of a case" => reader.papers(&all, &PaperFilter { about: Some(format!("dossier/d{middle}")), ..any() }, &first);
        "papers of a matter" => reader.papers(&all, &PaperFilter { matter: Some(format!("matter/m{middle}")), ..any() }, &first);
        "papers of an import" => reader.papers(&all, &PaperFilter { batch: some("batch/b3"), ..any() }, &first);
        "a paper by number" => reader.papers(&organ, &PaperFilter { number: Some(format!("P{middle}")), ..any() }, &first);
        "papers of a party" => reader.papers(&person, &any(), &first);
        "notices on the papers of a case" => reader.notices_about(&StreamId::new(StreamKind::Dossier, &format!("d{middle}")));
        "how much lies on a desk" => reader.piles("o7", &["d0", "d1"], None, ROWS);
        "how much of a kind lies on a desk" => reader.piles("o7", &["d0", "d1"], Some("k1"), ROWS);
    }
    let any = ConfirmationFilter::default;
    ask! {
        "confirmations" => reader.confirmations(&all, &any(), &first);
        "confirmations in a state" => reader.confirmations(&all, &ConfirmationFilter { state: some("s1"), ..any() }, &first);
        "docket of a court" => reader.confirmations(&court, &any(), &first);
        "docket of a court in a state" => reader.confirmations(&court, &ConfirmationFilter { state: some("s1"), ..any() }, &first);
        "confirmations of an organ" => reader.confirmations(&organ, &any(), &first);
        "confirmations of a case" => reader.confirmations(&organ, &ConfirmationFilter { dossier: Some(format!("dossier/d{middle}")), ..any() }, &first);
        "a confirmation by number" => reader.confirmations(&court, &ConfirmationFilter { number: Some(format!("C{middle}")), ..any() }, &first);
        "confirmations of a party" => reader.confirmations(&person, &any(), &first);
    }
    let any = WorkFilter::default;
    ask! {
        "work" => reader.work(&all, &any(), &first);
        "work of an organ" => reader.work(&organ, &any(), &first);
        "work of a role" => reader.work(&organ, &WorkFilter { role: some("clerk"), ..any() }, &first);
        "work of somebody anywhere" => reader.work(&all, &WorkFilter { assignee: some("staff/m27"), ..any() }, &first);
        "work of somebody" => reader.work(&organ, &WorkFilter { assignee: some("staff/m27"), ..any() }, &first);
        "work in a case" => reader.work_of(&StreamId::new(StreamKind::Dossier, &format!("d{middle}")));
        "how much everybody has open" => reader.open_work("o7", day("2022-03-15"));
        "how much is late" => reader.late_work(None, day("2022-03-15"));
        "how much of an organ is late" => reader.late_work(Some("o7"), day("2022-03-15"));
    }
    // So few that in the smaller directory, too, they are sought one by one and not by reading the table.
    let some_of = |kind, letter: &str| -> Vec<StreamId> {
        (middle..middle + 5).map(|n| StreamId::new(kind, &format!("{letter}{n}"))).collect()
    };
    let (cases, matters) = (some_of(StreamKind::Dossier, "d"), some_of(StreamKind::Matter, "m"));
    let confirmations = some_of(StreamKind::Confirmation, "c");
    ask! {
        "some cases" => reader.dossiers_of(&cases);
        "the parties of some cases" => reader.parties_of(&cases);
        "some matters" => reader.matters_of(&matters);
        "some confirmations" => reader.confirmations_of(&confirmations);
    }
    let acts = |organ| ActFilter {
        name: "name3".to_owned(),
        organ,
        kind: None,
        from: day("2022-01-01"),
        to: day("2022-06-30"),
    };
    ask! {
        "board of a half year" => reader.figures(day("2022-01-01"), day("2022-06-30"));
        "board of some days" => reader.figures(day("2022-01-15"), day("2022-06-20"));
        "acts behind a number" => reader.acts(&acts(None), &first);
        "acts of an organ behind a number" => reader.acts(&acts(some("o7")), &first);
    }
    for (name, index) in [
        ("a party by name", PartyIndex::Name(format!("n{middle}"))),
        ("a party by document", PartyIndex::Document(format!("i{middle}"))),
        ("a party by phone", PartyIndex::Phone(format!("t{middle}"))),
    ] {
        let found = reader.find_parties(&organ, &index, &first).await.expect("is answered").rows;
        assert_eq!(found.len(), 2, "{name}: in the case and in its matter");
        out.insert(name.to_owned(), reader.recorded());
    }
    let rare = format!("r{}", middle / 10);
    for (name, grams, found, more) in [
        ("cases by words of which one is rare", ["常见", rare.as_str()], 10, false),
        ("cases by words that are everywhere", ["常见", "见字"], GIVEN, true),
        ("cases by a word that is nowhere", ["常见", "没有"], 0, false),
    ] {
        let grams = grams.map(str::to_owned);
        let words = reader.find_words(&organ, "dossier", &grams).await.expect("is answered");
        assert_eq!((words.hits.len(), words.more), (found, more), "{name}");
        out.insert(name.to_owned(), reader.recorded());
    }
    out
}

/// Steps of the virtual machine.
fn steps(connection: &Connection, query: &Query) -> f64 {
    let mut statement = connection.prepare(query.0.for_sqlite()).expect("is prepared");
    for (i, value) in query.1.iter().enumerate() {
        let bound = match value {
            Value::Null => statement.raw_bind_parameter(i + 1, rusqlite::types::Null),
            Value::Int(n) => statement.raw_bind_parameter(i + 1, n),
            Value::Text(text) => statement.raw_bind_parameter(i + 1, text),
            Value::Blob(bytes) => statement.raw_bind_parameter(i + 1, bytes),
        };
        bound.expect("is bound");
    }
    let mut rows = statement.raw_query();
    while rows.next().expect("is answered").is_some() {}
    drop(rows);
    f64::from(statement.get_status(StatementStatus::VmStep))
}

/// What each page costs, by name.
type Costs = BTreeMap<String, f64>;

async fn in_sqlite(size: usize) -> (Costs, BTreeSet<&'static str>) {
    let dir = Dir::new();
    let (_writer, reader) = dir.open().await;
    let raw = dir.raw();
    let script = fill(size, "X'01AA'").join(";\n");
    raw.execute_batch(&format!("PRAGMA synchronous = OFF; BEGIN; {script}; COMMIT")).expect("is filled");
    let hot = hot(&reader, size).await;
    let names = hot.values().flatten().map(|query| query.0.name).collect();
    let cost = |queries: &Vec<Query>| queries.iter().map(|query| steps(&raw, query)).sum();
    (hot.iter().map(|(name, queries)| (name.clone(), cost(queries))).collect(), names)
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Int(n) => format!("({n})"),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Blob(bytes) => format!("'\\x{}'", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
    }
}

/// Characters of a script from which on it is run.
const ARGUMENT: usize = 60_000;
/// With what each begins.
const BEGIN: &str = "SET jit = off;";

async fn in_postgres(size: usize) -> Costs {
    let cluster = Cluster::shared();
    let url = cluster.database();
    let (_writer, reader) = yanhe_store::open(std::path::Path::new("unused"), Some(&url), COUNTY).await.expect("opens");
    for sql in fill(size, "'\\x01AA'::bytea") {
        cluster.sql(&url, &sql);
    }
    // Measured and swept, as the server does by itself after a while.
    cluster.sql(&url, "VACUUM ANALYZE");
    let hot = hot(&reader, size).await;
    let mut said = String::new();
    let mut script = String::from(BEGIN);
    let mut places = Vec::new();
    for (name, queries) in &hot {
        for (statement, values) in queries {
            let n = places.len();
            places.push(name.clone());
            let values: Vec<String> = values.iter().map(literal).collect();
            let explain = format!(
                "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE p{n}({});",
                values.join(", ")
            );
            // From the sixth time on the server decides whether one plan for all values is good enough.
            script.push_str(&format!("PREPARE p{n} AS {};", statement.for_postgres()));
            script.push_str(&explain.repeat(6));
            script.push_str(&format!("SELECT '== {n}'; {explain}"));
        }
        // All of them are more than one argument of a program may be.
        if script.len() > ARGUMENT {
            said.push_str(&format!("{}\n", cluster.sql(&url, &std::mem::replace(&mut script, BEGIN.into()))));
        }
    }
    said.push_str(&cluster.sql(&url, &script));
    let mut costs = Costs::new();
    for plan in said.split("== ").skip(1) {
        let (n, plan) = plan.split_once('\n').expect("a plan follows its number");
        // The topmost step counts for all below it; what planning touches stands at the end.
        let plan = plan.split("Planning:").next().unwrap_or_default();
        let buffers = plan.lines().find(|line| line.contains("Buffers: shared")).unwrap_or_default();
        let number = |what: &str| -> f64 {
            let after = buffers.split(what).nth(1).unwrap_or("0");
            after.split(' ').next().and_then(|digits| digits.parse().ok()).unwrap_or(0.0)
        };
        let place: usize = n.trim().parse().expect("a number");
        *costs.entry(places[place].clone()).or_default() += number("hit=") + number("read=");
    }
    assert_eq!(costs.len(), hot.len(), "every page was explained");
    assert!(costs.values().all(|cost| *cost > 0.0), "{costs:?}");
    costs
}

/// Every page of the larger directory costs what it costs in the smaller one; those that count, more.
fn same(small: &Costs, large: &Costs, slack: f64) {
    let grows = |name: &str| small[name] * FACTOR + slack < large[name];
    let wrong: Vec<String> = small
        .keys()
        .filter(|name| grows(name) != COUNTS.contains(&name.as_str()))
        .map(|name| format!("{name}: {} and {}", small[name], large[name]))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn compared(sizes: (usize, usize)) {
    let (small, names) = in_sqlite(sizes.0).await;
    let all = yanhe_store_read::views::statements();
    let hot = all.iter().map(|statement| statement.name).filter(|name| HOT.iter().any(|hot| name.starts_with(hot)));
    let left: Vec<&str> = hot.filter(|name| !names.contains(name)).collect();
    assert!(left.is_empty(), "nobody asked for {left:?}");
    same(&small, &in_sqlite(sizes.1).await.0, 0.0);
    same(&in_postgres(sizes.0).await, &in_postgres(sizes.1).await, LEVEL);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_boards_and_searches_cost_the_same_in_2000_cases_and_in_20000() {
    compared(SIZES).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: 200,000 cases in both databases"]
async fn lists_boards_and_searches_cost_the_same_in_20000_cases_and_in_200000() {
    compared(LARGE).await;
}
