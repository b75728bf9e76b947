//! The program is killed in the middle of its work, again and again: what was acknowledged is there, and nothing twice.

use std::time::Duration;

use crate::county::County;
use crate::ledger::Ledger;
use crate::load::{Client, Wanted};
use crate::office::Member;

/// The organ that works here.
const ORGAN: &str = "shichang";
/// Clients at work at the same time.
const CLIENTS: usize = 4;

/// How many rounds are played: `CRASH_ROUNDS`, or a few.
pub fn rounds() -> u64 {
    std::env::var("CRASH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(4)
}

/// Where chance begins: `CRASH_SEED`.
fn seed() -> u64 {
    std::env::var("CRASH_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1)
}

/// Clerks of the organ who are signed in; some at several windows.
pub fn clients(county: &County, count: usize) -> Vec<Client> {
    let works = |m: &Member| m.body == ORGAN && m.role == "clerk";
    let members: Vec<&Member> = county.members().iter().filter(|m| works(m)).collect();
    (0..count)
        .map(|n| {
            let name = char::from(b'A' + n as u8).to_string();
            Client::new(&county.address(), &members[n % members.len()].stream, &name, seed() * 1000 + n as u64)
        })
        .collect()
}

/// Works until a moment and kills the program then.
pub fn killed_after(clients: &mut [Client], server: crate::county::Server, after: Duration) {
    std::thread::scope(|scope| {
        for client in clients.iter_mut() {
            scope.spawn(|| client.work());
        }
        std::thread::sleep(after);
        server.kill();
    });
}

/// Everything that was acknowledged, of all clients.
pub fn acknowledged(clients: &[Client]) -> Vec<Wanted> {
    clients.iter().flat_map(|client| client.done.clone()).collect()
}

fn play(county: &County) {
    let mut server = county.serve();
    let mut clients = clients(county, CLIENTS);
    let mut moment = seed();
    for round in 0..rounds() {
        // Any moment of the first one and a half seconds.
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        killed_after(&mut clients, server, Duration::from_millis(50 + (moment >> 33) % 1_450));
        server = county.serve();
        for client in &mut clients {
            client.settle();
            assert!(client.is_settled(), "round {round}: the program does not answer");
        }
        let wanted = acknowledged(&clients);
        let ledger = Ledger::of(county);
        let mut faults = ledger.faults(&wanted);
        faults.extend(ledger.gaps());
        faults.extend(Ledger::jobs(county));
        assert!(faults.is_empty(), "round {round}: {faults:#?}");
        let report = county.verified();
        assert_eq!(report["ok"], true, "round {round}: {report}");
    }
    drop(server);
    let (done, again): (usize, u32) =
        (clients.iter().map(|c| c.done.len()).sum(), clients.iter().map(|c| c.repeated).sum());
    println!("{done} acts acknowledged, {again} of them after a repeat");
    assert!(done > 0, "nobody did anything");
}

#[test]
fn what_was_acknowledged_survives_kills_and_nothing_is_there_twice() {
    play(&County::embedded());
}

#[test]
fn the_same_holds_with_the_database_on_a_server() {
    play(&County::on_server());
}
