//! The statements of commits, given to a server by its own `pgbench`: the yardstick there. Where it is not installed, a
//! plain loop over the driver takes its place, and says so.
//!
//! One walk of commits becomes one script. Its statements are prepared and sent together as ours are; what names the
//! walk's streams gets a number drawn each time, so that every round writes rows of its own.

#![expect(clippy::disallowed_methods, reason = "measures how long something takes")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use yanhe_store_read::driver::postgres::{self, Server};
use yanhe_store_read::{Statement, StoreError, Value};

use crate::plan::Step;

/// Rows are written as another county's, so that they never mix with those of the program.
const COUNTY: &str = "raw";

/// Stands in a text for the number that is drawn.
const DRAWN: char = '\u{1}';

/// Connections that the server needs for others.
const SPARE: usize = 5;

/// Commits that follow each other on streams of their own.
pub struct Walk {
    /// The commits, in their order.
    pub commits: Vec<Vec<Step>>,
    /// Texts that no other walk has: names of its streams, its keys.
    pub own: Vec<String>,
}

/// What the server does without the program.
pub struct Played {
    /// Commits a second.
    pub rate: f64,
    /// Connections at the same time.
    pub connections: usize,
    /// Was it `pgbench`?
    pub pgbench: bool,
}

/// Gives commits to a server from as many connections as clients, or as many as it takes. With `pgbench` one walk, as it
/// is in the middle of all by the number of its statements, is given again and again for so long; without, each is given
/// once.
///
/// # Errors
/// When the server cannot be reached, or a statement fails.
pub async fn play(
    url: &str,
    walks: Vec<Walk>,
    clients: usize,
    seconds: u32,
    folder: &Path,
) -> Result<Played, StoreError> {
    let server = Server::connect(url).await?;
    let allowed: String = {
        let client = server.client().await?;
        client.query_one("SHOW max_connections", &[]).await.map_err(postgres::fault)?.get(0)
    };
    let allowed = allowed.parse::<usize>().unwrap_or(100).saturating_sub(postgres::CONNECTIONS + SPARE);
    let connections = clients.min(allowed).max(1);
    let Some(program) = program() else { return by_hand(&server, walks, connections).await };
    let mut walks = walks;
    walks.sort_by_key(|walk| walk.commits.iter().map(Vec::len).sum::<usize>());
    let middle = walks.len() / 2;
    let Some(walk) = walks.get(middle) else { return Err(StoreError::Other("nothing to give to pgbench".into())) };
    let file = folder.join("walk.sql");
    std::fs::write(&file, script(walk)).map_err(|error| StoreError::Other(error.to_string()))?;
    let asked = Asked { program, url: url.to_owned(), file, connections, seconds };
    let rounds = tokio::task::spawn_blocking(move || asked.run()).await.map_err(|_| StoreError::Closed)??;
    Ok(Played { rate: rounds * walk.commits.len() as f64, connections, pgbench: true })
}

/// Makes a database anew, on the server of an address: what it held is gone.
///
/// # Errors
/// When the server cannot be reached, or does not allow it.
pub async fn create(url: &str, name: &str) -> Result<(), StoreError> {
    remove(url, name).await?;
    let server = Server::connect(url).await?;
    let client = server.client().await?;
    client.batch_execute(&format!("CREATE DATABASE {name}")).await.map_err(postgres::fault)
}

/// Removes such a database, whoever is still connected to it.
///
/// # Errors
/// As for [`create`].
pub async fn remove(url: &str, name: &str) -> Result<(), StoreError> {
    let server = Server::connect(url).await?;
    let client = server.client().await?;
    client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.map_err(postgres::fault)
}

/// The address of another database on the same server.
pub fn beside(url: &str, name: &str) -> String {
    let (place, options) =
        url.split_once('?').map_or((url, String::new()), |(place, rest)| (place, format!("?{rest}")));
    let scheme = place.find("://").map_or(0, |at| at + 3);
    let end = place[scheme..].find('/').map_or(place.len(), |at| scheme + at);
    format!("{}/{name}{options}", &place[..end])
}

/// Where Debian keeps the newest version's programs; elsewhere it is in the path.
fn program() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin/pgbench")).collect();
    found.sort();
    found.reverse();
    let path = std::env::var_os("PATH").unwrap_or_default();
    found.extend(std::env::split_paths(&path).map(|folder| folder.join("pgbench")));
    found.into_iter().find(|program| program.exists())
}

struct Asked {
    program: PathBuf,
    url: String,
    file: PathBuf,
    connections: usize,
    seconds: u32,
}

impl Asked {
    /// Rounds a second, in the second half of the time: in the first all connections prepare their statements.
    fn run(&self) -> Result<f64, StoreError> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(self.connections);
        let (address, password) = without_password(&self.url);
        let output = Command::new(&self.program)
            .args(["--no-vacuum", "--protocol=prepared", "--progress=1"])
            .args(["--client".to_owned(), self.connections.to_string(), "--jobs".to_owned(), threads.to_string()])
            .args(["--time".to_owned(), self.seconds.max(2).to_string(), "--file".to_owned()])
            .arg(&self.file)
            .arg(address)
            .envs(password.map(|password| ("PGPASSWORD", password)))
            .env("PGCLIENTENCODING", "UTF8")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| StoreError::Other(format!("pgbench: {error}")))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let failed = || StoreError::Other(format!("pgbench: {}", said.lines().last().unwrap_or_default()));
        if !output.status.success() || said.contains("aborted") {
            return Err(failed());
        }
        // progress: 3.0 s, 512.3 tps, lat 1.9 ms stddev 0.4, 0 failed
        let rates: Vec<f64> = said
            .lines()
            .filter(|line| line.starts_with("progress:"))
            .filter_map(|line| line.split(", ").nth(1)?.strip_suffix(" tps")?.parse().ok())
            .collect();
        let second_half = rates.get(rates.len() / 2..).filter(|rates| !rates.is_empty()).ok_or_else(failed)?;
        Ok(second_half.iter().sum::<f64>() / second_half.len() as f64)
    }
}

/// An address without its password, which everybody on the machine could read, and the password.
fn without_password(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.to_owned(), None) };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let Some((user, host)) = authority.rsplit_once('@') else { return (url.to_owned(), None) };
    let Some((user, password)) = user.split_once(':') else { return (url.to_owned(), None) };
    (format!("{scheme}://{user}@{host}{path}"), Some(postgres::decoded(password)))
}

/// One walk as `pgbench` reads it.
fn script(walk: &Walk) -> String {
    let mut out = String::from("\\set drawn random(1, 1000000000000000)\n");
    for commit in &walk.commits {
        out.push_str("\\startpipeline\nBEGIN;\n");
        for step in commit {
            out.push_str(&statement(step, &walk.own));
            out.push_str(";\n");
        }
        out.push_str("COMMIT;\n\\endpipeline\n");
    }
    out
}

/// A statement with its values written into it.
fn statement(step: &Step, own: &[String]) -> String {
    let mut out = String::new();
    let mut rest = step.statement.for_postgres();
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let digits = after[1..].chars().take_while(char::is_ascii_digit).count();
        let place = after[1..=digits].parse::<usize>().unwrap_or(0);
        let value = place.checked_sub(1).and_then(|i| step.params.get(i)).unwrap_or(&Value::Null);
        out.push_str(&literal(&as_raw(value, place, own)));
        rest = &after[1 + digits..];
    }
    out.push_str(rest);
    // One line: it ends a command only where a semicolon does.
    out.replace('\n', " ")
}

/// A value as it is written raw: of the other county, and with [`DRAWN`] behind what is the walk's own.
fn as_raw(value: &Value, place: usize, own: &[String]) -> Value {
    match value {
        Value::Text(_) if place == 1 => Value::from(COUNTY),
        Value::Text(text) => {
            let mut text = text.clone();
            for own in own.iter().filter(|own| !own.is_empty()) {
                text = text.replace(own.as_str(), &format!("{own}{DRAWN}"));
            }
            Value::Text(text)
        }
        other => other.clone(),
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Int(n) if *n < 0 => format!("({n})"),
        Value::Int(n) => n.to_string(),
        Value::Blob(bytes) => {
            let mut hex = String::with_capacity(bytes.len() * 2);
            for byte in bytes {
                // Writing to a text cannot fail.
                let _ = write!(hex, "{byte:02x}");
            }
            format!("'\\x{hex}'::bytea")
        }
        Value::Text(text) => {
            let parts: Vec<String> = text.split(DRAWN).map(quoted).collect();
            match parts.as_slice() {
                [one] => one.clone(),
                parts => format!("({})", parts.join(" || :drawn::text || ")),
            }
        }
    }
}

/// A text in quotes. `pgbench` would take what follows a colon for a variable.
fn quoted(text: &str) -> String {
    let mut out = String::from("E'");
    for letter in text.chars() {
        match letter {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            ':' => out.push_str("\\x3a"),
            '\n' => out.push_str("\\n"),
            letter => out.push(letter),
        }
    }
    out.push('\'');
    out
}

/// Without `pgbench`: every walk once, as many at the same time as there are connections.
async fn by_hand(server: &Server, walks: Vec<Walk>, connections: usize) -> Result<Played, StoreError> {
    let connections = connections.min(postgres::CONNECTIONS);
    let mut shares: Vec<Vec<Walk>> = (0..connections).map(|_| Vec::new()).collect();
    for (n, walk) in walks.into_iter().enumerate() {
        shares[n % connections].push(walk);
    }
    let commits: usize = shares.iter().flatten().map(|walk| walk.commits.len()).sum();
    let start = Instant::now();
    let mut playing = tokio::task::JoinSet::new();
    for share in shares {
        let server = server.clone();
        playing.spawn(async move {
            let client = server.client().await?;
            for commit in share.iter().flat_map(|walk| &walk.commits) {
                let values: Vec<Vec<Value>> = commit
                    .iter()
                    .map(|step| step.params.iter().enumerate().map(|(i, value)| as_raw(value, i + 1, &[])).collect())
                    .collect();
                let parts: Vec<(&Statement, &[Value])> =
                    commit.iter().zip(&values).map(|(step, values)| (step.statement, values.as_slice())).collect();
                postgres::transaction(&client, "BEGIN", &parts).await.map_err(|(_, error)| postgres::fault(error))?;
            }
            Ok::<_, StoreError>(())
        });
    }
    while let Some(done) = playing.join_next().await {
        done.map_err(|_| StoreError::Closed)??;
    }
    Ok(Played { rate: commits as f64 / start.elapsed().as_secs_f64(), connections, pgbench: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_walks_own_is_drawn_anew_and_nothing_is_taken_for_a_variable() {
        static PUT: Statement = Statement::new("PUT", "INSERT INTO a VALUES ($1, $2, $3, $4) -- ,\n");
        let values = vec!["county".into(), "bench/7/it's: x".into(), Value::Int(-4), Value::Blob(vec![1, 254])];
        let step = Step { statement: &PUT, params: values, guards: None };
        let sql = statement(&step, &["bench/7".to_owned()]);
        assert_eq!(
            sql,
            r"INSERT INTO a VALUES (E'raw', (E'bench/7' || :drawn::text || E'/it''s\x3a x'), (-4), '\x01fe'::bytea) -- , "
        );
    }

    #[test]
    fn a_password_is_no_argument() {
        let (address, password) = without_password("postgres://me:p%40ss@host:5433/db?sslmode=require");
        assert_eq!(
            (address.as_str(), password.as_deref()),
            ("postgres://me@host:5433/db?sslmode=require", Some("p@ss"))
        );
        assert_eq!(without_password("postgres://host/db"), ("postgres://host/db".to_owned(), None));
    }

    #[test]
    fn another_database_is_on_the_same_server() {
        assert_eq!(beside("postgres://me@%2Frun/db?sslmode=require", "b"), "postgres://me@%2Frun/b?sslmode=require");
        assert_eq!(beside("postgres://host", "b"), "postgres://host/b");
    }
}
