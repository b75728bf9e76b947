//! The program on PostgreSQL: the same half year as on SQLite, and two servers on one database.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use yanhe_peers::patroni::Patroni;
use yanhe_peers::postgres::{Administered as _, Cluster};

use crate::browser::{Browser, Kind};
use crate::county::{County, Server, locked};
use crate::crash::{acknowledged, clients, rounds};
use crate::demo::{folder, json, path, played, repository, run};
use crate::html::{rows, words};
use crate::http::Visitor;
use crate::ledger::Ledger;
use crate::load::Client;

/// How long something may take before the test says that it does not come.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long is worked before the kill, and after it.
const SPELL: Duration = Duration::from_millis(2_500);

#[test]
fn the_half_year_is_the_same_on_postgresql() {
    let (dir, url) = (folder().join("on-a-server"), Cluster::shared().database());
    let output = run(&["demo", "--data", path(&dir), "--database", &url, "--seed", "1", "--no-serve"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let on = |command: &str| json(0, &[command, "--data", path(&dir), "--database", &url, "--json"]);
    assert_eq!(on("figures"), json(0, &["figures", "--data", path(played()), "--json"]));
    let (here, there) = (json(0, &["verify", "--data", path(played()), "--json"]), on("verify"));
    assert_eq!((&there["ok"], &there["heads"]), (&true.into(), &here["heads"]));
}

fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "never: {what}");
        sleep(Duration::from_millis(100));
    }
}

/// Everybody works at the server they are at, and at the one that stays when theirs does not answer any more.
fn work_while_one_is_killed(clients: &mut [Client], killed: Server, stays: &str) {
    let over = AtomicBool::new(false);
    scope(|threads| {
        for client in clients.iter_mut() {
            let over = &over;
            threads.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    if client.step().is_none() {
                        client.go_to(stays);
                    }
                }
            });
        }
        sleep(SPELL);
        killed.kill();
        sleep(SPELL);
        over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn of_two_servers_under_load_one_is_killed_and_the_other_does_all_that_is_left() {
    let county = County::on_server();
    let mut servers = vec![county.serve(), county.serve_beside().expect("a second server")];
    let mut clients = clients(&county, 4);

    // A page that is open at the second is told of what is done at the first.
    let browser = Browser::start(&servers[1].address, Kind::Desk);
    let clerk = county.members().iter().find(|member| member.body == "shichang" && member.role == "clerk");
    browser.become_somebody(&clerk.expect("a clerk").stream, "zh");
    browser.open("/work");
    assert!(!browser.has("[data-changes]:not([hidden])"), "nothing has changed yet");
    clients[0].matter().expect("it is registered at the first");
    wait("the page is told", || browser.has("[data-changes]:not([hidden])"));

    let number = |sql: &str| county.sql(sql).parse::<u64>().expect("a number");
    for round in 0..rounds().div_ceil(20) {
        for (n, client) in clients.iter_mut().enumerate() {
            client.go_to(&servers[n % 2].address);
        }
        // In turn the first and the second.
        let stays = servers[1].address.clone();
        work_while_one_is_killed(&mut clients, servers.remove(0), &stays);
        let sealed = number("SELECT COALESCE(MAX(size), 0) FROM checkpoint");
        assert_all_is_there(&county, &mut clients, &format!("round {round}"));
        // The export of it is an entry, too.
        assert!(number("SELECT MAX(size) FROM checkpoint") > sealed, "round {round}: the other does not seal");
        let failed = clients.iter().flat_map(|client| &client.faults).next().map(|page| words(&page.text()));
        assert_eq!(failed, None, "round {round}: the server that stays failed");
        servers.push(county.serve_beside().expect("it is started again"));
    }
    assert!(clients.iter().all(|client| !client.done.is_empty()), "somebody did nothing");
}

/// What is missing or wrong once everybody has asked again for what was not answered.
fn assert_all_is_there(county: &County, clients: &mut [Client], when: &str) {
    for client in clients.iter_mut() {
        wait("the program answers", || client.settle().is_some() || client.is_settled());
    }
    // What was held when an answer was lost is free after a minute: it is over now.
    county.sql("UPDATE job SET lease_until = 0 WHERE attempts > 0");
    county.sql("UPDATE lease SET until = 0");
    let ledger = Ledger::of(county);
    let mut faults = ledger.faults(&acknowledged(clients));
    faults.extend(ledger.gaps());
    faults.extend(Ledger::jobs(county));
    assert!(faults.is_empty(), "{when}: {faults:#?}");
    wait("the entries are sealed", || county.sql("SELECT COUNT(*) FROM unsealed") == "0");
    let report = county.verified();
    assert_eq!(report["ok"], true, "{when}: {report}");
}

#[test]
fn a_database_that_breaks_connections_restarts_or_hands_over_is_said_and_nothing_is_lost() {
    let primary = Cluster::start("");
    let name = primary.database();
    let standby = primary.standby();
    // What is answered is on both: see docs/servers.md.
    primary.sql(&name, "ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.sql(&name, "SELECT pg_reload_conf()");
    let database = name.rsplit('/').next().expect("a name");
    let (one, other) = (primary.host(), standby.host());
    let both = format!("postgres://postgres@{one},{other}/{database}?target_session_attrs=read-write");
    let cluster = Arc::new(Mutex::new(primary));
    let county = County::of(cluster.clone(), &both);
    let mut server = county.serve();
    let mut clients = clients(&county, 3);
    while_they_work(&mut clients, || {
        sleep(SPELL);
        county.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'yanhe'");
        sleep(SPELL);
        locked(&cluster).stop();
        sleep(SPELL);
        locked(&cluster).run();
        sleep(SPELL);
        let mut cluster = locked(&cluster);
        cluster.kill();
        standby.promote();
        *cluster = standby;
        drop(cluster);
        sleep(SPELL);
    });
    assert_served_on(&county, &mut server, &mut clients, "after the failover");
}

/// Everybody works, and asks again when there is no answer, while something is done to what they work with.
fn while_they_work(clients: &mut [Client], what: impl FnOnce()) {
    let over = AtomicBool::new(false);
    scope(|threads| {
        let _ends = Ends(&over);
        for client in clients {
            let over = &over;
            threads.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    if client.step().is_none() {
                        sleep(Duration::from_millis(50));
                    }
                }
            });
        }
        what();
    });
}

/// The work is over when this goes, also when the test fails.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The program that served is the one that serves; what it could not do it said clearly, and all that it acknowledged
/// is there.
fn assert_served_on(county: &County, server: &mut Server, clients: &mut [Client], when: &str) {
    assert!(!server.ended(), "{when}: the program ended: see {}", county.said().display());
    for page in clients.iter().flat_map(|client| &client.faults) {
        let said = words(&page.text());
        assert!(page.status == 503 && said.contains("数据库"), "{when}: {}: {said}", page.status);
    }
    assert_all_is_there(county, clients, when);
    for client in clients {
        client.matter().unwrap_or_else(|| panic!("{when}: all is well again"));
    }
}

#[test]
#[ignore = "long: Patroni holds the lock of a dead server for 20 seconds"]
fn patroni_hands_over_when_a_machine_dies_and_before_maintenance_and_nothing_is_lost() {
    let pair = Arc::new(Mutex::new(Patroni::start()));
    let url = locked(&pair).database("county");
    let county = County::of(pair.clone(), &url);
    let mut server = county.serve();
    let mut clients = clients(&county, 3);
    while_they_work(&mut clients, || {
        sleep(SPELL);
        let first = locked(&pair).leader().expect("one takes writes");
        locked(&pair).kill(first);
        locked(&pair).leads_other_than(first);
        sleep(SPELL);
        // It comes back as the one that follows, without what the other never heard of.
        locked(&pair).run(first);
        locked(&pair).is_whole();
        sleep(SPELL);
    });
    assert_served_on(&county, &mut server, &mut clients, "after a machine died");
    while_they_work(&mut clients, || {
        let leader = locked(&pair).leader().expect("one takes writes");
        locked(&pair).hand_over(leader);
        locked(&pair).leads_other_than(leader);
        sleep(SPELL);
        locked(&pair).is_whole();
    });
    assert_served_on(&county, &mut server, &mut clients, "after the maintenance");
}

#[test]
fn the_counties_of_a_database_stand_side_by_side_and_add_up() {
    let county = County::on_server();
    let publicity = repository().join("demo/宣传活动.xlsx");
    let done = county.run(&["import", "publicity", path(&publicity)]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let server = county.serve();
    let mut visitor = Visitor::new(&server.address);
    let leader = county.members().iter().find(|member| member.role == "leader").expect("a leader");
    visitor.sign_in(&leader.stream);
    let days = "from=2022-01-01&to=2022-12-31";
    assert!(!visitor.get(&format!("/board?{days}")).text().contains("/board/province"), "it is alone");
    // The other one has a directory, a pack and keys of its own.
    let (other, pack) = (county.folder().join("other"), repository().join("packs/qinghu"));
    let roster = repository().join("demo/花名册.xlsx");
    let url = county.database().expect("it is on a server");
    let made =
        run(&["import", "roster", path(&roster), "--data", path(&other), "--database", url, "--pack", path(&pack)]);
    assert_eq!(made.status.code(), Some(1), "its organs are others: {}", String::from_utf8_lossy(&made.stderr));
    assert!(visitor.get(&format!("/board?{days}")).text().contains("/board/province"));
    let page = visitor.get(&format!("/board/province?{days}"));
    let rows = rows(&page.text());
    let row = |name: &str| rows.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("{name}: {rows:?}"));
    let (one, two, all) = (row("海盐县"), row("清湖县"), row("合计"));
    let counts = [&one, &two, &all].map(|row| row.last().expect("publicity").parse::<u64>().expect("a number"));
    assert!(counts[0] > 30 && counts[0] + counts[1] == counts[2], "{counts:?}");
    assert_eq!(page.text().matches("/board/acts?").count(), 1, "the own number opens, and no other");
}

/// Rows are spoiled, and made anew while others work.
fn made_anew(county: &County) {
    let server = county.serve();
    let mut clients = clients(county, 3);
    for client in &mut clients {
        for _ in 0..3 {
            client.step().expect("all is well");
        }
    }
    county.sql("DELETE FROM work");
    county.sql("DELETE FROM tally_act");
    let over = AtomicBool::new(false);
    scope(|threads| {
        for client in &mut clients {
            let over = &over;
            threads.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    client.matter().expect("nobody waits long for it");
                    sleep(Duration::from_millis(100));
                }
            });
        }
        let report = county.verified();
        assert_eq!(report["fault"]["kind"], "rows", "{report}");
        let done = county.run(&["rebuild"]);
        over.store(true, Ordering::Relaxed);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    });
    assert_all_is_there(county, &mut clients, "after the rebuild");
    drop(server);
}

#[test]
fn rows_are_made_anew_while_a_server_works() {
    made_anew(&County::embedded());
}

#[test]
fn rows_are_made_anew_while_a_server_works_on_postgresql() {
    made_anew(&County::on_server());
}
