//! Bad input, sent past the browser: repeated, stale, forged and foreign requests, and bytes that nobody typed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::demo::{json, repository};
use crate::html;
use crate::http::{Answer, Visitor};
use crate::office::{member, text};
use crate::serving::Serving;

const ORGAN: &str = "shichang";

/// Registers a complaint for which a letter is proposed; gives the path of its page.
fn matter(clerk: &mut Visitor, number: &str) -> String {
    let form = clerk.get("/matters/new").form("/matters/new");
    let typed = [
        ("source", "complaint"),
        ("number", number),
        ("category", "投诉"),
        ("text", "在望海楼家具店购买的衣柜送货后发现柜门开裂，商家拒绝退换，要求退款2680元"),
        ("subject_kind", "organisation"),
        ("subject_name", "望海楼家具店"),
        ("complainant_name", "陆清和"),
        ("complainant_phone", "19900007701"),
        ("complainant_address", "海盐县西塘桥街道海湾路8号"),
    ];
    let form = typed.iter().fold(form, |form, (name, value)| form.set(name, value));
    let answer = clerk.post("/matters/new", &form.values);
    assert_eq!(answer.status, 303, "{}", html::words(&answer.text()));
    answer.location
}

fn as_member(serving: &Serving, body: &str, role: &str) -> Visitor {
    let mut visitor = Visitor::new(&serving.address);
    visitor.sign_in(&member(body, role).stream);
    visitor
}

fn letters(data: &str) -> i64 {
    json(0, &["figures", "--data", data, "--json"])["letter_copies"].as_i64().expect("a number")
}

/// Events of the streams of one kind in which a text occurs, by the type of the event.
fn some_case() -> (String, String) {
    // A case that was accepted and has a respondent with a name.
    let events = &crate::demo::events().1;
    let applied = events.iter().find(|e| {
        text(e, "/type") == "Applied" && text(&e["body"], "/organ") == ORGAN && text(&e["body"], "/kind") == "civil"
    });
    let applied = applied.expect("an application");
    let name = text(&applied["body"], "/applicants/0/name/human").to_owned();
    (text(applied, "/stream").trim_start_matches("dossier/").to_owned(), name)
}

#[test]
fn the_same_form_sent_twice_at_once_has_one_effect() {
    let serving = Serving::start();
    let mut clerk = as_member(&serving, ORGAN, "clerk");
    let matter = matter(&mut clerk, "HY202207149902");
    let path = format!("{matter}/confirm_letter");
    let form = clerk.get(&path).form(&path);
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let send = || clerk.twin().post(&path, &form.values);
        let sent: Vec<_> = (0..4).map(|_| scope.spawn(send)).collect();
        sent.into_iter().map(|answer| answer.join().expect("an answer")).collect()
    });
    // Whoever presses twice sees what the first press did; one that came in between is told how things stand.
    for answer in &answers {
        let same = answer.status == 303 && answer.location == matter;
        assert!(same || answer.status == 422, "{}: {}", answer.status, html::words(&answer.text()));
    }
    assert!(answers.iter().any(|answer| answer.status == 303), "nobody is told that it was done");
    // And once more later, as a browser does that is asked to load the answer again.
    assert_eq!(clerk.post(&path, &form.values).location, matter);
    let copy = serving.end();
    assert_eq!(letters(copy.path()), letters(crate::demo::path(crate::demo::played())) + 1);
}

#[test]
fn of_two_who_decide_at_once_the_second_is_told_and_nothing_of_it_is_stored() {
    let serving = Serving::start();
    let mut clerk = as_member(&serving, ORGAN, "clerk");
    let mut leader = as_member(&serving, ORGAN, "leader");
    let matter = matter(&mut clerk, "HY202207149903");
    let (send, decline) = (format!("{matter}/confirm_letter"), format!("{matter}/decline_letter"));
    let sends = clerk.get(&send).form(&send);
    let declines = leader.get(&decline).form(&decline).set("reason", "双方已自行和解");
    assert_eq!(leader.post(&decline, &declines.values).status, 303);
    let answer = clerk.post(&send, &sends.values);
    assert!(matches!(answer.status, 409 | 422), "a stale form is taken: {}", answer.status);
    let page = clerk.get(&matter).text();
    assert!(!html::addresses(&page).iter().any(|(_, to)| to.starts_with("/paper/")), "a letter was issued after all");
}

#[test]
fn a_form_without_the_token_of_the_session_is_refused() {
    let serving = Serving::start();
    let mut clerk = as_member(&serving, ORGAN, "clerk");
    let matter = matter(&mut clerk, "HY202207149904");
    let path = format!("{matter}/confirm_letter");
    let form = clerk.get(&path).form(&path);
    let others = as_member(&serving, ORGAN, "leader").get("/demo").form("/sign-out").value("csrf").to_owned();
    assert_eq!(form.value("csrf").len(), others.len());
    for forged in ["", "x", others.as_str()] {
        assert_eq!(clerk.post(&path, &form.clone().set("csrf", forged).values).status, 403, "`{forged}`");
        assert_eq!(clerk.post("/sign-out", &[("csrf".into(), forged.into())]).status, 403);
        assert_eq!(
            clerk.post("/demo/as", &[("csrf".into(), forged.into()), ("who".into(), "admin".into())]).status,
            403
        );
    }
    assert_eq!(clerk.post(&path, &form.values).status, 303);
}

#[test]
fn another_organs_papers_and_cases_do_not_show_that_they_are_there() {
    let serving = Serving::start();
    let mut clerk = as_member(&serving, ORGAN, "clerk");
    let matter = matter(&mut clerk, "HY202207149905");
    let path = format!("{matter}/confirm_letter");
    let form = clerk.get(&path).form(&path);
    assert_eq!(clerk.post(&path, &form.values).status, 303);
    let page = clerk.get(&matter).text();
    let paper = html::addresses(&page).into_iter().map(|(_, to)| to).find(|to| to.starts_with("/paper/"));
    let paper = paper.expect("a letter");
    let (case, name) = some_case();
    let own = [matter.clone(), paper, format!("/dossier/{case}")];
    for place in &own {
        assert_eq!(clerk.get(place).status, 200, "{place}");
    }
    // A reader with the same post elsewhere, a judge, a party of another case, nobody at all.
    let mut strangers = vec![as_member(&serving, "gongan", "clerk"), as_member(&serving, "gongan", "leader")];
    strangers.push(as_member(&serving, "court", "judge"));
    let other = crate::demo::events().1.iter().find(|e| {
        text(e, "/type") == "Applied" && !text(e, "/stream").ends_with(&case) && text(&e["body"], "/via") == "portal"
    });
    let other = other.expect("another case");
    let mut party = Visitor::new(&serving.address);
    party.sign_in(&format!("party/{}@{}", text(&other["body"], "/applicants/0/person"), text(other, "/stream")));
    strangers.push(party);
    for stranger in &mut strangers {
        for place in own.iter().cloned().chain([
            format!("/dossier/{case}/accept_application"),
            format!("/dossier/{case}/attest_signature"),
            format!("/my/{case}"),
            format!("/my/{case}/sign_agreement"),
        ]) {
            let answer = stranger.get(&place);
            assert!(matches!(answer.status, 403 | 404), "`{place}`: {}", answer.status);
            let said = answer.text();
            assert!(!said.contains(&name) && !said.contains("陆清和"), "`{place}` tells a name");
        }
        let token = stranger.get("/demo").form("/sign-out").value("csrf").to_owned();
        let answer = stranger.post(&format!("/dossier/{case}/close_dossier"), &[("csrf".into(), token)]);
        assert!(matches!(answer.status, 403 | 404), "{}", answer.status);
    }
    let mut nobody = Visitor::new(&serving.address);
    for place in &own {
        let answer = nobody.get(place);
        assert_eq!(answer.status, 303, "`{place}`");
        assert!(answer.location.starts_with("/sign-in?back="), "{}", answer.location);
    }
}

/// Routes of the program, as its source names them, with what may be asked of them.
fn routes(method: &str) -> Vec<String> {
    fn walk(dir: &Path, out: &mut BTreeSet<String>, method: &str) {
        for entry in fs::read_dir(dir).expect("the source").flatten() {
            if entry.path().is_dir() {
                walk(&entry.path(), out, method);
            } else if entry.path().extension().is_some_and(|e| e == "rs") {
                let source = fs::read_to_string(entry.path()).expect("the source");
                for part in source.split(".route(\"").skip(1) {
                    let Some((path, rest)) = part.split_once('"') else { continue };
                    let handlers = rest.split(".route(").next().unwrap_or_default();
                    if handlers.lines().next().is_some_and(|line| line.contains(&format!("{method}("))) {
                        out.insert(path.to_owned());
                    }
                }
            }
        }
    }
    let mut out = BTreeSet::new();
    walk(&repository().join("crates/web/src"), &mut out, method);
    out.into_iter().collect()
}

/// Names of parameters, as the pages' own links and forms use them.
const PARAMETERS: [&str; 23] = [
    "after", "back", "count", "done", "due", "entry", "from", "kind", "lang", "matter", "month", "number", "order",
    "organ", "page", "q", "role", "sort", "source", "state", "to", "trail", "type",
];

/// Bytes that look like chance and are the same in every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.next()).unwrap_or(0) % of.len()]
    }

    /// Percent-encoded bytes, valid text or not.
    fn bytes(&mut self) -> String {
        let count = self.next() % 24;
        (0..count).map(|_| format!("%{:02X}", self.next() % 256)).collect()
    }

    /// Something that a reader of numbers, dates, codes or tables could stumble over.
    fn value(&mut self) -> String {
        const ODD: [&str; 16] = [
            "",
            "0",
            "-1",
            "9223372036854775808",
            "1e999",
            "2022-02-30",
            "0000-00-00",
            "99999-01-01",
            "%00",
            "%FF%FE",
            "..%2F..%2Fetc%2Fpasswd",
            "'%20OR%20'1'='1",
            "%F0%A0%AE%B7",
            "null",
            "%0d%0aSet-Cookie:%20a=b",
            "[]",
        ];
        match self.next() % 3 {
            0 => self.bytes(),
            1 => self.pick(&ODD).to_owned(),
            _ => "长".repeat(300).bytes().map(|b| format!("%{b:02X}")).collect(),
        }
    }
}

/// Everybody who can be signed in, and nobody.
fn everybody(serving: &Serving) -> Vec<Visitor> {
    let (case, _) = some_case();
    let mut all = vec![Visitor::new(&serving.address)];
    for (body, role) in [(ORGAN, "clerk"), (ORGAN, "leader"), ("court", "judge")] {
        all.push(as_member(serving, body, role));
    }
    for who in ["admin".to_owned(), format!("party/{}@dossier/{case}", some_person(&case))] {
        let mut visitor = Visitor::new(&serving.address);
        visitor.sign_in(&who);
        all.push(visitor);
    }
    all
}

fn some_person(case: &str) -> String {
    let stream = format!("dossier/{case}");
    let applied = crate::demo::events().1.iter().find(|e| text(e, "/stream") == stream);
    text(&applied.expect("a case")["body"], "/applicants/0/person").to_owned()
}

/// No answer of the program is its own fault, and none leads elsewhere.
fn sound(answer: &Answer, asked: &str) {
    assert!(answer.status < 500, "{} for `{asked}`", answer.status);
    assert!(!answer.location.starts_with("//") && !answer.location.contains("://"), "`{asked}` -> {}", answer.location);
}

fn noise(rounds: usize) {
    let serving = Serving::start();
    let (gets, posts) = (routes("get"), routes("post"));
    assert!(gets.len() > 30 && posts.len() > 20, "the routes were not read: {gets:?} {posts:?}");
    let (case, _) = some_case();
    let mut noise = Noise(1);
    for visitor in &mut everybody(&serving) {
        for route in &gets {
            for round in 0..rounds {
                let mut path = route.clone();
                while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
                    // A key that is there, one that could be, and one that cannot.
                    let key = match noise.next() % 3 {
                        0 => case.clone(),
                        1 => "7025abef51113e13e931228114717f00".to_owned(),
                        _ => noise.value(),
                    };
                    path.replace_range(from..=to, &key);
                }
                let query: Vec<String> = match round {
                    0 => PARAMETERS.iter().map(|name| format!("{name}={}", noise.value())).collect(),
                    _ => (0..3).map(|_| format!("{}={}", noise.pick(&PARAMETERS), noise.value())).collect(),
                };
                let asked = format!("{path}?{}", query.join("&"));
                sound(&visitor.get(&asked), &asked);
            }
        }
        for route in &posts {
            let path = route.split('/').map(|part| if part.starts_with('{') { case.as_str() } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            for media in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"] {
                let body = [noise.value(), noise.bytes(), noise.value()].join("=");
                sound(&visitor.post_raw(&path, media, &body), &path);
            }
        }
    }
}

#[test]
fn no_bytes_in_an_address_or_a_form_are_a_fault_of_the_program() {
    noise(2);
}

#[test]
#[ignore = "long: many rounds"]
fn no_bytes_in_many_rounds_are_a_fault_of_the_program() {
    noise(40);
}
