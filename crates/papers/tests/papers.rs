//! What every paper of the pack promises, on the pack's own samples.
//!
//! The golden files under `tests/golden` are the text of each sample as `pdftotext -layout` reads it, and its pages as pictures
//! (`zcat NAME.pgm.gz | display`); `UPDATE_GOLDEN=1` writes them anew. Where poppler-utils or qpdf are missing the test fails and says so: an unread paper is not proven.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::{Compression, read};
use serde_json::{Value, json};
use yanhe_papers::{PaperError, Papers, Rendered};

use common::{PAPERS, ROOT, date, papers_with, render, sample, samples, tool};

fn text(paper: &Rendered) -> String {
    String::from_utf8(tool("pdftotext", &["-layout"], &paper.pdf, &["-"])).expect("UTF-8")
}

/// The text without blanks and line ends, to look for sentences in.
fn words(paper: &Rendered) -> String {
    text(paper).chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn every_kind_has_a_sample_and_every_sample_reads_as_its_golden_text() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let samples = samples();
    let mut faults = Vec::new();
    for (name, kind, data) in &samples {
        let read = text(&render(kind, data));
        let file = golden.join(format!("{name}.txt"));
        if update {
            fs::write(&file, &read).expect("golden files can be written");
        } else if fs::read_to_string(&file).ok().as_deref() != Some(read.as_str()) {
            faults.push(name.clone());
        }
    }
    assert!(faults.is_empty(), "these differ from tests/golden (UPDATE_GOLDEN=1 rewrites them): {faults:?}");
    let without: Vec<_> =
        PAPERS.kinds().into_iter().filter(|kind| !samples.iter().any(|(_, of, _)| of == kind)).collect();
    assert!(without.is_empty(), "kinds without a sample: {without:?}");
}

/// Every text of a sample's data.
fn texts(data: &Value) -> Vec<&str> {
    match data {
        Value::String(text) => vec![text],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::Object(all) => all.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn what_a_paper_says_is_read_from_its_bytes_and_nothing_else() {
    let mut read = 0;
    for (name, kind, data) in samples() {
        let paper = render(&kind, &data);
        let shown = words(&paper);
        for text in texts(&data) {
            let solid: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            let says = yanhe_papers::says(&paper.pdf, text).expect("a paper");
            assert!(says || !shown.contains(&solid), "{name} does not say: {text}");
            read += usize::from(says && solid.chars().count() > 1);
        }
        for never in ["人民币壹仟万元整", "支付15000元", "does not stand there"] {
            assert!(!yanhe_papers::says(&paper.pdf, never).expect("a paper"), "{name} says: {never}");
        }
        assert!(yanhe_papers::made_here(&paper.pdf), "{name}");
    }
    assert!(read > 300, "{read}");
    assert!(yanhe_papers::says(b"no paper", "no paper").is_err());
    let run = PAPERS.run(&[render("agreement", &sample("agreement")).pdf], false).expect("a run").pdf;
    assert!(!yanhe_papers::made_here(&run) && !yanhe_papers::made_here(b"\x89PNG"), "another file is no paper of ours");
}

#[test]
fn the_same_input_gives_the_same_bytes_also_from_papers_built_anew() {
    let again = papers_with(BTreeMap::new());
    for (name, kind, data) in samples() {
        let first = render(&kind, &data);
        assert!(first == again.render(&kind, &data, date(&data)).expect("renders"), "{name} differs");
    }
}

#[test]
fn every_paper_says_it_is_pdf_a_2a_and_pdf_ua_1_and_is_whole() {
    for (_, kind, data) in samples() {
        let paper = render(&kind, &data);
        let info = String::from_utf8(tool("pdfinfo", &[], &paper.pdf, &[])).expect("UTF-8");
        assert!(info.contains("Tagged:          yes"), "{info}");
        assert!(info.contains(&format!("Pages:           {}", paper.pages)), "{info}");
        let metadata = String::from_utf8(tool("pdfinfo", &["-meta"], &paper.pdf, &[])).expect("UTF-8");
        for mark in ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"] {
            assert!(metadata.contains(mark), "{kind} lacks {mark}");
        }
        tool("qpdf", &["--check"], &paper.pdf, &[]);
    }
}

#[test]
fn a_character_without_a_glyph_is_refused_by_name_wherever_it_stands() {
    // A private-use character: it has a number and, by definition, no shape.
    let refused = Err(PaperError::MissingGlyph { character: '\u{E863}' });
    for pointer in ["/addressee/name", "/matter/summary", "/organ/name", "/basis/0"] {
        let mut data = sample("guidance_letter.penalty_administrative");
        *data.pointer_mut(pointer).expect("the field is there") = json!("王\u{E863}");
        let got = PAPERS.render("guidance_letter", &data, date(&data));
        assert_eq!(got, refused, "{pointer}");
    }
    assert_eq!(PAPERS.first_missing("王\u{E863}"), Some('\u{E863}'));
    assert_eq!(PAPERS.first_missing("王 爱新觉罗·玥祎 O'Brien-Müller\n"), None);
}

#[test]
fn a_character_without_a_glyph_in_the_template_itself_is_refused_too() {
    let template = "#set document(title: \"t\", date: datetime.today())\n#set text(lang: \"zh\")\n= 王\u{E863}\n";
    let papers = papers_with(BTreeMap::from([("bad.typ".to_owned(), template.to_owned())]));
    let got = papers.render("bad", &json!({}), jiff::civil::date(2022, 3, 16));
    assert_eq!(got, Err(PaperError::MissingGlyph { character: '\u{E863}' }));
}

#[test]
fn the_fonts_have_every_character_of_the_general_standard_table() {
    let table = fs::read_to_string(ROOT.join("assets/fonts/general-standard-characters.txt")).expect("the table");
    assert_eq!(table.trim_end().chars().count(), 8105);
    assert_eq!(PAPERS.first_missing(&table), None);
}

#[test]
fn rare_names_stand_on_the_letter_as_typed() {
    for name in ["李𬎆", "欧阳䶮", "王镕昇", "周𫖯", "爱新觉罗·玥祎", "O'Brien Zoë", "Nguyễn Thị Phượng"]
    {
        let mut data = sample("guidance_letter.complaint_civil");
        data["addressee"]["name"] = json!(name);
        let bare: String = name.chars().filter(|c| *c != ' ' && *c != '\'').collect();
        // Typography makes a typed apostrophe round; the letters are what counts.
        let read: String = words(&render("guidance_letter", &data)).replace(['\'', '’'], "");
        assert!(read.contains(&bare), "{name} in {read}");
    }
}

#[test]
fn the_letter_stays_on_one_page_for_a_name_of_forty_characters_and_four_limits() {
    let longest = sample("guidance_letter.longest");
    assert!(longest["addressee"]["name"].as_str().expect("a name").chars().count() >= 40);
    for trigger in ["penalty", "inspection", "complaint"] {
        // A labour letter has one limit and that of a road accident two, and more to say about them.
        for (kind, limit, limits) in [
            ("civil", "", 4),
            ("administrative", "", 4),
            ("civil", "arbitration.labour", 1),
            ("civil", "mediation.apply", 2),
        ] {
            let mut data = longest.clone();
            data["trigger"] = json!(trigger);
            data["kind"] = json!(kind);
            data["limits"].as_array_mut().expect("limits").truncate(limits);
            data["limits"][limits - 1]["id"] = json!(limit);
            assert_eq!(render("guidance_letter", &data).pages, 1, "{trigger}, {kind}, {limit}");
        }
    }
}

#[test]
fn the_first_sentence_of_every_letter_says_voluntary_free_and_whom_to_call() {
    for (name, kind, data) in samples().into_iter().filter(|(_, kind, _)| kind == "guidance_letter") {
        let read = words(&render(&kind, &data));
        let (_, after) = read.split_once("：").expect("the addressee");
        let first = after.split('。').next().expect("a sentence");
        let phone = data["organ"]["phone"].as_str().expect("a telephone");
        assert!(first.contains("自愿") && first.contains("不收任何费用") && first.contains(phone), "{name}: {first}");
        let code = data["code"].as_str().expect("a code");
        assert!(read.contains(code), "{name} lacks the code");
    }
}

#[test]
fn a_civil_letter_says_limitation_is_interrupted_and_an_administrative_one_that_nothing_is_stopped() {
    let civil = words(&render("guidance_letter", &sample("guidance_letter.complaint_civil")));
    assert!(civil.contains("诉讼时效中断") && civil.contains("司法确认") && !civil.contains("行政复议"));
    assert!(!civil.contains("暂算"), "no day is given");
    let counted = words(&render("guidance_letter", &sample("guidance_letter.inspection_civil")));
    assert!(counted.contains("暂自2022年3月10日起算") && counted.contains("第一百八十八条"));
    assert!(
        counted.contains("那一天更早的，最后一日也更早"),
        "limitation begins with knowing, not with the organ's paper"
    );
    let labour = words(&render("guidance_letter", &sample("guidance_letter.complaint_labour")));
    assert!(labour.contains("仲裁时效中断") && labour.contains("第二十七条") && labour.contains("先申请劳动仲裁"));
    assert!(!labour.contains("诉讼时效"), "wages go to arbitration before they go to court");
    let traffic = words(&render("guidance_letter", &sample("guidance_letter.complaint_traffic")));
    assert!(
        traffic.contains("诉讼时效中断") && traffic.contains("十日内提出书面申请") && traffic.contains("第九十四条")
    );
    assert!(!civil.contains("事故认定书") && !counted.contains("事故认定书"), "of an accident alone");
    let letter = words(&render("guidance_letter", &sample("guidance_letter.penalty_administrative")));
    assert!(letter.contains("不停止、不延长申请行政复议") && letter.contains("2022年5月13日"));
    assert!(!letter.contains("时效中断") && !letter.contains("司法确认"));
}

#[test]
fn an_acceptance_tells_of_consent_of_mediators_and_of_the_period_what_is_so() {
    let civil = words(&render("acceptance_notice", &sample("acceptance_notice")));
    assert!(civil.contains("各方当事人同意调解，符合受理条件") && civil.contains("沈昇。您认为"));
    assert!(civil.contains("鉴定所需的时间") && !civil.contains("延长一次"), "its sector knows no extension");
    // The organ is the other side, which nobody asks; and no mediator is named yet.
    let organ = words(&render("acceptance_notice", &sample("acceptance_notice.administrative")));
    assert!(!organ.contains("同意调解") && organ.contains("经审查，符合受理条件"));
    assert!(organ.contains("调解员确定后另行通知您。您认为") && organ.contains("可以延长一次"));
}

#[test]
fn an_oral_application_tells_of_the_other_side_and_of_limits_what_is_so() {
    let civil = words(&render("oral_application", &sample("oral_application")));
    assert!(civil.contains("对方不同意的，不能调解") && civil.contains("民事诉讼时效2025年3月17日"));
    assert!(!civil.contains("行政复议的期限"));
    let organ = words(&render("oral_application", &sample("oral_application.administrative")));
    assert!(!organ.contains("对方不同意") && organ.contains("不停止、不延长申请行政复议和提起行政诉讼的期限"));
    assert!(organ.contains("申请行政复议2022年5月13日"));
    assert!([civil, organ].iter().all(|told| told.contains("□当面") && told.contains("□电话")), "ticked by hand");
}

#[test]
fn every_page_of_a_demo_says_so_at_head_and_foot_and_no_other_page_does() {
    for (name, kind, mut data) in samples() {
        for demo in [true, false] {
            data["demo"] = json!(demo);
            let read = text(&render(&kind, &data)).replace(' ', "");
            for page in read.split('\u{c}').filter(|page| !page.trim().is_empty()) {
                assert_eq!(page.matches("演示DEMO").count(), if demo { 2 } else { 0 }, "{name}");
            }
        }
    }
}

/// The alternative texts of the pictures, as a screen reader would say them.
fn alternatives(pdf: &[u8]) -> Vec<String> {
    let document = lopdf::Document::load_mem(pdf).expect("a PDF");
    let texts = document.objects.values().filter_map(|object| object.as_dict().ok()?.get(b"Alt").ok()?.as_str().ok());
    texts
        .map(|bytes| match bytes.strip_prefix(&[0xFE, 0xFF]) {
            Some(wide) => {
                let units: Vec<u16> = wide.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
                String::from_utf16(&units).expect("UTF-16")
            }
            None => String::from_utf8(bytes.to_vec()).expect("ASCII"),
        })
        .collect()
}

#[test]
fn a_court_seals_with_its_own_seal_an_organ_with_its_own_and_a_party_with_none() {
    let by_court = ["ruling_valid", "ruling_reject", "docket_notice"];
    let by_party = [
        "application",
        "oral_application",
        "confirmation_application",
        "mediation_record",
        "followup_record",
        "service_address",
    ];
    for (name, kind, mut data) in samples() {
        data["seal"] = json!(true);
        let owner = if by_court.contains(&kind.as_str()) { "court" } else { "organ" };
        let wanted = if by_party.contains(&kind.as_str()) {
            vec![]
        } else {
            vec![format!("{}（印章）", data[owner]["name"].as_str().expect("a name"))]
        };
        let mut seals = alternatives(&render(&kind, &data).pdf);
        seals.retain(|text| text.ends_with("（印章）"));
        assert_eq!(seals, wanted, "{name}");
        data["seal"] = json!(false);
        let unsealed = alternatives(&render(&kind, &data).pdf);
        assert!(unsealed.iter().all(|text| !text.ends_with("（印章）")), "{name} is sealed against its data");
    }
}

/// A box of `pdftotext -bbox`: left, top, right, bottom in points from the page's upper left corner.
fn boxes(pdf: &[u8]) -> Vec<Vec<([f64; 4], String)>> {
    let html = String::from_utf8(tool("pdftotext", &["-bbox"], pdf, &["-"])).expect("UTF-8");
    html.split("<page ")
        .skip(1)
        .map(|page| {
            page.lines()
                .filter_map(|line| line.trim().strip_prefix("<word "))
                .map(|word| {
                    let value = |name: &str| -> f64 {
                        let rest = word.split_once(&format!("{name}=\"")).expect("a box").1;
                        rest.split('"').next().expect("closed").parse().expect("a number")
                    };
                    let inner = word.split_once('>').expect("a tag").1.split('<').next().expect("text");
                    ([value("xMin"), value("yMin"), value("xMax"), value("yMax")], inner.to_owned())
                })
                .collect()
        })
        .collect()
}

const MM: f64 = 72.0 / 25.4;

#[test]
fn a_full_page_holds_22_lines_of_28_characters_inside_156_by_225_mm() {
    let template = concat!(
        "#import \"lib.typ\": *\n#show: sheet.with(json(\"data.json\"), \"版心\")\n",
        "#set par(first-line-indent: 0pt)\n#(\"国\" * 28 * 22 * 2)\n"
    );
    let papers = papers_with(BTreeMap::from([("grid.typ".to_owned(), template.to_owned())]));
    let data = json!({"organ": {"name": "海盐县司法局"}});
    let paper = papers.render("grid", &data, jiff::civil::date(2022, 3, 16)).expect("renders");
    assert_eq!(paper.pages, 2);
    for (number, page) in boxes(&paper.pdf).into_iter().enumerate() {
        let lines: Vec<_> = page.iter().filter(|(_, word)| word.starts_with('国')).collect();
        assert_eq!(lines.len(), 22);
        assert!(lines.iter().all(|(_, word)| word.chars().count() == 28));
        // The binding edge is left on odd pages and right on even ones.
        let left = if number % 2 == 0 { 28.0 } else { 26.0 };
        for ([x0, _, x1, _], _) in &lines {
            assert!((x0 / MM - left).abs() < 1.0 && (x1 / MM - left - 156.0).abs() < 1.0, "{x0} {x1}");
        }
        // A box of text reaches over the ink, so the pitch is what is measured, and where the first line begins.
        let (top, bottom) = (lines[0].0, lines[21].0);
        assert!(((bottom[1] - top[1]) / 21.0 - 225.0 * MM / 22.0).abs() < 0.05);
        assert!((top[1] / MM - 37.0).abs() < 2.0 && bottom[1] / MM + 16.0 / MM < 262.0 + 1.0, "{top:?} {bottom:?}");
        let (number_box, _) = page.iter().find(|(_, word)| *word == (number + 1).to_string()).expect("a page number");
        assert!(number_box[1] / MM > 262.0, "the page number stands under the text");
        assert_eq!(number_box[0] / MM > 105.0, number % 2 == 0, "outside: right on odd pages, left on even ones");
    }
}

/// The pages as grey values, 36 dots an inch, one behind the other: small differences of the rasteriser vanish, a moved seal
/// or another line does not.
fn pictures(pdf: &[u8]) -> Vec<u8> {
    tool("pdftoppm", &["-r", "36", "-gray"], pdf, &[])
}

/// What a reader gives; nothing when it breaks off.
fn all(mut from: impl Read) -> Vec<u8> {
    let mut out = Vec::new();
    from.read_to_end(&mut out).map_or_else(|_| Vec::new(), |_| out)
}

/// Do two papers of so many pages look different? Another version of the rasteriser moves an edge here and there: up to one
/// dot in two thousand of a page.
fn differ(one: &[u8], other: &[u8], pages: usize) -> bool {
    let page = one.len() / pages;
    let far = |(a, b): (&[u8], &[u8])| a.iter().zip(b).filter(|(a, b)| a.abs_diff(**b) > 64).count() * 2000 > page;
    one.len() != other.len() || one.chunks(page).zip(other.chunks(page)).any(far)
}

#[test]
fn every_sample_looks_as_its_golden_pictures_and_as_no_other_sample() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut faults = Vec::new();
    let mut others = Vec::<(String, Vec<u8>)>::new();
    for (name, kind, data) in samples() {
        let paper = render(&kind, &data);
        let seen = pictures(&paper.pdf);
        let file = golden.join(format!("{name}.pgm.gz"));
        if update {
            let packed = all(read::GzEncoder::new(seen.as_slice(), Compression::best()));
            fs::write(&file, packed).expect("golden files can be written");
        }
        let wanted = all(read::GzDecoder::new(fs::read(&file).unwrap_or_default().as_slice()));
        if differ(&seen, &wanted, paper.pages) {
            faults.push(name.clone());
        }
        let same = others.iter().filter(|(_, other)| !differ(&seen, other, paper.pages));
        faults.extend(same.map(|(other, _)| format!("{name} as {other}")));
        others.push((name, seen));
    }
    assert!(faults.is_empty(), "different (UPDATE_GOLDEN=1 rewrites them), or as another: {faults:?}");
}

#[test]
fn a_run_holds_every_page_of_every_paper_in_order() {
    let papers: Vec<Rendered> = samples().into_iter().map(|(_, kind, data)| render(&kind, &data)).collect();
    let files: Vec<&[u8]> = papers.iter().map(|paper| paper.pdf.as_slice()).collect();
    let run = PAPERS.run(&files, false).expect("stored papers can be read");
    assert_eq!(run.pages, papers.iter().map(|paper| paper.pages).sum::<usize>());
    assert_eq!(text(&run), papers.iter().map(text).collect::<String>());
    tool("qpdf", &["--check"], &run.pdf, &[]);
    assert_eq!(run, PAPERS.run(&files, false).expect("again"), "the same papers give the same run");
}

#[test]
fn a_run_for_both_sides_begins_every_paper_on_a_fresh_sheet() {
    let one = render("guidance_letter", &sample("guidance_letter.complaint_civil"));
    let two = render("agreement", &sample("agreement"));
    assert_eq!((one.pages, two.pages), (1, 3));
    let run = PAPERS.run(&[&one.pdf, &two.pdf, &one.pdf], true).expect("readable");
    assert_eq!(run.pages, 8);
    let read = text(&run);
    let pages: Vec<&str> = read.split('\u{c}').collect();
    assert!(pages[0].contains("告知引导书") && pages[1].trim().is_empty());
    assert!(pages[2].contains("调解协议书") && pages[6].contains("告知引导书"));
    tool("qpdf", &["--check"], &run.pdf, &[]);
}

#[test]
fn a_run_of_nothing_or_of_a_broken_file_is_refused_naming_it() {
    let good = render("void_notice", &sample("void_notice")).pdf;
    assert_eq!(PAPERS.run::<Vec<u8>>(&[], false), Err(PaperError::EmptyRun));
    let broken = PAPERS.run(&[good, b"no paper".to_vec()], false);
    assert!(matches!(broken, Err(PaperError::Run { index: 1, .. })), "{broken:?}");
}

#[test]
fn unknown_kinds_bad_names_and_bad_fonts_are_refused() {
    let day = jiff::civil::date(2022, 3, 16);
    for kind in ["", "nothing", "lib.typ", "../lib", "/lib", "告知引导书"] {
        assert_eq!(PAPERS.render(kind, &json!({}), day), Err(PaperError::UnknownKind(kind.to_owned())));
    }
    let bad_name = Papers::new(BTreeMap::from([("../x.typ".to_owned(), String::new())]), Vec::new());
    assert_eq!(bad_name.err(), Some(PaperError::TemplateName("../x.typ".to_owned())));
    assert_eq!(Papers::new(BTreeMap::new(), vec![b"no font".to_vec()]).err(), Some(PaperError::Font(0)));
    let too_little = PAPERS.render("guidance_letter", &json!({"organ": {"name": "海盐县司法局"}}), day);
    assert!(matches!(too_little, Err(PaperError::Template { .. })), "{too_little:?}");
}

#[test]
fn text_from_a_form_is_never_markup() {
    let mut data = sample("application");
    let typed = "#panic() *星号* $x$ = 标题 @引用 <b> // 注释";
    data["facts"] = json!(typed);
    let read = words(&render("application", &data));
    let wanted: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(read.contains(&wanted), "{read}");
}

#[test]
fn a_seal_or_a_signature_never_stands_alone_on_a_page() {
    // GB/T 9704-2012, 7.3.5.4: at least the last words stand with it, however long the paper is.
    let ends = [
        ("penalty_decision", "/facts", "不停止执行"),
        ("agreement", "/facts", "具有同等效力"),
        ("ruling_valid", "/cause", "发生法律效力"),
        ("ruling_reject", "/cause", "发生法律效力"),
    ];
    for (kind, pointer, last_words) in ends {
        let mut pages = Vec::new();
        for lines in (0..48).step_by(6) {
            let mut data = sample(kind);
            let field = data.pointer_mut(pointer).expect("the field is there");
            let more = "经查，当事人的陈述和在案的材料能够相互印证。".repeat(lines);
            *field = json!(format!("{}{more}", field.as_str().unwrap_or_default()));
            let paper = render(kind, &data);
            let page = paper.pages.to_string();
            let last = tool("pdftotext", &["-layout", "-f", page.as_str(), "-l", page.as_str()], &paper.pdf, &["-"]);
            let last: String = String::from_utf8(last).expect("UTF-8").chars().filter(|c| !c.is_whitespace()).collect();
            assert!(last.contains(last_words), "{kind} with {lines} more lines ends on `{last}`");
            pages.push(paper.pages);
        }
        assert!(pages.iter().max() > pages.iter().min(), "{kind} never ran over: {pages:?}");
    }
}

#[test]
fn a_paper_does_not_say_what_nobody_entered() {
    let mut decision = sample("penalty_decision");
    assert!(!words(&render("penalty_decision", &decision)).contains("没有提出陈述、申辩"));
    decision["hearing"] = json!("已告知当事人，当事人没有提出陈述、申辩。");
    assert!(words(&render("penalty_decision", &decision)).contains("没有提出陈述、申辩"));

    let mut application = sample("application");
    assert!(words(&render("application", &application)).contains("没有提起诉讼"));
    application["other_proceedings"] = json!("已向法院起诉");
    assert!(words(&render("application", &application)).contains("已经提起的其他程序：已向法院起诉。"));
    application["other_proceedings"] = Value::Null;
    assert!(!words(&render("application", &application)).contains("就同一纠纷"));

    // A proof of service that is still to be filled in by hand is neither dated nor sealed.
    let mut proof = sample("proof_of_service");
    let served = render("proof_of_service", &proof).pdf.len();
    proof["served_at"] = Value::Null;
    assert!(render("proof_of_service", &proof).pdf.len() < served);
    // What it has not is left out, or said to be missing: no row stands empty as if it had been forgotten.
    assert!(words(&render("proof_of_service", &proof)).contains("编号"));
    proof["number"] = Value::Null;
    proof["place"] = Value::Null;
    let bare = words(&render("proof_of_service", &proof));
    assert!(!bare.contains("编号") && bare.contains("未登记，送达时填写"), "{bare}");

    // What was recorded stands apart from the places where somebody signs: nobody signed by being recorded.
    let mut proof = sample("proof_of_service");
    (proof["place"], proof["receiver"], proof["relation"]) = (Value::Null, json!("沈某"), json!("店员"));
    let text = words(&render("proof_of_service", &proof));
    let (receiver, own) = (text.find("沈某（店员）").unwrap(), text.find("受送达人签名").unwrap());
    assert!(receiver < own && text.matches("沈某").count() == 1 && !text.contains("送达时填写"), "{text}");
    // Nobody signs for a message, and nobody refuses it.
    proof["unsigned"] = json!("短信送达，无需签名");
    let text = words(&render("proof_of_service", &proof));
    assert!(text.contains("短信送达，无需签名") && !text.contains("代收人签名"), "{text}");

    // A paper without number or addressee is named all the same, and nothing stands empty.
    let mut void = sample("void_notice");
    (void["addressee"], void["paper"]["number"]) = (json!({"name": null}), Value::Null);
    let bare = words(&render("void_notice", &void));
    assert!(!bare.contains("（）") && !bare.contains("文号不再使用"), "{bare}");
    assert!(!bare.lines().any(|line| line.trim() == "："), "{bare}");
    void["kind"] = json!("ruling_valid");
    assert!(words(&render("void_notice", &void)).contains("原裁定书的送达不作起算"), "and what follows");
    let mut told = sample("oral_application");
    told["replaces"] = json!({"paper": {"name": "口头申请笔录", "number": "盐市监调申〔2022〕3号"}, "notice": "盐市监调废〔2022〕1号"});
    told["told_late"] = json!("值班记录没有及时转交");
    (told["dossier"], told["received"]) = (json!("盐市监调申〔2022〕3号"), json!("2022-03-08"));
    let told = words(&render("oral_application", &told));
    assert!(told.contains("申请日期仍为2022年3月8日") && told.contains("值班记录没有及时转交"), "{told}");
    let mut correction = sample("correction_notice");
    (correction["addressee"], correction["proof"]) = (json!({"name": null}), json!(true));
    assert!(words(&render("correction_notice", &correction)).contains("原送达回证作废"));
    // What parties signed is nobody's alone: the notice on it names all of them.
    let mut correction = sample("correction_notice");
    (correction["addressee"], correction["parties"]) = (json!({"name": null}), json!(["段海", "海盐县某某家具店"]));
    assert!(words(&render("correction_notice", &correction)).contains("段海、海盐县某某家具店："));
    // A court without a phone speaks for itself, and names none.
    let mut correction = sample("correction_notice");
    correction["organ"] = json!({"name": "海盐县人民法院"});
    let text = words(&render("correction_notice", &correction));
    assert!(text.contains("可以向本院询问") && !text.contains("本机关"), "{text}");

    for ruling in ["ruling_valid", "ruling_reject"] {
        let mut data = sample(ruling);
        assert!(!words(&render(ruling, &data)).contains("1990000"), "a ruling names no phone");
        assert!(!words(&render(ruling, &data)).contains("现按原裁定"), "the first one takes nobody's place");
        data["replaces"] = json!({
            "paper": {"name": "确认裁定书", "number": "（2022）浙0424诉前调确7号", "date": "2022-03-08"},
            "notice": "盐法调废〔2022〕1号",
        });
        let anew = words(&render(ruling, &data));
        for said in ["2022年3月8日的《确认裁定书》", "诉前调确7号", "盐法调废〔2022〕1号", "现按原裁定的内容重新制作"]
        {
            assert!(anew.contains(said), "{said}: {anew}");
        }
        data["clerk"] = Value::Null;
        assert!(!words(&render(ruling, &data)).contains("书记员"), "nobody signs as a clerk who is not named");
    }
}

/// Where the words of a paper that have this in them end at the right, in points.
fn farthest(paper: &Rendered, part: &str) -> f64 {
    let boxes = String::from_utf8(tool("pdftotext", &["-bbox"], &paper.pdf, &["-"])).expect("UTF-8");
    let words = boxes.split("xMax=\"").skip(1).filter_map(|rest| {
        let (end, rest) = rest.split_once('"')?;
        let word = rest.split(['>', '<']).nth(1)?;
        word.contains(part).then(|| end.parse::<f64>().ok())?
    });
    words.max_by(f64::total_cmp).expect("words")
}

#[test]
fn a_run_of_letters_without_a_blank_breaks_within_the_text_area() {
    let long = "x".repeat(3000);
    let mut notice = sample("session_notice");
    notice["place"] = json!(long);
    let mut agreement = sample("agreement");
    (agreement["facts"], agreement["obligations"][0]["what"]) = (json!(long), json!(long));
    let mut record = sample("mediation_record");
    record["statements"][0]["text"] = json!(long);
    for (kind, data) in [("session_notice", notice), ("agreement", agreement), ("mediation_record", record)] {
        let paper = render(kind, &data);
        let most = farthest(&paper, "xx");
        // A4 is 595 pt wide, and the margin at the right of even pages is the wider one, 28 mm.
        assert!(most < 595.3 - 72.0, "{kind}: a line ends at {most} pt");
        assert!(words(&paper).contains(&"x".repeat(20)), "{kind}: nothing but the break comes between");
    }
}
