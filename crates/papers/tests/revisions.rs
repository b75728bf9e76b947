//! What a signature or a seal may do to a stored paper: stand after it, and nothing else.

mod common;

use jiff::civil::{DateTime, datetime};
use proptest::prelude::*;
use serde_json::{Value, json};
use yanhe_papers::{Mark, PaperError, Rendered};

use common::{PAPERS, render, sample, samples, tool};

/// The agreement with the places of its signers.
fn agreement() -> Vec<u8> {
    let mut data = sample("agreement");
    for (n, party) in data["parties"].as_array_mut().expect("parties").iter_mut().enumerate() {
        party["sign"] = json!(format!("party/{n}"));
    }
    data["mediator_signs"] = json!(["staff/m"]);
    render("agreement", &data).pdf
}

const AT: DateTime = datetime(2022, 4, 1, 10, 21, 5, 0);

fn signature(place: &str, name: &str, manner: &str) -> Mark {
    let mut data = json!({
        "what": "signature", "name": name, "on": "2022-04-01", "manner": manner, "sha256": "7f3a91c0e2d45b68".repeat(4),
    });
    match manner {
        "code" => data["time"] = json!("10:21"),
        _ => data["attested_by"] = json!("陆喆"),
    }
    Mark { place: place.to_owned(), data, at: AT }
}

fn seal() -> Mark {
    let data = json!({"what": "seal", "on": "2022-04-02", "organ": {"name": "海盐县市场监督管理局"}, "demo": true});
    Mark { place: "seal".to_owned(), data, at: AT }
}

/// All marks of the agreement.
fn marks() -> Vec<Mark> {
    vec![
        signature("party/0", "李𬎆", "code"),
        signature("party/1", "海盐县武原镕昇食品经营部", "hand"),
        signature("staff/m", "沈昇", "code"),
        seal(),
        Mark { place: "effect".to_owned(), data: json!({"what": "effect", "on": "2022-05-09"}), at: AT },
    ]
}

fn text(pdf: &[u8]) -> String {
    let read = String::from_utf8(tool("pdftotext", &["-layout"], pdf, &["-"])).expect("UTF-8");
    read.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The dots of a page, 40 an inch.
fn dots(pdf: &[u8], page: &str) -> Vec<u8> {
    tool("pdftoppm", &["-r", "40", "-f", page, "-l", page], pdf, &[])
}

#[test]
fn what_was_signed_is_the_beginning_of_every_later_file_and_every_file_is_whole() {
    let base = agreement();
    let mut file = base.clone();
    for mark in marks() {
        let next = PAPERS.mark(&file, &mark).expect("marked");
        assert!(next.starts_with(&file) && next.len() > file.len());
        tool("qpdf", &["--check"], &next, &[]);
        assert_eq!(PAPERS.places(&next).expect("readable"), PAPERS.places(&base).expect("readable"));
        file = next;
    }
    assert!(file.starts_with(&base));
    assert!(file.len() < base.len() + 120_000, "a mark is small: {} and {}", base.len(), file.len());
}

#[test]
fn the_same_mark_on_the_same_bytes_gives_the_same_bytes() {
    let base = agreement();
    for mark in marks() {
        assert_eq!(PAPERS.mark(&base, &mark).expect("marked"), PAPERS.mark(&base, &mark).expect("marked again"));
    }
}

#[test]
fn a_signature_can_be_read_with_name_manner_and_what_was_signed() {
    let base = agreement();
    let before = text(&base);
    let signed = text(&PAPERS.mark(&base, &signature("party/0", "李𬎆", "code")).expect("marked"));
    assert_eq!(signed.matches("李𬎆").count(), before.matches("李𬎆").count() + 1);
    assert!(signed.contains("7f3a91c0e2d45b68") && signed.contains("10:21"), "{signed}");
    let marked = PAPERS.mark(&base, &signature("party/0", "李𬎆", "code")).expect("marked");
    let read = String::from_utf8(tool("pdftotext", &["-layout"], &marked, &["-"])).expect("UTF-8");
    assert!(!read.contains("7f3a91c0e2d45b682022"), "it does not run into the date: {read}");
    let attested = text(&PAPERS.mark(&base, &signature("party/1", "王镕昇", "fingerprint")).expect("marked"));
    assert!(attested.contains("捺指印") && attested.contains("见证：陆喆"), "{attested}");
}

/// The places themselves, as a reader of destinations finds them.
fn rect(pdf: &[u8], name: &str) -> [f32; 4] {
    let paper = lopdf::Document::load_mem(pdf).expect("a PDF");
    let wanted = format!("mark:{name}");
    let pairs = paper.objects.values().find_map(|object| {
        let names = object.as_dict().ok()?.get(b"Names").ok()?.as_array().ok()?;
        names.iter().any(|n| n.as_str().is_ok_and(|n| n == wanted.as_bytes())).then_some(names)
    });
    let pairs = pairs.expect("the place is kept");
    let at = pairs.iter().position(|n| n.as_str().is_ok_and(|n| n == wanted.as_bytes())).expect("there");
    let numbers: Vec<f32> =
        pairs[at + 1].as_array().expect("a destination")[2..].iter().map(|n| n.as_float().expect("a number")).collect();
    numbers.try_into().expect("four")
}

#[test]
fn a_mark_changes_only_the_dots_of_its_place() {
    let base = agreement();
    let (wide, high) = (595.2756_f32, 841.8898_f32);
    for mark in marks() {
        let next = PAPERS.mark(&base, &mark).expect("marked");
        assert_eq!(dots(&base, "2"), dots(&next, "2"), "{}: the marks are on the third page", mark.place);
        let (before, after) = (dots(&base, "3"), dots(&next, "3"));
        let mut header = before.splitn(5, |byte| byte.is_ascii_whitespace());
        let mut number = || -> usize {
            std::str::from_utf8(header.next().expect("a header")).ok().and_then(|n| n.parse().ok()).unwrap_or(0)
        };
        let (_, columns, rows) = (number(), number(), number());
        let start = before.len() - columns * rows * 3;
        let [left, bottom, right, top] = rect(&base, &mark.place);
        let mut changed = 0;
        for (n, (a, b)) in before[start..].chunks(3).zip(after[start..].chunks(3)).enumerate() {
            if a != b {
                changed += 1;
                let x = (n % columns) as f32 / columns as f32 * wide;
                let y = high - (n / columns) as f32 / rows as f32 * high;
                assert!(
                    x > left - 3.0 && x < right + 3.0 && y > bottom - 3.0 && y < top + 3.0,
                    "{}: {x} {y}",
                    mark.place
                );
            }
        }
        assert!(changed > 20, "{} is not to be seen", mark.place);
    }
}

#[test]
fn a_mark_is_a_printed_stamp_that_a_screen_reader_names() {
    let file = PAPERS.mark(&agreement(), &seal()).expect("marked");
    let paper = lopdf::Document::load_mem(&file).expect("a PDF");
    let stamp = paper.objects.values().find_map(|o| {
        let dict = o.as_dict().ok()?;
        (dict.get(b"Subtype").ok()?.as_name().ok()? == b"Stamp").then_some(dict)
    });
    let stamp = stamp.expect("a stamp");
    assert_eq!(stamp.get(b"F").and_then(lopdf::Object::as_i64).expect("flags") & 4, 4);
    let told = lopdf::decode_text_string(stamp.get(b"Contents").expect("a text")).expect("text");
    assert_eq!(told, "海盐县市场监督管理局（印章），2022年4月2日");
    let key = stamp.get(b"StructParent").and_then(lopdf::Object::as_i64).expect("it has its place among the tags");
    let tags = paper.catalog().and_then(|root| root.get(b"StructTreeRoot")).and_then(|id| paper.dereference(id));
    let parents = tags.and_then(|(_, tags)| tags.as_dict()?.get(b"ParentTree")).and_then(lopdf::Object::as_dict);
    let numbers = parents.and_then(|tree| tree.get(b"Nums")).and_then(lopdf::Object::as_array).expect("a list");
    let at = numbers.iter().step_by(2).position(|n| n.as_i64().is_ok_and(|n| n == key)).expect("its key");
    let element = numbers[2 * at + 1].as_reference().and_then(|id| paper.get_dictionary(id)).expect("its element");
    assert_eq!(element.get(b"S").and_then(lopdf::Object::as_name).expect("a role"), b"Annot");
}

#[test]
fn papers_that_are_signed_or_sealed_later_keep_a_place_for_everyone() {
    let places = |kind: &str, mut data: Value, list: &str| {
        data["seal"] = json!(false);
        for (n, party) in data[list].as_array_mut().into_iter().flatten().enumerate() {
            party["sign"] = json!(format!("party/{n}"));
        }
        data["mediator_signs"] = json!(["staff/m"]);
        PAPERS.places(&render(kind, &data).pdf).expect("readable")
    };
    assert_eq!(
        places("agreement", sample("agreement"), "parties"),
        ["effect", "party/0", "party/1", "seal", "staff/m"],
    );
    assert_eq!(places("mediation_record", sample("mediation_record"), "present"), ["party/0", "party/1", "staff/m"]);
    assert_eq!(
        places("confirmation_application", sample("confirmation_application"), "applicants"),
        ["party/0", "party/1"],
    );
    for ruling in ["ruling_valid", "ruling_reject"] {
        assert_eq!(places(ruling, sample(ruling), "none"), ["seal"]);
    }
}

#[test]
fn a_mark_without_a_place_and_bytes_that_are_no_paper_are_refused() {
    let nobody = signature("party/9", "王镕昇", "code");
    assert_eq!(PAPERS.mark(&agreement(), &nobody), Err(PaperError::NoPlace("party/9".to_owned())));
    let letter: Rendered = render("guidance_letter", &sample("guidance_letter.complaint_civil"));
    assert_eq!(PAPERS.mark(&letter.pdf, &seal()), Err(PaperError::NoPlace("seal".to_owned())));
    assert!(matches!(PAPERS.mark(b"no paper", &seal()), Err(PaperError::Revision(_))));
    let mut rare = signature("party/0", "王", "code");
    rare.data["name"] = json!("王\u{E863}");
    assert_eq!(PAPERS.mark(&agreement(), &rare), Err(PaperError::MissingGlyph { character: '\u{E863}' }));
}

#[test]
fn a_print_run_shows_the_marks() {
    let mut file = agreement();
    for mark in marks() {
        file = PAPERS.mark(&file, &mark).expect("marked");
    }
    let run = PAPERS.run(&[&file], true).expect("put together");
    tool("qpdf", &["--check"], &run.pdf, &[]);
    assert_eq!(dots(&file, "2"), dots(&run.pdf, "2"));
}

#[test]
fn every_sample_that_keeps_places_begins_with_a_file_that_is_whole() {
    for (name, kind, data) in samples() {
        let pdf = render(&kind, &data).pdf;
        if PAPERS.places(&pdf).expect("readable").is_empty() {
            continue;
        }
        tool("qpdf", &["--check"], &pdf, &[]);
        let info = String::from_utf8(tool("pdfinfo", &[], &pdf, &[])).expect("UTF-8");
        assert!(info.contains("Tagged:          yes"), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_marks_in_any_order_leave_a_whole_file_that_begins_with_what_was_signed(
        order in proptest::collection::vec(0_usize..5, 1..7),
    ) {
        let (base, marks) = (agreement(), marks());
        let mut file = base.clone();
        for n in &order {
            file = PAPERS.mark(&file, &marks[*n]).expect("marked");
        }
        prop_assert!(file.starts_with(&base));
        tool("qpdf", &["--check"], &file, &[]);
        let stamps = lopdf::Document::load_mem(&file).expect("a PDF").objects.values().filter(|o| {
            o.as_dict().is_ok_and(|d| d.get(b"Subtype").and_then(lopdf::Object::as_name).is_ok_and(|n| n == b"Stamp"))
        }).count();
        prop_assert_eq!(stamps, order.len());
    }
}
