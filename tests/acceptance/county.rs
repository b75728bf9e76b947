//! A small county: only the roster, in its own folder, on either database, served by a program that can be killed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde_json::Value;
use yanhe_peers::postgres::{Administered, Cluster};

use crate::demo::{folder, path, program, repository, run};
use crate::office::{Member, members_in};
use crate::serving::{first_line, terminate};

/// The data directory within the county's folder. Its keys lie beside it.
const DATA: &str = "data";

/// A database server that a test may stop and replace while the county asks it.
type Shared = Arc<Mutex<dyn Administered + Send>>;

/// A county. Its folder holds nothing else, so that all of it can be swapped for what a disk kept.
pub struct County {
    folder: PathBuf,
    port: u16,
    database: Option<String>,
    cluster: Option<Shared>,
    /// Who works in it: asked once, since another program must not write on a disk that fails for one.
    members: Vec<Member>,
    /// Environment of the served program.
    environment: Vec<(String, String)>,
}

impl County {
    /// A new one with its database in the data directory.
    pub fn embedded() -> Self {
        static BASE: OnceLock<County> = OnceLock::new();
        let base = BASE.get_or_init(|| {
            let mut county = Self::empty(None);
            county.enter_roster();
            county
        });
        let mut county = Self::empty(None);
        county.members.clone_from(&base.members);
        copy(&base.folder, &county.folder);
        county
    }

    /// A new one with its database on a server of its own.
    pub fn on_server() -> Self {
        static CLUSTER: OnceLock<Arc<Mutex<Cluster>>> = OnceLock::new();
        let cluster = CLUSTER.get_or_init(|| Arc::new(Mutex::new(Cluster::start("")))).clone();
        let database = locked(&cluster).database();
        Self::of(cluster, &database)
    }

    /// A new one with its database on a server at hand.
    pub fn of(cluster: Shared, database: &str) -> Self {
        let mut county = Self::empty(Some((cluster, database.to_owned())));
        county.enter_roster();
        county
    }

    fn empty(server: Option<(Shared, String)>) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let folder = folder().join(format!("county-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir(&folder).expect("a folder for a county");
        let port = free_port();
        let (cluster, database) = server.unzip();
        Self { folder, port, database, cluster, members: Vec::new(), environment: Vec::new() }
    }

    fn enter_roster(&mut self) {
        let roster = repository().join("demo/花名册.xlsx");
        let done = self.run(&["import", "roster", path(&roster)]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        // The doors of a demo, so that everybody can be signed in without a phone.
        self.sql(
            "INSERT INTO setting (jurisdiction, name, value) SELECT jurisdiction, 'mode', 'demo' FROM setting LIMIT 1",
        );
        self.members = members_in(&self.events());
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its data directory.
    pub fn data(&self) -> PathBuf {
        self.folder.join(DATA)
    }

    /// Its database, when that is on a server.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// Where it is served.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sets a variable for the served program.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    fn place(&self) -> Vec<String> {
        let mut place = vec!["--data".to_owned(), path(&self.data()).to_owned()];
        place.extend(self.database.iter().flat_map(|url| ["--database".to_owned(), url.clone()]));
        place
    }

    /// Runs a subcommand on it.
    pub fn run(&self, arguments: &[&str]) -> std::process::Output {
        let place = self.place();
        run(&arguments.iter().copied().chain(place.iter().map(String::as_str)).collect::<Vec<_>>())
    }

    /// Runs the program with these arguments alone, on the disk that the served program has.
    pub fn run_on_disk(&self, arguments: &[&str]) -> std::process::Output {
        let environment = self.environment.iter().map(|(name, value)| (name, value));
        Command::new(program()).args(arguments).envs(environment).output().expect("the program starts")
    }

    /// Runs SQL on its database as an administrator would, and gives the rows, `|` between cells.
    pub fn sql(&self, sql: &str) -> String {
        const RUN: &str = "import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=60)
rows = db.execute(sys.argv[2]).fetchall()
db.commit()
print('\\n'.join('|'.join(str(cell) for cell in row) for row in rows))";
        if let (Some(cluster), Some(url)) = (&self.cluster, &self.database) {
            return locked(cluster).sql(url, sql);
        }
        let file = self.data().join("yanhe.sqlite3");
        let done = Command::new("python3").args(["-c", RUN, path(&file), sql]).output().expect("python3 starts");
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim_end().to_owned()
    }

    /// Its events in the order of their commits, as the plain export gives them.
    pub fn events(&self) -> Vec<Value> {
        let done = self.run(&["export", "--plain"]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let lines = String::from_utf8(done.stdout).expect("JSON lines are UTF-8");
        lines.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
    }

    /// What `yanhe verify --json` says of it.
    pub fn verified(&self) -> Value {
        let done = self.run(&["verify", "--json"]);
        let said = String::from_utf8_lossy(&done.stderr);
        serde_json::from_slice(&done.stdout).unwrap_or_else(|e| panic!("{e}: {said}"))
    }

    /// Who works in it.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Where the program writes what it has to say, from its first start on.
    pub fn said(&self) -> PathBuf {
        self.folder.with_extension("log")
    }

    /// Serves it.
    pub fn serve(&self) -> Server {
        self.try_serve().unwrap_or_else(|| panic!("it is not served: see {}", self.said().display()))
    }

    /// Serves it; `None` when the program ends instead.
    pub fn try_serve(&self) -> Option<Server> {
        self.serve_on(self.port)
    }

    /// Serves it once more, at another address: `None` when the program ends instead.
    pub fn serve_beside(&self) -> Option<Server> {
        self.serve_on(free_port())
    }

    fn serve_on(&self, port: u16) -> Option<Server> {
        let log = File::options().create(true).append(true).open(self.said()).expect("a file for what is said");
        let mut child = Command::new(program())
            .arg("serve")
            .args(self.place())
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        match first_line(&mut child) {
            Some(line) if line.starts_with("listening ") => {
                Some(Server { child, address: format!("http://127.0.0.1:{port}") })
            }
            _ => {
                terminate(&mut child);
                None
            }
        }
    }
}

impl Drop for County {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.folder);
            let _ = fs::remove_file(self.said());
        }
    }
}

/// A county's program while it serves.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: String,
}

impl Server {
    /// Ends it in the middle of whatever it does.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Has it ended by itself?
    pub fn ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|ended| ended.is_some())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        terminate(&mut self.child);
    }
}

/// Free now, and nobody else's for as long as a test runs: the address stays the same after a kill.
fn free_port() -> u16 {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    free.local_addr().expect("an address").port()
}

/// A server that a test may stop and replace.
pub fn locked<T: ?Sized>(cluster: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    cluster.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Copies a folder into another, which is made where it is missing.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder that can be read") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        match entry.file_type().expect("a kind of file").is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).expect("a file that can be copied")),
        }
    }
}
