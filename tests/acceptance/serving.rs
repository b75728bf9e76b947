//! The program while it serves a copy of the half year.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::demo::{Copy, program};

/// A served copy, ended when it is dropped.
pub struct Serving {
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    child: Child,
    copy: Option<Copy>,
}

impl Serving {
    /// Serves a copy of the half year on a free port.
    pub fn start() -> Self {
        Self::of(Copy::new())
    }

    /// Serves this copy on a free port.
    pub fn of(copy: Copy) -> Self {
        let mut child = Command::new(program())
            .args(["serve", "--data", copy.path(), "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let line = first_line(&mut child);
        let address = line.as_deref().and_then(|line| line.strip_prefix("listening ")).map(str::to_owned);
        let Some(address) = address else {
            let _ = child.kill();
            panic!("the first line of stdout is not the address: {line:?}");
        };
        Self { address, child, copy: Some(copy) }
    }

    /// Ends the program in order and gives the copy back.
    pub fn end(mut self) -> Copy {
        terminate(&mut self.child);
        self.copy.take().expect("a copy is served")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        terminate(&mut self.child);
    }
}

/// The first line that a child prints, if it comes within a minute.
pub fn first_line(child: &mut Child) -> Option<String> {
    line_with(child, "")
}

/// The first line with some words in it, if it comes within a minute. What is printed later is read and dropped.
pub fn line_with(child: &mut Child, words: &'static str) -> Option<String> {
    let out = child.stdout.take()?;
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if line.contains(words) {
                let _ = send.send(line);
            }
        }
    });
    receive.recv_timeout(Duration::from_secs(60)).ok()
}

/// Asks a child to end, and makes it end when it does not.
pub fn terminate(child: &mut Child) {
    if child.try_wait().is_ok_and(|ended| ended.is_some()) {
        return;
    }
    let _ = Command::new("kill").arg(child.id().to_string()).status();
    for _ in 0..150 {
        if child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let _ = child.kill();
    let _ = child.wait();
}
