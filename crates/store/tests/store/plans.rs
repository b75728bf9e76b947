//! How PostgreSQL answers each statement in a database with many rows: a file that is reviewed when it changes.
//! `UPDATE_GOLDEN=1` writes it anew.

use std::path::Path;

use yanhe_peers::postgres::{Administered as _, Cluster};
use yanhe_store_read::Statement;

use crate::schema::statements;
use crate::support::COUNTY;

/// Rows of each table, spread over [`COUNTIES`]. The planner looks at 30,000 rows of a table: at all of these, so that it
/// always finds the same.
const ROWS: usize = 16_000;
const COUNTIES: usize = 8;

/// Statements that read all that a table has of a county, and why.
const WHOLE: &[(&str, &str)] = &[
    ("FOLD", "what was appended since the last fold"),
    ("FOLD_MARK", "what was appended since the last fold"),
    ("FOLD_MONTH", "what was appended since the last fold"),
    ("FOLD_DROP", "what was appended since the last fold"),
];

/// Fills every table with rows made from the names of its columns.
fn fill(cluster: &Cluster, url: &str) {
    let script = format!(
        "DO $do$ DECLARE t record; BEGIN \
         FOR t IN SELECT c.table_name AS name, string_agg(quote_ident(c.column_name), ', ' ORDER BY ordinal_position) AS columns, \
         string_agg(CASE \
           WHEN c.column_name = 'jurisdiction' THEN '''c'' || (i % {COUNTIES})' \
           WHEN c.column_name = 'sent_at' THEN 'CASE WHEN i % 100 = 0 THEN NULL ELSE i END' \
           WHEN c.data_type = 'bytea' THEN 'decode(lpad(to_hex(i), 8, ''0''), ''hex'')' \
           WHEN c.data_type = 'bigint' THEN 'i' \
           WHEN c.column_name IN ('date', 'due_on', 'applied_on', 'filed_on', 'occurred_on') \
             THEN '(date ''2022-01-01'' + i % 180)::text' \
           WHEN c.column_name = 'month' THEN 'to_char(date ''2012-01-01'' + i % 4000, ''YYYY-MM'')' \
           WHEN c.column_name IN ('organ', 'issuer', 'court', 'role', 'kind', 'task', 'state', 'name', 'channel', 'batch') \
             AND c.table_name NOT IN ('setting', 'lease', 'tries', 'organ', 'staff_key') \
             THEN '''x'' || (i / {COUNTIES} % 20)' \
           ELSE '''x'' || i' END, ', ' ORDER BY ordinal_position) AS cells \
         FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name NOT IN ('migration', 'guard') \
         GROUP BY c.table_name LOOP \
         EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM generate_series(1, {ROWS}) AS i ON CONFLICT DO NOTHING', \
         t.name, t.columns, t.cells); END LOOP; END $do$; ANALYZE"
    );
    cluster.sql(url, &script.replace("; ANALYZE", ""));
    cluster.sql(url, "ANALYZE");
}

/// How many values a statement takes.
fn width(sql: &str) -> usize {
    let numbers = sql.split('$').skip(1).filter_map(|rest| {
        rest.split(|letter: char| !letter.is_ascii_digit()).next().and_then(|number| number.parse::<usize>().ok())
    });
    numbers.max().unwrap_or(0)
}

#[tokio::test]
async fn on_postgresql_no_statement_reads_a_big_table_from_end_to_end() {
    // A vacuum in the middle would change what is cheap.
    let cluster = Cluster::start("autovacuum = off");
    let url = cluster.database();
    drop(yanhe_store::open(Path::new("unused"), Some(&url), COUNTY).await.unwrap());
    fill(&cluster, &url);
    let mut all: Vec<&'static Statement> = statements();
    all.sort_by_key(|statement| (statement.name, statement.for_postgres()));
    let mut script = String::from("SET plan_cache_mode = force_generic_plan; SET jit = off;");
    for (n, statement) in all.iter().enumerate() {
        let sql = statement.for_postgres();
        let nothing = vec!["NULL"; width(sql)].join(", ");
        let call = if nothing.is_empty() { format!("p{n}") } else { format!("p{n}({nothing})") };
        script.push_str(&format!(
            "SELECT '\n== {}'; PREPARE p{n} AS {sql}; EXPLAIN (COSTS OFF) EXECUTE {call};",
            statement.name
        ));
    }
    let plans = format!("{}\n", cluster.sql(&url, &script).trim());
    let mut wrong = Vec::new();
    for plan in plans.split("\n\n") {
        let name = plan.trim_start_matches("== ").lines().next().unwrap_or_default();
        if plan.contains("Seq Scan on") && !WHOLE.iter().any(|(known, _)| *known == name) {
            wrong.push(plan);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/plans-postgres.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &plans).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = known.lines().zip(plans.lines()).find(|(a, b)| a != b);
    assert!(known == plans, "another plan than in {}: {differs:?}; UPDATE_GOLDEN=1 writes it anew", file.display());
}
