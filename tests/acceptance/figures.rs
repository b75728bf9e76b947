//! The figures of the county, counted again from the events by a script in another language.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::demo::{events, folder, json, path, played, repository};

/// Counts again and compares with what the program says for the same days.
fn recount(name: &str, figures: &serde_json::Value, days: &[&str]) -> Output {
    let file = folder().join(name);
    std::fs::write(&file, figures.to_string()).expect("a file for the figures");
    let mut child = Command::new("python3")
        .arg(repository().join("tests/recount/recount.py"))
        .arg(path(&file))
        .args(days)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 starts");
    child.stdin.take().expect("an input").write_all(events().0.as_bytes()).expect("the events are read");
    child.wait_with_output().expect("the recount ends")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn the_published_figures_of_the_county_come_out() {
    let figures = json(0, &["figures", "--data", path(played()), "--json"]);
    let number = |name: &str| figures[name].as_i64().unwrap_or_else(|| panic!("no figure `{name}`"));
    assert_eq!(number("organs_online"), 10);
    assert_eq!(number("organs"), 10);
    assert!(number("letters") > 250, "{figures}");
    assert!(number("publicity_events") > 30, "{figures}");
    // A half year in which everything happens: both kinds of ruling, success and failure, performance and its lack.
    for name in ["refused", "successful", "ended", "confirmed", "confirmation_rejected"] {
        assert!(number(name) > 0, "no `{name}` in {figures}");
    }
    assert!(number("performed") < number("agreements_effective"), "{figures}");
}

#[test]
fn counted_again_from_the_events_alone_every_figure_is_the_same() {
    let whole = json(0, &["figures", "--data", path(played()), "--json"]);
    let output = recount("whole.json", &whole, &[]);
    assert!(output.status.success(), "{}", said(&output));
    let days = ["--from", "2022-03-01", "--to", "2022-04-15"];
    let mut arguments = vec!["figures", "--data", path(played()), "--json"];
    arguments.extend(days);
    let output = recount("spring.json", &json(0, &arguments), &days);
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn the_recount_finds_a_figure_that_is_one_too_high() {
    let mut figures = json(0, &["figures", "--data", path(played()), "--json"]);
    figures["performed"] = (figures["performed"].as_i64().expect("a number") + 1).into();
    let output = recount("wrong.json", &figures, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).starts_with("performed:"), "{}", said(&output));
}
