//! A start of the program from nothing, and the memory of one that serves.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use yanhe_app::bench::Measured;

use super::super::{Failure, open};
use super::lists::Asked;

/// How often a start is measured; the middle counts.
const STARTS: usize = 9;

/// From nothing running to the first page answered, in seconds. Raw is a start of the same program that does nothing.
///
/// # Errors
/// When the program does not start, or does not answer.
pub fn start(place: &open::Place) -> Result<Measured, Failure> {
    if !place.is_data()? {
        // The first start makes the directory and is not measured.
        first_page(place)?;
    }
    let middle = |mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64()
    };
    let pages = (0..STARTS).map(|_| first_page(place)).collect::<Result<Vec<_>, _>>()?;
    let nothing = (0..STARTS).map(|_| version()).collect::<Result<Vec<_>, _>>()?;
    Ok(Measured::new(middle(pages), middle(nothing), "s"))
}

/// The most memory, in megabytes, that a server was given by the system while it answered these pages, each address once.
/// A server that answers one page is the yardstick.
///
/// # Errors
/// When the program does not start, does not answer, or the system does not say.
pub fn memory(place: &open::Place, pages: &[Asked]) -> Result<Measured, Failure> {
    let server = Server::start(place)?;
    server.ask("/", "")?;
    let one = server.peak()?;
    for asked in pages.iter().flat_map(|page| &page.places).filter(|asked| asked.form.is_none()) {
        server.ask(&asked.address, &asked.session)?;
    }
    Ok(Measured::new(server.peak()?, one, "MB"))
}

fn program() -> Result<Command, Failure> {
    Ok(Command::new(std::env::current_exe().map_err(Failure::unreadable)?))
}

fn version() -> Result<Duration, Failure> {
    let start = Instant::now();
    program()?.arg("--version").stdout(Stdio::null()).status().map_err(Failure::unreadable)?;
    Ok(start.elapsed())
}

fn first_page(place: &open::Place) -> Result<Duration, Failure> {
    let start = Instant::now();
    Server::start(place)?.ask("/", "")?;
    Ok(start.elapsed())
}

/// A server that ends with the measurement.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(place: &open::Place) -> Result<Self, Failure> {
        let child = program()?
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&place.data)
            // Not as an argument, where everybody on the machine could read a password.
            .envs(place.database.as_ref().map(|url| ("YANHE_DATABASE", url)))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(Failure::unreadable)?;
        let mut server = Self { child, address: String::new() };
        let mut line = String::new();
        if let Some(stdout) = server.child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(Failure::unreadable)?;
        }
        line.trim().strip_prefix("listening http://").unwrap_or_default().clone_into(&mut server.address);
        Ok(server)
    }

    fn ask(&self, path: &str, session: &str) -> Result<(), Failure> {
        let Self { address, .. } = self;
        let mut page = TcpStream::connect(address).map_err(Failure::unreadable)?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: visit=bench; session={session}\r\nConnection: close\r\n\r\n"
        );
        page.write_all(request.as_bytes()).map_err(Failure::unreadable)?;
        let mut answer = Vec::new();
        page.read_to_end(&mut answer).map_err(Failure::unreadable)?;
        if answer.starts_with(b"HTTP/1.1 200") {
            return Ok(());
        }
        let said = String::from_utf8_lossy(answer.split(|byte| *byte == b'\r').next().unwrap_or_default()).into_owned();
        Err(Failure::unreadable(format_args!("`{path}` was answered with `{said}`")))
    }

    /// The most memory it had until now, in megabytes (proc_pid_status(5), `VmHWM`).
    fn peak(&self) -> Result<f64, Failure> {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).map_err(Failure::unreadable)?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
        kilobytes.map(|kb| kb / 1024.0).ok_or_else(|| Failure::unreadable("the system does not say what memory it has"))
    }
}
