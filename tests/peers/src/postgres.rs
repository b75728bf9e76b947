//! PostgreSQL clusters in a temporary folder, reached by a socket in it.
//!
//! The server hangs on a pipe that the test's process holds: when that process ends, however it ends, the pipe closes,
//! the server is stopped and the folder removed. It never runs as root, and on a port only to show
//! that connections can be encrypted.

#![expect(clippy::disallowed_methods, reason = "waits for a server no longer than a test may")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Who runs a server when the tests run as root: `nobody`, `nogroup` on Debian.
const NOBODY: u32 = 65_534;

/// The usual port, which only names the socket.
const PORT: u16 = 5432;

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the server until its standard input ends, then removes its folder.
const KEEPER: &str = r#""$1/postgres" -D "$2/data" & pid=$!
read -r _
kill -INT $pid 2>/dev/null
wait $pid
[ -e "$2/keep" ] || rm -rf "$2""#;

/// What an administrator can ask, beside the program that is tried.
pub trait Administered {
    /// Runs SQL in a database by its URL; gives what it prints.
    ///
    /// # Panics
    /// When it fails.
    fn sql(&self, url: &str, sql: &str) -> String;
}

/// A cluster.
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    // Names the socket, too.
    port: u16,
    databases: AtomicU32,
    running: Option<(Child, ChildStdin)>,
}

impl Cluster {
    /// A new, empty one, with lines for its `postgresql.conf`.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start: the tests that need it cannot pass then.
    pub fn start(settings: &str) -> Self {
        Self::made_in(folder(), settings, |_| String::new())
    }

    /// The same on the disk of the temporary folder, for measuring.
    ///
    /// # Panics
    /// As for [`Cluster::start`].
    pub fn start_on_disk(settings: &str) -> Self {
        Self::made_in(folder_in(std::env::temp_dir()), settings, |_| String::new())
    }

    /// Can one be started here?
    pub fn is_installed() -> bool {
        programs().is_some()
    }

    /// One that offers encrypted connections on a free port of this machine, with a certificate for `localhost` by an
    /// authority of its own: see [`Cluster::encrypted`].
    ///
    /// # Panics
    /// As for [`Cluster::start`], and without `openssl`.
    pub fn start_encrypted() -> Self {
        Self::made_in(folder(), "", |cluster| {
            cluster.port = free_port();
            cluster.certificate();
            let folder = cluster.folder.display();
            format!(
                "listen_addresses = '127.0.0.1'\nport = {}\nssl = on\nssl_cert_file = '{folder}/server.crt'\n\
                 ssl_key_file = '{folder}/server.key'\n",
                cluster.port
            )
        })
    }

    fn made_in(folder: PathBuf, settings: &str, more: impl FnOnce(&mut Self) -> String) -> Self {
        let mut cluster = Self {
            folder,
            programs: programs().expect("PostgreSQL is installed: `./test` does it"),
            port: PORT,
            databases: AtomicU32::new(0),
            running: None,
        };
        let data = cluster.folder.join("data");
        let options = ["--auth=trust", "--username=postgres", "--no-sync", "--locale=C.UTF-8", "--encoding=UTF8"];
        let made = cluster.program("initdb").arg("-D").arg(&data).args(options).output();
        expect(made.expect("initdb runs"), "initdb");
        let socket = cluster.folder.display();
        let all = format!(
            "listen_addresses = ''\nunix_socket_directories = '{socket}'\nmax_connections = 200\nlog_min_messages = fatal\n\
             log_min_error_statement = panic\n{settings}\n"
        );
        let more = more(&mut cluster);
        cluster.settings(&format!("{all}{more}"));
        cluster.run();
        cluster
    }

    /// A standby that follows this one and only reads.
    ///
    /// # Panics
    /// As for [`Cluster::start`].
    pub fn standby(&self) -> Self {
        let folder = folder();
        let mut standby = Self {
            folder,
            programs: self.programs.clone(),
            port: self.port,
            databases: AtomicU32::new(0),
            running: None,
        };
        let mut copy = self.client("pg_basebackup");
        copy.args(["-R", "-X", "stream", "--checkpoint=fast", "--no-sync", "-D"]).arg(standby.folder.join("data"));
        expect(copy.output().expect("pg_basebackup runs"), "pg_basebackup");
        standby.settings(&format!("unix_socket_directories = '{}'\n", standby.folder.display()));
        standby.run();
        standby
    }

    /// Makes a standby the one that is written to.
    pub fn promote(&self) {
        let done = self.program("pg_ctl").arg("promote").arg("-D").arg(self.folder.join("data")).output();
        expect(done.expect("pg_ctl runs"), "pg_ctl promote");
    }

    fn settings(&self, lines: &str) {
        fs::OpenOptions::new()
            .append(true)
            .open(self.folder.join("data/postgresql.conf"))
            .and_then(|mut file| file.write_all(lines.as_bytes()))
            .expect("the settings can be written");
    }

    /// An authority, and a certificate by it.
    fn certificate(&self) {
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
        let openssl = |arguments: &[&str]| {
            let mut command = as_nobody(Command::new("openssl"));
            expect(command.current_dir(&self.folder).args(arguments).output().expect("openssl runs"), "openssl");
        };
        openssl(
            &[&["req", "-x509"][..], &key, &["-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.crt"]].concat(),
        );
        let own = [
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=CA:FALSE",
        ];
        let by = ["-CA", "ca.crt", "-CAkey", "ca.key", "-keyout", "server.key", "-out", "server.crt"];
        openssl(&[&["req", "-x509"][..], &key, &own, &by].concat());
    }

    /// The URL of the same database over an encrypted connection, with some options of an address.
    pub fn encrypted(&self, url: &str, options: &str) -> String {
        format!("postgres://postgres@localhost:{}/{}?{options}", self.port, name(url))
    }

    /// The file of the authority that its certificate is by.
    pub fn authority(&self) -> PathBuf {
        self.folder.join("ca.crt")
    }

    /// The URL of the database of the same name here.
    pub fn here(&self, url: &str) -> String {
        format!("{}/{}", self.place(), name(url))
    }

    fn place(&self) -> String {
        let host = self.folder.display().to_string().replace('/', "%2F");
        match self.port {
            PORT => format!("postgres://postgres@{host}"),
            port => format!("postgres://postgres@{host}:{port}"),
        }
    }

    /// Where its socket is, as the host of an address.
    pub fn host(&self) -> String {
        self.folder.display().to_string().replace('/', "%2F")
    }

    /// The one that a test program shares.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(""))
    }

    /// The URL of a new, empty database.
    pub fn database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let made = self.client("createdb").arg(&name).output();
        expect(made.expect("createdb runs"), "createdb");
        format!("{}/{name}", self.place())
    }

    /// Stops the server in the middle of everything, as a power cut would.
    pub fn kill(&mut self) {
        let pid = fs::read_to_string(self.folder.join("data/postmaster.pid")).expect("it runs");
        let pid = pid.lines().next().unwrap_or_default().to_owned();
        fs::write(self.folder.join("keep"), "").expect("the folder can be written");
        // With its processes: one that is still at work keeps the memory they share, and the server would not start again.
        let all: Vec<String> = std::iter::once(pid.clone()).chain(children(&pid)).collect();
        let killed = Command::new("kill").arg("-KILL").args(&all).stderr(Stdio::null()).status();
        assert!(killed.is_ok(), "the server can be killed");
        let began = Instant::now();
        while all.iter().any(|pid| at_work(pid)) {
            assert!(began.elapsed() < PATIENCE, "the server was killed and does not end");
            sleep(Duration::from_millis(10));
        }
        self.end();
        fs::remove_file(self.folder.join("keep")).expect("it was written");
    }

    /// Stops the server as for maintenance; open connections are broken.
    pub fn stop(&mut self) {
        fs::write(self.folder.join("keep"), "").expect("the folder can be written");
        self.end();
        fs::remove_file(self.folder.join("keep")).expect("it was written");
    }

    /// Starts it again.
    pub fn run(&mut self) {
        let mut keeper = as_nobody(Command::new("sh"));
        keeper.args(["-c", KEEPER, "sh"]).arg(&self.programs).arg(&self.folder);
        keeper.current_dir(&self.folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // A group of its own, so that a key press meant for the tests does not reach it.
        let mut child = keeper.process_group(0).spawn().expect("a shell starts");
        let pipe = child.stdin.take().expect("it is piped");
        self.running = Some((child, pipe));
        let began = Instant::now();
        loop {
            let ready = self
                .program("pg_isready")
                .args(["-q", "-p", &self.port.to_string()])
                .arg("-h")
                .arg(&self.folder)
                .status();
            if ready.is_ok_and(|status| status.success()) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "the server does not answer: see {}", self.folder.display());
            sleep(Duration::from_millis(30));
        }
    }

    fn end(&mut self) {
        if let Some((mut child, pipe)) = self.running.take() {
            drop(pipe);
            child.wait().expect("it ends");
        }
    }

    fn program(&self, name: &str) -> Command {
        let mut command = as_nobody(Command::new(self.programs.join(name)));
        command.current_dir(&self.folder).env("LC_ALL", "C.UTF-8");
        command
    }

    fn client(&self, name: &str) -> Command {
        let mut command = self.program(name);
        command.arg("-h").arg(&self.folder).args(["-U", "postgres", "-p", &self.port.to_string()]);
        command
    }
}

impl Administered for Cluster {
    fn sql(&self, url: &str, sql: &str) -> String {
        let done = self.client("psql").args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", name(url), "-c", sql]).output();
        expect(done.expect("psql runs"), sql)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.end();
    }
}

/// A new folder of this process that the server's user may write to.
pub(crate) fn folder() -> PathBuf {
    // In memory where possible: what is proved here does not hang on the speed of a disk.
    let shared = Path::new("/dev/shm");
    folder_in(if shared.is_dir() { shared.to_owned() } else { std::env::temp_dir() })
}

fn folder_in(base: PathBuf) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = base.join(format!("yanhe-pg-{}-{number}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder can be made");
    if is_root() {
        chown(&folder, Some(NOBODY), Some(NOBODY)).expect("the folder can be given away");
    }
    folder
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// The name of a database in its URL.
pub(crate) fn name(url: &str) -> &str {
    let path = url.split('?').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

pub(crate) fn as_nobody(mut command: Command) -> Command {
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// State and parent of a process (proc_pid_stat(5), fields 3 and 4; the name before them may contain blanks).
fn stat(pid: &str) -> Option<(String, String)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().map(str::to_owned);
    Some((fields.next()?, fields.next()?))
}

pub(crate) fn children(parent: &str) -> Vec<String> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    all.filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|pid| stat(pid).is_some_and(|(_, of)| of == parent))
        .collect()
}

/// Does the process still hold anything? One that only waits for its parent to ask how it ended does not.
pub(crate) fn at_work(pid: &str) -> bool {
    stat(pid).is_some_and(|(state, _)| state != "Z")
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout.starts_with(b"0\n")
}

/// Where Debian keeps the newest version's programs; elsewhere they are in the path.
pub(crate) fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().or_else(|| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut folders = std::env::split_paths(&path);
        folders.find(|folder| folder.join("initdb").exists())
    })
}

pub(crate) fn expect(output: Output, what: &str) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what}: {said}");
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}
