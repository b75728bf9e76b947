//! The disk fails: what was acknowledged is there after a power cut, and a disk that fills, cannot be written or loses a
//! sync is said to whoever presses a button, harms nothing, and is worked with again when it is well.
//!
//! The disk is `tests/fault/fault.c`, loaded before the C library of the served program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use crate::county::{County, copy};
use crate::crash::{acknowledged, clients, killed_after};
use crate::demo::{folder, path, repository};
use crate::html::words;
use crate::ledger::{Faults, Ledger};
use crate::load::Client;
use crate::office::text;

/// The disk under a county.
struct Disk {
    root: PathBuf,
    shadow: PathBuf,
    orders: PathBuf,
}

impl Disk {
    /// Puts a county on such a disk.
    fn under(county: &mut County) -> Self {
        let root = county.folder().to_owned();
        let disk = Self { shadow: root.with_extension("kept"), orders: root.with_extension("orders"), root };
        disk.order("");
        county.set("LD_PRELOAD", path(shim()));
        county.set("FAULT_ROOT", path(&disk.root));
        county.set("FAULT_SHADOW", path(&disk.shadow));
        county.set("FAULT_ORDERS", path(&disk.orders));
        disk
    }

    /// What the disk does from now on; empty: all is well.
    fn order(&self, what: &str) {
        // In one step: a half line would be another order.
        let new = self.orders.with_extension("new");
        fs::write(&new, what).expect("orders can be written");
        fs::rename(&new, &self.orders).expect("orders can be put in place");
    }

    /// Forgets what was kept: the next start begins with everything as it lies there.
    fn begin(&self) {
        let _ = fs::remove_dir_all(&self.shadow);
    }

    /// The power is cut. The program must have been killed: what it had not synced is gone.
    fn cut(&self) {
        fs::remove_dir_all(&self.root).expect("the folder can be emptied");
        copy(&self.shadow.join("tree"), &self.root);
        self.begin();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.begin();
        let _ = fs::remove_file(&self.orders);
    }
}

fn shim() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let (source, made) = (repository().join("tests/fault/fault.c"), folder().join("fault.so"));
        let options = ["-Wall", "-Wextra", "-Wno-format-truncation", "-Werror", "-O1", "-shared", "-fPIC", "-o"];
        let done = Command::new("cc").args(options).arg(&made).arg(&source).args(["-ldl", "-lpthread"]).output();
        let done = done.expect("a C compiler starts");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        made
    })
}

/// What is missing or wrong in a county that nobody serves.
fn faults(county: &County, clients: &[Client]) -> Faults {
    let report = county.verified();
    let mut faults = Vec::new();
    if report["ok"] != true {
        faults.push(report.to_string());
    }
    let ledger = Ledger::of(county);
    faults.extend(ledger.faults(&acknowledged(clients)));
    faults.extend(ledger.gaps());
    faults
}

fn settle(clients: &mut [Client]) {
    for client in clients {
        for _ in 0..20 {
            client.settle();
            if client.is_settled() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let said: Vec<String> = client.faults.iter().map(|page| words(&page.text())).collect();
        assert!(client.is_settled(), "the program does not recover: {said:?}");
    }
}

/// How many power cuts: a tenth of the kills.
fn cuts() -> u64 {
    crate::crash::rounds().div_ceil(10).max(2)
}

#[test]
fn a_power_cut_takes_nothing_that_was_acknowledged() {
    let mut county = County::embedded();
    let disk = Disk::under(&mut county);
    let mut server = county.serve();
    let mut clients = clients(&county, 4);
    for round in 0..cuts() {
        killed_after(&mut clients, server, Duration::from_millis(700 + 531 * (round % 3)));
        disk.cut();
        let faults = faults(&county, &clients);
        assert!(faults.is_empty(), "cut {round}: {faults:#?}");
        server = county.serve();
        settle(&mut clients);
    }
    server.kill();
    disk.cut();
    let faults = faults(&county, &clients);
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(!acknowledged(&clients).is_empty(), "nobody did anything");
}

/// Whether the test above would see a program that does not sync: on this disk nobody does.
#[test]
fn a_power_cut_on_a_disk_that_does_not_sync_is_seen_to_lose_something() {
    let mut county = County::embedded();
    let disk = Disk::under(&mut county);
    let server = county.serve();
    let mut clients = clients(&county, 2);
    disk.order("careless");
    for client in &mut clients {
        client.matter().expect("it is acknowledged");
    }
    server.kill();
    disk.cut();
    assert!(!faults(&county, &clients).is_empty(), "nothing was lost: this test is blind");
}

/// A client meets a disk that fails, is told so in both languages, and goes on when the disk is well.
fn told(order: &str, zh: &str, en: &str) {
    let mut county = County::embedded();
    let disk = Disk::under(&mut county);
    let server = county.serve();
    let mut clients = clients(&county, 2);
    clients[1].prefer("en");
    for client in &mut clients {
        client.matter().expect("all is well");
    }
    disk.order(order);
    for (client, said) in clients.iter_mut().zip([zh, en]) {
        client.work();
        let page = client.faults.last().unwrap_or_else(|| panic!("the program does not answer"));
        assert!(words(&page.text()).contains(said), "{}: {}", page.status, words(&page.text()));
    }
    disk.order("");
    settle(&mut clients);
    for client in &mut clients {
        client.matter().expect("all is well again");
    }
    server.kill();
    disk.cut();
    let faults = faults(&county, &clients);
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_full_disk_is_said_and_nothing_of_the_act_is_stored_until_there_is_room() {
    told("full 30000", "磁盘空间已用完", "no space left");
}

#[test]
fn a_disk_that_cannot_be_written_is_said_and_worked_with_again_when_it_can() {
    told("readonly", "磁盘无法写入", "cannot be written");
}

#[test]
fn a_sync_that_fails_is_never_acknowledged_and_loses_nothing_that_was() {
    let mut county = County::embedded();
    let disk = Disk::under(&mut county);
    let mut server = county.serve();
    let mut clients = clients(&county, 2);
    let mut failed = 0;
    for round in 1..=6 {
        disk.order(&format!("eio {round}"));
        for client in &mut clients {
            for _ in 0..4 {
                if client.step().is_none() {
                    break;
                }
            }
        }
        failed += clients.iter().map(|client| client.faults.len()).sum::<usize>();
        disk.order("");
        settle(&mut clients);
        assert!(!server.ended(), "the program ended: see {}", county.said().display());
        if round % 2 == 0 {
            server.kill();
            disk.cut();
            let faults = faults(&county, &clients);
            assert!(faults.is_empty(), "round {round}: {faults:#?}");
            server = county.serve();
        }
    }
    assert!(failed > 0, "no sync failed");
}

#[test]
fn a_clock_that_jumps_back_moves_no_event_before_another_and_stops_nothing() {
    let mut county = County::embedded();
    let disk = Disk::under(&mut county);
    disk.order("clock 90000");
    let server = county.serve();
    let mut clients = clients(&county, 2);
    for client in &mut clients {
        client.matter().expect("all is well");
        client.matter().expect("all is well");
        client.letter().expect("all is well");
    }
    // In the middle of what it holds by lease.
    server.kill();
    disk.order("clock -90000");
    let server = county.serve();
    for client in &mut clients {
        client.letter().expect("the matter of the other day gets its letter");
        client.matter().expect("all is well");
    }
    let late = Ledger::jobs(&county);
    assert!(late.is_empty(), "{late:#?}");
    let unsealed = || county.sql("SELECT COUNT(*) FROM unsealed");
    let sealed = (0..300).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        unsealed() == "0"
    });
    assert!(sealed, "{} entries are not sealed", unsealed());
    drop(server);
    let faults = faults(&county, &clients);
    assert!(faults.is_empty(), "{faults:#?}");
    let mut last = std::collections::BTreeMap::new();
    for event in county.events() {
        let (stream, at) = (text(&event, "/stream").to_owned(), text(&event, "/at").to_owned());
        let before = last.insert(stream.clone(), at.clone());
        assert!(before.is_none_or(|before| before <= at), "`{stream}` goes back in time");
    }
}

#[test]
fn a_backup_or_restore_without_room_leaves_nothing_behind_and_is_done_once_there_is_room() {
    let mut county = County::embedded();
    let disk = Disk::under(&mut county);
    let (file, new, keys) =
        (county.folder().join("backup"), county.folder().join("new"), county.folder().join("data.key"));
    let backup = ["backup", path(&file), "--data", path(&county.data()), "--json"].map(str::to_owned);
    let restore = ["restore", path(&file), "--data", path(&new), "--key", path(&keys), "--json"].map(str::to_owned);
    let heads = |command: &[String]| {
        let done = county.run_on_disk(&command.iter().map(String::as_str).collect::<Vec<_>>());
        match done.status.code() {
            Some(0) => {
                serde_json::from_slice::<serde_json::Value>(&done.stdout).expect("it is JSON")["heads"].to_string()
            }
            code => {
                let said = String::from_utf8_lossy(&done.stderr).to_lowercase();
                // SQLite does not say why it cannot make a file.
                let clear = said.contains("no space left") || said.contains("unable to open database file");
                assert!(code == Some(2) && clear, "{code:?}: {said}");
                String::new()
            }
        }
    };
    let lies_there = || {
        let mut names: Vec<String> = fs::read_dir(county.folder())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    for (what, rooms) in [(&backup[..], [0, 20_000]), (&restore[..], [0, 150_000])] {
        let before = lies_there();
        for room in rooms {
            disk.order(&format!("full {room}"));
            assert_eq!(heads(what), "", "there was room enough");
            assert_eq!(lies_there(), before, "with room for {room} bytes");
        }
        disk.order("");
        assert_ne!(heads(what), "");
    }
    assert_eq!(
        heads(&["verify", "--data", path(&new), "--json"].map(str::to_owned)),
        county.verified()["heads"].to_string()
    );
}
