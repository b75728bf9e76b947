//! Two PostgreSQL servers of which Patroni chooses the one that takes writes, and the etcd where they agree on it.
//!
//! As with a single cluster, everything hangs on a pipe that the test's process holds, nothing runs as root, and the
//! servers listen on this machine alone.

#![expect(clippy::disallowed_methods, reason = "waits for a server no longer than a test may")]

use std::fs;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::postgres::{Administered, as_nobody, at_work, children, expect, folder, free_port, name, programs};

/// How long a change of roles may take. The lock of one who died is held for 20 seconds, the least that Patroni takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs etcd, and a member for each name that comes in; when its input ends, ends them all and removes the folder.
const KEEPER: &str = r#"cd "$1"
etcd --data-dir etcd --listen-client-urls "$2" --advertise-client-urls "$2" --listen-peer-urls "$3" \
    --initial-advertise-peer-urls "$3" --initial-cluster "default=$3" >etcd.log 2>&1 & etcd=$!
while read -r member; do
    patroni "$member.yml" >>"$member.log" 2>&1 & echo $! >"$member.pid"
done
for pid in *.pid; do kill -TERM "$(cat "$pid")" 2>/dev/null; done
for pid in *.pid; do wait "$(cat "$pid")"; done
kill -TERM $etcd; wait $etcd
cd /; rm -rf "$1""#;

/// The members.
const MEMBERS: [&str; 2] = ["one", "two"];

/// A pair of servers.
pub struct Patroni {
    folder: PathBuf,
    ports: [u16; 2],
    keeper: Option<(Child, ChildStdin)>,
}

impl Patroni {
    /// A new pair; what is committed on one is on both before it is answered.
    ///
    /// # Panics
    /// When PostgreSQL, Patroni or etcd is not installed or does not start.
    pub fn start() -> Self {
        let (folder, ports) = (folder(), [free_port(), free_port()]);
        let clients = format!("http://127.0.0.1:{}", free_port());
        for (member, port) in MEMBERS.into_iter().zip(ports) {
            let settings = settings(member, port, &clients, &folder);
            fs::write(folder.join(member).with_extension("yml"), settings).expect("the folder can be written");
        }
        let mut keeper = as_nobody(Command::new("sh"));
        keeper.args(["-c", KEEPER, "sh"]).arg(&folder).args([&clients, &format!("http://127.0.0.1:{}", free_port())]);
        keeper.env("HOME", &folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = keeper.process_group(0).spawn().expect("a shell starts");
        let pipe = child.stdin.take().expect("it is piped");
        let mut pair = Self { folder, ports, keeper: Some((child, pipe)) };
        pair.run(0);
        pair.wait("the first takes writes", |pair| pair.leader() == Some(0));
        pair.run(1);
        pair.is_whole();
        pair
    }

    /// Starts a member, the first time or again.
    ///
    /// # Panics
    /// When the keeper is gone.
    pub fn run(&mut self, member: usize) {
        let (_, pipe) = self.keeper.as_mut().expect("it runs until it is dropped");
        writeln!(pipe, "{}", MEMBERS[member]).expect("the keeper listens");
    }

    /// A URL of a database that finds whichever takes writes.
    pub fn url(&self, database: &str) -> String {
        let [one, two] = self.ports;
        format!("postgres://postgres@127.0.0.1:{one},127.0.0.1:{two}/{database}?target_session_attrs=read-write")
    }

    /// A new, empty database.
    ///
    /// # Panics
    /// When nobody takes writes.
    pub fn database(&self, name: &str) -> String {
        let made = self.client("createdb").args(["--maintenance-db", &self.url("postgres"), name]).output();
        expect(made.expect("createdb runs"), "createdb");
        self.url(name)
    }

    /// Which takes writes now?
    pub fn leader(&self) -> Option<usize> {
        (0..MEMBERS.len()).find(|member| self.ask(*member, "SELECT pg_is_in_recovery()").as_deref() == Some("f"))
    }

    /// Waits until both are there and each commit is on both.
    ///
    /// # Panics
    /// When that does not come.
    pub fn is_whole(&self) {
        let follows = |row: &str| ["streaming", "sync"].iter().all(|state| row.split('|').any(|cell| cell == *state));
        self.wait("the other follows", |pair| {
            let followers = pair.leader().and_then(|leader| pair.ask(leader, "TABLE pg_stat_replication"));
            followers.is_some_and(|rows| rows.lines().any(follows))
        });
    }

    /// Waits until one takes writes, which is not `other`.
    ///
    /// # Panics
    /// When that does not come.
    pub fn leads_other_than(&self, other: usize) -> usize {
        self.wait("the other takes writes", |pair| pair.leader().is_some_and(|leader| leader != other));
        1 - other
    }

    /// Ends a member in the middle of everything, with the Patroni that watches it, as a machine would that loses power.
    ///
    /// # Panics
    /// When it does not run.
    pub fn kill(&self, member: usize) {
        let at = self.folder.join(MEMBERS[member]);
        let first = |file: &Path| {
            let text = fs::read_to_string(file).expect("it runs");
            text.lines().next().unwrap_or_default().to_owned()
        };
        let (watcher, server) = (first(&at.with_extension("pid")), first(&at.join("postmaster.pid")));
        let all: Vec<String> = [watcher, server.clone()].into_iter().chain(children(&server)).collect();
        let killed = Command::new("kill").arg("-KILL").args(&all).stderr(Stdio::null()).status();
        assert!(killed.is_ok(), "it can be killed");
        self.wait("what was killed ends", |_| !all.iter().any(|pid| at_work(pid)));
    }

    /// Hands over in peace, as before maintenance.
    ///
    /// # Panics
    /// When Patroni refuses.
    pub fn hand_over(&self, from: usize) {
        let (from, to) = (MEMBERS[from], MEMBERS[1 - from]);
        let mut ctl = as_nobody(Command::new("patronictl"));
        ctl.current_dir(&self.folder).env("HOME", &self.folder).env("LC_ALL", "C.UTF-8");
        ctl.args(["-c", &format!("{from}.yml"), "switchover", "yanhe", "--force"]);
        ctl.args(["--master", from, "--candidate", to]);
        expect(ctl.output().expect("patronictl runs"), "patronictl switchover");
    }

    fn ask(&self, member: usize, sql: &str) -> Option<String> {
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres?connect_timeout=3", self.ports[member]);
        self.psql(&url, sql).ok()
    }

    fn psql(&self, url: &str, sql: &str) -> Result<String, String> {
        let done = self.client("psql").args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql]).output();
        let done = done.map_err(|error| error.to_string())?;
        match done.status.success() {
            true => Ok(String::from_utf8_lossy(&done.stdout).trim_end().to_owned()),
            false => Err(String::from_utf8_lossy(&done.stderr).into_owned()),
        }
    }

    fn client(&self, name: &str) -> Command {
        let programs = programs().expect("PostgreSQL is installed: `./test` does it");
        let mut command = as_nobody(Command::new(programs.join(name)));
        command.current_dir(&self.folder);
        command
    }

    fn wait(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !is_so(self) {
            assert!(began.elapsed() < PATIENCE, "never: {what}: see {}", self.folder.display());
            sleep(Duration::from_millis(200));
        }
    }
}

impl Administered for Patroni {
    fn sql(&self, url: &str, sql: &str) -> String {
        let url = self.url(name(url));
        let began = Instant::now();
        loop {
            match self.psql(&url, sql) {
                Ok(rows) => return rows,
                // Between two leaders nobody answers.
                Err(said) => assert!(began.elapsed() < PATIENCE, "{sql}: {said}"),
            }
            sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Patroni {
    fn drop(&mut self) {
        if let Some((mut child, pipe)) = self.keeper.take() {
            drop(pipe);
            child.wait().expect("it ends");
        }
    }
}

/// A member's settings: those that Patroni's manual gives for a pair, with the shortest times it takes.
fn settings(member: &str, port: u16, etcd: &str, folder: &Path) -> String {
    let (rest, folder) = (free_port(), folder.display());
    let bin = programs().expect("PostgreSQL is installed: `./test` does it");
    let bin = bin.display();
    let etcd = etcd.trim_start_matches("http://");
    format!(
        r#"scope: yanhe
name: {member}
etcd3: {{host: "{etcd}"}}
restapi: {{listen: "127.0.0.1:{rest}", connect_address: "127.0.0.1:{rest}"}}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 1
    retry_timeout: 3
    synchronous_mode: true
    postgresql: {{use_pg_rewind: true, parameters: {{max_connections: 200}}}}
  initdb: [{{encoding: UTF8}}, {{locale: C.UTF-8}}, no-sync]
postgresql:
  listen: "127.0.0.1:{port}"
  connect_address: "127.0.0.1:{port}"
  data_dir: "{folder}/{member}"
  bin_dir: "{bin}"
  authentication: {{superuser: {{username: postgres}}, replication: {{username: postgres}}}}
  pg_hba:
    - local all all trust
    - host all all 127.0.0.1/32 trust
    - host replication all 127.0.0.1/32 trust
  parameters: {{unix_socket_directories: "{folder}"}}
"#
    )
}
