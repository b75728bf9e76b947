//! What an import of the roster brought is taken back while nothing rests on it, and can be brought again.

use jiff::civil::date;
use yanhe_core::batch::{self, Batch, Use};
use yanhe_core::expert::{self, Expert};
use yanhe_core::organ::{self, Organ};
use yanhe_core::policy::Actor;
use yanhe_core::staff::{self, Staff};
use yanhe_core::{Cell, Change, PersonId, Personal, Reason, Refusal, Stream, StreamId, StreamKind, tables};

use crate::world::World;

const CODE: &str = "gongan";

/// Decides, and gives the state after it with what it changes; `open` says the same as `decide`.
fn go<S: Stream<State: Clone>>(
    state: Option<&S::State>,
    command: S::Command,
    context: &S::Context,
) -> Result<(S::State, Vec<Change>), Refusal> {
    let mut world = World::new();
    let id = StreamId::new(StreamKind::Organ, CODE);
    let (act, at) = (S::act(&command), world.now);
    let (decided, _) = world.with_facts(&Actor::admin(), &id, |facts| {
        let open = S::open(state, act, facts, context);
        (open, S::decide(state, command.clone(), facts, context))
    });
    let (open, decided) = decided;
    assert_eq!(open.as_ref().err(), decided.as_ref().err(), "what is shown is what is accepted");
    let mut state = state.cloned();
    let mut changes = Vec::new();
    for event in decided? {
        let after = S::apply(state.take(), &event, at);
        changes.extend(S::project(&id, &after, &event, at));
        state = Some(after);
    }
    Ok((state.expect("an event"), changes))
}

fn organ() -> organ::Command {
    let profile = organ::Profile {
        name: "海盐县公安局".into(),
        phone: "0573-86000001".into(),
        address: "海盐县武原街道".into(),
        brand: None,
        joined_on: Some(date(2022, 1, 1)),
        mediates: true,
    };
    organ::Command::Roster { profile }
}

fn person(text: &str) -> Personal<String> {
    Personal::new(&PersonId("someone".into()), text.to_owned())
}

fn staff() -> staff::Command {
    let profile = staff::Profile {
        person: PersonId("someone".into()),
        body: CODE.into(),
        post: "调解员".into(),
        name: person("孟守和"),
        phone: person("19900007001"),
        document: person("330499198001011235"),
    };
    staff::Command::Roster { profile: Box::new(profile) }
}

/// Is a row taken that gives somebody a post in a body?
fn posted(body: &str, post: &str) -> bool {
    let staff::Command::Roster { mut profile } = staff() else { return false };
    (profile.body, profile.post) = (body.into(), post.into());
    let (mut world, id) = (World::new(), StreamId::new(StreamKind::Staff, "someone"));
    let command = staff::Command::Roster { profile };
    let decide = |facts: &yanhe_core::stream::Facts<'_>| Staff::decide(None, command.clone(), facts, &());
    let (decided, _) = world.with_facts(&Actor::admin(), &id, decide);
    decided.is_ok()
}

#[test]
fn a_body_has_the_posts_of_its_sort_and_no_others() {
    let all = ["经办人", "调解员", "分管负责人", "工作室（司法局）", "督察员", "考核员", "审判员", "书记员"];
    for (body, has) in [("gongan", 0..3), ("county", 0..3), ("sifa", 3..6)] {
        for (n, post) in all.into_iter().enumerate() {
            assert_eq!(posted(body, post), has.contains(&n), "{body} {post}");
        }
    }
    let court = all.map(|post| posted("court", post));
    assert_eq!(court, [false, false, false, true, false, false, true, true]);
    assert!(!posted("nowhere", "经办人"));
}

fn expert() -> expert::Command {
    let profile = expert::Profile {
        person: PersonId("someone".into()),
        name: person("仇望舒"),
        employer: "海盐县人民医院".into(),
        title: "主任医师".into(),
        field: "医疗".into(),
        phone: person("19900007002"),
        term_from: None,
        term_to: None,
        avoids: None,
    };
    expert::Command::Roster { profile: Box::new(profile) }
}

/// The names of the tables in which rows are put, claimed and deleted.
fn tables_of(changes: &[Change]) -> (Vec<&str>, Vec<&str>) {
    let (mut there, mut gone) = (Vec::new(), Vec::new());
    for change in changes {
        match change {
            Change::Put(table, _) | Change::Claim(table, _) => there.push(table.name),
            Change::Delete(table, cells) => {
                assert_eq!(cells.len(), table.key.len());
                assert!(!cells.contains(&Cell::Null), "the row is named");
                gone.push(table.name);
            }
            Change::Tally(_) => {}
        }
    }
    (there, gone)
}

fn counted(changes: &[Change]) -> Vec<(String, i64)> {
    let tallies = changes.iter().filter_map(|change| match change {
        Change::Tally(tally) => Some((tally.mark.clone(), tally.by)),
        _ => None,
    });
    tallies.collect()
}

fn not_now() -> Reason {
    Reason::NotNow { state: "withdrawn".into() }
}

#[test]
fn an_organ_that_is_not_online_is_taken_back_and_rostered_again_and_every_act_counts_once() {
    let none = organ::Context::default();
    let (first, rows) = go::<Organ>(None, organ(), &none).unwrap();
    let mut marks = counted(&rows);
    let (back, rows) = go::<Organ>(Some(&first), organ::Command::Withdraw {}, &none).unwrap();
    assert_eq!(tables_of(&rows), (vec![], vec![tables::ORGAN.name]));
    marks.extend(counted(&rows));
    let again = go::<Organ>(Some(&back), organ::Command::Withdraw {}, &none).unwrap_err();
    assert_eq!(again.reason, Reason::NotFound);
    assert_eq!(go::<Organ>(Some(&back), organ::Command::Onboard {}, &none).unwrap_err().reason, Reason::NotFound);
    // The very same row brings it again.
    let (again, rows) = go::<Organ>(Some(&back), organ(), &none).unwrap();
    assert_eq!(tables_of(&rows), (vec![tables::ORGAN.name], vec![]));
    assert_eq!((again.withdrawn, &again.profile), (false, &first.profile));
    marks.extend(counted(&rows));
    let (_, rows) = go::<Organ>(Some(&again), organ::Command::Withdraw {}, &none).unwrap();
    marks.extend(counted(&rows));
    assert_eq!(marks.iter().map(|(_, by)| by).sum::<i64>(), 0);
    marks.sort();
    marks.dedup_by(|a, b| a.0 == b.0);
    assert_eq!(marks.len(), 4, "each act has a mark of its own: {marks:?}");
}

#[test]
fn an_organ_that_is_online_stays() {
    let complete = organ::Context {
        checklist: organ::Checklist { leader: "staff/a".into(), mediator: "staff/b".into(), scope: 3, seal: true },
    };
    let (first, _) = go::<Organ>(None, organ(), &complete).unwrap();
    let (online, _) = go::<Organ>(Some(&first), organ::Command::Onboard {}, &complete).unwrap();
    assert_eq!(online.checklist.as_ref(), Some(&complete.checklist));
    let refused = go::<Organ>(Some(&online), organ::Command::Withdraw {}, &complete).unwrap_err();
    assert_eq!(refused.reason, Reason::InUse { name: online.profile.name, how: "online".into() });
}

#[test]
fn a_person_who_is_taken_back_leaves_no_row_and_the_stream_ends() {
    let (first, rows) = go::<Staff>(None, staff(), &()).unwrap();
    let (there, _) = tables_of(&rows);
    let (back, rows) = go::<Staff>(Some(&first), staff::Command::Withdraw {}, &()).unwrap();
    assert_eq!(tables_of(&rows), (vec![], there));
    assert_eq!(go::<Staff>(Some(&back), staff(), &()).unwrap_err().reason, not_now());
    assert_eq!(go::<Staff>(Some(&back), staff::Command::Withdraw {}, &()).unwrap_err().reason, not_now());
    assert_eq!(go::<Staff>(None, staff::Command::Withdraw {}, &()).unwrap_err().reason, Reason::NotFound);

    let (first, rows) = go::<Expert>(None, expert(), &()).unwrap();
    let (there, _) = tables_of(&rows);
    let (back, rows) = go::<Expert>(Some(&first), expert::Command::Withdraw {}, &()).unwrap();
    assert_eq!(tables_of(&rows), (vec![], there));
    assert_eq!(go::<Expert>(Some(&back), expert(), &()).unwrap_err().reason, not_now());
    assert_eq!(go::<Expert>(Some(&back), expert::Command::Withdraw {}, &()).unwrap_err().reason, not_now());
    assert_eq!(go::<Expert>(None, expert::Command::Withdraw {}, &()).unwrap_err().reason, Reason::NotFound);
}

/// The reason by which an import stays on which somebody's act rests.
pub fn an_import_in_use() -> String {
    let file = batch::Imported {
        kind: "roster".into(),
        name: "花名册.xlsx".into(),
        sha256: "0".repeat(64),
        read: 1,
        stored: 1,
        updated: 0,
        unchanged: 0,
        refused: 0,
    };
    let record = batch::Command::Record { file, created: Vec::new(), updated: Vec::new() };
    let (state, _) = go::<Batch>(None, record, &batch::Context::default()).unwrap();
    let used = batch::Context { in_use: Some(Use { name: "孟守和".into(), how: "acted" }) };
    let withdraw = || batch::Command::Withdraw { reason: "重复".into() };
    let refused = go::<Batch>(Some(&state), withdraw(), &used).unwrap_err();
    assert_eq!(refused.reason, Reason::InUse { name: "孟守和".into(), how: "acted".into() });
    go::<Batch>(Some(&state), withdraw(), &batch::Context::default()).unwrap();
    serde_json::to_value(&refused.reason).unwrap()["reason"].as_str().unwrap().to_owned()
}

#[test]
fn an_import_on_which_something_rests_stays_and_says_what() {
    assert_eq!(an_import_in_use(), "in_use");
}
