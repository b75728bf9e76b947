//! A new decision of an organ, entered by form: told before, numbered, printed with its letter.

use crate::matters::{BRAWL, DECISION, clerk, rows, state};
use crate::site::{County, ORGAN};
use yanhe_app::import::Kind as File;
use yanhe_core::StreamId;
use yanhe_core::matter::{self};
use yanhe_core::policy::{Actor, Role};
use yanhe_core::scope::Source;
use yanhe_store_read::Page;
use yanhe_store_read::views::matter::MatterFilter;

#[tokio::test]
async fn a_decision_and_its_letter_are_made_in_one_go_and_printed_together() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/decision").await;
    let first = browser.press("/matters/decision", &DECISION).await;
    assert_eq!(first.status, 303, "{}", first.body);
    assert_eq!(browser.press("/matters/decision", &DECISION).await.location, first.location, "a double click");
    let stream = matter::stream(Source::Penalty, "盐市监罚决〔2022〕1号");
    let registered = state(&county, &stream).await;
    assert_eq!(registered.letters.len(), 1);
    let decided = registered.decision.expect("the decision is an event");
    assert_eq!((decided.measure.fine, decided.hearing.said.as_str()), (5_000_000, "stated"));
    let shown = browser.open(&format!("/matter/{}", stream.key())).await;
    assert!(shown.says("作出了处罚决定") && shown.says("饼干是赠品"), "{}", shown.body);
    browser.open("/matters/decision").await;
    let second = browser.press("/matters/decision", &DECISION).await;
    assert!(browser.open(&second.location).await.says("盐市监罚决〔2022〕2号"), "the next one has the next number");
    assert!(browser.open(&first.location).await.says("调告"));
    let run = browser.press(&first.location, &[]).await;
    assert!(run.status == 303 && run.location.starts_with("/print-run/"), "{}", run.body);
    assert_eq!(browser.press(&first.location, &[]).await.location, run.location);
    let pdf = browser.open(&run.location).await;
    assert!(pdf.kind == "application/pdf" && pdf.body.starts_with("%PDF"));
    let letter = registered.letters[0].0.paper.id.clone();
    let standing = async |id: &StreamId| {
        county.app.state::<yanhe_core::paper::Paper>(id).await.unwrap().unwrap().standing().to_owned()
    };
    assert_eq!((standing(&letter).await.as_str(), standing(&decided.paper.id).await.as_str()), ("sent", "sent"));
    // Served once, on the decision: the letter stands on the same proof.
    let serve = format!("/paper/{}/record_service", decided.paper.id.key());
    browser.open(&serve).await;
    let arrived = [("manner", "direct"), ("on", "2022-07-14"), ("served", "yes"), ("receiver", "王镕昇")];
    let served = browser.press(&serve, &arrived).await;
    assert_eq!(served.status, 303, "{}", served.body);
    county.app.run_due().await.unwrap();
    assert_eq!((standing(&letter).await.as_str(), standing(&decided.paper.id).await.as_str()), ("served", "served"));
    let papers = county.app.reader.papers_of_matter(&stream, &Page::first(20)).await.unwrap().rows;
    assert_eq!(papers.iter().filter(|p| p.kind == "proof_of_service").count(), 1);
    // The proof says for what: the same as the one that is printed to be signed.
    let paper = county.app.state::<yanhe_core::paper::Paper>(&decided.paper.id).await.unwrap();
    let (of, approve) = (decided.paper.id.clone(), yanhe_core::paper::Command::ApproveNotice {});
    let admin = Actor::admin();
    let context = <yanhe_core::paper::Paper as yanhe_app::Contextual>::context(
        &county.app,
        &of,
        paper.as_ref(),
        Some(&approve),
        &admin,
        false,
    );
    assert_eq!(context.await.unwrap().cause, "销售不合格食品");
}

#[tokio::test]
async fn a_letter_that_was_handed_over_by_itself_is_not_proved_again_with_its_decision() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/decision").await;
    browser.press("/matters/decision", &DECISION).await;
    let registered = state(&county, &matter::stream(Source::Penalty, "盐市监罚决〔2022〕1号")).await;
    let (letter, decided) = (registered.letters[0].0.paper.id.clone(), registered.decision.unwrap().paper.id);
    let with = async || {
        let paper = county.app.state::<yanhe_core::paper::Paper>(&decided).await.unwrap();
        let (approve, admin) = (yanhe_core::paper::Command::ApproveNotice {}, Actor::admin());
        let context = <yanhe_core::paper::Paper as yanhe_app::Contextual>::context(
            &county.app,
            &decided,
            paper.as_ref(),
            Some(&approve),
            &admin,
            false,
        );
        context.await.unwrap().with
    };
    assert_eq!(with().await.len(), 1);
    let serve = format!("/paper/{}/record_service", letter.key());
    browser.open(&serve).await;
    let arrived =
        [("manner", "direct"), ("on", "2022-07-14"), ("served", "yes"), ("receiver", "王镕昇"), ("handed", "yes")];
    assert_eq!(browser.press(&serve, &arrived).await.status, 303);
    assert!(with().await.is_empty(), "it has its own proof");
}

#[tokio::test]
async fn a_form_that_made_a_decision_makes_no_other_one_and_says_so() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/decision").await;
    assert_eq!(browser.press("/matters/decision", &DECISION).await.status, 303);
    // Back to the form, and another one is typed into it.
    let other = DECISION.map(|(name, value)| match name {
        "subject_name" => (name, "海盐县武原镇另一食品店"),
        "result" => (name, "罚款人民币70000元"),
        "fine" => (name, "70000"),
        _ => (name, value),
    });
    let answer = browser.press("/matters/decision", &other).await;
    assert!(answer.status == 422 && answer.says("盐市监罚决〔2022〕1号"), "{}", answer.body);
    assert!(answer.says("没有再作出另一份"), "{}", answer.body);
    let first = matter::stream(Source::Penalty, "盐市监罚决〔2022〕1号");
    assert!(answer.says(&format!("/matter/{}", first.key())), "and leads to the one that was made");
    assert_eq!(rows(&county, ORGAN, "issued").await.len(), 1);
}

#[tokio::test]
async fn silence_counts_once_the_day_for_an_answer_is_over_and_a_missing_reason_is_asked_for_in_words() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/decision").await;
    let typed = |answered: &'static str, reason: &'static str| {
        DECISION.map(|(name, value)| match name {
            "said" => (name, "nothing"),
            "answered_on" => (name, answered),
            "reason" => (name, reason),
            "result" => (name, "罚款人民币500元"),
            "fine" => (name, "500"),
            _ => (name, value),
        })
    };
    let early = browser.press("/matters/decision", &typed("2022-07-14", "涉及裁量")).await;
    assert!(early.status == 422 && early.says("f-answered_on-error") && early.says("还可以陈述"), "{}", early.body);
    let bare = browser.press("/matters/decision", &typed("2022-07-13", "")).await;
    assert!(bare.status == 422 && bare.says("f-reason-error") && bare.says("与系统的建议不一致"), "{}", bare.body);
    assert_eq!(browser.press("/matters/decision", &typed("2022-07-13", "涉及裁量")).await.status, 303);
}

#[tokio::test]
async fn the_register_of_decisions_goes_on_after_those_that_were_brought_in() {
    let county = County::new().await;
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/双公示-行政处罚.xlsx")).unwrap();
    let admin = Actor::admin();
    county.app.import(&admin, File::Penalties, "双公示.xlsx", &bytes, false, |_, _| ()).await.unwrap();
    let own = MatterFilter { number: Some("盐市监罚决〔2022〕".into()), ..MatterFilter::default() };
    let rows =
        county.app.reader.matters(&yanhe_core::policy::scope(&admin), &own, &Page::first(500)).await.unwrap().rows;
    let serial = |number: &str| number.strip_prefix("盐市监罚决〔2022〕")?.strip_suffix('号')?.parse::<i64>().ok();
    let highest = rows.iter().filter_map(|row| serial(&row.number)).max().expect("there are some");
    let mut browser = clerk(&county).await;
    for n in 1..=2 {
        browser.open("/matters/decision").await;
        let made = browser.press("/matters/decision", &DECISION).await;
        assert_eq!(made.status, 303, "{}", made.body);
        let number = format!("盐市监罚决〔2022〕{}号", highest + n);
        assert!(browser.open(&made.location).await.says(&number), "{number}");
    }
    // The register says which numbers were given elsewhere, and gives its own one after the other.
    let register = matter::decision::register_of(&county.app.pack, ORGAN, 2022);
    let kinds: Vec<String> =
        county.app.reader.entries_of(&register, 0).await.unwrap().into_iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, ["NumbersPassedOver", "NumbersTaken", "NumbersTaken"]);
}

#[tokio::test]
async fn nobody_is_punished_by_form_who_was_not_told() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    let form = browser.open("/matters/decision").await;
    assert!(form.says("第四十四条") && form.says("陈述、申辩"));
    let mut typed = DECISION.to_vec();
    typed.retain(|(name, _)| *name != "told");
    typed.push(("told", "no"));
    let answer = browser.press("/matters/decision", &typed).await;
    assert!(answer.status == 422 && answer.says("id=\"f-told-error\"") && answer.says("第六十二条"), "{}", answer.body);
    assert!(rows(&county, ORGAN, "issued").await.is_empty(), "and nothing is stored");
}

#[tokio::test]
async fn with_a_decision_goes_the_letter_of_whom_it_punishes_and_nobody_elses() {
    let county = County::new().await;
    let police = county.staff("gongan", Role::Clerk).await;
    let mut browser = county.signed_in(&police, "经办").await;
    browser.open("/matters/new").await;
    let page = browser.press("/matters/new", &BRAWL).await.location;
    let stream = matter::stream(Source::Penalty, "盐公(武)行罚决字〔2022〕00318号");
    let (printing, path) = (page.replace("/matter/", "/matters/decision/"), format!("{page}/confirm_letter"));
    let offers = |body: &str| body.contains(&printing);
    browser.open(&path).await;
    let punished = [("to", "subject"), ("channel_subject", "with_decision"), ("reason", "涉及裁量")];
    assert_eq!(browser.press(&path, &punished).await.status, 303);
    browser.open(&path).await;
    assert_eq!(browser.press(&path, &[("to", "affected"), ("channel_affected", "sms")]).await.status, 303);
    let letters = state(&county, &stream).await.letters;
    assert!(offers(&browser.open(&page).await.body));
    browser.open(&printing).await;
    assert_eq!(browser.press(&printing, &[]).await.status, 303);
    let (_, papers) = county.app.decision_run(&police, &stream).await.unwrap();
    assert_eq!(papers, [letters[0].0.paper.clone()], "the punished person's, not the victim's");
    // Where only the victim has one there is nothing to hand over with the decision.
    let other = County::new().await;
    let police = other.staff("gongan", Role::Clerk).await;
    let mut browser = other.signed_in(&police, "经办").await;
    browser.open("/matters/new").await;
    browser.press("/matters/new", &BRAWL).await;
    browser.open(&path).await;
    assert_eq!(browser.press(&path, &[("to", "affected"), ("channel_affected", "sms")]).await.status, 303);
    assert!(!offers(&browser.open(&page).await.body));
    assert!(other.app.decision_run(&police, &stream).await.is_err());
}

#[tokio::test]
async fn a_decision_number_far_behind_the_last_one_is_asked_back_once() {
    let county = County::new().await;
    let mut browser = clerk(&county).await;
    browser.open("/matters/new").await;
    let entered = |number: &'static str| {
        [
            ("source", "penalty"),
            ("number", number),
            ("occurred_on", "2022-07-12"),
            ("category", "发布虚假广告"),
            ("text", "店内发布虚假宣传内容"),
            ("subject_kind", "person"),
            ("subject_name", "谭景行"),
            ("subject_phone", "19900007731"),
            ("result", "罚款"),
            ("fine", "20000"),
        ]
    };
    let asked = browser.press("/matters/new", &entered("盐市监罚决〔2022〕700号")).await.clone();
    assert!(asked.status == 422 && asked.says("f-number-error") && asked.says("是不是写错了"), "{}", asked.body);
    // Another slip is asked about anew; the same number once more is meant.
    browser.page = asked;
    let other = browser.press("/matters/new", &entered("盐市监罚决〔2022〕900号")).await.clone();
    assert!(other.status == 422 && other.says("900号"), "{}", other.body);
    browser.page = other;
    assert_eq!(browser.press("/matters/new", &entered("盐市监罚决〔2022〕900号")).await.status, 303);
    browser.open("/matters/new").await;
    let near = browser.press("/matters/new", &entered("盐市监罚决〔2022〕930号")).await;
    assert_eq!(near.status, 303, "{}", near.body);
}
