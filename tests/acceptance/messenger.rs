//! A county that is no demo begins: its staff sign in by codes that a program of the operator's carries.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::demo::{folder, path, program, repository, run};
use crate::http::Visitor;
use crate::office::member;
use crate::serving::{first_line, terminate};

#[test]
fn the_studio_of_a_new_county_signs_in_by_a_code_that_was_carried_and_brings_an_organ_online() {
    let (dir, carried, script) = (folder().join("begun"), folder().join("carried"), folder().join("carry"));
    let roster = repository().join("demo/花名册.xlsx");
    assert!(run(&["import", "roster", path(&roster), "--data", path(&dir)]).status.code() < Some(2));
    fs::write(&script, format!("#!/bin/sh\ncat >> '{}'\n", carried.display())).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let mut server = Command::new(program())
        .args(["serve", "--data", path(&dir), "--listen", "127.0.0.1:0", "--messenger", path(&script)])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let line = first_line(&mut server).expect("it listens");
    let mut visitor = Visitor::new(line.strip_prefix("listening ").unwrap());

    let studio = member("sifa", "studio");
    let phone = visitor.get("/sign-in").form("/sign-in").set("phone", &studio.phone);
    let asked = visitor.post("/sign-in", &phone.values);
    let message = (0..100).find_map(|_| {
        std::thread::sleep(Duration::from_millis(100));
        let line = fs::read_to_string(&carried).ok().filter(|text| text.ends_with('\n'))?;
        serde_json::from_str::<Value>(line.lines().last()?).ok()
    });
    let message = message.expect("the code is carried");
    assert_eq!((message["to"].as_str(), message["channel"].as_str()), (Some(studio.phone.as_str()), Some("sms")));
    let text = message["text"].as_str().unwrap();
    let code: String = text.split("验证码 ").nth(1).unwrap().chars().take(6).collect();
    let entered = visitor.post("/sign-in/code", &asked.form("/sign-in/code").set("code", &code).values);
    assert_eq!(entered.status, 303, "{}", entered.text());
    let onboard = "/organs/shichang/onboard";
    let organs = visitor.get("/organs");
    assert!(organs.text().contains(&studio.name), "{}", organs.text());
    let asked = visitor.get(onboard);
    assert_eq!(visitor.post(onboard, &asked.form(onboard).values).status, 303);
    // Asked again, the page has nothing left to do for this organ and still something for the others.
    let online = visitor.get("/organs").text();
    assert!(!online.contains(onboard) && online.contains("/onboard"), "{online}");
    terminate(&mut server);
}
