//! The program as scripts see it: exit codes, keys of the documents, and what `verify` finds.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use yanhe_peers::postgres::Cluster;

/// A directory that is gone when the test is over, with the keys beside it.
struct Data(PathBuf);

impl Data {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("yanhe-cli-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&root).unwrap();
        Self(root)
    }

    fn dir(&self) -> String {
        self.0.join("data").display().to_string()
    }

    /// A directory whose journal has a stream of `n` entries, sealed or waiting.
    fn with_entries(n: usize, sealed: bool) -> Self {
        let data = Self::new();
        yanhe(&["figures", "--data", &data.dir()]);
        for _ in 0..n {
            assert_eq!(code(&yanhe(&["export", "--plain", "--data", &data.dir()])), 0);
        }
        // A command seals what it did before it ends.
        assert_eq!(count(&data, "unsealed"), 0);
        if n > 0 && !sealed {
            tamper(&data, "unseal");
        }
        data
    }

    fn copy(&self) -> Self {
        let copy = Self::new();
        let status = Command::new("cp").arg("-a").arg(self.0.join(".")).arg(&copy.0).status().unwrap();
        assert!(status.success());
        copy
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        // The next run uses another name: a directory left over does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn yanhe(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yanhe")).args(args).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {} {}", text(&output.stdout), text(&output.stderr)))
}

/// Serves while `work` runs, which gets the address; then the program is told to end, and must end well.
fn serve(data: &Data, work: impl FnOnce(&str)) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_yanhe"))
        .args(["serve", "--data", &data.dir(), "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    work(line.trim_end().strip_prefix("listening http://").unwrap());
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Damages the database with a script that shares no code with the program; gives stream and version.
fn tamper(data: &Data, what: &str) -> (String, i64) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/tamper.py");
    let database = data.0.join("data/yanhe.sqlite3");
    let output = Command::new("python3").arg(script).arg(database).arg(what).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let line = text(&output.stdout);
    let (stream, version) = line.trim().split_once(' ').unwrap();
    (stream.to_owned(), version.parse().unwrap())
}

/// How many rows a table of the database has.
fn count(data: &Data, table: &str) -> i64 {
    tamper(data, &format!("count-{table}")).1
}

fn verify(data: &Data) -> (i32, Value) {
    let output = yanhe(&["verify", "--data", &data.dir(), "--json"]);
    (code(&output), document(&output))
}

#[test]
fn wrong_arguments_end_with_64_and_help_with_0() {
    for wrong in [
        &["nonsense"][..],
        &["figures"],
        &["figures", "--data"],
        &["deadline"],
        &["deadline", "review.apply"],
        &["deadline", "review.apply", "--from", "2022-02-30"],
        &["deadline", "review.apply", "--from", "2022-02-01", "--variant", "longer"],
        &["deadline", "mediation.period", "--from", "2022-02-01", "--suspended", "2022-02-09..2022-02-05"],
        &["deadline", "review.apply", "--from", "2022-02-01", "--list"],
        &["scope", "file.csv"],
        &["scope", "file.csv", "--kind", "roster"],
        &["export", "--data", "/nowhere"],
        &["serve", "--data", "/nowhere", "--listen", "nothing"],
        &["clock", "advance", "--data", "/nowhere"],
    ] {
        assert_eq!(code(&yanhe(wrong)), 64, "{wrong:?}");
    }
    assert_eq!(code(&yanhe(&["--help"])), 0);
    let version = yanhe(&["--version"]);
    assert_eq!((code(&version), text(&version.stdout)), (0, format!("yanhe {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn what_cannot_be_opened_ends_with_2() {
    let data = Data::new();
    assert_eq!(code(&yanhe(&["scope", "/nowhere/file.csv", "--kind", "complaints"])), 2);
    let other = data.0.join("text.csv");
    std::fs::write(&other, "a,b\n1,2\n").unwrap();
    assert_eq!(code(&yanhe(&["scope", &other.display().to_string(), "--kind", "complaints"])), 2);
    assert_eq!(code(&yanhe(&["verify", "--data", &data.dir()])), 2);
    // A directory that holds something else is left alone.
    assert_eq!(code(&yanhe(&["figures", "--data", &data.0.display().to_string()])), 2);
    assert!(!data.0.join("yanhe.sqlite3").exists());
}

#[test]
fn every_command_on_a_directory_takes_a_server_and_names_one_that_is_wrong_or_away() {
    let data = Data::new();
    let dir = data.dir();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/宣传活动.xlsx").display().to_string();
    let commands: &[&[&str]] = &[
        &["import", "publicity", &demo, "--data", &dir],
        &["figures", "--data", &dir],
        &["demo", "--data", &dir, "--no-serve"],
        &["generate", "--data", &dir, "--dossiers", "1"],
        &["serve", "--data", &dir, "--listen", "127.0.0.1:0"],
        &["bench", "commands"],
        &["bench", "lists"],
    ];
    // A directory whose database is on a server, as far as one can see.
    let there = Data::with_entries(0, false);
    std::fs::remove_file(there.0.join("data/yanhe.sqlite3")).unwrap();
    let known = there.dir();
    let existing: &[&[&str]] = &[
        &["verify", "--data", &known],
        &["export", "--plain", "--data", &known],
        &["clock", "advance", "--data", &known, "--to", "2030-01-01"],
        &["bench", "lists", "--data", &known],
    ];
    for (url, said) in [
        ("postgres://nobody@%2Fnowhere/none", "the database cannot be reached"),
        ("mysql://localhost/none", "the database's address"),
    ] {
        for command in commands.iter().chain(existing) {
            let output = yanhe(&[*command, &["--database", url]].concat());
            let told = text(&output.stderr);
            assert_eq!(code(&output), 2, "{command:?}: {told}");
            assert!(told.contains(said), "{command:?}: {told}");
        }
        assert!(!Path::new(&dir).exists(), "nothing was made for it");
    }
}

#[test]
fn two_counties_share_a_database_and_their_province_adds_them_up() {
    let (haiyan, qinghu) = (Data::new(), Data::new());
    let database = Cluster::shared().database();
    let on = |args: &[&str]| yanhe(&[args, &["--database", &database]].concat());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (pack, file) = (root.join("packs/qinghu").display().to_string(), root.join("demo/宣传活动.xlsx"));
    let file = file.display().to_string();
    let import = |data: &Data, more: &[&str]| {
        let output = on(&[&["import", "publicity", &file, "--data", &data.dir(), "--json"], more].concat());
        document(&output)
    };
    let there = import(&haiyan, &[]);
    assert!(there["stored"].as_u64().unwrap() > 30, "{there}");
    // The same file in the other county: its organs are others, so nobody knows those of the file.
    let other = import(&qinghu, &["--pack", &pack]);
    assert_eq!((&other["stored"], &other["read"]), (&json!(0), &there["read"]), "{other}");
    let figures = |data: &Data| document(&on(&["figures", "--data", &data.dir(), "--json"]));
    let (one, two) = (figures(&haiyan), figures(&qinghu));
    assert_eq!(two["publicity_events"], 0, "{two}");
    let backwards = on(&["province", "--from", "2022-02-01", "--to", "2022-01-01"]);
    assert_eq!(code(&backwards), 64, "a last day before the first is no period");
    let province = document(&on(&["province", "--json"]));
    assert_eq!((&province["counties"]["haiyan"], &province["counties"]["qinghu"]), (&one, &two));
    for (name, sum) in province["sum"].as_object().unwrap() {
        assert_eq!(sum.as_i64(), Some(one[name].as_i64().unwrap() + two[name].as_i64().unwrap()), "{name}");
    }
    for data in [&haiyan, &qinghu] {
        assert_eq!(code(&on(&["verify", "--data", &data.dir()])), 0);
    }
    // Neither opens what the other one's keys have sealed.
    assert_ne!(
        std::fs::read(haiyan.0.join("data.key/master")).unwrap(),
        std::fs::read(qinghu.0.join("data.key/master")).unwrap()
    );
}

#[test]
fn another_county_has_limits_of_its_own_and_the_rest_of_its_base() {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/qinghu").display().to_string();
    let last = |more: &[&str]| {
        let output = yanhe(&[&["deadline", "letter.send", "--from", "2022-07-01", "--json"], more].concat());
        document(&output)["last_day"].as_str().unwrap().to_owned()
    };
    assert_eq!((last(&[]).as_str(), last(&["--pack", &pack]).as_str()), ("2022-07-06", "2022-07-08"));
    let same = |more: &[&str]| {
        document(&yanhe(&[&["deadline", "confirmation.apply", "--from", "2022-09-01", "--json"], more].concat()))
    };
    assert_eq!(same(&[]), same(&["--pack", &pack]));
}

#[test]
fn a_draft_of_an_agreement_is_looked_through_and_only_what_the_law_forbids_is_a_fault() {
    let data = Data::new();
    let file = data.0.join("agreement.json");
    let check = |draft: &str| {
        std::fs::write(&file, draft).unwrap();
        yanhe(&["check-agreement", &file.display().to_string(), "--json"])
    };
    let clean = check(r#"{"kind":"civil","subject":"买卖","made":"2022-05-01","court":"海盐县人民法院","clauses":[]}"#);
    assert_eq!((code(&clean), document(&clean)), (0, json!({"findings": []})));
    let warned = check(r#"{"kind":"civil","court":"海盐县人民法院","clauses":[{"text":"尽快付款"}]}"#);
    let finding = &document(&warned)["findings"][0];
    assert_eq!((code(&warned), &finding["clause"], &finding["code"]), (0, &json!(1), &json!("vague_word")));
    assert_eq!(finding["severity"], "warn");
    assert!(finding["reason"].is_string() && finding["suggestion"].is_string());
    let forbidden = check(r#"{"kind":"civil","subject":"离婚","court":"海盐县人民法院"}"#);
    assert_eq!(code(&forbidden), 1);
    assert_eq!(code(&check("{")), 2);
    assert_eq!(code(&yanhe(&["check-agreement", "/nowhere/agreement.json"])), 2);
    assert_eq!(code(&yanhe(&["check-agreement"])), 64);
}

#[test]
fn the_vectors_of_the_law_come_out() {
    for (args, last_day) in [
        (&["mediation.period", "--from", "2022-07-01"][..], "2022-08-01"),
        (&["confirmation.apply", "--from", "2022-09-01"], "2022-10-08"),
        (&["mediation.accept", "--from", "2022-01-26"], "2022-02-07"),
        (&["suit.administrative", "--from", "2022-08-31"], "2023-02-28"),
    ] {
        let output = yanhe(&[&["deadline"], args, &["--json"]].concat());
        assert_eq!(code(&output), 0);
        let answer = document(&output);
        assert_eq!(answer["last_day"], last_day, "{args:?}");
        assert_eq!(answer["provisional"], false);
        let mut keys: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["basis", "last_day", "provisional", "steps"]);
        assert!(answer["basis"].is_string() && !answer["steps"].as_array().unwrap().is_empty());
    }
}

#[test]
fn a_limit_without_a_rule_for_the_sector_names_those_that_have_one() {
    let output = yanhe(&["deadline", "mediation.apply", "--from", "2022-07-01", "--json"]);
    assert_eq!(code(&output), 1);
    assert!(output.stdout.is_empty());
    assert!(text(&output.stderr).contains("traffic"));
}

#[test]
fn refused_rows_never_overwrite_the_file_that_they_come_from() {
    let data = Data::new();
    std::fs::create_dir_all(&data.0).unwrap();
    let over = data.0.join("over.csv");
    std::fs::write(&over, "活动名称,机关名称\n普法进村,海盐县司法局\n").unwrap();
    let (file, dir) = (over.display().to_string(), data.dir());
    let other = data.0.join("./over.csv").display().to_string();
    let output = yanhe(&["import", "publicity", &file, "--data", &dir, "--refused", &other]);
    assert_eq!(code(&output), 64);
    assert!(text(&output.stderr).contains("--refused") && text(&output.stderr).contains("覆盖"));
    assert!(std::fs::read_to_string(&over).unwrap().contains("普法进村") && !Path::new(&dir).exists());
}

#[test]
fn a_file_for_refused_rows_that_cannot_be_written_stops_an_import_before_it_stores() {
    let data = Data::new();
    let demo = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo").join(name).display().to_string();
    let (file, dir) = (demo("12345工单导出.csv"), data.dir());
    let nowhere = data.0.join("none/refused.csv").display().to_string();
    let output = yanhe(&["import", "complaints", &file, "--data", &dir, "--refused", &nowhere, "--json"]);
    assert_eq!((code(&output), output.stdout.len()), (2, 0));
    assert!(!Path::new(&dir).exists(), "nothing was made for it");
    let refused = data.0.join("refused.csv");
    let there = refused.display().to_string();
    let output = yanhe(&["import", "complaints", &file, "--data", &dir, "--refused", &there, "--json"]);
    let first = document(&output);
    assert!(code(&output) == 1 && first["stored"].as_u64().unwrap() > 300, "{first}");
    assert!(!std::fs::read(&refused).unwrap().is_empty());
    // Without a refused row it holds the header alone, and nothing of the import before.
    let events = data.0.join("events.csv");
    std::fs::write(&events, "活动名称,机关名称,日期,方式,地点或渠道,受众人数,发放资料份数,备注\n普法进村,海盐县司法局,2022-03-04,线下,沈荡镇,30,60,\n").unwrap();
    let events = events.display().to_string();
    let output = yanhe(&["import", "publicity", &events, "--data", &dir, "--refused", &there, "--json"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stdout));
    let left = std::fs::read_to_string(&refused).unwrap();
    assert!(left.lines().count() == 1 && left.trim_end().ends_with("拒绝原因"), "{left}");
}

#[test]
fn a_demo_is_played_into_a_new_directory_only() {
    let data = Data::new();
    std::fs::create_dir(data.dir()).unwrap();
    assert_eq!(code(&yanhe(&["demo", "--data", &data.dir(), "--no-serve"])), 64);
    assert_eq!(std::fs::read_dir(data.dir()).unwrap().count(), 0);
}

#[test]
fn every_limit_is_listed() {
    let list = document(&yanhe(&["deadline", "--list", "--json"]));
    for id in ["letter.send", "mediation.accept", "confirmation.apply", "objection.interested", "slip.warning"] {
        assert!(list.as_array().unwrap().iter().any(|rule| rule["id"] == id), "{id}");
    }
}

#[test]
fn scope_answers_for_every_row_with_a_number() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/12345工单导出.csv");
    let output = yanhe(&["scope", &file.display().to_string(), "--kind", "complaints", "--json"]);
    assert_eq!(code(&output), 0);
    let text = text(&output.stdout);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() > 300);
    for line in &lines {
        assert!(!line["number"].as_str().unwrap().is_empty());
        let sent = line["send_letter"] == 1;
        assert_eq!(sent, matches!(line["kind"].as_str().unwrap(), "civil" | "administrative"), "{line}");
        assert!(!line["because"].as_array().unwrap().is_empty(), "{line}");
    }
    let refused = lines.iter().find(|line| line["number"] == "HY-BAD-DATE").unwrap();
    assert_eq!(refused["send_letter"], 0);
    assert!(refused["because"][0].as_str().unwrap().starts_with("refused: "));
}

#[test]
fn a_new_directory_has_all_figures_at_nothing_and_is_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let data = Data::new();
    let figures = document(&yanhe(&["figures", "--data", &data.dir(), "--json"]));
    for key in [
        "letters",
        "letter_copies",
        "letters_served",
        "applications",
        "accepted",
        "refused",
        "successful",
        "ended",
        "agreements_effective",
        "performed",
        "confirmations_filed",
        "confirmed",
        "confirmation_rejected",
        "publicity_events",
        "organs",
        "organs_online",
    ] {
        assert_eq!(figures[key], 0, "{key}");
    }
    for dir in [data.0.join("data"), data.0.join("data.key")] {
        assert_eq!(std::fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700, "{}", dir.display());
    }
}

#[test]
fn an_export_has_its_own_record_and_the_fields_in_order() {
    let data = Data::with_entries(1, false);
    let exported = text(&yanhe(&["export", "--plain", "--data", &data.dir()]).stdout);
    let lines: Vec<&str> = exported.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[1].starts_with(r#"{"stream":"audit/export","version":2,"at":""#), "{}", lines[1]);
    let line: Value = serde_json::from_str(lines[1]).unwrap();
    assert_eq!((&line["actor"], &line["type"], &line["body"]), (&json!("admin"), &json!("PlainExported"), &json!({})));
    let at = line["at"].as_str().unwrap();
    assert!(at.len() == "2022-01-04T01:00:00.000000Z".len() && at.ends_with('Z'), "{at}");
}

#[test]
fn without_its_keys_a_directory_is_verified_but_not_opened() {
    let data = Data::with_entries(3, true);
    std::fs::rename(data.0.join("data.key"), data.0.join("elsewhere")).unwrap();
    assert_eq!(verify(&data).0, 0);
    assert_eq!(code(&yanhe(&["export", "--plain", "--data", &data.dir()])), 2);
    assert!(!data.0.join("data.key").exists());
}

#[test]
fn verify_names_stream_version_and_kind() {
    for sealed in [false, true] {
        let data = Data::with_entries(4, sealed);
        let (code, report) = verify(&data);
        assert_eq!((code, &report["ok"], &report["fault"]), (0, &json!(true), &Value::Null));
        assert_eq!(report["heads"].as_str().unwrap().len(), 64);
        for (what, kind) in [
            ("body", "altered"),
            ("actor", "altered"),
            ("time", "altered"),
            ("hash", "altered"),
            ("short-hash", "altered"),
            ("delete", "missing"),
            ("cut", "missing"),
            ("vanish", "missing"),
            ("swap", "reordered"),
            ("add", "altered"),
            ("rewrite", "altered"),
            ("head", "altered"),
            ("no-head", "altered"),
            ("snapshot", "altered"),
            ("positions", "reordered"),
        ] {
            // Before a checkpoint covers them, a whole stream or chain can be exchanged (docs/format.md, section 7).
            if matches!(what, "vanish" | "rewrite") && !sealed {
                continue;
            }
            let copy = data.copy();
            let (stream, version) = tamper(&copy, what);
            let (code, report) = verify(&copy);
            let wanted = json!({"stream": stream, "version": version, "kind": kind});
            assert_eq!((code, &report["ok"]), (1, &json!(false)), "{what}, sealed: {sealed}");
            assert_eq!(report["fault"], wanted, "{what}, sealed: {sealed}");
        }
    }
}

#[test]
fn verify_finds_what_was_done_to_the_log() {
    let data = Data::with_entries(4, true);
    for what in [
        "checkpoint-at",
        "leaf",
        "no-leaf",
        "tile",
        "root",
        "note",
        "no-checkpoint",
        "forget-log",
        "vanish-with-leaves",
    ] {
        let copy = data.copy();
        tamper(&copy, what);
        let (code, report) = verify(&copy);
        assert_eq!((code, &report["fault"]["kind"]), (1, &json!("checkpoint")), "{what}: {report}");
        assert_eq!(report["fault"]["stream"], "yanhe/haiyan", "{what}");
    }
    let copy = data.copy();
    let (stream, version) = tamper(&copy, "cut-with-head");
    assert_eq!(verify(&copy).1["fault"], json!({"stream": stream, "version": version, "kind": "missing"}));
}

#[test]
fn a_journal_written_anew_with_a_key_of_its_own_holds_only_as_long_as_nobody_brings_the_right_key() {
    let data = Data::with_entries(4, true);
    let key = text(&yanhe(&["keys", "log", "--data", &data.dir()]).stdout).trim().to_owned();
    assert!(key.starts_with("yanhe/haiyan+"), "{key}");
    assert!(text(&yanhe(&["keys", "sheet", "--data", &data.dir()]).stdout).contains(&key));
    assert_eq!(verify(&data).1["signer"], "checked");
    let forged = data.copy();
    tamper(&forged, "forge");
    assert_eq!(verify(&forged).1["fault"]["kind"], "checkpoint", "the keys lie beside it");
    let given = |data: &Data| yanhe(&["verify", "--data", &data.dir(), "--json", "--log-key", &key]);
    for copy in [&data, &forged] {
        std::fs::remove_dir_all(copy.0.join("data.key")).unwrap();
        let alone = yanhe(&["verify", "--data", &copy.dir(), "--json"]);
        let (report, said) = (document(&alone), text(&alone.stderr));
        assert_eq!(
            (code(&alone), &report["ok"], &report["signer"]),
            (0, &json!(true), &json!("unchecked")),
            "{report}"
        );
        assert!(said.contains("--log-key"), "{said}");
        assert!(text(&yanhe(&["verify", "--data", &copy.dir()]).stdout).ends_with("\nsigner unchecked\n"));
    }
    let (whole, other) = (given(&data), given(&forged));
    assert_eq!((code(&whole), &document(&whole)["signer"]), (0, &json!("checked")));
    assert!(whole.stderr.is_empty());
    assert_eq!((code(&other), &document(&other)["fault"]["kind"]), (1, &json!("checkpoint")));
}

#[test]
fn verify_finds_a_key_that_is_gone_without_an_erasure() {
    let data = Data::new();
    let roster = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/花名册.xlsx").display().to_string();
    yanhe(&["import", "roster", &roster, "--data", &data.dir()]);
    assert_eq!(verify(&data).0, 0);
    // An import is under a checkpoint when the command ends.
    assert_eq!(count(&data, "unsealed"), 0);
    assert!(count(&data, "checkpoint") > 0);
    let (stream, version) = tamper(&data, "key");
    assert_eq!(verify(&data).1["fault"], json!({"stream": stream, "version": version, "kind": "missing"}));
}

#[test]
fn verify_finds_an_entry_that_was_taken_out_of_the_sealers_sight() {
    let data = Data::with_entries(2, false);
    tamper(&data, "not-waiting");
    assert_eq!(verify(&data).1["fault"]["kind"], "checkpoint");
}

#[test]
fn a_directory_is_verified_while_it_is_served() {
    let data = Data::with_entries(3, false);
    serve(&data, |address| {
        assert!(std::net::TcpStream::connect(address).is_ok());
        for _ in 0..5 {
            assert_eq!(code(&yanhe(&["export", "--plain", "--data", &data.dir()])), 0);
            assert_eq!(verify(&data).0, 0);
        }
    });
    assert_eq!(verify(&data).0, 0);
}

#[test]
fn the_clock_of_production_cannot_be_moved() {
    let data = Data::with_entries(1, false);
    let output = yanhe(&["clock", "advance", "--data", &data.dir(), "--to", "2099-01-01"]);
    assert_eq!(code(&output), 64);
}
